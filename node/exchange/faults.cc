#include "node/exchange/faults.h"

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/keys.h"
#include "node/trust/reason.h"
#include "node/trust/strict.h"
#include "palermo/v1/fault.pb.h"

namespace palermo::exchange {
namespace {

constexpr std::array kFaults = {
    v1::Reason::NOT_FOR_US,        v1::Reason::WRONG_SENDER,
    v1::Reason::WRONG_ROLE,        v1::Reason::UNKNOWN_OFFICER,
    v1::Reason::UNKNOWN_KEY,       v1::Reason::OFFICER_NOT_IN_FORCE,
    v1::Reason::BAD_SIGNATURE,     v1::Reason::MISSING_DRAFT,
    v1::Reason::TOO_FEW_APPROVALS, v1::Reason::SAME_OFFICER,
    v1::Reason::SAME_PERSON,       v1::Reason::SAME_KEY,
    v1::Reason::BAD_ENVELOPE,      v1::Reason::SIGNATURE_LIST_CHANGED,
    v1::Reason::BAD_HEADER,        v1::Reason::BAD_STANZAS,
    v1::Reason::BODY_TOO_LARGE,    v1::Reason::WRONG_NUMBER,
    v1::Reason::TOO_LONG_LIFE,     v1::Reason::OLD_DIRECTORY,
    v1::Reason::DIRECTORY_EXPIRED, v1::Reason::BAD_RECEIPT,
    v1::Reason::VERSION_FORK,      v1::Reason::UNKNOWN_MESSAGE,
    v1::Reason::ILLEGAL_ACT,
};

bool HasProof(const v1::PeerFault& fault) {
  return !fault.documents().empty() || !fault.checkpoints().empty();
}

// A fault of a stream or of documents has its evidence's hash always, one of a message with its
// proof only.
bool IsPlainOfStream(const v1::PeerFault& fault) {
  return !HasProof(fault) && !fault.evidence_sha256().empty();
}

absl::Status RaiseTo(Tx& tx, const std::string& counter, uint64_t least) {
  PALERMO_ASSIGN_OR_RETURN(uint64_t value, tx.GetCounter(counter));
  if (value < least) tx.PutCounter(counter, least);
  return absl::OkStatus();
}

void AddProof(const std::string& kind, std::string bytes, v1::PeerFault* fault) {
  fault->set_document_kind(kind);
  fault->set_evidence_sha256(std::string(AsView(crypto::Sha256(bytes))));
  fault->add_documents()->set_document(std::move(bytes));
}

// False when the peer's proofs have used up their space: then its entry stands alone.
absl::StatusOr<bool> StoreFault(Tx& tx, const v1::PeerFault& fault) {
  const std::string& peer = fault.state();
  if (HasProof(fault)) {
    PALERMO_ASSIGN_OR_RETURN(uint64_t bytes, tx.GetCounter(keys::ProofBytes(peer)));
    bytes += fault.ByteSizeLong();
    if (bytes > limits::kMaxKeptProofBytes) return false;
    tx.PutCounter(keys::ProofBytes(peer), bytes);
  }
  PALERMO_ASSIGN_OR_RETURN(uint64_t kept, tx.GetCounter(keys::KeptFaultCount(peer)));
  tx.PutCounter(keys::KeptFaultCount(peer), kept + 1);
  tx.Save(keys::PeerFault(peer, fault.index()), fault);
  return true;
}

}  // namespace

bool IsFaultOfPeer(const absl::Status& refusal) {
  return std::find(kFaults.begin(), kFaults.end(), trust::ReasonOf(refusal)) != kFaults.end();
}

absl::Status CountOldFaults(Tx& tx, const std::string& peer,
                            absl::FunctionRef<void(const absl::Status&)> tell_damage) {
  PALERMO_ASSIGN_OR_RETURN(auto counted, tx.Get(keys::FaultsCounted(peer)));
  if (counted.has_value()) return absl::OkStatus();
  uint64_t kept = 0, plain = 0, proof_bytes = 0, last_at = 0, damaged = 0;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(
      Cat({keys::kPeerFaults, peer}), std::numeric_limits<uint32_t>::max(),
      [&](const std::string&, const std::string& value) {
        v1::PeerFault fault;
        if (!fault.ParseFromString(value)) {
          ++damaged;
          return true;
        }
        ++kept;
        if (HasProof(fault)) proof_bytes += fault.ByteSizeLong();
        if (IsPlainOfStream(fault)) ++plain;
        last_at = std::max(last_at, static_cast<uint64_t>(std::max<int64_t>(fault.at_ms(), 0)));
        return true;
      }));
  if (damaged > 0) {
    tell_damage(Damaged(
        "STORE_DAMAGED",
        absl::StrFormat("%d stored faults of %s do not parse and are not counted", damaged, peer)));
  }
  tx.Put(keys::FaultsCounted(peer), "");
  // What was counted since is a part of what is stored.
  PALERMO_RETURN_IF_ERROR(RaiseTo(tx, keys::KeptFaultCount(peer), kept));
  PALERMO_RETURN_IF_ERROR(RaiseTo(tx, keys::PlainFaultCount(peer), plain));
  PALERMO_RETURN_IF_ERROR(RaiseTo(tx, keys::ProofBytes(peer), proof_bytes));
  return RaiseTo(tx, keys::LastFaultAt(peer), last_at);
}

