// Sealed persons, rights of who is arrested or speaks, closed lists, numbers of vessels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/clock.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/field_words.h"
#include "node/casework/forms.h"
#include "node/casework/leak_scan.h"
#include "node/casework/mid.h"
#include "node/casework/obligations.h"
#include "node/casework/persons.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using v1::Act;
using v1::AssistanceType;

// A request of `type`, changed in one place.
std::vector<Finding> OfRights(AssistanceType::Code type,
                              const std::function<void(v1::Request&, CheckContext&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  change(*body.mutable_request(), context);
  return CheckBody(context, body);
}
std::set<std::string> Keys(const std::vector<Finding>& findings) {
  std::set<std::string> keys;
  for (const Finding& f : findings) keys.insert(f.key);
  return keys;
}
using Set = std::set<std::string>;

// --- Sealed persons

TEST(Sealed, APersonInNoCompartmentIsToldAndStopsNothing) {
  const std::set<std::string> none, there = {"V-1"}, other = {"V-1", "V-12"};
  const auto with = [&](const std::set<std::string>* refs) {
    return Keys(OfRights(AssistanceType::VICTIM_REFERRAL,
                         [&](v1::Request&, CheckContext& c) { c.compartment_refs = refs; }));
  };
  EXPECT_EQ(with(nullptr), Set{});
  EXPECT_EQ(with(&none), Set{"R-SEAL-01.nowhere"});
  EXPECT_EQ(with(&there), Set{});
  // V-1 in the body does not name V-12.
  EXPECT_EQ(with(&other), Set{"R-SEAL-01.unknown_ref"});
}

TEST(Sealed, ThePersonsOfTheCaseAreKnownToALaterAct) {
  Draft draft(Act::INFO_SUPPLEMENT);
  const std::set<std::string> refs = {"V-7"};
  draft.context.compartment_refs = &refs;
  EXPECT_EQ(Keys(draft.Check()), Set{"R-SEAL-01.unknown_ref"});
  draft.request.add_persons()->set_ref("V-7");
  EXPECT_EQ(Keys(draft.Check()), Set{});
}

TEST(Sealed, ADescriptionThatIsANameIsStopped) {
  const auto described = [](const std::string& text) {
    return Summary(OfRights(AssistanceType::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext&) {
      r.mutable_persons(0)->set_description(text);
    }));
  };
  EXPECT_EQ(described("Lina Orsay"), Set{"E R-SEAL-01"});
  EXPECT_EQ(described("ORSAY, Lina"), Set{"E R-SEAL-01"});
  EXPECT_EQ(described("Maria van der Berg"), Set{"E R-SEAL-01"});
  EXPECT_EQ(described("Лина Орсе"), Set{"E R-SEAL-01"});
  EXPECT_EQ(described("a woman named Lina Orsay"), Set{"N R-SEAL-01"});
  EXPECT_EQ(described("cleaner in a hotel of Port-Sel"), Set{});
  EXPECT_EQ(described("about 30, scar on the left hand"), Set{});
  EXPECT_EQ(described("Waitress"), Set{});
}

TEST(Sealed, ATextThatTellsANameIsPointedAtWhereSomebodyIsProtected) {
  const auto facts = [](AssistanceType::Code type, const std::string& text) {
    return Keys(OfRights(
        type, [&](v1::Request& r, CheckContext&) { r.mutable_items(0)->set_description(text); }));
  };
  EXPECT_EQ(facts(AssistanceType::VICTIM_REFERRAL, "help for a woman called Lina Orsay"),
            Set{"R-SEAL-01.person_text"});
  EXPECT_EQ(facts(AssistanceType::VICTIM_REFERRAL, "her name is Lina Orsay"),
            Set{"R-SEAL-01.person_text"});
  EXPECT_EQ(facts(AssistanceType::VICTIM_REFERRAL, "help for a woman called V-1"), Set{});
  EXPECT_EQ(facts(AssistanceType::CRIMINAL_RECORD, "record of a man called Dario Vell"), Set{});
}

TEST(Sealed, AWordOfASealedIdentityIsStoppedWhereverItStands) {
  const LeakScanner scanner({{IdentityKind::kName, "Lina Orsay", "V-1"}});
  const auto with = [&](const std::string& text) {
    return Keys(OfRights(AssistanceType::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext& c) {
      c.sealed_identities = &scanner;
      r.mutable_items(0)->set_description(text);
    }));
  };
  EXPECT_EQ(with("help for ORSAY"), Set{"R-SEAL-02.leak"});
  EXPECT_EQ(with("help for V-1"), Set{});
}

