// Safeguards that a word does not open: "none" is no assessment, a second entry
// is no way round the role of a victim, a consent that nobody told of is none.
#include "node/casework/statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/identifiers.h"
#include "node/casework/persons.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using Set = std::set<std::string>;
using Change = std::function<void(v1::Request&)>;

// "E R-HR-01.assessment request.items[0].safety_assessment" for each finding of
// the template of `type`, changed; without what the template itself is told.
Set ToldOfForm(T::Code type, const Change& change) {
  const auto all = [&](const v1::CaseBody& body) {
    Set found;
    for (const Finding& f : CheckBody(ContextOfForm(type), body)) {
      if (f.key == "R-GEN-01.needed") continue;
      found.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key, " ", f.field}));
    }
    return found;
  };
  v1::CaseBody body = TemplateForType(type);
  const Set before = all(body);
  change(*body.mutable_request());
  Set found = all(body);
  for (const std::string& old : before) found.erase(old);
  return found;
}

constexpr const char* kEmptyWords[] = {
    "",           " ",         "-",         "--",           "?",          "...",
    "n/a",        "N.A.",      "none",      "None.",        "NONE",       "no",
    "to follow",  "TO_FOLLOW", "not done",  "not done yet", "to be done", "pending",
    "unknown",    "TBD",       "keine",     "folgt",        "aucune",     "à venir",
    "en attente", "ninguna",   "pendiente", "nessuna",      "нет",        "ещё нет",
    "неизвестно", "无",        "待定。",    "لا يوجد",      "لاحقًا",      "000"};
constexpr const char* kStatements[] = {
    "none: first export",
    "no danger was found; hearing of 2030-02-20",
    "no danger",
    "not compelled",
    "h",
    "hash:1",
    "G-1",
    "the mother",
    "pending: hearing on 2030-04-01 before the court of Port-Sel",
    "нет опасности"};

TEST(Statements, AreNotMadeByAWordForNothing) {
  for (const char* word : kEmptyWords) {
    EXPECT_TRUE(SaysNothing(word)) << word;
    EXPECT_TRUE(NamesNoMark(word)) << word;
  }
  for (const char* word : kStatements) EXPECT_FALSE(SaysNothing(word)) << word;
  for (const char* word : {"removed", "Obliterated", "illisible", "no serial number", "спилен"}) {
    EXPECT_TRUE(NamesNoMark(word)) << word;
    EXPECT_FALSE(SaysNothing(word)) << word;
  }
  for (const char* mark : {"QX-77041", "A1", "7", "NONE-SUCH 12", "X 00123"}) {
    EXPECT_FALSE(NamesNoMark(mark)) << mark;
  }
  EXPECT_FALSE(SaysNothing(std::string(1000, 'n')));
}

struct Gate {
  const char* name;
  T::Code type;
  std::function<void(v1::Request&, const std::string&)> write;
  std::string expected;  // of an empty word
};

void SetPerson(v1::Request& r, std::initializer_list<const char*> roles) {
  r.mutable_persons(0)->clear_roles();
  for (const char* role : roles) r.mutable_persons(0)->add_roles(role);
}

