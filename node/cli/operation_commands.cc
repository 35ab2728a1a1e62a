// operation propose, sign, admit, join, consent, leave, expel, amend, record, report, decide, vote,
// abort, close: each makes one record and sends it to every member.
#include "node/cli/command.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/text.h"
#include "node/cli/operation_media.h"
#include "node/cli/operation_support.h"
#include "node/cli/tell.h"
#include "node/cli/warning_answers.h"
#include "node/trust/documents.h"

namespace palermo::cli {
namespace {

v1::CaseBody Body(v1::OperationRecord record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = std::move(record);
  return body;
}

// What a handler works on: the session, the operation, and what is known of it.
struct Subject {
  Operations operations;
  desk::OperationBook book;

  absl::StatusOr<int> Send(const Args& args, v1::OperationRecord record, Context& context,
                           StillOpen open = StillOpen::kRefuse) {
    v1::CaseBody body = Body(std::move(record));
    PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &body));
    return SendRecord(operations, book.operation, body, context, open);
  }
};
absl::StatusOr<Subject> OpenSubject(const Args& args, Context& context) {
  // What cannot be sent is said before a desk is opened.
  v1::CaseBody answers;
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &answers));
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book, LoadBook(operations, id, true, context));
  return Subject{std::move(operations), std::move(book)};
}

absl::StatusOr<int> ProposeDecision(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseBody body, ReadRecordFile(args.Get("file")));
  if (!body.operation_record().has_agreement()) {
    return InputError("BAD_JSON", Cat({args.Get("file"), ": this is no agreement"}));
  }
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &body));
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  for (const auto& party : body.operation_record().agreement().parties()) {
    const bool own = party.state() == operations.session.config.state;
    if (own && party.authority() == operations.session.authority()) {
      return SendRecord(operations, "", body, context);
    }
  }
  return InputError("NOT_A_PARTY", Cat({"your authority, ", operations.session.authority(),
                                        ", is no party of this agreement"}));
}

absl::StatusOr<int> Sign(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  PALERMO_RETURN_IF_ERROR(desk::CheckAgreement(subject.book));
  v1::OperationRecord record;
  record.mutable_signature()->set_agreement(subject.book.operation);
  return subject.Send(args, std::move(record), context);
}

// The proposal stands, and waits: a state may be about to enter the roster, or its directory.
void TellWhoTakesNoPart(const Session& session, const std::string& authority) {
  const trust::TrustPtr view = session.view();
  const std::string state = StateOf(authority);
  if (trust::FindState(view->roster().body, state) == nullptr) {
    Tell(Cat({state,
              " takes no part yet, so it cannot join before it stands in the roster; "
              "the states that do: palermo roster show"}));
    return;
  }
  const auto directory = view->DirectoryOf(state);
  if (directory.ok() && (*directory)->FindAuthority(authority) != nullptr) return;
  Tell(Cat({authority, " is not in the directory of ", state,
            ", so it cannot join before it is; see: palermo directory show"}));
}

// The clauses that say something of each state (domain 5.1): who joins stands in none of them.
void TellWhatToAgree(const desk::OperationBook& book, const std::string& state, Context& context) {
  const v1::OperationAgreement* agreement = book.Agreement();
  if (agreement != nullptr && !casework::IsBlank(agreement->change().accession())) {
    context.progress(Cat(
        {"The agreement says of who joins: ", casework::OneLine(agreement->change().accession())}));
  }
  context.progress(Cat(
      {"When ", state, " has joined, amend the agreement (palermo operation amend): the leader of ",
       state,
       " and its law (clause 5), without whom no task there counts (R-JIT-03); its "
       "officers, roles and compartments (6); its supervisory authority (9); its language (11). "
       "What was written before it came, its originator gives it: palermo operation release"}));
}

absl::StatusOr<int> AdmitState(const Args& args, Context& context) {
  const std::string authority = args.Get("--authority");
  if (!IsAuthorityId(authority)) {
    return UsageError(Cat({"'", authority, "' is no authority, like QX/central"}));
  }
  if (!casework::SaysSomething(args.Get("--basis"))) {
    return UsageError(Cat({"--basis says nothing: name the treaty or agreement by which ",
                           StateOf(authority), " works with each member (R-JIT-07)"}));
  }
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  TellWhoTakesNoPart(subject.operations.session, authority);
  v1::OperationRecord record;
  v1::AdmissionProposal& admission = *record.mutable_admission();
  admission.set_state(StateOf(authority));
  admission.set_authority(authority);
  for (const std::string& member : subject.book.state.members) {
    auto& pair = *admission.add_basis();
    pair.set_pair(Cat({member, "-", admission.state()}));
    pair.set_basis(args.Get("--basis"));
  }
  TellWhatToAgree(subject.book, admission.state(), context);
  return subject.Send(args, std::move(record), context);
}

