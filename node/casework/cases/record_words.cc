#include "node/casework/cases/record_words.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

// Each word under `name` is one of the list of `field` in `message`.
void JudgeList(const Struct& object, const char* name, const char* message, const char* field,
               const std::string& at, std::vector<Finding>& findings) {
  for (const std::string& word : OneOrMore(object, name)) {
    if (IsWordOf(message, field, word)) continue;
    Tell("R-GEN-01.enum", at + "." + name, findings);
    return;
  }
}

bool IsOfBoarding(const Struct& record) {
  const auto type = TypeOfRecord(record);
  return type == AssistanceType::BOARDING_AUTHORIZATION ||
         type == AssistanceType::FLAG_CONFIRMATION;
}

// What an answer about a document may say, domain 2.5.
bool IsAnswerWord(const std::string& word) {
  return OneOf(word, {"GENUINE_VALID", "GENUINE_EXPIRED", "GENUINE_REVOKED", "REPORTED_LOST_STOLEN",
                      "NOT_ISSUED", "ALTERED", "CANNOT_SAY"});
}

}  // namespace

void JudgeRecordWords(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  if (const Struct* handling = ObjectOf(record, "handling")) {
    JudgeList(*handling, "tlp", "Marked", "tlp", at + ".handling", findings);
    JudgeList(*handling, "code", "Marked", "code", at + ".handling", findings);
  }
  const bool route = Member(record, "legs") != nullptr && Member(record, "kind") != nullptr;
  if (route) {
    JudgeList(record, "kind", "RouteReport", "kind", at, findings);
    JudgeList(record, "risk_to_life", "RouteReport", "risk_to_life", at, findings);
    if (const Struct* network = ObjectOf(record, "network")) {
      JudgeList(*network, "roles", "RouteNetwork", "roles", at + ".network", findings);
    }
  }
  const std::string jurisdiction = TextOf(record, "jurisdiction");
  const bool known = OneOf(jurisdiction, {"", "RETAINED", "WAIVED", "CONSULT"});
  if (!known && !TextOf(record, "decision").empty()) {
    Tell("R-GEN-01.enum", at + ".jurisdiction", findings);
  }
  if (IsOfBoarding(record)) JudgeList(record, "suspicion", "Item", "suspicion", at, findings);
  const Struct* answer = ObjectOf(record, "answer");
  if (answer == nullptr || TypeOfRecord(record) != AssistanceType::VERIFY_DOCUMENT) return;
  const std::string result = TextOf(*answer, "result");
  if (!result.empty() && !IsAnswerWord(result)) {
    Tell("R-GEN-01.enum", at + ".answer.result", findings);
  }
}

void JudgeNoBasis(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  const bool rests =
      IsOfBoarding(record) || TypeOfRecord(record) == AssistanceType::VERIFY_NATIONALITY;
  if (rests && AnyText(record, "basis").empty() && TextOf(record, "context").empty() &&
      TextOf(record, "instrument").empty()) {
    Tell("R-DIR-03.missing", at + ".basis", findings);
  }
}

void JudgeNoElements(const Struct& request, std::vector<Finding>& findings) {
  const Struct* basis = ObjectOf(request, "basis");
  const Value* offences = Member(request, "offence");
  if (basis == nullptr || TextOf(*basis, "instrument") != "TIP" || offences == nullptr) return;
  const auto& all = offences->list_value().values();
  const bool some = std::any_of(all.begin(), all.end(), [](const Value& offence) {
    return Member(offence.struct_value(), "tip") != nullptr;
  });
  if (!some && !all.empty()) Tell("R-TIP-01.acts", "request.offence[0].tip", findings);
}

void JudgeEarlyBoarding(const Struct& given, const Struct& changed,
                        std::vector<Finding>& findings) {
  const Struct* before = ObjectOf(given, "records");
  const Struct* records = ObjectOf(changed, "records");
  if (before == nullptr || records == nullptr) return;
  const Struct* answer = ObjectOf(*records, "answer");
  const Struct* result = ObjectOf(*records, "result");
  const Struct* first = ObjectOf(*before, "result");
  if (answer == nullptr || result == nullptr || first == nullptr) return;
  const std::string time = TextOf(*result, "boarded_at");
  const auto answered = ParseInstant(TextOf(*answer, "at")), boarded = ParseInstant(time);
  const bool free = SaysOneOf(
      *result, {"imminent_danger_to_life", "imminent_danger", "danger_to_life", "life_in_danger",
                "other_treaty", "other_treaty_basis", "treaty_basis", "under_treaty"});
  const bool judged = TextOf(*answer, "decision") == "AUTHORISED" && !free && answered.ok() &&
                      boarded.ok() && time != TextOf(*first, "boarded_at");
  if (judged && *boarded < *answered) {
    Tell("R-SEA-05.unauthorised", "records.result.boarded_at", findings);
  }
}

void JudgeApprovals(const Struct& release, const std::string& at, std::vector<Finding>& findings) {
  const auto officers = TextsOf(release, "approved_by");
  const bool same = officers.size() > 1 &&
                    std::all_of(officers.begin(), officers.end(),
                                [&](const auto& officer) { return officer == officers.front(); });
  if (same) Tell("R-AUTH-02.same", at + ".approved_by", findings);
}

void JudgeNamedBesideSeal(const Struct& record, const std::string& at,
                          std::vector<Finding>& findings) {
  constexpr std::string_view kSealed = "_sealed";
  for (const auto& [name, value] : record.fields()) {
    if (!std::string_view(name).ends_with(kSealed) || !SaysYes(&value)) continue;
    const std::string who = name.substr(0, name.size() - kSealed.size());
    const std::string named = who + "_name";
    if (!TextOf(record, named).empty()) Tell("R-SEAL-01.identity", at + "." + named, findings);
  }
}

}  // namespace palermo::casework
