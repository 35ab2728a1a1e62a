#include "node/desk/casebook.h"

#include <gtest/gtest.h>

#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class CasebookTest : public ::testing::Test {
 protected:
  Hash Add(const testing::EnvelopeSpec& spec, const std::string& own_state) {
    v1::Envelope envelope = world_.MakeEnvelope(spec);
    Hash id = Value(trust::ParseEnvelope(envelope)).message_id;
    v1::MessageSummary summary;
    summary.set_message_id(std::string(AsView(id)));
    summary.set_header(envelope.header());
    summary.set_incoming(spec.from.substr(0, 2) != own_state);
    summary.set_recorded_at_ms(ToMillis(world_.clock.Now()));
    messages_.push_back(summary);
    world_.clock.Advance(absl::Seconds(1));
    return id;
  }

  World world_;
  std::string case_ = std::string(16, 'c');
  std::vector<v1::MessageSummary> messages_;
};

TEST_F(CasebookTest, ACaseStandsWhereItsActsLeadIt) {
  Hash request = Add({.case_id = case_}, "QM");
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {request}},
      "QM");
  auto cases = BuildCases(messages_, "QM", world_.clock.Now());
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].own_side, casework::Side::kRequesting);
  EXPECT_EQ(cases[0].history.final.state, casework::CaseState::kReceived);
  EXPECT_EQ(cases[0].requested, "QT/central");
  ASSERT_EQ(cases[0].waits_for_us.size(), 1u);
  EXPECT_NE(WaitText(cases[0].waits_for_us[0]).find("open ACKNOWLEDGEMENT"), std::string::npos);
}

TEST_F(CasebookTest, AnEmergencyWaitsForItsSecondConfirmation) {
  Add({.urgency = v1::Urgency::EMERGENCY_LIFE, .case_id = case_}, "QM");
  auto waits = [&](bool incoming, v1::ConfirmationStanding::Code standing) {
    messages_[0].set_incoming(incoming);
    messages_[0].mutable_confirmation()->set_standing(standing);
    std::string text;
    auto cases = BuildCases(messages_, incoming ? "QT" : "QM", world_.clock.Now());
    for (const Wait& one : cases.at(0).waits_for_us) text += WaitText(one) + "\n";
    return text;
  };
  using Standing = v1::ConfirmationStanding;
  EXPECT_NE(waits(false, Standing::DUE).find("palermo case confirm"), std::string::npos);
  EXPECT_NE(waits(false, Standing::MISSING).find("CONFIRMATION_MISSING"), std::string::npos);
  EXPECT_EQ(waits(false, Standing::CONFIRMED).find("confirm"), std::string::npos);
  EXPECT_EQ(waits(false, Standing::LATE).find("confirm"), std::string::npos);
  // The recipient waits for nothing before it is missing; then it can ask.
  EXPECT_EQ(waits(true, Standing::DUE).find("confirm"), std::string::npos);
  EXPECT_NE(waits(true, Standing::MISSING).find("ask QM/central"), std::string::npos);
}

TEST_F(CasebookTest, AnActThatExpiredStaysWithItsCaseAndCountsNotInIt) {
  const Hash request = Add({.case_id = case_}, "QM");
  Add({.act = v1::Act::STATUS_QUERY, .case_id = case_, .parents = {request}}, "QM");
  messages_[1].set_void_act(true);
  v1::RecipientStatus& status = *messages_[1].add_undelivered();
  status.set_state("QT");
  status.set_outcome(v1::Outcome::EXPIRED);
  const auto cases = BuildCases(messages_, "QM", world_.clock.Now());
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].acts.size(), 1u);
  ASSERT_EQ(cases[0].undelivered.size(), 1u);
  EXPECT_EQ(cases[0].undelivered[0].header.act(), v1::Act::STATUS_QUERY);
  EXPECT_EQ(cases[0].undelivered[0].outcome, v1::Outcome::EXPIRED);
}

TEST_F(CasebookTest, WhatTheirNodeDidNotTakeIsShownAndIsNoPartOfACase) {
  Add({.case_id = case_}, "QM");
  messages_[0].set_void_act(true);
  v1::RecipientStatus& status = *messages_[0].add_undelivered();
  status.set_state("QT");
  status.set_outcome(v1::Outcome::REJECTED);
  status.set_reason(v1::Reason::UNKNOWN_RECIPIENT);
  const absl::Time now = world_.clock.Now();
  EXPECT_TRUE(BuildCases(messages_, "QM", now).empty());
  EXPECT_EQ(UndeliveredIn(messages_).size(), 1u);
  const auto undelivered = UndeliveredOf(messages_, now);
  ASSERT_EQ(undelivered.size(), 1u);
  EXPECT_EQ(undelivered[0].state, "QT");
  EXPECT_EQ(undelivered[0].reason, v1::Reason::UNKNOWN_RECIPIENT);
  EXPECT_EQ(undelivered[0].header.case_id(), case_);
  const absl::Time later = now + kUndeliveredShown + absl::Hours(1);
  EXPECT_TRUE(UndeliveredOf(messages_, later).empty());
  // What expires after its whole life is shown from then on.
  messages_[0].mutable_undelivered(0)->set_since_ms(ToMillis(later));
  ASSERT_EQ(UndeliveredOf(messages_, later).size(), 1u);
  EXPECT_EQ(UndeliveredOf(messages_, later)[0].since, later);
}

TEST_F(CasebookTest, WhatTheirNodeHasNotTakenYetIsShownAfterAWhile) {
  Add({.case_id = case_}, "QM");
  v1::RecipientStatus& status = *messages_[0].add_undelivered();
  status.set_state("QT");
  status.set_outcome(v1::Outcome::PENDING);
  const absl::Time sent = FromMillis(messages_[0].recorded_at_ms());
  EXPECT_TRUE(UndeliveredOf(messages_, sent + absl::Minutes(1)).empty()) << "it is on its way";
  const auto waits = UndeliveredOf(messages_, sent + kQueuedShown + absl::Seconds(1));
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(waits[0].outcome, v1::Outcome::PENDING);
  EXPECT_EQ(waits[0].since, sent);
  EXPECT_EQ(BuildCases(messages_, "QM", sent).size(), 1u) << "and is part of its case";
}

TEST_F(CasebookTest, AnActWithoutItsParentWaits) {
  Hash missing{};
  missing[0] = 7;
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {missing}},
      "QM");
  auto cases = BuildCases(messages_, "QM", world_.clock.Now());
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_FALSE(cases[0].acts[0].in_history);
  EXPECT_EQ(cases[0].requesting, "QM/central");
}

}  // namespace
}  // namespace palermo::desk
