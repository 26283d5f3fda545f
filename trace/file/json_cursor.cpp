#include "trace/file/json_cursor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

}  // namespace

JsonCursor::Kind JsonCursor::Peek() {
  SkipSpace();
  token_ = at_;
  if (failed_ || at_ >= text_.size()) return Kind::kOther;
  switch (text_[at_]) {
    case '{': return Kind::kObject;
    case '[': return Kind::kArray;
    case '"': return Kind::kString;
    case 't': return Kind::kTrue;
    case 'f': return Kind::kFalse;
    case 'n': return Kind::kNull;
    default: return IsDigit(text_[at_]) || text_[at_] == '-' ? Kind::kNumber : Kind::kOther;
  }
}

bool JsonCursor::Fail(JsonFailure failure) {
  if (!failed_) {
    failed_ = true;
    failure_ = std::make_unique<JsonFailure>(std::move(failure));
  }
  return false;
}

bool JsonCursor::Syntax(std::string_view message, std::string_view expected) {
  if (failed_) return false;
  const bool at_end = at_ >= text_.size();
  return Fail({.kind = ErrorKind::kJsonSyntax,
               .position = std::min(at_, text_.size()),
               .at_end = at_end,
               .message = at_end ? "the line ends inside its JSON text" : std::string(message),
               .found = at_end ? "end of line" : Excerpt(),
               .expected = std::string(expected),
               .hint = at_end ? "one event is one line of JSON, without line breaks inside" : ""});
}

bool JsonCursor::FailType(std::string_view expected) {
  const Kind kind = Peek();
  if (failed_) return false;
  if (kind == Kind::kOther) return Syntax("no JSON value here", expected);
  JsonFailure failure{.kind = ErrorKind::kWrongType,
                      .position = token_,
                      .message = "a value of another type than the field has",
                      .found = Excerpt(),
                      .expected = std::string(expected)};
  if (kind == Kind::kNull) {
    // Read it, so that a cut "nul" is a torn line and "nulx" is bad syntax.
    if (!Literal("null")) return false;
    failure.kind = ErrorKind::kNullValue;
    failure.message = "null is no value of TLA+";
    failure.hint = "leave the field out, or write {\"#unknown\":true} for a value that was not observed";
  }
  return Fail(std::move(failure));
}

std::string JsonCursor::Excerpt() const {
  const std::size_t from = std::min(at_, text_.size());
  constexpr std::size_t kExcerptBytesMax = 24;
  std::string_view piece = text_.substr(from, kExcerptBytesMax);
  const std::size_t valid = ValidUtf8Prefix(piece);
  if (valid == 0) return "byte " + std::to_string(static_cast<unsigned char>(text_[from]));
  return "`" + std::string(piece.substr(0, valid)) + (from + valid < text_.size() ? "...`" : "`");
}

