// Documents for people, as JSON, and the JSON to start from.
#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/authority_json.h"
#include "node/desk/documents.h"
#include "node/desk/json_value.h"
#include "node/trust/rosters.h"

namespace palermo::desk {
namespace {

std::string When(int64_t millis) { return FormatInstant(FromMillis(millis)); }

template <typename Body>
absl::StatusOr<Body> ParseBody(DocumentKind kind, const v1::SignedDocument& document) {
  PALERMO_RETURN_IF_ERROR(CheckKind(kind, document));
  Body body;
  if (body.ParseFromString(document.document())) return body;
  return InputError("BAD_DOCUMENT", Cat({"the ", KindName(kind), " cannot be read"}));
}

template <typename Body>
std::string Head(const char* what, const Body& body, const v1::SignedDocument& document) {
  return absl::StrFormat(
      "%s, version %d\n  issued       %s\n  expires      %s\n  SHA-256      %s\n", what,
      body.version(), When(body.issued_at_ms()), When(body.expires_at_ms()),
      HexEncode(AsView(crypto::Sha256(document.document()))));
}

std::string KeysText(const v1::KeySet& keys, const std::string& indent) {
  std::string text;
  for (const auto& key : keys.keys()) {
    text += absl::StrFormat("%s%s  %s\n", indent, HexEncode(key.key_id()), key.holder());
  }
  return text;
}

std::string SignaturesText(const v1::SignedDocument& document) {
  std::string text = absl::StrFormat("  signatures   %d\n", document.signatures_size());
  for (const auto& signature : document.signatures()) {
    text += absl::StrFormat("    by key %s\n", HexEncode(signature.key_id()));
  }
  return text;
}

std::string ShowRoster(const v1::Roster& roster, const v1::SignedDocument& document) {
  std::string text =
      Head(roster.exercise() ? "Roster for an exercise" : "Roster", roster, document);
  text += absl::StrFormat("  roster keys  %d of %d\n", roster.roster_keys().threshold(),
                          roster.roster_keys().keys_size());
  text += KeysText(roster.roster_keys(), "    ");
  text += absl::StrFormat("  states       %d\n", roster.states_size());
  for (const auto& state : roster.states()) {
    text += absl::StrFormat("    %s  %s  %s  roots %d of %d\n", state.state(), state.name(),
                            state.endpoint(), state.roots().threshold(), state.roots().keys_size());
    text += KeysText(state.roots(), "        ");
    text += Cat({"        fingerprint of the roots ",
                 HexEncode(AsView(trust::RootsFingerprint(state.state(), state.roots()))), "\n"});
  }
  return text + SignaturesText(document);
}

std::string ShowCharter(const v1::Charter& charter, const v1::SignedDocument& document) {
  std::string text = Head(Cat({"Charter of ", charter.state()}).c_str(), charter, document);
  text +=
      absl::StrFormat("  administrators  %d of %d sign the directory\n",
                      charter.directory_keys().threshold(), charter.directory_keys().keys_size());
  return text + KeysText(charter.directory_keys(), "    ") + SignaturesText(document);
}

std::string AuthorityText(const v1::AuthorityEntry& authority) {
  std::string text = "    " + authority.id();
  for (const auto& name : authority.names()) {
    text += absl::StrFormat("  %s (%s)", name.text(), name.language());
  }
  text += "\n      takes ";
  for (const auto& family : authority.families()) {
    text += v1::Family::Code_Name(static_cast<v1::Family::Code>(family)) + " ";
  }
  text += "in";
  for (const auto& language : authority.languages()) text += " " + language;
  text += "\n" + CooperationText(authority.cooperation());
  for (const auto& key : authority.sealing_keys()) {
    text += absl::StrFormat("      sealing key %d  %s  %s to %s\n", key.version(),
                            HexEncode(key.key_id()), When(key.valid_from_ms()),
                            When(key.valid_to_ms()));
  }
  if (authority.has_recovery_key()) {
    text +=
        absl::StrFormat("      recovery key   %s\n", HexEncode(authority.recovery_key().key_id()));
  }
  return text;
}

std::string OfficerText(const v1::OfficerEntry& officer) {
  std::string roles;
  for (const auto& role : officer.roles()) {
    roles += " " + v1::Role::Code_Name(static_cast<v1::Role::Code>(role));
  }
  return absl::StrFormat("    %s  person %s %s\n      key %s  mandate %s to %s\n", officer.id(),
                         officer.person(), roles, HexEncode(officer.signing_key_id()),
                         When(officer.valid_from_ms()), When(officer.valid_to_ms()));
}

std::string PolicyText(const v1::PolicyEntry& entry) {
  auto any = [](const std::string& name) { return name == "UNSPECIFIED" ? "any" : name; };
  return absl::StrFormat("    family %s, act %s, urgency %s: approvals besides the draft: %d\n",
                         any(v1::Family::Code_Name(entry.family())),
                         any(v1::Act::Code_Name(entry.act())),
                         any(v1::Urgency::Code_Name(entry.urgency())), entry.approvals());
}

std::string ShowDirectory(const v1::Directory& directory, const v1::SignedDocument& document) {
  std::string text = Head(Cat({"Directory of ", directory.state()}).c_str(), directory, document);
  text += absl::StrFormat("  node         %s\n    ledger %s\n", directory.node().endpoint(),
                          directory.node().ledger_origin());
  for (const auto& pin : directory.node().tls_pins()) {
    text += absl::StrFormat("    TLS pin %s\n", HexEncode(pin));
  }
  text += "  authorities\n";
  for (const auto& authority : directory.authorities()) text += AuthorityText(authority);
  text += "  officers\n";
  for (const auto& officer : directory.officers()) text += OfficerText(officer);
  text += "  policy\n";
  for (const auto& entry : directory.policy()) text += PolicyText(entry);
  if (!directory.treaty_list().empty()) {
    text += absl::StrFormat("  treaty status list, %d bytes, SHA-256 %s\n",
                            directory.treaty_list().size(),
                            HexEncode(AsView(crypto::Sha256(directory.treaty_list()))));
  }
  return text + SignaturesText(document);
}

template <typename Body>
absl::StatusOr<std::string> ToJson(DocumentKind kind, const v1::SignedDocument& document) {
  PALERMO_ASSIGN_OR_RETURN(Body body, ParseBody<Body>(kind, document));
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(body, &json, options).ok()) {
    return InputError("BAD_DOCUMENT", Cat({"the ", KindName(kind), " cannot be shown as JSON"}));
  }
  Json signatures = Json::List();
  for (const auto& signature : document.signatures()) {
    signatures.Push(std::move(Json::Object()
                                  .Add("key_id", HexEncode(signature.key_id()))
                                  .Add("signature", Base64Encode(signature.signature()))));
  }
  Json out = Json::Object();
  out.Add("sha256", HexEncode(AsView(crypto::Sha256(document.document()))));
  out.Add("document", Json::Raw(json));
  out.Add("signatures", std::move(signatures));
  return out.Pretty();
}

constexpr char kRosterTemplate[] = R"({
  "exercise": true,
  "valid_days": 730,
  "roster_keys": {"threshold": 2, "keys": ["depositary-1.key", "depositary-2.key", "depositary-3.key"]},
  "states": [
)";
constexpr char kRosterState[] =
    R"(    {"state": "@", "name": "Exercise State @", "endpoint": "localhost:%d",
     "roots": {"threshold": 1, "keys": ["@-root.key"]}})";

