// Rules for every act, and for the short ones: the right content, and what it must hold.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/catalogue.h"
#include "node/casework/clocks.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::CaseBody;
using v1::ConsultTopic;
using v1::PostponementGround;

constexpr uint32_t kBodyVersion = 1;

std::string ContentName(int number) {
  const auto* field = CaseBody::descriptor()->FindFieldByNumber(number);
  return field == nullptr ? "" : field->name();
}

void CheckKind(const RuleInput& in, Report& report) {
  const int wanted = ContentOf(in.context.act);
  const int got = in.body.content_case();
  if (wanted == 0) {
    report.Say("R-GEN-01.no_body", "", {{"act", ActName(in.context.act)}});
  } else if (got == CaseBody::CONTENT_NOT_SET) {
    report.Say("R-GEN-01.content_none", "",
               {{"act", ActName(in.context.act)}, {"wanted", ContentName(wanted)}});
  } else if (!CarriesContent(in)) {
    report.Say("R-GEN-01.content", "",
               {{"act", ActName(in.context.act)},
                {"wanted", ContentName(wanted)},
                {"found", ContentName(got)}});
  }
}

void CheckVersion(const RuleInput& in, Report& report) {
  if (in.body.version() == kBodyVersion) return;
  report.Say("R-GEN-01.body_version", "version",
             {{"version", absl::StrFormat("%u", in.body.version())}});
}

// What many offices read, with the reason beside it.
bool IsSharedText(const v1::CaseBody& body) {
  return body.has_operation_record() || body.has_route_report() ||
         body.has_document_method_report();
}

// The originator of the record in a body; "" without one.
std::string OriginatorIn(const v1::CaseBody& body) {
  if (body.has_route_report()) return body.route_report().label().originator();
  return body.document_method_report().label().originator();
}

// An office answers for itself, or passes on what the offices before it answered about the record.
bool MayHaveAnswered(const std::string& state, const RuleInput& in) {
  const std::string originator = OriginatorIn(in.body), &sender = in.context.requesting_state;
  return IsStateCode(state) && state != sender && !originator.empty() && originator != sender;
}

// Another state's program may be newer than ours, and may have asked less of a reason.
bool IsWholeAnswer(const v1::OverriddenFinding& entry, bool own) {
  const std::string_view rule = ParseOverridden(entry.rule()).rule;
  if (own) return FindRule(rule) != nullptr && IsReason(entry.reason());
  return (FindRule(rule) != nullptr || IsRuleId(rule)) && SaysSomething(entry.reason());
}

void CheckOverrides(const RuleInput& in, Report& report) {
  for (int i = 0; i < in.body.overridden_size(); ++i) {
    const auto& entry = in.body.overridden(i);
    const bool own = entry.state().empty() && !in.context.received;
    if (!IsWholeAnswer(entry, own)) {
      report.Say("R-GEN-01.overridden", At("overridden", i));
    } else if (!entry.state().empty() && !MayHaveAnswered(entry.state(), in)) {
      report.Say("R-GEN-01.answered_by", At("overridden", i, "state"));
    } else if (IsSharedText(in.body) && HoldsPersonalData(entry.reason())) {
      report.Say("R-GEN-01.reason_person", At("overridden", i, "reason"));
    }
  }
}

void CheckSide(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_OPEN}) || in.context.side != Side::kRequesting) return;
  const auto topic = in.body.consultation_open().topic();
  if (topic != ConsultTopic::REFUSAL && topic != ConsultTopic::POSTPONEMENT) return;
  report.Say("R-GEN-02.topic", "consultation_open.topic");
}

void CheckAcknowledgement(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ACKNOWLEDGEMENT})) return;
  const auto& ack = in.body.acknowledgement();
  if (IsBlank(ack.national_ref())) {
    report.Say("R-GEN-01.reference", "acknowledgement.national_ref");
  }
  if (IsBlank(ack.contact().name()) && IsBlank(ack.contact().phone()) &&
      IsBlank(ack.contact().email())) {
    report.Say("R-GEN-01.contact", "acknowledgement.contact");
  }
}

void CheckInfoRequest(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_REQUEST})) return;
  for (const std::string& question : in.body.info_request().questions()) {
    if (!IsBlank(question)) return;
  }
  report.Say("R-GEN-01.question", "info_request.questions");
}

