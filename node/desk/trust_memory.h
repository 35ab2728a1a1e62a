// What the desk has seen and verified itself: the roster from its anchor on, each state's charter
// and directory, and the newest checkpoint of each ledger. Whatever a node says is judged against
// it, and nothing older is taken. One file, written atomically; docs/commands.md names it.
//
// Not thread-safe; one process at a time.
#ifndef PALERMO_NODE_DESK_TRUST_MEMORY_H_
#define PALERMO_NODE_DESK_TRUST_MEMORY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/checkpoint.h"
#include "node/trust/rosters.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::desk {

class TrustMemory {
 public:
  // From the first roster and its fingerprint, which people compared out of band. BAD_DOCUMENT.
  static absl::StatusOr<TrustMemory> Create(const v1::SignedDocument& roster,
                                            const Hash& fingerprint, const std::string& own_state);
  // Verifies all of it again. NO_FILE, BAD_FILE, BAD_DOCUMENT.
  static absl::StatusOr<TrustMemory> Load(const std::string& path);
  absl::Status Save(const std::string& path) const;

  // What to ask the node for: what comes after what this desk knows.
  v1::GetTrustRequest Request() const;
  v1::GetDocumentsRequest StateRequest(const std::string& state) const;
  // Takes what is newer, version by version where the node gives them so. Nothing changes unless
  // all of it is right; a roster that changes known roots waits, and with it only the documents of
  // the states that it is about. Codes OLD_VERSION, VERSION_FORK, BAD_DOCUMENT, OLD_CHECKPOINT,
  // FORKED_LEDGER, BAD_RECEIPT. Answers what is new, in plain sentences.
  absl::StatusOr<std::vector<std::string>> Update(const v1::GetTrustResponse& trust);
  // The same for one state's documents, as any node's directory service gives them.
  absl::StatusOr<std::vector<std::string>> UpdateState(const std::string& state,
                                                       const v1::GetDocumentsResponse& documents);
  // This desk's officer compared the fingerprint of a state's new roots out of band. True when a
  // roster was taken by it. ROOT_CHANGE_UNCONFIRMED.
  absl::StatusOr<bool> ConfirmRoots(const std::string& state, const Hash& fingerprint);
  // A checkpoint that the caller verified, with its consistency to the one before.
  void RememberCheckpoint(const std::string& state, const std::string& note);

  const std::string& own_state() const { return own_state_; }
  const Hash& fingerprint() const { return fingerprint_; }
  // From the anchor to the one in force.
  std::vector<v1::SignedDocument> rosters() const;
  trust::TrustPtr View() const { return view_; }
  // The newest checkpoint that was verified; empty note when there is none.
  std::string CheckpointNote(const std::string& state) const;
  absl::StatusOr<crypto::Checkpoint> NewestCheckpoint(const std::string& state) const;

 private:
  TrustMemory() = default;

  static absl::StatusOr<TrustMemory> Restore(const v1::DeskTrust& stored, const Hash& fingerprint);
  absl::Status RestoreState(const v1::DeskState& stored);
  absl::Status TakeRoster(const v1::SignedDocument& document, std::vector<std::string>* news);
  absl::Status TakeRosters(const v1::GetTrustResponse& trust, std::vector<std::string>* news);
  absl::Status TakeState(const v1::StateTrust& state, std::vector<std::string>* news);
  absl::Status TakeKnownState(const v1::StateTrust& state, std::vector<std::string>* news);
  absl::Status TakeWaitingState(const v1::StateTrust& state, std::vector<std::string>* news);
  absl::Status TakeDocuments(const std::string& state, const v1::GetDocumentsResponse& documents,
                             std::vector<std::string>* news);
  absl::Status TakeSteps(const std::string& state,
                         const google::protobuf::RepeatedPtrField<v1::DocumentStep>& steps,
                         std::vector<std::string>* news);
  absl::Status TakeCharter(const std::string& state, const v1::SignedDocument& document,
                           const trust::VouchedCharters& vouched, std::vector<std::string>* news);
  absl::Status TakeDirectory(const std::string& state, const v1::SignedDocument& document,
                             const v1::SignedDocument* signer, std::vector<std::string>* news);
  bool Waits(const std::string& state) const;
  absl::Status TakeCheckpoint(const std::string& state, const std::string& note);

  std::string own_state_;
  Hash fingerprint_{};
  trust::TrustPtr view_;
  std::map<std::string, std::string> checkpoints_;  // signed notes by state
};

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_TRUST_MEMORY_H_
