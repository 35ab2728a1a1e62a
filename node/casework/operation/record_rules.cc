#include "node/casework/operation/record_rules.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "node/casework/operation/agreement_rules.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr char kAt[] = "operation_record";
constexpr absl::Duration kClocksDiffer = absl::Hours(1);

void CheckToken(const std::string& token, std::string_view field, Report& report) {
  if (!token.empty() && !IsPersonToken(token)) {
    report.Say("R-GEN-01.token", Cat({kAt, ".", field}));
  }
}

void CheckTokensOfRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  CheckToken(r.victim().token(), "victim.token", report);
  CheckToken(r.arrest().token(), "arrest.token", report);
}

void CheckRecordTimes(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  const auto date = [&](const std::string& text, std::string_view field) {
    if (!text.empty() && !ParseInstant(text).ok()) {
      report.Say("R-GEN-01.sighting", Cat({kAt, ".", field}));
    }
  };
  date(r.tasking().start_utc(), "tasking.start_utc");
  date(r.tasking().place_released_at(), "tasking.place_released_at");
  date(r.arrest().at(), "arrest.at");
  date(r.situation().at(), "situation.at");
}

// What has no time cannot be held against anything: it is no order and no link of a chain.
void CheckMissingTimes(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_tasking() && !IsBlank(r.tasking().authority().ref()) && !SaysItsTimes(r.tasking())) {
    report.Say("R-AUTH-03.order", Cat({kAt, ".tasking.authority"}));
  }
  for (int i = 0; i < r.evidence().events_size(); ++i) {
    if (!r.evidence().events(i).at().empty()) continue;
    report.Say("R-COC-01.gap", At(Cat({kAt, ".evidence.events"}), i));
  }
}

// Who founds: each state once and by its own authority, and a basis for every pair.
void CheckParties(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_agreement()) return;
  std::vector<std::string> states;
  for (const auto& party : r.agreement().parties()) {
    const bool own =
        IsAuthorityId(party.authority()) && StateOf(party.authority()) == party.state();
    const bool twice = std::find(states.begin(), states.end(), party.state()) != states.end();
    if (!own || twice) report.Say("R-GEN-01.party", Cat({kAt, ".agreement.parties"}));
    states.push_back(party.state());
  }
  if (!CheckFounding(r.agreement(), states, "").empty()) {
    report.Say("R-JIT-07.consents", Cat({kAt, ".agreement.basis"}));
  }
}

// Nobody is arrested without a legal basis (ICCPR 9(1)).
void CheckArrestBasis(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_arrest() && IsBlank(r.arrest().legal_basis())) {
    report.Say("R-GEN-01.record_field", Cat({kAt, ".arrest.legal_basis"}));
  }
}

// What may be left out, and is asked for where it is.
void TellOpenFields(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  const auto open = [&](bool there, std::string_view field) {
    if (!there) report.Say("R-GEN-01.record_open", Cat({kAt, ".", field}));
  };
  open(!r.has_plan() || !SaysNothing(r.plan().human_rights_plan()), "plan.human_rights_plan");
  open(!r.has_evidence() || !SaysNothing(r.evidence().law_basis()), "evidence.law_basis");
  open(!r.has_situation() || !IsBlank(r.situation().text()), "situation.text");
  const std::string& kept = r.closing().retention();
  open(IsBlank(kept) || !SaysNothing(kept), "closing.retention");
  const std::string& language = r.arrest().rights_notice_lang();
  if (!IsBlank(language) && !IsLanguageTag(language)) {
    report.Say("R-GEN-01.notice_tag", Cat({kAt, ".arrest.rights_notice_lang"}));
  }
}

// Each measure cites the authority of the state where it runs (domain 5.2).
void CheckPlanRecord(const RuleInput& in, Report& report) {
  const v1::OperationPlan& plan = in.body.operation_record().plan();
  const std::string list = Cat({kAt, ".plan.measures"});
  for (int i = 0; i < std::min(plan.measures_size(), kMaxRepeatedParts); ++i) {
    const v1::PlannedMeasure& measure = plan.measures(i);
    if (IsBlank(measure.authority())) report.Say("R-AUTH-03.measure", At(list, i, "authority"));
    if (!IsStateCode(measure.state())) report.Say("R-GEN-01.state_code", At(list, i, "state"));
  }
}

