// route ask, consent, forward, recall, correct, answer: what follows a record. Only its originator
// decides; every step is a message, entered in the ledgers of both.
#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/route_sending.h"
#include "node/cli/warning_answers.h"
#include "node/trust/documents.h"

namespace palermo::cli {
namespace {

using casebook::Item;
using casework::Way;

// The office of the originator's state that sent it; the state's central authority when it came by
// way of another state.
std::string OfficeOfOriginator(const std::vector<Item>& events, const std::string& originator) {
  for (const Item& item : events) {
    if (StateOf(item.header.sender()) == originator) return item.header.sender();
  }
  return Cat({originator, "/central"});
}

absl::StatusOr<int> Ask(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string purpose, PurposeOf(args));
  if (!IsStateCode(args.Get("--to-state"))) return UsageError("--to-state takes a state, like QT");
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  const trust::TrustPtr view = desk.session.view();
  if (trust::FindState(view->roster().body, args.Get("--to-state")) == nullptr) {
    return UsageError(Cat({"--to-state: ", args.Get("--to-state"),
                           " takes no part; the states that do: palermo roster show"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const Item item,
                           FindRecord(desk, args.Get("record"), Way::kHistory, context));
  const std::string& originator = item.content.originator;
  if (originator == desk.session.config.state) {
    return WrongState("WRONG_STATE", "the record is your own state's: nobody else is asked");
  }
  PALERMO_ASSIGN_OR_RETURN(const auto events, EventsOf(desk, item, context));
  Outgoing out;
  v1::OnwardConsentRequest& ask = *out.body.mutable_onward_consent_request();
  ask.set_record_id(item.content.record);
  ask.set_to_state(args.Get("--to-state"));
  ask.set_purpose(purpose);
  ask.set_sanitised(args.Has("--sanitised"));
  ask.set_reason(args.Get("--reason"));
  out.to = {OfficeOfOriginator(events, originator)};
  return SendIntelligence(desk.session, std::move(out), context);
}

// Asker and addressee both need the answer: each desk judges by what it holds itself.
absl::StatusOr<std::vector<std::string>> ReadersOfAnswer(const Args& args, SharingDesk& desk,
                                                         const Item& request, bool denied) {
  std::set<std::string> readers = {request.header.sender()};
  for (const std::string& authority : args.All("--to")) readers.insert(authority);
  const std::string& to_state = request.body.onward_consent_request().to_state();
  const bool there = std::any_of(readers.begin(), readers.end(), [&](const std::string& reader) {
    return StateOf(reader) == to_state;
  });
  if (!denied && !there && to_state != desk.session.config.state) {
    const std::string office = Cat({to_state, "/central"});
    const auto directory = desk.session.view()->DirectoryOf(to_state);
    if (!directory.ok() || (*directory)->FindAuthority(office) == nullptr) {
      return UsageError(Cat({office, " is not in the directory: name the office of ", to_state,
                             " that may have the record: --to ", to_state, "/OFFICE"}));
    }
    readers.insert(office);
  }
  return std::vector<std::string>(readers.begin(), readers.end());
}

absl::StatusOr<int> DecideConsent(const Args& args, Context& context) {
  const std::string decision = args.Get("--decision");
  if (decision != "GRANT" && decision != "GRANT_SANITISED" && decision != "DENY") {
    return UsageError("--decision takes GRANT, GRANT_SANITISED or DENY");
  }
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_ASSIGN_OR_RETURN(const Item request, FindMessage(desk, args.Get("message"),
                                                           "onward_consent_request", context));
  const v1::OnwardConsentRequest& ask = request.body.onward_consent_request();
  PALERMO_ASSIGN_OR_RETURN(const Item record, FindOwnRecord(desk, ask.record_id(), context));
  const auto& withheld = casebook::LabelIn(record.body)->withheld_states();
  if (decision != "DENY" &&
      std::find(withheld.begin(), withheld.end(), ask.to_state()) != withheld.end()) {
    return Refused("WITHHELD", Cat({"a claim for protection is open: ", ask.to_state(),
                                    " must not have it (R-HR-01); answer DENY"}));
  }
  if (decision == "GRANT_SANITISED" && !args.Has("--removed")) {
    return UsageError("GRANT_SANITISED names what was removed: --removed TEXT");
  }
  Outgoing out;
  v1::OnwardConsentAnswer& answer = *out.body.mutable_onward_consent_answer();
  answer.set_request_id(HexEncode(request.entry.message_id()));
  answer.set_record_id(record.content.record);
  answer.set_to_state(ask.to_state());
  answer.set_purpose(ask.purpose());
  answer.set_decision(decision);
  answer.set_reason(args.Get("--reason"));
  if (decision == "GRANT_SANITISED") {
    answer.set_sanitised_by(desk.open.officer);
    for (const std::string& text : args.All("--removed")) answer.add_removed_elements(text);
  }
  PALERMO_ASSIGN_OR_RETURN(out.to, ReadersOfAnswer(args, desk, request, decision == "DENY"));
  if (decision == "DENY") {
    // Whom an earlier answer let have it goes by that answer until this one comes.
    PALERMO_ASSIGN_OR_RETURN(const auto events, EventsOf(desk, record, context));
    const std::set<std::string> told = ToldOfConsent(events, ask.to_state(), ask.purpose());
    out.to.insert(out.to.end(), told.begin(), told.end());
  }
  return SendIntelligence(desk.session, std::move(out), context);
}

absl::StatusOr<int> Forward(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_RETURN_IF_ERROR(CheckAllOpened(desk));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, desk.open.officer, context));
  PALERMO_ASSIGN_OR_RETURN(Item item,
                           desk.book().Record(args.Get("record"), access, Way::kView, ""));
  for (const std::string& authority : args.All("--to")) {
    PALERMO_ASSIGN_OR_RETURN(const auto decision,
                             desk.book().May(item, access, Way::kForward, StateOf(authority)));
    if (decision.allowed) continue;
    return Refused(
        "NOT_RELEASED",
        Cat({"it may not go to ", authority, " for ", access.asker.purpose, " (", decision.clause,
             "): ", decision.todo, "\n  palermo route ask ", item.content.originator, ":",
             item.content.record, " --to-state ", StateOf(authority), " --purpose ",
             access.asker.purpose, " --reason TEXT"}));
  }
  Outgoing out;
  out.handling = HandlingOf(*casebook::LabelIn(item.body));
  // With the originator's label and its reasons for warnings, as it came.
  out.body = std::move(item.body);
  KeepWhoAnswered(StateOf(item.header.sender()), desk.session.config.state, &out.body);
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &out.body));
  out.to = args.All("--to");
  return SendIntelligence(desk.session, std::move(out), context);
}

