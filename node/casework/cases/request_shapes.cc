// The ways in which an author writes a request's channel, orders, penalties and property.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {

using google::protobuf::Struct;
using google::protobuf::Value;

// INTERPOL needs the agreement of both states, however it is told.
void ShapeChannel(Struct& request) {
  if (const Struct* said = ObjectOf(request, "channel")) {
    const Struct channel = *said;
    for (const char* name : {"kind", "type", "name", "channel"}) {
      if (!TextOf(channel, name).empty()) Put(request, "channel", TextValue(TextOf(channel, name)));
    }
    for (const char* name : {"agreed", "agreement_ref", "agreement"}) {
      const Value* agreed = Member(channel, name);
      if (SaysYes(agreed)) Put(request, "channel_agreement_ref", *agreed);
    }
  }
  if (TextOf(request, "channel") != "INTERPOL_URGENT") return;
  for (const char* name :
       {"channel_agreed", "interpol_agreed", "channel_agreement", "interpol_agreement",
        "interpol_agreement_ref", "agreed", "agreement", "agreement_ref"}) {
    if (SaysYes(Member(request, name))) Rename(request, name, "channel_agreement_ref");
  }
}

// Property that is named by a member of its own kind: a parcel, a vehicle, a wallet.
void ShapeProperty(Struct& item) {
  if (Member(item, "property") == nullptr) {
    // The id beside the item.
    for (const char* name : {"property_id", "asset_id", "iban", "crypto_address", "wallet"}) {
      if (!SaysYes(Member(item, name))) continue;
      const Value id = Take(item, name);
      Put(ObjectIn(item, "property"), std::string_view(name) == "property_id" ? "asset_id" : name,
          id);
    }
  }
  if (ObjectOf(item, "property") == nullptr) return;
  Struct& property = ObjectIn(item, "property");
  for (const char* name : {"crypto", "wallet", "btc", "eth", "wallet_address"}) {
    Rename(property, name, "crypto_address");
  }
  for (const char* name : {"account_no", "account_number"}) Rename(property, name, "account");
  for (const char* name :
       {"asset_id", "iban", "account", "crypto_address", "registry_no", "description"}) {
    if (SaysYes(Member(property, name))) return;
  }
  for (const auto& [name, value] : property.fields()) {
    if (OneOf(name, {"holder", "owner", "amount", "max_amount", "ccy", "value", "est_value", "bic",
                     "location", "connection", "kind", "type", "state", "currency"})) {
      continue;
    }
    const std::string text = AnyText(property, name);
    if (text.empty() || !SaysYes(&value)) continue;
    Put(property, "description", TextValue(text));
    return;
  }
}

// A consent that nobody signed, and the agreement of one State of the two, are none.
void ShapeTransfer(Struct& item) {
  if (const Struct* consent = ObjectOf(item, "consent")) {
    const Value* signed_at = Member(*consent, "signed_at");
    if (signed_at != nullptr && !SaysYes(signed_at)) Take(item, "consent");
  }
  const Struct* agreed = ObjectOf(item, "agreement");
  if (agreed == nullptr) return;
  for (const auto& [state, value] : agreed->fields()) {
    if (state.size() != 2 || SaysYes(&value)) continue;
    Take(item, "agreement");
    return;
  }
}

// The consent of a sentenced person in other words: "yes", {"given": true}, a hash beside it. One
// that says itself that it was not informed stays as it is.
void ShapeSentenced(Struct& item) {
  if (TextOf(item, "type") != "TRANSFER_SENTENCED_PERSON") return;
  for (const char* name : {"consent_hash", "consent_record", "consent_ref", "consent_document",
                           "person_consent", "consent_of_person", "consented"}) {
    if (SaysYes(Member(item, name))) Rename(item, name, "consent");
  }
  const Value said = Take(item, "consent");
  if (!SaysYes(&said)) return;
  Struct consent = said.struct_value();
  if (Member(consent, "informed") == nullptr) Put(consent, "informed", BoolValue(true));
  const bool signed_or_kept =
      Member(consent, "signed_at") != nullptr || Member(consent, "doc_hash") != nullptr;
  if (!signed_or_kept) Put(consent, "doc_hash", TextValue("as stated"));
  *(*item.mutable_fields())["consent"].mutable_struct_value() = consent;
}

