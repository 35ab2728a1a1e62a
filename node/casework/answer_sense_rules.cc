// Whether an answer fits itself and its question: its outcome, its own words, what was expected.
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::ItemOutcome;
using v1::ItemResult;

// --- The outcome

bool IsWithoutContent(ItemOutcome::Code outcome) {
  return outcome == ItemOutcome::EXECUTED_NEGATIVE || outcome == ItemOutcome::IMPOSSIBLE ||
         outcome == ItemOutcome::REFUSED || outcome == ItemOutcome::CANCELLED_NO_LONGER_REQUIRED ||
         outcome == ItemOutcome::FORWARDED_OTHER_AUTHORITY;
}

// Whether property is told as what the item asked for. Where it stood before, and who claims it,
// may be told with a no.
bool IsDone(const v1::AssetAnswer& asset, const v1::Item* asked) {
  if (IsBlank(asset.state())) return !IsBlank(asset.order_ref()) || asset.amount().minor() > 0;
  if (OneOf(asset.state(), {"RETURNED", "SHARED", "VICTIM_COMPENSATED"})) return true;
  if (asked == nullptr) return false;
  switch (asked->type()) {
    case AssistanceType::TRACE_PROCEEDS:
      return asset.state() == "TRACED";
    case AssistanceType::FREEZE:
      return asset.state() == "FROZEN";
    case AssistanceType::CONFISCATE_BY_RD_ORDER:
    case AssistanceType::ENFORCE_CONFISCATION_ORDER:
    case AssistanceType::NON_CONVICTION_CONFISCATION:
      return asset.state() == "CONFISCATED";
    default:
      return false;
  }
}

// An account that was closed is none any more.
bool IsOpenAccount(const v1::AccountFound& account) {
  return IsBlank(account.closed_at()) && SaysSomething(account);
}
// A document may certify that there is nothing, or why.
bool IsMaterial(const v1::DataDelivered& data) {
  return OneOf(data.category(), {"SUBSCRIBER", "TRAFFIC", "CONTENT"});
}
constexpr auto kSays = [](const google::protobuf::Message& part) { return SaysSomething(part); };

template <typename List, typename Test>
bool Any(const List& list, Test test) {
  return std::any_of(list.begin(), list.end(), test);
}

void CheckOutcome(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    if (!IsWithoutContent(item.outcome())) return;
    // What was taken before the request was withdrawn is told, and given back.
    const bool withdrawn = item.outcome() == ItemOutcome::CANCELLED_NO_LONGER_REQUIRED;
    const bool done =
        Any(item.assets(), [&](const v1::AssetAnswer& asset) { return IsDone(asset, asked); });
    const std::pair<bool, const char*> found[] = {
        {Any(item.account().accounts(), IsOpenAccount), "account.accounts"},
        {Any(item.account().transactions(), kSays), "account.transactions"},
        {Any(item.ownership().owners(), kSays), "ownership.owners"},
        {SaysSomething(item.subscriber().customer()), "subscriber.customer"},
        {Any(item.extract().entries(), kSays), "extract.entries"},
        {Any(item.delivered(), IsMaterial), "delivered"},
        {!withdrawn && Any(item.seized(), kSays), "seized"},
        {!withdrawn && done, "assets"},
        {item.account().stop().decision() == "STOPPED", "account.stop.decision"},
        {OneOf(item.shipment().status(), {"RECEIVED", "PARTLY_RECEIVED"}), "shipment.status"},
        {item.profile().comparison() == "MATCH", "profile.comparison"},
        {!item.service().served_at().empty(), "service.served_at"},
        {!item.specimen().handed_over_at().empty(), "specimen.handed_over_at"},
        {item.travel_document().decision() == "ISSUED", "travel_document.decision"},
        {item.referral().decision() == "ACCEPTED", "referral.decision"}};
    for (const auto& [there, part] : found) {
      if (there) report.Say("R-EXE-01.contrary", Cat({at, ".", part}));
    }
  });
}

