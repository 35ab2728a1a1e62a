// audit list, inbox, acknowledge, verify.
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/record_words.h"
#include "node/cli/session.h"
#include "node/trust/reason.h"
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

absl::StatusOr<int> ListEntries(const Args& args, Context& context) {
  std::string format = args.Has("--format") ? args.Get("--format") : context.json ? "json" : "text";
  if (format != "text" && format != "json" && format != "csv") {
    return UsageError("--format is text, json or csv");
  }
  v1::AuditListRequest request;
  PALERMO_ASSIGN_OR_RETURN(*request.mutable_filter(), FilterOf(args));
  request.set_limit(static_cast<uint32_t>(limits::kMaxAuditPageEntries));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  std::vector<Line> lines;
  uint64_t end = 0;  // what this command itself adds is not listed
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
  if (format == "json") context.out += JsonLines(lines);
  if (format == "csv") context.out += Csv(lines);
  if (format != "text") return kExitOk;
  context.out += EntriesText(lines, args.Has("--whole"));
  const auto& rows = lines;
  context.out += absl::StrFormat("%d %s\n", rows.size(), rows.size() == 1 ? "entry" : "entries");
  PALERMO_RETURN_IF_ERROR(RemindOfNotices(session, context));
  return kExitOk;
}

// Rebuilds the tree from entries, page by page.
class LedgerCheck {
 public:
  LedgerCheck(Session& session, Context& context) : session_(session), context_(context) {}

  absl::Status Run() {
    PALERMO_ASSIGN_OR_RETURN(directory_, session_.OwnDirectory());
    PALERMO_RETURN_IF_ERROR(Fetch(0));
    while (tree_.size() < checkpoint_.size) PALERMO_RETURN_IF_ERROR(Fetch(tree_.size()));
    if (tree_.Root() != checkpoint_.root) {
      return Refused("TREE_DAMAGED", "the entries do not give the root that the node signed");
    }
    return CheckAgainstMemory();
  }

  uint64_t size() const { return checkpoint_.size; }
  uint64_t redacted() const { return redacted_; }
  uint64_t remembered() const { return remembered_; }

 private:
  // The first page's checkpoint is the one that is checked: later pages are entries too.
  absl::Status Fetch(uint64_t first) {
    v1::AuditListRequest request;
    request.set_first_index(first);
    request.set_limit(static_cast<uint32_t>(limits::kMaxAuditPageEntries));
    PALERMO_ASSIGN_OR_RETURN(v1::AuditListResponse response, session_.node.AuditList(request));
    if (note_.empty()) {
      note_ = response.checkpoint();
      PALERMO_ASSIGN_OR_RETURN(checkpoint_, trust::VerifyNodeCheckpoint(note_, *directory_));
    }
    uint64_t before = tree_.size();
    for (const auto& entry : response.entries()) {
      if (tree_.size() == checkpoint_.size) break;
      PALERMO_RETURN_IF_ERROR(Take(entry));
    }
    if (tree_.size() == before && before < checkpoint_.size) {
      return Refused("TREE_DAMAGED", absl::StrFormat("the node gives no entry %d, but signed %d "
                                                     "entries",
                                                     before, checkpoint_.size));
    }
    context_.progress(absl::StrFormat("%d of %d entries", tree_.size(), checkpoint_.size));
    return absl::OkStatus();
  }

  absl::Status Take(const v1::AuditEntry& entry) {
    if (entry.index() != tree_.size()) {
      return Refused("TREE_DAMAGED", absl::StrFormat("entry %d is missing", tree_.size()));
    }
    PALERMO_ASSIGN_OR_RETURN(Hash hash, HashFrom(entry.entry(), "entry"));
    if (entry.record().empty()) {
      ++redacted_;
    } else if (trust::EntryHash(entry.salt(), entry.record()) != hash) {
      return Refused(
          "TREE_DAMAGED",
          absl::StrFormat("the record of entry %d is not what was entered", entry.index()));
    }
    tree_.Append(crypto::LeafHash(AsView(hash)));
    return absl::OkStatus();
  }

  // What this desk saw at its last call must be the beginning of this tree.
  absl::Status CheckAgainstMemory() {
    auto known = session_.trust.NewestCheckpoint(session_.config.state);
    if (!known.ok() || known->origin != checkpoint_.origin || known->size == 0) {
      return absl::OkStatus();
    }
    remembered_ = known->size;
    uint64_t small = std::min(known->size, checkpoint_.size);
    uint64_t large = std::max(known->size, checkpoint_.size);
    const Hash& small_root = known->size == small ? known->root : checkpoint_.root;
    const Hash& large_root = known->size == small ? checkpoint_.root : known->root;
    v1::GetConsistencyRequest request;
    request.set_old_size(small);
    request.set_new_size(large);
    PALERMO_ASSIGN_OR_RETURN(v1::GetConsistencyResponse response,
                             session_.node.GetConsistency(request));
    PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(response.hashes()));
    if (!crypto::VerifyConsistency(small, large, proof, small_root, large_root).ok()) {
      return Refused("FORKED_LEDGER", absl::StrFormat("the ledger that this desk saw with %d "
                                                      "entries is not the beginning of this one",
                                                      known->size));
    }
    if (checkpoint_.size >= known->size) {
      session_.trust.RememberCheckpoint(session_.config.state, note_);
    }
    return session_.trust.Save(TrustPath(session_.home));
  }

  Session& session_;
  Context& context_;
  trust::DirectoryPtr directory_;
  std::string note_;
  crypto::Checkpoint checkpoint_;
  crypto::CompactRange tree_;
  uint64_t redacted_ = 0;
  uint64_t remembered_ = 0;
};

