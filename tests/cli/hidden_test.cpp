// `check --hidden`: steps that nobody reported are found, named and counted; what needs more of them violates.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

constexpr const char* kSpec = R"(---- MODULE Lamp ----
EXTENDS Naturals
CONSTANT Rooms
VARIABLES level, lit
vars == <<level, lit>>
Init == level = 0 /\ lit = [r \in Rooms |-> FALSE]
Raise(by) == level' = level + by /\ UNCHANGED lit
Switch(r) == lit' = [lit EXCEPT ![r] = ~@] /\ UNCHANGED level
Show == level > 2 /\ lit["hall"] /\ UNCHANGED vars
Next == (\E by \in 1..2 : Raise(by)) \/ (\E r \in Rooms : Switch(r)) \/ Show
Spec == Init /\ [][Next]_vars
NotTooHigh == level <= 4
====
)";

class HiddenTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    spec_ = Write("Lamp.tla", kSpec);
    Write("Lamp.cfg", "CONSTANT Rooms = {\"hall\", \"attic\"}\nSPECIFICATION Spec\nINVARIANT NotTooHigh\n");
  }
  VerbRun Run(const std::vector<std::string>& lines, std::vector<std::string> options) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    std::vector<std::string> args = {Write("run.jsonl", text), "--spec", spec_};
    args.insert(args.end(), options.begin(), options.end());
    return Check(args);
  }
  std::string spec_;
};

std::string Raised(int to) {
  return R"({"action":"Raise","args":{"by":1},"updates":[{"path":["level"],"value":)" + std::to_string(to) + "}]}";
}
constexpr const char* kShow = R"({"action":"Show"})";

