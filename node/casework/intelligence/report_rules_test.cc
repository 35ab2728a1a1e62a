#include <gtest/gtest.h>

#include "node/casework/contents.h"
#include "node/casework/intelligence/route_csv.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

// "R-INT-04.whose route_report.identifiers[0].of": what is found when this is to be sent.
std::string FoundIn(const v1::CaseBody& body) {
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  context.now = "2026-03-05T09:00:00Z";
  std::string out;
  for (const Finding& f : CheckBody(context, body)) {
    out += (out.empty() ? "" : ", ") + f.key + " " + f.field;
  }
  return out;
}
template <typename Change>
std::string AfterChange(Change change) {
  v1::CaseBody body;
  body.set_version(1);
  v1::RouteReport& route = *body.mutable_route_report();
  route = RouteTemplate();
  route.set_summary("by air with look-alike documents, then by sea");
  route.mutable_legs(1)->mutable_conveyance()->mutable_identifiers(0)->set_value("9074729");
  change(route);
  return FoundIn(body);
}

TEST(ReportRules, FindNothingInTheTemplateThatIsFilledIn) {
  EXPECT_EQ(AfterChange([](auto&) {}), "");
}

TEST(ReportRules, TellWhatIsStillTheFormsOwn) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_route_report() = RouteTemplate();
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  const auto findings = CheckBody(context, body);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "R-GEN-04");
  EXPECT_EQ(findings[0].severity, Severity::kNote);
  for (const char* field : {"route_report.summary", "route_id", "legs[1].conveyance.identifiers"}) {
    EXPECT_NE(findings[0].what.find(field), std::string::npos) << findings[0].what;
  }
  // A number alone may be a service's own.
  EXPECT_EQ(AfterChange([](auto& r) { r.set_route_id("R-2026-001"); }), "");
  EXPECT_EQ(AfterChange([](auto& r) { r.set_summary(RouteTemplate().summary()); }),
            "R-GEN-04.sample ");
}

// What is odd in how it is numbered is told, and stops nothing.
TEST(ReportRules, NoteAVersionAndANumberOfALegThatAreLeftOut) {
  EXPECT_EQ(AfterChange([](auto& r) { r.set_version(0); }),
            "R-GEN-01.version_nought route_report.version");
  const auto numbered = [](uint32_t first, uint32_t second) {
    return AfterChange([&](auto& r) {
      r.mutable_legs(0)->set_seq(first);
      r.mutable_legs(1)->set_seq(second);
    });
  };
  const std::string gap = "R-GEN-01.leg_gap route_report.legs";
  EXPECT_EQ(numbered(1, 3), gap);
  EXPECT_EQ(numbered(2, 3), gap);
  EXPECT_EQ(numbered(1, 4294967295), gap);
  EXPECT_EQ(numbered(1, 2), "");
  EXPECT_EQ(numbered(0, 0), "");
}

// As the record's own evaluation is.
TEST(ReportRules, JudgeTheGradingOfASource) {
  const auto graded = [](const char* scheme, const char* source, const char* handling,
                         const char* at = "") {
    return AfterChange([&](auto& r) {
      r.clear_sources();
      v1::Evaluation& evaluation = *r.add_sources()->mutable_evaluation();
      evaluation.set_scheme(scheme);
      evaluation.set_source(source);
      evaluation.set_info("1");
      evaluation.set_handling(handling);
      evaluation.set_at(at);
    });
  };
  const std::string code = "R-INT-02.code route_report.sources[0].evaluation";
  EXPECT_EQ(graded("UK_5X5X5", "A", "1"), "");
  EXPECT_EQ(graded("UK_5X5X5", "Z", "1"), code);
  EXPECT_EQ(graded("UK_5X5X5", "A", "9"), code);
  EXPECT_EQ(graded("OF_OURS", "A", "1"), code);
  EXPECT_EQ(graded("UK_5X5X5", "A", "1", "yesterday"),
            "R-GEN-01.sighting route_report.sources[0].evaluation.at");
  EXPECT_EQ(graded("UK_5X5X5", "A", "5"),
            "R-GEN-01.scheme_closed route_report.label.release_states");
  // What was taken out of it is no longer bound.
  EXPECT_EQ(AfterChange([](auto& r) {
              v1::ReportSource& source = *r.add_sources();
              source.set_sanitised(true);
              source.mutable_evaluation()->set_scheme("UK_5X5X5");
              source.mutable_evaluation()->set_source("A");
              source.mutable_evaluation()->set_info("1");
              source.mutable_evaluation()->set_handling("5");
            }),
            "");
  EXPECT_EQ(graded("UK_5X5X5", "A", "3"),
            "R-GEN-01.scheme_words route_report.label.other_restrictions");
  EXPECT_EQ(graded("EUROPOL_4X4", "A", "H1"), "R-GEN-01.scheme_code route_report.label.handling");
}

