// Break-glass at the node: statements that are in force, and what they allow. Internal to this
// room. docs/formats/officers.md says what break-glass gives and what it does not.
#ifndef PALERMO_NODE_EXCHANGE_BREAK_GLASS_H_
#define PALERMO_NODE_EXCHANGE_BREAK_GLASS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/exchange/tx.h"
#include "node/trust/grant.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

struct Access {
  trust::BreakGlassAccess access;
  uint64_t index = 0;  // of the BREAK_GLASS entry
};

// All that name `officer` and are in force at `now`; for every officer when it is empty.
absl::StatusOr<std::vector<Access>> LoadAccesses(const storage::KvReader& store,
                                                 const std::string& officer, absl::Time now);
absl::StatusOr<std::vector<Access>> LoadAccesses(const Tx& tx, const std::string& officer);

// The one that lets `officer` see messages of one of `authorities`; NO_BREAK_GLASS.
absl::StatusOr<Access> FindAccess(const Tx& tx, const std::string& officer,
                                  const std::vector<std::string>& authorities);
// BREAK_GLASS_USED, without what it was used for.
v1::Record UseRecord(const Access& access, const std::string& officer);

// Entry, and a notice to the auditors. Codes of trust::VerifyBreakGlass, WRONG_SENDER when the
// caller is none of the signers, ALREADY_SIGNED when it was entered before.
absl::StatusOr<uint64_t> DecideBreakGlass(Tx& tx, const v1::SignedStatement& statement,
                                          const std::string& caller);
// Before its time; by its signers, or a custodian or auditor of the state.
absl::StatusOr<uint64_t> DecideEndBreakGlass(Tx& tx, const std::string& sha256,
                                             const v1::OfficerEntry& caller);
absl::StatusOr<std::vector<v1::StoredBreakGlass>> AllBreakGlass(const storage::KvReader& store);
bool IsInForce(const v1::StoredBreakGlass& stored, absl::Time now);

// An entry that an auditor must acknowledge; he is shown it until then.
void AddNotice(Tx& tx, uint64_t index);
absl::StatusOr<uint64_t> DecideAcknowledge(Tx& tx, uint64_t index, const std::string& auditor);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_BREAK_GLASS_H_
