#include "trace/value/value_decoder.h"

#include <algorithm>
#include <utility>

#include "trace.pb.h"
#include "trace/value/event_names.h"

namespace kelpie::trace {

namespace {

constexpr std::uint64_t Number(int field) { return WireReader::Tag(field, WireType::kVarint); }
constexpr std::uint64_t Bytes(int field) { return WireReader::Tag(field, WireType::kBytes); }

bool ByName(const Value::Field& a, const Value::Field& b) { return a.first < b.first; }

}  // namespace

void ValueDecoder::ReadNamed(std::string_view bytes, Refill<Value::Field>& out, int depth, const char* what) {
  auto& [name, value] = out.Add();
  bool has_name = false;
  bool has_value = false;
  WireReader in(bytes);
  while (!failed() && in.Next()) {
    if (in.tag() == Bytes(v1::NamedValue::kNameFieldNumber)) {
      Text(in, name);
      has_name = true;
    } else if (in.tag() == Bytes(v1::NamedValue::kValueFieldNumber)) {
      Once(has_value, "value");
      ReadValue(in.Bytes(), value, depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  if (!has_name) name.clear();
  if (!has_value) NoKind();
  if (what == nullptr) return;
  for (std::size_t i = 0; i + 1 < out.count(); ++i) {
    if (out[i].first == name) Bad("the same " + std::string(what) + " is given twice", name);
  }
}

void ValueDecoder::ReadValue(std::string_view bytes, Value& out, int depth) {
  if (depth > depth_max_) return TooDeep();
  bool has_kind = false;
  WireReader in(bytes);
  while (!failed() && in.Next()) {
    switch (in.tag()) {
      case Number(v1::Value::kBooleanFieldNumber):
      case Number(v1::Value::kIntegerFieldNumber):
      case Bytes(v1::Value::kBigIntegerFieldNumber):
      case Bytes(v1::Value::kTextFieldNumber):
      case Bytes(v1::Value::kModelValueFieldNumber):
      case Bytes(v1::Value::kSequenceFieldNumber):
      case Bytes(v1::Value::kRecordFieldNumber):
      case Bytes(v1::Value::kSetFieldNumber):
      case Bytes(v1::Value::kMapFieldNumber):
      case Bytes(v1::Value::kUnknownFieldNumber):
        Once(has_kind, "kind");
        ReadKind(in, out, depth);
        break;
      default: in.Skip();
    }
  }
  Check(in);
  if (!has_kind) NoKind();
}

void ValueDecoder::ReadKind(WireReader& in, Value& out, int depth) {
  switch (in.tag()) {
    case Number(v1::Value::kBooleanFieldNumber): return out.AssignBool(in.Varint() != 0);
    case Number(v1::Value::kIntegerFieldNumber): return out.AssignInt(in.ZigZag());
    case Bytes(v1::Value::kBigIntegerFieldNumber): return ReadBigInt(in, out);
    case Bytes(v1::Value::kTextFieldNumber): return out.AssignText(ValueKind::kString, TextView(in));
    case Bytes(v1::Value::kModelValueFieldNumber): return out.AssignText(ValueKind::kModelValue, TextView(in));
    case Bytes(v1::Value::kSequenceFieldNumber):
      return ReadValues(in.Bytes(), out.AssignElements(ValueKind::kSequence), depth + 1);
    case Bytes(v1::Value::kSetFieldNumber):
      return ReadValues(in.Bytes(), out.AssignElements(ValueKind::kSet), depth + 1);
    case Bytes(v1::Value::kRecordFieldNumber): return ReadRecord(in.Bytes(), out, depth + 1);
    case Bytes(v1::Value::kMapFieldNumber): return ReadMap(in.Bytes(), out, depth + 1);
    default: in.Skip(); return out.AssignUnknown();
  }
}

void ValueDecoder::ReadValues(std::string_view bytes, std::vector<Value>& out, int depth) {
  Refill<Value> elements(out);
  WireReader in(bytes);
  while (!failed() && in.Next()) {
    if (in.tag() == Bytes(v1::Values::kElementsFieldNumber)) {
      ReadValue(in.Bytes(), elements.Add(), depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
}

void ValueDecoder::ReadRecord(std::string_view bytes, Value& out, int depth) {
  std::vector<Value::Field>& fields = out.AssignFields();
  {
    Refill<Value::Field> refill(fields);
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.tag() == Bytes(v1::Fields::kFieldsFieldNumber)) {
        ReadNamed(in.Bytes(), refill, depth, nullptr);
      } else {
        in.Skip();
      }
    }
    Check(in);
  }
  if (!std::is_sorted(fields.begin(), fields.end(), ByName)) std::sort(fields.begin(), fields.end(), ByName);
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (fields[i].first == fields[i - 1].first) Bad("a record has two fields of one name", fields[i].first);
  }
}

void ValueDecoder::ReadMap(std::string_view bytes, Value& out, int depth) {
  Refill<Value::Entry> entries(out.AssignEntries());
  WireReader in(bytes);
  while (!failed() && in.Next()) {
    if (in.tag() == Bytes(v1::Entries::kEntriesFieldNumber)) {
      ReadEntry(in.Bytes(), entries.Add(), depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
}

void ValueDecoder::ReadEntry(std::string_view bytes, Value::Entry& entry, int depth) {
  bool has_key = false;
  bool has_value = false;
  WireReader in(bytes);
  while (!failed() && in.Next()) {
    if (in.tag() == Bytes(v1::Entry::kKeyFieldNumber)) {
      Once(has_key, "key");
      ReadValue(in.Bytes(), entry.first, depth);
    } else if (in.tag() == Bytes(v1::Entry::kValueFieldNumber)) {
      Once(has_value, "value");
      ReadValue(in.Bytes(), entry.second, depth);
    } else {
      in.Skip();
    }
  }
  Check(in);
  if (!has_key || !has_value) NoKind();
}

void ValueDecoder::ReadBigInt(WireReader& in, Value& out) {
  std::string digits(TextView(in));
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  if (digits.size() == sign || digits.find_first_not_of("0123456789", sign) != std::string::npos) {
    return Bad("a big integer is not decimal digits", std::move(digits));
  }
  out = Value::BigInt(std::move(digits));
}

void ValueDecoder::Text(WireReader& in, std::string& out) { out.assign(TextView(in)); }

std::string_view ValueDecoder::TextView(WireReader& in) {
  const std::string_view text = in.Bytes();
  if (ValidUtf8Prefix(text) == text.size()) return text;
  Bad("a text is not UTF-8", "");
  return {};
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
  if (!failed()) error_ = std::make_unique<Error>(std::move(error));
}

}  // namespace kelpie::trace
