#include "trace/cli/trace_verbs.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <ostream>
#include <string>
#include <vector>

#include "trace/cli/commands.h"
#include "trace/diff/run_diff.h"

namespace kelpie::trace::cli {

namespace {

void AddPaths(CLI::App& verb, ReadOptions& options) {
  verb.add_option("TRACE", options.paths, "trace files, directories of per-node files, or - for standard input")
      ->required()
      ->type_name("");
}

void AddLimits(CLI::App& verb, ReadOptions& options) {
  order::LaneOptions& lanes = options.merge.lanes;
  verb.add_flag("--any-first-seq", lanes.reader.any_first_seq,
                "a trace cut out of a longer one: seq may begin anywhere");
  verb.add_option("--depth-max", lanes.reader.depth_max, "nesting of values")->capture_default_str();
  verb.add_option("--line-bytes-max", lanes.reader.line_bytes_max, "length of a line")->capture_default_str();
  verb.add_option("--frame-bytes-max", lanes.reader.frame_bytes_max, "length of a frame")->capture_default_str();
  verb.add_option("--block-bytes-max", lanes.reader.block_bytes_max, "length of a compressed block, unpacked")
      ->capture_default_str();
  verb.add_option("--itf-bytes-max", lanes.reader.itf_bytes_max, "length of an ITF file")->capture_default_str();
  verb.add_option("--buffered-events-max", lanes.buffered_events_max, "events read ahead to find the order")
      ->capture_default_str();
}

void AddSalvage(CLI::App& verb, ReadOptions& options) {
  file::ReaderOptions& reader = options.merge.lanes.reader;
  verb.add_flag("--salvage", reader.salvage,
                "go on behind damage: what it may have cost becomes an event of kind lost");
  verb.add_option("--damage-reports-max", reader.damage_reports_max, "places told apart in each file")
      ->capture_default_str();
}

void AddWriting(CLI::App& verb, WriteOptions& write) {
  verb.add_option("--format", write.format, "ktrace, jsonl or itf; default: by the name")
      ->check(CLI::IsMember({"ktrace", "jsonl", "itf"}));
  verb.add_flag("--zstd", write.zstd, "compressed blocks in .ktrace files");
  verb.add_option("--zstd-level", write.zstd_level, "how hard to compress")
      ->check(CLI::Range(1, 19))
      ->capture_default_str();
  verb.add_option("--block-bytes", write.block_bytes, "of events in a block, before compression")
      ->check(CLI::Range(1U, 32U << 20U))
      ->capture_default_str();
  verb.add_option("--index-interval", write.index_interval, "events between entries of the index; 0: no index")
      ->capture_default_str();
}

void AddJson(CLI::App& verb, bool& json) { verb.add_flag("--json", json, "one JSON object on standard output"); }

// Parses and runs; help is a success, everything else that CLI11 throws is a bad option.
template <typename Run>
int ParseAndRun(CLI::App& app, int argc, const char* const* argv, std::ostream& out, std::ostream& err, Run run) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, out, err);
    return code == 0 ? kExitOk : kExitBadInput;
  }
  try {
    return run();
  } catch (const std::exception& error) {
    err << "internal error: " << error.what() << "\n";
    return kExitInternal;
  }
}

}  // namespace

