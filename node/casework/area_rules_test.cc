// The forms of the areas: what stops, what is only told, and what passes. And telephone numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "node/casework/forms.h"
#include "node/casework/identifiers.h"
#include "node/casework/leak_scan.h"
#include "node/casework/phone.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using T = v1::AssistanceType;

std::vector<std::string> KeysOf(const std::vector<Finding>& findings) {
  std::vector<std::string> keys;
  for (const Finding& f : findings) keys.push_back(f.key);
  return keys;
}

// What is said about a form after a change.
std::vector<std::string> Check(T::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  return KeysOf(CheckBody(ContextOfForm(type), body));
}

TEST(AreaForms, LackNothingOfWhatTheyAreAbout) {
  EXPECT_THAT(Check(T::VICTIM_REFERRAL, [](v1::Request& r) { r.clear_referral(); }),
              ElementsAre("R-GEN-01.area_part"));
  EXPECT_THAT(
      Check(T::RETURN_PLAN, [](v1::Request& r) { r.mutable_referral()->clear_return_plan(); }),
      ElementsAre("R-GEN-01.area_part"));
  EXPECT_THAT(Check(T::PRODUCT_ALERT, [](v1::Request& r) { r.clear_alert(); }),
              ElementsAre("R-GEN-01.area_part"));
  EXPECT_THAT(Check(T::SEIZURE_NOTICE, [](v1::Request& r) { r.mutable_items(0)->clear_seizure(); }),
              ElementsAre("R-GEN-01.needed"));
}

TEST(AreaForms, BelongToTheirFamily) {
  v1::CaseBody body = TemplateForType(T::SEIZURE_NOTICE);
  CheckContext context = ContextOfForm(T::SEIZURE_NOTICE);
  context.family = v1::Family::MLA;
  EXPECT_THAT(KeysOf(CheckBody(context, body)), Contains("R-GEN-01.other_act"));
  context.family = v1::Family::HIT_QUERY;
  EXPECT_THAT(KeysOf(CheckBody(context, body)), Contains("R-GEN-01.other_act"));
}

// Who owns a company, or what a laboratory found, is also evidence of a formal request; a referral
// is none.
TEST(AreaForms, AreEvidenceToo) {
  for (const T::Code type :
       {T::BENEFICIAL_OWNER_QUERY, T::PEP_ENQUIRY, T::ASSET_DISCLOSURE, T::FINANCIAL_TRAIL,
        T::TIMBER_TRACE, T::LAB_RESULT, T::ARTEFACT_FORENSIC}) {
    CheckContext context = ContextOfForm(type);
    for (const auto family : {v1::Family::MLA, v1::Family::CONFISCATION}) {
      context.family = family;
      EXPECT_THAT(KeysOf(CheckBody(context, TemplateForType(type))),
                  Not(Contains("R-GEN-01.other_act")))
          << type;
    }
    context.family = v1::Family::EXTRADITION;
    EXPECT_THAT(KeysOf(CheckBody(context, TemplateForType(type))), Contains("R-GEN-01.other_act"))
        << type;
  }
  CheckContext context = ContextOfForm(T::VICTIM_REFERRAL);
  context.family = v1::Family::MLA;
  EXPECT_THAT(KeysOf(CheckBody(context, TemplateForType(T::VICTIM_REFERRAL))),
              Contains("R-GEN-01.other_act"));
}

// --- Return

TEST(ReturnPlan, WaitsForTheEndOfTheReflectionPeriodToTheDay) {
  const auto on = [](const char* date) {
    return Check(T::RETURN_PLAN, [&](v1::Request& r) {
      r.mutable_referral()->mutable_return_plan()->set_date(date);
    });
  };
  EXPECT_THAT(on("2030-02-19"), ElementsAre("R-TIP-05.reflection"));
  EXPECT_THAT(on("2030-02-20"), IsEmpty());
}

// --- Transfer, extradition, the scope of the Convention

