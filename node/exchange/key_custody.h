// What the node knows of sealing keys that it cannot use: who was granted which version, what was
// rewrapped, what was destroyed. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_KEY_CUSTODY_H_
#define PALERMO_NODE_EXCHANGE_KEY_CUSTODY_H_

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "node/exchange/lists.h"
#include "node/exchange/tx.h"
#include "node/trust/grant.h"
#include "palermo/v1/officers.pb.h"
#include "palermo/v1/services.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// Before a directory of our own is taken. TOO_FEW_GRANTS when it names a new version of an
// authority's key that has not been granted to two persons and to recovery. The first keys of an
// authority are free: nobody is there yet who could be granted them.
absl::Status CheckNewKeys(const Tx& tx, const trust::DirectoryIndex& previous,
                          const trust::DirectoryIndex& next);
// After it: grants to officers who left, or to keys that they lost, are deleted; their TLS keys are
// remembered, so that their calls are entered under their names.
absl::Status ForgetOfficersWhoLeft(Tx& tx, const trust::DirectoryIndex& previous,
                                   const trust::DirectoryIndex& next);

// The key ids that open a message for an authority: the stanza's first, then the rewraps'.
// Empty when the message has no stanza for it (or none any more). `message` is of the listing.
absl::StatusOr<std::vector<std::string>> KeysOfMessage(const storage::KvReader& store,
                                                       const ListItem& message,
                                                       const std::string& authority);
absl::StatusOr<std::vector<v1::Rewrap>> RewrapsOf(const storage::KvReader& store,
                                                  const std::string& id,
                                                  const std::string& authority);
absl::StatusOr<std::set<std::string>> DestroyedKeysOf(const storage::KvReader& store,
                                                      const std::string& authority);

// Every message and waiting draft of an authority, with the keys that open it. Reads all headers'
// stanzas: for custodians' calls, not for every day. `visit` answers false to stop.
absl::Status ForEachSealed(
    const storage::KvReader& store, const std::string& authority,
    absl::FunctionRef<bool(const std::string& id, const std::vector<std::string>& keys)> visit);
// How many of them nothing but `key_id` opens.
absl::StatusOr<uint64_t> CountHanging(const storage::KvReader& store, const std::string& authority,
                                      const std::string& key_id);

// Codes of trust::VerifyRewrap, UNKNOWN_MESSAGE, BAD_REWRAP (nothing to rewrap).
absl::StatusOr<uint64_t> DecideRewraps(Tx& tx, const v1::PutRewrapsRequest& request,
                                       const std::string& officer);
// No stanza of an own authority is sealed to a version that was destroyed: nobody could open it.
absl::Status CheckNotDestroyed(const Tx& tx, const v1::Stanzas& stanzas);

// Codes of trust::VerifyKeyDestruction, and WRONG_SENDER when the caller is none of the signers.
absl::StatusOr<v1::KeyDestructionStatement> JudgeKeyDestruction(
    const v1::SignedStatement& statement, const trust::DirectoryIndex& directory,
    const std::string& caller, absl::Time now);
// Entry; the grants of the version go. Codes of JudgeKeyDestruction, KEY_DESTROYED, KEY_IN_USE.
// The caller has counted what hangs on it while `destroyed_before` were gone; NOT_REWRAPPED when
// others are gone by now, and it is not forced.
struct Destroyed {
  uint64_t index = 0;
  uint32_t grants = 0;
};
absl::StatusOr<Destroyed> DecideDestroyKey(Tx& tx, const v1::SignedStatement& statement,
                                           const std::string& caller,
                                           const std::set<std::string>& destroyed_before);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_KEY_CUSTODY_H_
