// Identities that only compartments may hold: what a body shows of protected persons, and whether
// the compartments of its draft fit it.
#include <algorithm>
#include <set>
#include <span>

#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "node/casework/asset_book.h"
#include "node/casework/clear_mentions.h"
#include "node/casework/leak_scan.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::ItemResult;
using v1::Person;
using v1::Request;

// Everything about who is relocated or cooperates is sealed but the authority to turn to.
bool SealsEverybody(const TypeSet& types) {
  return types.test(v1::AssistanceType::WITNESS_RELOCATION) ||
         types.test(v1::AssistanceType::COOPERATOR_ARRANGEMENT);
}

bool HasProtected(const Request& r) {
  return std::any_of(r.persons().begin(), r.persons().end(), IsProtected) ||
         SealsEverybody(RequestIndex(&r).Types());
}

bool HasClearIdentity(const Person& p) {
  return !IsBlank(p.name()) || !IsBlank(p.date_of_birth()) || !IsBlank(p.phone()) ||
         !IsBlank(p.document_number()) || !IsBlank(p.address());
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
    if (TellsABirth(*text)) report.Say("R-SEAL-01.told", at + member);
    if (TellsAPhone(*text)) report.Say("R-SEAL-01.phone", at + member);
  }
  if (HasClearIdentity(p)) {
    report.Say("R-SEAL-01.identity", at);
  } else if (p.has_sealed() && !p.sealed()) {
    report.Say("R-SEAL-01.unsealed", at + ".sealed");
  }
}

void CheckSealed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  const bool everybody = SealsEverybody(RequestIndex(r).Types());
  for (int i = 0; r != nullptr && i < r->persons_size(); ++i) {
    const Person& p = r->persons(i);
    if (!everybody && !IsProtected(p)) continue;
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
      if (!SameRef(p.ref(), ref) || !IsProtected(p)) continue;
      report.Say("R-SEAL-01.document", At("request.items", i, "document_number"));
    }
  }
}

// --- The compartments of the draft

// A pseudonym that no letter or digit continues: "V-1" is not in "V-12". Both are RefKey's.
bool MentionsRef(std::string_view text, std::string_view ref) {
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

bool Mentions(std::string_view text, std::string_view ref) {
  return MentionsRef(RefKey(text), RefKey(ref));
}

void CheckCompartments(const RuleInput& in, Report& report) {
  const std::set<std::string>* refs = in.context.compartment_refs;
  if (refs == nullptr) return;
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->persons_size(); ++i) {
    const Person& p = r->persons(i);
    if (!p.sealed() || HasRef(*refs, p.ref()) || !IsBlank(p.sealed_id())) continue;
    report.Say("R-SEAL-01.nowhere", At("request.persons", i, "sealed"));
  }
  if (refs->empty()) return;
  std::set<std::string> unknown = *refs;
  std::erase_if(unknown, [&](const std::string& ref) { return in.asked.Person(ref) != nullptr; });
  ForTexts(in.body, "", [&](const std::string&, const std::string& text) {
    if (unknown.empty()) return;
    const std::string folded = RefKey(text);
    std::erase_if(unknown,
                  [&](const std::string& ref) { return MentionsRef(folded, RefKey(ref)); });
  });
  for (const std::string& ref : unknown) {
    report.Say("R-SEAL-01.unknown_ref", "compartments", {{"ref", ref}});
  }
}

// Where the pseudonym belongs the name does not, whoever is listed among the persons.
void CheckPseudonyms(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || (!r->has_referral() && !HasProtected(*r))) return;
  if (LooksLikeAName(r->referral().pseudonym())) {
    report.Say("R-SEAL-01.ref", "request.referral.pseudonym");
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const std::string& ref = r->items(i).person_ref();
    const bool listed = std::any_of(r->persons().begin(), r->persons().end(),
                                    [&](const Person& p) { return SameRef(p.ref(), ref); });
    // Of a listed person the list is judged.
    if (listed || !(r->has_referral() ? LooksLikeAName(ref) : IsOnlyAName(ref))) continue;
    report.Say("R-SEAL-01.ref", At("request.items", i, "person_ref"));
  }
}

