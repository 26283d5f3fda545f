#include "checker/refine/frontier.h"

#include <algorithm>
#include <unordered_map>

#include "checker/eval/value_order.h"

namespace kelpie::refine {

HiddenStep::~HiddenStep() {
  // What only this chain holds is let go of one by one.
  HiddenTrail next = std::move(earlier);
  while (next && next.use_count() == 1) next = std::exchange(next->earlier, nullptr);
}

bool IsBetter(const HiddenTrail& a, const HiddenTrail& b) {
  if (LengthOf(a) != LengthOf(b)) return LengthOf(a) < LengthOf(b);
  return a != nullptr && a->before > b->before;
}

void MergeEqual(Frontier& frontier) {
  if (frontier.size() < 2) return;
  std::unordered_multimap<std::uint64_t, std::size_t> seen;
  Frontier merged;
  for (Candidate& candidate : frontier) {
    const std::uint64_t hash = eval::HashState(candidate.state);
    const auto [first, last] = seen.equal_range(hash);
    const auto known = std::find_if(
        first, last, [&](const auto& entry) { return eval::SameState(merged[entry.second].state, candidate.state); });
    if (known == last) {
      seen.emplace(hash, merged.size());
      merged.push_back(std::move(candidate));
    } else if (IsBetter(candidate.hidden, merged[known->second].hidden)) {
      merged[known->second].hidden = std::move(candidate.hidden);
    }
  }
  frontier = std::move(merged);
}

}  // namespace kelpie::refine
