// The node's keys in its store (docs/formats/store.md). One function for each; nothing else spells
// a key.
#ifndef PALERMO_NODE_EXCHANGE_KEYS_H_
#define PALERMO_NODE_EXCHANGE_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace palermo::exchange::keys {

inline constexpr std::string_view kTree = "l/t/";
inline constexpr std::string_view kCheckpoint = "l/c";
// Checkpoint keys that this node had: public key || the last note that counts under it.
inline constexpr std::string_view kFormerKeys = "l/k/";
inline constexpr std::string_view kOwnState = "w/state";
inline constexpr std::string_view kProbe = "w/probe";
inline constexpr std::string_view kEntries = "l/e/";
inline constexpr std::string_view kDrafts = "d/p/";
inline constexpr std::string_view kListing = "i/";
inline constexpr std::string_view kExpiries = "e/x/";
inline constexpr std::string_view kConfirmationsDue = "e/c/";
inline constexpr std::string_view kOpenConfirmations = "d/c/";
inline constexpr std::string_view kOutboxes = "o/i/";
inline constexpr std::string_view kAllGrants = "g/";
inline constexpr std::string_view kBreakGlass = "b/g/";
inline constexpr std::string_view kNotices = "a/n/";
inline constexpr std::string_view kRosters = "t/r/";
inline constexpr std::string_view kWaitingRosters = "t/w/";
inline constexpr std::string_view kRootConfirmations = "t/k/";

// The entries from this one on, until the next such key.
inline std::string Entries(uint64_t index) { return Cat({kEntries, BigEndian64(index)}); }

inline std::string FormerKeyUpTo(uint64_t size) { return Cat({kFormerKeys, BigEndian64(size)}); }

// In the store's family for sealed parts, by the index of the message's entry: these keys grow.
inline std::string Stanzas(uint64_t index) { return Cat({BigEndian64(index), "s"}); }
inline std::string Body(uint64_t index) { return Cat({BigEndian64(index), "b"}); }

// All else of one message lies together: m/ || id || what.
inline std::string Message(std::string_view id) { return Cat({"m/", id, "h"}); }
// DeliveryStatus of an outgoing message for one recipient state.
inline std::string Delivery(std::string_view id, std::string_view state) {
  return Cat({"m/", id, "d", state});
}
// Index of the entry that refused an incoming message of a peer for good.
inline std::string Refusal(std::string_view id, std::string_view peer) {
  return Cat({"m/", id, "x", peer});
}
// The newest retrieval statement of our own desks about an incoming message.
inline std::string Retrieval(std::string_view id) { return Cat({"m/", id, "o"}); }

// StoredConfirmation of a message that went in an emergency.
inline std::string Confirmation(std::string_view id) { return Cat({"m/", id, "c"}); }
// What becomes missing at a time; and what of one of our authorities is not confirmed yet.
inline std::string ConfirmationDue(int64_t at_ms, std::string_view id) {
  return Cat({kConfirmationsDue, BigEndian64(static_cast<uint64_t>(at_ms)), id});
}
inline std::string OpenConfirmations(std::string_view authority) {
  return Cat({kOpenConfirmations, authority, "\n"});
}
inline std::string OpenConfirmation(std::string_view authority, std::string_view id) {
  return Cat({OpenConfirmations(authority), id});
}

inline std::string Draft(std::string_view id) { return Cat({kDrafts, id}); }
inline std::string DraftCount(std::string_view authority) { return Cat({"d/n/", authority}); }

// All of one case lies together: c/ || case id || what.
inline std::string Case(std::string_view case_id) { return Cat({"c/", case_id, "e"}); }
inline std::string CaseAct(std::string_view case_id, uint64_t ordinal) {
  return Cat({"c/", case_id, "a", BigEndian64(ordinal)});
}
inline std::string CaseActs(std::string_view case_id) { return Cat({"c/", case_id, "a"}); }
// A number beyond the gap that was used already.
inline std::string NumberUse(std::string_view case_id, std::string_view authority,
                             uint64_t number) {
  return Cat({"c/", case_id, "u", authority, std::string_view("\0", 1), BigEndian64(number)});
}

// What may go on of a case and sender and was too much for one decision.
inline constexpr std::string_view kReleases = "c-r/";
inline constexpr size_t kCaseIdBytes = 16;
inline std::string Release(std::string_view case_id, std::string_view authority) {
  return Cat({kReleases, case_id, authority});
}

// A list that a batch wrote under a prefix: `index` is that of the batch's first entry.
inline std::string ListOf(std::string_view prefix, uint64_t index) {
  return Cat({prefix, BigEndian64(index)});
}

// Lane 'a' is the emergency lane, 'b' the other; `index` is of the entry that put the item there.
inline std::string Outbox(std::string_view state, char lane, uint64_t index) {
  return Cat({kOutboxes, state, std::string_view(&lane, 1), BigEndian64(index)});
}
inline std::string OutboxLane(std::string_view state, char lane) {
  return Cat({kOutboxes, state, std::string_view(&lane, 1)});
}
inline std::string OutboxCount(std::string_view state) { return Cat({"o/c/", state}); }

