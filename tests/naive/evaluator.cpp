#include "tests/naive/evaluator.h"

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

Evaluator::Evaluator(std::shared_ptr<const program::Program> program, ConstantValues constants, EvalOptions options)
    : program_(std::move(program)),
      impl_(std::make_unique<Impl>(*program_, std::move(constants), std::move(options))) {}

Evaluator::~Evaluator() = default;

// A visitor of Successors may evaluate (an invariant of the successor, say): the search's
// own state is put aside and taken up again.
namespace {
template <typename T>
class Saved {
 public:
  explicit Saved(T& slot) : slot_(slot), value_(slot) {}
  ~Saved() { slot_ = std::move(value_); }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

 private:
  T& slot_;
  T value_;
};
}  // namespace

#define KELPIE_SAVE_SEARCH()                          \
  const Saved saved_next(impl_->next_);               \
  const Saved saved_assigned(impl_->assigned_);       \
  const Saved saved_state(impl_->state_);             \
  const Saved saved_primed(impl_->is_primed_);        \
  const Saved saved_init(impl_->is_init_);            \
  const Saved saved_depth(impl_->depth_);             \
  const Saved saved_request(impl_->request_);         \
  const Saved saved_entered(impl_->is_entered_);      \
  const Saved saved_action_expr(impl_->action_expr_); \
  const Saved saved_action_env(impl_->action_env_);   \
  const Saved saved_and_top(impl_->and_top_);         \
  const std::size_t arena_mark = impl_->arena_.Mark()

Result<Value> Evaluator::Evaluate(ExprId expr, const State* state, const State* next) {
  KELPIE_SAVE_SEARCH();
  try {
    impl_->request_ = nullptr;
    impl_->Begin(state, next);
    Value value = impl_->Eval(expr, nullptr);
    impl_->arena_.Release(arena_mark);
    return value;
  } catch (EvalFailure& failure) {
    impl_->arena_.Release(arena_mark);
    return std::move(failure.error);
  }
}

Result<bool> Evaluator::Holds(ExprId expr, const State* state, const State* next) {
  Result<Value> value = Evaluate(expr, state, next);
  if (!value.ok()) return value.error();
  if (!value.value().is_bool()) {
    return EvalError{ErrorKind::kType,
                     "expected TRUE or FALSE, found " + eval::ToString(value.value()),
                     program_->expr(expr).span,
                     "",
                     {}};
  }
  return value.value().as_bool();
}

Result<bool> Evaluator::SquareHolds(ExprId action, ExprId subscript, const State& state, const State& next) {
  KELPIE_SAVE_SEARCH();
  try {
    impl_->request_ = nullptr;
    impl_->Begin(&state, &next);
    const bool holds = impl_->IsUnchanged(subscript, nullptr) || impl_->EvalBool(action, nullptr);
    impl_->arena_.Release(arena_mark);
    return holds;
  } catch (EvalFailure& failure) {
    impl_->arena_.Release(arena_mark);
    return std::move(failure.error);
  }
}

Result<Value> Evaluator::ConstantValue(resolve::ConstantId constant) {
  try {
    return impl_->Force(impl_->Constant(constant, program_->spec->constants[constant.index].span),
                        program_->spec->constants[constant.index].span);
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

Status Evaluator::InitialStates(const StateVisitor& visit, const SuccessorRequest& request) {
  KELPIE_SAVE_SEARCH();
  Status status = impl_->RunInit(request, visit);
  impl_->arena_.Release(arena_mark);
  return status;
}

Status Evaluator::Successors(const State& state, const SuccessorRequest& request, const SuccessorVisitor& visit) {
  KELPIE_SAVE_SEARCH();
  Status status = impl_->RunSuccessors(state, request, visit);
  impl_->arena_.Release(arena_mark);
  return status;
}

#undef KELPIE_SAVE_SEARCH

}  // namespace kelpie::naive
