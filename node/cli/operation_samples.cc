// What an officer left in a printed form of a record as it was.
#include <algorithm>
#include <map>
#include <string_view>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/rules.h"
#include "node/cli/operation_forms.h"

namespace palermo::cli {
namespace {

// Who, where, which reference, what happened: true of no operation. Clauses that may well be agreed
// as they are printed are none of them, and have a note of their own.
constexpr size_t kMostFields = 32;  // that are listed
constexpr std::string_view kToReplace[] = {
    kPurposeSample,
    "NAME",
    "warrant QM-77",
    "record id of the task",
    "record id of the decision",
    "record id of the target sheet",
    "where it runs",
    "what happened; no names of victims",
    "who aborts, and how",
    "QM-OFF-3",
    "GREY HERON",
    "drives the lorry; collects the money",
    "he would not let go of the door",
    "review QM-R-5",
    "Police of three states searched houses today. Inquiries go on.",
};

using Fields = std::vector<std::string>;

// Where the form prints a clause, and what.
const std::map<std::string, std::string>& PrintedClauses() {
  static const auto& printed = *new std::map<std::string, std::string>([] {
    v1::OperationRecord record;
    FillClauses(*record.mutable_agreement());
    record.mutable_agreement()->clear_counting_definitions();
    record.mutable_agreement()->clear_languages();
    record.mutable_agreement()->mutable_purpose()->Clear();
    std::map<std::string, std::string> texts;
    casework::ForTexts(record, "operation_record",
                       [&](const std::string& path, const std::string& text) {
                         if (text != "default") texts[path] = text;  // for every pair
                       });
    return texts;
  }());
  return printed;
}

void TellFields(std::string_view key, const Fields& fields,
                std::vector<casework::Finding>& findings) {
  if (fields.empty()) return;
  casework::Tell(key, "", findings, {{"fields", absl::StrJoin(fields, ", ")}});
}

// The leader and the law of a state as the form makes them of its code.
void AddLeaderSamples(const v1::OperationRecord& record, Fields& fields) {
  const auto& leaders = record.agreement().leaders();
  for (int i = 0; i < leaders.size(); ++i) {
    const auto add = [&](const char* member) {
      if (fields.size() < kMostFields) {
        fields.push_back(casework::At("operation_record.agreement.leaders", i, member));
      }
    };
    if (leaders[i].leader() == LeaderSample(leaders[i].state())) add("leader");
    if (leaders[i].law() == LawSample(leaders[i].state())) add("law");
  }
}

}  // namespace

std::string LeaderSample(std::string_view state) { return Cat({state, "-L-1"}); }
std::string LawSample(std::string_view state) { return Cat({"law of ", state}); }

void FillClauses(v1::OperationAgreement& a) {
  a.mutable_purpose()->set_text(kPurposeSample);
  auto& basis = *a.add_basis();
  basis.set_pair("default");
  basis.set_basis("UNTOC 19");
  a.mutable_purpose()->add_offences("trafficking in persons");
  a.mutable_information()->set_sharing("Each record goes to all members of that moment.");
  a.mutable_information()->set_use("For the purpose of this agreement only (2AP 20(10)).");
  a.mutable_information()->set_disclosure("Exculpatory material is disclosed after notice.");
  a.mutable_data_protection()->add_purposes("the purpose of this agreement");
  a.mutable_data_protection()->set_retention("Until the end of proceedings and 5 years.");
  a.mutable_data_protection()->set_correction("Who finds an error tells all parties at once.");
  a.mutable_measures()->set_seconded_present(true);
  a.mutable_measures()->set_conditions(
      "Seconded members are present; what they do themselves both states approve (2AP 20(6)).");
  a.set_media("A text for the media is told when all parties have agreed to it.");
  a.mutable_special_means()->set_weapons("None is carried by seconded members.");
  a.mutable_special_means()->set_undercover("None without an agreement of its own.");
  a.set_dispute("The leaders settle it; else the authorities of the parties.");
  a.set_prosecution_strategy("The prosecutors agree where each person is tried (UNTOC 15(5)).");
  a.set_asset_sharing("By agreement case by case (UNTOC 14(3)).");
  a.set_evaluation("The leaders, within three months after the closing, with its figures.");
  a.set_confidentiality("Nothing is published before all parties agree.");
  a.add_languages("en");
  a.mutable_costs()->set_liability("Each party is liable for what its officers do (2AP 22).");
  a.mutable_safety()->set_human_rights_plan("Interpreter, counsel and consular notice each time.");
  a.mutable_safety()->set_victims("Victims are referred at once; help asks for no testimony.");
  a.mutable_evidence()->set_custody_form("The evidence record of this operation.");
  a.set_coordination("The leaders, each week.");
  a.add_counting_definitions("A person counts once, by blinded token.");
  for (const casework::CounterInfo& counter : casework::Counters()) {
    a.add_counting_definitions(Cat({counter.name, ": ", counter.means}));
  }
  a.mutable_change()->set_departure("30 days' notice; at once for cause.");
  a.mutable_change()->set_departure_notice_days(30);
  a.mutable_change()->set_amendment("In writing, by all parties.");
  a.mutable_change()->set_accession("By consent of all parties, on the version in force.");
  a.mutable_change()->set_termination("At the end of the period, or when all parties agree.");
}

std::vector<casework::Finding> CheckSamplesLeft(const v1::OperationRecord& record) {
  Fields fields, clauses;
  casework::ForTexts(
      record, "operation_record", [&](const std::string& path, const std::string& text) {
        const bool left =
            std::find(std::begin(kToReplace), std::end(kToReplace), text) != std::end(kToReplace);
        if (left && fields.size() < kMostFields) fields.push_back(path);
        const auto printed = PrintedClauses().find(path);
        if (printed != PrintedClauses().end() && printed->second == text) {
          clauses.push_back(path.substr(path.find("agreement.") + 10));
        }
      });
  AddLeaderSamples(record, fields);
  std::vector<casework::Finding> findings;
  TellFields("R-GEN-04.sample", fields, findings);
  TellFields("R-GEN-04.clauses", clauses, findings);
  return findings;
}

}  // namespace palermo::cli