// The lists of what runs out in the minute that begins at `minute_ms`.
inline std::string ExpiriesIn(uint64_t minute_ms) {
  return Cat({kExpiries, BigEndian64(minute_ms)});
}

inline std::string Roster(uint64_t version) { return Cat({"t/r/", BigEndian64(version)}); }
inline std::string Charters(std::string_view state) { return Cat({"t/c/", state}); }
inline std::string Charter(std::string_view state, uint64_t version) {
  return Cat({Charters(state), BigEndian64(version)});
}
inline std::string Directory(std::string_view state, uint64_t version) {
  return Cat({"t/d/", state, BigEndian64(version)});
}
// The receipt of a directory's entry in its own state's ledger; of our own directories the entry's
// index.
inline std::string DirectoryReceipt(std::string_view state, uint64_t version) {
  return Cat({"t/x/", state, BigEndian64(version)});
}

// The charter that a directory was signed under, by its version.
inline std::string DirectoryCharter(std::string_view state, uint64_t version) {
  return Cat({"t/y/", state, BigEndian64(version)});
}
// Charters and directories of a state in the order in which they were taken, by our entry's index.
inline std::string Step(std::string_view state, uint64_t index) {
  return Cat({"t/s/", state, BigEndian64(index)});
}
inline std::string Steps(std::string_view state) { return Cat({"t/s/", state}); }
inline std::string WaitingRoster(uint64_t version) { return Cat({"t/w/", BigEndian64(version)}); }
inline std::string RootConfirmation(std::string_view fingerprint) {
  return Cat({"t/k/", fingerprint});
}

// What a state's documents added to the store today: the day, then the bytes.
inline std::string DocumentBytes(std::string_view state) { return Cat({"t/b/", state}); }

// The newest checkpoint of a peer that we verified, and proofs of faults.
inline std::string PeerCheckpoint(std::string_view state) { return Cat({"p/c/", state}); }
inline constexpr std::string_view kPeerFaults = "p/f/";
inline std::string PeerFault(std::string_view state, uint64_t index) {
  return Cat({"p/f/", state, BigEndian64(index)});
}
// Of refused messages; of what came without a proof; and of all that is kept, with its newest time.
inline std::string FaultCount(std::string_view state) { return Cat({"p/n/", state}); }
inline std::string PlainFaultCount(std::string_view state) { return Cat({"p/m/", state}); }
inline std::string KeptFaultCount(std::string_view state) { return Cat({"p/k/", state}); }
// There when the faults of a store of before these counters are counted.
inline std::string FaultsCounted(std::string_view state) { return Cat({"p/w/", state}); }
inline std::string LastFaultAt(std::string_view state) { return Cat({"p/t/", state}); }
// Bytes of the proofs that streams and documents gave.
inline std::string ProofBytes(std::string_view state) { return Cat({"p/b/", state}); }

// One for each granter, so that nobody overwrites what another gave.
inline std::string Grant(std::string_view authority, std::string_view key_id,
                         std::string_view officer, std::string_view granter) {
  return Cat({"g/", authority, std::string_view("\0", 1), key_id, officer,
              std::string_view("\0", 1), granter});
}
inline std::string Grants(std::string_view authority) {
  return Cat({"g/", authority, std::string_view("\0", 1)});
}

// A key that an officer's desk does not use any more in the directory -> his id.
inline std::string FormerPin(std::string_view tls_pin) { return Cat({"f/p/", tls_pin}); }

inline std::string BreakGlassOf(std::string_view officer) {
  return Cat({kBreakGlass, officer, std::string_view("\0", 1)});
}
inline std::string BreakGlass(std::string_view officer, std::string_view sha256) {
  return Cat({BreakGlassOf(officer), sha256});
}
// Entries that an auditor has not acknowledged yet.
inline std::string Notice(uint64_t index) { return Cat({kNotices, BigEndian64(index)}); }

// The rewraps of a message for one authority: key id, then who made it.
inline std::string Rewraps(std::string_view id, std::string_view authority) {
  return Cat({"m/", id, "w", authority, std::string_view("\0", 1)});
}
inline std::string Rewrap(std::string_view id, std::string_view authority, std::string_view key_id,
                          std::string_view officer) {
  return Cat({Rewraps(id, authority), key_id, officer});
}
inline constexpr std::string_view kAllDestroyedKeys = "k/d/";
inline std::string DestroyedKeys(std::string_view authority) {
  return Cat({kAllDestroyedKeys, authority, std::string_view("\0", 1)});
}
inline std::string DestroyedKey(std::string_view authority, std::string_view key_id) {
  return Cat({DestroyedKeys(authority), key_id});
}

}  // namespace palermo::exchange::keys

#endif  // PALERMO_NODE_EXCHANGE_KEYS_H_
