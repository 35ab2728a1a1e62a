// What the commands of a case tell from its bodies: the basis of a request, links, duties.
#ifndef PALERMO_NODE_CLI_CASE_SUPPORT_H_
#define PALERMO_NODE_CLI_CASE_SUPPORT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/case_label.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/case_bodies.h"
#include "node/desk/compartments.h"
#include "node/desk/treaty_list.h"

namespace palermo::cli {

// Opens what the history's acts carry. `only_seen`: no message that this authority has not opened
// before, and a body that cannot be opened stays out; else the first such is an error.
// `held`: collects the identities in the compartments of all acts; null: nobody asks.
absl::Status OpenBodies(Session& session, const std::vector<desk::AuthorityKey>& keys,
                        bool only_seen, desk::CaseBodies* bodies,
                        desk::HeldIdentities* held = nullptr);

// Opens the acknowledgement too, which names the requested state's reference, as OpenBodies does
// with `only_seen`.
void OpenAcknowledgement(Session& session, const std::vector<desk::AuthorityKey>& keys,
                         desk::CaseBodies* bodies);

// The references of both offices, as the newest request and the acknowledgement name them:
// `reference` is that of `side`. Empty as far as nothing of the case is open here.
casework::CaseLabel ReferencesOf(Session& session, const std::vector<desk::AuthorityKey>& keys,
                                 const desk::CaseView& view, casework::Side side);

// Told where an act is judged without what its case told before it.
inline constexpr char kNotCompared[] =
    "Not every earlier message of this case was opened here, so this act is not compared with "
    "them: "
    "palermo case inbox";

// The duties of a case and its link to another one, for people and as JSON. Without granted keys
// only what the acts alone tell.
struct CaseDuties {
  std::string text;
  std::map<std::string, std::string> grounds;  // by the act's id: lines for people
  desk::Json json = desk::Json::Object();
};
CaseDuties DutiesOf(Session& session, const desk::CaseView& view, const Context& context);

// Who asks whom, which side is ours, where the case stands.
std::string CaseHead(const desk::CaseView& view, const Speaker& speaker);

// A request that names another case: RESUBMISSION needs one that ended without the assistance
// (WRONG_STATE otherwise). A case that is not here is told, not refused.
absl::Status CheckLink(Session& session, const v1::Request& request, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CASE_SUPPORT_H_
