#include "node/cli/morning_sections.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/acts.h"
#include "node/casework/vocabulary.h"
#include "node/cli/output.h"
#include "node/trust/trust_view.h"

namespace palermo::cli {
namespace {

using casework::ClockState;
using casework::Msg;

// A list fits on a narrow terminal; the whole text stands in the JSON.
constexpr size_t kReferenceColumns = 24, kAboutColumns = 44;

std::string Who(bool ours) { return std::string(ours ? Msg("we") : Msg("they")); }

Entry EntryOf(const Line& line, std::vector<std::string> cells) {
  Entry entry;
  entry.case_id = IdText(line.view.case_id);
  entry.json.Add("case", entry.case_id).Add("family", casework::FamilyName(line.view.family));
  entry.json.Add("with", OtherSide(line.view)).Add("reference", line.label.reference);
  entry.cells = std::move(cells);
  entry.cells.push_back(OwnReference(line));
  entry.cells.push_back(entry.case_id);
  return entry;
}

std::string OrDash(const std::string& command) { return command.empty() ? "-" : command; }

// `said` is for people, in their language; `english` for programs.
void AddWait(const Line& line, const std::string& said, const std::string& english,
             const std::string& command, Section* section) {
  Entry entry = EntryOf(line, {said, OtherSide(line.view)});
  entry.cells.push_back(OrDash(command));
  entry.json.Add("text", english).Add("command", command);
  section->entries.push_back(std::move(entry));
}

// Who may not sign reads it.
Entry DraftEntry(const v1::Header& header, const std::string& id, const std::string& what,
                 const std::string& command, bool approver, bool signed_it) {
  const bool may = approver && !signed_it;
  Entry entry;
  entry.case_id = IdText(header.case_id());
  const std::string to = absl::StrJoin(header.recipients(), ", ");
  const std::string by = header.reply_by_ms() == 0 ? "-" : TimeText(header.reply_by_ms());
  entry.cells = {Cat({casework::ActName(header.act()), ", ", what}),
                 to,
                 by,
                 std::string(signed_it ? Msg("signed it")
                             : may     ? Msg("may sign")
                                       : Msg("are no approver")),
                 entry.case_id,
                 may ? command : Cat({"palermo case show-draft ", IdText(id)})};
  entry.json.Add("case", entry.case_id).Add("family", casework::FamilyName(header.family()));
  entry.json.Add("act", casework::ActName(header.act())).Add("message", IdText(id));
  entry.json.Add("to", to).Add("answer_by", TimeJson(header.reply_by_ms()));
  entry.json.Add("may_sign", may).Add("command", command);
  return entry;
}

}  // namespace

std::string OtherSide(const desk::CaseView& view) {
  return view.own_side == casework::Side::kRequesting ? view.requested : view.requesting;
}

std::string OwnReference(const Line& line) {
  const std::string& reference = line.label.reference;
  return reference.empty() ? "-" : Cut(reference, kReferenceColumns);
}

std::string About(const Line& line) {
  const casework::CaseLabel& label = line.label;
  const char* between = label.area.empty() || label.subject.empty() ? "" : ": ";
  const std::string text = Cat({label.area, between, label.subject});
  return text.empty() ? "-" : Cut(text, kAboutColumns);
}

desk::Json ClockJson(const desk::Deadline& deadline) {
  desk::Json json = desk::Json::Object();
  json.Add("rule", deadline.rule).Add("source", deadline.source).Add("kind", deadline.kind);
  json.Add("meaning", deadline.meaning).Add("when_it_runs_out", deadline.expiry);
  json.Add("limit", deadline.limit);
  json.Add("state", std::string(casework::ClockStateName(deadline.state)));
  json.Add("started", FormatInstant(deadline.started)).Add("due", FormatInstant(deadline.due));
  json.Add("waits_for_us", deadline.ours).Add("act", IdText(AsView(deadline.act)));
  return json.Add("act_name", casework::ActName(deadline.act_name));
}

Section Came(const std::vector<Line>& lines) {
  Section section{"came",
                  Msg("CAME, and nobody opened it"),
                  {Msg("AT"), Msg("FROM"), Msg("FAMILY"), Msg("ACT"), Msg("URGENCY"),
                   Msg("OUR REFERENCE"), Msg("CASE"), Msg("OPEN IT WITH")},
                  {}};
  for (const Line& line : lines) {
    for (const desk::CaseAct& act : line.view.acts) {
      if (!act.incoming || act.retrieval != v1::RetrievalResult::UNSPECIFIED) continue;
      Entry entry = EntryOf(
          line, {FormatInstant(act.recorded_at), act.header.sender(),
                 casework::FamilyName(line.view.family), casework::ActName(act.header.act()),
                 casework::UrgencyName(act.header.urgency())});
      const std::string id = IdText(AsView(act.id));
      entry.cells.push_back(Cat({"palermo case open ", id}));
      entry.json.Add("at", FormatInstant(act.recorded_at)).Add("message", id);
      entry.json.Add("act", casework::ActName(act.header.act()));
      entry.json.Add("urgency", casework::UrgencyName(act.header.urgency()));
      entry.json.Add("command", Cat({"palermo case open ", id}));
      section.entries.push_back(std::move(entry));
    }
  }
  return section;
}

std::string WhyUndelivered(const desk::Undelivered& one) {
  return one.reason == v1::Reason::NONE ? v1::Outcome::Code_Name(one.outcome)
                                        : ReasonWords(one.reason);
}

desk::Json UndeliveredJson(const desk::Undelivered& one) {
  desk::Json json = desk::Json::Object();
  json.Add("case", IdText(one.header.case_id()));
  json.Add("family", casework::FamilyName(one.header.family()));
  json.Add("at", FormatInstant(one.since)).Add("message", IdText(AsView(one.id)));
  json.Add("act", casework::ActName(one.header.act())).Add("to", one.state);
  json.Add("outcome", v1::Outcome::Code_Name(one.outcome));
  json.Add("reason", v1::Reason::Code_Name(one.reason));
  return json.Add("command", Cat({"palermo message explain ", IdText(AsView(one.id))}));
}

Section NotDelivered(const std::vector<desk::Undelivered>& undelivered) {
  Section section{
      "not_delivered",
      Msg("NOT DELIVERED: their node rejected it, or has not answered for ten minutes"),
      {Msg("AT"), Msg("TO"), Msg("FAMILY"), Msg("ACT"), Msg("WHY"), Msg("CASE"), Msg("SEE")},
      {}};
  for (const desk::Undelivered& one : undelivered) {
    Entry entry;
    entry.case_id = IdText(one.header.case_id());
    const std::string why = WhyUndelivered(one);
    const std::string command = Cat({"palermo message explain ", IdText(AsView(one.id))});
    entry.cells = {FormatInstant(one.since),
                   one.state,
                   casework::FamilyName(one.header.family()),
                   casework::ActName(one.header.act()),
                   why,
                   entry.case_id,
                   command};
    entry.json = UndeliveredJson(one);
    section.entries.push_back(std::move(entry));
  }
  return section;
}

Section Dates(const std::vector<Line>& lines, const char* name, std::string_view title,
              ClockState state) {
  Section section{name,
                  title,
                  {Msg("DUE"), Msg("WHO"), Msg("RULE"), Msg("MEANING"), Msg("SOURCE"), Msg("WITH"),
                   Msg("OUR REFERENCE"), Msg("CASE")},
                  {}};
  for (const Line& line : lines) {
    for (const desk::Deadline& deadline : line.morning.deadlines) {
      if (deadline.state != state) continue;
      Entry entry = EntryOf(line, {desk::DueText(deadline), Who(deadline.ours), deadline.rule,
                                   deadline.meaning, deadline.source, OtherSide(line.view)});
      entry.json.Add("clock", ClockJson(deadline));
      section.entries.push_back(std::move(entry));
    }
  }
  std::stable_sort(section.entries.begin(), section.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.cells[0] < b.cells[0]; });
  return section;
}

