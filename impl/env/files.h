// A folder of files, as far as a log needs one: what may fail, and what is durable when.
//
//   std::unique_ptr<File> file;
//   if (FileStatus made = folder.Create("a.new", 1 << 20, file); !made.ok()) ...
//   file->Write(0, bytes);  file->Sync();  folder.Publish("a.new", "a");
//
// What was written is durable after a Sync that began behind it and reported success, and only then. After a Sync that
// failed nothing is known of what it covered, and a later success says nothing about it: the system may have dropped
// the pages and taken them for clean. Names are of one folder and hold no slash. Implemented by the system
// (impl/wal/posix_folder.h) and by the simulated world (impl/sim/disk.h). Threads: one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kelpie::env {

enum class FileTrouble : std::uint8_t {
  kNone,
  kNoSpace,  // the disk is full
  kMissing,  // there is no such file
  kFailed,   // anything else that the system reports
};

struct FileStatus {
  FileTrouble trouble = FileTrouble::kNone;
  std::string text;  // what was tried, on which file, and what the system said
  [[nodiscard]] bool ok() const { return trouble == FileTrouble::kNone; }
};

// Open for writing; closed by its destructor, which syncs nothing.
class File {
 public:
  virtual ~File() = default;
  // All of it or an error; then any part of it may be there.
  [[nodiscard]] virtual FileStatus Write(std::uint64_t offset, std::string_view bytes) = 0;
  [[nodiscard]] virtual FileStatus Sync() = 0;
};

class Folder {
 public:
  virtual ~Folder() = default;
  // In the order of their bytes.
  [[nodiscard]] virtual FileStatus List(std::vector<std::string>& names) = 0;
  // An empty file, in place of one of that name. Room for `reserved` bytes is set aside, which read as zeros: a sync
  // then need not wait for the file's size.
  [[nodiscard]] virtual FileStatus Create(const std::string& name, std::uint64_t reserved,
                                          std::unique_ptr<File>& file) = 0;
  [[nodiscard]] virtual FileStatus Open(const std::string& name, std::unique_ptr<File>& file) = 0;
  [[nodiscard]] virtual FileStatus Read(const std::string& name, std::string& bytes) = 0;
  // Another name for a file, in place of what had it. Durable when it returns.
  [[nodiscard]] virtual FileStatus Publish(const std::string& name, const std::string& as) = 0;
  // It may be there again after a crash.
  [[nodiscard]] virtual FileStatus Remove(const std::string& name) = 0;
};

}  // namespace kelpie::env
