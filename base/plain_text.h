// Text that another machine wrote, before it goes into a log, a message or onto a screen.
#ifndef PALERMO_BASE_PLAIN_TEXT_H_
#define PALERMO_BASE_PLAIN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace palermo {

// At most `max_bytes`, which end with a whole character. Control characters, C1's too, become
// blanks, and bytes that are not UTF-8 become '?': a protobuf string takes the result.
std::string PlainText(std::string_view text, size_t max_bytes);

}  // namespace palermo

#endif  // PALERMO_BASE_PLAIN_TEXT_H_
