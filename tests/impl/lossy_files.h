// A file system that loses what was not synced, for tests of durability: kill -9 proves nothing about fsync.
//
//   auto files = std::make_shared<LossyFiles>();
//   files->CrashAt(17);                 // the 17th change and all after it fail and do nothing
//   ... run a store on it, and close it ...
//   files->LoseUnsynced(Tail::kHalf);   // what the disk has after the power came back
//
// Syncs are counted and remembered, never asked of the kernel: what is durable is decided here. Renames and
// deletions are durable at once. Changes: making, appending, syncing, renaming and deleting files.
// Threads: all functions from any thread.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace kelpie::impl_test {

// What is left of the bytes behind the last sync.
enum class Tail { kNothing, kHalf, kAll };

class LossyFiles final : public rocksdb::FileSystemWrapper {
 public:
  LossyFiles() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  [[nodiscard]] const char* Name() const override { return "LossyFiles"; }

  void CrashAt(std::uint64_t change);  // counted from the first change of this object, which is 1
  void FailSyncs(
      std::uint64_t first_sync);  // one fails and loses its bytes; those after it succeed and keep nothing of them
  void FillDisk();                // appends fail from here on
  [[nodiscard]] std::uint64_t changes() const;
  [[nodiscard]] std::uint64_t syncs() const;
  void LoseUnsynced(Tail tail);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

 private:
  friend class LossyFile;
  struct Bytes {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
    bool is_lost = false;  // a failed sync dropped pages: nothing behind `synced` gets durable any more
  };

  rocksdb::IOStatus Change();
  rocksdb::IOStatus Append(const std::string& name, std::uint64_t size_bytes);
  rocksdb::IOStatus Sync(const std::string& name);

  mutable std::mutex mutex_;
  std::map<std::string, Bytes> files_;
  std::uint64_t changes_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t crash_at_ = UINT64_MAX;
  std::uint64_t fail_sync_ = UINT64_MAX;
  bool is_full_ = false;
};

}  // namespace kelpie::impl_test
