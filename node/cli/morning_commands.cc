// case list, clock.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casebook/questions.h"
#include "node/casework/vocabulary.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/morning_sections.h"
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

// What is late comes first, then by the next date; cases that have ended come last.
std::pair<int, absl::Time> PressOf(const Line& line) {
  if (casework::IsTerminal(line.view.history.final.state)) return {2, absl::InfiniteFuture()};
  const auto& clock = line.morning.next;
  const bool runs = clock && clock->state != ClockState::kPaused;
  const absl::Time next = runs ? clock->due : absl::InfiniteFuture();
  return {line.morning.mark == "LATE" ? 0 : 1, next};
}

// The messages of a list that were opened, as far as they tell what is asked about records.
class AboutRecords {
 public:
  // Those of one case, as line number `line`; says what the case is about.
  std::string Take(const desk::CaseBodies& bodies, size_t line) {
    std::string subject;
    for (size_t i = 0; i < bodies.acts().size(); ++i) {
      const v1::CaseBody* body = bodies.opened()[i].body;
      const desk::CaseAct& act = *bodies.acts()[i];
      if (body == nullptr) continue;
      casebook::Item item;
      item.header = act.header;
      item.content = casebook::RecordOf(act.header, *body);
      if (item.content.record.empty()) continue;
      if (item.content.is_record) {
        held_.emplace(item.content.originator, item.content.record);
        continue;
      }
      item.body = *body;
      item.entry.set_incoming(act.incoming);
      item.entry.set_message_id(std::string(AsView(act.id)));
      item.entry.set_recorded_at_ms(ToMillis(act.recorded_at));
      subject = SubjectOf(item);
      of_.emplace(item.entry.message_id(), std::pair(line, act.id));
      items_.push_back(std::move(item));
    }
    return subject;
  }

  // What nobody answered goes to its line.
  void Tell(std::vector<Line>& lines, absl::Time now) {
    for (const casebook::Item& item : casebook::UnansweredIn(std::move(items_))) {
      const auto& [number, act] = of_.at(item.entry.message_id());
      Line& line = lines[number];
      const bool held = held_.count({item.content.originator, item.content.record}) != 0;
      const std::string& by = item.body.intelligence_correction().replaced_by();
      const bool newer = held_.count({item.content.originator, by}) != 0;
      line.asked.push_back(AskedIn(item, held, newer));
      const absl::Time came = FromMillis(item.entry.recorded_at_ms());
      auto deadline = DeadlineOf(line.asked.back(), act, came, now);
      if (deadline) desk::AddDeadline(line.view, *std::move(deadline), line.morning);
    }
  }

 private:
  std::vector<casebook::Item> items_;
  std::set<std::pair<std::string, std::string>> held_;  // by originator and record
  std::map<std::string, std::pair<size_t, Hash>> of_;   // by message id
};

// The most pressing first; among equals the newest.
absl::StatusOr<std::vector<Line>> LinesOf(Session& session, std::vector<desk::CaseView> views,
                                          bool headers_only, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(desk::ClockPolicy policy, desk::ClockPolicy::Load(session.home));
  std::vector<desk::AuthorityKey> keys;
  if (!headers_only && !views.empty()) {
    PALERMO_ASSIGN_OR_RETURN(keys, session.GrantedKeys());
  }
  std::vector<Line> lines;
  AboutRecords about;
  for (desk::CaseView& view : views) {
    KnownDates known;
    desk::CaseBodies bodies(view);
    // In a case that has ended no clock runs; its duties live on.
    if (!headers_only && !casework::IsTerminal(view.history.final.state)) {
      known = ReadDates(session, view, keys, &bodies);
    } else if (!headers_only) {
      OpenBodies(session, keys, true, &bodies).IgnoreError();
    }
    if (!headers_only) OpenAcknowledgement(session, keys, &bodies);
    std::vector<casework::Obligation> duties;
    const casework::PairPolicy pair =
        policy.For(view.requesting, view.requested, session.view().get());
    if (!headers_only) duties = bodies.Progress(&pair).obligations;
    std::erase_if(duties, [&](const auto& duty) { return !casework::IsOpen(duty, now); });
    desk::Morning morning = desk::MorningOf(view, now, pair, known.dates);
    casework::CaseLabel label = casework::LabelOf(bodies.opened(), view.own_side);
    if (std::string subject = about.Take(bodies, lines.size()); label.subject.empty()) {
      label.subject = std::move(subject);
    }
    lines.push_back(
        {std::move(view), std::move(morning), known.unread, std::move(duties), std::move(label)});
  }
  about.Tell(lines, now);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return PressOf(a) < PressOf(b); });
  return lines;
}

