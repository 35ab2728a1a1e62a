// What must not stand in the clear of a referral, a document check, a selector and a warning.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/field_words.h"
#include "node/casework/form_check.h"
#include "node/casework/form_left.h"
#include "node/casework/forms.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using Found = std::set<std::string>;

// "R-SEAL-01.ref request.referral.pseudonym" for each finding of a form that was changed.
Found FoundSealed(T::Code type, const std::function<void(v1::Request&, CheckContext&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  change(*body.mutable_request(), context);
  Found found;
  for (const auto& all : {CheckBody(context, body), CheckForms(body), CheckUsual(context, body)}) {
    for (const Finding& f : all) found.insert(Cat({f.key, " ", f.field}));
  }
  return found;
}

Found Referred(const std::function<void(v1::VictimReferral&, v1::Item&)>& change) {
  return FoundSealed(T::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext&) {
    change(*r.mutable_referral(), *r.mutable_items(0));
  });
}

TEST(Referral, ShowsNoNameWhereThePseudonymBelongs) {
  EXPECT_EQ(Referred([](v1::VictimReferral&, v1::Item&) {}), Found{});
  EXPECT_EQ(Referred([](v1::VictimReferral& v, v1::Item& item) {
              v.set_pseudonym("Lina Orsay");
              item.set_person_ref("Lina Orsay");
            }),
            (Found{"R-SEAL-01.ref request.items[0].person_ref",
                   "R-SEAL-01.ref request.referral.pseudonym"}));
  // Elsewhere an item may be about somebody who is not listed.
  const auto asked = [](const char* ref) {
    return FoundSealed(T::TAKE_EVIDENCE, [&](v1::Request& r, CheckContext&) {
      v1::Person& victim = *r.add_persons();
      victim.set_ref("V-9");
      victim.add_roles("VICTIM");
      victim.set_sealed(true);
      r.mutable_items(0)->set_person_ref(ref);
    });
  };
  EXPECT_EQ(asked("Lina Orsay"), Found{"R-SEAL-01.ref request.items[0].person_ref"});
  EXPECT_EQ(asked("the registrar"), Found{});
  EXPECT_EQ(asked("V-9"), Found{});
}

TEST(Referral, TellsNothingOfTheVictimsHealthInClear) {
  const auto needs = [](const char* text) {
    return Referred([&](v1::VictimReferral& v, v1::Item&) {
      v.clear_special_needs();
      v.add_special_needs(text);
    });
  };
  const Found told = {"R-SEAL-01.health request.referral.special_needs[0]"};
  for (const char* text : {"HIV positive, under treatment", "AIDS", "hepatitis C",
                           "under psychiatric care", "туберкулёз", "艾滋病"}) {
    EXPECT_EQ(needs(text), told) << text;
  }
  const Found noted = {"R-SEAL-01.condition request.referral.special_needs[0]"};
  for (const char* text : {"pregnancy", "is pregnant", "беременность", "怀孕"}) {
    EXPECT_EQ(needs(text), noted) << text;
  }
  for (const char* text : {"MEDICAL", "a room on the ground floor", "hearing aids", "vegetarian",
                           "female staff", "medical care"}) {
    EXPECT_EQ(needs(text), Found{}) << text;
  }
  EXPECT_EQ(Referred([](v1::VictimReferral& v, v1::Item&) { v.add_needs("HIV treatment"); }),
            Found{"R-SEAL-01.health request.referral.needs[3]"});
  EXPECT_EQ(Referred([](v1::VictimReferral& v, v1::Item&) {
              v.mutable_identification()->add_indicators("raped twice");
            }),
            Found{"R-SEAL-01.health request.referral.identification.indicators[2]"});
}

