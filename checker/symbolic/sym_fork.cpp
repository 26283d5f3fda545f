// Branches on unknowns: decisions, paths, what is merged and what is not; errors under conditions.
#include <algorithm>

#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

void SymEvaluator::Fail(ErrorKind kind, std::string message, const Span& span) const {
  throw Failure{EvalError{kind, std::move(message), span, "", {}}};
}

void SymEvaluator::MayErr(Term when, ErrorKind kind, std::string message, const Span& span) {
  if (pool_->is_false(when)) return;
  if (pool_->is_true(when)) Fail(kind, std::move(message), span);
  errors_.push_back({pool_->And(Path(), when), EvalError{kind, std::move(message), span, "", {}}});
}

// --- paths

Term SymEvaluator::TrailCondition(const Trail& trail) {
  std::vector<Term> all;
  for (std::size_t i = 0; i < trail.at; ++i) {
    const Decision& decision = trail.decisions[i];
    all.push_back(decision.taken ? decision.term : pool_->Not(decision.term));
  }
  return pool_->And(std::move(all));
}

Term SymEvaluator::Path() {
  const Term decided = trail_ != nullptr ? TrailCondition(*trail_) : pool_->True();
  return pool_->And({entry_, decided, guard_});
}

bool SymEvaluator::IsFeasible(const std::vector<Term>& all) {
  std::vector<Term> terms = constraints_;
  for (const Term term : all) {
    if (pool_->is_false(term)) return false;
    if (!pool_->is_constant(term)) terms.push_back(term);
  }
  if (terms.empty()) return true;
  if (!pruner_) {
    SolverStart start = StartSolver(*pool_, options_.solver, counts_);
    if (!start.solver) GiveUp(start.error, {});
    pruner_ = std::move(start.solver);
  }
  return pruner_->Check("path", terms) != Answer::kUnsat;
}

std::optional<bool> SymEvaluator::FindDecision(Term term) const {
  for (const Trail* trail : trails_) {
    for (std::size_t i = 0; i < trail->at; ++i) {
      const Decision& decision = trail->decisions[i];
      if (decision.term == term) return decision.taken;
      const TermNode& node = pool_->node(term);
      if (node.kind == TermKind::kNot && node.parts[0] == decision.term) return !decision.taken;
    }
  }
  return std::nullopt;
}

bool SymEvaluator::AddDecision(Term term) {
  // A fork costs all that follows it: the solver is asked whether both sides exist.
  const Term path = Path();
  Decision decision{term, true, true};
  if (!IsFeasible({path, term})) {
    decision = {term, false, false};
  } else if (!IsFeasible({path, pool_->Not(term)})) {
    decision.has_other = false;
  }
  if (!decision.has_other) ++pruned_count_;
  trail_->decisions.push_back(decision);
  ++trail_->at;
  ++open_decisions_;
  return decision.taken;
}

bool SymEvaluator::Decide(Term term) {
  if (const auto known = pool_->known(term)) return *known != 0;
  if (trail_ == nullptr) GiveUp("a decision outside of any expression", {});
  if (trail_->at < trail_->decisions.size()) {
    ++open_decisions_;
    return trail_->decisions[trail_->at++].taken;
  }
  if (const auto decided = FindDecision(term)) {
    // Remembered too, so that a replay finds the same number of decisions.
    trail_->decisions.push_back({term, *decided, false});
    ++trail_->at;
    ++open_decisions_;
    return *decided;
  }
  return AddDecision(term);
}

std::int64_t SymEvaluator::Concretize(Term term, const Span& span) {
  if (const auto known = pool_->known(term)) return *known;
  if (trail_ == nullptr) GiveUp("a decision outside of any expression", span);
  while (true) {
    if (trail_->at < trail_->decisions.size()) {
      // A replay: the value was chosen by the solver before and stands in the decision.
      const TermNode& node = pool_->node(trail_->decisions[trail_->at].term);
      if (node.kind != TermKind::kEqual) GiveUp("a number that depends on unknowns in this way", span);
      const Term chosen = pool_->is_constant(node.parts[0]) ? node.parts[0] : node.parts[1];
      if (Decide(trail_->decisions[trail_->at].term)) return pool_->node(chosen).value;
      continue;
    }
    if (!IsFeasible({Path()})) Fail(ErrorKind::kUnsupported, "no value is possible here", span);
    if (!pruner_) GiveUp("a number that nothing bounds", span);
    const std::optional<Assignment> model = pruner_->Model();
    if (!model) GiveUp("a number that nothing bounds", span);
    const std::optional<std::int64_t> value = pool_->EvaluateAll(*model)[term.index];
    if (!value) GiveUp("a number that nothing bounds", span);
    if (AddDecision(pool_->Equal(term, pool_->Int(*value)))) return *value;
  }
}

// --- joins

class SymEvaluator::TrailScope {
 public:
  TrailScope(SymEvaluator& evaluator, Trail& trail)
      : evaluator_(evaluator),
        trail_(evaluator.trail_),
        entry_(evaluator.entry_),
        guard_(evaluator.guard_),
        frame_(evaluator.frame_),
        depth_(evaluator.depth_),
        open_(evaluator.open_decisions_) {
    evaluator.entry_ = evaluator.Path();
    evaluator.guard_ = evaluator.pool_->True();
    evaluator.trail_ = &trail;
    evaluator.trails_.push_back(&trail);
  }
  ~TrailScope() {
    evaluator_.trails_.pop_back();
    evaluator_.trail_ = trail_;
    evaluator_.entry_ = entry_;
    evaluator_.guard_ = guard_;
    Restart();
  }
  TrailScope(const TrailScope&) = delete;
  TrailScope& operator=(const TrailScope&) = delete;
  void Restart() {
    evaluator_.frame_ = frame_;
    evaluator_.depth_ = depth_;
    evaluator_.open_decisions_ = open_;
  }

