// What the store holds of rosters, charters and directories, read again.
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/documents.h"
#include "node/exchange/keys.h"
#include "node/trust/documents.h"
#include "node/trust/rosters.h"
#include "palermo/v1/store.pb.h"

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

// The hash of every version of a state's directory, and the newest one whole: there may be many, of
// megabytes each.
absl::Status ScanDirectories(const KvReader& store, const std::string& state,
                             trust::VersionHashes* seen, v1::SignedDocument* newest) {
  std::string prefix = Cat({"t/d/", state});
  bool parsed = true;
  PALERMO_RETURN_IF_ERROR(
      store.Scan(ScanRange::Prefix(prefix), [&](std::string_view key, std::string_view value) {
        parsed = key.size() == prefix.size() + 8 &&
                 newest->ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (!parsed) return false;
        (*seen)[ReadBigEndian64(key.substr(prefix.size()))] = crypto::Sha256(newest->document());
        return true;
      }));
  return parsed ? absl::OkStatus() : Damaged("STORE_DAMAGED", "a stored directory does not parse");
}

// The newest charter of a state, if there is one.
absl::StatusOr<std::optional<v1::SignedDocument>> LoadNewestCharter(const KvReader& store,
                                                                    const std::string& state) {
  ScanRange newest = ScanRange::Prefix(keys::Charters(state), 1);
  newest.reverse = true;
  std::optional<v1::SignedDocument> charter;
  bool parsed = true;
  PALERMO_RETURN_IF_ERROR(store.Scan(newest, [&](std::string_view, std::string_view value) {
    parsed = charter.emplace().ParseFromArray(value.data(), static_cast<int>(value.size()));
    return parsed;
  }));
  if (!parsed) return Damaged("STORE_DAMAGED", "a stored charter does not parse");
  return charter;
}

absl::StatusOr<trust::TrustPtr> LoadState(const KvReader& store, const trust::TrustPtr& view,
                                          const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(auto newest_charter, LoadNewestCharter(store, state));
  if (!newest_charter.has_value()) return view;
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter, Stored<trust::Charter>(*newest_charter));
  trust::StateView state_view;
  state_view.charter = std::make_shared<trust::Charter>(std::move(charter));
  trust::VersionHashes seen;
  v1::SignedDocument newest;
  PALERMO_RETURN_IF_ERROR(ScanDirectories(store, state, &seen, &newest));
  if (!seen.empty()) {
    PALERMO_ASSIGN_OR_RETURN(trust::Directory directory, Stored<trust::Directory>(newest));
    state_view.directory = std::make_shared<trust::DirectoryIndex>(std::move(directory));
  }
  if (state_view.directory != nullptr) {
    PALERMO_ASSIGN_OR_RETURN(
        auto under, FindDirectoryCharter(store, state, state_view.directory->body().version()));
    if (under.has_value()) {
      PALERMO_ASSIGN_OR_RETURN(trust::Charter signer, Stored<trust::Charter>(*under));
      state_view.directory_charter = std::make_shared<trust::Charter>(std::move(signer));
    }
  }
  return view->WithState(state, std::move(state_view))->WithSeenDirectories(state, seen);
}

// Follows the stored rosters as they were taken, with what people confirmed.
absl::StatusOr<trust::TrustPtr> LoadRosters(const KvReader& store, trust::TrustPtr view) {
  PALERMO_RETURN_IF_ERROR(
      store.Scan(ScanRange::Prefix(std::string(keys::kRootConfirmations)),
                 [&](std::string_view key, std::string_view) {
                   auto hash = HashFrom(key.substr(keys::kRootConfirmations.size()), "fingerprint");
                   if (hash.ok()) view = view->WithConfirmedRoots(*hash);
                   return true;
                 }));
  PALERMO_ASSIGN_OR_RETURN(auto rosters, LoadAll(store, std::string(keys::kRosters)));
  for (const auto& document : rosters) {
    v1::Roster body;
    if (!body.ParseFromString(document.document())) {
      return Damaged("STORE_DAMAGED", "a stored roster does not parse");
    }
    if (body.version() <= view->roster().body.version()) continue;
    PALERMO_ASSIGN_OR_RETURN(trust::RosterOffer offer, trust::OfferRoster(view, document));
    view = offer.view;
  }
  if (!view->waiting().empty()) {
    return Damaged("STORE_DAMAGED", "the stored rosters do not follow each other");
  }
  v1::StoredWaitingRoster waiting;
  absl::Status status;
  PALERMO_RETURN_IF_ERROR(
      store.Scan(ScanRange::Prefix(std::string(keys::kWaitingRosters)),
                 [&](std::string_view, std::string_view value) {
                   if (!waiting.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
                     status = Damaged("STORE_DAMAGED", "a waiting roster does not parse");
                     return false;
                   }
                   auto offer = trust::OfferRoster(view, waiting.roster());
                   status = offer.status();
                   if (offer.ok()) view = offer->view;
                   return offer.ok();
                 }));
  PALERMO_RETURN_IF_ERROR(status);
  return view;
}