const Gate kGates[] = {
    {"travel document", T::ISSUE_TRAVEL_DOCUMENT,
     [](v1::Request& r, const std::string& w) { r.mutable_items(0)->set_safety_assessment(w); },
     "E R-HR-01.assessment request.items[0].safety_assessment"},
    {"disembarkation", T::BOARDING_AUTHORIZATION,
     [](v1::Request& r, const std::string& w) {
       r.mutable_items(0)->mutable_disembarkation_proposal()->set_refoulement_assessment(w);
     },
     "E R-HR-01.assessment "
     "request.items[0].disembarkation_proposal.refoulement_assessment"},
    {"grounds at sea", T::BOARDING_AUTHORIZATION,
     [](v1::Request& r, const std::string& w) { r.mutable_items(0)->set_grounds(w); },
     "E R-SEA-01.grounds request.items[0].grounds"},
    {"preservation", T::PRESERVE_DATA,
     [](v1::Request& r, const std::string& w) { r.mutable_items(0)->set_necessity(w); },
     "E R-CYB-01.missing request.items[0].necessity"},
    {"guardian", T::CHILD_RETURN,
     [](v1::Request& r, const std::string& w) { r.mutable_persons(0)->set_guardian(w); },
     "E R-HR-08.guardian request.persons[0].guardian"},
    {"best interests", T::CHILD_RETURN,
     [](v1::Request& r, const std::string& w) { r.mutable_referral()->set_best_interests_note(w); },
     "E R-HR-08.interests request.referral.best_interests_note"},
    {"return", T::RETURN_PLAN,
     [](v1::Request& r, const std::string& w) {
       r.mutable_referral()->mutable_return_plan()->set_safety_assessment_hash(w);
     },
     "E R-HR-01.assessment "
     "request.referral.return_plan.safety_assessment_hash"},
    {"non-punishment", T::RETURN_PLAN,
     [](v1::Request& r, const std::string& w) {
       SetPerson(r, {"VICTIM", "SUSPECT"});
       r.mutable_persons(0)->set_non_punishment_review(w);
     },
     "W R-TIP-06.compelled request.persons[0].roles"},
    {"migrant", T::VERIFY_NATIONALITY,
     [](v1::Request& r, const std::string& w) {
       SetPerson(r, {"SMUGGLED_MIGRANT", "SUSPECT"});
       r.mutable_persons(0)->set_separate_offence_ref(w);
     },
     "E R-SOM-05.suspect request.persons[0].roles"},
    {"persecution", T::TAKE_EVIDENCE,
     [](v1::Request& r, const std::string& w) {
       r.mutable_persons(0)->add_persecution_indicators("POLITICAL_OPINION");
       r.mutable_persons(0)->set_persecution_review(w);
     },
     "W R-HR-03.review request.persons[0].persecution_review"},
    {"third parties", T::ENFORCE_CONFISCATION_ORDER,
     [](v1::Request& r, const std::string& w) { r.mutable_items(0)->set_third_party_notice(w); },
     "E R-AR-03.notice request.items[0].third_party_notice"},
    {"family", T::TRANSFER_SENTENCED_PERSON,
     [](v1::Request& r, const std::string& w) {
       r.mutable_items(0)->mutable_family_ties()->set_effect("FARTHER");
       r.mutable_items(0)->mutable_family_ties()->set_reason(w);
     },
     "W R-HR-16.farther request.items[0].family_ties.reason"},
    {"serial", T::TRACE_FIREARM,
     [](v1::Request& r, const std::string& w) {
       v1::Firearm& f = *r.mutable_items(0)->mutable_firearm();
       f.clear_marks();
       f.clear_import_mark();
       f.clear_explanation();
       f.clear_forensic_note();
       f.clear_serial_state();
       f.set_class_("PISTOL");
       f.set_serial(w);
     },
     "E R-FAP-01.marks request.items[0].firearm.serial"},
};

TEST(Statements, OfWhichNothingIsSaidOpenNoGate) {
  for (const Gate& gate : kGates) {
    SCOPED_TRACE(gate.name);
    const auto with = [&](const std::string& word) {
      return ToldOfForm(gate.type, [&](v1::Request& r) { gate.write(r, word); });
    };
    for (const char* word : {"", "none", "n/a", "to follow", "not done yet", "-"}) {
      EXPECT_THAT(with(word), ::testing::Contains(gate.expected)) << word;
    }
    // Who says something is not stopped.
    for (const char* word : {"QX-77041: served on 2026-01-20", "none: reviewed on 2026-01-20"}) {
      EXPECT_THAT(with(word), ::testing::Not(::testing::Contains(gate.expected))) << word;
    }
  }
}

TEST(Statements, OfASerialThatWasRemovedAskForTheMarksOrTheLaboratory) {
  const auto with = [](const char* serial, const char* note) {
    return ToldOfForm(T::TRACE_FIREARM, [&](v1::Request& r) {
      kGates[std::size(kGates) - 1].write(r, serial);
      r.mutable_items(0)->mutable_firearm()->set_forensic_note(note);
    });
  };
  const std::string told = kGates[std::size(kGates) - 1].expected;
  EXPECT_EQ(with("removed", ""), Set{told});
  EXPECT_EQ(with("unknown", "none"), Set{told});
  EXPECT_EQ(with("removed", "etched, nothing came back: report QM-F-77"), Set{});
}

// --- The same person twice

