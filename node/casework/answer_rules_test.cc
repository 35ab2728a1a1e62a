// Rules for the acts that answer a request, but refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/clocks.h"
#include "node/casework/contents_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::ConsultTopic;
using v1::ItemOutcome;

v1::Result& Res(Draft& draft) { return *draft.body.mutable_result(); }
v1::Statement& St(Draft& draft) { return *draft.body.mutable_statement(); }

const std::vector<Case> kResultCases = {
    {"final", Act::FINAL_RESULT, [](Draft&) {}, {}},
    {"partial", Act::PARTIAL_RESULT, [](Draft&) {}, {}},
    {"partial without items",
     Act::PARTIAL_RESULT,
     [](Draft& d) { Res(d).clear_items(); },
     {"E R-GEN-01"}},
    {"final leaves one out",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items()->RemoveLast(); },
     {"E R-GEN-01"}},
    {"left out, but settled before",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items()->RemoveLast();
       d.context.settled_items = {2};
     },
     {}},
    {"left out, but refused before",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items()->RemoveLast();
       d.context.refused_items = {2};
     },
     {}},
    {"left out, but withdrawn",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items()->RemoveLast();
       d.context.withdrawn_items = {2};
     },
     {}},
    {"final of an unknown request",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items()->RemoveLast();
       d.request_known = false;
     },
     {}},
    {"final with nothing found",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->set_outcome(ItemOutcome::EXECUTED_NEGATIVE); },
     {}},
    {"final postponed",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->set_outcome(ItemOutcome::POSTPONED); },
     {"E R-GEN-01"}},
    {"partial postponed",
     Act::PARTIAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->set_outcome(ItemOutcome::POSTPONED); },
     {}},
    {"outcome missing",
     Act::PARTIAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->clear_outcome(); },
     {"E R-GEN-01"}},
    {"item twice",
     Act::FINAL_RESULT,
     [](Draft& d) { *Res(d).add_items() = Res(d).items(0); },
     {"E R-GEN-01"}},
    {"item that nobody asked for",
     Act::PARTIAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->set_n(7); },
     {"E R-GEN-01"}},
    {"procedure not answered",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(1)->clear_procedure_followed(); },
     {"W R-EXE-01"}},
    {"not followed without reason",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(1)->set_procedure_followed("NOT_FOLLOWED"); },
     {"W R-EXE-01"}},
    {"not followed with reason",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items(1)->set_procedure_followed("NOT_FOLLOWED");
       Res(d).mutable_items(1)->set_procedure_not_followed_reason("no oath in our law");
     },
     {}},
    {"not executed, so no procedure",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items(1)->clear_procedure_followed();
       Res(d).mutable_items(1)->set_outcome(ItemOutcome::IMPOSSIBLE);
     },
     {}},
    {"procedure in an unknown word",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(1)->set_procedure_followed("mostly"); },
     {"E R-GEN-01"}},
    {"refused in the result alone",
     Act::FINAL_RESULT,
     [](Draft& d) { Res(d).mutable_items(0)->set_outcome(ItemOutcome::REFUSED); },
     {"E R-REF-26"}},
    {"refused before",
     Act::FINAL_RESULT,
     [](Draft& d) {
       Res(d).mutable_items(0)->set_outcome(ItemOutcome::REFUSED);
       d.context.refused_items = {1};
     },
     {}},
};

