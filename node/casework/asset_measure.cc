#include "node/casework/asset_measure.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using enum AssetState;

constexpr std::array<std::string_view, kAssetStates> kNames = {
    "TRACED",          "FREEZE_REQUESTED", "FROZEN", "CONFISCATION_REQUESTED", "CONFISCATED",
    "DISPOSAL_AGREED", "RETURNED",         "SHARED", "VICTIM_COMPENSATED",     "RETAINED",
    "LIFT_PROPOSED",   "RQ_HEARD",         "LIFTED"};

bool IsDisposed(AssetState state) {
  return state == kDisposalAgreed || state == kReturned || state == kShared ||
         state == kVictimCompensated || state == kRetained;
}

}  // namespace

std::string_view AssetStateName(AssetState state) {
  const auto n = static_cast<size_t>(state) - 1;
  return n < kNames.size() ? kNames[n] : "UNKNOWN";
}

absl::StatusOr<AssetState> AssetStateFromName(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return InputError("BAD_STATE", "this is no state of an asset measure");
  return static_cast<AssetState>(found - kNames.begin() + 1);
}

std::vector<AssetState> NextAssetStates(AssetState from) {
  switch (from) {
    case kTraced:
      return {kFreezeRequested, kConfiscationRequested};
    case kFreezeRequested:
      return {kFrozen};
    case kFrozen:  // again: the order was extended
      return {kFrozen, kConfiscationRequested, kLiftProposed};
    case kConfiscationRequested:
      return {kConfiscated, kLiftProposed};
    case kConfiscated:
      return {kDisposalAgreed};
    case kDisposalAgreed:
      return {kReturned, kShared, kVictimCompensated, kRetained};
    case kLiftProposed:
      return {kRqHeard, kLifted};
    case kRqHeard:
      return {kLifted, kFrozen};
    default:
      return {};
  }
}

std::vector<Finding> MoveAsset(AssetMeasure& measure, AssetState to) {
  std::vector<Finding> findings;
  const auto next = NextAssetStates(measure.state);
  // Lifting at once skips the hearing: that has a rule of its own.
  const bool unheard =
      to == kLifted && (measure.state == kLiftProposed || measure.state == kFrozen ||
                        measure.state == kConfiscationRequested);
  if (std::find(next.begin(), next.end(), to) == next.end() && !unheard) {
    Tell("R-GEN-02.sequence", "asset_measure.state", findings);
    return findings;
  }
  if (unheard && !(measure.could_speak && measure.state == kLiftProposed)) {
    const bool excused = !measure.wherever_possible && !SaysNothing(measure.reason);
    Tell(excused ? "R-AR-08.reason" : "R-AR-08.heard", "asset_measure.rq_heard", findings);
  }
  if (IsDisposed(to) && measure.open_claim) {
    Tell("R-AR-05.claim", "asset_measure.claim.third_party_claims", findings);
  }
  if (!Blocks(findings)) measure.state = to;
  return findings;
}

std::vector<Finding> CheckAsset(const AssetMeasure& measure) {
  std::vector<Finding> findings;
  if (IsDisposed(measure.state) && measure.open_claim) {
    Tell("R-AR-05.claim", "asset_measure.claim.third_party_claims", findings);
  }
  return findings;
}

}  // namespace palermo::casework
