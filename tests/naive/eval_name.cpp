// What names stand for: bindings, constants, definitions and their overrides.
#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

// Counts nested operator applications, so that runaway recursion ends in an error with the
// operator stack and not in a crash.
class Evaluator::Impl::DepthGuard {
 public:
  DepthGuard(Impl& impl, const Expr& e, const std::string& name) : impl_(impl) {
    if (++impl_.depth_ > impl_.options_.limits.depth_max) {
      impl_.depth_ = 0;
      impl_.Fail(
          ErrorKind::kDepth,
          "operators are applied more than " + std::to_string(impl_.options_.limits.depth_max) + " deep in " + name,
          e.span, "a recursion that does not end, or raise --max-depth");
    }
  }
  ~DepthGuard() {
    if (impl_.depth_ > 0) --impl_.depth_;
  }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  Impl& impl_;
};

const Environment* Evaluator::Impl::BindValue(const Environment* env, LocalId local, const Value& value) {
  Environment& node = arena_.Push(env);
  node.local = local;
  node.kind = BindingKind::kValue;
  node.value = value;
  return &node;
}

const Environment* Evaluator::Impl::BindArgument(const Environment* env, const resolve::Parameter& parameter,
                                                 ExprId argument, const Environment* scope) {
  Environment& node = arena_.Push(env);
  node.local = parameter.local;
  node.kind = parameter.arity > 0 ? BindingKind::kOperator : BindingKind::kThunk;
  node.expression = argument;
  node.scope = scope;
  // A name passed on is looked through, so that chains of calls do not grow chains of thunks.
  const Expr& e = program_.expr(argument);
  if (parameter.arity == 0 && e.kind == ExprKind::kLocal) {
    const Environment* source = Find(scope, e.local, e.span);
    if (source->kind == BindingKind::kValue) {
      node.kind = BindingKind::kValue;
      node.value = source->value;
    } else if (source->kind == BindingKind::kThunk) {
      node.expression = source->expression;
      node.scope = source->scope;
    }
  }
  return &node;
}

const Environment* Evaluator::Impl::BindParameters(const Definition& definition, const std::vector<ExprId>& arguments,
                                                   const Environment* scope, const Environment* callee_outer) {
  const Environment* env = callee_outer;
  for (std::size_t i = 0; i < definition.parameters.size() && i < arguments.size(); ++i) {
    env = BindArgument(env, definition.parameters[i], arguments[i], scope);
  }
  return env;
}

const Environment* Evaluator::Impl::PushLet(ExprId let, const Environment* env) {
  Environment& node = arena_.Push(env);
  node.kind = BindingKind::kLet;
  node.local = LocalId{};
  node.expression = let;
  node.cache.assign(program_.expr(let).definitions.size(), {});
  return &node;
}

const Environment* Evaluator::Impl::OuterOf(DefinitionId id, const Environment* env) const {
  const auto let = program_.let_of.find(id.index);
  if (let == program_.let_of.end()) return nullptr;
  for (const Environment* node = env; node != nullptr; node = node->outer) {
    if (node->kind == BindingKind::kLet && node->expression == let->second) return node;
  }
  return nullptr;
}

const Environment* Evaluator::Impl::Find(const Environment* env, LocalId local, const Span& span) const {
  for (const Environment* node = env; node != nullptr; node = node->outer) {
    if (node->local == local) return node;
  }
  Fail(ErrorKind::kUnsupported, "the name '" + spec_.local_names[local.index] + "' has no value here", span);
}

Operand Evaluator::Impl::EvalLocal(const Expr& e, const Environment* env) {
  const Environment* node = Find(env, e.local, e.span);
  switch (node->kind) {
    case BindingKind::kValue: return node->value;
    case BindingKind::kThunk: {
      if (node->is_cached && !is_primed_ && !is_between_) return node->value;
      Operand result = EvalLazy(node->expression, node->scope);
      const Value* value = std::get_if<Value>(&result);
      // Only what depends on the present state alone may be remembered.
      if (value != nullptr && !is_primed_ && !is_init_ && !is_between_ && program_.expr(node->expression).level <= Level::kState) {
        node->value = *value;
        node->is_cached = true;
      }
      return result;
    }
    case BindingKind::kSelf:
      return LazyFunctionPtr(LazyFunctionPtr(), node->function);  // owned by whoever is applying it
    default: Fail(ErrorKind::kType, "an operator is used as a value", e.span);
  }
}

Operand Evaluator::Impl::EvalVariable(const Expr& e) {
  const std::uint32_t slot = e.variable.index;
  if (is_primed_ || is_init_) {
    if (!assigned_[slot]) {
      Fail(ErrorKind::kUnassigned,
           "the variable " + spec_.variables[slot].name + (is_init_ ? "" : "'") + " is read before it has a value",
           e.span, "conjuncts are evaluated in text order: assign it first");
    }
    return next_[slot];
  }
  if (state_ == nullptr) Fail(ErrorKind::kUnsupported, "a variable is read where there is no state", e.span);
  return (*state_)[slot];
}

Operand Evaluator::Impl::EvalPrimed(ExprId id, const Environment* env, bool is_primed) {
  const bool saved = is_primed_;
  is_primed_ = is_primed;
  try {
    Operand result = EvalLazy(id, env);
    is_primed_ = saved;
    return result;
  } catch (...) {
    is_primed_ = saved;
    throw;
  }
}

