// The searches for initial states and successors, from beginning to end.
#include <algorithm>

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

void Evaluator::Impl::Begin(const State* state, const State* next) {
  state_ = state;
  is_primed_ = false;
  is_init_ = false;
  depth_ = 0;
  if (next != nullptr) {
    next_ = *next;
    assigned_.assign(next_.size(), true);
  } else {
    assigned_.assign(spec_.variables.size(), false);
  }
}

void Evaluator::Impl::BeginSearch(const SuccessorRequest& request) {
  request_ = &request;
  is_entered_ = false;
  action_expr_ = ExprId{};
  action_env_ = nullptr;
  and_top_ = nullptr;
  passed_.clear();
  if (request.pinned == nullptr) return;
  for (std::size_t slot = 0; slot < request.pinned->size(); ++slot) {
    if (!(*request.pinned)[slot]) continue;
    next_[slot] = *(*request.pinned)[slot];
    assigned_[slot] = true;
  }
}

bool Evaluator::Impl::Enabled(ExprId id, const Environment* env) {
  State saved_next = next_;
  std::vector<bool> saved_assigned = assigned_;
  const SuccessorRequest* saved_request = request_;
  const bool saved_primed = is_primed_;
  State base;
  // Under a prime, ENABLED A is about the next state.
  const State* saved_state = state_;
  if (is_primed_) {
    base = next_;
    state_ = &base;
  }
  const auto restore = [&] {
    next_ = std::move(saved_next);
    assigned_ = std::move(saved_assigned);
    request_ = saved_request;
    is_primed_ = saved_primed;
    state_ = saved_state;
  };
  is_primed_ = false;
  request_ = nullptr;
  assigned_.assign(spec_.variables.size(), false);
  bool found = false;
  try {
    Act(
        id, env,
        [&] {
          found = true;
          return false;
        },
        false);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  return found;
}

// All t with A(s, t), each way to one.
std::vector<State> Evaluator::Impl::StatesBetween(ExprId first, const Environment* env) {
  State saved_next = next_;
  std::vector<bool> saved_assigned = assigned_;
  const SuccessorRequest* saved_request = request_;
  SuccessorRequest request;
  request.count_ways = request_ != nullptr && request_->count_ways;
  const auto restore = [&] {
    next_ = std::move(saved_next);
    assigned_ = std::move(saved_assigned);
    request_ = saved_request;
  };
  if (request_ != nullptr) request_ = &request;
  assigned_.assign(spec_.variables.size(), false);
  std::vector<State> states;
  try {
    Act(
        first, env,
        [&] {
          if (std::find(assigned_.begin(), assigned_.end(), false) != assigned_.end())
            Fail(ErrorKind::kIncompleteState, "a variable has no value between", program_.expr(first).span);
          states.push_back(next_);
          return true;
        },
        false);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  return states;
}

bool Evaluator::Impl::HoldsComposed(const Expr& e, const Environment* env) {
  const State* saved_state = state_;
  const bool saved_between = is_between_;
  for (const State& between : StatesBetween(e.operands[0], env)) {
    state_ = &between;
    is_between_ = true;
    bool holds = false;
    try {
      holds = EvalBool(e.operands[1], env);
    } catch (...) {
      state_ = saved_state;
      is_between_ = saved_between;
      throw;
    }
    state_ = saved_state;
    is_between_ = saved_between;
    if (holds) return true;
  }
  return false;
}

bool Evaluator::Impl::ActCompose(ExprId, const Expr& e, const Environment* env, Continuation k) {
  const State* saved_state = state_;
  const bool saved_between = is_between_;
  for (const State& between : StatesBetween(e.operands[0], env)) {
    state_ = &between;
    is_between_ = true;
    bool goes_on = false;
    try {
      goes_on = Act(
          e.operands[1], env,
          [&] {
            state_ = saved_state;
            is_between_ = saved_between;
            const bool more = k();
            state_ = &between;
            is_between_ = true;
            return more;
          },
          false);
    } catch (...) {
      state_ = saved_state;
      is_between_ = saved_between;
      throw;
    }
    state_ = saved_state;
    is_between_ = saved_between;
    if (!goes_on) return false;
  }
  return true;
}

ActionInstance Evaluator::Impl::CurrentAction() {
  ActionInstance action;
  if (!action_expr_.is_valid()) return action;
  const Expr& e = program_.expr(action_expr_);
  const Definition& definition = spec_.definition(program_.Effective(e.definition));
  action.definition = e.definition;
  action.span = spec_.definition(e.definition).name_span;
  for (const auto& parameter : definition.parameters) {
    if (parameter.arity > 0) continue;
    const Environment* node = Find(action_env_, parameter.local, parameter.span);
    try {
      if (node->kind == BindingKind::kValue) {
        action.arguments.emplace_back(parameter.name, node->value);
      } else if (node->kind == BindingKind::kThunk && program_.expr(node->expression).level <= Level::kState) {
        action.arguments.emplace_back(parameter.name, Eval(node->expression, node->scope));
      }
    } catch (const EvalFailure&) {
      // An argument that nobody evaluated and that has no value: the action goes without it.
    }
  }
  return action;
}

bool Evaluator::Impl::Finish(const SuccessorVisitor& visit) {
  if (request_ != nullptr && request_->claim != nullptr && !is_entered_) return true;
  for (std::size_t slot = 0; slot < assigned_.size(); ++slot) {
    if (assigned_[slot]) continue;
    const Span span =
        action_expr_.is_valid() ? spec_.definition(program_.expr(action_expr_).definition).name_span : Span{};
    const std::string name =
        action_expr_.is_valid() ? spec_.definition(program_.expr(action_expr_).definition).name : "Next";
    Fail(ErrorKind::kIncompleteState,
         name + " does not say what " + spec_.variables[slot].name + " is in the next state", span,
         "add a conjunct for " + spec_.variables[slot].name + "', or list it under UNCHANGED");
  }
  const ActionInstance action = CurrentAction();
  const State found = next_;
  return visit(Successor{found, action});
}

Status Evaluator::Impl::RunSuccessors(const State& state, const SuccessorRequest& request,
                                      const SuccessorVisitor& visit) {
  Begin(&state, nullptr);
  BeginSearch(request);
  Status status;
  try {
    Act(
        program_.next, nullptr, [&] { return Finish(visit); }, true);
  } catch (EvalFailure& failure) {
    status = std::move(failure.error);
  }
  request_ = nullptr;
  and_top_ = nullptr;
  return status;
}

Status Evaluator::Impl::RunInit(const SuccessorRequest& request, const StateVisitor& visit) {
  Begin(nullptr, nullptr);
  is_init_ = true;
  BeginSearch(request);
  Status status;
  const std::function<bool(std::size_t)> conjunct = [&](std::size_t i) -> bool {
    if (i < program_.init.size()) {
      if (i > 0 && IsSettled()) return !EvalBool(program_.init[i], nullptr) || conjunct(i + 1);
      return Act(
          program_.init[i], nullptr, [&] { return conjunct(i + 1); }, false);
    }
    for (std::size_t slot = 0; slot < assigned_.size(); ++slot) {
      if (!assigned_[slot]) {
        Fail(ErrorKind::kIncompleteState,
             "the initial predicate does not give " + spec_.variables[slot].name + " a value",
             spec_.variables[slot].span);
      }
    }
    const State found = next_;
    return visit(found);
  };
  try {
    conjunct(0);
  } catch (EvalFailure& failure) {
    status = std::move(failure.error);
  }
  is_init_ = false;
  request_ = nullptr;
  return status;
}

}  // namespace kelpie::naive
