#include "node/casework/intelligence/route_rules.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "node/casework/contents.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/json.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

constexpr char kNow[] = "2026-03-02T09:00:00Z";

v1::RouteReport Good() {
  v1::RouteReport r;
  r.set_route_id("R-1");
  r.set_version(1);
  r.set_kind("SOM_10");
  r.set_originator("QN");
  r.mutable_benefit()->set_kind("FINANCIAL");
  r.mutable_evaluation()->set_scheme("EUROPOL_4X4");
  r.mutable_evaluation()->set_source("B");
  r.mutable_evaluation()->set_info("3");
  r.set_evidence_status("INTELLIGENCE_ONLY");
  r.mutable_period()->set_first_seen("2025-10-01");
  r.mutable_period()->set_last_seen("2026-03-02T03:00:00Z");
  const char* const way[] = {"QTMBA", "QPLAG", "QNHAV"};
  for (int i = 0; i < 2; ++i) {
    auto& leg = *r.add_legs();
    leg.mutable_from()->set_unlocode(way[i]);
    leg.mutable_to()->set_unlocode(way[i + 1]);
    leg.set_mode(v1::TransportMode::SEA);
  }
  auto& label = *r.mutable_label();
  label.set_originator("QN");
  label.add_handling(v1::Handling::H2);
  label.set_tlp(v1::Tlp::AMBER);
  label.add_purposes("INVESTIGATION");
  label.add_release_states("QM");
  return r;
}

// "E R-INT-02": rules found, in order.
std::string Found(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    out += (out.empty() ? "" : ", ") + std::string(SeverityName(f.severity).substr(0, 1)) + " " +
           f.rule;
  }
  return out;
}
template <typename Change>
std::string After(Change change) {
  v1::RouteReport r = Good();
  change(r);
  return Found(CheckRoute(r, kNow, "route_report"));
}

// As the body of a message.
std::string InBody(const v1::RouteReport& r, v1::Family::Code family) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_route_report() = r;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = family;
  context.now = kNow;
  return Found(CheckBody(context, body));
}

TEST(RouteRules, FindNothingInAGoodReport) {
  EXPECT_EQ(After([](auto&) {}), "");
}

