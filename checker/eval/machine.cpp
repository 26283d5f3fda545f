#include "checker/eval/machine.h"

#include "checker/eval/scopes.h"

namespace kelpie::eval {

Machine::Machine(const program::Program& program, ConstantValues constants, EvalOptions options)
    : program_(program), spec_(*program.spec), options_(std::move(options)) {
  constants_.assign(spec_.constants.size(), Value::Unset());
  for (auto& [id, value] : constants) constants_[id] = std::move(value);
  once_.assign(spec_.exprs.size(), Value::Unset());
  compiled_.resize(spec_.exprs.size() * kModeCount);
  if (options_.counts_truths) truths_.resize(spec_.exprs.size());
  shared_.resize(std::size_t{1} << kSharedBits);
  all_assigned_.assign(spec_.variables.size(), 1);
}

void Machine::FailAt(ErrorKind kind, std::string message, const Span& span, std::string hint) const {
  throw EvalFailure{EvalError{kind, std::move(message), span, std::move(hint), {}}};
}

void Machine::Fail(ErrorKind kind, std::string message, NodeId at, std::string hint) const {
  FailAt(kind, std::move(message), SpanOf(at), std::move(hint));
}

namespace {

// A wrong neighbour for an operator, for tests that must notice.
Opcode WrongFor(Opcode op) {
  switch (op) {
    case Opcode::kLess: return Opcode::kLessEqual;
    case Opcode::kLessEqual: return Opcode::kLess;
    case Opcode::kGreater: return Opcode::kGreaterEqual;
    case Opcode::kGreaterEqual: return Opcode::kGreater;
    case Opcode::kEqual: return Opcode::kNotEqual;
    case Opcode::kNotEqual: return Opcode::kEqual;
    case Opcode::kIn: return Opcode::kNotIn;
    case Opcode::kNotIn: return Opcode::kIn;
    case Opcode::kPlus: return Opcode::kMinus;
    case Opcode::kMinus: return Opcode::kPlus;
    case Opcode::kUnion: return Opcode::kIntersect;
    case Opcode::kIntersect: return Opcode::kUnion;
    case Opcode::kDiv: return Opcode::kMod;
    case Opcode::kMod: return Opcode::kDiv;
    case Opcode::kExists: return Opcode::kForAll;
    case Opcode::kForAll: return Opcode::kExists;
    case Opcode::kHead: return Opcode::kTail;
    case Opcode::kImplies: return Opcode::kEquivalent;
    default: return op;
  }
}

Value LiteralValue(const program::Literal& literal) {
  switch (literal.kind) {
    case program::Literal::Kind::kBool: return Value::Bool(literal.integer != 0);
    case program::Literal::Kind::kInt: return Value::Int(literal.integer);
    case program::Literal::Kind::kString: return Value::String(literal.text);
    case program::Literal::Kind::kModelValue: break;
  }
  return Value::ModelValue(literal.text);
}

}  // namespace

Compiled& Machine::MakeCompiled(ExprId expr, Mode mode) {
  program::CompileLimits limits;
  limits.nodes_max = options_.limits.code_size_max;
  limits.depth_max = options_.limits.depth_max;
  limits.with_counts = options_.counts_truths;
  program::CompileResult made = program::Compile(program_, expr, mode, limits);
  if (made.code == nullptr) FailAt(ErrorKind::kSize, made.message, made.span, "raise " + made.option);
  if (options_.planted_fault) {
    Code wrong = *made.code;
    for (Node& node : wrong.nodes) {
      if (node.op == *options_.planted_fault) node.op = WrongFor(node.op);
    }
    made.code = std::make_shared<const Code>(std::move(wrong));
  }
  for (const Node& node : made.code->nodes) {
    if (node.op == Opcode::kCount) truths_[node.b].is_known = true;
  }
  auto compiled = std::make_unique<Compiled>();
  compiled->code = std::move(made.code);
  for (const program::Literal& literal : compiled->code->literals) compiled->literals.push_back(LiteralValue(literal));
  compiled->domains.assign(compiled->code->nodes.size(), Value::Unset());
  compiled->is_touched.assign(compiled->code->nodes.size(), 0);
  compiled->field_hints.assign(compiled->code->paths.size(), 0);
  compiled->increment = FindIncrement(*compiled->code, spec_.variables.size());
  compiled->frame.assign(compiled->code->units[0].frame_size, Value::Unset());
  return *(compiled_[expr.index * kModeCount + static_cast<std::size_t>(mode)] = std::move(compiled));
}

void Machine::Enter(Compiled& compiled) {
  now_.compiled = &compiled;
  code_ = compiled.code.get();
  nodes_ = code_->nodes.data();
  literals_ = compiled.literals.data();
}

void Machine::AddErrorFrame(EvalError& error, const std::string& name, NodeId at) const {
  constexpr std::size_t kFramesMax = 20;
  if (error.frames.size() < kFramesMax) error.frames.push_back({name, SpanOf(at)});
}

// --- the public face

Evaluator::Evaluator(std::shared_ptr<const program::Program> program, ConstantValues constants, EvalOptions options)
    : program_(std::move(program)),
      constants_(std::move(constants)),
      options_(std::move(options)),
      machine_(std::make_unique<Machine>(*program_, constants_, options_)) {}

std::unique_ptr<Evaluator> Evaluator::Clone() const {
  ConstantValues constants;
  for (const auto& [id, value] : constants_) constants.emplace(id, value.Copied());
  return std::make_unique<Evaluator>(program_, std::move(constants), options_);
}

Evaluator::~Evaluator() = default;

std::uint64_t Evaluator::between_count() const { return machine_->between_count(); }

std::vector<TruthCount> Evaluator::TruthCounts() const { return machine_->TruthCounts(); }

Result<Value> Evaluator::Evaluate(ExprId expr, const State* state, const State* next) {
  return machine_->Evaluate(expr, state, next);
}

Result<bool> Evaluator::Holds(ExprId expr, const State* state, const State* next) {
  return machine_->Holds(expr, state, next);
}

Result<std::optional<std::size_t>> Evaluator::FirstFalse(std::span<const ExprId> exprs, const State& state,
                                                         const State* known) {
  return machine_->FirstFalse(exprs, state, known);
}

Result<std::optional<std::size_t>> Evaluator::FirstBroken(std::span<const program::ActionProperty> properties,
                                                          const State& state, const State& next) {
  return machine_->FirstBroken(properties, state, next);
}

Result<Value> Evaluator::ConstantValue(resolve::ConstantId constant) { return machine_->ConstantValue(constant); }

Result<TemporalFormula> Evaluator::Temporal(ExprId expr) { return machine_->ExpandTemporal(expr); }

Result<bool> Evaluator::HoldsAtom(AtomId atom, const State& state, const State* next) {
  return machine_->HoldsAtom(atom, state, next);
}

Status Evaluator::InitialStates(const StateVisitor& visit, const SuccessorRequest& request) {
  return machine_->RunInit(request, visit);
}

Status Evaluator::Successors(const State& state, const SuccessorRequest& request, const SuccessorVisitor& visit) {
  return machine_->RunSuccessors(state, request, visit);
}

const std::vector<StepGroup>& Evaluator::StepGroups() { return machine_->StepGroups(); }

Status Evaluator::GroupSuccessors(std::size_t group, const State& state, const SuccessorRequest& request,
                                  const SuccessorVisitor& visit, Reads* reads, const Value* element) {
  return machine_->RunGroup(group, state, request, visit, reads, element);
}

const char* NameOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kType: return "type";
    case ErrorKind::kIncomparable: return "incomparable";
    case ErrorKind::kOutsideDomain: return "outside-domain";
    case ErrorKind::kNotEnumerable: return "not-enumerable";
    case ErrorKind::kNoWitness: return "no-witness";
    case ErrorKind::kNoCase: return "no-case";
    case ErrorKind::kUnassigned: return "unassigned";
    case ErrorKind::kIncompleteState: return "incomplete-state";
    case ErrorKind::kOverflow: return "overflow";
    case ErrorKind::kArithmetic: return "arithmetic";
    case ErrorKind::kAssert: return "assert";
    case ErrorKind::kDepth: return "max-depth";
    case ErrorKind::kSize: return "max-set";
    case ErrorKind::kFile: return "bad-file";
    case ErrorKind::kUnsupported: return "unsupported";
  }
  return "error";
}

}  // namespace kelpie::eval
