// The ways in which an author writes a result, or a refusal's ground.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr const char* kWhyNot[] = {"procedure_not_followed_reason", "not_followed_reason",
                                   "why_not_followed", "why_not", "reason"};

// true, "yes", "NO", {"followed": false, "reason": "..."}: as the form writes it.
void ShapeProcedure(Struct& result) {
  for (const char* name : {"procedure", "followed", "procedure_wishes_followed"}) {
    Rename(result, name, "procedure_followed");
  }
  if (const Struct* said = ObjectOf(result, "procedure_followed")) {
    const Struct inner = *said;
    const Value* followed = Member(inner, "followed");
    Put(result, "procedure_followed", followed == nullptr ? Value() : *followed);
    for (const char* why : kWhyNot) {
      if (!TextOf(inner, why).empty()) Put(result, "reason", TextValue(TextOf(inner, why)));
    }
  }
  const Value* word = Member(result, "procedure_followed");
  if (word == nullptr || word->kind_case() == Value::kNullValue) return;
  const std::string folded = Folded(AnyText(result, "procedure_followed"));
  if (word->kind_case() == Value::kBoolValue ||
      OneOf(folded, {"yes", "no", "true", "false", "followed", "not followed", "not_followed"})) {
    const bool yes = word->kind_case() == Value::kBoolValue
                         ? word->bool_value()
                         : OneOf(folded, {"yes", "true", "followed"});
    Put(result, "procedure_followed", TextValue(yes ? "FOLLOWED" : "NOT_FOLLOWED"));
    for (const char* why : kWhyNot) {
      if (!yes) Rename(result, why, "procedure_not_followed_reason");
    }
  }
}

// The numbers of the request's items.
std::vector<Value> AllItems(const Struct& json) {
  std::vector<Value> numbers;
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const Value* n = Member(items->list_value().values(i).struct_value(), "n");
    if (n != nullptr) numbers.push_back(*n);
  }
  return numbers;
}

bool IsNumber(const Value& value, double& number) {
  number = value.number_value();
  return value.kind_case() == Value::kNumberValue ||
         absl::SimpleAtod(value.string_value(), &number);
}

// One item of the event's list, with what the event says of all.
class Results {
 public:
  explicit Results(const Struct& event, Value outcome) : event_(event), outcome_(outcome) {}

  void Add(const Value& n, const Value& result) {
    Struct& one = *list_.mutable_list_value()->add_values()->mutable_struct_value();
    if (result.has_struct_value()) one = result.struct_value();
    Rename(one, "item", "n");
    Rename(one, "result", "outcome");
    Rename(one, "status", "outcome");
    double number = 0;
    Value counted;
    if (IsNumber(n, number)) counted.set_number_value(number);
    if (Member(one, "n") == nullptr) Put(one, "n", counted);
    if (result.kind_case() == Value::kStringValue) Put(one, "outcome", result);
    if (Member(one, "outcome") == nullptr) {
      Put(one, "outcome",
          outcome_.kind_case() == Value::kStringValue ? outcome_ : TextValue("EXECUTED_FULL"));
    }
    ShapeProcedure(one);
    for (const char* name : {"procedure_followed", "procedure_not_followed_reason"}) {
      if (Member(one, name) == nullptr && Member(event_, name) != nullptr) {
        Put(one, name, *Member(event_, name));
      }
    }
  }
  bool empty() const { return list_.list_value().values_size() == 0; }
  const Value& list() const { return list_; }

 private:
  const Struct& event_;
  Value outcome_, list_;
};

// --- Grounds

// That prosecution at home is not offered. That the surrender is refused stands beside an offer.
constexpr std::string_view kNoOffer[] = {
    "not_offer*",           "not_be_offered",       "no_offer*",
    "without_offer*",       "without_any_offer",    "not_to_offer",
    "nor_offer*",           "cannot_offer",         "cannot_be_offered",
    "not_submit*",          "not_be_submitted",     "without_submit*",
    "not_to_submit",        "cannot_be_submitted",  "no_prosecut*",
    "not_prosecut*",        "not_be_prosecuted",    "not_to_prosecut*",
    "nor_prosecut*",        "cannot_prosecut*",     "cannot_be_prosecuted",
    "without_prosecut*",    "refuses_to_prosecut*", "prosecution_is_not",
    "refused_to_prosecut*", "refused_prosecut*",    "declines_to",
    "declined_to",          "declines_prosecut*",   "declined_prosecut*",
    "not_taken_over",       "not_be_taken_over",    "offer_is_refused",
    "offer_was_refused",    "offer_is_declined"};

