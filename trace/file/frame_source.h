// Events of a .ktrace file; trace/file/FORMAT.md is the format. Private to this room.
//
//   FrameSource source(input, options);      // behind the magic bytes
//
// Invariants: those of EventSource. What Resume passes over begins with the damaged frame, and
// ends where a frame head stands whose checksum is right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trace/file/event_source.h"
#include "trace/file/frame.h"
#include "trace/file/frame_block.h"
#include "trace/file/frame_index.h"
#include "trace/file/input.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {

class FrameSource final : public EventSource {
 public:
  // `input` must outlive the source and stand at the first frame.
  FrameSource(Input& input, const ReaderOptions& options);

  [[nodiscard]] Status Start() override;
  [[nodiscard]] Result<bool> Next(LocatedEvent& out, LeftOut& left_out) override;
  [[nodiscard]] Result<Resumed> Resume() override;

  // The index at the end of the file; nullopt when there is none that is whole, or the file
  // is no file on a disk. Reads at the end of the file only.
  [[nodiscard]] Result<std::optional<FrameIndex>> ReadIndexOfFile();
  // Goes to the frame that begins at `offset`. Requires: no event of a block is pending.
  [[nodiscard]] Status SeekTo(std::uint64_t offset) { return input_.SeekTo(offset); }

 private:
  // How to go on behind the damage that Next reported.
  enum class Way : std::uint8_t { kAlreadyBehind, kBehindPayload, kFindHead };

  [[nodiscard]] Result<bool> ReadFrame(FrameHead& head, std::string_view& payload);
  [[nodiscard]] Result<bool> RestIsZero();
  [[nodiscard]] Result<bool> ReadEvent(std::string_view bytes, std::uint64_t offset, LocatedEvent& out);
  [[nodiscard]] Result<bool> OpenBlock(std::string_view payload, std::uint64_t offset);
  [[nodiscard]] Result<bool> FindHead();
  [[nodiscard]] Error FrameError(ErrorKind kind, std::uint64_t offset, std::string message, std::string found) const;
  [[nodiscard]] Error NewerFrame(std::uint64_t offset, const FrameHead& head) const;
  [[nodiscard]] Error AtFrame(Error error, std::uint64_t offset) const;
  Error Damaged(Error error, Way way, std::uint64_t begin, std::uint64_t end, bool may_hold_events);

  Input& input_;
  ReaderOptions options_;
  DecodeLimits limits_;
  BlockReader block_;
  std::uint64_t block_offset_ = 0;
  Way way_ = Way::kAlreadyBehind;
  Resumed damage_;
};

}  // namespace kelpie::trace::file
