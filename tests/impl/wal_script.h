// A log on a simulated disk, and what it is asked in tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "impl/sim/disk.h"
#include "impl/wal/log.h"

namespace kelpie::impl_test {

using sim::Disk;
using sim::Random;
using wal::Entry;
using wal::Log;
using wal::LogOptions;
using wal::Status;
using wal::Trouble;

inline LogOptions Small() {
  LogOptions options;
  options.segment_bytes = 600;
  options.log_bytes_max = 1 << 20;
  return options;
}

inline std::string Payload(std::uint64_t i) { return "operation " + std::to_string(i) + std::string(i % 37, '.'); }

// Operations by number.
using Found = std::map<std::uint64_t, std::string>;

inline Status ScanInto(Log& log, Found& found) {
  found.clear();
  const Status scanned = log.Scan([&](const Entry& entry) { found.emplace(entry.number, std::string(entry.payload)); });
  found.erase(found.begin(), found.upper_bound(log.checkpoint()));
  return scanned;
}

inline Found MustScan(Disk& disk, const LogOptions& options = Small()) {
  Log log(disk, options);
  Found found;
  const Status scanned = ScanInto(log, found);
  EXPECT_TRUE(scanned.ok()) << scanned.text;
  return found;
}

inline Status ScanStatus(Disk& disk, const LogOptions& options = Small()) {
  Log log(disk, options);
  Found found;
  return ScanInto(log, found);
}

inline void Open(Log& log) {
  Found found;
  const Status scanned = ScanInto(log, found);
  ASSERT_TRUE(scanned.ok()) << scanned.text;
  const Status begun = log.Begin();
  ASSERT_TRUE(begun.ok()) << begun.text;
}

// Appends operations first..last, each synced.
inline void Fill(Log& log, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t i = first; i <= last; ++i) {
    ASSERT_TRUE(log.Append(Payload(i)).status.ok());
    ASSERT_TRUE(log.Sync().ok());
  }
}

inline std::vector<std::string> Names(Disk& disk) {
  std::vector<std::string> names;
  EXPECT_TRUE(disk.List(names).ok());
  return names;
}

inline std::string Bytes(Disk& disk, const std::string& name) {
  std::string bytes;
  EXPECT_TRUE(disk.Read(name, bytes).ok()) << name;
  return bytes;
}

inline void Replace(Disk& disk, const std::string& name, const std::string& bytes) {
  std::unique_ptr<env::File> file;
  ASSERT_TRUE(disk.Create(name, 0, file).ok());
  ASSERT_TRUE(file->Write(0, bytes).ok());
  ASSERT_TRUE(file->Sync().ok());
}

inline std::size_t EndOf(const std::string& bytes) { return bytes.find_last_not_of('\0') + 1; }

}  // namespace kelpie::impl_test
