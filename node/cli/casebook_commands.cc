// casebook update, search, show, match, pending, rebuild.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/intelligence/correlation.h"
#include "node/casework/json.h"
#include "node/cli/casebook_support.h"
#include "node/cli/output.h"
#include "node/desk/compartments.h"
#include "node/desk/files.h"

namespace palermo::cli {
namespace {

void PrintUpdated(const Updated& done, Context& context) {
  context.out += context.json ? UpdatedJson(done).Pretty() : UpdatedText(done);
}

absl::StatusOr<int> Update(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_ASSIGN_OR_RETURN(Updated done,
                           UpdateCasebook(session, *open.book, args.Has("--open"), context));
  PALERMO_RETURN_IF_ERROR(AddAsked(open, context.clock->Now(), done));
  PrintUpdated(done, context);
  return kExitOk;
}

void RemoveCasebook(const std::string& path) {
  ::unlink(path.c_str());
  ::unlink(Cat({path, "-journal"}).c_str());
}

// Beside the old one, which stays until the new one is whole.
absl::StatusOr<int> Rebuild(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  const std::string path = Cat({session.home, "/casebook.db"});
  const std::string fresh = Cat({session.home, "/casebook-new.db"});
  RemoveCasebook(fresh);
  auto open = OpenCasebook(session, context, "casebook-new.db");
  const std::string code = CodeOf(open.status());
  if (code == "WRONG_KEY" || code == "BAD_CASEBOOK_KEY") {  // it opens nothing any more
    RemoveCasebook(fresh);
    RemoveCasebook(path);
    ::unlink(Cat({session.home, "/casebook.key"}).c_str());
    open = OpenCasebook(session, context, "casebook-new.db");
  }
  PALERMO_RETURN_IF_ERROR(open.status());
  PALERMO_ASSIGN_OR_RETURN(Updated done,
                           UpdateCasebook(session, *open->book, args.Has("--open"), context));
  PALERMO_RETURN_IF_ERROR(AddAsked(*open, context.clock->Now(), done));
  open->book.reset();
  ::unlink(Cat({path, "-journal"}).c_str());
  if (std::rename(fresh.c_str(), path.c_str()) != 0) {
    return WrongState("CANNOT_WRITE", Cat({path, " cannot be replaced; check the folder"}));
  }
  PrintUpdated(done, context);
  return kExitOk;
}

absl::StatusOr<std::string> MarkOf(const Args& args) {
  const std::string text = args.Get("--identifier");
  const size_t colon = text.find(':');
  const std::string scheme = absl::AsciiStrToUpper(text.substr(0, colon));
  std::string value = colon == std::string::npos ? "" : text.substr(colon + 1), country;
  if (!casework::IsMarkScheme(scheme)) {
    return UsageError(
        Cat({"--identifier: ", scheme, " is no scheme; docs/formats/intelligence.md"}));
  }
  const bool issued = casework::NeedsCountry(scheme);
  if (issued && value.find(':') == std::string::npos) {
    return UsageError(
        Cat({"--identifier: ", scheme, " needs its country, like ", scheme, ":QM:", value}));
  }
  if (issued && value.find(':') != std::string::npos) {
    country = value.substr(0, value.find(':'));
    value = value.substr(value.find(':') + 1);
  }
  const std::string mark = casework::NormalForm(scheme, value, country);
  if (!mark.empty()) return mark;
  return UsageError(
      "--identifier takes SCHEME:VALUE, like IMO:2000107, or PLATE:QM:AB123 with the country");
}

absl::StatusOr<int> Search(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const size_t limit, LimitOf(args));
  if (args.Has("words") == args.Has("--identifier")) {
    return UsageError("give words, or --identifier");
  }
  std::string words, mark;
  for (const std::string& word : args.All("words")) words += Cat({word, " "});
  if (args.Has("--identifier")) {
    PALERMO_ASSIGN_OR_RETURN(mark, MarkOf(args));
  }
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  auto found = mark.empty() ? open.book->Search(words, access, limit)
                            : open.book->Named(mark, access, limit);
  PALERMO_RETURN_IF_ERROR(found.status());
  PrintFound(*found, args.Has("--reason"), context);
  return kExitOk;
}

bool IsMessageId(const std::string& text) { return text.size() == 64 && HexDecode(text).ok(); }

// By message id, or by record id.
absl::StatusOr<casebook::Item> ItemNamed(const Args& args, const std::string& name,
                                         casebook::Casebook& book, const casebook::Access& access) {
  if (IsMessageId(args.Get(name))) {
    PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get(name), 32, "message id"));
    return book.View(id, access);
  }
  const std::string record = args.Get(name);
  auto item = book.Record(record, access, casework::Way::kView, "");
  if (CodeOf(item.status()) != "UNKNOWN_RECORD") return item;
  const auto events = book.History(record, access);
  const bool taken_back =
      events.ok() && std::any_of(events->begin(), events->end(), [](const casebook::Item& event) {
        return event.body.has_intelligence_recall() || event.body.has_intelligence_correction();
      });
  if (!taken_back) return item;
  return Missing("UNKNOWN_RECORD", Cat({record,
                                        " was taken back or replaced by its originator; what "
                                        "became of it: palermo route history ",
                                        record}));
}

