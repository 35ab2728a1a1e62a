// Persons and offences: children, victims and migrants, scope of the Convention.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::Family;
using v1::Offence;
using v1::Person;
using v1::Request;

constexpr uint32_t kSeriousMonths = 48;

// Calls `check` for each person of a request in hand.
template <typename Check>
void ForPersons(const RuleInput& in, Check check) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->persons_size(); ++i) check(r->persons(i), i);
}

bool IsMinor(const Person& p, const CheckContext& context) {
  constexpr int kAdultYears = 18;
  const auto born = ParseInstant(p.date_of_birth());
  const auto now = ParseInstant(NowText(context));
  if (!born.ok() || !now.ok()) return false;
  const auto day = absl::ToCivilDay(*born, absl::UTCTimeZone());
  return absl::ToCivilDay(*now, absl::UTCTimeZone()) <
         absl::CivilDay(day.year() + kAdultYears, day.month(), day.day());
}

void CheckChildren(const RuleInput& in, Report& report) {
  ForPersons(in, [&](const Person& p, int i) {
    // A child victim who is booked as an adult is a dispute about the age as well.
    const bool disputed = p.age_disputed() || HasRole(p, {"CHILD_VICTIM"});
    if (disputed && p.age_status() == "ADULT") {
      report.Say("R-HR-08.dispute", At("request.persons", i, "age_status"));
    }
    // Whose age is disputed counts as a child until it is known.
    if (!IsChild(p) && !IsMinor(p, in.context) && p.age_status() != "DISPUTED") return;
    const bool guarded = !SaysNothing(p.guardian());
    if (IsSuspect(p) && (!guarded || SaysNothing(p.juvenile_handling()))) {
      report.Say("R-HR-08.juvenile", At("request.persons", i));
    } else if (!guarded) {
      report.Say("R-HR-08.guardian", At("request.persons", i, "guardian"));
    }
  });
}

// SOM 5: to have been smuggled is no offence of one's own, whatever it is called.
bool IsOwnEntry(const std::string& offence) {
  const std::string text = Folded(offence);
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  const bool unlawful = has("illegal") || has("irregular") || has("unlawful") ||
                        has("clandestine") || has("unauthor");
  const bool own = has("entry") || has("stay") || has("border crossing") ||
                   has("crossing of the") || has("presence") || has("immigration");
  return (unlawful && own) || has("being smuggled") || has("been smuggled");
}

void CheckMigrants(const RuleInput& in, Report& report) {
  ForPersons(in, [&](const Person& p, int i) {
    if (!HasRole(p, {"SMUGGLED_MIGRANT"}) || !IsSuspect(p)) return;
    if (SaysNothing(p.separate_offence_ref())) {
      report.Say("R-SOM-05.suspect", At("request.persons", i, "roles"));
    } else if (IsOwnEntry(p.separate_offence_ref())) {
      report.Say("R-SOM-05.entry", At("request.persons", i, "separate_offence_ref"));
    }
  });
}

// Letters and digits alone, in capital letters; "" for a number that is of many.
std::string DocumentOf(const Person& p) {
  constexpr size_t kShortest = 5;
  std::string number;
  for (char c : p.document_number()) {
    const char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
    if (IsDigit(upper) || IsUpper(upper)) number += upper;
  }
  return number.size() >= kShortest && HasDigit(number) ? number : "";
}

// Somebody may be listed twice, as who was smuggled or exploited and once more as a suspect: under
// one reference, or with one document. Two states may give one number.
struct ListedPersons {
  std::set<std::string> refs;
  std::map<std::string, std::set<std::string>> documents;  // number, nationalities

  void Add(const Person& p) {
    if (!IsBlank(p.ref())) refs.insert(RefKey(p.ref()));
    if (const std::string number = DocumentOf(p); !number.empty()) {
      documents[number].insert(absl::AsciiStrToUpper(p.nationality()));
    }
  }
  bool Has(const Person& p) const {
    if (!refs.empty() && refs.contains(RefKey(p.ref()))) return true;
    const auto at = documents.find(DocumentOf(p));
    return at != documents.end() && (p.nationality().empty() || at->second.contains("") ||
                                     at->second.contains(absl::AsciiStrToUpper(p.nationality())));
  }
};

