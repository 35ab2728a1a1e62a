#include "node/casework/obligations.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/check.h"
#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;

constexpr Side kRq = Side::kRequesting, kRd = Side::kRequested;
constexpr std::string_view kOfSurrender = "16(11)";
constexpr int kTraceYears = 10;                                // FAP 7
constexpr absl::Duration kSpeciality = absl::Hours(24 * 45);   // ECE 14(1)(b)
constexpr absl::Duration kSafeConduct = absl::Hours(24 * 15);  // 18(27)

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
    {"STOP_AFTER_WITHDRAWAL", "CTHB 33, 18(10)", false,
     Msg("nothing more is done on a consent that was withdrawn; it is told what was stopped and "
         "deleted")},
    {"SPECIALITY", "ECE 14", true,
     Msg("no proceedings for earlier acts; it ends 45 days after the final discharge of who could "
         "leave and did not")},
};

// A day without a time lasts to its end.
absl::Time TimeOr(const std::string& text, absl::Time otherwise) {
  const auto time = ParseEnd(text);
  return time.ok() ? *time : otherwise;
}

absl::Time YearsAfter(absl::Time from, int years) {
  const auto day = absl::ToCivilDay(from, absl::UTCTimeZone());
  return absl::FromCivil(absl::CivilDay(day.year() + years, day.month(), day.day()),
                         absl::UTCTimeZone());
}

