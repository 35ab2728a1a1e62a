#include "node/trust/approvals.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

crypto::Purpose PurposeOf(v1::SignaturePurpose::Code purpose) {
  switch (purpose) {
    case v1::SignaturePurpose::DRAFT:
      return crypto::Purpose::kDraft;
    case v1::SignaturePurpose::CONFIRM:
      return crypto::Purpose::kConfirm;
    default:
      return crypto::Purpose::kApprove;
  }
}

// Information and intelligence may also be drafted by investigators; requests by drafters only.
bool MayDraft(const v1::OfficerEntry& officer, v1::Family::Code family) {
  if (HasRole(officer, v1::Role::DRAFTER)) return true;
  bool information = family == v1::Family::LAW_ENFORCEMENT_INFO ||
                     family == v1::Family::SPONTANEOUS || family == v1::Family::JOINT_INVESTIGATION;
  return information && HasRole(officer, v1::Role::INVESTIGATOR);
}

absl::Status CheckApprover(const v1::OfficerSignature& signature, const v1::Header& header,
                           const v1::OfficerEntry& officer, absl::Time at) {
  // Nobody signed what comes with it; peers would drop it, and find another hash than ours.
  if (HasUnknownFields(signature)) {
    return Refused("BAD_SIGNATURE", Cat({"more comes with the signature of ", officer.id()}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(officer, at));
  if (AuthorityOf(officer.id()) != header.sender()) {
    return Refused("WRONG_SENDER", Cat({officer.id(), " does not act for ", header.sender()}));
  }
  if (signature.key_id() != officer.signing_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer.id(), " is not the directory's"}));
  }
  bool allowed = signature.purpose() == v1::SignaturePurpose::DRAFT
                     ? MayDraft(officer, header.family())
                     : HasRole(officer, v1::Role::APPROVER);
  if (!allowed) {
    return Refused(
        "WRONG_ROLE",
        Cat({officer.id(), " is not ",
             signature.purpose() == v1::SignaturePurpose::DRAFT ? "a drafter" : "an approver"}));
  }
  return absl::OkStatus();
}

absl::Status CheckSignatureValue(const v1::OfficerSignature& signature,
                                 const v1::OfficerEntry& officer, std::string_view message_id) {
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(officer.signing_key()));
  absl::Status status =
      crypto::Verify(PurposeOf(signature.purpose()), key, message_id, signature.signature());
  if (!status.ok()) {
    return Refused("BAD_SIGNATURE", Cat({"the signature of ", officer.id(), " does not verify"}));
  }
  return absl::OkStatus();
}

absl::StatusOr<ApprovalStanding> Check(const ParsedEnvelope& envelope,
                                       const std::vector<v1::OfficerSignature>& signatures,
                                       const DirectoryIndex& directory, absl::Time at,
                                       bool check_values) {
  const v1::Header& header = envelope.header;
  if (directory.body().state() != StateOf(header.sender())) {
    return Refused("WRONG_SENDER", "the sender is not of the state whose directory counts");
  }
  if (signatures.size() > limits::kMaxApprovals + 1)
    return OverLimit("TOO_MANY", "too many signatures");
  ApprovalStanding standing;
  standing.needed = directory.ApprovalsNeeded(header.family(), header.act(), header.urgency());
  std::set<std::string> officers, keys, persons;
  int drafts = 0;
  for (const auto& signature : signatures) {
    const v1::OfficerEntry* officer = directory.FindOfficer(signature.officer());
    if (officer == nullptr) {
      return Refused("UNKNOWN_OFFICER", Cat({signature.officer(), " is not in the directory of ",
                                             directory.body().state()}));
    }
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) {
      ++drafts;
    } else if (signature.purpose() == v1::SignaturePurpose::APPROVE) {
      ++standing.approvals;
    } else {
      return InputError("BAD_SIGNATURE", "a signature has no purpose");
    }
    if (!officers.insert(officer->id()).second) {
      return Refused("SAME_OFFICER",
                     Cat({officer->id(), " signed twice; another officer must approve"}));
    }
    if (!keys.insert(officer->signing_key()).second)
      return Refused("SAME_KEY", "one key signed twice");
    if (!persons.insert(officer->person()).second) {
      return Refused("SAME_PERSON",
                     Cat({officer->id(), " is a person who signed in another office"}));
    }
    PALERMO_RETURN_IF_ERROR(CheckApprover(signature, header, *officer, at));
    if (check_values) {
      PALERMO_RETURN_IF_ERROR(
          CheckSignatureValue(signature, *officer, AsView(envelope.message_id)));
    }
  }
  if (drafts != 1) return Refused("MISSING_DRAFT", "there must be exactly one draft signature");
  return standing;
}

}  // namespace

absl::StatusOr<ApprovalStanding> CheckSignatures(
    const ParsedEnvelope& envelope, const std::vector<v1::OfficerSignature>& signatures,
    const DirectoryIndex& sender_directory, absl::Time at) {
  return Check(envelope, signatures, sender_directory, at, true);
}

