// `kelpie wal`: a log is read, damage is named, and nothing is changed.
#include "impl/main/wal_verb.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "impl/wal/log.h"
#include "impl/wal/posix_folder.h"
#include "tests/support/temp_dir.h"

namespace kelpie::impl_test {
namespace {

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;
};

Ran Wal(std::vector<std::string> args) {
  args.insert(args.begin(), "wal");
  std::vector<const char*> argv;
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const int exit = cluster::RunWal(static_cast<int>(argv.size()), argv.data(), out, err);
  return {exit, out.str(), err.str()};
}

class WalVerbTest : public testing::Test {
 protected:
  WalVerbTest() {
    const wal::OpenedFolder opened = wal::OpenFolder(Path());
    wal::LogOptions options;
    options.segment_bytes = 4096;
    wal::Log log(*opened.folder, options);
    EXPECT_TRUE(log.Scan([](const wal::Entry&) {}).ok());
    EXPECT_TRUE(log.Begin().ok());
    for (const char* payload : {"c1 1 d1", "c1 2 d2", "with \"quotes\" and \x01"}) {
      EXPECT_TRUE(log.Append(payload).status.ok());
      EXPECT_TRUE(log.Sync().ok());
    }
  }
  [[nodiscard]] std::string Path() const { return dir_.File("wal"); }
  [[nodiscard]] std::string Segment() const { return Path() + "/0000000000000001-00000001.wal"; }
  void Damage(std::streamoff at) const {
    std::fstream file(Segment(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file.put('!');
  }
  test::TempDir dir_;
};

TEST_F(WalVerbTest, Verify) {
  const Ran text = Wal({"verify", Path()});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_EQ(text.out, Path() + ": 3 operations, 33 bytes in them, numbers up to 3; 0 are settled\n");
  EXPECT_EQ(Wal({"verify", Path(), "--json"}).out,
            "{\"format\":\"kelpie.wal/1\",\"operations\":3,\"payload_bytes\":33,\"last\":3,\"checkpoint\":0,"
            "\"torn_bytes\":0}\n");
}

TEST_F(WalVerbTest, Dump) {
  const Ran text = Wal({"dump", Path()});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_EQ(text.out, "1  7  c1 1 d1\n2  7  c1 2 d2\n3  19  with \"quotes\" and \\x01\n");
  EXPECT_EQ(Wal({"dump", Path(), "--json"}).out,
            "{\"number\":1,\"bytes\":7,\"payload\":\"c1 1 d1\"}\n{\"number\":2,\"bytes\":7,\"payload\":\"c1 2 d2\"}\n"
            "{\"number\":3,\"bytes\":19,\"payload\":\"with \\\"quotes\\\" and \\\\x01\"}\n");
}

TEST_F(WalVerbTest, ATornEndIsToldAndStays) {
  const auto size = std::filesystem::file_size(Segment());
  Damage(128 + 31 + 31 + 20);
  for (int i = 0; i < 2; ++i) {
    const Ran text = Wal({"verify", Path()});
    EXPECT_EQ(text.exit, 0) << text.err;
    EXPECT_NE(text.out.find("2 operations"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("43 bytes behind them were never confirmed"), std::string::npos) << text.out;
  }
  EXPECT_EQ(std::filesystem::file_size(Segment()), size);
}

TEST_F(WalVerbTest, DamageAndWrongFoldersExitWithThree) {
  Damage(140);
  const Ran damaged = Wal({"verify", Path()});
  EXPECT_EQ(damaged.exit, 3);
  EXPECT_EQ(damaged.err, "wal: " + Segment() +
                             ":128: record 1 is damaged, and was durable; bring the file back from a copy\n");
  EXPECT_EQ(Wal({"verify", Path() + "x"}).err, "wal: " + Path() + "x is not a folder\n");
  EXPECT_FALSE(std::filesystem::exists(Path() + "x"));
  EXPECT_NE(Wal({"dump", Path(), "--cluster", "c2"}).err.find("is of cluster \"kelpie\", not of \"c2\""),
            std::string::npos);
  EXPECT_EQ(Wal({"mend", Path()}).exit, 3);
  EXPECT_EQ(Wal({}).exit, 3);
  const wal::OpenedFolder opened = wal::OpenFolder(Path());
  const Ran used = Wal({"verify", Path()});
  EXPECT_EQ(used.exit, 3);
  EXPECT_NE(used.err.find("another process has this log open; stop it first"), std::string::npos) << used.err;
}

}  // namespace
}  // namespace kelpie::impl_test
