// What the clear part of a victim's referral must not tell: what a doctor knows, and the house
// where the victim is received. TIP 6(1).
#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Person;
using v1::Request;

// Begins of words, folded. What was found at a doctor's, or was done to a body, is for those who
// help; a need that shows, such as a pregnancy, may be told where the reception needs it.
constexpr std::string_view kMedicalStems[] = {
    "hiv",       "aids",      "hepatit", "tubercul", "syphilis", "abort",   "miscarr",
    "psychiatr", "depressi",  "ptsd",    "schizo",   "suicid",   "cancer",  "diagnos",
    "disease",   "antiretro", "raped",   "maladie",  "violee",   "violada", "enfermedad",
    "изнасил",   "туберкул",  "болезн",  "سرطان",    "艾滋"};
constexpr std::string_view kConditionStems[] = {
    "pregnan", "diabet",   "epilep",    "asthma",  "insulin",  "medicat", "surger", "fractur",
    "burns",   "enceinte", "grossesse", "embaraz", "беременн", "حامل",    "怀孕"};

// Whole words, a star for any end, in a text that tells of more than needs: what happened to a
// victim is told there, what she has is not.
constexpr std::string_view kHealthWords[] = {
    "hiv",        "vih",       "seropositi*", "hepatit*",   "tubercul*",  "syphilis",    "gonorrh*",
    "abortion",   "miscarr*",  "psychiatr*",  "depression", "depressive", "ptsd",        "schizo*",
    "suicid*",    "cancer",    "diagnos*",    "antiretro*", "pregnan*",   "diabet*",     "epilep*",
    "asthma*",    "insulin",   "medication*", "enceinte",   "grossesse",  "medicament*", "embaraz*",
    "medicacion", "беременн*", "вич",         "туберкул*",  "диагноз*",   "гепатит*",    "сифилис*",
    "лекарств*",  "антиретро*"};
constexpr std::string_view kHealthSigns[] = {"艾滋", "怀孕", "病历"};
// "diagnostic centre", "cancer hospital": a place and no illness.
constexpr std::string_view kPlaces[] = {"centre*", "center*",   "hospital*",  "clinic*",
                                        "unit",    "institut*", "laborator*", "ward"};

// "counterfeit medication", "suicide attack": goods and crimes, and nobody's illness.
constexpr std::string_view kOfGoods[] = {
    "falsif*",     "counterfeit*", "fake",        "fakes",      "smuggled",  "illicit*",  "stolen",
    "substandard", "unlicensed",   "contrefait*", "faux",       "illegal*",  "falso",     "falsos",
    "falsa*",      "fraudulent*",  "adulterad*",  "gefalscht*", "поддельн*", "фальсифиц*"};
constexpr std::string_view kOfAttacks[] = {"attack*",  "bomb*",     "vest*",    "attentat*",
                                           "atentad*", "anschlag*", "kamikaze*"};

// Who shows the address on its letterhead, and where somebody may be hidden. Folded.
constexpr std::string_view kPublicBodies[] = {
    "ministry",      "ministere",    "ministerio",    "ministerium", "министерств*", "authority",
    "authorities",   "autorite*",    "autoridad*",    "police",      "policia",      "polizei",
    "полици*",       "court",        "courts",        "tribunal*",   "prosecutor*",  "prosecution",
    "procureur*",    "parquet",      "fiscalia",      "прокуратур*", "department*",  "departement*",
    "departamento*", "directorate*", "agency",        "agence",      "agencia",      "inspectorate",
    "embassy",       "ambassade",    "embajada",      "consulate",   "consulat",     "consulado",
    "посольств*",    "консульств*",  "municipality",  "mairie",      "prefecture",   "commission*",
    "government",    "office",       "правительств*", "gobierno",    "gouvernement"};
constexpr std::string_view kShelters[] = {
    "shelter*",    "refuge",      "refuges",       "refugio*",      "safehouse*", "safe house*",
    "foyer*",      "accueil",     "albergue*",     "acogida",       "hostel",     "hostels",
    "frauenhaus*", "hebergement", "crisis centre", "women s house", "приют*",     "убежищ*"};
