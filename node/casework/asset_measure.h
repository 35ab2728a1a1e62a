// The sub-procedure of one asset: traced, frozen, confiscated, disposed of; lifted only after the
// requesting state could speak; never disposed of over an open claim of a third party. Pure.
#ifndef PALERMO_NODE_CASEWORK_ASSET_MEASURE_H_
#define PALERMO_NODE_CASEWORK_ASSET_MEASURE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/finding.h"

namespace palermo::casework {

enum class AssetState : uint8_t {
  kTraced = 1,
  kFreezeRequested,
  kFrozen,
  kConfiscationRequested,
  kConfiscated,
  kDisposalAgreed,
  kReturned,
  kShared,
  kVictimCompensated,
  kRetained,
  kLiftProposed,
  kRqHeard,
  kLifted,
};
inline constexpr int kAssetStates = 13;

std::string_view AssetStateName(AssetState state);  // "FROZEN"
// Failure: BAD_STATE.
absl::StatusOr<AssetState> AssetStateFromName(std::string_view name);

struct AssetMeasure {
  AssetState state = AssetState::kTraced;
  bool open_claim = false;        // of a third party in good faith
  bool wherever_possible = true;  // false: hearing was not possible, and `reason` says why
  std::string reason;
  bool could_speak = false;  // its time to state a view has run out
};

// The states that may follow.
std::vector<AssetState> NextAssetStates(AssetState from);
// Moves the measure. Adds what the law objects to (R-AR-05, R-AR-08, R-GEN-02); an error keeps the
// state as it was.
std::vector<Finding> MoveAsset(AssetMeasure& measure, AssetState to);
// What is wrong with a measure that is said to stand as it does.
std::vector<Finding> CheckAsset(const AssetMeasure& measure);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_ASSET_MEASURE_H_
