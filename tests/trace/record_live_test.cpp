// trace/record in a running process: what comes out, seq over threads, full rings, refusals.
#include <gtest/gtest.h>

#include <filesystem>

#include "record_support.h"

namespace kelpie::trace::record {
namespace {

using test::ExpectNumbered;
using test::NumbersIn;
using test::Rig;
using test::SmallOptions;
using trace::test::ReadAll;
using trace::test::ReadResult;
using trace::test::Rng;
using trace::test::TempDir;

TEST(Live, EventsComeOutAsTheyWereEmitted) {
  TempDir dir;
  Rig rig(dir.path());
  for (std::int64_t i = 1; i <= 300; ++i) EXPECT_EQ(rig.Emit(i), static_cast<std::uint64_t>(i));
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 300);
  EXPECT_FALSE(test::HasRings(dir.path()));
  EXPECT_EQ(rig.recorder.counters().event_count, 300U);
  EXPECT_EQ(rig.recorder.counters().drain.event_count, 300U);
}

TEST(Live, EveryKindOfPart) {
  TempDir dir;
  Rig rig(dir.path());
  const Action by_position = *rig.recorder.DefineAction("S", "");
  Emission all = rig.emitter.Begin(rig.stream, EventKind::kReturn, by_position);
  all.Arg(-1).Arg(Scalar::Unknown()).Arg(std::uint64_t{18446744073709551615U}).Arg(std::uint16_t{7}).Arg(rig.actor);
  all.Arg(Model("m1")).Arg("").Arg(false).Arg(true);
  all.Read(rig.leases, {1, "k"}, Model(rig.token)).Update(UpdateOp::kRemove, rig.total, {2}, Scalar::Unknown());
  all.Cause(rig.actor, 4, 5).HybridNs(-6).WallNs(7).TrueNs(8).Operation("op").Group(rig.token);
  all.Result(Outcome::kFailed).Version(rig.token, 9);
  EXPECT_EQ(all.Commit(), 1U);
  EXPECT_EQ(rig.emitter.Begin(rig.stream, EventKind::kMark, {}).Commit(), 2U);
  EXPECT_EQ(rig.emitter.Begin(rig.stream, EventKind::kObserve, {}).Set(rig.total, {}, 1).Commit(), 3U);
  EXPECT_EQ(rig.emitter.Step(rig.stream, rig.action).Arg(Scalar::Unknown()).Arg(5).Commit(), 4U);
  ASSERT_TRUE(rig.recorder.Close().ok());

  const ReadResult trace = ReadAll(dir.File("n1.1.ktrace"));
  ASSERT_EQ(trace.events.size(), 4U);
  Event expected{.id = {"n1", 1, 1}, .kind = EventKind::kReturn};
  Claim claim{.spec = "S"};
  claim.args.positional = {Value::Int(-1),    Value::Unknown(),    Value::BigInt("18446744073709551615"),
                           Value::Int(7),     Value::String("a1"), Value::Model("m1"),
                           Value::String(""), Value::Bool(false),  Value::Bool(true)};
  claim.reads.push_back({{"leases", {Value::Int(1), Value::String("k")}}, Value::Model("token")});
  claim.updates.push_back({{"total", {Value::Int(2)}}, UpdateOp::kRemove, Value::Unknown()});
  expected.claims = {claim};
  expected.operation = "op";
  expected.group = "token";
  expected.outcome = Outcome::kFailed;
  expected.causes = {{"a1", 4, 5}};
  expected.versions = {{"token", 9}};
  expected.hybrid_ns = -6;
  expected.wall_ns = 7;
  expected.true_ns = 8;
  EXPECT_EQ(trace.events[0].event, expected);
  EXPECT_EQ(trace.events[1].event, (Event{.id = {"n1", 1, 2}, .kind = EventKind::kMark}));
  EXPECT_EQ(trace.events[2].event.claims.at(0).updates.size(), 1U);
  const std::vector<std::pair<std::string, Value>> named = {{"number", Value::Int(5)}};
  EXPECT_EQ(trace.events[3].event.claims.at(0).args.named, named);
}

TEST(Live, TheSlowWayTakesAnyEvent) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 1U << 20U;
  Rig rig(options);
  Rng rng(7);
  std::vector<Event> events;
  for (std::uint64_t seq = 1; seq <= 200; ++seq) {
    events.push_back(trace::test::RandomEvent(rng, {"n1", 1, seq}));
    const Result<std::uint64_t> recorded = rig.emitter.Record(rig.stream, events.back());
    ASSERT_TRUE(recorded.ok()) << recorded.error().Render();
    EXPECT_EQ(*recorded, seq);
  }
  ASSERT_TRUE(rig.recorder.Close().ok());
  const ReadResult trace = ReadAll(dir.File("n1.1.ktrace"));
  ASSERT_EQ(trace.events.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(trace.events[i].event, events[i]);
}

TEST(Live, WhatTheSlowWayRefusesUsesUpNoSeq) {
  TempDir dir;
  Rig rig(dir.path());
  Event event{.group = "\xFF"};
  EXPECT_EQ(rig.emitter.Record(rig.stream, event).error().kind, ErrorKind::kUnwritable);
  event.group = std::string(1U << 15U, 'x');
  EXPECT_EQ(rig.emitter.Record(rig.stream, event).error().kind, ErrorKind::kUnwritable);
  EXPECT_EQ(rig.Emit(1), 1U);
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 1);
}

