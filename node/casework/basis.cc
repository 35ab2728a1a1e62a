// The treaty basis: which instrument governs between two states at one moment.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::Family;

// From the most special to the broadest, for each area; the general ones follow for all.
struct Special {
  std::string_view area;
  std::vector<std::string> instruments;
};
const std::vector<Special>& Specials() {
  static const auto& list = *new std::vector<Special>{
      {"TRAFFICKING_IN_PERSONS", {"TIP"}},
      {"SMUGGLING_OF_MIGRANTS", {"SOM"}},
      {"FIREARMS", {"FAP"}},
      {"WILDLIFE_FOREST", {"CITES"}},
      {"MARITIME", {"COE-SEA", "SOM", "DRUG88", "SUA", "UNCLOS"}},
      {"CYBERCRIME", {"BUD", "UNCC"}},
      {"DRUGS", {"DRUG88"}},
      {"CORRUPTION_LAUNDERING", {"UNCAC"}},
      {"TERRORISM", {"TF", "SUA"}},
  };
  return list;
}

constexpr std::string_view kGeneral[] = {"COE-MLA", "2AP",   "CETS198", "ECE", "TSP83",
                                         "UNTOC",   "UNCAC", "DRUG88",  "TF",  "BUD"};

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string KindOfBasis(Family::Code family) {
  switch (family) {
    case Family::EXTRADITION:
      return "EXTRADITION";
    case Family::TRANSFER_SENTENCED:
      return "TRANSFER_SENTENCED";
    default:
      return "MLA";
  }
}

bool IsMla(Family::Code family) {
  return family == Family::MLA || family == Family::CONFISCATION ||
         family == Family::SPECIAL_TECHNIQUE;
}

std::vector<std::string> InOrder(const BasisQuestion& q) {
  std::string_view area = CanonicalArea(q.area);
  // These families have one subject, whatever the request calls it.
  if (area.empty() && q.family == Family::SEA) area = "MARITIME";
  if (area.empty() && q.family == Family::PRESERVATION_24_7) area = "CYBERCRIME";
  std::vector<std::string> order;
  for (const Special& special : Specials()) {
    if (special.area == area) order = special.instruments;
  }
  for (std::string_view instrument : kGeneral) {
    if (std::find(order.begin(), order.end(), instrument) == order.end()) {
      order.emplace_back(instrument);
    }
  }
  return order;
}

using Type = v1::AssistanceType::Code;

// Conventions that carry one subject only; whatever is not here carries any.
struct Within {
  std::string_view instrument;
  std::initializer_list<std::string_view> areas;
};
const Within kWithin[] = {
    {"TIP", {"TRAFFICKING_IN_PERSONS"}},
    {"SOM", {"SMUGGLING_OF_MIGRANTS", "MARITIME"}},
    {"FAP", {"FIREARMS"}},
    {"CITES", {"WILDLIFE_FOREST"}},
    {"DRUG88", {"DRUGS", "MARITIME"}},
    {"TF", {"TERRORISM"}},
    {"SUA", {"TERRORISM", "MARITIME"}},
    {"UNCAC", {"CORRUPTION_LAUNDERING"}},
    {"COE-SEA", {"MARITIME", "DRUGS"}},
};
constexpr uint32_t kSeriousCrimeMonths = 48;  // UNTOC 2(b)

// The conventions on cybercrime carry what is electronic in any offence, and anything in theirs:
// BUD 14(2), 23, 25(1).
bool CarriesTypes(const std::string& instrument, const BasisQuestion& q) {
  if (!IsOneOf(instrument, {"BUD", "BUD2", "UNCC"}) || q.types.empty()) return true;
  if (CanonicalArea(q.area) == "CYBERCRIME") return true;
  return std::any_of(q.types.begin(), q.types.end(), [](Type type) {
    return (type >= v1::AssistanceType::PRESERVE_DATA &&
            type <= v1::AssistanceType::SUBSCRIBER_INFO) ||
           type == v1::AssistanceType::NETWORK_ASSIST;
  });
}

constexpr absl::Duration kSoon = absl::Hours(24 * 180);

// What is not known never takes an instrument away.
bool CoversOffence(const std::string& instrument, const BasisQuestion& q) {
  if (!CarriesTypes(instrument, q)) return false;
  for (const Within& within : kWithin) {
    if (CanonicalArea(q.area).empty() || within.instrument != instrument) continue;
    if (!IsOneOf(CanonicalArea(q.area), within.areas)) return false;
  }
  const bool light = q.offence_art == "SERIOUS_CRIME" && q.max_penalty_months > 0 &&
                     q.max_penalty_months < kSeriousCrimeMonths;
  return !(instrument == "UNTOC" && light);
}

