// What the whole history of a case says about the next act: items that have their outcome, silence,
// duties that live on, links to other cases; and that one kind of legal act is never called
// another.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/forms.h"
#include "node/casework/obligations.h"
#include "node/casework/progress.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;
using v1::Request;

constexpr size_t kCaseIdHexLetters = 32;

// --- Families

// Police information, spontaneous information and hit queries bring or ask what is no evidence; a
// measure that needs a request would be a request under another name.
bool IsInformation(Family::Code family) {
  return family == Family::LAW_ENFORCEMENT_INFO || family == Family::SPONTANEOUS ||
         family == Family::HIT_QUERY;
}
bool IsOfFiu(AssistanceType::Code type) {
  return type == AssistanceType::FIU_INFORMATION ||
         type == AssistanceType::FIU_POSTPONE_TRANSACTION;
}
// UNTOC 27(1)(c): samples; and what is in a register that police may read.
bool IsOfPolice(AssistanceType::Code type) {
  return type == AssistanceType::SAMPLE_FOR_ANALYSIS || type == AssistanceType::VERIFY_DOCUMENT ||
         type == AssistanceType::TRACE_FIREARM || type == AssistanceType::VERIFY_LICENCE;
}

// What the areas exchange besides assistance has one family each.
bool IsTypeOfArea(AssistanceType::Code type) { return type >= AssistanceType::VICTIM_REFERRAL; }
// What is asked among police, or as evidence in a formal request: who owns, what was found. 3.5,
// 3.9 and 3.10 name them beside formal measures, and 18(3) is open.
bool IsAlsoEvidence(AssistanceType::Code type) {
  switch (type) {
    case AssistanceType::BENEFICIAL_OWNER_QUERY:
    case AssistanceType::PEP_ENQUIRY:
    case AssistanceType::ASSET_DISCLOSURE:
    case AssistanceType::FINANCIAL_TRAIL:
    case AssistanceType::TIMBER_TRACE:
    case AssistanceType::LAB_RESULT:
    case AssistanceType::ARTEFACT_FORENSIC:
      return true;
    default:
      return false;
  }
}
bool IsItsFamily(Family::Code family, AssistanceType::Code type) {
  const TypeForm* form = FindForm(type);
  return form != nullptr && form->family == family;
}

// Formal requests that only one family carries.
struct Only {
  AssistanceType::Code type;
  Family::Code family;
};
constexpr Only kOnly[] = {{AssistanceType::EXTRADITE, Family::EXTRADITION},
                          {AssistanceType::PROVISIONAL_ARREST, Family::EXTRADITION},
                          {AssistanceType::TRANSFER_SENTENCED_PERSON, Family::TRANSFER_SENTENCED},
                          {AssistanceType::TRANSFER_PROCEEDINGS, Family::TRANSFER_PROCEEDINGS}};

// Data that the network of contact points asks for at once, BUD 35, whatever family carries the
// rest.
bool IsOfNetwork(AssistanceType::Code type) {
  return type == AssistanceType::ACCESS_STORED_DATA || type == AssistanceType::REALTIME_TRAFFIC ||
         type == AssistanceType::INTERCEPT_CONTENT;
}

// A formal measure in a family that knows neither the basis nor the contents of 18(15): it would
// lose the rules of its own.
bool IsFormalElsewhere(Family::Code family, AssistanceType::Code type) {
  const TypeForm* form = FindForm(type);
  if (form == nullptr || !IsFormal(form->family)) return false;
  if (IsFormal(family) || type == AssistanceType::OTHER_NOT_CONTRARY) return false;
  // Who holds an account may stand beside the trace of what was bought with it; and a victim who
  // testifies is protected as a witness, UNTOC 24 and 25.
  if (type == AssistanceType::SUBSCRIBER_INFO) return false;
  if (type == AssistanceType::WITNESS_RELOCATION && family == Family::VICTIM) return false;
  return family != Family::PRESERVATION_24_7 || !IsOfNetwork(type);
}

