#include "impl/cluster/log_disk.h"

#include <algorithm>
#include <map>
#include <string>

#include "impl/env/check.h"
#include "impl/wal/record_bytes.h"
#include "impl/wal/segment_names.h"

namespace kelpie::cluster {
namespace {

// By number of the first record, the name of the latest generation.
std::map<std::uint64_t, std::string> Segments(sim::Disk& disk) {
  std::vector<std::string> names;
  IMPL_CHECK(disk.List(names).ok(), "a simulated folder is always listed");
  std::map<std::uint64_t, std::string> segments;
  for (const std::string& name : names) {  // names are in the order of generations
    if (const auto numbers = wal::ParseSegmentName(name)) segments[numbers->first] = name;
  }
  return segments;
}

// Whole records from the beginning; the place behind them.
std::size_t ReadRecords(std::string_view bytes, std::uint64_t first, std::map<std::uint64_t, std::string>& records) {
  std::size_t at = wal::kSegmentHeaderBytes;
  while (at < bytes.size()) {
    const auto record = wal::DecodeRecord(bytes.substr(at));
    if (!record || record->number != first) break;
    records[first++] = std::string(record->payload);
    at += wal::kRecordHeaderBytes + record->payload.size();
  }
  return at;
}

}  // namespace

node::LogOnDisk ReadLog(sim::Disk& disk) {
  node::LogOnDisk log;
  std::uint64_t checkpoint = 0;
  std::map<std::uint64_t, std::string> seen;
  std::map<std::uint64_t, std::string> durable;
  for (const auto& [first, name] : Segments(disk)) {
    std::string bytes;
    IMPL_CHECK(disk.Read(name, bytes).ok(), "a listed file is there");
    const auto header = wal::DecodeSegment(bytes);
    IMPL_CHECK(header.has_value(), "a published segment has a header: " + name);
    checkpoint = std::max(checkpoint, header->checkpoint);
    const std::size_t end = ReadRecords(bytes, first, seen);
    log.is_torn = end < bytes.size() && bytes.find_first_not_of('\0', end) != std::string::npos;
    ReadRecords(disk.DurableBytes(name), first, durable);
    log.is_stale = disk.IsStale(name);
  }
  for (auto record = seen.upper_bound(checkpoint); record != seen.end(); ++record)
    log.whole.push_back(machines::OperationOf(record->second));
  log.durable = static_cast<std::uint64_t>(std::distance(durable.upper_bound(checkpoint), durable.end()));
  return log;
}

}  // namespace kelpie::cluster
