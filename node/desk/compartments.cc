#include "node/desk/compartments.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/chunked.h"
#include "crypto/chunked_open.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/hpke_open.h"
#include "crypto/padding.h"
#include "node/casework/json.h"
#include "node/casework/operation/access.h"
#include "node/casework/text.h"
#include "node/desk/json_value.h"
#include "node/desk/operation_mail.h"
#include "node/trust/compartment.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

using casework::IdentityKind;
using casework::IdentityToken;
using crypto::SecretAccess;

std::string Place(int index) { return Cat({"compartments[", std::to_string(index), "]"}); }

absl::Status BadCompartment(const std::string& where, std::string_view text) {
  return InputError("BAD_COMPARTMENT", Cat({where, ": ", text}));
}

// ISO 8601-2: a year, a month or a day, with X where a digit is not known; "" is nothing said.
bool IsPartialDate(const std::string& text) {
  if (text.empty()) return true;
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    const bool digit = (text[i] >= '0' && text[i] <= '9') || text[i] == 'X';
    if (dash ? text[i] != '-' : !digit) return false;
  }
  const bool known = text.find('X') == std::string::npos;
  return !known || text.size() == 4 || ParseInstant(text.size() == 7 ? text + "-01" : text).ok();
}

absl::Status CheckDraft(const v1::CompartmentDraft& draft, const std::string& where) {
  if (draft.to().empty())
    return BadCompartment(Cat({where, ".to"}), "name the authorities that may open it");
  if (draft.to_size() > limits::kMaxCompartmentReaders) {
    return BadCompartment(Cat({where, ".to"}), "too many readers");
  }
  for (const std::string& reader : draft.to()) {
    if (!IsAuthorityId(reader)) {
      return BadCompartment(Cat({where, ".to"}),
                            "one of them is not an authority, like QT/victims");
    }
  }
  if (draft.purpose() == v1::CompartmentPurpose::UNSPECIFIED) {
    return BadCompartment(Cat({where, ".purpose"}),
                          "VICTIM, WITNESS, SOURCE, CHILD, MIGRANT, COOPERATOR, PATIENT or OTHER");
  }
  if (draft.persons().empty() || draft.persons_size() > limits::kMaxCompartmentPersons) {
    return BadCompartment(
        Cat({where, ".persons"}),
        Cat({"from 1 to ", std::to_string(limits::kMaxCompartmentPersons), " persons"}));
  }
  std::set<std::string> refs;
  for (const auto& person : draft.persons()) {
    if (person.ref().empty() || !refs.insert(casework::RefKey(person.ref())).second) {
      return BadCompartment(Cat({where, ".persons"}),
                            "each person has a pseudonym of its own in ref, like V-1");
    }
    if (casework::LooksLikeAName(person.ref())) {
      return BadCompartment(Cat({where, ".persons"}), "ref is a pseudonym, like V-1, and no name");
    }
    if (!IsPartialDate(person.date_of_birth())) {
      return BadCompartment(
          Cat({where, ".persons"}),
          "date_of_birth is a date like 1999-12-31, 1999-12 or 1999; write X for a digit "
          "that is not known");
    }
  }
  return absl::OkStatus();
}

// Texts of a compartment in which another person's identity would be a leak.
std::vector<std::string> TextsOf(const v1::SealedIdentity& person) {
  std::vector<std::string> texts = {person.ref(), person.name(), person.place_of_birth(),
                                    person.contact(), person.note()};
  for (const auto* list : {&person.other_names(), &person.document_numbers(), &person.phones(),
                           &person.addresses(), &person.accounts()}) {
    texts.insert(texts.end(), list->begin(), list->end());
  }
  return texts;
}

