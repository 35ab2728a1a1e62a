// Roles and need to know in a joint operation (domain: least privilege, deny by default): which
// officer may read or write a record, by the agreement in force. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_ACCESS_H_
#define PALERMO_NODE_CASEWORK_OPERATION_ACCESS_H_

#include <string>
#include <string_view>

#include "palermo/v1/operation.pb.h"

namespace palermo::casework {

namespace v1 = ::palermo::v1;

// PLAN, TARGETS, ACTION, EVIDENCE, VICTIMS, UNDERCOVER, FINANCE: as the record says, else that of
// its kind; a victim's record is always in VICTIMS. "": of the operation itself, which every
// officer of a member's authority may read.
std::string CompartmentOf(const v1::OperationRecord& record);

// Nobody who is not named reads VICTIMS and UNDERCOVER; of VICTIMS only a VICTIM_OFFICER. The other
// compartments are open to the authority of a state of which the agreement names nobody, else to
// whom it names for them. OPERATION_COORDINATOR: all but those two. OBSERVER and AUDITOR: none.
// `agreement` null: it is not here, and compartments stay closed.
bool MayReadRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                   const v1::OperationRecord& record);
// A VICTIM_OFFICER whom the agreement names for VICTIMS: he alone sees which figures are of whom.
bool ReadsVictims(const v1::OperationAgreement* agreement, const std::string& officer);
// VICTIMS and UNDERCOVER: whoever may read it, opens it with a second officer (domain 5.3).
bool NeedsTwo(const v1::OperationRecord& record);
// What one officer alone is shown.
bool ShowsRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                 const v1::OperationRecord& record);
// The same in a draft that waits. What needs two officers, the second one sees: who approves, of
// what another wrote and what is in no message yet. Whatever else a draft carries was opened by
// two.
struct WaitingRecord {
  bool is_new = false;
  std::string drafter;
  bool approves = false;  // the officer who looks
};
bool ShowsInDraft(const v1::OperationAgreement* agreement, const std::string& officer,
                  const v1::OperationRecord& record, const WaitingRecord& waiting);
// Who may read it, and has the rights of a member: no PARTICIPANT, OBSERVER or AUDITOR (2AP
// 20(12)). Where the agreement names somebody of the officer's state for it: a target sheet is for
// OPERATION_COORDINATOR, STATE_LEADER, ANALYST and PROSECUTOR, a timetable for the first two, a
// text for the media for the first two, PROSECUTOR and LIAISON. To abort and to leave is every
// officer's of the state, whatever his role: any member stops and leaves, at any time and alone.
bool MayWriteRecord(const v1::OperationAgreement* agreement, const std::string& officer,
                    const v1::OperationRecord& record);
// Where the record would be written, for who may not: "in ACTION"; without a compartment "a record
// of the kind vote".
std::string WhereWritten(const v1::OperationRecord& record);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_ACCESS_H_