// Texts in which whoever writes about a protected person is tempted to write who it is.
void CheckNamed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || (!r->has_referral() && !HasProtected(*r))) return;
  CheckPersonTexts(*r, SealsEverybody(RequestIndex(r).Types()), in.context.sealed_identities,
                   report);
}

// --- Answers

bool IsSealedIn(const RuleInput& in, const Person& p) {
  return IsProtected(p) || SealsEverybody(in.asked.Types());
}

// Whom the question is about, where that identity is sealed; null otherwise.
const Person* SealedSubject(const RuleInput& in, const v1::Item* asked) {
  if (asked == nullptr) return nullptr;
  const Person* subject =
      in.asked.Person(asked->person_ref().empty() ? asked->person() : asked->person_ref());
  return subject != nullptr && IsSealedIn(in, *subject) ? subject : nullptr;
}

// Whether an answer about `subject` may mean that person by somebody of another reference, or none:
// nobody whom the request knows, or of whom the answer says who it is.
bool MayBeSubject(const RuleInput& in, const Person& p) {
  return p.kind() != "LEGAL" && p.roles().empty() && in.asked.Person(p.ref()) == nullptr;
}

// By what the answer says of the person, or by what the request says.
void CheckAnsweredPerson(const RuleInput& in, const Person& p, const Person* subject,
                         const std::string& at, Report& report) {
  const Person* asked = in.asked.Person(p.ref());
  if (IsSealedIn(in, p) || (asked != nullptr && IsProtected(*asked))) {
    CheckSealedPerson(p, at, report);
  } else if (subject != nullptr && MayBeSubject(in, p) && HasClearIdentity(p)) {
    report.Say("R-SEAL-01.answered", at);
  }
}

void CheckOwners(const RuleInput& in, const v1::OwnershipAnswer& answer, const Person* subject,
                 const std::string& at, Report& report) {
  const auto& owners = answer.owners();
  // Where one owner is that person, the others are others.
  const bool there =
      subject != nullptr && std::any_of(owners.begin(), owners.end(), [&](const v1::Owner& owner) {
        return SameRef(owner.person().ref(), subject->ref());
      });
  for (int k = 0; k < owners.size(); ++k) {
    CheckAnsweredPerson(in, owners[k].person(), there ? nullptr : subject, At(at, k) + ".person",
                        report);
  }
}

// "Lina Orsay", which is no firm.
bool IsNameOfSomebody(const std::string& text) {
  const std::string last = Folded(text.substr(text.rfind(' ') + 1));
  return IsOnlyAName(text) &&
         !OneOf(last,
                {"ltd",  "ltd.", "limited", "llc",     "inc",      "inc.",  "plc",       "gmbh",
                 "ag",   "kg",   "sa",      "s.a.",    "sarl",     "srl",   "spa",       "bv",
                 "nv",   "ab",   "oy",      "company", "co",       "co.",   "corp",      "corp.",
                 "bank", "fund", "trust",   "holding", "holdings", "group", "foundation"});
}

// The numbers of the accounts that question and answer are about, as NumbersOf has them.
std::set<std::string> AccountsOf(const v1::Item& asked, const v1::AccountAnswer& answer) {
  std::set<std::string> numbers;
  v1::Property named;
  named.set_account(asked.account());
  const auto take = [&](const v1::Property& property) {
    for (const std::string& number : NumbersOf(property)) numbers.insert(number);
  };
  take(named);
  take(asked.property());
  for (const v1::AccountFound& found : answer.accounts()) take(found.account());
  return numbers;
}

// A question about the accounts of somebody; a trail of payments leads to others too.
bool AsksOfOwnAccounts(const v1::Item& asked) {
  using T = v1::AssistanceType;
  return asked.type() == T::BANK_ACCOUNT_DISCOVERY || asked.type() == T::BANK_TRANSACTIONS ||
         asked.type() == T::BANK_MONITORING || asked.type() == T::RECORDS_BANK ||
         asked.type() == T::ASSET_DISCLOSURE;
}

