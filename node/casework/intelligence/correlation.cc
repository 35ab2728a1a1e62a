#include "node/casework/intelligence/correlation.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "node/casework/field_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Letters as capitals and digits, without accents; of other scripts the small letters.
std::string Condensed(std::string_view said) {
  const bool plain = std::all_of(said.begin(), said.end(), [](char c) { return (c & 0x80) == 0; });
  const std::string text = plain ? std::string(said) : Folded(said);
  std::string out;
  for (char c : text) {
    if (IsAlnum(c) || (c & 0x80) != 0) out += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return out;
}

std::string Trimmed(std::string_view text, bool small) {
  std::string out;
  for (char c : text) {
    if (absl::ascii_isspace(static_cast<unsigned char>(c))) continue;
    out += small ? absl::ascii_tolower(static_cast<unsigned char>(c)) : c;
  }
  return out;
}

// "ext 12", "x12", ";ext=12": within the house of the number, which is the mark.
bool IsExtension(std::string_view text) {
  const std::string small = absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
  std::string_view rest = small;
  for (std::string_view word : {"extension", "ext", "x"}) {
    if (!rest.starts_with(word)) continue;
    rest.remove_prefix(word.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" .=:"), rest.size()));
    return !rest.empty() && std::all_of(rest.begin(), rest.end(), IsDigit);
  }
  return false;
}

// "+" and digits of any script; "00" before the country stands for "+".
std::string Phone(std::string_view said) {
  // RFC 3966, and the zero that is dialled within a country only.
  std::string text =
      absl::StrReplaceAll(absl::string_view(said.data(), said.size()), {{"(0)", ""}});
  if (absl::AsciiStrToLower(text.substr(0, 4)) == "tel:") text.erase(0, 4);
  std::string digits;
  bool plus = false;
  for (std::string_view rest = text; !rest.empty();) {
    if (!digits.empty() && IsExtension(rest)) break;
    const char32_t c = TakeCodePoint(rest);
    const int32_t digit = u_charDigitValue(static_cast<UChar32>(c));
    if (c == '+' && digits.empty()) {
      plus = true;
    } else if (digit >= 0) {
      digits += static_cast<char>('0' + digit);
    } else if (c < 0x80 && IsAlnum(static_cast<char>(c))) {
      return "";
    }
  }
  if (!plus && digits.rfind("00", 0) == 0) {
    digits.erase(0, 2);
    plus = true;
  }
  if (digits.size() < 4 || digits.size() > 15) return "";
  return plus ? Cat({"+", digits}) : digits;
}

// An address of IPv6 has many spellings, and one short one (RFC 5952); "[::1]" is "::1".
std::string IpAddress(std::string_view said) {
  std::string text = Trimmed(said, true);
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  in6_addr address{};
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    return absl::StrFormat("%d.%d.%d.%d", address.s6_addr[12], address.s6_addr[13],
                           address.s6_addr[14], address.s6_addr[15]);
  }
  char out[INET6_ADDRSTRLEN] = {};
  return inet_ntop(AF_INET6, &address, out, sizeof(out)) == nullptr ? text : std::string(out);
}

std::string Value(std::string_view scheme, std::string_view value) {
  if (scheme == "PHONE") return Phone(value);
  if (scheme == "IP") return IpAddress(value);
  if (OneOf(scheme, {"EMAIL", "URL", "ACCOUNT_NAME"})) return Trimmed(value, true);
  // Upper and lower case are different addresses, but not in bech32.
  if (scheme == "BTC") {
    const std::string small = Trimmed(value, true);
    return small.rfind("bc1", 0) == 0 || small.rfind("tb1", 0) == 0 ? small : Trimmed(value, false);
  }
  if (scheme == "ETH") return Trimmed(value, true);
  std::string out = Condensed(value);
  for (std::string_view prefix : {"IMO", "MMSI", "AWB"}) {
    if (scheme == prefix && out.rfind(prefix, 0) == 0) out.erase(0, prefix.size());
  }
  return out;
}

void AddMark(const v1::Identifier& id, std::vector<std::string>& out) {
  std::string mark = NormalForm(id.scheme(), id.value(), id.country());
  if (!mark.empty()) out.push_back(std::move(mark));
}

void AddPlace(const v1::Place& place, const std::string& time, std::vector<std::string>& out) {
  std::string mark = PlaceTimeForm(place.unlocode(), time);
  if (!mark.empty()) out.push_back(std::move(mark));
}

std::vector<std::string> Once(std::vector<std::string> marks) {
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

}  // namespace

