// Tables of decisions must name what exists; every kind of dangling name is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tidy/rules.h"
#include "tests/tidy/sample.h"

namespace kelpie::tidy {
namespace {

using testing::HasSubstr;

class AdrRulesTest : public testing::Test {
 protected:
  AdrRulesTest() {
    sample_.Write("tla/specs/Stock.tla", "---- MODULE Stock ----\nNever(x) == x > 0\nNoDebt == stock >= 0\n====\n");
    sample_.Write("tla/specs/Stock.cfg", "INVARIANT NoDebt\n");
    sample_.Write("tla/specs/StockDebtBroken.cfg", "INVARIANTS NoDebt Never\n");
    sample_.Write("tests/checker/CMakeLists.txt", "kelpie_test(stock_specs_test SOURCES stock_test.cpp)\n");
    sample_.Write("tests/checker/stock_test.cpp", "TEST(StockTest, NoDebtHolds) {}\nTEST_F(Fixture, Other) {}\n");
  }
  std::string Row(const std::string& row,
                  const std::string& header = "| guarantee | spec | invariant or property | configuration | test |") {
    sample_.Write("docs/adr/001-stock.md", "# Stock\n\n" + header + "\n|---|---|---|---|---|\n" + row + "\n");
    return ToText(CheckAdrs(sample_.Read()));
  }
  Sample sample_;
};

TEST_F(AdrRulesTest, WhatExistsPasses) {
  EXPECT_EQ(Row("| no debt | `Stock.tla` | `NoDebt` | `Stock.cfg`, `StockDebtBroken.cfg` | `StockTest.NoDebtHolds` |"),
            "");
  EXPECT_EQ(Row("| no debt | Stock | NoDebt | Stock.cfg | tests/checker/stock_test.cpp |"), "");
  EXPECT_EQ(Row("| no debt | Stock | NoDebt, Never | StockDebtBroken.cfg | stock_specs_test |"), "");
  EXPECT_EQ(Row("| no debt | Stock | NoDebt | Stock.cfg | `checker/stock_test.cpp` (`NoDebtHolds`) |"), "");
}
TEST_F(AdrRulesTest, Spec) {
  EXPECT_THAT(Row("| no debt | `Stack` | `NoDebt` | `Stock.cfg` | `stock_test.cpp` |"),
              HasSubstr(":5: the spec `Stack` does not exist"));
}
TEST_F(AdrRulesTest, Invariant) {
  EXPECT_THAT(Row("| no debt | `Stock` | `NoDept` | `Stock.cfg` | `stock_test.cpp` |"),
              HasSubstr("defines the invariant or property `NoDept`"));
}
TEST_F(AdrRulesTest, InvariantThatTheConfigurationLeavesOut) {
  EXPECT_THAT(Row("| no debt | `Stock` | `Never` | `Stock.cfg` | `stock_test.cpp` |"),
              HasSubstr("no such configuration lists `Never`"));
}
TEST_F(AdrRulesTest, Configuration) {
  EXPECT_THAT(Row("| no debt | `Stock` | `NoDebt` | `Other.cfg` | `stock_test.cpp` |"),
              HasSubstr("the configuration `Other.cfg`"));
}
TEST_F(AdrRulesTest, Test) {
  for (const char* name : {"StockTest.Missing", "missing_test.cpp", "tests/checker/missing_test.cpp", "missing_test",
                           "Fixture.NoDebtHolds"}) {
    EXPECT_THAT(Row(std::string("| no debt | `Stock` | `NoDebt` | `Stock.cfg` | `") + name + "` |"),
                HasSubstr("does not exist"))
        << name;
  }
}
TEST_F(AdrRulesTest, AFileThatNoTestRunsIsNoTest) {
  const std::string row = "| no debt | `Stock` | `NoDebt` | `Stock.cfg` | tla/specs/StockDebtBroken.cfg |";
  EXPECT_THAT(Row(row), HasSubstr("does not exist"));
  sample_.Write("tests/testdata/counts.json", "{\"StockDebtBroken.cfg\": 7}\n");
  EXPECT_EQ(Row(row), "");
}
TEST_F(AdrRulesTest, EmptyCell) {
  EXPECT_THAT(Row("| no debt | `Stock` | `NoDebt` | `Stock.cfg` |  |"), HasSubstr("a cell is empty"));
}
TEST_F(AdrRulesTest, ColumnsAndCells) {
  EXPECT_THAT(Row("| no debt | `Stock` |"), HasSubstr("another number of cells"));
  EXPECT_THAT(Row("| a | b | c | d | e |", "| guarantee | spec | who | when | why |"), HasSubstr("needs the columns"));
}
TEST_F(AdrRulesTest, OtherTablesAreFree) {
  EXPECT_EQ(Row("| a | b | c | d | e |", "| option | for | against | cost | taken |"), "");
}

}  // namespace
}  // namespace kelpie::tidy