TEST(RouteRules, GradesInTheOriginatorsScheme) {
  EXPECT_EQ(After([](auto& r) { r.clear_evaluation(); }), "E R-INT-01");
  EXPECT_EQ(After([](auto& r) { r.set_evidence_status("EVIDENCE"); }), "E R-INT-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_evaluation()->set_source("E"); }), "E R-INT-02");
  EXPECT_EQ(After([](auto& r) { r.mutable_evaluation()->set_info("5"); }), "E R-INT-02");
  EXPECT_EQ(After([](auto& r) { r.mutable_evaluation()->set_scheme("4X4"); }), "E R-INT-02");
  for (const GradingScheme& scheme : GradingSchemes()) {
    for (char source : scheme.source) {
      for (char info : scheme.info) {
        const std::string s(1, source), i(1, info);
        EXPECT_EQ(After([&](auto& r) {
                    r.mutable_evaluation()->set_scheme(std::string(scheme.name));
                    r.mutable_evaluation()->set_source(s);
                    r.mutable_evaluation()->set_info(i);
                  }),
                  "");
        EXPECT_NE(SourceMeaning(scheme.name, s), "");
        EXPECT_NE(InfoMeaning(scheme.name, i), "");
      }
    }
  }
}

TEST(RouteRules, AskThatLegsChain) {
  EXPECT_EQ(After([](auto& r) { r.mutable_legs(1)->mutable_from()->set_unlocode("QPXXX"); }),
            "W R-INT-07");
  // The same place under its name.
  EXPECT_EQ(After([](auto& r) {
              r.mutable_legs(0)->mutable_to()->Clear();
              r.mutable_legs(0)->mutable_to()->set_name("Lagona");
              r.mutable_legs(1)->mutable_from()->Clear();
              r.mutable_legs(1)->mutable_from()->set_name("lagona");
            }),
            "");
}

TEST(RouteRules, TellOfAReportWithoutALeg) {
  const auto told = [](const v1::RouteReport& report) {
    CheckContext context;
    context.family = v1::Family::LAW_ENFORCEMENT_INFO;
    context.act = v1::Act::REQUEST;
    context.now = "2026-03-20T09:00:00Z";
    v1::CaseBody body;
    body.set_version(1);
    *body.mutable_route_report() = report;
    return Found(CheckBody(context, body));
  };
  v1::RouteReport report = Good();
  EXPECT_EQ(told(report), "");
  report.clear_legs();
  EXPECT_EQ(told(report), "N R-INT-07");
}

TEST(RouteRules, ProposeARescueAlertWhileItCanHelp) {
  const auto seen = [](const std::string& when, const std::string& action = "") {
    return After([&](auto& r) {
      r.mutable_legs(1)->add_risk_to_life("DROWNING");
      r.mutable_period()->set_last_seen(when);
      if (!action.empty()) r.add_actions(action);
    });
  };
  EXPECT_EQ(seen("2026-03-02T03:00:00Z"), "W R-SOM-08");
  EXPECT_EQ(seen("2026-03-01T09:00:01Z"), "W R-SOM-08");
  EXPECT_EQ(seen("2026-03-01T09:00:00Z"), "");
  // A day alone may have been its evening.
  EXPECT_EQ(seen("2026-03-01"), "W R-SOM-08");
  EXPECT_EQ(seen("2026-02-28"), "");
  EXPECT_EQ(seen("2026-03-02T03:00:00Z", "SAR_ALERT"), "");
  EXPECT_EQ(seen("2026-03-02T03:00:00Z", "WARNING"), "W R-SOM-08");
  EXPECT_EQ(After([](auto& r) { r.add_risk_to_life("A NEW DANGER"); }), "W R-SOM-08");
  EXPECT_EQ(After([](auto& r) { r.add_risk_to_life("NONE"); }), "");
  v1::RouteReport r = Good();
  r.mutable_legs(1)->add_risk_to_life("DROWNING");
  r.mutable_persons_observed()->set_min(18);
  r.mutable_persons_observed()->set_children(4);
  const v1::RescueAlert alert = ProposeRescueAlert(r);
  EXPECT_EQ(alert.last_place().unlocode(), "QNHAV");
  EXPECT_EQ(alert.risk_to_life(0), "DROWNING");
  EXPECT_EQ(alert.persons_min(), 18u);
  EXPECT_TRUE(alert.children());
}

TEST(RouteRules, SeeTheNewestSightingOfTheReportAndOfItsLegs) {
  const auto seen = [](const std::string& report, const std::string& leg) {
    return After([&](auto& r) {
      r.mutable_legs(0)->add_risk_to_life("DROWNING");
      r.mutable_legs(1)->set_seen_at(leg);
      r.mutable_period()->clear_first_seen();
      r.mutable_period()->set_last_seen(report);
    });
  };
  EXPECT_EQ(seen("2026-02-01", "2026-03-02T08:00:00Z"), "W R-SOM-08");
  EXPECT_EQ(seen("", "2026-03-02T08:00:00Z"), "W R-SOM-08");
  EXPECT_EQ(seen("2026-02-01", "2026-02-02T08:00:00Z"), "");
  // What is not exact counts to its end.
  for (const char* inexact : {"2026-03-02?", "2026-03-XX", "2026-03", "2026-03-0X", "2026",
                              "2026-03-02T07:46Z", "2026-03-02T09:46+02:00"}) {
    EXPECT_EQ(seen(inexact, ""), "W R-SOM-08") << inexact;
    EXPECT_EQ(seen("", inexact), "W R-SOM-08") << inexact;
  }
  for (const char* past : {"2026-02", "2026-02-XX", "2025", "2026-02-28~", "2026-03-01T07:46Z"}) {
    EXPECT_EQ(seen(past, ""), "") << past;
  }
  for (const char* never : {"2026-13-40", "2026-02-30", "2026-00", "2026-3X", "soon", "2026-1"}) {
    EXPECT_EQ(seen("2026-02-01", never), "E R-GEN-01") << never;
    EXPECT_EQ(seen(never, ""), "E R-GEN-01") << never;
  }
  // Without any sighting the case reader says nothing; who sends the report is asked.
  EXPECT_EQ(seen("", ""), "");
  v1::RouteReport r = Good();
  r.clear_period();
  EXPECT_FALSE(NeedsRescueAlert(r, kNow));
  EXPECT_EQ(InBody(r, v1::Family::LAW_ENFORCEMENT_INFO), "");
  r.mutable_legs(0)->add_risk_to_life("DROWNING");
  EXPECT_TRUE(NeedsRescueAlert(r, kNow));
  EXPECT_EQ(InBody(r, v1::Family::LAW_ENFORCEMENT_INFO), "W R-SOM-08");
}

TEST(RouteRules, SendRescuersWhereTheDangerIs) {
  v1::RouteReport r = Good();
  r.mutable_legs(0)->add_risk_to_life("DROWNING");
  r.mutable_legs(0)->mutable_conveyance()->set_type("rubber boat");
  r.mutable_legs(1)->mutable_conveyance()->set_type("truck");
  v1::RescueAlert alert = ProposeRescueAlert(r);
  EXPECT_EQ(alert.last_place().unlocode(), "QPLAG");
  EXPECT_EQ(alert.last_place().name(), "on the way there from QTMBA, no position known");
  EXPECT_EQ(alert.conveyance().type(), "rubber boat");
  EXPECT_EQ(alert.last_seen(), "2026-03-02T03:00:00Z");
  // Of two legs with a danger the one that was seen last, with its time.
  r.mutable_legs(1)->add_risk_to_life("SUFFOCATION");
  EXPECT_EQ(ProposeRescueAlert(r).conveyance().type(), "truck");
  r.mutable_legs(0)->set_seen_at("2026-03-02T08:00:00Z");
  r.mutable_legs(1)->set_seen_at("2026-03-02T07:00:00Z");
  alert = ProposeRescueAlert(r);
  EXPECT_EQ(alert.conveyance().type(), "rubber boat");
  EXPECT_EQ(alert.last_seen(), "2026-03-02T08:00:00Z");
  EXPECT_EQ(alert.risk_to_life_size(), 2);
  // The numbers of the legs say which is the last.
  for (int i = 0; i < 2; ++i) r.mutable_legs(i)->clear_seen_at();
  r.mutable_legs(0)->set_seq(2);
  r.mutable_legs(1)->set_seq(1);
  EXPECT_EQ(ProposeRescueAlert(r).conveyance().type(), "rubber boat");
  r.mutable_legs(0)->mutable_to()->mutable_geo()->set_lat(35.5);
  EXPECT_EQ(ProposeRescueAlert(r).last_place().name(), "");
  r.mutable_legs(0)->clear_to();
  EXPECT_EQ(ProposeRescueAlert(r).last_place().unlocode(), "QTMBA");
  EXPECT_EQ(ProposeRescueAlert(r).last_place().name(), "");
}

TEST(RouteRules, CountPeopleAndMarkThingsOnly) {
  const auto marked = [](const std::string& of) {
    return After([&](auto& r) {
      auto& id = *r.add_identifiers();
      id.set_scheme("PHONE");
      id.set_value("+999123");
      id.set_of(of);
    });
  };
  EXPECT_EQ(marked("SUSPECT"), "");
  EXPECT_EQ(marked("MIGRANT"), "E R-INT-04");
  EXPECT_EQ(marked("VICTIM"), "E R-INT-04");
  EXPECT_EQ(After([](auto& r) {
              r.mutable_persons_observed()->set_min(9);
              r.mutable_persons_observed()->set_max(8);
            }),
            "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) {
              r.mutable_persons_observed()->set_max(8);
              r.mutable_persons_observed()->set_children(9);
            }),
            "E R-GEN-01");
}

