// Every kind of diagnostic has a negative test here: code, line and column.
#include <set>

#include "front_end.h"

namespace kelpie {
namespace {

using test::FrontEnd;
using test::Module;

struct Case {
  const char* name;
  std::map<std::string, std::string> files;  // M.tla is loaded; with M.cfg also that
  const char* summary;                       // "code line:column; ..."
};

std::string Nested(int depth) {
  return Module("x == " + std::string(static_cast<std::size_t>(depth), '(') + "1" +
                std::string(static_cast<std::size_t>(depth), ')'));
}

const std::string kSpec = Module(
    "CONSTANTS Size, Op(_)\nVARIABLE x\nInit == x = 0\nNext == x' = Size\n"
    "Two(a, b) == a + b\nOne(a) == a\nInv == x > 0\nAct == x' > x\nFree == 1");
const std::string kGoodConstants = "CONSTANT Size = 1\nCONSTANT Op <- One\n";

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      // --- files
      {"Missing", {}, "file-unreadable 0:0"},
      {"MissingModel", {{"M.tla", kSpec}, {"M.cfg/x", ""}}, "file-unreadable 0:0"},
      {"NotUtf8", {{"M.tla", "---- MODULE M ----\nx == \"\xC3\x28\"\n===="}}, "invalid-utf8 2:7"},
      {"Utf16", {{"M.tla", std::string("\xFF\xFE-\0-\0", 6)}}, "invalid-utf8 1:1"},
      {"ModelNotUtf8", {{"M.tla", kSpec}, {"M.cfg", "INIT \xFF"}}, "invalid-utf8 1:6"},
      // --- tokens
      {"Stray", {{"M.tla", Module("x == 1 ; 2")}}, "unexpected-character 3:8"},
      {"StrayWide", {{"M.tla", Module("é == 1")}}, "unexpected-character 3:1"},
      {"OpenString", {{"M.tla", Module("x == \"abc\ny == 1")}}, "unterminated-string 3:6"},
      {"Escape", {{"M.tla", Module("x == \"a\\qb\"")}}, "bad-escape 3:6"},
      {"OpenComment", {{"M.tla", "---- MODULE M ----\nx == 1 (* a (* b *)\n===="}}, "unterminated-comment 2:8"},
      {"NoModule", {{"M.tla", "x == 1\n"}}, "no-module 1:1"},
      // --- structure
      {"Syntax", {{"M.tla", Module("x == IF TRUE 1 ELSE 2")}}, "unclosed 3:6"},
      {"SyntaxBracket", {{"M.tla", Module("x == {1, 2]")}}, "syntax 3:11"},
      {"TwoErrors", {{"M.tla", Module("x == 1 +\ny == 2\nz == ) 3\nw == 4")}}, "syntax 4:1; syntax 5:6"},
      {"Indentation", {{"M.tla", Module("x == /\\ (TRUE\n  /\\ FALSE)")}}, "bad-indentation 4:3"},
      {"Unclosed", {{"M.tla", Module("x == (1 + 2\ny == 3")}}, "unclosed 3:6"},
      {"UnclosedLet", {{"M.tla", Module("x == LET a == 1\nVARIABLE y")}}, "unclosed 3:6"},
      {"Precedence", {{"M.tla", Module("x == 1 = 2 = 3")}}, "precedence-conflict 3:12"},
      {"PrecedenceNegative", {{"M.tla", Module("x == 2 * -1")}}, "precedence-conflict 3:10"},
      {"CrossAlone", {{"M.tla", Module("F(G(_, _)) == 1\nx == F(\\times)")}}, "syntax 4:8"},
      {"LabelMovesOperands", {{"M.tla", Module("x == 1 + lab :: 2 = 3")}}, "precedence-conflict 3:19"},
      {"ProofWithoutTheorem", {{"M.tla", Module("x == 1 OBVIOUS")}}, "syntax 3:8"},
      {"ProofWithoutQed", {{"M.tla", Module("THEOREM TRUE\n<1>1. TRUE OBVIOUS")}}, "syntax 4:1"},
      {"ArmAfterOther", {{"M.tla", Module("x == CASE TRUE -> 1 [] OTHER -> 2 [] TRUE -> 3")}}, "syntax 3:35"},
      {"LabelOfNumber", {{"M.tla", Module("x == 1 + 2 :: 3")}}, "syntax 3:12"},
      {"PrecedencePrime", {{"M.tla", Module("VARIABLE x\ny == UNCHANGED x'")}}, "precedence-conflict 4:17"},
      {"Deep", {{"M.tla", Nested(2000)}}, "nesting-too-deep 3:506"},
      // --- modules
      {"NoSuchModule", {{"M.tla", Module("x == 1", "M", "Naturls")}}, "module-not-found 2:9"},
      {"WrongName", {{"M.tla", Module("x == 1", "N")}}, "module-name-mismatch 1:1"},
      {"Circle",
       {{"M.tla", Module("x == 1", "M", "N")}, {"N.tla", Module("y == 1", "N", "M")}},
       "circular-extends 2:9"},
      {"SelfCircle", {{"M.tla", Module("x == 1", "M", "M")}}, "circular-extends 2:9"},
      {"InstanceCircle", {{"M.tla", Module("I == INSTANCE M")}}, "circular-extends 3:6"},
      {"Foreign", {{"M.tla", Module("x == 1", "M", "Apalache")}}, "unsupported 2:9"},
      {"PartOfNumber", {{"M.tla", Module("x == 1\ny == x!1")}}, "bad-selection 4:8"},
      {"PartOfVariable", {{"M.tla", Module("VARIABLE x\ny == x!1")}}, "bad-selection 4:6"},
      {"PartIsMissing", {{"M.tla", Module("x == 1 + 2\ny == x!3")}}, "bad-selection 4:8"},
      {"RecursiveSection", {{"M.tla", Module("RECURSIVE F(_)\nVARIABLE v\nF(n) == n")}}, "recursive-section 4:1"},
      {"LabelOutside", {{"M.tla", Module("ASSUME lab :: TRUE")}}, "bad-label 3:8"},
      {"LabelParameter", {{"M.tla", Module("x == \\A a \\in {1} : lab :: a = 1")}}, "bad-label 3:21"},
      {"LabelTwice", {{"M.tla", Module("x == (lab :: 1) = (lab :: 2)")}}, "bad-label 3:20"},
      {"SubmoduleByItself", {{"M.tla", Module("---- MODULE N ----\na == b\n====")}}, "undefined-name 4:6"},
      // --- names
      {"Undefined", {{"M.tla", Module("x == y")}}, "undefined-name 3:6"},
      {"NoArithmetic", {{"M.tla", Module("x == 1 + 2", "M", "")}}, "undefined-name 2:8"},
      {"UndefinedInInstance",
       {{"M.tla", Module("I == INSTANCE N\nx == I!b")}, {"N.tla", Module("a == 1", "N")}},
       "undefined-name 4:8"},
      {"Duplicate", {{"M.tla", Module("x == 1\nx == 2")}}, "duplicate-name 4:1"},
      {"DuplicateBound", {{"M.tla", Module("x == 1\ny == \\A x \\in {} : TRUE")}}, "duplicate-name 4:9"},
      {"DuplicateParameter", {{"M.tla", Module("F(a, a) == 1")}}, "duplicate-name 3:6"},
      {"DuplicateBuiltin", {{"M.tla", Module("a + b == 1")}}, "duplicate-name 3:3"},
      {"DuplicateLanguage", {{"M.tla", Module("a \\cup b == 1", "M", "")}}, "duplicate-name 2:3"},
      {"DuplicateByExtends",
       {{"M.tla", Module("x == 1", "M", "A, B")},
        {"A.tla", Module("v == 1", "A")},
        {"B.tla", Module("VARIABLE v", "B")}},
       "duplicate-name 2:12"},
      {"Arity", {{"M.tla", Module("F(a) == a\nx == F(1, 2)")}}, "wrong-arity 4:6"},
      {"ArityBuiltin", {{"M.tla", Module("x == Nat(1)")}}, "wrong-arity 3:6"},
      {"ArityOperator", {{"M.tla", Module("F(G(_)) == G(1)\nx == F(\\cup)")}}, "wrong-arity 4:8"},
      {"NotExpression", {{"M.tla", Module("x == {+}")}}, "not-an-expression 3:7"},
      {"NotExpressionModule",
       {{"M.tla", Module("I == INSTANCE N\nx == I")}, {"N.tla", Module("a == 1", "N")}},
       "not-an-expression 4:6"},
      {"NotExpressionFact",
       {{"M.tla", Module("THEOREM T == ASSUME TRUE PROVE TRUE\nx == T")}},
       "not-an-expression 4:6"},
      {"NotOperator", {{"M.tla", Module("F(G(_)) == G(1)\nx == F(1)")}}, "not-an-operator 4:8"},
      {"Recursive", {{"M.tla", Module("RECURSIVE F(_)\nx == F(1)")}}, "recursive-undefined 3:11"},
      {"RecursiveLet", {{"M.tla", Module("x == LET RECURSIVE F(_) IN 1")}}, "recursive-undefined 3:20"},
      {"At", {{"M.tla", Module("x == @")}}, "at-outside-except 3:6"},
      {"Field", {{"M.tla", Module("x == [a : {1}, a : {2}]")}}, "duplicate-field 3:16"},
      {"Level", {{"M.tla", Module("VARIABLE x\ny == (x')'")}}, "level 4:6"},
      {"Substitution",
       {{"M.tla", Module("I == INSTANCE N")}, {"N.tla", Module("CONSTANT c", "N")}},
       "bad-substitution 3:6"},
      {"SubstitutionUnknown",
       {{"M.tla", Module("I == INSTANCE N WITH d <- 1")}, {"N.tla", Module("a == 1", "N")}},
       "bad-substitution 3:22"},
      // --- model files
      {"ModelSyntax", {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size 1"}}, "model-syntax 1:15"},
      {"ModelSyntaxTwice",
       {{"M.tla", kSpec}, {"M.cfg", "INIT = x\nCHECK_DEADLOCK maybe"}},
       "model-syntax 1:6; model-syntax 2:16"},
      {"ModelStatement", {{"M.tla", kSpec}, {"M.cfg", "FOO bar\nINIT Init"}}, "model-syntax 1:1"},
      {"ModelSet", {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = {1 2}"}}, "model-syntax 1:20"},
      {"ModelDeepSet",
       {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = " + std::string(200, '{')}},
       "nesting-too-deep 1:118"},
      {"ModelOpenComment", {{"M.tla", kSpec}, {"M.cfg", "(* a"}}, "unterminated-comment 1:1"},
      {"ModelUnknown",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Sise <- One\nINVARIANT Innv"}},
       "model-unknown-name 3:10; model-unknown-name 4:11"},
      {"ModelUnknownReplacement",
       {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size <- None\nCONSTANT Op <- One"}},
       "model-unknown-name 1:18"},
      {"ModelTwice", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Size = 2"}}, "model-duplicate 3:10"},
      {"ModelInitTwice",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "INIT Init\nNEXT Next\nINIT Init"}},
       "model-duplicate 5:6"},
      {"ModelMissing", {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Op <- One"}}, "model-constant-missing 1:1"},
      {"ModelArity",
       {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = 1\nCONSTANT Op <- Two\nINVARIANT One"}},
       "model-wrong-arity 2:16; model-wrong-arity 3:11"},
      {"ModelUnusedValue",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Sise = 2 INVARIANT Innv"}},
       "model-unused-value 3:10; model-unknown-name 3:29"},
      {"ModelArityRow",
       {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = 1\nCONSTANT Op(1, 2) = 3"}},
       "model-wrong-arity 2:10"},
      {"ModelValueAndRow",
       {{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = 1\nCONSTANT Op = 3 Op(1) = 3"}},
       "model-duplicate 2:17"},
      {"ModelConstantView", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "VIEW Free"}}, "level 3:6"},
      {"ModelConflict",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "SPECIFICATION Init\nINIT Init\nNEXT Next"}},
       "model-conflict 4:6"},
      {"ModelIncomplete", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "INIT Init"}}, "model-incomplete 3:6"},
      {"ModelLevel", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "INVARIANT Inv Act"}}, "level 3:15"},
      {"ModelModule",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Free <- [N] One"}},
       "model-unknown-name 3:10"},
      {"ModelRowOfAnUnknownName",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Onne(1) = 2 INVARIANT Innv"}},
       "model-unused-value 3:10; model-unknown-name 3:32"},
      {"ModelLanguage", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT BOOLEAN <- Free"}}, "unsupported 3:10"},
      {"ModelBuiltinArity",
       {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Nat <- One"}},
       "model-wrong-arity 3:17"},
      {"ModelTlcOnly", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "_PERIODIC Free"}}, "unsupported 3:1"},
      {"ModelBuiltin", {{"M.tla", kSpec}, {"M.cfg", kGoodConstants + "CONSTANT Nat <- Int"}}, "unsupported 3:10"},
  };
  return cases;
}

class Negative : public testing::TestWithParam<Case> {};

TEST_P(Negative, IsReportedAtItsPlace) {
  const Case& c = GetParam();
  FrontEnd fe(c.files);
  const auto spec = fe.Load("M.tla");
  std::shared_ptr<const resolve::Model> model;
  if (spec != nullptr) model = fe.LoadModel("M.cfg");
  EXPECT_EQ(model, nullptr);
  EXPECT_EQ(fe.Summary(), c.summary) << fe.Rendered();
}

INSTANTIATE_TEST_SUITE_P(Cases, Negative, testing::ValuesIn(Cases()),
                         [](const auto& one) { return std::string(one.param.name); });

// --- kinds that need options

TEST(NegativeOptions, FileTooLarge) {
  FrontEnd fe;
  fe.options.file_size_bytes_max = 10;
  EXPECT_EQ(fe.LoadBody("x == 1"), nullptr);
  EXPECT_EQ(fe.Summary(), "file-too-large 0:0");
}

TEST(NegativeOptions, RepeatedDefinitionIsAWarning) {
  FrontEnd fe({{"A.tla", Module("v == 1", "A")}, {"B.tla", Module("v == 2", "B")}});
  EXPECT_NE(fe.LoadBody("x == v", "A, B"), nullptr);
  EXPECT_EQ(fe.Summary(), "repeated-definition 2:12");
  EXPECT_EQ(fe.diagnostics.list().front().severity, tla::Severity::kWarning);
}

TEST(NegativeOptions, TooManyModules) {
  FrontEnd fe({{"A.tla", Module("a == 1", "A")}});
  fe.options.module_count_max = 1;
  EXPECT_EQ(fe.LoadBody("x == 1", "A"), nullptr);
  EXPECT_EQ(fe.Summary(), "too-many-modules 2:9");
}

TEST(NegativeOptions, NestingLimitIsAnOption) {
  FrontEnd fe;
  fe.options.nesting_depth_max = 3;
  EXPECT_EQ(fe.LoadBody("x == ((((1))))"), nullptr);
  EXPECT_EQ(fe.Summary(), "nesting-too-deep 3:9");
}

TEST(NegativeCoverage, EveryKindHasACase) {
  std::string all = "file-too-large too-many-modules repeated-definition";
  for (const Case& c : Cases()) all += std::string(" ") + c.summary;
#define KELPIE_DIAGNOSTIC(name, severity, code, message) \
  EXPECT_NE(all.find(code), std::string::npos) << "no negative test for " #name;
#include "tla/source/diagnostic_kinds.def"
#undef KELPIE_DIAGNOSTIC
}

TEST(NegativeCoverage, CodesAreUnique) {
  std::set<std::string> codes;
#define KELPIE_DIAGNOSTIC(name, severity, code, message) EXPECT_TRUE(codes.insert(code).second) << code;
#include "tla/source/diagnostic_kinds.def"
#undef KELPIE_DIAGNOSTIC
}

}  // namespace
}  // namespace kelpie
