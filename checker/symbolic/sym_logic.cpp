// Logic: short circuit, IF, CASE, quantifiers, CHOOSE.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

SymValue SymEvaluator::EvalLogic(NodeId, const Node& node) {
  switch (node.op) {
    case Opcode::kNot: return SymValue::Bool(*pool_, pool_->Not(EvalBool(node.a)));
    case Opcode::kAnd: {
      Term all = pool_->True();
      for (const NodeId operand : code_->list(node)) {
        all = pool_->And(all, BoolUnder(
                                  all, [&] { return EvalBool(operand); }, false));
        if (pool_->is_false(all)) break;
      }
      return SymValue::Bool(*pool_, all);
    }
    case Opcode::kOr: {
      Term any = pool_->False();
      for (const NodeId operand : code_->list(node)) {
        any = pool_->Or(any, BoolUnder(
                                 pool_->Not(any), [&] { return EvalBool(operand); }, false));
        if (pool_->is_true(any)) break;
      }
      return SymValue::Bool(*pool_, any);
    }
    case Opcode::kImplies: {
      const Term premise = BoolUnder(
          pool_->True(), [&] { return EvalBool(node.a); }, false);
      const Term conclusion = BoolUnder(
          premise, [&] { return EvalBool(node.b); }, false);
      return SymValue::Bool(*pool_, pool_->Implies(premise, conclusion));
    }
    default: {  // kEquivalent
      const Term a = EvalBool(node.a);
      return SymValue::Bool(*pool_, pool_->Iff(a, EvalBool(node.b)));
    }
  }
}

// The value of a branch, in the cases where it is taken.
void SymEvaluator::AddCase(std::vector<Case>& cases, Term when, NodeId body, std::optional<Failure>& failure) {
  if (pool_->is_false(when)) return;
  // Inside a recursion a branch that nothing takes would be followed for ever.
  if (depth_ > 0 && !pool_->is_true(when) && !IsFeasible({Path(), when})) {
    ++pruned_count_;
    return;
  }
  const Under under(*this, when);
  try {
    for (Case& c : JoinCases([&] { return Eval(body); }))
      cases.push_back({pool_->And(when, c.when), std::move(c.value)});
  } catch (Failure& failed) {
    errors_.push_back({Path(), failed.error});
    failure = std::move(failed);
  }
}

SymValue SymEvaluator::EvalIf(NodeId id, const Node& node) {
  const Term condition = EvalBool(node.a);
  if (pool_->is_constant(condition)) return Eval(pool_->node(condition).value != 0 ? node.b : node.c);
  std::vector<Case> cases;
  std::optional<Failure> failure;
  AddCase(cases, condition, node.b, failure);
  AddCase(cases, pool_->Not(condition), node.c, failure);
  if (cases.empty() && !failure) Fail(ErrorKind::kUnsupported, "no assignment comes here", SpanOf(id));
  if (cases.empty()) throw Failure{*failure};
  return MergeOrFork(std::move(cases));
}

SymValue SymEvaluator::EvalCase(NodeId id, const Node& node) {
  const auto arms = code_->list(node);
  std::vector<Case> cases;
  std::optional<Failure> failure;
  Term rest = pool_->True();
  for (std::size_t i = 0; i + 1 < arms.size() && !pool_->is_false(rest); i += 2) {
    const Term guard = BoolUnder(
        rest, [&] { return EvalBool(arms[i]); }, false);
    AddCase(cases, pool_->And(rest, guard), arms[i + 1], failure);
    rest = pool_->And(rest, pool_->Not(guard));
  }
  if (node.a != program::kNoNode) {
    AddCase(cases, rest, node.a, failure);
  } else {
    MayErr(rest, ErrorKind::kNoCase, "no guard of this CASE is true and it has no OTHER", SpanOf(id));
  }
  if (cases.empty() && !failure) Fail(ErrorKind::kUnsupported, "no assignment comes here", SpanOf(id));
  if (cases.empty()) throw Failure{*failure};
  return MergeOrFork(std::move(cases));
}

// --- bound variables

