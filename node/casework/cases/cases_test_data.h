// Cases of the tests: fictional, faultless as they stand. Each test changes one thing.
#ifndef PALERMO_NODE_CASEWORK_CASES_CASES_TEST_DATA_H_
#define PALERMO_NODE_CASEWORK_CASES_CASES_TEST_DATA_H_

namespace palermo::casework {

inline constexpr char kDirectoryJson[] = R"json({
 "default_in_force": "2006-01-01",
 "states": {
  "QM": {"lang": ["fr", "en"], "death_penalty": "ABOLISHED", "oral_agreed_with": ["QR"]},
  "QN": {"lang": ["en"], "death_penalty": "ABOLISHED", "network_24_7": true},
  "QR": {"lang": ["pt", "en"], "death_penalty": "ABOLISHED", "sea": {"sua_8bis_5d_deemed_4h": false}},
  "QT": {"lang": ["en"], "death_penalty": "ABOLISHED"},
  "QU": {"lang": ["ar", "en"], "death_penalty": "RETAINED"},
  "QV": {"lang": ["de", "en"], "death_penalty": "ABOLISHED", "network_24_7": true},
  "QZ": {"lang": ["ru", "en"], "death_penalty": "MORATORIUM"}},
 "party": {"UNTOC": "ALL", "TIP": "ALL except QZ", "SOM": "ALL except QZ", "FAP": "ALL except QU,QZ",
  "UNCAC": "ALL", "DRUG88": "ALL", "TF": "ALL", "CITES": "ALL", "BUD": ["QM", "QN", "QV", "QR"],
  "COE-SEA": ["QM", "QR"], "SUA": ["QM", "QR"], "2AP": ["QM", "QN"],
  "UNCC": "SIGNED by ALL, in force for none"},
 "edge": [
  {"state": "QU", "instrument": "FAP", "deposited": "2026-02-20", "in_force": "2026-03-22"},
  {"state": "QT", "instrument": "SOM", "effective": "2026-06-10"},
  {"state": "QR", "instrument": "SOM", "effective": "2030-06-10"},
  {"state": "QV", "instrument": "FAP", "effective": "2026-01-10"},
  {"pair": ["QN", "QV"], "bilateral": "BIL-QN-QV-2011", "kind": "MLA"}]})json";

inline constexpr char kMlaJson[] = R"json({"id": "M", "area": "TRAFFICKING_IN_PERSONS",
 "now": "2026-03-02T09:00:00Z",
 "request": {"family": "MLA", "rq": "QM", "rd": "QT", "to_role": "CENTRAL_AUTHORITY_MLA",
  "basis": {"instrument": "TIP", "articles": ["TIP 5"], "governing_profile": "UNTOC_18"},
  "requesting_authority": "Central Authority of Marenza",
  "proceeding": {"stage": "INVESTIGATION", "nature": "trafficking for forced labour",
   "conducting_authority": {"name": "Prosecutor", "function": "investigating prosecutor"},
   "national_ref": "PS-1"},
  "facts_summary": "An agency recruited six persons with false contracts.",
  "purpose": "evidence at trial in PS-1", "language": "en", "urgency": "ROUTINE",
  "items": [
   {"n": 1, "type": "TAKE_EVIDENCE", "description": "statement of W-1", "person_ref": "W-1",
    "questions": ["Who signed?"]},
   {"n": 2, "type": "VIDEO_HEARING", "description": "hearing of P-1", "person": "W-1",
    "video": {"reason_no_appearance": "illness", "conducting_authority": "Court of Port-Sel",
     "interpreter": "en"}},
   {"n": 3, "type": "TRANSFER_DETAINED_WITNESS", "description": "transfer of W-2",
    "consent": {"informed": true, "free": true, "signed_at": "2026-02-01"},
    "agreement_ref": "QT-A-1", "return_due_at": "2026-09-01", "custody_guarantee": true,
    "time_credit": "each day counts", "immunity": true},
   {"n": 4, "type": "RECORDS_GOVERNMENT", "description": "register", "is_public": true,
    "custodian": "Register"}],
  "handling": {"tlp": "AMBER", "code": "H1", "release_states": ["QM", "QT"]},
  "signatory": {"officer": "QM-CA-07", "mandate": ["MLA"], "mandate_valid_to": "2026-12-31"},
  "offence": [{"label": "trafficking", "max_penalty_months": 180,
   "tip": {"acts": ["RECRUITMENT"], "means": ["DECEPTION"], "purposes": ["FORCED_LABOUR"]}}],
  "persons": [{"ref": "P-1", "roles": ["SUSPECT"], "name": "Dario Vell", "nationality": "QT"},
   {"ref": "V-1", "roles": ["VICTIM"], "age_status": "ADULT", "sealed": true},
   {"ref": "W-1", "roles": ["WITNESS"], "name": "Ada Clerk"}]},
 "sealed_test_plaintext": {"V-1": {"name": "Lina Orsay", "dob": "1999-04-12"}}})json";

