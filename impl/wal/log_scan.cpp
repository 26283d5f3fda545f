// Reading a log: which segments count, which record is the last, and whether anything that was durable is missing.
#include <algorithm>

#include "impl/wal/log.h"
#include "impl/wal/segment_names.h"

namespace kelpie::wal {

using env::FileStatus;

Status Log::Scan(const Visitor& visit) {
  phase_ = Phase::kClosed;
  is_poisoned_ = false;
  file_.reset();
  buffer_.clear();
  tail_.clear();
  segments_.clear();
  superseded_.clear();
  sealed_bytes_ = size_ = 0;
  last_ = durable_ = vouched_ = checkpoint_ = settled_ = 0;
  no_room_ = {};
  counts_.torn_bytes = 0;
  if (Status found = FindSegments(); !found.ok()) return found;
  std::uint64_t gap_before = segments_.empty() ? 1 : segments_.front().first;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = segments_[i];
    std::string bytes;
    if (const FileStatus read = folder_.Read(segment.name, bytes); !read.ok()) return {Trouble::kFile, read.text};
    if (i > 0 && segment.first > last_ + 1) gap_before = segment.first;
    last_ = segment.first - 1;
    const bool is_last = i + 1 == segments_.size();
    if (Status scanned = ScanSegment(segment, bytes, is_last, visit); !scanned.ok()) return scanned;
    if (is_last) {
      tail_ = bytes.substr(kSegmentHeaderBytes, segment.bytes - kSegmentHeaderBytes);
    } else {
      sealed_bytes_ += segment.bytes;
    }
  }
  // Segments in front of a checkpoint are removed; some may be there again after a crash, and others not.
  if (gap_before > checkpoint_ + 1) {
    return {Trouble::kMissing, "the log has operations from " + std::to_string(checkpoint_ + 1) +
                                   " on, but a segment before " + SegmentName(gap_before, 0).substr(0, 16) +
                                   " is not there; bring it back, or give the folder up"};
  }
  settled_ = checkpoint_;
  phase_ = Phase::kScanned;
  return {};
}

// Of two segments that begin with the same record the later one was made of the earlier one.
Status Log::FindSegments() {
  std::vector<std::string> names;
  if (const FileStatus listed = folder_.List(names); !listed.ok()) return {Trouble::kFile, listed.text};
  for (const std::string& name : names) {
    if (name.ends_with(kUnpublished)) superseded_.push_back(name);
    const std::optional<SegmentNumbers> numbers = ParseSegmentName(name);
    if (!numbers) continue;
    generation_ = std::max(generation_, numbers->generation);
    segments_.push_back({name, numbers->first, numbers->generation, 0});
  }
  std::sort(segments_.begin(), segments_.end(), [](const Segment& a, const Segment& b) {
    return a.first != b.first ? a.first < b.first : a.generation < b.generation;
  });
  for (std::size_t i = 0; i + 1 < segments_.size();) {
    if (segments_[i].first != segments_[i + 1].first) {
      ++i;
      continue;
    }
    superseded_.push_back(segments_[i].name);
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return {};
}

Status Log::CheckHeader(const Segment& segment, std::string_view bytes, SegmentHeader& header) const {
  const std::optional<SegmentHeader> decoded = DecodeSegment(bytes);
  if (!decoded) return {Trouble::kDamaged, segment.name + ": its first 128 bytes are no segment header"};
  header = *decoded;
  if (header.version > kFormatVersion) {
    return {Trouble::kNewer, segment.name + ": has format " + std::to_string(header.version) + ", known is " +
                                 std::to_string(kFormatVersion) + "; use the program that wrote it, or a newer one"};
  }
  if (header.cluster != options_.cluster) {
    return {Trouble::kForeign, segment.name + ": is of cluster \"" + header.cluster + "\", not of \"" +
                                   options_.cluster + "\"; name the folder of this cluster"};
  }
  if (header.first != segment.first || header.generation != segment.generation) {
    return {Trouble::kDamaged, segment.name + ": its header is of segment " +
                                   SegmentName(header.first, header.generation) + "; files were renamed"};
  }
  return {};
}

Status Log::ScanSegment(Segment& segment, std::string_view bytes, bool is_last, const Visitor& visit) {
  SegmentHeader header;
  if (Status checked = CheckHeader(segment, bytes, header); !checked.ok()) return checked;
  vouched_ = std::max(vouched_, header.durable);
  checkpoint_ = std::max(checkpoint_, header.checkpoint);
  std::size_t end = kSegmentHeaderBytes;
  while (const auto record = DecodeRecord(bytes.substr(end), options_.policy.checksums)) {
    if (record->number != last_ + 1) break;
    last_ = record->number;
    vouched_ = std::max(vouched_, record->durable);
    end += kRecordHeaderBytes + record->payload.size();
    if (last_ > checkpoint_) visit({last_, record->payload});
  }
  segment.bytes = end;
  const std::string_view behind = bytes.substr(end);
  const auto torn = behind.find_last_not_of('\0');
  const std::uint64_t next_first = is_last ? 0 : (&segment + 1)->first;
  if (is_last) counts_.torn_bytes = torn == std::string_view::npos ? 0 : torn + 1;
  const bool is_short = !is_last && last_ + 1 < next_first && torn != std::string_view::npos;
  if (is_short || (is_last && (vouched_ > last_ || IsVouchedFor(behind)))) {
    return {Trouble::kDamaged, segment.name + ":" + std::to_string(end) + ": record " + std::to_string(last_ + 1) +
                                   " is damaged, and was durable; bring the file back from a copy"};
  }
  return {};
}

// Is there a record behind the damaged one that says the damaged one was durable? What was never confirmed may have
// reached the disk in any order.
bool Log::IsVouchedFor(std::string_view behind) const {
  for (std::size_t at = 1; at + kRecordHeaderBytes <= behind.size(); ++at) {
    if (!MayBeRecord(behind.substr(at), last_ + 2, last_ + 2 + behind.size() / kRecordHeaderBytes)) continue;
    const auto record = DecodeRecord(behind.substr(at));
    if (record && record->durable > last_) return true;
  }
  return false;
}

}  // namespace kelpie::wal
