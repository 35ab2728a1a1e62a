#include "node/trust/authority.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"

namespace palermo::trust {
namespace {

constexpr uint32_t kMinutesPerDay = 1440;

bool IsAlpha(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Checks of one entry; the first thing that is wrong counts.
class Checker {
 public:
  explicit Checker(std::string id) : id_(std::move(id)) {}

  absl::Status status() const { return status_; }

  void Fail(std::string_view where, std::string_view text) {
    if (status_.ok()) status_ = InputError("BAD_DOCUMENT", Cat({id_, ": ", where, " ", text}));
  }
  void Text(std::string_view where, std::string_view text, size_t max_bytes) {
    if (text.size() > max_bytes) Fail(where, absl::StrFormat("is longer than %d bytes", max_bytes));
    if (HasControls(text, "\n")) Fail(where, "has a control character");
  }
  void Count(std::string_view where, int count, size_t most) {
    if (count > static_cast<int>(most))
      Fail(where, absl::StrFormat("has more than %d items", most));
  }
  template <typename Texts>
  void TextList(std::string_view where, const Texts& texts, size_t most) {
    Count(where, texts.size(), most);
    for (const auto& text : texts) {
      if (text.empty()) Fail(where, "has an empty item");
      Text(where, text, limits::kMaxEntryTextBytes);
    }
  }
  template <typename Texts>
  void Languages(std::string_view where, const Texts& languages) {
    Count(where, languages.size(), limits::kMaxLanguagesPerList);
    std::set<std::string> seen;
    for (const auto& language : languages) {
      if (!IsLanguageTag(language)) Fail(where, "has what is no BCP 47 language tag");
      if (!seen.insert(language).second) Fail(where, "names a language twice");
    }
  }
  // Ascending, known to this version, none unspecified.
  template <typename Codes, typename Valid>
  void Enums(std::string_view where, const Codes& codes, Valid valid) {
    int last = 0;
    for (int code : codes) {
      if (!valid(code) || code == 0) Fail(where, "has a code that this version does not know");
      if (code <= last) Fail(where, "is not in ascending order or has a code twice");
      last = code;
    }
  }
  template <typename Valid>
  void Enum(std::string_view where, int code, Valid valid) {
    if (!valid(code)) Fail(where, "is a code that this version does not know");
  }
  void Time(std::string_view where, int64_t at_ms) {
    if (at_ms < 0) Fail(where, "is before 1970");
  }
  template <typename Items, typename KeyOf>
  void Sorted(std::string_view where, const Items& items, KeyOf key_of) {
    std::string last;
    for (const auto& item : items) {
      std::string key = key_of(item);
      if (key <= last) Fail(where, "is not sorted or not unique");
      last = key;
    }
  }

 private:
  const std::string id_;
  absl::Status status_;
};

bool IsDate(const std::string& text) {
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime(text, &day) &&
         absl::FormatCivilTime(day) == text;
}

void CheckHours(const v1::Cooperation& terms, Checker& check) {
  check.Count("working_hours", terms.working_hours_size(), limits::kMaxHoursPerAuthority);
  for (const auto& hours : terms.working_hours()) {
    if (hours.first_weekday() < 1 || hours.last_weekday() > 7 ||
        hours.last_weekday() < hours.first_weekday()) {
      check.Fail("working_hours", "has weekdays that are not 1 (Monday) to 7 (Sunday), in order");
    }
    if (hours.from_minute() >= hours.to_minute() || hours.to_minute() > kMinutesPerDay) {
      check.Fail("working_hours", "has times that are not in one day, in order");
    }
  }
  if (terms.working_hours_size() > 0 && terms.time_zone().empty()) {
    check.Fail("time_zone", "is missing, but there are working hours");
  }
  check.Count("holidays", terms.holidays_size(), limits::kMaxHolidaysPerAuthority);
  for (const auto& day : terms.holidays()) {
    if (!IsDate(day)) check.Fail("holidays", "has what is no date like 2026-12-25");
  }
  check.Sorted("holidays", terms.holidays(), [](const auto& day) { return day; });
}

void CheckContacts(const v1::Cooperation& terms, Checker& check) {
  check.Text("address", terms.address(), limits::kMaxEntryTextBytes);
  check.TextList("phones", terms.phones(), limits::kMaxContactsPerAuthority);
  check.TextList("emails", terms.emails(), limits::kMaxContactsPerAuthority);
  check.Text("time_zone", terms.time_zone(), limits::kMaxNameBytes);
  if (!terms.has_urgent()) return;
  const v1::UrgentContact& urgent = terms.urgent();
  check.Enum("urgent.method", urgent.method(), v1::ContactMethod::Code_IsValid);
  if (urgent.method() == v1::ContactMethod::UNSPECIFIED) check.Fail("urgent.method", "is missing");
  if (urgent.method() != v1::ContactMethod::NODE && urgent.address().empty()) {
    check.Fail("urgent.address", "is missing");
  }
  check.Text("urgent.address", urgent.address(), limits::kMaxEntryTextBytes);
  check.Text("urgent.instructions", urgent.instructions(), limits::kMaxEntryTextBytes);
  check.Languages("urgent.languages", urgent.languages());
}

void CheckInstruments(const v1::Cooperation& terms, Checker& check) {
  check.Count("instruments", terms.instruments_size(), limits::kMaxInstrumentsPerAuthority);
  for (const auto& one : terms.instruments()) {
    if (!IsInstrumentCode(one.instrument())) {
      check.Fail("instruments", "has what is no instrument's code like UNTOC");
    }
    check.Languages(Cat({"instruments, ", one.instrument(), ": languages"}), one.languages());
  }
  check.Sorted("instruments", terms.instruments(),
               [](const auto& one) { return one.instrument(); });
  check.Count("treaties", terms.treaties_size(), limits::kMaxInstrumentsPerAuthority);
  for (const auto& treaty : terms.treaties()) {
    std::string where = Cat({"treaties, ", treaty.treaty(), ":"});
    if (!IsInstrumentCode(treaty.treaty())) check.Fail("treaties", "has what is no treaty's code");
    check.Enum(Cat({where, " kind"}), treaty.kind(), v1::PartyKind::Code_IsValid);
    if (treaty.kind() == v1::PartyKind::UNSPECIFIED)
      check.Fail(Cat({where, " kind"}), "is missing");
    check.Time(Cat({where, " in_force_from"}), treaty.in_force_from_ms());
    check.Time(Cat({where, " ends_at"}), treaty.ends_at_ms());
    check.TextList(Cat({where, " declarations"}), treaty.declarations(), limits::kMaxTextsPerList);
    check.TextList(Cat({where, " reservations"}), treaty.reservations(), limits::kMaxTextsPerList);
    check.Text(Cat({where, " source"}), treaty.source(), limits::kMaxEntryTextBytes);
  }
  check.Sorted("treaties", terms.treaties(), [](const auto& treaty) { return treaty.treaty(); });
}

void CheckRequirements(const v1::Requirements& needs, Checker& check) {
  if (needs.copies() > limits::kMaxCopies) check.Fail("requirements.copies", "is too large");
  check.TextList("requirements.extra_documents", needs.extra_documents(), limits::kMaxTextsPerList);
  check.TextList("requirements.default_conditions", needs.default_conditions(),
                 limits::kMaxTextsPerList);
  check.Text("requirements.retention_law", needs.retention_law(), limits::kMaxEntryTextBytes);
  check.Enum("requirements.dual_criminality", needs.dual_criminality(),
             v1::DualCriminality::Code_IsValid);
  check.Enum("requirements.death_penalty", needs.death_penalty(), v1::DeathPenalty::Code_IsValid);
}

void CheckDesignations(const v1::Cooperation& terms, Checker& check) {
  int last = 0;
  for (const auto& one : terms.designations()) {
    if (!v1::AuthorityRole::Code_IsValid(one.role()) || one.role() <= last) {
      check.Fail("designations", "is not ascending by role, or names an unknown one");
    }
    last = one.role();
    if (one.designated_at_ms() <= 0) check.Fail("designations", "lacks the date of a designation");
    if (one.notified_at_ms() != 0 && one.notified_at_ms() < one.designated_at_ms()) {
      check.Fail("designations", "was notified before it was made");
    }
    if (std::find(terms.roles().begin(), terms.roles().end(), one.role()) == terms.roles().end()) {
      check.Fail("designations", "is of a role that the authority does not have");
    }
  }
}

void CheckCooperation(const v1::AuthorityEntry& authority, Checker& check) {
  const v1::Cooperation& terms = authority.cooperation();
  check.Enums("roles", terms.roles(), v1::AuthorityRole::Code_IsValid);
  check.Text("territory", terms.territory(), limits::kMaxNameBytes);
  CheckInstruments(terms, check);
  CheckContacts(terms, check);
  CheckHours(terms, check);
  check.Enums("channels", terms.channels(), v1::Channel::Code_IsValid);
  check.TextList("formats", terms.formats(), limits::kMaxTextsPerList);
  CheckRequirements(terms.requirements(), check);
  check.Count("oral_requests_agreed_with", terms.oral_requests_agreed_with_size(),
              limits::kMaxStates);
  for (const auto& state : terms.oral_requests_agreed_with()) {
    if (!IsStateCode(state) || state == StateOf(authority.id())) {
      check.Fail("oral_requests_agreed_with", "has what is no other state");
    }
  }
  check.Sorted("oral_requests_agreed_with", terms.oral_requests_agreed_with(),
               [](const auto& state) { return state; });
  check.Time("attested_at", terms.attested_at_ms());
  CheckDesignations(terms, check);
}

}  // namespace

bool HasControls(std::string_view text, std::string_view allowed) {
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && allowed.find(text[i]) != std::string_view::npos) continue;
    if (byte < 0x20 || byte == 0x7F) return true;
    std::string_view two = text.substr(i, 2), three = text.substr(i, 3);
    if (two.size() == 2 && byte == 0xC2 && static_cast<unsigned char>(two[1]) < 0xA0) return true;
    bool embeds = three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE";
    bool isolates = three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9";
    if (embeds || isolates) return true;
  }
  return false;
}

