// Community modules through the verbs: with either engine, and where they reach out of the checker.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class CommunityVerb : public CliTest {
 protected:
  VerbRun CheckWith(const std::string& engine, const std::string& trace) {
    return Call(RunCheck, {Path(trace), "--spec", Path("S.tla"), "--guards", engine, "--json"});
  }
  VerbRun Explore(std::vector<std::string> more = {}) {
    std::vector<std::string> args{Path("S.tla"), "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return Call(RunExplore, args);
  }
  void WriteSpec(const std::string& extends, const std::string& body, const std::string& config) {
    Write("S.tla", "---- MODULE S ----\nEXTENDS Naturals, " + extends + "\n" + body + "\n====\n");
    Write("S.cfg", config);
  }
};

// What the solver does not know it gives up; it never decides it wrongly.
TEST_F(CommunityVerb, SolverGivesOperatorsUp) {
  WriteSpec("FiniteSetsExt, SequencesExt",
            "VARIABLES s, n\nInit == s = {} /\\ n = 0\n"
            "Add(k) == s' = s \\cup {k} /\\ n' = SumSet(s')\n"
            "Guarded(k) == FoldSet(LAMBDA a, b : a + b, 0, s \\cup {k}) = 7 /\\ UNCHANGED <<s, n>>\n"
            "Take(t) == n' = Last(t) /\\ UNCHANGED s\n"
            "Next == \\/ \\E k \\in 1..5 : Add(k) \\/ Guarded(k)\n        \\/ \\E t \\in TupleOf(1..3, 2) : Take(t)",
            "INIT Init\nNEXT Next\n");
  const std::string rest = "{\"action\": \"Guarded\"}\n{\"action\": \"Take\", \"updates\": {\"n\": 2}}\n";
  Write("good.jsonl", "{\"action\": \"Add\", \"args\": {\"k\": 3}, \"updates\": {\"n\": 3}}\n" + rest);
  Write("bad.jsonl", "{\"action\": \"Add\", \"args\": {\"k\": 4}, \"updates\": {\"n\": 3}}\n" + rest);
  for (const char* engine : {"concrete", "both"}) {
    EXPECT_EQ(CheckWith(engine, "good.jsonl").exit, 0) << engine;
    EXPECT_EQ(CheckWith(engine, "bad.jsonl").exit, 1) << engine;
  }
  for (const char* trace : {"good.jsonl", "bad.jsonl"}) {
    const VerbRun run = CheckWith("z3", trace);
    EXPECT_EQ(run.exit, 2) << run.out << run.err;
    EXPECT_EQ(run.json()["limit"]["name"], "unsupported");
  }
}

// An operator with an effect is evaluated for each state, also when its arguments are the same.
TEST_F(CommunityVerb, WritesOncePerStateWhereAllowed) {
  WriteSpec("CSV",
            "VARIABLE x\nInit == x = 0\nNext == x < 3 /\\ x' = x + 1\n"
            "Varying == CSVWrite(\"%s\", <<x>>, \"" + Path("v.csv") + "\")\n"
            "Fixed == CSVWrite(\"%s\", <<\"c\">>, \"" + Path("f.csv") + "\")",
            "INIT Init\nNEXT Next\nINVARIANTS Varying Fixed\nCHECK_DEADLOCK FALSE\n");
  const VerbRun refused = Explore();
  EXPECT_EQ(refused.exit, 3);
  EXPECT_NE(refused.out.find("--allow-write"), std::string::npos) << refused.out;
  const VerbRun allowed = Explore({"--allow-write", Path("")});
  ASSERT_EQ(allowed.exit, 0) << allowed.out << allowed.err;
  EXPECT_EQ(ReadAll(Path("v.csv")), "0\n1\n2\n3\n");
  EXPECT_EQ(ReadAll(Path("f.csv")), "\"c\"\n\"c\"\n\"c\"\n\"c\"\n");
}

TEST_F(CommunityVerb, ProgramsRunWhereAllowed) {
  WriteSpec("IOUtils",
            "VARIABLE x\nInit == x = atoi(IOExec(<<\"printf\", \"3\">>).stdout)\nNext == x' = x\nIs == x = 3",
            "INIT Init\nNEXT Next\nINVARIANT Is\n");
  EXPECT_EQ(Explore().exit, 3);
  const VerbRun allowed = Explore({"--allow-exec"});
  ASSERT_EQ(allowed.exit, 0) << allowed.out << allowed.err;
  EXPECT_EQ(allowed.json()["states_distinct"], 1);
  EXPECT_EQ(Explore({"--allow-exec", "--max-exec", "0"}).exit, 3);
}

