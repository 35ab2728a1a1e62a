// Values that look odd in an officer's own request, each with one beside it that must stay good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/substances.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using T = v1::AssistanceType;
using Change = std::function<void(v1::Request& r)>;
using Keys = std::vector<std::string>;

// What the desk says of an officer's own request, changed.
Keys KeysWith(T::Code type, const Change& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  CheckContext context = ContextOfForm(type);
  context.urgency = v1::Urgency::ROUTINE;
  Keys keys;
  for (const Finding& f : CheckUsual(context, body)) {
    EXPECT_EQ(f.severity, Severity::kNote) << f.key;
    keys.push_back(f.key);
  }
  return keys;
}

struct Row {
  const char* key;
  T::Code type;
  std::vector<std::string> odd, good;
  void (*set)(v1::Request& r, const std::string& value);
};

// house: long function because it is one table
TEST(Values, WhatLooksOddIsANoteAndWhatIsRightIsNot) {
  const Row rows[] = {
      {"R-GEN-01.phone",
       T::TAKE_EVIDENCE,
       {"call me", "12", "+331"},
       {"+33 6 12 34 56 78", "0033612345678", "(+49) 30 123456 ext. 12", ""},
       [](v1::Request& r, const std::string& v) { r.mutable_contact()->set_phone(v); }},
      {"R-GEN-01.phone",
       T::TAKE_EVIDENCE,
       {"call me"},
       {"+999 12 345 678"},
       [](v1::Request& r, const std::string& v) { r.mutable_persons(0)->set_phone(v); }},
      {"R-GEN-01.issued_ahead",
       T::VERIFY_LICENCE,
       {"2031-01-01", "2031"},
       {"2020-01-01", ""},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_licence()->set_issued_at(v);
         r.mutable_items(0)->mutable_licence()->set_expires_at("2039-01-01");
       }},
      {"R-GEN-01.issued_ahead",
       T::VERIFY_CITES_PERMIT,
       {"2031-01-01"},
       {"2020-01-01", ""},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_permit()->set_no("QT/2031/7");
         r.mutable_items(0)->mutable_permit()->set_granted(v);
         r.mutable_items(0)->mutable_permit()->set_valid_to("2039-01-01");
       }},
      {"R-GEN-01.taxon",
       T::VERIFY_CITES_PERMIT,
       {"leopard cat thing"},
       {"Panthera onca", "Dalbergia nigra", ""},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_permit()->mutable_items(0)->set_taxon(v);
       }},
      {"R-GEN-01.hs",
       T::TIMBER_TRACE,
       {"logs", "44", "44034"},
       {"440349", "4403", "4403.49", "4403490000"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_timber()->set_hs(v);
       }},
      {"R-GEN-01.hs",
       T::VERIFY_LICENCE,
       {"93"},
       {"930200"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_licence()->mutable_goods(0)->set_hs(v);
       }},
      {"R-GEN-01.locode",
       T::CONTROLLED_DELIVERY,
       {"QM1AB"},
       {"QTMBA", "the port", "MILAN", "Paris"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_legs(0)->set_exit(v);
       }},
      {"R-GEN-01.wallet",
       T::PAYMENT_LEAD,
       {"foo", "not known yet, ask the exchange"},
       {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_lead()->set_crypto_address(v);
       }},
      {"R-GEN-01.serial",
       T::TRACE_FIREARM,
       {std::string(41, 'A')},
       {"QX-77041", std::string(40, 'A')},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_firearm()->set_serial(v);
       }},
      {"R-GEN-01.year",
       T::TRACE_FIREARM,
       {"20x5"},
       {"2019", "19", ""},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_firearm()->mutable_marks(0)->set_year(v);
       }},
      {"R-GEN-01.locality",
       T::SEIZURE_NOTICE,
       {"nest at 35.51234, 15.25001"},
       {"QMPAL", "Palermo district 4", "shed 1.2, row 3.4"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_seizure()->set_place(v);
       }},
      {"R-GEN-01.order",
       T::VERIFY_DOCUMENT,
       {"2024-01-01"},
       {"2031-05-16", "2025-05-17", ""},
       [](v1::Request& r, const std::string& v) { r.mutable_items(0)->set_document_expires(v); }},
      {"R-GEN-01.order",
       T::VERIFY_LICENCE,
       {"2020-01-01"},
       {"2030-07-15"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_licence()->set_expires_at(v);
       }},
      {"R-DOC-01.number",
       T::VERIFY_DOCUMENT,
       {"QT0000001"},
       {"QT4471209", "QT 447-1209", "qt4471209", ""},
       [](v1::Request& r, const std::string& v) { r.mutable_items(0)->set_document_number(v); }},
      {"R-GEN-01.sea_measure",
       T::BOARDING_AUTHORIZATION,
       {"SINK", "board"},
       {"BOARD", "SEARCH", "SEIZE"},
       [](v1::Request& r, const std::string& v) { r.mutable_items(0)->set_requested(0, v); }},
      {"R-GEN-01.craft_kind",
       T::BOARDING_AUTHORIZATION,
       {"YACHT", "PRIVATE"},
       {"COAST_GUARD", "WARSHIP", "CUSTOMS"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_boarding_unit()->set_kind(v);
       }},
      {"R-GEN-01.place_of_safety",
       T::BOARDING_AUTHORIZATION,
       {""},
       {"QMPAL"},
       [](v1::Request& r, const std::string& v) {
         r.mutable_items(0)->mutable_disembarkation_proposal()->set_place_of_safety(v);
       }},
      {"R-GEN-01.national",
       T::TRANSFER_SENTENCED_PERSON,
       {"QM", ""},
       {"QT"},
       [](v1::Request& r, const std::string& v) { r.mutable_persons(0)->set_nationality(v); }},
  };
  for (const Row& row : rows) {
    for (const std::string& value : row.odd) {
      EXPECT_THAT(KeysWith(row.type, [&](v1::Request& r) { row.set(r, value); }), Contains(row.key))
          << value;
    }
    for (const std::string& value : row.good) {
      EXPECT_THAT(KeysWith(row.type, [&](v1::Request& r) { row.set(r, value); }),
                  Not(Contains(row.key)))
          << value;
    }
  }
}

