#include "trace/order/lanes.h"

#include <algorithm>
#include <utility>

#include "trace/file/run.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::order {

namespace {

Lanes::Position PositionOf(const EventId& id) { return {id.incarnation, id.seq}; }

Place PlaceOf(const file::LocatedEvent& event) {
  return {.file = event.file, .line = event.line, .column = 0, .offset = event.offset};
}

std::string WhereIs(const file::LocatedEvent& event) {
  return event.file +
         (event.line != 0 ? " line " + std::to_string(event.line) : " byte " + std::to_string(event.offset));
}

}  // namespace

Result<Lanes> Lanes::Open(const std::vector<std::string>& paths, const LaneOptions& options) {
  Lanes lanes(options);
  for (const std::string& path : paths) {
    Result<std::vector<std::string>> files = file::OpenRun(path);
    if (!files.ok()) return files.TakeError();
    for (const std::string& name : *files) {
      Status added = lanes.AddFile(name);
      if (!added.ok()) return added.TakeError();
    }
  }
  if (lanes.sources_.empty()) {
    return Error{
        .kind = ErrorKind::kEmptyRun, .message = "no trace is named", .expected = "at least one file or directory"};
  }
  Status sorted = lanes.SortOwnFiles();
  if (!sorted.ok()) return sorted.TakeError();
  return lanes;
}

Status Lanes::AddFile(const std::string& path) {
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options_.reader);
  if (!reader.ok()) return reader.TakeError();
  const std::size_t index = sources_.size();
  facts_.push_back({.path = path, .header = reader->header(), .has_header = reader->has_header()});
  Source& source = sources_.emplace_back();
  const std::string& node = facts_.back().header.node;
  source.is_shared = node.empty();
  if (source.is_shared) {
    source.reader = std::move(*reader);
    unread_shared_.push_back(index);
    return Status();
  }
  // The usual few files stay open. A run of very many incarnations would use up buffers and
  // descriptors, so the rest are opened again in their turn; standard input cannot be.
  constexpr std::size_t kKeptOpen = 64;
  if (path == "-" || index < kKeptOpen) source.reader = std::move(*reader);
  lanes_[LaneOf(node)].own_files.push_back(index);
  return Status();
}

Status Lanes::SortOwnFiles() {
  for (Lane& lane : lanes_) {
    const auto incarnation_of = [this](std::size_t file) { return facts_[file].header.incarnation; };
    std::stable_sort(lane.own_files.begin(), lane.own_files.end(),
                     [&](std::size_t a, std::size_t b) { return incarnation_of(a) < incarnation_of(b); });
    const auto twice =
        std::adjacent_find(lane.own_files.begin(), lane.own_files.end(),
                           [&](std::size_t a, std::size_t b) { return incarnation_of(a) == incarnation_of(b); });
    if (twice == lane.own_files.end()) continue;
    return Error{.kind = ErrorKind::kRepeatedEvent,
                 .place = {.file = facts_[*(twice + 1)].path},
                 .message = "two files are of the same node and incarnation",
                 .found = lane.node + "/" + std::to_string(incarnation_of(*twice)) + ", also in " + facts_[*twice].path,
                 .expected = "one file for each node and incarnation"};
  }
  return Status();
}

std::size_t Lanes::LaneOf(const std::string& node) {
  const auto [entry, is_new] = lane_by_node_.try_emplace(node, lanes_.size());
  if (is_new) lanes_.emplace_back().node = node;
  return entry->second;
}

std::optional<std::size_t> Lanes::Find(const std::string& node) const {
  const auto entry = lane_by_node_.find(node);
  if (entry == lane_by_node_.end()) return std::nullopt;
  return entry->second;
}

const file::LocatedEvent* Lanes::Head(std::size_t lane) const {
  return lanes_[lane].buffer.empty() ? nullptr : &lanes_[lane].buffer.front();
}

file::LocatedEvent Lanes::TakeSpare() {
  if (spares_.empty()) return {};
  file::LocatedEvent spare = std::move(spares_.back());
  spares_.pop_back();
  return spare;
}

void Lanes::Pop(std::size_t lane_index, file::LocatedEvent& out) {
  constexpr std::size_t kSparesMax = 64;
  Lane& lane = lanes_[lane_index];
  if (spares_.size() < kSparesMax) spares_.push_back(std::move(out));
  out = std::move(lane.buffer.front());
  lane.buffer.pop_front();
  --sources_[lane.buffer_files.front()].buffered;
  lane.buffer_files.pop_front();
  --buffered_;
  const EventId& id = out.event.id;
  if (lane.popped.empty() || lane.done.first != id.incarnation) {
    lane.popped[id.incarnation] = {id.seq, id.seq};
  } else {
    lane.popped.rbegin()->second.second = id.seq;
  }
  lane.done = PositionOf(id);
}

bool Lanes::WasPopped(std::size_t lane, Position position) const {
  const auto entry = lanes_[lane].popped.find(position.first);
  if (entry == lanes_[lane].popped.end()) return false;
  return position.second >= entry->second.first && position.second <= entry->second.second;
}