absl::Status KeepStreamFault(Tx& tx, const v1::PeerFault& fault) {
  tx.PutCounter(keys::LastFaultAt(fault.state()), static_cast<uint64_t>(fault.at_ms()));
  if (HasProof(fault)) return StoreFault(tx, fault).status();
  PALERMO_ASSIGN_OR_RETURN(uint64_t plain, tx.GetCounter(keys::PlainFaultCount(fault.state())));
  if (plain >= limits::kMaxKeptPlainFaults) return absl::OkStatus();
  tx.PutCounter(keys::PlainFaultCount(fault.state()), plain + 1);
  return StoreFault(tx, fault).status();
}

absl::Status KeepFault(Tx& tx, const std::string& peer, uint64_t index, const absl::Status& status,
                       v1::PeerFault proof) {
  ++tx.tally().faults;
  tx.PutCounter(keys::LastFaultAt(peer), static_cast<uint64_t>(ToMillis(tx.now())));
  PALERMO_ASSIGN_OR_RETURN(uint64_t kept, tx.GetCounter(keys::FaultCount(peer)));
  if (kept >= limits::kMaxFaultsPerPage) return absl::OkStatus();
  proof.set_state(peer);
  proof.set_index(index);
  proof.set_at_ms(ToMillis(tx.now()));
  proof.set_code(CodeOf(status));
  proof.set_text(TextOf(status));
  PALERMO_ASSIGN_OR_RETURN(bool stored, StoreFault(tx, proof));
  if (stored) tx.PutCounter(keys::FaultCount(peer), kept + 1);
  return absl::OkStatus();
}

absl::Status KeepParcelFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const VerifiedParcel& parcel) {
  v1::PeerFault fault;
  if (parcel.receipt_ok) {
    const v1::Parcel& sent = parcel.parcel;
    v1::RefusedParcel proof;
    proof.set_header(sent.envelope().header());
    proof.set_stanzas_sha256(std::string(AsView(parcel.parsed.stanzas_sha256)));
    proof.set_body_sha256(std::string(AsView(parcel.parsed.body_sha256)));
    if (sent.signature_list().size() <= limits::kMaxSignatureListBytes) {
      proof.set_signature_list(sent.signature_list());
    }
    *proof.mutable_submission() = sent.submission();
    AddProof("parcel", trust::StrictSerialize(proof), &fault);
  }
  return KeepFault(tx, peer, index, status, std::move(fault));
}

absl::Status KeepAnswerFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const v1::Receipt& answer) {
  v1::PeerFault fault;
  AddProof("receipt", trust::StrictSerialize(answer), &fault);
  return KeepFault(tx, peer, index, status, std::move(fault));
}

absl::Status KeepNoticeFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const v1::PeerNotice& notice) {
  v1::PeerFault fault;
  AddProof("notice", trust::StrictSerialize(notice), &fault);
  return KeepFault(tx, peer, index, status, std::move(fault));
}

}  // namespace palermo::exchange