absl::StatusOr<int> Join(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  v1::OperationRecord record;
  const auto admission = subject.book.state.admissions.find(subject.book.own_state);
  if (admission != subject.book.state.admissions.end()) {
    record.mutable_accession()->set_admission(admission->second);
  }
  if (!record.has_accession() || subject.book.state.invited.count(subject.book.own_state) == 0) {
    return WrongState("NOT_INVITED", desk::WhyNotInvited(subject.book));
  }
  record.mutable_accession()->set_agreement(subject.book.state.agreement);
  return subject.Send(args, std::move(record), context);
}

// Who consents to a closing signs its figures: they must be what the records here give.
absl::Status CheckFigures(const desk::OperationBook& book, const std::string& id,
                          Context& context) {
  const casework::SignedRecord* subject = book.Find(id);
  if (subject == nullptr || !subject->record.has_closing()) return absl::OkStatus();
  const std::set<std::string> withheld = casework::WithheldOf(book.records, book.state);
  if (!withheld.empty()) {
    std::string states;
    for (const std::string& state : withheld) states += Cat({states.empty() ? "" : ", ", state});
    context.progress(Cat({"Records that are counted came without content from ", states,
                          ": the figures cannot be counted again here."}));
    return absl::OkStatus();
  }
  const auto differences = casework::Differences(
      casework::WithoutSmallParts(casework::CountOperation(book.records, book.state).cells),
      subject->record.closing());
  if (differences.empty()) return absl::OkStatus();
  std::string list;
  for (const std::string& cell : differences) list += Cat({list.empty() ? "" : ", ", cell});
  return WrongState("FIGURES_DIFFER", Cat({"the records here give other figures for: ", list,
                                           "; compare with palermo operation statistics"}));
}

absl::StatusOr<int> ConsentTo(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  v1::OperationRecord record;
  PALERMO_ASSIGN_OR_RETURN(*record.mutable_consent()->mutable_subject(),
                           FindRecord(subject.book, args.Get("record")));
  PALERMO_RETURN_IF_ERROR(desk::CheckCounting(subject.book, record));
  PALERMO_RETURN_IF_ERROR(CheckFigures(subject.book, record.consent().subject(), context));
  Identities held;
  if (const auto* asked = subject.book.Find(record.consent().subject())) {
    PALERMO_ASSIGN_OR_RETURN(held, HeldForMedia(subject.operations, asked->record, context));
  }
  PALERMO_ASSIGN_OR_RETURN(const int leaks,
                           ScanSubject(args, subject.book, record.consent().subject(),
                                       subject.operations.session.keys.officer, held, context));
  if (leaks != kExitOk) return leaks;
  const std::string open = desk::LeftOpen(subject.book, record.consent().subject());
  if (!open.empty()) context.progress(open);
  return subject.Send(args, std::move(record), context);
}

// Now; or the day of which notice is given.
absl::StatusOr<absl::Time> DayToLeave(const Args& args, absl::Time now) {
  if (!args.Has("--on")) return now;
  const auto from = ParseInstant(args.Get("--on"));
  if (!from.ok()) return UsageError("--on takes a day or a time, like 2030-03-10");
  if (*from <= now + absl::Hours(1)) {
    return UsageError("--on is a day to come; without it your state leaves at once");
  }
  return *from;
}

// What binds a state that has left, too (domain 5.4).
void TellDuties(const desk::OperationBook& book, bool notice, Context& context) {
  const v1::OperationAgreement* agreement = book.Agreement();
  const uint32_t days = agreement == nullptr ? 0 : agreement->change().departure_notice_days();
  if (notice) {
    context.progress(
        Cat({"This gives notice: your state stays a member until it leaves with: "
             "palermo operation leave ",
             ShortId(book.operation), " --reason TEXT",
             days == 0 ? "" : absl::StrFormat(" (the agreement has %d days)", days)}));
    return;
  }
  context.progress(
      "What your state has received stays under the agreement: its limits of use, its "
      "confidentiality and its retention. Referrals of victims go on, evidence stays usable for "
      "the "
      "purpose that was agreed, and the audit goes on.");
}

