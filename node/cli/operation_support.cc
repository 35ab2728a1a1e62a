#include "node/cli/operation_support.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/operation/access.h"
#include "node/casework/operation/membership.h"
#include "node/cli/act_support.h"
#include "node/cli/casebook_support.h"
#include "node/cli/operation_forms.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/warning_answers.h"
#include "node/desk/drafting.h"
#include "node/desk/files.h"
#include "node/desk/sealing.h"
#include "node/trust/approvals.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

constexpr size_t kShortId = 12;

absl::StatusOr<std::string> TheOnly(const std::vector<std::string>& found, const std::string& text,
                                    const char* code, const std::string& what) {
  if (found.size() == 1) return found[0];
  return Missing(code,
                 Cat({found.empty() ? "no " : "more than one ", what, " begins with '", text,
                      "'; palermo operation ", what == "record" ? "show" : "list", " shows them"}));
}

absl::StatusOr<v1::SubmitResponse> SubmitMail(Operations& operations,
                                              const desk::OperationBook& book,
                                              const desk::OperationOutgoing& out,
                                              v1::Urgency::Code urgency, Context& context) {
  Session& session = operations.session;
  const absl::Time now = context.clock->Now();
  if (!IsAuthorityId(out.authority) || StateOf(out.authority) != out.state) {
    return Missing("UNKNOWN_RECIPIENT", Cat({"no record names the authority of ", out.state}));
  }
  desk::DraftFile draft;
  draft.to = {out.authority};
  draft.family = v1::Family::JOINT_INVESTIGATION;
  draft.act = v1::Act::REQUEST;
  draft.urgency = urgency;
  draft.legal_basis = {"UNTOC 19"};
  if (const auto* agreement = book.Agreement();
      agreement != nullptr && agreement->basis_size() > 0) {
    draft.legal_basis = {agreement->basis(0).basis()};
  }
  draft.body.set_version(1);
  *draft.body.mutable_operation_mail() = out.mail;
  for (const v1::OverriddenFinding& entry : out.answered) *draft.body.add_overridden() = entry;
  for (const std::string& message : out.relays) {
    PALERMO_ASSIGN_OR_RETURN(*draft.body.mutable_operation_mail()->add_relayed(),
                             desk::RelayOperationMail(operations.Reader(now), message));
  }
  PALERMO_ASSIGN_OR_RETURN(
      v1::Header header,
      desk::MakeHeader(draft, session.authority(), {}, *session.view(), now, *context.random));
  PALERMO_ASSIGN_OR_RETURN(v1::Envelope envelope,
                           desk::Seal(header, trust::StrictSerialize(draft.body), *session.view(),
                                      now, *context.random));
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = std::move(envelope);
  PALERMO_ASSIGN_OR_RETURN(*request.mutable_draft(),
                           trust::SignMessage(session.keys.officer, v1::SignaturePurpose::DRAFT,
                                              *session.keys.sign, parsed.message_id));
  if (casework::NeedsSecondOfficer(draft.body)) request.set_least_approvals(1);
  return session.node.SubmitDraft(request);
}

// What the record would do, when it came after everything that is here.
absl::Status CheckItCounts(const desk::OperationBook& after, const std::string& id) {
  for (const casework::JudgedRecord& judged : after.state.records) {
    if (judged.id != id || judged.effective) continue;
    std::string why = judged.why;
    for (const casework::Finding& finding : judged.findings) {
      why += Cat({"; ", finding.rule, ": ", finding.what, " (", finding.todo, ")"});
    }
    return WrongState("NO_EFFECT", Cat({"this record would have no effect: ", why}));
  }
  return absl::OkStatus();
}

// What a departure leaves behind, before it goes: it stops nothing.
void TellWhatItLeaves(const desk::OperationBook& after, const std::string& id, Context& context) {
  for (const casework::JudgedRecord& judged : after.state.records) {
    if (judged.id != id) continue;
    for (const casework::Finding& finding : judged.findings) {
      context.progress(Cat({finding.rule, ": ", finding.what, "; ", finding.todo}));
    }
  }
}

// Where it stands in the history is not for a file to say.
v1::OperationRecord WithoutItsPlace(v1::OperationRecord record) {
  record.clear_operation();
  record.clear_state();
  record.clear_seq();
  record.clear_previous();
  record.clear_parents();
  record.clear_at();
  record.clear_withheld_kind();
  record.clear_withheld_sha256();
  return record;
}

