#include <algorithm>
#include <string>
#include <string_view>

#include "trace/diff/run_diff.h"
#include "trace/file/json_builder.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::diff {

namespace {

std::string_view NameOf(NodeOutcome outcome) {
  switch (outcome) {
    case NodeOutcome::kEqual: return "equal";
    case NodeOutcome::kChanged: return "changed";
    case NodeOutcome::kOnlyLeft: return "only_left";
    case NodeOutcome::kOnlyRight: return "only_right";
  }
  return "";
}

std::string Shown(const std::string& json) { return json.empty() ? "(absent)" : json; }

std::string Line(char mark, const Event& event) {
  std::string text = std::string("    ") + mark + " ";
  file::AppendJson(event, text);
  return text + "\n";
}

std::string NodeTitle(const NodeDifference& node) {
  const std::string name = node.node.empty() ? "(no node)" : node.node;
  switch (node.outcome) {
    case NodeOutcome::kEqual: return name + ": equal, " + std::to_string(node.equal_count) + " events\n";
    case NodeOutcome::kChanged: return name + ": differs at " + trace::ToText(node.at) + "\n";
    case NodeOutcome::kOnlyLeft: return name + ": " + trace::ToText(node.at) + " is only on the left\n";
    case NodeOutcome::kOnlyRight: return name + ": " + trace::ToText(node.at) + " is only on the right\n";
  }
  return name;
}

void AppendFields(const std::vector<FieldDifference>& fields, std::string& out) {
  for (const FieldDifference& field : fields) {
    out += "    " + field.field + "\n      left   " + Shown(field.left) + "\n      right  " + Shown(field.right) + "\n";
  }
}

std::string Counted(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

// What kind of divergence it is, as a sentence.
std::string Sentence(const Divergence& divergence) {
  switch (divergence.kind) {
    case DivergenceKind::kNone: return "";
    case DivergenceKind::kContent: return "the event says something else";
    case DivergenceKind::kOrderFacts: return "the event says the same and is ordered otherwise";
    case DivergenceKind::kReordered:
      return "the next " + std::to_string(divergence.count) + " events are the same ones in another order";
    case DivergenceKind::kInserted:
      return "the right has " + Counted(divergence.count, "event") + " more and then goes on as the left";
    case DivergenceKind::kRemoved:
      return "the left has " + Counted(divergence.count, "event") + " more and then goes on as the right";
    case DivergenceKind::kLeftEnds: return "the left has no more events of this node";
    case DivergenceKind::kRightEnds: return "the right has no more events of this node";
    case DivergenceKind::kLeftMissing: return "the left has no event of this node";
    case DivergenceKind::kRightMissing: return "the right has no event of this node";
    case DivergenceKind::kUnaligned: return "what follows does not agree within the lookahead";
  }
  return "";
}

void AppendNode(const NodeDifference& node, std::string& out) {
  out += NodeTitle(node);
  if (!node.is_in_left) out += "  no file on the left names it\n";
  if (!node.is_in_right) out += "  no file on the right names it\n";
  if (node.outcome == NodeOutcome::kEqual) return;
  out += "  " + Sentence(node.divergence) + "\n";
  out += "  " + Counted(node.equal_count, "equal event") + " before; " + Counted(node.left_count, "event") +
         " on the left, " + std::to_string(node.right_count) + " on the right\n";
  for (const auto& [incarnation, counts] : node.incarnations) {
    if (counts.left == counts.right || node.incarnations.size() == 1) continue;
    out += "  incarnation " + std::to_string(incarnation) + ": " + Counted(counts.left, "event") + " on the left, " +
           std::to_string(counts.right) + " on the right\n";
  }
  AppendFields(node.fields, out);
  for (const Event& event : node.before) out += Line(' ', event);
  for (const Event& event : node.left) out += Line('<', event);
  for (const Event& event : node.right) out += Line('>', event);
}

void AppendSide(const char* name, char mark, const SideContext& side, bool has_event, std::string& out) {
  if (side.index == 0) {
    out += std::string("  ") + name + ": not known, the run cannot be read again or has no order\n";
    return;
  }
  out += std::string("  ") + name + ", from event " + std::to_string(side.index) + " of the run\n";
  for (const Event& event : side.before) out += Line(' ', event);
  for (std::size_t i = 0; i < side.events.size(); ++i) out += Line(i == 0 && has_event ? mark : ' ', side.events[i]);
}

// Where other nodes' events are between; for one node this would repeat it.
void AppendFirst(const RunDifference& difference, std::string& out) {
  if (!difference.first || difference.nodes.size() < 2) return;
  const NodeDifference& node = difference.nodes[*difference.first];
  out += "\nfirst of all, " + trace::ToText(node.at) + ", in the order of each run\n";
  AppendSide("left", '<', difference.first_left, !node.left.empty(), out);
  AppendSide("right", '>', difference.first_right, !node.right.empty(), out);
}

void JsonEvents(std::string_view key, const std::vector<Event>& events, file::JsonBuilder& json) {
  json.Key(key).Array();
  for (const Event& event : events) json.Json(event);
  json.End();
}

void JsonFields(std::string_view key, const std::vector<FieldDifference>& fields, file::JsonBuilder& json) {
  json.Key(key).Array();
  for (const FieldDifference& field : fields) {
    json.Object().Key("field").Text(field.field);
    json.Key("left").Raw(field.left.empty() ? "null" : field.left);
    json.Key("right").Raw(field.right.empty() ? "null" : field.right).End();
  }
  json.End();
}

void JsonIdFields(const EventId& id, file::JsonBuilder& json) {
  json.Key("node").Text(id.node).Key("incarnation").Number(id.incarnation).Key("seq").Number(id.seq);
}

void JsonSide(std::string_view key, const SideContext& side, file::JsonBuilder& json) {
  json.Key(key);
  if (side.index == 0) {
    json.Null();
    return;
  }
  json.Object().Key("index").Number(side.index);
  JsonEvents("before", side.before, json);
  JsonEvents("events", side.events, json);
  json.End();
}

void JsonFirst(const RunDifference& difference, file::JsonBuilder& json) {
  json.Key("first");
  if (!difference.first) {
    json.Null();
    return;
  }
  json.Object();
  JsonIdFields(difference.nodes[*difference.first].at, json);
  JsonSide("left", difference.first_left, json);
  JsonSide("right", difference.first_right, json);
  json.End();
}

void JsonNode(const NodeDifference& node, file::JsonBuilder& json) {
  json.Object().Key("node").Text(node.node).Key("result").Text(NameOf(node.outcome)).Key("at");
  if (node.outcome == NodeOutcome::kEqual) {
    json.Null();
  } else {
    json.Object();
    JsonIdFields(node.at, json);
    json.End();
  }
  json.Key("divergence").Object().Key("kind").Text(NameOf(node.divergence.kind));
  json.Key("count").Number(node.divergence.count).End();
  json.Key("in_left").Boolean(node.is_in_left).Key("in_right").Boolean(node.is_in_right);
  json.Key("equal_events").Number(node.equal_count);
  json.Key("left_events").Number(node.left_count).Key("right_events").Number(node.right_count);
  json.Key("incarnations").Array();
  for (const auto& [incarnation, counts] : node.incarnations) {
    json.Object().Key("incarnation").Number(incarnation);
    json.Key("left_events").Number(counts.left).Key("right_events").Number(counts.right).End();
  }
  json.End();
  JsonFields("fields", node.fields, json);
  JsonEvents("before", node.before, json);
  JsonEvents("left", node.left, json);
  JsonEvents("right", node.right, json);
  json.End();
}

}  // namespace

std::string RenderText(const RunDifference& difference) {
  std::string out;
  const auto differs = [](const NodeDifference& node) { return node.outcome != NodeOutcome::kEqual; };
  const auto count = std::count_if(difference.nodes.begin(), difference.nodes.end(), differs);
  if (difference.equal) {
    out += "the runs are equal, clocks aside";
  } else {
    out += "the runs differ: " + std::to_string(count) + " of " + std::to_string(difference.nodes.size()) + " nodes";
    if (difference.first) out += ", first at " + trace::ToText(difference.nodes[*difference.first].at);
  }
  for (std::size_t i = 0; i < difference.ignored.size(); ++i) {
    out += (i == 0 ? "; not compared: " : ", ") + difference.ignored[i];
  }
  out += "\n";
  if (!difference.headers.empty()) {
    out += "\nheaders\n";
    AppendFields(difference.headers, out);
  }
  AppendFirst(difference, out);
  for (const NodeDifference& node : difference.nodes) {
    out += "\n";
    AppendNode(node, out);
  }
  for (const std::string& torn : difference.torn) out += "\ncut off: " + torn + "\n";
  return out;
}

std::string RenderJson(const RunDifference& difference) {
  file::JsonBuilder json;
  json.Object().Key("format").Text("kelpie.diff/1");
  json.Key("result").Text(difference.equal ? "equal" : "differs");
  json.Key("exit").Number(difference.equal ? 0 : 1);
  JsonFirst(difference, json);
  json.Key("nodes").Array();
  for (const NodeDifference& node : difference.nodes) JsonNode(node, json);
  json.End();
  JsonFields("headers", difference.headers, json);
  json.Key("torn").Array();
  for (const std::string& torn : difference.torn) json.Text(torn);
  json.End().Key("ignored").Array();
  for (const std::string& field : difference.ignored) json.Text(field);
  json.End().Key("error").Null().End();
  return json.text();
}

}  // namespace kelpie::trace::diff
