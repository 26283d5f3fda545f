// What every benchmark needs: inputs that are the same everywhere, and a stop when one is wrong.
//
//   Require(result.ok(), "the trace cannot be read");
//   state.SetLabel(HashLabel(text));
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace kelpie::bench {

// A benchmark of a wrong answer measures nothing: ends the program with exit 1.
inline void Require(bool condition, std::string_view message) {
  if (condition) return;
  std::fprintf(stderr, "ERROR OCCURRED: %.*s\n", static_cast<int>(message.size()), message.data());
  std::exit(1);
}

// FNV-1a of an input, so that two results can be seen to be about the same bytes.
inline std::string HashLabel(std::string_view input) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : input) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  char text[32];
  std::snprintf(text, sizeof text, "input %016llx", static_cast<unsigned long long>(hash));
  return text;
}

// Numbers from a seed, the same on every machine (xorshift64*).
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t Below(std::uint64_t bound) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return (state_ * 0x2545f4914f6cdd1dU >> 16U) % bound;
  }

 private:
  std::uint64_t state_;
};

// A folder of this process, removed at its end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kelpie-bench-XXXXXX").string();
    Require(mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string Path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace kelpie::bench