TEST(RouteRules, CheckWordsPlacesDatesAndMarks) {
  EXPECT_EQ(After([](auto& r) { r.mutable_legs(0)->add_document_method("MAGIC"); }), "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_legs(0)->add_concealment("MAGIC"); }), "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_legs(0)->mutable_from()->set_unlocode("QN1AB"); }),
            "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_legs(0)->mutable_from()->mutable_geo()->set_lat(90.5); }),
            "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_period()->set_first_seen("2026-04-01"); }), "E R-GEN-01");
  EXPECT_EQ(After([](auto& r) { r.mutable_period()->set_first_seen("01/02/26"); }), "E R-GEN-01");
  for (const char* partial : {"2025", "2025-10", "2025-10-XX", "2025-XX-XX", "2025-10?"}) {
    EXPECT_EQ(After([&](auto& r) { r.mutable_period()->set_first_seen(partial); }), "") << partial;
  }
  EXPECT_EQ(After([](auto& r) {
              auto& id = *r.mutable_legs(0)->mutable_conveyance()->add_identifiers();
              id.set_scheme("IMO");
              id.set_value("2000108");
            }),
            "E R-ID-IMO");
  EXPECT_EQ(After([](auto& r) { r.mutable_benefit()->set_kind("NONE"); }), "W R-SOM-01");
}

