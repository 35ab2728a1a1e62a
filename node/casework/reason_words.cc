#include "node/casework/reason_words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace palermo::casework {
namespace {

template <size_t kCount>
bool Names(std::string_view folded, const std::string_view (&words)[kCount]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return folded.find(word) != std::string_view::npos;
  });
}

// Folded, in the languages of the United Nations and some neighbours. Stems, where words inflect.
constexpr std::string_view kBankSecrecyWords[] = {"bank secrecy",
                                                  "banking secrecy",
                                                  "bank confidentiality",
                                                  "bank secret",
                                                  "banking confidentiality",
                                                  "banking secret",
                                                  "banking act protects",
                                                  "banking law protects",
                                                  "banking act forbids",
                                                  "banking law forbids",
                                                  "banking law prohibits",
                                                  "secret bancaire",
                                                  "confidentialite bancaire",
                                                  "secreto bancario",
                                                  "sigilo bancario",
                                                  "segredo bancario",
                                                  "segreto bancario",
                                                  "reserva bancaria",
                                                  "bankgeheimnis",
                                                  "bankgeheim",
                                                  "банковская таин",
                                                  "банковскои таин",
                                                  "банковскую таин",
                                                  "银行保密",
                                                  "银行秘密",
                                                  "السرية المصرفية",
                                                  "السر المصرفي"};

// "the confidentiality of bank customers' data": the two words near each other, in either order; or
// anywhere in a sentence that says to whom the secret is owed.
constexpr std::string_view kBankStems[] = {"bank", "banque", "bancair", "bancari"};
constexpr std::string_view kSecrecyStems[] = {"secre", "confiden", "geheim"};
constexpr std::string_view kOwedStems[] = {
    "dut", "oblig", "bound", "owe", "customer", "client", "account", "deposit", "professional"};
constexpr size_t kNearWords = 3;
// Secrets of other kinds, and a sentence that says the bank's is none of the reasons.
constexpr std::string_view kOtherPersons[] = {"informant", "undercover", "witness",
                                              "confidential source"};
constexpr std::string_view kOtherSecrets[] = {"secret service", "state secret",
                                              "investigat",     "operation",
                                              "surveillance",   "national security"};
constexpr std::string_view kSecretOfPolice[] = {"secret investigation", "secret inquiry",
                                                "secret operation", "confidential investigation"};
constexpr std::string_view kNotRelied[] = {
    "not relied",   "not rely",     "not invoke",     "not the reason", "not a ground",
    "not based on", "not an issue", "not because of", "not opposed",    "irrelevant"};

std::vector<std::string_view> WordsIn(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size() || text[i] == ' ' || text[i] == '-' || text[i] == '\'';
    if (!end) continue;
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

template <size_t kCount>
bool Begins(std::string_view word, const std::string_view (&stems)[kCount]) {
  return std::any_of(std::begin(stems), std::end(stems),
                     [&](std::string_view stem) { return word.substr(0, stem.size()) == stem; });
}

bool StandsNear(const std::vector<std::string_view>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (!Begins(words[i], kBankStems)) continue;
    const size_t from = i < kNearWords ? 0 : i - kNearWords;
    const size_t to = std::min(words.size(), i + kNearWords + 1);
    for (size_t k = from; k < to; ++k) {
      if (Begins(words[k], kSecrecyStems)) return true;
    }
  }
  return false;
}

template <size_t kCount>
bool AnyBegins(const std::vector<std::string_view>& words,
               const std::string_view (&stems)[kCount]) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return Begins(word, stems); });
}

// What is said of a bank, and of a secret, in other words.
constexpr std::pair<std::string_view, std::string_view> kSameAs[] = {
    {"financial institution", "bank"}, {"duty of discretion", "duty of secrecy"}};

