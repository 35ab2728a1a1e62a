#include "node/exchange/documents.h"

#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/trust/documents.h"
#include "node/trust/receipt.h"

namespace palermo::exchange {
namespace {

using storage::KvReader;
using storage::ScanRange;

// Values under a prefix, ascending.
absl::StatusOr<std::vector<v1::SignedDocument>> LoadAll(const KvReader& store,
                                                        const std::string& prefix) {
  std::vector<v1::SignedDocument> documents;
  bool parsed = true;
  PALERMO_RETURN_IF_ERROR(
      store.Scan(ScanRange::Prefix(prefix), [&](std::string_view, std::string_view value) {
        parsed = parsed && documents.emplace_back().ParseFromArray(value.data(),
                                                                   static_cast<int>(value.size()));
        return parsed;
      }));
  if (!parsed) return Damaged("STORE_DAMAGED", "a stored document does not parse");
  return documents;
}

// A charter or directory from the store. It was verified when it was stored, possibly under an
// earlier roster or charter; the documents of now need not certify it any more.
template <typename Document>
absl::StatusOr<Document> Stored(const v1::SignedDocument& document) {
  Document stored;
  if (!stored.body.ParseFromString(document.document())) {
    return Damaged("STORE_DAMAGED", "a stored document does not parse");
  }
  stored.sha256 = crypto::Sha256(document.document());
  stored.signed_document = document;
  return stored;
}

absl::StatusOr<trust::TrustPtr> LoadState(const KvReader& store, const trust::TrustPtr& view,
                                          const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(auto charters, LoadAll(store, Cat({"t/c/", state})));
  if (charters.empty()) return view;
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter, Stored<trust::Charter>(charters.back()));
  PALERMO_ASSIGN_OR_RETURN(auto directories, LoadAll(store, Cat({"t/d/", state})));
  trust::StateView state_view;
  if (!directories.empty()) {
    PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                             Stored<trust::Directory>(directories.back()));
    state_view.directory = std::make_shared<trust::DirectoryIndex>(std::move(directory));
  }
  state_view.charter = std::make_shared<trust::Charter>(std::move(charter));
  return view->WithState(state, std::move(state_view));
}

v1::Record DocumentRecord(v1::RecordKind::Code kind, const std::string& actor,
                          const std::string& state, uint64_t version, const Hash& sha256) {
  v1::Record record;
  record.set_kind(kind);
  record.set_actor(actor);
  if (!state.empty()) record.add_peers(state);
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_document_version(version);
  record.set_evidence_sha256(std::string(AsView(sha256)));
  return record;
}

absl::StatusOr<uint64_t> TakeRoster(Tx& tx, const v1::SignedDocument& document,
                                    const std::string& actor) {
  PALERMO_ASSIGN_OR_RETURN(trust::Roster roster,
                           trust::VerifyNextRoster(document, tx.trust()->roster()));
  uint64_t version = roster.body.version();
  tx.Save(keys::Roster(version), document);
  uint64_t index =
      tx.Append(DocumentRecord(v1::RecordKind::ROSTER, actor, "", version, roster.sha256));
  tx.SetTrust(tx.trust()->WithRoster(std::move(roster)));
  return index;
}

v1::KeySet RootsOf(const Tx& tx, const std::string& state) {
  const v1::RosterState* entry = trust::FindState(tx.trust()->roster().body, state);
  return entry == nullptr ? v1::KeySet() : entry->roots();
}

v1::KeySet DirectoryKeysOf(const Tx& tx, const std::string& state) {
  const trust::StateView* known = tx.trust()->Find(state);
  return known == nullptr || known->charter == nullptr ? v1::KeySet()
                                                       : known->charter->body.directory_keys();
}

