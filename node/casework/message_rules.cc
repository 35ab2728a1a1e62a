// The message itself: time, signature, key, the receiver's entry in the directory.
#include "base/clock.h"
#include "base/limits.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr absl::Duration kAhead = absl::Milliseconds(limits::kMaxClockAheadMillis);
constexpr int kAttestedMonths = 12;

void CheckTime(const RuleInput& in, Report& report) {
  const MessageFacts* m = in.context.message;
  if (m == nullptr) return;
  const auto at = ParseInstant(m->created_at), before = ParseInstant(m->predecessor_at);
  const auto now = ParseInstant(in.context.now);
  if (!at.ok()) return;
  if (now.ok() && *at > *now + kAhead) {
    report.Say("R-GEN-03.future", "created_at");
  } else if (before.ok() && *at < *before) {
    report.Say("R-GEN-03.order", "created_at");
  }
}

void CheckSignature(const RuleInput& in, Report& report) {
  const MessageFacts* m = in.context.message;
  if (m == nullptr) return;
  if (m->signature_verified == std::optional<bool>(false)) {
    report.Say("R-SIG-01.signature", "signature");
    return;  // whose key it was is not known then
  }
  const auto at = ParseInstant(m->signed_at.empty() ? in.context.now : m->signed_at);
  if (!at.ok()) return;
  const auto from = ParseInstant(m->key_valid_from);
  const bool early = from.ok() && *at < *from;
  if (m->key_revoked || early || IsAfterEnd(m->key_valid_to, *at)) {
    report.Say("R-DIR-04.key", "signature.key");
  }
}

void CheckAttested(const RuleInput& in, Report& report) {
  const MessageFacts* m = in.context.message;
  if (m == nullptr) return;
  const auto attested = ParseInstant(m->entry_attested_at), now = ParseInstant(in.context.now);
  if (!attested.ok() || !now.ok()) return;
  const auto day = absl::ToCivilDay(*attested, absl::UTCTimeZone());
  const absl::CivilMonth month = absl::CivilMonth(day) + kAttestedMonths;
  const absl::CivilDay last(month.year(), month.month(), day.day());
  if (absl::ToCivilDay(*now, absl::UTCTimeZone()) > last) {
    report.Say("R-DIR-05.attested", "directory.attested_at");
  }
}

constexpr Rule kMessageRules[] = {
    {{"R-GEN-03", "W", "",
      "the message's time is ahead by more than 5 minutes, or before its parent"},
     CheckTime},
    {{"R-SIG-01, R-DIR-04", "E", "UNTOC 18(14)",
      "the signature does not verify to the state's entry, or its key was not valid then"},
     CheckSignature},
    {{"R-DIR-05", "W", "", "the receiver's entry was not attested again within 12 months"},
     CheckAttested},
};

}  // namespace

std::span<const Rule> MessageRules() { return kMessageRules; }

}  // namespace palermo::casework
