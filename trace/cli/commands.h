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
};

struct WriteOptions {
  std::string to;  // a file, or a directory where the input is one
  bool json = false;
};

struct RecoverOptions {
  std::string directory;
  bool json = false;
};

[[nodiscard]] int Cat(const ReadOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int Stats(const ReadOptions& options, std::ostream& out, std::ostream& err);
[[nodiscard]] int Verify(const ReadOptions& options, std::ostream& out, std::ostream& err);
// Each file on its own, in its own order, into the format that the new name asks for.
[[nodiscard]] int Convert(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err);
// All files into one, in canonical order.
[[nodiscard]] int Merge(const ReadOptions& options, const WriteOptions& write, std::ostream& out, std::ostream& err);

// What a killed process left in its rings, into the traces of its run directory.
[[nodiscard]] int RecoverRun(const RecoverOptions& options, std::ostream& out, std::ostream& err);

// 1 for damage and contradictions, 3 for what is no readable trace.
[[nodiscard]] int ExitOf(const Error& error);
// {"code","severity","place",..} as a diagnostic of SEMANTICS part 3, with the byte offset.
void AppendError(const Error* error, file::JsonBuilder& json);
// The failure of a whole verb: one object with "result":"bad_input", or text on `err`.
[[nodiscard]] int FailVerb(std::string_view format, const Error& error, bool json, std::ostream& out,
                           std::ostream& err);

}  // namespace kelpie::trace::cli
