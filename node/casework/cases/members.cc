// What any record says by the names of its members, typed or not: identifiers, amounts of
// substances, sealed words, what should be sealed.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/records.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/import.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"

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
  std::string_view key = IdentifierProblem(MemberOf(at), text);
  if (key.empty() && text.rfind("AWB ", 0) == 0) key = IdentifierProblem("awb", text);
  if (!key.empty()) Tell(key, at, findings);
}

bool IsNumber(const Struct& object, const char* name, double& out) {
  const Value* value = Member(object, name);
  if (value == nullptr || value->kind_case() != Value::kNumberValue) return false;
  out = value->number_value();
  return true;
}

// Purity anywhere; an amount where the object is one of a substance.
void JudgeAmount(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  double number = 0;
  for (const char* name : {"purity", "purity_pct", "purity_percent"}) {
    if (IsNumber(object, name, number) && !(number >= 0 && number <= 100)) {
      Tell("R-DRG-01.purity", at + "." + name, findings);
    }
  }
  const bool substance =
      OneOf(TextOf(object, "kind"), {"DRUG", "DRUGS", "PRECURSOR"}) ||
      Member(object, "substance") != nullptr || Member(object, "cas") != nullptr ||
      Member(object, "purity_pct") != nullptr || Member(object, "purity") != nullptr ||
      Member(object, "schedule") != nullptr;
  if (!substance) return;
  for (const char* name : {"qty", "quantity", "amount", "mass"}) {
    if (!IsNumber(object, name, number)) continue;
    if (!(number > 0) || AnyText(object, "unit").empty()) {
      Tell("R-DRG-01.amount", at + "." + name, findings);
    }
  }
  for (const char* name : {"mass_g", "mass_kg", "qty_kg", "qty_g", "g", "kg"}) {
    if (IsNumber(object, name, number) && !(number > 0)) {
      Tell("R-DRG-01.amount", at + "." + name, findings);
    }
  }
}

// An amount of money has its currency.
void JudgeMoney(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  double minor = 0;
  if (!IsNumber(object, "minor", minor)) return;
  const std::string currency = TextOf(object, "ccy");
  if (currency.empty() || minor < 0) {
    Tell("R-GEN-01.amount", at, findings);
  } else if (!IsCurrency(currency)) {
    Tell("R-GEN-01.enum", at + ".ccy", findings);
  }
}

// Victims in a list are told by a token, never by what says who they are.
void JudgeVictims(const Value& list, const std::string& at, std::vector<Finding>& findings) {
  for (int i = 0; i < list.list_value().values_size(); ++i) {
    const Struct& victim = list.list_value().values(i).struct_value();
    for (const char* name : {"name", "dob", "date_of_birth", "phone", "address", "passport_no",
                             "document_no", "photo"}) {
      if (!TextOf(victim, name).empty()) Tell("R-SEAL-01.identity", At(at, i), findings);
    }
    for (const char* name : {"assistance_conditional_on_testimony", "conditional_on_testimony",
                             "assistance_depends_on_testimony"}) {
      if (SaysYes(Member(victim, name))) Tell("R-TIP-04.testimony", At(at, i), findings);
    }
  }
}

bool IsFalse(const Value* value) {
  return value != nullptr && value->kind_case() == Value::kBoolValue && !value->bool_value();
}

// Persons and places that a record must not show.
void JudgeSealing(const std::string& name, const Struct& member, const std::string& at,
                  std::vector<Finding>& findings) {
  const bool person = OneOf(name, {"informant", "source", "witness", "victim", "cooperator",
                                   "patient", "person", "whistleblower", "reporter"});
  const bool place = name == "locality";
  if (!person && !place) return;
  const Value* sealed = Member(member, "sealed");
  double precision = 0;
  const bool fine =
      place && IsNumber(member, "public_precision_km", precision) && precision < kCoarseKilometres;
  const bool shown =
      SaysYes(sealed) && (!TextOf(member, "name").empty() || !TextOf(member, "dob").empty() ||
                          !TextOf(member, "phone").empty() || !TextOf(member, "address").empty());
  if (IsFalse(sealed) || fine) {
    Tell("R-SEAL-01.unsealed", at, findings);
  } else if (shown) {
    Tell("R-SEAL-01.identity", at, findings);
  }
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
  JudgeAmount(object, at, findings);
  JudgeMoney(object, at, findings);
  // An identifier with its scheme, or a selector with its kind.
  for (const char* scheme : {"scheme", "kind"}) {
    const std::string_view key =
        IdentifierProblem(absl::AsciiStrToLower(TextOf(object, scheme)), TextOf(object, "value"));
    if (!key.empty()) Tell(key, at + ".value", findings);
  }
  for (const auto& [name, member] : object.fields()) {
    const std::string here = absl::StrFormat("%s.%s", at, name);
    if (name == "victims") JudgeVictims(member, here, findings);
    if (member.has_struct_value()) JudgeSealing(name, member.struct_value(), here, findings);
    JudgeMembers(member, here, facts, findings);
  }
}

}  // namespace palermo::casework
