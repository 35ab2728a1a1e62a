#include "tests/support/world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "absl/strings/str_format.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/checkpoint.h"
#include "crypto/chunked.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/padding.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::testing {
namespace {

std::string EndpointOf(const WorldOptions& options, const std::string& state) {
  auto it = options.endpoints.find(state);
  return it == options.endpoints.end() ? absl::StrFormat("node.%s.example:7420", state)
                                       : it->second;
}

constexpr int64_t kDayMillis = int64_t{24} * 3600 * 1000;

std::string Text(const crypto::PublicKey& key) { return std::string(crypto::AsView(key)); }
std::string Text(const Hash& hash, int) { return std::string(AsView(hash)); }

std::vector<crypto::SigningKey> MakeKeys(int count, Random& random) {
  std::vector<crypto::SigningKey> keys;
  for (int i = 0; i < count; ++i) keys.push_back(crypto::SigningKey::Generate(random));
  return keys;
}

v1::KeySet MakeKeySet(uint32_t threshold, const std::vector<crypto::SigningKey>& keys,
                      const std::string& holder) {
  v1::KeySet set;
  set.set_threshold(threshold);
  for (size_t i = 0; i < keys.size(); ++i) {
    *set.add_keys() =
        trust::MakeVerificationKey(keys[i].public_key(), absl::StrFormat("%s %d", holder, i + 1));
  }
  return set;
}

template <typename Body>
v1::SignedDocument SignBody(const Body& body, crypto::Purpose purpose,
                            const std::vector<crypto::SigningKey>& keys, size_t count) {
  v1::SignedDocument document;
  document.set_document(trust::StrictSerialize(body));
  for (size_t i = 0; i < count; ++i) trust::SignDocument(purpose, keys[i], &document);
  return document;
}

template <typename Body>
Body ParseBody(const v1::SignedDocument& document) {
  Body body;
  DieUnlessOk(body.ParseFromString(document.document()) ? absl::OkStatus()
                                                        : absl::InternalError("not a document"),
              "ParseBody");
  return body;
}

// The next version of a document: number, link to the one before, time.
template <typename Body>
Body NextBody(const v1::SignedDocument& previous, absl::Time now, absl::Duration life) {
  Body body = ParseBody<Body>(previous);
  body.set_version(body.version() + 1);
  body.set_previous_sha256(Text(crypto::Sha256(previous.document()), 0));
  body.set_issued_at_ms(ToMillis(now));
  body.set_expires_at_ms(ToMillis(now + life));
  return body;
}

v1::SealingKeyEntry SealingEntry(uint32_t version, const crypto::SealingPublicKey& key,
                                 absl::Time from) {
  v1::SealingKeyEntry entry;
  entry.set_version(version);
  entry.set_kem(static_cast<uint32_t>(key.kem));
  entry.set_public_key(key.bytes);
  entry.set_key_id(crypto::SealingKeyId(key));
  entry.set_valid_from_ms(ToMillis(from));
  entry.set_valid_to_ms(ToMillis(from) + 365 * kDayMillis);
  return entry;
}

struct Tls {
  std::string pin;
  crypto::TlsIdentity identity;
};
Tls MakeTls(const std::string& name, const WorldOptions& options, absl::Time now, Random& random) {
  if (!options.real_tls) return {random.Bytes(32), {}};
  // From long ago: libraries look at the system's clock, tests at their own.
  Tls tls;
  tls.identity = Value(crypto::MakeTlsIdentity(name, absl::ToUnixSeconds(now) - 20 * 365 * 86400,
                                               absl::ToUnixSeconds(now) + 50 * 365 * 86400LL),
                       "TLS identity");
  tls.pin = Value(crypto::TlsPinFromCertificatePem(tls.identity.certificate_pem), "TLS pin");
  return tls;
}

crypto::SealingPrivateKey NewSealingKey(Random& random) {
  return Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, random), "sealing key");
}