TEST(Referral, GivesNoAddressOfAShelter) {
  const auto received = [](const char* body) {
    return Referred([&](v1::VictimReferral& v, v1::Item&) { v.set_receiving_body(body); });
  };
  EXPECT_EQ(received("safe house, 12 Rose Lane, Port-Sel"),
            Found{"R-SEAL-01.shelter request.referral.receiving_body"});
  EXPECT_EQ(received("House of the Harbour, Temburra City"), Found{});
  EXPECT_EQ(received("Road to Freedom, 24h house, Port-Sel"), Found{});
  EXPECT_EQ(received("Association 1901"), Found{});
  // Whatever the house is called.
  for (const char* house :
       {"Women's refuge, 4 Quay Street", "Shelter of the Ministry, Rose Lane 12, Port-Sel",
        "safe house, Rose Lane, 12", "Foyer d'accueil, 12 rue des Lilas", "Приют, ул. Садовая, 5",
        "Albergue Aurora, calle 9 de Julio 120", "Centre d'accueil, 3 impasse du Port",
        "Frauenhaus, Rosenstraße 4", "Aurora, 12 Rose St"}) {
    EXPECT_EQ(received(house), Found{"R-SEAL-01.shelter request.referral.receiving_body"}) << house;
  }
  // An authority has its address on its letterhead.
  for (const char* office :
       {"Ministry of Justice, 4 Quay Street, Temburra City", "Central Authority, 12 Rose Lane",
        "Ministère de la Justice, 12 rue de la Paix", "Refugee Office, 3 Harbour Road",
        "Fiscalía General, calle Mayor 3", "Министерство юстиции, ул. Садовая, 5",
        "Police headquarters, victims' unit, 1 Harbour Road", "shelter of the Ministry, Port-Sel",
        "St Mary's shelter, open 24 hours"}) {
    EXPECT_EQ(received(office), Found{}) << office;
  }
  EXPECT_EQ(Referred([](v1::VictimReferral& v, v1::Item&) {
              v.mutable_return_plan()->set_origin_contact("refuge, 12 Rose Lane");
            }).count("R-SEAL-01.shelter request.referral.return_plan.origin_contact"),
            1U);
}

// A text that is there for something else is no place for what a doctor knows either.
TEST(Referral, WarnsOfHealthInItsOtherTexts) {
  const std::string key = "R-SEAL-01.health_open ";
  const auto described = [](const char* text) {
    return Referred([&](v1::VictimReferral&, v1::Item& item) { item.set_description(text); });
  };
  for (const char* text :
       {"She was diagnosed last week.", "V-1 is HIV positive.", "The victim has AIDS.",
        "A pregnant woman is referred.", "She had an illegal abortion.",
        "She needs her medication every day.", "La victime est enceinte.", "Está embarazada.",
        "У неё диагноз и ВИЧ.", "她怀孕了"}) {
    EXPECT_EQ(described(text), Found{key + "request.items[0].description"}) << text;
  }
  for (const char* text :
       {"Please inform the health authority.", "A medical examination is requested.",
        "Housing near the diagnostic centre.", "She uses hearing aids.", "Иван Петрович ждёт её.",
        "Medical care and counselling.", "The operation was called off.",
        "V-1 was made to pack falsified medication.", "Elle emballait des médicaments contrefaits.",
        "Her father died in a suicide attack."}) {
    EXPECT_EQ(described(text), Found{}) << text;
  }
  EXPECT_EQ(Referred([](v1::VictimReferral& v, v1::Item&) {
              v.set_non_punishment_note("not punished for the abortion");
              v.mutable_proceedings()->add_protective_measures("a pause for her insulin");
            }),
            (Found{key + "request.referral.non_punishment_note",
                   key + "request.referral.proceedings.protective_measures[1]"}));
  // Of a victim wherever she is described, of nobody else.
  const auto person = [&](const char* role) {
    return FoundSealed(T::TAKE_EVIDENCE,
                       [&](v1::Request& r, CheckContext&) {
                         r.mutable_persons(0)->clear_roles();
                         r.mutable_persons(0)->add_roles(role);
                         r.mutable_persons(0)->set_description("pregnant");
                       })
        .count(key + "request.persons[0].description");
  };
  EXPECT_EQ(person("VICTIM"), 1U);
  EXPECT_EQ(person("EXPERT"), 0U);
}

