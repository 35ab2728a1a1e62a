#include "node/cli/operation_lines.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/operation/access.h"
#include "node/casework/text.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

using casework::SignedRecord;

// A request to set up a team with a date to answer is a case like any other; a mail has none.
bool MayBeMail(const desk::CaseAct& act) {
  return act.header.family() == v1::Family::JOINT_INVESTIGATION &&
         act.header.act() == v1::Act::REQUEST && act.header.reply_by_ms() == 0;
}
bool IsUnopened(const desk::CaseAct& act) {
  return act.incoming && act.retrieval == v1::RetrievalResult::UNSPECIFIED;
}

bool HasMails(const std::vector<desk::CaseView>& cases, const v1::ListPendingResponse& pending) {
  const bool sent = std::any_of(cases.begin(), cases.end(), [](const desk::CaseView& view) {
    return std::any_of(view.acts.begin(), view.acts.end(), MayBeMail);
  });
  return sent || std::any_of(pending.drafts().begin(), pending.drafts().end(),
                             [](const v1::PendingDraft& draft) {
                               v1::Header header;
                               return header.ParseFromString(draft.header()) &&
                                      header.family() == v1::Family::JOINT_INVESTIGATION;
                             });
}

absl::StatusOr<OperationLine> LineOf(const std::string& operation, const Session& session,
                                     const std::vector<desk::OperationCarrier>& carriers,
                                     absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(
      const desk::OperationBook book,
      desk::BuildOperationBook(operation, session.config.state, carriers, false, now));
  OperationLine line;
  line.operation = operation;
  const v1::OperationAgreement* agreement = book.Agreement();
  line.name = agreement == nullptr ? "?" : casework::OneLine(agreement->name());
  line.phase = std::string(casework::PhaseName(book.state.phase));
  line.records = book.records.size();
  line.waits = OperationWaits(book, session.keys.officer);
  for (const desk::OperationCarrier& carrier : carriers) {
    if (carrier.mail.operation() != operation || !carrier.relayed_by.empty()) continue;
    line.messages.insert(carrier.message);
    line.drafts += carrier.pending ? 1 : 0;
  }
  if (line.drafts > 0) {
    line.waits.push_back(
        absl::StrFormat("a second officer looks at %d drafts: palermo operation "
                        "approve %s",
                        line.drafts, ShortId(operation)));
  }
  return line;
}

// One operation that cannot be read hides no other.
OperationLine LineWithout(const std::string& operation, const absl::Status& why, Context& context) {
  context.progress(Cat({"operation ", operation, ": ", CodeOf(why), ": ", TextOf(why)}));
  OperationLine line;
  line.operation = operation;
  line.name = "?";
  line.phase = CodeOf(why);
  return line;
}

// Null: it is not here, or not open to the officer.
const SignedRecord* Readable(const desk::OperationBook& book, const std::string& officer,
                             const std::string& id) {
  const SignedRecord* r = book.Find(id);
  const bool shown = r != nullptr && casework::ShowsRecord(book.Agreement(), officer, r->record);
  return shown ? r : nullptr;
}

std::string DefaultOf(const v1::DecisionProposal& proposal) {
  return proposal.otherwise() == "GO" ? "GO" : "NO_GO";
}

// Who stopped it, in the order of the history.
std::vector<const SignedRecord*> AbortsOf(const desk::OperationBook& book,
                                          const std::string& officer, const std::string& decision) {
  std::vector<const SignedRecord*> aborts;
  for (const auto& judged : book.state.records) {
    const SignedRecord* r = judged.effective ? Readable(book, officer, judged.id) : nullptr;
    if (r != nullptr && r->record.abort().decision() == decision) aborts.push_back(r);
  }
  return aborts;
}

