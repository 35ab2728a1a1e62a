#include "crypto/hpke_internal.h"
#include "tests/conformance/report.h"
#include "tests/conformance/vectors.h"

namespace palermo::conformance {
namespace {

using crypto::SecretBytes;
using crypto::internal::HpkeContext;

constexpr int kModeBase = 0;
constexpr int kAeadChaCha20Poly1305 = 3;

bool KemFits(const Json& vector) {
  absl::StatusOr<crypto::internal::Encapsulated> sent =
      crypto::internal::EncapX25519(HexOf(vector, "pkRm"), SecretOf(vector, "skEm"));
  absl::StatusOr<crypto::SealingPrivateKey> key =
      crypto::SealingPrivateKey::FromBytes(crypto::Kem::kX25519, SecretOf(vector, "skRm"));
  if (!sent.ok() || !key.ok() || key->PublicKey().bytes != HexOf(vector, "pkRm")) return false;
  absl::StatusOr<SecretBytes> received = crypto::internal::DecapX25519(*key, HexOf(vector, "enc"));
  std::string want = HexOf(vector, "shared_secret");
  return received.ok() && sent->encapsulation == HexOf(vector, "enc") &&
         View(sent->shared_secret) == want && View(*received) == want;
}

bool ScheduleFits(const HpkeContext& context, const Json& vector) {
  return View(context.key) == HexOf(vector, "key") &&
         View(context.base_nonce) == HexOf(vector, "base_nonce") &&
         View(context.exporter_secret) == HexOf(vector, "exporter_secret");
}

bool EncryptionFits(const HpkeContext& context, const Json& one) {
  uint64_t sequence = one.at("seq").get<uint64_t>();
  std::string aad = HexOf(one, "aad");
  absl::StatusOr<SecretBytes> opened =
      crypto::internal::OpenAt(context, sequence, aad, HexOf(one, "ct"));
  return crypto::internal::NonceFor(context, sequence) == HexOf(one, "nonce") &&
         crypto::internal::SealAt(context, sequence, aad, HexOf(one, "pt")) == HexOf(one, "ct") &&
         opened.ok() && View(*opened) == HexOf(one, "pt");
}

bool ExportFits(const HpkeContext& context, const Json& one) {
  absl::StatusOr<SecretBytes> value =
      crypto::internal::Export(context, HexOf(one, "exporter_context"), one.at("L").get<size_t>());
  return value.ok() && View(*value) == HexOf(one, "exported_value");
}

void RunVector(const Json& vector, Report& report) {
  std::string id = Text(vector, "id");
  if (vector.at("mode") != kModeBase) {
    report.Skip("suites of other modes");
    return;
  }
  report.Expect(KemFits(vector), id + " encapsulation");
  if (vector.at("aead_id") != kAeadChaCha20Poly1305) {
    report.Skip("base-mode suites of other AEADs beyond their encapsulation");
    return;
  }
  HpkeContext context = crypto::internal::KeySchedule(
      crypto::Kem::kX25519, SecretOf(vector, "shared_secret"), HexOf(vector, "info"));
  report.Expect(ScheduleFits(context, vector), id + " key schedule");
  for (const Json& one : vector.at("encryptions")) {
    report.Expect(EncryptionFits(context, one), id + " encryption " + one.at("seq").dump());
  }
  for (const Json& one : vector.at("exports")) {
    report.Expect(ExportFits(context, one), id + " export " + one.dump());
  }
}

void RunHpke(const std::filesystem::path& path, Report& report) {
  for (const Json& vector : LoadJson(path)) RunVector(vector, report);
}

}  // namespace

std::vector<VectorSet> HpkeSets() {
  return {
      {"hpke/rfc9180-x25519-sha256.json", "RFC 9180, X25519, ChaCha20-Poly1305", RunHpke},
      {"oprf", "RFC 9497 OPRF", nullptr, "blind matching is not built yet"},
      {"ristretto255", "RFC 9496", nullptr, "blind matching, which needs it, is not built yet"}};
}

}  // namespace palermo::conformance
