// Safeguards HR-05, 14, 16, 17, 19, 21, 23, 24. What nothing is said of is a note, one for each
// message; a warning or an error only where the message itself says that a safeguard is broken.
#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/field_words.h"
#include "node/casework/leak_scan.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Person;
using v1::Request;

bool IsAsserted(const v1::Assertion& said) {
  return !SaysNothing(said.by()) && !SaysNothing(said.text());
}

// Of the case: the request in hand, or the one that an answer belongs to.
const Request* RequestOfInput(const RuleInput& in) {
  return in.body.has_request() ? &in.body.request() : in.context.request;
}

// The person of a hearing among those of the request; null when it is not listed.
const Person* PersonNamed(const RuleInput& in, const std::string& ref) {
  const Request* r = RequestOfInput(in);
  if (r == nullptr || ref.empty()) return nullptr;
  const auto found = std::find_if(r->persons().begin(), r->persons().end(),
                                  [&](const Person& p) { return SameRef(p.ref(), ref); });
  return found == r->persons().end() ? nullptr : &*found;
}

// Calls `check` with the record of each person who was heard or arrested, or whose statement the
// request relies on.
template <typename Check>
void ForHeard(const RuleInput& in, Check check) {
  const auto each = [&](const auto& records, const std::string& at) {
    for (int i = 0; i < records.size(); ++i) check(records[i], At(at, i));
  };
  each(in.body.request().relied_statements(), "request.relied_statements");
  each(in.body.boarding_result().arrests(), "boarding_result.arrests");
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    each(item.hearings(), at + ".hearings");
  });
}

// --- HR-05: not by who somebody is

bool IsTrait(const std::string& ground) {
  return OneOf(ground, {"NATIONALITY", "ETHNIC_ORIGIN", "RACE", "RELIGION", "LANGUAGE", "SEX",
                        "POLITICAL_OPINION", "MIGRATION_STATUS"});
}

// `T` is a request or a task.
template <typename T>
void CheckSelection(const T& of, const std::string& at, Report& report) {
  const auto& grounds = of.selection_grounds();
  CheckWordsIn(T::descriptor()->name(), "selection_grounds", grounds, at, report);
  const bool traits = !grounds.empty() && std::all_of(grounds.begin(), grounds.end(), IsTrait);
  if (traits && !IsAsserted(of.selection_assertion())) {
    report.Say("R-HR-05.traits", Cat({at, ".selection_grounds"}));
  }
}

void CheckDiscrimination(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (r.has_tasking()) CheckSelection(r.tasking(), Cat({at, ".tasking"}), report);
  });
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  CheckSelection(*r, "request", report);
  // Measures that reach far into a life, or that begin from a profile.
  const bool escalates =
      Asks(in, {AssistanceType::INTERCEPT_CONTENT, AssistanceType::REALTIME_TRAFFIC,
                AssistanceType::ELECTRONIC_SURVEILLANCE, AssistanceType::UNDERCOVER,
                AssistanceType::CROSS_BORDER_OBSERVATION, AssistanceType::FTF_TRAVEL_INFO});
  if (escalates && r->selection_grounds().empty()) {
    report.Say("R-HR-05.unsaid", "request.selection_grounds");
  }
}

// --- HR-14: personal data in answers

// What a register says of a person, where its age and source decide what it is worth.
bool IsOfARegister(AssistanceType::Code type) {
  return type == AssistanceType::CRIMINAL_RECORD || type == AssistanceType::SUBSCRIBER_INFO ||
         type == AssistanceType::RECORDS_GOVERNMENT || type == AssistanceType::PEP_ENQUIRY ||
         type == AssistanceType::BENEFICIAL_OWNER_QUERY;
}

// Property that a tracing found comes from registers and tells who holds it. What a state itself
// froze or confiscated names its order instead.
bool IsFoundWithHolder(const v1::AssetAnswer& asset) {
  return asset.state() == "TRACED" && !IsBlank(asset.property().holder());
}

// Accounts, owners, customers and entries are of persons, whatever the question was.
bool GivesPersonalData(const v1::ItemResult& item) {
  const auto any = [](const auto& list) {
    return std::any_of(list.begin(), list.end(),
                       [](const auto& one) { return SaysSomething(one); });
  };
  const auto& assets = item.assets();
  return any(item.account().accounts()) || any(item.account().transactions()) ||
         any(item.ownership().owners()) || SaysSomething(item.subscriber().customer()) ||
         any(item.extract().entries()) ||
         std::any_of(assets.begin(), assets.end(), IsFoundWithHolder);
}

