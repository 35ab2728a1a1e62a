// Sending intelligence: messages from a body, and finding the record that it is about.
#ifndef PALERMO_NODE_CLI_ROUTE_SENDING_H_
#define PALERMO_NODE_CLI_ROUTE_SENDING_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/cli/casebook_support.h"
#include "node/desk/drafting.h"

namespace palermo::cli {

struct Outgoing {
  v1::CaseBody body;
  std::vector<std::string> to;  // authorities
  v1::Urgency::Code urgency = v1::Urgency::ROUTINE;
  v1::Handling::Code handling = v1::Handling::H2;
  absl::Time reply_by = absl::InfinitePast();  // none
};
// Checks, seals, signs the draft and submits it: police information. To each state a message and a
// case of its own: no state sees who else was told. One that fails stops no other, and is told.
absl::StatusOr<int> SendIntelligence(Session& session, Outgoing outgoing, Context& context);
absl::StatusOr<int> SendIntelligence(Session& session, const desk::DraftFile& draft,
                                     Context& context);

// A record's highest handling code, for the header.
v1::Handling::Code HandlingOf(const v1::Label& label);
// NOT_RELEASED with the clause when the label does not let it go there from its originator.
// `members`: of the label's operation.
absl::Status MaySend(const v1::Label& label, const std::vector<std::string>& members,
                     const Session& session, const std::vector<std::string>& to, Context& context);

// An open desk with its casebook.
struct SharingDesk {
  Session session;
  OpenBook open;
  std::vector<std::string> unopened;  // of intelligence, that nobody of the authority has opened

  casebook::Casebook& book() { return *open.book; }
};
absl::StatusOr<SharingDesk> OpenSharing(const Args& args, Context& context);
// Before a record is passed on: UNOPENED while a recall of it may lie among what nobody opened.
absl::Status CheckAllOpened(SharingDesk& desk);
// The record for whichever of its purposes this officer may have it on this way. UNKNOWN_RECORD.
absl::StatusOr<casebook::Item> FindRecord(SharingDesk& desk, const std::string& record,
                                          casework::Way way, Context& context);
// The same of a record of our own state. NOT_ORIGINATOR.
absl::StatusOr<casebook::Item> FindOwnRecord(SharingDesk& desk, const std::string& record,
                                             Context& context);
// A message about a record, by its id; `has` says whether it is of the right kind. WRONG_STATE.
absl::StatusOr<casebook::Item> FindMessage(SharingDesk& desk, const std::string& id,
                                           const std::string& kind, Context& context);
// Everything in the casebook about the record of `item` that the officer may see.
absl::StatusOr<std::vector<casebook::Item>> EventsOf(SharingDesk& desk, const casebook::Item& item,
                                                     Context& context);
// The addressees of a message whose node took it, or still may: nobody's ledger says that it did
// not.
std::vector<std::string> ReachedBy(const casebook::Item& item);
// Who of other states holds the record or may: to whom it was sealed, and whose ledger does not say
// that it was refused or came too late; to whom a consent of ours let it go; and who an answer says
// got it from a holder. Whoever answered that it is gone, or never came, holds it no more.
struct Holders {
  std::set<std::string> authorities;
  std::set<std::string> states;  // that only an answer names
};
Holders HoldersOf(const std::vector<casebook::Item>& events, const std::string& own_state);
// Other states to which holders say that they passed the record on, in answers to us.
std::set<std::string> PassedOnTo(const std::vector<casebook::Item>& events,
                                 const std::string& own_state);
// All whom a recall, a correction or an evaluation is for: the holders, `more`, and of each state
// that only an answer names its central authority. Where that is not in the directory, says so: it
// must be named. Nobody of a state from which the label keeps the record, but whom `more` names.
absl::StatusOr<std::set<std::string>> WhomToTell(SharingDesk& desk, const casebook::Item& record,
                                                 const std::vector<casebook::Item>& events,
                                                 const std::vector<std::string>& more,
                                                 Context& context);
// Who got the same recall, or a correction by the same record, or still may.
std::set<std::string> ToldBefore(const std::vector<casebook::Item>& events,
                                 const v1::CaseBody& notice, absl::Time now);
// Sends a recall or correction of our record to all who hold it and were not told yet; with
// --again also to those who were told and have not answered. `out`: without addressees. ALL_TOLD.
absl::StatusOr<int> SendNotice(SharingDesk& desk, const casebook::Item& record, Outgoing out,
                               const Args& args, Context& context);
// An answer of ours to this recall or correction of another state that waits or went already, and
// after which this one says nothing new: DRAFT_WAITS, ALREADY_ANSWERED, which name it. Whoever kept
// the record under an order may say later that it is gone.
absl::Status CheckNotAnswered(SharingDesk& desk, const casebook::Item& notice,
                              const std::vector<casebook::Item>& events,
                              const v1::IntelligenceAnswer& answer, absl::Time now);
// Who got an answer of ours that let the record go to that state for that purpose: a denial that
// comes later is for them as well.
std::set<std::string> ToldOfConsent(const std::vector<casebook::Item>& events,
                                    const std::string& to_state, const std::string& purpose);
// States that hold a record which we took back or corrected, and have not answered (R-INT-06).
struct Silent {
  std::vector<std::string> told, not_told;  // not_told: only an answer names them
};
Silent SilentHolders(const std::vector<casebook::Item>& events, const std::string& own_state);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_ROUTE_SENDING_H_
