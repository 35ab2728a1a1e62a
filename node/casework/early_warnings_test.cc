// What an officer is told before something goes wrong: an identity in an open text, a consent to
// another state, rescue before boarding, a permit that is asked about, a field that does not exist.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/contents.h"
#include "node/casework/form_check.h"
#include "node/casework/form_left.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using T = v1::AssistanceType;
using Found = std::set<std::string>;
using Change = std::function<void(v1::Request&, CheckContext&)>;

// "W R-SEAL-01.person_text request.facts_summary" for each finding that the change adds.
Found EarlyFindings(T::Code type, const Change& change) {
  const auto found = [](const CheckContext& context, const v1::CaseBody& body) {
    Found all;
    for (const auto& part :
         {CheckBody(context, body), CheckForms(body), CheckUsual(context, body)}) {
      for (const Finding& f : part) {
        all.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key, " ", f.field}));
      }
    }
    return all;
  };
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  const Found before = found(context, body);
  change(*body.mutable_request(), context);
  Found added;
  for (const std::string& one : found(context, body)) {
    if (!before.contains(one)) added.insert(one);
  }
  return added;
}

// --- R-SEAL-01: open texts

Found OfFacts(T::Code type, const char* text) {
  return EarlyFindings(type, [&](v1::Request& r, CheckContext&) { r.set_facts_summary(text); });
}
const Found kPersonText = {"W R-SEAL-01.person_text request.facts_summary"};
const Found kOtherText = {"N R-SEAL-01.other_text request.facts_summary"};

TEST(OpenTexts, WarnWhereTheyTellWhoAProtectedPersonIs) {
  for (const char* text :
       {"The victim Maria Quispe Huanca, born on 3 May 2002, passport QN4471209, came by ship.",
        "The girl Lina Orsay was found in the hotel.", "She was born on 3 May 2002 in Temburra.",
        "V-1 came on 2026-02-01. Her passport is QN4471209.", "V-1: date of birth 03.05.2002",
        "Le passeport de V-1 est le QN4471209, née le 3 mai 2002.",
        "call her mother at +999 123 456 789"}) {
    EXPECT_EQ(OfFacts(T::VICTIM_REFERRAL, text), kPersonText) << text;
  }
  EXPECT_EQ(OfFacts(T::VERIFY_NATIONALITY, "the migrant says: born on 3 May 2002"), kPersonText);
}

TEST(OpenTexts, WarnInEachTextOfTheRequest) {
  const char* text = "V-1, born on 3 May 2002";
  const auto told = [&](const Change& change) { return EarlyFindings(T::VICTIM_REFERRAL, change); };
  const auto at = [](const char* field) {
    return Found{Cat({"W R-SEAL-01.person_text request.", field})};
  };
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) { r.set_purpose(text); }), at("purpose"));
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) { r.mutable_items(0)->add_questions(text); }),
            at("items[0].questions[0]"));
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) { r.mutable_items(0)->set_reason(text); }),
            at("items[0].reason"));
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) {
              r.mutable_referral()->set_non_punishment_note(text);
            }),
            at("referral.non_punishment_note"));
}

// A request with a victim and somebody who is not protected.
Found Both(const char* text) {
  return EarlyFindings(T::TAKE_EVIDENCE, [&](v1::Request& r, CheckContext&) {
    r.clear_persons();
    v1::Person& suspect = *r.add_persons();
    suspect.set_ref("P-1");
    suspect.add_roles("SUSPECT");
    suspect.set_name("Dario Vell");
    v1::Person& victim = *r.add_persons();
    victim.set_ref("V-1");
    victim.add_roles("VICTIM");
    victim.set_sealed(true);
    victim.set_age_status("ADULT");
    r.mutable_items(0)->set_person_ref("P-1");
    r.set_facts_summary(text);
  });
}

