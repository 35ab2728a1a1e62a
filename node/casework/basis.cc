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

std::string KindOf(Family::Code family) {
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

std::vector<std::string> InOrder(std::string_view area) {
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

bool Governs(const TreatyStatus& treaties, const BasisQuestion& q, v1::BasisAnswer& answer) {
  const Bilateral* treaty = GoverningTreaty(treaties, q);
  if (treaty == nullptr) return false;
  answer.set_governing_instrument(treaty->id);
  answer.set_governing_profile(absl::StrFormat("TREATY:%s", treaty->id));
  answer.add_reasons("BILATERAL_IN_FORCE");
  return true;
}

}  // namespace

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

// Article 18(7): an MLA treaty of the pair takes the place of 18(9) to (29).
const Bilateral* GoverningTreaty(const TreatyStatus& treaties, const BasisQuestion& q) {
  if (!IsMla(q.family) && q.family != Family::EXTRADITION &&
      q.family != Family::TRANSFER_SENTENCED) {
    return nullptr;
  }
  return treaties.FindBilateral(q.requesting_state, q.requested_state, KindOf(q.family), q.at);
}

v1::BasisAnswer FindBasis(const TreatyStatus& treaties, const BasisQuestion& q) {
  v1::BasisAnswer answer;
  answer.set_requesting_state(q.requesting_state);
  answer.set_requested_state(q.requested_state);
  answer.set_at(FormatInstant(q.at));
  const bool treaty = Governs(treaties, q, answer);
  for (const std::string& instrument : InOrder(q.area)) {
    if (!Supports(instrument, q.family)) continue;
    if (!treaties.InForce(instrument, q.requesting_state, q.at) ||
        !treaties.InForce(instrument, q.requested_state, q.at)) {
      continue;
    }
    answer.add_candidates(instrument);
  }
  if (treaty) return answer;
  if (!answer.candidates().empty()) {
    answer.set_governing_instrument(answer.candidates(0));
    answer.set_governing_profile(ProfileUnder(answer.candidates(0), q.family));
    answer.add_reasons("COMMON_INSTRUMENT");
  } else if (treaties.AllowsReciprocity(q.requested_state) && q.assurance_of_reciprocity) {
    answer.set_governing_instrument("RECIPROCITY");
    answer.set_governing_profile("RECIPROCITY");
    answer.add_reasons("RECIPROCITY_ASSURED");
  } else {
    answer.add_reasons("NO_BASIS");
    answer.add_reasons("SUGGEST_LAW_ENFORCEMENT_INFO");
    answer.add_reasons("SUGGEST_DIPLOMATIC_CHANNEL");
  }
  return answer;
}

}  // namespace palermo::casework
