// Figures of an authority's cases by area of crime and kind of assistance: what was asked, what
// became of it, and on which grounds it was refused (HR-05). Items are counted, never persons.
// Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASE_STATISTICS_H_
#define PALERMO_NODE_CASEWORK_CASE_STATISTICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "node/casework/progress.h"

namespace palermo::casework {

// One case, as far as it was opened. What it points to must outlive the count.
struct CountedCase {
  bool sent = false;                   // our own request
  const Progress* progress = nullptr;  // with the request
  const std::vector<OpenedAct>* acts = nullptr;
};

struct AreaCell {
  std::string side;    // "SENT", "RECEIVED"
  std::string area;    // "FIREARMS"; "NOT_STATED"; "" for all areas
  std::string type;    // "TAKE_EVIDENCE"; "" for all kinds of the area
  std::string figure;  // "asked", "executed", "refused", "refused SECURITY" ...
  uint64_t value = 0;
  bool suppressed = false;

  bool operator==(const AreaCell&) const = default;
};

// By side, area, kind and figure; the whole of each comes first, and what is 0 has no cell.
// An item that one refusal names with two grounds, or two refusals name, counts once for each
// ground.
std::vector<AreaCell> CountByArea(const std::vector<CountedCase>& cases);

// What may leave the office: no number from 1 to 4, and none from which one follows. The kinds of
// an area leave whole or not at all; of an area whose own figures have a small one only `asked` is
// told, and nothing where that is small itself; a figure over all areas only where each area tells
// it.
std::vector<AreaCell> PublishableByArea(std::vector<AreaCell> cells);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASE_STATISTICS_H_
