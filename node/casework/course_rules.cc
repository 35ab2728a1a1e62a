// Answers on what was done with a person or on the spot: hearings, searches, arrest and surrender,
// transfers, proceedings, teams, special techniques, leads. Whether they fit themselves, their
// outcome and their question.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::HearingAnswer;
using v1::ItemOutcome;
using v1::ItemResult;

template <typename List, typename Test>
bool AnyIn(const List& list, Test test) {
  return std::any_of(list.begin(), list.end(), test);
}

bool WasHeard(const HearingAnswer& hearing) { return hearing.result() == "HEARD"; }
bool IsPresent(const HearingAnswer& hearing) {
  return OneOf(hearing.result(), {"HEARD", "REFUSED_TO_TESTIFY"});
}

// --- The outcome

// A hearing or an observation may well have had no result; then it was done nevertheless.
void CheckCourseOutcome(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    const auto outcome = item.outcome();
    const bool undone = outcome == ItemOutcome::IMPOSSIBLE || outcome == ItemOutcome::REFUSED ||
                        outcome == ItemOutcome::FORWARDED_OTHER_AUTHORITY;
    if (undone) {
      SayEach({{AnyIn(item.heard(), WasHeard), "heard"},
               {item.search().result() == "FOUND", "search.result"},
               {item.measure().result() == "CARRIED_OUT", "measure.result"}},
              "R-EXE-01.contrary", at, report);
    }
    if (undone || outcome == ItemOutcome::EXECUTED_NEGATIVE) {
      SayEach({{item.surrender().decision() == "SURRENDERED", "surrender.decision"},
               {item.transfer().decision() == "TRANSFERRED", "transfer.decision"},
               {item.proceedings().decision() == "TAKEN_OVER", "proceedings.decision"},
               {item.team().decision() == "AGREED", "team.decision"},
               {item.hit().result() == "HIT", "hit.result"}},
              "R-EXE-01.contrary", at, report);
    }
    if (outcome != ItemOutcome::EXECUTED_FULL) return;
    const bool absent = !item.heard().empty() && !AnyIn(item.heard(), IsPresent) &&
                        AnyIn(item.heard(), [](const HearingAnswer& hearing) {
                          return OneOf(hearing.result(), {"NOT_APPEARED", "NOT_FOUND"});
                        });
    SayEach({{absent, "heard"},
             {item.search().result() == "NOT_ENTERED", "search.result"},
             {item.surrender().decision() == "NOT_FOUND", "surrender.decision"},
             {OneOf(item.transfer().decision(), {"NOT_AGREED", "CONSENT_WITHDRAWN"}),
              "transfer.decision"},
             {item.proceedings().decision() == "NOT_TAKEN_OVER", "proceedings.decision"},
             {item.team().decision() == "NOT_AGREED", "team.decision"},
             {item.measure().result() == "NOT_CARRIED_OUT", "measure.result"}},
            "R-EXE-01.not_done", at, report);
  });
}

// --- A no that gives what it denies

void CheckCourseDenials(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    for (int k = 0; k < item.heard_size(); ++k) {
      const HearingAnswer& hearing = item.heard(k);
      const bool sworn = OneOf(hearing.admonition(), {"OATH", "AFFIRMATION"});
      if (OneOf(hearing.result(), {"NOT_APPEARED", "NOT_FOUND"}) && sworn) {
        report.Say("R-EXE-01.denied", At(at + ".heard", k, "result"));
      }
    }
    const bool things = AnyIn(item.seized(), [](const auto& one) { return SaysSomething(one); });
    const auto& surrender = item.surrender();
    const auto& transfer = item.transfer();
    const auto& proceedings = item.proceedings();
    const auto& measure = item.measure();
    const auto& hit = item.hit();
    SayEach({{OneOf(item.search().result(), {"NOTHING_FOUND", "NOT_ENTERED"}) && things,
              "search.result"},
             {surrender.decision() == "NOT_FOUND" &&
                  (!surrender.arrested_at().empty() || !surrender.surrendered_at().empty()),
              "surrender.decision"},
             {transfer.decision() == "NOT_AGREED" && !transfer.handed_over_at().empty(),
              "transfer.decision"},
             {proceedings.decision() == "NOT_TAKEN_OVER" && !proceedings.outcome().empty(),
              "proceedings.decision"},
             {item.team().decision() == "NOT_AGREED" && !IsBlank(item.team().agreement_hash()),
              "team.decision"},
             {measure.result() == "NOT_CARRIED_OUT" &&
                  (!measure.until().empty() || measure.arrests() > 0),
              "measure.result"},
             {hit.result() == "NO_HIT" && !IsBlank(hit.findings()), "hit.result"}},
            "R-EXE-01.denied", at, report);
  });
}

