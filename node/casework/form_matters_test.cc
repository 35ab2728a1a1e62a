// What the forms say of their matter: whatever an officer begins, its article, purpose, urgency and
// persons are those of what is asked, and no form speaks of another area.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using T = v1::AssistanceType;
using v1::Family;

std::vector<T::Code> EveryType() {
  std::vector<T::Code> types;
  for (const TypeForm& form : TypeForms()) types.push_back(form.type);
  return types;
}

// Every form that an officer can begin: of each type, and of each type in each of its areas.
template <typename Visit>
void ForEveryForm(const Visit& visit) {
  for (const T::Code type : EveryType()) visit(type, std::string_view());
  for (const AreaForms& area : Areas()) {
    if (area.area == "ANY") continue;
    for (const T::Code type : area.types) visit(type, area.area);
  }
}

std::set<std::string> ArticlesOf(T::Code type, std::string_view area = "") {
  const v1::CaseBody body = TemplateForType(type, area);
  const auto& articles = body.request().basis().articles();
  return {articles.begin(), articles.end()};
}

TEST(FormMatters, EveryFormOfEveryAreaPassesItsOwnCheck) {
  ForEveryForm([](T::Code type, std::string_view area) {
    SCOPED_TRACE(Cat({T::Code_Name(type), " ", area}));
    CheckContext context = ContextOfForm(type);
    for (const v1::CaseBody& body :
         {TemplateForType(type, area), FullTemplateForType(type, area)}) {
      context.urgency = v1::Urgency::ROUTINE;
      EXPECT_EQ(FindingsText(CheckBody(context, body)), "");
      EXPECT_EQ(FindingsText(CheckForms(body)), "");
      // As urgent as its reason says.
      if (body.request().urgency_reason().empty()) continue;
      context.urgency = body.request().urgency_reason() == "LIFE_AT_RISK"
                            ? v1::Urgency::EMERGENCY_LIFE
                            : v1::Urgency::URGENT;
      EXPECT_EQ(FindingsText(CheckBody(context, body)), "");
      EXPECT_EQ(FindingsText(CheckUsual(context, body)), "");
    }
  });
}

// An article that speaks of what is asked, by domain and treaty.
// house: long function because it is one table
TEST(FormMatters, TheArticleSpeaksOfWhatIsAsked) {
  const std::map<T::Code, std::string> article = {
      {T::EXTRADITE, "UNTOC 16"},
      {T::PROVISIONAL_ARREST, "UNTOC 16"},
      {T::FREEZE, "UNTOC 13"},
      {T::TRACE_PROCEEDS, "UNTOC 13"},
      {T::CONFISCATE_BY_RD_ORDER, "UNTOC 13"},
      {T::ASSET_SHARING, "UNTOC 14(3)(b)"},
      {T::ENFORCE_CONFISCATION_ORDER, "UNCAC 55"},
      {T::NON_CONVICTION_CONFISCATION, "UNCAC 54(1)(c)"},
      {T::ASSET_RETURN, "UNCAC 57"},
      {T::DIRECT_RECOVERY_SUPPORT, "UNCAC 53"},
      {T::FIU_INFORMATION, "UNCAC 58"},
      {T::FIU_POSTPONE_TRANSACTION, "UNCAC 58"},
      {T::TRANSFER_SENTENCED_PERSON, "UNTOC 17"},
      {T::TRANSFER_PROCEEDINGS, "UNTOC 21"},
      {T::SET_UP_JIT, "UNTOC 19"},
      {T::JOIN_JIT, "UNTOC 19"},
      {T::UNDERCOVER, "UNTOC 20"},
      {T::CROSS_BORDER_OBSERVATION, "UNTOC 20"},
      {T::ELECTRONIC_SURVEILLANCE, "UNTOC 20"},
      {T::CONTROLLED_DELIVERY, "DRUG88 11"},
      {T::PRE_EXPORT_NOTICE_PRECURSOR, "DRUG88 12(10)"},
      {T::WITNESS_RELOCATION, "UNTOC 24"},
      {T::COOPERATOR_ARRANGEMENT, "UNTOC 26(5)"},
      {T::VERIFY_DOCUMENT, "SOM 13"},
      {T::VERIFY_NATIONALITY, "SOM 18"},
      {T::ISSUE_TRAVEL_DOCUMENT, "SOM 18"},
      {T::PRESERVE_DATA, "BUD 29"},
      {T::DISCLOSE_PRESERVED_TRAFFIC, "BUD 30"},
      {T::ACCESS_STORED_DATA, "BUD 31"},
      {T::REALTIME_TRAFFIC, "BUD 33"},
      {T::INTERCEPT_CONTENT, "BUD 34"},
      {T::FLAG_CONFIRMATION, "SOM 8"},
      {T::BOARDING_AUTHORIZATION, "SOM 8"},
      {T::SUPPRESSION_ASSISTANCE, "SOM 8(1)"},
      {T::TRACE_FIREARM, "FAP 12"},
      {T::VERIFY_LICENCE, "FAP 10"},
      {T::CONFIRM_SHIPMENT_RECEIPT, "FAP 10(4)"},
      {T::VERIFY_CITES_PERMIT, "CITES VI"},
      {T::RETURN_SPECIMEN, "CITES VIII"},
      {T::PIRACY_REPORT, "UNCLOS 100"},
      {T::VICTIM_REFERRAL, "TIP 6"},
      {T::RETURN_PLAN, "TIP 8"},
      {T::CHILD_RETURN, "UNTOC 25"},
      {T::HIT_QUERY, "UNTOC 27(1)(a)"}};
  for (const auto& [type, wanted] : article) {
    EXPECT_THAT(ArticlesOf(type), Contains(wanted)) << T::Code_Name(type);
  }
  EXPECT_THAT(ArticlesOf(T::VERIFY_DOCUMENT, "TRAFFICKING"), Contains("TIP 13"));
  EXPECT_THAT(ArticlesOf(T::VERIFY_NATIONALITY, "TRAFFICKING"), Contains("TIP 8(3)"));
  EXPECT_THAT(ArticlesOf(T::ISSUE_TRAVEL_DOCUMENT, "TRAFFICKING"), Contains("TIP 8(4)"));
  EXPECT_THAT(ArticlesOf(T::CONTROLLED_DELIVERY, "WILDLIFE"), Contains("UNTOC 20"));
  EXPECT_THAT(ArticlesOf(T::BOARDING_AUTHORIZATION, "DRUGS"), Contains("DRUG88 17"));
  EXPECT_THAT(ArticlesOf(T::FREEZE, "CORRUPTION"), Contains("UNCAC 54(2)"));
  EXPECT_THAT(ArticlesOf(T::EXTRADITE, "TERRORISM"), Contains("TF 11"));
  // The general article of assistance stands where assistance is asked for, and nowhere else.
  ForEveryForm([](T::Code type, std::string_view area) {
    const Family::Code family = FindForm(type)->family;
    if (family == Family::MLA || FindForm(type)->bare) return;
    EXPECT_THAT(ArticlesOf(type, area), Not(Contains("UNTOC 18"))) << T::Code_Name(type);
    EXPECT_FALSE(ArticlesOf(type, area).empty()) << T::Code_Name(type);
  });
}

