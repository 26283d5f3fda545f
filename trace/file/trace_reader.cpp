#include "trace/file/trace_reader.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "trace/file/frame.h"
#include "trace/file/input.h"
#include "trace/file/json_read.h"
#include "trace/file/sequence_check.h"
#include "trace/file/sniff.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {

namespace {

constexpr std::string_view kFormatName = "kelpie.trace/1";

bool AllZero(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

class TraceReader::Impl {
 public:
  Impl(Input input, const ReaderOptions& options)
      : input_(std::move(input)), options_(options), sequence_(options.any_first_seq) {}

  Status Start() {
    Status sniffed = Sniff();
    if (!sniffed.ok() || ended_) return sniffed;
    return format_ == Format::kKtrace ? StartFrames() : StartLines();
  }

  Result<std::optional<LocatedEvent>> Next() {
    if (failure_) return Error(*failure_);
    if (pending_) {
      std::optional<LocatedEvent> first = std::move(pending_);
      pending_.reset();
      return Finish(std::move(*first));
    }
    if (ended_) return std::optional<LocatedEvent>();
    Result<std::optional<LocatedEvent>> next = format_ == Format::kKtrace ? NextFrame() : NextLine();
    if (!next.ok()) return Failed(next.TakeError());
    if (!next->has_value()) {
      ended_ = true;
      return next;
    }
    return Finish(std::move(**next));
  }

  Format format_ = Format::kJsonLines;
  Header header_;
  bool has_header_ = false;
  bool torn_ = false;
  std::uint64_t torn_offset_ = 0;
  std::uint64_t event_count_ = 0;

  [[nodiscard]] const std::string& path() const { return input_.path(); }

 private:
  using Next_ = Result<std::optional<LocatedEvent>>;

  Error Failed(Error error) {
    failure_ = std::make_unique<Error>(error);
    return error;
  }

  [[nodiscard]] Place PlaceAt(std::uint64_t offset) const {
    return {.file = input_.path(), .line = 0, .column = 0, .offset = offset};
  }

  void Tear(std::uint64_t offset) {
    torn_ = true;
    torn_offset_ = offset;
    ended_ = true;
  }

  // What both formats ask of an event.
  Next_ Finish(LocatedEvent located) {
    const EventId& id = located.event.id;
    Status status;
    if (!header_.node.empty() && (id.node != header_.node || id.incarnation != header_.incarnation)) {
      status = Error{.kind = ErrorKind::kWrongNode,
                     .message = "an event of another node or incarnation than the file's header states",
                     .found = ToText(id),
                     .expected = header_.node + "/" + std::to_string(header_.incarnation),
                     .hint = "a file of several nodes has no node in its header"};
    } else {
      status = sequence_.Accept(id);
    }
    if (!status.ok()) {
      Error error = status.TakeError();
      error.place = {.file = input_.path(), .line = located.line, .column = 0, .offset = located.offset};
      return Failed(std::move(error));
    }
    ++event_count_;
    return std::optional<LocatedEvent>(std::move(located));
  }

  Status Sniff() {
    Result<bool> enough = input_.Ensure(kMagic.size());
    if (!enough.ok()) return enough.TakeError();
    const std::string_view head = input_.data().substr(0, kMagic.size());
    if (head == kMagic) {
      format_ = Format::kKtrace;
      return Status();
    }
    if (!*enough && kMagic.starts_with(head)) {
      if (head.empty()) {
        ended_ = true;  // no event was written, which is a trace, if an empty one
      } else {
        format_ = Format::kKtrace;
        Tear(0);
      }
      return Status();
    }
    const std::size_t first = input_.data().find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || input_.data()[first] == '{') return Status();
    return NoTrace(input_.path(), head);
  }

  Status CheckHeader(std::uint64_t offset, std::uint64_t line) {
    has_header_ = true;
    if (header_.format == kFormatName) return Status();
    return Error{.kind = ErrorKind::kNewerFormat,
                 .place = {.file = input_.path(), .line = line, .column = 0, .offset = offset},
                 .message = "the header states a format that this reader does not know",
                 .found = header_.format,
                 .expected = std::string(kFormatName)};
  }

  // ---- frames ----

  Status StartFrames() {
    input_.Consume(kMagic.size());
    const std::uint64_t offset = input_.offset();
    FrameHead head;
    std::string_view payload;
    Result<bool> frame = ReadFrame(head, payload);
    if (!frame.ok()) return frame.TakeError();
    if (!*frame) return Status();
    if (head.type != static_cast<std::uint8_t>(FrameType::kHeader)) {
      return FrameError(ErrorKind::kMisplacedHeader, offset, "the first frame is no header", std::to_string(head.type));
    }
    if (!HasKnownFlags(head)) return NewerFrame(offset, head);
    Result<Header> header = DecodeHeader(payload, Limits());
    if (!header.ok()) return AtFrame(header.TakeError(), offset);
    header_ = std::move(*header);
    return CheckHeader(offset, 0);
  }

  [[nodiscard]] DecodeLimits Limits() const {
    return {.depth_max = options_.depth_max, .message_bytes_max = options_.frame_bytes_max};
  }

  Error AtFrame(Error error, std::uint64_t offset) {
    error.place = PlaceAt(offset);
    return error;
  }

  Error FrameError(ErrorKind kind, std::uint64_t offset, std::string message, std::string found) {
    return {.kind = kind, .place = PlaceAt(offset), .message = std::move(message), .found = std::move(found)};
  }

  static bool HasKnownFlags(const FrameHead& head) { return (head.flags & ~kFlagSkippable) == 0 && head.reserved == 0; }

  Error NewerFrame(std::uint64_t offset, const FrameHead& head) {
    return FrameError(ErrorKind::kNewerFormat, offset, "a frame that this reader does not know and may not pass over",
                      "type " + std::to_string(head.type) + ", flags " + std::to_string(head.flags));
  }

  // The next frame, consumed; its payload lies in the buffer until the next read. False: the
  // file ends here, properly or torn.
  Result<bool> ReadFrame(FrameHead& head, std::string_view& payload) {
    const std::uint64_t offset = input_.offset();
    Result<bool> enough = input_.Ensure(kFrameHeadBytes);
    if (!enough.ok()) return enough;
    if (!*enough) {
      if (!input_.data().empty()) Tear(offset);
      ended_ = true;
      return false;
    }
    if (!ReadFrameHead(input_.data(), head)) {
      Result<bool> zeros = RestIsZero();
      if (!zeros.ok()) return zeros;
      if (*zeros) {
        // Space that the file system had set aside and the writer did not reach.
        Tear(offset);
        return false;
      }
      return FrameError(ErrorKind::kBadFrame, offset, "the head of a frame is damaged: its checksum is wrong",
                        HexOf(input_.data()));
    }
    if (head.payload_bytes > options_.frame_bytes_max) {
      return FrameError(
          ErrorKind::kTooLong, offset,
          "a frame is longer than " + std::to_string(options_.frame_bytes_max) + " bytes, the limit frame_bytes_max",
          std::to_string(head.payload_bytes) + " bytes");
    }
    enough = input_.Ensure(kFrameHeadBytes + head.payload_bytes);
    if (!enough.ok()) return enough;
    if (!*enough) {
      Tear(offset);
      return false;
    }
    payload = input_.data().substr(kFrameHeadBytes, head.payload_bytes);
    if (ChecksumOf(payload) != head.payload_crc) {
      return FrameError(ErrorKind::kBadChecksum, offset, "the payload of a frame is damaged: its checksum is wrong",
                        std::to_string(payload.size()) + " bytes of payload");
    }
    input_.Consume(kFrameHeadBytes + head.payload_bytes);
    return true;
  }

  // Whether nothing but zero bytes follows. Reads the rest of the file, buffer by buffer.
  Result<bool> RestIsZero() {
    while (true) {
      if (!AllZero(input_.data())) return false;
      if (input_.at_end()) return true;
      input_.Consume(input_.data().size());
      Result<bool> more = input_.Ensure(1);
      if (!more.ok()) return more;
    }
  }

  Next_ NextFrame() {
    while (true) {
      const std::uint64_t offset = input_.offset();
      FrameHead head;
      std::string_view payload;
      Result<bool> frame = ReadFrame(head, payload);
      if (!frame.ok()) return frame.TakeError();
      if (!*frame) return std::optional<LocatedEvent>();
      const bool is_event = head.type == static_cast<std::uint8_t>(FrameType::kEvent);
      if (!is_event && head.type == static_cast<std::uint8_t>(FrameType::kHeader)) {
        return FrameError(ErrorKind::kMisplacedHeader, offset,
                          "a second header; a file has one, and it is the first frame", "");
      }
      if (!is_event && (head.flags & kFlagSkippable) != 0) continue;
      if (!is_event || !HasKnownFlags(head)) return NewerFrame(offset, head);
      Result<Event> event = DecodeEvent(payload, Limits());
      if (!event.ok()) return AtFrame(event.TakeError(), offset);
      return std::optional<LocatedEvent>({.event = std::move(*event), .file = input_.path(), .offset = offset});
    }
  }

  // ---- lines ----

  Status StartLines() {
    ParsedLine line;
    Result<bool> read = ReadLine(line);
    if (!read.ok()) return read.TakeError();
    if (!*read) return Status();
    if (line.is_header) {
      header_ = std::move(line.header);
      return CheckHeader(line_offset_, line_number_);
    }
    pending_ = Locate(std::move(line));
    return Status();
  }

  // The next line that is not blank, parsed. False: the file ends here, properly or torn.
  Result<bool> ReadLine(ParsedLine& out) {
    while (true) {
      std::size_t size = 0;
      Result<bool> found = FindLine(size);
      if (!found.ok()) return found;
      const bool terminated = *found;
      line_offset_ = input_.offset();
      ++line_number_;
      std::string_view text = input_.data().substr(0, size);
      if (!terminated) {
        const std::size_t last = text.find_last_not_of('\0');
        if (last == std::string_view::npos && !text.empty()) Tear(line_offset_);
        text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
      }
      if (IsBlank(text)) {
        if (!terminated) {
          ended_ = true;
          return false;
        }
        input_.Consume(size + 1);
        continue;
      }
      JsonFailure failure;
      out = ParsedLine();
      if (!ReadJsonLine(text, options_.depth_max, out, failure)) {
        if (failure.at_end && !terminated) {
          Tear(line_offset_);
          return false;
        }
        return AtLine(std::move(failure), text);
      }
      if (!terminated) ended_ = true;
      input_.Consume(size + (terminated ? 1 : 0));
      return true;
    }
  }

  // Bytes up to the next line feed, or up to the end of the file (false).
  Result<bool> FindLine(std::size_t& size) {
    std::size_t searched = 0;
    while (true) {
      const std::string_view data = input_.data();
      const void* feed =
          data.size() > searched ? std::memchr(data.data() + searched, '\n', data.size() - searched) : nullptr;
      size = feed != nullptr ? static_cast<std::size_t>(static_cast<const char*>(feed) - data.data()) : data.size();
      if (size > options_.line_bytes_max) {
        return Error{.kind = ErrorKind::kTooLong,
                     .place = {.file = input_.path(), .line = line_number_ + 1, .column = 0, .offset = input_.offset()},
                     .message = "a line is longer than " + std::to_string(options_.line_bytes_max) +
                                " bytes, the limit line_bytes_max"};
      }
      if (feed != nullptr) return true;
      if (input_.at_end()) return false;
      searched = size;
      Result<bool> more = input_.Ensure(size + 1);
      if (!more.ok()) return more;
    }
  }

  Error AtLine(JsonFailure failure, std::string_view text) {
    Error error{.kind = failure.kind,
                .place = {.file = input_.path(),
                          .line = line_number_,
                          .column = ColumnOf(text, failure.position),
                          .offset = line_offset_ + failure.position},
                .message = std::move(failure.message),
                .found = std::move(failure.found),
                .expected = std::move(failure.expected),
                .hint = std::move(failure.hint)};
    if (failure.at_end && line_number_ == 1) {
      error.hint = "JSON lines have one whole object a line; this looks like JSON spread over several";
    }
    return error;
  }

  Next_ NextLine() {
    ParsedLine line;
    Result<bool> read = ReadLine(line);
    if (!read.ok()) return read.TakeError();
    if (!*read) return std::optional<LocatedEvent>();
    if (line.is_header) {
      return Error{.kind = ErrorKind::kMisplacedHeader,
                   .place = {.file = input_.path(), .line = line_number_, .column = 1, .offset = line_offset_},
                   .message = "a header behind the first line; a file has one, and it comes first"};
    }
    return std::optional<LocatedEvent>(Locate(std::move(line)));
  }

  // Fills in what a line may leave out.
  LocatedEvent Locate(ParsedLine line) {
    EventId& id = line.event.id;
    if (!header_.node.empty()) {
      if (!line.has_node) id.node = header_.node;
      if (!line.has_incarnation) id.incarnation = header_.incarnation;
    }
    if (!line.has_seq) id.seq = sequence_.Expected(id);
    return {.event = std::move(line.event), .file = input_.path(), .offset = line_offset_, .line = line_number_};
  }

  Input input_;
  ReaderOptions options_;
  SequenceCheck sequence_;
  std::uint64_t line_offset_ = 0;
  std::uint64_t line_number_ = 0;
  std::optional<LocatedEvent> pending_;  // the first line, when it is an event
  bool ended_ = false;
  std::unique_ptr<Error> failure_;
};

TraceReader::TraceReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceReader::TraceReader(TraceReader&&) noexcept = default;
TraceReader& TraceReader::operator=(TraceReader&&) noexcept = default;
TraceReader::~TraceReader() = default;

Result<TraceReader> TraceReader::Open(const std::string& path, const ReaderOptions& options) {
  Result<Input> input = Input::Open(path, std::max<std::size_t>(options.buffer_bytes, 64));
  if (!input.ok()) return input.TakeError();
  auto impl = std::make_unique<Impl>(std::move(*input), options);
  Status started = impl->Start();
  if (!started.ok()) return started.TakeError();
  return TraceReader(std::move(impl));
}

Result<std::optional<LocatedEvent>> TraceReader::Next() { return impl_->Next(); }
Format TraceReader::format() const { return impl_->format_; }
const Header& TraceReader::header() const { return impl_->header_; }
bool TraceReader::has_header() const { return impl_->has_header_; }
const std::string& TraceReader::file() const { return impl_->path(); }
std::uint64_t TraceReader::event_count() const { return impl_->event_count_; }
bool TraceReader::torn_tail() const { return impl_->torn_; }
std::uint64_t TraceReader::torn_offset() const { return impl_->torn_offset_; }

}  // namespace kelpie::trace::file
