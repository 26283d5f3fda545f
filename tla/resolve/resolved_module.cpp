#include "tla/resolve/resolved_module.h"

#include <algorithm>

namespace kelpie::resolve {

std::optional<DefinitionId> ResolvedSpec::FindDefinition(std::string_view definition_name) const {
  const auto found = top_level.find(definition_name);
  if (found == top_level.end()) return std::nullopt;
  return found->second;
}

std::optional<VariableId> ResolvedSpec::FindVariable(std::string_view variable_name) const {
  const auto found =
      std::find_if(variables.begin(), variables.end(), [&](const Variable& v) { return v.name == variable_name; });
  if (found == variables.end()) return std::nullopt;
  return VariableId{static_cast<std::uint32_t>(found - variables.begin())};
}

std::optional<ConstantId> ResolvedSpec::FindConstant(std::string_view constant_name) const {
  const auto found =
      std::find_if(constants.begin(), constants.end(), [&](const Constant& c) { return c.name == constant_name; });
  if (found == constants.end()) return std::nullopt;
  return ConstantId{static_cast<std::uint32_t>(found - constants.begin())};
}

}  // namespace kelpie::resolve
