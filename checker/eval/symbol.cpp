#include "checker/eval/symbol.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <numeric>
#include <unordered_map>
#include <vector>

namespace kelpie::eval {
namespace {

struct Entry {
  std::string text;
  std::uint64_t hash = 0;
};

// By symbol: its place in the order of texts when they were last sorted. The order of two symbols never changes, so
// places stay right for those that have one.
using Places = std::vector<std::uint32_t>;

// Entries never move: block b has 2^b of them. A symbol is known to a thread only after its entry was written.
class Table {
 public:
  Table() { (void)Intern(""); }

  [[nodiscard]] const Entry& entry(std::uint32_t index) const {
    const auto block = static_cast<std::size_t>(std::bit_width(index + 1) - 1);
    return blocks_[block].load(std::memory_order_acquire)[index + 1 - (std::uint32_t{1} << block)];
  }

  std::uint32_t Intern(std::string_view text) {
    const Lock lock(*this);
    const auto found = index_of_.find(text);
    return found != index_of_.end() ? found->second : Add(text);
  }

  [[nodiscard]] int Compare(std::uint32_t a, std::uint32_t b) {
    const Places* places = places_.load(std::memory_order_acquire);
    if (places != nullptr && a < places->size() && b < places->size()) return (*places)[a] < (*places)[b] ? -1 : 1;
    // Sorting pays once there were more comparisons than there are texts, and a good part of them has no place.
    const std::uint32_t count = count_.load(std::memory_order_acquire);
    const std::size_t placed = places == nullptr ? 0 : places->size();
    if (count > placed + placed / 4 && unplaced_comparisons_.fetch_add(1, std::memory_order_relaxed) > count)
      SortPlaces();
    return entry(a).text.compare(entry(b).text);
  }

 private:
  struct Lock {
    explicit Lock(Table& locked) : table(locked) {
      while (table.is_locked_.test_and_set(std::memory_order_acquire)) table.is_locked_.wait(true);
    }
    ~Lock() {
      table.is_locked_.clear(std::memory_order_release);
      table.is_locked_.notify_one();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    Table& table;
  };

  std::uint32_t Add(std::string_view text) {
    const std::uint32_t index = count_.load(std::memory_order_relaxed);
    const auto block = static_cast<std::size_t>(std::bit_width(index + 1) - 1);
    const std::uint32_t first = (std::uint32_t{1} << block) - 1;
    if (index == first) {
      owned_[block] = std::make_unique<Entry[]>(std::size_t{1} << block);
      blocks_[block].store(owned_[block].get(), std::memory_order_release);
    }
    Entry& entry = owned_[block][index - first];
    entry.text = text;
    entry.hash = 0xcbf29ce484222325ULL;  // FNV-1a: the same on every machine
    for (const char c : text) entry.hash = (entry.hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    index_of_.emplace(entry.text, index);
    count_.store(index + 1, std::memory_order_release);
    return index;
  }

  void SortPlaces() {
    const Lock lock(*this);
    const std::uint32_t count = count_.load(std::memory_order_relaxed);
    const Places* known = places_.load(std::memory_order_relaxed);
    if (known != nullptr && count <= known->size() + known->size() / 4) return;
    Places order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [this](std::uint32_t a, std::uint32_t b) { return entry(a).text < entry(b).text; });
    auto places = std::make_unique<Places>(count);
    for (std::uint32_t i = 0; i < count; ++i) (*places)[order[i]] = i;
    places_.store(places.get(), std::memory_order_release);
    sorted_.push_back(std::move(places));  // others may still read the one before
    unplaced_comparisons_.store(0, std::memory_order_relaxed);
  }

  std::array<std::atomic<Entry*>, 32> blocks_{};
  std::array<std::unique_ptr<Entry[]>, 32> owned_;
  std::atomic<std::uint32_t> count_ = 0;
  std::atomic<const Places*> places_ = nullptr;
  std::vector<std::unique_ptr<const Places>> sorted_;
  std::atomic<std::size_t> unplaced_comparisons_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> index_of_;  // its keys are the entries' texts
  std::atomic_flag is_locked_;
};

Table& TheTable() {
  static Table table;
  return table;
}

}  // namespace

const std::string& Symbol::text() const { return TheTable().entry(index_).text; }

Symbol Intern(std::string_view text) { return Symbol(TheTable().Intern(text)); }

int CompareText(Symbol a, Symbol b) { return a == b ? 0 : TheTable().Compare(a.index(), b.index()); }

std::uint64_t TextHash(Symbol symbol) { return TheTable().entry(symbol.index()).hash; }

}  // namespace kelpie::eval
