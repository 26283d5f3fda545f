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

void AppendNode(const NodeDifference& node, std::string& out) {
  out += NodeTitle(node);
  if (node.outcome == NodeOutcome::kEqual) return;
  out += "  " + std::to_string(node.equal_count) + " equal events before; " + std::to_string(node.left_count) +
         " events on the left, " + std::to_string(node.right_count) + " on the right\n";
  AppendFields(node.fields, out);
  for (const Event& event : node.before) out += Line(' ', event);
  for (const Event& event : node.left) out += Line('<', event);
  for (const Event& event : node.right) out += Line('>', event);
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

void JsonId(const NodeDifference& node, file::JsonBuilder& json) {
  if (node.outcome == NodeOutcome::kEqual) {
    json.Null();
    return;
  }
  json.Object().Key("node").Text(node.at.node).Key("incarnation").Number(node.at.incarnation);
  json.Key("seq").Number(node.at.seq).End();
}

}  // namespace

std::string RenderText(const RunDifference& difference) {
  std::string out;
  const auto differs = [](const NodeDifference& node) { return node.outcome != NodeOutcome::kEqual; };
  const auto count = std::count_if(difference.nodes.begin(), difference.nodes.end(), differs);
  if (difference.equal) {
    out += "the runs are equal, clocks aside\n";
  } else {
    out += "the runs differ: " + std::to_string(count) + " of " + std::to_string(difference.nodes.size()) + " nodes";
    if (difference.first) out += ", first at " + trace::ToText(difference.nodes[*difference.first].at);
    out += "\n";
  }
  if (!difference.headers.empty()) {
    out += "\nheaders\n";
    AppendFields(difference.headers, out);
  }
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
  json.Key("first");
  if (difference.first) {
    JsonId(difference.nodes[*difference.first], json);
  } else {
    json.Null();
  }
  json.Key("nodes").Array();
  for (const NodeDifference& node : difference.nodes) {
    json.Object().Key("node").Text(node.node).Key("result").Text(NameOf(node.outcome)).Key("at");
    JsonId(node, json);
    json.Key("equal_events").Number(node.equal_count);
    json.Key("left_events").Number(node.left_count).Key("right_events").Number(node.right_count);
    JsonFields("fields", node.fields, json);
    JsonEvents("before", node.before, json);
    JsonEvents("left", node.left, json);
    JsonEvents("right", node.right, json);
    json.End();
  }
  json.End();
  JsonFields("headers", difference.headers, json);
  json.Key("torn").Array();
  for (const std::string& torn : difference.torn) json.Text(torn);
  json.End().Key("error").Null().End();
  return json.text();
}

}  // namespace kelpie::trace::diff
