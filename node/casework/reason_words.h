// What the reasons of a refusal say in words, whatever its ground is called: bank secrecy, a
// victim's consent, a mere difference of names. Texts come folded (text.h). Best effort: paraphrase
// escapes. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_REASON_WORDS_H_
#define PALERMO_NODE_CASEWORK_REASON_WORDS_H_

#include <cstddef>
#include <string_view>

namespace palermo::casework {

// Fewer characters than these give no reasons (policy).
inline constexpr size_t kMinReasonCharacters = 40;

// Bank secrecy in the languages of the United Nations and some neighbours, UNTOC 18(8).
bool NamesBankSecrecy(std::string_view folded);
// That the subject is a legal person, and so no subject of criminal law, UNTOC 18(2).
bool RestsOnLegalPerson(std::string_view folded);
// Limits of the constitution that bar assistance, DRUG88 3(10).
bool InvokesConstitution(std::string_view folded);
// A victim who agreed, and nothing that turns the sentence round, TIP 3(b). In a case of
// trafficking the persons concerned are the victims.
bool ReliesOnConsent(std::string_view folded, bool of_trafficking);
// That the offence has another name or category, and nothing about the conduct, UNCAC 43(2).
bool ComparesNamesOnly(std::string_view folded);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_REASON_WORDS_H_
