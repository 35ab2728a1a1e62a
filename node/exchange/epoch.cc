#include "node/exchange/epoch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/exchange/documents.h"
#include "node/exchange/keys.h"
#include "node/trust/ledger_epoch.h"
#include "node/trust/receipt.h"
#include "node/trust/strict.h"
#include "palermo/v1/store.pb.h"
#include "storage/tree_reader.h"

namespace palermo::exchange {
namespace {

constexpr std::string_view kMakeItAgain =
    "; make the directory again with the ledger-mark of this data-dir and the number of entries "
    "that are here, see docs/operations.md";

const v1::NodeEntry* NodeInForce(const std::string& state, const trust::TrustView& view) {
  const trust::StateView* own = view.Find(state);
  if (own == nullptr || own->directory == nullptr) return nullptr;
  return &own->directory->body().node();
}

absl::Status WrongEpoch(const std::string& text) {
  return WrongState("WRONG_EPOCH", Cat({text, kMakeItAgain}));
}

v1::Record EpochRecord(v1::RecordKind::Code kind, const v1::FormerLedger& former) {
  v1::Record record;
  record.set_kind(kind);
  record.set_actor("node");
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_method(former.origin());
  record.set_document_version(former.size());
  record.set_evidence_sha256(former.root());
  record.set_related_index(former.kept());
  return record;
}

void EnterRoster(Tx& tx) {
  const trust::Roster& roster = tx.trust()->roster();
  v1::Record record;
  record.set_kind(v1::RecordKind::ROSTER);
  record.set_actor("node");
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_document_version(roster.body.version());
  record.set_evidence_sha256(std::string(AsView(roster.sha256)));
  tx.Append(record);
  tx.Save(keys::Roster(roster.body.version()), roster.signed_document);
}

// Charter, then directory; a charter that is in force already is no refusal.
absl::Status PublishForEpoch(Tx& tx, const NodeOptions& options) {
  if (options.next_charter.has_value()) {
    v1::PublishRequest request;
    *request.mutable_charter() = *options.next_charter;
    absl::Status charter = DecidePublish(tx, request, "node").status();
    if (!charter.ok() && CodeOf(charter) != "OLD_VERSION") return Annotate(charter, "charter");
  }
  v1::PublishRequest request;
  *request.mutable_directory() = *options.next_directory;
  absl::Status directory = DecideEpochDirectory(tx, request.directory(), "node").status();
  return directory.ok() ? directory : Annotate(directory, "directory");
}

// The largest checkpoint of the former ledger that any stream or document showed.
crypto::Checkpoint LargestKnown(const OfferedLedger& ledger, const std::string& origin,
                                std::string* note) {
  crypto::Checkpoint largest;
  for (const PeerLedger* one : {&ledger.base, &ledger.newest, &ledger.known}) {
    if (one->note().empty() || one->origin() != origin || one->size() < largest.size) continue;
    largest = {one->origin(), one->size(), one->root()};
    *note = one->note();
  }
  return largest;
}

}  // namespace

std::string OriginInForce(const std::string& state, const trust::TrustView& view) {
  const v1::NodeEntry* node = NodeInForce(state, view);
  return node == nullptr ? trust::LedgerOrigin(state, 1) : node->ledger_origin();
}

std::optional<v1::FormerLedger> FormerInForce(const std::string& state,
                                              const trust::TrustView& view) {
  const v1::NodeEntry* node = NodeInForce(state, view);
  if (node == nullptr || !node->has_former_ledger()) return std::nullopt;
  return node->former_ledger();
}

std::optional<v1::Directory> NextEpoch(const NodeOptions& options, const trust::TrustView& view) {
  v1::Directory directory;
  if (!options.next_directory.has_value() ||
      !directory.ParseFromString(options.next_directory->document())) {
    return std::nullopt;
  }
  auto next = trust::EpochOf(directory.node().ledger_origin(), options.state);
  auto now = trust::EpochOf(OriginInForce(options.state, view), options.state);
  if (!next.ok() || !now.ok() || *next <= *now || !directory.node().has_former_ledger()) {
    return std::nullopt;
  }
  return directory;
}

absl::Status CheckFormerMark(const v1::FormerLedger& former, const storage::LedgerTree& tree,
                             const storage::KvReader& store, const crypto::Checkpoint& mark) {
  if (mark.size > former.size() ||
      (mark.size == former.size() && former.root() != AsView(mark.root))) {
    return WrongState(
        "LEDGER_BEHIND",
        absl::StrFormat("the mark in the data folder is of %d entries of %s, and the directory "
                        "names another end of it, of %d entries%s",
                        mark.size, mark.origin, former.size(), std::string(kMakeItAgain)));
  }
  if (mark.size == 0 || mark.size > std::min<uint64_t>(former.kept(), tree.size())) {
    return absl::OkStatus();
  }
  PALERMO_ASSIGN_OR_RETURN(Hash root, tree.Reader(store).RootAt(mark.size));
  if (root == mark.root) return absl::OkStatus();
  return WrongEpoch("the entries that are here are not of the ledger that the mark is of");
}

absl::Status CheckKept(const v1::FormerLedger& former, const storage::LedgerTree& tree,
                       const storage::KvReader& store,
                       const std::optional<crypto::Checkpoint>& mark) {
  const bool of_this = mark.has_value() && mark->origin == former.origin();
  if (tree.size() == 0 && !of_this) {
    return WrongState("STORE_MISSING",
                      Cat({"the store has no ledger, and no mark of ", former.origin(),
                           " is in the data folder, so whether its disk is mounted cannot be told; "
                           "see docs/operations.md, A new epoch"}));
  }
  if (former.kept() != tree.size()) {
    return WrongEpoch(
        absl::StrFormat("the directory says that %d entries are kept, and %d are here",
                        former.kept(), tree.size()));
  }
  if (former.size() == tree.size() && former.root() != AsView(tree.root())) {
    return WrongEpoch("the directory names another end of the ledger than the one that is here");
  }
  if (mark.has_value() && !of_this) {
    return WrongState("WRONG_STORE", Cat({"the mark in the data folder is of the ledger ",
                                          mark->origin, ", not of ", former.origin()}));
  }
  return of_this ? CheckFormerMark(former, tree, store, *mark) : absl::OkStatus();
}

absl::Status DecideEpochStart(Tx& tx, const NodeOptions& options, const EpochStart& start) {
  const bool empty = tx.next_index() == 0;
  if (empty) tx.Put(std::string(keys::kOwnState), options.state);
  if (start.former_key.has_value() && !start.former_note.empty()) {
    tx.Put(keys::FormerKeyUpTo(tx.next_index()),
           Cat({crypto::AsView(*start.former_key), start.former_note}));
  }
  tx.Append(EpochRecord(v1::RecordKind::START, start.directory.node().former_ledger()));
  if (empty) EnterRoster(tx);
  PALERMO_RETURN_IF_ERROR(PublishForEpoch(tx, options));
  return CheckOwnDirectory(options, start.directory.node().ledger_origin(), *tx.trust());
}

absl::Status BeginEpoch(NodeParts& parts, const EpochStart& start) {
  Decision decision;
  absl::Status result = absl::UnknownError("");
  decision.decide = [&](Tx& tx) { return DecideEpochStart(tx, parts.options, start); };
  decision.done = [&](const absl::Status& status, const CommittedPtr&) { result = status; };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  parts.committer->RunOnce();
  return result;
}

v1::FormerLedger LargestEnd(const v1::Directory& directory,
                            const v1::GetDocumentsResponse& documents) {
  v1::FormerLedger largest = directory.node().former_ledger();
  for (const auto& step : documents.steps()) {
    v1::Directory later;
    if (!step.has_directory() || !later.ParseFromString(step.directory().document())) continue;
    if (later.version() <= directory.version() ||
        later.node().ledger_origin() != directory.node().ledger_origin()) {
      continue;
    }
    if (later.node().former_ledger().size() > largest.size()) {
      largest = later.node().former_ledger();
    }
  }
  return largest;
}

absl::Status TakePeerEpoch(Tx& tx, const v1::Directory& directory, const v1::DocumentStep& step,
                           uint64_t document_index, OfferedLedger* ledger) {
  const std::string& state = directory.state();
  const v1::FormerLedger& own_end = directory.node().former_ledger();
  const bool larger =
      ledger->end.origin() == own_end.origin() && ledger->end.size() > own_end.size();
  const v1::FormerLedger former = larger ? ledger->end : own_end;
  std::string known_note;
  const crypto::Checkpoint known = LargestKnown(*ledger, former.origin(), &known_note);
  absl::Status judged = trust::CheckFormerLedger(former, known);
  PALERMO_ASSIGN_OR_RETURN(PeerLedger begun, PeerLedger::FromNote(step.receipt().checkpoint()));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(step.consistency()));
  const PeerLedger& base = ledger->base;
  // What the state says is kept, it can prove.
  const bool provable = judged.ok() && known.size > 0 && known.size <= former.kept();
  if (provable && base.size() != known.size) {
    return TryLater("KEY_CHANGED", Cat({"more was shown of the ledger of ", state,
                                        " than when its documents were asked for; ask again"}));
  }
  if (provable &&
      !crypto::VerifyConsistency(base.size(), begun.size(), proof, base.root(), begun.root())
           .ok()) {
    judged = Refused("FORKED_LEDGER",
                     Cat({"the new epoch of ", state, " does not begin with the entries of ",
                          former.origin(), " that its directory says are kept"}));
  }
  if (!judged.ok()) {
    ledger->conflict = step.receipt().checkpoint();
    ledger->conflicting_known = known_note;
    return judged;
  }
  v1::Record record = EpochRecord(v1::RecordKind::LEDGER_EPOCH, former);
  record.add_peers(state);
  const uint64_t index = tx.Append(std::move(record));
  if (!known_note.empty()) tx.Put(keys::FormerPeerLedger(state, document_index), known_note);
  tx.Put(keys::PeerCheckpoint(state), begun.note());
  v1::StoredReplay replay;
  replay.set_former_origin(former.origin());
  replay.set_kept(former.kept());
  replay.set_index(index);
  tx.Save(keys::Replay(state), replay);
  ledger->base = begun;
  ledger->newest = std::move(begun);
  return absl::OkStatus();
}

bool IsLost(const trust::TrustView& view, const std::string& peer, const std::string& checkpoint,
            uint64_t index) {
  auto former = FormerInForce(peer, view);
  if (!former.has_value() || index < former->kept()) return false;
  auto shown = PeerLedger::FromNote(checkpoint);
  return shown.ok() && shown->origin() == former->origin();
}

}  // namespace palermo::exchange
