#include "node/casework/needed.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_split.h"
#include "base/check.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using Type = v1::AssistanceType;

constexpr Needed kNeeded[] = {
    {Type::TAKE_EVIDENCE, "person_ref|person"},
    {Type::TAKE_EVIDENCE, "questions"},
    {Type::SERVE_DOCUMENT, "document_hash"},
    {Type::SERVE_DOCUMENT, "address|person_ref|person"},
    {Type::SEARCH_SEIZE, "place"},
    {Type::SEARCH_SEIZE, "items_sought"},
    {Type::SEARCH_SEIZE, "law_text"},
    {Type::FREEZE, "property"},
    {Type::BANK_ACCOUNT_DISCOVERY, "person_ref|person"},
    {Type::BANK_ACCOUNT_DISCOVERY, "reason|relevance"},
    {Type::BANK_ACCOUNT_DISCOVERY, "grounds"},
    {Type::BANK_TRANSACTIONS, "account|property"},
    {Type::BANK_TRANSACTIONS, "period_from"},
    {Type::BANK_TRANSACTIONS, "relevance"},
    {Type::BANK_MONITORING, "account|property"},
    {Type::BANK_MONITORING, "period_from"},
    {Type::BANK_MONITORING, "relevance"},
    {Type::RECORDS_GOVERNMENT, "custodian"},
    {Type::RECORDS_BANK, "custodian|account"},
    {Type::RECORDS_FINANCIAL, "custodian"},
    {Type::RECORDS_CORPORATE, "custodian"},
    {Type::RECORDS_BUSINESS, "custodian"},
    {Type::TRANSFER_DETAINED_WITNESS, "custody_guarantee"},
    {Type::TRANSFER_DETAINED_WITNESS, "time_credit"},
    {Type::TRANSFER_DETAINED_WITNESS, "immunity"},
    {Type::VOLUNTARY_APPEARANCE, "immunity"},
    {Type::CONFISCATE_BY_RD_ORDER, "property"},
    {Type::CONFISCATE_BY_RD_ORDER, "facts"},
    {Type::ENFORCE_CONFISCATION_ORDER, "order"},
    {Type::ENFORCE_CONFISCATION_ORDER, "extent"},
    {Type::NON_CONVICTION_CONFISCATION, "property"},
    {Type::ASSET_RETURN, "confiscation_ref"},
    {Type::ASSET_RETURN, "claim_basis"},
    {Type::ASSET_SHARING, "confiscation_ref"},
    {Type::DIRECT_RECOVERY_SUPPORT, "civil_claim_ref|confiscation_ref"},
    {Type::EXTRADITE, "penalty"},
    {Type::PROVISIONAL_ARREST, "person"},
    {Type::TRANSFER_SENTENCED_PERSON, "judgment_hash"},
    {Type::TRANSFER_SENTENCED_PERSON, "consent"},
    {Type::TRANSFER_SENTENCED_PERSON, "remaining_months"},
    {Type::TRANSFER_PROCEEDINGS, "case_file_index"},
    {Type::TRANSFER_PROCEEDINGS, "reason"},
    {Type::SET_UP_JIT, "parties"},
    {Type::SET_UP_JIT, "duration"},
    {Type::JOIN_JIT, "agreement_ref"},
    {Type::CONTROLLED_DELIVERY, "consignment|substances"},
    {Type::CONTROLLED_DELIVERY, "technique"},
    {Type::CONTROLLED_DELIVERY, "abort_rule"},
    {Type::CROSS_BORDER_OBSERVATION, "controlling_authority"},
    {Type::CROSS_BORDER_OBSERVATION, "window|period_from"},
    {Type::UNDERCOVER, "controlling_authority"},
    {Type::UNDERCOVER, "window|period_from"},
    {Type::UNDERCOVER, "stop_rule"},
    {Type::ELECTRONIC_SURVEILLANCE, "order|legal_order_hash"},
    {Type::ELECTRONIC_SURVEILLANCE, "window|period_from"},
    {Type::PRESERVE_DATA, "selectors|custodian"},
    {Type::PRESERVE_DATA, "do_not_notify"},
    {Type::DISCLOSE_PRESERVED_TRAFFIC, "preservation_ref"},
    {Type::ACCESS_STORED_DATA, "preservation_ref|custodian|provider"},
    {Type::ACCESS_STORED_DATA, "data_categories"},
    {Type::REALTIME_TRAFFIC, "selectors"},
    {Type::REALTIME_TRAFFIC, "period_from"},
    {Type::REALTIME_TRAFFIC, "necessity"},
    {Type::INTERCEPT_CONTENT, "selectors"},
    {Type::INTERCEPT_CONTENT, "period_from"},
    {Type::INTERCEPT_CONTENT, "necessity"},
    {Type::EMERGENCY_DISCLOSURE, "risk_to_life"},
    {Type::EMERGENCY_DISCLOSURE, "data"},
    {Type::SUBSCRIBER_INFO, "provider|custodian"},
    {Type::SUBSCRIBER_INFO, "selectors"},
    {Type::FLAG_CONFIRMATION, "vessel"},
    {Type::FLAG_CONFIRMATION, "position"},
    {Type::BOARDING_AUTHORIZATION, "vessel"},
    {Type::BOARDING_AUTHORIZATION, "requested"},
    {Type::BOARDING_AUTHORIZATION, "response_needed_by"},
    {Type::SUPPRESSION_ASSISTANCE, "vessel"},
    {Type::VERIFY_NATIONALITY, "person|person_ref"},
    {Type::ISSUE_TRAVEL_DOCUMENT, "person|person_ref"},
    {Type::VERIFY_DOCUMENT, "mrz|document_number"},
    {Type::VERIFY_DOCUMENT, "suspicion"},
    {Type::TRACE_FIREARM, "firearm"},
    {Type::TRACE_FIREARM, "recovery"},
    {Type::VERIFY_LICENCE, "licence"},
    {Type::CONFIRM_SHIPMENT_RECEIPT, "licence"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "substances"},
    {Type::VERIFY_CITES_PERMIT, "permit"},
    {Type::EXAMINE_OBJECT_SITE, "method"},
    {Type::INFO_EVIDENCE_EXPERT, "questions"},
    {Type::SAMPLE_FOR_ANALYSIS, "chain_of_custody"},
    {Type::TRACE_PROCEEDS, "person|person_ref|property"},
    {Type::CRIMINAL_RECORD, "person|person_ref"},
    {Type::CRIMINAL_RECORD, "use"},
    {Type::FIU_INFORMATION, "suspicion|facts"},
    {Type::FIU_POSTPONE_TRANSACTION, "transaction_id"},
    {Type::FIU_POSTPONE_TRANSACTION, "grounds|reason"},
    {Type::SEIZURE_NOTICE, "seizure"},
    {Type::TIMBER_TRACE, "timber"},
    {Type::LAB_RESULT, "analysis"},
    {Type::ARTEFACT_FORENSIC, "analysis"},
    {Type::RECRUITMENT_LEAD, "lead"},
    {Type::SAFEHOUSE_LEAD, "lead"},
    {Type::PAYMENT_LEAD, "lead"},
    {Type::ONLINE_SALES_LEAD, "lead|selectors"},
    {Type::FINANCING_LEAD, "lead|account"},
    {Type::DRUG_LABORATORY_LEAD, "lead|place"},
    {Type::DIVERSION_NOTICE, "licence|firearm"},
    {Type::BALLISTIC_LEAD, "analysis|firearm"},
    {Type::ADDITIVE_FIREARM_ALERT, "firearm|file_hashes"},
    {Type::PIRACY_REPORT, "vessel|facts"},
    {Type::PIRACY_REPORT, "position"},
    {Type::MALWARE_INDICATORS, "file_hashes|selectors"},
    {Type::NPS_ALERT, "substances"},
    {Type::BENEFICIAL_OWNER_QUERY, "property|account|person_ref"},
    {Type::PEP_ENQUIRY, "person_ref|person"},
    {Type::ASSET_DISCLOSURE, "person_ref|person"},
    {Type::FTF_TRAVEL_INFO, "person_ref|person"},
    {Type::FTF_TRAVEL_INFO, "places|period_from"},
    {Type::HIT_QUERY, "selectors|document_number|account"},
    {Type::NETWORK_ASSIST, "questions|selectors"},
    {Type::TIP_CASE_REFERRAL, "trafficking_case|facts"},
    {Type::FINANCIAL_TRAIL, "transactions|account|property"},
    {Type::EVIDENCE_PACKAGE, "vessel|facts"},
    {Type::EVIDENCE_PACKAGE, "chain_of_custody"},
    {Type::DISTRESS_ALERT, "position|place|places"},
    {Type::DISTRESS_ALERT, "persons_on_board|risk_to_life"},
    {Type::CSAM_HASH_LEAD, "chain_of_custody"},
    {Type::BATCH_VERIFY, "questions|description"},
    {Type::VICTIM_REFERRAL, "person_ref|person"},
    {Type::RETURN_PLAN, "person_ref|person"},
    {Type::CHILD_RETURN, "person_ref|person"},
    {Type::VICTIM_SUPPORT_CONTACT, "questions|description"},
    {Type::SERVE_DOCUMENT, "document_type"},
    {Type::SERVE_DOCUMENT, "document_language"},
    {Type::SEARCH_SEIZE, "relevance|facts"},
    {Type::SEARCH_SEIZE, "available_at_home"},
    {Type::SEARCH_SEIZE, "privilege_handling"},
    {Type::FREEZE, "expected_confiscation|reason"},
    {Type::BANK_MONITORING, "cadence"},
    {Type::RECORDS_GOVERNMENT, "certification_form|procedure_wishes"},
    {Type::RECORDS_BANK, "period_from"},
    {Type::RECORDS_BANK, "certification_form|procedure_wishes"},
    {Type::RECORDS_FINANCIAL, "period_from"},
    {Type::RECORDS_BUSINESS, "period_from"},
    {Type::TRANSFER_DETAINED_WITNESS, "window"},
    {Type::TRANSFER_DETAINED_WITNESS, "reason"},
    {Type::VOLUNTARY_APPEARANCE, "expenses"},
    {Type::VOLUNTARY_APPEARANCE, "safe_conduct|safe_conduct_record"},
    {Type::ASSET_RETURN, "account"},
    {Type::ASSET_RETURN, "victims_position"},
    {Type::ASSET_SHARING, "proposed_split|extent"},
    {Type::EXTRADITE, "speciality"},
    {Type::PROVISIONAL_ARREST, "intends_extradition"},
    {Type::TRANSFER_SENTENCED_PERSON, "time_served"},
    {Type::TRANSFER_SENTENCED_PERSON, "law_text"},
    {Type::TRANSFER_PROCEEDINGS, "limitation_dates"},
    {Type::TRANSFER_PROCEEDINGS, "victims_position"},
    {Type::SET_UP_JIT, "composition"},
    {Type::SET_UP_JIT, "territories|places"},
    {Type::CONTROLLED_DELIVERY, "jurisdiction_understanding"},
    {Type::CONTROLLED_DELIVERY, "cost_understanding"},
    {Type::CROSS_BORDER_OBSERVATION, "legal_order_hash|order"},
    {Type::CROSS_BORDER_OBSERVATION, "stop_rule"},
    {Type::CROSS_BORDER_OBSERVATION, "territories|places"},
    {Type::UNDERCOVER, "legal_order_hash|order"},
    {Type::UNDERCOVER, "officer_safety"},
    {Type::UNDERCOVER, "territories|places"},
    {Type::ELECTRONIC_SURVEILLANCE, "necessity"},
    {Type::ELECTRONIC_SURVEILLANCE, "stop_rule"},
    {Type::DISCLOSE_PRESERVED_TRAFFIC, "minimisation_plan"},
    {Type::ACCESS_STORED_DATA, "minimisation_plan"},
    {Type::EMERGENCY_DISCLOSURE, "confirm_later"},
    {Type::SUBSCRIBER_INFO, "offence|facts"},
    {Type::BOARDING_AUTHORIZATION, "persons_on_board"},
    {Type::BOARDING_AUTHORIZATION, "safety_plan"},
    {Type::BOARDING_AUTHORIZATION, "disembarkation_proposal"},
    {Type::SUPPRESSION_ASSISTANCE, "authority_granted"},
    {Type::SUPPRESSION_ASSISTANCE, "limits"},
    {Type::VERIFY_NATIONALITY, "status_at_entry|status_now"},
    {Type::ISSUE_TRAVEL_DOCUMENT, "nationality_ref"},
    {Type::ISSUE_TRAVEL_DOCUMENT, "return_voluntary"},
    {Type::ISSUE_TRAVEL_DOCUMENT, "proceedings_status"},
    {Type::VERIFY_DOCUMENT, "issuer"},
    {Type::VERIFY_DOCUMENT, "document_type"},
    {Type::TRACE_FIREARM, "use|intended_use"},
    {Type::CONFIRM_SHIPMENT_RECEIPT, "consignment"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "exporter"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "importer"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "point_of_entry|places"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "dispatch_date"},
    {Type::VERIFY_CITES_PERMIT, "consignments"},
    {Type::RETURN_SPECIMEN, "seizure_ref|reason"},
    {Type::RETURN_SPECIMEN, "live"},
    {Type::RETURN_SPECIMEN, "costs_borne_by"},
    {Type::RETURN_SPECIMEN, "destination|place"},
    {Type::EXAMINE_OBJECT_SITE, "place"},
    {Type::EXAMINE_OBJECT_SITE, "destructive"},
    {Type::EXAMINE_OBJECT_SITE, "chain_of_custody"},
    {Type::INFO_EVIDENCE_EXPERT, "method"},
    {Type::INFO_EVIDENCE_EXPERT, "chain_of_custody"},
    {Type::INFO_EVIDENCE_EXPERT, "return_or_destroy"},
    {Type::SAMPLE_FOR_ANALYSIS, "questions"},
    {Type::SAMPLE_FOR_ANALYSIS, "return_or_destroy"},
    {Type::TRACE_PROCEEDS, "facts|grounds"},
    {Type::TRACE_PROCEEDS, "period_from"},
    {Type::TRACE_PROCEEDS, "confidential_to_holder"},
    {Type::FIU_INFORMATION, "fiu_roles"},
    {Type::FIU_INFORMATION, "use"},
    {Type::FIU_POSTPONE_TRANSACTION, "fiu_roles"},
    {Type::FIU_POSTPONE_TRANSACTION, "execution_time"},
    {Type::TELEPHONE_HEARING, "person_ref|person"},
    {Type::TELEPHONE_HEARING, "consent"},
    {Type::VIDEO_HEARING, "person_ref|person"},
    {Type::VIDEO_HEARING, "video.slots"},
    {Type::VIDEO_HEARING, "video.tech_profile"},
    {Type::FREEZE, "property.amount"},
    {Type::FREEZE, "property.connection"},
    {Type::EXTRADITE, "dual_criminality"},
    {Type::CONTROLLED_DELIVERY, "legs"},
    {Type::PRESERVE_DATA, "period_days"},
    {Type::ELECTRONIC_SURVEILLANCE, "controlling_authority"},
    {Type::ELECTRONIC_SURVEILLANCE, "territories|places"},
    {Type::WITNESS_RELOCATION, "authority"},
    {Type::COOPERATOR_ARRANGEMENT, "authority"},
    {Type::FLAG_CONFIRMATION, "vessel.name"},
    {Type::FLAG_CONFIRMATION, "vessel.flag_claimed"},
    {Type::FLAG_CONFIRMATION, "vessel.port_of_registry"},
    {Type::FLAG_CONFIRMATION, "suspicion|grounds"},
    {Type::BOARDING_AUTHORIZATION, "boarding_unit"},
    {Type::BOARDING_AUTHORIZATION, "last_port"},
    {Type::BOARDING_AUTHORIZATION, "next_port"},
    {Type::BOARDING_AUTHORIZATION, "persons_on_board.est"},
    {Type::TRACE_FIREARM, "firearm.make"},
    {Type::TRACE_FIREARM, "firearm.model"},
    {Type::TRACE_FIREARM, "firearm.calibre"},
    {Type::TRACE_FIREARM, "firearm.country_of_manufacture"},
    {Type::TRACE_FIREARM, "recovery.at"},
    {Type::TRACE_FIREARM, "recovery.place"},
    {Type::VERIFY_LICENCE, "licence.no"},
    {Type::VERIFY_LICENCE, "licence.issuer"},
    {Type::VERIFY_LICENCE, "licence.expires_at"},
    {Type::VERIFY_LICENCE, "licence.exporter"},
    {Type::VERIFY_LICENCE, "licence.importer"},
    {Type::VERIFY_LICENCE, "licence.goods"},
    {Type::VERIFY_CITES_PERMIT, "permit.no"},
    {Type::VERIFY_CITES_PERMIT, "permit.issuer"},
    {Type::VERIFY_CITES_PERMIT, "permit.items"},
    {Type::VERIFY_CITES_PERMIT, "permit.purpose"},
    {Type::VERIFY_CITES_PERMIT, "permit.source"},
    {Type::TAKE_EVIDENCE, "procedure_wishes"},
    {Type::TAKE_EVIDENCE, "rq_officials_present"},
    {Type::SERVE_DOCUMENT, "appearance_date"},
    {Type::FREEZE, "property.holder"},
    {Type::CONFISCATE_BY_RD_ORDER, "property.description"},
    {Type::CONFISCATE_BY_RD_ORDER, "property.location"},
    {Type::CONFISCATE_BY_RD_ORDER, "property.amount"},
    {Type::ASSET_RETURN, "order|final_judgment_waived"},
    {Type::ASSET_RETURN, "expenses_position"},
    {Type::BANK_TRANSACTIONS, "period_to"},
    {Type::RECORDS_GOVERNMENT, "period_from"},
    {Type::RECORDS_GOVERNMENT, "period_to"},
    {Type::RECORDS_BANK, "period_to"},
    {Type::RECORDS_FINANCIAL, "period_to"},
    {Type::RECORDS_FINANCIAL, "certification_form|procedure_wishes"},
    {Type::RECORDS_CORPORATE, "period_from"},
    {Type::RECORDS_CORPORATE, "period_to"},
    {Type::RECORDS_CORPORATE, "certification_form|procedure_wishes"},
    {Type::RECORDS_BUSINESS, "period_to"},
    {Type::RECORDS_BUSINESS, "certification_form|procedure_wishes"},
    {Type::VIDEO_HEARING, "video.protective_measures"},
    {Type::VOLUNTARY_APPEARANCE, "safe_conduct_days|safe_conduct_record"},
    {Type::EXTRADITE, "penalty.death_possible"},
    {Type::TRANSFER_PROCEEDINGS, "place|places"},
    {Type::CONTROLLED_DELIVERY, "consignment.type"},
    {Type::CONTROLLED_DELIVERY, "consignment.quantity"},
    {Type::CONTROLLED_DELIVERY,
     "consignment.ids|consignment.awb|consignment.container|consignment.vin"},
    {Type::CONTROLLED_DELIVERY, "consents"},
    {Type::DISCLOSE_PRESERVED_TRAFFIC, "data_categories"},
    {Type::FLAG_CONFIRMATION, "position.at"},
    {Type::BOARDING_AUTHORIZATION, "persons_on_board.children"},
    {Type::VERIFY_NATIONALITY, "consent_to_contact|necessity"},
    {Type::VERIFY_DOCUMENT, "image_hashes"},
    {Type::VERIFY_DOCUMENT, "context"},
    {Type::VERIFY_DOCUMENT, "holder_sealed"},
    {Type::TRACE_FIREARM, "firearm.import_mark|firearm.marks"},
    {Type::TRACE_FIREARM, "firearm.images|image_hashes"},
    {Type::TRACE_FIREARM, "recovery.circumstances"},
    {Type::TRACE_FIREARM, "recovery.offence|offence"},
    {Type::VERIFY_LICENCE, "licence.issued_at"},
    {Type::VERIFY_LICENCE, "licence.final_recipient"},
    {Type::VERIFY_LICENCE, "licence.goods.quantity"},
    {Type::VERIFY_LICENCE, "licence.transit|transit_states"},
    {Type::CONFIRM_SHIPMENT_RECEIPT, "licence.no"},
    {Type::CONFIRM_SHIPMENT_RECEIPT,
     "consignment.ids|consignment.awb|consignment.container|consignment.vin"},
    {Type::CONFIRM_SHIPMENT_RECEIPT, "consignment.type|consignment.name"},
    {Type::CONFIRM_SHIPMENT_RECEIPT, "consignment.quantity"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "substances.cas"},
    {Type::PRE_EXPORT_NOTICE_PRECURSOR, "substances.quantity"},
    {Type::VERIFY_CITES_PERMIT, "permit.valid_to"},
    {Type::VERIFY_CITES_PERMIT, "permit.items.taxon"},
    {Type::VERIFY_CITES_PERMIT, "permit.items.appendix"},
    {Type::VERIFY_CITES_PERMIT, "permit.items.code"},
    {Type::VERIFY_CITES_PERMIT, "permit.items.qty"},
    {Type::VERIFY_CITES_PERMIT, "permit.items.unit"},
    {Type::VERIFY_CITES_PERMIT, "origin_permit"},
    {Type::EXAMINE_OBJECT_SITE, "sample_split"},
    {Type::EXAMINE_OBJECT_SITE, "rq_officials_present"},
    {Type::SAMPLE_FOR_ANALYSIS, "substances"},
    {Type::SAMPLE_FOR_ANALYSIS, "method"},
    {Type::TRACE_PROCEEDS, "period_to"},
    {Type::TRACE_PROCEEDS, "relevance|property"},
    {Type::ASSET_SHARING, "victims_position"},
    {Type::ASSET_SHARING, "account"},
    {Type::DIRECT_RECOVERY_SUPPORT, "claim_basis"},
    {Type::DIRECT_RECOVERY_SUPPORT, "victims_position"},
    {Type::DIRECT_RECOVERY_SUPPORT, "account"},
    {Type::CROSS_BORDER_OBSERVATION, "offence"},
    {Type::CROSS_BORDER_OBSERVATION, "person_ref|person"},
    {Type::CROSS_BORDER_OBSERVATION, "officer_safety"},
    {Type::UNDERCOVER, "offence"},
    {Type::UNDERCOVER, "person_ref|person"},
    {Type::ELECTRONIC_SURVEILLANCE, "offence"},
    {Type::ELECTRONIC_SURVEILLANCE, "person_ref|person"},
    {Type::ELECTRONIC_SURVEILLANCE, "officer_safety"},
    {Type::SUBSCRIBER_INFO, "authority|order|legal_order_hash"},
    {Type::SUBSCRIBER_INFO, "do_not_notify"},
    {Type::SUPPRESSION_ASSISTANCE, "vessel.name"},
    {Type::SUPPRESSION_ASSISTANCE, "vessel.flag_claimed|vessel.stateless"},
    {Type::SUPPRESSION_ASSISTANCE, "requested"},
    {Type::RETURN_SPECIMEN, "health"},
    {Type::FIU_INFORMATION, "person_ref|person"},
    {Type::FIU_INFORMATION, "account|property"},
    {Type::FIU_INFORMATION, "period_from"},
    {Type::FIU_INFORMATION, "period_to"},
    {Type::FIU_POSTPONE_TRANSACTION, "person_ref|person"},
    {Type::FIU_POSTPONE_TRANSACTION, "account|property"},
    {Type::FIU_POSTPONE_TRANSACTION, "use"},
};

