// What the author of a report is asked before it is sealed, beyond what is judged of any extract of
// a route (route_rules.h). docs/formats/intelligence.md. Pure; thread-safe.
#include "node/casework/intelligence/report_rules.h"
#include "absl/strings/ascii.h"
#include "base/bytes.h"

namespace palermo::casework {
namespace {

// A mark by which a person is found. Of people who were moved no report has any (R-INT-04): whose
// it is must be said.
bool IsOfPersons(const std::string& scheme) {
  return OneOf(absl::AsciiStrToUpper(scheme), {"DOCUMENT", "PHONE", "IMEI", "IMSI", "EMAIL",
                                               "ACCOUNT_NAME", "ACCOUNT", "IBAN", "BTC", "ETH"});
}

void CheckWhose(const v1::Identifier& id, const std::string& at, Report& report) {
  if (IsOfPersons(id.scheme()) && OneOf(id.of(), {"", "THING"})) {
    report.Say("R-INT-04.whose", Cat({at, ".of"}));
  }
}

// The selectors of a network are the organisers', and blanks that were stolen have no holder yet.
void CheckMarksOfPersons(const RuleInput& in, Report& report) {
  const v1::RouteReport& route = in.body.route_report();
  for (int i = 0; i < route.identifiers_size(); ++i) {
    CheckWhose(route.identifiers(i), At("route_report.identifiers", i), report);
  }
  for (int i = 0; i < route.legs_size(); ++i) {
    const auto& things = route.legs(i).conveyance().identifiers();
    for (int k = 0; k < things.size(); ++k) {
      const std::string at = At("route_report.legs", i, "conveyance.identifiers");
      CheckWhose(things[k], At(at, k), report);
    }
  }
}

constexpr Rule kIntelligenceReportRules[] = {
    {{"R-INT-04", "E", "TIP 6(1)",
      "a mark by which persons are found does not say that it is a suspect's or an organisation's"},
     CheckMarksOfPersons},
    {{"R-GEN-01", "E", "", "a report that is sent has no kind, or a word outside its field's list"},
     CheckRouteWords},
    {{"R-GEN-01", "E", "",
      "a label names what is no state or officer, RED without officers, H3 without words, another "
      "originator than its report, or a day of deletion that is over"},
     CheckRouteLabel},
    {{"R-GEN-01, R-INT-02, R-ID-LEI", "E", "",
      "a report has no usable id, two legs with one number, or a mark, price, duration, date, "
      "country or grading of a source that is not right"},
     CheckRouteFields},
    {{"R-GEN-01", "E", "TIP 10(1)",
      "a report on methods has a word, code, label, date or mark that is not right"},
     CheckMethodFields},
    {{"R-INT-04", "W", "TIP 6(1)",
      "a text of a report seems to hold the name of a victim, a migrant or a witness, a date of "
      "birth, the number of a document of identity or somebody's telephone"},
     CheckReportTexts},
    {{"R-GEN-01", "E", "",
      "the evaluation, or that of a source, has a handling code of its scheme, or an H-code, that "
      "is stricter than the label"},
     CheckSchemeHandling},
    {{"R-GEN-01", "E/I", "",
      "a place says nothing, or a sighting lies in the future; a place is a name alone, a leg has "
      "no mode, the parts of the persons are more than the whole, the article is not that of the "
      "area, the day of review is over, or the version or the number of a leg is left out (I)"},
     CheckReportFound},
    {{"R-GEN-04", "I", "", "the summary or the mark is still the printed form's"},
     CheckReportFormLeft},
};

}  // namespace

std::span<const Rule> ReportRules() { return kIntelligenceReportRules; }

}  // namespace palermo::casework