TEST(Children, NamedInTheClearAreToldOfWhateverTheirRole) {
  const auto named = [](const char* role, const char* age) {
    return FoundSealed(T::TAKE_EVIDENCE, [&](v1::Request& r, CheckContext&) {
      v1::Person& p = *r.mutable_persons(0);
      p.clear_roles();
      p.add_roles(role);
      p.set_age_status(age);
      p.set_name("Timo Moor");
      p.set_guardian("Office for Children of Temburra");
      p.set_juvenile_handling("a judge for juveniles decides");
    });
  };
  for (const char* role : {"FAMILY_MEMBER", "SUSPECT", "WITNESS"}) {
    EXPECT_EQ(named(role, "CHILD").count("R-SEAL-01.child request.persons[0].name"), 1U) << role;
    EXPECT_EQ(named(role, "ADULT").count("R-SEAL-01.child request.persons[0].name"), 0U) << role;
  }
}

// --- 2.5: a document is verified by what stands in it

TEST(Documents, WhatIsVerifiedStandsInClearThoughItsHolderIsSealed) {
  const auto verified = [](std::vector<IdentityToken> tokens, const char* description,
                           const char* ref) {
    const LeakScanner scanner(std::move(tokens));
    return FoundSealed(T::VERIFY_DOCUMENT, [&](v1::Request& r, CheckContext& c) {
      r.mutable_items(0)->set_description(description);
      r.mutable_items(0)->set_person_ref(ref);
      c.sealed_identities = &scanner;
    });
  };
  const std::vector<IdentityToken> holder = {{IdentityKind::kName, "Alix Msample", "M-1"},
                                             {IdentityKind::kNumber, "QT4471209", "M-1"}};
  EXPECT_EQ(verified(holder, "is the passport genuine?", ""), Found{});
  EXPECT_EQ(verified(holder, "is the passport genuine?", "M-1"), Found{});
  EXPECT_EQ(verified(holder, "is the passport of Alix genuine?", "M-1"),
            Found{"R-SEAL-02.leak request.items[0].description"});
  // Of somebody else it may tell nothing.
  const Found others = {"R-SEAL-02.leak request.items[0].document_number"};
  EXPECT_EQ(verified({{IdentityKind::kNumber, "QT4471209", "V-7"}}, "is it genuine?", "M-1"),
            others);
}

// --- Selectors

Found Selected(
    const char* kind, const char* value,
    const std::function<void(v1::Selector&)>& more = [](v1::Selector&) {}) {
  return FoundSealed(T::PRESERVE_DATA, [&](v1::Request& r, CheckContext&) {
    v1::Selector& one = *r.mutable_items(0)->mutable_selectors(0);
    one.Clear();
    one.set_kind(kind);
    one.set_value(value);
    more(one);
  });
}

TEST(Selectors, HaveAKindOfTheListOrAWordThatMeansOne) {
  const std::string kind = " request.items[0].selectors[0].kind";
  for (const char* word : {"FOO", "BLOB", "10"}) {
    EXPECT_EQ(Selected(word, "x"), Found{"R-GEN-01.word" + kind}) << word;
  }
  for (const char* word : {"EMAIL", "e-mail", "Mailbox"}) {
    EXPECT_EQ(Selected(word, "alix.sample@mail.example"), Found{}) << word;
  }
  EXPECT_EQ(Selected("account id", "alix_77"), Found{});
  EXPECT_EQ(Selected("wallet", "x1"), Found{});
  EXPECT_EQ(SelectorKind("IPv4 address"), "IP");
  EXPECT_EQ(SelectorKind("Credit card number"), "CARD");
  EXPECT_EQ(SelectorKind("nothing"), "");
  const FieldWords* words = FindWords("Selector", "kind");
  ASSERT_NE(words, nullptr);
  for (std::string_view word : words->words) EXPECT_EQ(SelectorKind(word), word);
}