constexpr std::pair<const char*, v1::Role::Code> kOfficers[] = {
    {kDrafter, v1::Role::DRAFTER},
    {kApprover1, v1::Role::APPROVER},
    {kApprover2, v1::Role::APPROVER},
    {kAuditor, v1::Role::AUDITOR},
    {kAdministrator, v1::Role::ADMINISTRATOR},
};

}  // namespace

v1::OfficerEntry OfficerEntryFor(const OfficerWorld& officer, v1::Role::Code role,
                                 absl::Time from) {
  v1::OfficerEntry entry;
  entry.set_id(officer.id);
  entry.set_person(Cat({"person-of-", officer.id}));
  entry.add_roles(role);
  entry.set_signing_key(Text(officer.sign.public_key()));
  entry.set_signing_key_id(crypto::KeyId(crypto::kEd25519, entry.signing_key()));
  entry.set_sealing_kem(static_cast<uint32_t>(officer.seal.kem()));
  entry.set_sealing_key(officer.seal.PublicKey().bytes);
  entry.set_sealing_key_id(crypto::SealingKeyId(officer.seal.PublicKey()));
  entry.add_tls_pins(officer.tls_pin);
  entry.set_valid_from_ms(ToMillis(from));
  entry.set_valid_to_ms(ToMillis(from) + 365 * kDayMillis);
  return entry;
}

void DieUnlessOk(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, status.ToString().c_str());
  std::abort();
}

World::World(const WorldOptions& options) : clock(options.start), random(options.seed) {
  roster_keys = MakeKeys(3, random);
  for (const std::string& code : options.states) AddState(code, options);
  SignFirstDocuments(options);
}

void World::AddState(const std::string& code, const WorldOptions& options) {
  Tls tls = MakeTls(absl::StrFormat("node.%s.example", code), options, clock.Now(), random);
  StateWorld state{
      .code = code,
      .authority = Cat({code, "/central"}),
      .roots = MakeKeys(1, random),
      .admins = MakeKeys(3, random),
      .checkpoint = crypto::SigningKey::Generate(random),
      .cosign = crypto::SigningKey::Generate(random),
      .tls_pin = tls.pin,
      .tls = std::move(tls.identity),
      .ledger_origin = Cat({"palermo/", code, "/1"}),
      .sealing = NewSealingKey(random),
      .recovery = NewSealingKey(random),
      .officers = {},
      .charter = {},
      .directory = {},
  };
  for (const auto& [name, role] : kOfficers) {
    Tls officer_tls = MakeTls(name, options, clock.Now(), random);
    OfficerWorld officer{
        .id = Cat({state.authority, "/", name}),
        .sign = crypto::SigningKey::Generate(random),
        .seal = NewSealingKey(random),
        .tls_pin = officer_tls.pin,
        .tls = std::move(officer_tls.identity),
    };
    state.officers.emplace(name, std::move(officer));
  }
  states.emplace(code, std::move(state));
}

v1::Directory World::FirstDirectory(const StateWorld& state, const WorldOptions& options) {
  absl::Time now = clock.Now();
  v1::Directory directory;
  directory.set_format(1);
  directory.set_version(1);
  directory.set_state(state.code);
  directory.set_issued_at_ms(ToMillis(now));
  directory.set_expires_at_ms(ToMillis(now + options.directory_life));
  v1::NodeEntry* node = directory.mutable_node();
  node->set_endpoint(EndpointOf(options, state.code));
  node->set_checkpoint_key(Text(state.checkpoint.public_key()));
  node->set_cosignature_key(Text(state.cosign.public_key()));
  node->add_tls_pins(state.tls_pin);
  node->set_ledger_origin(state.ledger_origin);
  v1::AuthorityEntry* authority = directory.add_authorities();
  authority->set_id(state.authority);
  authority->add_languages("en");
  v1::LocalName* name = authority->add_names();
  name->set_language("en");
  name->set_text(Cat({"Central Authority of ", state.code}));
  for (const auto family : options.families) authority->add_families(family);
  *authority->add_sealing_keys() = SealingEntry(1, state.sealing.PublicKey(), now);
  *authority->mutable_recovery_key() = SealingEntry(1, state.recovery.PublicKey(), now);
  for (const auto& [officer, role] : kOfficers) {
    *directory.add_officers() = OfficerEntryFor(state.officers.at(officer), role, now);
  }
  v1::PolicyEntry* request = directory.add_policy();
  request->set_act(v1::Act::REQUEST);
  request->set_approvals(options.request_approvals);
  directory.add_policy()->set_approvals(options.other_approvals);
  return directory;
}

