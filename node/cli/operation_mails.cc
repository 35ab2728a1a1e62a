// operation sync, pending, approve: what members lack, and the second officer.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/operation/access.h"
#include "node/casework/text.h"
#include "node/cli/command.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"
#include "node/desk/verification.h"
#include "node/trust/approvals.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int> Sync(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book,
                           LoadBookToWriteOn(operations, id, false, context));
  PALERMO_ASSIGN_OR_RETURN(auto plan,
                           desk::PlanOperationMails(book, args.Has("--ask"), context.clock->Now()));
  return SendMails(operations, book, std::move(plan), v1::Urgency::ROUTINE, "", context);
}

// A draft of this operation's mail.
struct Waiting {
  std::string id;  // bytes
  desk::OperationCarrier carrier;
};

std::vector<Waiting> WaitingDrafts(const Operations& operations, const std::string& operation) {
  std::vector<Waiting> drafts;
  for (const auto* carrier : desk::DraftsInOrder(operations.box.carriers, operation)) {
    auto id = HexDecode(carrier->message);
    if (id.ok()) drafts.push_back({*std::move(id), *carrier});
  }
  return drafts;
}

casework::WaitingRecord HowItWaits(const Session& session, const desk::OperationBook& book,
                                   const Waiting& draft, const v1::OperationRecord& record) {
  const auto entry = book.entries.find(desk::OperationRecordId(book.own_state, record));
  const auto directory = session.OwnDirectory();
  const v1::OfficerEntry* known =
      directory.ok() ? (*directory)->FindOfficer(session.keys.officer) : nullptr;
  return {entry != book.entries.end() && entry->second.pending, draft.carrier.drafter,
          known != nullptr && trust::HasRole(*known, v1::Role::APPROVER)};
}

// For who may read the record.
std::string AnswersText(const desk::OverriddenFindings& answers) {
  std::string text;
  for (const v1::OverriddenFinding& entry : answers) {
    text += Cat({"    the drafter overrode ",
                 casework::OneLine(Cat({entry.rule(), ": ", entry.reason()})), "\n"});
  }
  return text;
}

std::string DraftHead(const Waiting& draft) {
  std::string to;
  for (const std::string& authority : draft.carrier.to) to += Cat({" ", authority});
  return Cat({"draft ", draft.carrier.message, "\n  to", to, "\n"});
}

// With `book`: what each record says, as far as it is open to the officer.
std::string ContentText(const Operations& operations, const Waiting& draft,
                        const desk::OperationBook* book) {
  std::string text;
  const std::string& own = operations.session.config.state;
  for (int i = 0; i < draft.carrier.mail.records_size(); ++i) {
    const v1::OperationRecord& record = draft.carrier.mail.records(i);
    text += absl::StrFormat(
        "  record %s  %s  %s\n", ShortId(desk::OperationRecordId(own, record)),
        casework::TakesNoNumber(record) ? "no number" : absl::StrFormat("number %u", record.seq()),
        casework::IsWithheld(record) ? Cat({KindName(record), ", withheld"}) : KindName(record));
    if (casework::IsWithheld(record)) continue;
    const auto answers = desk::AnswersAbout(draft.carrier.mail, draft.carrier.answered, i);
    if (book == nullptr) {  // its approver may read all that is in it
      text += AnswersText(answers);
      continue;
    }
    const std::string& officer = operations.session.keys.officer;
    if (!casework::MayReadRecord(book->Agreement(), officer, record)) {
      text += Cat(
          {"    in compartment ", casework::CompartmentOf(record), ", which is not open to you\n"});
      continue;
    }
    if (!casework::ShowsInDraft(book->Agreement(), officer, record,
                                HowItWaits(operations.session, *book, draft, record))) {
      text += Cat({"    in compartment ", casework::CompartmentOf(record),
                   ": shown to the approver of what another officer wrote\n"});
      continue;
    }
    v1::CaseBody body;
    *body.mutable_operation_record() = record;
    text += Cat({casework::BodyToJson(body, true), "\n", AnswersText(answers)});
  }
  if (draft.carrier.mail.places_size() + draft.carrier.mail.relayed_size() > 0) {
    text += absl::StrFormat("  passes on %d messages, and %d places without content\n",
                            draft.carrier.mail.relayed_size(), draft.carrier.mail.places_size());
  }
  for (const v1::ReleasedRecord& one : draft.carrier.mail.released()) {
    text += Cat({"  gives record ", ShortId(one.record()),
                 " to a state that joined after it: ", casework::OneLine(one.reason()), "\n"});
  }
  for (const std::string& id : draft.carrier.mail.missing()) {
    text += Cat({"  asks for record ", ShortId(id), "\n"});
  }
  return text;
}