// To stop waits for nothing: its record takes no number, so that none can be given twice.
absl::Status CheckMayWrite(const Operations& operations, bool stops, Context& context) {
  const absl::Status complete = desk::CheckComplete(operations.box);
  if (complete.ok() || !stops) return complete;
  context.progress(Cat({CodeOf(complete), ": ", TextOf(complete),
                        "\nThe abort goes out all the same, to all who take part as far as this "
                        "desk knows. Tell the others in another way, too."}));
  return absl::OkStatus();
}

// The body's own rules; the record alone, as the officer wrote it.
int CheckContent(const Session& session, const v1::CaseBody& content, const Identities& sealed,
                 Context& context) {
  desk::DraftFile draft;
  desk::ScanFor(sealed, &draft);
  draft.family = v1::Family::JOINT_INVESTIGATION;
  draft.body = content;
  draft.body.set_version(1);
  const auto check =
      desk::ContextOf(draft, session.config.state, session.view().get(), context.clock->Now());
  const auto findings = desk::CheckDraft(check, draft);
  for (const casework::Finding& left : CheckSamplesLeft(content.operation_record())) {
    context.progress(Cat({left.rule, ": ", left.what, " (", left.todo, ")"}));
  }
  // To stop waits for no answer to a warning.
  const bool stops = content.operation_record().has_abort();
  const bool warned = !stops && !casework::OpenWarnings(findings, {}).empty();
  return warned || casework::Blocks(findings) ? ReportFindings(findings, context, true) : kExitOk;
}

}  // namespace

std::string ShortId(const std::string& id) { return id.substr(0, kShortId); }

void AddAnswers(const desk::OperationBook& book, const std::string& record, v1::CaseBody& shown) {
  const auto found = book.answers.find(record);
  if (found == book.answers.end()) return;
  for (const v1::OverriddenFinding& entry : found->second) *shown.add_overridden() = entry;
}

std::string KindName(const v1::OperationRecord& record) {
  const auto* field = v1::OperationRecord::descriptor()->FindFieldByNumber(
      static_cast<int>(casework::KindOf(record)));
  return field == nullptr ? "nothing" : field->name();
}

namespace {

desk::MailboxReader ReaderOf(Session& session, const std::vector<desk::AuthorityKey>& keys,
                             absl::Time now) {
  return {desk::MailsOf(session.node),
          session.view(),
          session.config.state,
          keys,
          desk::PathIn(session.home, "operations"),
          false,
          nullptr,
          now};
}

}  // namespace

absl::StatusOr<desk::OperationMailbox> ReadMailbox(Session& session,
                                                   const std::vector<desk::AuthorityKey>& keys,
                                                   Unopened unopened, Context& context) {
  desk::MailboxReader reader = ReaderOf(session, keys, context.clock->Now());
  reader.leave_unopened = unopened == Unopened::kLeave;
  // Without the casebook everything is verified again: slower, and as good.
  const auto open = OpenCasebook(session, context);
  desk::VerifiedMails verified;
  if (open.ok()) {
    verified.known = [&](const Hash& mail) {
      const auto known = open->book->IsVerified(mail);
      return known.ok() && *known;
    };
    reader.verified = &verified;
  }
  PALERMO_ASSIGN_OR_RETURN(desk::OperationMailbox box, desk::ReadOperationMailbox(reader));
  if (open.ok()) open->book->AddVerified(verified.fresh).IgnoreError();
  for (const std::string& id : box.unreported) {
    PALERMO_RETURN_IF_ERROR(ReportRetrieval(session, id, v1::RetrievalResult::OPENED, context));
  }
  for (const std::string& problem : box.problems) context.progress(problem);
  return box;
}

desk::MailboxReader Operations::Reader(absl::Time now) { return ReaderOf(session, keys, now); }

absl::StatusOr<Operations> OpenOperations(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  Operations operations{std::move(session), std::move(keys), {}};
  PALERMO_ASSIGN_OR_RETURN(
      operations.box, ReadMailbox(operations.session, operations.keys, Unopened::kOpen, context));
  return operations;
}