bool AnswersARegister(const v1::ItemResult& item, const v1::Item* asked) {
  if (item.outcome() != v1::ItemOutcome::EXECUTED_FULL &&
      item.outcome() != v1::ItemOutcome::EXECUTED_PARTIAL) {
    return false;
  }
  return GivesPersonalData(item) || (asked != nullptr && IsOfARegister(asked->type()));
}

void CheckDataCare(const v1::DataCare& care, const std::string& at, Report& report) {
  CheckWordIn("DataCare", "accuracy", care.accuracy(), at, report);
  CheckWordIn("DataCare", "subject_notice", care.subject_notice(), at, report);
  if (OneOf(care.accuracy(), {"CONTESTED", "WRONG"}) && SaysNothing(care.correction())) {
    report.Say("R-HR-14.accuracy", at + ".correction");
  }
  if (!care.beyond_request().empty() && SaysNothing(care.beyond_reason())) {
    report.Say("R-HR-14.beyond", at + ".beyond_request");
  }
  if (care.subject_notice() == "DEFERRED" && SaysNothing(care.deferral_reason())) {
    report.Say("R-HR-14.deferred", at + ".deferral_reason");
  }
  if (!care.as_of().empty() && !ParseInstant(care.as_of()).ok()) {
    report.Say("R-GEN-01.date", at + ".as_of");
  }
}

void CheckData(const RuleInput& in, Report& report) {
  bool told = false;
  ForResults(in, [&](const v1::ItemResult& item, const v1::Item* asked, const std::string& at) {
    const v1::DataCare& care = item.data_care();
    CheckDataCare(care, at + ".data_care", report);
    if (IsReversed(item.keep_until(), item.delete_by())) {
      report.Say("R-HR-14.kept", at + ".keep_until");
    }
    if (told || !AnswersARegister(item, asked)) return;
    if (!IsBlank(care.as_of()) && !IsBlank(care.source())) return;
    told = true;
    report.Say("R-HR-14.unsaid", at + ".data_care");
  });
}

// --- HR-16: near the family

void CheckFamilyMembers(const RuleInput& in, Report& report) {
  bool told = false;
  ForItems(in, {AssistanceType::TRANSFER_SENTENCED_PERSON},
           [&](const Request&, const v1::Item& item, int i) {
             const v1::FamilyTies& ties = item.family_ties();
             const std::string at = At("request.items", i, "family_ties");
             CheckWordIn("FamilyTies", "effect", ties.effect(), at, report);
             if (ties.effect() == "FARTHER" && SaysNothing(ties.reason())) {
               report.Say("R-HR-16.farther", at + ".reason");
             } else if (!told && (ties.effect().empty() || !IsAsserted(ties.assertion()))) {
               told = true;
               report.Say("R-HR-16.unsaid", at);
             }
           });
}

// --- HR-17: nothing that torture made

// True when something was said.
bool CheckObtained(const v1::Obtaining& how, const std::string& at, Report& report) {
  if (!how.has_without_ill_treatment()) return false;
  if (how.without_ill_treatment()) {
    if (!IsAsserted(how.assertion())) report.Say("R-HR-17.unnamed", at + ".assertion");
  } else if (how.against_accused_of_torture()) {
    report.Say("R-HR-17.proof", at);
  } else {
    report.Say("R-HR-17.ill_treatment", at + ".without_ill_treatment");
  }
  return true;
}

void CheckStatements(const RuleInput& in, Report& report) {
  bool told = false;
  ForHeard(in, [&](const v1::RightsRecord& heard, const std::string& at) {
    const bool said = CheckObtained(heard.how_obtained(), at + ".how_obtained", report);
    // An arrest brings no statement; a victim is not interrogated.
    if (said || told || in.body.has_boarding_result()) return;
    const Person* person = PersonNamed(in, heard.person());
    if (person != nullptr && IsVictim(*person) && !IsSuspect(*person)) return;
    told = true;
    report.Say("R-HR-17.unsaid", at + ".how_obtained");
  });
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    CheckObtained(r.evidence().how_obtained(), Cat({at, ".evidence.how_obtained"}), report);
  });
}

// --- HR-19: children whom a group recruited

