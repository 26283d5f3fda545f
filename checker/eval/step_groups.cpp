// Next, taken apart into groups of steps.
#include <algorithm>
#include <set>

#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

namespace {

constexpr std::size_t kGroupsMax = 4096;

// What evaluating a node may read, at worst, and whether it does anything else.
class Footprint {
 public:
  explicit Footprint(const Code& code) : code_(code) {}

  void Add(NodeId id) { Walk(id, false); }
  // No effects, no called code that sees the frame around it.
  [[nodiscard]] bool is_clean() const { return is_clean_; }
  [[nodiscard]] const std::set<std::uint32_t>& variables() const { return variables_; }
  // Bound neither inside nor in `bound`.
  [[nodiscard]] bool ReadsOtherLocals(const std::set<SlotId>& bound) const {
    return std::any_of(locals_.begin(), locals_.end(),
                       [&](SlotId slot) { return !bound_.contains(slot) && !bound.contains(slot); });
  }

 private:
  void Walk(NodeId id, bool is_in_unit) {
    if (!is_clean_ || !seen_.insert(id).second) return;
    const Node& node = code_.node(id);
    switch (node.op) {
      case Opcode::kLiteral:
      case Opcode::kConstant:
      case Opcode::kOnce: return;
      case Opcode::kVariable: variables_.insert(node.a); return;
      case Opcode::kLocal:
        if (!is_in_unit) locals_.insert(node.a);
        return;
      case Opcode::kUnchanged: variables_.insert(node.a); return;
      case Opcode::kCompose:  // gives values to variables of the state between, too
      case Opcode::kCount: is_clean_ = false; return;
      case Opcode::kEnabled: is_clean_ = node.b == 0; break;
      case Opcode::kCall: {
        const program::Unit& unit = code_.units[node.a];
        is_clean_ = unit.inherited_count == 0;
        Walk(unit.body, true);
        break;
      }
      case Opcode::kModuleOperator: {
        const Builtin builtin = code_.builtins[node.a];
        is_clean_ = builtin != Builtin::kPrint && builtin != Builtin::kPrintT && builtin != Builtin::kAssertEq &&
                    !resolve::IsVolatile(builtin);
        break;
      }
      default: break;
    }
    for (const char field : program::ChildrenOf(node.op)) {
      if (field != 'B' || is_in_unit) continue;
      for (const Binder& binder : code_.bound(node)) bound_.insert(binder.slots.begin(), binder.slots.end());
    }
    for (std::uint32_t i = 0; node.op == Opcode::kExcept && !is_in_unit && i < node.c; ++i) {
      bound_.insert(code_.updates[node.b + i].at);
    }
    if (node.op == Opcode::kLambda || node.op == Opcode::kRecursiveFunction) {
      for (const NodeId slot : code_.list(node)) bound_.insert(slot);
    }
    program::ForEachChild(code_, node, [&](NodeId child) { Walk(child, is_in_unit); });
  }

  const Code& code_;
  bool is_clean_ = true;
  std::set<NodeId> seen_;
  std::set<std::uint32_t> variables_;
  std::set<SlotId> locals_;
  std::set<SlotId> bound_;
};

}  // namespace

const std::vector<StepGroup>& Machine::StepGroups() {
  if (!groups_.empty()) return groups_;
  Entry entry(*this);
  Value* f = entry.Start(CompiledFor(program_.next, Mode::kStep));
  const NodeId root = code_->units[0].body;
  try {
    GroupPlace place;
    if (!options_.counts_truths) PlanGroups(root, place, f);
  } catch (const EvalFailure&) {
    group_places_.clear();  // met again, in its turn, where the whole is asked
  }
  if (group_places_.empty() || group_places_.size() > kGroupsMax) {
    group_places_.assign(1, {});
    group_places_[0].node = root;
  }
  for (const GroupPlace& place : group_places_) {
    Footprint footprint(*code_);
    footprint.Add(place.node);
    std::set<SlotId> bound(place.cleared.begin(), place.cleared.end());
    for (const auto& binding : place.bindings) bound.insert(binding.first);
    StepGroup& group = groups_.emplace_back();
    group.is_cachable = footprint.is_clean() && !footprint.ReadsOtherLocals(bound) && !options_.counts_truths;
    const Node& node = nodes_[place.node];
    if (node.op != Opcode::kExists || !node.is_step()) continue;
    const Binder& first = code_->binders[node.b];
    if (first.is_tuple || first.set == kNoNode || nodes_[first.set].op != Opcode::kVariable) continue;
    group.elements_of = nodes_[first.set].a;
  }
  return groups_;
}