void CheckNeededBy(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_REQUEST})) return;
  const std::string& when = in.body.info_request().needed_by();
  if (when.empty()) return;
  const absl::Time now = NowOf(in.context);
  if (!ParseInstant(when).ok()) {
    report.Say("R-GEN-01.date", "info_request.needed_by");
  } else if (now != absl::InfinitePast() && IsAfterEnd(when, now)) {
    report.Say("R-CLK-DEADLINE.reply_past", "info_request.needed_by");
  }
}

void CheckInfoSupplement(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_SUPPLEMENT})) return;
  for (const std::string& answer : in.body.info_supplement().answers()) {
    if (!IsBlank(answer)) return;
  }
  report.Say("R-GEN-01.answer", "info_supplement.answers");
}

void CheckAdmission(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ADMISSION}) || !IsBlank(in.body.admission().executing_authority())) return;
  report.Say("R-GEN-01.executing", "admission.executing_authority");
}

void CheckTopic(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_OPEN})) return;
  const auto topic = in.body.consultation_open().topic();
  if (topic != ConsultTopic::UNSPECIFIED && ConsultTopic::Code_IsValid(topic)) return;
  report.Say("R-GEN-01.topic", "consultation_open.topic");
}

void CheckConsultationClose(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_CLOSE})) return;
  const std::string& outcome = in.body.consultation_close().outcome();
  if (outcome.empty() || outcome == "PROCEED") return;
  report.Say("R-GEN-01.proceed", "consultation_close.outcome");
}

void CheckWithdrawal(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::WITHDRAWAL, Act::WITHDRAWAL_IN_PART})) return;
  if (!IsBlank(in.body.withdrawal().reason())) return;
  report.Say("R-GEN-01.reason", "withdrawal.reason");
}

// Acts whose whole content is their text.
struct NeedsText {
  Act::Code act;
  std::string_view key;
};
constexpr NeedsText kNeedText[] = {
    {Act::RETURN, "R-GEN-01.defect"},        {Act::SUSPENSION, "R-GEN-01.remedy"},
    {Act::STATUS_REPORT, "R-GEN-01.report"}, {Act::ORAL_REQUEST_NOTE, "R-GEN-01.oral_note"},
    {Act::LAPSE_NOTICE, "R-GEN-01.clock"},   {Act::CONFIDENTIALITY_UNABLE, "R-GEN-01.confidential"},
};

void CheckStatement(const RuleInput& in, Report& report) {
  const auto& statement = in.body.statement();
  for (const NeedsText& need : kNeedText) {
    if (need.act != in.context.act || !IsBlank(statement.text())) continue;
    report.Say(need.key, "statement.text");
  }
  if (IsAct(in, {Act::COMPLETION_REQUEST}) && IsBlank(statement.text()) &&
      statement.items().empty()) {
    report.Say("R-GEN-01.completion", "statement");
  }
}

// T7: a request is sent back for its form only; whoever objects to its substance consults.
void CheckDefect(const RuleInput& in, Report& report) {
  constexpr std::string_view kDefects[] = {"LANGUAGE",   "SIGNATURE",       "WRONG_AUTHORITY",
                                           "UNREADABLE", "EXPIRED_MANDATE", "SCHEMA"};
  const std::string_view text = in.body.statement().text();
  if (!IsAct(in, {Act::RETURN}) || IsBlank(text)) return;
  const std::string_view word = CodeAtHead(text);
  if (std::find(std::begin(kDefects), std::end(kDefects), word) != std::end(kDefects)) return;
  report.Say("R-GEN-01.defect_word", "statement.text");
}

void CheckHappened(const RuleInput& in, Report& report) {
  const v1::Statement& statement = in.body.statement();
  for (const auto& [when, field] :
       {std::pair(&statement.happened_at(), "statement.happened_at"),
        std::pair(&statement.expected_until(), "statement.expected_until")}) {
    if (!when->empty() && !ParseInstant(*when).ok()) report.Say("R-GEN-01.date", field);
  }
}

// --- Postponement and suspension

// What a ground does to the execution.
enum class Waiting : uint8_t { kNothing, kPostpones, kSuspends };
Waiting WaitingBy(PostponementGround::Code ground) {
  switch (ground) {
    case PostponementGround::INTERFERES_INVESTIGATION:
    case PostponementGround::INTERFERES_PROSECUTION:
    case PostponementGround::INTERFERES_JUDICIAL_PROCEEDING:
    case PostponementGround::COSTS_UNRESOLVED:
      return Waiting::kPostpones;
    case PostponementGround::PERSON_UNAVAILABLE:
    case PostponementGround::DOMESTIC_REMEDY_PENDING:
      return Waiting::kSuspends;
    default:
      return Waiting::kNothing;
  }
}