// What every written request says besides 18(15) and what rules of its own ask for.
constexpr std::string_view kBase[] = {
    "national_ref", "proceeding.stage", "proceeding.national_ref", "confidentiality", "contact",
    "handling",     "handling.tlp",     "handling.release_states",
};

// The fields from the item, or the request, to a member: "licence.number" has two.
using Path = std::vector<const FieldDescriptor*>;
struct Row {
  std::string_view members;
  std::vector<Path> paths;
};
constexpr size_t kTypes = Type::Code_MAX + 1;

Path PathTo(const google::protobuf::Descriptor* type, const std::string& member) {
  Path path;
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(member, '.'))) {
    PALERMO_CHECK(type != nullptr);
    path.push_back(type->FindFieldByName(name));
    PALERMO_CHECK(path.back() != nullptr);
    type = path.back()->message_type();
  }
  return path;
}

const std::array<std::vector<Row>, kTypes>& RowsByType() {
  static const auto& rows = *new std::array<std::vector<Row>, kTypes>([] {
    std::array<std::vector<Row>, kTypes> built;
    for (const Needed& needed : kNeeded) {
      Row row{needed.members, {}};
      const std::vector<std::string> members = absl::StrSplit(std::string(needed.members), '|');
      for (const std::string& member : members) {
        row.paths.push_back(PathTo(v1::Item::descriptor(), member));
      }
      built[needed.type].push_back(std::move(row));
    }
    return built;
  }());
  return rows;
}

