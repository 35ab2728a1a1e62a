// How values look that an officer's own request gives and that no other rule judges: notes, as what
// looks odd may be what stands on the thing. What another state sent is not judged by it.
#include <algorithm>
#include <regex>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/form_check.h"
#include "node/casework/identifiers.h"
#include "node/casework/rules.h"
#include "node/casework/substances.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Item;
using v1::Request;
using T = v1::AssistanceType;
using Findings = std::vector<Finding>;

bool IsDigitInValue(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsCapitalInValue(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }

// --- Identifiers and numbers

// Another state can call it: "+33 6 12 34 56 78", "0033 ...". Whether the number is given out to
// somebody is not asked.
bool CanBeCalled(std::string_view text) {
  constexpr auto kShortest = 7;
  const size_t first = text.find_first_not_of(" (");
  if (first == std::string_view::npos) return false;
  text.remove_prefix(first);
  const bool abroad = text[0] == '+' || text.substr(0, 2) == "00";
  return abroad && std::count_if(text.begin(), text.end(), IsDigitInValue) >= kShortest;
}

// Headings of the customs' tariff and what is below them; "4403.49" is written with dots.
bool IsTariffCode(std::string_view text) {
  constexpr size_t kHeading = 4, kLongest = 10;
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == '.' || c == ' '; });
  return std::all_of(digits.begin(), digits.end(), IsDigitInValue) && digits.size() >= kHeading &&
         digits.size() <= kLongest && digits.size() % 2 == 0;
}

// A name of a place may be anything; two letters and three signs with a digit among them are meant
// as a code.
bool IsWrongLocode(std::string_view text) {
  constexpr size_t kCode = 5, kState = 2;
  if (text.size() != kCode || !IsCapitalInValue(text[0]) || !IsCapitalInValue(text[1]))
    return false;
  const std::string_view rest = text.substr(kState);
  const bool meant = std::all_of(rest.begin(), rest.end(),
                                 [](char c) { return IsCapitalInValue(c) || IsDigitInValue(c); }) &&
                     std::any_of(rest.begin(), rest.end(), IsDigitInValue);
  return meant && !IsUnLocode(text);
}

// Every chain's addresses are long and have no blanks.
bool CanBeWallet(std::string_view text) {
  constexpr size_t kShortest = 16;
  return text.size() >= kShortest && text.find(' ') == std::string_view::npos;
}

bool IsYear(std::string_view text) {
  return (text.size() == 2 || text.size() == 4) &&
         std::all_of(text.begin(), text.end(), IsDigitInValue);
}

// "35.51234, 15.25": a point on the map, written into the name of a place.
bool TellsCoordinates(const std::string& text) {
  constexpr size_t kLongest = 300;
  static const auto& point =
      *new std::regex("[0-9]{1,3}\\.[0-9]{2,}[^0-9]{1,8}[0-9]{1,3}\\.[0-9]{2,}");
  return text.size() <= kLongest && std::regex_search(text, point);
}

void LookAtValue(bool good, std::string_view value, std::string_view key, std::string at,
                 Findings& out) {
  if (!good && !IsBlank(value)) Tell(key, std::move(at), out);
}

// --- Two dates

void LookAtOrder(const std::string& first, const std::string& last, std::string at, Findings& out) {
  const auto begins = ParseInstant(first), ends = ParseInstant(last);
  if (begins.ok() && ends.ok() && *ends < *begins) Tell("R-GEN-01.order", std::move(at), out);
}

// --- Documents

// The number in the zone that a machine reads: of a booklet in the second line, of a card in the
// first one. A longer one goes on elsewhere, and is not compared.
std::string NumberInZone(const Item& item) {
  constexpr size_t kNumber = 9, kCardAt = 5, kCardLines = 3;
  if (item.mrz_size() < 2) return "";
  const bool card = item.mrz_size() == static_cast<int>(kCardLines);
  const std::string& line = item.mrz(card ? 0 : 1);
  const size_t at = card ? kCardAt : 0;
  if (line.size() <= at + kNumber || line[at + kNumber] == '<') return "";
  std::string number = line.substr(at, kNumber);
  std::erase(number, '<');
  return number;
}

void LookAtDocument(const Item& item, int i, Findings& out) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  LookAtOrder(item.document_issued(), item.document_expires(), of("document_expires"), out);
  std::string number;
  for (const char c : item.document_number()) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) number += static_cast<char>(absl::ascii_toupper(byte));
  }
  const std::string zone = NumberInZone(item);
  if (!zone.empty() && !number.empty() && zone != number) {
    Tell("R-DOC-01.number", of("document_number"), out);
  }
}