constexpr std::string_view kStreets[] = {
    "street", "lane",     "road",      "rd",      "avenue",  "ave",      "square",  "quay",
    "alley",  "drive",    "boulevard", "blvd",    "terrace", "crescent", "rue",     "quai",
    "allee",  "chemin",   "impasse",   "calle",   "plaza",   "avenida",  "carrera", "camino",
    "via",    "strada",   "rua",       "ulitsa",  "ул",      "улица",    "улице",   "улицы",
    "шоссе",  "проспект", "переулок",  "бульвар", "شارع"};
constexpr std::string_view kStreetEnds[] = {"strasse", "straße", "gasse", "platz", "straat"};

bool HasHealthStem(const std::string& folded, std::span<const std::string_view> stems) {
  for (std::string_view stem : stems) {
    for (size_t at = folded.find(stem); at != folded.npos; at = folded.find(stem, at + 1)) {
      const bool wide = static_cast<unsigned char>(stem[0]) >= 0x80;
      const bool begins =
          at == 0 || std::string_view(" -/,;:.('").find(folded[at - 1]) != std::string_view::npos;
      // "hearing aids" and "hive" are none.
      const size_t end = at + stem.size();
      const bool whole = end == folded.size() || folded[end] < 'a' || folded[end] > 'z';
      const bool aid = stem == "aids" && at > 0;
      if ((begins || wide) && !aid && (whole || stem.size() > 4)) return true;
    }
  }
  return false;
}

// The words of a text, folded; nothing else is in them.
std::vector<std::string> WordsOfText(std::string_view text) {
  std::vector<std::string> words(1);
  for (char c : Folded(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || IsDigit(c) || (c >= 'a' && c <= 'z')) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool IsLike(std::string_view word, std::string_view form) {
  return form.ends_with('*') ? word.starts_with(form.substr(0, form.size() - 1)) : word == form;
}
bool IsLikeOne(std::string_view word, std::span<const std::string_view> forms) {
  return std::any_of(forms.begin(), forms.end(),
                     [&](std::string_view form) { return IsLike(word, form); });
}

// Forms of one word, or of two with a blank between.
bool HasOneOf(const std::vector<std::string>& words, std::span<const std::string_view> forms) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (IsLikeOne(words[i], forms)) return true;
    if (i + 1 < words.size() && IsLikeOne(Cat({words[i], " ", words[i + 1]}), forms)) return true;
  }
  return false;
}

bool TellsHealth(const std::string& text) {
  for (std::string_view sign : kHealthSigns) {
    if (text.find(sign) != std::string::npos) return true;
  }
  const auto words = WordsOfText(text);
  for (size_t i = 0; i < words.size(); ++i) {
    if (!IsLikeOne(words[i], kHealthWords)) continue;
    const auto next_is = [&](auto& forms) {
      return i + 1 < words.size() && IsLikeOne(words[i + 1], forms);
    };
    constexpr std::string_view kMedicines[] = {"medication*", "medicament*", "medicacion",
                                               "insulin", "лекарств*"};
    const bool goods = IsLikeOne(words[i], kMedicines) &&
                       (next_is(kOfGoods) || (i > 0 && IsLikeOne(words[i - 1], kOfGoods)));
    if (!goods && !next_is(kPlaces) && !next_is(kOfAttacks)) return true;
  }
  // The word in small letters means helpers.
  for (size_t at = text.find("AIDS"); at != std::string::npos; at = text.find("AIDS", at + 1)) {
    const auto letter = [&](size_t i) {
      return i < text.size() && (IsUpper(text[i]) || (text[i] >= 'a' && text[i] <= 'z'));
    };
    if ((at == 0 || !letter(at - 1)) && !letter(at + 4)) return true;
  }
  return false;
}

bool IsStreet(const std::vector<std::string>& words, size_t i) {
  // "12 Rose St", and not "St Mary".
  if (words[i] == "st") return i + 1 == words.size() || HasDigit(words[i + 1]);
  return IsLikeOne(words[i], kStreets) ||
         std::any_of(std::begin(kStreetEnds), std::end(kStreetEnds),
                     [&](std::string_view end) { return words[i].ends_with(end); });
}

