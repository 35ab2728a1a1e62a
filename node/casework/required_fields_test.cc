// Every field that section 1.9 of the domain requires of a kind of request, with the rule that
// tells when it is missing. Fields that stand in brackets or behind "C" there depend on a condition
// and have tests of their own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

#include "absl/strings/str_split.h"
#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;

struct Required {
  T::Code type;
  // Of the request; alternatives with "|": one of them is enough. "items.place" is of its one item.
  const char* fields;
  const char* rule;
};

// The base block B, asked of a request of any kind.
constexpr Required kBlock[] = {
    {T::TAKE_EVIDENCE, "national_ref", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "basis", "R-DIR-03"},
    {T::TAKE_EVIDENCE, "basis.instrument", "R-DIR-03"},
    {T::TAKE_EVIDENCE, "basis.governing_profile", "R-DIR-03"},
    {T::TAKE_EVIDENCE, "requesting_authority", "R-MLA-15A"},
    {T::TAKE_EVIDENCE, "proceeding.stage", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "proceeding.nature|proceeding.subject_matter", "R-MLA-15B"},
    {T::TAKE_EVIDENCE, "proceeding.conducting_authority.name", "R-MLA-15B"},
    {T::TAKE_EVIDENCE, "proceeding.conducting_authority.function", "R-MLA-15B"},
    {T::TAKE_EVIDENCE, "proceeding.national_ref", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "facts_summary", "R-MLA-15C"},
    {T::TAKE_EVIDENCE, "items", "R-MLA-15D"},
    {T::TAKE_EVIDENCE, "items.description", "R-MLA-15D"},
    {T::TAKE_EVIDENCE, "persons", "R-MLA-15E"},
    {T::TAKE_EVIDENCE, "purpose", "R-MLA-15F"},
    {T::TAKE_EVIDENCE, "language", "R-LANG-01"},
    {T::TAKE_EVIDENCE, "confidentiality", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "handling", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "handling.tlp", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "handling.release_states", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "contact", "R-GEN-01"},
};

