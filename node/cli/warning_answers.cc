#include "node/cli/warning_answers.h"

#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/catalogue.h"
#include "node/casework/finding.h"
#include "node/casework/operation/personal_data.h"

namespace palermo::cli {

Option OverrideOption() {
  return {"--override", "RULE=REASON", "send it in spite of a warning; a second officer approves",
          false, true};
}

absl::Status AnswerWarnings(const Args& args, v1::CaseBody* body) {
  for (const std::string& text : args.All("--override")) {
    const size_t sign = text.find('=');
    const std::string rule = text.substr(0, sign);
    const std::string reason = sign == std::string::npos ? "" : text.substr(sign + 1);
    if (rule.empty() || sign == std::string::npos) {
      return UsageError("--override is RULE=REASON");
    }
    if (!casework::IsReason(reason)) {
      return UsageError(Cat({"--override ", rule,
                             ": the reason says nothing. Write in words why it must stand there"}));
    }
    if (casework::HoldsPersonalData(reason)) {
      return InputError("PERSONAL_DATA",
                        Cat({"--override ", rule,
                             ": the reason seems to hold a date of birth, the number of a document "
                             "or a telephone number, and whoever reads the record reads it. Give "
                             "the reason without it"}));
    }
    v1::OverriddenFinding& entry = *body->add_overridden();
    entry.set_rule(rule);
    entry.set_reason(reason);
  }
  return absl::OkStatus();
}

void KeepWhoAnswered(const std::string& sender, const std::string& own, v1::CaseBody* body) {
  for (v1::OverriddenFinding& entry : *body->mutable_overridden()) {
    if (entry.state() == own) {
      entry.clear_state();
    } else if (entry.state().empty() && sender != own) {
      entry.set_state(sender);
    }
  }
}

std::string AnswerLine(const v1::OverriddenFinding& entry) {
  const bool known = casework::FindRule(casework::ParseOverridden(entry.rule()).rule) != nullptr;
  return Cat({entry.state().empty() ? "The drafter" : Cat({"The author in ", entry.state()}),
              " overrode ", known ? "" : "rule ", entry.rule(), known ? "" : ", not known here",
              ": ", entry.reason()});
}

}  // namespace palermo::cli