bool Misnamed(Family::Code family, AssistanceType::Code type) {
  for (const Only& only : kOnly) {
    if (only.type == type && only.family != family && IsFormal(family)) return true;
  }
  // An inquiry that no measure carries has no name of its own.
  const bool inquiry = type == AssistanceType::OTHER_NOT_CONTRARY;
  if (IsTypeOfArea(type) && IsItsFamily(family, type)) return false;
  if (IsAlsoEvidence(type) && (family == Family::MLA || family == Family::CONFISCATION))
    return false;
  if (family == Family::LAW_ENFORCEMENT_INFO) return !inquiry && !IsOfPolice(type);
  if (family == Family::HIT_QUERY) return !inquiry;
  if (IsInformation(family) || IsFormalElsewhere(family, type)) return true;
  if (IsOfFiu(type) && family != Family::FIU) return true;
  return (IsOfFiu(type) || IsTypeOfArea(type)) && IsFormal(family);
}

// The dealer's book of who bought the weapon is part of its trace, FAP 7, 12(4): it is the answer
// to the same question, and no measure of its own.
bool IsOfTrace(const RuleInput& in, AssistanceType::Code type) {
  return type == AssistanceType::RECORDS_BUSINESS && in.context.family == Family::PROTOCOL_ADMIN &&
         Asks(in, {AssistanceType::TRACE_FIREARM});
}

// A family with acts, grounds and a view of its own, for what only it carries. Evidence may be
// asked for beside that, and not instead.
bool IsNamedForItsItems(Family::Code family) {
  return family == Family::EXTRADITION || family == Family::TRANSFER_SENTENCED ||
         family == Family::TRANSFER_PROCEEDINGS || family == Family::CONFISCATION;
}
bool CarriesItsOwn(Family::Code family, const Request& r) {
  return r.items().empty() ||
         std::any_of(r.items().begin(), r.items().end(), [&](const v1::Item& item) {
           return item.type() == AssistanceType::UNSPECIFIED || IsItsFamily(family, item.type()) ||
                  item.type() == AssistanceType::OTHER_NOT_CONTRARY ||
                  (family == Family::CONFISCATION && IsAlsoEvidence(item.type()));
         });
}

void CheckFamilyOfItems(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || in.context.extract || in.context.family == Family::UNSPECIFIED) return;
  if (IsNamedForItsItems(in.context.family) && !CarriesItsOwn(in.context.family, *r)) {
    const TypeForm* form = FindForm(r->items(0).type());
    report.Say("R-GEN-01.other_act", At("request.items", 0, "type"),
               {{"family", FamilyName(in.context.family)},
                {"right", FamilyName(form == nullptr ? Family::MLA : form->family)}});
    return;
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const auto type = r->items(i).type();
    if (type == AssistanceType::UNSPECIFIED || !Misnamed(in.context.family, type)) continue;
    if (IsOfTrace(in, type)) continue;
    const TypeForm* form = FindForm(type);
    const Family::Code right = form == nullptr ? Family::MLA : form->family;
    report.Say("R-GEN-01.other_act", At("request.items", i, "type"),
               {{"family", FamilyName(in.context.family)}, {"right", FamilyName(right)}});
  }
}

void CheckInformation(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !IsInformation(in.context.family)) return;
  if (r->evidence_status() == "EVIDENCE") {
    report.Say("R-INT-01.called_evidence", "request.evidence_status");
  }
}

// --- Links

void CheckLink(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !r->has_relates_to()) return;
  const v1::CaseReference& link = r->relates_to();
  const auto id = HexDecode(link.case_id());
  if (link.case_id().size() != kCaseIdHexLetters || !id.ok()) {
    report.Say("R-GEN-01.case_link", "request.relates_to.case_id");
  }
  if (!OneOf(link.kind(),
             {"RESUBMISSION", "FOLLOW_UP", "PROSECUTION_OFFER", "CONVERTED_INFORMATION"})) {
    report.Say("R-GEN-01.case_relation", "request.relates_to.kind");
  }
}

// --- Items

// I3: one final outcome for each item. The same one may be told again.
void CheckOneOutcome(const RuleInput& in, Report& report) {
  const auto& settled = in.context.settled_items;
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    const auto found = std::find(settled.begin(), settled.end(), item.n());
    if (found == settled.end()) return;
    const auto place = static_cast<size_t>(found - settled.begin());
    if (place >= in.context.settled_outcomes.size()) return;
    if (in.context.settled_outcomes[place] == item.outcome()) return;
    report.Say("R-GEN-02.outcome", at + ".outcome", {{"item", std::to_string(item.n())}});
  });
}

bool IsIn(const std::vector<uint32_t>& items, uint32_t n) {
  return std::find(items.begin(), items.end(), n) != items.end();
}

