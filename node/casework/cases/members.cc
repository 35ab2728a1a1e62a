// What any record says by the names of its members, typed or not: identifiers, amounts of
// substances, sealed words, what should be sealed.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/plain_records.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/field_words.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/import.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kCoarseKilometres = 10;

// "records.seizure.containers[1]" is a "containers".
std::string MemberOf(const std::string& path) {
  std::string name = path.substr(path.rfind('.') + 1);
  return name.substr(0, name.find('['));
}

void JudgeText(const std::string& text, const std::string& at, const CaseFacts& facts,
               std::vector<Finding>& findings) {
  if (facts.sealed->Leaks(text)) Tell("R-SEAL-02.leak", at, findings);
  const std::string member = absl::AsciiStrToLower(MemberOf(at));
  std::string_view key = IdentifierProblem(member, text);
  if (key.empty() && text.rfind("AWB ", 0) == 0) key = IdentifierProblem("awb", text);
  // The address of a chain has no spaces; that of a house does.
  if (key.empty() && member == "address" && text.find(' ') == std::string::npos) {
    key = IdentifierProblem("crypto", text);
  }
  if (!key.empty()) Tell(key, at, findings);
}

bool IsNumberValue(const Struct& object, const char* name, double& out) {
  const Value* value = Member(object, name);
  if (value == nullptr || value->kind_case() != Value::kNumberValue) return false;
  out = value->number_value();
  return true;
}

// The number in a value of any form: 3, "3", "62 %", {"value": 3, "unit": "kg"}.
bool IsAmount(const Struct& object, const char* name, double& out) {
  if (IsNumberValue(object, name, out)) return true;
  if (const Struct* inner = ObjectOf(object, name)) {
    for (const char* in : {"value", "amount", "qty", "quantity", "n", "pct", "percent"}) {
      if (IsAmount(*inner, in, out)) return true;
    }
    return false;
  }
  return NumberIn(TextOf(object, name), out);
}

// The unit beside an amount, in it, or in its text.
std::string UnitOf(const Struct& object, const char* name) {
  const std::string unit = AnyText(object, "unit");
  if (!unit.empty()) return unit;
  if (const Struct* inner = ObjectOf(object, name)) return AnyText(*inner, "unit");
  const std::string text = TextOf(object, name);
  return text.substr(std::min(text.size(), text.find_last_of("0123456789.") + 1));
}

// Purity anywhere; an amount where the object is one of a substance.
void JudgeAmount(const Struct& given, const std::string& at, std::vector<Finding>& findings) {
  double number = 0;
  Struct object = given;
  SplitUnits(object);
  for (const char* name : {"purity", "purity_pct", "purity_percent", "purity_%"}) {
    if (IsAmount(object, name, number) && !(number >= 0 && number <= 100)) {
      Tell("R-DRG-01.purity", at + "." + name, findings);
    }
  }
  const bool substance =
      OneOf(TextOf(object, "kind"), {"DRUG", "DRUGS", "PRECURSOR"}) ||
      Member(object, "substance") != nullptr || Member(object, "drug") != nullptr ||
      Member(object, "cas") != nullptr || Member(object, "purity_pct") != nullptr ||
      Member(object, "purity") != nullptr || Member(object, "schedule") != nullptr;
  // A range has two ends.
  const Value* range = Member(object, "purity");
  for (int i = 0; range != nullptr && i < range->list_value().values_size(); ++i) {
    const Value& end = range->list_value().values(i);
    number = end.number_value();
    if (end.kind_case() == Value::kNumberValue && !(number >= 0 && number <= 100)) {
      Tell("R-DRG-01.purity", At(at + ".purity", i), findings);
    }
  }
  if (!substance) return;
  if (IsNumberValue(object, "pct", number) && !(number >= 0 && number <= 100)) {
    Tell("R-DRG-01.purity", at + ".pct", findings);
  }
  for (const char* name : {"qty", "quantity", "amount", "mass", "weight"}) {
    if (!IsAmount(object, name, number)) continue;
    if (!(number > 0) || UnitOf(object, name).empty()) {
      Tell("R-DRG-01.amount", at + "." + name, findings);
    }
  }
  for (const char* name :
       {"mass_g", "mass_kg", "qty_kg", "qty_g", "g", "kg", "net_kg", "net_g", "gross_kg", "gross_g",
        "amount_g", "amount_kg", "weight_g", "weight_kg"}) {
    if (IsNumberValue(given, name, number) && !(number > 0)) {
      Tell("R-DRG-01.amount", at + "." + name, findings);
    }
  }
}

