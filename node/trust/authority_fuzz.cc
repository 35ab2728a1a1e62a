// The bytes are an authority's entry that administrators of bad will wrote: the checks, and what
// reads an entry that passed them, see it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "node/trust/authority.h"

namespace palermo::trust {
namespace {

void ReadAll(const v1::AuthorityEntry& entry, const std::string& text) {
  const v1::Cooperation& terms = entry.cooperation();
  for (const auto& one : terms.instruments()) {
    PALERMO_CHECK(TakesInstrument(entry, one.instrument()));
    for (const std::string& language : LanguagesFor(entry, one.instrument())) {
      PALERMO_CHECK(IsLanguageTag(language));
      PALERMO_CHECK(AcceptsLanguage(entry, one.instrument(), language));
      PALERMO_CHECK(AcceptsLanguage(entry, one.instrument(), language + "-x1"));
    }
    (void)TranslationRequired(entry, one.instrument());
  }
  PALERMO_CHECK(TakesInstrument(entry, text) ==
                (terms.instruments().empty() || FindInstrument(entry, text) != nullptr));
  for (const auto& treaty : terms.treaties()) {
    PALERMO_CHECK(FindTreaty(entry, treaty.treaty()) == &treaty);
    bool now = TreatyInForce(treaty, absl::FromUnixMillis(treaty.in_force_from_ms()));
    PALERMO_CHECK(!now || treaty.in_force_from_ms() > 0);
  }
  for (const auto& name : entry.names()) {
    PALERMO_CHECK(NameIn(entry, name.language()) == name.text());
  }
  PALERMO_CHECK(!NameIn(entry, text).empty() || entry.id().empty());
  for (int role : terms.roles()) {
    PALERMO_CHECK(HasAuthorityRole(entry, static_cast<v1::AuthorityRole::Code>(role)));
  }
  for (const std::string& state : terms.oral_requests_agreed_with()) {
    PALERMO_CHECK(OralAgreedWith(entry, state));
  }
  (void)TakesChannel(entry, v1::Channel::CA_DIRECT);
  (void)AttestationEndsAtMs(entry);
}

int FuzzOne(std::string_view bytes) {
  v1::AuthorityEntry entry;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return 0;
  entry.set_id("QM/central");  // the directory's checks see to it
  absl::Status status = CheckAuthorityEntry(entry);
  if (status.ok()) ReadAll(entry, std::string(bytes.substr(0, 8)));
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
