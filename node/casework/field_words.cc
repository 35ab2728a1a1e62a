#include "node/casework/field_words.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "node/casework/intelligence/route_words.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Word = std::string_view;

constexpr Word kUrgencyReasons[] = {"LIFE_AT_RISK",  "CHILD_AT_RISK",     "FLIGHT_RISK",
                                    "DATA_VOLATILE", "ASSET_DISSIPATION", "TRIAL_DATE",
                                    "CUSTODY_LIMIT", "LIMITATION_PERIOD", "VESSEL_UNDERWAY",
                                    "ACTION_DAY",    "PUBLIC_HEALTH"};
constexpr Word kPersonRoles[] = {
    "SUSPECT",    "ACCUSED",          "CONVICTED",           "WITNESS",
    "EXPERT",     "VICTIM",           "PRESUMED_VICTIM",     "CHILD_VICTIM",
    "COOPERATOR", "SMUGGLED_MIGRANT", "ACCOUNT_HOLDER",      "BENEFICIAL_OWNER",
    "CREW",       "MASTER_OF_VESSEL", "FAMILY_MEMBER",       "BONA_FIDE_THIRD_PARTY",
    "OFFICIAL",   "INFORMANT",        "LEGAL_REPRESENTATIVE"};
constexpr Word kMemberRoles[] = {"OPERATION_COORDINATOR",
                                 "STATE_LEADER",
                                 "MEMBER",
                                 "SECONDED_MEMBER",
                                 "PARTICIPANT",
                                 "ANALYST",
                                 "EVIDENCE_CUSTODIAN",
                                 "LIAISON",
                                 "VICTIM_OFFICER",
                                 "PROSECUTOR",
                                 "DISCLOSURE_OFFICER",
                                 "OBSERVER",
                                 "AUDITOR"};
constexpr Word kCompartments[] = {"PLAN",    "TARGETS",    "ACTION", "EVIDENCE",
                                  "VICTIMS", "UNDERCOVER", "FINANCE"};
constexpr Word kDangers[] = {"NONE_KNOWN", "ARMED",     "VIOLENT", "EXPLOSIVES", "DOGS",
                             "FORTIFIED",  "SELF_HARM", "FLIGHT",  "INFECTION",  "OTHER"};
constexpr Word kMeans[] = {"PHYSICAL", "RESTRAINT",     "BATON",         "IRRITANT", "ELECTRIC",
                           "DOG",      "FIREARM_SHOWN", "FIREARM_FIRED", "VEHICLE",  "OTHER"};
constexpr Word kHurt[] = {"SUSPECT", "VICTIM", "MIGRANT", "OFFICER", "BYSTANDER", "OTHER"};
constexpr Word kBands[] = {"UNDER_12", "12_TO_17",    "18_TO_24", "25_TO_44",
                           "45_TO_64", "65_AND_OVER", "UNKNOWN"};
// What a closing counts by (domain 5.5).
constexpr Word kSeized[] = {"DRUG", "FIREARM", "CASH", "CRYPTO", "ACCOUNT", "DOCUMENT", "OTHER"};
constexpr Word kOutcomes[] = {"SEARCH",
                              "PERSON_CHARGED",
                              "PERSON_PROSECUTED",
                              "PERSON_CONVICTED",
                              "ASSETS_CONFISCATED",
                              "ASSETS_RETURNED",
                              "VICTIM_COMPENSATED",
                              "REQUEST_SENT",
                              "REQUEST_EXECUTED",
                              "REQUEST_REFUSED",
                              "MIGRANT_ASSISTED",
                              "DEATH_AT_SEA",
                              "COMPLAINT",
                              "SAR_EVENT"};
constexpr Word kAges[] = {"ADULT", "CHILD", "UNKNOWN_PRESUMED_CHILD", "UNKNOWN", "DISPUTED"};
constexpr Word kActivities[] = {"JOURNALISM", "EXPRESSION",     "ASSOCIATION",
                                "ASSEMBLY",   "RIGHTS_DEFENCE", "LEGAL_PROFESSION"};