void AddTokens(const v1::SealedIdentity& person, std::vector<IdentityToken>& tokens) {
  const auto add = [&](IdentityKind kind, const std::string& value) {
    if (!value.empty()) tokens.push_back({kind, value, person.ref()});
  };
  add(IdentityKind::kName, person.name());
  for (const auto& value : person.other_names()) add(IdentityKind::kName, value);
  add(IdentityKind::kDate, person.date_of_birth());
  for (const auto& value : person.document_numbers()) add(IdentityKind::kNumber, value);
  for (const auto& value : person.phones()) add(IdentityKind::kNumber, value);
  for (const auto& value : person.addresses()) add(IdentityKind::kText, value);
  for (const auto& value : person.accounts()) {
    const IdentityKind kind = casework::GuessIdentityKind(value);
    add(kind == IdentityKind::kName ? IdentityKind::kText : kind, value);
  }
  if (person.contact().find(' ') != std::string::npos) {  // "the shelter in Glimmer Lane 4"
    add(IdentityKind::kText, person.contact());
  } else {
    const IdentityKind kind = casework::GuessIdentityKind(person.contact());
    add(kind == IdentityKind::kName ? IdentityKind::kText : kind, person.contact());
  }
  add(IdentityKind::kNumber, person.image_sha256());
}

absl::StatusOr<v1::CompartmentStanza> SealCompartmentKeyTo(
    const std::string& reader, const v1::Compartment& compartment, const Hash& header_sha256,
    const crypto::SecretBytes& key, const trust::TrustView& view, absl::Time now, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(StateOf(reader)));
  const v1::AuthorityEntry* authority = directory->FindAuthority(reader);
  if (authority == nullptr) {
    return Missing("UNKNOWN_RECIPIENT",
                   Cat({reader, " is not in the directory of ", StateOf(reader)}));
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::SealingKeyEntry* entry,
                           trust::ActiveSealingKey(*authority, now));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPublicKey to,
                           trust::SealingPublicKeyOf(entry->kem(), entry->public_key()));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::HpkeCiphertext sealed,
      crypto::HpkeSeal(to,
                       trust::CompartmentInfo(header_sha256, compartment, reader, entry->key_id()),
                       "", key.Expose(SecretAccess::Grant()), random));
  v1::CompartmentStanza stanza;
  stanza.set_authority(reader);
  stanza.set_key_id(entry->key_id());
  stanza.set_encapsulation(std::move(sealed.encapsulation));
  stanza.set_wrapped_key(std::move(sealed.ciphertext));
  return stanza;
}

absl::StatusOr<v1::Compartment> SealOne(const v1::CompartmentDraft& draft, uint32_t id,
                                        const Hash& header_sha256, const trust::TrustView& view,
                                        absl::Time now, Random& random) {
  v1::Compartment compartment;
  compartment.set_id(id);
  compartment.set_purpose(draft.purpose());
  v1::SealedIdentities identities;
  identities.set_version(1);
  *identities.mutable_persons() = draft.persons();
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes padded,
                           crypto::PadSecret(trust::StrictSerialize(identities)));
  const crypto::SecretBytes key = crypto::SecretBytes::Random(crypto::kChunkedKeyBytes, random);
  const std::set<std::string> readers(draft.to().begin(), draft.to().end());
  for (const std::string& reader : readers) {
    PALERMO_ASSIGN_OR_RETURN(
        *compartment.add_stanzas(),
        SealCompartmentKeyTo(reader, compartment, header_sha256, key, view, now, random));
  }
  PALERMO_ASSIGN_OR_RETURN(
      *compartment.mutable_sealed(),
      crypto::ChunkedSeal(key, trust::CompartmentContext(header_sha256, compartment),
                          padded.Expose(SecretAccess::Grant()), random));
  return compartment;
}

const AuthorityKey* KeyForStanza(const v1::CompartmentStanza& stanza,
                                 std::span<const AuthorityKey> keys) {
  for (const AuthorityKey& key : keys) {
    if (key.authority == stanza.authority() && key.key_id == stanza.key_id()) return &key;
  }
  return nullptr;
}

const v1::CompartmentStanza* StanzaOf(const v1::Compartment& compartment,
                                      const std::string& authority) {
  for (const auto& stanza : compartment.stanzas()) {
    if (stanza.authority() == authority) return &stanza;
  }
  return nullptr;
}

absl::StatusOr<v1::SealedIdentities> ReadIdentities(const v1::Compartment& compartment,
                                                    const crypto::SecretBytes& key,
                                                    const Hash& header_sha256) {
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes padded,
      crypto::ChunkedOpen(key, trust::CompartmentContext(header_sha256, compartment),
                          compartment.sealed()));
  PALERMO_ASSIGN_OR_RETURN(std::string_view bytes,
                           crypto::Unpad(padded.Expose(SecretAccess::Grant())));
  v1::SealedIdentities identities;
  PALERMO_RETURN_IF_ERROR(trust::StrictParse(bytes, &identities, "BAD_BODY", "sealed identities"));
  if (identities.version() != 1) {
    return InputError("BAD_BODY", "the version of the sealed identities is not 1");
  }
  return identities;
}

