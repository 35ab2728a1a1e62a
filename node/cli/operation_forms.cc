// operation new, form, check: files to be filled in; no node needed.
#include "node/cli/operation_forms.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/contents.h"
#include "node/casework/field_words.h"
#include "node/casework/json.h"
#include "node/cli/act_support.h"
#include "node/cli/command.h"
#include "node/cli/operation_support.h"
#include "node/desk/drafting.h"

namespace palermo::cli {
namespace {

v1::CaseBody BodyWith(v1::OperationRecord record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = std::move(record);
  return body;
}

// OFFICER=ROLE:COMPARTMENT,COMPARTMENT
absl::Status AddMember(const std::string& text, v1::OperationAgreement* agreement) {
  const std::vector<std::string> sides = absl::StrSplit(text, absl::MaxSplits('=', 1));
  if (sides.size() != 2 || !IsOfficerId(sides[0])) {
    return UsageError(
        Cat({"--member takes OFFICER=ROLE:COMPARTMENTS, like "
             "QM/central/o-0001=VICTIM_OFFICER:VICTIMS,ACTION, not '",
             text, "'"}));
  }
  const std::vector<std::string> role = absl::StrSplit(sides[1], absl::MaxSplits(':', 1));
  const auto check = [](const char* field, const std::string& word) {
    if (!word.empty() && casework::IsWordOf("OperationMember", field, word)) {
      return absl::OkStatus();
    }
    std::string words;
    for (std::string_view one : casework::FindWords("OperationMember", field)->words) {
      words += Cat({words.empty() ? "" : ", ", one});
    }
    return UsageError(Cat({"'", word, "' in --member is none of ", words}));
  };
  PALERMO_RETURN_IF_ERROR(check("role", role[0]));
  v1::OperationMember& member = *agreement->add_members();
  member.set_officer(sides[0]);
  member.set_state(StateOf(sides[0]));
  member.set_role(role[0]);
  if (role.size() == 1) return absl::OkStatus();
  const std::vector<std::string> compartments = absl::StrSplit(role[1], ',');
  for (const std::string& compartment : compartments) {
    PALERMO_RETURN_IF_ERROR(check("compartments", compartment));
    member.add_compartments(compartment);
  }
  return absl::OkStatus();
}

// Without a number all members must vote GO.
absl::Status SetQuorum(const Args& args, size_t parties, v1::OperationAgreement& a) {
  uint32_t quorum = 0;
  const bool given = args.Has("--quorum");
  if (given &&
      (!absl::SimpleAtoi(args.Get("--quorum"), &quorum) || quorum == 0 || quorum > parties)) {
    return UsageError("--quorum is a number, at most that of the parties");
  }
  a.mutable_decisions()->set_least_go(quorum);
  a.mutable_decisions()->set_otherwise("NO_GO");
  return absl::OkStatus();
}

absl::StatusOr<int> NewOperation(const Args& args, Context& context) {
  const auto parties = args.All("--party");
  if (parties.size() < 2) return UsageError("an operation has two parties or more: --party twice");
  v1::OperationRecord record;
  v1::OperationAgreement& a = *record.mutable_agreement();
  a.set_name(args.Has("--name") ? args.Get("--name") : "NAME");
  a.set_kind("JOINT_OPERATION");
  a.set_version(1);
  const absl::Time now = context.clock->Now();
  FillClauses(a);
  a.mutable_period()->set_from(FormatInstant(now).substr(0, 10));
  a.mutable_period()->set_to(FormatInstant(now + absl::Hours(24 * 180)).substr(0, 10));
  for (const std::string& authority : parties) {
    if (!IsAuthorityId(authority)) {
      return UsageError(Cat({"'", authority, "' is no authority, like QM/central"}));
    }
    const std::string state = StateOf(authority);
    auto& party = *a.add_parties();
    party.set_state(state);
    party.set_authority(authority);
    auto& leader = *a.add_leaders();
    leader.set_state(state);
    leader.set_leader(LeaderSample(state));
    leader.set_law(LawSample(state));
  }
  PALERMO_RETURN_IF_ERROR(SetQuorum(args, parties.size(), a));
  a.set_deconfliction_authority(parties[0]);
  for (const std::string& member : args.All("--member")) {
    PALERMO_RETURN_IF_ERROR(AddMember(member, &a));
  }
  context.out += casework::BodyToJson(BodyWith(std::move(record)), true);
  return kExitOk;
}

// --- Forms of records

void FillPlan(const std::string&, v1::OperationRecord& r) {
  v1::OperationPlan& plan = *r.mutable_plan();
  plan.add_objectives("arrest the organisers; bring the victims to safety");
  plan.set_area("QM, QN");
  plan.set_risk("children may be present");
  plan.set_human_rights_plan("as clause 14");
  auto& measure = *plan.add_measures();
  measure.set_state("QM");
  measure.set_measure("search");
  measure.set_authority("warrant QM-77");
  plan.set_contingency("who aborts, and how");
}
void FillTask(const std::string& now, v1::OperationRecord& r) {
  v1::Tasking& task = *r.mutable_tasking();
  task.set_id("A1");
  task.set_state("QM");
  task.set_leader("QM-L-1");
  task.set_unit("unit 3");
  task.set_start_utc(now);
  task.set_local_tz("Etc/UTC");
  task.set_group("G1");
  task.add_selection_grounds("EVIDENCE");
  task.mutable_authority()->set_ref("warrant QM-77");
  task.mutable_authority()->set_valid_to(now.substr(0, 10));
  task.set_deconflicted(true);
  task.add_actions("search and arrest");
  task.add_no_go("children present without a guardian");
  task.set_place_released_at(now);
}
void FillDeconfliction(const std::string&, v1::OperationRecord& r) {
  r.mutable_deconfliction()->set_task_id("A1");
  r.mutable_deconfliction()->set_answer("CLEAR");
}
void FillPlace(const std::string&, v1::OperationRecord& r) {
  r.mutable_place()->set_task("record id of the task");
  r.mutable_place()->set_place("where it runs");
}
void FillSituation(const std::string& now, v1::OperationRecord& r) {
  r.mutable_situation()->set_at(now);
  r.mutable_situation()->set_text("what happened; no names of victims");
}
void FillEvidence(const std::string& now, v1::OperationRecord& r) {
  v1::EvidenceEntry& entry = *r.mutable_evidence();
  entry.set_id("E1");
  entry.set_description("telephone");
  entry.set_law_basis("warrant QM-77");
  auto& seized = *entry.add_events();
  seized.set_k("SEIZED");
  seized.set_by("QM-OFF-3");
  seized.set_at(now);
  auto& sealed = *entry.add_events();
  sealed.set_k("SEALED");
  sealed.set_by("QM-OFF-3");
  sealed.set_at(now);
  sealed.set_seal("S-001");
}
void FillSeizure(const std::string&, v1::OperationRecord& r) {
  r.mutable_seizure()->set_kind("CASH");
  r.mutable_seizure()->set_minor(1200000);
  r.mutable_seizure()->set_ccy("XTS");
}
void FillArrest(const std::string& now, v1::OperationRecord& r) {
  v1::ArrestRecord& arrest = *r.mutable_arrest();
  arrest.set_id("AR1");
  arrest.set_state("QM");
  arrest.set_token("hmac:...");
  arrest.set_at(now);
  arrest.set_legal_basis("warrant QM-77");
  arrest.set_rights_notice_lang("en");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  arrest.set_consular_informed(true);
}
void FillVictim(const std::string&, v1::OperationRecord& r) {
  v1::VictimRecord& victim = *r.mutable_victim();
  victim.set_token("hmac:...");
  victim.set_identified(true);
  victim.set_rescued(true);
  victim.set_referred(true);
  victim.mutable_victim_support()->set_supported(true);
  victim.mutable_victim_support()->set_told_remedies(true);
}

constexpr OperationForm kForms[] = {
    {"plan", "what is to be done, with the authority for each measure", FillPlan},
    {"deconfliction", "CLEAR or CONFLICT for a task, without details", FillDeconfliction},
    {"tasking", "a task under the leader of the state where it runs", FillTask},
    {"place", "where a task runs; not before the time that the task names", FillPlace},
    {"situation", "a situation report", FillSituation},
    {"evidence", "an entry of the evidence register, with its custody", FillEvidence},
    {"seizure", "what was seized", FillSeizure},
    {"arrest", "an arrest, with the rights that were given", FillArrest},
    {"victim", "a person who was identified, rescued or referred, by blinded token", FillVictim},
};

absl::StatusOr<int> PrintForm(const Args& args, Context& context) {
  const std::string kind = args.Get("kind");
  std::string known;
  std::vector<OperationForm> forms(std::begin(kForms), std::end(kForms));
  forms.insert(forms.end(), ActionForms().begin(), ActionForms().end());
  for (const OperationForm& form : forms) {
    if (kind == form.kind) {
      v1::OperationRecord record;
      form.fill(FormatInstant(context.clock->Now()), record);
      context.out += casework::BodyToJson(BodyWith(std::move(record)), true);
      return kExitOk;
    }
    known += Cat({"\n  ", form.kind, ": ", form.meaning});
  }
  return UsageError(Cat({"'", kind, "' is no kind of record:", known}));
}

absl::StatusOr<int> CheckForm(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseBody body, ReadRecordFile(args.Get("file")));
  body.set_version(1);
  casework::CheckContext check;
  check.family = v1::Family::JOINT_INVESTIGATION;
  check.act = v1::Act::REQUEST;
  check.now = FormatInstant(context.clock->Now());
  check.now_iso8601_date = check.now.substr(0, 10);
  // As it is asked when it is sent: what its author answers with a reason stops nothing.
  desk::DraftFile draft;
  draft.family = check.family;
  draft.body = body;
  auto findings = desk::CheckDraft(check, draft);
  const auto left = CheckSamplesLeft(body.operation_record());
  findings.insert(findings.end(), left.begin(), left.end());
  return ReportFindings(findings, context);
}

}  // namespace

