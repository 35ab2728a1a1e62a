#include "node/casework/obligations.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;

constexpr Side kRq = Side::kRequesting, kRd = Side::kRequested;
constexpr int kTraceYears = 10;                               // FAP 7
constexpr absl::Duration kSpeciality = absl::Hours(24 * 45);  // ECE 14(1)(b)

constexpr ObligationKind kKinds[] = {
    {"USE_LIMITATION", "18(19)", true, Msg("no use for another proceeding without prior consent")},
    {"KEEP_CONFIDENTIAL", "18(5), 18(20)", true,
     Msg("the fact and the substance stay confidential")},
    {"CONDITION", "18(26)", true, Msg("what was accepted as a condition binds")},
    {"RETURN_ITEMS", "18(17)", false, Msg("originals and objects go back")},
    {"RETURN_PERSON", "18(11)(b)", false, Msg("the transferred person goes back without delay")},
    {"KEEP_CUSTODY", "18(11)(a)", true, Msg("the transferred person stays in custody")},
    {"TIME_CREDIT", "18(11)(d)", false, Msg("the time away counts towards the sentence")},
    {"SAFE_CONDUCT", "18(12), 18(27)", true, Msg("no restriction of liberty for earlier acts")},
    {"COST_SHARE", "18(28)", false, Msg("the agreed share of extraordinary costs is paid")},
    {"INFORM_NO_LONGER_REQUIRED", "18(24)", true,
     Msg("say it at once when it is no longer needed")},
    {"EXCULPATORY_NOTICE", "18(5), 18(19)", true,
     Msg("tell before disclosing exculpatory information; without delay after, where that was not "
         "possible")},
    {"REPORT_RESULT_TO_FLAG", "SOM 8(3)", false, Msg("the flag state hears the result promptly")},
    {"HEAR_BEFORE_LIFTING", "UNCAC 55(8)", true,
     Msg("before a freeze is lifted the other is heard")},
    {"ACCOUNT_FOR_USE", "BUD 28(4), 2AP 26(4)", false, Msg("say what use was made of it")},
    {"COMPENSATE_IF_UNFOUNDED", "SOM 9(2)", false,
     Msg("damage by an unfounded boarding is made good")},
    {"PROSECUTE_IF_NOT_EXTRADITED", "16(10)", false,
     Msg("the case goes to the own prosecutors without undue delay")},
    {"DELETE_BY", "policy", false, Msg("the material is deleted by that day")},
    {"KEEP_UNTIL", "FAP 7", true, Msg("the record is kept until that day")},
    {"SPECIALITY", "ECE 14", true,
     Msg("no proceedings for earlier acts; it ends 45 days after the final discharge of who could "
         "leave and did not")},
};

absl::Time TimeOr(const std::string& text, absl::Time otherwise) {
  const auto time = ParseInstant(text);
  return time.ok() ? *time : otherwise;
}

absl::Time YearsAfter(absl::Time from, int years) {
  const auto day = absl::ToCivilDay(from, absl::UTCTimeZone());
  return absl::FromCivil(absl::CivilDay(day.year() + years, day.month(), day.day()),
                         absl::UTCTimeZone());
}

class Ledger {
 public:
  explicit Ledger(v1::Family::Code family) : family_(family) {}

  void Take(const OpenedAct& act, size_t index) {
    act_ = &act;
    index_ = index;
    if (act.body != nullptr && act.body->has_request()) Request(act.body->request());
    switch (act.act) {
      case Act::REQUEST:
      case Act::CORRECTED_REQUEST:
        // Information and reports ask for nothing.
        if (family_ != v1::Family::SPONTANEOUS &&
            (act.body == nullptr || act.body->has_request())) {
          Once("INFORM_NO_LONGER_REQUIRED", kRq);
        }
        break;
      case Act::PARTIAL_RESULT:
      case Act::FINAL_RESULT:
      case Act::DATA_DISCLOSED:
        Once("USE_LIMITATION", kRq);
        Once("EXCULPATORY_NOTICE", kRq);
        if (act.body != nullptr) Results(act.body->result());
        break;
      case Act::CONDITIONS_PROPOSAL:
      case Act::CONDITIONAL_OFFER:
        offered_ = act.body;
        break;
      case Act::CONDITIONS_ACCEPT:
      case Act::OFFER_ACCEPTED:
        Conditions();
        break;
      default:
        TakeOther(act);
    }
    if (act.act == Act::WITHDRAWAL) Fulfil("INFORM_NO_LONGER_REQUIRED", 0);
    // What is done needs no word any more; what is asked to be completed does again.
    if (Ends(act.act)) EndsAt("INFORM_NO_LONGER_REQUIRED", act.at);
    if (act.act == Act::COMPLETION_REQUEST) {
      EndsAt("INFORM_NO_LONGER_REQUIRED", absl::InfiniteFuture());
    }
  }

