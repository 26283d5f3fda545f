#include <map>
#include <ostream>
#include <utility>

#include "trace/cli/commands.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::cli {

namespace {

struct Counts {
  std::uint64_t event_count = 0;
  std::optional<EventId> first;
  std::optional<EventId> last;
  std::optional<std::int64_t> hybrid_first;
  std::optional<std::int64_t> hybrid_last;
};

struct Totals {
  Counts all;
  std::map<std::pair<std::string, std::uint64_t>, Counts> nodes;
  std::map<std::string, std::uint64_t> kinds;
  std::map<std::string, std::map<std::string, std::uint64_t>> actions;  // spec -> action
};

void Add(const Event& event, Counts& counts) {
  ++counts.event_count;
  if (!counts.first) counts.first = event.id;
  counts.last = event.id;
  if (!event.hybrid_ns) return;
  if (!counts.hybrid_first || *event.hybrid_ns < *counts.hybrid_first) counts.hybrid_first = event.hybrid_ns;
  if (!counts.hybrid_last || *event.hybrid_ns > *counts.hybrid_last) counts.hybrid_last = event.hybrid_ns;
}

void Add(const Event& event, Totals& totals) {
  Add(event, totals.all);
  Add(event, totals.nodes[{event.id.node, event.id.incarnation}]);
  ++totals.kinds[std::string(NameOf(event.kind))];
  for (const Claim& claim : event.claims) ++totals.actions[claim.spec][claim.action];
}

void JsonId(std::string_view key, const std::optional<EventId>& id, file::JsonBuilder& json) {
  json.Key(key);
  if (!id) {
    json.Null();
    return;
  }
  json.Object().Key("node").Text(id->node).Key("incarnation").Number(id->incarnation).Key("seq").Number(id->seq).End();
}

void JsonTime(std::string_view key, const std::optional<std::int64_t>& time, file::JsonBuilder& json) {
  json.Key(key).Raw(time ? std::to_string(*time) : "null");
}

void JsonCounts(const Counts& counts, file::JsonBuilder& json) {
  json.Key("events").Number(counts.event_count);
  JsonId("first", counts.first, json);
  JsonId("last", counts.last, json);
  JsonTime("hybrid_ns_first", counts.hybrid_first, json);
  JsonTime("hybrid_ns_last", counts.hybrid_last, json);
}

std::string Json(const Totals& totals, const order::MergedTrace& trace) {
  file::JsonBuilder json;
  json.Object().Key("format").Text("kelpie.trace.stats/1").Key("result").Text("ok").Key("exit").Number(kExitOk);
  JsonCounts(totals.all, json);
  json.Key("nodes").Array();
  for (const auto& [key, counts] : totals.nodes) {
    json.Object().Key("node").Text(key.first).Key("incarnation").Number(key.second);
    JsonCounts(counts, json);
    json.End();
  }
  json.End().Key("kinds").Object();
  for (const auto& [kind, count] : totals.kinds) json.Key(kind).Number(count);
  json.End().Key("specs").Object();
  for (const auto& [spec, actions] : totals.actions) {
    json.Key(spec).Object();
    for (const auto& [action, count] : actions) json.Key(action).Number(count);
    json.End();
  }
  json.End().Key("total_order").Boolean(trace.is_total()).Key("unordered_pairs").Number(trace.unordered_pairs());
  json.Key("missing_causes").Number(trace.missing_causes());
  json.Key("header").Raw([&trace] {
    std::string header;
    file::AppendJson(trace.header(), header);
    // {"header":{..}}: the object inside.
    constexpr std::size_t kWrapperBytes = std::string_view("{\"header\":").size();
    return header.substr(kWrapperBytes, header.size() - kWrapperBytes - 1);
  }());
  json.Key("files").Array();
  for (const order::FileFacts& file : trace.files()) {
    json.Object().Key("file").Text(file.path).Key("events").Number(file.event_count).Key("torn_offset");
    json.Raw(file.torn_tail ? std::to_string(file.torn_offset) : "null");
    json.Key("dropped_bytes").Number(file.dropped_bytes).End();
  }
  json.End().Key("error").Null().End();
  return json.text();
}

void Line(std::ostream& out, std::uint64_t count, const std::string& what) {
  const std::string digits = std::to_string(count);
  out << std::string(digits.size() < 10 ? 10 - digits.size() : 1, ' ') << digits << "  " << what << "\n";
}

void Print(const Totals& totals, const order::MergedTrace& trace, std::ostream& out) {
  Line(out, totals.all.event_count, "events of " + std::to_string(trace.files().size()) + " files");
  if (totals.all.first)
    out << "            first " << ToText(*totals.all.first) << ", last " << ToText(*totals.all.last) << "\n";
  out << "\nnodes\n";
  for (const auto& [key, counts] : totals.nodes) {
    const std::string name = key.first.empty() ? "(no node)" : key.first;
    Line(out, counts.event_count,
         name + ", incarnation " + std::to_string(key.second) + ": seq " + std::to_string(counts.first->seq) + " to " +
             std::to_string(counts.last->seq));
  }
  out << "\nkinds\n";
  for (const auto& [kind, count] : totals.kinds) Line(out, count, kind);
  for (const auto& [spec, actions] : totals.actions) {
    out << "\nactions of " << (spec.empty() ? "(no spec named)" : spec) << "\n";
    for (const auto& [action, count] : actions) Line(out, count, action.empty() ? "(any step)" : action);
  }
  out << "\norder\n";
  if (trace.is_total()) {
    out << "            total\n";
  } else {
    Line(out, trace.unordered_pairs(), "neighbours that nothing orders; shown in canonical order");
  }
  if (trace.missing_causes() != 0) Line(out, trace.missing_causes(), "causes that no file holds");
  ReportDamage(trace.files(), out);
}

}  // namespace

int Stats(const ReadOptions& options, std::ostream& out, std::ostream& err) {
  constexpr std::string_view kFormat = "kelpie.trace.stats/1";
  Result<order::MergedTrace> trace = order::MergedTrace::Open(options.paths, options.merge);
  if (!trace.ok()) return FailVerb(kFormat, trace.error(), options.json, out, err);
  Totals totals;
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) return FailVerb(kFormat, next.error(), options.json, out, err);
    if (!next->has_value()) break;
    Add((*next)->event, totals);
  }
  if (options.json) {
    out << Json(totals, *trace) << "\n";
  } else {
    Print(totals, *trace, out);
  }
  return kExitOk;
}

}  // namespace kelpie::trace::cli
