// The rows of ReportRules that look at the fields of a report; inside the room only. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_REPORT_RULES_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_REPORT_RULES_H_

#include "node/casework/rules.h"

namespace palermo::casework {

void CheckRouteWords(const RuleInput& in, Report& report);
void CheckRouteLabel(const RuleInput& in, Report& report);
void CheckRouteFields(const RuleInput& in, Report& report);
void CheckMethodFields(const RuleInput& in, Report& report);
void CheckReportTexts(const RuleInput& in, Report& report);
void CheckSchemeHandling(const RuleInput& in, Report& report);
void CheckReportFound(const RuleInput& in, Report& report);
void CheckReportFormLeft(const RuleInput& in, Report& report);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_REPORT_RULES_H_
