// A pull reader over the JSON text of one line, which knows where it is.
//
//   JsonCursor cursor(line);
//   cursor.EnterObject();
//   while (cursor.NextKey(key)) { ... cursor.ReadString(out) ... }
//   if (cursor.failed()) use cursor.failure();
//
// Why not a library: an error in the meaning of a field ("a number where text belongs") must
// point at the column of that value, and the event is built directly, without a tree between.
// Invariants: after the first failure every call is a no-op that returns false; the position
// only grows; text handed out is UTF-8. RFC 8259 is the grammar; tests compare with another
// parser of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "trace/value/result.h"

namespace kelpie::trace::file {

struct JsonFailure {
  ErrorKind kind = ErrorKind::kJsonSyntax;
  std::size_t position = 0;  // byte in the line
  bool at_end = false;       // the text stopped too early and is right so far: a torn line
  std::string message;
  std::string found;
  std::string expected;
  std::string hint;
};

class JsonCursor {
 public:
  // What begins at the cursor, told by its first character.
  enum class Kind : std::uint8_t { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kOther };

  // `text` must outlive the cursor, which begins at a byte of it. More than depth_max open
  // brackets: kTooDeep.
  JsonCursor(std::string_view text, int depth_max, std::size_t at = 0) : text_(text), at_(at), depth_max_(depth_max) {}

  // Skips white space, then looks. kOther at the end, too.
  Kind Peek();

  // Objects and arrays: Enter, then NextKey or NextElement until false; both close the
  // bracket themselves. `key` is valid until the next call.
  bool EnterObject();
  bool NextKey(std::string_view& key);
  bool EnterArray();
  bool NextElement();

  // The view is into the text, or into a buffer of the cursor until the next string is read.
  bool ReadString(std::string_view& out);
  bool ReadBool(bool& out);
  // The digits as written, -?(0|[1-9][0-9]*). Fraction or exponent: kFloatValue.
  bool ReadInteger(std::string_view& digits);
  // Requires that nothing but white space is left.
  bool ExpectEnd();
  // Passes over one value, checking its syntax only.
  bool Skip();
  // The same for any JSON: null and floats, too.
  bool SkipAny();

  // Position of the token that the last Peek, NextKey or Read began at.
  [[nodiscard]] std::size_t token_position() const { return token_; }
  // Where the next character would be read.
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] bool failed() const { return failed_; }
  // Requires: failed().
  [[nodiscard]] const JsonFailure& failure() const { return *failure_; }

  // Records a failure of meaning at a position; the first one stays. Returns false.
  bool Fail(JsonFailure failure);
  // A value of another type than `expected`; null and floats get their own kinds.
  bool FailType(std::string_view expected);

 private:
  void SkipSpace() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      // Writers of lines leave no space, so the first test nearly always ends it.
      if (c > ' ' || (c != ' ' && c != '\t' && c != '\r' && c != '\n')) return;
      ++at_;
    }
  }
  void SkipPlain();
  bool Syntax(std::string_view message, std::string_view expected);
  bool Close(char bracket);
  bool Literal(std::string_view word);
  bool ReadEscapedString(std::size_t start, std::string_view& out);
  bool ReadEscape();
  bool ReadHex4(std::uint32_t& unit);
  [[nodiscard]] std::string Excerpt() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t token_ = 0;
  int depth_ = 0;
  int depth_max_;
  bool first_ = false;  // nothing yet in the innermost open bracket
  bool failed_ = false;
  std::string unescaped_;
  std::unique_ptr<JsonFailure> failure_;
};

// 1-based column, in code points, of a byte of a line. O(position).
[[nodiscard]] std::uint64_t ColumnOf(std::string_view line, std::size_t position);

}  // namespace kelpie::trace::file
