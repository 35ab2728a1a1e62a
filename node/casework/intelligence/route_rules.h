// The rules of intelligence: evaluation, counts instead of names, legs, risk to life, what follows
// a record. docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_RULES_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_RULES_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

// R-INT-01, -02, -04, -07, R-SOM-01, R-SOM-08, R-ID-*, R-GEN-01. `at` is the report's path, `now`
// an instant of ISO 8601 or "" for unknown.
std::vector<Finding> CheckRoute(const v1::RouteReport& report, const std::string& now,
                                const std::string& at);
std::vector<Finding> CheckDocumentMethod(const v1::DocumentMethodReport& report,
                                         const std::string& at);
// The legs as their numbers say, where each has one of its own; else as they stand.
std::vector<int> InOrder(const v1::RouteReport& report);

// True if an officer should be asked to send a rescue alert now, R-SOM-08: the sighting is recent,
// or nobody can read when it was.
bool NeedsRescueAlert(const v1::RouteReport& report, const std::string& now);
// What that alert would say: place and vehicle of the leg on which people were seen in danger last,
// of the last leg when none says a danger.
v1::RescueAlert ProposeRescueAlert(const v1::RouteReport& report);

// R-INT-03: another evaluation says who and why.
std::vector<Finding> CheckReevaluation(const v1::Reevaluation& event);
// R-INT-05: an officer decides what follows a hit.
std::vector<Finding> CheckHitFollowUp(const v1::HitFollowUp& event);
// R-INT-06: a state that received a record has not answered its recall or correction.
std::vector<Finding> CheckAnswers(const std::vector<std::string>& recipients,
                                  const std::vector<std::string>& answered);

// Paths of members of a report in JSON that say who somebody is: what the typed report has no place
// for. Numbers are counts and never meant. Texts that hold personal data (personal_data.h), where
// the report is not judged by R-INT-04.text, which a reason may answer.
enum class InTexts { kNothing, kPersonalData };
std::vector<std::string> PersonalMembers(const google::protobuf::Struct& report,
                                         const std::string& at, InTexts texts = InTexts::kNothing);
// The same for a column of a table.
bool IsPersonalWord(std::string_view member);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_RULES_H_
