// What would make a refused event acceptable: each kind of repair helps where it is said to, which is shown by applying
// it to the trace, and is reported as tried in vain where it does not.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

constexpr const char* kDoor = R"(---- MODULE Door ----
EXTENDS Integers
VARIABLES door, coins
Init == door = "shut" /\ coins = 0
Insert(n) == coins' = coins + n /\ UNCHANGED door
Open == door = "shut" /\ coins >= 2 /\ door' = "open" /\ coins' = coins - 2
Kick == door = "shut" /\ door' = "open" /\ UNCHANGED coins
Shut == door = "open" /\ door' = "shut" /\ UNCHANGED coins
Next == Open \/ Kick \/ Shut \/ \E n \in 1..3 : Insert(n)
Spec == Init /\ [][Next]_<<door, coins>>
NotRich == coins <= 5
====
)";

class RepairsTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    Write("Door.tla", kDoor);
    Write("Door.cfg", "SPECIFICATION Spec\nINVARIANT NotRich\n");
  }
  VerbRun Run(const std::vector<std::string>& lines, std::vector<std::string> more = {}) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += R"({"seq":)" + std::to_string(i + 1) + "," + lines[i] + "}\n";
    std::vector<std::string> args{Write("run.jsonl", text), "--spec", Path("Door.tla"), "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return Check(args);
  }
  // The texts of one kind, of a trace that violates.
  std::vector<std::string> Of(const VerbRun& run, const std::string& kind, bool helps) {
    EXPECT_EQ(run.exit, 1) << run.out << run.err;
    std::vector<std::string> texts;
    const json result = run.json();
    for (const json& repair : result["explanations"][0]["repairs"]) {
      EXPECT_EQ(repair["tried"], true);
      if (repair["kind"] == kind && repair["helps"] == helps) texts.push_back(repair["text"]);
    }
    return texts;
  }
  void ExpectConforms(const std::vector<std::string>& lines) {
    const VerbRun run = Run(lines);
    EXPECT_EQ(run.exit, 0) << run.out;
  }
};

using Texts = std::vector<std::string>;

const char* const kInsertTwoShowsThree = R"("spec":"Door","action":"Insert","args":{"n":2},"updates":{"coins":3})";
const char* const kOpenShowsOpen = R"("spec":"Door","action":"Open","updates":{"door":"open"})";

TEST_F(RepairsTest, AnotherArgument) {
  const VerbRun run = Run({kInsertTwoShowsThree});
  EXPECT_EQ(Of(run, "argument", true), Texts{"the argument n were 3"});
  EXPECT_EQ(Of(run, "ignore", true), Texts{"what the event shows of coins were ignored"});
  ExpectConforms({R"("spec":"Door","action":"Insert","args":{"n":3},"updates":{"coins":3})"});
  ExpectConforms({R"("spec":"Door","action":"Insert","args":{"n":2})"});
}

TEST_F(RepairsTest, AnUnreportedStepOrAnotherAction) {
  const VerbRun run = Run({kOpenShowsOpen});
  EXPECT_EQ(Of(run, "hidden", true), Texts{"Insert(n = 2) had happened before it, unreported"});
  EXPECT_EQ(Of(run, "other_action", true), Texts{"it were Kick"});
  EXPECT_EQ(Of(run, "ignore", false), Texts{"ignoring one observed place"});
  ExpectConforms({R"("spec":"Door","action":"Insert","args":{"n":2})", kOpenShowsOpen});
  ExpectConforms({R"("spec":"Door","action":"Kick","updates":{"door":"open"})"});
}