// Below a list, one of its elements that has the rest of the path is enough.
bool IsThere(const google::protobuf::Message& message,
             std::span<const FieldDescriptor* const> path) {
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* field = path.front();
  if (path.size() == 1) {
    return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                                : reflection->HasField(message, field);
  }
  const auto rest = path.subspan(1);
  if (!field->is_repeated()) {
    return reflection->HasField(message, field) &&
           IsThere(reflection->GetMessage(message, field), rest);
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    if (IsThere(reflection->GetRepeatedMessage(message, field, i), rest)) return true;
  }
  return false;
}

// What its whole part lacks is told of the part.
bool InMissingPart(const google::protobuf::Message& message, const Path& path) {
  return path.size() > 1 && !IsThere(message, std::span(path).first(path.size() - 1));
}

}  // namespace

std::span<const Needed> NeededMembers() { return kNeeded; }

std::vector<std::string_view> MissingOf(const v1::Item& item) {
  std::vector<std::string_view> missing;
  const auto type = static_cast<size_t>(item.type());
  if (type >= kTypes) return missing;
  for (const Row& row : RowsByType()[type]) {
    const bool there = std::any_of(row.paths.begin(), row.paths.end(),
                                   [&](const Path& path) { return IsThere(item, path); });
    if (!there && !InMissingPart(item, row.paths.front())) missing.push_back(row.members);
  }
  return missing;
}

std::span<const std::string_view> BaseMembers() { return kBase; }

std::vector<std::string_view> MissingOf(const v1::Request& request) {
  static const auto& paths = *new std::vector<Path>([] {
    std::vector<Path> built;
    for (std::string_view member : kBase) {
      built.push_back(PathTo(v1::Request::descriptor(), std::string(member)));
    }
    return built;
  }());
  std::vector<std::string_view> missing;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (IsThere(request, paths[i]) || InMissingPart(request, paths[i])) continue;
    missing.push_back(kBase[i]);
  }
  return missing;
}

}  // namespace palermo::casework