TEST(FormMatters, ThePurposeIsEvidenceOnlyWhereEvidenceIsAsked) {
  ForEveryForm([](T::Code type, std::string_view area) {
    SCOPED_TRACE(Cat({T::Code_Name(type), " ", area}));
    const TypeForm& form = *FindForm(type);
    const std::string purpose = TemplateForType(type, area).request().purpose();
    EXPECT_EQ(purpose.empty(), form.bare);
    // A purpose of its own wherever something else than evidence is asked for.
    if (form.family == Family::MLA) return;
    EXPECT_NE(purpose.rfind("evidence in the investigation", 0), 0u);
  });
  EXPECT_EQ(TemplateForType(T::DISTRESS_ALERT).request().purpose(),
            "rescue of the persons on board");
  EXPECT_EQ(TemplateForType(T::TAKE_EVIDENCE).request().purpose(),
            "evidence in the investigation and at trial in PS-2026-0000");
}

TEST(FormMatters, WhatCannotWaitSaysWhy) {
  const auto reason = [](T::Code type) { return TemplateForType(type).request().urgency_reason(); };
  EXPECT_EQ(reason(T::DISTRESS_ALERT), "LIFE_AT_RISK");
  EXPECT_EQ(reason(T::EMERGENCY_DISCLOSURE), "LIFE_AT_RISK");
  for (const T::Code type : {T::PIRACY_REPORT, T::BOARDING_AUTHORIZATION, T::FLAG_CONFIRMATION,
                             T::SUPPRESSION_ASSISTANCE}) {
    EXPECT_EQ(reason(type), "VESSEL_UNDERWAY") << T::Code_Name(type);
  }
  EXPECT_EQ(reason(T::PRESERVE_DATA), "DATA_VOLATILE");
  EXPECT_EQ(reason(T::PRODUCT_ALERT), "PUBLIC_HEALTH");
  EXPECT_EQ(reason(T::FREEZE), "ASSET_DISSIPATION");
  EXPECT_EQ(reason(T::PROVISIONAL_ARREST), "FLIGHT_RISK");
  // What can wait does.
  for (const T::Code type :
       {T::TAKE_EVIDENCE, T::EXTRADITE, T::TRANSFER_SENTENCED_PERSON, T::VERIFY_NATIONALITY}) {
    EXPECT_EQ(reason(type), "") << T::Code_Name(type);
  }
}

std::set<std::string> RolesIn(T::Code type, std::string_view area = "") {
  std::set<std::string> roles;
  const v1::CaseBody body = TemplateForType(type, area);
  for (const v1::Person& p : body.request().persons()) {
    roles.insert(p.roles().begin(), p.roles().end());
  }
  return roles;
}