TEST(OpenTexts, NoteOnlyWhatIsOfSomebodyElse) {
  const auto has = [](const Found& found, const Found& one) {
    return std::includes(found.begin(), found.end(), one.begin(), one.end());
  };
  for (const char* text : {"Dario Vell, born on 2 May 1980, recruited the victim V-1.",
                           "V-1 was recruited by P-1, passport QT4471209.",
                           "The suspect's telephone is +999 123 456 789.",
                           "V-1 was heard. Vell, born 02.05.1980, kept her papers."}) {
    EXPECT_TRUE(has(Both(text), kOtherText)) << text;
    EXPECT_FALSE(has(Both(text), kPersonText)) << text;
  }
  for (const char* text : {"Dario Vell, born on 2 May 1980, recruited V-1, born on 3 May 2002.",
                           "P-1 kept the passport of V-1: passport QT4471209.",
                           "P-1 recruited the girl Lina Orsay."}) {
    EXPECT_TRUE(has(Both(text), kPersonText)) << text;
  }
}

TEST(OpenTexts, AreSilentWithoutAProtectedPersonOrWithoutPersonalData) {
  EXPECT_EQ(OfFacts(T::EXTRADITE, "Dario Vell, born on 2 May 1980, passport QT4471209."), Found{});
  for (const char* text :
       {"V-1 was found on 2026-02-01 at 04:10 with 14 passports and 1200000 XTS in cash.",
        "The presumed victim wishes to return. The duty desk of the police: +999 123 456 789.",
        "Six persons came on MV ESTRELA DO SUL, IMO 9074729."}) {
    EXPECT_EQ(OfFacts(T::VICTIM_REFERRAL, text), Found{}) << text;
  }
}

// Long and full of data, as a peer may send it.
TEST(OpenTexts, EndInTime) {
  for (const char* one : {"P-1 was born on 2 May 1980 and saw ", "P-1 was born on 2 May 1980. "}) {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += one;
    EXPECT_FALSE(OfFacts(T::VICTIM_REFERRAL, text.c_str()).empty());
  }
}

// --- R-HR-12, R-TIP-05: the referral

Found OfReferral(const std::function<void(v1::VictimReferral&)>& change, const char* to = "QT") {
  return EarlyFindings(T::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext& context) {
    context.requested_state = to;
    if (r.has_handling()) {
      r.mutable_handling()->clear_release_states();
      r.mutable_handling()->add_release_states(context.requesting_state);
      r.mutable_handling()->add_release_states(to);
    }
    context.now = "2026-11-28T09:00:00Z";
    change(*r.mutable_referral());
  });
}

TEST(Referral, NeedsConsentToTheStateThatTheMessageGoesTo) {
  const std::string consent = "E R-HR-12.consent request.referral.consent",
                    other = "N R-HR-12.other_state request.referral.receiving_state";
  // The form says QT.
  EXPECT_EQ(OfReferral([](auto&) {}, "QN"), (Found{consent, other}));
  EXPECT_EQ(OfReferral([](auto& v) { v.mutable_consent()->add_to_share("QN"); }, "QN"),
            Found{other});
  EXPECT_EQ(OfReferral(
                [](auto& v) {
                  v.mutable_consent()->set_to_share(0, "QN");
                  v.set_receiving_state("QN");
                },
                "QN"),
            Found{});
  // To who receives the victim as well.
  EXPECT_EQ(OfReferral([](auto& v) { v.set_receiving_state("QN"); }), (Found{consent, other}));
  EXPECT_EQ(OfReferral([](auto& v) { v.set_life_in_danger(true); }, "QN"), Found{other});
}

TEST(Referral, ReflectionIsNoShorterThanThirtyDaysAndNotOver) {
  const auto period = [](const char* identified, const char* until, const char* status) {
    return OfReferral([&](auto& v) {
      v.set_identified_at(identified);
      v.set_reflection_until(until);
      v.set_status(status);
    });
  };
  const std::string brief = "W R-TIP-05.short request.referral.reflection_until",
                    over = "N R-TIP-05.over request.referral.status";
  EXPECT_EQ(period("2026-10-14", "2026-10-20", "REFLECTION_PERIOD"), (Found{brief, over}));
  EXPECT_EQ(period("2026-11-10", "2026-12-08", "REFLECTION_PERIOD"), Found{brief});
  EXPECT_EQ(period("2026-11-10", "2026-12-09", "REFLECTION_PERIOD"), Found{});
  EXPECT_EQ(period("2026-11-10T14:00:00Z", "2026-12-10", "REFLECTION_PERIOD"), Found{});
  EXPECT_EQ(period("2026-09-01", "2026-11-27", "REFLECTION_PERIOD"), Found{over});
  EXPECT_EQ(period("2026-09-01", "2026-11-28", "REFLECTION_PERIOD"), Found{});
  EXPECT_EQ(period("2026-09-01", "2026-10-15", "RETURN_VOLUNTARY"), Found{});
  EXPECT_EQ(period("2026-10-14", "2026-10-20", "RESIDENCE_PERMIT"), Found{});
}

