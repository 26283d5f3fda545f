#include "impl/sim/disk.h"

#include <algorithm>
#include <utility>

#include "impl/env/check.h"

namespace kelpie::sim {

using env::File;
using env::FileStatus;
using env::FileTrouble;

namespace {

constexpr std::size_t kPageBytes = 512;

}  // namespace

class Disk::OpenFile final : public File {
 public:
  OpenFile(Disk& disk, std::shared_ptr<Content> content) : disk_(disk), content_(std::move(content)) {}
  FileStatus Write(std::uint64_t offset, std::string_view bytes) override {
    return disk_.Write(*content_, offset, bytes);
  }
  FileStatus Sync() override { return disk_.Sync(*content_); }

 private:
  Disk& disk_;
  std::shared_ptr<Content> content_;
};

FileStatus Disk::Change(const char* what) {
  if (++changes_ < crash_at_) return {};
  return {FileTrouble::kFailed, std::string("cannot ") + what + ": the machine stands still"};
}

FileStatus Disk::Write(Content& content, std::uint64_t offset, std::string_view bytes) {
  FileStatus status = Change("write");
  if (!status.ok()) {
    if (changes_ > crash_at_) return status;
    bytes = bytes.substr(0, random_.Below(bytes.size() + 1));  // cut off by the crash
  }
  const std::size_t end = offset + bytes.size();
  if (end > content.bytes.size() && is_full_) return {FileTrouble::kNoSpace, "cannot write: the disk is full"};
  if (end > content.bytes.size()) content.bytes.resize(end);
  std::copy(bytes.begin(), bytes.end(), content.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  return status;
}

FileStatus Disk::Sync(Content& content) {
  if (FileStatus status = Change("sync"); !status.ok()) return status;
  if (++syncs_ == failing_sync_) {
    content.is_stale = true;
    return {FileTrouble::kFailed, "cannot sync: the disk reports an error"};
  }
  if (!content.is_stale) content.durable = content.bytes;
  return {};
}

// The bytes of the last durable content that were not overwritten are the same in both; a log writes behind them only.
void Disk::LosePower() {
  crash_at_ = UINT64_MAX;
  for (auto& [name, content] : files_) {
    const std::string& seen = content->bytes;
    std::string left = content->durable;
    left.resize(std::max(left.size(), seen.size()));
    const auto [first, ignored] = std::mismatch(left.begin(), left.end(), seen.begin());
    const auto begin = static_cast<std::size_t>(first - left.begin());
    std::size_t end = seen.find_last_not_of('\0');
    end = end == std::string::npos ? 0 : end + 1;
    if (begin < end) {
      const std::size_t cut = begin + random_.Below(end - begin + 1);
      std::copy(seen.begin() + static_cast<std::ptrdiff_t>(begin), seen.begin() + static_cast<std::ptrdiff_t>(cut),
                left.begin() + static_cast<std::ptrdiff_t>(begin));
      const bool is_torn_apart = random_.Chance(300);
      for (std::size_t page = (cut / kPageBytes + 1) * kPageBytes; is_torn_apart && page < end; page += kPageBytes) {
        if (!random_.Chance(500)) continue;
        const std::size_t size = std::min(kPageBytes, end - page);
        std::copy_n(seen.begin() + static_cast<std::ptrdiff_t>(page), size,
                    left.begin() + static_cast<std::ptrdiff_t>(page));
      }
    }
    content->bytes = left;
    content->durable = std::move(left);
    content->is_stale = false;
  }
}

std::string Disk::DurableBytes(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? "" : found->second->durable;
}

bool Disk::IsStale(const std::string& name) const {
  const auto found = files_.find(name);
  return found != files_.end() && found->second->is_stale;
}

void Disk::Damage(const std::string& name, std::uint64_t offset, char bits) {
  Content& content = *files_.at(name);
  IMPL_CHECK(offset < content.bytes.size(), "damage behind the end of " + name);
  content.bytes[offset] = static_cast<char>(content.bytes[offset] ^ bits);
  content.durable = content.bytes;
}

FileStatus Disk::List(std::vector<std::string>& names) {
  names.clear();
  for (const auto& [name, content] : files_) names.push_back(name);
  return {};
}

FileStatus Disk::Create(const std::string& name, std::uint64_t reserved, std::unique_ptr<File>& file) {
  if (FileStatus status = Change("make"); !status.ok()) return status;
  if (is_full_) return {FileTrouble::kNoSpace, name + ": cannot make: the disk is full"};
  auto content = std::make_shared<Content>();
  content->bytes.resize(reserved);
  content->durable = content->bytes;
  files_[name] = content;
  file = std::make_unique<OpenFile>(*this, std::move(content));
  return {};
}

FileStatus Disk::Open(const std::string& name, std::unique_ptr<File>& file) {
  const auto found = files_.find(name);
  if (found == files_.end()) return {FileTrouble::kMissing, name + ": cannot open: there is no such file"};
  file = std::make_unique<OpenFile>(*this, found->second);
  return {};
}

FileStatus Disk::Read(const std::string& name, std::string& bytes) {
  const auto found = files_.find(name);
  if (found == files_.end()) return {FileTrouble::kMissing, name + ": cannot read: there is no such file"};
  bytes = found->second->bytes;
  return {};
}

FileStatus Disk::Publish(const std::string& name, const std::string& as) {
  if (FileStatus status = Change("publish"); !status.ok()) return status;
  const auto found = files_.find(name);
  if (found == files_.end()) return {FileTrouble::kMissing, name + ": cannot rename: there is no such file"};
  files_[as] = std::move(found->second);
  files_.erase(found);
  return {};
}

FileStatus Disk::Remove(const std::string& name) {
  if (FileStatus status = Change("remove"); !status.ok()) return status;
  return files_.erase(name) > 0 ? FileStatus{}
                                : FileStatus{FileTrouble::kMissing, name + ": cannot remove: there is no such file"};
}

}  // namespace kelpie::sim
