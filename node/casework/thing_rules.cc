// Things: firearms and their licences, permits, controlled deliveries, substances, medical
// products.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/field_words.h"
#include "node/casework/identifiers.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

constexpr int kPermitMonths = 6;

// --- Firearms

bool IsCraft(std::string_view kind) {
  return OneOf(kind, {"ADDITIVE_3D", "HOMEMADE", "AMMUNITION"});
}

// Why there is no serial number. That it was removed is no explanation without the laboratory's
// note; that there never was one explains itself only for what no factory made. What was converted
// came from a factory: that it never had a number is said.
bool IsExplained(const v1::Firearm& f) {
  if (!SaysNothing(f.explanation()) || !SaysNothing(f.forensic_note())) return true;
  if (f.serial_state() == "RESTORED") return true;
  if (f.class_() == "CONVERTED") return f.serial_state() == "NONE";
  return IsCraft(f.class_()) && f.serial_state() != "OBLITERATED";
}

void CheckFirearm(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::TRACE_FIREARM}, [&](const Request&, const Item& item, int i) {
    const v1::Firearm& f = item.firearm();
    if (!IsWordOf("Firearm", "class", f.class_())) {
      SayWord("Firearm", "class", At("request.items", i, "firearm.class"), report);
    }
    const bool marked =
        !NamesNoMark(f.import_mark()) ||
        std::any_of(f.marks().begin(), f.marks().end(), [](const v1::Marking& m) {
          return !NamesNoMark(m.text()) || !NamesNoMark(m.kind()) || !SaysNothing(m.country());
        });
    if (NamesNoMark(f.serial()) && !marked && !IsExplained(f)) {
      report.Say("R-FAP-01.marks", At("request.items", i, "firearm.serial"));
    }
  });
}

bool AsksOfFirearms(const RuleInput& in) {
  return Asks(in, {AssistanceType::TRACE_FIREARM, AssistanceType::VERIFY_LICENCE,
                   AssistanceType::CONFIRM_SHIPMENT_RECEIPT});
}
bool IsOfFirearms(const Item& item) {
  return item.type() == AssistanceType::TRACE_FIREARM ||
         item.type() == AssistanceType::VERIFY_LICENCE ||
         item.type() == AssistanceType::CONFIRM_SHIPMENT_RECEIPT;
}

void CheckStateTransfer(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && AsksOfFirearms(in) && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (!IsOfFirearms(item)) continue;
    if (item.state_to_state() ||
        OneOf(item.transfer(), {"STATE_TO_STATE", "STATE_TRANSFER", "GOVERNMENT_TO_GOVERNMENT"})) {
      report.Say("R-FAP-09.state", At("request.items", i, "transfer"));
    }
  }
}

// The start of the ten years that can be shown: the oldest date that the record names.
std::optional<absl::Time> KeptSince(const RuleInput& in, const Item& item) {
  const auto since = ParseInstant(item.retention().since());
  if (since.ok()) return *since;
  std::optional<absl::Time> oldest;
  const std::string& clock = NowText(in.context);
  for (const std::string* text : {&clock, &item.recovery().at()}) {
    const auto at = ParseInstant(*text);
    if (at.ok() && (!oldest.has_value() || *at < *oldest)) oldest = *at;
  }
  return oldest;
}

// "2036", "2036-04": kept until the end of it.
std::string LastDayOf(const std::string& date) {
  constexpr size_t kYear = 4, kMonth = 7;
  if (date.size() == kYear) return date + "-12-31";
  const auto first = ParseInstant(date + "-01");
  if (date.size() != kMonth || !first.ok()) return date;
  const auto next = absl::CivilMonth(absl::ToCivilDay(*first, absl::UTCTimeZone())) + 1;
  return absl::FormatCivilTime(absl::CivilDay(next) - 1);
}

void CheckRetention(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && AsksOfFirearms(in) && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (!IsOfFirearms(item) || !item.has_retention()) continue;
    const v1::Retention& kept = item.retention();
    const auto since = KeptSince(in, item);
    const bool short_years = kept.has_years() && kept.years() < kFirearmYears;
    const std::string until = LastDayOf(kept.keep_until()), by = LastDayOf(kept.delete_by());
    for (const auto& [text, member] : {std::pair(&until, "keep_until"), {&by, "delete_by"}}) {
      if (text->empty() || ParseInstant(*text).ok()) continue;
      report.Say("R-GEN-01.date", At("request.items", i, Cat({"retention.", member})));
    }
    const bool early =
        since.has_value() && (EndsBeforeTenYears(*since, until) || EndsBeforeTenYears(*since, by));
    if (short_years || early) {
      report.Say("R-CLK-FAP.short", At("request.items", i, "retention"));
    }
  }
}

