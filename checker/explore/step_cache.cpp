#include "checker/explore/step_cache.h"

#include <algorithm>
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
  for (const std::size_t group : full_) {
    tables_[group].nodes.clear();
    tables_[group].edges.clear();
    tables_[group].answers.clear();
  }
  full_.clear();
}

std::optional<StepCache::Identity> StepCache::Look(Node& node, const State& state, const Value* element) {
  switch (node.kind) {
    case NodeKind::kWhole: return IdentityOf(&state[node.slot]);
    case NodeKind::kAt:
      if (!state[node.slot].is_function()) return std::nullopt;
      return IdentityOf(state[node.slot].ApplyHinted(node.key, node.hint));
    case NodeKind::kMember:
      if (!state[node.slot].is_set()) return std::nullopt;
      return Identity{state[node.slot].Contains(node.key) ? 1 : 0, 0};
    case NodeKind::kElement: return IdentityOf(element);
    case NodeKind::kNew:
    case NodeKind::kEnd: break;
  }
  return std::nullopt;
}

StepCache::Answer* StepCache::Find(std::size_t group, const State& state, const Value* element, bool& is_wanted) {
  Table& table = tables_[group];
  is_wanted = groups_[group].is_cachable && IsAwake(table);
  if (!is_wanted || table.nodes.empty()) return nullptr;
  std::uint32_t at = 0;
  while (table.nodes[at].kind != NodeKind::kEnd) {
    const std::optional<Identity> identity = Look(table.nodes[at], state, element);
    if (!identity) return nullptr;
    at = table.edges[EdgeOf(table.edges, identity->bits, With(at, *identity))].child;
    if (at == kNone) return nullptr;
  }
  ++table.hit_count;
  return table.nodes[at].answer == kNoStep ? &none_ : &table.answers[table.nodes[at].answer];
}

eval::Reads* StepCache::Begin(std::size_t group, std::size_t slot_count) {
  group_ = group;
  answer_.steps.clear();
  answer_.changes.clear();
  reads_.Begin(slot_count);
  return &reads_;
}

void StepCache::AddStep(resolve::DefinitionId definition, const State& next, std::span<const std::uint32_t> numbers) {
  for (std::uint32_t slot = 0; slot < next.size(); ++slot) {
    const eval::Reads::SlotChange& change = reads_.change(slot);
    Change made{.slot = slot};
    if (change.is_all) {
      made.number = numbers[slot];
      if (made.number == kNoNumber) made.value = next[slot];
      answer_.changes.push_back(std::move(made));
      continue;
    }
    for (const eval::Reads::Part& part : change.parts) {
      made = {.slot = slot, .kind = ChangeKind::kElement, .number = ++change_count_};
      made.value = part.key;
      if (part.kind == eval::Reads::PartKind::kNoElement) made.kind = ChangeKind::kNoElement;
      if (part.kind == eval::Reads::PartKind::kAt) {
        const Value* value = next[slot].Apply(part.key);
        if (value == nullptr) continue;  // what is no argument of the function is left out of it
        made.kind = ChangeKind::kAt;
        made.key = OfDomain(part.key, next[slot]);
        made.value = *value;
      }
      answer_.changes.push_back(std::move(made));
    }
  }
  answer_.steps.push_back({definition, static_cast<std::uint32_t>(answer_.changes.size())});
}

// A node that is new takes the place. False: it asks for another one: a variable that is a function, or a set, in one
// state only is asked for in two ways, of which the first is kept.
bool StepCache::Asks(Node& node, const eval::Reads::Place& place, const State& state) {
  const NodeKind kind = place.kind == eval::Reads::PlaceKind::kWhole ? NodeKind::kWhole
                        : place.kind == eval::Reads::PlaceKind::kAt  ? NodeKind::kAt
                                                                     : NodeKind::kMember;
  if (node.kind == NodeKind::kNew) {
    node.kind = kind;
    node.slot = place.slot;
    node.key = kind == NodeKind::kAt ? OfDomain(place.key, state[place.slot]) : place.key;
    return true;
  }
  return node.kind == kind && node.slot == place.slot && (kind == NodeKind::kWhole || eval::Same(node.key, place.key));
}

std::uint32_t StepCache::Follow(Table& table, std::uint32_t at, const Identity& identity) {
  const std::uint32_t node_and_kind = With(at, identity);
  Edge& edge = table.edges[EdgeOf(table.edges, identity.bits, node_and_kind)];
  if (edge.node_and_kind != kNone) return edge.child;
  const auto child = static_cast<std::uint32_t>(table.nodes.size());
  edge = {identity.bits, node_and_kind, child};
  table.nodes.emplace_back();
  if (table.nodes.size() * 2 > table.edges.size()) Grow(table);
  return child;
}

// Down the tree along what was read; what is missing on the way is made.
void StepCache::End(const State& state, const Value* element) {
  Table& table = tables_[group_];
  if (table.nodes.size() + reads_.places().size() + 2 > nodes_of_group_max_) {
    if (full_.empty() || full_.back() != group_) full_.push_back(group_);
    return;
  }
  if (table.nodes.empty()) {
    table.nodes.emplace_back();
    table.edges.assign(16, {});
  }
  std::uint32_t at = 0;
  if (element != nullptr) {
    table.nodes[at].kind = NodeKind::kElement;
    at = Follow(table, at, IdentityOf(element));
  }
  for (const eval::Reads::Place& place : reads_.places()) {
    if (!Asks(table.nodes[at], place, state)) return;
    const std::optional<Identity> identity = Look(table.nodes[at], state, element);
    if (!identity) return;
    at = Follow(table, at, *identity);
  }
  Node& end = table.nodes[at];
  if (end.kind != NodeKind::kNew) return;
  end.kind = NodeKind::kEnd;
  end.answer = answer_.steps.empty() ? kNoStep : static_cast<std::uint32_t>(table.answers.size());
  if (!answer_.steps.empty()) table.answers.push_back(std::move(answer_));
  answer_ = {};
}

void StepCache::Grow(Table& table) {
  LargeVector<Edge> larger(table.edges.size() * 2);
  for (const Edge& edge : table.edges) {
    if (edge.node_and_kind != kNone) larger[EdgeOf(larger, edge.bits, edge.node_and_kind)] = edge;
  }
  table.edges = std::move(larger);
}

}  // namespace kelpie::explore
