// The law as code, with the real programs: a case of each family reaches each of its end states
// through two nodes and two desks, by the templates of `palermo case new` and the commands of an
// officer. At the end both desks show the same history byte for byte, and both ledgers verify.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/state_machine.h"
#include "tests/system/case_desks.h"

namespace palermo::testing {
namespace {

using casework::CaseState;
using casework::Side;
using v1::Act;
using v1::Family;

struct Row {
  Family::Code family;
  std::string end;                 // the state, as both desks show it
  std::vector<std::string> steps;  // acts
  std::string assistance = {};     // kind of request; empty: the family's first example
};

std::unique_ptr<CaseDesks> g_desks;

struct Body {
  const char* name;
  const char* json;
};
constexpr Body kBodies[] = {
    {"refusal",
     R"({"consultation_open": {"topic": "REFUSAL", "intended_ground": "SECURITY",
         "statement": "Execution would endanger a running operation. What is your view?"}})"},
    {"danger",
     R"({"boarding_result": {"boarded_at": "2026-02-02T06:40:00Z", "measures": ["BOARD"],
         "imminent_danger_to_life": true}})"},
    {"nationality",
     R"({"consultation_open": {"topic": "REFUSAL", "intended_ground": "NATIONALITY_OF_PERSON",
         "statement": "The person is our national. We offer to prosecute."}})"},
    {"long-kept",  // since a call by telephone, and no follow-up came
     R"({"preservation": {"status": "PRESERVED", "from": "2025-01-02T00:00:00Z",
         "until": "2025-04-02T00:00:00Z"}})"},
    {"postponement",
     R"({"consultation_open": {"topic": "POSTPONEMENT",
         "statement": "An investigation of ours would be disturbed until summer."}})"},
    {"crews",
     R"({"consultation_open": {"topic": "CONDITIONS",
         "statement": "Our officers go with the truck. Would that serve your purpose?"}})"},
    {"escort", R"({"statement": {"text": "Two of our officers go with the truck."}})"},
};

std::vector<std::string> Plus(std::vector<std::string> steps,
                              const std::vector<std::string>& more) {
  steps.insert(steps.end(), more.begin(), more.end());
  return steps;
}

const std::vector<std::string> kReceived = {"Q REQUEST", "T ACKNOWLEDGEMENT"};
const std::vector<std::string> kExecuting = Plus(kReceived, {"T ADMISSION", "T EXECUTION_STARTED"});
const std::vector<std::string> kAuthorised =
    Plus(kReceived, {"T REGISTRY_CONFIRMED", "T BOARDING_AUTHORISED"});
const std::vector<std::string> kConsented = Plus(kReceived, {"T DELIVERY_CONSENT"});
const std::vector<std::string> kPreserved = Plus(kReceived, {"T PRESERVATION_CONFIRMED"});

