// TLCGet and TLCSet of a running exploration, and the ALIAS of its counterexample.
#include <iterator>

#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class RunningTest : public CliTest {
 protected:
  // x goes up to 9; `more` are further definitions.
  VerbRun Count(const std::string& more, const std::string& model, std::vector<std::string> options = {}) {
    Write("Count.tla",
          "---- MODULE Count ----\nEXTENDS Integers, Sequences, TLC\nVARIABLE x\nInit == x = 0\n"
          "Next == x < 9 /\\ x' = x + 1\n" +
              more + "\n====\n");
    Write("Count.cfg", "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n" + model);
    options.insert(options.begin(), Path("Count.tla"));
    return Explore(options);
  }
  json CountJson(const std::string& more, const std::string& model, std::vector<std::string> options = {}) {
    options.emplace_back("--json");
    const VerbRun run = Count(more, model, options);
    EXPECT_NE(run.exit, 70) << run.err;
    return run.json();
  }
  // What one expression is when everything has been explored.
  std::string AtEnd(const std::string& expression) {
    const VerbRun run = Count("End == PrintT(" + expression + ")", "POSTCONDITION End\n");
    return run.exit == 0 ? run.err : run.out;
  }
};

// --- what TLC tells, line by line (tests/testdata/running)

TEST_F(RunningTest, TellsWhatTlcTells) {
  const std::filesystem::path folder = std::filesystem::path(KELPIE_SOURCE_DIR) / "tests/testdata/running";
  for (const char* model : {"Told", "Told_view"}) {
    for (const char* workers : {"1", "3"}) {
      const VerbRun run = Explore(
          {(folder / "Told.tla").string(), "--config", (folder / model).string() + ".cfg", "--workers", workers});
      EXPECT_EQ(run.exit, 0) << run.out;
      std::ifstream file(folder / (std::string(model) + ".txt"));
      const std::string told{std::istreambuf_iterator<char>(file), {}};
      ASSERT_GT(told.size(), 1000U);
      EXPECT_EQ(run.err, told) << model;
    }
  }
}

TEST_F(RunningTest, TotalsAtTheEnd) {
  EXPECT_EQ(AtEnd("<<TLCGet(\"distinct\"), TLCGet(\"generated\"), TLCGet(\"queue\"), TLCGet(\"diameter\"), "
                  "TLCGet(\"level\"), TLCGet(\"stats\").initial>>"),
            "<<10, 10, 0, 10, 0, 1>>\n");
  EXPECT_EQ(AtEnd("TLCGet(\"config\")"), "[deadlock |-> FALSE, mode |-> \"bfs\", seed |-> \"0\", worker |-> 1]\n");
  EXPECT_EQ(AtEnd("TLCGet(\"duration\") \\in 0..100000"), "TRUE\n");
  EXPECT_EQ(AtEnd("{<<a.name, a.location.beginLine, a.location.module>> : a \\in TLCGet(\"spec\").actions} = "
                  "{<<\"Next\", 5, \"Count\">>}"),
            "TRUE\n");
  EXPECT_EQ(AtEnd("{v.name : v \\in TLCGet(\"spec\").variables} \\cup {v.name : v \\in TLCGet(\"spec\").inits}"),
            "{\"Init\", \"x\"}\n");
  EXPECT_EQ(AtEnd("DOMAIN TLCGet(\"spec\") = {\"actions\", \"actionconstraints\", \"constraints\", \"impliedactions\", "
                  "\"impliedinits\", \"impliedtemporals\", \"inits\", \"invariants\", \"temporals\", \"variables\"}"),
            "TRUE\n");
}

TEST_F(RunningTest, UnknownNamesAreRefused) {
  for (const char* name : {"nothing", "revision", "action", "pause", "exit", "", "Level"}) {
    const std::string text = AtEnd(std::string("TLCGet(\"") + name + "\")");
    EXPECT_NE(text.find("cannot be evaluated"), std::string::npos) << name << text;
  }
  for (const char* key : {"-1", "TRUE", "<<1>>", "7", "\"s:never\""})
    EXPECT_NE(AtEnd(std::string("TLCGet(") + key + ")").find("cannot be evaluated"), std::string::npos) << key;
  for (const char* key : {"-1", "TRUE", "\"pause\"", "\"level\""})
    EXPECT_NE(AtEnd(std::string("TLCSet(") + key + ", 1)").find("cannot be evaluated"), std::string::npos) << key;
}

