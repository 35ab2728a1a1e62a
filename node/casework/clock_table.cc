// The table of clocks: docs/casework.md shows it for people.
#include "node/casework/clocks.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using enum CaseState;
using enum ClockKind;

constexpr absl::Duration DaysLong(int n) { return absl::Hours(24 * n); }

const std::vector<Act::Code>& Decisions() {
  static const auto& acts = *new std::vector<Act::Code>{
      Act::BOARDING_AUTHORISED, Act::FLAG_STATE_ACTS, Act::JOINT_BOARDING, Act::BOARDING_DECLINED};
  return acts;
}

// Until the flag state decided, there is no flag to decide for, or the boarding is done: then
// nobody can answer any more.
std::vector<Act::Code> Answers() {
  std::vector<Act::Code> acts = Decisions();
  acts.push_back(Act::REGISTRY_DENIED);
  acts.push_back(Act::BOARDING_REPORT);
  return acts;
}

// Of a request, until it is dealt with.
// house: long function because it is one table
std::vector<ClockRule> GeneralRules() {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto any = Family::UNSPECIFIED;
  return {
      {"R-CLK-ACK",
       kPolicy,
       any,
       rq,
       Act::REQUEST,
       {Act::ACKNOWLEDGEMENT, Act::RETURN, Act::WITHDRAWAL},
       DaysLong(5),
       true,
       false,
       DaysLong(1),
       "R-CLK-ACK.overdue",
       "practice",
       Msg("the requested state acknowledges that the request came"),
       Msg("remind the requested state, and its head of office if it stays silent"),
       {kSent}},
      {"R-CLK-ACK",
       kPolicy,
       any,
       rq,
       Act::CORRECTED_REQUEST,
       {Act::ACKNOWLEDGEMENT, Act::RETURN, Act::WITHDRAWAL},
       DaysLong(5),
       true,
       false,
       DaysLong(1),
       "R-CLK-ACK.overdue",
       "practice",
       Msg("the requested state acknowledges that the request came"),
       Msg("remind the requested state, and its head of office if it stays silent"),
       {kSent}},
      {"R-CLK-ORAL",
       kPolicy,
       any,
       rq,
       Act::ORAL_REQUEST_NOTE,
       {Act::REQUEST, Act::LAPSE_NOTICE, Act::WITHDRAWAL},
       absl::Hours(24),
       false,
       false,
       absl::Hours(4),
       "R-CLK-ORAL.overdue",
       "18(14)",
       Msg("an oral request is confirmed in writing forthwith"),
       Msg("the oral request lapses: the requested state sends the notice"),
       {kOralUnconfirmed}},
      {"T9",
       kPolicy,
       any,
       rd,
       Act::RETURN,
       {Act::CORRECTED_REQUEST, Act::LAPSE_NOTICE},
       DaysLong(90),
       false,
       false,
       DaysLong(14),
       "",
       "18(14)",
       Msg("a returned request is sent again, corrected"),
       Msg("the request lapses: the requested state sends the notice"),
       {kReturned}},
      {"R-CLK-FWD",
       kPolicy,
       any,
       rd,
       Act::ACKNOWLEDGEMENT,
       {Act::ADMISSION, Act::REFUSAL, Act::WITHDRAWAL, Act::POSTPONEMENT_NOTICE},
       DaysLong(10),
       false,
       true,
       DaysLong(2),
       "R-CLK-FWD.overdue",
       "18(13)",
       Msg("the requested state admits the request or passes it on to who executes it"),
       Msg("ask where the request is"),
       {kReceived}},
      {"R-CLK-FWD",
       kPolicy,
       any,
       rq,
       Act::REQUEST,
       {Act::ADMISSION, Act::REFUSAL, Act::WITHDRAWAL, Act::POSTPONEMENT_NOTICE},
       DaysLong(10),
       false,
       true,
       DaysLong(2),
       "R-CLK-FWD.overdue",
       "18(13)",
       Msg("the requested state admits the request or passes it on to who executes it"),
       Msg("ask where the request is"),
       {kReceived}},
      {"R-CLK-STATUS",
       kPolicy,
       any,
       rq,
       Act::STATUS_QUERY,
       {Act::STATUS_REPORT},
       DaysLong(10),
       false,
       false,
       DaysLong(2),
       "R-CLK-STATUS.overdue",
       "18(24)",
       Msg("a reasonable question about the progress is answered"),
       Msg("ask again, by another way")},
      {"R-CLK-CONSULT",
       kPolicy,
       any,
       rd,
       Act::CONSULTATION_OPEN,
       {Act::CONSULTATION_CLOSE, Act::CONDITIONS_PROPOSAL, Act::REFUSAL, Act::REFUSAL_IN_PART,
        Act::POSTPONEMENT_NOTICE, Act::WITHDRAWAL, Act::REFUSAL_NATIONALITY},
       DaysLong(30),
       false,
       false,
       DaysLong(5),
       "R-CLK-CONSULT.ended",
       "18(26)",
       Msg("the requesting state states its view before a refusal or postponement"),
       Msg("the requested state may go on, and says that the time ran out"),
       {kConsulting}},
      {"R-CLK-PST",
       kPolicy,
       any,
       rd,
       Act::POSTPONEMENT_NOTICE,
       {Act::POSTPONEMENT_REVIEW, Act::RESUMPTION, Act::WITHDRAWAL},
       DaysLong(180),
       false,
       false,
       DaysLong(14),
       "R-PST-02.missed",
       "18(25)",
       Msg("the requested state looks again at a postponement"),
       Msg("R-PST-02: review it now, or resume"),
       {kPostponed}},
      {"R-CLK-PST",
       kPolicy,
       any,
       rd,
       Act::POSTPONEMENT_REVIEW,
       {Act::POSTPONEMENT_REVIEW, Act::RESUMPTION, Act::WITHDRAWAL},
       DaysLong(180),
       false,
       false,
       DaysLong(14),
       "R-PST-02.missed",
       "18(25)",
       Msg("the requested state looks again at a postponement"),
       Msg("R-PST-02: review it now, or resume"),
       {kPostponed}},
  };
}

