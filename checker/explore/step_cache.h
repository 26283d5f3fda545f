// What a group of steps does, remembered by what it read of the state.
//
//   StepCache cache(evaluator.StepGroups());
//   cache.BeginState();
//   bool is_wanted;
//   if (StepCache::Answer* answer = cache.Find(group, state, nullptr, is_wanted)) ...
//   else if (is_wanted) {
//     eval::Reads* reads = cache.Begin(group, state.size()); ... cache.AddStep(...); ... cache.End(state, nullptr);
//   }
//
// The steps of a group depend on the places that it reads (checker/eval/reads.h), and a step says how it changes what
// was there. A table is a tree of questions: each node asks for what stands at one place, and leads on by the answer;
// at its end is what the steps change. So a question is answered wherever it has been asked, whatever the rest of the
// state is: specifications of systems read and change a few places a step.
// Memory: at most kNodesMax nodes among all groups. A group whose answers are seldom known rests, longer each time.
// Requires: states of one StateStore, whose equal parts are one object. Threads: one.
// Source: transition caching: Blom, van de Pol and Weber, LTSmin: distributed and symbolic reachability (2010), by
// variables that are known beforehand; what is read is found as in Acar, Blelloch and Harper, Selective memoization
// (2003).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/explore/large_memory.h"
#include "checker/explore/state_store.h"

namespace kelpie::explore {

class StepCache {
 public:
  explicit StepCache(const std::vector<eval::StepGroup>& groups);

  // The value at a key becomes another one, or an element is put in or taken out.
  struct Part {
    eval::Reads::PartKind kind = eval::Reads::PartKind::kAt;
    std::uint32_t hint = 0;  // where the key was found
    eval::Value key;         // kAt
    eval::Value value;       // or the element
  };
  // A variable gets a value, or parts of what it has are changed, one after the other. Each variable once in a step.
  struct Change {
    std::uint32_t slot = 0;
    bool is_whole = true;
    std::uint32_t number = kNoNumber;  // is_whole: of `value`, when it is known; else this change's own
    std::uint32_t part_begin = 0;      // in Answer::parts
    std::uint32_t part_end = 0;
    eval::Value value;  // is_whole, and it has no number
  };
  struct Step {
    resolve::DefinitionId definition;
    std::uint32_t change_end = 0;  // its changes are those before, behind the step before
  };
  struct Answer {
    std::vector<Step> steps;
    std::vector<Change> changes;
    std::vector<Part> parts;
    [[nodiscard]] std::span<Part> PartsOf(const Change& change) {
      return {parts.data() + change.part_begin, change.part_end - change.part_begin};
    }
  };

  // Answers that were found until now may be forgotten.
  void BeginState();

  // Null: not known; is_wanted: it is worth remembering. The answer is valid until the next state begins.
  // `element`: asked for it alone (eval::StepGroup::elements_of).
  [[nodiscard]] Answer* Find(std::size_t group, const eval::State& state, const eval::Value* element, bool& is_wanted);

  // The answer: where the search has to note what it reads, step by step. Without End nothing is remembered.
  [[nodiscard]] eval::Reads* Begin(std::size_t group, std::size_t slot_count);
  // The step that is being visited. `numbers`: of the values of `next`.
  void AddStep(resolve::DefinitionId definition, const eval::State& next, std::span<const std::uint32_t> numbers);
  void End(const eval::State& state, const eval::Value* element);

