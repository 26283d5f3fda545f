// Integers of .ktrace files, little-endian on every machine; private to this room.
#pragma once

#include <cstdint>
#include <string>

namespace kelpie::trace::file {

inline void Put32(std::uint32_t value, char* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>((value >> (8 * i)) & 0xFFU);
}

inline std::uint32_t Get32(const char* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value |= static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return value;
}

inline std::uint64_t Get64(const char* at) { return Get32(at) | static_cast<std::uint64_t>(Get32(at + 4)) << 32U; }

inline void Append32(std::uint32_t value, std::string& out) {
  char bytes[4];
  Put32(value, bytes);
  out.append(bytes, sizeof bytes);
}

inline void Append64(std::uint64_t value, std::string& out) {
  Append32(static_cast<std::uint32_t>(value), out);
  Append32(static_cast<std::uint32_t>(value >> 32U), out);
}

}  // namespace kelpie::trace::file
