#include "node/desk/trust_memory.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/desk/files.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"

namespace palermo::desk {
namespace {

constexpr std::string_view kFirstLine = "palermo-trust-memory/v2\n";

// A note's checkpoint without a look at its signature: for notes that were verified when they came.
absl::StatusOr<crypto::Checkpoint> CheckpointOf(const std::string& note) {
  PALERMO_ASSIGN_OR_RETURN(crypto::Note parsed, crypto::ParseNote(note));
  return crypto::ParseCheckpointText(parsed.text);
}

absl::Status BadMemory(const std::string& path) {
  return Damaged("BAD_FILE", Cat({path,
                                  " is not a trust memory or is damaged; compare the roster's "
                                  "fingerprint again and run: palermo desk setup --replace"}));
}

template <typename Body>
uint64_t VersionOf(const v1::SignedDocument& document) {
  Body body;
  return body.ParseFromString(document.document()) ? body.version() : 0;
}

// The version that follows a known one is linked to it; a later one that the node gives without
// those between is taken on its signatures.
template <typename Document>
const Document* LinkedTo(const Document* before, uint64_t version) {
  return before != nullptr && version == before->body.version() + 1 ? before : nullptr;
}

}  // namespace

absl::StatusOr<TrustMemory> TrustMemory::Create(const v1::SignedDocument& roster,
                                                const Hash& fingerprint,
                                                const std::string& own_state) {
  PALERMO_ASSIGN_OR_RETURN(trust::Roster verified, trust::VerifyFirstRoster(roster, fingerprint));
  if (trust::FindState(verified.body, own_state) == nullptr) {
    return Missing("UNKNOWN_STATE",
                   Cat({own_state,
                        " is not in this roster. Check --state; a state that joined later begins "
                        "with the roster that names it, and that one's fingerprint"}));
  }
  TrustMemory memory;
  memory.own_state_ = own_state;
  memory.fingerprint_ = fingerprint;
  memory.view_ = std::make_shared<trust::TrustView>(std::move(verified));
  return memory;
}

absl::StatusOr<TrustMemory> TrustMemory::Load(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, limits::kMaxTrustMemoryBytes));
  if (bytes.compare(0, kFirstLine.size(), kFirstLine) != 0 ||
      bytes.size() < kFirstLine.size() + 64) {
    return BadMemory(path);
  }
  std::string_view rest = std::string_view(bytes).substr(kFirstLine.size());
  auto checksum = HashFrom(rest.substr(0, 32), "checksum");
  auto fingerprint = HashFrom(rest.substr(32, 32), "fingerprint");
  rest.remove_prefix(32);
  v1::DeskTrust stored;
  if (!checksum.ok() || !fingerprint.ok() || crypto::Sha256(rest) != *checksum ||
      !stored.ParseFromString(std::string(rest.substr(32))) || stored.rosters().empty()) {
    return BadMemory(path);
  }
  return Restore(stored, *fingerprint);
}

absl::StatusOr<TrustMemory> TrustMemory::Restore(const v1::DeskTrust& stored,
                                                 const Hash& fingerprint) {
  PALERMO_ASSIGN_OR_RETURN(TrustMemory memory,
                           Create(stored.rosters(0), fingerprint, stored.own_state()));
  for (const auto& confirmed : stored.confirmed_roots()) {
    PALERMO_ASSIGN_OR_RETURN(Hash hash, HashFrom(confirmed, "fingerprint"));
    memory.view_ = memory.view_->WithConfirmedRoots(hash);
  }
  for (const auto* rosters : {&stored.rosters(), &stored.waiting_rosters()}) {
    for (const auto& roster : *rosters) {
      PALERMO_ASSIGN_OR_RETURN(trust::RosterOffer offer, trust::OfferRoster(memory.view_, roster));
      memory.view_ = offer.view;
    }
  }
  for (const auto& state : stored.states()) {
    PALERMO_RETURN_IF_ERROR(memory.RestoreState(state));
  }
  return memory;
}

