// Bad input gives exit 3 and says what and where; never a pass.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

constexpr char kStep[] = "{\"spec\":\"Stock\",\"action\":\"Sell\",\"args\":{\"i\":\"apple\",\"q\":1}}\n";

class BadInput : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    CopyTestdata("Stock.tla");
    CopyTestdata("Stock.cfg");
  }
  // Exit 3 with this code among the diagnostics.
  void Expect(const std::string& trace, const std::string& code, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {Write("run.jsonl", trace), "--spec", Path("Stock.tla"), "--json"});
    ExpectRun(Check(options), code);
  }
  static void ExpectRun(const VerbRun& run, const std::string& code) {
    EXPECT_EQ(run.exit, 3) << run.out << run.err;
    const auto result = run.json();
    EXPECT_EQ(result["verdict"], "bad_input");
    bool is_found = false;
    std::string codes;
    for (const auto& check : result["checks"]) {
      for (const auto& diagnostic : check["diagnostics"]) {
        codes += diagnostic["code"].get<std::string>() + " ";
        is_found = is_found || diagnostic["code"] == code;
      }
    }
    EXPECT_TRUE(is_found) << "no " << code << " among " << codes;
  }
};

TEST_F(BadInput, MissingTrace) { ExpectRun(Check({Path("none.jsonl"), "--json"}), "cannot-open"); }

TEST_F(BadInput, MissingSpec) {
  ExpectRun(Check({Write("run.jsonl", kStep), "--spec", Path("None.tla"), "--json"}), "file-unreadable");
}

TEST_F(BadInput, SpecNowhere) {
  ExpectRun(Check({Write("run.jsonl", "{\"spec\":\"Nowhere\",\"action\":\"A\"}\n"), "--json"}), "spec-not-found");
}

TEST_F(BadInput, WrongModuleName) {
  std::filesystem::copy_file(Path("Stock.tla"), Path("Shop.tla"));
  std::filesystem::copy_file(Path("Stock.cfg"), Path("Shop.cfg"));
  ExpectRun(Check({Write("run.jsonl", kStep), "--spec", Path("Shop.tla"), "--json"}), "module-name-mismatch");
}

TEST_F(BadInput, UndefinedConstant) {
  Write("Stock.cfg", "SPECIFICATION Spec\n");
  Expect(kStep, "model-constant-missing");
}

TEST_F(BadInput, UnknownNameInTheModelFile) {
  Write("Stock.cfg", "CONSTANT Items = {apple}\nCONSTANT Size <- Items\nSPECIFICATION Spec\n");
  Expect(kStep, "model-unknown-name");
}

TEST_F(BadInput, ConstantOfNoSpec) {
  Expect("{\"header\":{\"format\":\"kelpie.trace/1\",\"constants\":{\"Size\":3}}}\n" + std::string(kStep), "unknown-constant");
}

TEST_F(BadInput, ATraceOfAnotherSpec) { Expect("{\"spec\":\"Other\",\"action\":\"Sell\"}\n", "no-event"); }

TEST_F(BadInput, AnEmptyTrace) { Expect("", "no-event"); }

TEST_F(BadInput, NothingObserved) { Expect("{\"spec\":\"Stock\"}\n", "nothing-observed"); }

TEST_F(BadInput, UndefinedOperator) { Expect("{\"action\":\"Stael\"}\n", "unknown-action"); }

TEST_F(BadInput, UndefinedVariable) { Expect("{\"action\":\"Sell\",\"updates\":{\"stok\":1}}\n", "unknown-variable"); }

TEST_F(BadInput, SurplusArgument) { Expect("{\"action\":\"Sell\",\"args\":{\"colour\":1}}\n", "surplus-argument"); }

TEST_F(BadInput, WrongArity) { Expect("{\"action\":\"Sell\",\"args\":[\"apple\",1,2]}\n", "wrong-arity"); }

TEST_F(BadInput, PathIntoAScalar) {
  Expect("{\"action\":\"Sell\",\"args\":[\"apple\",1],\"updates\":[{\"path\":[\"stock\",\"apple\",\"size\"],\"value\":1}]}\n",
         "impossible-path");
}

