#include "trace/file/json_value.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kelpie::trace::file {

namespace {

template <typename Integer>
bool FromDigits(std::string_view digits, Integer& out) {
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, out);
  return error == std::errc() && stop == end;
}

bool IsDecimal(std::string_view digits) {
  if (digits.starts_with('-')) digits.remove_prefix(1);
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool JsonValueReader::Read(Value& out, int depth) {
  if (depth > depth_max_) {
    cursor_.Peek();
    return cursor_.Fail({.kind = ErrorKind::kTooDeep,
                         .position = cursor_.token_position(),
                         .message = "a value is deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
  }
  switch (cursor_.Peek()) {
    case JsonCursor::Kind::kObject: return ReadObject(out, depth);
    case JsonCursor::Kind::kNumber: return ReadNumber(out);
    case JsonCursor::Kind::kArray: {
      std::vector<Value> elements;
      if (!ReadList(elements, depth + 1)) return false;
      out = Value::Sequence(std::move(elements));
      return true;
    }
    case JsonCursor::Kind::kString: {
      std::string text;
      if (!ReadText(text)) return false;
      out = Value::String(std::move(text));
      return true;
    }
    case JsonCursor::Kind::kTrue:
    case JsonCursor::Kind::kFalse: {
      bool flag = false;
      if (!cursor_.ReadBool(flag)) return false;
      out = Value::Bool(flag);
      return true;
    }
    case JsonCursor::Kind::kNull:
    case JsonCursor::Kind::kOther: break;
  }
  return cursor_.FailType("a value");
}

bool JsonValueReader::ReadNumber(Value& out) {
  std::string_view digits;
  if (!cursor_.ReadInteger(digits)) return false;
  std::int64_t small = 0;
  out = FromDigits(digits, small) ? Value::Int(small) : Value::BigInt(std::string(digits));
  return true;
}

bool JsonValueReader::ReadText(std::string& out) {
  std::string_view text;
  if (!cursor_.ReadString(text)) return false;
  out.assign(text);
  return true;
}

bool JsonValueReader::ReadUnsigned(std::uint64_t& out) {
  std::string_view digits;
  if (!cursor_.ReadInteger(digits)) return false;
  if (FromDigits(digits, out)) return true;
  return cursor_.Fail({.kind = ErrorKind::kWrongType,
                       .position = cursor_.token_position(),
                       .message = "a number out of the field's range",
                       .found = std::string(digits),
                       .expected = "an integer from 0 to 2^64 - 1"});
}

bool JsonValueReader::ReadSigned(std::int64_t& out) {
  std::string_view digits;
  if (!cursor_.ReadInteger(digits)) return false;
  if (FromDigits(digits, out)) return true;
  return cursor_.Fail({.kind = ErrorKind::kWrongType,
                       .position = cursor_.token_position(),
                       .message = "a number out of the field's range",
                       .found = std::string(digits),
                       .expected = "an integer of 64 bits"});
}

bool JsonValueReader::ReadList(std::vector<Value>& out, int depth) {
  if (!cursor_.EnterArray()) return false;
  while (cursor_.NextElement()) {
    Value& element = out.emplace_back();
    if (!Read(element, depth)) return false;
  }
  return !cursor_.failed();
}

bool JsonValueReader::ReadNamed(std::vector<Value::Field>& out, int depth) {
  if (!cursor_.EnterObject()) return false;
  std::string_view key;
  if (!cursor_.NextKey(key)) return !cursor_.failed();
  return ReadFields(key, out, depth);
}

// The first key has been read.
bool JsonValueReader::ReadFields(std::string_view key, std::vector<Value::Field>& out, int depth) {
  // Comparing with each is quickest for the few fields of a record; wide ones are compared
  // after sorting, at the price of a coarser place.
  constexpr std::size_t kComparedMax = 24;
  const std::size_t start = cursor_.token_position();
  do {
    if (out.size() < kComparedMax) {
      const auto same = [key](const Value::Field& field) { return field.first == key; };
      if (std::any_of(out.begin(), out.end(), same)) return FailDuplicate(key);
    }
    out.emplace_back(std::string(key), Value());
    if (!Read(out.back().second, depth)) return false;
  } while (cursor_.NextKey(key));
  if (cursor_.failed()) return false;
  if (out.size() <= kComparedMax) return true;
  std::vector<std::string_view> names;
  for (const auto& field : out) names.emplace_back(field.first);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return true;
  return cursor_.Fail({.kind = ErrorKind::kDuplicateKey,
                       .position = start,
                       .message = "an object has a key twice",
                       .found = "\"" + std::string(*twice) + "\""});
}

bool JsonValueReader::FailDuplicate(std::string_view name) {
  return cursor_.Fail({.kind = ErrorKind::kDuplicateKey,
                       .position = cursor_.token_position(),
                       .message = "an object has a key twice",
                       .found = "\"" + std::string(name) + "\"",
                       .expected = "each key once",
                       .hint = "JSON readers differ in which one they keep, so neither is taken"});
}

bool JsonValueReader::ReadObject(Value& out, int depth) {
  if (!cursor_.EnterObject()) return false;
  std::string_view key;
  if (!cursor_.NextKey(key)) {
    if (cursor_.failed()) return false;
    out = Value::Record({});
    return true;
  }
  if (key.starts_with('#')) return ReadTagged(key, out, depth);
  std::vector<Value::Field> fields;
  if (!ReadFields(key, fields, depth + 1)) return false;
  out = Value::Record(std::move(fields));
  return true;
}

bool JsonValueReader::ReadTagged(std::string_view tag, Value& out, int depth) {
  const std::size_t tag_position = cursor_.token_position();
  bool read = false;
  if (tag == "#set" || tag == "#tup") {
    const bool is_set = tag == "#set";
    std::vector<Value> elements;
    read = ReadList(elements, depth + 1);
    out = is_set ? Value::Set(std::move(elements)) : Value::Sequence(std::move(elements));
  } else if (tag == "#map") {
    read = ReadMap(out, depth);
  } else if (tag == "#bigint") {
    read = ReadBigInt(out);
  } else if (tag == "#model") {
    std::string name;
    read = ReadText(name);
    out = Value::Model(std::move(name));
  } else if (tag == "#unknown") {
    bool flag = false;
    read = cursor_.ReadBool(flag);
    if (read && !flag) {
      return cursor_.Fail({.kind = ErrorKind::kWrongType,
                           .position = cursor_.token_position(),
                           .message = "an unknown value is written with true",
                           .found = "false",
                           .expected = "{\"#unknown\":true}"});
    }
    out = Value::Unknown();
  } else {
    return cursor_.Fail({.kind = ErrorKind::kUnknownTag,
                         .position = tag_position,
                         .message = "a tag that values do not have",
                         .found = "\"" + std::string(tag) + "\"",
                         .expected = "#bigint, #set, #map, #tup, #model or #unknown",
                         .hint = "a function with such a key is written as {\"#map\":[[key,value],..]}"});
  }
  if (!read) return false;
  std::string_view next;
  if (!cursor_.NextKey(next)) return !cursor_.failed();
  return cursor_.Fail({.kind = ErrorKind::kUnknownTag,
                       .position = cursor_.token_position(),
                       .message = "a tagged value has a second key",
                       .found = "\"" + std::string(next) + "\"",
                       .expected = "the tag alone"});
}

bool JsonValueReader::ReadBigInt(Value& out) {
  std::string_view digits;
  if (!cursor_.ReadString(digits)) return false;
  if (!IsDecimal(digits)) {
    return cursor_.Fail({.kind = ErrorKind::kWrongType,
                         .position = cursor_.token_position(),
                         .message = "a big integer is written in decimal digits",
                         .found = "\"" + std::string(digits.substr(0, 40)) + "\"",
                         .expected = "digits with an optional leading `-`"});
  }
  out = Value::BigInt(std::string(digits));
  return true;
}

bool JsonValueReader::ReadMap(Value& out, int depth) {
  std::vector<Value::Entry> entries;
  if (!cursor_.EnterArray()) return false;
  while (cursor_.NextElement()) {
    cursor_.Peek();
    const std::size_t start = cursor_.token_position();
    std::vector<Value> pair;
    if (!ReadList(pair, depth + 1)) return false;
    if (pair.size() != 2) {
      return cursor_.Fail({.kind = ErrorKind::kWrongType,
                           .position = start,
                           .message = "an entry of a map is a key and a value",
                           .found = std::to_string(pair.size()) + " elements",
                           .expected = "[key,value]"});
    }
    entries.emplace_back(std::move(pair[0]), std::move(pair[1]));
  }
  out = Value::Map(std::move(entries));
  return !cursor_.failed();
}

}  // namespace kelpie::trace::file
