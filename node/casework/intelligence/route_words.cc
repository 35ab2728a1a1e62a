#include "node/casework/intelligence/route_words.h"

namespace palermo::casework {
namespace {

using Word = std::string_view;

constexpr Word kKinds[] = {"SOM_10", "TIP_10", "FAP_12", "UNTOC_27e"};
constexpr Word kEvidence[] = {"INTELLIGENCE_ONLY", "EVIDENCE_PENDING_MLA"};
constexpr Word kActions[] = {"WARNING", "BORDER_ALERT", "SAR_ALERT", "HUMANITARIAN_ALERT", "NONE"};
constexpr Word kParts[] = {"a", "b", "c", "d", "e", "f"};
// The usual ones; a danger to life is never refused for its word.
constexpr Word kDangers[] = {"DROWNING",  "SUFFOCATION", "EXPOSURE", "VIOLENCE",
                             "DETENTION", "DEHYDRATION", "NONE"};
constexpr Word kDocumentMethods[] = {
    "GENUINE",      "FORGED",     "COUNTERFEIT", "IMPOSTOR", "FRAUDULENTLY_OBTAINED",
    "BLANK_STOLEN", "VISA_ABUSE", "NONE"};
constexpr Word kDocuments[] = {"PASSPORT",   "ID",    "VISA",    "RESIDENCE", "SEAMAN",
                               "TRAVEL_DOC", "BIRTH", "VEHICLE", "PERMIT"};
constexpr Word kConcealments[] = {"COMPARTMENT",     "CONTAINER", "CARGO", "CROWD",
                                  "CORRUPT_PASSAGE", "NONE",      "OTHER"};
constexpr Word kRoles[] = {"RECRUITER", "GUIDE",     "DRIVER",    "SAFEHOUSE",
                           "FORGER",    "FINANCIER", "ORGANISER", "CORRUPT_OFFICIAL"};
constexpr Word kCarriers[] = {"COMMERCIAL", "PRIVATE", "CRIMINAL"};
constexpr Word kPer[] = {"PERSON", "PACKAGE"};
constexpr Word kPaid[] = {"CASH", "HAWALA", "BANK", "CRYPTO", "DEBT_BONDAGE"};
constexpr Word kTrends[] = {"NEW", "INCREASING", "STABLE", "DECREASING", "ENDED", "UNKNOWN"};
constexpr Word kLevels[] = {"HIGH", "MODERATE", "LOW"};
constexpr Word kBenefits[] = {"FINANCIAL", "MATERIAL", "NONE"};
constexpr Word kSchemes[] = {"IMO",          "MMSI",
                             "CALL_SIGN",    "PLATE",
                             "VIN",          "AIRCRAFT",
                             "FLIGHT",       "PHONE",
                             "IMEI",         "IMSI",
                             "EMAIL",        "URL",
                             "IP",           "IBAN",
                             "BTC",          "ETH",
                             "ACCOUNT",      "LEI",
                             "CONTAINER",    "AWB",
                             "ACCOUNT_NAME", "POSTAL",
                             "DOCUMENT",     "COMPANY",
                             "IMAGE",        "FIREARM_SERIAL",
                             "OTHER"};
constexpr Word kOf[] = {"THING", "SUSPECT", "ORGANISATION"};
constexpr Word kPurposes[] = {
    "INVESTIGATION",      "PROSECUTION",   "PREVENTION_IMMINENT_THREAT", "VICTIM_PROTECTION",
    "ANALYSIS_STRATEGIC", "PUBLIC_HEALTH", "SEARCH_AND_RESCUE"};
constexpr Word kConsents[] = {"GRANT", "GRANT_SANITISED", "DENY"};
constexpr Word kAnswers[] = {"PURGED", "REPLACED", "KEPT_UNDER_HOLD", "NEVER_HELD"};
constexpr Word kFollowUps[] = {"RELEASE", "NO_RELEASE"};

constexpr FieldWords kRows[] = {
    {"RouteReport", "kind", kKinds},
    {"RouteReport", "evidence_status", kEvidence},
    {"RouteReport", "actions", kActions},
    {"RouteReport", "parts", kParts},
    {"RouteReport", "risk_to_life", kDangers},
    {"RouteLeg", "risk_to_life", kDangers},
    {"RescueAlert", "risk_to_life", kDangers},
    {"RouteLeg", "document_method", kDocumentMethods},
    {"RouteLeg", "concealment", kConcealments},
    {"RouteLeg", "gang_role", kRoles},
    {"RouteNetwork", "roles", kRoles},
    {"Carrier", "kind", kCarriers},
    {"Price", "per", kPer},
    {"Price", "method", kPaid},
    {"RoutePeriod", "trend", kTrends},
    {"Confidence", "level", kLevels},
    {"Benefit", "kind", kBenefits},
    {"Identifier", "scheme", kSchemes},
    {"Identifier", "of", kOf},
    {"Label", "purposes", kPurposes},
    {"DocumentMethodReport", "evidence_status", kEvidence},
    {"DocumentMethodReport", "method", kDocumentMethods},
    {"DocumentMethodReport", "document_type", kDocuments},
    {"OnwardConsentRequest", "purpose", kPurposes},
    {"OnwardConsentAnswer", "purpose", kPurposes},
    {"OnwardConsentAnswer", "decision", kConsents},
    {"IntelligenceAnswer", "outcome", kAnswers},
    {"HitFollowUp", "decision", kFollowUps},
};

}  // namespace

std::span<const FieldWords> RouteWords() { return kRows; }
std::span<const Word> Purposes() { return kPurposes; }

}  // namespace palermo::casework
