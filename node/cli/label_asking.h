// Opening a record of intelligence as a message: what for, and whether its label lets it.
#ifndef PALERMO_NODE_CLI_LABEL_ASKING_H_
#define PALERMO_NODE_CLI_LABEL_ASKING_H_

#include <string>

#include "absl/status/statusor.h"
#include "node/casebook/casebook.h"
#include "node/casework/intelligence/policy.h"
#include "node/casework/intelligence/sightings.h"
#include "node/cli/command.h"
#include "node/cli/reading.h"

namespace palermo::cli {

// What a record is opened for: `said`, else the one purpose of its label; of a report on lives in
// danger, their rescue. USAGE when nobody can tell, or for a word that is no purpose.
absl::StatusOr<std::string> PurposeToOpen(const std::string& said, const v1::Label& label,
                                          casework::Danger danger);
// The policy function for a record that the casebook does not have: of what came after it (members
// who left, consents) nothing is known.
casework::PolicyDecision MayOpen(const v1::Label& label, const v1::Header& header,
                                 const casework::Asker& asker, absl::Time now);

// Whether a report tells of lives in danger now: it is shown to who got it, for that alone,
// whatever its label says; but TLP:RED is for those who are named.
bool MustBeSeen(const v1::Label& label, casework::Danger danger);

struct Opening {
  std::string purpose;      // "" for what has no label
  bool taken_back = false;  // only its name is left, and by what it was taken back
};
// Asks the label of what was opened, after the casebook was brought up to date; of a record that
// was taken back leaves by what. The node's entry of this reading then keeps the purpose.
// Where the casebook cannot be brought up to date
// that is told, and the label is asked without it: a threat to life must be readable. USAGE,
// NOT_RELEASED; what the node says.
absl::StatusOr<Opening> AskToOpen(const Args& args, Session& session, const std::string& id,
                                  Read& read, Context& context);
// Of what nobody has opened yet, whether this officer may open it without being asked what for: for
// one of its label's purposes, as `case open` would; what is no record, or was taken back, may be.
bool MayOpenUnasked(casebook::Casebook& book, const std::string& id, const Read& read,
                    const std::string& officer, absl::Time now);

// Before the last word on a draft that waited: whether what it carries may still go to whom it is
// addressed, by a casebook that is brought up to date for that. It is asked for who drafted it, and
// for any purpose: the draft itself says none. Nothing is asked where it carries no record of
// intelligence. NOT_RELEASED, UNOPENED; why the casebook cannot be asked: it does not go then.
absl::Status AskToSend(Session& session, const std::string& id, const desk::VerifiedMessage& draft,
                       const v1::CaseBody& body, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_LABEL_ASKING_H_