class Ledger {
 public:
  Ledger(v1::Family::Code family, const PairPolicy* policy) : family_(family), policy_(policy) {}

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
      completed_from_ = index;
    }
  }

  std::vector<Obligation> TakeAll() { return std::move(all_); }

 private:
  static bool Ends(Act::Code act) {
    return act == Act::FINAL_RESULT || act == Act::REFUSAL || act == Act::REFUSAL_NATIONALITY ||
           act == Act::LAPSE_NOTICE || act == Act::SURRENDER_REPORT || act == Act::DATA_DISCLOSED ||
           act == Act::PRESERVATION_RELEASED || act == Act::DELIVERY_ABORT ||
           act == Act::BOARDING_RESULT || act == Act::BOARDING_DECLINED ||
           act == Act::FLAG_STATE_ACTS || act == Act::CLOSE || act == Act::CLOSE_NOTICE;
  }

  void TakeOther(const OpenedAct& act) {
    switch (act.act) {
      case Act::EXCULPATORY_NOTICE:
        // One notice is not the last: the next disclosure is told of as well. Who provided the
        // material owes none of it.
        if (act.side == Receiver()) Once("EXCULPATORY_NOTICE", Receiver());
        break;
      case Act::BOARDING_AUTHORISED:
      case Act::JOINT_BOARDING:
        if (act.body != nullptr) Boarding(act.body->boarding_answer());
        break;
      case Act::BOARDING_REPORT:
        Boarded(act);
        break;
      case Act::BOARDING_RESULT:
        Fulfil("REPORT_RESULT_TO_FLAG", 0);
        if (act.body != nullptr && act.body->boarding_result().unfounded()) {
          Add("COMPENSATE_IF_UNFOUNDED", kRq, 0);
        }
        break;
      case Act::SURRENDER_ORDER:
        if (act.body != nullptr) {
          surrender_return_ = act.body->statement().surrender().return_due_at();
        }
        break;
      case Act::SURRENDER_REPORT:
        Once("SPECIALITY", kRq);
        Surrendered(act.body == nullptr ? v1::SurrenderAnswer() : act.body->statement().surrender(),
                    0);
        break;
      case Act::REFUSAL_NATIONALITY:
        Add("PROSECUTE_IF_NOT_EXTRADITED", kRd, 0).text =
            act.body == nullptr ? "" : act.body->refusal().prosecution_offer();
        break;
      case Act::REFUSAL:
      case Act::REFUSAL_IN_PART:
        if (act.body != nullptr) Refused(act.body->refusal());
        break;
      case Act::ASSET_REPORT:
        if (act.body != nullptr) Property(act.body->asset_report());
        break;
      case Act::CONSENT_WITHDRAWN:
        Add("STOP_AFTER_WITHDRAWAL", act.side == kRq ? kRd : kRq, 0).text =
            act.body == nullptr ? "" : act.body->consent_withdrawal().ref();
        break;
      case Act::OBLIGATION_REPORT:
        if (act.body != nullptr) Reported(act.body->obligation_report());
        break;
      default:
        break;
    }
  }

  // At sea: what the flag state asks for with its leave binds who boards, SOM 8(5).
  void Boarding(const v1::BoardingAnswer& answer) {
    for (const std::string& condition : answer.conditions()) {
      Obligation& o = Add("CONDITION", kRq, 0);
      o.article = "SOM 8(5)";
      o.text = condition;
    }
  }
  // Promptly: R-SEA-03 counts from the boarding.
  void Boarded(const OpenedAct& act) {
    Obligation& o = Add("REPORT_RESULT_TO_FLAG", kRq, 0);
    absl::Time boarded = act.at;
    if (act.body != nullptr) {
      const auto said = ParseInstant(act.body->boarding_result().boarded_at());
      if (said.ok()) boarded = std::min(boarded, *said);
    }
    o.due = boarded + PolicyLimit("R-SEA-03", policy_);
  }

  // Whatever the act is called: who is not surrendered as a national is prosecuted, 16(10).
  void Refused(const v1::Refusal& refusal) {
    if (family_ != v1::Family::EXTRADITION ||
        refusal.ground() != v1::RefusalGround::NATIONALITY_OF_PERSON) {
      return;
    }
    const std::string& offer = refusal.prosecution_offer();
    if (refusal.items().empty()) Add("PROSECUTE_IF_NOT_EXTRADITED", kRd, 0).text = offer;
    for (const uint32_t n : refusal.items())
      Add("PROSECUTE_IF_NOT_EXTRADITED", kRd, n).text = offer;
  }

  // Surrendered on condition to come back, for a time or to serve the sentence: 16(11). The newest
  // day counts, of the order or of the handing over.
  void Surrendered(const v1::SurrenderAnswer& answer, uint32_t item) {
    const std::string& due =
        answer.return_due_at().empty() ? surrender_return_ : answer.return_due_at();
    if (due.empty()) return;
    // The report of the handing over names no item, and the result does: it is one person.
    for (const Obligation& o : all_) {
      if (o.kind == "RETURN_PERSON" && o.article == kOfSurrender && !o.fulfilled) item = o.item;
    }
    Dated("RETURN_PERSON", item, due);
    Newest("RETURN_PERSON", kRq, item)->article = kOfSurrender;
  }

  // A freeze that is reported binds as one that a result tells. It is lifted after a hearing, or
  // with the reason why none was possible (UNCAC 55(8)).
  void Property(const v1::AssetReport& report) {
    const uint32_t item = report.item();
    if (report.to() == "FROZEN") Owed("HEAR_BEFORE_LIFTING", kRd, item);
    if (report.to() == "LIFT_PROPOSED") lift_proposed_.insert(item);
    if (report.to() != "LIFTED" && report.to() != "CONFISCATED") return;
    const bool excused = report.hearing_impossible() && !IsBlank(report.reason());
    const bool unheard = report.to() == "LIFTED" && !lift_proposed_.contains(item) && !excused;
    for (Obligation& o : all_) {
      if (o.kind != "HEAR_BEFORE_LIFTING" || o.item != item || o.ends <= act_->at) continue;
      o.breached |= unheard;
      // Of several things under one item the others stay frozen.
      if (report.asset_id().empty()) o.ends = act_->at;
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
    if (one.to_be_returned() || !one.return_due_at().empty()) {
      Dated("RETURN_ITEMS", one.n(), one.return_due_at());
    }
    if (!one.delete_by().empty()) Dated("DELETE_BY", one.n(), one.delete_by());
    if (!one.keep_until().empty()) Dated("KEEP_UNTIL", one.n(), one.keep_until());
    if (!one.account_for_use_by().empty()) {
      Dated("ACCOUNT_FOR_USE", one.n(), one.account_for_use_by());
    }
  }
  // A duty of the requesting state to a day; for one that stands it is the day of its end.
  void Dated(std::string_view kind, uint32_t item, const std::string& day) {
    Obligation& o = Owed(kind, kRq, item);
    if (!o.fulfilled) (o.standing ? o.ends : o.due) = TimeOr(day, absl::InfiniteFuture());
  }

  // A date that the answer gives is the newer one.
  void Executed(const v1::Item& item, const v1::ItemResult& one) {
    const std::string& due = one.transfer().return_due_at().empty()
                                 ? item.return_due_at()
                                 : one.transfer().return_due_at();
    switch (item.type()) {
      case AssistanceType::TRANSFER_DETAINED_WITNESS:
        Owed("KEEP_CUSTODY", kRq, item.n());
        Dated("RETURN_PERSON", item.n(), due);
        Owed("TIME_CREDIT", kRd, item.n());
        Owed("SAFE_CONDUCT", kRq, item.n());
        break;
      case AssistanceType::EXTRADITE:
        if (one.surrender().decision() == "SURRENDERED") Surrendered(one.surrender(), item.n());
        break;
      case AssistanceType::VOLUNTARY_APPEARANCE:
        Owed("SAFE_CONDUCT", kRq, item.n());
        break;
      case AssistanceType::FREEZE:
        Owed("HEAR_BEFORE_LIFTING", kRd, item.n());
        break;
      case AssistanceType::TRACE_FIREARM:
        Owed("KEEP_UNTIL", kRd, item.n()).ends = YearsAfter(act_->at, kTraceYears);
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
    // What is to be done one day is not done; R-GEN-03 asks about the date.
    for (const std::string* when :
         {&report.at(), &report.left_at(), &report.final_discharge_at()}) {
      if (IsAhead(*when, act_->at)) return;
    }
    const auto discharged = ParseInstant(report.final_discharge_at());
    if (report.kind() == "SPECIALITY" && act_->side == kRq && discharged.ok()) {
      const bool left = !report.left_at().empty();
      EndsAt("SPECIALITY", left ? absl::InfiniteFuture() : *discharged + kSpeciality);
    }
    if (report.kind() == "SAFE_CONDUCT" && act_->side == kRq) Released(report);
    for (Obligation& o : all_) {
      if (o.kind != report.kind() || o.owed_by != act_->side || o.fulfilled || o.standing) continue;
      if (!IsOfItem(o, report.item())) continue;
      Done(o);
      // Who has gone back is in nobody's custody here any more, and needs no safe conduct.
      if (o.kind == "RETURN_PERSON") {
        Obligation* custody = Newest("KEEP_CUSTODY", kRq, o.item);
        Obligation* conduct = Newest("SAFE_CONDUCT", kRq, o.item);
        if (custody != nullptr && !custody->fulfilled) Done(*custody);
        if (conduct != nullptr) conduct->ends = act_->at;
      }
    }
  }

  // 18(27): who was told that his presence is not needed any more could leave for 15 days, and did
  // not.
  void Released(const v1::ObligationReport& report) {
    const auto told = ParseInstant(report.at());
    if (!told.ok()) return;
    for (Obligation& o : all_) {
      if (o.kind != "SAFE_CONDUCT" || (report.item() != 0 && o.item != report.item())) continue;
      // Nobody is told before he is there.
      o.ends = report.left_at().empty() ? std::max(*told, o.since) + kSafeConduct
                                        : absl::InfiniteFuture();
    }
  }

  // Null: there is none.
  Obligation* Newest(std::string_view kind, Side owed_by, uint32_t item) {
    const auto found = newest_.find({kind, owed_by, item});
    return found == newest_.end() ? nullptr : &all_[found->second];
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
    newest_[{o.kind, owed_by, item}] = all_.size();
    all_.push_back(std::move(o));
    return all_.back();
  }
  // The one of the law, of all items: a condition of one item, or in words of its own, is another.
  void Once(std::string_view kind, Side owed_by) {
    const bool there = std::any_of(all_.begin(), all_.end(), [&](const Obligation& o) {
      return o.kind == kind && o.item == 0 && o.text.empty();
    });
    if (!there) Add(kind, owed_by, 0);
  }
  void EndsAt(std::string_view kind, absl::Time at) {
    for (Obligation& o : all_) {
      if (o.kind == kind && !o.fulfilled) o.ends = at;
    }
  }
  // `item` 0: of all items.
  // 0: of any. Who was handed over without an item's number is the one of any.
  static bool IsOfItem(const Obligation& o, uint32_t item) {
    return item == 0 || o.item == item || (o.item == 0 && o.article == kOfSurrender);
  }
  void Fulfil(std::string_view kind, uint32_t item) {
    for (Obligation& o : all_) {
      if (o.kind != kind || o.fulfilled || !IsOfItem(o, item)) continue;
      Done(o);
    }
  }
  void Done(Obligation& o) {
    o.fulfilled = true;
    o.fulfilled_by = index_;
    o.fulfilled_at = act_->at;
  }
  // What a result may tell again: the duty that is there already, unless something was to be
  // completed since, or it has ended. A condition is a duty of its own.
  Obligation& Owed(std::string_view kind, Side owed_by, uint32_t item) {
    Obligation* o = Newest(kind, owed_by, item);
    const bool over =
        o == nullptr || o->ends <= act_->at || (o->fulfilled && o->trigger < completed_from_);
    return over ? Add(kind, owed_by, item) : *o;
  }

  const v1::Family::Code family_;
  const PairPolicy* const policy_;  // not owned
  size_t completed_from_ = 0;       // index of the newest completion request
  std::set<uint32_t> lift_proposed_;
  std::string surrender_return_;  // of the order, 16(11)
  // Where in all_: a result may name as many items as a message holds.
  std::map<std::tuple<std::string_view, Side, uint32_t>, size_t> newest_;
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

std::vector<Obligation> ObligationsOf(const std::vector<OpenedAct>& acts, v1::Family::Code family,
                                      const PairPolicy* policy) {
  Ledger ledger(family, policy);
  for (size_t i = 0; i < acts.size(); ++i) ledger.Take(acts[i], i);
  return ledger.TakeAll();
}

bool IsBreached(const Obligation& obligation, absl::Time now) {
  return obligation.breached ||
         (obligation.fulfilled ? obligation.fulfilled_at : now) > obligation.due;
}

bool IsOpen(const Obligation& obligation, absl::Time now) {
  return !obligation.fulfilled && !obligation.standing && now < obligation.ends;
}

}  // namespace palermo::casework