bool JsonCursor::EnterObject() {
  if (Peek() != Kind::kObject) return FailType("an object");
  if (++depth_ > depth_max_) {
    return Fail({.kind = ErrorKind::kTooDeep,
                 .position = at_,
                 .message = "nesting is deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
  }
  ++at_;
  first_ = true;
  return true;
}

bool JsonCursor::EnterArray() {
  if (Peek() != Kind::kArray) return FailType("an array");
  if (++depth_ > depth_max_) {
    return Fail({.kind = ErrorKind::kTooDeep,
                 .position = at_,
                 .message = "nesting is deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
  }
  ++at_;
  first_ = true;
  return true;
}

bool JsonCursor::Close(char bracket) {
  if (at_ >= text_.size() || text_[at_] != bracket) return false;
  ++at_;
  --depth_;
  first_ = false;
  return true;
}

bool JsonCursor::NextKey(std::string_view& key) {
  if (failed_) return false;
  SkipSpace();
  if (Close('}')) return false;
  if (!first_) {
    if (at_ >= text_.size() || text_[at_] != ',') return Syntax("an object is not closed here", "`,` or `}`");
    ++at_;
    SkipSpace();
  }
  first_ = false;
  token_ = at_;
  if (at_ >= text_.size() || text_[at_] != '"') return Syntax("no key of an object here", "a key in double quotes");
  if (!ReadString(key)) return false;
  const std::size_t start = token_;
  SkipSpace();
  if (at_ >= text_.size() || text_[at_] != ':') return Syntax("a key without a value", "`:`");
  ++at_;
  token_ = start;
  return true;
}

bool JsonCursor::NextElement() {
  if (failed_) return false;
  SkipSpace();
  if (Close(']')) return false;
  if (!first_) {
    if (at_ >= text_.size() || text_[at_] != ',') return Syntax("an array is not closed here", "`,` or `]`");
    ++at_;
  }
  first_ = false;
  return true;
}

bool JsonCursor::ReadString(std::string_view& out) {
  if (Peek() != Kind::kString) return FailType("a string");
  const std::size_t start = at_ + 1;
  at_ = start;
  bool is_ascii = true;
  SkipPlain();
  for (; at_ < text_.size(); ++at_) {
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (c == '"') {
      out = text_.substr(start, at_ - start);
      const std::size_t valid = is_ascii ? out.size() : ValidUtf8Prefix(out);
      if (valid != out.size()) {
        at_ = start + valid;
        return Fail({.kind = ErrorKind::kInvalidText,
                     .position = at_,
                     .message = "a string is not UTF-8",
                     .found = Excerpt(),
                     .expected = "UTF-8"});
      }
      ++at_;
      return true;
    }
    if (c == '\\') return ReadEscapedString(start, out);
    if (c < 0x20) return Syntax("a control character in a string", "an escape, as \\n");
    is_ascii = is_ascii && c < 0x80;
  }
  return Syntax("a string is not closed", "`\"`");
}

// Goes eight bytes at a time over text that is ASCII and needs no second look, and stops before
// the eight that may.
void JsonCursor::SkipPlain() {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  const auto has_zero = [](std::uint64_t eight) { return (eight - kOnes) & ~eight & kHighs; };
  std::uint64_t eight = 0;
  while (text_.size() - at_ >= sizeof eight) {
    std::memcpy(&eight, text_.data() + at_, sizeof eight);
    const std::uint64_t is_control = (eight - kOnes * 0x20) & ~eight & kHighs;
    const std::uint64_t is_quote = has_zero(eight ^ (kOnes * '"'));
    const std::uint64_t is_backslash = has_zero(eight ^ (kOnes * '\\'));
    if (((eight & kHighs) | is_control | is_quote | is_backslash) != 0) return;
    at_ += sizeof eight;
  }
}

bool JsonCursor::ReadEscapedString(std::size_t start, std::string_view& out) {
  unescaped_.assign(text_.substr(start, at_ - start));
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '"') {
      if (ValidUtf8Prefix(unescaped_) != unescaped_.size()) {
        return Fail({.kind = ErrorKind::kInvalidText,
                     .position = token_,
                     .message = "a string is not UTF-8",
                     .expected = "UTF-8"});
      }
      ++at_;
      out = unescaped_;
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return Syntax("a control character in a string", "an escape, as \\n");
    ++at_;
    if (c != '\\') {
      unescaped_ += c;
    } else if (!ReadEscape()) {
      return false;
    }
  }
  return Syntax("a string is not closed", "`\"`");
}

bool JsonCursor::ReadEscape() {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (at_ >= text_.size()) return Syntax("", "an escape");
  const std::size_t index = kLetters.find(text_[at_]);
  if (index != std::string_view::npos) {
    unescaped_ += kMeanings[index];
    ++at_;
    return true;
  }
  if (text_[at_] != 'u') return Syntax("no escape of JSON", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
  const std::size_t start = at_ - 1;
  ++at_;
  std::uint32_t unit = 0;
  if (!ReadHex4(unit)) return false;
  if (unit >= 0xD800 && unit < 0xDC00) {
    // The low half must follow at once.
    for (const char expected : {'\\', 'u'}) {
      if (at_ >= text_.size()) return Syntax("", "the second half of a surrogate pair");
      if (text_[at_] != expected) break;
      ++at_;
    }
    std::uint32_t low = 0;
    if (text_[at_ - 1] == 'u' && text_[at_ - 2] == '\\' && !ReadHex4(low)) return false;
    if (low >= 0xDC00 && low < 0xE000) {
      AppendUtf8(0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00), unescaped_);
      return true;
    }
  } else if (unit < 0xDC00 || unit > 0xDFFF) {
    AppendUtf8(unit, unescaped_);
    return true;
  }
  at_ = start;
  return Fail({.kind = ErrorKind::kInvalidText,
               .position = start,
               .message = "half of a surrogate pair is no character",
               .found = Excerpt(),
               .expected = "a pair \\uD8xx\\uDCxx"});
}

bool JsonCursor::ReadHex4(std::uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    if (at_ >= text_.size()) return Syntax("", "four hexadecimal digits");
    const char c = text_[at_];
    const std::uint32_t digit = IsDigit(c)               ? static_cast<std::uint32_t>(c - '0')
                                : (c >= 'a' && c <= 'f') ? static_cast<std::uint32_t>(c - 'a' + 10)
                                : (c >= 'A' && c <= 'F') ? static_cast<std::uint32_t>(c - 'A' + 10)
                                                         : 16U;
    if (digit > 15) return Syntax("no hexadecimal digit in an escape", "four hexadecimal digits");
    unit = unit * 16 + digit;
    ++at_;
  }
  return true;
}

bool JsonCursor::Literal(std::string_view word) {
  const std::string_view here = text_.substr(at_, word.size());
  if (here == word) {
    at_ += word.size();
    return true;
  }
  if (word.starts_with(here) && at_ + here.size() == text_.size()) at_ = text_.size();
  return Syntax("no JSON value here", word);
}

bool JsonCursor::ReadBool(bool& out) {
  const Kind kind = Peek();
  if (kind != Kind::kTrue && kind != Kind::kFalse) return FailType("true or false");
  out = kind == Kind::kTrue;
  return Literal(out ? "true" : "false");
}

bool JsonCursor::ReadInteger(std::string_view& digits) {
  if (Peek() != Kind::kNumber) return FailType("an integer");
  std::size_t end = at_;
  if (text_[end] == '-') ++end;
  const std::size_t first = end;
  while (end < text_.size() && IsDigit(text_[end])) ++end;
  if (end == first || (text_[first] == '0' && end > first + 1)) {
    at_ = end == first ? end : first;
    return Syntax("no number of JSON", "an integer without leading zeros");
  }
  if (end < text_.size() && (text_[end] == '.' || text_[end] == 'e' || text_[end] == 'E')) {
    return Fail({.kind = ErrorKind::kFloatValue,
                 .position = at_,
                 .message = "a number with a fraction or an exponent is no value of TLA+",
                 .found = Excerpt(),
                 .expected = "an integer",
                 .hint = "scale it, as milliseconds for seconds, or write it as a string"});
  }
  digits = text_.substr(at_, end - at_);
  at_ = end;
  return true;
}

bool JsonCursor::ExpectEnd() {
  if (failed_) return false;
  SkipSpace();
  token_ = at_;
  if (at_ == text_.size()) return true;
  return Syntax("something follows the JSON text of the line", "end of line");
}

bool JsonCursor::Skip() {
  std::string_view ignored;
  bool flag = false;
  switch (Peek()) {
    case Kind::kObject:
      if (!EnterObject()) return false;
      while (NextKey(ignored)) {
        if (!Skip()) return false;
      }
      return !failed_;
    case Kind::kArray:
      if (!EnterArray()) return false;
      while (NextElement()) {
        if (!Skip()) return false;
      }
      return !failed_;
    case Kind::kString: return ReadString(ignored);
    case Kind::kNumber: return ReadInteger(ignored);
    case Kind::kTrue:
    case Kind::kFalse: return ReadBool(flag);
    case Kind::kNull:
    case Kind::kOther: break;
  }
  return FailType("a value");
}

bool JsonCursor::SkipAny() {
  std::string_view ignored;
  switch (Peek()) {
    case Kind::kNull: return Literal("null");
    case Kind::kNumber:
      while (at_ < text_.size() && (IsDigit(text_[at_]) || std::string_view("+-.eE").find(text_[at_]) < 5)) ++at_;
      return true;
    case Kind::kObject:
      if (!EnterObject()) return false;
      while (NextKey(ignored)) {
        if (!SkipAny()) return false;
      }
      return !failed_;
    case Kind::kArray:
      if (!EnterArray()) return false;
      while (NextElement()) {
        if (!SkipAny()) return false;
      }
      return !failed_;
    default: return Skip();
  }
}

std::uint64_t ColumnOf(std::string_view line, std::size_t position) {
  std::uint64_t column = 1;
  for (std::size_t i = 0; i < std::min(position, line.size()); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) ++column;
  }
  return column;
}

}  // namespace kelpie::trace::file
