// Freezing, confiscation and return: UNTOC 12 to 14, UNCAC 54 to 57.
#include <algorithm>

#include "base/clock.h"
#include "node/casework/asset_book.h"
#include "node/casework/clocks.h"
#include "node/casework/field_words.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

std::string OfAsset(int item, std::string_view member) { return At("request.items", item, member); }

// Whether the governing profile asks for finality, notice and due process.
bool NeedsFinality(const RuleInput& in) {
  const std::string_view profile = GoverningProfile(in);
  return OneOf(ProfileOf(profile), {"UNCAC_46", "CETS198"}) || profile == "UNCC";
}

bool IsAssetIdentified(const v1::Property& p) {
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
    if (!IsAssetIdentified(item.property()) && IsBlank(item.account())) {
      report.Say("R-AR-01.property", OfAsset(i, "property"));
    }
    // A formal request without any facts is R-MLA-15C's matter.
    if (IsBlank(r->facts_summary()) && IsBlank(item.facts()) && !IsFormal(in.context.family)) {
      report.Say("R-AR-01.facts", OfAsset(i, "facts"));
    }
  }
}

// UNCAC 57(3) has the limbs (a), (b) and (c); words and other provisions are not judged.
bool NamesNoClaim(const std::string& basis) {
  constexpr std::string_view kReturn = "57(3)(";
  const size_t at = basis.find(kReturn);
  if (at == std::string::npos) return false;
  const size_t limb = at + kReturn.size();
  return limb >= basis.size() || basis[limb] < 'a' || basis[limb] > 'c';
}

void CheckOrder(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr ||
      !Asks(in, {AssistanceType::ENFORCE_CONFISCATION_ORDER, AssistanceType::ASSET_RETURN,
                 AssistanceType::NON_CONVICTION_CONFISCATION})) {
    return;
  }
  const bool finality = NeedsFinality(in);
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() == AssistanceType::ENFORCE_CONFISCATION_ORDER) {
      const bool enforceable = !item.order().has_enforceable() || item.order().enforceable();
      if (IsBlank(item.order().hash())) {
        report.Say("R-AR-02.missing", OfAsset(i, "order.hash"));
      } else if (!enforceable || (finality && !item.order().final())) {
        report.Say("R-AR-02.final", OfAsset(i, "order.final"));
      }
    } else if (item.type() == AssistanceType::NON_CONVICTION_CONFISCATION) {
      // UNCAC 54(1)(c) needs no order; one that is to be given effect binds as any other.
      const bool stopped = item.order().has_enforceable() && !item.order().enforceable();
      const bool open = finality && item.order().has_final() && !item.order().final();
      if (item.has_order() && (stopped || open)) {
        report.Say("R-AR-02.final", OfAsset(i, "order.final"));
      }
    } else if (item.type() == AssistanceType::ASSET_RETURN && NamesNoClaim(item.claim_basis())) {
      report.Say("R-GEN-01.enum", OfAsset(i, "claim_basis"));
    } else if (item.type() == AssistanceType::ASSET_RETURN && finality && !item.order().final() &&
               !item.final_judgment_waived()) {
      report.Say("R-AR-02.final", OfAsset(i, "order.final"));
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
    if (SaysNothing(item.third_party_notice()))
      report.Say("R-AR-03.notice", OfAsset(i, "third_party_notice"));
    if (!item.due_process_statement())
      report.Say("R-AR-03.process", OfAsset(i, "due_process_statement"));
  }
}

// --- Reports on property

using v1::Act;

absl::Time AssetsNow(const CheckContext& context) {
  const auto now = ParseInstant(NowText(context));
  return now.ok() ? *now : absl::InfinitePast();
}

