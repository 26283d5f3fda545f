#include <memory>
#include <ostream>
#include <utility>

#include "trace/cli/commands.h"
#include "trace/file/run.h"

namespace kelpie::trace::cli {

namespace {

struct FileReport {
  std::string path;
  bool is_open = false;  // the reader knew what it was
  file::Format format = file::Format::kJsonLines;
  std::uint64_t event_count = 0;
  bool torn = false;
  std::uint64_t torn_offset = 0;
  std::unique_ptr<Error> error;
  // Of a damaged file: all that would have to be passed over to read the rest of it.
  std::vector<file::Damage> damage;
  std::uint64_t damage_count = 0;
  std::uint64_t dropped_bytes = 0;
  std::uint64_t salvaged_count = 0;  // events in the whole of the file, `lost` ones among them
};

struct RunReport {
  std::vector<FileReport> files;
  std::unique_ptr<Error> error;  // of the run as a whole: its folder, or its order
  bool is_ordered = false;       // the order was looked at
  std::uint64_t unordered_pairs = 0;
  std::uint64_t missing_causes = 0;
  int exit = kExitOk;
};

// 3 outweighs 1: what cannot be read is not known to be only damaged.
void Weigh(const Error& error, RunReport& run) { run.exit = std::max(run.exit, ExitOf(error)); }

// A second reading around the damage, to say how much of it there is.
void FindAllDamage(const std::string& path, file::ReaderOptions options, FileReport& report) {
  options.salvage = true;
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options);
  if (!reader.ok()) return;  // the beginning is damaged, and nothing behind it can be told
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    if (!more.ok() || !*more) break;
  }
  report.damage = reader->damage();
  report.damage_count = reader->damage_count();
  report.dropped_bytes = reader->dropped_bytes();
  report.salvaged_count = reader->event_count();
}

FileReport VerifyFile(const std::string& path, const file::ReaderOptions& options) {
  FileReport report{.path = path};
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options);
  if (!reader.ok()) {
    report.error = std::make_unique<Error>(reader.TakeError());
    return report;
  }
  report.is_open = true;
  report.format = reader->format();
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    if (!more.ok()) report.error = std::make_unique<Error>(more.TakeError());
    if (report.error || !*more) break;
  }
  report.event_count = reader->event_count();
  report.torn = reader->torn_tail();
  report.torn_offset = reader->torn_offset();
  const bool is_damaged = report.error && ClassOf(report.error->kind) == ErrorClass::kDamage;
  if (is_damaged && path != "-") FindAllDamage(path, options, report);
  return report;
}

// Only of files that are whole: an order with holes says nothing.
Status VerifyOrder(const ReadOptions& options, RunReport& run) {
  order::MergeOptions merge = options.merge;
  merge.allow_missing_causes = true;  // a node may have lost its end; that is counted, and no damage
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, merge);
  if (!trace.ok()) return trace.TakeError();
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) return next.TakeError();
    if (!next->has_value()) break;
  }
  run.is_ordered = true;
  run.unordered_pairs = trace->unordered_pairs();
  run.missing_causes = trace->missing_causes();
  return Status();
}

RunReport VerifyRun(const ReadOptions& options) {
  RunReport run;
  bool has_stdin = false;
  for (const std::string& path : options.paths) {
    has_stdin = has_stdin || path == "-";
    Result<std::vector<std::string>> files = file::OpenRun(path);
    if (!files.ok()) {
      run.error = std::make_unique<Error>(files.TakeError());
      Weigh(*run.error, run);
      return run;
    }
    for (const std::string& name : *files) {
      run.files.push_back(VerifyFile(name, options.merge.lanes.reader));
      if (run.files.back().error) Weigh(*run.files.back().error, run);
    }
  }
  if (run.exit != kExitOk || has_stdin) return run;
  Status ordered = VerifyOrder(options, run);
  if (!ordered.ok()) {
    run.error = std::make_unique<Error>(ordered.TakeError());
    Weigh(*run.error, run);
  }
  return run;
}

std::string_view ResultName(int exit) {
  return exit == kExitOk ? "ok" : exit == kExitDiffers ? "damaged" : "unreadable";
}

std::string Json(const RunReport& run) {
  file::JsonBuilder json;
  json.Object().Key("format").Text("kelpie.trace.verify/1").Key("result").Text(ResultName(run.exit));
  json.Key("exit").Number(static_cast<std::uint64_t>(run.exit)).Key("files").Array();
  for (const FileReport& file : run.files) {
    json.Object().Key("file").Text(file.path).Key("format");
    if (file.is_open) {
      json.Text(file.format == file::Format::kKtrace ? "ktrace" : file.format == file::Format::kItf ? "itf" : "jsonl");
    } else {
      json.Null();
    }
    json.Key("result").Text(ResultName(file.error ? ExitOf(*file.error) : kExitOk));
    json.Key("events").Number(file.event_count);
    json.Key("damage");
    AppendDamage(file.damage, json);
    json.Key("damage_count").Number(file.damage_count).Key("dropped_bytes").Number(file.dropped_bytes);
    json.Key("salvaged_events").Number(file.salvaged_count);
    json.Key("torn_offset").Raw(file.torn ? std::to_string(file.torn_offset) : "null").Key("error");
    AppendError(file.error.get(), json);
    json.End();
  }
  json.End().Key("order");
  if (run.is_ordered) {
    json.Object().Key("total_order").Boolean(run.unordered_pairs == 0);
    json.Key("unordered_pairs").Number(run.unordered_pairs).Key("missing_causes").Number(run.missing_causes).End();
  } else {
    json.Null();
  }
  json.Key("error");
  AppendError(run.error.get(), json);
  json.End();
  return json.text();
}

void Print(const RunReport& run, std::ostream& out, std::ostream& err) {
  for (const FileReport& file : run.files) {
    out << file.path << ": " << ResultName(file.error ? ExitOf(*file.error) : kExitOk) << ", " << file.event_count
        << " events";
    if (file.error) out << " before byte " << file.error->place.offset;
    if (file.torn) out << ", cut off at byte " << file.torn_offset << " (the history ends there)";
    out << "\n";
    if (file.error) err << file.error->Render();
    ReportDamage({{.path = file.path,
                   .damage = file.damage,
                   .damage_count = file.damage_count,
                   .dropped_bytes = file.dropped_bytes}},
                 err);
    if (file.damage_count != 0) {
      out << "  " << file.dropped_bytes << " bytes damaged in " << file.damage_count << " places; with --salvage "
          << file.salvaged_count << " events can be read, those that say what is lost included\n";
    }
  }
  if (run.error) err << run.error->Render();
  if (run.is_ordered) {
    out << "order: "
        << (run.unordered_pairs == 0 ? "total" : std::to_string(run.unordered_pairs) + " unordered neighbours");
    if (run.missing_causes != 0) out << ", " << run.missing_causes << " causes that no file holds";
    out << "\n";
  }
  out << ResultName(run.exit) << "\n";
}

}  // namespace

int Verify(const ReadOptions& options, std::ostream& out, std::ostream& err) {
  const RunReport run = VerifyRun(options);
  if (options.json) {
    out << Json(run) << "\n";
  } else {
    Print(run, out, err);
  }
  return run.exit;
}

}  // namespace kelpie::trace::cli
