#include "node/exchange/key_change.h"

#include "base/bytes.h"
#include "node/exchange/documents.h"
#include "node/exchange/keys.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

constexpr size_t kPublicKeyBytes = 32;

std::string KeyNamedIn(const v1::SignedDocument& document) {
  v1::Directory directory;
  if (!directory.ParseFromString(document.document())) return "";
  return directory.node().checkpoint_key();
}

}  // namespace

absl::StatusOr<std::vector<FormerKey>> FormerKeys(const storage::KvReader& store) {
  std::vector<FormerKey> former;
  bool whole = true;
  PALERMO_RETURN_IF_ERROR(
      store.Scan(storage::ScanRange::Prefix(std::string(keys::kFormerKeys)),
                 [&](std::string_view, std::string_view value) {
                   auto key = crypto::PublicKeyFrom(value.substr(0, kPublicKeyBytes));
                   whole = whole && key.ok();
                   if (whole) former.push_back({*key, std::string(value.substr(kPublicKeyBytes))});
                   return whole;
                 }));
  if (!whole) return Damaged("STORE_DAMAGED", "a former checkpoint key in the store is not whole");
  return former;
}

bool ReplacesKey(const NodeOptions& options, const trust::TrustView& view) {
  const trust::StateView* own = view.Find(options.state);
  if (own == nullptr || own->directory == nullptr || !options.next_directory.has_value()) {
    return false;
  }
  std::string_view ours = crypto::AsView(options.checkpoint_key->public_key());
  return own->directory->body().node().checkpoint_key() != ours &&
         KeyNamedIn(*options.next_directory) == ours;
}

absl::Status ReplaceKey(NodeParts& parts, const crypto::PublicKey& former) {
  Decision decision;
  absl::Status result = absl::UnknownError("");
  decision.decide = [&](Tx& tx) -> absl::Status {
    tx.Put(keys::FormerKeyUpTo(parts.committer->tree_size()),
           Cat({crypto::AsView(former), parts.committer->newest_checkpoint()}));
    v1::PublishRequest request;
    *request.mutable_directory() = *parts.options.next_directory;
    PALERMO_RETURN_IF_ERROR(DecidePublish(tx, request, "node").status());
    return CheckOwnDirectory(parts.options, *tx.trust());
  };
  decision.done = [&](const absl::Status& status, const CommittedPtr&) { result = status; };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  parts.committer->RunOnce();
  return result;
}

absl::StatusOr<v1::Receipt> ReceiptOfItsTime(NodeParts& parts, uint64_t index) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<FormerKey> former, FormerKeys(*parts.options.store));
  for (const FormerKey& one : former) {
    PALERMO_ASSIGN_OR_RETURN(PeerLedger closed, PeerLedger::FromNote(one.note));
    if (index < closed.size()) return parts.committer->ReceiptUnder(index, one.note);
  }
  return parts.committer->ReceiptOf(index);
}

bool OffersAnotherKey(const trust::TrustView& view, const std::string& state,
                      const v1::GetDocumentsResponse& documents) {
  const trust::StateView* known = view.Find(state);
  if (known == nullptr || known->directory == nullptr) return false;
  for (const auto& step : documents.steps()) {
    if (step.has_directory() &&
        KeyNamedIn(step.directory()) != known->directory->body().node().checkpoint_key()) {
      return true;
    }
  }
  return false;
}

absl::StatusOr<PeerLedger> LedgerAtDirectory(const storage::KvReader& store,
                                             const trust::TrustView& view,
                                             const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(state));
  PALERMO_ASSIGN_OR_RETURN(auto bytes,
                           store.Get(keys::DirectoryReceipt(state, directory->body().version())));
  v1::Receipt receipt;
  if (!bytes.has_value() || !receipt.ParseFromString(*bytes)) {
    return Damaged("STORE_DAMAGED", "the receipt of a directory's entry is not whole");
  }
  return PeerLedger::FromNote(receipt.checkpoint());
}

absl::Status GoOnUnderNewKey(Tx& tx, const trust::TrustView& before, const std::string& state,
                             const OfferedLedger& ledger) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr old_directory, before.DirectoryOf(state));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(state));
  if (directory->CheckpointKey() == old_directory->CheckpointKey()) {
    return Refused("FORKED_LEDGER",
                   Cat({"the ledger of ", state,
                        " does not fit what was seen before, and no key was replaced"}));
  }
  tx.Put(keys::PeerCheckpoint(state), ledger.newest.note());
  return absl::OkStatus();
}

}  // namespace palermo::exchange