// What a state answered to a warning goes on with its record, also where its program knows a rule
// that ours does not.
TEST(ReportRules, LetTheAnswersOfAnotherStateGoOn) {
  const auto answered = [](const char* sender, const char* rule, const char* reason,
                           const char* state, bool received = false) {
    v1::CaseBody body;
    body.set_version(1);
    *body.mutable_route_report() = RouteTemplate("QN", {"QM"});
    v1::OverriddenFinding& entry = *body.add_overridden();
    entry.set_rule(rule);
    entry.set_reason(reason);
    entry.set_state(state);
    CheckContext context;
    context.act = v1::Act::REQUEST;
    context.family = v1::Family::LAW_ENFORCEMENT_INFO;
    context.requesting_state = sender;
    context.requested_state = "QT";
    context.now = "2026-03-05T09:00:00Z";
    context.received = received;
    std::string out;
    for (const Finding& f : CheckBody(context, body)) {
      if (f.field.substr(0, 10) == "overridden") out += f.key;
    }
    return out;
  };
  const std::string wrong = "R-GEN-01.overridden";
  EXPECT_EQ(answered("QN", "R-INT-04", "he is the organiser", ""), "");
  EXPECT_EQ(answered("QN", "R-NEW-99", "he is the organiser", ""), wrong);
  EXPECT_EQ(answered("QN", "R-INT-04", "x", ""), wrong);
  EXPECT_EQ(answered("QN", "R-NEW-99", "he is the organiser", "", true), "");
  EXPECT_EQ(answered("QM", "R-NEW-99", "he is the organiser", "QN"), "");
  EXPECT_EQ(answered("QM", "R-NEW-99 at route_report.summary", "see the file", "QN"), "");
  EXPECT_EQ(answered("QM", "R-INT-04", "x", "QN"), "");
  EXPECT_EQ(answered("QM", "R-INT-04", "...", "QN"), wrong);
  EXPECT_EQ(answered("QM", "any words", "he is the organiser", "QN"), wrong);
  // Who answered is not the sender, and some state.
  const std::string whose = "R-GEN-01.answered_by";
  EXPECT_EQ(answered("QM", "R-INT-04", "he is the organiser", "QM"), whose);
  EXPECT_EQ(answered("QM", "R-INT-04", "he is the organiser", "the office"), whose);
  EXPECT_EQ(answered("QN", "R-INT-04", "he is the organiser", "QM"), whose);
}

TEST(ReportRules, AskWhoseAMarkIsByWhichPersonsAreFound) {
  const auto marked = [](const std::string& scheme, const std::string& of) {
    return AfterChange([&](auto& r) {
      auto& id = *r.add_identifiers();
      id.set_scheme(scheme);
      id.set_value("+999123456");
      id.set_country("QT");
      id.set_of(of);
    });
  };
  for (const char* scheme : {"DOCUMENT", "PHONE", "document"}) {
    EXPECT_EQ(marked(scheme, ""), "R-INT-04.whose route_report.identifiers[0].of") << scheme;
    EXPECT_EQ(marked(scheme, "THING"), "R-INT-04.whose route_report.identifiers[0].of") << scheme;
  }
  EXPECT_EQ(marked("PHONE", "SUSPECT"), "");
  EXPECT_EQ(marked("DOCUMENT", "ORGANISATION"), "");
  EXPECT_EQ(marked("PLATE", ""), "");
  EXPECT_EQ(AfterChange([](auto& r) {
              auto& id = *r.mutable_legs(0)->mutable_conveyance()->add_identifiers();
              id.set_scheme("DOCUMENT");
              id.set_value("P1234567");
            }),
            "R-INT-04.whose route_report.legs[0].conveyance.identifiers[0].of");
  EXPECT_EQ(AfterChange([](auto& r) {
              auto& id = *r.mutable_network()->add_comms_selectors();
              id.set_scheme("PHONE");
              id.set_value("+999123456");
            }),
            "");
}