void World::SignFirstDocuments(const WorldOptions& options) {
  v1::Roster roster;
  roster.set_format(1);
  roster.set_version(1);
  roster.set_issued_at_ms(ToMillis(clock.Now()));
  roster.set_expires_at_ms(ToMillis(clock.Now()) + 730 * kDayMillis);
  roster.set_exercise(true);
  *roster.mutable_roster_keys() = MakeKeySet(2, roster_keys, "depositary");
  for (auto& [code, state] : states) {
    v1::RosterState* entry = roster.add_states();
    entry->set_state(code);
    entry->set_name(Cat({"Exercise State ", code}));
    *entry->mutable_roots() = MakeKeySet(1, state.roots, Cat({"root of ", code}));
    entry->set_endpoint(EndpointOf(options, code));
    v1::Charter charter;
    charter.set_format(1);
    charter.set_version(1);
    charter.set_state(code);
    charter.set_issued_at_ms(ToMillis(clock.Now()));
    charter.set_expires_at_ms(ToMillis(clock.Now()) + 365 * kDayMillis);
    *charter.mutable_directory_keys() = MakeKeySet(2, state.admins, "administrator");
    state.charter = SignBody(charter, crypto::Purpose::kCharter, state.roots, 1);
    state.directory = SignDirectory(code, FirstDirectory(state, options));
  }
  rosters.push_back(SignBody(roster, crypto::Purpose::kRoster, roster_keys, 2));
  fingerprint = crypto::Sha256(rosters[0].document());
}

OfficerWorld& World::AddOfficer(const std::string& id) {
  const std::string name = id.substr(id.rfind('/') + 1);
  OfficerWorld officer{id, crypto::SigningKey::Generate(random),
                       Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, random)),
                       random.Bytes(32), crypto::TlsIdentity{}};
  return state(id.substr(0, 2)).officers.emplace(name, std::move(officer)).first->second;
}

OfficerWorld& World::officer(const std::string& id) {
  return states.at(StateOf(id)).officers.at(id.substr(id.rfind('/') + 1));
}

trust::TrustPtr World::View() const {
  trust::TrustPtr view = std::make_shared<trust::TrustView>(
      Value(trust::VerifyFirstRoster(rosters[0], fingerprint), "first roster"));
  for (size_t i = 1; i < rosters.size(); ++i) {
    // Whoever asks the world has confirmed its roots.
    view = view->WithRoster(Value(trust::VerifyRosterLink(rosters[i], view->roster()), "roster"));
  }
  for (const auto& [code, state] : states) {
    auto charter = std::make_shared<trust::Charter>(
        Value(trust::VerifyCharterOfAnyTime(state.charter, *view), "charter"));
    auto directory = std::make_shared<trust::DirectoryIndex>(
        Value(trust::VerifyDirectory(state.directory, *charter, nullptr), "directory"));
    view = view->WithState(code, {charter, directory});
  }
  return view;
}

trust::DirectoryPtr World::Directory(const std::string& state) const {
  return Value(View()->DirectoryOf(state), "directory");
}

v1::SignedDocument World::SignDirectory(const std::string& state,
                                        const v1::Directory& directory) const {
  return SignBody(directory, crypto::Purpose::kDirectory, states.at(state).admins, 2);
}

