// What the author of a report is asked about beyond the form of its fields: what of a person stands
// in its texts, the handling code of the scheme in which it is evaluated, what nobody can find it
// by, and what is still the printed form's. Pure; thread-safe.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/intelligence/report_rules.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/intelligence/sightings.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr char kRoute[] = "route_report";
constexpr char kMethod[] = "document_method_report";

// Marks have fields of their own, which say whose they are.
bool IsOfAMark(std::string_view path) {
  for (std::string_view list : {".identifiers[", ".comms_selectors[", ".stolen_blanks["}) {
    if (path.find(list) != std::string_view::npos) return true;
  }
  return false;
}

// --- The scheme's own handling code

struct Graded {
  const v1::Evaluation& evaluation;
  const v1::Label& label;
  std::string at;
};

bool GoesToOthers(const v1::Label& label) {
  const auto& states = label.release_states();
  return std::any_of(states.begin(), states.end(),
                     [&](const std::string& state) { return state != label.originator(); });
}

// The schemes have codes of one name that mean different things.
std::string Grading(const v1::Evaluation& evaluation) {
  return Cat({evaluation.scheme(), " ", evaluation.handling()});
}

bool HasHandling(const v1::Label& label, const std::string& code) {
  const auto& codes = label.handling();
  return std::any_of(codes.begin(), codes.end(), [&](int one) {
    return v1::Handling::Code_Name(static_cast<v1::Handling::Code>(one)) == code;
  });
}

void CheckGraded(const Graded& one, Report& report) {
  const std::string& scheme = one.evaluation.scheme();
  const std::string& code = one.evaluation.handling();
  const TextArgs named = {{"code", code}};
  if (OneOf(code, {"H1", "H2", "H3"}) && !HasHandling(one.label, code)) {
    report.Say("R-GEN-01.scheme_code", Cat({one.at, ".label.handling"}), named);
  }
  const bool closed = scheme == "UK_5X5X5" && OneOf(code, {"4", "5"});
  if (closed && GoesToOthers(one.label)) {
    report.Say("R-GEN-01.scheme_closed", Cat({one.at, ".label.release_states"}), named);
  }
  const bool conditions =
      (scheme == "UK_5X5X5" && code == "3") || (scheme == "UK_3X5X2" && code == "C");
  if (conditions && IsBlank(one.label.other_restrictions())) {
    report.Say("R-GEN-01.scheme_words", Cat({one.at, ".label.other_restrictions"}), named);
  }
}

// --- What nobody can find it by

bool IsFound(const v1::Place& place) { return !place.unlocode().empty() || place.has_geo(); }

// The first place where something is left out, and how often; each would hide the others.
struct LeftOut {
  std::string at;
  int count = 0;

  void Take(const std::string& where) {
    if (count++ == 0) at = where;
  }
  void Tell(std::string_view key, Report& report) const {
    if (count > 0) report.Say(key, at, {{"count", absl::StrFormat("%d", count)}});
  }
};

void CheckLegsFound(const v1::RouteReport& route, Report& report) {
  LeftOut names, modes;
  const auto look = [&](const v1::Place& place, const std::string& at) {
    if (IsFound(place)) return;
    const bool named =
        !IsBlank(place.name()) || !IsBlank(place.country()) || !IsBlank(place.admin());
    if (named) names.Take(at);
    if (!named) report.Say("R-GEN-01.place", at);
  };
  const std::string list = Cat({kRoute, ".legs"});
  for (int i = 0; i < route.legs_size(); ++i) {
    const v1::RouteLeg& leg = route.legs(i);
    if (leg.has_from()) look(leg.from(), At(list, i, "from"));
    if (leg.has_to()) look(leg.to(), At(list, i, "to"));
    if (leg.mode() == v1::TransportMode::UNSPECIFIED) modes.Take(At(list, i, "mode"));
  }
  names.Tell("R-GEN-01.place_name", report);
  modes.Tell("R-GEN-01.mode_open", report);
}

// By what others name the report and its legs.
void CheckNumbering(const v1::RouteReport& route, Report& report) {
  if (route.version() == 0) report.Say("R-GEN-01.version_nought", Cat({kRoute, ".version"}));
  std::set<uint32_t> numbers;
  for (const v1::RouteLeg& leg : route.legs()) {
    if (leg.seq() > 0) numbers.insert(leg.seq());
  }
  // A number is a sender's: as far as there are legs is far enough to look.
  uint32_t next = 1;
  while (numbers.count(next) != 0) ++next;
  if (numbers.empty() || next > *numbers.rbegin()) return;
  report.Say("R-GEN-01.leg_gap", Cat({kRoute, ".legs"}), {{"number", absl::StrFormat("%u", next)}});
}

// A day may be tomorrow's where the sun rises first, and clocks differ.
void CheckSeen(const std::string& text, const std::string& at, absl::Time now, Report& report) {
  const auto seen = ReadSighting(text);
  const bool exact = text.find('T') != std::string::npos;
  if (seen && seen->begin > now + absl::Hours(exact ? 1 : 14)) {
    report.Say("R-GEN-01.to_come", at);
  }
}

