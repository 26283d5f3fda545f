// VectorClocks: logs whose entries carry vector clocks, functions from hosts to numbers.
#include <algorithm>
#include <map>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

Value ClockOf(Operands& o, const Value& entry) {
  Value clock = o.Call(1, {&entry});
  if (!clock.is_function()) o.Expected(1, "an operator that gives functions from hosts to numbers", clock);
  return clock;
}

std::int64_t TimeAt(Operands& o, const Value& clock, const Value& host) {
  const Value* time = clock.Apply(host);
  return time == nullptr ? 0 : o.IntOf(*time);
}

// May the entry with the clock `earlier` stand before the one with `later`? It happened before it, or neither did:
// some host's time is less in it.
bool MayPrecede(Operands& o, const Value& earlier, const Value& later) {
  bool is_less = false;
  for (const Value* clock : {&earlier, &later}) {
    for (std::size_t i = 0; i < clock->size(); ++i) {
      const Value host = clock->Key(i);
      is_less = TimeAt(o, earlier, host) < TimeAt(o, later, host) || is_less;
    }
  }
  return is_less;
}

Value IsCausalOrder(Operands& o) {
  const Value log = o.Sequence(0);
  std::vector<Value> clocks;
  for (const Value& entry : log.items()) clocks.push_back(ClockOf(o, entry));
  for (std::size_t i = 0; i < clocks.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!MayPrecede(o, clocks[j], clocks[i])) return Value::Bool(false);
    }
  }
  return Value::Bool(true);
}

struct LogEntry {
  Value value;
  Value clock;
  std::int64_t time = 0;  // of its own host
};

using HostLogs = std::map<Value, std::vector<LogEntry>, ValueLess>;

// Each host's entries by their own time.
HostLogs SplitByHost(Operands& o, const Value& log) {
  HostLogs logs;
  for (const Value& entry : log.items()) {
    const Value host = o.Call(2, {&entry});
    const Value clock = ClockOf(o, entry);
    logs[host].push_back({entry, clock, o.IntOf(o.Apply(clock, host))});
  }
  for (auto& [host, entries] : logs) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const LogEntry& a, const LogEntry& b) { return a.time < b.time; });
  }
  return logs;
}

// How many entries of another host an entry must wait for, as its clock says; 0 for those it need not.
std::map<Value, std::size_t, ValueLess> WaitsFor(Operands& o, const HostLogs& logs, const LogEntry& entry) {
  std::map<Value, std::size_t, ValueLess> waits;
  const Value hosts = o.Call(3, {&entry.clock});
  if (!hosts.is_set()) o.Expected(3, "an operator that gives sets of hosts", hosts);
  for (const Value& host : hosts.items()) {
    const std::int64_t time = o.IntOf(o.Apply(entry.clock, host));
    if (time <= 0) continue;
    const auto found = logs.find(host);
    const std::size_t size = found == logs.end() ? 0 : found->second.size();
    if (static_cast<std::uint64_t>(time) > size)
      o.Fail(ErrorKind::kOutsideDomain, "CausalOrder misses entries of " + ToString(host) + ": a clock says " +
                                            std::to_string(time) + ", the log has " + std::to_string(size));
    waits[host] = static_cast<std::size_t>(time);
  }
  return waits;
}

// Rounds over all hosts, in the order of their values; each gives its next entry once all it waits for were given.
Value CausalOrder(Operands& o) {
  const Value log = o.Sequence(0);
  const HostLogs logs = SplitByHost(o, log);
  std::map<Value, std::size_t, ValueLess> given;
  for (const auto& [host, entries] : logs) given[host] = 0;
  std::vector<Value> sorted;
  while (sorted.size() < log.size()) {
    const std::size_t before = sorted.size();
    for (const auto& log_of_host : logs) {
      const auto& host = log_of_host.first;
      const auto& entries = log_of_host.second;
      std::size_t& next = given[host];
      if (next == entries.size()) continue;
      const auto waits = WaitsFor(o, logs, entries[next]);
      const bool is_ready = std::all_of(waits.begin(), waits.end(), [&](const auto& wait) {
        return Same(wait.first, host) || given[wait.first] >= wait.second;
      });
      if (!is_ready) continue;
      sorted.push_back(entries[next].value);
      ++next;
    }
    if (sorted.size() == before)
      o.Fail(ErrorKind::kNoWitness, "CausalOrder: the clocks of the log wait for one another in a circle");
  }
  return Value::Sequence(std::move(sorted));
}

}  // namespace

void AddClocks(LibraryTable& table) {
  table.Set(Builtin::kIsCausalOrder, IsCausalOrder);
  table.Set(Builtin::kCausalOrder, CausalOrder);
}

}  // namespace kelpie::eval