// Calls `check` with each suspect who is listed a second time as one of those whom `other` takes,
// and is none of those in that entry.
template <typename Other, typename Check>
void ForListedTwice(const RuleInput& in, Other other, Check check) {
  ListedPersons listed;
  ForPersons(in, [&](const Person& p, int) {
    if (other(p)) listed.Add(p);
  });
  ForPersons(in, [&](const Person& p, int i) {
    if (IsSuspect(p) && !other(p) && listed.Has(p)) check(p, i);
  });
}

void CheckListedTwice(const RuleInput& in, Report& report) {
  const auto migrant = [](const Person& p) { return HasRole(p, {"SMUGGLED_MIGRANT"}); };
  ForListedTwice(in, migrant, [&](const Person& p, int i) {
    if (SaysNothing(p.separate_offence_ref())) {
      report.Say("R-SOM-05.suspect", At("request.persons", i, "roles"));
    } else if (IsOwnEntry(p.separate_offence_ref())) {
      report.Say("R-SOM-05.entry", At("request.persons", i, "separate_offence_ref"));
    }
  });
  const auto victim = [](const Person& p) {
    return IsVictim(p) && SaysNothing(p.non_punishment_review());
  };
  ForListedTwice(in, victim, [&](const Person& p, int i) {
    if (!SaysNothing(p.non_punishment_review()) || IsVictim(p)) return;
    report.Say("R-TIP-06.compelled", At("request.persons", i, "roles"));
  });
}

void CheckNonPunishment(const RuleInput& in, Report& report) {
  ForPersons(in, [&](const Person& p, int i) {
    if (!IsVictim(p) || !IsSuspect(p) || !SaysNothing(p.non_punishment_review())) return;
    // A child in a suspect's role has the stronger finding of R-HR-08.
    if (IsChild(p) && (SaysNothing(p.guardian()) || SaysNothing(p.juvenile_handling()))) return;
    report.Say("R-TIP-06.compelled", At("request.persons", i, "roles"));
  });
}

void CheckPersecution(const RuleInput& in, Report& report) {
  ForPersons(in, [&](const Person& p, int i) {
    if (p.persecution_indicators().empty() || !SaysNothing(p.persecution_review())) return;
    report.Say("R-HR-03.review", At("request.persons", i, "persecution_review"));
  });
}

// --- The elements of trafficking

// An age that is not stated may be a child's: means are asked for only when each is an adult.
bool AllVictimsAdult(const Request& r) {
  bool any = false;
  if (r.has_referral() && !OneOf(r.referral().age_status(), {"", "ADULT"})) return false;
  for (const Person& p : r.persons()) {
    if (!IsVictim(p)) continue;
    any = true;
    if (IsChild(p) || p.age_disputed() || p.age_status() != "ADULT") return false;
  }
  return any;
}

// TIP 3(a) says "at a minimum": another purpose is told of, and stops nothing.
void CheckPurposes(const v1::TipElements& tip, const std::string& at, Report& report) {
  constexpr std::string_view kStems[] = {
      "SEX",       "PROSTITUTION", "PORNOGRAPH", "FORCED",  "LABO",  "SERVICE", "SLAVE",
      "SERVITUDE", "DOMESTIC",     "ORGAN",      "REMOVAL", "BEG",   "CRIM",    "MARRIAGE",
      "ADOPTION",  "SURROGA",      "DEBT",       "EXPLOIT", "CHILD", "OTHER",   "COMPEL",
      "PRACTICE",  "MENDICITY",    "SOLDIER",    "ARMED"};
  for (const std::string& purpose : tip.purposes()) {
    const std::string word = absl::AsciiStrToUpper(purpose);
    if (std::any_of(std::begin(kStems), std::end(kStems),
                    [&](std::string_view stem) { return word.find(stem) != std::string::npos; })) {
      continue;
    }
    report.Say("R-TIP-01.purpose_word", at);
  }
}

