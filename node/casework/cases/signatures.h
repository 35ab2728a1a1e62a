// What a request or an event says of its signature.
#ifndef PALERMO_NODE_CASEWORK_CASES_SIGNATURES_H_
#define PALERMO_NODE_CASEWORK_CASES_SIGNATURES_H_

#include "google/protobuf/struct.pb.h"
#include "node/casework/contents.h"

namespace palermo::casework {

// {"signatory": {"key_valid_to": "2026-02-01"}}: of the signature, where FillSignature looks.
void ShapeSignature(google::protobuf::Struct& request);
// {"signature": "INVALID"}, {"signature": {"valid": false}}, {"signature_ok": false},
// {"key_chain": "UNVERIFIABLE"}, {"key_expired": true}, {"key_valid_to": "2026-02-01"}.
void FillSignature(const google::protobuf::Struct& message, MessageFacts& facts);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SIGNATURES_H_
