#include "node/exchange/documents.h"

#include "node/exchange/document_space.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/trust/documents.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"
#include "node/trust/signers.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

// Who may sign a document now.
struct Judge {
  v1::KeySet keys;
  uint64_t charter = 0;  // of a directory: the version of the charter that names them
};

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

// What an offer to take rosters led to, as entries and in the store. Answers the last entry.
uint64_t EnterRosters(Tx& tx, const trust::RosterOffer& offer, const std::string& actor) {
  uint64_t index = 0;
  for (const trust::Roster& roster : offer.taken) {
    uint64_t version = roster.body.version();
    tx.Save(keys::Roster(version), roster.signed_document);
    tx.Delete(keys::WaitingRoster(version));
    index = tx.Append(DocumentRecord(v1::RecordKind::ROSTER, actor, "", version, roster.sha256));
  }
  tx.SetTrust(offer.view);
  return index;
}

// Says whose key it was, where `state`'s document was refused for who signed it. The roster is of
// no state.
absl::Status NameSigner(const Tx& tx, const absl::Status& refused, const std::string& state,
                        crypto::Purpose purpose, const Judge& judge,
                        const v1::SignedDocument& document) {
  if (CodeOf(refused) != "UNKNOWN_SIGNER") return refused;
  trust::OtherSigners others = trust::OtherSignersIn(*tx.trust(), state, purpose);
  // The newest before the one that counts.
  std::vector<v1::Charter> before;
  for (uint64_t version = judge.charter;
       version > 1 && before.size() < limits::kMaxChartersScanned;) {
    PALERMO_ASSIGN_OR_RETURN(auto stored,
                             tx.Load<v1::SignedDocument>(keys::Charter(state, --version)));
    before.emplace_back();
    if (stored.has_value() && !before.back().ParseFromString(stored->document())) {
      return Damaged("STORE_DAMAGED", "a stored charter does not parse");
    }
  }
  for (const auto& charter : before) others.former.push_back(&charter.directory_keys());
  return trust::NameSigner(refused, purpose, judge.keys, document, others);
}

// 0 when it was known.
absl::StatusOr<uint64_t> TakeRoster(Tx& tx, const v1::SignedDocument& document,
                                    const std::string& actor) {
  absl::StatusOr<trust::RosterOffer> offered = trust::OfferRoster(tx.trust(), document);
  if (!offered.ok()) {
    return NameSigner(tx, offered.status(), "", crypto::Purpose::kRoster,
                      {tx.trust()->roster().body.roster_keys()}, document);
  }
  const trust::RosterOffer& offer = *offered;
  if (offer.outcome == trust::RosterOffer::Outcome::kKnown) return uint64_t{0};
  if (offer.outcome == trust::RosterOffer::Outcome::kTaken) return EnterRosters(tx, offer, actor);
  const trust::Roster& waiting = *offer.view->waiting().back();
  v1::StoredWaitingRoster stored;
  *stored.mutable_roster() = document;
  stored.set_since_ms(ToMillis(tx.now()));
  tx.Save(keys::WaitingRoster(waiting.body.version()), stored);
  v1::Record record = DocumentRecord(v1::RecordKind::ROSTER_WAITING, actor, "",
                                     waiting.body.version(), waiting.sha256);
  record.set_outcome(v1::Outcome::PENDING);
  record.set_reason(v1::Reason::ROOT_CHANGE_UNCONFIRMED);
  for (const auto& difference : trust::WaitingDifferences(*offer.view)) {
    record.add_peers(difference.state);
  }
  tx.SetTrust(offer.view);
  return tx.Append(std::move(record));
}

Judge RootsOf(const Tx& tx, const std::string& state) {
  const v1::RosterState* entry = trust::FindState(tx.trust()->roster().body, state);
  return entry == nullptr ? Judge() : Judge{entry->roots()};
}

Judge AdministratorsIn(const trust::Charter& charter) {
  return {charter.body.directory_keys(), charter.body.version()};
}
// Who signed the directory in force.
Judge AdministratorsOf(const Tx& tx, const std::string& state) {
  const trust::StateView* known = tx.trust()->Find(state);
  if (known == nullptr || known->charter == nullptr) return Judge();
  return AdministratorsIn(known->directory_charter != nullptr ? *known->directory_charter
                                                              : *known->charter);
}