bool SymEvaluator::ForEachBinding(const Node& node, std::size_t index, Term guard, const BindingVisitor& visit) {
  if (index == node.c) return visit(guard);
  const Binder& binder = code_->bound(node)[index];
  if (binder.set == program::kNoNode) {
    Fail(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", binder.span);
  }
  std::vector<Member> members;
  if (!Attempt(guard, [&] { members = List(Eval(binder.set), binder.span); })) return true;
  // `x, y \in S` is one set and two variables.
  const std::size_t count = binder.is_tuple ? 1 : binder.slots.size();
  const std::function<bool(std::size_t, Term)> bind = [&](std::size_t i, Term inner) -> bool {
    if (i == count) return ForEachBinding(node, index + 1, inner, visit);
    for (const Member& member : members) {
      const Term here = pool_->And(inner, member.when);
      if (pool_->is_false(here)) continue;
      if (binder.is_tuple) {
        const Under under(*this, here);
        BindElement(binder, member.value);
      } else {
        frame_->slots[binder.slots[i]].value = member.value;
      }
      if (!bind(i + 1, here)) return false;
    }
    return true;
  };
  return bind(0, guard);
}

std::vector<Case> SymEvaluator::DefiniteBindings(const Node& node, std::vector<std::vector<SymValue>>& all) {
  // Distinct integers keep the lists of different paths apart.
  std::vector<Case> cases;
  for (Case& c : JoinCases([&] {
         const std::size_t first = all.size();
         ForEachBinding(node, 0, pool_->True(), [&](Term guard) {
           if (!Decide(guard)) return true;
           std::vector<SymValue> binding;
           for (const Binder& binder : code_->bound(node)) {
             for (const auto slot : binder.slots) binding.push_back(*frame_->slots[slot].value);
           }
           all.push_back(std::move(binding));
           return true;
         });
         all.emplace_back();
         return SymValue::Function(Value::SetFromSorted({Value::String("list " + std::to_string(first))}),
                                   {SymValue(Value::Int(static_cast<std::int64_t>(first)))});
       })) {
    // Records with different fields do not merge into one; a choice of them does.
    if (c.value.kind() != SymKind::kChoice) {
      cases.push_back({c.when, ItemsOf(c.value).front()});
      continue;
    }
    for (const Alternative& alternative : c.value.parts().alternatives) {
      cases.push_back({pool_->And(c.when, alternative.when), alternative.value.items().front()});
    }
  }
  return cases;
}

// Elements that nobody can put in order before the unknowns have values: what ends the search for
// one of them hides the errors of those after it only.
SymValue SymEvaluator::EvalUnordered(const Node& node, const std::vector<Member>& members) {
  const bool is_exists = node.op == Opcode::kExists;
  struct Visit {
    Term stops;  // a witness of \E, a counterexample of \A
    std::vector<ErrorCase> errors;
  };
  std::vector<Visit> visits;
  std::vector<Term> found;
  for (const Member& member : members) {
    const std::size_t before = errors_.size();
    const Term body = BoolUnder(
        member.when,
        [&] {
          BindElement(code_->bound(node)[0], member.value);
          return EvalBool(node.a);
        },
        !is_exists);
    const Term stops = pool_->And(member.when, is_exists ? body : pool_->Not(body));
    visits.push_back({stops, {errors_.begin() + static_cast<std::ptrdiff_t>(before), errors_.end()}});
    errors_.resize(before, {pool_->True(), {}});
    found.push_back(stops);
  }
  for (std::size_t i = 0; i < visits.size(); ++i) {
    std::vector<Term> is_over;
    for (std::size_t j = 0; j < visits.size(); ++j) {
      if (j != i) is_over.push_back(pool_->And(visits[j].stops, IsBefore(members[j].value, members[i].value)));
    }
    const Term is_reached = pool_->Not(pool_->Or(std::move(is_over)));
    for (ErrorCase& error : visits[i].errors)
      errors_.push_back({pool_->And(error.when, is_reached), std::move(error.error)});
  }
  const Term any = pool_->Or(std::move(found));
  return SymValue::Bool(*pool_, is_exists ? any : pool_->Not(any));
}

// Is an element listed before another? FALSE where that is not known.
Term SymEvaluator::IsBefore(const SymValue& a, const SymValue& b) {
  if (a.is_concrete() && b.is_concrete()) return pool_->Bool(eval::Compare(a.value(), b.value()) < 0);
  const auto is_int = [](const SymValue& v) {
    return v.kind() == SymKind::kInt || (v.is_concrete() && v.value().is_int());
  };
  return is_int(a) && is_int(b) ? pool_->Less(ToInt(a, {}), ToInt(b, {})) : pool_->False();
}

SymValue SymEvaluator::EvalQuantifier(NodeId, const Node& node) {
  const bool is_exists = node.op == Opcode::kExists;
  const Binder& first = code_->bound(node)[0];
  if (node.c == 1 && first.set != program::kNoNode && (first.is_tuple || first.slots.size() == 1)) {
    const std::vector<Member> members = List(Eval(first.set), first.span);
    const bool is_ordered =
        std::all_of(members.begin(), members.end(), [](const Member& m) { return m.value.is_concrete(); });
    if (!is_ordered) return EvalUnordered(node, members);
  }
  Term found = pool_->False();  // a witness of \E, a counterexample of \A
  ForEachBinding(node, 0, pool_->True(), [&](Term guard) {
    const Term reached = pool_->And(guard, pool_->Not(found));
    const Term body = BoolUnder(
        reached, [&] { return EvalBool(node.a); }, !is_exists);
    found = pool_->Or(found, pool_->And(guard, is_exists ? body : pool_->Not(body)));
    return !pool_->is_true(found);
  });
  return SymValue::Bool(*pool_, is_exists ? found : pool_->Not(found));
}

// The first element, in TLC's order, that has the property.
SymValue SymEvaluator::EvalChoose(NodeId id, const Node& node) {
  const Binder& binder = code_->bound(node)[0];
  if (binder.set == program::kNoNode)
    Fail(ErrorKind::kNotEnumerable, "an unbounded CHOOSE cannot be evaluated", SpanOf(id));
  std::vector<Member> members = List(Eval(binder.set), binder.span);
  const bool is_concrete =
      std::all_of(members.begin(), members.end(), [](const Member& m) { return m.value.is_concrete(); });
  if (!is_concrete && members.size() > 1) GiveUp("CHOOSE from a set of unknown elements", SpanOf(id));
  std::vector<Case> cases;
  Term found = pool_->False();
  for (const Member& member : members) {
    const Term reached = pool_->And(member.when, pool_->Not(found));
    if (pool_->is_false(reached)) continue;
    const Term body = BoolUnder(
        reached,
        [&] {
          BindElement(binder, member.value);
          return EvalBool(node.a);
        },
        false);
    const Term here = pool_->And(reached, body);
    if (!pool_->is_false(here)) cases.push_back({here, member.value});
    found = pool_->Or(found, here);
    if (pool_->is_true(found)) break;
  }
  MayErr(pool_->Not(found), ErrorKind::kNoWitness, "CHOOSE found no element with the property", SpanOf(id));
  if (cases.empty()) Fail(ErrorKind::kNoWitness, "CHOOSE found no element with the property", SpanOf(id));
  return MergeOrFork(std::move(cases));
}

}  // namespace kelpie::symbolic