// What is weighed or counted in the field is not below nothing. A place in five letters and digits
// is one of UN/LOCODE, which has no 0 and 1. A taxon begins with its genus.
void JudgeFieldNotes(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  double number = 0;
  for (const char* name : {"qty_seen", "mass_g", "mass_kg", "weight_g", "weight_kg"}) {
    if (IsNumberValue(object, name, number) && number < 0) {
      Tell("R-GEN-01.amount", at + "." + name, findings);
    }
  }
  const std::string place = TextOf(object, "place");
  const bool coded = place.size() == 5 && std::all_of(place.begin(), place.end(), [](char c) {
                       return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
                              absl::ascii_isdigit(static_cast<unsigned char>(c));
                     });
  if (coded && place.find_first_of("01") != std::string::npos) {
    Tell("R-GEN-01.place", at + ".place", findings);
  }
  const std::string taxon = TextOf(object, "taxon");
  if (!taxon.empty() && absl::ascii_islower(static_cast<unsigned char>(taxon[0]))) {
    Tell("R-GEN-01.enum", at + ".taxon", findings);
  }
}

// A point of the map has a radius above 0, if any.
void JudgePoint(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  double radius = 0;
  if (IsNumberValue(object, "radius_m", radius) && !(radius > 0)) {
    Tell("R-GEN-01.place", at + ".radius_m", findings);
  }
}

// An amount of money has its currency.
void JudgeMoney(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  double minor = 0;
  if (!IsNumberValue(object, "minor", minor)) return;
  const std::string currency = TextOf(object, "ccy");
  if (currency.empty() || minor < 0) {
    Tell("R-GEN-01.amount", at, findings);
  } else if (!IsCurrency(currency)) {
    Tell("R-GEN-01.enum", at + ".ccy", findings);
  }
}

// Where somebody depends on testifying for help.
void JudgeTestimony(const Struct& person, const std::string& at, std::vector<Finding>& findings) {
  for (const char* name : {"assistance_conditional_on_testimony", "conditional_on_testimony",
                           "assistance_depends_on_testimony"}) {
    if (SaysYes(Member(person, name))) Tell("R-TIP-04.testimony", at, findings);
  }
  if (HelpNeedsTestimony(person)) Tell("R-TIP-04.testimony", at, findings);
}