// Down through disjunctions, operators put in place, and quantifiers over sets that no state changes.
void Machine::PlanGroups(NodeId id, GroupPlace& place, Value* f) {
  if (group_places_.size() > kGroupsMax) return;
  const Node& node = nodes_[id];
  if (node.op == Opcode::kOr && node.is_step()) {
    for (const NodeId operand : code_->list(node)) PlanGroups(operand, place, f);
    return;
  }
  if (node.op == Opcode::kInline && node.is_step()) {
    GroupPlace inner = place;
    const program::Call& call = code_->calls[node.b];
    for (const SlotId slot : call.memo_slots) f[slot] = Value::Unset();
    inner.cleared.insert(inner.cleared.end(), call.memo_slots.begin(), call.memo_slots.end());
    if (call.definition.is_valid()) inner.inlines.push_back(id);
    return PlanGroups(node.a, inner, f);
  }
  if (node.op == Opcode::kExists && node.is_step()) {
    Footprint sets(*code_);
    for (const Binder& binder : code_->bound(node)) {
      if (binder.set != kNoNode) sets.Add(binder.set);
    }
    const auto binders = code_->bound(node);
    const bool is_bounded =
        std::all_of(binders.begin(), binders.end(), [](const Binder& binder) { return binder.set != kNoNode; });
    if (is_bounded && sets.is_clean() && sets.variables().empty()) return PlanBindings(id, node, 0, 0, place, f);
  }
  place.node = id;
  group_places_.push_back(place);
}

// As ActExists.
void Machine::PlanBindings(NodeId id, const Node& node, std::size_t index, std::size_t slot, GroupPlace& place,
                           Value* f) {
  if (index == node.c) return PlanGroups(node.a, place, f);
  const Binder& binder = code_->binders[node.b + index];
  const bool is_last = binder.is_tuple || slot + 1 == binder.slots.size();
  (void)ForEach(binder.set, f, [&](const Value& element) {
    Bind(binder, slot, element, f);
    GroupPlace inner = place;
    for (std::size_t i = binder.is_tuple ? 0 : slot; i < (binder.is_tuple ? binder.slots.size() : slot + 1); ++i) {
      inner.bindings.emplace_back(binder.slots[i], f[binder.slots[i]]);
    }
    PlanBindings(id, node, is_last ? index + 1 : index, is_last ? 0 : slot + 1, inner, f);
    return group_places_.size() <= kGroupsMax;
  });
}

Status Machine::RunGroup(std::size_t group, const State& state, const SuccessorRequest& request,
                         const Evaluator::SuccessorVisitor& visit, Reads* reads, const Value* element) {
  Entry entry(*this);
  const GroupPlace& place = group_places_[group];
  try {
    Value* f = entry.Start(CompiledFor(program_.next, Mode::kStep));
    now_.state = state.data();
    now_.reads = reads;
    now_.notes_changes = true;
    BeginSearch(TakeBuffer(spec_.variables.size()), request);
    for (const auto& [slot, value] : place.bindings) f[slot] = value;
    for (const SlotId slot : place.cleared) f[slot] = Value::Unset();
    if (!place.inlines.empty()) {
      now_.action = place.inlines.back();
      now_.action_frame = f;
    }
    const auto finish = [&] { return Finish(visit); };
    if (element == nullptr) {
      (void)Act(place.node, f, finish, true);
    } else {
      const Node& node = nodes_[place.node];
      const Binder& binder = code_->binders[node.b];
      Bind(binder, 0, *element, f);
      const bool is_last = binder.slots.size() == 1;
      (void)ActExists(place.node, node, is_last ? 1 : 0, is_last ? 0 : 1, f, finish, true);
    }
  } catch (EvalFailure& failure) {
    for (auto inlined = place.inlines.rbegin(); inlined != place.inlines.rend(); ++inlined) {
      const program::Call& call = code_->calls[nodes_[*inlined].b];
      AddErrorFrame(failure.error, spec_.definition(call.effective).name, *inlined);
    }
    return std::move(failure.error);
  }
  return std::nullopt;
}

}  // namespace kelpie::eval
