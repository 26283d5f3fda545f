#include "checker/eval/increment.h"

#include <algorithm>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

namespace {

using program::Call;

bool ReadsVariables(const Code& code, NodeId id) {
  const Node& node = code.node(id);
  if (node.op == Opcode::kVariable || node.op == Opcode::kEnabled || node.op == Opcode::kCall) return true;
  bool reads = node.is_step();
  program::ForEachChild(code, node, [&](NodeId child) { reads = reads || ReadsVariables(code, child); });
  return reads;
}

// The quantifiers at the top, and how the variables below are read.
void FindKeys(const Code& code, Increment& increment, std::size_t variable_count) {
  std::vector<SlotId> bound;
  NodeId at = increment.root;
  for (; code.node(at).op == Opcode::kForAll; at = code.node(at).a) {
    increment.chain.push_back(at);
    for (const Binder& binder : code.bound(code.node(at))) {
      if (binder.is_tuple || binder.set == kNoNode) return;
      bound.insert(bound.end(), binder.slots.begin(), binder.slots.end());
    }
  }
  increment.keys.resize(variable_count);
  increment.whole.assign(variable_count, false);
  for (const Node& node : code.nodes) {
    if (node.op == Opcode::kEnabled || node.op == Opcode::kCall || node.is_step()) return;
    program::ForEachChild(code, node, [&](NodeId child) {
      const Node& variable = code.node(child);
      if (variable.op != Opcode::kVariable) return;
      const Node& argument = node.op == Opcode::kApply && node.a == child ? code.node(node.b) : variable;
      const bool is_keyed =
          argument.op == Opcode::kLocal && std::find(bound.begin(), bound.end(), argument.a) != bound.end();
      if (!is_keyed) {
        increment.whole[variable.a] = true;
        return;
      }
      std::vector<SlotId>& keys = increment.keys[variable.a];
      if (std::find(keys.begin(), keys.end(), argument.a) == keys.end()) keys.push_back(argument.a);
    });
  }
  increment.form = Increment::Form::kForAll;
}

}  // namespace

Increment FindIncrement(const Code& code, std::size_t variable_count) {
  Increment increment;
  increment.root = code.units[0].body;
  if (code.units.size() > 1) return increment;
  while (code.node(increment.root).op == Opcode::kInline &&
         code.calls[code.node(increment.root).b].memo_slots.empty()) {
    increment.root = code.node(increment.root).a;
  }
  const Node& root = code.node(increment.root);
  if (root.op == Opcode::kForAll) {
    FindKeys(code, increment, variable_count);
  } else if (root.op == Opcode::kIn && code.node(root.a).op == Opcode::kVariable &&
             code.node(root.b).op == Opcode::kFunctionSet && !ReadsVariables(code, root.b)) {
    increment.form = Increment::Form::kFunctionSet;
  } else if (root.op == Opcode::kSubsetEq && code.node(root.a).op == Opcode::kVariable &&
             !ReadsVariables(code, root.b)) {
    increment.form = Increment::Form::kSubset;
  }
  return increment;
}

namespace {

// Places where two functions of one DOMAIN differ; nothing when they have different DOMAINs.
std::optional<std::vector<std::size_t>> ChangedPlaces(const Value& before, const Value& after) {
  if (!before.is_function() || before.kind() != after.kind() || before.size() != after.size()) return std::nullopt;
  if (after.kind() == ValueKind::kFunction && !after.domain_ref().is_same_object(before.domain_ref()) &&
      !Same(after.domain_ref(), before.domain_ref())) {
    return std::nullopt;
  }
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!after.items()[i].is_same_object(before.items()[i])) changed.push_back(i);
  }
  return changed;
}

}  // namespace

// One quantifier after another, with the bound variable of `fixed` held at `key`.
bool Machine::HoldsForKey(const Increment& increment, std::size_t level, std::size_t binder_index,
                          std::size_t slot_index, SlotId fixed, const Value& key, Value* f) {
  const Node& node = nodes_[increment.chain[level]];
  const std::span<const Binder> binders = code_->bound(node);
  if (binder_index == binders.size()) {
    if (level + 1 < increment.chain.size()) return HoldsForKey(increment, level + 1, 0, 0, fixed, key, f);
    return Test(node.a, f);
  }
  const Binder& binder = binders[binder_index];
  if (slot_index == binder.slots.size()) return HoldsForKey(increment, level, binder_index + 1, 0, fixed, key, f);
  const SlotId slot = binder.slots[slot_index];
  const auto go = [&](const Value& element) {
    f[slot] = element;
    return HoldsForKey(increment, level, binder_index, slot_index + 1, fixed, key, f);
  };
  if (slot != fixed) return ForEach(binder.set, f, go);
  return !Contains(binder.set, f, key, increment.chain[level]) || go(key);
}

bool Machine::ForAllHoldsSince(const Increment& increment, const State& known, Value* f) {
  std::vector<std::pair<std::uint32_t, std::vector<std::size_t>>> changes;
  for (std::uint32_t variable = 0; variable < known.size(); ++variable) {
    const Value& after = now_.state[variable];
    if (after.is_same_object(known[variable])) continue;
    if (increment.whole[variable]) return Test(increment.root, f);
    if (increment.keys[variable].empty()) continue;
    auto changed = ChangedPlaces(known[variable], after);
    // Where most keys changed, going through all of them once is less.
    if (!changed || changed->size() * increment.keys[variable].size() * 2 > after.size())
      return Test(increment.root, f);
    changes.emplace_back(variable, std::move(*changed));
  }
  for (const auto& [variable, places] : changes) {
    const Value function = now_.state[variable];
    for (const std::size_t place : places) {
      const Value key = function.Key(place);
      for (const SlotId fixed : increment.keys[variable]) {
        if (!HoldsForKey(increment, 0, 0, 0, fixed, key, f)) return false;
      }
    }
  }
  return true;
}

// Requires: the predicate holds in `known`.
bool Machine::HoldsSince(const Increment& increment, const State& known, Value* f) {
  const Node& root = nodes_[increment.root];
  switch (increment.form) {
    case Increment::Form::kWhole: return Test(increment.root, f);
    case Increment::Form::kForAll: return ForAllHoldsSince(increment, known, f);
    case Increment::Form::kFunctionSet: {
      const std::uint32_t variable = nodes_[root.a].a;
      const Value& after = now_.state[variable];
      const auto changed = ChangedPlaces(known[variable], after);
      if (!changed) return Test(increment.root, f);
      return std::all_of(changed->begin(), changed->end(), [&](std::size_t place) {
        return Contains(nodes_[root.b].b, f, after.items()[place], increment.root);
      });
    }
    case Increment::Form::kSubset: break;
  }
  const std::uint32_t variable = nodes_[root.a].a;
  const Value& before = known[variable];
  const Value& after = now_.state[variable];
  if (!before.is_set() || !after.is_set()) return Test(increment.root, f);
  std::size_t i = 0;
  for (const Value& element : after.items()) {
    while (i < before.size() && Compare(before.items()[i], element) < 0) ++i;
    const bool was_there = i < before.size() && Same(before.items()[i], element);
    if (!was_there && !Contains(root.b, f, element, increment.root)) return false;
  }
  return true;
}

}  // namespace kelpie::eval
