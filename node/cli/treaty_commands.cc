// treaty new, check, import, show, basis.
#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/casework/field_words.h"
#include "node/casework/treaty_csv.h"
#include "node/cli/command.h"
#include "node/cli/directory_support.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/files.h"
#include "node/desk/treaty_list.h"

namespace palermo::cli {
namespace {

using casework::Severity;

absl::StatusOr<int> NewTable(const Args&, Context& context) {
  context.out += casework::TreatyListTemplate();
  return kExitOk;
}

absl::StatusOr<std::string> ReadList(const Args& args) {
  return desk::ReadFile(args.Get("file"), limits::kMaxTreatyListBytes);
}

std::string HashOf(const std::string& csv) { return HexEncode(AsView(crypto::Sha256(csv))); }

std::string CountsText(const casework::TreatyList& list) {
  return absl::StrFormat("%d instruments, %d statuses, %d bilateral treaties, %d effects.",
                         list.instruments, list.parties, list.bilaterals, list.effects);
}

// Errors and warnings always; notes too, so that nothing is passed over.
std::string TreatyFindings(const casework::TreatyList& list) {
  std::string text;
  for (const auto& finding : list.findings) {
    const std::string where = finding.line == 0 ? "list" : absl::StrFormat("line %d", finding.line);
    text += Cat({std::string(casework::SeverityName(finding.severity)), "  ", where, ": ",
                 finding.what, "\n"});
  }
  return text;
}

desk::Json FindingsJson(const casework::TreatyList& list) {
  desk::Json all = desk::Json::List();
  for (const auto& finding : list.findings) {
    desk::Json one = desk::Json::Object();
    one.Add("severity", std::string(casework::SeverityName(finding.severity)));
    all.Push(std::move(one.AddNumber("line", finding.line).Add("what", finding.what)));
  }
  return all;
}

absl::StatusOr<int> CheckTable(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string csv, ReadList(args));
  const auto list = casework::ReadTreatyList(csv, args.Get("--state"));
  const bool good = !HasErrors(list);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("good", good).Add("sha256", HashOf(csv));
    context.out += json.Add("findings", FindingsJson(list)).Pretty();
  } else {
    context.out += Cat({TreatyFindings(list), CountsText(list), "\nSHA-256 ", HashOf(csv), "\n",
                        good ? "The list can be imported: palermo treaty import\n"
                             : "Correct the errors first; nothing of a bad line is used.\n"});
  }
  return good ? kExitOk : kExitFindings;
}

absl::StatusOr<int> ImportTable(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string csv, ReadList(args));
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  const auto list = casework::ReadTreatyList(csv, change.next.state());
  if (HasErrors(list)) {
    context.out += context.json ? desk::Json::Object()
                                      .Add("imported", false)
                                      .Add("findings", FindingsJson(list))
                                      .Pretty()
                                : Cat({TreatyFindings(list), "Nothing was imported.\n"});
    return kExitFindings;
  }
  if (!context.json) context.out += Cat({TreatyFindings(list), CountsText(list), "\n"});
  change.next.set_treaty_list(csv);
  return FinishChange(change, args, context,
                      "From then on every desk of this state computes with it, and every other "
                      "state can see which list that was.\n");
}

// --- show

absl::StatusOr<desk::KnownList> ListFor(const Args& args, Context& context) {
  if (args.Has("--list")) {
    PALERMO_ASSIGN_OR_RETURN(std::string csv,
                             desk::ReadFile(args.Get("--list"), limits::kMaxTreatyListBytes));
    return desk::ListFrom(csv);
  }
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  return desk::ListOf(*memory.View(),
                      args.Has("--state") ? args.Get("--state") : memory.own_state());
}

absl::StatusOr<absl::Time> AskedTime(const Args& args, Context& context) {
  if (!args.Has("--at")) return context.clock->Now();
  auto time = ParseInstant(args.Get("--at"));
  if (!time.ok()) return UsageError("--at is a date or a time with zone: 2026-03-02");
  return *time;
}

