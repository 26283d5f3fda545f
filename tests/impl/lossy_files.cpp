#include "tests/impl/lossy_files.h"

#include <filesystem>
#include <utility>

namespace kelpie::impl_test {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class LossyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  LossyFile(std::unique_ptr<rocksdb::FSWritableFile> file, LossyFiles& files, std::string name)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), files_(files), name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    const IOStatus status = files_.Append(name_, data.size());
    return status.ok() ? rocksdb::FSWritableFileOwnerWrapper::Append(data, options, context) : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& /*checksum*/,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*context*/) override { return files_.Sync(name_); }
  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*context*/) override { return files_.Sync(name_); }
  IOStatus RangeSync(std::uint64_t /*offset*/, std::uint64_t /*size*/, const IOOptions& /*options*/,
                     IODebugContext* /*context*/) override {
    return IOStatus::OK();  // starts writing, promises nothing
  }

 private:
  LossyFiles& files_;
  const std::string name_;
};

void LossyFiles::CrashAt(std::uint64_t change) {
  const std::lock_guard lock(mutex_);
  crash_at_ = change;
}

void LossyFiles::FailSyncs(std::uint64_t first_sync) {
  const std::lock_guard lock(mutex_);
  fail_sync_ = first_sync;
}

void LossyFiles::FillDisk() {
  const std::lock_guard lock(mutex_);
  is_full_ = true;
}

std::uint64_t LossyFiles::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

std::uint64_t LossyFiles::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

IOStatus LossyFiles::Change() {
  return ++changes_ >= crash_at_ ? IOStatus::IOError("the machine is down") : IOStatus::OK();
}

IOStatus LossyFiles::Append(const std::string& name, std::uint64_t size_bytes) {
  const std::lock_guard lock(mutex_);
  const IOStatus status = Change();
  if (!status.ok()) return status;
  if (is_full_) return IOStatus::NoSpace("no space left on device");
  files_[name].written += size_bytes;
  return status;
}

IOStatus LossyFiles::Sync(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const IOStatus status = Change();
  if (!status.ok()) return status;
  Bytes& bytes = files_[name];
  if (++syncs_ == fail_sync_) {
    bytes.is_lost = true;
    return IOStatus::IOError("the sync failed");
  }
  if (!bytes.is_lost) bytes.synced = bytes.written;
  return status;
}

void LossyFiles::LoseUnsynced(Tail tail) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, bytes] : files_) {
    std::error_code error;
    const std::uint64_t size_bytes = std::filesystem::file_size(name, error);
    if (error || size_bytes <= bytes.synced) continue;
    const std::uint64_t unsynced = size_bytes - bytes.synced;
    const bool keeps_all = tail == Tail::kAll && !bytes.is_lost;
    const std::uint64_t kept = keeps_all ? unsynced : (tail == Tail::kHalf && !bytes.is_lost ? unsynced / 2 : 0);
    std::filesystem::resize_file(name, bytes.synced + kept);
  }
  files_.clear();
}

IOStatus LossyFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  {
    const std::lock_guard lock(mutex_);
    const IOStatus status = Change();
    if (!status.ok()) return status;
    files_[name] = {};
  }
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = rocksdb::FileSystemWrapper::NewWritableFile(name, options, &opened, context);
  if (status.ok()) *file = std::make_unique<LossyFile>(std::move(opened), *this, name);
  return status;
}

IOStatus LossyFiles::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  {
    const std::lock_guard lock(mutex_);
    const IOStatus status = Change();
    if (!status.ok()) return status;
    std::error_code error;
    const std::uint64_t size_bytes = std::filesystem::file_size(name, error);
    if (files_.count(name) == 0 && !error) files_[name] = {size_bytes, size_bytes, false};
  }
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  const IOStatus status = rocksdb::FileSystemWrapper::ReopenWritableFile(name, options, &opened, context);
  if (status.ok()) *file = std::make_unique<LossyFile>(std::move(opened), *this, name);
  return status;
}

IOStatus LossyFiles::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                IODebugContext* context) {
  {
    const std::lock_guard lock(mutex_);
    const IOStatus status = Change();
    if (!status.ok()) return status;
    const auto moved = files_.extract(from);
    files_.erase(to);
    if (!moved.empty()) files_[to] = moved.mapped();
  }
  return rocksdb::FileSystemWrapper::RenameFile(from, to, options, context);
}

IOStatus LossyFiles::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) {
  {
    const std::lock_guard lock(mutex_);
    const IOStatus status = Change();
    if (!status.ok()) return status;
    files_.erase(name);
  }
  return rocksdb::FileSystemWrapper::DeleteFile(name, options, context);
}

}  // namespace kelpie::impl_test
