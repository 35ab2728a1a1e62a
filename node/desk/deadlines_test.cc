#include "node/desk/deadlines.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/status.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using casework::ClockState;
using ::palermo::testing::Value;
using ::palermo::testing::World;

class DeadlinesTest : public ::testing::Test {
 protected:
  Hash Add(const testing::EnvelopeSpec& spec, absl::Duration reply_in = absl::ZeroDuration()) {
    v1::Header header = world_.MakeHeader(spec);
    if (reply_in > absl::ZeroDuration()) {
      header.set_reply_by_ms(ToMillis(world_.clock.Now() + reply_in));
    }
    v1::Envelope envelope = world_.SealEnvelope(header, spec.plaintext);
    Hash id = Value(trust::ParseEnvelope(envelope)).message_id;
    v1::MessageSummary summary;
    summary.set_message_id(std::string(AsView(id)));
    summary.set_header(envelope.header());
    summary.set_incoming(spec.from.substr(0, 2) != "QM");
    if (summary.incoming()) summary.set_retrieval(v1::RetrievalResult::OPENED);
    summary.set_recorded_at_ms(ToMillis(world_.clock.Now()));
    messages_.push_back(summary);
    world_.clock.Advance(absl::Seconds(1));
    return id;
  }
  Morning Now() {
    auto cases = BuildCases(messages_, "QM", world_.clock.Now());
    EXPECT_EQ(cases.size(), 1u);
    return MorningOf(cases[0], world_.clock.Now());
  }

  World world_;
  std::string case_ = std::string(16, 'c');
  std::vector<v1::MessageSummary> messages_;
};

// "they, 8 December" where it is us, on the 10th, would be the wrong date of the wrong side.
TEST_F(DeadlinesTest, APausedClockIsTheNextDateOnlyWhereNoneRuns) {
  Hash request = Add({.case_id = case_});
  const auto answer = [&](v1::Act::Code act, const Hash& parent) {
    return Add({.from = "QT/central",
                .to = {"QM/central"},
                .act = act,
                .case_id = case_,
                .parents = {parent}});
  };
  Hash ack = answer(v1::Act::ACKNOWLEDGEMENT, request);
  Hash asked = answer(v1::Act::INFO_REQUEST, ack);
  ASSERT_TRUE(Now().next.has_value());
  EXPECT_EQ(Now().next->state, ClockState::kPaused) << "nothing else is there";
  v1::CaseBody body;
  const std::string day = FormatInstant(world_.clock.Now() + absl::Hours(24 * 40)).substr(0, 10);
  body.mutable_info_request()->set_needed_by(day);
  const DatesOfCase dates = {{asked, DatesIn(v1::Act::INFO_REQUEST, body)}};
  const CaseView view = BuildCases(messages_, "QM", world_.clock.Now())[0];
  const Morning morning = MorningOf(view, world_.clock.Now(), {}, dates);
  EXPECT_EQ(morning.deadlines[0].rule, "R-CLK-FWD") << "earlier, and paused";
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-DEADLINE");
  EXPECT_TRUE(morning.next->ours);
  EXPECT_TRUE(morning.next->named);
  EXPECT_EQ(DueText(*morning.next), day + "T23:59:59Z") << "the whole day, not the midnight after";
  EXPECT_EQ(DueText(morning.deadlines[0]), FormatInstant(morning.deadlines[0].due));
}

TEST_F(DeadlinesTest, ARequestRunsTheClockOfItsAcknowledgementUntilItComes) {
  Hash request = Add({.case_id = case_});
  Morning morning = Now();
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-ACK");
  EXPECT_EQ(morning.next->act, request);
  EXPECT_FALSE(morning.next->source.empty());
  EXPECT_FALSE(morning.next->ours);
  EXPECT_EQ(morning.mark, "-");
  world_.clock.Advance(absl::Hours(24 * 9));
  EXPECT_EQ(Now().mark, "LATE");
  EXPECT_EQ(Now().late, 1u);
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {request}});
  morning = Now();
  EXPECT_EQ(morning.late, 0u);
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-FWD");
  EXPECT_EQ(morning.deadlines.back().state, ClockState::kStopped);
}

