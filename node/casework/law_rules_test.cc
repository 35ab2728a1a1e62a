// What the case says counts, whatever an act says of itself: releases of data, boardings before the
// flag state decided, requests sent back. Gates that no unknown word and no bad date opens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/leak_scan.h"
#include "node/casework/progress.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using Set = std::set<std::string>;

absl::Time Time(const std::string& text) { return *ParseInstant(text); }

Set KeysIn(const std::vector<Finding>& findings) {
  Set keys;
  for (const Finding& f : findings) keys.insert(f.key);
  return keys;
}

// A request of `type`, changed in one place.
Set OfChange(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  return KeysIn(CheckBody(ContextOfForm(type), body));
}

// A case so far, and what a further act would be told.
struct Story {
  explicit Story(v1::Family::Code of) : family(of) {}

  void Add(Act::Code act, Side side, v1::CaseBody body) {
    bodies.push_back(std::move(body));
    acts.push_back({act, side, now, &bodies.back()});
  }
  Set Check(Act::Code act, Side side, const v1::CaseBody& body) {
    Draft draft(act);
    draft.context.family = family;
    draft.context.side = side;
    draft.context.now = FormatInstant(now);
    draft.context.requested_profile = &flag;
    const Progress progress = ProgressOf(acts, family);
    Fill(progress, now, draft.context);
    return KeysIn(CheckBody(draft.context, body));
  }

  v1::Family::Code family;
  StateProfile flag;
  absl::Time now = Time("2026-03-02T12:00:00Z");
  std::deque<v1::CaseBody> bodies;
  std::vector<OpenedAct> acts;
};

// --- Preservation

v1::CaseBody Kept(const std::string& from, const std::string& until) {
  v1::CaseBody body = TemplateFor(Act::PRESERVATION_CONFIRMED);
  body.mutable_preservation()->set_from(from);
  body.mutable_preservation()->set_until(until);
  return body;
}

TEST(Release, WaitsForTheConfirmedTimeWhateverItSaysOfItself) {
  Story story(v1::Family::PRESERVATION_24_7);
  story.Add(Act::PRESERVATION_CONFIRMED, RD, Kept("2026-03-02", "2026-05-31"));
  v1::CaseBody release = TemplateFor(Act::PRESERVATION_RELEASED);
  const auto check = [&] { return story.Check(Act::PRESERVATION_RELEASED, RD, release); };
  EXPECT_EQ(check(), Set{"R-CYB-03.early"});
  // The release's own dates are no proof.
  release.mutable_preservation()->set_from("2025-01-01");
  release.mutable_preservation()->set_until("2025-12-01");
  EXPECT_EQ(check(), Set{"R-CYB-03.early"});
  story.now = Time("2026-05-20");
  EXPECT_EQ(check(), Set{"R-CYB-03.early"}) << "60 days have passed, the confirmed time has not";
  story.now = Time("2026-05-31");
  EXPECT_EQ(check(), Set{});
  story.Add(Act::PRESERVATION_EXTENDED, RD, Kept("2026-05-31", "2026-08-29"));
  EXPECT_EQ(check(), Set{"R-CYB-03.early"});
}

TEST(Preservation, IsKeptFromNowAndNotFromADayToCome) {
  Story story(v1::Family::PRESERVATION_24_7);
  const auto check = [&](const char* from, const char* until) {
    return story.Check(Act::PRESERVATION_CONFIRMED, RD, Kept(from, until));
  };
  EXPECT_EQ(check("2030-03-02T21:30:00Z", "2030-05-31T21:30:00Z"), Set{"R-CYB-03.future"});
  EXPECT_EQ(check("2026-03-03T12:00:01Z", "2026-06-01"), Set{"R-CYB-03.future"});
  EXPECT_EQ(check("2026-03-03T12:00:00Z", "2026-06-01"), Set{}) << "clocks differ";
}

