// The passes between text and tree, and the operator table.
#include "front_end.h"
#include "tla/syntax/dump.h"
#include "tla/syntax/parse.h"
#include "tla/syntax/token.h"

namespace kelpie {
namespace {

using syntax::Operator;
using syntax::Operators;
using test::Module;

// Kinds of the tokens of a one-definition module's body, without the frame around it.
std::string KindsOf(const std::string& body) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const tla::FileId file = sources.Add("M.tla", "---- MODULE M ----\n" + body + "\n====");
  std::string out;
  const auto layout = syntax::PrepareTokens(file, sources, {}, diagnostics);
  for (std::size_t i = 3; i + 2 < layout.tokens.size(); ++i) {
    out += (out.empty() ? "" : " ") + std::string(syntax::NameOf(layout.tokens[i].kind));
  }
  return out;
}

bool Parses(const std::string& body) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  return syntax::ParseModule(sources.Add("M.tla", Module(body)), sources, {}, diagnostics).has_value();
}

std::string Error(const std::string& body) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  static_cast<void>(syntax::ParseModule(sources.Add("M.tla", Module(body)), sources, {}, diagnostics));
  return diagnostics.list().empty() ? "" : diagnostics.list().front().message;
}

TEST(Tokens, LongestOperatorWins) {
  EXPECT_EQ(KindsOf("x == S \\T"), "Definition Identifier Defines Identifier InfixOperator Identifier");
  EXPECT_EQ(KindsOf("x == a \\inS"), "Definition Identifier Defines Identifier ElementOf Identifier");
  EXPECT_EQ(KindsOf("x == 1..2"), "Definition Identifier Defines Number InfixOperator Number");
  EXPECT_EQ(KindsOf("x == a--b"), "Definition Identifier Defines Identifier InfixOperator Identifier");
  EXPECT_EQ(KindsOf("x == s \\o1"), "Definition Identifier Defines Identifier Number");
  EXPECT_EQ(KindsOf("x == WF_v(a)"),
            "Definition Identifier Defines Fairness Identifier Arguments Identifier ParenthesisEnd");
}

TEST(Tokens, CommentsAreNothing) {
  EXPECT_EQ(KindsOf("x (* a (* b *) == *) == \\* rest\n 1"), "Definition Identifier Defines Number");
}

TEST(Brackets, RolesComeFromTheirInside) {
  const auto role = [](const std::string& body) {
    const std::string kinds = KindsOf("x == " + body);
    const std::size_t begin = std::string("Definition Identifier Defines ").size();
    return kinds.substr(begin, kinds.find(' ', begin) - begin);
  };
  EXPECT_EQ(role("[a |-> 1]"), "BracketRecord");
  EXPECT_EQ(role("[a \\in S |-> 1]"), "BracketFunction");
  EXPECT_EQ(role("[a : S]"), "BracketRecordSet");
  EXPECT_EQ(role("[S -> T]"), "BracketFunctionSet");
  EXPECT_EQ(role("[(CASE a -> b [] c -> d) -> T]"), "BracketFunctionSet");
  EXPECT_EQ(role("[f EXCEPT ![1] = [a |-> 2]]"), "BracketExcept");
  EXPECT_EQ(role("[A]_v"), "Bracket");
  EXPECT_EQ(role("{a, b}"), "Brace");
  EXPECT_EQ(role("{a \\in S : p}"), "BraceFilter");
  EXPECT_EQ(role("{<<a, b>> \\in S : p}"), "BraceFilter");
  EXPECT_EQ(role("{(a) : a \\in S}"), "BraceMap");
  EXPECT_EQ(role("{\\E a \\in S : p}"), "Brace");
  EXPECT_EQ(role("{CHOOSE a : p : b \\in S}"), "BraceMap");
}

