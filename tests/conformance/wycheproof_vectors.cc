#include <set>

#include "crypto/aead.h"
#include "crypto/aead_open.h"
#include "crypto/hash.h"
#include "crypto/hpke_internal.h"
#include "crypto/signing.h"
#include "tests/conformance/report.h"
#include "tests/conformance/vectors.h"

namespace palermo::conformance {
namespace {

using crypto::SecretBytes;

// Calls run(group, test) for every test of a Wycheproof file.
template <typename Run>
void ForEachTest(const std::filesystem::path& path, Run run) {
  Json file = LoadJson(path);
  for (const Json& group : file.at("testGroups")) {
    for (const Json& test : group.at("tests")) run(group, test);
  }
}

std::string IdOf(const Json& test) {
  return "tcId " + test.at("tcId").dump() + " " + Text(test, "comment");
}
bool IsValid(const Json& test) { return Text(test, "result") == "valid"; }

// --- Ed25519

bool Verifies(const std::string& key, const std::string& message, const std::string& signature) {
  absl::StatusOr<crypto::PublicKey> public_key = crypto::PublicKeyFrom(key);
  return public_key.ok() && crypto::VerifyRaw(*public_key, message, signature);
}

void RunEd25519(const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&report](const Json& group, const Json& test) {
    bool ok = Verifies(HexOf(group.at("publicKey"), "pk"), HexOf(test, "msg"), HexOf(test, "sig"));
    report.Expect(ok == IsValid(test), IdOf(test));
  });
}

// The edge cases where libraries differ: we must accept what was observed, and nothing else.
std::set<int> Observed(const std::filesystem::path& path) {
  std::filesystem::path file = path;
  file.replace_filename("observed-libsodium-1.0.18-" + path.filename().string());
  return LoadJson(file).at("accepted_numbers").get<std::set<int>>();
}

void RunCctv(const std::filesystem::path& path, Report& report) {
  std::set<int> accepted = Observed(path);
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) {
    bool ok = Verifies(HexOf(test, "key"), Text(test, "msg"), HexOf(test, "sig"));
    int number = test.at("number");
    report.Expect(ok == accepted.contains(number), "number " + std::to_string(number));
  }
}

void RunSpeccheck(const std::filesystem::path& path, Report& report) {
  std::set<int> accepted = Observed(path);
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) {
    bool ok = Verifies(HexOf(test, "pub_key"), HexOf(test, "message"), HexOf(test, "signature"));
    int number = test.at("number");
    report.Expect(ok == accepted.contains(number), "number " + std::to_string(number));
  }
}

// --- X25519, HKDF, HMAC

void RunX25519(const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&report](const Json&, const Json& test) {
    std::string want = HexOf(test, "shared");
    absl::StatusOr<SecretBytes> shared =
        crypto::internal::X25519(SecretOf(test, "private"), HexOf(test, "public"));
    bool zero = want == std::string(32, '\0');  // must be refused, though called acceptable
    report.Expect(zero ? !shared.ok() : shared.ok() && View(*shared) == want, IdOf(test));
  });
}

void ExpectHkdf(const Json& test, const absl::StatusOr<SecretBytes>& okm, Report& report) {
  bool fits = okm.ok() && View(*okm) == HexOf(test, "okm");
  report.Expect(IsValid(test) ? fits : !okm.ok(), IdOf(test));
}

void RunHkdfSha256(const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&report](const Json&, const Json& test) {
    SecretBytes prk = crypto::HkdfExtractSha256(HexOf(test, "salt"), {HexOf(test, "ikm")});
    ExpectHkdf(test, crypto::HkdfExpandSha256(prk, HexOf(test, "info"), test.at("size")), report);
  });
}

void RunHkdfSha512(const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&report](const Json&, const Json& test) {
    SecretBytes prk = crypto::HkdfExtractSha512(HexOf(test, "salt"), {HexOf(test, "ikm")});
    ExpectHkdf(test, crypto::HkdfExpandSha512(prk, HexOf(test, "info"), test.at("size")), report);
  });
}

