// protobuf keeps members in another order each time: what is found must not follow it.
#include <gtest/gtest.h>

#include <ctime>

#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/judge.h"
#include "node/casework/cases/test_directory.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;

constexpr int kTimes = 20;

Struct Parsed(const std::string& text) {
  const auto value = ParseJson(text);
  EXPECT_TRUE(value.ok()) << value.status() << text;
  return value.ok() ? value->struct_value() : Struct();
}

std::string CaseOf(const std::string& area, const std::string& records) {
  return R"({"id": "T", "area": ")" + area + R"(", "now": "2026-03-02T09:00:00Z", "records": {)" +
         records + "}}";
}

// Read anew each time, so that each time has an order of its own.
void ExpectAlways(const std::string& json, const std::string& found) {
  for (int i = 0; i < kTimes; ++i) EXPECT_EQ(Found(JudgeCase(Parsed(json), Directory())), found);
}
void ExpectAlways(const std::string& json, const std::string& event, const std::string& found) {
  for (int i = 0; i < kTimes; ++i) {
    EXPECT_EQ(Found(JudgeEvent(Parsed(json), Parsed(event), "", Directory())), found) << event;
  }
}

std::string Preservation(const std::string& rd) {
  return R"({"type": "PRESERVE_DATA", "rq": "QM", "rd": ")" + rd +
         R"(", "basis": {"instrument": "BUD"}, "language": "en"})";
}

TEST(Order, AFollowUpIsOfThePreservationThatItNames) {
  // The first is asked of a state that BUD binds, the second of one that it does not.
  const std::string json =
      CaseOf("CYBERCRIME", R"("a": )" + Preservation("QN") + R"(, "b": )" + Preservation("QT"));
  const std::string asks = R"("basis": {"instrument": "BUD", "governing_profile": "BUD_25_28"}})";
  ExpectAlways(json, R"({"type": "FOLLOWUP", )" + asks, "");
  ExpectAlways(json, R"({"type": "FOLLOWUP", "object": "a", )" + asks, "");
  ExpectAlways(json, R"({"type": "FOLLOWUP", "object": "b", )" + asks, "E R-DIR-03");
}

std::string Trace(const std::string& rd, const std::string& more = "") {
  return R"({"type": "TRACE_FIREARM", "rq": "QM", "rd": ")" + rd +
         R"(", "to_role": "FAP_CONTACT", "firearm": {"class": "PISTOL", "serial": "A-1"}, )" +
         R"("recovery": {"at": "2026-01-10", "place": "QMPAL"})" + more + "}";
}

TEST(Order, AnAnswerIsOfTheStateThatGaveIt) {
  const std::string traces = R"("a": )" + Trace("QT") + R"(, "b": )" + Trace("QN");
  const std::string back = R"({"type": "FORWARD", "object": "answer", "from": "QM", "to": "QN"})";
  // It names nobody: that of the first trace.
  ExpectAlways(CaseOf("FIREARMS", traces + R"(, "answer": {"result": "NO_RECORD"})"), back,
               "E R-USE-01");
  ExpectAlways(CaseOf("FIREARMS", traces + R"(, "answer": {"of": "b", "result": "NO_RECORD"})"),
               back, "");
  ExpectAlways(CaseOf("FIREARMS", traces + R"(, "answer": {"from": "QN", "result": "NO_RECORD"})"),
               back, "");
}

TEST(Order, APersonIsPutAshoreWhereTheProposalOfThatBoatSays) {
  const std::string json = CaseOf("MARITIME", R"(
    "a": {"disembarkation_proposal": {"place_of_safety": "QMPAL", "no_refoulement_assessment": "done"}},
    "b": {"disembarkation_proposal": {"place_of_safety": "QMPAL"}})");
  ExpectAlways(json, R"({"type": "DISEMBARK", "place": "QMPAL"})", "");
  ExpectAlways(json, R"({"type": "DISEMBARK", "object": "a", "place": "QMPAL"})", "");
  ExpectAlways(json, R"({"type": "DISEMBARK", "object": "b", "place": "QMPAL"})", "E R-HR-01");
}

TEST(Order, AnAssuranceIsThatOfThePersonWhoIsGivenUp) {
  const std::string json = CaseOf("TERRORISM", R"(
    "a": {"assurances": ["death penalty not carried out"]}, "b": {"assurances": []})");
  const std::string up = R"({"type": "SURRENDER", "death_possible": true)";
  ExpectAlways(json, up + "}", "");
  ExpectAlways(json, up + R"(, "object": "a"})", "");
  ExpectAlways(json, up + R"(, "object": "b"})", "E R-HR-02");
}