void CheckTrafficking(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  const bool told = std::any_of(r->offence().begin(), r->offence().end(),
                                [](const Offence& o) { return o.has_tip(); });
  // A case of trafficking may ask about another offence, laundering say.
  const bool may_be = std::any_of(r->offence().begin(), r->offence().end(), [](const Offence& o) {
    return IsBlank(o.untoc_art()) || o.untoc_art() == "PROTOCOL";
  });
  if (!told && may_be && CanonicalArea(r->area()) == "TRAFFICKING_IN_PERSONS") {
    report.Say("R-TIP-01.unsaid", "request.offence[0].tip");
  }
  for (int i = 0; i < r->offence_size(); ++i) {
    const Offence& offence = r->offence(i);
    if (!offence.has_tip()) continue;
    CheckPurposes(offence.tip(), At("request.offence", i, "tip.purposes"), report);
    if (offence.tip().acts().empty())
      report.Say("R-TIP-01.acts", At("request.offence", i, "tip.acts"));
    if (offence.tip().purposes().empty()) {
      report.Say("R-TIP-01.purposes", At("request.offence", i, "tip.purposes"));
    }
    if (offence.tip().means().empty() && AllVictimsAdult(*r)) {
      report.Say("R-TIP-02.means", At("request.offence", i, "tip.means"));
    }
  }
}

// --- The scope of the Convention

void CheckSerious(const RuleInput& in, const Offence& o, const std::string& at, Report& report) {
  // An offence that names its class says the rest too; one that does not is judged by what it says.
  const bool named = o.untoc_art() == "SERIOUS_CRIME";
  if (o.has_max_penalty_months() ? o.max_penalty_months() < kSeriousMonths : named) {
    report.Say("R-MLA-01.penalty", at + ".max_penalty_months");
  }
  // In extradition the group is a condition of its own, 16(1): R-EXT-01; and who is abroad may be
  // sought for an offence at home.
  const bool asked = in.context.family != Family::EXTRADITION;
  const bool domestic = asked && o.transnational_basis() == "NONE";
  if (domestic || (named && IsBlank(o.transnational_basis()))) {
    report.Say("R-MLA-01.transnational", at + ".transnational_basis");
  }
  if (asked && (o.ocg_involved() == "NO" || (named && IsBlank(o.ocg_involved())))) {
    report.Say("R-MLA-01.ocg", at + ".ocg_involved");
  }
}

// 3(1): transnational, and a group is suspected. Whoever tells neither leaves it to the facts; who
// tells one of the two of the Convention's own offences has left the other out.
bool IsOutOfScope(const Offence& o, bool protocol) {
  if (o.ocg_involved() == "NO" || o.transnational_basis() == "NONE") return true;
  return !protocol && OneOf(o.untoc_art(), {"5", "6", "8", "23", "PROTOCOL"}) &&
         IsBlank(o.ocg_involved()) != IsBlank(o.transnational_basis());
}

void CheckPersonScope(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  const std::string& instrument = r->basis().instrument();
  const bool protocol = OneOf(instrument, {"TIP", "SOM", "FAP"});
  if (instrument != "UNTOC" && !protocol) return;
  for (int i = 0; i < r->offence_size(); ++i) {
    const Offence& o = r->offence(i);
    const std::string at = At("request.offence", i);
    const bool of_convention = (protocol && o.untoc_art() != "SERIOUS_CRIME") ||
                               OneOf(o.untoc_art(), {"5", "6", "8", "23", "PROTOCOL"});
    if (!of_convention) {
      CheckSerious(in, o, at, report);
    } else if (IsOutOfScope(o, protocol)) {
      report.Say("R-MLA-01.scope", at);
    }
  }
}

// --- Terrorism needs its article

bool SaysTerrorism(const Request& r) {
  if (r.area() == "TERRORISM") return true;
  const auto names = [](const std::string& text) {
    const std::string folded = Folded(text);
    return folded.find("terroris") != std::string::npos;
  };
  return names(r.proceeding().nature()) ||
         std::any_of(r.offence().begin(), r.offence().end(),
                     [&](const Offence& o) { return names(o.label()); });
}

// Procedure alone names no offence: the article of a convention that does, or the listing.
bool NamesOffence(std::string_view article) {
  if (IsBlank(article)) return false;
  for (std::string_view procedural : {"UNTOC", "UNCAC", "DRUG88", "2AP", "COE-MLA"}) {
    if (article.substr(0, procedural.size()) == procedural) return false;
  }
  // Nor does the law of one state.
  const std::string folded = Folded(article);
  for (std::string_view domestic : {" code", "code ", "penal", "statute", "decree"}) {
    if (folded.find(domestic) != std::string::npos) return false;
  }
  return true;
}

