#include "node/desk/documents.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/signing.h"
#include "node/casework/acts.h"
#include "node/casework/treaty.h"
#include "node/desk/authority_json.h"
#include "node/desk/endpoint.h"
#include "node/desk/files.h"
#include "node/desk/officer_keys.h"
#include "node/trust/documents.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

constexpr int64_t kDayMillis = int64_t{24} * 3600 * 1000;

// What all builders share: the JSON, where its files are, and the version before.
struct Builder {
  JsonReader json;
  std::string folder;
  const v1::SignedDocument* previous;
  absl::Time now;
  absl::Time issued;

  // The named key of an item's key file; nothing, with the error noted, when it is not there.
  std::optional<crypto::PublicEntry> Key(JsonReader& at, const std::string& field,
                                         const std::optional<JsonReader::Item>& item,
                                         const std::string& name, const char* algorithm,
                                         std::string* subject = nullptr,
                                         const char* kind = nullptr) {
    if (!item.has_value()) return std::nullopt;
    auto keys = LoadPublicKeys(*item, folder);
    if (!keys.ok()) {
      at.Fail(field, keys.status());
      return std::nullopt;
    }
    if (kind != nullptr && keys->kind != kind) {
      at.Fail(field, Cat({"the key file of ", keys->subject, " is of kind ", keys->kind, "; kind ",
                          kind, " is needed here"}));
      return std::nullopt;
    }
    auto it = keys->keys.find(name);
    if (it == keys->keys.end() || it->second.algorithm != algorithm) {
      at.Fail(field, Cat({"the key file of ", keys->subject, " (kind ", keys->kind,
                          ") has no key '", name, "' for ", algorithm}));
      return std::nullopt;
    }
    if (subject != nullptr) *subject = keys->subject;
    return it->second;
  }

  v1::KeySet KeySet(JsonReader at) {
    v1::KeySet set;
    std::vector<JsonReader::Item> items = at.Items("keys");
    set.set_threshold(static_cast<uint32_t>(at.NumberOr("threshold", 1)));
    for (const auto& item : items) {
      std::string holder;
      auto key = Key(at, "keys", item, "sign", crypto::kEd25519, &holder);
      if (!key.has_value()) return set;
      auto public_key = crypto::PublicKeyFrom(key->public_bytes);
      if (public_key.ok()) *set.add_keys() = trust::MakeVerificationKey(*public_key, holder);
    }
    return set;
  }
};

template <typename Body>
absl::Status SetCommon(Builder& builder, int64_t default_days, Body* body) {
  body->set_format(1);
  uint64_t next = 1;
  if (builder.previous != nullptr) {
    Body before;
    if (!before.ParseFromString(builder.previous->document())) {
      return InputError("BAD_DOCUMENT", "--previous is not a document of this kind");
    }
    next = before.version() + 1;
    body->set_previous_sha256(std::string(AsView(crypto::Sha256(builder.previous->document()))));
  }
  JsonReader& json = builder.json;
  body->set_version(static_cast<uint64_t>(json.NumberOr("version", static_cast<int64_t>(next))));
  if (body->version() != next) {
    json.Fail("version", absl::StrFormat("must be %d%s; leave it out to get it right", next,
                                         builder.previous == nullptr ? " (give --previous)" : ""));
  }
  builder.issued = json.TimeOr("issued_at", builder.now);
  body->set_issued_at_ms(ToMillis(builder.issued));
  int64_t days = json.NumberOr("valid_days", default_days);
  absl::Time expires =
      json.TimeOr("expires_at", FromMillis(body->issued_at_ms() + days * kDayMillis));
  body->set_expires_at_ms(ToMillis(expires));
  return absl::OkStatus();
}

v1::RosterState BuildState(Builder& builder, JsonReader& json) {
  v1::RosterState entry;
  entry.set_state(json.Text("state"));
  entry.set_name(json.TextOr("name", ""));
  entry.set_endpoint(json.Text("endpoint"));
  json.Fail("endpoint", CheckEndpoint(entry.endpoint()));
  *entry.mutable_roots() = builder.KeySet(json.Object("roots"));
  return entry;
}

absl::StatusOr<std::string> BuildRoster(Builder& builder) {
  v1::Roster roster;
  PALERMO_RETURN_IF_ERROR(SetCommon(builder, 730, &roster));
  JsonReader& json = builder.json;
  roster.set_exercise(json.BoolOr("exercise", false));
  *roster.mutable_roster_keys() = builder.KeySet(json.Object("roster_keys"));
  for (JsonReader& state : json.Objects("states")) {
    *roster.add_states() = BuildState(builder, state);
  }
  std::sort(roster.mutable_states()->begin(), roster.mutable_states()->end(),
            [](const auto& a, const auto& b) { return a.state() < b.state(); });
  PALERMO_RETURN_IF_ERROR(json.Finish());
  return trust::StrictSerialize(roster);
}