TEST(RouteRules, FindWhoIsWhoInJson) {
  const auto personal = [](const std::string& json) {
    return PersonalMembers(ParseJson(json)->struct_value(), "r", InTexts::kPersonalData).size();
  };
  EXPECT_TRUE(
      PersonalMembers(ParseJson(R"({"summary": "Sami Orr, born 1990-01-02"})")->struct_value(), "r")
          .empty())
      << "an officer's report is warned by R-INT-04.text";
  EXPECT_EQ(personal(R"({"persons_observed": {"min": 18, "max": 25, "children": 4}})"), 0u);
  EXPECT_EQ(personal(R"({"persons_observed": {"min": 1, "nationalities": ["QT"]}})"), 0u);
  EXPECT_EQ(personal(R"({"persons_observed": {"min": 1, "names": ["A B"]}})"), 1u);
  EXPECT_EQ(personal(R"({"persons_observed": {"list": [{"who": "A B"}]}})"), 1u);
  EXPECT_EQ(personal(R"({"legs": [{"passengers": ["A B"]}]})"), 1u);
  EXPECT_EQ(personal(R"({"legs": [{"passengers": 12}]})"), 0u);
  EXPECT_EQ(personal(R"({"passport": "T4471209"})"), 1u);
  EXPECT_EQ(personal(R"({"legs": [{"detection_hint": "Sami Orr, born 1990-01-02, row 4"}]})"), 1u);
  // As in an officer's report: in other languages, and what else somebody is found by.
  EXPECT_EQ(personal(R"({"legs": [{"detection_hint": "née le 17 avril 2009"}]})"), 1u);
  EXPECT_EQ(personal(R"({"summary": "call her mother at +999 123 456 789"})"), 1u);
  EXPECT_EQ(personal(R"x({"summary": "call +999 123 456 789 (duty desk)"})x"), 0u);
  EXPECT_EQ(personal(R"({"identifiers": [{"scheme": "MSISDN", "value": "+999123456789"}]})"), 0u);
  EXPECT_EQ(personal(R"({"legs": [{"detection_hint": "stubborn since 2025-01-02"}]})"), 0u);
  EXPECT_EQ(personal(R"({"legs": [{"detection_hint": "two born in 1990"}]})"), 0u);
  EXPECT_EQ(personal(R"({"legs": [{"detection_hint": "two born 2025-10 and 2026-02"}]})"), 0u);
  EXPECT_EQ(personal(R"({"migrants": [{"dob": "1999-01-01"}]})"), 1u);
  EXPECT_EQ(personal(R"({"legs": [{"carrier": {"name": "Fast Bus"}, "from": {"name": "X"}}]})"),
            0u);
}

