#include "node/casework/cases/shapes.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/signatures.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// --- Requests and records

// "H2": a handling code alone.
void ShapeHandling(Struct& request) {
  const std::string code = TextOf(request, "handling");
  if (!OneOf(code, {"H0", "H1", "H2", "H3"})) return;
  Take(request, "handling");
  Put(ObjectIn(request, "handling"), "code", TextValue(code));
}

// {"drafter": {"officer": "QM-7"}}: the officer's id.
void ShapeDrafter(Struct& request) {
  const Struct* drafter = ObjectOf(request, "drafter");
  if (drafter == nullptr) return;
  std::string who = TextOf(*drafter, "officer");
  if (who.empty()) who = AnyText(request, "drafter");
  Put(request, "drafter", TextValue(who));
}

// in_absentia: {"tried": true, "retrial_right": true}: a judgment in absence and its new trial.
void ShapeAbsence(Struct& item) {
  bool absent = true, again = false;
  for (const char* name : {"in_absentia_rights", "retrial_right", "retrial"}) {
    const Value right = Take(item, name);
    again |= SaysYes(&right);
  }
  const Struct none;
  const Struct* said = ObjectOf(item, "in_absentia");
  if (said == nullptr && !again) return;
  if (said == nullptr) {
    absent = SaysYes(Member(item, "in_absentia"));
    said = &none;
  }
  for (const auto& [name, value] : said->fields()) {
    const bool yes = SaysYes(&value);
    if (HasWords(name, {"retrial", "new_trial"})) {
      again |= yes && !HasWords(name, {"no", "not", "denied", "refused", "without"});
    } else if (value.kind_case() == Value::kBoolValue) {
      absent &= yes;
    }
  }
  Put(item, "in_absentia", BoolValue(absent));
  if (!again) return;
  Value assurance;
  Struct& one = *assurance.mutable_struct_value();
  for (const char* name : {"grantor", "scope"}) Put(one, name, TextValue("as stated"));
  Put(one, "kind", TextValue("RETRIAL"));
  *(*item.mutable_fields())["assurances"].mutable_list_value()->add_values() = assurance;
}

// {"warship": true}: the kind of craft.
void ShapeCraft(Struct& item) {
  if (ObjectOf(item, "boarding_unit") == nullptr) return;
  Struct& unit = ObjectIn(item, "boarding_unit");
  for (const auto& [name, kind] :
       {std::pair("warship", "WARSHIP"), std::pair("military_aircraft", "MILITARY_AIRCRAFT")}) {
    const Value said = Take(unit, name);
    if (SaysYes(&said) && TextOf(unit, "kind").empty()) Put(unit, "kind", TextValue(kind));
  }
}

void ShapeItem(Struct& item) {
  ShapeSeen(item);
  ShapeDocument(item);
  ShapeAbsence(item);
  ShapeTransfer(item);
  ShapeSentenced(item);
  ShapeWarrant(item);
  ShapeOrder(item);
  ShapeProperty(item);
  ShapeCraft(item);
  ShapeMeasure(item);
  // The judgment behind a return stands in the order, or was waived.
  if (TextOf(item, "type") == "ASSET_RETURN") {
    const Struct* judgment = ObjectOf(item, "judgment");
    if (judgment != nullptr && SaysYes(Member(*judgment, "final"))) {
      Put(ObjectIn(item, "order"), "final", BoolValue(true));
    }
    for (const char* name : {"waiver", "waived", "final_judgment_waiver", "judgment_waived",
                             "final_judgment_or_waiver"}) {
      if (SaysYes(Member(item, name))) Put(item, "final_judgment_waived", BoolValue(true));
    }
  }
  if (const Value* final = Member(item, "final_judgment");
      final != nullptr && TextOf(item, "type") == "ASSET_RETURN") {
    const bool yes = SaysYes(final);
    Take(item, "final_judgment");
    Put(ObjectIn(item, "order"), "final", BoolValue(yes));
  }
}

// A hearing that says whom it hears by the role alone.
void ShapeHeardRole(Struct& request) {
  ForItemsOf(request, [&](Struct& item) {
    const std::string role = TextOf(item, "person_role");
    if (role.empty() || !TextOf(item, "person").empty()) return;
    const std::string ref = "of-item-" + AnyText(item, "n");
    Put(item, "person", TextValue(ref));
    Take(item, "person_role");
    Value person;
    Put(*person.mutable_struct_value(), "ref", TextValue(ref));
    Value roles;
    *roles.mutable_list_value()->add_values() = TextValue(role);
    Put(*person.mutable_struct_value(), "roles", roles);
    *(*request.mutable_fields())["persons"].mutable_list_value()->add_values() = person;
  });
}

