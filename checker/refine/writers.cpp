#include "checker/refine/writers.h"

#include "checker/eval/value_order.h"

namespace kelpie::refine {

using eval::Value;

void Writers::NoteValue(const Value& before, const Value& after, const std::shared_ptr<const Writing>& writing,
                        int depth, Place& place) {
  place.writing = writing;
  if (depth == 0 || !before.is_function() || !after.is_function()) return;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Value& item = after.items()[i];
    const Value key = after.Key(i);
    const Value* old = before.Apply(key);
    if (old != nullptr && eval::Same(*old, item)) continue;
    NoteValue(old != nullptr ? *old : Value(), item, writing, depth - 1, place.below[key]);
  }
}

void Writers::Note(const eval::State& before, const eval::State& after, const std::shared_ptr<const Writing>& writing) {
  for (std::size_t slot = 0; slot < after.size(); ++slot) {
    if (eval::Same(before[slot], after[slot])) continue;
    NoteValue(before[slot], after[slot], writing, 2, places_[slot]);
  }
}

namespace {
std::string ShortText(const Value& value) {
  return value.kind() < eval::ValueKind::kSet ? eval::ToString(value) : "...";
}
}  // namespace

std::optional<EventReference> Writers::Tell(const Place& place) {
  if (place.writing == nullptr) return std::nullopt;
  EventReference event = place.writing->event;
  for (const auto& [name, value] : place.writing->arguments) event.arguments.emplace_back(name, ShortText(value));
  return event;
}

std::optional<EventReference> Writers::Find(std::uint32_t slot, const std::vector<Value>& path) const {
  const Place* place = &places_[slot];
  for (const Value& step : path) {
    const auto below = place->below.find(step);
    if (below == place->below.end()) {
      // Something below was written, but never this part.
      return place->below.empty() ? Tell(*place) : std::nullopt;
    }
    place = &below->second;
  }
  return Tell(*place);
}

}  // namespace kelpie::refine
