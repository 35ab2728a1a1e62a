#include "node/casework/operation/action_rules.h"

#include <gtest/gtest.h>

#include <functional>

#include "node/casework/contents.h"
#include "node/casework/operation/rules.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

using OneRecord = v1::OperationRecord;

// "E R-HR-08 target.juvenile_plan": all that is found, notes too.
std::string FoundInRecord(const OneRecord& record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  context.now = "2026-06-16T12:00:00Z";
  std::string out;
  for (const Finding& f : CheckBody(context, body)) {
    const char letter = f.severity == Severity::kNote ? 'I' : SeverityName(f.severity)[0];
    out += (out.empty() ? "" : ", ") + std::string(1, letter) + " " + f.key + " " +
           f.field.substr(f.field.find('.') + 1);
  }
  return out;
}

OneRecord SoundTarget() {
  OneRecord r;
  v1::TargetSheet& sheet = *r.mutable_target();
  sheet.set_id("T1");
  sheet.set_pseudonym("GREY HERON");
  sheet.set_state("QM");
  sheet.mutable_evaluation()->set_scheme("EUROPOL_4X4");
  sheet.mutable_evaluation()->set_source("B");
  sheet.mutable_evaluation()->set_info("2");
  sheet.add_warrants()->set_ref("warrant QM-77");
  sheet.mutable_warrants(0)->set_valid_to("2026-06-30");
  sheet.add_danger("ARMED");
  sheet.set_juveniles_present(false);
  return r;
}
std::string OfTarget(const std::function<void(v1::TargetSheet&)>& change) {
  OneRecord r = SoundTarget();
  change(*r.mutable_target());
  return FoundInRecord(r);
}

TEST(TargetSheets, SayWhetherChildrenAreThereAndWhatIsDoneForThem) {
  EXPECT_EQ(FoundInRecord(SoundTarget()), "");
  EXPECT_EQ(OfTarget([](auto& s) { s.clear_juveniles_present(); }),
            "E R-HR-08.unsaid target.juveniles_present");
  EXPECT_EQ(OfTarget([](auto& s) { s.set_juveniles_present(true); }),
            "E R-HR-08.plan target.juvenile_plan");
  EXPECT_EQ(OfTarget([](auto& s) {
              s.set_juveniles_present(true);
              s.set_juvenile_plan("youth welfare waits outside");
            }),
            "");
  EXPECT_EQ(OfTarget([](auto& s) { s.set_juvenile(true); }), "E R-HR-08.juvenile target.juvenile");
  EXPECT_EQ(OfTarget([](auto& s) {
              s.set_juvenile(true);
              s.set_guardian("his aunt, told on the day");
            }),
            "");
}

TEST(TargetSheets, AreGradedAndRestOnAWarrantThatIsValid) {
  EXPECT_EQ(OfTarget([](auto& s) { s.clear_evaluation(); }),
            "E R-INT-01.evaluation target.evaluation");
  EXPECT_EQ(OfTarget([](auto& s) { s.mutable_evaluation()->set_source("Q"); }),
            "E R-INT-02.code target.evaluation");
  EXPECT_EQ(OfTarget([](auto& s) { s.clear_warrants(); }),
            "I R-AUTH-03.no_warrant target.warrants");
  for (const char* over : {"2026-06-15", "soon"}) {
    EXPECT_EQ(OfTarget([&](auto& s) { s.mutable_warrants(0)->set_valid_to(over); }),
              "E R-AUTH-03.warrant target.warrants[0]")
        << over;
  }
  // The last day counts.
  EXPECT_EQ(OfTarget([](auto& s) { s.mutable_warrants(0)->set_valid_to("2026-06-16"); }), "");
}

TEST(TargetSheets, SayWhereTheIdentityIsSealedAndNotWhoItIs) {
  const std::string message(64, '0');
  const auto sealed = [&](auto& s) {
    s.set_sealed_message(message);
    s.set_sealed_compartment(1);
    s.set_sealed_ref("T-1");
    s.set_token("hmac:" + std::string(64, 'a'));
  };
  EXPECT_EQ(OfTarget(sealed), "");
  EXPECT_EQ(OfTarget([&](auto& s) { s.set_sealed_message(message); }),
            "E R-GEN-01.sealed_at target.sealed_message");
  EXPECT_EQ(OfTarget([&](auto& s) {
              sealed(s);
              s.set_sealed_message("the letter of May");
            }),
            "E R-GEN-01.sealed_at target.sealed_message");
  EXPECT_EQ(OfTarget([](auto& s) { s.set_token("Lina ORSAY"); }), "E R-GEN-01.token target.token");
  EXPECT_EQ(OfTarget([](auto& s) { s.clear_pseudonym(); }),
            "E R-GEN-01.record_field target.pseudonym");
  EXPECT_EQ(OfTarget([](auto& s) { s.set_state("Q"); }), "E R-GEN-01.state_code target.state");
}

