// One act or deed in a case that stands in a given state.
#include <algorithm>

#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/cases/deeds.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/followup.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/judge.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/scene.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/shapes.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/cases/signatures.h"
#include "node/casework/cases/silence.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/state_machine.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;

constexpr auto kDelivery = v1::AssistanceType::CONTROLLED_DELIVERY;

// An act of a controlled delivery.
bool IsOfDelivery(const Struct& event) {
  return IsGoingLive(event) ||
         OneOf(TextOf(event, "type"), {"ABORT", "CONSENT", "DELIVERY_ABORT", "DELIVERY_CONSENT"});
}

// What the event is about, by the name of a record.
std::string NamedIn(const Struct& event) {
  const std::string object = TextOf(event, "object");
  return object.empty() ? TextOf(event, "record") : object;
}

// The plan of the delivery stands in the request, unless the event names a record that has one.
bool IsInRequest(const Struct& json, const Struct& event) {
  const Struct* records = ObjectOf(json, "records");
  const Struct* named = records == nullptr ? nullptr : ObjectOf(*records, NamedIn(event));
  if (named != nullptr && HasLegs(*named)) return false;
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    if (HasLegs(items->list_value().values(i).struct_value())) return true;
  }
  return false;
}

// The record that the event names, or the first that is a request.
std::unique_ptr<Mapped> AskedInRecords(const Struct& json, const Struct& event,
                                       const CaseFacts& facts) {
  const Struct* records = ObjectOf(json, "records");
  if (records == nullptr) return nullptr;
  const bool delivery = IsOfDelivery(event);
  // The named one first, then in the order of their names.
  std::vector<std::string> names = SortedNames(*records);
  const std::string named = NamedIn(event);
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return name == named; });
  for (const std::string& name : names) {
    const Struct& record = records->fields().at(name).struct_value();
    const auto type = TypeOfRecord(record);
    if (type == v1::AssistanceType::UNSPECIFIED) continue;
    if (delivery && type != kDelivery) continue;
    return MapRecord(record, name, facts);
  }
  return nullptr;
}

// The request that the event is about: the case's own, or a record.
std::unique_ptr<Mapped> Asked(const Struct& json, const Struct& event, const CaseFacts& facts) {
  const Struct* request = ObjectOf(json, "request");
  if (request == nullptr || (IsOfDelivery(event) && !IsInRequest(json, event))) {
    auto record = AskedInRecords(json, event, facts);
    if (record != nullptr || request == nullptr) return record;
  }
  return MapRequest(*request, facts);
}

// --- Acts

Act::Code ActOf(const std::string& type) {
  if (type == "POSTPONEMENT") return Act::POSTPONEMENT_NOTICE;
  if (type == "RESULT") return Act::FINAL_RESULT;
  struct Other {
    std::string_view word;
    Act::Code act;
  };
  constexpr Other kOthers[] = {{"NO_LONGER_REQUIRED", Act::WITHDRAWAL},
                               {"WITHDRAW", Act::WITHDRAWAL},
                               {"MLA_REQUEST", Act::REQUEST},
                               {"WRITTEN_CONFIRMATION", Act::REQUEST},
                               {"TRANSFER_NOTICE", Act::ADMISSION},
                               {"RESULT_RECEIPT", Act::CLOSE},
                               {"ACK", Act::ACKNOWLEDGEMENT},
                               {"EXECUTE", Act::EXECUTION_STARTED},
                               {"EXECUTION", Act::EXECUTION_STARTED},
                               {"EXECUTION_STEP", Act::EXECUTION_STARTED},
                               {"REFUSE", Act::REFUSAL},
                               {"POSTPONE", Act::POSTPONEMENT_NOTICE},
                               {"SURRENDER", Act::SURRENDER_REPORT},
                               {"PRESERVED", Act::PRESERVATION_CONFIRMED},
                               {"EXTEND", Act::PRESERVATION_EXTENDED},
                               {"EXTENDED", Act::PRESERVATION_EXTENDED},
                               {"JURISDICTION_CLAIM", Act::JURISDICTION_DECISION},
                               {"EXTENSION", Act::PRESERVATION_EXTENDED},
                               {"RELEASE", Act::PRESERVATION_RELEASED},
                               {"RELEASED", Act::PRESERVATION_RELEASED},
                               {"EXPIRE", Act::PRESERVATION_RELEASED},
                               {"EXPIRED", Act::PRESERVATION_RELEASED},
                               {"USED", Act::INFORMATION_USED},
                               {"NOT_USED", Act::INFORMATION_NOT_USED},
                               {"ABORT", Act::DELIVERY_ABORT},
                               {"CONSENT", Act::DELIVERY_CONSENT}};
  for (const Other& other : kOthers) {
    if (other.word == type) return other.act;
  }
  const auto act = ParseAct(type);
  return act.ok() ? *act : Act::UNSPECIFIED;
}

