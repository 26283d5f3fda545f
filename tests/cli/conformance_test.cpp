// `check` on a small spec that is not Kelpie: what conforms, and for each field of each kind of
// event, that altering this field alone is noticed there.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

// One event of each kind that this version reads, with every field that it reads.
std::vector<json> GoodTrace() {
  return {
      json::parse(R"({"header":{"format":"kelpie.trace/1","specs":[{"name":"Stock"}],"constants":{"Items":{"#set":[{"#model":"apple"},{"#model":"pear"}]}}}})"),
      json::parse(R"({"seq":1,"kind":"init","claims":[{"spec":"Stock","updates":[{"path":["stock"],"value":{"apple":3,"pear":2}}]}]})"),
      json::parse(R"({"seq":2,"kind":"step","claims":[{"spec":"Stock","action":"Sell","args":{"i":"apple","q":2},
        "reads":[{"path":["stock","apple"],"value":3}],
        "updates":[{"path":["stock","apple"],"op":"set","value":1},{"path":["sold"],"op":"add","value":"apple"},
                   {"path":["log"],"op":"append","value":{"item":"apple","count":2}}],
        "frame":{"stock":"closed","sold":"closed"}}]})"),
      json::parse(R"({"seq":3,"kind":"observe","claims":[{"spec":"Stock","reads":[{"path":["stock","pear"],"value":2}],"updates":[{"path":["log",1,"count"],"value":2}]}]})"),
      json::parse(R"({"seq":4,"kind":"step","claims":[{"spec":"Stock","action":"Return","args":["apple"],"updates":[{"path":["sold"],"op":"remove","value":"apple"},{"path":["stock","apple"],"value":2}]}]})"),
      json::parse(R"({"seq":5,"kind":"call","operation":"o1"})"),
      json::parse(R"({"seq":6,"kind":"return","operation":"o1","outcome":"ok"})"),
      json::parse(R"({"seq":7,"kind":"step","claims":[{"spec":"Stock","steps":[{"action":"Sell","args":{"i":"pear","q":1}},{"action":"Sell","args":{"i":"pear","q":1},"updates":[{"path":["stock"],"value":{"apple":2,"pear":0}}]}]}]})"),
      json::parse(R"({"seq":8,"kind":"mark"})"),
      json::parse(R"({"seq":9,"kind":"end"})"),
  };
}

class Conformance : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    CopyTestdata("Stock.tla");
    CopyTestdata("Stock.cfg");
  }
  VerbRun CheckLines(const std::vector<json>& lines) {
    std::string text;
    for (const json& line : lines) text += line.dump() + "\n";
    return Check({Write("run.jsonl", text), "--json"});
  }
};

TEST_F(Conformance, TheGoodTraceConforms) {
  const VerbRun run = CheckLines(GoodTrace());
  ASSERT_EQ(run.exit, 0) << run.out;
  const json result = run.json();
  EXPECT_EQ(result["verdict"], "conforms");
  EXPECT_EQ(result["events"], 5);
  EXPECT_EQ(result["ignored"], 4);
  EXPECT_EQ(result["coverage"]["Sell"], 3);
  EXPECT_EQ(result["coverage"]["Return"], 1);
  EXPECT_EQ(result["vacuity"]["never_taken"], json::array({"Restock"}));
}

struct Alteration {
  const char* name;
  std::size_t line;     // of GoodTrace, the header being 0
  const char* pointer;  // JSON pointer to the field
  const char* value;
  int failed_at;        // 1-based event
  int check;
};

class ConformanceAltered : public Conformance, public ::testing::WithParamInterface<Alteration> {};

TEST_P(ConformanceAltered, ViolatesThere) {
  const Alteration& a = GetParam();
  std::vector<json> lines = GoodTrace();
  lines[a.line][json::json_pointer(a.pointer)] = json::parse(a.value);
  const VerbRun run = CheckLines(lines);
  ASSERT_EQ(run.exit, 1) << run.out;
  const json result = run.json();
  EXPECT_EQ(result["verdict"], "violates");
  EXPECT_EQ(result["failed_at"], a.failed_at);
  EXPECT_EQ(result["check"], a.check) << run.out;
  EXPECT_FALSE(result["explanations"].empty());
}