Section Waits(const std::vector<Line>& lines, const Speaker& speaker) {
  Section section{"waits_for_us",
                  Msg("WAITS FOR US"),
                  {Msg("WHAT"), Msg("WITH"), Msg("OUR REFERENCE"), Msg("CASE"), Msg("RUN")},
                  {}};
  for (const Line& line : lines) {
    for (const Asked& asked : line.asked) {
      AddWait(line, speaker.Fill(asked.wait.english, asked.wait.args),
              casework::FillText(asked.wait.english, asked.wait.args, false), asked.wait.command,
              &section);
    }
    for (const desk::Proposal& proposal : line.morning.proposals) {
      AddWait(line, Cat({proposal.rule, ": ", speaker.T(proposal.text)}),
              Cat({proposal.rule, ": ", proposal.text}), proposal.command, &section);
    }
    for (const desk::Wait& wait : line.view.waits_for_us) {
      // What is not open yet has a section of its own.
      if (wait.command.rfind("palermo case open ", 0) == 0) continue;
      AddWait(line, speaker.Fill(wait.english, wait.args), desk::WaitText(wait), wait.command,
              &section);
    }
    if (line.morning.moves.empty()) continue;
    std::vector<std::string> names;
    for (v1::Act::Code act : line.morning.moves) names.push_back(casework::ActName(act));
    constexpr std::string_view kMoves = Msg("it is {state}; possible: {acts}");
    const casework::TextArgs args = {{"state", casework::Describe(line.view.history.final)},
                                     {"acts", absl::StrJoin(names, ", ")}};
    AddWait(line, speaker.Fill(kMoves, args), casework::FillText(kMoves, args, false),
            Cat({"palermo case show ", IdText(line.view.case_id)}), &section);
  }
  return section;
}