// Who opens `one` may open `other` as well: a mother's address in her child's compartment tells
// nothing new.
bool MayOpenBoth(const v1::CompartmentDraft& one, const v1::CompartmentDraft& other) {
  return std::all_of(one.to().begin(), one.to().end(), [&](const std::string& reader) {
    return std::find(other.to().begin(), other.to().end(), reader) != other.to().end();
  });
}

const v1::Compartment* FindCompartment(const v1::CaseBody& body, uint32_t id) {
  const auto found = std::find_if(body.compartments().begin(), body.compartments().end(),
                                  [&](const v1::Compartment& one) { return one.id() == id; });
  return found == body.compartments().end() ? nullptr : &*found;
}

}  // namespace

absl::StatusOr<v1::CompartmentDrafts> ParseCompartments(const std::string& json,
                                                        const std::string& what) {
  v1::CompartmentDrafts drafts;
  const std::string text = Cat({"{\"compartments\":", json, "}"});
  const auto status = google::protobuf::util::JsonStringToMessage(text, &drafts);
  if (!status.ok()) {
    // Protobuf's words quote the JSON, and so perhaps a person: the kind and the place are told,
    // and the name of a field that is not known.
    const absl::Status kind =
        casework::SaidByKind(InputError("BAD_JSON", "see palermo compartment new"), text,
                             *v1::CompartmentDrafts::descriptor());
    const std::string place = casework::FieldOf(kind), detail = casework::DetailOf(kind);
    return Annotate(kind,
                    Cat({what, ": ", place.empty() ? "compartments" : place, ": ",
                         casework::FindingOf(kind).what, detail.empty() ? "" : ": ", detail}));
  }
  // An escape can make text that is no UTF-8.
  v1::CompartmentDrafts again;
  if (!again.ParseFromString(drafts.SerializeAsString())) {
    return InputError("BAD_JSON", Cat({what, ": compartments: a text is not UTF-8"}));
  }
  if (drafts.compartments_size() > limits::kMaxCompartments) {
    return BadCompartment("compartments",
                          "there are too many; put persons with the same readers into one");
  }
  for (int i = 0; i < drafts.compartments_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(CheckDraft(drafts.compartments(i), Place(i)));
  }
  return drafts;
}

std::string CompartmentTemplate(const std::string& to) {
  Json person = Json::Object();
  person.Add("ref", "V-9").Add("name", "Given-Name Family-Name").Add("date_of_birth", "1999-12-31");
  person.Add("document_numbers", std::move(Json::List().Push(std::string("XX0000000"))));
  person.Add("phones", std::move(Json::List().Push(std::string("+999 000 000 000"))));
  person.Add("contact", "who reaches the person: a lawyer, a shelter");
  Json one = Json::Object();
  one.Add("to", std::move(Json::List().Push(to))).Add("purpose", "VICTIM");
  one.Add("persons", std::move(Json::List().Push(std::move(person))));
  return Json::List().Push(std::move(one)).Pretty();
}

std::vector<std::string> FieldsOfTemplate(const v1::CompartmentDrafts& drafts) {
  static const auto& example = *new v1::SealedIdentity([] {
    auto parsed = ParseCompartments(CompartmentTemplate("QT/central"), "template");
    PALERMO_CHECK(parsed.ok());
    return parsed->compartments(0).persons(0);
  }());
  std::vector<std::string> fields;
  for (int c = 0; c < drafts.compartments_size(); ++c) {
    for (int p = 0; p < drafts.compartments(c).persons_size(); ++p) {
      const v1::SealedIdentity& person = drafts.compartments(c).persons(p);
      const auto tell = [&](bool same, const char* field) {
        if (same) fields.push_back(Cat({Place(c), ".persons[", std::to_string(p), "].", field}));
      };
      const auto holds = [](const auto& list, const auto& of) {
        return std::find(list.begin(), list.end(), of.Get(0)) != list.end();
      };
      tell(person.name() == example.name(), "name");
      tell(holds(person.document_numbers(), example.document_numbers()), "document_numbers");
      tell(holds(person.phones(), example.phones()), "phones");
      tell(person.contact() == example.contact(), "contact");
    }
  }
  return fields;
}