// True when the document is the one that is in force already. A different one of the same version
// is a fork.
// True too only of what the state's own keys signed: anybody can make up another document.
template <typename Document>
absl::StatusOr<bool> IsCurrent(const Document* current, const v1::SignedDocument& document,
                               crypto::Purpose purpose, const v1::KeySet& keys,
                               std::string_view what) {
  if (current == nullptr) return false;
  if (current->signed_document.document() == document.document()) return true;
  decltype(current->body) body;
  if (!body.ParseFromString(document.document())) {
    return InputError("BAD_DOCUMENT", Cat({what, " is not a valid message"}));
  }
  if (body.version() == current->body.version()) {
    PALERMO_RETURN_IF_ERROR(trust::CheckThreshold(purpose, keys, document, what));
    return Refused("VERSION_FORK", Cat({"two different versions of one ", what}));
  }
  return false;
}

absl::StatusOr<uint64_t> TakeCharter(Tx& tx, const std::string& state,
                                     const v1::SignedDocument& document, const std::string& actor) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Charter* previous = known == nullptr ? nullptr : known->charter.get();
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter,
                           trust::VerifyCharter(document, tx.trust()->roster(), previous));
  if (charter.body.state() != state) {
    return Refused("WRONG_SENDER", "the charter is of another state");
  }
  uint64_t version = charter.body.version();
  tx.Save(keys::Charter(state, version), document);
  uint64_t index =
      tx.Append(DocumentRecord(v1::RecordKind::CHARTER, actor, state, version, charter.sha256));
  trust::StateView next;
  if (known != nullptr) next = *known;
  next.charter = std::make_shared<trust::Charter>(std::move(charter));
  tx.SetTrust(tx.trust()->WithState(state, std::move(next)));
  return index;
}

// `receipt`: of the directory's entry in its own state's ledger; null for our own directory.
absl::StatusOr<uint64_t> TakeDirectory(Tx& tx, const std::string& state,
                                       const v1::SignedDocument& document,
                                       const v1::Receipt* receipt, const std::string& actor) {
  const trust::StateView* known = tx.trust()->Find(state);
  if (known == nullptr || known->charter == nullptr) {
    return WrongState("BAD_DOCUMENT",
                      Cat({"there is no charter of ", state, " to judge its directory by"}));
  }
  const trust::Directory* previous =
      known->directory == nullptr ? nullptr : &known->directory->verified();
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(document, *known->charter, previous));
  auto indexed = std::make_shared<trust::DirectoryIndex>(std::move(directory));
  uint64_t version = indexed->body().version();
  v1::Receipt entry;
  if (receipt != nullptr) {
    PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::VerifyReceipt(*receipt, *indexed));
    if (record.kind() != v1::RecordKind::DIRECTORY || record.document_version() != version ||
        record.evidence_sha256() != AsView(indexed->verified().sha256)) {
      return Refused("BAD_RECEIPT", "the receipt is not of this directory's entry");
    }
    entry = *receipt;
  }
  bool next_of_ours = receipt == nullptr && known->directory != nullptr;
  if (next_of_ours) PALERMO_RETURN_IF_ERROR(CheckNewKeys(tx, *known->directory, *indexed));
  uint64_t index = tx.Append(
      DocumentRecord(v1::RecordKind::DIRECTORY, actor, state, version, indexed->verified().sha256));
  if (next_of_ours) {
    PALERMO_RETURN_IF_ERROR(ForgetOfficersWhoLeft(tx, *known->directory, *indexed));
  }
  if (receipt == nullptr) entry.set_index(index);
  tx.Save(keys::Directory(state, version), document);
  tx.Save(keys::DirectoryReceipt(state, version), entry);
  trust::StateView next = *known;
  next.directory = std::move(indexed);
  tx.SetTrust(tx.trust()->WithState(state, std::move(next)));
  return index;
}

