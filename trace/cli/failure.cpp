#include <ostream>

#include "trace/cli/commands.h"

namespace kelpie::trace::cli {

namespace {

void NumberOrNull(std::string_view key, std::uint64_t value, file::JsonBuilder& json) {
  json.Key(key);
  if (value == 0) {
    json.Null();
  } else {
    json.Number(value);
  }
}

void TextOrNull(std::string_view key, const std::string& text, file::JsonBuilder& json) {
  json.Key(key);
  if (text.empty()) {
    json.Null();
  } else {
    json.Text(text);
  }
}

}  // namespace

int ExitOf(const Error& error) {
  switch (ClassOf(error.kind)) {
    case ErrorClass::kDamage:
    case ErrorClass::kOrder: return kExitDiffers;
    case ErrorClass::kWorld:
    case ErrorClass::kInput:
    case ErrorClass::kLimit: break;
  }
  return kExitBadInput;
}

void AppendError(const Error* error, file::JsonBuilder& json) {
  if (error == nullptr) {
    json.Null();
    return;
  }
  json.Object().Key("code").Text(CodeOf(error->kind)).Key("severity").Text("error").Key("place");
  json.Object();
  TextOrNull("file", error->place.file, json);
  NumberOrNull("line", error->place.line, json);
  NumberOrNull("column", error->place.column, json);
  json.Key("end_line").Null().Key("end_column").Null().Key("offset").Number(error->place.offset).End();
  json.Key("message").Text(error->message);
  TextOrNull("found", error->found, json);
  TextOrNull("expected", error->expected, json);
  TextOrNull("hint", error->hint, json);
  json.End();
}

int FailVerb(std::string_view format, const Error& error, bool json, std::ostream& out, std::ostream& err) {
  err << error.Render();
  if (json) {
    file::JsonBuilder object;
    object.Object().Key("format").Text(format).Key("result").Text("bad_input").Key("exit").Number(kExitBadInput);
    object.Key("error");
    AppendError(&error, object);
    object.End();
    out << object.text() << "\n";
  }
  return kExitBadInput;
}

}  // namespace kelpie::trace::cli
