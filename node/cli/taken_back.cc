#include "node/cli/taken_back.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/cli/casebook_support.h"

namespace palermo::cli {
namespace {

absl::Status Hide(Session& session, const casebook::Content& report, Read& read, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_ASSIGN_OR_RETURN(const Updated updated,
                           UpdateCasebook(session, *open.book, false, context));
  PALERMO_ASSIGN_OR_RETURN(const std::vector<casebook::Item> by,
                           open.book->TakenBack(report.originator, report.record));
  if (!by.empty()) {
    const casebook::Item& newest = by.front();
    read.opened.body =
        casebook::TakenBackBody(read.opened.body, newest.body, HexEncode(newest.entry.message_id()),
                                FormatInstant(FromMillis(newest.entry.recorded_at_ms())));
  } else if (updated.unopened_intelligence > 0) {
    context.progress(
        Cat({std::to_string(updated.unopened_intelligence),
             " messages that nobody has opened may take it back: palermo casebook update --open"}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status HideIfTakenBack(Session& session, Read& read, Context& context) {
  if (read.opened.result != v1::RetrievalResult::OPENED) return absl::OkStatus();
  const casebook::Content content =
      casebook::RecordOf(read.verified.envelope.header, read.opened.body);
  return content.is_record ? Hide(session, content, read, context) : absl::OkStatus();
}

void HideTakenBack(Session& session, Read& read, Context& context) {
  const absl::Status done = HideIfTakenBack(session, read, context);
  if (!done.ok()) {
    context.progress(Cat({"Whether its originator took this report back is not known here: ",
                          CodeOf(done), ": ", TextOf(done)}));
  }
}

}  // namespace palermo::cli
