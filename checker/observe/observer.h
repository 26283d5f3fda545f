// Events -> observations, by name: variables, actions and arguments are found by the names
// that the spec gives them.
//
//   auto observer = Observer::Make(program, header);       // reads the header's constants
//   Result<Observation> o = observer.value().Observe(event);
//
// A name that the spec does not have, a surplus argument or two facts of one claim that
// contradict each other are BadInput. Immutable after Make but for memory of action names.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "checker/observe/observation.h"
#include "checker/program/program.h"
#include "trace/value/event.h"

namespace kelpie::observe {

// Values that a trace's header gives constants, made the evaluator's.
[[nodiscard]] Result<eval::ConstantValues> ReadConstants(const program::Program& program, const trace::Header& header);

// Names that stand for model values in this trace (docs/SEMANTICS.md, part 2, "By name").
[[nodiscard]] std::set<std::string> ModelValueNames(const program::Program& program, const trace::Header& header);

class Observer {
 public:
  Observer(std::shared_ptr<const program::Program> program, const trace::Header& header);

  [[nodiscard]] Result<Observation> Observe(const trace::Event& event);

 private:
  Result<ObservedStep> ObserveClaim(const trace::Claim& claim);
  Result<bool> ReadAction(const trace::Claim& claim, ObservedStep& step);
  Result<bool> ReadArguments(const trace::Claim& claim, const resolve::Definition& definition,
                             eval::ClaimedAction& action) const;
  Result<StatePath> ReadPath(const trace::Location& location) const;
  Result<bool> ReadFacts(const trace::Claim& claim, ObservedStep& step) const;
  Result<bool> CheckContradictions(const std::vector<Fact>& facts) const;

  std::shared_ptr<const program::Program> program_;
  ValueReader values_;
  std::map<std::string, program::ClaimPaths> paths_;  // by action name; addresses are stable
};

}  // namespace kelpie::observe
