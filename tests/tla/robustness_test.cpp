// Bad files give errors, never a crash, a hang or a silent success.
#include <random>
#include <vector>

#include "front_end.h"
#include "tla/syntax/model_file.h"
#include "tla/syntax/parse.h"

namespace kelpie {
namespace {

namespace fs = std::filesystem;
using test::FrontEnd;
using test::Module;

const fs::path kTestdata = fs::path(KELPIE_SOURCE_DIR) / "tests/tla/testdata";

std::string Repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// Parses text; either a module or at least one error must come out, and rendering must work.
bool Parses(const std::string& text) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const auto module = syntax::ParseModule(sources.Add("M.tla", text), sources, {}, diagnostics);
  EXPECT_EQ(module.has_value(), !diagnostics.has_errors());
  static_cast<void>(tla::Render(sources, diagnostics.list()));
  return module.has_value();
}

std::vector<std::string> Samples() {
  std::vector<std::string> samples;
  for (const char* name :
       {"Expressions.tla", "Actions.tla", "Modules.tla", "Lists.tla", "Unicode.tla", "Operators.tla"}) {
    samples.push_back(test::ReadAll(kTestdata / name));
  }
  return samples;
}

TEST(Robustness, TruncatedAtEveryByte) {
  const std::string text = test::ReadAll(kTestdata / "Actions.tla");
  // The last cuts only lose the end of the closing line.
  const std::size_t end = text.rfind("====");
  for (std::size_t size = 0; size < end + 4; ++size) {
    EXPECT_FALSE(Parses(text.substr(0, size))) << "cut at byte " << size;
  }
  EXPECT_TRUE(Parses(text));
}

TEST(Robustness, WideTextTruncatedAtEveryByte) {
  const std::string text = test::ReadAll(kTestdata / "Unicode.tla");
  const std::size_t end = text.rfind("====");
  for (std::size_t size = 0; size < end + 4; ++size) EXPECT_FALSE(Parses(text.substr(0, size)));
}

TEST(Robustness, OneByteReplaced) {
  std::mt19937 random(1);
  for (const std::string& sample : Samples()) {
    for (int round = 0; round < 150; ++round) {
      std::string text = sample;
      text[random() % text.size()] = static_cast<char>(random() % 256);
      Parses(text);
    }
  }
}

TEST(Robustness, PiecesDeletedSwappedAndRepeated) {
  std::mt19937 random(2);
  for (const std::string& sample : Samples()) {
    for (int round = 0; round < 150; ++round) {
      std::string text = sample;
      const std::size_t from = random() % text.size();
      const std::size_t size = random() % 40;
      const std::string piece = text.substr(from, size);
      if (round % 3 != 0) text.erase(from, piece.size());
      if (round % 3 != 1) text.insert(random() % text.size(), piece);
      Parses(text);
    }
  }
}

TEST(Robustness, MutatedModulesResolveOrFail) {
  std::mt19937 random(3);
  for (const char* name : {"Modules", "Expressions", "Actions"}) {
    const std::string sample = test::ReadAll(kTestdata / (std::string(name) + ".tla"));
    for (int round = 0; round < 100; ++round) {
      std::string text = sample;
      // Whole words are exchanged, so that many results still parse and reach the resolver.
      const std::size_t a = text.find(' ', random() % text.size());
      const std::size_t b = a == std::string::npos ? a : text.find(' ', a + 1);
      if (b == std::string::npos) continue;
      const std::string word = text.substr(a, b - a);
      text.erase(a, b - a);
      const std::size_t into = text.find(' ', random() % text.size());
      if (into != std::string::npos) text.insert(into, word);
      FrontEnd fe(
          {{std::string(name) + ".tla", text}, {"ModulesBase.tla", test::ReadAll(kTestdata / "ModulesBase.tla")}});
      const auto spec = fe.Load(std::string(name) + ".tla");
      EXPECT_EQ(spec != nullptr, !fe.diagnostics.has_errors());
      if (spec != nullptr) static_cast<void>(resolve::DumpResolved(*spec));
    }
  }
}

TEST(Robustness, EmptyAndBlank) {
  for (const char* text : {"", " ", "\n", "\xEF\xBB\xBF", "----", "---- MODULE", "---- MODULE M", "---- MODULE M ----",
                           "====", "---- MODULE ----\n====", "---- MODULE M ----\n===", "(*", "\\*", "\""}) {
    EXPECT_FALSE(Parses(text)) << text;
  }
}

TEST(Robustness, Binary) {
  std::mt19937 random(4);
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes += static_cast<char>(random());
  EXPECT_FALSE(Parses(bytes));
  EXPECT_FALSE(Parses(Repeat(std::string(1, '\0'), 100000)));
  // Valid UTF-8, but no text.
  std::string control = "---- MODULE M ----\nx == ";
  for (int i = 0; i < 100000; ++i) control += static_cast<char>(random() % 32);
  EXPECT_FALSE(Parses(control + "\n===="));
}

TEST(Robustness, DeepNesting) {
  const std::size_t n = 20000;
  for (const std::string& body : {Repeat("(", n),
                                  Repeat("(", n) + "1" + Repeat(")", n),
                                  Repeat("{", n),
                                  Repeat("[", n),
                                  Repeat("<<", n),
                                  Repeat("IF TRUE THEN ", n),
                                  Repeat("LET a == ", n),
                                  Repeat("\\A x : ", n) + "TRUE",
                                  Repeat("CASE TRUE -> ", n),
                                  Repeat("LAMBDA x : ", n),
                                  Repeat("CHOOSE x : ", n),
                                  Repeat("/\\ \\/ ", n),
                                  Repeat("[a |-> ", n),
                                  Repeat("F(", n),
                                  Repeat("x[", n),
                                  Repeat("~", n) + "TRUE",
                                  Repeat("x' = ", n),
                                  Repeat("1 + ", n) + "1",
                                  "x" + Repeat("'", n),
                                  "x" + Repeat("[1]", n),
                                  "x" + Repeat(".a", n),
                                  Repeat("- ", n) + "1",
                                  Repeat("(* ", n),
                                  Repeat("[x EXCEPT ![1] = ", n),
                                  Repeat("WF_", n),
                                  Repeat("[]", n) + "TRUE",
                                  Repeat("SUBSET ", n) + "{}"}) {
    EXPECT_FALSE(Parses(Module("x == " + body))) << body.substr(0, 20);
  }
  EXPECT_FALSE(Parses(Repeat("---- MODULE M ----\n", n)));
  EXPECT_FALSE(Parses(Module("THEOREM " + Repeat("ASSUME ", n) + "TRUE PROVE TRUE")));
}

TEST(Robustness, ListsDeeperThanTheLimit) {
  std::string body = "x ==\n";
  for (std::size_t i = 0; i < 2000; ++i) body += std::string(i, ' ') + (i % 2 == 0 ? "/\\\n" : "\\/\n");
  EXPECT_FALSE(Parses(Module(body + std::string(2001, ' ') + "TRUE")));
}

// Just under the limits everything must work to the end of the front end, recursion included.
TEST(Robustness, AsDeepAsAllowed) {
  FrontEnd fe;
  const std::size_t n = 490;
  EXPECT_NE(fe.LoadBody("a == " + Repeat("(", n) + "1" + Repeat(")", n) + "\nb == " + Repeat("{", n) + Repeat("}", n) +
                        "\nc == " + Repeat("IF TRUE THEN 1 ELSE ", n) + "2" + "\nd == " + Repeat("1 + ", 950) + "1" +
                        "\ne == " + Repeat("LET f(g) == g IN ", 1) + "1" + "\nh == " + Repeat("~", 950) + "TRUE"),
            nullptr)
      << fe.Rendered().substr(0, 2000);
  if (fe.spec != nullptr) static_cast<void>(resolve::DumpResolved(*fe.spec));
}

TEST(Robustness, LongChainsOfJunctionsAreFlat) {
  FrontEnd fe;
  EXPECT_NE(fe.LoadBody("a == " + Repeat("TRUE /\\ ", 50000) + "TRUE\nb == " + Repeat("\\/ TRUE\n     ", 50000)),
            nullptr)
      << fe.Rendered().substr(0, 1000);
}

TEST(Robustness, ManyErrorsStayBounded) {
  FrontEnd fe;
  std::string body;
  for (int i = 0; i < 5000; ++i) body += "d" + std::to_string(i) + " == )\n";
  EXPECT_EQ(fe.LoadBody(body), nullptr);
  EXPECT_LE(fe.diagnostics.list().size(), 100u);
  EXPECT_GT(fe.diagnostics.dropped_count(), 0u);
}

TEST(Robustness, ExponentialInstancesStop) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 20; ++i) {
    const std::string next = "N" + std::to_string(i + 1);
    files["N" + std::to_string(i) + ".tla"] =
        Module("A == INSTANCE " + next + "\nB == INSTANCE " + next, "N" + std::to_string(i));
  }
  files["N20.tla"] = Module("x == 1", "N20");
  FrontEnd fe(files);
  EXPECT_EQ(fe.Load("N0.tla"), nullptr);
  EXPECT_NE(fe.Summary().find("too-many-modules"), std::string::npos) << fe.Summary().substr(0, 300);
}

TEST(Robustness, ModelFileTruncatedAndMutated) {
  const std::string text =
      "\\* a model\nCONSTANTS a = {1, \"x\", {m}} b <- c (* (* *) *) d = -3\nINIT Init NEXT Next\n"
      "INVARIANTS I, J\nCHECK_DEADLOCK FALSE\n";
  std::mt19937 random(5);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    for (int round = 0; round < 4; ++round) {
      std::string changed = text.substr(0, size);
      if (round > 0 && !changed.empty()) changed[random() % changed.size()] = static_cast<char>(random());
      tla::SourceMap sources;
      tla::Diagnostics diagnostics;
      static_cast<void>(syntax::ParseModelFile(sources.Add("M.cfg", changed), sources, diagnostics));
      static_cast<void>(tla::Render(sources, diagnostics.list()));
    }
  }
}

TEST(Robustness, PathsThatAreNoFiles) {
  FrontEnd fe;
  fe.Write("directory.tla/inner", "");
  EXPECT_EQ(fe.Load("directory.tla"), nullptr);
  EXPECT_EQ(fe.Load(""), nullptr);
  EXPECT_EQ(fe.Load(std::string(5000, 'a')), nullptr);
}

}  // namespace
}  // namespace kelpie