absl::StatusOr<std::string> AnswerBy(const Args& args, const Context& context) {
  if (!args.Has("--answer-by")) return std::string();
  // A day without a time lasts to its end.
  const auto end = ParseEnd(args.Get("--answer-by"));
  if (!end.ok()) return UsageError("--answer-by takes a time, like 2026-03-10T12:00:00Z");
  if (*end <= context.clock->Now()) {
    return UsageError("--answer-by is over already; give a time to come");
  }
  return FormatInstant(*end);
}

absl::StatusOr<int> Recall(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string answer_by, AnswerBy(args, context));
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_ASSIGN_OR_RETURN(const Item item, FindOwnRecord(desk, args.Get("record"), context));
  Outgoing out;
  out.urgency = v1::Urgency::PRIORITY;
  v1::IntelligenceRecall& recall = *out.body.mutable_intelligence_recall();
  recall.set_record_id(item.content.record);
  recall.set_reason(args.Get("--reason"));
  recall.set_answer_by(answer_by);
  return SendNotice(desk, item, std::move(out), args, context);
}

absl::StatusOr<int> Correct(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string answer_by, AnswerBy(args, context));
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_ASSIGN_OR_RETURN(const Item item, FindOwnRecord(desk, args.Get("record"), context));
  PALERMO_ASSIGN_OR_RETURN(const Item next, FindOwnRecord(desk, args.Get("--by"), context));
  if (next.content.record == item.content.record) {
    return UsageError("a record does not replace itself: give the corrected one a new version");
  }
  Outgoing out;
  out.urgency = v1::Urgency::PRIORITY;
  v1::IntelligenceCorrection& correction = *out.body.mutable_intelligence_correction();
  correction.set_record_id(item.content.record);
  correction.set_replaced_by(next.content.record);
  correction.set_reason(args.Get("--reason"));
  correction.set_answer_by(answer_by);
  return SendNotice(desk, item, std::move(out), args, context);
}

