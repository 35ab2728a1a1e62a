// One change to a faultless case, and exactly what is found. "" means: nothing may be found; these
// rows are the near misses.
#include <gtest/gtest.h>

#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/judge.h"
#include "node/casework/cases/test_directory.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

using google::protobuf::Value;

Value Changed(const char* base, const std::string& patch) {
  auto value = ParseJson(base);
  EXPECT_TRUE(value.ok()) << value.status();
  if (patch.empty()) return *value;
  const auto steps = ParseJson("[" + patch + "]");
  EXPECT_TRUE(steps.ok()) << patch;
  const auto status = ApplyPatch(steps->list_value(), *value);
  EXPECT_TRUE(status.ok()) << patch << status;
  return *value;
}

// "path = value" or "path -": a patch of one step.
std::string Step(const std::string& text) {
  const size_t equals = text.find(" = ");
  if (equals == std::string::npos) {
    return R"({"op": "remove", "path": ")" + text.substr(0, text.find(" -")) + R"("})";
  }
  const char last = text[equals - 1];  // of a list: put in its place, not before it
  const std::string op = last >= '0' && last <= '9' && text[equals - 2] == '/' ? "replace" : "add";
  return R"({"op": ")" + op + R"(", "path": ")" + text.substr(0, equals) + R"(", "value": )" +
         text.substr(equals + 3) + "}";
}

struct Row {
  const char* step;
  const char* found;
};

void Judge(const char* base, std::initializer_list<Row> rows) {
  EXPECT_EQ(Found(JudgeCase(Changed(base, "").struct_value(), Directory())), "");
  for (const Row& row : rows) {
    const Value value = Changed(base, Step(row.step));
    EXPECT_EQ(Found(JudgeCase(value.struct_value(), Directory())), row.found) << row.step;
  }
}

TEST(Cases, ScopeMandateAndLanguage) {
  Judge(kMlaJson,
        {{"/request/to_role = \"FIU\"", "E R-DIR-01"},
         {"/request/to_role = \"UNCAC_MLA\"", "E R-DIR-01"},
         {"/request/to_role -", ""},
         {"/request/channel = \"POLICE_27\"", "E R-DIR-02"},
         {"/request/channel = \"INTERPOL_URGENT\"", "E R-DIR-02"},
         {"/request/channel = \"DIPLOMATIC\"", ""},
         {"/request/rd = \"QZ\"", "E R-DIR-03"},
         {"/request/basis/instrument = \"UNCC\"", "E R-DIR-06"},
         {"/request/basis/instrument = \"NOSUCH\"", "E R-DIR-06"},
         {"/request/basis/instrument = \"SOM\"", ""},
         {"/request/basis/instrument = \"BUD\"", "E R-DIR-03"},
         {"/request/basis/governing_profile = \"UNCAC_46\"", "E R-DIR-03"},
         {"/request/basis/governing_profile = \"\"", "E R-DIR-03"},
         {"/request/signatory -", "E R-AUTH-01"},
         {"/request/signatory/mandate = [\"EXTRADITION\"]", "E R-AUTH-01"},
         {"/request/signatory/mandate = [\"EXTRADITION\", \"MLA\"]", ""},
         {"/request/signatory/mandate_valid_to = \"2026-03-01\"", "E R-AUTH-01"},
         {"/request/signatory/mandate_valid_to = \"2026-03-02\"", ""},
         {"/request/signatory/mandate_valid_to = \"soon\"", "E R-AUTH-01"},
         {"/request/signatory/drafter = \"QM-CA-07\"", "E R-AUTH-02"},
         {"/request/signatory/drafter = \"QM-CA-08\"", ""},
         {"/request/language = \"fr\"", "E R-LANG-01"},
         {"/request/language = \"en-GB\"", ""},
         {"/request/language = \"english language\"", "E R-LANG-01"},
         {"/request/family = \"MLB\"", "E R-GEN-01"},
         {"/request/urgency = \"URGENT\"", "E R-GEN-01"},
         {"/request/items/0/type = \"SERVE_TEA\"", "E R-GEN-01"},
         {"/request/deadline = {\"at\": \"2026-02-30\", \"reason\": \"x\"}", "E R-GEN-01"},
         {"/request/unknown_member = 1", ""},
         {"/request/items/0/n = \"one\"", "E R-GEN-01"},
         {"/request = 7", "E R-GEN-01"}});
}

