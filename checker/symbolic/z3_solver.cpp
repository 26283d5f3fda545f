// The module that is Z3's door: the only file that sees its headers, types and exceptions.
// Built apart from the checker, loaded by solver.cpp, and uses nothing of it but inline functions.
#include <z3++.h>

#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "checker/symbolic/solver.h"

namespace kelpie::symbolic {
namespace {

// Making a context costs milliseconds, a solver in it none: a thread has one, and what no solver
// holds any more is freed in it.
z3::context& ThreadContext() {
  thread_local z3::context context;
  return context;
}

class Z3Solver final : public Solver {
 public:
  Z3Solver(const TermPool& pool, const SolverLimits& limits, SolverCounts& counts)
      : pool_(pool), counts_(counts), context_(ThreadContext()), solver_(context_) {
    z3::params params(context_);
    params.set("random_seed", limits.seed);
    if (limits.resource_max > 0)
      params.set("rlimit", static_cast<unsigned>(std::min<std::uint64_t>(limits.resource_max, UINT32_MAX)));
    if (limits.timeout_ms > 0)
      params.set("timeout", static_cast<unsigned>(std::min<std::uint64_t>(limits.timeout_ms, UINT32_MAX)));
    solver_.set(params);
  }

  void Push() override {
    solver_.push();
    levels_.push_back({held_count_, asserted_.size()});
  }
  void Pop() override {
    solver_.pop();
    held_count_ = levels_.back().held_count;
    while (asserted_.size() > levels_.back().asserted_count) {
      is_asserted_.erase(asserted_.back());
      asserted_.pop_back();
    }
    levels_.pop_back();
  }
  void Assert(Term term) override {
    try {
      solver_.add(Translate(term));
    } catch (const z3::exception& error) {
      failure_ = error.msg();
    }
  }

  Answer Check(std::string_view name, std::span<const Term> assumptions) override {
    const auto begin = std::chrono::steady_clock::now();
    const Answer answer = CheckAll(assumptions);
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begin;
    ++counts_.queries;
    counts_.ms += elapsed.count();
    if (answer == Answer::kUnknown) {
      ++counts_.unknown;
      if (counts_.unknown_reason.empty()) counts_.unknown_reason = std::string(name) + ": " + reason_;
    }
    return answer;
  }

  std::optional<Assignment> Model() override {
    try {
      const z3::model model = solver_.get_model();
      Assignment values(pool_.unknowns().size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto known = translated_.find(pool_.unknowns()[i].index);
        if (known == translated_.end()) continue;
        const z3::expr value = model.eval(known->second, true);
        std::int64_t number = 0;
        if (value.is_bool()) {
          values[i] = value.is_true() ? 1 : 0;
        } else if (value.is_numeral_i64(number)) {
          values[i] = number;
        } else {
          return std::nullopt;
        }
      }
      return values;
    } catch (const z3::exception&) {
      return std::nullopt;
    }
  }

  std::vector<std::size_t> Core() override { return core_; }
  const std::string& reason() const override { return reason_; }

 private:
  Answer CheckAll(std::span<const Term> assumptions) {
    core_.clear();
    reason_ = failure_;
    if (!failure_.empty()) return Answer::kUnknown;
    try {
      HoldLifted();
      z3::expr_vector literals(context_);
      std::unordered_map<unsigned, std::size_t> position;
      for (std::size_t i = 0; i < assumptions.size(); ++i) {
        const z3::expr literal = Literal(assumptions[i]);
        if (position.emplace(literal.id(), i).second) literals.push_back(literal);
      }
      switch (solver_.check(literals)) {
        case z3::sat: return Answer::kSat;
        case z3::unsat:
          for (const z3::expr& literal : solver_.unsat_core()) core_.push_back(position.at(literal.id()));
          return Answer::kUnsat;
        case z3::unknown: break;
      }
      reason_ = solver_.reason_unknown();
    } catch (const z3::exception& error) {
      reason_ = error.msg();
    }
    return Answer::kUnknown;
  }

  struct Level {
    std::size_t held_count = 0;
    std::size_t asserted_count = 0;
  };

  // Asserted when the solver is asked, not when it was made: the pool grows in between. A level
  // that is left takes its own along; then they are asserted again.
  void HoldLifted() {
    for (; held_count_ < pool_.lifted().size(); ++held_count_) {
      const Term unknown = pool_.lifted()[held_count_];
      const TermNode& node = pool_.node(unknown);
      const z3::expr leaf = Translate(unknown);
      solver_.add(node.is_bool ? (node.known != 0 ? leaf : !leaf) : leaf == context_.int_val(node.known));
    }
  }

