#include "node/cli/casebook_support.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/label_asking.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/desk/casebook_key.h"
#include "node/desk/files.h"
#include "node/desk/operation_mailbox.h"

namespace palermo::cli {
namespace {

constexpr size_t kDefaultResults = 50;
constexpr absl::Duration kIsNews = absl::Hours(24);  // R-SOM-08 asks for no longer

std::string KeyPath(const std::string& home) { return Cat({home, "/casebook.key"}); }

absl::StatusOr<OpenBook> OpenWith(const std::string& home, const std::string& file,
                                  const std::string& officer,
                                  const crypto::SealingPrivateKey& seal) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           desk::ReadFile(KeyPath(home), limits::kMaxCasebookKeyBytes));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes key, desk::OpenCasebookKey(bytes, officer, seal));
  PALERMO_ASSIGN_OR_RETURN(auto book,
                           casebook::Casebook::Open(Cat({home, "/", file}), key, officer));
  return OpenBook{officer, std::move(book)};
}

// Who takes part in an operation, as far as this mail tells.
void AddMembership(const Session& session, const std::string& id, const Read& read,
                   v1::CasebookEntry& entry) {
  std::vector<std::string> problems;  // palermo operation show tells them
  const auto carriers =
      desk::CarriersOf(*session.view(), session.config.state, read.verified.envelope.header, id,
                       read.opened.body, nullptr, problems);
  for (const casework::SignedRecord& r : desk::MembershipRecords(carriers)) {
    v1::CasebookOperationRecord& kept = *entry.add_operation_records();
    kept.set_id(r.id);
    kept.set_signer(r.signer);
    *kept.mutable_record() = r.record;
    kept.set_place_only(r.place_only);
  }
}

v1::CasebookEntry CasebookEntryOf(const Session& session, const std::string& id, const Read& read,
                                  bool incoming) {
  v1::CasebookEntry entry;
  entry.set_message_id(id);
  entry.set_incoming(incoming);
  entry.set_result(read.opened.result);
  entry.set_header(read.verified.envelope.header.SerializeAsString());
  if (read.opened.result == v1::RetrievalResult::OPENED) {
    entry.set_body(read.opened.body.SerializeAsString());
    if (read.opened.body.has_operation_mail()) AddMembership(session, id, read, entry);
  }
  const auto first = incoming ? v1::RecordKind::DELIVERY : v1::RecordKind::SUBMISSION;
  for (const desk::VerifiedReceipt& one : read.verified.receipts) {
    v1::CasebookReceipt& receipt = *entry.add_receipts();
    receipt.set_state(one.state);
    receipt.set_kind(one.record.kind());
    receipt.set_outcome(one.record.outcome());
    receipt.set_at_ms(one.record.at_ms());
    if (one.record.kind() == first && one.state == session.config.state) {
      entry.set_recorded_at_ms(one.record.at_ms());
    }
  }
  return entry;
}

bool CarriesIntelligence(v1::Family::Code family) {
  return family == v1::Family::LAW_ENFORCEMENT_INFO || family == v1::Family::SPONTANEOUS;
}

// Fills one casebook from one node.
class Updater {
 public:
  Updater(Session& session, casebook::Casebook& book, bool open, Context& context)
      : session_(session), book_(book), open_(open), context_(context) {}

  absl::StatusOr<Updated> Run() {
    PALERMO_ASSIGN_OR_RETURN(keys_, session_.GrantedKeys());
    PALERMO_RETURN_IF_ERROR(TakeNew());
    PALERMO_RETURN_IF_ERROR(TryAgain());
    PALERMO_RETURN_IF_ERROR(Refresh());
    PALERMO_RETURN_IF_ERROR(ProposeAlerts());
    return std::move(done_);
  }

