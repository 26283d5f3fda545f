#include <charconv>
#include <ostream>
#include <utility>

#include "trace/cli/commands.h"
#include "trace/file/json_write.h"
#include "trace/file/run.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::cli {

namespace {

bool ParseNumber(std::string_view text, std::uint64_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

// Which events are shown: those from a first to a last one, both included.
class Range {
 public:
  [[nodiscard]] static Result<Range> Parse(const ReadOptions& options) {
    Range range;
    for (const auto& [text, position] : {std::pair(&options.from, &range.from_), std::pair(&options.to, &range.to_)}) {
      if (text->empty()) continue;
      Result<file::Position> parsed = ParsePosition(*text);
      if (!parsed.ok()) return parsed.TakeError();
      *position = std::move(*parsed);
    }
    return range;
  }

  [[nodiscard]] const std::optional<file::Position>& from() const { return from_; }
  [[nodiscard]] bool has_offsets() const {
    return (from_ && from_->kind == file::Position::Kind::kOffset) ||
           (to_ && to_->kind == file::Position::Kind::kOffset);
  }

  // Whether the event, the number-th of its file or run, is shown.
  bool Shows(const file::LocatedEvent& event, std::uint64_t number) {
    has_begun_ = has_begun_ || !from_ || Reaches(*from_, event, number);
    if (!has_begun_) return false;
    if (!to_) return true;
    if (to_->kind == file::Position::Kind::kNumber && number > to_->number) return false;
    if (to_->kind == file::Position::Kind::kOffset && event.offset > to_->number) return false;
    return true;
  }
  // Whether nothing behind the event is shown.
  bool EndsWith(const file::LocatedEvent& event, std::uint64_t number) {
    if (!to_ || !Reaches(*to_, event, number)) return false;
    // Of the events of a block all begin at the same byte.
    has_ended_ = to_->kind != file::Position::Kind::kOffset || event.offset > to_->number;
    return has_ended_;
  }

  // Once all was read: the end of the range that was not met by any event.
  Status CheckMet(const ReadOptions& options) const {
    const bool has_begun = has_begun_ || !from_;
    const bool needs_end = to_ && to_->kind == file::Position::Kind::kId;
    if (has_begun && (!needs_end || has_ended_)) return Status();
    return Error{.kind = ErrorKind::kNoSuchEvent,
                 .message = "the trace has no such event",
                 .found = has_begun ? options.to : options.from,
                 .hint = "`kelpie trace stats` shows the nodes and how many events they have"};
  }

 private:
  static bool Reaches(const file::Position& position, const file::LocatedEvent& event, std::uint64_t number) {
    switch (position.kind) {
      case file::Position::Kind::kNumber: return number >= position.number;
      case file::Position::Kind::kId: return event.event.id == position.id;
      case file::Position::Kind::kOffset: return event.offset >= position.number;
    }
    return false;
  }

  std::optional<file::Position> from_;
  std::optional<file::Position> to_;
  bool has_begun_ = false;
  bool has_ended_ = false;
};

class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}
  template <typename T>
  void Print(const T& thing) {
    line_.clear();
    file::AppendJson(thing, line_);
    line_ += '\n';
    out_ << line_;
  }

 private:
  std::ostream& out_;
  std::string line_;
};

// Events of one file in its own order, from a place that its index finds.
Status CatFile(const std::string& path, const ReadOptions& options, bool with_header, Range& range, Printer& printer,
               std::ostream& err) {
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options.merge.lanes.reader);
  if (!reader.ok()) return reader.TakeError();
  if (with_header && reader->has_header()) printer.Print(reader->header());
  if (range.from()) {
    Result<bool> there = reader->Seek(*range.from());
    if (!there.ok()) return there.TakeError();
  }
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    if (!more.ok()) return more.TakeError();
    if (!*more) break;
    if (range.Shows(event, reader->event_count())) printer.Print(event.event);
    if (range.EndsWith(event, reader->event_count())) break;
  }
  ReportDamage({{.path = path,
                 .torn_tail = reader->torn_tail(),
                 .torn_offset = reader->torn_offset(),
                 .damage = reader->damage(),
                 .damage_count = reader->damage_count(),
                 .dropped_bytes = reader->dropped_bytes()}},
               err);
  return Status();
}

