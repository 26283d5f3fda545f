#include "trace/file/line_source.h"

#include <cstring>
#include <utility>

namespace kelpie::trace::file {

namespace {

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

Place LineSource::PlaceOf(std::uint64_t column, std::uint64_t offset) const {
  return {.file = input_.path(), .line = line_number_, .column = column, .offset = offset};
}

Status LineSource::Start() {
  Result<bool> found = FindLine();
  if (!found.ok()) return found.TakeError();
  if (!*found) return Status();
  JsonFailure failure;
  if (!ReadJsonLine(text_, line_options_, line_, failure)) {
    Result<bool> torn = Refuse(std::move(failure));
    return torn.ok() ? Status() : torn.TakeError();
  }
  if (!line_.is_header) {
    is_first_pending_ = true;
    return Status();
  }
  header_ = std::move(line_.header);
  has_header_ = true;
  ConsumeLine();
  Result<std::uint64_t> minor = MinorVersionOf(header_.format);
  if (!minor.ok()) {
    Error error = minor.TakeError();
    error.place = PlaceOf(0, line_offset_);
    return error;
  }
  line_options_.skip_unknown = *minor > 0;
  return Status();
}

Result<bool> LineSource::Next(LocatedEvent& out, LeftOut& left_out) {
  if (ended_) return false;
  if (!is_first_pending_) {
    Result<bool> found = FindLine();
    if (!found.ok() || !*found) return found;
    std::swap(line_.event, out.event);  // for its memory
    JsonFailure failure;
    if (!ReadJsonLine(text_, line_options_, line_, failure)) return Refuse(std::move(failure));
    if (line_.is_header) {
      return Error{.kind = ErrorKind::kMisplacedHeader,
                   .place = PlaceOf(1, line_offset_),
                   .message = "a header behind the first line; a file has one, and it comes first"};
    }
  }
  is_first_pending_ = false;
  std::swap(line_.event, out.event);
  out.offset = line_offset_;
  out.line = line_number_;
  left_out = {.node = !line_.has_node, .incarnation = !line_.has_incarnation, .seq = !line_.has_seq};
  ConsumeLine();
  return true;
}

Result<Resumed> LineSource::Resume() {
  ConsumeLine();
  return Resumed{.begin = line_offset_, .end = input_.offset(), .may_hold_events = !line_.is_header};
}

void LineSource::ConsumeLine() {
  if (!is_terminated_) ended_ = true;
  input_.Consume(line_bytes_);
}

Result<bool> LineSource::FindLine() {
  while (true) {
    std::size_t size = 0;
    Result<bool> found = FindLineEnd(size);
    if (!found.ok()) return found;
    is_terminated_ = *found;
    line_offset_ = input_.offset();
    line_bytes_ = size + (is_terminated_ ? 1 : 0);
    ++line_number_;
    text_ = input_.data().substr(0, size);
    if (!is_terminated_) {
      // Space that the file system had set aside and the writer did not reach.
      const std::size_t last = text_.find_last_not_of('\0');
      if (last == std::string_view::npos && !text_.empty()) torn_offset_ = line_offset_;
      text_ = text_.substr(0, last == std::string_view::npos ? 0 : last + 1);
    }
    if (!IsBlank(text_)) return true;
    ConsumeLine();
    if (!is_terminated_) return false;
  }
}

// Bytes up to the next line feed, or up to the end of the file (false).
Result<bool> LineSource::FindLineEnd(std::size_t& size) {
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

Result<bool> LineSource::Refuse(JsonFailure failure) {
  if (failure.at_end && !is_terminated_) {
    torn_offset_ = line_offset_;
    ended_ = true;
    return false;
  }
  Error error{.kind = failure.kind,
              .place = PlaceOf(ColumnOf(text_, failure.position), line_offset_ + failure.position),
              .message = std::move(failure.message),
              .found = std::move(failure.found),
              .expected = std::move(failure.expected),
              .hint = std::move(failure.hint)};
  if (failure.at_end && line_number_ == 1) {
    error.hint = "JSON lines have one whole object a line; this looks like JSON spread over several";
  }
  return error;
}

}  // namespace kelpie::trace::file