// "withheld by the recruiter" is about papers, "QT4471209" is one.
bool HasDigits(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A passport, or its number: in a text, an object, or a list of those.
bool ShowsDocument(const Value& value) {
  if (value.has_struct_value()) {
    return !FirstOf(value.struct_value(), {"number", "no", "document_no", "document_number",
                                           "passport_no", "mrz", "image"})
                .empty();
  }
  const auto& list = value.list_value().values();
  return HasDigits(value.string_value()) || std::any_of(list.begin(), list.end(), ShowsDocument);
}

// Where a person lives or is kept safe. A state alone is as open as a nationality, 18(15)(e); of a
// location the form itself judges whether it is a house.
bool TellsHome(const std::string& name, const Value& value) {
  if (!OneOf(name, {"residence", "place_of_residence", "residential_address", "current_residence",
                    "domicile", "home", "lives_at", "lives_in", "shelter", "shelter_address",
                    "safehouse", "safe_house", "whereabouts"})) {
    return false;
  }
  constexpr size_t kLongestState = 3;
  const std::string& text = value.string_value();
  if (value.has_struct_value()) {
    return !SaysYes(Member(value.struct_value(), "sealed")) &&
           !FirstOf(value.struct_value(), {"name", "address", "street", "town", "city", "place"})
                .empty();
  }
  const bool reference = HasDigits(text) && text.find(' ') == std::string::npos;  // "SH-1"
  return text.size() > kLongestState && !reference && SaysYes(&value) &&
         !HasWords(text, {"sealed", "withheld", "redacted", "unknown"});
}

// What 2.4 seals of a victim beside the name: papers, a likeness, where to reach the person.
bool ShowsOfVictim(const Struct& victim) {
  const bool papers =
      std::any_of(victim.fields().begin(), victim.fields().end(), [](const auto& member) {
        return OneOf(member.first, {"document", "documents", "passport", "identity_documents"}) &&
               ShowsDocument(member.second);
      });
  const std::string contact = AnyText(victim, "contact");
  const bool reached = HasDigits(contact) || contact.find('@') != std::string::npos ||
                       !FirstOf(victim, {"email", "telephone"}).empty();
  const bool lives =
      std::any_of(victim.fields().begin(), victim.fields().end(),
                  [](const auto& member) { return TellsHome(member.first, member.second); });
  return papers || reached || lives || ShowsIdentity(victim) || SaysYes(Member(victim, "image"));
}

// A seal that is said to be none; null is no seal either.
bool IsFalse(const Value* value) { return value != nullptr && !SaysYes(value); }

// Victims and their like in a list are told by a token, never by what says who they are. True when
// one of them shows it.
bool JudgeVictims(const Value& list, const std::string& at, std::vector<Finding>& findings) {
  bool shown = false;
  for (int i = 0; i < list.list_value().values_size(); ++i) {
    const Struct& victim = list.list_value().values(i).struct_value();
    if (ShowsOfVictim(victim)) {
      Tell("R-SEAL-01.identity", At(at, i), findings);
      shown = true;
    } else if (at.find("informants") != std::string::npos && IsFalse(Member(victim, "sealed"))) {
      Tell("R-SEAL-01.unsealed", At(at, i), findings);
    }
    JudgeTestimony(victim, At(at, i), findings);
  }
  return shown;
}

// A point on the map, unless it is as coarse as a locality may be shown.
bool ShowsPoint(const Struct& place) {
  double number = 0;
  if (IsNumberValue(place, "radius_m", number) && number >= kCoarseKilometres * 1000) return false;
  if (IsNumberValue(place, "lat", number) || IsNumberValue(place, "latitude", number)) return true;
  for (const char* name : {"geo", "position", "coordinates", "point", "gps"}) {
    if (!AnyText(place, name).empty() && ObjectOf(place, name) == nullptr) return true;
    if (const Struct* inner = ObjectOf(place, name); inner != nullptr && ShowsPoint(*inner)) {
      return true;
    }
  }
  return false;
}

// Who works or speaks in secret. In the trade that a licence or a trace tells of, buyers, sellers
// and agents are firms.
bool IsOfProtected(std::string_view name, std::string_view at) {
  const bool of_trade =
      HasWords(at, {"chain", "licence*", "license*", "trace*", "transfer", "transfers", "sale",
                    "sales", "trade", "export", "exports", "import", "imports", "invoice*",
                    "transaction*", "permit", "permits", "broker*"}) &&
      !HasWords(at, {"undercover", "covert", "test_buy", "test_purchase", "infiltration"});
  return (!of_trade && OneOf(name, {"agent", "buyer", "seller", "courier", "handler"})) ||
         OneOf(name, {"tipster", "complainant", "infiltrator"}) ||
         HasWords(name, {"undercover", "informer*", "informant*", "test_buy", "human_source",
                         "source_ref", "protected_person", "protected_witness", "whistleblower*",
                         "cooperating_person", "cooperating_witness", "cooperating_offender",
                         "cooperating_suspect", "cooperating_accused", "covert"}) ||
         name == "cooperating";
}

// {"informant_sealed": false}: of whom a record must not tell.
bool IsUnsealedMember(const std::string& name, const Value& value, const std::string& at) {
  const size_t end = name.rfind("_sealed");
  if (end == std::string::npos || end + 7 != name.size() || !IsFalse(&value)) return false;
  const std::string who = name.substr(0, end);
  return IsOfProtected(who, at) || OneOf(who, {"identity", "source", "victim", "witness",
                                               "cooperator", "holder", "patient", "person"});
}

// Persons and places that a record must not show. True when it shows one.
bool JudgeSealing(const std::string& name, const Struct& member, const std::string& at,
                  std::vector<Finding>& findings) {
  // Whose name is never clear, and who is protected when the record says so.
  const bool hidden = OneOf(
      name, {"informant", "victim", "cooperator", "patient", "whistleblower", "sealed_identity"});
  const bool person =
      hidden || IsOfProtected(name, at) || OneOf(name, {"source", "witness", "person", "reporter"});
  const bool place = OneOf(name, {"locality", "safehouse", "safe_house"});
  if (!person && !place) return false;
  const Value* sealed = Member(member, "sealed");
  double precision = 0;
  const bool coarse =
      !IsNumberValue(member, "public_precision_km", precision) || precision >= kCoarseKilometres;
  const bool fine = place && (!coarse || ShowsPoint(member));
  const bool shown = person && (hidden || SaysYes(sealed)) && ShowsIdentity(member);
  // An informant or a locality of which nothing says that it is sealed, or where.
  const bool open = OneOf(name, {"informant", "locality"}) && sealed == nullptr &&
                    AnyText(member, "ref").empty() && AnyText(member, "pseudonym").empty() &&
                    AnyText(member, "sealed_id").empty() && AnyText(member, "sealed_ref").empty();
  if (!IsFalse(sealed) && !fine && !shown && !open) return false;
  Tell(shown ? "R-SEAL-01.identity" : "R-SEAL-01.unsealed", at, findings);
  return true;
}

// A person of a record that is no request: an object with roles of persons.
bool IsPerson(const Struct& object) {
  const auto roles = TextsOf(object, "roles");
  return !roles.empty() && std::all_of(roles.begin(), roles.end(), [](const std::string& role) {
    return IsWordOf("Person", "roles", role);
  });
}

// The rules that know a person alone, without the request around it.
void JudgeLonePerson(const Struct& person, const std::string& at, const CaseFacts& facts,
                     std::vector<Finding>& findings) {
  Struct record;
  auto& fields = *record.mutable_fields();
  fields["type"].set_string_value("CRIMINAL_RECORD");
  *fields["persons"].mutable_list_value()->add_values()->mutable_struct_value() = person;
  const auto mapped = MapRecord(record, "person", facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (!OneOf(finding.rule, {"R-HR-08", "R-TIP-06", "R-SOM-05", "R-SEAL-01", "R-HR-03"})) continue;
    finding.field = at;
    findings.push_back(std::move(finding));
  }
  JudgePerson(person, at, facts, findings);
}

// What a referral says about its person beside it.
Struct Completed(Struct person, const Struct& around) {
  for (const char* name : {"non_punishment_note", "non_punishment_review", "guardian",
                           "juvenile_handling", "age_status"}) {
    const Value* said = Member(around, name);
    if (said == nullptr || Member(person, name) != nullptr) continue;
    (*person.mutable_fields())[name] = *said;
  }
  return person;
}

bool IsGuarded(const Struct& person) {
  const auto roles = TextsOf(person, "roles");
  return SaysYes(Member(person, "sealed")) ||
         std::any_of(roles.begin(), roles.end(), [](const std::string& role) {
           return OneOf(role, {"VICTIM", "PRESUMED_VICTIM", "CHILD_VICTIM", "COOPERATOR",
                               "SMUGGLED_MIGRANT", "INFORMANT"});
         });
}

}  // namespace