bool ConcernsRequest(const Effect& effect, const BasisQuestion& q) {
  if (effect.what.empty()) return true;
  return std::any_of(effect.what.begin(), effect.what.end(), [&](const std::string& word) {
    return word == FamilyName(q.family) ||
           std::any_of(q.types.begin(), q.types.end(),
                       [&](Type type) { return word == v1::AssistanceType::Code_Name(type); });
  });
}

// Calls `take(effect kind, article, state)` for what the two states have declared or reserved.
template <typename Take>
void ForEffects(const TreatyStatus& treaties, const std::string& instrument, const BasisQuestion& q,
                Take take) {
  for (const bool requested : {true, false}) {
    const std::string& state = requested ? q.requested_state : q.requesting_state;
    const PartyStatus* status = treaties.Find(instrument, state);
    if (status == nullptr) continue;
    for (const auto* made : {&status->reservations, &status->declarations}) {
      for (const std::string& article : *made) {
        const Effect* effect = treaties.EffectOf(instrument, article);
        if (effect == nullptr) {
          take(Effect::Kind::kShow, article, state);
        } else if ((requested ? effect->of_requested : effect->of_requesting) &&
                   ConcernsRequest(*effect, q)) {
          take(effect->kind, article, state);
        }
      }
    }
  }
}

// Whether the state's status reaches the authority's territory.
bool Reaches(const PartyStatus& status, const std::string& territory) {
  if (territory.empty() || status.territories.empty()) return true;
  const auto names = [&](const std::string& word) {
    return std::find(status.territories.begin(), status.territories.end(), word) !=
           status.territories.end();
  };
  if (names("-" + territory)) return false;
  const bool only_exceptions =
      std::all_of(status.territories.begin(), status.territories.end(),
                  [](const std::string& word) { return !word.empty() && word[0] == '-'; });
  return only_exceptions || names(territory);
}

// "" when it binds both.
std::string WhyNotBound(const TreatyStatus& treaties, const std::string& instrument,
                        const BasisQuestion& q) {
  for (const std::string& state : {q.requesting_state, q.requested_state}) {
    switch (treaties.KindAt(instrument, state, q.at)) {
      case StatusKind::kParty:
        break;
      case StatusKind::kSigned:
        return absl::StrFormat("SIGNED_ONLY:%s:%s", instrument, state);
      case StatusKind::kDenounced:
        return absl::StrFormat("DENOUNCED:%s:%s", instrument, state);
      case StatusKind::kNotParty:
        return absl::StrFormat("NOT_BOUND:%s:%s", instrument, state);
    }
  }
  return "";
}

// Adds `instrument` to the candidates, or says why not.
void Weigh(const TreatyStatus& treaties, const std::string& instrument, const BasisQuestion& q,
           v1::BasisAnswer& answer, std::vector<std::string>& notes) {
  if (!Supports(instrument, q.family) || !treaties.Knows(instrument)) return;
  std::string why = WhyNotBound(treaties, instrument, q);
  if (why.empty() && !CoversOffence(instrument, q)) {
    why = absl::StrFormat("OUTSIDE_OFFENCE:%s", instrument);
  }
  if (why.empty()) why = BarOf(treaties, instrument, q);
  if (!why.empty()) {
    notes.push_back(why);
    return;
  }
  answer.add_candidates(instrument);
  ForEffects(treaties, instrument, q,
             [&](Effect::Kind kind, const std::string& article, const std::string& state) {
               if (kind == Effect::Kind::kBars) return;
               const char* word = kind == Effect::Kind::kCondition ? "CONDITION" : "SHOWN";
               notes.push_back(absl::StrFormat("%s:%s:%s:%s", word, instrument, article, state));
             });
}

void StoreQuestion(const BasisQuestion& q, v1::BasisAnswer& answer) {
  answer.set_requesting_state(q.requesting_state);
  answer.set_requested_state(q.requested_state);
  answer.set_at(FormatInstant(q.at));
  answer.set_family(FamilyName(q.family));
  answer.set_area(q.area);
  for (Type type : q.types) answer.add_assistance(v1::AssistanceType::Code_Name(type));
  answer.set_offence_art(q.offence_art);
  answer.set_max_penalty_months(q.max_penalty_months);
  answer.set_territory(q.territory);
  answer.set_reciprocity_assured(q.assurance_of_reciprocity);
}