 private:
  absl::Status TakeNew() {
    v1::ListMessagesRequest request;
    request.set_limit(static_cast<uint32_t>(limits::kMaxInboxPage));
    PALERMO_ASSIGN_OR_RETURN(*request.mutable_after(), book_.After());
    bool settled = true;  // everything up to here is in the casebook
    std::vector<v1::CasebookEntry> batch;
    std::string after;
    const auto put = [&]() -> absl::Status {
      PALERMO_RETURN_IF_ERROR(book_.Put(batch, after));
      done_.taken += batch.size();
      batch.clear();
      return absl::OkStatus();
    };
    for (int pages = 0; pages < limits::kMaxListPages; ++pages) {
      PALERMO_ASSIGN_OR_RETURN(v1::ListMessagesResponse page, session_.node.ListMessages(request));
      for (const v1::MessageSummary& message : page.messages()) {
        PALERMO_ASSIGN_OR_RETURN(const bool taken, TakeOne(message, batch));
        settled = settled && taken;
      }
      if (settled && !page.next().empty()) after = page.next();
      const bool last = page.next().empty() || page.next() == request.after();
      if (last || batch.size() >= casebook::kMessagesAtOnce) PALERMO_RETURN_IF_ERROR(put());
      if (last) return absl::OkStatus();
      request.set_after(page.next());
    }
    PALERMO_RETURN_IF_ERROR(put());
    return OverLimit("TOO_MANY",
                     "the node still has more messages after as many answers as a desk "
                     "takes; run it again, and tell your administrator if it does not "
                     "end");
  }

