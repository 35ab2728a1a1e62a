// Rights of who is arrested, and of who speaks, writes or defends others: consular information,
// counsel, protected activity.
#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Request;

// --- HR-09: VCCR 36, SOM 16(5)

// Common to the records of a boarding, of a hearing and of an operation.
template <typename Record>
void CheckConsular(const Record& record, const std::string& at, bool foreign, Report& report) {
  const bool told = !IsBlank(record.consular_notified_at());
  if (told && OneOf(record.protection_claim(), {"PENDING", "RECOGNISED", "APPEAL"})) {
    report.Say("R-HR-09.claim", at + ".consular_notified_at");
  } else if (told && !record.consular_asked_for()) {
    report.Say(record.has_consular_asked_for() ? "R-HR-09.unasked" : "R-HR-09.wish",
               at + ".consular_asked_for");
  }
  if (!foreign || record.consular_informed()) return;
  report.Say(record.has_consular_informed() ? "R-HR-09.not_informed" : "R-HR-09.informed",
             at + ".consular_informed");
}

void CheckConsularRecords(const RuleInput& in, Report& report) {
  const auto& arrests = in.body.boarding_result().arrests();
  for (int i = 0; i < arrests.size(); ++i) {
    // Who is taken at sea is mostly no national of the state that boards.
    const bool foreign =
        arrests[i].nationality().empty() || arrests[i].nationality() != in.context.requesting_state;
    CheckConsular(arrests[i], At("boarding_result.arrests", i), foreign, report);
  }
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    const auto& hearings = item.hearings();
    for (int k = 0; k < hearings.size(); ++k) {
      // A hearing deprives nobody of liberty: only what was done is looked at.
      CheckConsular(hearings[k], At(at + ".hearings", k), hearings[k].has_consular_informed(),
                    report);
    }
  });
  if (!in.body.has_operation_record() || !in.body.operation_record().has_arrest()) return;
  // That a record says no stops it: R-HR-06 of operations.
  const v1::ArrestRecord& arrest = in.body.operation_record().arrest();
  CheckConsular(arrest, "operation_record.arrest", !arrest.has_consular_informed(), report);
}

// --- HR-07: counsel

void CheckCounsel(const RuleInput& in, Report& report) {
  const auto& arrests = in.body.boarding_result().arrests();
  for (int i = 0; i < arrests.size(); ++i) {
    if (!arrests[i].has_counsel_offered() || arrests[i].counsel_offered()) continue;
    report.Say("R-HR-04.counsel", At("boarding_result.arrests", i, "counsel_offered"));
  }
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    const auto& hearings = item.hearings();
    for (int k = 0; k < hearings.size(); ++k) {
      if (!hearings[k].has_counsel_offered() || hearings[k].counsel_offered()) continue;
      report.Say("R-HR-04.counsel", At(at + ".hearings", k, "counsel_offered"));
    }
  });
}

// --- HR-20: expression, association, journalism, the defence of rights

// Where such a person is most easily called an offender.
bool IsOfSpeech(const RuleInput& in, const Request& r) {
  return OneOf(CanonicalArea(r.area()), {"CYBERCRIME", "TERRORISM"}) ||
         Asks(in, {AssistanceType::PRESERVE_DATA, AssistanceType::DISCLOSE_PRESERVED_TRAFFIC,
                   AssistanceType::ACCESS_STORED_DATA, AssistanceType::REALTIME_TRAFFIC,
                   AssistanceType::INTERCEPT_CONTENT, AssistanceType::SUBSCRIBER_INFO,
                   AssistanceType::ELECTRONIC_SURVEILLANCE});
}

// Stems, folded. They are a hint and never stop anything.
constexpr std::array kSpeech = {
    "journalis",    "blogger",  "defamation", "insult",    "activist", "human rights defender",
    "trade union",  "protest",  "newspaper",  "diffamat",  "militant", "defenseur des droits",
    "syndica",      "periodis", "difamacion", "activista", "sindica",  "журналист",
    "правозащитни", "клевет",   "активист",   "صحفي",      "ناشط",     "تشهير",
    "记者",         "诽谤",     "维权"};

bool SpeaksOfIt(std::string_view text) {
  if (text.empty()) return false;
  const std::string folded = Folded(text);
  return std::any_of(kSpeech.begin(), kSpeech.end(),
                     [&](const char* stem) { return folded.find(stem) != std::string::npos; });
}

void CheckProtectedActivity(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  bool said = false;
  for (int i = 0; i < r->persons_size(); ++i) {
    const v1::Person& p = r->persons(i);
    if (p.protected_activity().empty()) continue;
    said = true;
    if (SaysNothing(p.protected_activity_review()) && IsOfSpeech(in, *r)) {
      report.Say("R-HR-20.review", At("request.persons", i, "protected_activity_review"));
    }
  }
  if (said || !IsOfSpeech(in, *r)) return;
  const bool offence = std::any_of(r->offence().begin(), r->offence().end(),
                                   [](const v1::Offence& o) { return SpeaksOfIt(o.label()); }) ||
                       SpeaksOfIt(r->proceeding().nature()) ||
                       SpeaksOfIt(r->proceeding().subject_matter());
  if (offence) {
    report.Say("R-HR-20.words", "request.offence");
  } else if (SpeaksOfIt(r->facts_summary())) {
    report.Say("R-HR-20.words", "request.facts_summary");
  }
}

constexpr Rule kRightsRules[] = {
    {{"R-HR-09", "W/I", "VCCR 36, SOM 16(5)",
      "a consular post is told against a person's wish or while a claim is open, or an arrested "
      "foreigner was not informed of the right to it (I: nothing says so)"},
     CheckConsularRecords},
    {{"R-HR-04", "W", "ICCPR 14(3)(d)", "an arrest or hearing without offer of counsel"},
     CheckCounsel},
    {{"R-HR-20", "W/I", "ICCPR 19, 21, 22",
      "a request in cybercrime or terrorism, or for electronic data, against somebody who writes, "
      "assembles or defends rights, without a review (I: its words point to that)"},
     CheckProtectedActivity},
};

}  // namespace

std::span<const Rule> RightsRules() { return kRightsRules; }

}  // namespace palermo::casework