TEST_F(DeadlinesTest, TheDateByWhichAnAnswerIsWantedStopsWithTheAnswer) {
  Hash request = Add({.case_id = case_}, absl::Hours(24 * 8));
  const auto answer_by = [&] {
    for (const Deadline& deadline : Now().deadlines) {
      if (deadline.rule == "R-CLK-DEADLINE") return deadline.state;
    }
    return ClockState::kPaused;
  };
  EXPECT_EQ(answer_by(), ClockState::kRunning);
  world_.clock.Advance(absl::Hours(25));
  EXPECT_EQ(answer_by(), ClockState::kDueSoon);
  world_.clock.Advance(absl::Hours(24 * 7));
  EXPECT_EQ(answer_by(), ClockState::kOverdue);
  for (v1::Act::Code act :
       {v1::Act::ACKNOWLEDGEMENT, v1::Act::ADMISSION, v1::Act::EXECUTION_STARTED}) {
    request = Add({.from = "QT/central",
                   .to = {"QM/central"},
                   .act = act,
                   .case_id = case_,
                   .parents = {request}});
    EXPECT_EQ(answer_by(), ClockState::kOverdue) << "word of progress is no answer: " << act;
  }
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::FINAL_RESULT,
       .case_id = case_,
       .parents = {request}});
  EXPECT_EQ(answer_by(), ClockState::kStopped);
}

TEST_F(DeadlinesTest, OneDateInHeaderAndBodyIsOneDeadline) {
  const Hash request = Add({.case_id = case_}, absl::Hours(24 * 20));
  v1::CaseBody body;
  body.mutable_request()->mutable_deadline()->set_at(
      FormatInstant(world_.clock.Now() + absl::Hours(24 * 20)));
  body.mutable_request()->mutable_deadline()->set_reason("committal hearing");
  auto view = BuildCases(messages_, "QM", world_.clock.Now()).at(0);
  const auto all =
      DeadlinesOf(view, world_.clock.Now(), {}, {{request, DatesIn(v1::Act::REQUEST, body)}});
  EXPECT_EQ(std::count_if(all.begin(), all.end(),
                          [](const Deadline& one) { return one.rule == "R-CLK-DEADLINE"; }),
            1);
}

TEST_F(DeadlinesTest, AnOralRequestThatNobodyConfirmedLapsesWithAReadyNotice) {
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ORAL_REQUEST_NOTE,
       .case_id = case_});
  Morning morning = Now();
  EXPECT_TRUE(morning.proposals.empty());
  EXPECT_EQ(CodeOf(CheckClockAllows(v1::Act::LAPSE_NOTICE, morning.deadlines)), "CLOCK_RUNS");
  EXPECT_FALSE(ReadyBody(v1::Act::LAPSE_NOTICE, morning.deadlines, world_.clock.Now()).ok());
  world_.clock.Advance(absl::Hours(25));
  morning = Now();
  ASSERT_EQ(morning.proposals.size(), 1u);
  EXPECT_EQ(morning.proposals[0].rule, "R-CLK-ORAL");
  EXPECT_NE(morning.proposals[0].command.find("--act LAPSE_NOTICE"), std::string::npos);
  EXPECT_TRUE(CheckClockAllows(v1::Act::LAPSE_NOTICE, morning.deadlines).ok());
  const v1::CaseBody body =
      Value(ReadyBody(v1::Act::LAPSE_NOTICE, morning.deadlines, world_.clock.Now()));
  EXPECT_NE(body.statement().text().find("R-CLK-ORAL (18(14))"), std::string::npos);
}

TEST_F(DeadlinesTest, TheOtherSideProposesNoLapse) {
  Add({.act = v1::Act::ORAL_REQUEST_NOTE, .case_id = case_});
  world_.clock.Advance(absl::Hours(25));
  EXPECT_TRUE(Now().proposals.empty());
  EXPECT_EQ(Now().mark, "LATE");
}

