// IOUtils and CSV: the environment, files and programs. The world outside is asked for all of it.
#include <algorithm>
#include <charconv>
#include <sstream>

#include "checker/eval/library.h"
#include "checker/eval/outside.h"

namespace kelpie::eval {

namespace {

// --- numbers in texts

Value Atoi(Operands& o) {
  const std::string text = o.Text(0);
  const std::size_t sign = text.starts_with('+') ? 1 : 0;  // from_chars knows only the other one
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + sign, end, number);
  const bool has_two_signs = sign == 1 && text.starts_with("+-");
  if (error != std::errc() || rest != end || has_two_signs)
    o.Expected(0, "an integer in a string", Value::String(text));
  return Value::Int(number);
}

Value ZeroPadN(Operands& o) {
  std::string text = ToString(o.Any(0));
  const std::int64_t width = o.Int(1);
  o.CheckSize(static_cast<std::size_t>(std::max<std::int64_t>(width, 0)));
  if (width > static_cast<std::int64_t>(text.size()))
    text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
  return Value::String(text);
}

Outside& OutsideOf(Operands& o) {
  Outside* outside = o.options().outside.get();
  if (outside == nullptr)
    o.Fail(ErrorKind::kUnsupported, std::string(o.name()) + " asks for the world outside, and there is none here");
  return *outside;
}

void CheckRefusal(Operands& o, const Refusal& refusal) {
  if (refusal.message.empty()) return;
  o.Fail(ErrorKind::kUnsupported, std::string(o.name()) + ": " + refusal.message, refusal.hint);
}

Value Environment(Operands& o) {
  std::vector<std::pair<Symbol, Value>> fields;
  for (const auto& [name, value] : OutsideOf(o).Environment()) fields.emplace_back(Intern(name), Value::String(value));
  return Value::Record(std::move(fields));
}

// A text with %s and %1$s, as Java's String.format understands them: the next argument, or that one.
std::string Formatted(Operands& o, const std::string& format, const std::vector<std::string>& arguments) {
  std::string text;
  std::size_t next = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    std::size_t at = i + 1;
    std::size_t number = 0;
    while (at < format.size() && format[at] >= '0' && format[at] <= '9' && number <= arguments.size())
      number = number * 10 + static_cast<std::size_t>(format[at++] - '0');
    const bool is_numbered = at > i + 1 && at < format.size() && format[at] == '$';
    if (is_numbered) ++at;
    const char kind = at < format.size() && (is_numbered || at == i + 1) ? format[at] : '\0';
    if (kind == '%' || kind == 'n') {
      text += kind == '%' ? '%' : '\n';
    } else if (kind == 's') {
      const std::size_t index = is_numbered ? number - 1 : next++;
      if (index >= arguments.size())
        o.Fail(ErrorKind::kOutsideDomain, "the format " + ToString(Value::String(format)) + " wants more than " +
                                              std::to_string(arguments.size()) + " arguments");
      text += arguments[index];
    } else {
      o.Fail(ErrorKind::kUnsupported,
             "the format " + ToString(Value::String(format)) + " has something else than %s, %1$s, %n and %%");
    }
    i = at;
  }
  return text;
}

std::vector<std::string> TextsAt(Operands& o, std::size_t i) {
  std::vector<std::string> texts;
  const Value sequence = o.Sequence(i);
  for (const Value& item : sequence.items()) {
    if (item.kind() != ValueKind::kString) o.Expected(i, "a sequence of strings", sequence);
    texts.push_back(item.symbol().text());
  }
  return texts;
}

// The name of a file without its folder.
std::string_view NameOf(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

// --- files

std::optional<std::string> ReadFile(Operands& o, const std::string& path) {
  Refusal refusal;
  std::optional<std::string> text = OutsideOf(o).Read(path, refusal);
  CheckRefusal(o, refusal);
  return text;
}

void WriteFile(Operands& o, const std::string& path, const std::string& text, bool is_appended) {
  // One file may have several paths.
  std::erase_if(o.files(), [&](const auto& known) { return NameOf(known.first.second) == NameOf(path); });
  Refusal refusal;
  OutsideOf(o).Write(path, text, is_appended, refusal);
  CheckRefusal(o, refusal);
}

namespace {

std::vector<std::string> LinesOf(Operands& o, const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text(ReadFile(o, path).value_or(""));
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
    o.CheckSize(lines.size());
  }
  return lines;
}

}  // namespace

Value TextOutcome(std::int64_t exit_code, const std::string& out, const std::string& err) {
  return Value::Record({{Intern("exitValue"), Value::Int(exit_code)},
                        {Intern("stdout"), Value::String(out)},
                        {Intern("stderr"), Value::String(err)}});
}