// A PROPERTY about the initial state is about a state of level 1, as for TLC.
TEST_F(RunningTest, InitialPropertiesHaveALevel) {
  EXPECT_EQ(CountJson("First == TLCGet(\"level\") = 1", "PROPERTY First\n")["result"], "ok");
  EXPECT_EQ(CountJson("First == TLCGet(\"level\") = 0", "PROPERTY First\n")["result"], "property");
}

// A temporal property is about behaviors, of which a state may have several.
TEST_F(RunningTest, TemporalPropertiesHaveNoLevel) {
  const json result = CountJson("Live == <>(TLCGet(\"level\") > 5)", "PROPERTY Live\n");
  EXPECT_EQ(result["result"], "evaluation");
  EXPECT_NE(result["diagnostics"].dump().find("no value in a temporal property"), std::string::npos);
}

TEST_F(RunningTest, NothingRunsInACheck) {
  (void)Count("Low == TLCGet(\"level\") < 100", "INVARIANT Low\n");
  Write("t.jsonl", "{\"action\": \"Next\", \"updates\": {\"x\": 1}}\n");
  const VerbRun run = Check({Path("t.jsonl"), "--spec", Path("Count.tla")});
  EXPECT_EQ(run.exit, 3);
  EXPECT_NE(run.out.find("depends on a running exploration"), std::string::npos) << run.out;
}

// --- registers

TEST_F(RunningTest, RegistersLastUntilThePostcondition) {
  const std::string more =
      "ASSUME TLCSet(1, 100) /\\ TLCSet(\"s:max\", 0)\n"
      "Keep == TLCSet(1, TLCGet(1) + 1) /\\ (x > TLCGet(\"s:max\") => TLCSet(\"s:max\", x))\n";
  EXPECT_EQ(Count(more + "End == TLCGet(1) = 110 /\\ TLCGet(\"s:max\") = 9 /\\ TLCGet(\"all\") = (1 :> <<110>>)",
                  "INVARIANT Keep\nPOSTCONDITION End\n")
                .exit,
            0);
  const json result = CountJson(more + "End == TLCGet(1) = 111", "INVARIANT Keep\nPOSTCONDITION End\n");
  EXPECT_EQ(result["result"], "postcondition");
  EXPECT_EQ(result["violated"], "End");
}

// TLC's settings: one that was not set is its own name.
TEST_F(RunningTest, SettingsAreTexts) {
  EXPECT_EQ(AtEnd("TLCGet(\"-Dsome.name\")"), "\"-Dsome.name\"\n");
  EXPECT_EQ(AtEnd("TLCSet(\"-Dsome.name\", 3) /\\ TLCGet(\"-Dsome.name\") = \"3\""), "TRUE\n");
  EXPECT_EQ(AtEnd("TLCGet(\"-Dtlc2.tool.impl.Tool.cdot\")"), "\"true\"\n");
}

// A new state that two steps reach is judged once, as by TLC.
TEST_F(RunningTest, EachStateIsJudgedOnce) {
  const VerbRun run = Count("Twice == x < 3 /\\ (x' = x + 1 \\/ x' = x + 1)\nSeen == TLCSet(1, TLCGet(1) + 1)\n"
                            "ASSUME TLCSet(1, 0)\nEnd == PrintT(<<TLCGet(1), TLCGet(\"generated\")>>)",
                            "NEXT Twice\nINVARIANT Seen\nPOSTCONDITION End\n");
  EXPECT_EQ(run.exit, 3) << "NEXT stands twice";
  Write("Count.cfg", "INIT Init\nNEXT Twice\nCHECK_DEADLOCK FALSE\nINVARIANT Seen\nPOSTCONDITION End\n");
  EXPECT_EQ(Explore({Path("Count.tla")}).err, "<<4, 7>>\n");
}

