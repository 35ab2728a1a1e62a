// Opening: the only code that reads a body. What it answers is what the desk reports and signs.
#ifndef PALERMO_NODE_DESK_OPENING_H_
#define PALERMO_NODE_DESK_OPENING_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "crypto/hpke.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::desk {

// An authority's sealing key that this officer was granted.
struct AuthorityKey {
  std::string authority;
  uint32_t version = 0;
  std::string key_id;
  crypto::SealingPrivateKey key;
};

struct Opened {
  // OPENED; UNOPENABLE: none of the keys fits a stanza; INVALID: a key fits, but the envelope is
  // not what its sender should have made.
  v1::RetrievalResult::Code result = v1::RetrievalResult::UNSPECIFIED;
  v1::CaseBody body;  // when OPENED
  absl::Status why;   // when not: WRONG_KEY, CANNOT_OPEN, BAD_PADDING, BAD_BODY, BAD_HEADER ...
};

// Checks nothing about who sent it: verification.h does, and comes first.
Opened Open(const v1::Envelope& envelope, std::span<const AuthorityKey> keys);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPENING_H_