// The other way round: executed in full, and not done.
void CheckNotDone(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    if (item.outcome() != ItemOutcome::EXECUTED_FULL) return;
    const std::pair<bool, const char*> undone[] = {
        {item.account().stop().decision() == "NOT_STOPPED", "account.stop.decision"},
        {item.referral().decision() == "DECLINED", "referral.decision"},
        {item.travel_document().decision() == "NOT_ISSUED", "travel_document.decision"}};
    for (const auto& [there, part] : undone) {
      if (there) report.Say("R-EXE-01.not_done", Cat({at, ".", part}));
    }
  });
}

// --- The answer's own words

bool HasThing(const v1::LicenceAnswer& licence) {
  return !IsBlank(licence.licence().no()) || !IsBlank(licence.permit().no());
}

// Nought of something is a no in figures.
bool Allows(const v1::PreExportAnswer& answer) {
  const bool nought = answer.allowed().has_quantity() && answer.allowed().quantity() == 0;
  return !nought && SaysSomething(answer.allowed());
}

// A no that gives nevertheless what it denies.
void CheckDenials(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const auto& paper = item.travel_document();
    const auto& shipment = item.shipment();
    const std::pair<bool, const char*> denied[] = {
        {OneOf(item.extract().result(), {"NO_ENTRY", "NOT_HELD"}) &&
             Any(item.extract().entries(), kSays),
         "extract.result"},
        {item.subscriber().result() == "NOT_IDENTIFIED" &&
             SaysSomething(item.subscriber().customer()),
         "subscriber.result"},
        {item.ownership().status() == "NOT_REGISTERED" && Any(item.ownership().owners(), kSays),
         "ownership.status"},
        {item.licence().status() == "NOT_ISSUED" && HasThing(item.licence()), "licence.status"},
        {shipment.status() == "NOT_RECEIVED" && shipment.consignment().quantity() > 0,
         "shipment.status"},
        {item.pre_export().decision() == "OBJECTION" &&
             (!IsBlank(item.pre_export().authorisation_no()) || Allows(item.pre_export())),
         "pre_export.decision"},
        {item.account().stop().decision() == "NOT_STOPPED" &&
             !item.account().stop().until().empty(),
         "account.stop.decision"},
        {paper.decision() == "NOT_ISSUED" &&
             (!IsBlank(paper.document_number()) || !paper.issued_at().empty()),
         "travel_document.decision"},
        {item.profile().comparison() == "NO_MATCH" && item.profile().matches_size() > 0,
         "profile.comparison"}};
    for (const auto& [there, word] : denied) {
      if (there) report.Say("R-EXE-01.denied", Cat({at, ".", word}));
    }
  });
}

constexpr double kWhole = 100.5;  // registers round

// Of one kind of control those who hold for nobody else have the whole at most.
void CheckShares(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    std::map<std::string, double> shares;
    for (const v1::Owner& owner : item.ownership().owners()) {
      const bool now = owner.until().empty() && owner.through().empty();
      if (now) shares[owner.control()] += owner.share();
    }
    const bool more = std::any_of(shares.begin(), shares.end(),
                                  [](const auto& one) { return one.second > kWhole; });
    if (more) report.Say("R-EXE-01.shares", at + ".ownership.owners");
  });
}

// What may be told besides, and is worth a look.
void CheckTold(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const auto want = [&](bool missing, std::string_view key, const char* member) {
      if (missing) report.Say(key, Cat({at, ".", member}));
    };
    const auto& stop = item.account().stop();
    want(stop.decision() == "STOPPED" && stop.until().empty(), "R-GEN-01.stop_until",
         "account.stop.until");
    const auto& notice = item.pre_export();
    want(notice.decision() == "OBJECTION" && SaysNothing(notice.reason()), "R-GEN-01.objection",
         "pre_export.reason");
    want(notice.decision() == "TIME_NEEDED" && notice.until().empty(), "R-GEN-01.time_needed",
         "pre_export.until");
    want(notice.decision() == "NO_OBJECTION" && IsBlank(notice.authorisation_no()),
         "R-GEN-01.authorisation", "pre_export.authorisation_no");
    const auto& referral = item.referral();
    want(referral.decision() == "DECLINED" && SaysNothing(referral.reason()) &&
             IsBlank(item.reason()),
         "R-GEN-01.referral_reason", "referral.reason");
    want(referral.decision() == "ACCEPTED" && IsBlank(referral.service_body()) &&
             !referral.has_focal_point(),
         "R-GEN-01.referral_contact", "referral.focal_point");
    want(item.profile().comparison() == "MATCH" && item.profile().matches().empty(),
         "R-GEN-01.match", "profile.matches");
    const auto& specimen = item.specimen();
    want(specimen.receiver_kind() == "OTHER" &&
             OneOf(specimen.condition(), {"ALIVE_FIT", "ALIVE_WEAK"}),
         "R-GEN-01.rescue", "specimen.receiver_kind");
    const auto& seized = item.seized();
    want(std::any_of(seized.begin(), seized.end(),
                     [](const v1::SeizedObject& one) { return IsBlank(one.custody_chain_id()); }),
         "R-GEN-01.custody", "seized");
  });
}

