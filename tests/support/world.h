// An exercise world in memory: a roster signed by 2 of 3 keys, and states with roots,
// administrators, a node, one authority ("QM/central") and its officers. Everything verifies;
// everything comes from a seed. Helpers stop the process when they fail: a test has nothing to
// handle.
//
// Officers of each state, all of <state>/central: o-0001 drafter, o-0002 and o-0003 approvers,
// o-0004 auditor, o-0005 administrator.
#ifndef PALERMO_TESTS_SUPPORT_WORLD_H_
#define PALERMO_TESTS_SUPPORT_WORLD_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "crypto/hpke.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"
#include "node/trust/approvals.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"
#include "node/trust/trust_view.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"

namespace palermo::testing {

inline constexpr char kDrafter[] = "o-0001";
inline constexpr char kApprover1[] = "o-0002";
inline constexpr char kApprover2[] = "o-0003";
inline constexpr char kAuditor[] = "o-0004";
inline constexpr char kAdministrator[] = "o-0005";

struct WorldOptions {
  std::vector<std::string> states = {"QM", "QT"};
  uint32_t request_approvals = 2;  // of the act REQUEST
  uint32_t other_approvals = 1;    // of every other act; 0 is possible for both
  uint64_t seed = 1;
  absl::Time start = FakeClock().Now();  // what the world's clock shows first
  bool real_tls = false;  // TLS identities with their pins; else the pins are random bytes
  std::map<std::string, std::string> endpoints =
      {};  // of the nodes, by state; else a name that nobody has
  absl::Duration directory_life = absl::Hours(24 * 30);
  // What each authority is competent for.
  std::vector<v1::Family::Code> families = {v1::Family::MLA, v1::Family::CONFISCATION,
                                            v1::Family::SPONTANEOUS};
};

struct OfficerWorld {
  std::string id;  // "QM/central/o-0001"
  crypto::SigningKey sign;
  crypto::SealingPrivateKey seal;
  std::string tls_pin;
  crypto::TlsIdentity tls;  // empty unless WorldOptions::real_tls
};

// As a directory names the officer, for a year from then.
v1::OfficerEntry OfficerEntryFor(const OfficerWorld& officer, v1::Role::Code role, absl::Time from);

struct StateWorld {
  std::string code;
  std::string authority;                   // "QM/central"
  std::vector<crypto::SigningKey> roots;   // 1 of 1
  std::vector<crypto::SigningKey> admins;  // 2 of 3, sign the directory
  crypto::SigningKey checkpoint;
  crypto::SigningKey cosign;
  std::string tls_pin;  // the node's
  crypto::TlsIdentity tls;
  std::string ledger_origin;
  crypto::SealingPrivateKey sealing;             // the authority's, version 1
  crypto::SealingPrivateKey recovery;            // the authority's offline recovery key
  std::map<std::string, OfficerWorld> officers;  // by the last part of the id: "o-0001"
  v1::SignedDocument charter;
  v1::SignedDocument directory;  // the newest
};

struct EnvelopeSpec {
  std::string from = "QM/central";
  std::vector<std::string> to = {"QT/central"};
  v1::Family::Code family = v1::Family::MLA;
  v1::Act::Code act = v1::Act::REQUEST;
  v1::Urgency::Code urgency = v1::Urgency::ROUTINE;
  std::string case_id = {};  // empty: a new one
  std::vector<Hash> parents = {};
  absl::Duration life = absl::Hours(24 * 20);
  std::string plaintext = "\x08\x01";  // CaseBody bytes; this is version 1 without content
};

class World {
 public:
  explicit World(const WorldOptions& options = {});

  FakeClock clock;
  FakeRandom random;
  std::vector<crypto::SigningKey> roster_keys;  // 2 of 3
  std::vector<v1::SignedDocument> rosters;      // from version 1
  Hash fingerprint{};                           // of rosters[0]
  std::map<std::string, StateWorld> states;

  StateWorld& state(const std::string& code) { return states.at(code); }
  // By the whole id: "QM/central/o-0001".
  OfficerWorld& officer(const std::string& id);
  // With keys of its own; in no directory yet.
  OfficerWorld& AddOfficer(const std::string& id);

  // Roster, charters and newest directories, verified.
  trust::TrustPtr View() const;
  trust::DirectoryPtr Directory(const std::string& state) const;

  // The next version with a change, signed by whom it takes; it becomes the world's newest.
  // `mutator` may be null.
  v1::SignedDocument NextDirectory(const std::string& state,
                                   const std::function<void(v1::Directory*)>& mutator);
  v1::SignedDocument NextCharter(const std::string& state,
                                 const std::function<void(v1::Charter*)>& mutator);
  v1::SignedDocument NextRoster(const std::function<void(v1::Roster*)>& mutator);
  // Signs a directory as it is, with the administrators' keys (2 of 3). Changes nothing in the
  // world.
  v1::SignedDocument SignDirectory(const std::string& state, const v1::Directory& directory) const;

  // A really sealed envelope that opens with the authorities' keys, under the newest directories.
  v1::Header MakeHeader(const EnvelopeSpec& spec);
  v1::Envelope MakeEnvelope(const EnvelopeSpec& spec);
  v1::Envelope SealEnvelope(const v1::Header& header, const std::string& plaintext);

  // A signature over the envelope's message id by "QM/central/o-0001".
  v1::OfficerSignature Sign(const v1::Envelope& envelope, const std::string& officer,
                            v1::SignaturePurpose::Code purpose);
  // A draft by o-0001 and as many approvals (o-0002, o-0003) as the policy asks for.
  std::vector<v1::OfficerSignature> SignAll(const v1::Envelope& envelope);

  // Receipts of a ledger that has nothing but this record (size 1), signed by the state's node.
  v1::Receipt MakeReceipt(const std::string& state, const v1::Record& record);
  v1::Record SubmissionRecord(const v1::Envelope& envelope, const std::string& signature_list);
  v1::Record DeliveryRecord(const std::string& state, const v1::Envelope& envelope,
                            const std::string& signature_list);
  // What travels to another node: envelope, frozen list, submission receipt.
  v1::Parcel MakeParcel(const v1::Envelope& envelope);

 private:
  void AddState(const std::string& code, const WorldOptions& options);
  v1::Directory FirstDirectory(const StateWorld& state, const WorldOptions& options);
  void SignFirstDocuments(const WorldOptions& options);
};

// The value of a StatusOr that cannot fail in this test; stops the process with the text otherwise.
void DieUnlessOk(const absl::Status& status, const char* what);
template <typename T>
T Value(absl::StatusOr<T> value, const char* what = "a test's value") {
  DieUnlessOk(value.status(), what);
  return std::move(value).value();
}

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SUPPORT_WORLD_H_