absl::Status CheckAuthorityEntry(const v1::AuthorityEntry& authority) {
  Checker check(authority.id());
  check.Count("names", authority.names_size(), limits::kMaxNamesPerAuthority);
  std::set<std::string> languages;
  for (const auto& name : authority.names()) {
    if (!IsLanguageTag(name.language())) check.Fail("names", "has no BCP 47 language tag");
    if (!languages.insert(name.language()).second) check.Fail("names", "names a language twice");
    if (name.text().empty()) check.Fail("names", "has an empty text");
    check.Text("names", name.text(), limits::kMaxNameBytes);
  }
  std::set<int> families;
  for (int family : authority.families()) {
    if (!v1::Family::Code_IsValid(family) || family == v1::Family::UNSPECIFIED) {
      check.Fail("families", "has a code that this version does not know");
    }
    if (!families.insert(family).second) check.Fail("families", "has a code twice");
  }
  check.Languages("languages", authority.languages());
  check.Count("sealing_keys", authority.sealing_keys_size(), limits::kMaxSealingKeysPerAuthority);
  CheckCooperation(authority, check);
  return check.status();
}

bool HasAuthorityRole(const v1::AuthorityEntry& authority, v1::AuthorityRole::Code role) {
  const auto& roles = authority.cooperation().roles();
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

const v1::InstrumentTerms* FindInstrument(const v1::AuthorityEntry& authority,
                                          std::string_view instrument) {
  for (const auto& one : authority.cooperation().instruments()) {
    if (one.instrument() == instrument) return &one;
  }
  return nullptr;
}

bool TakesInstrument(const v1::AuthorityEntry& authority, std::string_view instrument) {
  return authority.cooperation().instruments().empty() ||
         FindInstrument(authority, instrument) != nullptr;
}

std::vector<std::string> LanguagesFor(const v1::AuthorityEntry& authority,
                                      std::string_view instrument) {
  const v1::InstrumentTerms* terms = FindInstrument(authority, instrument);
  const auto& languages =
      terms != nullptr && terms->languages_size() > 0 ? terms->languages() : authority.languages();
  return {languages.begin(), languages.end()};
}

bool AcceptsLanguage(const v1::AuthorityEntry& authority, std::string_view instrument,
                     std::string_view language) {
  std::vector<std::string> languages = LanguagesFor(authority, instrument);
  return std::any_of(languages.begin(), languages.end(), [&](const std::string& accepted) {
    return language == accepted || language.rfind(Cat({accepted, "-"}), 0) == 0;
  });
}

bool TranslationRequired(const v1::AuthorityEntry& authority, std::string_view instrument) {
  const v1::InstrumentTerms* terms = FindInstrument(authority, instrument);
  return terms != nullptr && terms->translation_required();
}

bool TakesChannel(const v1::AuthorityEntry& authority, v1::Channel::Code channel) {
  const auto& channels = authority.cooperation().channels();
  if (channels.empty()) return channel == v1::Channel::CA_DIRECT;
  return std::find(channels.begin(), channels.end(), channel) != channels.end();
}

bool OralAgreedWith(const v1::AuthorityEntry& authority, std::string_view state) {
  const auto& states = authority.cooperation().oral_requests_agreed_with();
  return std::find(states.begin(), states.end(), state) != states.end();
}

const v1::TreatyStatus* FindTreaty(const v1::AuthorityEntry& authority, std::string_view treaty) {
  for (const auto& one : authority.cooperation().treaties()) {
    if (one.treaty() == treaty) return &one;
  }
  return nullptr;
}

bool TreatyInForce(const v1::TreatyStatus& treaty, absl::Time at) {
  bool binds = treaty.kind() != v1::PartyKind::UNSPECIFIED &&
               treaty.kind() != v1::PartyKind::SIGNED && treaty.kind() != v1::PartyKind::NOT_PARTY;
  int64_t at_ms = ToMillis(at);
  return binds && treaty.in_force_from_ms() != 0 && treaty.in_force_from_ms() <= at_ms &&
         (treaty.ends_at_ms() == 0 || at_ms < treaty.ends_at_ms());
}

int64_t AttestationEndsAtMs(const v1::AuthorityEntry& authority) {
  int64_t attested = authority.cooperation().attested_at_ms();
  return attested == 0 ? 0 : attested + limits::kAttestationLifeMillis;
}

std::string NameIn(const v1::AuthorityEntry& authority, std::string_view language) {
  const v1::LocalName* best = nullptr;
  for (const auto& name : authority.names()) {
    if (name.language() == language) return name.text();
    if (best == nullptr || name.language() == "en") best = &name;
  }
  return best == nullptr ? authority.id() : best->text();
}

bool IsLanguageTag(std::string_view tag) {
  if (tag.size() > limits::kMaxLanguageTagBytes) return false;
  size_t part = 0;  // length of the subtag so far
  bool first = true;
  for (char c : tag) {
    if (c == '-') {
      if (part == 0 || (first && part < 2)) return false;
      first = false;
      part = 0;
      continue;
    }
    if (!IsAlpha(c) && (first || !IsDigit(c))) return false;
    if (++part > 8) return false;
  }
  return part > 0 && (!first || part >= 2);
}

bool IsInstrumentCode(std::string_view code) {
  if (code.empty() || code.size() > limits::kMaxInstrumentBytes) return false;
  return std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '-' || c == ':' || c == '.' || c == '/';
  });
}

}  // namespace palermo::trust