namespace {

void CheckTextFormat(Operands& o, std::size_t i) {
  const Value options = o.Record(i);
  const Value format = o.Apply(options, Value::String("format"));
  if (!Same(format, Value::String("TXT")))
    o.Fail(ErrorKind::kUnsupported,
           std::string(o.name()) + " knows the format \"TXT\" only, found " + ToString(format));
}

Value Serialize(Operands& o) {
  CheckTextFormat(o, 2);
  const std::string text = o.Text(0);
  bool is_appended = false;
  const Value options = o.Record(2);
  const Value open = o.Apply(options, Value::String("openOptions"));
  for (const Value& option : open.items()) is_appended = is_appended || Same(option, Value::String("APPEND"));
  WriteFile(o, o.Text(1), text, is_appended);
  return TextOutcome(0, "", "");
}

Value Deserialize(Operands& o) {
  CheckTextFormat(o, 1);
  const std::string path = o.Text(0);
  const std::optional<std::string> text = ReadFile(o, path);
  return text ? TextOutcome(0, *text, "") : TextOutcome(1, "", "there is no file `" + path + "`");
}

Value RefuseJavaFormat(Operands& o) {
  o.Fail(ErrorKind::kUnsupported, std::string(o.name()) + " is about values in a format of TLC's own",
         "Serialize and Deserialize are about texts");
}

// --- tables

Value CsvWrite(Operands& o) {
  std::vector<std::string> values;
  const Value sequence = o.Sequence(1);
  for (const Value& item : sequence.items()) values.push_back(ToString(item));
  WriteFile(o, o.Text(2), Formatted(o, o.Text(0), values) + "\n", true);
  return Value::Bool(true);
}

Value CsvWriteRecord(Operands& o) {
  const Value record = o.Record(0);
  const std::string separator = o.Text(1);
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t i = 0; i < record.size(); ++i) text += (i > 0 ? separator : "") + cell(i);
    return text + "\n";
  };
  std::string text;
  if (o.Bool(2)) text = line([&](std::size_t i) { return record.Key(i).symbol().text(); });
  text += line([&](std::size_t i) { return ToString(record.items()[i]); });
  WriteFile(o, o.Text(3), text, true);
  return Value::Bool(true);
}

Value CsvRead(Operands& o) {
  const std::vector<std::string> names = TextsAt(o, 0);
  const std::string separator = o.Text(1);
  if (separator.empty()) o.Expected(1, "what stands between two cells", Value::String(separator));
  std::vector<Value> records;
  for (const std::string& line : LinesOf(o, o.Text(2))) {
    std::vector<std::pair<Symbol, Value>> fields;
    std::size_t begin = 0;
    for (bool is_last = false; !is_last;) {
      const std::size_t end = line.find(separator, begin);
      is_last = end == std::string::npos;
      if (fields.size() == names.size())
        o.Fail(ErrorKind::kOutsideDomain, "a line has more cells than there are names: " + line);
      fields.emplace_back(Intern(names[fields.size()]), Value::String(line.substr(begin, end - begin)));
      begin = end + separator.size();
    }
    if (fields.size() != names.size())
      o.Fail(ErrorKind::kOutsideDomain, "a line has fewer cells than there are names: " + line);
    records.push_back(Value::Record(std::move(fields)));
  }
  return Value::Sequence(std::move(records));
}

// --- programs

Value Execute(Operands& o, const std::vector<std::string>& command, const Value* environment) {
  if (command.empty()) o.Fail(ErrorKind::kType, std::string(o.name()) + " expects a command, found <<>>");
  Variables added;
  for (std::size_t i = 0; environment != nullptr && i < environment->size(); ++i) {
    const Value& value = environment->items()[i];
    const bool is_text = value.kind() == ValueKind::kString;
    added.emplace_back(environment->Key(i).symbol().text(), is_text ? value.symbol().text() : ToString(value));
  }
  Refusal refusal;
  const ProgramResult result = OutsideOf(o).Run(command, added, refusal);
  CheckRefusal(o, refusal);
  return TextOutcome(result.exit_code, result.out, result.err);
}

std::vector<std::string> CommandAt(Operands& o, std::size_t i) {
  std::vector<std::string> command;
  const std::vector<std::string> parameters = TextsAt(o, i + 1);
  for (const std::string& part : TextsAt(o, i)) command.push_back(Formatted(o, part, parameters));
  return command;
}

}  // namespace

void AddFiles(LibraryTable& table) {
  table.Set(Builtin::kAtoi, Atoi);
  table.Set(Builtin::kZeroPadN, ZeroPadN);
  table.Set(Builtin::kIoEnv, Environment);
  table.Set(Builtin::kIoSerialize, RefuseJavaFormat);
  table.Set(Builtin::kIoDeserialize, RefuseJavaFormat);
  table.Set(Builtin::kSerialize, Serialize);
  table.Set(Builtin::kDeserialize, Deserialize);
  table.Set(Builtin::kIoExec, [](Operands& o) { return Execute(o, TextsAt(o, 0), nullptr); });
  table.Set(Builtin::kIoEnvExec, [](Operands& o) {
    const Value environment = o.Record(0);
    return Execute(o, TextsAt(o, 1), &environment);
  });
  table.Set(Builtin::kIoExecTemplate, [](Operands& o) { return Execute(o, CommandAt(o, 0), nullptr); });
  table.Set(Builtin::kIoEnvExecTemplate, [](Operands& o) {
    const Value environment = o.Record(0);
    return Execute(o, CommandAt(o, 1), &environment);
  });
  table.Set(Builtin::kCsvWrite, CsvWrite);
  table.Set(Builtin::kCsvWriteRecord, CsvWriteRecord);
  table.Set(Builtin::kCsvRead, CsvRead);
  table.Set(Builtin::kCsvRecords,
            [](Operands& o) { return Value::Int(static_cast<std::int64_t>(LinesOf(o, o.Text(0)).size())); });
}

}  // namespace kelpie::eval
