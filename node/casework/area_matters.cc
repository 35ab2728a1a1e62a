// What a form says where it is begun for one area of crime: its offence, its article and its own
// things. The examples are fictional.
#include "node/casework/form_fields.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;

// Of every form of the area that has not said its area.
constexpr AreaMatter kOfArea[] = {
    {"TRAFFICKING", R"j({"area": "TRAFFICKING_IN_PERSONS", <trafficking>})j"},
    {"SMUGGLING", R"j({"area": "SMUGGLING_OF_MIGRANTS", <smuggling>})j"},
    {"FIREARMS", R"j({"area": "FIREARMS", "offence": [{"label": "illicit trafficking in firearms",
      "domestic_ref": "Penal Code 264", "max_penalty_months": 96, "untoc_art": "PROTOCOL",
      "transnational_basis": "3(2)(a)", "ocg_involved": "SUSPECTED"}]})j"},
    {"WILDLIFE", R"j({"area": "WILDLIFE_FOREST", "offence": [
      {"label": "illicit trade in protected species", "domestic_ref": "Nature Protection Act 33",
       "max_penalty_months": 60, "untoc_art": "SERIOUS_CRIME", "transnational_basis": "3(2)(a)",
       "ocg_involved": "SUSPECTED"}]})j"},
    {"MEDICINES", R"j({"area": "FALSIFIED_MEDICAL_PRODUCTS", "offence": [
      {"label": "sale of falsified medical products", "domestic_ref": "Medicines Act 95",
       "max_penalty_months": 60, "untoc_art": "SERIOUS_CRIME", "transnational_basis": "3(2)(a)",
       "ocg_involved": "SUSPECTED"}]})j"},
    {"MARITIME", R"j({"area": "MARITIME"})j"},
    {"CYBERCRIME", R"j({"area": "CYBERCRIME"})j"},
    {"DRUGS", R"j({"area": "DRUGS", "offence": [{"label": "illicit trafficking in drugs",
      "domestic_ref": "Narcotics Act 29", "max_penalty_months": 120, "untoc_art": "SERIOUS_CRIME",
      "transnational_basis": "3(2)(a)", "ocg_involved": "SUSPECTED"}]})j"},
    {"CORRUPTION", R"j({"area": "CORRUPTION_LAUNDERING", "offence": [
      {"label": "embezzlement of public funds", "domestic_ref": "Penal Code 320",
       "max_penalty_months": 120, "untoc_art": "SERIOUS_CRIME", "transnational_basis": "3(2)(a)",
       "ocg_involved": "SUSPECTED"}]})j"},
    {"TERRORISM", R"j({"area": "TERRORISM", "offence": [{"label": "financing of terrorism, TF 2(1)",
      "domestic_ref": "Penal Code 282", "max_penalty_months": 120, "untoc_art": "SERIOUS_CRIME",
      "transnational_basis": "3(2)(a)", "ocg_involved": "SUSPECTED",
      "unscr_ref": "S/RES/1373 (2001)"}]})j"},
};