// --- Goods, licences and permits

// Whoever asks about a paper may hold a forged one: what it says is no error of the officer's.
void LookAtIssued(const CheckContext& context, const std::string& day, std::string at,
                  Findings& out) {
  const auto now = ParseInstant(NowText(context));
  if (now.ok() && IsAhead(day, *now)) Tell("R-GEN-01.issued_ahead", std::move(at), out);
}

void LookAtLicence(const v1::Licence& licence, const std::string& at, Findings& out) {
  LookAtOrder(licence.issued_at(), licence.expires_at(), Cat({at, ".expires_at"}), out);
  for (int k = 0; k < licence.goods_size(); ++k) {
    const v1::LicenceGood& good = licence.goods(k);
    const std::string here = At(Cat({at, ".goods"}), k);
    LookAtValue(IsTariffCode(good.hs()), good.hs(), "R-GEN-01.hs", here + ".hs", out);
    if (good.quantity() < 0) Tell("R-GEN-01.below_nought", here + ".quantity", out);
  }
}

void LookAtNature(const Request& r, const Item& item, int i, Findings& out) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  LookAtOrder(item.permit().granted(), item.permit().valid_to(), of("permit.valid_to"), out);
  for (int k = 0; k < item.permit().items_size(); ++k) {
    const v1::PermitItem& line = item.permit().items(k);
    const std::string here = At(of("permit.items"), k);
    LookAtValue(IsTaxon(line.taxon()), line.taxon(), "R-GEN-01.taxon", here + ".taxon", out);
    if (line.qty() < 0) Tell("R-GEN-01.below_nought", here + ".qty", out);
  }
  const v1::Timber& timber = item.timber();
  LookAtValue(IsTaxon(timber.taxon()), timber.taxon(), "R-GEN-01.taxon", of("timber.taxon"), out);
  LookAtValue(IsTariffCode(timber.hs()), timber.hs(), "R-GEN-01.hs", of("timber.hs"), out);
  if (OneOf(r.area(), {"WILDLIFE", "WILDLIFE_FOREST"}) &&
      TellsCoordinates(item.seizure().place())) {
    Tell("R-GEN-01.locality", of("seizure.place"), out);
  }
  if (item.type() == T::SEIZURE_NOTICE && item.has_seizure() && IsBlank(item.seizure().what())) {
    Tell("R-GEN-01.seized_what", of("seizure.what"), out);
  }
}

void LookAtFirearm(const v1::Firearm& firearm, const std::string& at, Findings& out) {
  constexpr size_t kLongest = 40;
  LookAtValue(VisibleLength(firearm.serial()) <= kLongest, firearm.serial(), "R-GEN-01.serial",
              Cat({at, ".serial"}), out);
  for (int k = 0; k < firearm.marks_size(); ++k) {
    const std::string& year = firearm.marks(k).year();
    LookAtValue(IsYear(year), year, "R-GEN-01.year", At(Cat({at, ".marks"}), k) + ".year", out);
  }
}

// --- At sea

// What is asked for by the words by which it is allowed.
bool IsSeaMeasure(std::string_view word) {
  return OneOf(word, {"CONFIRM_REGISTRY", "BOARD", "SEARCH", "QUESTION", "SEIZE", "ARREST",
                      "DETAIN", "DIVERT", "ESCORT", "RESCUE", "DISEMBARK", "MEASURES"});
}

void LookAtSea(const Item& item, int i, Findings& out) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  constexpr double kCircle = 360;
  const v1::Position& p = item.position();
  if (p.has_course_deg() && !(p.course_deg() >= 0 && p.course_deg() <= kCircle)) {
    Tell("R-GEN-01.motion", of("position.course_deg"), out);
  }
  if (p.has_speed_kn() && !(p.speed_kn() >= 0)) {
    Tell("R-GEN-01.motion", of("position.speed_kn"), out);
  }
  const bool sea = item.type() == T::BOARDING_AUTHORIZATION ||
                   item.type() == T::SUPPRESSION_ASSISTANCE || item.type() == T::FLAG_CONFIRMATION;
  if (!sea) return;
  for (int k = 0; k < item.requested_size(); ++k) {
    LookAtValue(IsSeaMeasure(item.requested(k)), item.requested(k), "R-GEN-01.sea_measure",
                At(of("requested"), k), out);
  }
  // UNCLOS 107, SOM 9(4): craft that are of a state by what they are.
  if (OneOf(item.boarding_unit().kind(), {"YACHT", "PRIVATE", "PLEASURE_CRAFT", "FISHING_VESSEL",
                                          "MERCHANT_SHIP", "MERCHANT"})) {
    Tell("R-GEN-01.craft_kind", of("boarding_unit.kind"), out);
  }
  if (item.has_disembarkation_proposal() &&
      IsBlank(item.disembarkation_proposal().place_of_safety())) {
    Tell("R-GEN-01.place_of_safety", of("disembarkation_proposal.place_of_safety"), out);
  }
  // With a confirmation that is named the flag state knows the vessel already.
  if (item.type() != T::BOARDING_AUTHORIZATION || !IsBlank(item.flag_confirmation_ref())) return;
  if (!item.has_position()) Tell("R-GEN-01.needed", of("position"), out);
  if (IsBlank(item.vessel().name())) Tell("R-GEN-01.needed", of("vessel.name"), out);
  if (IsBlank(item.vessel().port_of_registry())) {
    Tell("R-GEN-01.needed", of("vessel.port_of_registry"), out);
  }
}