bool SentenceNamesBankSecrecy(std::string_view said) {
  std::string sentence(said);
  for (const auto& [word, means] : kSameAs) {
    for (size_t at = sentence.find(word); at != std::string::npos; at = sentence.find(word)) {
      sentence.replace(at, word.size(), means);
    }
  }
  if (Names(sentence, kNotRelied)) return false;
  if (Names(sentence, kBankSecrecyWords)) return true;
  const auto words = WordsIn(sentence);
  if (!AnyBegins(words, kBankStems) || !AnyBegins(words, kSecrecyStems)) return false;
  if (Names(sentence, kOtherPersons)) return false;
  if (Names(sentence, kSecretOfPolice) && !AnyBegins(words, kOwedStems)) return false;
  if (StandsNear(words)) return true;
  return AnyBegins(words, kOwedStems) && !Names(sentence, kOtherSecrets);
}

// A difference, of a name, and what would be more than a name.
constexpr std::string_view kDiffersWords[] = {"differ",
                                              "the same acts are called",
                                              "the same conduct is called",
                                              "another",
                                              "other name",
                                              "not the same",
                                              "no such",
                                              "does not use",
                                              "does not know the term",
                                              "does not match",
                                              "do not match",
                                              "not placed in the same",
                                              "not in the same",
                                              "not of the same",
                                              "not within the same",
                                              "not fall in the same",
                                              "not fall within the same",
                                              "not fall into the same",
                                              "mismatch",
                                              "not exist under",
                                              "not known under",
                                              "does not know an offence",
                                              "not as ",
                                              "not denominat"};
constexpr std::string_view kNameWords[] = {
    "name",    "label",  "term ",   "termed",   "terminolog", "categor",      "denominat",
    "heading", "called", "classif", "designat", "wording",    "qualification"};
constexpr std::string_view kConductWords[] = {"conduct is not",  "conduct itself",  "not punish",
                                              "not criminal",    "not an offence",  "no offence",
                                              "does not punish", "acts are not",    "act is not",
                                              "lawful",          "elements of the", "not a crime"};

constexpr std::string_view kOfThatName[] = {
    "not an offence of the same name", "not an offence of that name",
    "no offence of that name",         "not an offence under that name",
    "no offence under that name",      "no offence called",
    "not an offence under this name",  "no offence of this name",
    "not an offence by that name",     "not an offence under this denomination"};

template <typename Says>
bool AnySentence(std::string_view folded, Says says) {
  for (size_t begin = 0; begin < folded.size();) {
    const size_t end = std::min(folded.find_first_of(".;!?", begin), folded.size());
    if (says(folded.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

constexpr std::string_view kLegalPersons[] = {"legal person", "legal entit", "juridical person",
                                              "corporate entit"};
constexpr std::string_view kNoSubject[] = {
    "cannot commit",         "can not commit",      "cannot be prosecuted",
    "cannot be punished",    "cannot be liable",    "not criminally liable",
    "no criminal liability", "cannot be a suspect", "not criminally responsible"};

constexpr std::string_view kConstitutionStems[] = {"constituti",  "constituci", "verfassung",
                                                   "costituzion", "конституц",  "宪法",
                                                   "الدستور",     "دستور"};
constexpr std::string_view kNoConstitution[] = {"no constitution", "not constitution",
                                                "unconstitutional request", "constituting",
                                                "constitutive"};

}  // namespace

bool NamesBankSecrecy(std::string_view folded) {
  return AnySentence(folded, SentenceNamesBankSecrecy);
}

bool RestsOnLegalPerson(std::string_view folded) {
  return AnySentence(folded, [](std::string_view sentence) {
    return Names(sentence, kLegalPersons) && Names(sentence, kNoSubject) &&
           !Names(sentence, kNotRelied);
  });
}

bool InvokesConstitution(std::string_view folded) {
  return Names(folded, kConstitutionStems) && !Names(folded, kNoConstitution);
}

bool ComparesNamesOnly(std::string_view folded) {
  // "no offence of that name" speaks of the name again, not of the conduct.
  std::string text(folded);
  for (std::string_view phrase : kOfThatName) {
    for (size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase)) {
      text.replace(at, phrase.size(), "another name");
    }
  }
  return Names(text, kDiffersWords) && Names(text, kNameWords) && !Names(text, kConductWords);
}

}  // namespace palermo::casework