desk::Json ProposalJson(const desk::Proposal& proposal) {
  desk::Json json = desk::Json::Object();
  return json.Add("rule", proposal.rule)
      .Add("text", proposal.text)
      .Add("command", proposal.command);
}

// All that the list shows.
struct Morning {
  std::vector<Line> lines;
  std::vector<desk::Undelivered> undelivered;
  Section drafts;
  OperationsSeen operations;
};

std::vector<Section> SectionsOf(const Morning& morning, absl::Time now, const Speaker& speaker) {
  const std::vector<Line>& lines = morning.lines;
  return {Came(lines),
          NotDelivered(morning.undelivered),
          Dates(lines, "due", Msg("DUE SOON"), ClockState::kDueSoon),
          Dates(lines, "late", Msg("LATE"), ClockState::kOverdue),
          Waits(lines, speaker),
          morning.drafts,
          Duties(lines, now)};
}

// --- case list

desk::Json LineJson(const Line& line) {
  desk::Json json = CaseJson(line.view, false);
  const casework::CaseLabel& label = line.label;
  json.Add("reference", label.reference).Add("their_reference", label.their_reference);
  json.Add("area", label.area).Add("subject", label.subject);
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

std::string ListJson(const Morning& morning, absl::Time now) {
  desk::Json json = desk::Json::Object(), counts = desk::Json::Object();
  // The cells are for people; JSON is the same in every language.
  std::vector<Section> sections = SectionsOf(morning, now, Speaker(words::Language::kEnglish));
  for (const Section& section : sections) {
    counts.AddNumber(section.name, static_cast<int64_t>(section.entries.size()));
  }
  counts.AddNumber("cases", static_cast<int64_t>(morning.lines.size()));
  counts.AddNumber("operations", static_cast<int64_t>(morning.operations.lines.size()));
  json.Add("at", FormatInstant(now)).Add("counts", std::move(counts));
  for (Section& section : sections) {
    desk::Json list = desk::Json::List();
    for (Entry& entry : section.entries) list.Push(std::move(entry.json));
    json.Add(section.name, std::move(list));
  }
  desk::Json cases = desk::Json::List();
  for (const Line& line : morning.lines) cases.Push(LineJson(line));
  json.Add("operations", OperationsJson(morning.operations));
  return json.Add("cases", std::move(cases)).Pretty();
}

std::string NextText(const desk::Morning& morning, const Speaker& speaker) {
  if (!morning.next) return "-";
  const desk::Deadline& next = *morning.next;
  const std::string who = speaker.T(next.ours ? Msg("we") : Msg("they"));
  // The date of a paused clock moves on, so it is none.
  if (next.state == ClockState::kPaused) {
    return Cat({"- ", next.rule, " (", who, "): ", speaker.T(next.meaning), "; ",
                speaker.T("paused while the states ask or consult")});
  }
  return Cat({desk::DueText(next), " ", next.rule, " (", who, "): ", speaker.T(next.meaning)});
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

std::string CasesText(const Morning& morning, absl::Time now, const Speaker& speaker) {
  const std::vector<Line>& lines = morning.lines;
  std::string text =
      Cat({speaker.Fill(Msg("{time}. Cases: {count}."),
                        {{"time", FormatInstant(now)}, {"count", std::to_string(lines.size())}}),
           " ",
           speaker.Fill(Msg("Joint operations: {count}."),
                        {{"count", std::to_string(morning.operations.lines.size())}}),
           "\n\n"});
  for (const Section& section : SectionsOf(morning, now, speaker))
    text += SectionText(section, speaker);
  std::string ready;
  for (const Line& line : lines) {
    for (const desk::Proposal& one : line.morning.proposals)
      ready += Cat({"  ", one.command, "\n"});
  }
  if (!ready.empty()) {
    text += Cat({speaker.T("Ready to be run, if you agree:"), "\n", ready, "\n"});
  }
  text += OperationsText(morning.operations);
  if (lines.empty()) return text;
  std::vector<std::vector<std::string>> rows;
  for (const Line& line : lines) {
    rows.push_back({line.morning.mark, OwnReference(line), About(line), IdText(line.view.case_id),
                    casework::FamilyName(line.view.family), OtherSide(line.view),
                    casework::Describe(line.view.history.final), NextText(line.morning, speaker)});
  }
  return Cat(
      {text, speaker.T("ALL CASES"), "\n",
       Table({"", speaker.T("OUR REFERENCE"), speaker.T("ABOUT"), speaker.T("CASE"),
              speaker.T("FAMILY"), speaker.T("WITH"), speaker.T("STATE"), speaker.T("NEXT DATE")},
             rows)});
}

absl::StatusOr<int> ListCases(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", false, false));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse pending, session.ListDrafts());
  const absl::Time now = context.clock->Now();
  std::vector<desk::CaseView> views = desk::BuildCases(messages, session.config.state, now);
  const bool headers_only = args.Has("--headers-only");
  Morning morning;
  morning.undelivered = desk::UndeliveredOf(messages, now);
  if (!headers_only) {
    PALERMO_ASSIGN_OR_RETURN(morning.operations, SeeOperations(session, views, pending, context));
    std::erase_if(views,
                  [&](const desk::CaseView& view) { return morning.operations.Holds(view); });
  }
  PALERMO_ASSIGN_OR_RETURN(morning.lines, LinesOf(session, std::move(views), headers_only, now));
  PALERMO_ASSIGN_OR_RETURN(morning.drafts,
                           Drafts(session, pending, morning.operations, Speaker(context.language)));
  if (context.json) {
    context.out += ListJson(morning, now);
  } else if (messages.empty() && pending.drafts().empty() && morning.drafts.entries.empty()) {
    context.out +=
        Cat({Speaker(context.language).T("No case yet. Start one: palermo case new"), "\n"});
  } else {
    context.out += CasesText(morning, now, Speaker(context.language));
  }
  return kExitOk;
}

// --- case clock

// "5 d (working days)" is the JSON's; a screen has it in its language.
std::string LimitText(const desk::Deadline& clock, const Speaker& speaker) {
  if (clock.limit.empty()) return "";
  constexpr std::string_view kWorking = " (working days)";
  const bool working = clock.limit.size() > kWorking.size() &&
                       clock.limit.substr(clock.limit.size() - kWorking.size()) == kWorking;
  if (!working && clock.named) {
    return Cat({", ", speaker.Fill(clock.at_least ? Msg("at least {limit}; the act names the date")
                                                  : Msg("at most {limit}; the act names the date"),
                                   {{"limit", clock.limit}})});
  }
  if (!working) return Cat({", ", clock.limit});
  const std::string number = clock.limit.substr(0, clock.limit.size() - kWorking.size());
  return Cat({", ", speaker.Fill(Msg("{limit} (working days)"), {{"limit", number}})});
}

std::string ClockText(const desk::Deadline& clock, const Speaker& speaker) {
  std::string text =
      absl::StrFormat("%s  %s  %s\n", clock.rule,
                      std::string(casework::ClockStateName(clock.state)), desk::DueText(clock));
  text += Cat({"  ", speaker.T(clock.meaning), " (",
               clock.source == "practice" ? speaker.T(Msg("practice")) : clock.source, ")\n"});
  text += Cat({"  ", speaker.T(clock.kind), LimitText(clock, speaker), "; ",
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
  const auto proposals =
      desk::ProposalsOf(view, clocks.deadlines, context.clock->Now(), clocks.policy);
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
  const Speaker speaker(context.language);
  context.out += text.empty() ? Cat({speaker.T("No clock runs in this case."), "\n"}) : text;
  for (const desk::Proposal& one : proposals) {
    context.out += Cat({"\n", one.rule, ": ", speaker.T(one.text), ":\n  ", one.command, "\n"});
  }
  if (clocks.unread > 0) {
    context.out +=
        Cat({"\n",
             speaker.Fill(Msg("Dates of {count} messages are not counted: nobody opened them yet, "
                              "or you cannot."),
                          {{"count", std::to_string(clocks.unread)}}),
             "\n"});
  }
  return late ? kExitFindings : kExitOk;
}

}  // namespace

absl::StatusOr<CaseClocks> ClocksOfCase(Session& session, const desk::CaseView& view,
                                        Context& context) {
  PALERMO_ASSIGN_OR_RETURN(casework::PairPolicy policy, PolicyOfCase(session, view));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  const KnownDates known = ReadDates(session, view, keys);
  return CaseClocks{desk::DeadlinesOf(view, context.clock->Now(), policy, known.dates),
                    known.unread, std::move(policy)};
}

void AddMorningCommands(std::vector<Command>& commands) {
  std::vector<Option> options = PassphraseOptions();
  options.push_back(
      {"--headers-only", "", "open no body: dates that only a body names are missing then"});
  commands.push_back({"case", "list",
                      "The morning's list: what came, what is due, what is late, what waits for us",
                      options, "palermo case list", ListCases});
  commands.push_back({"case", "clock",
                      "Explain the clocks of a case: article, limit, when due, who must act",
                      WithPassphrase({{"case", "CASE", "the case id", true},
                                      {"--all", "", "those that have stopped too"}}),
                      "palermo case clock 9b1e...", Clock});
}

}  // namespace palermo::cli