// --- Hearings

bool IsAccusedIn(const RuleInput& in, const HearingAnswer& hearing) {
  const v1::Person* person = in.asked.Person(hearing.person());
  const auto accused = [](const std::string& role) { return OneOf(role, {"ACCUSED", "SUSPECT"}); };
  return accused(hearing.role()) || (person != nullptr && AnyIn(person->roles(), accused));
}

void CheckOneHearing(const RuleInput& in, const ItemResult& item, const HearingAnswer& hearing,
                     const v1::Item* asked, const std::string& at, Report& report) {
  const bool heard = WasHeard(hearing);
  if (heard && hearing.means() == "VIDEO" && IsAccusedIn(in, hearing) && !hearing.consented()) {
    report.Say(hearing.has_consented() ? "R-EXE-01.no_consent" : "R-GEN-01.consent_unsaid",
               at + ".consented");
  }
  if (heard && hearing.minutes_hash().empty() && hearing.recording_hash().empty() &&
      item.delivered().empty()) {
    report.Say("R-GEN-01.minutes", at + ".minutes_hash");
  }
  if (hearing.result() == "REFUSED_TO_TESTIFY" && hearing.privilege().empty()) {
    report.Say("R-GEN-01.privilege", at + ".privilege");
  }
  if (asked == nullptr) return;
  const auto questions = static_cast<uint32_t>(asked->questions_size());
  const bool other = AnyIn(hearing.unanswered(),
                           [&](uint32_t number) { return number == 0 || number > questions; });
  if (other && questions > 0) report.Say("R-EXE-01.no_question", at + ".unanswered");
  const std::string& wanted = asked->person_ref();
  const bool else_heard = heard && !wanted.empty() && !SameRef(hearing.person(), wanted) &&
                          in.asked.Person(wanted) != nullptr &&
                          in.asked.Person(hearing.person()) != nullptr;
  if (else_heard) report.Say("R-EXE-01.other_heard", at + ".person");
}

void CheckHearings(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    for (int k = 0; k < item.heard_size(); ++k) {
      CheckOneHearing(in, item, item.heard(k), asked, At(at + ".heard", k), report);
    }
    const bool heard = AnyIn(item.heard(), WasHeard);
    if (heard && item.hearings().empty()) report.Say("R-GEN-01.rights", at + ".hearings");
    const auto plain = [](const v1::DataDelivered& one) { return one.form() == "COPY"; };
    if (asked != nullptr && !IsBlank(asked->certification_form()) && !item.delivered().empty() &&
        std::all_of(item.delivered().begin(), item.delivered().end(), plain)) {
      report.Say("R-EXE-01.uncertified", at + ".delivered");
    }
  });
}

// --- Arrest and surrender

// More days than there were.
bool IsTooLong(const std::string& from, const std::string& to, uint32_t days) {
  const auto first = ParseInstant(from), last = ParseOver(to);
  if (!first.ok() || !last.ok() || *last < *first) return false;
  constexpr int64_t kBothEnds = 1;  // each day that has begun counts
  return days > absl::ToInt64Hours(*last - *first) / 24 + kBothEnds;
}

