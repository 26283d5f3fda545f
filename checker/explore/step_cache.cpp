#include "checker/explore/step_cache.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "checker/eval/value_order.h"

namespace kelpie::explore {

using eval::State;
using eval::Value;

StepCache::StepCache(const std::vector<eval::StepGroup>& groups)
    : groups_(groups),
      nodes_of_group_max_(std::max(kNodesOfGroupMin, kNodesMax / std::max<std::size_t>(1, groups.size()))),
      tables_(groups.size()),
      known_(std::size_t{1} << kKnownBits) {}

namespace {

// The same key as the object that functions of this shape have, which is found without comparing.
Value OfDomain(const Value& key, const Value& function) {
  if (key.is_unset() || function.kind() != eval::ValueKind::kFunction) return key;
  std::uint32_t index = 0;
  return function.ApplyHinted(key, index) != nullptr ? function.domain_ref().items()[index] : key;
}

}  // namespace

StepCache::Identity StepCache::IdentityOf(const Value* value) {
  constexpr std::uint32_t kNothing = 15;
  if (value == nullptr) return {0, kNothing};
  // Empty collections have no object in common.
  const bool is_empty = value->kind() >= eval::ValueKind::kSet && value->size() == 0;
  return {is_empty ? 0 : static_cast<std::int64_t>(value->Identity()), static_cast<std::uint32_t>(value->kind())};
}

bool StepCache::IsAwake(Table& table) {
  if (table.rest_count > 0) {
    --table.rest_count;
    return false;
  }
  if (++table.look_count < kWindow) return true;
  const bool is_worth_it = table.hit_count * kHitsWanted >= table.look_count;
  table.look_count = table.hit_count = 0;
  if (is_worth_it) {
    table.rest_length = 4 * kWindow;
    return true;
  }
  table.rest_count = table.rest_length;
  table.rest_length = std::min(table.rest_length * 2, kRestMax);
  return false;
}

std::size_t StepCache::EdgeOf(const LargeVector<Edge>& edges, std::int64_t bits, std::uint32_t node_and_kind) {
  const std::uint64_t mixed = static_cast<std::uint64_t>(bits) ^ (std::uint64_t{node_and_kind} << 32);
  std::size_t i = ((mixed * 0x9e3779b97f4a7c15ULL) >> 32) & (edges.size() - 1);
  while (edges[i].node_and_kind != kNone && (edges[i].node_and_kind != node_and_kind || edges[i].bits != bits))
    i = (i + 1) & (edges.size() - 1);
  return i;
}

void StepCache::BeginState() {
  // Numbers of changes are never used twice while anything of that number is known.
  constexpr std::uint32_t kChangesOfStateMax = 1U << 24;
  if (change_count_ > kNone - kChangesOfStateMax) {
    full_.resize(tables_.size());
    std::iota(full_.begin(), full_.end(), std::size_t{0});
    std::fill(known_.begin(), known_.end(), Known{});
    change_count_ = 0;
  }
  for (const std::size_t group : full_) {
    Table& table = tables_[group];
    table.nodes.clear();
    table.edges.clear();
    table.answers.clear();
    table.edge_count = 0;
    table.root = kNone;
  }
  full_.clear();
}

inline bool StepCache::Look(Node& node, const State& state, const Value* element, Identity& identity) {
  switch (node.kind) {
    case NodeKind::kWhole: identity = IdentityOf(&state[node.slot]); return true;
    case NodeKind::kAt:
      if (!state[node.slot].is_function()) return false;
      identity = IdentityOf(state[node.slot].ApplyHinted(node.key, node.hint));
      return true;
    case NodeKind::kMember:
      if (!state[node.slot].is_set()) return false;
      identity = {state[node.slot].Contains(node.key) ? 1 : 0, 0};
      return true;
    case NodeKind::kSize:
      identity = {static_cast<std::int64_t>(state[node.slot].size()),
                  static_cast<std::uint32_t>(state[node.slot].kind())};
      return true;
    case NodeKind::kElement: identity = IdentityOf(element); return true;
    case NodeKind::kNew: break;
  }
  return false;
}

StepCache::Answer* StepCache::Find(std::size_t group, const State& state, const Value* element, bool& is_wanted) {
  Table& table = tables_[group];
  is_wanted = groups_[group].is_cachable && IsAwake(table);
  if (!is_wanted) return nullptr;
  std::uint32_t at = table.root;
  while ((at & kEnd) == 0) {
    Node& node = table.nodes[at];
    Identity identity;
    if (!Look(node, state, element, identity)) return nullptr;
    const std::uint32_t node_and_kind = With(at, identity);
    if (node.last.bits != identity.bits || node.last.node_and_kind != node_and_kind) {
      const Edge& edge = table.edges[EdgeOf(table.edges, identity.bits, node_and_kind)];
      if (edge.child == kNone) return nullptr;
      node.last = edge;
    }
    at = node.last.child;
  }
  if (at == kNone) return nullptr;
  ++table.hit_count;
  return at == kNoStep ? &none_ : &table.answers[at & ~kEnd];
}

eval::Reads* StepCache::Begin(std::size_t group, std::size_t slot_count) {
  group_ = group;
  answer_.steps.clear();
  answer_.changes.clear();
  answer_.parts.clear();
  reads_.Begin(slot_count);
  return &reads_;
}

void StepCache::AddStep(resolve::DefinitionId definition, const State& next, std::span<const std::uint32_t> numbers) {
  for (std::uint32_t slot = 0; slot < next.size(); ++slot) {
    const eval::Reads::SlotChange& change = reads_.change(slot);
    if (!change.is_all && change.parts.empty()) continue;
    Change made{.slot = slot, .is_whole = change.is_all};
    if (change.is_all) {
      made.number = numbers[slot];
      if (made.number == kNoNumber) made.value = next[slot];
    } else {
      made.number = ++change_count_;
      made.part_begin = static_cast<std::uint32_t>(answer_.parts.size());
      for (const eval::Reads::Part& part : change.parts) AddPart(part, next[slot]);
      made.part_end = static_cast<std::uint32_t>(answer_.parts.size());
    }
    answer_.changes.push_back(std::move(made));
  }
  answer_.steps.push_back({definition, static_cast<std::uint32_t>(answer_.changes.size())});
}

void StepCache::AddPart(const eval::Reads::Part& part, const Value& changed) {
  Part made{.kind = part.kind, .value = part.key};
  if (part.kind == eval::Reads::PartKind::kAt) {
    const Value* value = changed.Apply(part.key);
    if (value == nullptr) return;  // what is no argument of the function is left out of it
    made.key = OfDomain(part.key, changed);
    made.value = *value;
  }
  answer_.parts.push_back(std::move(made));
}

// A node that is new takes the place. False: it asks for another one: a variable that is a function, or a set, in one
// state only is asked for in two ways, of which the first is kept.
bool StepCache::Asks(Node& node, const eval::Reads::Place& place, const State& state) {
  static constexpr NodeKind kKinds[] = {NodeKind::kWhole, NodeKind::kAt, NodeKind::kMember, NodeKind::kSize};
  const NodeKind kind = kKinds[static_cast<std::size_t>(place.kind)];
  if (node.kind == NodeKind::kNew) {
    node.kind = kind;
    node.slot = place.slot;
    node.key = kind == NodeKind::kAt ? OfDomain(place.key, state[place.slot]) : place.key;
    return true;
  }
  if (node.kind != kind || node.slot != place.slot) return false;
  return kind == NodeKind::kWhole || kind == NodeKind::kSize || eval::Same(node.key, place.key);
}

std::uint32_t& StepCache::ChildOf(Table& table, std::uint32_t node, const Identity& identity) {
  if ((table.edge_count + 1) * 2 > table.edges.size()) Grow(table);
  const std::uint32_t node_and_kind = With(node, identity);
  Edge& edge = table.edges[EdgeOf(table.edges, identity.bits, node_and_kind)];
  if (edge.node_and_kind == kNone) {
    edge = {identity.bits, node_and_kind, kNone};
    ++table.edge_count;
  }
  return edge.child;
}

// Down the tree along what was read; what is missing on the way is made.
std::uint32_t* StepCache::EndOf(Table& table, const State& state, const Value* element) {
  std::uint32_t* at = &table.root;
  const auto enter = [&] {
    if (*at == kNone) {
      *at = static_cast<std::uint32_t>(table.nodes.size());
      table.nodes.emplace_back();
    }
    return (*at & kEnd) == 0;
  };
  if (element != nullptr) {
    if (!enter()) return nullptr;
    table.nodes[*at].kind = NodeKind::kElement;
    at = &ChildOf(table, *at, IdentityOf(element));
  }
  for (const eval::Reads::Place& place : reads_.places()) {
    if (!enter() || !Asks(table.nodes[*at], place, state)) return nullptr;
    Identity identity;
    if (!Look(table.nodes[*at], state, element, identity)) return nullptr;
    at = &ChildOf(table, *at, identity);
  }
  return at;
}

void StepCache::End(const State& state, const Value* element) {
  Table& table = tables_[group_];
  if (table.nodes.size() + reads_.places().size() + 2 > nodes_of_group_max_ || table.edge_count > nodes_of_group_max_) {
    if (full_.empty() || full_.back() != group_) full_.push_back(group_);
    return;
  }
  std::uint32_t* end = EndOf(table, state, element);
  if (end == nullptr || *end != kNone) return;
  *end = answer_.steps.empty() ? kNoStep : static_cast<std::uint32_t>(table.answers.size()) | kEnd;
  if (!answer_.steps.empty()) table.answers.push_back(std::move(answer_));
  answer_ = {};
}

void StepCache::Grow(Table& table) {
  LargeVector<Edge> larger(std::max<std::size_t>(16, table.edges.size() * 2));
  for (const Edge& edge : table.edges) {
    if (edge.node_and_kind != kNone) larger[EdgeOf(larger, edge.bits, edge.node_and_kind)] = edge;
  }
  table.edges = std::move(larger);
}

}  // namespace kelpie::explore
