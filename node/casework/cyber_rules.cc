// Electronic evidence: preservation, orders, addresses. Budapest Convention 16, 29 to 34.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

constexpr int kMinPreservationDays = 60;

std::string OfCyberItem(int item, std::string_view member) {
  return At("request.items", item, member);
}

void CheckPreservedData(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !Asks(in, {AssistanceType::PRESERVE_DATA})) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() != AssistanceType::PRESERVE_DATA) continue;
    const auto need = [&](bool present, std::string_view member) {
      if (!present) report.Say("R-CYB-01.missing", OfCyberItem(i, member));
    };
    need(!SaysNothing(item.authority()) || !SaysNothing(r->requesting_authority()), "authority");
    need(!SaysNothing(item.offence()) || r->offence_size() > 0, "offence");
    need(!SaysNothing(item.facts()) || !SaysNothing(r->facts_summary()), "facts");
    need(!SaysNothing(item.data()), "data");
    // 29(2)(d): who keeps the data, or where the system stands. A selector alone says neither.
    need(!SaysNothing(item.custodian()) || !SaysNothing(item.provider()) ||
             !SaysNothing(item.place()) || !SaysNothing(item.address()),
         "custodian");
    need(!SaysNothing(item.necessity()), "necessity");
    need(item.intends_mla(), "intends_mla");
  }
}

void CheckDays(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  const bool asks = Asks(in, {AssistanceType::PRESERVE_DATA});
  for (int i = 0; asks && r != nullptr && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() != AssistanceType::PRESERVE_DATA || !item.has_period_days()) continue;
    if (item.period_days() < kMinPreservationDays)
      report.Say("R-CYB-03.short", OfCyberItem(i, "period_days"));
  }
  if (!in.body.has_preservation()) return;
  const v1::Preservation& p = in.body.preservation();
  const auto from = ParseInstant(p.from()), until = ParseInstant(p.until());
  const bool keeps = IsAct(in, {v1::Act::PRESERVATION_CONFIRMED});
  if (keeps &&
      (!from.ok() || !until.ok() || *until - *from < absl::Hours(24 * kMinPreservationDays))) {
    report.Say("R-CYB-03.short", "preservation.until");
  }
  // What is kept from a day to come is not kept today. A day for clocks that differ.
  const auto now = ParseInstant(NowText(in.context));
  if (keeps && from.ok() && now.ok() && *from > *now + absl::Hours(24)) {
    report.Say("R-CYB-03.future", "preservation.from");
  }
  // A release names the time for which the data were kept.
  const bool early = IsAct(in, {v1::Act::PRESERVATION_RELEASED}) && from.ok() && until.ok() &&
                     *until - *from < absl::Hours(24 * kMinPreservationDays);
  // An extension counts from the day from which the data are kept.
  const auto first = ParseInstant(in.context.preserved_from);
  const bool extended_short = IsAct(in, {v1::Act::PRESERVATION_EXTENDED}) && first.ok() &&
                              until.ok() &&
                              *until - *first < absl::Hours(24 * kMinPreservationDays);
  if (early || extended_short) report.Say("R-CYB-03.short", "preservation.until");
  const auto kept = ParseInstant(in.context.preserved_until);
  if (IsAct(in, {v1::Act::PRESERVATION_EXTENDED}) && kept.ok() && until.ok() && *until <= *kept) {
    report.Say("R-CYB-03.no_longer", "preservation.until");
  }
  const bool ends = IsAct(in, {v1::Act::PRESERVATION_RELEASED}) || p.status() == "RELEASED";
  const bool came = p.followup_received() || in.context.followup_came;
  if (ends && came && !p.followup_decided()) {
    report.Say("R-CYB-03.followup", "preservation.followup_decided");
  }
}

// What the case says counts, not what the release says of itself: the time that was confirmed, and
// the 60 days. Who decided the follow-up need not wait for more than those.
void CheckReleaseOfData(const RuleInput& in, Report& report) {
  if (!IsAct(in, {v1::Act::PRESERVATION_RELEASED})) return;
  const CheckContext& c = in.context;
  const auto now = ParseInstant(NowText(c));
  const auto from = ParseInstant(c.preserved_from), until = ParseInstant(c.preserved_until);
  if (!now.ok()) return;
  const bool decided = c.followup_came && in.body.preservation().followup_decided();
  const bool early = from.ok() && *now < *from + absl::Hours(24 * kMinPreservationDays);
  if (early || (until.ok() && *now < *until && !decided)) {
    report.Say("R-CYB-03.early", "preservation");
  }
}

// BUD 29(6): who sees that preserving would not help, or would warn the suspect, says so at once.
void CheckWarning(const RuleInput& in, Report& report) {
  if (!in.body.has_preservation()) return;
  const v1::Preservation& p = in.body.preservation();
  if (p.would_endanger() && !p.warned()) report.Say("R-CYB-05.warning", "preservation.warned");
}