// True when the document is the one that is in force already. A different one of the same version
// is a fork.
// True too only of what the state's own keys signed: anybody can make up another document.
template <typename Document>
absl::StatusOr<bool> IsCurrent(const Tx& tx, const std::string& state, const Document* current,
                               const v1::SignedDocument& document, crypto::Purpose purpose,
                               const Judge& judge, std::string_view what) {
  if (current == nullptr) return false;
  if (current->signed_document.document() == document.document()) return true;
  decltype(current->body) body;
  const size_t most =
      purpose == crypto::Purpose::kCharter ? limits::kMaxCharterBytes : limits::kMaxDirectoryBytes;
  // What is too large or does not parse is refused when it is verified.
  if (document.document().size() > most || !body.ParseFromString(document.document()) ||
      body.version() != current->body.version()) {
    return false;
  }
  absl::Status signed_by_keys = trust::CheckThreshold(purpose, judge.keys, document, what);
  if (!signed_by_keys.ok()) {
    return NameSigner(tx, signed_by_keys, state, purpose, judge, document);
  }
  return Refused("VERSION_FORK",
                 Cat({"another ", what, " of version ", std::to_string(body.version()),
                      " is in force already; make your change again from that one"}));
}

absl::StatusOr<uint64_t> TakeCharter(Tx& tx, const std::string& state,
                                     const v1::SignedDocument& document, const std::string& actor,
                                     const trust::VouchedCharters& vouched = {}) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Charter* previous = known == nullptr ? nullptr : known->charter.get();
  if (previous == nullptr && state != tx.state()) {
    PALERMO_RETURN_IF_ERROR(
        trust::CheckRosterInTime(tx.trust()->roster().body, trust::RosterUse::kNew, tx.now()));
  }
  absl::StatusOr<trust::Charter> verified =
      trust::VerifyOfferedCharter(document, *tx.trust(), previous, vouched);
  if (!verified.ok()) {
    return NameSigner(tx, verified.status(), state, crypto::Purpose::kCharter, RootsOf(tx, state),
                      document);
  }
  trust::Charter charter = *std::move(verified);
  if (charter.body.state() != state) {
    return Refused("WRONG_SENDER", "the charter is of another state");
  }
  uint64_t version = charter.body.version();
  PALERMO_RETURN_IF_ERROR(TakeDocumentSpace(tx, state, document.ByteSizeLong()));
  tx.Save(keys::Charter(state, version), document);
  uint64_t index =
      tx.Append(DocumentRecord(v1::RecordKind::CHARTER, actor, state, version, charter.sha256));
  v1::StoredStep step;
  step.set_charter_version(version);
  tx.Save(keys::Step(state, index), step);
  trust::StateView next;
  if (known != nullptr) next = *known;
  next.charter = std::make_shared<trust::Charter>(std::move(charter));
  tx.SetTrust(tx.trust()->WithState(state, std::move(next)));
  return index;
}

// The receipt of a directory's entry in its own state's ledger, and that this ledger is the one
// that we know.
absl::Status CheckEntry(const v1::DocumentStep& step, const trust::DirectoryIndex& directory,
                        OfferedLedger* ledger) {
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::VerifyReceipt(step.receipt(), directory));
  if (record.kind() != v1::RecordKind::DIRECTORY ||
      record.document_version() != directory.body().version() ||
      record.evidence_sha256() != AsView(directory.verified().sha256)) {
    return Refused("BAD_RECEIPT", "the receipt is not of this directory's entry");
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(step.consistency()));
  PeerLedger one = ledger->base;
  absl::Status fits = one.Check(directory, step.receipt().checkpoint(), proof).status();
  if (!fits.ok()) ledger->conflict = one.conflict();
  if (fits.ok() && one.size() >= ledger->newest.size()) ledger->newest = std::move(one);
  return fits;
}

