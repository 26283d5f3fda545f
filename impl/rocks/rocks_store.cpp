#include "impl/rocks/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "impl/rocks/row_bytes.h"

namespace kelpie::store {
namespace {

// Rows and the store's own entries have different first letters.
constexpr int kFilterBitsAKey = 10;
constexpr std::size_t kMemtableBytes = std::size_t{32} << 20U;  // larger ones are slower to look into
constexpr std::size_t kCacheBytes = std::size_t{128} << 20U;
constexpr char kFormatKey[] = "m/format";
constexpr char kClusterKey[] = "m/cluster";
constexpr char kCommitKey[] = "m/commit";
constexpr char kFormat[] = "kelpie.store/1";

constexpr char kCommitsEnd[] = "c0";  // behind all of "c/"

// In the order of places.
std::string CommitsKey(std::uint64_t place) {
  std::string key = EncodeNumber(place);
  std::reverse(key.begin(), key.end());
  return "c/" + key;
}

std::string RowKey(const Key& key) { return "r/" + key; }

// The entry, or none; `error` says when it could not be read.
std::optional<std::string> Entry(rocksdb::DB& db, const rocksdb::ReadOptions& options, const std::string& key,
                                 std::string* error) {
  std::string bytes;
  const rocksdb::Status status = db.Get(options, key, &bytes);
  if (status.ok()) return bytes;
  if (!status.IsNotFound()) *error = status.ToString();
  return std::nullopt;
}

Row RowIn(rocksdb::DB& db, const rocksdb::ReadOptions& options, const Key& key, std::string* error) {
  const std::optional<std::string> bytes = Entry(db, options, RowKey(key), error);
  if (!bytes) return {};
  std::optional<Row> row = DecodeRow(*bytes);
  if (!row) *error = "the row " + key + " is not of format 1";
  return row.value_or(Row{});
}

// A new store gets its name; an old one has to have it.
std::string CheckIdentity(rocksdb::DB& db, const RocksOptions& options, std::uint64_t* commit_version) {
  std::string error;
  const auto format = Entry(db, {}, kFormatKey, &error);
  const auto cluster = Entry(db, {}, kClusterKey, &error);
  const auto commit = Entry(db, {}, kCommitKey, &error);
  if (!error.empty()) return error;
  if (!format) {
    const std::unique_ptr<rocksdb::Iterator> first(db.NewIterator({}));
    first->SeekToFirst();
    if (first->Valid()) return "holds a database that is not a store of this kind; choose another folder";
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, kFormat);
    batch.Put(kClusterKey, options.cluster);
    rocksdb::WriteOptions write;
    write.sync = options.sync;
    const rocksdb::Status status = db.Write(write, &batch);
    return status.ok() ? "" : status.ToString();
  }
  if (*format != kFormat)
    return "has format " + *format + ", this program reads " + kFormat + "; use the program that wrote it";
  if (cluster.value_or("") != options.cluster)
    return "belongs to cluster " + cluster.value_or("(none)") + ", not to " + options.cluster +
           "; name that cluster, or choose another folder";
  if (!commit) return "";
  const auto number = DecodeNumber(*commit);
  if (!number) return "has a commit version that is no number: the store is damaged";
  *commit_version = *number;
  return "";
}

// Tells what was committed after `commits_seen`. Empty, or why not.
std::string TellCommits(rocksdb::DB& db, const RocksOptions& options, std::uint64_t commit_version) {
  if (options.commits_seen > commit_version)
    return "has " + std::to_string(commit_version) + " commits, not the " + std::to_string(options.commits_seen) +
           " that were told: it is older than its witness";
  const std::unique_ptr<rocksdb::Iterator> each(db.NewIterator({}));
  std::uint64_t told = options.commits_seen;
  for (each->Seek(CommitsKey(told + 1)); each->Valid() && each->key().compare(kCommitsEnd) < 0; each->Next()) {
    const auto commit = DecodeCommit({each->value().data(), each->value().size()});
    if (!commit) return "has a record of a commit that is none: the store is damaged";
    if (commit->commit_version != told + 1) break;
    options.on_commit(*commit);
    ++told;
  }
  if (!each->status().ok()) return each->status().ToString();
  if (told == commit_version) return "";
  return "keeps no record of commit " + std::to_string(told + 1) + " of " + std::to_string(commit_version) +
         ", which was not told yet";
}

}  // namespace

