#include "node/casework/progress.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/persons.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::ItemOutcome;

// Whether an act of the requesting state tells that it wants the request executed, or not: every
// act but those that are possible always and ask or tell of something else.
bool Decides(Act::Code act) {
  return act != Act::STATUS_QUERY && act != Act::EXCULPATORY_NOTICE &&
         act != Act::OBLIGATION_REPORT && act != Act::USE_CONSENT_REQUEST &&
         act != Act::ASSET_REPORT && act != Act::CONSENT_WITHDRAWN;
}

// After it whoever wants to refuse or postpone consults again, whatever the next consultation is
// about.
bool EndsConsultation(Act::Code act) {
  return act == Act::CONSULTATION_CLOSE || act == Act::CONDITIONS_ACCEPT ||
         act == Act::REFUSAL_IN_PART || act == Act::POSTPONEMENT_NOTICE;
}

class ProgressReader {
 public:
  explicit ProgressReader(Progress& out) : out_(out) {}

  void Take(const OpenedAct& act, size_t index) {
    index_ = index;
    out_.last_act = std::max(out_.last_act, act.at);
    if (act.act == Act::CONSULTATION_STATEMENT && act.side == Side::kRequesting) Heard();
    if (act.act == Act::CONDITIONS_DECLINE) Heard();
    if (act.act == Act::CONFIDENTIALITY_UNABLE) out_.confidentiality_undecided = true;
    if (act.side == Side::kRequesting && Decides(act.act)) out_.confidentiality_undecided = false;
    if (EndsConsultation(act.act)) {
      out_.refusal = {};
      out_.postponement = {};
    }
    if (act.act == Act::WITHDRAWAL) All(&ItemStand::withdrawn);
    if (act.act == Act::REFUSAL || act.act == Act::REFUSAL_NATIONALITY) All(&ItemStand::refused);
    if (act.act == Act::FOLLOWUP_RECEIVED) out_.followup_came = true;
    Sea(act.act);
    if (act.body == nullptr) {
      if (ReadsBody(act.act)) out_.complete = false;
      return;
    }
    Body(act);
  }

 private:
  void Sea(Act::Code act) {
    const bool allows = act == Act::BOARDING_AUTHORISED || act == Act::JOINT_BOARDING;
    const bool denied = act == Act::REGISTRY_DENIED;
    out_.registry_told |= denied || act == Act::REGISTRY_CONFIRMED || act == Act::REGISTRY_UNKNOWN;
    out_.boarding_allowed |= allows || denied;
    out_.boarding_decided |=
        allows || denied || act == Act::FLAG_STATE_ACTS || act == Act::BOARDING_DECLINED;
  }

  void Body(const OpenedAct& act) {
    const v1::CaseBody& body = *act.body;
    switch (act.act) {
      case Act::REQUEST:
      case Act::CORRECTED_REQUEST:
        if (!body.has_request()) break;  // a report or a record of an operation
        out_.request = &body.request();
        out_.items.clear();
        out_.items_without_consent.clear();
        for (const v1::Item& item : body.request().items()) out_.items[item.n()] = {};
        break;
      case Act::PARTIAL_RESULT:
      case Act::FINAL_RESULT:
        for (const v1::ItemResult& one : body.result().items()) Result(one);
        break;
      case Act::CONSULTATION_OPEN:
        // Whoever would refuse or postpone consults about it himself, T16.
        if (act.side == Side::kRequested) Consultation(body.consultation_open(), act.at);
        break;
      case Act::REFUSAL_IN_PART:
        for (uint32_t n : body.refusal().items()) Decide(n, &ItemStand::refused);
        break;
      case Act::WITHDRAWAL_IN_PART:
        for (uint32_t n : body.withdrawal().items()) Decide(n, &ItemStand::withdrawn);
        break;
      case Act::CONSENT_WITHDRAWN:
        ConsentEnds(body.consent_withdrawal(), act.at);
        break;
      case Act::COMPLETION_REQUEST:
        Reopen(body.statement());
        break;
      case Act::PRESERVATION_CONFIRMED:
      case Act::PRESERVATION_EXTENDED:
        // An extension counts from the first day on.
        if (out_.preserved_from.empty()) out_.preserved_from = body.preservation().from();
        out_.preserved_until = body.preservation().until();
        break;
      default:
        if (body.has_boarding_answer()) out_.boarding_answer = &body.boarding_answer();
        break;
    }
  }

  // Whoever tells it: what stood on the consent is not wanted any more.
  void ConsentEnds(const v1::ConsentWithdrawal& withdrawal, absl::Time told) {
    // Not after it was told, whatever is written; and the later of two.
    const auto said = ParseInstant(withdrawal.withdrawn_at());
    // Who takes back the consent to a hearing has not taken back that to the sharing of data.
    const bool shares =
        std::any_of(withdrawal.of().begin(), withdrawal.of().end(),
                    [](const std::string& of) { return of == "REFERRAL" || of == "DATA_SHARING"; });
    if (shares) {
      absl::Time& end =
          out_.withdrawn_consents.try_emplace(withdrawal.ref(), absl::InfinitePast()).first->second;
      end = std::max(end, said.ok() ? std::min(*said, told) : told);
    }
    for (uint32_t n : withdrawal.items()) {
      // What does not stand on it goes on: a consent is no way around a refusal.
      if (out_.request == nullptr || !StandsOnConsent(*out_.request, n, withdrawal.ref())) continue;
      Decide(n, &ItemStand::withdrawn);
      out_.items_without_consent.push_back(n);
    }
  }