std::vector<Row> OwnRows() {
  return {
      {Family::EXTRADITION, "SURRENDERED",
       Plus(kReceived, {"T PROVISIONAL_ARREST_NOTE", "T SURRENDER_ORDER", "T SURRENDER_REPORT"})},
      {Family::EXTRADITION, "REFUSED_NATIONALITY",
       Plus(kReceived, {"T CONSULTATION_OPEN nationality.json", "Q CONSULTATION_STATEMENT",
                        "T REFUSAL_NATIONALITY"})},
      {Family::PRESERVATION_24_7, "RELEASED",
       Plus(kReceived, {"T PRESERVATION_CONFIRMED long-kept.json", "T PRESERVATION_RELEASED -"})},
      {Family::PRESERVATION_24_7, "DISCLOSED",
       Plus(kPreserved, {"T PRESERVATION_EXTENDED", "T FOLLOWUP_RECEIVED", "T DATA_DISCLOSED"})},
      {Family::SEA, "CLOSED",
       Plus(kReceived, {"T REGISTRY_UNKNOWN", "T REGISTRY_CONFIRMED", "Q CLOSE"}),
       "FLAG_CONFIRMATION"},
      {Family::SEA, "BOARDED", Plus(kReceived, {"Q BOARDING_REPORT danger.json"})},
      {Family::EXTRADITION, "SURRENDERED",
       Plus(kReceived, {"T PROVISIONAL_ARREST_NOTE", "T INFO_REQUEST", "Q INFO_SUPPLEMENT",
                        "Q INFO_SUPPLEMENT", "T RESUMPTION", "T PROVISIONAL_ARREST_NOTE",
                        "T SURRENDER_ORDER", "T SURRENDER_REPORT"}),
       "PROVISIONAL_ARREST"},
      {Family::SPECIAL_TECHNIQUE, "ABORTED",
       Plus(kConsented, {"T DELIVERY_LIVE", "T PARTIAL_RESULT", "T DELIVERY_ABORT"})},
      {Family::SEA, "FLAG_ACTS", Plus(kReceived, {"T REGISTRY_CONFIRMED", "T FLAG_STATE_ACTS"})},
      {Family::SEA, "DECLINED", Plus(kReceived, {"T REGISTRY_UNKNOWN", "T BOARDING_DECLINED"})},
      {Family::SEA, "RESULT_REPORTED",
       Plus(kAuthorised, {"Q BOARDING_REPORT", "Q BOARDING_RESULT"})},
      {Family::SEA, "JURISDICTION_DECIDED",
       Plus(kReceived, {"T REGISTRY_CONFIRMED", "T JOINT_BOARDING", "Q BOARDING_REPORT",
                        "Q BOARDING_RESULT", "T JURISDICTION_DECISION"})},
      {Family::SPECIAL_TECHNIQUE, "ABORTED", Plus(kConsented, {"Q DELIVERY_ABORT"})},
      {Family::SPECIAL_TECHNIQUE, "ABORTED",
       Plus(kConsented, {"T DELIVERY_LIVE", "T CONSULTATION_OPEN crews.json", "Q DELIVERY_ABORT"})},
      {Family::SPECIAL_TECHNIQUE, "LIVE",
       Plus(kConsented, {"T CONSULTATION_OPEN crews.json", "T CONDITIONS_PROPOSAL escort.json",
                         "Q CONDITIONS_ACCEPT", "T DELIVERY_CONSENT", "T DELIVERY_LIVE"})},
      {Family::SPECIAL_TECHNIQUE, "ABORTED",
       Plus(kConsented, {"T DELIVERY_LIVE", "T DELIVERY_ABORT"})},
      {Family::SPONTANEOUS, "USED", Plus(kReceived, {"T INFORMATION_USED"})},
      {Family::SPONTANEOUS,
       "USED",
       {"Q CONDITIONAL_OFFER", "T OFFER_ACCEPTED", "Q REQUEST", "T ACKNOWLEDGEMENT",
        "T INFORMATION_USED"}},
      {Family::SPONTANEOUS, "OFFER_DECLINED", {"Q CONDITIONAL_OFFER", "T OFFER_DECLINED"}},
      {Family::MLA, "CLOSED", Plus(kExecuting, {"T FINAL_RESULT", "T CLOSE_NOTICE -"})},
      {Family::SPONTANEOUS, "NOT_USED", Plus(kReceived, {"T INFORMATION_NOT_USED"})},
      {Family::SPONTANEOUS, "CONVERTED_TO_REQUEST", Plus(kReceived, {"T CONVERTED_TO_REQUEST"})},
      // 18(5): who received it tells of a disclosure to the defence, also when the case is closed,
      // and asks its provider.
      {Family::SPONTANEOUS, "USED",
       Plus(kReceived, {"T EXCULPATORY_NOTICE", "T USE_CONSENT_REQUEST", "Q USE_CONSENT_DECISION",
                        "T INFORMATION_USED"})},
      {Family::SPONTANEOUS, "CLOSED",
       Plus(kReceived, {"T INFORMATION_NOT_USED", "Q CLOSE", "T EXCULPATORY_NOTICE"})},
      {Family::LAW_ENFORCEMENT_INFO, "EXECUTED",
       Plus(kExecuting, {"T EXCULPATORY_NOTICE", "T FINAL_RESULT", "Q EXCULPATORY_NOTICE"})},
  };
}