// The transactions of one sync: each sees the rows that those before it leave.
class RocksStore::Batch {
 public:
  Batch(rocksdb::DB& db, const RocksOptions& options, std::uint64_t commit_version)
      : db_(db), options_(options), commit_version_(commit_version) {}

  [[nodiscard]] TransactionReply Decide(const Transaction& transaction, std::string* error) {
    TransactionReply reply =
        CompareVersions(transaction, options_.limits, [&](const Key& key) { return RowAt(key, error).version; });
    if (reply.outcome != Outcome::kOk) return reply;
    reply.commit_version = ++commit_version_;
    for (const Write& write : transaction.writes) {
      Row row{RowAt(write.key, error).version + 1, write.value, transaction.operation};
      reply.versions[write.key] = row.version;
      batch_.Put(RowKey(write.key), EncodeRow(row));
      changed_[write.key] = std::move(row);
    }
    if (options_.on_commit) {
      commits_.push_back({commit_version_, transaction.operation, reply.versions});
      batch_.Put(CommitsKey(commit_version_), EncodeCommit(commits_.back()));
    }
    return reply;
  }

  // Empty when everything is written, and synced if so asked.
  [[nodiscard]] std::string WriteOut() {
    batch_.Put(kCommitKey, EncodeNumber(commit_version_));
    rocksdb::WriteOptions options;
    options.sync = options_.sync;
    const rocksdb::Status status = db_.Write(options, &batch_);
    return status.ok() ? "" : status.ToString();
  }

  void Tell() const {
    for (const CommitRecord& commit : commits_) options_.on_commit(commit);
  }

  [[nodiscard]] std::uint64_t commit_version() const { return commit_version_; }

 private:
  Row RowAt(const Key& key, std::string* error) {
    const auto found = changed_.find(key);
    return found != changed_.end() ? found->second : RowIn(db_, {}, key, error);
  }

  rocksdb::DB& db_;
  const RocksOptions& options_;
  std::uint64_t commit_version_;
  rocksdb::WriteBatch batch_;
  std::map<Key, Row> changed_;
  std::vector<CommitRecord> commits_;
};

OpenedStore RocksStore::Open(const RocksOptions& options) {
  std::unique_ptr<rocksdb::Env> env;
  rocksdb::Options db_options;
  db_options.create_if_missing = true;
  // A log that ends in the middle of a batch was cut by a crash; anything else wrong with it is an error.
  db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db_options.paranoid_checks = true;
  db_options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db_options.keep_log_file_num = 4;
  // Rows are read by their whole key, one by one: bench/README.md.
  rocksdb::BlockBasedTableOptions table_options;
  table_options.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsAKey));
  table_options.block_cache = rocksdb::NewLRUCache(kCacheBytes);
  table_options.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  db_options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options));
  db_options.memtable_whole_key_filtering = true;
  db_options.write_buffer_size = kMemtableBytes;
  db_options.memtable_prefix_bloom_size_ratio = 0.1;
  if (options.files) {
    env = rocksdb::NewCompositeEnv(options.files);
    db_options.env = env.get();
  }
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(db_options, options.path, &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  if (!status.ok()) return {nullptr, "the store " + options.path + " cannot be opened: " + status.ToString()};
  std::uint64_t commit_version = 0;
  std::string error = CheckIdentity(*db, options, &commit_version);
  if (error.empty() && options.on_commit) error = TellCommits(*db, options, commit_version);
  if (!error.empty()) return {nullptr, "the store " + options.path + " " + error};
  return {std::unique_ptr<RocksStore>(new RocksStore(options, std::move(env), std::move(db), commit_version)), ""};
}

