// Truth values that are counted, so that what is never evaluated or never true is seen.
#include <algorithm>
#include <tuple>

#include "checker/eval/machine.h"

namespace kelpie::eval {

bool Machine::TestCounted(const Node& node, Value* f) {
  Truths& truths = truths_[node.b];
  ++truths.evaluated;
  const bool holds = Test(node.a, f);
  if (holds) ++truths.held;
  return holds;
}

bool Machine::ActCounted(const Node& node, Value* f, Continuation k, bool is_named) {
  Truths& truths = truths_[node.b];
  ++truths.evaluated;
  bool has_way = false;
  return Act(
      node.a, f,
      [&] {
        if (!has_way) ++truths.held;
        has_way = true;
        return k();
      },
      is_named);
}

std::vector<TruthCount> Machine::TruthCounts() const {
  std::vector<TruthCount> counts;
  for (std::uint32_t i = 0; i < truths_.size(); ++i) {
    if (truths_[i].is_known) counts.push_back({ExprId{i}, truths_[i].evaluated, truths_[i].held});
  }
  std::sort(counts.begin(), counts.end(), [this](const TruthCount& a, const TruthCount& b) {
    const Span& left = program_.expr(a.expr).span;
    const Span& right = program_.expr(b.expr).span;
    // What holds another one comes before it.
    return std::tuple(left.file.index, left.line, left.column, right.end_line, right.end_column) <
           std::tuple(right.file.index, right.line, right.column, left.end_line, left.end_column);
  });
  return counts;
}

}  // namespace kelpie::eval
