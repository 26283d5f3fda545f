#include "trace/record/recorder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "trace/file/run.h"
#include "trace/file/trace_writer.h"

namespace kelpie::trace::record {

namespace fs = std::filesystem;

namespace {

// Named as FileNameOf names: something, a number, and the format.
bool IsRunFile(const fs::path& path) {
  const std::string incarnation = path.stem().extension().string();
  return incarnation.size() > 1 && incarnation.find_first_not_of("0123456789", 1) == std::string::npos;
}

}  // namespace

class Recorder::Impl {
 public:
  explicit Impl(const RecorderOptions& options) : options_(options) {}

  Status MakeEmptyDirectory() {
    std::error_code error;
    fs::create_directories(options_.directory, error);
    if (error) return DirectoryError("the directory of the run cannot be made", error);
    Result<std::vector<std::string>> older = file::OpenRun(options_.directory);
    if (!older.ok()) {
      return older.error().kind == ErrorKind::kEmptyRun ? Status() : Status(older.TakeError());
    }
    for (const std::string& path : *older) {
      if (!IsRunFile(path)) {
        return Error{.kind = ErrorKind::kCannotWrite,
                     .place = {.file = path},
                     .message = "the directory of the run holds a trace that no recorder named, and would mix with it",
                     .expected = "an empty directory or an older run",
                     .hint = "choose another directory, or remove the file"};
      }
      if (!fs::remove(path, error)) return DirectoryError("an older trace cannot be removed", error);
    }
    return Status();
  }

  Result<EventId> Record(Event event) {
    Stream& stream = streams_[{event.id.node, event.id.incarnation}];
    event.id.seq = stream.last_seq + 1;
    if (!stream.writer) {
      Status opened = OpenStream(event.id, stream);
      if (!opened.ok()) return opened.TakeError();
    }
    stream.used = ++clock_;
    Status written = stream.writer->Append(event);
    if (!written.ok()) return written.TakeError();
    ++stream.last_seq;
    return std::move(event.id);
  }

  [[nodiscard]] std::uint64_t NextSeq(const std::string& node, std::uint64_t incarnation) const {
    const auto stream = streams_.find({node, incarnation});
    return stream == streams_.end() ? 1 : stream->second.last_seq + 1;
  }

  // Goes on behind a failure, so that one bad file does not cost the others; tells the first.
  template <typename Operation>
  Status ForAll(Operation operation) {
    Status first;
    for (auto& [key, stream] : streams_) {
      if (!stream.writer) continue;
      Status status = operation(stream);
      if (!status.ok() && first.ok()) first = std::move(status);
    }
    return first;
  }

  Status Flush() {
    return ForAll([](Stream& stream) { return stream.writer->Flush(); });
  }

  Status Close() {
    return ForAll([this](Stream& stream) { return CloseStream(stream); });
  }

 private:
  struct Stream {
    std::optional<file::TraceWriter> writer;
    std::uint64_t last_seq = 0;
    std::uint64_t used = 0;   // clock_ at the last event
    bool was_opened = false;  // the file has its header
  };

  Status OpenStream(const EventId& id, Stream& stream) {
    if (open_count_ >= std::max<std::size_t>(options_.open_files_max, 1)) {
      Status closed = CloseIdlest();
      if (!closed.ok()) return closed;
    }
    Header header = options_.header;
    header.node = id.node;
    header.incarnation = id.incarnation;
    const fs::path path = fs::path(options_.directory) / file::FileNameOf(id.node, id.incarnation, options_.json_lines);
    const file::WriterOptions writer_options{
        .format = options_.json_lines ? file::Format::kJsonLines : file::Format::kKtrace, .append = stream.was_opened};
    Result<file::TraceWriter> writer = file::TraceWriter::Create(path.string(), header, writer_options);
    if (!writer.ok()) return writer.TakeError();
    stream.writer = std::move(*writer);
    stream.was_opened = true;
    ++open_count_;
    return Status();
  }

  Status CloseStream(Stream& stream) {
    Status closed = stream.writer->Close();
    stream.writer.reset();
    --open_count_;
    return closed;
  }

  Status CloseIdlest() {
    Stream* idlest = nullptr;
    for (auto& [key, stream] : streams_) {
      if (stream.writer && (idlest == nullptr || stream.used < idlest->used)) idlest = &stream;
    }
    return idlest == nullptr ? Status() : CloseStream(*idlest);
  }

  Error DirectoryError(std::string message, const std::error_code& error) {
    return {.kind = ErrorKind::kCannotWrite,
            .place = {.file = options_.directory},
            .message = std::move(message),
            .found = error.message()};
  }

  RecorderOptions options_;
  std::map<std::pair<std::string, std::uint64_t>, Stream> streams_;
  std::size_t open_count_ = 0;
  std::uint64_t clock_ = 0;
};

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder& Recorder::operator=(Recorder&&) noexcept = default;
Recorder::~Recorder() = default;

Result<Recorder> Recorder::Create(const RecorderOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  Status made = impl->MakeEmptyDirectory();
  if (!made.ok()) return made.TakeError();
  return Recorder(std::move(impl));
}

Result<EventId> Recorder::Record(Event event) { return impl_->Record(std::move(event)); }
std::uint64_t Recorder::NextSeq(const std::string& node, std::uint64_t incarnation) const {
  return impl_->NextSeq(node, incarnation);
}
Status Recorder::Flush() { return impl_->Flush(); }
Status Recorder::Close() { return impl_->Close(); }

}  // namespace kelpie::trace::record
