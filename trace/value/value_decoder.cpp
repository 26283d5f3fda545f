#include "trace/value/value_decoder.h"

#include <algorithm>
#include <utility>

#include "trace.pb.h"
#include "trace/value/event_names.h"

namespace kelpie::trace {

namespace {

constexpr WireType kVarint = WireType::kVarint;
constexpr WireType kBytes = WireType::kBytes;

}  // namespace

std::size_t ValueDecoder::CountOf(std::string_view bytes, int field) {
  std::size_t count = 0;
  for (WireReader in(bytes); in.Next(); in.Skip()) count += in.Is(field, kBytes) ? 1 : 0;
  return count;
}

void ValueDecoder::ReadNamed(std::string_view bytes, std::vector<Value::Field>& out, int depth, const char* what) {
  auto& [name, value] = out.emplace_back();
  bool has_value = false;
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    if (in.Is(v1::NamedValue::kNameFieldNumber, kBytes)) {
      Text(in, name);
    } else if (in.Is(v1::NamedValue::kValueFieldNumber, kBytes)) {
      Once(has_value, "value");
      ReadValue(in.Bytes(), value, depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  if (!has_value) NoKind();
  if (what == nullptr) return;
  const auto same = [&n = name](const Value::Field& other) { return other.first == n; };
  if (std::any_of(out.begin(), out.end() - 1, same)) Bad("the same " + std::string(what) + " is given twice", name);
}

void ValueDecoder::ReadValue(std::string_view bytes, Value& out, int depth) {
  if (depth > depth_max_) return TooDeep();
  bool has_kind = false;
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    const bool is_number =
        in.Is(v1::Value::kBooleanFieldNumber, kVarint) || in.Is(v1::Value::kIntegerFieldNumber, kVarint);
    if (!is_number && (in.field() < v1::Value::kBigIntegerFieldNumber || in.field() > v1::Value::kUnknownFieldNumber ||
                       !in.Is(static_cast<int>(in.field()), kBytes))) {
      in.Skip();
      continue;
    }
    Once(has_kind, "kind");
    ReadKind(in, out, depth);
  }
  Check(in);
  if (!has_kind) NoKind();
}

void ValueDecoder::ReadKind(WireReader& in, Value& out, int depth) {
  switch (static_cast<int>(in.field())) {
    case v1::Value::kBooleanFieldNumber: out = Value::Bool(in.Varint() != 0); return;
    case v1::Value::kIntegerFieldNumber: out = Value::Int(in.ZigZag()); return;
    case v1::Value::kBigIntegerFieldNumber: out = BigInt(Text(in)); return;
    case v1::Value::kTextFieldNumber: out = Value::String(Text(in)); return;
    case v1::Value::kModelValueFieldNumber: out = Value::Model(Text(in)); return;
    case v1::Value::kSequenceFieldNumber: out = Value::Sequence(ReadValues(in.Bytes(), depth + 1)); return;
    case v1::Value::kSetFieldNumber: out = Value::Set(ReadValues(in.Bytes(), depth + 1)); return;
    case v1::Value::kRecordFieldNumber: out = ReadRecord(in.Bytes(), depth + 1); return;
    case v1::Value::kMapFieldNumber: out = ReadMap(in.Bytes(), depth + 1); return;
    default:
      in.Skip();
      out = Value::Unknown();
      return;
  }
}

std::vector<Value> ValueDecoder::ReadValues(std::string_view bytes, int depth) {
  std::vector<Value> elements;
  elements.reserve(CountOf(bytes, v1::Values::kElementsFieldNumber));
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    if (in.Is(v1::Values::kElementsFieldNumber, kBytes)) {
      ReadValue(in.Bytes(), elements.emplace_back(), depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  return elements;
}

Value ValueDecoder::ReadRecord(std::string_view bytes, int depth) {
  std::vector<Value::Field> fields;
  fields.reserve(CountOf(bytes, v1::Fields::kFieldsFieldNumber));
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    if (in.Is(v1::Fields::kFieldsFieldNumber, kBytes)) {
      ReadNamed(in.Bytes(), fields, depth, nullptr);
    } else {
      in.Skip();
    }
  }
  Check(in);
  Value record = Value::Record(std::move(fields));
  for (std::size_t i = 1; i < record.fields().size(); ++i) {
    if (record.fields()[i].first == record.fields()[i - 1].first) {
      Bad("a record has two fields of one name", record.fields()[i].first);
    }
  }
  return record;
}

Value ValueDecoder::ReadMap(std::string_view bytes, int depth) {
  std::vector<Value::Entry> entries;
  entries.reserve(CountOf(bytes, v1::Entries::kEntriesFieldNumber));
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    if (in.Is(v1::Entries::kEntriesFieldNumber, kBytes)) {
      ReadEntry(in.Bytes(), entries.emplace_back(), depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  return Value::Map(std::move(entries));
}

void ValueDecoder::ReadEntry(std::string_view bytes, Value::Entry& entry, int depth) {
  bool has_key = false;
  bool has_value = false;
  WireReader in(bytes);
  while (!failed_ && in.Next()) {
    if (in.Is(v1::Entry::kKeyFieldNumber, kBytes)) {
      Once(has_key, "key");
      ReadValue(in.Bytes(), entry.first, depth);
    } else if (in.Is(v1::Entry::kValueFieldNumber, kBytes)) {
      Once(has_value, "value");
      ReadValue(in.Bytes(), entry.second, depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  if (!has_key || !has_value) NoKind();
}

Value ValueDecoder::BigInt(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  if (digits.size() == sign || digits.find_first_not_of("0123456789", sign) != std::string::npos) {
    Bad("a big integer is not decimal digits", std::move(digits));
    return {};
  }
  return Value::BigInt(std::move(digits));
}

void ValueDecoder::Text(WireReader& in, std::string& out) {
  const std::string_view text = in.Bytes();
  if (ValidUtf8Prefix(text) != text.size()) Bad("a text is not UTF-8", "");
  out.assign(text);
}

std::string ValueDecoder::Text(WireReader& in) {
  std::string text;
  Text(in, text);
  return text;
}

void ValueDecoder::Twice(const char* what) { Bad(std::string("a message has two of its ") + what, ""); }

void ValueDecoder::Check(const WireReader& in) {
  if (in.failed()) Bad("the bytes are no message of trace.proto", "");
}

void ValueDecoder::NoKind() { Bad("a value is of no kind that this version knows", ""); }

void ValueDecoder::TooDeep() {
  Fail({.kind = ErrorKind::kTooDeep,
        .message = "nesting is deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
}

void ValueDecoder::Bad(std::string message, std::string found) {
  Fail({.kind = ErrorKind::kBadMessage,
        .message = std::move(message),
        .found = std::move(found),
        .hint = "the writer is newer than this reader, or not a writer of trace.proto"});
}

void ValueDecoder::Fail(Error error) {
  if (failed_) return;
  failed_ = true;
  error_ = std::move(error);
}

}  // namespace kelpie::trace
