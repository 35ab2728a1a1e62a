// casework_rules --markdown [SOURCE]: prints docs/rules.md. SOURCE is the root of the project.
#include <cstdio>
#include <string>

#include "node/casework/cases/rules_page.h"

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::string(argv[1]) != "--markdown") {
    std::fprintf(stderr, "usage: casework_rules --markdown [SOURCE] > docs/rules.md\n");
    return 2;
  }
  const std::string root = argc == 3 ? argv[2] : ".";
  std::fputs(palermo::casework::RulesPage(palermo::casework::TestsThatFire(root)).c_str(), stdout);
  return 0;
}
