// Dates of what has happened, and basis and language of the requests that are not formal ones.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using Set = std::set<std::string>;

TEST(Events, LieAheadByMoreThanTheDifferenceOfClocksAndZones) {
  const absl::Time now = *ParseInstant("2026-12-31T20:00:00Z");
  for (const char* behind :
       {"2026-12-31T20:00:00Z", "2026-12-31T20:04:00Z", "2026-12-31T22:00:00+02:00", "2026-12-31",
        "2027-01-01" /* begun in the east */, "1990-XX-XX", "2026", "2027" /* there as well */, "",
        "soon", "2026/2031"}) {
    EXPECT_FALSE(IsAhead(behind, now)) << behind;
  }
  for (const char* ahead :
       {"2026-12-31T20:06:00Z", "2027-01-02", "2031-XX-XX", "2028", "2030-03-02T05:30:00Z"}) {
    EXPECT_TRUE(IsAhead(ahead, now)) << ahead;
  }
}

std::vector<std::string> FieldsAhead(Draft& draft) {
  draft.context.now = "2026-03-02T09:00:00Z";
  std::vector<std::string> fields;
  for (const Finding& finding : draft.Check()) {
    if (finding.key != "R-GEN-03.event") continue;
    EXPECT_EQ(finding.severity, Severity::kWarning);
    fields.push_back(finding.field);
  }
  return fields;
}
using Fields = std::vector<std::string>;

TEST(Events, OfARequestHaveHappened) {
  Draft draft(Act::REQUEST);
  ASSERT_EQ(FieldsAhead(draft), Fields{});
  v1::Request& request = *draft.body.mutable_request();
  request.mutable_persons(0)->set_date_of_birth("2031-01-01");
  v1::SeizedObject& seized = *request.mutable_items(0)->mutable_seizure();
  seized.set_at("2026-03-02T09:06:00Z");
  EXPECT_EQ(FieldsAhead(draft),
            (Fields{"request.items[0].seizure.at", "request.persons[0].date_of_birth"}));
  request.mutable_persons(0)->set_date_of_birth("2026-03-02");
  seized.set_at("2026-03-02T09:04:00Z");
  EXPECT_EQ(FieldsAhead(draft), Fields{}) << "clocks differ";
  // What is planned lies ahead.
  request.mutable_items(0)->set_return_due_at("2031-01-01");
  request.mutable_deadline()->set_at("2031-01-01");
  EXPECT_EQ(FieldsAhead(draft), Fields{});
}

// What nobody can know before it is.
TEST(Events, WhereSomethingWasOrWhatWasToldHasHappened) {
  Draft draft(Act::REQUEST);
  v1::Request& request = *draft.body.mutable_request();
  v1::Item& item = *request.mutable_items(0);
  const auto write = [&](const char* day) {
    item.mutable_position()->set_at(day);
    item.mutable_recovery()->set_at(day);
    item.clear_selectors();
    item.add_selectors()->set_at(day);
    item.set_rights_informed_at(day);
    item.mutable_lead()->set_observed_at(day);
    item.mutable_analysis()->set_at(day);
    item.mutable_consent()->set_signed_at(day);
    request.mutable_referral()->set_identified_at(day);
    request.mutable_referral()->mutable_consent()->set_informed_of_rights_at(day);
  };
  write("2030-03-02");
  const Fields ahead = FieldsAhead(draft);
  EXPECT_EQ(std::set<std::string>(ahead.begin(), ahead.end()),
            (std::set<std::string>{
                "request.items[0].position.at", "request.items[0].recovery.at",
                "request.items[0].selectors[0].at", "request.items[0].rights_informed_at",
                "request.items[0].lead.observed_at", "request.items[0].analysis.at",
                "request.items[0].consent.signed_at", "request.referral.identified_at",
                "request.referral.consent.informed_of_rights_at"}));
  write("2026-03-02");
  EXPECT_EQ(FieldsAhead(draft), Fields{});
}

