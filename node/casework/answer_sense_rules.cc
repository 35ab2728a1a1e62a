// Whether an answer fits itself and its question: its outcome, its own words, what was expected.
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::ItemOutcome;
using v1::ItemResult;

// Calls `check` with each result, its question (null: not known) and where it stands.
template <typename Check>
void ForResults(const RuleInput& in, Check check) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    check(items[i], AskedItem(in, items[i].n()), At("result.items", i));
  }
}

// --- The outcome

bool SaysNothing(ItemOutcome::Code outcome) {
  return outcome == ItemOutcome::EXECUTED_NEGATIVE || outcome == ItemOutcome::IMPOSSIBLE ||
         outcome == ItemOutcome::REFUSED || outcome == ItemOutcome::CANCELLED_NO_LONGER_REQUIRED ||
         outcome == ItemOutcome::FORWARDED_OTHER_AUTHORITY;
}

void CheckOutcome(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item*, const std::string& at) {
    if (!SaysNothing(item.outcome())) return;
    const std::pair<bool, const char*> found[] = {
        {item.account().accounts_size() > 0, "account.accounts"},
        {item.account().transactions_size() > 0, "account.transactions"},
        {item.ownership().owners_size() > 0, "ownership.owners"},
        {item.subscriber().has_customer(), "subscriber.customer"},
        {item.extract().entries_size() > 0, "extract.entries"},
        {item.delivered_size() > 0, "delivered"},
        {item.seized_size() > 0, "seized"},
        {item.assets_size() > 0, "assets"},
        {!item.specimen().handed_over_at().empty(), "specimen.handed_over_at"},
        {item.travel_document().decision() == "ISSUED", "travel_document.decision"},
        {item.referral().decision() == "ACCEPTED", "referral.decision"}};
    for (const auto& [there, part] : found) {
      if (there) report.Say("R-EXE-01.contrary", Cat({at, ".", part}));
    }
  });
}

// --- The answer's own words

bool HasThing(const v1::LicenceAnswer& licence) {
  return !IsBlank(licence.licence().no()) || !IsBlank(licence.permit().no());
}

// A no that gives nevertheless what it denies.
void CheckDenials(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item*, const std::string& at) {
    const auto& paper = item.travel_document();
    const auto& shipment = item.shipment();
    const std::pair<bool, const char*> denied[] = {
        {item.extract().entries_size() > 0 &&
             OneOf(item.extract().result(), {"NO_ENTRY", "NOT_HELD"}),
         "extract.result"},
        {item.subscriber().has_customer() && item.subscriber().result() == "NOT_IDENTIFIED",
         "subscriber.result"},
        {item.ownership().owners_size() > 0 && item.ownership().status() == "NOT_REGISTERED",
         "ownership.status"},
        {item.licence().status() == "NOT_ISSUED" && HasThing(item.licence()), "licence.status"},
        {shipment.status() == "NOT_RECEIVED" && shipment.consignment().quantity() > 0,
         "shipment.status"},
        {item.pre_export().decision() == "OBJECTION" &&
             (!IsBlank(item.pre_export().authorisation_no()) || item.pre_export().has_allowed()),
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
  ForResults(in, [&](const ItemResult& item, const v1::Item*, const std::string& at) {
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
  ForResults(in, [&](const ItemResult& item, const v1::Item*, const std::string& at) {
    const auto want = [&](bool missing, std::string_view key, const char* member) {
      if (missing) report.Say(key, Cat({at, ".", member}));
    };
    const auto& stop = item.account().stop();
    want(stop.decision() == "STOPPED" && stop.until().empty(), "R-GEN-01.stop_until",
         "account.stop.until");
    const auto& notice = item.pre_export();
    want(notice.decision() == "OBJECTION" && IsBlank(notice.reason()), "R-GEN-01.objection",
         "pre_export.reason");
    want(notice.decision() == "TIME_NEEDED" && notice.until().empty(), "R-GEN-01.time_needed",
         "pre_export.until");
    want(notice.decision() == "NO_OBJECTION" && IsBlank(notice.authorisation_no()),
         "R-GEN-01.authorisation", "pre_export.authorisation_no");
    const auto& referral = item.referral();
    want(referral.decision() == "DECLINED" && IsBlank(referral.reason()) && IsBlank(item.reason()),
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

// --- Licences

// The day that is over before today.
bool IsOver(const RuleInput& in, const std::string& day) {
  const auto now =
      ParseInstant(in.context.now.empty() ? in.context.now_iso8601_date : in.context.now);
  const auto end = ParseInstant(day);
  return now.ok() && end.ok() && *end + absl::Hours(24) <= *now;
}

void CheckLicences(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item*, const std::string& at) {
    const v1::LicenceAnswer& answer = item.licence();
    const bool valid = answer.status() == "VALID";
    const bool over = !answer.ended_at().empty() || IsOver(in, answer.licence().expires_at()) ||
                      IsOver(in, answer.permit().valid_to());
    if (valid && over) report.Say("R-EXE-01.licence_over", at + ".licence.status");
    const std::string& word = item.verification().result();
    const bool issued = OneOf(word, {"GENUINE_VALID", "GENUINE_EXPIRED", "GENUINE_REVOKED", "YES"});
    const bool other =
        (word == "NOT_ISSUED" && HasThing(answer)) ||
        (valid && OneOf(word, {"NOT_ISSUED", "GENUINE_EXPIRED", "GENUINE_REVOKED"})) ||
        (issued && answer.status() == "NOT_ISSUED") ||
        (word == "GENUINE_VALID" && OneOf(answer.status(), {"EXPIRED", "REVOKED", "SUSPENDED"}));
    if (other) report.Say("R-EXE-01.two_answers", at + ".licence.status");
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

// The appearance lasts the whole day, where no hour is named.
bool IsAfterAppearance(const v1::ServiceAnswer& service, const v1::Item& asked) {
  const auto served = ParseInstant(service.served_at());
  const auto day = ParseInstant(asked.appearance_date());
  return served.ok() && day.ok() && *served >= *day + absl::Hours(24);
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
    {{"R-EXE-01", "W", "", "an answer says no, and gives what it denies"}, CheckDenials},
    {{"R-EXE-01", "W", "", "the owners of a company have more than the whole"}, CheckShares},
    {{"R-GEN-01", "I", "DRUG88 12(10), CITES VIII(4), TIP 6",
      "a typed part of an answer leaves out what the other state will ask"},
     CheckTold},
    {{"R-EXE-01", "W", "FAP 10(5), CITES VI",
      "a licence or permit is called valid and has ended, or two parts of the answer differ"},
     CheckLicences},
    {{"R-EXE-01", "W/I", "FAP 10(4)",
      "less arrived than was expected, and the shipment is called received in full (I: in part)"},
     CheckShipments},
    {{"R-EXE-01", "W/I", "UNTOC 18(3)(b)",
      "not served, and nothing says why (I: in words alone); another document served, or too late "
      "(I)"},
     CheckService},
};

}  // namespace

std::span<const Rule> AnswerSenseRules() { return kAnswerSenseRules; }

}  // namespace palermo::casework