TEST(Persons, OnlyANameIsTwoToFourCapitalWords) {
  EXPECT_TRUE(IsOnlyAName("Aïcha El Idrissi"));
  EXPECT_TRUE(IsOnlyAName("O'Neill Sean"));
  EXPECT_FALSE(IsOnlyAName("Lina"));
  EXPECT_FALSE(IsOnlyAName("Lina Orsay works here"));
  EXPECT_FALSE(IsOnlyAName("Room 12"));
  EXPECT_FALSE(IsOnlyAName(""));
  EXPECT_FALSE(TellsAName("called"));
  EXPECT_FALSE(TellsAName("called Lina"));
  EXPECT_TRUE(TellsAName("une femme nommée Lina Orsay."));
  EXPECT_TRUE(TellsAName("una mujer llamada Lina Orsay"));
}

// --- HR-09, HR-04

v1::RightsRecord Arrest() {
  v1::RightsRecord arrest;
  arrest.set_person("P-1");
  arrest.set_rights_notice_lang("ar");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  arrest.set_consular_informed(true);
  return arrest;
}

Set OfArrest(const std::function<void(v1::RightsRecord&)>& change) {
  Draft draft(Act::BOARDING_RESULT);
  v1::RightsRecord arrest = Arrest();
  change(arrest);
  *draft.body.mutable_boarding_result()->add_arrests() = arrest;
  return Summary(draft.Check());
}

TEST(Consular, TheRightIsToldAndThePostOnlyAtThePersonsWish) {
  EXPECT_EQ(OfArrest([](auto&) {}), Set{});
  EXPECT_EQ(OfArrest([](auto& a) { a.set_consular_informed(false); }), Set{"W R-HR-09"});
  EXPECT_EQ(OfArrest([](auto& a) { a.clear_consular_informed(); }), Set{"N R-HR-09"});
  EXPECT_EQ(OfArrest([](auto& a) {
              a.clear_consular_informed();
              a.set_nationality("QM");  // of the state that boards: there is no post to tell
            }),
            Set{});
  const auto notified = [](auto& a) { a.set_consular_notified_at("2030-03-02T08:00:00Z"); };
  EXPECT_EQ(OfArrest([&](auto& a) {
              notified(a);
              a.set_consular_asked_for(true);
            }),
            Set{});
  EXPECT_EQ(OfArrest([&](auto& a) {
              notified(a);
              a.set_consular_asked_for(false);
            }),
            Set{"W R-HR-09"});
  EXPECT_EQ(OfArrest(notified), Set{"N R-HR-09"});
}

TEST(Consular, WhileAClaimIsOpenThePostIsNotTold) {
  for (const char* claim : {"PENDING", "RECOGNISED", "APPEAL"}) {
    EXPECT_EQ(OfArrest([&](auto& a) {
                a.set_consular_notified_at("2030-03-02T08:00:00Z");
                a.set_consular_asked_for(true);
                a.set_protection_claim(claim);
              }),
              Set{"W R-HR-09"});
  }
  EXPECT_EQ(OfArrest([](auto& a) { a.set_protection_claim("PENDING"); }), Set{});
}

TEST(Consular, AHearingIsNoArrest) {
  Draft draft(Act::FINAL_RESULT);
  v1::RightsRecord& heard = *draft.body.mutable_result()->mutable_items(1)->add_hearings();
  heard.set_rights_notice_lang("en");
  heard.set_interpreter(true);
  v1::Obtaining& how = *heard.mutable_how_obtained();
  how.set_without_ill_treatment(true);
  how.mutable_assertion()->set_by("QT-7");
  how.mutable_assertion()->set_text("the judge was present throughout");
  EXPECT_EQ(Summary(draft.Check()), Set{});
  heard.set_consular_informed(false);
  EXPECT_EQ(Summary(draft.Check()), Set{"W R-HR-09"});
  heard.set_consular_informed(true);
  heard.set_counsel_offered(false);
  EXPECT_EQ(Summary(draft.Check()), Set{"W R-HR-04"});
}

