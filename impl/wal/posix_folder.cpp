#include "impl/wal/posix_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace kelpie::wal {
namespace {

using env::File;
using env::FileStatus;
using env::FileTrouble;

constexpr const char* kLockName = "LOCK";

FileStatus Failed(const std::string& what, const std::string& path, int error) {
  const FileTrouble trouble = error == ENOSPC || error == EDQUOT ? FileTrouble::kNoSpace
                              : error == ENOENT                  ? FileTrouble::kMissing
                                                                 : FileTrouble::kFailed;
  return {trouble, path + ": cannot " + what + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

class PosixFile final : public File {
 public:
  PosixFile(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  FileStatus Write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
      offset += static_cast<std::uint64_t>(written);
    }
    return {};
  }
  // Never called again after EINTR: whether that one kept anything is not known.
  FileStatus Sync() override { return ::fdatasync(fd_.get()) == 0 ? FileStatus{} : Failed("sync", path_, errno); }

 private:
  Descriptor fd_;
  std::string path_;
};

class PosixFolder final : public env::Folder {
 public:
  PosixFolder(Descriptor folder, Descriptor lock, std::string path)
      : folder_(std::move(folder)), lock_(std::move(lock)), path_(std::move(path)) {}

  FileStatus List(std::vector<std::string>& names) override {
    names.clear();
    DIR* listing = ::opendir(path_.c_str());
    if (listing == nullptr) return Failed("list", path_, errno);
    errno = 0;
    while (const dirent* entry = ::readdir(listing)) {
      const std::string name = entry->d_name;
      if (name != "." && name != ".." && name != kLockName) names.push_back(name);
    }
    const int error = errno;
    ::closedir(listing);
    if (error != 0) return Failed("list", path_, error);
    std::sort(names.begin(), names.end());
    return {};
  }

  FileStatus Create(const std::string& name, std::uint64_t reserved, std::unique_ptr<File>& file) override {
    Descriptor fd(::openat(folder_.get(), name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!fd.ok()) return Failed("make", At(name), errno);
    // Where the system cannot set room aside, the file grows.
    const int error = reserved == 0 ? 0 : ::posix_fallocate(fd.get(), 0, static_cast<off_t>(reserved));
    if (error != 0 && error != EOPNOTSUPP && error != EINVAL) return Failed("set room aside for", At(name), error);
    file = std::make_unique<PosixFile>(std::move(fd), At(name));
    return {};
  }

  FileStatus Open(const std::string& name, std::unique_ptr<File>& file) override {
    Descriptor fd(::openat(folder_.get(), name.c_str(), O_RDWR | O_CLOEXEC));
    if (!fd.ok()) return Failed("open", At(name), errno);
    file = std::make_unique<PosixFile>(std::move(fd), At(name));
    return {};
  }

  FileStatus Read(const std::string& name, std::string& bytes) override {
    const Descriptor fd(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about = {};
    if (!fd.ok() || ::fstat(fd.get(), &about) != 0) return Failed("read", At(name), errno);
    bytes.resize(static_cast<std::size_t>(about.st_size));
    std::size_t size = 0;
    while (size < bytes.size()) {
      const ssize_t count = ::pread(fd.get(), bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Failed("read", At(name), errno);
      if (count == 0) break;
      size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    return {};
  }

  FileStatus Publish(const std::string& name, const std::string& as) override {
    if (::renameat(folder_.get(), name.c_str(), folder_.get(), as.c_str()) != 0)
      return Failed("rename to " + as, At(name), errno);
    return ::fsync(folder_.get()) == 0 ? FileStatus{} : Failed("sync", path_, errno);
  }

  FileStatus Remove(const std::string& name) override {
    return ::unlinkat(folder_.get(), name.c_str(), 0) == 0 ? FileStatus{} : Failed("remove", At(name), errno);
  }

 private:
  [[nodiscard]] std::string At(const std::string& name) const { return path_ + "/" + name; }

  Descriptor folder_;
  Descriptor lock_;
  std::string path_;
};

}  // namespace

OpenedFolder OpenFolder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return {nullptr, Failed("make", path, errno).text};
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok()) return {nullptr, Failed("open", path, errno).text};
  Descriptor lock(::openat(folder.get(), kLockName, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock.ok()) return {nullptr, Failed("make LOCK in", path, errno).text};
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return {nullptr, Failed("lock", path, errno).text};
    return {nullptr, path + ": another process has this log open; stop it first"};
  }
  return {std::make_unique<PosixFolder>(std::move(folder), std::move(lock), path), ""};
}

}  // namespace kelpie::wal