absl::StatusOr<int> Leave(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  v1::OperationRecord record;
  v1::Departure& departure = *record.mutable_departure();
  departure.set_state(args.Has("--state") ? args.Get("--state") : subject.book.own_state);
  departure.set_reason(args.Get("--reason"));
  const absl::Time now = context.clock->Now();
  PALERMO_ASSIGN_OR_RETURN(const absl::Time from, DayToLeave(args, now));
  if (from != now && departure.state() != subject.book.own_state) {
    return UsageError("--on gives notice for your own state; an expulsion counts when all consent");
  }
  departure.set_effective(FormatInstant(from));
  if (departure.state() == subject.book.own_state) TellDuties(subject.book, from != now, context);
  departure.set_custody_inventory_signed(args.Has("--inventory-signed"));
  return subject.Send(args, std::move(record), context);
}

absl::StatusOr<int> Amend(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseBody body, ReadRecordFile(args.Get("file")));
  if (!body.operation_record().has_agreement()) {
    return InputError("BAD_JSON", Cat({args.Get("file"), ": this is no agreement"}));
  }
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &body));
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  auto& agreement = *body.mutable_operation_record()->mutable_agreement();
  agreement.set_amends(subject.book.state.agreement);
  PALERMO_RETURN_IF_ERROR(desk::CheckCounting(subject.book, body.operation_record()));
  if (const auto* before = subject.book.Agreement()) agreement.set_version(before->version() + 1);
  return SendRecord(subject.operations, subject.book.operation, body, context);
}

absl::StatusOr<int> Record(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseBody body, ReadRecordFile(args.Get("file")));
  if (casework::IsMembershipKind(body.operation_record().content_case())) {
    return UsageError("this record has a command of its own; see: palermo operation --help");
  }
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &body));
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  PALERMO_RETURN_IF_ERROR(FindItsRecords(subject.book, *body.mutable_operation_record()));
  PALERMO_ASSIGN_OR_RETURN(Identities sealed, IdentitiesFor(args, body.operation_record()));
  PALERMO_ASSIGN_OR_RETURN(const Identities held,
                           HeldForMedia(subject.operations, body.operation_record(), context));
  if (body.operation_record().has_media()) {
    v1::MediaLine& media = *body.mutable_operation_record()->mutable_media();
    media.set_scanned_by(subject.operations.session.keys.officer);
    media.set_scanned_at(FormatInstant(context.clock->Now()));
    // How many this office holds is for no other state.
    media.set_scanned_identities(static_cast<uint32_t>(sealed.size()));
  }
  sealed.insert(sealed.end(), held.begin(), held.end());
  return SendRecord(subject.operations, subject.book.operation, body, context, StillOpen::kRefuse,
                    sealed);
}

absl::StatusOr<int> ReportSituation(const Args& args, Context& context) {
  v1::OperationRecord record;
  record.mutable_situation()->set_at(FormatInstant(context.clock->Now()));
  record.mutable_situation()->set_text(args.Get("--text"));
  record.mutable_situation()->set_force_used(args.Has("--force-used"));
  return SendRecord(args, args.Get("operation"), Body(std::move(record)), context);
}

absl::StatusOr<int> DecideIt(const Args& args, Context& context) {
  v1::OperationRecord record;
  v1::DecisionProposal& decision = *record.mutable_decision();
  decision.set_question(args.Get("--question"));
  decision.set_kind(args.Has("--kind") ? args.Get("--kind") : "ACTION_DAY");
  uint32_t quorum = 0;
  if (!absl::SimpleAtoi(args.Get("--quorum"), &quorum)) return UsageError("--quorum is a number");
  decision.set_quorum(quorum);
  PALERMO_ASSIGN_OR_RETURN(absl::Time deadline, ParseInstant(args.Get("--deadline")));
  if (deadline <= context.clock->Now()) return UsageError("--deadline is over already");
  decision.set_deadline(args.Get("--deadline"));
  decision.set_otherwise(args.Has("--otherwise") ? args.Get("--otherwise") : "NO_GO");
  if (decision.otherwise() != "GO" && decision.otherwise() != "NO_GO") {
    return UsageError("--otherwise is GO or NO_GO");
  }
  return SendRecord(args, args.Get("operation"), Body(std::move(record)), context);
}

