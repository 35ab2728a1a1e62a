// The short code by which paper and message are matched. Gives: a person who types it wrongly is
// told, and finds the message. Does not give: proof. It holds 80 bits of the message id, so who
// wants two messages with one code can make them; the full id, which the letter shows too, decides.
// docs/formats/letter.md has the format.
#ifndef PALERMO_NODE_LETTER_MATCH_CODE_H_
#define PALERMO_NODE_LETTER_MATCH_CODE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace palermo::letter {

// "8TJQ-0V3M-ZK4A-7XN2-76".
std::string MatchCode(const Hash& message_id);
// What a person typed, in its one form: small letters, blanks and hyphens are taken, O is 0, I and
// L are 1. BAD_MATCH_CODE when its check digits or its length are wrong.
absl::StatusOr<std::string> ParseMatchCode(std::string_view text);
// 64 digits in groups of eight: "0f3c12ab 77...".
std::string GroupedId(const Hash& message_id);

}  // namespace palermo::letter

#endif  // PALERMO_NODE_LETTER_MATCH_CODE_H_
