// Identifiers that an operator entered: the check digits of the standards.
#include "node/casework/identifier_rules.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "node/casework/identifiers.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// ISO 9362 has no check digit: its form, and a country that there is.
std::string_view BicProblem(std::string_view text) {
  const std::string bic = NormalIdentifier("BIC", text);
  return IsBic(bic) && IsCountry(bic.substr(4, 2)) ? "" : "R-GEN-01.bic";
}

bool IsAwbWithWord(std::string_view text) {
  if (absl::AsciiStrToUpper(std::string(text.substr(0, 3))) == "AWB") text.remove_prefix(3);
  return IsAirWaybill(text);
}
// Many account numbers are no IBAN; what looks like one must be one.
bool IsAccount(std::string_view text) {
  const auto letter = [&](size_t i) {
    return absl::ascii_isupper(static_cast<unsigned char>(text[i]));
  };
  const bool looks = text.size() >= 15 && letter(0) && letter(1) &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text[2])) &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text[3]));
  return !looks || IsIban(text);
}

std::string_view CryptoProblem(std::string_view text) {
  if (text.substr(0, 2) == "0x") {
    switch (EthAddressKind(text)) {
      case EthAddress::kGood:
        return "";
      case EthAddress::kUnchecked:
        return "R-ID-ETH.unchecked";
      case EthAddress::kBad:
        return "R-ID-ETH.check";
    }
  }
  // Other chains have addresses of their own; what looks like bitcoin must be one.
  const bool bitcoin =
      text.substr(0, 3) == "bc1" || text.substr(0, 3) == "BC1" || text.substr(0, 3) == "tb1" ||
      ((text[0] == '1' || text[0] == '3') && text.size() >= 26 && text.size() <= 35);
  return bitcoin && !IsBitcoinAddress(text) ? "R-ID-BTC.check" : "";
}
std::string_view EthProblem(std::string_view text) {
  return text.substr(0, 2) == "0x" ? CryptoProblem(text) : "R-ID-ETH.check";
}

bool IsUpperOfForm(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsDigitOfForm(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "A" is a letter, "9" a digit; everything else itself.
bool HasForm(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char f) {
    return f == 'A' ? IsUpperOfForm(c) : f == '9' ? IsDigitOfForm(c) : c == f;
  });
}

// A list of consignments names no scheme: what looks like a waybill, a container or a postal item
// must be one.
std::string_view ConsignmentProblem(std::string_view text) {
  if (text.substr(0, 3) == "AWB" || HasForm(text, "999-99999999")) {
    return IsAwbWithWord(text) ? "" : "R-ID-AWB.check";
  }
  const bool container =
      HasForm(text, "AAAA9999999") && (text[3] == 'U' || text[3] == 'J' || text[3] == 'Z');
  if (container && !IsContainer(text)) return "R-ID-CONT.check";
  return HasForm(text, "AA999999999AA") && !IsPostalItem(text) ? "R-ID-S10.check" : "";
}

template <bool (*kGood)(std::string_view), const char* const& kKey>
std::string_view Unless(std::string_view text) {
  return kGood(text) ? "" : kKey;
}
constexpr const char* kImo = "R-ID-IMO.check";
constexpr const char* kMmsi = "R-ID-MMSI.check";
constexpr const char* kIban = "R-ID-IBAN.check";
constexpr const char* kImei = "R-ID-IMEI.check";
constexpr const char* kGtin = "R-ID-GTIN.check";
constexpr const char* kCont = "R-ID-CONT.check";
constexpr const char* kS10 = "R-ID-S10.check";
constexpr const char* kCas = "R-ID-CAS.check";
constexpr const char* kLei = "R-ID-LEI.check";
constexpr const char* kAwb = "R-ID-AWB.check";
constexpr const char* kVin = "R-ID-VIN.check";
constexpr const char* kBtc = "R-ID-BTC.check";