std::string StatusWord(casework::StatusKind kind) {
  switch (kind) {
    case casework::StatusKind::kParty:
      return "in force";
    case casework::StatusKind::kSigned:
      return "signed only";
    case casework::StatusKind::kDenounced:
      return "denounced";
    case casework::StatusKind::kNotParty:
      return "not bound";
  }
  return "";
}

std::string DayText(absl::Time time) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return "-";
  return FormatInstant(time).substr(0, 10);
}

absl::StatusOr<int> ShowTable(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(desk::KnownList list, ListFor(args, context));
  PALERMO_ASSIGN_OR_RETURN(absl::Time at, AskedTime(args, context));
  desk::Json all = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const std::string& instrument : list.status.Instruments()) {
    if (args.Has("--instrument") && args.Get("--instrument") != instrument) continue;
    for (const std::string& state : list.status.PartiesOf(instrument)) {
      if (args.Has("--party") && args.Get("--party") != state) continue;
      const auto* status = list.status.Find(instrument, state);
      std::vector<std::string> said = status->reservations;
      said.insert(said.end(), status->declarations.begin(), status->declarations.end());
      rows.push_back({instrument, state, StatusWord(list.status.KindAt(instrument, state, at)),
                      DayText(status->in_force), DayText(status->until),
                      said.empty() ? "-" : absl::StrJoin(said, "; ")});
      desk::Json one = desk::Json::Object();
      one.Add("instrument", instrument).Add("state", state).Add("status", rows.back()[2]);
      one.Add("in_force", rows.back()[3]).Add("ends", rows.back()[4]).Add("said", rows.back()[5]);
      all.Push(std::move(one));
    }
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("sha256", list.source.sha256).Add("state", list.source.state);
    json.AddNumber("directory_version", static_cast<int64_t>(list.source.directory_version));
    context.out += json.Add("at", FormatInstant(at)).Add("statuses", std::move(all)).Pretty();
    return kExitOk;
  }
  context.out +=
      absl::StrFormat("List of %s, directory version %d, SHA-256 %s\nAs of %s\n",
                      list.source.state.empty() ? "a file" : list.source.state,
                      list.source.directory_version, list.source.sha256, FormatInstant(at));
  context.out +=
      Table({"INSTRUMENT", "STATE", "STATUS", "FROM", "ENDS", "RESERVED OR DECLARED"}, rows);
  return kExitOk;
}

// --- basis

absl::StatusOr<casework::BasisQuestion> Question(const Args& args, Context& context) {
  casework::BasisQuestion q;
  q.requested_state = args.Get("--requested");
  q.requesting_state = args.Get("--requesting");
  if (q.requesting_state.empty()) {
    PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                             desk::TrustMemory::Load(TrustPath(context.home)));
    q.requesting_state = memory.own_state();
  }
  for (const std::string& state : {q.requested_state, q.requesting_state}) {
    if (!IsStateCode(state)) return UsageError(Cat({"'", state, "' is no state, like QT"}));
  }
  PALERMO_ASSIGN_OR_RETURN(q.at, AskedTime(args, context));
  if (args.Has("--family")) {
    PALERMO_ASSIGN_OR_RETURN(q.family,
                             OptionWord("--family", casework::ParseFamily(args.Get("--family"))));
  }
  for (const std::string& word : args.All("--assistance")) {
    v1::AssistanceType::Code type;
    if (!v1::AssistanceType::Code_Parse(word, &type)) {
      return UsageError(
          Cat({"'", word, "' is no kind of assistance; see: palermo case new --list"}));
    }
    q.types.push_back(type);
  }
  q.area = args.Get("--area");
  if (!casework::IsWordOf("Request", "area", q.area)) {
    return UsageError(
        Cat({"--area: '", q.area, "' is no area; see: palermo case new --words area"}));
  }
  q.offence_art = args.Get("--offence");
  if (args.Has("--max-months") &&
      !absl::SimpleAtoi(args.Get("--max-months"), &q.max_penalty_months)) {
    return UsageError("--max-months is a number of months");
  }
  q.territory = args.Get("--territory");
  q.assurance_of_reciprocity = args.Has("--reciprocity-assured");
  return q;
}

