// What roster, charter and directory must say, whoever signed them. Internal to documents.cc.
#ifndef PALERMO_NODE_TRUST_DOCUMENT_BODY_H_
#define PALERMO_NODE_TRUST_DOCUMENT_BODY_H_

#include <string_view>

#include "absl/status/status.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::trust {

// BAD_DOCUMENT: "roster: its format is not 1".
absl::Status Bad(std::string_view what, std::string_view text);

absl::Status CheckRosterBody(const v1::Roster& roster);
// `before`: the version before, or null.
absl::Status CheckDirectoryBody(const v1::Directory& directory, const v1::Directory* before);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_DOCUMENT_BODY_H_
