// Which actor an exchange belongs to, and when each actor is due for a look.
//
//   book.Note("a1", 17, 1200);           // its exchange is number 17 now, and it is due at 1200
//   const std::string* actor = book.ActorOf(17);
//   for (const std::string& actor : book.Due(reading_ms)) ...
//
// Cost: O(log actors) a call, and O(1) for each actor that is due. Every actor has one exchange: a number that was
// replaced belongs to nobody.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/migration/migration_types.h"

namespace kelpie::machines {

enum class ExchangePhase : std::uint8_t { kIdle, kReading, kCommitting };

// A read or a transaction that is under way, or the pause behind one.
struct Exchange {
  ExchangePhase phase = ExchangePhase::kIdle;
  std::uint64_t number = 0;
  std::int64_t due_ms = 0;   // the next look, or the end of the wait for a reply
  MigrationRequest request;  // of the last transaction
};

class ExchangeBook {
 public:
  void Note(const std::string& actor, std::uint64_t number, std::int64_t due_ms) {
    Entry& entry = entries_[actor];
    actors_.erase(entry.number);
    agenda_.erase({entry.due_ms, actor});
    entry = {number, due_ms};
    actors_[number] = actor;
    agenda_.insert({due_ms, actor});
  }
  // Null: nobody's any more.
  [[nodiscard]] const std::string* ActorOf(std::uint64_t number) const {
    const auto found = actors_.find(number);
    return found == actors_.end() ? nullptr : &found->second;
  }
  // Who is due, the longest first. By value: looking at one changes the book.
  [[nodiscard]] std::vector<std::string> Due(std::int64_t reading_ms) const {
    std::vector<std::string> due;
    for (auto it = agenda_.begin(); it != agenda_.end() && it->first <= reading_ms; ++it) due.push_back(it->second);
    return due;
  }
  [[nodiscard]] std::int64_t NextDue() const {
    return agenda_.empty() ? std::numeric_limits<std::int64_t>::max() : agenda_.begin()->first;
  }

 private:
  struct Entry {
    std::uint64_t number = 0;
    std::int64_t due_ms = 0;
  };
  std::map<std::string, Entry> entries_;
  std::map<std::uint64_t, std::string> actors_;  // by the number of the exchange
  std::set<std::pair<std::int64_t, std::string>> agenda_;
};

}  // namespace kelpie::machines
