// What a node gives to those who ask it: monitoring, and an officer's desk.
#ifndef PALERMO_TESTS_SYSTEM_GIVEN_OUT_H_
#define PALERMO_TESTS_SYSTEM_GIVEN_OUT_H_

#include <string>

#include "tests/system/programs.h"

namespace palermo::testing {

// GET over loopback, as a monitoring system does.
std::string AnswerTo(const std::string& endpoint, const std::string& path);

// All that a node gives to an officer: what a desk gets under TLS.
std::string AllMessages(Programs& programs, const std::string& state);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_GIVEN_OUT_H_