constexpr Word kAreas[] = {"TRAFFICKING_IN_PERSONS",
                           "TRAFFICKING",
                           "SMUGGLING_OF_MIGRANTS",
                           "SMUGGLING",
                           "FIREARMS",
                           "WILDLIFE_FOREST",
                           "WILDLIFE",
                           "FALSIFIED_MEDICAL_PRODUCTS",
                           "MEDICINES",
                           "MARITIME",
                           "CYBERCRIME",
                           "DRUGS",
                           "CORRUPTION_LAUNDERING",
                           "CORRUPTION",
                           "TERRORISM",
                           "JOINT_OPERATION",
                           "ANY",
                           "OTHER"};
constexpr Word kStages[] = {
    "PRELIMINARY", "INVESTIGATION", "PROSECUTION", "TRIAL",
    "APPEAL",      "CONFISCATION",  "ENFORCEMENT", "ADMINISTRATIVE_RELATED"};
constexpr Word kTlp[] = {"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"};
constexpr Word kHandling[] = {"H0", "H1", "H2", "H3"};
constexpr Word kArticles[] = {"5", "6", "8", "23", "PROTOCOL", "SERIOUS_CRIME"};
constexpr Word kGroup[] = {"YES", "SUSPECTED", "NO"};
constexpr Word kDual[] = {"MET", "NOT_MET", "WAIVED", "NOT_ASSESSED"};
constexpr Word kAppendices[] = {"I", "II", "III"};
constexpr Word kCategories[] = {"FALSIFIED", "SUBSTANDARD", "UNREGISTERED"};
constexpr Word kZones[] = {"HIGH_SEAS", "EEZ", "CONTIGUOUS", "TERRITORIAL"};
constexpr Word kRelations[] = {"RESUBMISSION", "FOLLOW_UP", "PROSECUTION_OFFER",
                               "CONVERTED_INFORMATION"};
constexpr Word kTraces[] = {"TRACED", "PARTIAL", "NOT_MANUFACTURED_HERE", "NO_RECORD",
                            "INSUFFICIENT_DATA"};
constexpr Word kConsents[] = {"REFERRAL", "DATA_SHARING", "TRANSFER",
                              "HEARING",  "EXAMINATION",  "RETURN"};
constexpr Word kFollowed[] = {"FOLLOWED", "NOT_FOLLOWED"};
constexpr Word kClaims[] = {"OPEN", "REJECTED", "SATISFIED", "SETTLED", "WITHDRAWN"};
constexpr Word kRoutes[] = {"RD_ORDER", "ENFORCE_RQ_ORDER", "NON_CONVICTION"};
constexpr Word kPurposes[] = {"T", "Z", "G", "Q", "S", "H", "P", "M", "E", "N", "B", "L"};
constexpr Word kSources[] = {"W", "X", "R", "D", "A", "C", "F", "Y", "U", "I", "O"};
constexpr Word kChannels[] = {"CA_DIRECT", "DIPLOMATIC", "INTERPOL_URGENT",
                              "POLICE_27", "24_7",       "FLAG_AUTHORITY",
                              "FIU",       "CUSTOMS"};
constexpr Word kReferral[] = {"REFLECTION_PERIOD", "RESIDENCE_PERMIT", "ASYLUM_CLAIM",
                              "RETURN_VOLUNTARY", "NONE"};
constexpr Word kEvidence[] = {"INTELLIGENCE_ONLY", "EVIDENCE_PENDING_MLA", "EVIDENCE"};

constexpr Word kFirearms[] = {"PISTOL",   "REVOLVER",  "RIFLE",       "SMG",
                              "SHOTGUN",  "CONVERTED", "ADDITIVE_3D", "HOMEMADE",
                              "LAUNCHER", "PART",      "AMMUNITION"};