void CheckTerrorism(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !SaysTerrorism(*r)) return;
  const auto& articles = r->basis().articles();
  const bool based = std::any_of(articles.begin(), articles.end(), NamesOffence) ||
                     std::any_of(r->offence().begin(), r->offence().end(),
                                 [](const Offence& o) { return !IsBlank(o.unscr_ref()); });
  if (!based) report.Say("R-TER-01.article", "request.basis.articles");
}

// --- References

void CheckOneReference(const RuleInput& in, Report& report) {
  std::set<std::string> seen;
  ForPersons(in, [&](const Person& p, int i) {
    if (IsBlank(p.ref()) || seen.insert(RefKey(p.ref())).second) return;
    report.Say("R-GEN-01.person_twice", At("request.persons", i, "ref"));
  });
}

// "P-9", "W12": letters and a number, as pseudonyms are; anything else may be words.
bool IsReference(std::string_view text) {
  const auto letters = static_cast<size_t>(
      std::find_if_not(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) -
      text.begin());
  std::string_view number = text.substr(letters);
  if (number.starts_with("-")) number.remove_prefix(1);
  return letters > 0 && !number.empty() &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Who is not listed may stand in a compartment. Which there are only the draft knows.
void CheckReferences(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  // That nobody is named at all is R-MLA-15E.
  if (r == nullptr || r->persons().empty()) return;
  std::set<std::string> known;
  for (const Person& p : r->persons()) known.insert(RefKey(p.ref()));
  if (r->has_referral()) known.insert(RefKey(r->referral().pseudonym()));
  const std::set<std::string>* sealed = in.context.compartment_refs;
  const auto check = [&](const std::string& ref, const std::string& field) {
    if (!IsReference(ref) || known.contains(RefKey(ref)) ||
        (sealed != nullptr && HasRef(*sealed, ref))) {
      return;
    }
    report.Say(sealed == nullptr ? "R-GEN-01.person_unseen" : "R-GEN-01.person_unknown", field);
  };
  for (int i = 0; i < r->items_size(); ++i) {
    check(r->items(i).person_ref(), At("request.items", i, "person_ref"));
    check(r->items(i).person(), At("request.items", i, "person"));
  }
}

constexpr Rule kPersonRules[] = {
    {{"R-GEN-01", "E", "UNTOC 18(15)(e)", "two persons of a request have one reference"},
     CheckOneReference},
    {{"R-GEN-01", "E/I", "UNTOC 18(15)(e)",
      "an item names a person whom neither the request nor a compartment has (I: compartments are "
      "not known)"},
     CheckReferences},
    {{"R-HR-08", "E", "ICCPR 14(4), CTHB 10(3)",
      "a child has no guardian, is a suspect without juvenile handling, or a disputed age counts "
      "as adult"},
     CheckChildren},
    {{"R-SOM-05", "E", "SOM 5, 6(4)", "a smuggled migrant is a suspect without a separate offence"},
     CheckMigrants},
    {{"R-SOM-05, R-TIP-06", "E/W", "SOM 5, CTHB 26",
      "who was smuggled (E) or exploited (W) is listed once more as a suspect, under the same "
      "reference or with the same document"},
     CheckListedTwice},
    {{"R-TIP-06", "W", "CTHB 26", "a victim is a suspect without a review"}, CheckNonPunishment},
    {{"R-HR-03", "W", "UNTOC 16(14), TF 15", "signs of persecution were not reviewed"},
     CheckPersecution},
    {{"R-TIP-01, R-TIP-02", "E/I", "TIP 3(a), (c)",
      "no act or no purpose; no means although all victims are adults (I: no offence of a request "
      "about trafficking tells its elements, or a purpose is none that is known)"},
     CheckTrafficking},
    {{"R-MLA-01", "E/W", "UNTOC 2(b), 3, 18(1)",
      "a serious crime under four years, not transnational, or without a suspected group (W for "
      "the Convention's and the Protocols' own offences)"},
     CheckPersonScope},
    {{"R-TER-01", "E", "", "terrorism without the article of its convention or the listing"},
     CheckTerrorism},
};

}  // namespace

std::span<const Rule> PersonRules() { return kPersonRules; }

}  // namespace palermo::casework