// Each payment of an account has its holder on one side: where neither side is the pseudonym or the
// account, a name is the holder's.
void CheckPayments(const v1::Item& asked, const v1::AccountAnswer& answer, const Person& subject,
                   const std::string& at, Report& report) {
  const char* key = AsksOfOwnAccounts(asked) ? "R-SEAL-01.answered" : "R-SEAL-01.named";
  const std::set<std::string> accounts = AccountsOf(asked, answer);
  const auto stands_for = [&](const std::string& side) {
    v1::Property named;
    named.set_account(side);
    const auto numbers = NumbersOf(named);
    return Mentions(side, subject.ref()) || (!numbers.empty() && accounts.contains(numbers[0]));
  };
  for (int k = 0; k < answer.transactions_size(); ++k) {
    const v1::Transaction& payment = answer.transactions(k);
    if (stands_for(payment.originator()) || stands_for(payment.beneficiary())) continue;
    const bool from = IsNameOfSomebody(payment.originator());
    if (!from && !IsNameOfSomebody(payment.beneficiary())) continue;
    report.Say(key, At(at, k) + (from ? ".originator" : ".beneficiary"));
    return;
  }
}

void CheckHolders(const v1::Item& asked, const ItemResult& item, const Person& subject,
                  const std::string& at, Report& report) {
  const auto named = [&](const v1::Property& property) {
    return IsNameOfSomebody(property.holder()) && !Mentions(property.holder(), subject.ref());
  };
  const auto& accounts = item.account().accounts();
  for (int k = 0; k < accounts.size(); ++k) {
    const bool said = accounts[k].relation() == "HOLDER";
    if (!named(accounts[k].account()) || !(said || accounts[k].relation().empty())) continue;
    const bool own = said || AsksOfOwnAccounts(asked);
    report.Say(own ? "R-SEAL-01.answered" : "R-SEAL-01.named",
               At(at + ".account.accounts", k) + ".account.holder");
  }
  for (int k = 0; k < item.assets_size(); ++k) {
    if (!named(item.assets(k).property())) continue;
    report.Say("R-SEAL-01.answered", At(at + ".assets", k) + ".property.holder");
  }
  CheckPayments(asked, item.account(), subject, at + ".account.transactions", report);
}

// A person who was heard has the request's reference; who stands by a protected one tells who that
// is.
void CheckHeardPersons(const ItemResult& item, const Person* subject, const std::string& at,
                       Report& report) {
  if (subject == nullptr) return;
  for (int k = 0; k < item.heard_size(); ++k) {
    const v1::HearingAnswer& hearing = item.heard(k);
    const std::string here = At(at + ".heard", k);
    if (LooksLikeAName(hearing.person())) report.Say("R-SEAL-01.ref", here + ".person");
    for (int p = 0; p < hearing.present_size(); ++p) {
      const v1::Attendee& one = hearing.present(p);
      if (OneOf(one.function(), {"GUARDIAN", "SUPPORT"}) && IsNameOfSomebody(one.who())) {
        report.Say("R-SEAL-01.companion", At(here + ".present", p, "who"));
      }
    }
  }
}

// Of a relocation or a cooperator only the word and whom to turn to stand in clear; where and as
// whom is for a compartment.
void CheckRelocation(const RuleInput& in, const ItemResult& item, const v1::Item* asked,
                     const std::string& at, Report& report) {
  TypeSet types;
  if (asked != nullptr && v1::AssistanceType::Code_IsValid(asked->type())) {
    types.set(static_cast<size_t>(asked->type()));
  }
  if (!item.has_relocation() && !SealsEverybody(types)) return;
  const v1::RelocationAnswer& relocation = item.relocation();
  if (LooksLikeAName(relocation.person())) {
    report.Say("R-SEAL-01.ref", at + ".relocation.person");
  }
  // Typed parts are there to tell: each of another kind would tell of the life that is hidden.
  std::vector<const google::protobuf::FieldDescriptor*> said;
  item.GetReflection()->ListFields(item, &said);
  for (const auto* field : said) {
    const bool typed = field->number() >= ItemResult::kAccountFieldNumber ||
                       field->number() == ItemResult::kTraceFieldNumber ||
                       field->number() == ItemResult::kVerificationFieldNumber;
    if (!typed || field->number() == ItemResult::kRelocationFieldNumber) continue;
    report.Say("R-SEAL-01.relocation", Cat({at, ".", field->name()}));
  }
  const std::set<std::string>* refs = in.context.compartment_refs;
  const bool sealed = refs == nullptr || HasRef(*refs, relocation.person());
  if (relocation.decision() == "AGREED" && !sealed) {
    report.Say("R-SEAL-01.nowhere", at + ".relocation.person");
  }
}