Set ListedTwice(const char* first, const char* second, const Change& change) {
  Set found;
  for (const std::string& one : ToldOfForm(T::TAKE_EVIDENCE, [&](v1::Request& r) {
         r.clear_persons();
         for (const char* role : {first, second}) {
           v1::Person& p = *r.add_persons();
           p.set_ref(r.persons_size() == 1 ? "V-1" : "P-2");
           p.set_sealed(r.persons_size() == 1);
           p.set_age_status("ADULT");
           p.add_roles(role);
         }
         r.mutable_items(0)->set_person_ref("V-1");
         change(r);
       })) {
    if (one.find("R-SOM-05") != one.npos || one.find("R-TIP-06") != one.npos) found.insert(one);
  }
  return found;
}

const Change kSameRef = [](v1::Request& r) { r.mutable_persons(1)->set_ref("V-1"); };
const Change kSameDocument = [](v1::Request& r) {
  r.mutable_persons(0)->set_document_number("QT 447-1209");
  r.mutable_persons(1)->set_document_number("qt4471209");
};

TEST(ListedTwice, AVictimOrMigrantIsNoSuspectBesides) {
  const Set migrant = {"E R-SOM-05.suspect request.persons[1].roles"};
  const Set victim = {"W R-TIP-06.compelled request.persons[1].roles"};
  for (const Change& same : {kSameRef, kSameDocument}) {
    EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT", same), migrant);
    EXPECT_EQ(ListedTwice("PRESUMED_VICTIM", "ACCUSED", same), victim);
  }
  const auto more = [](const Change& change) {
    return [change](v1::Request& r) {
      kSameRef(r);
      change(r);
    };
  };
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT", more([](v1::Request& r) {
                          r.mutable_persons(1)->set_separate_offence_ref("illegal entry");
                        })),
            Set{"E R-SOM-05.entry request.persons[1].separate_offence_ref"});
  // A separate offence, or a review in either entry, is what the rules ask for.
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT", more([](v1::Request& r) {
                          r.mutable_persons(1)->set_separate_offence_ref("PS-2: robbery");
                        })),
            Set{});
  for (int i : {0, 1}) {
    EXPECT_EQ(ListedTwice("VICTIM", "SUSPECT", more([i](v1::Request& r) {
                            r.mutable_persons(i)->set_non_punishment_review("not compelled");
                          })),
              Set{});
  }
}

TEST(ListedTwice, ANationalityThatNobodyWroteHidesNobody) {
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT",
                        [](v1::Request& r) {
                          kSameDocument(r);
                          r.mutable_persons(1)->set_nationality("QT");
                        }),
            Set{"E R-SOM-05.suspect request.persons[1].roles"});
}

TEST(ListedTwice, OthersAreNot) {
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT", [](v1::Request&) {}), Set{});
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "WITNESS", kSameRef), Set{});
  EXPECT_EQ(ListedTwice("WITNESS", "SUSPECT", kSameDocument), Set{});
  // Two states give one number, and a short one is of many.
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT",
                        [](v1::Request& r) {
                          kSameDocument(r);
                          r.mutable_persons(0)->set_nationality("QT");
                          r.mutable_persons(1)->set_nationality("QM");
                        }),
            Set{});
  EXPECT_EQ(ListedTwice("SMUGGLED_MIGRANT", "SUSPECT",
                        [](v1::Request& r) {
                          for (auto& p : *r.mutable_persons()) p.set_document_number("12");
                        }),
            Set{});
}

// --- Consent

TEST(UnsaidConsent, ToAskAboutAVictimsNationalityIsNone) {
  const auto of = [](const char* role, const Change& change) {
    return ToldOfForm(T::VERIFY_NATIONALITY, [&](v1::Request& r) {
      SetPerson(r, {role});
      r.mutable_items(0)->clear_consent_to_contact();
      r.mutable_items(0)->clear_necessity();
      change(r);
    });
  };
  const auto nothing = [](v1::Request&) {};
  const std::string at = " request.items[0].consent_to_contact";
  EXPECT_EQ(of("VICTIM", nothing), Set{"E R-HR-12.nationality" + at});
  EXPECT_EQ(of("PRESUMED_VICTIM", nothing), Set{"E R-HR-12.nationality" + at});
  EXPECT_EQ(of("VICTIM", [](v1::Request& r) { r.mutable_items(0)->set_necessity("none"); }),
            Set{"E R-HR-12.nationality" + at});
  // What the law does not stop.
  EXPECT_EQ(of("VICTIM", [](v1::Request& r) { r.mutable_items(0)->set_consent_to_contact(true); }),
            Set{});
  EXPECT_EQ(of("VICTIM",
               [](v1::Request& r) {
                 r.mutable_items(0)->set_necessity("without papers no doctor may treat her");
               }),
            Set{});
  EXPECT_EQ(of("VICTIM",
               [](v1::Request& r) {
                 r.mutable_persons(0)->set_sealed(true);
                 r.mutable_referral()->set_life_in_danger(true);
               })
                .count("E R-HR-12.nationality" + at),
            0u);
  EXPECT_EQ(of("SMUGGLED_MIGRANT", nothing), Set{});
}