// A specification that is led by a log: a line for each step.
TEST_F(CommunityVerb, LogsAreFollowed) {
  const auto follow = [this](const std::string& log) {
    Write("log.ndjson", log);
    return Explore();
  };
  WriteSpec("Integers, Json, Sequences",
            "VARIABLES i, n\nLog == ndJsonDeserialize(\"" + Path("log.ndjson") +
                "\")\n"
                "Init == i = 1 /\\ n = Log[1].first\n"
                "Take(l) == /\\ l.op \\in {\"add\", \"drop\"}\n"
                "           /\\ n' = IF l.op = \"add\" THEN n + l.by ELSE n - l.by\n           /\\ n' >= 0\n"
                "Next == \\/ i < Len(Log) /\\ i' = i + 1 /\\ Take(Log[i + 1])\n"
                "        \\/ i = Len(Log) /\\ UNCHANGED <<i, n>>",
            "INIT Init\nNEXT Next\n");
  const std::string head = "{\"first\": 4000000000}\n{\"op\": \"add\", \"by\": 2}\n\n";
  const VerbRun accepted = follow(head + "{\"op\": \"drop\", \"by\": 4e9}\n");
  EXPECT_EQ(accepted.exit, 0) << accepted.out << accepted.err;
  EXPECT_EQ(accepted.json()["states_distinct"], 3);
  // The line that is no step is where the trace ends.
  const VerbRun refused = follow(head + "{\"op\": \"drop\", \"by\": 4000000003}\n{\"op\": \"add\", \"by\": 1}\n");
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.json()["result"], "deadlock");
  EXPECT_EQ(refused.json()["trace"].size(), 2U);
  const auto error = [&](const std::string& log) {
    const VerbRun run = follow(log);
    EXPECT_EQ(run.exit, 3) << run.out;
    EXPECT_EQ(run.json()["result"], "evaluation");
    return run.out;
  };
  const std::string path = Path("log.ndjson");
  EXPECT_NE(error(head + "{\"op\": \"drop\", \"by\": null}\n").find(path + ":4:22: null is no value"), std::string::npos);
  EXPECT_NE(error(head + "{\"op\": \"drop\", \"by\": 1.5}\n").find(path + ":4:22: the number 1.5 is no"), std::string::npos);
  EXPECT_NE(error(head + "{\"op\": \"drop\", \"op\": 1}\n").find(path + ":4:16: the name"), std::string::npos);
  const std::string torn = error(head + "{\"op\": \"drop\",\n");
  EXPECT_NE(torn.find(path + ":4:15: not JSON"), std::string::npos) << torn;
  std::filesystem::remove(path);
  EXPECT_NE(Explore().out.find("there is no file"), std::string::npos);
}

// A step of A \\cdot B is one of A and then one of B; what a trace shows is before and after both.
TEST_F(CommunityVerb, ComposedActionsAreOneStep) {
  WriteSpec("Integers",
            "VARIABLES x, y\nInit == x = 0 /\\ y = 0\nAdd(k) == x' = x + k /\\ UNCHANGED y\n"
            "Copy == y' = x /\\ x' \\in {x, 0}\nBoth(k) == Add(k) \\cdot Copy\nNext == \\E k \\in 1..3 : Both(k)",
            "INIT Init\nNEXT Next\n");
  Write("good.jsonl",
        "{\"action\": \"Both\", \"args\": {\"k\": 2}, \"updates\": {\"x\": 0, \"y\": 2}}\n"
        "{\"action\": \"Both\", \"updates\": {\"y\": 3}}\n{\"updates\": {\"x\": 4}}\n");
  Write("bad.jsonl",
        "{\"action\": \"Both\", \"args\": {\"k\": 2}, \"updates\": {\"x\": 2, \"y\": 2}}\n"
        "{\"action\": \"Both\", \"updates\": {\"x\": 4, \"y\": 5}}\n");
  const VerbRun good = CheckWith("concrete", "good.jsonl");
  EXPECT_EQ(good.exit, 0) << good.out;
  const VerbRun bad = CheckWith("concrete", "bad.jsonl");
  EXPECT_EQ(bad.exit, 1) << bad.out;
  EXPECT_EQ(bad.json()["failed_at"], 2) << bad.out;
  const VerbRun solver = CheckWith("z3", "bad.jsonl");
  EXPECT_EQ(solver.exit, 2) << solver.out;
  EXPECT_EQ(solver.json()["limit"]["name"], "unsupported");
}

// Sets that are asked, not listed.
TEST_F(CommunityVerb, LargeSetsAreAsked) {
  WriteSpec("SequencesExt, Functions",
            "VARIABLES q, f\nInit == q = <<>> /\\ f = [i \\in 1..9 |-> i]\n"
            "Next == Len(q) < 3 /\\ \\E i \\in {1, 999} : q' = Append(q, i) /\\ UNCHANGED f\n"
            "TypeOK == q \\in BoundedSeq(1..1000, 3) /\\ f \\in Bijection(1..9, 1..9)",
            "INIT Init\nNEXT Next\nINVARIANT TypeOK\nCHECK_DEADLOCK FALSE\n");
  const VerbRun run = Explore();
  ASSERT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_EQ(run.json()["states_distinct"], 15);
}

}  // namespace
}  // namespace kelpie::cli