int RunTrace(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app("Reads, checks and converts traces", "trace");
  app.require_subcommand(1);
  ReadOptions read;
  WriteOptions write;

  CLI::App* cat = app.add_subcommand("cat", "all events as JSON lines, in canonical order");
  AddPaths(*cat, read);
  AddLimits(*cat, read);
  cat->add_flag("--json", read.json, "the same: JSON lines are its only form");
  cat->add_flag("--by-file", read.by_file, "file after file as recorded, without a header line");
  cat->add_flag("!--no-header", read.with_header, "leave out the header line");
  cat->add_option("--from", read.from, "first event shown: its number, an id as n1/1/7, or a byte as @4711");
  cat->add_option("--to", read.to, "last event shown, in the same forms");
  AddSalvage(*cat, read);

  CLI::App* stats = app.add_subcommand("stats", "events by node, kind, spec and action; first and last");
  CLI::App* verify = app.add_subcommand("verify", "checks the structure: exit 0 ok, 1 damaged, 3 unreadable");
  for (CLI::App* verb : {stats, verify}) {
    AddPaths(*verb, read);
    AddLimits(*verb, read);
    AddJson(*verb, read.json);
  }
  AddSalvage(*stats, read);

  CLI::App* convert = app.add_subcommand("convert", "one file or directory to another format");
  std::string from;
  convert->add_option("IN", from, "a trace file, a directory of them, or -")->required()->type_name("");
  convert
      ->add_option("OUT", write.to,
                   "the file to write (.ktrace: frames, .itf.json: ITF, else JSON lines), a directory, or -")
      ->required()
      ->type_name("");
  CLI::App* merge = app.add_subcommand("merge", "all files into one, in canonical order");
  AddPaths(*merge, read);
  merge->add_option("-o,--out", write.to, "the file to write (.ktrace: frames, .itf.json: ITF, else JSON lines), or -")
      ->required();
  for (CLI::App* verb : {convert, merge}) {
    AddLimits(*verb, read);
    AddSalvage(*verb, read);
    AddWriting(*verb, write);
    AddJson(*verb, write.json);
  }

  CLI::App* recover = app.add_subcommand("recover", "finishes the traces of a recorder that was killed");
  RecoverOptions recovery;
  recover->add_option("DIR", recovery.directory, "the directory of its run")->required()->type_name("");
  AddJson(*recover, recovery.json);

  return ParseAndRun(app, argc, argv, out, err, [&] {
    if (recover->parsed()) return RecoverRun(recovery, out, err);
    if (cat->parsed()) return Cat(read, out, err);
    if (stats->parsed()) return Stats(read, out, err);
    if (verify->parsed()) return Verify(read, out, err);
    if (merge->parsed()) return Merge(read, write, out, err);
    read.paths = {from};
    return Convert(read, write, out, err);
  });
}

int RunDiff(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app("Compares two runs node by node, clocks aside: exit 0 equal, 1 different", "diff");
  std::string left;
  std::string right;
  bool json = false;
  diff::DiffOptions options;
  app.add_option("A", left, "a trace file or directory")->required()->type_name("");
  app.add_option("B", right, "the one to compare it with")->required()->type_name("");
  app.add_option("--context", options.context_count, "events shown before and behind a divergence")
      ->capture_default_str();
  app.add_option("--lookahead", options.lookahead_count,
                 "events behind a divergence that are looked at to tell a change from an insertion or another order")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  std::vector<std::string> ignored;
  app.add_option("--ignore", ignored, "a field that is not compared, several times: " + diff::IgnoredFields::Choices())
      ->type_name("FIELD")
      ->allow_extra_args(false)
      ->each([&options](const std::string& name) {
        if (!options.ignored.Add(name)) {
          throw CLI::ValidationError("--ignore",
                                     "no such field: " + name + "; one of " + diff::IgnoredFields::Choices());
        }
      });
  app.add_flag("--any-first-seq", options.lanes.reader.any_first_seq, "traces cut out of longer ones");
  app.add_option("--buffered-events-max", options.lanes.buffered_events_max, "events read ahead")
      ->capture_default_str();
  AddJson(app, json);
  return ParseAndRun(app, argc, argv, out, err, [&] {
    Result<diff::RunDifference> difference = diff::CompareRuns({left}, {right}, options);
    if (!difference.ok()) return FailVerb("kelpie.diff/1", difference.error(), json, out, err);
    if (json) {
      out << RenderJson(*difference) << "\n";
    } else {
      out << RenderText(*difference);
    }
    return difference->equal ? kExitOk : kExitDiffers;
  });
}

}  // namespace kelpie::trace::cli