// Before the field was there the ground stood at the head of the text, or in its words. Who
// receives such a body reads it so, for the other state's program may be older than his own.
Waiting WaitingByText(const std::string& text) {
  const std::string word(CodeAtHead(text));
  PostponementGround::Code ground{};
  if (PostponementGround::Code_Parse(word, &ground)) return WaitingBy(ground);
  const bool only_a_word = word == text;  // of no list: WORKLOAD
  return only_a_word ? Waiting::kNothing : Waiting::kPostpones;
}

Waiting WaitingIn(const RuleInput& in) {
  const v1::Statement& statement = in.body.statement();
  const bool said = statement.ground() != PostponementGround::UNSPECIFIED;
  return said || !in.context.received ? WaitingBy(statement.ground())
                                      : WaitingByText(statement.text());
}

// R-PST-01 has nothing to say.
bool HasGround(const RuleInput& in) {
  return WaitingIn(in) == Waiting::kPostpones && !IsBlank(in.body.statement().text());
}

bool ConsultedOnPostponement(const RuleInput& in) {
  if (in.context.case_unknown) return true;  // for all that the file says
  return in.context.postponement_consultation_open && !in.context.requesting_state_unheard;
}

void CheckPostponementGround(const RuleInput& in, Report& report) {
  const auto ground = in.body.statement().ground();
  const bool said = ground != PostponementGround::UNSPECIFIED;
  if (IsAct(in, {Act::SUSPENSION}) && said && WaitingBy(ground) != Waiting::kSuspends) {
    report.Say("R-PST-01.postpones", "statement.ground");
  }
  // An older body has it in its text alone.
  if (IsAct(in, {Act::SUSPENSION}) && !said && !in.context.received) {
    report.Say("R-PST-01.unsaid", "statement.ground");
  }
  if (IsAct(in, {Act::POSTPONEMENT_REVIEW}) && said && WaitingBy(ground) != Waiting::kPostpones) {
    report.Say("R-PST-01.suspends", "statement.ground");
  }
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE})) return;
  switch (WaitingIn(in)) {
    case Waiting::kNothing:
      report.Say("R-PST-01.ground", "statement.ground");
      break;
    case Waiting::kSuspends:
      report.Say("R-PST-01.suspends", "statement.ground");
      break;
    case Waiting::kPostpones:
      if (!HasGround(in)) report.Say("R-PST-01.proceeding", "statement.text");
      break;
  }
}

void CheckReviewDate(const RuleInput& in, Report& report) {
  const std::string& review = in.body.statement().until();
  // A suspension may leave it to the number of the pair.
  const bool suspends = IsAct(in, {Act::SUSPENSION}) && !IsBlank(review);
  if (!suspends && !IsAct(in, {Act::POSTPONEMENT_NOTICE, Act::POSTPONEMENT_REVIEW})) return;
  const auto until = ParseInstant(review);
  // What cannot be sent at all needs its date of review later.
  if (IsAct(in, {Act::POSTPONEMENT_NOTICE}) && IsBlank(review) &&
      (!ConsultedOnPostponement(in) || !HasGround(in))) {
    return;
  }
  const absl::Duration most = PolicyLimit("R-CLK-PST", in.context.policy);
  const TextArgs days = {{"days", absl::StrFormat("%d", most / absl::Hours(24))}};
  if (!until.ok()) {
    report.Say("R-CLK-PST.date", "statement.until", days);
    return;
  }
  const std::string& clock = NowText(in.context);
  const auto now = ParseInstant(clock);
  if (!now.ok()) return;
  if (*until > *now + most) report.Say("R-CLK-PST.long", "statement.until", days);
  if (IsAfterEnd(review, *now)) report.Say("R-CLK-PST.past", "statement.until", days);
}

void CheckPostponementConsulted(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE}) || in.context.case_unknown) return;
  // A ground that can never stand is not made better by consulting about it.
  if (!HasGround(in)) return;
  if (!in.context.postponement_consultation_open) {
    report.Say("R-REF-26.postponement", "");
  } else if (in.context.requesting_state_unheard) {
    SayUnheard(in, report);
  }
}

