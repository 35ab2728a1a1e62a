// Which state is bound by which instrument, when; and which instrument governs a request. The
// status list is data that states maintain and import as CSV: nothing here knows a party. Pure;
// thread-safe when constant.
#ifndef PALERMO_NODE_CASEWORK_TREATY_H_
#define PALERMO_NODE_CASEWORK_TREATY_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/acts.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

enum class StatusKind : uint8_t { kNotParty, kSigned, kParty, kDenounced };

// One state's status under one instrument. Times that are unknown are InfinitePast (from) and
// InfiniteFuture (until).
struct PartyStatus {
  StatusKind kind = StatusKind::kNotParty;
  absl::Time in_force = absl::InfiniteFuture();
  absl::Time until = absl::InfiniteFuture();
  std::vector<std::string> reservations;  // articles: "BUD 29(4)"
};

// How an instrument counts from deposit and from denunciation: data, not code.
struct InstrumentRule {
  int entry_days = 0;           // the n-th day after deposit; 0: by months
  int entry_months = 0;         // first day of the month after n months
  int denunciation_months = 0;  // after receipt; then first of the month if entry_months is set
  std::string parent;           // only its parties can be bound; its denunciation drags along
  absl::Time own_entry = absl::InfinitePast();  // never before; InfiniteFuture: not yet in force
};

struct Bilateral {
  std::string id;
  std::string kind;  // "MLA", "EXTRADITION", "TRANSFER_SENTENCED"; "" all
  absl::Time in_force = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
};

class TreatyStatus {
 public:
  // Lines: INSTRUMENT,code,entry,denunciation,parent,own_entry; PARTY,code,state,kind,deposited,
  // in_force,denounced,until,reservations; BILATERAL,id,kind,state,state,in_force,until;
  // RECIPROCITY,state. docs/formats/treaty-status.md. Failure: BAD_CSV with the line's number.
  static absl::StatusOr<TreatyStatus> FromCsv(const std::string& csv);

  void SetRule(const std::string& instrument, InstrumentRule rule);
  void SetParty(const std::string& instrument, const std::string& state, PartyStatus status);
  void AddBilateral(const std::string& a, const std::string& b, Bilateral treaty);
  void AllowReciprocity(const std::string& state);

  bool Knows(const std::string& instrument) const;
  // kSigned, kDenounced (effective by then) and kNotParty are no basis.
  StatusKind KindAt(const std::string& instrument, const std::string& state, absl::Time at) const;
  bool InForce(const std::string& instrument, const std::string& state, absl::Time at) const;
  // In force for no state at all, and signed at most.
  bool InForceForNobody(const std::string& instrument, absl::Time at) const;
  bool HasReservation(const std::string& instrument, const std::string& state,
                      const std::string& article) const;
  const Bilateral* FindBilateral(const std::string& a, const std::string& b,
                                 const std::string& kind, absl::Time at) const;
  bool AllowsReciprocity(const std::string& state) const;
  // The instants at which any status changes after `after`: for R-CLK-EIF.
  std::vector<absl::Time> ChangesAfter(absl::Time after) const;

  const InstrumentRule* RuleOf(const std::string& instrument) const;

 private:
  const PartyStatus* Find(const std::string& instrument, const std::string& state) const;

  std::map<std::string, InstrumentRule, std::less<>> rules_;
  std::map<std::string, std::map<std::string, PartyStatus>, std::less<>> parties_;
  std::map<std::pair<std::string, std::string>, std::vector<Bilateral>> bilaterals_;
  std::vector<std::string> reciprocity_;
};

// When a status begins and ends, from the acts of the depositary.
absl::Time EntryIntoForce(const InstrumentRule& rule, absl::Time deposited);
absl::Time EndAfterDenunciation(const InstrumentRule& rule, absl::Time received);

// The question of the treaty basis.
struct BasisQuestion {
  std::string requesting_state, requested_state;
  absl::Time at;
  v1::Family::Code family = v1::Family::MLA;
  std::string area = {};                  // "CYBERCRIME"; "" unknown
  bool assurance_of_reciprocity = false;  // signed by the requesting state
};
// The treaty of the two states that governs such a request instead of 18(9) to (29); null: none.
const Bilateral* GoverningTreaty(const TreatyStatus& treaties, const BasisQuestion& question);
// Answer in the form that a request stores: candidates from the most special to the broadest, the
// governing instrument and profile ("" and a reason when there is no basis).
v1::BasisAnswer FindBasis(const TreatyStatus& treaties, const BasisQuestion& question);

// Whether the instrument can carry a request of this family at all.
bool Supports(std::string_view instrument, v1::Family::Code family);
// The profile whose procedure governs under an instrument: TIP gives "UNTOC_18".
std::string ProfileUnder(std::string_view instrument, v1::Family::Code family);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TREATY_H_
