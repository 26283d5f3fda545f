// Values of operators that depend on their arguments alone, by their arguments: a recursion over what changed a little
// meets most of its arguments again.
//
//   CallMemory::Question question{&compiled, unit};  question.Add(argument);
//   if (const CallMemory::Entry* known = memory.Find(question)) ...
//   else memory.Keep(std::move(question), value, depth);
//
// Memory: kEntries values and their arguments; what falls on one place replaces the other. Cost: the hashes of the
// arguments, which are kept in them, and comparing them on a hit. Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/eval/value_order.h"

namespace kelpie::eval {

struct Compiled;

class CallMemory {
 public:
  static constexpr std::size_t kArgumentsMax = 3;

  struct Question {
    const Compiled* compiled = nullptr;
    std::uint32_t unit = 0;
    std::array<Value, kArgumentsMax> arguments;
    std::size_t count = 0;
    std::uint64_t hash = 0;

    void Add(const Value& argument) {
      hash = MixHash(hash + unit, argument.hash());
      arguments[count++] = argument;
    }
  };
  struct Entry {
    Question question;
    Value value;
    std::size_t depth = 0;  // operators nested inside it
  };

  [[nodiscard]] const Entry* Find(const Question& question) const {
    if (entries_.empty()) return nullptr;
    const Entry& entry = entries_[question.hash & (kEntries - 1)];
    const Question& known = entry.question;
    if (known.hash != question.hash || known.compiled != question.compiled || known.unit != question.unit)
      return nullptr;
    for (std::size_t i = 0; i < question.count; ++i) {
      if (!Same(known.arguments[i], question.arguments[i])) return nullptr;
    }
    return &entry;
  }
  void Keep(Question question, const Value& value, std::size_t depth) {
    if (entries_.empty()) entries_.resize(kEntries);
    Entry& entry = entries_[question.hash & (kEntries - 1)];
    entry.question = std::move(question);
    entry.value = value;
    entry.depth = depth;
  }

 private:
  static constexpr std::size_t kEntries = std::size_t{1} << 13;
  std::vector<Entry> entries_;  // none before the first is kept
};

}  // namespace kelpie::eval