INSTANTIATE_TEST_SUITE_P(
    Fields, ConformanceAltered,
    ::testing::Values(
        Alteration{"InitValue", 1, "/claims/0/updates/0/value", R"({"apple":9,"pear":2})", 1, 5},
        Alteration{"InitKind", 1, "/claims/0/updates/0/value", R"("none")", 1, 5},
        Alteration{"StepsLastKind", 7, "/claims/0/steps/1/updates/0/value", R"("none")", 7, 4},
        Alteration{"StepUpdateKind", 2, "/claims/0/updates/0/value", R"("one")", 2, 4},
        Alteration{"InitPath", 1, "/claims/0/updates/0/path", R"(["log"])", 1, 5},
        Alteration{"StepAction", 2, "/claims/0/action", R"("Empty")", 2, 2},
        Alteration{"StepGuard", 2, "/claims/0/args/q", "0", 2, 3},
        Alteration{"StepArgument", 2, "/claims/0/args/i", R"("pear")", 2, 4},
        Alteration{"StepReadPath", 2, "/claims/0/reads/0/path", R"(["stock","pear"])", 2, 3},
        Alteration{"StepReadValue", 2, "/claims/0/reads/0/value", "2", 2, 3},
        Alteration{"StepUpdatePath", 2, "/claims/0/updates/0/path", R"(["stock","pear"])", 2, 4},
        Alteration{"StepUpdateValue", 2, "/claims/0/updates/0/value", "2", 2, 4},
        Alteration{"StepUpdateOp", 2, "/claims/0/updates/1/op", R"("remove")", 2, 4},
        Alteration{"StepAddValue", 2, "/claims/0/updates/1/value", R"("pear")", 2, 4},
        Alteration{"StepAppendValue", 2, "/claims/0/updates/2/value", R"({"item":"apple","count":3})", 2, 4},
        Alteration{"ObserveReadValue", 3, "/claims/0/reads/0/value", "3", 3, 4},
        Alteration{"ObserveReadPath", 3, "/claims/0/reads/0/path", R"(["stock","apple"])", 3, 4},
        Alteration{"ObserveUpdateValue", 3, "/claims/0/updates/0/value", "1", 3, 4},
        Alteration{"ObserveUpdatePath", 3, "/claims/0/updates/0/path", R"(["log",2,"count"])", 3, 4},
        Alteration{"ReturnArgument", 4, "/claims/0/args/0", R"("pear")", 4, 3},
        Alteration{"ReturnRemoveValue", 4, "/claims/0/updates/0/value", R"("pear")", 4, 4},
        Alteration{"ReturnUpdate", 4, "/claims/0/updates/1/value", "7", 4, 4},
        Alteration{"ReturnInvariant", 4, "/claims/0/updates/1/value", "1", 4, 4},
        Alteration{"StepsFirst", 7, "/claims/0/steps/0/args/q", "3", 7, 3},
        Alteration{"StepsLast", 7, "/claims/0/steps/1/updates/0/value/pear", "1", 7, 4}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(Conformance, AClosedFrameForbidsWhatIsNotListed) {
  std::vector<json> lines = GoodTrace();
  lines[2]["claims"][0]["updates"].erase(0);  // stock changes, is closed, and is not listed
  const VerbRun run = CheckLines(lines);
  EXPECT_EQ(run.exit, 1) << run.out;
  EXPECT_EQ(run.json()["check"], 4);
  EXPECT_EQ(run.json()["failed_at"], 2);
}

TEST_F(Conformance, AnOpenFrameSaysNothing) {
  std::vector<json> lines = GoodTrace();
  lines[2]["claims"][0]["updates"].erase(0);
  lines[2]["claims"][0].erase("frame");
  EXPECT_EQ(CheckLines(lines).exit, 0);
}

TEST_F(Conformance, AnInvariantThatTheSpecItselfBreaksIsCheckSix) {
  const VerbRun run = Check({Write("run.jsonl",
                               "{\"action\":\"Sell\",\"args\":{\"i\":\"apple\",\"q\":1},\"updates\":[{\"path\":[\"stock\",\"apple\"],\"value\":2}]}\n"
                               "{\"action\":\"Return\",\"args\":[\"apple\"],\"updates\":[{\"path\":[\"stock\",\"apple\"],\"value\":5}]}\n"),
                         "--spec", Path("Stock.tla"), "--json"});
  ASSERT_EQ(run.exit, 1) << run.out;
  EXPECT_EQ(run.json()["check"], 6);
  EXPECT_EQ(run.json()["explanations"][0]["name"], "NotTooMuch");
}

TEST_F(Conformance, WhatIsNotObservedIsSearchedFor) {
  // How many apples came back is told two events later only.
  const VerbRun run = Check({Write("run.jsonl",
                               "{\"action\":\"Sell\",\"args\":{\"i\":\"apple\"}}\n"
                               "{\"action\":\"Return\"}\n"
                               "{\"action\":\"Sell\",\"updates\":{\"log\":[{\"item\":\"apple\",\"count\":1},{\"item\":\"apple\",\"count\":3}]}}\n"),
                         "--spec", Path("Stock.tla"), "--json"});
  ASSERT_EQ(run.exit, 0) << run.out;
  EXPECT_GT(run.json()["frontier_max"], 1);
}

TEST_F(Conformance, AFrontierBeyondItsLimitIsInconclusive) {
  const VerbRun run = Check({Write("run.jsonl", "{\"action\":\"Sell\"}\n{\"action\":\"Return\"}\n"), "--spec", Path("Stock.tla"),
                         "--max-frontier", "4", "--json"});
  EXPECT_EQ(run.exit, 2) << run.out;
  EXPECT_EQ(run.json()["verdict"], "inconclusive");
  EXPECT_EQ(run.json()["limit"]["option"], "--max-frontier");
}

TEST_F(Conformance, ConcurrentEventsAreNeverBlamed) {
  // Two nodes, no order between them: canonical order fails, another would not.
  Write("run/a.jsonl", "{\"header\":{\"format\":\"kelpie.trace/1\",\"node\":\"a\",\"specs\":[{\"name\":\"Stock\"}]}}\n"
                       "{\"node\":\"a\",\"seq\":1,\"spec\":\"Stock\",\"action\":\"Return\",\"args\":[\"apple\"]}\n");
  Write("run/b.jsonl", "{\"header\":{\"format\":\"kelpie.trace/1\",\"node\":\"b\",\"specs\":[{\"name\":\"Stock\"}]}}\n"
                       "{\"node\":\"b\",\"seq\":1,\"spec\":\"Stock\",\"action\":\"Sell\",\"args\":[\"apple\",1]}\n");
  const VerbRun run = Check({Path("run"), "--spec", Path("Stock.tla"), "--json"});
  EXPECT_EQ(run.exit, 2) << run.out;
  EXPECT_EQ(run.json()["limit"]["name"], "orders");
  EXPECT_EQ(Check({Path("run"), "--spec", Path("Stock.tla"), "--assume-order"}).exit, 1);
}

TEST_F(Conformance, ReadsOfAnInitEventAreFactsToo) {
  std::vector<json> lines = GoodTrace();
  lines[1]["claims"][0]["reads"] = json::parse(R"([{"path":["stock","apple"],"value":3}])");
  EXPECT_EQ(CheckLines(lines).exit, 0);
  lines[1]["claims"][0]["reads"][0]["value"] = 2;
  const VerbRun run = CheckLines(lines);
  EXPECT_EQ(run.exit, 1) << run.out;
  EXPECT_EQ(run.json()["failed_at"], 1);
  EXPECT_EQ(run.json()["check"], 5);
}

TEST_F(Conformance, UnreadFieldsAreListed) {
  std::vector<json> lines = GoodTrace();
  lines[2]["wall_ns"] = 17;
  lines[2]["true_ns"] = 17;
  const VerbRun run = CheckLines(lines);
  EXPECT_EQ(run.exit, 0);
  EXPECT_EQ(run.json()["vacuity"]["unread_fields"], json::array({"operation", "outcome", "true_ns", "wall_ns"}));
}

TEST_F(Conformance, TheTextNamesTheConjunctAndItsValues) {
  const VerbRun run = Check({Write("run.jsonl", "{\"action\":\"Sell\",\"args\":{\"i\":\"apple\",\"q\":1},\"updates\":{\"stock\":{\"apple\":1,\"pear\":2}}}\n"
                                            "{\"action\":\"Sell\",\"args\":{\"i\":\"apple\",\"q\":2}}\n"),
                         "--spec", Path("Stock.tla")});
  EXPECT_EQ(run.exit, 1);
  for (const char* part : {"stock[i] >= q", "FALSE", "Stock.tla:13", "set by event 1", "check 3", "replay: kelpie check"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << "\n" << run.out;
  }
}

}  // namespace
}  // namespace kelpie::cli
