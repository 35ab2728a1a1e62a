#include "node/casework/cases/followup.h"

#include <memory>
#include <string>
#include <utility>

#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/treaty.h"

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

// A record whose type is the family itself; who gives and who gets are its two states.
Struct NamesFamily(Struct record) {
  const std::string type = TextOf(record, "type");
  const bool police = OneOf(type, {"LAW_ENFORCEMENT_INFO", "POLICE_INFO"});
  if (!police && !OneOf(type, {"SPONTANEOUS_INFO", "SPONTANEOUS"})) return record;
  Take(record, "type");
  if (TextOf(record, "family").empty()) {
    Put(record, "family", TextValue(police ? "LAW_ENFORCEMENT_INFO" : "SPONTANEOUS"));
  }
  for (const auto& [said, means] :
       {std::pair("from", "rq"), std::pair("to", "rd"), std::pair("originator", "rq")}) {
    if (TextOf(record, means).empty()) Rename(record, said, means);
  }
  return record;
}

}  // namespace

bool IsFollowUpDecided(const Struct& event) {
  // "GRANTED", "REFUSED": decided, whichever way.
  const std::string decision =
      FirstOf(event, {"followup_decision", "decision", "followup_decided_at"});
  if (!decision.empty() && !OneOf(decision, {"PENDING", "NONE", "OPEN"})) return true;
  const Struct* followup = ObjectOf(event, "followup");
  const std::string said =
      followup == nullptr ? TextOf(event, "followup") : FirstOf(*followup, {"status"});
  return HasWords(said, {"decided", "decision_made"}) &&
         !HasWords(said, {"not", "to_be", "undecided"});
}

v1::Family::Code FamilyOfRecord(AssistanceType::Code type, const Struct& record) {
  const bool follows =
      type == AssistanceType::DISCLOSE_PRESERVED_TRAFFIC ||
      type == AssistanceType::ACCESS_STORED_DATA || type == AssistanceType::REALTIME_TRAFFIC ||
      type == AssistanceType::INTERCEPT_CONTENT || type == AssistanceType::SUBSCRIBER_INFO;
  const bool central =
      TextOf(record, "to_role") == "CENTRAL_AUTHORITY_MLA" || TextOf(record, "family") == "MLA";
  return follows && central ? v1::Family::MLA : FamilyOf(type);
}

void JudgeFamilyRecord(const Struct& given, const std::string& name, const CaseFacts& facts,
                       std::vector<Finding>& findings) {
  const Struct record = NamesFamily(given);
  const bool asks = !TextOf(record, "rq").empty() && !TextOf(record, "rd").empty();
  if (!asks || !TextOf(record, "type").empty() || Member(record, "basis") == nullptr ||
      !ParseFamily(TextOf(record, "family")).ok()) {
    return;
  }
  TakeDirections(*MapFamily(record, name, facts), findings);
}

void JudgeDirections(const Struct& record, const std::string& name, const CaseFacts& facts,
                     std::vector<Finding>& findings) {
  if (TypeOfRecord(record) != AssistanceType::UNSPECIFIED || TextOf(record, "type").empty() ||
      TextOf(record, "rq").empty() || TextOf(record, "rd").empty()) {
    return;
  }
  const Struct* basis = ObjectOf(record, "basis");
  const std::string said =
      basis == nullptr ? TextOf(record, "basis") : TextOf(*basis, "instrument");
  const std::string instrument = said.substr(0, said.find(' '));
  const bool named = facts.directory.treaties.Knows(instrument) || IsInstrument(instrument);
  Struct directions;
  for (const char* member : {"rq", "rd", "language", "translation"}) {
    if (const Value* said = Member(record, member)) Put(directions, member, *said);
  }
  // The instrument alone: its articles and its profile are those of no request.
  if (named) Put(ObjectIn(directions, "basis"), "instrument", TextValue(instrument));
  Put(directions, "type", TextValue("CRIMINAL_RECORD"));
  const auto mapped = MapRecord(directions, name, facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    // Whether the instrument carries such a record is not asked: only who is bound by it.
    const bool parties =
        named && OneOf(finding.rule, {"R-DIR-03", "R-DIR-06"}) && finding.key != "R-DIR-03.family";
    const bool kept = parties || finding.rule == "R-LANG-01";
    if (kept && finding.severity == Severity::kError) findings.push_back(std::move(finding));
  }
}

