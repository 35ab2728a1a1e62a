// Ledger entries and receipts: what a node recorded, provable to a third person with no node
// running.
#ifndef PALERMO_NODE_TRUST_RECEIPT_H_
#define PALERMO_NODE_TRUST_RECEIPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/checkpoint.h"
#include "node/trust/envelope.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/ledger.pb.h"

namespace palermo::trust {

inline constexpr size_t kSaltBytes = 32;

// The 32 bytes in the tree: SHA-256(salt || record).
Hash EntryHash(std::string_view salt, std::string_view record);

// BAD_RECEIPT unless the bytes are a record in its one encoding.
absl::StatusOr<v1::Record> ParseRecord(std::string_view bytes);

// The checkpoint of a note, if the directory's node signed it for its ledger.
absl::StatusOr<crypto::Checkpoint> VerifyNodeCheckpoint(std::string_view note,
                                                        const DirectoryIndex& directory);

// Whole check: signature of the checkpoint, inclusion, record's own state. BAD_RECEIPT otherwise.
absl::StatusOr<v1::Record> VerifyReceipt(const v1::Receipt& receipt,
                                         const DirectoryIndex& directory);
// The same when the checkpoint was verified already (it covers many receipts).
absl::StatusOr<v1::Record> VerifyReceiptUnder(const v1::Receipt& receipt,
                                              const crypto::Checkpoint& checkpoint,
                                              const std::string& state);

// A submission record fits its message: id, case, list hash, sender, recipients' numbers.
// BAD_RECEIPT.
absl::Status CheckSubmissionRecord(const v1::Record& record, const ParsedEnvelope& envelope,
                                   std::string_view signature_list);
// The number that the record gives to a state; 0 when none.
uint64_t NumberFor(const v1::Record& record, const std::string& state);

// The signed statement of a recipient's desk: parses it and checks the officer's mandate and
// signature. `at`: the record's time. That the officer is of a recipient, and that it is the
// caller's message, is for the caller to see. Codes BAD_RECEIPT, UNKNOWN_OFFICER,
// OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, BAD_SIGNATURE.
absl::StatusOr<v1::RetrievalStatement> VerifyRetrieval(const v1::SignedRetrieval& retrieval,
                                                       const DirectoryIndex& directory,
                                                       absl::Time at);

// Text forms: C2SP tlog-proof with the record and salt as extra data, so that stock tools verify it
// too. BAD_RECEIPT for what has no such form: no checkpoint, too many hashes, a broken one.
absl::StatusOr<std::string> ReceiptToText(const v1::Receipt& receipt);
absl::StatusOr<v1::Receipt> ReceiptFromText(std::string_view text);

// A receipt's proof: the hashes one after the other.
std::string JoinHashes(const std::vector<Hash>& hashes);
// BAD_RECEIPT unless the bytes are whole hashes.
absl::StatusOr<std::vector<Hash>> SplitHashes(std::string_view bytes);

// A field of hashes.
template <typename Field>
absl::StatusOr<std::vector<Hash>> ToHashes(const Field& field) {
  std::vector<Hash> hashes;
  for (const auto& bytes : field) {
    auto hash = HashFrom(bytes, "proof hash");
    if (!hash.ok()) return hash.status();
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_RECEIPT_H_
