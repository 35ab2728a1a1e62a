// docs/rules.md from the code: every rule of the catalogue, and the tests that fire it. Reads the
// source tree; a tool of the build, no part of a program that runs.
#ifndef PALERMO_NODE_CASEWORK_CASES_RULES_PAGE_H_
#define PALERMO_NODE_CASEWORK_CASES_RULES_PAGE_H_

#include <map>
#include <string>
#include <vector>

namespace palermo::casework {

// Rule id -> names of test files under `root`/node/casework that expect a finding of it.
std::map<std::string, std::vector<std::string>> TestsThatFire(const std::string& root);
std::string RulesPage(const std::map<std::string, std::vector<std::string>>& tests);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_RULES_PAGE_H_
