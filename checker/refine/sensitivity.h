// What a verdict is worth: everything that an event shows is altered, one place at a time, and the spec is asked
// whether it would have accepted that, too.
//
//   Budget budget{.is_sensitivity_wanted = true};
//   for (const SensitivityCount& c : result.sensitivity) Print(c.place, c.rejected, c.tried);
//
// A place whose alterations are never rejected could hold anything: a trace that conforms says nothing about it. A
// number becomes one more or one less, a truth value its opposite, a name another one that was seen at that place, a
// set loses an element; of records every field is altered for itself. Places are told by variable, fields and `_` for
// arguments. The k-th sight of a place is followed by one about k/16 later, so that long traces are sampled to their
// end at a cost that grows with the logarithm of their length.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checker/observe/observation.h"

namespace kelpie::refine {

struct SensitivityCount {
  std::string place;            // "leases[_].token", "read of ..", "argument n of Insert"
  std::uint64_t tried = 0;      // alterations
  std::uint64_t rejected = 0;   // of these: no way explains them
  std::uint64_t undecided = 0;  // of these: an error of evaluation
};

// Alters steps and keeps the counts; who judges is handed in.
class SensitivityProbe {
 public:
  enum class Answer : std::uint8_t { kAccepted, kRejected, kUndecided };
  using Judge = std::function<Answer(const observe::ObservedStep& altered)>;

  explicit SensitivityProbe(const program::Program& program) : program_(program) {}

  void Try(const observe::ObservedStep& step, const Judge& judge);
  // By place.
  [[nodiscard]] std::vector<SensitivityCount> Counts() const;

 private:
  struct Place {
    SensitivityCount count;
    std::uint64_t sights = 0;
    std::uint64_t next = 1;           // the sight that is altered next
    std::vector<eval::Value> others;  // names that were seen there
  };
  using Altered = std::function<void(const eval::Value& value)>;

  Place* Due(const std::string& name);
  void Alter(const eval::Value& value, const std::string& name, std::size_t depth, const Judge& judge,
             const std::function<observe::ObservedStep(const eval::Value&)>& rebuild);
  void Ask(Place& place, const Judge& judge, const observe::ObservedStep& altered);

  const program::Program& program_;
  std::map<std::string, Place> places_;
};

}  // namespace kelpie::refine
