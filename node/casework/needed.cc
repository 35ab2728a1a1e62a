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
    {Type::TAKE_EVIDENCE, "person_ref|person|description"},
    {Type::TAKE_EVIDENCE, "questions|description"},
    {Type::SERVE_DOCUMENT, "document_hash"},
    {Type::SERVE_DOCUMENT, "address|person_ref|person"},
    {Type::SEARCH_SEIZE, "place"},
    {Type::SEARCH_SEIZE, "items_sought|description"},
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
    {Type::RECORDS_GOVERNMENT, "custodian|description"},
    {Type::RECORDS_BANK, "custodian|account"},
    {Type::RECORDS_FINANCIAL, "custodian|description"},
    {Type::RECORDS_CORPORATE, "custodian|description"},
    {Type::RECORDS_BUSINESS, "custodian|description"},
    {Type::TRANSFER_DETAINED_WITNESS, "custody_guarantee"},
    {Type::TRANSFER_DETAINED_WITNESS, "time_credit"},
    {Type::TRANSFER_DETAINED_WITNESS, "immunity"},
    {Type::VOLUNTARY_APPEARANCE, "immunity"},
    {Type::CONFISCATE_BY_RD_ORDER, "property"},
    {Type::CONFISCATE_BY_RD_ORDER, "facts|description"},
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
    {Type::EXAMINE_OBJECT_SITE, "method|description"},
    {Type::INFO_EVIDENCE_EXPERT, "questions|description"},
    {Type::SAMPLE_FOR_ANALYSIS, "chain_of_custody"},
    {Type::TRACE_PROCEEDS, "person|person_ref|property|description"},
    {Type::CRIMINAL_RECORD, "person|person_ref"},
    {Type::CRIMINAL_RECORD, "use|description"},
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
    {Type::SERVE_DOCUMENT, "document_type|description"},
    {Type::SERVE_DOCUMENT, "document_language"},
    {Type::SEARCH_SEIZE, "relevance|facts"},
    {Type::SEARCH_SEIZE, "available_at_home"},
    {Type::SEARCH_SEIZE, "privilege_handling"},
    {Type::FREEZE, "expected_confiscation|reason"},
    {Type::BANK_MONITORING, "cadence|description"},
    {Type::RECORDS_GOVERNMENT, "certification_form|procedure_wishes"},
    {Type::RECORDS_BANK, "period_from"},
    {Type::RECORDS_BANK, "certification_form|procedure_wishes"},
    {Type::RECORDS_FINANCIAL, "period_from|description"},
    {Type::RECORDS_BUSINESS, "period_from|description"},
    {Type::TRANSFER_DETAINED_WITNESS, "window|reason"},
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
    {Type::SAMPLE_FOR_ANALYSIS, "questions|description"},
    {Type::SAMPLE_FOR_ANALYSIS, "return_or_destroy"},
    {Type::TRACE_PROCEEDS, "facts|grounds"},
    {Type::TRACE_PROCEEDS, "period_from"},
    {Type::TRACE_PROCEEDS, "confidential_to_holder"},
    {Type::FIU_INFORMATION, "fiu_roles"},
    {Type::FIU_INFORMATION, "use"},
    {Type::FIU_POSTPONE_TRANSACTION, "fiu_roles"},
    {Type::FIU_POSTPONE_TRANSACTION, "execution_time"},
};

struct Row {
  std::string_view members;
  std::vector<const FieldDescriptor*> fields;
};
constexpr size_t kTypes = Type::Code_MAX + 1;

const std::array<std::vector<Row>, kTypes>& RowsByType() {
  static const auto& rows = *new std::array<std::vector<Row>, kTypes>([] {
    std::array<std::vector<Row>, kTypes> built;
    for (const Needed& needed : kNeeded) {
      Row row{needed.members, {}};
      const std::vector<std::string> members = absl::StrSplit(std::string(needed.members), '|');
      for (const std::string& member : members) {
        row.fields.push_back(v1::Item::descriptor()->FindFieldByName(member));
        PALERMO_CHECK(row.fields.back() != nullptr);
      }
      built[needed.type].push_back(std::move(row));
    }
    return built;
  }());
  return rows;
}

bool IsThere(const v1::Item& item, const FieldDescriptor* field) {
  const auto* reflection = v1::Item::GetReflection();
  return field->is_repeated() ? reflection->FieldSize(item, field) > 0
                              : reflection->HasField(item, field);
}

}  // namespace

std::span<const Needed> NeededMembers() { return kNeeded; }

std::vector<std::string_view> MissingOf(const v1::Item& item) {
  std::vector<std::string_view> missing;
  const auto type = static_cast<size_t>(item.type());
  if (type >= kTypes) return missing;
  for (const Row& row : RowsByType()[type]) {
    const bool there = std::any_of(row.fields.begin(), row.fields.end(),
                                   [&](const FieldDescriptor* f) { return IsThere(item, f); });
    if (!there) missing.push_back(row.members);
  }
  return missing;
}

}  // namespace palermo::casework
