#include <algorithm>
#include <cstdint>

#include "trace/file/json_parts.h"

namespace kelpie::trace::file {

namespace {

void AppendMap(const std::vector<Value::Entry>& entries, std::string& out, Tags tags) {
  out += "{\"#map\":[";
  Commas commas(out);
  for (const auto& [key, value] : entries) {
    commas.Next();
    out += '[';
    AppendValue(key, tags, out);
    out += ',';
    AppendValue(value, tags, out);
    out += ']';
  }
  out += "]}";
}

void AppendRecord(const Value& record, std::string& out, Tags tags) {
  const auto looks_like_tag = [](const Value::Field& field) { return field.first.starts_with('#'); };
  if (std::none_of(record.fields().begin(), record.fields().end(), looks_like_tag)) {
    return AppendNamed(record.fields(), out, tags);
  }
  std::vector<Value::Entry> entries;
  for (const auto& [name, value] : record.fields()) entries.emplace_back(Value::String(name), value);
  AppendMap(entries, out, tags);
}

}  // namespace

void AppendList(const std::vector<Value>& values, std::string& out, Tags tags) {
  out += '[';
  Commas commas(out);
  for (const Value& value : values) {
    commas.Next();
    AppendValue(value, tags, out);
  }
  out += ']';
}

void AppendNamed(const std::vector<Value::Field>& fields, std::string& out, Tags tags) {
  out += '{';
  Commas commas(out);
  for (const auto& [name, value] : fields) {
    commas.AnyKey(name);
    AppendValue(value, tags, out);
  }
  out += '}';
}

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[c >> 4U];
        out += kHex[c & 15U];
    }
  }
  out.append(text, plain, std::string_view::npos);
  out += '"';
}

void AppendJson(const Value& value, std::string& out) { AppendValue(value, Tags::kAll, out); }

void AppendValue(const Value& value, Tags tags, std::string& out) {
  // Beyond this, readers that keep numbers as doubles lose digits; ITF asks for the tag.
  constexpr std::int64_t kPlainMax = (std::int64_t{1} << 53) - 1;
  switch (value.kind()) {
    case ValueKind::kBool: out += value.as_bool() ? "true" : "false"; return;
    case ValueKind::kInt:
      if (value.as_int() <= kPlainMax && value.as_int() >= -kPlainMax) return AppendInteger(value.as_int(), out);
      out += "{\"#bigint\":\"";
      AppendInteger(value.as_int(), out);
      out += "\"}";
      return;
    case ValueKind::kBigInt: out += "{\"#bigint\":\"" + value.text() + "\"}"; return;
    case ValueKind::kString: return AppendJsonString(value.text(), out);
    case ValueKind::kModelValue:
      if (tags == Tags::kItf) return AppendJsonString(value.text(), out);
      out += "{\"#model\":";
      AppendJsonString(value.text(), out);
      out += '}';
      return;
    case ValueKind::kSequence: return AppendList(value.elements(), out, tags);
    case ValueKind::kRecord: return AppendRecord(value, out, tags);
    case ValueKind::kSet:
      out += "{\"#set\":";
      AppendList(value.elements(), out, tags);
      out += '}';
      return;
    case ValueKind::kMap: return AppendMap(value.entries(), out, tags);
    case ValueKind::kUnknown:
      out += tags == Tags::kItf ? "{\"#unserializable\":\"unknown\"}" : "{\"#unknown\":true}";
      return;
  }
}

}  // namespace kelpie::trace::file