void AddOperationForms(std::vector<Command>& commands) {
  commands.push_back({"operation",
                      "new",
                      "Print an agreement between these parties, to be filled in",
                      {{"--party", "AUTHORITY", "each party, your own too", true, true},
                       {"--name", "NAME", "of the operation"},
                       {"--quorum", "N", "so many members must vote GO; without it, all"},
                       {"--member", "OFFICER=ROLE:COMPARTMENTS",
                        "who takes part, and what he needs to know; VICTIMS is for a "
                        "VICTIM_OFFICER only",
                        false, true}},
                      "palermo operation new --party QM/central --party QN/central --party "
                      "QP/central --name LANTERN > agreement.json",
                      NewOperation});
  commands.push_back({"operation",
                      "form",
                      "Print a record of one kind, to be filled in",
                      {{"kind", "KIND",
                        "plan, deconfliction, tasking, place, situation, evidence, seizure, "
                        "arrest, victim, target, timetable, force, media or outcome",
                        true}},
                      "palermo operation form tasking > task.json",
                      PrintForm});
  commands.push_back({"operation",
                      "check",
                      "Check an agreement or a record; needs no node",
                      {{"file", "FILE", "the agreement or record", true}},
                      "palermo operation check agreement.json",
                      CheckForm});
}

}  // namespace palermo::cli
