// operation list, show, statistics: what is known, with forks and gaps.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/operation/access.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/text.h"
#include "node/cli/command.h"
#include "node/cli/opening_support.h"
#include "node/cli/operation_lines.h"
#include "node/cli/operation_media.h"
#include "node/cli/operation_opening.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

using casework::SignedRecord;
using Names = std::set<std::string>;

std::string Joined(const Names& names) { return names.empty() ? "-" : absl::StrJoin(names, " "); }

desk::Json NameList(const Names& names) {
  desk::Json list = desk::Json::List();
  for (const std::string& name : names) list.Push(name);
  return list;
}

std::string GistOf(const v1::OperationRecord& r) {
  switch (r.content_case()) {
    case v1::OperationRecord::kAgreement:
      return absl::StrFormat("%s, version %u", r.agreement().name(), r.agreement().version());
    case v1::OperationRecord::kSignature:
      return Cat({"of ", ShortId(r.signature().agreement())});
    case v1::OperationRecord::kAdmission:
      return Cat({r.admission().state(), " (", r.admission().authority(), ")"});
    case v1::OperationRecord::kAccession:
      return Cat({"accepts ", ShortId(r.accession().agreement())});
    case v1::OperationRecord::kConsent:
      return Cat({"to ", ShortId(r.consent().subject())});
    case v1::OperationRecord::kDeparture:
      return Cat({r.departure().state(), ": ", r.departure().reason()});
    case v1::OperationRecord::kTasking:
      return Cat({r.tasking().id(), " in ", r.tasking().state(), " at ", r.tasking().start_utc()});
    case v1::OperationRecord::kPlace:
      return Cat({ShortId(r.place().task()), ": ", r.place().place()});
    case v1::OperationRecord::kSituation:
      return r.situation().text();
    case v1::OperationRecord::kEvidence:
      return Cat({r.evidence().id(), " ", r.evidence().description()});
    case v1::OperationRecord::kDeconfliction:
      return Cat({r.deconfliction().task_id(), " ", r.deconfliction().answer()});
    case v1::OperationRecord::kDecision:
      return Cat({r.decision().question(), " by ", r.decision().deadline()});
    case v1::OperationRecord::kVote:
      return Cat({r.vote().vote(), " on ", ShortId(r.vote().decision())});
    case v1::OperationRecord::kAbort:
      return Cat({ShortId(r.abort().decision()), ": ", r.abort().reason()});
    default:
      return ActionGist(r);
  }
}

// One line about a record's content, for who may read it.
std::string Gist(const v1::OperationRecord& r) { return casework::OneLine(GistOf(r)); }

// What one view shows, as text and as JSON.
class View {
 public:
  View(const desk::OperationBook& book, std::string officer)
      : book_(book), officer_(std::move(officer)) {}

  std::string Text() {
    const casework::OperationState& s = book_.state;
    const v1::OperationAgreement* agreement = book_.Agreement();
    std::string text = absl::StrFormat("Operation %s  %s\n  phase      %s\n", Name(),
                                       book_.operation, std::string(casework::PhaseName(s.phase)));
    if (agreement != nullptr && s.agreement.empty()) {
      text += Cat({"  agreement  signed by ", Joined(s.signed_by), "\n"});
    } else if (agreement != nullptr) {
      text += absl::StrFormat("  agreement  version %u, %s to %s  %s\n", agreement->version(),
                              agreement->period().from(), agreement->period().to(),
                              ShortId(s.agreement));
    }
    text += Cat({"  members    ", Joined(s.members), "\n"});
    if (!s.invited.empty()) text += Cat({"  may join   ", Joined(s.invited), "\n"});
    if (!s.departed.empty()) text += Cat({"  departed   ", Joined(s.departed), "\n"});
    for (const auto& [state, from] : s.notices) {
      text += Cat({"  notice     ", state, " leaves from ", casework::OneLine(from), "\n"});
    }
    text += "\nHistory\n";
    for (const auto& judged : s.records) text += RecordText(judged);
    return text + DecisionsText(book_, officer_) + ActionText(book_, officer_) + TroubleText() +
           WaitingText();
  }