TEST(Extension, OfPreservedDataExtends) {
  Story story(v1::Family::PRESERVATION_24_7);
  story.Add(Act::PRESERVATION_CONFIRMED, RD, Kept("2026-03-02", "2027-05-31"));
  const auto check = [&](const char* from, const char* until) {
    return story.Check(Act::PRESERVATION_EXTENDED, RD, Kept(from, until));
  };
  EXPECT_EQ(check("2026-12-01", "2027-03-01"), Set{"R-CYB-03.no_longer"});
  EXPECT_EQ(check("2026-12-01", "2027-05-31"), Set{"R-CYB-03.no_longer"});
  EXPECT_EQ(check("2026-12-01", "2027-06-01"), Set{});
}

TEST(Release, WaitsForTheDecisionOnAFollowUpThatTheCaseHas) {
  Story story(v1::Family::PRESERVATION_24_7);
  story.Add(Act::PRESERVATION_CONFIRMED, RD, Kept("2026-03-02", "2026-05-31"));
  story.Add(Act::FOLLOWUP_RECEIVED, RD, TemplateFor(Act::FOLLOWUP_RECEIVED));
  v1::CaseBody release = TemplateFor(Act::PRESERVATION_RELEASED);
  const auto check = [&] { return story.Check(Act::PRESERVATION_RELEASED, RD, release); };
  story.now = Time("2026-06-30");
  EXPECT_EQ(check(), Set{"R-CYB-03.followup"});
  release.mutable_preservation()->set_followup_decided(true);
  EXPECT_EQ(check(), Set{});
  story.now = Time("2026-05-10");
  EXPECT_EQ(check(), Set{}) << "what was kept for it is decided";
  story.now = Time("2026-04-10");
  EXPECT_EQ(check(), Set{"R-CYB-03.early"}) << "60 days are the law's";
}

// --- Gates

TEST(Gates, AReturnNeedsAWordThatIsKnownAndADateThatIsOne) {
  const auto with = [](const char* claim) {
    return OfChange(AssistanceType::RETURN_PLAN,
                    [&](v1::Request& r) { r.mutable_referral()->set_protection_claim(claim); });
  };
  for (const char* open : {"pending", "GRANTED", "REJECTED_APPEAL_PENDING", "Recognised"}) {
    EXPECT_EQ(with(open), Set{"R-HR-01.claim"}) << open;
  }
  EXPECT_EQ(with("FOO"), Set{"R-HR-01.word"});
  for (const char* none : {"", "NONE", "none", "REJECTED_FINAL", "REJECTED_NO_APPEAL", "REFUSED",
                           "DISMISSED", "NOT_CLAIMED", "NOT_APPLICABLE", "APPEAL_EXHAUSTED",
                           "REJECTED_APPEAL_DISMISSED", "REJECTED_APPEAL_REJECTED"}) {
    EXPECT_EQ(with(none), Set{}) << none;
  }
  for (const char* open : {"APPEAL", "REJECTED_UNDER_APPEAL", "DISMISSED_APPEAL_OPEN"}) {
    EXPECT_EQ(with(open), Set{"R-HR-01.claim"}) << open;
  }
  const auto dated = [](const char* date, const char* until) {
    return OfChange(AssistanceType::RETURN_PLAN, [&](v1::Request& r) {
      r.mutable_referral()->mutable_return_plan()->set_date(date);
      r.mutable_referral()->set_reflection_until(until);
    });
  };
  EXPECT_EQ(dated("30.11.2026", ""), Set{"R-GEN-01.date"});
  EXPECT_EQ(dated("2030-06-01", "2099-02-30"), Set{"R-GEN-01.date"});
}

