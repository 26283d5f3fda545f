#include "trace/file/trace_writer.h"

#include <cerrno>
#include <optional>
#include <utility>

#include "trace/file/frame.h"
#include "trace/file/frame_block.h"
#include "trace/file/frame_index.h"
#include "trace/file/json_write.h"
#include "trace/file/little_endian.h"
#include "trace/file/output.h"
#include "trace/file/sequence_check.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {

namespace {

// The index at the end of a file that is to be appended to, and where it begins.
std::optional<std::pair<FrameIndex, std::uint64_t>> OldIndex(const Output& output) {
  const std::uint64_t size = output.offset();
  std::string bytes;
  FrameHead head;
  const auto is_frame = [&](FrameType type) {
    return ReadFrameHead(bytes, head) && head.type == static_cast<std::uint8_t>(type) &&
           head.payload_bytes == bytes.size() - kFrameHeadBytes &&
           ChecksumOf(std::string_view(bytes).substr(kFrameHeadBytes)) == head.payload_crc;
  };
  if (size < kMagic.size() + kTrailerBytes || !output.ReadAt(size - kTrailerBytes, kTrailerBytes, bytes)) return {};
  if (!is_frame(FrameType::kTrailer)) return {};
  const std::uint64_t offset = Get64(bytes.data() + kFrameHeadBytes);
  const std::uint64_t end = size - kTrailerBytes;
  if (offset < kMagic.size() || offset > end - kFrameHeadBytes) return {};
  if (!output.ReadAt(offset, end - offset, bytes) || !is_frame(FrameType::kIndex)) return {};
  FrameIndex index;
  if (!ReadIndex(std::string_view(bytes).substr(kFrameHeadBytes), index)) return {};
  return std::pair(std::move(index), offset);
}

}  // namespace

class TraceWriter::Impl {
 public:
  Impl(Output output, const Header& header, const WriterOptions& options)
      : output_(std::move(output)),
        node_(header.node),
        incarnation_(header.incarnation),
        options_(options),
        sequence_(options.append || options.any_first_seq) {
    if (options.format != Format::kKtrace) return;
    if (options.compression == Compression::kZstd) block_.emplace(options.compression_level);
    if (options.index_interval != 0) index_.emplace(options.index_interval);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    Status ignored = Close();  // a destructor has nobody to tell
    (void)ignored;
  }

  void AppendHeader(const Header& header) {
    std::string& out = output_.buffer();
    if (options_.format == Format::kJsonLines) {
      AppendJson(header, out);
      out += '\n';
      return;
    }
    out += kMagic;
    AppendFrame(FrameType::kHeader, EncodeHeader(header), out);
  }

  // Cuts off the old index, which the next Close writes anew; a file without one gets none,
  // since nobody counted its events.
  Status GoOnBehind() {
    if (!index_) return Status();
    index_.reset();
    auto old = OldIndex(output_);
    if (!old) return Status();
    index_.emplace(options_.index_interval, std::move(old->first));
    return output_.CutAt(old->second);
  }

  Status Append(const Event& event) {
    if (!output_.is_open()) {
      return output_.WriteError("nothing can be written behind a close or a failed write", EBADF);
    }
    Status writable = CheckWritable(event);
    if (!writable.ok()) return Located(writable.TakeError());
    if (!node_.empty() && (event.id.node != node_ || event.id.incarnation != incarnation_)) {
      return Located({.kind = ErrorKind::kUnwritable,
                      .message = "an event of another node or incarnation than the file's header states",
                      .found = ToText(event.id),
                      .expected = node_ + "/" + std::to_string(incarnation_)});
    }
    return block_ ? AppendToBlock(event) : AppendAlone(event);
  }

  Status Flush() {
    Status blocked = WriteBlock();
    return blocked.ok() ? output_.Flush() : std::move(blocked);
  }

  Status Close() {
    if (!output_.is_open()) return Status();
    Status blocked = WriteBlock();
    if (!blocked.ok()) return blocked;
    if (index_) AppendIndexFrames();
    return output_.Close();
  }

