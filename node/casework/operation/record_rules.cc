#include "node/casework/operation/record_rules.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr char kAt[] = "operation_record";

void CheckToken(const std::string& token, std::string_view field, Report& report) {
  if (!token.empty() && !IsPersonToken(token)) {
    report.Say("R-GEN-01.token", Cat({kAt, ".", field}));
  }
}

void CheckTokensOfRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  CheckToken(r.victim().token(), "victim.token", report);
  CheckToken(r.arrest().token(), "arrest.token", report);
}

void CheckRecordTimes(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  const auto date = [&](const std::string& text, std::string_view field) {
    if (!text.empty() && !ParseInstant(text).ok()) {
      report.Say("R-GEN-01.sighting", Cat({kAt, ".", field}));
    }
  };
  date(r.tasking().start_utc(), "tasking.start_utc");
  date(r.tasking().place_released_at(), "tasking.place_released_at");
  date(r.arrest().at(), "arrest.at");
  date(r.situation().at(), "situation.at");
}

// What has no time cannot be held against anything: it is no order and no link of a chain.
void CheckMissingTimes(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_tasking() && !IsBlank(r.tasking().authority().ref()) && !SaysItsTimes(r.tasking())) {
    report.Say("R-AUTH-03.order", Cat({kAt, ".tasking.authority"}));
  }
  for (int i = 0; i < r.evidence().events_size(); ++i) {
    if (!r.evidence().events(i).at().empty()) continue;
    report.Say("R-COC-01.gap", At(Cat({kAt, ".evidence.events"}), i));
  }
}

// Who founds: each state once and by its own authority, and a basis for every pair.
void CheckParties(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_agreement()) return;
  std::vector<std::string> states;
  for (const auto& party : r.agreement().parties()) {
    const bool own =
        IsAuthorityId(party.authority()) && StateOf(party.authority()) == party.state();
    const bool twice = std::find(states.begin(), states.end(), party.state()) != states.end();
    if (!own || twice) report.Say("R-GEN-01.party", Cat({kAt, ".agreement.parties"}));
    states.push_back(party.state());
  }
  if (!CheckFounding(r.agreement(), states, "").empty()) {
    report.Say("R-JIT-07.consents", Cat({kAt, ".agreement.basis"}));
  }
}

constexpr Rule kOperationRecordRules[] = {
    {{"R-JIT-07, R-GEN-01", "E", "2AP 20(1)",
      "a pair of parties has no basis; a party stands twice or under another state's authority"},
     CheckParties},
    {{"R-GEN-01", "E", "TIP 6(1)", "the token of a person is no HMAC: it could be a name"},
     CheckTokensOfRecord},
    {{"R-GEN-01", "E", "", "a time of a record cannot be read"}, CheckRecordTimes},
    {{"R-AUTH-03, R-COC-01", "E", "2AP 20(3)",
      "a task or its order, or a hand in the chain of custody, says no time"},
     CheckMissingTimes},
};

}  // namespace

TextArgs RecordSizes() {
  return {{"parents", absl::StrFormat("%d", limits::kMaxOperationParents)},
          {"counters", absl::StrFormat("%d", limits::kMaxClosingCounters)},
          {"parts", absl::StrFormat("%d", kMaxRepeatedParts)}};
}

bool IsPersonToken(std::string_view token) {
  constexpr std::string_view kMark = "hmac:";
  constexpr size_t kDigits = 64;
  if (token.size() != kMark.size() + kDigits || token.substr(0, kMark.size()) != kMark) {
    return false;
  }
  return token.find_first_not_of("0123456789abcdef", kMark.size()) == std::string_view::npos;
}

bool SaysItsTimes(const v1::Tasking& task) {
  return ParseInstant(task.start_utc()).ok() && ParseInstant(task.authority().valid_to()).ok();
}

std::span<const Rule> OperationRecordRules() { return kOperationRecordRules; }

}  // namespace palermo::casework
