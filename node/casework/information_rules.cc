// Information that is no request for evidence: UNTOC 18(4), 27, financial intelligence, questions
// for a hit.
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Family;
using v1::Request;

const Request* InformationIn(const RuleInput& in) {
  const Request* r = RequestIn(in);
  const Family::Code family = in.context.family;
  const bool informs = family == Family::SPONTANEOUS || family == Family::LAW_ENFORCEMENT_INFO ||
                       family == Family::FIU || family == Family::HIT_QUERY;
  return r != nullptr && informs && !r->has_public_release() ? r : nullptr;
}

// "B2" of some scheme, "B21" with a handling; whoever writes words or a scheme's name is not
// judged.
bool IsGrade(std::string_view text) {
  for (const GradingScheme& scheme : GradingSchemes()) {
    if (scheme.source.find(text[0]) == std::string_view::npos ||
        scheme.info.find(text[1]) == std::string_view::npos) {
      continue;
    }
    if (text.size() == 2 || scheme.handling.find(text[2]) != std::string_view::npos) return true;
  }
  return false;
}

void CheckGrade(const RuleInput& in, Report& report) {
  constexpr size_t kShortest = 2, kLongest = 3;
  const Request* r = InformationIn(in);
  if (r == nullptr || IsBlank(r->evaluation())) return;
  std::string code;
  for (char c : r->evaluation()) {
    if (c != ' ' && c != '/' && c != '-') code += c;
  }
  if (code.size() < kShortest || code.size() > kLongest) return;
  if (!IsGrade(code)) report.Say("R-INT-01.grade", "request.evaluation");
}

constexpr Rule kRules[] = {
    {{"R-INT-01", "E", "UNTOC 27", "the evaluation of an information is no grade of a scheme"},
     CheckGrade},
};

}  // namespace

std::span<const Rule> InformationRules() { return kRules; }

}  // namespace palermo::casework