// A directory version from before the first that was fetched: kept to judge what was submitted
// under it.
absl::StatusOr<bool> TakeOlderDirectory(Tx& tx, const std::string& state,
                                        const v1::SignedDocument& document,
                                        const v1::Receipt& receipt, uint64_t version) {
  PALERMO_ASSIGN_OR_RETURN(auto kept, tx.Get(keys::Directory(state, version)));
  if (kept.has_value()) return false;
  const trust::StateView* known = tx.trust()->Find(state);
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(document, *known->charter, nullptr));
  trust::DirectoryIndex indexed(std::move(directory));
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::VerifyReceipt(receipt, indexed));
  if (record.kind() != v1::RecordKind::DIRECTORY || record.document_version() != version ||
      record.evidence_sha256() != AsView(indexed.verified().sha256)) {
    return Refused("BAD_RECEIPT", "the receipt is not of this directory's entry");
  }
  tx.Save(keys::Directory(state, version), document);
  tx.Save(keys::DirectoryReceipt(state, version), receipt);
  tx.Append(
      DocumentRecord(v1::RecordKind::DIRECTORY, "node", state, version, indexed.verified().sha256));
  return true;
}

absl::StatusOr<bool> OfferRosters(Tx& tx, const v1::GetDocumentsResponse& documents) {
  bool changed = false;
  for (const auto& document : documents.rosters()) {
    v1::Roster body;
    if (!body.ParseFromString(document.document())) {
      return InputError("BAD_DOCUMENT", "a roster is not a valid message");
    }
    uint64_t known = tx.trust()->roster().body.version();
    if (body.version() < known) continue;
    PALERMO_ASSIGN_OR_RETURN(bool current,
                             IsCurrent(&tx.trust()->roster(), document, crypto::Purpose::kRoster,
                                       tx.trust()->roster().body.roster_keys(), "roster"));
    if (current) continue;
    PALERMO_RETURN_IF_ERROR(TakeRoster(tx, document, "node").status());
    changed = true;
  }
  return changed;
}

absl::StatusOr<bool> OfferCharter(Tx& tx, const std::string& state,
                                  const v1::SignedDocument& document) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Charter* current = known == nullptr ? nullptr : known->charter.get();
  PALERMO_ASSIGN_OR_RETURN(bool same, IsCurrent(current, document, crypto::Purpose::kCharter,
                                                RootsOf(tx, state), "charter"));
  if (same) return false;
  v1::Charter body;
  if (current != nullptr && body.ParseFromString(document.document()) &&
      body.version() < current->body.version()) {
    return Refused("OLD_VERSION",
                   Cat({"the node of ", state, " shows an older charter than before"}));
  }
  PALERMO_RETURN_IF_ERROR(TakeCharter(tx, state, document, "node").status());
  return true;
}

absl::StatusOr<bool> OfferDirectory(Tx& tx, const std::string& state,
                                    const v1::GetDocumentsResponse& documents) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Directory* current =
      known == nullptr || known->directory == nullptr ? nullptr : &known->directory->verified();
  const v1::SignedDocument& document = documents.directory();
  PALERMO_ASSIGN_OR_RETURN(bool same, IsCurrent(current, document, crypto::Purpose::kDirectory,
                                                DirectoryKeysOf(tx, state), "directory"));
  if (same) return false;
  v1::Directory body;
  if (!body.ParseFromString(document.document())) {
    return InputError("BAD_DOCUMENT", "the directory is not a valid message");
  }
  if (current != nullptr && body.version() < current->body.version()) {
    return TakeOlderDirectory(tx, state, document, documents.directory_receipt(), body.version());
  }
  PALERMO_RETURN_IF_ERROR(
      TakeDirectory(tx, state, document, &documents.directory_receipt(), "node").status());
  return true;
}

}  // namespace

