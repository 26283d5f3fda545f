// What an evaluator keeps of a piece of code, and of rules met in it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "checker/eval/increment.h"
#include "checker/eval/value_order.h"
#include "checker/program/code.h"

namespace kelpie::eval {

struct FixedElements {
  bool is_kept = false;  // false: too many, or they cannot be listed to the end
  std::vector<Value> elements;
};

inline constexpr std::int8_t kNotLooked = -1;

// Code with its literals made values and a frame for its root.
struct Compiled {
  std::shared_ptr<const program::Code> code;
  std::vector<Value> literals;
  // By node: the elements of a fixed set, in the order of visiting, once they were listed; empty pointer: not yet.
  std::vector<std::unique_ptr<FixedElements>> fixed_elements;
  std::vector<Value> domains;            // by node: the DOMAIN of a record constructor; unset until needed
  std::vector<std::uint8_t> is_touched;  // by node: a fixed set that has been made once without an error
  // By Code::paths: where a field was found last. Values of one shape have it at one place.
  std::vector<std::uint32_t> field_hints;
  std::vector<Value> frame;
  std::vector<std::int8_t> is_pure;  // by unit: its value depends on its arguments alone; kNotLooked
  Increment increment;
  bool is_running = false;
};

// A set or function given by a rule, with the frame it was met in.
struct LazyRule : LazyObject {
  Compiled* compiled = nullptr;
  program::NodeId node = program::kNoNode;
  std::vector<Value> frame;
  mutable std::map<Value, Value, ValueLess> known;  // values of a function, as long as there are not too many
};

}  // namespace kelpie::eval