constexpr char kCharterTemplate[] = R"({
  "state": "@",
  "valid_days": 365,
  "directory_keys": {"threshold": 2, "keys": ["@-admin-1.key", "@-admin-2.key", "@-admin-3.key"]}
}
)";

// A field that begins with "//" explains the one after it, and is not read.
constexpr char kDirectoryTemplate[] = R"json({
  "state": "@",
  "//valid_days": "at most 30; renew in time, or messages stop",
  "valid_days": 30,
  "//node": "where peers and officers find it; next_tls_key: the key that comes next (optional)",
  "node": {"endpoint": "localhost:7443", "key": "@-node.key", "ledger_epoch": 1},
  "authorities": [
    {"id": "@/central",
     "//names": "in several languages, by BCP 47 tag",
     "names": {"en": "Central Authority of @"},
     "//families": "what it is competent for; other messages are refused. Leave out what it does not do",
     "families": ["MLA", "CONFISCATION", "EXTRADITION", "TRANSFER_SENTENCED", "TRANSFER_PROCEEDINGS",
                  "JOINT_INVESTIGATION", "SPECIAL_TECHNIQUE", "PRESERVATION_24_7", "SEA",
                  "PROTOCOL_ADMIN", "LAW_ENFORCEMENT_INFO", "SPONTANEOUS", "FIU", "VICTIM", "HIT_QUERY"],
     "//languages": "accepted, where an instrument below names none of its own",
     "languages": ["en"],
     "sealing_keys": [{"version": 1, "key": "@-central-sealing-1.key"}],
     "recovery_key": "@-central-recovery.key",
     "//cooperation": "all of it is optional; leave out what does not apply",
     "cooperation": {
       "//roles": "what it is to its state. A family is only served by who holds its role: leave out both together",
       "roles": ["CENTRAL_AUTHORITY_MLA", "EXTRADITION", "TRANSFER_SENTENCED", "JIT_CONTACT",
                 "NETWORK_24_7", "FLAG_REGISTRY", "SOM_ART8", "DRUG88_ART17_SEA", "FAP_CONTACT",
                 "CITES_MA", "FIU", "VICTIM_REFERRAL"],
       "//territory": "empty: the whole state",
       "territory": "",
       "//instruments": "conventions it takes requests under, each with its languages; none: all",
       "instruments": [{"instrument": "UNTOC", "languages": ["en"], "translation_required": false}],
       "address": "1 Example Street, Capital of @",
       "phones": ["+000 0000"],
       "emails": ["central@@justice.example"],
       "//time_zone": "IANA name; working hours and holidays are in it",
       "time_zone": "Etc/UTC",
       "//working_hours": "weekdays 1 (Monday) to 7 (Sunday)",
       "working_hours": [{"first_weekday": 1, "last_weekday": 5, "from": "08:00", "to": "17:00"}],
       "holidays": [],
       "//urgent": "method: PHONE, EMAIL, NODE or INTERPOL_I24_7",
       "urgent": {"around_the_clock": true, "method": "NODE", "languages": ["en"]},
       "//channels": "CA_DIRECT, DIPLOMATIC, INTERPOL_URGENT, POLICE_27, NETWORK_24_7 ...",
       "channels": ["CA_DIRECT"],
       "//formats": "media types of attachments; max_attachment_bytes: 0 is no own limit",
       "formats": ["application/pdf"],
       "max_attachment_bytes": 0,
       "//requirements": "dual_criminality: REQUIRED, COERCIVE_ONLY, NOT_REQUIRED; death_penalty: ABOLISHED, MORATORIUM, RETAINED_NOT_USED, RETAINED",
       "requirements": {"original_needed": false, "apostille_needed": false, "copies": 0,
                        "extra_documents": [], "dual_criminality": "REQUIRED",
                        "reciprocity_needed": false, "death_penalty": "ABOLISHED",
                        "default_conditions": [], "retention_law": ""},
       "//oral_requests_agreed_with": "states whose oral requests it takes in urgent cases (UNTOC 18(14))",
       "oral_requests_agreed_with": [],
       "e_signature_accepted": true,
       "direct_transmission_allowed": false,
       "//treaties": "kind: SIGNED, RATIFIED, ACCEDED ... DENOUNCED; SIGNED alone is no basis",
       "treaties": [],
       "//designations": "role, designated_at, notified_at: that the depositary was told",
       "designations": []
     }}
  ],
  "//officers": "person: the same for every office that one person holds, and no name",
  "officers": [
    {"id": "@/central/o-0001", "person": "p-1", "roles": ["DRAFTER"], "key": "@-o-0001.key"},
    {"id": "@/central/o-0002", "person": "p-2", "roles": ["APPROVER", "CUSTODIAN"], "key": "@-o-0002.key"},
    {"id": "@/central/o-0003", "person": "p-3", "roles": ["APPROVER", "CUSTODIAN"], "key": "@-o-0003.key"},
    {"id": "@/central/o-0004", "person": "p-4", "roles": ["AUDITOR"], "key": "@-o-0004.key"},
    {"id": "@/central/o-0005", "person": "p-5", "roles": ["ADMINISTRATOR"], "key": "@-o-0005.key"}
  ],
  "//policy": "approvals besides the draft; the most specific entry counts. What goes in an emergency to life with fewer is confirmed by a second approver within 24 hours",
  "policy": [
    {"act": "REQUEST", "approvals": 2},
    {"act": "REQUEST", "urgency": "EMERGENCY_LIFE", "approvals": 1},
    {"approvals": 1}
  ]
}
)json";

