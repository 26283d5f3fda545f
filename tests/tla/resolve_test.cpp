// Meaning of names: what resolves to what, in which order, and with which level.
#include "front_end.h"

namespace kelpie {
namespace {

using resolve::ExprKind;
using resolve::Level;
using test::FrontEnd;
using test::Module;
using test::Shape;

// The shape of definition `name` of a one-module specification.
std::string ShapeOf(std::string_view body, const char* name = "x", std::string_view extends = "Integers") {
  FrontEnd fe;
  const auto spec = fe.LoadBody(body, extends);
  if (spec == nullptr) return fe.Rendered();
  return Shape(*spec, spec->definition(*spec->FindDefinition(name)).body);
}

Level LevelOf(std::string_view body, const char* name = "x") {
  FrontEnd fe;
  const auto spec = fe.LoadBody(body);
  EXPECT_NE(spec, nullptr) << fe.Rendered();
  return spec == nullptr ? Level::kTemporal : spec->definition(*spec->FindDefinition(name)).level;
}

std::string ErrorsOf(std::string_view body, std::string_view extends = "Integers") {
  FrontEnd fe;
  EXPECT_EQ(fe.LoadBody(body, extends), nullptr);
  return fe.Summary();
}

std::string HintOf(std::string_view body, std::string_view extends = "Integers") {
  FrontEnd fe;
  EXPECT_EQ(fe.LoadBody(body, extends), nullptr);
  return fe.diagnostics.list().empty() ? "" : fe.diagnostics.list().front().hint;
}

TEST(Resolve, SpellingsAreOneBuiltin) {
  for (const char* op : {"<=", "=<", "\\leq", "\xE2\x89\xA4"}) {
    EXPECT_EQ(ShapeOf("x == 1 " + std::string(op) + " 2"), "builtin \\leq (int 1) (int 2)");
  }
  for (const char* op : {"#", "/=", "\xE2\x89\xA0"}) {
    EXPECT_EQ(ShapeOf("x == 1 " + std::string(op) + " 2"), "builtin /= (int 1) (int 2)");
  }
  EXPECT_EQ(ShapeOf("x == {} \\union {}"), "builtin \\cup (set) (set)");
  EXPECT_EQ(ShapeOf("x == <<>> \\circ <<>>", "x", "Sequences"), "builtin \\o (tuple) (tuple)");
  EXPECT_EQ(ShapeOf("x == \\lnot TRUE"), "builtin ~ (bool)");
}

TEST(Resolve, ChainsOfOneJunctionAreFlat) {
  EXPECT_EQ(ShapeOf("x == TRUE /\\ FALSE /\\ TRUE"), "and (bool) (bool) (bool)");
  EXPECT_EQ(ShapeOf("x == (TRUE /\\ FALSE) \\/ TRUE"), "or (and (bool) (bool)) (bool)");
  EXPECT_EQ(ShapeOf("x == /\\ TRUE"), "bool");
  EXPECT_EQ(ShapeOf("x == {1} \\X {2} \\X {3}"), "cross (set (int 1)) (set (int 2)) (set (int 3))");
  EXPECT_EQ(ShapeOf("x == ({1} \\X {2}) \\X {3}"), "cross (cross (set (int 1)) (set (int 2))) (set (int 3))");
}

TEST(Resolve, ConjunctsKeepTheirSpans) {
  FrontEnd fe;
  const auto spec = fe.LoadBody("VARIABLE v\nx == /\\ v = 1\n     /\\ ( v\n            = 2 )\n     /\\ v # 3 \\* tail");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  const resolve::Expr& body = spec->expr(spec->definition(*spec->FindDefinition("x")).body);
  ASSERT_EQ(body.operands.size(), 3u);
  EXPECT_EQ(fe.sources.TextOf(spec->expr(body.operands[0]).span), "v = 1");
  EXPECT_EQ(fe.sources.TextOf(spec->expr(body.operands[1]).span), "( v\n            = 2 )");
  EXPECT_EQ(fe.sources.TextOf(spec->expr(body.operands[2]).span), "v # 3");
  EXPECT_EQ(fe.sources.TextOf(body.span), "/\\ v = 1\n     /\\ ( v\n            = 2 )\n     /\\ v # 3");
}

TEST(Resolve, SpansCountCodePoints) {
  FrontEnd fe;
  const auto spec = fe.LoadBody("x == \"\xE6\x97\xA5\xE6\x9C\xAC\" = \"a\"");
  ASSERT_NE(spec, nullptr);
  const resolve::Expr& body = spec->expr(spec->definition(*spec->FindDefinition("x")).body);
  EXPECT_EQ(body.span.end_column, 16u);
  EXPECT_EQ(fe.sources.TextOf(spec->expr(body.operands[1]).span), "\"a\"");
}

TEST(Resolve, LocalsAreUniqueAndScoped) {
  EXPECT_EQ(ShapeOf("x == (\\A a \\in {1} : a = 1) /\\ (\\E a \\in {2} : a = 2)"),
            "and (forall (builtin = (local a) (int 1))) (exists (builtin = (local a) (int 2)))");
  EXPECT_EQ(ErrorsOf("x == (\\A a \\in {1} : a = 1) /\\ a"), "undefined-name 3:32");
  // A bound's set does not see the names beside it.
  EXPECT_EQ(ErrorsOf("x == \\A a \\in {1}, b \\in {a} : TRUE"), "undefined-name 3:27");
  EXPECT_EQ(ErrorsOf("x == LET a == 1 IN a\ny == a"), "undefined-name 4:6");
}

TEST(Resolve, BuiltinsNeedTheirModule) {
  EXPECT_EQ(HintOf("x == 1 + 2", ""), "EXTENDS Integers");
  EXPECT_EQ(HintOf("x == -1", "Naturals"), "EXTENDS Integers");
  EXPECT_EQ(HintOf("x == Len(<<>>)"), "EXTENDS Sequences");
  EXPECT_EQ(HintOf("x == 1 :> 2"), "EXTENDS TLC");
  EXPECT_EQ(ShapeOf("x == Int", "x", "Integers"), "builtin Int");
  EXPECT_EQ(ErrorsOf("x == Int", "Naturals"), "undefined-name 3:6");
  // Sequences uses Naturals, but does not pass it on.
  EXPECT_EQ(ErrorsOf("x == 1 + 2", "Sequences, FiniteSets, TLC"), "undefined-name 3:8");
}

TEST(Resolve, NearestNameIsOffered) {
  EXPECT_EQ(HintOf("Counter == 1\nx == Conter"), "did you mean `Counter`?");
  EXPECT_EQ(HintOf("Counter == 1\nx == counter"), "did you mean `Counter`?");
  EXPECT_EQ(HintOf("Counter == 1\nx == Zebra"), "");
  EXPECT_EQ(HintOf("x == y\ny == 1"), "it is defined further down; move it up, or declare it RECURSIVE");
}

TEST(Resolve, HigherOrderArguments) {
  const std::string_view apply = "F(G(_, _)) == G(1, 2)\n";
  EXPECT_EQ(ShapeOf(std::string(apply) + "x == F( + )"), "apply F (builtin_ref +)");
  EXPECT_EQ(ShapeOf(std::string(apply) + "H(a, b) == a\nx == F(H)"), "apply F (op_ref H)");
  EXPECT_EQ(ShapeOf(std::string(apply) + "x == F(LAMBDA a, b : b)"), "apply F (lambda (local b))");
  EXPECT_EQ(ShapeOf(std::string(apply) + "x == F(/\\)"), "apply F (lambda (and (local _1) (local _2)))");
  EXPECT_EQ(ShapeOf(std::string(apply) + "CONSTANT C(_, _)\nx == F(C)"),
            "apply F (lambda (constant C (local _1) (local _2)))");
  EXPECT_EQ(ShapeOf(std::string(apply) + "E(O(_, _)) == F(O)\nx == E( - )"), "apply E (builtin_ref -)");
  EXPECT_EQ(ErrorsOf(std::string(apply) + "x == F(LAMBDA a : a)"), "wrong-arity 4:8");
  EXPECT_EQ(ErrorsOf(std::string(apply) + "x == F(F)"), "wrong-arity 4:8");
  EXPECT_EQ(ErrorsOf("F(G(_)) == G(1)\nE(H(_)) == H(1)\nA(O(_)) == F(O)\nx == F(F)"), "not-an-operator 6:8");
}

TEST(Resolve, RecursiveFunctionsSeeThemselves) {
  EXPECT_EQ(ShapeOf("x[n \\in Nat] == x[n - 1]"),
            "recursive_function (function_apply (local x) (builtin - (local n) (int 1)))");
  EXPECT_EQ(ShapeOf("f[a \\in Nat, b \\in Nat] == 1\nx == f[1, 2]"),
            "function_apply (apply f) (tuple (int 1) (int 2))");
}

TEST(Resolve, ExceptAtRefersToItsUpdate) {
  FrontEnd fe;
  const auto spec = fe.LoadBody("f == [a \\in {1} |-> [b |-> 1]]\nx == [f EXCEPT ![1] = [@ EXCEPT !.b = @]]");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  const resolve::Expr& outer = spec->expr(spec->definition(*spec->FindDefinition("x")).body);
  const resolve::Expr& inner = spec->expr(outer.updates[0].value);
  EXPECT_EQ(spec->expr(inner.operands[0]).local, outer.updates[0].at_local);
  EXPECT_EQ(spec->expr(inner.updates[0].value).local, inner.updates[0].at_local);
  EXPECT_EQ(spec->expr(inner.updates[0].path[0]).text, "b");
}

TEST(Resolve, BigNumbersKeepTheirDigits) {
  EXPECT_EQ(ShapeOf("x == 9223372036854775807"), "int 9223372036854775807");
  EXPECT_EQ(ShapeOf("x == 9223372036854775808"), "int 9223372036854775808");
  EXPECT_EQ(ShapeOf("x == \\hFFFFFFFFFFFFFFFFF"), "int 295147905179352825855");
  EXPECT_EQ(ShapeOf("x == 007"), "int 7");
}

// --- modules

TEST(Resolve, ExtendsIsTransitiveAndDiamondsAreFine) {
  FrontEnd fe({{"M.tla", Module("x == b + c", "M", "B, C, Integers")},
               {"B.tla", Module("b == a", "B", "A")},
               {"C.tla", Module("c == a", "C", "A")},
               {"A.tla", Module("CONSTANT k\nVARIABLE v\na == k\nASSUME k > 0", "A")}});
  const auto spec = fe.Load("M.tla");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_EQ(spec->constants.size(), 1u);
  EXPECT_EQ(spec->variables.size(), 1u);
  EXPECT_EQ(spec->assumptions.size(), 1u);
  EXPECT_EQ(spec->module_files.size(), 4u);
  EXPECT_EQ(spec->module_files.front(), fe.Path("M.tla"));
  EXPECT_TRUE(spec->FindDefinition("a").has_value());
  EXPECT_FALSE(spec->FindDefinition("nothing").has_value());
}

TEST(Resolve, ModuleBesideWinsOverStandardAndLibrary) {
  FrontEnd fe({{"M.tla", Module("x == Len(3)", "M", "Sequences")},
               {"Sequences.tla", Module("Len(n) == n", "Sequences")},
               {"lib/Sequences.tla", Module("Other == 1", "Sequences")},
               {"lib/Extra.tla", Module("e == 1", "Extra")}});
  fe.options.library_paths = {fe.Path("lib")};
  const auto spec = fe.Load("M.tla");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_EQ(Shape(*spec, spec->definition(*spec->FindDefinition("x")).body), "apply Len (int 3)");
  EXPECT_NE(fe.LoadBody("x == e", "Extra"), nullptr) << fe.Rendered();
}

TEST(Resolve, LocalDefinitionsStayInTheirModule) {
  FrontEnd fe({{"M.tla", Module("x == h", "M", "N")}, {"N.tla", Module("LOCAL h == 1\ng == h", "N")}});
  EXPECT_EQ(fe.Load("M.tla"), nullptr);
  EXPECT_EQ(fe.Summary(), "undefined-name 3:6");
}

TEST(Resolve, InstancesReplaceDeclarations) {
  FrontEnd fe({{"N.tla", Module("CONSTANT c\nVARIABLE v\ng(a) == a + c + v\nh == v' = g(1)", "N")}});
  const auto spec = fe.LoadBody(
      "VARIABLE v, w\nI == INSTANCE N WITH c <- 5\nJ(p) == INSTANCE N WITH c <- p, v <- w\n"
      "x == I!g(1) + J(2)!g(3)\ny == J(7)!h");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  const auto body = [&](const char* name) { return Shape(*spec, spec->definition(*spec->FindDefinition(name)).body); };
  EXPECT_EQ(body("I!g"), "builtin + (builtin + (local a) (apply I!c)) (variable v)");
  EXPECT_EQ(body("J!g"), "builtin + (builtin + (local a) (apply J!c (local p))) (variable w)");
  EXPECT_EQ(body("x"), "builtin + (apply I!g (int 1)) (apply J!g (int 2) (int 3))");
  EXPECT_EQ(body("J!h"), "builtin = (prime (variable w)) (apply J!g (local p) (int 1))");
  EXPECT_EQ(spec->definition(*spec->FindDefinition("y")).level, Level::kAction);
}

TEST(Resolve, InstanceOfAModuleThatExtends) {
  FrontEnd fe({{"A.tla", Module("VARIABLE v\nf == v + 1", "A")}, {"B.tla", Module("g == f + v", "B", "Integers, A")}});
  const auto spec = fe.LoadBody("VARIABLE v\nINSTANCE B\nx == g + f");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_EQ(spec->variables.size(), 1u);
  EXPECT_EQ(Shape(*spec, spec->definition(*spec->FindDefinition("g")).body), "builtin + (apply f) (variable v)");
}

TEST(Resolve, InstancesNest) {
  FrontEnd fe({{"A.tla", Module("CONSTANT k\nf(n) == n + k", "A")},
               {"B.tla", Module("CONSTANT q\nI(r) == INSTANCE A WITH k <- q + r\ng == I(1)!f(2)", "B")}});
  const auto spec = fe.LoadBody("J(s) == INSTANCE B WITH q <- s\nx == J(3)!g + J(4)!I(5)!f(6)");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_EQ(Shape(*spec, spec->definition(*spec->FindDefinition("x")).body),
            "builtin + (apply J!g (int 3)) (apply J!I!f (int 4) (int 5) (int 6))");
  EXPECT_EQ(Shape(*spec, spec->definition(*spec->FindDefinition("J!g")).body), "apply J!I!f (local s) (int 1) (int 2)");
}

TEST(Resolve, InstanceOfAStandardModule) {
  EXPECT_EQ(ShapeOf("LOCAL INSTANCE Sequences\nx == Len(<<>>)"), "builtin Len (tuple)");
  EXPECT_EQ(ShapeOf("S == INSTANCE Sequences\nx == S!Len(<<>>)"), "builtin Len (tuple)");
}

// --- levels

TEST(Levels, ComeFromVariablesAndPrimes) {
  const std::string v = "VARIABLE v\nF(a) == a\n";
  EXPECT_EQ(LevelOf(v + "x == 1"), Level::kConstant);
  EXPECT_EQ(LevelOf(v + "x == v"), Level::kState);
  EXPECT_EQ(LevelOf(v + "x == F(v)"), Level::kState);
  EXPECT_EQ(LevelOf(v + "x == v' = 1"), Level::kAction);
  EXPECT_EQ(LevelOf(v + "x == UNCHANGED v"), Level::kAction);
  EXPECT_EQ(LevelOf(v + "x == ENABLED (v' = 1)"), Level::kState);
  EXPECT_EQ(LevelOf(v + "x == [][v' = 1]_v"), Level::kTemporal);
  EXPECT_EQ(LevelOf(v + "x == \\A a \\in {v} : TRUE"), Level::kState);
  EXPECT_EQ(LevelOf(v + "x == [[b |-> v] EXCEPT !.b = 1]"), Level::kState);
  EXPECT_EQ(LevelOf(v + "x == \\EE h : h = 1"), Level::kTemporal);
}

TEST(Levels, RiseThroughRecursion) {
  EXPECT_EQ(LevelOf("VARIABLE v\nRECURSIVE A(_), B(_)\nA(n) == B(n)\nB(n) == IF n = 0 THEN v ELSE A(n - 1)\nx == A(1)"),
            Level::kState);
}

TEST(Levels, AreCheckedThroughParameters) {
  EXPECT_EQ(ErrorsOf("VARIABLE v\nP(a) == a'\nQ(b) == P(b)\nx == Q(v')"), "level 6:8");
  FrontEnd fe;
  EXPECT_NE(fe.LoadBody("VARIABLE v\nP(a) == a'\nQ(b) == P(b)\nx == Q(v)"), nullptr) << fe.Rendered();
}

// --- community modules

TEST(Community, OperatorsAreBuiltIn) {
  EXPECT_EQ(ShapeOf("x == Max({1})", "x", "FiniteSetsExt"), "builtin Max (set (int 1))");
  // From a module that the extended one extends.
  EXPECT_EQ(ShapeOf("x == Range(<<1>>)", "x", "SequencesExt"), "builtin Range (tuple (int 1))");
}

TEST(Community, NumberOfArgumentsIsChecked) {
  EXPECT_EQ(ErrorsOf("x == Max({1}, {2})", "FiniteSetsExt"), "wrong-arity 3:6");
  EXPECT_EQ(ErrorsOf("x == FoldSet(1, 2, {3})", "FiniteSetsExt"), "not-an-operator 3:14");
}

// What comes from a module further away gives way to a definition; the module's own operators do not.
TEST(Community, OwnDefinitionsWinOverNamesFromFurtherAway) {
  EXPECT_EQ(ShapeOf("Range(f) == 1\nx == Range(<<>>)", "x", "SequencesExt"), "apply Range (tuple)");
  EXPECT_EQ(ErrorsOf("Last(f) == 1\nx == Last(<<>>)", "SequencesExt"), "duplicate-name 3:1");
}

TEST(Community, ModuleBesideTheSpecificationWins) {
  FrontEnd fe({{"M.tla", Module("x == Max({1})", "M", "FiniteSetsExt")},
               {"FiniteSetsExt.tla", Module("Max(S) == 7", "FiniteSetsExt")}});
  const auto spec = fe.Load("M.tla");
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_EQ(Shape(*spec, spec->definition(*spec->FindDefinition("x")).body), "apply Max (set (int 1))");
}

TEST(Community, InstancesOfferTheModulesOperators) {
  EXPECT_EQ(ShapeOf("F == INSTANCE FiniteSetsExt\nx == F!Max({1})"), "builtin Max (set (int 1))");
  EXPECT_EQ(ErrorsOf("F == INSTANCE FiniteSetsExt\nx == F!Maximum({1})"), "undefined-name 4:8");
}

// --- the shipped specification

TEST(Resolve, ShippedSpecificationLoads) {
  FrontEnd fe;
  const auto spec =
      resolve::LoadSpec(std::string(KELPIE_SOURCE_DIR) + "/tla/specs/KelpieLease.tla", {}, fe.sources, fe.diagnostics);
  ASSERT_NE(spec, nullptr) << fe.Rendered();
  EXPECT_TRUE(fe.diagnostics.list().empty());
  EXPECT_EQ(spec->definition(*spec->FindDefinition("Next")).level, Level::kAction);
  EXPECT_EQ(spec->definition(*spec->FindDefinition("Spec")).level, Level::kTemporal);
  EXPECT_EQ(spec->definition(*spec->FindDefinition("Init")).level, Level::kState);
}

}  // namespace
}  // namespace kelpie