// --- Sentences, TSP83 3(1)(a), (c); 3(2) allows a shorter rest.

void LookAtSentence(const CheckContext& context, const Request& r, const Item& item, int i,
                    Findings& out) {
  constexpr uint32_t kRest = 6;
  if (item.type() != T::TRANSFER_SENTENCED_PERSON) return;
  if (item.has_remaining_months() && item.remaining_months() < kRest) {
    Tell("R-GEN-01.rest", At("request.items", i, "remaining_months"), out);
  }
  const std::string& ref = item.person_ref().empty() ? item.person() : item.person_ref();
  for (int k = 0; k < r.persons_size(); ++k) {
    const v1::Person& p = r.persons(k);
    if (!SameRef(p.ref(), ref) || context.requested_state.empty()) continue;
    if (!absl::EqualsIgnoreCase(p.nationality(), context.requested_state)) {
      Tell("R-GEN-01.national", At("request.persons", k, "nationality"), out);
    }
  }
}

void LookAtPlaces(const Item& item, int i, Findings& out) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  const auto look = [&](const std::string& place, std::string at) {
    LookAtValue(!IsWrongLocode(place), place, "R-GEN-01.locode", std::move(at), out);
  };
  look(item.point_of_entry(), of("point_of_entry"));
  look(item.last_port(), of("last_port"));
  look(item.next_port(), of("next_port"));
  look(item.vessel().port_of_registry(), of("vessel.port_of_registry"));
  for (int k = 0; k < item.legs_size(); ++k) {
    look(item.legs(k).entry(), At(of("legs"), k) + ".entry");
    look(item.legs(k).exit(), At(of("legs"), k) + ".exit");
  }
}

void LookAtItem(const CheckContext& context, const Request& r, int i, Findings& out) {
  const Item& item = r.items(i);
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  LookAtDocument(item, i, out);
  LookAtLicence(item.licence(), of("licence"), out);
  LookAtIssued(context, item.licence().issued_at(), of("licence.issued_at"), out);
  // The form's own permit lies far ahead, or it would soon be too old (R-WLD-06).
  if (item.permit().no() != "QT/2030/000123") {
    LookAtIssued(context, item.permit().granted(), of("permit.granted"), out);
  }
  LookAtNature(r, item, i, out);
  LookAtFirearm(item.firearm(), of("firearm"), out);
  LookAtSea(item, i, out);
  LookAtPlaces(item, i, out);
  LookAtSentence(context, r, item, i, out);
  LookAtValue(CanBeWallet(item.property().crypto_address()), item.property().crypto_address(),
              "R-GEN-01.wallet", of("property.crypto_address"), out);
  LookAtValue(CanBeWallet(item.lead().crypto_address()), item.lead().crypto_address(),
              "R-GEN-01.wallet", of("lead.crypto_address"), out);
  for (int k = 0; k < item.substances_size(); ++k) {
    LookAtSubstance(item.substances(k), At(of("substances"), k), out);
  }
}

}  // namespace

void CheckValues(const CheckContext& context, const Request& r, Findings& out) {
  LookAtValue(CanBeCalled(r.contact().phone()), r.contact().phone(), "R-GEN-01.phone",
              "request.contact.phone", out);
  for (int k = 0; k < r.persons_size(); ++k) {
    const std::string& phone = r.persons(k).phone();
    LookAtValue(CanBeCalled(phone), phone, "R-GEN-01.phone", At("request.persons", k, "phone"),
                out);
  }
  for (int i = 0; i < r.items_size(); ++i) LookAtItem(context, r, i, out);
}

}  // namespace palermo::casework
