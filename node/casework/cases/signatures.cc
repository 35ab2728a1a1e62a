#include "node/casework/cases/signatures.h"

#include <string>

#include "absl/strings/ascii.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

bool SaysBad(const std::string& word) {
  return OneOf(absl::AsciiStrToUpper(word),
               {"INVALID", "UNVERIFIED", "UNVERIFIABLE", "NOT_VERIFIABLE", "NOT_VERIFIED", "BROKEN",
                "UNKNOWN", "UNKNOWN_KEY", "BAD", "FORGED", "FAILED"});
}

// The members stand in the message itself or in its "signature".
void Read(const Struct& said, MessageFacts& facts) {
  for (const char* name : {"key", "key_chain", "chain", "result", "status", "key_status"}) {
    const std::string word = absl::AsciiStrToUpper(TextOf(said, name));
    if (SaysBad(word)) facts.signature_verified = false;
    if (OneOf(word, {"REVOKED", "KEY_REVOKED", "EXPIRED"})) facts.key_revoked = true;
  }
  for (const char* name : {"revoked", "key_revoked", "key_expired"}) {
    if (SaysYes(Member(said, name))) facts.key_revoked = true;
  }
  const Value* key_valid = Member(said, "key_valid");
  if (key_valid != nullptr && !SaysYes(key_valid)) facts.key_revoked = true;
  if (!TextOf(said, "key_valid_from").empty())
    facts.key_valid_from = TextOf(said, "key_valid_from");
  if (!facts.key_valid_to.empty()) return;
  facts.signed_at = TextOf(said, "signed_at");
  facts.key_valid_to = TextOf(said, "key_valid_to");
}

}  // namespace

// {"signature_valid": false}, {"signatory": {"key_valid_to": "2026-02-01"}}: of the signature.
void ShapeSignature(Struct& request) {
  for (const char* name : {"to_entry", "rd_entry", "receiver_entry"}) {
    if (ObjectOf(request, name) != nullptr) Rename(request, name, "directory_entry");
  }
  if (ObjectOf(request, "signatory") != nullptr) {
    Struct& said = ObjectIn(request, "signatory");
    for (const char* name : {"signature_valid", "signature_verified", "signature_ok"}) {
      if (Member(said, name) != nullptr) Put(request, name, Take(said, name));
    }
  }
  for (const char* name : {"signature_valid", "signature_verified", "signature_ok"}) {
    if (Member(request, name) == nullptr) continue;
    const bool good = SaysYes(Member(request, name));
    Take(request, name);
    Put(ObjectIn(request, "signature"), "valid", BoolValue(good));
  }
  const Struct* signatory = ObjectOf(request, "signatory");
  if (signatory == nullptr) return;
  for (const char* name : {"key_valid_to", "key_valid_from", "signed_at", "key_status"}) {
    const Value* said = Member(*signatory, name);
    if (said == nullptr) continue;
    const Value copy = *said;
    Put(ObjectIn(request, "signature"), std::string_view(name) == "key_status" ? "status" : name,
        copy);
  }
}

void FillSignature(const Struct& message, MessageFacts& facts) {
  for (const char* name : {"signature_valid", "signature_verified", "signature_ok"}) {
    const Value* good = Member(message, name);
    if (good != nullptr && (!SaysYes(good) || SaysBad(good->string_value()))) {
      facts.signature_verified = false;
    }
  }
  const Value* signature = Member(message, "signature");
  if (signature != nullptr && !signature->has_struct_value() &&
      (!SaysYes(signature) || SaysBad(signature->string_value()))) {
    facts.signature_verified = false;
  }
  if (signature != nullptr && signature->has_struct_value()) {
    const Struct& said = signature->struct_value();
    for (const char* name :
         {"valid", "verified", "verifies", "chain_verified", "key_known", "ok"}) {
      const Value* good = Member(said, name);
      if (good != nullptr && !SaysYes(good)) facts.signature_verified = false;
    }
    Read(said, facts);
  }
  // A request's own "status", "result" or "key" are of something else.
  Struct beside;
  for (const char* name : {"key_chain", "key_status", "key_revoked", "key_expired", "key_valid",
                           "key_valid_from", "key_valid_to", "signed_at"}) {
    if (const Value* said = Member(message, name)) Put(beside, name, *said);
  }
  if (beside.fields_size() > 0) Read(beside, facts);
}

}  // namespace palermo::casework