absl::StatusOr<ApprovalStanding> CheckSigners(const ParsedEnvelope& envelope,
                                              const std::vector<v1::OfficerSignature>& signatures,
                                              const DirectoryIndex& sender_directory,
                                              absl::Time at) {
  return Check(envelope, signatures, sender_directory, at, false);
}

bool NeedsConfirmation(const v1::Header& header,
                       const std::vector<v1::OfficerSignature>& signatures,
                       const DirectoryIndex& directory) {
  if (header.urgency() != v1::Urgency::EMERGENCY_LIFE) return false;
  auto approvals = std::count_if(signatures.begin(), signatures.end(), [](const auto& one) {
    return one.purpose() == v1::SignaturePurpose::APPROVE;
  });
  return approvals < directory.ApprovalsNeeded(header.family(), header.act(), v1::Urgency::ROUTINE);
}

absl::Status CheckConfirmation(const v1::Header& header, std::string_view message_id,
                               const std::vector<v1::OfficerSignature>& signatures,
                               const DirectoryIndex& at_submission,
                               const v1::OfficerSignature& confirmation,
                               const DirectoryIndex& at_confirmation, absl::Time at) {
  if (confirmation.purpose() != v1::SignaturePurpose::CONFIRM) {
    return Refused("BAD_SIGNATURE", "the signature is no confirmation");
  }
  const v1::OfficerEntry* officer = at_confirmation.FindOfficer(confirmation.officer());
  if (officer == nullptr) {
    return Refused("UNKNOWN_OFFICER", Cat({confirmation.officer(), " is not in the directory of ",
                                           at_confirmation.body().state()}));
  }
  PALERMO_RETURN_IF_ERROR(CheckApprover(confirmation, header, *officer, at));
  for (const auto& signature : signatures) {
    if (signature.officer() == officer->id()) {
      return Refused("SAME_OFFICER",
                     Cat({officer->id(), " signed the message itself; another approver confirms"}));
    }
    // As they were when they signed, and as they are now: keys and persons of both times count.
    for (const DirectoryIndex* directory : {&at_submission, &at_confirmation}) {
      const v1::OfficerEntry* signer = directory->FindOfficer(signature.officer());
      if (signer == nullptr) continue;
      if (signer->signing_key() == officer->signing_key()) {
        return Refused("SAME_KEY", "one key signed the message and confirms it");
      }
      if (signer->person() == officer->person()) {
        return Refused("SAME_PERSON", Cat({officer->id(), " is a person who signed the message in ",
                                           "another office"}));
      }
    }
  }
  return CheckSignatureValue(confirmation, *officer, message_id);
}

std::string FreezeSignatures(std::vector<v1::OfficerSignature> signatures) {
  std::sort(signatures.begin(), signatures.end(),
            [](const auto& a, const auto& b) { return a.officer() < b.officer(); });
  v1::SignatureList list;
  for (auto& signature : signatures) *list.add_signatures() = std::move(signature);
  return StrictSerialize(list);
}

absl::StatusOr<std::vector<v1::OfficerSignature>> ParseFrozen(std::string_view bytes) {
  if (bytes.size() > limits::kMaxSignatureListBytes) {
    return OverLimit("SIGNATURE_LIST_CHANGED", "the signature list is over its limit");
  }
  v1::SignatureList list;
  PALERMO_RETURN_IF_ERROR(StrictParse(bytes, &list, "SIGNATURE_LIST_CHANGED", "signature list"));
  std::vector<v1::OfficerSignature> signatures(list.signatures().begin(), list.signatures().end());
  for (size_t i = 1; i < signatures.size(); ++i) {
    if (signatures[i].officer() <= signatures[i - 1].officer()) {
      return InputError("SIGNATURE_LIST_CHANGED", "the signature list is not sorted by officer");
    }
  }
  return signatures;
}

v1::OfficerSignature SignMessage(const std::string& officer, v1::SignaturePurpose::Code purpose,
                                 const crypto::SigningKey& key, const Hash& message_id) {
  const crypto::Signer& signer = key;
  absl::StatusOr<v1::OfficerSignature> signature =
      SignMessage(officer, purpose, signer, message_id);
  PALERMO_CHECK(signature.ok());
  return *std::move(signature);
}

absl::StatusOr<v1::OfficerSignature> SignMessage(const std::string& officer,
                                                 v1::SignaturePurpose::Code purpose,
                                                 const crypto::Signer& signer,
                                                 const Hash& message_id) {
  v1::OfficerSignature signature;
  signature.set_officer(officer);
  signature.set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(signer.public_key())));
  signature.set_purpose(purpose);
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature made,
                           signer.TrySign(PurposeOf(purpose), AsView(message_id)));
  signature.set_signature(std::string(crypto::AsView(made)));
  return signature;
}

}  // namespace palermo::trust
