// Answers on appearances of the own will, examinations, evidence for the flag state, people in
// danger: whether they fit themselves, their outcome and their question.
#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::ItemOutcome;
using v1::ItemResult;

// --- The outcome

// Who was invited and does not come was invited nevertheless; who was searched for in vain was
// searched for.
void CheckAidOutcome(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const auto outcome = item.outcome();
    const bool undone = outcome == ItemOutcome::IMPOSSIBLE || outcome == ItemOutcome::REFUSED ||
                        outcome == ItemOutcome::FORWARDED_OTHER_AUTHORITY;
    if (undone) {
      SayEach({{item.examination().result() == "EXAMINED", "examination.result"},
               {item.distress().result() == "RESCUED", "distress.result"}},
              "R-EXE-01.contrary", at, report);
    }
    if (undone || outcome == ItemOutcome::EXECUTED_NEGATIVE) {
      SayEach({{item.appearance().result() == "AGREED", "appearance.result"},
               {item.relocation().decision() == "AGREED", "relocation.decision"}},
              "R-EXE-01.contrary", at, report);
    }
    if (outcome != ItemOutcome::EXECUTED_FULL) return;
    SayEach({{item.appearance().result() == "NOT_FOUND", "appearance.result"},
             {item.examination().result() == "NOT_EXAMINED", "examination.result"},
             {item.evidence_package().result() == "NOT_RECEIVED", "evidence_package.result"},
             {OneOf(item.distress().result(), {"SEARCHING", "NO_MEANS"}), "distress.result"},
             {item.relocation().decision() == "NOT_AGREED", "relocation.decision"}},
            "R-EXE-01.not_done", at, report);
  });
}

// --- A no that gives what it denies

void CheckAidDenials(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const auto& appearance = item.appearance();
    const auto& examination = item.examination();
    const auto& package = item.evidence_package();
    const auto& distress = item.distress();
    const bool lacks = !package.missing().empty() || !package.altered().empty();
    SayEach({{OneOf(appearance.result(), {"DECLINED", "NOT_FOUND", "CONSENT_WITHDRAWN"}) &&
                  !appearance.from().empty(),
              "appearance.result"},
             {examination.result() == "NOT_EXAMINED" &&
                  (!examination.report_hash().empty() || !examination.until().empty()),
              "examination.result"},
             {(package.result() == "COMPLETE" && lacks) ||
                  (package.result() == "NOT_RECEIVED" && !package.received_at().empty()),
              "evidence_package.result"},
             {OneOf(distress.result(), {"NOT_FOUND", "NO_DANGER", "NO_MEANS"}) &&
                  distress.rescued() > 0,
              "distress.result"},
             {item.relocation().decision() == "NOT_AGREED" &&
                  !item.relocation().agreement_hash().empty(),
              "relocation.decision"}},
            "R-EXE-01.denied", at, report);
  });
}

// --- Appearances, 18(3)(h) and 18(27)

void CheckAppearances(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& place) {
    const v1::AppearanceAnswer& appearance = item.appearance();
    if (appearance.result() != "AGREED") return;
    const std::string at = place + ".appearance";
    const v1::ConsentRecord& consent = appearance.consent();
    if ((consent.has_free() && !consent.free()) ||
        (consent.has_informed() && !consent.informed()) || !consent.withdrawn_at().empty()) {
      report.Say("R-EXE-01.pressed", at + ".consent");
    } else if (!SaysSomething(consent)) {
      report.Say("R-GEN-01.consent_shown", at + ".consent");
    }
    if (!appearance.safe_conduct_told()) {
      report.Say("R-GEN-01.safe_conduct_told", at + ".safe_conduct_told");
    }
    if (appearance.from().empty()) report.Say("R-GEN-01.arrival", at + ".from");
    if (asked == nullptr) return;
    const auto there = ParseInstant(appearance.from());
    if (there.ok() && IsAfterEnd(asked->appearance_date(), *there)) {
      report.Say("R-EXE-01.too_late", at + ".from");
    }
  });
}

// --- Examinations, 18(3)(d)