TEST(Cases, ContentsOfArticle18) {
  Judge(kMlaJson, {{"/request/requesting_authority = \" \"", "E R-MLA-15A"},
                   {"/request/proceeding/conducting_authority/function -", "E R-MLA-15B"},
                   {"/request/facts_summary = \"\"", "E R-MLA-15C"},
                   {"/request/items/0/description = \"\"", "E R-MLA-15D"},
                   {"/request/items = []", "E R-MLA-15D"},
                   {"/request/purpose -", "E R-MLA-15F"},
                   {"/request/deadline = {\"at\": \"2026-06-15\"}", "W R-CLK-DEADLINE"},
                   {"/request/deadline = {\"at\": \"2026-06-15\", \"reason\": \"trial\"}", ""},
                   {"/request/items/1/video/reason_no_appearance -", "E R-VID-01"},
                   {"/request/items/1/video/conducting_authority -", "E R-VID-01"},
                   {"/request/items/1/video/interpreter -", "E R-VID-01"},
                   {"/request/items/1/interpreter_lang = \"fr\"", ""},
                   {"/request/items/1/person = \"P-1\"", "E R-VID-01"},
                   {"/request/items/2/consent -", "E R-TRF-01"},
                   {"/request/items/2/consent/informed = false", "E R-TRF-01"},
                   {"/request/items/2/consent/free = false", "E R-TRF-01"},
                   {"/request/items/2/consent/withdrawn_at = \"2026-03-01\"", "E R-TRF-01"},
                   {"/request/items/2/agreement_ref -", "E R-TRF-01"},
                   {"/request/items/2/return_due_at -", "E R-TRF-01"},
                   {"/request/items/2/time_credit -", ""}});
}

TEST(Cases, PersonsAndOffences) {
  Judge(kMlaJson, {{"/request/persons/1/name = \"Lina Orsay\"", "E R-SEAL-01"},
                   {"/request/persons/1/date_of_birth = \"1999-04-12\"", "E R-SEAL-01"},
                   {"/request/persons/1/sealed = false", "E R-SEAL-01"},
                   {"/request/persons/1/nationality = \"QT\"", ""},
                   {"/request/facts_summary = \"Victim ORSAY was recruited.\"", "E R-SEAL-02"},
                   {"/request/facts_summary = \"Born on 12.04.1999 in Temburra.\"", "E R-SEAL-02"},
                   {"/request/facts_summary = \"The Orsayan style of building.\"", ""},
                   {"/request/facts_summary = \"In 1999 and on 2004-12-01.\"", ""},
                   {"/request/persons/1/age_status = \"CHILD\"", "E R-HR-08"},
                   {"/request/persons/1/guardian = \"G-1\"", ""},
                   {"/request/persons/0/age_status = \"CHILD\"", "E R-HR-08"},
                   {"/request/persons/1/age_disputed = true", "E R-HR-08"},
                   {"/request/persons/1/roles = [\"VICTIM\", \"SUSPECT\"]", "W R-TIP-06"},
                   {"/request/persons/1/roles = [\"VICTIM\", \"WITNESS\"]", ""},
                   {"/request/persons/1/roles = [\"SMUGGLED_MIGRANT\", \"SUSPECT\"]", "E R-SOM-05"},
                   {"/request/persons/0/persecution_indicators = [\"journalist\"]", "W R-HR-03"},
                   {"/request/offence/0/tip/acts = []", "E R-TIP-01"},
                   {"/request/offence/0/tip/purposes = []", "E R-TIP-01"},
                   {"/request/offence/0/tip/means = []", "E R-TIP-02"},
                   {"/request/offence/0/max_penalty_months = 12", ""},
                   {"/request/offence/0/ocg_involved = \"NO\"", "W R-MLA-01"},
                   {"/request/offence/0/ocg_involved = \"SUSPECTED\"", ""},
                   {"/request/proceeding/nature = \"financing of terrorism\"", ""},
                   {"/request/persons/0/name = \"D\\u0430rio Vell\"", "E R-GEN-01"},
                   {"/request/persons/0/name = \"\\u0414\\u0430\\u0440\\u0438\\u043e\"", ""},
                   {"/request/persons/0/name = \"Dario\\u200b Vell\"", "E R-GEN-01"},
                   {"/request/persons/0/name = \"Dar\\u00efo V\\u00e9ll\"", ""},
                   {"/request/facts_summary = \"abc \\u202e def\"", "E R-GEN-01"},
                   {"/request/facts_summary = \"\\u0627\\u0644\\u200f (1)\"", ""}});
}