  desk::Json Json() {
    const casework::OperationState& s = book_.state;
    desk::Json json = desk::Json::Object();
    json.Add("operation", book_.operation).Add("name", Name());
    json.Add("phase", std::string(casework::PhaseName(s.phase))).Add("agreement", s.agreement);
    json.Add("signed_by", NameList(s.signed_by)).Add("members", NameList(s.members));
    json.Add("invited", NameList(s.invited)).Add("departed", NameList(s.departed));
    desk::Json notices = desk::Json::Object();
    for (const auto& [state, from] : s.notices) notices.Add(state, casework::OneLine(from));
    json.Add("notices", std::move(notices));
    json.AddNumber("epoch", static_cast<int64_t>(s.epoch));
    desk::Json records = desk::Json::List(), decisions = desk::Json::List();
    for (const auto& judged : s.records) records.Push(RecordJson(judged));
    for (const auto& decision : s.decisions)
      decisions.Push(DecisionJson(book_, officer_, decision));
    json.Add("records", std::move(records)).Add("decisions", std::move(decisions));
    json.Add("timetables", TimetablesJson(book_)).Add("media", MediaJson(book_));
    desk::Json forks = desk::Json::List();
    for (const auto& fork : s.forks) {
      desk::Json one = desk::Json::Object();
      one.Add("state", fork.state).AddNumber("seq", static_cast<int64_t>(fork.seq));
      one.Add("records", NameList({fork.records.begin(), fork.records.end()}));
      forks.Push(std::move(one.Add("standing", fork.standing)));
    }
    json.Add("forks", std::move(forks));
    desk::Json flood = desk::Json::Object();
    for (const auto& [state, n] : s.left_out) flood.AddNumber(state, static_cast<int64_t>(n));
    json.Add("left_out", std::move(flood));
    json.Add("missing", NameList({s.missing.begin(), s.missing.end()}));
    desk::Json waits = desk::Json::List();
    for (const std::string& line : OperationWaits(book_, officer_)) waits.Push(line);
    return std::move(json.Add("waits_for_us", std::move(waits)));
  }

 private:
  std::string Name() const {
    const v1::OperationAgreement* agreement = book_.Agreement();
    return agreement == nullptr ? "(its agreement is not here)"
                                : casework::OneLine(agreement->name());
  }
  bool MayRead(const SignedRecord& r) const {
    return casework::MayReadRecord(book_.Agreement(), officer_, r.record);
  }
  desk::OverriddenFindings AnswersOf(const std::string& id) const {
    const auto found = book_.answers.find(id);
    return found == book_.answers.end() ? desk::OverriddenFindings() : found->second;
  }
  bool Shows(const SignedRecord& r) const {
    return casework::ShowsRecord(book_.Agreement(), officer_, r.record);
  }

  std::string RecordText(const casework::JudgedRecord& judged) const {
    const SignedRecord* r = book_.Find(judged.id);
    if (r == nullptr) return "";
    const auto& entry = book_.entries.at(judged.id);
    std::string text =
        absl::StrFormat("  %s  %s  %-13s %s  %s\n", r->record.at(), r->signer, KindName(r->record),
                        ShortId(r->id), std::string(casework::VerdictName(judged.verdict)));
    if (!MayRead(*r)) {
      text += Cat({"      in compartment ", casework::CompartmentOf(r->record),
                   ", which is not open to you\n"});
    } else if (casework::NeedsTwo(r->record)) {
      text += Cat({"      in compartment ", casework::CompartmentOf(r->record),
                   ": two officers open it\n"});
    } else {
      const std::string gist = Gist(r->record);
      if (!gist.empty()) text += Cat({"      ", gist, "\n"});
      for (const v1::OverriddenFinding& entry : AnswersOf(r->id)) {
        text += Cat({"      its author overrode ",
                     casework::OneLine(Cat({entry.rule(), ": ", entry.reason()})), "\n"});
      }
    }
    if (!judged.why.empty()) text += Cat({"      ", judged.why, "\n"});
    for (const auto& finding : judged.findings) {
      text += Cat({"      ", finding.rule, ": ", finding.what, "\n"});
    }
    if (!entry.relayed_by.empty()) {
      text += Cat({"      passed on by ", entry.relayed_by, ", with its sender's signatures\n"});
    }
    return text;
  }