// T25: what waits for a remedy at home, or for a person, is looked at again as a postponement is.
std::vector<ClockRule> SuspensionRules() {
  std::vector<ClockRule> rules;
  // A report that it still waits starts the next time.
  for (Act::Code act : {Act::SUSPENSION, Act::STATUS_REPORT}) {
    rules.push_back({"R-CLK-PST",
                     kPolicy,
                     Family::UNSPECIFIED,
                     Side::kRequested,
                     act,
                     {Act::RESUMPTION, Act::STATUS_REPORT, Act::WITHDRAWAL},
                     DaysLong(180),
                     false,
                     true,
                     DaysLong(14),
                     "R-PST-02.suspended",
                     "18(17)",
                     Msg("the requested state says how a suspension stands"),
                     Msg("R-PST-02: resume, or send a status report"),
                     {kSuspended}});
  }
  return rules;
}

// T28: after the substance is decided the requesting state confirms the receipt.
std::vector<ClockRule> ReceiptRules() {
  const std::pair<Act::Code, CaseState> ends[] = {
      {Act::FINAL_RESULT, kExecuted},
      {Act::REFUSAL, kRefused},
      {Act::REFUSAL_NATIONALITY, kRefusedNationality},
      {Act::SURRENDER_REPORT, kSurrendered},
      {Act::PRESERVATION_RELEASED, kReleased},
      {Act::DATA_DISCLOSED, kDisclosed},
      {Act::FLAG_STATE_ACTS, kFlagStateActs},
      {Act::BOARDING_DECLINED, kBoardingDeclined},
      {Act::JURISDICTION_DECISION, kJurisdictionDecided},
      {Act::DELIVERY_ABORT, kDeliveryAborted},
      {Act::INFORMATION_USED, kInformationUsed},
      {Act::INFORMATION_NOT_USED, kInformationNotUsed},
      {Act::CONVERTED_TO_REQUEST, kConvertedToRequest},
      {Act::OFFER_DECLINED, kOfferDeclined}};
  std::vector<ClockRule> rules;
  for (const auto& [act, state] : ends) {
    rules.push_back({"T28",
                     kPolicy,
                     Family::UNSPECIFIED,
                     Side::kRequested,
                     act,
                     {Act::CLOSE, Act::CLOSE_NOTICE, Act::COMPLETION_REQUEST},
                     DaysLong(60),
                     false,
                     false,
                     DaysLong(7),
                     "",
                     "18(24)",
                     Msg("the requesting state confirms what it received, and closes the case"),
                     Msg("the requested state closes it with a notice"),
                     {state}});
  }
  return rules;
}