TEST(Selectors, AnAddressIsOneByWhateverWord) {
  const std::string at = " request.items[0].selectors[0].";
  for (const char* word : {"IP", "ip", "IPV4", "IP address"}) {
    EXPECT_EQ(Selected(word, "10.0.0.4"),
              (Found{"R-CYB-IP.time" + at + "at", "R-CYB-IP.private" + at + "ip",
                     "R-CYB-IP.port" + at + "port"}))
        << word;
  }
  EXPECT_EQ(Selected("OTHER", "10.0.0.4").count("R-CYB-IP.private" + at + "ip"), 1U);
  EXPECT_EQ(Selected("DEVICE", "aa:bb:cc:dd:ee:ff"), Found{});
  EXPECT_EQ(Selected("IP", "203.0.113.77",
                     [](v1::Selector& s) {
                       s.set_at("2026-01-09T21:14:05Z");
                       s.set_port(70000);
                     }),
            Found{"R-CYB-IP.port_range" + at + "port"});
}

// Other services have other identifiers.
TEST(Selectors, OfAKindOfTheirOwnAreNoted) {
  const Found noted = {"R-GEN-01.own_word request.items[0].selectors[0].kind"};
  EXPECT_EQ(Selected("SIGNAL_ID", "alix.77"), noted);
  EXPECT_EQ(Selected("XMR",
                     "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb9"
                     "8uNbr2VBBEt7f2wfn3RVGQBEP3A"),
            noted);
  EXPECT_EQ(Selected("ICQ", "12 345 678"), noted);
  EXPECT_EQ(Selected("Telegram handle", "@alix_77"), Found{});
  // Nothing that names something, or no word at all.
  const Found told = {"R-GEN-01.word request.items[0].selectors[0].kind"};
  EXPECT_EQ(Selected("SIGNAL_ID", "the one that he uses"), told);
  EXPECT_EQ(Selected("7", "alix_77"), told);
}

TEST(Selectors, OfAnAddressMayHoldItsPort) {
  const auto at = [](v1::Selector& s) { s.set_at("2026-01-09T21:14:05Z"); };
  EXPECT_EQ(Selected("IP_PORT", "203.0.113.77:51234", at), Found{});
  EXPECT_EQ(Selected("IP", "[2001:db8::7]:443", at), Found{});
  EXPECT_EQ(Selected("IP", "203.0.113.77:70000", at),
            Found{"R-CYB-IP.port_range request.items[0].selectors[0].port"});
  EXPECT_EQ(Selected("IP_PORT", "10.0.0.4:51234", at),
            Found{"R-CYB-IP.private request.items[0].selectors[0].ip"});
}

TEST(Selectors, AnAddressUnderAnotherKindIsTold) {
  const std::string at = " request.items[0].selectors[0].kind";
  for (const char* kind : {"HOST", "DOMAIN", "DEVICE", "hostname"}) {
    EXPECT_EQ(Selected(kind, "203.0.113.77").count("R-CYB-IP.kind" + at), 1U) << kind;
    EXPECT_EQ(Selected(kind, "2001:db8::7").count("R-CYB-IP.kind" + at), 1U) << kind;
    EXPECT_EQ(Selected(kind, "mail.example").count("R-CYB-IP.kind" + at), 0U) << kind;
  }
}

TEST(Selectors, AVersionOrAnObjectIdentifierIsNoAddress) {
  for (const char* value : {"10.0.19045.3412", "1.2.840.113549"}) {
    for (const char* kind : {"OTHER", "DEVICE", "VERSION", "OID"}) {
      for (const std::string& found : Selected(kind, value)) {
        EXPECT_EQ(found.rfind("R-CYB-IP", 0), std::string::npos) << kind << " " << found;
        EXPECT_EQ(found.rfind("R-ID-", 0), std::string::npos) << kind << " " << found;
      }
    }
  }
  EXPECT_EQ(Selected("Software version", "10.0.19.4"),
            Found{"R-GEN-01.own_word request.items[0].selectors[0].kind"});
}