void JudgeMembers(const Value& value, const std::string& at, const CaseFacts& facts,
                  std::vector<Finding>& findings) {
  if (value.kind_case() == Value::kStringValue) {
    JudgeText(value.string_value(), at, facts, findings);
    return;
  }
  for (int i = 0; i < value.list_value().values_size(); ++i) {
    JudgeMembers(value.list_value().values(i), At(at, i), facts, findings);
  }
  const Struct& object = value.struct_value();
  if (IsPerson(object)) {
    JudgeLonePerson(object, at, facts, findings);
    return;
  }
  JudgeAmount(object, at, findings);
  JudgeFieldNotes(object, at, findings);
  JudgeMoney(object, at, findings);
  JudgeChains(object, at, findings);
  JudgePoint(object, at, findings);
  // An identifier with its scheme, or a selector with its kind.
  for (const char* scheme : {"scheme", "kind"}) {
    const std::string_view key =
        IdentifierProblem(absl::AsciiStrToLower(TextOf(object, scheme)), TextOf(object, "value"));
    if (!key.empty()) Tell(key, at + ".value", findings);
  }
  for (const auto& [name, member] : object.fields()) {
    const std::string here = absl::StrFormat("%s.%s", at, name);
    if (JudgeTechnique(object, name, here, findings)) continue;
    if (member.has_struct_value() && IsPerson(member.struct_value())) {
      JudgeLonePerson(Completed(member.struct_value(), object), here, facts, findings);
      continue;
    }
    // {"no": "QMZU1200452"} under the name of an identifier.
    const std::string id = FirstOf(member.struct_value(), {"no", "number"});
    const std::string_view key = IdentifierProblem(absl::AsciiStrToLower(name), id);
    if (!key.empty()) Tell(key, here, findings);
    if (IsUnsealedMember(name, member, here)) Tell("R-SEAL-01.unsealed", here, findings);
    const bool listed = OneOf(name, {"victims", "patients", "informants", "whistleblowers"}) &&
                        JudgeVictims(member, here, findings);
    const bool shown =
        member.has_struct_value() && JudgeSealing(name, member.struct_value(), here, findings);
    // What is shown has its finding; that a scan would see it too is no second one.
    if (!listed && !shown) JudgeMembers(member, here, facts, findings);
  }
}