// A member that says the prosecution at home is offered, in its name or in its value.
bool OffersProsecution(const std::string& name, const Value& value, const Struct& event) {
  if (OneOf(name, {"reasons", "reason", "ground", "type", "text", "why", "prosecution_offer"})) {
    return false;
  }
  const std::string said = AnyText(event, name);
  if (!SaysYes(&value) || HasWords(said, kNoOffer) || HasWords(said, {"none", "declin*"}))
    return false;
  if (HasWords(name, {"declin*", "refus*", "no", "not", "without"})) return false;
  constexpr std::string_view kOffers[] = {"prosecut*", "transfer_proceedings",
                                          "transfer_of_proceedings"};
  return HasWords(name, kOffers) || HasWords(name, {"dedere"}) || HasWords(said, kOffers);
}

// "...; prosecution at home is offered under 16(10)."
bool ReasonsOffer(const std::string& reasons) {
  const std::vector<std::string> clauses = absl::StrSplit(reasons, absl::ByAnyChar(";.,:"));
  for (const std::string& clause : clauses) {
    if (HasWords(clause, {"prosecut*"}) &&
        HasWords(clause, {"offer*", "submit*", "will_be", "taken_over"}) &&
        !HasWords(clause, kNoOffer)) {
      return true;
    }
  }
  return false;
}

void ShapeNationality(Struct& event) {
  if (TextOf(event, "type") == "REFUSED_NATIONALITY") {
    Put(event, "type", TextValue("REFUSAL"));
    if (TextOf(event, "ground").empty()) Put(event, "ground", TextValue("NATIONALITY_OF_PERSON"));
    // The state's name stands for the message that led to it.
    if (Member(event, "reasons") == nullptr) {
      Put(event, "reasons", TextValue("The person sought is a national of the requested State."));
    }
  }
  if (TextOf(event, "ground") != "NATIONALITY_OF_PERSON") return;
  if (Member(event, "prosecution_offer") != nullptr) return;
  const bool offered =
      std::any_of(event.fields().begin(), event.fields().end(),
                  [&](const auto& f) { return OffersProsecution(f.first, f.second, event); }) ||
      ReasonsOffer(Folded(TextOf(event, "reasons")));
  if (offered) Put(event, "prosecution_offer", TextValue("offered"));
}

// Absent dual criminality that the event itself says is one of names alone.
bool IsOfLabelAlone(const Struct& event) {
  for (const char* name :
       {"label_only", "label_mismatch_only", "only_label", "label_mismatch", "category_only"}) {
    if (SaysYes(Member(event, name))) return true;
  }
  for (const char* name : {"conduct_based", "conduct_assessed", "conduct_compared"}) {
    const Value* said = Member(event, name);
    if (said != nullptr && !SaysYes(said)) return true;
  }
  const Struct* dual = ObjectOf(event, "dual_criminality");
  if (dual != nullptr && TextOf(*dual, "result") == "MET") return true;
  for (const Struct* from : {&event, dual}) {
    for (const char* name : {"basis", "based_on", "reason_kind", "compared", "compares"}) {
      if (from != nullptr && OneOf(TextOf(*from, name), {"LABEL", "NAME", "CATEGORY"})) return true;
    }
  }
  return false;
}

// The item that a refusal names, or any where it names none, is a record of the government.
bool AsksGovernmentRecord(const Struct& json, const Struct& event) {
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  const Value* named = Member(event, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const Struct& item = items->list_value().values(i).struct_value();
    const Value* n = Member(item, "n");
    if (n == nullptr || TextOf(item, "type") != "RECORDS_GOVERNMENT") continue;
    if (named == nullptr) return true;
    for (const Value& each : named->list_value().values()) {
      if (each.number_value() == n->number_value()) return true;
    }
  }
  return false;
}