TEST(UnsaidConsent, OfWhoWasNotToldTheRightsIsANote) {
  const auto with = [](const std::function<void(v1::VictimReferral&)>& change) {
    return ToldOfForm(T::VICTIM_REFERRAL, [&](v1::Request& r) { change(*r.mutable_referral()); });
  };
  const std::string at = "N R-HR-12.uninformed request.referral.consent.";
  EXPECT_EQ(with([](auto& v) { v.mutable_consent()->clear_informed_of_rights_at(); }),
            Set{at + "informed_of_rights_at"});
  EXPECT_EQ(with([](auto& v) { v.mutable_consent()->clear_language(); }), Set{at + "language"});
  EXPECT_EQ(with([](auto& v) {
              v.mutable_consent()->clear_language();
              v.set_life_in_danger(true);
            }),
            Set{});
}

TEST(Reflection, IsToldOfWhereAReturnHasADateAndNothingSaysWhenItEnds) {
  const auto with = [](T::Code type, const char* status, const char* identified) {
    return ToldOfForm(type, [&](v1::Request& r) {
      v1::VictimReferral& v = *r.mutable_referral();
      v.clear_reflection_until();
      v.set_identified_at(identified);
      v.set_status(status);
    });
  };
  const Set note = {"N R-TIP-05.unsaid request.referral.reflection_until"};
  EXPECT_EQ(with(T::RETURN_PLAN, "RETURN_VOLUNTARY", ""), note);
  EXPECT_EQ(with(T::RETURN_PLAN, "RESIDENCE_PERMIT", ""), Set{});
  EXPECT_EQ(with(T::RETURN_PLAN, "RETURN_VOLUNTARY", "2026-01-10"), Set{});
  EXPECT_EQ(with(T::CHILD_RETURN, "RETURN_VOLUNTARY", ""), Set{}) << "no victim of trafficking";
}

// --- Elements and ages

TEST(Elements, OfTraffickingThatNobodyToldAreANote) {
  const auto with = [](const Change& change) { return ToldOfForm(T::RETURN_PLAN, change); };
  EXPECT_EQ(with([](v1::Request& r) { r.mutable_offence(0)->clear_tip(); }),
            Set{"N R-TIP-01.unsaid request.offence[0].tip"});
  const auto purpose = [&](const char* word) {
    return with(
        [&](v1::Request& r) { r.mutable_offence(0)->mutable_tip()->set_purposes(0, word); });
  };
  EXPECT_EQ(purpose("FOO"), Set{"N R-TIP-01.purpose_word request.offence[0].tip.purposes"});
  for (const char* known : {"SEXUAL_EXPLOITATION", "ORGAN_REMOVAL", "SERVITUDE", "forced labour",
                            "FORCED_BEGGING", "OTHER"}) {
    EXPECT_EQ(purpose(known), Set{}) << known;
  }
  // A request of another area has offences of its own.
  EXPECT_EQ(ToldOfForm(T::TAKE_EVIDENCE, [](v1::Request&) {}), Set{});
}