TEST(RouteRules, WatchWhatFollowsARecord) {
  v1::Reevaluation again;
  again.mutable_evaluation()->set_scheme("NATO_6X6");
  again.mutable_evaluation()->set_source("F");
  again.mutable_evaluation()->set_info("6");
  EXPECT_EQ(Found(CheckReevaluation(again)), "N R-INT-03");
  again.mutable_evaluation()->set_by("QN/central/o-1");
  again.mutable_evaluation()->set_reason("the source was caught lying");
  EXPECT_EQ(Found(CheckReevaluation(again)), "");

  v1::HitFollowUp hit;
  hit.set_decision("RELEASE");
  EXPECT_EQ(Found(CheckHitFollowUp(hit)), "E R-INT-05");
  hit.set_decided_by("QN/central/o-1");
  EXPECT_EQ(Found(CheckHitFollowUp(hit)), "");
  hit.set_automatic(true);
  EXPECT_EQ(Found(CheckHitFollowUp(hit)), "E R-INT-05");

  EXPECT_EQ(Found(CheckAnswers({"QM", "QP"}, {"QM"})), "W R-INT-06");
  EXPECT_EQ(Found(CheckAnswers({"QM", "QP"}, {"QP", "QM"})), "");
}

TEST(RouteRules, RunOnABodyOfTheirFamilies) {
  EXPECT_EQ(InBody(Good(), v1::Family::LAW_ENFORCEMENT_INFO), "");
  EXPECT_EQ(InBody(Good(), v1::Family::SPONTANEOUS), "");
  EXPECT_EQ(InBody(Good(), v1::Family::MLA), "E R-GEN-01");
  v1::RouteReport bad = Good();
  bad.mutable_evaluation()->set_source("Q");
  EXPECT_EQ(InBody(bad, v1::Family::LAW_ENFORCEMENT_INFO), "E R-INT-02");
  bad = Good();
  bad.mutable_benefit()->set_kind("NONE");
  EXPECT_EQ(InBody(bad, v1::Family::LAW_ENFORCEMENT_INFO), "W R-SOM-01");
  bad = Good();
  bad.mutable_label()->clear_purposes();
  EXPECT_EQ(InBody(bad, v1::Family::LAW_ENFORCEMENT_INFO), "E R-GEN-01");
}

TEST(RouteRules, Take200LegsAnd194StatesAndRefuseWhatDoesNotFit) {
  v1::RouteReport r = Good();
  r.clear_legs();
  for (int i = 0; i < 200; ++i) {
    auto& leg = *r.add_legs();
    leg.mutable_from()->set_unlocode(i % 2 == 0 ? "QTMBA" : "QPLAG");
    leg.mutable_to()->set_unlocode(i % 2 == 0 ? "QPLAG" : "QTMBA");
    leg.set_mode(v1::TransportMode::SEA);
  }
  for (int i = 0; i < 193; ++i) r.mutable_label()->add_release_states("QP");
  EXPECT_EQ(InBody(r, v1::Family::LAW_ENFORCEMENT_INFO), "");
  v1::CaseBody body;
  *body.mutable_route_report() = r;
  EXPECT_TRUE(BodyFromJson(BodyToJson(body, false)).ok());
  while (r.legs_size() <= limits::kMaxRouteLegs) {
    auto& leg = *r.add_legs();
    *leg.mutable_from() = r.legs(r.legs_size() - 2).to();
    leg.mutable_to()->set_unlocode("QNHAV");
  }
  EXPECT_EQ(InBody(r, v1::Family::LAW_ENFORCEMENT_INFO).substr(0, 10), "E R-GEN-01");
}

}  // namespace
}  // namespace palermo::casework
