#include <filesystem>
#include <ostream>
#include <system_error>
#include <utility>

#include "trace/cli/commands.h"
#include "trace/file/json_write.h"
#include "trace/file/run.h"
#include "trace/file/trace_writer.h"

namespace kelpie::trace::cli {

namespace fs = std::filesystem;

namespace {

void Print(const Event& event, std::string& line, std::ostream& out) {
  line.clear();
  file::AppendJson(event, line);
  line += '\n';
  out << line;
}

bool AnyHeader(const std::vector<order::FileFacts>& files) {
  for (const order::FileFacts& file : files) {
    if (file.has_header) return true;
  }
  return false;
}

Status CatByFile(const ReadOptions& options, std::ostream& out) {
  std::string line;
  for (const std::string& path : options.paths) {
    Result<std::vector<std::string>> files = file::OpenRun(path);
    if (!files.ok()) return files.TakeError();
    for (const std::string& name : *files) {
      Result<file::TraceReader> reader = file::TraceReader::Open(name, options.merge.lanes.reader);
      if (!reader.ok()) return reader.TakeError();
      while (true) {
        Result<std::optional<file::LocatedEvent>> next = reader->Next();
        if (!next.ok()) return next.TakeError();
        if (!next->has_value()) break;
        Print((*next)->event, line, out);
      }
    }
  }
  return Status();
}

Status CatMerged(const ReadOptions& options, std::ostream& out) {
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, options.merge);
  if (!trace.ok()) return trace.TakeError();
  std::string line;
  if (options.with_header && AnyHeader(trace->files())) {
    file::AppendJson(trace->header(), line);
    out << line << "\n";
  }
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) return next.TakeError();
    if (!next->has_value()) return Status();
    Print((*next)->event, line, out);
  }
}

struct Copied {
  std::uint64_t event_count = 0;
  std::uint64_t file_count = 0;
  std::vector<std::string> torn;
};

Status ConvertFile(const std::string& from, const std::string& to, const file::ReaderOptions& options, Copied& copied) {
  std::error_code ignored;
  if (fs::equivalent(from, to, ignored)) {
    return Error{.kind = ErrorKind::kCannotWrite,
                 .place = {.file = to},
                 .message = "the new file would replace the one it is made from"};
  }
  Result<file::TraceReader> reader = file::TraceReader::Open(from, options);
  if (!reader.ok()) return reader.TakeError();
  Result<file::TraceWriter> writer =
      file::TraceWriter::Create(to, reader->header(), {.format = file::FormatOfName(to), .any_first_seq = true});
  if (!writer.ok()) return writer.TakeError();
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = reader->Next();
    if (!next.ok()) return next.TakeError();
    if (!next->has_value()) break;
    Status appended = writer->Append((*next)->event);
    if (!appended.ok()) return appended;
    ++copied.event_count;
  }
  ++copied.file_count;
  if (reader->torn_tail()) copied.torn.push_back(from + " at byte " + std::to_string(reader->torn_offset()));
  return writer->Close();
}

Status ConvertAll(const std::string& from, const std::string& to, const file::ReaderOptions& options, Copied& copied) {
  std::error_code error;
  if (from == "-" || !fs::is_directory(from, error)) return ConvertFile(from, to, options, copied);
  Result<std::vector<std::string>> files = file::OpenRun(from);
  if (!files.ok()) return files.TakeError();
  fs::create_directories(to, error);
  if (error) {
    return Error{.kind = ErrorKind::kCannotWrite,
                 .place = {.file = to},
                 .message = "the directory cannot be made",
                 .found = error.message()};
  }
  for (const std::string& name : *files) {
    // The other format of each: a directory has no name that could ask for one.
    const bool is_binary = file::FormatOfName(name) == file::Format::kKtrace;
    const fs::path path =
        (fs::path(to) / fs::path(name).filename()).replace_extension(is_binary ? ".jsonl" : ".ktrace");
    Status converted = ConvertFile(name, path.string(), options, copied);
    if (!converted.ok()) return converted;
  }
  return Status();
}

int Report(std::string_view format, const Copied& copied, const WriteOptions& write, std::ostream& out,
           std::ostream& err) {
  for (const std::string& torn : copied.torn) err << "cut off: " << torn << "; the history ends there\n";
  if (!write.json) {
    out << copied.event_count << " events of " << copied.file_count << " files written to " << write.to << "\n";
    return kExitOk;
  }
  file::JsonBuilder json;
  json.Object().Key("format").Text(format).Key("result").Text("ok").Key("exit").Number(kExitOk);
  json.Key("events").Number(copied.event_count).Key("files").Number(copied.file_count).Key("to").Text(write.to);
  json.Key("torn").Array();
  for (const std::string& torn : copied.torn) json.Text(torn);
  json.End().Key("error").Null().End();
  out << json.text() << "\n";
  return kExitOk;
}

Status MergeAll(const ReadOptions& options, const std::string& to, Copied& copied) {
  std::error_code ignored;
  for (const std::string& path : options.paths) {
    Result<std::vector<std::string>> files = file::OpenRun(path);
    for (const std::string& name : files.ok() ? *files : std::vector<std::string>()) {
      if (!fs::equivalent(name, to, ignored)) continue;
      return Error{.kind = ErrorKind::kCannotWrite,
                   .place = {.file = to},
                   .message = "the new file would replace one that it is made from"};
    }
  }
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, options.merge);
  if (!trace.ok()) return trace.TakeError();
  Result<file::TraceWriter> writer = file::TraceWriter::Create(to, trace->header(), {.format = file::FormatOfName(to), .any_first_seq = true});
  if (!writer.ok()) return writer.TakeError();
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) return next.TakeError();
    if (!next->has_value()) break;
    Status appended = writer->Append((*next)->event);
    if (!appended.ok()) return appended;
    ++copied.event_count;
  }
  copied.file_count = trace->files().size();
  for (const order::FileFacts& file : trace->files()) {
    if (file.torn_tail) copied.torn.push_back(file.path + " at byte " + std::to_string(file.torn_offset));
  }
  return writer->Close();
}

}  // namespace

int Cat(const ReadOptions& options, std::ostream& out, std::ostream& err) {
  const Status status = options.by_file ? CatByFile(options, out) : CatMerged(options, out);
  if (status.ok()) return kExitOk;
  err << status.error().Render();
  return kExitBadInput;
}

int Convert(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err) {
  constexpr std::string_view kFormat = "kelpie.trace.convert/1";
  Copied copied;
  const Status status = ConvertAll(options.paths[0], write.to, options.merge.lanes.reader, copied);
  if (!status.ok()) return FailVerb(kFormat, status.error(), write.json, out, err);
  return Report(kFormat, copied, write, out, err);
}

int Merge(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err) {
  constexpr std::string_view kFormat = "kelpie.trace.merge/1";
  Copied copied;
  const Status status = MergeAll(options, write.to, copied);
  if (!status.ok()) return FailVerb(kFormat, status.error(), write.json, out, err);
  return Report(kFormat, copied, write, out, err);
}

}  // namespace kelpie::trace::cli
