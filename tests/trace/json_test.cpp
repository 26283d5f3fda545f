// JSON lines: every field in its written form, every refusal with its column, and agreement
// with another JSON parser about what is JSON at all.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support.h"
#include "trace/file/json_read.h"
#include "trace/file/json_write.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {
namespace {

using test::Rng;

constexpr int kDepthMax = 200;

std::string JsonOf(const Event& event) {
  std::string text;
  AppendJson(event, text);
  return text;
}

ParsedLine Parse(const std::string& text) {
  ParsedLine line;
  JsonFailure failure;
  EXPECT_TRUE(ReadJsonLine(text, kDepthMax, line, failure)) << text << "\n"
                                                            << failure.message << " at " << failure.position;
  return line;
}

Event Minimal() { return {.id = {"n1", 1, 7}}; }

struct Golden {
  const char* what;
  Event event;
  std::string json;
};

std::vector<Golden> Goldens() {
  std::vector<Golden> all;
  const auto add = [&all](const char* what, std::string json, auto change) {
    Event event = Minimal();
    change(event);
    all.push_back({what, event, std::move(json)});
  };
  const std::string head = R"({"node":"n1","incarnation":1,"seq":7)";
  add("id", head + "}", [](Event&) {});
  add("no node, no incarnation", R"({"seq":7})", [](Event& e) { e.id = {"", 0, 7}; });
  for (int kind = 1; kind < 8; ++kind) {
    const auto value = static_cast<EventKind>(kind);
    add("kind", head + ",\"kind\":\"" + std::string(NameOf(value)) + "\"}", [value](Event& e) { e.kind = value; });
  }
  add("lost_count", head + R"(,"kind":"lost","lost_count":3})", [](Event& e) {
    e.kind = EventKind::kLost;
    e.lost_count = 3;
  });
  add("operation", head + R"(,"operation":"op1"})", [](Event& e) { e.operation = "op1"; });
  add("outcome", head + R"(,"outcome":"unknown"})", [](Event& e) { e.outcome = Outcome::kUnknown; });
  add("causes", head + R"(,"causes":[["n2",1,3],["n3",0,1]]})", [](Event& e) {
    e.causes = {{"n2", 1, 3}, {"n3", 0, 1}};
  });
  add("vclock", head + R"(,"vclock":{"n1":[1,6],"n2":[0,2]}})", [](Event& e) {
    e.vclock = {{"n1", {1, 6}}, {"n2", {0, 2}}};
  });
  add("versions", head + R"(,"versions":{"world":18446744073709551615}})",
      [](Event& e) { e.versions["world"] = UINT64_MAX; });
  add("times", head + R"(,"hybrid_ns":9223372036854775807,"wall_ns":-1,"true_ns":0})", [](Event& e) {
    e.hybrid_ns = INT64_MAX;
    e.wall_ns = -1;
    e.true_ns = 0;
  });
  add("group", head + R"(,"group":"g"})", [](Event& e) { e.group = "g"; });
  add("spec and action", head + R"(,"spec":"S","action":"A"})",
      [](Event& e) { e.claims = {{.spec = "S", .action = "A"}}; });
  add("args by name", head + R"(,"action":"A","args":{"b":1,"a":2}})", [](Event& e) {
    e.claims = {{.action = "A", .args = {.named = {{"b", Value::Int(1)}, {"a", Value::Int(2)}}}}};
  });
  add("args by position", head + R"(,"args":[true,{"#unknown":true}]})", [](Event& e) {
    e.claims = {{.args = {.positional = {Value::Bool(true), Value::Unknown()}}}};
  });
  add("reads", head + R"(,"reads":{"x":1}})", [](Event& e) {
    e.claims = {{.reads = {{.location = {"x", {}}, .value = Value::Int(1)}}}};
  });
  add("reads by path", head + R"(,"reads":[{"path":["x","k"],"value":1}]})", [](Event& e) {
    e.claims = {{.reads = {{.location = {"x", {Value::String("k")}}, .value = Value::Int(1)}}}};
  });
  add("updates", head + R"(,"updates":{"x":1,"y":[]}})", [](Event& e) {
    e.claims = {{.updates = {{.location = {"x", {}}, .value = Value::Int(1)},
                             {.location = {"y", {}}, .value = Value::Sequence({})}}}};
  });
  add("updates by path",
      head + R"(,"updates":[{"path":["x",{"#model":"k"},2],"value":1},{"path":["x"],"op":"remove"},)" +
          R"({"path":["x"],"op":"add","value":2},{"path":["y"],"op":"append","value":3}]})",
      [](Event& e) {
        e.claims = {{.updates = {{.location = {"x", {Value::Model("k"), Value::Int(2)}}, .value = Value::Int(1)},
                                 {.location = {"x", {}}, .op = UpdateOp::kRemove},
                                 {.location = {"x", {}}, .op = UpdateOp::kAdd, .value = Value::Int(2)},
                                 {.location = {"y", {}}, .op = UpdateOp::kAppend, .value = Value::Int(3)}}}};
      });
  add("frame", head + R"(,"frame":{"x":"closed","y":"open"}})", [](Event& e) {
    e.claims = {{.frame_closed = {{"x", true}, {"y", false}}}};
  });
  add("steps", head + R"(,"steps":[{"action":"A"},{"action":"B"}]})", [](Event& e) {
    e.claims = {{.steps = {{.action = "A"}, {.action = "B"}}}};
  });
  add("claims", head + R"(,"claims":[{"spec":"S"},{"spec":"T","action":"A"}]})", [](Event& e) {
    e.claims = {{.spec = "S"}, {.spec = "T", .action = "A"}};
  });
  add("a claim that says nothing", head + R"(,"claims":[{}]})", [](Event& e) { e.claims = {{}}; });
  return all;
}

