#include "node/casework/asset_book.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
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

// As numbers are compared: without blanks, IBANs in capitals.
std::string Unspaced(std::string_view number) {
  std::string compact;
  for (char c : number) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) compact += c;
  }
  return compact;
}

struct Number {
  std::string_view kind;
  const std::string& text;
};
std::vector<Number> Written(const v1::Property& p) {
  const Number all[] = {{"id", p.asset_id()},
                        {"account", p.iban()},
                        {"account", p.account()},
                        {"crypto", p.crypto_address()},
                        {"registry", p.registry_no()}};
  std::vector<Number> written;
  std::copy_if(std::begin(all), std::end(all), std::back_inserter(written),
               [](const Number& one) { return !IsBlank(one.text); });
  return written;
}
// The confiscation says which thing it is only where nothing else does: one may be of several.
std::vector<Number> Written(const v1::Item& item) {
  std::vector<Number> written = Written(item.property());
  if (!IsBlank(item.account())) written.push_back({"account", item.account()});
  if (written.empty() && !IsBlank(item.confiscation_ref())) {
    written.push_back({"confiscation", item.confiscation_ref()});
  }
  return written;
}
std::string NumberText(const Number& one) {
  const std::string number = Unspaced(one.text);
  return Cat({one.kind, " ", one.kind == "account" ? absl::AsciiStrToUpper(number) : number});
}
std::string_view KindIn(std::string_view number) { return number.substr(0, number.find(' ')); }

bool IsKnownAs(const Asset& asset, const std::vector<std::string>& numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [&](const std::string& number) {
    return std::count(asset.numbers.begin(), asset.numbers.end(), number) > 0;
  });
}
// Whether they cannot be one thing: two accounts are not, nor an account and a flat; a name that a
// state gives a thing, or the confiscation that it is of, may stand for an account.
bool IsAnother(const Asset& asset, const std::vector<std::string>& numbers) {
  const auto is_name = [](std::string_view number) {
    return OneOf(KindIn(number), {"id", "confiscation"});
  };
  const auto differs = [&](const std::string& number) {
    return std::any_of(asset.numbers.begin(), asset.numbers.end(), [&](const std::string& known) {
      return KindIn(known) == KindIn(number) || !(is_name(known) || is_name(number));
    });
  };
  return !IsKnownAs(asset, numbers) && std::any_of(numbers.begin(), numbers.end(), differs);
}
// A report names one by any of its numbers.
bool IsNamed(const Asset& asset, const std::string& id) {
  const std::string number = Unspaced(id), upper = absl::AsciiStrToUpper(number);
  return Unspaced(asset.id) == number ||
         std::any_of(asset.numbers.begin(), asset.numbers.end(), [&](const std::string& known) {
           const std::string_view kind = KindIn(known);
           return known.substr(kind.size() + 1) == (kind == "account" ? upper : number);
         });
}

bool Concerns(const Asset& asset, uint32_t item) {
  return std::find(asset.items.begin(), asset.items.end(), item) != asset.items.end();
}

bool IsExecuted(const v1::ItemResult& result) {
  return result.outcome() == ItemOutcome::EXECUTED_FULL ||
         result.outcome() == ItemOutcome::EXECUTED_PARTIAL;
}