constexpr std::pair<std::string_view, std::string_view> kGrounds[] = {
    {"COSTS", "COSTS_ONLY"},
    {"FISCAL", "FISCAL_ONLY"},
    {"FISCAL_MATTER", "FISCAL_ONLY"},
    {"LEGAL_PERSON", "LEGAL_PERSON_ONLY"},
    {"LABEL_MISMATCH", "LABEL_MISMATCH_ONLY"},
    {"BANKING_SECRECY", "BANK_SECRECY"},
    {"NATIONALITY", "NATIONALITY_OF_PERSON"},
    {"DUAL_CRIMINALITY", "DUAL_CRIMINALITY_ABSENT"},
};

}  // namespace

namespace {

// Several grounds: taxes, costs and their like may stand beside another, and only alone are they
// none, 18(22). What never stands is told whatever stands beside it.
void ShapeGrounds(Struct& event) {
  std::vector<std::string> grounds = TextsOf(event, "grounds");
  if (grounds.empty()) grounds = TextsOf(event, "ground");
  if (grounds.empty() || !TextOf(event, "ground").empty()) return;
  const auto find = [&](auto is) {
    const auto found = std::find_if(grounds.begin(), grounds.end(), is);
    return found == grounds.end() ? std::string() : *found;
  };
  std::string first = find([](const std::string& ground) {
    return OneOf(ground, {"BANK_SECRECY", "BANKING_SECRECY", "DUAL_CRIMINALITY_FOR_PRESERVATION"});
  });
  if (first.empty()) {
    first = find([](const std::string& ground) {
      return !HasWords(ground, {"only", "fiscal", "costs", "political", "legal_person", "label*"});
    });
  }
  Take(event, "grounds");
  Put(event, "ground", TextValue(first.empty() ? grounds.front() : first));
}

}  // namespace

void ShapeGroundWords(const Struct& json, Struct& event) {
  const std::string type = TextOf(event, "type");
  if (!OneOf(type, {"REFUSAL", "REFUSE", "REFUSED_NATIONALITY", "REFUSAL_NATIONALITY"})) return;
  ShapeGrounds(event);
  for (const auto& [said, means] : kGrounds) {
    if (TextOf(event, "ground") == said) Put(event, "ground", TextValue(means));
  }
  ShapeNationality(event);
  const std::string ground = TextOf(event, "ground");
  const Struct* request = ObjectOf(json, "request");
  if (ground == "DUAL_CRIMINALITY_ABSENT" && request != nullptr &&
      TextOf(*request, "family") != "PRESERVATION_24_7" && IsOfLabelAlone(event)) {
    Put(event, "ground", TextValue("LABEL_MISMATCH_ONLY"));
  }
  // 18(29)(b): what is not public may be kept back at discretion; what is public has its rule.
  if (OneOf(ground, {"DISCRETION", "DISCRETIONARY"}) && AsksGovernmentRecord(json, event)) {
    Put(event, "ground", TextValue("DOMESTIC_LAW"));
    if (TextOf(event, "law_ref").empty()) Put(event, "law_ref", TextValue("UNTOC 18(29)"));
  }
}

void ShapeCourtUse(Struct& event) {
  const std::string type = TextOf(event, "type");
  const bool named = HasWords(type, {"court"}) &&
                     HasWords(type, {"use", "used", "file", "filed", "filing", "produce",
                                     "produced", "submit", "submitted", "tender", "tendered"}) &&
                     !HasWords(type, {"consent", "permission", "request", "order", "not", "no"});
  const bool put = OneOf(type, {"FILE", "SUBMIT", "PRODUCE", "TENDER"}) &&
                   (NamesCourt(TextOf(event, "to")) || SaysYes(Member(event, "court")));
  if (!named && !put) return;
  Put(event, "type", TextValue("USE"));
  const std::string purpose = TextOf(event, "purpose");
  const bool said = PurposeOf(purpose).kind == Purpose::Kind::kCourt;
  if (said || purpose.rfind("EXCULPATORY", 0) == 0) return;
  if (!purpose.empty()) Rename(event, "purpose", "proceeding");
  Put(event, "purpose", TextValue("COURT"));
}

