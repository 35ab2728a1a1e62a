#include "node/exchange/unparsed.h"

#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/trust/receipt.h"

namespace palermo::exchange {
namespace {

constexpr size_t kCaseIdBytes = 16;

bool IsSubmissionOf(const v1::Record& record, const VerifiedParcel& parcel,
                    const std::string& peer) {
  return record.kind() == v1::RecordKind::SUBMISSION && record.outcome() == v1::Outcome::ACCEPTED &&
         record.message_id() == AsView(parcel.parsed.message_id) &&
         record.case_id().size() == kCaseIdBytes && IsAuthorityId(record.authority()) &&
         StateOf(record.authority()) == peer;
}

}  // namespace

void HashUnparsed(const v1::Envelope& envelope, trust::ParsedEnvelope* parsed) {
  parsed->header_sha256 = crypto::Sha256(envelope.header());
  parsed->stanzas_sha256 = crypto::Sha256(envelope.stanzas());
  parsed->body_sha256 = crypto::Sha256(envelope.body());
  parsed->message_id =
      trust::MessageId(parsed->header_sha256, parsed->stanzas_sha256, parsed->body_sha256);
}

void TakeSubmissionAlone(VerifiedParcel* verified, const std::string& own_state,
                         const std::string& peer, const crypto::Checkpoint& checkpoint) {
  v1::Header& header = verified->parsed.header;
  if (!header.sender().empty()) return;
  auto record = trust::VerifyReceiptUnder(verified->parcel.submission(), checkpoint, peer);
  if (!record.ok() || !IsSubmissionOf(*record, *verified, peer)) return;
  verified->number = trust::NumberFor(*record, own_state);
  if (verified->number == 0) return;
  header.set_case_id(record->case_id());
  header.set_sender(record->authority());
  header.set_family(record->family());
  header.set_act(record->act());
  verified->submission = *std::move(record);
  verified->receipt_ok = true;
}

}  // namespace palermo::exchange
