// The state of a joint operation: a pure function of the set of its signed records, so that every
// member sees the same whatever arrived first. Membership follows from signatures alone; forks,
// gaps and forgeries are shown with their proof. docs/formats/operation.md. Thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_REPLAY_H_
#define PALERMO_NODE_CASEWORK_OPERATION_REPLAY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/finding.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::casework {

// A record as trust hands it over: who signed is settled, what it says is not.
struct SignedRecord {
  std::string id;      // that everybody computes from it, in hex
  std::string signer;  // state of the officers whose signatures were verified
  v1::OperationRecord record;
  // Its signer did not sign it for us: another record names its id, so its place is certain.
  bool place_only = false;
};
// Its content was not released to this state: it has a place in the history, and no effect.
bool IsWithheld(const v1::OperationRecord& record);
// What a record names as before it: parents and `previous`. Nothing when it names more than
// limits::kMaxOperationParents, or what is longer than an id: it is then BROKEN.
std::vector<std::string> BuildsOn(const v1::OperationRecord& record);
bool NamesTooMuch(const v1::OperationRecord& record);
// An abort with number 0 and no `previous`: it stands outside its state's history, so that to stop
// waits for nothing of one's own.
bool TakesNoNumber(const v1::OperationRecord& record);
// What says who takes part. A state that is admitted needs all of these, also the older ones.
bool IsMembershipKind(v1::OperationRecord::ContentCase kind);
v1::OperationRecord::ContentCase KindOf(const v1::OperationRecord& record);  // also when withheld

// A departure of one's own state to come: notice, which changes nobody's part. The state leaves
// when it says so again.
bool GivesNotice(const v1::OperationRecord& record);

enum class RecordVerdict : uint8_t {
  kEffective,
  kHeld,
  kForged,
  kForked,
  kBroken,
  kBackdated,
  kNotMember,
  kNoEffect,
  kWithheld,
  kProposed,   // it waits for consents
  kSuperseded  // nothing comes of it any more; also a consent to such
};
std::string_view VerdictName(RecordVerdict verdict);  // "EFFECTIVE"

struct JudgedRecord {
  std::string id;
  RecordVerdict verdict = RecordVerdict::kEffective;
  bool effective = false;          // others build on it; also one that is backdated or proposed
  std::string why;                 // for people; "" when the verdict is kEffective
  std::vector<std::string> proof;  // ids: what shows it, or what is missing
  std::vector<Finding> findings;   // of the rules of operations
  size_t membership = 0;           // index into OperationState::memberships, after this record

  bool operator==(const JudgedRecord&) const = default;
};

enum class DecisionOutcome : uint8_t { kOpen, kGo, kNoGo, kAborted };
std::string_view OutcomeName(DecisionOutcome outcome);

struct DecisionState {
  std::string id, kind;
  uint32_t quorum = 0;
  std::map<std::string, std::string> votes;  // state -> GO or NO_GO
  DecisionOutcome outcome = DecisionOutcome::kOpen;
  bool refused = false;  // the quorum was put out of reach; only a later vote changes that
  std::set<std::string> electors;  // the states whose votes count

  bool operator==(const DecisionState&) const = default;
};

// A text for the media: told when it is agreed and its embargo is over.
struct MediaState {
  std::string id;
  std::set<std::string> asked;     // members that its author knew when he proposed it
  std::set<std::string> consents;  // its author's included
  bool agreed = false;

  bool operator==(const MediaState&) const = default;
};
// Arrests of one group, which wait for one decision.
struct TimetableState {
  std::string id, decision;

  bool operator==(const TimetableState&) const = default;
};

enum class Phase : uint8_t { kNegotiating, kActive, kActionPhase, kWindingDown, kClosed, kExpired };
std::string_view PhaseName(Phase phase);

struct OperationState {
  Phase phase = Phase::kNegotiating;
  std::string agreement;            // id of the version in force; "" before all signed
  std::set<std::string> signed_by;  // of the founding agreement
  std::set<std::string> members;    // now
  // Who may join now: parties before all have signed; then those to whom all members consented.
  std::set<std::string> invited;
  std::map<std::string, std::set<std::string>> waiting;  // subject -> members that did not consent
  std::set<std::string> departed;
  std::map<std::string, std::string> notices;  // of members: from when they want to be gone
  // The record by which a state was admitted, or to which all members consented: by state.
  std::map<std::string, std::string> admissions;
  uint64_t epoch = 0;  // counts changes of membership
  std::vector<std::set<std::string>> memberships;
  std::vector<JudgedRecord> records;  // in order; those that are held last
  // Ids that records here build on, sorted: of states inside, and of today's members.
  std::vector<std::string> missing, missing_of_members;
  std::vector<std::string> heads;  // parents of the next record, sorted
  std::vector<DecisionState> decisions;
  std::vector<MediaState> media;
  std::vector<TimetableState> timetables;
  // Proof against a state: two of its records under one number, sorted by state and number.
  struct Fork {
    std::string state;
    uint64_t seq = 0;
    std::vector<std::string> records;  // sorted
    std::string standing;              // the branch that counts; "" none

    bool operator==(const Fork&) const = default;
  };
  std::vector<Fork> forks;
  // Of states that never took part, where more records are here than an operation holds: so many
  // were left out, by state.
  std::map<std::string, size_t> left_out;

  bool operator==(const OperationState&) const = default;
};

// `operation`: id of the founding agreement. `now` decides deadlines and the end of the period, and
// nothing else. Failure: TOO_MANY, more than limits::kMaxOperationRecords of those that took part.
absl::StatusOr<OperationState> ReplayOperation(const std::vector<SignedRecord>& records,
                                               const std::string& operation, absl::Time now);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_REPLAY_H_
