#include "node/cli/taken_back.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casebook/content.h"

namespace palermo::cli {

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

}  // namespace palermo::cli