  void Result(const v1::ItemResult& one) {
    const auto at = out_.items.find(one.n());
    const bool final =
        one.outcome() != ItemOutcome::UNSPECIFIED && one.outcome() != ItemOutcome::POSTPONED;
    if (at == out_.items.end() || !final || !at->second.IsOpen()) return;
    at->second.settled = true;
    at->second.reopened = false;
    at->second.outcome = one.outcome();
    at->second.by = index_;
  }

  // What has an outcome keeps it.
  void Decide(uint32_t n, bool ItemStand::*how) {
    const auto at = out_.items.find(n);
    if (at == out_.items.end() || !at->second.IsOpen()) return;
    at->second.*how = true;
    at->second.by = index_;
  }
  void All(bool ItemStand::*how) {
    for (const auto& [n, item] : out_.items) Decide(n, how);
  }

  // Without numbers all that was executed is asked for again.
  void Reopen(const v1::Statement& statement) {
    for (auto& [n, item] : out_.items) {
      const bool named = statement.items().empty() ||
                         std::find(statement.items().begin(), statement.items().end(), n) !=
                             statement.items().end();
      if (!named || !item.settled) continue;
      item.settled = false;
      item.reopened = true;
      item.by = index_;
    }
  }

  void Consultation(const v1::ConsultationOpen& open, absl::Time at) {
    if (open.topic() != v1::ConsultTopic::REFUSAL &&
        open.topic() != v1::ConsultTopic::POSTPONEMENT) {
      return;
    }
    Consulted& about = open.topic() == v1::ConsultTopic::REFUSAL ? out_.refusal : out_.postponement;
    about.open = true;
    about.heard = false;
    about.since = at;
    about.all_items |= open.items().empty();
    about.items.insert(about.items.end(), open.items().begin(), open.items().end());
  }

  void Heard() { out_.refusal.heard = out_.postponement.heard = true; }

  Progress& out_;
  size_t index_ = 0;
};

}  // namespace

bool ReadsBody(Act::Code act) {
  switch (act) {
    case Act::REQUEST:
    case Act::CORRECTED_REQUEST:
    case Act::CONSULTATION_OPEN:
    case Act::CONDITIONS_PROPOSAL:
    case Act::CONDITIONAL_OFFER:
    case Act::PARTIAL_RESULT:
    case Act::FINAL_RESULT:
    case Act::REFUSAL:
    case Act::REFUSAL_IN_PART:
    case Act::WITHDRAWAL_IN_PART:
    case Act::COMPLETION_REQUEST:
    case Act::BOARDING_AUTHORISED:
    case Act::FLAG_STATE_ACTS:
    case Act::JOINT_BOARDING:
    case Act::BOARDING_REPORT:
    case Act::BOARDING_RESULT:
    case Act::OBLIGATION_REPORT:
    case Act::PRESERVATION_CONFIRMED:
    case Act::PRESERVATION_EXTENDED:
    case Act::ASSET_REPORT:
    case Act::CONSENT_WITHDRAWN:
      return true;
    default:
      return false;
  }
}

Progress ProgressOf(const std::vector<OpenedAct>& acts, v1::Family::Code family,
                    const PairPolicy* policy) {
  Progress progress;
  ProgressReader reader(progress);
  for (size_t i = 0; i < acts.size(); ++i) reader.Take(acts[i], i);
  progress.obligations = ObligationsOf(acts, family, policy);
  progress.assets = AssetsOf(acts);
  return progress;
}

void Fill(const Progress& progress, absl::Time now, CheckContext& context) {
  context.request = progress.request;
  context.boarding_answer = progress.boarding_answer;
  context.obligations = &progress.obligations;
  context.confidentiality_undecided = progress.confidentiality_undecided;
  context.assets = &progress.assets;
  context.preserved_from = progress.preserved_from;
  context.preserved_until = progress.preserved_until;
  context.followup_came = progress.followup_came;
  context.withdrawn_consents = progress.withdrawn_consents;
  context.items_without_consent = progress.items_without_consent;
  context.boarding_undecided = progress.registry_told && !progress.boarding_decided;
  context.boarding_unauthorised = !progress.boarding_allowed;
  context.refusal_consultation_open = progress.refusal.open;
  context.refusal_consultation_items.clear();
  if (!progress.refusal.all_items) {
    context.refusal_consultation_items = progress.refusal.items;
  }
  context.postponement_consultation_open = progress.postponement.open;
  const Consulted& about =
      context.act == Act::POSTPONEMENT_NOTICE ? progress.postponement : progress.refusal;
  const absl::Time ends = about.since + PolicyLimit("R-CLK-CONSULT", context.policy);
  context.requesting_state_unheard = about.open && !about.heard && now < ends;
  context.notice_ends_at = context.requesting_state_unheard ? FormatInstant(ends) : "";
  if (progress.last_act != absl::InfinitePast()) {
    context.last_act_at = FormatInstant(progress.last_act);
  }
  for (const auto& [n, item] : progress.items) {
    if (item.settled) {
      context.settled_items.push_back(n);
      context.settled_outcomes.push_back(static_cast<int>(item.outcome));
    }
    if (item.refused) context.refused_items.push_back(n);
    if (item.withdrawn) context.withdrawn_items.push_back(n);
  }
}

}  // namespace palermo::casework
