#include <string>

#include "checker/eval/value.h"

namespace kelpie::eval {
namespace {

void Write(const Value& value, std::string& out);

void WriteList(std::span<const Value> items, std::string& out) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    Write(items[i], out);
  }
}

void WriteString(const std::string& text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '\f': out += "\\f"; break;
      default: out += c;
    }
  }
  out += '"';
}

void WriteFunction(const Value& value, std::string& out) {
  const bool is_record = value.is_record();
  out += is_record ? "[" : "(";
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += is_record ? ", " : " @@ ";
    const Value key = value.Key(i);
    if (is_record) {
      out += key.symbol().text();
    } else {
      Write(key, out);
    }
    out += is_record ? " |-> " : " :> ";
    Write(value.items()[i], out);
  }
  out += is_record ? "]" : ")";
}

void Write(const Value& value, std::string& out) {
  switch (value.kind()) {
    case ValueKind::kBool: out += value.as_bool() ? "TRUE" : "FALSE"; return;
    case ValueKind::kInt: out += std::to_string(value.as_int()); return;
    case ValueKind::kString: WriteString(value.symbol().text(), out); return;
    case ValueKind::kModelValue: out += value.symbol().text(); return;
    case ValueKind::kSet:
      out += "{";
      WriteList(value.items(), out);
      out += "}";
      return;
    case ValueKind::kSequence:
      out += "<<";
      WriteList(value.items(), out);
      out += ">>";
      return;
    case ValueKind::kFunction: WriteFunction(value, out); return;
    case ValueKind::kLazy: out += "(a set or function given by a rule)"; return;
    case ValueKind::kUnset: out += "(no value)"; return;
  }
}

}  // namespace

std::string ToString(const Value& value) {
  std::string out;
  Write(value, out);
  return out;
}

}  // namespace kelpie::eval
