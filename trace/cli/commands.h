// What each verb does once its options are parsed; trace_verbs.cpp parses them.
//
//   int exit = Stats({.paths = {"run-7"}, .json = true}, out, err);
//
// Each returns the exit code of trace_verbs.h.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "trace/file/json_builder.h"
#include "trace/order/merged_trace.h"
#include "trace/value/result.h"

namespace kelpie::trace::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitDiffers = 1;
inline constexpr int kExitBadInput = 3;
inline constexpr int kExitInternal = 70;

struct ReadOptions {
  std::vector<std::string> paths;
  bool json = false;
  order::MergeOptions merge;
  bool by_file = false;     // cat: file after file, as recorded, instead of canonical order
  bool with_header = true;  // cat
  std::string from;         // cat: the first event shown, and the last; ParsePosition reads them
  std::string to;
};

struct WriteOptions {
  std::string to;  // a file, or a directory where the input is one
  bool json = false;
  std::string format;  // ktrace, jsonl, itf; empty: by the name
  bool zstd = false;   // of .ktrace files
  int zstd_level = 3;
  std::size_t block_bytes = 256U << 10U;
  std::uint64_t index_interval = 1024;
};

struct RecoverOptions {
  std::string directory;
  bool json = false;
};

[[nodiscard]] int Cat(const ReadOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int Stats(const ReadOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int Verify(const ReadOptions& options, std::ostream& out, std::ostream& err);
// Each file on its own, in its own order, into the format that the new name asks for. ITF holds
// the events of one file only, in the order of that file.
[[nodiscard]] int Convert(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err);
// All files into one, in canonical order.
[[nodiscard]] int Merge(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err);

// What a killed process left in its rings, into the traces of its run directory.
[[nodiscard]] int RecoverRun(const RecoverOptions& options, std::ostream& out, std::ostream& err);

// "7" is an event's number, "n1/1/7" an id as messages write it, "@4711" a byte of a file.
[[nodiscard]] Result<file::Position> ParsePosition(const std::string& text);

// One line for each cut-off end, and, with salvage, for each stretch of bytes passed over.
void ReportDamage(const std::vector<order::FileFacts>& files, std::ostream& err);
// "damage":[{"file","begin","end","dropped_bytes","code"},..],"torn":[{"file","offset"},..]
void AppendDamage(const std::vector<order::FileFacts>& files, file::JsonBuilder& json);
void AppendDamage(const std::vector<file::Damage>& damage, file::JsonBuilder& json);

// 1 for damage and contradictions, 3 for what is no readable trace.
[[nodiscard]] int ExitOf(const Error& error);
// {"code","severity","place",..} as a diagnostic of SEMANTICS part 3, with the byte offset.
void AppendError(const Error* error, file::JsonBuilder& json);
// The failure of a whole verb: one object with "result":"bad_input", or text on `err`.
[[nodiscard]] int FailVerb(std::string_view format, const Error& error, bool json, std::ostream& out,
                           std::ostream& err);

}  // namespace kelpie::trace::cli
