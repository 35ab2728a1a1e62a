// The times that bodies name, for the clocks of a case.
#ifndef PALERMO_NODE_CLI_CASE_DATES_H_
#define PALERMO_NODE_CLI_CASE_DATES_H_

#include <vector>

#include "node/cli/session.h"
#include "node/desk/act_dates.h"
#include "node/desk/case_bodies.h"
#include "node/desk/casebook.h"
#include "node/desk/deadlines.h"
#include "node/desk/opening.h"

namespace palermo::cli {

struct KnownDates {
  desk::DatesOfCase dates;
  // Acts that may name a time and were not opened: incoming ones that wait for it, and those that
  // this officer cannot open.
  size_t unread = 0;
};
// Opens the bodies that may name a time: of acts that count, our own or opened before. Reading the
// list reports no retrieval; the node enters each as read.
// `bodies`: takes those that tell the progress of the case on the way; null: nobody asks.
KnownDates ReadDates(Session& session, const desk::CaseView& view,
                     const std::vector<desk::AuthorityKey>& keys,
                     desk::CaseBodies* bodies = nullptr);

// The clocks of a case by this desk's policy, with the times that bodies name.
struct CaseClocks {
  std::vector<desk::Deadline> deadlines;
  size_t unread = 0;
  casework::PairPolicy policy;
};
// The numbers of policy that hold between the two states of the case, and their calendars.
absl::StatusOr<casework::PairPolicy> PolicyOfCase(const Session& session,
                                                  const desk::CaseView& view);
// How long the requesting state may speak before a measure against property is lifted, R-AR-08.
// Where the policy cannot be read, the default: what changes anything reads it again.
absl::Duration HearingOfCase(const Session& session, const desk::CaseView& view);
absl::StatusOr<CaseClocks> ClocksOfCase(Session& session, const desk::CaseView& view,
                                        Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CASE_DATES_H_
