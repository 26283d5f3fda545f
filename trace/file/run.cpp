#include "trace/file/run.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace kelpie::trace::file {

namespace fs = std::filesystem;

Result<std::vector<std::string>> OpenRun(const std::string& path) {
  std::error_code error;
  if (path == "-" || !fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  fs::directory_iterator entry(path, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string extension = entry->path().extension().string();
    if (extension != ".ktrace" && extension != ".jsonl" && extension != ".ndjson") continue;
    std::error_code ignored;
    if (!entry->is_directory(ignored)) files.push_back(entry->path().string());
  }
  if (error) {
    return Error{.kind = ErrorKind::kCannotRead,
                 .place = {.file = path},
                 .message = "the directory cannot be read",
                 .found = error.message()};
  }
  if (files.empty()) {
    return Error{.kind = ErrorKind::kEmptyRun,
                 .place = {.file = path},
                 .message = "the directory holds no trace",
                 .expected = "files named *.ktrace, *.jsonl or *.ndjson"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string FileNameOf(const std::string& node, std::uint64_t incarnation, bool json_lines) {
  std::string name;
  for (const char c : node) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (plain) {
      name += c;
      continue;
    }
    constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    name += '%';
    name += kHex[byte >> 4U];
    name += kHex[byte & 15U];
  }
  return name + "." + std::to_string(incarnation) + (json_lines ? ".jsonl" : ".ktrace");
}

}  // namespace kelpie::trace::file
