#include "tla/resolve/levels.h"

#include <algorithm>
#include <optional>
#include <string>

#include "tla/resolve/builtins.h"

namespace kelpie::resolve {
namespace {

using tla::DiagnosticKind;

// The largest level each operand of a kind may have; kTemporal says anything.
struct OperandLimit {
  Level first = Level::kAction;
  Level second = Level::kAction;
};

bool IsLogic(Builtin builtin) {
  return builtin == Builtin::kNot || builtin == Builtin::kImplies || builtin == Builtin::kEquivalent;
}

OperandLimit LimitOf(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kPrime:
    case ExprKind::kUnchanged: return {Level::kState, Level::kState};
    case ExprKind::kSquareAction:
    case ExprKind::kAngleAction: return {Level::kAction, Level::kState};
    case ExprKind::kWeakFairness:
    case ExprKind::kStrongFairness: return {Level::kState, Level::kAction};
    case ExprKind::kBuiltin:
      if (IsLogic(expr.builtin)) return {Level::kTemporal, Level::kTemporal};
      return {};
    case ExprKind::kIf: return {Level::kAction, Level::kTemporal};
    case ExprKind::kLambda:
    case ExprKind::kLet:
    case ExprKind::kLabel:
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kForAll:
    case ExprKind::kExists:
    case ExprKind::kAlways:
    case ExprKind::kEventually:
    case ExprKind::kLeadsTo:
    case ExprKind::kGuarantees:
    case ExprKind::kTemporalForAll:
    case ExprKind::kTemporalExists:
    case ExprKind::kApply:  // held to its parameters instead
    case ExprKind::kApplyLocal: return {Level::kTemporal, Level::kTemporal};
    default: return {};
  }
}

// Kinds whose level does not come from their operands.
std::optional<Level> FixedLevel(ExprKind kind) {
  switch (kind) {
    case ExprKind::kVariable:
    case ExprKind::kEnabled: return Level::kState;
    case ExprKind::kPrime:
    case ExprKind::kUnchanged:
    case ExprKind::kSquareAction:
    case ExprKind::kAngleAction:
    case ExprKind::kCompose: return Level::kAction;
    case ExprKind::kAlways:
    case ExprKind::kEventually:
    case ExprKind::kLeadsTo:
    case ExprKind::kGuarantees:
    case ExprKind::kWeakFairness:
    case ExprKind::kStrongFairness:
    case ExprKind::kTemporalForAll:
    case ExprKind::kTemporalExists: return Level::kTemporal;
    default: return std::nullopt;
  }
}

std::string_view OperatorText(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kPrime: return "the operand of '";
    case ExprKind::kUnchanged: return "the operand of UNCHANGED";
    case ExprKind::kEnabled: return "the operand of ENABLED";
    case ExprKind::kSquareAction: return "this part of [A]_v";
    case ExprKind::kAngleAction: return "this part of <<A>>_v";
    case ExprKind::kWeakFairness: return "this part of WF_v(A)";
    case ExprKind::kStrongFairness: return "this part of SF_v(A)";
    default: return "this operand";
  }
}

class LevelPass {
 public:
  LevelPass(ResolvedSpec& spec, const std::vector<LocalFacts>& local_facts, tla::Diagnostics& diagnostics)
      : spec_(spec),
        local_facts_(local_facts),
        diagnostics_(diagnostics),
        limit_(local_facts.size(), Level::kTemporal) {}

  void Run() {
    definitions_of_.resize(spec_.exprs.size());
    for (std::uint32_t i = 0; i < spec_.definitions.size(); ++i) {
      if (spec_.definitions[i].body.is_valid()) definitions_of_[spec_.definitions[i].body.index].push_back(i);
    }
    // Levels only rise, and there are four; a second round is only needed by recursion.
    while (Sweep()) {
    }
    for (const Expr& expr : spec_.exprs) Check(expr);
    for (const Assumption& assumption : spec_.assumptions) {
      Demand(assumption.body, Level::kConstant, "an assumption");
    }
  }

 private:
  [[nodiscard]] Level LevelOf(ExprId id) const { return spec_.exprs[id.index].level; }

  bool Sweep() {
    bool changed = false;
    for (std::size_t i = 0; i < spec_.exprs.size(); ++i) {
      const Level level = Compute(spec_.exprs[i]);
      changed = changed || level != spec_.exprs[i].level;
      spec_.exprs[i].level = level;
      for (const std::uint32_t definition : definitions_of_[i]) {
        changed = changed || spec_.definitions[definition].level != level;
        spec_.definitions[definition].level = level;
      }
    }
    return changed;
  }

