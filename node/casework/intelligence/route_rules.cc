#include "node/casework/intelligence/route_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "node/casework/field_words.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/intelligence/sharing_rules.h"
#include "node/casework/intelligence/sightings.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using Findings = std::vector<Finding>;

std::string Under(const std::string& at, std::string_view member) {
  return absl::StrFormat("%s.%s", at, member);
}

// --- Words

bool IsWord(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void CheckWord(std::string_view message, std::string_view field, const std::string& word,
               const std::string& at, Findings& out) {
  if (IsWordOf(message, field, word)) return;
  std::string words;
  for (std::string_view one : FindWords(message, field)->words) {
    words += Cat({words.empty() ? "" : ", ", one});
  }
  Tell("R-GEN-01.word", at, out, {{"words", words}});
}

// A danger to life is never refused for its word: a new one is read as it stands.
void CheckRouteWords(const v1::RouteLeg& leg, const std::string& at, Findings& out) {
  for (const std::string& word : leg.document_method()) {
    CheckWord("RouteLeg", "document_method", word, Under(at, "document_method"), out);
  }
  for (const std::string& word : leg.concealment()) {
    CheckWord("RouteLeg", "concealment", word, Under(at, "concealment"), out);
  }
  CheckWord("Carrier", "kind", leg.carrier().kind(), Under(at, "carrier.kind"), out);
  CheckWord("Price", "method", leg.price().method(), Under(at, "price.method"), out);
}

// --- Places and legs

bool SamePlace(const v1::Place& a, const v1::Place& b) {
  if (!a.unlocode().empty() && !b.unlocode().empty()) return a.unlocode() == b.unlocode();
  if (a.has_geo() && b.has_geo()) {
    return a.geo().lat() == b.geo().lat() && a.geo().lon() == b.geo().lon();
  }
  return Folded(a.name()) == Folded(b.name()) && a.country() == b.country();
}

bool IsLocode(std::string_view code) {
  return code.size() == 5 && IsStateCode(code.substr(0, 2)) &&
         std::all_of(code.begin() + 2, code.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '9'); });
}

void CheckPlace(const v1::Place& place, const std::string& at, Findings& out) {
  if (!place.unlocode().empty() && !IsLocode(place.unlocode())) {
    Tell("R-GEN-01.place", Under(at, "unlocode"), out);
  }
  const auto& geo = place.geo();
  const bool inside = geo.lat() >= -90 && geo.lat() <= 90 && geo.lon() >= -180 &&
                      geo.lon() <= 180 && geo.radius_m() >= 0;
  if (!inside) Tell("R-GEN-01.place", Under(at, "geo"), out);
}

void CheckRouteLegs(const v1::RouteReport& report, const std::string& at, Findings& out) {
  for (int i = 0; i < report.legs_size(); ++i) {
    const v1::RouteLeg& leg = report.legs(i);
    const std::string here = At(at + ".legs", i);
    CheckRouteWords(leg, here, out);
    CheckPlace(leg.from(), Under(here, "from"), out);
    CheckPlace(leg.to(), Under(here, "to"), out);
    CheckPlace(leg.border_crossing().point(), Under(here, "border_crossing.point"), out);
  }
  const std::vector<int> order = InOrder(report);
  for (size_t k = 1; k < order.size(); ++k) {
    if (SamePlace(report.legs(order[k - 1]).to(), report.legs(order[k]).from())) continue;
    Tell("R-INT-07.chain", At(at + ".legs", order[k]), out);
  }
}

// --- Counts and marks

void CheckIdentifier(const v1::Identifier& id, const std::string& at, Findings& out) {
  if (!OneOf(id.of(), {"", "THING", "SUSPECT", "ORGANISATION"})) {
    Tell("R-INT-04.persons", Under(at, "of"), out);
  }
  const auto key = IdentifierProblem(absl::AsciiStrToLower(id.scheme()), id.value());
  if (!key.empty()) Tell(key, Under(at, "value"), out);
}

void CheckMarks(const v1::RouteReport& report, const std::string& at, Findings& out) {
  for (int i = 0; i < report.identifiers_size(); ++i) {
    CheckIdentifier(report.identifiers(i), At(at + ".identifiers", i), out);
  }
  for (int i = 0; i < report.legs_size(); ++i) {
    const auto& things = report.legs(i).conveyance().identifiers();
    for (int k = 0; k < things.size(); ++k) {
      CheckIdentifier(things[k], At(At(at + ".legs", i, "conveyance.identifiers"), k), out);
    }
  }
  const auto& selectors = report.network().comms_selectors();
  for (int i = 0; i < selectors.size(); ++i) {
    CheckIdentifier(selectors[i], At(at + ".network.comms_selectors", i), out);
  }
}