Status CatFiles(const std::vector<std::string>& files, const ReadOptions& options, bool with_header, Range& range,
                std::ostream& out, std::ostream& err) {
  Printer printer(out);
  for (const std::string& path : files) {
    Status done = CatFile(path, options, with_header, range, printer, err);
    if (!done.ok()) return done;
  }
  return range.CheckMet(options);
}

bool AnyHeader(const std::vector<order::FileFacts>& files) {
  for (const order::FileFacts& file : files) {
    if (file.has_header) return true;
  }
  return false;
}

Status CatMerged(const ReadOptions& options, Range& range, std::ostream& out, std::ostream& err) {
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, options.merge);
  if (!trace.ok()) return trace.TakeError();
  Printer printer(out);
  if (options.with_header && AnyHeader(trace->files())) printer.Print(trace->header());
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = trace->Next(event);
    if (!more.ok()) return more.TakeError();
    if (!*more) break;
    if (range.Shows(event, trace->event_count())) printer.Print(event.event);
    if (range.EndsWith(event, trace->event_count())) break;
  }
  ReportDamage(trace->files(), err);
  return range.CheckMet(options);
}

Status CatAll(const ReadOptions& options, std::ostream& out, std::ostream& err) {
  Result<Range> range = Range::Parse(options);
  if (!range.ok()) return range.TakeError();
  std::vector<std::string> files;
  for (const std::string& path : options.paths) {
    Result<std::vector<std::string>> found = file::OpenRun(path);
    if (!found.ok()) return found.TakeError();
    files.insert(files.end(), found->begin(), found->end());
  }
  const bool has_range = !options.from.empty() || !options.to.empty();
  if (range->has_offsets() && files.size() != 1) {
    return Error{.kind = ErrorKind::kNoSuchEvent,
                 .message = "a byte says where to begin or to end in one file, and there are several",
                 .found = std::to_string(files.size()) + " files"};
  }
  if (options.by_file) return CatFiles(files, options, false, *range, out, err);
  if (has_range && files.size() == 1) {
    // A file of one node is in canonical order as it is, and need not be read from its beginning.
    Result<file::TraceReader> reader = file::TraceReader::Open(files[0], options.merge.lanes.reader);
    if (!reader.ok()) return reader.TakeError();
    const bool is_in_order = files[0] != "-" && !reader->header().node.empty();
    if (is_in_order || range->has_offsets()) return CatFiles(files, options, options.with_header, *range, out, err);
  }
  return CatMerged(options, *range, out, err);
}

}  // namespace

Result<file::Position> ParsePosition(const std::string& text) {
  file::Position position;
  const std::size_t seq_at = text.rfind('/');
  const std::size_t incarnation_at = seq_at == std::string::npos || seq_at == 0 ? seq_at : text.rfind('/', seq_at - 1);
  if (text.starts_with('@')) {
    position.kind = file::Position::Kind::kOffset;
    if (ParseNumber(std::string_view(text).substr(1), position.number)) return position;
  } else if (incarnation_at != std::string::npos && incarnation_at != seq_at) {
    position.kind = file::Position::Kind::kId;
    position.id.node = text.substr(0, incarnation_at);
    const std::string_view incarnation = std::string_view(text).substr(incarnation_at + 1, seq_at - incarnation_at - 1);
    const std::string_view seq = std::string_view(text).substr(seq_at + 1);
    if (ParseNumber(incarnation, position.id.incarnation) && ParseNumber(seq, position.id.seq)) return position;
  } else if (ParseNumber(text, position.number) && position.number != 0) {
    return position;
  }
  return Error{.kind = ErrorKind::kNoSuchEvent,
               .message = "a place in a trace that cannot be read",
               .found = "\"" + text + "\"",
               .expected = "the number of an event from 1, an id as n1/1/7, or a byte as @4711"};
}

int Cat(const ReadOptions& options, std::ostream& out, std::ostream& err) {
  const Status status = CatAll(options, out, err);
  if (status.ok()) return kExitOk;
  err << status.error().Render();
  return kExitBadInput;
}

}  // namespace kelpie::trace::cli
