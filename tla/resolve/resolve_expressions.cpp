#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "tla/resolve/builtins.h"
#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

namespace {

// Digits of any base to decimal digits, for numbers that do not fit 64 bits.
std::string ToDecimal(std::string_view digits, int base) {
  std::string decimal = "0";  // least significant digit first
  for (const char c : digits) {
    int carry = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    for (char& d : decimal) {
      const int value = (d - '0') * base + carry;
      d = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) decimal += static_cast<char>('0' + carry % 10);
  }
  while (decimal.size() > 1 && decimal.back() == '0') decimal.pop_back();
  return {decimal.rbegin(), decimal.rend()};
}

// Conversion of other bases is quadratic; no honest number is longer.
constexpr std::size_t kDigitCountMax = 10000;

}  // namespace

// Kinds whose children are all operands, and kinds that bind names over their last child.
ExprId Resolver::Resolve(NodeId id) {
  static const std::map<NodeKind, ExprKind> kNary = {{NodeKind::kConjunctionList, ExprKind::kAnd},
                                                     {NodeKind::kConjunction, ExprKind::kAnd},
                                                     {NodeKind::kDisjunctionList, ExprKind::kOr},
                                                     {NodeKind::kDisjunction, ExprKind::kOr},
                                                     {NodeKind::kIf, ExprKind::kIf},
                                                     {NodeKind::kSetEnumeration, ExprKind::kSetEnumeration},
                                                     {NodeKind::kFunctionSet, ExprKind::kFunctionSet},
                                                     {NodeKind::kTuple, ExprKind::kTuple},
                                                     {NodeKind::kCross, ExprKind::kCross},
                                                     {NodeKind::kSquareAction, ExprKind::kSquareAction},
                                                     {NodeKind::kAngleAction, ExprKind::kAngleAction},
                                                     {NodeKind::kWeakFairness, ExprKind::kWeakFairness},
                                                     {NodeKind::kStrongFairness, ExprKind::kStrongFairness}};
  static const std::map<NodeKind, ExprKind> kBinders = {{NodeKind::kForAll, ExprKind::kForAll},
                                                        {NodeKind::kExists, ExprKind::kExists},
                                                        {NodeKind::kChoose, ExprKind::kChoose},
                                                        {NodeKind::kSetFilter, ExprKind::kSetFilter},
                                                        {NodeKind::kFunction, ExprKind::kFunction}};
  const NodeKind kind = node(id).kind;
  if (const auto nary = kNary.find(kind); nary != kNary.end()) return ResolveNary(id, nary->second);
  if (const auto binder = kBinders.find(kind); binder != kBinders.end()) return ResolveBinder(id, binder->second);
  switch (kind) {
    case NodeKind::kName: return ResolveUse(text(id), {}, node(id).span, node(id).span);
    case NodeKind::kQualified: return ResolveQualified(id);
    case NodeKind::kParentheses: {
      const ExprId inner = Resolve(children(id).front());
      spec_->exprs[inner.index].span = node(id).span;
      return inner;
    }
    case NodeKind::kPrefix: return ResolvePrefix(id);
    case NodeKind::kApply:
    case NodeKind::kInfix:
    case NodeKind::kPostfix: return ResolveApplication(id);
    case NodeKind::kLabel: return ResolveLabel(id);
    case NodeKind::kCase: return ResolveCase(id);
    case NodeKind::kLet: return ResolveLet(id);
    case NodeKind::kSetMap: return ResolveSetMap(id);
    case NodeKind::kTemporalForAll: return ResolveTemporalQuantifier(id, ExprKind::kTemporalForAll);
    case NodeKind::kTemporalExists: return ResolveTemporalQuantifier(id, ExprKind::kTemporalExists);
    case NodeKind::kFunctionApply: return ResolveFunctionApply(id);
    case NodeKind::kExcept: return ResolveExcept(id);
    case NodeKind::kRecord: return ResolveFields(id, ExprKind::kRecord);
    case NodeKind::kRecordSet: return ResolveFields(id, ExprKind::kRecordSet);
    default: return ResolveLeaf(id);
  }
}

