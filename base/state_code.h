// Names of participants. A state is an ISO 3166-1 alpha-2 code ("PA"), an authority is
// "PA/central", an officer "PA/central/o-0007". One spelling each: the checks below are the
// grammar.
#ifndef PALERMO_BASE_STATE_CODE_H_
#define PALERMO_BASE_STATE_CODE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace palermo {

// Two upper-case letters. Whether the state takes part is the roster's answer.
bool IsStateCode(std::string_view text);
// User-assigned codes (AA, QM..QZ, XA..XZ, ZZ): allowed in exercise rosters only.
bool IsExerciseStateCode(std::string_view text);
// "PA/central": state, slash, [a-z0-9-]{1,64} that begins with a letter.
bool IsAuthorityId(std::string_view text);
// "PA/central/o-0007": authority, slash, [a-z0-9-]{1,64}.
bool IsOfficerId(std::string_view text);

// The state of an authority or officer id. REQUIRES: IsAuthorityId or IsOfficerId.
std::string StateOf(std::string_view id);
// The authority of an officer id. REQUIRES: IsOfficerId.
std::string AuthorityOf(std::string_view officer_id);

}  // namespace palermo

#endif  // PALERMO_BASE_STATE_CODE_H_