constexpr Word kSelectors[] = {"IP",     "EMAIL", "ACCOUNT",  "URL",   "DOMAIN", "PHONE",
                               "IMEI",   "IMSI",  "DEVICE",   "BTC",   "ETH",    "CRYPTO",
                               "IBAN",   "CARD",  "DOCUMENT", "PLATE", "VIN",    "CONTAINER",
                               "VESSEL", "HASH",  "NAME",     "OTHER"};
constexpr Word kContexts[] = {"TIP_13", "SOM_13", "OTHER"};
// Of a document, TIP 13 and SOM 13; of a vessel, what it is suspected of.
constexpr Word kSuspicions[] = {"FALSELY_MADE",
                                "ALTERED",
                                "IMPROPERLY_ISSUED",
                                "OBTAINED_BY_DECEPTION",
                                "IMPOSTOR",
                                "STOLEN_BLANK",
                                "SOM",
                                "DRUG88",
                                "SUA",
                                "PIRACY",
                                "FIREARMS",
                                "OTHER"};

constexpr Word kSelections[] = {
    "CONDUCT", "EVIDENCE", "INTELLIGENCE", "ROUTE", "NATIONALITY",       "ETHNIC_ORIGIN",
    "RACE",    "RELIGION", "LANGUAGE",     "SEX",   "POLITICAL_OPINION", "MIGRATION_STATUS",
    "OTHER"};
constexpr Word kWishes[] = {"NONE",
                            "SAME_GENDER_INTERVIEWER",
                            "SAME_GENDER_INTERPRETER",
                            "SAME_GENDER_SEARCH",
                            "SEPARATE_FACILITY",
                            "OTHER"};
constexpr Word kEffects[] = {"CLOSER", "SAME", "FARTHER", "NO_FAMILY"};
constexpr Word kAccuracies[] = {"VERIFIED", "AS_RECORDED", "CONTESTED", "WRONG"};
constexpr Word kNotices[] = {"GIVEN", "DEFERRED", "NOT_DUE"};
constexpr Word kCompensations[] = {"NOT_CLAIMED", "CLAIMED", "AWARDED", "REFUSED"};

constexpr Word kDataCategories[] = {"SUBSCRIBER", "TRAFFIC", "CONTENT"};
constexpr Word kPayments[] = {"CASH", "HAWALA", "BANK", "CRYPTO", "DEBT_BONDAGE"};
constexpr Word kLeadChannels[] = {"STREET",   "AGENCY",  "WEBSITE",      "MARKETPLACE", "CHAT",
                                  "DARK_WEB", "DARKNET", "SOCIAL_MEDIA", "OTHER"};
constexpr Word kMarks[] = {"MANUFACTURER",   "COUNTRY", "PROOF", "IMPORT",
                           "STOCK_TRANSFER", "DEALER",  "OTHER"};
constexpr Word kSerials[] = {"NONE", "OBLITERATED", "RESTORED"};
constexpr Word kTechniques[] = {"INTACT", "REMOVED", "REPLACED", "PARTLY"};
constexpr Word kLicences[] = {"EXPORT", "IMPORT", "TRANSIT"};
constexpr Word kIdentifiers[] = {"POLICE", "LABOUR", "NGO", "HEALTH", "IMMIGRATION"};
constexpr Word kDisposals[] = {"HELD", "DESTROYED", "OTHER"};
constexpr Word kUses[] = {"INQUIRY", "PROCEEDINGS", "FUTURE_REQUEST"};
constexpr Word kBenefits[] = {"FINANCIAL", "MATERIAL", "NONE"};
constexpr Word kPersonKinds[] = {"NATURAL", "LEGAL"};
constexpr Word kOrigins[] = {"SUSPECT_DOCUMENT", "OPERATOR_ENTRY"};
// Of 1961 and 1971; of 1988 the tables of precursors.
constexpr Word kSchedules[] = {"1961 I",  "1961 II",  "1961 III", "1961 IV", "1971 I",
                               "1971 II", "1971 III", "1971 IV",  "1988 I",  "1988 II"};
