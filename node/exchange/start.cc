#include "node/exchange/start.h"

#include "base/check.h"
#include "node/exchange/documents.h"
#include "node/exchange/key_change.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"

namespace palermo::exchange {
namespace {

absl::Status CheckStoreIsOurs(const NodeOptions& options) {
  PALERMO_ASSIGN_OR_RETURN(auto owner, options.store->Get(keys::kOwnState));
  if (owner.has_value() && *owner != options.state) {
    return WrongState("WRONG_STORE",
                      Cat({"the data folder is of the node of ", *owner, ", not of ", options.state,
                           "; name this state's own folder in data-dir, or correct state"}));
  }
  return absl::OkStatus();
}

absl::Status LoadPeerLedgers(NodeParts& parts) {
  absl::MutexLock lock(&parts.mu);
  for (const auto& state : parts.trust->roster().body.states()) {
    PALERMO_ASSIGN_OR_RETURN(auto note,
                             parts.options.store->Get(keys::PeerCheckpoint(state.state())));
    if (!note.has_value()) continue;
    PALERMO_ASSIGN_OR_RETURN(parts.ledgers[state.state()], PeerLedger::FromNote(*note));
  }
  return absl::OkStatus();
}

// One document as it would be published at the start. The version in force is no refusal.
absl::Status TryPublish(Tx& tx, const NodeOptions& options, const v1::PublishRequest& request,
                        const char* what) {
  absl::Status status = DecidePublish(tx, request, "node").status();
  if (CodeOf(status) == "OLD_VERSION") return absl::OkStatus();
  if (status.ok()) status = CheckOwnDirectory(options, *tx.trust());
  return status.ok() ? status : Annotate(status, what);
}

}  // namespace

absl::StatusOr<PreparedNode> PrepareNode(NodeOptions options) {
  PALERMO_CHECK(options.store != nullptr && options.clock != nullptr && options.random != nullptr &&
                options.checkpoint_key != nullptr);
  PALERMO_RETURN_IF_ERROR(CheckStoreIsOurs(options));
  PreparedNode prepared;
  prepared.parts = std::make_unique<NodeParts>(std::move(options));
  NodeParts* parts = prepared.parts.get();
  PALERMO_ASSIGN_OR_RETURN(trust::TrustPtr view,
                           LoadTrust(*parts->options.store, parts->options.first_roster,
                                     parts->options.roster_fingerprint));
  if (trust::FindState(view->roster().body, parts->options.state) == nullptr) {
    return WrongState("UNKNOWN_STATE",
                      Cat({parts->options.state,
                           " is not in the roster; a state that joined later begins "
                           "with the roster that names it"}));
  }
  bool replaces_key = ReplacesKey(parts->options, *view);
  if (!replaces_key) PALERMO_RETURN_IF_ERROR(CheckOwnDirectory(parts->options, *view));
  {
    absl::MutexLock lock(&parts->mu);
    parts->trust = view;
  }
  PALERMO_ASSIGN_OR_RETURN(auto epoch, parts->options.store->Get(storage::kWriterEpochKey));
  Committer::Options committer;
  committer.store = parts->options.store;
  committer.clock = parts->options.clock;
  committer.random = parts->options.random;
  committer.checkpoint_key = parts->options.checkpoint_key;
  if (replaces_key) {
    committer.former_key = view->Find(parts->options.state)->directory->CheckpointKey();
  }
  prepared.former_key = committer.former_key;
  committer.state = parts->options.state;
  committer.origin = OriginOf(parts->options);
  committer.writer_epoch = epoch.has_value() && epoch->size() == 8 ? ReadBigEndian64(*epoch) : 0;
  committer.mark = parts->options.ledger_mark;
  committer.require_ledger = parts->options.require_ledger;
  committer.sync_each = parts->options.sync_each;
  committer.trust = [parts] { return parts->Trust(); };
  committer.set_trust = [parts](trust::TrustPtr next) {
    absl::MutexLock lock(&parts->mu);
    parts->trust = std::move(next);
  };
  PALERMO_ASSIGN_OR_RETURN(parts->committer, Committer::Create(std::move(committer)));
  PALERMO_RETURN_IF_ERROR(LoadPeerLedgers(*parts));
  return prepared;
}

absl::StatusOr<trust::TrustPtr> Node::TryStart(NodeOptions options,
                                               const std::optional<v1::SignedDocument>& charter) {
  PALERMO_ASSIGN_OR_RETURN(PreparedNode prepared, PrepareNode(std::move(options)));
  NodeParts& parts = *prepared.parts;
  Tx tx(*parts.options.store, parts.committer->tree_size(), parts.options.state,
        parts.options.clock->Now(), parts.Trust(), *parts.options.random);
  v1::PublishRequest directory;
  if (parts.options.next_directory.has_value()) {
    *directory.mutable_directory() = *parts.options.next_directory;
  }
  // In the order of a start: a replaced key first, under the charter in force.
  if (prepared.former_key.has_value()) {
    PALERMO_RETURN_IF_ERROR(TryPublish(tx, parts.options, directory, "directory"));
  }
  if (charter.has_value()) {
    v1::PublishRequest request;
    *request.mutable_charter() = *charter;
    PALERMO_RETURN_IF_ERROR(TryPublish(tx, parts.options, request, "charter"));
  }
  if (directory.has_directory() && !prepared.former_key.has_value()) {
    PALERMO_RETURN_IF_ERROR(TryPublish(tx, parts.options, directory, "directory"));
  }
  return tx.trust();
}

}  // namespace palermo::exchange