// The ways that MLA has besides the straight one, and requests of other kinds.
std::vector<Row> OtherWays() {
  return {
      {Family::MLA, "CLOSED",
       Plus(kReceived, {"T INFO_REQUEST", "Q INFO_SUPPLEMENT", "T ADMISSION", "T EXECUTION_STARTED",
                        "T SUSPENSION", "T RESUMPTION", "T PARTIAL_RESULT", "T FINAL_RESULT",
                        "Q COMPLETION_REQUEST", "T FINAL_RESULT", "Q CLOSE"})},
      {Family::MLA, "EXECUTED",
       Plus(kExecuting, {"T CONSULTATION_OPEN", "T CONDITIONS_PROPOSAL", "Q CONDITIONS_DECLINE",
                         "T CONDITIONS_PROPOSAL", "Q CONDITIONS_ACCEPT", "T FINAL_RESULT"})},
      {Family::MLA, "EXECUTED",
       Plus(kReceived, {"T CONSULTATION_OPEN postponement.json", "Q CONSULTATION_STATEMENT",
                        "T POSTPONEMENT_NOTICE postponed.json",
                        "T POSTPONEMENT_REVIEW postponed.json", "T RESUMPTION", "T FINAL_RESULT"})},
      {Family::MLA, "LAPSED", {"Q REQUEST", "T RETURN", "T LAPSE_NOTICE -"}},
      {Family::MLA,
       "EXECUTED",
       {"Q REQUEST", "T RETURN", "Q CORRECTED_REQUEST", "T ACKNOWLEDGEMENT", "T ADMISSION",
        "T EXECUTION_STARTED", "T FINAL_RESULT"}},
      {Family::MLA, "RECEIVED", {"Q ORAL_REQUEST_NOTE", "Q REQUEST"}},
      {Family::MLA, "CLOSED",
       Plus(kReceived, {"T CONSULTATION_OPEN refusal.json", "Q CONSULTATION_STATEMENT", "T REFUSAL",
                        "Q CLOSE"})},
      {Family::PROTOCOL_ADMIN, "EXECUTED", Plus(kExecuting, {"T FINAL_RESULT"}), "VERIFY_DOCUMENT"},
      {Family::PROTOCOL_ADMIN, "EXECUTED", Plus(kExecuting, {"T FINAL_RESULT"}),
       "VERIFY_NATIONALITY"},
      {Family::PROTOCOL_ADMIN, "REFUSED",
       Plus(kReceived,
            {"T CONSULTATION_OPEN refusal.json", "Q CONSULTATION_STATEMENT", "T REFUSAL"}),
       "VERIFY_NATIONALITY"},
  };
}

// The end states that every family has.
std::vector<Row> RowsOfAll(Family::Code family, const std::string& assistance = "") {
  std::vector<Row> rows = {
      {family, "EXECUTED", Plus(kExecuting, {"T FINAL_RESULT"})},
      {family, "CLOSED", Plus(kExecuting, {"T FINAL_RESULT", "Q CLOSE"})},
      {family, "REFUSED",
       Plus(kReceived,
            {"T CONSULTATION_OPEN refusal.json", "Q CONSULTATION_STATEMENT", "T REFUSAL"})},
      {family, "WITHDRAWN", {"Q REQUEST", "Q WITHDRAWAL"}},
      {family, "LAPSED", {"Q ORAL_REQUEST_NOTE", "T LAPSE_NOTICE -"}},
  };
  for (Row& row : rows) row.assistance = assistance;
  return rows;
}

// Kinds of items that only these families have: what a family begins with elsewhere is a general
// one.
struct OwnItem {
  Family::Code family;
  const char* assistance;
};
constexpr OwnItem kOwnItems[] = {{Family::VICTIM, "VICTIM_REFERRAL"},
                                 {Family::HIT_QUERY, "HIT_QUERY"},
                                 {Family::LAW_ENFORCEMENT_INFO, "RECRUITMENT_LEAD"}};

std::vector<Family::Code> Families() {
  std::vector<Family::Code> families;
  for (int n = 1; n <= Family::Code_MAX; ++n) families.push_back(static_cast<Family::Code>(n));
  return families;
}

std::vector<Row> AllRows() {
  std::vector<Row> rows;
  for (Family::Code family : Families()) {
    for (Row& row : RowsOfAll(family)) rows.push_back(std::move(row));
  }
  for (const OwnItem& own : kOwnItems) {
    for (Row& row : RowsOfAll(own.family, own.assistance)) rows.push_back(std::move(row));
  }
  for (Row& row : OwnRows()) rows.push_back(std::move(row));
  for (Row& row : OtherWays()) rows.push_back(std::move(row));
  return rows;
}

