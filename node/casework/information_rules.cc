// Information that is no request for evidence: UNTOC 18(4), 27, financial intelligence, questions
// for a hit.
#include <algorithm>

#include "absl/strings/ascii.h"
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

// "B2" or "99", but not "low", "N/A" or the "4x4" of a scheme's name: words are not judged.
bool LooksLikeAGrade(std::string_view code) {
  constexpr size_t kShortest = 2, kLongest = 3;
  if (code.size() < kShortest || code.size() > kLongest) return false;
  const auto digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  const bool plain = std::all_of(code.begin(), code.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c));
  });
  const bool by = code.size() == kLongest && digit(code[0]) &&
                  absl::ascii_tolower(static_cast<unsigned char>(code[1])) == 'x' && digit(code[2]);
  return plain && !by && std::any_of(code.begin(), code.end(), digit);
}

void CheckGrade(const RuleInput& in, Report& report) {
  const Request* r = InformationIn(in);
  if (r == nullptr || IsBlank(r->evaluation())) return;
  std::string code;
  for (char c : r->evaluation()) {
    if (c != ' ' && c != '/' && c != '-') code += c;
  }
  if (LooksLikeAGrade(code) && !IsGrade(code)) report.Say("R-INT-01.grade", "request.evaluation");
}

constexpr Rule kInformationRules[] = {
    {{"R-INT-01", "E", "UNTOC 27", "the evaluation of an information is no grade of a scheme"},
     CheckGrade},
};

}  // namespace

std::span<const Rule> InformationRules() { return kInformationRules; }

}  // namespace palermo::casework
