// One act or deed in a case that stands in a given state.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "node/casework/asset_measure.h"
#include "node/casework/cases/judge.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/cases/operation.h"
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

constexpr double kSmallestCell = 5;

struct Scene {
  const Struct& json;
  const Struct& event;
  CaseFacts facts;
  std::string in_state;
  std::unique_ptr<Mapped> asked;  // null: the case has no request
};

double NumberOf(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value == nullptr ? 0 : value->number_value();
}

// The request of the case: its own, or its first record that is one.
std::unique_ptr<Mapped> Asked(const Struct& json, const CaseFacts& facts) {
  if (const Struct* request = ObjectOf(json, "request")) return MapRequest(*request, facts);
  const Struct* records = ObjectOf(json, "records");
  if (records == nullptr) return nullptr;
  for (const auto& [name, value] : records->fields()) {
    v1::AssistanceType::Code type;
    if (v1::AssistanceType::Code_Parse(TextOf(value.struct_value(), "type"), &type)) {
      return MapRecord(value.struct_value(), name, facts);
    }
  }
  return nullptr;
}

// --- Restrictions of the object that an event names

Restrictions OfObject(const Struct& object) {
  Restrictions r;
  const Struct* handling = ObjectOf(object, "handling");
  r.handling = handling == nullptr ? TextOf(object, "handling") : TextOf(*handling, "code");
  r.release_states = TextsOf(object, "release_states");
  if (handling != nullptr && r.release_states.empty()) {
    r.release_states = TextsOf(*handling, "release_states");
  }
  const auto to = TextsOf(object, "to");
  r.release_states.insert(r.release_states.end(), to.begin(), to.end());
  r.kinds = TextsOf(object, "restrictions");
  r.originator = TextOf(object, "originator");
  return r;
}

Restrictions Find(const Scene& scene) {
  const std::string name = TextOf(scene.event, "object");
  if (const Struct* records = ObjectOf(scene.json, "records")) {
    if (const Struct* record = ObjectOf(*records, name)) return OfObject(*record);
  }
  if (const Struct* operation = ObjectOf(scene.json, "operation")) {
    const Value* sharing = Member(*operation, "sharing");
    for (int i = 0; sharing != nullptr && i < sharing->list_value().values_size(); ++i) {
      const Struct& shared = sharing->list_value().values(i).struct_value();
      if (TextOf(shared, "obj") == name) return OfObject(shared);
    }
  }
  Restrictions r;
  if (const Struct* request = ObjectOf(scene.json, "request")) {
    r = OfObject(*request);
    r.evidence = true;
    const Struct* proceeding = ObjectOf(*request, "proceeding");
    if (proceeding != nullptr) r.purposes.push_back(TextOf(*proceeding, "national_ref"));
  }
  return r;
}

// --- Acts