absl::StatusOr<int> VoteOnIt(const Args& args, Context& context) {
  if (args.Get("vote") != "GO" && args.Get("vote") != "NO_GO") {
    return UsageError(Cat({"a vote is GO or NO_GO, not '", args.Get("vote"), "'"}));
  }
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  v1::OperationRecord record;
  PALERMO_ASSIGN_OR_RETURN(*record.mutable_vote()->mutable_decision(),
                           FindRecord(subject.book, args.Get("decision")));
  record.mutable_vote()->set_vote(args.Get("vote"));
  record.mutable_vote()->set_reason(args.Get("--reason"));
  return subject.Send(args, std::move(record), context);
}

absl::StatusOr<int> AbortIt(const Args& args, Context& context) {
  auto opened = OpenSubject(args, context);
  if (CodeOf(opened.status()) == "TOO_MANY") {
    return Annotate(opened.status(), "no abort was written: tell the members in another way");
  }
  PALERMO_ASSIGN_OR_RETURN(Subject subject, std::move(opened));
  v1::OperationRecord record;
  // A decision that did not come, or that this desk cannot open, is named by its whole id.
  auto decision = FindRecord(subject.book, args.Get("decision"));
  const bool whole = desk::IsOperationId(args.Get("decision"));
  if (!decision.ok() && !whole) return decision.status();
  record.mutable_abort()->set_decision(decision.ok() ? *decision : args.Get("decision"));
  record.mutable_abort()->set_reason(args.Get("--reason"));
  return subject.Send(args, std::move(record), context);
}

absl::StatusOr<int> Close(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Subject subject, OpenSubject(args, context));
  v1::OperationRecord record;
  v1::OperationClosing& closing = *record.mutable_closing();
  auto counted = casework::CountOperation(subject.book.records, subject.book.state);
  for (const casework::StatisticsCell& cell :
       casework::WithEveryCounter(casework::WithoutSmallParts(std::move(counted.cells)))) {
    auto& counter = *closing.add_counters();
    counter.set_counter(cell.counter);
    counter.set_state(cell.state);
    counter.set_value(cell.value);
  }
  closing.set_logs_reconciled(subject.book.state.missing_of_members.empty());
  closing.set_retention(args.Get("--retention"));
  closing.set_lessons(args.Get("--lessons"));
  uint32_t open = 0;
  if (args.Has("--open-obligations") && !absl::SimpleAtoi(args.Get("--open-obligations"), &open)) {
    return UsageError("--open-obligations is a number");
  }
  closing.set_open_obligations(open);
  return subject.Send(args, std::move(record), context,
                      args.Has("--with-open") ? StillOpen::kAllow : StillOpen::kRefuse);
}

const Option kOperation = {"operation", "OPERATION", "its id, or the first digits of it", true};
const Option kIdentities = {"--identities", "FILE",
                            "the compartments of a draft (palermo compartment new): nothing of "
                            "these persons may stand in the text"};
const Option kNoIdentities = {"--no-identities", "",
                              "for the media: no identity is sealed in this operation"};
const Option kReason = {"--reason", "TEXT", "why", true};

