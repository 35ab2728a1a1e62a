#include "node/cli/taken_back.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/cli/casebook_support.h"

namespace palermo::cli {
namespace {

absl::Status HideByCasebook(Session& session, Read& read, Context& context) {
  if (read.opened.result != v1::RetrievalResult::OPENED) return absl::OkStatus();
  const casebook::Content report =
      casebook::RecordOf(read.verified.envelope.header, read.opened.body);
  if (!report.is_record) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_ASSIGN_OR_RETURN(const Updated updated,
                           UpdateCasebook(session, *open.book, false, context));
  PALERMO_ASSIGN_OR_RETURN(const bool taken, HideIfTakenBack(*open.book, report, read));
  if (!taken && updated.unopened_intelligence > 0) {
    context.progress(
        Cat({std::to_string(updated.unopened_intelligence),
             " messages that nobody has opened may take it back: palermo casebook update --open"}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> HideIfTakenBack(casebook::Casebook& book, const casebook::Content& report,
                                     Read& read) {
  PALERMO_ASSIGN_OR_RETURN(const std::vector<casebook::Item> by,
                           book.TakenBack(report.originator, report.record));
  if (by.empty()) return false;
  const casebook::Item& newest = by.front();
  read.opened.body =
      casebook::TakenBackBody(read.opened.body, newest.body, HexEncode(newest.entry.message_id()),
                              FormatInstant(FromMillis(newest.entry.recorded_at_ms())));
  return true;
}

void HideTakenBack(Session& session, Read& read, Context& context) {
  const absl::Status done = HideByCasebook(session, read, context);
  if (!done.ok()) {
    context.progress(Cat({"Whether its originator took this report back is not known here: ",
                          CodeOf(done), ": ", TextOf(done)}));
  }
}

}  // namespace palermo::cli