// --- R-SOM-08: at sea

TEST(Boarding, RescueComesFirstWhereLifeIsInDanger) {
  const auto told = [](const Change& change) {
    Found rescue;
    for (const std::string& one :
         EarlyFindings(T::BOARDING_AUTHORIZATION, [&](v1::Request&r, CheckContext&context) {
           context.now = "2026-03-02T04:00:00Z";
           r.mutable_items(0)->mutable_position()->set_at("2026-03-02T03:12:00Z");
           r.mutable_items(0)->mutable_persons_on_board()->set_medical_emergency(false);
           change(r, context);
         })) {
      if (one.find("R-SOM-08") != std::string::npos) rescue.insert(one);
    }
    return rescue;
  };
  const Found warned = {"W R-SOM-08.vessel request.items[0].position"};
  const auto ill = [](v1::Request& r) {
    r.mutable_items(0)->mutable_persons_on_board()->set_medical_emergency(true);
  };
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) { ill(r); }), warned);
  EXPECT_EQ(told([](v1::Request& r, CheckContext&) {
              r.add_offence()->mutable_som()->add_aggravating("ENDANGERING_LIFE");
            }),
            warned);
  EXPECT_EQ(told([](v1::Request& r, CheckContext&) {
              r.mutable_items(0)->set_risk_to_life("smoke below deck");
            }),
            warned);
  EXPECT_EQ(told([](v1::Request&, CheckContext&) {}), Found{});
  // A day later the position helps nobody.
  EXPECT_EQ(told([&](v1::Request& r, CheckContext& context) {
              ill(r);
              context.now = "2026-03-03T03:12:01Z";
            }),
            Found{});
  // The request is the alert.
  EXPECT_EQ(told([&](v1::Request& r, CheckContext&) {
              ill(r);
              r.add_items()->set_type(T::DISTRESS_ALERT);
            }),
            Found{});
}

TEST(Boarding, AnAnswerThatIsNeededInThePastIsNoted) {
  const auto by = [](const char* until) {
    return EarlyFindings(T::BOARDING_AUTHORIZATION, [&](v1::Request& r, CheckContext& context) {
      context.now = "2026-03-02T04:00:00Z";
      r.mutable_items(0)->set_response_needed_by(until);
    });
  };
  EXPECT_EQ(by("2026-03-02T03:59:00Z"),
            Found{"N R-GEN-01.answer_past request.items[0].response_needed_by"});
  EXPECT_EQ(by("2026-03-02T06:30:00Z"), Found{});
}

// --- R-DRG-01, R-USE-01, R-WLD-05, R-WLD-07

TEST(Delivery, HoldsNoMoreOfASubstanceThanTheWholeConsignment) {
  const auto with = [](double quantity, const char* unit) {
    return EarlyFindings(T::CONTROLLED_DELIVERY,
                         [&](v1::Request& r, CheckContext&) {
                           v1::Item& item = *r.mutable_items(0);
                           item.mutable_consignment()->set_quantity(2.4);
                           item.mutable_consignment()->set_unit("kg");
                           item.clear_substances();
                           v1::SubstanceAmount& part = *item.add_substances();
                           part.set_name("powder without a name");
                           part.set_quantity(quantity);
                           part.set_unit(unit);
                         })
        .contains("N R-DRG-01.more request.items[0].substances");
  };
  EXPECT_TRUE(with(2400, "kg"));
  EXPECT_TRUE(with(2401 * 1.01, "g"));
  EXPECT_FALSE(with(2400, "g"));
  EXPECT_FALSE(with(0.5, "kg"));
  EXPECT_FALSE(with(2400, "tablet")) << "nobody knows what one weighs";
}

TEST(Release, AReceiverOutsideTheListIsAWarning) {
  const auto listed = [](const char* state) {
    return EarlyFindings(T::SEIZURE_NOTICE, [&](v1::Request& r, CheckContext& context) {
      r.mutable_handling()->clear_release_states();
      r.mutable_handling()->add_release_states(context.requesting_state);
      r.mutable_handling()->add_release_states(state);
    });
  };
  EXPECT_EQ(listed("QN"), (Found{"N R-USE-01.third request.handling.release_states",
                                 "W R-USE-01.receiver request.handling.release_states"}));
  EXPECT_EQ(listed("QT"), Found{});
}