// "@" is the state, "@@" an "@".
std::string ForState(std::string_view text, const std::string& state) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '@') {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '@') {
      out += text[i++];
    } else {
      out += state;
    }
  }
  return out;
}

}  // namespace

absl::StatusOr<std::string> ShowDocument(DocumentKind kind, const v1::SignedDocument& document) {
  if (kind == DocumentKind::kRoster) {
    PALERMO_ASSIGN_OR_RETURN(v1::Roster roster, ParseBody<v1::Roster>(kind, document));
    return ShowRoster(roster, document);
  }
  if (kind == DocumentKind::kCharter) {
    PALERMO_ASSIGN_OR_RETURN(v1::Charter charter, ParseBody<v1::Charter>(kind, document));
    return ShowCharter(charter, document);
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Directory directory, ParseBody<v1::Directory>(kind, document));
  return ShowDirectory(directory, document);
}

absl::StatusOr<std::string> DocumentJson(DocumentKind kind, const v1::SignedDocument& document) {
  if (kind == DocumentKind::kRoster) return ToJson<v1::Roster>(kind, document);
  if (kind == DocumentKind::kCharter) return ToJson<v1::Charter>(kind, document);
  return ToJson<v1::Directory>(kind, document);
}

std::string DocumentTemplate(DocumentKind kind, const std::vector<std::string>& states) {
  if (kind == DocumentKind::kCharter) return ForState(kCharterTemplate, states.at(0));
  if (kind == DocumentKind::kDirectory) return ForState(kDirectoryTemplate, states.at(0));
  std::string out = kRosterTemplate;
  const int step = states.size() <= 50 ? 1000 : 1;
  int port = 7443;
  for (const std::string& state : states) {
    if (&state != &states.front()) out += ",\n";
    out += ForState(absl::StrFormat(kRosterState, port), state);
    port += step;
  }
  return out + "\n  ]\n}\n";
}

}  // namespace palermo::desk
