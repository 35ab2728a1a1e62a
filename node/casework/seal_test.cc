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
                       s.set_at("2030-01-09T21:14:05Z");
                       s.set_port(70000);
                     }),
            Found{"R-CYB-IP.port_range" + at + "port"});
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
