// A run: one trace file, or a directory with one for each node and incarnation.
//
//   Result<std::vector<std::string>> files = OpenRun("run-7");   // {"run-7/n1.1.ktrace", ..}
#pragma once

#include <string>
#include <vector>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

// A file and "-" stand for themselves. Of a directory: its *.ktrace, *.jsonl and *.ndjson,
// sorted by name; other files and sub-directories are not looked at. None of them: kEmptyRun.
[[nodiscard]] Result<std::vector<std::string>> OpenRun(const std::string& path);

// Name of the file of one incarnation: "n1.1.ktrace". Bytes of the node's name other than
// letters, digits, `-` and `_` are written %XX, so that names stay apart and inside the folder.
[[nodiscard]] std::string FileNameOf(const std::string& node, std::uint64_t incarnation, bool json_lines);

}  // namespace kelpie::trace::file