// I3, T29: what has its end is neither refused nor asked for again, and what was refused is not
// executed without a new request.
void CheckEndedItems(const RuleInput& in, Report& report) {
  const CheckContext& c = in.context;
  const auto tell = [&](std::string field, uint32_t n) {
    report.Say("R-GEN-02.item_ended", std::move(field), {{"item", std::to_string(n)}});
  };
  const auto& refused = in.body.refusal().items();
  for (int i = 0; IsAct(in, {Act::REFUSAL_IN_PART}) && i < refused.size(); ++i) {
    const uint32_t n = refused[i];
    const bool ended =
        IsIn(c.settled_items, n) || IsIn(c.refused_items, n) || IsIn(c.withdrawn_items, n);
    if (ended) tell(At("refusal.items", i), n);
  }
  const auto& missing = in.body.statement().items();
  for (int i = 0; IsAct(in, {Act::COMPLETION_REQUEST}) && i < missing.size(); ++i) {
    const bool ended = IsIn(c.refused_items, missing[i]) || IsIn(c.withdrawn_items, missing[i]);
    if (ended) tell(At("statement.items", i), missing[i]);
  }
  const auto& results = in.body.result().items();
  for (int i = 0; i < results.size(); ++i) {
    const bool other = results[i].outcome() != v1::ItemOutcome::REFUSED;
    if (other && IsIn(c.refused_items, results[i].n())) {
      tell(At("result.items", i, "outcome"), results[i].n());
    }
  }
}

// --- Closing

void CheckSilence(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CLOSE_NOTICE})) return;
  const auto last = ParseInstant(in.context.last_act_at);
  const absl::Duration silence = PolicyLimit("T28", in.context.policy);
  const absl::Time now = NowOf(in.context);
  if (!last.ok() || now == absl::InfinitePast() || now >= *last + silence) return;
  report.Say("R-GEN-02.silence", "", {{"days", absl::StrFormat("%d", silence / absl::Hours(24))}});
}

// No end of a case extinguishes a duty: closing is not blocked, but what is late is answered for.
void CheckDuties(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CLOSE, Act::CLOSE_NOTICE}) || in.context.obligations == nullptr) return;
  const absl::Time now = NowOf(in.context);
  if (now == absl::InfinitePast()) return;
  for (const Obligation& o : *in.context.obligations) {
    if (o.owed_by != in.context.side || !IsOpen(o, now)) continue;
    report.Say(IsBreached(o, now) ? "R-AUD-01.overdue" : "R-AUD-01.lives_on", "",
               {{"duty", std::string(o.kind)}});
  }
}

void CheckReport(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::OBLIGATION_REPORT})) return;
  const v1::ObligationReport& done = in.body.obligation_report();
  const ObligationKind* kind = FindObligationKind(done.kind());
  const bool speciality = done.kind() == "SPECIALITY", conduct = done.kind() == "SAFE_CONDUCT";
  if (kind == nullptr || (kind->standing && !speciality && !conduct)) {
    report.Say("R-GEN-01.duty_kind", "obligation_report.kind");
    return;
  }
  // It is never done, but the discharge of the person starts its end.
  for (const auto& [text, member] : {std::pair(&done.final_discharge_at(), "final_discharge_at"),
                                     std::pair(&done.left_at(), "left_at")}) {
    const bool missing = speciality && text->empty() && text == &done.final_discharge_at();
    if (missing || (!text->empty() && !ParseInstant(*text).ok())) {
      report.Say("R-GEN-01.date", Cat({"obligation_report.", member}));
    }
  }
  // Nor is a safe conduct: it ends 15 days after the notice that the person is not needed any more.
  if (conduct && !ParseInstant(done.at()).ok()) report.Say("R-GEN-01.date", "obligation_report.at");
  if (IsBlank(done.text())) {
    report.Say("R-GEN-01.duty_text", "obligation_report.text");
  }
  if (in.context.obligations == nullptr) return;
  const auto& all = *in.context.obligations;
  const bool owed = std::any_of(all.begin(), all.end(), [&](const Obligation& o) {
    return o.kind == done.kind() && o.owed_by == in.context.side && !o.fulfilled &&
           (done.item() == 0 || done.item() == o.item);
  });
  if (!owed) {
    report.Say("R-GEN-01.duty_not_owed", "obligation_report.kind");
  }
}

// --- Texts of acts that have nothing else