// Whether there is a claim was not looked into; what waits in the other state was.
TEST(Gates, AnAssessmentCountsWhateverWordStandsForTheClaim) {
  const auto returned = [](const char* claim, const char* hash) {
    return OfChange(AssistanceType::RETURN_PLAN, [&](v1::Request& r) {
      r.mutable_referral()->set_protection_claim(claim);
      r.mutable_referral()->mutable_return_plan()->set_safety_assessment_hash(hash);
    });
  };
  const auto shown = [](const char* claim, const char* assessment) {
    return OfChange(AssistanceType::VERIFY_DOCUMENT, [&](v1::Request& r) {
      r.mutable_items(0)->set_issuer("QT");
      r.mutable_items(0)->set_protection_claim(claim);
      r.mutable_items(0)->set_safety_assessment(assessment);
    });
  };
  const auto issued = [](const char* claim, const char* assessment) {
    return OfChange(AssistanceType::ISSUE_TRAVEL_DOCUMENT, [&](v1::Request& r) {
      r.mutable_items(0)->set_protection_claim(claim);
      r.mutable_items(0)->set_safety_assessment(assessment);
    });
  };
  for (const char* word : {"NOT_ASSESSED", "unknown"}) {
    EXPECT_EQ(returned(word, ""), Set{"R-HR-01.assessment"}) << word;
    EXPECT_EQ(returned(word, "aa31"), Set{}) << word;
    EXPECT_EQ(shown(word, ""), Set{"R-HR-01.assessment"}) << word;
    EXPECT_EQ(shown(word, "no risk was found"), Set{}) << word;
    EXPECT_EQ(issued(word, ""), Set{"R-HR-01.assessment"}) << word;
    EXPECT_EQ(issued(word, "no risk was found"), Set{}) << word;
  }
  EXPECT_EQ(returned("NOT_SURE", "aa31"), Set{"R-HR-01.word"});
  EXPECT_EQ(returned("PENDING", "aa31"), Set{"R-HR-01.claim"});
  EXPECT_EQ(shown("PENDING", "no risk was found"), Set{"R-HR-01.claim"});
  EXPECT_EQ(issued("PENDING", "no risk was found"), Set{"R-HR-01.claim"});
}

TEST(Gates, ADocumentOfSomebodyWithAClaimIsNotShownToItsIssuer) {
  const auto with = [](const char* claim) {
    return OfChange(AssistanceType::VERIFY_DOCUMENT, [&](v1::Request& r) {
      r.mutable_items(0)->set_issuer("QT");
      r.mutable_items(0)->set_protection_claim(claim);
    });
  };
  EXPECT_EQ(with("pending"), Set{"R-HR-01.claim"});
  EXPECT_EQ(with("FOO"), Set{"R-HR-01.word"});
  EXPECT_EQ(with("UNKNOWN"), Set{"R-HR-01.assessment"});
  EXPECT_EQ(with("WITHDRAWN"), Set{});
  EXPECT_EQ(with(""), Set{});
}

TEST(Gates, AChildIsOneInAnyWordForIt) {
  const auto with = [](const char* age) {
    return OfChange(AssistanceType::VICTIM_REFERRAL, [&](v1::Request& r) {
      r.mutable_referral()->set_age_status(age);
      r.mutable_referral()->clear_guardian();
      r.mutable_referral()->set_best_interests_note("heard with the guardian");
    });
  };
  for (const char* child : {"CHILD", "child", "MINOR", "DISPUTED", "UNKNOWN_PRESUMED_CHILD"}) {
    EXPECT_EQ(with(child), Set{"R-HR-08.guardian"}) << child;
  }
  EXPECT_EQ(OfChange(AssistanceType::VICTIM_REFERRAL,
                     [](v1::Request& r) {
                       r.mutable_referral()->set_age_status("CHILD");
                       r.mutable_referral()->set_guardian("G-1");
                       r.mutable_referral()->clear_best_interests_note();
                     }),
            Set{"R-HR-08.interests"});
  EXPECT_EQ(with("ADULT"), Set{});
  EXPECT_EQ(with("GROWN"), Set{"R-GEN-01.word"});
  EXPECT_EQ(OfChange(AssistanceType::VICTIM_REFERRAL,
                     [](v1::Request& r) { r.mutable_referral()->set_status("SOMEWHERE"); }),
            Set{"R-GEN-01.word"});
}

