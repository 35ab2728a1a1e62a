// case list, clock.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/vocabulary.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/operation_lines.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/clock_policy.h"
#include "node/desk/deadlines.h"

namespace palermo::cli {
namespace {

using casework::ClockState;
using casework::Msg;

struct Line {
  desk::CaseView view;
  desk::Morning morning;
  size_t unread = 0;
  std::vector<casework::Obligation> duties;  // still to be done, by either side
};

// What is late comes first, then by the next date; cases that have ended come last.
std::pair<int, absl::Time> PressOf(const Line& line) {
  if (casework::IsTerminal(line.view.history.final.state)) return {2, absl::InfiniteFuture()};
  const absl::Time next = line.morning.next ? line.morning.next->due : absl::InfiniteFuture();
  return {line.morning.mark == "LATE" ? 0 : 1, next};
}

// The most pressing first; among equals the newest.
absl::StatusOr<std::vector<Line>> LinesOf(Session& session, std::vector<desk::CaseView> views,
                                          bool headers_only, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(desk::ClockPolicy policy, desk::ClockPolicy::Load(session.home));
  std::vector<desk::AuthorityKey> keys;
  if (!headers_only && !views.empty()) {
    PALERMO_ASSIGN_OR_RETURN(keys, session.GrantedKeys());
  }
  std::vector<Line> lines;
  for (desk::CaseView& view : views) {
    KnownDates known;
    desk::CaseBodies bodies(view);
    // In a case that has ended no clock runs; its duties live on.
    if (!headers_only && !casework::IsTerminal(view.history.final.state)) {
      known = ReadDates(session, view, keys, &bodies);
    } else if (!headers_only) {
      OpenBodies(session, keys, true, &bodies).IgnoreError();
    }
    std::vector<casework::Obligation> duties;
    if (!headers_only) duties = bodies.Progress().obligations;
    std::erase_if(duties, [&](const auto& duty) { return !casework::IsOpen(duty, now); });
    desk::Morning morning = desk::MorningOf(
        view, now, policy.For(view.requesting, view.requested, session.view().get()), known.dates);
    lines.push_back({std::move(view), std::move(morning), known.unread, std::move(duties)});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return PressOf(a) < PressOf(b); });
  return lines;
}

std::string Who(bool ours) { return std::string(ours ? Msg("we") : Msg("they")); }

std::string Other(const desk::CaseView& view) {
  return view.own_side == casework::Side::kRequesting ? view.requested : view.requesting;
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

desk::Json ProposalJson(const desk::Proposal& proposal) {
  desk::Json json = desk::Json::Object();
  return json.Add("rule", proposal.rule)
      .Add("text", proposal.text)
      .Add("command", proposal.command);
}

// --- The sections of the morning

struct Entry {
  std::string case_id;  // hexadecimal
  std::vector<std::string> cells;
  desk::Json json = desk::Json::Object();
};
struct Section {
  std::string name;        // of the JSON: "came"
  std::string_view title;  // "CAME"
  std::vector<std::string_view> head;
  std::vector<Entry> entries;
};

Entry EntryOf(const Line& line, std::vector<std::string> cells) {
  Entry entry;
  entry.case_id = IdText(line.view.case_id);
  entry.json.Add("case", entry.case_id).Add("family", casework::FamilyName(line.view.family));
  entry.json.Add("with", Other(line.view));
  entry.cells = std::move(cells);
  entry.cells.push_back(entry.case_id);
  return entry;
}

Section Came(const std::vector<Line>& lines) {
  Section section{"came",
                  Msg("CAME, and nobody opened it"),
                  {Msg("AT"), Msg("FROM"), Msg("FAMILY"), Msg("ACT"), Msg("URGENCY"), Msg("CASE"),
                   Msg("OPEN IT WITH")},
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

Section Dates(const std::vector<Line>& lines, const char* name, std::string_view title,
              ClockState state) {
  Section section{name,
                  title,
                  {Msg("DUE"), Msg("WHO"), Msg("RULE"), Msg("SOURCE"), Msg("WITH"), Msg("CASE")},
                  {}};
  for (const Line& line : lines) {
    for (const desk::Deadline& deadline : line.morning.deadlines) {
      if (deadline.state != state) continue;
      Entry entry = EntryOf(line, {FormatInstant(deadline.due), Who(deadline.ours), deadline.rule,
                                   deadline.source, Other(line.view)});
      entry.json.Add("clock", ClockJson(deadline));
      section.entries.push_back(std::move(entry));
    }
  }
  std::stable_sort(section.entries.begin(), section.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.cells[0] < b.cells[0]; });
  return section;
}

void AddWait(const Line& line, const std::string& text, const std::string& command,
             Section* section) {
  Entry entry = EntryOf(line, {text, Other(line.view)});
  entry.json.Add("text", text).Add("command", command);
  section->entries.push_back(std::move(entry));
}

Section Waits(const std::vector<Line>& lines) {
  Section section{"waits_for_us", Msg("WAITS FOR US"), {Msg("WHAT"), Msg("WITH"), Msg("CASE")}, {}};
  for (const Line& line : lines) {
    for (const desk::Proposal& proposal : line.morning.proposals) {
      AddWait(line, Cat({proposal.rule, ": ", proposal.text}), proposal.command, &section);
    }
    for (const std::string& text : line.view.waits_for_us) {
      if (text.rfind("open ", 0) != 0) AddWait(line, text, "", &section);
    }
    if (line.morning.moves.empty()) continue;
    std::vector<std::string> names;
    for (v1::Act::Code act : line.morning.moves) names.push_back(casework::ActName(act));
    AddWait(line,
            Cat({"it is ", casework::Describe(line.view.history.final),
                 "; possible: ", absl::StrJoin(names, ", ")}),
            Cat({"palermo case show ", IdText(line.view.case_id)}), &section);
  }
  return section;
}

// What outlives an answer: originals to return, persons, accounts of use.
Section Duties(const std::vector<Line>& lines, absl::Time now) {
  Section section{"duties",
                  Msg("DUTIES THAT ARE OPEN"),
                  {Msg("DUE"), Msg("WHO"), Msg("DUTY"), Msg("WITH"), Msg("CASE")},
                  {}};
  for (const Line& line : lines) {
    for (const casework::Obligation& duty : line.duties) {
      const bool dated = duty.due != absl::InfiniteFuture();
      const bool ours = duty.owed_by == line.view.own_side;
      const bool late = casework::IsBreached(duty, now);
      const std::string what = Cat({std::string(duty.kind),
                                    duty.item == 0 ? "" : absl::StrFormat(", item %d", duty.item),
                                    late ? ", OVERDUE" : ""});
      Entry entry =
          EntryOf(line, {dated ? FormatInstant(duty.due) : "-", Who(ours), what, Other(line.view)});
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

// Drafts that this officer did not sign yet, and what he may confirm. Who signed a draft cannot
// approve it.
absl::StatusOr<Section> Drafts(const Session& session, const v1::ListPendingResponse& pending,
                               const OperationsSeen& operations) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  const v1::OfficerEntry* officer = directory->FindOfficer(session.keys.officer);
  const bool approver = officer != nullptr && trust::HasRole(*officer, v1::Role::APPROVER);
  Section section{"drafts",
                  Msg("DRAFTS THAT WAIT FOR A SECOND OFFICER"),
                  {Msg("WHAT"), Msg("TO"), Msg("ANSWER BY"), Msg("YOU"), Msg("CASE")},
                  {}};
  const auto add = [&](const std::string& id, const std::string& header_bytes,
                       const std::string& what, bool signed_it, const char* verb) {
    const bool may = approver && !signed_it;
    v1::Header header;
    if (!header.ParseFromString(header_bytes)) return;
    Entry entry;
    entry.case_id = IdText(header.case_id());
    const std::string to = absl::StrJoin(header.recipients(), ", ");
    const std::string by = header.reply_by_ms() == 0 ? "-" : TimeText(header.reply_by_ms());
    const std::string command = Cat({"palermo case ", verb, " ", IdText(id)});
    entry.cells = {Cat({casework::ActName(header.act()), what}), to, by,
                   std::string(signed_it ? Msg("signed it")
                               : may     ? Msg("may sign")
                                         : Msg("are no approver")),
                   entry.case_id};
    entry.json.Add("case", entry.case_id).Add("family", casework::FamilyName(header.family()));
    entry.json.Add("act", casework::ActName(header.act())).Add("message", IdText(id));
    entry.json.Add("to", to).Add("answer_by", TimeJson(header.reply_by_ms()));
    entry.json.Add("may_sign", may).Add("command", command);
    section.entries.push_back(std::move(entry));
  };
  for (const auto& draft : pending.drafts()) {
    if (operations.HoldsMessage(IdText(draft.message_id()))) continue;
    const bool mine = std::any_of(draft.signatures().begin(), draft.signatures().end(),
                                  [&](const v1::OfficerSignature& signature) {
                                    return signature.officer() == session.keys.officer;
                                  });
    add(draft.message_id(), draft.header(),
        absl::StrFormat(", approvals missing: %d", draft.approvals_missing()), mine, "approve");
  }
  for (const auto& open : pending.confirmations()) {
    add(open.message_id(), open.header(),
        Cat({", sent in an emergency: confirm before ", TimeText(open.status().due_at_ms())}),
        false, "confirm");
  }
  return section;
}

std::vector<Section> SectionsOf(const std::vector<Line>& lines, const Section& drafts,
                                absl::Time now) {
  return {Came(lines),
          Dates(lines, "due", Msg("DUE SOON"), ClockState::kDueSoon),
          Dates(lines, "late", Msg("LATE"), ClockState::kOverdue),
          Waits(lines),
          drafts,
          Duties(lines, now)};
}

// --- case list

desk::Json LineJson(const Line& line) {
  desk::Json json = CaseJson(line.view, false);
  json.Add("mark", line.morning.mark);
  json.AddNumber("unopened", static_cast<int64_t>(line.morning.unopened));
  json.AddNumber("late", static_cast<int64_t>(line.morning.late));
  json.AddNumber("due_soon", static_cast<int64_t>(line.morning.due));
  json.AddNumber("bodies_not_read", static_cast<int64_t>(line.unread));
  desk::Json clocks = desk::Json::List();
  for (const desk::Deadline& deadline : line.morning.deadlines) clocks.Push(ClockJson(deadline));
  desk::Json proposals = desk::Json::List();
  for (const desk::Proposal& one : line.morning.proposals) proposals.Push(ProposalJson(one));
  return json.Add("clocks", std::move(clocks)).Add("proposals", std::move(proposals));
}

std::string ListJson(const std::vector<Line>& lines, const Section& drafts,
                     const OperationsSeen& operations, absl::Time now) {
  desk::Json json = desk::Json::Object(), counts = desk::Json::Object();
  std::vector<Section> sections = SectionsOf(lines, drafts, now);
  for (const Section& section : sections) {
    counts.AddNumber(section.name, static_cast<int64_t>(section.entries.size()));
  }
  counts.AddNumber("cases", static_cast<int64_t>(lines.size()));
  counts.AddNumber("operations", static_cast<int64_t>(operations.lines.size()));
  json.Add("at", FormatInstant(now)).Add("counts", std::move(counts));
  for (Section& section : sections) {
    desk::Json list = desk::Json::List();
    for (Entry& entry : section.entries) list.Push(std::move(entry.json));
    json.Add(section.name, std::move(list));
  }
  desk::Json cases = desk::Json::List();
  for (const Line& line : lines) cases.Push(LineJson(line));
  json.Add("operations", OperationsJson(operations));
  return json.Add("cases", std::move(cases)).Pretty();
}

std::string NextText(const desk::Morning& morning) {
  if (!morning.next) return "-";
  return Cat({FormatInstant(morning.next->due), " ", morning.next->rule,
              morning.next->ours ? " (we)" : " (they)"});
}

std::string SectionText(const Section& section, const Speaker& speaker) {
  std::string text = absl::StrFormat("%s: %d\n", speaker.T(section.title), section.entries.size());
  if (section.entries.empty()) return text + "\n";
  std::vector<std::string> head;
  for (std::string_view word : section.head) head.push_back(speaker.T(word));
  std::vector<std::vector<std::string>> rows;
  for (const Entry& entry : section.entries) {
    rows.emplace_back();
    // Codes, times and ids are no texts of the catalogue and stay as they are.
    for (const std::string& cell : entry.cells) rows.back().push_back(speaker.T(cell));
  }
  return text + Table(head, rows) + "\n";
}

std::string ListText(const std::vector<Line>& lines, const Section& drafts,
                     const OperationsSeen& operations, absl::Time now, const Speaker& speaker) {
  std::string text =
      Cat({speaker.Fill(Msg("{time}. Cases: {count}."),
                        {{"time", FormatInstant(now)}, {"count", std::to_string(lines.size())}}),
           " ",
           speaker.Fill(Msg("Joint operations: {count}."),
                        {{"count", std::to_string(operations.lines.size())}}),
           "\n\n"});
  for (const Section& section : SectionsOf(lines, drafts, now))
    text += SectionText(section, speaker);
  std::string ready;
  for (const Line& line : lines) {
    for (const desk::Proposal& one : line.morning.proposals)
      ready += Cat({"  ", one.command, "\n"});
  }
  if (!ready.empty()) {
    text += Cat({speaker.T("Ready to be run, if you agree:"), "\n", ready, "\n"});
  }
  text += OperationsText(operations);
  if (lines.empty()) return text;
  std::vector<std::vector<std::string>> rows;
  for (const Line& line : lines) {
    rows.push_back({line.morning.mark, IdText(line.view.case_id),
                    casework::FamilyName(line.view.family), Other(line.view),
                    casework::Describe(line.view.history.final), NextText(line.morning)});
  }
  return Cat({text, speaker.T("ALL CASES"), "\n",
              Table({"", speaker.T("CASE"), speaker.T("FAMILY"), speaker.T("WITH"),
                     speaker.T("STATE"), speaker.T("NEXT DATE")},
                    rows)});
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", false, false));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse pending, session.ListDrafts());
  const absl::Time now = context.clock->Now();
  std::vector<desk::CaseView> views = desk::BuildCases(messages, session.config.state, now);
  const bool headers_only = args.Has("--headers-only");
  OperationsSeen operations;
  if (!headers_only) {
    PALERMO_ASSIGN_OR_RETURN(operations, SeeOperations(session, views, pending, context));
    std::erase_if(views, [&](const desk::CaseView& view) { return operations.Holds(view); });
  }
  PALERMO_ASSIGN_OR_RETURN(const std::vector<Line> lines,
                           LinesOf(session, std::move(views), headers_only, now));
  PALERMO_ASSIGN_OR_RETURN(const Section drafts, Drafts(session, pending, operations));
  if (context.json) {
    context.out += ListJson(lines, drafts, operations, now);
  } else if (messages.empty() && pending.drafts().empty() && drafts.entries.empty()) {
    context.out +=
        Cat({Speaker(context.language).T("No case yet. Start one: palermo case new"), "\n"});
  } else {
    context.out += ListText(lines, drafts, operations, now, Speaker(context.language));
  }
  return kExitOk;
}

// --- case clock

std::string ClockText(const desk::Deadline& clock, const Speaker& speaker) {
  std::string text =
      absl::StrFormat("%s  %s  %s\n", clock.rule,
                      std::string(casework::ClockStateName(clock.state)), FormatInstant(clock.due));
  text += Cat({"  ", speaker.T(clock.meaning), " (", clock.source, ")\n"});
  text +=
      Cat({"  ", speaker.T(clock.kind), clock.limit.empty() ? "" : Cat({", ", clock.limit}), "; ",
           speaker.Fill(Msg("started by {field} at {time}"),
                        {{"field", casework::ActName(clock.act_name)},
                         {"time", FormatInstant(clock.started)}}),
           "\n"});
  text += Cat({"  ", speaker.T(clock.ours ? Msg("we must act") : Msg("they must act"))});
  if (clock.state == ClockState::kPaused) {
    text += Cat({"; ", speaker.T("paused while the states ask or consult")});
  }
  return Cat({text, "\n  ", speaker.T("when it runs out:"), " ", speaker.T(clock.expiry), "\n"});
}

absl::StatusOr<int> Clock(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("case"), context));
  PALERMO_ASSIGN_OR_RETURN(CaseClocks clocks, ClocksOfCase(session, view, context));
  desk::Json list = desk::Json::List();
  std::string text;
  bool late = false;
  for (const desk::Deadline& deadline : clocks.deadlines) {
    if (deadline.state == ClockState::kStopped && !args.Has("--all")) continue;
    late = late || deadline.state == ClockState::kOverdue;
    list.Push(ClockJson(deadline));
    text += ClockText(deadline, Speaker(context.language));
  }
  const auto proposals = desk::ProposalsOf(view, clocks.deadlines, context.clock->Now());
  if (context.json) {
    desk::Json ready = desk::Json::List();
    for (const desk::Proposal& one : proposals) ready.Push(ProposalJson(one));
    desk::Json json = desk::Json::Object();
    json.Add("case", IdText(view.case_id)).Add("at", FormatInstant(context.clock->Now()));
    json.Add("clocks", std::move(list)).Add("proposals", std::move(ready));
    json.AddNumber("bodies_not_read", static_cast<int64_t>(clocks.unread));
    context.out += json.Pretty();
    return late ? kExitFindings : kExitOk;
  }
  context.out += text.empty() ? "No clock runs in this case.\n" : text;
  for (const desk::Proposal& one : proposals) {
    context.out += Cat({"\n", one.rule, ": ", one.text, ":\n  ", one.command, "\n"});
  }
  if (clocks.unread > 0) {
    context.out += absl::StrFormat(
        "\nDates of %d messages are not counted: nobody opened them yet, or you cannot.\n",
        clocks.unread);
  }
  return late ? kExitFindings : kExitOk;
}

}  // namespace

absl::StatusOr<CaseClocks> ClocksOfCase(Session& session, const desk::CaseView& view,
                                        Context& context) {
  PALERMO_ASSIGN_OR_RETURN(desk::ClockPolicy policy, desk::ClockPolicy::Load(session.home));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  const KnownDates known = ReadDates(session, view, keys);
  return CaseClocks{
      desk::DeadlinesOf(view, context.clock->Now(),
                        policy.For(view.requesting, view.requested, session.view().get()),
                        known.dates),
      known.unread};
}

void AddMorningCommands(std::vector<Command>& commands) {
  std::vector<Option> options = PassphraseOptions();
  options.push_back(
      {"--headers-only", "", "open no body: dates that only a body names are missing then"});
  commands.push_back({"case", "list",
                      "The morning's list: what came, what is due, what is late, what waits for us",
                      options, "palermo case list", List});
  commands.push_back({"case", "clock",
                      "Explain the clocks of a case: article, limit, when due, who must act",
                      WithPassphrase({{"case", "CASE", "the case id", true},
                                      {"--all", "", "those that have stopped too"}}),
                      "palermo case clock 9b1e...", Clock});
}

}  // namespace palermo::cli