absl::StatusOr<int> Basis(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(casework::BasisQuestion question, Question(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::KnownList list, ListFor(args, context));
  const v1::BasisAnswer answer = casework::Answer(list.status, question, list.source);
  const bool found = !answer.governing_instrument().empty();
  if (context.json) {
    desk::Json reasons = desk::Json::List(), candidates = desk::Json::List();
    for (const auto& reason : answer.reasons()) reasons.Push(reason);
    for (const auto& candidate : answer.candidates()) candidates.Push(candidate);
    desk::Json json = desk::Json::Object();
    json.Add("instrument", answer.governing_instrument());
    json.Add("profile", answer.governing_profile()).Add("candidates", std::move(candidates));
    json.Add("reasons", std::move(reasons)).Add("list_sha256", list.source.sha256);
    context.out += json.Pretty();
    return found ? kExitOk : kExitFindings;
  }
  context.out += absl::StrFormat("%s asks %s, family %s, at %s\n", question.requesting_state,
                                 question.requested_state, casework::FamilyName(question.family),
                                 FormatInstant(question.at));
  for (const std::string& line : casework::AnswerText(answer, Speaker(context.language)))
    context.out += line + "\n";
  context.out += absl::StrFormat("By the list of %s, directory version %d, SHA-256 %s\n",
                                 list.source.state.empty() ? "a file" : list.source.state,
                                 list.source.directory_version, list.source.sha256);
  return found ? kExitOk : kExitFindings;
}

std::vector<Option> ListOptions(std::vector<Option> options) {
  options.push_back({"--list", "FILE", "a list in a file; default: of this state's directory"});
  options.push_back({"--state", "CODE", "the list of this state's directory; default: the own"});
  options.push_back({"--at", "TIME", "as of then; default: now"});
  return options;
}

}  // namespace

void AddTreatyCommands(std::vector<Command>& commands) {
  commands.push_back({"treaty",
                      "new",
                      "Print the lines to start a treaty status list from",
                      {},
                      "palermo treaty new > treaties.csv",
                      NewTable});
  commands.push_back({"treaty",
                      "check",
                      "Check a treaty status list line by line; changes nothing",
                      {{"file", "FILE", "the list, CSV", true},
                       {"--state", "CODE", "warn when the list says nothing of this state"}},
                      "palermo treaty check treaties.csv --state QM",
                      CheckTable});
  commands.push_back({"treaty", "import", "Put a checked list into the next directory version",
                      WithDirectory({{"file", "FILE", "the list, CSV", true}}),
                      "palermo treaty import treaties.csv --out QM.directory", ImportTable});
  commands.push_back({"treaty", "show",
                      "Show who is bound by what, by the list of a state's directory",
                      ListOptions({{"--instrument", "CODE", "only this instrument"},
                                   {"--party", "CODE", "only this state"}}),
                      "palermo treaty show --instrument UNTOC", ShowTable});
  commands.push_back(
      {"treaty", "basis", "Say on which treaty a request between two states can stand, and why",
       ListOptions({{"--requested", "CODE", "the state that is asked", true},
                    {"--requesting", "CODE", "the state that asks; default: the own"},
                    {"--family", "FAMILY", "MLA, EXTRADITION, SEA ...; default MLA"},
                    {"--assistance", "TYPE", "a kind of assistance, like SET_UP_JIT", false, true},
                    {"--area", "WORD", "CYBERCRIME, DRUGS, TERRORISM ..."},
                    {"--offence", "WORD", "of UNTOC: SERIOUS_CRIME, PROTOCOL, 5, 6, 8 or 23"},
                    {"--max-months", "N", "the highest penalty, in months"},
                    {"--territory", "CODE", "of the authority that is asked"},
                    {"--reciprocity-assured", "", "the own state signs an assurance"}}),
       "palermo treaty basis --requested QT --family EXTRADITION --at 2026-03-02", Basis});
}

}  // namespace palermo::cli
