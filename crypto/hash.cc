#include "crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::crypto {
namespace {

constexpr size_t kMaxBlock = 64;

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigest>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

struct Algorithm {
  const char* name;
  size_t size;
};
constexpr Algorithm kSha256 = {"SHA256", 32};
constexpr Algorithm kSha512 = {"SHA512", 64};

const EVP_MD* Fetched(const char* name) {
  const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
  PALERMO_CHECK(digest != nullptr);
  return digest;
}

// Fetched once: a fetch for each call costs more than hashing a short input.
const EVP_MD* FetchedSha256() {
  static const EVP_MD* const digest = Fetched(kSha256.name);
  return digest;
}

DigestContext NewDigestContext() {
  DigestContext context(EVP_MD_CTX_new());
  PALERMO_CHECK(context != nullptr);
  return context;
}

DigestContext StartedKeccak(const EVP_MD* digest) {
  DigestContext context = NewDigestContext();
  PALERMO_CHECK(EVP_DigestInit_ex2(context.get(), digest, nullptr) == 1);
  return context;
}

void Start(EVP_MD_CTX* context) {
  PALERMO_CHECK(EVP_DigestInit_ex2(context, FetchedSha256(), nullptr) == 1);
}
void Feed(EVP_MD_CTX* context, std::string_view bytes) {
  PALERMO_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}
Hash End(EVP_MD_CTX* context) {
  Hash hash;
  PALERMO_CHECK(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1);
  return hash;
}

// An HMAC that has its key.
MacContext KeyedMac(const Algorithm& algorithm, std::string_view key) {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  PALERMO_CHECK(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac));
  PALERMO_CHECK(context != nullptr);
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(algorithm.name), 0),
      OSSL_PARAM_construct_end()};
  // A null pointer would mean "keep the key", not "the empty key".
  const uint8_t* bytes = key.empty() ? Data(std::string_view("")) : Data(key);
  PALERMO_CHECK(EVP_MAC_init(context.get(), bytes, key.size(), params) == 1);
  return context;
}

void FinishMac(EVP_MAC_CTX* context, std::initializer_list<std::string_view> parts, uint8_t* out,
               size_t size) {
  for (std::string_view part : parts) {
    PALERMO_CHECK(EVP_MAC_update(context, Data(part), part.size()) == 1);
  }
  size_t written = 0;
  PALERMO_CHECK(EVP_MAC_final(context, out, &written, size) == 1 && written == size);
}

std::string Hmac(const Algorithm& algorithm, std::string_view key, std::string_view data) {
  std::string tag(algorithm.size, '\0');
  FinishMac(KeyedMac(algorithm, key).get(), {data}, Data(tag), tag.size());
  return tag;
}

SecretBytes Extract(const Algorithm& algorithm, std::string_view salt,
                    std::initializer_list<std::string_view> ikm) {
  SecretBytes prk = SecretBytes::Zero(algorithm.size);
  FinishMac(KeyedMac(algorithm, salt).get(), ikm, prk.MutableData(SecretAccess::Grant()),
            algorithm.size);
  return prk;
}

absl::StatusOr<SecretBytes> Expand(const Algorithm& algorithm, const SecretBytes& prk,
                                   std::string_view info, size_t size) {
  if (size > 255 * algorithm.size) {
    return InputError("BAD_LENGTH", absl::StrFormat("HKDF-%s gives at most %d bytes, not %d",
                                                    algorithm.name, 255 * algorithm.size, size));
  }
  SecretBytes out = SecretBytes::Zero(size);
  uint8_t* end = out.MutableData(SecretAccess::Grant());
  std::array<uint8_t, kMaxBlock> block;
  std::string_view previous;
  MacContext keyed = KeyedMac(algorithm, prk.Expose(SecretAccess::Grant()));
  char counter = 1;
  for (size_t done = 0; done < size; done += algorithm.size, ++counter) {
    MacContext mac(EVP_MAC_CTX_dup(keyed.get()));
    PALERMO_CHECK(mac != nullptr);
    FinishMac(mac.get(), {previous, info, {&counter, 1}}, block.data(), algorithm.size);
    previous = {reinterpret_cast<const char*>(block.data()), algorithm.size};
    std::memcpy(end + done, block.data(), std::min(algorithm.size, size - done));
  }
  sodium_memzero(block.data(), block.size());
  return out;
}

}  // namespace

Hash Sha256(std::string_view bytes) { return Sha256({bytes}); }

Hash Sha256(std::initializer_list<std::string_view> parts) {
  thread_local const DigestContext context = NewDigestContext();
  Start(context.get());
  // A node of a tree is three short parts: one call for all of them costs less than three.
  std::array<char, 2 * kMaxBlock> joined;
  size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  if (size <= joined.size()) {
    char* end = joined.data();
    for (std::string_view part : parts) end = std::copy(part.begin(), part.end(), end);
    Feed(context.get(), {joined.data(), size});
    return End(context.get());
  }
  for (std::string_view part : parts) Feed(context.get(), part);
  return End(context.get());
}

struct Sha256Stream::State {
  DigestContext context = NewDigestContext();
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { Start(state_->context.get()); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::Update(std::string_view bytes) { Feed(state_->context.get(), bytes); }

Hash Sha256Stream::Finish() {
  Hash hash = End(state_->context.get());
  Start(state_->context.get());
  return hash;
}

std::string HmacSha256(std::string_view key, std::string_view data) {
  return Hmac(kSha256, key, data);
}
std::string HmacSha512(std::string_view key, std::string_view data) {
  return Hmac(kSha512, key, data);
}

SecretBytes Sha3Secret256(std::initializer_list<std::string_view> parts) {
  static const EVP_MD* const digest = Fetched("SHA3-256");
  DigestContext context = StartedKeccak(digest);
  for (std::string_view part : parts) Feed(context.get(), part);
  SecretBytes out = SecretBytes::Zero(32);
  uint8_t* end = out.MutableData(SecretAccess::Grant());
  PALERMO_CHECK(EVP_DigestFinal_ex(context.get(), end, nullptr) == 1);
  return out;
}

SecretBytes Shake256(std::string_view secret, size_t size) {
  static const EVP_MD* const digest = Fetched("SHAKE256");
  DigestContext context = StartedKeccak(digest);
  Feed(context.get(), secret);
  SecretBytes out = SecretBytes::Zero(size);
  uint8_t* end = out.MutableData(SecretAccess::Grant());
  PALERMO_CHECK(EVP_DigestFinalXOF(context.get(), end, size) == 1);
  return out;
}

SecretBytes HkdfExtractSha256(std::string_view salt, std::initializer_list<std::string_view> ikm) {
  return Extract(kSha256, salt, ikm);
}
SecretBytes HkdfExtractSha512(std::string_view salt, std::initializer_list<std::string_view> ikm) {
  return Extract(kSha512, salt, ikm);
}

absl::StatusOr<SecretBytes> HkdfExpandSha256(const SecretBytes& prk, std::string_view info,
                                             size_t size) {
  return Expand(kSha256, prk, info, size);
}
absl::StatusOr<SecretBytes> HkdfExpandSha512(const SecretBytes& prk, std::string_view info,
                                             size_t size) {
  return Expand(kSha512, prk, info, size);
}

}  // namespace palermo::crypto