// Words that mean another act where property is restrained or given back.
void ShapeMeasureType(const Struct& json, Struct& event) {
  const std::string type = TextOf(event, "type");
  const Struct* request = ObjectOf(json, "request");
  const bool of_property = ObjectOf(json, "asset_measure") != nullptr ||
                           (request != nullptr && TextOf(*request, "family") == "CONFISCATION");
  if (type == "WITHDRAWN" && ObjectOf(json, "operation") == nullptr) {
    Put(event, "type", TextValue("NO_LONGER_REQUIRED"));
  }
  if (!of_property) return;
  if (OneOf(type, {"RELEASE", "RELEASED", "PROVISIONAL_MEASURE_LIFTED", "MEASURE_LIFTED",
                   "FREEZE_LIFTED", "FREEZING_LIFTED", "LIFT_PROVISIONAL_MEASURE"}))
    Put(event, "type", TextValue("LIFT"));
  const bool procedural = Member(event, "defects") != nullptr || Member(event, "defect") != nullptr;
  const bool shares = type == "SHARE" && Member(event, "object") == nullptr;
  if (ObjectOf(json, "asset_measure") != nullptr && ((type == "RETURN" && !procedural) || shares)) {
    Put(event, "type", TextValue("DISPOSAL"));
  }
}

// A ground that the event itself takes back; a review that names only the date it missed.
void ShapePostponement(Struct& event) {
  const std::string type = TextOf(event, "type");
  if (type == "POSTPONEMENT_REVIEW") {
    const bool next = Member(event, "new_review_at") != nullptr ||
                      Member(event, "next_review_at") != nullptr ||
                      Member(event, "review_at") != nullptr;
    for (const char* name : {"due", "due_at", "review_due", "review_was_due"}) {
      if (!next) Rename(event, name, "review_at");
    }
  }
  if (!OneOf(type, {"POSTPONEMENT", "POSTPONEMENT_NOTICE", "POSTPONE"})) return;
  for (const char* name : {"interferes", "interfering_proceeding", "interferes_with"}) {
    const Value* said = Member(event, name);
    if (said != nullptr && !SaysYes(said)) Take(event, "ground");
  }
}

// {"1": "EXECUTED_FULL"}, [1, 2], "item": 1 with one outcome for all, nothing but the procedure.
void ShapeOutcomes(const Struct& json, Struct& event) {
  std::string type = TextOf(event, "type");
  if (!OneOf(type, {"RESULT", "PARTIAL_RESULT", "FINAL_RESULT"})) return;
  for (const char* name : {"results", "outcomes"}) Rename(event, name, "items");
  Value items = Take(event, "items");
  const bool of_one = items.kind_case() == Value::KIND_NOT_SET && Member(event, "item") != nullptr;
  if (of_one) *items.mutable_list_value()->add_values() = Take(event, "item");
  const bool told = Member(event, "outcome") != nullptr ||
                    Member(event, "procedure_followed") != nullptr || type != "PARTIAL_RESULT";
  ShapeProcedure(event);
  Results results(event, Take(event, "outcome"));
  const auto all = AllItems(json);
  if (items.kind_case() == Value::KIND_NOT_SET && told) {
    for (const Value& n : all) results.Add(n, Value());
  }
  for (const Value& each : items.list_value().values()) {
    const Struct& one = each.struct_value();
    const Value* n = Member(one, "n") == nullptr ? Member(one, "item") : Member(one, "n");
    results.Add(n == nullptr ? each : *n, each.has_struct_value() ? each : Value());
  }
  for (const auto& [name, result] : items.struct_value().fields()) {
    results.Add(TextValue(name), result);
  }
  if (results.empty()) return;
  // What is said of one item, or of some, is no end of the whole.
  const bool some = results.list().list_value().values_size() < static_cast<int>(all.size());
  if (some && (of_one || type == "RESULT")) Put(event, "type", TextValue("PARTIAL_RESULT"));
  Put(event, "items", results.list());
}

}  // namespace palermo::casework
