// What single items must hold: hearings, transfers, extradition, controlled delivery, firearms,
// permits.
#include <algorithm>

#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Family;
using v1::Item;
using v1::Request;
using Type = AssistanceType::Code;

constexpr int kPermitMonths = 6;

template <typename Check>
void ForItems(const RuleInput& in, std::initializer_list<Type> types, Check check) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (std::find(types.begin(), types.end(), item.type()) == types.end()) continue;
    check(*r, item, i);
  }
}

std::string Of(int item, std::string_view member) { return At("request.items", item, member); }

// The person that an item names, among the request's; null when it is not listed.
const v1::Person* PersonOf(const Request& r, const Item& item) {
  const std::string& ref = item.person().empty() ? item.person_ref() : item.person();
  const auto found = std::find_if(r.persons().begin(), r.persons().end(),
                                  [&](const v1::Person& p) { return p.ref() == ref; });
  return ref.empty() || found == r.persons().end() ? nullptr : &*found;
}

// --- Hearings and transfers

void CheckVideo(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VIDEO_HEARING}, [&](const Request& r, const Item& item, int i) {
    const v1::VideoHearing& video = item.video();
    if (IsBlank(video.reason_no_appearance())) {
      report.Say("R-VID-01.reason", Of(i, "video.reason_no_appearance"));
    }
    if (IsBlank(video.conducting_authority())) {
      report.Say("R-VID-01.authority", Of(i, "video.conducting_authority"));
    }
    if (IsBlank(video.interpreter()) && IsBlank(item.interpreter_lang())) {
      report.Say("R-VID-01.interpreter", Of(i, "video.interpreter"));
    }
    const v1::Person* person = PersonOf(r, item);
    const bool accused =
        person != nullptr &&
        std::any_of(person->roles().begin(), person->roles().end(), [](const std::string& role) {
          return OneOf(role, {"ACCUSED", "SUSPECT"});
        });
    if (accused && !video.consent_if_accused()) {
      report.Say("R-VID-01.consent", Of(i, "video.consent_if_accused"));
    }
  });
}

bool Consented(const v1::ConsentRecord& consent) {
  return consent.informed() && (!consent.has_free() || consent.free()) &&
         IsBlank(consent.withdrawn_at()) &&
         (!IsBlank(consent.signed_at()) || !IsBlank(consent.doc_hash()));
}

void CheckTransfer(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::TRANSFER_DETAINED_WITNESS},
           [&](const Request&, const Item& item, int i) {
             if (!Consented(item.consent())) report.Say("R-TRF-01.consent", Of(i, "consent"));
             if (IsBlank(item.agreement_ref())) {
               report.Say("R-TRF-01.agreement", Of(i, "agreement_ref"));
             }
             if (!ParseInstant(item.return_due_at()).ok()) {
               report.Say("R-TRF-01.return", Of(i, "return_due_at"));
             }
           });
}

// --- Extradition

bool IsDescribed(const Request& r, const Item& item) {
  const v1::Person* person = PersonOf(r, item);
  if (person == nullptr) return false;
  return !IsBlank(person->name()) || !IsBlank(person->description());
}

bool SuspectsGroup(const Request& r) {
  return std::any_of(r.offence().begin(), r.offence().end(), [](const v1::Offence& o) {
    return OneOf(o.ocg_involved(), {"YES", "SUSPECTED"});
  });
}

void CheckExtradition(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::EXTRADITE, AssistanceType::PROVISIONAL_ARREST},
           [&](const Request& r, const Item& item, int i) {
             const bool papers = item.type() == AssistanceType::EXTRADITE;
             if (IsBlank(item.warrant_hash()) && IsBlank(item.judgment_hash())) {
               report.Say("R-EXT-01.warrant", Of(i, "warrant_hash"));
             }
             if (item.offence_times().empty() || item.places().empty() ||
                 (papers && IsBlank(item.law_text()))) {
               report.Say("R-EXT-01.offence", Of(i, "offence_times"));
             }
             if (!IsDescribed(r, item)) report.Say("R-EXT-01.person", Of(i, "person"));
             if (item.dual_criminality() == "NOT_MET") {
               report.Say("R-EXT-01.dual", Of(i, "dual_criminality"));
             }
             if (papers && r.basis().instrument() == "UNTOC" && !SuspectsGroup(r)) {
               report.Say("R-EXT-01.ocg", "request.offence");
             }
           });
}

bool Assured(const Item& item, std::string_view kind) {
  return std::any_of(item.assurances().begin(), item.assurances().end(),
                     [&](const v1::Assurance& a) {
                       return a.kind() == kind && !IsBlank(a.grantor()) && !IsBlank(a.scope());
                     });
}

