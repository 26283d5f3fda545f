// What the tests of trace/ share: events from a seed, files in a folder of their own, and
// short ways to write and read them.
//
//   Rng rng(7);  Event e = RandomEvent(rng, {"n1", 1, 3});
//   TempDir dir; std::string path = dir.Write("a.jsonl", "{\"seq\":1}\n");
//   Read r = ReadAll(path);      // r.events, r.error, r.torn
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"
#include "trace/file/trace_reader.h"
#include "trace/file/trace_writer.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::test {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  std::uint64_t Below(std::uint64_t limit) { return Next() % limit; }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }

 private:
  std::uint64_t state_;
};

Value RandomValue(Rng& rng, int depth);
// Every field is used now and then; the event is writable, and in JSON reads back equal.
Event RandomEvent(Rng& rng, EventId id);
Header RandomHeader(Rng& rng);

using kelpie::test::TempDir;

std::string BytesOf(const std::string& path);

// Changes the bits of one byte.
inline void Flip(std::string& bytes, std::size_t at, unsigned mask) {
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ mask);
}

struct ReadResult {
  std::vector<file::LocatedEvent> events;
  std::optional<Error> error;  // where reading stopped, of Open or Next
  bool torn = false;
  std::uint64_t torn_offset = 0;
  Header header;
  std::vector<file::Damage> damage;
  std::uint64_t dropped_bytes = 0;
};
// Into one LocatedEvent again and again, as readers in a hurry do.
ReadResult ReadAll(const std::string& path, const file::ReaderOptions& options = {});

// The bytes of a file of these events, by the writer.
std::string FileOf(const file::WriterOptions& options, const Header& header, const std::vector<Event>& events);
std::string FileOf(file::Format format, const Header& header, const std::vector<Event>& events);

}  // namespace kelpie::trace::test