// F(x) for CONSTANT F(_), which the model replaces by an operator.
Operand Evaluator::Impl::ApplyConstant(const Expr& e, const Environment* env) {
  const auto found = program_.model->constants.find(e.constant);
  if (found == program_.model->constants.end()) {
    Fail(ErrorKind::kUnsupported,
         "the operator constant " + spec_.constants[e.constant.index].name + " has no definition", e.span,
         "replace it in the model file: " + spec_.constants[e.constant.index].name + " <- SomeOperator");
  }
  if (found->second.term) return TermValue(*found->second.term, e.span);
  if (!found->second.rows.empty()) return ApplyRows(found->second.rows, e, env);
  if (found->second.builtin) return ApplyBuiltin(*found->second.builtin, e.operands, e, env);
  const Definition& definition = spec_.definition(*found->second.definition);
  const DepthGuard guard(*this, e, definition.name);
  return EvalLazy(definition.body, BindParameters(definition, e.operands, env, nullptr));
}

// The first row with these arguments.
Operand Evaluator::Impl::ApplyRows(const std::vector<resolve::ReplacementRow>& rows, const Expr& e,
                                   const Environment* env) {
  std::vector<Value> given;
  for (const ExprId operand : e.operands) given.push_back(Eval(operand, env));
  for (const resolve::ReplacementRow& row : rows) {
    bool is_equal = true;
    for (std::size_t i = 0; i < given.size() && is_equal; ++i) {
      is_equal = EqualValues(given[i], TermValue(row.arguments[i], e.span), e.span);
    }
    if (is_equal) return TermValue(row.value, e.span);
  }
  Fail(ErrorKind::kNoWitness, "the model file gives no value for these arguments", e.span);
}

// What the model puts in place of a built-in.
Operand Evaluator::Impl::ApplyReplacement(const resolve::Replacement& replacement, const std::vector<ExprId>& args,
                                          const Expr& e, const Environment* env) {
  if (replacement.term) return TermValue(*replacement.term, e.span);
  if (!replacement.rows.empty()) return ApplyRows(replacement.rows, e, env);
  const Definition& definition = spec_.definition(*replacement.definition);
  const DepthGuard guard(*this, e, definition.name);
  return EvalLazy(definition.body, BindParameters(definition, args, env, nullptr));
}

Value Evaluator::Impl::TermValue(const resolve::ModelTerm& term, const Span& span) const {
  using Kind = resolve::ModelTerm::Kind;
  switch (term.kind) {
    case Kind::kInt: return Value::Int(term.integer);
    case Kind::kBool: return Value::Bool(term.integer != 0);
    case Kind::kString: return Value::String(term.text);
    case Kind::kModelValue: return Value::ModelValue(term.text);
    case Kind::kSet: break;
  }
  std::vector<Value> elements;
  for (const auto& element : term.elements) elements.push_back(TermValue(element, span));
  return SetOf(std::move(elements), span);
}

Operand Evaluator::Impl::Constant(resolve::ConstantId id, const Span& span) {
  if (const auto given = constants_.find(id.index); given != constants_.end()) return given->second;
  auto& [is_known, known] = constant_cache_[id.index];
  if (is_known) return known;
  const auto found = program_.model->constants.find(id);
  if (found == program_.model->constants.end()) {
    Fail(ErrorKind::kUnsupported, "the constant " + spec_.constants[id.index].name + " has no value", span,
         "assign it in the model file or in the trace's header");
  }
  const resolve::Replacement& replacement = found->second;
  if (replacement.term) {
    known = TermValue(*replacement.term, span);
    is_known = true;
    return known;
  }
  if (replacement.builtin) {
    Expr e{.kind = ExprKind::kBuiltin, .builtin = *replacement.builtin, .span = span};
    return ApplyBuiltin(*replacement.builtin, {}, e, nullptr);
  }
  Expr e{.kind = ExprKind::kApply, .span = span, .definition = *replacement.definition};
  return ApplyDefinition(e, nullptr);
}

std::optional<Operand> Evaluator::Impl::OverrideValue(DefinitionId id, const Expr& e, const Environment* env) {
  const auto found = program_.overrides.find(id.index);
  if (found == program_.overrides.end()) return std::nullopt;
  if (found->second.term) return TermValue(*found->second.term, e.span);
  if (!found->second.rows.empty()) return ApplyRows(found->second.rows, e, env);
  if (found->second.builtin) return ApplyBuiltin(*found->second.builtin, e.operands, e, env);
  return std::nullopt;
}

Operand Evaluator::Impl::ApplyDefinition(const Expr& e, const Environment* env) {
  const DefinitionId id = program_.Effective(e.definition);
  if (!program_.overrides.empty()) {
    if (std::optional<Operand> value = OverrideValue(id, e, env)) return std::move(*value);
  }
  const Definition& definition = spec_.definition(id);
  const bool is_plain = definition.parameters.empty();
  const Environment* outer = OuterOf(id, env);
  // A definition without parameters is evaluated once: for the whole run when it is constant,
  // for the binding of its LET when it depends on nothing that may still change.
  std::pair<bool, Value>* cache = nullptr;
  if (is_plain && outer == nullptr && definition.level == Level::kConstant) cache = &definition_cache_[id.index];
  if (is_plain && outer != nullptr && definition.level <= Level::kState && !is_primed_ && !is_init_) {
    const auto& ids = program_.expr(outer->expression).definitions;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == id && !is_between_) cache = &outer->cache[i];
    }
  }
  if (cache != nullptr && cache->first) return cache->second;
  const DepthGuard guard(*this, e, definition.name);
  try {
    const Environment* inner = BindParameters(definition, e.operands, env, outer);
    Operand result = EvalLazy(definition.body, inner);
    if (const Value* value = std::get_if<Value>(&result); cache != nullptr && value != nullptr) *cache = {true, *value};
    return result;
  } catch (EvalFailure& failure) {
    if (failure.error.frames.size() < 20) failure.error.frames.push_back({definition.name, e.span});
    throw;
  }
}

}  // namespace kelpie::naive