 private:
  Status AppendAlone(const Event& event) {
    std::string& out = output_.buffer();
    const std::size_t start = out.size();
    const std::uint64_t offset = output_.offset();
    if (options_.format == Format::kJsonLines) {
      AppendJson(event, out);
      out += '\n';
    } else {
      AppendFrameHead(out);
      AppendEvent(event, out);
      CompleteFrame(FrameType::kEvent, start, out);
    }
    Status accepted = Accept(event, out.size() - start);
    if (!accepted.ok()) {
      out.resize(start);
      return accepted;
    }
    if (index_) index_->Add(event.id, offset, true);
    return output_.FlushIfFull();
  }

  Status AppendToBlock(const Event& event) {
    std::string& out = block_->BeginEvent();
    const std::size_t start = out.size();
    AppendEvent(event, out);
    Status accepted = Accept(event, out.size() - start);
    if (!accepted.ok()) {
      block_->CancelEvent();
      return accepted;
    }
    block_->EndEvent();
    if (index_) index_->Add(event.id, output_.offset(), block_->event_count() == 1);
    if (block_->size_bytes() < options_.block_bytes) return Status();
    Status blocked = WriteBlock();
    return blocked.ok() ? output_.FlushIfFull() : std::move(blocked);
  }

  Status Accept(const Event& event, std::size_t size) {
    if (size > options_.event_bytes_max) {
      return Located({.kind = ErrorKind::kUnwritable,
                      .message = "event " + ToText(event.id) + " is longer than " +
                                 std::to_string(options_.event_bytes_max) + " bytes, the limit event_bytes_max",
                      .found = std::to_string(size) + " bytes"});
    }
    Status accepted = sequence_.Accept(event.id, event.kind);
    return accepted.ok() ? Status() : Located(accepted.TakeError());
  }

  Status WriteBlock() {
    if (!block_ || block_->event_count() == 0) return Status();
    std::string& out = output_.buffer();
    const std::size_t start = out.size();
    AppendFrameHead(out);
    if (!block_->AppendTo(out)) {
      out.resize(start);
      return output_.WriteError("a block of events cannot be compressed", ENOMEM);
    }
    CompleteFrame(FrameType::kBlock, start, out);
    return Status();
  }

  void AppendIndexFrames() {
    const std::uint64_t offset = output_.offset();
    std::string& out = output_.buffer();
    const std::size_t start = out.size();
    AppendFrameHead(out);
    AppendIndex(index_->Finish(offset), out);
    CompleteFrame(FrameType::kIndex, start, out, kFlagSkippable);
    std::string payload;
    Append64(offset, payload);
    AppendFrame(FrameType::kTrailer, payload, out, kFlagSkippable);
  }

  Error Located(Error error) const {
    error.place.file = output_.path();
    return error;
  }

  Output output_;
  std::string node_;
  std::uint64_t incarnation_;
  WriterOptions options_;
  SequenceCheck sequence_;
  std::optional<BlockBuilder> block_;
  std::optional<IndexBuilder> index_;
};

TraceWriter::TraceWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceWriter::TraceWriter(TraceWriter&&) noexcept = default;
TraceWriter& TraceWriter::operator=(TraceWriter&&) noexcept = default;
TraceWriter::~TraceWriter() = default;

Result<TraceWriter> TraceWriter::Create(const std::string& path, const Header& header, const WriterOptions& options) {
  Status writable = CheckWritable(header);
  if (!writable.ok()) {
    Error error = writable.TakeError();
    error.place.file = path;
    return error;
  }
  Result<Output> output = Output::Open(path, options.buffer_bytes, options.append);
  if (!output.ok()) return output.TakeError();
  auto impl = std::make_unique<Impl>(std::move(*output), header, options);
  if (options.append) {
    Status behind = impl->GoOnBehind();
    if (!behind.ok()) return behind.TakeError();
  } else {
    impl->AppendHeader(header);
  }
  return TraceWriter(std::move(impl));
}

Status TraceWriter::Append(const Event& event) { return impl_->Append(event); }
Status TraceWriter::Flush() { return impl_->Flush(); }
Status TraceWriter::Close() { return impl_->Close(); }

Format FormatOfName(const std::string& path) {
  if (path.ends_with(".itf.json") || path.ends_with(".itf")) return Format::kItf;
  return path.ends_with(".ktrace") ? Format::kKtrace : Format::kJsonLines;
}

}  // namespace kelpie::trace::file
