#include "node/desk/operation_answers.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "node/casework/finding.h"
#include "node/casework/operation/membership.h"

namespace palermo::desk {
namespace {

constexpr std::string_view kRecord = "operation_record";

std::string PlaceOf(int index) { return absl::StrFormat("operation_mail.records[%d]", index); }

// What stands after `head` in the name of a field; false where it names something else.
bool IsIn(std::string_view field, std::string_view head, std::string_view& rest) {
  if (field.substr(0, head.size()) != head) return false;
  rest = field.substr(head.size());
  return rest.empty() || rest[0] == '.';
}

}  // namespace

v1::OverriddenFinding AnswerInMail(const v1::OverriddenFinding& entry, int index) {
  const casework::Overridden answered = casework::ParseOverridden(entry.rule());
  std::string_view rest;
  if (!IsIn(answered.field, kRecord, rest)) rest = "";
  v1::OverriddenFinding out = entry;
  out.set_rule(Cat({answered.rule, " at ", PlaceOf(index), rest}));
  return out;
}

OverriddenFindings AnswersAbout(const v1::OperationMail& mail, const OverriddenFindings& entries,
                                int index) {
  OverriddenFindings out;
  if (index >= mail.records_size() || casework::IsWithheld(mail.records(index))) return out;
  const bool only = std::count_if(mail.records().begin(), mail.records().end(),
                                  [](const auto& r) { return !casework::IsWithheld(r); }) == 1;
  for (const v1::OverriddenFinding& entry : entries) {
    const casework::Overridden answered = casework::ParseOverridden(entry.rule());
    std::string_view rest;
    const bool names_it = IsIn(answered.field, PlaceOf(index), rest);
    if (!names_it && !(answered.field.empty() && only)) continue;
    v1::OverriddenFinding& one = out.emplace_back(entry);
    one.set_rule(rest.empty() ? std::string(answered.rule)
                              : Cat({answered.rule, " at ", kRecord, rest}));
  }
  return out;
}

void KeepShownAnswers(const v1::OperationMail& before, v1::CaseBody& shown) {
  const OverriddenFindings entries(shown.overridden().begin(), shown.overridden().end());
  shown.clear_overridden();
  for (int i = 0; i < shown.operation_mail().records_size(); ++i) {
    if (casework::IsWithheld(shown.operation_mail().records(i))) continue;
    for (const v1::OverriddenFinding& entry : AnswersAbout(before, entries, i)) {
      *shown.add_overridden() = AnswerInMail(entry, i);
    }
  }
}

}  // namespace palermo::desk
