// What an officer's own request usually says, asked for at the desk: of information that is no
// request, of who is put before others, of children; by notes, as a warning of a crime that lacks
// one of these is better than none. Of interception and surveillance by a warning. What another
// state sent is not judged by it.
#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/form_check.h"
#include "node/casework/needed.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::Family;
using v1::Request;
using T = v1::AssistanceType;

bool TellsFacts(const Request& r) {
  return !IsBlank(r.facts_summary()) ||
         std::any_of(r.items().begin(), r.items().end(), [](const v1::Item& item) {
           return !IsBlank(item.facts()) || !IsBlank(item.suspicion());
         });
}

void AskOfInformation(Family::Code family, const Request& r, std::vector<Finding>& out) {
  const bool spontaneous = family == Family::SPONTANEOUS, hit = family == Family::HIT_QUERY;
  const bool police = family == Family::LAW_ENFORCEMENT_INFO;
  if ((!spontaneous && !hit && !police && family != Family::FIU) || r.has_public_release()) return;
  const auto want = [&](bool there, std::string_view member) {
    if (!there) Tell("R-GEN-01.information", "request." + std::string(member), out);
  };
  want(!IsBlank(r.requesting_authority()), "requesting_authority");
  want(hit ? !IsBlank(r.purpose()) : TellsFacts(r), hit ? "purpose" : "facts_summary");
  want(!spontaneous || !r.restrictions().empty(), "restrictions");
  want(!spontaneous || !IsBlank(r.useful_for()), "useful_for");
  // The limb is of UNTOC 27(1); other instruments have one of their own.
  want(!police || r.basis().instrument() != "UNTOC" || !IsBlank(r.information_limb()),
       "information_limb");
  want(!police || !IsBlank(r.evidence_status()), "evidence_status");
}

// A window that is wider than a year. No treaty counts the days: the officer says why.
bool LastsLong(const v1::Item& item) {
  constexpr absl::Duration kYear = absl::Hours(24 * 366);
  const auto from = ParseInstant(item.period_from()), to = ParseInstant(item.period_to());
  return from.ok() && to.ok() && *to - *from > kYear;
}

// The base block of every written request. Information is none, and where a life is in danger
// nobody waits for a number.
void AskOfBase(const CheckContext& context, const Request& r, std::vector<Finding>& out) {
  const Family::Code family = context.family;
  const bool written = IsFormal(family) || family == Family::PROTOCOL_ADMIN ||
                       family == Family::SEA || family == Family::PRESERVATION_24_7;
  if (!written || context.extract || context.urgency == v1::Urgency::EMERGENCY_LIFE) return;
  for (std::string_view member : MissingOf(r)) {
    Tell("R-GEN-01.base", Cat({"request.", member}), out);
  }
  // TSP83 3(1)(a): who is transferred is a national of the other state.
  const bool sentenced = std::any_of(r.items().begin(), r.items().end(), [](const v1::Item& item) {
    return item.type() == T::TRANSFER_SENTENCED_PERSON;
  });
  for (int i = 0; sentenced && i < r.persons_size(); ++i) {
    const v1::Person& p = r.persons(i);
    if (!IsBlank(p.nationality()) || IsProtected(p)) continue;
    Tell("R-GEN-01.base", At("request.persons", i, "nationality"), out);
  }
}

// HR-13: what a measure that reaches far into a life must show: why it is needed, for how long, and
// that nothing milder does.
void AskOfMeasures(const CheckContext& context, const Request& r, std::vector<Finding>& out) {
  // Where a life is in danger nobody weighs milder means first.
  if (context.urgency == v1::Urgency::EMERGENCY_LIFE) return;
  for (int i = 0; i < r.items_size(); ++i) {
    const v1::Item& item = r.items(i);
    const bool deep =
        item.type() == T::INTERCEPT_CONTENT || item.type() == T::ELECTRONIC_SURVEILLANCE;
    const bool wide = item.type() == T::REALTIME_TRAFFIC || item.type() == T::BANK_MONITORING;
    if (!deep && !wide) continue;
    if (LastsLong(item)) Tell("R-HR-13.long", At("request.items", i, "period_to"), out);
    const bool silent = IsBlank(item.alternatives());
    if (deep && silent) {
      Tell("R-HR-13.alternatives", At("request.items", i, "alternatives"), out);
      continue;
    }
    const bool lasts = !IsBlank(item.period_to()) || !IsBlank(item.window()) ||
                       !IsBlank(item.duration()) || !IsBlank(item.order().valid_to());
    const bool needed = !IsBlank(item.necessity()) || !IsBlank(item.relevance());
    const char* member = silent ? "alternatives" : needed ? "period_to" : "necessity";
    if (silent || !needed || !lasts) {
      Tell("R-HR-13.unsaid", At("request.items", i, member), out);
    }
  }
}

// A selector that names nothing is of no use to who looks for it.
void AskOfSelectors(const Request& r, std::vector<Finding>& out) {
  for (int i = 0; i < r.items_size(); ++i) {
    const auto& selectors = r.items(i).selectors();
    for (int k = 0; k < selectors.size(); ++k) {
      const v1::Selector& one = selectors[k];
      const std::string at = At(At("request.items", i, "selectors"), k) + ".value";
      const std::string_view kind = SelectorKind(one.kind());
      const std::string& value = one.value();
      if (IsBlank(value)) {
        if (IsBlank(one.ip())) Tell("R-GEN-01.selector_value", at, out);
        continue;
      }
      const bool digits = std::all_of(value.begin(), value.end(),
                                      [](char c) { return (c >= '0' && c <= '9') || c == ' '; });
      const bool fits = kind == "EMAIL"                     ? value.find('@') != std::string::npos
                        : kind == "URL" || kind == "DOMAIN" ? value.find('.') != std::string::npos
                        : kind == "IMSI" ? digits && value.size() >= 14 && value.size() <= 15
                                         : true;
      if (!fits) Tell("R-GEN-01.selector_form", at, out);
    }
  }
}

