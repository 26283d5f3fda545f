#include <filesystem>
#include <ostream>
#include <set>
#include <system_error>
#include <utility>

#include "trace/cli/commands.h"
#include "trace/cli/trace_output.h"
#include "trace/file/run.h"

namespace kelpie::trace::cli {

namespace fs = std::filesystem;

namespace {

struct Copied {
  std::uint64_t event_count = 0;
  std::uint64_t unknown_count = 0;  // values that ITF states lack
  bool is_itf = false;
  std::vector<order::FileFacts> files;
};

// Calls `take` with each event of the file; the facts of the file once it was read.
template <typename Take>
Result<order::FileFacts> ReadFile(const std::string& path, const file::ReaderOptions& options, Take take) {
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options);
  if (!reader.ok()) return reader.TakeError();
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    if (!more.ok()) return more.TakeError();
    if (!*more) break;
    Status taken = take(event.event);
    if (!taken.ok()) return taken.TakeError();
  }
  return order::FileFacts{.path = path,
                          .header = reader->header(),
                          .has_header = reader->has_header(),
                          .is_read_to_end = true,
                          .torn_tail = reader->torn_tail(),
                          .torn_offset = reader->torn_offset(),
                          .event_count = reader->event_count(),
                          .damage = reader->damage(),
                          .damage_count = reader->damage_count(),
                          .dropped_bytes = reader->dropped_bytes()};
}

// Of all events: a first reading, which ITF needs because each of its states shows them all.
Result<std::set<std::string>> VariablesOf(const std::string& path, const file::ReaderOptions& options) {
  std::set<std::string> variables;
  if (path == "-") {
    return Error{.kind = ErrorKind::kCannotRead,
                 .place = {.file = path},
                 .message = "a trace is read twice to become ITF, and standard input cannot be",
                 .expected = "a file"};
  }
  Result<order::FileFacts> read = ReadFile(path, options, [&variables](const Event& event) {
    file::CollectVariables(event, variables);
    return Status();
  });
  if (!read.ok()) return read.TakeError();
  return variables;
}

Status ConvertFile(const std::string& from, const std::string& to, const ReadOptions& options,
                   const WriteOptions& write, Copied& copied) {
  const file::ReaderOptions& reader_options = options.merge.lanes.reader;
  std::error_code ignored;
  if (fs::equivalent(from, to, ignored)) {
    return Error{.kind = ErrorKind::kCannotWrite,
                 .place = {.file = to},
                 .message = "the new file would replace the one it is made from"};
  }
  std::set<std::string> variables;
  const bool is_itf = FormatOf(write, to) == file::Format::kItf;
  if (is_itf) {
    Result<std::set<std::string>> found = VariablesOf(from, reader_options);
    if (!found.ok()) return found.TakeError();
    variables = std::move(*found);
  }
  Result<file::TraceReader> opened = file::TraceReader::Open(from, reader_options);
  if (!opened.ok()) return opened.TakeError();
  Result<TraceOutput> output = TraceOutput::Create(write, to, opened->header(), variables);
  if (!output.ok()) return output.TakeError();
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = opened->Next(event);
    if (!more.ok()) return more.TakeError();
    if (!*more) break;
    Status appended = output->Append(event.event);
    if (!appended.ok()) return appended;
    ++copied.event_count;
  }
  copied.is_itf = copied.is_itf || is_itf;
  copied.unknown_count += output->unknown_count();
  copied.files.push_back({.path = from,
                          .torn_tail = opened->torn_tail(),
                          .torn_offset = opened->torn_offset(),
                          .damage = opened->damage(),
                          .damage_count = opened->damage_count(),
                          .dropped_bytes = opened->dropped_bytes()});
  return output->Commit();
}

// The name of a file of a folder in its new format: the one asked for, or else the other one.
fs::path NewName(const std::string& name, const WriteOptions& write) {
  const bool is_binary = file::FormatOfName(name) == file::Format::kKtrace;
  const bool to_binary = write.format.empty() ? !is_binary || write.zstd : write.format == "ktrace";
  const char* extension = write.format == "itf" ? ".itf.json" : to_binary ? ".ktrace" : ".jsonl";
  return fs::path(name).filename().replace_extension(extension);
}

Status ConvertAll(const ReadOptions& options, const WriteOptions& write, Copied& copied) {
  const std::string& from = options.paths[0];
  std::error_code error;
  if (from == "-" || !fs::is_directory(from, error)) return ConvertFile(from, write.to, options, write, copied);
  Result<std::vector<std::string>> files = file::OpenRun(from);
  if (!files.ok()) return files.TakeError();
  fs::create_directories(write.to, error);
  if (error) {
    return Error{.kind = ErrorKind::kCannotWrite,
                 .place = {.file = write.to},
                 .message = "the directory cannot be made",
                 .found = error.message()};
  }
  for (const std::string& name : *files) {
    Status converted = ConvertFile(name, (fs::path(write.to) / NewName(name, write)).string(), options, write, copied);
    if (!converted.ok()) return converted;
  }
  return Status();
}