ExprId Resolver::ResolveLeaf(NodeId id) {
  const Span span = node(id).span;
  switch (node(id).kind) {
    case NodeKind::kNumber: return ResolveNumber(id);
    case NodeKind::kString: {
      Expr string{.kind = ExprKind::kString, .span = span};
      string.text = text(id);
      return Add(std::move(string));
    }
    case NodeKind::kField: {
      Expr field{.kind = ExprKind::kField, .span = span};
      field.operands = {Resolve(children(id).front())};
      field.text = text(id);
      return Add(std::move(field));
    }
    case NodeKind::kAt: {
      if (at_.empty()) {
        Report(DiagnosticKind::kAtOutsideExcept, span, {});
        return AddError(span);
      }
      Expr at{.kind = ExprKind::kAt, .span = span};
      at.local = at_.back();
      return Add(std::move(at));
    }
    case NodeKind::kOperatorSymbol:
      Report(DiagnosticKind::kNotAnExpression, span,
             {.found = "the operator `" + std::string(text(id)) + "`", .expected = "it needs its operands"});
      return AddError(span);
    case NodeKind::kLambda:
      Report(DiagnosticKind::kNotAnExpression, span,
             {.found = "a LAMBDA", .expected = "it may only stand where an operator is an argument"});
      return AddError(span);
    default:
      Report(DiagnosticKind::kNotAnExpression, span, {.found = "this", .expected = "a value is needed"});
      return AddError(span);
  }
}

ExprId Resolver::ResolveNary(NodeId id, ExprKind kind) {
  ExprIds operands;
  for (const NodeId part : children(id)) operands.push_back(Resolve(part));
  // A list of one item is that item.
  if ((kind == ExprKind::kAnd || kind == ExprKind::kOr) && operands.size() == 1) return operands.front();
  return Add(kind, node(id).span, std::move(operands));
}

ExprId Resolver::ResolveNumber(NodeId id) {
  std::string_view digits = text(id);
  const Span span = node(id).span;
  if (digits.find('.') != std::string_view::npos) {
    Expr decimal{.kind = ExprKind::kDecimal, .span = span};
    decimal.text = digits;
    return Add(std::move(decimal));
  }
  int base = 10;
  if (digits.starts_with('\\')) {
    const char letter = static_cast<char>(digits[1] | 0x20);
    base = letter == 'b' ? 2 : letter == 'o' ? 8 : 16;
    digits.remove_prefix(2);
  }
  Expr number{.kind = ExprKind::kInt, .span = span};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number.integer, base);
  if (error != std::errc()) {
    number.integer = 0;
    if (digits.size() > kDigitCountMax) {
      Report(DiagnosticKind::kUnsupported, span,
             {.found = "a number of " + std::to_string(digits.size()) + " digits",
              .expected = "at most " + std::to_string(kDigitCountMax) + " are read"});
    } else {
      number.text = ToDecimal(digits, base);
    }
  }
  return Add(std::move(number));
}

ExprId Resolver::ResolvePrefix(NodeId id) {
  const std::string_view op = text(id);
  const Span span = node(id).span;
  const auto parts = children(id);
  const std::pair<std::string_view, ExprKind> kinds[] = {{"UNCHANGED", ExprKind::kUnchanged},
                                                         {"ENABLED", ExprKind::kEnabled},
                                                         {"[]", ExprKind::kAlways},
                                                         {"<>", ExprKind::kEventually}};
  for (const auto& [kind_text, kind] : kinds) {
    if (kind_text == op) return ResolveNary(id, kind);
  }
  return ResolveUse(op, parts, span, node(id).name_span);
}

// `a ~> b`, `~>(a, b)`, `F(a)`: most operators are names, some are kinds of expressions.
ExprId Resolver::ResolveApplication(NodeId id) {
  static const std::map<std::string_view, ExprKind> kInfixKinds = {
      {"~>", ExprKind::kLeadsTo}, {"\\cdot", ExprKind::kCompose}, {"-+->", ExprKind::kGuarantees}};
  const std::string_view op = text(id);
  const auto operands = children(id);
  const auto kind = operands.size() == 2 ? kInfixKinds.find(op) : kInfixKinds.end();
  if (kind != kInfixKinds.end()) return ResolveNary(id, kind->second);
  if (op == "'" && operands.size() == 1) return ResolveNary(id, ExprKind::kPrime);
  return ResolveUse(op, operands, node(id).span, node(id).name_span);
}

