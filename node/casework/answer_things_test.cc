// The typed parts of an answer, as typed_answers_test.cc: licences, things, service, property,
// persons; and what an intrusive measure must show.
#include <gtest/gtest.h>

#include "node/casework/asset_book.h"
#include "node/casework/form_check.h"
#include "node/casework/typed_answers_test_util.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using v1::ItemOutcome;
using v1::ItemResult;
using Set = std::set<std::string>;
using Change = AnswerChange;

// --- Licences, shipments, exports

TEST(LicenceAnswers, AgreeWithThemselves) {
  const auto of = [](const Change& change) { return OfAnswer(T::VERIFY_LICENCE, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_licence()->set_status("NOT_ISSUED"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.two_answers"}));
  // The example ends in 2030, and it is 2026: what is to end is valid today.
  EXPECT_EQ(of([](auto& i) { i.mutable_licence()->set_status("VALID"); }),
            Set{"W R-EXE-01.two_answers"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_licence()->set_status("VALID");
              i.mutable_licence()->set_ended_at("2026-03-01");
            }),
            (Set{"W R-EXE-01.licence_over", "W R-EXE-01.two_answers"}));
  EXPECT_EQ(of([](auto& i) {
              i.mutable_licence()->set_status("VALID");
              i.mutable_licence()->clear_ended_at();
              i.mutable_verification()->set_result("GENUINE_VALID");
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) { i.mutable_verification()->set_result("GENUINE_VALID"); }),
            Set{"W R-EXE-01.two_answers"});
  EXPECT_EQ(of([](auto& i) {
              i.clear_licence();
              i.mutable_licence()->set_status("NOT_ISSUED");
              i.mutable_verification()->set_result("NOT_ISSUED");
            }),
            Set{});
  EXPECT_EQ(
      OfAnswer(T::VERIFY_CITES_PERMIT,
               [](auto& i) { i.mutable_licence()->mutable_permit()->set_valid_to("2026-03-01"); }),
      Set{"W R-EXE-01.licence_over"});
}

TEST(ShipmentAnswers, LessThanWasExpectedMayBeDiverted) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::CONFIRM_SHIPMENT_RECEIPT, change);
  };
  const auto arrived = [](const char* status, double quantity) {
    return [=](ItemResult& i) {
      i.mutable_shipment()->set_status(status);
      i.mutable_shipment()->mutable_consignment()->set_quantity(quantity);
    };
  };
  EXPECT_EQ(of(arrived("RECEIVED", 34)), Set{"W R-EXE-01.diverted"});
  EXPECT_EQ(of(arrived("PARTLY_RECEIVED", 34)), Set{"N R-EXE-01.diversion"});
  EXPECT_EQ(of(arrived("NOT_RECEIVED", 0)), Set{"N R-EXE-01.diversion"});
  const auto nothing = [](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); };
  EXPECT_EQ(of(nothing), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(OfAnswer(T::BALLISTIC_LEAD, nothing), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of(arrived("NOT_RECEIVED", 34)), (Set{"W R-EXE-01.denied", "N R-EXE-01.diversion"}));
  EXPECT_EQ(of(arrived("RECEIVED", 41)), Set{"N R-EXE-01.shipment_why"});
  EXPECT_EQ(of(arrived("PARTLY_RECEIVED", 40)), Set{"W R-EXE-01.all_arrived"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_shipment()->set_status("PARTLY_RECEIVED");
              i.mutable_shipment()->set_difference("ten of them are of another calibre");
            }),
            Set{});
  EXPECT_EQ(of(arrived("RECEIVED", -1)), (Set{"E R-GEN-01.answer_amount", "W R-EXE-01.diverted"}));
  EXPECT_EQ(of([](auto& i) { i.mutable_shipment()->add_missing("QM-SHIP-2030-3"); }),
            Set{"W R-EXE-01.diverted"});
  EXPECT_EQ(of([](auto& i) { i.mutable_shipment()->set_status("NOT_KNOWN"); }), Set{});
  // What the request expected counts too, in the same unit.
  const auto asked = [](const char* unit) {
    return [=](ItemResult& i) {
      i.mutable_shipment()->clear_expected();
      i.mutable_shipment()->mutable_consignment()->set_quantity(34);
      i.mutable_shipment()->mutable_consignment()->set_unit(unit);
    };
  };
  EXPECT_EQ(of(asked("Piece")), Set{"W R-EXE-01.diverted"});
  EXPECT_EQ(of(asked("box")), Set{});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_shipment()->mutable_consignment()->set_container("QMZU1200452");
            }),
            Set{"E R-ID-CONT.check"});
}