TEST(Cases, ScopeOfTheConvention) {
  const std::string untoc = Step("/request/basis/instrument = \"UNTOC\"") + ",";
  const auto judge = [&](const std::string& offence) {
    const Value value = Changed(kMlaJson, untoc + Step("/request/offence = [" + offence + "]"));
    return Found(JudgeCase(value.struct_value(), Directory()));
  };
  EXPECT_EQ(judge(R"js({"untoc_art": "SERIOUS_CRIME", "max_penalty_months": 47,
      "transnational_basis": "3(2)a", "ocg_involved": "YES"})js"),
            "E R-MLA-01");
  EXPECT_EQ(judge(R"js({"untoc_art": "SERIOUS_CRIME", "max_penalty_months": 48,
      "transnational_basis": "3(2)a", "ocg_involved": "SUSPECTED"})js"),
            "");
  EXPECT_EQ(judge(R"js({"untoc_art": "SERIOUS_CRIME", "max_penalty_months": 48,
      "ocg_involved": "SUSPECTED"})js"),
            "E R-MLA-01");
  EXPECT_EQ(judge(R"js({"untoc_art": "6", "max_penalty_months": 12})js"), "");
}

TEST(Cases, ATreatyOfThePairGoverns) {
  const std::string pair = Step("/request/rq = \"QN\"") + "," + Step("/request/rd = \"QV\"") + ",";
  const auto judge = [&](const std::string& step) {
    const Value value = Changed(kMlaJson, pair + Step(step));
    return Found(JudgeCase(value.struct_value(), Directory()));
  };
  EXPECT_EQ(judge("/request/purpose = \"trial\""), "E R-DIR-03");
  EXPECT_EQ(judge("/request/basis/governing_profile = \"TREATY:BIL-QN-QV-2011\""), "");
  EXPECT_EQ(judge("/request/basis/governing_profile = \"BY_AGREEMENT_UNTOC_18\""), "E R-DIR-03");
  EXPECT_EQ(judge("/request/basis = {\"instrument\": \"UNTOC\", \"governing_profile\": "
                  "\"BY_AGREEMENT_UNTOC_18\", \"agreement_ref\": \"N-1\"}"),
            "");
}

TEST(Cases, Assets) {
  Judge(kAssetJson,
        {{"/request/items/0/property = {\"holder\": \"Lirio\"}", "E R-AR-01"},
         {"/request/items/0/property = {\"holder\": \"Lirio\", \"registry_no\": \"77\"}", ""},
         {"/request/items/0/property/iban = \"QV48VSTB00012345678901\"", "E R-ID-IBAN"},
         {"/request/items/0/property/amount/minor = 1.5", "E R-GEN-01"},
         {"/request/items/1/period = [\"2024-12-31\", \"2021-01-01\"]", "E R-GEN-01"},
         {"/request/items/2/order/final = false", "E R-AR-02"},
         {"/request/items/2/order/enforceable = false", "E R-AR-02"},
         {"/request/items/2/order/hash = \"\"", "E R-AR-02"},
         {"/request/items/2/third_party_notice -", "E R-AR-03"},
         {"/request/items/2/due_process_statement = false", "E R-AR-03"},
         {"/asset_measure/state = \"DISPOSAL_AGREED\"", ""},
         {"/asset_measure/claim/third_party_claims/0/status = \"OPEN\"", ""},
         {"/asset_measure = {\"state\": \"RETURNED\", \"claim\": {\"third_party_claims\": "
          "[{\"status\": \"OPEN\"}]}}",
          "E R-AR-05"},
         {"/asset_measure/state = \"MELTED\"", "E R-GEN-01"}});
}

