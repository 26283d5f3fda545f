#include "trace/file/trace_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "trace/file/frame.h"
#include "trace/file/json_write.h"
#include "trace/file/sequence_check.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {

class TraceWriter::Impl {
 public:
  Impl(std::string path, int descriptor, const Header& header, const WriterOptions& options)
      : path_(std::move(path)),
        descriptor_(descriptor),
        node_(header.node),
        incarnation_(header.incarnation),
        options_(options),
        sequence_(options.append || options.any_first_seq) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    Status ignored = Close();  // a destructor has nobody to tell
    (void)ignored;
  }

  void AppendHeader(const Header& header) {
    if (options_.format == Format::kJsonLines) {
      AppendJson(header, buffer_);
      buffer_ += '\n';
      return;
    }
    buffer_ += kMagic;
    AppendFrame(FrameType::kHeader, EncodeHeader(header), buffer_);
  }

  Status Append(const Event& event) {
    if (descriptor_ < 0) return WriteError("nothing can be written behind a close or a failed write", EBADF);
    Status writable = CheckWritable(event);
    if (!writable.ok()) return Located(writable.TakeError());
    if (!node_.empty() && (event.id.node != node_ || event.id.incarnation != incarnation_)) {
      return Located({.kind = ErrorKind::kUnwritable,
                      .message = "an event of another node or incarnation than the file's header states",
                      .found = ToText(event.id),
                      .expected = node_ + "/" + std::to_string(incarnation_)});
    }
    const std::size_t start = buffer_.size();
    Encode(event);
    const std::size_t size = buffer_.size() - start;
    Status accepted = size > options_.event_bytes_max ? TooLong(event, size) : sequence_.Accept(event.id);
    if (!accepted.ok()) {
      buffer_.resize(start);
      return Located(accepted.TakeError());
    }
    return buffer_.size() > options_.buffer_bytes ? Flush() : Status();
  }

  Status Flush() {
    std::size_t done = 0;
    while (done < buffer_.size()) {
      const ssize_t wrote = write(descriptor_, buffer_.data() + done, buffer_.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) {
        const int reason = errno;
        // Half a frame may be there; one more behind it would be damage in the middle.
        close(std::exchange(descriptor_, -1));
        buffer_.clear();
        return WriteError("the trace cannot be written", reason);
      }
      done += static_cast<std::size_t>(wrote);
    }
    buffer_.clear();
    return Status();
  }

  Status Close() {
    if (descriptor_ < 0) return Status();
    Status flushed = Flush();
    if (!flushed.ok()) return flushed;
    if (close(std::exchange(descriptor_, -1)) != 0) return WriteError("the trace cannot be closed", errno);
    return Status();
  }

 private:
  void Encode(const Event& event) {
    if (options_.format == Format::kJsonLines) {
      AppendJson(event, buffer_);
      buffer_ += '\n';
      return;
    }
    const std::size_t start = buffer_.size();
    AppendFrameHead(buffer_);
    AppendEvent(event, buffer_);
    CompleteFrame(FrameType::kEvent, start, buffer_);
  }

  Status TooLong(const Event& event, std::size_t size) {
    return Error{.kind = ErrorKind::kUnwritable,
                 .message = "event " + ToText(event.id) + " is longer than " +
                            std::to_string(options_.event_bytes_max) + " bytes, the limit event_bytes_max",
                 .found = std::to_string(size) + " bytes"};
  }

  Error Located(Error error) {
    error.place.file = path_;
    return error;
  }

  Error WriteError(std::string message, int reason) {
    return {.kind = ErrorKind::kCannotWrite,
            .place = {.file = path_},
            .message = std::move(message),
            .found = std::generic_category().message(reason)};
  }

  std::string path_;
  int descriptor_;
  std::string node_;
  std::uint64_t incarnation_;
  WriterOptions options_;
  SequenceCheck sequence_;
  std::string buffer_;
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
  constexpr mode_t kMode = 0666;
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (options.append ? O_APPEND : O_TRUNC);
  const int descriptor = path == "-" ? dup(STDOUT_FILENO) : open(path.c_str(), flags, kMode);
  if (descriptor < 0) {
    return Error{.kind = ErrorKind::kCannotOpen,
                 .place = {.file = path},
                 .message = "the trace cannot be created",
                 .found = std::generic_category().message(errno)};
  }
  auto impl = std::make_unique<Impl>(path, descriptor, header, options);
  if (!options.append) impl->AppendHeader(header);
  return TraceWriter(std::move(impl));
}

Status TraceWriter::Append(const Event& event) { return impl_->Append(event); }
Status TraceWriter::Flush() { return impl_->Flush(); }
Status TraceWriter::Close() { return impl_->Close(); }

Format FormatOfName(const std::string& path) {
  return path.ends_with(".ktrace") ? Format::kKtrace : Format::kJsonLines;
}

}  // namespace kelpie::trace::file