  // Assumptions of Z3 are literals: a new one stands for each formula.
  z3::expr Literal(Term term) {
    const auto known = literals_.find(term.index);
    const z3::expr literal = known != literals_.end()
                                 ? known->second
                                 : context_.bool_const(("assumed!" + std::to_string(term.index)).c_str());
    if (known == literals_.end()) literals_.emplace(term.index, literal);
    if (is_asserted_.insert(term.index).second) {
      asserted_.push_back(term.index);
      solver_.add(z3::implies(literal, Translate(term)));
    }
    return literal;
  }

  z3::expr Translate(Term root) {
    std::vector<Term> open{root};
    while (!open.empty()) {
      const Term term = open.back();
      if (translated_.contains(term.index)) {
        open.pop_back();
        continue;
      }
      const TermNode& node = pool_.node(term);
      bool is_ready = true;
      for (const Term part : node.parts) {
        if (translated_.contains(part.index)) continue;
        open.push_back(part);
        is_ready = false;
      }
      if (!is_ready) continue;
      open.pop_back();
      translated_.emplace(term.index, TranslateNode(node));
    }
    return translated_.at(root.index);
  }

  z3::expr Part(const TermNode& node, std::size_t i) const { return translated_.at(node.parts[i].index); }

  z3::expr_vector Parts(const TermNode& node) {
    z3::expr_vector all(context_);
    for (std::size_t i = 0; i < node.parts.size(); ++i) all.push_back(Part(node, i));
    return all;
  }

  z3::expr TranslateNode(const TermNode& node) {
    switch (node.kind) {
      case TermKind::kBoolConstant: return context_.bool_val(node.value != 0);
      case TermKind::kIntConstant: return context_.int_val(node.value);
      case TermKind::kBoolUnknown: return context_.bool_const(UniqueName(node).c_str());
      case TermKind::kIntUnknown: return context_.int_const(UniqueName(node).c_str());
      case TermKind::kNot: return !Part(node, 0);
      case TermKind::kAnd: return z3::mk_and(Parts(node));
      case TermKind::kOr: return z3::mk_or(Parts(node));
      case TermKind::kIff:
      case TermKind::kEqual: return Part(node, 0) == Part(node, 1);
      case TermKind::kIte: return z3::ite(Part(node, 0), Part(node, 1), Part(node, 2));
      case TermKind::kLess: return Part(node, 0) < Part(node, 1);
      case TermKind::kLessEqual: return Part(node, 0) <= Part(node, 1);
      case TermKind::kAdd: return Part(node, 0) + Part(node, 1);
      case TermKind::kSubtract: return Part(node, 0) - Part(node, 1);
      case TermKind::kMultiply: return Part(node, 0) * Part(node, 1);
      case TermKind::kModulo: return z3::mod(Part(node, 0), Part(node, 1));
      case TermKind::kDivide: {
        // SMT-LIB's remainder is never negative, which is the floor for positive divisors only.
        const z3::expr a = Part(node, 0);
        const z3::expr b = Part(node, 1);
        return z3::ite(b > 0, a / b, (-a) / (-b));
      }
    }
    return context_.bool_val(false);
  }

  std::string UniqueName(const TermNode& node) const {
    const auto unknown = static_cast<std::size_t>(node.value);
    return pool_.NameOf(unknown) + "!" + std::to_string(unknown);
  }

  const TermPool& pool_;
  SolverCounts& counts_;
  z3::context& context_;
  z3::solver solver_;
  std::unordered_map<std::uint32_t, z3::expr> translated_;
  std::unordered_map<std::uint32_t, z3::expr> literals_;
  std::vector<Level> levels_;
  std::size_t held_count_ = 0;           // lifted unknowns asserted so far
  std::vector<std::uint32_t> asserted_;  // terms whose literals imply them
  std::unordered_set<std::uint32_t> is_asserted_;
  std::vector<std::size_t> core_;
  std::string reason_;
  std::string failure_;  // of a term that could not be asserted: no answer can be trusted
};

}  // namespace
}  // namespace kelpie::symbolic

extern "C" kelpie::symbolic::Solver* kelpie_make_solver(const kelpie::symbolic::TermPool* pool,
                                                        const kelpie::symbolic::SolverLimits* limits,
                                                        kelpie::symbolic::SolverCounts* counts) {
  try {
    return new kelpie::symbolic::Z3Solver(*pool, *limits, *counts);
  } catch (const z3::exception&) {
    return nullptr;
  }
}
