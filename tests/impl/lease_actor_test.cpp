// Scenarios of the actor half: claims, take-overs, writes under a token, releases, doubts.
#include <gtest/gtest.h>

#include "tests/impl/lease_script.h"

namespace kelpie::impl_test {
namespace {

using Facts = std::vector<FactKind>;

TEST(LeaseActorTest, ClaimsAFreeActorAndServesUnderItsToken) {
  LeaseScript s;
  s.OpenAndOwn();
  const Transaction& grant = s.last();
  EXPECT_EQ(grant.label, "acquire");
  EXPECT_TRUE(s.Compares("token/a1", 0));
  EXPECT_TRUE(s.Compares("session/n1/incarnation", 1));
  EXPECT_EQ(grant.compares.size(), 2U);
  EXPECT_EQ(grant.writes[0].value, "1 holder=n1 incarnation=1 token=1");
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kLearnLease}));
  s.At(30);
  s.Invoke("a1");
  EXPECT_FALSE(s.out().refused);
  EXPECT_EQ(s.last().label, "write");
  EXPECT_TRUE(s.Compares("token/a1", 1));
  EXPECT_TRUE(s.Compares("lease/a1", 1));
}

TEST(LeaseActorTest, NeitherClaimsNorServesWithoutALiveSession) {
  LeaseScript s;
  s.Give(machines::StartInput{});
  s.Want("a1");
  EXPECT_FALSE(s.Reads("lease/a1"));
  s.Invoke("a1");
  EXPECT_TRUE(s.out().refused);
}

TEST(LeaseActorTest, ServesUpToItsDeadlineAndNotAtIt) {
  for (const std::int64_t reading_ms : {954, 955}) {
    LeaseScript s;
    s.OpenAndOwn();
    s.At(reading_ms);
    s.Invoke("a1");
    EXPECT_EQ(s.out().refused, reading_ms == 955);
  }
}

TEST(LeaseActorTest, OneWriteAtATime) {
  LeaseScript s;
  s.OpenAndOwn();
  s.At(30);
  s.Invoke("a1");
  s.At(31);
  s.Invoke("a1");
  EXPECT_TRUE(s.out().refused);
}

// n2 holds a1 with token 3; its session row was seen at 30 with version 9.
class TakeoverTest : public testing::Test {
 protected:
  TakeoverTest() {
    script_.Open();
    script_.At(30);
    script_.AnswerRead("session/n2", {{"session/n2", SessionOf(9, 1)}});
    script_.Want("a1");
  }
  // Keeps the own session alive up to the reading.
  void RenewUntil(std::int64_t reading_ms) {
    for (std::int64_t at_ms = 338; at_ms < reading_ms; at_ms += 333) {
      script_.Wake(at_ms);
      if (script_.last().label == "renew") script_.Ok();
      if (script_.Reads("session/n2")) script_.AnswerRead("session/n2", held_);
    }
  }
  store::Rows held_ = {{"lease/a1", LeaseOf(5, "n2", 1, 3)}, {"token/a1", Counted(3)}, {"session/n2", SessionOf(9, 1)}};
  LeaseScript script_;
};

TEST_F(TakeoverTest, WaitsLongerThanTheTtlAndTheRates) {
  script_.AnswerRead("lease/a1", held_);
  RenewUntil(1080);
  const std::size_t sent = script_.sent().size();
  script_.Wake(1080);  // exactly 1050 since it was seen: not enough
  if (script_.Reads("lease/a1")) script_.AnswerRead("lease/a1", held_);
  EXPECT_EQ(script_.sent().size(), sent);
  script_.Wake(1081);
  script_.AnswerRead("lease/a1", held_);
  ASSERT_EQ(script_.sent().size(), sent + 1);
  EXPECT_EQ(script_.last().label, "acquire");
  EXPECT_TRUE(script_.Compares("session/n2", 9));
  EXPECT_TRUE(script_.Compares("token/a1", 3));
  EXPECT_EQ(script_.out().facts.back().request.holder, "n2");
  EXPECT_EQ(script_.out().facts.back().request.version, 9);
}

TEST_F(TakeoverTest, ARenewalOfTheHolderStartsTheWaitAnew) {
  script_.AnswerRead("lease/a1", held_);
  RenewUntil(1081);
  held_["session/n2"] = SessionOf(10, 1);
  const std::size_t sent = script_.sent().size();
  script_.Wake(1081);
  script_.AnswerRead("lease/a1", held_);
  EXPECT_EQ(script_.sent().size(), sent);
  EXPECT_EQ(script_.machine().observed().at("n2").version, 10);
}

TEST_F(TakeoverTest, ASupersededHolderIsNotWaitedFor) {
  held_["session/n2"] = SessionOf(10, 2);
  script_.Wake(230);
  script_.AnswerRead("session/n2", held_);
  script_.AnswerRead("lease/a1", held_);
  EXPECT_EQ(script_.last().label, "acquire");
  EXPECT_EQ(script_.last().compares.size(), 2U);
  EXPECT_EQ(script_.out().facts.back().request.holder, "");
}

TEST_F(TakeoverTest, TheOwnOldLeaseIsNotWaitedFor) {
  script_.At(35);
  script_.AnswerRead("lease/a1", {{"lease/a1", LeaseOf(5, "n1", 1, 3)}, {"token/a1", Counted(3)}});
  EXPECT_EQ(script_.last().label, "acquire");
  EXPECT_EQ(script_.last().writes[1].value, "1 count=4");
}

