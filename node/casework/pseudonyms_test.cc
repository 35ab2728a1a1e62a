// What stands for a protected person in clear text: pseudonyms, descriptions, places, offices.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/leak_scan.h"
#include "node/casework/persons.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;

using Keys = std::set<std::string>;

Keys KeysOfDraft(Draft& draft) {
  Keys keys;
  for (const Finding& f : draft.Check()) keys.insert(f.key);
  return keys;
}

TEST(Sealed, ADistrictIsNoHouse) {
  const auto at = [](const char* location) {
    const auto type = v1::AssistanceType::VICTIM_REFERRAL;
    v1::CaseBody body = TemplateForType(type);
    body.mutable_request()->mutable_persons(0)->set_location(location);
    Keys keys;
    for (const Finding& f : CheckBody(ContextOfForm(type), body)) keys.insert(f.key);
    return keys;
  };
  EXPECT_EQ(at("District 5, Temburra"), Keys{});
  EXPECT_EQ(at("5e arrondissement, Temburra"), Keys{});
  EXPECT_EQ(at("Quay Street 4"), Keys{"R-SEAL-01.place"});
  EXPECT_EQ(at("District 5, Quay Street 4"), Keys{"R-SEAL-01.place"});
  EXPECT_EQ(at("5 District Road"), Keys{"R-SEAL-01.place"});
}

TEST(Sealed, ATownWithANumberIsNoHouse) {
  for (const char* place :
       {"75011 Paris", "Paris 11e", "Wien, 3. Bezirk", "Port-Sel, d\u00E9partement 13",
        "Lille (59)", "Stockholm, postal code 112 51", "\u5DF4\u9ECE\u7B2C11\u533A",
        "Region of Sud-Kivu, territory 4", "camp 4 of Al-Hol", "13 km north of Port-Sel",
        "since May 2026 in Temburra", "town of 12 000 inhabitants", "near km 41 of the road",
        "SW1A 1AA", "3-\u0439 \u0440\u0430\u0439\u043E\u043D"}) {
    EXPECT_FALSE(NamesAHouse(place)) << place;
  }
  for (const char* house :
       {"Hafenweg 12", "Hafenweg 12b", "12 Harbour Row", "Port-Sel, Quay 4", "1204 Harbour Road",
        "75011 Paris, rue du Port 4", "Hafenweg No12", "Hafenweg n°12", "Les Lilas, apt4",
        "Kirchweg 12-14", "1420 Broadway, Springfield", "北京市朝阳区建国路88号",
        "北京市建国路88号", "\u0443\u043B. 5"}) {
    EXPECT_TRUE(NamesAHouse(house)) << house;
  }
}

TEST(Sealed, APseudonymIsWhatCourtsWrite) {
  for (const char* ref : {"V-1",
                          "V1",
                          "ALPHA",
                          "TP-2026/14",
                          "A.B.",
                          "Victim 1",
                          "Victim A",
                          "Witness Alpha",
                          "Zeuge 1",
                          "Zeuge-1",
                          "Testigo Uno",
                          "T\u00E9moin Alpha",
                          "Opfer Eins",
                          "Source Blue",
                          "Protected Witness Three",
                          "Jane Doe",
                          "Mme X",
                          "N. N.",
                          "\u0421\u0432\u0438\u0434\u0435\u0442\u0435\u043B\u044C \u0410",
                          "\u041F\u043E\u0442\u0435\u0440\u043F\u0435\u0432\u0448\u0430\u044F 1",
                          "\u53D7\u5BB3\u4EBA\u7532",
                          "\u88AB\u5BB3\u4EBA1",
                          "\u0627\u0644\u0636\u062D\u064A\u0629 \u0661"}) {
    EXPECT_FALSE(LooksLikeAName(ref)) << ref;
  }
  for (const char* name :
       {"Anna", "Nina", "Nina A", "Victima Lima", "Witness Una", "证人李", "Person 19900102",
        "Lina Orsay", "Rose", "Witness Anna", "Victim Lina Orsay", "Zeugin Marta", "Blue Heron",
        "Victim Charlie", "\u53D7\u5BB3\u4EBA\u738B\u5C0F\u660E", "\u0410\u043D\u043D\u0430"}) {
    EXPECT_TRUE(LooksLikeAName(name)) << name;
  }
}

TEST(Sealed, ADescriptionWithCapitalsIsNoName) {
  for (const char* text : {"Tall Woman", "Young Woman", "Kurdish Woman", "Femme \u00C2g\u00E9e",
                           "Yeux Bruns", "Mujer Joven", "Ressortissante Temburraise"}) {
    EXPECT_FALSE(IsOnlyAName(text)) << text;
  }
  for (const char* name : {"Lina Orsay", "Anna Young", "Thomas Mann", "Nina Petrovic"}) {
    EXPECT_TRUE(IsOnlyAName(name)) << name;
  }
}

// "Prosecutor's Office, Sofia" has no other name.
TEST(Sealed, AnOfficeMayBeCalledAsSomebodyIs) {
  const LeakScanner sealed({{IdentityKind::kName, "Sofia Ivanova", "V-1"}});
  const auto with = [&](const char* office, const char* facts) {
    Draft draft(Act::REQUEST);
    draft.context.sealed_identities = &sealed;
    draft.body.mutable_request()->set_requesting_authority(office);
    draft.body.mutable_request()->set_facts_summary(facts);
    return KeysOfDraft(draft);
  };
  EXPECT_EQ(with("Prosecutor's Office, Sofia", "the facts of the case"), Keys{"R-SEAL-02.office"});
  EXPECT_EQ(with("Sofia Ivanova", "the facts of the case"), Keys{"R-SEAL-02.leak"});
  EXPECT_EQ(with("Prosecutor's Office, Sofia", "Sofia was there"),
            (Keys{"R-SEAL-02.leak", "R-SEAL-02.office"}));
}

TEST(Sealed, OfficesAreNoWayToTellWhoSomebodyIs) {
  const auto told = [](const char* sealed_name, auto change) {
    const LeakScanner sealed({{IdentityKind::kName, sealed_name, "V-1"}});
    Draft draft(Act::REQUEST);
    draft.context.sealed_identities = &sealed;
    change(*draft.body.mutable_request());
    return KeysOfDraft(draft).count("R-SEAL-02.leak");
  };
  EXPECT_EQ(told("Lina Orsay",
                 [](v1::Request& r) {
                   r.mutable_contact()->set_name("Lina");
                   r.set_requesting_authority("Orsay Court");
                 }),
            1U);
  EXPECT_EQ(told("Suharto", [](v1::Request& r) { r.mutable_contact()->set_name("Suharto"); }), 1U);
  EXPECT_EQ(
      told("Lina Orsay", [](v1::Request& r) { r.mutable_persons(0)->set_guardian("Marie Orsay"); }),
      1U);
}

}  // namespace
}  // namespace palermo::casework