// --- Orders

enum class Depth { kNone, kSubscriber, kTraffic, kContent };

// "content" and "TRAFFIC_DATA" count as well as the words of the list.
Depth DepthOf(const std::string& said) {
  const std::string word = absl::AsciiStrToUpper(said);
  if (word.rfind("CONTENT", 0) == 0) return Depth::kContent;
  if (word.rfind("TRAFFIC", 0) == 0) return Depth::kTraffic;
  return word.rfind("SUBSCRIBER", 0) == 0 ? Depth::kSubscriber : Depth::kNone;
}

// The deepest that a category names anywhere, as BASIC_SUBSCRIBER_INFO does. One that names none
// may be the deepest: an order for less does not cover it.
Depth DepthSought(const std::string& category) {
  const std::string word = absl::AsciiStrToUpper(category);
  const auto names = [&](const char* part) { return word.find(part) != std::string::npos; };
  if (names("CONTENT")) return Depth::kContent;
  if (names("TRAFFIC")) return Depth::kTraffic;
  return names("SUBSCRIBER") ? Depth::kSubscriber : Depth::kContent;
}

Depth Sought(const Item& item) {
  Depth depth = Depth::kNone;
  if (item.type() == AssistanceType::INTERCEPT_CONTENT) depth = Depth::kContent;
  if (item.type() == AssistanceType::ACCESS_STORED_DATA) depth = Depth::kSubscriber;
  if (item.type() == AssistanceType::REALTIME_TRAFFIC ||
      item.type() == AssistanceType::DISCLOSE_PRESERVED_TRAFFIC) {
    depth = Depth::kTraffic;
  }
  // What is only preserved, or disclosed while life is in danger, needs no order yet; otherwise
  // traffic and content need one whatever the item is called.
  if (item.type() == AssistanceType::PRESERVE_DATA ||
      item.type() == AssistanceType::EMERGENCY_DISCLOSURE) {
    return depth;
  }
  for (const std::string& category : item.data_categories()) {
    if (!IsBlank(category)) depth = std::max(depth, DepthSought(category));
  }
  return depth;
}

void CheckOrders(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    const Depth sought = Sought(item);
    if (sought == Depth::kNone) continue;
    // Who uses an address may be asked without one.
    const bool subscriber_only =
        item.type() == AssistanceType::SUBSCRIBER_INFO && sought == Depth::kSubscriber;
    if (subscriber_only) continue;
    const bool ordered = !IsBlank(item.legal_order_hash()) || !IsBlank(item.order().hash());
    const Depth covered = DepthOf(item.order().kind());
    if (!ordered || (covered != Depth::kNone && covered < sought)) {
      report.Say("R-CYB-04.order", OfCyberItem(i, "legal_order_hash"));
    }
  }
}

// --- Addresses

void CheckAddresses(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const auto& selectors = r->items(i).selectors();
    for (int k = 0; k < selectors.size(); ++k) {
      CheckAddress(selectors[k], true, At(OfCyberItem(i, "selectors"), k), report);
    }
  }
}

constexpr Rule kCyberRules[] = {
    {{"R-CYB-01", "E", "BUD 29(2)", "an element of a preservation request is missing"},
     CheckPreservedData},
    {{"R-CYB-03", "E", "BUD 29(7)",
      "preserved for less than 60 days, released before the follow-up is decided, or an extension "
      "ends no later than what was confirmed"},
     CheckDays},
    {{"R-CYB-03", "E", "BUD 29(7)",
      "the data are released before the time that was confirmed, or before 60 days"},
     CheckReleaseOfData},
    {{"R-CYB-05", "W", "BUD 29(6)",
      "preservation would fail or endanger confidentiality, and no warning was sent"},
     CheckWarning},
    {{"R-CYB-04", "E", "BUD 31 to 34, 15", "traffic or content without an order that covers it"},
     CheckOrders},
    {{"R-CYB-IP", "E/W", "",
      "an address without exact time or private (E), without source port or under another kind "
      "(W)"},
     CheckAddresses},
};

}  // namespace

std::span<const Rule> CyberRules() { return kCyberRules; }

bool IsCovered(const Item& item, const std::string& category) {
  const Depth given = DepthOf(category), covered = DepthOf(item.order().kind());
  if (IsBlank(item.legal_order_hash()) && IsBlank(item.order().hash())) {
    return given <= Depth::kSubscriber;
  }
  if (covered != Depth::kNone) return given <= covered;
  // An order that does not say its kind covers what was asked for; where the question does not say
  // how deep it goes, nobody is blamed.
  const bool open =
      item.data_categories().empty() && (item.type() == AssistanceType::ACCESS_STORED_DATA ||
                                         item.type() == AssistanceType::PRESERVE_DATA);
  return open || given <= Sought(item);
}

}  // namespace palermo::casework