bool Lanes::CanRead(std::size_t lane) const { return lanes_[lane].own_index < lanes_[lane].own_files.size(); }

Result<bool> Lanes::NextOf(std::size_t file, file::LocatedEvent& out) {
  Source& source = sources_[file];
  FileFacts& facts = facts_[file];
  if (!source.reader) {
    Result<file::TraceReader> reader = file::TraceReader::Open(facts.path, options_.reader);
    if (!reader.ok()) return reader.TakeError();
    source.reader = std::move(*reader);
  }
  Result<bool> next = source.reader->Next(out);
  if (!next.ok()) return next;
  if (*next) {
    facts.event_count = source.reader->event_count();
    return next;
  }
  facts.is_read_to_end = true;
  facts.torn_tail = source.reader->torn_tail();
  facts.torn_offset = source.reader->torn_offset();
  facts.damage = source.reader->damage();
  facts.damage_count = source.reader->damage_count();
  facts.dropped_bytes = source.reader->dropped_bytes();
  source.reader.reset();
  return next;
}

Result<bool> Lanes::Read(std::size_t lane) {
  while (CanRead(lane)) {
    const std::size_t file = lanes_[lane].own_files[lanes_[lane].own_index];
    file::LocatedEvent event = TakeSpare();
    Result<bool> next = NextOf(file, event);
    if (!next.ok()) return next;
    if (!*next) {
      ++lanes_[lane].own_index;
      continue;
    }
    Status buffered = Buffer(lane, file, std::move(event));
    if (!buffered.ok()) return buffered.TakeError();
    return true;
  }
  return false;
}

Status Lanes::FillHeads() {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!lanes_[lane].buffer.empty() || !CanRead(lane)) continue;
    Result<bool> read = Read(lane);
    if (!read.ok()) return read.TakeError();
  }
  return Status();
}

Status Lanes::ReadShared(std::size_t file) {
  file::LocatedEvent event = TakeSpare();
  Result<bool> next = NextOf(file, event);
  if (!next.ok()) return next.TakeError();
  if (!*next) {
    unread_shared_.erase(std::find(unread_shared_.begin(), unread_shared_.end(), file));
    return Status();
  }
  const std::string& node = event.event.id.node;
  Source& source = sources_[file];
  if (source.read_count == 0) source.is_nodeless = node.empty();
  if (source.is_nodeless != node.empty()) {
    return Error{
        .kind = ErrorKind::kMixedForms,
        .place = PlaceOf(event),
        .message = "of the events of one file, all name their node or none does",
        .found = node.empty() ? "no node" : "node " + node,
        .expected = source.is_nodeless ? "no node, as in the events before" : "a node, as in the events before"};
  }
  NarrowCommon(source, event.event);
  ++source.read_count;
  const std::size_t lane = LaneOf(node);
  return Buffer(lane, file, std::move(event));
}

void Lanes::NarrowCommon(Source& source, const Event& event) {
  if (source.read_count == 0) {
    for (const auto& [object, version] : event.versions) source.common.push_back(object);
    return;
  }
  if (source.common.empty()) return;
  std::erase_if(source.common, [&event](const std::string& object) { return !event.versions.contains(object); });
}

Status Lanes::Buffer(std::size_t lane_index, std::size_t file, file::LocatedEvent event) {
  Lane& lane = lanes_[lane_index];
  const Position position = PositionOf(event.event.id);
  // Nearly always the end; files of one lane that overlap in time meet in the middle.
  std::size_t at = lane.buffer.size();
  while (at > 0 && position <= PositionOf(lane.buffer[at - 1].event.id)) --at;
  const bool is_buffered = at < lane.buffer.size() && PositionOf(lane.buffer[at].event.id) == position;
  if (is_buffered || position <= lane.done) {
    return Error{.kind = ErrorKind::kRepeatedEvent,
                 .place = PlaceOf(event),
                 .message = is_buffered ? "an event is recorded twice"
                                        : "an event is recorded twice, or after a later one of its node",
                 .found = ToText(event.event.id) + (is_buffered ? ", also at " + WhereIs(lane.buffer[at]) : ""),
                 .expected = "each node's events once, by incarnation and seq"};
  }
  if (buffered_ >= options_.buffered_events_max) {
    return Error{.kind = ErrorKind::kTooManyBuffered,
                 .place = PlaceOf(event),
                 .message = "more than " + std::to_string(options_.buffered_events_max) +
                            " events had to be read ahead to order the trace, the limit buffered_events_max",
                 .expected = "causes and versions that follow the order of recording more closely",
                 .hint = "raise the limit, or merge the trace into one file first"};
  }
  ++buffered_;
  ++sources_[file].buffered;
  if (on_read_) on_read_(event.event);
  lane.buffer.insert(lane.buffer.begin() + static_cast<std::ptrdiff_t>(at), std::move(event));
  lane.buffer_files.insert(lane.buffer_files.begin() + static_cast<std::ptrdiff_t>(at), file);
  return Status();
}

}  // namespace kelpie::trace::order