constexpr Word kSexes[] = {"FEMALE", "MALE", "OTHER", "UNKNOWN"};

// Of answers, answers.proto.
constexpr Word kTies[] = {"HOLDER", "BENEFICIAL_OWNER", "SIGNATORY", "PROXY"};
constexpr Word kStops[] = {"STOPPED", "NOT_STOPPED", "ALREADY_EXECUTED"};
constexpr Word kCompanies[] = {"ACTIVE", "DISSOLVED", "NOT_REGISTERED"};
constexpr Word kControls[] = {"SHARES", "VOTING_RIGHTS", "MANAGEMENT", "OTHER"};
constexpr Word kSubscribers[] = {"IDENTIFIED", "SEVERAL_USERS", "NOT_IDENTIFIED"};
constexpr Word kEntries[] = {"ENTRIES", "NO_ENTRY", "NOT_HELD"};
constexpr Word kDelivered[] = {"SUBSCRIBER", "TRAFFIC", "CONTENT", "DOCUMENT"};
constexpr Word kCopies[] = {"ORIGINAL", "CERTIFIED_COPY", "COPY"};
constexpr Word kLicenceStates[] = {"VALID", "EXPIRED", "REVOKED", "SUSPENDED", "NOT_ISSUED"};
constexpr Word kArrivals[] = {"RECEIVED", "PARTLY_RECEIVED", "NOT_RECEIVED", "NOT_KNOWN"};
constexpr Word kPreExports[] = {"NO_OBJECTION", "OBJECTION", "TIME_NEEDED"};
constexpr Word kOriginsOfTimber[] = {"CONFIRMED", "NOT_CONFIRMED", "NO_RECORD", "INCONCLUSIVE"};
constexpr Word kReceivers[] = {"RESCUE_CENTRE", "MANAGEMENT_AUTHORITY", "OTHER"};
constexpr Word kConditions[] = {"ALIVE_FIT", "ALIVE_WEAK", "DEAD", "NEVER_ALIVE"};
constexpr Word kReferralAnswers[] = {"ACCEPTED", "DECLINED", "WAITING"};
constexpr Word kManners[] = {"PERSONAL", "SUBSTITUTE", "POST", "ELECTRONIC", "PUBLIC"};
constexpr Word kRecipients[] = {"ADDRESSEE", "FAMILY_MEMBER", "EMPLOYEE", "REPRESENTATIVE",
                                "OTHER"};
constexpr Word kNotServed[] = {"UNKNOWN", "REFUSED", "MOVED", "WRONG_ADDRESS"};
constexpr Word kIssued[] = {"ISSUED", "NOT_ISSUED", "WAITING"};
constexpr Word kComparisons[] = {"MATCH", "NO_MATCH", "INCONCLUSIVE", "NOT_COMPARED"};

constexpr Word kHearingResults[] = {"HEARD", "REFUSED_TO_TESTIFY", "NOT_APPEARED", "NOT_FOUND"};
constexpr Word kMeansOfHearing[] = {"PRESENT", "VIDEO", "TELEPHONE", "WRITTEN"};
constexpr Word kAdmonitions[] = {"OATH", "AFFIRMATION", "CAUTION", "TRUTH", "NO_ADMONITION"};
constexpr Word kPrivileges[] = {"SELF_INCRIMINATION", "RELATIVE", "PROFESSION", "OFFICE",
                                "NO_PRIVILEGE"};
constexpr Word kLawsOf[] = {"REQUESTED", "REQUESTING", "BOTH"};
constexpr Word kAttendees[] = {"JUDGE",   "PROSECUTOR",  "POLICE",   "CLERK",
                               "DEFENCE", "INTERPRETER", "GUARDIAN", "SUPPORT",
                               "EXPERT",  "OCCUPANT",    "OTHER"};