TEST(Live, AnEmissionLeftWithoutCommitNeverWas) {
  TempDir dir;
  Rig rig(dir.path());
  {
    Emission left = rig.emitter.Step(rig.stream, rig.action);
    rig.Fill(left, 77, Rig::kAllParts);
  }
  rig.Emit(1);
  { Emission left = rig.emitter.Step(rig.stream, rig.action); }
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 1);
}

TEST(Live, TwoEmissionsAtOnceAreALossThatIsToldAndNotAMixture) {
  TempDir dir;
  Rig rig(dir.path());
  {
    Emission first = rig.emitter.Step(rig.stream, rig.action);
    rig.Fill(first, 2, 3);
    EXPECT_EQ(rig.Emit(99), 0U);
    EXPECT_EQ(*rig.emitter.Record(rig.stream, Event{}), 0U);
    EXPECT_EQ(first.Commit(), 2U);
    EXPECT_EQ(first.Commit(), 0U);
    // Nor may an old one reach into the next.
    Emission second = rig.emitter.Step(rig.stream, rig.action);
    rig.Fill(first, 99, Rig::kAllParts);
    rig.Fill(second, 3, Rig::kAllParts);
    EXPECT_EQ(second.Commit(), 3U);
  }
  EXPECT_EQ(rig.Emit(4), 4U);
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_EQ(NumbersIn(dir.path()), (std::vector<std::int64_t>{-2, 2, 3, 4}));
  EXPECT_EQ(rig.recorder.counters().lost_count, 2U);
}

TEST(Live, TooManyPartsAreALossThatIsTold) {
  TempDir dir;
  Rig rig(dir.path());
  rig.Emit(1);
  const std::string longest(900, 'x');
  const std::string longer(1100, 'x');
  EXPECT_EQ(rig.emitter.Step(rig.stream, {}).Arg(1).Arg(longest).Commit(), 2U);
  EXPECT_EQ(rig.emitter.Step(rig.stream, rig.action).Arg(longer).Arg(1).Commit(), 0U);
  Emission emission = rig.emitter.Step(rig.stream, rig.action);
  for (int i = 0; i < 200; ++i) emission.Arg(i);
  EXPECT_EQ(emission.Commit(), 0U);
  EXPECT_EQ(rig.Emit(5), 4U);
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_EQ(ReadAll(dir.File("n1.1.ktrace")).events.size(), 4U);
  EXPECT_EQ(ReadAll(dir.File("n1.1.ktrace")).events[2].event.lost_count, 2U);
  EXPECT_EQ(rig.recorder.counters().too_large_count, 2U);
  EXPECT_EQ(rig.recorder.counters().lost_count, 2U);
}

