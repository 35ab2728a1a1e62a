#include "node/desk/ledger_compare.h"

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/desk/json_reader.h"

namespace palermo::desk {
namespace {

using Kind = v1::RecordKind;
using v1::Outcome;

// What one ledger has of one message: of each kind the newest entry, an acceptance before all.
using Entries = std::map<Kind::Code, const LedgerLine*>;

bool IsOfSender(Kind::Code kind) {
  return kind == Kind::SUBMISSION || kind == Kind::RELAY || kind == Kind::EXPIRY ||
         kind == Kind::RETRIEVAL_NOTED || kind == Kind::CONFIRMATION;
}
bool IsOfReceiver(Kind::Code kind) {
  return kind == Kind::DELIVERY || kind == Kind::RETRIEVAL || kind == Kind::EXPIRY_NOTED ||
         kind == Kind::CONFIRMATION_NOTED;
}

std::map<std::string, Entries> ByMessage(const std::vector<LedgerLine>& lines) {
  std::map<std::string, Entries> all;
  for (const LedgerLine& line : lines) {
    if (line.message.empty() || !(IsOfSender(line.kind) || IsOfReceiver(line.kind))) continue;
    const LedgerLine*& kept = all[line.message][line.kind];
    if (kept == nullptr || kept->outcome != Outcome::ACCEPTED) kept = &line;
  }
  return all;
}

const LedgerLine* Of(const Entries& entries, Kind::Code kind) {
  const auto found = entries.find(kind);
  return found == entries.end() ? nullptr : found->second;
}

// "" where the two fit together.
std::string CodeOfPair(const Entries& sender, const Entries& receiver) {
  const LedgerLine* sent = Of(sender, Kind::SUBMISSION);
  const LedgerLine* relayed = Of(sender, Kind::RELAY);
  const LedgerLine* expired = Of(sender, Kind::EXPIRY);
  const LedgerLine* came = Of(receiver, Kind::DELIVERY);
  if (sent == nullptr && came != nullptr) return "NEVER_SENT";
  if (came == nullptr && relayed != nullptr) return "TAKEN_AND_MISSING";
  if (came == nullptr) return expired == nullptr && sent != nullptr ? "NOT_DELIVERED" : "";
  if (relayed == nullptr && expired == nullptr) return "NO_RECEIPT";
  const bool late = expired != nullptr && relayed == nullptr;
  if (late ? came->outcome == Outcome::ACCEPTED : relayed->outcome != came->outcome) {
    return "OUTCOME";
  }
  const auto both = [&](Kind::Code here, Kind::Code there) {
    return (Of(sender, here) != nullptr) == (Of(receiver, there) != nullptr);
  };
  if (!both(Kind::RETRIEVAL_NOTED, Kind::RETRIEVAL)) return "RETRIEVAL";
  return both(Kind::CONFIRMATION, Kind::CONFIRMATION_NOTED) ? "" : "CONFIRMATION";
}

std::string Shown(const Entries& entries) {
  std::vector<const LedgerLine*> lines;
  for (const auto& [kind, line] : entries) lines.push_back(line);
  std::stable_sort(lines.begin(), lines.end(),
                   [](const LedgerLine* a, const LedgerLine* b) { return a->at < b->at; });
  std::string text;
  for (const LedgerLine* line : lines) {
    text += Cat({text.empty() ? "" : ", ", Kind::Code_Name(line->kind)});
    // That what goes out was admitted says the kind.
    const bool said = line->kind == Kind::SUBMISSION || line->outcome == Outcome::UNSPECIFIED;
    if (!said) text += Cat({" ", Outcome::Code_Name(line->outcome)});
    text += Cat({" ", FormatInstant(line->at)});
  }
  return text;
}

// When it was sent or taken over, by either ledger.
std::vector<absl::Time> TimesOf(const Entries& here, const Entries& there) {
  std::vector<absl::Time> times;
  for (const Entries* entries : {&here, &there}) {
    for (Kind::Code kind : {Kind::SUBMISSION, Kind::DELIVERY}) {
      if (const LedgerLine* line = Of(*entries, kind)) times.push_back(line->at);
    }
  }
  return times;
}

LedgerLine TakeLine(JsonReader& entry) {
  LedgerLine line;
  line.at = absl::InfinitePast();
  const std::string kind = entry.TextOr("kind", ""), outcome = entry.TextOr("outcome", "");
  if (!kind.empty() && !Kind::Code_Parse(kind, &line.kind)) {
    entry.Fail("kind", "this is no kind of entry; export it with palermo audit list --format json");
  }
  if (!outcome.empty() && !Outcome::Code_Parse(outcome, &line.outcome)) {
    entry.Fail("outcome", "this is no outcome; export it with palermo audit list --format json");
  }
  // null: of an entry that was redacted.
  if (entry.Raw("at") != "null") line.at = entry.TimeOr("at", absl::InfinitePast());
  line.message = entry.TextOr("message", "");
  line.act = entry.TextOr("act", "");
  return line;
}

}  // namespace

absl::StatusOr<LedgerFile> ParseLedgerFile(const std::string& json, const std::string& what,
                                           const std::string& peer, const std::string& own_state) {
  // A list; the reader takes an object.
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader,
                           JsonReader::Parse(Cat({"{\"entries\": ", json, "}"}), what));
  LedgerFile file;
  std::string stranger;
  for (JsonReader& entry : reader.Objects("entries")) {
    LedgerLine line = TakeLine(entry);
    const std::vector<std::string> peers = entry.Texts("peers");
    const std::string actor = entry.TextOr("actor", "");
    entry.NumberOr("entry", 0);
    for (const char* name : {"reason", "case", "family", "what"}) entry.TextOr(name, "");
    ++file.entries;
    if (entry.BoolOr("redacted", false)) {
      ++file.redacted;
      continue;
    }
    file.first = std::min(file.first, line.at);
    file.last = std::max(file.last, line.at);
    if (actor.find('/') != std::string::npos && StateOf(actor) != peer) stranger = actor;
    const bool ours = std::find(peers.begin(), peers.end(), own_state) != peers.end();
    if (ours) file.lines.push_back(std::move(line));
  }
  PALERMO_RETURN_IF_ERROR(reader.Finish());
  if (!stranger.empty()) {
    return InputError("WRONG_LEDGER",
                      Cat({what, ": it has an entry of ", stranger, ", so it is no ledger of ",
                           peer, "; name the state whose ledger it is: --peer"}));
  }
  if (file.lines.empty()) {
    return InputError("WRONG_LEDGER",
                      Cat({what, ": no entry of it concerns ", own_state, "; ask the auditor of ",
                           peer, " for: palermo audit list --peer ", own_state, " --format json"}));
  }
  return file;
}