  // False: it must be asked for again.
  absl::StatusOr<bool> TakeOne(const v1::MessageSummary& message,
                               std::vector<v1::CasebookEntry>& batch) {
    const std::string& id = message.message_id();
    PALERMO_ASSIGN_OR_RETURN(const bool known, book_.Knows(id));
    if (known) return true;
    const bool fresh =
        message.incoming() && message.retrieval() == v1::RetrievalResult::UNSPECIFIED;
    if (fresh && !open_) {
      LeaveUnopened(message);
      return false;
    }
    PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session_, id, keys_));
    if (fresh && read.opened.result == v1::RetrievalResult::OPENED &&
        casebook::LabelIn(read.opened.body) != nullptr) {
      // A consent to it may have come just before it.
      PALERMO_RETURN_IF_ERROR(book_.Put(batch, ""));
      done_.taken += batch.size();
      batch.clear();
      if (!MayOpenUnasked(book_, id, read, session_.keys.officer, context_.clock->Now())) {
        kept_closed_.push_back(message);
        return false;
      }
    }
    if (fresh) {
      PALERMO_RETURN_IF_ERROR(ReportRetrieval(session_, id, read.opened.result, context_));
      // With the receipt of the opening.
      if (CarriesIntelligence(read.verified.envelope.header.family())) {
        PALERMO_ASSIGN_OR_RETURN(read, FetchAndOpen(session_, id, keys_));
      }
    }
    if (read.opened.result != v1::RetrievalResult::OPENED) ++done_.unreadable;
    // What does not verify is not kept: nobody knows whose it is.
    if (read.opened.result == v1::RetrievalResult::INVALID) return false;
    batch.push_back(CasebookEntryOf(session_, id, read, message.incoming()));
    if (read.opened.body.has_route_report()) reports_.push_back(id);
    if (message.incoming()) TellCame(batch.back(), read, fresh);
    return true;
  }

  void LeaveUnopened(const v1::MessageSummary& message) {
    ++done_.unopened;
    v1::Header header;
    const bool known = header.ParseFromString(message.header());
    if (!known || CarriesIntelligence(header.family())) {
      done_.unopened_intelligence.push_back(message.message_id());
    }
    if (known && header.urgency() == v1::Urgency::EMERGENCY_LIFE) {
      done_.unopened_emergencies.emplace_back(message.message_id(), header.sender());
    }
  }

  // Of what somebody here opened before, only the newest: a casebook that is made anew tells no old
  // danger as a new one.
  void TellCame(const v1::CasebookEntry& entry, const Read& read, bool fresh) {
    done_.came.insert(entry.message_id());
    const absl::Time at = FromMillis(entry.recorded_at_ms());
    if (!fresh && context_.clock->Now() - at > kIsNews) return;
    casebook::Item item;
    item.entry.set_incoming(true);
    item.header = read.verified.envelope.header;
    item.body = read.opened.body;
    item.content = casebook::RecordOf(item.header, item.body);
    if (std::string text = AnsweredText(item); !text.empty()) {
      done_.answers.push_back(std::move(text));
    }
    if (!read.opened.body.has_rescue_alert()) return;
    done_.rescues.push_back({entry.message_id(), read.verified.envelope.header.sender(),
                             entry.recorded_at_ms(), read.opened.body.rescue_alert()});
  }

  // What came after it may let it be opened: the originator's consent, by another way.
  absl::Status TryAgain() {
    std::vector<v1::MessageSummary> closed = std::move(kept_closed_);
    kept_closed_.clear();
    std::vector<v1::CasebookEntry> batch;
    for (const v1::MessageSummary& message : closed) {
      PALERMO_RETURN_IF_ERROR(TakeOne(message, batch).status());
    }
    done_.kept_closed = kept_closed_.size();
    done_.taken += batch.size();
    return book_.Put(batch, "");
  }

  absl::Status Refresh() {
    PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> ids,
                             book_.OpenMessages(context_.clock->Now()));
    std::vector<v1::CasebookEntry> batch;
    for (const std::string& id : ids) {
      PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session_, id, keys_));
      if (read.opened.result != v1::RetrievalResult::OPENED) continue;
      batch.push_back(CasebookEntryOf(session_, id, read, false));
    }
    done_.refreshed = batch.size();
    return book_.Put(batch, "");
  }

  absl::Status ProposeAlerts() {
    const absl::Time now = context_.clock->Now();
    const casebook::Access access =
        AccessFor(session_.keys.officer, "SEARCH_AND_RESCUE", "danger to life", now);
    for (const std::string& id : reports_) {
      auto item = book_.View(id, access);
      if (!item.ok()) continue;
      const auto danger = casework::DangerOf(item->body.route_report(), FormatInstant(now));
      if (!NeedsAlert(danger)) continue;
      done_.alerts.push_back({Cat({item->content.originator, ":", item->content.record}), danger});
    }
    return absl::OkStatus();
  }

  Session& session_;
  casebook::Casebook& book_;
  const bool open_;
  Context& context_;
  std::vector<desk::AuthorityKey> keys_;
  std::vector<std::string> reports_;
  std::vector<v1::MessageSummary> kept_closed_;  // their labels do not let this officer open them
  Updated done_;
};

}  // namespace

absl::StatusOr<OpenBook> OpenCasebook(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  // An empty casebook would be made where it was lost, and say that there is nothing.
  if (!desk::FileExists(KeyPath(context.home)) ||
      !desk::FileExists(Cat({context.home, "/casebook.db"}))) {
    return Missing("NO_CASEBOOK", "there is no casebook yet; fill it: palermo casebook update");
  }
  std::shared_ptr<const crypto::KeyBundle> bundle = context.keys;
  if (bundle == nullptr) {
    PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle opened, OpenKeyFile(config.key_file, args));
    bundle = std::make_shared<const crypto::KeyBundle>(std::move(opened));
  }
  if (bundle->kind() != "officer") {
    return InputError("BAD_KEY_FILE", "the key file is not an officer's");
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey seal, desk::UseSealingKey(*bundle, "officer"));
  return OpenWith(context.home, "casebook.db", bundle->subject(), seal);
}