// A shipment outside the time of its licence.
void CheckLicence(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_LICENCE, AssistanceType::CONFIRM_SHIPMENT_RECEIPT},
           [&](const Request&, const Item& item, int i) {
             const v1::Licence& licence = item.licence();
             const auto shipped = ParseInstant(licence.shipped_at());
             if (!shipped.ok()) return;
             const auto issued = ParseInstant(licence.issued_at());
             const bool early = issued.ok() && *shipped < *issued;
             if (early || IsAfterEnd(licence.expires_at(), *shipped)) {
               report.Say("R-AUTH-03.order", At("request.items", i, "licence.shipped_at"));
             }
           });
}

// --- Permits

bool IsOldPermit(const v1::Permit& permit, absl::Time now) {
  const auto granted = ParseInstant(permit.granted());
  if (!granted.ok() || !OneOf(permit.kind(), {"EXPORT", "REEXPORT", "RE_EXPORT", ""})) return false;
  const absl::CivilDay day = absl::ToCivilDay(*granted, absl::UTCTimeZone());
  const absl::CivilMonth last = absl::CivilMonth(day) + kPermitMonths;
  // The same day of the month, or its last where it has no such day.
  const absl::CivilDay end =
      std::min(absl::CivilDay(last.year(), last.month(), day.day()), absl::CivilDay(last + 1) - 1);
  const auto until = ParseInstant(permit.valid_to());
  const bool too_long = until.ok() && absl::ToCivilDay(*until, absl::UTCTimeZone()) > end;
  return too_long || absl::ToCivilDay(now, absl::UTCTimeZone()) > end ||
         IsAfterEnd(permit.valid_to(), now);
}

// Whether it names more than one consignment; the same number again is the same consignment.
bool IsOfSeveral(const Item& item) {
  std::set<std::string> named;
  for (const std::string& consignment : item.consignments()) {
    std::string number;
    for (char c : consignment) {
      const auto sign = static_cast<unsigned char>(c);
      if (!absl::ascii_isspace(sign)) number += absl::ascii_toupper(sign);
    }
    named.insert(number);
  }
  return named.size() > 1;
}

void CheckPermit(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_CITES_PERMIT}, [&](const Request&, const Item& item, int i) {
    const v1::Permit& permit = item.permit();
    // A permit that is in doubt may be asked about as it was shown.
    const bool asked = !SaysNothing(item.suspicion()) || !SaysNothing(item.seizure().what());
    if (IsOfSeveral(item)) {
      report.Say(asked ? "R-WLD-05.asked" : "R-WLD-05.consignments",
                 At("request.items", i, "consignments"));
    }
    const auto now = ParseInstant(NowText(in.context));
    if (now.ok() && IsOldPermit(permit, *now)) {
      report.Say("R-WLD-06.age", At("request.items", i, "permit.granted"));
    }
    double allowed = 0;
    for (const v1::PermitItem& line : permit.items()) allowed += line.qty();
    if (item.has_qty_seen() && permit.items_size() > 0 && item.qty_seen() > allowed) {
      report.Say(asked ? "R-WLD-07.asked" : "R-WLD-07.quantity",
                 At("request.items", i, "qty_seen"));
    }
    const bool listed =
        std::all_of(permit.items().begin(), permit.items().end(), [](const v1::PermitItem& line) {
          return OneOf(line.appendix(), {"", "I", "II", "III"});
        });
    if (!listed) SayWord("PermitItem", "appendix", At("request.items", i, "permit.items"), report);
    if (!permit.purpose().empty() && !IsCitesPurpose(permit.purpose())) {
      SayWord("Permit", "purpose", At("request.items", i, "permit.purpose"), report);
    }
    if (!permit.source().empty() && !IsCitesSource(permit.source())) {
      SayWord("Permit", "source", At("request.items", i, "permit.source"), report);
    }
  });
}

// --- Controlled deliveries

void CheckLegs(const google::protobuf::RepeatedPtrField<v1::Leg>& legs, const std::string& at,
               Report& report) {
  if (legs.empty()) {
    report.Say("R-CD-01.legs", at);
    return;
  }
  // Where it begins and where it ends one of the two is enough, if both ends are written so.
  const bool begins_inside = IsBlank(legs.begin()->entry());
  const bool ends_inside = IsBlank(legs.rbegin()->exit());
  const bool alike = begins_inside == ends_inside || legs.size() == 1;
  for (int i = 0; i < legs.size(); ++i) {
    const bool may_begin = alike && i == 0, may_end = alike && i + 1 == legs.size();
    const bool entry = !IsBlank(legs[i].entry()), exit = !IsBlank(legs[i].exit());
    const bool good = (entry || may_begin) && (exit || may_end) && (entry || exit);
    if (good && !IsBlank(legs[i].lead_authority()) && !IsBlank(legs[i].state())) continue;
    report.Say("R-CD-01.leg", At(at, i));
  }
}