TEST(PreExportAnswers, SayNoWithAReasonAndTimeWithADate) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::PRE_EXPORT_NOTICE_PRECURSOR, change);
  };
  const auto notice = [](ItemResult& i) -> v1::PreExportAnswer& { return *i.mutable_pre_export(); };
  EXPECT_EQ(of([&](auto& i) { notice(i).set_decision("OBJECTION"); }),
            (Set{"W R-EXE-01.denied", "N R-GEN-01.objection"}));
  EXPECT_EQ(of([&](auto& i) {
              notice(i).Clear();
              notice(i).set_decision("OBJECTION");
              notice(i).set_reason("the importer has no licence");
            }),
            Set{});
  EXPECT_EQ(of([&](auto& i) {
              notice(i).Clear();
              notice(i).set_decision("TIME_NEEDED");
            }),
            Set{"N R-GEN-01.time_needed"});
  EXPECT_EQ(of([&](auto& i) { notice(i).clear_authorisation_no(); }),
            Set{"N R-GEN-01.authorisation"});
  EXPECT_EQ(of([&](auto& i) { notice(i).mutable_allowed()->clear_unit(); }),
            Set{"E R-DRG-01.amount"});
  EXPECT_EQ(of([&](auto& i) { notice(i).mutable_allowed()->set_quantity(-1); }),
            Set{"E R-DRG-01.amount"});
  EXPECT_EQ(of([&](auto& i) {
              notice(i).set_decision("OBJECTION");
              notice(i).set_reason("the importer is not known");
              notice(i).clear_authorisation_no();
              notice(i).mutable_allowed()->set_quantity(0);
            }),
            Set{})
      << "nought is a no in figures";
  EXPECT_EQ(of([&](auto& i) { notice(i).mutable_allowed()->set_cas("108-24-8"); }),
            Set{"E R-ID-CAS.check"});
}

// --- Timber, specimens, things

TEST(ThingAnswers, HaveUnitsAndNames) {
  EXPECT_EQ(OfAnswer(T::TIMBER_TRACE, [](auto& i) { i.mutable_timber()->clear_unit(); }),
            Set{"E R-GEN-01.answer_amount"});
  EXPECT_EQ(OfAnswer(T::TIMBER_TRACE, [](auto& i) { i.mutable_timber()->set_quantity(0); }), Set{});
  EXPECT_EQ(OfAnswer(T::TIMBER_TRACE, [](auto& i) { i.mutable_timber()->set_quantity(-1); }),
            Set{"E R-GEN-01.answer_amount"});
  EXPECT_EQ(OfAnswer(T::RETURN_SPECIMEN, [](auto& i) { i.mutable_specimen()->set_quantity(0); }),
            Set{"E R-GEN-01.answer_amount"});
  EXPECT_EQ(OfAnswer(T::RETURN_SPECIMEN,
                     [](auto& i) {
                       i.mutable_specimen()->set_quantity(0);
                       i.mutable_specimen()->clear_handed_over_at();
                     }),
            Set{})
      << "none went back";
  EXPECT_EQ(
      OfAnswer(T::RETURN_SPECIMEN, [](auto& i) { i.mutable_specimen()->set_taxon("a parrot"); }),
      Set{"N R-GEN-01.taxon"});
  EXPECT_EQ(OfAnswer(T::RETURN_SPECIMEN,
                     [](auto& i) { i.mutable_specimen()->set_receiver_kind("OTHER"); }),
            Set{"N R-GEN-01.rescue"});
  EXPECT_EQ(OfAnswer(T::SEARCH_SEIZE, [](auto& i) { i.mutable_seized(0)->clear_unit(); }),
            Set{"E R-GEN-01.seized_amount"});
  EXPECT_EQ(
      OfAnswer(T::SEARCH_SEIZE, [](auto& i) { i.mutable_seized(1)->clear_custody_chain_id(); }),
      Set{"N R-GEN-01.custody"});
  EXPECT_EQ(OfAnswer(T::SEARCH_SEIZE,
                     [](auto& i) { i.mutable_seized(1)->mutable_value()->set_ccy("EURO"); }),
            Set{"E R-GEN-01.currency"});
  EXPECT_EQ(
      OfAnswer(T::SEARCH_SEIZE, [](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); }),
      Set{"W R-EXE-01.contrary"});
}