// `step`: with the entry in the directory's own state's ledger; null for our own directory.
absl::StatusOr<uint64_t> TakeDirectory(Tx& tx, const std::string& state,
                                       const v1::SignedDocument& document,
                                       const v1::DocumentStep* step, OfferedLedger* ledger,
                                       const std::string& actor) {
  const trust::StateView* known = tx.trust()->Find(state);
  if (known == nullptr || known->charter == nullptr) {
    return WrongState("BAD_DOCUMENT",
                      Cat({"there is no charter of ", state, " to judge its directory by"}));
  }
  const trust::Directory* previous =
      known->directory == nullptr ? nullptr : &known->directory->verified();
  absl::StatusOr<trust::Directory> directory =
      trust::VerifyDirectory(document, *known->charter, previous);
  if (!directory.ok()) {
    return NameSigner(tx, directory.status(), state, crypto::Purpose::kDirectory,
                      AdministratorsIn(*known->charter), document);
  }
  auto indexed = std::make_shared<trust::DirectoryIndex>(*std::move(directory));
  uint64_t version = indexed->body().version();
  v1::Receipt entry;
  if (step != nullptr) {
    PALERMO_RETURN_IF_ERROR(CheckEntry(*step, *indexed, ledger));
    entry = step->receipt();
  }
  PALERMO_RETURN_IF_ERROR(TakeDocumentSpace(tx, state, document.ByteSizeLong()));
  bool next_of_ours = step == nullptr && known->directory != nullptr;
  if (next_of_ours) PALERMO_RETURN_IF_ERROR(CheckNewKeys(tx, *known->directory, *indexed));
  uint64_t index = tx.Append(
      DocumentRecord(v1::RecordKind::DIRECTORY, actor, state, version, indexed->verified().sha256));
  if (next_of_ours) {
    PALERMO_RETURN_IF_ERROR(ForgetOfficersWhoLeft(tx, *known->directory, *indexed));
  }
  if (step == nullptr) entry.set_index(index);
  v1::StoredStep stored;
  stored.set_charter_version(known->charter->body.version());
  stored.set_directory_version(version);
  tx.Save(keys::Step(state, index), stored);
  tx.PutCounter(keys::DirectoryCharter(state, version), known->charter->body.version());
  tx.Save(keys::Directory(state, version), document);
  tx.Save(keys::DirectoryReceipt(state, version), entry);
  trust::StateView next = *known;
  next.directory = std::move(indexed);
  next.directory_charter = known->charter;
  tx.SetTrust(tx.trust()->WithState(state, std::move(next)));
  return index;
}

// A directory version from before the first that was fetched: kept to judge what was submitted
// under it. The version after it, which is known, names it by its hash: that proves it.
absl::StatusOr<bool> TakeOlderDirectory(Tx& tx, const std::string& state,
                                        const v1::GetDocumentsResponse& documents, uint64_t version,
                                        OfferedLedger* ledger) {
  PALERMO_ASSIGN_OR_RETURN(auto kept, tx.Get(keys::Directory(state, version)));
  if (kept.has_value()) return false;
  PALERMO_ASSIGN_OR_RETURN(auto after,
                           tx.Load<v1::SignedDocument>(keys::Directory(state, version + 1)));
  v1::Directory following;
  if (!after.has_value() || !following.ParseFromString(after->document())) {
    return Missing("UNKNOWN_DIRECTORY", "older directories are taken one by one, newest first");
  }
  const v1::SignedDocument& document = documents.directory();
  if (following.previous_sha256() != AsView(crypto::Sha256(document.document()))) {
    return Refused("BAD_DOCUMENT", "an older directory is not the one that the next one names");
  }
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter, trust::VerifyCharterOfAnyTime(
                                                       documents.directory_charter(), *tx.trust()));
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(document, charter, nullptr));
  trust::DirectoryIndex indexed(std::move(directory));
  v1::DocumentStep step;
  *step.mutable_receipt() = documents.directory_receipt();
  *step.mutable_consistency() = documents.consistency();
  PALERMO_RETURN_IF_ERROR(CheckEntry(step, indexed, ledger));
  uint64_t signer = charter.body.version();
  PALERMO_ASSIGN_OR_RETURN(auto known_charter, tx.Get(keys::Charter(state, signer)));
  if (!known_charter.has_value()) tx.Save(keys::Charter(state, signer), charter.signed_document);
  tx.PutCounter(keys::DirectoryCharter(state, version), signer);
  tx.Save(keys::Directory(state, version), document);
  tx.Save(keys::DirectoryReceipt(state, version), step.receipt());
  tx.Append(
      DocumentRecord(v1::RecordKind::DIRECTORY, "node", state, version, indexed.verified().sha256));
  tx.SetTrust(tx.trust()->WithSeenDirectories(state, {{version, indexed.verified().sha256}}));
  return true;
}