TEST(LeaseActorTest, AGrantThatTheSessionOutlivedDoesNotCount) {
  LeaseScript s;
  s.Open();
  s.At(900);
  s.Want("a1");  // sends a renewal too: it was due
  const Transaction renewal = s.last();
  s.At(940);
  s.AnswerRead("lease/a1", {});
  const Transaction claim = s.last();
  ASSERT_EQ(claim.label, "acquire");
  s.At(960);  // lapsed at 955; the renewal begins anew
  s.Answer(renewal, Outcome::kOk);
  EXPECT_TRUE(s.machine().SessionLive(960));
  s.At(970);
  s.Answer(claim, Outcome::kOk);
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kDismiss}));
  EXPECT_EQ(s.machine().Token("a1"), 0);
}

TEST(LeaseActorTest, AFencedWriteDropsTheActor) {
  LeaseScript s;
  s.OpenAndOwn();
  s.At(30);
  s.Invoke("a1");
  s.At(40);
  s.Refuse();
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kLearnFenced}));
  EXPECT_EQ(s.machine().Token("a1"), 0);
  s.At(41);
  s.Invoke("a1");
  EXPECT_TRUE(s.out().refused);
}

TEST(LeaseActorTest, AReleaseEndsTheBeliefBeforeItIsSent) {
  LeaseScript s;
  s.OpenAndOwn();
  s.At(30);
  s.Unwant("a1");
  EXPECT_EQ(s.last().label, "release");
  EXPECT_EQ(s.machine().Token("a1"), 0);
  EXPECT_EQ(s.out().facts.at(0).belief.tokens.at("a1"), 0);
  EXPECT_EQ(s.out().facts.at(0).request.token, 1);
  EXPECT_EQ(s.last().writes.size(), 1U);  // the counter stays
  EXPECT_EQ(s.last().writes[0].value, std::nullopt);
  s.At(40);
  s.Refuse();
  EXPECT_EQ(s.facts(), (Facts{FactKind::kReturn, FactKind::kDismiss}));
}

class DoubtTest : public testing::Test {
 protected:
  DoubtTest() {
    script_.OpenAndOwn();
    script_.At(30);
    script_.Invoke("a1");
    write_ = script_.last();
    script_.Wake(231);  // no reply: unknown, and the row is read
    EXPECT_EQ(script_.out().facts.at(0).outcome, Outcome::kUnknown);
  }
  LeaseScript script_;
  Transaction write_;
};

TEST_F(DoubtTest, NothingIsServedUntilItIsSettled) {
  script_.At(233);
  script_.Invoke("a1");
  EXPECT_TRUE(script_.out().refused);
}

TEST_F(DoubtTest, FindingTheOwnOperationInTheRowSettlesIt) {
  script_.At(240);
  script_.AnswerRead("state/a1", {{"state/a1", Row{1, "1 count=1", write_.operation}}});
  script_.At(241);
  script_.Invoke("a1");
  EXPECT_FALSE(script_.out().refused);
}

TEST_F(DoubtTest, NotFoundMeansItMayStillLandSoTheLeaseIsGivenUpAndClaimedAnew) {
  script_.At(240);
  script_.AnswerRead("state/a1", {});
  EXPECT_EQ(script_.last().label, "release");
  script_.At(250);
  script_.Ok();
  EXPECT_TRUE(script_.Reads("lease/a1"));
  script_.At(260);
  script_.AnswerRead("lease/a1", {{"lease/a1", Row{2, std::nullopt, {}}}, {"token/a1", Counted(1)}});
  script_.StoreHas("lease/a1", 2);
  script_.At(270);
  script_.Ok();
  EXPECT_EQ(script_.machine().Token("a1"), 2);
  script_.At(280);
  script_.Invoke("a1");
  EXPECT_FALSE(script_.out().refused);
  EXPECT_TRUE(script_.Compares("token/a1", 2));
}

TEST_F(DoubtTest, ItsLateRefusalDropsTheActor) {
  script_.At(300);
  script_.Answer(write_, Outcome::kFailed);
  EXPECT_EQ(script_.facts().at(0), FactKind::kLearnFenced);
  EXPECT_EQ(script_.machine().Token("a1"), 0);
  script_.At(301);
  script_.Invoke("a1");
  EXPECT_TRUE(script_.out().refused);
}

TEST_F(DoubtTest, ItsLateRefusalDoesNotTouchANewerGrant) {
  script_.At(240);
  script_.AnswerRead("state/a1", {});
  script_.At(250);
  script_.Ok();  // released
  script_.At(260);
  script_.AnswerRead("lease/a1", {{"lease/a1", Row{2, std::nullopt, {}}}, {"token/a1", Counted(1)}});
  script_.At(270);
  script_.Ok();  // granted again
  script_.At(300);
  script_.Answer(write_, Outcome::kFailed);
  EXPECT_EQ(script_.facts().at(0), FactKind::kLearnFenced);
  EXPECT_EQ(script_.machine().Token("a1"), 2);
}

TEST_F(DoubtTest, ItsLateSuccessTeachesNothing) {
  script_.At(300);
  script_.Answer(write_, Outcome::kOk);
  EXPECT_EQ(script_.facts().at(0), FactKind::kDismiss);
  EXPECT_EQ(script_.machine().Token("a1"), 1);
}

}  // namespace
}  // namespace kelpie::impl_test
