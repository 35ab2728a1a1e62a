#include "node/trust/signers.h"

#include "base/bytes.h"
#include "base/status.h"

namespace palermo::trust {
namespace {

// The first key of `sets` that signed the document and is not in `right`; null when there is none.
const v1::VerificationKey* FindSigner(crypto::Purpose purpose, const v1::KeySet& right,
                                      const v1::SignedDocument& document, const KeySets& sets) {
  for (const auto& signature : document.signatures()) {
    if (FindKey(right, signature.key_id()) != nullptr) continue;
    for (const v1::KeySet* keys : sets) {
      const v1::VerificationKey* key = FindKey(*keys, signature.key_id());
      if (key == nullptr) continue;
      // Whoever names a key id has not signed with that key yet.
      auto public_key = crypto::PublicKeyFrom(key->public_key());
      if (public_key.ok() &&
          crypto::Verify(purpose, *public_key, document.document(), signature.signature()).ok()) {
        return key;
      }
    }
  }
  return nullptr;
}

absl::Status Named(std::string_view code, const absl::Status& refused,
                   const v1::VerificationKey& key, std::string_view text) {
  return InputError(code, Cat({TextOf(refused), ". Key ", HexEncode(key.key_id()), " of ",
                               key.holder(), " ", text}));
}

void AddRoots(const v1::Roster& roster, const std::string& state, KeySets* sets) {
  const v1::RosterState* entry = FindState(roster, state);
  if (entry != nullptr) sets->push_back(&entry->roots());
}

}  // namespace

OtherSigners OtherSignersIn(const TrustView& view, const std::string& state,
                            crypto::Purpose purpose) {
  OtherSigners others;
  if (purpose == crypto::Purpose::kRoster) {
    for (const auto& past : view.past_rosters()) {
      others.former.push_back(&past->body.roster_keys());
    }
    return others;
  }
  for (const auto& past : view.past_rosters()) AddRoots(past->body, state, &others.former);
  for (const auto& waiting : view.waiting()) AddRoots(waiting->body, state, &others.waiting);
  for (const auto& other : view.roster().body.states()) {
    if (other.state() == state) continue;
    others.foreign.push_back(&other.roots());
    const StateView* known = view.Find(other.state());
    if (known == nullptr || known->charter == nullptr) continue;
    others.foreign.push_back(&known->charter->body.directory_keys());
  }
  return others;
}

absl::Status NameSigner(const absl::Status& refused, crypto::Purpose purpose,
                        const v1::KeySet& right, const v1::SignedDocument& document,
                        const OtherSigners& others) {
  if (CodeOf(refused) != "UNKNOWN_SIGNER") return refused;
  const v1::VerificationKey* key = FindSigner(purpose, right, document, others.former);
  if (key != nullptr) {
    return Named("REVOKED_SIGNER", refused, *key,
                 "signed it, which was replaced: it signs nothing more");
  }
  key = FindSigner(purpose, right, document, others.waiting);
  if (key != nullptr) {
    return Named("ROOT_CHANGE_UNCONFIRMED", refused, *key,
                 "signed it, which counts as soon as the roster that names it is confirmed");
  }
  key = FindSigner(purpose, right, document, others.foreign);
  if (key != nullptr) {
    return Named("FOREIGN_SIGNER", refused, *key, "signed it, which is another state's");
  }
  return refused;
}

}  // namespace palermo::trust