// Of one type in one area.
constexpr FormMatter kOfTypeInArea[] = {
    // --- Trafficking in persons
    {T::VERIFY_NATIONALITY, "TRAFFICKING", R"j({"basis": {"instrument": "TIP",
      "articles": ["TIP 8(3)"], "governing_profile": "UNTOC_18"}, <victim>})j",
     R"j({"person_ref": "V-1"})j"},
    {T::ISSUE_TRAVEL_DOCUMENT, "TRAFFICKING", R"j({"basis": {"instrument": "TIP",
      "articles": ["TIP 8(4)"], "governing_profile": "UNTOC_18"}, <victim>,
      "referral": {"pseudonym": "V-1", "age_status": "ADULT", "identified_at": "2026-01-10",
        "reflection_until": "2026-02-20", "gender_care": {"wishes": ["NONE"]},
        "receiving_state": "QT", "receiving_body": "House of the Harbour, Temburra City",
        "protection_claim": "NONE_DECLARED", "consent": {"to_referral": true, "to_share": ["QT"],
          "language": "en", "informed_of_rights_at": "2026-01-11T10:00:00Z"}}})j",
     R"j({"person_ref": "V-1"})j"},
    {T::VERIFY_DOCUMENT, "TRAFFICKING", R"j({"basis": {"instrument": "TIP", "articles": ["TIP 13"],
      "governing_profile": "UNTOC_18"}, <victim>,
      "purpose": "to know who recruits with such documents"})j",
     R"j({"context": "TIP_13"})j"},
    // --- Firearms
    {T::ONLINE_SALES_LEAD, "FIREARMS", R"j({"basis": {"instrument": "FAP", "articles": ["FAP 12"],
      "governing_profile": "UNTOC_18"}, "purpose":
      "that who sells the parts is found; what is to be evidence is asked for separately"})j",
     R"j({"description": "a seller in your state offers parts of pistols without numbers"})j"},
    // --- Wildlife and forest
    {T::SAMPLE_FOR_ANALYSIS, "WILDLIFE", "",
     R"j({"description": "a sample of the wood", "substances": [{"name": "wood, species not known",
        "quantity": 5, "unit": "g"}], "method": "anatomy of the wood and DNA, accredited laboratory",
      "questions": ["Of which species and from which region is the wood?"]})j"},
    {T::CONTROLLED_DELIVERY, "WILDLIFE",
     R"j({"basis": {"instrument": "UNTOC", "articles": ["UNTOC 20"], "governing_profile": "UNTOC_20"}})j",
     R"j({"consignment": {"type": "parcel with ivory, worked", "awb": "999-12345675",
        "quantity": 2, "unit": "kg"}})j",
     "substances"},
    {T::SEARCH_SEIZE, "WILDLIFE", "",
     R"j({"description": "search of the store and seizure of the wood and its papers",
      "items_sought": "logs, permits, delivery notes, telephones",
      "relevance": "the logs were stored here",
      "conduct_mapping": "trade in protected species without a permit is an offence in both states"})j"},
    // --- Falsified medical products
    {T::LAB_RESULT, "MEDICINES", "",
     R"j({"analysis": {"laboratory": "National Laboratory of Marenza", "sample_ref": "QT-E-7",
        "method": "liquid chromatography", "result": "paracetamol; none of the stated substances",
        "at": "2026-02-20"},
      "substances": [{"name": "paracetamol", "cas": "103-90-2", "quantity": 5, "unit": "g",
        "purity": 40}]})j"},
    {T::SEIZURE_NOTICE, "MEDICINES",
     R"j({"basis": {"instrument": "UNTOC", "articles": ["UNTOC 27"], "governing_profile": "UNTOC_18"}})j",
     R"j({"description": "tablets that came from your port were seized",
      "seizure": {"what": "falsified tablets", "quantity": 18.25, "unit": "kg", "place": "QMPAL",
        "at": "2026-02-19T07:00:00Z", "custody_chain_id": "QM-E-113", "container": "QMZU1200451",
        "concealment": "under toys", "value": {"minor": "9000000", "ccy": "XTS"}, "origin": "QT"}})j"},
    {T::ONLINE_SALES_LEAD, "MEDICINES", R"j({"purpose":
      "that nobody takes the tablets; what is to be evidence is asked for separately"})j",
     R"j({"description": "a seller in your state offers falsified tablets"})j"},
    {T::SAMPLE_FOR_ANALYSIS, "MEDICINES", "",
     R"j({"description": "a sample of the tablets", "substances": [{"name": "tablets without a name",
        "quantity": 5, "unit": "g"}], "questions": ["Which substance do they contain?"]})j"},
    {T::INFO_EVIDENCE_EXPERT, "MEDICINES", "",
     R"j({"description": "expert evaluation of the tablets",
      "questions": ["Which substance do they contain?"],
      "method": "chromatography, accredited laboratory"})j"},
    {T::RECORDS_BUSINESS, "MEDICINES", "",
     R"j({"description": "batch records, order books and delivery notes"})j"},
    {T::SEARCH_SEIZE, "MEDICINES", "",
     R"j({"description": "search of the store and seizure of the tablets and records",
      "items_sought": "tablets, packages, labels, delivery notes, telephones",
      "relevance": "the parcels were sent from this store",
      "conduct_mapping": "sale of falsified medical products is an offence in both states"})j"},
    // --- Drugs
    {T::BOARDING_AUTHORIZATION, "DRUGS",
     R"j({"basis": {"instrument": "DRUG88", "articles": ["DRUG88 17"], "governing_profile": "DRUG88_7"},
      "purpose": "to find the drugs and who organised the voyage"})j",
     R"j({"suspicion": "DRUG88", "grounds": "seen from the air: bales on deck, no lights",
      "persons_on_board": {"est": 6, "children": false, "medical_emergency": false}})j"},
    {T::SEIZURE_NOTICE, "DRUGS",
     R"j({"basis": {"instrument": "UNTOC", "articles": ["UNTOC 27"], "governing_profile": "UNTOC_18"}})j",
     R"j({"description": "cocaine that came from your port was seized",
      "seizure": {"what": "cocaine, powder", "quantity": 18.25, "unit": "kg", "place": "QMPAL",
        "at": "2026-02-19T07:00:00Z", "custody_chain_id": "QM-E-091", "container": "QMZU1200451",
        "concealment": "under timber", "value": {"minor": "9000000", "ccy": "XTS"}, "origin": "QT"}})j"},
    {T::SAMPLE_FOR_ANALYSIS, "DRUGS", "",
     R"j({"description": "a sample of the powder", "substances": [{"name": "powder without a name",
        "quantity": 5, "unit": "g"}], "questions": ["Which substances does it contain, and how pure?"]})j"},
    // --- Corruption and laundering
    {T::FREEZE, "CORRUPTION", R"j({"basis": {"instrument": "UNCAC",
      "articles": ["UNCAC 54(2)", "UNCAC 55"], "governing_profile": "UNCAC_46"}})j",
     R"j({"facts": "the payments of the public contract went to this account"})j"},
    {T::TRACE_PROCEEDS, "CORRUPTION", R"j({"basis": {"instrument": "UNCAC",
      "articles": ["UNCAC 46(3)(j)", "UNCAC 55"], "governing_profile": "UNCAC_46"}})j",
     R"j({"facts": "about 250000.00 XTS of public funds are missing"})j"},
    {T::CONFISCATE_BY_RD_ORDER, "CORRUPTION", R"j({"basis": {"instrument": "UNCAC",
      "articles": ["UNCAC 54", "UNCAC 55(1)(a)"], "governing_profile": "UNCAC_46"}})j",
     R"j({"facts": "the payments of the public contract went to this account"})j"},
    {T::ASSET_SHARING, "CORRUPTION", R"j({"basis": {"instrument": "UNCAC",
      "articles": ["UNCAC 57(5)"], "governing_profile": "UNCAC_46"}})j"},
    {T::RECORDS_BANK, "CORRUPTION", R"j({<uncac>})j",
     R"j({"relevance": "payments of the public contract"})j"},
    {T::BANK_ACCOUNT_DISCOVERY, "CORRUPTION", R"j({<uncac>})j"},
    {T::BANK_TRANSACTIONS, "CORRUPTION", R"j({<uncac>})j",
     R"j({"relevance": "payments of the public contract"})j"},
    {T::BANK_MONITORING, "CORRUPTION", R"j({<uncac>})j"},
    // --- Terrorism
    {T::EXTRADITE, "TERRORISM", R"j({<financing>})j",
     R"j({"law_text": "Penal Code 282: whoever collects funds for acts of terrorism ..."})j"},
    {T::PROVISIONAL_ARREST, "TERRORISM", R"j({<financing>})j"},
    {T::TRACE_PROCEEDS, "TERRORISM", R"j({"basis": {"instrument": "TF",
      "articles": ["TF 8", "TF 12"], "governing_profile": "TREATY:TF"}})j",
     R"j({"facts": "the group collected about 250000.00 XTS"})j"},
    {T::PRESERVE_DATA, "TERRORISM", "",
     R"j({"offence": "financing of terrorism",
      "facts": "the collections were announced from this address"})j"},
    {T::TAKE_EVIDENCE, "TERRORISM", R"j({"basis": {"instrument": "TF", "articles": ["TF 12"],
      "governing_profile": "TREATY:TF"}})j",
     R"j({"description": "statement of the former treasurer as a witness",
      "questions": ["Who asked for the payments?", "To whom were they handed over?"]})j"},
    // --- At sea
    {T::TRANSFER_SENTENCED_PERSON, "MARITIME", R"j({<piracy>})j",
     R"j({"law_text": "Penal Code 390: whoever attacks a ship ..."})j"},
};

}  // namespace

std::span<const AreaMatter> AreaMatters() { return kOfArea; }
std::span<const FormMatter> TypeInAreaMatters() { return kOfTypeInArea; }

}  // namespace palermo::casework
