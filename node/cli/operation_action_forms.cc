// operation form target, timetable, force, media, outcome.
#include "absl/time/time.h"
#include "base/clock.h"
#include "node/cli/operation_forms.h"

namespace palermo::cli {
namespace {

constexpr absl::Duration kLatest = absl::Minutes(30);

void FillTarget(const std::string&, v1::OperationRecord& r) {
  v1::TargetSheet& sheet = *r.mutable_target();
  sheet.set_id("T1");
  sheet.set_pseudonym("GREY HERON");
  sheet.set_state("QM");
  sheet.set_role("drives the lorry; collects the money");
  v1::Evaluation& evaluation = *sheet.mutable_evaluation();
  evaluation.set_scheme("EUROPOL_4X4");
  evaluation.set_source("B");
  evaluation.set_info("2");
  sheet.add_warrants()->set_ref("warrant QM-77");
  sheet.add_danger("NONE_KNOWN");
  sheet.set_juveniles_present(true);
  sheet.set_juvenile_plan("youth welfare waits outside, and takes the children along");
}

void FillTimetable(const std::string& now, v1::OperationRecord& r) {
  v1::ArrestTimetable& table = *r.mutable_timetable();
  table.set_group("G1");
  table.set_decision("record id of the decision");
  table.set_within_minutes(5);
  v1::TimedTarget& timed = *table.add_targets();
  timed.set_target("record id of the target sheet");
  timed.set_state("QM");
  timed.set_start_utc(now);
  timed.set_local_start(now);
  timed.set_local_tz("Etc/UTC");
  const auto start = ParseInstant(now);
  if (start.ok()) timed.set_latest_start_utc(FormatInstant(*start + kLatest));
  timed.set_fallback("observation goes on; the others start all the same");
}

void FillForce(const std::string& now, v1::OperationRecord& r) {
  v1::ForceReport& force = *r.mutable_force();
  force.set_id("F1");
  force.set_state("QM");
  force.set_at(now);
  force.set_by("QM-OFF-3");
  force.add_means("RESTRAINT");
  force.set_reason("he would not let go of the door");
  force.set_warned(true);
  v1::Casualties& hurt = *force.add_casualties();
  hurt.set_who("SUSPECT");
  hurt.set_injured(1);
  force.set_medical("seen by a doctor at once");
  force.set_review_ref("review QM-R-5");
}

void FillMedia(const std::string& now, v1::OperationRecord& r) {
  v1::MediaLine& media = *r.mutable_media();
  media.set_text("Police of three states searched houses today. Inquiries go on.");
  media.set_language("en");
  media.set_embargo_until(now);
}

void FillOutcome(const std::string& now, v1::OperationRecord& r) {
  v1::OutcomeEntry& outcome = *r.mutable_outcome();
  outcome.set_kind("SEARCH");
  outcome.set_at(now);
  outcome.set_n(1);
  outcome.set_note("warrant QM-77");
}

constexpr OperationForm kActionForms[] = {
    {"target", "who is sought, by pseudonym; and whether children are there", FillTarget},
    {"timetable", "which arrests start together, after which decision", FillTimetable},
    {"force", "use of force, and who was hurt", FillForce},
    {"media", "what the media are told, when all have agreed", FillMedia},
    {"outcome", "what is counted and has no other record: searches, charges, requests ...",
     FillOutcome},
};

}  // namespace

std::span<const OperationForm> ActionForms() { return kActionForms; }

}  // namespace palermo::cli
