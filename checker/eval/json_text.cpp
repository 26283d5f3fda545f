#include "checker/eval/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

namespace kelpie::eval {

namespace {

using Json = nlohmann::json;

// Tells how far the library has read, which it does not tell a handler itself.
class CountedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedIterator(const char* at, const char** seen) : at_(at), seen_(seen) {}
  reference operator*() const { return *at_; }
  CountedIterator& operator++() {
    *seen_ = ++at_;
    return *this;
  }
  CountedIterator operator++(int) {
    CountedIterator old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const CountedIterator& a, const CountedIterator& b) { return a.at_ == b.at_; }
  friend bool operator!=(const CountedIterator& a, const CountedIterator& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  const char** seen_;
};

bool IsOfNumber(char c) {
  return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

// The integer that a number with a fraction or an exponent is, if it is one of 64 bits.
std::optional<std::int64_t> WholeNumber(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view power = text.substr(mark + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [rest, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (error != std::errc() || rest != power.data() + power.size()) return std::nullopt;
    text = text.substr(0, mark);
  }
  std::string digits(text);
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (digits.find_first_not_of("-0") == std::string::npos) return 0;
  while (exponent < 0 && digits.ends_with('0')) {
    digits.pop_back();
    ++exponent;
  }
  constexpr std::int64_t kDigitsMax = 20;  // more are beyond 64 bits
  if (exponent < 0 || exponent > kDigitsMax) return std::nullopt;
  digits.append(static_cast<std::size_t>(exponent), '0');
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

class Reader : public nlohmann::json_sax<Json> {
 public:
  Reader(std::string_view whole, const JsonLimits& limits, JsonFault& fault)
      : whole_(whole), limits_(limits), fault_(fault) {}

  // The value of a part of the whole text.
  std::optional<Value> Read(std::string_view part) {
    begin_ = seen_ = part.data();
    end_ = part.data() + part.size();
    open_.clear();
    const bool is_read = Json::sax_parse(CountedIterator(begin_, &seen_), CountedIterator(end_, &seen_), this);
    return is_read ? std::optional(std::move(value_)) : std::nullopt;
  }

  bool null() override {
    constexpr std::ptrdiff_t kLength = 4;
    return Refuse(seen_ - kLength, "null is no value of TLA+",
                  "leave the field out, or have the writer put a string such as \"none\" there");
  }
  bool boolean(bool value) override { return Add(Value::Bool(value)); }
  bool number_integer(number_integer_t value) override { return Add(Value::Int(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX)) return Add(Value::Int(static_cast<std::int64_t>(value)));
    return RefuseLarge(std::to_string(value));
  }
  bool number_float(number_float_t /*rounded*/, const string_t& text) override {
    if (const std::optional<std::int64_t> number = WholeNumber(text)) return Add(Value::Int(*number));
    if (text.find_first_of(".eE") == std::string::npos) return RefuseLarge(text);
    return Refuse(NumberBegin(), "the number " + text + " is no integer of 64 bits",
                  "have the writer scale it to an integer (milliseconds, not seconds) or write it as a string");
  }
  bool string(string_t& text) override { return Add(Value::String(text)); }
  bool binary(binary_t& /*bytes*/) override { return Refuse(seen_, "bytes are no JSON text", ""); }

  bool start_object(std::size_t /*count*/) override { return Open(true); }
  bool start_array(std::size_t /*count*/) override { return Open(false); }
  bool key(string_t& text) override {
    Container& open = open_.back();
    open.name = Intern(text);
    if (open.names.insert(open.name.index()).second) return true;
    return Refuse(TextBegin(), "the name \"" + text + "\" stands twice in one object",
                  "have the writer use each name once; which of the two values counts is not defined");
  }
  bool end_object() override {
    Value record = Value::Record(std::move(open_.back().fields));
    open_.pop_back();
    return Add(std::move(record));
  }
  bool end_array() override {
    Value sequence = Value::Sequence(std::move(open_.back().items));
    open_.pop_back();
    return Add(std::move(sequence));
  }
  bool parse_error(std::size_t /*position*/, const std::string& token,
                   const Json::exception& exception) override {
    constexpr int kNumberOverflow = 406;  // of the library: beyond a double
    if (exception.id == kNumberOverflow) {
      const char* const begin = NumberBegin();
      return RefuseLarge(std::string(begin, std::find_if_not(begin, end_, IsOfNumber)));
    }
    // The library's text begins with its own name for the error and, mostly, its own count of lines.
    std::string message = exception.what();
    const std::size_t place = message.find("parse error at ");
    const std::size_t begin = place == std::string::npos ? message.find("] ") : message.find(": ", place);
    if (begin != std::string::npos) message.erase(0, begin + 2);
    // A number that stands where none may has been read together with what ends it.
    const bool is_number = !token.empty() && std::all_of(token.begin(), token.end(), IsOfNumber);
    const bool is_cut = message.find("unexpected end of input") != std::string::npos ||
                        message.find("missing closing quote") != std::string::npos;
    const char* const last = is_cut ? seen_ : std::max(begin_, seen_ - 1);
    return Refuse(is_number && !is_cut ? NumberBegin() : last, "not JSON: " + message, "");
  }

  bool Refuse(const char* at, std::string message, std::string hint) {
    fault_.line = fault_.column = 1;
    for (const char* c = whole_.data(); c < at; ++c) {
      const bool is_end = *c == '\n' || (*c == '\r' && (c + 1 == whole_.data() + whole_.size() || c[1] != '\n'));
      if (is_end) ++fault_.line;
      if (is_end) fault_.column = 1;
      if (!is_end && (*c & 0xC0) != 0x80) ++fault_.column;
    }
    fault_.message = std::move(message);
    fault_.hint = std::move(hint);
    return false;
  }

  bool RefuseSize(const char* at, const char* what) {
    return Refuse(at, std::string("more than ") + std::to_string(limits_.size_max) + " " + what + " (--max-set)", "");
  }

 private:
  struct Container {
    bool is_object = false;
    std::vector<Value> items;
    std::vector<std::pair<Symbol, Value>> fields;
    std::set<std::uint32_t> names;
    Symbol name;
  };

  bool Open(bool is_object) {
    if (open_.size() >= limits_.depth_max) {
      return Refuse(seen_ - 1,
                    "more than " + std::to_string(limits_.depth_max) +
                        " arrays and objects inside each other (--max-depth)",
                    "");
    }
    open_.emplace_back();
    open_.back().is_object = is_object;
    return true;
  }

  bool Add(Value value) {
    if (open_.empty()) {
      value_ = std::move(value);
      return true;
    }
    Container& open = open_.back();
    if (open.items.size() + open.fields.size() >= limits_.size_max) return RefuseSize(seen_ - 1, "elements");
    if (open.is_object) {
      open.fields.emplace_back(open.name, std::move(value));
    } else {
      open.items.push_back(std::move(value));
    }
    return true;
  }

  bool RefuseLarge(const std::string& text) {
    return Refuse(NumberBegin(), "the number " + text + " is beyond 64 bits", "have the writer put it as a string");
  }

  // Where the number begins that was just read; what ends a number has been looked at, too.
  const char* NumberBegin() const {
    const char* at = seen_;
    if (at > begin_ && !IsOfNumber(at[-1])) --at;
    while (at > begin_ && IsOfNumber(at[-1])) --at;
    return at;
  }

  // Where the string begins whose last quote was just read.
  const char* TextBegin() const {
    const char* at = seen_ - 1;
    while (at > begin_) {
      --at;
      if (*at != '"') continue;
      const char* slash = at;
      while (slash > begin_ && slash[-1] == '\\') --slash;
      if ((at - slash) % 2 == 0) return at;
    }
    return begin_;
  }

  std::string_view whole_;
  const JsonLimits& limits_;
  JsonFault& fault_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* seen_ = nullptr;
  std::vector<Container> open_;
  Value value_;
};

}  // namespace

std::optional<Value> ReadJson(std::string_view text, const JsonLimits& limits, JsonFault& fault) {
  return Reader(text, limits, fault).Read(text);
}

std::optional<Value> ReadJsonLines(std::string_view text, const JsonLimits& limits, JsonFault& fault) {
  Reader reader(text, limits, fault);
  std::vector<Value> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::all_of(line.begin(), line.end(), [](char c) { return c >= 0 && c <= ' '; })) continue;
    std::optional<Value> value = reader.Read(line);
    if (!value) return std::nullopt;
    if (values.size() >= limits.size_max) {
      (void)reader.RefuseSize(line.data(), "lines");
      return std::nullopt;
    }
    values.push_back(std::move(*value));
  }
  return Value::Sequence(std::move(values));
}

}  // namespace kelpie::eval
