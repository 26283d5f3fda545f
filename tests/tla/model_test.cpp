// Model files: what binds to what.
#include "front_end.h"

namespace kelpie {
namespace {

using test::FrontEnd;
using test::Module;

const std::string kSpec = Module(
    "CONSTANTS Nodes, Size, None, Op(_)\nVARIABLE x\nInit == x = 0\nNext == x' = Size\nSpec == Init /\\ [][Next]_x\n"
    "Two == 2\nOne(a) == a\nInv == x > 0\nSmall == x < 9\nStep == x' > x\nSym == {Nodes}\nLive == <>(x = 1)\nFree == "
    "1");
const std::string kConstants = "CONSTANTS Nodes = {n1, n2} Size = -3\n None = None\n Op <- One\n";

std::string DumpOf(const std::string& cfg, const std::string& spec = kSpec) {
  FrontEnd fe({{"M.tla", spec}, {"M.cfg", cfg}});
  EXPECT_NE(fe.Load("M.tla"), nullptr) << fe.Rendered();
  const auto model = fe.LoadModel("M.cfg");
  return model == nullptr ? fe.Rendered() : resolve::DumpModel(*model, *fe.spec);
}

const std::string kConstantsDump =
    "constant Nodes = {n1, n2}\nconstant Size = -3\nconstant None = None\nconstant Op <- One\n";
const std::string kValuesDump = "model value n1\nmodel value n2\nmodel value None\n";

TEST(Model, EveryStatement) {
  EXPECT_EQ(
      DumpOf(kConstants +
             "(* a (* nested *) comment *) INIT Init NEXT Next \\* and a line\n"
             "INVARIANT Inv INVARIANTS Small, Inv\nPROPERTY Live PROPERTIES Spec\nCONSTRAINT Small\n"
             "ACTION_CONSTRAINT Step\nSYMMETRY Sym\nVIEW Inv\nALIAS Two\nPOSTCONDITION Two\nCHECK_DEADLOCK FALSE"),
      kConstantsDump + kValuesDump +
          "init Init\nnext Next\ninvariant Inv\ninvariant Small\nproperty Live\nproperty Spec\nconstraint Small\n"
          "action constraint Step\nsymmetry Sym\nview Inv\nalias Two\npostcondition Two\ncheck deadlock FALSE\n");
}

TEST(Model, Specification) {
  EXPECT_EQ(DumpOf(kConstants + "SPECIFICATION Spec\nCHECK_DEADLOCK TRUE"),
            kConstantsDump + kValuesDump + "specification Spec\ncheck deadlock TRUE\n");
}

TEST(Model, ListsMayBeEmpty) {
  EXPECT_EQ(DumpOf("CONSTANTS\n" + kConstants + "INVARIANTS\nPROPERTIES\nCHECK_DEADLOCK FALSE"),
            kConstantsDump + kValuesDump + "check deadlock FALSE\n");
}

TEST(Model, ValuesOfEveryKind) {
  const std::string dump = DumpOf(
      "CONSTANT Nodes = {{}, {1, {\"a b\", TRUE}}, m}\nCONSTANT Size = FALSE\nCONSTANT None = \"None\"\nCONSTANT Op <- "
      "One");
  EXPECT_NE(dump.find("constant Nodes = {{}, {1, {\"a b\", TRUE}}, m}\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("constant Size = FALSE\n"), std::string::npos);
  EXPECT_NE(dump.find("constant None = \"None\"\n"), std::string::npos);
  EXPECT_NE(dump.find("model value m\n"), std::string::npos);
}

TEST(Model, DefinitionsAndBuiltinsReplace) {
  const std::string dump = DumpOf(
      "CONSTANT Nodes <- Two\nCONSTANT Size <- Nat\nCONSTANT None <- Free\nCONSTANT Op <- One\nCONSTANT Free = 7\n"
      "CONSTANT Two <- Free");
  EXPECT_NE(dump.find("constant Nodes <- Two\nconstant Size <- built-in Nat\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("definition Two <- Free\ndefinition Free = 7\n"), std::string::npos) << dump;
}

TEST(Model, BuiltinsAreReplaced) {
  EXPECT_NE(DumpOf(kConstants + "CONSTANT Nat <- Free Int <- [Integers] Two")
                .find("built-in Nat <- Free\nbuilt-in Int <- Two everywhere\n"),
            std::string::npos);
}

TEST(Model, ReplacesInsideOneModule) {
  FrontEnd fe(
      {{"N.tla", Module("CONSTANT k\nLimit == k\nUp(a) == a + Limit", "N")},
       {"M.tla", Module("I == INSTANCE N WITH k <- 1\nJ == INSTANCE N WITH k <- 2\nNine == 9\nx == I!Up(J!Up(1))")},
       {"M.cfg", "CONSTANT Limit <- [N] Nine"}});
  ASSERT_NE(fe.Load("M.tla"), nullptr) << fe.Rendered();
  ASSERT_NE(fe.LoadModel("M.cfg"), nullptr) << fe.Rendered();
  EXPECT_EQ(resolve::DumpModel(*fe.model, *fe.spec), "definition I!Limit <- Nine\ndefinition J!Limit <- Nine\n");
}

TEST(Model, ValuesInsideOneModule) {
  EXPECT_NE(DumpOf(kConstants + "CONSTANT Free = [M] 7").find("definition Free = 7\n"), std::string::npos);
}

TEST(Model, BuiltinsOfOneModule) {
  FrontEnd fe({{"N.tla", Module("Few == {n \\in 0..9 : n \\in Nat}", "N")},
               {"M.tla", Module("Small == 0..3\nx == Few", "M", "N")},
               {"M.cfg", "CONSTANT Nat <- [N] Small"}});
  ASSERT_NE(fe.Load("M.tla"), nullptr) << fe.Rendered();
  ASSERT_NE(fe.LoadModel("M.cfg"), nullptr) << fe.Rendered();
  EXPECT_EQ(resolve::DumpModel(*fe.model, *fe.spec), "built-in Nat <- Small everywhere\n");
}

TEST(Model, ValuesForSingleArguments) {
  EXPECT_EQ(DumpOf("CONSTANTS Nodes = 1 Size = 2 None = 3 Op(1) = {a} Op(b) = 5\nINIT Init NEXT Next"),
            "constant Nodes = 1\nconstant Size = 2\nconstant None = 3\nconstant Op(1) = {a}, (b) = 5\n"
            "model value a\nmodel value b\ninit Init\nnext Next\n");
}

TEST(Model, AnUnknownNameMayDeclareItself) {
  EXPECT_NE(DumpOf(kConstants + "CONSTANT n9 = n9").find("model value n9\n"), std::string::npos);
}

TEST(Model, SuppliedConstantsMayBeMissing) {
  FrontEnd fe({{"M.tla", kSpec}, {"M.cfg", "CONSTANT Size = 1 Op <- One"}});
  ASSERT_NE(fe.Load("M.tla"), nullptr);
  fe.model_options.constants_supplied = {"Nodes", "None"};
  EXPECT_NE(fe.LoadModel("M.cfg"), nullptr) << fe.Rendered();
}

TEST(Model, DefaultPrefersSpec) {
  FrontEnd fe;
  ASSERT_NE(fe.LoadBody("VARIABLE v\nInit == v = 1\nNext == v' = 1\nSpec == Init /\\ [][Next]_v"), nullptr);
  const auto with_spec = resolve::DefaultModel(*fe.spec, {}, fe.sources, fe.diagnostics);
  ASSERT_NE(with_spec, nullptr);
  EXPECT_TRUE(with_spec->specification.has_value());
  EXPECT_FALSE(with_spec->init.has_value());
  ASSERT_NE(fe.LoadBody("VARIABLE v\nInit == v = 1\nNext == v' = 1"), nullptr);
  const auto without = resolve::DefaultModel(*fe.spec, {}, fe.sources, fe.diagnostics);
  ASSERT_NE(without, nullptr);
  EXPECT_TRUE(without->init.has_value() && without->next.has_value());
  ASSERT_NE(fe.LoadBody("CONSTANT c"), nullptr);
  EXPECT_EQ(resolve::DefaultModel(*fe.spec, {}, fe.sources, fe.diagnostics), nullptr);
  EXPECT_EQ(fe.Summary(), "model-constant-missing 3:10");
}

TEST(Model, HintsNameTheNearest) {
  FrontEnd fe({{"M.tla", kSpec}, {"M.cfg", kConstants + "INVARIANT Imv"}});
  fe.Load("M.tla");
  EXPECT_EQ(fe.LoadModel("M.cfg"), nullptr);
  EXPECT_EQ(fe.diagnostics.list().front().hint, "did you mean `Inv`?");
}

TEST(Model, TooLargeFile) {
  FrontEnd fe({{"M.tla", kSpec}, {"M.cfg", kConstants}});
  fe.Load("M.tla");
  fe.model_options.file_size_bytes_max = 5;
  EXPECT_EQ(fe.LoadModel("M.cfg"), nullptr);
  EXPECT_EQ(fe.Summary(), "file-too-large 0:0");
}

}  // namespace
}  // namespace kelpie