void CheckCounts(const v1::RouteReport& report, const std::string& at, Findings& out) {
  const v1::PersonsObserved& seen = report.persons_observed();
  const uint32_t most = std::max(seen.min(), seen.max());
  const bool many = seen.women() > most || seen.children() > most || seen.unaccompanied() > most;
  if ((seen.max() != 0 && seen.min() > seen.max()) || (most != 0 && many)) {
    Tell("R-GEN-01.count", Under(at, "persons_observed"), out);
  }
}

void CheckPeriod(const v1::RouteReport& report, const std::string& at, Findings& out) {
  const auto first = ReadSighting(report.period().first_seen());
  const auto last = ReadSighting(report.period().last_seen());
  const auto check = [&](const std::string& text, const std::string& field) {
    if (!text.empty() && !ReadSighting(text)) Tell("R-GEN-01.sighting", field, out);
  };
  check(report.period().first_seen(), Under(at, "period.first_seen"));
  check(report.period().last_seen(), Under(at, "period.last_seen"));
  for (int i = 0; i < report.legs_size(); ++i) {
    check(report.legs(i).seen_at(), At(at + ".legs", i, "seen_at"));
  }
  if (first && last && first->begin > last->end) {
    Tell("R-GEN-01.period", Under(at, "period"), out);
  }
}

// --- JSON

constexpr std::string_view kPersonalWords[] = {
    "names",      "first_name",      "last_name",   "surname",     "family_name",
    "given_name", "given_names",     "full_name",   "dob",         "date_of_birth",
    "birth_date", "birthdate",       "passport_no", "document_no", "passport_number",
    "passport",   "document_number", "mrz",         "photo",       "fingerprints",
    "identity",   "identities",      "persons",     "people",      "person",
    "migrants",   "migrant",         "victims",     "victim",      "passengers",
    "passenger"};
// What may be said in words about people who are counted.
constexpr std::string_view kOfCounts[] = {"basis", "note",     "nationality", "nationalities",
                                          "sex",   "age_band", "age_bands"};

// Members that describe things, places and organisations: their names are no persons'.
constexpr std::string_view kThings[] = {
    "carrier", "conveyance", "vessel", "vehicle", "from",     "to",    "point",     "place",
    "network", "sources",    "label",  "benefit", "handling", "price", "evaluation"};

// Marks of things have their own form; what looks like a telephone there is one.
constexpr std::string_view kMarkLists[] = {"identifiers", "comms_selectors", "selectors",
                                           "stolen_blanks"};

bool HoldsText(const google::protobuf::Value& value) {
  using google::protobuf::Value;
  if (value.kind_case() == Value::kStringValue) return !IsBlank(value.string_value());
  const auto& list = value.list_value().values();
  const auto& fields = value.struct_value().fields();
  return std::any_of(list.begin(), list.end(), HoldsText) ||
         std::any_of(fields.begin(), fields.end(),
                     [](const auto& f) { return HoldsText(f.second); });
}

void FindPersonal(const google::protobuf::Struct& object, const std::string& at, bool of_people,
                  InTexts texts, std::vector<std::string>& out) {
  for (const auto& [name, value] : object.fields()) {
    const std::string here = Under(at, name);
    // What stands with the counts of people and is a text describes them.
    const bool personal =
        (of_people ? !IsWord(name, kOfCounts) : IsPersonalWord(name)) ||
        (texts == InTexts::kPersonalData && HoldsPersonalData(value.string_value()));
    if (personal && HoldsText(value)) {
      out.push_back(here);
      continue;
    }
    if (IsWord(name, kThings)) continue;
    const bool people = of_people || name == "persons_observed";
    const InTexts below = IsWord(name, kMarkLists) ? InTexts::kNothing : texts;
    if (value.has_struct_value()) FindPersonal(value.struct_value(), here, people, below, out);
    for (int i = 0; i < value.list_value().values_size(); ++i) {
      FindPersonal(value.list_value().values(i).struct_value(), At(here, i), people, below, out);
    }
  }
}

}  // namespace

