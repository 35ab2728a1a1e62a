#include "node/cli/label_asking.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/casework/intelligence/route_words.h"
#include "node/casework/text.h"
#include "node/cli/casebook_support.h"
#include "node/cli/taken_back.h"

namespace palermo::cli {
namespace {

// Who opens what was addressed to the own office needs no other reason; a reader who states one
// keeps it.
constexpr char kAddressed[] = "addressed to this authority";

absl::Status Denied(const std::string& purpose, std::string_view clause) {
  return Refused(
      "NOT_RELEASED",
      Cat({"the label does not let you open it for ", purpose,
           clause.empty() ? "" : Cat({" (", clause, ")"}),
           ": it is for other purposes or readers, or its day of deletion is over; ask its "
           "originator: palermo route ask; where an order keeps it: palermo case print --hold"}));
}

// What the casebook knows of the record; nothing where it cannot be asked.
struct Known {
  std::optional<OpenBook> open;
  bool taken_back = false;
};

absl::StatusOr<Known> AskCasebook(Session& session, const casebook::Content& record, Read& read,
                                  Context& context) {
  Known known;
  PALERMO_ASSIGN_OR_RETURN(known.open, OpenCasebook(session, context));
  PALERMO_ASSIGN_OR_RETURN(const Updated updated,
                           UpdateCasebook(session, *known.open->book, false, context));
  PALERMO_ASSIGN_OR_RETURN(known.taken_back, HideIfTakenBack(*known.open->book, record, read));
  if (!known.taken_back && !updated.unopened_intelligence.empty()) {
    context.progress(
        Cat({std::to_string(updated.unopened_intelligence.size()),
             " messages that nobody has opened may take it back: palermo casebook update --open"}));
  }
  return known;
}

// By all that the casebook knows of the record: what its originator's own label says, and to whom
// it may be passed on. Nothing where it knows nothing, or cannot be asked.
std::optional<absl::Status> AskByCasebook(casebook::Casebook& book, const std::string& id,
                                          const v1::Label& label, const v1::Header& header,
                                          const casebook::Content& record, const v1::CaseBody& body,
                                          const casebook::Access& access) {
  const auto known = book.Knows(id);
  if (!known.ok()) return std::nullopt;
  if (*known) {
    const absl::Status seen = book.View(id, access).status();
    if (seen.ok()) return seen;
    if (CodeOf(seen) != "UNKNOWN_MESSAGE") return std::nullopt;
    return Denied(access.asker.purpose, "");
  }
  casebook::Item fresh;
  fresh.header = header;
  fresh.body = body;
  fresh.content = record;
  fresh.entry.set_incoming(StateOf(header.sender()) != access.asker.state);
  const auto decision = book.MayOpen(fresh, access);
  if (!decision.ok()) return std::nullopt;
  if (decision->allowed) return absl::OkStatus();
  // The records of its operation may come later: its originator sealed it to a member.
  if (decision->clause == "MEMBER" && StateOf(header.sender()) == label.originator()) {
    return std::nullopt;
  }
  return Denied(access.asker.purpose, decision->clause);
}

absl::Status AskItsLabel(casebook::Casebook* book, const std::string& id, const v1::Label& label,
                         const v1::Header& header, const casebook::Content& record,
                         const v1::CaseBody& body, const casebook::Access& access) {
  if (book != nullptr) {
    const auto answer = AskByCasebook(*book, id, label, header, record, body, access);
    if (answer.has_value()) return *answer;
  }
  const auto decision = MayOpen(label, header, access.asker, access.now);
  return decision.allowed ? absl::OkStatus() : Denied(access.asker.purpose, decision.clause);
}

// Who wrote it answers for where it goes: the label was asked for that officer.
std::string DrafterOf(const desk::VerifiedMessage& draft, const Session& session) {
  for (const auto& signature : draft.signatures) {
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) return signature.officer();
  }
  return session.keys.officer;
}

absl::StatusOr<casework::PolicyDecision> MayGoForAnyPurpose(casebook::Casebook& book,
                                                            const casebook::Item& draft,
                                                            const std::string& officer,
                                                            const std::string& to_state,
                                                            absl::Time now) {
  casework::PolicyDecision decision;
  for (const std::string_view purpose : casework::Purposes()) {
    const casebook::Access access = AccessFor(officer, std::string(purpose), kAddressed, now);
    PALERMO_ASSIGN_OR_RETURN(const auto one, book.MayGo(draft, access, to_state));
    if (one.allowed) return one;
    // That it is not for some other purpose tells nobody anything.
    if (decision.clause.empty() || decision.clause == "PURPOSE") decision = one;
  }
  return decision;
}

absl::Status AskWhatIsKnown(Session& session, const casebook::Item& draft,
                            const std::string& officer, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_ASSIGN_OR_RETURN(const Updated updated,
                           UpdateCasebook(session, *open.book, false, context));
  const std::string& originator = draft.content.originator;
  if (originator != session.config.state) {
    PALERMO_RETURN_IF_ERROR(CheckNoneTakesBack(session, updated.unopened_intelligence));
  }
  PALERMO_ASSIGN_OR_RETURN(const bool held, open.book->Holds(originator, draft.content.record));
  if (!held && originator != session.config.state) {
    return Refused("NOT_RELEASED", Cat({originator, ":", draft.content.record,
                                        " never came here, so nobody knows where it may go"}));
  }
  for (const std::string& authority : draft.header.recipients()) {
    PALERMO_ASSIGN_OR_RETURN(
        const auto decision,
        MayGoForAnyPurpose(*open.book, draft, officer, StateOf(authority), context.clock->Now()));
    if (decision.allowed) continue;
    const bool joint = !casebook::LabelIn(draft.body)->operation().empty();
    if (joint && decision.clause == "ONWARD") {
      context.progress(
          "It is a report of a joint operation: who takes part is known from its mails. Take them "
          "in "
          "and try again: palermo operation list");
    }
    return Refused("NOT_RELEASED", Cat({originator, ":", draft.content.record, " may not go to ",
                                        authority, " (", decision.clause, "): ", decision.todo}));
  }
  return absl::OkStatus();
}

}  // namespace

