// The words by which reasons tell of a victim's consent, and of what turns it round. Inside the
// room, for consent_words.cc alone. Folded (text.h); a star stands for any end of a word. English,
// French, Spanish, Russian.
#ifndef PALERMO_NODE_CASEWORK_CONSENT_LISTS_H_
#define PALERMO_NODE_CASEWORK_CONSENT_LISTS_H_

#include <algorithm>
#include <span>
#include <string_view>

namespace palermo::casework::words {

using Words = std::span<const std::string_view>;

inline bool FitsForm(std::string_view word, std::string_view form) {
  if (form.empty() || form.back() != '*') return word == form;
  form.remove_suffix(1);
  return word.substr(0, form.size()) == form;
}
inline bool FitsOne(std::string_view word, Words forms) {
  const auto fits = [&](std::string_view form) { return FitsForm(word, form); };
  return std::any_of(forms.begin(), forms.end(), fits);
}

inline constexpr std::string_view kVictims[] = {"victim*", "vitima*", "complainant*", "жертв*",
                                                "потерпевш*"};
// Where the offence is trafficking, the persons concerned are the victims.
inline constexpr std::string_view kPersons[] = {
    "person",    "persons",   "worker*",   "women",     "woman",   "girl*",
    "employee*", "recruit",   "recruits",  "migrant*",  "people",  "child",
    "children",  "boy*",      "personne*", "personas",  "femmes",  "femme",
    "mujer*",    "migrante*", "женщин*",   "работниц*", "мигрант*"};
// Whose consent is none of a victim.
inline constexpr std::string_view kOthers[] = {
    "court*",      "judge*",        "judiciary",   "magistrate*",   "tribunal*",   "minister",
    "ministers",   "ministerial",   "ministry",    "ministries",    "prosecutor*", "prosecution",
    "authority",   "authorities",   "government*", "states",        "bank",        "banks",
    "owner*",      "guardian*",     "parent",      "parents",       "parental",    "father",
    "mother",      "employer*",     "holder*",     "company",       "companies",   "provider*",
    "parliament",  "senate",        "council",     "president",     "department*", "agency",
    "agencies",    "police",        "embassy",     "consul",        "consulate",   "director",
    "directorate", "commission",    "lawyer*",     "counsel",       "attorney*",   "landlord*",
    "tenant*",     "registrar",     "controller",  "originator",    "captain",     "suspect",
    "suspects",    "accused",       "defendant*",  "convention",    "we",          "us",
    "i",           "juge*",         "cour",        "tribunaux",     "ministre*",   "ministere*",
    "procureur*",  "parquet",       "autorite*",   "gouvernement",  "etat",        "etats",
    "banque*",     "proprietaire*", "tuteur*",     "employeur*",    "nous",        "juez*",
    "jueces",      "ministro*",     "ministra*",   "ministerio*",   "fiscal",      "fiscalia",
    "autoridad*",  "gobierno*",     "estado",      "estados",       "banco*",      "propietari*",
    "dueno*",      "tutor*",        "padres",      "juiz",          "суд",         "суда",
    "суду",        "судом",         "судья",       "судьи",         "судье",       "судьеи",
    "министр*",    "министерств*",  "прокурор*",   "прокуратур*",   "орган",       "органа",
    "органов",     "власти",        "властеи",     "правительств*", "государств*", "банк*",
    "владел*",     "собственник*",  "опекун*",     "родител*",      "мы"};
// "the requesting state", and not "in a state of need".
inline constexpr std::string_view kBeforeState[] = {
    "the",  "this",  "that",    "our",  "requesting", "other",     "requested",
    "flag", "third", "foreign", "home", "sending",    "receiving", "such"};
inline constexpr std::string_view kThey[] = {"they",  "she",  "he",    "ils", "elles", "elle",
                                             "ellos", "ella", "ellas", "они", "она",   "он"};

inline constexpr std::string_view kAgreed[] = {"consent*",
                                               "agreed to",
                                               "had agreed",
                                               "voluntar*",
                                               "of their own will",
                                               "own free will",
                                               "willingly",
                                               "consinti*",
                                               "accepted the work",
                                               "accepted the job",
                                               "accepted the conditions",
                                               "accepted it",
                                               "their agreement",
                                               "her agreement",
                                               "his agreement",
                                               "was willing",
                                               "were willing",
                                               "own accord",
                                               "chose freely",
                                               "freely chose",
                                               "did not object",
                                               "asked for the work",
                                               "their own choice",
                                               "her own choice",
                                               "his own choice",
                                               "went along with",
                                               "chose to come",
                                               "chose to travel",
                                               "chose to work",
                                               "approved of the",
                                               "gave their permission",
                                               "gave her permission",
                                               "gave his permission",
                                               "gave permission",
                                               "in agreement with",
                                               "accepted the arrangement*",
                                               "accepted the deduction*",
                                               "accepted the wage*",
                                               "contract freely",
                                               "contracts freely",
                                               "freely signed",
                                               "freely accepted",
                                               "freely entered into",
                                               "worked freely",
                                               "accepted these terms",
                                               "accepted the terms",
                                               "accepted those terms",
                                               "knowingly entered",
                                               "acquiesced",
                                               "accepte le travail",
                                               "accepte l emploi",
                                               "accepte les conditions",
                                               "plein gre",
                                               "volontaire*",
                                               "acepto el trabajo",
                                               "acepto las condiciones",
                                               "aceptaron el trabajo",
                                               "aceptaron las condiciones",
                                               "propia voluntad",
                                               "согласи*",
                                               "добровольн*"};
// Of these the one who agreed is the subject, not "of" somebody.
inline constexpr std::string_view kNouns[] = {"consent",       "consentement", "consentimiento",
                                              "consentimento", "согласие",     "согласия",
                                              "согласию",      "согласием"};
inline constexpr std::string_view kBeforeVerb[] = {
    "to",    "they", "she",  "he",   "who",     "not",    "we",   "would",
    "could", "will", "may",  "must", "did",     "do",     "does", "cannot",
    "never", "can",  "then", "also", "victims", "persons"};

// What says "not" before an agreement, and words that may stand between.
inline constexpr std::string_view kNot[] = {
    "not",     "no",           "never",      "without", "nor",      "neither",  "none",
    "cannot",  "refus*",       "deny",       "denied",  "denies",   "disputed", "doubt",
    "doubted", "contested",    "lack",       "lacked",  "lacks",    "lacking",  "absence",
    "withdr*", "irrespective", "regardless", "vitiat*", "excludes", "negates",  "irrelevant",
    "invalid", "void",         "pas",        "jamais",  "sans",     "aucun",    "aucune",
    "refuse",  "nunca",        "jamas",      "sin",     "ningun",   "ninguna",  "tampoco",
    "не",      "без",          "никогда",    "отказ*"};
inline constexpr std::string_view kBetween[] = {
    "the",    "a",        "an",      "any",      "their",     "her",       "his",      "its",
    "our",    "such",     "alleged", "apparent", "supposed",  "valid",     "validly",  "free",
    "freely", "real",     "really",  "true",     "truly",     "prior",     "express",  "written",
    "own",    "to",       "give",    "gave",     "given",     "giving",    "gives",    "have",
    "has",    "had",      "having",  "been",     "being",     "be",        "is",       "are",
    "was",    "were",     "did",     "does",     "do",        "ever",      "even",     "yet",
    "longer", "accept",   "accepts", "accepted", "recognise", "recognize", "rely",     "relies",
    "relied", "reliance", "on",      "upon",     "invoke",    "invoked",   "consider", "regard",
    "take",   "taken",    "into",    "account",  "of",        "based",     "placed",   "weight",
    "that",   "whether",  "obtain",  "obtained", "obtaining", "asked",     "for",      "sought",
    "seek",   "need",     "le",      "la",       "les",       "l",         "un",       "une",
    "son",    "sa",       "leur",    "leurs",    "de",        "du",        "des",      "d",
    "ont",    "avait",    "avaient", "donne",    "el",        "los",       "las",      "su",
    "sus",    "del",      "ha",      "han",      "habia",     "habian",    "dio",      "dieron",
    "dado",   "se",       "obtuvo",  "дал",      "дала",      "дали",      "давал",    "давала",
    "давали", "свое",     "своего",  "их",       "ее",        "было",      "было",     "на"};
inline constexpr std::string_view kGives[] = {"gave",   "give",  "gives",  "given",  "giving",
                                              "grant*", "donne", "dio",    "dieron", "дал",
                                              "дала",   "дали",  "refus*", "withdr*"};
inline constexpr std::string_view kPossessives[] = {
    "their", "her", "his", "its", "our", "leur", "son", "sa", "su", "sus", "свое", "их", "ее"};

// That it does not count. The first list has its own verb, the second follows one.
inline constexpr std::string_view kNoMatter[] = {"plays no part",
                                                 "plays no role",
                                                 "play no part",
                                                 "play no role",
                                                 "played no part",
                                                 "played no role",
                                                 "has no bearing",
                                                 "have no bearing",
                                                 "had no bearing",
                                                 "bears no relevance",
                                                 "does not matter",
                                                 "did not matter",
                                                 "do not matter",
                                                 "no matter",
                                                 "does not count",
                                                 "makes no difference",
                                                 "made no difference",
                                                 "has no effect",
                                                 "has no legal effect",
                                                 "is left aside",
                                                 "not rely on",
                                                 "not rely upon",
                                                 "withdr*",
                                                 "ne joue aucun role",
                                                 "joue aucun role",
                                                 "n importe pas",
                                                 "no importa",
                                                 "no tiene relevancia",
                                                 "no tiene efecto",
                                                 "не имеет значения",
                                                 "значения не имеет",
                                                 "не играет роли",
                                                 "не имеет правового значения"};
inline constexpr std::string_view kIrrelevant[] = {"irrelevant*",
                                                   "immaterial",
                                                   "not relevant",
                                                   "of no relevance",
                                                   "no bearing",
                                                   "of no effect",
                                                   "of no account",
                                                   "not material",
                                                   "not decisive",
                                                   "no defence",
                                                   "not a defence",
                                                   "no excuse",
                                                   "no justification",
                                                   "not the reason",
                                                   "not a reason",
                                                   "disregarded",
                                                   "void",
                                                   "invalid",
                                                   "vitiated",
                                                   "sans pertinence",
                                                   "sans importance",
                                                   "sans effet",
                                                   "pas pertinent*",
                                                   "indifferent*",
                                                   "irrelevante*",
                                                   "no es relevante",
                                                   "sin importancia",
                                                   "no es pertinente",
                                                   "несуществен*",
                                                   "неважно",
                                                   "не важно"};
// Of the noun alone: nobody gave it.
inline constexpr std::string_view kMissing[] = {
    "not given",   "not obtained",   "not been given", "not been obtained", "not granted",
    "never given", "never obtained", "not sought",     "lacking",           "missing",
    "absent",      "not required",   "not needed",     "не требует*",       "refused",
    "not exist",   "pas ete obtenu", "pas ete donne",  "не получен*",       "не дано",
    "не было",     "отсутств*"};
// A clause of these alone, before such words, points back.
inline constexpr std::string_view kPointsBack[] = {
    "that",       "this",   "it",         "which",   "is",        "was",         "are",
    "were",       "be",     "been",       "being",   "would",     "will",        "could",
    "can",        "may",    "has",        "have",    "had",       "remains",     "also",
    "however",    "but",    "and",        "so",      "here",      "therefore",   "legally",
    "entirely",   "wholly", "quite",      "clearly", "simply",    "fact",        "such",
    "by",         "itself", "alone",      "in",      "law",       "our",         "as",
    "under",      "we",     "do",         "does",    "later",     "then",        "they",
    "she",        "he",     "afterwards", "soon",    "agreement", "willingness", "choice",
    "acceptance", "cela",   "ceci",       "ce",      "c",         "est",         "n",
    "ne",         "et",     "mais",       "eso",     "esto",      "ello",        "lo",
    "que",        "cual",   "y",          "pero",    "es",        "это",         "что",
    "но",         "и"};
inline constexpr std::string_view kSubordinates[] = {"that", "whether", "what", "how", "que",
                                                     "si",   "ce",      "lo",   "то",  "что"};
inline constexpr std::string_view kCopulas[] = {
    "is",    "was", "are", "were", "be",     "been",     "remains",    "as",     "legally", "est",
    "etait", "es",  "era", "son",  "wholly", "entirely", "considered", "deemed", "quite"};
inline constexpr std::string_view kRelatives[] = {"that", "which", "who", "whom", "qui", "который"};

inline constexpr std::string_view kDeterminers[] = {
    "the",  "a",    "an",  "all", "our", "their", "his", "her", "this", "these", "those", "any",
    "each", "some", "its", "no",  "le",  "la",    "les", "l",   "el",   "los",   "las"};
inline constexpr std::string_view kOf[] = {"of", "de", "du",   "des", "del",
                                           "d",  "by", "from", "par", "por"};
inline constexpr std::string_view kPrepositions[] = {
    "of", "in",   "to",    "by",      "from",   "at",     "with", "for", "under", "before",
    "on", "into", "after", "against", "about",  "within", "de",   "du",  "des",   "del",
    "d",  "par",  "por",   "dans",    "devant", "en",     "ante", "в",   "перед", "от"};
inline constexpr std::string_view kJoins[] = {
    "and",     "or",       "but",    "because", "since", "so",   "therefore", "while",
    "whereas", "although", "though", "et",      "ou",    "mais", "car",       "donc",
    "y",       "pero",     "porque", "и",       "но",    "а",    "поскольку"};

// What the agreement is to: how a victim is heard and looked after, or what was done to her.
inline constexpr std::string_view kProcedure[] = {
    "heard",      "hear",       "hearing",    "testify",   "testimony",  "evidence",  "transmi*",
    "statement*", "interview*", "return*",    "referr*",   "disclos*",   "publi*",    "examin*",
    "named",      "question*",  "protection", "contact*",  "appear*",    "entendue*", "audition",
    "oida",       "declar*",    "допро*",     "показани*", "возвращени*"};
inline constexpr std::string_view kExploitation[] = {
    "work*",  "job*",     "travel*",  "terms",    "conditions", "pay",     "employment", "exploit*",
    "marri*", "prostit*", "service*", "leave",    "come",       "go",      "move",       "sex*",
    "labour", "travail",  "emploi",   "trabajo*", "работ*",     "recruit*"};
inline constexpr std::string_view kOnlyIf[] = {"with", "only", "if",   "unless", "subject",
                                               "avec", "con",  "solo", "с",      "только"};

// "agreed to nothing".
inline constexpr std::string_view kNothing[] = {"nothing", "none", "rien", "nada", "ничего"};
// How somebody is heard, with consent or only with it.
inline constexpr std::string_view kHearing[] = {"heard",    "hear",       "hearing",   "testif*",
                                                "testify",  "interview*", "question*", "transmi*",
                                                "disclos*", "entendue*"};
// What begins a reason.
inline constexpr std::string_view kReliance[] = {"given", "because", "view",
                                                 "due",   "owing",   "since"};
// What "withdrew" and "do not rely on" have behind them, when it is the consent.
inline constexpr std::string_view kIt[] = {"it",         "this",      "that", "later", "again",
                                           "afterwards", "their",     "her",  "his",   "the",
                                           "consent*",   "agreement", "soon"};
// Phrases that end so name a thing.
inline constexpr std::string_view kNounEnds[] = {"agreement", "choice", "permission",
                                                 "accord",    "gre",    "voluntad"};
// Before what the agreement is to.
inline constexpr std::string_view kTo[] = {"to", "for", "au", "a", "al", "на"};
inline constexpr std::string_view kOnly[] = {"only", "solo", "только"};

}  // namespace palermo::casework::words

#endif  // PALERMO_NODE_CASEWORK_CONSENT_LISTS_H_