std::vector<int> InOrder(const v1::RouteReport& report) {
  std::vector<int> order;
  std::set<uint32_t> numbers;
  for (int i = 0; i < report.legs_size(); ++i) {
    order.push_back(i);
    if (report.legs(i).seq() > 0) numbers.insert(report.legs(i).seq());
  }
  if (numbers.size() != order.size()) return order;
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return report.legs(a).seq() < report.legs(b).seq(); });
  return order;
}

bool IsPersonalWord(std::string_view member) {
  if (IsWord(member, kPersonalWords)) return true;
  // "passenger_list", "victim_names", "migrants_on_board"; the counts have a place of their own.
  if (OneOf(member, {"persons_observed", "per_person", "personnel"})) return false;
  for (std::string_view people : {"passenger", "migrant", "victim", "person_"}) {
    if (member.find(people) != std::string_view::npos) return true;
  }
  return false;
}

std::vector<std::string> PersonalMembers(const google::protobuf::Struct& report,
                                         const std::string& at, InTexts texts) {
  std::vector<std::string> out;
  FindPersonal(report, at, false, texts, out);
  return out;
}

std::vector<Finding> CheckRoute(const v1::RouteReport& report, const std::string& now,
                                const std::string& at) {
  Findings out;
  CheckEvaluation(report.has_evaluation() ? &report.evaluation() : nullptr,
                  report.evidence_status(), at, out);
  CheckRouteLegs(report, at, out);
  CheckMarks(report, at, out);
  CheckCounts(report, at, out);
  if (report.kind() == "SOM_10" && OneOf(report.benefit().kind(), {"", "NONE"})) {
    Tell("R-SOM-01.benefit", Under(at, "benefit"), out);
  }
  CheckPeriod(report, at, out);
  if (DangerOf(report, now) == Danger::kRecent) {
    Tell("R-SOM-08.alert", Under(at, "risk_to_life"), out);
  }
  return out;
}

std::vector<Finding> CheckDocumentMethod(const v1::DocumentMethodReport& report,
                                         const std::string& at) {
  Findings out;
  CheckEvaluation(report.has_evaluation() ? &report.evaluation() : nullptr,
                  report.evidence_status(), at, out);
  for (int i = 0; i < report.stolen_blanks_size(); ++i) {
    CheckIdentifier(report.stolen_blanks(i), At(at + ".stolen_blanks", i), out);
  }
  return out;
}

std::vector<Finding> CheckReevaluation(const v1::Reevaluation& event) {
  Findings out;
  CheckCode(event.evaluation(), "reevaluation.evaluation", out);
  if (IsBlank(event.evaluation().reason()) || IsBlank(event.evaluation().by())) {
    Tell("R-INT-03.reason", "reevaluation.evaluation.reason", out);
  }
  return out;
}

std::vector<Finding> CheckHitFollowUp(const v1::HitFollowUp& event) {
  Findings out;
  const bool released = event.decision() == "RELEASE";
  if (event.automatic() || (released && IsBlank(event.decided_by()))) {
    Tell("R-INT-05.automatic", "hit_follow_up.decided_by", out);
  }
  return out;
}

std::vector<Finding> CheckAnswers(const std::vector<std::string>& recipients,
                                  const std::vector<std::string>& answered) {
  Findings out;
  for (const std::string& state : recipients) {
    if (std::find(answered.begin(), answered.end(), state) == answered.end()) {
      Tell("R-INT-06.unconfirmed", state, out);
    }
  }
  return out;
}

// --- The tables that CheckBody runs

