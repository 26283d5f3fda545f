// Pieces that the writers of JSON in this room are made of; private to it.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/file/json_write.h"

namespace kelpie::trace::file {

template <typename Integer>
void AppendInteger(Integer value, std::string& out) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end);
}

// Separates the members of one object or array.
class Commas {
 public:
  explicit Commas(std::string& out) : out_(out) {}
  void Next() {
    if (any_) out_ += ',';
    any_ = true;
  }
  // `name` needs no escapes.
  void Key(std::string_view name) {
    Next();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void AnyKey(std::string_view name) {
    Next();
    AppendJsonString(name, out_);
    out_ += ':';
  }

 private:
  std::string& out_;
  bool any_ = false;
};

// JSON lines have tags that ITF has not: there, model values are strings of their name, and
// unknown values {"#unserializable":"unknown"}.
enum class Tags : std::uint8_t { kAll, kItf };

void AppendList(const std::vector<Value>& values, std::string& out, Tags tags = Tags::kAll);
void AppendNamed(const std::vector<Value::Field>& fields, std::string& out, Tags tags = Tags::kAll);
void AppendValue(const Value& value, Tags tags, std::string& out);

}  // namespace kelpie::trace::file