TEST(Counsel, IsOfferedAtAnArrest) {
  EXPECT_EQ(OfArrest([](auto& a) { a.set_counsel_offered(false); }), Set{"W R-HR-04"});
  EXPECT_EQ(OfArrest([](auto& a) { a.clear_counsel_offered(); }), Set{});
}

// --- HR-20

TEST(ProtectedActivity, NeedsAReviewInCybercrimeTerrorismAndForElectronicData) {
  const auto against = [](AssistanceType::Code type, const char* area, bool reviewed) {
    return Summary(OfRights(type, [&](v1::Request& r, CheckContext&) {
      r.set_area(area);
      v1::Person& person = *r.add_persons();
      person.set_ref("P-9");
      person.add_roles("SUSPECT");
      person.add_protected_activity("JOURNALISM");
      if (reviewed) person.set_protected_activity_review("o-0007: the request concerns extortion");
    }));
  };
  EXPECT_EQ(against(AssistanceType::SUBSCRIBER_INFO, "CYBERCRIME", false), Set{"W R-HR-20"});
  EXPECT_EQ(against(AssistanceType::SUBSCRIBER_INFO, "FIREARMS", false), Set{"W R-HR-20"});
  EXPECT_EQ(against(AssistanceType::SUBSCRIBER_INFO, "CYBERCRIME", true), Set{});
  // Money of a newspaper's owner in a case of corruption is not in question here.
  EXPECT_EQ(against(AssistanceType::RECORDS_BANK, "CORRUPTION", false), Set{});
}

TEST(ProtectedActivity, WordsAloneAreANote) {
  const auto with = [](const std::string& label, const std::string& facts) {
    return Summary(OfRights(AssistanceType::PRESERVE_DATA, [&](v1::Request& r, CheckContext&) {
      r.mutable_offence(0)->set_label(label);
      if (!facts.empty()) r.set_facts_summary(facts);
    }));
  };
  EXPECT_EQ(with("defamation of an official", ""), Set{"N R-HR-20"});
  EXPECT_EQ(with("illegal access", "The blogger wrote about a minister."), Set{"N R-HR-20"});
  EXPECT_EQ(with("illegal access", "Журналист опубликовал документы."), Set{"N R-HR-20"});
  EXPECT_EQ(with("illegal access", "A hospital was attacked."), Set{});
}

// --- Lists

TEST(Words, AFindingNamesThemAll) {
  const auto findings = OfRights(AssistanceType::TAKE_EVIDENCE, [](v1::Request& r, CheckContext&) {
    r.mutable_persons(0)->set_age_status("GROWN");
  });
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "R-GEN-01");
  EXPECT_EQ(findings[0].field, "request.persons[0].age_status");
  EXPECT_EQ(findings[0].todo,
            "use one of: ADULT, CHILD, UNKNOWN_PRESUMED_CHILD, UNKNOWN, DISPUTED");
}

TEST(Words, EveryListedFieldIsThereAndItsWordsAreFound) {
  for (const FieldWords& row : ClosedFields()) {
    const auto found = FieldsNamed(std::string(row.message) + "." + std::string(row.field));
    ASSERT_EQ(found.size(), 1u) << row.message << "." << row.field;
    EXPECT_EQ(WordsFor(*found[0]).size(), row.words.size());
    for (std::string_view word : row.words) EXPECT_TRUE(IsWordOf(row.message, row.field, word));
    EXPECT_FALSE(IsWordOf(row.message, row.field, "NO_SUCH_WORD"));
    EXPECT_TRUE(IsWordOf(row.message, row.field, ""));
  }
  EXPECT_EQ(FieldsNamed("request.persons[0].roles").size(), 1u);
  EXPECT_FALSE(FieldsNamed("outcome").empty());
  // A path names the field that holds it: a carrier's kind is no other's.
  for (const char* path : {"carrier.kind", "route_report.legs[0].carrier.kind"}) {
    const auto found = FieldsNamed(path);
    ASSERT_EQ(found.size(), 1u) << path;
    EXPECT_EQ(found[0]->containing_type()->name(), "Carrier");
  }
  for (const char* field : {"document_method", "concealment", "risk_to_life", "gang_role"}) {
    EXPECT_FALSE(FieldsNamed(field).empty()) << field;
  }
  EXPECT_TRUE(FieldsNamed("facts_summary").empty());
}

