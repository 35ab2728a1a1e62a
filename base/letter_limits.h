// The maxima of a letter on paper, beside limits.h: a text of it, and the whole.
#ifndef PALERMO_BASE_LETTER_LIMITS_H_
#define PALERMO_BASE_LETTER_LIMITS_H_

#include <cstddef>

namespace palermo::limits {

inline constexpr size_t kMaxLetterTextBytes = 64 * 1024;
inline constexpr int kMaxLetterPages = 500;

}  // namespace palermo::limits

#endif  // PALERMO_BASE_LETTER_LIMITS_H_