TEST(Events, AnOrderIsGivenBeforeItIsSent) {
  Draft draft(Act::REQUEST);
  v1::ConfiscationOrder& order = *draft.body.mutable_request()->mutable_items(0)->mutable_order();
  order.set_date("2026-03-02");
  order.set_valid_to("2031-01-01");
  EXPECT_EQ(FieldsAhead(draft), Fields{});
  order.set_date("2031-01-01");
  EXPECT_EQ(FieldsAhead(draft), Fields{"request.items[0].order.date"});
}

TEST(Events, OfOtherActsHaveHappened) {
  Draft arrest(Act::PROVISIONAL_ARREST_NOTE);
  EXPECT_EQ(FieldsAhead(arrest), Fields{});
  arrest.body.mutable_statement()->set_happened_at("2030-03-02T05:30:00Z");
  arrest.body.mutable_statement()->mutable_surrender()->set_arrested_at("2030-03-02");
  arrest.body.mutable_statement()->mutable_surrender()->set_papers_due_at("2030-04-11");
  EXPECT_EQ(FieldsAhead(arrest),
            (Fields{"statement.happened_at", "statement.surrender.arrested_at"}));

  Draft boarding(Act::BOARDING_REPORT);
  EXPECT_EQ(FieldsAhead(boarding), Fields{});
  boarding.body.mutable_boarding_result()->set_boarded_at("2026-03-02T12:00:00Z");
  EXPECT_EQ(FieldsAhead(boarding), Fields{"boarding_result.boarded_at"});

  Draft done(Act::OBLIGATION_REPORT);
  EXPECT_EQ(FieldsAhead(done), Fields{});
  done.body.mutable_obligation_report()->set_at("2026-06-01");
  EXPECT_EQ(FieldsAhead(done), Fields{"obligation_report.at"});

  Draft answer(Act::FINAL_RESULT);
  v1::ItemResult& item = *answer.body.mutable_result()->mutable_items(0);
  item.mutable_surrender()->set_surrendered_at("2030-04-02T11:00:00Z");
  item.mutable_surrender()->set_return_due_at("2031-04-02");
  item.add_seized()->set_at("2030-04-02");
  EXPECT_EQ(FieldsAhead(answer),
            (Fields{"result.items[0].seized[0].at", "result.items[0].surrender.surrendered_at"}));
}

// --- Basis and language

Set OfFamily(Family::Code family, v1::AssistanceType::Code type, v1::Urgency::Code urgency,
             void (*change)(v1::Request&)) {
  Draft draft(Act::REQUEST);
  draft.body = TemplateForType(type);
  draft.context.family = family;
  draft.context.urgency = urgency;
  change(*draft.body.mutable_request());
  Set found;
  for (const Finding& finding : draft.Check()) {
    if (finding.rule == "R-DIR-03" || finding.rule == "R-LANG-01" ||
        finding.key.find("_usual") != std::string::npos) {
      found.insert(Cat({SeverityName(finding.severity).substr(0, 1), " ", finding.key}));
    }
  }
  return found;
}
void NoBasis(v1::Request& request) { request.clear_basis(); }
void NoLanguage(v1::Request& request) { request.clear_language(); }
void NoProfile(v1::Request& request) { request.mutable_basis()->clear_governing_profile(); }

TEST(FamilyBasis, ARequestAtSeaOrForPreservationNamesItsTreatyAndItsLanguage) {
  using T = v1::AssistanceType;
  const auto usual = v1::Urgency::URGENT;
  for (const auto& [family, type] : {std::pair(Family::SEA, T::BOARDING_AUTHORIZATION),
                                     std::pair(Family::SEA, T::FLAG_CONFIRMATION),
                                     std::pair(Family::PRESERVATION_24_7, T::PRESERVE_DATA)}) {
    EXPECT_EQ(OfFamily(family, type, usual, [](v1::Request&) {}), Set{});
    EXPECT_EQ(OfFamily(family, type, usual, NoBasis), Set{"E R-DIR-03.missing"});
    EXPECT_EQ(OfFamily(family, type, usual, NoProfile), Set{"N R-GEN-01.profile_usual"});
    EXPECT_EQ(OfFamily(family, type, usual, NoLanguage), Set{"E R-LANG-01.missing"});
    // A life is not held up by a form.
    const auto life = v1::Urgency::EMERGENCY_LIFE;
    EXPECT_EQ(OfFamily(family, type, life, NoBasis), Set{"N R-GEN-01.basis_usual"});
    EXPECT_EQ(OfFamily(family, type, life, NoLanguage), Set{"N R-GEN-01.language_usual"});
  }
}

