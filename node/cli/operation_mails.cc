// operation sync, pending, approve: what members lack, and the second officer.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/operation/access.h"
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
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book, LoadBook(operations, id, true, context));
  PALERMO_ASSIGN_OR_RETURN(auto plan,
                           desk::PlanOperationMails(book, args.Has("--ask"), context.clock->Now()));
  return SendMails(operations, book, std::move(plan), v1::Urgency::ROUTINE, "", context);
}

// A draft of this operation's mail that somebody else wrote.
struct Waiting {
  std::string id;  // bytes
  desk::OperationCarrier carrier;
  uint64_t first_seq = 0;  // of our own records in it; 0 none
};

std::vector<Waiting> WaitingDrafts(const Operations& operations, const std::string& operation) {
  std::vector<Waiting> drafts;
  for (const desk::OperationCarrier& carrier : operations.box.carriers) {
    if (!carrier.pending || carrier.mail.operation() != operation) continue;
    auto id = HexDecode(carrier.message);
    if (!id.ok()) continue;
    Waiting draft{*std::move(id), carrier, 0};
    for (const auto& record : carrier.mail.records()) {
      draft.first_seq =
          draft.first_seq == 0 ? record.seq() : std::min<uint64_t>(draft.first_seq, record.seq());
    }
    drafts.push_back(std::move(draft));
  }
  std::sort(drafts.begin(), drafts.end(), [](const Waiting& a, const Waiting& b) {
    return std::pair(a.first_seq, a.id) < std::pair(b.first_seq, b.id);
  });
  return drafts;
}

std::string DraftText(const Operations& operations, const Waiting& draft) {
  std::string to;
  for (const std::string& authority : draft.carrier.to) to += Cat({" ", authority});
  std::string text = Cat({"draft ", draft.carrier.message, "\n  to", to, "\n"});
  const std::string& own = operations.session.config.state;
  for (const v1::OperationRecord& record : draft.carrier.mail.records()) {
    text += absl::StrFormat(
        "  record %s  number %u  %s\n", ShortId(desk::OperationRecordId(own, record)), record.seq(),
        casework::IsWithheld(record) ? Cat({KindName(record), ", withheld"}) : KindName(record));
  }
  if (draft.carrier.mail.places_size() + draft.carrier.mail.relayed_size() > 0) {
    text += absl::StrFormat("  passes on %d messages, and %d places without content\n",
                            draft.carrier.mail.relayed_size(), draft.carrier.mail.places_size());
  }
  for (const std::string& id : draft.carrier.mail.missing()) {
    text += Cat({"  asks for record ", ShortId(id), "\n"});
  }
  return text;
}

absl::StatusOr<int> Pending(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  const auto drafts = WaitingDrafts(operations, id);
  desk::Json list = desk::Json::List();
  std::string text = drafts.empty() ? "No draft of this operation waits.\n" : "";
  for (const Waiting& draft : drafts) {
    text += Cat({DraftText(operations, draft), "  read it: palermo case show-draft ",
                 draft.carrier.message, "\n"});
    list.Push(draft.carrier.message);
  }
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
      return Refused("NOT_YOUR_COMPARTMENT", Cat({"you cannot approve what you may not read: ",
                                                  casework::CompartmentOf(record)}));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Approve(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook all, LoadBook(operations, id, true, context));
  desk::Json list = desk::Json::List();
  int approved = 0;
  for (const Waiting& draft : WaitingDrafts(operations, id)) {
    PALERMO_ASSIGN_OR_RETURN(desk::OperationBook sent, LoadBook(operations, id, false, context));
    PALERMO_RETURN_IF_ERROR(CheckMayRead(all, operations.session.keys.officer, draft));
    PALERMO_RETURN_IF_ERROR(desk::CheckOwnChain(sent, all, draft.carrier.mail));
    PALERMO_RETURN_IF_ERROR(desk::CheckDraft(all, draft.carrier, context.clock->Now()));
    if (!context.json) context.progress(DraftText(operations, draft));
    PALERMO_ASSIGN_OR_RETURN(v1::SubmitResponse response,
                             ApproveOne(operations.session, draft, context));
    ++approved;
    const bool gone = response.outcome() == v1::Outcome::ACCEPTED;
    for (desk::OperationCarrier& carrier : operations.box.carriers) {
      if (gone && carrier.message == draft.carrier.message) carrier.pending = false;
    }
    if (!context.json) {
      context.out += Cat({"draft ", draft.carrier.message, "  approved, ",
                          gone ? "sent\n" : "and waits for another officer\n"});
    }
    desk::Json one = desk::Json::Object();
    one.Add("message", draft.carrier.message);
    list.Push(std::move(one.Add("outcome", v1::Outcome::Code_Name(response.outcome()))));
  }
  if (context.json) {
    context.out += list.Pretty();
  } else if (approved == 0) {
    context.out += "No draft of this operation waits.\n";
  }
  return kExitOk;
}

}  // namespace

void AddOperationMails(std::vector<Command>& commands) {
  const Option operation = {"operation", "OPERATION", "its id, or the first digits of it", true};
  commands.push_back(
      {"operation", "sync",
       "Fetch what came, send what members lack and may have, answer and ask for gaps",
       WithPassphrase({operation, {"--ask", "", "ask at once for what is missing"}}),
       "palermo operation sync 1f2e3d", Sync});
  commands.push_back({"operation", "pending", "List drafts of the operation that wait for approval",
                      WithPassphrase({operation}), "palermo operation pending 1f2e3d", Pending});
  commands.push_back({"operation", "approve",
                      "Approve every draft of the operation that waits; the last approval sends it",
                      WithPassphrase({operation}), "palermo operation approve 1f2e3d", Approve});
}

}  // namespace palermo::cli