TEST(SentencedPerson, IsMovedByAnInformedConsentAlone) {
  const auto with = [](const std::function<void(v1::ConsentRecord&)>& change) {
    return Check(T::TRANSFER_SENTENCED_PERSON,
                 [&](v1::Request& r) { change(*r.mutable_items(0)->mutable_consent()); });
  };
  EXPECT_THAT(with([](auto&) {}), IsEmpty());
  EXPECT_THAT(with([](auto& consent) { consent.clear_doc_hash(); }), IsEmpty());
  for (const auto& none : std::vector<std::function<void(v1::ConsentRecord&)>>{
           [](auto& consent) { consent.set_informed(false); },
           [](auto& consent) { consent.clear_informed(); },
           [](auto& consent) { consent.set_free(false); },
           [](auto& consent) { consent.set_withdrawn_at("2026-02-21"); },
           [](auto& consent) { consent.clear_signed_at(), consent.clear_doc_hash(); }}) {
    EXPECT_THAT(with(none), ElementsAre("R-HR-12.sentenced"));
  }
  EXPECT_THAT(Check(T::TRANSFER_SENTENCED_PERSON,
                    [](v1::Request& r) { r.mutable_items(0)->clear_consent(); }),
              Contains("R-HR-12.sentenced"));
}

TEST(ProvisionalArrest, NeedsAWarrantToExistAndExtraditionTheWarrant) {
  const auto with = [](T::Code type, const std::function<void(v1::ConfiscationOrder&)>& change) {
    return Check(type, [&](v1::Request& r) {
      r.mutable_items(0)->clear_warrant_hash();
      change(*r.mutable_items(0)->mutable_order());
    });
  };
  const auto named = [](v1::ConfiscationOrder& order) {
    order.set_court("District Court of Port-Sel");
    order.set_date("2026-02-20");
  };
  EXPECT_THAT(with(T::PROVISIONAL_ARREST, named), Not(Contains("R-EXT-01.warrant")));
  EXPECT_THAT(with(T::PROVISIONAL_ARREST, [](auto&) {}), Contains("R-EXT-01.warrant"));
  EXPECT_THAT(with(T::PROVISIONAL_ARREST, [](auto& order) { order.set_date("2026-02-20"); }),
              Contains("R-EXT-01.warrant"));
  EXPECT_THAT(with(T::EXTRADITE, named), Contains("R-EXT-01.warrant"));
}

// UNTOC 16(1): an offence in both states. Other treaties say it themselves.
TEST(Extradition, UnderTheConventionSaysWhetherDualCriminalityIsMet) {
  const auto with = [](const std::string& instrument, const std::string& said) {
    return Check(T::EXTRADITE, [&](v1::Request& r) {
      r.mutable_basis()->set_instrument(instrument);
      r.mutable_items(0)->set_dual_criminality(said);
    });
  };
  EXPECT_THAT(with("UNTOC", ""), Contains("R-EXT-01.dual_unsaid"));
  EXPECT_THAT(with("UNTOC", "NOT_MET"), Contains("R-EXT-01.dual"));
  EXPECT_THAT(with("UNTOC", "MET"), Not(Contains("R-EXT-01.dual_unsaid")));
  EXPECT_THAT(with("UNTOC", "NOT_ASSESSED"), Not(Contains("R-EXT-01.dual_unsaid")));
  EXPECT_THAT(with("ECE", ""), Not(Contains("R-EXT-01.dual_unsaid")));
}

TEST(Scope, ASeriousCrimeThatIsSaidToBeDomesticIsOutside) {
  const auto with = [](T::Code type, const std::string& basis) {
    return Check(type, [&](v1::Request& r) {
      r.mutable_basis()->set_instrument("UNTOC");
      v1::Offence& offence = *r.mutable_offence(0);
      offence.clear_tip();
      offence.set_untoc_art("SERIOUS_CRIME");
      offence.set_max_penalty_months(72);
      offence.set_ocg_involved("YES");
      offence.set_transnational_basis(basis);
    });
  };
  EXPECT_THAT(with(T::TAKE_EVIDENCE, "NONE"), Contains("R-MLA-01.transnational"));
  EXPECT_THAT(with(T::TAKE_EVIDENCE, ""), Contains("R-MLA-01.transnational"));
  // Who is in the requested state may be sought for an offence at home, 16(1).
  EXPECT_THAT(with(T::EXTRADITE, "NONE"), Not(Contains("R-MLA-01.transnational")));
  for (const char* good : {"3(2)(a)", "3(2)b", "3(2)(a), 3(2)(d)", "3(2)a and c", "3(2)"}) {
    EXPECT_THAT(with(T::TAKE_EVIDENCE, good), Not(Contains("R-GEN-01.transnational_word"))) << good;
  }
  for (const char* bad : {"3(2)(e)", "3(2) many", "3(1)"}) {
    EXPECT_THAT(with(T::TAKE_EVIDENCE, bad), Contains("R-GEN-01.transnational_word")) << bad;
  }
}

