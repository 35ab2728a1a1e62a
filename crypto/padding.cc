#include "crypto/padding.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::crypto {
namespace {

constexpr size_t kLengthBytes = 8;

absl::Status TooLarge(uint64_t padded) {
  return OverLimit("BODY_TOO_LARGE",
                   absl::StrFormat("the body takes %d bytes when padded, at most %d are allowed; "
                                   "send the rest as an attachment",
                                   padded, limits::kMaxPaddedBodyBytes));
}

absl::Status BadPadding(std::string_view why) {
  return InputError("BAD_PADDING", absl::StrFormat("the padded body is malformed: %s", why));
}

}  // namespace

uint64_t Padme(uint64_t length) {
  PALERMO_CHECK(length < uint64_t{1} << 62);
  if (length < 2) return length;
  int exponent = std::bit_width(length) - 1;
  int exponent_bits = std::bit_width(static_cast<unsigned>(exponent));
  uint64_t mask = (uint64_t{1} << (exponent - std::min(exponent, exponent_bits))) - 1;
  return (length + mask) & ~mask;
}

uint64_t PaddedSize(uint64_t length) {
  PALERMO_CHECK(length < uint64_t{1} << 61);
  return std::max<uint64_t>(limits::kMinPaddedBodyBytes, Padme(kLengthBytes + length));
}

absl::StatusOr<SecretBytes> PadSecret(std::string_view bytes) {
  uint64_t padded = PaddedSize(bytes.size());
  if (padded > limits::kMaxPaddedBodyBytes) return TooLarge(padded);
  SecretBytes out = SecretBytes::Zero(padded);
  uint8_t* data = out.MutableData(SecretAccess::Grant());
  std::memcpy(data, LittleEndian64(bytes.size()).data(), kLengthBytes);
  if (!bytes.empty()) std::memcpy(data + kLengthBytes, bytes.data(), bytes.size());
  return out;
}

absl::StatusOr<std::string> Pad(std::string_view bytes) {
  uint64_t padded = PaddedSize(bytes.size());
  if (padded > limits::kMaxPaddedBodyBytes) return TooLarge(padded);
  std::string out = LittleEndian64(bytes.size());
  out.reserve(padded);
  out.append(bytes);
  out.resize(padded, '\0');
  return out;
}

absl::StatusOr<std::string_view> Unpad(std::string_view padded) {
  if (padded.size() > limits::kMaxPaddedBodyBytes) return TooLarge(padded.size());
  if (padded.size() < kLengthBytes) return BadPadding("it is shorter than its length field");
  uint64_t length = ReadLittleEndian64(padded);
  if (length > padded.size() - kLengthBytes) return BadPadding("its length field is too large");
  if (PaddedSize(length) != padded.size()) return BadPadding("its size is not that of its length");
  std::string_view zeros = padded.substr(kLengthBytes + length);
  if (std::any_of(zeros.begin(), zeros.end(), [](char c) { return c != '\0'; })) {
    return BadPadding("its padding is not zero");
  }
  return padded.substr(kLengthBytes, length);
}

}  // namespace palermo::crypto
