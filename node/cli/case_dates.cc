#include "node/cli/case_dates.h"

#include "base/bytes.h"
#include "node/cli/reading.h"

namespace palermo::cli {

KnownDates ReadDates(Session& session, const desk::CaseView& view,
                     const std::vector<desk::AuthorityKey>& keys) {
  KnownDates known;
  for (const desk::CaseAct& act : view.acts) {
    if (!act.in_history || act.conflict || !desk::NamesDates(act.header.act())) continue;
    const bool opened = !act.incoming || act.retrieval == v1::RetrievalResult::OPENED;
    absl::StatusOr<Read> read = absl::NotFoundError("not opened");
    if (opened) read = FetchAndOpen(session, std::string(AsView(act.id)), keys);
    if (!read.ok() || read->opened.result != v1::RetrievalResult::OPENED) {
      ++known.unread;
      continue;
    }
    known.dates[act.id] = desk::DatesIn(act.header.act(), read->opened.body);
  }
  return known;
}

}  // namespace palermo::cli
