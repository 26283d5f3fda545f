#include "checker/refine/writers.h"

#include "checker/eval/value_order.h"

namespace kelpie::refine {

using eval::Value;

void Writers::NoteValue(const Value& before, const Value& after, const EventReference& event, int depth, Place& place) {
  place.event = event;
  if (depth == 0 || !before.is_function() || !after.is_function()) return;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Value& item = after.items()[i];
    const Value key = after.Key(i);
    const Value* old = before.Apply(key);
    if (old != nullptr && eval::Same(*old, item)) continue;
    NoteValue(old != nullptr ? *old : Value(), item, event, depth - 1, place.below[key]);
  }
}

void Writers::Note(const eval::State& before, const eval::State& after, const EventReference& event) {
  for (std::size_t slot = 0; slot < after.size(); ++slot) {
    if (eval::Same(before[slot], after[slot])) continue;
    NoteValue(before[slot], after[slot], event, 2, places_[slot]);
  }
}

std::optional<EventReference> Writers::Find(std::uint32_t slot, const std::vector<Value>& path) const {
  const Place* place = &places_[slot];
  for (const Value& step : path) {
    const auto below = place->below.find(step);
    if (below == place->below.end()) {
      // Something below was written, but never this part.
      return place->below.empty() ? place->event : std::nullopt;
    }
    place = &below->second;
  }
  return place->event;
}

}  // namespace kelpie::refine
