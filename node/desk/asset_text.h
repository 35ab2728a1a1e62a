// The property of a case as the officer sees it: where it stands, who claims it, whether the
// requesting state was heard. Pure.
#ifndef PALERMO_NODE_DESK_ASSET_TEXT_H_
#define PALERMO_NODE_DESK_ASSET_TEXT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/asset_book.h"
#include "node/desk/json_value.h"

namespace palermo::desk {

// "" when the case concerns none. `hearing`: how long the requesting state may speak before a
// lifting, by the numbers of the pair.
std::string AssetsText(const std::vector<casework::Asset>& assets, casework::Side own_side,
                       absl::Time now, absl::Duration hearing);
Json AssetsJson(const std::vector<casework::Asset>& assets, absl::Duration hearing);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_ASSET_TEXT_H_