absl::StatusOr<std::string> BuildCharter(Builder& builder) {
  v1::Charter charter;
  PALERMO_RETURN_IF_ERROR(SetCommon(builder, 365, &charter));
  charter.set_state(builder.json.Text("state"));
  *charter.mutable_directory_keys() = builder.KeySet(builder.json.Object("directory_keys"));
  PALERMO_RETURN_IF_ERROR(builder.json.Finish());
  return trust::StrictSerialize(charter);
}

// Builds a directory; keeps the windows of the directory before where the JSON gives none.
class DirectoryBuilder {
 public:
  explicit DirectoryBuilder(Builder& builder) : builder_(builder) {
    if (builder.previous != nullptr) before_.ParseFromString(builder.previous->document());
  }

  absl::StatusOr<std::string> Build() {
    JsonReader& json = builder_.json;
    PALERMO_RETURN_IF_ERROR(SetCommon(builder_, 30, &directory_));
    directory_.set_state(json.Text("state"));
    SetNode(json.Object("node"));
    for (JsonReader& authority : json.Objects("authorities")) AddAuthority(authority);
    for (JsonReader& officer : json.Objects("officers")) AddOfficer(officer);
    for (JsonReader& policy : json.Objects("policy")) AddPolicy(policy);
    PALERMO_RETURN_IF_ERROR(SetTreatyList(json));
    auto by_id = [](const auto& a, const auto& b) { return a.id() < b.id(); };
    std::sort(directory_.mutable_authorities()->begin(), directory_.mutable_authorities()->end(),
              by_id);
    std::sort(directory_.mutable_officers()->begin(), directory_.mutable_officers()->end(), by_id);
    PALERMO_RETURN_IF_ERROR(json.Finish());
    return trust::StrictSerialize(directory_);
  }

 private:
  // A file beside the JSON; without it the list of the version before stays.
  absl::Status SetTreatyList(JsonReader& json) {
    directory_.set_treaty_list(before_.treaty_list());
    if (!json.Has("treaty_list")) return absl::OkStatus();
    const std::string path = PathIn(builder_.folder, json.Text("treaty_list"));
    PALERMO_ASSIGN_OR_RETURN(std::string csv, ReadFile(path, limits::kMaxTreatyListBytes));
    absl::Status status = casework::TreatyStatus::FromCsv(csv).status();
    if (!status.ok()) return Annotate(status, path);
    directory_.set_treaty_list(csv);
    return absl::OkStatus();
  }

  void SetNode(JsonReader json) {
    v1::NodeEntry* node = directory_.mutable_node();
    node->set_endpoint(json.Text("endpoint"));
    json.Fail("endpoint", CheckEndpoint(node->endpoint()));
    auto item = json.ItemOf("key");
    if (auto key = builder_.Key(json, "key", item, "checkpoint", crypto::kEd25519)) {
      node->set_checkpoint_key(key->public_bytes);
    }
    if (auto key = builder_.Key(json, "key", item, "cosign", crypto::kEd25519)) {
      node->set_cosignature_key(key->public_bytes);
    }
    if (auto key = builder_.Key(json, "key", item, "tls", crypto::kP256)) {
      node->add_tls_pins(PinOf(key->public_bytes));
    }
    if (json.Has("next_tls_key")) {
      auto next = json.ItemOf("next_tls_key");
      if (auto key = builder_.Key(json, "next_tls_key", next, "tls", crypto::kP256)) {
        node->add_tls_pins(PinOf(key->public_bytes));
      }
    }
    node->set_ledger_origin(
        absl::StrFormat("palermo/%s/%d", directory_.state(), json.NumberOr("ledger_epoch", 1)));
  }

  v1::SealingKeyEntry SealingKey(JsonReader& json, const std::string& field,
                                 const JsonReader::Item& item, uint32_t version, const char* kind) {
    v1::SealingKeyEntry entry;
    auto key = builder_.Key(json, field, item, "seal", crypto::kXWing, nullptr, kind);
    if (!key.has_value()) return entry;
    entry.set_version(version);
    entry.set_kem(static_cast<uint32_t>(crypto::Kem::kXWing));
    entry.set_public_key(key->public_bytes);
    entry.set_key_id(crypto::KeyId(crypto::kXWing, key->public_bytes));
    const v1::SealingKeyEntry* old = FindOldKey(entry.key_id());
    entry.set_valid_from_ms(old ? old->valid_from_ms() : ToMillis(builder_.issued));
    entry.set_valid_to_ms(old ? old->valid_to_ms() : entry.valid_from_ms() + 365 * kDayMillis);
    return entry;
  }