template <typename Numbers>
void CheckKnown(const RuleInput& in, std::string_view field, const Numbers& numbers,
                Report& report) {
  const auto known = ItemsOf(in.context);
  if (in.context.request == nullptr) return;
  for (int i = 0; i < numbers.size(); ++i) {
    if (known.count(numbers.Get(i)) != 0) continue;
    report.Say("R-GEN-01.no_item", At(field, i), {{"item", absl::StrFormat("%u", numbers.Get(i))}});
  }
}

void CheckItemNumbers(const RuleInput& in, Report& report) {
  const CaseBody& body = in.body;
  CheckKnown(in, "consultation_open.items", body.consultation_open().items(), report);
  CheckKnown(in, "refusal.items", body.refusal().items(), report);
  CheckKnown(in, "withdrawal.items", body.withdrawal().items(), report);
  CheckKnown(in, "close.missing_items", body.close().missing_items(), report);
  CheckKnown(in, "statement.items", body.statement().items(), report);
}

// Whether `numbers` name every item of the request. Unknown request: no.
template <typename Numbers>
bool NamesAll(const RuleInput& in, const Numbers& numbers) {
  if (in.context.request == nullptr) return false;
  auto open = ItemsOf(in.context);
  for (uint32_t n : numbers) open.erase(n);
  return open.empty();
}

template <typename Numbers>
void CheckScope(const RuleInput& in, std::string_view field, bool in_part, const Numbers& numbers,
                Report& report) {
  const std::string name(field);
  if (in_part && numbers.empty()) {
    report.Say("R-GEN-01.part_none", name);
  } else if (in_part && NamesAll(in, numbers)) {
    report.Say("R-GEN-01.part_all", name);
  } else if (!in_part && !numbers.empty() && in.context.request != nullptr &&
             !NamesAll(in, numbers)) {
    report.Say("R-GEN-01.whole_some", name);
  }
}

void CheckWholeOrPart(const RuleInput& in, Report& report) {
  if (IsAct(in, {Act::REFUSAL, Act::REFUSAL_IN_PART})) {
    CheckScope(in, "refusal.items", IsAct(in, {Act::REFUSAL_IN_PART}), in.body.refusal().items(),
               report);
  } else if (IsAct(in, {Act::WITHDRAWAL, Act::WITHDRAWAL_IN_PART})) {
    CheckScope(in, "withdrawal.items", IsAct(in, {Act::WITHDRAWAL_IN_PART}),
               in.body.withdrawal().items(), report);
  }
}

constexpr Rule kActRules[] = {
    {{"R-GEN-01", "E", "", "the body holds another content than its act carries"}, CheckKind},
    {{"R-GEN-01", "E", "", "the body's version is not known"}, CheckVersion},
    {{"R-GEN-01", "E", "",
      "an overridden warning has no rule or no reason in words, or is said to be another state's; "
      "the reason of a record of an operation tells of a person"},
     CheckOverrides},
    {{"R-GEN-02", "E", "UNTOC 18(26)",
      "the requesting state opens a consultation about a refusal or postponement"},
     CheckSide},
    {{"R-GEN-01", "E", "UNTOC 18(13)", "an acknowledgement has no reference or no contact"},
     CheckAcknowledgement},
    {{"R-GEN-01", "E", "UNTOC 18(16)", "an information request asks nothing"}, CheckInfoRequest},
    {{"R-GEN-01, R-CLK-DEADLINE", "E/W", "UNTOC 18(16)",
      "an information request's date is no date (W: it is over)"},
     CheckNeededBy},
    {{"R-GEN-01", "E", "UNTOC 18(16)", "a supplement answers nothing"}, CheckInfoSupplement},
    {{"R-GEN-01", "E", "UNTOC 18(13)", "an admission names no executing authority"},
     CheckAdmission},
    {{"R-GEN-01", "E", "UNTOC 18(26)", "a consultation is opened without a topic"}, CheckTopic},
    {{"R-GEN-01", "E", "UNTOC 18(26)",
      "a consultation is closed with another outcome than PROCEED"},
     CheckConsultationClose},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "a withdrawal has no reason"}, CheckWithdrawal},
    {{"R-GEN-01", "E", "", "an act whose whole content is its text is empty"}, CheckStatement},
    {{"R-GEN-01", "E", "UNTOC 18(14)", "a request is returned for another reason than its form"},
     CheckDefect},
    {{"R-GEN-01", "E", "", "the time of what a statement reports is no date"}, CheckHappened},
    {{"R-GEN-01", "E", "", "an act names an item that the request does not have"},
     CheckItemNumbers},
    {{"R-GEN-01", "E", "",
      "a refusal or withdrawal in part names no item or all, or one of the whole only some"},
     CheckWholeOrPart},
    {{"R-PST-01", "E/I", "UNTOC 18(25)",
      "a postponement has no ground of the list or no reasons, or the ground of a suspension; a "
      "suspension has the ground of a postponement (I: none)"},
     CheckPostponementGround},
    {{"R-CLK-PST", "E", "UNTOC 18(25)",
      "a postponement has no review date, or it or a suspension has one in the past or more than "
      "180 days (of the pair) ahead"},
     CheckReviewDate},
    {{"R-REF-26", "E", "UNTOC 18(26)",
      "a postponement without a consultation about it, or before the requesting state was heard"},
     CheckPostponementConsulted},
};

}  // namespace

