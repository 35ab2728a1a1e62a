#include "crypto/mlkem.h"

#include <malloc.h>
#include <sodium.h>

#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/init.h"

extern "C" {
#include "ml-kem-768/clean/kem.h"

// What the C code frees. Its own free() would leave secrets on the heap.
void palermo_mlkem_wipe_and_free(void* memory) {
  if (memory != nullptr) sodium_memzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

// The C code asks for randomness in functions that we never call: ours comes from Random.
int PQCLEAN_randombytes(uint8_t*, size_t) { PALERMO_CHECK(false); }
}

namespace palermo::crypto::internal {
namespace {

constexpr uint16_t kModulus = 3329;
constexpr size_t kCoefficientBytes = 3 * 384;  // then 32 bytes of seed follow
// More than its deepest call takes: a 3 by 3 matrix and a dozen vectors of polynomials.
constexpr size_t kStackBytes = 48 * 1024;

static_assert(kMlKemPublicKeyBytes == PQCLEAN_MLKEM768_CLEAN_CRYPTO_PUBLICKEYBYTES);
static_assert(kMlKemPrivateKeyBytes == PQCLEAN_MLKEM768_CLEAN_CRYPTO_SECRETKEYBYTES);
static_assert(kMlKemCiphertextBytes == PQCLEAN_MLKEM768_CLEAN_CRYPTO_CIPHERTEXTBYTES);
static_assert(kMlKemSharedSecretBytes == PQCLEAN_MLKEM768_CLEAN_CRYPTO_BYTES);

}  // namespace

void WipeMlKemStack() { sodium_stackzero(kStackBytes); }

// Two coefficients of 12 bits stand in three bytes. The C code would reduce those that are too
// large, so that one key had several encodings.
absl::Status CheckMlKemPublicKey(std::string_view public_key) {
  if (public_key.size() != kMlKemPublicKeyBytes) {
    return InputError("BAD_PUBLIC_KEY",
                      absl::StrFormat("an ML-KEM-768 public key has %d bytes, not %d",
                                      kMlKemPublicKeyBytes, public_key.size()));
  }
  const uint8_t* bytes = Data(public_key);
  for (size_t i = 0; i < kCoefficientBytes; i += 3) {
    int first = bytes[i] | (bytes[i + 1] & 0x0F) << 8;
    int second = bytes[i + 1] >> 4 | bytes[i + 2] << 4;
    if (first < kModulus && second < kModulus) continue;
    return InputError("BAD_PUBLIC_KEY", "the ML-KEM-768 public key is not reduced modulo 3329");
  }
  return absl::OkStatus();
}

MlKemKeyPair MlKemKeyPairFromSeed(const SecretBytes& seed) {
  Init();
  PALERMO_CHECK(seed.size() == kMlKemSeedBytes);
  MlKemKeyPair pair{SecretBytes::Zero(kMlKemPrivateKeyBytes),
                    std::string(kMlKemPublicKeyBytes, '\0')};
  SecretAccess access = SecretAccess::Grant();
  PALERMO_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(
                    Data(pair.public_key), pair.private_key.MutableData(access),
                    Data(seed.Expose(access))) == 0);
  WipeMlKemStack();
  return pair;
}

absl::StatusOr<MlKemEncapsulated> MlKemEncap(std::string_view public_key,
                                             const SecretBytes& randomness) {
  Init();
  PALERMO_CHECK(randomness.size() == 32);
  PALERMO_RETURN_IF_ERROR(CheckMlKemPublicKey(public_key));
  MlKemEncapsulated out{SecretBytes::Zero(kMlKemSharedSecretBytes),
                        std::string(kMlKemCiphertextBytes, '\0')};
  SecretAccess access = SecretAccess::Grant();
  PALERMO_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(
                    Data(out.ciphertext), out.shared_secret.MutableData(access), Data(public_key),
                    Data(randomness.Expose(access))) == 0);
  WipeMlKemStack();
  return out;
}

}  // namespace palermo::crypto::internal
