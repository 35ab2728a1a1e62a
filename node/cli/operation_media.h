// What the commands of joint operations show and ask of target sheets, timetables, use of force,
// texts for the media and outcomes.
#ifndef PALERMO_NODE_CLI_OPERATION_MEDIA_H_
#define PALERMO_NODE_CLI_OPERATION_MEDIA_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/cli/operation_support.h"

namespace palermo::cli {

// One line about such a record, for who may read it; "" for another.
std::string ActionGist(const v1::OperationRecord& record);
// The timetables and whether they are GO; the texts for the media and who has agreed.
std::string ActionText(const desk::OperationBook& book, const std::string& officer);
desk::Json TimetablesJson(const desk::OperationBook& book);
desk::Json MediaJson(const desk::OperationBook& book);

// What an officer wrote as first digits of the records that this one is about. UNKNOWN_RECORD.
absl::Status FindItsRecords(const desk::OperationBook& book, v1::OperationRecord& record);
// Of --identities. A text for the media needs them, or the word that there are none. USAGE,
// BAD_JSON.
absl::StatusOr<Identities> IdentitiesFor(const Args& args, const v1::OperationRecord& record);
// Of the compartments that this office opens, in all messages that it sent or has opened, for a
// text for the media: whoever is named in one is looked for too. Nothing of it is shown or kept.
// How many it cannot read is told.
absl::StatusOr<Identities> HeldForMedia(Operations& operations, const v1::OperationRecord& record,
                                        Context& context);
// The leak scan of what waits for our consent, with the identities that the officer names and what
// the office holds, who is shown the text and the figures for the media; kExitFindings when it
// finds something. USAGE, BAD_JSON, NOT_YOUR_COMPARTMENT.
absl::StatusOr<int> ScanSubject(const Args& args, const desk::OperationBook& book,
                                const std::string& subject, const std::string& officer,
                                const Identities& held, Context& context);
// operation media. NOT_AGREED, EMBARGO.
absl::StatusOr<int> PrintMedia(const Args& args, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_MEDIA_H_
