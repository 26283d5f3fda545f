#include "trace/cli/trace_output.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace kelpie::trace::cli {

namespace fs = std::filesystem;

file::Format FormatOf(const WriteOptions& options, const std::string& path) {
  if (options.format == "ktrace") return file::Format::kKtrace;
  if (options.format == "jsonl") return file::Format::kJsonLines;
  if (options.format == "itf") return file::Format::kItf;
  return file::FormatOfName(path);
}

Result<TraceOutput> TraceOutput::Create(const WriteOptions& options, const std::string& path, const Header& header,
                                        const std::set<std::string>& variables) {
  TraceOutput output;
  output.path_ = path;
  const std::string target = path == "-" ? path : path + ".partial";
  const file::Format format = FormatOf(options, path);
  const auto at_path = [&path](Error error) {
    error.place.file = path;
    return error;
  };
  if (format == file::Format::kItf) {
    Result<file::ItfWriter> itf = file::ItfWriter::Create(target, header, variables);
    if (!itf.ok()) return at_path(itf.TakeError());
    output.itf_ = std::move(*itf);
  } else {
    file::WriterOptions writer_options{.format = format, .any_first_seq = true};
    if (options.zstd) writer_options.compression = file::Compression::kZstd;
    writer_options.compression_level = options.zstd_level;
    writer_options.block_bytes = options.block_bytes;
    writer_options.index_interval = options.index_interval;
    Result<file::TraceWriter> writer = file::TraceWriter::Create(target, header, writer_options);
    if (!writer.ok()) return at_path(writer.TakeError());
    output.writer_ = std::move(*writer);
  }
  if (path != "-") output.partial_path_ = target;
  return output;
}

TraceOutput::TraceOutput(TraceOutput&& other) noexcept
    : path_(std::move(other.path_)),
      partial_path_(std::exchange(other.partial_path_, {})),
      writer_(std::exchange(other.writer_, std::nullopt)),
      itf_(std::exchange(other.itf_, std::nullopt)) {}

TraceOutput::~TraceOutput() {
  writer_.reset();
  itf_.reset();
  if (partial_path_.empty()) return;
  std::error_code ignored;
  fs::remove(partial_path_, ignored);
}

Status TraceOutput::Append(const Event& event) { return itf_ ? itf_->Append(event) : writer_->Append(event); }

Status TraceOutput::Commit() {
  Status closed = itf_ ? itf_->Close() : writer_->Close();
  if (!closed.ok() || partial_path_.empty()) return closed;
  std::error_code error;
  fs::rename(partial_path_, path_, error);
  if (error) {
    return Error{.kind = ErrorKind::kCannotWrite,
                 .place = {.file = path_},
                 .message = "the finished file cannot be given its name",
                 .found = error.message()};
  }
  partial_path_.clear();
  return Status();
}

}  // namespace kelpie::trace::cli
