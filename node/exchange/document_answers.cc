#include "node/exchange/document_answers.h"

#include <algorithm>
#include <limits>

#include "base/limits.h"
#include "node/exchange/calls.h"
#include "node/exchange/documents.h"
#include "node/exchange/key_change.h"
#include "node/exchange/keys.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

template <typename Message>
absl::StatusOr<Message> LoadOr(const storage::KvReader& store, const std::string& key,
                               Message otherwise) {
  PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(key));
  if (!bytes.has_value()) return otherwise;
  Message message;
  if (!message.ParseFromString(*bytes)) {
    return Damaged("STORE_DAMAGED", "a stored document does not parse");
  }
  return message;
}

// Rosters after a version, in order: the past ones, the one in force, and, if asked, those that
// wait. True when there are more.
template <typename Add>
bool AddRosters(const trust::TrustView& view, uint64_t after, bool waiting, Add add) {
  size_t count = 0;
  size_t bytes = 0;
  auto one = [&](const trust::Roster& roster) {
    if (roster.body.version() <= after) return true;
    bytes += roster.signed_document.ByteSizeLong();
    if (count++ >= limits::kMaxRostersPerAnswer || bytes > limits::kMaxStepBytesPerAnswer) {
      return false;
    }
    add(roster.signed_document);
    return true;
  };
  for (const auto& past : view.past_rosters()) {
    if (!one(*past)) return true;
  }
  if (!one(view.roster())) return true;
  for (const auto& roster : view.waiting()) {
    if (waiting && !one(*roster)) return true;
  }
  return false;
}

// The receipt of a directory's entry in its own state's ledger; of our own with a proof that leads
// from the size that the asker knows.
absl::Status AddReceipt(NodeParts& parts, const std::string& state, uint64_t version,
                        uint64_t known_size, v1::Receipt* receipt,
                        google::protobuf::RepeatedPtrField<std::string>* consistency) {
  PALERMO_ASSIGN_OR_RETURN(*receipt, LoadOr(*parts.options.store,
                                            keys::DirectoryReceipt(state, version), v1::Receipt()));
  if (state != parts.options.state) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(*receipt, ReceiptOfItsTime(parts, receipt->index()));
  PALERMO_ASSIGN_OR_RETURN(PeerLedger shown, PeerLedger::FromNote(receipt->checkpoint()));
  if (known_size == 0) return absl::OkStatus();
  // Who claims to know more than there is gets no proof, and finds out.
  PALERMO_ASSIGN_OR_RETURN(PeerLedger newest,
                           PeerLedger::FromNote(parts.committer->newest_checkpoint()));
  if (known_size > newest.size()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof,
                           parts.committer->Consistency(std::min(known_size, shown.size()),
                                                        std::max(known_size, shown.size())));
  for (const Hash& hash : proof) consistency->Add(std::string(AsView(hash)));
  return absl::OkStatus();
}

// The order in which charters and directories of a state were taken here. A store from before this
// was kept has none: then charters come first.
absl::StatusOr<std::vector<v1::StoredStep>> OrderOf(const storage::KvReader& store,
                                                    const std::string& state) {
  std::vector<std::pair<std::string, v1::StoredStep>> found;
  PALERMO_RETURN_IF_ERROR(
      LoadAll(store, keys::Steps(state), std::numeric_limits<size_t>::max(), &found));
  std::vector<v1::StoredStep> steps;
  for (auto& one : found) steps.push_back(std::move(one.second));
  if (!steps.empty()) return steps;
  for (const char* prefix : {"t/c/", "t/d/"}) {
    bool charter = prefix[2] == 'c';
    std::string start = Cat({prefix, state});
    PALERMO_RETURN_IF_ERROR(
        store.Scan(storage::ScanRange::Prefix(start), [&](std::string_view key, std::string_view) {
          uint64_t version = ReadBigEndian64(key.substr(start.size(), 8));
          (charter ? steps.emplace_back().set_charter_version(version)
                   : steps.emplace_back().set_directory_version(version));
          return true;
        }));
  }
  return steps;
}