// What is found: its sentence and where, below the report.
template <typename Change>
std::string One(Change change) {
  std::string found = AfterChange(change);
  const size_t at = found.find("route_report.");
  return at == std::string::npos ? found : found.erase(at, std::string("route_report.").size());
}

TEST(ReportRules, TakeOnlyWordsOfTheList) {
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->add_purposes("FOO"); }),
            "R-GEN-01.word label.purposes[1]");
  EXPECT_EQ(One([](auto& r) { r.clear_kind(); }), "R-GEN-01.word kind");
  EXPECT_EQ(One([](auto& r) { r.set_kind("FOO"); }), "R-GEN-01.word kind");
  EXPECT_EQ(One([](auto& r) { r.set_subject_area("FOO"); }), "R-GEN-01.word subject_area");
  EXPECT_EQ(One([](auto& r) { r.mutable_period()->set_trend("up"); }),
            "R-GEN-01.word period.trend");
  EXPECT_EQ(One([](auto& r) { r.mutable_confidence()->set_level("97"); }),
            "R-GEN-01.word confidence.level");
  EXPECT_EQ(One([](auto& r) { r.add_actions("FOO"); }), "R-GEN-01.word actions[0]");
  EXPECT_EQ(One([](auto& r) { r.add_parts("g"); }), "R-GEN-01.word parts[0]");
  EXPECT_EQ(One([](auto& r) { r.set_evidence_status("FOO"); }), "R-GEN-01.word evidence_status");
  EXPECT_EQ(One([](auto& r) { r.set_evidence_status("EVIDENCE"); }),
            "R-INT-01.evaluation evaluation");
  EXPECT_EQ(One([](auto& r) { r.mutable_network()->add_roles("COOK"); }),
            "R-GEN-01.word network.roles[0]");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(0)->add_gang_role("COOK"); }),
            "R-GEN-01.word legs[0].gang_role[0]");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(0)->add_document_method("FOO"); }),
            "R-GEN-01.word legs[0].document_method");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->mutable_price()->set_per("HEAD"); }),
            "R-GEN-01.word legs[1].price.per");
  // A danger to life is read as it stands.
  EXPECT_EQ(One([](auto& r) { r.add_risk_to_life("SHARKS"); }), "");
}

TEST(ReportRules, AskForALabelThatWorks) {
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->add_release_states("Panama"); }),
            "R-GEN-01.state_code label.release_states[1]");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->add_withheld_states("q"); }),
            "R-GEN-01.state_code label.withheld_states[0]");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->add_handling(v1::Handling::H3); }),
            "R-GEN-01.h3 label.other_restrictions");
  EXPECT_EQ(One([](auto& r) { r.set_originator("QM"); }), "R-GEN-01.originator label.originator");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_delete_by("soon"); }),
            "R-GEN-01.date label.delete_by");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_delete_by("2020-01-01"); }),
            "R-GEN-01.delete_by label.delete_by");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_delete_by("2027-01-01"); }), "");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_review_at("later"); }),
            "R-GEN-01.date label.review_at");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_tlp(v1::Tlp::RED); }),
            "R-GEN-01.red label.recipients");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->add_recipients("Inspector Lind"); }),
            "R-GEN-01.officer_id label.recipients[0]");
}

TEST(ReportRules, AskForNumbersAndCodesThatCanBe) {
  EXPECT_EQ(One([](auto& r) { r.clear_route_id(); }), "R-GEN-01.report_id route_id");
  EXPECT_EQ(One([](auto& r) { r.set_route_id(std::string(3000, 'R')); }),
            "R-GEN-01.report_id route_id");
  EXPECT_EQ(One([](auto& r) { r.set_route_id("R 1"); }), "R-GEN-01.report_id route_id");
  EXPECT_EQ(One([](auto& r) { r.set_route_id("Р-2026/7"); }), "");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->set_seq(1); }), "R-GEN-01.leg_twice legs[1].seq");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->mutable_price()->set_ccy("EURO"); }),
            "R-GEN-01.currency legs[1].price.ccy");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->mutable_price()->set_minor(-5); }),
            "R-GEN-01.amount legs[1].price");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->mutable_price()->clear_ccy(); }),
            "R-GEN-01.amount legs[1].price");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(0)->set_duration_h_min(-1); }),
            "R-GEN-01.duration legs[0].duration_h_min");
  EXPECT_EQ(One([](auto& r) {
              r.mutable_legs(0)->set_duration_h_min(9);
              r.mutable_legs(0)->set_duration_h_max(4);
            }),
            "R-GEN-01.duration legs[0].duration_h_min");
  EXPECT_EQ(One([](auto& r) {
              auto& geo = *r.mutable_legs(0)->mutable_border_crossing()->mutable_point();
              geo.mutable_geo()->set_lat(95);
            }),
            "R-GEN-01.place legs[0].border_crossing.point.geo");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(0)->mutable_to()->set_country("Panama"); }),
            "R-GEN-01.state_code legs[0].to.country");
  EXPECT_EQ(One([](auto& r) { r.mutable_evaluation()->set_at("now"); }),
            "R-GEN-01.sighting evaluation.at");
}