// The listing behind a label of terrorism, wherever it stands: beside the offence, in the basis.
Value TakeListing(Struct& object) {
  Value listing;
  std::vector<std::string> names;
  for (const auto& [name, value] : object.fields()) {
    const bool names_listing =
        name.rfind("unscr", 0) == 0 || OneOf(name, {"designation", "designations", "listing"});
    if (names_listing && SaysYes(&value)) names.push_back(name);
  }
  for (const std::string& name : names) {
    const std::string text = AnyText(object, name);
    Take(object, name);
    listing = TextValue(text);
  }
  return listing;
}

// A delivery is one of the special techniques: "family": "CONTROLLED_DELIVERY", and the mandate.
void ShapeFamily(Struct& request) {
  NameTreaty(request);
  constexpr const char* kDelivery = "CONTROLLED_DELIVERY";
  const Value technique = TextValue("SPECIAL_TECHNIQUE");
  if (TextOf(request, "family") == kDelivery) Put(request, "family", technique);
  const Struct* signatory = ObjectOf(request, "signatory");
  if (signatory == nullptr) return;
  auto words = OneOrMore(*signatory, "mandate");
  if (std::find(words.begin(), words.end(), kDelivery) == words.end()) return;
  Value mandate;
  for (const std::string& word : words) {
    *mandate.mutable_list_value()->add_values() = word == kDelivery ? technique : TextValue(word);
  }
  Put(ObjectIn(request, "signatory"), "mandate", mandate);
}

void ShapeRequest(Struct& request) {
  ShapeFamily(request);
  ShapeGrade(request);
  ShapeOral(request);
  ShapeHandling(request);
  ShapeSignature(request);
  ShapePenalty(request);
  ShapeDrafter(request);
  ShapeOffences(request);
  ShapeChannel(request);
  ShapeTranslation(request);
  ForItemsOf(request, ShapeItem);
  const Value dual = Take(request, "dual_criminality");
  if (dual.kind_case() != Value::KIND_NOT_SET) {
    ForItemsOf(request, [&](Struct& item) {
      if (Member(item, "dual_criminality") == nullptr) Put(item, "dual_criminality", dual);
    });
  }
  ShapePersecution(request);
  ShapePolitics(request);
  ShapeHeardRole(request);
  ShapeSought(request);
  // The listing beside the offence.
  Value listing = TakeListing(request);
  if (listing.kind_case() == Value::KIND_NOT_SET && ObjectOf(request, "basis") != nullptr) {
    listing = TakeListing(ObjectIn(request, "basis"));
  }
  if (listing.kind_case() == Value::KIND_NOT_SET) return;
  auto& offences = *(*request.mutable_fields())["offence"].mutable_list_value();
  if (offences.values_size() == 0) offences.add_values()->mutable_struct_value();
  Put(*offences.mutable_values(0)->mutable_struct_value(), "unscr_ref", listing);
}

// --- Events

