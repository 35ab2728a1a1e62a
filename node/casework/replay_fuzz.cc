// Fuzz target: any set of acts has one history, whatever order they arrived in; the numbers of its
// standings are read back.
#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "node/casework/history.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace casework = palermo::casework;
  constexpr size_t kBytesAnAct = 5, kMaxActs = 64;
  std::vector<casework::ActFact> facts;
  for (size_t i = 0; i + kBytesAnAct <= size && facts.size() < kMaxActs; i += kBytesAnAct) {
    casework::ActFact fact;
    fact.id[0] = data[i] % 80;
    fact.side = data[i + 1] % 2 == 0 ? casework::Side::kRequesting : casework::Side::kRequested;
    fact.act = static_cast<casework::v1::Act::Code>(data[i + 2] % 64);
    for (size_t k = 3; k < kBytesAnAct; ++k) {
      if (data[i + k] >= 200) continue;
      palermo::Hash parent = {};
      parent[0] = data[i + k] % 80;
      fact.parents.push_back(parent);
    }
    const bool known = std::any_of(facts.begin(), facts.end(),
                                   [&](const auto& other) { return other.id == fact.id; });
    if (!known) facts.push_back(std::move(fact));
  }
  const auto history = casework::Replay(facts);
  PALERMO_CHECK(history.acts.size() + history.held.size() == facts.size());
  std::reverse(facts.begin(), facts.end());
  PALERMO_CHECK(casework::Replay(facts) == history);
  for (const auto& act : history.acts) {
    const auto back = casework::StandingFromNumbers(casework::StateNumber(act.after),
                                                    casework::ResumeNumber(act.after));
    PALERMO_CHECK(back.ok() && *back == act.after);
  }
  return 0;
}
