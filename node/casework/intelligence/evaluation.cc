#include "node/casework/intelligence/evaluation.h"

#include <algorithm>
#include <iterator>

#include "base/bytes.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

constexpr GradingScheme kSchemes[] = {{"EUROPOL_4X4", "ABCX", "1234", ""},
                                      {"UK_5X5X5", "ABCDE", "12345", "12345"},
                                      {"UK_3X5X2", "123", "ABCDE", "PC"},
                                      {"NATO_6X6", "ABCDEF", "123456", ""}};

struct Meaning {
  std::string_view scheme;
  char code;
  std::string_view words;
};
constexpr Meaning kSourceMeanings[] = {
    {"EUROPOL_4X4", 'A', "no doubt, or always reliable"},
    {"EUROPOL_4X4", 'B', "mostly reliable"},
    {"EUROPOL_4X4", 'C', "mostly unreliable"},
    {"EUROPOL_4X4", 'X', "cannot be assessed"},
    {"UK_5X5X5", 'A', "always reliable"},
    {"UK_5X5X5", 'B', "mostly reliable"},
    {"UK_5X5X5", 'C', "sometimes reliable"},
    {"UK_5X5X5", 'D', "unreliable"},
    {"UK_5X5X5", 'E', "untested"},
    {"UK_3X5X2", '1', "reliable"},
    {"UK_3X5X2", '2', "untested"},
    {"UK_3X5X2", '3', "not reliable"},
    {"NATO_6X6", 'A', "completely reliable"},
    {"NATO_6X6", 'B', "usually reliable"},
    {"NATO_6X6", 'C', "fairly reliable"},
    {"NATO_6X6", 'D', "not usually reliable"},
    {"NATO_6X6", 'E', "unreliable"},
    {"NATO_6X6", 'F', "cannot be judged"},
};
constexpr Meaning kInfo[] = {
    {"EUROPOL_4X4", '1', "accuracy not in doubt"},
    {"EUROPOL_4X4", '2', "known personally to the source, not to the official"},
    {"EUROPOL_4X4", '3', "not known to the source, but corroborated"},
    {"EUROPOL_4X4", '4', "not known, and cannot be corroborated"},
    {"UK_5X5X5", '1', "true without reservation"},
    {"UK_5X5X5", '2', "known personally to the source"},
    {"UK_5X5X5", '3', "not known personally, but corroborated"},
    {"UK_5X5X5", '4', "cannot be judged"},
    {"UK_5X5X5", '5', "suspected to be false or malicious"},
    {"UK_3X5X2", 'A', "known directly"},
    {"UK_3X5X2", 'B', "known indirectly, but corroborated"},
    {"UK_3X5X2", 'C', "known indirectly"},
    {"UK_3X5X2", 'D', "not known"},
    {"UK_3X5X2", 'E', "suspected to be false"},
    {"NATO_6X6", '1', "confirmed by other sources"},
    {"NATO_6X6", '2', "probably true"},
    {"NATO_6X6", '3', "possibly true"},
    {"NATO_6X6", '4', "doubtful"},
    {"NATO_6X6", '5', "improbable"},
    {"NATO_6X6", '6', "cannot be judged"},
};

template <size_t n>
std::string_view Find(const Meaning (&rows)[n], std::string_view scheme, std::string_view code) {
  const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Meaning& m) {
    return m.scheme == scheme && code.size() == 1 && code[0] == m.code;
  });
  return row == std::end(rows) ? "" : row->words;
}

// The scheme's own code, or one of the H-codes that go with any of them.
bool IsHandling(const GradingScheme& scheme, const std::string& code) {
  if (code.empty() || OneOf(code, {"H0", "H1", "H2", "H3"})) return true;
  return code.size() == 1 && scheme.handling.find(code) != std::string_view::npos;
}

}  // namespace

std::span<const GradingScheme> GradingSchemes() { return kSchemes; }

void CheckCode(const v1::Evaluation& evaluation, const std::string& at, std::vector<Finding>& out) {
  const auto* row =
      std::find_if(std::begin(kSchemes), std::end(kSchemes),
                   [&](const GradingScheme& s) { return s.name == evaluation.scheme(); });
  const auto in = [](std::string_view codes, const std::string& code) {
    return code.size() == 1 && codes.find(code) != std::string_view::npos;
  };
  if (row == std::end(kSchemes) || !in(row->source, evaluation.source()) ||
      !in(row->info, evaluation.info()) || !IsHandling(*row, evaluation.handling())) {
    Tell("R-INT-02.code", at, out);
  }
}

void CheckEvaluation(const v1::Evaluation* evaluation, const std::string& evidence_status,
                     const std::string& at, std::vector<Finding>& out) {
  const std::string here = Cat({at, ".evaluation"});
  const bool empty = evaluation == nullptr || evaluation->ByteSizeLong() == 0;
  if (empty || evidence_status == "EVIDENCE") {
    Tell("R-INT-01.evaluation", here, out);
    return;
  }
  CheckCode(*evaluation, here, out);
}

std::string_view SourceMeaning(std::string_view scheme, std::string_view code) {
  return Find(kSourceMeanings, scheme, code);
}
std::string_view InfoMeaning(std::string_view scheme, std::string_view code) {
  return Find(kInfo, scheme, code);
}

std::optional<int> StixConfidence(const v1::Evaluation& evaluation) {
  constexpr std::string_view kGrades = "EDCBA";
  if (evaluation.scheme() != "NATO_6X6" || evaluation.source().size() != 1) return std::nullopt;
  const size_t at = kGrades.find(evaluation.source());
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<int>(at) * 25;
}

}  // namespace palermo::casework
