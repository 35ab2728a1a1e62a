// Identities that only compartments may hold: what a body shows of protected persons, and whether
// the compartments of its draft fit it.
#include <algorithm>
#include <set>

#include "absl/strings/str_split.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Person;
using v1::Request;

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "Quay Street 4" is a house, "District 5" and "5e arrondissement" are none.
bool NamesAHouse(std::string_view location) {
  for (const std::string& part :
       std::vector<std::string>(absl::StrSplit(std::string(location), ','))) {
    if (!HasDigit(part)) continue;
    const std::vector<std::string> words =
        absl::StrSplit(Folded(part), ' ', absl::SkipWhitespace());
    const bool area =
        words.size() == 2 && std::any_of(words.begin(), words.end(), [](const std::string& word) {
          return OneOf(word, {"district", "distrito", "sector", "secteur", "zone", "zona", "ward",
                              "region", "precinct", "quarter", "quartier", "arrondissement",
                              "province", "county", "raion", "район", "округ", "сектор"});
        });
    if (!area) return true;
  }
  return false;
}

// Everything about who is relocated or cooperates is sealed but the authority to turn to.
bool SealsEverybody(const Request& r) {
  return std::any_of(r.items().begin(), r.items().end(), [](const v1::Item& item) {
    return item.type() == v1::AssistanceType::WITNESS_RELOCATION ||
           item.type() == v1::AssistanceType::COOPERATOR_ARRANGEMENT;
  });
}

bool HasProtected(const Request& r) {
  return std::any_of(r.persons().begin(), r.persons().end(), IsProtected) || SealsEverybody(r);
}

// Of a person whose identity is sealed.
void CheckSealedPerson(const Person& p, const std::string& at, Report& report) {
  if (LooksLikeAName(p.ref())) report.Say("R-SEAL-01.ref", at + ".ref");
  // A town is a place where one may be; a house is where one is found.
  if (NamesAHouse(p.location())) report.Say("R-SEAL-01.place", at + ".location");
  for (const auto& [text, member] :
       {std::pair(&p.description(), ".description"), std::pair(&p.note(), ".note")}) {
    if (IsOnlyAName(*text)) {
      report.Say("R-SEAL-01.described", at + member);
    } else if (TellsAName(*text)) {
      report.Say("R-SEAL-01.named", at + member);
    }
  }
  const bool clear = !IsBlank(p.name()) || !IsBlank(p.date_of_birth()) || !IsBlank(p.phone()) ||
                     !IsBlank(p.document_number()) || !IsBlank(p.address());
  if (clear) {
    report.Say("R-SEAL-01.identity", at);
  } else if (p.has_sealed() && !p.sealed()) {
    report.Say("R-SEAL-01.unsealed", at + ".sealed");
  }
}

void CheckSealed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->persons_size(); ++i) {
    const Person& p = r->persons(i);
    if (!IsProtected(p) && !SealsEverybody(*r)) continue;
    CheckSealedPerson(p, At("request.persons", i), report);
  }
}

// A document of somebody whose identity is sealed is that identity.
void CheckDocuments(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    const bool of_person = item.type() == v1::AssistanceType::VERIFY_NATIONALITY ||
                           item.type() == v1::AssistanceType::ISSUE_TRAVEL_DOCUMENT;
    if (!of_person || (IsBlank(item.document_number()) && item.mrz().empty())) continue;
    const std::string& ref = item.person_ref().empty() ? item.person() : item.person_ref();
    for (const Person& p : r->persons()) {
      if (p.ref() != ref || !IsProtected(p)) continue;
      report.Say("R-SEAL-01.document", At("request.items", i, "document_number"));
    }
  }
}

// --- The compartments of the draft

// A pseudonym that no letter or digit continues: "V-1" is not in "V-12".
bool Mentions(std::string_view text, std::string_view ref) {
  const auto joins = [&](size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  for (size_t at = text.find(ref); at != std::string_view::npos; at = text.find(ref, at + 1)) {
    const size_t end = at + ref.size();
    if ((at == 0 || !joins(at - 1)) && (end == text.size() || !joins(end))) return true;
  }
  return false;
}

bool IsOfCase(const RuleInput& in, std::string_view ref) {
  const Request* r = in.context.request;
  return r != nullptr && std::any_of(r->persons().begin(), r->persons().end(),
                                     [&](const Person& p) { return p.ref() == ref; });
}

void CheckCompartments(const RuleInput& in, Report& report) {
  const std::set<std::string>* refs = in.context.compartment_refs;
  if (refs == nullptr) return;
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->persons_size(); ++i) {
    const Person& p = r->persons(i);
    if (!p.sealed() || refs->count(p.ref()) > 0 || !IsBlank(p.sealed_id())) continue;
    report.Say("R-SEAL-01.nowhere", At("request.persons", i, "sealed"));
  }
  if (refs->empty()) return;
  std::set<std::string> unknown = *refs;
  std::erase_if(unknown, [&](const std::string& ref) { return IsOfCase(in, ref); });
  ForTexts(in.body, "", [&](const std::string&, const std::string& text) {
    std::erase_if(unknown, [&](const std::string& ref) { return Mentions(text, ref); });
  });
  for (const std::string& ref : unknown) {
    report.Say("R-SEAL-01.unknown_ref", "compartments", {{"ref", ref}});
  }
}

