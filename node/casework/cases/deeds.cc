#include "node/casework/cases/deeds.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/cases/answers.h"
#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/secrecy.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/import.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

// --- Persons

void JudgeRightsOf(const Deed& deed, std::vector<Finding>& findings) {
  Mapped result;
  result.context.act = v1::Act::FINAL_RESULT;
  result.body.set_version(1);
  Struct said = deed.event;
  Loosen(said, *v1::RightsRecord::descriptor());
  std::vector<Finding> ignored;
  v1::ItemResult& item = *result.body.mutable_result()->add_items();
  ImportJson(said, "event", *item.add_hearings(), ignored);
  for (Finding& finding : CheckBody(result.context, result.body)) {
    if (finding.rule == "R-HR-06") findings.push_back(std::move(finding));
  }
}

// What is owed to who is arrested beside the notice of rights (5.2), as far as the event tells.
void JudgeArrested(const Deed& deed, std::vector<Finding>& findings) {
  Struct operation;
  Value& arrests = (*operation.mutable_fields())["arrests"];
  *arrests.mutable_list_value()->add_values()->mutable_struct_value() = deed.event;
  ShapeOperation(operation);
  const Struct& shaped = operation.fields().at("arrests").list_value().values(0).struct_value();
  v1::ArrestRecord arrest;
  ImportKnown(shaped, arrest);
  for (Finding& finding : CheckArrest(arrest, "event")) {
    const bool refused = finding.rule == "R-HR-04" && arrest.has_counsel_offered();
    if (refused || finding.rule == "R-HR-08") findings.push_back(std::move(finding));
  }
}

bool IsReferralRecord(const Struct& record, const std::string& name) {
  return name.find("referral") != std::string::npos || Member(record, "referral_id") != nullptr ||
         OneOf(TextOf(record, "type"), {"VICTIM_REFERRAL", "VictimReferral"});
}

// Whether what is told goes to the state where the person would return to.
bool IsOfReturn(const Struct& referral, const Struct& event) {
  const Struct* plan = ObjectOf(referral, "return_plan");
  const std::string to = TextOf(event, "to");
  return plan != nullptr && !to.empty() && FirstOf(*plan, {"to", "state", "country"}) == to;
}

// The referral of the case, changed by what the event says, as its rules see it.
void JudgeReferral(const Deed& deed, const std::string& rule_of, const Struct& changes,
                   std::vector<Finding>& findings) {
  std::string name;
  const Struct* found = RecordFor(deed, name, IsReferralRecord);
  Struct record = found == nullptr ? Struct() : *found;
  for (const auto& [member, value] : changes.fields()) {
    (*record.mutable_fields())[member] = value;
  }
  auto mapped = MapExtract(record, name.empty() ? "referral" : name, deed.facts);
  if (mapped == nullptr) return;
  // Who gets it is who it is sent on to.
  const std::string to = TextOf(deed.event, "to");
  if (rule_of == "share" && !to.empty()) mapped->context.requested_state = to;
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    const bool origin = finding.key == "R-HR-01.claim" && IsOfReturn(record, deed.event);
    const bool wanted = rule_of == "return" ? OneOf(finding.rule, {"R-TIP-05", "R-HR-01"})
                                            : finding.rule == "R-HR-12" || origin;
    if (wanted) findings.push_back(std::move(finding));
  }
  // Inside the reflection period no assessment would make the return possible.
  const bool early = std::any_of(findings.begin(), findings.end(),
                                 [](const Finding& f) { return f.rule == "R-TIP-05"; });
  std::erase_if(findings, [&](const Finding& f) { return early && f.key == "R-HR-01.assessment"; });
}

// What the request says of the person's time for reflection and claim.
Struct PersonReturned(const Deed& deed) {
  Struct known;
  const Struct* request = ObjectOf(deed.json, "request");
  const Value* persons = request == nullptr ? nullptr : Member(*request, "persons");
  const std::string ref = FirstOf(deed.event, {"person", "victim", "migrant", "object"});
  for (int i = 0; persons != nullptr && i < persons->list_value().values_size(); ++i) {
    Struct person = persons->list_value().values(i).struct_value();
    if (ref.empty() || TextOf(person, "ref") != ref) continue;
    ShapeReflection(person);
    for (const char* name : {"reflection_until", "reflection_period_until", "status",
                             "identified_at", "protection_claim"}) {
      if (const Value* said = Member(person, name)) Put(known, name, *said);
    }
  }
  return known;
}