constexpr Word kSidesPresent[] = {"REQUESTED", "REQUESTING"};
constexpr Word kSearches[] = {"FOUND", "NOTHING_FOUND", "NOT_ENTERED"};
constexpr Word kSurrenders[] = {"ARRESTED", "NOT_FOUND", "SURRENDER_ORDERED", "SURRENDERED",
                                "RELEASED"};
constexpr Word kSpecialities[] = {"KEPT", "RENOUNCED", "CONSENT_GIVEN"};
constexpr Word kTransfers[] = {"AGREED", "NOT_AGREED", "CONSENT_WITHDRAWN", "TRANSFERRED",
                               "RETURNED"};
constexpr Word kEnforcements[] = {"SENTENCE_CONTINUED", "SENTENCE_CONVERTED"};
constexpr Word kTakings[] = {"TAKEN_OVER", "NOT_TAKEN_OVER", "WAITING"};
constexpr Word kEndings[] = {"CONVICTED", "ACQUITTED", "DISCONTINUED", "ONGOING"};
constexpr Word kTeams[] = {"AGREED", "NOT_AGREED", "WAITING"};
constexpr Word kMeasures[] = {"CARRIED_OUT", "BROKEN_OFF", "NOT_CARRIED_OUT"};
constexpr Word kHits[] = {"HIT", "NO_HIT", "INCONCLUSIVE"};
constexpr Word kLeadActions[] = {"CASE_OPENED", "ADDED_TO_CASE", "PASSED_ON", "NO_ACTION"};

constexpr Word kAppearances[] = {"AGREED", "DECLINED", "NO_ANSWER", "NOT_FOUND",
                                 "CONSENT_WITHDRAWN"};
constexpr Word kExaminations[] = {"EXAMINED", "PARTLY_EXAMINED", "NOT_EXAMINED"};
constexpr Word kAfterwards[] = {"STORED", "RELEASED", "RETURNED", "USED_UP"};
constexpr Word kPackages[] = {"COMPLETE", "INCOMPLETE", "NOT_RECEIVED"};
constexpr Word kFlagClaims[] = {"CLAIMED", "WAIVED", "UNDECIDED"};
constexpr Word kRescues[] = {"RESCUED",   "SEARCHING", "PASSED_ON",
                             "NOT_FOUND", "NO_DANGER", "NO_MEANS"};
constexpr Word kRelocations[] = {"AGREED", "NOT_AGREED", "WAITING"};

