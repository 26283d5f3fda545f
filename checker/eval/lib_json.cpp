// Json: values as JSON text, and files of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "checker/eval/json_text.h"
#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

using Json = nlohmann::ordered_json;

// --- values to text

Json NodeOf(const Value& value);

Json ArrayOf(const Value& value) {
  Json array = Json::array();
  for (const Value& item : value.items()) array.push_back(NodeOf(item));
  return array;
}

Json ObjectOf(const Value& function) {
  Json object = Json::object();
  for (std::size_t i = 0; i < function.size(); ++i) {
    const Value key = function.Key(i);
    const bool is_text = key.kind() == ValueKind::kString;
    object[is_text ? key.symbol().text() : ToString(key)] = NodeOf(function.items()[i]);
  }
  return object;
}

Json NodeOf(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kBool: return value.as_bool();
    case ValueKind::kInt: return value.as_int();
    case ValueKind::kString:
    case ValueKind::kModelValue: return value.symbol().text();
    case ValueKind::kSet:
    case ValueKind::kSequence: return ArrayOf(value);
    case ValueKind::kFunction: return ObjectOf(value);
    case ValueKind::kLazy:
    case ValueKind::kUnset: break;
  }
  return nullptr;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // text in specs is UTF-8
}

Value ToJson(Operands& o) { return Value::String(Dump(NodeOf(o.Any(0)))); }

Value ToJsonArray(Operands& o) {
  const Value value = o.Any(0);
  if (!value.is_set() && !value.is_function()) o.Expected(0, "a set, sequence or function", value);
  return Value::String(Dump(NodeOf(value)));
}

Value ToJsonObject(Operands& o) { return Value::String(JsonObjectText(o.Function(0))); }

// --- files

Value Read(Operands& o, Builtin builtin) {
  const std::string path = o.Text(0);
  FileValues& known = o.files();
  if (const auto found = known.find({builtin, path}); found != known.end()) return found->second;
  const std::optional<std::string> text = ReadFile(o, path);
  if (!text) {
    o.Fail(ErrorKind::kFile, std::string(o.name()) + ": there is no file `" + path + "`",
           "a path that does not begin with / is looked for in the folder where the command runs");
  }
  const JsonLimits limits{o.options().limits.depth_max, o.options().limits.set_size_max};
  JsonFault fault;
  const auto read = builtin == Builtin::kJsonDeserialize ? ReadJson : ReadJsonLines;
  const std::optional<Value> value = read(*text, limits, fault);
  if (!value) {
    o.Fail(ErrorKind::kFile,
           path + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " + fault.message,
           fault.hint);
  }
  return known.emplace(std::pair(builtin, path), *value).first->second;
}

Value Write(Operands& o) {
  const Value value = o.Any(1);
  if (!value.is_sequence() && !value.is_record()) o.Expected(1, "a sequence or record", value);
  WriteFile(o, o.Text(0), Dump(NodeOf(value)), false);
  return Value::Bool(true);
}

Value WriteLines(Operands& o) {
  std::string text;
  const Value sequence = o.Sequence(1);
  for (const Value& item : sequence.items()) text += Dump(NodeOf(item)) + "\n";
  WriteFile(o, o.Text(0), text, false);
  return Value::Bool(true);
}

}  // namespace

std::string JsonObjectText(const Value& function) {
  if (!function.is_sequence()) return Dump(NodeOf(function));
  Json object = Json::object();  // TLC's names for the places of a tuple begin with 0
  for (std::size_t i = 0; i < function.size(); ++i) object[std::to_string(i)] = NodeOf(function.items()[i]);
  return Dump(object);
}

void AddJson(LibraryTable& table) {
  table.Set(Builtin::kToJson, ToJson);
  table.Set(Builtin::kToJsonArray, ToJsonArray);
  table.Set(Builtin::kToJsonObject, ToJsonObject);
  table.Set(Builtin::kJsonDeserialize, [](Operands& o) { return Read(o, Builtin::kJsonDeserialize); });
  table.Set(Builtin::kNdJsonDeserialize, [](Operands& o) { return Read(o, Builtin::kNdJsonDeserialize); });
  table.Set(Builtin::kJsonSerialize, Write);
  table.Set(Builtin::kNdJsonSerialize, WriteLines);
}

}  // namespace kelpie::eval
