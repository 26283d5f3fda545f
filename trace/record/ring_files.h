// The files of DIR/rings: made, mapped, locked, removed.
//
//   Result<DirectoryLock> lock = DirectoryLock::Take("run-7");     // one process a run
//   Result<ControlFile> control = ControlFile::Create("run-7/rings");
//   Result<RingFile> ring = RingFile::Create("run-7/rings", 1, 1 << 20);
//
// Invariants: a file under its final name is whole and its blocks are allocated, so that
// neither a kill nor a full disk can turn a store into it into a fault. The bytes of a ring
// are mapped twice in a row, so that no record is broken at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/record/ring_layout.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

inline constexpr std::string_view kRingsFolder = "rings";

// Held until the object dies or the process does, however that happens.
class DirectoryLock {
 public:
  // kRunInUse: another process, or another recorder of this one, has it.
  [[nodiscard]] static Result<DirectoryLock> Take(const std::string& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

// Pages of a file, shared with whoever else maps it.
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();
  [[nodiscard]] char* data() const { return data_; }

 private:
  friend class ControlFile;
  friend class RingFile;
  char* data_ = nullptr;
  std::size_t bytes_ = 0;
};

class ControlFile {
 public:
  [[nodiscard]] static Result<ControlFile> Create(const std::string& folder);
  // kNewerFormat: of a later version of this layout.
  [[nodiscard]] static Result<ControlFile> Open(const std::string& folder);
  [[nodiscard]] ControlPage& page() const { return *reinterpret_cast<ControlPage*>(mapping_.data()); }

 private:
  Mapping mapping_;
};

class RingFile {
 public:
  // Requires: capacity is a power of two and at least a page.
  [[nodiscard]] static Result<RingFile> Create(const std::string& folder, std::uint32_t index, std::uint64_t capacity);
  [[nodiscard]] static Result<RingFile> Open(const std::string& path);
  [[nodiscard]] RingHeader& header() const { return *reinterpret_cast<RingHeader*>(mapping_.data()); }
  // `capacity` bytes, and the same again behind them.
  [[nodiscard]] char* data() const { return mapping_.data() + kPageBytes; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  Mapping mapping_;
};

// The rings of a folder, sorted.
[[nodiscard]] Result<std::vector<std::string>> RingPaths(const std::string& folder);
// The folder and what a recorder puts into it; other files in it are left, and it with them.
// The control file goes first: a folder without one holds nothing that is not in the traces.
[[nodiscard]] Status RemoveRings(const std::string& folder);

}  // namespace kelpie::trace::record