bool NamesSome(const Scene& scene) {
  if (scene.asked == nullptr) return false;
  const Value* items = Member(scene.event, "items");
  const int named = items == nullptr ? 0 : items->list_value().values_size();
  return named > 0 && named < scene.asked->body.request().items_size();
}

Act::Code InPart(Act::Code act, bool some) {
  if (some && act == Act::REFUSAL) return Act::REFUSAL_IN_PART;
  if (some && act == Act::WITHDRAWAL) return Act::WITHDRAWAL_IN_PART;
  return act;
}

// An event is an extract: what it leaves out of a form is there in the message.
void Complete(v1::CaseBody& body) {
  const auto fill = [](std::string& text) {
    if (text.empty()) text = "as noted";
  };
  if (body.has_acknowledgement()) {
    fill(*body.mutable_acknowledgement()->mutable_national_ref());
    fill(*body.mutable_acknowledgement()->mutable_contact()->mutable_name());
  } else if (body.has_admission()) {
    fill(*body.mutable_admission()->mutable_executing_authority());
  } else if (body.has_withdrawal()) {
    fill(*body.mutable_withdrawal()->mutable_reason());
  } else if (body.has_info_request() && body.info_request().questions().empty()) {
    body.mutable_info_request()->add_questions("as noted");
  } else if (body.has_info_supplement() && body.info_supplement().answers().empty()) {
    body.mutable_info_supplement()->add_answers("as noted");
  }
}

// From when the data are kept, as the answer of the case says.
std::string PreservedFrom(const Scene& scene) {
  const Struct* records = ObjectOf(scene.json, "records");
  const Struct* response = records == nullptr ? nullptr : ObjectOf(*records, "response");
  return response == nullptr ? "" : TextOf(*response, "from");
}

// What the case says about the preservation that the event ends or extends.
void FillPreservation(const Scene& scene, v1::Preservation& preservation) {
  if (scene.in_state == "FOLLOWUP_RECEIVED" && !preservation.has_followup_received()) {
    preservation.set_followup_received(true);
  }
  if (IsFollowUpDecided(scene.event)) preservation.set_followup_decided(true);
  if (preservation.from().empty()) preservation.set_from(PreservedFrom(scene));
  if (preservation.until().empty()) preservation.set_until(TextOf(scene.event, "at"));
}

// The content that the act carries, from the event's members.
void FillBody(const Scene& scene, Act::Code act, Mapped& out) {
  out.body.set_version(1);
  const auto* field = v1::CaseBody::descriptor()->FindFieldByNumber(ContentOf(act));
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  auto& content = *out.body.GetReflection()->MutableMessage(&out.body, field);
  if (out.body.has_request() && scene.asked != nullptr) {
    *out.body.mutable_request() = scene.asked->body.request();
    return;
  }
  Struct members = scene.event;
  members.mutable_fields()->erase("type");
  Loosen(members, *content.GetDescriptor());
  // Reasons are written in the language of the request, unless the event says otherwise.
  auto& fields = *members.mutable_fields();
  if (out.body.has_refusal() && fields.count("reasons_language") == 0) {
    const std::string given = TextOf(scene.event, "reasons_lang");
    const std::string language = given.empty() ? LanguageOfCase(scene) : given;
    fields["reasons_language"].set_string_value(language.empty() ? "en" : language);
  }
  fields.erase("reasons_lang");
  if (out.body.has_statement()) {
    auto& statement = *out.body.mutable_statement();
    std::string text = TextOf(scene.event, "text");
    for (const char* name : {"ground", "reason", "remedy", "conditions", "defects"}) {
      text += TextOf(scene.event, name) + absl::StrJoin(TextsOf(scene.event, name), ", ");
    }
    // Reasons stand beside a ground, and are none.
    if (!TextOf(scene.event, "ground").empty()) text += ": " + TextOf(scene.event, "reasons");
    const Value* offered = Member(scene.event, "conditions");
    for (int i = 0; offered != nullptr && i < offered->list_value().values_size(); ++i) {
      const Value& condition = offered->list_value().values(i);
      auto& one = *statement.add_conditions();
      one.set_text(condition.has_struct_value() ? AnyText(condition.struct_value(), "text")
                                                : condition.string_value());
      for (const char* name : {"voids_assistance", "voids", "nullifies"}) {
        if (SaysYes(Member(condition.struct_value(), name))) one.set_voids_assistance(true);
      }
    }
    for (const char* name : {"voids_assistance", "voids", "nullifies"}) {
      if (SaysYes(Member(scene.event, name)))
        statement.add_conditions()->set_voids_assistance(true);
    }
    const bool postponement = FillGround(scene, act, out);
    statement.set_text(text.empty() && !postponement ? "as noted" : text);
    // JudgeDefects looks at the words of an extract.
    if (act == Act::RETURN) statement.set_text("SCHEMA: " + statement.text());
    for (const char* name : {"review_at", "new_review_at", "valid_until", "until"}) {
      if (!TextOf(scene.event, name).empty()) statement.set_until(TextOf(scene.event, name));
    }
    return;
  }
  ImportJson(members, "event", content, out.findings);
  if (out.body.has_preservation()) FillPreservation(scene, *out.body.mutable_preservation());
  Complete(out.body);
}