  [[nodiscard]] Level Compute(const Expr& expr) const {
    if (const std::optional<Level> fixed = FixedLevel(expr.kind)) return *fixed;
    Level level = Level::kConstant;
    const auto raise = [&](ExprId id) {
      if (id.is_valid()) level = std::max(level, LevelOf(id));
    };
    if (expr.definition.is_valid()) level = spec_.definition(expr.definition).level;
    if (expr.kind == ExprKind::kBuiltin || expr.kind == ExprKind::kBuiltinRef) level = InfoOf(expr.builtin).level;
    if (expr.kind == ExprKind::kLocal && local_facts_[expr.local.index].is_variable) level = Level::kState;
    if (expr.kind == ExprKind::kAt) raise(local_facts_[expr.local.index].at_source);
    for (const ExprId operand : expr.operands) raise(operand);
    for (const Bound& bound : expr.bounds) raise(bound.set);
    for (const ExceptUpdate& update : expr.updates) {
      for (const ExprId step : update.path) raise(step);
      raise(update.value);
    }
    for (const CaseArm& arm : expr.arms) {
      raise(arm.guard);
      raise(arm.value);
    }
    return level;
  }

  // Reports `id` when it is above `limit`, and holds the parameters in it to the limit: their
  // arguments are known at each use.
  void Demand(ExprId id, Level limit, std::string_view what) {
    if (limit == Level::kTemporal) return;
    if (LevelOf(id) > limit) {
      diagnostics_.Add(DiagnosticKind::kLevel, spec_.expr(id).span,
                       {.found = std::string(what) + " is " + std::string(DescribeLevel(LevelOf(id))),
                        .expected = "it must be " + std::string(DescribeLevel(limit)) + " at most"});
      return;
    }
    // Actions are no values, but that limit is checked where the operand stands.
    if (limit < Level::kAction || what != "this operand") LimitParameters(id, limit);
  }

  void LimitParameters(ExprId id, Level limit) {
    std::vector<ExprId> pending{id};
    while (!pending.empty()) {
      const Expr& expr = spec_.expr(pending.back());
      pending.pop_back();
      if (expr.kind == ExprKind::kLocal) limit_[expr.local.index] = std::min(limit_[expr.local.index], limit);
      if (FixedLevel(expr.kind)) continue;
      pending.insert(pending.end(), expr.operands.begin(), expr.operands.end());
      for (const Bound& bound : expr.bounds) {
        if (bound.set.is_valid()) pending.push_back(bound.set);
      }
      for (const ExceptUpdate& update : expr.updates) pending.push_back(update.value);
      for (const CaseArm& arm : expr.arms) pending.push_back(arm.value);
    }
  }

  void Check(const Expr& expr) {
    const OperandLimit limit = LimitOf(expr);
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      Demand(expr.operands[i], i == 0 ? limit.first : limit.second, OperatorText(expr));
    }
    for (const Bound& bound : expr.bounds) {
      if (bound.set.is_valid()) Demand(bound.set, Level::kAction, "this operand");
    }
    if (expr.kind == ExprKind::kApply) CheckArguments(expr);
    if (expr.kind == ExprKind::kAlways) CheckTemporal(expr, ExprKind::kSquareAction, "[]", "[][A]_v");
    if (expr.kind == ExprKind::kEventually) CheckTemporal(expr, ExprKind::kAngleAction, "<>", "<><<A>>_v");
    if (expr.kind == ExprKind::kLeadsTo) {
      CheckTemporal(expr, ExprKind::kLeadsTo, "~>", "[][A]_v or <><<A>>_v");
    }
  }

  void CheckArguments(const Expr& expr) {
    const std::vector<Parameter>& parameters = spec_.definition(expr.definition).parameters;
    for (std::size_t i = 0; i < expr.operands.size() && i < parameters.size(); ++i) {
      Demand(expr.operands[i], limit_[parameters[i].local.index],
             "the argument for `" + parameters[i].name + "`, which the definition primes or subscripts,");
    }
  }

  // An action is only temporal as [A]_v or <<A>>_v (Specifying Systems, section 8.1).
  void CheckTemporal(const Expr& expr, ExprKind allowed, const char* op, const char* form) {
    for (const ExprId operand : expr.operands) {
      if (LevelOf(operand) != Level::kAction || spec_.expr(operand).kind == allowed) continue;
      diagnostics_.Add(DiagnosticKind::kLevel, spec_.expr(operand).span,
                       {.found = std::string(op) + " is applied to an action",
                        .expected = "an action is a temporal formula only in the form " + std::string(form)});
    }
  }

  ResolvedSpec& spec_;
  const std::vector<LocalFacts>& local_facts_;
  tla::Diagnostics& diagnostics_;
  std::vector<Level> limit_;  // by LocalId: the largest level its argument may have
  std::vector<std::vector<std::uint32_t>> definitions_of_;
};

}  // namespace

std::string_view DescribeLevel(Level level) {
  switch (level) {
    case Level::kConstant: return "a constant";
    case Level::kState: return "a state expression";
    case Level::kAction: return "an action";
    case Level::kTemporal: return "a temporal formula";
  }
  return "";
}

void ComputeLevels(ResolvedSpec& spec, const std::vector<LocalFacts>& local_facts, tla::Diagnostics& diagnostics) {
  LevelPass(spec, local_facts, diagnostics).Run();
}

}  // namespace kelpie::resolve