void CheckOneSurrender(const v1::SurrenderAnswer& s, const std::string& at, Report& report) {
  const bool agreed = SaysSomething(s.consent());
  if ((s.simplified() || s.speciality() == "RENOUNCED") && !agreed) {
    report.Say("R-GEN-01.declared", at + ".consent");
  }
  if (s.decision() == "SURRENDER_ORDERED" && (IsBlank(s.place()) || s.from().empty())) {
    report.Say("R-GEN-01.handover", Cat({at, ".", IsBlank(s.place()) ? "place" : "from"}));
  }
  if (s.decision() == "SURRENDERED" && !s.has_custody_days()) {
    report.Say("R-GEN-01.custody_days", at + ".custody_days");
  }
  if (IsTooLong(s.arrested_at(), s.surrendered_at(), s.custody_days())) {
    report.Say("R-EXE-01.custody_days", at + ".custody_days");
  }
  if (s.temporary() && s.return_due_at().empty()) {
    report.Say("R-GEN-01.return_unsaid", at + ".return_due_at");
  }
}

// The acts of an extradition say by themselves what happened.
bool FitsAct(Act::Code act, std::string_view decision) {
  switch (act) {
    case Act::PROVISIONAL_ARREST_NOTE:
      return OneOf(decision, {"ARRESTED", "RELEASED"});
    case Act::SURRENDER_ORDER:
      return decision == "SURRENDER_ORDERED";
    case Act::SURRENDER_REPORT:
      return decision == "SURRENDERED";
    default:
      return true;
  }
}

void CheckSurrender(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    if (item.has_surrender()) CheckOneSurrender(item.surrender(), at + ".surrender", report);
  });
  if (!in.body.statement().has_surrender()) return;
  const v1::Statement& statement = in.body.statement();
  const v1::SurrenderAnswer& surrender = statement.surrender();
  CheckOneSurrender(surrender, "statement.surrender", report);
  if (!surrender.decision().empty() && !FitsAct(in.context.act, surrender.decision())) {
    report.Say("R-EXE-01.other_act", "statement.surrender.decision");
  }
  const auto happened = ParseInstant(statement.happened_at());
  const auto arrested = ParseInstant(surrender.arrested_at());
  if (in.context.act == Act::PROVISIONAL_ARREST_NOTE && happened.ok() && arrested.ok() &&
      *happened != *arrested) {
    report.Say("R-EXE-01.two_answers", "statement.surrender.arrested_at");
  }
}

// --- Transfers

// What the consent says of the moment of the handover.
bool IsAgainstWill(const v1::TransferAnswer& transfer) {
  if (!OneOf(transfer.decision(), {"TRANSFERRED", "RETURNED"})) return false;
  const v1::ConsentRecord& consent = transfer.consent();
  const auto withdrawn = ParseInstant(consent.withdrawn_at());
  const auto moved = ParseInstant(transfer.handed_over_at());
  return (consent.has_informed() && !consent.informed()) ||
         (consent.has_free() && !consent.free()) ||
         (withdrawn.ok() && moved.ok() && *withdrawn < *moved);
}

void CheckTransfers(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& place) {
    if (!item.has_transfer()) return;
    const v1::TransferAnswer& transfer = item.transfer();
    const std::string at = place + ".transfer";
    if (IsAgainstWill(transfer)) report.Say("R-EXE-01.against_will", at + ".consent");
    if (IsTooLong(transfer.handed_over_at(), transfer.returned_at(), transfer.custody_days())) {
      report.Say("R-EXE-01.custody_days", at + ".custody_days");
    }
    if (asked == nullptr) return;
    const std::string& due = asked->return_due_at();
    const auto later = ParseInstant(transfer.return_due_at());
    const auto back = ParseInstant(transfer.returned_at());
    if (later.ok() && IsAfterEnd(due, *later)) {
      report.Say("R-EXE-01.return_later", at + ".return_due_at");
    }
    const std::string& agreed = transfer.return_due_at().empty() ? due : transfer.return_due_at();
    if (back.ok() && IsAfterEnd(agreed, *back)) {
      report.Say("R-EXE-01.returned_late", at + ".returned_at");
    }
    if (asked->type() == AssistanceType::TRANSFER_SENTENCED_PERSON &&
        OneOf(transfer.decision(), {"AGREED", "TRANSFERRED"}) && transfer.enforcement().empty()) {
      report.Say("R-GEN-01.enforcement", at + ".enforcement");
    }
  });
}