TEST_F(BadInput, ContradictingFacts) {
  Expect("{\"action\":\"Sell\",\"updates\":[{\"path\":[\"stock\",\"apple\"],\"value\":1},{\"path\":[\"stock\",\"apple\"],\"value\":2}]}\n",
         "contradiction");
}

TEST_F(BadInput, AClaimOnACall) { Expect("{\"kind\":\"call\",\"operation\":\"o\",\"spec\":\"Stock\",\"action\":\"Sell\"}\n", "claim-without-step"); }

TEST_F(BadInput, AnActionOnAnObservation) { Expect("{\"kind\":\"observe\",\"spec\":\"Stock\",\"action\":\"Sell\"}\n", "action-without-step"); }

TEST_F(BadInput, InitAfterAStep) {
  Expect(std::string(kStep) + "{\"kind\":\"init\",\"spec\":\"Stock\",\"updates\":{\"log\":[]}}\n", "late-init");
}

TEST_F(BadInput, TwoClaimsForOneSpec) {
  Expect("{\"seq\":1,\"kind\":\"step\",\"claims\":[{\"spec\":\"Stock\",\"action\":\"Sell\"},{\"spec\":\"Stock\",\"action\":\"Return\"}]}\n", "two-claims");
}

TEST_F(BadInput, DamageBeforeTheLastLine) {
  Expect(std::string("{\"action\":\"Sell\",\"args\":{\"i\":\n") + kStep, "json-syntax");
}

TEST_F(BadInput, ANullValue) { Expect("{\"action\":\"Sell\",\"updates\":{\"stock\":null}}\n", "null-value"); }

TEST_F(BadInput, AFloat) { Expect("{\"action\":\"Sell\",\"args\":{\"q\":1.5}}\n", "float-value"); }

TEST_F(BadInput, AFalseAssumption) {
  Write("Strict.tla", "---- MODULE Strict ----\nEXTENDS Integers\nCONSTANT Size\nASSUME Size > 2\nVARIABLE x\n"
                      "Init == x = 0\nNext == x' = x + 1\nSpec == Init /\\ [][Next]_x\n====\n");
  Write("Strict.cfg", "CONSTANT Size = 1\nSPECIFICATION Spec\n");
  ExpectRun(Check({Write("run.jsonl", "{\"action\":\"Next\",\"updates\":{\"x\":1}}\n"), "--spec", Path("Strict.tla"), "--json"}),
            "assumption-false");
}

TEST_F(BadInput, AnUnknownOption) {
  EXPECT_EQ(Check({"--colour", "x"}).exit, 3);
  EXPECT_EQ(Explore({}).exit, 3);
  EXPECT_EQ(Explore({Path("Stock.tla"), "--deadlock", "maybe"}).exit, 3);
  EXPECT_EQ(Parse({Path("Stock.tla"), "--dump", "soup"}).exit, 3);
}

TEST_F(BadInput, ATornLastLineEndsTheHistory) {
  const VerbRun run = Check({Write("run.jsonl", std::string(kStep) + "{\"action\":\"Se"), "--spec", Path("Stock.tla"), "--json"});
  EXPECT_EQ(run.exit, 0) << run.out;
  EXPECT_EQ(run.json()["events"], 1);
}

TEST_F(BadInput, AnEvaluationErrorIsNoVerdict) {
  Write("Wrong.tla", "---- MODULE Wrong ----\nEXTENDS Integers\nVARIABLE x\nInit == x = 0\n"
                     "Next == x' = IF x = \"a\" THEN 1 ELSE 2\nSpec == Init /\\ [][Next]_x\n====\n");
  Write("Wrong.cfg", "SPECIFICATION Spec\n");
  const VerbRun run = Check({Write("run.jsonl", "{\"action\":\"Next\",\"updates\":{\"x\":1}}\n"), "--spec", Path("Wrong.tla"), "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["verdict"], "evaluation");
  EXPECT_EQ(run.json()["diagnostics"][0]["place"]["line"], 5);
}

}  // namespace
}  // namespace kelpie::cli