struct Word {
  std::string_view said, means;
};
constexpr Word kTypes[] = {{"REEVALUATE", "REEVALUATION"},
                           {"RE_EVALUATED", "REEVALUATION"},
                           {"RE_EVALUATE", "REEVALUATION"},
                           {"PSI_HIT", "HIT"},
                           {"MATCH", "HIT"},
                           {"HIT_RELEASE", "HIT"},
                           {"LIFTED", "LIFT"},
                           {"LIFT_FREEZE", "LIFT"},
                           {"UNFREEZE", "LIFT"},
                           {"RELEASE_FREEZE", "LIFT"},
                           {"LIFT_MEASURE", "LIFT"},
                           {"LIFT_PROVISIONAL", "LIFT"},
                           {"ITEM_RESULT", "RESULT"},
                           {"EXECUTION_RESULT", "RESULT"},
                           {"EXECUTED", "RESULT"},
                           {"START_EXECUTION", "EXECUTION_STARTED"},
                           {"ADMITTED", "ADMISSION"},
                           {"ACKNOWLEDGED", "ACKNOWLEDGEMENT"},
                           {"RETURNED", "RETURN"},
                           {"ORAL", "ORAL_REQUEST_NOTE"},
                           {"ORAL_REQUEST", "ORAL_REQUEST_NOTE"},
                           {"CONSULT", "CONSULTATION_OPEN"},
                           {"CONSULTATION", "CONSULTATION_OPEN"},
                           {"OPEN_CONSULTATION", "CONSULTATION_OPEN"},
                           {"ACCEPT_CONDITIONS", "CONDITIONS_ACCEPT"},
                           {"CONDITIONS_ACCEPTED", "CONDITIONS_ACCEPT"},
                           {"DECLINE_CONDITIONS", "CONDITIONS_DECLINE"},
                           {"CONDITIONS_DECLINED", "CONDITIONS_DECLINE"},
                           {"OFFER_CONDITIONS", "CONDITIONS_PROPOSAL"},
                           {"CONDITIONS_OFFER", "CONDITIONS_PROPOSAL"},
                           {"CONDITIONS_OFFERED", "CONDITIONS_PROPOSAL"},
                           {"PROPOSE_CONDITIONS", "CONDITIONS_PROPOSAL"},
                           {"CONDITION", "CONDITIONS_PROPOSAL"},
                           {"RETURN_ASSETS", "ASSET_RETURN"},
                           {"DISPOSED", "DISPOSAL"},
                           {"SURRENDER_ORDERED", "SURRENDER_ORDER"},
                           {"SURRENDERED", "SURRENDER"},
                           {"DISCLOSED", "DISCLOSE"},
                           {"REFUSED", "REFUSAL"},
                           {"REJECTION", "REFUSAL"},
                           {"POSTPONED", "POSTPONEMENT"},
                           {"SUSPEND", "SUSPENSION"},
                           {"RESUME", "RESUMPTION"},
                           {"ONWARD_TRANSFER", "FORWARD"},
                           {"TRANSFER_ONWARD", "FORWARD"},
                           {"FORWARDED", "FORWARD"},
                           {"DISTRIBUTE", "DISSEMINATE"},
                           {"DISTRIBUTION", "DISSEMINATE"},
                           {"TRANSMIT", "DISSEMINATE"},
                           {"PASS_ON", "DISSEMINATE"},
                           {"ONWARD", "FORWARD"},
                           {"CORRECT", "CORRECTION"},
                           {"LEAVE", "DEPARTURE"},
                           {"EXPEL", "DEPARTURE"},
                           {"EXPULSION", "DEPARTURE"},
                           {"ACTIVITY", "TASK"},
                           {"EXCULPATORY", "EXCULPATORY_NOTICE"}};
constexpr Word kMembers[] = {{"violates_condition", "contrary_to"},
                             {"condition_breached", "contrary_to"},
                             {"breach_of", "contrary_to"},
                             {"breach", "contrary_to"},
                             {"breaches_condition", "contrary_to"},
                             {"condition_breach", "contrary_to"},
                             {"reasons_text", "reasons"},
                             {"lang", "reasons_lang"},
                             {"language", "reasons_lang"},
                             {"reason_lang", "reasons_lang"},
                             {"not_possible_reason", "reason"},
                             {"why_not_possible", "reason"},
                             {"why_not_heard", "reason"},
                             {"justification", "reason"},
                             {"obj", "object"}};

// "DOMESTIC_LAW:CPC 12": the ground and its law, which has the number of a provision.
// "DOMESTIC_LAW: MINIMUM_SENTENCE" has a name only, and cites nothing. A ground that nobody knows
// is none.
void ShapeGround(Struct& event) {
  const std::string ground = TextOf(event, "ground");
  const size_t colon = ground.find(':');
  for (const char* name : {"domestic_law_ref", "domestic_law", "law", "citation"}) {
    if (TextOf(event, "law_ref").empty()) Rename(event, name, "law_ref");
  }
  if (colon != std::string::npos) {
    Put(event, "ground", TextValue(ground.substr(0, colon)));
    const std::string law = ground.substr(colon + 1);
    const bool cites = law.find_first_of("0123456789") != std::string::npos;
    if (TextOf(event, "law_ref").empty() && cites) Put(event, "law_ref", TextValue(law));
  }
  v1::RefusalGround::Code code;
  const bool known = v1::RefusalGround::Code_Parse(TextOf(event, "ground"), &code);
  if (TextOf(event, "type") == "REFUSAL" && !known) Take(event, "ground");
}

// UNTOC 18(5): before, or without delay after. "" for another word.
std::string NoticeKind(const std::string& said) {
  const std::string word = absl::AsciiStrToUpper(said);
  if (OneOf(word, {"PRIOR", "PRIOR_NOTICE", "BEFORE", "ADVANCE"})) return "PRIOR";
  if (OneOf(word, {"POST", "SUBSEQUENT", "IMMEDIATE", "IMMEDIATE_SUBSEQUENT", "AFTER"})) {
    return "POST";
  }
  return "";
}

