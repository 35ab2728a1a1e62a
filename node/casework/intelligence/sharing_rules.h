// What follows a record, consent, recall, correction and answers, is complete enough to count.
// Pure; thread-safe. docs/formats/intelligence.md.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_SHARING_RULES_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_SHARING_RULES_H_

#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// R-GEN-01. Nothing for any other body. What has a finding has no effect on a record: a desk enters
// it in its casebook as a message, and as nothing else.
std::vector<Finding> CheckSharing(const v1::CaseBody& body);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_SHARING_RULES_H_
