// The names of governing profiles.
#include <utility>

#include "node/casework/contents.h"

namespace palermo::casework {
namespace {

constexpr std::string_view kTreaty = "TREATY:";

// The profile in its short form; "" for a treaty whose contents nobody wrote down here.
std::string_view KnownProfile(std::string_view governing_profile) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {{"UNTOC_18", "UNTOC_18"},
                                                                      {"UNCAC_46", "UNCAC_46"},
                                                                      {"DRUG88_7", "DRUG88_7"},
                                                                      {"BUD", "BUD"},
                                                                      {"TF", "TF"},
                                                                      {"CETS198", "CETS198"},
                                                                      {"UNCAC", "UNCAC_46"},
                                                                      {"DRUG88", "DRUG88_7"},
                                                                      {"UNTOC", "UNTOC_18"},
                                                                      {"TIP", "UNTOC_18"},
                                                                      {"SOM", "UNTOC_18"},
                                                                      {"FAP", "UNTOC_18"},
                                                                      {"ECE", "ECE"},
                                                                      {"UNCC", "UNCC"}};
  if (governing_profile.substr(0, kTreaty.size()) == kTreaty) {
    governing_profile.remove_prefix(kTreaty.size());
  }
  const auto find = [&](std::string_view word) -> std::string_view {
    for (const auto& [name, profile] : kNames) {
      if (name == word) return profile;
    }
    return "";
  };
  const std::string_view whole = find(governing_profile);
  // "BUD_27", "TF_12": the instrument and one of its articles.
  return whole.empty() ? find(governing_profile.substr(0, governing_profile.find('_'))) : whole;
}

}  // namespace

std::string_view ProfileOf(std::string_view governing_profile) {
  const std::string_view known = KnownProfile(governing_profile);
  return known.empty() ? "UNTOC_18" : known;
}

bool IsOtherTreaty(std::string_view governing_profile) {
  return governing_profile.substr(0, kTreaty.size()) == kTreaty &&
         KnownProfile(governing_profile).empty();
}

}  // namespace palermo::casework
