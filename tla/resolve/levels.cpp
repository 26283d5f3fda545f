#include "tla/resolve/levels.h"

#include <algorithm>
#include <map>
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
    case ExprKind::kIf:
    case ExprKind::kFunction:
    case ExprKind::kRecord:
    case ExprKind::kConstant:
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

  void Run(const std::vector<SubstitutionLimit>& substitutions) {
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
    for (const Definition& definition : spec_.definitions) CheckRecursion(definition);
    for (const SubstitutionLimit& substitution : substitutions) CheckSubstitution(substitution);
  }

 private:
  [[nodiscard]] Level LevelOf(ExprId id) const { return spec_.exprs[id.index].level; }

  bool Sweep() {
    bool changed = false;
    for (std::size_t i = 0; i < spec_.exprs.size(); ++i) {
      const Level level = Compute(spec_.exprs[i]);
      changed = changed || level != spec_.exprs[i].level;
      spec_.exprs[i].level = level;
      // Inside its own rule, a function is of the rule's level.
      if (spec_.exprs[i].kind == ExprKind::kRecursiveFunction) {
        Level& self = local_facts_[spec_.exprs[i].local.index].level;
        changed = changed || self != level;
        self = level;
      }
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
    if (expr.kind == ExprKind::kLocal || expr.kind == ExprKind::kApplyLocal) {
      level = local_facts_[expr.local.index].level;
    }
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
    LimitParameters(id, limit);
  }

  void LimitParameters(ExprId id, Level limit) {
    std::vector<ExprId> pending{id};
    while (!pending.empty()) {
      const Expr& expr = spec_.expr(pending.back());
      pending.pop_back();
      if (expr.kind == ExprKind::kLocal || expr.kind == ExprKind::kApplyLocal) {
        limit_[expr.local.index] = std::min(limit_[expr.local.index], limit);
      }
      if (FixedLevel(expr.kind)) continue;
      // What holds its own operands to the same limit has passed it on already.
      const OperandLimit own = LimitOf(expr);
      if (limit == Level::kAction && own.first != Level::kTemporal && own.second != Level::kTemporal) continue;
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
    for (const ExceptUpdate& update : expr.updates) {
      for (const ExprId step : update.path) Demand(step, Level::kAction, "this index");
      Demand(update.value, Level::kAction, "this value");
    }
    if (expr.kind == ExprKind::kApply) CheckArguments(expr);
    if (expr.kind == ExprKind::kApplyLocal) NotePassed(expr);
    if (expr.kind == ExprKind::kAnd || expr.kind == ExprKind::kOr ||
        (expr.kind == ExprKind::kBuiltin && IsLogic(expr.builtin))) {
      CheckMixture(expr);
    }
    if (expr.kind == ExprKind::kForAll || expr.kind == ExprKind::kExists) CheckQuantifier(expr);
    if (expr.kind == ExprKind::kAlways) CheckTemporal(expr, ExprKind::kSquareAction, "[]", "[][A]_v");
    if (expr.kind == ExprKind::kEventually) CheckTemporal(expr, ExprKind::kAngleAction, "<>", "<><<A>>_v");
    if (expr.kind == ExprKind::kLeadsTo) {
      CheckTemporal(expr, ExprKind::kLeadsTo, "~>", "[][A]_v or <><<A>>_v");
    }
    if (expr.kind == ExprKind::kGuarantees) {
      CheckTemporal(expr, ExprKind::kGuarantees, "-+->", "[][A]_v or <><<A>>_v");
    }
  }

  // `[]P /\ A` says nothing about a behavior: A speaks of one step, []P of all.
  void CheckMixture(const Expr& expr) {
    ExprId action;
    bool is_temporal = false;
    for (const ExprId operand : expr.operands) {
      if (LevelOf(operand) == Level::kAction) action = operand;
      is_temporal = is_temporal || LevelOf(operand) == Level::kTemporal;
    }
    if (!is_temporal || !action.is_valid()) return;
    diagnostics_.Add(DiagnosticKind::kLevel, spec_.expr(action).span,
                     {.found = "this action stands beside a temporal formula",
                      .expected = "an action is a temporal formula only in the form [][A]_v or <><<A>>_v"});
  }

  void CheckQuantifier(const Expr& expr) {
    if (LevelOf(expr.operands.front()) != Level::kTemporal) return;
    for (const Bound& bound : expr.bounds) {
      if (bound.set.is_valid()) Demand(bound.set, Level::kState, "the bound of a quantified temporal formula");
    }
  }

  // What an operator parameter is applied to, inside the definition.
  void NotePassed(const Expr& expr) {
    std::vector<Passed>& passed = passed_[expr.local.index];
    passed.resize(std::max(passed.size(), expr.operands.size()));
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      passed[i].level = std::max(passed[i].level, LevelOf(expr.operands[i]));
      const Expr& operand = spec_.expr(expr.operands[i]);
      if (operand.kind == ExprKind::kLocal) passed[i].parameters.push_back(operand.local);
    }
  }

  // The largest level that argument `k` of an operator passed as an argument may have.
  [[nodiscard]] Level LimitOfArgument(const Expr& op, std::size_t k) const {
    if (op.kind == ExprKind::kLambda && k < op.bounds.front().locals.size()) {
      return limit_[op.bounds.front().locals[k].index];
    }
    if (op.kind != ExprKind::kOperatorRef || !op.definition.is_valid()) return Level::kTemporal;
    const std::vector<Parameter>& parameters = spec_.definition(op.definition).parameters;
    return k < parameters.size() ? limit_[parameters[k].local.index] : Level::kTemporal;
  }

  // F(P): what F applies its parameter to must suit P.
  void CheckOperatorArgument(const Expr& call, const std::vector<Parameter>& parameters, std::size_t i) {
    const auto found = passed_.find(parameters[i].local.index);
    if (found == passed_.end()) return;
    const Expr& op = spec_.expr(call.operands[i]);
    for (std::size_t k = 0; k < found->second.size(); ++k) {
      const Level limit = LimitOfArgument(op, k);
      if (found->second[k].level > limit) {
        diagnostics_.Add(
            DiagnosticKind::kLevel, op.span,
            {.found = "this operator is applied to " + std::string(DescribeLevel(found->second[k].level)) + " there",
             .expected = "its argument must be " + std::string(DescribeLevel(limit)) + " at most"});
      }
      for (const LocalId passed : found->second[k].parameters) {
        for (std::size_t j = 0; j < parameters.size() && j < call.operands.size(); ++j) {
          if (parameters[j].local == passed) Demand(call.operands[j], limit, "what is passed on to the operator");
        }
      }
    }
  }

  void CheckRecursion(const Definition& definition) {
    const bool is_function =
        definition.body.is_valid() && spec_.expr(definition.body).kind == ExprKind::kRecursiveFunction;
    if (!definition.is_recursive || is_function) return;
    for (const Parameter& parameter : definition.parameters) {
      if (limit_[parameter.local.index] >= Level::kAction) continue;
      diagnostics_.Add(
          DiagnosticKind::kLevel, definition.name_span,
          {.found = "`" + definition.name + "` is recursive and primes its parameter `" + parameter.name + "`",
           .expected = "a recursive operator may prime variables, not parameters"});
    }
  }

  void CheckSubstitution(const SubstitutionLimit& substitution) {
    const Level level = substitution.definition ? spec_.definition(*substitution.definition).level : Level::kState;
    if (substitution.is_operator && substitution.definition) {
      for (const Parameter& parameter : spec_.definition(*substitution.definition).parameters) {
        if (limit_[parameter.local.index] >= Level::kAction) continue;
        diagnostics_.Add(DiagnosticKind::kLevel, substitution.span,
                         {.found = "the operator that replaces `" + substitution.name + "` primes its argument",
                          .expected = "equal arguments must give equal results"});
      }
    }
    if (level <= substitution.limit) return;
    diagnostics_.Add(DiagnosticKind::kLevel, substitution.span,
                     {.found = "what replaces `" + substitution.name + "` is " + std::string(DescribeLevel(level)),
                      .expected = "in a module with variables it must be " +
                                  std::string(DescribeLevel(substitution.limit)) + " at most"});
  }

  void CheckArguments(const Expr& expr) {
    const std::vector<Parameter>& parameters = spec_.definition(expr.definition).parameters;
    for (std::size_t i = 0; i < expr.operands.size() && i < parameters.size(); ++i) {
      Demand(expr.operands[i], limit_[parameters[i].local.index],
             "the argument for `" + parameters[i].name + "`, which the definition primes or subscripts,");
      if (parameters[i].arity > 0) CheckOperatorArgument(expr, parameters, i);
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

  struct Passed {
    Level level = Level::kConstant;
    std::vector<LocalId> parameters;  // of the definition itself, passed on as they are
  };

  ResolvedSpec& spec_;
  std::vector<LocalFacts> local_facts_;
  tla::Diagnostics& diagnostics_;
  std::map<std::uint32_t, std::vector<Passed>> passed_;  // by LocalId of an operator parameter, then argument
  std::vector<Level> limit_;                             // by LocalId: the largest level its argument may have
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

void ComputeLevels(ResolvedSpec& spec, const std::vector<LocalFacts>& local_facts,
                   const std::vector<SubstitutionLimit>& substitutions, tla::Diagnostics& diagnostics) {
  LevelPass(spec, local_facts, diagnostics).Run(substitutions);
}

}  // namespace kelpie::resolve