absl::Status TrustMemory::RestoreState(const v1::DeskState& stored) {
  trust::StateView state;
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter,
                           trust::VerifyCharterOfAnyTime(stored.charter(), *view_));
  PALERMO_ASSIGN_OR_RETURN(trust::Charter signer,
                           trust::VerifyCharterOfAnyTime(stored.directory_charter(), *view_));
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(stored.directory(), signer, nullptr));
  state.charter = std::make_shared<trust::Charter>(std::move(charter));
  state.directory_charter = std::make_shared<trust::Charter>(std::move(signer));
  state.directory = std::make_shared<trust::DirectoryIndex>(std::move(directory));
  trust::VersionHashes seen;
  for (const auto& one : stored.directories()) {
    PALERMO_ASSIGN_OR_RETURN(seen[one.version()], HashFrom(one.sha256(), "hash"));
  }
  view_ =
      view_->WithState(stored.state(), std::move(state))->WithSeenDirectories(stored.state(), seen);
  if (!stored.checkpoint().empty()) checkpoints_[stored.state()] = stored.checkpoint();
  return absl::OkStatus();
}

std::vector<v1::SignedDocument> TrustMemory::rosters() const {
  std::vector<v1::SignedDocument> rosters;
  for (const auto& past : view_->past_rosters()) rosters.push_back(past->signed_document);
  rosters.push_back(view_->roster().signed_document);
  return rosters;
}

absl::Status TrustMemory::Save(const std::string& path) const {
  v1::DeskTrust stored;
  stored.set_own_state(own_state_);
  for (const auto& roster : rosters()) *stored.add_rosters() = roster;
  for (const auto& waiting : view_->waiting()) {
    *stored.add_waiting_rosters() = waiting->signed_document;
  }
  for (const Hash& confirmed : view_->confirmed_roots()) {
    stored.add_confirmed_roots(std::string(AsView(confirmed)));
  }
  // Also of states that left: what was seen of them still counts when they come back.
  for (const auto& [code, roots] : view_->known_roots()) {
    const trust::StateView* known = view_->Find(code);
    if (known == nullptr || known->directory == nullptr) continue;
    v1::DeskState* state = stored.add_states();
    state->set_state(code);
    *state->mutable_charter() = known->charter->signed_document;
    *state->mutable_directory() = known->directory->verified().signed_document;
    *state->mutable_directory_charter() = known->directory_charter->signed_document;
    state->set_checkpoint(CheckpointNote(code));
    for (const auto& [version, hash] : *known->seen_directories) {
      v1::SeenVersion* seen = state->add_directories();
      seen->set_version(version);
      seen->set_sha256(std::string(AsView(hash)));
    }
  }
  std::string rest = Cat({AsView(fingerprint_), stored.SerializeAsString()});
  return WriteFileAtomic(path, Cat({kFirstLine, AsView(crypto::Sha256(rest)), rest}), 0600);
}

v1::GetTrustRequest TrustMemory::Request() const {
  v1::GetTrustRequest request;
  request.set_after_roster(view_->waiting().empty() ? view_->roster().body.version()
                                                    : view_->waiting().back()->body.version());
  for (const auto& entry : view_->roster().body.states()) {
    const trust::StateView* known = view_->Find(entry.state());
    if (known == nullptr || known->directory == nullptr) continue;
    v1::KnownState* state = request.add_known();
    state->set_state(entry.state());
    state->set_charter_version(known->charter->body.version());
    state->set_directory_version(known->directory->body().version());
  }
  return request;
}

v1::GetDocumentsRequest TrustMemory::StateRequest(const std::string& state) const {
  v1::GetDocumentsRequest request;
  request.set_state(state);
  v1::GetTrustRequest all = Request();
  request.set_after_roster(all.after_roster());
  for (const auto& known : all.known()) {
    if (known.state() != state) continue;
    request.set_steps(true);
    request.set_after_charter(known.charter_version());
    request.set_after_directory(known.directory_version());
  }
  return request;
}

bool TrustMemory::Waits(const std::string& state) const {
  if (trust::FindState(view_->roster().body, state) == nullptr) return true;
  for (const auto& difference : trust::WaitingDifferences(*view_)) {
    if (difference.state == state) return true;
  }
  return false;
}