void CheckRecruited(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  bool told = false;
  for (int i = 0; r != nullptr && i < r->persons_size(); ++i) {
    const Person& p = r->persons(i);
    if (!IsChild(p) || !IsSuspect(p) || IsVictim(p)) continue;
    if (p.recruited_by_group()) {
      if (!SaysNothing(p.non_punishment_review())) continue;
      report.Say("R-HR-19.suspect", At("request.persons", i, "roles"));
    } else if (!told && !p.has_recruited_by_group() &&
               OneOf(CanonicalArea(r->area()), {"TERRORISM", "DRUGS"})) {
      told = true;
      report.Say("R-HR-19.unsaid", At("request.persons", i, "recruited_by_group"));
    }
  }
}

// --- HR-21: what victims received

void CheckSupport(const v1::VictimSupport& got, const std::string& at, Report& report) {
  CheckWordIn("VictimSupport", "compensation", got.compensation(), at, report);
  const bool denied = (got.has_supported() && !got.supported()) ||
                      (got.has_told_remedies() && !got.told_remedies()) ||
                      got.compensation() == "REFUSED";
  if (denied && SaysNothing(got.reason())) report.Say("R-HR-21.denied", at + ".reason");
}

bool HasVictims(const Request& r) {
  return r.has_referral() || std::any_of(r.persons().begin(), r.persons().end(), IsVictim);
}

// Figures that count victims, and none of what became of them.
bool CountsVictimsOnly(const v1::OperationClosing& closing) {
  const auto counts = [&](std::initializer_list<std::string_view> counters) {
    return std::any_of(
        closing.counters().begin(), closing.counters().end(),
        [&](const v1::CounterValue& c) { return c.value() > 0 && OneOf(c.counter(), counters); });
  };
  return counts({"victims_identified", "victims_rescued", "victims_referred"}) &&
         !counts({"victims_supported", "victims_told_remedies", "victims_compensated"});
}

void CheckVictims(const RuleInput& in, Report& report) {
  if (in.body.has_close()) {
    const v1::Close& close = in.body.close();
    CheckSupport(close.victim_support(), "close.victim_support", report);
    const Request* r = in.context.request;
    if (r != nullptr && HasVictims(*r) && close.victim_support().ByteSizeLong() == 0) {
      report.Say("R-HR-21.unsaid", "close.victim_support");
    }
  }
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    CheckSupport(r.victim().victim_support(), Cat({at, ".victim.victim_support"}), report);
    if (r.has_closing() && CountsVictimsOnly(r.closing())) {
      report.Say("R-HR-21.figures", Cat({at, ".closing.counters"}));
    }
  });
}

// --- HR-23: a community, nobody in it

LeakScanner IdentitiesOf(const Request& r) {
  std::vector<IdentityToken> tokens;
  for (const Person& p : r.persons()) {
    if (p.kind() == "LEGAL") continue;
    const std::pair<IdentityKind, const std::string*> all[] = {
        {IdentityKind::kName, &p.name()},
        {IdentityKind::kDate, &p.date_of_birth()},
        {IdentityKind::kNumber, &p.document_number()},
        {IdentityKind::kNumber, &p.phone()},
        {IdentityKind::kText, &p.address()}};
    for (const auto& [kind, value] : all) {
      // A village is the community that the note is about; a house is somebody's.
      const bool place = kind == IdentityKind::kText && !HasDigit(*value);
      if (!IsBlank(*value) && !place) tokens.push_back({kind, *value, p.ref()});
    }
  }
  return LeakScanner(std::move(tokens));
}

void CheckLivelihood(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || IsBlank(r->livelihood_note())) return;
  if (IdentitiesOf(*r).Leaks(r->livelihood_note())) {
    report.Say("R-HR-23.person", "request.livelihood_note");
  } else if (IsOnlyAName(r->livelihood_note()) || TellsAName(r->livelihood_note())) {
    report.Say("R-HR-23.named", "request.livelihood_note");
  }
}

// --- HR-24: with regard to gender

bool Wishes(const v1::GenderCare& care) {
  return std::any_of(care.wishes().begin(), care.wishes().end(),
                     [](const std::string& wish) { return !wish.empty() && wish != "NONE"; });
}

void CheckGiven(const v1::GenderCare& care, const std::string& at, Report& report) {
  CheckWordsIn("GenderCare", "wishes", care.wishes(), at, report);
  if (care.has_given() && !care.given() && SaysNothing(care.reason())) {
    report.Say("R-HR-24.not_given", at + ".reason");
  }
}