TEST(Currency, IsCheckedWhereverMoneyStands) {
  const auto type = AssistanceType::SEIZURE_NOTICE;
  const auto seized = [](const char* currency) {
    return [currency](v1::Request& r, CheckContext&) {
      r.mutable_items(0)->mutable_seizure()->mutable_value()->set_ccy(currency);
    };
  };
  EXPECT_EQ(Summary(OfRights(type, seized("EUR"))), Set{});
  EXPECT_EQ(Keys(OfRights(type, seized("EURO"))), Set{"R-GEN-01.currency"});
  EXPECT_EQ(Keys(OfRights(AssistanceType::PAYMENT_LEAD,
                          [](v1::Request& r, CheckContext&) {
                            r.mutable_items(0)->mutable_lead()->mutable_amount()->set_ccy("ABC");
                          })),
            Set{"R-GEN-01.currency"});
  EXPECT_EQ(
      Keys(OfRights(AssistanceType::VICTIM_REFERRAL,
                    [](v1::Request& r, CheckContext&) {
                      r.mutable_referral()->mutable_proceedings()->mutable_compensation()->set_ccy(
                          "DOLLAR");
                    })),
      Set{"R-GEN-01.currency"});
}

// --- Numbers of vessels

TEST(Mid, ANumberOfAnotherStateThanTheFlagIsAWarning) {
  EXPECT_FALSE(HasOtherMid("211234560", "DE"));
  EXPECT_TRUE(HasOtherMid("211234560", "PA"));
  EXPECT_FALSE(HasOtherMid("371 234 000", "PA"));
  EXPECT_FALSE(HasOtherMid("319000001", "GB"));  // a territory's fits its state
  EXPECT_FALSE(HasOtherMid("319000001", "KY"));
  EXPECT_FALSE(HasOtherMid("299000001", "PA"));  // not assigned
  EXPECT_TRUE(HasOtherMid("211234560", "QR"));   // an exercise has none: it is another's
  EXPECT_FALSE(HasOtherMid("21123456", "PA"));   // no MMSI at all: another finding
  EXPECT_FALSE(HasOtherMid("211234560", ""));
  const auto flown = [](const char* flag) {
    return Summary(
        OfRights(AssistanceType::BOARDING_AUTHORIZATION, [&](v1::Request& r, CheckContext& c) {
          c.requested_state = flag;
          r.mutable_items(0)->mutable_vessel()->set_mmsi("211234560");
          r.mutable_items(0)->mutable_vessel()->set_flag_claimed(flag);
        }));
  };
  EXPECT_EQ(flown("PA"), Set{"W R-ID-MMSI"});
  EXPECT_EQ(flown("DE"), Set{});
}

// --- Texts that acts consist of

TEST(Texts, AViewAnOfferAndANoticeOfClosingSaySomething) {
  for (Act::Code act : {Act::CONSULTATION_STATEMENT, Act::CONDITIONAL_OFFER, Act::CLOSE_NOTICE}) {
    Draft draft(act);
    EXPECT_EQ(Summary(draft.Check()), Set{}) << act;
    draft.body.mutable_statement()->set_text(" ");
    EXPECT_EQ(Keys(draft.Check()), Set{"R-GEN-01.act_text"}) << act;
  }
}

TEST(Texts, ATimeIsADateAndAConditionHasAKindAndAText) {
  Draft arrest(Act::PROVISIONAL_ARREST_NOTE);
  EXPECT_EQ(Summary(arrest.Check()), Set{});
  arrest.body.mutable_statement()->set_happened_at("last night");
  EXPECT_EQ(Keys(arrest.Check()), Set{"R-GEN-01.date"});
  Draft offer(Act::CONDITIONS_PROPOSAL);
  v1::Condition& condition = *offer.body.mutable_statement()->add_conditions();
  EXPECT_EQ(Keys(offer.Check()), Set{"R-GEN-01.condition_text"});
  condition.set_text("no use in court");
  condition.set_kind("WISH");
  EXPECT_EQ(Keys(offer.Check()), Set{"R-GEN-01.condition_kind"});
}

TEST(Smuggling, WithoutABenefitIsAWarning) {
  const auto with = [](const char* kind) {
    return Summary(OfRights(AssistanceType::TAKE_EVIDENCE, [&](v1::Request& r, CheckContext&) {
      r.mutable_offence(0)->mutable_som()->mutable_benefit()->set_kind(kind);
    }));
  };
  EXPECT_EQ(with("FINANCIAL"), Set{});
  EXPECT_EQ(with("NONE"), Set{"W R-SOM-01"});
}