// However the kind is written, its check is made, and the value is named.
TEST(Selectors, AreCheckedByWhateverWord) {
  const std::string at = " request.items[0].selectors[0].value";
  for (const char* kind : {"BTC", "Bitcoin", "bitcoin address"}) {
    EXPECT_EQ(Selected(kind, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
              Found{"R-ID-BTC.check" + at})
        << kind;
    EXPECT_EQ(Selected(kind, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), Found{}) << kind;
  }
  EXPECT_EQ(Selected("Ethereum address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"),
            Found{"R-ID-ETH.check" + at});
  EXPECT_EQ(Selected("IMEI number", "490154203237517"), Found{"R-ID-IMEI.check" + at});
  EXPECT_EQ(Selected("IBAN no.", "QV48VSTB00012345678901"), Found{"R-ID-IBAN.check" + at});
  EXPECT_EQ(Selected("bank account", "QV48VSTB00012345678901"), Found{"R-ID-IBAN.check" + at});
  EXPECT_EQ(Selected("IMO number", "9074728"), Found{"R-ID-IMO.check" + at});
}

TEST(Selectors, SayWhatTheyName) {
  const std::string at = " request.items[0].selectors[0].value";
  EXPECT_EQ(Selected("EMAIL", ""), Found{"R-GEN-01.selector_value" + at});
  EXPECT_EQ(Selected("EMAIL", "not"), Found{"R-GEN-01.selector_form" + at});
  EXPECT_EQ(Selected("URL", "notaurl"), Found{"R-GEN-01.selector_form" + at});
  EXPECT_EQ(Selected("IMSI", "123456789012345678"), Found{"R-GEN-01.selector_form" + at});
  EXPECT_EQ(Selected("IMSI", "299010123456789"), Found{});
}

TEST(Selectors, AreShownWithValueAndWordsAmongTheFields) {
  for (T::Code type : {T::PRESERVE_DATA, T::SUBSCRIBER_INFO}) {
    bool value = false;
    for (const FieldNeed& need : MoreFieldsOfForm(type)) {
      value = value || need.path == "request.items[0].selectors[0].value";
    }
    EXPECT_TRUE(value) << T::Code_Name(type);
  }
}

// --- A warning for public health

TEST(Warning, IsApprovedByTwoAndNotTwiceByOne) {
  const auto approved = [](std::vector<std::string> by) {
    return FoundSealed(
               T::PUBLIC_HEALTH_RELEASE,
               [&](v1::Request& r, CheckContext&) {
                 *r.mutable_public_release()->mutable_approved_by() = {by.begin(), by.end()};
               })
        .count("R-GEN-01.release_approval request.public_release.approved_by");
  };
  EXPECT_EQ(approved({"QM/health/o-1", "QM/health/o-2"}), 0U);
  EXPECT_EQ(approved({"X", "X"}), 1U);
  EXPECT_EQ(approved({"Ana Vell", "ANA  VELL "}), 1U);
  EXPECT_EQ(approved({"Ana Vell", " "}), 1U);
}

TEST(Warning, ThatIsThePrintedFormIsSeen) {
  v1::CaseBody body = TemplateForType(T::PUBLIC_HEALTH_RELEASE);
  EXPECT_FALSE(FieldsOfExample(body).empty());
  v1::PublicRelease& release = *body.mutable_request()->mutable_public_release();
  release.set_text("Tablets of the batch 77-B hold no active substance.");
  release.set_advice("Do not take them; bring them to a pharmacy.");
  release.clear_approved_by();
  release.add_approved_by("QM/health/o-1");
  release.add_approved_by("QM/health/o-2");
  EXPECT_THAT(FieldsOfExample(body), ::testing::IsEmpty());
}

}  // namespace
}  // namespace palermo::casework
