#include "node/desk/evidence.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

constexpr char kReadMe[] =
    "This folder proves one message, with no node running:\n"
    "\n"
    "  palermo receipt verify FOLDER --fingerprint HEX\n"
    "\n"
    "HEX is the SHA-256 of a roster of this folder, as the depositary of the roster tells it.\n"
    "\n"
    "  message.envelope        header, stanzas and sealed body, as sent\n"
    "  message.signatures      the frozen list of the officers' signatures\n"
    "  receipt-N-*.receipt     ledger records with their proofs (C2SP tlog-proof)\n"
    "  receipt-N-*.retrieval   the signed statement that a desk opened it\n"
    "  receipt-N-*.confirmation  the second approver's signature, after an emergency\n"
    "  roster-N.roster         the rosters by their version, from the anchor of who saved it\n"
    "  sender.*                charter and directory of the sender at submission\n"
    "  past-N.directory        directories that were in force at an entry and are not any more\n"
    "  past-N.charter          charters that those were signed under\n"
    "  state-XX.*              newest charter and directory of each state concerned\n";

bool HasEnding(const std::string& name, std::string_view ending) {
  return name.size() >= ending.size() &&
         name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
}

class FolderWriter {
 public:
  explicit FolderWriter(std::string folder) : folder_(std::move(folder)) {}
  absl::Status Write(const std::string& name, std::string_view bytes) {
    return WriteNewFile(Cat({folder_, "/", name}), bytes, 0644);
  }
  absl::Status Write(const std::string& name, const v1::SignedDocument& document) {
    return Write(name, trust::StrictSerialize(document));
  }

 private:
  std::string folder_;
};

absl::Status SaveReceipts(const v1::FetchMessageResponse& message, FolderWriter& files) {
  for (int i = 0; i < message.receipts_size(); ++i) {
    const v1::StoredReceipt& stored = message.receipts(i);
    PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::ParseRecord(stored.receipt().record()));
    std::string name = absl::StrFormat("receipt-%d-%s-%s", i + 1, stored.state(),
                                       v1::RecordKind::Code_Name(record.kind()));
    PALERMO_ASSIGN_OR_RETURN(std::string text, trust::ReceiptToText(stored.receipt()));
    PALERMO_RETURN_IF_ERROR(files.Write(name + ".receipt", text));
    if (stored.has_retrieval()) {
      PALERMO_RETURN_IF_ERROR(
          files.Write(name + ".retrieval", trust::StrictSerialize(stored.retrieval())));
    }
    if (stored.has_confirmation()) {
      PALERMO_RETURN_IF_ERROR(
          files.Write(name + ".confirmation", trust::StrictSerialize(stored.confirmation())));
    }
  }
  return absl::OkStatus();
}

absl::Status SaveStates(const v1::FetchMessageResponse& message, const TrustMemory& trust,
                        FolderWriter& files) {
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(message.envelope()));
  std::set<std::string> states({StateOf(parsed.header.sender())});
  for (const std::string& state : trust::RecipientStates(parsed.header)) states.insert(state);
  for (const std::string& state : states) {
    const trust::StateView* known = trust.View()->Find(state);
    if (known == nullptr || known->directory == nullptr) continue;
    std::string name = "state-" + state;
    PALERMO_RETURN_IF_ERROR(
        files.Write(name + ".charter", known->directory_charter->signed_document));
    PALERMO_RETURN_IF_ERROR(
        files.Write(name + ".directory", known->directory->verified().signed_document));
  }
  return absl::OkStatus();
}

// Builds the message again from the folder.
class FolderReader {
 public:
  FolderReader(std::string folder, std::vector<Hash> confirmed)
      : folder_(std::move(folder)), confirmed_(std::move(confirmed)) {}