bool IsMarkScheme(std::string_view scheme) {
  return scheme == "PLACE_TIME" || (!scheme.empty() && IsWordOf("Identifier", "scheme", scheme));
}

bool NeedsCountry(std::string_view scheme) {
  return OneOf(scheme, {"DOCUMENT", "PLATE", "COMPANY"});
}

std::string NormalForm(std::string_view said, std::string_view value, std::string_view country) {
  const std::string scheme = absl::AsciiStrToUpper(absl::string_view(said.data(), said.size()));
  if (scheme.empty() || value.size() > limits::kMaxIdentifierBytes) return "";
  const std::string form = Value(scheme, value);
  if (form.empty()) return "";
  // The same number of two issuers is not the same document.
  return NeedsCountry(scheme) ? Cat({scheme, ":", Condensed(country), ":", form})
                              : Cat({scheme, ":", form});
}

namespace {

constexpr size_t kFewestAccount = 8;  // of its characters: fewer are the end of too many accounts
constexpr size_t kBeforeAccount = 4;  // of an IBAN: country and check digits
constexpr std::string_view kPlate = "PLATE:", kIban = "IBAN:", kAccount = "ACCOUNT:";
// Where a plate stands by its number, and an account by its IBAN. Nobody names them.
constexpr std::string_view kAnyPlate = "PLATE_ANY:", kInIban = "ACCOUNT_IN_IBAN:";

// "PLATE:QM:AB123": what stands after the country; "" when none is named.
std::string_view PlateWithCountry(std::string_view mark) {
  if (mark.substr(0, kPlate.size()) != kPlate) return "";
  const std::string_view rest = mark.substr(kPlate.size());
  const size_t colon = rest.find(':');
  return colon == 0 || colon == std::string_view::npos ? "" : rest.substr(colon + 1);
}
// The ends of an IBAN that may be the number of the account alone.
std::vector<std::string_view> AccountsIn(std::string_view mark) {
  std::vector<std::string_view> accounts;
  if (mark.substr(0, kIban.size()) != kIban) return accounts;
  for (size_t at = kIban.size() + kBeforeAccount; at + kFewestAccount <= mark.size(); ++at) {
    accounts.push_back(mark.substr(at));
  }
  return accounts;
}

}  // namespace

std::vector<std::string> MarksToIndex(std::span<const std::string> marks) {
  std::vector<std::string> out(marks.begin(), marks.end());
  for (const std::string& mark : marks) {
    const std::string_view plate = PlateWithCountry(mark);
    if (!plate.empty()) out.push_back(Cat({kAnyPlate, plate}));
    for (const std::string_view account : AccountsIn(mark)) out.push_back(Cat({kInIban, account}));
  }
  return Once(std::move(out));
}

std::vector<std::string> MarksToLookUp(const std::string& mark) {
  std::vector<std::string> out = {mark};
  const std::string_view plate = PlateWithCountry(mark);
  const std::string none = Cat({kPlate, ":"});
  if (!plate.empty()) out.push_back(Cat({none, plate}));
  if (mark.starts_with(none)) out.push_back(Cat({kAnyPlate, mark.substr(none.size())}));
  if (mark.starts_with(kAccount)) out.push_back(Cat({kInIban, mark.substr(kAccount.size())}));
  for (const std::string_view account : AccountsIn(mark)) out.push_back(Cat({kAccount, account}));
  return out;
}

std::string PlaceTimeForm(std::string_view unlocode, std::string_view time) {
  const bool day =
      time.size() >= 10 && time[4] == '-' && time[7] == '-' &&
      std::all_of(time.begin(), time.begin() + 10, [](char c) { return c == '-' || IsDigit(c); });
  if (unlocode.size() != 5 || !day) return "";
  return Cat({"PLACE_TIME:", Condensed(unlocode), ":", time.substr(0, 10)});
}

std::vector<std::string> MarksOf(const v1::RouteReport& report) {
  std::vector<std::string> out;
  for (const auto& id : report.identifiers()) AddMark(id, out);
  for (const auto& id : report.network().comms_selectors()) AddMark(id, out);
  for (const v1::RouteLeg& leg : report.legs()) {
    for (const auto& id : leg.conveyance().identifiers()) AddMark(id, out);
    if (!leg.carrier().lei().empty()) {
      out.push_back(NormalForm("LEI", leg.carrier().lei(), ""));
    }
    AddPlace(leg.to(), leg.seen_at(), out);
  }
  if (!report.legs().empty()) {
    AddPlace(report.legs(report.legs_size() - 1).to(), report.period().last_seen(), out);
  }
  return Once(std::move(out));
}

