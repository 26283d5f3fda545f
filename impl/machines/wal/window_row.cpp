#include "impl/machines/wal/window_row.h"

#include <algorithm>
#include <sstream>

namespace kelpie::machines {

store::Key WindowKey(const std::string& client) { return "window/" + client; }

// One line a field: the mark, then the operations.
std::string Encode(const WindowRow& row) {
  std::string text = std::to_string(row.low_water);
  for (const Operation& operation : row.window) text += "\n" + ToText(operation);
  return text;
}

std::string Encode(const EffectsRow& row) { return std::to_string(row.count) + "\n" + ToText(row.last); }

WindowRow DecodeWindow(const store::Row& row) {
  WindowRow decoded;
  if (!row.value) return decoded;
  std::istringstream lines(*row.value);
  lines >> decoded.low_water;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) decoded.window.push_back(OperationOf(line));
  return decoded;
}

EffectsRow DecodeEffects(const store::Row& row) {
  EffectsRow decoded;
  if (!row.value) return decoded;
  std::istringstream lines(*row.value);
  lines >> decoded.count;
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  decoded.last = OperationOf(line);
  return decoded;
}

std::optional<Verdict> VerdictOf(const WindowRow& row, const Operation& operation) {
  if (operation.key <= row.low_water) return Verdict::kExpired;
  for (const Operation& known : row.window) {
    if (SameKey(known, operation)) return known == operation ? Verdict::kCommitted : Verdict::kMismatch;
  }
  return std::nullopt;
}

WindowRow Keep(WindowRow row, const Operation& operation, std::size_t window_size) {
  row.window.push_back(operation);
  std::sort(row.window.begin(), row.window.end());
  if (row.window.size() <= window_size) return row;
  row.low_water = row.window.front().key;
  row.window.erase(row.window.begin());
  return row;
}

}  // namespace kelpie::machines
