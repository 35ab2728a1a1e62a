// The treaties under an operation: of each pair of its states, and with who joins.
#include <algorithm>

#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using Findings = std::vector<Finding>;

bool AllBound(const std::vector<std::string>& states, const std::string& instrument,
              const TreatyStatus& treaties, absl::Time at) {
  return std::all_of(states.begin(), states.end(), [&](const std::string& state) {
    return treaties.InForce(instrument, state, at);
  });
}

// The pairs that a row of the agreement speaks of.
std::vector<std::vector<std::string>> PairsOf(const v1::PairBasis& row,
                                              const v1::OperationAgreement& agreement) {
  std::vector<std::vector<std::string>> pairs;
  if (row.pair() != "default") {
    pairs.emplace_back(absl::StrSplit(row.pair(), '-'));
    return pairs;
  }
  const auto states = PartiesOf(agreement);
  for (size_t i = 0; i < states.size(); ++i) {
    for (size_t k = i + 1; k < states.size(); ++k) pairs.push_back({states[i], states[k]});
  }
  return pairs;
}

// One of `instruments` is in force for each pair.
bool AreBound(const std::vector<std::vector<std::string>>& pairs,
              const std::vector<std::string>& instruments, const TreatyStatus& treaties,
              absl::Time at) {
  return std::all_of(pairs.begin(), pairs.end(), [&](const std::vector<std::string>& pair) {
    return std::any_of(instruments.begin(), instruments.end(),
                       [&](const std::string& one) { return AllBound(pair, one, treaties, at); });
  });
}

// A denunciation of one of them by a state of the pairs has taken effect.
bool IsDenounced(const std::vector<std::vector<std::string>>& pairs,
                 const std::vector<std::string>& instruments, const TreatyStatus& treaties,
                 absl::Time at) {
  for (const std::vector<std::string>& pair : pairs) {
    for (const std::string& state : pair) {
      for (const std::string& one : instruments) {
        if (treaties.KindAt(one, state, at) == StatusKind::kDenounced) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::vector<Finding> CheckBases(const v1::OperationAgreement& agreement,
                                const TreatyStatus& treaties, absl::Time now,
                                const std::string& at) {
  Findings out;
  for (const auto& row : agreement.basis()) {
    // What the list does not know, as a bilateral agreement by its name, cannot be looked up.
    std::vector<std::string> named;
    const std::vector<std::string> words = absl::StrSplit(row.basis(), absl::ByAnyChar(" ,;"));
    for (const std::string& word : words) {
      if (IsInstrument(word) && treaties.Knows(word)) named.push_back(word);
    }
    if (named.empty() || AreBound(PairsOf(row, agreement), named, treaties, now)) continue;
    const bool nobody = std::all_of(named.begin(), named.end(), [&](const std::string& one) {
      return treaties.InForceForNobody(one, now);
    });
    const bool left = IsDenounced(PairsOf(row, agreement), named, treaties, now);
    Tell(nobody ? "R-DIR-06.not_in_force"
         : left ? "R-DIR-06.denounced"
                : "R-DIR-03.not_bound",
         Cat({at, ".basis.", row.pair()}), out);
  }
  return out;
}

std::set<std::string> InstrumentsOf(const v1::OperationPurpose& purpose,
                                    const std::string& subject) {
  std::set<std::string> found(purpose.instruments().begin(), purpose.instruments().end());
  struct Word {
    std::string_view word, instrument;
  };
  constexpr Word kWords[] = {{"traffick", "TIP"},
                             {"recruit", "TIP"},
                             {"exploit", "TIP"},
                             {"smuggl", "SOM"},
                             {"firearm", "FAP"}};
  const std::string folded = Folded(Cat({subject, " ", purpose.text()}));
  for (const Word& word : kWords) {
    if (folded.find(word.word) != std::string::npos) found.emplace(word.instrument);
  }
  return found;
}

std::vector<Finding> CheckScope(const v1::OperationAgreement& agreement, const std::string& subject,
                                const TreatyStatus& treaties, const std::string& at) {
  Findings out;
  const auto wanted = InstrumentsOf(agreement.purpose(), subject);
  for (const auto& row : agreement.basis()) {
    std::set<std::string> named;
    bool general = false;  // has an article on joint work, 5.1
    const std::vector<std::string> words = absl::StrSplit(row.basis(), absl::ByAnyChar(" ,;"));
    for (const std::string& word : words) {
      general |= OneOf(word, {"UNTOC", "2AP", "COE-MLA", "UNCAC", "SOM"});
      if (IsInstrument(word) && treaties.Knows(word)) named.insert(word);
    }
    if (general || named.empty()) continue;
    const bool all = std::all_of(wanted.begin(), wanted.end(),
                                 [&](const std::string& one) { return named.count(one) > 0; });
    if (!all) Tell("R-JIT-06.narrow", Cat({at, ".basis.", row.pair()}), out);
  }
  return out;
}

std::vector<Finding> CheckAdmission(const v1::OperationAgreement& agreement,
                                    const std::string& newcomer,
                                    const std::vector<std::string>& consents,
                                    const std::string& subject, const TreatyStatus& treaties,
                                    absl::Time at) {
  Findings out;
  const auto parties = PartiesOf(agreement);
  const bool all = std::all_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return std::find(consents.begin(), consents.end(), party) != consents.end();
  });
  auto with = parties;
  with.push_back(newcomer);
  const bool based = AllBound(with, "UNTOC", treaties, at) || AllBound(with, "2AP", treaties, at);
  if (!all || !based) {
    Tell("R-JIT-07.consents", "event.consents", out);
    return out;
  }
  for (const std::string& instrument : InstrumentsOf(agreement.purpose(), subject)) {
    // What two of the parties work on; who has left a treaty narrows the pair with the newcomer.
    const auto bound = std::count_if(parties.begin(), parties.end(), [&](const auto& party) {
      return treaties.InForce(instrument, party, at);
    });
    if (bound > 1 && !AllBound(with, instrument, treaties, at)) {
      Tell("R-JIT-06.narrow", "event.state", out);
      break;
    }
  }
  return out;
}

}  // namespace palermo::casework
