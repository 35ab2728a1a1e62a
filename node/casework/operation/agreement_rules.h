// The rows of OperationRecordRules that look at an agreement, and at who is to join; inside the
// room only. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_AGREEMENT_RULES_H_
#define PALERMO_NODE_CASEWORK_OPERATION_AGREEMENT_RULES_H_

#include "node/casework/rules.h"

namespace palermo::casework {

// Every clause, in words that say something, and a period that can be.
void CheckAgreementClauses(const RuleInput& in, Report& report);
// Parties, officers, numbers and languages fit each other.
void CheckAgreementFits(const RuleInput& in, Report& report);
void CheckNewcomersBasis(const RuleInput& in, Report& report);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_AGREEMENT_RULES_H_