namespace {

// "TREATY:BIL-1", "BILATERAL:BIL-1", "UNTOC_18", "UNTOC 18(1)", "BY_AGREEMENT_UNTOC_18": the
// instrument alone.
std::string InstrumentIn(std::string text, const TreatyStatus& treaties) {
  for (const char* prefix : {"TREATY:", "BILATERAL:"}) {
    if (text.rfind(prefix, 0) == 0) return text.substr(std::string_view(prefix).size());
  }
  constexpr std::string_view kAgreed = "BY_AGREEMENT_";
  if (text.starts_with(kAgreed)) text = text.substr(kAgreed.size());
  text = text.substr(0, text.find(' '));
  const std::string head = text.substr(0, text.find('_'));
  return treaties.Knows(head) ? head : text;
}

// What the event says of the basis, in the members of the form; without "basis" when it says none.
Struct AskedIn(const Deed& deed, const Struct& preservation) {
  Struct asked;
  for (const char* name : {"rq", "rd", "language"}) {
    const Value* said = Member(preservation, name);
    if (said != nullptr) Put(asked, name, *said);
  }
  for (const char* name : {"rq", "rd", "to_role", "channel", "translation"}) {
    const Value* said = Member(deed.event, name);
    if (said != nullptr) Put(asked, name, *said);
  }
  // The event's words for a language are those of a refusal's reasons.
  const std::string language = TextOf(deed.event, "reasons_lang");
  if (!language.empty()) Put(asked, "language", TextValue(language));
  Put(asked, "family", TextValue("MLA"));
  if (const Struct* basis = ObjectOf(deed.event, "basis")) {
    ObjectIn(asked, "basis") = *basis;
  } else if (const std::string text = TextOf(deed.event, "basis"); !text.empty()) {
    Put(ObjectIn(asked, "basis"), "instrument", TextValue(text));
  }
  for (const auto& [name, means] :
       {std::pair("instrument", "instrument"), std::pair("governing_profile", "governing_profile"),
        std::pair("profile", "governing_profile"), std::pair("agreement_ref", "agreement_ref")}) {
    const std::string said = TextOf(deed.event, name);
    if (!said.empty()) Put(ObjectIn(asked, "basis"), means, TextValue(said));
  }
  return asked;
}

// Instrument and profile, where one of the two was said: each names the other.
void CompleteBasis(Struct& asked, const TreatyStatus& treaties) {
  Struct& basis = ObjectIn(asked, "basis");
  for (const char* name : {"treaty", "bilateral", "treaty_id"}) Rename(basis, name, "instrument");
  const std::string profile = TextOf(basis, "governing_profile");
  const std::string said = FirstOf(basis, {"instrument", "governing_profile"});
  if (said.empty()) return;
  const std::string instrument = InstrumentIn(said, treaties);
  Put(basis, "instrument", TextValue(instrument));
  if (profile.empty()) {
    const bool listed = treaties.Knows(instrument) || instrument == "RECIPROCITY";
    Put(basis, "governing_profile",
        TextValue(listed ? ProfileUnder(instrument, v1::Family::MLA) : "TREATY:" + instrument));
  }
  NameTreaty(asked);
}

}  // namespace

bool JudgeFollowUp(const Deed& deed, std::vector<Finding>& findings) {
  const Struct* preservation = PreservationIn(deed);
  if (preservation == nullptr || ObjectOf(deed.json, "request") != nullptr || !IsFollowUp(deed)) {
    return false;
  }
  Struct asked = AskedIn(deed, *preservation);
  // An extract may leave the basis out; null says that there is none.
  const bool silent = ObjectOf(asked, "basis") == nullptr && Member(deed.event, "basis") == nullptr;
  if (silent && TextOf(deed.event, "type") == "FOLLOWUP_RECEIVED") return false;
  CompleteBasis(asked, deed.facts.directory.treaties);
  std::vector<Finding> found;
  TakeDirections(*MapFamily(asked, "event", deed.facts), found);
  std::erase_if(found, [&](const Finding& finding) {
    return silent && OneOf(finding.rule, {"R-DIR-03", "R-DIR-06"});
  });
  findings.insert(findings.end(), found.begin(), found.end());
  return true;
}

}  // namespace palermo::casework
