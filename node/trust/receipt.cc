#include "node/trust/receipt.h"

#include <cstring>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/tlog_proof.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

absl::Status BadReceipt(std::string_view text) {
  return Refused("BAD_RECEIPT", Cat({"receipt: ", text}));
}

}  // namespace

Hash EntryHash(std::string_view salt, std::string_view record) {
  return crypto::Sha256({salt, record});
}

absl::StatusOr<v1::Record> ParseRecord(std::string_view bytes) {
  if (bytes.size() > limits::kMaxRecordBytes) return BadReceipt("the record is over its limit");
  v1::Record record;
  PALERMO_RETURN_IF_ERROR(StrictParse(bytes, &record, "BAD_RECEIPT", "record"));
  if (record.format() != 1) return BadReceipt("the record's format is not 1");
  return record;
}

absl::StatusOr<crypto::Checkpoint> VerifyNodeCheckpoint(std::string_view note,
                                                        const DirectoryIndex& directory) {
  if (note.size() > limits::kMaxCheckpointBytes)
    return BadReceipt("the checkpoint is over its limit");
  auto checkpoint = crypto::VerifyCheckpoint(note, directory.body().node().ledger_origin(),
                                             directory.CheckpointKey());
  if (!checkpoint.ok()) {
    return BadReceipt(Cat({"the checkpoint is not signed by the node of ", directory.body().state(),
                           " (", TextOf(checkpoint.status()), ")"}));
  }
  return *checkpoint;
}

absl::StatusOr<v1::Record> VerifyReceiptUnder(const v1::Receipt& receipt,
                                              const crypto::Checkpoint& checkpoint,
                                              const std::string& state) {
  if (receipt.salt().size() != kSaltBytes) return BadReceipt("the salt has not 32 bytes");
  if (receipt.proof().size() > limits::kMaxProofHashes * sizeof(Hash))
    return BadReceipt("the proof is too long");
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, ParseRecord(receipt.record()));
  if (record.state() != state) return BadReceipt(Cat({"the record is not of ", state}));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> hashes, SplitHashes(receipt.proof()));
  Hash leaf = crypto::LeafHash(AsView(EntryHash(receipt.salt(), receipt.record())));
  absl::Status included =
      crypto::VerifyInclusion(receipt.index(), checkpoint.size, leaf, hashes, checkpoint.root);
  if (!included.ok()) return BadReceipt("the record is not in the ledger under this checkpoint");
  return record;
}

absl::StatusOr<v1::Record> VerifyReceipt(const v1::Receipt& receipt,
                                         const DirectoryIndex& directory) {
  PALERMO_ASSIGN_OR_RETURN(crypto::Checkpoint checkpoint,
                           VerifyNodeCheckpoint(receipt.checkpoint(), directory));
  return VerifyReceiptUnder(receipt, checkpoint, directory.body().state());
}

uint64_t NumberFor(const v1::Record& record, const std::string& state) {
  for (const auto& entry : record.numbers()) {
    if (entry.state() == state) return entry.number();
  }
  return 0;
}

absl::Status CheckSubmissionRecord(const v1::Record& record, const ParsedEnvelope& envelope,
                                   std::string_view signature_list) {
  const v1::Header& header = envelope.header;
  if (record.kind() != v1::RecordKind::SUBMISSION || record.outcome() != v1::Outcome::ACCEPTED) {
    return BadReceipt("it is not an accepted submission");
  }
  if (record.message_id() != AsView(envelope.message_id))
    return BadReceipt("it is of another message");
  if (record.case_id() != header.case_id() || record.authority() != header.sender() ||
      record.family() != header.family() || record.act() != header.act()) {
    return BadReceipt("its case, sender, family or act is not the header's");
  }
  if (record.state() != StateOf(header.sender()))
    return BadReceipt("it is not of the sender's state");
  Hash list = crypto::Sha256(signature_list);
  if (record.signature_list_sha256() != AsView(list)) {
    return Refused("SIGNATURE_LIST_CHANGED",
                   "the signature list is not the one in the submission record");
  }
  std::vector<std::string> states = RecipientStates(header);
  if (record.numbers_size() != static_cast<int>(states.size()))
    return BadReceipt("its numbers are not whole");
  for (const std::string& state : states) {
    if (NumberFor(record, state) == 0) return BadReceipt(Cat({"it has no number for ", state}));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RetrievalStatement> VerifyRetrieval(const v1::SignedRetrieval& retrieval,
                                                       const DirectoryIndex& directory,
                                                       absl::Time at) {
  v1::RetrievalStatement statement;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(retrieval.statement(), &statement, "BAD_RECEIPT", "retrieval statement"));
  if (statement.message_id().size() != 32 ||
      statement.result() == v1::RetrievalResult::UNSPECIFIED ||
      !v1::RetrievalResult::Code_IsValid(statement.result())) {
    return BadReceipt("the retrieval statement is not whole");
  }
  const v1::OfficerEntry* officer = directory.FindOfficer(statement.officer());
  if (officer == nullptr) {
    return Refused("UNKNOWN_OFFICER", Cat({statement.officer(), " is not in the directory"}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*officer, at));
  if (retrieval.key_id() != officer->signing_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(officer->signing_key()));
  PALERMO_RETURN_IF_ERROR(crypto::Verify(crypto::Purpose::kRetrieval, key, retrieval.statement(),
                                         retrieval.signature()));
  return statement;
}

std::string JoinHashes(const std::vector<Hash>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) bytes.append(AsView(hash));
  return bytes;
}

absl::StatusOr<std::vector<Hash>> SplitHashes(std::string_view bytes) {
  if (bytes.size() % sizeof(Hash) != 0) return BadReceipt("a proof hash has not 32 bytes");
  std::vector<Hash> hashes(bytes.size() / sizeof(Hash));
  for (size_t i = 0; i < hashes.size(); ++i) {
    std::memcpy(hashes[i].data(), bytes.data() + i * sizeof(Hash), sizeof(Hash));
  }
  return hashes;
}

absl::StatusOr<std::string> ReceiptToText(const v1::Receipt& receipt) {
  if (receipt.salt().size() != kSaltBytes) return BadReceipt("its salt has not 32 bytes");
  if (receipt.checkpoint().empty()) return BadReceipt("it has no checkpoint");
  if (receipt.checkpoint().size() > limits::kMaxCheckpointBytes) {
    return BadReceipt("its checkpoint is too long");
  }
  crypto::TlogProof proof;
  proof.extra = Cat({receipt.salt(), receipt.record()});
  proof.index = receipt.index();
  PALERMO_ASSIGN_OR_RETURN(proof.hashes, SplitHashes(receipt.proof()));
  if (proof.hashes.size() > limits::kMaxProofHashes) return BadReceipt("it has too many hashes");
  proof.checkpoint = receipt.checkpoint();
  return crypto::FormatTlogProof(proof);
}

absl::StatusOr<v1::Receipt> ReceiptFromText(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(crypto::TlogProof proof, crypto::ParseTlogProof(text));
  if (!proof.extra.has_value() || proof.extra->size() < kSaltBytes) {
    return BadReceipt("the file has no record in its extra line");
  }
  v1::Receipt receipt;
  receipt.set_salt(proof.extra->substr(0, kSaltBytes));
  receipt.set_record(proof.extra->substr(kSaltBytes));
  receipt.set_index(proof.index);
  receipt.set_proof(JoinHashes(proof.hashes));
  receipt.set_checkpoint(proof.checkpoint);
  return receipt;
}

}  // namespace palermo::trust
