// Results of everything in trace/ that can fail: a value, or one Error with its place.
//
//   Result<TraceReader> reader = TraceReader::Open("n1.ktrace");
//   if (!reader.ok()) err << reader.error().Render();
//   auto event = reader->Next();
//
// An Error is about the user's trace or the world, never about a
// bug of ours. All kinds stand once in error_kinds.def.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kelpie::trace {

enum class ErrorKind : std::uint8_t {
#define KELPIE_TRACE_ERROR(name, code, class) name,
#include "trace/value/error_kinds.def"
#undef KELPIE_TRACE_ERROR
};

enum class ErrorClass : std::uint8_t { kWorld, kInput, kDamage, kOrder, kLimit };

[[nodiscard]] std::string_view CodeOf(ErrorKind kind);
[[nodiscard]] ErrorClass ClassOf(ErrorKind kind);

// Where in a file. Line and column are 1-based, the column in code points; 0: a file without
// lines, or not known. `offset` is in bytes from the start of the file.
struct Place {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::uint64_t offset = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Error {
  ErrorKind kind = ErrorKind::kCannotRead;
  Place place;
  std::string message;  // lower case, no full stop: the situation, then the rule
  std::string found;    // may be empty, as the next two
  std::string expected;
  std::string hint;

  // "file:line:column: error[code]: message" and one indented line each for found, expected
  // and hint; the offset instead of line and column where there are no lines.
  [[nodiscard]] std::string Render() const;
};

// Success, or an Error. Moves only: an error is reported once.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return error_ == nullptr; }
  // Requires: !ok().
  [[nodiscard]] const Error& error() const { return *error_; }
  [[nodiscard]] Error&& TakeError() { return std::move(*error_); }

 private:
  std::unique_ptr<Error> error_;
};

// A T, or an Error.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                               // NOLINT: implicit on purpose
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT: as above

  [[nodiscard]] bool ok() const { return error_ == nullptr; }
  // Require: ok().
  [[nodiscard]] T& value() { return *value_; }
  [[nodiscard]] const T& value() const { return *value_; }
  T& operator*() & { return *value_; }
  T&& operator*() && { return std::move(*value_); }
  const T& operator*() const& { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  // Require: !ok().
  [[nodiscard]] const Error& error() const { return *error_; }
  [[nodiscard]] Error&& TakeError() { return std::move(*error_); }

 private:
  std::optional<T> value_;
  std::unique_ptr<Error> error_;
};

}  // namespace kelpie::trace