TEST(Scope, OneOfTheTwoConditionsToldMeansTheOtherIsLeftOut) {
  const auto with = [](const char* article, const char* basis, const char* group) {
    return Check(T::TAKE_EVIDENCE, [&](v1::Request& r) {
      r.clear_offence();
      v1::Offence& offence = *r.add_offence();
      offence.set_label("laundering");
      offence.set_max_penalty_months(60);
      offence.set_untoc_art(article);
      offence.set_transnational_basis(basis);
      offence.set_ocg_involved(group);
    });
  };
  EXPECT_THAT(with("6", "3(2)(b)", "SUSPECTED"), IsEmpty());
  EXPECT_THAT(with("6", "", ""), IsEmpty());
  EXPECT_THAT(with("6", "3(2)(b)", ""), ElementsAre("R-MLA-01.scope"));
  EXPECT_THAT(with("5", "", "SUSPECTED"), ElementsAre("R-MLA-01.scope"));
  EXPECT_THAT(with("5", "NONE", "SUSPECTED"), ElementsAre("R-MLA-01.scope"));
}

TEST(ReturnPlan, NeedsAnAssessmentAndNoClaim) {
  EXPECT_THAT(Check(T::RETURN_PLAN,
                    [](v1::Request& r) {
                      r.mutable_referral()->mutable_return_plan()->clear_safety_assessment_hash();
                    }),
              ElementsAre("R-HR-01.assessment"));
  for (const char* claim : {"PENDING", "RECOGNISED", "APPEAL"}) {
    EXPECT_THAT(Check(T::RETURN_PLAN,
                      [&](v1::Request& r) { r.mutable_referral()->set_protection_claim(claim); }),
                ElementsAre("R-HR-01.claim"));
  }
  EXPECT_THAT(Check(T::RETURN_PLAN,
                    [](v1::Request& r) { r.mutable_referral()->set_protection_claim("REJECTED"); }),
              IsEmpty());
}

TEST(Referral, NeedsConsentToThisStateUnlessLifeIsInDanger) {
  const auto with = [](const std::function<void(v1::VictimReferral&)>& change) {
    return Check(T::VICTIM_REFERRAL, [&](v1::Request& r) { change(*r.mutable_referral()); });
  };
  EXPECT_THAT(with([](auto& v) { v.mutable_consent()->set_to_referral(false); }),
              ElementsAre("R-HR-12.consent"));
  EXPECT_THAT(with([](auto& v) { v.mutable_consent()->set_withdrawn_at("2030-01-20"); }),
              ElementsAre("R-HR-12.consent"));
  EXPECT_THAT(with([](auto& v) { v.mutable_consent()->set_to_share(0, "QP"); }),
              ElementsAre("R-HR-12.consent"));
  EXPECT_THAT(with([](auto& v) {
                v.clear_consent();
                v.set_life_in_danger(true);
              }),
              IsEmpty());
  EXPECT_THAT(with([](auto& v) { v.set_assistance_depends_on_testimony(true); }),
              ElementsAre("R-TIP-04.testimony"));
}

// --- Public health, HR-22

TEST(PublicHealthRelease, CarriesFactsOfTheProductAndNothingElse) {
  using Change = std::function<void(v1::Request&)>;
  const Change changes[] = {
      [](v1::Request& r) { r.add_persons()->set_ref("P-1"); },
      [](v1::Request& r) { r.set_facts_summary("the seller is known"); },
      [](v1::Request& r) { r.mutable_proceeding()->set_national_ref("PS-1"); },
      [](v1::Request& r) { r.add_offence()->set_label("fraud"); },
      [](v1::Request& r) { r.mutable_alert()->set_batch("AX77-19"); },
      [](v1::Request& r) { r.set_requesting_authority("Prosecutor of Port-Sel"); },
      [](v1::Request& r) { r.set_national_ref("CA-1"); },
      [](v1::Request& r) { r.mutable_relates_to()->set_kind("FOLLOW_UP"); },
      [](v1::Request& r) { r.mutable_items(0)->set_place("2 Harbour Street"); },
      [](v1::Request& r) {
        r.mutable_public_release()->mutable_product()->set_sample_chain("QM-E-1");
      },
  };
  for (size_t i = 0; i < std::size(changes); ++i) {
    SCOPED_TRACE(i);
    EXPECT_THAT(Check(T::PUBLIC_HEALTH_RELEASE, changes[i]), Contains("R-MED-02.other"));
  }
  EXPECT_THAT(Check(T::PUBLIC_HEALTH_RELEASE,
                    [](v1::Request& r) {
                      r.mutable_public_release()->mutable_product()->add_serials("0001");
                    }),
              IsEmpty());
}