  std::vector<Obligation> Done() { return std::move(all_); }

 private:
  static bool Ends(Act::Code act) {
    return act == Act::FINAL_RESULT || act == Act::REFUSAL || act == Act::REFUSAL_NATIONALITY ||
           act == Act::LAPSE_NOTICE || act == Act::SURRENDER_REPORT || act == Act::DATA_DISCLOSED ||
           act == Act::PRESERVATION_RELEASED || act == Act::DELIVERY_ABORT ||
           act == Act::BOARDING_RESULT || act == Act::BOARDING_DECLINED;
  }

  void TakeOther(const OpenedAct& act) {
    switch (act.act) {
      case Act::EXCULPATORY_NOTICE:
        Once("EXCULPATORY_NOTICE", kRq);
        Fulfil("EXCULPATORY_NOTICE", 0);
        break;
      case Act::BOARDING_REPORT:
        Add("REPORT_RESULT_TO_FLAG", kRq, 0);
        break;
      case Act::BOARDING_RESULT:
        Fulfil("REPORT_RESULT_TO_FLAG", 0);
        if (act.body != nullptr && act.body->boarding_result().unfounded()) {
          Add("COMPENSATE_IF_UNFOUNDED", kRq, 0);
        }
        break;
      case Act::SURRENDER_REPORT:
        Once("SPECIALITY", kRq);
        break;
      case Act::REFUSAL_NATIONALITY:
        Add("PROSECUTE_IF_NOT_EXTRADITED", kRd, 0);
        break;
      case Act::OBLIGATION_REPORT:
        if (act.body != nullptr) Reported(act.body->obligation_report());
        break;
      default:
        break;
    }
  }

  // Who receives the material: the requesting state, but of information that is sent unasked the
  // other one.
  Side Receiver() const { return family_ == v1::Family::SPONTANEOUS ? kRd : kRq; }

  void Request(const v1::Request& r) {
    if (r.confidentiality().required() || Restricted(r, "CONFIDENTIAL")) {
      Once("KEEP_CONFIDENTIAL", kRd);
      for (Obligation& o : all_) {
        if (o.kind == "KEEP_CONFIDENTIAL") {
          o.ends = TimeOr(r.confidentiality().until(), absl::InfiniteFuture());
        }
      }
    }
    if (family_ == v1::Family::SPONTANEOUS && !r.restrictions().empty()) {
      Once("USE_LIMITATION", kRd);
      Once("EXCULPATORY_NOTICE", kRd);
    }
    for (const v1::Item& item : r.items()) asked_.push_back(item);
  }

  static bool Restricted(const v1::Request& r, std::string_view word) {
    return std::find(r.restrictions().begin(), r.restrictions().end(), word) !=
           r.restrictions().end();
  }

  const v1::Item* Asked(uint32_t n) const {
    // The newest request counts.
    const auto found = std::find_if(asked_.rbegin(), asked_.rend(),
                                    [&](const v1::Item& item) { return item.n() == n; });
    return found == asked_.rend() ? nullptr : &*found;
  }

  void Results(const v1::Result& result) {
    for (const v1::ItemResult& one : result.items()) {
      Material(one);
      const v1::Item* item = Asked(one.n());
      const bool executed = one.outcome() == v1::ItemOutcome::EXECUTED_FULL ||
                            one.outcome() == v1::ItemOutcome::EXECUTED_PARTIAL;
      if (item != nullptr && executed) Executed(*item, one);
    }
  }

  // What comes with the material itself.
  void Material(const v1::ItemResult& one) {
    const absl::Time never = absl::InfiniteFuture();
    if (one.to_be_returned() || !one.return_due_at().empty()) {
      Add("RETURN_ITEMS", kRq, one.n()).due = TimeOr(one.return_due_at(), never);
    }
    if (!one.delete_by().empty()) {
      Add("DELETE_BY", kRq, one.n()).due = TimeOr(one.delete_by(), never);
    }
    if (!one.keep_until().empty()) {
      Add("KEEP_UNTIL", kRq, one.n()).ends = TimeOr(one.keep_until(), never);
    }
    if (!one.account_for_use_by().empty()) {
      Add("ACCOUNT_FOR_USE", kRq, one.n()).due = TimeOr(one.account_for_use_by(), never);
    }
  }