absl::StatusOr<OpenBook> OpenCasebook(const Session& session, Context& context,
                                      const std::string& file) {
  if (!desk::FileExists(KeyPath(session.home))) {
    PALERMO_ASSIGN_OR_RETURN(desk::NewCasebookKey made,
                             desk::MakeCasebookKey(session.keys.officer,
                                                   session.keys.seal.PublicKey(), *context.random));
    PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(KeyPath(session.home), made.file, 0600));
  }
  return OpenWith(session.home, file, session.keys.officer, session.keys.seal);
}

std::vector<Option> AskOptions() {
  return {
      {"--purpose", "WORD", Cat({"what for: ", kPurposes}), true},
      {"--reason", "TEXT", "why you need to know it; without it TLP:AMBER and above is hidden"}};
}

casebook::Access AccessFor(const std::string& officer, const std::string& purpose,
                           const std::string& reason, absl::Time now) {
  return {{StateOf(officer), AuthorityOf(officer), officer, purpose, reason}, now};
}

absl::StatusOr<std::string> PurposeOf(const Args& args) {
  const std::string purpose = args.Get("--purpose");
  if (casework::IsPurpose(purpose)) return purpose;
  return UsageError(Cat({"'", purpose, "' is no purpose; they are ", kPurposes}));
}

absl::StatusOr<casebook::Access> AccessOf(const Args& args, const std::string& officer,
                                          Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string purpose, PurposeOf(args));
  return AccessFor(officer, purpose, args.Get("--reason"), context.clock->Now());
}

absl::StatusOr<size_t> LimitOf(const Args& args) {
  size_t limit = kDefaultResults;
  if (!args.Has("--limit")) return limit;
  if (!absl::SimpleAtoi(args.Get("--limit"), &limit) || limit == 0 ||
      limit > limits::kMaxCasebookResults) {
    return UsageError(absl::StrFormat("--limit is from 1 to %d", limits::kMaxCasebookResults));
  }
  return limit;
}

absl::StatusOr<Updated> UpdateCasebook(Session& session, casebook::Casebook& book, bool open,
                                       Context& context) {
  return Updater(session, book, open, context).Run();
}

absl::StatusOr<std::vector<Asked>> AllAsked(const OpenBook& open, absl::Time now) {
  // Who decides about the sharing of a record is asked for no other purpose.
  const casebook::Access access =
      AccessFor(open.officer, "INVESTIGATION", "what other states ask about records", now);
  PALERMO_ASSIGN_OR_RETURN(const std::vector<casebook::Item> items, open.book->Unanswered(access));
  std::vector<Asked> all;
  for (const casebook::Item& item : items) {
    PALERMO_ASSIGN_OR_RETURN(const bool held,
                             open.book->Holds(item.content.originator, item.content.record));
    const std::string& by = item.body.intelligence_correction().replaced_by();
    PALERMO_ASSIGN_OR_RETURN(const bool newer, open.book->Holds(item.content.originator, by));
    all.push_back(AskedIn(item, held, newer));
  }
  return all;
}

