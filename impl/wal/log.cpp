#include "impl/wal/log.h"

#include <algorithm>
#include <utility>

#include "impl/env/check.h"
#include "impl/wal/segment_names.h"

namespace kelpie::wal {

using env::FileStatus;
using env::FileTrouble;

namespace {

Status Of(const FileStatus& failed) {
  return {failed.trouble == FileTrouble::kNoSpace ? Trouble::kNoSpace : Trouble::kFile, failed.text};
}

}  // namespace

Log::Log(env::Folder& folder, LogOptions options) : folder_(folder), options_(std::move(options)) {
  IMPL_CHECK(options_.cluster.size() <= kClusterNameBytesMax, "a longer name of a cluster: " + options_.cluster);
  IMPL_CHECK(options_.payload_bytes_max <= kPayloadBytesMax, "payloads beyond the format");
}

Status Log::NotReady() const {
  if (is_poisoned_) return {Trouble::kPoisoned, "a write or sync of this log has failed; scan it again"};
  if (phase_ != Phase::kOpen) return {Trouble::kNotBegun, "the log was not scanned and begun"};
  return {};
}

Status Log::Poison(const FileStatus& failed) {
  is_poisoned_ = options_.policy.poisons;
  return Of(failed);
}

// --- segments

Status Log::MakeSegment(std::uint64_t first, std::string_view records, std::uint64_t needed) {
  const std::uint64_t generation = generation_ + 1;
  Segment segment{SegmentName(first, generation), first, generation, kSegmentHeaderBytes + records.size()};
  const std::string unpublished = segment.name + std::string(kUnpublished);
  const std::string header = Encode({.first = first,
                                     .generation = generation,
                                     .durable = last_,
                                     .checkpoint = settled_,
                                     .cluster = options_.cluster});
  std::unique_ptr<env::File> file;
  // A segment ends behind the sync that fills it.
  const std::uint64_t reserved = std::max(options_.segment_bytes + options_.segment_bytes / 8, segment.bytes + needed);
  FileStatus done = folder_.Create(unpublished, reserved, file);
  if (done.ok()) done = file->Write(0, header);
  if (done.ok() && !records.empty()) done = file->Write(kSegmentHeaderBytes, records);
  if (done.ok()) done = file->Sync();
  if (done.ok()) done = folder_.Publish(unpublished, segment.name);
  if (!done.ok()) {
    file.reset();
    (void)folder_.Remove(unpublished);  // else the next scan finds and removes it
    return Of(done);
  }
  generation_ = generation;
  checkpoint_ = settled_;
  ++counts_.segments_made;
  file_ = std::move(file);
  size_ = segment.bytes;
  reserved_ = reserved;
  segments_.push_back(std::move(segment));
  return {};
}

Status Log::Begin() {
  if (phase_ != Phase::kScanned) return {Trouble::kNotBegun, "the log was not scanned"};
  const std::uint64_t first = segments_.empty() ? 1 : segments_.back().first;
  if (!options_.policy.rewrites_tail && !segments_.empty()) {
    if (Status opened = GoOnInPlace(); !opened.ok()) return opened;
  } else {
    if (Status made = MakeSegment(first, tail_, 0); !made.ok()) return made;
    if (segments_.size() > 1) {  // the new one replaces the one before it
      const auto old = segments_.end() - 2;
      superseded_.push_back(old->name);
      segments_.erase(old);
    }
  }
  tail_ = {};
  for (const std::string& name : superseded_) (void)folder_.Remove(name);  // the next scan leaves it out again
  superseded_.clear();
  durable_ = last_;
  phase_ = Phase::kOpen;
  RemoveSettled();
  return {};
}

Status Log::GoOnInPlace() {
  const Segment& segment = segments_.back();
  if (const FileStatus opened = folder_.Open(segment.name, file_); !opened.ok()) return Of(opened);
  size_ = segment.bytes;
  reserved_ = std::max(options_.segment_bytes, size_);
  FileStatus done;
  if (counts_.torn_bytes > 0) done = file_->Write(size_, std::string(counts_.torn_bytes, '\0'));
  if (done.ok()) done = file_->Sync();
  return done.ok() ? Status{} : Of(done);
}

// The last segment is durable to its end. Where no other can be made, it is gone on with when there is room again.
Status Log::Roll(std::uint64_t needed) {
  const std::uint64_t sealed = size_;
  segments_.back().bytes = size_;
  no_room_ = MakeSegment(last_ + 1, {}, needed);
  if (!no_room_.ok()) return no_room_;
  sealed_bytes_ += sealed;
  RemoveSettled();
  return {};
}

// From the front: what is left has no gap, unless a crash brings some of it back.
void Log::RemoveSettled() {
  while (segments_.size() > 1 && segments_[1].first <= checkpoint_ + 1) {
    if (!folder_.Remove(segments_.front().name).ok()) return;  // tried again with the next checkpoint
    sealed_bytes_ -= segments_.front().bytes;
    segments_.erase(segments_.begin());
  }
}

// --- records

Appended Log::Append(std::string_view payload) {
  if (Status status = NotReady(); !status.ok()) return {status, 0};
  if (payload.size() > options_.payload_bytes_max) {
    return {{Trouble::kTooLarge, "a payload of " + std::to_string(payload.size()) + " bytes; at most " +
                                     std::to_string(options_.payload_bytes_max) + " are taken"},
            0};
  }
  if (Status room = MakeRoom(kRecordHeaderBytes + payload.size()); !room.ok()) return {room, 0};
  AppendRecord({++last_, durable_, payload}, buffer_);
  return {{}, last_};
}

// Would a new segment, whose header says what is settled, make another one useless?
bool Log::WouldFree() const {
  return (segments_.size() > 1 ? segments_[1].first : last_ + 1) <= settled_ + 1 && settled_ > checkpoint_;
}

// A segment that could not be made is tried again; a checkpoint may have something to take away; and nothing is written
// beyond what was set aside.
Status Log::MakeRoom(std::size_t size) {
  const auto is_full = [&] { return bytes() + size > options_.log_bytes_max; };
  const auto wants_segment = [&] {
    return !no_room_.ok() || (is_full() && WouldFree()) || size_ + buffer_.size() + size > reserved_;
  };
  if (wants_segment()) {
    if (Status synced = Sync(); !synced.ok()) return synced;
    if (wants_segment()) (void)Roll(size);
    if (!no_room_.ok()) return no_room_;
  }
  if (!is_full()) return {};
  return {Trouble::kFull, "the log has " + std::to_string(bytes()) + " bytes and may have " +
                              std::to_string(options_.log_bytes_max) +
                              "; it takes more when operations at its front are settled"};
}

Status Log::Write() {
  if (Status status = NotReady(); !status.ok()) return status;
  if (buffer_.empty()) return {};
  if (const FileStatus written = file_->Write(size_, buffer_); !written.ok()) return Poison(written);
  size_ += buffer_.size();
  buffer_.clear();
  return {};
}

Status Log::Sync() {
  if (Status written = Write(); !written.ok()) return written;
  if (durable_ == last_) return {};
  if (const FileStatus synced = file_->Sync(); !synced.ok()) return Poison(synced);
  ++counts_.syncs;
  durable_ = last_;
  const bool is_half_full = bytes() > options_.log_bytes_max / 2 && WouldFree();
  if (size_ >= options_.segment_bytes || is_half_full) (void)Roll();  // if not now, the next append says why
  return {};
}

void Log::Checkpoint(std::uint64_t number) {
  IMPL_CHECK(number <= durable_, "a checkpoint of what is not durable");
  settled_ = std::max(settled_, number);
}

Status Log::StartSegment() {
  if (Status status = NotReady(); !status.ok()) return status;
  IMPL_CHECK(durable_ == last_, "a new segment before the last one is durable");
  return Roll();
}

}  // namespace kelpie::wal