// 18(7): what the treaty leaves, and what both may agree.
void TreatyReasons(const TreatyStatus& treaties, const BasisQuestion& q, const std::string& treaty,
                   v1::BasisAnswer& answer) {
  answer.set_governing_instrument(treaty);
  answer.set_governing_profile(absl::StrFormat("TREATY:%s", treaty));
  answer.add_reasons(treaties.RuleOf(treaty) == nullptr ? "BILATERAL_IN_FORCE"
                                                        : "REGIONAL_IN_FORCE");
  const bool untoc = WhyNotBound(treaties, "UNTOC", q).empty();
  if (untoc && IsMla(q.family)) answer.add_reasons("OFFER_BY_AGREEMENT_UNTOC_18");
}

void WithoutInstrument(const TreatyStatus& treaties, const BasisQuestion& q,
                       v1::BasisAnswer& answer) {
  const bool accepts = treaties.AllowsReciprocity(q.requested_state);
  if (accepts && q.assurance_of_reciprocity) {
    answer.set_governing_instrument("RECIPROCITY");
    answer.set_governing_profile("RECIPROCITY");
    answer.add_reasons("RECIPROCITY_ASSURED");
    return;
  }
  answer.add_reasons("NO_BASIS");
  if (accepts) answer.add_reasons("SUGGEST_ASSURANCE_OF_RECIPROCITY");
  if (WhyNotBound(treaties, "UNTOC", q).empty()) {
    answer.add_reasons("SUGGEST_LAW_ENFORCEMENT_INFO");
  }
  answer.add_reasons("SUGGEST_PUBLIC_RECORDS");
  answer.add_reasons("SUGGEST_DIPLOMATIC_CHANNEL");
}

}  // namespace

bool IsInstrument(std::string_view code) {
  return IsOneOf(code,
                 {"UNTOC", "TIP",   "SOM",   "FAP",     "UNCAC",   "DRUG88", "UNCC",    "BUD",
                  "BUD2",  "TF",    "SUA",   "COE-SEA", "COE-MLA", "2AP",    "CETS198", "ECE",
                  "CTHB",  "TSP83", "CITES", "UNCLOS",  "VCCR",    "ICCPR",  "CAT",     "REF51"}) ||
         code.substr(0, 10) == "BILATERAL:";
}

bool IsArticle(std::string_view text) {
  const size_t space = text.find(' ');
  const std::string_view instrument = text.substr(0, space);
  if (instrument == "RECIPROCITY") return space == std::string_view::npos;
  if (!IsInstrument(instrument)) return false;
  if (space == std::string_view::npos) return true;
  // "18", "18(3)(f)", "8bis(5)(d)", "29 to 34", "VI(2)", "30, 31".
  std::string_view rest = text.substr(space + 1);
  constexpr size_t kLongest = 40;
  if (rest.empty() || rest.size() > kLongest) return false;
  while (!rest.empty()) {
    size_t end = rest.find_first_of(" ,");
    if (end == std::string_view::npos) end = rest.size();
    const std::string_view word = rest.substr(0, end);
    const bool joins = IsOneOf(word, {"", "to", "and"});
    const bool article = !word.empty() &&
                         word.find_first_not_of("0123456789IVX()abcdefghijklmnopqrstuvwxyz") ==
                             std::string_view::npos &&
                         (word[0] == '(' || (word[0] >= '0' && word[0] <= '9') ||
                          IsOneOf(word.substr(0, 1), {"I", "V", "X"}));
    if (!joins && !article) return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

std::string_view CanonicalArea(std::string_view area) {
  constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"TRAFFICKING", "TRAFFICKING_IN_PERSONS"},
      {"SMUGGLING", "SMUGGLING_OF_MIGRANTS"},
      {"WILDLIFE", "WILDLIFE_FOREST"},
      {"MEDICINES", "FALSIFIED_MEDICAL_PRODUCTS"},
      {"CORRUPTION", "CORRUPTION_LAUNDERING"}};
  for (const auto& [word, full] : kShort) {
    if (word == area) return full;
  }
  // These name no one subject.
  return IsOneOf(area, {"ANY", "OTHER", "JOINT_OPERATION"}) ? "" : area;
}