std::vector<IdentityToken> IdentityTokens(const v1::CompartmentDrafts& drafts) {
  std::vector<IdentityToken> tokens;
  for (const auto& draft : drafts.compartments()) {
    for (const auto& person : draft.persons()) AddTokens(person, tokens);
  }
  return tokens;
}

std::vector<std::string> LeaksBetween(const v1::CompartmentDrafts& drafts) {
  std::vector<std::string> found;
  for (int i = 0; i < drafts.compartments_size(); ++i) {
    std::set<std::string> here;
    for (const auto& person : drafts.compartments(i).persons()) here.insert(person.ref());
    std::vector<IdentityToken> tokens;
    for (int j = 0; j < drafts.compartments_size(); ++j) {
      if (j == i || MayOpenBoth(drafts.compartments(i), drafts.compartments(j))) continue;
      for (const auto& person : drafts.compartments(j).persons()) {
        if (!casework::HasRef(here, person.ref())) AddTokens(person, tokens);
      }
    }
    const casework::LeakScanner scanner(std::move(tokens));
    for (int p = 0; p < drafts.compartments(i).persons_size(); ++p) {
      const std::vector<std::string> texts = TextsOf(drafts.compartments(i).persons(p));
      if (std::any_of(texts.begin(), texts.end(),
                      [&](const std::string& text) { return scanner.Leaks(text); })) {
        found.push_back(Cat({Place(i), ".persons[", std::to_string(p), "]"}));
      }
    }
  }
  return found;
}

absl::Status SealCompartments(const v1::CompartmentDrafts& drafts, const v1::Header& header,
                              const trust::TrustView& view, absl::Time now, Random& random,
                              v1::CaseBody* body) {
  body->clear_compartments();
  const Hash header_sha256 = crypto::Sha256(trust::StrictSerialize(header));
  uint32_t id = 0;
  for (const auto& draft : drafts.compartments()) {
    PALERMO_ASSIGN_OR_RETURN(*body->add_compartments(),
                             SealOne(draft, ++id, header_sha256, view, now, random));
  }
  return trust::CheckCompartments(body->compartments(), header);
}

absl::StatusOr<std::vector<CompartmentKey>> CompartmentKeysFor(
    const std::string& authority, const v1::CaseBody& body, const v1::Header& header,
    const Hash& header_sha256, std::span<const AuthorityKey> keys,
    std::vector<CompartmentKey> rewrapped) {
  PALERMO_RETURN_IF_ERROR(trust::CheckCompartments(body.compartments(), header));
  std::vector<CompartmentKey> found;
  for (const auto& compartment : body.compartments()) {
    const v1::CompartmentStanza* stanza = StanzaOf(compartment, authority);
    if (stanza == nullptr) continue;
    const auto carried =
        std::find_if(rewrapped.begin(), rewrapped.end(),
                     [&](const CompartmentKey& one) { return one.id == compartment.id(); });
    const AuthorityKey* key = KeyForStanza(*stanza, keys);
    if (key != nullptr) {
      auto opened = crypto::HpkeOpen(
          key->key, stanza->encapsulation(),
          trust::CompartmentInfo(header_sha256, compartment, authority, stanza->key_id()), "",
          stanza->wrapped_key());
      if (opened.ok()) found.push_back({compartment.id(), *std::move(opened)});
    } else if (carried != rewrapped.end()) {
      found.push_back({compartment.id(), std::move(carried->key)});
    }
  }
  return found;
}

v1::CaseBody ForPeople(const v1::CaseBody& body) {
  v1::CaseBody out = body;
  if (out.has_operation_mail()) {
    for (auto& relayed : *out.mutable_operation_mail()->mutable_relayed()) {
      relayed.clear_content_key();
      relayed.clear_message();
    }
  }
  for (auto& compartment : *out.mutable_compartments()) {
    compartment.clear_sealed();
    for (auto& stanza : *compartment.mutable_stanzas()) {
      stanza.clear_key_id();
      stanza.clear_encapsulation();
      stanza.clear_wrapped_key();
    }
  }
  return out;
}