absl::StatusOr<bool> OfferRosters(Tx& tx, const v1::GetDocumentsResponse& documents) {
  bool changed = false;
  for (const auto& document : documents.rosters()) {
    absl::StatusOr<uint64_t> index = TakeRoster(tx, document, "node");
    // Older than our anchor: nothing to compare it with.
    if (CodeOf(index.status()) == "OLD_VERSION") continue;
    PALERMO_RETURN_IF_ERROR(index.status());
    changed = changed || *index != 0;
  }
  return changed;
}

absl::StatusOr<bool> OfferCharter(Tx& tx, const std::string& state,
                                  const v1::SignedDocument& document,
                                  const trust::VouchedCharters& vouched) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Charter* current = known == nullptr ? nullptr : known->charter.get();
  PALERMO_ASSIGN_OR_RETURN(bool same,
                           IsCurrent(tx, state, current, document, crypto::Purpose::kCharter,
                                     RootsOf(tx, state), "charter"));
  if (same) return false;
  PALERMO_RETURN_IF_ERROR(TakeCharter(tx, state, document, "node", vouched).status());
  return true;
}

absl::StatusOr<bool> OfferDirectory(Tx& tx, const std::string& state, const v1::DocumentStep& step,
                                    OfferedLedger* ledger) {
  const trust::StateView* known = tx.trust()->Find(state);
  const trust::Directory* current =
      known == nullptr || known->directory == nullptr ? nullptr : &known->directory->verified();
  const v1::SignedDocument& document = step.directory();
  PALERMO_ASSIGN_OR_RETURN(bool same,
                           IsCurrent(tx, state, current, document, crypto::Purpose::kDirectory,
                                     AdministratorsOf(tx, state), "directory"));
  if (same) return false;
  PALERMO_RETURN_IF_ERROR(TakeDirectory(tx, state, document, &step, ledger, "node").status());
  return true;
}

// Of a peer that is met for the first time, or one asked-for version of its directory.
absl::StatusOr<bool> OfferWhole(Tx& tx, const std::string& state,
                                const v1::GetDocumentsResponse& documents, OfferedLedger* ledger) {
  const trust::StateView* known = tx.trust()->Find(state);
  v1::Directory body;
  if (documents.has_directory() && !body.ParseFromString(documents.directory().document())) {
    return InputError("BAD_DOCUMENT", "the directory is not a valid message");
  }
  if (known != nullptr && known->directory != nullptr && documents.has_directory() &&
      body.version() < known->directory->body().version()) {
    return TakeOlderDirectory(tx, state, documents, body.version(), ledger);
  }
  bool changed = false;
  trust::VouchedCharters vouched =
      trust::FindVouchedCharters({&documents.charter()}, *tx.trust(), state);
  bool met = known != nullptr && known->directory != nullptr;
  // The charter that the directory was signed under; newer ones follow, one by one.
  if (!met && documents.has_directory_charter()) {
    PALERMO_ASSIGN_OR_RETURN(changed,
                             OfferCharter(tx, state, documents.directory_charter(), vouched));
  } else if (documents.has_charter()) {
    PALERMO_ASSIGN_OR_RETURN(changed, OfferCharter(tx, state, documents.charter(), vouched));
  }
  if (!documents.has_directory()) return changed;
  v1::DocumentStep step;
  *step.mutable_directory() = documents.directory();
  *step.mutable_receipt() = documents.directory_receipt();
  *step.mutable_consistency() = documents.consistency();
  PALERMO_ASSIGN_OR_RETURN(bool directory_changed, OfferDirectory(tx, state, step, ledger));
  return changed || directory_changed;
}

