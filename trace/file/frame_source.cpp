#include "trace/file/frame_source.h"

#include <algorithm>
#include <utility>

#include "trace/file/little_endian.h"
#include "trace/file/sniff.h"

namespace kelpie::trace::file {

namespace {

bool Is(const FrameHead& head, FrameType type) { return head.type == static_cast<std::uint8_t>(type); }

bool HasKnownFlags(const FrameHead& head) { return (head.flags & ~kFlagSkippable) == 0 && head.reserved == 0; }

// Frames that a reader passes over hold no events.
bool MayHoldEvents(const FrameHead& head) { return (head.flags & kFlagSkippable) == 0; }

}  // namespace

FrameSource::FrameSource(Input& input, const ReaderOptions& options)
    : input_(input),
      options_(options),
      // The length of a frame, and of a block, is held to its limit before any message is read.
      limits_{.depth_max = options.depth_max,
              .message_bytes_max = std::max(options.frame_bytes_max, options.block_bytes_max)} {}

Error FrameSource::FrameError(ErrorKind kind, std::uint64_t offset, std::string message, std::string found) const {
  return {.kind = kind,
          .place = {.file = input_.path(), .line = 0, .column = 0, .offset = offset},
          .message = std::move(message),
          .found = std::move(found)};
}

Error FrameSource::NewerFrame(std::uint64_t offset, const FrameHead& head) const {
  return FrameError(ErrorKind::kNewerFormat, offset, "a frame that this reader does not know and may not pass over",
                    "type " + std::to_string(head.type) + ", flags " + std::to_string(head.flags));
}

Error FrameSource::AtFrame(Error error, std::uint64_t offset) const {
  error.place = {.file = input_.path(), .line = 0, .column = 0, .offset = offset};
  return error;
}

Error FrameSource::Damaged(Error error, Way way, std::uint64_t begin, std::uint64_t end, bool may_hold_events) {
  way_ = way;
  damage_ = {.begin = begin, .end = end, .may_hold_events = may_hold_events};
  return error;
}

Status FrameSource::Start() {
  const std::uint64_t offset = input_.offset();
  FrameHead head;
  std::string_view payload;
  Result<bool> frame = ReadFrame(head, payload);
  if (!frame.ok()) return frame.TakeError();
  if (!*frame) return Status();
  if (!Is(head, FrameType::kHeader)) {
    return FrameError(ErrorKind::kMisplacedHeader, offset, "the first frame is no header", std::to_string(head.type));
  }
  if (!HasKnownFlags(head)) return NewerFrame(offset, head);
  Result<Header> header = DecodeHeader(payload, limits_);
  if (!header.ok()) return AtFrame(header.TakeError(), offset);
  header_ = std::move(*header);
  has_header_ = true;
  Result<std::uint64_t> minor = MinorVersionOf(header_.format);
  return minor.ok() ? Status() : AtFrame(minor.TakeError(), offset);
}

// Whether nothing but zero bytes follows. Reads the rest of the file, buffer by buffer, and
// keeps back what may be the beginning of a head.
Result<bool> FrameSource::RestIsZero() {
  while (true) {
    const std::string_view data = input_.data();
    if (data.find_first_not_of('\0') != std::string_view::npos) return false;
    if (input_.at_end()) return true;
    if (data.size() >= kFrameHeadBytes) input_.Consume(data.size() - kFrameHeadBytes + 1);
    Result<bool> more = input_.Ensure(kFrameHeadBytes);
    if (!more.ok()) return more;
  }
}

// The next frame, consumed; its payload lies in the buffer until the next read. False: the
// file ends here, properly or torn.
Result<bool> FrameSource::ReadFrame(FrameHead& head, std::string_view& payload) {
  const std::uint64_t offset = input_.offset();
  Result<bool> enough = input_.Ensure(kFrameHeadBytes);
  if (!enough.ok()) return enough;
  if (!*enough) {
    if (!input_.data().empty()) torn_offset_ = offset;
    return false;
  }
  if (!ReadFrameHead(input_.data(), head)) {
    const std::string found = HexOf(input_.data());
    // Zeros to the end are space that the file system had set aside and the writer did not
    // reach. A head of zeros has a wrong checksum, so nothing is missed by looking ahead.
    if (input_.data()[0] == '\0') {
      Result<bool> zeros = RestIsZero();
      if (!zeros.ok()) return zeros;
      if (*zeros) {
        torn_offset_ = offset;
        return false;
      }
    }
    return Damaged(
        FrameError(ErrorKind::kBadFrame, offset, "the head of a frame is damaged: its checksum is wrong", found),
        Way::kFindHead, offset, offset, true);
  }
  if (head.payload_bytes > options_.frame_bytes_max) {
    return FrameError(
        ErrorKind::kTooLong, offset,
        "a frame is longer than " + std::to_string(options_.frame_bytes_max) + " bytes, the limit frame_bytes_max",
        std::to_string(head.payload_bytes) + " bytes");
  }
  const std::size_t size = kFrameHeadBytes + head.payload_bytes;
  enough = input_.Ensure(size);
  if (!enough.ok()) return enough;
  if (!*enough) {
    torn_offset_ = offset;
    return false;
  }
  payload = input_.data().substr(kFrameHeadBytes, head.payload_bytes);
  if (ChecksumOf(payload) != head.payload_crc) {
    return Damaged(
        FrameError(ErrorKind::kBadChecksum, offset, "the payload of a frame is damaged: its checksum is wrong",
                   std::to_string(payload.size()) + " bytes of payload"),
        Way::kBehindPayload, offset, offset + size, MayHoldEvents(head));
  }
  input_.Consume(size);
  return true;
}

Result<bool> FrameSource::ReadEvent(std::string_view bytes, std::uint64_t offset, LocatedEvent& out) {
  out.offset = offset;
  out.line = 0;
  Status decoded = DecodeEvent(bytes, limits_, out.event);
  if (decoded.ok()) return true;
  return Damaged(AtFrame(decoded.TakeError(), offset), Way::kAlreadyBehind, offset, input_.offset(), true);
}

Result<bool> FrameSource::OpenBlock(std::string_view payload, std::uint64_t offset) {
  block_offset_ = offset;
  Status opened = block_.Open(payload, options_.block_bytes_max);
  if (opened.ok()) return true;
  return Damaged(AtFrame(opened.TakeError(), offset), Way::kAlreadyBehind, offset, input_.offset(), true);
}

Result<bool> FrameSource::Next(LocatedEvent& out, LeftOut& left_out) {
  left_out = LeftOut();
  if (torn_offset_) return false;
  while (true) {
    std::string_view bytes;
    if (block_.Next(bytes)) return ReadEvent(bytes, block_offset_, out);
    const std::uint64_t offset = input_.offset();
    FrameHead head;
    Result<bool> frame = ReadFrame(head, bytes);
    if (!frame.ok() || !*frame) return frame;
    if (Is(head, FrameType::kEvent) && HasKnownFlags(head)) return ReadEvent(bytes, offset, out);
    if (Is(head, FrameType::kHeader)) {
      return Damaged(FrameError(ErrorKind::kMisplacedHeader, offset,
                                "a second header; a file has one, and it is the first frame", ""),
                     Way::kAlreadyBehind, offset, input_.offset(), false);
    }
    if (Is(head, FrameType::kBlock) && HasKnownFlags(head)) {
      Result<bool> opened = OpenBlock(bytes, offset);
      if (!opened.ok()) return opened;
      continue;
    }
    if ((head.flags & kFlagSkippable) == 0) return NewerFrame(offset, head);
  }
}

Result<Resumed> FrameSource::Resume() {
  if (way_ == Way::kBehindPayload) input_.Consume(damage_.end - damage_.begin);
  if (way_ == Way::kFindHead) {
    Result<bool> found = FindHead();
    if (!found.ok()) return found.TakeError();
    damage_.end = input_.offset();
  }
  return damage_;
}

// Goes to the next byte at which a frame head stands whose checksum is right, or to the end of
// the file. A head by chance is one in 2^32 places; its payload's checksum then is wrong too,
// and reported as further damage, so no event is made of it.
Result<bool> FrameSource::FindHead() {
  if (!input_.data().empty()) input_.Consume(1);
  while (true) {
    Result<bool> enough = input_.Ensure(kFrameHeadBytes);
    if (!enough.ok()) return enough;
    if (!*enough) {
      input_.Consume(input_.data().size());
      return false;
    }
    const std::string_view data = input_.data();
    const std::size_t last = data.size() - kFrameHeadBytes;
    for (std::size_t at = 0; at <= last; ++at) {
      FrameHead head;
      const bool is_reserved_zero = data[at + 6] == '\0' && data[at + 7] == '\0' && data[at + 4] != '\0';
      if (!is_reserved_zero || !ReadFrameHead(data.substr(at), head)) continue;
      input_.Consume(at);
      return true;
    }
    input_.Consume(last + 1);
  }
}

Result<std::optional<FrameIndex>> FrameSource::ReadIndexOfFile() {
  const std::optional<FrameIndex> none;
  const std::uint64_t size = input_.SeekableBytes();
  if (size < kMagic.size() + kTrailerBytes) return none;
  const auto read = [this](std::uint64_t offset, std::uint64_t bytes, FrameType type,
                           std::string& out) -> Result<bool> {
    Result<bool> got = input_.ReadAt(offset, bytes, out);
    FrameHead head;
    if (!got.ok() || !*got) return got;
    return ReadFrameHead(out, head) && Is(head, type) && head.payload_bytes == bytes - kFrameHeadBytes &&
           ChecksumOf(std::string_view(out).substr(kFrameHeadBytes)) == head.payload_crc;
  };
  std::string bytes;
  Result<bool> got = read(size - kTrailerBytes, kTrailerBytes, FrameType::kTrailer, bytes);
  if (!got.ok()) return got.TakeError();
  if (!*got) return none;
  const std::uint64_t offset = Get64(bytes.data() + kFrameHeadBytes);
  const std::uint64_t end = size - kTrailerBytes;
  if (offset < kMagic.size() || offset > end - kFrameHeadBytes) return none;
  if (end - offset > options_.frame_bytes_max) return none;
  got = read(offset, end - offset, FrameType::kIndex, bytes);
  if (!got.ok()) return got.TakeError();
  FrameIndex index;
  if (!*got || !ReadIndex(std::string_view(bytes).substr(kFrameHeadBytes), index)) return none;
  // Every point is inside the file and before the index.
  if (!index.points.empty() && index.points.back().offset > offset) return none;
  return std::optional<FrameIndex>(std::move(index));
}

}  // namespace kelpie::trace::file
