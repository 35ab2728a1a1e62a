// The words that fields of reports take, and of what follows a report. field_words.h looks here as
// well. docs/formats/intelligence.md. Pure tables; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_WORDS_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_WORDS_H_

#include <span>
#include <string_view>

#include "node/casework/field_words.h"

namespace palermo::casework {

std::span<const FieldWords> RouteWords();
// What a record may be used for: Label.purposes.
std::span<const std::string_view> Purposes();

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_WORDS_H_