// Finality and notice are the Convention against Corruption's, not UNTOC's.
TEST(Cases, OrdersUnderTheConventionNeedNotBeFinal) {
  const std::string untoc = Step(
                                "/request/basis = {\"instrument\": \"UNTOC\", "
                                "\"governing_profile\": \"UNTOC_18\"}") +
                            ",";
  const Value value = Changed(kAssetJson, untoc + Step("/request/items/2/order/final = false"));
  EXPECT_EQ(Found(JudgeCase(value.struct_value(), Directory())), "");
}

TEST(Cases, Extradition) {
  Judge(kExtraditionJson, {{"/request/items/0/assurances/0 -", "E R-HR-02"},
                           {"/request/items/0/assurances/0/scope = \"\"", "E R-HR-02"},
                           {"/request/items/0/assurances/0/grantor = \"\"", "E R-HR-02"},
                           {"/request/items/0/penalty/death_possible = false", ""},
                           {"/request/items/0/assurances/1 -", "W R-HR-04"},
                           {"/request/items/0/in_absentia = true", "E R-HR-04"},
                           {"/request/items/0/warrant_hash -", "E R-EXT-01"},
                           {"/request/items/0/offence_times = []", "E R-EXT-01"},
                           {"/request/items/0/law_text -", "E R-EXT-01"},
                           {"/request/items/0/person = \"P-9\"", "E R-EXT-01"},
                           {"/request/items/0/dual_criminality = \"NOT_MET\"", "E R-EXT-01"},
                           {"/request/items/0/dual_criminality = \"NOT_ASSESSED\"", ""},
                           {"/request/basis/articles = []", "E R-TER-01"},
                           {"/request/basis/articles = [\"UNTOC 16\"]", "E R-TER-01"},
                           {"/request/translation/certified = false", "E R-LANG-01"},
                           {"/request/translation/language = \"de\"", "E R-LANG-01"},
                           {"/request/translation/language = \"en\"", ""}});
}

TEST(Cases, Sea) {
  Judge(kSeaJson,
        {{"/records/boarding/vessel/imo = \"2000108\"", "E R-ID-IMO"},
         {"/records/boarding/vessel/mmsi = \"12345678\"", "E R-ID-MMSI"},
         {"/records/boarding/vessel/flag_claimed = \"\"", "E R-SEA-01"},
         {"/records/boarding/grounds = \"\"", "E R-SEA-01"},
         {"/records/boarding/boarding_unit/government_marked = false", "E R-SEA-04"},
         {"/records/boarding/boarding_unit = {\"kind\": \"WARSHIP\"}", ""},
         {"/records/boarding/disembarkation_proposal/refoulement_assessment -", "E R-HR-01"},
         {"/records/boarding/disembarkation_proposal -", ""},
         {"/records/boarding/oral/confirmed_at = null", "E R-MLA-14O"},
         {"/records/boarding/oral/confirmed_at = \"2026-03-03T03:13:00Z\"", "E R-MLA-14O"},
         {"/records/boarding/oral/agreed = false", "E R-MLA-14O"},
         {"/records/boarding/oral -", ""},
         {"/records/boarding/urgency = \"ROUTINE\"", "E R-MLA-14O"},
         {"/records/answer/at = \"2026-03-02T07:11:00Z\"", "W R-SEA-02"},
         {"/records/answer/decision = \"DEEMED_AFTER_4H\"", "E R-SEA-06"},
         {"/records/result/measures = [\"BOARD\", \"ARREST\"]", "E R-SEA-05"},
         {"/records/result/reported_at = null", "E R-SEA-03"},
         {"/records/result/reported_at = \"2026-03-04T11:00:00Z\"", "W R-SEA-03"},
         {"/records/result/firearms_used = true", "W R-SEA-07"},
         {"/records/result/unfounded = true", "W R-SEA-08"}});
}

