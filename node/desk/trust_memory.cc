#include "node/desk/trust_memory.h"

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/desk/files.h"
#include "node/trust/receipt.h"

namespace palermo::desk {
namespace {

constexpr std::string_view kFirstLine = "palermo-trust-memory/v1\n";
constexpr size_t kMaxMemoryBytes = 512 * 1024 * 1024;

// A note's checkpoint without a look at its signature: for notes that were verified when they came.
absl::StatusOr<crypto::Checkpoint> CheckpointOf(const std::string& note) {
  PALERMO_ASSIGN_OR_RETURN(crypto::Note parsed, crypto::ParseNote(note));
  return crypto::ParseCheckpointText(parsed.text);
}

uint64_t VersionOf(const v1::SignedDocument& document) {
  v1::Roster roster;
  return roster.ParseFromString(document.document()) ? roster.version() : 0;
}

absl::Status BadMemory(const std::string& path) {
  return Damaged("BAD_FILE", Cat({path,
                                  " is not a trust memory or is damaged; compare the roster's "
                                  "fingerprint again and run: palermo desk setup"}));
}

// The pair of a state's documents, verified from the roster down; the previous pair bounds it.
absl::StatusOr<trust::StateView> VerifyPair(const v1::SignedDocument& charter_document,
                                            const v1::SignedDocument& directory_document,
                                            const trust::Roster& roster,
                                            const trust::StateView* known) {
  const trust::Charter* before = known == nullptr ? nullptr : known->charter.get();
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter,
                           trust::VerifyCharter(charter_document, roster, nullptr));
  if (before != nullptr) {
    PALERMO_RETURN_IF_ERROR(trust::CheckSuccession(before->body.version(), before->sha256,
                                                   charter.body.version(), charter.sha256,
                                                   Cat({"charter of ", charter.body.state()})));
  }
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(directory_document, charter, nullptr));
  if (known != nullptr && known->directory != nullptr) {
    const trust::Directory& old = known->directory->verified();
    PALERMO_RETURN_IF_ERROR(trust::CheckSuccession(old.body.version(), old.sha256,
                                                   directory.body.version(), directory.sha256,
                                                   Cat({"directory of ", directory.body.state()})));
    if (directory.body.version() == old.body.version() + 1) {
      PALERMO_RETURN_IF_ERROR(trust::VerifyDirectory(directory_document, charter, &old).status());
    }
  }
  return trust::StateView{std::make_shared<trust::Charter>(std::move(charter)),
                          std::make_shared<trust::DirectoryIndex>(std::move(directory))};
}

bool SamePair(const trust::StateView* known, const v1::StateTrust& state) {
  return known != nullptr && known->directory != nullptr &&
         known->charter->signed_document.document() == state.charter().document() &&
         known->directory->verified().signed_document.document() == state.directory().document();
}

}  // namespace

absl::StatusOr<TrustMemory> TrustMemory::Create(const v1::SignedDocument& roster,
                                                const Hash& fingerprint,
                                                const std::string& own_state) {
  PALERMO_ASSIGN_OR_RETURN(trust::Roster verified, trust::VerifyFirstRoster(roster, fingerprint));
  if (trust::FindState(verified.body, own_state) == nullptr) {
    return Missing("UNKNOWN_STATE", Cat({own_state, " is not in this roster; check --state"}));
  }
  TrustMemory memory;
  memory.own_state_ = own_state;
  memory.fingerprint_ = fingerprint;
  memory.rosters_.push_back(roster);
  memory.view_ = std::make_shared<trust::TrustView>(std::move(verified));
  return memory;
}

absl::StatusOr<TrustMemory> TrustMemory::Load(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kMaxMemoryBytes));
  if (bytes.compare(0, kFirstLine.size(), kFirstLine) != 0 ||
      bytes.size() < kFirstLine.size() + 64) {
    return BadMemory(path);
  }
  std::string_view rest = std::string_view(bytes).substr(kFirstLine.size());
  auto checksum = HashFrom(rest.substr(0, 32), "checksum");
  auto fingerprint = HashFrom(rest.substr(32, 32), "fingerprint");
  rest.remove_prefix(32);
  v1::GetTrustResponse stored;
  if (!checksum.ok() || !fingerprint.ok() || crypto::Sha256(rest) != *checksum ||
      !stored.ParseFromString(std::string(rest.substr(32))) || stored.rosters().empty()) {
    return BadMemory(path);
  }
  PALERMO_ASSIGN_OR_RETURN(TrustMemory memory,
                           Create(stored.rosters(0), *fingerprint, stored.own_state()));
  PALERMO_RETURN_IF_ERROR(memory.Update(stored).status());
  return memory;
}

