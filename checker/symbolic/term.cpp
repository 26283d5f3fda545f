#include "checker/symbolic/term.h"

#include <algorithm>

namespace kelpie::symbolic {

std::optional<std::int64_t> FloorDivide(std::int64_t a, std::int64_t b) {
  if (b == 0 || (a == INT64_MIN && b == -1)) return std::nullopt;
  const std::int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

std::optional<std::int64_t> FloorModulo(std::int64_t a, std::int64_t b) {
  if (b < 1) return std::nullopt;
  const std::int64_t rest = a % b;
  return rest < 0 ? rest + b : rest;
}

namespace {

std::uint64_t Mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + value + 0x632be59bd9b4e019ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  return z ^ (z >> 27);
}

std::optional<std::int64_t> Arithmetic(TermKind kind, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (kind) {
    case TermKind::kAdd: return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case TermKind::kSubtract: return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case TermKind::kMultiply: return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case TermKind::kDivide: return FloorDivide(a, b);
    case TermKind::kModulo: return FloorModulo(a, b);
    case TermKind::kEqual:
    case TermKind::kIff: return a == b ? 1 : 0;
    case TermKind::kLess: return a < b ? 1 : 0;
    default: return a <= b ? 1 : 0;
  }
}

// A term's value from those of its parts; `at` gives nothing for a part without one.
template <typename At>
std::optional<std::int64_t> Compute(const TermNode& node, const At& at) {
  switch (node.kind) {
    case TermKind::kNot: {
      const auto a = at(node.parts[0]);
      return a ? std::optional<std::int64_t>(1 - *a) : std::nullopt;
    }
    case TermKind::kAnd:
    case TermKind::kOr: {
      const std::int64_t dominant = node.kind == TermKind::kOr ? 1 : 0;
      bool is_all = true;
      for (const Term part : node.parts) {
        const auto value = at(part);
        if (value == dominant) return dominant;
        is_all = is_all && value.has_value();
      }
      return is_all ? std::optional<std::int64_t>(1 - dominant) : std::nullopt;
    }
    case TermKind::kIte: {
      const auto condition = at(node.parts[0]);
      return condition ? at(node.parts[*condition != 0 ? 1 : 2]) : std::nullopt;
    }
    default: {
      const auto a = at(node.parts[0]);
      const auto b = at(node.parts[1]);
      return a && b ? Arithmetic(node.kind, *a, *b) : std::nullopt;
    }
  }
}

}  // namespace

TermPool::TermPool() {
  nodes_.push_back({.kind = TermKind::kBoolConstant, .is_bool = true, .is_known = true, .value = 0, .known = 0});
  nodes_.push_back({.kind = TermKind::kBoolConstant, .is_bool = true, .is_known = true, .value = 1, .known = 1});
}

Term TermPool::Int(std::int64_t value) {
  const std::uint64_t hash = Mix(1, static_cast<std::uint64_t>(value));
  const auto [first, last] = index_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const TermNode& known = nodes_[it->second];
    if (known.kind == TermKind::kIntConstant && known.value == value) return Term{it->second};
  }
  nodes_.push_back(
      {.kind = TermKind::kIntConstant, .is_bool = false, .is_known = true, .value = value, .known = value});
  const Term made{static_cast<std::uint32_t>(nodes_.size() - 1)};
  index_.emplace(hash, made.index);
  return made;
}

Term TermPool::MakeUnknown(TermKind kind, std::string name, std::optional<std::int64_t> lifted) {
  TermNode node{.kind = kind, .is_bool = kind == TermKind::kBoolUnknown};
  node.value = static_cast<std::int64_t>(unknowns_.size());
  node.is_known = lifted.has_value();
  node.known = lifted.value_or(0);
  nodes_.push_back(std::move(node));
  const Term made{static_cast<std::uint32_t>(nodes_.size() - 1)};
  unknowns_.push_back(made);
  names_.push_back(std::move(name));
  if (lifted) lifted_.push_back(made);
  return made;
}

Term TermPool::NewBool(std::string name, std::optional<bool> lifted) {
  const std::optional<std::int64_t> value = lifted ? std::optional<std::int64_t>(*lifted ? 1 : 0) : std::nullopt;
  return MakeUnknown(TermKind::kBoolUnknown, std::move(name), value);
}

Term TermPool::NewInt(std::string name, std::optional<std::int64_t> lifted) {
  return MakeUnknown(TermKind::kIntUnknown, std::move(name), lifted);
}

void TermPool::SetKnown(TermNode& made) const {
  const auto value = Compute(made, [this](Term part) { return known(part); });
  made.is_known = value.has_value();
  made.known = value.value_or(0);
}

Term TermPool::Make(TermKind kind, bool is_bool, std::vector<Term> parts) {
  std::uint64_t hash = Mix(2, static_cast<std::uint64_t>(kind));
  bool is_all_constant = true;
  for (const Term part : parts) {
    hash = Mix(hash, part.index);
    is_all_constant = is_all_constant && is_constant(part);
  }
  TermNode made{.kind = kind, .is_bool = is_bool, .parts = std::move(parts)};
  SetKnown(made);
  if (is_all_constant && made.is_known) return is_bool ? Bool(made.known != 0) : Int(made.known);
  const auto [first, last] = index_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const TermNode& known_node = nodes_[it->second];
    if (known_node.kind == kind && known_node.parts == made.parts) return Term{it->second};
  }
  nodes_.push_back(std::move(made));
  const auto index = static_cast<std::uint32_t>(nodes_.size() - 1);
  index_.emplace(hash, index);
  return Term{index};
}

