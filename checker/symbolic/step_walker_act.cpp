// Operators on the way, next values, the end of a way.
#include "checker/eval/value_order.h"
#include "checker/symbolic/step_walker.h"

namespace kelpie::symbolic {

void StepWalker::ActInline(NodeId id, const Node& n, bool is_named, Continuation k) {
  const program::Call& call = e_.code().calls[n.b];
  for (const auto slot : call.memo_slots) e_.frame()->slots[slot].value.reset();
  if (!is_named || !call.definition.is_valid()) return Act(n.a, is_named, k);
  const auto saved_action = way_.action;
  const auto saved_parameters = way_.parameters;
  const bool saved_entered = is_entered_;
  Enter(call, id, [&] { Act(n.a, is_named, k); });
  is_entered_ = saved_entered;
  way_.action = saved_action;
  way_.parameters = saved_parameters;
}

// The operator names the way from here; where it is the claimed one, its arguments are.
void StepWalker::Enter(const program::Call& call, NodeId id, Continuation k) {
  way_.action = call.definition;
  way_.parameters.assign(call.parameters.size(), std::nullopt);
  for (std::size_t i = 0; i < call.parameters.size(); ++i) {
    if (call.parameters[i] == program::kNoNode || node(call.parameters[i]).is_step()) continue;
    const std::size_t errors_before = e_.errors().size();
    try {
      const SymEvaluator::Under under(e_, way_.condition);
      way_.parameters[i] = e_.Join([&] { return e_.EvalForced(call.parameters[i]); });
    } catch (Failure&) {
      // An argument that nobody evaluates has no value to report.
    } catch (Unsupported&) {
    }
    e_.errors().resize(errors_before, {pool().True(), {}});
  }
  const bool is_claimed =
      request_.claim != nullptr && !is_entered_ && request_.claim->paths->definition == call.effective;
  if (!is_claimed) return k();
  is_entered_ = true;
  Term agrees = pool().True();
  for (std::size_t i = 0; i < way_.parameters.size() && i < request_.claim->parameters.size(); ++i) {
    const auto& claimed = request_.claim->parameters[i];
    if (!claimed || !way_.parameters[i]) continue;
    const Term same =
        Truth(id, [&] { return e_.Equals(*way_.parameters[i], SymValue(*claimed), e_.SpanOf(id), false); });
    agrees = pool().And(agrees, same);
  }
  if (agrees == pool().True()) return k();
  Conjoin(id, agrees, k);
}

// What comes after the call is evaluated in the caller's frame.
void StepWalker::ActCall(NodeId id, const Node& n, bool is_named, Continuation k) {
  const program::Unit& unit = e_.code().units[n.a];
  const std::shared_ptr<Frame> caller = e_.frame();
  auto callee = std::make_shared<Frame>();
  callee->slots.resize(unit.frame_size);
  for (std::uint32_t i = 0; i < unit.inherited_count && i < caller->slots.size(); ++i)
    callee->slots[i] = caller->slots[i];
  const auto args = e_.code().list(n);
  const std::function<void(std::size_t)> bind = [&](std::size_t i) {
    if (i < args.size()) {
      ForEachCase(
          id, [&] { return e_.JoinCases([&] { return e_.EvalForced(args[i]); }); },
          [&](const SymValue& value) {
            callee->slots[unit.parameters[i]].value = value;
            bind(i + 1);
          });
      return;
    }
    constexpr std::size_t kCallsMax = 500;  // a recursive action is unfolded this often on one way
    if (++call_depth_ > kCallsMax) {
      NoteGap({"an action that applies itself more than 500 times", e_.SpanOf(id)});
    } else {
      e_.frame() = callee;
      Act(unit.body, is_named, [&] {
        e_.frame() = caller;
        k();
        e_.frame() = callee;
      });
      e_.frame() = caller;
    }
    --call_depth_;
  };
  bind(0);
}

// --- next values

void StepWalker::Assign(NodeId id, std::uint32_t slot, const std::function<SymValue()>& value, Continuation k) {
  const bool is_pinned = IsPinned(slot);
  if (is_pinned || e_.next(slot)) {
    const std::size_t errors_on_way = way_.errors.size();
    try {
      // Observed values never err: what cannot be compared with them is different from them.
      const Term same = Truth(id, [&] { return e_.Equals(*e_.next(slot), value(), e_.SpanOf(id), !is_pinned); });
      Conjoin(id, same, k);
    } catch (Unsupported& gap) {
      NoteGap(gap);
    }
    way_.errors.resize(errors_on_way);
    return;
  }
  ForEachCase(
      id, [&] { return e_.JoinCases(value); },
      [&](const SymValue& made) {
        e_.SetNext(slot, made);
        Conjoin(id, pool().True(), k);
        e_.SetNext(slot, std::nullopt);
      });
}

void StepWalker::ActAssign(NodeId id, const Node& n, Continuation k) {
  if (n.op == Opcode::kAssign)
    return Assign(
        id, n.a, [&] { return e_.EvalForced(n.b); }, k);
  Assign(
      id, n.a, [&] { return e_.StateValue(n.a, e_.SpanOf(id)); }, k);
}

void StepWalker::ActMember(NodeId id, const Node& n, Continuation k) {
  const bool is_subset = n.op == Opcode::kAssignSubset;
  const bool is_pinned = IsPinned(n.a);
  if (is_pinned || e_.next(n.a)) {
    const std::size_t errors_on_way = way_.errors.size();
    try {
      const Term in = Truth(id, [&] {
        const SymValue set = e_.Eval(n.b);
        try {
          return is_subset ? e_.Subset(*e_.next(n.a), set, e_.SpanOf(id)) : e_.In(*e_.next(n.a), set, e_.SpanOf(id));
        } catch (const Failure& failure) {
          if (!is_pinned || failure.error.kind != ErrorKind::kIncomparable) throw;
          return pool().False();
        }
      });
      Conjoin(id, in, k);
    } catch (Unsupported& gap) {
      NoteGap(gap);
    }
    way_.errors.resize(errors_on_way);
    return;
  }
  const std::string name = e_.program().spec->variables[n.a].name + "'";
  const auto body = [&] {
    std::vector<Case> cases;
    for (const Case& set : e_.JoinCases([&] { return e_.Eval(n.b); })) {
      const SymEvaluator::Under under(e_, set.when);
      const SymValue whole = is_subset ? e_.PowerSet(set.value) : set.value;
      for (Case& c : e_.Unknown(whole, name, e_.SpanOf(id)))
        cases.push_back({pool().And(set.when, c.when), std::move(c.value)});
    }
    return cases;
  };
  ForEachCase(id, body, [&](const SymValue& element) {
    e_.SetNext(n.a, element);
    Conjoin(id, pool().True(), k);
    e_.SetNext(n.a, std::nullopt);
  });
}

// --- the end

// A path outside the DOMAIN disagrees; it is no error.
Term StepWalker::Agrees(const PlaceFact& fact) {
  const std::size_t before = e_.errors().size();
  Term term = pool().False();
  try {
    term = e_.BoolUnder(
        way_.condition,
        [&] {
          SymValue at = *e_.next(fact.slot);
          for (const eval::Value& step : fact.path) at = e_.Apply(at, SymValue(step), {});
          return e_.Equals(at, SymValue(fact.value), {}, false);
        },
        false);
  } catch (const Failure&) {
    // It is outside for every assignment.
  }
  for (std::size_t i = before; i < e_.errors().size(); ++i) term = pool().And(term, pool().Not(e_.errors()[i].when));
  e_.errors().resize(before, {pool().True(), {}});
  return term;
}

void StepWalker::Finish() {
  if (request_.claim != nullptr && !is_entered_) return;
  for (std::uint32_t slot = 0; slot < request_.state->size(); ++slot) {
    if (e_.next(slot)) continue;
    const std::string& variable = e_.program().spec->variables[slot].name;
    e_.errors().push_back(
        {way_.condition,
         EvalError{
             ErrorKind::kIncompleteState, "Next does not say what " + variable + " is in the next state", {}, "", {}}});
    return;
  }
  // Places of the next state that were observed, one conjunct each.
  const std::function<void(std::size_t)> observe = [&](std::size_t i) {
    if (i == request_.facts.size()) {
      way_.is_finished = true;
      way_.next.clear();
      for (std::uint32_t slot = 0; slot < request_.state->size(); ++slot) way_.next.push_back(e_.next(slot));
      ways_.push_back(way_);
      way_.is_finished = false;
      return;
    }
    const Term term = Agrees(request_.facts[i]);
    Conjoin(program::kNoNode, term, [&] { observe(i + 1); });
  };
  observe(0);
}

}  // namespace kelpie::symbolic