// Where property stands once an item of the type is executed.
std::optional<AssetState> GoalOf(AssistanceType::Code type) {
  if (type == AssistanceType::FREEZE) return kFrozen;
  if (IsConfiscation(type)) return kConfiscated;
  if (type == AssistanceType::ASSET_RETURN) return kReturned;
  return type == AssistanceType::ASSET_SHARING ? std::optional(kShared) : std::nullopt;
}
// Where it stands while that is asked for.
AssetState StartOf(AssistanceType::Code type) {
  if (type == AssistanceType::FREEZE) return kFreezeRequested;
  if (IsConfiscation(type)) return kConfiscationRequested;
  return IsDisposal(type) ? kConfiscated : kTraced;
}
bool CanReach(AssetState goal, AssetState from) {
  return goal == kReturned || goal == kShared ? from <= kDisposalAgreed : from < goal;
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
    of_item_.clear();
    by_number_.clear();
    for (const v1::Item& item : request.items()) {
      if (!ConcernsAssets(item.type())) continue;
      types_.emplace(item.n(), item.type());
      const std::vector<Number> written = Written(item);
      const std::optional<size_t> known = Find(written);
      const size_t i = known.has_value() ? *known : Add(at);
      Name(i, written);
      Join(i, item.n());
      Asset& asset = assets_[i];
      // Two items of one request may ask for the same property: frozen first, confiscated later.
      const AssetState start = StartOf(item.type());
      const bool sooner = start == kFreezeRequested && asset.state == kConfiscationRequested;
      if (asset.state == kTraced || sooner) asset.state = start;
      asset.confiscation_asked |= IsConfiscation(item.type());
      if (asset.route.empty()) asset.route = RouteOf(item.type());
      if (asset.amount.ccy().empty() && item.property().has_amount()) {
        asset.amount = item.property().amount();
      }
    }
  }

  size_t Add(absl::Time at) {
    assets_.emplace_back();
    assets_.back().since = at;
    return assets_.size() - 1;
  }
  void Join(size_t i, uint32_t item) {
    if (Concerns(assets_[i], item)) return;
    assets_[i].items.push_back(item);
    of_item_[item].push_back(i);
  }
  // The first name stays.
  void Name(size_t i, const std::vector<Number>& written) {
    for (const Number& one : written) {
      if (assets_[i].id.empty()) assets_[i].id = one.text;
      const std::string number = NumberText(one);
      if (by_number_.emplace(number, i).second) assets_[i].numbers.push_back(number);
    }
  }
  std::optional<size_t> Find(const std::vector<Number>& written) const {
    for (const Number& one : written) {
      const auto found = by_number_.find(NumberText(one));
      if (found != by_number_.end()) return found->second;
    }
    return std::nullopt;
  }

  void Result(const v1::ItemResult& result, absl::Time at) {
    const auto type = types_.find(result.n());
    if (type == types_.end()) return;
    std::map<size_t, AssetState> said;  // of what the answer names; the outcome when it says none
    const auto goal = GoalOf(type->second);
    for (const v1::AssetAnswer& one : result.assets()) {
      const size_t i = Told(result, one, type->second, at);
      Note(assets_[i], one);
      const auto state = AssetStateFromName(one.state());
      said.emplace(i, state.ok() ? *state : goal.value_or(kTraced));
    }
    if (!IsExecuted(result) || !goal.has_value()) return;
    for (const size_t i : of_item_[result.n()]) {
      // An answer that names property is about that. The outcome moves it, but no farther than the
      // answer says.
      const auto of_this = said.find(i);
      const bool other = of_this == said.end() ? !said.empty() : of_this->second < *goal;
      if (other || !CanReach(*goal, assets_[i].state)) continue;
      // What was to be returned may have gone to the victims.
      const bool disposed =
          of_this != said.end() && *goal >= kReturned && of_this->second <= kVictimCompensated;
      Set(assets_[i], disposed ? of_this->second : *goal, at);
    }
  }

  // Which asset a part of a result is about. The only one that is told is the one that was asked
  // for, unless it has another number.
  size_t Told(const v1::ItemResult& result, const v1::AssetAnswer& one, AssistanceType::Code type,
              absl::Time at) {
    const std::vector<Number> written = Written(one.property());
    std::optional<size_t> found = Find(written);
    const auto& of_item = of_item_[result.n()];
    if (!found.has_value() && result.assets_size() == 1) {
      const auto numbers = NumbersOf(one.property());
      const auto fits = std::find_if(of_item.begin(), of_item.end(),
                                     [&](size_t i) { return !IsAnother(assets_[i], numbers); });
      if (fits != of_item.end()) found = *fits;
    } else if (!found.has_value() && !of_item.empty()) {
      const Asset& first = assets_[of_item.front()];
      if (written.empty() || first.numbers.empty()) found = of_item.front();
    }
    if (!found.has_value()) {
      found = Add(at);
      assets_[*found].state = IsDisposal(type) ? kConfiscated : kTraced;
    }
    Name(*found, written);
    Join(*found, result.n());
    return *found;
  }

  // What a result tells besides its outcome. The outcome alone moves the asset: what needs the
  // other side's word before it is a report of its own.
  static void Note(Asset& asset, const v1::AssetAnswer& said) {
    TakeClaims(said.claims(), asset.claims);
    if (!said.order_ref().empty()) asset.order_ref = said.order_ref();
    if (!said.expires_at().empty()) asset.expires_at = said.expires_at();
    if (said.has_amount()) asset.amount = said.amount();
  }

  static void Set(Asset& asset, AssetState to, absl::Time at) {
    asset.state = to;
    asset.since = at;
  }

  void Report(const v1::AssetReport& report, Side side, absl::Time at) {
    Asset* asset = Reported(report, at);
    if (asset == nullptr) return;
    TakeClaims(report.claims(), asset->claims);
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
    if (side == Side::kRequesting && !SaysNothing(report.view())) {
      asset->view = report.view();
      if (asset->state == kLiftProposed) Set(*asset, kRqHeard, at);
    }
  }

  // A report may name one of several things that an item concerns.
  Asset* Reported(const v1::AssetReport& report, absl::Time at) {
    const auto of_item = of_item_.find(report.item());
    if (of_item == of_item_.end() || of_item->second.empty()) return nullptr;
    const std::string& id = report.asset_id();
    Asset& first = assets_[of_item->second.front()];
    if (id.empty()) return &first;
    for (const size_t i : of_item->second) {
      if (IsNamed(assets_[i], id)) return &assets_[i];
    }
    const bool unnamed = first.id.empty();
    const size_t i = unnamed ? of_item->second.front() : Add(at);
    assets_[i].id = id;
    Join(i, report.item());
    return &assets_[i];
  }

  std::map<uint32_t, AssistanceType::Code> types_;
  std::map<uint32_t, std::vector<size_t>> of_item_;
  std::map<std::string, size_t> by_number_;
  std::vector<Asset> assets_;
};

