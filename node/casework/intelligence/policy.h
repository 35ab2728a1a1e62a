// Who may see a record of intelligence, and for what: one pure function for every way out, deny by
// default, the strictest wins. docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_POLICY_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_POLICY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

enum class Way : uint8_t { kView, kSearch, kHistory, kCount, kExport, kForward };
std::string_view WayName(Way way);  // "VIEW"

// A consent to pass a record on. It counts for exactly this state and purpose, and only when the
// originator granted it and both ledgers have it.
struct OnwardConsent {
  std::string to_state, purpose;
  std::string answered_by;  // state
  bool granted = false;
  bool in_originators_ledger = false;
  bool in_holders_ledger = false;
};
// What the ledgers say about one record.
struct RecordFacts {
  std::vector<std::string> sealed_to;   // authorities, "QN/central"
  std::vector<std::string> members;     // of its operation, when it was sealed
  std::vector<std::string> departed;    // of those, who has left since
  std::vector<OnwardConsent> consents;  // in the order of their time
  bool recalled = false;
  bool replaced = false;
};
struct Asker {
  std::string state, authority, officer;
  std::string purpose;
  std::string need_to_know;  // why, in words
};
struct PolicyDecision {
  bool allowed = false;
  std::string_view clause;  // that denied: "STATE"; "" when allowed
  std::string_view todo;
};

// `to_state`: where it goes, for kExport and kForward; "" for nobody in particular.
PolicyDecision MayPass(const v1::Label& label, const RecordFacts& facts, const Asker& asker,
                       Way way, const std::string& to_state, absl::Time now);

// --- What happened to a record, as both ledgers tell it
struct SharingEvent {
  enum class Kind : uint8_t { kSealed, kConsent, kRecalled, kReplaced };
  Kind kind = Kind::kSealed;
  std::string by;  // state that signed it
  std::string to;  // kSealed: authority
  OnwardConsent consent = {};
};
// Takes the event into the facts. Failure: NOT_ORIGINATOR: somebody else granted, recalled or
// replaced; nothing changes.
absl::Status Apply(const v1::Label& label, const SharingEvent& event, RecordFacts& facts);

// The label of what `maker` makes from records with these labels: at least as strict as each. Who
// made it controls it no more than he controlled its parts. Failure: NOT_RELEASED when `maker` may
// not have one of them, MIXED_OPERATIONS (or
// of two memberships of one), NO_INPUT.
absl::StatusOr<v1::Label> StrictestOf(const std::vector<v1::Label>& labels,
                                      const std::string& maker);

// The purposes of docs/formats/intelligence.md.
bool IsPurpose(std::string_view word);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_POLICY_H_