absl::StatusOr<int> ListPendingMails(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationBook book, LoadBook(operations, id, true, context));
  const auto drafts = WaitingDrafts(operations, id);
  desk::Json list = desk::Json::List();
  std::string text = drafts.empty() ? "No draft of this operation waits.\n" : "";
  std::vector<std::pair<std::string, std::string>> told;  // heads and what is said under them
  for (const Waiting& draft : drafts) {
    AddUnderHeads(DraftHead(draft), ContentText(operations, draft, &book), told);
    list.Push(draft.carrier.message);
  }
  for (const auto& [heads, content] : told) text += Cat({heads, content});
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

// What the approver signs was verified as every draft is.
absl::StatusOr<v1::SubmitResponse> ApproveOne(Session& session, const Waiting& draft,
                                              Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session.node.FetchMessage(draft.id));
  if (!message.pending()) {
    return WrongState("NOT_PENDING", "this message is no draft any more");
  }
  const auto verified = desk::VerifyDraft(message, *session.view(), context.clock->Now());
  PALERMO_RETURN_IF_ERROR(desk::FirstFailure(verified.checks));
  if (AsView(verified.envelope.message_id) != draft.id) {
    return Refused("BAD_RECEIPT", "the node gave another message than the one asked for");
  }
  v1::ApproveRequest request;
  request.set_message_id(draft.id);
  PALERMO_ASSIGN_OR_RETURN(*request.mutable_approval(),
                           trust::SignMessage(session.keys.officer, v1::SignaturePurpose::APPROVE,
                                              *session.keys.sign, verified.envelope.message_id));
  return session.node.Approve(request);
}

absl::Status CheckMayRead(const desk::OperationBook& book, const std::string& officer,
                          const Waiting& draft) {
  for (const v1::OperationRecord& record : draft.carrier.mail.records()) {
    if (casework::IsWithheld(record)) continue;
    if (!casework::MayReadRecord(book.Agreement(), officer, record)) {
      const std::string compartment = casework::CompartmentOf(record);
      return Refused("NOT_YOUR_COMPARTMENT",
                     Cat({"you cannot approve what you may not read: ", compartment,
                          ". Let an officer approve it whom the agreement names for ", compartment,
                          "; where there is none, name one (palermo operation amend), or drop this "
                          "draft and those after it (palermo case drop)"}));
    }
  }
  return absl::OkStatus();
}

// Checks and approves one draft, as everything now is.
absl::StatusOr<v1::SubmitResponse> CheckAndApprove(Operations& operations, const std::string& id,
                                                   const Waiting& draft, Context& context) {
  PALERMO_RETURN_IF_ERROR(desk::CheckComplete(operations.box, draft.carrier.mail));
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationBook all, LoadBook(operations, id, true, context));
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationBook sent,
                           LoadBook(operations, id, false, context));
  PALERMO_RETURN_IF_ERROR(CheckMayRead(all, operations.session.keys.officer, draft));
  PALERMO_RETURN_IF_ERROR(desk::CheckOwnChain(sent, all, draft.carrier.mail));
  PALERMO_RETURN_IF_ERROR(desk::CheckDraft(all, draft.carrier, context.clock->Now()));
  if (!context.json) {
    context.progress(Cat({DraftHead(draft), ContentText(operations, draft, nullptr)}));
  }
  PALERMO_ASSIGN_OR_RETURN(v1::SubmitResponse response,
                           ApproveOne(operations.session, draft, context));
  for (desk::OperationCarrier& carrier : operations.box.carriers) {
    const bool gone = response.outcome() == v1::Outcome::ACCEPTED;
    if (gone && carrier.message == draft.carrier.message) carrier.pending = false;
  }
  return response;
}

