// Freezing, confiscation and return: UNTOC 12 to 14, UNCAC 54 to 57.
#include <algorithm>

#include "node/casework/asset_measure.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

std::string Of(int item, std::string_view member) { return At("request.items", item, member); }

// Whether the governing profile asks for finality, notice and due process.
bool NeedsFinality(const RuleInput& in) {
  const std::string_view profile = GoverningProfile(in);
  return OneOf(ProfileOf(profile), {"UNCAC_46", "CETS198"}) || profile == "UNCC";
}

bool IsIdentified(const v1::Property& p) {
  for (const std::string* id : {&p.asset_id(), &p.iban(), &p.account(), &p.crypto_address(),
                                &p.registry_no(), &p.description()}) {
    if (!IsBlank(*id)) return true;
  }
  return false;
}

void CheckFreeze(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !Asks(in, {AssistanceType::FREEZE})) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() != AssistanceType::FREEZE) continue;
    if (!IsIdentified(item.property()) && IsBlank(item.account())) {
      report.Say("R-AR-01.property", Of(i, "property"));
    }
    // A formal request without any facts is R-MLA-15C's matter.
    if (IsBlank(r->facts_summary()) && IsBlank(item.facts()) && !IsFormal(in.context.family)) {
      report.Say("R-AR-01.facts", Of(i, "facts"));
    }
  }
}

void CheckOrder(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr ||
      !Asks(in, {AssistanceType::ENFORCE_CONFISCATION_ORDER, AssistanceType::ASSET_RETURN})) {
    return;
  }
  const bool finality = NeedsFinality(in);
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() == AssistanceType::ENFORCE_CONFISCATION_ORDER) {
      const bool enforceable = !item.order().has_enforceable() || item.order().enforceable();
      if (IsBlank(item.order().hash())) {
        report.Say("R-AR-02.missing", Of(i, "order.hash"));
      } else if (!enforceable || (finality && !item.order().final())) {
        report.Say("R-AR-02.final", Of(i, "order.final"));
      }
    } else if (item.type() == AssistanceType::ASSET_RETURN && finality && !item.order().final() &&
               !item.final_judgment_waived()) {
      report.Say("R-AR-02.final", Of(i, "order.final"));
    }
  }
}

void CheckThirdParties(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !Asks(in, {AssistanceType::ENFORCE_CONFISCATION_ORDER}) ||
      !NeedsFinality(in)) {
    return;
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() != AssistanceType::ENFORCE_CONFISCATION_ORDER) continue;
    if (IsBlank(item.third_party_notice()))
      report.Say("R-AR-03.notice", Of(i, "third_party_notice"));
    if (!item.due_process_statement())
      report.Say("R-AR-03.process", Of(i, "due_process_statement"));
  }
}

constexpr Rule kRules[] = {
    {{"R-AR-01", "E", "UNTOC 13(3)(c)", "a freeze without identified property or facts"},
     CheckFreeze},
    {{"R-AR-02", "E", "UNCAC 55(3)(b), 57(3)",
      "the order is missing, not enforceable, or (UNCAC, CETS198) not final"},
     CheckOrder},
    {{"R-AR-03", "E", "UNCAC 55(3)(b)",
      "no notice to third parties or no statement on due process (UNCAC, CETS198)"},
     CheckThirdParties},
};

}  // namespace

std::span<const Rule> AssetRules() { return kRules; }

}  // namespace palermo::casework