TEST(TargetSheets, SayWhatIsDangerousByTheWordsOfTheList) {
  EXPECT_EQ(OfTarget([](auto& s) { s.clear_danger(); }), "E R-GEN-01.record_field target.danger");
  EXPECT_EQ(OfTarget([](auto& s) { s.add_danger("KNIVES"); }), "E R-GEN-01.word target.danger");
  EXPECT_EQ(OfTarget([](auto& s) { s.add_danger("OTHER"); }),
            "E R-GEN-01.record_field target.danger_note");
}

OneRecord SoundTimetable() {
  OneRecord r;
  v1::ArrestTimetable& table = *r.mutable_timetable();
  table.set_group("G1");
  table.set_decision("9c01");
  table.set_within_minutes(5);
  const std::vector<std::pair<const char*, const char*>> clocks = {
      {"2026-06-17T05:00:00+01:00", "Europe/Lisbon"},
      {"2026-06-17T06:02:00+02:00", "Europe/Paris"}};
  for (const auto& [local, zone] : clocks) {
    v1::TimedTarget& timed = *table.add_targets();
    timed.set_target("77ab");
    timed.set_state("QM");
    timed.set_start_utc(zone == clocks[0].second ? "2026-06-17T04:00:00Z" : "2026-06-17T04:02:00Z");
    timed.set_local_start(local);
    timed.set_local_tz(zone);
    timed.set_latest_start_utc("2026-06-17T04:30:00Z");
    timed.set_fallback("observation goes on");
  }
  return r;
}
std::string OfTimetable(const std::function<void(v1::ArrestTimetable&)>& change) {
  OneRecord r = SoundTimetable();
  change(*r.mutable_timetable());
  return FoundInRecord(r);
}

TEST(Timetables, OfOneGroupStartTogether) {
  EXPECT_EQ(FoundInRecord(SoundTimetable()), "");
  EXPECT_EQ(OfTimetable([](auto& t) { t.set_within_minutes(1); }),
            "E R-GEN-01.together timetable.within_minutes");
  EXPECT_EQ(OfTimetable([](auto& t) { t.clear_decision(); }),
            "E R-GEN-01.record_field timetable.decision");
  EXPECT_EQ(OfTimetable([](auto& t) { t.clear_targets(); }),
            "E R-GEN-01.record_field timetable.targets");
  EXPECT_EQ(OfTimetable([](auto& t) {
              t.mutable_targets(0)->set_latest_start_utc("2026-06-17T03:59:00Z");
            }),
            "E R-GEN-01.latest_start timetable.targets[0].latest_start_utc");
  EXPECT_EQ(OfTimetable([](auto& t) { t.mutable_targets(1)->clear_fallback(); }),
            "E R-GEN-01.record_field timetable.targets[1].fallback");
  // A trigger in the place of a time; then there is no local time either.
  EXPECT_EQ(OfTimetable([](auto& t) {
              v1::TimedTarget& timed = *t.mutable_targets(0);
              timed.clear_start_utc();
              timed.clear_local_start();
              timed.clear_local_tz();
              timed.set_trigger("when the lorry is unloaded");
            }),
            "");
  EXPECT_EQ(OfTimetable([](auto& t) { t.mutable_targets(0)->clear_start_utc(); }),
            "E R-GEN-01.record_field timetable.targets[0].start_utc");
}

