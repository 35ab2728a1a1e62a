// What a person must read before the command goes on: to standard error, also where that is no
// terminal but a script's log. Context::progress is for what may be missed.
#ifndef PALERMO_NODE_CLI_TELL_H_
#define PALERMO_NODE_CLI_TELL_H_

#include <cstdio>
#include <string>

namespace palermo::cli {

inline void Tell(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_TELL_H_
