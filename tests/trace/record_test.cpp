// trace/record: seq, files, and the same bytes for the same calls.
#include <gtest/gtest.h>

#include <filesystem>

#include "support.h"
#include "trace/file/run.h"
#include "trace/order/merged_trace.h"
#include "trace/record/recorder.h"

namespace kelpie::trace::record {
namespace {

using test::Rng;
using test::TempDir;

TEST(Recorder, CountsSeqInEachIncarnation) {
  TempDir dir;
  Result<Recorder> recorder = Recorder::Create({.directory = dir.File("a/run"), .header = {.run = "r"}});
  ASSERT_TRUE(recorder.ok()) << recorder.error().Render();
  EXPECT_EQ(recorder->NextSeq("n1", 1), 1U);
  EXPECT_EQ(*recorder->Record({.id = {"n1", 1, 99}}), (EventId{"n1", 1, 1}));
  EXPECT_EQ(*recorder->Record({.id = {"n2", 1, 0}}), (EventId{"n2", 1, 1}));
  EXPECT_EQ(*recorder->Record({.id = {"n1", 1, 0}}), (EventId{"n1", 1, 2}));
  EXPECT_EQ(*recorder->Record({.id = {"n1", 2, 0}}), (EventId{"n1", 2, 1}));
  EXPECT_EQ(recorder->NextSeq("n1", 1), 3U);
  ASSERT_TRUE(recorder->Close().ok());
  Result<std::vector<std::string>> files = file::OpenRun(dir.File("a/run"));
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->size(), 3U);
  const test::ReadResult result = test::ReadAll(dir.File("a/run/n1.1.ktrace"));
  EXPECT_EQ(result.header.run, "r");
  EXPECT_EQ(result.header.node, "n1");
  EXPECT_EQ(result.events.size(), 2U);
}

TEST(Recorder, ARefusedEventUsesUpNoSeq) {
  TempDir dir;
  Result<Recorder> recorder = Recorder::Create({.directory = dir.path(), .json_lines = true});
  ASSERT_TRUE(recorder.ok());
  ASSERT_TRUE(recorder->Record({.id = {"n1", 1, 0}}).ok());
  const Result<EventId> refused = recorder->Record({.id = {"n1", 1, 0}, .group = "\xFF"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnwritable);
  EXPECT_EQ(recorder->Record({.id = {"n1", 1, 0}})->seq, 2U);
}

TEST(Recorder, SameCallsSameBytesWhateverTheNumberOfOpenFiles) {
  const auto run = [](const std::string& path, std::size_t open_files_max) {
    Rng rng(41);
    Result<Recorder> recorder = Recorder::Create({.directory = path, .open_files_max = open_files_max});
    ASSERT_TRUE(recorder.ok()) << recorder.error().Render();
    for (int i = 0; i < 200; ++i) {
      const Result<EventId> id =
          recorder->Record(test::RandomEvent(rng, {"n" + std::to_string(rng.Below(5)), rng.Below(2), 1}));
      ASSERT_TRUE(id.ok()) << id.error().Render();
    }
    ASSERT_TRUE(recorder->Close().ok());
  };
  TempDir dir;
  run(dir.File("a"), 64);
  run(dir.File("b"), 2);
  Result<std::vector<std::string>> files = file::OpenRun(dir.File("a"));
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->size(), 10U);
  for (const std::string& path : *files) {
    const std::string other = dir.File("b/" + std::filesystem::path(path).filename().string());
    EXPECT_EQ(test::BytesOf(path), test::BytesOf(other));
  }
}

TEST(Recorder, AnOlderRunIsReplacedAndNothingElse) {
  TempDir dir;
  for (const std::string node : {"n1", "n2"}) {
    Result<Recorder> recorder = Recorder::Create({.directory = dir.path()});
    ASSERT_TRUE(recorder.ok());
    ASSERT_TRUE(recorder->Record({.id = {node, 1, 0}}).ok());
  }
  EXPECT_EQ(*file::OpenRun(dir.path()), std::vector<std::string>{dir.File("n2.1.ktrace")});
  dir.Write("mine.jsonl", "{}\n");
  dir.Write("notes.txt", "");
  const Result<Recorder> refused = Recorder::Create({.directory = dir.path()});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kCannotWrite);
  EXPECT_TRUE(std::filesystem::exists(dir.File("mine.jsonl")));
  EXPECT_TRUE(std::filesystem::exists(dir.File("notes.txt")));
}

TEST(Recorder, AFolderThatCannotBeIsAnError) {
  TempDir dir;
  const Result<Recorder> refused = Recorder::Create({.directory = dir.Write("file", "") + "/run"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kCannotWrite);
}

}  // namespace
}  // namespace kelpie::trace::record
