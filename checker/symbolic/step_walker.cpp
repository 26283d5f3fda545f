// From Next to its disjuncts.
#include "checker/symbolic/step_walker.h"

#include "checker/eval/value_order.h"

namespace kelpie::symbolic {

void StepWalker::Walk(NodeId root) {
  way_ = Way{.condition = pool().True()};
  for (std::uint32_t slot = 0; slot < request_.state->size(); ++slot) {
    if (IsPinned(slot)) e_.SetNext(slot, SymValue(*(*request_.pinned)[slot]));
  }
  Act(root, true, [this] { Finish(); });
}

bool StepWalker::IsPinned(std::uint32_t slot) const {
  return request_.pinned != nullptr && (*request_.pinned)[slot].has_value();
}

bool StepWalker::CanReach(NodeId id) const {
  if (request_.claim == nullptr || is_entered_) return true;
  return request_.claim->paths->reaches[node(id).origin.index];
}

void StepWalker::NoteGap(const Unsupported& gap) {
  // A way that no assignment takes has no gaps.
  if (!e_.IsFeasible({way_.condition})) return;
  if (incomplete_) return;
  const std::string place = gap.span.is_known() ? " at line " + std::to_string(gap.span.line) : "";
  incomplete_ = Incomplete{"unsupported", 0, "", gap.what + place};
}

void StepWalker::Conjoin(NodeId id, Term term, Continuation k) {
  if (term == pool().True() && id == program::kNoNode) {
    k();
    return;
  }
  const Term saved = way_.condition;
  way_.conjuncts.push_back({id, term});
  way_.condition = pool().And(saved, term);
  if (pool().is_false(way_.condition)) {
    if (is_entered_ || request_.claim == nullptr) ways_.push_back(way_);
  } else {
    k();
  }
  way_.condition = saved;
  way_.conjuncts.pop_back();
}

// A truth under the conjuncts so far; what errs is remembered with the way and holds nowhere.
Term StepWalker::Truth(NodeId id, const std::function<Term()>& body) {
  const std::size_t before = e_.errors().size();
  Term term = pool().False();
  try {
    term = e_.BoolUnder(way_.condition, body, false);
  } catch (Failure& failure) {
    e_.errors().push_back({way_.condition, failure.error});
  }
  (void)id;
  for (std::size_t i = before; i < e_.errors().size(); ++i) way_.errors.push_back(e_.errors()[i].when);
  return term;
}

void StepWalker::ForEachCase(NodeId id, const std::function<std::vector<Case>()>& body,
                             const std::function<void(const SymValue&)>& k) {
  const std::size_t before = e_.errors().size();
  const std::size_t errors_on_way = way_.errors.size();
  std::vector<Case> cases;
  try {
    const SymEvaluator::Under under(e_, way_.condition);
    cases = body();
  } catch (Failure& failure) {
    e_.errors().push_back({way_.condition, failure.error});
  } catch (Unsupported& gap) {
    NoteGap(gap);
  }
  for (std::size_t i = before; i < e_.errors().size(); ++i) way_.errors.push_back(e_.errors()[i].when);
  for (const Case& c : cases) {
    if (c.when == pool().True()) {
      k(c.value);
    } else {
      Conjoin(id, c.when, [&] { k(c.value); });
    }
  }
  if (cases.empty()) Conjoin(id, pool().False(), [] {});
  way_.errors.resize(errors_on_way);
}

void StepWalker::ActLeaf(NodeId id, Continuation k) {
  const std::size_t errors_on_way = way_.errors.size();
  try {
    const Term term = Truth(id, [&] { return e_.EvalBool(id); });
    Conjoin(id, term, k);
  } catch (Unsupported& gap) {
    NoteGap(gap);
  }
  way_.errors.resize(errors_on_way);
}

void StepWalker::Act(NodeId id, bool is_named, Continuation k) {
  const Node& n = node(id);
  if (!n.is_step()) return ActLeaf(id, k);
  switch (n.op) {
    case Opcode::kAnd: return ActAnd(n, 0, is_named, k);
    case Opcode::kOr:
      for (const NodeId operand : e_.code().list(n)) {
        if (CanReach(operand) || !CanReach(id)) Act(operand, is_named, k);
      }
      return;
    case Opcode::kExists: return ActExists(id, n, 0, 0, is_named, k);
    case Opcode::kForAll: {
      std::vector<std::vector<SymValue>> bindings;
      // Which elements there are must be settled; a set that is open splits the way.
      return ForEachCase(
          id, [&] { return e_.DefiniteBindings(n, bindings); },
          [&](const SymValue& which) { ActForAll(n, bindings, static_cast<std::size_t>(which.value().as_int()), k); });
    }
    case Opcode::kIf:
    case Opcode::kCase: return ActBranches(id, n, is_named, k);
    case Opcode::kInline: return ActInline(id, n, is_named, k);
    case Opcode::kCall: return ActCall(id, n, is_named, k);
    case Opcode::kAssign:
    case Opcode::kUnchanged: return ActAssign(id, n, k);
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset: return ActMember(id, n, k);
    case Opcode::kSquare: Act(n.a, is_named, k); return Act(n.b, false, k);
    case Opcode::kAngle:
      return Act(n.a, is_named, [&] {
        const Term same = Truth(id, [&] { return e_.EvalBool(n.b); });
        Conjoin(id, pool().Not(same), k);
      });
    default: return ActLeaf(id, k);
  }
}

void StepWalker::ActAnd(const Node& n, std::size_t index, bool is_named, Continuation k) {
  if (index == n.list_size) return k();
  const NodeId operand = e_.code().list(n)[index];
  Act(operand, is_named && n.c == index, [&, index] { ActAnd(n, index + 1, is_named, k); });
}

void StepWalker::ActBranches(NodeId id, const Node& n, bool is_named, Continuation k) {
  const auto branch = [&](NodeId taken, Term when) {
    if (CanReach(id) && !CanReach(taken)) return;
    Conjoin(id, when, [&] { Act(taken, is_named, k); });
  };
  const std::size_t errors_on_way = way_.errors.size();
  try {
    if (n.op == Opcode::kIf) {
      const Term condition = Truth(id, [&] { return e_.EvalBool(n.a); });
      branch(n.b, condition);
      branch(n.c, pool().Not(condition));
    } else {
      Term rest = pool().True();
      const auto arms = e_.code().list(n);
      for (std::size_t i = 0; i + 1 < arms.size() && !pool().is_false(rest); i += 2) {
        const Term saved = way_.condition;
        way_.condition = pool().And(saved, rest);
        const Term guard = Truth(id, [&] { return e_.EvalBool(arms[i]); });
        way_.condition = saved;
        branch(arms[i + 1], pool().And(rest, guard));
        rest = pool().And(rest, pool().Not(guard));
      }
      if (n.a != program::kNoNode) {
        branch(n.a, rest);
      } else {
        (void)Truth(id, [&] {
          e_.MayErr(rest, ErrorKind::kNoCase, "no guard of this CASE is true and it has no OTHER", e_.SpanOf(id));
          return pool().True();
        });
      }
    }
  } catch (Unsupported& gap) {
    NoteGap(gap);
  }
  way_.errors.resize(errors_on_way);
}

// The value that the claim gives a bound variable: by the parameter it is passed for, or by name.
std::optional<eval::Value> StepWalker::Claimed(const Binder& binder, std::size_t slot) const {
  if (request_.claim == nullptr || binder.is_tuple) return std::nullopt;
  const eval::ClaimedAction& claim = *request_.claim;
  const auto local = binder.locals[slot].index;
  if (!is_entered_) {
    const auto parameter = claim.paths->parameter_of_binder.find(local);
    if (parameter != claim.paths->parameter_of_binder.end() && claim.parameters[parameter->second]) {
      return claim.parameters[parameter->second];
    }
  }
  const auto name = claim.paths->bound_names.find(local);
  if (name == claim.paths->bound_names.end()) return std::nullopt;
  for (const auto& [bound_name, value] : claim.bound) {
    if (bound_name == name->second) return value;
  }
  return std::nullopt;
}

void StepWalker::ActExists(NodeId id, const Node& n, std::size_t index, std::size_t slot, bool is_named,
                           Continuation k) {
  if (index == n.c) return Act(n.a, is_named, k);
  const Binder& binder = e_.code().bound(n)[index];
  const std::string name = binder.is_tuple ? "<<...>>" : e_.program().spec->local_names[binder.locals[slot].index];
  const auto body = [&]() -> std::vector<Case> {
    if (binder.set == program::kNoNode)
      e_.Fail(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", binder.span);
    std::vector<Case> cases;
    for (const Case& set : e_.JoinCases([&] { return e_.Eval(binder.set); })) {
      const SymEvaluator::Under under(e_, set.when);
      if (const auto claimed = Claimed(binder, slot)) {
        const Term in = e_.BoolUnder(
            set.when, [&] { return e_.In(SymValue(*claimed), set.value, binder.span); }, false);
        cases.push_back({pool().And(set.when, in), SymValue(*claimed)});
        continue;
      }
      for (Case& c : e_.Unknown(set.value, name, binder.span))
        cases.push_back({pool().And(set.when, c.when), std::move(c.value)});
    }
    return cases;
  };
  ForEachCase(id, body, [&](const SymValue& element) {
    const std::size_t bound = way_.bindings.size();
    if (binder.is_tuple) {
      e_.BindElement(binder, element);
      for (std::size_t i = 0; i < binder.slots.size(); ++i) {
        way_.bindings.push_back(
            {e_.program().spec->local_names[binder.locals[i].index], *e_.frame()->slots[binder.slots[i]].value});
      }
    } else {
      e_.frame()->slots[binder.slots[slot]].value = element;
      way_.bindings.push_back({name, element});
    }
    const bool is_last = binder.is_tuple || slot + 1 == binder.slots.size();
    ActExists(id, n, is_last ? index + 1 : index, is_last ? 0 : slot + 1, is_named, k);
    way_.bindings.resize(bound, {"", SymValue(eval::Value())});
  });
}

void StepWalker::ActForAll(const Node& n, const std::vector<std::vector<SymValue>>& bindings, std::size_t index,
                           Continuation k) {
  // Bindings from `index` to the next empty one, which ends a list.
  if (bindings[index].empty()) return k();
  std::size_t at = 0;
  for (const Binder& binder : e_.code().bound(n)) {
    for (const auto slot : binder.slots) e_.frame()->slots[slot].value = bindings[index][at++];
  }
  Act(n.a, false, [&, index] { ActForAll(n, bindings, index + 1, k); });
}

}  // namespace kelpie::symbolic
