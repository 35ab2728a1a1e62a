// What an author says of a person in other words than the form's.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kAdultYears = 18;
constexpr const char* kReviews[] = {"tip_review",    "tip_screening", "tip_screened",
                                    "tip_screen",    "screening",     "trafficking_screening",
                                    "victim_review", "review",        "non_punishment",
                                    "screened",      "screened_at",   "screening_done",
                                    "reviewed",      "reviewed_by",   "non_punishment_reviewed"};
constexpr const char* kSigns[] = {"indicators", "indicators_found", "tip_indicators", "signs"};

// An age in years below that of an adult.
bool IsYoung(const Struct& person, const char* name) {
  double years = 0;
  const std::string said = AnyText(person, name);
  return absl::SimpleAtod(said, &years) && years >= 0 && years < kAdultYears;
}

std::string WordOf(const Value& said) {
  return absl::StrReplaceAll(Folded(said.string_value()), {{"_", " "}});
}

// A review that was begun, or that is another's turn, has reviewed nothing.
bool IsReviewed(const Value* said) {
  if (!SaysYes(said)) return false;
  if (OneOf(WordOf(*said), {"indicators found", "positive", "open", "not done", "planned",
                            "started", "ongoing", "in progress", "to do", "due"})) {
    return false;
  }
  for (const char* name : {"done", "completed", "finished", "status", "reviewed", "screened"}) {
    const Value* inner = Member(said->struct_value(), name);
    if (inner != nullptr && !IsReviewed(inner)) return false;
  }
  return true;
}

// Signs in a yes, a text or a list; ["NONE"] and "none of concern" are none.
bool ShowsSigns(const Value* said) {
  if (said == nullptr || !SaysYes(said)) return false;
  const auto& list = said->list_value().values();
  if (!list.empty()) {
    return std::any_of(list.begin(), list.end(), [](const Value& one) { return ShowsSigns(&one); });
  }
  const auto words = WordsIn(said->string_value());
  return words.empty() || !OneOf(words[0], {"none", "no", "nothing", "not", "negative"});
}

// A screening that found signs.
bool FoundSigns(const Value* said) {
  if (said == nullptr) return false;
  if (OneOf(WordOf(*said), {"indicators found", "positive"})) return true;
  return std::any_of(std::begin(kSigns), std::end(kSigns), [&](const char* name) {
    return ShowsSigns(Member(said->struct_value(), name));
  });
}

constexpr const char* kDescribed[] = {"person_description",
                                      "description_of_person",
                                      "physical_description",
                                      "appearance",
                                      "distinguishing_marks",
                                      "alias",
                                      "aliases",
                                      "aka",
                                      "known_as",
                                      "photo",
                                      "photo_hash",
                                      "photograph",
                                      "photograph_hash",
                                      "fingerprints",
                                      "fingerprint_hash",
                                      "dna_profile"};

// What describes somebody in `from`, ECE 12(2)(c): all that helps to establish the identity.
std::string DescriptionIn(const Struct& from) {
  for (const char* name : kDescribed) {
    if (SaysYes(Member(from, name))) return AnyText(from, name);
  }
  return "";
}

void Describe(Struct& person, const std::string& text) {
  if (!text.empty() && AnyText(person, "description").empty()) {
    Put(person, "description", TextValue(text));
  }
}

bool IsSurrender(const Struct& item) {
  return OneOf(TextOf(item, "type"), {"EXTRADITE", "PROVISIONAL_ARREST"});
}

}  // namespace

void NameRoles(Struct& object, int depth) {
  constexpr int kDeepestRole = 8;
  if (depth > kDeepestRole) return;
  for (auto& [name, value] : *object.mutable_fields()) {
    if (value.has_struct_value()) NameRoles(*value.mutable_struct_value(), depth + 1);
    if (!value.has_list_value()) continue;
    for (Value& each : *value.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      const std::string role = name == "roles" ? TextOf(each.struct_value(), "role") : "";
      if (role.empty()) {
        NameRoles(*each.mutable_struct_value(), depth + 1);
      } else {
        each = TextValue(role);
      }
    }
  }
}

void ShapeReflection(Struct& referral) {
  const Struct* period = ObjectOf(referral, "reflection_period");
  if (period == nullptr) return;
  const std::string until = FirstOf(*period, {"until", "to", "end", "ends_at"});
  if (!until.empty() && TextOf(referral, "reflection_until").empty()) {
    Put(referral, "reflection_until", TextValue(until));
  }
}

void ShapeSoughtRecord(Struct& record) {
  if (!IsSurrender(record) || ObjectOf(record, "person") == nullptr) return;
  Struct& person = ObjectIn(record, "person");
  Describe(person, DescriptionIn(person));
  Describe(person, DescriptionIn(record));
}

void ShapeSought(Struct& request) {
  ForItemsOf(request, [&](Struct& item) {
    if (!IsSurrender(item)) return;
    std::string ref = TextOf(item, "person");
    if (ref.empty()) ref = TextOf(item, "person_ref");
    const std::string said = DescriptionIn(item);
    const auto persons = request.mutable_fields()->find("persons");
    if (persons == request.mutable_fields()->end() || !persons->second.has_list_value()) return;
    for (Value& each : *persons->second.mutable_list_value()->mutable_values()) {
      if (ref.empty() || TextOf(each.struct_value(), "ref") != ref) continue;
      Struct& person = *each.mutable_struct_value();
      Describe(person, DescriptionIn(person));
      Describe(person, said);
      return;
    }
  });
}

void ShapePerson(Struct& person) {
  // An age below 18 is a child's; where the status says adult, there is a dispute.
  const bool adult = TextOf(person, "age_status") == "ADULT";
  if (IsYoung(person, "age") && !adult) Put(person, "age_status", TextValue("CHILD"));
  const bool claims =
      IsYoung(person, "age") || IsYoung(person, "age_claimed") || IsYoung(person, "claimed_age");
  if (claims && adult) Put(person, "age_disputed", BoolValue(true));
  for (const char* name : {"separate_detention", "juvenile", "juvenile_court"}) {
    if (!SaysYes(Member(person, name)) || Member(person, "juvenile_handling") != nullptr) continue;
    Put(person, "juvenile_handling", TextValue(name));
  }
  for (const char* name : kReviews) {
    if (!IsReviewed(Member(person, name)) || Member(person, "non_punishment_review") != nullptr) {
      continue;
    }
    Put(person, "non_punishment_review", TextValue(AnyText(person, name)));
  }
}

// A suspect of whom signs say that somebody forced him, and nobody looked into it.
bool IsForcedUnreviewed(const Struct& said) {
  Struct person = said;
  RenameAliases("Person", person);
  ShapePerson(person);
  const auto roles = OneOrMore(person, "roles");
  const bool suspect = std::any_of(roles.begin(), roles.end(), [](const std::string& role) {
    return OneOf(role, {"SUSPECT", "ACCUSED", "CONVICTED"});
  });
  // A child in this role has the stronger finding.
  return suspect && TextOf(person, "age_status") != "CHILD" &&
         (SaysOneOf(person, {"coerced", "compelled", "forced"}) ||
          ShowsSigns(Member(person, "tip_indicators")) ||
          ShowsSigns(Member(person, "trafficking_indicators")) ||
          std::any_of(std::begin(kReviews), std::end(kReviews),
                      [&](const char* name) { return FoundSigns(Member(said, name)); })) &&
         !SaysYes(Member(person, "non_punishment_review"));
}

}  // namespace palermo::casework