TEST(PublicHealthRelease, SaysThatItIsStripped) {
  EXPECT_THAT(
      Check(T::PUBLIC_HEALTH_RELEASE,
            [](v1::Request& r) { r.mutable_public_release()->set_identity_stripped(false); }),
      ElementsAre("R-MED-02.release"));
  EXPECT_THAT(Check(T::PUBLIC_HEALTH_RELEASE,
                    [](v1::Request& r) {
                      r.mutable_public_release()->mutable_approved_by()->RemoveLast();
                    }),
              ElementsAre("R-GEN-01.release_approval"));
}

TEST(ProductAlert, TakesAnExpiryThatIsAMonth) {
  const auto dates = [](const char* made, const char* expiry) {
    return Check(T::PRODUCT_ALERT, [&](v1::Request& r) {
      r.mutable_alert()->set_manufactured(made);
      r.mutable_alert()->set_expiry(expiry);
    });
  };
  EXPECT_THAT(dates("2029-08", "2031-08"), IsEmpty());
  EXPECT_THAT(dates("2029-08-15", "2029-08"), IsEmpty());  // until the end of the month
  EXPECT_THAT(dates("2029-08", "2029-07"), ElementsAre("R-MED-01.dates"));
  EXPECT_THAT(dates("2029-08-31", "2029-08-31"), ElementsAre("R-MED-01.dates"));
  EXPECT_THAT(dates("2029-08-31", "2029-09-01"), IsEmpty());
  EXPECT_THAT(Check(T::PRODUCT_ALERT, [](v1::Request& r) { r.mutable_alert()->clear_batch(); }),
              ElementsAre("R-MED-01.batch"));
}

// --- Leads, seizures

TEST(Leads, AHashIsAHash) {
  const auto hashes = [](std::vector<std::string> list) {
    return Check(T::CSAM_HASH_LEAD, [&](v1::Request& r) {
      *r.mutable_items(0)->mutable_file_hashes() = {list.begin(), list.end()};
    });
  };
  EXPECT_THAT(hashes({}), Contains("R-GEN-01.csam_hash"));
  EXPECT_THAT(hashes({"d41d8cd98f00b204e9800998ecf8427e"}), IsEmpty());  // MD5
  EXPECT_THAT(hashes({std::string(288, 'a')}), IsEmpty());               // a perceptual one
  EXPECT_THAT(hashes({"picture.jpg"}), ElementsAre("R-GEN-01.file_hash"));
  EXPECT_THAT(hashes({"data:image/png;base64,iVBORw0KGgo="}), ElementsAre("R-GEN-01.file_hash"));
}

TEST(Seizures, AreOfThingsThatCanBe) {
  const auto with = [](const std::function<void(v1::SeizedObject&)>& change) {
    return Check(T::SEIZURE_NOTICE,
                 [&](v1::Request& r) { change(*r.mutable_items(0)->mutable_seizure()); });
  };
  EXPECT_THAT(with([](auto& s) { s.set_appendix("IV"); }), ElementsAre("R-GEN-01.appendix"));
  EXPECT_THAT(with([](auto& s) { s.set_taxon("leopard cat thing"); }),
              ElementsAre("R-GEN-01.taxon"));
  EXPECT_THAT(with([](auto& s) { s.set_quantity(0); }), ElementsAre("R-GEN-01.seized_amount"));
  EXPECT_THAT(with([](auto& s) { s.clear_unit(); }), ElementsAre("R-GEN-01.seized_amount"));
  EXPECT_THAT(with([](auto& s) { s.set_live(true); }), ElementsAre("R-GEN-01.care"));
  EXPECT_THAT(with([](auto& s) {
                s.set_live(true);
                s.set_care_centre("rescue centre of Port-Sel");
              }),
              IsEmpty());
  EXPECT_THAT(with([](auto& s) { s.set_container("QMZU1200452"); }),
              ElementsAre("R-ID-CONT.check"));
  EXPECT_THAT(with([](auto& s) { s.set_postal("RA202601176QW"); }), ElementsAre("R-ID-S10.check"));
  EXPECT_THAT(with([](auto& s) { s.set_awb("999-12345676"); }), ElementsAre("R-ID-AWB.check"));
}