constexpr Required kRequired[] = {
    {T::TAKE_EVIDENCE, "items.person_ref|items.person", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "items.questions", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "items.procedure_wishes", "R-GEN-01"},
    {T::TAKE_EVIDENCE, "items.rq_officials_present", "R-GEN-01"},
    {T::SERVE_DOCUMENT, "items.document_hash", "R-GEN-01"},
    {T::SERVE_DOCUMENT, "items.document_type", "R-GEN-01"},
    {T::SERVE_DOCUMENT, "items.address|items.person_ref|items.person", "R-GEN-01"},
    {T::SERVE_DOCUMENT, "items.document_language", "R-GEN-01"},
    {T::SERVE_DOCUMENT, "items.appearance_date", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.place", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.items_sought", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.relevance|items.facts", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.law_text", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.available_at_home", "R-GEN-01"},
    {T::SEARCH_SEIZE, "items.privilege_handling", "R-GEN-01"},
    {T::FREEZE, "items.property", "R-AR-01"},
    {T::FREEZE, "items.property.holder", "R-GEN-01"},
    {T::FREEZE, "items.property.amount", "R-GEN-01"},
    {T::FREEZE, "items.property.connection", "R-GEN-01"},
    {T::FREEZE, "items.expected_confiscation|items.reason", "R-GEN-01"},
    {T::CONFISCATE_BY_RD_ORDER, "items.property", "R-GEN-01"},
    {T::CONFISCATE_BY_RD_ORDER, "items.property.description", "R-GEN-01"},
    {T::CONFISCATE_BY_RD_ORDER, "items.property.location", "R-GEN-01"},
    {T::CONFISCATE_BY_RD_ORDER, "items.property.amount", "R-GEN-01"},
    {T::CONFISCATE_BY_RD_ORDER, "items.facts", "R-GEN-01"},
    {T::ENFORCE_CONFISCATION_ORDER, "items.order", "R-AR-02"},
    {T::ENFORCE_CONFISCATION_ORDER, "items.extent", "R-GEN-01"},
    {T::ENFORCE_CONFISCATION_ORDER, "items.third_party_notice", "R-AR-03"},
    {T::ENFORCE_CONFISCATION_ORDER, "items.due_process_statement", "R-AR-03"},
    {T::ENFORCE_CONFISCATION_ORDER, "items.order.final", "R-AR-02"},
    {T::ASSET_RETURN, "items.confiscation_ref", "R-GEN-01"},
    {T::ASSET_RETURN, "items.claim_basis", "R-GEN-01"},
    {T::ASSET_RETURN, "items.order|items.final_judgment_waived", "R-GEN-01"},
    {T::ASSET_RETURN, "items.victims_position", "R-GEN-01"},
    {T::ASSET_RETURN, "items.account", "R-GEN-01"},
    {T::ASSET_RETURN, "items.expenses_position", "R-GEN-01"},
    {T::BANK_ACCOUNT_DISCOVERY, "items.person_ref|items.person", "R-GEN-01"},
    {T::BANK_ACCOUNT_DISCOVERY, "items.reason|items.relevance", "R-GEN-01"},
    {T::BANK_ACCOUNT_DISCOVERY, "items.grounds", "R-GEN-01"},
    {T::BANK_TRANSACTIONS, "items.account|items.property", "R-GEN-01"},
    {T::BANK_TRANSACTIONS, "items.period_from", "R-GEN-01"},
    {T::BANK_TRANSACTIONS, "items.period_to", "R-GEN-01"},
    {T::BANK_TRANSACTIONS, "items.relevance", "R-GEN-01"},
    {T::BANK_MONITORING, "items.account|items.property", "R-GEN-01"},
    {T::BANK_MONITORING, "items.period_from", "R-GEN-01"},
    {T::BANK_MONITORING, "items.period_to", "R-HR-13"},
    {T::BANK_MONITORING, "items.relevance", "R-GEN-01"},
    {T::BANK_MONITORING, "items.cadence", "R-GEN-01"},
    {T::RECORDS_GOVERNMENT, "items.custodian", "R-GEN-01"},
    {T::RECORDS_GOVERNMENT, "items.period_from", "R-GEN-01"},
    {T::RECORDS_GOVERNMENT, "items.period_to", "R-GEN-01"},
    {T::RECORDS_GOVERNMENT, "items.certification_form|items.procedure_wishes", "R-GEN-01"},
    {T::RECORDS_BANK, "items.custodian|items.account", "R-GEN-01"},
    {T::RECORDS_BANK, "items.period_from", "R-GEN-01"},
    {T::RECORDS_BANK, "items.period_to", "R-GEN-01"},
    {T::RECORDS_BANK, "items.certification_form|items.procedure_wishes", "R-GEN-01"},
    {T::RECORDS_FINANCIAL, "items.custodian", "R-GEN-01"},
    {T::RECORDS_FINANCIAL, "items.period_from", "R-GEN-01"},
    {T::RECORDS_FINANCIAL, "items.period_to", "R-GEN-01"},
    {T::RECORDS_FINANCIAL, "items.certification_form|items.procedure_wishes", "R-GEN-01"},
    {T::RECORDS_CORPORATE, "items.custodian", "R-GEN-01"},
    {T::RECORDS_CORPORATE, "items.period_from", "R-GEN-01"},
    {T::RECORDS_CORPORATE, "items.period_to", "R-GEN-01"},
    {T::RECORDS_CORPORATE, "items.certification_form|items.procedure_wishes", "R-GEN-01"},
    {T::RECORDS_BUSINESS, "items.custodian", "R-GEN-01"},
    {T::RECORDS_BUSINESS, "items.period_from", "R-GEN-01"},
    {T::RECORDS_BUSINESS, "items.period_to", "R-GEN-01"},
    {T::RECORDS_BUSINESS, "items.certification_form|items.procedure_wishes", "R-GEN-01"},
    {T::VIDEO_HEARING, "items.video.reason_no_appearance", "R-VID-01"},
    {T::VIDEO_HEARING, "items.video.conducting_authority", "R-VID-01"},
    {T::VIDEO_HEARING, "items.person_ref|items.person", "R-GEN-01"},
    {T::VIDEO_HEARING, "items.video.slots", "R-GEN-01"},
    {T::VIDEO_HEARING, "items.video.tech_profile", "R-GEN-01"},
    {T::VIDEO_HEARING, "items.video.interpreter", "R-VID-01"},
    {T::VIDEO_HEARING, "items.video.protective_measures", "R-GEN-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.consent", "R-TRF-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.reason", "R-GEN-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.window", "R-GEN-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.custody_guarantee", "R-GEN-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.return_due_at", "R-TRF-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.time_credit", "R-GEN-01"},
    {T::TRANSFER_DETAINED_WITNESS, "items.immunity", "R-GEN-01"},
    {T::VOLUNTARY_APPEARANCE, "items.description", "R-MLA-15D"},
    {T::VOLUNTARY_APPEARANCE, "items.expenses", "R-GEN-01"},
    {T::VOLUNTARY_APPEARANCE, "items.safe_conduct|items.safe_conduct_record", "R-GEN-01"},
    {T::VOLUNTARY_APPEARANCE, "items.safe_conduct_days|items.safe_conduct_record", "R-GEN-01"},
    {T::EXTRADITE, "items.warrant_hash|items.judgment_hash", "R-EXT-01"},
    {T::EXTRADITE, "items.offence_times", "R-EXT-01"},
    {T::EXTRADITE, "items.places", "R-EXT-01"},
    {T::EXTRADITE, "items.law_text", "R-EXT-01"},
    {T::EXTRADITE, "items.person", "R-EXT-01"},
    {T::EXTRADITE, "items.penalty", "R-GEN-01"},
    {T::EXTRADITE, "items.penalty.death_possible", "R-GEN-01"},
    {T::EXTRADITE, "items.assurances", "R-HR-04"},
    {T::EXTRADITE, "items.speciality", "R-GEN-01"},
    {T::PROVISIONAL_ARREST, "items.warrant_hash|items.judgment_hash|items.order", "R-EXT-01"},
    {T::PROVISIONAL_ARREST, "items.intends_extradition", "R-GEN-01"},
    {T::PROVISIONAL_ARREST, "items.offence_times", "R-EXT-01"},
    {T::PROVISIONAL_ARREST, "items.places", "R-EXT-01"},
    {T::PROVISIONAL_ARREST, "items.person", "R-EXT-01"},
    {T::TRANSFER_SENTENCED_PERSON, "items.judgment_hash", "R-GEN-01"},
    {T::TRANSFER_SENTENCED_PERSON, "items.law_text", "R-GEN-01"},
    {T::TRANSFER_SENTENCED_PERSON, "items.time_served", "R-GEN-01"},
    {T::TRANSFER_SENTENCED_PERSON, "items.remaining_months", "R-GEN-01"},
    {T::TRANSFER_SENTENCED_PERSON, "items.consent", "R-HR-12"},
    {T::TRANSFER_SENTENCED_PERSON, "persons.nationality", "R-GEN-01"},
    {T::TRANSFER_PROCEEDINGS, "items.case_file_index", "R-GEN-01"},
    {T::TRANSFER_PROCEEDINGS, "items.reason", "R-GEN-01"},
    {T::TRANSFER_PROCEEDINGS, "items.place|items.places", "R-GEN-01"},
    {T::TRANSFER_PROCEEDINGS, "items.limitation_dates", "R-GEN-01"},
    {T::TRANSFER_PROCEEDINGS, "items.victims_position", "R-GEN-01"},
    {T::SET_UP_JIT, "purpose", "R-MLA-15F"},
    {T::SET_UP_JIT, "items.parties", "R-GEN-01"},
    {T::SET_UP_JIT, "items.composition", "R-GEN-01"},
    {T::SET_UP_JIT, "items.duration", "R-GEN-01"},
    {T::SET_UP_JIT, "items.territories|items.places", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.consignment|items.substances", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.consignment.type", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.consignment.quantity", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.consignment.awb", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.legs", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.legs.entry", "R-CD-01"},
    {T::CONTROLLED_DELIVERY, "items.legs.exit", "R-CD-01"},
    {T::CONTROLLED_DELIVERY, "items.legs.lead_authority", "R-CD-01"},
    {T::CONTROLLED_DELIVERY, "items.technique", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.consents", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.abort_rule", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.jurisdiction_understanding", "R-GEN-01"},
    {T::CONTROLLED_DELIVERY, "items.cost_understanding", "R-GEN-01"},
    {T::PRESERVE_DATA, "items.authority|requesting_authority", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.offence|offence", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.data", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.custodian", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.necessity", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.intends_mla", "R-CYB-01"},
    {T::PRESERVE_DATA, "items.selectors.at", "R-CYB-IP"},
    {T::PRESERVE_DATA, "items.selectors.port", "R-CYB-IP"},
    {T::PRESERVE_DATA, "items.do_not_notify", "R-GEN-01"},
    {T::PRESERVE_DATA, "items.period_days", "R-GEN-01"},
    {T::DISCLOSE_PRESERVED_TRAFFIC, "items.preservation_ref", "R-GEN-01"},
    {T::DISCLOSE_PRESERVED_TRAFFIC, "items.data_categories", "R-GEN-01"},
    {T::DISCLOSE_PRESERVED_TRAFFIC, "items.legal_order_hash", "R-CYB-04"},
    {T::DISCLOSE_PRESERVED_TRAFFIC, "items.minimisation_plan", "R-GEN-01"},
    {T::ACCESS_STORED_DATA, "items.preservation_ref|items.custodian|items.provider", "R-GEN-01"},
    {T::ACCESS_STORED_DATA, "items.data_categories", "R-GEN-01"},
    {T::ACCESS_STORED_DATA, "items.legal_order_hash|items.order", "R-CYB-04"},
    {T::ACCESS_STORED_DATA, "items.minimisation_plan", "R-GEN-01"},
    {T::REALTIME_TRAFFIC, "items.order", "R-CYB-04"},
    {T::REALTIME_TRAFFIC, "items.selectors", "R-GEN-01"},
    {T::REALTIME_TRAFFIC, "items.period_from", "R-GEN-01"},
    {T::REALTIME_TRAFFIC, "items.period_to", "R-HR-13"},
    {T::REALTIME_TRAFFIC, "items.necessity", "R-GEN-01"},
    {T::INTERCEPT_CONTENT, "items.order", "R-CYB-04"},
    {T::INTERCEPT_CONTENT, "items.selectors", "R-GEN-01"},
    {T::INTERCEPT_CONTENT, "items.period_from", "R-GEN-01"},
    {T::INTERCEPT_CONTENT, "items.period_to", "R-HR-13"},
    {T::INTERCEPT_CONTENT, "items.necessity", "R-GEN-01"},
    {T::EMERGENCY_DISCLOSURE, "items.risk_to_life", "R-GEN-01"},
    {T::EMERGENCY_DISCLOSURE, "items.data", "R-GEN-01"},
    {T::EMERGENCY_DISCLOSURE, "items.confirm_later", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.vessel.name", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.vessel.flag_claimed", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.vessel.port_of_registry", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.position", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.position.at", "R-GEN-01"},
    {T::FLAG_CONFIRMATION, "items.suspicion|items.grounds", "R-SEA-01"},
    {T::BOARDING_AUTHORIZATION, "items.vessel", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.requested", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.boarding_unit", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.boarding_unit.government_marked", "R-SEA-04"},
    {T::BOARDING_AUTHORIZATION, "items.last_port", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.next_port", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.persons_on_board.est", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.persons_on_board.children", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.safety_plan", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.disembarkation_proposal", "R-GEN-01"},
    {T::BOARDING_AUTHORIZATION, "items.response_needed_by", "R-GEN-01"},
    {T::VERIFY_NATIONALITY, "items.person_ref|items.person", "R-GEN-01"},
    {T::VERIFY_NATIONALITY, "items.status_at_entry|items.status_now", "R-GEN-01"},
    {T::VERIFY_NATIONALITY, "items.protection_claim", "R-HR-01"},
    {T::VERIFY_NATIONALITY, "items.consent_to_contact|items.necessity", "R-GEN-01"},
    {T::ISSUE_TRAVEL_DOCUMENT, "items.nationality_ref", "R-GEN-01"},
    {T::ISSUE_TRAVEL_DOCUMENT, "items.return_voluntary", "R-GEN-01"},
    {T::ISSUE_TRAVEL_DOCUMENT, "items.safety_assessment", "R-HR-01"},
    {T::ISSUE_TRAVEL_DOCUMENT, "items.proceedings_status", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.issuer", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.document_type", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.document_number|items.mrz", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.image_hashes", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.context", "R-GEN-01"},
    {T::VERIFY_DOCUMENT, "items.holder_sealed", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.make", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.model", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.calibre", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.serial|items.firearm.marks|items.firearm.import_mark",
     "R-FAP-01"},
    {T::TRACE_FIREARM, "items.firearm.country_of_manufacture", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.import_mark|items.firearm.marks", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.recovery.at", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.recovery.place", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.recovery.circumstances", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.recovery.offence|items.offence", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.intended_use|items.use", "R-GEN-01"},
    {T::TRACE_FIREARM, "items.firearm.images|items.image_hashes", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.no", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.issuer", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.issued_at", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.expires_at", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.exporter", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.importer", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.final_recipient", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.goods", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.goods.quantity", "R-GEN-01"},
    {T::VERIFY_LICENCE, "items.licence.transit|items.transit_states", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.exporter", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.importer", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.substances", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.substances.cas", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.substances.quantity", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.point_of_entry|items.places", "R-GEN-01"},
    {T::PRE_EXPORT_NOTICE_PRECURSOR, "items.dispatch_date", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.no", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.issuer", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.valid_to", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.items.taxon", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.items.appendix", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.items.code", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.items.qty", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.items.unit", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.purpose", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.permit.source", "R-GEN-01"},
    {T::VERIFY_CITES_PERMIT, "items.origin_permit", "R-GEN-01"},
    {T::WITNESS_RELOCATION, "items.authority", "R-GEN-01"},
    {T::COOPERATOR_ARRANGEMENT, "items.authority", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.place", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.method", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.destructive", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.sample_split", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.chain_of_custody", "R-GEN-01"},
    {T::EXAMINE_OBJECT_SITE, "items.rq_officials_present", "R-GEN-01"},
    {T::INFO_EVIDENCE_EXPERT, "items.questions", "R-GEN-01"},
    {T::INFO_EVIDENCE_EXPERT, "items.method", "R-GEN-01"},
    {T::INFO_EVIDENCE_EXPERT, "items.chain_of_custody", "R-GEN-01"},
    {T::INFO_EVIDENCE_EXPERT, "items.return_or_destroy", "R-GEN-01"},
    {T::SAMPLE_FOR_ANALYSIS, "items.questions", "R-GEN-01"},
    {T::SAMPLE_FOR_ANALYSIS, "items.substances", "R-GEN-01"},
    {T::SAMPLE_FOR_ANALYSIS, "items.method", "R-GEN-01"},
    {T::SAMPLE_FOR_ANALYSIS, "items.chain_of_custody", "R-GEN-01"},
    {T::SAMPLE_FOR_ANALYSIS, "items.return_or_destroy", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.person|items.person_ref|items.property", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.facts|items.grounds", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.relevance|items.property", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.period_from", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.period_to", "R-GEN-01"},
    {T::TRACE_PROCEEDS, "items.confidential_to_holder", "R-GEN-01"},
    {T::CRIMINAL_RECORD, "items.person|items.person_ref", "R-GEN-01"},
    {T::CRIMINAL_RECORD, "items.use", "R-GEN-01"},
    {T::ASSET_SHARING, "items.confiscation_ref", "R-GEN-01"},
    {T::ASSET_SHARING, "items.proposed_split|items.extent", "R-GEN-01"},
    {T::ASSET_SHARING, "items.victims_position", "R-GEN-01"},
    {T::ASSET_SHARING, "items.account", "R-GEN-01"},
    {T::DIRECT_RECOVERY_SUPPORT, "items.confiscation_ref|items.civil_claim_ref", "R-GEN-01"},
    {T::DIRECT_RECOVERY_SUPPORT, "items.claim_basis", "R-GEN-01"},
    {T::DIRECT_RECOVERY_SUPPORT, "items.victims_position", "R-GEN-01"},
    {T::DIRECT_RECOVERY_SUPPORT, "items.account", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.offence", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.person_ref|items.person", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.window|items.period_from", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.territories|items.places", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.controlling_authority", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.officer_safety", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.legal_order_hash|items.order", "R-GEN-01"},
    {T::CROSS_BORDER_OBSERVATION, "items.stop_rule", "R-GEN-01"},
    {T::UNDERCOVER, "items.offence", "R-GEN-01"},
    {T::UNDERCOVER, "items.person_ref|items.person", "R-GEN-01"},
    {T::UNDERCOVER, "items.window|items.period_from", "R-GEN-01"},
    {T::UNDERCOVER, "items.territories|items.places", "R-GEN-01"},
    {T::UNDERCOVER, "items.controlling_authority", "R-GEN-01"},
    {T::UNDERCOVER, "items.officer_safety", "R-GEN-01"},
    {T::UNDERCOVER, "items.legal_order_hash|items.order", "R-GEN-01"},
    {T::UNDERCOVER, "items.stop_rule", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.offence", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.person_ref|items.person", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.window|items.period_from", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.territories|items.places", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.controlling_authority", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.officer_safety", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.legal_order_hash|items.order", "R-GEN-01"},
    {T::ELECTRONIC_SURVEILLANCE, "items.stop_rule", "R-GEN-01"},
    {T::SUBSCRIBER_INFO, "items.provider|items.custodian", "R-GEN-01"},
    {T::SUBSCRIBER_INFO, "items.selectors", "R-GEN-01"},
    {T::SUBSCRIBER_INFO, "items.selectors.at", "R-CYB-IP"},
    {T::SUBSCRIBER_INFO, "items.offence|items.facts", "R-GEN-01"},
    {T::SUBSCRIBER_INFO, "items.authority|items.order|items.legal_order_hash", "R-GEN-01"},
    {T::SUBSCRIBER_INFO, "items.do_not_notify", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.vessel", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.vessel.name", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.vessel.flag_claimed|items.vessel.stateless", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.requested", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.authority_granted", "R-GEN-01"},
    {T::SUPPRESSION_ASSISTANCE, "items.limits", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.licence", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.licence.no", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.consignment", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.consignment.ids|items.consignment.container", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.consignment.type", "R-GEN-01"},
    {T::CONFIRM_SHIPMENT_RECEIPT, "items.consignment.quantity", "R-GEN-01"},
    {T::RETURN_SPECIMEN, "items.seizure_ref|items.reason", "R-GEN-01"},
    {T::RETURN_SPECIMEN, "items.live", "R-GEN-01"},
    {T::RETURN_SPECIMEN, "items.health", "R-GEN-01"},
    {T::RETURN_SPECIMEN, "items.costs_borne_by", "R-GEN-01"},
    {T::RETURN_SPECIMEN, "items.destination|items.place", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.fiu_roles", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.suspicion|items.facts", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.person_ref|items.person", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.account|items.property", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.period_from", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.period_to", "R-GEN-01"},
    {T::FIU_INFORMATION, "items.use", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.fiu_roles", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.transaction_id", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.execution_time", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.grounds|items.reason", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.person_ref|items.person", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.account|items.property", "R-GEN-01"},
    {T::FIU_POSTPONE_TRANSACTION, "items.use", "R-GEN-01"},
};

// Empties "items.licence.no" in each entry of the lists on the way; whether it was there.
bool Empty(google::protobuf::Message& message, const std::string& path) {
  const size_t dot = path.find('.');
  const auto* field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
  if (field == nullptr) {
    ADD_FAILURE() << path;
    return false;
  }
  const auto* reflection = message.GetReflection();
  const int count = field->is_repeated() ? reflection->FieldSize(message, field)
                                         : static_cast<int>(reflection->HasField(message, field));
  if (dot == std::string::npos) {
    reflection->ClearField(&message, field);
    return count > 0;
  }
  bool there = false;
  for (int i = 0; i < count; ++i) {
    auto* part = field->is_repeated() ? reflection->MutableRepeatedMessage(&message, field, i)
                                      : reflection->MutableMessage(&message, field);
    there |= Empty(*part, path.substr(dot + 1));
  }
  return there;
}

std::set<std::string> RulesOfKind(T::Code type, const v1::CaseBody& body) {
  const CheckContext context = ContextOfForm(type);
  std::set<std::string> rules;
  for (const auto& findings : {CheckBody(context, body), CheckUsual(context, body)}) {
    for (const Finding& f : findings) rules.insert(f.rule);
  }
  return rules;
}

void ExpectAsked(const Required& one) {
  SCOPED_TRACE(T::Code_Name(one.type) + " " + one.fields);
  v1::CaseBody body = TemplateForType(one.type);
  EXPECT_EQ(RulesOfKind(one.type, body).count(one.rule), 0u) << "the whole form";
  bool there = false;
  const std::vector<std::string> fields = absl::StrSplit(one.fields, '|');
  for (const std::string& field : fields) {
    there |= Empty(*body.mutable_request(), field);
  }
  EXPECT_TRUE(there) << "the form has none of them";
  EXPECT_EQ(RulesOfKind(one.type, body).count(one.rule), 1u);
}

TEST(RequiredFields, OfTheBaseBlockAreAskedFor) {
  for (const Required& one : kBlock) ExpectAsked(one);
}

TEST(RequiredFields, OfEveryKindAreAskedFor) {
  for (const Required& one : kRequired) ExpectAsked(one);
}

// No row of the domain's table is left out.
TEST(RequiredFields, AreOfEveryRowOfTheDomain) {
  const char* source = std::getenv("PALERMO_SOURCE");
  // By hand without the source tree's place, or on a machine that has the project alone: nothing to
  // compare with. The table itself is tested above.
  if (source == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  std::ifstream file(std::string(source) + "/../shared/domain.md");
  if (!file) GTEST_SKIP() << "the domain's page is not here";
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const size_t begin = text.find("### 1.9 "), end = text.find("### 1.10 ");
  ASSERT_NE(end, std::string::npos);
  std::set<std::string> tested;
  for (const Required& one : kRequired) tested.insert(T::Code_Name(one.type));
  size_t rows = 0;
  const std::vector<std::string> lines = absl::StrSplit(text.substr(begin, end - begin), '\n');
  for (const std::string& line : lines) {
    const std::string first = line.substr(0, line.find('|', 1));
    const std::regex kind("[A-Z][A-Z_]+[A-Z]");
    for (std::sregex_iterator it(first.begin(), first.end(), kind), none; it != none; ++it) {
      T::Code type{};
      // RECORDS_* are five; COOPERATOR, LAW_ENFORCEMENT_INFO and the like are no kinds.
      if (!T::Code_Parse(it->str(), &type)) continue;
      ++rows;
      EXPECT_TRUE(tested.contains(it->str())) << it->str();
    }
  }
  EXPECT_GT(rows, 40u);
}

}  // namespace
}  // namespace palermo::casework