bool MayOpenUnasked(casebook::Casebook& book, const std::string& id, const Read& read,
                    const std::string& officer, absl::Time now) {
  const v1::Header& header = read.verified.envelope.header;
  const v1::CaseBody& body = read.opened.body;
  const casebook::Content record = casebook::RecordOf(header, body);
  const v1::Label* label = casebook::LabelIn(body);
  if (!record.is_record || label == nullptr) return true;
  const auto taken_back = book.TakenBack(record.originator, record.record);
  if (taken_back.ok() && !taken_back->empty()) return true;
  if (MustBeSeen(*label, casework::DangerOf(body.route_report(), FormatInstant(now)))) return true;
  for (const std::string& purpose : label->purposes()) {
    if (!casework::IsPurpose(purpose)) continue;
    const casebook::Access access = AccessFor(officer, purpose, kAddressed, now);
    if (AskItsLabel(&book, id, *label, header, record, body, access).ok()) return true;
  }
  return false;
}

absl::Status AskToSend(Session& session, const std::string& id, const desk::VerifiedMessage& draft,
                       const v1::CaseBody& body, Context& context) {
  if (casebook::LabelIn(body) == nullptr) return absl::OkStatus();
  casebook::Item item;
  item.header = draft.envelope.header;
  item.body = body;
  item.content = casebook::RecordOf(item.header, body);
  const absl::Status asked = AskWhatIsKnown(session, item, DrafterOf(draft, session), context);
  if (asked.ok() || CodeOf(asked) != "NOT_RELEASED") return asked;
  return Annotate(asked, Cat({"not signed; drop the draft: palermo case drop ", HexEncode(id)}));
}

bool MustBeSeen(const v1::Label& label, casework::Danger danger) {
  return NeedsAlert(danger) && label.tlp() != v1::Tlp::RED;
}

absl::StatusOr<std::string> PurposeToOpen(const std::string& said, const v1::Label& label,
                                          casework::Danger danger) {
  if (!said.empty()) {
    if (casework::IsPurpose(said)) return said;
    return UsageError(Cat({"'", said, "' is no purpose; they are ", kPurposes}));
  }
  if (NeedsAlert(danger)) return std::string("SEARCH_AND_RESCUE");
  // Its sender wrote them: other words are no purposes, and are not shown.
  std::vector<std::string> purposes;
  for (const std::string& purpose : label.purposes()) {
    if (casework::IsPurpose(purpose)) purposes.push_back(purpose);
  }
  if (purposes.size() == 1) return purposes[0];
  return UsageError(
      Cat({"this is a record of intelligence, and its label is asked what for: --purpose ",
           purposes.empty() ? "WORD" : absl::StrJoin(purposes, " or "),
           "; to save life or protect victims any other of ", kPurposes}));
}

casework::PolicyDecision MayOpen(const v1::Label& label, const v1::Header& header,
                                 const casework::Asker& asker, absl::Time now) {
  casework::RecordFacts facts;
  facts.sealed_to.assign(header.recipients().begin(), header.recipients().end());
  facts.sealed_to.push_back(header.sender());
  // It was sealed to this state, so this state took part.
  for (const std::string& authority : facts.sealed_to) facts.members.push_back(StateOf(authority));
  return casework::MayPass(label, facts, asker, casework::Way::kView, "", now);
}

absl::StatusOr<Opening> AskToOpen(const Args& args, Session& session, const std::string& id,
                                  Read& read, Context& context) {
  if (read.opened.result != v1::RetrievalResult::OPENED) return Opening();
  const v1::Header& header = read.verified.envelope.header;
  const casebook::Content record = casebook::RecordOf(header, read.opened.body);
  const v1::Label* in_body = casebook::LabelIn(read.opened.body);
  if (!record.is_record || in_body == nullptr) return Opening();
  const v1::Label label = *in_body;
  const absl::Time now = context.clock->Now();
  auto known = AskCasebook(session, record, read, context);
  if (!known.ok()) {
    context.progress(Cat({"Whether its originator took this report back is not known here: ",
                          CodeOf(known.status()), ": ", TextOf(known.status())}));
  } else if (known->taken_back) {
    return Opening{"", true};
  }
  const casework::Danger danger =
      casework::DangerOf(read.opened.body.route_report(), FormatInstant(now));
  PALERMO_ASSIGN_OR_RETURN(std::string purpose,
                           PurposeToOpen(args.Get("--purpose"), label, danger));
  const std::string reason = args.Get("--reason");
  const casebook::Access access = AccessFor(session.keys.officer, purpose,
                                            casework::IsBlank(reason) ? kAddressed : reason, now);
  casebook::Casebook* book =
      known.ok() && known->open.has_value() ? known->open->book.get() : nullptr;
  const absl::Status asked = AskItsLabel(book, id, label, header, record, read.opened.body, access);
  if (!asked.ok()) {
    if (!MustBeSeen(label, danger)) return asked;
    purpose = "SEARCH_AND_RESCUE";
    context.progress(Cat({"Shown to save life, and for nothing else: ", TextOf(asked)}));
  }
  // What was not recorded is not shown.
  PALERMO_RETURN_IF_ERROR(session.node.FetchMessage(id, purpose).status());
  return Opening{purpose, false};
}

}  // namespace palermo::cli