const std::vector<Case> kShortActCases = {
    {"ack without reference",
     Act::ACKNOWLEDGEMENT,
     [](Draft& d) { d.body.mutable_acknowledgement()->clear_national_ref(); },
     {"E R-GEN-01"}},
    {"ack without contact",
     Act::ACKNOWLEDGEMENT,
     [](Draft& d) { d.body.mutable_acknowledgement()->clear_contact(); },
     {"E R-GEN-01"}},
    {"ack with a telephone",
     Act::ACKNOWLEDGEMENT,
     [](Draft& d) {
       auto* contact = d.body.mutable_acknowledgement()->mutable_contact();
       contact->clear_name();
       contact->clear_email();
     },
     {}},
    {"no question",
     Act::INFO_REQUEST,
     [](Draft& d) { d.body.mutable_info_request()->mutable_questions(0)->clear(); },
     {"E R-GEN-01"}},
    {"needed soon",
     Act::INFO_REQUEST,
     [](Draft& d) { d.body.mutable_info_request()->set_needed_by("soon"); },
     {"E R-GEN-01"}},
    {"needed a year ago",
     Act::INFO_REQUEST,
     [](Draft& d) { d.body.mutable_info_request()->set_needed_by("2025-03-02"); },
     {"W R-CLK-DEADLINE"}},
    {"needed today",
     Act::INFO_REQUEST,
     [](Draft& d) { d.body.mutable_info_request()->set_needed_by("2026-03-02"); },
     {}},
    {"needed without date",
     Act::INFO_REQUEST,
     [](Draft& d) { d.body.mutable_info_request()->clear_needed_by(); },
     {}},
    {"no answer",
     Act::INFO_SUPPLEMENT,
     [](Draft& d) { d.body.mutable_info_supplement()->clear_answers(); },
     {"E R-GEN-01"}},
    {"no executing authority",
     Act::ADMISSION,
     [](Draft& d) { d.body.mutable_admission()->clear_executing_authority(); },
     {"E R-GEN-01"}},
    {"started without a note",
     Act::EXECUTION_STARTED,
     [](Draft& d) { d.body.mutable_execution_started()->clear_note(); },
     {}},
    {"no topic",
     Act::CONSULTATION_OPEN,
     [](Draft& d) { d.body.mutable_consultation_open()->clear_topic(); },
     {"E R-GEN-01"}},
    {"requesting state consults on a refusal",
     Act::CONSULTATION_OPEN,
     [](Draft& d) { d.body.mutable_consultation_open()->set_topic(ConsultTopic::REFUSAL); },
     {"E R-GEN-02"}},
    {"requesting state consults on a postponement",
     Act::CONSULTATION_OPEN,
     [](Draft& d) { d.body.mutable_consultation_open()->set_topic(ConsultTopic::POSTPONEMENT); },
     {"E R-GEN-02"}},
    {"requested state consults on a refusal",
     Act::CONSULTATION_OPEN,
     [](Draft& d) {
       d.context.side = Side::kRequested;
       d.body.mutable_consultation_open()->set_topic(ConsultTopic::REFUSAL);
     },
     {}},
    {"consults on an item nobody asked for",
     Act::CONSULTATION_OPEN,
     [](Draft& d) { d.body.mutable_consultation_open()->set_items(0, 9); },
     {"E R-GEN-01"}},
    {"closed with a refusal",
     Act::CONSULTATION_CLOSE,
     [](Draft& d) { d.body.mutable_consultation_close()->set_outcome("REFUSED"); },
     {"E R-GEN-01"}},
    {"closed without a word",
     Act::CONSULTATION_CLOSE,
     [](Draft& d) { d.body.mutable_consultation_close()->clear_outcome(); },
     {}},
    {"withdrawn without reason",
     Act::WITHDRAWAL,
     [](Draft& d) { d.body.mutable_withdrawal()->clear_reason(); },
     {"E R-GEN-01"}},
    {"all withdrawn by number",
     Act::WITHDRAWAL,
     [](Draft& d) {
       d.body.mutable_withdrawal()->add_items(2);
       d.body.mutable_withdrawal()->add_items(1);
     },
     {}},
    {"all withdrawn but one",
     Act::WITHDRAWAL,
     [](Draft& d) { d.body.mutable_withdrawal()->add_items(1); },
     {"E R-GEN-01"}},
    {"withdrawn in part: no item",
     Act::WITHDRAWAL_IN_PART,
     [](Draft& d) { d.body.mutable_withdrawal()->clear_items(); },
     {"E R-GEN-01"}},
    {"withdrawn in part: all items",
     Act::WITHDRAWAL_IN_PART,
     [](Draft& d) { d.body.mutable_withdrawal()->add_items(1); },
     {"E R-GEN-01"}},
    {"withdrawn in part: unknown request",
     Act::WITHDRAWAL_IN_PART,
     [](Draft& d) { d.request_known = false; },
     {}},
    {"closed", Act::CLOSE, [](Draft& d) { d.body.mutable_close()->Clear(); }, {}},
    {"closed with unknown item missing",
     Act::CLOSE,
     [](Draft& d) { d.body.mutable_close()->add_missing_items(3); },
     {"E R-GEN-01"}},
    {"returned without defect", Act::RETURN, [](Draft& d) { St(d).clear_text(); }, {"E R-GEN-01"}},
    {"no conditions",
     Act::CONDITIONS_PROPOSAL,
     [](Draft& d) {
       St(d).clear_text();
       St(d).clear_conditions();
     },
     {"E R-GEN-01"}},
    {"suspended without remedy",
     Act::SUSPENSION,
     [](Draft& d) { St(d).clear_text(); },
     {"E R-GEN-01"}},
    {"empty report", Act::STATUS_REPORT, [](Draft& d) { St(d).clear_text(); }, {"E R-GEN-01"}},
    {"query without text", Act::STATUS_QUERY, [](Draft& d) { St(d).clear_text(); }, {}},
    {"resumed without text", Act::RESUMPTION, [](Draft& d) { St(d).clear_text(); }, {}},
    {"completion by item", Act::COMPLETION_REQUEST, [](Draft& d) { St(d).clear_text(); }, {}},
    {"completion by text", Act::COMPLETION_REQUEST, [](Draft& d) { St(d).clear_items(); }, {}},
    {"completion of nothing",
     Act::COMPLETION_REQUEST,
     [](Draft& d) { d.body.mutable_statement()->Clear(); },
     {"E R-GEN-01"}},
    {"postponed without proceeding",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).clear_text(); },
     {"E R-PST-01"}},
    {"no time for it, and no consultation either",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       St(d).clear_ground();
       St(d).set_text("WORKLOAD");
       d.context.postponement_consultation_open = false;
     },
     {"E R-PST-01"}},
    {"postponed without a ground of the list",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).clear_ground(); },
     {"E R-PST-01"}},
    {"postponed on a number that is no ground",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_ground(static_cast<v1::PostponementGround::Code>(77)); },
     {"E R-PST-01"}},
    {"postponed until the costs are agreed",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_ground(v1::PostponementGround::COSTS_UNRESOLVED); },
     {}},
    {"postponed on the ground of a suspension",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_ground(v1::PostponementGround::PERSON_UNAVAILABLE); },
     {"E R-PST-01"}},
    {"reviewed with the ground of a suspension",
     Act::POSTPONEMENT_REVIEW,
     [](Draft& d) { St(d).set_ground(v1::PostponementGround::DOMESTIC_REMEDY_PENDING); },
     {"E R-PST-01"}},
    {"reviewed without a word of the ground",
     Act::POSTPONEMENT_REVIEW,
     [](Draft& d) { St(d).clear_ground(); },
     {}},
    {"suspended to postpone without a consultation",
     Act::SUSPENSION,
     [](Draft& d) { St(d).set_ground(v1::PostponementGround::INTERFERES_PROSECUTION); },
     {"E R-PST-01"}},
    {"suspended without a word of the list",
     Act::SUSPENSION,
     [](Draft& d) { St(d).clear_ground(); },
     {"N R-PST-01"}},
    {"an older body that suspends without a word of the list",
     Act::SUSPENSION,
     [](Draft& d) {
       St(d).clear_ground();
       d.context.received = true;
     },
     {}},
    {"suspended until a day that is too far",
     Act::SUSPENSION,
     [](Draft& d) { St(d).set_until("2027-03-02"); },
     {"E R-CLK-PST"}},
    {"suspended until a day that is over",
     Act::SUSPENSION,
     [](Draft& d) { St(d).set_until("2026-03-01"); },
     {"E R-CLK-PST"}},
    {"suspended until no date",
     Act::SUSPENSION,
     [](Draft& d) { St(d).set_until("autumn"); },
     {"E R-CLK-PST"}},
    {"suspended until a day", Act::SUSPENSION, [](Draft& d) { St(d).set_until("2026-06-15"); }, {}},
    {"expected to last until no date",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_expected_until("autumn"); },
     {"E R-GEN-01"}},
    {"an old body, whose text begins with its ground",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       d.context.received = true;
       St(d).clear_ground();
       St(d).set_text("INTERFERES_INVESTIGATION: an own investigation is running.");
     },
     {}},
    {"an old body, whose text says it in words",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       d.context.received = true;
       St(d).clear_ground();
     },
     {}},
    {"an old body, whose text is the ground of a suspension",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       d.context.received = true;
       St(d).clear_ground();
       St(d).set_text("PERSON_UNAVAILABLE");
     },
     {"E R-PST-01"}},
    {"an old body, whose text is a word of no list",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       d.context.received = true;
       St(d).clear_ground();
       St(d).set_text("WORKLOAD");
     },
     {"E R-PST-01"}},
    {"postponed without review",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).clear_until(); },
     {"E R-CLK-PST"}},
    {"postponed until a year ago",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_until("2025-02-01"); },
     {"E R-CLK-PST"}},
    {"reviewed for a day that is over",
     Act::POSTPONEMENT_REVIEW,
     [](Draft& d) { St(d).set_until("2026-03-01"); },
     {"E R-CLK-PST"}},
    {"postponed until today",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_until("2026-03-02"); },
     {}},
    {"postponed 180 days",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_until("2026-08-29"); },
     {}},
    {"postponed 181 days",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { St(d).set_until("2026-08-30"); },
     {"E R-CLK-PST"}},
    {"reviewed for too long",
     Act::POSTPONEMENT_REVIEW,
     [](Draft& d) { St(d).set_until("2027-01-01"); },
     {"E R-CLK-PST"}},
    {"postponed, today unknown",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) {
       d.context.now_iso8601_date.clear();
       St(d).set_until("2031-01-01");
     },
     {}},
    {"postponed without consultation",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { d.context.postponement_consultation_open = false; },
     {"E R-REF-26"}},
    {"postponed unheard",
     Act::POSTPONEMENT_NOTICE,
     [](Draft& d) { d.context.requesting_state_unheard = true; },
     {"E R-REF-26"}},
};