void JudgePersonsReturn(const Deed& deed, std::vector<Finding>& findings) {
  std::string referred;
  Struct changes;
  if (RecordFor(deed, referred, IsReferralRecord) == nullptr) changes = PersonReturned(deed);
  auto& fields = *changes.mutable_fields();
  const std::string at = FirstOf(deed.event, {"at", "date", "return_date"});
  auto& plan = *fields["return_plan"].mutable_struct_value()->mutable_fields();
  plan["date"].set_string_value(at.empty() ? deed.facts.now : at);
  const std::string assessment =
      FirstOf(deed.event, {"safety_assessment_hash", "safety_assessment", "refoulement_assessment",
                           "risk_assessment", "assessment"});
  std::string name;
  const Struct* referral = RecordFor(deed, name, IsReferralRecord);
  const Struct* planned = referral == nullptr ? nullptr : ObjectOf(*referral, "return_plan");
  std::string known =
      planned == nullptr ? "" : FirstOf(*planned, {"safety_assessment_hash", "safety_assessment"});
  plan["safety_assessment_hash"].set_string_value(assessment.empty() ? known : assessment);
  for (const char* member : {"protection_claim", "reflection_until", "identified_at", "status"}) {
    const std::string text = TextOf(deed.event, member);
    if (!text.empty()) fields[member].set_string_value(text);
  }
  const std::string since =
      FirstOf(deed.event, {"presumed_victim_since", "presumed_since", "identified_since"});
  if (!since.empty()) fields["identified_at"].set_string_value(since);
  const std::string end = FirstOf(deed.event, {"reflection_period_until", "reflection_ends",
                                               "reflection_period_ends", "recovery_period_until"});
  if (!end.empty()) fields["reflection_until"].set_string_value(end);
  if (SaysOneOf(deed.event, {"within_reflection_period", "in_reflection_period",
                             "reflection_period", "inside_reflection_period"})) {
    fields["status"].set_string_value("REFLECTION_PERIOD");
    plan.erase("date");
  }
  JudgeReferral(deed, "return", changes, findings);
}

void JudgeSharedVictim(const Deed& deed, std::vector<Finding>& findings) {
  Struct changes;
  auto& fields = *changes.mutable_fields();
  fields["receiving_state"].set_string_value(TextOf(deed.event, "to"));
  if (SaysOneOf(deed.event, {"danger_to_life", "life_in_danger", "imminent_danger_to_life"})) {
    fields["life_in_danger"].set_bool_value(true);
  }
  const Value* consent = Member(deed.event, "consent");
  if (consent != nullptr) {
    auto& said = *fields["consent"].mutable_struct_value()->mutable_fields();
    const Value* shared =
        consent->has_struct_value() ? Member(consent->struct_value(), "to_share") : nullptr;
    said["to_referral"].set_bool_value(SaysYes(consent));
    if (shared != nullptr) {
      said["to_share"] = *shared;
    } else if (SaysYes(consent)) {
      said["to_share"].mutable_list_value()->add_values()->set_string_value(
          TextOf(deed.event, "to"));
    }
  }
  JudgeReferral(deed, "share", changes, findings);
}

// --- Answers

bool AsksToVerify(const Struct& record, const std::string&) { return IsQuestionRecord(record); }

// A result that names a question as its object is the question's answer.
bool IsAnswer(const Deed& deed, const std::string& type) {
  if (OneOf(type, {"ANSWER", "REPLY", "VERIFICATION_ANSWER", "RESPONSE", "TRACE_ANSWER"}))
    return true;
  std::string name;
  return OneOf(type, {"RESULT", "FINAL_RESULT", "PARTIAL_RESULT"}) &&
         !TextOf(deed.event, "object").empty() && RecordFor(deed, name, AsksToVerify) != nullptr;
}

// An answer says what was asked; about firearms, what a trace or a licence holds.
void JudgeAnswerDeed(const Deed& deed, std::vector<Finding>& findings) {
  std::vector<std::string> own;
  bool others = false;
  if (deed.facts.area == "FIREARMS") {
    // What answers another message than a question, such as a lead, is as free as that.
    const Struct* named = ObjectNamed(deed);
    if (named != nullptr && !TextOf(*named, "type").empty() && !IsTraceRecord(*named) &&
        TypeOfRecord(*named) == AssistanceType::UNSPECIFIED) {
      return;
    }
    own = LicenceWords();
    const auto asked = RequestedWords(deed.json, TextOf(deed.event, "object"), deed.event);
    own.insert(own.end(), asked.begin(), asked.end());
    others = !asked.empty() && TellsOfOthers(deed.event, asked);
  }
  AddAnswerWords(ObjectNamed(deed), own);
  auto found = CheckAnswer(DisclosedIn(deed.event, own));
  if (found.empty() && others) Tell("R-DOC-02.more", "answer", found);
  Append(std::move(found), findings);
}

