// How texts write the words of a name: joined, cut, in Chinese characters. Inside the room. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_LEAK_NAMES_H_
#define PALERMO_NODE_CASEWORK_LEAK_NAMES_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "node/casework/leak_fold.h"

namespace palermo::casework {

// Parts of names that name nobody, as folded: "van", "bin".
bool IsParticle(std::string_view part);

// The ways to write words of this name as one: "Vanderberg" for "van der Berg", "Abdulrahman" for
// "Abd al-Rahman", and from one of the latter to the others. As folded.
std::set<std::string> JoinedSpellings(std::string_view name, const FoldedText& folded);

// Whether a text may write one word of a name as these.
bool MayBeCut(std::string_view source, const FoldedText& text, size_t first, size_t last);

// Whether a Chinese name of few letters stands there: the first character is one of the hundred
// most usual family names, and the characters are no word of the language. Without that "Li Wu"
// would be found in every gift, and "Ren Wu" in every task.
bool IsShortHanName(std::string_view source, const FoldedText& text, size_t first, size_t last);

// Words of two characters that every file has, that begin with a usual family name, and that nobody
// is named: "plan" (Fang An), "any" (Ren He).
bool IsUsualHanWord(std::string_view characters);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_LEAK_NAMES_H_
