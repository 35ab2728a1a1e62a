// Rules for every act, and for the short ones: the right content, and what it must hold.
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::CaseBody;
using v1::ConsultTopic;

constexpr uint32_t kBodyVersion = 1;
constexpr absl::Duration kMaxPostponement = absl::Hours(24 * 180);

std::string ContentName(int number) {
  const auto* field = CaseBody::descriptor()->FindFieldByNumber(number);
  return field == nullptr || number == 0 ? "nothing" : field->name();
}

void CheckKind(const RuleInput& in, Report& report) {
  const int wanted = ContentOf(in.context.act);
  const int got = in.body.content_case();
  if (wanted == 0) {
    report.Error("", absl::StrFormat("%s is no act that carries a body", ActName(in.context.act)),
                 "name the act of this message");
  } else if (wanted != got) {
    report.Error("",
                 absl::StrFormat("%s carries \"%s\", but the body holds %s",
                                 ActName(in.context.act), ContentName(wanted), ContentName(got)),
                 absl::StrFormat("write the body as \"%s\"", ContentName(wanted)));
  }
}

void CheckVersion(const RuleInput& in, Report& report) {
  if (in.body.version() == kBodyVersion) return;
  report.Error("version", absl::StrFormat("version %u is not known", in.body.version()),
               "set \"version\" to 1, or update the program");
}

void CheckOverrides(const RuleInput& in, Report& report) {
  for (int i = 0; i < in.body.overridden_size(); ++i) {
    const auto& entry = in.body.overridden(i);
    if (!IsBlank(entry.rule()) && !IsBlank(entry.reason())) continue;
    report.Error(At("overridden", i), "an overridden warning needs its rule and the reason",
                 "write both, or take the entry out");
  }
}

void CheckSide(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_OPEN}) || in.context.side != Side::kRequesting) return;
  const auto topic = in.body.consultation_open().topic();
  if (topic != ConsultTopic::REFUSAL && topic != ConsultTopic::POSTPONEMENT) return;
  report.Error("consultation_open.topic",
               "only the requested state can open a consultation about a refusal or postponement",
               "choose the topic that the requesting state wants to discuss");
}

void CheckAcknowledgement(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ACKNOWLEDGEMENT})) return;
  const auto& ack = in.body.acknowledgement();
  if (IsBlank(ack.national_ref())) {
    report.Error("acknowledgement.national_ref", "the reference of the requested state is missing",
                 "give the file number under which the request was registered");
  }
  if (IsBlank(ack.contact().name()) && IsBlank(ack.contact().phone()) &&
      IsBlank(ack.contact().email())) {
    report.Error("acknowledgement.contact", "the contact is missing",
                 "name whom the requesting state can ask");
  }
}

void CheckInfoRequest(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_REQUEST})) return;
  for (const std::string& question : in.body.info_request().questions()) {
    if (!IsBlank(question)) return;
  }
  report.Error("info_request.questions", "there is no question", "ask at least one question");
}

void CheckNeededBy(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_REQUEST})) return;
  const std::string& when = in.body.info_request().needed_by();
  if (when.empty() || ParseInstant(when).ok()) return;
  report.Error("info_request.needed_by", "this is no ISO 8601 date", "write it as 2026-06-15");
}

void CheckInfoSupplement(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::INFO_SUPPLEMENT})) return;
  for (const std::string& answer : in.body.info_supplement().answers()) {
    if (!IsBlank(answer)) return;
  }
  report.Error("info_supplement.answers", "there is no answer", "give at least one answer");
}

void CheckAdmission(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::ADMISSION}) || !IsBlank(in.body.admission().executing_authority())) return;
  report.Error("admission.executing_authority", "the executing authority is missing",
               "name the authority that executes the request");
}

void CheckTopic(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_OPEN})) return;
  const auto topic = in.body.consultation_open().topic();
  if (topic != ConsultTopic::UNSPECIFIED && ConsultTopic::Code_IsValid(topic)) return;
  report.Error("consultation_open.topic", "the topic is missing or not known",
               "name the topic, for example CONDITIONS");
}

void CheckConsultationClose(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSULTATION_CLOSE})) return;
  const std::string& outcome = in.body.consultation_close().outcome();
  if (outcome.empty() || outcome == "PROCEED") return;
  report.Error("consultation_close.outcome",
               "a consultation that is closed has the outcome PROCEED",
               "write PROCEED, or send the refusal, postponement or conditions instead");
}

void CheckWithdrawal(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::WITHDRAWAL, Act::WITHDRAWAL_IN_PART})) return;
  if (!IsBlank(in.body.withdrawal().reason())) return;
  report.Error("withdrawal.reason", "the reason is missing", "say why it is no longer required");
}

// Acts whose whole content is their text.
struct NeedsText {
  Act::Code act;
  std::string_view what;
  std::string_view todo;
};
constexpr NeedsText kNeedText[] = {
    {Act::RETURN, "the defect is missing",
     "name it: language, signature, wrong authority, unreadable, expired mandate or schema"},
    {Act::CONDITIONS_PROPOSAL, "the conditions are missing", "write the conditions"},
    {Act::SUSPENSION, "the domestic remedy is missing", "name the remedy that suspends execution"},
    {Act::STATUS_REPORT, "the report is empty", "say how far the request has got"},
    {Act::ORAL_REQUEST_NOTE, "the note is empty", "say who asked for what, and when"},
    {Act::LAPSE_NOTICE, "the clock that ran out is missing", "name it"},
    {Act::CONFIDENTIALITY_UNABLE, "what cannot be kept confidential is missing", "describe it"},
};