absl::StatusOr<int> ShowRecord(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Item item, ItemNamed(args, "item", *open.book, access));
  const std::string body = casework::BodyToJson(desk::ForOfficer(item.body, ""), true);
  PALERMO_ASSIGN_OR_RETURN(const bool differs, open.book->SaysOtherwise(item.body));
  if (context.json) {
    desk::Json json = ItemJson(item);
    json.Add("header", HeaderJson(item.header)).Add("sent_differently", differs);
    context.out += json.Add("body", desk::Json::Raw(body)).Pretty();
    return kExitOk;
  }
  context.out += Cat({ItemLine(item), HeaderText(item.header), "\n", body});
  if (differs) {
    context.out += Cat({item.content.originator, " sent this record twice, differently: palermo ",
                        "route history ", item.content.originator, ":", item.content.record, "\n"});
  }
  return kExitOk;
}

absl::StatusOr<int> MatchRecords(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  std::vector<casebook::Item> items;
  if (args.Has("item")) {
    PALERMO_ASSIGN_OR_RETURN(casebook::Item item, ItemNamed(args, "item", *open.book, access));
    items.push_back(std::move(item));
  } else {
    PALERMO_ASSIGN_OR_RETURN(casebook::Found found,
                             open.book->List({}, access, limits::kMaxCasebookResults));
    items = std::move(found.items);
  }
  std::vector<std::pair<std::string, std::vector<casebook::Match>>> all;
  std::set<std::pair<std::string, std::string>> told;  // mark and message: each pair once
  for (const casebook::Item& item : items) {
    PALERMO_ASSIGN_OR_RETURN(auto matches, open.book->Matches(item, access));
    for (casebook::Match& match : matches) {
      std::erase_if(match.others.items, [&](const casebook::Item& other) {
        return told.count({match.mark, other.entry.message_id()}) != 0;
      });
      told.emplace(match.mark, item.entry.message_id());
    }
    std::erase_if(matches, [](const casebook::Match& m) { return m.others.items.empty(); });
    const std::string name = item.content.record.empty()
                                 ? Cat({"case ", IdText(item.header.case_id())})
                                 : Cat({item.content.originator, ":", item.content.record});
    if (!matches.empty()) all.emplace_back(name, std::move(matches));
  }
  PrintMatches(all, context);
  return kExitOk;
}

absl::StatusOr<int> ListAsked(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(const std::vector<Asked> all, AllAsked(open, context.clock->Now()));
  desk::Json list = desk::Json::List();
  std::string text = all.empty() ? "Nobody waits for a word of yours about a record.\n" : "";
  for (const Asked& asked : all) {
    text += AskedText(asked);
    list.Push(AskedJson(asked));
  }
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

std::vector<Option> WithAccess(std::vector<Option> options) {
  for (Option& option : AskOptions()) options.push_back(std::move(option));
  return WithPassphrase(std::move(options));
}

}  // namespace

void AddCasebookCommands(std::vector<Command>& commands) {
  const Option open = {"--open", "", "also open what nobody opened yet; reports the retrieval"};
  commands.push_back({"casebook", "update", "Fetch what is new from the node, open and index it",
                      WithPassphrase({open}), "palermo casebook update", Update});
  commands.push_back(
      {"casebook", "search", "Find messages by words or by an identifier; needs no node",
       WithAccess({{"words", "WORD", "all must be there; estr* finds estrela", false, true},
                   {"--identifier", "SCHEME:VALUE", "instead: IMO:2000107, PLATE:QM:AB123"},
                   {"--limit", "N", "at most so many; default 50"}}),
       "palermo casebook search estrela sul --purpose INVESTIGATION --reason \"case 7\"", Search});
  commands.push_back(
      {"casebook", "show", "Show one message or record; needs no node",
       WithAccess({{"item", "ID", "a message id, or a record like QN:R-2026-001/1", true}}),
       "palermo casebook show QN:R-2026-001/1 --purpose INVESTIGATION --reason \"case 7\"",
       ShowRecord});
  commands.push_back(
      {"casebook", "match",
       "Show which cases and reports name the same vessel, plate, telephone ...",
       WithAccess({{"item", "ID", "only with this message or record; default: all"}}),
       "palermo casebook match --purpose INVESTIGATION --reason \"case 7\"", MatchRecords});
  commands.push_back({"casebook", "pending",
                      "List what other states ask about records and nobody answered; needs no node",
                      PassphraseOptions(), "palermo casebook pending", ListAsked});
  commands.push_back({"casebook", "rebuild", "Make the casebook anew from the node",
                      WithPassphrase({open}), "palermo casebook rebuild", Rebuild});
}

}  // namespace palermo::cli