// To a date that an act itself names.
std::vector<ClockRule> DateRules() {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto any = Family::UNSPECIFIED;
  const std::vector<Act::Code> ends = {Act::FINAL_RESULT,        Act::REFUSAL,
                                       Act::WITHDRAWAL,          Act::RETURN,
                                       Act::POSTPONEMENT_NOTICE, Act::REFUSAL_NATIONALITY,
                                       Act::SURRENDER_REPORT,    Act::DATA_DISCLOSED};
  std::vector<ClockRule> rules;
  for (Act::Code act : {Act::REQUEST, Act::CORRECTED_REQUEST}) {
    rules.push_back({"R-CLK-DEADLINE",
                     kQualitative,
                     any,
                     rq,
                     act,
                     ends,
                     absl::ZeroDuration(),
                     false,
                     true,
                     DaysLong(7),
                     "",
                     "18(24)",
                     Msg("the deadline that the requesting state named with its reason"),
                     Msg("no breach: the requested state says what it can do"),
                     {},
                     true});
  }
  rules.push_back({"R-CLK-DEADLINE",
                   kQualitative,
                   any,
                   rd,
                   Act::INFO_REQUEST,
                   {Act::INFO_SUPPLEMENT, Act::WITHDRAWAL},
                   absl::ZeroDuration(),
                   false,
                   false,
                   DaysLong(3),
                   "",
                   "18(16)",
                   Msg("the date by which the information is needed"),
                   Msg("execution goes on without it, or the states consult"),
                   {kInfoPending},
                   true});
  rules.push_back({"R-CLK-DEADLINE",
                   kQualitative,
                   any,
                   rd,
                   Act::CONDITIONS_PROPOSAL,
                   {Act::CONDITIONS_ACCEPT, Act::CONDITIONS_DECLINE, Act::WITHDRAWAL},
                   absl::ZeroDuration(),
                   false,
                   false,
                   DaysLong(3),
                   "",
                   "18(26)",
                   Msg("the date until which the conditions are offered"),
                   Msg("the offer may be withdrawn"),
                   {kConditionsOffered},
                   true});
  return rules;
}

std::vector<ClockRule> SeaRulesOfTime() {
  const Side rq = Side::kRequesting;
  std::vector<ClockRule> rules = {
      {"R-CLK-FLAG", kLaw, Family::SEA, rq, Act::REQUEST, Answers(), absl::Hours(4), false, false,
       absl::Hours(1), "R-CLK-FLAG.overdue", "COE-SEA 7; SUA 8bis(5)(d)",
       Msg("the flag state answers expeditiously, within 4 hours wherever practicable"),
       Msg("escalate; consent is never deemed unless the flag state notified that it may be")},
      {"R-SEA-02",
       kQualitative,
       Family::SEA,
       rq,
       Act::REQUEST,
       Answers(),
       absl::ZeroDuration(),
       false,
       false,
       absl::Hours(1),
       "R-SEA-02.late",
       "SOM 8(4); COE-SEA 7",
       Msg("the time by which the boarding unit needs the answer"),
       Msg("call the flag state's duty desk"),
       {},
       true},
      {"R-SEA-03",
       kPolicy,
       Family::SEA,
       rq,
       Act::BOARDING_REPORT,
       {Act::BOARDING_RESULT},
       absl::Hours(24),
       false,
       false,
       absl::Hours(6),
       "R-SEA-03.late",
       "SOM 8(3)",
       Msg("the boarding state reports the result promptly to the flag state; 24 hours by policy"),
       Msg("report the result now, and say why it is late")},
      {"R-CLK-PREF",
       kLaw,
       Family::SEA,
       rq,
       Act::BOARDING_RESULT,
       {Act::JURISDICTION_DECISION},
       DaysLong(14),
       false,
       false,
       DaysLong(3),
       "R-CLK-PREF.waived",
       "COE-SEA 14(2)",
       Msg("the flag state claims jurisdiction"),
       Msg("the claim is waived: jurisdiction stays with the "
           "boarding state"),
       {},
       false,
       "COE-SEA"},
  };
  // The texts of the United Nations say "expeditiously" and have no number.
  ClockRule& law = rules.front();
  law.instrument = "COE-SEA|SUA";
  ClockRule policy = law;
  law.twin = policy.elsewhere = true;
  policy.kind = kPolicy;
  policy.source = "SOM 8(4); DRUG88 17(7)";
  policy.meaning =
      Msg("the flag state answers expeditiously; 4 hours by policy, no number of the law");
  rules.push_back(policy);
  return rules;
}