// Whose nationality is asked for while a claim is open, or before anybody assessed the risk, is not
// told of: the same gate as for the question, HR-01.
bool JudgeGate(const Deed& deed, std::vector<Finding>& findings) {
  std::string name;
  const Struct* asked = RecordFor(deed, name, [](const Struct& record, const std::string&) {
    const auto type = TypeOfRecord(record);
    return type == AssistanceType::VERIFY_NATIONALITY ||
           type == AssistanceType::ISSUE_TRAVEL_DOCUMENT;
  });
  if (asked == nullptr) return false;
  const auto mapped = MapRecord(*asked, name, deed.facts);
  const size_t before = findings.size();
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-HR-01") findings.push_back(std::move(finding));
  }
  return findings.size() > before;
}

// What is known of somebody with a claim goes to the state that the person fled from.
bool TellsOrigin(const Deed& deed) {
  const Struct* records = ObjectOf(deed.json, "records");
  const Struct* record =
      records == nullptr ? nullptr : ObjectOf(*records, TextOf(deed.event, "object"));
  const Struct empty;
  if (record == nullptr) record = &empty;
  std::string claim = FirstOf(deed.event, {"protection_claim", "claim"});
  if (claim.empty()) claim = FirstOf(*record, {"protection_claim"});
  if (ClaimOf(claim) != Claim::kOpen) return false;
  const std::string to = TextOf(deed.event, "to");
  std::string origin = FirstOf(deed.event, {"origin_state", "state_of_origin", "origin"});
  if (origin.empty() && TypeOfRecord(*record) == AssistanceType::VERIFY_NATIONALITY) {
    origin = TextOf(*record, "rd");
  }
  const Struct* person = ObjectOf(*record, "person");
  if (origin.empty() && person != nullptr) origin = TextOf(*person, "nationality");
  return SaysOneOf(deed.event, {"to_origin", "to_origin_state"}) || (!to.empty() && to == origin);
}

bool NamesPerson(const Struct& event) {
  for (const char* name : {"person", "victim", "migrant", "witness"}) {
    if (Member(event, name) != nullptr) return true;
  }
  return false;
}

// Whether the event is about a victim: by its own word, by the person's in the request, or by the
// token of the operation.
bool IsOfVictim(const Deed& deed, const std::string& type) {
  const std::string object = FirstOf(deed.event, {"object", "person", "subject", "victim"});
  // What tells of victims in numbers, or is written for them, is about none.
  const auto of_victim = [](const std::string& text) {
    return HasWords(text, {"victim", "victims"}) &&
           !HasWords(text, {"statistics", "count", "counts", "number", "numbers", "leaflet",
                            "guide", "hotline", "helpline", "fund"});
  };
  if (of_victim(type) || of_victim(object)) return true;
  if (object.rfind("V-", 0) == 0) return true;  // the pseudonym of one
  const auto listed = [&](const char* in, const char* list, const char* key) {
    const Struct* holder = ObjectOf(deed.json, in);
    const Value* all = holder == nullptr ? nullptr : Member(*holder, list);
    for (int i = 0; all != nullptr && i < all->list_value().values_size(); ++i) {
      const Struct& one = all->list_value().values(i).struct_value();
      if (object.empty() || TextOf(one, key) != object) continue;
      const auto roles = TextsOf(one, "roles");
      if (std::string_view(list) == "victims") return true;
      return std::any_of(roles.begin(), roles.end(),
                         [](const std::string& role) { return HasWords(role, {"victim"}); });
    }
    return false;
  };
  return listed("request", "persons", "ref") || listed("operation", "victims", "token");
}