TEST(FormMatters, ThePersonsAreThoseWhomItIsAbout) {
  using Roles = std::set<std::string>;
  EXPECT_EQ(RolesIn(T::TRANSFER_SENTENCED_PERSON), Roles{"CONVICTED"});
  EXPECT_EQ(RolesIn(T::EXTRADITE), Roles{"ACCUSED"});
  EXPECT_EQ(RolesIn(T::ENFORCE_CONFISCATION_ORDER), Roles{"CONVICTED"});
  EXPECT_EQ(RolesIn(T::VERIFY_NATIONALITY), Roles{"SMUGGLED_MIGRANT"});
  EXPECT_EQ(RolesIn(T::TAKE_EVIDENCE, "TERRORISM"), Roles{"WITNESS"});
  // Who was trafficked is no smuggled migrant.
  for (const T::Code type : {T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT, T::VERIFY_DOCUMENT}) {
    EXPECT_EQ(RolesIn(type, "TRAFFICKING"), Roles{"PRESUMED_VICTIM"}) << T::Code_Name(type);
  }
  // A rescue, a warning and a question to a register accuse nobody.
  for (const T::Code type :
       {T::DISTRESS_ALERT, T::PIRACY_REPORT, T::PRODUCT_ALERT, T::PRE_EXPORT_NOTICE_PRECURSOR,
        T::VERIFY_LICENCE, T::VERIFY_CITES_PERMIT, T::RETURN_SPECIMEN}) {
    EXPECT_EQ(RolesIn(type), Roles{}) << T::Code_Name(type);
  }
}

// Words that belong to one area alone.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"tablets", "MEDICINES"},
    {"ivory", "WILDLIFE"},
    {"Dalbergia", "WILDLIFE"},
    {"cocaine", "DRUGS"},
    {"fentanyl", "DRUGS"},
    {"pistol", "FIREARMS"},
    {"SMUGGLED_MIGRANT", "SMUGGLING"},
    {"SOM_13", "SMUGGLING"}};

TEST(FormMatters, NoFormSpeaksOfAnotherArea) {
  for (const AreaForms& area : Areas()) {
    for (const T::Code type : area.types) {
      const std::string own(area.area == "ANY" ? "" : area.area);
      const std::string json = BodyToJson(TemplateForType(type, own), false);
      for (const auto& [word, of] : kWords) {
        if (of == own) continue;
        EXPECT_THAT(json, Not(HasSubstr(std::string(word)))) << T::Code_Name(type) << " " << own;
      }
    }
  }
}

TEST(FormMatters, AFormOfAnAreaSaysItsArea) {
  for (const AreaForms& area : Areas()) {
    if (area.area == "ANY") continue;
    for (const T::Code type : area.types) {
      if (FindForm(type)->bare) continue;
      const v1::CaseBody body = TemplateForType(type, area.area);
      EXPECT_EQ(CanonicalArea(body.request().area()), CanonicalArea(area.area))
          << T::Code_Name(type);
    }
  }
}

// What a form says of the thing that it is about fits together.
TEST(FormMatters, TheFactsOfAFormAgree) {
  const v1::CaseBody body = TemplateForType(T::PIRACY_REPORT);
  const v1::Item& piracy = body.request().items(0);
  EXPECT_EQ(piracy.vessel().type(), "tanker");
  EXPECT_EQ(piracy.suspicion(), "PIRACY");
  EXPECT_THAT(piracy.grounds(), Not(HasSubstr("overloaded")));
  // A substance that has no name yet has no number either.
  const v1::CaseBody alert = TemplateForType(T::NPS_ALERT);
  EXPECT_EQ(alert.request().items(0).substances(0).cas(), "");
}

TEST(FormMatters, AreasAreFoundByTheirNames) {
  EXPECT_EQ(*ParseArea("trafficking"), "TRAFFICKING");
  EXPECT_EQ(*ParseArea("DRUGS"), "DRUGS");
  EXPECT_EQ(CodeOf(ParseArea("any").status()), "UNKNOWN_WORD");
  EXPECT_EQ(CodeOf(ParseArea("boats").status()), "UNKNOWN_WORD");
  // A form that is the area's own is begun without it.
  EXPECT_FALSE(FormIsOfArea(T::TRACE_FIREARM, "FIREARMS"));
  EXPECT_FALSE(FormIsOfArea(T::TAKE_EVIDENCE, "ANY"));
  EXPECT_TRUE(FormIsOfArea(T::TAKE_EVIDENCE, "TRAFFICKING"));
  EXPECT_EQ(TemplateForType(T::TAKE_EVIDENCE, "").SerializeAsString(),
            TemplateForType(T::TAKE_EVIDENCE).SerializeAsString());
}

}  // namespace
}  // namespace palermo::casework
