// Padding of bodies before sealing: u64 little-endian length || bytes || zeros.
//
// Gives: an observer of the sealed size learns at most O(log log n) bits of the length (Padme, from
// the PURBs paper, Nikitin et al. 2019), and nothing below 4 KiB. Does not give: integrity.
#ifndef PALERMO_CRYPTO_PADDING_H_
#define PALERMO_CRYPTO_PADDING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// `length` rounded up so that all but its S + 1 highest bits are zero, with
// S = floor(log2(floor(log2(length)))) + 1; adds at most 12 percent. REQUIRES: length < 2^62.
uint64_t Padme(uint64_t length);

// max(4096, Padme(8 + length)): what `length` bytes take when padded. For attachments of any size
// too. REQUIRES: length < 2^61.
uint64_t PaddedSize(uint64_t length);

// Fails with BODY_TOO_LARGE when the padded size is above limits::kMaxPaddedBodyBytes.
absl::StatusOr<std::string> Pad(std::string_view bytes);
absl::StatusOr<SecretBytes> PadSecret(std::string_view bytes);

// The bytes inside; a view into `padded`. Accepts exactly what Pad makes: fails with BAD_PADDING on
// another total size or a padding byte that is not zero, BODY_TOO_LARGE as Pad.
absl::StatusOr<std::string_view> Unpad(std::string_view padded);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_PADDING_H_
