// What other states ask of us about records and nobody of ours has answered: questions for consent,
// recalls, corrections.
#include "node/casebook/questions.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casebook/casebook.h"

namespace palermo::casebook {
namespace {

bool IsQuestion(const Item& item) {
  return item.entry.incoming() && !item.content.record.empty() &&
         (item.body.has_onward_consent_request() || item.body.has_intelligence_recall() ||
          item.body.has_intelligence_correction());
}

// What our own messages answer.
struct Given {
  std::set<std::string> consents;  // message ids of the questions, in hex
  // By originator and record: an answer to a recall names the record alone, and what came after it
  // asks anew.
  std::map<std::pair<std::string, std::string>, int64_t> newest;
};

Given GivenIn(const std::vector<Item>& items) {
  Given given;
  for (const Item& item : items) {
    if (item.entry.incoming()) continue;
    if (item.body.has_onward_consent_answer()) {
      given.consents.insert(item.body.onward_consent_answer().request_id());
    } else if (item.body.has_intelligence_answer()) {
      int64_t& at = given.newest[{item.content.originator, item.content.record}];
      at = std::max(at, item.entry.recorded_at_ms());
    }
  }
  return given;
}

bool IsAnswered(const Item& asked, const Given& given) {
  if (asked.body.has_onward_consent_request()) {
    return given.consents.count(HexEncode(asked.entry.message_id())) != 0;
  }
  const auto answer = given.newest.find({asked.content.originator, asked.content.record});
  return answer != given.newest.end() && answer->second >= asked.entry.recorded_at_ms();
}

}  // namespace

std::vector<Item> UnansweredIn(std::vector<Item> items) {
  const Given given = GivenIn(items);
  std::erase_if(items,
                [&](const Item& item) { return !IsQuestion(item) || IsAnswered(item, given); });
  return items;
}

absl::StatusOr<std::vector<Item>> Casebook::Unanswered(const Access& access) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT n FROM message WHERE kind IN ('onward_consent_request', "
                        "'onward_consent_answer', 'intelligence_recall', "
                        "'intelligence_correction', 'intelligence_answer') ORDER BY at_ms, id"));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, LoadAll(std::move(find)));
  std::vector<Item> seen;
  for (Item& item : UnansweredIn(std::move(items))) {
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, casework::Way::kView, ""));
    if (decision.allowed) seen.push_back(std::move(item));
  }
  return seen;
}

}  // namespace palermo::casebook