absl::StatusOr<trust::TrustPtr> LoadTrust(const KvReader& store,
                                          const v1::SignedDocument& first_roster,
                                          const Hash& fingerprint) {
  PALERMO_ASSIGN_OR_RETURN(trust::Roster roster,
                           trust::VerifyFirstRoster(first_roster, fingerprint));
  PALERMO_ASSIGN_OR_RETURN(auto rosters, LoadAll(store, "t/r/"));
  for (const auto& document : rosters) {
    v1::Roster body;
    if (!body.ParseFromString(document.document())) {
      return Damaged("STORE_DAMAGED", "a stored roster does not parse");
    }
    if (body.version() <= roster.body.version()) continue;
    PALERMO_ASSIGN_OR_RETURN(roster, trust::VerifyNextRoster(document, roster));
  }
  trust::TrustPtr view = std::make_shared<trust::TrustView>(std::move(roster));
  // A copy: the view, which owns its roster, is replaced on the way.
  const v1::Roster known = view->roster().body;
  for (const auto& state : known.states()) {
    PALERMO_ASSIGN_OR_RETURN(view, LoadState(store, view, state.state()));
  }
  return view;
}

absl::StatusOr<uint64_t> DecidePublish(Tx& tx, const v1::PublishRequest& request,
                                       const std::string& actor) {
  const trust::StateView* own = tx.trust()->Find(tx.state());
  switch (request.content_case()) {
    case v1::PublishRequest::kRoster: {
      PALERMO_ASSIGN_OR_RETURN(
          bool same, IsCurrent(&tx.trust()->roster(), request.roster(), crypto::Purpose::kRoster,
                               tx.trust()->roster().body.roster_keys(), "roster"));
      if (same) return WrongState("OLD_VERSION", "this roster is in force already");
      return TakeRoster(tx, request.roster(), actor);
    }
    case v1::PublishRequest::kCharter: {
      PALERMO_ASSIGN_OR_RETURN(
          bool same, IsCurrent(own == nullptr ? nullptr : own->charter.get(), request.charter(),
                               crypto::Purpose::kCharter, RootsOf(tx, tx.state()), "charter"));
      if (same) return WrongState("OLD_VERSION", "this charter is in force already");
      return TakeCharter(tx, tx.state(), request.charter(), actor);
    }
    case v1::PublishRequest::kDirectory: {
      PALERMO_ASSIGN_OR_RETURN(
          bool same,
          IsCurrent(
              own == nullptr || own->directory == nullptr ? nullptr : &own->directory->verified(),
              request.directory(), crypto::Purpose::kDirectory, DirectoryKeysOf(tx, tx.state()),
              "directory"));
      if (same) return WrongState("OLD_VERSION", "this directory is in force already");
      return TakeDirectory(tx, tx.state(), request.directory(), nullptr, actor);
    }
    default:
      return InputError("BAD_DOCUMENT", "the call has no document");
  }
}

absl::StatusOr<bool> DecideOffer(Tx& tx, const std::string& state,
                                 const v1::GetDocumentsResponse& documents) {
  auto rosters = OfferRosters(tx, documents);
  // A changed root waits for the administrator; directories must go on meanwhile.
  if (!rosters.ok() && CodeOf(rosters.status()) != "ROOT_CHANGE_UNCONFIRMED")
    return rosters.status();
  bool changed = rosters.ok() && *rosters;
  if (documents.has_charter()) {
    PALERMO_ASSIGN_OR_RETURN(bool charter_changed, OfferCharter(tx, state, documents.charter()));
    changed = changed || charter_changed;
  }
  if (documents.has_directory()) {
    PALERMO_ASSIGN_OR_RETURN(bool directory_changed, OfferDirectory(tx, state, documents));
    changed = changed || directory_changed;
  }
  return changed;
}

trust::DirectoryPtr FindDirectory(const KvReader& store, const trust::TrustView& view,
                                  const std::string& state, uint64_t version) {
  const trust::StateView* known = view.Find(state);
  if (known == nullptr || known->directory == nullptr) return nullptr;
  if (known->directory->body().version() == version) return known->directory;
  auto bytes = store.Get(keys::Directory(state, version));
  v1::SignedDocument document;
  if (!bytes.ok() || !bytes->has_value() || !document.ParseFromString(**bytes)) return nullptr;
  auto directory = Stored<trust::Directory>(document);
  if (!directory.ok()) return nullptr;
  return std::make_shared<trust::DirectoryIndex>(*std::move(directory));
}

}  // namespace palermo::exchange
