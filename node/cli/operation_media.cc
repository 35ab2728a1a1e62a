#include "node/cli/operation_media.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/operation/access.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/cli/act_support.h"
#include "node/cli/reading.h"
#include "node/desk/compartments.h"
#include "node/desk/files.h"
#include "node/desk/json_reader.h"

namespace palermo::cli {
namespace {

std::string Listed(const google::protobuf::RepeatedPtrField<std::string>& words) {
  return absl::StrJoin(words, ", ");
}

std::string TargetGist(const v1::TargetSheet& sheet) {
  std::string text = Cat({sheet.id(), " ", sheet.pseudonym(), " in ", sheet.state(),
                          "; danger: ", Listed(sheet.danger())});
  if (sheet.juvenile()) text += "; IS OR MAY BE A CHILD";
  if (sheet.juveniles_present()) text += Cat({"; CHILDREN: ", sheet.juvenile_plan()});
  return text;
}

std::string TimetableGist(const v1::ArrestTimetable& table) {
  std::string text =
      Cat({"group ", table.group(), ", only after GO on ", ShortId(table.decision())});
  for (const v1::TimedTarget& timed : table.targets()) {
    text += Cat({"; ", ShortId(timed.target()), " in ", timed.state(), " at "});
    text += timed.start_utc().empty()
                ? timed.trigger()
                : Cat({timed.start_utc(), " (", timed.local_start(), " ", timed.local_tz(), ")"});
    text += Cat({", by ", timed.latest_start_utc(), ", else ", timed.fallback()});
  }
  return text;
}

std::string ForceGist(const v1::ForceReport& force) {
  uint64_t dead = 0, injured = 0;
  for (const v1::Casualties& some : force.casualties()) {
    dead += some.dead();
    injured += some.injured();
  }
  return Cat({force.id(), " in ", force.state(), " at ", force.at(), ": ", Listed(force.means()),
              absl::StrFormat("; dead %u, injured %u", dead, injured), "; ", force.reason(),
              force.review_ref().empty() ? "; no review yet" : Cat({"; ", force.review_ref()})});
}

std::string OutcomeGist(const v1::OutcomeEntry& outcome) {
  std::string text = absl::StrFormat("%s %u", outcome.kind(), std::max<uint32_t>(outcome.n(), 1));
  if (outcome.minor() != 0) text += absl::StrFormat(", %d %s", outcome.minor(), outcome.ccy());
  if (!outcome.ref().empty()) text += Cat({", ", outcome.ref()});
  if (!outcome.about().empty()) text += Cat({", about ", ShortId(outcome.about())});
  return text;
}

// "GO", "NO_GO", "ABORTED", "OPEN"; of a decision that is not here, that.
std::string OutcomeOf(const desk::OperationBook& book, const std::string& decision) {
  for (const casework::DecisionState& one : book.state.decisions) {
    if (one.id == decision) return std::string(casework::OutcomeName(one.outcome));
  }
  return "OPEN";
}

std::set<std::string> OpenStates(const desk::OperationBook& book,
                                 const casework::MediaState& media) {
  const auto waits = book.state.waiting.find(media.id);
  return waits == book.state.waiting.end() ? std::set<std::string>() : waits->second;
}

const v1::MediaLine* MediaTextOf(const desk::OperationBook& book, const std::string& id) {
  const casework::SignedRecord* r = book.Find(id);
  return r == nullptr || !r->record.has_media() ? nullptr : &r->record.media();
}

// A short id as the whole one. An example that was not filled in is no id either.
absl::Status WholeId(const desk::OperationBook& book, std::string* id) {
  if (id->empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(*id, FindRecord(book, *id));
  return absl::OkStatus();
}

std::string MediaGist(const v1::MediaLine& media) {
  std::string text = media.text();
  for (int i = 0; i < media.figures_size(); ++i) {
    const v1::CounterValue& figure = media.figures(i);
    text += Cat({i == 0 ? "; figures: " : ", ", figure.counter(), figure.state().empty() ? "" : " ",
                 figure.state(), absl::StrFormat(" %u", figure.value())});
  }
  return text;
}

absl::StatusOr<Identities> ReadIdentities(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(const std::string json,
                           desk::ReadFile(path, limits::kMaxRequestFileBytes));
  PALERMO_ASSIGN_OR_RETURN(const v1::CompartmentDrafts drafts, desk::ParseCompartments(json, path));
  Identities tokens = desk::IdentityTokens(drafts);
  if (tokens.empty()) return InputError("BAD_JSON", Cat({path, ": it names no person"}));
  return tokens;
}

}  // namespace

std::string ActionGist(const v1::OperationRecord& record) {
  switch (record.content_case()) {
    case v1::OperationRecord::kTarget:
      return TargetGist(record.target());
    case v1::OperationRecord::kTimetable:
      return TimetableGist(record.timetable());
    case v1::OperationRecord::kForce:
      return ForceGist(record.force());
    case v1::OperationRecord::kMedia:
      return MediaGist(record.media());
    case v1::OperationRecord::kOutcome:
      return OutcomeGist(record.outcome());
    default:
      return "";
  }
}

std::string ActionText(const desk::OperationBook& book, const std::string& officer) {
  std::string text = book.state.timetables.empty() ? "" : "\nTimetables of arrests\n";
  for (const casework::TimetableState& table : book.state.timetables) {
    const casework::SignedRecord* r = book.Find(table.id);
    const bool readable =
        r != nullptr && casework::ShowsRecord(book.Agreement(), officer, r->record);
    const std::string group = readable ? casework::OneLine(r->record.timetable().group()) : "?";
    const std::string outcome = OutcomeOf(book, table.decision);
    text += absl::StrFormat("  %s  group %s  %s (decision %s; signed by %s)\n", ShortId(table.id),
                            group, outcome == "GO" ? "GO" : Cat({"NOBODY STARTS: ", outcome}),
                            ShortId(table.decision), r == nullptr ? "?" : r->signer);
  }
  if (!book.state.media.empty()) text += "\nFor the media\n";
  for (const casework::MediaState& media : book.state.media) {
    const v1::MediaLine* line = MediaTextOf(book, media.id);
    const std::string embargo = line == nullptr ? "" : line->embargo_until();
    text += absl::StrFormat(
        "  %s  %s%s\n", ShortId(media.id),
        media.agreed ? "AGREED" : Cat({"WAITS FOR ", absl::StrJoin(OpenStates(book, media), " ")}),
        embargo.empty() ? "" : Cat({", not before ", embargo}));
  }
  return text;
}

desk::Json TimetablesJson(const desk::OperationBook& book) {
  desk::Json list = desk::Json::List();
  for (const casework::TimetableState& table : book.state.timetables) {
    desk::Json one = desk::Json::Object();
    const casework::SignedRecord* r = book.Find(table.id);
    one.Add("id", table.id).Add("decision", table.decision);
    one.Add("signed_by", r == nullptr ? "" : r->signer);
    list.Push(std::move(one.Add("go", OutcomeOf(book, table.decision) == "GO")));
  }
  return list;
}

desk::Json MediaJson(const desk::OperationBook& book) {
  desk::Json list = desk::Json::List();
  for (const casework::MediaState& media : book.state.media) {
    desk::Json one = desk::Json::Object(), open = desk::Json::List();
    for (const std::string& state : OpenStates(book, media)) open.Push(state);
    const v1::MediaLine* line = MediaTextOf(book, media.id);
    one.Add("id", media.id).Add("agreed", media.agreed).Add("waits_for", std::move(open));
    list.Push(std::move(one.Add("embargo_until", line == nullptr ? "" : line->embargo_until())));
  }
  return list;
}

absl::Status FindItsRecords(const desk::OperationBook& book, v1::OperationRecord& record) {
  if (record.has_place()) {
    PALERMO_ASSIGN_OR_RETURN(*record.mutable_place()->mutable_task(),
                             FindRecord(book, record.place().task()));
  }
  if (record.has_timetable()) {
    v1::ArrestTimetable& table = *record.mutable_timetable();
    PALERMO_RETURN_IF_ERROR(WholeId(book, table.mutable_decision()));
    for (v1::TimedTarget& timed : *table.mutable_targets()) {
      PALERMO_RETURN_IF_ERROR(WholeId(book, timed.mutable_target()));
      PALERMO_RETURN_IF_ERROR(WholeId(book, timed.mutable_task()));
    }
  }
  if (record.has_force()) {
    PALERMO_RETURN_IF_ERROR(WholeId(book, record.mutable_force()->mutable_task()));
    PALERMO_RETURN_IF_ERROR(WholeId(book, record.mutable_force()->mutable_situation()));
  }
  if (record.has_outcome()) {
    PALERMO_RETURN_IF_ERROR(WholeId(book, record.mutable_outcome()->mutable_about()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Identities> IdentitiesFor(const Args& args, const v1::OperationRecord& record) {
  const bool given = args.Has("--identities"), none = args.Has("--no-identities");
  if (given && none) return UsageError("give --identities or --no-identities, not both");
  if (record.has_media() && !given && !none) {
    return UsageError(
        "what the media are told is compared with the sealed identities first: --identities FILE, "
        "or --no-identities when none is sealed");
  }
  if (!given) return Identities();
  return ReadIdentities(args.Get("--identities"));
}

absl::StatusOr<Identities> HeldForMedia(Operations& operations, const v1::OperationRecord& record,
                                        Context& context) {
  if (!record.has_media()) return Identities();
  Session& session = operations.session;
  PALERMO_ASSIGN_OR_RETURN(const auto messages, session.ListAll("", false, false));
  // No disk of ours keeps what is sealed, not the casebook either: it is read from the messages.
  desk::HeldIdentities held;
  for (const v1::MessageSummary& message : messages) {
    if (message.incoming() && message.retrieval() != v1::RetrievalResult::OPENED) continue;
    const absl::StatusOr<Read> read = FetchAndOpen(session, message.message_id(), operations.keys);
    if (read.status().code() == absl::StatusCode::kDataLoss) {
      ++held.closed;
      continue;
    }
    PALERMO_RETURN_IF_ERROR(read.status());
    if (read->opened.result != v1::RetrievalResult::OPENED) continue;
    const trust::ParsedEnvelope& envelope = read->verified.envelope;
    desk::AddHeld(session.authority(), read->opened, envelope.header, envelope.header_sha256,
                  operations.keys, &held);
  }
  if (held.closed > 0) {
    context.progress(Cat({std::to_string(held.closed),
                          " sealed compartments are not for this office, or cannot be read: the "
                          "text was not compared with them."}));
  }
  return std::move(held.tokens);
}

absl::StatusOr<int> ScanSubject(const Args& args, const desk::OperationBook& book,
                                const std::string& subject, const std::string& officer,
                                const Identities& held, Context& context) {
  const casework::SignedRecord* r = book.Find(subject);
  if (r == nullptr) return kExitOk;
  PALERMO_ASSIGN_OR_RETURN(Identities sealed, IdentitiesFor(args, r->record));
  // Of anything else the scan would tell what is in it; such a consent has no effect.
  const auto waits = book.state.waiting.find(subject);
  if (waits == book.state.waiting.end() || waits->second.count(book.own_state) == 0) return kExitOk;
  if (!casework::ShowsRecord(book.Agreement(), officer, r->record)) {
    return Refused("NOT_YOUR_COMPARTMENT",
                   Cat({"you cannot consent to what the agreement does not open to you: ",
                        casework::CompartmentOf(r->record)}));
  }
  if (r->record.has_media()) {
    context.progress(Cat({"You consent to: ", casework::OneLine(MediaGist(r->record.media()))}));
  }
  sealed.insert(sealed.end(), held.begin(), held.end());
  const casework::LeakScanner scanner(std::move(sealed));
  std::vector<casework::Finding> findings;
  casework::ForTexts(r->record, "operation_record",
                     [&](const std::string& path, const std::string& text) {
                       if (scanner.Leaks(text)) casework::Tell("R-SEAL-02.leak", path, findings);
                     });
  return findings.empty() ? absl::StatusOr<int>(kExitOk) : ReportFindings(findings, context);
}

absl::StatusOr<int> PrintMedia(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(desk::OperationBook book, LoadBook(operations, id, false, context));
  PALERMO_ASSIGN_OR_RETURN(const std::string wanted, FindRecord(book, args.Get("record")));
  const auto& all = book.state.media;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.id == wanted; });
  const v1::MediaLine* line = MediaTextOf(book, wanted);
  if (found == all.end() || line == nullptr) {
    return Missing("UNKNOWN_RECORD",
                   Cat({ShortId(wanted), " is no text for the media that counts"}));
  }
  if (!casework::ShowsRecord(book.Agreement(), operations.session.keys.officer,
                             book.Find(wanted)->record)) {
    return Refused("NOT_YOUR_COMPARTMENT", "the agreement does not open this text to you alone");
  }
  if (!found->agreed) {
    return Refused("NOT_AGREED", Cat({"these have not agreed to it: ",
                                      absl::StrJoin(OpenStates(book, *found), " ")}));
  }
  const auto embargo = ParseInstant(line->embargo_until());
  if (embargo.ok() && context.clock->Now() < *embargo) {
    return Refused("EMBARGO", Cat({"it is not to be told before ", line->embargo_until()}));
  }
  desk::Json json = desk::Json::Object();
  json.Add("text", line->text()).Add("language", line->language());
  context.out += context.json ? json.Pretty() : Cat({casework::OneLine(line->text()), "\n"});
  return kExitOk;
}

}  // namespace palermo::cli