class EndStates : public ::testing::TestWithParam<Row> {};

TEST_P(EndStates, BothDesksShowIt) {
  const Row& row = GetParam();
  RunningCase one(row.family, row.assistance);
  one.Play(row.steps);
  if (HasFatalFailure()) return;
  one.ExpectBoth(row.end);
  EXPECT_EQ(one.Show("QM", "--history").find("\"conflict\": true"), std::string::npos);
}

std::string NameOf(const ::testing::TestParamInfo<Row>& info) {
  return Cat({casework::FamilyName(info.param.family), "_", info.param.end, "_",
              std::to_string(info.index)});
}
INSTANTIATE_TEST_SUITE_P(Families, EndStates, ::testing::ValuesIn(AllRows()), NameOf);

using EndSet = std::set<std::pair<int, std::string>>;  // family and state

// Whatever the procedure can end in.
EndSet ReachableEnds() {
  EndSet reachable;
  for (Family::Code family : Families()) {
    std::set<casework::Standing> seen = {casework::Standing()};
    std::vector<casework::Standing> open = {casework::Standing()};
    while (!open.empty()) {
      const casework::Standing at = open.back();
      open.pop_back();
      for (Side side : {Side::kRequesting, Side::kRequested}) {
        for (Act::Code act : casework::LegalActs(at, side, family)) {
          const auto next = casework::Apply(at, side, act, family);
          if (next.ok() && seen.insert(*next).second) open.push_back(*next);
        }
      }
    }
    for (const casework::Standing& standing : seen) {
      const bool end =
          casework::IsTerminal(standing.state) || casework::IsFinalOnSubstance(standing.state);
      if (end) reachable.insert({family, std::string(casework::StateName(standing.state))});
    }
  }
  return reachable;
}

// Each has a row.
TEST(EndStateTable, NamesEveryEndStateOfEveryFamily) {
  EndSet rows;
  for (const Row& row : AllRows()) rows.insert({row.family, row.end});
  for (const auto& [family, end] : ReachableEnds()) {
    EXPECT_EQ(rows.count({family, end}), 1u)
        << casework::FamilyName(static_cast<Family::Code>(family)) << " " << end;
  }
}

// And docs/casework.md has them all, and no other.
TEST(EndStateTable, StandsInTheDocs) {
  std::map<int, std::string> ends;
  for (const auto& [family, end] : ReachableEnds()) {
    ends[family] += Cat({ends[family].empty() ? "" : ", ", end});
  }
  std::string table = "| family | end states |\n|---|---|\n";
  for (const auto& [family, list] : ends) {
    table +=
        Cat({"| ", casework::FamilyName(static_cast<Family::Code>(family)), " | ", list, " |\n"});
  }
  const char* root = std::getenv("PALERMO_SOURCE");
  ASSERT_NE(root, nullptr);
  std::ifstream in(Cat({root, "/docs/casework.md"}));
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(page.find(Cat({"\n", table, "\n"})), std::string::npos) << table;
}

// --- What the law forbids

struct BadRow {
  Family::Code family;
  std::vector<std::string> steps;
  std::string bad;  // the act that is refused then
};

std::vector<BadRow> BadRows() {
  std::vector<BadRow> rows = {
      {Family::EXTRADITION, kReceived, "T SURRENDER_REPORT"},
      {Family::SPECIAL_TECHNIQUE, kReceived, "T DELIVERY_LIVE"},
      {Family::PRESERVATION_24_7, kReceived, "T DATA_DISCLOSED"},
      {Family::SEA, kReceived, "Q BOARDING_RESULT"},
      {Family::SPONTANEOUS, Plus(kReceived, {"T INFORMATION_USED"}), "T INFORMATION_NOT_USED"},
      {Family::MLA, kReceived, "T BOARDING_AUTHORISED"},  // another family's
      {Family::MLA, kReceived, "Q ADMISSION"},            // the other side's
      {Family::MLA, kReceived, "T REFUSAL"},              // without consultation
      {Family::MLA, kReceived, "T USE_CONSENT_REQUEST"},  // of information unasked only
      {Family::MLA, {"Q REQUEST", "Q WITHDRAWAL"}, "T ACKNOWLEDGEMENT"},
  };
  for (Family::Code family : Families()) rows.push_back({family, {"Q REQUEST"}, "T FINAL_RESULT"});
  return rows;
}