// A person who is moved, or whose data go to the state of origin, while a claim is open.
bool JudgeClaim(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  if (!OneOf(type,
             {"FORWARD", "SHARE", "SEND", "CONTACT_ORIGIN", "SURRENDER", "SURRENDER_ORDER",
              "DISEMBARK", "TRANSFER", "NOTIFY_ORIGIN", "VERIFY_NATIONALITY", "CONSULAR_NOTICE"})) {
    return false;
  }
  std::string claim = TextOf(deed.event, "protection_claim");
  std::string name;
  const Struct* asked = RecordFor(deed, name, AsksToVerify);
  if (claim.empty() && asked != nullptr && !TextOf(deed.event, "object").empty()) {
    claim = TextOf(*asked, "protection_claim");
  }
  if (ClaimOf(claim) != Claim::kOpen) return false;
  Tell("R-HR-01.claim", "event.protection_claim", findings);
  return true;
}

// Somebody is arrested or held. A warrant, a plan or a visit is no arrest.
bool IsArrest(const std::string& type) {
  return HasWords(type, {"arrest", "arrests", "arrested", "detain", "detained", "detention"}) &&
         !HasWords(type, {"warrant",  "warrants",   "timetable",  "plan",       "planned",
                          "schedule", "scheduled",  "request",    "requested",  "arrest_order",
                          "lifted",   "release",    "released",   "ended",      "end",
                          "visit",    "monitoring", "conditions", "statistics", "centre",
                          "center",   "cancelled"}) &&
         type != "PROVISIONAL_ARREST_NOTE";
}

// A paper about an arrest, or the plan of it, which nothing is asked of.
bool IsArrestPaper(const std::string& type) {
  return HasWords(type, {"arrest_warrant", "warrant_of_arrest", "arrest_order", "arrest_timetable",
                         "arrest_plan", "arrest_schedule"});
}

// Liberty is restricted, or somebody prosecuted; what restricts the use of data is none of it.
bool IsRestriction(const std::string& type) {
  return OneOf(type, {"RESTRICT", "RESTRICTED", "RESTRICTION"}) ||
         (HasWords(type, {"restrict*"}) && HasWords(type, {"liberty", "person", "movement"})) ||
         (HasWords(type, {"prosecut*"}) &&
          !HasWords(type, {"offer", "offered", "offers", "request", "transfer", "refused",
                           "statistics", "report", "deferred"}));
}

// Somebody is heard: INTERVIEW, VICTIM_INTERVIEW, HEAR_WITNESS.
bool IsHearing(const std::string& type) {
  constexpr std::string_view kHeard[] = {"hearing", "interview", "hear", "questioning"};
  if (!HasWords(type, kHeard)) return false;
  const auto words = WordsIn(type);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return HasWords(word, kHeard) ||
           OneOf(word, {"victim", "witness", "suspect", "accused", "person", "migrant", "child",
                        "expert", "of", "the"});
  });
}

bool JudgePersonal(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  if (JudgeClaim(deed, type, findings) || JudgeDisembarkation(deed, type, findings)) return true;
  if (IsArrest(type) || IsRestriction(type)) {
    if (JudgeRestriction(deed, findings)) return true;
    if (!IsArrest(type)) return false;
    JudgeRightsOf(deed, findings);
    JudgeArrested(deed, findings);
    return true;
  }
  if (IsArrestPaper(type)) return true;
  if (IsHearing(type)) {
    JudgeRightsOf(deed, findings);
    return true;
  }
  const bool back = OneOf(type, {"RETURN_PERSON", "RETURN_VICTIM", "REMOVE", "REMOVAL",
                                 "REPATRIATE", "DEPORT", "REPATRIATION", "READMISSION", "READMIT"});
  std::string name;
  const Struct* referral = RecordFor(deed, name, IsReferralRecord);
  if (back || (type == "RETURN" && (NamesPerson(deed.event) || referral != nullptr))) {
    JudgePersonsReturn(deed, findings);
    return true;
  }
  const bool sends =
      OneOf(type, {"FORWARD", "SHARE", "REFER", "REFERRAL", "SEND", "TRANSFER_DATA", "TRANSFER",
                   "SHARE_VICTIM", "SHARE_VICTIM_DATA", "VICTIM_DATA", "VICTIM_REFERRAL"}) ||
      // The record of 5.2, where it tells to whom and of a consent.
      (type == "VICTIM_REFERRED" && !TextOf(deed.event, "to").empty() &&
       Member(deed.event, "consent") != nullptr);
  const bool refers = OneOf(type, {"REFER", "REFERRAL"}) && SaysOneOf(deed.event, {"victim"});
  if (sends && TellsOrigin(deed)) {
    Tell("R-HR-01.claim", "event.to", findings);
    return true;
  }
  // A victim of the request or of the operation, told of to another state.
  if (sends && referral == nullptr && (refers || IsOfVictim(deed, type))) {
    const bool free =
        HasConsent(deed, "") ||
        SaysOneOf(deed.event, {"danger_to_life", "life_in_danger", "imminent_danger_to_life"});
    if (!free) Tell("R-HR-12.consent", "event.consent", findings);
    return true;
  }
  const bool of_one = !TextOf(deed.event, "object").empty() || IsOfVictim(deed, type);
  if (sends && referral != nullptr && (of_one || type == "REFER")) {
    JudgeSharedVictim(deed, findings);
    return true;
  }
  return false;
}