v1::SignedDocument World::NextDirectory(const std::string& state,
                                        const std::function<void(v1::Directory*)>& mutator) {
  StateWorld& owner = states.at(state);
  auto next = NextBody<v1::Directory>(owner.directory, clock.Now(), absl::Hours(24 * 30));
  if (mutator) mutator(&next);
  owner.directory = SignDirectory(state, next);
  return owner.directory;
}

v1::SignedDocument World::NextCharter(const std::string& state,
                                      const std::function<void(v1::Charter*)>& mutator) {
  StateWorld& owner = states.at(state);
  auto next = NextBody<v1::Charter>(owner.charter, clock.Now(), absl::Hours(24 * 365));
  if (mutator) mutator(&next);
  owner.charter = SignBody(next, crypto::Purpose::kCharter, owner.roots, 1);
  return owner.charter;
}

v1::SignedDocument World::NextRoster(const std::function<void(v1::Roster*)>& mutator) {
  auto next = NextBody<v1::Roster>(rosters.back(), clock.Now(), absl::Hours(24 * 730));
  if (mutator) mutator(&next);
  rosters.push_back(SignBody(next, crypto::Purpose::kRoster, roster_keys, 2));
  return rosters.back();
}

v1::Header World::MakeHeader(const EnvelopeSpec& spec) {
  v1::Header header;
  header.set_version(1);
  header.set_case_id(spec.case_id.empty() ? random.Bytes(16) : spec.case_id);
  header.set_sender(spec.from);
  std::set<std::string> recipients(spec.to.begin(), spec.to.end());
  for (const auto& recipient : recipients) header.add_recipients(recipient);
  header.set_family(spec.family);
  header.set_act(spec.act);
  std::vector<Hash> parents = spec.parents;
  std::sort(parents.begin(), parents.end());
  for (const Hash& parent : parents) header.add_parents(Text(parent, 0));
  header.add_legal_basis("UNTOC 18");
  header.set_urgency(spec.urgency);
  header.set_handling(v1::Handling::H1);
  header.set_created_at_ms(ToMillis(clock.Now()));
  header.set_expires_at_ms(ToMillis(clock.Now() + spec.life));
  std::set<std::string> named({StateOf(spec.from)});
  for (const auto& recipient : recipients) named.insert(StateOf(recipient));
  trust::TrustPtr view = View();
  for (const std::string& state : named) {
    *header.add_directories() = Value(view->DirectoryOf(state), "directory")->Reference();
  }
  return header;
}

v1::Envelope World::SealEnvelope(const v1::Header& header, const std::string& plaintext) {
  v1::Envelope envelope;
  envelope.set_header(trust::StrictSerialize(header));
  Hash header_sha256 = crypto::Sha256(envelope.header());
  crypto::SecretBytes key = crypto::SecretBytes::Random(crypto::kChunkedKeyBytes, random);
  std::set<std::string> readers(header.recipients().begin(), header.recipients().end());
  readers.insert(header.sender());
  v1::Stanzas stanzas;
  trust::TrustPtr view = View();
  for (const std::string& reader : readers) {
    trust::DirectoryPtr directory = Value(view->DirectoryOf(StateOf(reader)), "directory");
    const v1::AuthorityEntry* authority = directory->FindAuthority(reader);
    const auto* active = Value(trust::ActiveSealingKey(*authority, clock.Now()), "sealing key");
    crypto::HpkeCiphertext sealed =
        Value(crypto::HpkeSeal({crypto::Kem::kXWing, active->public_key()},
                               trust::StanzaInfo(header_sha256, reader, active->key_id()), "",
                               key.Expose(crypto::SecretAccess::Grant()), random),
              "stanza");
    v1::Stanza* stanza = stanzas.add_stanzas();
    stanza->set_authority(reader);
    stanza->set_key_id(active->key_id());
    stanza->set_encapsulation(sealed.encapsulation);
    stanza->set_wrapped_key(sealed.ciphertext);
  }
  envelope.set_stanzas(trust::StrictSerialize(stanzas));
  std::string padded = Value(crypto::Pad(plaintext), "padding");
  envelope.set_body(Value(crypto::ChunkedSeal(key, AsView(header_sha256), padded, random), "body"));
  return envelope;
}

