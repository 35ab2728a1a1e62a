// message explain, receipts, save-receipt, save.
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/confirmation_text.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/evidence.h"
#include "node/desk/files.h"
#include "node/desk/recipient_proof.h"
#include "node/desk/verification.h"
#include "node/trust/receipt.h"

namespace palermo::cli {
namespace {

std::string NextStep(const v1::RecipientStatus& status) {
  if (status.held()) return "an earlier act is missing; this one counts when it has arrived";
  if (status.stage() == "QUEUED") {
    return Cat(
        {"sent as soon as the peer's node answers; given up at ", TimeText(status.next_at_ms())});
  }
  if (status.stage() == "DELIVERED") return "waits until an officer there opens it";
  if (status.stage() == "OPENED") return "nothing: an officer there has opened it";
  if (status.stage() == "UNOPENABLE") return "their officers lack a key: ask them, or send again";
  if (status.stage() == "INVALID") return "their desk found it wrong: ask them why";
  if (status.stage() == "REJECTED") return "correct what the reason says and send it again";
  return status.next_at_ms() == 0 ? "nothing" : TimeText(status.next_at_ms());
}

desk::Json RecipientJson(const v1::RecipientStatus& status) {
  desk::Json json = desk::Json::Object();
  json.Add("state", status.state()).AddNumber("number", static_cast<int64_t>(status.number()));
  json.Add("stage", status.stage()).Add("outcome", v1::Outcome::Code_Name(status.outcome()));
  json.Add("reason", v1::Reason::Code_Name(status.reason()));
  json.Add("since", TimeJson(status.since_ms())).Add("next_at", TimeJson(status.next_at_ms()));
  json.Add("link", status.peer_link()).Add("held", status.held());
  return json.Add("next", NextStep(status));
}

std::string RecipientText(const v1::RecipientStatus& status) {
  std::string text = absl::StrFormat("\n%s, number %d: %s since %s\n", status.state(),
                                     status.number(), status.stage(), TimeText(status.since_ms()));
  if (status.reason() != v1::Reason::NONE) {
    text += Cat({"  reason  ", ReasonWords(status.reason()), "\n"});
  }
  if (!status.peer_link().empty()) text += Cat({"  link    ", status.peer_link(), "\n"});
  return text + Cat({"  next    ", NextStep(status), "\n"});
}

absl::StatusOr<int> Explain(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ExplainResponse response, session.node.Explain(id));
  v1::Header header;
  if (!header.ParseFromString(response.header())) {
    return Damaged("BAD_HEADER", "the node gave a header that cannot be read");
  }
  if (context.json) {
    desk::Json recipients = desk::Json::List();
    for (const auto& status : response.recipients()) recipients.Push(RecipientJson(status));
    desk::Json json = desk::Json::Object();
    json.Add("id", IdText(id)).Add("header", HeaderJson(header));
    json.Add("pending", response.pending());
    json.AddNumber("approvals_missing", response.approvals_missing());
    if (response.has_confirmation()) {
      json.Add("confirmation", ConfirmationJson(response.confirmation()));
    }
    context.out += json.Add("recipients", std::move(recipients)).Pretty();
    return kExitOk;
  }
  context.out += Cat({"message ", IdText(id), "\n", HeaderText(header)});
  if (response.pending()) {
    context.out +=
        absl::StrFormat("\nA draft. Approvals that are still missing: %d (palermo case approve).\n",
                        response.approvals_missing());
  }
  for (const auto& status : response.recipients()) context.out += RecipientText(status);
  if (response.has_confirmation()) {
    context.out += Cat({"\n", ConfirmationText(response.confirmation()), "\n"});
  }
  return kExitOk;
}

absl::StatusOr<v1::Record> VerifyHere(const Session& session, const v1::StoredReceipt& stored) {
  std::vector<trust::DirectoryPtr> directories;
  auto directory = session.view()->DirectoryOf(stored.state());
  if (directory.ok()) directories.push_back(*directory);
  return desk::VerifyReceiptUnderAny(stored.receipt(), directories);
}

std::string NotValidText(const absl::Status& why) {
  return Cat({"Saved as the node gave it, but it does NOT prove what it says: ", CodeOf(why), ": ",
              TextOf(why), "\nTell your administrator; keep the file as it is.\n"});
}

absl::StatusOr<int> Receipts(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ExplainResponse response, session.node.Explain(id));
  desk::Json list = desk::Json::List();
  int number = 0;
  bool all_good = true;
  for (const auto& stored : response.receipts()) {
    auto record = VerifyHere(session, stored);
    all_good = all_good && record.ok();
    ++number;
    std::string text = record.ok() ? desk::DescribeRecord(*record)
                                   : Cat({stored.state(), "  NOT VALID: ", CodeOf(record.status()),
                                          ": ", TextOf(record.status())});
    context.out += context.json ? ""
                                : absl::StrFormat("%d  entry %d  %s\n", number,
                                                  stored.receipt().index(), text);
    desk::Json one = desk::Json::Object();
    one.Add("state", stored.state());
    one.AddNumber("entry", static_cast<int64_t>(stored.receipt().index()));
    list.Push(std::move(one.Add("valid", record.ok()).Add("text", text)));
  }
  if (context.json) context.out += list.Pretty();
  if (!context.json)
    context.out += "Keep one: palermo message save-receipt ID --number N --out FILE\n";
  return all_good ? kExitOk : kExitFindings;
}