TEST(Permits, WildCommerceInAppendixIIsTold) {
  const auto permit = [](const char* appendix, const char* purpose, const char* source) {
    return Check(T::VERIFY_CITES_PERMIT, [&](v1::Request& r) {
      v1::Permit& p = *r.mutable_items(0)->mutable_permit();
      p.mutable_items(0)->set_appendix(appendix);
      p.set_purpose(purpose);
      p.set_source(source);
    });
  };
  EXPECT_THAT(permit("I", "T", "W"), ElementsAre("R-GEN-01.commerce"));
  EXPECT_THAT(permit("II", "T", "W"), IsEmpty());
  EXPECT_THAT(permit("I", "S", "W"), IsEmpty());
  EXPECT_THAT(permit("I", "T", "C"), IsEmpty());
}

// --- Answers

TEST(TraceAnswer, SaysWhatItFoundOrNeeds) {
  const auto answer = [](const std::function<void(v1::TraceAnswer&)>& fill) {
    const v1::CaseBody asked = TemplateForType(T::TRACE_FIREARM);
    CheckContext context = ContextOfForm(T::TRACE_FIREARM);
    context.act = v1::Act::FINAL_RESULT;
    context.side = Side::kRequested;
    context.request = &asked.request();
    v1::CaseBody body;
    body.set_version(1);
    v1::ItemResult& item = *body.mutable_result()->add_items();
    item.set_n(1);
    item.set_outcome(v1::ItemOutcome::EXECUTED_FULL);
    item.set_description("see the trace");
    fill(*item.mutable_trace());
    return KeysOf(CheckBody(context, body));
  };
  EXPECT_THAT(answer([](auto& t) {
                t.set_result("TRACED");
                t.add_chain()->set_holder_kind("MANUFACTURER");
              }),
              IsEmpty());
  EXPECT_THAT(answer([](auto& t) { t.set_result("TRACED"); }), ElementsAre("R-GEN-01.trace_chain"));
  EXPECT_THAT(answer([](auto& t) { t.set_result("PARTIAL"); }),
              ElementsAre("R-GEN-01.trace_chain"));
  EXPECT_THAT(answer([](auto& t) {
                t.set_result("PARTIAL");
                t.set_last_known("a dealer in QP");
              }),
              IsEmpty());
  EXPECT_THAT(answer([](auto& t) { t.set_result("NO_RECORD"); }), IsEmpty());
  EXPECT_THAT(answer([](auto& t) { t.set_result("INSUFFICIENT_DATA"); }),
              ElementsAre("R-GEN-01.trace_needed"));
  EXPECT_THAT(answer([](auto& t) { t.set_result("MAYBE"); }), ElementsAre("R-GEN-01.trace_result"));
}

// --- Sealed persons

TEST(SealedPersons, NothingOfWhoIsRelocatedStandsInClear) {
  for (T::Code type : {T::WITNESS_RELOCATION, T::COOPERATOR_ARRANGEMENT}) {
    EXPECT_THAT(Check(type,
                      [](v1::Request& r) {
                        v1::Person& p = *r.mutable_persons(0);
                        p.Clear();
                        p.set_ref("W-1");
                        p.add_roles("WITNESS");
                        p.set_name("Ada Example");
                      }),
                Contains("R-SEAL-01.identity"));
  }
  // Another witness may be named, to be heard.
  EXPECT_THAT(Check(T::TAKE_EVIDENCE, [](v1::Request&) {}), IsEmpty());
}

TEST(SealedPersons, WhoWasBornLessThanEighteenYearsAgoIsAChild) {
  const auto born = [](const char* date) {
    return Check(T::TAKE_EVIDENCE,
                 [&](v1::Request& r) { r.mutable_persons(0)->set_date_of_birth(date); });
  };
  // The day of the form is 2026-03-02.
  EXPECT_THAT(born("2008-03-03"), ElementsAre("R-HR-08.guardian"));
  EXPECT_THAT(born("2008-03-02"), IsEmpty());
  EXPECT_THAT(born("1979"), IsEmpty());
}

