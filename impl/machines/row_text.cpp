#include "impl/machines/row_text.h"

namespace kelpie::machines {

std::string_view FieldIn(std::string_view text, std::string_view name) {
  const std::string wanted = " " + std::string(name) + "=";
  const std::size_t at = text.find(wanted);
  IMPL_CHECK(text.substr(0, text.find(' ')) == "1" && at != std::string_view::npos,
             "row without " + std::string(name) + ": " + std::string(text));
  const std::string_view rest = text.substr(at + wanted.size());
  return rest.substr(0, rest.find(' '));
}

}  // namespace kelpie::machines
