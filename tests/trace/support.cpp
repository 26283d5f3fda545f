#include "support.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace kelpie::trace::test {

namespace {

std::string RandomText(Rng& rng) {
  static const std::vector<std::string> kTexts = {
      "n1",   "n2",       "leases",           "a",
      "",     "x\"y",     "back\\slash",      "tab\tnew\nline",
      "\x01", "\xC3\xA4", "\xF0\x9F\x90\x95", "a longer text than fits inside"};
  return kTexts[rng.Below(kTexts.size())];
}

std::string RandomName(Rng& rng) { return "f" + std::to_string(rng.Below(1000)); }

template <typename T, typename Make>
std::vector<T> Several(Rng& rng, std::uint64_t below, Make make) {
  std::vector<T> all;
  for (std::uint64_t i = rng.Below(below); i > 0; --i) all.push_back(make());
  return all;
}

std::vector<Value::Field> RandomFields(Rng& rng, int depth) {
  std::vector<Value::Field> fields;
  std::uint64_t number = rng.Below(100);
  for (std::uint64_t i = rng.Below(4); i > 0; --i) {
    number += 1 + rng.Below(50);
    fields.emplace_back("f" + std::to_string(number), RandomValue(rng, depth));
  }
  return fields;
}

Location RandomLocation(Rng& rng) {
  return {.variable = RandomName(rng), .path = Several<Value>(rng, 3, [&rng] { return RandomValue(rng, 1); })};
}

Claim RandomClaim(Rng& rng, int depth) {
  Claim claim;
  if (!rng.OneIn(4)) claim.spec = "Spec" + std::to_string(rng.Below(3));
  if (!rng.OneIn(4)) claim.action = "Act" + std::to_string(rng.Below(5));
  if (rng.OneIn(2)) {
    claim.args.named = RandomFields(rng, 2);
  } else {
    claim.args.positional = Several<Value>(rng, 3, [&rng] { return RandomValue(rng, 2); });
  }
  claim.reads =
      Several<Read>(rng, 3, [&rng] { return Read{.location = RandomLocation(rng), .value = RandomValue(rng, 2)}; });
  claim.updates = Several<Update>(rng, 4, [&rng] {
    return Update{
        .location = RandomLocation(rng), .op = static_cast<UpdateOp>(rng.Below(4)), .value = RandomValue(rng, 3)};
  });
  if (rng.OneIn(3)) claim.frame_closed[RandomName(rng)] = rng.OneIn(2);
  if (depth > 0 && rng.OneIn(4))
    claim.steps = Several<Claim>(rng, 3, [&rng, depth] { return RandomClaim(rng, depth - 1); });
  return claim;
}

std::int64_t RandomTime(Rng& rng) { return static_cast<std::int64_t>(rng.Next() >> rng.Below(63)); }

}  // namespace

Value RandomValue(Rng& rng, int depth) {
  switch (rng.Below(depth > 0 ? 10 : 6)) {
    case 0: return Value::Bool(rng.OneIn(2));
    case 1: return Value::Int(static_cast<std::int64_t>(rng.Next()) >> rng.Below(64));
    case 2: return Value::BigInt((rng.OneIn(2) ? "-" : "") + std::string("123456789012345678901234567890"));
    case 3: return Value::String(RandomText(rng));
    case 4: return Value::Model("m" + RandomText(rng));
    case 5: return Value::Unknown();
    case 6: return Value::Sequence(Several<Value>(rng, 4, [&] { return RandomValue(rng, depth - 1); }));
    case 7: return Value::Set(Several<Value>(rng, 4, [&] { return RandomValue(rng, depth - 1); }));
    case 8: return Value::Record(RandomFields(rng, depth - 1));
    default:
      return Value::Map(Several<Value::Entry>(
          rng, 3, [&] { return Value::Entry(RandomValue(rng, depth - 1), RandomValue(rng, depth - 1)); }));
  }
}

Event RandomEvent(Rng& rng, EventId id) {
  Event event;
  event.id = std::move(id);
  event.kind = static_cast<EventKind>(rng.Below(8));
  event.claims = Several<Claim>(rng, 3, [&rng] { return RandomClaim(rng, 2); });
  if (rng.OneIn(4)) event.operation = "op" + RandomText(rng);
  if (rng.OneIn(4)) event.outcome = static_cast<Outcome>(rng.Below(3));
  if (event.kind == EventKind::kLost && rng.OneIn(2)) event.lost_count = rng.Below(100);
  if (rng.OneIn(3))
    event.causes = Several<EventId>(rng, 3, [&rng] {
      return EventId{RandomName(rng), rng.Below(3), 1 + rng.Below(9)};
    });
  if (rng.OneIn(3)) event.vclock[RandomName(rng)] = {rng.Below(3), rng.Below(99)};
  if (rng.OneIn(2)) event.versions[RandomName(rng)] = rng.Next() >> rng.Below(64);
  if (rng.OneIn(2)) event.hybrid_ns = RandomTime(rng);
  if (rng.OneIn(4)) event.wall_ns = RandomTime(rng);
  if (rng.OneIn(4)) event.true_ns = -RandomTime(rng);
  if (rng.OneIn(5)) event.group = RandomText(rng);
  return event;
}

Header RandomHeader(Rng& rng) {
  Header header;
  header.run = RandomText(rng);
  if (rng.OneIn(2)) header.nodes = {"n1", "n2"};
  if (rng.OneIn(2)) header.specs = {{.name = "M", .digest = "sha256:00"}, {.name = "K"}};
  header.constants = RandomFields(rng, 3);
  if (rng.OneIn(2)) header.clock_error_ns = RandomTime(rng);
  return header;
}

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ReadResult ReadAll(const std::string& path, const file::ReaderOptions& options) {
  ReadResult result;
  Result<file::TraceReader> reader = file::TraceReader::Open(path, options);
  if (!reader.ok()) {
    result.error = reader.error();
    return result;
  }
  result.header = reader->header();
  file::LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    if (!more.ok()) {
      result.error = more.error();
      break;
    }
    if (!*more) break;
    result.events.push_back(event);
  }
  result.torn = reader->torn_tail();
  result.torn_offset = reader->torn_offset();
  result.damage = reader->damage();
  result.dropped_bytes = reader->dropped_bytes();
  return result;
}

std::string FileOf(file::Format format, const Header& header, const std::vector<Event>& events) {
  return FileOf(file::WriterOptions{.format = format}, header, events);
}

std::string FileOf(const file::WriterOptions& options, const Header& header, const std::vector<Event>& events) {
  TempDir dir;
  const std::string path = dir.File("trace");
  Result<file::TraceWriter> writer = file::TraceWriter::Create(path, header, options);
  EXPECT_TRUE(writer.ok()) << writer.error().Render();
  for (const Event& event : events) {
    const Status appended = writer->Append(event);
    EXPECT_TRUE(appended.ok()) << appended.error().Render();
  }
  EXPECT_TRUE(writer->Close().ok());
  return BytesOf(path);
}

}  // namespace kelpie::trace::test