bool ShowsIdentity(const Struct& object) {
  for (const char* name : {"name", "full_name", "dob", "date_of_birth", "phone", "address",
                           "passport_no", "document_no", "document_number", "photo"}) {
    if (!TextOf(object, name).empty()) return true;
  }
  for (const char* name : {"identity", "sealed_identity"}) {
    if (const Struct* inner = ObjectOf(object, name); inner != nullptr && ShowsIdentity(*inner)) {
      return true;
    }
  }
  return false;
}

namespace {

// Members beside those of the form that say who somebody is: other names, birth, likeness, kin.
bool TellsWho(const std::string& name) {
  return OneOf(
      name,
      {"photo",        "image",        "photograph",       "photo_hash",    "fingerprint",
       "fingerprints", "dna_profile",  "fingerprint_hash", "birth_place",   "place_of_birth",
       "born",         "date_birth",   "birth_year",       "year_of_birth", "birthday",
       "names",        "alias",        "aliases",          "aka",           "also_known_as",
       "known_as",     "nickname",     "nicknames",        "maiden_name",   "mother_name",
       "father_name",  "mothers_name", "fathers_name",     "social_media",  "social_media_handle",
       "username"});
}

}  // namespace

void JudgePerson(const Struct& person, const std::string& at, const CaseFacts& facts,
                 std::vector<Finding>& findings) {
  JudgeTestimony(person, at, findings);
  if (IsForcedUnreviewed(person)) Tell("R-TIP-06.compelled", at, findings);
  if (const Struct* help = ObjectOf(person, "assistance")) JudgeTestimony(*help, at, findings);
  Struct rest = person;
  RenameAliases("Person", rest);
  for (const auto& [name, value] : rest.fields()) {
    if (v1::Person::descriptor()->FindFieldByName(name) != nullptr) continue;
    const bool likeness = TellsWho(name) && SaysYes(&value) &&
                          !OneOf(Folded(value.string_value()), {"sealed", "withheld", "redacted"});
    const bool identity =
        OneOf(name, {"identity", "sealed_identity"}) && ShowsOfVictim(value.struct_value());
    const bool papers =
        OneOf(name, {"document", "documents", "identity_documents"}) && ShowsDocument(value);
    if (IsGuarded(person) && (likeness || identity || papers || TellsHome(name, value))) {
      Tell("R-SEAL-01.identity", at + "." + name, findings);
    } else {
      JudgeMembers(value, at + "." + name, facts, findings);
    }
  }
}

void JudgeLeaks(const Struct& object, const std::string& at, const CaseFacts& facts,
                std::vector<Finding>& findings) {
  for (const auto& [name, value] : object.fields()) {
    std::vector<Finding> found;
    JudgeMembers(value, at + "." + name, facts, found);
    for (Finding& finding : found) {
      if (finding.rule == "R-SEAL-02") findings.push_back(std::move(finding));
    }
  }
}

}  // namespace palermo::casework