TEST_F(HiddenTest, StepsBetweenEventsAreFoundAndNamed) {
  const std::vector<std::string> lines = {Raised(1), Raised(3), kShow};
  const VerbRun without = Run(lines, {});
  EXPECT_EQ(without.exit, 1) << without.out;
  const VerbRun text = Run(lines, {"--hidden", "Raise", "--hidden", "Switch:2"});
  EXPECT_EQ(text.exit, 0) << text.out;
  EXPECT_NE(text.out.find("  hidden between events 1 and 2: Raise(by = 1)\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("Switch(r = \"hall\")\n"), std::string::npos) << text.out;
  const json result = Run(lines, {"--hidden", "Raise", "--hidden", "Switch:2", "--json"}).json();
  EXPECT_EQ(result["hidden_steps"], 2);
  EXPECT_EQ(result["hidden"][0], json::parse(R"({"before":2,"action":"Raise","args":{"by":1},"count":1})"));
  EXPECT_EQ(result["hidden"][1]["action"], "Switch");
}

TEST_F(HiddenTest, RepeatedStepsAreCounted) {
  const VerbRun text = Run({Raised(1), R"({"kind":"observe","updates":[{"path":["level"],"value":4}]})"},
                           {"--hidden", "Raise:3", "--json"});
  EXPECT_EQ(text.exit, 0) << text.out;
  EXPECT_EQ(text.json()["hidden_steps"], 2) << "by 1 and by 2: the shortest way";
}

TEST_F(HiddenTest, TheBoundIsPartOfWhatIsClaimed) {
  const std::vector<std::string> lines = {Raised(1), Raised(4)};
  EXPECT_EQ(Run(lines, {"--hidden", "Raise:1"}).exit, 0);
  const std::vector<std::string> more = {Raised(0 + 1),
                                         R"({"action":"Show","updates":[{"path":["level"],"value":4}]})"};
  EXPECT_EQ(Run(more, {"--hidden", "Raise:1", "--hidden", "Switch"}).exit, 1) << "from 1 to 4 takes two";
  EXPECT_EQ(Run(more, {"--hidden", "Raise:2", "--hidden", "Switch"}).exit, 0);
  const VerbRun limited = Run(more, {"--hidden", "Raise:2", "--hidden", "Switch", "--max-hidden", "1"});
  EXPECT_EQ(limited.exit, 2) << limited.out;
  EXPECT_NE(limited.out.find("--max-hidden"), std::string::npos) << limited.out;
}

// A hidden step breaks no invariant on its way.
TEST_F(HiddenTest, HiddenStepsKeepTheInvariants) {
  Write("Lamp.cfg", "CONSTANT Rooms = {\"hall\"}\nSPECIFICATION Spec\nINVARIANT NotLitBelow\n");
  spec_ = Write("Lamp.tla", std::string(kSpec).replace(std::string(kSpec).find("===="), 4,
                                                       "NotLitBelow == lit[\"hall\"] => level > 1\n===="));
  const std::vector<std::string> lines = {Raised(1),
                                          R"({"kind":"observe","updates":[{"path":["lit","hall"],"value":true}]})"};
  EXPECT_EQ(Run(lines, {"--hidden", "Switch"}).exit, 1);
  EXPECT_EQ(Run(lines, {"--hidden", "Switch", "--hidden", "Raise"}).exit, 0);
}

// A hidden way that ends in an error neither explains nor refutes.
TEST_F(HiddenTest, AnErrorOfAHiddenStepIsNoViolation) {
  std::string text = kSpec;
  text.replace(text.find("Next =="), 7,
               "Break == level' = 1 \\div (level - level) /\\ UNCHANGED lit\nNext == Break \\/");
  spec_ = Write("Lamp.tla", text);
  const char* const dark = R"({"kind":"observe","updates":[{"path":["level"],"value":9}]})";
  for (const std::string& last : {std::string(kShow), std::string(dark)}) {
    EXPECT_EQ(Run({Raised(1), last}, {}).exit, 1);
    const VerbRun erred = Run({Raised(1), last}, {"--hidden", "Break"});
    EXPECT_EQ(erred.exit, 3) << erred.out;
  }
  const VerbRun lived = Run({Raised(1), Raised(2)}, {"--hidden", "Break"});
  EXPECT_EQ(lived.exit, 0) << lived.out;
  EXPECT_NE(lived.out.find("a way that was not needed ends in an error"), std::string::npos) << lived.out;
}

// Many ways to few states: what was not looked at is not taken for looked at.
TEST_F(HiddenTest, ASearchThatIsCutOffIsInconclusive) {
  spec_ = Write("Dial.tla",
                "---- MODULE Dial ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
                "Left == x' = (x + 1) % 4\nRight == x' = (x + 1) % 4\nNext == Left \\/ Right\n"
                "Spec == Init /\\ [][Next]_x\n====\n");
  Write("Dial.cfg", "SPECIFICATION Spec\n");
  const std::vector<std::string> lines = {R"({"action":"Left"})",
                                          R"({"kind":"observe","updates":[{"path":["x"],"value":9}]})"};
  const std::vector<std::string> hidden = {"--hidden", "Left:3", "--hidden", "Right:3"};
  EXPECT_EQ(Run(lines, hidden).exit, 1);
  std::vector<std::string> narrow = hidden;
  narrow.insert(narrow.end(), {"--max-frontier", "4"});
  const VerbRun run = Run(lines, narrow);
  EXPECT_EQ(run.exit, 2) << run.out;
  EXPECT_NE(run.out.find("--max-frontier"), std::string::npos) << run.out;
}

TEST_F(HiddenTest, BadOptions) {
  for (const char* text : {":2", "Raise:0", "Raise:x", "Raise:1001", "Raise:"}) {
    const VerbRun run = Run({Raised(1)}, {"--hidden", text});
    EXPECT_EQ(run.exit, 3) << text;
    EXPECT_NE(run.err.find(std::string("--hidden ") + text + ": expected ACTION or ACTION:N"), std::string::npos)
        << run.err;
  }
  const VerbRun unknown = Run({Raised(1)}, {"--hidden", "Lower"});
  EXPECT_EQ(unknown.exit, 3) << unknown.out;
  EXPECT_NE(unknown.out.find("Lower"), std::string::npos) << unknown.out;
  EXPECT_NE(unknown.out.find("no disjunct of Next"), std::string::npos) << unknown.out;
}

}  // namespace
}  // namespace kelpie::cli
