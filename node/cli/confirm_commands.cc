// case confirm: the second confirmation of what went in an emergency to life.
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/cli/command.h"
#include "node/cli/confirmation_text.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/desk/compartments.h"
#include "node/trust/approvals.h"

namespace palermo::cli {

std::string ConfirmationText(const v1::ConfirmationStatus& status) {
  using Standing = v1::ConfirmationStanding;
  switch (status.standing()) {
    case Standing::DUE:
      return Cat({"sent in an emergency; a second approver must confirm it until ",
                  TimeText(status.due_at_ms()), " (palermo case confirm)"});
    case Standing::CONFIRMED:
      return Cat({"sent in an emergency; ", status.officer(), " confirmed it at ",
                  TimeText(status.at_ms())});
    case Standing::MISSING:
      return Cat(
          {"sent in an emergency; CONFIRMATION_MISSING: nothing proves that a second approver "
           "confirmed it; it was due at ",
           TimeText(status.due_at_ms()), " (palermo case confirm)"});
    case Standing::LATE:
      return Cat({"sent in an emergency; CONFIRMATION_LATE: ", status.officer(),
                  " confirmed it at ", TimeText(status.at_ms()), ", and it was due at ",
                  TimeText(status.due_at_ms())});
    default:
      return "";
  }
}

desk::Json ConfirmationJson(const v1::ConfirmationStatus& status) {
  desk::Json json = desk::Json::Object();
  json.Add("standing", v1::ConfirmationStanding::Code_Name(status.standing()));
  json.Add("due", TimeJson(status.due_at_ms()));
  return json.Add("officer", status.officer()).Add("at", TimeJson(status.at_ms()));
}

namespace {

absl::StatusOr<int> ConfirmEmergency(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  // Verified and opened first: nobody signs what he could not have read.
  PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session, id, keys));
  if (read.opened.result != v1::RetrievalResult::OPENED) return read.opened.why;
  v1::ConfirmRequest request;
  request.set_message_id(id);
  PALERMO_ASSIGN_OR_RETURN(
      *request.mutable_confirmation(),
      trust::SignMessage(session.keys.officer, v1::SignaturePurpose::CONFIRM, *session.keys.sign,
                         read.verified.envelope.message_id));
  PALERMO_ASSIGN_OR_RETURN(v1::ConfirmResponse response, session.node.Confirm(request));
  const v1::Header& header = read.verified.envelope.header;
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("message", IdText(id)).Add("header", HeaderJson(header));
    json.AddNumber("ledger_entry", static_cast<int64_t>(response.receipt().index()));
    context.out += json.Add("confirmation", ConfirmationJson(response.status())).Pretty();
    return kExitOk;
  }
  context.out += Cat({"message ", IdText(id), "\n", HeaderText(header), "\n",
                      casework::BodyToJson(desk::ForOfficer(read.opened.body, ""), true), "\n",
                      ConfirmationText(response.status()), "\n"});
  return kExitOk;
}

}  // namespace

void AddConfirmCommands(std::vector<Command>& commands) {
  commands.push_back({"case", "confirm",
                      "Confirm as the second approver what was sent in an emergency to life",
                      WithPassphrase({{"message", "MESSAGE", "the message id", true}}),
                      "palermo case confirm 0f3c...", ConfirmEmergency});
}

}  // namespace palermo::cli