using Problem = std::string_view (*)(std::string_view text);
struct Kind {
  std::string_view member;
  Problem problem;
};
// Members by the names that bodies and cases use. A plural and the scheme of an Identifier are
// found too.
constexpr Kind kKinds[] = {
    {"imo", Unless<IsImoShip, kImo>},
    {"imo_number", Unless<IsImoShip, kImo>},
    {"imo_company", Unless<IsImoCompany, kImo>},
    {"owner_imo_company", Unless<IsImoCompany, kImo>},
    {"mmsi", Unless<IsMmsi, kMmsi>},
    {"iban", Unless<IsIban, kIban>},
    {"account", Unless<IsAccount, kIban>},
    {"bank_account", Unless<IsAccount, kIban>},
    {"bic", BicProblem},
    {"swift", BicProblem},
    {"imei", Unless<IsImei, kImei>},
    {"gtin", Unless<IsGtin, kGtin>},
    {"sscc", Unless<IsSscc, kGtin>},
    {"container", Unless<IsContainer, kCont>},
    {"container_no", Unless<IsContainer, kCont>},
    {"container_number", Unless<IsContainer, kCont>},
    {"cont", Unless<IsContainer, kCont>},
    {"postal", Unless<IsPostalItem, kS10>},
    {"postal_item", Unless<IsPostalItem, kS10>},
    {"s10", Unless<IsPostalItem, kS10>},
    {"cas", Unless<IsCas, kCas>},
    {"cas_no", Unless<IsCas, kCas>},
    {"cas_rn", Unless<IsCas, kCas>},
    {"cas_number", Unless<IsCas, kCas>},
    {"lei", Unless<IsLei, kLei>},
    {"awb", Unless<IsAwbWithWord, kAwb>},
    {"air_waybill", Unless<IsAwbWithWord, kAwb>},
    {"vin", Unless<IsVinChecked, kVin>},
    {"btc", Unless<IsBitcoinAddress, kBtc>},
    {"btc_address", Unless<IsBitcoinAddress, kBtc>},
    {"bitcoin", Unless<IsBitcoinAddress, kBtc>},
    {"eth", EthProblem},
    {"eth_address", EthProblem},
    {"ethereum", EthProblem},
    {"crypto", CryptoProblem},
    {"crypto_address", CryptoProblem},
    {"crypto_addr", CryptoProblem},
    {"crypto_addresse", CryptoProblem},  // of a plural
    {"wallet", CryptoProblem},
    {"wallet_address", CryptoProblem},
    {"ids", ConsignmentProblem},
    {"consignments", ConsignmentProblem},
    {"shipment", ConsignmentProblem},
    {"shipment_id", ConsignmentProblem},
    {"shipment_no", ConsignmentProblem},
    {"parcel", ConsignmentProblem},
    {"parcel_id", ConsignmentProblem},
};

// As it is compared: "Bitcoin address" and "bitcoin_address" are one.
std::string Squeezed(std::string_view word) {
  std::string out;
  for (char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) out += absl::ascii_tolower(byte);
  }
  return out;
}

const Kind* KindOfWord(std::string_view word) {
  static const auto& kinds = *new std::map<std::string, const Kind*, std::less<>>([] {
    std::map<std::string, const Kind*, std::less<>> built;
    for (const Kind& kind : kKinds) built.emplace(Squeezed(kind.member), &kind);
    return built;
  }());
  const auto at = kinds.find(word);
  return at == kinds.end() ? nullptr : at->second;
}

const Kind* KindOf(std::string_view member) {
  constexpr size_t kLongestWord = 64;
  if (member.size() > kLongestWord) return nullptr;
  const std::string squeezed = Squeezed(member);
  const auto singular = [](std::string_view word) {
    const Kind* kind = KindOfWord(word);
    const bool plural = kind == nullptr && word.size() > 2 && word.back() == 's';
    return plural ? KindOfWord(word.substr(0, word.size() - 1)) : kind;
  };
  if (const Kind* kind = singular(squeezed)) return kind;
  // "IMEI number", "Ethereum address", "BIC code".
  for (std::string_view end : {"number", "no", "nr", "address", "code"}) {
    if (!squeezed.ends_with(end)) continue;
    return singular(std::string_view(squeezed).substr(0, squeezed.size() - end.size()));
  }
  return nullptr;
}

// --- Bodies: the fields that hold identifiers, found once for each type of message

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Plan {
  struct Leaf {
    const FieldDescriptor* field;
    Problem problem;
  };
  std::vector<Leaf> leaves;
  std::vector<std::pair<const FieldDescriptor*, const Plan*>> inner;
  bool empty() const { return leaves.empty() && inner.empty(); }
};

// The types of a body refer to no type above themselves.
const Plan* PlanOf(const Descriptor* type, std::map<const Descriptor*, Plan>& plans) {
  const auto [at, fresh] = plans.try_emplace(type);
  Plan& plan = at->second;
  if (!fresh) return &plan;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Plan* inner = PlanOf(field->message_type(), plans);
      if (!inner->empty()) plan.inner.emplace_back(field, inner);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const Kind* kind = KindOf(field->name());
      if (kind != nullptr) plan.leaves.push_back({field, kind->problem});
    }
  }
  return &plan;
}

const Plan& PlanOfBody() {
  static const auto& plans = *new std::map<const Descriptor*, Plan>([] {
    std::map<const Descriptor*, Plan> built;
    PlanOf(v1::CaseBody::descriptor(), built);
    return built;
  }());
  return plans.at(v1::CaseBody::descriptor());
}

bool IsOfRequest(const FieldDescriptor* field, int number) {
  return field->number() == number && field->containing_type() == v1::Request::descriptor();
}

