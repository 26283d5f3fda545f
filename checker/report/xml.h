// Writes XML 1.0 that every parser accepts, whatever bytes are put into it.
//
//   XmlWriter xml;
//   xml.Open("testcase").Attribute("name", name).Text(explanation).Close();
//   out << xml.text();
//
// Characters that XML cannot hold, escaped or not (most control characters, U+FFFE, U+FFFF), and
// bytes that are no UTF-8 are written out as \x1b or \uFFFE: a reader sees what was there.
// Requires of the caller: as many Close() as Open(), attributes before text and children.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kelpie::report {

class XmlWriter {
 public:
  XmlWriter();
  XmlWriter& Open(std::string_view element);
  XmlWriter& Attribute(std::string_view name, std::string_view value);
  XmlWriter& Text(std::string_view text);
  XmlWriter& Close();
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void EndTag();

  std::string text_;
  std::vector<std::string> open_;
  bool is_in_tag_ = false;  // a start tag is not closed yet
  bool has_text_ = false;   // the innermost element has text: no line breaks are added to it
};

}  // namespace kelpie::report