std::vector<std::string> MarksOf(const v1::DocumentMethodReport& report) {
  std::vector<std::string> out;
  for (const auto& id : report.stolen_blanks()) AddMark(id, out);
  for (const std::string& hash : report.image_hashes()) {
    const std::string mark = NormalForm("IMAGE", hash, "");
    if (!mark.empty()) out.push_back(mark);
  }
  return Once(std::move(out));
}

// --- The index

size_t CorrelationIndex::HashOf::operator()(std::string_view text) const {
  // Seeded for each process: nobody can choose identifiers that collide.
  return absl::Hash<absl::string_view>{}(absl::string_view(text.data(), text.size()));
}

CorrelationIndex::CorrelationIndex()
    : postings_(1),
      known_(0, HashOf{this, &records_}, Same{this, &records_}),
      by_mark_(0, HashOf{this, nullptr}, Same{this, nullptr}) {}

CorrelationIndex::Text CorrelationIndex::Keep(std::string_view text) {
  const Text kept{arena_.size(), static_cast<uint32_t>(text.size())};
  arena_.append(text);
  return kept;
}

bool CorrelationIndex::Add(std::string_view record, std::span<const std::string> said) {
  const std::vector<std::string> marks = MarksToIndex(said);
  const bool full = records_.size() == UINT32_MAX || entries_.size() + marks.size() > UINT32_MAX ||
                    postings_.size() + marks.size() > UINT32_MAX;
  if (full || known_.contains(record)) return false;
  const auto number = static_cast<uint32_t>(records_.size());
  records_.push_back(Keep(record));
  known_.insert(number);
  for (const std::string& mark : marks) {
    if (mark.empty()) continue;
    const auto found = by_mark_.find(std::string_view(mark));
    const auto at = found == by_mark_.end() ? static_cast<uint32_t>(entries_.size()) : *found;
    if (found == by_mark_.end()) {
      entries_.push_back({Keep(mark), 0, 0, 0});
      by_mark_.insert(at);
    }
    Entry& entry = entries_[at];
    if (entry.count > 0 && postings_[entry.last].record == number) continue;  // named twice
    if (entry.count <= limits::kMaxPostingsPerIdentifier) ++entry.count;
    if (entry.count > limits::kMaxPostingsPerIdentifier) continue;
    const auto posting = static_cast<uint32_t>(postings_.size());
    postings_.push_back({number, 0});
    (entry.first == 0 ? entry.first : postings_[entry.last].next) = posting;
    entry.last = posting;
  }
  return true;
}

CorrelationIndex::Hit CorrelationIndex::Find(std::string_view mark, const MaySee& may_see) const {
  Hit hit;
  hit.mark = std::string(mark);
  const auto found = by_mark_.find(mark);
  if (found == by_mark_.end()) return hit;
  const Entry& entry = entries_[*found];
  for (uint32_t at = entry.first; at != 0; at = postings_[at].next) {
    const std::string_view record = View(records_[postings_[at].record]);
    if (may_see(record)) hit.records.emplace_back(record);
  }
  // How often what may not be seen names it is not told either.
  hit.everywhere = entry.count > limits::kMaxPostingsPerIdentifier && !hit.records.empty();
  return hit;
}

std::vector<CorrelationIndex::Hit> CorrelationIndex::Matches(std::string_view record,
                                                             std::span<const std::string> marks,
                                                             const MaySee& may_see) const {
  std::vector<Hit> hits;
  for (const std::string& mark : marks) {
    Hit hit;
    hit.mark = mark;
    for (const std::string& one : MarksToLookUp(mark)) {
      const Hit found =
          Find(one, [&](std::string_view other) { return other != record && may_see(other); });
      hit.everywhere = hit.everywhere || found.everywhere;
      for (const std::string& other : found.records) {
        if (std::find(hit.records.begin(), hit.records.end(), other) == hit.records.end()) {
          hit.records.push_back(other);
        }
      }
    }
    if (!hit.records.empty()) hits.push_back(std::move(hit));
  }
  return hits;
}

size_t CorrelationIndex::MemoryBytes() const {
  const auto table = [](const Set& set) { return set.capacity() * (sizeof(uint32_t) + 1); };
  return arena_.capacity() + records_.capacity() * sizeof(Text) +
         entries_.capacity() * sizeof(Entry) + postings_.capacity() * sizeof(Posting) +
         table(known_) + table(by_mark_);
}

}  // namespace palermo::casework