TEST(Gates, TenYearsAreNotShortenedByADateThatIsNone) {
  const auto kept = [](const char* until, const char* since = "2026-03-02") {
    return OfChange(AssistanceType::TRACE_FIREARM, [&](v1::Request& r) {
      r.mutable_items(0)->mutable_retention()->set_since(since);
      r.mutable_items(0)->mutable_retention()->set_keep_until(until);
    });
  };
  EXPECT_EQ(kept("2028-02-30"), Set{"R-GEN-01.date"});
  EXPECT_EQ(kept("2028"), Set{"R-CLK-FAP.short"});
  EXPECT_EQ(kept("2036"), Set{});
  EXPECT_EQ(kept("2036-03-03"), Set{});
  // A month lasts to its end.
  EXPECT_EQ(kept("2037-04", "2027-04-30"), Set{});
  EXPECT_EQ(kept("2037-04", "2027-05-01"), Set{"R-CLK-FAP.short"});
  EXPECT_EQ(kept("2038-02", "2028-02-29"), Set{});
  EXPECT_EQ(kept("2037-13", "2027-04-30"), Set{"R-GEN-01.date"});
}

// --- Leaks in the fields of listed persons

TEST(Leaks, OnlyASuspectHasANameADateOrAPlaceOfAnotherByChance) {
  const LeakScanner sealed({{IdentityKind::kName, "Lina Orsay", "V-1"},
                            {IdentityKind::kDate, "1999-01-01", "V-1"},
                            {IdentityKind::kText, "Quay Street 4, Temburra", "V-1"},
                            {IdentityKind::kNumber, "P4711088", "V-1"},
                            {IdentityKind::kNumber, "+999 555 0123", "V-1"}});
  const auto with = [&](const char* role, const std::function<void(v1::Person&)>& change) {
    v1::CaseBody body = TemplateForType(AssistanceType::TAKE_EVIDENCE);
    CheckContext context = ContextOfForm(AssistanceType::TAKE_EVIDENCE);
    context.sealed_identities = &sealed;
    v1::Person& person = *body.mutable_request()->add_persons();
    person.set_ref("P-2");
    person.add_roles(role);
    change(person);
    return KeysIn(CheckBody(context, body));
  };
  const auto name = [](v1::Person& p) { p.set_name("Lina Orsay"); };
  EXPECT_EQ(with("WITNESS", name), Set{"R-SEAL-02.leak"});
  EXPECT_EQ(with("SUSPECT", name), Set{});
  EXPECT_EQ(with("ACCUSED", name), Set{});
  // A protected person's own field has its own finding, and one is enough.
  EXPECT_EQ(with("VICTIM", name), Set{"R-SEAL-01.identity"});
  for (const auto& field : std::vector<std::function<void(v1::Person&)>>{
           [](v1::Person& p) { p.set_document_number("P4711088"); },
           [](v1::Person& p) { p.set_phone("+999 555 0123"); }}) {
    EXPECT_EQ(with("SUSPECT", field), Set{"R-SEAL-02.leak"});
    EXPECT_EQ(with("WITNESS", field), Set{"R-SEAL-02.leak"});
  }
  // Very many are registered with 1 January; who was exploited in a house lived where its owner
  // lives.
  for (const auto& field : std::vector<std::function<void(v1::Person&)>>{
           [](v1::Person& p) { p.set_date_of_birth("1999-01-01"); },
           [](v1::Person& p) { p.set_address("Quay Street 4, Temburra"); },
           [](v1::Person& p) { p.set_location("Quay Street 4, Temburra"); }}) {
    EXPECT_EQ(with("SUSPECT", field), Set{});
    EXPECT_EQ(with("CONVICTED", field), Set{});
    EXPECT_EQ(with("WITNESS", field), Set{"R-SEAL-02.leak"});
  }
  const auto both = [](v1::Person& p) {
    p.set_name("Lina Orsay");
    p.set_date_of_birth("1999-01-01");
  };
  EXPECT_EQ(with("SUSPECT", both), Set{"R-SEAL-02.leak"}) << "that is the same person";
}

