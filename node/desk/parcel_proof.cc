#include "node/desk/parcel_proof.h"

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/approvals.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"

namespace palermo::desk {
namespace {

absl::Status Judge(const trust::ParsedEnvelope& parsed, const ParcelProof& proof,
                   const trust::DirectoryIndex& directory) {
  const v1::DocumentReference& named = proof.submission.directory();
  if (named.sha256() != directory.Reference().sha256()) {
    return Missing("UNKNOWN_DIRECTORY",
                   absl::StrFormat("it was entered under directory version %d, and this is version "
                                   "%d; give that one",
                                   named.version(), directory.body().version()));
  }
  PALERMO_ASSIGN_OR_RETURN(trust::ApprovalStanding standing,
                           trust::CheckSignatures(parsed, proof.signatures, directory,
                                                  FromMillis(proof.submission.at_ms())));
  if (standing.complete()) return absl::OkStatus();
  return Refused("TOO_FEW_APPROVALS",
                 "the message has fewer approvals than its state's policy asks");
}

}  // namespace

absl::StatusOr<ParcelProof> VerifyParcelProof(const v1::RefusedParcel& proof,
                                              const trust::DirectoryIndex& directory) {
  ParcelProof out;
  trust::ParsedEnvelope parsed;
  if (!parsed.header.ParseFromString(proof.header())) {
    return InputError("BAD_FILE", "the proof's header does not parse");
  }
  out.header = parsed.header;
  PALERMO_ASSIGN_OR_RETURN(out.submission, trust::VerifyReceipt(proof.submission(), directory));
  parsed.header_sha256 = crypto::Sha256(proof.header());
  PALERMO_ASSIGN_OR_RETURN(parsed.stanzas_sha256, HashFrom(proof.stanzas_sha256(), "stanzas"));
  PALERMO_ASSIGN_OR_RETURN(parsed.body_sha256, HashFrom(proof.body_sha256(), "body"));
  parsed.message_id =
      trust::MessageId(parsed.header_sha256, parsed.stanzas_sha256, parsed.body_sha256);
  if (out.submission.kind() != v1::RecordKind::SUBMISSION ||
      out.submission.message_id() != AsView(parsed.message_id)) {
    return Refused("BAD_RECEIPT", "the receipt is not of this message's submission");
  }
  if (out.submission.signature_list_sha256() != AsView(crypto::Sha256(proof.signature_list()))) {
    return Refused("BAD_RECEIPT", "the receipt is of another list of signatures");
  }
  auto signatures = trust::ParseFrozen(proof.signature_list());
  if (!signatures.ok()) {
    out.judged = signatures.status();
    return out;
  }
  out.signatures = *std::move(signatures);
  out.judged = Judge(parsed, out, directory);
  return out;
}

}  // namespace palermo::desk