// ECE 16(2): that there is a warrant, in whatever words.
void ShapeWarrant(Struct& item) {
  if (TextOf(item, "type") != "PROVISIONAL_ARREST") return;
  for (const char* name : {"warrant_exists", "existence_of_warrant", "warrant_issued",
                           "warrant_ref", "arrest_warrant", "warrant_exists_at"}) {
    const Value* said = Member(item, name);
    if (!SaysYes(said)) continue;
    if (Member(item, "warrant_hash") == nullptr && Member(item, "warrant") == nullptr) {
      Put(item, "warrant_hash", TextValue("as stated"));
    }
    Take(item, name);
  }
}

namespace {

// The deepest category of data that a text or a list names.
std::string DeepestOf(const Struct& object, const std::string& name) {
  const std::string text = AnyText(object, name);
  if (HasWords(text, {"no", "not", "without", "except", "excluding"})) return "";
  for (const char* category : {"content", "traffic", "subscriber"}) {
    if (HasWords(text, {category})) return absl::AsciiStrToUpper(category);
  }
  return "";
}

}  // namespace

// The lines of a document stand with the document, 2.5.
void ShapeDocument(Struct& item) {
  for (const char* name : {"mrz", "mrz_origin"}) {
    if (Member(item, name) != nullptr || ObjectOf(item, "doc") == nullptr) continue;
    Value said = Take(ObjectIn(item, "doc"), name);
    if (said.kind_case() != Value::KIND_NOT_SET) Put(item, name, said);
  }
  // The lines of a document that is under suspicion are those that stand in it.
  const std::string origin = TextOf(item, "mrz_origin");
  const bool asks = TextOf(item, "type") == "VERIFY_DOCUMENT" && Member(item, "mrz") != nullptr;
  if (IsOfSuspect(origin) || (asks && origin.empty() && SaysYes(Member(item, "suspicion")))) {
    Put(item, "mrz_origin", TextValue("SUSPECT_DOCUMENT"));
  }
}

// An order of which its record says that no judge gave it carries no interception, BUD 15, 33, 34.
void DropUnjudged(Struct& item) {
  if (!OneOf(TextOf(item, "type"), {"REALTIME_TRAFFIC", "INTERCEPT_CONTENT"})) return;
  const auto denies = [](const Struct& from, const char* name) {
    const Value* said = Member(from, name);
    return said != nullptr && said->kind_case() == Value::kBoolValue && !said->bool_value();
  };
  bool denied =
      denies(item, "order_judicial") || denies(item, "judicial") || denies(item, "judicial_order");
  for (const char* name : {"order", "judicial_order", "legal_order", "court_order"}) {
    const Struct* order = ObjectOf(item, name);
    denied |= order != nullptr && (denies(*order, "judicial") || denies(*order, "is_judicial"));
  }
  if (!denied) return;
  for (const char* name :
       {"order", "judicial_order", "legal_order", "court_order", "legal_order_hash"}) {
    Take(item, name);
  }
}

