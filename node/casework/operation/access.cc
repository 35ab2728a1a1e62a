#include "node/casework/operation/access.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/state_code.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using Record = v1::OperationRecord;

bool IsGuarded(std::string_view compartment) {
  return OneOf(compartment, {"VICTIMS", "UNDERCOVER"});
}

bool Grants(const v1::OperationMember& member, const std::string& compartment) {
  if (OneOf(member.role(), {"OBSERVER", "AUDITOR"})) return false;
  if (compartment == "VICTIMS" && member.role() != "VICTIM_OFFICER") return false;
  if (member.role() == "OPERATION_COORDINATOR" && !IsGuarded(compartment)) return true;
  const auto& named = member.compartments();
  return std::find(named.begin(), named.end(), compartment) != named.end();
}

// What is for some roles alone (domain 5.3); everything else is for everybody with a member's
// rights.
bool IsForSomeRoles(Record::ContentCase kind) {
  return kind == Record::kTarget || kind == Record::kTimetable || kind == Record::kMedia;
}
bool IsRoleFor(Record::ContentCase kind, std::string_view role) {
  if (OneOf(role, {"OPERATION_COORDINATOR", "STATE_LEADER"})) return true;
  if (kind == Record::kTarget) return OneOf(role, {"ANALYST", "PROSECUTOR"});
  return kind == Record::kMedia && OneOf(role, {"PROSECUTOR", "LIAISON"});
}

// Where the agreement gives one of these roles to somebody of the state, nobody else there writes.
bool HasTheRole(const v1::OperationAgreement& agreement, const std::string& officer,
                Record::ContentCase kind) {
  bool given = false;
  for (const v1::OperationMember& member : agreement.members()) {
    if (member.state() != StateOf(officer) || !IsRoleFor(kind, member.role())) continue;
    if (member.officer() == officer) return true;
    given = true;
  }
  return !given;
}

bool HasMemberRights(const v1::OperationAgreement& agreement, const std::string& officer) {
  bool named = false;
  for (const v1::OperationMember& member : agreement.members()) {
    if (member.officer() != officer) continue;
    named = true;
    if (!OneOf(member.role(), {"PARTICIPANT", "OBSERVER", "AUDITOR"})) return true;
  }
  return !named;
}

// No role takes from a member that it may stop and leave (2AP 20).
bool StopsOrLeaves(const std::string& officer, const Record& record) {
  return record.has_abort() ||
         (record.has_departure() && record.departure().state() == StateOf(officer));
}

}  // namespace

std::string CompartmentOf(const Record& record) {
  const auto kind = record.content_case() == Record::CONTENT_NOT_SET
                        ? static_cast<Record::ContentCase>(record.withheld_kind())
                        : record.content_case();
  // Of a victim, whatever its author writes.
  if (kind == Record::kVictim) return "VICTIMS";
  if (!record.compartment().empty()) return record.compartment();
  switch (kind) {
    case Record::kPlan:
      return "PLAN";
    case Record::kTasking:
    case Record::kPlace:
    case Record::kArrest:
    case Record::kDeconfliction:
    case Record::kTimetable:
    case Record::kForce:
    case Record::kOutcome:
      return "ACTION";
    case Record::kTarget:
      return "TARGETS";
    case Record::kEvidence:
    case Record::kSeizure:
      return "EVIDENCE";
    default:
      return "";
  }
}

bool MayReadRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                   const Record& record) {
  const std::string compartment = CompartmentOf(record);
  if (compartment.empty()) return true;
  if (agreement == nullptr) return false;
  const std::string state = StateOf(officer);
  bool names_somebody = false;
  for (const v1::OperationMember& member : agreement->members()) {
    names_somebody |= member.state() == state;
    if (member.officer() == officer && Grants(member, compartment)) return true;
  }
  return !names_somebody && !IsGuarded(compartment);
}

bool ReadsVictims(const v1::OperationAgreement* agreement, const std::string& officer) {
  Record victim;
  victim.mutable_victim();
  return MayReadRecord(agreement, officer, victim);
}

bool NeedsTwo(const Record& record) { return IsGuarded(CompartmentOf(record)); }

bool ShowsRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                 const Record& record) {
  return !NeedsTwo(record) && MayReadRecord(agreement, officer, record);
}

bool ShowsInDraft(const v1::OperationAgreement* agreement, const std::string& officer,
                  const Record& record, const WaitingRecord& waiting) {
  if (!MayReadRecord(agreement, officer, record)) return false;
  return !NeedsTwo(record) || (waiting.is_new && waiting.approves && waiting.drafter != officer);
}

bool MayWriteRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                    const Record& record) {
  if (StopsOrLeaves(officer, record)) return true;
  if (agreement != nullptr && !HasMemberRights(*agreement, officer)) return false;
  const auto kind = record.content_case();
  if (agreement != nullptr && IsForSomeRoles(kind) && !HasTheRole(*agreement, officer, kind)) {
    return false;
  }
  return MayReadRecord(agreement, officer, record);
}

std::string WhereWritten(const Record& record) {
  const std::string compartment = CompartmentOf(record);
  if (!compartment.empty()) return Cat({"in ", compartment});
  const auto* kind = Record::descriptor()->FindFieldByNumber(record.content_case());
  return Cat({"a record of the kind ", kind == nullptr ? "nothing" : kind->name()});
}

}  // namespace palermo::casework
