// What a desk opens: sealed bodies, padded bodies, HPKE stanzas, and the certificates and keys of
// TLS. The first byte says which. Nothing forged opens.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "crypto/chunked_open.h"
#include "crypto/hpke_open.h"
#include "crypto/padding.h"
#include "crypto/test_random.h"
#include "crypto/tls_identity.h"

namespace palermo::crypto {
namespace {

const SealingPrivateKey& KeyOf(Kem kem) {
  static const SealingPrivateKey* const keys = [] {
    TestRandom random(1);
    return new SealingPrivateKey[2]{*SealingPrivateKey::Generate(Kem::kXWing, random),
                                    *SealingPrivateKey::Generate(Kem::kX25519, random)};
  }();
  return keys[kem == Kem::kXWing ? 0 : 1];
}

void FuzzHpke(std::string_view bytes) {
  for (Kem kem : {Kem::kXWing, Kem::kX25519}) {
    size_t size = kem == Kem::kXWing ? 1120 : 32;
    std::string_view encapsulation = bytes.substr(0, size);
    std::string_view rest = bytes.substr(encapsulation.size());
    PALERMO_CHECK(!HpkeOpen(KeyOf(kem), encapsulation, "info", "aad", rest).ok());
    (void)CheckSealingPublicKey({kem, std::string(bytes)});
  }
}

int FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::string_view rest = bytes.substr(1);
  switch (bytes[0] & 3) {
    case 0:
      PALERMO_CHECK(!ChunkedOpen(SecretBytes::Copy(std::string(32, 'k')), "context", rest).ok());
      break;
    case 1: {
      absl::StatusOr<std::string_view> body = Unpad(rest);
      // Exactly one padding of a body.
      if (body.ok()) PALERMO_CHECK(*Pad(*body) == rest);
      break;
    }
    case 2:
      FuzzHpke(rest);
      break;
    default:
      (void)TlsPinFromCertificateDer(rest);
      (void)TlsPinFromCertificatePem(rest);
      (void)P256PublicKey(SecretBytes::Copy(rest));
  }
  return 0;
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::crypto::FuzzOne({reinterpret_cast<const char*>(data), size});
}
