// The case as the officer sees it, built from headers alone: its acts in order, where it stands,
// what may come next, what waits for whom. Pure: the time comes in.
#ifndef PALERMO_NODE_DESK_CASEBOOK_H_
#define PALERMO_NODE_DESK_CASEBOOK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/finding.h"
#include "node/casework/history.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {

struct CaseAct {
  Hash id{};
  v1::Header header;
  casework::Side side = casework::Side::kRequesting;
  bool incoming = false;
  bool held = false;
  v1::RetrievalResult::Code retrieval = v1::RetrievalResult::UNSPECIFIED;
  v1::ConfirmationStatus confirmation;  // of an emergency
  absl::Time recorded_at;
  casework::Standing after;
  bool in_history = false;  // false: it waits for acts that did not arrive yet
  bool conflict = false;
  std::string why;
};

// A sentence of the catalogue with its values, and what to run; empty: nothing.
struct Wait {
  std::string_view english;
  casework::TextArgs args;
  std::string command;
};
// In English, with the command at its end.
std::string WaitText(const Wait& wait);

// Of our own messages: a state that rejected it, for which it expired, or whose node has not taken
// it yet.
struct Undelivered {
  Hash id{};
  v1::Header header;
  absl::Time since;  // when it was rejected or expired; else when it was sent
  std::string state;
  v1::Outcome::Code outcome = v1::Outcome::UNSPECIFIED;
  v1::Reason::Code reason = v1::Reason::NONE;
};

struct CaseView {
  std::string case_id;  // 16 bytes
  v1::Family::Code family = v1::Family::UNSPECIFIED;
  std::string requesting;  // authorities
  std::string requested;
  casework::Side own_side = casework::Side::kRequesting;
  std::vector<CaseAct> acts;  // in the history's order, waiting ones last
  casework::History history;
  std::vector<v1::Act::Code> next_acts;  // of our side
  std::vector<Wait> waits_for_us;
  absl::Time newest;
  // Our own messages of it that a recipient has not, whether they count in it or not; newest first.
  std::vector<Undelivered> undelivered;
};

// The cases of these messages, newest first. Headers that do not parse are left out, and acts that
// no recipient took.
std::vector<CaseView> BuildCases(const std::vector<v1::MessageSummary>& messages,
                                 const std::string& own_state, absl::Time now);

inline constexpr absl::Duration kUndeliveredShown = absl::Hours(24 * 30);
// How long a message may wait for the other node before it is shown: an hour's outage of a link is
// seen the same morning, a retry is not.
inline constexpr absl::Duration kQueuedShown = absl::Minutes(10);
// Newest first.
std::vector<Undelivered> UndeliveredIn(const std::vector<v1::MessageSummary>& messages);
// Those of the last kUndeliveredShown that an officer should look at.
std::vector<Undelivered> UndeliveredOf(const std::vector<v1::MessageSummary>& messages,
                                       absl::Time now);

std::vector<casework::ActFact> FactsOf(const CaseView& view);
const CaseAct* FindAct(const CaseView& view, const Hash& id);
// The newest act of these kinds that counts; null when there is none.
const CaseAct* NewestOf(const CaseView& view, const std::vector<v1::Act::Code>& acts);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CASEBOOK_H_