absl::StatusOr<bool> OfferSteps(Tx& tx, const std::string& state,
                                const v1::GetDocumentsResponse& documents, OfferedLedger* ledger) {
  if (documents.steps_size() > static_cast<int>(limits::kMaxStepsPerAnswer)) {
    return OverLimit("TOO_MANY", "the peer gives more documents than one answer may have");
  }
  std::vector<const v1::SignedDocument*> charters;
  for (const auto& step : documents.steps()) {
    if (step.has_charter()) charters.push_back(&step.charter());
  }
  trust::VouchedCharters vouched = trust::FindVouchedCharters(charters, *tx.trust(), state);
  bool changed = false;
  for (const auto& step : documents.steps()) {
    absl::StatusOr<bool> one = step.has_charter() ? OfferCharter(tx, state, step.charter(), vouched)
                                                  : OfferDirectory(tx, state, step, ledger);
    PALERMO_RETURN_IF_ERROR(one.status());
    changed = changed || *one;
  }
  return changed;
}

}  // namespace

absl::StatusOr<uint64_t> DecidePublish(Tx& tx, const v1::PublishRequest& request,
                                       const std::string& actor) {
  const trust::StateView* own = tx.trust()->Find(tx.state());
  switch (request.content_case()) {
    case v1::PublishRequest::kRoster: {
      PALERMO_ASSIGN_OR_RETURN(uint64_t index, TakeRoster(tx, request.roster(), actor));
      if (index == 0) {
        return WrongState("OLD_VERSION", "this roster is known already: in force, waiting or past");
      }
      return index;
    }
    case v1::PublishRequest::kCharter: {
      PALERMO_ASSIGN_OR_RETURN(
          bool same, IsCurrent(tx, tx.state(), own == nullptr ? nullptr : own->charter.get(),
                               request.charter(), crypto::Purpose::kCharter,
                               RootsOf(tx, tx.state()), "charter"));
      if (same) return WrongState("OLD_VERSION", "this charter is in force already");
      return TakeCharter(tx, tx.state(), request.charter(), actor);
    }
    case v1::PublishRequest::kDirectory: {
      PALERMO_ASSIGN_OR_RETURN(
          bool same,
          IsCurrent(
              tx, tx.state(),
              own == nullptr || own->directory == nullptr ? nullptr : &own->directory->verified(),
              request.directory(), crypto::Purpose::kDirectory, AdministratorsOf(tx, tx.state()),
              "directory"));
      if (same) return WrongState("OLD_VERSION", "this directory is in force already");
      return TakeDirectory(tx, tx.state(), request.directory(), nullptr, nullptr, actor);
    }
    default:
      return InputError("BAD_DOCUMENT", "the call has no document");
  }
}

absl::StatusOr<uint64_t> DecideConfirmRoots(Tx& tx, const std::string& state,
                                            const Hash& fingerprint, const std::string& actor) {
  PALERMO_ASSIGN_OR_RETURN(trust::RosterOffer offer,
                           trust::ConfirmRoots(tx.trust(), state, fingerprint));
  v1::Record record;
  record.set_kind(v1::RecordKind::ROOT_CONFIRMED);
  record.set_actor(actor);
  record.add_peers(state);
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_evidence_sha256(std::string(AsView(fingerprint)));
  uint64_t index = tx.Append(record);
  v1::StoredRootConfirmation stored;
  stored.set_fingerprint(std::string(AsView(fingerprint)));
  stored.set_actor(actor);
  stored.set_at_ms(ToMillis(tx.now()));
  stored.set_index(index);
  tx.Save(keys::RootConfirmation(AsView(fingerprint)), stored);
  EnterRosters(tx, offer, actor);
  return index;
}

absl::StatusOr<bool> DecideOffer(Tx& tx, const std::string& state,
                                 const v1::GetDocumentsResponse& documents, OfferedLedger* ledger) {
  PALERMO_ASSIGN_OR_RETURN(bool rosters, OfferRosters(tx, documents));
  PALERMO_ASSIGN_OR_RETURN(bool others, documents.steps().empty()
                                            ? OfferWhole(tx, state, documents, ledger)
                                            : OfferSteps(tx, state, documents, ledger));
  return rosters || others;
}

}  // namespace palermo::exchange
