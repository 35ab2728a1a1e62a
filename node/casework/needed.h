// What an authority usually needs to execute an item, by its type. Inside the room. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_NEEDED_H_
#define PALERMO_NODE_CASEWORK_NEEDED_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// One row: an item of `type` needs one of the members, "custodian|selectors". A rule of its own may
// ask for more; what stands here alone is a note, no error.
struct Needed {
  v1::AssistanceType::Code type;
  std::string_view members;
};
std::span<const Needed> NeededMembers();
// The rows' texts whose members are all empty.
std::vector<std::string_view> MissingOf(const v1::Item& item);

// What every written request says, by its members: "proceeding.stage". What rules of their own ask
// for, such as R-MLA-15A, does not stand here.
std::span<const std::string_view> BaseMembers();
std::vector<std::string_view> MissingOf(const v1::Request& request);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_NEEDED_H_
