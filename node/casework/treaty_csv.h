// The treaty status list as text: every bad or doubtful line is told, with its number, before a
// state signs the list. docs/formats/treaty-status.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_TREATY_CSV_H_
#define PALERMO_NODE_CASEWORK_TREATY_CSV_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "node/casework/treaty.h"

namespace palermo::casework {

struct ListFinding {
  Severity severity = Severity::kError;
  int line = 0;  // 0: of the list as a whole
  std::string what;
};

struct TreatyList {
  TreatyStatus status;                // of the good lines
  std::vector<ListFinding> findings;  // by line; errors make the list unusable
  size_t instruments = 0, parties = 0, bilaterals = 0, effects = 0;
};

// `own_state` may be empty: then nothing is said about its own lines.
TreatyList ReadTreatyList(const std::string& csv, const std::string& own_state);
bool HasErrors(const TreatyList& list);

// The lines to start from: how each instrument counts and what known reservations do. Names no
// party.
std::string TreatyListTemplate();

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TREATY_CSV_H_