// Notice of exculpatory material, however it is told.
void ShapeNotice(Struct& event) {
  if (TextOf(event, "type").find("EXCULPATORY") == std::string::npos &&
      TextOf(event, "purpose").rfind("EXCULPATORY", 0) != 0 &&
      !SaysYes(Member(event, "exculpatory"))) {
    return;
  }
  for (const char* name : {"kind", "notice", "notice_kind", "timing"}) {
    const std::string kind = NoticeKind(TextOf(event, name));
    if (kind.empty()) continue;
    Put(event, "kind", TextValue(kind));
    return;
  }
  if (!TextOf(event, "kind").empty()) return;
  if (SaysYes(Member(event, "prior"))) return Put(event, "kind", TextValue("PRIOR"));
  for (const char* name : {"prior_notice", "notice_at", "notice_ref", "notice", "notified_at",
                           "consultation_id", "consultation", "notice_given"}) {
    if (!SaysYes(Member(event, name))) continue;
    Put(event, "kind", TextValue("PRIOR"));
    return;
  }
  if (SaysYes(Member(event, "why_no_prior")) || SaysYes(Member(event, "post_notice")) ||
      SaysYes(Member(event, "post"))) {
    Put(event, "kind", TextValue("POST"));
  }
}

}  // namespace

Struct ShapeCase(Struct json, const CaseDirectory& directory, const std::string& at) {
  ShapeArea(json);
  NameTypes(json);
  NameRoles(json);
  ShapeOrigins(json);
  PlaceObjects(json, directory);
  ShapeDeliveries(json, at);
  auto& fields = *json.mutable_fields();
  if (ObjectOf(json, "operation") != nullptr) ShapeOperation(ObjectIn(json, "operation"));
  if (ObjectOf(json, "request") != nullptr) ShapeRequest(ObjectIn(json, "request"));
  const auto records = fields.find("records");
  if (records == fields.end() || !records->second.has_struct_value()) return json;
  ShapeRecords(*records->second.mutable_struct_value());
  for (auto& [name, record] : *records->second.mutable_struct_value()->mutable_fields()) {
    if (!record.has_struct_value()) continue;
    ShapeSignature(*record.mutable_struct_value());
    ShapeReflection(*record.mutable_struct_value());
    ShapeItem(*record.mutable_struct_value());
    ShapeFamily(*record.mutable_struct_value());
    if (TypeOfRecord(record.struct_value()) != v1::AssistanceType::UNSPECIFIED) {
      ShapeHandling(*record.mutable_struct_value());
      ShapePenaltyOfRecord(*record.mutable_struct_value());
      ShapeSoughtRecord(*record.mutable_struct_value());
    }
    if (Member(record.struct_value(), "legs") != nullptr) {
      ShapeBenefit(*record.mutable_struct_value());
    }
  }
  return json;
}

Struct ShapeEvent(const Struct& json, Struct event) {
  const std::string type = TextOf(event, "type");
  for (const Word& word : kTypes) {
    if (word.said == type) Put(event, "type", TextValue(word.means));
  }
  for (const Word& word : kMembers) {
    Rename(event, std::string(word.said), std::string(word.means));
  }
  if (OneOf(TextOf(event, "items"), {"ALL", "all", "*"})) Take(event, "items");
  ShapeCourtUse(event);
  ShapeMeasureType(json, event);
  if (TextOf(event, "type") == "CLOSE") {
    for (const char* name : {"reason", "reasons"}) Rename(event, name, "feedback");
  }
  ShapeGroundWords(json, event);
  ShapeGround(event);
  ShapePostponement(event);
  ShapeOutcomes(json, event);
  ShapeNotice(event);
  ShapeOperationEvent(json, event);
  return event;
}

void JudgeBase(const Struct& json, std::vector<Finding>& findings) {
  // A record may have a version of its own; the form's is that of the case and of its request.
  const auto version = [&](const Struct& object, const std::string& at, bool form) {
    for (const char* name : {"schema_version", "schema", "version"}) {
      const Value* said = Member(object, name);
      if (said == nullptr || (!form && std::string_view(name) == "version")) continue;
      const std::string text = AnyText(object, name);
      if (!OneOf(text, {"1", "1.0", "v1", "palermo/v1", "palermo.v1"})) {
        Tell("R-GEN-01.body_version", at + "." + name, findings, {{"version", text}});
      }
    }
  };
  version(json, "case", true);
  if (const Struct* records = ObjectOf(json, "records")) {
    for (const auto& [name, record] : records->fields()) {
      version(record.struct_value(), "records." + name, false);
    }
  }
  const Struct* request = ObjectOf(json, "request");
  if (request == nullptr) return;
  version(*request, "request", true);
  for (const char* name : {"rq", "rd"}) {
    if (!AnyText(*request, name).empty()) continue;
    Tell("R-GEN-01.enum", std::string("request.") + name, findings);
  }
  if (!TextOf(*request, "rq").empty() && TextOf(*request, "rq") == TextOf(*request, "rd")) {
    Tell("R-GEN-01.enum", "request.rd", findings);
  }
  JudgeBaseBlock(*request, findings);
}

}  // namespace palermo::casework
