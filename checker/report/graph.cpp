#include "checker/report/graph.h"

#include "checker/report/json.h"

namespace kelpie::report {
namespace {

// Inside quotes of dot: lines are set to the left.
std::string DotText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string NameOf(const explore::GraphStep& step, const program::Program& program) {
  return step.definition.is_valid() ? program.spec->definition(step.definition).name : "";
}

std::vector<bool> InitialOf(const explore::StateGraph& graph) {
  std::vector<bool> is_initial(graph.store.size(), false);
  for (const std::uint32_t index : graph.initial) is_initial[index] = true;
  return is_initial;
}

}  // namespace

std::string GraphToDot(const explore::StateGraph& graph, const program::Program& program) {
  std::string out = "digraph \"" + DotText(program.spec->name) + "\" {\n  node [shape=box, fontname=\"monospace\"];\n";
  const std::vector<bool> is_initial = InitialOf(graph);
  for (std::uint32_t i = 0; i < graph.store.size(); ++i) {
    out += "  " + std::to_string(i + 1) + " [label=\"";
    const eval::State state = graph.store.state(i);
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
      out += DotText(program.spec->variables[slot].name + " = " + eval::ToString(state[slot])) + "\\l";
    }
    out += is_initial[i] ? "\", style=filled];\n" : "\"];\n";
  }
  for (const explore::GraphStep& step : graph.steps) {
    out += "  " + std::to_string(step.from + 1) + " -> " + std::to_string(step.to + 1);
    const std::string name = NameOf(step, program);
    out += name.empty() ? ";\n" : " [label=\"" + DotText(name) + "\"];\n";
  }
  return out + "}\n";
}

std::string GraphToJson(const explore::StateGraph& graph, const program::Program& program) {
  const auto line = [](const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string out = "{\"format\":\"kelpie.graph/1\",\"spec\":" + line(program.spec->name) +
                    ",\"complete\":" + (graph.is_complete ? "true" : "false") + ",\"states\":[";
  const std::vector<bool> is_initial = InitialOf(graph);
  for (std::uint32_t i = 0; i < graph.store.size(); ++i) {
    Json values = Json::object();
    const eval::State state = graph.store.state(i);
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
      values[program.spec->variables[slot].name] = ToItf(state[slot]);
    }
    out += i > 0 ? ",\n" : "\n";
    out += line({{"index", i + 1},
                 {"level", graph.store.level(i)},
                 {"initial", bool(is_initial[i])},
                 {"state", std::move(values)}});
  }
  out += "\n],\"steps\":[";
  bool is_first = true;
  for (const explore::GraphStep& step : graph.steps) {
    out += is_first ? "\n" : ",\n";
    is_first = false;
    const std::string name = NameOf(step, program);
    out += line({{"from", step.from + 1}, {"to", step.to + 1}, {"action", name.empty() ? Json(nullptr) : Json(name)}});
  }
  return out + "\n]}\n";
}

}  // namespace kelpie::report