// --- TLCSet("exit", TRUE)

// The state at hand is finished; TLC's counts, and its exit.
TEST_F(RunningTest, ExitEndsTheExploration) {
  const std::string end =
      "\nEnd == PrintT(<<TLCGet(\"stats\").distinct, TLCGet(\"queue\"), TLCGet(\"generated\"), TLCGet(\"diameter\")>>)\n"
      "Live == <>(x = 99)\nBad == x # 7\n";
  const std::string model = "POSTCONDITION End\nPROPERTY Live\nINVARIANTS Bad ";
  const VerbRun run = Count("Stop == x = 4 => TLCSet(\"exit\", TRUE)" + end, model + "Stop\n", {"--json"});
  EXPECT_EQ(run.exit, 0) << run.out;
  EXPECT_EQ(run.err, "<<5, 1, 5, 5>>\n");
  const json result = run.json();
  EXPECT_EQ(result["result"], "ok");
  EXPECT_EQ(result["stopped"], true);
  EXPECT_EQ(result["counts_partial"], true);
  EXPECT_EQ(result["states_distinct"], 5);
  EXPECT_EQ(result["properties_undecided"], json::array({"Live"}));
  EXPECT_NE(Count("Stop == x = 4 => TLCSet(\"exit\", TRUE)" + end, model + "Stop\n").out.find("stopped by TLCSet"),
            std::string::npos);
}

TEST_F(RunningTest, ExitOfAnythingButTrueDoesNothing) {
  const json result =
      CountJson("Stop == TLCSet(\"exit\", FALSE) /\\ TLCSet(\"exit\", x)\nBad == x # 7", "INVARIANTS Stop Bad\n");
  EXPECT_EQ(result["result"], "invariant");
  EXPECT_EQ(result["stopped"], false);
}

// A violation that the same state shows is told.
TEST_F(RunningTest, ExitHidesNoViolation) {
  const json result = CountJson("Bad == IF x = 4 THEN TLCSet(\"exit\", TRUE) /\\ FALSE ELSE TRUE", "INVARIANT Bad\n");
  EXPECT_EQ(result["result"], "invariant");
  EXPECT_EQ(result["trace"].size(), 5U);
}

TEST_F(RunningTest, ExitBeforeTheFirstStep) {
  const json result = CountJson("ASSUME TLCSet(\"exit\", TRUE)\nBad == x < 5\nConst == TLCGet(\"level\") < 2",
                                "INVARIANTS Bad Const\n");
  EXPECT_EQ(result["result"], "ok");
  EXPECT_EQ(result["states_distinct"], 1);
  EXPECT_EQ(result["stopped"], true);
}

// --- ALIAS

constexpr const char* kAlias =
    "Low == TLCGet(\"level\") < 4\n"
    "Alias == [x |-> x, next |-> x', level |-> TLCGet(\"level\"), after |-> TLCGet(\"level\")', same |-> x = x']";

TEST_F(RunningTest, AliasStandsForStates) {
  const json result = CountJson(kAlias, "INVARIANT Low\nALIAS Alias\n");
  EXPECT_EQ(result["result"], "invariant");
  EXPECT_TRUE(result["config_ignored"].empty());
  ASSERT_EQ(result["trace"].size(), 4U);
  EXPECT_EQ(result["trace"][0]["alias"],
            json::parse(R"({"x": 0, "next": 1, "level": 1, "after": 2, "same": false})"));
  // Nothing follows the last state: primes mean the state itself.
  EXPECT_EQ(result["trace"][3]["alias"],
            json::parse(R"({"x": 3, "next": 3, "level": 4, "after": 4, "same": true})"));
  EXPECT_EQ(result["trace"][3]["state"], json::parse(R"({"x": 3})"));
  const VerbRun text = Count(kAlias, "INVARIANT Low\nALIAS Alias\n");
  EXPECT_NE(text.out.find("  * level = 4\n    next = 3\n  * same = TRUE\n  * x = 3\n"), std::string::npos) << text.out;
}