TEST(Live, TextThatNoFormatCarriesIsALossThatIsTold) {
  TempDir dir;
  Rig rig(dir.path());
  rig.Emit(1);
  EXPECT_EQ(rig.emitter.Step(rig.stream, rig.action).Arg("\xFF").Commit(), 2U);
  rig.Emit(3);
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_EQ(NumbersIn(dir.path()), (std::vector<std::int64_t>{1, -1, 3}));
  EXPECT_EQ(rig.recorder.counters().drain.unwritable_count, 1U);
}

// Ring after ring is filled and drained; records cross the end of the ring at every offset.
TEST(Live, RingsWrapAround) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  Rig rig(options);
  std::int64_t number = 0;
  for (int round = 0; round < 400; ++round) {
    for (int i = 0; i < 1 + round % 7; ++i) ASSERT_NE(rig.Emit(++number), 0U);
    ASSERT_TRUE(rig.recorder.Flush().ok());
  }
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), number);
}

TEST(Live, CountingSaysHowManyWereLostAndWhere) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  options.when_full = FullPolicy::kCount;
  Rig rig(options);
  Emitter other = *rig.recorder.NewEmitter();
  std::vector<std::int64_t> expected;
  std::int64_t number = 0;
  const auto emit = [&](Emitter& by) {
    if (rig.Emit(by, ++number) != 0) {
      expected.push_back(number);
    } else if (expected.empty() || expected.back() > 0) {
      expected.push_back(-1);
    } else {
      --expected.back();
    }
  };
  for (int i = 0; i < 50; ++i) emit(rig.emitter);  // more than the ring holds
  ASSERT_LT(expected.back(), 0);
  emit(other);  // the same stream: what was lost stands before it
  emit(rig.emitter);
  emit(other);
  ASSERT_TRUE(rig.recorder.Flush().ok());
  emit(rig.emitter);
  for (int i = 0; i < 50; ++i) emit(rig.emitter);
  ASSERT_LT(expected.back(), 0);  // losses at the end are told too
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_EQ(NumbersIn(dir.path()), expected);
  const LiveCounters counters = rig.recorder.counters();
  EXPECT_EQ(counters.event_count + counters.lost_count, static_cast<std::uint64_t>(number));
  EXPECT_EQ(counters.drain.lost_count, counters.lost_count);
}

TEST(Live, MoreLossesThanATicketHoldsAreUnknownMany) {
  StreamSlot slot;
  RingHeader ring{};
  EXPECT_EQ(TakeTicket(slot, ring, 0), TicketOf(1, 0));
  for (std::uint64_t i = 0; i < kLostMax + 10; ++i) CountLost(slot);
  EXPECT_EQ(TakeTicket(slot, ring, 0), TicketOf(3, kLostMax));
  EXPECT_EQ(TakeTicket(slot, ring, 0), TicketOf(4, 0));

  TempDir dir;
  Rig rig(dir.path());
  rig.stream.slot->ticket.store(TicketOf(1, kLostMax));
  EXPECT_EQ(rig.Emit(2), 2U);
  ASSERT_TRUE(rig.recorder.Close().ok());
  const ReadResult trace = ReadAll(dir.File("n1.1.ktrace"));
  ASSERT_EQ(trace.events.size(), 2U);
  EXPECT_EQ(trace.events[0].event.kind, EventKind::kLost);
  EXPECT_EQ(trace.events[0].event.lost_count, std::nullopt);
}