// What the event says about its own message.
void FillEventMessage(const Scene& scene, MessageFacts& facts) {
  for (const char* name : {"timestamp", "ts", "sent_at", "created_at"}) {
    if (!TextOf(scene.event, name).empty()) facts.created_at = TextOf(scene.event, name);
  }
  for (const char* name : {"predecessor_at", "previous_at", "prev_at"}) {
    if (TextOf(scene.event, name).empty()) continue;
    facts.predecessor_at = TextOf(scene.event, name);
    if (facts.created_at.empty()) facts.created_at = TextOf(scene.event, "at");
  }
  FillSentBefore(scene, facts);
  if (facts.created_at.empty() && IsStamped(scene)) facts.created_at = TextOf(scene.event, "at");
  FillSignature(scene.event, facts);
}

bool IsRequestAct(Act::Code act) { return act == Act::REQUEST || act == Act::CORRECTED_REQUEST; }

// What was executed before is settled: a last result may name the rest alone.
void FillSettled(const Scene& scene, Act::Code act, Mapped& out) {
  if (scene.in_state != "PARTLY_EXECUTED" || act != Act::FINAL_RESULT || scene.asked == nullptr) {
    return;
  }
  for (const v1::Item& item : scene.asked->body.request().items()) {
    const auto& told = out.body.result().items();
    const bool named = std::any_of(told.begin(), told.end(),
                                   [&](const v1::ItemResult& r) { return r.n() == item.n(); });
    if (!named) out.context.settled_items.push_back(item.n());
  }
}

Act::Code ActIn(const Scene& scene) {
  const Act::Code act = InPart(ActOf(TextOf(scene.event, "type")), NamesSome(scene));
  return act == Act::REQUEST && scene.in_state == "RETURNED" ? Act::CORRECTED_REQUEST : act;
}

void FillContext(const Scene& scene, Act::Code act, Mapped& out) {
  if (scene.asked != nullptr) {
    out.context = scene.asked->context;
    out.context.request = &scene.asked->body.request();
    out.signatory = SignatoryOf(scene);
    out.context.signatory = out.signatory.officer.empty() ? nullptr : &out.signatory;
  }
  out.context.act = act;
  out.context.side = SideOf(scene, act);
  // The answer goes back: its languages are those of the state that asked.
  const auto& languages = scene.facts.directory.languages;
  const auto at = languages.find(out.context.requesting_state);
  if (at != languages.end()) out.context.accepted_languages = at->second;
  if (IsRequestAct(act) && scene.asked != nullptr) FillRequest(scene, out);
  FillConsultation(scene, out.context);
  FillEventMessage(scene, out.message);
  out.context.message = &out.message;
  out.context.now = scene.facts.now;
  out.context.answers_undated = true;
  if (act == Act::PRESERVATION_EXTENDED) out.context.preserved_from = PreservedFrom(scene);
}

// Whether the event names the item; true where it names none.
bool IsMeant(const Struct& event, const v1::Item& item) {
  const auto is = [&](const Value& n) { return n.number_value() == item.n(); };
  const Value* one = Member(event, "item");
  if (one != nullptr) return is(*one);
  const Value* some = Member(event, "items");
  if (some == nullptr) return true;
  const auto& all = some->list_value().values();
  return std::any_of(all.begin(), all.end(), is);
}