absl::StatusOr<std::vector<std::string>> BindToOperation(Session& session, v1::Label& label,
                                                         Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationMailbox box,
                           ReadMailbox(session, keys, Unopened::kOpen, context));
  PALERMO_ASSIGN_OR_RETURN(const std::string id, FindOperation(box, label.operation()));
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationBook book,
                           desk::BuildOperationBook(id, session.config.state, box.carriers, false,
                                                    context.clock->Now()));
  const std::set<std::string>& members = book.state.members;
  if (members.count(session.config.state) == 0) {
    return WrongState("NOT_MEMBER", Cat({session.config.state, " is no member of operation ", id,
                                         " now, so no record of it can be reported"}));
  }
  label.set_operation(id);
  label.clear_operation_seen();
  for (const std::string& head : casework::MembershipHeads(book.records, book.state)) {
    label.add_operation_seen(head);
  }
  return std::vector<std::string>(members.begin(), members.end());
}

absl::StatusOr<std::string> FindOperation(const desk::OperationMailbox& box,
                                          const std::string& text) {
  return TheOnly(desk::OperationsNamed(box.carriers, text), text, "UNKNOWN_OPERATION", "operation");
}

absl::StatusOr<std::string> FindRecord(const desk::OperationBook& book, const std::string& text) {
  std::vector<std::string> ids;
  for (const casework::SignedRecord& r : book.records) ids.push_back(r.id);
  return TheOnly(desk::IdsThatBegin(ids, text), text, "UNKNOWN_RECORD", "record");
}

absl::StatusOr<desk::OperationBook> LoadBook(Operations& operations, const std::string& operation,
                                             bool with_pending, Context& context) {
  return desk::BuildOperationBook(operation, operations.session.config.state,
                                  operations.box.carriers, with_pending, context.clock->Now());
}

absl::StatusOr<desk::OperationBook> LoadBookToWriteOn(Operations& operations,
                                                      const std::string& operation, bool for_abort,
                                                      Context& context) {
  const std::string& own = operations.session.config.state;
  std::vector<desk::OperationCarrier>& carriers = operations.box.carriers;
  for (const std::string& message : desk::DraftsToLeaveOut(carriers, operation, own, false)) {
    context.progress(Cat({"draft ", message,
                          " cannot be sent any more: another record has its number, or what it "
                          "follows is gone; drop it, and write it anew: palermo case drop ",
                          message}));
  }
  return desk::BookToWriteOn(operation, own, carriers, for_abort, context.clock->Now());
}

absl::StatusOr<v1::CaseBody> ReadRecordFile(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(path, limits::kMaxRequestFileBytes));
  auto body = casework::BodyFromJson(json);
  if (!body.ok()) return Annotate(body.status(), path);
  if (!body->has_operation_record()) {
    return InputError("BAD_JSON", Cat({path,
                                       ": operation_record is missing; see: palermo "
                                       "operation form"}));
  }
  return body;
}

absl::StatusOr<int> SendRecord(const Args& args, const std::string& operation,
                               const v1::CaseBody& content, Context& context) {
  v1::CaseBody body = content;
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &body));
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, operation));
  return SendRecord(operations, id, body, context);
}

