#include "trace/diff/divergence.h"

#include <algorithm>

namespace kelpie::trace::diff {

namespace {

// Events that must agree behind an insertion before it is called one; fewer at a history's end.
// One equal event is little: nodes repeat themselves.
constexpr std::size_t kAgreementMin = 3;

// Which events of the two sides have equal content, each pair compared once.
class Contents {
 public:
  Contents(const Ahead& left, const Ahead& right, IgnoredFields ignored)
      : left_(left.events),
        right_(right.events),
        is_left_whole_(left.is_whole),
        is_right_whole_(right.is_whole),
        ignored_(std::move(ignored)),
        known_(left_.size() * right_.size(), kUnasked) {
    for (const char* field : {"causes", "vclock", "versions"}) (void)ignored_.Add(field);  // there are such fields
  }

  bool AreEqual(std::size_t i, std::size_t j) {
    char& known = known_[i * right_.size() + j];
    if (known == kUnasked) {
      Event right = right_[j];
      right.id = left_[i].id;
      known = CompareEvents(left_[i], right, ignored_).empty() ? kEqual : kDifferent;
    }
    return known == kEqual;
  }

  // Do the sides agree from these places on, for long enough or to a history's end?
  bool AgreeFrom(std::size_t i, std::size_t j) {
    const std::size_t left_count = left_.size() - i;
    const std::size_t right_count = right_.size() - j;
    const std::size_t count = std::min({left_count, right_count, kAgreementMin});
    const bool is_end = (left_count == count && is_left_whole_) || (right_count == count && is_right_whole_);
    if (count < kAgreementMin && !is_end) return false;
    for (std::size_t k = 0; k < count; ++k) {
      if (!AreEqual(i + k, j + k)) return false;
    }
    return count > 0;
  }

  // The least number of next events, two at least, that are the same on both sides in some order; 0: none.
  std::size_t Reordered() {
    const std::size_t count_max = std::min(left_.size(), right_.size());
    std::vector<bool> is_left_paired(count_max);
    std::vector<bool> is_right_paired(count_max);
    std::size_t paired = 0;
    for (std::size_t count = 1; count <= count_max; ++count) {
      const std::size_t last = count - 1;
      paired += Pair(last, count, true, is_left_paired, is_right_paired);
      if (!is_right_paired[last]) paired += Pair(last, last, false, is_left_paired, is_right_paired);
      if (paired == count && count > 1) return count;
    }
    return 0;
  }

 private:
  static constexpr char kUnasked = 0;
  static constexpr char kEqual = 1;
  static constexpr char kDifferent = 2;

  // Pairs event `one` of a side with an unpaired one among the first `count` of the other side.
  // Equality is transitive, so any partner is as good as another.
  std::size_t Pair(std::size_t one, std::size_t count, bool is_left, std::vector<bool>& left_paired,
                   std::vector<bool>& right_paired) {
    std::vector<bool>& mine = is_left ? left_paired : right_paired;
    std::vector<bool>& theirs = is_left ? right_paired : left_paired;
    for (std::size_t other = 0; other < count; ++other) {
      if (theirs[other] || !(is_left ? AreEqual(one, other) : AreEqual(other, one))) continue;
      mine[one] = theirs[other] = true;
      return 1;
    }
    return 0;
  }

  const std::vector<Event>& left_;
  const std::vector<Event>& right_;
  bool is_left_whole_;
  bool is_right_whole_;
  IgnoredFields ignored_;
  std::vector<char> known_;
};

}  // namespace

std::string_view NameOf(DivergenceKind kind) {
  switch (kind) {
    case DivergenceKind::kNone: return "none";
    case DivergenceKind::kContent: return "content";
    case DivergenceKind::kOrderFacts: return "order_facts";
    case DivergenceKind::kReordered: return "reordered";
    case DivergenceKind::kInserted: return "inserted";
    case DivergenceKind::kRemoved: return "removed";
    case DivergenceKind::kLeftEnds: return "left_ends";
    case DivergenceKind::kRightEnds: return "right_ends";
    case DivergenceKind::kLeftMissing: return "left_missing";
    case DivergenceKind::kRightMissing: return "right_missing";
    case DivergenceKind::kUnaligned: return "unaligned";
  }
  return "";
}

bool IsAboutOrder(const FieldDifference& field) {
  return field.field == "causes" || field.field == "vclock" || field.field.rfind("versions.", 0) == 0;
}

Divergence Classify(const Ahead& left, const Ahead& right, const std::vector<FieldDifference>& fields,
                    const IgnoredFields& ignored) {
  const std::size_t left_count = left.events.size();
  const std::size_t right_count = right.events.size();
  if (left_count == 0 && right_count == 0) return {};
  if (left_count == 0) return {DivergenceKind::kLeftEnds, 0};
  if (right_count == 0) return {DivergenceKind::kRightEnds, 0};
  const bool is_same_place = !fields.empty();
  if (is_same_place && std::all_of(fields.begin(), fields.end(), IsAboutOrder)) return {DivergenceKind::kOrderFacts, 0};
  Contents contents(left, right, ignored);
  if (const std::size_t count = contents.Reordered(); count > 0) return {DivergenceKind::kReordered, count};
  // Before an insertion is looked for: where few actions repeat, what follows may agree with both.
  if (is_same_place && contents.AgreeFrom(1, 1)) return {DivergenceKind::kContent, 0};
  for (std::size_t count = 1; count < std::max(left_count, right_count); ++count) {
    if (count < right_count && contents.AgreeFrom(0, count)) return {DivergenceKind::kInserted, count};
    if (count < left_count && contents.AgreeFrom(count, 0)) return {DivergenceKind::kRemoved, count};
  }
  return {is_same_place ? DivergenceKind::kContent : DivergenceKind::kUnaligned, 0};
}

}  // namespace kelpie::trace::diff
