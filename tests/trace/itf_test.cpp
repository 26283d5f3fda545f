// ITF files: traces of states as other tools write them, and ours as they read them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support.h"
#include "trace/file/itf_writer.h"

namespace kelpie::trace::file {
namespace {

using nlohmann::json;
using test::ReadAll;
using test::ReadResult;
using test::TempDir;

// As Apalache lays its files out, `params` and `vars` behind the states for good measure.
const char* const kForeign = R"({
  "#meta": { "format": "ITF", "varTypes": { "x": "Int" }, "weight": 1.5, "other": null },
  "states": [
    { "#meta": { "index": 0 }, "N": 3, "x": { "#bigint": "12345678901234567890" }, "s": { "#set": [ 1, 2 ] } },
    { "#meta": { "index": 1 }, "N": 3, "x": 2, "s": { "#set": [] },
      "f": { "#map": [ [ "a", { "#tup": [ 1, "u_OF_T" ] } ] ] }, "g": { "#unserializable": "Nat" } }
  ],
  "loop": 1,
  "params": [ "N" ],
  "vars": [ "x", "s", "f", "g" ]
})";

TEST(Itf, StatesOfOthersBecomeEvents) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", kForeign));
  ASSERT_FALSE(result.error) << result.error->Render();
  ASSERT_EQ(result.events.size(), 2U);
  EXPECT_EQ(result.header.constants, (std::vector<Value::Field>{{"N", Value::Int(3)}}));
  const Event& first = result.events[0].event;
  EXPECT_EQ(first.kind, EventKind::kInit);
  EXPECT_EQ(first.id, (EventId{"", 0, 1}));
  ASSERT_EQ(first.claims.at(0).updates.size(), 2U);
  EXPECT_EQ(first.claims[0].updates[0].location.variable, "x");
  EXPECT_EQ(first.claims[0].updates[0].value, Value::BigInt("12345678901234567890"));
  EXPECT_EQ(first.claims[0].updates[1].value, Value::Set({Value::Int(1), Value::Int(2)}));
  const Event& second = result.events[1].event;
  EXPECT_EQ(second.kind, EventKind::kStep);
  EXPECT_EQ(second.id.seq, 2U);
  EXPECT_TRUE(second.claims.at(0).action.empty());
  // What could not be written was not observed.
  ASSERT_EQ(second.claims[0].updates.size(), 3U);
  EXPECT_EQ(second.claims[0].updates[2].value,
            Value::Map({{Value::String("a"), Value::Sequence({Value::Int(1), Value::String("u_OF_T")})}}));
  EXPECT_EQ(result.events[1].line, 5U);
}

TEST(Itf, TheFirstKeyTellsItFromLines) {
  TempDir dir;
  for (const std::string text :
       {R"({"states":[]})", R"({"vars":[],"states":[]})", " {\n\"params\":[],\"states\":[]}"}) {
    Result<TraceReader> reader = TraceReader::Open(dir.Write("t", text));
    ASSERT_TRUE(reader.ok()) << text << reader.error().Render();
    EXPECT_EQ(reader->format(), Format::kItf);
  }
  EXPECT_EQ(TraceReader::Open(dir.Write("t", "{\"seq\":1}"))->format(), Format::kJsonLines);
  EXPECT_EQ(TraceReader::Open(dir.Write("t", "{}"))->format(), Format::kJsonLines);
}

struct Refusal {
  std::string text;
  ErrorKind kind;
  std::uint64_t line;
  std::uint64_t column;
};

