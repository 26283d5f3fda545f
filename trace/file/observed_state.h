// What the events so far say that the variables are: the state an ITF file shows for an event.
//
//   ObservedState state;
//   state.Apply(event);
//   for (const auto& [variable, value] : state.variables()) ...      // unknown where nothing says
//
// Nothing is guessed: a variable is unknown until an event gives all of it, and again after an
// update that does not fit its value (a key outside its DOMAIN) and after lost events. Values
// are compared as written, but a string and a model value of one name are the same key.
#pragma once

#include <map>
#include <span>
#include <string>

#include "trace/value/event.h"

namespace kelpie::trace::file {

class ObservedState {
 public:
  // A step, `init` and `observe` show the state after them; others leave it as it is.
  // O(size of the variables that change).
  void Apply(const Event& event);
  [[nodiscard]] const std::map<std::string, Value>& variables() const { return variables_; }

 private:
  void Apply(const Claim& claim);
  std::map<std::string, Value> variables_;
};

// `value` after an update at a path into it. False: it does not fit, and `value` is of no
// meaning.
[[nodiscard]] bool ApplyUpdate(std::span<const Value> path, UpdateOp op, const Value& operand, Value& value);

}  // namespace kelpie::trace::file
