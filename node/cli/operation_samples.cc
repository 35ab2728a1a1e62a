// What an officer left in a printed form of a record as it was.
#include <algorithm>
#include <string_view>

#include "absl/strings/str_join.h"
#include "node/casework/rules.h"
#include "node/cli/operation_forms.h"

namespace palermo::cli {
namespace {

// Who, where, which reference, what happened: true of no operation. Clauses that may well be agreed
// as they are printed are none of them.
constexpr size_t kMostFields = 16;  // that are listed
constexpr std::string_view kToReplace[] = {
    kPurposeSample,
    "NAME",
    "warrant QM-77",
    "record id of the task",
    "record id of the decision",
    "record id of the target sheet",
    "where it runs",
    "what happened; no names of victims",
    "who aborts, and how",
    "QM-OFF-3",
    "GREY HERON",
    "drives the lorry; collects the money",
    "he would not let go of the door",
    "review QM-R-5",
    "Police of three states searched houses today. Inquiries go on.",
};

}  // namespace

std::vector<casework::Finding> CheckSamplesLeft(const v1::OperationRecord& record) {
  std::vector<std::string> fields;
  casework::ForTexts(
      record, "operation_record", [&](const std::string& path, const std::string& text) {
        const bool left =
            std::find(std::begin(kToReplace), std::end(kToReplace), text) != std::end(kToReplace);
        if (left && fields.size() < kMostFields) fields.push_back(path);
      });
  std::vector<casework::Finding> findings;
  if (fields.empty()) return findings;
  casework::Tell("R-GEN-04.sample", "", findings, {{"fields", absl::StrJoin(fields, ", ")}});
  return findings;
}

}  // namespace palermo::cli
