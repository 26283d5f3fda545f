// GraphViz and ShiViz: texts for programs that draw.
#include <map>

#include "checker/eval/graph.h"
#include "checker/eval/running.h"
#include "checker/eval/value_order.h"

namespace kelpie::eval {

namespace {

// A graph as DOT. Nodes are numbered in the order of their values, ends of edges that are none behind them.
Value DotDiGraph(Operands& o) {
  const Graph g(o, 0);
  std::map<Value, std::size_t, ValueLess> number_of;
  std::string text = "digraph MyGraph {";
  for (const Value& node : g.nodes()) {
    const std::size_t number = number_of.emplace(node, number_of.size() + 1).first->second;
    text += std::to_string(number) + "[label=" + ToString(o.Call(1, {&node})) + "];";
  }
  for (const Value& edge : g.edges()) {
    if (!edge.is_sequence() || edge.size() < 2)
      o.Fail(ErrorKind::kType, "DotDiGraph expects edges that begin with two nodes, found " + ToString(edge));
    const auto number = [&](std::size_t i) {
      return std::to_string(number_of.emplace(edge.items()[i], number_of.size() + 1).first->second);
    };
    text += number(0) + "->";
    text += number(1) + "[label=" + ToString(o.Call(2, {&edge})) + "];";
  }
  return Value::String(text + "}");
}

// --- ShiViz: whose step each state of a counterexample came from, by the variable pc, and vector clocks of that

class Processes {
 public:
  explicit Processes(Operands& o) {
    const RunningExploration* running = o.options().running.get();
    if (running == nullptr || !running->counterexample || !running->level)
      o.Fail(ErrorKind::kUnsupported, std::string(o.name()) + " has a value in the ALIAS of a counterexample alone");
    const std::optional<std::uint32_t> slot = running->slot_of("pc");
    if (!slot) o.Fail(ErrorKind::kOutsideDomain, std::string(o.name()) + " asks for a variable pc, and there is none");
    const std::vector<State> states = running->counterexample();
    for (std::size_t i = 0; i < *running->level; ++i) {
      const Value& pc = states[i][*slot];
      if (!pc.is_function()) o.Fail(ErrorKind::kType, "pc is no function but " + ToString(pc));
      if (i == 0) domain_ = pc.Domain();
      if (!o.Equal(pc.Domain(), domain_)) o.Fail(ErrorKind::kType, "the processes of pc are others in one state");
      if (i > 0) Step(o, pc);
      if (i == 0) clock_.assign(domain_.size(), 0);
      pc_ = pc;
    }
  }
  [[nodiscard]] const Value& host() const { return host_; }
  [[nodiscard]] Value Clock() const {
    ValueBuilder values(clock_.size());
    for (const std::int64_t count : clock_) values.Add(Value::Int(count));
    return values.TakeFunction(domain_);
  }

 private:
  // The first process whose pc changed; where none did, the one before goes on.
  void Step(Operands& o, const Value& pc) {
    for (std::size_t p = 0; p < domain_.size(); ++p) {
      if (o.Equal(pc.items()[p], pc_.items()[p])) continue;
      host_ = domain_.items()[p];
      ++clock_[p];
      return;
    }
    for (std::size_t p = 0; p < domain_.size(); ++p) {
      if (Same(domain_.items()[p], host_)) ++clock_[p];
    }
  }

  Value domain_;
  Value pc_;
  Value host_ = Value::String("--");
  std::vector<std::int64_t> clock_;
};

}  // namespace

void AddDiagrams(LibraryTable& table) {
  table.Set(Builtin::kDotDiGraph, DotDiGraph);
  table.Set(Builtin::kShiVizHost, [](Operands& o) { return Processes(o).host(); });
  table.Set(Builtin::kShiVizClock, [](Operands& o) { return Value::String(JsonObjectText(Processes(o).Clock())); });
}

}  // namespace kelpie::eval