Section Duties(const std::vector<Line>& lines, absl::Time now) {
  Section section{
      "duties",
      Msg("DUTIES THAT ARE OPEN"),
      {Msg("DUE"), Msg("WHO"), Msg("DUTY"), Msg("WITH"), Msg("OUR REFERENCE"), Msg("CASE")},
      {}};
  for (const Line& line : lines) {
    for (const casework::Obligation& duty : line.duties) {
      const bool dated = duty.due != absl::InfiniteFuture();
      const bool ours = duty.owed_by == line.view.own_side;
      const bool late = casework::IsBreached(duty, now);
      const std::string what = Cat({std::string(duty.kind),
                                    duty.item == 0 ? "" : absl::StrFormat(", item %d", duty.item),
                                    late ? ", OVERDUE" : ""});
      Entry entry = EntryOf(
          line, {dated ? FormatInstant(duty.due) : "-", Who(ours), what, OtherSide(line.view)});
      entry.json.Add("duty", std::string(duty.kind)).Add("article", std::string(duty.article));
      entry.json.AddNumber("item", duty.item).Add("ours", ours).Add("overdue", late);
      if (dated) entry.json.Add("due", FormatInstant(duty.due));
      section.entries.push_back(std::move(entry));
    }
  }
  // Those with a date come first.
  std::stable_sort(section.entries.begin(), section.entries.end(),
                   [](const Entry& a, const Entry& b) {
                     const bool has = a.cells[0] != "-", other = b.cells[0] != "-";
                     return has != other ? has : a.cells[0] < b.cells[0];
                   });
  return section;
}

absl::StatusOr<Section> Drafts(const Session& session, const v1::ListPendingResponse& pending,
                               const OperationsSeen& operations, const Speaker& speaker) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  const v1::OfficerEntry* officer = directory->FindOfficer(session.keys.officer);
  const bool approver = officer != nullptr && trust::HasRole(*officer, v1::Role::APPROVER);
  Section section{"drafts",
                  Msg("DRAFTS THAT WAIT FOR A SECOND OFFICER"),
                  {Msg("WHAT"), Msg("TO"), Msg("ANSWER BY"), Msg("YOU"), Msg("CASE"), Msg("RUN")},
                  {}};
  const auto add = [&](const std::string& id, const std::string& header_bytes,
                       const std::string& what, bool signed_it, const char* verb) {
    v1::Header header;
    if (!header.ParseFromString(header_bytes)) return;
    const std::string command = Cat({"palermo case ", verb, " ", IdText(id)});
    section.entries.push_back(DraftEntry(header, id, what, command, approver, signed_it));
  };
  for (const auto& draft : pending.drafts()) {
    if (operations.HoldsMessage(IdText(draft.message_id()))) continue;
    const bool mine = std::any_of(draft.signatures().begin(), draft.signatures().end(),
                                  [&](const v1::OfficerSignature& signature) {
                                    return signature.officer() == session.keys.officer;
                                  });
    add(draft.message_id(), draft.header(),
        speaker.Fill(Msg("approvals missing: {count}"),
                     {{"count", std::to_string(draft.approvals_missing())}}),
        mine, "approve");
  }
  for (const auto& open : pending.confirmations()) {
    add(open.message_id(), open.header(),
        speaker.Fill(Msg("sent in an emergency: confirm before {time}"),
                     {{"time", TimeText(open.status().due_at_ms())}}),
        false, "confirm");
  }
  return section;
}

}  // namespace palermo::cli