// The data that an order covers, under whatever name; what is sought, by the data's category.
void ShapeOrder(Struct& item) {
  constexpr const char* kOrders[] = {"order", "judicial_order", "legal_order", "court_order"};
  constexpr const char* kCovered[] = {"kind",  "category",        "covers", "categories",
                                      "scope", "data_categories", "level",  "data_category"};
  if (!OneOf(TextOf(item, "type"),
             {"DISCLOSE_PRESERVED_TRAFFIC", "DISCLOSE_TRAFFIC", "ACCESS_STORED_DATA",
              "REALTIME_TRAFFIC", "INTERCEPT_CONTENT", "SUBSCRIBER_INFO"})) {
    return;
  }
  DropUnjudged(item);
  const bool told = Member(item, "data_category") != nullptr || DeepestOf(item, "category").empty();
  if (!told) Rename(item, "category", "data_categories");
  for (const char* order : kOrders) {
    // "TRAFFIC": an order for that.
    if (const std::string word = TextOf(item, order);
        OneOf(word, {"SUBSCRIBER", "TRAFFIC", "CONTENT"})) {
      Take(item, order);
      Put(ObjectIn(item, "order"), "kind", TextValue(word));
    }
    if (ObjectOf(item, order) == nullptr) continue;
    Struct& said = ObjectIn(item, order);
    for (const char* name : kCovered) {
      const std::string covered = DeepestOf(said, name);
      if (covered.empty()) continue;
      Take(said, name);
      Put(said, "kind", TextValue(covered));
      break;
    }
  }
  for (const char* name :
       {"order_category", "order_covers", "order_scope", "order_kind", "order_level"}) {
    const std::string covered = DeepestOf(item, name);
    if (covered.empty()) continue;
    Take(item, name);
    if (TextOf(ObjectIn(item, "order"), "kind").empty()) {
      Put(ObjectIn(item, "order"), "kind", TextValue(covered));
    }
  }
}

void ShapeMeasure(Struct& item) {
  // What ended with its appeal, in the words of the court.
  if (const Struct* order = ObjectOf(item, "order");
      order != nullptr && Member(*order, "final") == nullptr &&
      OneOf(TextOf(*order, "status"), {"FINAL", "FINAL_AND_ENFORCEABLE", "RES_JUDICATA"})) {
    Put(ObjectIn(item, "order"), "final", BoolValue(true));
  }
  // BUD 33 and 34: when it begins and ends.
  if (!OneOf(TextOf(item, "type"),
             {"REALTIME_TRAFFIC", "INTERCEPT_CONTENT", "ELECTRONIC_SURVEILLANCE"}) ||
      Member(item, "period") != nullptr) {
    return;
  }
  for (const char* name : {"start", "start_at", "starts_at", "from"}) {
    Rename(item, name, "period_from");
  }
  for (const char* name : {"end", "end_at", "ends_at", "to", "until"}) {
    Rename(item, name, "period_to");
  }
  const Struct* window = ObjectOf(item, "window");
  if (window == nullptr) return;
  const std::string from = FirstOf(*window, {"from", "start", "valid_from"});
  const std::string to = FirstOf(*window, {"to", "end", "until", "valid_to"});
  if (!from.empty()) Put(item, "period_from", TextValue(from));
  if (!to.empty()) Put(item, "period_to", TextValue(to));
}

void ShapeTranslation(Struct& request) {
  const Value all = Take(request, "translations");
  const auto& list = all.list_value().values();
  if (list.empty() || Member(request, "translation") != nullptr) return;
  const auto certified = std::find_if(list.begin(), list.end(), [](const Value& one) {
    return SaysOneOf(one.struct_value(), {"certified", "certified_by", "certification"});
  });
  Put(request, "translation", certified == list.end() ? list[0] : *certified);
}

namespace {

// A purpose of exploitation that the list does not name is one too, TIP 3(a): "at a minimum".
void ShapePurposes(Struct& offence) {
  if (ObjectOf(offence, "tip") == nullptr) return;
  Struct& tip = ObjectIn(offence, "tip");
  const Value other = Take(tip, "purpose_other");
  if (SaysYes(&other))
    *(*tip.mutable_fields())["purposes"].mutable_list_value()->add_values() = other;
}

}  // namespace