  const v1::SealingKeyEntry* FindOldKey(const std::string& key_id) const {
    for (const auto& authority : before_.authorities()) {
      for (const auto& key : authority.sealing_keys()) {
        if (key.key_id() == key_id) return &key;
      }
      if (authority.recovery_key().key_id() == key_id) return &authority.recovery_key();
    }
    return nullptr;
  }

  void AddAuthority(JsonReader& json) {
    v1::AuthorityEntry* authority = directory_.add_authorities();
    authority->set_id(json.Text("id"));
    for (const auto& [language, text] : json.TextMap("names")) {
      v1::LocalName* name = authority->add_names();
      name->set_language(language);
      name->set_text(text);
    }
    for (const std::string& text : json.Texts("families")) {
      auto family = casework::ParseFamily(text);
      if (!family.ok()) json.Fail("families", family.status());
      if (family.ok()) authority->add_families(*family);
    }
    for (const std::string& language : json.Texts("languages")) authority->add_languages(language);
    for (JsonReader& key : json.Objects("sealing_keys")) {
      auto item = key.ItemOf("key");
      auto version = static_cast<uint32_t>(key.NumberOr("version", 1));
      if (!item.has_value()) continue;
      v1::SealingKeyEntry entry = SealingKey(key, "key", *item, version, "sealing");
      entry.set_valid_from_ms(
          ToMillis(key.TimeOr("valid_from", FromMillis(entry.valid_from_ms()))));
      entry.set_valid_to_ms(ToMillis(key.TimeOr("valid_to", FromMillis(entry.valid_to_ms()))));
      *authority->add_sealing_keys() = entry;
    }
    if (json.Has("cooperation")) {
      *authority->mutable_cooperation() = ReadCooperation(json.Object("cooperation"));
    }
    if (!json.Has("recovery_key")) return;
    auto item = json.ItemOf("recovery_key");
    if (item.has_value()) {
      *authority->mutable_recovery_key() = SealingKey(json, "recovery_key", *item, 1, "recovery");
    }
  }

  void AddOfficer(JsonReader& json) {
    v1::OfficerEntry* officer = directory_.add_officers();
    officer->set_id(json.Text("id"));
    officer->set_person(json.Text("person"));
    for (const std::string& text : json.Texts("roles")) {
      v1::Role::Code role = v1::Role::UNSPECIFIED;
      if (!v1::Role::Code_Parse(text, &role) || role == v1::Role::UNSPECIFIED) {
        json.Fail("roles", Cat({"'", text, "' is no role; DRAFTER, APPROVER, INVESTIGATOR, ",
                                "AUDITOR, ADMINISTRATOR and CUSTODIAN are"}));
      }
      officer->add_roles(role);
    }
    auto item = json.ItemOf("key");
    if (auto key = builder_.Key(json, "key", item, "sign", crypto::kEd25519)) {
      officer->set_signing_key(key->public_bytes);
      officer->set_signing_key_id(crypto::KeyId(crypto::kEd25519, key->public_bytes));
    }
    if (auto key = builder_.Key(json, "key", item, "seal", crypto::kXWing)) {
      officer->set_sealing_kem(static_cast<uint32_t>(crypto::Kem::kXWing));
      officer->set_sealing_key(key->public_bytes);
      officer->set_sealing_key_id(crypto::KeyId(crypto::kXWing, key->public_bytes));
    }
    if (auto key = builder_.Key(json, "key", item, "tls", crypto::kP256)) {
      officer->add_tls_pins(PinOf(key->public_bytes));
    }
    SetMandate(json, officer);
  }

  void SetMandate(JsonReader& json, v1::OfficerEntry* officer) {
    int64_t from = ToMillis(builder_.issued);
    int64_t to = from + 365 * kDayMillis;
    for (const auto& old : before_.officers()) {
      if (old.id() != officer->id()) continue;
      from = old.valid_from_ms();
      to = old.valid_to_ms();
    }
    officer->set_valid_from_ms(ToMillis(json.TimeOr("valid_from", FromMillis(from))));
    officer->set_valid_to_ms(ToMillis(json.TimeOr("valid_to", FromMillis(to))));
  }

  void AddPolicy(JsonReader& json) {
    v1::PolicyEntry* policy = directory_.add_policy();
    if (json.Has("family")) {
      auto family = casework::ParseFamily(json.Text("family"));
      if (!family.ok()) json.Fail("family", family.status());
      if (family.ok()) policy->set_family(*family);
    }
    if (json.Has("act")) {
      auto act = casework::ParseAct(json.Text("act"));
      if (!act.ok()) json.Fail("act", act.status());
      if (act.ok()) policy->set_act(*act);
    }
    if (json.Has("urgency")) {
      auto urgency = casework::ParseUrgency(json.Text("urgency"));
      if (!urgency.ok()) json.Fail("urgency", urgency.status());
      if (urgency.ok()) policy->set_urgency(*urgency);
    }
    if (!json.Has("approvals")) json.Fail("approvals", "is missing; how many must approve?");
    policy->set_approvals(static_cast<uint32_t>(json.NumberOr("approvals", 1)));
  }

