// What the commands that send an act share.
#ifndef PALERMO_NODE_CLI_ACT_SUPPORT_H_
#define PALERMO_NODE_CLI_ACT_SUPPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/contents.h"
#include "node/cli/session.h"
#include "node/desk/drafting.h"

namespace palermo::cli {

// The findings in the officer's language.
std::vector<casework::Finding> FindingsIn(std::vector<casework::Finding> findings,
                                          words::Language language);
// Prints them. kExitFindings when one is an error or an open warning, else kExitOk.
// `by_option`: a warning is answered by --override, for there may be no file.
int ReportFindings(const std::vector<casework::Finding>& findings, Context& context,
                   bool by_option = false);

// Adds what stops nothing in a draft, as its drafter saw it.
void AddNotes(const v1::Header& header, const v1::CaseBody& body,
              std::vector<casework::Finding>& findings);

// A record of intelligence has a label, and goes out only where that was asked: NOT_RELEASED.
absl::Status CheckNoRecord(const v1::CaseBody& body);
// What the pair of authorities has agreed about oral requests, for a request that has been one.
absl::Status FillOral(const desk::DraftFile& draft, const std::string& requesting,
                      const std::string& requested, const Context& context,
                      casework::CheckContext* check);
// Checks the body, and when nothing blocks seals, signs the draft and submits it. `more`: findings
// about the case that the body alone does not show; a warning can be overridden in the same way.
absl::StatusOr<int> CheckSealSubmit(Session& session, const desk::DraftFile& draft,
                                    const casework::CheckContext& check, const desk::CaseLink& link,
                                    Context& context,
                                    const std::vector<casework::Finding>& more = {});

// `told`: what the rules said of it and stops nothing.
int ReportSubmitted(const v1::SubmitResponse& response, const v1::Header& header, Context& context,
                    const std::vector<casework::Finding>& told = {});

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_ACT_SUPPORT_H_
