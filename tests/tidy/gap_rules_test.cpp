// A row about a gap must name what exists, and every planted bug has a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tidy/rules.h"
#include "tests/tidy/sample.h"

namespace kelpie::tidy {
namespace {

using testing::HasSubstr;

class GapRulesTest : public testing::Test {
 protected:
  GapRulesTest() {
    sample_.Write("tla/specs/Stock.tla", "---- MODULE Stock ----\nNoDebt == stock >= 0\n====\n");
    sample_.Write("impl/machines/bugs.def", "KELPIE_BUG(blind_sale, Stock, \"sells what is not there\",\n");
    sample_.Write("impl/machines/stock.h", "#pragma once\n");
  }
  // The other rows are open.
  std::string FirstRow(const std::string& row) {
    std::string page =
        "| number | gap | closed by | spec | invariant or property | planted bug |\n|---|---|---|---|---|---|\n" + row;
    for (int number = 2; number <= 17; ++number)
      page += "| " + std::to_string(number) + " | a gap | open | Stock | NoDebt | none |\n";
    sample_.Write("docs/GAPS.md", page);
    return ToText(CheckGaps(sample_.Read()));
  }
  Sample sample_;
};

TEST_F(GapRulesTest, WhatExistsPasses) {
  EXPECT_EQ(FirstRow("| 1 | debts | impl/machines/stock.h | Stock | NoDebt | blind_sale |\n"), "");
}
TEST_F(GapRulesTest, DanglingNames) {
  EXPECT_THAT(FirstRow("| 1 | debts | impl/machines/stack.h | Stock | NoDebt | blind_sale |\n"),
              HasSubstr(":3: impl/machines/stack.h does not exist"));
  EXPECT_THAT(FirstRow("| 1 | debts | impl/machines/stock.h | Stack | NoDebt | blind_sale |\n"),
              HasSubstr("the spec `Stack` does not exist"));
  EXPECT_THAT(FirstRow("| 1 | debts | impl/machines/stock.h | Stock | NoDept | blind_sale |\n"),
              HasSubstr("Stock defines no `NoDept`"));
  EXPECT_THAT(FirstRow("| 1 | debts | impl/machines/stock.h | Stock | NoDebt | blind_sales |\n"),
              HasSubstr("no bug `blind_sales` is planted"));
}
TEST_F(GapRulesTest, ABugWithoutARowAndARowWithoutABug) {
  EXPECT_THAT(FirstRow("| 1 | debts | open | Stock | NoDebt | none |\n"),
              HasSubstr("no row names the planted bug `blind_sale`"));
  EXPECT_THAT(FirstRow("| 1 | debts | impl/machines/stock.h | Stock | NoDebt | none |\n"),
              HasSubstr("no bug `none` is planted"));
  EXPECT_THAT(FirstRow("| 1 | debts | open | Stock | NoDebt | blind_sale |\n"),
              HasSubstr("an open gap has no planted bug"));
}
TEST_F(GapRulesTest, EveryGapHasOneRow) {
  EXPECT_THAT(FirstRow(""), HasSubstr("has no row 1"));
  EXPECT_THAT(FirstRow("| 2 | debts | impl/machines/stock.h | Stock | NoDebt | blind_sale |\n"),
              HasSubstr("a second row 2"));
  EXPECT_THAT(FirstRow("| 1 | debts |\n"), HasSubstr("needs the cells"));
}

}  // namespace
}  // namespace kelpie::tidy