  desk::Json RecordJson(const casework::JudgedRecord& judged) const {
    desk::Json one = desk::Json::Object();
    const SignedRecord* r = book_.Find(judged.id);
    if (r == nullptr) return one;
    const auto& entry = book_.entries.at(judged.id);
    one.Add("id", judged.id).Add("state", r->signer).Add("kind", KindName(r->record));
    one.AddNumber("seq", static_cast<int64_t>(r->record.seq())).Add("at", r->record.at());
    one.Add("verdict", std::string(casework::VerdictName(judged.verdict)));
    const bool counts = judged.effective && judged.verdict != casework::RecordVerdict::kProposed &&
                        judged.verdict != casework::RecordVerdict::kSuperseded;
    one.Add("effective", counts).Add("why", judged.why);
    one.Add("proof", NameList({judged.proof.begin(), judged.proof.end()}));
    desk::Json findings = desk::Json::List();
    for (const auto& finding : judged.findings) findings.Push(finding.rule);
    one.Add("findings", std::move(findings));
    one.Add("says", Shows(*r) ? Gist(r->record) : "").Add("readable", MayRead(*r));
    desk::Json answers = desk::Json::List();
    for (const v1::OverriddenFinding& entry : AnswersOf(r->id)) {
      if (!Shows(*r)) continue;
      answers.Push(
          std::move(desk::Json::Object().Add("rule", entry.rule()).Add("reason", entry.reason())));
    }
    one.Add("overridden", std::move(answers));
    one.Add("two_officers", casework::NeedsTwo(r->record));
    one.Add("message", entry.message).Add("passed_on_by", entry.relayed_by);
    return one;
  }

  std::string TroubleText() const {
    std::string text;
    for (const auto& fork : book_.state.forks) {
      text += absl::StrFormat("\nFORK: %s shows two histories at its number %u. Proof:\n",
                              fork.state, fork.seq);
      for (const std::string& id : fork.records) {
        text += Cat({"  record ", ShortId(id), " in message ", book_.entries.at(id).message,
                     id == fork.standing ? "  (this one stands)\n" : "\n"});
      }
      if (fork.standing.empty()) text += "  none stands: no majority built on one of them\n";
    }
    for (const auto& [state, records] : book_.state.left_out) {
      text += absl::StrFormat(
          "\nFLOOD: %s takes no part, and sent more than an operation holds: %u of its records "
          "are left out.\n",
          state, records);
    }
    if (book_.state.missing.empty()) return text;
    text += "\nGAP: these records are named and not here:\n";
    for (const std::string& id : book_.state.missing) text += Cat({"  ", id, "\n"});
    return text +
           Cat({"  Ask for them: palermo operation sync ", ShortId(book_.operation), " --ask\n"});
  }

  std::string WaitingText() const {
    std::string text;
    for (const std::string& line : OperationWaits(book_, officer_)) text += Cat({"\n* ", line});
    return text.empty() ? "" : Cat({text, "\n"});
  }

  const desk::OperationBook& book_;
  const std::string officer_;
};

absl::StatusOr<int> ListOperations(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  std::set<std::string> ids;
  for (const auto& carrier : operations.box.carriers) {
    if (!carrier.mail.operation().empty()) ids.insert(carrier.mail.operation());
  }
  desk::Json list = desk::Json::List();
  std::string text = ids.empty() ? "No operation is here.\n" : "";
  for (const std::string& id : ids) {
    const auto book = LoadBook(operations, id, false, context);
    // One that cannot be read hides no other.
    if (!book.ok()) context.progress(Cat({"operation ", id, ": ", TextOf(book.status())}));
    const auto* agreement = book.ok() ? book->Agreement() : nullptr;
    const std::string name = agreement == nullptr ? "?" : casework::OneLine(agreement->name());
    const std::string phase =
        book.ok() ? std::string(casework::PhaseName(book->state.phase)) : CodeOf(book.status());
    const Names members = book.ok() ? book->state.members : Names();
    text += absl::StrFormat("%s  %-16s %-13s %s\n", ShortId(id), name, phase, Joined(members));
    desk::Json one = desk::Json::Object();
    one.Add("operation", id).Add("name", name).Add("phase", phase);
    list.Push(std::move(one.Add("members", NameList(members))));
  }
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

absl::StatusOr<int> ShowOperation(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book, LoadBook(operations, id, false, context));
  const std::string& officer = operations.session.keys.officer;
  if (args.Has("--record")) {
    PALERMO_ASSIGN_OR_RETURN(std::string wanted, FindRecord(book, args.Get("--record")));
    const SignedRecord& r = *book.Find(wanted);
    if (!casework::MayReadRecord(book.Agreement(), officer, r.record)) {
      return Refused("NOT_YOUR_COMPARTMENT",
                     Cat({"the agreement does not open ", casework::CompartmentOf(r.record), " to ",
                          officer}));
    }
    if (casework::NeedsTwo(r.record))
      return ShowWithTwo(args, operations.session, book, r, context);
    v1::CaseBody body;
    *body.mutable_operation_record() = r.record;
    AddAnswers(book, r.id, body);
    context.out += casework::BodyToJson(body, true);
    return kExitOk;
  }
  View view(book, officer);
  context.out += context.json ? view.Json().Pretty() : view.Text();
  return kExitOk;
}