// Counts of the people on the way, never who they are.
TEST(ReportRules, WarnOfAPersonInAText) {
  const std::string who = "The migrant Lina Orsay, born 2009-04-17, passport P1234567";
  EXPECT_EQ(One([&](auto& r) { r.set_summary(who); }), "R-INT-04.text summary");
  EXPECT_EQ(One([&](auto& r) { r.mutable_legs(0)->set_detection_hint("surname: Orsay"); }),
            "R-INT-04.text legs[0].detection_hint");
  EXPECT_EQ(One([&](auto& r) { r.mutable_label()->set_other_restrictions(who); }),
            "R-INT-04.text label.other_restrictions");
  EXPECT_EQ(One([](auto& r) { r.set_summary("it read P<QTXORSAY<<LINA<<<<<<<<<<<<<<<<<<<<<<<"); }),
            "R-INT-04.text summary");
  // What routes are told of: vessels, prices, days, offices, and a suspect's mark in its field.
  for (const char* text :
       {"MV Maria Stella, IMO 9074729, left QPLAG on 2026-02-27 with 25 people",
        "the passports are look-alikes; 3100 XTS for each person, half of it in advance",
        "call MRCC Haven, +999 123 456 789", "women are told to say that they are sisters",
        "x << y, and a trawler called ESTRELA"}) {
    EXPECT_EQ(One([&](auto& r) { r.set_summary(text); }), "") << text;
  }
  EXPECT_EQ(One([](auto& r) {
              auto& id = *r.add_identifiers();
              id.set_scheme("PHONE");
              id.set_value("+999 123 456 789");
              id.set_of("SUSPECT");
              *r.mutable_network()->add_comms_selectors() = id;
            }),
            "");
}

// A reason goes with it, and a second officer reads it.
TEST(ReportRules, LetAReasonAnswerForATextThatWasWarnedOf) {
  v1::CaseBody body;
  body.set_version(1);
  v1::RouteReport& route = *body.mutable_route_report();
  route = RouteTemplate();
  route.set_summary("the boat was found by the fisher born 1960-02-03");
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  EXPECT_EQ(OpenWarnings(CheckBody(context, body), AnsweredIn(body)).size(), 1u);
  body.add_overridden()->set_rule("R-INT-04");
  body.mutable_overridden(0)->set_reason("he is the organiser");
  EXPECT_TRUE(OpenWarnings(CheckBody(context, body), AnsweredIn(body)).empty());
  EXPECT_TRUE(NeedsSecondOfficer(body));
  body.mutable_overridden(0)->set_reason("he is the boy Tomas Vell");
  EXPECT_TRUE(Blocks(CheckBody(context, body)));
}

