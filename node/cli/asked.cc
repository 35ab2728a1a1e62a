#include "node/cli/asked.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

using casework::ClockState;
using casework::Msg;

constexpr absl::Duration kAnswerSoon = absl::Hours(24 * 7);  // as for R-CLK-DEADLINE

// What a peer wrote, as a part of our sentence.
std::string Word(const std::string& text) {
  const std::string line = casework::OneLine(text);
  return line.empty() ? "-" : line;
}

std::string RecordName(const casebook::Item& item) {
  return Cat({item.content.originator, ":", item.content.record});
}

desk::Wait WaitOf(const casebook::Item& item, const Asked& asked, bool held, bool newer) {
  const std::string id = IdText(asked.message_id);
  casework::TextArgs args = {{"state", asked.from}, {"record", Word(asked.record)}};
  if (item.body.has_onward_consent_request()) {
    const v1::OnwardConsentRequest& ask = item.body.onward_consent_request();
    args.emplace_back("other", Word(ask.to_state()));
    args.emplace_back("purpose", Word(ask.purpose()));
    args.emplace_back("why", Word(ask.reason()));
    return {Msg("{state} asks whether {record} may go to {other} for {purpose}: {why}"), args,
            Cat({"palermo route consent ", id, " --decision GRANT"})};
  }
  const bool replaced = item.body.has_intelligence_correction();
  args.emplace_back("why", Word(asked.reason));
  const char* outcome = !held ? "NEVER_HELD" : replaced && newer ? "REPLACED" : "PURGED";
  const std::string command = Cat({"palermo route answer ", id, " --outcome ", outcome});
  if (!replaced) return {Msg("{state} recalls {record}: {why}"), args, command};
  args.emplace_back("other", Word(item.body.intelligence_correction().replaced_by()));
  return {Msg("{state} replaces {record} with {other}: {why}"), args, command};
}

}  // namespace

Asked AskedIn(const casebook::Item& item, bool held, bool newer) {
  Asked asked;
  asked.kind = item.content.kind;
  asked.message_id = item.entry.message_id();
  asked.from = StateOf(item.header.sender());
  asked.record = RecordName(item);
  if (item.body.has_onward_consent_request()) {
    asked.reason = item.body.onward_consent_request().reason();
  } else if (item.body.has_intelligence_correction()) {
    asked.reason = item.body.intelligence_correction().reason();
    asked.answer_by = item.body.intelligence_correction().answer_by();
  } else {
    asked.reason = item.body.intelligence_recall().reason();
    asked.answer_by = item.body.intelligence_recall().answer_by();
  }
  asked.wait = WaitOf(item, asked, held, newer);
  return asked;
}

std::string AskedText(const Asked& asked) {
  std::string text = casework::FillText(asked.wait.english, asked.wait.args, false);
  if (!asked.answer_by.empty()) text += Cat({"\n  Answer by ", Word(asked.answer_by)});
  const bool question = asked.kind == "onward_consent_request";
  return Cat(
      {text, "\n  ", asked.wait.command, question ? "    (or GRANT_SANITISED, DENY)\n" : "\n"});
}

desk::Json AskedJson(const Asked& asked) {
  desk::Json json = desk::Json::Object();
  json.Add("kind", asked.kind).Add("message", IdText(asked.message_id)).Add("from", asked.from);
  json.Add("record", asked.record).Add("reason", asked.reason).Add("answer_by", asked.answer_by);
  return json.Add("command", asked.wait.command);
}

std::optional<desk::Deadline> DeadlineOf(const Asked& asked, const Hash& act, absl::Time started,
                                         absl::Time now) {
  const auto due = ParseEnd(asked.answer_by);
  if (!due.ok()) return std::nullopt;
  desk::Deadline deadline;
  deadline.rule = "R-INT-06";
  deadline.source = std::string(Msg("practice"));
  deadline.meaning = std::string(Msg("the date by which the recall or correction is answered"));
  deadline.expiry = std::string(Msg("no breach: answer, or say when you can"));
  deadline.kind = std::string(Msg("policy"));
  deadline.act = act;
  deadline.act_name = v1::Act::REQUEST;
  deadline.started = started;
  deadline.due = *due;
  deadline.ours = true;
  deadline.state = now >= *due                 ? ClockState::kOverdue
                   : now >= *due - kAnswerSoon ? ClockState::kDueSoon
                                               : ClockState::kRunning;
  return deadline;
}

std::string AnsweredText(const casebook::Item& item) {
  if (!item.entry.incoming() || item.content.record.empty()) return "";
  const std::string from = StateOf(item.header.sender()), record = Word(RecordName(item));
  if (item.body.has_intelligence_answer()) {
    return Cat(
        {from, " answers about ", record, ": ", Word(item.body.intelligence_answer().outcome())});
  }
  if (!item.body.has_onward_consent_answer()) return "";
  const v1::OnwardConsentAnswer& answer = item.body.onward_consent_answer();
  return Cat({from, answer.decision() == "DENY" ? " does not let " : " lets ", record, " go to ",
              Word(answer.to_state()), " for ", Word(answer.purpose()), " (",
              Word(answer.decision()), ")"});
}

std::string SubjectOf(const casebook::Item& item) {
  if (item.content.is_record || item.content.record.empty()) return "";
  return Cat({item.content.kind, " ", RecordName(item)});
}

}  // namespace palermo::cli
