#include "trace/record/ring_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

namespace kelpie::trace::record {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kFileMode = 0666;

Error WorldError(ErrorKind kind, const std::string& path, std::string message, int reason) {
  return {.kind = kind,
          .place = {.file = path},
          .message = std::move(message),
          .found = std::generic_category().message(reason)};
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

// A file of so many bytes, all allocated; under a name of its own until `Finish`.
Status Allocate(const std::string& path, int descriptor, std::size_t bytes) {
  if (descriptor < 0) return WorldError(ErrorKind::kCannotWrite, path, "the file cannot be created", errno);
  int reason = EINTR;
  while (reason == EINTR) reason = posix_fallocate(descriptor, 0, static_cast<off_t>(bytes));
  if (reason == 0) return Status();
  unlink(path.c_str());
  return WorldError(ErrorKind::kCannotWrite, path, "there is no room for a ring", reason);
}

Status Finish(const std::string& temporary, const std::string& path) {
  if (rename(temporary.c_str(), path.c_str()) == 0) return Status();
  return WorldError(ErrorKind::kCannotWrite, path, "the file cannot be given its name", errno);
}

// Maps [0, bytes) of the file, and [from, bytes) once more behind it; nullptr on failure.
char* MapTwice(int descriptor, std::size_t bytes, std::size_t from) {
  const std::size_t total = bytes + (bytes - from);
  void* reserved = mmap(nullptr, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (reserved == MAP_FAILED) return nullptr;
  char* data = static_cast<char*>(reserved);
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  constexpr int kFlags = MAP_SHARED | MAP_FIXED | MAP_POPULATE;
  if (mmap(data, bytes, kProtection, kFlags, descriptor, 0) == MAP_FAILED ||
      (from != bytes &&
       mmap(data + bytes, bytes - from, kProtection, kFlags, descriptor, static_cast<off_t>(from)) == MAP_FAILED)) {
    munmap(reserved, total);
    return nullptr;
  }
  return data;
}

Error NewerError(const std::string& path, std::uint32_t version) {
  return {.kind = ErrorKind::kNewerFormat,
          .place = {.file = path},
          .message = "the rings of this run were written by a newer recorder",
          .found = "version " + std::to_string(version),
          .expected = "version " + std::to_string(kLayoutVersion),
          .hint = "recover them with the version that recorded them"};
}

Error DamageError(const std::string& path, std::string message) {
  return {.kind = ErrorKind::kBadFrame, .place = {.file = path}, .message = std::move(message)};
}

// Magic and version stand first and alike in both kinds of files.
Status CheckStart(const std::string& path, int descriptor, const char (&magic)[8], std::size_t bytes_min,
                  std::size_t& bytes) {
  struct stat facts {};
  if (descriptor < 0 || fstat(descriptor, &facts) != 0) {
    return WorldError(ErrorKind::kCannotRead, path, "the file cannot be read", errno);
  }
  bytes = static_cast<std::size_t>(facts.st_size);
  char start[sizeof magic + sizeof(std::uint32_t)] = {};
  std::uint32_t version = 0;
  if (pread(descriptor, start, sizeof start, 0) != sizeof start || std::memcmp(start, magic, sizeof magic) != 0) {
    return DamageError(path, "the file does not begin as a recorder's files do");
  }
  std::memcpy(&version, start + sizeof magic, sizeof version);
  if (version > kLayoutVersion) return NewerError(path, version);
  if (version != kLayoutVersion || bytes < bytes_min) return DamageError(path, "the file is cut off or damaged");
  return Status();
}

}  // namespace

Result<DirectoryLock> DirectoryLock::Take(const std::string& directory) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return WorldError(ErrorKind::kCannotOpen, directory, "the directory of the run cannot be opened", errno);
  }
  DirectoryLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) {
    return WorldError(ErrorKind::kCannotOpen, directory, "the directory of the run cannot be locked", errno);
  }
  return Error{.kind = ErrorKind::kRunInUse,
               .place = {.file = directory},
               .message = "a recorder is at work in the directory of the run; one process records a run directory",
               .hint = "give each process a directory of its own; check and merge take several"};
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}
Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