// UNTOC 20(4): let through intact, taken out, or replaced, in whole or in part.
constexpr std::string_view kTechniques[] = {"INTACT", "REMOVED", "REPLACED", "PARTLY", "PARTIAL"};

void CheckDelivery(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::CONTROLLED_DELIVERY}, [&](const Request&, const Item& item, int i) {
    CheckLegs(item.legs(), At("request.items", i, "legs"), report);
    const bool known =
        IsBlank(item.technique()) ||
        std::any_of(std::begin(kTechniques), std::end(kTechniques), [&](std::string_view word) {
          return item.technique().find(word) != std::string::npos;
        });
    if (!known) report.Say("R-GEN-01.enum", At("request.items", i, "technique"));
  });
}

// The state that asks for a delivery and signs it consents by that, unless it says otherwise.
bool AllConsented(const google::protobuf::RepeatedPtrField<v1::Leg>& legs,
                  const google::protobuf::RepeatedPtrField<v1::StateConsent>& consents,
                  const std::string& asker) {
  return std::all_of(legs.begin(), legs.end(), [&](const v1::Leg& leg) {
    if (leg.has_consented()) return leg.consented();
    if (IsBlank(leg.state())) return true;  // R-CD-01
    const auto said =
        std::find_if(consents.begin(), consents.end(),
                     [&](const v1::StateConsent& c) { return c.state() == leg.state(); });
    if (said == consents.end()) return !asker.empty() && leg.state() == asker;
    return !said->has_granted() || said->granted();
  });
}

bool HasLeg(const google::protobuf::RepeatedPtrField<v1::Leg>& legs, const std::string& state) {
  return std::any_of(legs.begin(), legs.end(),
                     [&](const v1::Leg& leg) { return leg.state() == state; });
}

// The plan in the request that a message brings into effect: where there are several, one that has
// all of the message's states. A state that the message leaves out has to consent as well.
bool PlanConsented(const RuleInput& in, const v1::Delivery& delivery) {
  const Request* request = in.context.request;
  if (request == nullptr) return true;
  std::vector<const Item*> plans;
  for (const Item& item : request->items()) {
    if (item.type() == AssistanceType::CONTROLLED_DELIVERY) plans.push_back(&item);
  }
  if (plans.size() > 1) {
    std::erase_if(plans, [&](const Item* plan) {
      return !std::all_of(delivery.legs().begin(), delivery.legs().end(),
                          [&](const v1::Leg& leg) { return HasLeg(plan->legs(), leg.state()); });
    });
  }
  const auto consented = [&](const Item* plan) {
    auto rest = plan->legs();
    auto consents = delivery.consents();
    consents.MergeFrom(plan->consents());  // what the message says comes first
    for (int i = rest.size() - 1; i >= 0; --i) {
      if (HasLeg(delivery.legs(), rest[i].state())) rest.DeleteSubrange(i, 1);
    }
    return AllConsented(rest, consents, in.context.requesting_state);
  };
  return plans.empty() || std::any_of(plans.begin(), plans.end(), consented);
}

void CheckLive(const RuleInput& in, Report& report) {
  if (IsAct(in, {v1::Act::DELIVERY_LIVE})) {
    const v1::Delivery& delivery = in.body.delivery();
    if (delivery.legs().empty() ||
        !AllConsented(delivery.legs(), delivery.consents(), in.context.requesting_state) ||
        !PlanConsented(in, delivery)) {
      report.Say("R-CD-02.consent", "delivery.consents");
    }
  }
  ForItems(in, {AssistanceType::CONTROLLED_DELIVERY}, [&](const Request&, const Item& item, int i) {
    if (item.status() != "LIVE" ||
        AllConsented(item.legs(), item.consents(), in.context.requesting_state))
      return;
    report.Say("R-CD-02.consent", At("request.items", i, "consents"));
  });
}

void CheckAmount(bool has_quantity, double quantity, const std::string& unit, bool has_purity,
                 double purity, const std::string& at, Report& report) {
  if (has_quantity && (!(quantity > 0) || IsBlank(unit))) report.Say("R-DRG-01.amount", at);
  if (has_purity && !(purity >= 0 && purity <= 100)) report.Say("R-DRG-01.purity", at + ".purity");
}

// DRUG88 12(10)(a): a notice of an export tells how much leaves.
bool IsNoticeOfNoAmount(const Item& item) {
  const auto& all = item.substances();
  return item.type() == AssistanceType::PRE_EXPORT_NOTICE_PRECURSOR && !all.empty() &&
         !item.consignment().has_quantity() &&
         std::none_of(all.begin(), all.end(),
                      [](const v1::SubstanceAmount& s) { return s.has_quantity(); });
}

