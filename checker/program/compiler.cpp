// Nodes, slots and scopes.
#include "checker/program/compiler.h"

#include <algorithm>

#include "tla/resolve/builtins.h"

namespace kelpie::program {

std::string_view NameOf(Opcode opcode) {
  switch (opcode) {
#define KELPIE_OPCODE(name, text, children) \
  case Opcode::name:                        \
    return text;
#include "checker/program/opcodes.def"
#undef KELPIE_OPCODE
  }
  return "?";
}

std::string_view ChildrenOf(Opcode opcode) {
  static constexpr std::string_view kChildren[] = {
#define KELPIE_OPCODE(name, text, children) children,
#include "checker/program/opcodes.def"
#undef KELPIE_OPCODE
  };
  return kChildren[static_cast<std::size_t>(opcode)];
}

NestingGuard::NestingGuard(std::size_t& depth, std::size_t limit, const resolve::Span& span) : depth_(depth) {
  if (++depth_ > limit) {
    --depth_;
    throw CompileFailure{"operators and expressions are nested more than " + std::to_string(limit) +
                             " deep when put in place of one another",
                         "--max-depth", span};
  }
}

Compiler::Compiler(const Program& program, const CompileLimits& limits)
    : program_(program), spec_(*program.spec), limits_(limits), facts_(program) {
  if (limits.with_counts) FindCounted();
}

Code Compiler::Run(ExprId root, Mode mode) {
  code_.units.push_back({.name = "", .span = program_.expr(root).span});
  const NodeId body = CompileExpr(root, nullptr, mode);
  code_.units[0].body = body;
  AddPaths();
  return std::move(code_);
}

CompileResult Compile(const Program& program, ExprId root, Mode mode, const CompileLimits& limits) {
  CompileResult result;
  try {
    result.code = std::make_shared<const Code>(Compiler(program, limits).Run(root, mode));
  } catch (const CompileFailure& failure) {
    result.message = failure.message;
    result.option = failure.option;
    result.span = failure.span;
  }
  return result;
}

namespace {

// Described whatever their parts are; unions, filters and the like depend on theirs.
bool IsAlwaysDescribed(Opcode op) {
  switch (op) {
    case Opcode::kPowerSet:
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet:
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross:
    case Opcode::kSeqSet: return true;
    default: return false;
  }
}

// Described when a part is.
bool PassesOnDescription(Opcode op) {
  switch (op) {
    case Opcode::kConstant:
    case Opcode::kOnce:
    case Opcode::kInline:
    case Opcode::kIf:
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus: return true;
    default: return false;
  }
}

// UNION of sets that are written down, some of which are described.
bool IsUnionOfDescribed(const Code& code, const Node& big_union) {
  const Node& sets = code.nodes[big_union.a];
  if (sets.op == Opcode::kSetMap) return code.nodes[sets.a].is_described();
  if (sets.op != Opcode::kSetEnumeration) return false;
  const auto items = code.list(sets);
  return std::any_of(items.begin(), items.end(), [&](NodeId item) { return code.nodes[item].is_described(); });
}

bool IsPlace(Opcode op) {
  switch (op) {
    case Opcode::kLiteral:
    case Opcode::kVariable:
    case Opcode::kNextVariable:
    case Opcode::kLocal:
    case Opcode::kMemo:
    case Opcode::kConstant:
    case Opcode::kOnce: return true;
    default: return false;
  }
}

bool GivesNext(Opcode op) {
  switch (op) {
    case Opcode::kNextVariable:
    case Opcode::kAssign:
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset:
    case Opcode::kUnchanged:
    case Opcode::kUnchangedValue:
    case Opcode::kSquare:
    case Opcode::kAngle:
    case Opcode::kCompose: return true;
    default: return false;
  }
}

}  // namespace

// Writes the way to each place down, so that it is walked in a loop.
void Compiler::AddPaths() {
  const auto step_of = [&](NodeId id) {
    const Node& leaf = code_.nodes[id];
    return leaf.op == Opcode::kApply ? PathStep{Opcode::kApply, id} : PathStep{leaf.op, leaf.a};
  };
  std::vector<PathStep> backwards;
  for (Node& node : code_.nodes) {
    if (node.op != Opcode::kApply || !node.is_place()) continue;
    backwards.assign(1, step_of(node.b));
    NodeId at = node.a;
    for (; code_.nodes[at].op == Opcode::kApply; at = code_.nodes[at].a)
      backwards.push_back(step_of(code_.nodes[at].b));
    backwards.push_back(step_of(at));
    node.list = static_cast<std::uint32_t>(code_.paths.size());
    node.list_size = static_cast<std::uint32_t>(backwards.size());
    code_.paths.insert(code_.paths.end(), backwards.rbegin(), backwards.rend());
  }
}

// As a guard, does a node have several ways only where one of these children has?
bool Compiler::IsSingleWay(const Node& self) const {
  const auto single = [&](NodeId child) { return child == kNoNode || code_.nodes[child].is_single_way(); };
  switch (self.op) {
    case Opcode::kAnd: {
      const auto operands = code_.list(self);
      return std::all_of(operands.begin(), operands.end(), single);
    }
    case Opcode::kApply:  // of what functions have as their values
    case Opcode::kFunction:
    case Opcode::kRecursiveFunction:
    case Opcode::kInline:
    case Opcode::kCount:
    case Opcode::kForAll: return single(self.a);
    case Opcode::kMemo:
    case Opcode::kImplies: return single(self.b);
    case Opcode::kIf: return single(self.b) && single(self.c);
    case Opcode::kOr:
    case Opcode::kExists:
    case Opcode::kCase:
    case Opcode::kCall: return false;
    default: return true;
  }
}

// Put together of parts that are the same in the whole run, whatever their text is like; or fixed by its text.
bool Compiler::IsFixedSet(const Node& self) {
  switch (self.op) {
    case Opcode::kLiteral:
    case Opcode::kOnce:
    case Opcode::kBooleanSet:
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet: return true;
    case Opcode::kConstant: return self.c == 1;
    case Opcode::kInline:
    case Opcode::kSetEnumeration:
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus:
    case Opcode::kPowerSet:
    case Opcode::kInterval:
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross:
    case Opcode::kSeqSet: break;
    default: return facts_.IsFixed(self.origin);
  }
  bool is_fixed = true;
  ForEachChild(code_, self, [&](NodeId child) { is_fixed = is_fixed && code_.nodes[child].is_fixed_set(); });
  return is_fixed;
}

void Compiler::SetFlags(NodeId id) {
  const Node& self = code_.nodes[id];
  std::uint8_t flags = GivesNext(self.op) ? kFlagStep : 0;
  bool is_any_described = false;
  bool is_place = IsPlace(self.op);
  if (self.op == Opcode::kApply) is_place = code_.nodes[self.a].is_place() && code_.nodes[self.b].is_place();
  ForEachChild(code_, self, [&](NodeId child) {
    if (code_.nodes[child].is_step()) flags |= kFlagStep;
    is_any_described |= code_.nodes[child].is_described();
  });
  if (self.op == Opcode::kEnabled) flags = 0;
  bool is_described = IsAlwaysDescribed(self.op) || (PassesOnDescription(self.op) && is_any_described);
  if (self.op == Opcode::kBigUnion) is_described = IsUnionOfDescribed(code_, self);
  if (self.op == Opcode::kModuleOperator) is_described = resolve::IsDescribedSet(code_.builtins[self.a]);
  if (self.op == Opcode::kSetFilter) is_described = code_.nodes[code_.bound(self)[0].set].is_described();
  if (is_described) flags |= kFlagDescribed;
  if (is_place) flags |= kFlagPlace;
  if (IsFixedSet(self)) flags |= kFlagFixedSet;
  if ((flags & kFlagStep) == 0 && IsSingleWay(self)) flags |= kFlagSingleWay;
  code_.nodes[id].flags = flags;
}

NodeId Compiler::Emit(Opcode op, ExprId origin, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  if (code_.nodes.size() >= limits_.nodes_max) {
    throw CompileFailure{"the specification has more than " + std::to_string(limits_.nodes_max) +
                             " nodes when its operators are put in place of one another",
                         "--max-code", program_.expr(origin).span};
  }
  code_.nodes.push_back({.op = op, .origin = origin, .a = a, .b = b, .c = c});
  const auto id = static_cast<NodeId>(code_.nodes.size() - 1);
  SetFlags(id);
  return id;
}

NodeId Compiler::EmitList(Opcode op, ExprId origin, const Nodes& list, std::uint32_t a, std::uint32_t c) {
  const auto first = static_cast<std::uint32_t>(code_.lists.size());
  code_.lists.insert(code_.lists.end(), list.begin(), list.end());
  const NodeId id = Emit(op, origin, a, 0, c);
  code_.nodes[id].list = first;
  code_.nodes[id].list_size = static_cast<std::uint32_t>(list.size());
  SetFlags(id);
  return id;
}

NodeId Compiler::EmitBound(Opcode op, ExprId origin, NodeId body, std::vector<Binder> binders) {
  const auto first = static_cast<std::uint32_t>(code_.binders.size());
  const auto count = static_cast<std::uint32_t>(binders.size());
  for (Binder& binder : binders) code_.binders.push_back(std::move(binder));
  return Emit(op, origin, body, first, count);
}

NodeId Compiler::EmitError(ExprId origin, std::string message) {
  code_.messages.push_back(std::move(message));
  return Emit(Opcode::kError, origin, static_cast<std::uint32_t>(code_.messages.size() - 1));
}

NodeId Compiler::EmitLiteral(ExprId origin, Literal literal) {
  code_.literals.push_back(std::move(literal));
  return Emit(Opcode::kLiteral, origin, static_cast<std::uint32_t>(code_.literals.size() - 1));
}

std::uint32_t Compiler::AddFieldNames(const std::vector<std::string>& names) {
  const auto first = static_cast<std::uint32_t>(code_.literals.size());
  for (const std::string& name : names) code_.literals.push_back({.kind = Literal::Kind::kString, .text = name});
  return first;
}

NodeId Compiler::Copy(NodeId id, ExprId origin, std::uint8_t flags) {
  if (code_.nodes.size() >= limits_.nodes_max) return id;
  Node copy = code_.nodes[id];
  copy.origin = origin;
  copy.flags |= flags;
  code_.nodes.push_back(copy);
  return static_cast<NodeId>(code_.nodes.size() - 1);
}

Scope& Compiler::Push(const Scope* outer, BindingKind kind, LocalId local) {
  Scope& scope = scopes_.emplace_back();
  scope.outer = outer;
  scope.kind = kind;
  scope.local = local;
  return scope;
}

const Scope* Compiler::Find(const Scope* scope, LocalId local) const {
  while (scope != nullptr && !(scope->kind != BindingKind::kLet && scope->local == local)) scope = scope->outer;
  return scope;
}

const Scope* Compiler::ScopeOf(DefinitionId id, const Scope* scope) const {
  const auto let = program_.let_of.find(id.index);
  if (let == program_.let_of.end()) return nullptr;
  while (scope != nullptr && !(scope->kind == BindingKind::kLet && scope->let == let->second)) scope = scope->outer;
  return scope;
}

}  // namespace kelpie::program
