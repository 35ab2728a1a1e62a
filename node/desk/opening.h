// Opening: the only code that reads a body. What it answers is what the desk reports and signs.
#ifndef PALERMO_NODE_DESK_OPENING_H_
#define PALERMO_NODE_DESK_OPENING_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "crypto/hpke.h"
#include "node/desk/officer_keys.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::desk {

// An authority's sealing key that this officer was granted.
struct AuthorityKey {
  std::string authority;
  uint32_t version = 0;
  std::string key_id;
  crypto::SealingPrivateKey key;
};

// The key of one compartment of a body, as a rewrap carries it.
struct CompartmentKey {
  uint32_t id = 0;
  crypto::SecretBytes key;
};

struct Opened {
  // OPENED; UNOPENABLE: none of the keys fits a stanza; INVALID: a key fits, but the envelope is
  // not what its sender should have made.
  v1::RetrievalResult::Code result = v1::RetrievalResult::UNSPECIFIED;
  v1::CaseBody body;                             // when OPENED
  std::vector<CompartmentKey> compartment_keys;  // when it was opened by a rewrap that has some
  absl::Status why;  // when not: WRONG_KEY, CANNOT_OPEN, BAD_PADDING, BAD_BODY, BAD_HEADER ...
};

using Rewraps = google::protobuf::RepeatedPtrField<v1::Rewrap>;

// Checks nothing about who sent it: verification.h does, and comes first. A rewrap is used where no
// key fits a stanza; one that does not give the key of this very body is passed over, and when no
// other one helps the message is UNOPENABLE with BAD_REWRAP: its sender is not to blame.
Opened Open(const v1::Envelope& envelope, std::span<const AuthorityKey> keys,
            const Rewraps& rewraps = {});

// Whether what opens now opens without this version of a key, too: what must be so before the
// version is destroyed. A rewrap may be anything, for the node cannot try it. OK when the message
// does not open now either. Codes of Open.
absl::Status OpensWithout(const std::string& key_id, const v1::Envelope& envelope,
                          std::span<const AuthorityKey> keys, const Rewraps& rewraps);

// The key that opens this very body, for another member of an operation who was to have it: with
// the sender's signatures it proves what was sent. Codes of Open.
absl::StatusOr<crypto::SecretBytes> ContentKeyOf(const v1::Envelope& envelope,
                                                 std::span<const AuthorityKey> keys,
                                                 const Rewraps& rewraps);
// Opens with such a key. It commits to its body: no key opens one body as another.
Opened OpenWithContentKey(const v1::Envelope& envelope, std::string_view content_key);

// The content key, and the keys of the authority's compartments, sealed to the newest key of the
// officer's authority. The body was opened with it before. Codes of Open, STALE_KEY.
absl::StatusOr<v1::Rewrap> MakeRewrap(const v1::Envelope& envelope, const Rewraps& rewraps,
                                      std::span<const AuthorityKey> keys,
                                      const trust::DirectoryIndex& directory,
                                      const OfficerKeys& officer, absl::Time now, Random& random);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPENING_H_
