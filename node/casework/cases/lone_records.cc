// Rules of a request's offence and of a product alert, for records that are neither: a case of
// trafficking that is passed on, information about terrorism, what a laboratory or a maker says.
#include <algorithm>

#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/plain_records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

void AddVictim(const char* age, Struct& asked) {
  Value person, roles;
  *roles.mutable_list_value()->add_values() = TextValue("VICTIM");
  Struct& victim = *person.mutable_struct_value();
  Put(victim, "roles", roles);
  Put(victim, "age_status", TextValue(age));
  Put(victim, "sealed", BoolValue(true));
  *(*asked.mutable_fields())["persons"].mutable_list_value()->add_values() = person;
}

// {"adults": 3, "children": 0}, [{"age_status": "ADULT"}]: whether victims are adults.
void AddVictims(const Value& victims, Struct& asked) {
  for (const auto& [name, count] : victims.struct_value().fields()) {
    if (!SaysYes(&count)) continue;
    if (HasWords(name, {"adult", "adults"})) AddVictim("ADULT", asked);
    if (HasWords(name, {"child", "children", "minor", "minors"})) AddVictim("CHILD", asked);
  }
  for (const Value& one : victims.list_value().values()) {
    const bool adult = TextOf(one.struct_value(), "age_status") == "ADULT";
    if (one.has_struct_value()) AddVictim(adult ? "ADULT" : "CHILD", asked);
  }
}

// 3.1: acts, means and purposes of a case that is passed on, as an offence.
bool TakeTrafficking(const Struct& record, Struct& asked) {
  if (TextOf(record, "type") != "TIP_CASE_REFERRAL") return false;
  Struct tip;
  if (const Struct* said = ObjectOf(record, "tip")) tip = *said;
  for (const char* name : {"acts", "means", "purposes"}) {
    if (const Value* said = Member(record, name)) Put(tip, name, *said);
  }
  if (tip.fields().empty()) return false;
  Value offence;
  ObjectIn(*offence.mutable_struct_value(), "tip") = tip;
  *(*asked.mutable_fields())["offence"].mutable_list_value()->add_values() = offence;
  if (const Value* victims = Member(record, "victims")) AddVictims(*victims, asked);
  return true;
}

// 3.10: an offence that is called one of terrorism, as that of a request.
bool TakeTerrorism(const Struct& record, Struct& asked) {
  const Value* said = Member(record, "offence");
  if (said == nullptr) return false;
  Put(asked, "offence", *said);
  ShapeOffences(asked);
  if (!SaysYes(Member(asked, "offence"))) return false;
  const auto& offences = Member(asked, "offence")->list_value().values();
  return std::any_of(offences.begin(), offences.end(), [](const Value& one) {
    return Contains(Folded(TextOf(one.struct_value(), "label")), {"terroris"});
  });
}

// The article or the listing that stands beside the offence.
bool NamesListing(const Struct& record) {
  return std::any_of(record.fields().begin(), record.fields().end(), [](const auto& member) {
    return (member.first.rfind("unscr", 0) == 0 ||
            OneOf(member.first, {"designation", "listing", "convention_article"})) &&
           SaysYes(&member.second);
  });
}

}  // namespace

void JudgeElements(const Struct& record, const std::string& at, const CaseFacts& facts,
                   std::vector<Finding>& findings) {
  if (TypeOfRecord(record) != v1::AssistanceType::UNSPECIFIED) return;
  // 3.10: the article of the convention is there, and says nothing.
  const Value* article = Member(record, "convention_article");
  if (facts.area == "TERRORISM" && article != nullptr && !SaysYes(article) &&
      !NamesListing(record)) {
    Tell("R-TER-01.article", at, findings);
  }
  Struct asked;
  const bool trafficking = TakeTrafficking(record, asked);
  if (!trafficking && (!TakeTerrorism(record, asked) || NamesListing(record))) return;
  Put(asked, "type", TextValue("CRIMINAL_RECORD"));
  if (const Value* basis = Member(record, "basis")) Put(asked, "basis", *basis);
  ShapeArticles(asked);
  const auto mapped = MapRecord(asked, "offence", facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    const bool wanted = trafficking ? OneOf(finding.rule, {"R-TIP-01", "R-TIP-02"}) ||
                                          OneOf(finding.key, {"R-GEN-01.tip_word"})
                                    : OneOf(finding.rule, {"R-TER-01"});
    if (!wanted) continue;
    finding.field = at;
    findings.push_back(std::move(finding));
  }
}

void JudgeProduct(const Struct& record, const std::string& name, const CaseFacts& facts,
                  std::vector<Finding>& findings) {
  if (facts.area != "FALSIFIED_MEDICAL_PRODUCTS" || MapExtract(record, name, facts) != nullptr ||
      TypeOfRecord(record) != v1::AssistanceType::UNSPECIFIED) {
    return;
  }
  Struct product = record;
  RenameAliases("ProductAlert", product);
  const Value* batch = Member(product, "batch");
  if (batch != nullptr && batch->kind_case() == Value::kNullValue) batch = nullptr;
  const bool dated = Member(product, "expiry") != nullptr;
  if (batch == nullptr && !dated) return;
  Put(product, "type", TextValue("PRODUCT_ALERT"));
  const auto mapped = MapExtract(product, name, facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    const bool unsaid = batch == nullptr && finding.key == "R-MED-01.batch";
    if (finding.rule == "R-MED-01" && !unsaid) findings.push_back(std::move(finding));
  }
}

}  // namespace palermo::casework
