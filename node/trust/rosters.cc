#include "node/trust/rosters.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::trust {
namespace {

// Follows `count` waiting rosters from the roots that count now. A step that the roots before it
// signed, or that a person confirmed, changes them; any other is left to be confirmed.
RootsByState Follow(const TrustView& view, size_t count) {
  RootsByState roots = view.known_roots();
  for (size_t i = 0; i < count; ++i) {
    const Roster& roster = *view.waiting()[i];
    for (const auto& state : roster.body.states()) {
      auto known = roots.find(state.state());
      if (known == roots.end()) continue;
      bool signed_by_old =
          CheckThreshold(crypto::Purpose::kRoster, known->second, roster.signed_document, "roots")
              .ok();
      Hash fingerprint = RootsFingerprint(state.state(), state.roots());
      if (signed_by_old || view.confirmed_roots().count(fingerprint) > 0) {
        known->second = state.roots();
      }
    }
  }
  return roots;
}

std::vector<RootDifference> DifferencesAt(const TrustView& view, size_t count) {
  std::vector<RootDifference> differences;
  if (count == 0) return differences;
  RootsByState roots = Follow(view, count);
  for (const auto& state : view.waiting()[count - 1]->body.states()) {
    auto known = roots.find(state.state());
    if (known == roots.end() || SameRoots(known->second, state.roots())) continue;
    differences.push_back({state.state(), known->second, state.roots(),
                           FindState(view.roster().body, state.state()) == nullptr});
  }
  return differences;
}

// Takes as many of the waiting rosters as nothing holds back.
RosterOffer Settle(TrustPtr view) {
  RosterOffer offer;
  offer.outcome = RosterOffer::Outcome::kWaiting;
  size_t count = view->waiting().size();
  while (count > 0 && !DifferencesAt(*view, count).empty()) --count;
  if (count > 0) {
    offer.outcome = RosterOffer::Outcome::kTaken;
    for (size_t i = 0; i < count; ++i) offer.taken.push_back(*view->waiting()[i]);
    view = view->WithRosters(count, Follow(*view, count));
  }
  offer.view = std::move(view);
  return offer;
}

// The document that is known with this version, and the keys that may have signed it.
struct KnownVersion {
  const Roster* roster = nullptr;
  const v1::KeySet* keys = nullptr;
};
KnownVersion FindVersion(const TrustView& view, uint64_t version) {
  const Roster* before = nullptr;
  for (const auto& past : view.past_rosters()) {
    if (past->body.version() == version) {
      return {past.get(),
              before == nullptr ? &past->body.roster_keys() : &before->body.roster_keys()};
    }
    before = past.get();
  }
  auto keys_of = [&](const Roster& roster) {
    return before == nullptr ? &roster.body.roster_keys() : &before->body.roster_keys();
  };
  if (view.roster().body.version() == version) return {&view.roster(), keys_of(view.roster())};
  before = &view.roster();
  for (const auto& waiting : view.waiting()) {
    if (waiting->body.version() == version) return {waiting.get(), keys_of(*waiting)};
    before = waiting.get();
  }
  return {};
}

// A roster that waits here, with other signatures than it came with: the old roots may have signed
// it since. It counts when that frees it, and changes nothing when it does not.
RosterOffer OfferSignatures(const TrustPtr& view, const v1::SignedDocument& document) {
  RosterOffer known{RosterOffer::Outcome::kKnown, view, {}};
  const Roster* before = &view->roster();
  for (const auto& waiting : view->waiting()) {
    if (waiting->signed_document.document() == document.document()) {
      absl::StatusOr<Roster> again = VerifyRosterLink(document, *before);
      if (!again.ok()) return known;
      RosterOffer offer =
          Settle(view->WithWaitingSigned(std::make_shared<const Roster>(*std::move(again))));
      return offer.outcome == RosterOffer::Outcome::kTaken ? offer : known;
    }
    before = waiting.get();
  }
  return known;
}

}  // namespace

Hash RootsFingerprint(std::string_view state, const v1::KeySet& roots) {
  std::vector<std::string> keys;
  for (const auto& key : roots.keys()) keys.push_back(key.public_key());
  std::sort(keys.begin(), keys.end());
  std::string bytes = Cat({"palermo/v1/roots", std::string_view("\0", 1), state,
                           std::string_view("\0", 1), BigEndian64(roots.threshold())});
  for (const std::string& key : keys) bytes += key;
  return crypto::Sha256(bytes);
}

bool SameRoots(const v1::KeySet& a, const v1::KeySet& b) {
  return RootsFingerprint("", a) == RootsFingerprint("", b);
}

std::vector<RootDifference> WaitingDifferences(const TrustView& view) {
  return DifferencesAt(view, view.waiting().size());
}

const Roster* FindRoster(const TrustView& view, uint64_t version) {
  return FindVersion(view, version).roster;
}