struct After {
  uint64_t charter = 0;
  uint64_t directory = 0;
  uint64_t known_size = 0;
};

// True when there are more.
template <typename Add>
absl::StatusOr<bool> AddSteps(NodeParts& parts, const std::string& state, const After& after,
                              size_t max_bytes, Add add) {
  const storage::KvReader& store = *parts.options.store;
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::StoredStep> order, OrderOf(store, state));
  size_t count = 0;
  size_t bytes = 0;
  for (const auto& stored : order) {
    bool is_charter = stored.directory_version() == 0;
    uint64_t version = is_charter ? stored.charter_version() : stored.directory_version();
    if (version <= (is_charter ? after.charter : after.directory)) continue;
    v1::DocumentStep step;
    v1::SignedDocument* document = is_charter ? step.mutable_charter() : step.mutable_directory();
    PALERMO_ASSIGN_OR_RETURN(
        *document,
        LoadOr(store, is_charter ? keys::Charter(state, version) : keys::Directory(state, version),
               v1::SignedDocument()));
    bytes += document->ByteSizeLong();
    if (count++ >= limits::kMaxStepsPerAnswer || (count > 1 && bytes > max_bytes)) return true;
    if (!is_charter) {
      PALERMO_RETURN_IF_ERROR(AddReceipt(parts, state, version, after.known_size,
                                         step.mutable_receipt(), step.mutable_consistency()));
    }
    add(std::move(step));
  }
  return false;
}

absl::StatusOr<v1::SignedDocument> CharterOf(NodeParts& parts, const trust::StateView& known,
                                             const std::string& state, uint64_t version) {
  PALERMO_ASSIGN_OR_RETURN(auto charter,
                           FindDirectoryCharter(*parts.options.store, state, version));
  return charter.has_value() ? *charter : known.charter->signed_document;
}

absl::Status AddWhole(NodeParts& parts, const std::string& state, const trust::StateView& known,
                      const v1::GetDocumentsRequest& request, v1::GetDocumentsResponse* response) {
  *response->mutable_charter() = known.charter->signed_document;
  if (known.directory == nullptr) return absl::OkStatus();
  uint64_t version = request.directory_version() == 0 ? known.directory->body().version()
                                                      : request.directory_version();
  PALERMO_ASSIGN_OR_RETURN(
      v1::SignedDocument directory,
      LoadOr(*parts.options.store, keys::Directory(state, version), v1::SignedDocument()));
  if (directory.document().empty()) return absl::OkStatus();
  *response->mutable_directory() = std::move(directory);
  PALERMO_ASSIGN_OR_RETURN(*response->mutable_directory_charter(),
                           CharterOf(parts, known, state, version));
  return AddReceipt(parts, state, version, request.known_checkpoint_size(),
                    response->mutable_directory_receipt(), response->mutable_consistency());
}

}  // namespace

absl::StatusOr<v1::GetDocumentsResponse> ReadDocuments(NodeParts& parts,
                                                       const v1::GetDocumentsRequest& request) {
  std::string state = request.state().empty() ? parts.options.state : request.state();
  trust::TrustPtr view = parts.Trust();
  v1::GetDocumentsResponse response;
  *response.mutable_roster() = view->roster().signed_document;
  response.set_more(
      AddRosters(*view, request.after_roster(), true,
                 [&](const v1::SignedDocument& roster) { *response.add_rosters() = roster; }));
  response.set_checkpoint(parts.committer->newest_checkpoint());
  const trust::StateView* known = view->Find(state);
  if (known == nullptr || known->charter == nullptr) return response;
  // Who does not know the state yet gets the newest, whole.
  if (!request.steps() || request.after_charter() == 0) {
    PALERMO_RETURN_IF_ERROR(AddWhole(parts, state, *known, request, &response));
    return response;
  }
  After after{request.after_charter(), request.after_directory(), request.known_checkpoint_size()};
  PALERMO_ASSIGN_OR_RETURN(
      bool more, AddSteps(parts, state, after, limits::kMaxStepBytesPerAnswer,
                          [&](v1::DocumentStep step) { *response.add_steps() = std::move(step); }));
  response.set_more(response.more() || more);
  return response;
}