std::string DecisionText(const desk::OperationBook& book, const std::string& officer,
                         const casework::DecisionState& decision) {
  std::string votes;
  for (const auto& [state, vote] : decision.votes) {
    votes += Cat({votes.empty() ? "" : ", ", state, " ", vote});
  }
  const SignedRecord* put = Readable(book, officer, decision.id);
  std::string text = absl::StrFormat(
      "  %s  %s  %s (%u of %s must vote GO; %s)\n      %s\n", ShortId(decision.id), decision.kind,
      std::string(casework::OutcomeName(decision.outcome)), decision.quorum,
      absl::StrJoin(decision.electors, ", "), votes.empty() ? "no votes" : votes,
      put == nullptr ? "" : casework::OneLine(put->record.decision().question()));
  if (put != nullptr) {
    text +=
        Cat({"      votes until ", casework::OneLine(put->record.decision().deadline()),
             "; where too few have voted GO by then: ", DefaultOf(put->record.decision()), "\n"});
  }
  for (const SignedRecord* abort : AbortsOf(book, officer, decision.id)) {
    text += Cat({"      aborted by ", abort->signer, " at ", abort->record.at(), ": ",
                 casework::OneLine(abort->record.abort().reason()), "\n"});
  }
  for (const SignedRecord* vote : desk::LateByLedger(book, decision)) {
    text +=
        Cat({"      the vote of ", vote->signer, " says ", vote->record.at(), "; the ledger of ",
             vote->signer, " has it from ", FormatInstant(book.entries.at(vote->id).at),
             ", after the deadline: ask before you build on it\n"});
  }
  return text;
}

}  // namespace

std::string DecisionsText(const desk::OperationBook& book, const std::string& officer) {
  std::string text = book.state.decisions.empty() ? "" : "\nDecisions\n";
  for (const auto& decision : book.state.decisions) text += DecisionText(book, officer, decision);
  return text;
}

desk::Json DecisionJson(const desk::OperationBook& book, const std::string& officer,
                        const casework::DecisionState& decision) {
  desk::Json one = desk::Json::Object(), votes = desk::Json::Object();
  for (const auto& [state, vote] : decision.votes) votes.Add(state, vote);
  const SignedRecord* put = Readable(book, officer, decision.id);
  one.Add("id", decision.id).Add("kind", decision.kind);
  one.Add("question", put == nullptr ? "" : casework::OneLine(put->record.decision().question()));
  one.AddNumber("quorum", decision.quorum);
  desk::Json electors = desk::Json::List(), late = desk::Json::List(), aborts = desk::Json::List();
  for (const std::string& state : decision.electors) electors.Push(state);
  one.Add("electors", std::move(electors)).Add("votes", std::move(votes));
  if (put != nullptr) {
    one.Add("deadline", put->record.decision().deadline());
    one.Add("otherwise", DefaultOf(put->record.decision()));
  }
  for (const SignedRecord* r : AbortsOf(book, officer, decision.id)) {
    desk::Json abort = desk::Json::Object();
    abort.Add("state", r->signer).Add("at", r->record.at());
    aborts.Push(std::move(abort.Add("reason", casework::OneLine(r->record.abort().reason()))));
  }
  one.Add("aborted_by", std::move(aborts));
  for (const SignedRecord* vote : desk::LateByLedger(book, decision)) late.Push(vote->signer);
  one.Add("late_by_ledger", std::move(late));
  return std::move(one.Add("outcome", std::string(casework::OutcomeName(decision.outcome))));
}

std::vector<std::string> OperationWaits(const desk::OperationBook& book,
                                        const std::string& officer) {
  const casework::OperationState& s = book.state;
  std::vector<std::string> lines;
  if (s.phase == casework::Phase::kClosed) return lines;
  const auto tell = [&](const std::string& what, const std::string& verb, const std::string& rest) {
    lines.push_back(Cat({what, ": palermo operation ", verb, " ", ShortId(book.operation),
                         rest.empty() ? "" : " ", rest}));
  };
  if (s.invited.count(book.own_state) != 0) {
    if (s.phase != casework::Phase::kNegotiating) {
      tell("join", "join", "");
    } else if (s.signed_by.count(book.own_state) == 0) {
      tell("sign the agreement", "sign", "");
    }
  }
  for (const auto& [subject, states] : s.waiting) {
    if (states.count(book.own_state) == 0) continue;
    const casework::SignedRecord* r = book.Find(subject);
    tell(Cat({"consent to the ", r == nullptr ? "record" : KindName(r->record)}), "consent",
         ShortId(subject));
  }
  v1::OperationRecord ballot;
  ballot.mutable_vote();
  const bool may_vote = casework::MayWriteRecord(book.Agreement(), officer, ballot);
  if (s.members.count(book.own_state) == 0 || !may_vote) return lines;
  for (const auto& decision : s.decisions) {
    const bool open = decision.outcome == casework::DecisionOutcome::kOpen;
    const bool asked = decision.electors.count(book.own_state) != 0;
    if (!open || !asked || decision.votes.count(book.own_state) != 0) continue;
    const casework::SignedRecord* r = book.Find(decision.id);
    const bool readable =
        r != nullptr && casework::ShowsRecord(book.Agreement(), officer, r->record);
    tell(readable ? Cat({"vote on \"", casework::OneLine(r->record.decision().question()), "\""})
                  : "vote on a decision",
         "vote", Cat({ShortId(decision.id), " GO, or NO_GO"}));
  }
  return lines;
}

