// Who wrote each place of the state last: found by comparing the states around a step.
//
// Kept two levels deep (f[k], f[k].field): deeper places answer with what contains them.
// Cost: O(changed slots' top level) a step, memory O(places ever written, two levels deep).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "checker/eval/value_order.h"
#include "checker/refine/verdict.h"

namespace kelpie::refine {

// An event that wrote, with its arguments as values: text is made when somebody asks.
struct Writing {
  EventReference event;
  std::vector<std::pair<std::string, eval::Value>> arguments;
};

class Writers {
 public:
  explicit Writers(std::size_t slot_count) : places_(slot_count) {}

  // Cost: what differs, two levels deep. Memory: one writing for each place.
  void Note(const eval::State& before, const eval::State& after, const std::shared_ptr<const Writing>& writing);
  // Nothing: the place has its initial value.
  [[nodiscard]] std::optional<EventReference> Find(std::uint32_t slot, const std::vector<eval::Value>& path) const;

 private:
  struct Place {
    std::shared_ptr<const Writing> writing;
    std::map<eval::Value, Place, eval::ValueLess> below;
  };
  static void NoteValue(const eval::Value& before, const eval::Value& after,
                        const std::shared_ptr<const Writing>& writing, int depth, Place& place);
  static std::optional<EventReference> Tell(const Place& place);
  std::vector<Place> places_;
};

}  // namespace kelpie::refine
