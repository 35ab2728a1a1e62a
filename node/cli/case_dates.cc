#include "node/cli/case_dates.h"

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/progress.h"
#include "node/cli/reading.h"
#include "node/desk/clock_policy.h"

namespace palermo::cli {

absl::StatusOr<casework::PairPolicy> PolicyOfCase(const Session& session,
                                                  const desk::CaseView& view) {
  PALERMO_ASSIGN_OR_RETURN(desk::ClockPolicy policy, desk::ClockPolicy::Load(session.home));
  return policy.For(view.requesting, view.requested, session.view().get());
}

absl::Duration HearingOfCase(const Session& session, const desk::CaseView& view) {
  const auto policy = PolicyOfCase(session, view);
  return casework::PolicyLimit("R-AR-08", policy.ok() ? &*policy : nullptr);
}

KnownDates ReadDates(Session& session, const desk::CaseView& view,
                     const std::vector<desk::AuthorityKey>& keys, desk::CaseBodies* bodies) {
  KnownDates known;
  size_t next = 0;  // among the acts that count, as CaseBodies has them
  for (const desk::CaseAct& act : view.acts) {
    if (!act.in_history || act.conflict) continue;
    const size_t index = next++;
    const bool dates = desk::NamesDates(act.header.act());
    const bool tells = bodies != nullptr && casework::ReadsBody(act.header.act());
    if (!dates && !tells) continue;
    const bool opened = !act.incoming || act.retrieval == v1::RetrievalResult::OPENED;
    absl::StatusOr<Read> read = absl::NotFoundError("not opened");
    if (opened) read = FetchAndOpen(session, std::string(AsView(act.id)), keys);
    if (!read.ok() || read->opened.result != v1::RetrievalResult::OPENED) {
      if (dates) ++known.unread;
      continue;
    }
    if (dates) known.dates[act.id] = desk::DatesIn(act.header.act(), read->opened.body);
    if (tells) bodies->Set(index, std::move(read->opened.body));
  }
  return known;
}

}  // namespace palermo::cli