  // From the roster whose fingerprint was told. What comes after it follows by signatures; what
  // came before it, by the hash that it names, and only where each roster in between also follows
  // the one before by its signatures, so that nobody's roots are other ones than their holders
  // signed.
  absl::StatusOr<trust::TrustPtr> Rosters(const Hash& fingerprint) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<FolderRoster> rosters, ReadRosters());
    size_t anchor = 0;
    while (anchor < rosters.size() && rosters[anchor].sha256 != fingerprint) ++anchor;
    if (anchor == rosters.size()) return NoSuchRoster(rosters);
    size_t first = anchor;
    while (first > 0 && rosters[first].previous == AsView(rosters[first - 1].sha256)) --first;
    absl::StatusOr<trust::TrustPtr> view = Chain(rosters, first, anchor);
    while (first < anchor && (!view.ok() || !trust::WaitingDifferences(**view).empty())) {
      view = Chain(rosters, ++first, anchor);
    }
    PALERMO_RETURN_IF_ERROR(view.status());
    PALERMO_ASSIGN_OR_RETURN(view, Follow(*view, rosters, anchor + 1, rosters.size()));
    for (const auto& difference : trust::WaitingDifferences(**view)) {
      return Refused("ROOT_CHANGE_UNCONFIRMED",
                     Cat({"a roster of the folder changes the root keys of ", difference.state,
                          " without the old keys' signatures. Ask ", difference.state,
                          " for the fingerprint of its roots, then add --confirm-roots HEX"}));
    }
    return view;
  }

  absl::StatusOr<trust::TrustPtr> States(const trust::TrustPtr& rosters) {
    trust::TrustPtr view = rosters;
    for (const auto& entry : rosters->roster().body.states()) {
      std::string name = "state-" + entry.state();
      if (!FileExists(Path(name + ".directory"))) continue;
      PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument charter, ReadDocument(Path(name + ".charter")));
      PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument directory,
                               ReadDocument(Path(name + ".directory")));
      PALERMO_ASSIGN_OR_RETURN(trust::Charter verified,
                               trust::VerifyCharterOfAnyTime(charter, *view));
      PALERMO_ASSIGN_OR_RETURN(trust::Directory body,
                               trust::VerifyDirectory(directory, verified, nullptr));
      view = view->WithState(entry.state(),
                             {std::make_shared<trust::Charter>(std::move(verified)),
                              std::make_shared<trust::DirectoryIndex>(std::move(body))});
    }
    return view;
  }

  absl::StatusOr<v1::FetchMessageResponse> Message() {
    v1::FetchMessageResponse message;
    PALERMO_ASSIGN_OR_RETURN(std::string envelope,
                             ReadFile(Path("message.envelope"), limits::kMaxFrameBytes));
    if (!message.mutable_envelope()->ParseFromString(envelope)) {
      return InputError("BAD_FILE", Cat({Path("message.envelope"), ": not an envelope"}));
    }
    PALERMO_ASSIGN_OR_RETURN(*message.mutable_signature_list(),
                             ReadFile(Path("message.signatures"), limits::kMaxSignatureListBytes));
    PALERMO_ASSIGN_OR_RETURN(*message.mutable_sender_charter(),
                             ReadDocument(Path("sender.charter")));
    PALERMO_ASSIGN_OR_RETURN(*message.mutable_sender_directory(),
                             ReadDocument(Path("sender.directory")));
    for (int i = 1; i < limits::kMaxEvidenceDirectories; ++i) {
      std::string path = Path(absl::StrFormat("past-%d.directory", i));
      if (!FileExists(path)) break;
      PALERMO_ASSIGN_OR_RETURN(*message.add_retrieval_directories(), ReadDocument(path));
    }
    for (int i = 1; i < limits::kMaxEvidenceDirectories; ++i) {
      std::string path = Path(absl::StrFormat("past-%d.charter", i));
      if (!FileExists(path)) break;
      PALERMO_ASSIGN_OR_RETURN(*message.add_retrieval_charters(), ReadDocument(path));
    }
    PALERMO_RETURN_IF_ERROR(AddReceipts(&message));
    return message;
  }

 private:
  struct FolderRoster {
    v1::SignedDocument document;
    uint64_t version = 0;
    Hash sha256{};
    std::string previous;  // the hash that it names
  };

  std::string Path(const std::string& name) const { return Cat({folder_, "/", name}); }

  // By version, as each says of itself: folders of an earlier program counted from the anchor.
  absl::StatusOr<std::vector<FolderRoster>> ReadRosters() {
    PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> names, ListFolder(folder_));
    std::vector<FolderRoster> rosters;
    for (const std::string& name : names) {
      if (!HasEnding(name, ".roster")) continue;
      if (rosters.size() == limits::kMaxEvidenceRosters) {
        return OverLimit("TOO_MANY", Cat({folder_, ": more rosters than anybody takes"}));
      }
      FolderRoster one;
      PALERMO_ASSIGN_OR_RETURN(one.document, ReadDocument(DocumentKind::kRoster, Path(name)));
      v1::Roster body;
      body.ParseFromString(one.document.document());
      one.version = body.version();
      one.previous = body.previous_sha256();
      one.sha256 = crypto::Sha256(one.document.document());
      rosters.push_back(std::move(one));
    }
    if (rosters.empty()) return Missing("NO_FILE", Cat({folder_, ": there is no roster in it"}));
    std::sort(rosters.begin(), rosters.end(),
              [](const auto& a, const auto& b) { return a.version < b.version; });
    return rosters;
  }

  static absl::Status NoSuchRoster(const std::vector<FolderRoster>& rosters) {
    std::string versions;
    for (const FolderRoster& one : rosters) {
      versions += Cat({versions.empty() ? "" : ", ", std::to_string(one.version)});
    }
    return Refused("WRONG_FINGERPRINT",
                   Cat({"no roster of the folder has this fingerprint; it holds version ", versions,
                        ". Ask the depositary for the fingerprint of one of these"}));
  }

  absl::StatusOr<trust::TrustPtr> Chain(const std::vector<FolderRoster>& rosters, size_t first,
                                        size_t last) const {
    PALERMO_ASSIGN_OR_RETURN(trust::Roster roster, trust::VerifyFirstRoster(rosters[first].document,
                                                                            rosters[first].sha256));
    trust::TrustPtr view = std::make_shared<trust::TrustView>(std::move(roster));
    for (const Hash& confirmed : confirmed_) view = view->WithConfirmedRoots(confirmed);
    return Follow(view, rosters, first + 1, last + 1);
  }

  static absl::StatusOr<trust::TrustPtr> Follow(trust::TrustPtr view,
                                                const std::vector<FolderRoster>& rosters,
                                                size_t from, size_t end) {
    for (size_t i = from; i < end; ++i) {
      PALERMO_ASSIGN_OR_RETURN(trust::RosterOffer offer,
                               trust::OfferRoster(view, rosters[i].document));
      view = offer.view;
    }
    return view;
  }

  // What an officer signed, beside the receipt of its entry.
  template <typename Message>
  absl::Status Parse(const std::string& name, Message* message) {
    PALERMO_ASSIGN_OR_RETURN(std::string bytes, ReadFile(Path(name), limits::kMaxReceiptFileBytes));
    if (message->ParseFromString(bytes)) return absl::OkStatus();
    return InputError("BAD_FILE", Cat({Path(name), ": not what its name says"}));
  }
  absl::Status AddReceipts(v1::FetchMessageResponse* message) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> names, ListFolder(folder_));
    for (const std::string& name : names) {
      constexpr std::string_view kEnding = ".receipt";
      if (!HasEnding(name, kEnding)) continue;
      PALERMO_ASSIGN_OR_RETURN(std::string text,
                               ReadFile(Path(name), limits::kMaxReceiptFileBytes));
      auto receipt = trust::ReceiptFromText(text);
      if (!receipt.ok()) return Annotate(receipt.status(), name);
      v1::StoredReceipt* stored = message->add_receipts();
      *stored->mutable_receipt() = *receipt;
      PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::ParseRecord(receipt->record()));
      stored->set_state(record.state());
      std::string beside = name.substr(0, name.size() - kEnding.size());
      if (FileExists(Path(beside + ".retrieval"))) {
        PALERMO_RETURN_IF_ERROR(Parse(beside + ".retrieval", stored->mutable_retrieval()));
      }
      if (FileExists(Path(beside + ".confirmation"))) {
        PALERMO_RETURN_IF_ERROR(Parse(beside + ".confirmation", stored->mutable_confirmation()));
      }
    }
    return absl::OkStatus();
  }

  std::string folder_;
  std::vector<Hash> confirmed_;
};

}  // namespace