void CheckPeriodSeen(const v1::RoutePeriod& period, const std::string& at, absl::Time now,
                     Report& report) {
  CheckSeen(period.first_seen(), Cat({at, ".period.first_seen"}), now, report);
  CheckSeen(period.last_seen(), Cat({at, ".period.last_seen"}), now, report);
}

// Women, and girls and boys: nobody is both.
void CheckSums(const v1::PersonsObserved& seen, Report& report) {
  const uint64_t most = std::max(seen.min(), seen.max());
  const uint64_t both = uint64_t{seen.women()} + seen.children();
  const bool alone = seen.has_children() && seen.unaccompanied() > seen.children();
  if ((most != 0 && both > most) || alone) {
    report.Say("R-GEN-01.count_sum", Cat({kRoute, ".persons_observed"}));
  }
}

// The article that a report is made under, and what it is about. People who are smuggled are often
// trafficked too; firearms are neither.
void CheckArticle(const v1::RouteReport& route, Report& report) {
  const bool of_people = OneOf(route.subject_area(), {"SMUGGLING_OF_MIGRANTS", "SMUGGLING",
                                                      "TRAFFICKING_IN_PERSONS", "TRAFFICKING"});
  const bool of_firearms = route.subject_area() == "FIREARMS";
  if ((route.kind() == "FAP_12" && of_people) ||
      (OneOf(route.kind(), {"SOM_10", "TIP_10"}) && of_firearms)) {
    report.Say("R-GEN-01.kind_area", Cat({kRoute, ".kind"}));
  }
}

void CheckReview(const v1::Label& label, const std::string& at, absl::Time now, Report& report) {
  if (IsAfterEnd(label.review_at(), now)) {
    report.Say("R-GEN-01.review_over", Cat({at, ".label.review_at"}));
  }
}

}  // namespace

void CheckReportTexts(const RuleInput& in, Report& report) {
  const auto look = [&](const std::string& path, const std::string& text) {
    if (!IsOfAMark(path) && HoldsPersonalData(text)) report.Say("R-INT-04.text", path);
  };
  if (in.body.has_route_report()) ForTexts(in.body.route_report(), kRoute, look);
  if (in.body.has_document_method_report()) {
    ForTexts(in.body.document_method_report(), kMethod, look);
  }
}

void CheckSchemeHandling(const RuleInput& in, Report& report) {
  if (in.body.has_route_report()) {
    const v1::RouteReport& route = in.body.route_report();
    CheckGraded({route.evaluation(), route.label(), kRoute}, report);
    // What one source was given under holds for what was made of it. Several say it once.
    std::set<std::string> said = {Grading(route.evaluation())};
    for (const v1::ReportSource& source : route.sources()) {
      if (source.sanitised() || !said.insert(Grading(source.evaluation())).second) continue;
      CheckGraded({source.evaluation(), route.label(), kRoute}, report);
    }
  }
  if (in.body.has_document_method_report()) {
    const v1::DocumentMethodReport& method = in.body.document_method_report();
    CheckGraded({method.evaluation(), method.label(), kMethod}, report);
  }
}

void CheckReportFound(const RuleInput& in, Report& report) {
  const auto now = ParseInstant(NowText(in.context));
  if (now.ok() && in.body.has_document_method_report()) {
    const v1::DocumentMethodReport& method = in.body.document_method_report();
    CheckPeriodSeen(method.period(), kMethod, *now, report);
    CheckReview(method.label(), kMethod, *now, report);
  }
  if (!in.body.has_route_report()) return;
  const v1::RouteReport& route = in.body.route_report();
  CheckLegsFound(route, report);
  CheckNumbering(route, report);
  CheckSums(route.persons_observed(), report);
  CheckArticle(route, report);
  if (!now.ok()) return;
  CheckPeriodSeen(route.period(), kRoute, *now, report);
  CheckReview(route.label(), kRoute, *now, report);
  for (int i = 0; i < route.legs_size(); ++i) {
    CheckSeen(route.legs(i).seen_at(), At(Cat({kRoute, ".legs"}), i, "seen_at"), *now, report);
  }
}

void CheckReportFormLeft(const RuleInput& in, Report& report) {
  if (!in.body.has_route_report()) return;
  static const v1::RouteReport& form = *new v1::RouteReport(RouteTemplate());
  const v1::RouteReport& route = in.body.route_report();
  std::string fields;
  const auto left = [&](const std::string& field) {
    fields += Cat({fields.empty() ? "" : ", ", kRoute, ".", field});
  };
  if (route.summary() == form.summary()) left("summary");
  const v1::Identifier& ship = form.legs(1).conveyance().identifiers(0);
  for (int i = 0; i < route.legs_size(); ++i) {
    const auto& marks = route.legs(i).conveyance().identifiers();
    const bool same = std::any_of(marks.begin(), marks.end(), [&](const v1::Identifier& mark) {
      return mark.scheme() == ship.scheme() && mark.value() == ship.value();
    });
    if (same) left(At("legs", i, "conveyance.identifiers"));
  }
  // A service may well have given this number itself.
  if (!fields.empty() && route.route_id() == form.route_id()) left("route_id");
  if (!fields.empty()) report.Say("R-GEN-04.sample", "", {{"fields", fields}});
}

}  // namespace palermo::casework
