// Every kind of error in error_kinds.def is expected by a test of this folder, so that none
// exists that nobody has seen happen.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "support.h"

namespace kelpie::trace {
namespace {

TEST(ErrorKinds, EachIsExpectedSomewhere) {
  std::string tests;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(KELPIE_SOURCE_DIR) + "/tests/trace")) {
    if (entry.path().extension() == ".cpp") tests += test::BytesOf(entry.path().string());
  }
  for (const std::string name : {
#define KELPIE_TRACE_ERROR(name, code, class) #name,
#include "trace/value/error_kinds.def"
#undef KELPIE_TRACE_ERROR
       }) {
    // Reading fails only when the disk does.
    if (name == "kCannotRead") continue;
    EXPECT_NE(tests.find("ErrorKind::" + name), std::string::npos) << name;
  }
}

TEST(ErrorKinds, CodesAreDistinct) {
  std::set<std::string_view> codes;
  std::size_t count = 0;
#define KELPIE_TRACE_ERROR(name, code, class) \
  codes.insert(CodeOf(ErrorKind::name));      \
  ++count;
#include "trace/value/error_kinds.def"
#undef KELPIE_TRACE_ERROR
  EXPECT_EQ(codes.size(), count);
}

}  // namespace
}  // namespace kelpie::trace