absl::StatusOr<v1::GetTrustResponse> ReadTrust(NodeParts& parts,
                                               const v1::GetTrustRequest& request) {
  trust::TrustPtr view = parts.Trust();
  v1::GetTrustResponse response;
  response.set_own_state(parts.options.state);
  response.set_roster_version(view->roster().body.version());
  response.set_more_rosters(
      AddRosters(*view, request.after_roster(), false,
                 [&](const v1::SignedDocument& roster) { *response.add_rosters() = roster; }));
  for (const auto& roster : view->waiting()) {
    *response.add_waiting_rosters() = roster->signed_document;
  }
  std::map<std::string, v1::KnownState> of_desk;
  for (const auto& known : request.known()) of_desk[known.state()] = known;
  size_t bytes = 0;
  for (const auto& state : view->roster().body.states()) {
    const trust::StateView* known = view->Find(state.state());
    if (known == nullptr || known->charter == nullptr) continue;
    v1::StateTrust* entry = response.add_states();
    entry->set_state(state.state());
    entry->set_charter_version(known->charter->body.version());
    if (known->directory != nullptr) {
      entry->set_directory_version(known->directory->body().version());
    }
    auto desk = of_desk.find(state.state());
    if (bytes > limits::kMaxTrustAnswerBytes) {
      entry->set_more(true);
    } else if (desk == of_desk.end()) {
      *entry->mutable_charter() = known->charter->signed_document;
      if (known->directory != nullptr) {
        *entry->mutable_directory() = known->directory->verified().signed_document;
        *entry->mutable_directory_charter() = known->directory_charter->signed_document;
      }
    } else {
      After after{desk->second.charter_version(), desk->second.directory_version(), 0};
      PALERMO_ASSIGN_OR_RETURN(
          bool more,
          AddSteps(parts, state.state(), after, limits::kMaxStepBytesPerAnswer,
                   [&](v1::DocumentStep step) { *entry->add_steps() = std::move(step); }));
      entry->set_more(more);
    }
    bytes += entry->ByteSizeLong();
    entry->set_checkpoint(state.state() == parts.options.state
                              ? parts.committer->newest_checkpoint()
                              : parts.LedgerOf(state.state()).note());
  }
  return response;
}

v1::GetDocumentsRequest MakeFetchRequest(NodeParts& parts, const std::string& state) {
  trust::TrustPtr view = parts.Trust();
  v1::GetDocumentsRequest request;
  request.set_after_roster(view->waiting().empty() ? view->roster().body.version()
                                                   : view->waiting().back()->body.version());
  uint64_t wanted = 0;
  PeerLedger ledger = parts.LedgerOf(state);
  bool from_directory = false;
  {
    absl::MutexLock lock(&parts.mu);
    from_directory = parts.from_directory.count(state) > 0;
  }
  if (from_directory) {
    auto at_directory = LedgerAtDirectory(*parts.options.store, *view, state);
    if (at_directory.ok()) ledger = *std::move(at_directory);
  }
  request.set_known_checkpoint_size(ledger.size());
  {
    absl::MutexLock lock(&parts.mu);
    parts.asked[state] = ledger;
    auto it = parts.wanted_directories.find(state);
    if (it != parts.wanted_directories.end()) wanted = it->second;
  }
  const trust::StateView* known = view->Find(state);
  if (known == nullptr || known->charter == nullptr) return request;
  uint64_t newest = known->directory == nullptr ? 0 : known->directory->body().version();
  if (wanted != 0 && wanted < newest) {
    // Backwards, one by one: the version after it proves each.
    uint64_t version = newest;
    while (version > wanted && view->SeenDirectory(state, version).has_value()) --version;
    request.set_directory_version(version);
    return request;
  }
  request.set_steps(true);
  request.set_after_charter(known->charter->body.version());
  request.set_after_directory(newest);
  return request;
}

}  // namespace palermo::exchange
