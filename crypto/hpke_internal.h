// The parts of HPKE that hpke.cc, hpke_open.cc and the conformance program share. Not for others.
#ifndef PALERMO_CRYPTO_HPKE_INTERNAL_H_
#define PALERMO_CRYPTO_HPKE_INTERNAL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"

namespace palermo::crypto::internal {

// DHKEM's ExtractAndDerive (RFC 9180 section 4.1): 32 bytes.
SecretBytes DhkemSharedSecret(const SecretBytes& dh, std::string_view encapsulation,
                              std::string_view recipient_public);

// Encap with a given ephemeral key: repeating one breaks the secrecy of both messages.
absl::StatusOr<Encapsulated> EncapX25519(std::string_view recipient_public,
                                         const SecretBytes& ephemeral);

// The result of the key schedule in base mode.
struct HpkeContext {
  SecretBytes key;              // 32 bytes
  SecretBytes base_nonce;       // 12 bytes
  SecretBytes exporter_secret;  // 32 bytes
  std::string suite_id;
};
HpkeContext KeySchedule(Kem kem, const SecretBytes& shared_secret, std::string_view info);

// Base nonce XOR sequence number, 12 bytes.
std::string NonceFor(const HpkeContext& context, uint64_t sequence);
std::string SealAt(const HpkeContext& context, uint64_t sequence, std::string_view aad,
                   std::string_view plaintext);
absl::StatusOr<SecretBytes> Export(const HpkeContext& context, std::string_view exporter_context,
                                   size_t size);

// In palermo_crypto_open. Fails with CANNOT_OPEN.
absl::StatusOr<SecretBytes> DecapX25519(const SealingPrivateKey& key,
                                        std::string_view encapsulation);
absl::StatusOr<SecretBytes> OpenAt(const HpkeContext& context, uint64_t sequence,
                                   std::string_view aad, std::string_view ciphertext);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_HPKE_INTERNAL_H_