Result<ControlFile> ControlFile::Create(const std::string& folder) {
  const std::string path = folder + "/control";
  const std::string temporary = path + ".new";
  const Descriptor file(open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  Status allocated = Allocate(temporary, file.get(), sizeof(ControlPage));
  if (!allocated.ok()) return allocated.TakeError();
  ControlFile control;
  control.mapping_.data_ = MapTwice(file.get(), sizeof(ControlPage), sizeof(ControlPage));
  control.mapping_.bytes_ = sizeof(ControlPage);
  if (control.mapping_.data_ == nullptr) return WorldError(ErrorKind::kCannotWrite, path, "cannot be mapped", errno);
  auto* page = new (control.mapping_.data_) ControlPage{.version = kLayoutVersion, .reserved = 0};
  std::memcpy(page->magic, kControlMagic, sizeof kControlMagic);
  Status finished = Finish(temporary, path);
  if (!finished.ok()) return finished.TakeError();
  return control;
}

Result<ControlFile> ControlFile::Open(const std::string& folder) {
  const std::string path = folder + "/control";
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  std::size_t bytes = 0;
  Status start = CheckStart(path, file.get(), kControlMagic, sizeof(ControlPage), bytes);
  if (!start.ok()) return start.TakeError();
  ControlFile control;
  control.mapping_.data_ = MapTwice(file.get(), sizeof(ControlPage), sizeof(ControlPage));
  control.mapping_.bytes_ = sizeof(ControlPage);
  if (control.mapping_.data_ == nullptr) return WorldError(ErrorKind::kCannotRead, path, "cannot be mapped", errno);
  return control;
}

Result<RingFile> RingFile::Create(const std::string& folder, std::uint32_t index, std::uint64_t capacity) {
  char name[32];
  std::snprintf(name, sizeof name, "/%04u.ring", index);
  const std::string path = folder + name;
  const std::string temporary = path + ".new";
  const Descriptor file(open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  const std::size_t bytes = kPageBytes + capacity;
  Status allocated = Allocate(temporary, file.get(), bytes);
  if (!allocated.ok()) return allocated.TakeError();
  RingFile ring;
  ring.path_ = path;
  ring.mapping_.data_ = MapTwice(file.get(), bytes, kPageBytes);
  ring.mapping_.bytes_ = bytes + capacity;
  if (ring.mapping_.data_ == nullptr) {
    const int reason = errno;
    unlink(temporary.c_str());
    return WorldError(ErrorKind::kCannotWrite, path, "a ring cannot be mapped", reason);
  }
  auto* header = new (ring.mapping_.data_) RingHeader{};
  std::memcpy(header->magic, kRingMagic, sizeof kRingMagic);
  header->version = kLayoutVersion;
  header->index = index;
  header->capacity = capacity;
  Status finished = Finish(temporary, path);
  if (!finished.ok()) return finished.TakeError();
  return ring;
}

Result<RingFile> RingFile::Open(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  std::size_t bytes = 0;
  Status start = CheckStart(path, file.get(), kRingMagic, kPageBytes, bytes);
  if (!start.ok()) return start.TakeError();
  const std::size_t capacity = bytes - kPageBytes;
  RingFile ring;
  ring.path_ = path;
  std::uint64_t stated = 0;
  if (pread(file.get(), &stated, sizeof stated, offsetof(RingHeader, capacity)) != sizeof stated ||
      stated != capacity || !std::has_single_bit(capacity) || capacity < kPageBytes) {
    return DamageError(path, "the file is not as long as its header says");
  }
  ring.mapping_.data_ = MapTwice(file.get(), bytes, kPageBytes);
  ring.mapping_.bytes_ = bytes + capacity;
  if (ring.mapping_.data_ == nullptr) return WorldError(ErrorKind::kCannotRead, path, "cannot be mapped", errno);
  const RingHeader& header = ring.header();
  const std::uint64_t head = header.head.load(std::memory_order_acquire);
  const std::uint64_t tail = header.tail.load(std::memory_order_acquire);
  if (head < tail || head - tail > capacity || head % 8 != 0 || tail % 8 != 0) {
    return DamageError(path, "the ring's positions contradict each other");
  }
  return ring;
}

Result<std::vector<std::string>> RingPaths(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".ring") paths.push_back(entry->path().string());
  }
  if (error) return WorldError(ErrorKind::kCannotRead, folder, "the folder of the rings cannot be read", error.value());
  std::sort(paths.begin(), paths.end());
  return paths;
}

Status RemoveRings(const std::string& folder) {
  std::error_code error;
  fs::remove(folder + "/control", error);
  Result<std::vector<std::string>> rings = RingPaths(folder);
  if (!rings.ok()) return rings.TakeError();
  std::vector<std::string> paths = std::move(*rings);
  paths.push_back(folder + "/definitions");
  paths.push_back(folder + "/control.new");
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().string().ends_with(".ring.new")) paths.push_back(entry.path().string());
  }
  for (const std::string& path : paths) {
    if (!error) fs::remove(path, error);
  }
  if (!error) fs::remove(folder, error);
  if (!error) return Status();
  return WorldError(ErrorKind::kCannotWrite, folder, "the drained rings cannot be removed", error.value());
}

}  // namespace kelpie::trace::record
