#include "checker/report/xml.h"

#include <cstdint>
#include <cstdio>

namespace kelpie::report {

namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 0;  // 0: no UTF-8 begins here
};

// One code point; overlong forms, surrogates and what lies beyond U+10FFFF are no UTF-8.
Decoded Decode(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  std::uint32_t code = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool is_overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (is_overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length};
}

// XML 1.0, production 2 (Char).
bool IsXmlCharacter(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code != 0xfffe && code != 0xffff;
}

void AppendEscaped(std::string_view text, bool is_attribute, std::string& out) {
  char buffer[16];
  while (!text.empty()) {
    const Decoded one = Decode(text);
    const std::size_t length = one.length == 0 ? 1 : one.length;
    if (one.length == 0 || !IsXmlCharacter(one.code)) {
      const bool is_byte = one.length <= 1;
      const unsigned shown = is_byte ? static_cast<unsigned char>(text[0]) : one.code;
      std::snprintf(buffer, sizeof buffer, is_byte ? "\\x%02x" : "\\u%04X", shown);
      out += buffer;
    } else if (one.code == '&') {
      out += "&amp;";
    } else if (one.code == '<') {
      out += "&lt;";
    } else if (one.code == '>') {
      out += "&gt;";
    } else if (one.code == '"' && is_attribute) {
      out += "&quot;";
    } else if (one.code == '\r' || (is_attribute && (one.code == '\n' || one.code == '\t'))) {
      // A parser would make them spaces in attributes, and line feeds of carriage returns.
      out += "&#" + std::to_string(one.code) + ";";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
}

}  // namespace

XmlWriter::XmlWriter() : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

XmlWriter& XmlWriter::Open(std::string_view element) {
  EndTag();
  if (text_.back() != '\n') text_ += '\n';
  text_.append(open_.size() * 2, ' ');
  text_ += '<';
  text_ += element;
  open_.emplace_back(element);
  is_in_tag_ = true;
  has_text_ = false;
  return *this;
}

XmlWriter& XmlWriter::Attribute(std::string_view name, std::string_view value) {
  text_ += ' ';
  text_ += name;
  text_ += "=\"";
  AppendEscaped(value, true, text_);
  text_ += '"';
  return *this;
}

XmlWriter& XmlWriter::Text(std::string_view text) {
  EndTag();
  AppendEscaped(text, false, text_);
  has_text_ = true;
  return *this;
}

XmlWriter& XmlWriter::Close() {
  if (is_in_tag_) {
    text_ += "/>\n";
    is_in_tag_ = false;
  } else {
    if (!has_text_) {
      if (text_.back() != '\n') text_ += '\n';
      text_.append((open_.size() - 1) * 2, ' ');
    }
    text_ += "</" + open_.back() + ">\n";
  }
  has_text_ = false;
  open_.pop_back();
  return *this;
}

void XmlWriter::EndTag() {
  if (is_in_tag_) text_ += '>';
  is_in_tag_ = false;
}

}  // namespace kelpie::report
