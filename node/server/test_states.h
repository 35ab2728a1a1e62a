// Exercise states for tests: keys, charter and directory, and the roster of several.
#ifndef PALERMO_NODE_SERVER_TEST_STATES_H_
#define PALERMO_NODE_SERVER_TEST_STATES_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"
#include "node/trust/documents.h"

namespace palermo::server {

inline constexpr int64_t kDayMillis = 24 * 3600 * 1000;

inline int FreePort() {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  socklen_t size = sizeof(address);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

inline std::string Pin(const crypto::TlsIdentity& identity) {
  return *crypto::TlsPinFromCertificatePem(identity.certificate_pem);
}
inline crypto::TlsIdentity NewIdentity(const std::string& name) {
  return *crypto::MakeTlsIdentity(name, 1'600'000'000, 4'000'000'000);
}

template <typename Body>
v1::SignedDocument Sign(crypto::Purpose purpose, const crypto::SigningKey& key, Body body,
                        absl::Time issued = absl::Now()) {
  body.set_format(1);
  body.set_version(1);
  int64_t now_ms = ToMillis(issued);
  body.set_issued_at_ms(now_ms - 1000);
  body.set_expires_at_ms(now_ms + kDayMillis);
  v1::SignedDocument document;
  document.set_document(body.SerializeAsString());
  trust::SignDocument(purpose, key, &document);
  return document;
}
inline void SetKey(const crypto::SigningKey& key, v1::KeySet* set) {
  set->set_threshold(1);
  *set->add_keys() = trust::MakeVerificationKey(key.public_key(), "test");
}

// One state: its keys and documents, and its node with everything around it.
struct State {
  State(const std::string& code, Random& random)
      : name(code),
        root(crypto::SigningKey::Generate(random)),
        administrator(crypto::SigningKey::Generate(random)),
        checkpoint(crypto::SigningKey::Generate(random)),
        cosign(crypto::SigningKey::Generate(random)),
        tls_key(crypto::GenerateP256Key()),
        tls(*crypto::MakeTlsIdentity(tls_key, code, 1'600'000'000, 4'000'000'000)),
        endpoint("127.0.0.1:" + std::to_string(FreePort())) {}

  v1::SignedDocument Charter() const {
    v1::Charter charter;
    charter.set_state(name);
    SetKey(administrator, charter.mutable_directory_keys());
    return Sign(crypto::Purpose::kCharter, root, charter);
  }
  v1::SignedDocument Directory(absl::Time issued = absl::Now()) const {
    v1::Directory directory;
    directory.set_state(name);
    v1::NodeEntry* entry = directory.mutable_node();
    entry->set_endpoint(endpoint);
    entry->set_checkpoint_key(std::string(AsView(checkpoint.public_key())));
    entry->set_cosignature_key(std::string(AsView(cosign.public_key())));
    entry->add_tls_pins(Pin(tls));
    entry->set_ledger_origin("palermo/" + name + "/1");
    return Sign(crypto::Purpose::kDirectory, administrator, directory, issued);
  }

  std::string name;
  crypto::SigningKey root, administrator, checkpoint, cosign;
  crypto::SecretBytes tls_key;  // PKCS#8 DER
  crypto::TlsIdentity tls;
  std::string endpoint;
};

inline v1::SignedDocument RosterOf(const std::vector<const State*>& states, Random& random) {
  v1::Roster roster;
  roster.set_exercise(true);
  crypto::SigningKey depositary = crypto::SigningKey::Generate(random);
  SetKey(depositary, roster.mutable_roster_keys());
  for (const State* state : states) {
    v1::RosterState* entry = roster.add_states();
    entry->set_state(state->name);
    entry->set_endpoint(state->endpoint);
    SetKey(state->root, entry->mutable_roots());
  }
  return Sign(crypto::Purpose::kRoster, depositary, roster);
}

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_TEST_STATES_H_