TEST(ReportRules, TakeTheStricterOfTheSchemesCodeAndTheLabel) {
  const auto coded = [](const std::string& scheme, const std::string& code, auto change) {
    return One([&](auto& r) {
      r.mutable_evaluation()->set_scheme(scheme);
      const bool new_one = scheme == "UK_3X5X2";
      r.mutable_evaluation()->set_source(new_one ? "2" : "B");
      r.mutable_evaluation()->set_info(new_one ? "C" : "3");
      r.mutable_evaluation()->set_handling(code);
      change(r);
    });
  };
  const auto as_it_is = [](auto&) {};
  const auto own = [](auto& r) {
    r.mutable_label()->clear_release_states();
    r.mutable_label()->add_release_states("QN");
  };
  const auto words = [](auto& r) { r.mutable_label()->set_other_restrictions("not to be filed"); };
  for (const char* code : {"4", "5"}) {
    EXPECT_EQ(coded("UK_5X5X5", code, as_it_is), "R-GEN-01.scheme_closed label.release_states");
    EXPECT_EQ(coded("UK_5X5X5", code, own), "") << "within the state";
  }
  EXPECT_EQ(coded("UK_5X5X5", "1", as_it_is), "");
  EXPECT_EQ(coded("UK_5X5X5", "2", as_it_is), "");
  EXPECT_EQ(coded("UK_5X5X5", "3", as_it_is), "R-GEN-01.scheme_words label.other_restrictions");
  EXPECT_EQ(coded("UK_5X5X5", "3", words), "");
  EXPECT_EQ(coded("UK_3X5X2", "C", as_it_is), "R-GEN-01.scheme_words label.other_restrictions");
  EXPECT_EQ(coded("UK_3X5X2", "C", words), "");
  EXPECT_EQ(coded("UK_3X5X2", "P", as_it_is), "");
  // The form's label has H2.
  EXPECT_EQ(coded("EUROPOL_4X4", "H1", as_it_is), "R-GEN-01.scheme_code label.handling");
  EXPECT_EQ(coded("EUROPOL_4X4", "H2", as_it_is), "");
  EXPECT_EQ(coded("EUROPOL_4X4", "H0", as_it_is), "");
}

TEST(ReportRules, TellByWhatNobodyFindsAReport) {
  const auto from = [](auto change) {
    return One([&](auto& r) {
      r.mutable_legs(0)->mutable_from()->Clear();
      change(*r.mutable_legs(0)->mutable_from());
    });
  };
  EXPECT_EQ(from([](auto&) {}), "R-GEN-01.place legs[0].from");
  EXPECT_EQ(from([](auto& p) { p.set_name("a beach"); }), "R-GEN-01.place_name legs[0].from");
  EXPECT_EQ(from([](auto& p) { p.mutable_geo()->set_lat(35.1); }), "");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(0)->clear_from(); }), "") << "it may not be known";
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->clear_mode(); }),
            "R-GEN-01.mode_open legs[1].mode");
  // Once, however many there are.
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_route_report() = RouteTemplate();
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  for (auto& leg : *body.mutable_route_report()->mutable_legs()) leg.clear_mode();
  std::string counted;
  for (const Finding& f : CheckBody(context, body)) {
    if (f.key == "R-GEN-01.mode_open") counted += f.what;
  }
  EXPECT_EQ(counted, "legs that do not say how people were moved: 2");
}

// The context's day is 2026-03-05, at nine.
TEST(ReportRules, TakeNoSightingThatIsStillToCome) {
  const auto seen = [](const std::string& when) {
    return One([&](auto& r) { r.mutable_period()->set_last_seen(when); });
  };
  EXPECT_EQ(seen("2030-03-01"), "R-GEN-01.to_come period.last_seen");
  EXPECT_EQ(seen("2026-03-05T11:00:00Z"), "R-GEN-01.to_come period.last_seen");
  EXPECT_EQ(seen("2026-03-05T09:50:00Z"), "") << "clocks differ";
  EXPECT_EQ(seen("2026-03-06"), "R-GEN-01.to_come period.last_seen");
  EXPECT_EQ(seen("2026-03"), "");
  EXPECT_EQ(One([](auto& r) { r.mutable_legs(1)->set_seen_at("2027-01"); }),
            "R-GEN-01.to_come legs[1].seen_at");
}

TEST(ReportRules, TellOfCountsAnArticleAndAReviewThatDoNotFit) {
  const auto people = [](uint32_t women, uint32_t children, uint32_t unaccompanied) {
    return One([&](auto& r) {
      r.mutable_persons_observed()->set_women(women);
      r.mutable_persons_observed()->set_children(children);
      r.mutable_persons_observed()->set_unaccompanied(unaccompanied);
    });
  };
  EXPECT_EQ(people(25, 25, 0), "R-GEN-01.count_sum persons_observed");
  EXPECT_EQ(people(3, 2, 4), "R-GEN-01.count_sum persons_observed");
  EXPECT_EQ(people(20, 5, 5), "");
  EXPECT_EQ(One([](auto& r) { r.set_kind("FAP_12"); }), "R-GEN-01.kind_area kind");
  EXPECT_EQ(One([](auto& r) { r.set_kind("TIP_10"); }), "") << "who is smuggled may be trafficked";
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_review_at("2026-03-01"); }),
            "R-GEN-01.review_over label.review_at");
  EXPECT_EQ(One([](auto& r) { r.mutable_label()->set_review_at("2026-03-05"); }), "");
}

