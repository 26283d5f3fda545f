// The bytes of the formats, kept: what earlier versions wrote must be read for good, and the same
// events give the same bytes. KELPIE_UPDATE_GOLDEN=1 writes the files anew. Compressed bytes are
// the library's own matter, so that file is only read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support.h"
#include "trace/file/itf_writer.h"

namespace kelpie::trace::file {
namespace {

const std::string kFolder = std::string(KELPIE_SOURCE_DIR) + "/tests/trace/testdata/";

bool IsUpdating() { return std::getenv("KELPIE_UPDATE_GOLDEN") != nullptr; }

Header GoldenHeader() {
  Header header;
  header.run = "golden";
  header.node = "n1";
  header.incarnation = 2;
  header.nodes = {"n1", "n2"};
  header.specs = {{.name = "Lease", .digest = "sha256:00ff"}, {.name = "Other"}};
  header.constants = {{"Limit", Value::Int(3)}, {"Nodes", Value::Set({Value::Model("n1"), Value::Model("n2")})}};
  header.clock_error_ns = 1000;
  return header;
}

// One event of each kind; among them every kind of value, every op, and every field.
std::vector<Event> GoldenEvents() {
  std::vector<Event> events;
  for (int kind = 0; kind < 8; ++kind) {
    Event event;
    event.id = {"n1", 2, static_cast<std::uint64_t>(kind) + 1};
    event.kind = static_cast<EventKind>(kind);
    events.push_back(event);
  }
  Claim claim;
  claim.spec = "Lease";
  claim.action = "Commit";
  claim.args.named = {
      {"n", Value::Model("n1")}, {"flag", Value::Bool(true)}, {"big", Value::BigInt("-98765432109876543210")}};
  claim.reads = {{.location = {"rows", {Value::Model("a1")}}, .value = Value::Record({{"token", Value::Int(-7)}})}};
  claim.updates = {{.location = {"rows", {Value::Model("a1"), Value::String("token")}}, .value = Value::Int(INT64_MIN)},
                   {.location = {"log", {}},
                    .op = UpdateOp::kAppend,
                    .value = Value::Sequence({Value::String("ä"), Value::Unknown()})},
                   {.location = {"seen", {}}, .op = UpdateOp::kAdd, .value = Value::Set({Value::Int(1)})},
                   {.location = {"rows", {Value::Model("a2")}}, .op = UpdateOp::kRemove}};
  claim.frame_closed = {{"log", true}, {"rows", false}};
  Claim other;
  other.spec = "Other";
  other.args.positional = {Value::Map({{Value::Int(1), Value::Bool(false)}})};
  other.steps = {{.action = "First"}, {.action = "Second"}};
  events[0].claims = {claim, other};
  events[0].causes = {{"n2", 1, 9}};
  events[0].vclock = {{"n2", {1, 9}}};
  events[0].versions = {{"world", 17}};
  events[0].hybrid_ns = 1;
  events[0].wall_ns = -2;
  events[0].true_ns = 3;
  events[0].group = "g";
  events[2].operation = "op";
  events[3].operation = "op";
  events[3].outcome = Outcome::kUnknown;
  events[4].lost_count = 3;
  events[5].claims = {{.updates = {{.location = {"log", {}}, .value = Value::Sequence({})}}}};
  return events;
}

void ExpectGolden(const std::string& name, const std::string& bytes) {
  if (IsUpdating()) std::ofstream(kFolder + name, std::ios::binary) << bytes;
  EXPECT_EQ(test::BytesOf(kFolder + name), bytes) << name;
}

void ExpectReads(const std::string& name) {
  const test::ReadResult result = test::ReadAll(kFolder + name);
  ASSERT_FALSE(result.error) << name << result.error->Render();
  EXPECT_EQ(result.header, GoldenHeader()) << name;
  const std::vector<Event> events = GoldenEvents();
  ASSERT_EQ(result.events.size(), events.size()) << name;
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(result.events[i].event, events[i]) << name << " " << i;
}

TEST(GoldenFile, Ktrace) {
  ExpectGolden("golden.ktrace", test::FileOf(WriterOptions{.index_interval = 3}, GoldenHeader(), GoldenEvents()));
  ExpectReads("golden.ktrace");
}

TEST(GoldenFile, JsonLines) {
  ExpectGolden("golden.jsonl", test::FileOf(Format::kJsonLines, GoldenHeader(), GoldenEvents()));
  ExpectReads("golden.jsonl");
}

TEST(GoldenFile, CompressedKtrace) {
  if (IsUpdating()) {
    const WriterOptions options{.compression = Compression::kZstd, .block_bytes = 100};
    std::ofstream(kFolder + "golden-zstd.ktrace", std::ios::binary)
        << test::FileOf(options, GoldenHeader(), GoldenEvents());
  }
  ExpectReads("golden-zstd.ktrace");
}

// Written before there was an index: such files stay readable.
TEST(GoldenFile, KtraceWithoutIndex) {
  ExpectGolden("golden-bare.ktrace", test::FileOf(WriterOptions{.index_interval = 0}, GoldenHeader(), GoldenEvents()));
  ExpectReads("golden-bare.ktrace");
}

TEST(GoldenFile, Itf) {
  test::TempDir dir;
  std::set<std::string> variables;
  for (const Event& event : GoldenEvents()) CollectVariables(event, variables);
  Result<ItfWriter> writer = ItfWriter::Create(dir.File("t"), GoldenHeader(), variables);
  ASSERT_TRUE(writer.ok());
  for (const Event& event : GoldenEvents()) ASSERT_TRUE(writer->Append(event).ok());
  ASSERT_TRUE(writer->Close().ok());
  ExpectGolden("golden.itf.json", test::BytesOf(dir.File("t")));
  ExpectReads("golden.itf.json");
}

}  // namespace
}  // namespace kelpie::trace::file