TEST(Values, NumbersOutOfRangeAreTold) {
  const auto at_sea = [](const Change& change) { return KeysWith(T::FLAG_CONFIRMATION, change); };
  for (const double course : {-1.0, 400.0}) {
    EXPECT_THAT(at_sea([&](v1::Request& r) {
                  r.mutable_items(0)->mutable_position()->set_course_deg(course);
                }),
                ElementsAre("R-GEN-01.motion"));
  }
  EXPECT_THAT(
      at_sea([](v1::Request& r) { r.mutable_items(0)->mutable_position()->set_speed_kn(-3); }),
      ElementsAre("R-GEN-01.motion"));
  EXPECT_THAT(at_sea([](v1::Request& r) {
                r.mutable_items(0)->mutable_position()->set_course_deg(360);
                r.mutable_items(0)->mutable_position()->set_speed_kn(0);
              }),
              IsEmpty());
  const auto left = [](uint32_t months) {
    return KeysWith(T::TRANSFER_SENTENCED_PERSON,
                    [&](v1::Request& r) { r.mutable_items(0)->set_remaining_months(months); });
  };
  EXPECT_THAT(left(5), ElementsAre("R-GEN-01.rest"));
  EXPECT_THAT(left(6), IsEmpty());
  EXPECT_THAT(KeysWith(T::VERIFY_LICENCE,
                       [](v1::Request& r) {
                         r.mutable_items(0)->mutable_licence()->mutable_goods(0)->set_quantity(-1);
                       }),
              ElementsAre("R-GEN-01.below_nought"));
  EXPECT_THAT(KeysWith(T::SEIZURE_NOTICE,
                       [](v1::Request& r) { r.mutable_items(0)->mutable_seizure()->Clear(); }),
              ElementsAre("R-GEN-01.seized_what"));
}

// What the flag state needs to find the vessel, unless it has confirmed its register already.
TEST(Values, ABoardingSaysWhichVesselAndWhere) {
  const auto bare = [](v1::Request& r) {
    v1::Item& item = *r.mutable_items(0);
    item.clear_position();
    item.mutable_vessel()->clear_name();
    item.mutable_vessel()->clear_port_of_registry();
  };
  EXPECT_THAT(KeysWith(T::BOARDING_AUTHORIZATION, bare),
              ElementsAre("R-GEN-01.needed", "R-GEN-01.needed", "R-GEN-01.needed"));
  EXPECT_THAT(KeysWith(T::BOARDING_AUTHORIZATION,
                       [&](v1::Request& r) {
                         bare(r);
                         r.mutable_items(0)->set_flag_confirmation_ref("QT-FC-2026-3");
                       }),
              IsEmpty());
}