inline constexpr char kAssetJson[] = R"json({"id": "A", "area": "CORRUPTION_LAUNDERING",
 "now": "2026-03-02T09:00:00Z",
 "request": {"family": "CONFISCATION", "rq": "QT", "rd": "QV", "to_role": "CENTRAL_AUTHORITY_MLA",
  "basis": {"instrument": "UNCAC", "articles": ["UNCAC 54"], "governing_profile": "UNCAC_46"},
  "requesting_authority": "Attorney General of Temburra",
  "proceeding": {"stage": "TRIAL", "nature": "embezzlement",
   "conducting_authority": {"name": "Court", "function": "judge"}, "national_ref": "ACC-1"},
  "facts_summary": "Five payments through a shell company.", "purpose": "return of public funds",
  "language": "en", "urgency": "URGENT", "urgency_reason": "ASSET_DISSIPATION",
  "items": [
   {"n": 1, "type": "FREEZE", "description": "restrain",
    "property": {"iban": "QV47VSTB00012345678901", "holder": "Lirio Holdings",
     "amount": {"minor": 215000000, "ccy": "XTS"}}},
   {"n": 2, "type": "BANK_TRANSACTIONS", "account": "QV47VSTB00012345678901",
    "period": ["2021-01-01", "2024-12-31"], "relevance": "layering", "description": "statements"},
   {"n": 3, "type": "ENFORCE_CONFISCATION_ORDER", "description": "enforce",
    "order": {"hash": "b7d1", "court": "ACC", "date": "2026-01-15", "final": true},
    "extent": "full", "third_party_notice": "published", "due_process_statement": true}],
  "handling": {"code": "H1", "release_states": ["QT", "QV"]},
  "signatory": {"officer": "QT-CA-07", "mandate": ["CONFISCATION"],
   "mandate_valid_to": "2026-12-31"}},
 "asset_measure": {"state": "FROZEN", "claim": {"third_party_claims": [{"status": "REJECTED"}]}}})json";

inline constexpr char kExtraditionJson[] = R"json({"id": "X", "area": "TERRORISM",
 "now": "2026-03-02T09:00:00Z",
 "request": {"family": "EXTRADITION", "rq": "QU", "rd": "QM", "to_role": "EXTRADITION",
  "basis": {"instrument": "TF", "articles": ["TF 11"], "governing_profile": "TREATY:TF"},
  "requesting_authority": "Ministry of Justice, Ulmar",
  "proceeding": {"stage": "PROSECUTION", "nature": "financing of terrorism",
   "conducting_authority": {"name": "Court", "function": "registrar"}, "national_ref": "SC-1"},
  "facts_summary": "The suspect moved funds to a listed group.", "purpose": "surrender for trial",
  "language": "ar", "translation": {"language": "fr", "certified": true}, "urgency": "ROUTINE",
  "handling": {"code": "H1", "release_states": ["QU", "QM"]},
  "items": [{"n": 1, "type": "EXTRADITE", "person": "P-1", "description": "surrender",
   "warrant_hash": "aa77", "offence_times": ["2023-05-01"], "places": ["QULUM"],
   "law_text": "hash:77", "penalty": {"death_possible": true}, "assurances": [
    {"kind": "NO_DEATH_PENALTY", "grantor": "Minister", "scope": "full"},
    {"kind": "FAIR_TRIAL", "grantor": "Supreme Court", "scope": "counsel, public hearing"}]}],
  "signatory": {"officer": "QU-CA-07", "mandate": ["EXTRADITION"],
   "mandate_valid_to": "2026-12-31"},
  "persons": [{"ref": "P-1", "roles": ["ACCUSED"], "name": "Rafe Umber", "nationality": "QU"}]}})json";