// What is written down has happened. Clocks differ by less than an hour.
void CheckNothingToCome(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  const auto now = ParseInstant(in.context.now);
  if (!now.ok()) return;
  const auto happened = [&](const std::string& text, const std::string& field) {
    const auto at = ParseInstant(text);
    if (at.ok() && *at > *now + kClocksDiffer) {
      report.Say("R-GEN-01.to_come", Cat({kAt, ".", field}));
    }
  };
  happened(r.arrest().at(), "arrest.at");
  happened(r.situation().at(), "situation.at");
  for (int i = 0; i < std::min(r.evidence().events_size(), kMaxRepeatedParts); ++i) {
    happened(r.evidence().events(i).at(), At("evidence.events", i, "at"));
    happened(r.evidence().events(i).received_at(), At("evidence.events", i, "received_at"));
  }
}

// What all members read. Evidence, what was seized and arrests are about suspects and things; a
// victim's record is in VICTIMS; a contact is an office's; to abort waits for nothing.
bool IsReadByAll(v1::OperationRecord::ContentCase kind) {
  using Record = v1::OperationRecord;
  for (const auto one :
       {Record::kPlan, Record::kTarget, Record::kTasking, Record::kPlace, Record::kSituation,
        Record::kForce, Record::kOutcome, Record::kMedia, Record::kDecision, Record::kVote}) {
    if (kind == one) return true;
  }
  return false;
}
void CheckPersonalData(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!IsReadByAll(r.content_case())) return;
  ForTexts(r, kAt, [&](const std::string& path, const std::string& text) {
    if (HoldsPersonalData(text)) report.Say("R-HR-14.record_text", path);
  });
}

constexpr Rule kOperationRecordRules[] = {
    {{"R-GEN-01", "E/I", "2AP 20",
      "a clause that every agreement has is missing or says nothing, or its period is over; a "
      "clause that most have says nothing (I)"},
     CheckAgreementClauses},
    {{"R-GEN-01, R-AUTH-02", "E/I", "2AP 20",
      "an officer of no party, or a language without its tag; a quorum of more than the parties, "
      "an authority of no party, an officer who stands twice, or who alone of his state may read "
      "a compartment (I)"},
     CheckAgreementFits},
    {{"R-JIT-07", "E", "2AP 20(1)", "the basis with who joins says nothing"}, CheckNewcomersBasis},
    {{"R-JIT-07, R-GEN-01", "E", "2AP 20(1)",
      "a pair of parties has no basis; a party stands twice or under another state's authority"},
     CheckParties},
    {{"R-GEN-01", "E", "TIP 6(1)", "the token of a person is no HMAC: it could be a name"},
     CheckTokensOfRecord},
    {{"R-GEN-01", "E", "", "a time of a record cannot be read"}, CheckRecordTimes},
    {{"R-AUTH-03, R-COC-01", "E", "2AP 20(3)",
      "a task or its order, or a hand in the chain of custody, says no time"},
     CheckMissingTimes},
    {{"R-GEN-01", "E", "ICCPR 9(1)", "an arrest names no legal basis"}, CheckArrestBasis},
    {{"R-AUTH-03, R-GEN-01", "E", "2AP 20(3)",
      "a measure of a plan names no authority or no state where it runs"},
     CheckPlanRecord},
    {{"R-GEN-01", "I", "",
      "a plan without human rights plan, evidence without legal basis, a report without text, a "
      "closing that keeps its data for no time, or a language of the notice of rights without tag"},
     TellOpenFields},
    {{"R-GEN-01", "E", "",
      "an arrest, a report or a hand in the chain of custody lies in the future"},
     CheckNothingToCome},
    {{"R-HR-14", "W", "2AP 26, TIP 6(1)",
      "a text of a record that all members read seems to hold the name of a victim, a migrant or a "
      "witness, a date of birth, the number of a document of identity or somebody's telephone"},
     CheckPersonalData},
};

}  // namespace

TextArgs RecordSizes() {
  return {{"parents", absl::StrFormat("%d", limits::kMaxOperationParents)},
          {"counters", absl::StrFormat("%d", limits::kMaxClosingCounters)},
          {"parts", absl::StrFormat("%d", kMaxRepeatedParts)}};
}

bool IsPersonToken(std::string_view token) {
  constexpr std::string_view kMark = "hmac:";
  constexpr size_t kDigits = 64;
  if (token.size() != kMark.size() + kDigits || token.substr(0, kMark.size()) != kMark) {
    return false;
  }
  return token.find_first_not_of("0123456789abcdef", kMark.size()) == std::string_view::npos;
}

bool SaysItsTimes(const v1::Tasking& task) {
  return ParseInstant(task.start_utc()).ok() && ParseInstant(task.authority().valid_to()).ok();
}

std::span<const Rule> OperationRecordRules() { return kOperationRecordRules; }

}  // namespace palermo::casework
