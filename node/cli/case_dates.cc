#include "node/cli/case_dates.h"

#include "base/bytes.h"
#include "node/casework/progress.h"
#include "node/cli/reading.h"
#include "node/desk/case_bodies.h"
#include "node/desk/facts.h"

namespace palermo::cli {

KnownDates ReadDates(Session& session, const desk::CaseView& view,
                     const std::vector<desk::AuthorityKey>& keys) {
  KnownDates known;
  desk::CaseBodies bodies(view);
  for (size_t i = 0; i < bodies.acts().size(); ++i) {
    const desk::CaseAct& act = *bodies.acts()[i];
    const bool dated = desk::NamesDates(act.header.act());
    if (!dated && !casework::ReadsBody(act.header.act())) continue;
    const bool opened = !act.incoming || act.retrieval == v1::RetrievalResult::OPENED;
    absl::StatusOr<Read> read = absl::NotFoundError("not opened");
    if (opened) read = FetchAndOpen(session, std::string(AsView(act.id)), keys);
    if (!read.ok() || read->opened.result != v1::RetrievalResult::OPENED) {
      known.unread += dated ? 1 : 0;
      continue;
    }
    if (dated) known.dates[act.id] = desk::DatesIn(act.header.act(), read->opened.body);
    bodies.Set(i, std::move(read->opened.body));
  }
  known.facts = desk::FactsOfBodies(bodies.opened());
  casework::Progress progress = bodies.Progress();
  known.complete = progress.complete;
  known.duties = std::move(progress.obligations);
  return known;
}

}  // namespace palermo::cli