TEST_F(DeadlinesTest, DatesOfBodiesCountOnceTheyAreKnown) {
  const Hash request = Add({.case_id = case_});
  auto view = BuildCases(messages_, "QM", world_.clock.Now()).at(0);
  const auto has = [&](const DatesOfCase& dates) {
    const auto all = DeadlinesOf(view, world_.clock.Now(), {}, dates);
    return std::any_of(all.begin(), all.end(),
                       [](const Deadline& d) { return d.rule == "R-CLK-DEADLINE"; });
  };
  EXPECT_FALSE(has({}));
  v1::CaseBody body;
  body.mutable_request()->mutable_deadline()->set_at("2099-06-15");
  EXPECT_FALSE(has({{request, DatesIn(v1::Act::REQUEST, body)}})) << "without its reason";
  body.mutable_request()->mutable_deadline()->set_reason("committal hearing");
  EXPECT_TRUE(has({{request, DatesIn(v1::Act::REQUEST, body)}}));
}

TEST_F(DeadlinesTest, WhoIsLateIsAskedAndNotTwiceAMonth) {
  const Hash request = Add({.case_id = case_});
  world_.clock.Advance(absl::Hours(24 * 9));
  Morning morning = Now();
  ASSERT_EQ(morning.proposals.size(), 1u);
  EXPECT_NE(morning.proposals[0].command.find("--act STATUS_QUERY"), std::string::npos);
  EXPECT_TRUE(ReadyBody(v1::Act::STATUS_QUERY, morning.deadlines, world_.clock.Now()).ok());
  Add({.act = v1::Act::STATUS_QUERY, .case_id = case_, .parents = {request}});
  EXPECT_TRUE(Now().proposals.empty());
  EXPECT_TRUE(
      AskedLately(BuildCases(messages_, "QM", world_.clock.Now()).at(0), world_.clock.Now()));
  casework::PairPolicy pair;
  ASSERT_TRUE(pair.Set("R-CLK-STATUS.AGAIN", absl::Seconds(1)).ok());
  EXPECT_FALSE(
      AskedLately(BuildCases(messages_, "QM", world_.clock.Now()).at(0), world_.clock.Now(), pair));
  world_.clock.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(Now().proposals.size(), 1u);
}

TEST_F(DeadlinesTest, OnlyActsThatMoveTheCaseAreOurTurn) {
  Add({.case_id = case_});
  EXPECT_TRUE(MovesOf(BuildCases(messages_, "QM", world_.clock.Now()).at(0)).empty());
  messages_.back().set_incoming(true);
  const auto moves = MovesOf(BuildCases(messages_, "QT", world_.clock.Now()).at(0));
  EXPECT_EQ(moves, (std::vector<v1::Act::Code>{v1::Act::ACKNOWLEDGEMENT, v1::Act::RETURN}));
}

// A view changes no state, and yet it is waited for.
TEST_F(DeadlinesTest, WhoIsAskedForItsViewSeesThatInTheMorning) {
  Hash opened = Add({.case_id = case_});
  for (v1::Act::Code act :
       {v1::Act::ACKNOWLEDGEMENT, v1::Act::ADMISSION, v1::Act::CONSULTATION_OPEN}) {
    opened = Add({.from = "QT/central",
                  .to = {"QM/central"},
                  .act = act,
                  .case_id = case_,
                  .parents = {opened}});
  }
  const auto waited_for = [&] {
    const auto moves = Now().moves;
    return std::count(moves.begin(), moves.end(), v1::Act::CONSULTATION_STATEMENT);
  };
  EXPECT_EQ(waited_for(), 1);
  Add({.act = v1::Act::CONSULTATION_STATEMENT, .case_id = case_, .parents = {opened}});
  EXPECT_EQ(waited_for(), 0);
}

TEST(ReadyBodies, AnExtensionCountsFromWhatWasConfirmed) {
  const absl::Time now = *ParseInstant("2026-12-09");
  Deadline kept;
  kept.rule = "R-CLK-PRES";
  kept.due = *ParseInstant("2027-06-09");
  const auto until = [&] {
    const v1::CaseBody body = Value(ReadyBody(v1::Act::PRESERVATION_EXTENDED, {kept}, now));
    return body.preservation().until();
  };
  EXPECT_EQ(until(), "2027-09-07T00:00:00Z");
  kept.due = *ParseInstant("2026-12-01");
  EXPECT_EQ(until(), "2027-03-09T00:00:00Z");
}

