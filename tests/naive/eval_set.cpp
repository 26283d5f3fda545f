#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

void Evaluator::Impl::CheckSize(std::size_t size, const Span& span) const {
  if (size > options_.limits.set_size_max) {
    Fail(ErrorKind::kSize,
         "a set or function has more than " + std::to_string(options_.limits.set_size_max) + " elements", span,
         "raise --max-set, or make the set smaller");
  }
}

void Evaluator::Impl::FailMember(const Value& value, const char* what, const Span& span) const {
  Fail(ErrorKind::kIncomparable, "cannot decide whether " + eval::ToString(value) + " is in " + what, span);
}

Operand Evaluator::Impl::EvalSet(ExprId id, const Environment* env) {
  Operand operand = EvalLazy(id, env);
  const Value* value = std::get_if<Value>(&operand);
  if (std::holds_alternative<LazyFunctionPtr>(operand) || (value != nullptr && !value->is_set())) {
    Fail(ErrorKind::kType, "expected a set, found " + (value != nullptr ? eval::ToString(*value) : "a function"),
         program_.expr(id).span);
  }
  return operand;
}

// --- finite values

Value Evaluator::Impl::Force(Operand operand, const Span& span) {
  if (Value* value = std::get_if<Value>(&operand)) return std::move(*value);
  if (const LazyFunctionPtr* function = std::get_if<LazyFunctionPtr>(&operand)) {
    std::vector<Value> keys;
    const auto collect = [&](const Value& element) {
      keys.push_back(element);
      CheckSize(keys.size(), span);
      return true;
    };
    if ((*function)->domains.size() == 1) {
      ForEach((*function)->domains[0], span, collect);
    } else {
      LazySet product{.kind = LazySetKind::kCross, .parts = (*function)->domains};
      ForEachProduct(product, span, collect);
    }
    const Value domain = SetOf(std::move(keys), span);
    std::vector<Value> values;
    values.reserve(domain.size());
    for (const Value& key : domain.items()) values.push_back(ApplyLazyFunction(**function, key, span));
    return Value::Function(domain, std::move(values));
  }
  std::vector<Value> elements;
  ForEach(operand, span, [&](const Value& element) {
    elements.push_back(element);
    CheckSize(elements.size(), span);
    return true;
  });
  return SetOf(std::move(elements), span);
}

bool Evaluator::Impl::IsFinite(const Operand& operand) const {
  const LazySetPtr* pointer = std::get_if<LazySetPtr>(&operand);
  if (pointer == nullptr) return true;
  const LazySet& set = **pointer;
  switch (set.kind) {
    case LazySetKind::kNat:
    case LazySetKind::kInt:
    case LazySetKind::kString:
    case LazySetKind::kAny:
    case LazySetKind::kSeq: return false;
    case LazySetKind::kInterval: return true;
    case LazySetKind::kMinus: return IsFinite(set.parts[0]);
    case LazySetKind::kIntersect: return IsFinite(set.parts[0]) || IsFinite(set.parts[1]);
    default: break;
  }
  for (const Operand& part : set.parts) {
    if (!IsFinite(part)) return false;
  }
  return true;
}

// --- listing

bool Evaluator::Impl::ForEachInterval(std::int64_t low, std::int64_t high, const Span& span, ElementVisitor visit) {
  if (low > high) return true;
  CheckSize(static_cast<std::size_t>(static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)), span);
  for (std::int64_t i = low;; ++i) {
    if (!visit(Value::Int(i))) return false;
    if (i == high) return true;
  }
}

// Subsets in the order of size, and by elements within one size: TLC's order for CHOOSE.
bool Evaluator::Impl::ForEachSubset(const LazySet& set, const Span& span, ElementVisitor visit) {
  const Value base = Force(set.parts[0], span);
  const std::span<const Value> items = base.items();
  if (items.size() > 40) CheckSize(SIZE_MAX, span);
  std::vector<std::size_t> picked;
  for (std::size_t size = 0; size <= items.size(); ++size) {
    picked.resize(size);
    for (std::size_t i = 0; i < size; ++i) picked[i] = i;
    while (true) {
      std::vector<Value> elements;
      for (const std::size_t i : picked) elements.push_back(items[i]);
      if (!visit(Value::SetFromSorted(std::move(elements)))) return false;
      std::size_t i = size;
      while (i > 0 && picked[i - 1] == items.size() - size + i - 1) --i;
      if (i == 0) break;
      ++picked[i - 1];
      for (std::size_t j = i; j < size; ++j) picked[j] = picked[j - 1] + 1;
    }
  }
  return true;
}