TEST(Values, InterpretersWithoutALanguageAreNone) {
  v1::CaseBody body = TemplateForType(T::BOARDING_AUTHORIZATION);
  auto& plan = *body.mutable_request()->mutable_items(0)->mutable_safety_plan();
  const auto told = [&] {
    const auto findings = CheckBody(ContextOfForm(T::BOARDING_AUTHORIZATION), body);
    return findings.size() == 1 && findings[0].key == "R-HR-06.interpreters";
  };
  EXPECT_FALSE(told());
  plan.set_interpreters(0, " ");
  EXPECT_TRUE(told());
  plan.add_interpreters("fr");
  EXPECT_FALSE(told());
}

struct Amount {
  const char* name;
  const char* cas;
  const char* schedule;
  const char* unit;
  Keys told;
};

TEST(Values, NameNumberAndScheduleOfASubstanceBelongTogether) {
  for (const Amount& row : {
           Amount{"cocaine", "50-36-2", "1961 I", "kg", {}},
           {"cocaine", "50-36-2", "1988 I", "kg", {"R-GEN-01.schedule"}},
           {"cocaine", "", "1971 IV", "kg", {"R-GEN-01.schedule"}},
           {"Fentanyl", "50-36-2", "", "g", {"R-GEN-01.substance"}},
           {"heroin", "561-27-3", "1961 IV", "g", {}},
           {"acetone", "67-64-1", "1988 II", "l", {}},
           {"acetone", "67-64-1", "1988 I", "l", {"R-GEN-01.schedule"}},
           // A salt and what nobody knows yet are not judged.
           {"cocaine hydrochloride", "53-21-4", "1961 I", "kg", {}},
           {"cocaine", "53-21-4", "1961 I", "kg", {}},
           {"substance without a name yet", "", "1971 II", "g", {}},
           {"MDMA", "42542-10-9", "1971 I", "tablets", {}},
           {"MDMA", "42542-10-9", "1971 I", "bags", {"R-GEN-01.unit"}},
           {"LSD", "50-37-3", "1971 I", "blotters", {}},
           {"cocaine", "50-36-2", "1961 I", "Kg", {}},
       }) {
    v1::SubstanceAmount s;
    s.set_name(row.name);
    s.set_cas(row.cas);
    s.set_schedule(row.schedule);
    s.set_unit(row.unit);
    std::vector<Finding> findings;
    LookAtSubstance(s, "request.items[0].substances[0]", findings);
    Keys keys;
    for (const Finding& f : findings) keys.push_back(f.key);
    EXPECT_EQ(keys, row.told) << row.name << " " << row.cas << " " << row.schedule;
  }
}

// R-TER-01 stands by the area, whatever is asked and in whichever family.
TEST(Values, TerrorismNeedsItsArticleInEveryFamily) {
  for (const T::Code type : {T::FTF_TRAVEL_INFO, T::FINANCING_LEAD, T::ARTEFACT_FORENSIC}) {
    v1::CaseBody body = TemplateForType(type);
    v1::Request& r = *body.mutable_request();
    const auto told = [&] {
      for (const Finding& f : CheckBody(ContextOfForm(type), body)) {
        if (f.rule == "R-TER-01") return true;
      }
      return false;
    };
    r.mutable_offence(0)->clear_unscr_ref();
    EXPECT_FALSE(told()) << T::Code_Name(type);
    r.mutable_basis()->set_instrument("UNTOC");
    r.mutable_basis()->clear_articles();
    r.mutable_basis()->add_articles("UNTOC 27");
    EXPECT_TRUE(told()) << T::Code_Name(type);
    r.mutable_offence(0)->set_unscr_ref("S/RES/1373 (2001)");
    EXPECT_FALSE(told()) << T::Code_Name(type);
  }
}

}  // namespace
}  // namespace palermo::casework