void CheckTexts(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_STATEMENT, Act::CLOSE_NOTICE, Act::CONDITIONAL_OFFER})) return;
  if (!IsBlank(in.body.statement().text())) return;
  report.Say("R-GEN-01.act_text", "statement.text");
}

// A proposal binds by its conditions, listed or in words: one that has none offers nothing.
void CheckProposal(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONDITIONS_PROPOSAL})) return;
  const v1::Statement& statement = in.body.statement();
  if (statement.conditions().empty()) {
    const bool said = !IsBlank(statement.text());
    report.Say(said ? "R-GEN-01.conditions_listed" : "R-GEN-01.conditions", "statement.conditions");
  }
  const absl::Time now = NowOf(in.context);
  if (statement.until().empty()) {
    report.Say("R-GEN-01.answer_until", "statement.until");
  } else if (!ParseInstant(statement.until()).ok()) {
    report.Say("R-GEN-01.date", "statement.until");
  } else if (now != absl::InfinitePast() && IsAfterEnd(statement.until(), now)) {
    report.Say("R-CLK-DEADLINE.answer", "statement.until");
  }
}

// Nobody can keep on a day that is over what another day asks for.
void CheckDueBefore(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONDITIONS_PROPOSAL, Act::CONDITIONAL_OFFER})) return;
  const absl::Time now = NowOf(in.context);
  const auto& conditions = in.body.statement().conditions();
  for (int i = 0; i < conditions.size() && now != absl::InfinitePast(); ++i) {
    if (!IsAfterEnd(conditions[i].due_at(), now)) continue;
    report.Say("R-CND-01.past", At("statement.conditions", i, "due_at"));
  }
}

void CheckOffered(const RuleInput& in, Report& report) {
  const auto& conditions = in.body.statement().conditions();
  for (int i = 0; i < conditions.size(); ++i) {
    const std::string& kind = conditions[i].kind();
    if (!kind.empty() && kind != "OTHER" && FindObligationKind(kind) == nullptr) {
      report.Say("R-GEN-01.condition_kind", At("statement.conditions", i, "kind"));
    }
    // One that voids the assistance has a finding of its own.
    if (IsBlank(conditions[i].text()) && !conditions[i].voids_assistance()) {
      report.Say("R-GEN-01.condition_text", At("statement.conditions", i, "text"));
    }
  }
}

constexpr Rule kProcedureRules[] = {
    {{"R-GEN-01", "E", "UNTOC 18, 18(4), 27",
      "an item that another kind of legal act carries: a measure as police or spontaneous "
      "information, or the other way"},
     CheckFamilyOfItems},
    {{"R-INT-01", "E", "UNTOC 27", "police or spontaneous information is called evidence"},
     CheckInformation},
    {{"R-GEN-01", "E", "", "a link to another case has no case id or does not say what it means"},
     CheckLink},
    {{"R-GEN-02", "E", "UNTOC 18(17)", "a result gives a settled item another final outcome"},
     CheckOneOutcome},
    {{"R-GEN-02", "E", "UNTOC 18(24)",
      "an item that has its end is refused or asked for again, or one that was refused gets "
      "another "
      "outcome"},
     CheckEndedItems},
    {{"R-GEN-02", "E", "UNTOC 18(24)",
      "the requested state closes before 60 days (of the pair) of the other's silence"},
     CheckSilence},
    {{"R-AUD-01", "W/I", "UNTOC 18(11), (17), (19)",
      "the case is closed while a duty of the closing side is overdue (W) or open (I)"},
     CheckDuties},
    {{"R-GEN-01", "E", "", "a report of a duty names none that this side owes, or says nothing"},
     CheckReport},
    {{"R-GEN-01", "E", "", "a view, an offer or a notice of closing has no text"}, CheckTexts},
    {{"R-GEN-01", "E", "UNTOC 18(26)", "a condition has no text, or a kind that is not known"},
     CheckOffered},
    {{"R-GEN-01, R-CLK-DEADLINE", "E/W/I", "UNTOC 18(26)",
      "a proposal has no condition, or its `until` is no date (W: it is over; I: there is none, or "
      "the conditions stand in words alone)"},
     CheckProposal},
    {{"R-CND-01", "W", "UNTOC 18(26)", "a condition names a day that is over"}, CheckDueBefore},
};

}  // namespace

std::span<const Rule> ProcedureRules() { return kProcedureRules; }

}  // namespace palermo::casework