TEST(Leaks, WhatIsTooShortToBeLookedForIsTold) {
  const auto with = [](const char* name) {
    const LeakScanner sealed({{IdentityKind::kName, name, "V-1"}});
    CheckContext context = ContextOfForm(AssistanceType::TAKE_EVIDENCE);
    context.sealed_identities = &sealed;
    return KeysIn(CheckBody(context, TemplateForType(AssistanceType::TAKE_EVIDENCE)));
  };
  EXPECT_EQ(with("Ng"), Set{"R-SEAL-02.short"});
  EXPECT_EQ(with("Zyxwara"), Set{});
}

// --- Requests sent back, rights in a language

TEST(Return, NamesADefectOfTheForm) {
  const auto with = [](const char* text) {
    Draft draft(Act::RETURN);
    draft.body.mutable_statement()->set_text(text);
    return KeysIn(draft.Check());
  };
  EXPECT_EQ(with("We do not like your request; please think again."), Set{"R-GEN-01.defect_word"});
  EXPECT_EQ(with("LANGUAGES are beautiful"), Set{"R-GEN-01.defect_word"});
  for (const char* word :
       {"LANGUAGE", "SIGNATURE", "WRONG_AUTHORITY", "UNREADABLE", "EXPIRED_MANDATE", "SCHEMA"}) {
    EXPECT_EQ(with(word), Set{});
    EXPECT_EQ(with(Cat({word, ": see the annex"}).c_str()), Set{});
  }
}

TEST(Rights, WhoUnderstandsALanguageUnderstandsItsVarieties) {
  const auto with = [](const char* notice, const char* understood) {
    Draft draft(Act::BOARDING_RESULT);
    v1::RightsRecord& arrest = *draft.body.mutable_boarding_result()->add_arrests();
    arrest.set_person("P-1");
    arrest.set_rights_notice_lang(notice);
    arrest.set_understood_language(understood);
    arrest.set_counsel_offered(true);
    arrest.set_consular_informed(true);
    return KeysIn(draft.Check());
  };
  EXPECT_EQ(with("en", "en-GB"), Set{});
  EXPECT_EQ(with("fr-CA", "fr"), Set{});
  EXPECT_EQ(with("en", "EN"), Set{});
  EXPECT_EQ(with("en", "enm"), Set{"R-HR-06.rights"});
  EXPECT_EQ(with("en", "ar"), Set{"R-HR-06.rights"});
}

// --- At sea

TEST(Boarding, BeforeTheDecisionSaysWhatAllowsIt) {
  Story story(v1::Family::SEA);
  story.Add(Act::REQUEST, RQ, TemplateForType(AssistanceType::BOARDING_AUTHORIZATION));
  v1::CaseBody board = TemplateFor(Act::BOARDING_REPORT);
  const auto check = [&] { return story.Check(Act::BOARDING_REPORT, RQ, board); };
  EXPECT_EQ(check(), Set{"R-SEA-05.unauthorised"});
  board.mutable_boarding_result()->set_imminent_danger_to_life(true);
  EXPECT_EQ(check(), Set{});
  board.mutable_boarding_result()->clear_imminent_danger_to_life();
  board.mutable_boarding_result()->set_other_treaty("SUA 8bis(5)(d)");
  EXPECT_EQ(check(), Set{"R-SEA-06.deemed"});
  story.flag.sea_deemed_consent = true;
  EXPECT_EQ(check(), Set{});
  board.mutable_boarding_result()->clear_other_treaty();
  story.Add(Act::REGISTRY_UNKNOWN, RD, TemplateFor(Act::REGISTRY_UNKNOWN));
  EXPECT_EQ(check(), Set{"R-SEA-05.unauthorised"});
  story.Add(Act::REGISTRY_DENIED, RD, TemplateFor(Act::REGISTRY_DENIED));
  EXPECT_EQ(check(), Set{}) << "without nationality";
}