// --- What the other state will ask

void CheckCourseTold(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    const auto unsaid = [&](const std::string& reason) {
      return IsBlank(reason) && IsBlank(item.reason());
    };
    SayEach(
        {{item.transfer().decision() == "NOT_AGREED" && unsaid(item.transfer().reason()),
          "transfer.reason"},
         {item.proceedings().decision() == "NOT_TAKEN_OVER" && unsaid(item.proceedings().reason()),
          "proceedings.reason"},
         {item.team().decision() == "NOT_AGREED" && unsaid(item.team().reason()), "team.reason"},
         {OneOf(item.measure().result(), {"BROKEN_OFF", "NOT_CARRIED_OUT"}) &&
              unsaid(item.measure().reason()),
          "measure.reason"}},
        "R-GEN-01.answer_reason", at, report);
    const v1::ProceedingsAnswer& taken = item.proceedings();
    if (taken.decision() == "TAKEN_OVER" && IsBlank(taken.authority()) &&
        IsBlank(taken.reference())) {
      report.Say("R-GEN-01.taken_by", at + ".proceedings.reference");
    }
    if (asked == nullptr) return;
    const std::string& technique = item.measure().technique();
    if (!technique.empty() && !asked->technique().empty() && technique != asked->technique()) {
      report.Say("R-EXE-01.other_technique", at + ".measure.technique");
    }
    // To a question for a word a hit gives nothing away, R-INT-05.
    const v1::HitAnswer& hit = item.hit();
    if (asked->type() != AssistanceType::HIT_QUERY && hit.result() == "HIT" &&
        IsBlank(hit.reference()) && IsBlank(hit.findings()) && !hit.has_focal_point()) {
      report.Say("R-GEN-01.hit", at + ".hit.focal_point");
    }
  });
}

constexpr Rule kCourseRules[] = {
    {{"R-EXE-01", "W", "",
      "the outcome of a hearing, search, surrender, transfer, team, technique or lead and its "
      "typed part say different things"},
     CheckCourseOutcome},
    {{"R-EXE-01", "W", "",
      "such a part says no, and gives what it denies: things of a search without result, an oath "
      "of who did not appear"},
     CheckCourseDenials},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNTOC 18(18), 2AP 9",
      "an accused was heard by video against the own will (I: nothing says it), or a question is "
      "called unanswered that nobody asked (W); no minutes, no notice of rights, no ground of a "
      "refusal to testify, somebody else was heard, plain copies where certified ones were asked "
      "for (I)"},
     CheckHearings},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNTOC 16, ECE 14",
      "a surrender counts more days in custody than there were, or fits neither its act nor the "
      "time of the arrest (W); it has no place, no days in custody, no record of what the person "
      "declared, no date of return (I)"},
     CheckSurrender},
    {{"R-EXE-01, R-GEN-01", "W/I", "UNTOC 17, 18(10), (11)",
      "a person was transferred against the own will, or more days count than there were (W); the "
      "return is later than was asked for or agreed, or nothing says how a sentence is enforced "
      "(I)"},
     CheckTransfers},
    {{"R-EXE-01, R-GEN-01", "I", "UNTOC 19, 20, 21, 27",
      "a no has no reason, proceedings were taken over by nobody knows whom, a delivery was of "
      "another technique, a hit has nobody to turn to"},
     CheckCourseTold},
};

}  // namespace

std::span<const Rule> CourseRules() { return kCourseRules; }

}  // namespace palermo::casework
