#include "node/casework/reason_words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
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

// "the confidentiality of bank customers' data": the two words near each other, in either order.
constexpr std::string_view kBankStems[] = {"bank", "banque", "bancair", "bancari"};
constexpr std::string_view kSecrecyStems[] = {"secre", "confiden", "geheim"};
constexpr size_t kNearWords = 3;

std::vector<std::string_view> WordsOf(std::string_view text) {
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

bool StandsNear(std::string_view folded) {
  const auto words = WordsOf(folded);
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

// Folded words: of a victim that agreed, and what turns the sentence round. Where the offence is
// trafficking, the persons concerned are the victims.
constexpr std::string_view kVictimWords[] = {"victim", "victime", "victima", "vitima", "жертв"};
constexpr std::string_view kPersonWords[] = {"person",   "worker", "women",   "woman",    "girls",
                                             "employee", "they ",  "recruit", "migrants", "people"};
constexpr std::string_view kAgreedWords[] = {
    "consent",           "agreed to",         "had agreed",       "voluntar",
    "of their own will", "own free will",     "willingly",        "consinti",
    "consenti",          "accepted the work", "accepted the job", "accepted the conditions"};
constexpr std::string_view kTurnedWords[] = {
    "irrelevant",      "not consent",        "not agree",
    "no consent",      "without consent",    "without the consent",
    "withdr",          "no matter",          "immaterial",
    "not rely",        "never agreed",       "victim refus",
    "victims refus",   "person refus",       "persons refus",
    "workers refus",   "women refus",        "they refus",
    "she refus",       "refused to consent", "refused consent",
    "refused to work", "refuse de consentir"};

// A difference, of a name, and what would be more than a name.
constexpr std::string_view kDiffersWords[] = {"differ",
                                              "another",
                                              "other name",
                                              "not the same",
                                              "no such",
                                              "does not use",
                                              "does not know the term",
                                              "does not match",
                                              "mismatch"};
constexpr std::string_view kNameWords[] = {"name",       "label",   "term ",     "termed",
                                           "terminolog", "categor", "denominat", "heading",
                                           "called",     "classif", "designat",  "wording"};
constexpr std::string_view kConductWords[] = {"conduct is not",  "conduct itself",  "not punish",
                                              "not criminal",    "not an offence",  "no offence",
                                              "does not punish", "acts are not",    "act is not",
                                              "lawful",          "elements of the", "not a crime"};

}  // namespace

bool NamesBankSecrecy(std::string_view folded) {
  return Names(folded, kBankSecrecyWords) || StandsNear(folded);
}

bool ReliesOnConsent(std::string_view folded, bool of_trafficking) {
  const bool of_victims =
      Names(folded, kVictimWords) || (of_trafficking && Names(folded, kPersonWords));
  return of_victims && Names(folded, kAgreedWords) && !Names(folded, kTurnedWords);
}

bool ComparesNamesOnly(std::string_view folded) {
  return Names(folded, kDiffersWords) && Names(folded, kNameWords) && !Names(folded, kConductWords);
}

}  // namespace palermo::casework