TEST(Cases, ElectronicEvidence) {
  Judge(kCyberJson,
        {{"/records/preservation/intends_mla = false", "E R-CYB-01"},
         {"/records/preservation/necessity = \"\"", "E R-CYB-01"},
         {"/records/preservation/custodian -", "E R-CYB-01"},
         {"/records/preservation/period_days = 30", "E R-CYB-03"},
         {"/records/preservation/period_days -", ""},
         {"/records/response/until = \"2026-04-30T21:30:00Z\"", "E R-CYB-03"},
         {"/records/response/until = \"2026-06-01T21:30:00Z\"", ""},
         {"/records/preservation/selectors/0/at -", "E R-CYB-IP"},
         {"/records/preservation/selectors/0/at = \"2026-03-01\"", "E R-CYB-IP"},
         {"/records/preservation/selectors/0/at = \"2026-03-01T21:14:05\"", "E R-CYB-IP"},
         {"/records/preservation/selectors/0/ip = \"10.0.0.4\"", "E R-CYB-IP"},
         {"/records/preservation/selectors/0/ip = \"2001:db8::1\"", ""},
         {"/records/preservation/selectors/0/port -", "W R-CYB-IP"},
         {"/records/preservation/to_role = \"CENTRAL_AUTHORITY_MLA\"", "E R-DIR-01"},
         {"/records/preservation/rd = \"QM\"", "E R-DIR-01"},
         {"/records/preservation/type = \"ACCESS_STORED_DATA\"", "E R-CYB-04"}});
}

TEST(Cases, DocumentsAndThings) {
  Judge(kThingsJson,
        {{"/records/doc_check/mrz/1 = \"QT44712095QTM9103177<3105168<<<<<<<<<<<<<<<4\"",
          "I R-DOC-01"},
         {"/records/doc_check/rd = \"QZ\"", "E R-DIR-03"},
         {"/records/nationality/protection_claim = \"PENDING\"", "E R-HR-01"},
         {"/records/nationality/protection_claim -", "E R-HR-01"},
         {"/records/nationality/protection_claim = \"REJECTED\"", ""},
         {"/records/permit/permit/granted = \"2025-08-01\"", "E R-WLD-06"},
         {"/records/permit/permit/valid_to = \"2026-03-01\"", "E R-WLD-06"},
         {"/records/permit/consignments = [\"AWB 999-12345675\", \"AWB 999-12345686\"]",
          "E R-WLD-05"},
         {"/records/permit/consignments/0 = \"AWB 999-12345676\"", "E R-ID-AWB"},
         {"/records/permit/qty_seen = 41", "E R-WLD-07"},
         {"/records/permit/qty_seen = 39", ""},
         {"/records/trace/firearm/serial -", "E R-FAP-01"},
         {"/records/trace/firearm = {\"serial_state\": \"OBLITERATED\"}", "E R-FAP-01"},
         {"/records/trace/firearm = {\"serial_state\": \"OBLITERATED\", \"forensic_note\": "
          "\"ground off\"}",
          ""},
         {"/records/trace/rd = \"QU\"", "E R-DIR-03"},
         {"/records/trace/rd = \"QV\"", "E R-DIR-06"},
         {"/records/delivery/legs/1/exit -", "E R-CD-01"},
         {"/records/delivery/legs/1/lead_authority -", "E R-CD-01"},
         {"/records/delivery/consents/1 -", "E R-CD-02"},
         {"/records/delivery/substances/0/purity = 101", "E R-DRG-01"},
         {"/records/delivery/substances/0/unit -", "E R-DRG-01"},
         {"/records/delivery/substances/0/cas = \"50-36-3\"", "E R-ID-CAS"},
         {"/records/delivery/consignment/container = \"QMZU1200452\"", "E R-ID-CONT"},
         {"/records/informant/sealed = false", "E R-SEAL-01"},
         {"/records/alert/batch -", "E R-MED-01"},
         {"/records/public_release/identity_stripped = false", "E R-MED-02"},
         {"/records/public_release/investigation_details_stripped -", "E R-MED-02"},
         {"/records/delivery/legs/1 = {\"state\": \"QN\", \"entry\": \"QNHAV\", \"exit\": "
          "\"QNEST\", \"lead\": \"Customs\"}",
          ""},
         {"/records/delivery/consents = {\"QT\": true, \"QN\": true, \"QM\": false}", "E R-CD-02"},
         {"/records/delivery/consents = {\"QT\": true, \"QN\": true, \"QM\": true}", ""},
         {"/records/alert/expiry = \"2025-08-31\"", "E R-MED-01"}});
  const Value own = Changed(
      kThingsJson,
      Step("/records/doc_check/mrz_origin = \"OPERATOR_ENTRY\"") + "," +
          Step("/records/doc_check/mrz/1 = \"QT44712095QTM9103177<3105168<<<<<<<<<<<<<<<4\""));
  EXPECT_EQ(Found(JudgeCase(own.struct_value(), Directory())), "E R-ID-MRZ");
}