Act::Code ActOf(const std::string& type) {
  if (type == "POSTPONEMENT") return Act::POSTPONEMENT_NOTICE;
  if (type == "RESULT") return Act::FINAL_RESULT;
  if (type == "NO_LONGER_REQUIRED") return Act::WITHDRAWAL;
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

// The content that the act carries, from the event's members.
void FillBody(const Scene& scene, Act::Code act, Mapped& out) {
  out.body.set_version(1);
  const auto* field = v1::CaseBody::descriptor()->FindFieldByNumber(ContentOf(act));
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  auto& content = *out.body.GetReflection()->MutableMessage(&out.body, field);
  Struct members = scene.event;
  members.mutable_fields()->erase("type");
  // Reasons are written in the language of the request, unless the event says otherwise.
  auto& fields = *members.mutable_fields();
  if (out.body.has_refusal() && fields.count("reasons_language") == 0 && scene.asked != nullptr) {
    const std::string given = TextOf(scene.event, "reasons_lang");
    const std::string& language = scene.asked->body.request().language();
    fields["reasons_language"].set_string_value(!given.empty()     ? given
                                                : language.empty() ? "en"
                                                                   : language);
  }
  fields.erase("reasons_lang");
  if (out.body.has_statement()) {
    auto& statement = *out.body.mutable_statement();
    std::string text = TextOf(scene.event, "text");
    for (const char* name : {"ground", "reason", "remedy", "conditions", "defects"}) {
      text += TextOf(scene.event, name) + absl::StrJoin(TextsOf(scene.event, name), ", ");
    }
    const bool postponement = act == Act::POSTPONEMENT_NOTICE;
    statement.set_text(text.empty() && !postponement ? "as noted" : text);
    for (const char* name : {"review_at", "new_review_at", "valid_until", "until"}) {
      if (!TextOf(scene.event, name).empty()) statement.set_until(TextOf(scene.event, name));
    }
    return;
  }
  ImportJson(members, "event", content, out.findings);
}

Side SideOf(const Scene& scene, Act::Code act) {
  if (!MaySend(Side::kRequested, act)) return Side::kRequesting;
  if (!MaySend(Side::kRequesting, act)) return Side::kRequested;
  const bool asker =
      scene.asked != nullptr && OneOf(scene.asked->context.requesting_state,
                                      {TextOf(scene.event, "by"), TextOf(scene.event, "from")});
  return asker ? Side::kRequesting : Side::kRequested;
}

bool Flag(const Struct& object, const std::string& name, bool otherwise) {
  const Value* value = Member(object, name);
  return value == nullptr || value->kind_case() != Value::kBoolValue ? otherwise
                                                                     : value->bool_value();
}

// In CONSULTING the consultation is the one that the act needs, and the requesting state was heard,
// unless the event says otherwise.
void FillConsultation(const Scene& scene, CheckContext& context) {
  const bool open = Flag(scene.event, "consulted", scene.in_state == "CONSULTING");
  context.refusal_consultation_open = open;
  context.postponement_consultation_open = open;
  context.requesting_state_unheard = !Flag(scene.event, "rq_heard", true);
}

void JudgeAct(const Scene& scene, std::vector<Finding>& findings) {
  const std::string type = TextOf(scene.event, "type");
  const Act::Code act = InPart(ActOf(type), NamesSome(scene));
  if (act == Act::UNSPECIFIED) {
    Tell("R-GEN-01.enum", "event.type", findings);
    return;
  }
  Mapped out;
  if (scene.asked != nullptr) {
    out.context = scene.asked->context;
    out.context.request = &scene.asked->body.request();
    out.context.signatory = nullptr;
  }
  out.context.act = act;
  out.context.side = SideOf(scene, act);
  // The answer goes back: its languages are those of the state that asked.
  const auto& languages = scene.facts.directory.languages;
  const auto at = languages.find(out.context.requesting_state);
  if (at != languages.end()) out.context.accepted_languages = at->second;
  FillConsultation(scene, out.context);
  FillBody(scene, act, out);
  findings.insert(findings.end(), out.findings.begin(), out.findings.end());
  for (Finding& finding : CheckBody(out.context, out.body)) findings.push_back(std::move(finding));
  const auto state = StateFromName(scene.in_state);
  if (!state.ok()) return;
  // What the rules say about the act comes first; the bare order of acts otherwise.
  if (!IsLegal({*state}, out.context.side, act, out.context.family) && !Blocks(findings)) {
    Tell("R-GEN-02.sequence", "event.type", findings);
  }
}

// --- Deeds

void JudgeLift(const Scene& scene, std::vector<Finding>& findings) {
  AssetMeasure measure;
  measure.state =
      Flag(scene.event, "rq_heard", false) ? AssetState::kRqHeard : AssetState::kLiftProposed;
  measure.reason = TextOf(scene.event, "reason");
  measure.wherever_possible = measure.reason.empty();
  for (Finding& f : MoveAsset(measure, AssetState::kLifted)) findings.push_back(std::move(f));
}

void JudgeLive(const Scene& scene, std::vector<Finding>& findings) {
  if (scene.asked == nullptr || scene.asked->body.request().items().empty()) return;
  Mapped live;
  live.context = scene.asked->context;
  live.context.act = Act::DELIVERY_LIVE;
  live.body.set_version(1);
  const v1::Item& item = scene.asked->body.request().items(0);
  *live.body.mutable_delivery()->mutable_legs() = item.legs();
  *live.body.mutable_delivery()->mutable_consents() = item.consents();
  for (Finding& f : CheckBody(live.context, live.body)) findings.push_back(std::move(f));
}

bool JudgeDeed(const Scene& scene, const std::string& type, std::vector<Finding>& findings) {
  const Struct& event = scene.event;
  const auto add = [&](std::vector<Finding> more) {
    findings.insert(findings.end(), more.begin(), more.end());
  };
  const Struct* operation = ObjectOf(scene.json, "operation");
  if (type == "USE") {
    add(CheckUse(Find(scene), TextOf(event, "purpose"), TextOf(event, "consent")));
  } else if (type == "FORWARD") {
    add(CheckForward(Find(scene), TextOf(event, "to"), TextOf(event, "consent")));
  } else if (type == "EXCULPATORY_NOTICE" || type == "EXCULPATORY_DISCLOSURE") {
    add(CheckExculpatory(TextOf(event, "kind"), TextOf(event, "why_no_prior")));
  } else if (type == "LIFT") {
    JudgeLift(scene, findings);
  } else if (type == "LIVE") {
    JudgeLive(scene, findings);
  } else if (type == "PUBLISH") {
    const double cell = NumberOf(event, "cell");
    if (cell > 0 && cell < kSmallestCell) Tell("R-STAT-02.cell", "event.cell", findings);
  } else if (type == "CLOSE" && Member(event, "open_obligations") != nullptr) {
    if (NumberOf(event, "open_obligations") > 0)
      Tell("R-AUD-01.open", "event.open_obligations", findings);
  } else if (type == "ADMIT" && operation != nullptr) {
    JudgeAdmission(*operation, event,
                   TextOf(scene.json, "title") + " " + TextOf(*operation, "purpose"), scene.facts,
                   findings);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::vector<Finding> JudgeEvent(const Struct& json, const Struct& event,
                                const std::string& in_state, const CaseDirectory& directory) {
  std::vector<Finding> findings;
  Scene scene{json, event, FactsOf(json, directory), in_state, nullptr};
  scene.asked = Asked(json, scene.facts);
  if (!JudgeDeed(scene, TextOf(event, "type"), findings)) JudgeAct(scene, findings);
  return findings;
}

}  // namespace palermo::casework