 private:
  SymEvaluator& evaluator_;
  Trail* trail_;
  Term entry_;
  Term guard_;
  std::shared_ptr<Frame> frame_;
  std::size_t depth_;
  std::size_t open_;
};

// The next combination of decisions; false: there is none.
bool SymEvaluator::Advance(Trail& trail) {
  while (!trail.decisions.empty() && !trail.decisions.back().has_other) trail.decisions.pop_back();
  if (trail.decisions.empty()) return false;
  trail.decisions.back().taken = !trail.decisions.back().taken;
  trail.decisions.back().has_other = false;
  trail.at = 0;
  return true;
}

std::vector<Case> SymEvaluator::MergeClasses(std::vector<Case> cases) {
  if (cases.size() < 2) return cases;
  if (std::optional<SymValue> one = Merge(*pool_, cases)) {
    std::vector<Term> any;
    for (const Case& c : cases) any.push_back(c.when);
    return {{pool_->Or(std::move(any)), std::move(*one)}};
  }
  // Greedy classes: each value joins the first class that takes it.
  std::vector<std::vector<Case>> classes;
  for (Case& c : cases) {
    bool is_taken = false;
    for (auto& members : classes) {
      members.push_back(c);
      is_taken = Merge(*pool_, members).has_value();
      if (is_taken) break;
      members.pop_back();
    }
    if (!is_taken) classes.push_back({std::move(c)});
  }
  std::vector<Case> merged;
  for (const auto& members : classes) {
    std::vector<Term> any;
    for (const Case& c : members) any.push_back(c.when);
    merged.push_back({pool_->Or(std::move(any)), *Merge(*pool_, members)});
  }
  return merged;
}

std::vector<Case> SymEvaluator::JoinCases(const Body& body) {
  Trail trail;
  std::vector<Case> cases;
  std::optional<Failure> failure;
  std::size_t paths = 0;
  TrailScope scope(*this, trail);
  while (true) {
    try {
      SymValue value = body();
      cases.push_back({TrailCondition(trail), std::move(value)});
    } catch (Failure& failed) {
      if (trail.decisions.empty()) throw;
      guard_ = pool_->True();
      errors_.push_back({Path(), failed.error});
      failure = std::move(failed);
    }
    if (!Advance(trail)) break;
    scope.Restart();
    if (++paths >= options_.paths_max) {
      GiveUp("an expression with more than " + std::to_string(options_.paths_max) + " ways to go (--max-forks)", {});
    }
    if (pool_->size() > options_.terms_max) {
      GiveUp("a step with more than " + std::to_string(options_.terms_max) + " terms (--max-terms)", {});
    }
  }
  if (cases.empty()) throw Failure{*failure};
  return MergeClasses(std::move(cases));
}

SymValue SymEvaluator::MergeOrFork(std::vector<Case> cases) {
  const std::vector<Case> classes = MergeClasses(std::move(cases));
  for (std::size_t i = 0; i + 1 < classes.size(); ++i) {
    if (Decide(classes[i].when)) return classes[i].value;
  }
  return classes.back().value;
}

SymValue SymEvaluator::Join(const Body& body) {
  std::vector<Case> cases = JoinCases(body);
  if (cases.size() == 1) return std::move(cases.front().value);
  return MergeOrFork(std::move(cases));
}

Term SymEvaluator::BoolUnder(Term guard, const std::function<Term()>& body, bool fallback) {
  if (pool_->is_false(guard)) return pool_->Bool(fallback);
  const Under under(*this, guard);
  try {
    const SymValue value = Join([&] { return SymValue::Bool(*pool_, body()); });
    return ToBool(value, {});
  } catch (Failure& failure) {
    // What always errs where it is reached is thrown only when it is always reached.
    if (pool_->is_true(guard)) throw;
    errors_.push_back({Path(), failure.error});
    return pool_->Bool(fallback);
  }
}

bool SymEvaluator::Attempt(Term guard, const std::function<void()>& body) {
  const Under under(*this, guard);
  try {
    body();
    return true;
  } catch (Failure& failure) {
    if (pool_->is_true(guard)) throw;
    errors_.push_back({Path(), failure.error});
    return false;
  }
}

SymValue SymEvaluator::Spread(const SymValue& choice, const std::function<SymValue(const SymValue&)>& body) {
  std::vector<Case> cases;
  std::optional<Failure> failure;
  // Copied: the body may replace what holds the choice.
  const std::vector<Alternative> alternatives = choice.parts().alternatives;
  for (const Alternative& alternative : alternatives) {
    if (pool_->is_false(alternative.when)) continue;
    const Under under(*this, alternative.when);
    try {
      for (Case& c : JoinCases([&] { return body(alternative.value); })) {
        cases.push_back({pool_->And(alternative.when, c.when), std::move(c.value)});
      }
    } catch (Failure& failed) {
      errors_.push_back({Path(), failed.error});
      failure = std::move(failed);
    }
  }
  if (cases.empty()) throw Failure{*failure};
  return MergeOrFork(std::move(cases));
}

}  // namespace kelpie::symbolic
