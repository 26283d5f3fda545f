#include "tla/resolve/scope.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace kelpie::resolve {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Edits (insert, delete, replace, swap neighbours) between two words; a change of case is half
// of one, so distances are doubled. Restricted Damerau-Levenshtein, O(|a| * |b|).
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = 2 * i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : Lower(a[i - 1]) == Lower(b[j - 1]) ? 1 : 2;
      current[j] = std::min({previous[j] + 2, current[j - 1] + 2, previous[j - 1] + cost});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) current[j] = std::min(current[j], before[j - 2] + 2);
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

constexpr std::size_t kComparedLengthMax = 64;  // longer names are not misspelt, they are generated

}  // namespace

const Symbol* Scope::Find(std::string_view name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : &found->second;
}

void Scope::Insert(std::string_view name, const Symbol& symbol) {
  const auto [place, is_new] = symbols_.emplace(std::string(name), symbol);
  if (!is_new && place->second.is_weak) place->second = symbol;
}

void NearestName::Offer(std::string_view candidate) {
  if (wanted_.size() > kComparedLengthMax || candidate.size() > kComparedLengthMax) return;
  const std::size_t distance = Distance(wanted_, candidate);
  // Up to one edit in three letters looks like the same word.
  if (distance > std::max<std::size_t>(2, 2 * wanted_.size() / 3) || distance >= 2 * wanted_.size()) return;
  if (distance >= best_distance_) return;
  best_distance_ = distance;
  best_ = candidate;
}

std::string NearestName::Hint() const { return best_.empty() ? "" : "did you mean `" + best_ + "`?"; }

}  // namespace kelpie::resolve