TEST(ResultRules, FireWhereTheyShouldAndNowhereElse) {
  for (const Case& c : kResultCases) EXPECT_EQ(FindingsOf(c), c.expected) << c.name;
}

TEST(ActRules, FireWhereTheyShouldAndNowhereElse) {
  for (const Case& c : kShortActCases) EXPECT_EQ(FindingsOf(c), c.expected) << c.name;
}

// BUD 27(7) asks for the reasons of a postponement, too; 18(25) does not.
TEST(ActRules, APostponementUnderBudapestHasReasons) {
  const auto found = [](std::string_view profile, const std::string& text,
                        const std::function<void(Draft&)>& change = {}) {
    Draft draft(Act::POSTPONEMENT_NOTICE);
    draft.request.mutable_basis()->set_governing_profile(std::string(profile));
    St(draft).set_text(text);
    if (change) change(draft);
    return Summary(draft.Check());
  };
  using Set = std::set<std::string>;
  const std::string reasons = "Our own investigation of the same host would be disturbed by it.";
  EXPECT_EQ(found("BUD", "INTERFERES_INVESTIGATION"), Set{"E R-REF-23"});
  EXPECT_EQ(found("BUD_27", "INTERFERES_INVESTIGATION: own case"), Set{"E R-REF-23"});
  EXPECT_EQ(found("BUD", "own case"), Set{"E R-REF-23"});
  EXPECT_EQ(found("BUD", reasons), Set{});
  EXPECT_EQ(found("BUD", "INTERFERES_INVESTIGATION: " + reasons), Set{});
  EXPECT_EQ(found("UNTOC_18", "own case"), Set{});
  // Data are preserved under 29, and what has more to mend is not told of its reasons.
  EXPECT_EQ(
      found("BUD", "own case", [](Draft& d) { d.context.postponement_consultation_open = false; }),
      Set{"E R-REF-26"});
}

