#include "node/casework/cases/record_words.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/field_words.h"
#include "node/casework/identifiers.h"
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

// A word as lists have it; what has small letters or spaces is free text, and is not judged.
bool IsListWord(const std::string& word) {
  const auto plain = [](char c) { return c != ' ' && !(c >= 'a' && c <= 'z'); };
  return std::all_of(word.begin(), word.end(), plain) &&
         std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The same for what may be told in words of one's own as well.
void JudgeWords(const Struct& object, const char* name, const char* message, const char* field,
                const std::string& at, std::vector<Finding>& findings) {
  for (const std::string& word : OneOrMore(object, name)) {
    if (!IsListWord(word) || IsWordOf(message, field, word)) continue;
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

// GS1 has 20 characters for a batch (AI 10) and for a serial number (AI 21).
void JudgeSizes(const Struct& alert, const std::string& at, std::vector<Finding>& findings) {
  constexpr size_t kMost = 20;
  for (const char* name : {"batch", "serials", "serial"}) {
    const auto texts = OneOrMore(alert, name);
    const bool longer = std::any_of(texts.begin(), texts.end(),
                                    [](const std::string& text) { return text.size() > kMost; });
    if (longer) Tell("R-GEN-01.size", at + "." + name, findings);
  }
  const Value* gtin = Member(alert, "gtin");
  if (gtin != nullptr && gtin->kind_case() == Value::kStringValue && gtin->string_value().empty()) {
    Tell("R-ID-GTIN.check", at + ".gtin", findings);
  }
}

// The instrument of a boarding: "COE-SEA", {"instrument": "COE-SEA"}.
std::string InstrumentOfRecord(const Struct& record) {
  const Struct* basis = ObjectOf(record, "basis");
  const std::string said =
      basis == nullptr ? TextOf(record, "basis") : TextOf(*basis, "instrument");
  return said.substr(0, said.find(' '));
}

}  // namespace

namespace {

// 2.3
void JudgeRouteWords(const Struct& route, const std::string& at, std::vector<Finding>& findings) {
  JudgeWords(route, "evidence_status", "Request", "evidence_status", at, findings);
  JudgeWords(route, "actions", "RouteReport", "actions", at, findings);
  JudgeWords(route, "confidence", "Confidence", "level", at, findings);
  if (const Struct* confidence = ObjectOf(route, "confidence")) {
    JudgeWords(*confidence, "level", "Confidence", "level", at + ".confidence", findings);
  }
  for (const char* name : {"kind", "report_kind"}) {
    if (TextOf(route, name) == "UNTOC_27E") continue;  // in capitals
    JudgeList(route, name, "RouteReport", "kind", at, findings);
  }
}

// 2.5
void JudgeDocumentWords(const Struct& record, const std::string& at,
                        std::vector<Finding>& findings) {
  if (const Struct* document = ObjectOf(record, "doc")) {
    JudgeWords(*document, "type", "DocumentMethodReport", "document_type", at + ".doc", findings);
  }
  // A line that fails its check has a finding of its own, wherever it comes from.
  const std::string origin = TextOf(record, "mrz_origin");
  const bool known =
      HasWords(origin, {"suspect", "document", "operator", "entry", "own", "our", "typed", "input",
                        "record", "investigator", "trusted", "verified", "seized", "passport",
                        "border", "questioned", "scan", "scanned", "copy"});
  if (IsListWord(origin) && !known && IsMrz(TextsOf(record, "mrz"))) {
    Tell("R-GEN-01.enum", at + ".mrz_origin", findings);
  }
  const std::string answer = TextOf(record, "answer");
  if (TypeOfRecord(record) == AssistanceType::VERIFY_DOCUMENT && IsListWord(answer) &&
      !IsAnswerWord(answer)) {
    Tell("R-GEN-01.enum", at + ".answer", findings);
  }
}

// 2.6
void JudgeFirearmWords(const Struct& record, const std::string& at,
                       std::vector<Finding>& findings) {
  const auto type = TypeOfRecord(record);
  if (type == AssistanceType::VERIFY_LICENCE) {
    JudgeWords(record, "kind", "Licence", "kind", at, findings);
    if (const Struct* licence = ObjectOf(record, "licence")) {
      JudgeWords(*licence, "kind", "Licence", "kind", at + ".licence", findings);
    }
  }
  if (type != AssistanceType::TRACE_FIREARM) return;
  if (const Struct* firearm = ObjectOf(record, "firearm")) {
    const std::string here = at + ".firearm";
    const Value* marks = Member(*firearm, "marks");
    for (int i = 0; marks != nullptr && i < marks->list_value().values_size(); ++i) {
      JudgeWords(marks->list_value().values(i).struct_value(), "kind", "Marking", "kind",
                 At(here + ".marks", i), findings);
    }
    // Without a number its state is what R-FAP-01 looks at.
    if (!AnyText(*firearm, "serial").empty()) {
      JudgeWords(*firearm, "serial_state", "Firearm", "serial_state", here, findings);
    }
  }
  if (const Struct* recovery = ObjectOf(record, "recovery")) {
    JudgeWords(*recovery, "disposal", "Recovery", "disposal", at + ".recovery", findings);
  }
  if (const Struct* answer = ObjectOf(record, "answer")) {
    JudgeWords(*answer, "result", "TraceAnswer", "result", at + ".answer", findings);
  }
  // FAP_3d, FAP_3e, 5(1)c, however the article is written.
  const std::string basis = TextOf(record, "illicit_basis");
  const bool known = HasWords(basis, {"3d", "3e", "3", "5"});
  if (IsListWord(basis) && !known) Tell("R-GEN-01.enum", at + ".illicit_basis", findings);
}

// 3.7: BASIC_SUBSCRIBER_INFO and TRAFFIC_DATA are of the list.
void JudgeDataWords(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  const auto type = TypeOfRecord(record);
  if (type < AssistanceType::PRESERVE_DATA || type > AssistanceType::SUBSCRIBER_INFO) return;
  for (const char* name : {"category", "data_category", "data_categories", "categories"}) {
    for (const std::string& word : OneOrMore(record, name)) {
      if (!IsListWord(word) || Contains(word, {"SUBSCRIBER", "TRAFFIC", "CONTENT"})) continue;
      Tell("R-GEN-01.enum", at + "." + name, findings);
      return;
    }
  }
}

}  // namespace

void JudgeClosedWords(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  JudgeDocumentWords(record, at, findings);
  JudgeFirearmWords(record, at, findings);
  JudgeDataWords(record, at, findings);
  if (const Struct* identified = ObjectOf(record, "identification")) {
    JudgeWords(*identified, "authority_kind", "Identification", "authority_kind",
               at + ".identification", findings);
  }
}

// 5.1: a team for an investigation, or an operation.
void JudgeOperationKind(const Struct& operation, std::vector<Finding>& findings) {
  const std::string kind = TextOf(operation, "kind");
  const bool known =
      HasWords(kind, {"jit", "joint", "operation", "operational", "team", "investigation", "action",
                      "task", "force", "parallel", "surveillance", "coordinated", "delivery"});
  if (IsListWord(kind) && !known) Tell("R-GEN-01.enum", "operation.kind", findings);
}

namespace {

// Whoever has a claim open is not put ashore as proposed, SOM 19, as little as by the event.
void JudgeClaimAshore(const Struct& boarding, const std::string& at,
                      std::vector<Finding>& findings) {
  const Struct* ashore = ObjectOf(boarding, "disembarkation_proposal");
  if (ashore == nullptr) return;
  const std::string claim =
      FirstOf(*ashore, {"protection_claim", "asylum_claim", "claim", "protection_claims"});
  if (ClaimOf(claim) == Claim::kOpen) {
    Tell("R-HR-01.claim", at + ".disembarkation_proposal", findings);
  }
}

}  // namespace

void JudgeRecordWords(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  JudgeClosedWords(record, at, findings);
  if (const Struct* handling = ObjectOf(record, "handling")) {
    JudgeList(*handling, "tlp", "Marked", "tlp", at + ".handling", findings);
    JudgeList(*handling, "code", "Marked", "code", at + ".handling", findings);
  }
  if (IsRouteRecord(record) && Member(record, "kind") != nullptr) {
    JudgeRouteWords(record, at, findings);
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
  if (IsOfBoarding(record)) {
    JudgeList(record, "suspicion", "Item", "suspicion", at, findings);
    JudgeClaimAshore(record, at, findings);
  }
  if (OneOf(TextOf(record, "type"), {"PRODUCT_ALERT", "BATCH_ALERT"}))
    JudgeSizes(record, at, findings);
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
  // DRUG88 17, and the agreement of 1995 that implements it, are about drugs alone.
  if (IsOfBoarding(record) && TextOf(record, "suspicion") == "SOM" &&
      OneOf(InstrumentOfRecord(record), {"DRUG88", "COE-SEA"})) {
    Tell("R-DIR-03.family", at + ".basis", findings);
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

namespace {

constexpr int kDeepestWord = 8;

bool IsSeal(std::string_view name) { return name == "sealed" || name.ends_with("_sealed"); }

// Seals of `given` that are not there, or null, in the same object of `changed`.
void JudgeSeals(const Struct& given, const Struct& changed, const std::string& at, int depth,
                std::vector<Finding>& findings) {
  if (depth > kDeepestWord || TextOf(given, "ref") != TextOf(changed, "ref")) return;
  for (const auto& [name, value] : given.fields()) {
    const Value* now = Member(changed, name);
    const std::string here = at + "." + name;
    const bool gone = now == nullptr || now->kind_case() == Value::kNullValue;
    if (IsSeal(name) && SaysYes(&value) && gone) Tell("R-SEAL-01.unsealed", here, findings);
    if (now == nullptr) continue;
    JudgeSeals(value.struct_value(), now->struct_value(), here, depth + 1, findings);
    const auto& list = value.list_value().values();
    for (int i = 0; i < list.size() && i < now->list_value().values_size(); ++i) {
      JudgeSeals(list[i].struct_value(), now->list_value().values(i).struct_value(), At(here, i),
                 depth + 1, findings);
    }
  }
}

}  // namespace

namespace {

// An answer that the variant dates before the call which it answers.
void JudgeAnswerBefore(const Struct& given, const Struct& changed, std::vector<Finding>& findings) {
  const Struct* before = ObjectOf(given, "answer");
  const Struct* answer = ObjectOf(changed, "answer");
  if (answer == nullptr || (before != nullptr && TextOf(*before, "at") == TextOf(*answer, "at"))) {
    return;
  }
  const auto at = ParseInstant(TextOf(*answer, "at"));
  for (const auto& [name, record] : changed.fields()) {
    const Struct* oral = ObjectOf(record.struct_value(), "oral");
    const auto made = ParseInstant(oral == nullptr ? "" : TextOf(*oral, "made_at"));
    if (at.ok() && made.ok() && *at < *made && IsOfBoarding(record.struct_value())) {
      Tell("R-GEN-03.order", "records.answer.at", findings);
    }
  }
}

// FAP 8: a printed or home-made firearm explains itself, unless the variant takes away what its
// record said of the missing number.
void JudgeExplanation(const Struct& given, const Struct& changed, const std::string& at,
                      std::vector<Finding>& findings) {
  const auto says = [](const Struct& object) {
    const auto& members = object.fields();
    return std::any_of(members.begin(), members.end(), [&](const auto& member) {
      const bool why = member.first == "serial_state" ||
                       Contains(member.first, {"note", "explanation", "reason", "absence",
                                               "comment", "why_no", "forensic", "remark"});
      return why && !AnyText(object, member.first).empty();
    });
  };
  const Struct* before = ObjectOf(given, "firearm");
  const Struct* after = ObjectOf(changed, "firearm");
  if (before == nullptr || after == nullptr || !says(*before) || says(*after) || says(changed)) {
    return;
  }
  const std::string kind = TextOf(*before, "class");
  const bool printed = OneOf(kind, {"ADDITIVE_3D", "HOMEMADE"}) && kind == TextOf(*after, "class");
  const bool marked = SaysOneOf(
      *after, {"serial", "serial_number", "serial_no", "marks", "markings", "import_mark"});
  if (printed && !marked) Tell("R-FAP-01.marks", at + ".firearm.serial", findings);
}

// What a variant takes from a record of firearms: the explanation of a missing number, the grading
// of an alert.
void JudgeTakenOfFirearms(const Struct& given, const Struct& changed, const std::string& at,
                          std::vector<Finding>& findings) {
  JudgeExplanation(given, changed, at, findings);
  const bool alert = OneOf(TextOf(changed, "type"), {"PMF_3D_ALERT", "PMF_ALERT", "3D_ALERT",
                                                     "PMF/3D ALERT", "ADDITIVE_MANUFACTURE_ALERT"});
  const bool graded = ObjectOf(given, "evaluation") != nullptr;
  if (alert && graded && ObjectOf(changed, "evaluation") == nullptr) {
    JudgeGrades(changed, TextOf(changed, "evidence_status"), at, findings);
  }
}

// 18(15)(e) of a request that traces things alone: whom it named is known, and gone.
void JudgeTakenPersons(const Struct& given, const Struct& changed, std::vector<Finding>& findings) {
  const Struct* before = ObjectOf(given, "request");
  const Struct* after = ObjectOf(changed, "request");
  if (before == nullptr || after == nullptr) return;
  const Value* items = Member(*after, "items");
  if (!SaysYes(Member(*before, "persons")) || SaysYes(Member(*after, "persons")) ||
      items == nullptr || items->list_value().values().empty() ||
      TextOf(*after, "requesting_authority").empty() ||
      !OneOf(TextOf(*after, "family"), {"MLA", "PROTOCOL_ADMIN"})) {
    return;
  }
  const auto& all = items->list_value().values();
  const bool things = std::all_of(all.begin(), all.end(), [](const Value& item) {
    return OneOf(TextOf(item.struct_value(), "type"),
                 {"TRACE_FIREARM", "VERIFY_LICENCE", "CONFIRM_SHIPMENT_RECEIPT"});
  });
  if (things) Tell("R-MLA-15E.persons", "request.persons", findings);
}

}  // namespace

void JudgeTaken(const Struct& given, const Struct& changed, std::vector<Finding>& findings) {
  JudgeTakenPersons(given, changed, findings);
  for (const char* part : {"request", "records"}) {
    const Struct* before = ObjectOf(given, part);
    const Struct* after = ObjectOf(changed, part);
    if (before != nullptr && after != nullptr) JudgeSeals(*before, *after, part, 0, findings);
  }
  const Struct* records = ObjectOf(given, "records");
  const Struct* now = ObjectOf(changed, "records");
  if (records == nullptr || now == nullptr) return;
  JudgeAnswerBefore(*records, *now, findings);
  for (const auto& [name, value] : records->fields()) {
    const Struct* record = ObjectOf(*now, name);
    if (record == nullptr) continue;
    if (TextOf(changed, "area") == "FIREARMS") {
      JudgeTakenOfFirearms(value.struct_value(), *record, "records." + name, findings);
    }
    const bool known = IsOfBoarding(value.struct_value());
    if (known && !TextOf(*record, "type").empty() &&
        TypeOfRecord(*record) == AssistanceType::UNSPECIFIED) {
      Tell("R-GEN-01.enum", "records." + name + ".type", findings);
    }
    const std::string reported = TextOf(*record, "reported_at");
    const auto at = ParseInstant(reported), boarded = ParseInstant(TextOf(*record, "boarded_at"));
    const bool set = reported != TextOf(value.struct_value(), "reported_at");
    if (set && at.ok() && boarded.ok() && *at < *boarded) {
      Tell("R-GEN-03.order", "records." + name + ".reported_at", findings);
    }
  }
}

void JudgeApprovals(const Struct& release, const std::string& at, std::vector<Finding>& findings) {
  const auto officers = TextsOf(release, "approved_by");
  const bool same = officers.size() > 1 &&
                    std::all_of(officers.begin(), officers.end(),
                                [&](const auto& officer) { return officer == officers.front(); });
  if (same) Tell("R-AUTH-02.same", at + ".approved_by", findings);
}

void JudgeReleasedIds(const Struct& release, const Struct& records, const std::string& at,
                      std::vector<Finding>& findings) {
  constexpr size_t kShortest = 4;
  for (const auto& [name, record] : records.fields()) {
    const Struct& object = record.struct_value();
    for (const char* id : {"sample_chain", "custody_chain_id", "national_ref", "case_ref"}) {
      const std::string known = TextOf(object, id);
      if (known.size() < kShortest || &object == &release) continue;
      for (const auto& [member, value] : release.fields()) {
        if (value.string_value().find(known) == std::string::npos) continue;
        Tell("R-MED-02.release", at + "." + member, findings);
        return;
      }
    }
  }
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
