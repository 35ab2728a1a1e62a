// What the commands of the casebook and of sharing have in common: opening it, filling it from the
// node, who asks and for what.
#ifndef PALERMO_NODE_CLI_CASEBOOK_SUPPORT_H_
#define PALERMO_NODE_CLI_CASEBOOK_SUPPORT_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casebook/casebook.h"
#include "node/casework/intelligence/sightings.h"
#include "node/cli/asked.h"
#include "node/cli/command.h"
#include "node/cli/session.h"

namespace palermo::cli {

struct OpenBook {
  std::string officer;
  std::unique_ptr<casebook::Casebook> book;
};
// Needs no node. NO_CASEBOOK when there is none yet; WRONG_KEY.
absl::StatusOr<OpenBook> OpenCasebook(const Args& args, Context& context);
// With an open desk; makes it when there is none. `file`: its name in the desk's folder.
absl::StatusOr<OpenBook> OpenCasebook(const Session& session, Context& context,
                                      const std::string& file = "casebook.db");

// Messages that ask something of us about a record, and that nobody of ours answered, oldest first.
absl::StatusOr<std::vector<Asked>> AllAsked(const OpenBook& open, absl::Time now);

// --purpose and --reason, for commands that ask the casebook.
std::vector<Option> AskOptions();
// What a purpose is, for help and errors.
inline constexpr char kPurposes[] =
    "INVESTIGATION, PROSECUTION, PREVENTION_IMMINENT_THREAT, VICTIM_PROTECTION, "
    "ANALYSIS_STRATEGIC, PUBLIC_HEALTH or SEARCH_AND_RESCUE";
// Of --purpose. USAGE for another word.
absl::StatusOr<std::string> PurposeOf(const Args& args);
// USAGE for an unknown purpose.
absl::StatusOr<casebook::Access> AccessOf(const Args& args, const std::string& officer,
                                          Context& context);
casebook::Access AccessFor(const std::string& officer, const std::string& purpose,
                           const std::string& reason, absl::Time now);
// --limit, 50 without it. USAGE.
absl::StatusOr<size_t> LimitOf(const Args& args);

struct Updated {
  size_t taken = 0;                                // new in the casebook
  size_t refreshed = 0;                            // looked at again for receipts
  size_t unopened = 0;                             // nobody of the authority has opened them
  std::vector<std::string> unopened_intelligence;  // of those, what may take a record back
  size_t kept_closed = 0;                          // their labels name others than this officer
  size_t unreadable = 0;
  // Rescue alerts that came, new in the casebook.
  struct Rescue {
    std::string message_id, from;
    int64_t at_ms = 0;
    v1::RescueAlert alert;
  };
  std::vector<Rescue> rescues;
  // Messages EMERGENCY_LIFE that nobody has opened: id and sender.
  std::vector<std::pair<std::string, std::string>> unopened_emergencies;
  struct Alert {
    std::string record;
    casework::Danger danger;
  };
  std::vector<Alert> alerts;         // records for which a rescue alert is proposed
  std::set<std::string> came;        // message ids of what came and is new in the casebook
  std::vector<std::string> answers;  // what other states answered, new in the casebook
  std::vector<Asked> asked;          // what they ask, new in the casebook, and nobody answered
  size_t asked_before = 0;           // what they asked before, and nobody answered
};
// `open`: also opens what nobody has opened and what its label lets this officer open, and reports
// the retrieval.
absl::StatusOr<Updated> UpdateCasebook(Session& session, casebook::Casebook& book, bool open,
                                       Context& context);
// Fills `asked` and `asked_before`.
absl::Status AddAsked(const OpenBook& open, absl::Time now, Updated& done);

// For the officer: lives in danger first.
std::string UpdatedText(const Updated& done);
desk::Json UpdatedJson(const Updated& done);
// Before a record is passed on: UNOPENED while one of these, which nobody has opened, may take it
// back. A report takes nothing back.
absl::Status CheckNoneTakesBack(Session& session, const std::vector<std::string>& unopened);

// Of a report: whether its officer is asked to alert search and rescue, and what is known.
bool NeedsAlert(casework::Danger danger);
std::string DangerText(casework::Danger danger);

// Lists for people and as JSON.
std::string ItemLine(const casebook::Item& item);
desk::Json ItemJson(const casebook::Item& item);
void PrintFound(const casebook::Found& found, bool said_why, Context& context);
void PrintMatches(const std::vector<std::pair<std::string, std::vector<casebook::Match>>>& all,
                  Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CASEBOOK_SUPPORT_H_