absl::StatusOr<RosterOffer> OfferRoster(const TrustPtr& view, const v1::SignedDocument& document) {
  v1::Roster body;
  if (document.document().size() > limits::kMaxRosterBytes) {
    return OverLimit("DOCUMENT_TOO_LARGE", "the roster is larger than its limit");
  }
  if (!body.ParseFromString(document.document())) {
    return InputError("BAD_DOCUMENT", "the roster is not a valid message");
  }
  KnownVersion known = FindVersion(*view, body.version());
  if (known.roster != nullptr) {
    if (known.roster->signed_document.document() == document.document()) {
      return OfferSignatures(view, document);
    }
    // Anybody can make up another document: it is a fork when the keys of its time signed it.
    PALERMO_RETURN_IF_ERROR(CheckThreshold(crypto::Purpose::kRoster, *known.keys, document,
                                           "roster", SignersOf(known.roster->body)));
    return Refused(
        "VERSION_FORK",
        absl::StrFormat("roster: two different documents have version %d", body.version()));
  }
  if (body.version() < view->roster().body.version()) {
    return Refused("OLD_VERSION", absl::StrFormat("roster: version %d is older than all known here",
                                                  body.version()));
  }
  if (view->waiting().size() >= limits::kMaxWaitingRosters) {
    return OverLimit("TOO_MANY", "too many rosters wait for a confirmation already");
  }
  const Roster& last = view->waiting().empty() ? view->roster() : *view->waiting().back();
  PALERMO_ASSIGN_OR_RETURN(Roster next, VerifyRosterLink(document, last));
  return Settle(view->WithWaiting(std::make_shared<const Roster>(std::move(next))));
}

absl::StatusOr<RosterOffer> ConfirmRoots(const TrustPtr& view, const std::string& state,
                                         const Hash& fingerprint) {
  for (const RootDifference& difference : WaitingDifferences(*view)) {
    if (difference.state != state) continue;
    if (RootsFingerprint(state, difference.after) != fingerprint) {
      return Refused("ROOT_CHANGE_UNCONFIRMED",
                     Cat({"this is not the fingerprint of the new roots of ", state,
                          "; ask that state again, and do not take it from this screen"}));
    }
    return Settle(view->WithConfirmedRoots(fingerprint));
  }
  return WrongState("ROOT_CHANGE_UNCONFIRMED",
                    Cat({"no roster that changes the roots of ", state, " waits here"}));
}

absl::Status CheckRosterInTime(const v1::Roster& roster, RosterUse use, absl::Time now) {
  int64_t grace = use == RosterUse::kExisting ? limits::kRosterGraceMillis : 0;
  if (ToMillis(now) < roster.expires_at_ms() + grace) return absl::OkStatus();
  return WrongState(
      "ROSTER_EXPIRED",
      absl::StrFormat("roster version %d expired at %s; %s. The depositaries must sign a new one",
                      roster.version(), FormatInstant(FromMillis(roster.expires_at_ms())),
                      use == RosterUse::kExisting
                          ? "the time to renew it is over too"
                          : "cases under way go on for 90 days, new ones wait"));
}

absl::StatusOr<Charter> VerifyCharterOfAnyTime(const v1::SignedDocument& document,
                                               const TrustView& view, const Charter* previous) {
  absl::StatusOr<Charter> charter = VerifyCharter(document, view.roster(), previous);
  const auto& past = view.past_rosters();
  for (auto it = past.rbegin(); !charter.ok() && it != past.rend(); ++it) {
    if (view.WasInForce((*it)->body.version())) {
      absl::StatusOr<Charter> older = VerifyCharter(document, **it, previous);
      if (older.ok()) return older;
    }
  }
  return charter;
}

VouchedCharters FindVouchedCharters(const std::vector<const v1::SignedDocument*>& offered,
                                    const TrustView& view, std::string_view state) {
  VouchedCharters vouched;
  for (auto it = offered.rbegin(); it != offered.rend(); ++it) {
    const v1::SignedDocument& document = **it;
    v1::Charter body;
    if (document.document().size() > limits::kMaxCharterBytes ||
        !body.ParseFromString(document.document()) || body.state() != state ||
        body.previous_sha256().size() != sizeof(Hash)) {
      continue;
    }
    if (vouched.count(crypto::Sha256(document.document())) == 0 &&
        !VerifyCharter(document, view.roster(), nullptr).ok()) {
      continue;
    }
    Hash before;
    std::copy(body.previous_sha256().begin(), body.previous_sha256().end(), before.begin());
    vouched.insert(before);
  }
  return vouched;
}

absl::StatusOr<Charter> VerifyOfferedCharter(const v1::SignedDocument& document,
                                             const TrustView& view, const Charter* previous,
                                             const VouchedCharters& vouched) {
  if (vouched.count(crypto::Sha256(document.document())) != 0) {
    return VerifyCharterOfAnyTime(document, view, previous);
  }
  return VerifyCharter(document, view.roster(), previous);
}

}  // namespace palermo::trust