absl::Status AddAsked(const OpenBook& open, absl::Time now, Updated& done) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Asked> all, AllAsked(open, now));
  for (Asked& asked : all) {
    if (done.came.count(asked.message_id) == 0) {
      ++done.asked_before;
    } else {
      done.asked.push_back(std::move(asked));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNoneTakesBack(Session& session, const std::vector<std::string>& unopened) {
  if (unopened.empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(const auto keys, session.GrantedKeys());
  for (const std::string& id : unopened) {
    const auto read = FetchAndOpen(session, id, keys);
    // A report that waits for somebody else takes nothing back.
    if (read.ok() && read->opened.result == v1::RetrievalResult::OPENED &&
        casebook::LabelIn(read->opened.body) != nullptr) {
      continue;
    }
    return WrongState("UNOPENED",
                      absl::StrFormat("messages that nobody has opened: %d; one of them may take "
                                      "the record back. Open them first: palermo casebook update "
                                      "--open",
                                      unopened.size()));
  }
  return absl::OkStatus();
}

bool NeedsAlert(casework::Danger danger) {
  return danger == casework::Danger::kRecent || danger == casework::Danger::kUndated;
}

std::string DangerText(casework::Danger danger) {
  return danger == casework::Danger::kRecent
             ? "LIFE IS IN DANGER, seen within the last 24 hours (R-SOM-08)."
             : "LIFE IS IN DANGER, and no sighting says when: it may be now (R-SOM-08).";
}

std::string ItemLine(const casebook::Item& item) {
  const std::string about = item.content.record.empty()
                                ? ""
                                : Cat({"  ", item.content.originator, ":", item.content.record});
  const std::string summary = casebook::SummaryOf(item.body);
  return absl::StrFormat(
      "%s  %s  %s%s\n    %s\n%s", TimeText(item.entry.recorded_at_ms()), item.header.sender(),
      item.content.kind.empty() ? "not readable" : item.content.kind, about,
      IdText(item.entry.message_id()), summary.empty() ? "" : Cat({"    ", summary, "\n"}));
}

desk::Json ItemJson(const casebook::Item& item) {
  desk::Json json = desk::Json::Object();
  json.Add("id", IdText(item.entry.message_id())).Add("case", IdText(item.header.case_id()));
  json.Add("at", TimeJson(item.entry.recorded_at_ms())).Add("from", item.header.sender());
  json.Add("kind", item.content.kind).Add("originator", item.content.originator);
  json.Add("record", item.content.record).Add("incoming", item.entry.incoming());
  return json.Add("purged", item.entry.purged()).Add("summary", casebook::SummaryOf(item.body));
}

void PrintFound(const casebook::Found& found, bool said_why, Context& context) {
  if (context.json) {
    desk::Json list = desk::Json::List();
    for (const casebook::Item& item : found.items) list.Push(ItemJson(item));
    desk::Json json = desk::Json::Object();
    json.Add("found", std::move(list)).Add("more", found.more);
    context.out += json.Add("everywhere", found.everywhere).Pretty();
    return;
  }
  for (const casebook::Item& item : found.items) context.out += ItemLine(item);
  if (found.items.empty()) context.out += "Nothing that you may see for this purpose.\n";
  if (found.more) context.out += "There may be more: narrow the search, or raise --limit.\n";
  if (found.everywhere) context.out += "Very many name it: it says little.\n";
  if (!said_why) {
    context.out += "TLP:AMBER and above is shown only when you say why you need it: --reason\n";
  }
}

void PrintMatches(const std::vector<std::pair<std::string, std::vector<casebook::Match>>>& all,
                  Context& context) {
  desk::Json list = desk::Json::List();
  std::string text;
  for (const auto& [record, matches] : all) {
    for (const casebook::Match& match : matches) {
      text += Cat(
          {record, "\n  ", match.mark, match.others.everywhere ? "  (in very many)" : "", "\n"});
      desk::Json others = desk::Json::List();
      for (const casebook::Item& item : match.others.items) {
        const std::string name = item.content.record.empty()
                                     ? Cat({"case ", IdText(item.header.case_id())})
                                     : Cat({item.content.originator, ":", item.content.record});
        text += Cat({"    also in ", name, "  ", item.header.sender(), "  ",
                     TimeText(item.entry.recorded_at_ms()), "\n      ",
                     IdText(item.entry.message_id()), "\n"});
        others.Push(ItemJson(item));
      }
      if (match.others.more) text += "    and more: palermo casebook search --identifier\n";
      desk::Json one = desk::Json::Object();
      one.Add("more", match.others.more);
      one.Add("record", record).Add("mark", match.mark).Add("also_in", std::move(others));
      list.Push(std::move(one.Add("everywhere", match.others.everywhere)));
    }
  }
  if (text.empty()) text = "Nothing else that you may see names the same thing.\n";
  text += "A match is a lead, not evidence. Look at both before you act on it.\n";
  context.out += context.json ? list.Pretty() : text;
}

}  // namespace palermo::cli
