// The laws of docs/SEMANTICS.md part 1, as functions of a case and of whoever judges traces.
//
//   Judge judge = JudgeInMemory;
//   if (auto complaint = Prefix({spec, behavior, seed}, judge)) ... the law is broken ...
//
// A judge is handed in so that the tests can hand in wrong ones: a law that no wrong judge
// breaks would check nothing. The oracle of the agreement law shares with the checker only the
// evaluator of expressions: it walks sets of states by plain successors, without claims, pins,
// observations or frames.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "checker/refine/hidden.h"
#include "checker/refine/verdict.h"
#include "tests/checker/law_case.h"

namespace kelpie::laws {

struct Judgement {
  refine::Verdict verdict = refine::Verdict::kConforms;
  std::uint64_t failed_at = 0;  // 1-based event; 0: none
  std::string remark;           // of bad input and evaluation
  friend bool operator==(const Judgement& a, const Judgement& b) {
    return a.verdict == b.verdict && a.failed_at == b.failed_at;
  }
};

using Judge = std::function<Judgement(const LawSpec&, const Events&)>;

// The checker on events in memory.
[[nodiscard]] Judgement JudgeInMemory(const LawSpec& spec, const Events& events);
// The same with actions that may be hidden; and how many steps it says were.
[[nodiscard]] Judgement JudgeWithHidden(const LawSpec& spec, const Events& events, const refine::HiddenOptions& hidden,
                                        std::uint64_t* hidden_count = nullptr);
// The verb `check` on a file of JSON lines.
[[nodiscard]] Judgement JudgeByVerb(const LawSpec& spec, const Events& events);
// All states that plain successors lead to and that agree; see above.
[[nodiscard]] Judgement JudgeByOracle(const LawSpec& spec, const Events& events,
                                      const refine::HiddenOptions& hidden = {});

struct LawCase {
  const LawSpec& spec;
  const Behavior& behavior;
  std::uint64_t seed = 0;
};

// What is wrong; nothing when the law holds of this case.
using Complaint = std::optional<std::string>;
using Law = Complaint (*)(const LawCase&, const Judge&);

// A behavior of the spec conforms, however little of it is observed.
[[nodiscard]] Complaint Reflexivity(const LawCase& one, const Judge& judge);
// Prefixes of what conforms conform; what violates at i does so in every prefix and extension with i.
[[nodiscard]] Complaint Prefix(const LawCase& one, const Judge& judge);
// Observations that take no step change nothing.
[[nodiscard]] Complaint Stuttering(const LawCase& one, const Judge& judge);
// Saying less never turns conforms into violates, and never makes a violation earlier.
[[nodiscard]] Complaint Hiding(const LawCase& one, const Judge& judge);
// The judge says what the oracle says.
[[nodiscard]] Complaint Agreement(const LawCase& one, const Judge& judge);

// Exploring finds as many states as walking all successors does.
[[nodiscard]] Complaint ExplorationAgrees(const LawSpec& spec, std::size_t states_max);

}  // namespace kelpie::laws