TEST(Order, TheSafeConductIsTheFirst) {
  const std::string json = CaseOf("TRAFFICKING_IN_PERSONS", R"(
    "a": {"safe_conduct": {"granted_at": "2026-02-01"}},
    "b": {"safe_conduct": {"granted_at": "2025-01-01", "released_notice_at": "2025-02-01"}})");
  ExpectAlways(json, R"({"type": "DETAIN", "at": "2026-03-01"})", "W R-SCO-01");
}

TEST(Order, AShipmentHasTheTimeOfTheFirstLicenceOfItsNumber) {
  const auto licence = [](const char* expires) {
    return std::string(R"({"no": "L-1", "issued_at": "2025-01-01", "expires_at": ")") + expires +
           "\"}";
  };
  const std::string receipt =
      R"(, "receipt": {"type": "SHIPMENT_RECEIPT", "rq": "QM", "rd": "QT", "licence_no": "L-1",
         "dispatched_at": "2026-02-01"})";
  ExpectAlways(CaseOf("FIREARMS", R"("a": )" + licence("2026-12-31") + R"(, "b": )" +
                                      licence("2025-12-31") + receipt),
               "");
  ExpectAlways(CaseOf("FIREARMS", R"("a": )" + licence("2025-12-31") + R"(, "b": )" +
                                      licence("2026-12-31") + receipt),
               "E R-AUTH-03");
}

TEST(Order, AConsentByStatesIsReadAsOne) {
  const std::string json = CaseOf("CYBERCRIME", R"(
    "note": {"originator": "QT", "release_states": ["QM", "QT"], "handling": "H2"})");
  const auto forward = [](const std::string& consent) {
    return R"({"type": "FORWARD", "object": "note", "from": "QM", "to": "QN", "consent": )" +
           consent + "}";
  };
  ExpectAlways(json, forward(R"({"QT": true, "at": "2026-03-01", "QN": false})"), "");
  ExpectAlways(json, forward(R"({"QT": false, "at": "2026-03-01", "note": "asked"})"),
               "E R-USE-01");
}

TEST(Order, TheFirstTextOfAnObjectIsTheFirstByName) {
  const auto trace = [](const std::string& language) {
    return CaseOf("FIREARMS", R"("trace": )" + Trace("QT", R"(, "language": )" + language));
  };
  ExpectAlways(trace(R"({"a": "en", "b": "ar", "c": "pt"})"), "");
  ExpectAlways(trace(R"({"c": "en", "b": "ar", "a": "pt"})"), "E R-LANG-01");
}

// --- Time

std::string Many(int n, const std::string& each) {
  std::string list;
  for (int i = 0; i < n; ++i) list += (i == 0 ? "" : ", ") + each;
  return "[" + list + "]";
}

// Traces without firearms, firearms without traces, receipts that name licences, answers.
std::string Crowd(int n) {
  const std::string bare = R"({"type": "TRACE_FIREARM", "rq": "QM", "rd": "QT",
      "to_role": "FAP_CONTACT", "recovery": {"at": "2026-01-10", "place": "QMPAL"}})";
  return CaseOf("FIREARMS",
                R"("traces": )" + Many(n, bare) + R"(, "weapons": )" +
                    Many(n, R"({"class": "PISTOL", "make": "Fictus", "serial": "A-1"})") +
                    R"(, "receipts": )" +
                    Many(n, R"({"type": "SHIPMENT_RECEIPT", "rq": "QM", "rd": "QT",
                               "licence_no": "L-1", "dispatched_at": "2026-02-01"})") +
                    R"(, "answers": )" + Many(n, R"({"from": "QT", "result": "NO_RECORD"})"));
}

double SecondsFor(int n) {
  const Struct json = Parsed(Crowd(n));
  const std::clock_t start = std::clock();
  EXPECT_EQ(Found(JudgeCase(json, Directory())), "") << n;
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST(Order, AndTimeGrowsWithTheSizeOfACaseNotWithItsSquare) {
  constexpr int kFew = 250, kFactor = 8;
  SecondsFor(kFew);  // tables that are made once
  const double few = SecondsFor(kFew);
  const double many = SecondsFor(kFew * kFactor);
  EXPECT_LT(many, 0.05 + few * kFactor * 3) << few;
}

}  // namespace
}  // namespace palermo::casework