TEST(Itf, EachErrorAtItsPlace) {
  const std::vector<Refusal> refusals = {
      {R"({"vars":["x"]})", ErrorKind::kMissingField, 1, 1},
      {R"({"states":{}})", ErrorKind::kWrongType, 1, 11},
      {R"({"states":[3]})", ErrorKind::kWrongType, 1, 12},
      {R"({"states":[],"states":[]})", ErrorKind::kDuplicateKey, 1, 14},
      {"{\"states\":[\n {\"x\":1,\"x\":2}]}", ErrorKind::kDuplicateKey, 2, 9},
      {"{\"states\":[\n {\"x\":1.5}]}", ErrorKind::kFloatValue, 2, 7},
      {"{\"states\":[\n {\"x\":null}]}", ErrorKind::kNullValue, 2, 7},
      {"{\"states\":[\n {\"x\":{\"#model\":1}}]}", ErrorKind::kWrongType, 2, 17},
      {"{\"states\":[\n {\"x\":{\"#seq\":[]}}]}", ErrorKind::kUnknownTag, 2, 8},
      {"{\"states\":[\n {\"x\":1}", ErrorKind::kJsonSyntax, 2, 9},
      {"{\"states\":[]} x", ErrorKind::kJsonSyntax, 1, 15},
      {R"({"vars":3,"states":[]})", ErrorKind::kWrongType, 1, 9},
      {R"({"#meta":{"header":"{\"header\":{\"run\":1}}"},"states":[]})", ErrorKind::kWrongType, 1, 20},
      {R"({"states":[{"#meta":{"event":"nonsense"},"x":1}]})", ErrorKind::kJsonSyntax, 1, 12},
  };
  TempDir dir;
  for (const Refusal& refusal : refusals) {
    for (const bool salvage : {false, true}) {
      const ReadResult result = ReadAll(dir.Write("t", refusal.text), {.salvage = salvage});
      ASSERT_TRUE(result.error) << refusal.text;
      EXPECT_EQ(CodeOf(result.error->kind), CodeOf(refusal.kind)) << refusal.text << result.error->Render();
      EXPECT_EQ(result.error->place.line, refusal.line) << refusal.text << result.error->Render();
      EXPECT_EQ(result.error->place.column, refusal.column) << refusal.text << result.error->Render();
    }
  }
  EXPECT_EQ(ReadAll(dir.Write("t", kForeign), {.itf_bytes_max = 100}).error->kind, ErrorKind::kTooLong);
  EXPECT_EQ(ReadAll(dir.Write("t", R"({"states":[{"x":[[[[1]]]]}]})"), {.depth_max = 2}).error->kind,
            ErrorKind::kTooDeep);
}

TEST(Itf, NoPrefixIsATrace) {
  TempDir dir;
  const std::string whole = kForeign;
  for (std::size_t size = 12; size < whole.size(); ++size) {
    const ReadResult result = ReadAll(dir.Write("t", whole.substr(0, size)));
    ASSERT_TRUE(result.error) << size;
    ASSERT_EQ(result.error->kind, ErrorKind::kJsonSyntax) << size << result.error->Render();
    ASSERT_TRUE(result.events.empty()) << size;
  }
}

Event Step(std::uint64_t seq, std::vector<Update> updates) {
  Event event;
  event.id = {"", 0, seq};
  event.claims.push_back({.action = "A", .updates = std::move(updates)});
  return event;
}

json StatesOf(const std::vector<Event>& events, const Header& header = {}) {
  TempDir dir;
  std::set<std::string> variables;
  for (const Event& event : events) CollectVariables(event, variables);
  Result<ItfWriter> writer = ItfWriter::Create(dir.File("t"), header, variables);
  EXPECT_TRUE(writer.ok());
  for (const Event& event : events) EXPECT_TRUE(writer->Append(event).ok());
  EXPECT_TRUE(writer->Close().ok());
  return json::parse(test::BytesOf(dir.File("t")));
}

TEST(Itf, StatesAreWhatTheEventsSaySoFar) {
  const Value key = Value::Model("n1");
  const Value row = Value::Record({{"token", Value::Int(1)}});
  const json itf = StatesOf({
      Step(1, {{.location = {"x", {}}, .value = Value::Int(5)},
               {.location = {"rows", {}}, .value = Value::Map({{key, row}})},
               {.location = {"log", {}}, .value = Value::Sequence({})},
               {.location = {"seen", {}}, .value = Value::Set({Value::Int(1)})}}),
      Step(2, {{.location = {"rows", {Value::String("n1"), Value::String("token")}}, .value = Value::Int(2)},
               {.location = {"log", {}}, .op = UpdateOp::kAppend, .value = Value::String("a")},
               {.location = {"seen", {}}, .op = UpdateOp::kAdd, .value = Value::Int(2)}}),
      Step(3, {{.location = {"seen", {}}, .op = UpdateOp::kRemove, .value = Value::Int(1)},
               {.location = {"log", {Value::Int(1)}}, .value = Value::String("b")},
               {.location = {"rows", {key}}, .op = UpdateOp::kRemove}}),
      Step(4, {{.location = {"rows", {key}}, .value = row}}),  // outside the DOMAIN
  });
  EXPECT_EQ(itf["vars"], json::parse(R"(["log","rows","seen","x"])"));
  const auto state = [&itf](std::size_t i) {
    json values = itf["states"][i];
    EXPECT_EQ(values["#meta"]["index"], i);
    values.erase("#meta");
    return values;
  };
  EXPECT_EQ(state(0), json::parse(R"({"x":5,"rows":{"#map":[["n1",{"token":1}]]},"log":[],"seen":{"#set":[1]}})"));
  EXPECT_EQ(state(1), json::parse(R"({"x":5,"rows":{"#map":[["n1",{"token":2}]]},"log":["a"],"seen":{"#set":[1,2]}})"));
  EXPECT_EQ(state(2), json::parse(R"({"x":5,"rows":{"#map":[]},"log":["b"],"seen":{"#set":[2]}})"));
  EXPECT_EQ(state(3)["rows"], json::parse(R"({"#unserializable":"unknown"})"));
}

TEST(Itf, NothingIsKnownBehindALossOrBeforeItIsTold) {
  Event lost;
  lost.id = {"", 0, 2};
  lost.kind = EventKind::kLost;
  const json itf = StatesOf({Step(1, {{.location = {"x", {}}, .value = Value::Int(5)}}), lost,
                             Step(3, {{.location = {"y", {Value::Int(1)}}, .value = Value::Int(5)}})});
  const json unknown = json::parse(R"({"#unserializable":"unknown"})");
  EXPECT_EQ(itf["states"][0]["x"], 5);
  EXPECT_EQ(itf["states"][0]["y"], unknown);
  EXPECT_EQ(itf["states"][1]["x"], unknown);
  EXPECT_EQ(itf["states"][2]["y"], unknown);
}

TEST(Itf, ConstantsAreParametersAndMustNotBeVariables) {
  Header header;
  header.constants = {{"Nodes", Value::Set({Value::Model("n1")})}};
  const json itf = StatesOf({Step(1, {{.location = {"x", {}}, .value = Value::Int(5)}})}, header);
  EXPECT_EQ(itf["params"], json::parse(R"(["Nodes"])"));
  EXPECT_EQ(itf["states"][0]["Nodes"], json::parse(R"({"#set":["n1"]})"));
  TempDir dir;
  const Result<ItfWriter> writer = ItfWriter::Create(dir.File("t"), header, {"Nodes"});
  ASSERT_FALSE(writer.ok());
  EXPECT_EQ(writer.error().kind, ErrorKind::kUnwritable);
}

}  // namespace
}  // namespace kelpie::trace::file
