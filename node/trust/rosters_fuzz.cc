// The bytes are a story of rosters that depositaries of bad will offer to one party, and of what a
// person there confirms. Whatever comes, roots change only by who they belonged to, or by a person.
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr int kRootKeys = 4;
const char* const kStates[] = {"QM", "QT", "QV"};

crypto::SigningKey MakeKey(char seed) {
  auto made = crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(std::string(32, seed)));
  PALERMO_CHECK(made.ok());
  return *std::move(made);
}
const crypto::SigningKey& Depositary() {
  static const auto* key = new crypto::SigningKey(MakeKey('d'));
  return *key;
}
const crypto::SigningKey& Root(int i) {
  static const auto* keys = [] {
    auto* made = new std::vector<crypto::SigningKey>;
    for (int one = 0; one < kRootKeys; ++one)
      made->push_back(MakeKey(static_cast<char>('0' + one)));
    return made;
  }();
  return (*keys)[i % kRootKeys];
}

v1::KeySet OneKey(const crypto::SigningKey& key) {
  v1::KeySet set;
  set.set_threshold(1);
  *set.add_keys() = MakeVerificationKey(key.public_key(), "");
  return set;
}

class Story {
 public:
  Story() {
    v1::Roster first;
    first.set_format(1);
    first.set_version(1);
    first.set_issued_at_ms(1);
    first.set_expires_at_ms(2);
    first.set_exercise(true);
    *first.mutable_roster_keys() = OneKey(Depositary());
    for (int i = 0; i < 2; ++i) {
      v1::RosterState* entry = first.add_states();
      entry->set_state(kStates[i]);
      *entry->mutable_roots() = OneKey(Root(i));
    }
    v1::SignedDocument document = Sign(first);
    auto verified = VerifyFirstRoster(document, crypto::Sha256(document.document()));
    PALERMO_CHECK(verified.ok());
    view_ = std::make_shared<TrustView>(*std::move(verified));
  }

  // A next roster: `roots` has two bits for the key of each state, `flags` which states are in it,
  // whether a root signs it too, and whether it goes back one version.
  void OfferNext(uint8_t flags, uint8_t roots) {
    const Roster& last = view_->waiting().empty() ? view_->roster() : *view_->waiting().back();
    v1::Roster next = last.body;
    next.set_version(last.body.version() + ((flags & 8) != 0 ? 0 : 1));
    next.set_previous_sha256(std::string(AsView(last.sha256)));
    next.clear_states();
    for (int i = 0; i < 3; ++i) {
      if ((flags & (1 << i)) == 0) continue;
      v1::RosterState* entry = next.add_states();
      entry->set_state(kStates[i]);
      *entry->mutable_roots() = OneKey(Root(roots >> (2 * i)));
    }
    v1::SignedDocument document = Sign(next);
    if ((flags & 16) != 0) {
      SignDocument(crypto::Purpose::kRoster, Root(roots >> 6), &document);
      signed_by_.insert(std::string(AsView(Root(roots >> 6).public_key())));
    }
    Offer(document);
  }

  void OfferBytes(std::string_view bytes) {
    v1::SignedDocument document;
    document.set_document(std::string(bytes));
    SignDocument(crypto::Purpose::kRoster, Depositary(), &document);
    Offer(document);
  }

  void Confirm(uint8_t what) {
    const char* state = kStates[what % 3];
    Hash fingerprint = RootsFingerprint(state, OneKey(Root(what >> 2)));
    auto offer = ConfirmRoots(view_, state, fingerprint);
    if (!offer.ok()) return;
    confirmed_.insert({state, fingerprint});
    Take(*offer);
  }

 private:
  static v1::SignedDocument Sign(const v1::Roster& roster) {
    v1::SignedDocument document;
    document.set_document(StrictSerialize(roster));
    SignDocument(crypto::Purpose::kRoster, Depositary(), &document);
    return document;
  }

  void Offer(const v1::SignedDocument& document) {
    auto offer = OfferRoster(view_, document);
    if (offer.ok()) Take(*offer);
  }

  void Take(const RosterOffer& offer) {
    TrustPtr before = std::exchange(view_, offer.view);
    PALERMO_CHECK(view_->waiting().size() <= limits::kMaxWaitingRosters);
    PALERMO_CHECK(view_->roster().body.version() ==
                  before->roster().body.version() + offer.taken.size());
    PALERMO_CHECK(view_->past_rosters().size() ==
                  before->past_rosters().size() + offer.taken.size());
    for (const auto& [state, roots] : before->known_roots()) {
      const v1::KeySet& after = view_->known_roots().at(state);
      if (SameRoots(roots, after)) continue;
      // Old roots signed, a person confirmed, or a chain of both led here.
      bool old_signed = signed_by_.count(roots.keys(0).public_key()) > 0;
      bool new_confirmed = confirmed_.count({state, RootsFingerprint(state, after)}) > 0;
      bool any_confirmed = false;
      for (const auto& one : confirmed_) any_confirmed = any_confirmed || one.first == state;
      PALERMO_CHECK(old_signed || new_confirmed || (any_confirmed && !signed_by_.empty()));
    }
    for (const RootDifference& difference : WaitingDifferences(*view_)) {
      PALERMO_CHECK(!SameRoots(difference.before, difference.after));
    }
  }

  TrustPtr view_;
  std::set<std::string> signed_by_;  // roots that signed any roster, by their public keys
  std::set<std::pair<std::string, Hash>> confirmed_;
};

int FuzzOne(std::string_view bytes) {
  Story story;
  size_t steps = 0;
  while (bytes.size() >= 2 && ++steps <= 40) {
    auto first = static_cast<uint8_t>(bytes[0]);
    auto second = static_cast<uint8_t>(bytes[1]);
    bytes.remove_prefix(2);
    switch (first >> 5) {
      case 0:
        story.OfferBytes(bytes);
        return 0;
      case 1:
      case 2:
        story.Confirm(second);
        break;
      default:
        story.OfferNext(first, second);
    }
  }
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