constexpr FieldWords kFields[] = {
    {"AppearanceAnswer", "result", kAppearances},
    {"ExaminationAnswer", "result", kExaminations},
    {"ExaminationAnswer", "afterwards", kAfterwards},
    {"PackageAnswer", "result", kPackages},
    {"PackageAnswer", "jurisdiction", kFlagClaims},
    {"DistressAnswer", "result", kRescues},
    {"RelocationAnswer", "decision", kRelocations},
    {"HearingAnswer", "result", kHearingResults},
    {"HearingAnswer", "role", kPersonRoles},
    {"HearingAnswer", "means", kMeansOfHearing},
    {"HearingAnswer", "admonition", kAdmonitions},
    {"HearingAnswer", "privilege", kPrivileges},
    {"HearingAnswer", "privilege_of", kLawsOf},
    {"Attendee", "function", kAttendees},
    {"Attendee", "of", kSidesPresent},
    {"SearchAnswer", "result", kSearches},
    {"SurrenderAnswer", "decision", kSurrenders},
    {"SurrenderAnswer", "speciality", kSpecialities},
    {"TransferAnswer", "decision", kTransfers},
    {"TransferAnswer", "enforcement", kEnforcements},
    {"ProceedingsAnswer", "decision", kTakings},
    {"ProceedingsAnswer", "stage", kStages},
    {"ProceedingsAnswer", "outcome", kEndings},
    {"TeamAnswer", "decision", kTeams},
    {"MeasureAnswer", "result", kMeasures},
    {"MeasureAnswer", "technique", kTechniques},
    {"MeasureAnswer", "subject_notice", kNotices},
    {"HitAnswer", "result", kHits},
    {"HitAnswer", "action", kLeadActions},
    {"AccountFound", "relation", kTies},
    {"PaymentStop", "decision", kStops},
    {"OwnershipAnswer", "status", kCompanies},
    {"Owner", "control", kControls},
    {"SubscriberAnswer", "result", kSubscribers},
    {"RegisterAnswer", "result", kEntries},
    {"DataDelivered", "category", kDelivered},
    {"DataDelivered", "form", kCopies},
    {"LicenceAnswer", "status", kLicenceStates},
    {"ShipmentAnswer", "status", kArrivals},
    {"PreExportAnswer", "decision", kPreExports},
    {"TimberAnswer", "result", kOriginsOfTimber},
    {"SpecimenAnswer", "receiver_kind", kReceivers},
    {"SpecimenAnswer", "condition", kConditions},
    {"ReferralAnswer", "decision", kReferralAnswers},
    {"ServiceAnswer", "manner", kManners},
    {"ServiceAnswer", "received_by", kRecipients},
    {"ServiceAnswer", "not_served_reason", kNotServed},
    {"TravelDocumentAnswer", "decision", kIssued},
    {"ProfileAnswer", "comparison", kComparisons},
    {"Item", "data_categories", kDataCategories},
    {"Item", "technique", kTechniques},
    {"Item", "mrz_origin", kOrigins},
    {"Lead", "channel", kLeadChannels},
    {"Lead", "method", kPayments},
    {"Transaction", "method", kPayments},
    {"TraffickingCase", "recruitment_channel", kLeadChannels},
    {"VictimCount", "sex", kSexes},
    {"Marking", "kind", kMarks},
    {"Firearm", "serial_state", kSerials},
    {"Recovery", "disposal", kDisposals},
    {"Licence", "kind", kLicences},
    {"Identification", "authority_kind", kIdentifiers},
    {"SubstanceAmount", "schedule", kSchedules},
    {"MaterialBenefit", "kind", kBenefits},
    {"Person", "kind", kPersonKinds},
    {"Request", "useful_for", kUses},
    {"Request", "urgency_reason", kUrgencyReasons},
    {"Request", "area", kAreas},
    {"Request", "channel", kChannels},
    {"Request", "evidence_status", kEvidence},
    {"Proceeding", "stage", kStages},
    {"Person", "roles", kPersonRoles},
    {"Person", "age_status", kAges},
    {"Person", "protected_activity", kActivities},
    {"Marked", "tlp", kTlp},
    {"Marked", "code", kHandling},
    {"Offence", "untoc_art", kArticles},
    {"Offence", "ocg_involved", kGroup},
    {"Item", "dual_criminality", kDual},
    {"Item", "context", kContexts},
    {"Selector", "kind", kSelectors},
    {"Item", "suspicion", kSuspicions},
    {"VictimReferral", "age_status", kAges},
    {"VictimReferral", "status", kReferral},
    {"Firearm", "class", kFirearms},
    {"PermitItem", "appendix", kAppendices},
    {"Permit", "purpose", kPurposes},
    {"Permit", "source", kSources},
    {"SeizedObject", "appendix", kAppendices},
    {"ProductAlert", "category", kCategories},
    {"Position", "zone", kZones},
    {"CaseReference", "kind", kRelations},
    {"TraceAnswer", "result", kTraces},
    {"ItemResult", "procedure_followed", kFollowed},
    {"ConsentWithdrawal", "of", kConsents},
    {"ThirdPartyClaim", "status", kClaims},
    {"AssetReport", "route", kRoutes},
    {"OperationMember", "role", kMemberRoles},
    {"OperationMember", "compartments", kCompartments},
    {"OperationRecord", "compartment", kCompartments},
    {"TargetSheet", "danger", kDangers},
    {"ForceReport", "means", kMeans},
    {"Casualties", "who", kHurt},
    {"VictimRecord", "sex", kSexes},
    {"VictimRecord", "age_band", kBands},
    {"OutcomeEntry", "kind", kOutcomes},
    {"Seizure", "kind", kSeized},
    {"Request", "selection_grounds", kSelections},
    {"Tasking", "selection_grounds", kSelections},
    {"GenderCare", "wishes", kWishes},
    {"FamilyTies", "effect", kEffects},
    {"DataCare", "accuracy", kAccuracies},
    {"DataCare", "subject_notice", kNotices},
    {"VictimSupport", "compensation", kCompensations},
};