void TellApproved(const Waiting& draft, const absl::StatusOr<v1::SubmitResponse>& response,
                  desk::Json& list, Context& context) {
  desk::Json one = desk::Json::Object();
  one.Add("message", draft.carrier.message);
  if (!response.ok()) {
    one.Add("code", CodeOf(response.status())).Add("why", TextOf(response.status()));
  } else {
    one.Add("outcome", v1::Outcome::Code_Name(response->outcome()));
  }
  list.Push(std::move(one));
  if (context.json) return;
  const std::string what = !response.ok() ? Cat({"NOT APPROVED: ", CodeOf(response.status()), ": ",
                                                 TextOf(response.status()), "\n"})
                           : response->outcome() == v1::Outcome::ACCEPTED
                               ? "approved, sent\n"
                               : "approved, and waits for another officer\n";
  context.out += Cat({"draft ", draft.carrier.message, "  ", what});
}

// One draft that is refused stops no other; what only had to wait for another one is tried again.
absl::StatusOr<int> ApproveMail(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  desk::Json list = desk::Json::List();
  std::vector<Waiting> drafts = WaitingDrafts(operations, id);
  const bool none = drafts.empty();
  absl::Status refused;
  for (bool moved = true; moved;) {
    moved = false;
    std::vector<Waiting> later;
    for (Waiting& draft : drafts) {
      const auto response = CheckAndApprove(operations, id, draft, context);
      if (!response.ok() && CodeOf(response.status()) == "OUT_OF_ORDER") {
        later.push_back(std::move(draft));
        continue;
      }
      if (!response.ok() && refused.ok()) refused = response.status();
      moved = moved || response.ok();
      TellApproved(draft, response, list, context);
    }
    drafts = std::move(later);
  }
  for (const Waiting& draft : drafts) {
    const auto response = CheckAndApprove(operations, id, draft, context);
    if (!response.ok() && refused.ok()) refused = response.status();
    TellApproved(draft, response, list, context);
  }
  if (context.json) {
    context.out += list.Pretty();
  } else if (none) {
    context.out += "No draft of this operation waits.\n";
  }
  return refused.ok() ? kExitOk : kExitFindings;
}

}  // namespace

void AddUnderHeads(const std::string& head, const std::string& content,
                   std::vector<std::pair<std::string, std::string>>& told) {
  for (auto& [heads, said] : told) {
    if (said != content) continue;
    heads += head;
    return;
  }
  told.emplace_back(head, content);
}

void AddOperationMails(std::vector<Command>& commands) {
  const Option operation = {"operation", "OPERATION", "its id, or the first digits of it", true};
  commands.push_back(
      {"operation", "sync",
       "Fetch what came, send what members lack and may have, answer and ask for gaps",
       WithPassphrase({operation, {"--ask", "", "ask at once for what is missing"}}),
       "palermo operation sync 1f2e3d", Sync});
  commands.push_back({"operation", "pending", "List drafts of the operation that wait for approval",
                      WithPassphrase({operation}), "palermo operation pending 1f2e3d",
                      ListPendingMails});
  commands.push_back({"operation", "approve",
                      "Approve every draft of the operation that waits; the last approval sends it",
                      WithPassphrase({operation}), "palermo operation approve 1f2e3d",
                      ApproveMail});
}

}  // namespace palermo::cli