TEST(JsonGolden, EveryFieldReadsAndWrites) {
  for (const Golden& golden : Goldens()) {
    EXPECT_EQ(JsonOf(golden.event), golden.json) << golden.what;
    EXPECT_EQ(Parse(golden.json).event, golden.event) << golden.what;
  }
}

TEST(JsonGolden, Values) {
  const std::vector<std::pair<Value, std::string>> goldens = {
      {Value::Bool(false), "false"},
      {Value::Int(-5), "-5"},
      {Value::Int((std::int64_t{1} << 53) - 1), "9007199254740991"},
      {Value::Int(std::int64_t{1} << 53), R"({"#bigint":"9007199254740992"})"},
      {Value::BigInt("-123456789012345678901"), R"({"#bigint":"-123456789012345678901"})"},
      {Value::String("a\"\\\n\x01\xC3\xA4/"), "\"a\\\"\\\\\\n\\u0001\xC3\xA4/\""},
      {Value::Model("n1"), R"({"#model":"n1"})"},
      {Value::Sequence({Value::Int(1), Value::Sequence({})}), "[1,[]]"},
      {Value::Record({}), "{}"},
      {Value::Record({{"b", Value::Int(1)}, {"a", Value::Int(2)}}), R"({"a":2,"b":1})"},
      {Value::Set({Value::Int(1)}), R"({"#set":[1]})"},
      {Value::Map({{Value::Int(1), Value::Bool(true)}}), R"({"#map":[[1,true]]})"},
      {Value::Unknown(), R"({"#unknown":true})"},
  };
  for (const auto& [value, json] : goldens) {
    std::string written;
    AppendJson(value, written);
    EXPECT_EQ(written, json);
    Value read;
    JsonFailure failure;
    ASSERT_TRUE(ReadJsonValue(json, kDepthMax, read, failure)) << json;
    EXPECT_EQ(read, value);
  }
}

TEST(JsonGolden, OtherFormsThatMeanTheSame) {
  Value value;
  JsonFailure failure;
  ASSERT_TRUE(ReadJsonValue(R"( {"#tup" : [ 1 , 2 ] } )", kDepthMax, value, failure));
  EXPECT_EQ(value, Value::Sequence({Value::Int(1), Value::Int(2)}));
  ASSERT_TRUE(ReadJsonValue("123456789012345678901234567890", kDepthMax, value, failure));
  EXPECT_EQ(value, Value::BigInt("123456789012345678901234567890"));
  ASSERT_TRUE(ReadJsonValue(R"("\ud83d\udc15\u00e4\/")", kDepthMax, value, failure));
  EXPECT_EQ(value, Value::String("\xF0\x9F\x90\x95\xC3\xA4/"));
  EXPECT_EQ(Parse(R"~({"kind":"lost(12)"})~").event.lost_count, 12U);
  EXPECT_EQ(Parse(R"({"causes":[{"node":"a","seq":2},{"seq":1,"incarnation":4}]})").event.causes,
            (std::vector<EventId>{{"a", 0, 2}, {"", 4, 1}}));
  EXPECT_EQ(Parse(R"({"\u0073eq":3})").event.id.seq, 3U);
  const ParsedLine bare = Parse("{}");
  EXPECT_FALSE(bare.has_node || bare.has_seq || bare.has_incarnation || bare.is_header);
  EXPECT_TRUE(bare.event.claims.empty());
}

TEST(JsonGolden, FieldsNamedLikeTagsBecomeAMap) {
  std::string text;
  AppendJson(Value::Record({{"#set", Value::Int(1)}}), text);
  EXPECT_EQ(text, R"({"#map":[["#set",1]]})");
}

TEST(JsonGolden, Header) {
  Header header;
  header.run = "r";
  header.node = "n1";
  header.incarnation = 2;
  header.nodes = {"n1", "n2"};
  header.specs = {{.name = "M", .digest = "sha256:ab"}, {.name = "K"}};
  header.constants = {{"N", Value::Int(3)}, {"Nodes", Value::Set({Value::Model("n1")})}};
  header.clock_error_ns = 5;
  std::string text;
  AppendJson(header, text);
  EXPECT_EQ(text, R"({"header":{"format":"kelpie.trace/1","run":"r","node":"n1","incarnation":2,"nodes":["n1","n2"],)"
                  R"("specs":[{"name":"M","digest":"sha256:ab"},{"name":"K"}],)"
                  R"("constants":{"N":3,"Nodes":{"#set":[{"#model":"n1"}]}},"clock_error_ns":5}})");
  const ParsedLine line = Parse(text);
  EXPECT_TRUE(line.is_header);
  EXPECT_EQ(line.header, header);
  EXPECT_EQ(Parse(R"({"header":{"specs":["M"]}})").header.specs[0].name, "M");
}

TEST(JsonRandom, EventsComeBackEqual) {
  Rng rng(11);
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    const Event event = test::RandomEvent(rng, {"n1", 1, i});
    const std::string json = JsonOf(event);
    ASSERT_EQ(Parse(json).event, event) << json;
    ASSERT_TRUE(nlohmann::json::accept(json)) << json;
  }
}

TEST(JsonRandom, EveryPrefixOfALineIsTornAndNothingElse) {
  Rng rng(12);
  for (std::uint64_t i = 1; i <= 60; ++i) {
    const std::string json = JsonOf(test::RandomEvent(rng, {"n1", 1, i}));
    for (std::size_t size = 1; size < json.size(); ++size) {
      ParsedLine line;
      JsonFailure failure;
      ASSERT_FALSE(ReadJsonLine(std::string_view(json).substr(0, size), kDepthMax, line, failure));
      ASSERT_TRUE(failure.at_end) << json.substr(0, size) << "\n" << failure.message;
    }
  }
}

// The cursor agrees with an independent parser on what is JSON: on mutated lines, and on
// short texts over an alphabet that is mostly structure.
TEST(JsonAgreement, WithAnotherParserOnWhatIsJson) {
  Rng rng(13);
  const std::string alphabet = "{}[]\",:\\u0123456789-.eEtruefalsn d8\x01\xC3\xA4\n";
  int accepted = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    if (i % 2 == 0) {
      for (std::uint64_t n = 1 + rng.Below(9); n > 0; --n) text += alphabet[rng.Below(alphabet.size())];
    } else {
      AppendJson(test::RandomValue(rng, 2), text);
      text[rng.Below(text.size())] = alphabet[rng.Below(alphabet.size())];
    }
    JsonCursor cursor(text, 1000);
    const bool ours = cursor.Skip() && cursor.ExpectEnd();
    const bool theirs = nlohmann::json::accept(text);
    accepted += ours ? 1 : 0;
    if (ours == theirs) continue;
    // Ours is narrower on purpose: no floats, no null.
    ASSERT_TRUE(theirs) << text;
    ASSERT_TRUE(cursor.failure().kind == ErrorKind::kFloatValue || cursor.failure().kind == ErrorKind::kNullValue)
        << text << "\n"
        << cursor.failure().message;
  }
  EXPECT_GT(accepted, 10000);
}

struct Refusal {
  std::string line;
  ErrorKind kind;
  std::size_t position;
};

TEST(JsonRefusal, EachErrorAtItsPlace) {
  const std::vector<Refusal> refusals = {
      {R"({"seq":1,"seq":2})", ErrorKind::kDuplicateKey, 9},
      {R"({"updates":{"x":1,"x":1}})", ErrorKind::kDuplicateKey, 18},
      {R"({"args":{"a":1,"b":2,"a":3}})", ErrorKind::kDuplicateKey, 21},
      {R"({"updates":{"x":{"f":1,"\u0066":2}}})", ErrorKind::kDuplicateKey, 23},
      {R"({"frame":{"x":"open","x":"open"}})", ErrorKind::kDuplicateKey, 21},
      {R"({"versions":{"w":1,"w":2}})", ErrorKind::kDuplicateKey, 19},
      {R"({"vclock":{"a":[0,1],"a":[0,1]}})", ErrorKind::kDuplicateKey, 21},
      {R"({"header":{"run":"a","run":"b"}})", ErrorKind::kDuplicateKey, 21},
      {R"({"updates":{"x":null}})", ErrorKind::kNullValue, 16},
      {R"({"action":null})", ErrorKind::kNullValue, 10},
      {R"({"args":null})", ErrorKind::kNullValue, 8},
      {R"({"claims":null})", ErrorKind::kNullValue, 10},
      {R"({"seq":null})", ErrorKind::kNullValue, 7},
      {R"({"updates":{"x":1.5}})", ErrorKind::kFloatValue, 16},
      {R"({"updates":{"x":-1e3}})", ErrorKind::kFloatValue, 16},
      {R"({"seq":1.0})", ErrorKind::kFloatValue, 7},
      {R"({"actoin":"A"})", ErrorKind::kUnknownField, 1},
      {R"({"claims":[{"node":"n"}]})", ErrorKind::kUnknownField, 12},
      {R"({"updates":[{"path":["x"],"val":1}]})", ErrorKind::kUnknownField, 26},
      {R"({"header":{"nodez":[]}})", ErrorKind::kUnknownField, 11},
      {R"({"updates":{"x":{"#seq":[1]}}})", ErrorKind::kUnknownTag, 17},
      {R"({"updates":{"x":{"#set":[1],"y":2}}})", ErrorKind::kUnknownTag, 28},
      {R"({"node":1})", ErrorKind::kWrongType, 8},
      {R"({"seq":"1"})", ErrorKind::kWrongType, 7},
      {R"({"seq":0})", ErrorKind::kWrongType, 7},
      {R"({"seq":-1})", ErrorKind::kWrongType, 7},
      {R"({"seq":18446744073709551616})", ErrorKind::kWrongType, 7},
      {R"({"hybrid_ns":9223372036854775808})", ErrorKind::kWrongType, 13},
      {R"({"kind":"stop"})", ErrorKind::kWrongType, 8},
      {R"~({"kind":"lost(x)"})~", ErrorKind::kWrongType, 8},
      {R"({"outcome":"fine"})", ErrorKind::kWrongType, 11},
      {R"({"args":3})", ErrorKind::kWrongType, 8},
      {R"({"reads":3})", ErrorKind::kWrongType, 9},
      {R"({"updates":[{"path":"x","value":1}]})", ErrorKind::kWrongType, 20},
      {R"({"updates":[{"path":[1],"value":1}]})", ErrorKind::kWrongType, 21},
      {R"({"updates":[{"path":["x"],"op":"put","value":1}]})", ErrorKind::kWrongType, 31},
      {R"({"frame":{"x":true}})", ErrorKind::kWrongType, 14},
      {R"({"frame":{"x":"shut"}})", ErrorKind::kWrongType, 14},
      {R"({"causes":[["n",1]]})", ErrorKind::kWrongType, 16},
      {R"({"causes":[["n",1,2,3]]})", ErrorKind::kWrongType, 20},
      {R"({"causes":["n"]})", ErrorKind::kWrongType, 11},
      {R"({"vclock":{"n":5}})", ErrorKind::kWrongType, 15},
      {R"({"updates":{"x":{"#bigint":"1x"}}})", ErrorKind::kWrongType, 27},
      {R"({"updates":{"x":{"#bigint":5}}})", ErrorKind::kWrongType, 27},
      {R"({"updates":{"x":{"#unknown":false}}})", ErrorKind::kWrongType, 28},
      {R"({"updates":{"x":{"#map":[[1]]}}})", ErrorKind::kWrongType, 25},
      {R"([1])", ErrorKind::kWrongType, 0},
      {R"({"updates":[{"value":1}]})", ErrorKind::kMissingField, 12},
      {R"({"updates":[{"path":["x"]}]})", ErrorKind::kMissingField, 12},
      {R"({"updates":[{"path":[],"value":1}]})", ErrorKind::kMissingField, 20},
      {R"({"causes":[{"node":"n"}]})", ErrorKind::kMissingField, 11},
      {R"({"header":{"specs":[{"digest":"d"}]}})", ErrorKind::kMissingField, 20},
      {R"({"claims":[],"action":"A"})", ErrorKind::kMixedForms, 0},
      {R"({"header":{},"seq":1})", ErrorKind::kMixedForms, 0},
      {R"({"lost_count":1})", ErrorKind::kMixedForms, 0},
      {R"({"reads":[{"path":["x"],"op":"set","value":1}]})", ErrorKind::kMixedForms, 0},
      {"{\"node\":\"\xFF\"}", ErrorKind::kInvalidText, 9},
      {R"({"node":"\ud800"})", ErrorKind::kInvalidText, 9},
      {R"({"node":"\udc00x"})", ErrorKind::kInvalidText, 9},
      {R"({"seq":1} x)", ErrorKind::kJsonSyntax, 10},
      {R"({"seq":01})", ErrorKind::kJsonSyntax, 7},
      {R"({"seq":1,})", ErrorKind::kJsonSyntax, 9},
      {R"({seq:1})", ErrorKind::kJsonSyntax, 1},
      {R"({"seq" 1})", ErrorKind::kJsonSyntax, 7},
      {R"({"args":[1 2]})", ErrorKind::kJsonSyntax, 11},
      {"{\"node\":\"a\tb\"}", ErrorKind::kJsonSyntax, 10},
      {R"({"node":"\x"})", ErrorKind::kJsonSyntax, 10},
      {R"({"args":[nul]})", ErrorKind::kJsonSyntax, 9},
  };
  for (const Refusal& refusal : refusals) {
    ParsedLine line;
    JsonFailure failure;
    ASSERT_FALSE(ReadJsonLine(refusal.line, kDepthMax, line, failure)) << refusal.line;
    EXPECT_EQ(CodeOf(failure.kind), CodeOf(refusal.kind)) << refusal.line << "\n" << failure.message;
    EXPECT_EQ(failure.position, refusal.position) << refusal.line << "\n" << failure.message;
    EXPECT_FALSE(failure.at_end) << refusal.line;
    EXPECT_FALSE(failure.message.empty());
  }
}

TEST(JsonRefusal, WideRecordsAreComparedToo) {
  std::string line = R"({"updates":{"x":{)";
  for (int i = 0; i < 100; ++i) line += "\"k" + std::to_string(i) + "\":1,";
  ParsedLine parsed;
  JsonFailure failure;
  EXPECT_FALSE(ReadJsonLine(line + R"("k77":2}}})", kDepthMax, parsed, failure));
  EXPECT_EQ(failure.kind, ErrorKind::kDuplicateKey);
  EXPECT_NE(failure.found.find("k77"), std::string::npos);
  EXPECT_TRUE(ReadJsonLine(line + R"("k100":2}}})", kDepthMax, parsed, failure));
}

TEST(JsonRefusal, DepthHasALimit) {
  const auto nested = [](int depth) {
    return R"({"args":[)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "]}";
  };
  ParsedLine line;
  JsonFailure failure;
  EXPECT_TRUE(ReadJsonLine(nested(10), 10, line, failure));
  EXPECT_FALSE(ReadJsonLine(nested(11), 10, line, failure));
  EXPECT_EQ(failure.kind, ErrorKind::kTooDeep);
  EXPECT_FALSE(ReadJsonLine(nested(1000000), kDepthMax, line, failure));
  EXPECT_EQ(failure.kind, ErrorKind::kTooDeep);
  std::string steps;
  for (int i = 0; i < 300; ++i) steps += R"({"steps":[)";
  EXPECT_FALSE(ReadJsonLine(steps, kDepthMax, line, failure));
  EXPECT_EQ(failure.kind, ErrorKind::kTooDeep);
}

TEST(JsonRefusal, HintsNameTheNearestField) {
  ParsedLine line;
  JsonFailure failure;
  ASSERT_FALSE(ReadJsonLine(R"({"actoin":"A"})", kDepthMax, line, failure));
  EXPECT_EQ(failure.hint, "did you mean \"action\"?");
}

TEST(JsonColumn, CountsCharactersNotBytes) { EXPECT_EQ(ColumnOf("\xC3\xA4\xC3\xA4x", 4), 3U); }

}  // namespace
}  // namespace kelpie::trace::file