TEST(ProfileAnswers, NameWhatMatches) {
  const auto of = [](const Change& change) { return OfAnswer(T::LAB_RESULT, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_profile()->clear_matches(); }), Set{"N R-GEN-01.match"});
  EXPECT_EQ(of([](auto& i) { i.mutable_profile()->set_comparison("NO_MATCH"); }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_profile()->set_comparison("NO_MATCH");
              i.mutable_profile()->clear_matches();
              i.mutable_profile()->mutable_substances(0)->set_quantity(0);
            }),
            Set{})
      << "nothing of it was found";
  EXPECT_EQ(of([](auto& i) { i.mutable_profile()->mutable_substances(0)->set_purity(210); }),
            Set{"E R-DRG-01.purity"});
}

// --- Service

TEST(ServiceAnswers, SayHowOrWhyNot) {
  const auto of = [](const Change& change) { return OfAnswer(T::SERVE_DOCUMENT, change); };
  const auto not_served = [](ItemResult& i, const char* reason) {
    i.set_outcome(ItemOutcome::NOT_SERVED);
    i.clear_service();
    if (*reason != '\0') i.mutable_service()->set_not_served_reason(reason);
  };
  EXPECT_EQ(of([&](auto& i) { not_served(i, "MOVED"); }), Set{});
  EXPECT_EQ(of([&](auto& i) { not_served(i, ""); }), Set{"N R-EXE-01.not_served_word"});
  EXPECT_EQ(of([&](auto& i) {
              not_served(i, "");
              i.clear_description();
            }),
            Set{"W R-EXE-01.not_served"});
  EXPECT_EQ(of([](auto& i) {
              i.set_outcome(ItemOutcome::NOT_SERVED);
              i.mutable_service()->set_not_served_reason("REFUSED");
            }),
            Set{"W R-EXE-01.contrary"});  // and served nevertheless
  EXPECT_EQ(of([](auto& i) { i.mutable_service()->set_not_served_reason("MOVED"); }),
            Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of([](auto& i) { i.mutable_service()->set_document_hash(std::string(64, 'c')); }),
            Set{"W R-EXE-01.other_document"});
  Answered summons(T::SERVE_DOCUMENT);
  summons.question().set_appearance_date("2026-02-15");
  summons.item().mutable_service()->set_served_at("2026-02-15T12:00:00Z");
  EXPECT_EQ(summons.Check(), Set{});
  summons.item().mutable_service()->set_served_at("2026-02-16T00:00:00Z");
  EXPECT_EQ(summons.Check(), Set{"N R-EXE-01.served_late"});
}

// --- Property

v1::AssetAnswer& Asset0(ItemResult& item) { return *item.mutable_assets(0); }