namespace {

void Forward(const Findings& findings, std::initializer_list<std::string_view> rules,
             Report& report) {
  for (const Finding& f : findings) {
    const bool rest = rules.size() == 0 && !OneOf(f.rule, {"R-INT-01", "R-INT-02", "R-INT-04",
                                                           "R-INT-07", "R-SOM-01", "R-SOM-08"});
    if (rest || OneOf(f.rule, rules)) report.Say(f.key, f.field);
  }
}

Findings FindingsIn(const RuleInput& in) {
  const std::string& now = NowText(in.context);
  if (in.body.has_route_report()) return CheckRoute(in.body.route_report(), now, "route_report");
  if (in.body.has_document_method_report()) {
    return CheckDocumentMethod(in.body.document_method_report(), "document_method_report");
  }
  return {};
}

void CheckGrading(const RuleInput& in, Report& report) {
  Forward(FindingsIn(in), {"R-INT-01", "R-INT-02"}, report);
}
void CheckPersons(const RuleInput& in, Report& report) {
  Forward(FindingsIn(in), {"R-INT-04"}, report);
}
void CheckRouteItself(const RuleInput& in, Report& report) {
  Forward(FindingsIn(in), {"R-INT-07", "R-SOM-01"}, report);
  if (in.body.has_route_report() && in.body.route_report().legs().empty()) {
    report.Say("R-INT-07.no_legs", "route_report.legs");
  }
}
void CheckRescue(const RuleInput& in, Report& report) {
  Forward(FindingsIn(in), {"R-SOM-08"}, report);
  // Of an extract in a case nobody asks when it was; who sends a report can say it.
  if (in.body.has_route_report() &&
      DangerOf(in.body.route_report(), NowText(in.context)) == Danger::kUndated) {
    report.Say("R-SOM-08.undated", "route_report.period.last_seen");
  }
}
void CheckFields(const RuleInput& in, Report& report) { Forward(FindingsIn(in), {}, report); }

const v1::Label* LabelIn(const v1::CaseBody& body) {
  if (body.has_route_report()) return &body.route_report().label();
  return body.has_document_method_report() ? &body.document_method_report().label() : nullptr;
}

void CheckLabel(const RuleInput& in, Report& report) {
  const v1::Label* label = LabelIn(in.body);
  if (label == nullptr) return;
  if (!IsStateCode(label->originator()) || label->handling().empty() ||
      label->tlp() == v1::Tlp::UNSPECIFIED || label->purposes().empty()) {
    report.Say("R-GEN-01.label", "label");
  }
}

void CheckReportSize(const RuleInput& in, Report& report) {
  const v1::Label* label = LabelIn(in.body);
  if (label == nullptr) return;
  const bool many = in.body.route_report().legs_size() > limits::kMaxRouteLegs ||
                    in.body.route_report().identifiers_size() > limits::kMaxReportIdentifiers ||
                    label->release_states_size() > static_cast<int>(limits::kMaxStates);
  if (many) {
    report.Say("R-GEN-01.report_size", "route_report",
               {{"legs", absl::StrFormat("%d", limits::kMaxRouteLegs)},
                {"identifiers", absl::StrFormat("%d", limits::kMaxReportIdentifiers)},
                {"states", absl::StrFormat("%d", limits::kMaxStates)}});
  }
}

void CheckFollowing(const RuleInput& in, Report& report) {
  Findings findings;
  if (in.body.has_reevaluation()) findings = CheckReevaluation(in.body.reevaluation());
  if (in.body.has_hit_follow_up()) findings = CheckHitFollowUp(in.body.hit_follow_up());
  for (const Finding& f : findings) report.Say(f.key, f.field);
}

void CheckWhatFollows(const RuleInput& in, Report& report) {
  for (const Finding& f : CheckSharing(in.body)) report.Say(f.key, f.field);
}

constexpr Rule kIntelligenceRouteRules[] = {
    {{"R-INT-01, R-INT-02", "E", "",
      "a report has no evaluation, a code outside its scheme, or calls intelligence evidence"},
     CheckGrading},
    {{"R-INT-04", "E", "TIP 6(1)", "a mark in a report is one of somebody who was moved"},
     CheckPersons},
    {{"R-INT-07, R-SOM-01", "W/I", "SOM 3(a)",
      "the legs do not chain; no benefit is named; a report on a route has no leg (I)"},
     CheckRouteItself},
    {{"R-SOM-08", "W", "UNCLOS 98",
      "life is in danger, the sighting is younger than 24 hours or has no time, and no rescue "
      "alert "
      "was given"},
     CheckRescue},
    {{"R-GEN-01, R-ID-*", "E", "", "a word, place, count, date or mark of a report is not right"},
     CheckFields},
    {{"R-GEN-01", "E", "", "a report's label is incomplete"}, CheckLabel},
    {{"R-GEN-01", "E", "", "a report has more legs, marks or released states than fit"},
     CheckReportSize},
    {{"R-INT-03, R-INT-05", "I/E", "",
      "another evaluation says not who or why (I); what follows a hit was not decided by an "
      "officer"},
     CheckFollowing},
    {{"R-GEN-01", "E", "",
      "a consent, recall, correction or answer lacks a part, or a word or date of it is not right"},
     CheckWhatFollows},
};

}  // namespace

std::span<const Rule> IntelligenceRules() { return kIntelligenceRouteRules; }

}  // namespace palermo::casework