bool Supports(std::string_view instrument, Family::Code family) {
  switch (family) {
    case Family::EXTRADITION:
      return IsOneOf(instrument, {"UNTOC", "TIP", "SOM", "FAP", "UNCAC", "DRUG88", "BUD", "TF",
                                  "SUA", "ECE", "UNCC"});
    case Family::TRANSFER_SENTENCED:
      return IsOneOf(instrument, {"UNTOC", "TIP", "SOM", "FAP", "UNCAC", "TSP83", "TF"});
    case Family::PRESERVATION_24_7:
      return IsOneOf(instrument, {"BUD", "BUD2", "UNCC"});
    case Family::SEA:
      return IsOneOf(instrument, {"SOM", "DRUG88", "SUA", "COE-SEA", "UNCLOS"});
    case Family::JOINT_INVESTIGATION:
      return IsOneOf(instrument, {"UNTOC", "TIP", "SOM", "FAP", "UNCAC", "DRUG88", "2AP", "BUD2"});
    default:
      // Sentences, extradition and the sea have instruments that carry nothing else.
      return !IsOneOf(instrument, {"ECE", "TSP83", "COE-SEA", "UNCLOS"});
  }
}

std::string ProfileUnder(std::string_view instrument, Family::Code family) {
  if (IsOneOf(instrument, {"UNTOC", "TIP", "SOM", "FAP"})) return "UNTOC_18";
  if (instrument == "UNCAC") return "UNCAC_46";
  if (instrument == "DRUG88") return "DRUG88_7";
  if (instrument == "BUD" && family == Family::PRESERVATION_24_7) return "BUD_29";
  if (instrument == "BUD") return "BUD_25";
  return absl::StrFormat("TREATY:%s", instrument);
}

std::string BarOf(const TreatyStatus& treaties, const std::string& instrument,
                  const BasisQuestion& q) {
  const PartyStatus* requested = treaties.Find(instrument, q.requested_state);
  if (requested != nullptr && !Reaches(*requested, q.territory)) {
    return absl::StrFormat("TERRITORY:%s:%s", instrument, q.requested_state);
  }
  std::string bar;
  ForEffects(treaties, instrument, q,
             [&](Effect::Kind kind, const std::string& article, const std::string& state) {
               if (kind != Effect::Kind::kBars || !bar.empty()) return;
               bar = absl::StrFormat("BARRED:%s:%s:%s", instrument, article, state);
             });
  return bar;
}

// Article 18(7): a treaty of the two takes the place of 18(9) to (29). The bilateral one comes
// first: it is the more special.
std::string GoverningTreaty(const TreatyStatus& treaties, const BasisQuestion& q) {
  if (!IsMla(q.family) && q.family != Family::EXTRADITION &&
      q.family != Family::TRANSFER_SENTENCED) {
    return "";
  }
  const std::string kind = KindOfBasis(q.family);
  const Bilateral* treaty =
      treaties.FindBilateral(q.requesting_state, q.requested_state, kind, q.at);
  if (treaty != nullptr) return treaty->id;
  for (const std::string& instrument : treaties.Instruments()) {
    const auto& governs = treaties.RuleOf(instrument)->governs;
    if (std::find(governs.begin(), governs.end(), kind) == governs.end()) continue;
    if (WhyNotBound(treaties, instrument, q).empty() && BarOf(treaties, instrument, q).empty()) {
      return instrument;
    }
  }
  return "";
}

v1::BasisAnswer FindBasis(const TreatyStatus& treaties, const BasisQuestion& q) {
  v1::BasisAnswer answer;
  StoreQuestion(q, answer);
  std::vector<std::string> notes;
  for (const std::string& instrument : InOrder(q)) {
    Weigh(treaties, instrument, q, answer, notes);
  }
  const std::string treaty = GoverningTreaty(treaties, q);
  if (!treaty.empty()) {
    TreatyReasons(treaties, q, treaty, answer);
  } else if (!answer.candidates().empty()) {
    answer.set_governing_instrument(answer.candidates(0));
    answer.set_governing_profile(ProfileUnder(answer.candidates(0), q.family));
    answer.add_reasons("COMMON_INSTRUMENT");
  } else {
    WithoutInstrument(treaties, q, answer);
  }
  for (const std::string& note : notes) answer.add_reasons(note);
  const auto changes =
      ChangesFor(treaties, q.requesting_state, q.requested_state, q.at, q.at + kSoon);
  for (const StatusChange& change : changes) {
    answer.add_reasons(absl::StrFormat("%s:%s:%s:%s", change.begins ? "BEGINS" : "ENDS",
                                       change.instrument, change.state,
                                       FormatInstant(change.at).substr(0, 10)));
  }
  return answer;
}

}  // namespace palermo::casework
