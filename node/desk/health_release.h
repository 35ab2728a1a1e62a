// A warning for public health out of an alert about a product: the facts of the product alone, by a
// list of what may leave, and only when none of the alert's own identities stands in them. Pure.
#ifndef PALERMO_NODE_DESK_HEALTH_RELEASE_H_
#define PALERMO_NODE_DESK_HEALTH_RELEASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/finding.h"
#include "node/desk/drafting.h"

namespace palermo::desk {

struct HealthRelease {
  std::string to;    // "QT/health"
  std::string text;  // what happened, for the public
  std::string advice;
  std::string language = "en";
  std::vector<std::string> approved_by;
};

// The draft of a case of its own: no parents, no link, nothing else of `alert`'s request.
// NO_ALERT when the request holds no alert about a product.
absl::StatusOr<DraftFile> MakeHealthRelease(const v1::CaseBody& alert,
                                            const HealthRelease& release);
// Identities and references of `alert` that stand in the release: R-SEAL-02, R-MED-02. Names are
// looked for as the leak scan does.
std::vector<casework::Finding> CheckHealthRelease(const v1::CaseBody& alert,
                                                  const DraftFile& release);
// For a health authority that has no desk: plain text.
std::string HealthReleaseText(const v1::PublicRelease& release);
// As `palermo case new` prints a draft.
std::string DraftJson(const DraftFile& draft);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_HEALTH_RELEASE_H_