absl::Status SaveEvidence(const std::string& folder, const v1::FetchMessageResponse& message,
                          const TrustMemory& trust) {
  if (FileExists(folder)) {
    return WrongState("FILE_EXISTS", Cat({folder, " is there already; choose another folder"}));
  }
  PALERMO_RETURN_IF_ERROR(MakeFolder(folder));
  FolderWriter files(folder);
  PALERMO_RETURN_IF_ERROR(files.Write("README.txt", kReadMe));
  PALERMO_RETURN_IF_ERROR(
      files.Write("message.envelope", trust::StrictSerialize(message.envelope())));
  PALERMO_RETURN_IF_ERROR(files.Write("message.signatures", message.signature_list()));
  PALERMO_RETURN_IF_ERROR(files.Write("sender.charter", message.sender_charter()));
  PALERMO_RETURN_IF_ERROR(files.Write("sender.directory", message.sender_directory()));
  std::vector<v1::SignedDocument> rosters = trust.rosters();
  for (const v1::SignedDocument& roster : rosters) {
    v1::Roster body;
    body.ParseFromString(roster.document());
    PALERMO_RETURN_IF_ERROR(
        files.Write(absl::StrFormat("roster-%d.roster", body.version()), roster));
  }
  for (int i = 0; i < message.retrieval_directories_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(
        files.Write(absl::StrFormat("past-%d.directory", i + 1), message.retrieval_directories(i)));
  }
  for (int i = 0; i < message.retrieval_charters_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(
        files.Write(absl::StrFormat("past-%d.charter", i + 1), message.retrieval_charters(i)));
  }
  PALERMO_RETURN_IF_ERROR(SaveReceipts(message, files));
  return SaveStates(message, trust, files);
}

absl::StatusOr<VerifiedMessage> VerifyEvidence(const std::string& folder, const Hash& fingerprint,
                                               const std::vector<Hash>& confirmed_roots) {
  FolderReader files(folder, confirmed_roots);
  PALERMO_ASSIGN_OR_RETURN(trust::TrustPtr view, files.Rosters(fingerprint));
  PALERMO_ASSIGN_OR_RETURN(view, files.States(view));
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, files.Message());
  return VerifyMessage(message, *view, "");
}

}  // namespace palermo::desk