absl::StatusOr<int> SendRecord(Operations& operations, const std::string& operation,
                               const v1::CaseBody& content, Context& context, StillOpen open,
                               const Identities& sealed) {
  const Session& session = operations.session;
  const absl::Time now = context.clock->Now();
  const bool stops = content.operation_record().has_abort();
  // What founds an operation is the first of its numbers.
  if (!operation.empty()) PALERMO_RETURN_IF_ERROR(CheckMayWrite(operations, stops, context));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book,
                           LoadBookToWriteOn(operations, operation, stops, context));
  const v1::OperationRecord given = WithoutItsPlace(content.operation_record());
  if (given.has_label()) {
    return InputError(
        "BAD_JSON",
        "a record of an operation takes no label: every member of that moment gets it, "
        "and its compartment says which officers read it");
  }
  const v1::OperationRecord record = desk::WriteRecord(book, given, now);
  if (!casework::MayWriteRecord(operation.empty() ? nullptr : book.Agreement(),
                                session.keys.officer, record)) {
    return Refused("NOT_YOUR_COMPARTMENT",
                   Cat({"the agreement gives ", session.keys.officer, " no right to write ",
                        casework::WhereWritten(record), "; see its members"}));
  }
  const int objections = CheckContent(session, content, sealed, context);
  if (objections != kExitOk) return objections;
  const std::string id = desk::OperationRecordId(session.config.state, record);
  desk::OperationCarrier made;
  made.message = "new";
  made.sender = session.authority();
  made.made = made.at = now;
  made.mail.set_operation(operation.empty() ? id : operation);
  *made.mail.add_records() = record;
  for (const v1::OverriddenFinding& entry : content.overridden()) {
    made.answered.push_back(desk::AnswerInMail(entry, 0));
  }
  operations.box.carriers.push_back(made);
  PALERMO_ASSIGN_OR_RETURN(book, LoadBook(operations, made.mail.operation(), true, context));
  // Where our own history has gaps, what counts for others may not count here.
  const bool gaps = stops && !desk::CheckComplete(operations.box).ok();
  if (!gaps) PALERMO_RETURN_IF_ERROR(CheckItCounts(book, id));
  if (record.has_departure()) TellWhatItLeaves(book, id, context);
  if (record.has_closing() && open == StillOpen::kRefuse) {
    PALERMO_RETURN_IF_ERROR(desk::CheckNothingOpen(book, id));
  }
  PALERMO_ASSIGN_OR_RETURN(auto plan, desk::PlanOperationMails(book, false, now));
  if (stops) plan = desk::OnlyThe(book, id, std::move(plan));
  if (stops && plan.empty()) {
    return WrongState(
        "NOT_SENT",
        "this desk knows nobody who takes part, so the abort went to nobody: tell the "
        "members in another way");
  }
  return SendMails(operations, book, std::move(plan),
                   stops ? v1::Urgency::URGENT : v1::Urgency::ROUTINE, id, context);
}

absl::StatusOr<int> SendMails(Operations& operations, const desk::OperationBook& book,
                              std::vector<desk::OperationOutgoing> plan, v1::Urgency::Code urgency,
                              const std::string& record, Context& context) {
  desk::Json mails = desk::Json::List();
  std::string text;
  uint32_t waits = 0;
  bool failed = false, sent = false;
  for (const desk::OperationOutgoing& out : plan) {
    auto response = SubmitMail(operations, book, out, urgency, context);
    desk::Json one = desk::Json::Object();
    one.Add("state", out.state);
    if (!response.ok()) {
      failed = true;
      one.Add("code", CodeOf(response.status())).Add("why", TextOf(response.status()));
      text += Cat({"  ", out.state, "  NOT SENT: ", CodeOf(response.status()), ": ",
                   TextOf(response.status()), "\n"});
    } else {
      sent = true;
      waits = std::max(waits, response->approvals_missing());
      one.Add("message", IdText(response->message_id()));
      one.AddNumber("approvals_missing", response->approvals_missing());
      text +=
          absl::StrFormat("  %s  message %s%s\n", out.state, IdText(response->message_id()),
                          response->approvals_missing() > 0 ? "  waits for approval" : "  sent");
    }
    mails.Push(std::move(one));
  }
  if (failed && !sent && !record.empty()) {
    return WrongState("NOT_SENT", Cat({"nothing was sent, so the record does not exist:\n", text}));
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("operation", book.operation).Add("record", record);
    json.AddNumber("approvals_missing", waits).Add("mails", std::move(mails));
    context.out += json.Pretty();
    return failed ? kExitFindings : kExitOk;
  }
  context.out += Cat({"operation ", book.operation, "\n"});
  if (!record.empty()) context.out += Cat({"record    ", record, "\n"});
  context.out += plan.empty() ? "Nobody lacks anything.\n" : text;
  if (waits > 0) {
    context.out += absl::StrFormat(
        "Approvals by other officers that are still missing: %d. Each of them reads it, and "
        "signs:\n"
        "  palermo operation pending %s\n  palermo operation approve %s\n",
        waits, ShortId(book.operation), ShortId(book.operation));
  }
  if (failed) {
    context.out += Cat({"Send the rest when the reason is gone:\n  palermo operation sync ",
                        ShortId(book.operation), "\n"});
  }
  return failed ? kExitFindings : kExitOk;
}

}  // namespace palermo::cli
