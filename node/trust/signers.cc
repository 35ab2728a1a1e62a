#include "node/trust/signers.h"

#include <cstdint>
#include <utility>

#include "base/bytes.h"
#include "base/status.h"

namespace palermo::trust {
namespace {

enum class Whose : uint8_t { kFormer, kWaiting, kForeign };
struct Signer {
  Whose whose{};
  const v1::VerificationKey* key = nullptr;  // null: none
};

// The key of this id; a key id binds its key, so the first set that has it will do.
Signer KeyOf(const std::string& key_id, const OtherSigners& others) {
  for (auto [whose, sets] : {std::pair{Whose::kFormer, &others.former},
                             {Whose::kWaiting, &others.waiting},
                             {Whose::kForeign, &others.foreign}}) {
    for (const v1::KeySet* keys : *sets) {
      const v1::VerificationKey* key = FindKey(*keys, key_id);
      if (key != nullptr) return {whose, key};
    }
  }
  return {};
}

// Who signed the document and is not in `right`. One signature is verified and no more: a document
// is large, anybody names keys that stand in public documents, and this only chooses the words.
Signer FindSigner(crypto::Purpose purpose, const v1::KeySet& right,
                  const v1::SignedDocument& document, const OtherSigners& others) {
  for (const auto& signature : document.signatures()) {
    if (FindKey(right, signature.key_id()) != nullptr) continue;
    const Signer signer = KeyOf(signature.key_id(), others);
    if (signer.key == nullptr) continue;
    auto public_key = crypto::PublicKeyFrom(signer.key->public_key());
    const bool signed_it =
        public_key.ok() &&
        crypto::Verify(purpose, *public_key, document.document(), signature.signature()).ok();
    return signed_it ? signer : Signer();
  }
  return {};
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
  // Roots sign charters, and never a directory.
  if (purpose == crypto::Purpose::kCharter) {
    for (const auto& past : view.past_rosters()) {
      if (view.WasInForce(past->body.version())) AddRoots(past->body, state, &others.former);
    }
    for (const auto& waiting : view.waiting()) AddRoots(waiting->body, state, &others.waiting);
  }
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
  const Signer signer = FindSigner(purpose, right, document, others);
  if (signer.key == nullptr) return refused;
  switch (signer.whose) {
    case Whose::kFormer:
      return Named("REVOKED_SIGNER", refused, *signer.key,
                   "signed it, which was replaced: it signs nothing more");
    case Whose::kWaiting:
      return Named("ROOT_CHANGE_UNCONFIRMED", refused, *signer.key,
                   "signed it, which counts as soon as the roster that names it is confirmed");
    case Whose::kForeign:
      break;
  }
  return Named("FOREIGN_SIGNER", refused, *signer.key, "signed it, which is another state's");
}

}  // namespace palermo::trust
