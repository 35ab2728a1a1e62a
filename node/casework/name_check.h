// Names that hide something or look like others. What lawful names of any language need is let
// through. For the content rules; not a public part of the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_NAME_CHECK_H_
#define PALERMO_NODE_CASEWORK_NAME_CHECK_H_

#include <string_view>

namespace palermo::casework {

// An office, a firm or who cares for a child is written over several lines if its letterhead is,
// and with the marks of direction that Hebrew and Arabic set beside "(MOJ)". No other name is.
bool IsOfficeField(std::string_view path);

// Characters that cannot be seen or change the direction of writing, where the language of the name
// has no need of them.
bool HidesInName(std::string_view name, bool office);

// A word of two scripts whose letters look alike: no language writes that.
bool MixesScripts(std::string_view name);

// Full-width letters belong to Chinese, Japanese and Korean texts. In a name of none of these they
// are kMixed if a word has usual Latin letters beside them, and else kWhole.
enum class Wide { kNone, kWhole, kMixed };
Wide WidenedLetters(std::string_view name);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_NAME_CHECK_H_