  // The number of the value that a change of parts makes of value `base`; kNoNumber: not known.
  [[nodiscard]] std::uint32_t Changed(const Change& change, std::uint32_t base) const {
    const Known& known = known_[PlaceOf(change.number, base)];
    return known.change == change.number && known.base == base ? known.number : kNoNumber;
  }
  void NoteChanged(const Change& change, std::uint32_t base, std::uint32_t number) {
    known_[PlaceOf(change.number, base)] = {change.number, base, number};
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kNodesMax = std::size_t{1} << 18;
  static constexpr std::size_t kNodesOfGroupMin = 256;
  static constexpr int kKnownBits = 16;
  static constexpr std::uint32_t kWindow = 1024;       // questions between two looks at how many were answered
  static constexpr std::uint32_t kHitsWanted = 3;      // at least one question in so many
  static constexpr std::uint32_t kRestMax = 1U << 15;  // questions

  // Tells what stands at a place from all else that may stand there.
  struct Identity {
    std::int64_t bits = 0;
    std::uint32_t kind = 0;  // less than 16
  };
  // Where a node leads: to another one; or to an end: the index of an answer, or that there is no step.
  static constexpr std::uint32_t kEnd = 0x80000000U;
  static constexpr std::uint32_t kNoStep = kNone - 1;
  struct Edge {
    std::int64_t bits = 0;  // of what stands at the node's place
    std::uint32_t node_and_kind = kNone;
    std::uint32_t child = kNone;
  };
  // Asks for a place. A table that is asked for elements asks for them at its root.
  enum class NodeKind : std::uint8_t { kNew, kWhole, kAt, kMember, kSize, kElement };
  struct Node {
    NodeKind kind = NodeKind::kNew;
    std::uint32_t slot = kNone;
    std::uint32_t hint = 0;  // where the key was found last
    eval::Value key;
    Edge last;  // that was taken: what stands at one place often is what stood there before
  };
  struct Table {
    LargeVector<Node> nodes;
    LargeVector<Edge> edges;  // by hash
    std::size_t edge_count = 0;
    std::deque<Answer> answers;  // whose places do not change
    std::uint32_t root = kNone;  // node 0, or an end
    std::uint32_t look_count = 0;
    std::uint32_t hit_count = 0;
    std::uint32_t rest_count = 0;  // questions still to be slept through
    std::uint32_t rest_length = 4 * kWindow;
  };
  struct Known {
    std::uint32_t change = kNone;
    std::uint32_t base = 0;
    std::uint32_t number = 0;
  };

  static Identity IdentityOf(const eval::Value* value);
  // What a node's place has in a state. False: it is no such place there.
  static bool Look(Node& node, const eval::State& state, const eval::Value* element, Identity& identity);
  static bool Asks(Node& node, const eval::Reads::Place& place, const eval::State& state);
  // Where the node leads, which may be kNone: not known.
  static std::uint32_t& ChildOf(Table& table, std::uint32_t node, const Identity& identity);
  // Where the way that was read ends; null: it cannot be told from another one.
  std::uint32_t* EndOf(Table& table, const eval::State& state, const eval::Value* element);
  static std::size_t PlaceOf(std::uint32_t change, std::uint32_t base) {
    const std::uint64_t both = (std::uint64_t{change} << 32) | base;
    return (both * 0x9e3779b97f4a7c15ULL) >> (64 - kKnownBits);
  }
  void AddPart(const eval::Reads::Part& part, const eval::Value& changed);
  [[nodiscard]] static bool IsAwake(Table& table);
  // The edge from a node, or where it belongs.
  static std::size_t EdgeOf(const LargeVector<Edge>& edges, std::int64_t bits, std::uint32_t node_and_kind);
  static std::uint32_t With(std::uint32_t node, const Identity& identity) { return (node << 4) | identity.kind; }
  static void Grow(Table& table);

  const std::vector<eval::StepGroup>& groups_;
  std::size_t nodes_of_group_max_;
  std::vector<Table> tables_;      // by group
  std::vector<std::size_t> full_;  // groups whose tables are
  std::size_t group_ = 0;          // that is being answered
  eval::Reads reads_;
  Answer answer_;
  Answer none_;  // no step
  std::uint32_t change_count_ = 0;
  std::vector<Known> known_;  // what falls on one place replaces the other
};

}  // namespace kelpie::explore