TEST(Boarding, OnlyTheQuestionToTheRegisterIsAnsweredByIt) {
  const auto close = [](AssistanceType::Code type) {
    Story story(v1::Family::SEA);
    story.Add(Act::REQUEST, RQ, TemplateForType(type));
    story.Add(Act::REGISTRY_CONFIRMED, RD, TemplateFor(Act::REGISTRY_CONFIRMED));
    Set keys = story.Check(Act::CLOSE, RQ, TemplateFor(Act::CLOSE));
    keys.erase("R-AUD-01.lives_on");
    return keys;
  };
  EXPECT_EQ(close(AssistanceType::FLAG_CONFIRMATION), Set{});
  EXPECT_EQ(close(AssistanceType::BOARDING_AUTHORIZATION), Set{"R-GEN-02.undecided"});
}

std::set<std::string> Running(const std::vector<TimedAct>& acts, v1::Family::Code family) {
  std::set<std::string> ids;
  for (const RunningClock& clock : ClocksOf(acts, family, v1::Urgency::UNSPECIFIED, PairPolicy(),
                                            acts.back().at + absl::Hours(1))) {
    if (clock.state != ClockState::kStopped) ids.insert(clock.id);
  }
  return ids;
}

TEST(SeaClocks, TheRegistersAnswerStopsThemWhereNothingElseWasAsked) {
  const absl::Time t = Time("2026-03-02T06:00:00Z");
  for (bool registry_only : {false, true}) {
    std::vector<TimedAct> acts = {
        {.act = Act::REQUEST, .side = RQ, .at = t, .dates = {{"R-SEA-02", t + absl::Hours(3)}}}};
    acts[0].registry_only = registry_only;
    acts.push_back({.act = Act::REGISTRY_CONFIRMED, .side = RD, .at = t + absl::Hours(1)});
    const auto running = Running(acts, v1::Family::SEA);
    EXPECT_EQ(running.count("R-CLK-FLAG"), registry_only ? 0u : 1u);
    EXPECT_EQ(running.count("R-SEA-02"), registry_only ? 0u : 1u);
  }
}

// --- The papers of an extradition

TEST(ArrestClocks, TheRequestingStateOwesThePapersAndTheReleaseStopsThem) {
  const absl::Time t = Time("2026-03-02T06:00:00Z");
  const std::vector<TimedAct> arrest = {{.act = Act::PROVISIONAL_ARREST_NOTE, .side = RD, .at = t}};
  for (const RunningClock& clock :
       ClocksOf(arrest, v1::Family::EXTRADITION, v1::Urgency::UNSPECIFIED, PairPolicy(), t)) {
    EXPECT_EQ(clock.owes, RQ) << clock.id;
  }
  EXPECT_EQ(Running(arrest, v1::Family::EXTRADITION), (Set{"R-CLK-PA18", "R-CLK-PA40"}));
  for (const auto& [act, side] : std::vector<std::pair<Act::Code, Side>>{
           {Act::INFO_SUPPLEMENT, RQ}, {Act::RESUMPTION, RD}, {Act::REFUSAL, RD}}) {
    auto acts = arrest;
    acts.push_back({.act = act, .side = side, .at = t + absl::Hours(1)});
    const Set running = Running(acts, v1::Family::EXTRADITION);
    EXPECT_EQ(running.count("R-CLK-PA18") + running.count("R-CLK-PA40"), 0u) << ActName(act);
  }
}

// --- Oral requests

TEST(Oral, IsConfirmedWithinTheTimeOfThePair) {
  v1::CaseBody body = TemplateForType(AssistanceType::BOARDING_AUTHORIZATION);
  v1::Oral& oral = *body.mutable_request()->mutable_oral();
  oral.set_made_at("2026-03-01T00:00:00Z");
  oral.set_confirmed_at("2026-03-02T12:00:00Z");
  CheckContext context = ContextOfForm(AssistanceType::BOARDING_AUTHORIZATION);
  const auto late = [&] {
    return KeysIn(CheckBody(context, body)).count("R-MLA-14O.unconfirmed") > 0;
  };
  EXPECT_TRUE(late());
  context.oral_confirmation = absl::Hours(48);
  EXPECT_FALSE(late());
}