RocksStore::RocksStore(const RocksOptions& options, std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db,
                       std::uint64_t commit_version)
    : options_(options), env_(std::move(env)), db_(std::move(db)), commit_version_(commit_version) {
  committer_ = std::thread([this] { CommitBatches(); });
}

RocksStore::~RocksStore() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  work_.notify_one();
  committer_.join();
}

TransactionReply RocksStore::Commit(const Transaction& transaction) {
  Waiting mine{.transaction = &transaction, .reply = {.operation = transaction.operation}};
  std::unique_lock lock(mutex_);
  if (!failure_.empty()) {
    mine.reply.outcome = Outcome::kFailed;
    mine.reply.refusal = Refusal::kUnavailable;
    return mine.reply;
  }
  waiting_.push_back(&mine);
  work_.notify_one();
  done_.wait(lock, [&mine] { return mine.is_done; });
  return std::move(mine.reply);
}

ReadReply RocksStore::Read(const ReadRequest& request) {
  ReadReply reply{.operation = request.operation, .outcome = Outcome::kFailed};
  if (request.keys.size() > options_.limits.operations_max || !failure().empty()) return reply;
  rocksdb::ManagedSnapshot point(db_.get());
  rocksdb::ReadOptions options;
  options.snapshot = point.snapshot();
  std::string error;
  for (const Key& key : request.keys) reply.rows[key] = RowIn(*db_, options, key, &error);
  // A sync that failed meanwhile leaves open what these rows are worth.
  if (error.empty() && failure().empty()) {
    reply.outcome = Outcome::kOk;
  } else {
    reply.rows.clear();
  }
  return reply;
}

std::string RocksStore::ForgetCommits(std::uint64_t up_to) {
  const rocksdb::Status status = db_->DeleteRange({}, db_->DefaultColumnFamily(), CommitsKey(0),
                                                  CommitsKey(std::min(up_to, commit_version()) + 1));
  return status.ok() ? "" : status.ToString();
}

RocksCounts RocksStore::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::uint64_t RocksStore::commit_version() const {
  const std::lock_guard lock(mutex_);
  return commit_version_;
}

std::string RocksStore::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void RocksStore::CommitBatches() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::deque<Waiting*> taken;
    while (!waiting_.empty() && taken.size() < options_.batch_transactions_max) {
      taken.push_back(waiting_.front());
      waiting_.pop_front();
    }
    const bool is_closed = !failure_.empty();
    lock.unlock();
    if (is_closed) {
      for (Waiting* one : taken) {
        one->reply.outcome = Outcome::kFailed;
        one->reply.refusal = Refusal::kUnavailable;
      }
    } else {
      Decide(taken);
    }
    lock.lock();
    for (Waiting* one : taken) one->is_done = true;
    done_.notify_all();
  }
}

// Only the committer's thread is here, and only it writes.
void RocksStore::Decide(const std::deque<Waiting*>& taken) {
  Batch batch(*db_, options_, commit_version());
  std::string error;
  for (Waiting* one : taken) one->reply = batch.Decide(*one->transaction, &error);
  const bool has_commits = batch.commit_version() != commit_version();
  // Rows that cannot be read decide nothing, and nothing of this batch was written.
  const bool was_read = error.empty();
  if (was_read && has_commits) error = batch.WriteOut();
  if (error.empty()) batch.Tell();
  const std::lock_guard lock(mutex_);
  if (!error.empty()) {
    failure_ = error;
    for (Waiting* one : taken) {
      one->reply = {.operation = one->transaction->operation,
                    .outcome = was_read ? Outcome::kUnknown : Outcome::kFailed};
      if (!was_read) one->reply.refusal = Refusal::kUnavailable;
    }
    return;
  }
  commit_version_ = batch.commit_version();
  counts_.batches += has_commits ? 1 : 0;
  counts_.transactions += taken.size();
}

}  // namespace kelpie::store