TEST(Live, WaitingLosesNothing) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  options.has_drain_thread = true;
  Rig rig(options);
  for (std::int64_t i = 1; i <= 3000; ++i) ASSERT_EQ(rig.Emit(i), static_cast<std::uint64_t>(i));
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 3000);
  EXPECT_GT(rig.recorder.counters().wait_count, 0U);
  EXPECT_GT(rig.recorder.counters().wait_ns, 0U);
  EXPECT_EQ(rig.recorder.counters().lost_count, 0U);
}

TEST(Live, WaitingHasAnEnd) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  options.wait_ms_max = 1;
  Rig rig(options);  // and nobody drains
  std::int64_t kept = 0;
  while (rig.Emit(kept + 1) != 0) ++kept;
  ASSERT_TRUE(rig.recorder.Close().ok());
  std::vector<std::int64_t> numbers = NumbersIn(dir.path());
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kept) + 1);
  EXPECT_EQ(numbers.back(), -1);
}

TEST(Live, NothingIsTakenAfterClose) {
  TempDir dir;
  Rig rig(dir.path());
  rig.Emit(1);
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_EQ(rig.Emit(2), 0U);
  EXPECT_EQ(*rig.emitter.Record(rig.stream, Event{}), 0U);
  EXPECT_FALSE(rig.recorder.NewEmitter().ok());
  EXPECT_FALSE(rig.recorder.Intern("x").ok());
  EXPECT_FALSE(rig.recorder.OpenStream("n1", 2).ok());
  EXPECT_FALSE(rig.recorder.Flush().ok());
  EXPECT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 1);
}

TEST(Live, NamesOfOneTextAreOne) {
  TempDir dir;
  Rig rig(dir.path());
  EXPECT_EQ(rig.recorder.Intern("a1")->id, rig.actor.id);
  EXPECT_NE(rig.recorder.Intern("a2")->id, rig.actor.id);
  EXPECT_EQ(rig.recorder.DefineVariable("total")->id, rig.total.id);
  EXPECT_EQ(rig.recorder.DefineAction("Lease", "Write", {"actor", "number", "even", "text"})->id, rig.action.id);
  EXPECT_NE(rig.recorder.DefineAction("Lease", "Write", {"actor"})->id, rig.action.id);
  EXPECT_EQ(rig.recorder.Intern("\xFF").error().kind, ErrorKind::kUnwritable);
}

TEST(Live, AnIncarnationIsRecordedOnce) {
  TempDir dir;
  Rig rig(dir.path());
  EXPECT_EQ(rig.recorder.OpenStream("n1", 1).error().kind, ErrorKind::kCannotWrite);
  EXPECT_TRUE(rig.recorder.OpenStream("n1", 2).ok());
  EXPECT_EQ(rig.recorder.OpenStream("", 1).error().kind, ErrorKind::kCannotWrite);
  EXPECT_EQ(rig.recorder.OpenStream("\xFF", 1).error().kind, ErrorKind::kUnwritable);
  for (std::size_t i = 3; i <= kStreamsMax; ++i) EXPECT_TRUE(rig.recorder.OpenStream("n1", i).ok());
  EXPECT_EQ(rig.recorder.OpenStream("n1", 1000).error().kind, ErrorKind::kCannotWrite);
}

TEST(Live, OptionsThatCannotBeAreErrors) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.File("run"));
  options.ring_bytes = 5000;
  EXPECT_EQ(LiveRecorder::Open(options).error().kind, ErrorKind::kCannotWrite);
  options.ring_bytes = 2048;
  EXPECT_EQ(LiveRecorder::Open(options).error().kind, ErrorKind::kCannotWrite);
  EXPECT_FALSE(std::filesystem::exists(dir.File("run")));
  EXPECT_EQ(LiveRecorder::Open(SmallOptions(dir.Write("file", ""))).error().kind, ErrorKind::kCannotWrite);
}

}  // namespace
}  // namespace kelpie::trace::record
