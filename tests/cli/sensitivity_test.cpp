// check --sensitivity: alterations of what events show, counted by place: which the spec rejects, which it would have
// taken as well, and which end in an error. The rest of the result is what it is without the option.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

// A till whose note may say anything, and whose share of 12 has no value for 0.
constexpr const char* kTill = R"(---- MODULE Till ----
EXTENDS Integers, FiniteSets
VARIABLES till, share, names
Init == till = [coins |-> 0, note |-> 0, open |-> FALSE] /\ share = 12 /\ names = {}
Insert(n) == till' = [till EXCEPT !.coins = @ + n] /\ UNCHANGED <<share, names>>
Write(k) == till' = [till EXCEPT !.note = k] /\ UNCHANGED <<share, names>>
Split(n) == share' = 12 \div (n - 1) /\ UNCHANGED <<till, names>>
Sign(who) == names' = names \cup {who} /\ UNCHANGED <<till, share>>
Next == \E n \in 0..5 : Insert(n) \/ Write(n) \/ Split(n) \/ \E who \in {"ann", "bob"} : Sign(who)
Spec == Init /\ [][Next]_<<till, share, names>>
====
)";

const char* const kInsert =
    R"("spec":"Till","action":"Insert","args":{"n":2},"updates":[{"path":["till","coins"],"value":2}])";

class SensitivityTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    Write("Till.tla", kTill);
    Write("Till.cfg", "SPECIFICATION Spec\n");
  }
  VerbRun Run(const std::vector<std::string>& lines, const std::vector<std::string>& more) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += R"({"seq":)" + std::to_string(i + 1) + "," + lines[i] + "}\n";
    std::vector<std::string> args{Write("run.jsonl", text), "--spec", Path("Till.tla")};
    args.insert(args.end(), more.begin(), more.end());
    return Check(args);
  }
  json Counts(const std::vector<std::string>& lines) {
    const VerbRun run = Run(lines, {"--json", "--sensitivity"});
    EXPECT_EQ(run.exit, 0) << run.out << run.err;
    return run.json()["sensitivity"];
  }
  static json Count(const char* place, int tried, int rejected, int undecided = 0) {
    return {{"place", place}, {"tried", tried}, {"rejected", rejected}, {"undecided", undecided}};
  }
};

TEST_F(SensitivityTest, WhatTheSpecDecidesIsRejected) {
  EXPECT_EQ(Counts({kInsert}), json::array({Count("argument n of Insert", 1, 1), Count("till.coins", 1, 1)}));
}

// Nothing but the argument says what the note is, and nothing at all when it is not given.
TEST_F(SensitivityTest, WhatNothingDecidesIsNot) {
  EXPECT_EQ(Counts({R"("spec":"Till","action":"Write","updates":[{"path":["till","note"],"value":3}])"}),
            json::array({Count("till.note", 1, 0)}));
  EXPECT_EQ(Counts({R"("spec":"Till","action":"Write","args":{"k":3})"}),
            json::array({Count("argument k of Write", 1, 0)}));
}

TEST_F(SensitivityTest, EveryFieldOfARecordAndTheElementsOfASet) {
  const json counts = Counts({
      R"("spec":"Till","action":"Write","updates":[{"path":["till"],"value":{"coins":0,"note":3,"open":false}}])",
      R"("spec":"Till","action":"Sign","args":{"who":"ann"},"updates":[{"path":["names"],"value":{"#set":["ann"]}}])",
      R"("spec":"Till","action":"Sign","args":{"who":"bob"},"updates":[{"path":["names"],"op":"add","value":"bob"}])",
  });
  EXPECT_EQ(counts, json::array({Count("argument who of Sign", 1, 1), Count("names", 1, 1), Count("till.coins", 1, 1),
                                 Count("till.note", 1, 0), Count("till.open", 1, 1)}))
      << "of names that were added only one was seen, so there is none to put in its place";
}

TEST_F(SensitivityTest, ReadsAndObservations) {
  EXPECT_EQ(Counts({R"("spec":"Till","action":"Insert","reads":[{"path":["share"],"value":12}])",
                    R"("kind":"observe","claims":[{"spec":"Till","updates":{"share":12}}])"}),
            json::array({Count("read of share", 1, 1), Count("share", 1, 1)}));
}

// Split(1) has no value: neither an explanation nor a refutation. The first alteration is one less.
TEST_F(SensitivityTest, AnErrorIsUndecided) {
  EXPECT_EQ(Counts({R"("spec":"Till","action":"Split","args":{"n":2})"}),
            json::array({Count("argument n of Split", 1, 0, 1)}));
}

TEST_F(SensitivityTest, LongTracesAreSampledToTheirEnd) {
  std::vector<std::string> lines;
  for (int i = 0; i < 2000; ++i) lines.emplace_back(R"("spec":"Till","action":"Insert","args":{"n":2})");
  const json counts = Counts(lines);
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_GT(counts[0]["tried"], 50);
  EXPECT_LT(counts[0]["tried"], 150);
  EXPECT_EQ(counts[0]["rejected"], 0) << "nobody observed the coins";
}

TEST_F(SensitivityTest, TheRestOfTheResultIsTheSame) {
  const std::vector<std::string> good = {kInsert, R"("spec":"Till","action":"Split","args":{"n":2})"};
  const std::vector<std::string> bad = {kInsert, kInsert};
  for (const auto& lines : {good, bad}) {
    const VerbRun without = Run(lines, {"--json"});
    const VerbRun with = Run(lines, {"--json", "--sensitivity"});
    EXPECT_EQ(with.exit, without.exit);
    json a = without.json();
    json b = with.json();
    EXPECT_EQ(a["sensitivity"], nullptr);
    EXPECT_TRUE(b["sensitivity"].is_array());
    for (json* result : {&a, &b}) {
      for (json* part : {result, &(*result)["checks"][0]}) {
        part->erase("sensitivity");
        part->erase("seconds");
      }
    }
    EXPECT_EQ(a, b);
  }
}

TEST_F(SensitivityTest, PeopleSeeFirstWhatTheTraceSaysNothingAbout) {
  const VerbRun run = Run({kInsert, R"("spec":"Till","action":"Write","args":{"k":3})"}, {"--sensitivity"});
  EXPECT_EQ(run.exit, 0);
  const std::size_t nothing = run.out.find("argument k of Write");
  const std::size_t decided = run.out.find("argument n of Insert");
  ASSERT_NE(nothing, std::string::npos) << run.out;
  EXPECT_LT(nothing, decided);
  EXPECT_NE(run.out.find("0 of 1   anything would do"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace kelpie::cli