ExprId Resolver::ResolveCase(NodeId id) {
  Expr cases{.kind = ExprKind::kCase, .span = node(id).span};
  for (const NodeId arm : children(id)) {
    const auto parts = children(arm);
    CaseArm resolved;
    if (node(arm).kind == NodeKind::kCaseArm) resolved.guard = Resolve(parts.front());
    resolved.value = Resolve(parts.back());
    cases.arms.push_back(resolved);
  }
  return Add(std::move(cases));
}

ExprId Resolver::ResolveExcept(NodeId id) {
  const auto parts = children(id);
  Expr except{.kind = ExprKind::kExcept, .span = node(id).span};
  except.operands = {Resolve(parts.front())};
  for (const NodeId update : parts.subspan(1)) {
    const auto steps = children(update);
    ExceptUpdate resolved{.at_local = NewLocal("@"), .span = node(update).span};
    local_facts_[resolved.at_local.index].at_source = except.operands.front();
    for (const NodeId step : steps.first(steps.size() - 1)) {
      if (node(step).kind == NodeKind::kFieldStep) {
        Expr field{.kind = ExprKind::kString, .span = node(step).span};
        field.text = text(step);
        resolved.path.push_back(Add(std::move(field)));
      } else if (children(step).size() == 1) {
        resolved.path.push_back(Resolve(children(step).front()));
      } else {
        resolved.path.push_back(ResolveNary(step, ExprKind::kTuple));
      }
    }
    at_.push_back(resolved.at_local);
    resolved.value = Resolve(steps.back());
    at_.pop_back();
    except.updates.push_back(std::move(resolved));
  }
  return Add(std::move(except));
}

ExprId Resolver::ResolveFields(NodeId id, ExprKind kind) {
  Expr record{.kind = kind, .span = node(id).span};
  std::set<std::string_view> seen;
  for (const NodeId binding : children(id)) {
    if (!seen.insert(text(binding)).second) {
      Report(DiagnosticKind::kDuplicateField, node(binding).span, {.found = std::string(text(binding))});
    }
    record.fields.emplace_back(text(binding));
    record.operands.push_back(Resolve(children(binding).front()));
  }
  return Add(std::move(record));
}

// `f[x, y \in S] == ...` says how many arguments f takes; one may always stand for the tuple.
void Resolver::CheckFunctionArity(ExprId function, std::size_t count, const Span& span) {
  const Expr& use = spec_->expr(function);
  if (count < 2 || use.kind != ExprKind::kApply) return;
  const Definition& definition = spec_->definition(use.definition);
  if (!definition.body.is_valid() || spec_->expr(definition.body).kind != ExprKind::kRecursiveFunction) return;
  std::size_t wanted = 0;
  for (const Bound& bound : spec_->expr(definition.body).bounds) wanted += bound.is_tuple ? 1 : bound.locals.size();
  if (wanted == count) return;
  Report(DiagnosticKind::kWrongArity, span,
         {.found = "the function `" + definition.name + "` gets " + std::to_string(count) + " arguments",
          .expected = "it takes " + std::to_string(wanted)});
}

ExprId Resolver::ResolveFunctionApply(NodeId id) {
  const auto parts = children(id);
  ExprIds operands{Resolve(parts.front())};
  CheckFunctionArity(operands.front(), parts.size() - 1, node(id).span);
  if (parts.size() == 2) {
    operands.push_back(Resolve(parts[1]));
  } else {
    ExprIds components;
    for (const NodeId part : parts.subspan(1)) components.push_back(Resolve(part));
    const Span span = tla::Cover(node(parts[1]).span, node(parts.back()).span);
    operands.push_back(Add(ExprKind::kTuple, span, std::move(components)));
  }
  return Add(ExprKind::kFunctionApply, node(id).span, std::move(operands));
}

}  // namespace kelpie::resolve
