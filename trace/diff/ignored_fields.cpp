#include "trace/diff/ignored_fields.h"

#include <algorithm>

namespace kelpie::trace::diff {

namespace {

struct Field {
  std::string_view name;
  std::string_view part;  // what a part is called; empty: it has none
};

constexpr Field kFields[] = {
    {"kind", ""},          {"spec", ""},           {"action", ""},
    {"args", "NAME"},      {"reads", "VARIABLE"},  {"updates", "VARIABLE"},
    {"frame", "VARIABLE"}, {"steps", ""},          {"operation", ""},
    {"outcome", ""},       {"lost_count", ""},     {"causes", ""},
    {"vclock", ""},        {"versions", "OBJECT"}, {"group", ""},
    {"specs", "NAME"},     {"constants", "NAME"},
};

}  // namespace

bool IgnoredFields::Add(std::string_view name) {
  const std::size_t dot = name.find('.');
  const std::string_view field = name.substr(0, dot);
  const auto* const found =
      std::find_if(std::begin(kFields), std::end(kFields), [field](const Field& f) { return f.name == field; });
  if (found == std::end(kFields)) return false;
  if (dot == std::string_view::npos) {
    fields_.emplace(field, "");
    return true;
  }
  const std::string_view part = name.substr(dot + 1);
  if (found->part.empty() || part.empty()) return false;
  fields_.emplace(field, part);
  return true;
}

bool IgnoredFields::Has(std::string_view field) const {
  return !fields_.empty() && fields_.count({std::string(field), ""}) > 0;
}

bool IgnoredFields::Has(std::string_view field, std::string_view part) const {
  if (fields_.empty()) return false;
  return Has(field) || fields_.count({std::string(field), std::string(part)}) > 0;
}

std::vector<std::string> IgnoredFields::names() const {
  std::vector<std::string> names;
  for (const auto& [field, part] : fields_) names.push_back(part.empty() ? field : field + "." + part);
  return names;
}

std::string IgnoredFields::Choices() {
  std::string text;
  for (const Field& field : kFields) {
    if (!text.empty()) text += ", ";
    text += field.name;
    if (!field.part.empty()) text += "[." + std::string(field.part) + "]";
  }
  return text;
}

}  // namespace kelpie::trace::diff