inline constexpr char kSeaJson[] =
    R"json({"id": "S", "area": "MARITIME", "now": "2026-03-02T03:10:00Z",
 "records": {
  "boarding": {"type": "BOARDING_AUTHORIZATION", "rq": "QM", "rd": "QR", "to_role": "FLAG_REGISTRY",
   "basis": {"instrument": "SOM", "articles": ["SOM 8(2)"]}, "language": "en",
   "vessel": {"name": "ESTRELA", "flag_claimed": "QR", "imo": "2000107", "mmsi": "299000001"},
   "grounds": "no lights", "requested": ["BOARD"], "response_needed_by": "2026-03-02T07:10:00Z",
   "boarding_unit": {"name": "GUARDIAN", "state": "QM", "government_marked": true},
   "disembarkation_proposal": {"place_of_safety": "QMPAL", "refoulement_assessment": "hash:9f"},
   "oral": {"made_at": "2026-03-02T03:12:00Z", "confirmed_at": "2026-03-02T05:00:00Z",
    "agreed": true}},
  "answer": {"decision": "AUTHORISED", "at": "2026-03-02T06:02:00Z", "extent": ["BOARD", "SEARCH"]},
  "result": {"boarded_at": "2026-03-02T06:40:00Z", "unfounded": false, "measures": ["BOARD"],
   "firearms_used": false, "reported_at": "2026-03-02T11:00:00Z"}}})json";

inline constexpr char kCyberJson[] = R"json({"id": "C", "area": "CYBERCRIME",
 "now": "2026-03-02T20:00:00Z",
 "records": {
  "preservation": {"type": "PRESERVE_DATA", "rq": "QN", "rd": "QV", "to_role": "NETWORK_24_7",
   "basis": {"instrument": "BUD", "articles": ["BUD 29"], "governing_profile": "BUD_29"},
   "language": "en", "authority": "Cyber Prosecutor", "offence": "illegal access",
   "facts": "Servers were encrypted.", "data": "netflow of vm-2231", "custodian": "Hosta GmbH",
   "necessity": "logs are overwritten", "intends_mla": true, "do_not_notify": true,
   "selectors": [{"kind": "IP", "ip": "203.0.113.77", "port": 51234, "at": "2026-03-01T21:14:05Z"}],
   "period_days": 60},
  "response": {"status": "PRESERVED", "from": "2026-03-02T21:30:00Z",
   "until": "2026-05-01T21:30:00Z"}}})json";

