#include "node/cli/operation_lines.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/operation/access.h"
#include "node/casework/text.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

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

}  // namespace

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
  if (s.members.count(book.own_state) == 0) return lines;
  for (const auto& decision : s.decisions) {
    const bool open = decision.outcome == casework::DecisionOutcome::kOpen;
    const bool asked = decision.electors.count(book.own_state) != 0;
    if (!open || !asked || decision.votes.count(book.own_state) != 0) continue;
    const casework::SignedRecord* r = book.Find(decision.id);
    const bool readable =
        r != nullptr && casework::ShowsRecord(book.Agreement(), officer, r->record);
    tell(readable ? Cat({"vote on \"", casework::OneLine(r->record.decision().question()), "\""})
                  : "vote on a decision",
         "vote", Cat({ShortId(decision.id), " GO"}));
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
        "  from %s, not opened yet: %d messages of joint investigations. Those that belong to an\n"
        "  operation: palermo operation list. The rest: palermo case inbox\n",
        sender, ids.size());
  }
  return text.empty() ? "" : text + "\n";
}

}  // namespace palermo::cli