TEST(Cases, Identifiers) {
  Judge(kThingsJson,
        {{"/records/alert/gtin = \"09521234567898\"", "E R-ID-GTIN"},
         {"/records/seizure/postal = \"RA202601176QW\"", "E R-ID-S10"},
         {"/records/seizure/imei = \"490154203237517\"", "E R-ID-IMEI"},
         {"/records/seizure/vin = \"1M8GDM9A1KP042788\"", "W R-ID-VIN"},
         {"/records/seizure/lei = \"QVFIXTURE00000001276\"", "E R-ID-LEI"},
         {"/records/seizure/btc = \"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5\"", "E R-ID-BTC"}});
}

TEST(Cases, Routes) {
  Judge(kThingsJson,
        {{"/records/route/evaluation -", "E R-INT-01"},
         {"/records/route/evidence_status = \"EVIDENCE\"", "E R-INT-01"},
         {"/records/route/evaluation/source = \"E\"", "E R-INT-02"},
         {"/records/route/evaluation/source = \"X\"", ""},
         {"/records/route/persons_observed = {\"min\": 18, \"names\": [\"A\"]}", "E R-INT-04"},
         {"/records/route/persons_observed = {\"min\": 18, \"children\": 4}", ""},
         {"/records/route/legs/1/from = \"QRCAB\"", "W R-INT-07"},
         {"/records/route/benefit/kind = \"NONE\"", "W R-SOM-01"},
         {"/records/route/risk_to_life = [\"DROWNING\"]", "W R-SOM-08"},
         {"/records/route/period/first_seen = \"2026-03-03\"", "E R-GEN-01"}});
}

TEST(Cases, Operations) {
  Judge(kOperationJson,
        {{"/operation/tasks/0/leader = \"QN-L-1\"", "E R-JIT-03"},
         {"/operation/tasks/0/deconflicted = false", "E R-JIT-04"},
         {"/operation/tasks/0/start_utc = \"2027-01-01T00:00:00Z\"", "E R-JIT-05"},
         {"/operation/tasks/0/authority/valid_to = \"2026-06-16\"", "E R-AUTH-03"},
         {"/operation/tasks/0/authority/valid_to = \"2026-06-17\"", ""},
         {"/operation/departed = [\"QM\"]", "E R-JIT-08"},
         {"/operation/arrests/0/rights_notice_lang -", "E R-HR-06"},
         {"/operation/arrests/0/interpreter = false", "E R-HR-06"},
         {"/operation/victims/1/token = \"hmac:a1\"", "W R-STAT-01"},
         {"/operation/evidence/0/events/1/both_signed = false", "E R-COC-01"},
         {"/operation/evidence/0/events/2/by = \"X\"", "E R-COC-01"},
         {"/operation/evidence/0/events/2/hash_after = \"sha256:ff\"", "E R-COC-02"}});
}

struct EventRow {
  const char* base;
  const char* event;
  const char* state;
  const char* found;
};
constexpr char kReasons[] = "Execution would prejudice an operation that is still running.";

