#include "node/casework/asset_book.h"

#include <algorithm>
#include <iterator>

#include "base/clock.h"
#include "node/casework/progress.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using enum AssetState;
using v1::Act;
using v1::AssistanceType;
using v1::ItemOutcome;

bool IsConfiscation(AssistanceType::Code type) {
  return type == AssistanceType::CONFISCATE_BY_RD_ORDER ||
         type == AssistanceType::ENFORCE_CONFISCATION_ORDER ||
         type == AssistanceType::NON_CONVICTION_CONFISCATION;
}
bool IsDisposal(AssistanceType::Code type) {
  return type == AssistanceType::ASSET_RETURN || type == AssistanceType::ASSET_SHARING ||
         type == AssistanceType::DIRECT_RECOVERY_SUPPORT;
}
bool ConcernsAssets(AssistanceType::Code type) {
  return type == AssistanceType::FREEZE || type == AssistanceType::TRACE_PROCEEDS ||
         IsConfiscation(type) || IsDisposal(type);
}

std::string RouteOf(AssistanceType::Code type) {
  if (type == AssistanceType::CONFISCATE_BY_RD_ORDER) return "RD_ORDER";
  if (type == AssistanceType::ENFORCE_CONFISCATION_ORDER) return "ENFORCE_RQ_ORDER";
  return type == AssistanceType::NON_CONVICTION_CONFISCATION ? "NON_CONVICTION" : "";
}

// Two items of one request may ask for the same property: frozen first, confiscated later.
std::string IdOf(const v1::Item& item) {
  const v1::Property& p = item.property();
  for (const std::string* id : {&p.asset_id(), &p.iban(), &p.account(), &p.crypto_address(),
                                &p.registry_no(), &item.account(), &item.confiscation_ref()}) {
    if (!IsBlank(*id)) return *id;
  }
  return "";
}

class Book {
 public:
  void Take(const OpenedAct& act) {
    if (act.body == nullptr) return;
    switch (act.act) {
      case Act::REQUEST:
      case Act::CORRECTED_REQUEST:
        Request(act.body->request(), act.at);
        break;
      case Act::PARTIAL_RESULT:
      case Act::FINAL_RESULT:
        for (const v1::ItemResult& one : act.body->result().items()) Result(one, act.at);
        break;
      case Act::ASSET_REPORT:
        Report(act.body->asset_report(), act.side, act.at);
        break;
      default:
        break;
    }
  }
  std::vector<Asset> Done() { return std::move(assets_); }

 private:
  void Request(const v1::Request& request, absl::Time at) {
    assets_.clear();  // the corrected one counts
    types_.clear();
    for (const v1::Item& item : request.items()) {
      if (!ConcernsAssets(item.type())) continue;
      types_.emplace_back(item.n(), item.type());
      Asset& asset = Named(IdOf(item), item, at);
      asset.items.push_back(item.n());
      asset.confiscation_asked |= IsConfiscation(item.type());
      if (asset.route.empty()) asset.route = RouteOf(item.type());
      if (asset.amount.ccy().empty() && item.property().has_amount()) {
        asset.amount = item.property().amount();
      }
    }
  }

  Asset& Named(const std::string& id, const v1::Item& item, absl::Time at) {
    for (Asset& asset : assets_) {
      if (!id.empty() && asset.id == id) return asset;
    }
    Asset asset;
    asset.id = id;
    asset.since = at;
    if (item.type() == AssistanceType::FREEZE) asset.state = kFreezeRequested;
    if (IsConfiscation(item.type())) asset.state = kConfiscationRequested;
    if (IsDisposal(item.type())) asset.state = kConfiscated;
    assets_.push_back(std::move(asset));
    return assets_.back();
  }

  static bool IsExecuted(const v1::ItemResult& result) {
    return result.outcome() == ItemOutcome::EXECUTED_FULL ||
           result.outcome() == ItemOutcome::EXECUTED_PARTIAL;
  }