v1::Envelope World::MakeEnvelope(const EnvelopeSpec& spec) {
  return SealEnvelope(MakeHeader(spec), spec.plaintext);
}

v1::OfficerSignature World::Sign(const v1::Envelope& envelope, const std::string& officer_id,
                                 v1::SignaturePurpose::Code purpose) {
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope), "envelope");
  return trust::SignMessage(officer_id, purpose, officer(officer_id).sign, parsed.message_id);
}

std::vector<v1::OfficerSignature> World::SignAll(const v1::Envelope& envelope) {
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope), "envelope");
  const v1::Header& header = parsed.header;
  std::string sender = header.sender() + "/";
  uint32_t needed = Directory(StateOf(header.sender()))
                        ->ApprovalsNeeded(header.family(), header.act(), header.urgency());
  std::vector<v1::OfficerSignature> signatures = {
      Sign(envelope, sender + kDrafter, v1::SignaturePurpose::DRAFT)};
  const char* approvers[] = {kApprover1, kApprover2};
  for (uint32_t i = 0; i < needed && i < 2; ++i) {
    signatures.push_back(Sign(envelope, sender + approvers[i], v1::SignaturePurpose::APPROVE));
  }
  return signatures;
}

v1::Receipt World::MakeReceipt(const std::string& state, const v1::Record& record) {
  v1::Receipt receipt;
  receipt.set_record(trust::StrictSerialize(record));
  receipt.set_salt(random.Bytes(trust::kSaltBytes));
  receipt.set_index(0);
  Hash root = crypto::LeafHash(AsView(trust::EntryHash(receipt.salt(), receipt.record())));
  const StateWorld& owner = states.at(state);
  receipt.set_checkpoint(crypto::SignCheckpoint({owner.ledger_origin, 1, root}, owner.checkpoint));
  return receipt;
}

v1::Record World::SubmissionRecord(const v1::Envelope& envelope,
                                   const std::string& signature_list) {
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope), "envelope");
  const v1::Header& header = parsed.header;
  v1::Record record;
  record.set_format(1);
  record.set_kind(v1::RecordKind::SUBMISSION);
  record.set_at_ms(ToMillis(clock.Now()));
  record.set_state(StateOf(header.sender()));
  record.set_case_id(header.case_id());
  record.set_message_id(Text(parsed.message_id, 0));
  record.set_actor("node");
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  record.set_outcome(v1::Outcome::ACCEPTED);
  for (const std::string& state : trust::RecipientStates(header)) {
    record.add_peers(state);
    v1::RecipientNumber* number = record.add_numbers();
    number->set_state(state);
    number->set_number(1);
  }
  record.set_signature_list_sha256(Text(crypto::Sha256(signature_list), 0));
  *record.mutable_directory() = Directory(record.state())->Reference();
  return record;
}

v1::Record World::DeliveryRecord(const std::string& state, const v1::Envelope& envelope,
                                 const std::string& signature_list) {
  v1::Record record = SubmissionRecord(envelope, signature_list);
  record.set_kind(v1::RecordKind::DELIVERY);
  record.clear_peers();
  record.add_peers(record.state());
  record.set_state(state);
  record.clear_numbers();
  v1::RecipientNumber* number = record.add_numbers();
  number->set_state(state);
  number->set_number(1);
  return record;
}

v1::Parcel World::MakeParcel(const v1::Envelope& envelope) {
  v1::Parcel parcel;
  *parcel.mutable_envelope() = envelope;
  parcel.set_signature_list(trust::FreezeSignatures(SignAll(envelope)));
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope), "envelope");
  *parcel.mutable_submission() = MakeReceipt(StateOf(parsed.header.sender()),
                                             SubmissionRecord(envelope, parcel.signature_list()));
  return parcel;
}

}  // namespace palermo::testing