// Texts in which whoever writes about a protected person is tempted to write the name.
void CheckNamed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !HasProtected(*r)) return;
  if (TellsAName(r->facts_summary())) report.Say("R-SEAL-01.named", "request.facts_summary");
  for (int i = 0; i < r->items_size(); ++i) {
    if (TellsAName(r->items(i).description())) {
      report.Say("R-SEAL-01.named", At("request.items", i, "description"));
    }
  }
}

// --- Answers

// The person of the request whom an answer names; null when it is another one.
const Person* AskedPerson(const RuleInput& in, const std::string& ref) {
  const Request* r = in.context.request;
  if (r == nullptr || ref.empty()) return nullptr;
  const auto found = std::find_if(r->persons().begin(), r->persons().end(),
                                  [&](const Person& p) { return p.ref() == ref; });
  return found == r->persons().end() ? nullptr : &*found;
}

// By what the answer says of the person, or by what the request says.
void CheckAnsweredPerson(const RuleInput& in, const Person& p, const std::string& at,
                         Report& report) {
  const Person* asked = AskedPerson(in, p.ref());
  const bool everybody = in.context.request != nullptr && SealsEverybody(*in.context.request);
  if (IsProtected(p) || everybody || (asked != nullptr && IsProtected(*asked))) {
    CheckSealedPerson(p, at, report);
  }
}

void CheckAnsweredPersons(const RuleInput& in, Report& report) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    const std::string at = At("result.items", i);
    const auto& owners = items[i].ownership().owners();
    for (int k = 0; k < owners.size(); ++k) {
      CheckAnsweredPerson(in, owners[k].person(), At(at + ".ownership.owners", k) + ".person",
                          report);
    }
    CheckAnsweredPerson(in, items[i].subscriber().customer(), at + ".subscriber.customer", report);
    // A victim has a pseudonym, and the office has a name.
    const v1::ReferralAnswer& referral = items[i].referral();
    if (LooksLikeAName(referral.pseudonym())) {
      report.Say("R-SEAL-01.ref", at + ".referral.pseudonym");
    }
    if (IsBlank(items[i].travel_document().document_number())) continue;
    const v1::Item* asked = AskedItem(in, items[i].n());
    if (asked == nullptr) continue;
    const Person* holder =
        AskedPerson(in, asked->person_ref().empty() ? asked->person() : asked->person_ref());
    if (holder != nullptr && IsProtected(*holder)) {
      report.Say("R-SEAL-01.document", at + ".travel_document.document_number");
    }
  }
}

void CheckNamedInAnswer(const RuleInput& in, Report& report) {
  if (in.context.request == nullptr || !HasProtected(*in.context.request)) return;
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    ForTexts(items[i], At("result.items", i),
             [&](const std::string& path, const std::string& text) {
               if (TellsAName(text)) report.Say("R-SEAL-01.named", path);
             });
  }
}

constexpr Rule kSealRules[] = {
    {{"R-SEAL-01", "E", "TIP 6(1), UNTOC 24",
      "a protected person has clear identity attributes, or is marked as not sealed"},
     CheckSealed},
    {{"R-SEAL-01", "E", "TIP 6(1), SOM 16",
      "the number of a document stands beside a person whose identity is sealed"},
     CheckDocuments},
    {{"R-SEAL-01", "I", "TIP 6(1)",
      "a sealed person is in no compartment of the draft, or a compartment is of a person that the "
      "body does not name"},
     CheckCompartments},
    {{"R-SEAL-01", "I", "TIP 6(1)",
      "a text of a request with protected persons says that somebody is called by a name"},
     CheckNamed},
    {{"R-SEAL-01", "E", "TIP 6(1), UNTOC 24",
      "an answer shows who a protected person is: as owner or customer, by a name for a pseudonym, "
      "by the number of a travel document"},
     CheckAnsweredPersons},
    {{"R-SEAL-01", "I", "TIP 6(1)",
      "a text of an answer to a request with protected persons says that somebody is called by a "
      "name"},
     CheckNamedInAnswer},
};

}  // namespace

std::span<const Rule> SealRules() { return kSealRules; }

}  // namespace palermo::casework