absl::Status TrustMemory::TakeRoster(const v1::SignedDocument& document,
                                     std::vector<std::string>* news) {
  absl::StatusOr<trust::RosterOffer> offer = trust::OfferRoster(view_, document);
  // From before the anchor.
  if (CodeOf(offer.status()) == "OLD_VERSION") return absl::OkStatus();
  PALERMO_RETURN_IF_ERROR(offer.status());
  view_ = offer->view;
  for (const trust::Roster& roster : offer->taken) {
    news->push_back(absl::StrFormat("roster version %d", roster.body.version()));
  }
  if (offer->outcome != trust::RosterOffer::Outcome::kWaiting) return absl::OkStatus();
  for (const auto& difference : trust::WaitingDifferences(*view_)) {
    news->push_back(absl::StrFormat(
        "a roster that changes the root keys of %s waits; ask %s for the fingerprint of its new "
        "roots, then: palermo roster confirm",
        difference.state, difference.state));
  }
  return absl::OkStatus();
}

absl::Status TrustMemory::TakeRosters(const v1::GetTrustResponse& trust,
                                      std::vector<std::string>* news) {
  uint64_t newest = trust.roster_version();
  for (const auto* rosters : {&trust.rosters(), &trust.waiting_rosters()}) {
    for (const auto& document : *rosters) {
      newest = std::max(newest, VersionOf<v1::Roster>(document));
      PALERMO_RETURN_IF_ERROR(TakeRoster(document, news));
    }
  }
  if (newest < view_->roster().body.version()) {
    return Refused("OLD_VERSION",
                   absl::StrFormat("the node shows roster version %d; version %d is known. Tell "
                                   "your administrator: the node may be a restored backup",
                                   newest, view_->roster().body.version()));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TrustMemory::ConfirmRoots(const std::string& state, const Hash& fingerprint) {
  PALERMO_ASSIGN_OR_RETURN(trust::RosterOffer offer,
                           trust::ConfirmRoots(view_, state, fingerprint));
  view_ = offer.view;
  return !offer.taken.empty();
}

absl::Status TrustMemory::TakeCharter(const std::string& state, const v1::SignedDocument& document,
                                      const trust::VouchedCharters& vouched,
                                      std::vector<std::string>* news) {
  const trust::StateView* known = view_->Find(state);
  const trust::Charter* before = known == nullptr ? nullptr : known->charter.get();
  // Known already, and perhaps from before a change of the roots.
  if (before != nullptr && before->signed_document.document() == document.document()) {
    return absl::OkStatus();
  }
  uint64_t version = VersionOf<v1::Charter>(document);
  PALERMO_ASSIGN_OR_RETURN(
      trust::Charter charter,
      trust::VerifyOfferedCharter(document, *view_, LinkedTo(before, version), vouched));
  if (charter.body.state() != state) {
    return Refused("BAD_DOCUMENT", Cat({"a charter of another state under ", state}));
  }
  if (before != nullptr) {
    PALERMO_RETURN_IF_ERROR(trust::CheckSuccession(before->body.version(), before->sha256, version,
                                                   charter.sha256, Cat({"charter of ", state})));
    if (before->sha256 == charter.sha256) return absl::OkStatus();
    news->push_back(absl::StrFormat("charter version %d of %s", version, state));
  }
  trust::StateView next = known == nullptr ? trust::StateView() : *known;
  next.charter = std::make_shared<trust::Charter>(std::move(charter));
  view_ = view_->WithState(state, std::move(next));
  return absl::OkStatus();
}

// `signer`: the charter that it was signed under, when it is not the one in force.
absl::Status TrustMemory::TakeDirectory(const std::string& state,
                                        const v1::SignedDocument& document,
                                        const v1::SignedDocument* signer,
                                        std::vector<std::string>* news) {
  const trust::StateView* known = view_->Find(state);
  if (known == nullptr || known->charter == nullptr) {
    return Missing("BAD_DOCUMENT", Cat({"there is no charter of ", state, " yet"}));
  }
  std::shared_ptr<const trust::Charter> under = known->charter;
  if (signer != nullptr && signer->document() != under->signed_document.document()) {
    PALERMO_ASSIGN_OR_RETURN(trust::Charter older, trust::VerifyCharterOfAnyTime(*signer, *view_));
    under = std::make_shared<trust::Charter>(std::move(older));
  }
  const trust::Directory* before =
      known->directory == nullptr ? nullptr : &known->directory->verified();
  uint64_t version = VersionOf<v1::Directory>(document);
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(document, *under, LinkedTo(before, version)));
  if (directory.body.state() != state) {
    return Refused("BAD_DOCUMENT", Cat({"a directory of another state under ", state}));
  }
  if (before != nullptr) {
    PALERMO_RETURN_IF_ERROR(trust::CheckSuccession(before->body.version(), before->sha256, version,
                                                   directory.sha256,
                                                   Cat({"directory of ", state})));
    if (before->sha256 == directory.sha256) return absl::OkStatus();
    // Who was replaced in a charter signs nothing new.
    if (under->body.version() < known->charter->body.version() &&
        known->directory_charter->sha256 != under->sha256) {
      return Refused("OLD_VERSION", Cat({"a new directory of ", state, " under an old charter"}));
    }
  }
  news->push_back(absl::StrFormat("directory version %d of %s", version, state));
  trust::StateView next = *known;
  next.directory = std::make_shared<trust::DirectoryIndex>(std::move(directory));
  next.directory_charter = std::move(under);
  view_ = view_->WithState(state, std::move(next));
  return absl::OkStatus();
}

absl::Status TrustMemory::TakeSteps(
    const std::string& state, const google::protobuf::RepeatedPtrField<v1::DocumentStep>& steps,
    std::vector<std::string>* news) {
  std::vector<const v1::SignedDocument*> charters;
  for (const auto& step : steps) {
    if (step.has_charter()) charters.push_back(&step.charter());
  }
  trust::VouchedCharters vouched = trust::FindVouchedCharters(charters, *view_, state);
  for (const auto& step : steps) {
    PALERMO_RETURN_IF_ERROR(step.has_charter()
                                ? TakeCharter(state, step.charter(), vouched, news)
                                : TakeDirectory(state, step.directory(), nullptr, news));
  }
  return absl::OkStatus();
}

absl::Status TrustMemory::TakeState(const v1::StateTrust& state, std::vector<std::string>* news) {
  const std::string& code = state.state();
  if (trust::FindState(view_->roster().body, code) == nullptr) return absl::OkStatus();
  if (Waits(code)) return TakeWaitingState(state, news);
  return TakeKnownState(state, news);
}

// While a change of its roots waits, only what the old roots signed counts here. Anything else is
// not wrong: it waits too.
absl::Status TrustMemory::TakeWaitingState(const v1::StateTrust& state,
                                           std::vector<std::string>* news) {
  TrustMemory next = *this;
  std::vector<std::string> taken;
  absl::Status status = next.TakeKnownState(state, &taken);
  if (status.ok()) {
    *this = std::move(next);
    news->insert(news->end(), taken.begin(), taken.end());
    return status;
  }
  return trust::IsVoidDocument(status) ? absl::OkStatus() : status;
}

absl::Status TrustMemory::TakeKnownState(const v1::StateTrust& state,
                                         std::vector<std::string>* news) {
  const std::string& code = state.state();
  const trust::StateView* known = view_->Find(code);
  bool has_known = known != nullptr && known->directory != nullptr;
  bool whole = state.has_directory() && !state.directory().document().empty();
  if (has_known && !whole) {
    bool older = state.charter_version() < known->charter->body.version() ||
                 state.directory_version() < known->directory->body().version();
    if (older) {
      return Refused("OLD_VERSION", Cat({"the node shows older documents of ", code,
                                         " than this desk has seen, or none. Tell your "
                                         "administrator: the node may be a restored backup"}));
    }
  }
  absl::Status status;
  if (whole) {
    status = TakeCharter(code, state.charter(), {}, news);
    if (status.ok()) {
      status =
          TakeDirectory(code, state.directory(),
                        state.has_directory_charter() ? &state.directory_charter() : nullptr, news);
    }
  }
  if (status.ok()) status = TakeSteps(code, state.steps(), news);
  if (!status.ok()) return Annotate(status, Cat({"documents of ", code}));
  known = view_->Find(code);
  if (known == nullptr || known->directory == nullptr) return absl::OkStatus();
  return TakeCheckpoint(code, state.checkpoint());
}

absl::Status TrustMemory::TakeCheckpoint(const std::string& state, const std::string& note) {
  if (note.empty()) return absl::OkStatus();
  auto checkpoint = trust::VerifyNodeCheckpoint(note, *view_->Find(state)->directory);
  if (!checkpoint.ok()) {
    // A peer's newest checkpoint may be older than a change of its node's key.
    return state == own_state_ ? checkpoint.status() : absl::OkStatus();
  }
  auto known = NewestCheckpoint(state);
  // What a peer's former key signed last may be a thief's: nothing is compared with it.
  bool former_key =
      state != own_state_ &&
      !trust::VerifyNodeCheckpoint(CheckpointNote(state), *view_->Find(state)->directory).ok();
  if (!former_key && known.ok() && known->origin == checkpoint->origin) {
    // Of a peer our node may know an older one than it showed before, after it was started anew.
    // The newest stays remembered.
    if (checkpoint->size < known->size && state != own_state_) return absl::OkStatus();
    if (checkpoint->size < known->size) {
      return Refused("OLD_CHECKPOINT",
                     absl::StrFormat("the ledger of %s had %d entries and now shows %d; tell your "
                                     "administrator: the node may be a restored backup",
                                     state, known->size, checkpoint->size));
    }
    if (checkpoint->size == known->size && checkpoint->root != known->root) {
      return Refused("FORKED_LEDGER",
                     Cat({"the ledger of ", state, " shows two different trees of one size; keep ",
                          "the trust memory file, it is a proof"}));
    }
  }
  checkpoints_[state] = note;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> TrustMemory::Update(const v1::GetTrustResponse& trust) {
  TrustMemory next = *this;
  std::vector<std::string> news;
  if (trust.own_state() != own_state_) {
    return Refused("WRONG_PEER", Cat({"the node is of ", trust.own_state(), ", this desk of ",
                                      own_state_, "; check the endpoint"}));
  }
  PALERMO_RETURN_IF_ERROR(next.TakeRosters(trust, &news));
  for (const auto& state : trust.states()) {
    PALERMO_RETURN_IF_ERROR(next.TakeState(state, &news));
  }
  *this = std::move(next);
  return news;
}

absl::StatusOr<std::vector<std::string>> TrustMemory::UpdateState(
    const std::string& state, const v1::GetDocumentsResponse& documents) {
  TrustMemory next = *this;
  std::vector<std::string> news;
  for (const auto& roster : documents.rosters()) {
    PALERMO_RETURN_IF_ERROR(next.TakeRoster(roster, &news));
  }
  if (trust::FindState(next.view_->roster().body, state) != nullptr) {
    TrustMemory with_documents = next;
    std::vector<std::string> more;
    absl::Status status = with_documents.TakeDocuments(state, documents, &more);
    bool waits_too = next.Waits(state) && trust::IsVoidDocument(status);
    if (!status.ok() && !waits_too) return status;
    if (status.ok()) {
      next = std::move(with_documents);
      news.insert(news.end(), more.begin(), more.end());
    }
  }
  *this = std::move(next);
  return news;
}

absl::Status TrustMemory::TakeDocuments(const std::string& state,
                                        const v1::GetDocumentsResponse& documents,
                                        std::vector<std::string>* news) {
  if (documents.has_directory()) {
    PALERMO_RETURN_IF_ERROR(TakeCharter(state, documents.charter(), {}, news));
    PALERMO_RETURN_IF_ERROR(TakeDirectory(
        state, documents.directory(),
        documents.has_directory_charter() ? &documents.directory_charter() : nullptr, news));
  }
  return TakeSteps(state, documents.steps(), news);
}

void TrustMemory::RememberCheckpoint(const std::string& state, const std::string& note) {
  checkpoints_[state] = note;
}

std::string TrustMemory::CheckpointNote(const std::string& state) const {
  auto it = checkpoints_.find(state);
  return it == checkpoints_.end() ? "" : it->second;
}

absl::StatusOr<crypto::Checkpoint> TrustMemory::NewestCheckpoint(const std::string& state) const {
  auto it = checkpoints_.find(state);
  if (it == checkpoints_.end()) {
    return Missing("NO_CHECKPOINT", Cat({"no checkpoint of ", state, " is known yet"}));
  }
  return CheckpointOf(it->second);
}

}  // namespace palermo::desk