namespace {

// "death", {"death_possible": true}, {"max": "DEATH"}.
bool IsDeadly(const Value& penalty) {
  const std::string text = Folded(penalty.string_value());
  if (OneOf(text, {"death", "capital", "death penalty", "capital punishment", "execution"})) {
    return true;
  }
  const Struct& said = penalty.struct_value();
  for (const char* name : {"penalty", "max_penalty", "max", "maximum", "kind"}) {
    const Value* inner = Member(said, name);
    if (inner != nullptr && IsDeadly(*inner)) return true;
  }
  return SaysOneOf(said, {"death_possible", "death", "death_penalty", "death_penalty_possible",
                          "capital", "capital_offence", "death_eligible", "capital_exposure",
                          "death_penalty_exposure", "capital_punishment"});
}

// An assurance against a sentence of death; that of how another sentence or the request is
// executed is none.
bool IsAgainstDeath(const std::string& text) {
  if (HasWords(text, {"death", "capital"})) return true;
  return HasWords(text, {"execution", "executed"}) &&
         !HasWords(text, {"execution_of", "executed_sentence", "execution_in"});
}

// "NO_DEATH_PENALTY by the Minister of Justice": an assurance in one text.
Value StatedAssurance(const std::string& text) {
  Value one;
  Struct& assurance = *one.mutable_struct_value();
  const bool death = IsAgainstDeath(text);
  Put(assurance, "kind", TextValue(death ? "NO_DEATH_PENALTY" : text));
  for (const char* name : {"grantor", "scope"}) Put(assurance, name, TextValue("as stated"));
  return one;
}

// An assurance against a sentence of death, under whatever name.
void AddAssurances(const Struct& from, Value& all) {
  for (const char* name : {"assurance", "assurances", "death_penalty_assurance"}) {
    const Value* said = Member(from, name);
    if (said == nullptr) continue;
    Value list = *said;
    if (!said->has_list_value()) {
      list.Clear();
      *list.mutable_list_value()->add_values() = *said;
    }
    for (const Value& each : list.list_value().values()) {
      Value one = each;
      if (each.kind_case() == Value::kStringValue && !IsBlank(each.string_value())) {
        one = StatedAssurance(each.string_value());
      }
      if (!one.has_struct_value()) continue;
      Struct& assurance = *one.mutable_struct_value();
      if (Member(assurance, "kind") == nullptr && Member(assurance, "type") == nullptr) {
        Put(assurance, "kind", TextValue("NO_DEATH_PENALTY"));
      }
      *all.mutable_list_value()->add_values() = one;
    }
  }
}

// Assurances that stand with an offence or its penalty are the request's.
void ShapeAssurances(Struct& request) {
  Value all;
  AddAssurances(request, all);
  for (const char* list : {"offence", "offences"}) {
    const Value* offences = Member(request, list);
    if (offences == nullptr) continue;
    for (const Value& offence : offences->list_value().values()) {
      AddAssurances(offence.struct_value(), all);
      const Struct* penalty = ObjectOf(offence.struct_value(), "penalty");
      if (penalty != nullptr) AddAssurances(*penalty, all);
    }
  }
  Take(request, "assurance");
  if (all.has_list_value()) Put(request, "assurances", all);
}

}  // namespace

void NameAssurances(Struct& item) {
  Rename(item, "assurance", "assurances");
  const auto found = item.mutable_fields()->find("assurances");
  if (found == item.mutable_fields()->end()) return;
  const auto name = [](Value& one) {
    if (!one.has_struct_value()) return;
    Struct& assurance = *one.mutable_struct_value();
    Rename(assurance, "type", "kind");
    if (IsAgainstDeath(TextOf(assurance, "kind"))) {
      Put(assurance, "kind", TextValue("NO_DEATH_PENALTY"));
    }
  };
  // One that was taken back, or binds nobody, is none.
  const auto ended = [](const Value& one) {
    const Value* binds = Member(one.struct_value(), "binding");
    return SaysOneOf(one.struct_value(), {"revoked", "revoked_at", "withdrawn", "withdrawn_at"}) ||
           (binds != nullptr && !SaysYes(binds));
  };
  name(found->second);
  if (!found->second.has_list_value()) {
    if (ended(found->second)) Take(item, "assurances");
    return;
  }
  auto& all = *found->second.mutable_list_value()->mutable_values();
  for (Value& each : all) name(each);
  for (int i = all.size() - 1; i >= 0; --i) {
    if (ended(all[i])) all.DeleteSubrange(i, 1);
  }
}

