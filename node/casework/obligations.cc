#include "node/casework/obligations.h"

#include <algorithm>

#include "base/clock.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;

constexpr Side kRq = Side::kRequesting, kRd = Side::kRequested;

class Ledger {
 public:
  void Take(const OpenedAct& act, size_t index) {
    act_ = &act;
    index_ = index;
    if (act.body != nullptr && act.body->has_request()) Request(act.body->request());
    switch (act.act) {
      case Act::PARTIAL_RESULT:
      case Act::FINAL_RESULT:
      case Act::DATA_DISCLOSED:
        Once("USE_LIMITATION", kRq, "18(19)");
        if (act.body != nullptr) Results(act.body->result());
        break;
      case Act::CONDITIONS_ACCEPT:
        Add("CONDITION", kRq, 0, absl::InfiniteFuture(), "18(26)");
        break;
      case Act::BOARDING_REPORT:
        Add("REPORT_RESULT_TO_FLAG", kRq, 0, absl::InfiniteFuture(), "SOM 8(3)");
        break;
      case Act::BOARDING_RESULT:
        Fulfil("REPORT_RESULT_TO_FLAG");
        if (act.body != nullptr && act.body->boarding_result().unfounded()) {
          Add("COMPENSATE_IF_UNFOUNDED", kRq, 0, absl::InfiniteFuture(), "SOM 9(2)");
        }
        break;
      case Act::REFUSAL_NATIONALITY:
        Add("PROSECUTE_IF_NOT_EXTRADITED", kRd, 0, absl::InfiniteFuture(), "16(10)");
        break;
      default:
        break;
    }
  }

  std::vector<Obligation> Done() { return std::move(all_); }

 private:
  void Request(const v1::Request& r) {
    if (r.confidentiality().required()) Once("KEEP_CONFIDENTIAL", kRd, "18(20)");
    for (const v1::Item& item : r.items()) asked_.push_back(item);
  }

  const v1::Item* Asked(uint32_t n) const {
    // The newest request counts.
    const auto found = std::find_if(asked_.rbegin(), asked_.rend(),
                                    [&](const v1::Item& item) { return item.n() == n; });
    return found == asked_.rend() ? nullptr : &*found;
  }

  void Results(const v1::Result& result) {
    for (const v1::ItemResult& one : result.items()) {
      const v1::Item* item = Asked(one.n());
      const bool executed = one.outcome() == v1::ItemOutcome::EXECUTED_FULL ||
                            one.outcome() == v1::ItemOutcome::EXECUTED_PARTIAL;
      if (item == nullptr || !executed) continue;
      if (item->type() == AssistanceType::TRANSFER_DETAINED_WITNESS) {
        const auto due = ParseInstant(item->return_due_at());
        Add("KEEP_CUSTODY", kRq, one.n(), absl::InfiniteFuture(), "18(11)(a)");
        Add("RETURN_PERSON", kRq, one.n(), due.ok() ? *due : absl::InfiniteFuture(), "18(11)(b)");
        Add("TIME_CREDIT", kRd, one.n(), absl::InfiniteFuture(), "18(11)(d)");
        Add("SAFE_CONDUCT", kRq, one.n(), absl::InfiniteFuture(), "18(12)");
      } else if (item->type() == AssistanceType::VOLUNTARY_APPEARANCE) {
        Add("SAFE_CONDUCT", kRq, one.n(), absl::InfiniteFuture(), "18(27)");
      } else if (item->type() == AssistanceType::FREEZE) {
        Add("HEAR_BEFORE_LIFTING", kRd, one.n(), absl::InfiniteFuture(), "UNCAC 55(8)");
      }
    }
  }

  void Add(std::string_view kind, Side owed_by, uint32_t item, absl::Time due,
           std::string_view article) {
    all_.push_back({kind, owed_by, item, act_->at, due, index_, false, article});
  }
  void Once(std::string_view kind, Side owed_by, std::string_view article) {
    const bool there =
        std::any_of(all_.begin(), all_.end(), [&](const Obligation& o) { return o.kind == kind; });
    if (!there) Add(kind, owed_by, 0, absl::InfiniteFuture(), article);
  }
  void Fulfil(std::string_view kind) {
    for (Obligation& o : all_) o.fulfilled |= o.kind == kind;
  }

  const OpenedAct* act_ = nullptr;
  size_t index_ = 0;
  std::vector<v1::Item> asked_;
  std::vector<Obligation> all_;
};

}  // namespace

std::vector<Obligation> ObligationsOf(const std::vector<OpenedAct>& acts) {
  Ledger ledger;
  for (size_t i = 0; i < acts.size(); ++i) ledger.Take(acts[i], i);
  return ledger.Done();
}

bool IsBreached(const Obligation& obligation, absl::Time now) {
  return !obligation.fulfilled && now > obligation.due;
}

}  // namespace palermo::casework