void CheckReportForm(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ASSET_REPORT}) || !in.body.has_asset_report()) return;
  const v1::AssetReport& said = in.body.asset_report();
  if (said.item() == 0) report.Say("R-GEN-01.asset_item", "asset_report.item");
  if (IsBlank(said.to()) && said.claims().empty() && SaysNothing(said.view())) {
    report.Say("R-GEN-01.asset_nothing", "asset_report.to");
  }
  if (!said.to().empty() && !AssetStateFromName(said.to()).ok()) {
    report.Say("R-GEN-01.asset_state", "asset_report.to");
  }
  if (said.to() == "FROZEN" && IsBlank(said.order_ref())) {
    report.Say("R-GEN-01.asset_order", "asset_report.order_ref");
  }
  if (said.to() == "CONFISCATION_REQUESTED" &&
      !OneOf(said.route(), {"RD_ORDER", "ENFORCE_RQ_ORDER", "NON_CONVICTION"})) {
    report.Say("R-GEN-01.asset_route", "asset_report.route");
  }
  if (said.to() == "LIFT_PROPOSED" && SaysNothing(said.reason())) {
    report.Say("R-GEN-01.asset_reason", "asset_report.reason");
  }
  if (said.to() == "RQ_HEARD" && IsBlank(said.view())) {
    report.Say("R-GEN-01.asset_view", "asset_report.view");
  }
  CheckThirdPartyClaims(said.claims(), "asset_report.claims", report);
  for (const auto& [text, field] : {std::pair(&said.at(), "asset_report.at"),
                                    std::pair(&said.expires_at(), "asset_report.expires_at")}) {
    if (!text->empty() && !ParseInstant(*text).ok()) report.Say("R-GEN-01.date", field);
  }
}

void CheckMove(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ASSET_REPORT}) || in.context.assets == nullptr) return;
  const v1::AssetReport& said = in.body.asset_report();
  if (said.item() == 0) return;
  const absl::Duration hearing = PolicyLimit("R-AR-08", in.context.policy);
  for (const Finding& finding : CheckAssetReport(*in.context.assets, in.context.side, said,
                                                 AssetsNow(in.context), hearing)) {
    report.Say(finding.key, finding.field);
  }
}

// A result that returns or shares what a third party still claims.
void CheckClaims(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::PARTIAL_RESULT, Act::FINAL_RESULT}) || in.context.assets == nullptr) return;
  ForResults(in, [&](const v1::ItemResult& item, const Item* asked, const std::string& at) {
    const bool executed = item.outcome() == v1::ItemOutcome::EXECUTED_FULL ||
                          item.outcome() == v1::ItemOutcome::EXECUTED_PARTIAL;
    const bool disposal =
        asked != nullptr && (asked->type() == AssistanceType::ASSET_RETURN ||
                             asked->type() == AssistanceType::ASSET_SHARING ||
                             asked->type() == AssistanceType::DIRECT_RECOVERY_SUPPORT);
    if (executed && disposal && DisposesOverClaim(*in.context.assets, item)) {
      report.Say("R-AR-05.claim", at);
    }
  });
}

constexpr Rule kAssetRules[] = {
    {{"R-AR-01", "E", "UNTOC 13(3)(c)", "a freeze without identified property or facts"},
     CheckFreeze},
    {{"R-AR-02", "E", "UNCAC 55(3)(b), 57(3)",
      "the order is missing, not enforceable, or (UNCAC, CETS198) not final"},
     CheckOrder},
    {{"R-AR-03", "E", "UNCAC 55(3)(b)",
      "no notice to third parties or no statement on due process (UNCAC, CETS198)"},
     CheckThirdParties},
    {{"R-GEN-01", "E", "UNTOC 13, UNCAC 55",
      "a report on property names no item, state, order, route, reason, view or claim that it "
      "needs"},
     CheckReportForm},
    {{"R-AR-08, R-AR-05, R-GEN-02", "E/W", "UNCAC 55(8), (9)",
      "property moves out of turn: lifted unheard (W: with the reason why hearing was impossible), "
      "or disposed of over an open claim"},
     CheckMove},
    {{"R-AR-05", "E", "UNTOC 12(8), UNCAC 55(9)",
      "a result returns or shares property over an open claim"},
     CheckClaims},
};

}  // namespace

void CheckThirdPartyClaims(const google::protobuf::RepeatedPtrField<v1::ThirdPartyClaim>& claims,
                           const std::string& at, Report& report) {
  for (int i = 0; i < claims.size(); ++i) {
    const bool whose = !IsBlank(claims[i].ref()) || !IsBlank(claims[i].by());
    const std::string& status = claims[i].status();
    if (!whose || status.empty() || !IsWordOf("ThirdPartyClaim", "status", status)) {
      report.Say("R-GEN-01.asset_claim", At(at, i));
    }
  }
}

std::span<const Rule> AssetRules() { return kAssetRules; }

}  // namespace palermo::casework
