#include "checker/liveness/liveness.h"

#include "checker/liveness/tableau.h"

namespace kelpie::liveness {
namespace {

using eval::TemporalFormula;

class LivenessChecker {
 public:
  LivenessChecker(eval::Evaluator& evaluator, const BehaviorGraph& graph, const LivenessOptions& options)
      : evaluator_(evaluator), graph_(graph), options_(options), truth_(evaluator, graph) {}

  LivenessResult Run() {
    try {
      if (!TakeFairness()) return std::move(result_);
      for (const program::LivenessProperty& property : evaluator_.program().liveness) {
        if (!Check(property)) break;
      }
    } catch (AtomFailure& failure) {
      result_.outcome = LivenessOutcome::kEvaluation;
      result_.error = std::move(failure.error);
      result_.state = failure.state;
    }
    return std::move(result_);
  }

 private:
  bool Fail(const eval::EvalError& error) {
    result_.outcome = LivenessOutcome::kEvaluation;
    result_.error = error;
    return false;
  }

  // WF and SF become constraints; anything else is a formula that behaviors satisfy.
  bool TakeFairness() {
    for (const program::ExprId expr : evaluator_.program().fairness) {
      const auto formula = evaluator_.Temporal(expr);
      if (!formula.ok()) return Fail(formula.error());
      Take(formula.value(), formula.value().root);
    }
    return true;
  }

  void Take(const TemporalFormula& formula, std::uint32_t index) {
    const TemporalFormula::Node& node = formula.nodes[index];
    switch (node.op) {
      case TemporalFormula::Op::kAnd:
        for (const std::uint32_t part : node.parts) Take(formula, part);
        return;
      case TemporalFormula::Op::kWeakFairness:
      case TemporalFormula::Op::kStrongFairness:
        constraints_.push_back({.is_strong = node.op == TemporalFormula::Op::kStrongFairness,
                                .angle = formula.nodes[node.parts[0]].atom,
                                .enabled = formula.nodes[node.parts[1]].atom});
        return;
      default: assumed_ = table_.And(assumed_, table_.Add(formula, index, false));
    }
  }

  bool Check(const program::LivenessProperty& property) {
    const auto formula = evaluator_.Temporal(property.expr);
    if (!formula.ok()) return Fail(formula.error());
    const FormulaId broken = table_.And(assumed_, table_.Add(formula.value(), true));
    const std::optional<Tableau> tableau = MakeTableau(table_, broken, options_.tableau_max);
    if (!tableau) {
      result_.outcome = LivenessOutcome::kLimit;
      result_.violated = property.name;
      return false;
    }
    if (tableau->nodes.empty()) return true;
    Product product(graph_, *tableau, truth_);
    std::optional<Lasso> lasso = FindFairCycle(product, constraints_);
    if (!lasso) return true;
    result_.outcome = LivenessOutcome::kViolated;
    result_.violated = property.name;
    result_.lasso = std::move(*lasso);
    return false;
  }

  eval::Evaluator& evaluator_;
  const BehaviorGraph& graph_;
  const LivenessOptions& options_;
  AtomTruth truth_;
  FormulaTable table_;
  FormulaId assumed_ = FormulaTable::kTrueId;
  std::vector<FairnessConstraint> constraints_;
  LivenessResult result_;
};

}  // namespace

LivenessResult CheckLiveness(eval::Evaluator& evaluator, const BehaviorGraph& graph, const LivenessOptions& options) {
  return LivenessChecker(evaluator, graph, options).Run();
}

}  // namespace kelpie::liveness