bool DeathIsPossible(const RuleInput& in, const Request& r, const Item& item) {
  if (item.penalty().death_possible()) return true;
  // A state that has abolished it cannot impose it, whatever a label says.
  if (in.context.requesting_profile != nullptr &&
      in.context.requesting_profile->death_penalty == "ABOLISHED") {
    return false;
  }
  return std::any_of(r.offence().begin(), r.offence().end(),
                     [](const v1::Offence& o) { return o.death_possible(); });
}

void CheckDeathPenalty(const RuleInput& in, Report& report) {
  const StateProfile* requested = in.context.requested_profile;
  if (requested == nullptr || requested->death_penalty != "ABOLISHED") return;
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    if (!DeathIsPossible(in, *r, r->items(i))) continue;
    if (!Assured(r->items(i), "NO_DEATH_PENALTY")) {
      report.Say("R-HR-02.assurance", Of(i, "assurances"));
    }
  }
}

void CheckFairTrial(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::EXTRADITE}, [&](const Request&, const Item& item, int i) {
    if (item.in_absentia() && !Assured(item, "RETRIAL")) {
      report.Say("R-HR-04.absentia", Of(i, "assurances"));
    }
    if (!Assured(item, "FAIR_TRIAL")) report.Say("R-HR-04.trial", Of(i, "assurances"));
  });
}

// --- Non-refoulement

void CheckClaim(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_NATIONALITY, AssistanceType::ISSUE_TRAVEL_DOCUMENT},
           [&](const Request&, const Item& item, int i) {
             if (OneOf(item.protection_claim(), {"PENDING", "RECOGNISED", "APPEAL"})) {
               report.Say("R-HR-01.claim", Of(i, "protection_claim"));
             } else if (IsBlank(item.protection_claim())) {
               report.Say("R-HR-01.assessment", Of(i, "protection_claim"));
             } else if (item.type() == AssistanceType::ISSUE_TRAVEL_DOCUMENT &&
                        IsBlank(item.safety_assessment())) {
               report.Say("R-HR-01.assessment", Of(i, "safety_assessment"));
             }
           });
}

// --- Things

void CheckFirearm(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::TRACE_FIREARM}, [&](const Request&, const Item& item, int i) {
    const v1::Firearm& f = item.firearm();
    const bool explained = OneOf(f.serial_state(), {"NONE", "OBLITERATED", "RESTORED"}) ||
                           OneOf(f.class_(), {"ADDITIVE_3D", "HOMEMADE"}) ||
                           !IsBlank(f.explanation()) || !IsBlank(f.forensic_note());
    const bool marked = std::any_of(f.marks().begin(), f.marks().end(),
                                    [](const v1::Marking& m) { return !IsBlank(m.text()); });
    if (IsBlank(f.serial()) && !marked && !explained) {
      report.Say("R-FAP-01.marks", Of(i, "firearm.serial"));
    }
  });
}

void CheckPermit(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_CITES_PERMIT}, [&](const Request&, const Item& item, int i) {
    const v1::Permit& permit = item.permit();
    if (item.consignments_size() > 1) report.Say("R-WLD-05.consignments", Of(i, "consignments"));
    const auto granted = ParseInstant(permit.granted());
    const auto until = ParseInstant(permit.valid_to());
    const std::string& clock =
        in.context.now.empty() ? in.context.now_iso8601_date : in.context.now;
    const auto now = ParseInstant(clock);
    if (granted.ok() && now.ok() && OneOf(permit.kind(), {"EXPORT", "REEXPORT", ""})) {
      const absl::CivilDay day = absl::ToCivilDay(*granted, absl::UTCTimeZone());
      const absl::CivilMonth last = absl::CivilMonth(day) + kPermitMonths;
      const absl::CivilDay end(last.year(), last.month(), day.day());
      const bool too_long = until.ok() && absl::ToCivilDay(*until, absl::UTCTimeZone()) > end;
      if (absl::ToCivilDay(*now, absl::UTCTimeZone()) > end || too_long ||
          (until.ok() && *now >= *until + absl::Hours(24))) {
        report.Say("R-WLD-06.age", Of(i, "permit.granted"));
      }
    }
    double allowed = 0;
    for (const v1::PermitItem& line : permit.items()) allowed += line.qty();
    if (item.has_qty_seen() && permit.items_size() > 0 && item.qty_seen() > allowed) {
      report.Say("R-WLD-07.quantity", Of(i, "qty_seen"));
    }
  });
}