// Somebody who is to be heard, and is a victim.
bool HearsAVictim(const RuleInput& in, const v1::Item& item) {
  constexpr AssistanceType::Code kHearings[] = {
      AssistanceType::TAKE_EVIDENCE, AssistanceType::VIDEO_HEARING,
      AssistanceType::TELEPHONE_HEARING, AssistanceType::VOLUNTARY_APPEARANCE};
  if (std::find(std::begin(kHearings), std::end(kHearings), item.type()) == std::end(kHearings)) {
    return false;
  }
  const Person* person = PersonNamed(in, item.person().empty() ? item.person_ref() : item.person());
  return person != nullptr && IsVictim(*person);
}

// Victims of trafficking and terrorism who are referred or heard, and prisoners who are moved.
bool AsksForCare(const RuleInput& in, const Request& r) {
  if (r.has_referral() || Asks(in, {AssistanceType::TRANSFER_DETAINED_WITNESS,
                                    AssistanceType::TRANSFER_SENTENCED_PERSON})) {
    return true;
  }
  const bool area = OneOf(CanonicalArea(r.area()), {"TRAFFICKING_IN_PERSONS", "TERRORISM"}) ||
                    std::any_of(r.offence().begin(), r.offence().end(),
                                [](const v1::Offence& o) { return o.has_tip(); });
  return area && std::any_of(r.items().begin(), r.items().end(),
                             [&](const v1::Item& item) { return HearsAVictim(in, item); });
}

void CheckCareOfRequest(const RuleInput& in, const Request& r, Report& report) {
  bool said = r.referral().has_gender_care();
  CheckGiven(r.referral().gender_care(), "request.referral.gender_care", report);
  for (int i = 0; i < r.persons_size(); ++i) {
    said |= r.persons(i).has_gender_care();
    CheckGiven(r.persons(i).gender_care(), At("request.persons", i, "gender_care"), report);
  }
  for (int i = 0; i < r.items_size(); ++i) {
    said |= r.items(i).has_gender_care();
    CheckGiven(r.items(i).gender_care(), At("request.items", i, "gender_care"), report);
  }
  if (!said && AsksForCare(in, r)) {
    report.Say("R-HR-24.unsaid",
               r.has_referral() ? "request.referral.gender_care" : "request.persons");
  }
}

void CheckGender(const RuleInput& in, Report& report) {
  if (in.body.has_request()) CheckCareOfRequest(in, in.body.request(), report);
  bool told = false;
  ForHeard(in, [&](const v1::RightsRecord& heard, const std::string& at) {
    CheckGiven(heard.gender_care(), at + ".gender_care", report);
    const Person* person = PersonNamed(in, heard.person());
    if (told || person == nullptr || heard.gender_care().has_given()) return;
    if (in.body.has_request() || !Wishes(person->gender_care())) return;
    told = true;
    report.Say("R-HR-24.unanswered", at + ".gender_care");
  });
}

constexpr Rule kSafeguardRules[] = {
    {{"R-HR-05", "W/I", "TIP 14(2), SOM 19(2), ICCPR 2",
      "persons are selected for a measure by origin, religion, sex or the like alone, and nobody "
      "vouches for it (I: nothing says by what they were selected for an intrusive measure)"},
     CheckDiscrimination},
    {{"R-HR-14", "W/I", "2AP 26",
      "an answer gives data that are contested or wrong without a correction, or that nobody asked "
      "for, or defers the notice to the person, without a reason (I: a register's answer without "
      "source and date; kept longer than it may be)"},
     CheckData},
    {{"R-HR-16", "W/I", "UNTOC 17",
      "a transfer takes a sentenced person away from the family without a reason (I: nobody "
      "assessed it)"},
     CheckFamilyMembers},
    {{"R-HR-17", "E/I", "CAT 15",
      "a statement was obtained by ill-treatment (I: nothing says how, or nobody vouches for it)"},
     CheckStatements},
    {{"R-HR-19", "W/I", "CRC 39, UNTOC 25",
      "a child whom a group recruited is a suspect only (I: in terrorism or drugs nobody looked)"},
     CheckRecruited},
    {{"R-HR-21", "W/I", "UNTOC 25, TIP 6",
      "victims got no support, no word of remedies or no compensation, without a reason (I: the "
      "closing says nothing of it)"},
     CheckVictims},
    {{"R-HR-23", "W/I", "", "the note on the livelihood of a community tells of a person"},
     CheckLivelihood},
    {{"R-HR-24", "W/I", "TIP 6(4), ICCPR 10",
      "gender-sensitive handling that was asked for was not given, without a reason (I: a victim "
      "or prisoner was not asked, or a hearing does not say)"},
     CheckGender},
};

}  // namespace

std::span<const Rule> SafeguardRules() { return kSafeguardRules; }

}  // namespace palermo::casework