absl::StatusOr<int> AnswerRecall(const Args& args, Context& context) {
  const std::string outcome = args.Get("--outcome");
  const std::set<std::string> known = {"PURGED", "REPLACED", "KEPT_UNDER_HOLD", "NEVER_HELD"};
  if (known.count(outcome) == 0) {
    return UsageError("--outcome takes PURGED, REPLACED, KEPT_UNDER_HOLD or NEVER_HELD");
  }
  if (outcome == "KEPT_UNDER_HOLD" && !args.Has("--hold")) {
    return UsageError("KEPT_UNDER_HOLD names the order: --hold TEXT");
  }
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_ASSIGN_OR_RETURN(const Item notice,
                           FindMessage(desk, args.Get("message"),
                                       "intelligence_recall or intelligence_correction", context));
  if (outcome == "REPLACED" && !notice.body.has_intelligence_correction()) {
    return WrongState("WRONG_STATE",
                      "nothing replaced this record, it was recalled: answer PURGED, "
                      "KEPT_UNDER_HOLD or NEVER_HELD");
  }
  std::set<std::string> passed_on;
  auto events = EventsOf(desk, notice, context);
  // Whether we had it is no question of who may see it.
  PALERMO_ASSIGN_OR_RETURN(const bool held,
                           desk.book().Holds(notice.content.originator, notice.content.record));
  for (const Item& item : events.ok() ? *events : std::vector<Item>()) {
    if (!item.content.is_record || item.entry.incoming()) continue;
    for (const std::string& to : item.header.recipients()) passed_on.insert(StateOf(to));
  }
  if (held == (outcome == "NEVER_HELD")) {
    return WrongState("WRONG_STATE", held ? "the casebook says that you held it"
                                          : "the casebook has no such record: answer NEVER_HELD");
  }
  Outgoing out;
  v1::IntelligenceAnswer& answer = *out.body.mutable_intelligence_answer();
  answer.set_record_id(notice.content.record);
  answer.set_outcome(outcome);
  answer.set_at(FormatInstant(context.clock->Now()));
  answer.set_hold_ref(args.Get("--hold"));
  for (const std::string& state : passed_on) answer.add_passed_on_to(state);
  PALERMO_RETURN_IF_ERROR(CheckNotAnswered(
      desk, notice, events.ok() ? *events : std::vector<Item>(), answer, context.clock->Now()));
  out.to = {notice.header.sender()};
  return SendIntelligence(desk.session, std::move(out), context);
}

}  // namespace

void AddSharingCommands(std::vector<Command>& commands) {
  const Option record = {"record", "RECORD", "like QN:R-2026-001/1", true};
  const Option reason = {"--reason", "TEXT", "why; the other side reads it", true};
  const Option also = {"--to", "AUTHORITY", "also tell this office, which has it", false, true};
  const Option answer_by = {"--answer-by", "TIME", "when every recipient should have answered"};
  const Option again = {"--again", "", "also those who were told and have not answered"};
  commands.push_back(
      {"route", "ask", "Ask the originator whether a record may be passed on, or used otherwise",
       WithPassphrase(
           {record,
            {"--to-state", "STATE", "who shall have it; your own, for another purpose", true},
            {"--purpose", "WORD", Cat({"what for: ", kPurposes}), true},
            reason,
            {"--sanitised", "", "a version without its sensitive parts would do"}}),
       "palermo route ask QN:R-2026-001/1 --to-state QT --purpose INVESTIGATION --reason \"same "
       "vessel\"",
       Ask});
  commands.push_back(
      {"route", "consent", "Answer such a question about your own record",
       WithPassphrase(
           {{"message", "MESSAGE", "the question", true},
            {"--decision", "WORD", "GRANT, GRANT_SANITISED or DENY", true},
            {"--reason", "TEXT", "why; a denial needs none"},
            {"--removed", "TEXT", "of GRANT_SANITISED: what was removed", false, true},
            {"--to", "AUTHORITY", "also tell this office of the new state", false, true}}),
       "palermo route consent 0f3c... --decision GRANT", DecideConsent});
  commands.push_back(
      {"route", "forward", "Pass a record on, as far as its label and consents allow",
       WithPassphrase({record,
                       {"--to", "AUTHORITY", "who gets it", true, true},
                       {"--purpose", "WORD", Cat({"what for: ", kPurposes}), true},
                       reason,
                       OverrideOption()}),
       "palermo route forward QN:R-2026-001/1 --to QT/central --purpose INVESTIGATION --reason "
       "\"same vessel\"",
       Forward});
  commands.push_back({"route", "recall", "Take your own record back from all who hold it",
                      WithPassphrase({record, reason, answer_by, also, again}),
                      "palermo route recall R-2026-001/1 --reason \"wrong vessel\"", Recall});
  commands.push_back(
      {"route", "correct", "Replace your own record by a corrected one that was reported",
       WithPassphrase({record,
                       {"--by", "RECORD", "the corrected version", true},
                       reason,
                       answer_by,
                       also,
                       again}),
       "palermo route correct R-2026-001/1 --by R-2026-001/2 --reason \"other port\"", Correct});
  commands.push_back(
      {"route", "answer", "Answer a recall or correction; PURGED and REPLACED purge the casebook",
       WithPassphrase(
           {{"message", "MESSAGE", "the recall or correction", true},
            {"--outcome", "WORD", "PURGED, REPLACED, KEPT_UNDER_HOLD or NEVER_HELD", true},
            {"--hold", "TEXT", "of KEPT_UNDER_HOLD: the order that holds it"}}),
       "palermo route answer 0f3c... --outcome PURGED", AnswerRecall});
}

}  // namespace palermo::cli