void RunHmac(const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&report](const Json& group, const Json& test) {
    std::string tag = crypto::HmacSha256(HexOf(test, "key"), HexOf(test, "msg"));
    tag.resize(group.at("tagSize").get<size_t>() / 8);
    report.Expect(crypto::ConstantTimeEqual(tag, HexOf(test, "tag")) == IsValid(test), IdOf(test));
  });
}

// --- AEADs

struct Aead {
  size_t nonce_bytes;
  std::string (*seal)(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                      std::string_view plaintext);
  absl::StatusOr<SecretBytes> (*open)(const SecretBytes& key, std::string_view nonce,
                                      std::string_view aad, std::string_view sealed);
};

std::string GcmSeal(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                    std::string_view plaintext) {
  std::string sealed;
  crypto::internal::GcmSealer(key).Seal(nonce, aad, plaintext, &sealed);
  return sealed;
}

absl::StatusOr<SecretBytes> GcmOpen(const SecretBytes& key, std::string_view nonce,
                                    std::string_view aad, std::string_view sealed) {
  SecretBytes plaintext = SecretBytes::Zero(sealed.size() - 16);
  uint8_t* out = plaintext.MutableData(crypto::SecretAccess::Grant());
  if (!crypto::internal::GcmOpener(key).Open(nonce, aad, sealed, out)) {
    return absl::InvalidArgumentError("refused");
  }
  return plaintext;
}

void RunAeadTest(const Aead& aead, const Json& test, Report& report) {
  SecretBytes key = SecretOf(test, "key");
  std::string nonce = HexOf(test, "iv");
  if (key.size() != 32) return report.Skip("keys that are not of 256 bits");
  if (nonce.size() != aead.nonce_bytes) return report.Skip("nonces of another size");
  std::string aad = HexOf(test, "aad");
  std::string message = HexOf(test, "msg");
  std::string sealed = HexOf(test, "ct") + HexOf(test, "tag");
  absl::StatusOr<SecretBytes> opened = aead.open(key, nonce, aad, sealed);
  bool fits =
      opened.ok() && View(*opened) == message && aead.seal(key, nonce, aad, message) == sealed;
  report.Expect(IsValid(test) ? fits : !opened.ok(), IdOf(test));
}

void RunAead(const Aead& aead, const std::filesystem::path& path, Report& report) {
  ForEachTest(path, [&](const Json&, const Json& test) { RunAeadTest(aead, test, report); });
}

void RunAesGcm(const std::filesystem::path& path, Report& report) {
  RunAead({12, GcmSeal, GcmOpen}, path, report);
}
void RunChaCha(const std::filesystem::path& path, Report& report) {
  RunAead({12, crypto::internal::ChaChaSeal, crypto::internal::ChaChaOpen}, path, report);
}
void RunXChaCha(const std::filesystem::path& path, Report& report) {
  RunAead({24, crypto::internal::XChaChaSeal, crypto::internal::XChaChaOpen}, path, report);
}

}  // namespace

std::vector<VectorSet> WycheproofSets() {
  return {{"wycheproof/ed25519_test.json", "Wycheproof", RunEd25519},
          {"ed25519-extra/cctv-ed25519vectors.json", "as libsodium 1.0.18", RunCctv},
          {"ed25519-extra/speccheck-cases.json", "as libsodium 1.0.18", RunSpeccheck},
          {"wycheproof/x25519_test.json", "Wycheproof", RunX25519},
          {"wycheproof/hkdf_sha256_test.json", "Wycheproof", RunHkdfSha256},
          {"wycheproof/hkdf_sha512_test.json", "Wycheproof", RunHkdfSha512},
          {"wycheproof/hmac_sha256_test.json", "Wycheproof", RunHmac},
          {"wycheproof/aes_gcm_test.json", "Wycheproof", RunAesGcm},
          {"wycheproof/chacha20_poly1305_test.json", "Wycheproof", RunChaCha},
          {"wycheproof/xchacha20_poly1305_test.json", "Wycheproof", RunXChaCha}};
}

}  // namespace palermo::conformance
