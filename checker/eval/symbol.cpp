#include "checker/eval/symbol.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <unordered_map>
#include <vector>

namespace kelpie::eval {
namespace {

struct Table {
  std::deque<std::string> texts;  // addresses are stable: the map's keys point into it
  std::deque<std::uint64_t> hashes;
  // By symbol: its place in the order of texts when they were last sorted. The order of two
  // symbols never changes, so places stay right for those that have one.
  std::vector<std::uint32_t> places;
  std::size_t unplaced_comparisons = 0;
  std::unordered_map<std::string_view, std::uint32_t> index_of;

  Table() { (void)Add(""); }
  std::uint32_t Add(std::string_view text) {
    texts.emplace_back(text);
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a: the same on every machine
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hashes.push_back(hash);
    const auto index = static_cast<std::uint32_t>(texts.size() - 1);
    index_of.emplace(texts.back(), index);
    return index;
  }
};

Table& TheTable() {
  static Table table;
  return table;
}

void SortPlaces(Table& table) {
  std::vector<std::uint32_t> order(table.texts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return table.texts[a] < table.texts[b]; });
  table.places.resize(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) table.places[order[i]] = i;
  table.unplaced_comparisons = 0;
}

}  // namespace

const std::string& Symbol::text() const { return TheTable().texts[index_]; }

Symbol Intern(std::string_view text) {
  Table& table = TheTable();
  const auto found = table.index_of.find(text);
  return Symbol(found != table.index_of.end() ? found->second : table.Add(text));
}

int CompareText(Symbol a, Symbol b) {
  if (a == b) return 0;
  Table& table = TheTable();
  if (a.index() < table.places.size() && b.index() < table.places.size()) {
    return table.places[a.index()] < table.places[b.index()] ? -1 : 1;
  }
  // Sorting pays once there were more comparisons than there are texts.
  if (++table.unplaced_comparisons > table.texts.size()) SortPlaces(table);
  return a.text().compare(b.text());
}

std::uint64_t TextHash(Symbol symbol) { return TheTable().hashes[symbol.index()]; }

}  // namespace kelpie::eval