  Builder& builder_;
  v1::Directory before_;
  v1::Directory directory_;
};

template <typename Body>
bool IsBody(const v1::SignedDocument& document) {
  Body body;
  return trust::StrictParse(document.document(), &body, "BAD_DOCUMENT", "document").ok() &&
         body.format() == 1;
}

bool Is(DocumentKind kind, const v1::SignedDocument& document) {
  if (kind == DocumentKind::kRoster) return IsBody<v1::Roster>(document);
  if (kind == DocumentKind::kCharter) return IsBody<v1::Charter>(document);
  return IsBody<v1::Directory>(document);
}

absl::StatusOr<std::string> BuildDirectory(Builder& builder) {
  return DirectoryBuilder(builder).Build();
}

}  // namespace

const char* KindName(DocumentKind kind) {
  if (kind == DocumentKind::kRoster) return "roster";
  return kind == DocumentKind::kCharter ? "charter" : "directory";
}

absl::StatusOr<v1::SignedDocument> ProposeDocument(DocumentKind kind, const std::string& json,
                                                   const std::string& what,
                                                   const std::string& folder,
                                                   const v1::SignedDocument* previous,
                                                   absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader, JsonReader::Parse(json, what));
  Builder builder{reader, folder, previous, now, now};
  auto build = kind == DocumentKind::kRoster    ? BuildRoster
               : kind == DocumentKind::kCharter ? BuildCharter
                                                : BuildDirectory;
  v1::SignedDocument document;
  PALERMO_ASSIGN_OR_RETURN(*document.mutable_document(), build(builder));
  return document;
}

absl::StatusOr<std::vector<v1::RosterState>> ReadRosterStates(const std::string& json,
                                                              const std::string& what,
                                                              const std::string& folder) {
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader, JsonReader::Parse(json, what));
  Builder builder{reader, folder, nullptr, absl::UnixEpoch(), absl::UnixEpoch()};
  std::vector<v1::RosterState> states;
  if (reader.Has("states")) {
    for (JsonReader& entry : reader.Objects("states")) states.push_back(BuildState(builder, entry));
    // Of the roster itself: what it is stays as the version before has it.
    for (const char* name : {"exercise", "valid_days", "roster_keys"}) reader.Raw(name);
  } else {
    states.push_back(BuildState(builder, reader));
  }
  PALERMO_RETURN_IF_ERROR(reader.Finish());
  return states;
}

absl::Status AddSignature(DocumentKind kind, const crypto::KeyBundle& bundle,
                          const token::PinSource& ask, v1::SignedDocument* document) {
  std::string needed = kind == DocumentKind::kDirectory ? "administrator" : "state-root";
  if (kind == DocumentKind::kRoster && bundle.kind() == "roster") needed = "roster";
  PALERMO_ASSIGN_OR_RETURN(std::unique_ptr<crypto::Signer> key, UseSigningKey(bundle, needed, ask));
  crypto::Purpose purpose = kind == DocumentKind::kRoster    ? crypto::Purpose::kRoster
                            : kind == DocumentKind::kCharter ? crypto::Purpose::kCharter
                                                             : crypto::Purpose::kDirectory;
  return trust::SignDocument(purpose, *key, document);
}

absl::StatusOr<v1::SignedDocument> ReadDocument(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           ReadFile(path, limits::kMaxDirectoryBytes + 64 * 1024));
  v1::SignedDocument document;
  if (!document.ParseFromString(bytes) || document.document().empty()) {
    return InputError("BAD_DOCUMENT",
                      Cat({path, ": not a signed document; is it the right file?"}));
  }
  return document;
}

absl::StatusOr<v1::SignedDocument> ReadDocument(DocumentKind kind, const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, ReadDocument(path));
  const absl::Status status = CheckKind(kind, document);
  if (!status.ok()) return Annotate(status, path);
  return document;
}

absl::Status CheckKind(DocumentKind kind, const v1::SignedDocument& document) {
  if (Is(kind, document)) return absl::OkStatus();
  for (DocumentKind other :
       {DocumentKind::kRoster, DocumentKind::kCharter, DocumentKind::kDirectory}) {
    if (!Is(other, document)) continue;
    return InputError("BAD_DOCUMENT", Cat({"this is a ", KindName(other), ", not a ",
                                           KindName(kind), "; is it the right file?"}));
  }
  return InputError("BAD_DOCUMENT",
                    Cat({"this is not a ", KindName(kind), "; is it the right file?"}));
}

absl::Status WriteDocument(const std::string& path, const v1::SignedDocument& document) {
  return WriteFileAtomic(path, trust::StrictSerialize(document), 0644);
}

}  // namespace palermo::desk