// "  1  2026-03-02T09:00:00Z  QM  SUBMISSION ...", as they claim: they are judged when saved.
std::string Numbered(const v1::ExplainResponse& response) {
  std::string text;
  for (int i = 0; i < response.receipts_size(); ++i) {
    auto record = trust::ParseRecord(response.receipts(i).receipt().record());
    text += absl::StrFormat("  %d  %s\n", i + 1,
                            record.ok() ? desk::DescribeRecord(*record) : "cannot be read");
  }
  return text;
}

absl::StatusOr<int> SaveReceipt(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ExplainResponse response, session.node.Explain(id));
  const int count = response.receipts_size();
  if (count == 0) return WrongState("NOT_SUBMITTED", "there is no receipt of this message yet");
  if (!args.Has("--number") && count > 1) {
    return UsageError(Cat({"there are several; say which with --number:\n", Numbered(response)}));
  }
  PALERMO_ASSIGN_OR_RETURN(const uint64_t number,
                           NumberOption(args, "--number", 1, static_cast<uint64_t>(count), 1));
  const v1::StoredReceipt& stored = response.receipts(static_cast<int>(number) - 1);
  PALERMO_ASSIGN_OR_RETURN(std::string text, trust::ReceiptToText(stored.receipt()));
  auto record = VerifyHere(session, stored);
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(args.Get("--out"), text, 0644));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("saved", true).Add("valid", record.ok());
    json.AddNumber("number", static_cast<int64_t>(number));
    if (record.ok()) json.Add("record", desk::DescribeRecord(*record));
    context.out += json.Pretty();
  } else if (record.ok()) {
    context.out += Cat({"Saved: ", desk::DescribeRecord(*record),
                        "\nVerify it: palermo receipt verify ", args.Get("--out"), "\n"});
  } else {
    context.out += NotValidText(record.status());
  }
  return record.ok() ? kExitOk : kExitFindings;
}

// The first thing in the folder that does not hold.
absl::Status VerifyFolder(const std::string& folder, const Hash& fingerprint) {
  absl::StatusOr<desk::VerifiedMessage> verified = desk::VerifyEvidence(folder, fingerprint);
  // Whoever verifies it compares such roots himself; this desk has done so.
  if (CodeOf(verified.status()) == "ROOT_CHANGE_UNCONFIRMED") return absl::OkStatus();
  PALERMO_RETURN_IF_ERROR(verified.status());
  for (const desk::Check& check : verified->checks) PALERMO_RETURN_IF_ERROR(check.status);
  return absl::OkStatus();
}

absl::StatusOr<int> Save(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  auto fetched = session.node.FetchMessage(id);
  if (CodeOf(fetched.status()) == "WRONG_ROLE") {
    return Refused("WRONG_ROLE",
                   Cat({"the folder holds the sealed message, and you do not fetch messages: ask a "
                        "drafter or approver to save it, or keep single receipts: palermo message "
                        "receipts ",
                        IdText(id)}));
  }
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, std::move(fetched));
  if (message.pending()) return WrongState("NOT_SUBMITTED", "a draft has no receipts yet");
  std::string folder = args.Get("--out");
  PALERMO_RETURN_IF_ERROR(desk::SaveEvidence(folder, message, session.trust));
  std::string fingerprint = HexEncode(AsView(session.trust.fingerprint()));
  absl::Status verified = VerifyFolder(folder, session.trust.fingerprint());
  bool good = verified.ok();
  const auto open =
      desk::NotDelivered(desk::ProofsOf(desk::VerifyMessage(message, *session.view(), "")));
  if (context.json) {
    desk::Json json = desk::Json::Object(), states = desk::Json::List();
    for (const std::string& state : open) states.Push(state);
    json.Add("folder", folder).Add("valid", good).Add("not_delivered", std::move(states));
    context.out += json.Pretty();
  } else {
    if (!good) context.out += NotValidText(verified);
    if (!open.empty()) {
      context.out += Cat({"WARNING  NO PROOF OF DELIVERY to ", absl::StrJoin(open, ", "),
                          " is in it: it proves the sending alone. Where the message is: palermo "
                          "message explain ",
                          IdText(id), ". Save it again when it is delivered.\n"});
    }
    context.out += Cat({"Saved in ", folder, ". Anybody verifies it, with no node:\n",
                        "  palermo receipt verify ", folder, " --fingerprint ", fingerprint, "\n"});
  }
  return good ? kExitOk : kExitFindings;
}

}  // namespace

void AddMessageCommands(std::vector<Command>& commands) {
  Option message = {"message", "MESSAGE", "the message id", true};
  commands.push_back({"message", "explain", "Where a message is, why, and what happens next",
                      WithPassphrase({message}), "palermo message explain 0f3c...", Explain});
  commands.push_back({"message", "receipts", "List and verify the receipts of a message",
                      WithPassphrase({message}), "palermo message receipts 0f3c...", Receipts});
  commands.push_back(
      {"message", "save-receipt", "Write one receipt to a file",
       WithPassphrase({message,
                       {"--number", "N", "which, as palermo message receipts lists them"},
                       {"--out", "FILE", "the new file", true}}),
       "palermo message save-receipt 0f3c... --number 1 --out submission.receipt", SaveReceipt});
  commands.push_back({"message", "save", "Write all that proves a message into a folder",
                      WithPassphrase({message, {"--out", "DIR", "the new folder", true}}),
                      "palermo message save 0f3c... --out evidence", Save});
}

}  // namespace palermo::cli
