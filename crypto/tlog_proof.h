// C2SP tlog-proof: the text form of an inclusion proof with its checkpoint, verifiable offline.
// Syntax only: parsing shows nothing about the signatures or the proof inside.
#ifndef PALERMO_CRYPTO_TLOG_PROOF_H_
#define PALERMO_CRYPTO_TLOG_PROOF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace palermo::crypto {

struct TlogProof {
  std::optional<std::string> extra;  // opaque and not authenticated
  uint64_t index = 0;                // of the entry in the log
  std::vector<Hash> hashes;          // from the leaf's sibling upwards
  std::string checkpoint;            // verbatim, with its signatures

  bool operator==(const TlogProof&) const = default;
};

// Fails with BAD_TLOG_PROOF, also above limits::kMaxProofHashes. Exactly one text parses to a
// proof.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text);
std::string FormatTlogProof(const TlogProof& proof);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_TLOG_PROOF_H_