TEST_F(RepairsTest, TheEventBeforeItLaterOrNotAtAll) {
  const std::string first = R"("spec":"Door","action":"Insert","args":{"n":2})";
  const std::string second = R"("spec":"Door","action":"Insert","args":{"n":1},"reads":[{"path":["coins"],"value":0}])";
  const VerbRun run = Run({first, second});
  EXPECT_EQ(Of(run, "swap", true), Texts{"events 1 and 2 were swapped"});
  EXPECT_EQ(Of(run, "without_previous", true), Texts{"event 1, Insert, had not happened"});
  EXPECT_EQ(Of(run, "ignore", true), Texts{"what the event read of coins were ignored"});
  EXPECT_EQ(Of(run, "argument", false), Texts{"another value of n"});
  EXPECT_EQ(Of(run, "hidden", true), Texts{"Open had happened before it, unreported"});
  EXPECT_EQ(Of(run, "other_action", false), Texts{"reading it as another action"});
  ExpectConforms({second, first});
  ExpectConforms({second});
}

// Of an event that is several steps nothing is said about the one before it, for it would have to go in between.
TEST_F(RepairsTest, AnEventOfSeveralStepsIsNotSwapped) {
  const VerbRun run = Run({R"("spec":"Door","action":"Insert","args":{"n":2})",
                           R"("claims":[{"spec":"Door","steps":[{"action":"Kick"},{"action":"Kick"}]}])"});
  for (const char* kind : {"swap", "without_previous"}) {
    EXPECT_EQ(Of(run, kind, true), Texts{}) << kind;
    EXPECT_EQ(Of(run, kind, false), Texts{}) << kind;
  }
  EXPECT_EQ(Of(run, "hidden", true), Texts{"Shut had happened before it, unreported"});
}

TEST_F(RepairsTest, OfAnObservation) {
  const VerbRun run = Run({R"("spec":"Door","action":"Insert","args":{"n":1})",
                           R"("kind":"observe","claims":[{"spec":"Door","updates":{"door":"open"}}])"});
  EXPECT_EQ(Of(run, "hidden", true), Texts{"Kick had happened before it, unreported"});
  EXPECT_EQ(Of(run, "ignore", true), Texts{"what the event shows of door were ignored"});
  EXPECT_EQ(Of(run, "swap", true), Texts{});
}

// A repair that breaks an invariant is none: with five coins no other number of them will do.
TEST_F(RepairsTest, KeepsInvariants) {
  const std::string three = R"("spec":"Door","action":"Insert","args":{"n":3})";
  const std::string two = R"("spec":"Door","action":"Insert","args":{"n":2})";
  const VerbRun run = Run({three, two, two});
  EXPECT_EQ(run.json()["check"], 6);
  EXPECT_EQ(Of(run, "hidden", true), Texts{"Open had happened before it, unreported"});
  EXPECT_EQ(Of(run, "argument", false), Texts{"another value of n"});
  EXPECT_EQ(Of(run, "other_action", true), (Texts{"it were Open", "it were Kick"}));
  ExpectConforms({three, two, R"("spec":"Door","action":"Open")", two});
}

TEST_F(RepairsTest, ALimitIsSaidAndZeroTriesNothing) {
  const VerbRun limited = Run({kOpenShowsOpen}, {"--repairs", "1"});
  EXPECT_EQ(limited.exit, 1);
  EXPECT_NE(limited.out.find("raise it with --repairs"), std::string::npos) << limited.out;
  const VerbRun none = Run({kOpenShowsOpen}, {"--repairs", "0"});
  EXPECT_EQ(none.exit, 1);
  EXPECT_EQ(none.json()["explanations"][0]["repairs"], json::array());
  EXPECT_EQ(none.out.find("--repairs"), std::string::npos) << none.out;
}

TEST_F(RepairsTest, PeopleReadThemBehindTheReason) {
  const VerbRun run =
      Check({Write("run.jsonl", std::string(R"({"seq":1,)") + kOpenShowsOpen + "}\n"), "--spec", Path("Door.tla")});
  EXPECT_EQ(run.exit, 1);
  EXPECT_NE(run.out.find("  accepted if Insert(n = 2) had happened before it, unreported\n  accepted if it were Kick\n"
                         "  tried, does not help:\n    ignoring one observed place\n"),
            std::string::npos)
      << run.out;
}

}  // namespace
}  // namespace kelpie::cli
