#include "node/cli/printing.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/cli/casebook_support.h"
#include "node/cli/output.h"
#include "node/cli/proceeding.h"
#include "node/cli/taken_back.h"

namespace palermo::cli {
namespace {

// The last moment before it was to be deleted: an order keeps it as it was then.
casebook::Access Held(casebook::Access access, const v1::Label& label) {
  const auto over = ParseOver(label.delete_by());
  if (over.ok()) access.now = std::min(access.now, *over - absl::Milliseconds(1));
  return access;
}

absl::Status AskLabel(const Args& args, Session& session, casebook::Casebook& book,
                      const std::string& id, const v1::Label& label, Context& context) {
  if (!args.Has("--purpose")) {
    return UsageError(
        Cat({"this is a record of intelligence, and its label is asked what for: "
             "--purpose ",
             kPurposes, ", and --reason"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const casebook::Access access,
                           AccessOf(args, session.keys.officer, context));
  PALERMO_ASSIGN_OR_RETURN(const bool known, book.Knows(id));
  if (!known) {
    return WrongState("NOT_IN_CASEBOOK",
                      Cat({"the casebook does not have this message, so its label cannot be "
                           "asked: open it first, palermo case open ",
                           IdText(id), "; of an own message: palermo casebook update"}));
  }
  const absl::Status seen =
      book.View(id, args.Has("--hold") ? Held(access, label) : access).status();
  // The entry of the reading keeps what for; what was not recorded is not shown.
  if (seen.ok()) return session.node.FetchMessage(id, access.asker.purpose).status();
  if (CodeOf(seen) != "UNKNOWN_MESSAGE") return seen;
  return Refused("NOT_RELEASED",
                 "the label does not let it be printed for this purpose, without this need to "
                 "know, or after its day of deletion (where an order keeps it: --hold \"order "
                 "3\"); ask its originator: palermo route ask");
}

}  // namespace

std::vector<std::string> ItemsToDelete(const v1::CaseBody& body, absl::Time now) {
  std::vector<std::string> over;
  for (const v1::ItemResult& item : body.result().items()) {
    if (IsAfterEnd(item.delete_by(), now)) over.push_back(std::to_string(item.n()));
  }
  return over;
}

absl::Status CheckNotToDelete(const v1::CaseBody& body, absl::Time now) {
  const std::vector<std::string> over = ItemsToDelete(body, now);
  if (over.empty()) return absl::OkStatus();
  return Refused(
      "PAST_DELETE_BY",
      Cat({"who gave item ", absl::StrJoin(over, ", "),
           " said that it is deleted by now; where an order keeps it: --hold \"order 3\""}));
}

absl::Status PrepareToPrint(const Args& args, Session& session, const std::string& id, Read& read,
                            Context& context) {
  const v1::Header& header = read.verified.envelope.header;
  // What speaks for an accused is never blocked (UNTOC 18(5), (19)).
  if (header.act() == v1::Act::EXCULPATORY_NOTICE && read.opened.body.has_use()) {
    return absl::OkStatus();
  }
  const casebook::Content record = casebook::RecordOf(header, read.opened.body);
  if (record.is_record) {
    PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
    PALERMO_RETURN_IF_ERROR(UpdateCasebook(session, *open.book, false, context).status());
    PALERMO_ASSIGN_OR_RETURN(const bool taken, HideIfTakenBack(*open.book, record, read));
    if (taken) return absl::OkStatus();
    return AskLabel(args, session, *open.book, id, *casebook::LabelIn(read.opened.body), context);
  }
  PALERMO_RETURN_IF_ERROR(CheckForReader(args, session, read, context));
  const bool own = StateOf(header.sender()) == session.config.state;
  if (!own && args.Has("--proceeding")) {
    PALERMO_RETURN_IF_ERROR(CheckForProceeding(session, read, args.Get("--proceeding"), context));
  }
  if (own || args.Has("--hold")) return absl::OkStatus();
  return CheckNotToDelete(read.opened.body, context.clock->Now());
}

}  // namespace palermo::cli