void CheckSubstances(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const auto& substances = r->items(i).substances();
    if (IsNoticeOfNoAmount(r->items(i))) {
      report.Say("R-DRG-01.amount", At("request.items", i, "substances"));
    }
    for (int k = 0; k < substances.size(); ++k) {
      CheckSubstance(substances[k], At(At("request.items", i, "substances"), k), report);
    }
    if (!r->items(i).has_consignment()) continue;
    const v1::Consignment& c = r->items(i).consignment();
    // A number of parcels has no unit; an amount of a substance has.
    const bool amount = c.has_quantity() && (!IsBlank(c.cas()) || c.has_purity() ||
                                             !IsBlank(c.name()) || !IsBlank(c.unit()));
    CheckAmount(amount, c.quantity(), c.unit(), c.has_purity(), c.purity(),
                At("request.items", i, "consignment"), report);
  }
}

// --- Medical products

// A pack may print the month alone: an expiry is the end of it, a manufacture its begin.
std::optional<absl::Time> DayOn(const std::string& text, bool end) {
  const auto exact = ParseInstant(text);
  if (exact.ok()) return *exact;
  constexpr size_t kMonth = 7, kGs1 = 6;
  // GS1 (17) as it is printed: YYMMDD.
  if (text.size() == kGs1) {
    const auto day = ParseInstant(
        Cat({"20", text.substr(0, 2), "-", text.substr(2, 2), "-", text.substr(4, 2)}));
    return day.ok() ? std::optional<absl::Time>(*day) : std::nullopt;
  }
  if (text.size() != kMonth) return std::nullopt;
  const auto first = ParseInstant(text + "-01");
  if (!first.ok()) return std::nullopt;
  if (!end) return *first;
  const auto next = absl::CivilMonth(absl::ToCivilDay(*first, absl::UTCTimeZone())) + 1;
  return absl::FromCivil(absl::CivilDay(next) - 1, absl::UTCTimeZone());
}

void CheckProduct(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !r->has_alert()) return;
  const v1::ProductAlert& alert = r->alert();
  const auto expiry = DayOn(alert.expiry(), true), made = DayOn(alert.manufactured(), false);
  if (expiry.has_value() && made.has_value() && *expiry <= *made) {
    report.Say("R-MED-01.dates", "request.alert.expiry");
  }
  if (!IsWordOf("ProductAlert", "category", alert.category())) {
    SayWord("ProductAlert", "category", "request.alert.category", report);
  }
  if (IsBlank(alert.batch())) report.Say("R-MED-01.batch", "request.alert.batch");
  if (!IsBlank(alert.atc()) && !IsAtc(alert.atc())) {
    report.Say("R-GEN-01.type", "request.alert.atc");
  }
}

void CheckRelease(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !r->has_public_release()) return;
  const v1::PublicRelease& release = r->public_release();
  if (!release.identity_stripped()) {
    report.Say("R-MED-02.release", "request.public_release.identity_stripped");
  } else if (!release.investigation_details_stripped()) {
    report.Say("R-MED-02.release", "request.public_release.investigation_details_stripped");
  }
}

constexpr Rule kThingRules[] = {
    {{"R-FAP-01", "E", "FAP 8", "a trace with neither serial, marks nor a reason"}, CheckFirearm},
    {{"R-FAP-09", "W", "FAP 4(2)", "a transfer from state to state"}, CheckStateTransfer},
    {{"R-CLK-FAP", "E", "FAP 7", "a record of firearms is kept for less than ten years"},
     CheckRetention},
    {{"R-AUTH-03", "E", "FAP 10", "a shipment outside the time of its licence"}, CheckLicence},
    {{"R-WLD-05, R-WLD-06, R-WLD-07", "E/W", "CITES VI",
      "one permit for several consignments, older than six months, or for less (W: for several or "
      "less, and the question says what is suspected or seized)"},
     CheckPermit},
    {{"R-CD-01", "E", "DRUG88 11, 2AP 18",
      "a leg of a controlled delivery without entry, exit or lead authority"},
     CheckDelivery},
    {{"R-CD-02", "E", "DRUG88 11, UNTOC 20(4)",
      "a controlled delivery goes live without the consent of every state"},
     CheckLive},
    {{"R-DRG-01", "E", "", "a quantity without unit or out of range, purity out of 0 to 100"},
     CheckSubstances},
    {{"R-MED-01", "E", "", "a product without batch, or with an expiry not after its manufacture"},
     CheckProduct},
    {{"R-MED-02", "E", "", "a public warning with identity or details of the investigation"},
     CheckRelease},
};

}  // namespace

std::span<const Rule> ThingRules() { return kThingRules; }

void CheckSubstance(const v1::SubstanceAmount& s, const std::string& at, Report& report) {
  CheckAmount(s.has_quantity(), s.quantity(), s.unit(), s.has_purity(), s.purity(), at, report);
}

}  // namespace palermo::casework