TEST(FamilyBasis, OtherRequestsAreToldWhatIsUsualAndInformationNothing) {
  using T = v1::AssistanceType;
  const auto usual = v1::Urgency::PRIORITY;
  for (const auto& [family, type] :
       {std::pair(Family::PROTOCOL_ADMIN, T::TRACE_FIREARM),
        std::pair(Family::FIU, T::FIU_INFORMATION), std::pair(Family::HIT_QUERY, T::HIT_QUERY)}) {
    EXPECT_EQ(OfFamily(family, type, usual, [](v1::Request&) {}), Set{}) << family;
    EXPECT_EQ(OfFamily(family, type, usual, NoBasis), Set{"N R-GEN-01.basis_usual"}) << family;
    EXPECT_EQ(OfFamily(family, type, usual, NoLanguage), Set{"N R-GEN-01.language_usual"})
        << family;
  }
  for (const auto& [family, type] : {std::pair(Family::LAW_ENFORCEMENT_INFO, T::RECRUITMENT_LEAD),
                                     std::pair(Family::VICTIM, T::VICTIM_REFERRAL)}) {
    EXPECT_EQ(OfFamily(family, type, usual, NoBasis), Set{}) << family;
    EXPECT_EQ(OfFamily(family, type, usual, NoLanguage), Set{}) << family;
  }
}

// --- Conditions

TEST(Conditions, AProposalHasSomeAndADayForTheAnswer) {
  Draft draft(Act::CONDITIONS_PROPOSAL);
  EXPECT_EQ(Summary(draft.Check()), Set{});
  v1::Statement& offer = *draft.body.mutable_statement();
  offer.clear_until();
  EXPECT_EQ(Summary(draft.Check()), Set{"N R-GEN-01"});
  offer.set_until("soon");
  EXPECT_EQ(Summary(draft.Check()), Set{"E R-GEN-01"});
  offer.set_until("2026-03-01");
  EXPECT_EQ(Summary(draft.Check()), Set{"W R-CLK-DEADLINE"});
  offer.set_until("2026-03-02");
  EXPECT_EQ(Summary(draft.Check()), Set{}) << "the day lasts to its end";
  // Listed, they need no further word; in words alone they bind too; neither is an empty offer.
  offer.clear_text();
  EXPECT_EQ(Summary(draft.Check()), Set{});
  offer.clear_conditions();
  EXPECT_EQ(Summary(draft.Check()), Set{"E R-GEN-01"});
  offer.set_text("The record is used in PS-2026-0000 only.");
  EXPECT_EQ(Summary(draft.Check()), Set{"N R-GEN-01"});
}

TEST(Conditions, ThatVoidTheAssistanceOrCannotBeKeptAreWarnings) {
  Draft draft(Act::CONDITIONS_PROPOSAL);
  v1::Condition& condition = *draft.body.mutable_statement()->mutable_conditions(0);
  condition.set_voids_assistance(true);
  EXPECT_EQ(Summary(draft.Check()), Set{"W R-CND-01"});
  condition.clear_voids_assistance();
  condition.set_kind("DELETE_BY");
  condition.set_due_at("2026-03-01");
  EXPECT_EQ(Summary(draft.Check()), Set{"W R-CND-01"});
  condition.set_due_at("2026-03-02");
  EXPECT_EQ(Summary(draft.Check()), Set{});
}

}  // namespace
}  // namespace palermo::casework
