#include "tla/resolve/dump.h"

#include <array>
#include <utility>
#include <vector>

#include "tla/resolve/builtins.h"

namespace kelpie::resolve {
namespace {

std::string_view NameOf(Level level) {
  static constexpr std::array<std::string_view, 4> kNames = {"constant", "state", "action", "temporal"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string PlaceOf(const Span& span) {
  if (!span.is_known()) return " @-";
  return " @" + std::to_string(span.line) + ":" + std::to_string(span.column) + "-" + std::to_string(span.end_line) +
         ":" + std::to_string(span.end_column);
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class Dumper {
 public:
  explicit Dumper(const ResolvedSpec& spec) : spec_(spec) {}

  std::string Run() {
    out_ = "module " + spec_.name + "\n";
    for (const Constant& c : spec_.constants) {
      out_ += "constant " + c.name + (c.arity > 0 ? " arity=" + std::to_string(c.arity) : "") + PlaceOf(c.span) + "\n";
    }
    for (const Variable& v : spec_.variables) out_ += "variable " + v.name + PlaceOf(v.span) + "\n";
    for (const Assumption& assumption : spec_.assumptions) {
      out_ += "assume" + (assumption.name.empty() ? "" : " " + assumption.name) + "\n";
      Tree(assumption.body);
    }
    for (std::uint32_t i = 0; i < spec_.definitions.size(); ++i) DumpDefinition(i);
    out_ += "top level:";
    for (const auto& [name, id] : spec_.top_level) out_ += " " + name + "=" + std::to_string(id.index);
    return out_ + "\n";
  }

 private:
  // A line to come: text that precedes the expression, the expression, its depth.
  struct Pending {
    std::string role;
    ExprId id;
    std::size_t depth;
  };

  [[nodiscard]] std::string Local(LocalId id) const {
    return spec_.local_names[id.index] + "#" + std::to_string(id.index);
  }

  void DumpDefinition(std::uint32_t index) {
    const Definition& d = spec_.definitions[index];
    out_ += "definition " + std::to_string(index) + " " + d.name;
    if (!d.parameters.empty()) {
      out_ += "(";
      for (std::size_t i = 0; i < d.parameters.size(); ++i) {
        if (i > 0) out_ += ", ";
        out_ += Local(d.parameters[i].local);
        if (d.parameters[i].arity > 0) out_ += "/" + std::to_string(d.parameters[i].arity);
      }
      out_ += ")";
    }
    out_ += " of " + d.module;
    if (d.level != Level::kConstant) out_ += " " + std::string(NameOf(d.level));
    if (d.is_recursive) out_ += " recursive";
    if (d.is_local) out_ += " local";
    if (d.stands_for_variable) out_ += " for-variable";
    out_ += PlaceOf(d.span) + "\n";
    Tree(d.body);
  }

  // Walks with a stack of its own, in text order.
  void Tree(ExprId root) {
    std::vector<Pending> pending{{"", root, 1}};
    while (!pending.empty()) {
      const Pending next = std::move(pending.back());
      pending.pop_back();
      out_.append(2 * next.depth, ' ');
      out_ += next.role;
      if (!next.id.is_valid()) {
        out_ += "\n";
        continue;
      }
      const Expr& expr = spec_.expr(next.id);
      out_ += Line(expr) + "\n";
      std::vector<Pending> parts = Parts(expr, next.depth + 1);
      for (std::size_t i = parts.size(); i-- > 0;) pending.push_back(std::move(parts[i]));
    }
  }

  [[nodiscard]] std::string Line(const Expr& expr) const {
    std::string line(kelpie::resolve::NameOf(expr.kind));
    switch (expr.kind) {
      case ExprKind::kBool: line += expr.integer != 0 ? " TRUE" : " FALSE"; break;
      case ExprKind::kInt: line += " " + (expr.text.empty() ? std::to_string(expr.integer) : expr.text); break;
      case ExprKind::kString: line += " " + Quote(expr.text); break;
      case ExprKind::kDecimal:
      case ExprKind::kField: line += " " + expr.text; break;
      case ExprKind::kConstant: line += " " + spec_.constants[expr.constant.index].name; break;
      case ExprKind::kVariable: line += " " + spec_.variables[expr.variable.index].name; break;
      case ExprKind::kBuiltin:
      case ExprKind::kBuiltinRef: line += " " + std::string(InfoOf(expr.builtin).text); break;
      case ExprKind::kLocal:
      case ExprKind::kAt:
      case ExprKind::kApplyLocal:
      case ExprKind::kRecursiveFunction: line += " " + Local(expr.local); break;
      case ExprKind::kApply:
      case ExprKind::kOperatorRef:
        line += " " + (expr.definition.is_valid()
                           ? spec_.definition(expr.definition).name + "=" + std::to_string(expr.definition.index)
                           : Local(expr.local));
        break;
      case ExprKind::kLabel: line += " " + expr.fields.front(); break;
      case ExprKind::kLet:
        for (const DefinitionId id : expr.definitions) {
          line += " " + spec_.definition(id).name + "=" + std::to_string(id.index);
        }
        break;
      default: break;
    }
    if (expr.level != Level::kConstant) line += " " + std::string(NameOf(expr.level));
    return line + PlaceOf(expr.span);
  }

  [[nodiscard]] std::vector<Pending> Parts(const Expr& expr, std::size_t depth) const {
    std::vector<Pending> parts;
    for (const Bound& bound : expr.bounds) {
      std::string role = bound.is_tuple ? "bound <<" : "bound ";
      for (std::size_t i = 0; i < bound.locals.size(); ++i) role += (i > 0 ? ", " : "") + Local(bound.locals[i]);
      role += bound.is_tuple ? ">>" : "";
      parts.push_back({role + (bound.set.is_valid() ? " in " : ""), bound.set, depth});
    }
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      const bool has_field = expr.kind == ExprKind::kRecord || expr.kind == ExprKind::kRecordSet;
      parts.push_back({has_field ? expr.fields[i] + ": " : "", expr.operands[i], depth});
    }
    for (const ExceptUpdate& update : expr.updates) {
      parts.push_back({"update " + Local(update.at_local), {}, depth});
      for (const ExprId step : update.path) parts.push_back({"at ", step, depth + 1});
      parts.push_back({"is ", update.value, depth + 1});
    }
    for (const CaseArm& arm : expr.arms) {
      parts.push_back({arm.guard.is_valid() ? "when " : "other", arm.guard, depth});
      parts.push_back({"then ", arm.value, depth});
    }
    return parts;
  }

  const ResolvedSpec& spec_;
  std::string out_;
};

std::string Term(const ModelTerm& term) {
  switch (term.kind) {
    case ModelTerm::Kind::kInt: return std::to_string(term.integer);
    case ModelTerm::Kind::kBool: return term.integer != 0 ? "TRUE" : "FALSE";
    case ModelTerm::Kind::kString: return Quote(term.text);
    case ModelTerm::Kind::kModelValue: return term.text;
    case ModelTerm::Kind::kSet: break;
  }
  std::string out = "{";
  for (std::size_t i = 0; i < term.elements.size(); ++i) out += (i > 0 ? ", " : "") + Term(term.elements[i]);
  return out + "}";
}

std::string Describe(const Replacement& replacement, const ResolvedSpec& spec) {
  if (replacement.term) return " = " + Term(*replacement.term);
  if (!replacement.rows.empty()) {
    std::string out;
    for (const ReplacementRow& row : replacement.rows) {
      out += out.empty() ? "(" : ", (";
      for (std::size_t i = 0; i < row.arguments.size(); ++i) out += (i > 0 ? ", " : "") + Term(row.arguments[i]);
      out += ") = " + Term(row.value);
    }
    return out;
  }
  if (replacement.definition) return " <- " + spec.definition(*replacement.definition).name;
  return replacement.builtin ? " <- built-in " + std::string(InfoOf(*replacement.builtin).text) : "";
}

}  // namespace

std::string_view NameOf(ExprKind kind) {
  static constexpr std::array<std::string_view, 256> kNames = {
#define KELPIE_EXPR_KIND(name, text) text,
#include "tla/resolve/expr_kinds.def"
#undef KELPIE_EXPR_KIND
  };
  return kNames[static_cast<std::size_t>(kind)];
}

std::string DumpResolved(const ResolvedSpec& spec) { return Dumper(spec).Run(); }

std::string DumpModel(const Model& model, const ResolvedSpec& spec) {
  std::string out;
  for (const auto& [id, replacement] : model.constants) {
    out += "constant " + spec.constants[id.index].name + Describe(replacement, spec) + "\n";
  }
  for (const auto& [id, replacement] : model.definitions) {
    out += "definition " + spec.definition(id).name + Describe(replacement, spec) + "\n";
  }
  for (const auto& [builtin, replaced] : model.builtins) {
    out += "built-in " + std::string(InfoOf(builtin).text) + Describe(replaced.replacement, spec) +
           (replaced.is_everywhere ? " everywhere\n" : "\n");
  }
  for (const std::string& value : model.model_values) out += "model value " + value + "\n";
  const auto one = [&](const char* what, const std::optional<DefinitionId>& id) {
    if (id) out += std::string(what) + " " + spec.definition(*id).name + "\n";
  };
  const auto many = [&](const char* what, const std::vector<DefinitionId>& ids) {
    for (const DefinitionId id : ids) one(what, id);
  };
  one("init", model.init);
  one("next", model.next);
  one("specification", model.specification);
  many("invariant", model.invariants);
  many("property", model.properties);
  many("constraint", model.constraints);
  many("action constraint", model.action_constraints);
  one("symmetry", model.symmetry);
  one("view", model.view);
  one("alias", model.alias);
  one("postcondition", model.postcondition);
  if (model.check_deadlock) out += std::string("check deadlock ") + (*model.check_deadlock ? "TRUE" : "FALSE") + "\n";
  return out;
}

}  // namespace kelpie::resolve
