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
using T = v1::AssistanceType;

constexpr size_t kLongestCode = 4;  // "B2H1"

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

// A question to a register, a warning of a product, evidence and the work of a laboratory are not
// graded, nor can people in danger wait for it.
bool IsGraded(Family::Code family, const Request& r) {
  if (r.has_alert()) return false;
  if (family == Family::SPONTANEOUS) return true;
  constexpr T::Code kUngraded[] = {
      T::SAMPLE_FOR_ANALYSIS,    T::LAB_RESULT,    T::BATCH_VERIFY,     T::TIMBER_TRACE,
      T::BENEFICIAL_OWNER_QUERY, T::PEP_ENQUIRY,   T::ASSET_DISCLOSURE, T::DISTRESS_ALERT,
      T::VERIFY_DOCUMENT,        T::TRACE_FIREARM, T::VERIFY_LICENCE,   T::EVIDENCE_PACKAGE};
  return family == Family::LAW_ENFORCEMENT_INFO &&
         std::none_of(r.items().begin(), r.items().end(), [&](const v1::Item& item) {
           return std::find(std::begin(kUngraded), std::end(kUngraded), item.type()) !=
                  std::end(kUngraded);
         });
}

// "EUROPOL_4X4 B2", with a handling after it: the scheme and what follows it; null for none.
const GradingScheme* SchemeIn(std::string_view text, std::string_view& rest) {
  for (const GradingScheme& scheme : GradingSchemes()) {
    if (!text.starts_with(scheme.name)) continue;
    rest = text.substr(scheme.name.size());
    return &scheme;
  }
  return nullptr;
}

// R-INT-02: a code of the scheme that the evaluation names.
bool IsCodeOf(const GradingScheme& scheme, std::string_view code) {
  v1::Evaluation evaluation;
  evaluation.set_scheme(std::string(scheme.name));
  if (code.size() > 0) evaluation.set_source(std::string(code.substr(0, 1)));
  if (code.size() > 1) evaluation.set_info(std::string(code.substr(1, 1)));
  if (code.size() > 2) evaluation.set_handling(std::string(code.substr(2)));
  std::vector<Finding> found;
  CheckCode(evaluation, "", found);
  return found.empty();
}

void CheckGrade(const RuleInput& in, Report& report) {
  const Request* r = InformationIn(in);
  if (r == nullptr) return;
  if (IsBlank(r->evaluation())) {
    if (IsGraded(in.context.family, *r)) report.Say("R-INT-01.evaluation", "request.evaluation");
    return;
  }
  std::string_view said = r->evaluation();
  const GradingScheme* scheme = SchemeIn(r->evaluation(), said);
  std::string code;
  for (char c : said) {
    if (c != ' ' && c != '/' && c != '-' && c != ':') code += c;
  }
  if (scheme != nullptr) {
    // A scheme's name alone, or words after it, are not judged.
    const bool judged = !code.empty() && code.size() <= kLongestCode;
    if (judged && !IsCodeOf(*scheme, code)) report.Say("R-INT-02.code", "request.evaluation");
  } else if (LooksLikeAGrade(code) && !IsGrade(code)) {
    report.Say("R-INT-01.grade", "request.evaluation");
  }
}

constexpr Rule kInformationRules[] = {
    {{"R-INT-01, R-INT-02", "E", "UNTOC 18(4), 27",
      "information that is graded has no evaluation, or its evaluation is no grade of a scheme "
      "(02: "
      "of the scheme that it names)"},
     CheckGrade},
};

}  // namespace

std::span<const Rule> InformationRules() { return kInformationRules; }

}  // namespace palermo::casework