// --- Whom the answer is about

// A referral has the pseudonym of its question: another one may be another victim.
void CheckPseudonym(const RuleInput& in, Report& report) {
  if (in.context.request == nullptr) return;
  const std::string& referred = in.context.request->referral().pseudonym();
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    const std::string& said = item.referral().pseudonym();
    // What looks like a name is R-SEAL-01's matter.
    if (IsBlank(said) || asked == nullptr || LooksLikeAName(said)) return;
    bool named = false;
    for (const std::string* ref : {&referred, &asked->person_ref(), &asked->person()}) {
      if (SameRef(*ref, said)) return;
      named |= !IsBlank(*ref);
    }
    if (named) report.Say("R-EXE-01.other_person", at + ".referral.pseudonym");
  });
}

// --- Licences

bool IsOverNow(const RuleInput& in, const std::string& end) {
  const auto now = ParseInstant(NowText(in.context));
  return now.ok() && IsAfterEnd(end, *now);
}

void CheckLicences(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const v1::LicenceAnswer& answer = item.licence();
    const bool valid = answer.status() == "VALID";
    // An end that is to come leaves it valid today.
    const bool over = IsOverNow(in, answer.ended_at()) ||
                      IsOverNow(in, answer.licence().expires_at()) ||
                      IsOverNow(in, answer.permit().valid_to());
    if (valid && over) report.Say("R-EXE-01.licence_over", at + ".licence.status");
    const std::string& word = item.verification().result();
    const bool issued = OneOf(word, {"GENUINE_VALID", "GENUINE_EXPIRED", "GENUINE_REVOKED", "YES"});
    const bool other =
        (word == "NOT_ISSUED" && HasThing(answer)) ||
        (valid && OneOf(word, {"NOT_ISSUED", "GENUINE_EXPIRED", "GENUINE_REVOKED"})) ||
        (issued && answer.status() == "NOT_ISSUED") ||
        (word == "GENUINE_VALID" && OneOf(answer.status(), {"EXPIRED", "REVOKED", "SUSPENDED"}));
    if (other) report.Say("R-EXE-01.two_answers", at + ".licence.status");
    const v1::TravelDocumentAnswer& paper = item.travel_document();
    if (paper.decision() == "ISSUED" && IsOverNow(in, paper.valid_until())) {
      report.Say("R-EXE-01.document_over", at + ".travel_document.valid_until");
    }
  });
}

// --- Shipments, FAP 10(4)

// In the unit of what arrived; the answer's own number before the question's.
std::optional<double> Expected(const v1::ShipmentAnswer& shipment, const v1::Item* asked) {
  if (shipment.has_expected()) return shipment.expected();
  if (asked == nullptr || !asked->consignment().has_quantity()) return std::nullopt;
  const bool same = Folded(asked->consignment().unit()) == Folded(shipment.consignment().unit());
  return same ? std::optional<double>(asked->consignment().quantity()) : std::nullopt;
}