void AddMembershipCommands(std::vector<Command>& commands) {
  commands.push_back({"operation", "propose",
                      "Found an operation: send its agreement to all parties",
                      WithPassphrase({{"file", "FILE", "the agreement", true}, OverrideOption()}),
                      "palermo operation propose agreement.json", ProposeDecision});
  commands.push_back({"operation", "sign", "Sign the agreement that founds an operation",
                      WithPassphrase({kOperation}), "palermo operation sign 1f2e3d", Sign});
  commands.push_back({"operation", "admit", "Propose that a state joins",
                      WithPassphrase({kOperation,
                                      {"--authority", "AUTHORITY", "which joins", true},
                                      {"--basis", "TEXT", "legal basis with each member", true},
                                      OverrideOption()}),
                      "palermo operation admit 1f2e3d --authority QT/central --basis \"UNTOC 19\"",
                      AdmitState});
  commands.push_back({"operation", "join", "Join, when all members have consented",
                      WithPassphrase({kOperation}), "palermo operation join 1f2e3d", Join});
  commands.push_back({"operation", "consent",
                      "Consent to an admission, amendment, expulsion, closing or media text",
                      WithPassphrase({kOperation,
                                      {"record", "RECORD", "what you consent to", true},
                                      kIdentities,
                                      kNoIdentities}),
                      "palermo operation consent 1f2e3d 77ab12", ConsentTo});
  commands.push_back(
      {"operation", "leave", "Leave the operation, at once; or propose that a state does",
       WithPassphrase(
           {kOperation,
            kReason,
            {"--state", "STATE", "another state: all others must consent"},
            {"--on", "DAY", "gives notice: your state leaves later, by the command again"},
            {"--inventory-signed", "", "the inventory of custody is signed"},
            OverrideOption()}),
       "palermo operation leave 1f2e3d --reason \"our part is done\"", Leave});
  commands.push_back(
      {"operation", "amend", "Propose a later version of the agreement",
       WithPassphrase({kOperation, {"file", "FILE", "the agreement", true}, OverrideOption()}),
       "palermo operation amend 1f2e3d agreement.json", Amend});
  commands.push_back({"operation", "close", "Propose to close, with the figures of the records",
                      WithPassphrase({kOperation,
                                      {"--open-obligations", "N", "duties that are still open"},
                                      {"--with-open", "", "decisions and tasks may stay open"},
                                      {"--retention", "TEXT", "what is kept, and until when", true},
                                      {"--lessons", "TEXT", "what was learnt"},
                                      OverrideOption()}),
                      "palermo operation close 1f2e3d --retention \"5 years\"", Close});
}

void AddWork(std::vector<Command>& commands) {
  commands.push_back({"operation", "record", "Enter a record from a file",
                      WithPassphrase({kOperation,
                                      {"file", "FILE", "the record", true},
                                      kIdentities,
                                      kNoIdentities,
                                      OverrideOption()}),
                      "palermo operation record 1f2e3d task.json", Record});
  commands.push_back({"operation", "media",
                      "Print a text for the media: once all have agreed and its embargo is over",
                      WithPassphrase({kOperation, {"record", "RECORD", "the text", true}}),
                      "palermo operation media 1f2e3d 77ab12", PrintMedia});
  commands.push_back({"operation", "report", "Enter a situation report",
                      WithPassphrase({kOperation,
                                      {"--text", "TEXT", "what happened", true},
                                      {"--force-used", "", "force was used"},
                                      OverrideOption()}),
                      "palermo operation report 1f2e3d --text \"both houses searched\"",
                      ReportSituation});
  commands.push_back(
      {"operation", "decide", "Put a decision to the members",
       WithPassphrase(
           {kOperation,
            {"--question", "TEXT", "go or no go for what", true},
            {"--quorum", "N", "so many members must vote GO, as the agreement says", true},
            {"--deadline", "TIME", "ISO 8601 with zone", true},
            {"--kind", "WORD", "ACTION_DAY (default), CONTROLLED_DELIVERY or OTHER"},
            {"--otherwise", "WORD", "too few votes: NO_GO (default), or GO where agreed"},
            OverrideOption()}),
       "palermo operation decide 1f2e3d --question \"action on 17 June\" --quorum 2 --deadline "
       "2030-06-16T12:00:00Z",
       DecideIt});
  commands.push_back({"operation", "vote",
                      "Vote on a decision; NO_GO can become GO until the deadline, GO stays",
                      WithPassphrase({kOperation,
                                      {"decision", "RECORD", "the decision", true},
                                      {"vote", "VOTE", "GO or NO_GO", true},
                                      {"--reason", "TEXT", "why"},
                                      OverrideOption()}),
                      "palermo operation vote 1f2e3d 9c01d2 GO", VoteOnIt});
  commands.push_back(
      {"operation", "abort", "Stop what was decided; any member may, at any time",
       WithPassphrase({kOperation, {"decision", "RECORD", "the decision", true}, kReason}),
       "palermo operation abort 1f2e3d 9c01d2 --reason \"a child is in the house\"", AbortIt});
}

}  // namespace

void AddOperationCommands(std::vector<Command>& commands) {
  AddOperationForms(commands);
  AddMembershipCommands(commands);
  AddWork(commands);
  AddOperationRelease(commands);
  AddOperationViews(commands);
}

}  // namespace palermo::cli