TEST(ReportRules, GradeTheSourcesInTheirSchemes) {
  const auto source = [](const std::string& code, const std::string& info,
                         const std::string& when) {
    return One([&](auto& r) {
      auto& one = *r.add_sources();
      one.mutable_evaluation()->set_scheme("EUROPOL_4X4");
      one.mutable_evaluation()->set_source(code);
      one.mutable_evaluation()->set_info(info);
      one.set_collected_at(when);
    });
  };
  EXPECT_EQ(source("B", "3", "2026-02"), "");
  EXPECT_EQ(source("Z", "9", ""), "R-INT-02.code sources[0].evaluation");
  EXPECT_EQ(source("B", "3", "winter"), "R-GEN-01.sighting sources[0].collected_at");
}

TEST(ReportRules, AskForMarksThatAnotherReportCanMeet) {
  const auto mark = [](const std::string& scheme, const std::string& value) {
    return One([&](auto& r) {
      auto& id = *r.add_identifiers();
      id.set_scheme(scheme);
      id.set_value(value);
      id.set_of("SUSPECT");
    });
  };
  EXPECT_EQ(mark("FOO", "1"), "R-GEN-01.word identifiers[0].scheme");
  EXPECT_EQ(mark("", "1"), "R-GEN-01.word identifiers[0].scheme");
  EXPECT_EQ(mark("imo", "2000107"), "");
  EXPECT_EQ(mark("PHONE", "call me"), "R-GEN-01.mark identifiers[0].value");
  EXPECT_EQ(mark("EMAIL", "call me"), "R-GEN-01.mark identifiers[0].value");
  EXPECT_EQ(mark("EMAIL", "a@b.example"), "");
  EXPECT_EQ(mark("PLATE", "--"), "R-GEN-01.mark identifiers[0].value");
}

TEST(ReportRules, JudgeAReportOnMethodsAlike) {
  const auto method = [](auto change) {
    v1::CaseBody body;
    body.set_version(1);
    auto& m = *body.mutable_document_method_report();
    const v1::RouteReport good = RouteTemplate();
    m.set_report_id("M-1");
    m.set_originator("QN");
    *m.mutable_evaluation() = good.evaluation();
    *m.mutable_label() = good.label();
    m.set_evidence_status("INTELLIGENCE_ONLY");
    m.set_issuer("QTX");
    m.set_document_type("PASSPORT");
    m.set_method("FORGED");
    change(m);
    std::string found = FoundIn(body);
    const std::string top = "document_method_report.";
    const size_t at = found.find(top);
    return at == std::string::npos ? found : found.erase(at, top.size());
  };
  EXPECT_EQ(method([](auto&) {}), "");
  EXPECT_EQ(method([](auto& m) { m.set_method("FOO"); }), "R-GEN-01.word method");
  EXPECT_EQ(method([](auto& m) { m.set_document_type("FOO"); }), "R-GEN-01.word document_type");
  EXPECT_EQ(method([](auto& m) { m.set_issuer("Panama"); }), "R-GEN-01.issuer issuer");
  EXPECT_EQ(method([](auto& m) { m.clear_report_id(); }), "R-GEN-01.report_id report_id");
  EXPECT_EQ(method([](auto& m) { m.mutable_label()->add_release_states("Panama"); }),
            "R-GEN-01.state_code label.release_states[1]");
  EXPECT_EQ(method([](auto& m) { m.mutable_period()->set_last_seen("2026-13-40"); }),
            "R-GEN-01.sighting period.last_seen");
  EXPECT_EQ(method([](auto& m) {
              m.mutable_period()->set_first_seen("2026-03");
              m.mutable_period()->set_last_seen("2026-02");
            }),
            "R-GEN-01.period period");
  EXPECT_EQ(method([](auto& m) { m.add_stolen_blanks()->set_scheme("FOO"); }),
            "R-GEN-01.word stolen_blanks[0].scheme, R-GEN-01.mark "
            "document_method_report.stolen_blanks[0].value");
}

}  // namespace
}  // namespace palermo::casework
