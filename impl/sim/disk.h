// A disk of the simulated world: one folder, whose files may lose what was not synced.
//
//   Disk disk(random.Split("disk/n1"));
//   disk.FailNextSync();             // and what it covered is never kept
//   disk.LosePower();                // of what was not synced, a part is left: perhaps half a record
//
// A process that is killed loses nothing here; a machine that loses power keeps what was synced, and of the rest of
// each file the first bytes up to a place drawn at random, sometimes with some pages behind it. After a sync that
// failed, the system takes the pages for clean: reads see them, later syncs succeed and keep nothing of that file.
// Making, publishing and removing files is durable at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "impl/env/files.h"
#include "impl/sim/random.h"

namespace kelpie::sim {

class Disk final : public env::Folder {
 public:
  explicit Disk(Random random) : random_(random) {}

  // The next sync, or the one after `others` more, fails.
  void FailNextSync(std::uint64_t others = 0) { failing_sync_ = syncs_ + others + 1; }
  // Nothing more can be made or made larger, until there is room again.
  void SetFull(bool is_full) { is_full_ = is_full; }
  // Changes (making, writing, syncing, publishing, removing) from this one on fail and do nothing; the first one is 1.
  // A write that is cut off may have left a part.
  void CrashAt(std::uint64_t change) { crash_at_ = change; }
  void LosePower();
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  [[nodiscard]] std::uint64_t syncs() const { return syncs_; }

  // What survives a loss of power for sure; as a reader sees it; whether a failed sync dropped pages of it.
  [[nodiscard]] std::string DurableBytes(const std::string& name) const;
  [[nodiscard]] bool IsStale(const std::string& name) const;
  // Behind the machines' backs.
  void Damage(const std::string& name, std::uint64_t offset, char bits);

  env::FileStatus List(std::vector<std::string>& names) override;
  env::FileStatus Create(const std::string& name, std::uint64_t reserved, std::unique_ptr<env::File>& file) override;
  env::FileStatus Open(const std::string& name, std::unique_ptr<env::File>& file) override;
  env::FileStatus Read(const std::string& name, std::string& bytes) override;
  env::FileStatus Publish(const std::string& name, const std::string& as) override;
  env::FileStatus Remove(const std::string& name) override;

 private:
  class OpenFile;
  struct Content {
    std::string bytes;    // as reads see them
    std::string durable;  // as power failures leave them
    bool is_stale = false;
  };
  [[nodiscard]] env::FileStatus Change(const char* what);
  [[nodiscard]] env::FileStatus Write(Content& content, std::uint64_t offset, std::string_view bytes);
  [[nodiscard]] env::FileStatus Sync(Content& content);

  Random random_;
  std::map<std::string, std::shared_ptr<Content>> files_;
  std::uint64_t changes_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t failing_sync_ = 0;
  std::uint64_t crash_at_ = UINT64_MAX;
  bool is_full_ = false;
};

}  // namespace kelpie::sim
