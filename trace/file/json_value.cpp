#include "trace/file/json_value.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "trace/value/refill.h"

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
    case JsonCursor::Kind::kArray: return ReadList(out.AssignElements(ValueKind::kSequence), depth + 1);
    case JsonCursor::Kind::kString: {
      std::string_view text;
      if (!cursor_.ReadString(text)) return false;
      out.AssignText(ValueKind::kString, text);
      return true;
    }
    case JsonCursor::Kind::kTrue:
    case JsonCursor::Kind::kFalse: {
      bool flag = false;
      if (!cursor_.ReadBool(flag)) return false;
      out.AssignBool(flag);
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
  if (FromDigits(digits, small)) {
    out.AssignInt(small);
  } else {
    out = Value::BigInt(std::string(digits));
  }
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
  Refill<Value> elements(out);
  while (cursor_.NextElement()) {
    if (!Read(elements.Add(), depth)) return false;
  }
  return !cursor_.failed();
}

bool JsonValueReader::ReadNamed(std::vector<Value::Field>& out, int depth) {
  if (!cursor_.EnterObject()) return false;
  std::string_view key;
  if (cursor_.NextKey(key)) return ReadFields(key, out, depth);
  out.clear();
  return !cursor_.failed();
}

// The first key has been read.
bool JsonValueReader::ReadFields(std::string_view key, std::vector<Value::Field>& out, int depth) {
  const std::size_t start = cursor_.token_position();
  {
    Refill<Value::Field> fields(out);
    do {
      for (std::size_t i = 0; fields.count() < kComparedMax && i < fields.count(); ++i) {
        if (fields[i].first == key) return FailDuplicate(key);
      }
      auto& [name, value] = fields.Add();
      name.assign(key);
      if (!Read(value, depth)) return false;
    } while (cursor_.NextKey(key));
  }
  if (cursor_.failed()) return false;
  if (out.size() <= kComparedMax) return true;
  std::vector<std::string_view> names;
  for (const auto& field : out) names.emplace_back(field.first);
  return !FailIfRepeated(std::move(names), start);
}

bool JsonValueReader::FailIfRepeated(std::vector<std::string_view> names, std::size_t start) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return false;
  cursor_.Fail({.kind = ErrorKind::kDuplicateKey,
                .position = start,
                .message = "an object has a key twice",
                .found = "\"" + std::string(*twice) + "\""});
  return true;
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
    out.AssignFields().clear();
    return !cursor_.failed();
  }
  if (key.starts_with('#')) return ReadTagged(key, out, depth);
  std::vector<Value::Field>& fields = out.AssignFields();
  if (!ReadFields(key, fields, depth + 1)) return false;
  const auto by_name = [](const Value::Field& a, const Value::Field& b) { return a.first < b.first; };
  if (!std::is_sorted(fields.begin(), fields.end(), by_name)) std::sort(fields.begin(), fields.end(), by_name);
  return true;
}

bool JsonValueReader::ReadUnknown(Value& out) {
  bool flag = false;
  if (!cursor_.ReadBool(flag)) return false;
  out.AssignUnknown();
  if (flag) return true;
  return cursor_.Fail({.kind = ErrorKind::kWrongType,
                       .position = cursor_.token_position(),
                       .message = "an unknown value is written with true",
                       .found = "false",
                       .expected = "{\"#unknown\":true}"});
}

bool JsonValueReader::ReadTagged(std::string_view tag, Value& out, int depth) {
  const std::size_t tag_position = cursor_.token_position();
  bool read = false;
  std::string_view text;
  if (tag == "#set" || tag == "#tup") {
    read = ReadList(out.AssignElements(tag == "#set" ? ValueKind::kSet : ValueKind::kSequence), depth + 1);
  } else if (tag == "#map") {
    read = ReadMap(out, depth);
  } else if (tag == "#bigint") {
    read = ReadBigInt(out);
  } else if (tag == "#model") {
    read = cursor_.ReadString(text);
    out.AssignText(ValueKind::kModelValue, text);
  } else if (tag == "#unknown") {
    read = ReadUnknown(out);
  } else if (tag == "#unserializable" && allows_unserializable_) {
    read = cursor_.ReadString(text);
    out.AssignUnknown();
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
  if (!cursor_.EnterArray()) return false;
  Refill<Value::Entry> entries(out.AssignEntries());
  while (cursor_.NextElement()) {
    cursor_.Peek();
    const std::size_t start = cursor_.token_position();
    auto& [key, value] = entries.Add();
    if (!cursor_.EnterArray()) return false;
    std::size_t count = 0;
    Value surplus;
    while (cursor_.NextElement()) {
      if (!Read(count == 0 ? key : count == 1 ? value : surplus, depth + 1)) return false;
      ++count;
    }
    if (cursor_.failed()) return false;
    if (count != 2) {
      return cursor_.Fail({.kind = ErrorKind::kWrongType,
                           .position = start,
                           .message = "an entry of a map is a key and a value",
                           .found = std::to_string(count) + " elements",
                           .expected = "[key,value]"});
    }
  }
  return !cursor_.failed();
}

}  // namespace kelpie::trace::file