// The delivery that the event is about: the item that it names, else the first.
v1::Item DeliveryIn(const Scene& scene) {
  const auto& items = scene.asked->body.request().items();
  const v1::Item* first = nullptr;
  for (const v1::Item& item : items) {
    if (item.type() != kDelivery) continue;
    if (first == nullptr) first = &item;
    if (IsMeant(scene.event, item)) return item;
  }
  return first != nullptr ? *first : items.empty() ? v1::Item() : items[0];
}

void JudgeLive(const Scene& scene, std::vector<Finding>& findings) {
  if (scene.asked == nullptr || scene.asked->body.request().items().empty()) return;
  Mapped live;
  live.context = scene.asked->context;
  live.context.act = Act::DELIVERY_LIVE;
  live.body.set_version(1);
  v1::Item item = DeliveryIn(scene);
  Struct said;
  for (const char* name : {"consents", "consented", "consenting_states", "consents_received"}) {
    if (const Value* told = Member(scene.event, name)) (*said.mutable_fields())[name] = *told;
  }
  if (!said.fields().empty()) {
    ArrangeDelivery(said, scene.facts.now);
    ArrangeItem(kDelivery, said);
    item.clear_consents();
    for (v1::Leg& leg : *item.mutable_legs()) leg.clear_consented();
    ImportJson(said, "event", item, live.findings);
  }
  *live.body.mutable_delivery()->mutable_legs() = item.legs();
  *live.body.mutable_delivery()->mutable_consents() = item.consents();
  for (Finding& f : CheckBody(live.context, live.body)) findings.push_back(std::move(f));
  if (!Blocks(findings) && SaysOneOf(scene.event, {"missing_consents", "missing_consent", "missing",
                                                   "without_consent_of"})) {
    Tell("R-CD-02.consent", "event.consents", findings);
  }
}

// An item whose execution begins is a delivery that goes live.
bool StartsDelivery(const Scene& scene, Act::Code act) {
  if (act != Act::EXECUTION_STARTED || scene.asked == nullptr) return false;
  const v1::Item item = DeliveryIn(scene);
  return item.type() == kDelivery && item.status() == "LIVE" && IsMeant(scene.event, item);
}

void JudgeAct(const Scene& scene, std::vector<Finding>& findings) {
  const Act::Code act = ActIn(scene);
  if (act == Act::UNSPECIFIED) {
    Tell("R-GEN-01.enum", "event.type", findings);
    return;
  }
  if (StartsDelivery(scene, act)) JudgeLive(scene, findings);
  Mapped out;
  FillContext(scene, act, out);
  if (IsOutOfOrder(scene, act)) {
    Tell("R-GEN-02.sequence", "event.by", findings);
    return;
  }
  FillBody(scene, act, out);
  FillSettled(scene, act, out);
  if (act == Act::RETURN) JudgeDefects(scene, findings);
  if (TextOf(scene.event, "type") == "WRITTEN_CONFIRMATION") {
    if (IsLateConfirmation(scene)) Tell("R-MLA-14O.unconfirmed", "event.at", findings);
    out.body.mutable_request()->clear_oral();  // this is its confirmation
  }
  findings.insert(findings.end(), out.findings.begin(), out.findings.end());
  for (Finding& finding : CheckBody(out.context, out.body)) findings.push_back(std::move(finding));
  if (out.body.has_refusal()) JudgeConsentGround(scene, out.body.refusal(), findings);
  // An extract that is about the procedure of one item does not list the others.
  const bool procedure = std::any_of(findings.begin(), findings.end(),
                                     [](const Finding& f) { return f.rule == "R-EXE-01"; });
  std::erase_if(findings,
                [&](const Finding& f) { return procedure && f.key == "R-GEN-01.open_item"; });
  JudgeOrder(scene, act, out, findings);
}

// --- Deeds

void JudgeLift(const Scene& scene, std::vector<Finding>& findings) {
  JudgeLifted(scene.event, findings);
}

bool IsExculpatory(const Struct& event) {
  return TextOf(event, "type").rfind("EXCULPATORY_", 0) == 0 ||
         TextOf(event, "purpose").rfind("EXCULPATORY", 0) == 0 ||
         SaysYes(Member(event, "exculpatory"));
}

// What an obligation asks for is done at any time, and outlives the case (1.8.5).
bool IsDuty(const std::string& type) {
  return OneOf(type, {"ACCOUNT_FOR_USE", "USE_ACCOUNT", "PURGE_RECEIPT", "PURGE_CONFIRMED",
                      "RETURN_ITEMS", "ITEMS_RETURNED", "OBLIGATION_FULFILLED", "FULFIL_OBLIGATION",
                      "COMPENSATE", "KEY_ROTATION", "ROTATE_KEY"});
}