void CheckAnsweredPersons(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    const Person* subject = SealedSubject(in, asked);
    CheckOwners(in, item.ownership(), subject, at + ".ownership.owners", report);
    CheckAnsweredPerson(in, item.subscriber().customer(), subject, at + ".subscriber.customer",
                        report);
    CheckHeardPersons(item, subject, at, report);
    CheckRelocation(in, item, asked, at, report);
    if (subject != nullptr && LooksLikeAName(item.appearance().person())) {
      report.Say("R-SEAL-01.ref", at + ".appearance.person");
    }
    // A victim has a pseudonym, and the office has a name.
    if (LooksLikeAName(item.referral().pseudonym())) {
      report.Say("R-SEAL-01.ref", at + ".referral.pseudonym");
    }
    if (subject == nullptr) return;
    CheckHolders(*asked, item, *subject, at, report);
    if (!IsBlank(item.travel_document().document_number())) {
      report.Say("R-SEAL-01.document", at + ".travel_document.document_number");
    }
  });
}

// Names of protected persons that the request has in clear nevertheless: nobody repeats them.
void CheckRepeatedNames(const RuleInput& in, Report& report) {
  const Request* r = in.context.request;
  if (r == nullptr || !in.body.has_result()) return;
  std::vector<IdentityToken> names;
  for (const Person& p : r->persons()) {
    if (!IsBlank(p.name()) && IsSealedIn(in, p)) {
      names.push_back({IdentityKind::kName, p.name(), p.ref()});
    }
  }
  if (names.empty()) return;
  const LeakScanner scanner(std::move(names));
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    ForTexts(item, at, [&](const std::string& path, const std::string& text) {
      if (scanner.Leaks(text)) report.Say("R-SEAL-01.identity", path);
    });
  });
}

void CheckNamedInAnswer(const RuleInput& in, Report& report) {
  if (in.context.request == nullptr || !HasProtected(*in.context.request)) return;
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    ForTexts(item, at, [&](const std::string& path, const std::string& text) {
      if (TellsAName(text)) report.Say("R-SEAL-01.named", path);
    });
  });
}

constexpr Rule kSealRules[] = {
    {{"R-SEAL-01", "E", "TIP 6(1), UNTOC 24",
      "a protected person has clear identity attributes, or is marked as not sealed"},
     CheckSealed},
    {{"R-SEAL-01", "E", "TIP 6(1)",
      "a name stands where the pseudonym of a protected person belongs"},
     CheckPseudonyms},
    {{"R-SEAL-01", "E/W/I", "TIP 6(1), (3)",
      "a referral tells what a doctor knows of a victim, or to the house where the victim is "
      "received (I: a condition such as a pregnancy, among the needs; W: health in another text)"},
     CheckReferralSecrets},
    {{"R-SEAL-01", "E", "TIP 6(1), SOM 16",
      "the number of a document stands beside a person whose identity is sealed"},
     CheckDocuments},
    {{"R-SEAL-01", "I", "TIP 6(1)",
      "a sealed person is in no compartment of the draft, or a compartment is of a person that the "
      "body does not name"},
     CheckCompartments},
    {{"R-SEAL-01", "W/I", "TIP 6(1)",
      "a text of a request with protected persons tells a name, a day of birth, the number of a "
      "document or a telephone number (I: of somebody who is none of them, as it seems; or it says "
      "that somebody is called by a name)"},
     CheckNamed},
    {{"R-SEAL-01", "E", "TIP 6(1), UNTOC 24",
      "an answer shows who a protected person is: as owner, customer, holder or party of a "
      "payment, by a name for a pseudonym, by the number of a travel document; or tells of a "
      "relocation more than whom to turn to"},
     CheckAnsweredPersons},
    {{"R-SEAL-01", "E", "TIP 6(1), UNTOC 24",
      "an answer repeats a protected person's name that the request has in clear"},
     CheckRepeatedNames},
    {{"R-SEAL-01", "I", "TIP 6(1)",
      "a text of an answer to a request with protected persons says that somebody is called by a "
      "name"},
     CheckNamedInAnswer},
};

}  // namespace

std::span<const Rule> SealRules() { return kSealRules; }

}  // namespace palermo::casework