TEST(Lists, ColumnsDecide) {
  EXPECT_EQ(KindsOf("x == /\\ a\n     /\\ b"),
            "Definition Identifier Defines ListBegin Bullet Identifier Bullet Identifier ListEnd");
  EXPECT_EQ(KindsOf("x == /\\ a\n      /\\ b"),
            "Definition Identifier Defines ListBegin Bullet Identifier InfixOperator Identifier ListEnd");
  EXPECT_EQ(KindsOf("x == /\\ a\n     \\/ b"),
            "Definition Identifier Defines ListBegin Bullet Identifier ListEnd InfixOperator Identifier");
  // Eight columns to a tab, counted in code points before it.
  EXPECT_EQ(KindsOf("x ==\t/\\ a\n\t/\\ b"),
            "Definition Identifier Defines ListBegin Bullet Identifier Bullet Identifier ListEnd");
}

TEST(Lists, DefinitionsEndThem) {
  EXPECT_EQ(
      KindsOf("x == /\\ a\n        y == b"),
      "Definition Identifier Defines ListBegin Bullet Identifier ListEnd Definition Identifier Defines Identifier");
}

// --- the operator table

std::string Use(const Operator& left, const Operator& right) {
  const std::string l = left.text == "." ? "++" : std::string(left.text);
  const std::string r = right.text == "." ? "++" : std::string(right.text);
  return "x == a " + l + " b " + r + " c";
}

// Two infix operators side by side parse exactly when their ranges are disjoint, or when they
// are one left-associative operator.
TEST(OperatorTable, NeighboursFollowTheirRanges) {
  int count = 0;
  for (const Operator& left : Operators()) {
    if (left.fixity != syntax::Fixity::kInfix || left.text == ".") continue;
    for (const Operator& right : Operators()) {
      if (right.fixity != syntax::Fixity::kInfix || right.text == ".") continue;
      const bool is_disjoint = left.low > right.high || left.high < right.low;
      const bool is_chain = &left == &right && left.associativity == syntax::Associativity::kLeft;
      EXPECT_EQ(Parses(Use(left, right)), is_disjoint || is_chain) << Use(left, right);
      ++count;
    }
  }
  EXPECT_GT(count, 5000);
}

TEST(OperatorTable, PrefixAndPostfix) {
  EXPECT_TRUE(Parses("x == -a + b"));
  EXPECT_FALSE(Parses("x == a * -b"));  // as everywhere
  EXPECT_TRUE(Parses("x == ~a = b"));
  EXPECT_TRUE(Parses("x == DOMAIN f'"));
  EXPECT_TRUE(Parses("x == UNCHANGED f[1]"));
  EXPECT_FALSE(Parses("x == ENABLED a'"));
  EXPECT_FALSE(Parses("x == []a'"));
  EXPECT_TRUE(Parses("x == SUBSET a \\cup b"));
  EXPECT_FALSE(Parses("x == SUBSET a + b"));
  EXPECT_TRUE(Parses("x == SUBSET (a + b)"));
}

TEST(OperatorTable, RangesAreSane) {
  for (const Operator& op : Operators()) {
    EXPECT_LE(op.low, op.high) << op.text;
    EXPECT_GE(op.low, 1) << op.text;
    EXPECT_EQ(syntax::FindOperator(op.text), &op) << op.text;
  }
}

// --- messages

TEST(Errors, NeverNameTheGrammar) {
  for (const char* body : {"x == ", "x == )", "x == {1 2}", "x == [a |-> ]", "x == \\A : 1", "x == LET IN 1", "x = 1",
                           "VARIABLES", "CONSTANT a(b)", "x == CASE a", "x == WF_(1)", "x == [f EXCEPT 1]", "INSTANCE",
                           "x == <<1", "RECURSIVE", "x(y == 1", "THEOREM", "ASSUME", "x == IF a b"}) {
    const std::string error = Error(body);
    EXPECT_FALSE(error.empty()) << body;
    for (const char* word : {"IDENTIFIER", "LPAREN", "BULLET", "expression_", "RBRACE", "no viable", "mismatched"}) {
      EXPECT_EQ(error.find(word), std::string::npos) << error;
    }
  }
  EXPECT_EQ(Error("x == [a |-> 1 b]"),
            "found an expression, expected an operator, or the end of the expression before it");
  EXPECT_EQ(Error("x == \\A y 1"), "`\\A` is not closed; it needs `:`");
  EXPECT_EQ(Error("x == F(1, )"), "found `)`, expected an expression");
}

}  // namespace
}  // namespace kelpie