// A unit goes by its own clock: on 17 June Lisbon is an hour ahead of UTC, in January it is not.
TEST(Timetables, GiveEachUnitItsOwnClock) {
  const auto local = [](const char* start, const char* clock, const char* zone) {
    return OfTimetable([&](auto& t) {
      t.mutable_targets()->DeleteSubrange(1, 1);
      v1::TimedTarget& timed = *t.mutable_targets(0);
      timed.set_start_utc(start);
      timed.set_latest_start_utc(start);
      timed.set_local_start(clock);
      timed.set_local_tz(zone);
    });
  };
  const std::string wrong = "E R-GEN-01.local_time timetable.targets[0].local_start";
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T05:00:00+01:00", "Europe/Lisbon"), "");
  EXPECT_EQ(local("2026-01-17T04:00:00Z", "2026-01-17T04:00:00+00:00", "Europe/Lisbon"), "");
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T04:00:00Z", "Etc/UTC"), "");
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T09:30:00+05:30", "Asia/Kolkata"), "");
  // Summer time was forgotten; the sum is wrong.
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T04:00:00+00:00", "Europe/Lisbon"), wrong);
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T06:00:00+01:00", "Europe/Lisbon"), wrong);
  // A zone that is none is told, and the two moments are compared all the same.
  const std::string no_zone = "I R-GEN-01.time_zone timetable.targets[0].local_tz";
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T05:00:00+01:00", "Mars/X"), no_zone);
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "2026-06-17T06:00:00+01:00", "Mars/X"),
            wrong + ", " + no_zone);
  EXPECT_EQ(local("2026-06-17T04:00:00Z", "", "Europe/Lisbon"),
            "E R-GEN-01.record_field timetable.targets[0].local_start");
}

TEST(Tasks, NameAZoneOfTheTzDatabase) {
  const auto zone = [](const char* name) {
    OneRecord r;
    v1::Tasking& task = *r.mutable_tasking();
    task.set_deconflicted(true);
    task.set_start_utc("2026-06-17T04:00:00Z");
    task.mutable_authority()->set_ref("order 3");
    task.mutable_authority()->set_valid_to("2026-06-18");
    task.set_local_tz(name);
    const std::string found = FoundInRecord(r);
    return found.find("R-GEN-01.time_zone") == std::string::npos
               ? std::string()
               : found.substr(found.find("R-GEN-01.time_zone") - 2);
  };
  EXPECT_EQ(zone("Europe/Lisbon"), "");
  EXPECT_EQ(zone(""), "");
  EXPECT_EQ(zone("Mars/X"), "I R-GEN-01.time_zone tasking.local_tz");
}

OneRecord SoundForce() {
  OneRecord r;
  v1::ForceReport& force = *r.mutable_force();
  force.set_id("F1");
  force.set_state("QM");
  force.set_at("2026-06-16T04:10:00Z");
  force.add_means("RESTRAINT");
  force.set_reason("he would not let go");
  return r;
}
std::string OfForce(const std::function<void(v1::ForceReport&)>& change) {
  OneRecord r = SoundForce();
  change(*r.mutable_force());
  return FoundInRecord(r);
}

TEST(UseOfForce, SaysWhyWithWhatAndWhoWasHelped) {
  EXPECT_EQ(FoundInRecord(SoundForce()), "");
  EXPECT_EQ(OfForce([](auto& f) { f.clear_id(); }), "E R-GEN-01.record_field force.id");
  EXPECT_EQ(OfForce([](auto& f) { f.clear_reason(); }), "E R-GEN-01.record_field force.reason");
  EXPECT_EQ(OfForce([](auto& f) { f.clear_means(); }), "E R-GEN-01.record_field force.means");
  EXPECT_EQ(OfForce([](auto& f) { f.add_means("HANDS"); }), "E R-GEN-01.word force.means");
  EXPECT_EQ(OfForce([](auto& f) {
              f.set_review_ref("review 5");
              f.add_casualties()->set_who("SUSPECT");
              f.mutable_casualties(0)->set_injured(1);
            }),
            "E R-GEN-01.record_field force.medical");
  EXPECT_EQ(OfForce([](auto& f) { f.add_casualties()->set_who("PASSER_BY"); }),
            "E R-GEN-01.word force.casualties[0].who");
}

// To report at once is worth more than a whole report.
TEST(UseOfForce, IsAskedForItsReviewAndTellsThatItCameLate) {
  EXPECT_EQ(OfForce([](auto& f) { f.add_means("FIREARM_FIRED"); }),
            "I R-GEN-01.review force.review_ref");
  EXPECT_EQ(OfForce([](auto& f) {
              f.add_casualties()->set_who("BYSTANDER");
              f.mutable_casualties(0)->set_dead(1);
            }),
            "I R-GEN-01.review force.review_ref");
  EXPECT_EQ(OfForce([](auto& f) { f.set_at("2026-06-15T04:10:00Z"); }), "I R-GEN-03.late force.at");
}