// --- The end of a notice period

TEST(Refusal, SaysUntilWhenTheNoticePeriodRuns) {
  Draft draft(Act::REFUSAL);
  draft.context.requesting_state_unheard = true;
  auto findings = draft.Check();
  ASSERT_EQ(Keys(findings), Set{"R-REF-26.unheard"});
  draft.context.notice_ends_at = "2026-04-01T09:00:00Z";
  findings = draft.Check();
  ASSERT_EQ(Keys(findings), Set{"R-REF-26.unheard_until"});
  EXPECT_NE(findings[0].what.find("2026-04-01T09:00:00Z"), std::string::npos);
}

// --- Duties that end

struct Acts {
  void Add(Act::Code act, Side side, v1::CaseBody body) {
    bodies.push_back(std::move(body));
    at += absl::Hours(24);
    all.push_back({act, side, at, &bodies.back()});
  }
  absl::Time at = *ParseInstant("2026-03-02");
  std::deque<v1::CaseBody> bodies;
  std::vector<OpenedAct> all;
};

const Obligation* DutyOf(const std::vector<Obligation>& all, std::string_view kind) {
  for (const Obligation& o : all) {
    if (o.kind == kind) return &o;
  }
  return nullptr;
}

TEST(Duties, ToSayThatItIsNotNeededEndsWithTheResultAndIsFulfilledByAWithdrawalAlone) {
  Acts story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  story.Add(Act::FINAL_RESULT, RD, TemplateFor(Act::FINAL_RESULT));
  auto all = ObligationsOf(story.all);
  const Obligation* duty = DutyOf(all, "INFORM_NO_LONGER_REQUIRED");
  ASSERT_NE(duty, nullptr);
  EXPECT_FALSE(duty->fulfilled);
  EXPECT_EQ(duty->ends, story.all.back().at);
  // What is to be completed is needed again.
  story.Add(Act::COMPLETION_REQUEST, RQ, TemplateFor(Act::COMPLETION_REQUEST));
  all = ObligationsOf(story.all);
  EXPECT_EQ(DutyOf(all, "INFORM_NO_LONGER_REQUIRED")->ends, absl::InfiniteFuture());
  story.Add(Act::WITHDRAWAL, RQ, TemplateFor(Act::WITHDRAWAL));
  all = ObligationsOf(story.all);
  EXPECT_TRUE(DutyOf(all, "INFORM_NO_LONGER_REQUIRED")->fulfilled);
}

TEST(Duties, SpecialityStandsFromTheSurrenderAndEndsAfterTheDischarge) {
  Acts story;
  story.Add(Act::SURRENDER_REPORT, RD, TemplateFor(Act::SURRENDER_REPORT));
  auto all = ObligationsOf(story.all, v1::Family::EXTRADITION);
  ASSERT_NE(DutyOf(all, "SPECIALITY"), nullptr);
  EXPECT_EQ(DutyOf(all, "SPECIALITY")->owed_by, RQ);
  v1::CaseBody report;
  report.set_version(1);
  report.mutable_obligation_report()->set_kind("SPECIALITY");
  report.mutable_obligation_report()->set_text("released from prison");
  report.mutable_obligation_report()->set_final_discharge_at("2031-03-01");
  story.at = *ParseInstant("2031-03-10");
  story.Add(Act::OBLIGATION_REPORT, RQ, report);
  all = ObligationsOf(story.all, v1::Family::EXTRADITION);
  EXPECT_EQ(DutyOf(all, "SPECIALITY")->ends, *ParseInstant("2031-04-15"));

  CheckContext context;
  context.act = Act::OBLIGATION_REPORT;
  context.family = v1::Family::EXTRADITION;
  context.obligations = &all;
  EXPECT_EQ(Summary(CheckBody(context, report)), std::set<std::string>{});
  report.mutable_obligation_report()->clear_final_discharge_at();
  EXPECT_EQ(Summary(CheckBody(context, report)), std::set<std::string>{"E R-GEN-01"});
  report.mutable_obligation_report()->set_final_discharge_at("in March");
  EXPECT_EQ(Summary(CheckBody(context, report)), std::set<std::string>{"E R-GEN-01"});
}

}  // namespace
}  // namespace palermo::casework
