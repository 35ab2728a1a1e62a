#include "node/desk/asset_text.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/identifiers.h"
#include "node/casework/text.h"

namespace palermo::desk {
namespace {

using casework::Asset;
using casework::AssetState;

std::string ItemsOf(const Asset& asset) {
  std::string text;
  for (uint32_t n : asset.items) {
    text += absl::StrFormat("%s%u", text.empty() ? "item " : ", ", n);
  }
  return text;
}

// 25000000 XTS is 250000.00 XTS.
std::string AmountOf(const v1::Money& money) {
  const int digits = casework::MinorDigits(money.ccy());
  if (digits < 0) return "";
  int64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  const int64_t whole = money.minor() / unit, rest = money.minor() % unit;
  if (digits == 0) return absl::StrFormat("%d %s", whole, money.ccy());
  return absl::StrFormat("%d.%0*d %s", whole, digits, rest < 0 ? -rest : rest, money.ccy());
}

// What has to happen before the measure may be lifted.
std::string HearingOf(const Asset& asset, casework::Side own_side, absl::Time now,
                      absl::Duration hearing) {
  if (asset.state != AssetState::kLiftProposed) return "";
  const absl::Time ends = casework::HearingEnds(asset, hearing);
  if (now >= ends) {
    return "      the requesting state did not state its view in time: the measure may be lifted\n";
  }
  const bool ours = own_side == casework::Side::kRequesting;
  return Cat(
      {"      R-AR-08: ", ours ? "state our view" : "the requesting state may state its view",
       " until ", FormatInstant(ends), "\n"});
}

}  // namespace

std::string AssetsText(const std::vector<Asset>& assets, casework::Side own_side, absl::Time now,
                       absl::Duration hearing) {
  std::string text;
  for (const Asset& asset : assets) {
    std::string line =
        Cat({"  * ", ItemsOf(asset), ": ", std::string(casework::AssetStateName(asset.state)), " (",
             std::string(casework::AssetStateMeaning(asset.state)), ")"});
    if (!asset.id.empty()) line += Cat({", ", asset.id});
    if (!asset.order_ref.empty()) line += Cat({", order ", asset.order_ref});
    if (!AmountOf(asset.amount).empty()) line += Cat({", ", AmountOf(asset.amount)});
    if (!asset.expires_at.empty()) line += Cat({", until ", asset.expires_at});
    text += Cat({casework::OneLine(line), "\n"});
    text += HearingOf(asset, own_side, now, hearing);
    if (!asset.view.empty()) {
      text += Cat({"      view of the requesting state: ", casework::OneLine(asset.view), "\n"});
    }
    for (const v1::ThirdPartyClaim& claim : asset.claims) {
      const std::string claimed =
          Cat({"      claim ", claim.ref(), claim.by().empty() ? "" : Cat({" of ", claim.by()}),
               ": ", claim.status()});
      text += Cat({casework::OneLine(claimed),
                   casework::IsOpenClaim(claim) ? "; nothing is disposed of before (R-AR-05)" : "",
                   "\n"});
    }
  }
  return text.empty() ? "" : Cat({"\nProperty:\n", text});
}

Json AssetsJson(const std::vector<Asset>& assets, absl::Duration hearing) {
  Json list = Json::List();
  for (const Asset& asset : assets) {
    Json one = Json::Object(), items = Json::List(), claims = Json::List();
    for (uint32_t n : asset.items) items.Push(Json::Number(n));
    one.Add("items", std::move(items)).Add("asset", asset.id);
    one.Add("state", std::string(casework::AssetStateName(asset.state)));
    one.Add("meaning", std::string(casework::AssetStateMeaning(asset.state)));
    one.Add("order", asset.order_ref).Add("route", asset.route).Add("expires_at", asset.expires_at);
    one.AddNumber("amount_minor", asset.amount.minor()).Add("currency", asset.amount.ccy());
    const bool proposed = asset.state == AssetState::kLiftProposed;
    one.Add("hearing_until", proposed ? FormatInstant(casework::HearingEnds(asset, hearing)) : "");
    one.Add("view", asset.view);
    for (const v1::ThirdPartyClaim& claim : asset.claims) {
      Json c = Json::Object();
      c.Add("ref", claim.ref()).Add("by", claim.by()).Add("status", claim.status());
      claims.Push(std::move(c.Add("open", casework::IsOpenClaim(claim))));
    }
    list.Push(std::move(one.Add("claims", std::move(claims))));
  }
  return list;
}

}  // namespace palermo::desk