// A victim's return: what the law prefers, and what the other state must know to prepare it.
void AskOfReturn(const Request& r, std::vector<Finding>& out) {
  const v1::VictimReferral& v = r.referral();
  const v1::ReturnPlan& plan = v.return_plan();
  if (v.has_return_plan()) {
    const bool said = !IsBlank(v.protection_claim()) ||
                      std::any_of(r.items().begin(), r.items().end(), [](const v1::Item& item) {
                        return !IsBlank(item.protection_claim());
                      });
    if (!said) Tell("R-HR-01.unsaid", "request.referral.protection_claim", out);
    if (IsBlank(plan.date())) Tell("R-TIP-05.no_date", "request.referral.return_plan.date", out);
    if (plan.has_voluntary() && !plan.voluntary()) {
      Tell("R-TIP-05.involuntary", "request.referral.return_plan.voluntary", out);
    }
  }
  const bool trafficking = r.basis().instrument() == "TIP" ||
                           CanonicalArea(r.area()) == "TRAFFICKING_IN_PERSONS" ||
                           std::any_of(r.offence().begin(), r.offence().end(),
                                       [](const v1::Offence& o) { return o.has_tip(); });
  const bool dated =
      !IsBlank(v.reflection_until()) || !IsBlank(v.identified_at()) || !IsBlank(v.status());
  if (dated) return;
  // The reflection period is a right of victims of trafficking; a child that comes back from a
  // place of conflict may be none.
  const bool planned =
      std::any_of(r.items().begin(), r.items().end(),
                  [](const v1::Item& item) { return item.type() == T::RETURN_PLAN; }) &&
      std::any_of(r.persons().begin(), r.persons().end(), IsVictim);
  if (v.has_return_plan() && (trafficking || planned)) {
    Tell("R-TIP-05.unknown", "request.referral.reflection_until", out);
  }
  if (!trafficking) return;
  for (int i = 0; i < r.items_size(); ++i) {
    const v1::Item& item = r.items(i);
    if (item.type() != T::ISSUE_TRAVEL_DOCUMENT) continue;
    const std::string& ref = item.person_ref().empty() ? item.person() : item.person_ref();
    if (std::any_of(r.persons().begin(), r.persons().end(),
                    [&](const v1::Person& p) { return p.ref() == ref && IsVictim(p); })) {
      Tell("R-TIP-05.document", At("request.items", i), out);
    }
  }
}

// Who may have it besides the two states of the case: on purpose, or from another case's file?
void AskOfReleaseList(const CheckContext& context,
                      const google::protobuf::RepeatedPtrField<std::string>& states,
                      std::vector<Finding>& out) {
  constexpr char kAt[] = "request.handling.release_states";
  const std::string &own = context.requesting_state, &other = context.requested_state;
  if (states.empty() || own.empty() || other.empty()) return;
  if (std::find(states.begin(), states.end(), own) == states.end()) {
    Tell("R-USE-01.own", kAt, out, {{"state", own}});
  }
  std::string third;
  for (const std::string& state : states) {
    if (state != own && state != other) third += Cat({third.empty() ? "" : ", ", state});
  }
  if (!third.empty()) Tell("R-USE-01.third", kAt, out, {{"states", third}});
}

}  // namespace

std::vector<Finding> CheckUsual(const CheckContext& context, const v1::CaseBody& body) {
  std::vector<Finding> out;
  if (!body.has_request()) return out;
  const Request& r = body.request();
  AskOfInformation(context.family, r, out);
  AskOfBase(context, r, out);
  AskOfMeasures(context, r, out);
  AskOfSelectors(r, out);
  AskOfReturn(r, out);
  const auto& states = r.handling().release_states();
  const auto to = std::find(states.begin(), states.end(), context.requested_state);
  if (!states.empty() && !context.requested_state.empty() && to == states.end()) {
    Tell("R-USE-01.receiver", "request.handling.release_states", out);
  }
  AskOfReleaseList(context, states, out);
  // Who is put before others is put there for a reason; where a life is in danger nobody is asked.
  const bool first =
      context.urgency == v1::Urgency::PRIORITY || context.urgency == v1::Urgency::URGENT;
  if (first && r.selection_grounds().empty() &&
      std::any_of(r.persons().begin(), r.persons().end(), IsSuspect)) {
    Tell("R-HR-05.first", "request.selection_grounds", out);
  }
  for (int i = 0; i < r.persons_size(); ++i) {
    const v1::Person& p = r.persons(i);
    // Of a child anybody may know who it is only where the law cannot do without.
    const bool child = (IsChild(p) || p.age_status() == "DISPUTED") && !IsProtected(p);
    if (child && !IsBlank(p.name())) Tell("R-SEAL-01.child", At("request.persons", i, "name"), out);
  }
  CheckValues(context, r, out);
  return out;
}

}  // namespace palermo::casework