TEST(Ages, OfTwoWordsTheYoungerCounts) {
  const auto with = [](const char* of_referral, const char* of_person, const Change& change) {
    return ToldOfForm(T::VICTIM_REFERRAL, [&](v1::Request& r) {
      r.mutable_referral()->set_age_status(of_referral);
      r.mutable_referral()->clear_guardian();
      r.mutable_referral()->clear_best_interests_note();
      for (auto& p : *r.mutable_persons()) {
        p.set_age_status(of_person);
        p.set_guardian("G-1");
      }
      change(r);
    });
  };
  const auto nothing = [](v1::Request&) {};
  const std::string interests = "E R-HR-08.interests request.referral.best_interests_note";
  EXPECT_EQ(with("ADULT", "CHILD", nothing), Set{interests});
  EXPECT_EQ(with("ADULT", "CHILD",
                 [](v1::Request& r) { r.mutable_referral()->set_best_interests_note("heard"); }),
            Set{});
  EXPECT_EQ(with("ADULT", "ADULT", nothing), Set{});
  // Means are asked for only where each victim is an adult, TIP 3(c).
  const auto no_means = [](v1::Request& r) {
    for (auto& o : *r.mutable_offence()) o.mutable_tip()->clear_means();
    r.mutable_referral()->set_guardian("G-1");
    r.mutable_referral()->set_best_interests_note("heard");
  };
  EXPECT_EQ(with("CHILD", "ADULT", no_means), Set{});
  EXPECT_EQ(with("ADULT", "ADULT", no_means), Set{"E R-TIP-02.means request.offence[0].tip.means"});
}

TEST(Sealed, ADescriptionTellsNoDayOfBirth) {
  for (const char* text : {"born 12.03.1999", "Born on 1999-03-12 in Port-Sel",
                           "née le 3 mars 1999", "date of birth: 12/03/99", "born March 12, 1999",
                           "родилась 3 мая 1999", "DOB 12 03 1999"}) {
    EXPECT_TRUE(TellsABirth(text)) << text;
  }
  for (const char* text : {"born in 1999", "left home on 12.03.2025", "a child was born here",
                           "born in Port-Sel, came on 12.03.2025 by bus and by sea, then left",
                           "she bore 2 children", "tall, about 30"}) {
    EXPECT_FALSE(TellsABirth(text)) << text;
  }
  EXPECT_TRUE(TellsAPhone("call +336 12 34 56 78"));
  EXPECT_FALSE(TellsAPhone("wants +2 weeks, 33612345678"));
  const auto with = [](const char* note) {
    return ToldOfForm(T::VICTIM_REFERRAL,
                      [&](v1::Request& r) { r.mutable_persons(0)->set_note(note); });
  };
  EXPECT_EQ(with("born 12.03.1999"), Set{"E R-SEAL-01.told request.persons[0].note"});
  EXPECT_EQ(with("phone +33612345678"), Set{"N R-SEAL-01.phone request.persons[0].note"});
  EXPECT_EQ(with("a woman of about 25, born in the north"), Set{});
}

// --- Small letters

TEST(Identifiers, AreRightInSmallLettersAndWithTheirWord) {
  EXPECT_TRUE(IsIban("gb82west12345698765432"));
  EXPECT_TRUE(IsIban("IBAN GB82 WEST 1234 5698 7654 32"));
  EXPECT_FALSE(IsIban("gb83west12345698765432"));
  EXPECT_TRUE(IsContainer("csqu3054383"));
  EXPECT_FALSE(IsContainer("csqu3054384"));
  EXPECT_TRUE(IsLei("qvfixture00000001275"));
  EXPECT_TRUE(IsPostalItem("ra202601175qw"));
  EXPECT_TRUE(IsVinChecked("1m8gdm9axkp042788"));
  EXPECT_FALSE(IsVinChecked("1m8gdm9a1kp042788"));
  EXPECT_TRUE(IsImoShip("imo 9074729"));
  EXPECT_TRUE(IsAtc("n02be01"));
  EXPECT_TRUE(IsMrz({"p<qtmsample<<alix<<<<<<<<<<<<<<<<<<<<<<<<<<<",
                     "qt44712096qtm9103177<3105168<<<<<<<<<<<<<<<4"}));
  EXPECT_FALSE(IsMrz({"p<qtmsample<<alix<<<<<<<<<<<<<<<<<<<<<<<<<<<",
                      "qt44712095qtm9103177<3105168<<<<<<<<<<<<<<<4"}));
  EXPECT_EQ(NormalIdentifier("IBAN", "IBAN gb82 west 1234 5698 7654 32"), "GB82WEST12345698765432");
  // Of these the case is part of the address.
  EXPECT_TRUE(IsBase58Address("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"));
  EXPECT_FALSE(IsBase58Address("1bvbmseystwetqtfn5au4m4gfg7xjanvn2"));
}

}  // namespace
}  // namespace palermo::casework