bool OperationsSeen::HoldsMessage(const std::string& id_hex) const {
  const auto has = [&](const std::set<std::string>& ids) { return ids.count(id_hex) != 0; };
  return std::any_of(lines.begin(), lines.end(),
                     [&](const OperationLine& line) { return has(line.messages); }) ||
         std::any_of(unopened.begin(), unopened.end(),
                     [&](const auto& from) { return has(from.second); });
}

bool OperationsSeen::Holds(const desk::CaseView& view) const {
  return std::all_of(view.acts.begin(), view.acts.end(), [&](const desk::CaseAct& act) {
    return HoldsMessage(HexEncode(AsView(act.id)));
  });
}

absl::StatusOr<OperationsSeen> SeeOperations(Session& session,
                                             const std::vector<desk::CaseView>& cases,
                                             const v1::ListPendingResponse& pending,
                                             Context& context) {
  OperationsSeen seen;
  if (!HasMails(cases, pending)) return seen;
  for (const desk::CaseView& view : cases) {
    const bool one = view.acts.size() == 1 && MayBeMail(view.acts[0]) && IsUnopened(view.acts[0]);
    // An abort is urgent: it stands among what came.
    if (!one || view.acts[0].header.urgency() != v1::Urgency::ROUTINE) continue;
    seen.unopened[view.acts[0].header.sender()].insert(HexEncode(AsView(view.acts[0].id)));
  }
  PALERMO_ASSIGN_OR_RETURN(const std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationMailbox box,
                           ReadMailbox(session, keys, Unopened::kLeave, context));
  std::set<std::string> ids;
  for (const auto& carrier : box.carriers) ids.insert(carrier.mail.operation());
  for (const std::string& id : ids) {
    auto line = LineOf(id, session, box.carriers, context.clock->Now());
    seen.lines.push_back(line.ok() ? *std::move(line) : LineWithout(id, line.status(), context));
  }
  return seen;
}

desk::Json OperationsJson(const OperationsSeen& seen) {
  desk::Json list = desk::Json::List();
  for (const OperationLine& line : seen.lines) {
    desk::Json one = desk::Json::Object(), waits = desk::Json::List();
    for (const std::string& text : line.waits) waits.Push(text);
    one.Add("operation", line.operation).Add("name", line.name).Add("phase", line.phase);
    one.AddNumber("records", static_cast<int64_t>(line.records));
    one.AddNumber("messages", static_cast<int64_t>(line.messages.size()));
    one.AddNumber("drafts", static_cast<int64_t>(line.drafts));
    one.Add("command", Cat({"palermo operation show ", ShortId(line.operation)}));
    list.Push(std::move(one.Add("waits_for_us", std::move(waits))));
  }
  return list;
}

std::string OperationsText(const OperationsSeen& seen) {
  std::string text;
  std::vector<std::vector<std::string>> rows;
  for (const OperationLine& line : seen.lines) {
    rows.push_back({line.name, line.phase, absl::StrFormat("%d", line.records),
                    line.waits.empty() ? "-" : absl::StrFormat("%d", line.waits.size()),
                    Cat({"palermo operation show ", ShortId(line.operation)})});
  }
  if (!rows.empty()) {
    text += "JOINT OPERATIONS\n" + Table({"NAME", "PHASE", "RECORDS", "WAITS", "SEE"}, rows);
  }
  for (const OperationLine& line : seen.lines) {
    for (const std::string& wait : line.waits) text += Cat({"  ", line.name, ": ", wait, "\n"});
  }
  for (const auto& [sender, ids] : seen.unopened) {
    text += absl::StrFormat(
        "  from %s, not opened yet: %d %s of joint investigations. What belongs to an\n"
        "  operation: palermo operation list. The rest: palermo case inbox\n",
        sender, ids.size(), ids.size() == 1 ? "message" : "messages");
  }
  return text.empty() ? "" : text + "\n";
}

}  // namespace palermo::cli
