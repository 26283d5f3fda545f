// How often the steps of each action were met.
//
//   ActionCounter counter(program);
//   counter.Count(step.definition, 1);
//   if (is_new) counter.CountDistinct(step.definition);
//   result.actions = counter.Counts();
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/program/program.h"

namespace kelpie::explore {

// How often the steps of one operator that names an action were met.
struct ActionCount {
  std::string name;
  std::uint64_t generated_count = 0;  // steps, each way to one counted
  std::uint64_t distinct_count = 0;   // states that such a step found first; in a simulation, steps that were taken
};

class ActionCounter {
 public:
  explicit ActionCounter(const program::Program& program)
      : program_(program), counts_(program.spec->definitions.size()) {}

  // Steps that no operator names are nobody's.
  void Count(resolve::DefinitionId definition, std::uint64_t generated) {
    if (Numbers* count = Of(definition)) count->generated += generated;
  }
  // One of those that were counted found a state, or was taken.
  void CountDistinct(resolve::DefinitionId definition) {
    if (Numbers* count = Of(definition)) ++count->distinct;
  }

  // In the order of the text: the actions that hold no further ones, and what else named a step.
  [[nodiscard]] std::vector<ActionCount> Counts() const {
    std::vector<ActionCount> all;
    for (const program::ActionOperator& action : program_.actions) {
      const Numbers& count = counts_[action.definition.index];
      if (action.is_leaf || count.generated > 0) all.push_back({action.name, count.generated, count.distinct});
    }
    return all;
  }

 private:
  struct Numbers {
    std::uint64_t generated = 0;
    std::uint64_t distinct = 0;
  };
  Numbers* Of(resolve::DefinitionId definition) {
    return definition.is_valid() ? &counts_[program_.Effective(definition).index] : nullptr;
  }
  const program::Program& program_;
  std::vector<Numbers> counts_;  // by DefinitionId
};

}  // namespace kelpie::explore
