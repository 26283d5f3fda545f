// A \cdot B: a step of A to a state between, and a step of B from there.
#include <utility>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

// Visits each state t between with A(s, t), which is the present one while it is visited. What names around the formula
// were found to be in s is given to the visitor, in the order of the node's list: in t they may be something else.
bool Machine::ForEachBetween(const Node& node, Value* f, FunctionRef<bool(std::vector<Value>&)> visit) {
  const Context outer = now_;
  struct Restore {
    Machine& machine;
    const Context& context;
    ~Restore() { machine.now_ = context; }
  };
  const Restore restore{*this, outer};
  SuccessorRequest request;
  request.count_ways = outer.request != nullptr && outer.request->count_ways;
  Buffer& between = TakeBuffer(program_.slot_count());
  now_.next = between.next.data();
  now_.assigned = between.assigned.data();
  now_.next_state = &between.next;
  now_.request = outer.request != nullptr ? &request : nullptr;
  now_.is_init = false;
  now_.is_composed = true;
  now_.and_top = nullptr;
  const auto slots = code_->list(node);
  return Act(
      node.a, f,
      [&] {
        for (std::size_t slot = 0; slot < spec_.variables.size(); ++slot) {
          if (between.assigned[slot] != 0) continue;
          Fail(ErrorKind::kIncompleteState,
               "the first action of \\cdot does not say what " + spec_.variables[slot].name + " is in the state between",
               node.a, "add a conjunct for " + spec_.variables[slot].name + "', or list it under UNCHANGED");
        }
        const Context inside = now_;
        std::vector<Value> known;
        for (const SlotId slot : slots) known.push_back(std::exchange(f[slot], Value::Unset()));
        now_ = outer;
        now_.state = between.next.data();
        now_.is_composed = true;
        now_.generation = ++generation_;
        now_.buffer_count = inside.buffer_count;
        now_.depth = inside.depth;
        const bool goes_on = visit(known);
        for (std::size_t i = 0; i < slots.size(); ++i) f[slots[i]] = std::move(known[i]);
        now_ = inside;
        return goes_on;
      },
      false);
}

bool Machine::ActCompose(NodeId id, const Node& node, Value* f, Continuation k) {
  const Context outer = now_;
  // What is claimed, and where the nearest miss lies, is about the step as a whole.
  SuccessorRequest request = outer.request != nullptr ? *outer.request : SuccessorRequest{};
  request.claim = nullptr;
  request.nearest = nullptr;
  const auto slots = code_->list(node);
  bool is_any = false;
  const bool goes_on = ForEachBetween(node, f, [&](std::vector<Value>& known) {
    if (request.count_ways && !outer.is_composed) ++between_count_;
    if (outer.request != nullptr) now_.request = &request;
    now_.and_top = nullptr;
    return Act(
        node.b, f,
        [&] {
          is_any = true;
          // The rest of the formula is about s again.
          const Context inside = now_;
          now_.state = outer.state;
          now_.is_composed = outer.is_composed;
          now_.generation = outer.generation;
          now_.request = outer.request;
          now_.and_top = outer.and_top;
          for (std::size_t i = 0; i < slots.size(); ++i) std::swap(f[slots[i]], known[i]);
          const bool more = Passed(id, f, k);
          for (std::size_t i = 0; i < slots.size(); ++i) std::swap(f[slots[i]], known[i]);
          now_ = inside;
          return more;
        },
        false);
  });
  if (!is_any) Miss(id, f);
  return goes_on;
}

bool Machine::TestCompose(const Node& node, Value* f) {
  bool holds = false;
  (void)ForEachBetween(node, f, [&](std::vector<Value>&) {
    holds = Test(node.b, f);
    return !holds;
  });
  return holds;
}

}  // namespace kelpie::eval
