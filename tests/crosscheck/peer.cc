// crosscheck_peer: our primitives for the cross-check programs beside it. Reads one call a line
// from stdin, "name argument...", every argument in hex ("-" when empty), and answers with one
// line: the results in hex, or "refused CODE". For tests: it takes randomness and private keys from
// the caller.
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/chunked.h"
#include "crypto/chunked_open.h"
#include "crypto/hpke.h"
#include "crypto/hpke_open.h"
#include "crypto/mlkem.h"
#include "crypto/mlkem_open.h"
#include "crypto/xwing.h"
#include "crypto/xwing_open.h"
#include "tests/support/fake_random.h"

namespace palermo::crosscheck {
namespace {

using crypto::SecretBytes;
using Values = std::vector<std::string>;
using Answer = absl::StatusOr<Values>;

SecretBytes Secret(const std::string& bytes) { return SecretBytes::Copy(bytes); }
std::string Bytes(const SecretBytes& secret) {
  return std::string(secret.Expose(crypto::SecretAccess::Grant()));
}

crypto::Kem KemOf(const std::string& name) {
  return name == "x-wing" ? crypto::Kem::kXWing : crypto::Kem::kX25519;
}

// --- ML-KEM-768 and X-Wing

Answer MlKemKeys(const Values& in) {
  auto pair = crypto::internal::MlKemKeyPairFromSeed(Secret(in[0]));
  return Values{pair.public_key, Bytes(pair.private_key)};
}

Answer MlKemEncap(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(auto sealed, crypto::internal::MlKemEncap(in[0], Secret(in[1])));
  return Values{sealed.ciphertext, Bytes(sealed.shared_secret)};
}

Answer MlKemDecap(const Values& in) {
  auto pair = crypto::internal::MlKemKeyPairFromSeed(Secret(in[0]));
  PALERMO_ASSIGN_OR_RETURN(SecretBytes secret,
                           crypto::internal::MlKemDecap(pair.private_key, in[1]));
  return Values{Bytes(secret)};
}

Answer XWingKeys(const Values& in) {
  return Values{crypto::internal::ExpandXWing(Secret(in[0])).public_key};
}

Answer XWingEncap(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(auto sealed, crypto::internal::XWingEncap(in[0], Secret(in[1])));
  return Values{sealed.encapsulation, Bytes(sealed.shared_secret)};
}

Answer XWingDecap(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(SecretBytes secret, crypto::internal::XWingDecap(Secret(in[0]), in[1]));
  return Values{Bytes(secret)};
}

// --- HPKE: the KEM's name, then the key

Answer HpkeSeal(const Values& in) {
  static testing::FakeRandom random(1);
  crypto::SealingPublicKey key{KemOf(in[0]), in[1]};
  PALERMO_ASSIGN_OR_RETURN(crypto::HpkeCiphertext sealed,
                           crypto::HpkeSeal(key, in[2], in[3], in[4], random));
  return Values{sealed.encapsulation, sealed.ciphertext};
}

Answer HpkeOpen(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(auto key,
                           crypto::SealingPrivateKey::FromBytes(KemOf(in[0]), Secret(in[1])));
  PALERMO_ASSIGN_OR_RETURN(SecretBytes opened, crypto::HpkeOpen(key, in[2], in[3], in[4], in[5]));
  return Values{Bytes(opened)};
}

// --- Cobblestone-256: key, context, salt or sealed bytes

Answer ChunkedSeal(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(auto sealer, crypto::ChunkedSealer::Create(Secret(in[0]), in[2], in[1]));
  std::string sealed;
  sealer.Update(in[3], &sealed);
  sealer.Finish(&sealed);
  return Values{sealed};
}

Answer ChunkedOpen(const Values& in) {
  PALERMO_ASSIGN_OR_RETURN(SecretBytes opened, crypto::ChunkedOpen(Secret(in[0]), in[1], in[2]));
  return Values{Bytes(opened)};
}

struct Call {
  size_t arguments;
  Answer (*run)(const Values& in);
};
const std::map<std::string, Call>& Calls() {
  static const auto* calls = new std::map<std::string, Call>{
      {"mlkem-keys", {1, MlKemKeys}},     {"mlkem-encap", {2, MlKemEncap}},
      {"mlkem-decap", {2, MlKemDecap}},   {"xwing-keys", {1, XWingKeys}},
      {"xwing-encap", {2, XWingEncap}},   {"xwing-decap", {2, XWingDecap}},
      {"hpke-seal", {5, HpkeSeal}},       {"hpke-open", {6, HpkeOpen}},
      {"chunked-seal", {4, ChunkedSeal}}, {"chunked-open", {3, ChunkedOpen}},
  };
  return *calls;
}

std::string Run(const std::string& line) {
  std::istringstream words(line);
  std::string name, word;
  words >> name;
  Values in;
  while (words >> word) {
    absl::StatusOr<std::string> bytes =
        word == "-" ? absl::StatusOr<std::string>("") : HexDecode(word);
    PALERMO_CHECK(bytes.ok());
    in.push_back(*bytes);
  }
  auto found = Calls().find(name);
  PALERMO_CHECK(found != Calls().end() && found->second.arguments == in.size());
  Answer answer = found->second.run(in);
  if (!answer.ok()) return Cat({"refused ", CodeOf(answer.status())});
  std::string text;
  for (const std::string& value : *answer) {
    text += Cat({text.empty() ? "" : " ", value.empty() ? "-" : HexEncode(value)});
  }
  return text;
}

}  // namespace
}  // namespace palermo::crosscheck

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << palermo::crosscheck::Run(line) << std::endl;
  }
  return 0;
}
