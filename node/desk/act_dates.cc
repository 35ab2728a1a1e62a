#include "node/desk/act_dates.h"

#include <algorithm>

#include "base/clock.h"

namespace palermo::desk {
namespace {

using v1::Act;

// The end of what the text names; InfiniteFuture when it is no time.
absl::Time EndOf(const std::string& text) {
  const auto over = ParseOver(text);
  return over.ok() ? *over : absl::InfiniteFuture();
}

void Put(const char* clock, const std::string& text, ActDates* dates) {
  const absl::Time at = EndOf(text);
  if (at == absl::InfiniteFuture()) return;
  auto [it, fresh] = dates->dates.try_emplace(clock, at);
  if (!fresh) it->second = std::min(it->second, at);
}

void TakeRequest(const v1::Request& request, ActDates* dates) {
  // Without its reason a deadline has no weight: UNTOC 18(24).
  if (!request.deadline().reason().empty()) {
    Put("R-CLK-DEADLINE", request.deadline().at(), dates);
  }
  for (const v1::Item& item : request.items()) {
    Put("R-SEA-02", item.response_needed_by(), dates);
    dates->items.push_back(item.n());
  }
  // The flag state was asked by word of mouth: its hours run from there.
  const auto oral = ParseInstant(request.oral().made_at());
  if (oral.ok()) dates->happened = *oral;
  const auto is = [&](v1::AssistanceType::Code type) {
    return std::any_of(request.items().begin(), request.items().end(),
                       [&](const v1::Item& item) { return item.type() == type; });
  };
  dates->registry_only =
      is(v1::AssistanceType::FLAG_CONFIRMATION) && !is(v1::AssistanceType::BOARDING_AUTHORIZATION);
}

}  // namespace

bool NamesDates(Act::Code act) {
  switch (act) {
    case Act::REQUEST:
    case Act::CORRECTED_REQUEST:
    case Act::INFO_REQUEST:
    case Act::CONDITIONS_PROPOSAL:
    case Act::POSTPONEMENT_NOTICE:
    case Act::POSTPONEMENT_REVIEW:
    case Act::SUSPENSION:
    case Act::PRESERVATION_CONFIRMED:
    case Act::PRESERVATION_EXTENDED:
    case Act::BOARDING_REPORT:
    case Act::CONSULTATION_OPEN:
    case Act::PROVISIONAL_ARREST_NOTE:
      return true;
    default:
      return false;
  }
}

ActDates DatesIn(Act::Code act, const v1::CaseBody& body) {
  ActDates dates;
  if (body.has_request()) TakeRequest(body.request(), &dates);
  if (body.has_info_request()) Put("R-CLK-DEADLINE", body.info_request().needed_by(), &dates);
  if (act == Act::CONDITIONS_PROPOSAL) Put("R-CLK-DEADLINE", body.statement().until(), &dates);
  if (act == Act::POSTPONEMENT_NOTICE || act == Act::POSTPONEMENT_REVIEW ||
      act == Act::SUSPENSION) {
    dates.until = EndOf(body.statement().until());
  }
  if (body.has_preservation()) dates.until = EndOf(body.preservation().until());
  if (body.has_consultation_open()) {
    const auto& items = body.consultation_open().items();
    dates.items.assign(items.begin(), items.end());
  }
  if (act == Act::PROVISIONAL_ARREST_NOTE) {
    const auto arrested = ParseInstant(body.statement().happened_at());
    if (arrested.ok()) dates.happened = *arrested;
  }
  if (act == Act::BOARDING_REPORT) {
    const auto boarded = ParseInstant(body.boarding_result().boarded_at());
    if (boarded.ok()) dates.happened = *boarded;
  }
  return dates;
}

}  // namespace palermo::desk