void CheckStatement(const RuleInput& in, Report& report) {
  const auto& statement = in.body.statement();
  for (const NeedsText& need : kNeedText) {
    if (need.act != in.context.act || !IsBlank(statement.text())) continue;
    report.Error("statement.text", std::string(need.what), std::string(need.todo));
  }
  if (IsAct(in, {Act::COMPLETION_REQUEST}) && IsBlank(statement.text()) &&
      statement.items().empty()) {
    report.Error("statement", "it does not say what is missing",
                 "list the items that are missing, or describe them");
  }
}

void CheckPostponementGround(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE}) || !IsBlank(in.body.statement().text())) return;
  report.Error("statement.text", "nothing says which proceeding the execution would interfere with",
               "name the ongoing investigation, prosecution or judicial proceeding");
}

void CheckReviewDate(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE, Act::POSTPONEMENT_REVIEW})) return;
  const auto until = ParseInstant(in.body.statement().until());
  if (!until.ok()) {
    report.Error("statement.until", "the date of the next review is missing or no ISO 8601 date",
                 "write it as 2026-06-15, at most 180 days ahead");
    return;
  }
  const auto now = ParseInstant(in.context.now_iso8601_date);
  if (!now.ok() || *until <= *now + kMaxPostponement) return;
  report.Error("statement.until", "the next review is more than 180 days ahead",
               "set an earlier date; it can be postponed again");
}

void CheckPostponementConsulted(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE})) return;
  if (!in.context.postponement_consultation_open) {
    report.Error("", "no consultation with the topic POSTPONEMENT was opened",
                 "open one and hear the requesting state first");
  } else if (in.context.requesting_state_unheard) {
    report.Error("", "the requesting state has not stated its view and the notice period runs",
                 "wait for its view, or for the end of the notice period");
  }
}

template <typename Numbers>
void CheckKnown(const RuleInput& in, std::string_view field, const Numbers& numbers,
                Report& report) {
  const auto known = ItemsOf(in.context);
  if (in.context.request == nullptr) return;
  for (int i = 0; i < numbers.size(); ++i) {
    if (known.count(numbers.Get(i)) != 0) continue;
    report.Error(At(field, i), absl::StrFormat("the request has no item %u", numbers.Get(i)),
                 "give the number of an item of the request");
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
    report.Error(name, "an act in part names its items", "list the items that it concerns");
  } else if (in_part && NamesAll(in, numbers)) {
    report.Error(name, "these are all items of the request", "send the act for the whole request");
  } else if (!in_part && !numbers.empty() && in.context.request != nullptr &&
             !NamesAll(in, numbers)) {
    report.Error(name, "this act concerns the whole request, but only some items are named",
                 "name none, or send the act in part");
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

constexpr Rule kRules[] = {
    {{"R-GEN-01", "E", "", "the body holds another content than its act carries"}, CheckKind},
    {{"R-GEN-01", "E", "", "the body's version is not known"}, CheckVersion},
    {{"R-GEN-01", "E", "", "an overridden warning has no rule or no reason"}, CheckOverrides},
    {{"R-GEN-02", "E", "UNTOC 18(26)",
      "the requesting state opens a consultation about a refusal or postponement"},
     CheckSide},
    {{"R-GEN-01", "E", "UNTOC 18(13)", "an acknowledgement has no reference or no contact"},
     CheckAcknowledgement},
    {{"R-GEN-01", "E", "UNTOC 18(16)", "an information request asks nothing"}, CheckInfoRequest},
    {{"R-GEN-01", "E", "UNTOC 18(16)", "an information request's date is no date"}, CheckNeededBy},
    {{"R-GEN-01", "E", "UNTOC 18(16)", "a supplement answers nothing"}, CheckInfoSupplement},
    {{"R-GEN-01", "E", "UNTOC 18(13)", "an admission names no executing authority"},
     CheckAdmission},
    {{"R-GEN-01", "E", "UNTOC 18(26)", "a consultation is opened without a topic"}, CheckTopic},
    {{"R-GEN-01", "E", "UNTOC 18(26)",
      "a consultation is closed with another outcome than PROCEED"},
     CheckConsultationClose},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "a withdrawal has no reason"}, CheckWithdrawal},
    {{"R-GEN-01", "E", "", "an act whose whole content is its text is empty"}, CheckStatement},
    {{"R-GEN-01", "E", "", "an act names an item that the request does not have"},
     CheckItemNumbers},
    {{"R-GEN-01", "E", "",
      "a refusal or withdrawal in part names no item or all, or one of the whole only some"},
     CheckWholeOrPart},
    {{"R-PST-01", "E", "UNTOC 18(25)",
      "a postponement names no proceeding it would interfere with"},
     CheckPostponementGround},
    {{"R-CLK-PST", "E", "UNTOC 18(25)",
      "a postponement has no review date, or one more than 180 days ahead"},
     CheckReviewDate},
    {{"R-REF-26", "E", "UNTOC 18(26)",
      "a postponement without a consultation about it, or before the requesting state was heard"},
     CheckPostponementConsulted},
};

}  // namespace

std::span<const Rule> ActRules() { return kRules; }

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
    case Act::CLOSE:
      return CaseBody::kClose;
    default:
      return act != Act::UNSPECIFIED && Act::Code_IsValid(act) ? CaseBody::kStatement : 0;
  }
}

}  // namespace palermo::casework