// Calls `take` with each event of the run in canonical order, behind `begin` with its header.
template <typename Begin, typename Take>
Result<std::vector<order::FileFacts>> ReadMerged(const ReadOptions& options, Begin begin, Take take) {
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, options.merge);
  if (!trace.ok()) return trace.TakeError();
  Status begun = begin(trace->header());
  if (!begun.ok()) return begun.TakeError();
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = trace->Next(event);
    if (!more.ok()) return more.TakeError();
    if (!*more) break;
    Status taken = take(event.event);
    if (!taken.ok()) return taken.TakeError();
  }
  return trace->files();
}

Status RefuseOwnOutput(const ReadOptions& options, const WriteOptions& write, bool is_itf) {
  std::error_code ignored;
  for (const std::string& path : options.paths) {
    if (path == "-" && is_itf) {
      Result<std::set<std::string>> refused = VariablesOf(path, {});
      return refused.TakeError();
    }
    Result<std::vector<std::string>> files = file::OpenRun(path);
    for (const std::string& name : files.ok() ? *files : std::vector<std::string>()) {
      if (!fs::equivalent(name, write.to, ignored)) continue;
      return Error{.kind = ErrorKind::kCannotWrite,
                   .place = {.file = write.to},
                   .message = "the new file would replace one that it is made from"};
    }
  }
  return Status();
}

Status MergeAll(const ReadOptions& options, const WriteOptions& write, Copied& copied) {
  copied.is_itf = FormatOf(write, write.to) == file::Format::kItf;
  Status allowed = RefuseOwnOutput(options, write, copied.is_itf);
  if (!allowed.ok()) return allowed;
  std::set<std::string> variables;
  if (copied.is_itf) {
    auto first = ReadMerged(
        options, [](const Header&) { return Status(); },
        [&variables](const Event& event) {
          file::CollectVariables(event, variables);
          return Status();
        });
    if (!first.ok()) return first.TakeError();
  }
  std::optional<TraceOutput> output;
  auto read = ReadMerged(
      options,
      [&](const Header& header) {
        Result<TraceOutput> created = TraceOutput::Create(write, write.to, header, variables);
        if (!created.ok()) return Status(created.TakeError());
        output.emplace(std::move(*created));
        return Status();
      },
      [&](const Event& event) {
        ++copied.event_count;
        return output->Append(event);
      });
  if (!read.ok()) return read.TakeError();
  copied.files = std::move(*read);
  copied.unknown_count = output->unknown_count();
  return output->Commit();
}

int Report(std::string_view format, const Copied& copied, const WriteOptions& write, std::ostream& out,
           std::ostream& err) {
  ReportDamage(copied.files, err);
  if (copied.is_itf && copied.unknown_count != 0) {
    err << copied.unknown_count << " values of states are unknown, since no event gives them; they are written "
        << "{\"#unserializable\":\"unknown\"}\n";
  }
  std::ostream& people = write.to == "-" ? err : out;
  if (!write.json) {
    people << copied.event_count << " events of " << copied.files.size() << " files written to " << write.to << "\n";
    return kExitOk;
  }
  file::JsonBuilder json;
  json.Object().Key("format").Text(format).Key("result").Text("ok").Key("exit").Number(kExitOk);
  json.Key("events").Number(copied.event_count).Key("files").Number(copied.files.size()).Key("to").Text(write.to);
  json.Key("unknown_values").Number(copied.unknown_count);
  AppendDamage(copied.files, json);
  json.Key("error").Null().End();
  people << json.text() << "\n";
  return kExitOk;
}

}  // namespace

int Convert(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err) {
  constexpr std::string_view kFormat = "kelpie.trace.convert/1";
  Copied copied;
  const Status status = ConvertAll(options, write, copied);
  if (!status.ok()) return FailVerb(kFormat, status.error(), write.json, out, err);
  return Report(kFormat, copied, write, out, err);
}

int Merge(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err) {
  constexpr std::string_view kFormat = "kelpie.trace.merge/1";
  Copied copied;
  const Status status = MergeAll(options, write, copied);
  if (!status.ok()) return FailVerb(kFormat, status.error(), write.json, out, err);
  return Report(kFormat, copied, write, out, err);
}

}  // namespace kelpie::trace::cli