TEST(MediaLines, HoldNoTokenAndNoSmallFigureOfPersons) {
  const auto of = [](const std::string& text, const char* counter, uint64_t value) {
    OneRecord r;
    v1::MediaLine& media = *r.mutable_media();
    media.set_text(text);
    media.set_language("en");
    media.set_embargo_until("2026-06-18T08:00:00Z");
    media.add_figures()->set_counter(counter);
    media.mutable_figures(0)->set_value(value);
    return FoundInRecord(r);
  };
  EXPECT_EQ(of("Three states searched houses.", "victims_rescued", 5), "");
  EXPECT_EQ(of("Three states searched houses.", "searches", 2), "");
  EXPECT_EQ(of("Three states searched houses.", "victims_rescued", 4),
            "W R-STAT-02.cell media.figures[0]");
  EXPECT_EQ(of("Three states searched houses.", "victims_referred sex FEMALE", 1),
            "W R-STAT-02.cell media.figures[0]");
  for (const char* counter : {"Victims_rescued", "victims", ""}) {
    EXPECT_EQ(of("Three states searched houses.", counter, 1),
              "E R-GEN-01.enum media.figures[0].counter")
        << counter;
  }
  EXPECT_EQ(of("hmac:" + std::string(64, 'a') + " is safe.", "searches", 2),
            "E R-SEAL-02.media_token media.text");
  EXPECT_EQ(of(" ", "searches", 2), "E R-GEN-01.record_field media.text");
}

// A liar's record of many parts is one finding for all who see it.
TEST(ActionRecords, HaveAsManyPartsAsFit) {
  constexpr int kMany = kMaxRepeatedParts + 1;
  v1::TargetSheet sheet;
  v1::ArrestTimetable table;
  v1::ForceReport force;
  v1::MediaLine media;
  for (int i = 0; i < kMany; ++i) {
    sheet.add_warrants();
    table.add_targets();
    force.add_casualties();
    media.add_figures();
  }
  for (const auto& found : {CheckTarget(sheet, "", "x"), CheckTimetable(table, false, "x"),
                            CheckForce(force, "", "x"), CheckMedia(media, "x")}) {
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].key, "R-GEN-01.record_size");
    EXPECT_NE(found[0].what.find("200 parts"), std::string::npos) << found[0].what;
  }
  table.mutable_targets()->RemoveLast();
  EXPECT_GT(CheckTimetable(table, false, "x").size(), 200u);
}

TEST(Outcomes, SayWhatTheirKindNeeds) {
  const std::string token = "hmac:" + std::string(64, 'a');
  const auto of = [](const char* kind, const std::function<void(v1::OutcomeEntry&)>& change) {
    OneRecord r;
    r.mutable_outcome()->set_kind(kind);
    change(*r.mutable_outcome());
    return FoundInRecord(r);
  };
  EXPECT_EQ(of("SEARCH", [](auto& o) { o.set_n(12); }), "");
  EXPECT_EQ(of("SEARCHES", [](auto&) {}), "E R-GEN-01.word outcome.kind");
  EXPECT_EQ(of("REQUEST_SENT", [](auto& o) { o.set_ref("QM-2026-1"); }), "");
  EXPECT_EQ(of("REQUEST_SENT", [](auto&) {}), "E R-GEN-01.record_field outcome.ref");
  EXPECT_EQ(of("PERSON_CONVICTED", [&](auto& o) { o.set_token(token); }), "");
  EXPECT_EQ(of("PERSON_CONVICTED", [](auto&) {}), "E R-GEN-01.record_field outcome.token");
  EXPECT_EQ(of("ASSETS_RETURNED",
               [](auto& o) {
                 o.set_minor(500);
                 o.set_ccy("XTS");
               }),
            "");
  EXPECT_EQ(of("ASSETS_RETURNED", [](auto& o) { o.set_minor(500); }),
            "E R-GEN-01.amount outcome.minor");
  EXPECT_EQ(of("COMPLAINT", [](auto& o) { o.set_ccy("XTS"); }), "E R-GEN-01.amount outcome.minor");
  EXPECT_EQ(of("MIGRANT_ASSISTED",
               [&](auto& o) {
                 o.set_token(token);
                 o.set_n(2);
               }),
            "E R-GEN-01.count outcome.n");
}

}  // namespace
}  // namespace palermo::casework