TEST(AssetAnswers, HaveAStateAnOrderAndTheirClaims) {
  const auto of = [](const Change& change) { return OfAnswer(T::FREEZE, change); };
  EXPECT_EQ(of([](auto& i) { Asset0(i).set_state("COLD"); }), Set{"E R-GEN-01.asset_state"});
  EXPECT_EQ(of([](auto& i) { Asset0(i).set_state("LIFTED"); }), Set{"W R-EXE-01.asset_way"});
  EXPECT_EQ(of([](auto& i) { Asset0(i).clear_order_ref(); }), Set{"N R-GEN-01.frozen_order"});
  EXPECT_EQ(of([](auto& i) { Asset0(i).mutable_claims(0)->set_status("MAYBE"); }),
            Set{"E R-GEN-01.asset_claim"});
  EXPECT_EQ(of([](auto& i) { Asset0(i).set_expires_at("2029-01-01"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { Asset0(i).mutable_amount()->set_ccy("dollars"); }),
            Set{"E R-GEN-01.currency"});
  EXPECT_EQ(
      OfAnswer(T::ASSET_RETURN, [](auto& i) { Asset0(i).set_account("QV48VSTB00012345678901"); }),
      Set{"E R-ID-IBAN.check"});
  EXPECT_EQ(OfAnswer(T::ASSET_RETURN,
                     [](auto& i) {
                       v1::ThirdPartyClaim& claim = *Asset0(i).add_claims();
                       claim.set_ref("CL-1");
                       claim.set_status("OPEN");
                     }),
            Set{"E R-AR-05.claim"});
}

// Why it is refused may be told: it is confiscated, and somebody claims it.
TEST(AssetAnswers, OfANoMayTellHowItStands) {
  const auto refused = [](T::Code type, const char* state) {
    Answered answer(type);
    answer.context.refused_items = {1};
    answer.item().set_outcome(ItemOutcome::REFUSED);
    Asset0(answer.item()).set_state(state);
    v1::ThirdPartyClaim& claim = *Asset0(answer.item()).add_claims();
    claim.set_ref("CL-2");
    claim.set_status("OPEN");
    return answer.Check();
  };
  EXPECT_EQ(refused(T::ASSET_RETURN, "CONFISCATED"), Set{});
  EXPECT_EQ(refused(T::ENFORCE_CONFISCATION_ORDER, "FROZEN"), Set{});
  EXPECT_EQ(refused(T::ENFORCE_CONFISCATION_ORDER, "CONFISCATED"), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(refused(T::FREEZE, "FROZEN"), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(OfAnswer(T::FREEZE,
                     [](auto& i) { i.set_outcome(ItemOutcome::CANCELLED_NO_LONGER_REQUIRED); }),
            Set{})
      << "what was frozen before the request was withdrawn is told";
}

TEST(AssetAnswers, AreNotedWithTheProperty) {
  Answered answer(T::FREEZE);
  const std::vector<OpenedAct> acts = {
      {v1::Act::REQUEST, Side::kRequesting, absl::InfinitePast(), &answer.asked},
      {v1::Act::FINAL_RESULT, Side::kRequested, absl::InfinitePast(), &answer.body}};
  const auto assets = AssetsOf(acts);
  ASSERT_EQ(assets.size(), 1u);
  EXPECT_EQ(assets[0].state, AssetState::kFrozen);
  EXPECT_EQ(assets[0].order_ref, "TMB-FR-2030-8");
  EXPECT_EQ(assets[0].expires_at, "2030-09-18");
  EXPECT_EQ(assets[0].amount.minor(), 24000000);
  EXPECT_TRUE(HasOpenClaim(assets[0]));
  // A word of the answer lifts nothing: the outcome moves the property, and reports do.
  Asset0(answer.item()).set_state("LIFTED");
  EXPECT_EQ(AssetsOf(acts)[0].state, AssetState::kFrozen);
  // What a tracing found is property of the case.
  Answered traced(T::TRACE_PROCEEDS);
  const std::vector<OpenedAct> found = {
      {v1::Act::REQUEST, Side::kRequesting, absl::InfinitePast(), &traced.asked},
      {v1::Act::FINAL_RESULT, Side::kRequested, absl::InfinitePast(), &traced.body}};
  ASSERT_EQ(AssetsOf(found).size(), 2u);
  EXPECT_EQ(AssetsOf(found)[1].id, "QV47VSTB00012345678901");
  EXPECT_EQ(AssetsOf(found)[1].state, AssetState::kTraced);
}

// --- Persons

TEST(ReferralAnswers, HaveAnOfficeAndNoIdentity) {
  const auto of = [](const Change& change) { return OfAnswer(T::VICTIM_REFERRAL, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_referral()->set_pseudonym("Lina Orsay"); }),
            Set{"E R-SEAL-01.ref"});
  EXPECT_EQ(of([](auto& i) { i.set_description("a woman named Lina Orsay is received"); }),
            Set{"N R-SEAL-01.named"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_referral()->clear_service_body();
              i.mutable_referral()->clear_focal_point();
            }),
            Set{"N R-GEN-01.referral_contact"});
  EXPECT_EQ(of([](auto& i) { i.mutable_referral()->set_decision("DECLINED"); }),
            (Set{"N R-GEN-01.referral_reason", "W R-EXE-01.not_done"}));
  EXPECT_EQ(of([](auto& i) { i.mutable_referral()->set_pseudonym("V-2"); }),
            Set{"W R-EXE-01.other_person"});
}

TEST(TravelDocuments, OfASealedPersonShowNoNumber) {
  EXPECT_EQ(
      OfAnswer(T::ISSUE_TRAVEL_DOCUMENT,
               [](auto& i) { i.mutable_travel_document()->set_document_number("QT4471209"); }),
      Set{"E R-SEAL-01.document"});
  EXPECT_EQ(OfAnswer(T::ISSUE_TRAVEL_DOCUMENT,
                     [](auto& i) { i.mutable_travel_document()->set_decision("NOT_ISSUED"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done"}));
  EXPECT_EQ(OfAnswer(T::ISSUE_TRAVEL_DOCUMENT,
                     [](auto& i) {
                       i.mutable_travel_document()->set_issued_at("2025-03-01");
                       i.mutable_travel_document()->set_valid_until("2026-03-01");
                     }),
            Set{"W R-EXE-01.document_over"});
  EXPECT_EQ(OfAnswer(T::ISSUE_TRAVEL_DOCUMENT,
                     [](auto& i) { i.mutable_travel_document()->set_valid_until("2030-01-01"); }),
            Set{"W R-EXE-01.time_order"});
}

// --- Who may have it

TEST(ReleaseStates, OfAFormAreTheTwoOfTheCaseEachOnce) {
  for (int n = 1; n <= T::Code_MAX; ++n) {
    if (!T::Code_IsValid(n)) continue;
    const v1::CaseBody form = FullTemplateForType(static_cast<T::Code>(n));
    const auto& states = form.request().handling().release_states();
    EXPECT_EQ(std::set<std::string>(states.begin(), states.end()).size(),
              static_cast<size_t>(states.size()))
        << T::Code_Name(static_cast<T::Code>(n));
  }
}

TEST(ReleaseStates, WithoutTheOwnOrWithAThirdAreTold) {
  CheckContext context = ContextOfForm(T::SEARCH_SEIZE);
  v1::CaseBody body = TemplateForType(T::SEARCH_SEIZE);
  auto& states = *body.mutable_request()->mutable_handling()->mutable_release_states();
  const auto told = [&] {
    Set keys;
    for (const Finding& f : CheckUsual(context, body)) {
      keys.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key}));
      EXPECT_EQ(f.field, "request.handling.release_states");
    }
    return keys;
  };
  EXPECT_EQ(told(), Set{});
  states.Add("QX");
  EXPECT_EQ(told(), Set{"N R-USE-01.third"});
  // A desk of QX that left the list of QM's form.
  context.requesting_state = "QX";
  states.RemoveLast();
  EXPECT_EQ(told(), (Set{"N R-USE-01.own", "N R-USE-01.third"}));
  states.Clear();
  context.requesting_state = "QM";
  EXPECT_EQ(told(), Set{"N R-GEN-01.base"}) << "a list that is missing is asked for as before";
}

// --- HR-13, asked of an officer's own request

Set Usual(T::Code type, const std::function<void(v1::Item&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  EXPECT_TRUE(CheckUsual(ContextOfForm(type), body).empty());
  change(*body.mutable_request()->mutable_items(0));
  EXPECT_TRUE(CheckBody(ContextOfForm(type), body).empty());
  Set keys;
  for (const Finding& f : CheckUsual(ContextOfForm(type), body)) {
    keys.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key}));
  }
  return keys;
}

TEST(IntrusiveMeasures, NameTheMilderMeans) {
  const auto silent = [](v1::Item& item) { item.clear_alternatives(); };
  EXPECT_EQ(Usual(T::INTERCEPT_CONTENT, silent), Set{"W R-HR-13.alternatives"});
  EXPECT_EQ(Usual(T::ELECTRONIC_SURVEILLANCE, silent), Set{"W R-HR-13.alternatives"});
  EXPECT_EQ(Usual(T::REALTIME_TRAFFIC, silent), Set{"N R-HR-13.unsaid"});
  EXPECT_EQ(Usual(T::BANK_MONITORING, silent), Set{"N R-HR-13.unsaid"});
  const auto endless = [](v1::Item& item) { item.clear_period_to(); };
  EXPECT_EQ(Usual(T::INTERCEPT_CONTENT, endless), Set{"N R-HR-13.unsaid"});
  EXPECT_EQ(Usual(T::BANK_MONITORING, endless), Set{"N R-HR-13.unsaid"});
  EXPECT_EQ(Usual(T::SEARCH_SEIZE, silent), Set{});
}

TEST(IntrusiveMeasures, OfMoreThanAYearAreAnsweredFor) {
  const auto until = [](const char* end) {
    return [end](v1::Item& item) {
      item.set_period_from("2030-04-01");
      item.set_period_to(end);
    };
  };
  for (T::Code type : {T::INTERCEPT_CONTENT, T::REALTIME_TRAFFIC}) {
    EXPECT_EQ(Usual(type, until("2031-04-01")), Set{}) << type;
    EXPECT_EQ(Usual(type, until("2033-04-01")), Set{"W R-HR-13.long"}) << type;
  }
}

TEST(IntrusiveMeasures, DoNotWaitForReasonsWhereALifeIsInDanger) {
  v1::CaseBody body = TemplateForType(T::INTERCEPT_CONTENT);
  body.mutable_request()->mutable_items(0)->clear_alternatives();
  CheckContext context = ContextOfForm(T::INTERCEPT_CONTENT);
  EXPECT_EQ(CheckUsual(context, body).size(), 1u);
  context.urgency = v1::Urgency::EMERGENCY_LIFE;
  EXPECT_TRUE(CheckUsual(context, body).empty());
}

}  // namespace
}  // namespace palermo::casework