TEST(CitesPermit, ThatIsInDoubtMayBeAskedAbout) {
  const auto asked = [](const Change& change) {
    return EarlyFindings(T::VERIFY_CITES_PERMIT, [&](v1::Request& r, CheckContext& context) {
      r.mutable_items(0)->set_qty_seen(18);
      r.mutable_items(0)->add_consignments("QMZU1200451");
      change(r, context);
    });
  };
  const Found errors = {"E R-WLD-05.consignments request.items[0].consignments",
                        "E R-WLD-07.quantity request.items[0].qty_seen"};
  const Found warnings = {"W R-WLD-05.asked request.items[0].consignments",
                          "W R-WLD-07.asked request.items[0].qty_seen"};
  EXPECT_EQ(asked([](v1::Request&, CheckContext&) {}), errors);
  EXPECT_EQ(asked([](v1::Request& r, CheckContext&) { r.mutable_items(0)->set_suspicion("-"); }),
            errors);
  EXPECT_EQ(asked([](v1::Request& r, CheckContext&) {
              r.mutable_items(0)->set_suspicion("18 m3 were found, the permit is for 12");
            }),
            warnings);
  EXPECT_EQ(asked([](v1::Request& r, CheckContext&) {
              v1::SeizedObject& seized = *r.mutable_items(0)->mutable_seizure();
              seized.set_what("6 m3 of logs");
            }),
            warnings);
}

// --- R-LANG-01, R-HR-01, R-GEN-01: what to do next

std::vector<Finding> FoundInBody(T::Code type, const Change& change) {
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  change(*body.mutable_request(), context);
  std::vector<Finding> all = CheckForms(body);
  for (const Finding& f : CheckBody(context, body)) all.push_back(f);
  return all;
}

TEST(Language, WhichAreAcceptedIsTold) {
  const auto found = FoundInBody(T::VICTIM_REFERRAL, [](v1::Request& r, CheckContext& context) {
    r.set_language("es");
    context.accepted_languages = {"en", "pt"};
  });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].what, HasSubstr("it accepts en, pt"));
  EXPECT_THAT(found[0].todo, AllOf(HasSubstr("request.translation"), HasSubstr("certified"),
                                   HasSubstr("of_hash")));
}

TEST(Nationality, AClaimThatNobodySpeaksOfHasItsOwnField) {
  const auto with = [](const char* claim) {
    return EarlyFindings(T::VERIFY_NATIONALITY, [&](v1::Request& r, CheckContext&) {
      r.mutable_items(0)->set_protection_claim(claim);
    });
  };
  EXPECT_EQ(with(""), Found{"E R-HR-01.unclaimed request.items[0].protection_claim"});
  EXPECT_EQ(with("NOT_ASSESSED"), Found{"E R-HR-01.unassessed request.items[0].protection_claim"});
}

TEST(Forms, AHashThatWasCopiedInPartSaysHowManyDigitsItHas) {
  const auto found = FoundInBody(T::VICTIM_REFERRAL, [](v1::Request& r, CheckContext&) {
    r.mutable_items(0)->add_image_hashes(std::string(63, 'a'));
    r.mutable_items(0)->add_image_hashes("sha256:none");
  });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].key, "R-GEN-01.hash_length");
  EXPECT_THAT(found[0].what, HasSubstr("63 hexadecimal digits"));
  EXPECT_EQ(found[1].key, "R-GEN-01.hash");
}

TEST(Forms, ATimeIsAskedForWithItsHour) {
  const auto at = [](const char* time) {
    return EarlyFindings(T::BOARDING_AUTHORIZATION, [&](v1::Request& r, CheckContext&) {
      r.mutable_items(0)->mutable_position()->set_at(time);
    });
  };
  const Found hour = {"E R-GEN-01.instant request.items[0].position.at"};
  EXPECT_EQ(at("2026-11-28 02:40"), hour);
  EXPECT_EQ(at("28.11.2026"), hour);
  EXPECT_EQ(EarlyFindings(T::VERIFY_CITES_PERMIT,
                          [](v1::Request& r, CheckContext&) {
                            r.mutable_items(0)->mutable_permit()->set_granted("10.1.2030");
                          }),
            Found{"E R-GEN-01.date request.items[0].permit.granted"});
}

