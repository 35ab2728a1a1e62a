#include "crypto/tlog_proof.h"

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/text_lines.h"

namespace palermo::crypto {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status BadTlogProof(std::string_view why) {
  return InputError("BAD_TLOG_PROOF", absl::StrFormat("not a tlog proof: %s", why));
}

absl::StatusOr<Hash> ParseHash(std::string_view line) {
  absl::StatusOr<std::string> bytes = Base64Decode(line);
  if (!bytes.ok()) return BadTlogProof("a hash is not canonical base64");
  if (bytes->size() != 32) return BadTlogProof("a hash has not 32 bytes");
  return HashFrom(*bytes, "the hash");
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text) {
  TlogProof proof;
  std::optional<std::string_view> line = internal::TakeLine(&text);
  if (line != kFirstLine) return BadTlogProof("the first line is another");
  line = internal::TakeLine(&text);
  if (line && line->substr(0, kExtra.size()) == kExtra) {
    absl::StatusOr<std::string> extra = Base64Decode(line->substr(kExtra.size()));
    if (!extra.ok()) return BadTlogProof("the extra data is not canonical base64");
    proof.extra = *extra;
    line = internal::TakeLine(&text);
  }
  if (!line || line->substr(0, kIndex.size()) != kIndex) return BadTlogProof("it has no index");
  std::optional<uint64_t> index = internal::ParseDecimal(line->substr(kIndex.size()));
  if (!index) return BadTlogProof("the index is not a decimal number of 64 bits");
  proof.index = *index;
  while ((line = internal::TakeLine(&text)) && !line->empty()) {
    if (proof.hashes.size() == limits::kMaxProofHashes)
      return BadTlogProof("it has too many hashes");
    PALERMO_ASSIGN_OR_RETURN(Hash hash, ParseHash(*line));
    proof.hashes.push_back(hash);
  }
  if (!line || text.empty()) return BadTlogProof("it has no checkpoint");
  if (text.size() > limits::kMaxCheckpointBytes) return BadTlogProof("its checkpoint is too long");
  proof.checkpoint = std::string(text);
  return proof;
}

std::string FormatTlogProof(const TlogProof& proof) {
  PALERMO_CHECK(!proof.checkpoint.empty() && proof.hashes.size() <= limits::kMaxProofHashes);
  std::string text = Cat({kFirstLine, "\n"});
  if (proof.extra) text += Cat({kExtra, Base64Encode(*proof.extra), "\n"});
  text += absl::StrFormat("%s%d\n", kIndex, proof.index);
  for (const Hash& hash : proof.hashes) text += Cat({Base64Encode(AsView(hash)), "\n"});
  return Cat({text, "\n", proof.checkpoint});
}

}  // namespace palermo::crypto
