// audit list, compare.
#include "node/cli/audit_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/output.h"
#include "node/cli/record_words.h"
#include "node/cli/session.h"
#include "node/desk/files.h"
#include "node/desk/ledger_compare.h"
#include "node/trust/receipt.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int64_t> MillisOf(const Args& args, const std::string& name,
                                 absl::StatusOr<absl::Time> (*parse)(const std::string&)) {
  if (!args.Has(name)) return 0;
  auto time = parse(args.Get(name));
  if (!time.ok()) return UsageError(Cat({name, " is a date or a time with zone: 2026-03-02"}));
  return ToMillis(*time);
}

// The names of an enumeration, without the one that stands for nothing.
std::string ValuesOf(const google::protobuf::EnumDescriptor* words) {
  std::string text;
  for (int i = 0; i < words->value_count(); ++i) {
    if (words->value(i)->number() == 0) continue;
    text += Cat({text.empty() ? "" : ", ", words->value(i)->name()});
  }
  return text;
}

template <typename Code, typename Add>
absl::Status ParseWords(const Args& args, const std::string& name,
                        bool (*parse)(google::protobuf::ConstStringParam, Code*),
                        const std::string& values, Add add) {
  for (const std::string& word : args.All(name)) {
    Code code{};
    if (!parse(word, &code)) {
      return UsageError(Cat({"'", word, "' is no value of ", name, "; its values are: ", values}));
    }
    add(code);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::AuditFilter> FilterOf(const Args& args) {
  v1::AuditFilter filter;
  PALERMO_ASSIGN_OR_RETURN(int64_t from, MillisOf(args, "--from", ParseInstant));
  PALERMO_ASSIGN_OR_RETURN(int64_t to, MillisOf(args, "--to", ParseEnd));
  if (to != 0 && from > to) {
    return UsageError(Cat({"--from is ", TimeText(from), ", which is later than --to, ",
                           TimeText(to), ": nothing lies between them"}));
  }
  filter.set_from_ms(from);
  filter.set_to_ms(to);
  if (args.Has("--case")) {
    PALERMO_ASSIGN_OR_RETURN(*filter.mutable_case_id(), ParseId(args.Get("--case"), 16, "case id"));
  }
  // What can never be found is said, not answered by an empty list.
  if (args.Has("--peer") && !IsStateCode(args.Get("--peer"))) {
    return UsageError(
        Cat({"--peer: '", args.Get("--peer"), "' is no code of a state; write it like QT"}));
  }
  if (args.Has("--officer") && args.Get("--officer") != "node" &&
      !IsOfficerId(args.Get("--officer"))) {
    return UsageError(Cat({"--officer: '", args.Get("--officer"),
                           "' is no officer; write it like QM/central/o-0001, or node"}));
  }
  filter.set_peer(args.Get("--peer"));
  filter.set_officer(args.Get("--officer"));
  PALERMO_RETURN_IF_ERROR(ParseWords<v1::RecordKind::Code>(
      args, "--kind", v1::RecordKind::Code_Parse, ValuesOf(v1::RecordKind::Code_descriptor()),
      [&](auto code) { filter.add_kinds(code); }));
  PALERMO_RETURN_IF_ERROR(ParseWords<v1::Outcome::Code>(
      args, "--outcome", v1::Outcome::Code_Parse, ValuesOf(v1::Outcome::Code_descriptor()),
      [&](auto code) { filter.add_outcomes(code); }));
  return filter;
}

constexpr size_t kMessageCell = 6;
constexpr size_t kIdDigitsShown = 12;

struct Line {
  uint64_t index;
  v1::Record record;
  bool redacted;
};

std::vector<std::string> Cells(const Line& line) {
  const v1::Record& record = line.record;
  if (line.redacted) return {std::to_string(line.index), "-", "REDACTED", "", "", "", "", ""};
  std::string outcome =
      record.outcome() == v1::Outcome::UNSPECIFIED ? "" : v1::Outcome::Code_Name(record.outcome());
  if (record.reason() != v1::Reason::NONE) {
    outcome += Cat({" ", v1::Reason::Code_Name(record.reason())});
  }
  std::string peers;
  for (const auto& peer : record.peers()) peers += (peers.empty() ? "" : " ") + peer;
  return {std::to_string(line.index),
          TimeText(record.at_ms()),
          v1::RecordKind::Code_Name(record.kind()),
          outcome,
          record.actor(),
          peers,
          IdText(record.message_id()),
          record.act() == v1::Act::UNSPECIFIED ? "" : v1::Act::Code_Name(record.act())};
}

const std::vector<std::string>& Heads() {
  static const auto* heads = new std::vector<std::string>{"ENTRY", "AT",   "KIND",    "OUTCOME",
                                                          "ACTOR", "PEER", "MESSAGE", "ACT"};
  return *heads;
}

// What stands in the list, in its order: what each kind means, once.
std::string KindsText(const std::vector<Line>& lines) {
  std::set<v1::RecordKind::Code> told;
  std::string text;
  for (const Line& line : lines) {
    if (line.redacted || !told.insert(line.record.kind()).second) continue;
    text += absl::StrFormat("  %-20s  %s\n", v1::RecordKind::Code_Name(line.record.kind()),
                            KindMeaning(line.record.kind()));
  }
  return text;
}

// `whole`: ids with all their digits, as other commands take them, and the case.
std::string EntriesText(const std::vector<Line>& lines, bool whole) {
  std::vector<std::vector<std::string>> rows;
  for (const Line& line : lines) {
    rows.push_back(Cells(line));
    std::string& message = rows.back()[kMessageCell];
    if (whole) {
      rows.back().push_back(line.redacted ? "" : IdText(line.record.case_id()));
    } else {
      message = message.substr(0, kIdDigitsShown);
    }
  }
  std::vector<std::string> heads = Heads();
  if (whole) heads.emplace_back("CASE");
  std::string text = Cat({Table(heads, rows), KindsText(lines)});
  if (!whole) text += "Whole ids of messages and cases, to copy: --whole\n";
  return text;
}

// A cell of CSV in quotes, so that a comma in it parts nothing.
std::string Quoted(const std::string& text) {
  return text.empty() ? "" : Cat({"\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\""});
}

std::string Csv(const std::vector<Line>& lines) {
  std::string text = "entry,at,kind,outcome,reason,actor,peers,case,message,family,act,what\n";
  for (const Line& line : lines) {
    std::vector<std::string> cells = Cells(line);
    const v1::Record& record = line.record;
    text += Cat({cells[0],
                 ",",
                 cells[1],
                 ",",
                 cells[2],
                 ",",
                 line.redacted ? "" : v1::Outcome::Code_Name(record.outcome()),
                 ",",
                 line.redacted ? "" : v1::Reason::Code_Name(record.reason()),
                 ",",
                 cells[4],
                 ",",
                 cells[5],
                 ",",
                 IdText(record.case_id()),
                 ",",
                 IdText(record.message_id()),
                 ",",
                 line.redacted ? "" : v1::Family::Code_Name(record.family()),
                 ",",
                 line.redacted ? "" : v1::Act::Code_Name(record.act()),
                 ",",
                 Quoted(record.method()),
                 "\n"});
  }
  return text;
}

std::string JsonLines(const std::vector<Line>& lines) {
  desk::Json list = desk::Json::List();
  for (const Line& line : lines) {
    const v1::Record& record = line.record;
    desk::Json one = desk::Json::Object();
    one.AddNumber("entry", static_cast<int64_t>(line.index)).Add("redacted", line.redacted);
    one.Add("at", TimeJson(record.at_ms())).Add("kind", v1::RecordKind::Code_Name(record.kind()));
    one.Add("outcome", v1::Outcome::Code_Name(record.outcome()));
    one.Add("reason", v1::Reason::Code_Name(record.reason())).Add("actor", record.actor());
    desk::Json peers = desk::Json::List();
    for (const auto& peer : record.peers()) peers.Push(peer);
    one.Add("peers", std::move(peers)).Add("case", IdText(record.case_id()));
    one.Add("message", IdText(record.message_id()));
    one.Add("family", v1::Family::Code_Name(record.family()));
    one.Add("act", v1::Act::Code_Name(record.act()));
    // Which call, which reason, until when: what the kind alone does not say.
    list.Push(std::move(one.Add("what", record.method())));
  }
  return list.Pretty();
}

// Until an auditor has acknowledged them, they stand under every list.
absl::Status RemindOfNotices(Session& session, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::ListNoticesResponse response,
                           session.node.ListNotices(v1::ListNoticesRequest()));
  if (response.notices().empty()) return absl::OkStatus();
  context.out += absl::StrFormat("\nWaiting for your acknowledgement: %d. palermo audit inbox\n",
                                 response.notices_size());
  return absl::OkStatus();
}

// All entries that fit, page by page; what this command itself adds is not among them.
absl::StatusOr<std::vector<Line>> FetchEntries(Session& session, const v1::AuditFilter& filter,
                                               Context& context) {
  v1::AuditListRequest request;
  *request.mutable_filter() = filter;
  request.set_limit(static_cast<uint32_t>(limits::kMaxAuditPageEntries));
  std::vector<Line> lines;
  uint64_t end = 0;
  for (int page = 0; page < limits::kMaxAuditPages; ++page) {
    PALERMO_ASSIGN_OR_RETURN(v1::AuditListResponse response, session.node.AuditList(request));
    if (page == 0) {
      PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
      PALERMO_ASSIGN_OR_RETURN(crypto::Checkpoint checkpoint,
                               trust::VerifyNodeCheckpoint(response.checkpoint(), *directory));
      end = checkpoint.size;
    }
    for (const auto& entry : response.entries()) {
      if (entry.index() >= end) break;
      Line line{entry.index(), {}, entry.record().empty()};
      if (!line.redacted) {
        PALERMO_ASSIGN_OR_RETURN(line.record, trust::ParseRecord(entry.record()));
      }
      lines.push_back(std::move(line));
    }
    if (response.next_index() == 0 || response.next_index() >= end) break;
    request.set_first_index(response.next_index());
    context.progress(absl::StrFormat("entry %d of %d", response.next_index(), end));
  }
  return lines;
}

// A state or officer that nobody knows: an empty list would be read as a clean ledger. Asked only
// where nothing was found, since a ledger is older than the roster and directory of today.
absl::Status CheckNames(const Args& args, Session& session) {
  const std::string peer = args.Get("--peer"), officer = args.Get("--officer");
  const trust::TrustPtr view = session.view();
  if (!peer.empty() && view->Find(peer) == nullptr) {
    std::string known;
    for (const auto& state : view->roster().body.states()) {
      known += Cat({known.empty() ? "" : ", ", state.state()});
    }
    return UsageError(Cat({"--peer: no entry concerns ", peer,
                           ", and the roster has no such state; it has: ", known}));
  }
  if (officer.empty() || officer == "node") return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  if (directory->FindOfficer(officer) != nullptr) return absl::OkStatus();
  return UsageError(Cat({"--officer: no entry is by ", officer,
                         ", and your state's directory has no such officer; palermo directory show "
                         "lists them"}));
}

// One line for each officer, kind and message: how often, first and last.
struct Repeated {
  const Line* first = nullptr;
  const Line* last = nullptr;
  int64_t count = 0;
};
std::vector<Repeated> OnceEach(const std::vector<Line>& lines) {
  std::map<std::string, size_t> places;
  std::vector<Repeated> all;
  for (const Line& line : lines) {
    const v1::Record& record = line.record;
    // Without a message each entry stands for itself, as does one that was redacted.
    const bool alone = line.redacted || record.message_id().empty();
    const std::string key =
        alone ? Cat({"#", std::to_string(line.index)})
              : Cat({record.actor(), " ", v1::RecordKind::Code_Name(record.kind()), " ",
                     v1::Outcome::Code_Name(record.outcome()), " ", record.message_id()});
    const auto [place, fresh] = places.emplace(key, all.size());
    if (fresh) all.push_back({&line, &line, 0});
    all[place->second].last = &line;
    ++all[place->second].count;
  }
  return all;
}

std::string OnceText(const std::vector<Line>& lines, bool whole) {
  std::vector<std::vector<std::string>> rows;
  for (const Repeated& one : OnceEach(lines)) {
    std::vector<std::string> cells = Cells(*one.first);
    std::string message = cells[kMessageCell];
    if (!whole) message = message.substr(0, kIdDigitsShown);
    rows.push_back({std::to_string(one.count), cells[1],
                    one.last->redacted ? "" : TimeText(one.last->record.at_ms()), cells[2],
                    cells[3], cells[4], message, cells[7]});
    if (whole) rows.back().push_back(IdText(one.first->record.case_id()));
  }
  std::vector<std::string> heads = {"TIMES",   "FIRST", "LAST",    "KIND",
                                    "OUTCOME", "ACTOR", "MESSAGE", "ACT"};
  if (whole) heads.emplace_back("CASE");
  return Cat({Table(heads, rows), KindsText(lines)});
}

std::string OnceJson(const std::vector<Line>& lines) {
  desk::Json list = desk::Json::List();
  for (const Repeated& one : OnceEach(lines)) {
    const v1::Record& record = one.first->record;
    desk::Json json = desk::Json::Object();
    json.AddNumber("times", one.count).Add("first", TimeJson(record.at_ms()));
    json.Add("last", TimeJson(one.last->record.at_ms())).Add("redacted", one.first->redacted);
    json.Add("kind", v1::RecordKind::Code_Name(record.kind()));
    json.Add("outcome", v1::Outcome::Code_Name(record.outcome())).Add("actor", record.actor());
    json.Add("case", IdText(record.case_id())).Add("message", IdText(record.message_id()));
    list.Push(std::move(json.Add("act", v1::Act::Code_Name(record.act()))));
  }
  return list.Pretty();
}

absl::StatusOr<int> ListEntries(const Args& args, Context& context) {
  std::string format = args.Has("--format") ? args.Get("--format") : context.json ? "json" : "text";
  if (format != "text" && format != "json" && format != "csv") {
    return UsageError("--format is text, json or csv");
  }
  const bool once = args.Has("--once");
  if (once && format == "csv") {
    return UsageError("--once is for people and programs: --format text or json");
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::AuditFilter filter, FilterOf(args));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(const std::vector<Line> lines, FetchEntries(session, filter, context));
  if (lines.empty()) PALERMO_RETURN_IF_ERROR(CheckNames(args, session));
  if (format == "json") context.out += once ? OnceJson(lines) : JsonLines(lines);
  if (format == "csv") context.out += Csv(lines);
  if (format != "text") return kExitOk;
  const bool whole = args.Has("--whole");
  context.out += once ? OnceText(lines, whole) : EntriesText(lines, whole);
  context.out += absl::StrFormat("%d %s\n", lines.size(), lines.size() == 1 ? "entry" : "entries");
  PALERMO_RETURN_IF_ERROR(RemindOfNotices(session, context));
  return kExitOk;
}

// --- compare

std::vector<desk::LedgerLine> ToLedgerLines(const std::vector<Line>& lines) {
  std::vector<desk::LedgerLine> all;
  for (const Line& line : lines) {
    if (line.redacted || line.record.message_id().empty()) continue;
    const v1::Record& record = line.record;
    all.push_back({record.kind(), record.outcome(), FromMillis(record.at_ms()),
                   IdText(record.message_id()), v1::Act::Code_Name(record.act())});
  }
  return all;
}

struct Compared {
  std::string peer;
  desk::LedgerFile file;
  desk::LedgerComparison result;
  uint64_t redacted_here = 0;
  absl::Time from, to;
};

std::string ComparedText(const Compared& compared, bool whole) {
  const desk::LedgerComparison& result = compared.result;
  std::vector<std::vector<std::string>> rows;
  for (const desk::LedgerDifference& one : result.differences) {
    rows.push_back({whole ? one.message : one.message.substr(0, kIdDigitsShown), one.act,
                    one.sent_here ? "to" : "from", one.here.empty() ? "-" : one.here,
                    one.there.empty() ? "-" : one.there, one.code, desk::DifferenceText(one)});
  }
  std::string text =
      Cat({"Compared: ", FormatInstant(compared.from), " to ", FormatInstant(compared.to), ", ",
           std::to_string(result.messages), " messages with ", compared.peer, ".\n"});
  if (result.outside > 0) {
    text += Cat({std::to_string(result.outside),
                 " messages of this ledger lie outside of that time and are not compared.\n"});
  }
  if (compared.redacted_here + compared.file.redacted > 0) {
    text += Cat({"Redacted, so not compared: ", std::to_string(compared.redacted_here),
                 " entries here, ", std::to_string(compared.file.redacted),
                 " there. What they were about may show as missing.\n"});
  }
  if (rows.empty()) return text + "No difference: what one ledger has, the other has too.\n";
  text += Table({"MESSAGE", "ACT", Cat({"TO/FROM ", compared.peer}), "HERE",
                 Cat({"IN ", compared.peer}), "DIFFERENCE", ""},
                rows);
  return Cat({text, std::to_string(rows.size()),
              rows.size() == 1 ? " message differs." : " messages differ.",
              " Look at each: palermo message explain MESSAGE; then ask the auditor of ",
              compared.peer, " for the receipts.\n"});
}

std::string ComparedJson(const Compared& compared) {
  desk::Json json = desk::Json::Object(), list = desk::Json::List();
  json.Add("peer", compared.peer).Add("from", FormatInstant(compared.from));
  json.Add("to", FormatInstant(compared.to));
  json.AddNumber("messages", static_cast<int64_t>(compared.result.messages));
  json.AddNumber("outside", static_cast<int64_t>(compared.result.outside));
  json.AddNumber("redacted_here", static_cast<int64_t>(compared.redacted_here));
  json.AddNumber("redacted_there", static_cast<int64_t>(compared.file.redacted));
  for (const desk::LedgerDifference& one : compared.result.differences) {
    desk::Json row = desk::Json::Object();
    row.Add("message", one.message).Add("act", one.act).Add("sent_here", one.sent_here);
    row.Add("here", one.here).Add("there", one.there).Add("difference", one.code);
    list.Push(std::move(row.Add("text", desk::DifferenceText(one))));
  }
  return json.Add("differences", std::move(list)).Pretty();
}

absl::StatusOr<int> CompareWithFile(const Args& args, Context& context) {
  const std::string path = args.Get("file"), peer = args.Get("--peer");
  if (!IsStateCode(peer)) {
    return UsageError("--peer takes the state whose ledger the file is, like QT");
  }
  PALERMO_ASSIGN_OR_RETURN(const DeskConfig config, LoadConfig(context.home));
  if (peer == config.state) {
    return UsageError(Cat({"--peer: ", peer, " is your state; name the one whose ledger it is"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const std::string json, desk::ReadFile(path, limits::kMaxCaseFileBytes));
  Compared compared;
  compared.peer = peer;
  PALERMO_ASSIGN_OR_RETURN(compared.file, desk::ParseLedgerFile(json, path, peer, config.state));
  PALERMO_ASSIGN_OR_RETURN(const int64_t from, MillisOf(args, "--from", ParseInstant));
  PALERMO_ASSIGN_OR_RETURN(const int64_t to, MillisOf(args, "--to", ParseEnd));
  compared.from = from == 0 ? compared.file.first : FromMillis(from);
  compared.to = to == 0 ? compared.file.last : FromMillis(to);
  // Of the own ledger all: a message may have been sent before that time and taken over in it.
  v1::AuditFilter filter;
  filter.set_peer(peer);
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(const std::vector<Line> lines, FetchEntries(session, filter, context));
  for (const Line& line : lines) compared.redacted_here += line.redacted ? 1 : 0;
  compared.result =
      desk::CompareLedgers(ToLedgerLines(lines), compared.file.lines, compared.from, compared.to);
  context.out +=
      context.json ? ComparedJson(compared) : ComparedText(compared, args.Has("--whole"));
  return compared.result.differences.empty() ? kExitOk : kExitFindings;
}

}  // namespace

void AddAuditListCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"audit", "list", "List entries of the node's ledger; listing is an entry too",
       WithPassphrase({{"--from", "TIME", "from this time on"},
                       {"--to", "TIME", "before this time; a day counts to its end"},
                       {"--case", "CASE", "of this case"},
                       {"--peer", "CODE", "concerning this state"},
                       {"--officer", "ID", "by this officer"},
                       {"--kind", "KIND", "SUBMISSION, DELIVERY, READ ...", false, true},
                       {"--outcome", "WORD", "ACCEPTED, REJECTED, EXPIRED ...", false, true},
                       {"--format", "FORMAT", "text, json or csv"},
                       {"--once", "",
                        "one line for each officer, kind and message: how often, first and last"},
                       {"--whole", "", "ids with all their digits, and the case"}}),
       "palermo audit list --from 2026-03-01 --kind SUBMISSION --format csv", ListEntries});
  commands.push_back(
      {"audit", "compare", "Compare the ledger with another state's export, message by message",
       WithPassphrase(
           {{"file", "FILE", "what its auditor exported: palermo audit list --format json", true},
            {"--peer", "CODE", "the state whose ledger it is", true},
            {"--from", "TIME", "the time that the file covers; default: its first entry"},
            {"--to", "TIME", "likewise; default: its last entry"},
            {"--whole", "", "ids with all their digits"}}),
       "palermo audit compare ledger-QT.json --peer QT", CompareWithFile});
}

}  // namespace palermo::cli