void CheckShipments(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    if (!item.has_shipment()) return;
    const v1::ShipmentAnswer& shipment = item.shipment();
    const auto expected = Expected(shipment, asked);
    const bool counted = shipment.consignment().has_quantity() && expected.has_value();
    const double arrived = shipment.consignment().quantity();
    const bool less = (counted && arrived < *expected) || shipment.missing_size() > 0;
    if (less) {
      const bool full = shipment.status() == "RECEIVED";
      report.Say(full ? "R-EXE-01.diverted" : "R-EXE-01.diversion", at + ".shipment.status");
    } else if (shipment.status() == "NOT_RECEIVED") {
      report.Say("R-EXE-01.diversion", at + ".shipment.status");
    } else if (counted && shipment.status() == "PARTLY_RECEIVED" &&
               IsBlank(shipment.difference())) {
      report.Say("R-EXE-01.all_arrived", at + ".shipment.status");
    } else if (counted && arrived > *expected && IsBlank(shipment.difference())) {
      report.Say("R-EXE-01.shipment_why", at + ".shipment.difference");
    }
  });
}

// --- Service of documents

void CheckNotServed(const ItemResult& item, const std::string& at, Report& report) {
  const v1::ServiceAnswer& service = item.service();
  if (!service.served_at().empty()) report.Say("R-EXE-01.contrary", at + ".service.served_at");
  if (!service.not_served_reason().empty()) return;
  const bool silent = IsBlank(item.reason()) && IsBlank(item.description());
  report.Say(silent ? "R-EXE-01.not_served" : "R-EXE-01.not_served_word",
             at + ".service.not_served_reason");
}

bool IsAfterAppearance(const v1::ServiceAnswer& service, const v1::Item& asked) {
  const auto served = ParseInstant(service.served_at());
  return served.ok() && IsAfterEnd(asked.appearance_date(), *served);
}

void CheckService(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    const v1::ServiceAnswer& service = item.service();
    if (item.outcome() == ItemOutcome::NOT_SERVED) CheckNotServed(item, at, report);
    const bool served = item.outcome() == ItemOutcome::SERVED ||
                        item.outcome() == ItemOutcome::EXECUTED_FULL ||
                        !service.served_at().empty();
    if (item.outcome() != ItemOutcome::NOT_SERVED && served &&
        !service.not_served_reason().empty()) {
      report.Say("R-EXE-01.contrary", at + ".service.not_served_reason");
    }
    if (asked == nullptr || !item.has_service()) return;
    const std::string &hash = service.document_hash(), &wanted = asked->document_hash();
    if (!hash.empty() && !wanted.empty() && Folded(hash) != Folded(wanted)) {
      report.Say("R-EXE-01.other_document", at + ".service.document_hash");
    }
    if (IsAfterAppearance(service, *asked)) {
      report.Say("R-EXE-01.served_late", at + ".service.served_at");
    }
  });
}

constexpr Rule kAnswerSenseRules[] = {
    {{"R-EXE-01", "W", "",
      "the outcome says that nothing was found or done, and the answer has it"},
     CheckOutcome},
    {{"R-EXE-01", "W", "",
      "the outcome says that all was executed, and a part of the answer says that it was not done"},
     CheckNotDone},
    {{"R-EXE-01", "W", "", "an answer says no, and gives what it denies"}, CheckDenials},
    {{"R-EXE-01", "W", "", "the owners of a company have more than the whole"}, CheckShares},
    {{"R-EXE-01", "W", "TIP 6",
      "the answer to a referral names another pseudonym than the question"},
     CheckPseudonym},
    {{"R-GEN-01", "I", "DRUG88 12(10), CITES VIII(4), TIP 6",
      "a typed part of an answer leaves out what the other state will ask"},
     CheckTold},
    {{"R-EXE-01", "W", "FAP 10(5), CITES VI",
      "a licence or permit is called valid, or a document issued, and has ended, or two parts of "
      "the "
      "answer differ"},
     CheckLicences},
    {{"R-EXE-01", "W/I", "FAP 10(4)",
      "less arrived than was expected, and the shipment is called received in full (I: in part); "
      "or "
      "all arrived, and it is called received in part"},
     CheckShipments},
    {{"R-EXE-01", "W/I", "UNTOC 18(3)(b)",
      "not served, and nothing says why (I: in words alone); another document served, or too late "
      "(I)"},
     CheckService},
};

}  // namespace

std::span<const Rule> AnswerSenseRules() { return kAnswerSenseRules; }

}  // namespace palermo::casework