// --- logic

Term TermPool::Not(Term a) {
  const TermNode& n = node(a);
  if (n.kind == TermKind::kNot) return n.parts[0];
  return Make(TermKind::kNot, true, {a});
}

Term TermPool::Junction(TermKind kind, std::vector<Term> parts) {
  const Term neutral = kind == TermKind::kAnd ? True() : False();
  const Term dominant = kind == TermKind::kAnd ? False() : True();
  std::vector<Term> kept;
  for (const Term part : parts) {
    if (part == dominant) return dominant;
    if (part == neutral) continue;
    if (std::find(kept.begin(), kept.end(), part) != kept.end()) continue;
    const Term opposite = Not(part);
    if (std::find(kept.begin(), kept.end(), opposite) != kept.end()) return dominant;
    kept.push_back(part);
  }
  if (kept.empty()) return neutral;
  if (kept.size() == 1) return kept.front();
  return Make(kind, true, std::move(kept));
}

Term TermPool::And(Term a, Term b) { return Junction(TermKind::kAnd, {a, b}); }
Term TermPool::Or(Term a, Term b) { return Junction(TermKind::kOr, {a, b}); }
Term TermPool::And(std::vector<Term> parts) { return Junction(TermKind::kAnd, std::move(parts)); }
Term TermPool::Or(std::vector<Term> parts) { return Junction(TermKind::kOr, std::move(parts)); }

Term TermPool::Iff(Term a, Term b) {
  if (a == b) return True();
  if (is_constant(a)) return node(a).value != 0 ? b : Not(b);
  if (is_constant(b)) return node(b).value != 0 ? a : Not(a);
  if (b.index < a.index) std::swap(a, b);
  return Make(TermKind::kIff, true, {a, b});
}

Term TermPool::Ite(Term condition, Term a, Term b) {
  if (a == b) return a;
  if (is_constant(condition)) return node(condition).value != 0 ? a : b;
  if (node(a).is_bool) {
    if (a == True()) return Or(condition, b);
    if (a == False()) return And(Not(condition), b);
    if (b == True()) return Or(Not(condition), a);
    if (b == False()) return And(condition, a);
  }
  return Make(TermKind::kIte, node(a).is_bool, {condition, a, b});
}

// --- integers

Term TermPool::Equal(Term a, Term b) {
  if (a == b) return True();
  if (b.index < a.index) std::swap(a, b);
  return Make(TermKind::kEqual, true, {a, b});
}

Term TermPool::Less(Term a, Term b) { return a == b ? False() : Make(TermKind::kLess, true, {a, b}); }
Term TermPool::LessEqual(Term a, Term b) { return a == b ? True() : Make(TermKind::kLessEqual, true, {a, b}); }
Term TermPool::Add(Term a, Term b) {
  if (a == Int(0)) return b;
  if (b == Int(0)) return a;
  return Make(TermKind::kAdd, false, {a, b});
}
Term TermPool::Subtract(Term a, Term b) { return b == Int(0) ? a : Make(TermKind::kSubtract, false, {a, b}); }
Term TermPool::Multiply(Term a, Term b) {
  if (a == Int(1)) return b;
  if (b == Int(1)) return a;
  return Make(TermKind::kMultiply, false, {a, b});
}
Term TermPool::Divide(Term a, Term b) { return Make(TermKind::kDivide, false, {a, b}); }
Term TermPool::Modulo(Term a, Term b) { return Make(TermKind::kModulo, false, {a, b}); }

// --- reading

Valuation TermPool::EvaluateAll(const Assignment& values) const {
  // Parts have smaller numbers than what they are parts of.
  Valuation results(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const TermNode& n = nodes_[i];
    if (n.kind <= TermKind::kIntConstant) {
      results[i] = n.value;
    } else if (n.kind <= TermKind::kIntUnknown) {
      const auto unknown = static_cast<std::size_t>(n.value);
      const std::int64_t otherwise = n.is_known ? n.known : 0;
      results[i] = unknown < values.size() ? values[unknown].value_or(otherwise) : otherwise;
    } else {
      results[i] = Compute(n, [&](Term part) { return results[part.index]; });
    }
  }
  return results;
}

void TermPool::Print(Term term, std::size_t size_max, std::string& out) const {
  static constexpr const char* kNames[] = {"",  "",  "",   "",  "not", "and", "or",  "iff", "if",
                                           "=", "<", "<=", "+", "-",   "*",   "div", "mod"};
  if (out.size() > size_max) {
    out += "...";
    return;
  }
  const TermNode& n = node(term);
  switch (n.kind) {
    case TermKind::kBoolConstant: out += n.value != 0 ? "true" : "false"; return;
    case TermKind::kIntConstant: out += std::to_string(n.value); return;
    case TermKind::kBoolUnknown:
    case TermKind::kIntUnknown: out += names_[static_cast<std::size_t>(n.value)]; return;
    default: break;
  }
  out += "(" + std::string(kNames[static_cast<std::size_t>(n.kind)]);
  for (const Term part : n.parts) {
    out += " ";
    Print(part, size_max, out);
  }
  out += ")";
}

std::string TermPool::ToString(Term term, std::size_t size_max) const {
  std::string out;
  Print(term, size_max, out);
  return out;
}

}  // namespace kelpie::symbolic
