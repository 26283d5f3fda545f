// What the owner of an actor remembers of a client: a window of executed operations and a low-water mark.
//
//   WindowRow row = DecodeWindow(rows.at(WindowKey("c1")));
//   if (auto verdict = VerdictOf(row, op)) ...      // decided
//   WindowRow next = Keep(row, op, 3);              // to be written with the effect, in one transaction
//
// KelpieWAL: Window, Expired, Remembered, Verdict, Keep. A key that leaves the window becomes the mark: at or below it
// an operation is answered `expired` and never executed, executed before or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/machines/wal/operation.h"
#include "impl/store/transaction.h"

namespace kelpie::machines {

[[nodiscard]] store::Key WindowKey(const std::string& client);  // window/<client>
inline constexpr const char* kEffectsKey = "effects";           // how many operations were executed, and the last one

struct WindowRow {
  std::vector<Operation> window;  // by key
  std::uint64_t low_water = 0;
  friend bool operator==(const WindowRow&, const WindowRow&) = default;
};

struct EffectsRow {
  std::uint64_t count = 0;
  Operation last;
};

[[nodiscard]] std::string Encode(const WindowRow& row);
[[nodiscard]] std::string Encode(const EffectsRow& row);
// A row that was never written is empty.
[[nodiscard]] WindowRow DecodeWindow(const store::Row& row);
[[nodiscard]] EffectsRow DecodeEffects(const store::Row& row);

// Nothing: not executed, and it may be.
[[nodiscard]] std::optional<Verdict> VerdictOf(const WindowRow& row, const Operation& operation);
// Requires: no verdict of the operation yet.
[[nodiscard]] WindowRow Keep(WindowRow row, const Operation& operation, std::size_t window_size);

}  // namespace kelpie::machines
