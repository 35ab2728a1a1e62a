// Bytes as numbered lines for paper, each with its own checksum (BIP 350's bech32m code over
// BIP 173's alphabet). Internal to crypto/.
#ifndef PALERMO_CRYPTO_PAPER_LINES_H_
#define PALERMO_CRYPTO_PAPER_LINES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace palermo::crypto::internal {

inline constexpr size_t kPaperLineSymbols = 30;     // 5 bits each
inline constexpr size_t kPaperChecksumSymbols = 6;  // any 4 wrong characters of a line are noticed
inline constexpr size_t kPaperGroupSymbols = 4;

// "01  qpzr y9x8 ...": as many lines as the bytes need. REQUIRES: at least one byte.
std::vector<std::string> PaperLines(std::string_view bytes);

// The reverse, of a page or of its lines alone. Fails with BAD_PAPER_LINE; its text names every
// wrong line, the first ten at most.
absl::StatusOr<std::string> ReadPaperLines(std::string_view page);

inline constexpr std::string_view kPaperBegin = "-----BEGIN PALERMO KEY BACKUP-----";
inline constexpr std::string_view kPaperEnd = "-----END PALERMO KEY BACKUP-----";

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_PAPER_LINES_H_