absl::Status TrustMemory::Save(const std::string& path) const {
  v1::GetTrustResponse stored;
  stored.set_own_state(own_state_);
  for (const auto& roster : rosters_) *stored.add_rosters() = roster;
  for (const auto& entry : view_->roster().body.states()) {
    const trust::StateView* known = view_->Find(entry.state());
    if (known == nullptr || known->directory == nullptr) continue;
    v1::StateTrust* state = stored.add_states();
    state->set_state(entry.state());
    *state->mutable_charter() = known->charter->signed_document;
    *state->mutable_directory() = known->directory->verified().signed_document;
    state->set_checkpoint(CheckpointNote(entry.state()));
  }
  std::string rest = Cat({AsView(fingerprint_), stored.SerializeAsString()});
  return WriteFileAtomic(path, Cat({kFirstLine, AsView(crypto::Sha256(rest)), rest}), 0600);
}

absl::Status TrustMemory::TakeRosters(const v1::GetTrustResponse& trust,
                                      std::vector<std::string>* news) {
  uint64_t anchor = VersionOf(rosters_.front());
  uint64_t newest = 0;
  for (const auto& document : trust.rosters()) {
    uint64_t version = VersionOf(document);
    newest = std::max(newest, version);
    if (version < anchor) continue;
    if (version <= view_->roster().body.version()) {
      PALERMO_RETURN_IF_ERROR(
          trust::CheckSuccession(version, crypto::Sha256(rosters_[version - anchor].document()),
                                 version, crypto::Sha256(document.document()), "roster"));
      continue;
    }
    PALERMO_ASSIGN_OR_RETURN(trust::Roster next,
                             trust::VerifyNextRoster(document, view_->roster()));
    rosters_.push_back(document);
    view_ = view_->WithRoster(std::move(next));
    news->push_back(absl::StrFormat("roster version %d", version));
  }
  if (newest < view_->roster().body.version()) {
    return Refused("OLD_VERSION",
                   absl::StrFormat("the node shows roster version %d; version %d is known. Tell "
                                   "your administrator: the node may be a restored backup",
                                   newest, view_->roster().body.version()));
  }
  return absl::OkStatus();
}

absl::Status TrustMemory::TakeState(const v1::StateTrust& state, std::vector<std::string>* news) {
  const trust::StateView* known = view_->Find(state.state());
  if (trust::FindState(view_->roster().body, state.state()) == nullptr) return absl::OkStatus();
  if (!state.has_directory() || state.directory().document().empty()) {
    if (known == nullptr) return absl::OkStatus();
    return Refused("OLD_VERSION", Cat({"the node no longer shows the directory of ", state.state(),
                                       ", which is known"}));
  }
  if (!SamePair(known, state)) {
    auto pair = VerifyPair(state.charter(), state.directory(), view_->roster(), known);
    if (!pair.ok()) return Annotate(pair.status(), Cat({"documents of ", state.state()}));
    if (pair->directory->body().state() != state.state()) {
      return Refused("BAD_DOCUMENT", Cat({"documents of another state under ", state.state()}));
    }
    news->push_back(absl::StrFormat("directory version %d of %s", pair->directory->body().version(),
                                    state.state()));
    view_ = view_->WithState(state.state(), *std::move(pair));
  }
  return TakeCheckpoint(state.state(), state.checkpoint());
}

absl::Status TrustMemory::TakeCheckpoint(const std::string& state, const std::string& note) {
  if (note.empty()) return absl::OkStatus();
  auto checkpoint = trust::VerifyNodeCheckpoint(note, *view_->Find(state)->directory);
  if (!checkpoint.ok()) {
    // A peer's newest checkpoint may be older than a change of its node's key.
    return state == own_state_ ? checkpoint.status() : absl::OkStatus();
  }
  auto known = NewestCheckpoint(state);
  if (known.ok() && known->origin == checkpoint->origin) {
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
  v1::GetTrustResponse rosters;
  *rosters.mutable_rosters() = documents.rosters();
  if (rosters.rosters().empty()) *rosters.add_rosters() = documents.roster();
  PALERMO_RETURN_IF_ERROR(next.TakeRosters(rosters, &news));
  v1::StateTrust one;
  one.set_state(state);
  *one.mutable_charter() = documents.charter();
  *one.mutable_directory() = documents.directory();
  PALERMO_RETURN_IF_ERROR(next.TakeState(one, &news));
  *this = std::move(next);
  return news;
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