absl::StatusOr<int> VerifyLedger(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  LedgerCheck check(session, context);
  absl::Status status = check.Run();
  if (!status.ok() && CodeOf(status) != "TREE_DAMAGED" && CodeOf(status) != "FORKED_LEDGER" &&
      CodeOf(status) != "BAD_RECEIPT") {
    return status;
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("valid", status.ok()).Add("code", CodeOf(status)).Add("text", TextOf(status));
    json.AddNumber("entries", static_cast<int64_t>(check.size()));
    json.AddNumber("redacted", static_cast<int64_t>(check.redacted()));
    context.out += json.Pretty();
  } else if (status.ok()) {
    context.out += absl::StrFormat(
        "VALID: %d entries give the root that the node signed; %d of them redacted.\n",
        check.size(), check.redacted());
    if (check.remembered() > 0) {
      context.out += absl::StrFormat("It fits the ledger of %d entries that this desk knew.\n",
                                     check.remembered());
    }
  } else {
    context.out += Cat({"NOT VALID: ", CodeOf(status), ": ", TextOf(status),
                        "\nKeep this desk's folder and tell the other states.\n"});
  }
  return status.ok() ? kExitOk : kExitFindings;
}

std::string WhatOf(const v1::Record& record) {
  if (!record.method().empty() || record.reason() == v1::Reason::NONE) return record.method();
  return trust::ReasonText(record.reason());
}

absl::StatusOr<int> ShowNotices(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListNoticesResponse response,
                           session.node.ListNotices(v1::ListNoticesRequest()));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  const bool whole = args.Has("--whole");
  for (const auto& notice : response.notices()) {
    v1::Record record = trust::ParseRecord(notice.record()).value_or(v1::Record());
    rows.push_back(
        {std::to_string(notice.index()), TimeText(record.at_ms()),
         v1::RecordKind::Code_Name(record.kind()), record.authority(), record.actor(),
         IdText(record.message_id()).substr(0, whole ? std::string::npos : kIdDigitsShown),
         WhatOf(record)});
    desk::Json one = desk::Json::Object();
    one.AddNumber("entry", static_cast<int64_t>(notice.index()));
    one.Add("at", TimeJson(record.at_ms())).Add("kind", v1::RecordKind::Code_Name(record.kind()));
    one.Add("authority", record.authority()).Add("actor", record.actor());
    one.Add("message", IdText(record.message_id())).Add("case", IdText(record.case_id()));
    list.Push(std::move(one.Add("what", WhatOf(record))));
  }
  if (context.json) {
    context.out += list.Pretty();
  } else if (rows.empty()) {
    context.out += "Nothing waits for an auditor.\n";
  } else {
    context.out +=
        Table({"ENTRY", "AT", "KIND", "AUTHORITY", "BROUGHT BY", "MESSAGE", "WHAT"}, rows);
    context.out += "Look at each, then: palermo audit acknowledge ENTRY\n";
  }
  return rows.empty() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> Acknowledge(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const uint64_t entry, NumberOption(args, "entry", 0, UINT64_MAX, 0));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::AcknowledgeNoticeRequest request;
  request.set_index(entry);
  PALERMO_RETURN_IF_ERROR(session.node.AcknowledgeNotice(request).status());
  context.out += context.json ? "{\"acknowledged\": true}\n" : "Acknowledged; that is an entry.\n";
  return kExitOk;
}

}  // namespace

void AddAuditCommands(std::vector<Command>& commands) {
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
                       {"--whole", "", "ids with all their digits, and the case"}}),
       "palermo audit list --from 2026-03-01 --kind SUBMISSION --format csv", ListEntries});
  commands.push_back({"audit", "inbox",
                      "What an auditor must acknowledge: break-glass and the like",
                      WithPassphrase({{"--whole", "", "the message's id with all its digits"}}),
                      "palermo audit inbox", ShowNotices});
  commands.push_back({"audit", "acknowledge", "Acknowledge one of them",
                      WithPassphrase({{"entry", "N", "its entry, as inbox lists it", true}}),
                      "palermo audit acknowledge 71", Acknowledge});
  commands.push_back({"audit", "verify", "Recompute the whole ledger and judge it",
                      PassphraseOptions(), "palermo audit verify", VerifyLedger});
}

}  // namespace palermo::cli
