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
  // Articles, as the list's EFFECT lines name them: "29(4)", "16(5)(a) NO".
  std::vector<std::string> reservations;
  std::vector<std::string> declarations;
  // Empty: the whole state. "QT-A" covers that territory only, "-QT-A" all but it.
  std::vector<std::string> territories;
};

// How an instrument counts from deposit and from denunciation: data, not code.
struct InstrumentRule {
  int entry_days = 0;           // the n-th day after deposit; 0: by months
  int entry_months = 0;         // first day of the month after n months
  int denunciation_months = 0;  // after receipt; then first of the month if entry_months is set
  std::string parent;           // only its parties can be bound; its denunciation drags along
  absl::Time own_entry = absl::InfinitePast();  // never before; InfiniteFuture: not yet in force
  // Between its parties it takes the place of the conventions for these: "MLA", "EXTRADITION".
  std::vector<std::string> governs = {};
};

// What a reservation or declaration does to a request: data of the list, too.
struct Effect {
  enum class Kind : uint8_t { kBars, kCondition, kShow };
  std::string article;  // as a party's line has it
  Kind kind = Kind::kShow;
  bool of_requested = true;       // it counts when the requested state made it
  bool of_requesting = true;      // or the requesting one
  std::vector<std::string> what;  // families or types of assistance; empty: all
};

struct Bilateral {
  std::string id;
  std::string kind;  // "MLA", "EXTRADITION", "TRANSFER_SENTENCED"; "" all
  absl::Time in_force = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
};

class TreatyStatus {
 public:
  // docs/formats/treaty-status.md. Failure: BAD_CSV with the first bad line's number;
  // treaty_csv.h tells all of them.
  static absl::StatusOr<TreatyStatus> FromCsv(const std::string& csv);

  void SetRule(const std::string& instrument, InstrumentRule rule);
  void SetParty(const std::string& instrument, const std::string& state, PartyStatus status);
  void AddBilateral(const std::string& a, const std::string& b, Bilateral treaty);
  void AllowReciprocity(const std::string& state);
  void AddEffect(const std::string& instrument, Effect effect);

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
  // Null when the list does not tell.
  const PartyStatus* Find(const std::string& instrument, const std::string& state) const;
  // What an article does; null: the list does not say, so it is shown and blocks nothing.
  const Effect* EffectOf(const std::string& instrument, const std::string& article) const;
  std::vector<std::string> Instruments() const;
  std::vector<std::string> PartiesOf(const std::string& instrument) const;

 private:
  std::map<std::string, InstrumentRule, std::less<>> rules_;
  std::map<std::string, std::map<std::string, PartyStatus>, std::less<>> parties_;
  std::map<std::pair<std::string, std::string>, std::vector<Bilateral>> bilaterals_;
  std::map<std::string, std::vector<Effect>, std::less<>> effects_;
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
  std::vector<v1::AssistanceType::Code> types = {};
  std::string offence_art = {};     // of UNTOC: "SERIOUS_CRIME"; "" unknown
  uint32_t max_penalty_months = 0;  // 0: unknown
  std::string territory = {};       // of the requested authority; "" the whole state
};
// The treaty that governs such a request between the two instead of 18(9) to (29), a bilateral one
// or a regional one of both: its id. "": none.
std::string GoverningTreaty(const TreatyStatus& treaties, const BasisQuestion& question);
// Answer in the form that a request stores: candidates from the most special to the broadest, the
// governing instrument and profile ("" when there is no basis), and the reasons as words that
// basis_words.h puts into sentences.
v1::BasisAnswer FindBasis(const TreatyStatus& treaties, const BasisQuestion& question);
// Why an instrument that binds both does not carry this request: "BARRED:2AP:33(2) 20:QR",
// "TERRITORY:UNTOC:QT". "": nothing does.
std::string BarOf(const TreatyStatus& treaties, const std::string& instrument,
                  const BasisQuestion& question);

// A code of the field, or a bilateral treaty. That a list has no line for it means that it binds
// nobody; another word is none that anybody could look up.
bool IsInstrument(std::string_view code);
// "UNTOC 18(3)(f)", "BUD 29 to 34", an instrument alone: what a header may say of the legal basis.
bool IsArticle(std::string_view text);
// An area of crime by its one name: forms say "CORRUPTION" for CORRUPTION_LAUNDERING. "" for a word
// that names no one subject.
std::string_view CanonicalArea(std::string_view area);

// Whether the instrument can carry a request of this family at all.
bool Supports(std::string_view instrument, v1::Family::Code family);
// The profile whose procedure governs under an instrument: TIP gives "UNTOC_18".
std::string ProfileUnder(std::string_view instrument, v1::Family::Code family);

// R-CLK-EIF: what will change for the two states, soonest first.
struct StatusChange {
  std::string instrument, state;
  absl::Time at;
  bool begins = false;  // else it ends
};
std::vector<StatusChange> ChangesFor(const TreatyStatus& treaties, const std::string& one,
                                     const std::string& other, absl::Time after, absl::Time until);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TREATY_H_