namespace {

bool IsNamed(const v1::Label& label, const std::string& officer) {
  const auto& named = label.recipients();
  return officer.empty() || label.tlp() != v1::Tlp::RED ||
         std::find(named.begin(), named.end(), officer) != named.end();
}

constexpr char kWithheld[] = "withheld: TLP:RED, and you are none of its recipients";

}  // namespace

v1::CaseBody ForOfficer(const v1::CaseBody& body, const std::string& officer) {
  v1::CaseBody out = ForPeople(body);
  if (const v1::RouteReport& report = body.route_report(); !IsNamed(report.label(), officer)) {
    v1::RouteReport& shown = *out.mutable_route_report();
    shown.Clear();
    shown.set_route_id(report.route_id());
    shown.set_version(report.version());
    *shown.mutable_label() = report.label();
    shown.set_summary(kWithheld);
  }
  if (const auto& report = body.document_method_report(); !IsNamed(report.label(), officer)) {
    v1::DocumentMethodReport& shown = *out.mutable_document_method_report();
    shown.Clear();
    shown.set_report_id(report.report_id());
    *shown.mutable_label() = report.label();
    shown.set_description(kWithheld);
  }
  if (!out.has_operation_mail()) return out;
  for (auto& record : *out.mutable_operation_mail()->mutable_records()) {
    if (!casework::CompartmentOf(record).empty()) record = Withhold(record);
  }
  KeepShownAnswers(body.operation_mail(), out);
  return out;
}

bool OpensCompartments(const v1::ListBreakGlassResponse& accesses, const std::string& officer,
                       const std::string& authority, const trust::DirectoryIndex& directory,
                       absl::Time now) {
  return std::any_of(
      accesses.items().begin(), accesses.items().end(), [&](const v1::BreakGlass& access) {
        if (!access.in_force()) return false;
        const auto body = trust::VerifyBreakGlass(access.statement(), directory, now);
        return body.ok() && body->with_compartments() && body->officer() == officer &&
               body->authority() == authority;
      });
}

absl::Status CheckCompartment(const v1::CaseBody& body, uint32_t id, const std::string& authority) {
  const v1::Compartment* compartment = FindCompartment(body, id);
  if (compartment == nullptr) {
    return Missing("UNKNOWN_COMPARTMENT",
                   Cat({"the message has no compartment ", std::to_string(id)}));
  }
  const auto& stanzas = compartment->stanzas();
  const bool ours = std::any_of(stanzas.begin(), stanzas.end(), [&](const auto& stanza) {
    return stanza.authority() == authority;
  });
  return ours ? absl::OkStatus()
              : Missing("UNKNOWN_KEY", Cat({"the compartment is not for ", authority}));
}

absl::StatusOr<v1::SealedIdentities> OpenCompartment(uint32_t id, const std::string& authority,
                                                     const Opened& opened, const v1::Header& header,
                                                     const Hash& header_sha256,
                                                     std::span<const AuthorityKey> keys) {
  PALERMO_RETURN_IF_ERROR(CheckCompartment(opened.body, id, authority));
  const v1::Compartment* compartment = FindCompartment(opened.body, id);
  std::vector<CompartmentKey> rewrapped;
  for (const CompartmentKey& one : opened.compartment_keys) {
    rewrapped.push_back({one.id, one.key.Clone()});
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<CompartmentKey> found,
                           CompartmentKeysFor(authority, opened.body, header, header_sha256, keys,
                                              std::move(rewrapped)));
  for (const CompartmentKey& one : found) {
    if (one.id == id) return ReadIdentities(*compartment, one.key, header_sha256);
  }
  return Missing("UNKNOWN_KEY", Cat({"the compartment is not for ", authority,
                                     ", you were granted none of its keys (palermo "
                                     "sealing-key grant), or its sender sealed it wrongly: ask "
                                     "him to send it again"}));
}

void AddHeld(const std::string& authority, const Opened& opened, const v1::Header& header,
             const Hash& header_sha256, std::span<const AuthorityKey> keys, HeldIdentities* held) {
  for (const v1::Compartment& one : opened.body.compartments()) {
    const auto inside = OpenCompartment(one.id(), authority, opened, header, header_sha256, keys);
    if (!inside.ok()) {
      ++held->closed;
      continue;
    }
    for (const v1::SealedIdentity& person : inside->persons()) {
      held->refs.insert(person.ref());
      AddTokens(person, held->tokens);
    }
  }
}

}  // namespace palermo::desk