TEST(ActRules, TheNumbersOfThePairCount) {
  PairPolicy pair;
  ASSERT_TRUE(pair.Set("R-CLK-PST", absl::Hours(24 * 60)).ok());
  Draft draft(Act::POSTPONEMENT_NOTICE);
  St(draft).set_until("2026-05-30");
  EXPECT_EQ(FindingsText(draft.Check()), "");
  draft.context.policy = &pair;
  EXPECT_NE(FindingsText(draft.Check()).find("more than 60 days"), std::string::npos);
  St(draft).set_until("2026-05-01");
  EXPECT_EQ(FindingsText(draft.Check()), "");

  ASSERT_TRUE(pair.Set("T28", absl::Hours(24 * 10)).ok());
  Draft close(Act::CLOSE_NOTICE);
  close.context.last_act_at = "2026-02-15";
  EXPECT_NE(FindingsText(close.Check()).find("60 days"), std::string::npos);
  close.context.policy = &pair;
  EXPECT_EQ(FindingsText(close.Check()), "");
}

TEST(ActRules, EveryExampleIsFaultless) {
  for (Act::Code act : AllActs()) {
    Draft draft(act);
    EXPECT_EQ(FindingsText(draft.Check()), "") << ActName(act);
  }
}

TEST(ActRules, EveryActRefusesEveryOtherActsContent) {
  for (Act::Code act : AllActs()) {
    Draft draft(act);
    const auto own = draft.body.content_case();
    for (Act::Code other : AllActs()) {
      draft.body = TemplateFor(other);
      if (draft.body.content_case() == own) continue;
      const auto findings = draft.Check();
      ASSERT_FALSE(findings.empty()) << ActName(act) << " " << ActName(other);
      EXPECT_TRUE(Blocks(findings));
      EXPECT_EQ(findings[0].rule, "R-GEN-01");
    }
  }
}

}  // namespace
}  // namespace palermo::casework