std::vector<std::string> AnsweredIn(const v1::CaseBody& body) {
  std::vector<std::string> entries;
  for (const v1::OverriddenFinding& entry : body.overridden()) {
    if (SaysSomething(entry.reason())) entries.push_back(entry.rule());
  }
  return entries;
}

std::span<const Rule> ActRules() { return kActRules; }

bool CarriesContent(const RuleInput& in) {
  const int got = in.body.content_case();
  if (got == ContentOf(in.context.act)) return true;
  if (in.context.act != Act::REQUEST) return false;
  const auto family = in.context.family;
  if (got == CaseBody::kOperationRecord || got == CaseBody::kOperationMail)
    return family == v1::Family::JOINT_INVESTIGATION;
  const bool follows = got >= CaseBody::kRouteReport && got <= CaseBody::kHitFollowUp;
  return follows &&
         (family == v1::Family::LAW_ENFORCEMENT_INFO || family == v1::Family::SPONTANEOUS);
}

int ContentOf(Act::Code act) {
  switch (act) {
    case Act::REQUEST:
    case Act::CORRECTED_REQUEST:
      return CaseBody::kRequest;
    case Act::ACKNOWLEDGEMENT:
      return CaseBody::kAcknowledgement;
    case Act::INFO_REQUEST:
      return CaseBody::kInfoRequest;
    case Act::INFO_SUPPLEMENT:
      return CaseBody::kInfoSupplement;
    case Act::ADMISSION:
      return CaseBody::kAdmission;
    case Act::EXECUTION_STARTED:
      return CaseBody::kExecutionStarted;
    case Act::PARTIAL_RESULT:
    case Act::FINAL_RESULT:
      return CaseBody::kResult;
    case Act::CONSULTATION_OPEN:
      return CaseBody::kConsultationOpen;
    case Act::CONSULTATION_CLOSE:
      return CaseBody::kConsultationClose;
    case Act::REFUSAL:
    case Act::REFUSAL_IN_PART:
      return CaseBody::kRefusal;
    case Act::WITHDRAWAL:
    case Act::WITHDRAWAL_IN_PART:
      return CaseBody::kWithdrawal;
    case Act::REFUSAL_NATIONALITY:
      return CaseBody::kRefusal;
    case Act::EXCULPATORY_NOTICE:
    case Act::USE_CONSENT_REQUEST:
    case Act::USE_CONSENT_DECISION:
      return CaseBody::kUse;
    case Act::BOARDING_AUTHORISED:
    case Act::FLAG_STATE_ACTS:
    case Act::JOINT_BOARDING:
    case Act::BOARDING_DECLINED:
      return CaseBody::kBoardingAnswer;
    case Act::BOARDING_REPORT:
    case Act::BOARDING_RESULT:
      return CaseBody::kBoardingResult;
    case Act::PRESERVATION_CONFIRMED:
    case Act::PRESERVATION_EXTENDED:
    case Act::PRESERVATION_RELEASED:
      return CaseBody::kPreservation;
    case Act::DELIVERY_CONSENT:
    case Act::DELIVERY_LIVE:
    case Act::DELIVERY_ABORT:
      return CaseBody::kDelivery;
    case Act::OBLIGATION_REPORT:
      return CaseBody::kObligationReport;
    case Act::ASSET_REPORT:
      return CaseBody::kAssetReport;
    case Act::CONSENT_WITHDRAWN:
      return CaseBody::kConsentWithdrawal;
    case Act::CLOSE:
      return CaseBody::kClose;
    default:
      return act != Act::UNSPECIFIED && Act::Code_IsValid(act) ? CaseBody::kStatement : 0;
  }
}

}  // namespace palermo::casework