TEST_F(RunningTest, WithoutAliasThereIsNone) {
  const json result = CountJson(kAlias, "INVARIANT Low\n");
  EXPECT_TRUE(result["trace"][0]["alias"].is_null());
}

// With several workers, with all violations, of a loop, in a simulation.
TEST_F(RunningTest, AliasOfEveryTrace) {
  const std::string more =
      "Low == x < 3\nLive == <>(x = 99)\nAlias == [x |-> x, next |-> x', texts |-> <<ToString(x)>>]";
  const json one = CountJson(more, "INVARIANT Low\nALIAS Alias\n");
  json three = CountJson(more, "INVARIANT Low\nALIAS Alias\n", {"--workers", "3"});
  EXPECT_EQ(one["trace"], three["trace"]);
  EXPECT_EQ(one["trace"][3]["alias"], json::parse(R"({"x": 3, "next": 3, "texts": ["3"]})"));
  const json all = CountJson(more, "INVARIANT Low\nALIAS Alias\n", {"--continue"});
  EXPECT_EQ(all["violations"][0]["trace"], one["trace"]);
  const json loop = CountJson(more, "PROPERTY Live\nALIAS Alias\n");
  EXPECT_EQ(loop["trace"][9]["alias"]["next"], 9);
  const json random = CountJson(more, "INVARIANT Low\nALIAS Alias\n", {"--simulate", "1"});
  EXPECT_EQ(random["trace"][2]["alias"]["next"], 3);
}

// TLC's name for it: the trace is told all the same.
TEST_F(RunningTest, AliasThatErrs) {
  const json result = CountJson("Low == x < 3\nAlias == [y |-> 1 \\div (x - 1)]", "INVARIANT Low\nALIAS Alias\n");
  EXPECT_EQ(result["trace"][0]["alias"], json::parse(R"({"y": -1})"));
  EXPECT_EQ(result["trace"][1]["alias"], json::parse(R"({"x": 1, "_ALIASEvalError": "division by zero"})"));
  const json number = CountJson("Low == x < 3\nAlias == x + 1", "INVARIANT Low\nALIAS Alias\n");
  EXPECT_TRUE(number["trace"][1]["alias"].is_null());
}

// --- Trace, and what ShiViz draws

// TLC's prints; what a constraint is about is the state that a step leads to.
TEST_F(RunningTest, TraceEndsInThePresentState) {
  const VerbRun run =
      Count("Up == x < 2 /\\ PrintT(<<\"up\", Trace>>) /\\ x' = x + 1\nHolds == PrintT(<<\"invariant\", Trace>>)\n"
            "Within == PrintT(<<\"constraint\", Len(Trace)>>)\nAllowed == PrintT(<<\"action\", Len(Trace)>>)",
            "INVARIANT Holds\nCONSTRAINT Within\nACTION_CONSTRAINT Allowed\n");
  EXPECT_EQ(run.exit, 3) << "there is no module TLCExt";
  Write("Traced.tla",
        "---- MODULE Traced ----\nEXTENDS Count, TLCExt\nUp == x < 2 /\\ PrintT(<<\"up\", Trace>>) /\\ x' = x + 1\n"
        "Holds == PrintT(<<\"invariant\", Trace>>)\nWithin == PrintT(<<\"constraint\", Len(Trace)>>)\n"
        "Allowed == PrintT(<<\"action\", Len(Trace)>>)\nBad == Len(Trace) < 3\nPrimed == Len(Trace') > 0\n"
        "Alias == [all |-> Trace, n |-> Len(Trace)]\nAtStart == Trace = <<>>\n====\n");
  (void)Count("", "");
  Write("Traced.cfg",
        "INIT Init\nNEXT Up\nINVARIANT Holds\nCONSTRAINT Within\nACTION_CONSTRAINT Allowed\nCHECK_DEADLOCK FALSE\n");
  EXPECT_EQ(Explore({Path("Traced.tla")}).err,
            "<<\"constraint\", 1>>\n<<\"invariant\", <<[x |-> 0]>>>>\n"
            "<<\"up\", <<[x |-> 0]>>>>\n<<\"constraint\", 2>>\n<<\"action\", 1>>\n"
            "<<\"invariant\", <<[x |-> 0], [x |-> 1]>>>>\n"
            "<<\"up\", <<[x |-> 0], [x |-> 1]>>>>\n<<\"constraint\", 3>>\n<<\"action\", 2>>\n"
            "<<\"invariant\", <<[x |-> 0], [x |-> 1], [x |-> 2]>>>>\n");
  Write("Traced.cfg", "INIT Init\nNEXT Next\nINVARIANT Bad\nALIAS Alias\nCHECK_DEADLOCK FALSE\n");
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--simulate", "1"}}) {
    std::vector<std::string> args{Path("Traced.tla"), "--json"};
    args.insert(args.end(), options.begin(), options.end());
    const json result = Explore(args).json();
    ASSERT_EQ(result["trace"].size(), 3U);
    EXPECT_EQ(result["trace"][1]["alias"], json::parse(R"({"all": [{"x": 0}, {"x": 1}], "n": 2})"));
  }
  for (const char* refused : {"ACTION_CONSTRAINT Primed", "POSTCONDITION AtStart", "PROPERTY AtStart"}) {
    Write("Traced.cfg", std::string("INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n") + refused + "\n");
    const VerbRun error = Explore({Path("Traced.tla"), "--json"});
    EXPECT_EQ(error.exit, refused[0] == 'P' && refused[1] == 'R' ? 1 : 3) << refused << error.out;
  }
}