void Collect(const Descriptor* type, std::set<const Descriptor*>& seen,
             std::vector<const FieldDescriptor*>& out) {
  if (!seen.insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    out.push_back(type->field(i));
    if (type->field(i)->message_type() != nullptr) {
      Collect(type->field(i)->message_type(), seen, out);
    }
  }
}

std::string LastMember(std::string_view name) {
  std::string last(name.substr(name.rfind('.') + 1));
  return last.substr(0, last.find('['));
}

// The messages that stand under the last member of a path: of "legs[0].carrier" Carrier.
std::set<const Descriptor*> TypesUnder(std::string_view path,
                                       const std::vector<const FieldDescriptor*>& all) {
  std::set<const Descriptor*> types;
  const std::string last = LastMember(path);
  for (const FieldDescriptor* field : all) {
    if (field->name() == last && field->message_type() != nullptr) {
      types.insert(field->message_type());
    }
  }
  return types;
}

}  // namespace

std::span<const FieldWords> ClosedFields() {
  static const auto& all = *new std::vector<FieldWords>([] {
    std::vector<FieldWords> rows(std::begin(kFields), std::end(kFields));
    const auto routes = RouteWords();
    rows.insert(rows.end(), routes.begin(), routes.end());
    rows.push_back({"RouteReport", "subject_area", kAreas});
    return rows;
  }());
  return all;
}

const FieldWords* FindWords(std::string_view message, std::string_view field) {
  for (const FieldWords& row : ClosedFields()) {
    if (row.message == message && row.field == field) return &row;
  }
  return nullptr;
}

bool IsWordOf(std::string_view message, std::string_view field, std::string_view word) {
  if (word.empty()) return true;
  const FieldWords* row = FindWords(message, field);
  return row != nullptr &&
         std::find(row->words.begin(), row->words.end(), word) != row->words.end();
}

std::vector<std::string> WordsFor(const FieldDescriptor& field) {
  std::vector<std::string> words;
  if (field.enum_type() != nullptr) {
    for (int i = 0; i < field.enum_type()->value_count(); ++i) {
      const auto* value = field.enum_type()->value(i);
      if (value->number() != 0) words.push_back(value->name());
    }
    return words;
  }
  const FieldWords* row = FindWords(field.containing_type()->name(), field.name());
  if (row != nullptr) words.assign(row->words.begin(), row->words.end());
  return words;
}

std::vector<const FieldDescriptor*> FieldsNamed(std::string_view name) {
  std::set<const Descriptor*> seen;
  std::vector<const FieldDescriptor*> all, found;
  Collect(v1::CaseBody::descriptor(), seen, all);
  const std::string last = LastMember(name);
  const size_t dot = name.rfind('.');
  const std::string_view of = dot == std::string_view::npos ? "" : name.substr(0, dot);
  // "Person.roles" names the message, "carrier.kind" the field that holds it.
  const bool typed = !of.empty() && of[0] >= 'A' && of[0] <= 'Z';
  const std::set<const Descriptor*> under =
      typed || of.empty() ? std::set<const Descriptor*>() : TypesUnder(of, all);
  for (const FieldDescriptor* field : all) {
    if (field->name() != last || WordsFor(*field).empty()) continue;
    if (typed && field->containing_type()->name() != of) continue;
    if (under.empty() || under.count(field->containing_type()) != 0) found.push_back(field);
  }
  return found;
}

}  // namespace palermo::casework
