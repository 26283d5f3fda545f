// --junit of check and explore, read back by a parser that is not ours and held to --json.
#include <sys/stat.h>

#include "checker/report/xml.h"
#include "tests/cli/cli_fixture.h"
#include "tests/support/xml_tree.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;
using test::XmlElement;
using test::XmlTree;

// --- any bytes

std::string OneText(const std::string& text) {
  report::XmlWriter xml;
  xml.Open("a").Attribute("name", text).Open("b").Text(text).Close().Close();
  const XmlTree tree = test::ParseXml(xml.text());
  EXPECT_EQ(tree.error, "") << xml.text();
  if (tree.root.children.size() != 1) return "(no tree)";
  EXPECT_EQ(tree.root.attributes.at("name"), tree.root.children[0].text);
  return tree.root.children[0].text;
}

TEST(Xml, WhatXmlCanHoldComesBackUnchanged) {
  for (const std::string text : {"plain", "a < b && c > d", "]]>", "\"quoted\" 'and'", "tab\tline\nreturn\r\n end",
                                 "  ", "&amp;", "\u00e9\u2208\U0001F600", "\u007f\u0085\ufffd"}) {
    EXPECT_EQ(OneText(text), text);
  }
}

TEST(Xml, WhatItCannotHoldIsWrittenOut) {
  EXPECT_EQ(OneText(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(OneText("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(OneText("\xff\xc3("), "\\xff\\xc3(");
  EXPECT_EQ(OneText("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(OneText("\xc0\x80"), "\\xc0\\x80") << "an overlong form";
  EXPECT_EQ(OneText("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond U+10FFFF";
  EXPECT_EQ(OneText("\xe2\x88"), "\\xe2\\x88") << "cut off";
  EXPECT_EQ(OneText("\xef\xbf\xbe"), "\\uFFFE");
}

TEST(Xml, EveryBytePairIsWellFormed) {
  for (int first = 0; first < 256; ++first) {
    report::XmlWriter xml;
    xml.Open("a");
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      xml.Open("b").Attribute("name", text).Text(text).Close();
    }
    xml.Close();
    const XmlTree tree = test::ParseXml(xml.text());
    ASSERT_EQ(tree.error, "") << first;
    EXPECT_EQ(tree.root.children.size(), 256U);
  }
}

TEST(Xml, TheParserOfTheseTestsRefusesWhatIsWrong) {
  for (const std::string text :
       {"", "<a>", "<a></b>", "<a>\x01</a>", "<a>\xff</a>", "<a>&#1;</a>", "<a b='<'/>", "<a/><b/>"}) {
    EXPECT_NE(test::ParseXml(text).error, "") << text;
  }
}

// --- check and explore

class JUnit : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    CopyTestdata("Stock.tla");
    CopyTestdata("Stock.cfg");
  }
  std::string Trace(const std::string& name, const std::string& lines) {
    return Write(name, "{\"header\":{\"specs\":[{\"name\":\"Stock\"}]}}\n" + lines);
  }
  [[nodiscard]] std::string Text(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  // The suite, once its counts and names have been looked at.
  XmlElement Suite(const std::string& name) const {
    const XmlTree tree = test::ParseXml(Text(name));
    EXPECT_EQ(tree.error, "");
    EXPECT_EQ(tree.root.name, "testsuites");
    if (tree.root.children.size() != 1) return {};
    const XmlElement suite = tree.root.children[0];
    std::map<std::string, int> counts = {{"failure", 0}, {"error", 0}, {"skipped", 0}};
    for (const XmlElement& one : suite.children) {
      EXPECT_EQ(one.name, "testcase");
      EXPECT_NE(one.attributes.at("name"), "");
      EXPECT_NE(one.attributes.at("classname"), "");
      for (const XmlElement& part : one.children) ++counts[part.name];
    }
    for (const XmlElement* element : {&tree.root, &suite}) {
      EXPECT_EQ(element->attributes.at("tests"), std::to_string(suite.children.size()));
      EXPECT_EQ(element->attributes.at("failures"), std::to_string(counts["failure"]));
      EXPECT_EQ(element->attributes.at("errors"), std::to_string(counts["error"]));
      EXPECT_EQ(element->attributes.at("skipped"), std::to_string(counts["skipped"]));
    }
    return suite;
  }
  const std::string sell_ = R"({"action":"Sell","args":{"i":"apple","q":2}})"
                            "\n";
};

TEST_F(JUnit, OneCaseForEachTraceWithItsVerdict) {
  const std::string good = Trace("good.jsonl", sell_);
  const std::string bad = Trace("bad.jsonl", sell_ + sell_);
  const std::string unknown = Trace("unknown.jsonl", R"({"action":"Steal"})"
                                                     "\n");
  const std::string lost = Trace("lost.jsonl", R"({"kind":"lost","lost_count":1})"
                                               "\n" +
                                                   sell_);
  const VerbRun run = Check({good, bad, unknown, lost, "--json", "--junit", Path("junit.xml")});
  const json result = run.json();
  ASSERT_EQ(result["checks"].size(), 4U) << run.out;
  EXPECT_EQ(run.exit, 1);
  const XmlElement suite = Suite("junit.xml");
  ASSERT_EQ(suite.children.size(), 4U);
  const std::map<std::string, std::string> element_of = {{"conforms", "system-out"},
                                                         {"violates", "failure"},
                                                         {"inconclusive", "error"},
                                                         {"evaluation", "error"},
                                                         {"bad_input", "error"}};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 4; ++i) {
    const json& check = result["checks"][i];
    const XmlElement& one = suite.children[i];
    const std::string verdict = check["verdict"];
    seen.insert(verdict);
    EXPECT_EQ(one.attributes.at("name"), check["trace"]);
    EXPECT_EQ(one.attributes.at("classname"), "Stock");
    ASSERT_EQ(one.children.size(), 1U);
    EXPECT_EQ(one.children[0].name, element_of.at(verdict)) << verdict;
    if (verdict != "conforms") {
      EXPECT_EQ(one.children[0].attributes.at("type").substr(0, verdict.size()), verdict);
      EXPECT_NE(one.children[0].attributes.at("message"), "");
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{"conforms", "violates", "bad_input", "inconclusive"}));
}

TEST_F(JUnit, AFailureHasTheExplanationThatPeopleGet) {
  const std::string bad = Trace("bad.jsonl", sell_ + sell_);
  const VerbRun plain = Check({bad});
  const VerbRun run = Check({bad, "--junit", Path("junit.xml")});
  EXPECT_EQ(run.exit, 1);
  const XmlElement suite = Suite("junit.xml");
  const XmlElement* failure = suite.children.at(0).Find("failure");
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->attributes.at("type"), "violates check 3");
  EXPECT_NE(failure->text.find("> stock[i] >= q"), std::string::npos) << failure->text;
  // Equal up to the milliseconds.
  EXPECT_EQ(failure->text.substr(0, failure->text.find("checked")), plain.out.substr(0, plain.out.find("checked")));
  EXPECT_EQ(run.out.substr(0, run.out.find("checked")), plain.out.substr(0, plain.out.find("checked")));
}

TEST_F(JUnit, NamesAndValuesOfAnyBytes) {
  const std::string trace =
      Trace("odd \x01\xff<&\">.jsonl", R"({"action":"Sell","args":{"i":"\u0000\u001b<]]>&\uffff","q":2}})"
                                       "\n");
  const VerbRun run = Check({trace, "--junit", Path("junit.xml")});
  EXPECT_NE(run.exit, 0);
  const XmlElement suite = Suite("junit.xml");
  ASSERT_EQ(suite.children.size(), 1U);
  EXPECT_NE(suite.children[0].attributes.at("name").find("odd \\x01\\xff<&\">.jsonl"), std::string::npos);
}

TEST_F(JUnit, ATraceThatIsNotThereIsAnError) {
  const VerbRun run = Check({Path("none.jsonl"), "--junit", Path("junit.xml")});
  EXPECT_EQ(run.exit, 3);
  const XmlElement suite = Suite("junit.xml");
  ASSERT_NE(suite.children.at(0).Find("error"), nullptr);
  EXPECT_EQ(suite.children[0].Find("error")->attributes.at("type"), "bad_input");
}

std::map<std::string, std::string> Outcomes(const XmlElement& suite) {
  std::map<std::string, std::string> outcomes;
  for (const XmlElement& one : suite.children) {
    outcomes[one.attributes.at("name")] = one.children.empty() ? "passed" : one.children[0].name;
  }
  return outcomes;
}

using Expected = std::map<std::string, std::string>;

constexpr const char* kSmall = R"(---- MODULE Small ----
EXTENDS Integers
VARIABLE x
Init == x = 0
Next == x < 3 /\ x' = x + 1
Spec == Init /\ [][Next]_x
Fair == Spec /\ WF_x(Next)
Low == x < 2
Whole == x \in Int
Grows == [][x' > x]_x
Live == <>(x = 3)
Bad == x < "a"
====
)";

class JUnitExplore : public JUnit {
 protected:
  Expected Run(const std::string& cfg, std::vector<std::string> more, int exit) {
    Write("Small.tla", kSmall);
    Write("Small.cfg", cfg);
    more.insert(more.end(), {Path("Small.tla"), "--json", "--junit", Path("junit.xml")});
    const VerbRun run = Explore(more);
    EXPECT_EQ(run.exit, exit) << run.out << run.err;
    const XmlElement suite = Suite("junit.xml");
    EXPECT_EQ(exit == 0, suite.attributes.at("failures") == "0" && suite.attributes.at("errors") == "0");
    EXPECT_EQ(suite.attributes.at("failures") != "0", exit == 1);
    return Outcomes(suite);
  }
};

TEST_F(JUnitExplore, AllHold) {
  EXPECT_EQ(Run("SPECIFICATION Spec\nINVARIANT Whole\nPROPERTY Grows\nCHECK_DEADLOCK FALSE\n", {}, 0),
            (Expected{{"exploration", "system-out"}, {"INVARIANT Whole", "passed"}, {"PROPERTY Grows", "passed"}}));
}

TEST_F(JUnitExplore, TheViolatedInvariantFailsAndTheRestIsNotDecided) {
  EXPECT_EQ(Run("SPECIFICATION Spec\nINVARIANTS Whole Low\nPROPERTY Grows\n", {}, 1),
            (Expected{{"exploration", "system-out"},
                      {"INVARIANT Whole", "skipped"},
                      {"INVARIANT Low", "failure"},
                      {"PROPERTY Grows", "skipped"},
                      {"no deadlock", "skipped"}}));
}

TEST_F(JUnitExplore, ADeadlock) {
  EXPECT_EQ(Run("SPECIFICATION Spec\nINVARIANT Whole\n", {}, 1),
            (Expected{{"exploration", "system-out"}, {"INVARIANT Whole", "skipped"}, {"no deadlock", "failure"}}));
}

TEST_F(JUnitExplore, ALimitAndAnEvaluationErrorAreErrors) {
  EXPECT_EQ(Run("SPECIFICATION Spec\nINVARIANT Whole\nCHECK_DEADLOCK FALSE\n", {"--max-states", "2"}, 2),
            (Expected{{"exploration", "error"}, {"INVARIANT Whole", "skipped"}}));
  EXPECT_EQ(Run("SPECIFICATION Spec\nINVARIANT Bad\nCHECK_DEADLOCK FALSE\n", {}, 3),
            (Expected{{"exploration", "error"}, {"INVARIANT Bad", "skipped"}}));
}

TEST_F(JUnitExplore, LivenessIsSkippedOrDecided) {
  const std::string cfg = "SPECIFICATION Spec\nPROPERTY Live\nCHECK_DEADLOCK FALSE\n";
  EXPECT_EQ(Run(cfg, {"--skip-liveness"}, 0), (Expected{{"exploration", "system-out"}, {"PROPERTY Live", "skipped"}}));
  EXPECT_EQ(Run(cfg, {}, 1), (Expected{{"exploration", "system-out"}, {"PROPERTY Live", "failure"}}));
  EXPECT_EQ(Run("SPECIFICATION Fair\nPROPERTY Live\nCHECK_DEADLOCK FALSE\n", {}, 0),
            (Expected{{"exploration", "system-out"}, {"PROPERTY Live", "passed"}}));
}

TEST_F(JUnitExplore, ABadSpecIsAnErrorWithItsDiagnostics) {
  const std::string spec = Write("Broken.tla", "---- MODULE Broken ----\nx == (1 +\n====\n");
  EXPECT_EQ(Explore({spec, "--junit", Path("junit.xml")}).exit, 3);
  const XmlElement suite = Suite("junit.xml");
  ASSERT_NE(suite.children.at(0).Find("error"), nullptr);
  EXPECT_NE(suite.children[0].Find("error")->text.find("Broken.tla:"), std::string::npos);
}

// --- the file itself

TEST_F(JUnit, AFileThatCannotBeWrittenEndsTheRunBeforeItBegins) {
  const std::string good = Trace("good.jsonl", sell_);
  const VerbRun run = Check({good, "--junit", Path("no/such/folder/junit.xml")});
  EXPECT_EQ(run.exit, 3);
  EXPECT_NE(run.err.find("error[cannot-write]"), std::string::npos) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(Explore({Path("Stock.tla"), "--junit", Path("no/such/folder/junit.xml")}).exit, 3);
}

TEST_F(JUnit, WhatIsNoPlainFileIsNotReplaced) {
  const std::string good = Trace("good.jsonl", sell_);
  EXPECT_EQ(Check({good, "--junit", folder_.string()}).exit, 3);
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(Check({good, "--junit", Path("pipe")}).exit, 3);
  EXPECT_TRUE(std::filesystem::is_fifo(Path("pipe")));
}

TEST_F(JUnit, AnOldFileIsReplacedAndNothingIsLeftOver) {
  const std::string good = Trace("good.jsonl", sell_);
  Write("junit.xml", std::string(100'000, 'x'));
  EXPECT_EQ(Check({good, "--junit", Path("junit.xml")}).exit, 0);
  EXPECT_EQ(Suite("junit.xml").children.size(), 1U);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_EQ(entry.path().string().find(".new"), std::string::npos) << entry.path();
  }
}

TEST_F(JUnit, BadOptionsLeaveTheOldFile) {
  Write("junit.xml", "old");
  EXPECT_EQ(Check({"--junit", Path("junit.xml"), "--nonsense"}).exit, 3);
  EXPECT_EQ(Text("junit.xml"), "old");
}

}  // namespace
}  // namespace kelpie::cli