absl::StatusOr<int> Statistics(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book, LoadBook(operations, id, false, context));
  auto counted = casework::CountOperation(book.records, book.state);
  const bool publish = args.Has("--publish");
  const bool whole = casework::ReadsVictims(book.Agreement(), operations.session.keys.officer);
  if (!publish && !whole) counted = casework::WithoutVictims(std::move(counted));
  if (publish) counted.cells = casework::Publishable(std::move(counted.cells));
  // Nothing was found is a figure too.
  counted.cells = casework::WithEveryCounter(std::move(counted.cells));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const casework::StatisticsCell& cell : counted.cells) {
    // The same word for small numbers and for those that would tell of one.
    const std::string value = cell.suppressed ? "suppressed" : absl::StrFormat("%u", cell.value);
    const casework::CounterInfo* info = casework::FindCounter(cell.counter);
    const std::string unit(info == nullptr ? "" : info->unit);
    rows.push_back({cell.counter, cell.state.empty() ? "all" : cell.state, value, unit});
    desk::Json one = desk::Json::Object();
    one.Add("counter", cell.counter).Add("state", cell.state).Add("value", value);
    one.Add("suppressed", cell.suppressed).Add("unit", unit);
    if (!publish) one.Add("records", NameList({cell.records.begin(), cell.records.end()}));
    list.Push(std::move(one));
  }
  if (context.json) {
    context.out += list.Pretty();
    return kExitOk;
  }
  context.out += Table({"COUNTER", "STATE", "N", "UNIT"}, rows);
  // It was counted once; which record came second stays inside.
  for (const auto& finding : counted.findings) {
    if (!publish) context.out += Cat({finding.rule, ": counted once; ", finding.field, "\n"});
  }
  context.out +=
      publish
          ? "Small numbers of persons, and what would tell of them, are suppressed (R-STAT-02).\n"
          : "These figures stay inside. For others: --publish\n";
  if (!publish && !whole) {
    context.out +=
        "Parts by sex, age or nationality that may be one person, and which records are "
        "of victims, are for a VICTIM_OFFICER.\n";
  }
  return kExitOk;
}

}  // namespace

void AddOperationViews(std::vector<Command>& commands) {
  const Option operation = {"operation", "OPERATION", "its id, or the first digits of it", true};
  commands.push_back({"operation", "list", "List the operations that you may see",
                      PassphraseOptions(), "palermo operation list", ListOperations});
  commands.push_back(
      {"operation", "show", "Show an operation: members, history, decisions, forks and gaps",
       WithPassphrase({operation,
                       {"--record", "RECORD", "only this record, whole"},
                       {"--reason", "CODE",
                        Cat({"of a record in VICTIMS or UNDERCOVER, with --out: ask to open it; ",
                             kOpeningReasons})},
                       {"--out", "FILE", "the statement, for the second officer"},
                       {"--opening", "FILE", "the statement that both signed: open it"}}),
       "palermo operation show 1f2e3d", ShowOperation});
  commands.push_back(
      {"operation", "statistics", "Count, persons once across all states",
       WithPassphrase({operation, {"--publish", "", "for others: small numbers suppressed"}}),
       "palermo operation statistics 1f2e3d --publish", Statistics});
  AddOperationMails(commands);
}

}  // namespace palermo::cli