class ForbiddenActs : public ::testing::TestWithParam<BadRow> {};

// The desk refuses before anything is sent; a desk that did not would be refused by its node.
TEST_P(ForbiddenActs, AreRefusedByTheDeskAndByTheNode) {
  const BadRow& row = GetParam();
  RunningCase one(row.family, "");
  one.Play(row.steps);
  if (HasFatalFailure()) return;
  const DeskAnswer answer = one.Do(row.bad);
  EXPECT_EQ(answer.exit, 1) << answer.line;
  EXPECT_EQ(answer.error, "ILLEGAL_ACT") << answer.line;
  EXPECT_FALSE(answer.from_node);

  const std::string from = RunningCase::StateOfSide(row.bad[0]);
  EnvelopeSpec spec;
  spec.from = Cat({from, "/central"});
  spec.to = {from == "QM" ? "QT/central" : "QM/central"};
  spec.family = row.family;
  spec.act = Value(casework::ParseAct(row.bad.substr(2)));
  spec.case_id = Value(HexDecode(one.id()));
  spec.parents = {Value(HashFrom(Value(HexDecode(one.last_message())), "id"))};
  Programs& programs = g_desks->programs();
  auto stub = programs.Desk(Cat({from, "/central/o-0001"}));
  const auto sent = programs.Submit(*stub, programs.world().MakeEnvelope(spec),
                                    Cat({from, "/central/o-0001"}), absl::Seconds(20));
  EXPECT_EQ(CodeOf(sent.status()), "ILLEGAL_ACT") << sent.status();
}

std::string BadNameOf(const ::testing::TestParamInfo<BadRow>& info) {
  return Cat({casework::FamilyName(info.param.family), "_", info.param.bad.substr(2), "_",
              std::to_string(info.index)});
}
INSTANTIATE_TEST_SUITE_P(Families, ForbiddenActs, ::testing::ValuesIn(BadRows()), BadNameOf);

// The requesting state is heard first: UNTOC 18(26).
TEST(Refusal, WaitsForTheViewOfTheRequestingState) {
  RunningCase one(Family::MLA);
  one.Play(Plus(kReceived, {"T CONSULTATION_OPEN refusal.json"}));
  if (::testing::Test::HasFatalFailure()) return;
  const DeskAnswer refused = one.Do("T REFUSAL");
  EXPECT_EQ(refused.exit, 1) << refused.line;
  EXPECT_NE(refused.out.find("R-REF-26"), std::string::npos) << refused.line;
  one.Play({"Q CONSULTATION_STATEMENT", "T REFUSAL"});
  one.ExpectBoth("REFUSED");
}

// What all cases left behind.
void ExpectLedgersVerify() {
  for (const char* state : {"QM", "QT"}) {
    const DeskAnswer verified = g_desks->Once(state, "o-0004", "audit verify");
    EXPECT_EQ(verified.exit, 0) << verified.out;
    EXPECT_NE(verified.out.find("VALID"), std::string::npos) << verified.out;
    const auto records = g_desks->programs().VerifiedLedger(state);
    EXPECT_TRUE(records.ok()) << records.status();
    EXPECT_GT(records.ok() ? records->size() : 0, 10u);
  }
}

class Founding : public ::testing::Environment {
 public:
  void SetUp() override {
    g_desks = std::make_unique<CaseDesks>();
    for (const Body& body : kBodies) g_desks->Write(Cat({body.name, ".json"}), body.json);
    // A review lies ahead, and not too far.
    g_desks->Write("postponed.json",
                   Cat({R"({"statement": {"ground": "INTERFERES_INVESTIGATION",
                            "text": "An investigation of ours is running.", "until": ")",
                        FormatInstant(absl::Now() + absl::Hours(24 * 90)), "\"}}"}));
  }
  void TearDown() override {
    ExpectLedgersVerify();
    g_desks.reset();
  }
};
const auto* const kFounding = ::testing::AddGlobalTestEnvironment(new Founding());

}  // namespace

CaseDesks& Desks() { return *g_desks; }

}  // namespace palermo::testing