// house: long function because it is one table
std::vector<ClockRule> CustodyRules() {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto any = Family::UNSPECIFIED;
  const auto none = absl::ZeroDuration();
  std::vector<ClockRule> rules;
  for (Act::Code act : {Act::PRESERVATION_CONFIRMED, Act::PRESERVATION_EXTENDED}) {
    rules.push_back(
        {"R-CLK-PRES",
         kLaw,
         Family::PRESERVATION_24_7,
         rd,
         act,
         {Act::FOLLOWUP_RECEIVED, Act::PRESERVATION_EXTENDED, Act::PRESERVATION_RELEASED,
          Act::DATA_DISCLOSED},
         DaysLong(60),
         false,
         false,
         DaysLong(14),
         "R-CLK-PRES.ended",
         "BUD 29(7)",
         Msg("the data stay preserved, at least 60 days and until a follow-up is decided"),
         Msg("extend it, or release the data if no follow-up came"),
         {kPreserved}});
  }
  // The requesting state sends them; whatever ends the arrest stops the clock as well.
  const std::vector<Act::Code> papers = {
      Act::INFO_SUPPLEMENT, Act::SURRENDER_ORDER,     Act::RESUMPTION, Act::REFUSAL,
      Act::REFUSAL_IN_PART, Act::REFUSAL_NATIONALITY, Act::WITHDRAWAL};
  rules.push_back({"R-CLK-PA18",
                   kLaw,
                   Family::EXTRADITION,
                   rd,
                   Act::PROVISIONAL_ARREST_NOTE,
                   papers,
                   DaysLong(18),
                   false,
                   false,
                   DaysLong(4),
                   "R-CLK-PA18.overdue",
                   "ECE 16(4)",
                   Msg("the papers of the extradition come within 18 days of the arrest"),
                   Msg("release is possible"),
                   {},
                   false,
                   "ECE"});
  rules.push_back({"R-CLK-PA40",
                   kLaw,
                   Family::EXTRADITION,
                   rd,
                   Act::PROVISIONAL_ARREST_NOTE,
                   papers,
                   DaysLong(40),
                   false,
                   false,
                   DaysLong(7),
                   "R-CLK-PA40.overdue",
                   "ECE 16(4)",
                   Msg("the papers of the extradition come within 40 days of the arrest"),
                   Msg("the person is released"),
                   {},
                   false,
                   "ECE"});
  const auto fact = [&](std::string_view id, Side side, int days, std::string_view source) {
    rules.push_back({id,
                     kLaw,
                     any,
                     side,
                     Act::UNSPECIFIED,
                     {},
                     DaysLong(days),
                     false,
                     false,
                     none,
                     "",
                     source,
                     "",
                     ""});
  };
  fact("R-CLK-SAFE", rq, 15, "18(27)");
  fact("R-CLK-PRESDOM", rd, 90, "BUD 16(2)");
  fact("R-CLK-SPEC45", rq, 45, "ECE 14(1)(b)");
  fact("R-CLK-VICT", rd, 30, "CTHB 13");
  return rules;
}

std::vector<ClockRule> BuildRules() {
  std::vector<ClockRule> rules = GeneralRules();
  for (auto* more : {&SuspensionRules, &ReceiptRules, &DateRules, &SeaRulesOfTime, &CustodyRules}) {
    for (ClockRule& rule : (*more)()) rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

std::span<const ClockRule> ClockRules() {
  static const auto& rules = *new std::vector<ClockRule>(BuildRules());
  return rules;
}

}  // namespace palermo::casework