TEST(ActDates, ADateAloneLastsUntilTheEndOfTheDay) {
  v1::CaseBody body;
  body.mutable_statement()->set_until("2026-06-15");
  EXPECT_EQ(FormatInstant(DatesIn(v1::Act::POSTPONEMENT_NOTICE, body).until),
            "2026-06-16T00:00:00Z");
  body.mutable_statement()->set_until("2026-06-15T12:00:00+02:00");
  EXPECT_EQ(FormatInstant(DatesIn(v1::Act::POSTPONEMENT_REVIEW, body).until),
            "2026-06-15T10:00:00Z");
  body.mutable_statement()->set_until("soon");
  EXPECT_EQ(DatesIn(v1::Act::POSTPONEMENT_NOTICE, body).until, absl::InfiniteFuture());
}

TEST(ActDates, AnArrestAndTheItemsOfAConsultationAreRead) {
  v1::CaseBody body;
  body.mutable_statement()->set_happened_at("2026-03-02T05:30:00Z");
  EXPECT_TRUE(NamesDates(v1::Act::PROVISIONAL_ARREST_NOTE));
  EXPECT_EQ(DatesIn(v1::Act::PROVISIONAL_ARREST_NOTE, body).happened,
            *ParseInstant("2026-03-02T05:30:00Z"));
  v1::CaseBody request;
  request.mutable_request()->mutable_oral()->set_made_at("2026-03-02T05:00:00Z");
  EXPECT_EQ(DatesIn(v1::Act::REQUEST, request).happened, *ParseInstant("2026-03-02T05:00:00Z"));
  // Another statement reports nothing that a clock counts from.
  EXPECT_EQ(DatesIn(v1::Act::STATUS_REPORT, body).happened, absl::InfinitePast());
  v1::CaseBody open;
  open.mutable_consultation_open()->add_items(2);
  EXPECT_TRUE(NamesDates(v1::Act::CONSULTATION_OPEN));
  EXPECT_EQ(DatesIn(v1::Act::CONSULTATION_OPEN, open).items, std::vector<uint32_t>{2});
}

TEST(ActDates, TheEarliestAnswerThatABoardingNeedsCounts) {
  v1::CaseBody body;
  body.mutable_request()->add_items()->set_response_needed_by("2026-03-02T09:00:00Z");
  body.mutable_request()->add_items()->set_response_needed_by("2026-03-02T08:00:00Z");
  EXPECT_EQ(FormatInstant(DatesIn(v1::Act::REQUEST, body).dates.at("R-SEA-02")),
            "2026-03-02T08:00:00Z");
}

// UNTOC 16(10): aut dedere aut judicare, in a case that names this one.
TEST_F(DeadlinesTest, ARefusalForNationalityProposesToTakeTheProceedingsOver) {
  const auto family = v1::Family::EXTRADITION;
  std::vector<Hash> parents;
  const auto add = [&](const char* from, v1::Act::Code act) {
    const std::string to = std::string(from) == "QM" ? "QT/central" : "QM/central";
    parents = {Add({.from = std::string(from) + "/central",
                    .to = {to},
                    .family = family,
                    .act = act,
                    .case_id = case_,
                    .parents = parents})};
  };
  const auto proposed = [&] {
    const auto proposals = Now().proposals;
    return std::any_of(proposals.begin(), proposals.end(), [](const Proposal& proposal) {
      return proposal.command == "palermo case new TRANSFER_PROCEEDINGS";
    });
  };
  add("QT", v1::Act::REQUEST);
  add("QM", v1::Act::ACKNOWLEDGEMENT);
  add("QM", v1::Act::CONSULTATION_OPEN);
  EXPECT_FALSE(proposed());
  add("QM", v1::Act::REFUSAL_NATIONALITY);
  EXPECT_TRUE(proposed());
  add("QM", v1::Act::OBLIGATION_REPORT);
  EXPECT_FALSE(proposed()) << "it was done";
}

TEST_F(DeadlinesTest, WhatCameAndIsUnopenedIsNew) {
  Add({.from = "QT/central", .to = {"QM/central"}, .case_id = case_});
  messages_.back().set_retrieval(v1::RetrievalResult::UNSPECIFIED);
  Morning morning = Now();
  EXPECT_EQ(morning.unopened, 1u);
  EXPECT_EQ(morning.mark, "NEW");
  EXPECT_TRUE(morning.waits_for_us);
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_TRUE(morning.next->ours) << "we are asked, so we acknowledge";
}

}  // namespace
}  // namespace palermo::desk