// Both documents, when the store has another one of this version. What is too large to be one, or
// carries more than signatures, proves nothing and is not kept.
bool Differs(const KvReader& store, const std::string& key, const v1::SignedDocument& offered,
             v1::PeerFault* fault) {
  auto bytes = store.Get(key);
  v1::SignedDocument known;
  if (!bytes.ok() || !bytes->has_value() || !known.ParseFromString(**bytes)) return false;
  if (offered.document().empty() || known.document() == offered.document()) return false;
  if (offered.document().size() > limits::kMaxDirectoryBytes ||
      !trust::CheckSignatureForms(offered, "document").ok()) {
    return false;
  }
  *fault->add_documents() = known;
  *fault->add_documents() = offered;
  return true;
}

uint64_t VersionIn(const v1::SignedDocument& document, bool charter) {
  v1::Charter as_charter;
  v1::Directory as_directory;
  if (charter) return as_charter.ParseFromString(document.document()) ? as_charter.version() : 0;
  return as_directory.ParseFromString(document.document()) ? as_directory.version() : 0;
}

bool FindRosterFork(const trust::TrustPtr& view, const v1::GetDocumentsResponse& offered,
                    v1::PeerFault* fault) {
  for (const auto& document : offered.rosters()) {
    if (CodeOf(trust::OfferRoster(view, document).status()) != "VERSION_FORK") continue;
    v1::Roster body;
    body.ParseFromString(document.document());
    fault->set_document_kind("roster");
    *fault->add_documents() = trust::FindRoster(*view, body.version())->signed_document;
    *fault->add_documents() = document;
    return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<trust::TrustPtr> LoadTrust(const KvReader& store,
                                          const v1::SignedDocument& first_roster,
                                          const Hash& fingerprint) {
  PALERMO_ASSIGN_OR_RETURN(trust::Roster roster,
                           trust::VerifyFirstRoster(first_roster, fingerprint));
  trust::TrustPtr view = std::make_shared<trust::TrustView>(std::move(roster));
  PALERMO_ASSIGN_OR_RETURN(view, LoadRosters(store, view));
  // A copy: the view, which owns its roster, is replaced on the way.
  const v1::Roster known = view->roster().body;
  for (const auto& state : known.states()) {
    PALERMO_ASSIGN_OR_RETURN(view, LoadState(store, view, state.state()));
  }
  return view;
}

namespace {

// Whoever answers can put documents of his own beside those that the state signed.
bool IsSignedCharter(const trust::TrustView& view, const std::string& state,
                     const v1::SignedDocument& document) {
  const v1::RosterState* roots = trust::FindState(view.roster().body, state);
  return roots != nullptr &&
         trust::CheckThreshold(crypto::Purpose::kCharter, roots->roots(), document, "charter").ok();
}

bool IsSignedDirectory(const KvReader& store, const std::string& state, uint64_t version,
                       const v1::SignedDocument& document) {
  const auto under = FindDirectoryCharter(store, state, version);
  if (!under.ok() || !under->has_value()) return false;
  const auto charter = Stored<trust::Charter>(**under);
  return charter.ok() &&
         trust::CheckThreshold(crypto::Purpose::kDirectory, charter->body.directory_keys(),
                               document, "directory")
             .ok();
}

}  // namespace

v1::PeerFault FindFork(const KvReader& store, const trust::TrustPtr& view, const std::string& state,
                       const v1::GetDocumentsResponse& offered) {
  v1::PeerFault fault;
  if (FindRosterFork(view, offered, &fault)) return fault;
  std::vector<v1::SignedDocument> charters = {offered.charter(), offered.directory_charter()};
  std::vector<v1::SignedDocument> directories = {offered.directory()};
  for (const auto& step : offered.steps()) {
    charters.push_back(step.charter());
    directories.push_back(step.directory());
  }
  fault.set_document_kind("charter");
  for (const auto& document : charters) {
    if (!IsSignedCharter(*view, state, document)) continue;
    std::string key = keys::Charter(state, VersionIn(document, true));
    if (Differs(store, key, document, &fault)) return fault;
  }
  fault.set_document_kind("directory");
  for (const auto& document : directories) {
    const uint64_t version = VersionIn(document, false);
    std::string key = keys::Directory(state, version);
    if (!IsSignedDirectory(store, state, version, document)) continue;
    if (Differs(store, key, document, &fault)) return fault;
  }
  fault.clear_document_kind();
  return fault;
}

absl::StatusOr<std::optional<v1::SignedDocument>> FindDirectoryCharter(const KvReader& store,
                                                                       const std::string& state,
                                                                       uint64_t directory_version) {
  std::optional<v1::SignedDocument> none;
  PALERMO_ASSIGN_OR_RETURN(auto version,
                           store.Get(keys::DirectoryCharter(state, directory_version)));
  if (!version.has_value() || version->size() != 8) return none;
  PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(keys::Charter(state, ReadBigEndian64(*version))));
  if (!bytes.has_value()) return none;
  v1::SignedDocument document;
  if (!document.ParseFromString(*bytes)) {
    return Damaged("STORE_DAMAGED", "a stored charter does not parse");
  }
  return std::optional<v1::SignedDocument>(std::move(document));
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