LedgerComparison CompareLedgers(const std::vector<LedgerLine>& here,
                                const std::vector<LedgerLine>& there, absl::Time from,
                                absl::Time to) {
  auto ours = ByMessage(here), theirs = ByMessage(there);
  for (const auto& [message, entries] : theirs) ours.try_emplace(message);
  LedgerComparison all;
  std::vector<std::pair<absl::Time, LedgerDifference>> found;
  for (const auto& [message, mine] : ours) {
    const Entries& other = theirs[message];
    const std::vector<absl::Time> times = TimesOf(mine, other);
    const bool inside = std::any_of(times.begin(), times.end(),
                                    [&](absl::Time at) { return at >= from && at <= to; });
    if (!inside) {
      if (!mine.empty() && other.empty()) ++all.outside;
      continue;
    }
    ++all.messages;
    const bool sent_here = std::any_of(mine.begin(), mine.end(),
                                       [](const auto& one) { return IsOfSender(one.first); }) ||
                           std::any_of(other.begin(), other.end(),
                                       [](const auto& one) { return IsOfReceiver(one.first); });
    const std::string code = sent_here ? CodeOfPair(mine, other) : CodeOfPair(other, mine);
    if (code.empty()) continue;
    LedgerDifference one{message, "", sent_here, Shown(mine), Shown(other), code};
    for (const Entries* entries : {&mine, &other}) {
      for (const auto& [kind, line] : *entries) {
        if (one.act.empty()) one.act = line->act;
      }
    }
    found.emplace_back(*std::min_element(times.begin(), times.end()), std::move(one));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [at, one] : found) all.differences.push_back(std::move(one));
  return all;
}

std::string DifferenceText(const LedgerDifference& difference) {
  static const auto* const kTexts = new std::map<std::string, std::string>{
      {"NEVER_SENT", "taken over, but the sender's ledger has not sent it"},
      {"NOT_DELIVERED", "sent, and the receiver has it not: still on its way, or lost"},
      {"TAKEN_AND_MISSING", "the sender has a receipt, but the receiver's ledger lacks it"},
      {"NO_RECEIPT", "taken over, and the sender has no receipt of it"},
      {"OUTCOME", "the two ledgers have another outcome"},
      {"RETRIEVAL", "only one ledger says that an officer opened it"},
      {"CONFIRMATION", "only one ledger has the confirmation after the emergency"}};
  const auto found = kTexts->find(difference.code);
  return found == kTexts->end() ? difference.code : found->second;
}

}  // namespace palermo::desk