TEST(Json, AnUnknownFieldIsToldWithTheNearest) {
  const auto nearest = [](const std::string& json) {
    const Finding said = FindingOf(BodyFromJson(json).status());
    return said.args.empty() ? said.key : said.args[0].second;
  };
  EXPECT_EQ(nearest(R"({"request": {"persons": [{"dob": "x"}]}})"), "date_of_birth");
  EXPECT_EQ(nearest(R"({"request": {"items": [{"qty_note": "x"}]}})"), "qty_seen");
  EXPECT_EQ(nearest(R"({"request": {"translation": {"certified_by": "x"}}})"), "certified");
  EXPECT_EQ(nearest(R"({"request": {"fact_summary": "x"}})"), "facts_summary");
  EXPECT_EQ(nearest(R"({"request": {"weather": "x"}})"), "R-GEN-01.unknown_field");
  EXPECT_EQ(nearest(R"({"request": {"Purpose of Maria": "x"}})"), "R-GEN-01.unknown_field");
  EXPECT_THAT(
      std::string(BodyFromJson(R"({"request": {"persons": [{"dob": "x"}]}})").status().message()),
      HasSubstr("the field dob is not known here; nearest is date_of_birth"));
}

// --- R-GEN-04 and the table of fields

TEST(FormLeft, NamesWhatIsMadeUpInAFormBesideNamesAndPlaces) {
  const auto left = [](T::Code type) {
    const auto fields = FieldsOfExample(TemplateForType(type));
    return Found(fields.begin(), fields.end());
  };
  const auto has = [&](T::Code type, const char* field) {
    EXPECT_TRUE(left(type).contains(field)) << field;
  };
  has(T::BOARDING_AUTHORIZATION, "request.items[0].grounds");
  has(T::BOARDING_AUTHORIZATION, "request.items[0].persons_on_board");
  has(T::TRACE_FIREARM, "request.items[0].recovery.circumstances");
  has(T::PRODUCT_ALERT, "request.alert.product");
  has(T::PRODUCT_ALERT, "request.alert.gtin");
  has(T::PRODUCT_ALERT, "request.alert.harm_reports");
  has(T::PRODUCT_ALERT, "request.alert.finding");
  has(T::PRODUCT_ALERT, "request.alert.sample_chain");
  has(T::CONTROLLED_DELIVERY, "request.items[0].consents[0].ref");
  has(T::CONTROLLED_DELIVERY, "request.items[0].legs[0].state");
  has(T::EXTRADITE, "request.persons[0].nationality");
  has(T::EXTRADITE, "request.offence[0].domestic_ref");
  has(T::FREEZE, "request.items[0].property.amount");
  has(T::VICTIM_REFERRAL, "request.referral.receiving_state");
  has(T::VICTIM_REFERRAL, "request.referral.consent.to_share[0]");
  // The question is not answered beforehand.
  const v1::Item asked = TemplateForType(T::VERIFY_NATIONALITY).request().items(0);
  EXPECT_EQ(asked.status_at_entry(), "UNKNOWN");
  EXPECT_EQ(asked.status_now(), "UNKNOWN");
}

TEST(FieldsOfForm, ThatTheExampleLacksAPersonIsSaidOfNoFieldOfAnother) {
  std::set<std::string> must;
  for (const FieldNeed& need : MoreFieldsOfForm(T::EXTRADITE)) {
    if (need.severity == Severity::kError && need.rule == "R-EXT-01") must.insert(need.path);
  }
  EXPECT_THAT(must, IsEmpty());
  bool guardian = false;
  for (const FieldNeed& need : MoreFieldsOfForm(T::EXTRADITE)) {
    guardian |= need.path == "request.persons[0].guardian" && need.rule == "R-HR-08";
  }
  EXPECT_TRUE(guardian) << "what a child needs is still told";
  bool name = false;
  for (const FieldNeed& need : FieldsOfForm(T::EXTRADITE)) {
    name |= need.path == "request.persons[0].name" && need.rule == "R-EXT-01";
  }
  EXPECT_TRUE(name);
}

}  // namespace
}  // namespace palermo::casework