TEST(Cases, Events) {
  const std::string refusal = std::string(R"(", "reasons": ")") + kReasons + R"(", "items": [1]})";
  const auto refuse = [&](const char* ground) {
    return R"({"type": "REFUSAL", "ground": ")" + std::string(ground) + refusal;
  };
  const auto judge = [](const char* base, const std::string& event, const char* state) {
    const auto json = ParseJson(event);
    EXPECT_TRUE(json.ok()) << event;
    return Found(
        JudgeEvent(Changed(base, "").struct_value(), json->struct_value(), state, Directory()));
  };
  EXPECT_EQ(judge(kAssetJson, refuse("SECURITY"), "CONSULTING"), "");
  EXPECT_EQ(judge(kAssetJson, refuse("SECURITY"), "EXECUTING"), "E R-REF-26");
  EXPECT_EQ(judge(kAssetJson, refuse("DE_MINIMIS"), "CONSULTING"), "");
  EXPECT_EQ(judge(kMlaJson, refuse("DE_MINIMIS"), "CONSULTING"), "E R-REF-21");
  EXPECT_EQ(judge(kAssetJson, refuse("BANK_SECRECY"), "CONSULTING"), "E R-REF-08");
  EXPECT_EQ(judge(kAssetJson, refuse("FISCAL_ONLY"), "EXECUTING"), "E R-REF-22");
  EXPECT_EQ(judge(kAssetJson, refuse("COSTS_ONLY"), "CONSULTING"), "W R-REF-28");
  EXPECT_EQ(judge(kAssetJson, refuse("LEGAL_PERSON_ONLY"), "CONSULTING"), "E R-MLA-02");
  EXPECT_EQ(judge(kAssetJson, refuse("LABEL_MISMATCH_ONLY"), "CONSULTING"), "E R-REF-09");
  EXPECT_EQ(judge(kExtraditionJson, refuse("POLITICAL_OFFENCE"), "CONSULTING"), "E R-REF-POL");
  EXPECT_EQ(judge(kExtraditionJson, refuse("PERSECUTION_RISK"), "CONSULTING"), "");
  EXPECT_EQ(judge(kExtraditionJson, refuse("NATIONALITY_OF_PERSON"), "CONSULTING"), "E R-EXT-02");
  EXPECT_EQ(judge(kExtraditionJson, refuse("NON_REFOULEMENT"), "CONSULTING"), "");
  EXPECT_EQ(judge(kCyberJson, refuse("DUAL_CRIMINALITY_ABSENT"), "RECEIVED"), "E R-CYB-02");
  EXPECT_EQ(judge(kCyberJson, refuse("DE_MINIMIS"), "CONSULTING"), "E R-REF-21");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "REFUSAL", "ground": "SECURITY", "reasons": "no"})",
                  "CONSULTING"),
            "E R-REF-23, E R-REF-29");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "REFUSAL", "ground": "SECURITY", "items": [1],
      "reasons": "The victim consented to the work, so that no offence was committed."})",
                  "CONSULTING"),
            "E R-TIP-03");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "REFUSAL", "ground": "SECURITY", "items": [1],
      "reasons": "That the victims consented is irrelevant; an operation is still running."})",
                  "CONSULTING"),
            "");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "POSTPONEMENT", "ground": "INTERFERES_INVESTIGATION",
      "review_at": "2026-06-01"})",
                  "CONSULTING"),
            "");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "POSTPONEMENT", "review_at": "2026-06-01"})", "CONSULTING"),
            "E R-PST-01");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "POSTPONEMENT", "ground": "INTERFERES_INVESTIGATION",
      "review_at": "2027-06-01"})",
                  "CONSULTING"),
            "E R-CLK-PST");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "ADMISSION", "executing_authority": "Court"})", "RECEIVED"),
            "");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "ADMISSION", "executing_authority": "Court"})", "SENT"),
            "E R-GEN-02");
  EXPECT_EQ(judge(kMlaJson, R"({"type": "SING"})", "SENT"), "E R-GEN-01");
}

