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

// The person that an item names, else the one who is sought.
Value* SoughtPerson(Struct& request, const std::string& ref) {
  const auto persons = request.mutable_fields()->find("persons");
  if (persons == request.mutable_fields()->end()) return nullptr;
  auto& values = *persons->second.mutable_list_value()->mutable_values();
  for (Value& person : values) {
    if (!ref.empty() && TextOf(person.struct_value(), "ref") == ref) return &person;
  }
  for (Value& person : values) {
    for (const std::string& role : TextsOf(person.struct_value(), "roles")) {
      if (OneOf(role, {"SUSPECT", "ACCUSED", "CONVICTED"})) return &person;
    }
  }
  return values.empty() ? nullptr : &values[0];
}

bool IsIndicator(std::string_view name) { return name == "persecution_indicators"; }

}  // namespace

void ShapePersecution(Struct& request) {
  const auto move = [&](Struct& from, const std::string& ref) {
    for (const char* name : {"persecution_reviewed", "persecution_reviewed_by"}) {
      if (SaysYes(Member(from, name))) Rename(from, name, "persecution_review");
    }
    for (const char* name : {"persecution", "persecution_risk_indicators"}) {
      if (SaysYes(Member(from, name))) Rename(from, name, "persecution_indicators");
    }
    for (const char* name : {"persecution_indicators", "persecution_review"}) {
      if (Member(from, name) == nullptr) continue;
      Value said = Take(from, name);
      const Struct* inner = said.has_struct_value() ? &said.struct_value() : nullptr;
      if (inner != nullptr && Member(*inner, "reviewed") != nullptr && IsIndicator(name)) {
        const bool reviewed = SaysYes(Member(*inner, "reviewed"));
        if (Value* person = SoughtPerson(request, ref); person != nullptr && reviewed) {
          Put(*person->mutable_struct_value(), "persecution_review", TextValue("reviewed"));
        }
      }
      // {"reviewed": false}: there are some, and it does not say which.
      if (inner != nullptr && inner->fields_size() == 1 && Member(*inner, "reviewed") != nullptr) {
        said = TextValue("as stated");
      }
      if (Value* person = SoughtPerson(request, ref)) {
        Put(*person->mutable_struct_value(), name, said);
      }
    }
  };
  std::vector<std::pair<Struct*, std::string>> items;
  ForItemsOf(request, [&](Struct& item) { items.emplace_back(&item, TextOf(item, "person")); });
  for (auto& [item, ref] : items) move(*item, ref);
  move(request, "");
}

// Labels of politics in an extradition, or where TF 15 holds: a sign of persecution.
void ShapePolitics(Struct& request) {
  const Struct* basis = ObjectOf(request, "basis");
  const bool asked = TextOf(request, "family") == "EXTRADITION" ||
                     (basis != nullptr && TextOf(*basis, "instrument") == "TF");
  if (!asked) return;
  const auto label = [](Struct& object) {
    const Value exposed = Take(object, "politically_exposed");
    const Value labels = Take(object, "political_labels");
    bool named = SaysYes(&exposed) || SaysYes(&labels);
    for (const std::string& word : TextsOf(object, "labels")) {
      named |= HasWords(word, {"politic*"});
    }
    return named;
  };
  const auto persons = request.mutable_fields()->find("persons");
  bool sought = label(request);
  if (persons == request.mutable_fields()->end() || !persons->second.has_list_value()) return;
  for (Value& person : *persons->second.mutable_list_value()->mutable_values()) {
    if (person.has_struct_value() && label(*person.mutable_struct_value())) sought = true;
  }
  if (!sought) return;
  if (Value* person = SoughtPerson(request, "")) {
    auto& signs = (*person->mutable_struct_value()->mutable_fields())["persecution_indicators"];
    *signs.mutable_list_value()->add_values() = TextValue("politically exposed");
  }
}

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

namespace {

// A screening that found signs shows a victim (3.8); what follows for the charge is another review.
bool IsBareScreening(std::string_view name, const Value* said) {
  return HasWords(name, {"screen", "screened", "screening"}) && said != nullptr &&
         FoundSigns(said) &&
         !SaysOneOf(said->struct_value(), {"review", "reviewed", "reviewed_at", "reviewed_by",
                                           "non_punishment", "non_punishment_review"});
}

}  // namespace

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
    const Value* said = Member(person, name);
    if (!IsReviewed(said) || IsBareScreening(name, said) ||
        Member(person, "non_punishment_review") != nullptr) {
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