// An odometer over lists of choices; the last place turns fastest.
namespace {
bool ForEachChoice(const std::vector<std::vector<Value>>& choices,
                   FunctionRef<bool(const std::vector<std::size_t>&)> visit) {
  for (const auto& list : choices) {
    if (list.empty()) return true;
  }
  std::vector<std::size_t> at(choices.size(), 0);
  while (true) {
    if (!visit(at)) return false;
    std::size_t i = choices.size();
    while (i > 0 && at[i - 1] + 1 == choices[i - 1].size()) at[--i] = 0;
    if (i == 0) return true;
    ++at[i - 1];
  }
}
}  // namespace

bool Evaluator::Impl::ForEachFunction(const LazySet& set, const Span& span, ElementVisitor visit) {
  const Value domain = Force(set.parts[0], span);
  if (domain.size() == 0) return visit(Value::Sequence({}));
  const Value range = Force(set.parts[1], span);
  const std::vector<std::vector<Value>> choices(domain.size(), {range.items().begin(), range.items().end()});
  return ForEachChoice(choices, [&](const std::vector<std::size_t>& at) {
    std::vector<Value> values;
    values.reserve(at.size());
    for (const std::size_t i : at) values.push_back(range.items()[i]);
    return visit(Value::Function(domain, std::move(values)));
  });
}

bool Evaluator::Impl::ForEachProduct(const LazySet& set, const Span& span, ElementVisitor visit) {
  std::vector<std::vector<Value>> choices;
  for (const Operand& part : set.parts) {
    const Value items = Force(part, span);
    choices.emplace_back(items.items().begin(), items.items().end());
  }
  return ForEachChoice(choices, [&](const std::vector<std::size_t>& at) {
    if (set.kind == LazySetKind::kCross) {
      std::vector<Value> elements;
      for (std::size_t i = 0; i < at.size(); ++i) elements.push_back(choices[i][at[i]]);
      return visit(Value::Sequence(std::move(elements)));
    }
    std::vector<std::pair<Symbol, Value>> fields;
    for (std::size_t i = 0; i < at.size(); ++i) fields.emplace_back(set.fields[i], choices[i][at[i]]);
    return visit(Value::Record(std::move(fields)));
  });
}

bool Evaluator::Impl::ForEach(const Operand& operand, const Span& span, ElementVisitor visit) {
  if (const Value* value = std::get_if<Value>(&operand)) {
    for (const Value& element : value->items()) {
      if (!visit(element)) return false;
    }
    return true;
  }
  const LazySetPtr set = std::get<LazySetPtr>(operand);
  switch (set->kind) {
    case LazySetKind::kInterval: return ForEachInterval(set->low, set->high, span, visit);
    case LazySetKind::kPowerSet: return ForEachSubset(*set, span, visit);
    case LazySetKind::kFunctionSet: return ForEachFunction(*set, span, visit);
    case LazySetKind::kRecordSet:
    case LazySetKind::kCross: return ForEachProduct(*set, span, visit);
    case LazySetKind::kFilter:
    case LazySetKind::kMinus: {
      const bool is_filter = set->kind == LazySetKind::kFilter;
      return ForEach(set->parts[0], span, [&](const Value& element) {
        const bool keep = is_filter ? FilterHolds(*set, element, span) : !Contains(set->parts[1], element, span);
        return !keep || visit(element);
      });
    }
    case LazySetKind::kIntersect: {
      const std::size_t listed = IsFinite(set->parts[0]) ? 0 : 1;
      return ForEach(set->parts[listed], span, [&](const Value& element) {
        return !Contains(set->parts[1 - listed], element, span) || visit(element);
      });
    }
    case LazySetKind::kUnion:
      return ForEach(set->parts[0], span, visit) && ForEach(set->parts[1], span, [&](const Value& element) {
               return Contains(set->parts[0], element, span) || visit(element);
             });
    default: break;
  }
  Fail(ErrorKind::kNotEnumerable, "an infinite set would have to be listed", span,
       "choose from a finite set, or let the event say which element it is");
}