// As TLC's module computes them when it explores a counterexample again.
TEST_F(RunningTest, ShiVizDrawsCounterexamples) {
  Write("Shown.tla",
        "---- MODULE Shown ----\nEXTENDS Integers, Sequences, ShiViz\nVARIABLES pc, x\n"
        "Init == pc = [p \\in {\"p\", \"q\"} |-> \"a\"] /\\ x = 0\n"
        "Step(p) == pc[p] = \"a\" /\\ pc' = [pc EXCEPT ![p] = \"b\"] /\\ x' = x + 1\n"
        "Back(p) == pc[p] = \"b\" /\\ pc' = [pc EXCEPT ![p] = \"a\"] /\\ UNCHANGED x\n"
        "Quiet == x = 2 /\\ x' = 3 /\\ UNCHANGED pc\n"
        "Next == (\\E p \\in {\"p\", \"q\"} : Step(p) \\/ Back(p)) \\/ Quiet\nBad == x < 4\n"
        "Alias == [host |-> Host, clock |-> Clock, at |-> _TEPosition, n |-> Len(_TETrace)]\n"
        "Here == Host = \"p\"\n====\n");
  Write("Shown.cfg", "INIT Init\nNEXT Next\nINVARIANT Bad\nALIAS Alias\n");
  const json result = Explore({Path("Shown.tla"), "--json"}).json();
  const std::vector<std::pair<std::string, std::string>> expected{
      {"--", "{\"p\":0,\"q\":0}"}, {"p", "{\"p\":1,\"q\":0}"}, {"p", "{\"p\":2,\"q\":0}"},
      {"p", "{\"p\":3,\"q\":0}"},  {"p", "{\"p\":4,\"q\":0}"}, {"q", "{\"p\":4,\"q\":1}"}};
  ASSERT_EQ(result["trace"].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const json& alias = result["trace"][i]["alias"];
    EXPECT_EQ(alias["host"], expected[i].first);
    EXPECT_EQ(alias["clock"], expected[i].second);
    EXPECT_EQ(alias["at"], i + 1);
    EXPECT_EQ(alias["n"], 6);
  }
  Write("Shown.cfg", "INIT Init\nNEXT Next\nINVARIANT Here\n");
  EXPECT_EQ(Explore({Path("Shown.tla")}).exit, 3);
  const VerbRun without = Count("", "");
  Write("Bare.tla", "---- MODULE Bare ----\nEXTENDS Count, ShiViz\nLow == x < 2\nAlias == [h |-> Host]\n====\n");
  Write("Bare.cfg", "INIT Init\nNEXT Next\nINVARIANT Low\nALIAS Alias\n");
  EXPECT_NE(Explore({Path("Bare.tla")}).out.find("there is none"), std::string::npos);
}

