#include "node/desk/facts.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/catalogue.h"
#include "node/casework/clocks.h"
#include "node/casework/vocabulary.h"

namespace palermo::desk {
namespace {

using casework::FactClock;
using v1::Act;

void Add(const char* id, const std::string& started, const std::string& done, std::string field,
         std::vector<FactClock>& out) {
  const auto from = ParseInstant(started), until = ParseInstant(done);
  if (!from.ok()) return;
  FactClock clock{id, *from};
  if (until.ok()) clock.done = *until;
  clock.field = std::move(field);
  out.push_back(std::move(clock));
}

void AddItem(const v1::Item& item, const std::string& at, std::vector<FactClock>& out) {
  const v1::SafeConduct& conduct = item.safe_conduct_record();
  Add("R-CLK-SAFE", conduct.released_notice_at(), conduct.left_at(),
      Cat({at, ".safe_conduct_record"}), out);
  const v1::Permit& permit = item.permit();
  if (permit.kind() == "EXPORT" || permit.kind().empty()) {
    Add("R-CLK-PERMIT", permit.granted(), "", Cat({at, ".permit.granted"}), out);
  }
}

void AddRequest(const v1::Request& request, std::vector<FactClock>& out) {
  for (int i = 0; i < request.items_size(); ++i) {
    AddItem(request.items(i), Cat({"request.items[", std::to_string(i), "]"}), out);
  }
  Add("R-CLK-VICT", request.referral().identified_at(), request.referral().return_plan().date(),
      "request.referral.identified_at", out);
}

// The condition of the catalogue: what the clock counts, in plain words.
std::string MeaningOf(const std::string& rule, const casework::Translated& translated) {
  const casework::CatalogueRow* row = casework::FindRule(rule);
  PALERMO_CHECK(row != nullptr);
  return Cat({casework::Said(row->condition, {}, translated), " (", row->authority, ")"});
}

std::string DueText(const FactClock& fact) {
  const auto due = casework::DueAfter(fact.id, fact.started);
  return due.ok() ? FormatInstant(*due) : "";
}

}  // namespace

std::vector<FactClock> FactsOfBodies(const std::vector<casework::OpenedAct>& acts) {
  std::vector<FactClock> facts;
  const v1::Request* request = nullptr;
  const v1::Preservation* kept = nullptr;
  for (const casework::OpenedAct& act : acts) {
    if (act.body == nullptr) continue;
    if (act.body->has_request()) request = &act.body->request();
    const v1::ObligationReport& done = act.body->obligation_report();
    Add("R-CLK-SPEC45", done.final_discharge_at(), done.left_at(),
        "obligation_report.final_discharge_at", facts);
    const bool keeps =
        act.act == Act::PRESERVATION_CONFIRMED || act.act == Act::PRESERVATION_EXTENDED;
    if (keeps) kept = &act.body->preservation();
    if (act.act == Act::PRESERVATION_RELEASED) kept = nullptr;
  }
  if (request != nullptr) AddRequest(*request, facts);
  if (kept != nullptr) Add("R-CLK-PRESDOM", kept->from(), "", "preservation.from", facts);
  return facts;
}

std::vector<FactClock> FactsOfEntry(const trust::TrustView& view, const std::string& authority) {
  std::vector<FactClock> facts;
  if (!IsAuthorityId(authority)) return facts;
  const auto directory = view.DirectoryOf(StateOf(authority));
  const auto* entry = directory.ok() ? (*directory)->FindAuthority(authority) : nullptr;
  if (entry == nullptr) return facts;
  for (const v1::Designation& one : entry->cooperation().designations()) {
    FactClock clock{"R-CLK-DESIG", FromMillis(one.designated_at_ms())};
    if (one.notified_at_ms() != 0) clock.done = FromMillis(one.notified_at_ms());
    // What was told in time is told.
    const auto due = casework::DueAfter(clock.id, clock.started);
    if (due.ok() && clock.done <= *due) continue;
    clock.field = Cat({authority, " ", v1::AuthorityRole::Code_Name(one.role())});
    facts.push_back(std::move(clock));
  }
  return facts;
}

bool AnyLate(const std::vector<FactClock>& facts, absl::Time now) {
  const auto findings = casework::FactFindings(facts, now);
  return std::any_of(findings.begin(), findings.end(), [](const casework::Finding& finding) {
    return finding.severity != casework::Severity::kNote;
  });
}

std::string FactsText(const std::vector<FactClock>& facts, absl::Time now,
                      const casework::Translated& translated) {
  const auto say = [&](const std::string& english) {
    return casework::Said(english, {}, translated);
  };
  std::string text;
  for (const FactClock& fact : facts) {
    text += Cat(
        {fact.id, "  ", DueText(fact), "\n  ", MeaningOf(fact.id, translated), "\n  ",
         casework::Said(casework::Msg("started by {field} at {time}"),
                        {{"field", fact.field}, {"time", FormatInstant(fact.started)}}, translated),
         "\n"});
    for (const casework::Finding& finding : casework::FactFindings({&fact, 1}, now)) {
      text += Cat({"  ", say(finding.what), "; ", say(finding.todo), "\n"});
    }
  }
  return text;
}

Json FactsJson(const std::vector<FactClock>& facts, absl::Time now) {
  Json list = Json::List();
  for (const FactClock& fact : facts) {
    Json one = Json::Object();
    one.Add("rule", fact.id).Add("started", FormatInstant(fact.started));
    one.Add("due", DueText(fact)).Add("field", fact.field);
    one.Add("done", fact.done == absl::InfiniteFuture() ? Json::Raw("null")
                                                        : Json::Text(FormatInstant(fact.done)));
    Json findings = Json::List();
    for (const casework::Finding& finding : casework::FactFindings({&fact, 1}, now)) {
      findings.Push(finding.what);
    }
    list.Push(std::move(one.Add("findings", std::move(findings))));
  }
  return list;
}

}  // namespace palermo::desk
