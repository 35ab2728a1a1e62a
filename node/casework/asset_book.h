// The property of a case: what requests asked to freeze, confiscate or return, and what became of
// it by results and reports. Claims of third parties and the hearing before lifting stand with it.
// Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_ASSET_BOOK_H_
#define PALERMO_NODE_CASEWORK_ASSET_BOOK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/asset_measure.h"
#include "node/casework/obligations.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

struct Asset {
  std::vector<uint32_t> items;  // of the request that concern it
  std::string id;               // as the first act that names it writes it; "" when none does
  // All numbers under which it is known, with their kinds and without blanks, as NumbersOf has
  // them.
  std::vector<std::string> numbers;
  AssetState state = AssetState::kTraced;
  absl::Time since = absl::InfinitePast();
  bool confiscation_asked = false;
  std::string order_ref, expires_at, route;
  v1::Money amount;
  std::vector<v1::ThirdPartyClaim> claims;
  absl::Time lift_proposed = absl::InfinitePast();
  std::string view;  // of the requesting state on the lifting
};

// In the order in which the acts name them. `acts` as for ObligationsOf.
std::vector<Asset> AssetsOf(const std::vector<OpenedAct>& acts);

// The numbers of a property: "account QV47VSTB...", "registry LAND-4711".
std::vector<std::string> NumbersOf(const v1::Property& property);

bool IsOpenClaim(const v1::ThirdPartyClaim& claim);
// What is said later of a claim replaces what was: it is known by its ref, or without one by whose
// it is.
void TakeClaims(const google::protobuf::RepeatedPtrField<v1::ThirdPartyClaim>& said,
                std::vector<v1::ThirdPartyClaim>& claims);
bool HasOpenClaim(const Asset& asset);
// Until when the requesting state may state its view on a proposed lifting. `hearing`: how long, by
// the numbers of the pair (PolicyLimit "R-AR-08"); infinite where no lifting was proposed.
absl::Time HearingEnds(const Asset& asset, absl::Duration hearing);

// What the law objects to when `side` makes this report at `now`: R-AR-05, R-AR-08, R-GEN-01,
// R-GEN-02. `hearing`: as above.
std::vector<Finding> CheckAssetReport(const std::vector<Asset>& assets, Side side,
                                      const v1::AssetReport& report, absl::Time now,
                                      absl::Duration hearing);
// Whether an executed result of a return or a sharing disposes of property over a claim that stays
// open after what the result itself says of claims. What says so in one part of the answer alone is
// not counted: the check of that part tells it.
bool DisposesOverClaim(const std::vector<Asset>& assets, const v1::ItemResult& result);
// The asset that an item concerns; null when there is none.
const Asset* AssetOfItem(const std::vector<Asset>& assets, uint32_t item);

// In plain words: "frozen by an order".
std::string_view AssetStateMeaning(AssetState state);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_ASSET_BOOK_H_
