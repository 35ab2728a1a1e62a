// How far a case has got, from all its acts and their bodies: what became of each item, whether the
// requesting state was heard, which duties survive. What a desk tells the content rules comes from
// here alone. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_PROGRESS_H_
#define PALERMO_NODE_CASEWORK_PROGRESS_H_

#include <map>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/asset_book.h"
#include "node/casework/contents.h"
#include "node/casework/obligations.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// One item of the request. At most one of the four is true.
struct ItemStand {
  bool settled = false;  // by a result, with a final outcome
  bool refused = false;
  bool withdrawn = false;
  bool reopened = false;  // by a completion request, and not answered yet
  v1::ItemOutcome::Code outcome = v1::ItemOutcome::UNSPECIFIED;
  size_t by = 0;  // index of the act that decided it

  bool IsOpen() const { return !settled && !refused && !withdrawn; }
};

// A consultation that can precede a refusal or a postponement.
struct Consulted {
  bool open = false;
  bool all_items = false;
  std::vector<uint32_t> items;
  absl::Time since = absl::InfinitePast();
  bool heard = false;  // the requesting state stated its view
};

struct Progress {
  const v1::Request* request = nullptr;  // the newest; of the acts' bodies
  std::map<uint32_t, ItemStand> items;
  Consulted refusal, postponement;
  const v1::BoardingAnswer* boarding_answer = nullptr;
  absl::Time last_act = absl::InfinitePast();
  std::vector<Obligation> obligations;
  // CONFIDENTIALITY_UNABLE was sent, and the requesting state has done nothing since, 18(20).
  bool confidentiality_undecided = false;
  std::vector<Asset> assets;
  std::string preserved_from, preserved_until;  // as CheckContext
  bool followup_came = false;
  // As CheckContext.
  std::map<std::string, absl::Time> withdrawn_consents;
  std::vector<uint32_t> items_without_consent;
  bool registry_told = false, boarding_decided = false, boarding_allowed = false;
  bool complete = true;  // every body was there
};

// Whether the body of such an act tells anything here.
bool ReadsBody(v1::Act::Code act);
// `acts` in the history's order, conflicts left out. The bodies must outlive the answer.
// `policy`: the numbers of the pair, for the duties; null: the defaults.
Progress ProgressOf(const std::vector<OpenedAct>& acts, v1::Family::Code family,
                    const PairPolicy* policy = nullptr);

// Tells the check what the case says, by the numbers of `context.policy`. `progress` must outlive
// `context`.
void Fill(const Progress& progress, absl::Time now, CheckContext& context);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_PROGRESS_H_