// --- Telephones

TEST(Phones, AreNumbersWithTheirCountry) {
  for (const char* good : {"+41 44 668 18 00", "0041446681800", "+41446681800", "+999 12 345 678",
                           "+44 (0)20 7946 0018", "+7 495 123-45-67"}) {
    EXPECT_TRUE(IsPhone(good)) << good;
  }
  for (const char* bad : {"", "044 668 18 00", "+41 44", "+0 123 456 789", "telephone",
                          "+41 44 668 18 00 44 668 18 00", "+"}) {
    EXPECT_FALSE(IsPhone(bad)) << bad;
  }
  EXPECT_FALSE(IsPhone(std::string(5000, '1')));
}

// A request for a delivery by way of three states, and the message that it goes live.
std::vector<std::string> LiveKeys(const std::function<void(v1::Delivery&)>& change) {
  v1::Request request;
  v1::Item& item = *request.add_items();
  item.set_n(1);
  item.set_type(T::CONTROLLED_DELIVERY);
  v1::CaseBody body;
  body.set_version(1);
  for (const char* state : {"XA", "XB", "XC"}) {
    v1::Leg leg;
    leg.set_state(state);
    *item.add_legs() = leg;
    *body.mutable_delivery()->add_legs() = leg;
    body.mutable_delivery()->add_consents()->set_state(state);
  }
  change(*body.mutable_delivery());
  CheckContext context;
  context.act = v1::Act::DELIVERY_LIVE;
  context.family = v1::Family::SPECIAL_TECHNIQUE;
  context.request = &request;
  return KeysOf(CheckBody(context, body));
}

TEST(Deliveries, GoLiveOnlyWithTheConsentOfStatesThatTheMessageLeavesOut) {
  constexpr const char* kMissing = "R-CD-02.consent";
  EXPECT_THAT(LiveKeys([](v1::Delivery&) {}), Not(Contains(kMissing)));
  EXPECT_THAT(LiveKeys([](v1::Delivery& d) {
                d.mutable_legs()->DeleteSubrange(1, 1);
                d.mutable_consents()->DeleteSubrange(1, 1);
              }),
              Contains(kMissing));
  // Left out of the legs, but with its consent.
  EXPECT_THAT(LiveKeys([](v1::Delivery& d) { d.mutable_legs()->DeleteSubrange(1, 1); }),
              Not(Contains(kMissing)));
}

TEST(Phones, HaveOneFormForComparingAndOneForReading) {
  EXPECT_EQ(NormalPhone("0041 44 668 18 00"), "+41446681800");
  EXPECT_EQ(NormalPhone("+44 (0)20 7946 0018"), "+442079460018");
  EXPECT_EQ(NormalPhone("044 668 18 00", "CH"), "+41446681800");
  EXPECT_EQ(NormalPhone("044 668 18 00"), "");
  EXPECT_EQ(NormalPhone("+999 (12) 345-678"), "+99912345678");
  EXPECT_EQ(NormalIdentifier("PHONE", "0041 44 668 18 00"), "+41446681800");
  EXPECT_EQ(DisplayIdentifier("PHONE", "+41446681800"), "+41 44 668 18 00");
  EXPECT_EQ(DisplayIdentifier("PHONE", "+99912345678"), "+99912345678");
}

TEST(Phones, TheLeakScanKnowsHowACountryWritesThem) {
  const LeakScanner scanner({{IdentityKind::kNumber, "+7 495 123-45-67", "V-1"}});
  EXPECT_TRUE(scanner.Leaks("call 8 (495) 123-45-67 after six"));
  EXPECT_TRUE(scanner.Leaks("(495) 123 45 67"));
  EXPECT_FALSE(scanner.Leaks("8 (495) 123-45-68"));
}

TEST(Phones, OneWithoutItsCountryIsTold) {
  EXPECT_THAT(Check(T::HIT_QUERY,
                    [](v1::Request& r) {
                      r.mutable_items(0)->mutable_selectors(0)->set_value("044 668 18 00");
                    }),
              ElementsAre("R-GEN-01.phone"));
}

}  // namespace
}  // namespace palermo::casework