void CheckLegs(const google::protobuf::RepeatedPtrField<v1::Leg>& legs, const std::string& at,
               Report& report) {
  if (legs.empty()) report.Say("R-CD-01.legs", at);
  for (int i = 0; i < legs.size(); ++i) {
    const bool first = i == 0, last = i + 1 == legs.size();
    const bool in_ok = first || !IsBlank(legs[i].entry());
    const bool out_ok = last || !IsBlank(legs[i].exit());
    // Where it begins and ends one of the two is enough.
    const bool some = !IsBlank(legs[i].entry()) || !IsBlank(legs[i].exit());
    if (in_ok && out_ok && some && !IsBlank(legs[i].lead_authority())) continue;
    report.Say("R-CD-01.leg", At(at, i));
  }
}

void CheckDelivery(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::CONTROLLED_DELIVERY}, [&](const Request&, const Item& item, int i) {
    CheckLegs(item.legs(), Of(i, "legs"), report);
  });
}

bool AllConsented(const google::protobuf::RepeatedPtrField<v1::Leg>& legs,
                  const google::protobuf::RepeatedPtrField<v1::StateConsent>& consents) {
  return std::all_of(legs.begin(), legs.end(), [&](const v1::Leg& leg) {
    return std::any_of(consents.begin(), consents.end(), [&](const v1::StateConsent& c) {
      return c.state() == leg.state() && (!c.has_granted() || c.granted());
    });
  });
}

void CheckLive(const RuleInput& in, Report& report) {
  if (IsAct(in, {v1::Act::DELIVERY_LIVE})) {
    const v1::Delivery& delivery = in.body.delivery();
    if (delivery.legs().empty() || !AllConsented(delivery.legs(), delivery.consents())) {
      report.Say("R-CD-02.consent", "delivery.consents");
    }
  }
  ForItems(in, {AssistanceType::CONTROLLED_DELIVERY}, [&](const Request&, const Item& item, int i) {
    if (item.status() != "LIVE" || AllConsented(item.legs(), item.consents())) return;
    report.Say("R-CD-02.consent", Of(i, "consents"));
  });
}

void CheckSubstances(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const auto& substances = r->items(i).substances();
    for (int k = 0; k < substances.size(); ++k) {
      const v1::SubstanceAmount& s = substances[k];
      const std::string at = At(Of(i, "substances"), k);
      if (s.has_quantity() && (s.quantity() <= 0 || IsBlank(s.unit()))) {
        report.Say("R-DRG-01.amount", at);
      }
      if (s.has_purity() && !(s.purity() >= 0 && s.purity() <= 100)) {
        report.Say("R-DRG-01.purity", at + ".purity");
      }
    }
  }
}

constexpr Rule kRules[] = {
    {{"R-VID-01", "E", "UNTOC 18(18), 2AP 9",
      "a video hearing without reason, authority, interpreter, or consent of an accused"},
     CheckVideo},
    {{"R-TRF-01", "E", "UNTOC 18(10), (11)",
      "a detained person's transfer without consent, agreement of both states or date of return"},
     CheckTransfer},
    {{"R-EXT-01", "E", "UNTOC 16, ECE 12",
      "extradition without warrant, offence, description, dual criminality or (UNTOC) a group"},
     CheckExtradition},
    {{"R-HR-02", "E", "ECE 11, UNTOC 18(21)(b)",
      "death is possible, the requested state has abolished it, and there is no assurance"},
     CheckDeathPenalty},
    {{"R-HR-04", "E/W", "ICCPR 14",
      "extradition without assurance of a fair trial (W), or of a new one after absence (E)"},
     CheckFairTrial},
    {{"R-HR-01", "E", "TIP 14, SOM 19",
      "nationality check or travel document with a pending claim, or without assessment"},
     CheckClaim},
    {{"R-FAP-01", "E", "FAP 8", "a trace with neither serial, marks nor a reason"}, CheckFirearm},
    {{"R-WLD-05, R-WLD-06, R-WLD-07", "E", "CITES VI",
      "one permit for several consignments, older than six months, or for less"},
     CheckPermit},
    {{"R-CD-01", "E", "DRUG88 11, 2AP 18",
      "a leg of a controlled delivery without entry, exit or lead authority"},
     CheckDelivery},
    {{"R-CD-02", "E", "DRUG88 11, UNTOC 20(4)",
      "a controlled delivery goes live without the consent of every state"},
     CheckLive},
    {{"R-DRG-01", "E", "", "a quantity without unit or out of range, purity out of 0 to 100"},
     CheckSubstances},
};

}  // namespace

std::span<const Rule> ItemRules() { return kRules; }

}  // namespace palermo::casework