bool JudgeDeed(const Scene& scene, const std::string& type, std::vector<Finding>& findings) {
  const Struct& event = scene.event;
  const Deed deed{scene.json, event, scene.in_state, scene.facts};
  // The defence is told in any case: only the notice is looked at.
  if (IsExculpatory(event)) {
    for (Finding& f : CheckExculpatory(TextOf(event, "kind"), TextOf(event, "why_no_prior"))) {
      findings.push_back(std::move(f));
    }
    return true;
  }
  if (JudgeFollowUp(deed, findings)) return true;
  if (JudgeConduct(deed, findings)) {
    if (OneOf(type, {"AUTHORISE", "AUTHORIZE", "APPROVE"})) JudgeAuthorisation(scene, findings);
    return true;
  }
  if (OneOf(type, {"LIFT_PROPOSED", "PROPOSE_LIFT"})) return true;  // the hearing begins
  const bool operation = ObjectOf(scene.json, "operation") != nullptr;
  const bool sends = OneOf(type, {"SHARE", "SEND", "EXPORT", "DISSEMINATE"});
  if (type == "USE") {
    JudgeUse(deed, findings);
  } else if (type == "FORWARD" || type == "EXPORT" ||
             (sends && !operation && HoldingOf(deed).known)) {
    JudgeForward(deed, findings);
  } else if (type == "LIFT") {
    JudgeLift(scene, findings);
  } else if (IsGoingLive(event)) {
    JudgeLive(scene, findings);
  } else if (IsDuty(type) || type == kDeliveryNote || type == kDeliveryNews ||
             type == kMeasureAct || IsStep(scene, type)) {
    return true;
  } else {
    if (JudgeOnwardConsent(deed, findings) || JudgeOperationEvent(deed, findings)) return true;
    if (type != "TRANSFER" || !HoldingOf(deed).known) return false;
    JudgeForward(deed, findings);
  }
  return true;
}

// A record by its own number is the record by its name.
void NameObject(const Struct& json, Struct& event) {
  const Struct* records = ObjectOf(json, "records");
  const std::string object = TextOf(event, "object");
  // "what": "request".
  for (const char* name : {"what", "record", "target", "of"}) {
    if (object.empty() && TextOf(event, name) == "request") Rename(event, name, "object");
  }
  if (records == nullptr || Member(*records, object) != nullptr) return;
  if (object.empty()) {
    for (const char* name : {"record", "target", "of"}) {
      const std::string said = TextOf(event, name);
      if (said.empty() || Member(event, "object") != nullptr) continue;
      if (ObjectOf(*records, said) != nullptr) Put(event, "object", TextValue(said));
    }
    return;
  }
  for (const std::string& name : SortedNames(*records)) {
    const Struct& record = records->fields().at(name).struct_value();
    for (const char* id : {"id", "ref", "trace_id", "record_id", "check_id", "licence_no"}) {
      if (TextOf(record, id) != object) continue;
      (*event.mutable_fields())["object"].set_string_value(name);
      return;
    }
  }
}

}  // namespace

std::vector<Finding> JudgeEvent(const Struct& given, const Struct& told,
                                const std::string& in_state, const CaseDirectory& directory,
                                const std::string& first_now) {
  std::vector<Finding> findings;
  const Struct json = ShapeCase(given, directory, FirstOf(told, {"at", "date"}));
  Struct event = ShapeEvent(given, told);
  ShapeDeliveryEvent(json, event);
  NameObject(json, event);
  ShapeMeasureAct(json, in_state, TextOf(told, "type"), event);
  Scene scene{json, event, FactsOf(json, directory, first_now), in_state, nullptr};
  scene.asked = Asked(json, event, scene.facts);
  const Deed deed{json, event, in_state, scene.facts};
  if (JudgeTime(deed, scene.asked.get(), findings)) return findings;
  if (JudgeOperationPeriod(deed, findings)) return findings;
  if (JudgeWindow(deed, findings)) return findings;
  JudgeReview(deed, findings);
  JudgeProgress(deed, findings);
  if (!JudgeDeed(scene, TextOf(event, "type"), findings)) JudgeAct(scene, findings);
  JudgeLeaks(told, "event", scene.facts, findings);
  return findings;
}

}  // namespace palermo::casework
