#include "node/casework/cases/followup.h"

#include <memory>

#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

bool IsPreservation(const Struct& record) {
  return TypeOfRecord(record) == AssistanceType::PRESERVE_DATA;
}

// The preservation that the event names, else the first of the case; null for none.
const Struct* PreservationIn(const Deed& deed) {
  const Struct* named = ObjectNamed(deed);
  if (named != nullptr && IsPreservation(*named)) return named;
  const Struct* records = ObjectOf(deed.json, "records");
  if (records == nullptr) return nullptr;
  for (const std::string& name : SortedNames(*records)) {
    const Struct* record = ObjectOf(*records, name);
    if (record != nullptr && IsPreservation(*record)) return record;
  }
  return nullptr;
}

bool IsFollowUp(const Deed& deed) {
  const std::string type = TextOf(deed.event, "type");
  if (OneOf(type, {"FOLLOWUP", "FOLLOW_UP", "FOLLOWUP_REQUEST", "FOLLOW_UP_REQUEST",
                   "FOLLOWUP_RECEIVED", "FOLLOWUP_SENT"})) {
    return true;
  }
  return OneOf(type, {"MLA_REQUEST", "REQUEST", "MLA"}) &&
         OneOf(deed.in_state, {"PRESERVED", "FOLLOWUP_RECEIVED"});
}

void TakeDirections(const Mapped& mapped, std::vector<Finding>& findings) {
  for (Finding& finding : CheckBody(mapped.context, mapped.body)) {
    const bool kept =
        OneOf(finding.rule, {"R-DIR-01", "R-DIR-02", "R-DIR-03", "R-DIR-06", "R-LANG-01"});
    if (kept) findings.push_back(std::move(finding));
  }
}

std::unique_ptr<Mapped> MapFamily(Struct record, const std::string& name, const CaseFacts& facts) {
  Put(record, "type", TextValue("CRIMINAL_RECORD"));  // any assistance of the family
  auto mapped = MapRecord(record, name, facts);
  const auto family = ParseFamily(TextOf(record, "family"));
  if (family.ok()) mapped->context.family = *family;
  return mapped;
}

}  // namespace

v1::Family::Code FamilyOfRecord(AssistanceType::Code type, const Struct& record) {
  const bool follows = type == AssistanceType::DISCLOSE_PRESERVED_TRAFFIC ||
                       type == AssistanceType::ACCESS_STORED_DATA ||
                       type == AssistanceType::REALTIME_TRAFFIC ||
                       type == AssistanceType::INTERCEPT_CONTENT;
  const bool central =
      TextOf(record, "to_role") == "CENTRAL_AUTHORITY_MLA" || TextOf(record, "family") == "MLA";
  return follows && central ? v1::Family::MLA : FamilyOf(type);
}

void JudgeFamilyRecord(const Struct& record, const std::string& name, const CaseFacts& facts,
                       std::vector<Finding>& findings) {
  const bool asks = !TextOf(record, "rq").empty() && !TextOf(record, "rd").empty();
  if (!asks || !TextOf(record, "type").empty() || Member(record, "basis") == nullptr ||
      !ParseFamily(TextOf(record, "family")).ok()) {
    return;
  }
  TakeDirections(*MapFamily(record, name, facts), findings);
}

bool JudgeFollowUp(const Deed& deed, std::vector<Finding>& findings) {
  const Struct* preservation = PreservationIn(deed);
  if (preservation == nullptr || ObjectOf(deed.json, "request") != nullptr || !IsFollowUp(deed)) {
    return false;
  }
  Struct asked;
  for (const char* name : {"rq", "rd", "language"}) {
    const Value* said = Member(*preservation, name);
    if (said != nullptr) Put(asked, name, *said);
  }
  Put(asked, "family", TextValue("MLA"));
  if (const Struct* basis = ObjectOf(deed.event, "basis")) {
    ObjectIn(asked, "basis") = *basis;
  } else if (const std::string text = TextOf(deed.event, "basis"); !text.empty()) {
    Put(ObjectIn(asked, "basis"), "instrument", TextValue(text.substr(0, text.find(' '))));
  }
  for (const char* name : {"instrument", "governing_profile"}) {
    const std::string said = TextOf(deed.event, name);
    if (!said.empty()) Put(ObjectIn(asked, "basis"), name, TextValue(said));
  }
  const std::string profile = TextOf(deed.event, "profile");
  if (!profile.empty()) Put(ObjectIn(asked, "basis"), "governing_profile", TextValue(profile));
  const bool act = TextOf(deed.event, "type") == "FOLLOWUP_RECEIVED";
  if (ObjectOf(asked, "basis") == nullptr) return !act;
  Struct& basis = ObjectIn(asked, "basis");
  // The profile of one treaty names it.
  if (TextOf(basis, "instrument").empty()) {
    const std::string said = TextOf(basis, "governing_profile");
    const size_t colon = said.find(':');
    Put(basis, "instrument",
        TextValue(colon == std::string::npos ? said.substr(0, said.find('_'))
                                             : said.substr(colon + 1)));
  }
  NameTreaty(asked);
  TakeDirections(*MapFamily(asked, "event", deed.facts), findings);
  return true;
}

}  // namespace palermo::casework