void CheckExaminations(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& place) {
    const v1::ExaminationAnswer& done = item.examination();
    const std::string at = place + ".examination";
    const bool examined = OneOf(done.result(), {"EXAMINED", "PARTLY_EXAMINED"});
    if (examined && done.report_hash().empty() && item.delivered().empty() &&
        !item.has_analysis()) {
      report.Say("R-GEN-01.expert_report", at + ".report_hash");
    }
    if (examined && done.destructive() && IsBlank(done.sample_split())) {
      report.Say("R-GEN-01.sample_kept", at + ".sample_split");
    }
    if (OneOf(done.result(), {"PARTLY_EXAMINED", "NOT_EXAMINED"}) && IsBlank(done.reason()) &&
        IsBlank(item.reason())) {
      report.Say("R-GEN-01.answer_reason", at + ".reason");
    }
    if (asked == nullptr) return;
    if (examined && done.destructive() && asked->has_destructive() && !asked->destructive()) {
      report.Say("R-EXE-01.destroyed", at + ".destructive");
    }
    const auto questions = static_cast<uint32_t>(asked->questions_size());
    const bool other =
        std::any_of(done.unanswered().begin(), done.unanswered().end(),
                    [&](uint32_t number) { return number == 0 || number > questions; });
    if (other && questions > 0) report.Say("R-EXE-01.no_question", at + ".unanswered");
  });
}

// --- Evidence for the flag state, COE-SEA 13 and 14

constexpr absl::Duration kClaimWithin = absl::Hours(14 * 24);

void CheckPackages(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& place) {
    if (!item.has_evidence_package()) return;
    const v1::PackageAnswer& package = item.evidence_package();
    const std::string at = place + ".evidence_package";
    if (package.result() == "INCOMPLETE" && package.missing().empty() &&
        package.altered().empty()) {
      report.Say("R-GEN-01.package_lacks", at + ".missing");
    }
    if (package.jurisdiction() == "UNDECIDED" && package.decision_due_at().empty()) {
      report.Say("R-GEN-01.claim_due", at + ".decision_due_at");
    }
    const auto received = ParseInstant(package.received_at());
    const auto decided = ParseInstant(package.decided_at());
    if (package.jurisdiction() == "CLAIMED" && received.ok() && decided.ok() &&
        *decided > *received + kClaimWithin) {
      report.Say("R-CLK-PREF.late", at + ".decided_at");
    }
  });
}

// --- People in danger, UNCLOS 98, SOM 16 and 19

void CheckDistress(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& place) {
    if (!item.has_distress()) return;
    const v1::DistressAnswer& distress = item.distress();
    const std::string at = place + ".distress";
    if (distress.result() == "RESCUED" && !distress.has_rescued()) {
      report.Say("R-GEN-01.rescue_count", at + ".rescued");
    }
    if (distress.has_rescued() &&
        (distress.children() > distress.rescued() || distress.injured() > distress.rescued())) {
      report.Say("R-EXE-01.counts", at + ".rescued");
    }
    if (!IsBlank(distress.place_of_safety()) && !distress.non_refoulement_assessed()) {
      report.Say(distress.has_non_refoulement_assessed() ? "R-EXE-01.ashore" : "R-GEN-01.ashore",
                 at + ".non_refoulement_assessed");
    }
    const bool others = OneOf(distress.result(), {"PASSED_ON", "NO_MEANS"});
    if (others && IsBlank(distress.passed_to())) {
      report.Say("R-GEN-01.passed_on", at + ".passed_to");
    }
    if (distress.result() == "NO_MEANS" && IsBlank(distress.reason()) && IsBlank(item.reason())) {
      report.Say("R-GEN-01.answer_reason", at + ".reason");
    }
  });
}

constexpr Rule kAidRules[] = {
    {{"R-EXE-01", "W", "",
      "the outcome of an appearance, examination, package of evidence, rescue or relocation and "
      "its typed part say different things"},
     CheckAidOutcome},
    {{"R-EXE-01", "W", "",
      "such a part says no, and gives what it denies: a day of arrival, a report, what is missing "
      "from what is complete, persons rescued"},
     CheckAidDenials},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNTOC 18(3)(h), 18(27)",
      "somebody comes who did not agree freely (W); no record of the consent, nothing on the safe "
      "conduct, no day or a day too late (I)"},
     CheckAppearances},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNTOC 18(3)(d)",
      "an examination destroyed what was to be kept, or a question is called unanswered that "
      "nobody asked (W); no report, no part kept of what cannot be examined again, no reason (I)"},
     CheckExaminations},
    {{"R-GEN-01, R-CLK-PREF", "I", "COE-SEA 13, 14(2)",
      "evidence is incomplete, and nothing says what is missing; jurisdiction is undecided without "
      "a day, or claimed after 14 days"},
     CheckPackages},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNCLOS 98, SOM 16, 19",
      "the numbers of a rescue cannot be, or persons were put ashore unassessed (W; I: nothing "
      "says it); no number, nobody alerted instead, no reason (I)"},
     CheckDistress},
};

}  // namespace

std::span<const Rule> AidRules() { return kAidRules; }

}  // namespace palermo::casework