TEST(Progress, OnlyTheRequestedStateConsultsAboutItsRefusal) {
  v1::CaseBody open = TemplateFor(v1::Act::CONSULTATION_OPEN);
  open.mutable_consultation_open()->set_topic(v1::ConsultTopic::REFUSAL);
  const auto consulted = [&](Side side) {
    return ProgressOf({{v1::Act::CONSULTATION_OPEN, side, Time("2026-03-02"), &open}},
                      v1::Family::MLA)
        .refusal.open;
  };
  EXPECT_TRUE(consulted(Side::kRequested));
  EXPECT_FALSE(consulted(Side::kRequesting));
}

TEST(Progress, AReportOnPropertyDecidesNothingOnConfidentiality) {
  const auto undecided = [](Act::Code act) {
    v1::CaseBody body = TemplateFor(act);
    return ProgressOf({{Act::CONFIDENTIALITY_UNABLE, Side::kRequested, Time("2026-03-02"), nullptr},
                       {act, Side::kRequesting, Time("2026-03-03"), &body}},
                      v1::Family::MLA)
        .confidentiality_undecided;
  };
  EXPECT_TRUE(undecided(Act::ASSET_REPORT));
  EXPECT_TRUE(undecided(Act::STATUS_QUERY));
  EXPECT_FALSE(undecided(Act::INFO_SUPPLEMENT));
}

TEST(Items, WhatHasItsEndIsNotRefusedAskedForOrExecutedAgain) {
  const auto keys = [](Act::Code act, const std::function<void(CheckContext&)>& change) {
    Draft draft(act);
    change(draft.context);
    return KeysIn(draft.Check());
  };
  const Set ended = {"R-GEN-02.item_ended"};
  const auto settled = [](CheckContext& c) { c.settled_items = {1, 2}; };
  const auto refused = [](CheckContext& c) { c.refused_items = {1, 2}; };
  const auto withdrawn = [](CheckContext& c) { c.withdrawn_items = {1, 2}; };
  for (const auto& change : {+settled, +refused, +withdrawn}) {
    EXPECT_EQ(keys(Act::REFUSAL_IN_PART, change), ended);
  }
  EXPECT_EQ(keys(Act::COMPLETION_REQUEST, settled), Set{}) << "what was executed may be incomplete";
  EXPECT_EQ(keys(Act::COMPLETION_REQUEST, refused), ended);
  EXPECT_EQ(keys(Act::COMPLETION_REQUEST, withdrawn), ended);
  EXPECT_TRUE(keys(Act::PARTIAL_RESULT, refused).contains("R-GEN-02.item_ended"));
  EXPECT_FALSE(keys(Act::PARTIAL_RESULT, withdrawn).contains("R-GEN-02.item_ended"));
}

TEST(Progress, ThePairsTimeToBeHeardCounts) {
  v1::CaseBody open = TemplateFor(v1::Act::CONSULTATION_OPEN);
  open.mutable_consultation_open()->set_topic(v1::ConsultTopic::REFUSAL);
  const absl::Time opened = Time("2026-03-02");
  const Progress progress =
      ProgressOf({{v1::Act::CONSULTATION_OPEN, Side::kRequested, opened, &open}}, v1::Family::MLA);
  CheckContext context;
  context.act = v1::Act::REFUSAL;
  const absl::Time later = opened + absl::Hours(24 * 8);
  Fill(progress, later, context);
  EXPECT_TRUE(context.requesting_state_unheard);
  EXPECT_EQ(context.notice_ends_at, "2026-04-01T00:00:00Z");
  PairPolicy pair;
  ASSERT_TRUE(pair.Set("R-CLK-CONSULT", absl::Hours(24 * 7)).ok());
  context.policy = &pair;
  Fill(progress, later, context);
  EXPECT_FALSE(context.requesting_state_unheard);
}

}  // namespace
}  // namespace palermo::casework