  void Result(const v1::ItemResult& result, absl::Time at) {
    const auto type = std::find_if(types_.begin(), types_.end(),
                                   [&](const auto& one) { return one.first == result.n(); });
    if (type == types_.end()) return;
    for (const v1::AssetAnswer& one : result.assets()) Note(result, one, at);
    if (!IsExecuted(result)) return;
    for (Asset& asset : assets_) {
      if (std::find(asset.items.begin(), asset.items.end(), result.n()) == asset.items.end()) {
        continue;
      }
      if (type->second == AssistanceType::FREEZE && asset.state == kFreezeRequested) {
        Set(asset, kFrozen, at);
      } else if (IsConfiscation(type->second) && asset.state < kConfiscated) {
        Set(asset, kConfiscated, at);
      } else if (type->second == AssistanceType::ASSET_RETURN && asset.state <= kDisposalAgreed) {
        Set(asset, kReturned, at);
      } else if (type->second == AssistanceType::ASSET_SHARING && asset.state <= kDisposalAgreed) {
        Set(asset, kShared, at);
      }
    }
  }

  // What a result tells besides its outcome. The outcome alone moves the asset: what needs the
  // other side's word before it is a report of its own.
  void Note(const v1::ItemResult& result, const v1::AssetAnswer& said, absl::Time at) {
    v1::AssetReport report;
    report.set_item(result.n());
    report.set_asset_id(NumberOf(result, said.property()));
    report.set_order_ref(said.order_ref());
    report.set_expires_at(said.expires_at());
    if (said.has_amount()) *report.mutable_amount() = said.amount();
    *report.mutable_claims() = said.claims();
    Report(report, Side::kRequested, at);
  }

  // As the item's asset is known, where one of the property's numbers is that; else the first of
  // them.
  std::string NumberOf(const v1::ItemResult& result, const v1::Property& p) const {
    std::string first;
    for (const std::string* id :
         {&p.asset_id(), &p.iban(), &p.account(), &p.crypto_address(), &p.registry_no()}) {
      if (IsBlank(*id)) continue;
      if (first.empty()) first = *id;
      for (const Asset& asset : assets_) {
        const bool of_item = std::count(asset.items.begin(), asset.items.end(), result.n()) > 0;
        if (of_item && asset.id == *id) return *id;
      }
    }
    return result.assets_size() > 1 ? first : "";
  }

  static void Set(Asset& asset, AssetState to, absl::Time at) {
    asset.state = to;
    asset.since = at;
  }

  void Report(const v1::AssetReport& report, Side side, absl::Time at) {
    Asset* asset = Reported(report, at);
    if (asset == nullptr) return;
    for (const v1::ThirdPartyClaim& claim : report.claims()) Claim(*asset, claim);
    if (!report.order_ref().empty()) asset->order_ref = report.order_ref();
    if (!report.expires_at().empty()) asset->expires_at = report.expires_at();
    if (!report.route().empty()) asset->route = report.route();
    if (report.has_amount()) asset->amount = report.amount();
    const auto to = AssetStateFromName(report.to());
    if (to.ok()) {
      Set(*asset, *to, at);
      if (*to == kLiftProposed) {
        asset->lift_proposed = at;
        asset->view.clear();
      }
    }
    if (side == Side::kRequesting && !IsBlank(report.view())) {
      asset->view = report.view();
      if (asset->state == kLiftProposed) Set(*asset, kRqHeard, at);
    }
  }

  // A report may name one of several things that an item concerns.
  Asset* Reported(const v1::AssetReport& report, absl::Time at) {
    Asset* of_item = nullptr;
    for (Asset& asset : assets_) {
      const bool has =
          std::find(asset.items.begin(), asset.items.end(), report.item()) != asset.items.end();
      if (!has) continue;
      if (report.asset_id().empty() || asset.id == report.asset_id()) return &asset;
      if (of_item == nullptr) of_item = &asset;
    }
    if (of_item == nullptr) return nullptr;
    if (of_item->id.empty()) {
      of_item->id = report.asset_id();
      return of_item;
    }
    Asset more;
    more.items = {report.item()};
    more.id = report.asset_id();
    more.state = kTraced;
    more.since = at;
    assets_.push_back(std::move(more));
    return &assets_.back();
  }

  static void Claim(Asset& asset, const v1::ThirdPartyClaim& claim) {
    for (v1::ThirdPartyClaim& known : asset.claims) {
      const bool same = claim.ref().empty() ? known.by() == claim.by() : known.ref() == claim.ref();
      if (!same) continue;
      known.MergeFrom(claim);
      return;
    }
    asset.claims.push_back(claim);
  }

  std::vector<std::pair<uint32_t, AssistanceType::Code>> types_;
  std::vector<Asset> assets_;
};