// Somebody is given up to a death penalty that nobody promised not to carry out.
bool IsSurrenderToDeath(const Deed& deed, const std::string& type) {
  if (!OneOf(type, {"SURRENDER", "SURRENDER_ORDER", "SURRENDER_REPORT"}) ||
      !SaysOneOf(deed.event, {"death_possible", "death_penalty", "death_penalty_possible",
                              "capital_offence", "capital", "death_penalty_exposure"})) {
    return false;
  }
  constexpr const char* kAssurance[] = {"assurance", "assurances", "death_penalty_assurance"};
  // null says that there is none, whatever the request has.
  const bool denied =
      std::any_of(std::begin(kAssurance), std::end(kAssurance), [&](const char* name) {
        const Value* said = Member(deed.event, name);
        return said != nullptr && !SaysYes(said);
      });
  return !SaysOneOf(deed.event, {"assurance", "assurances", "death_penalty_assurance"}) &&
         (denied ||
          (!SaysYes(FindFor(deed, "assurances")) && !SaysYes(FindFor(deed, "assurance"))));
}

}  // namespace

bool JudgeConduct(const Deed& deed, std::vector<Finding>& findings) {
  const std::string type = TextOf(deed.event, "type");
  if (IsSurrenderToDeath(deed, type)) {
    Tell("R-HR-02.assurance", "event.assurances", findings);
    return true;
  }
  const std::string breached =
      FirstOf(deed.event, {"breached_condition", "contrary_to", "contrary_to_condition", "breaches",
                           "violates", "against_condition"});
  // A breach of the security of data is told; no condition says that none may happen.
  const bool of_data = HasWords(type, {"data", "security", "privacy", "system", "network"});
  if (breached.empty() && of_data && HasWords(type, {"breach"})) return true;
  const Value* met = Member(deed.event, "condition_met");
  const bool unmet = met != nullptr && met->kind_case() == Value::kBoolValue && !met->bool_value();
  if (unmet || !breached.empty() || HasWords(type, {"breach*", "violat*", "contrary"})) {
    Tell("R-CND-01.breach", "event", findings);
    return true;
  }
  if (JudgeSeaDeed(deed, type, findings)) return true;
  if (JudgePersonal(deed, type, findings)) return true;
  if (type == "DATA_DISCLOSED" && JudgeDataDisclosed(deed, findings)) return true;
  const bool sealed = HasWords(type, {"sealed", "identity", "identities", "compartment"});
  const bool opens = HasWords(type, {"open", "opened", "opening", "access", "accessed", "read",
                                     "view", "viewed"}) &&
                     !HasWords(type, {"consultation"}) && (sealed || IsOfVictim(deed, type));
  if (opens || HasWords(type, {"unseal*"})) {
    JudgeOpening(deed, findings);
    return true;
  }
  // Whoever looks at how it stands with a victim opens nothing.
  if (HasWords(type, {"review", "reviewed"}) && IsOfVictim(deed, type)) return true;
  if (JudgeRecordDeed(deed, type, findings)) return true;
  if (IsTold(deed)) {
    JudgeDisclosure(deed, findings);
    return true;
  }
  if (IsAnswer(deed, type)) {
    if (!JudgeGate(deed, findings)) JudgeAnswerDeed(deed, findings);
    return true;
  }
  if (OneOf(type, {"REPLAY", "REPLAYED", "DUPLICATE", "DUPLICATE_MESSAGE"})) {
    Tell("R-GEN-02.sequence", "event.type", findings);
    return true;
  }
  if (OneOf(type, {"AUTHORISE", "AUTHORIZE", "APPROVE"})) {
    const std::string by = FirstOf(deed.event, {"by", "approver", "approved_by", "officer"});
    const std::string drafter = FirstOf(deed.event, {"drafter", "drafted_by"});
    if (!by.empty() && by == drafter) Tell("R-AUTH-02.same", "event.by", findings);
    return true;
  }
  return false;
}

}  // namespace palermo::casework
