// What a search for steps read of the state, place by place, and what each step left as it was.
//
//   Reads reads;  reads.Begin(variable_count);
//   evaluator.GroupSuccessors(group, state, request, visit, &reads);     // in visit: reads.change(slot)
//   for (const Reads::Place& place : reads.places()) ...
//
// A place is a variable, a variable that is a function at one argument, whether something is in a variable that is a
// set, or how much is in a set or sequence. Places are in the order of their first reading, each once, none behind its
// whole variable. Evaluation is deterministic, so the first place is the same for all states, and each further one
// depends on nothing but what stands at those before: states that agree there have the same steps, up to what a step
// leaves as it was. Threads: one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::eval {

class Reads {
 public:
  enum class PlaceKind : std::uint8_t { kWhole, kAt, kMember, kSize };
  struct Place {
    std::uint32_t slot = 0;
    PlaceKind kind = PlaceKind::kWhole;
    Value key;  // the argument, or the element; else unset
  };
  // A part of a variable that a step changes: the value at an argument of the function, an element of the set.
  enum class PartKind : std::uint8_t { kAt, kElement, kNoElement };
  struct Part {
    PartKind kind = PartKind::kAt;
    Value key;
  };
  // How a variable of the next state was made: of what was read alone, or it is as it was but for some parts, in order.
  struct SlotChange {
    bool is_all = true;
    std::vector<Part> parts;
  };

  void Begin(std::size_t slot_count);
  void AddWhole(std::uint32_t slot);
  void AddAt(std::uint32_t slot, const Value& key) { Add(slot, PlaceKind::kAt, key); }
  void AddMember(std::uint32_t slot, const Value& element) { Add(slot, PlaceKind::kMember, element); }
  void AddSize(std::uint32_t slot) { Add(slot, PlaceKind::kSize, Value::Unset()); }
  SlotChange& change(std::uint32_t slot) { return changes_[slot]; }
  void SetAll(std::uint32_t slot) { changes_[slot].is_all = true; }
  void SetUnchanged(std::uint32_t slot) {
    changes_[slot].is_all = false;
    changes_[slot].parts.clear();
  }
  [[nodiscard]] std::span<const Place> places() const { return places_; }

 private:
  // Of a variable of which more was read, all is taken as read: looking at many places costs more than it gains.
  static constexpr std::uint8_t kKeysMax = 8;
  void Add(std::uint32_t slot, PlaceKind kind, const Value& key);

  std::vector<Place> places_;
  std::vector<std::uint8_t> key_counts_;  // by slot; kWhole: all of it was read
  static constexpr std::uint8_t kWhole = UINT8_MAX;
  std::vector<SlotChange> changes_;  // by slot, of the step that is being made
};

}  // namespace kelpie::eval