// "12 Rose Lane": a number beside the word for a street. `apart`: a comma may stand between.
bool TellsAStreet(const std::string& text, bool apart) {
  bool street_before = false;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const auto words = WordsOfText(std::string_view(text).substr(begin, end - begin));
    bool street = false, number = false;
    for (size_t i = 0; i < words.size(); ++i) {
      street = street || IsStreet(words, i);
      number = number || HasDigit(words[i]);
    }
    const bool lone = words.size() == 1 && AllDigits(words[0]);
    if ((street && number) || (apart && street_before && lone)) return true;
    street_before = street;
    begin = end + 1;
  }
  return false;
}

// A public authority has its address on its letterhead; a house that says what it is has none.
bool TellsAShelter(const std::string& text) {
  const auto words = WordsOfText(text);
  const bool shelter = HasOneOf(words, kShelters);
  if (!shelter && HasOneOf(words, kPublicBodies)) return false;
  return TellsAStreet(text, shelter);
}

void CheckNeeds(const v1::VictimReferral& v, Report& report) {
  const auto health = [&](const auto& texts, const char* member) {
    for (int k = 0; k < texts.size(); ++k) {
      const std::string folded = Folded(texts[k]), at = At(Cat({"request.referral.", member}), k);
      if (HasHealthStem(folded, kMedicalStems)) {
        report.Say("R-SEAL-01.health", at);
      } else if (HasHealthStem(folded, kConditionStems)) {
        report.Say("R-SEAL-01.condition", at);
      }
    }
  };
  health(v.special_needs(), "special_needs");
  health(v.needs(), "needs");
  health(v.identification().indicators(), "identification.indicators");
}

// Texts that are there for something else.
void CheckOpenTexts(const Request& r, Report& report) {
  const auto look = [&](const std::string& text, const std::string& at) {
    if (!IsBlank(text) && TellsHealth(text)) report.Say("R-SEAL-01.health_open", at);
  };
  for (int i = 0; i < r.persons_size(); ++i) {
    const Person& p = r.persons(i);
    if (!IsVictim(p) && !(r.has_referral() && IsProtected(p))) continue;
    look(p.description(), At("request.persons", i, "description"));
    look(p.note(), At("request.persons", i, "note"));
  }
  if (!r.has_referral()) return;
  const v1::VictimReferral& v = r.referral();
  look(r.facts_summary(), "request.facts_summary");
  look(v.best_interests_note(), "request.referral.best_interests_note");
  look(v.non_punishment_note(), "request.referral.non_punishment_note");
  look(v.return_plan().reintegration(), "request.referral.return_plan.reintegration");
  look(v.return_plan().escorts(), "request.referral.return_plan.escorts");
  look(v.gender_care().reason(), "request.referral.gender_care.reason");
  const auto& measures = v.proceedings().protective_measures();
  for (int k = 0; k < measures.size(); ++k) {
    look(measures[k], At("request.referral.proceedings.protective_measures", k));
  }
  for (int i = 0; i < r.items_size(); ++i) {
    look(r.items(i).description(), At("request.items", i, "description"));
  }
}

}  // namespace

bool NamesAStreet(std::string_view text) {
  const auto words = WordsOfText(text);
  for (size_t i = 0; i < words.size(); ++i) {
    if (IsStreet(words, i)) return true;
  }
  return false;
}

void CheckReferralSecrets(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  CheckOpenTexts(*r, report);
  if (!r->has_referral()) return;
  const v1::VictimReferral& v = r->referral();
  CheckNeeds(v, report);
  if (TellsAShelter(v.receiving_body())) {
    report.Say("R-SEAL-01.shelter", "request.referral.receiving_body");
  }
  if (TellsAShelter(v.return_plan().origin_contact())) {
    report.Say("R-SEAL-01.shelter", "request.referral.return_plan.origin_contact");
  }
}

}  // namespace palermo::casework