// Most items and persons hold no identifier: a look at the members that do is cheaper than the
// walk. A test keeps this in step with the plan.
bool MayHoldIdentifier(const v1::Item& item) {
  return !item.account().empty() || item.has_property() || item.has_vessel() ||
         item.has_consignment() || !item.consignments().empty() || !item.substances().empty() ||
         item.has_seizure() || item.has_lead();
}
bool MayHoldIdentifier(const v1::Person& person) { return !person.lei().empty(); }

// Where the walk is; written out only when something is found.
struct Trail {
  const Trail* up;
  const FieldDescriptor* field;
  int index;  // -1: no list
};
std::string PathOf(const Trail* trail) {
  if (trail == nullptr) return "";
  const std::string up = PathOf(trail->up);
  const std::string& name = trail->field->name();
  return (up.empty() ? "" : up + ".") + (trail->index < 0 ? name : At(name, trail->index));
}

void Walk(const Message& message, const Plan& plan, const Trail* up, Report& report) {
  const auto* reflection = message.GetReflection();
  const auto look = [&](const Plan::Leaf& leaf, const std::string& text, int index) {
    if (IsBlank(text)) return;
    const std::string_view key = leaf.problem(text);
    const Trail here{up, leaf.field, index};
    if (!key.empty()) report.Say(key, PathOf(&here));
  };
  for (const Plan::Leaf& leaf : plan.leaves) {
    std::string buffer;
    if (!leaf.field->is_repeated()) {
      look(leaf, reflection->GetStringReference(message, leaf.field, &buffer), -1);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, leaf.field); ++i) {
      look(leaf, reflection->GetRepeatedStringReference(message, leaf.field, i, &buffer), i);
    }
  }
  for (const auto& [field, inner] : plan.inner) {
    if (!field->is_repeated()) {
      if (!reflection->HasField(message, field)) continue;
      const Trail here{up, field, -1};
      Walk(reflection->GetMessage(message, field), *inner, &here, report);
      continue;
    }
    const bool items = IsOfRequest(field, v1::Request::kItemsFieldNumber);
    const bool persons = IsOfRequest(field, v1::Request::kPersonsFieldNumber);
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      const Message& each = reflection->GetRepeatedMessage(message, field, i);
      if (items && !MayHoldIdentifier(static_cast<const v1::Item&>(each))) continue;
      if (persons && !MayHoldIdentifier(static_cast<const v1::Person&>(each))) continue;
      const Trail here{up, field, i};
      Walk(each, *inner, &here, report);
    }
  }
}

// What a member's name does not tell: selectors by their kind.
void CheckItem(const v1::Item& item, int i, Report& report) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  for (int k = 0; k < item.selectors_size(); ++k) {
    CheckSelector(item.selectors(k), At(of("selectors"), k), report);
  }
  if (item.mrz().empty() || IsMrz({item.mrz().begin(), item.mrz().end()})) return;
  // In a suspect document it is evidence, not a typing error.
  const bool suspect = item.mrz_origin() == "SUSPECT_DOCUMENT";
  report.Say(suspect ? "R-DOC-01.mrz" : "R-ID-MRZ.check", of("mrz"));
}

void CheckIdentifiers(const RuleInput& in, Report& report) {
  Walk(in.body, PlanOfBody(), nullptr, report);
  const v1::Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) CheckItem(r->items(i), i, report);
}

constexpr Rule kIdentifierRules[] = {
    {{"R-ID-IMO, -IBAN, -IMEI, -MMSI, -CONT, -S10, -GTIN, -AWB, -CAS, -LEI, -VIN, -BTC, -ETH, "
      "-MRZ, "
      "R-DOC-01, R-GEN-01",
      "E/W/I", "",
      "the check of an identifier fails (W: VIN, ETH in one case; MRZ of a suspect document: a "
      "note, R-DOC-01; the form or the country of a BIC: a note, R-GEN-01)"},
     CheckIdentifiers},
};

}  // namespace

std::span<const Rule> IdentifierRules() { return kIdentifierRules; }

std::vector<std::string> IdentifierMembersOf(const Descriptor& type) {
  std::map<const Descriptor*, Plan> plans;
  const Plan* plan = PlanOf(&type, plans);
  std::vector<std::string> members;
  for (const Plan::Leaf& leaf : plan->leaves) members.push_back(leaf.field->name());
  for (const auto& [field, inner] : plan->inner) members.push_back(field->name());
  return members;
}

std::string_view IdentifierProblem(std::string_view member, std::string_view value) {
  if (IsBlank(value)) return "";
  const Kind* kind = KindOf(member);
  // "holder_lei": the scheme is the last word.
  const std::string_view last = member.substr(member.rfind('_') + 1);
  if (kind == nullptr && OneOf(last, {"lei", "cas", "iban", "imei", "gtin", "mmsi", "imo"})) {
    kind = KindOf(last);
  }
  return kind == nullptr ? "" : kind->problem(value);
}

}  // namespace palermo::casework