inline constexpr char kThingsJson[] = R"json({"id": "T", "now": "2026-03-02T09:00:00Z",
 "records": {
  "doc_check": {"type": "VERIFY_DOCUMENT", "rq": "QN", "rd": "QT", "context": "SOM_13",
   "suspicion": "IMPOSTOR", "mrz": ["P<QTMSAMPLE<<ALIX<<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "QT44712096QTM9103177<3105168<<<<<<<<<<<<<<<4"], "mrz_origin": "SUSPECT_DOCUMENT"},
  "nationality": {"type": "VERIFY_NATIONALITY", "rq": "QN", "rd": "QT", "basis": "SOM 18(3)",
   "person": {"ref": "M-3", "roles": ["SMUGGLED_MIGRANT"], "sealed": true},
   "protection_claim": "NONE_DECLARED"},
  "permit": {"type": "VERIFY_CITES_PERMIT", "rq": "QM", "rd": "QN", "to_role": "CITES_MA",
   "permit": {"no": "QN/1", "kind": "EXPORT", "granted": "2025-12-20", "valid_to": "2026-06-19",
    "items": [{"taxon": "Varanus fictus", "qty": 40, "unit": "NO"}]},
   "consignments": ["AWB 999-12345675"], "qty_seen": 40},
  "trace": {"type": "TRACE_FIREARM", "rq": "QM", "rd": "QT", "to_role": "FAP_CONTACT",
   "firearm": {"make": "Fictus", "model": "9", "calibre": "9x19", "serial": "QX-77041"},
   "recovery": {"at": "2026-01-10", "place": "QMPAL"}},
  "delivery": {"type": "CONTROLLED_DELIVERY", "rq": "QM", "rd": "QN", "status": "LIVE",
   "basis": {"instrument": "DRUG88"}, "technique": "INTACT", "abort_rule": "any state",
   "consignment": {"container": "QMZU1200451"},
   "substances": [{"name": "cocaine", "cas": "50-36-2", "quantity": 12, "unit": "kg", "purity": 81}],
   "legs": [{"state": "QT", "exit": "QTMBA", "lead_authority": "Customs QT"},
    {"state": "QN", "entry": "QNHAV", "exit": "QNEST", "lead_authority": "Customs QN"},
    {"state": "QM", "entry": "QMPAL", "lead_authority": "Customs QM"}],
   "consents": ["QT", "QN", "QM"]},
  "route": {"kind": "SOM_10", "originator": "QN", "evidence_status": "INTELLIGENCE_ONLY",
   "evaluation": {"scheme": "EUROPOL_4X4", "source": "B", "info": "3"},
   "benefit": {"kind": "FINANCIAL"}, "handling": "H2",
   "period": {"first_seen": "2025-10-01", "last_seen": "2026-03-02"},
   "legs": [{"from": "QTMBA", "to": "QPLAG"}, {"from": "QPLAG", "to": "QNHAV"}],
   "risk_to_life": [], "release_states": ["QN", "QM"]},
  "alert": {"type": "PRODUCT_ALERT", "gtin": "09521234567899", "batch": "AX77",
   "expiry": "2027-08-31", "manufactured": "2025-08-31", "release_states": ["QM"]},
  "seizure": {"container": "QMZU1200451", "postal": "RA202601175QW", "imei": "490154203237518",
   "vin": "1M8GDM9AXKP042788", "lei": "QVFIXTURE00000001275", "awb": "999-12345675",
   "btc": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "mmsi": "299000001"},
  "public_release": {"identity_stripped": true, "investigation_details_stripped": true},
  "informant": {"sealed": true}}})json";

inline constexpr char kOperationJson[] = R"json({"id": "O", "area": "JOINT_OPERATION",
 "title": "Operation LANTERN: trafficking", "now": "2026-03-02T09:00:00Z",
 "operation": {"parties": ["QM", "QN", "QT"], "purpose": "dismantle a network",
  "period": {"from": "2026-01-10", "to": "2026-12-31"}, "leaders": {"QM": "QM-L-1"},
  "tasks": [{"id": "A1", "state": "QM", "leader": "QM-L-1", "start_utc": "2026-06-17T03:00:00Z",
   "authority": {"ref": "QM-77", "valid_to": "2026-06-30"}, "deconflicted": true}],
  "arrests": [{"state": "QM", "rights_notice_lang": "en", "interpreter": true,
   "counsel_offered": true}],
  "victims": [{"token": "hmac:a1"}, {"token": "hmac:b2"}],
  "evidence": [{"id": "E1", "hash": "sha256:00aa", "events": [
   {"k": "SEIZED", "by": "O-3", "at": "2026-06-17T04:10:00Z"},
   {"k": "TRANSFERRED", "from": "O-3", "to": "LAB", "at": "2026-06-17T09:00:00Z",
    "both_signed": true},
   {"k": "EXAMINED", "by": "LAB", "at": "2026-06-18T09:00:00Z", "hash_after": "sha256:00aa"}]}],
  "sharing": [{"obj": "I-55", "originator": "QT", "to": ["QM"], "handling": "H1"}]}})json";

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_CASES_TEST_DATA_H_