// What only the requesting state can say.
bool IsOfRequesting(AssetState to) {
  return to == kFreezeRequested || to == kConfiscationRequested || to == kRqHeard;
}

AssetMeasure MeasureOf(const Asset& asset, const v1::AssetReport& report, absl::Time now) {
  AssetMeasure measure;
  measure.state = asset.state;
  measure.open_claim = HasOpenClaim(asset);
  measure.wherever_possible = !report.hearing_impossible();
  measure.reason = report.reason();
  measure.could_speak = now >= HearingEnds(asset);
  return measure;
}

}  // namespace

std::vector<Asset> AssetsOf(const std::vector<OpenedAct>& acts) {
  Book book;
  for (const OpenedAct& act : acts) book.Take(act);
  return book.Done();
}

bool IsOpenClaim(const v1::ThirdPartyClaim& claim) {
  return !OneOf(claim.status(), {"REJECTED", "SATISFIED", "SETTLED", "WITHDRAWN"});
}

bool HasOpenClaim(const Asset& asset) {
  return std::any_of(asset.claims.begin(), asset.claims.end(), IsOpenClaim);
}

absl::Time HearingEnds(const Asset& asset) {
  const bool proposed = asset.lift_proposed != absl::InfinitePast();
  return proposed ? asset.lift_proposed + kConsultationNotice : absl::InfiniteFuture();
}

const Asset* AssetOfItem(const std::vector<Asset>& assets, uint32_t item) {
  const auto found = std::find_if(assets.begin(), assets.end(), [&](const Asset& asset) {
    return std::find(asset.items.begin(), asset.items.end(), item) != asset.items.end();
  });
  return found == assets.end() ? nullptr : &*found;
}

std::vector<Finding> CheckAssetReport(const std::vector<Asset>& assets, Side side,
                                      const v1::AssetReport& report, absl::Time now) {
  std::vector<Finding> findings;
  const Asset* known = AssetOfItem(assets, report.item());
  if (known == nullptr) {
    Tell("R-GEN-01.asset_item", "asset_report.item", findings);
    return findings;
  }
  // As it stands once what the report itself says about claims is counted in.
  Asset asset = *known;
  for (const Asset& one : assets) {
    const bool has =
        std::find(one.items.begin(), one.items.end(), report.item()) != one.items.end();
    if (has && !report.asset_id().empty() && one.id == report.asset_id()) asset = one;
  }
  if (!report.asset_id().empty() && !asset.id.empty() && asset.id != report.asset_id()) {
    asset = Asset{};
    asset.items = {report.item()};
  }
  for (const v1::ThirdPartyClaim& claim : report.claims()) {
    std::erase_if(asset.claims, [&](const v1::ThirdPartyClaim& old) {
      return claim.ref().empty() ? old.by() == claim.by() : old.ref() == claim.ref();
    });
    asset.claims.push_back(claim);
  }
  const auto to = AssetStateFromName(report.to());
  if (!to.ok()) return findings;
  if (IsOfRequesting(*to) != (side == Side::kRequesting)) {
    Tell("R-GEN-02.asset_side", "asset_report.to", findings);
    return findings;
  }
  AssetMeasure measure = MeasureOf(asset, report, now);
  // The request asked for both: nothing more has to be asked between them.
  if (*to == kConfiscated && asset.confiscation_asked && measure.state == kFrozen) {
    measure.state = kConfiscationRequested;
  }
  for (Finding& finding : MoveAsset(measure, *to)) {
    if (finding.key == "R-GEN-02.sequence") finding.field = "asset_report.to";
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string_view AssetStateMeaning(AssetState state) {
  constexpr std::string_view kMeanings[] = {"traced",
                                            "a freeze is asked for",
                                            "frozen",
                                            "its confiscation is asked for",
                                            "confiscated",
                                            "the states agree what becomes of it",
                                            "returned",
                                            "shared",
                                            "paid to victims",
                                            "kept by the requested state",
                                            "the requested state intends to lift the measure",
                                            "the requesting state was heard on lifting",
                                            "the measure was lifted"};
  static_assert(std::size(kMeanings) == kAssetStates);
  const auto n = static_cast<size_t>(state) - 1;
  return n < std::size(kMeanings) ? kMeanings[n] : "";
}

}  // namespace palermo::casework
