// Evaluation of source and information in the originator's own scheme. Never converted, never
// averaged. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_EVALUATION_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_EVALUATION_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

struct GradingScheme {
  std::string_view name, source, info;  // "EUROPOL_4X4", "ABCX", "1234"
  std::string_view handling;            // codes of its own, beside H0 to H3
};
std::span<const GradingScheme> GradingSchemes();

// R-INT-02.
void CheckCode(const v1::Evaluation& evaluation, const std::string& at, std::vector<Finding>& out);
// R-INT-01 without an evaluation or for EVIDENCE, else R-INT-02. `at` is the record's path.
void CheckEvaluation(const v1::Evaluation* evaluation, const std::string& evidence_status,
                     const std::string& at, std::vector<Finding>& out);

// What a code means, for people: "B: mostly reliable"; "" for a code outside the scheme.
std::string_view SourceMeaning(std::string_view scheme, std::string_view code);
std::string_view InfoMeaning(std::string_view scheme, std::string_view code);
// STIX's confidence; only the admiralty scheme has numbers, and its F none.
std::optional<int> StixConfidence(const v1::Evaluation& evaluation);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_EVALUATION_H_
