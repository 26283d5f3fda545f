// Rows as bytes: every row comes back, and no cut or foreign byte passes for one.
#include "impl/rocks/row_bytes.h"

#include <gtest/gtest.h>

#include <vector>

namespace kelpie::impl_test {
namespace {

using store::Row;

TEST(RowBytesTest, RoundTripsAndRefusesEveryCut) {
  const std::vector<Row> rows = {
      {1, "value", {"n1", 2, 3}}, {7, std::nullopt, {"", 0, 0}}, {9, "", {"long name", 1, 1}}};
  for (const Row& row : rows) {
    const std::string bytes = store::EncodeRow(row);
    EXPECT_EQ(store::DecodeRow(bytes), row);
    const std::size_t needed = bytes.size() - (row.value ? row.value->size() : 0);
    for (std::size_t size = 0; size < needed; ++size) EXPECT_FALSE(store::DecodeRow(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(store::DecodeRow(store::EncodeRow(rows[1]) + "x"));
  EXPECT_FALSE(store::DecodeRow("\x02" + store::EncodeRow(rows[0]).substr(1)));
  EXPECT_EQ(store::DecodeNumber(store::EncodeNumber(UINT64_MAX - 5)), UINT64_MAX - 5);
  EXPECT_FALSE(store::DecodeNumber("123"));
  EXPECT_FALSE(store::DecodeNumber("123456789"));
}

}  // namespace
}  // namespace kelpie::impl_test
