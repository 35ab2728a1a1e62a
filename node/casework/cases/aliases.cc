// Other names of members, by the message that they belong to.
#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "node/casework/cases/forms.h"
#include "node/casework/import.h"

namespace palermo::casework {

using google::protobuf::Struct;
using google::protobuf::Value;

namespace {

struct Alias {
  std::string_view type, from, to;
};
constexpr Alias kAliases[] = {
    {"Leg", "lead", "lead_authority"},
    {"Leg", "lead_agency", "lead_authority"},
    {"Leg", "authority", "lead_authority"},
    {"Leg", "leader", "lead_authority"},
    {"Leg", "country", "state"},
    {"Leg", "from", "entry"},
    {"Leg", "to", "exit"},
    {"Leg", "entry_point", "entry"},
    {"Leg", "exit_point", "exit"},
    {"Leg", "entry_place", "entry"},
    {"Leg", "exit_place", "exit"},
    {"Leg", "point_of_entry", "entry"},
    {"Leg", "point_of_exit", "exit"},
    {"Leg", "in", "entry"},
    {"Leg", "out", "exit"},
    {"Leg", "consent", "consented"},
    {"StateConsent", "given", "granted"},
    {"StateConsent", "consent", "granted"},
    {"StateConsent", "status", "granted"},
    {"StateConsent", "decision", "granted"},
    {"StateConsent", "date", "at"},
    {"StateConsent", "given_at", "at"},
    {"SubstanceAmount", "qty", "quantity"},
    {"SubstanceAmount", "amount", "quantity"},
    {"SubstanceAmount", "mass", "quantity"},
    {"SubstanceAmount", "weight", "quantity"},
    {"SubstanceAmount", "purity_pct", "purity"},
    {"SubstanceAmount", "purity_percent", "purity"},
    {"SubstanceAmount", "inn", "name"},
    {"SubstanceAmount", "substance", "name"},
    {"SubstanceAmount", "cas_no", "cas"},
    {"SubstanceAmount", "cas_number", "cas"},
    {"Consignment", "qty", "quantity"},
    {"Consignment", "amount", "quantity"},
    {"Consignment", "mass", "quantity"},
    {"Consignment", "weight", "quantity"},
    {"Consignment", "purity_pct", "purity"},
    {"Consignment", "purity_percent", "purity"},
    {"Consignment", "substance", "name"},
    {"Consignment", "container_no", "container"},
    {"Consignment", "air_waybill", "awb"},
    {"Firearm", "type", "class"},
    {"Firearm", "caliber", "calibre"},
    {"Firearm", "serial_number", "serial"},
    {"Firearm", "serial_no", "serial"},
    {"Firearm", "markings", "marks"},
    {"Firearm", "marking", "marks"},
    {"Firearm", "mark", "marks"},
    {"Firearm", "alternative_marking", "marks"},
    {"Firearm", "alternative_markings", "marks"},
    {"Firearm", "note", "explanation"},
    {"Firearm", "notes", "explanation"},
    {"Firearm", "forensic", "forensic_note"},
    {"Firearm", "lab_note", "forensic_note"},
    {"Firearm", "lab_report", "forensic_note"},
    {"Firearm", "forensic_report", "forensic_note"},
    {"Firearm", "method", "forensic_note"},
    {"Firearm", "restoration_method", "forensic_note"},
    {"Recovery", "date", "at"},
    {"Recovery", "location", "place"},
    {"Licence", "number", "no"},
    {"Licence", "licence_no", "no"},
    {"Licence", "issued", "issued_at"},
    {"Licence", "issue_date", "issued_at"},
    {"Licence", "expires", "expires_at"},
    {"Licence", "expiry", "expires_at"},
    {"Licence", "expiry_date", "expires_at"},
    {"Licence", "valid_to", "expires_at"},
    {"Licence", "transit_states", "transit"},
    {"Licence", "shipment_date", "shipped_at"},
    {"Licence", "exported_at", "shipped_at"},
    {"Licence", "export_date", "shipped_at"},
    {"Licence", "dispatched_at", "shipped_at"},
    {"Licence", "dispatch_date", "shipped_at"},
    {"Licence", "date_of_export", "shipped_at"},
    {"Licence", "shipped", "shipped_at"},
    {"Licence", "used_at", "shipped_at"},
    {"Licence", "exit_at", "shipped_at"},
    {"LicenceGood", "desc", "description"},
    {"LicenceGood", "qty", "quantity"},
    {"Permit", "number", "no"},
    {"Permit", "granted_at", "granted"},
    {"Permit", "issued_at", "granted"},
    {"Permit", "issued", "granted"},
    {"Permit", "grant_date", "granted"},
    {"Permit", "issue_date", "granted"},
    {"Permit", "valid_from", "granted"},
    {"Permit", "expires_at", "valid_to"},
    {"Permit", "expires", "valid_to"},
    {"PermitItem", "species", "taxon"},
    {"PermitItem", "quantity", "qty"},
    {"Selector", "time", "at"},
    {"Selector", "timestamp", "at"},
    {"Selector", "source_port", "port"},
    {"Selector", "src_port", "port"},
    {"Selector", "local_time", "at"},
    {"Translation", "certified_by", "certified"},
    {"Translation", "lang", "language"},
    {"Translation", "to", "language"},
    {"Translation", "certification", "certified"},
    {"Person", "dob", "date_of_birth"},
    {"Person", "birth_date", "date_of_birth"},
    {"Person", "full_name", "name"},
    {"Person", "surname", "name"},
    {"Person", "family_name", "name"},
    {"Person", "given_name", "name"},
    {"Person", "passport_no", "document_number"},
    {"Person", "passport_number", "document_number"},
    {"Person", "id_number", "document_number"},
    {"Person", "national_id", "document_number"},
    {"Person", "telephone", "phone"},
    {"Person", "mobile", "phone"},
    {"Person", "email", "phone"},
    {"Person", "contact", "phone"},
    {"Person", "home_address", "address"},
    {"Person", "persecution_reviewed", "persecution_review"},
    {"Person", "age_dispute", "age_disputed"},
    {"Person", "offence_ref", "separate_offence_ref"},
    {"Person", "other_offence_ref", "separate_offence_ref"},
    {"Person", "separate_offence_reference", "separate_offence_ref"},
    {"Person", "persecution_risk_indicators", "persecution_indicators"},
    {"Person", "role", "roles"},
    {"Person", "passport", "document_number"},
    {"Person", "document_no", "document_number"},
    {"Person", "non_punishment_note", "non_punishment_review"},
    {"Person", "separate_offence", "separate_offence_ref"},
    {"Person", "juvenile_procedure", "juvenile_handling"},
    {"Vessel", "flag", "flag_claimed"},
    {"Vessel", "imo_number", "imo"},
    {"Penalty", "death", "death_possible"},
    {"Penalty", "death_penalty", "death_possible"},
    {"Offence", "death_penalty", "death_possible"},
    {"Offence", "death", "death_possible"},
    {"Offence", "death_penalty_possible", "death_possible"},
    {"Penalty", "death_penalty_possible", "death_possible"},
    {"Offence", "max_months", "max_penalty_months"},
    {"Item", "public", "is_public"},
    {"Item", "tried_in_absentia", "in_absentia"},
    {"Item", "return_date", "return_due_at"},
    {"Item", "return_at", "return_due_at"},
    {"Item", "agreement", "agreement_ref"},
    {"Item", "warrant", "warrant_hash"},
    {"Item", "law", "law_text"},
    {"Item", "interpreter", "interpreter_lang"},
    {"Item", "location", "place"},
    {"Item", "location_info", "place"},
    {"Item", "data_location", "place"},
    {"ConfiscationOrder", "category", "kind"},
    {"Refusal", "reservation_29_4", "reservation_ref"},
    {"SubstanceAmount", "purity_%", "purity"},
    {"Consignment", "purity_%", "purity"},
    {"Item", "understood_language", "interpreter_lang"},
    {"Item", "safety_assessment_hash", "safety_assessment"},
    {"Item", "judicial_order", "order"},
    {"Item", "judicial_order_hash", "legal_order_hash"},
    {"Item", "preservation_period_days", "period_days"},
    {"Item", "necessity_statement", "necessity"},
    {"Item", "data_category", "data_categories"},
    {"Item", "categories", "data_categories"},
    {"Item", "order_hash", "legal_order_hash"},
    {"Item", "legal_order", "legal_order_hash"},
    {"Item", "custody_chain_id", "chain_of_custody"},
    {"Item", "state_to_state_transfer", "state_to_state"},
    {"Item", "transaction", "transfer"},
    {"Item", "transaction_kind", "transfer"},
    {"Item", "transfer_kind", "transfer"},
    {"VideoHearing", "hearing_authority", "conducting_authority"},
    {"VideoHearing", "judicial_authority", "conducting_authority"},
    {"VideoHearing", "reason", "reason_no_appearance"},
    {"VideoHearing", "interpreter_lang", "interpreter"},
    {"VideoHearing", "consent", "consent_if_accused"},
    {"VideoHearing", "consent_of_accused", "consent_if_accused"},
    {"VideoHearing", "accused_consent", "consent_if_accused"},
    {"Assurance", "type", "kind"},
    {"Assurance", "by", "grantor"},
    {"Request", "offences", "offence"},
    {"Retention", "retention_years", "years"},
    {"Retention", "min_years", "years"},
    {"Retention", "until", "keep_until"},
    {"Retention", "delete_at", "delete_by"},
    {"Retention", "start", "since"},
    {"Retention", "from", "since"},
    {"Retention", "recorded_at", "since"},
    {"Retention", "recorded", "since"},
    {"Retention", "created", "since"},
    {"Retention", "created_at", "since"},
    {"Refusal", "reason", "reasons"},
    {"Refusal", "offer", "prosecution_offer"},
    {"Refusal", "transfer_proceedings", "prosecution_offer"},
    {"Refusal", "transfer_of_proceedings", "prosecution_offer"},
    {"Refusal", "submit_for_prosecution", "prosecution_offer"},
    {"Refusal", "aut_dedere", "prosecution_offer"},
    {"Refusal", "offer_to_prosecute", "prosecution_offer"},
    {"Refusal", "prosecution_offered", "prosecution_offer"},
    {"Refusal", "offer_prosecution", "prosecution_offer"},
    {"Refusal", "reservation", "reservation_ref"},
    {"Refusal", "law", "law_ref"},
    {"Refusal", "domestic_law_ref", "law_ref"},
    {"Refusal", "domestic_law", "law_ref"},
    {"Refusal", "law_reference", "law_ref"},
    {"Refusal", "constitutional", "constitutional_limit"},
    {"Refusal", "constitutional_limits_invoked", "constitutional_limit"},
    {"Refusal", "constitutional_bar", "constitutional_limit"},
    {"Refusal", "constitutional_limits", "constitutional_limit"},
    {"Preservation", "endangers_confidentiality", "would_endanger"},
    {"Preservation", "confidentiality_at_risk", "would_endanger"},
    {"Preservation", "at_risk", "would_endanger"},
    {"Preservation", "would_fail", "would_endanger"},
    {"Preservation", "would_endanger_confidentiality", "would_endanger"},
    {"Preservation", "preservation_insufficient", "would_endanger"},
    {"Preservation", "preservation_would_fail", "would_endanger"},
    {"Preservation", "confidentiality_endangered", "would_endanger"},
    {"Preservation", "availability_at_risk", "would_endanger"},
    {"Preservation", "preservation_at_risk", "would_endanger"},
    {"Preservation", "risk", "would_endanger"},
    {"Preservation", "warning_sent", "warned"},
    {"Preservation", "warning", "warned"},
    {"Preservation", "rq_warned", "warned"},
    {"Preservation", "warned_at", "warned"},
    {"BoardingUnit", "marked", "government_marked"},
    {"BoardingUnit", "type", "kind"},
    {"BoardingUnit", "craft", "kind"},
    {"BoardingResult", "use_of_force", "force_used"},
    {"BoardingResult", "use_of_force_report", "force_report"},
    {"BoardingResult", "danger_to_life", "imminent_danger_to_life"},
    {"BoardingResult", "imminent_danger", "imminent_danger_to_life"},
    {"BoardingResult", "life_in_danger", "imminent_danger_to_life"},
    {"BoardingResult", "under_treaty", "other_treaty"},
    {"BoardingResult", "other_treaty_basis", "other_treaty"},
    {"BoardingResult", "basis", "other_treaty"},
    {"BoardingResult", "legal_basis", "other_treaty"},
    {"BoardingResult", "firearms_report", "force_report"},
    {"BoardingResult", "casualty_report", "force_report"},
    {"BoardingResult", "hearings", "arrests"},
    {"BoardingResult", "force_reported_at", "force_report"},
    {"Disembarkation", "no_refoulement_assessment", "refoulement_assessment"},
    {"Disembarkation", "non_refoulement_assessment", "refoulement_assessment"},
    {"BoardingResult", "fatalities", "deaths"},
    {"BoardingResult", "injured", "injuries"},
    {"BoardingResult", "force_reported", "force_report"},
    {"BoardingResult", "incident_report", "force_report"},
    {"BoardingResult", "compensation", "compensation_note"},
    {"BoardingResult", "compensation_offered", "compensation_note"},
    {"BoardingResult", "compensation_paid", "compensation_note"},
    {"BoardingResult", "compensation_offer", "compensation_note"},
    {"BoardingResult", "report_of_force", "force_report"},
    {"BoardingResult", "use_of_force_reported_at", "force_report"},
    {"BoardingResult", "use_of_force_reported", "force_report"},
    {"BoardingResult", "force_report_ref", "force_report"},
    {"BoardingResult", "treaty_basis", "other_treaty"},
    {"ReferralConsent", "share_with", "to_share"},
    {"ReferralConsent", "withdrawn", "withdrawn_at"},
    {"VictimReferral", "testimony_required", "assistance_depends_on_testimony"},
    {"VictimReferral", "assistance_conditional_on_testimony", "assistance_depends_on_testimony"},
    {"VictimReferral", "conditional_on_testimony", "assistance_depends_on_testimony"},
    {"VictimReferral", "danger_to_life", "life_in_danger"},
    {"VictimReferral", "imminent_danger_to_life", "life_in_danger"},
    {"VictimReferral", "reflection_period_until", "reflection_until"},
    {"ReturnPlan", "safety_assessment", "safety_assessment_hash"},
    {"ReturnPlan", "at", "date"},
    {"ProductAlert", "expires", "expiry"},
    {"ProductAlert", "manufacture_date", "manufactured"},
    {"ProductAlert", "mfg", "manufactured"},
    {"ProductAlert", "mfg_date", "manufactured"},
    {"ProductAlert", "manufactured_at", "manufactured"},
    {"ProductAlert", "manufactured_on", "manufactured"},
    {"ProductAlert", "date_of_manufacture", "manufactured"},
    {"ProductAlert", "manufacturing_date", "manufactured"},
    {"ProductAlert", "production_date", "manufactured"},
    {"ProductAlert", "expiry_date", "expiry"},
    {"ProductAlert", "expires_at", "expiry"},
    {"ProductAlert", "exp_date", "expiry"},
    {"ProductAlert", "exp", "expiry"},
    {"ProductAlert", "batch_no", "batch"},
    {"ProductAlert", "batch_number", "batch"},
    {"ProductAlert", "lot", "batch"},
    {"ProductAlert", "lot_no", "batch"},
    {"ProductAlert", "lot_number", "batch"},
};

// "about", "ca.", "~": the number behind it.
void DropAbout(std::string_view& text) {
  constexpr std::string_view kAbout[] = {"between", "about",     "approximately",
                                         "approx.", "approx",    "circa",
                                         "ca.",     "ca",        "some",
                                         "around",  "nearly",    "almost",
                                         "up to",   "over",      "below",
                                         "under",   "at least",  "at most",
                                         "max.",    "min.",      "estimated",
                                         "est.",    "less than", "more than",
                                         "~",       "≈",         "<=",
                                         ">=",      "<",         ">",
                                         "±"};
  for (std::string_view word : kAbout) {
    if (!absl::StartsWithIgnoreCase(std::string(text), std::string(word))) continue;
    text.remove_prefix(word.size());
    break;
  }
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
}

// Takes the number that `text` begins with.
bool TakeNumber(std::string_view& text, double& number) {
  size_t end = !text.empty() && text[0] == '-' ? 1 : 0;
  while (end < text.size() && (absl::ascii_isdigit(static_cast<unsigned char>(text[end])) ||
                               (text[end] == '.' && end + 1 < text.size()))) {
    ++end;
  }
  if (!absl::SimpleAtod(std::string(text.substr(0, end)), &number)) return false;
  text.remove_prefix(end);
  return true;
}

// Takes what stands between the ends of a range.
bool TakeTo(std::string_view& text) {
  for (std::string_view between : {" - ", "-", " – ", "–", " to ", " and "}) {
    if (!text.starts_with(between)) continue;
    text.remove_prefix(between.size());
    return true;
  }
  return false;
}

}  // namespace

bool NumberIn(const std::string& text, double& number, std::string* rest) {
  if (rest != nullptr) rest->clear();
  if (absl::SimpleAtod(text, &number)) return true;
  std::string_view left = text;
  while (!left.empty() && left[0] == ' ') left.remove_prefix(1);
  DropAbout(left);
  if (!TakeNumber(left, number)) return false;
  std::string_view end = left;
  // "61 % - 74 %"
  if (end.starts_with("%")) end.remove_prefix(1);
  if (end.starts_with(" %")) end.remove_prefix(2);
  double upper = 0;
  if (TakeTo(end) && TakeNumber(end, upper)) {
    number = std::max(number, upper);
    left = end;
  }
  if (rest != nullptr) *rest = std::string(absl::StripAsciiWhitespace(std::string(left)));
  return true;
}

// "qty_kg": 12 and "g": 12400 name the unit in the member.
void SplitUnits(Struct& object) {
  struct Unit {
    std::string_view member, unit;
  };
  constexpr Unit kUnits[] = {
      {"qty_kg", "kg"},    {"mass_kg", "kg"},   {"weight_kg", "kg"}, {"quantity_kg", "kg"},
      {"kg", "kg"},        {"qty_g", "g"},      {"mass_g", "g"},     {"weight_g", "g"},
      {"quantity_g", "g"}, {"g", "g"},          {"litres", "l"},     {"qty_l", "l"},
      {"amount_g", "g"},   {"amount_kg", "kg"}, {"net_kg", "kg"},    {"net_g", "g"},
      {"gross_kg", "kg"},  {"gross_g", "g"},    {"volume_l", "l"}};
  auto& fields = *object.mutable_fields();
  for (const char* name : {"qty_unit", "quantity_unit", "amount_unit", "mass_unit", "weight_unit",
                           "unit_of_measure", "uom"}) {
    Rename(object, name, "unit");
  }
  // "qty": {"g": 310000}
  for (const char* name : {"quantity", "qty", "amount", "mass", "weight"}) {
    const Struct* inner = ObjectOf(object, name);
    if (inner == nullptr || inner->fields_size() != 1) continue;
    const auto& [member, number] = *inner->fields().begin();
    for (const Unit& unit : kUnits) {
      if (unit.member != member || number.kind_case() != Value::kNumberValue) continue;
      const double said = number.number_value();
      fields[name].set_number_value(said);
      fields["unit"].set_string_value(std::string(unit.unit));
      break;
    }
  }
  for (const Unit& unit : kUnits) {
    const auto found = fields.find(std::string(unit.member));
    if (found == fields.end() || fields.count("quantity") > 0) continue;
    fields["quantity"] = found->second;
    if (fields.count("unit") == 0) fields["unit"].set_string_value(std::string(unit.unit));
    fields.erase(std::string(unit.member));
  }
  // "2 g"
  if (const auto said = fields.find("quantity");
      said != fields.end() && said->second.kind_case() == Value::kStringValue) {
    std::string unit;
    double number = 0;
    if (NumberIn(said->second.string_value(), number, &unit) && !unit.empty() && unit.size() < 8) {
      said->second.set_number_value(number);
      if (fields.count("unit") == 0) fields["unit"].set_string_value(unit);
    }
  }
  // {"value": 12, "unit": "kg"}
  const auto amount = fields.find("quantity");
  if (amount == fields.end() || !amount->second.has_struct_value()) return;
  const std::string unit = TextOf(amount->second.struct_value(), "unit");
  if (!unit.empty() && fields.count("unit") == 0) fields["unit"].set_string_value(unit);
}

void RenameAliases(std::string_view type, google::protobuf::Struct& object) {
  for (const Alias& alias : kAliases) {
    if (alias.type == type) Rename(object, std::string(alias.from), std::string(alias.to));
  }
}

}  // namespace palermo::casework
