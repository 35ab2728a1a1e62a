// Reads and checks an authority's entry: what it is competent for, languages, channels, hours, what
// it asks of a request. docs/formats/trust.md is the specification. Pure; the entry outlives what
// is returned by pointer.
#ifndef PALERMO_NODE_TRUST_AUTHORITY_H_
#define PALERMO_NODE_TRUST_AUTHORITY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::trust {

// Whether a terminal could obey the text instead of showing it, or show it in another order: C0 and
// C1 controls but those in `allowed`, DEL, and what changes the direction of the text around it.
bool HasControls(std::string_view text, std::string_view allowed);

// BAD_DOCUMENT with the place and what is wrong. Names, languages, families and cooperation; keys
// are checked elsewhere.
absl::Status CheckAuthorityEntry(const v1::AuthorityEntry& authority);

// --- for casework
bool HasAuthorityRole(const v1::AuthorityEntry& authority, v1::AuthorityRole::Code role);
// The entry names the instrument, or names none at all.
bool TakesInstrument(const v1::AuthorityEntry& authority, std::string_view instrument);
// Null when the entry has no terms of its own for it.
const v1::InstrumentTerms* FindInstrument(const v1::AuthorityEntry& authority,
                                          std::string_view instrument);
// The languages accepted under an instrument: its own list, else the authority's.
std::vector<std::string> LanguagesFor(const v1::AuthorityEntry& authority,
                                      std::string_view instrument);
// "en" is accepted by "en" and by "en-GB"; "en-GB" needs "en" or "en-GB".
bool AcceptsLanguage(const v1::AuthorityEntry& authority, std::string_view instrument,
                     std::string_view language);
bool TranslationRequired(const v1::AuthorityEntry& authority, std::string_view instrument);
// An entry without channels takes CA_DIRECT.
bool TakesChannel(const v1::AuthorityEntry& authority, v1::Channel::Code channel);
bool OralAgreedWith(const v1::AuthorityEntry& authority, std::string_view state);
const v1::TreatyStatus* FindTreaty(const v1::AuthorityEntry& authority, std::string_view treaty);
// In force at `at`: in_force_from <= at < ends, and a kind that binds.
bool TreatyInForce(const v1::TreatyStatus& treaty, absl::Time at);
// When the entry must be attested again (R-DIR-05); 0 when it never was attested.
int64_t AttestationEndsAtMs(const v1::AuthorityEntry& authority);
// The name in `language`, else in English, else the first, else the id.
std::string NameIn(const v1::AuthorityEntry& authority, std::string_view language);

// "en", "pt-BR": the syntax of BCP 47, not its registry.
bool IsLanguageTag(std::string_view tag);
// "UNTOC", "2AP", "COE-SEA", "BILATERAL:QN-QV-2011".
bool IsInstrumentCode(std::string_view code);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_AUTHORITY_H_