// What only the requesting state can say.
bool IsOfRequesting(AssetState to) {
  return to == kFreezeRequested || to == kConfiscationRequested || to == kRqHeard;
}

AssetMeasure MeasureOf(const Asset& asset, const v1::AssetReport& report, absl::Time now,
                       absl::Duration hearing) {
  AssetMeasure measure;
  measure.state = asset.state;
  measure.open_claim = HasOpenClaim(asset);
  measure.wherever_possible = !report.hearing_impossible();
  measure.reason = report.reason();
  measure.could_speak = now >= HearingEnds(asset, hearing);
  return measure;
}

}  // namespace

std::vector<Asset> AssetsOf(const std::vector<OpenedAct>& acts) {
  Book book;
  for (const OpenedAct& act : acts) book.Take(act);
  return book.Done();
}

std::vector<std::string> NumbersOf(const v1::Property& property) {
  std::vector<std::string> numbers;
  for (const Number& one : Written(property)) numbers.push_back(NumberText(one));
  return numbers;
}

void TakeClaims(const google::protobuf::RepeatedPtrField<v1::ThirdPartyClaim>& said,
                std::vector<v1::ThirdPartyClaim>& claims) {
  if (said.empty()) return;
  std::map<std::string, size_t> by_ref, by_whom;
  const auto keep = [&](size_t i) {
    by_ref.emplace(claims[i].ref(), i);
    by_whom.emplace(claims[i].by(), i);
  };
  for (size_t i = 0; i < claims.size(); ++i) keep(i);
  for (const v1::ThirdPartyClaim& claim : said) {
    const bool named = !claim.ref().empty();
    const auto& known = named ? by_ref : by_whom;
    const auto found = known.find(named ? claim.ref() : claim.by());
    if (found != known.end()) {
      claims[found->second].MergeFrom(claim);
    } else {
      claims.push_back(claim);
      keep(claims.size() - 1);
    }
  }
}

bool IsOpenClaim(const v1::ThirdPartyClaim& claim) {
  return !OneOf(claim.status(), {"REJECTED", "SATISFIED", "SETTLED", "WITHDRAWN"});
}

bool HasOpenClaim(const Asset& asset) {
  return std::any_of(asset.claims.begin(), asset.claims.end(), IsOpenClaim);
}

absl::Time HearingEnds(const Asset& asset, absl::Duration hearing) {
  const bool proposed = asset.lift_proposed != absl::InfinitePast();
  return proposed ? asset.lift_proposed + hearing : absl::InfiniteFuture();
}

bool DisposesOverClaim(const std::vector<Asset>& assets, const v1::ItemResult& result) {
  std::vector<std::vector<std::string>> numbers;
  for (const v1::AssetAnswer& one : result.assets()) numbers.push_back(NumbersOf(one.property()));
  for (Asset asset : assets) {
    if (!Concerns(asset, result.n()) || !HasOpenClaim(asset)) continue;
    bool told = result.assets().empty();
    for (int k = 0; k < result.assets_size(); ++k) {
      if (IsAnother(asset, numbers[k])) continue;
      TakeClaims(result.assets(k).claims(), asset.claims);
      const auto state = AssetStateFromName(result.assets(k).state());
      const bool disposes = !state.ok() || *state >= kDisposalAgreed;
      const auto& own = result.assets(k).claims();
      told |= disposes && std::none_of(own.begin(), own.end(), IsOpenClaim);
    }
    if (told && HasOpenClaim(asset)) return true;
  }
  return false;
}

const Asset* AssetOfItem(const std::vector<Asset>& assets, uint32_t item) {
  const auto found = std::find_if(assets.begin(), assets.end(),
                                  [&](const Asset& asset) { return Concerns(asset, item); });
  return found == assets.end() ? nullptr : &*found;
}

std::vector<Finding> CheckAssetReport(const std::vector<Asset>& assets, Side side,
                                      const v1::AssetReport& report, absl::Time now,
                                      absl::Duration hearing) {
  std::vector<Finding> findings;
  const Asset* known = AssetOfItem(assets, report.item());
  if (known == nullptr) {
    Tell("R-GEN-01.asset_item", "asset_report.item", findings);
    return findings;
  }
  // As it stands once what the report itself says about claims is counted in. What it names anew
  // begins with it.
  Asset asset = *known;
  const auto named = std::find_if(assets.begin(), assets.end(), [&](const Asset& one) {
    return Concerns(one, report.item()) && IsNamed(one, report.asset_id());
  });
  if (!report.asset_id().empty() && named != assets.end()) {
    asset = *named;
  } else if (!report.asset_id().empty() && !known->id.empty()) {
    asset = Asset{};
    asset.items = {report.item()};
  }
  TakeClaims(report.claims(), asset.claims);
  const auto to = AssetStateFromName(report.to());
  if (!to.ok()) return findings;
  if (IsOfRequesting(*to) != (side == Side::kRequesting)) {
    Tell("R-GEN-02.asset_side", "asset_report.to", findings);
    return findings;
  }
  AssetMeasure measure = MeasureOf(asset, report, now, hearing);
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
