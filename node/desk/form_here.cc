#include "node/desk/form_here.h"

#include "base/clock.h"
#include "base/state_code.h"

namespace palermo::desk {
namespace {

constexpr absl::Duration kReview = absl::Hours(24 * 30);
constexpr absl::Duration kKept = absl::Hours(24 * 90);
constexpr absl::Duration kKeptLonger = absl::Hours(24 * 180);
constexpr size_t kDayLetters = 10;  // "2026-03-02"

std::string DayAt(absl::Time at) { return FormatInstant(at).substr(0, kDayLetters); }

}  // namespace

void ReleaseTo(const std::string& own_state, const std::string& to, v1::CaseBody& body) {
  if (!body.has_request() || !body.request().has_handling()) return;
  auto& states = *body.mutable_request()->mutable_handling()->mutable_release_states();
  if (states.empty()) return;
  states.Clear();
  *states.Add() = own_state;
  if (StateOf(to) != own_state) *states.Add() = StateOf(to);
}

void DateFromToday(v1::Act::Code act, absl::Time now, v1::CaseBody& body) {
  if (body.has_info_request() && !body.info_request().needed_by().empty()) {
    body.mutable_info_request()->set_needed_by(DayAt(now + kReview));
  }
  if (body.has_statement()) {
    v1::Statement& statement = *body.mutable_statement();
    if (!statement.until().empty()) statement.set_until(DayAt(now + kReview));
    if (!statement.expected_until().empty()) statement.set_expected_until(DayAt(now + kKept));
  }
  if (!body.has_preservation()) return;
  v1::Preservation& kept = *body.mutable_preservation();
  const bool longer = act == v1::Act::PRESERVATION_EXTENDED;
  if (!kept.from().empty()) kept.set_from(FormatInstant(now));
  if (!kept.until().empty()) {
    kept.set_until(FormatInstant(now + (longer ? kKeptLonger : kKept)));
  }
}

}  // namespace palermo::desk
