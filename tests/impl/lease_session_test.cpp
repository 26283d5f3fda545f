// Scenarios of the session half: opening, renewing, deadlines, lapses, watching peers.
#include <gtest/gtest.h>

#include "tests/impl/lease_script.h"

namespace kelpie::impl_test {
namespace {

using Facts = std::vector<FactKind>;

TEST(LeaseSessionTest, OpensWhatItReadAndCountsFromTheSend) {
  LeaseScript s;
  s.Give(machines::StartInput{});
  EXPECT_TRUE(s.Reads("session/n1"));
  EXPECT_TRUE(s.sent().empty());
  s.At(5);
  s.AnswerRead("session/n1", {});
  EXPECT_EQ(s.last().label, "open");
  EXPECT_TRUE(s.Compares("session/n1", 0));
  EXPECT_EQ(s.last().writes.size(), 2U);
  EXPECT_EQ(s.facts(), Facts{FactKind::kRequest});
  EXPECT_FALSE(s.machine().SessionLive(5));
  s.At(90);
  s.Ok();
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kLearnSession}));
  EXPECT_EQ(s.machine().belief().deadline_ms, 5 + 950);
  EXPECT_EQ(s.machine().belief().since_ms, 90);
  EXPECT_TRUE(s.machine().SessionLive(954));
  EXPECT_FALSE(s.machine().SessionLive(955));
}

TEST(LeaseSessionTest, RenewsWithinAThirdOfTheTtlWithoutReading) {
  LeaseScript s;
  s.Open();
  s.Wake(337);
  EXPECT_EQ(s.sent().size(), 1U);
  s.Wake(338);
  ASSERT_EQ(s.sent().size(), 2U);
  EXPECT_EQ(s.last().label, "renew");
  EXPECT_TRUE(s.Compares("session/n1", 1));
  // The key that claims compare stays as it is.
  EXPECT_EQ(s.last().writes.size(), 1U);
  s.At(360);
  s.Ok();
  EXPECT_EQ(s.machine().belief().deadline_ms, 338 + 950);
  EXPECT_EQ(s.machine().belief().since_ms, 10);
}

TEST(LeaseSessionTest, ARestartedProcessOpensItsOwnSession) {
  LeaseOptions options = ScriptOptions();
  options.incarnation = 2;
  LeaseScript s(options);
  s.Give(machines::StartInput{});
  s.AnswerRead("session/n1", {{"session/n1", SessionOf(7, 1)}, {"session/n1/incarnation", Counted(1)}});
  EXPECT_EQ(s.last().label, "open");
  EXPECT_TRUE(s.Compares("session/n1", 7));
  EXPECT_EQ(s.last().writes[0].value, "1 incarnation=2 ttl_ms=1000");
}

TEST(LeaseSessionTest, ARefusalIsFollowedByAReadNeverByAGuess) {
  LeaseScript s;
  s.Open();
  s.Wake(338);
  s.At(345);
  s.Refuse();
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kDismiss}));
  EXPECT_EQ(s.machine().belief().deadline_ms, 955);
  s.Wake(385);
  EXPECT_EQ(s.sent().size(), 2U);
  s.AnswerRead("session/n1", {{"session/n1", SessionOf(4, 1)}, {"session/n1/incarnation", Counted(1)}});
  EXPECT_EQ(s.last().label, "renew");
  EXPECT_TRUE(s.Compares("session/n1", 4));
}

TEST(LeaseSessionTest, SilenceIsUnknownAndALateReplyTeachesNothing) {
  LeaseScript s;
  s.Open();
  s.Wake(338);
  const Transaction renewal = s.last();
  s.Wake(539);
  EXPECT_EQ(s.out().facts.at(0).kind, FactKind::kReturn);
  EXPECT_EQ(s.out().facts.at(0).outcome, Outcome::kUnknown);
  EXPECT_TRUE(s.Reads("session/n1"));
  s.At(560);
  s.Answer(renewal, Outcome::kOk);
  EXPECT_EQ(s.facts(), Facts{FactKind::kDismiss});
  EXPECT_EQ(s.machine().belief().deadline_ms, 955);
}

TEST(LeaseSessionTest, ALapseDropsEveryTokenAtTheNextConfirmation) {
  LeaseScript s;
  s.OpenAndOwn();
  ASSERT_TRUE(s.machine().MayServe("a1", 954));
  // A pause, past the deadline. Held inputs are refused at once.
  s.At(1200);
  s.Invoke("a1");
  EXPECT_TRUE(s.out().refused);
  EXPECT_EQ(s.machine().Token("a1"), 1);
  s.At(1210);
  s.Ok();  // the renewal that the wake-up within Invoke sent
  EXPECT_EQ(s.out().facts.at(1).kind, FactKind::kLearnSession);
  EXPECT_TRUE(s.out().facts.at(1).lapsed);
  EXPECT_EQ(s.machine().Token("a1"), 0);
  EXPECT_EQ(s.machine().belief().since_ms, 1210);
  EXPECT_FALSE(s.machine().MayServe("a1", 1211));
}

TEST(LeaseSessionTest, PeersAreWatchedAndOnlyNewerVersionsCount) {
  LeaseScript s;
  s.Open();
  s.At(30);
  s.AnswerRead("session/n2", {{"session/n2", SessionOf(3, 1)}});
  EXPECT_EQ(s.facts(), Facts{FactKind::kObserveSession});
  EXPECT_EQ(s.machine().observed().at("n2").at_ms, 30);
  s.Wake(230);
  s.At(240);
  s.AnswerRead("session/n2", {{"session/n2", SessionOf(3, 1)}});
  EXPECT_EQ(s.machine().observed().at("n2").at_ms, 30);
  s.Wake(440);
  s.At(450);
  s.AnswerRead("session/n2", {{"session/n2", SessionOf(2, 1)}});  // overtaken on its way
  EXPECT_EQ(s.machine().observed().at("n2").version, 3);
  s.Wake(650);
  s.At(660);
  s.AnswerRead("session/n2", {{"session/n2", SessionOf(4, 1)}});
  EXPECT_EQ(s.machine().observed().at("n2").at_ms, 660);
}

TEST(LeaseSessionTest, RequestsOfOneProcessDifferInWhenTheyWereSent) {
  LeaseScript s;
  s.Give(machines::StartInput{});
  s.AnswerRead("session/n1", {});
  s.Refuse();  // all within one millisecond of the own clock
  s.Wake(40);
  s.AnswerRead("session/n1", {});
  s.Refuse();
  s.Wake(80);
  s.AnswerRead("session/n1", {});
  ASSERT_EQ(s.sent().size(), 3U);
}

TEST(LeaseSessionTest, TheStepIsAFunctionOfStateInputAndMoment) {
  LeaseScript s;
  s.OpenAndOwn();
  LeaseMachine twin = s.machine();
  LeaseMachine other = s.machine();
  for (int i = 0; i < 50; ++i) {
    const env::Moment now{30 + 40 * i, static_cast<std::uint64_t>(i) * 977};
    const LeaseOutputs a = twin.Step(now, machines::InvokeInput{"a1"});
    const LeaseOutputs b = other.Step(now, machines::InvokeInput{"a1"});
    EXPECT_EQ(a.wake_at_ms, b.wake_at_ms);
    EXPECT_EQ(a.facts.size(), b.facts.size());
    EXPECT_EQ(a.transactions.size(), b.transactions.size());
    EXPECT_EQ(twin.belief(), other.belief());
  }
}

}  // namespace
}  // namespace kelpie::impl_test