// --- membership

bool Evaluator::Impl::FilterHolds(const LazySet& set, const Value& element, const Span&) {
  const Expr& e = program_.expr(set.expr);
  const bool saved = is_primed_;
  is_primed_ = set.is_primed;
  try {
    const bool holds = EvalBool(e.operands[0], BindElement(e.bounds[0], element, set.scope));
    is_primed_ = saved;
    return holds;
  } catch (...) {
    is_primed_ = saved;
    throw;
  }
}

bool Evaluator::Impl::Contains(const Operand& operand, const Value& value, const Span& span) {
  if (const LazySetPtr* set = std::get_if<LazySetPtr>(&operand)) return LazyContains(**set, value, span);
  const Value& set = std::get<Value>(operand);
  // A set of one kind is searched by order; what cannot be compared with its elements is an error.
  if (set.size() == 0) return false;
  const Value& sample = set.items().front();
  bool refused = false;
  (void)eval::CompareChecked(sample, value, &refused);
  if (refused) FailMember(value, eval::ToString(set).c_str(), span);
  return set.Contains(value);
}

bool Evaluator::Impl::ProductContains(const LazySet& set, const Value& value, const Span& span) {
  for (std::size_t i = 0; i < set.parts.size(); ++i) {
    const Value* item = set.kind == LazySetKind::kCross ? &value.items()[i] : value.Apply(Value::String(set.fields[i]));
    if (item == nullptr || !Contains(set.parts[i], *item, span)) return false;
  }
  return true;
}

bool Evaluator::Impl::LazyContains(const LazySet& set, const Value& value, const Span& span) {
  const bool is_model_value = value.kind() == ValueKind::kModelValue;
  switch (set.kind) {
    case LazySetKind::kAny: return true;
    case LazySetKind::kNat:
    case LazySetKind::kInt:
    case LazySetKind::kInterval:
      if (!value.is_int()) {
        if (is_model_value || (set.kind == LazySetKind::kInterval && set.low > set.high)) return false;
        FailMember(value, "a set of integers", span);
      }
      if (set.kind == LazySetKind::kInterval) return value.as_int() >= set.low && value.as_int() <= set.high;
      return set.kind == LazySetKind::kInt || value.as_int() >= 0;
    case LazySetKind::kString:
      if (value.kind() == ValueKind::kString) return true;
      if (is_model_value) return false;
      FailMember(value, "STRING", span);
    case LazySetKind::kPowerSet: {
      if (is_model_value) return false;
      if (!value.is_set()) FailMember(value, "a set of sets", span);
      for (const Value& element : value.items()) {
        if (!Contains(set.parts[0], element, span)) return false;
      }
      return true;
    }
    case LazySetKind::kFunctionSet: {
      if (is_model_value) return false;
      if (!value.is_function()) FailMember(value, "a set of functions", span);
      if (!EqualValues(value.Domain(), Force(set.parts[0], span), span)) return false;
      for (const Value& item : value.items()) {
        if (!Contains(set.parts[1], item, span)) return false;
      }
      return true;
    }
    case LazySetKind::kRecordSet:
      if (is_model_value) return false;
      if (!value.is_record()) FailMember(value, "a set of records", span);
      return value.size() == set.parts.size() && ProductContains(set, value, span);
    case LazySetKind::kCross:
      if (is_model_value) return false;
      if (!value.is_function()) FailMember(value, "a set of tuples", span);
      return value.is_sequence() && value.size() == set.parts.size() && ProductContains(set, value, span);
    case LazySetKind::kSeq:
      if (is_model_value) return false;
      if (!value.is_sequence()) FailMember(value, "a set of sequences", span);
      for (const Value& item : value.items()) {
        if (!Contains(set.parts[0], item, span)) return false;
      }
      return true;
    case LazySetKind::kUnion: return Contains(set.parts[0], value, span) || Contains(set.parts[1], value, span);
    case LazySetKind::kIntersect: return Contains(set.parts[0], value, span) && Contains(set.parts[1], value, span);
    case LazySetKind::kMinus: return Contains(set.parts[0], value, span) && !Contains(set.parts[1], value, span);
    case LazySetKind::kFilter: return Contains(set.parts[0], value, span) && FilterHolds(set, value, span);
  }
  return false;
}

}  // namespace kelpie::naive
