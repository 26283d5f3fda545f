#include "checker/eval/symbol.h"

#include <deque>
#include <unordered_map>

namespace kelpie::eval {
namespace {

struct Table {
  std::deque<std::string> texts;  // addresses are stable: the map's keys point into it
  std::deque<std::uint64_t> hashes;
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

}  // namespace

const std::string& Symbol::text() const { return TheTable().texts[index_]; }

Symbol Intern(std::string_view text) {
  Table& table = TheTable();
  const auto found = table.index_of.find(text);
  return Symbol(found != table.index_of.end() ? found->second : table.Add(text));
}

int CompareText(Symbol a, Symbol b) {
  if (a == b) return 0;
  return a.text().compare(b.text());
}

std::uint64_t TextHash(Symbol symbol) { return TheTable().hashes[symbol.index()]; }

}  // namespace kelpie::eval
