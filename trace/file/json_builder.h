// Builds one JSON text for results, with the commas in the right places.
//
//   JsonBuilder json;
//   json.Object().Key("exit").Number(0).Key("nodes").Array().Text("n1").End().End();
//   out << json.text();
//
// Requires of the caller: as many End() as Object() and Array(), a Key before each value of an
// object. Small on purpose: results are written once and never read back here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/file/json_write.h"

namespace kelpie::trace::file {

class JsonBuilder {
 public:
  JsonBuilder& Object() { return Open('{', '}'); }
  JsonBuilder& Array() { return Open('[', ']'); }
  JsonBuilder& End() {
    text_ += closers_.back();
    closers_.pop_back();
    needs_comma_ = true;
    return *this;
  }
  JsonBuilder& Key(std::string_view name) {
    Comma();
    AppendJsonString(name, text_);
    text_ += ':';
    needs_comma_ = false;
    return *this;
  }
  JsonBuilder& Text(std::string_view value) {
    Comma();
    AppendJsonString(value, text_);
    return *this;
  }
  JsonBuilder& Number(std::uint64_t value) { return Raw(std::to_string(value)); }
  JsonBuilder& Boolean(bool value) { return Raw(value ? "true" : "false"); }
  JsonBuilder& Null() { return Raw("null"); }
  // `json` is JSON text already.
  JsonBuilder& Raw(std::string_view json) {
    Comma();
    text_ += json;
    return *this;
  }
  template <typename T>
  JsonBuilder& Json(const T& value) {
    Comma();
    AppendJson(value, text_);
    return *this;
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  JsonBuilder& Open(char opener, char closer) {
    Comma();
    text_ += opener;
    closers_ += closer;
    needs_comma_ = false;
    return *this;
  }
  void Comma() {
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
  }

  std::string text_;
  std::string closers_;
  bool needs_comma_ = false;
};

}  // namespace kelpie::trace::file