// --- a log, a line a level

TEST_F(RunningTest, LogsAreFollowedByLevel) {
  Write("Log.tla",
        "---- MODULE Log ----\nEXTENDS Integers, Sequences, TLC, Json\nVARIABLE n\n"
        "Lines == ndJsonDeserialize(\"" + Path("log.ndjson") + "\")\n"
        "Init == n = 0\nAdd(k) == n' = n + k\nSkip == UNCHANGED n\nNext == Skip \\/ \\E k \\in {-1, 1} : Add(k)\n"
        "Line == LET i == TLCGet(\"level\") IN i <= Len(Lines) /\\ n' = Lines[i].n\n"
        "Seen == <<n, TLCGet(\"level\")>>\n"
        "All == TLCGet(\"stats\").diameter - 1 = Len(Lines) \\/ (PrintT(Lines[TLCGet(\"diameter\")]) /\\ FALSE)\n====\n");
  Write("Log.cfg", "INIT Init\nNEXT Next\nVIEW Seen\nACTION_CONSTRAINT Line\nPOSTCONDITION All\nCHECK_DEADLOCK FALSE\n");
  Write("log.ndjson", "{\"n\": 1}\n{\"n\": 1}\n{\"n\": 0}\n{\"n\": 1}\n");
  const VerbRun accepted = Explore({Path("Log.tla"), "--json"});
  EXPECT_EQ(accepted.exit, 0) << accepted.out;
  EXPECT_EQ(accepted.json()["states_distinct"], 5);
  Write("log.ndjson", "{\"n\": 1}\n{\"n\": 1}\n{\"n\": 3}\n{\"n\": 1}\n");
  const VerbRun refused = Explore({Path("Log.tla")});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_NE(refused.out.find("postcondition All is false"), std::string::npos);
  EXPECT_EQ(refused.err, "[n |-> 3]\n");
}

// --- simulation

TEST_F(RunningTest, SimulationsTellLevelsAndStop) {
  const std::string more =
      "Right == TLCGet(\"level\") = x + 1\nMode == TLCGet(\"config\").mode = \"simulate\" /\\ TLCGet(\"config\").traces = 5\n"
      "Stop == TLCGet(\"stats\").traces = 2 => TLCSet(\"exit\", TRUE)\n"
      "Move == TLCGet(\"level\") = x + 1 /\\ TLCGet(\"level\")' = x'+ 1\nMoves == [][Move]_x\n"
      "Allowed == TLCGet(\"level\") = x + 1\nEnd == PrintT(TLCGet(\"stats\").traces)\n";
  const std::string model = "INVARIANTS Right Mode\nPROPERTY Moves\nACTION_CONSTRAINT Move\nCONSTRAINT Allowed\n";
  const VerbRun run = Count(more, model + "POSTCONDITION End\n", {"--simulate", "5", "--json"});
  EXPECT_EQ(run.exit, 0) << run.out;
  EXPECT_EQ(run.err, "5\n");
  EXPECT_EQ(run.json()["behaviors"], 5);
  const json stopped = CountJson(more, model + "INVARIANT Stop\n", {"--simulate", "5"});
  EXPECT_EQ(stopped["stopped"], true);
  EXPECT_EQ(stopped["behaviors"], 3);
  const json refused = CountJson("Low == TLCGet(\"distinct\") >= 0", "INVARIANT Low\n", {"--simulate", "1"});
  EXPECT_EQ(refused["result"], "evaluation");
}

// Nothing but seconds differs between two runs.
TEST_F(RunningTest, RunsAreTheSame) {
  const auto run = [this] {
    json result = CountJson(std::string(kAlias) + "\nShow == PrintT(TLCGet(\"stats\")) \\/ TRUE",
                            "INVARIANTS Show Low\nALIAS Alias\n");
    result.erase("seconds");
    return result;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace kelpie::cli