  // A date that the answer gives is the newer one.
  void Executed(const v1::Item& item, const v1::ItemResult& one) {
    const std::string& due = one.transfer().return_due_at().empty()
                                 ? item.return_due_at()
                                 : one.transfer().return_due_at();
    switch (item.type()) {
      case AssistanceType::TRANSFER_DETAINED_WITNESS:
        Add("KEEP_CUSTODY", kRq, item.n());
        Add("RETURN_PERSON", kRq, item.n()).due = TimeOr(due, absl::InfiniteFuture());
        Add("TIME_CREDIT", kRd, item.n());
        Add("SAFE_CONDUCT", kRq, item.n());
        break;
      case AssistanceType::VOLUNTARY_APPEARANCE:
        Add("SAFE_CONDUCT", kRq, item.n());
        break;
      case AssistanceType::FREEZE:
        Add("HEAR_BEFORE_LIFTING", kRd, item.n());
        break;
      case AssistanceType::TRACE_FIREARM:
        Add("KEEP_UNTIL", kRd, item.n()).ends = YearsAfter(act_->at, kTraceYears);
        break;
      default:
        break;
    }
  }

  // The conditions of the newest proposal or offer now bind who accepted them.
  void Conditions() {
    const Side bound = act_->act == Act::OFFER_ACCEPTED ? kRd : kRq;
    bool any = false;
    if (offered_ != nullptr) {
      for (const v1::Condition& one : offered_->statement().conditions()) {
        const ObligationKind* kind = FindObligationKind(one.kind());
        Obligation& o = Add(kind == nullptr ? "CONDITION" : kind->kind, bound, one.item());
        const absl::Time at = TimeOr(one.due_at(), absl::InfiniteFuture());
        (o.standing ? o.ends : o.due) = at;
        o.text = one.text();
        any = true;
      }
    }
    if (any) return;
    Obligation& o = Add("CONDITION", bound, 0);
    if (offered_ != nullptr) o.text = offered_->statement().text();
  }

  // Only who owes it can say that it is done; what stands is never done.
  void Reported(const v1::ObligationReport& report) {
    const auto discharged = ParseInstant(report.final_discharge_at());
    if (report.kind() == "SPECIALITY" && act_->side == kRq && discharged.ok()) {
      const bool left = !report.left_at().empty();
      EndsAt("SPECIALITY", left ? absl::InfiniteFuture() : *discharged + kSpeciality);
    }
    for (Obligation& o : all_) {
      if (o.kind != report.kind() || o.owed_by != act_->side || o.fulfilled || o.standing) continue;
      if (report.item() != 0 && report.item() != o.item) continue;
      o.fulfilled = true;
      o.fulfilled_by = index_;
      // Who has gone back is in nobody's custody here any more.
      if (o.kind == "RETURN_PERSON") Fulfil("KEEP_CUSTODY", o.item);
    }
  }

  Obligation& Add(std::string_view kind, Side owed_by, uint32_t item) {
    const ObligationKind* of = FindObligationKind(kind);
    PALERMO_CHECK(of != nullptr);
    Obligation o;
    o.kind = of->kind;
    o.owed_by = owed_by;
    o.item = item;
    o.since = act_->at;
    o.trigger = index_;
    o.article = of->article;
    o.standing = of->standing;
    all_.push_back(std::move(o));
    return all_.back();
  }
  void Once(std::string_view kind, Side owed_by) {
    const bool there =
        std::any_of(all_.begin(), all_.end(), [&](const Obligation& o) { return o.kind == kind; });
    if (!there) Add(kind, owed_by, 0);
  }
  void EndsAt(std::string_view kind, absl::Time at) {
    for (Obligation& o : all_) {
      if (o.kind == kind && !o.fulfilled) o.ends = at;
    }
  }
  // `item` 0: of all items.
  void Fulfil(std::string_view kind, uint32_t item) {
    for (Obligation& o : all_) {
      if (o.kind != kind || o.fulfilled || (item != 0 && o.item != item)) continue;
      o.fulfilled = true;
      o.fulfilled_by = index_;
    }
  }

  const v1::Family::Code family_;
  const OpenedAct* act_ = nullptr;
  size_t index_ = 0;
  const v1::CaseBody* offered_ = nullptr;
  std::vector<v1::Item> asked_;
  std::vector<Obligation> all_;
};

}  // namespace

std::span<const ObligationKind> ObligationKinds() { return kKinds; }

const ObligationKind* FindObligationKind(std::string_view kind) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const ObligationKind& one) { return one.kind == kind; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::vector<Obligation> ObligationsOf(const std::vector<OpenedAct>& acts, v1::Family::Code family) {
  Ledger ledger(family);
  for (size_t i = 0; i < acts.size(); ++i) ledger.Take(acts[i], i);
  return ledger.Done();
}

bool IsBreached(const Obligation& obligation, absl::Time now) {
  return !obligation.fulfilled && now > obligation.due;
}

bool IsOpen(const Obligation& obligation, absl::Time now) {
  return !obligation.fulfilled && !obligation.standing && now < obligation.ends;
}

}  // namespace palermo::casework