// The penalty of an offence, or of the request's, where ours says that death is possible.
void ShapePenalty(Struct& request) {
  ShapeAssurances(request);
  auto& fields = *request.mutable_fields();
  for (const char* list : {"offence", "offences"}) {
    const auto found = fields.find(list);
    if (found == fields.end() || !found->second.has_list_value()) continue;
    for (Value& each : *found->second.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      Struct& offence = *each.mutable_struct_value();
      ShapePurposes(offence);
      const bool deadly = IsDeadly(each);
      Take(offence, "penalty");
      if (deadly) Put(offence, "death_possible", BoolValue(true));
    }
  }
  ForItemsOf(request, [](Struct& item) {
    const Value* penalty = Member(item, "penalty");
    if (penalty == nullptr || !IsDeadly(*penalty)) return;
    Take(item, "penalty");
    Put(ObjectIn(item, "penalty"), "death_possible", BoolValue(true));
  });
  Struct said;
  for (const char* name : {"penalty", "max_penalty", "capital_exposure", "death_penalty_exposure",
                           "death_possible", "capital"}) {
    if (Member(request, name) != nullptr) Put(said, name, *Member(request, name));
  }
  Value as_value;
  *as_value.mutable_struct_value() = said;
  Take(request, "penalty");
  if (!IsDeadly(as_value)) return;
  const std::string list = fields.count("offences") > 0 ? "offences" : "offence";
  auto& offences = *fields[list].mutable_list_value();
  if (offences.values_size() == 0) offences.add_values()->mutable_struct_value();
  Put(*offences.mutable_values(0)->mutable_struct_value(), "death_possible", BoolValue(true));
}

void NameTreaty(Struct& request) {
  if (ObjectOf(request, "basis") == nullptr) return;
  Struct& basis = ObjectIn(request, "basis");
  constexpr std::string_view kBilateral = "BILATERAL:";
  const std::string profile = TextOf(basis, "governing_profile");
  if (profile.starts_with(kBilateral)) {
    Put(basis, "governing_profile", TextValue("TREATY:" + profile.substr(kBilateral.size())));
  }
}

// {"scheme": "EUROPOL_4X4", "source": "B", "info": "2"}: "EUROPOL_4X4 B2".
void ShapeGrade(Struct& request) {
  const Struct* said = ObjectOf(request, "evaluation");
  if (said == nullptr) return;
  std::string grade = TextOf(*said, "scheme");
  grade += (grade.empty() ? "" : " ") + AnyText(*said, "source") + AnyText(*said, "info");
  const std::string handling = AnyText(*said, "handling");
  if (!handling.empty()) grade += " " + handling;
  Put(request, "evaluation", TextValue(grade));
}

// The id of the written confirmation says that there was one; its time, where none is told, is that
// of the call.
void ShapeOral(Struct& request) {
  if (ObjectOf(request, "oral") == nullptr) return;
  const Value beside = Take(request, "written_confirmation_id");
  Struct& oral = ObjectIn(request, "oral");
  const Value inside = Take(oral, "written_confirmation_id");
  if (!SaysYes(&beside) && !SaysYes(&inside)) return;
  if (TextOf(oral, "confirmed_at").empty() && !TextOf(oral, "made_at").empty()) {
    Put(oral, "confirmed_at", TextValue(TextOf(oral, "made_at")));
  }
}

void ShapePenaltyOfRecord(Struct& record) {
  Value penalty;
  if (const Value* said = Member(record, "penalty")) penalty = *said;
  ShapePenalty(record);
  if (penalty.kind_case() == Value::KIND_NOT_SET) return;
  // A record's penalty is its item's.
  if (IsDeadly(penalty)) {
    Put(ObjectIn(record, "penalty"), "death_possible", BoolValue(true));
  } else {
    Put(record, "penalty", penalty);
  }
}

// The fields of every written request that no rule of the law names: how urgent, how handled.
void JudgeBaseBlock(const Struct& request, std::vector<Finding>& findings) {
  const auto family = ParseFamily(TextOf(request, "family"));
  if (!family.ok() || !IsFormal(*family)) return;
  for (const char* name : {"urgency", "handling"}) {
    const Value* said = Member(request, name);
    const bool there = said != nullptr && (said->has_struct_value() || SaysYes(said));
    if (!there) Tell("R-GEN-01.enum", std::string("request.") + name, findings);
  }
}

}  // namespace palermo::casework
