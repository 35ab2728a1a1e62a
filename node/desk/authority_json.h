// The part of a directory's JSON that tells about cooperation with an authority.
#ifndef PALERMO_NODE_DESK_AUTHORITY_JSON_H_
#define PALERMO_NODE_DESK_AUTHORITY_JSON_H_

#include <string>

#include "node/desk/json_reader.h"
#include "palermo/v1/authority.pb.h"

namespace palermo::desk {

// Lists that the format wants sorted are sorted. Errors are noted in `json`.
v1::Cooperation ReadCooperation(JsonReader json);
// For people, each line indented by six blanks.
std::string CooperationText(const v1::Cooperation& terms);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_AUTHORITY_JSON_H_
