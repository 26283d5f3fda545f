// The embedded form: one RocksDB in one process, one committer.
//
//   OpenedStore opened = RocksStore::Open({.path = "data/store", .cluster = "c1"});
//   if (!opened.store) return Fail(opened.error);
//   TransactionReply reply = opened.store->Commit(transaction);   // from any thread
//
// ORDER. A thread of the store takes all transactions that wait, compares each with the rows as those before it leave
// them, writes what passed in one batch, syncs it, and only then answers; refusals too, because what they
// conflict with may be in the same batch. So one sync serves all that wait, and nothing is answered that a crash could
// take back. RocksDB shows a batch after its log was synced (no pipelined or unordered writes), so readers do not see
// it earlier. FAILURES. When a batch cannot be written or synced, its outcome is unknown: it may be there after a
// reopen. From then on the store is closed to everybody: commits are refused as unavailable, reads fail. It is not
// tried again: after a failed sync the kernel may report success without keeping anything. Open it anew. Verified by
// KelpieFDBTransaction (docs/adr/0010-transactions-of-the-store.md).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "impl/rocks/row_bytes.h"
#include "impl/store/store.h"

namespace rocksdb {
class DB;
class Env;
class FileSystem;
}  // namespace rocksdb

namespace kelpie::store {

struct RocksOptions {
  std::string path;                // a folder; made when it is not there, its parent must be
  std::string cluster = "kelpie";  // a store keeps its cluster's name and is opened under no other
  bool sync = true;                // without, what a power failure takes was said to be committed
  Limits limits;
  // By the committer's thread (by Open's for what is told again). It returns when the record is as safe as it wants
  // it, and calls no Commit: its own thread would have to answer that.
  std::function<void(const CommitRecord&)> on_commit = {};
  std::uint64_t commits_seen = 0;                   // with on_commit: the place of the last one that it was told
  std::size_t batch_transactions_max = 4096;        // of one sync
  std::shared_ptr<rocksdb::FileSystem> files = {};  // none: the system's; tests put one that loses what is not synced
};

class RocksStore;

struct OpenedStore {
  std::unique_ptr<RocksStore> store;  // none: see error
  std::string error;                  // one line: what was found, and what to do
};

struct RocksCounts {
  std::uint64_t batches = 0;       // written and synced
  std::uint64_t transactions = 0;  // decided, refused ones too
};

class RocksStore final : public Store {
 public:
  // Cost: RocksDB's recovery. Errors: a folder that cannot be opened or is in use, damaged files, a store of another
  // cluster or of a newer format.
  [[nodiscard]] static OpenedStore Open(const RocksOptions& options);
  ~RocksStore() override;  // transactions that wait are decided first
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  // Both from any thread. Commit waits for its sync.
  TransactionReply Commit(const Transaction& transaction) override;
  ReadReply Read(const ReadRequest& request) override;

  // What was told up to this place is not told again. Without it the records of commits are kept for ever. Empty, or
  // why not.
  [[nodiscard]] std::string ForgetCommits(std::uint64_t up_to);

  [[nodiscard]] RocksCounts counts() const;
  // The place of the last commit. After an open: of the last one that survived.
  [[nodiscard]] std::uint64_t commit_version() const;
  // Why the store takes nothing any more; empty while it does.
  [[nodiscard]] std::string failure() const;

 private:
  struct Waiting {
    const Transaction* transaction = nullptr;
    TransactionReply reply;
    bool is_done = false;
  };
  class Batch;

  RocksStore(const RocksOptions& options, std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db,
             std::uint64_t commit_version);
  void CommitBatches();
  void Decide(const std::deque<Waiting*>& taken);

  const RocksOptions options_;
  const std::unique_ptr<rocksdb::Env> env_;  // outlives db_
  const std::unique_ptr<rocksdb::DB> db_;

  mutable std::mutex mutex_;
  std::condition_variable work_;  // somebody waits, or the end
  std::condition_variable done_;  // a batch was decided
  std::deque<Waiting*> waiting_;
  std::string failure_;
  RocksCounts counts_;
  std::uint64_t commit_version_ = 0;
  bool is_ending_ = false;
  std::thread committer_;  // last: it uses all of the above
};

}  // namespace kelpie::store