TEST(Cases, Deeds) {
  const EventRow rows[] = {
      {kAssetJson, R"({"type": "USE", "purpose": "TAX-1", "consent": null})", "CLOSED",
       "E R-USE-01"},
      {kAssetJson, R"({"type": "USE", "purpose": "TAX-1", "consent": "QV-9"})", "CLOSED", ""},
      {kAssetJson, R"({"type": "USE", "purpose": "ACC-1"})", "CLOSED", ""},
      {kAssetJson, R"({"type": "EXCULPATORY_NOTICE", "kind": "PRIOR"})", "CLOSED", ""},
      {kAssetJson, R"({"type": "EXCULPATORY_NOTICE", "kind": "POST"})", "CLOSED", "W R-USE-03"},
      {kAssetJson, R"({"type": "EXCULPATORY_NOTICE", "kind": "POST", "why_no_prior": "trial"})",
       "CLOSED", ""},
      {kAssetJson, R"({"type": "LIFT", "rq_heard": false, "item": 1})", "EXECUTING", "E R-AR-08"},
      {kAssetJson, R"({"type": "LIFT", "rq_heard": false, "reason": "court order"})", "EXECUTING",
       "W R-AR-08"},
      {kAssetJson, R"({"type": "LIFT", "rq_heard": true, "item": 1})", "EXECUTING", ""},
      {kAssetJson, R"({"type": "FORWARD", "from": "QT", "to": "QM"})", "CLOSED", "E R-USE-01"},
      {kAssetJson, R"({"type": "FORWARD", "from": "QT", "to": "QV"})", "CLOSED", ""},
      {kThingsJson, R"({"type": "FORWARD", "object": "route", "to": "QT"})", "", "E R-USE-01"},
      {kThingsJson, R"({"type": "FORWARD", "object": "route", "to": "QM"})", "", ""},
      {kOperationJson, R"({"type": "USE", "object": "I-55", "purpose": "COURT"})", "ACTIVE",
       "E R-USE-02"},
      {kOperationJson,
       R"({"type": "USE", "object": "I-55", "purpose": "COURT", "consent": "QT-1"})", "ACTIVE", ""},
      {kOperationJson, R"({"type": "PUBLISH", "cell": 4})", "CLOSED", "W R-STAT-02"},
      {kOperationJson, R"({"type": "PUBLISH", "cell": 5})", "CLOSED", ""},
      {kOperationJson, R"({"type": "CLOSE", "open_obligations": 1})", "WINDING_DOWN", "E R-AUD-01"},
      {kOperationJson, R"({"type": "CLOSE", "open_obligations": 0})", "WINDING_DOWN", ""},
      {kOperationJson, R"({"type": "ADMIT", "state": "QR", "consents": ["QM", "QN"]})", "ACTIVE",
       "E R-JIT-07"},
      {kOperationJson, R"({"type": "ADMIT", "state": "QR", "consents": ["QM", "QN", "QT"]})",
       "ACTIVE", ""},
      {kOperationJson, R"({"type": "ADMIT", "state": "QZ", "consents": ["QM", "QN", "QT"]})",
       "ACTIVE", "W R-JIT-06"},
  };
  for (const EventRow& row : rows) {
    const auto event = ParseJson(row.event);
    ASSERT_TRUE(event.ok()) << row.event;
    EXPECT_EQ(Found(JudgeEvent(Changed(row.base, "").struct_value(), event->struct_value(),
                               row.state, Directory())),
              row.found)
        << row.event;
  }
}

// A verdict passes on exactly what is expected: neither less nor more.
TEST(Cases, AVariantPassesOnlyOnExactlyWhatIsExpected) {
  const auto run = [](const char* variant) {
    Value json = Changed(kMlaJson, Step(std::string("/variants = [") + variant + "]"));
    return JudgeVariants(json, Directory())[0];
  };
  EXPECT_TRUE(run(R"({"id": "a", "expect": {"rule": "NONE", "sev": "OK"}, "patch": []})").Passed());
  EXPECT_FALSE(run(R"({"id": "b", "expect": {"rule": "R-LANG-01", "sev": "E"}})").Passed());
  EXPECT_FALSE(run(R"({"id": "c", "expect": {"rule": "NONE", "sev": "OK"},
      "patch": [{"op": "remove", "path": "/request/purpose"}]})")
                   .Passed());
  EXPECT_FALSE(run(R"({"id": "d", "expect": {"rule": "R-MLA-15F", "sev": "W"},
      "patch": [{"op": "remove", "path": "/request/purpose"}]})")
                   .Passed());
  const Verdict lost = run(R"({"id": "e", "expect": {"rule": "NONE", "sev": "OK"},
      "patch": [{"op": "remove", "path": "/request/nothing"}]})");
  EXPECT_FALSE(lost.Passed());
  EXPECT_NE(lost.error, "");
}

}  // namespace
}  // namespace palermo::casework
