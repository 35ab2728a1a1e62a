// Whether reasons rely on a victim's consent, TIP 3(b): who agreed, to what, and whether the same
// clause, or one that points back to it, says that nobody did or that it does not count.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "node/casework/consent_lists.h"
#include "node/casework/reason_words.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using words::FitsForm;
using words::FitsOne;
using words::Words;

// Words of a sentence that are looked at beside another: a peer's text may be as long as a message.
constexpr size_t kWindow = 40;

// --- A text in words, clauses and sentences

struct Token {
  std::string_view word;
  size_t clause, sentence;
  bool possessive;  // "victim's"
};

enum class Who : uint8_t { kNobody, kVictim, kOther };

struct Phrase {
  size_t begin, end;
};
struct Clause {
  size_t begin, end, sentence;
  Who carried = Who::kNobody;           // who acts here, or in what comes before
  bool victim_so_far = false;           // a victim is named before, in this sentence or the last
  std::vector<Phrase> irrelevant = {};  // that something does not count
  std::vector<Phrase> missing = {};     // that nobody gave it
};

struct Mention {
  size_t begin, end, clause;
  bool noun;
};

class Reading {
 public:
  Reading(std::string_view folded, bool of_trafficking);
  bool NamesVictims() const;
  bool ReliesOnConsent() const;

 private:
  void Break(bool sentence);
  void Add(std::string_view word, bool possessive);
  void NotePhrases(size_t at, Clause& clause) const;
  void Weigh();
  std::vector<Mention> Mentions() const;

  size_t Match(size_t at, std::string_view phrase, size_t end) const;
  size_t MatchAny(size_t at, Words phrases, size_t end) const;
  bool Has(size_t from, size_t to, Words words) const;
  bool AllIn(size_t from, size_t to, Words words) const;

  Who AgentAt(size_t at) const;
  bool IsPrepositional(size_t at, size_t begin, bool& of) const;
  Who SubjectBefore(const Mention& m) const;
  Who GiverBehind(const Mention& m) const;
  Who GiverBefore(const Mention& m) const;
  Who GiverOf(const Mention& m) const;

  bool IsDenied(const Mention& m) const;
  bool IsOfProcedure(const Mention& m) const;
  bool IsNewSubject(size_t from, size_t to) const;
  bool IsSubjectOf(const Mention& m, const Phrase& phrase) const;
  bool IsTurnedInClause(const Mention& m) const;
  bool PointsBack(const Clause& clause, const Phrase& phrase) const;
  bool IsTurnedAfter(const Mention& m) const;
  bool IsDisclaimed(const Mention& m) const;

  bool of_trafficking_;
  std::vector<Token> tokens_;
  std::vector<Clause> clauses_;
  bool break_clause_ = true, break_sentence_ = false;
};

// Bytes of a word: letters of any script and digits. General punctuation is three bytes.
bool IsWordByte(char c) {
  const auto b = static_cast<unsigned char>(c);
  return b >= 0x80 || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z');
}

Reading::Reading(std::string_view folded, bool of_trafficking) : of_trafficking_(of_trafficking) {
  size_t begin = 0;
  const auto flush = [&](size_t end, bool possessive) {
    if (end > begin) Add(folded.substr(begin, end - begin), possessive);
  };
  for (size_t i = 0; i <= folded.size();) {
    // Quotes, apostrophes and dashes beyond ASCII.
    const bool wide = i + 2 < folded.size() && folded[i] == '\xe2' && folded[i + 1] == '\x80';
    const bool quote =
        i < folded.size() && (folded[i] == '\'' || (wide && folded[i + 2] == '\x99'));
    if (i < folded.size() && !wide && IsWordByte(folded[i])) {
      ++i;
      continue;
    }
    const size_t next = i + (wide ? 3 : 1);
    const bool s = quote && next < folded.size() && folded[next] == 's' &&
                   (next + 1 >= folded.size() || !IsWordByte(folded[next + 1]));
    const bool plural = quote && i > begin && folded[i - 1] == 's' &&
                        (next >= folded.size() || folded[next] == ' ');
    flush(i, s || plural);
    if (i < folded.size()) {
      const char c = folded[i];
      const bool dash = wide && (folded[i + 2] == '\x93' || folded[i + 2] == '\x94');
      if (std::string_view(".;!?\n").find(c) != std::string_view::npos) Break(true);
      if (dash || std::string_view(",:()[]").find(c) != std::string_view::npos) Break(false);
    }
    begin = i = next + (s ? 1 : 0);
  }
  if (!clauses_.empty()) clauses_.back().end = tokens_.size();
  Weigh();
}

void Reading::Break(bool sentence) {
  break_clause_ = true;
  break_sentence_ = break_sentence_ || sentence;
}

void Reading::Add(std::string_view word, bool possessive) {
  if (FitsOne(word, words::kJoins)) break_clause_ = true;
  if (break_clause_ || clauses_.empty()) {
    const size_t sentence =
        clauses_.empty() ? 0 : clauses_.back().sentence + (break_sentence_ ? 1 : 0);
    if (!clauses_.empty()) clauses_.back().end = tokens_.size();
    clauses_.push_back({tokens_.size(), tokens_.size(), sentence});
    break_clause_ = break_sentence_ = false;
  }
  tokens_.push_back({word, clauses_.size() - 1, clauses_.back().sentence, possessive});
}

size_t Reading::Match(size_t at, std::string_view phrase, size_t end) const {
  size_t count = 0;
  while (!phrase.empty()) {
    const size_t blank = std::min(phrase.find(' '), phrase.size());
    if (at + count >= end || !FitsForm(tokens_[at + count].word, phrase.substr(0, blank))) return 0;
    phrase.remove_prefix(std::min(phrase.size(), blank + 1));
    ++count;
  }
  return count;
}

size_t Reading::MatchAny(size_t at, Words phrases, size_t end) const {
  for (std::string_view phrase : phrases) {
    if (const size_t count = Match(at, phrase, end); count > 0) return count;
  }
  return 0;
}

bool Reading::Has(size_t from, size_t to, Words words) const {
  for (size_t i = from; i < std::min(to, from + kWindow); ++i) {
    if (FitsOne(tokens_[i].word, words)) return true;
  }
  return false;
}

Who Reading::AgentAt(size_t at) const {
  const std::string_view word = tokens_[at].word;
  if (FitsOne(word, words::kVictims)) return Who::kVictim;
  // "V-1", as a request calls a victim.
  if (word == "v" && at + 1 < tokens_.size() && AllDigits(tokens_[at + 1].word)) {
    return Who::kVictim;
  }
  if (of_trafficking_ && FitsOne(word, words::kPersons)) return Who::kVictim;
  if (word == "state") {
    return at > 0 && FitsOne(tokens_[at - 1].word, words::kBeforeState) ? Who::kOther
                                                                        : Who::kNobody;
  }
  return FitsOne(word, words::kOthers) ? Who::kOther : Who::kNobody;
}

// "before the court": nobody acts there. `of`: "all of the victims".
bool Reading::IsPrepositional(size_t at, size_t begin, bool& of) const {
  constexpr size_t kAdjectives = 2;
  for (size_t back = 1; back <= kAdjectives + 1 && at >= begin + back; ++back) {
    const std::string_view word = tokens_[at - back].word;
    const bool determiner = FitsOne(word, words::kDeterminers) && at > begin + back;
    const std::string_view before = determiner ? tokens_[at - back - 1].word : word;
    if (FitsOne(before, words::kPrepositions)) {
      of = FitsOne(before, words::kOf);
      // "the victims before the court", and not "they were heard before the court consented".
      const size_t place = at - back - (determiner ? 1 : 0);
      return (before != "before" && before != "after") ||
             (place > begin && AgentAt(place - 1) != Who::kNobody);
    }
    if (determiner) return false;
  }
  return false;
}

void Reading::NotePhrases(size_t at, Clause& clause) const {
  // A clause says it once or twice; more are no clause.
  if (clause.irrelevant.size() + clause.missing.size() > kWindow) return;
  size_t count = MatchAny(at, words::kNoMatter, clause.end);
  // "is irrelevant", "irrelevant is", "sin importancia".
  const bool said = at == clause.begin || Has(clause.begin, at, words::kCopulas);
  if (count == 0 && said) count = MatchAny(at, words::kIrrelevant, clause.end);
  if (count > 0) {
    clause.irrelevant.push_back({at, at + count});
  } else if (const size_t missing = MatchAny(at, words::kMissing, clause.end); missing > 0) {
    clause.missing.push_back({at, at + missing});
  }
}

// Who acts in each clause, and what does not count in it.
void Reading::Weigh() {
  Who carried = Who::kNobody;
  size_t last_named = 0;
  bool named = false;
  for (Clause& clause : clauses_) {
    Who first = Who::kNobody;
    clause.victim_so_far = named && last_named + 1 >= clause.sentence;
    for (size_t i = clause.begin; i < clause.end; ++i) {
      const Who who = AgentAt(i);
      if (who == Who::kVictim) {
        named = true;
        last_named = clause.sentence;
      }
      bool of = false;
      const bool acts =
          who != Who::kNobody && !tokens_[i].possessive && !IsPrepositional(i, clause.begin, of);
      if (acts && first == Who::kNobody) first = who;
      NotePhrases(i, clause);
    }
    if (first != Who::kNobody) carried = first;
    clause.carried = carried;
  }
}

std::vector<Mention> Reading::Mentions() const {
  std::vector<Mention> all;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const Clause& clause = clauses_[tokens_[i].clause];
    const size_t count = MatchAny(i, words::kAgreed, clause.end);
    if (count == 0) continue;
    const bool noun =
        count == 1 ? FitsOne(tokens_[i].word, words::kNouns) : Has(i, i + count, words::kNounEnds);
    const bool verb = i > clause.begin && FitsOne(tokens_[i - 1].word, words::kBeforeVerb);
    all.push_back({i, i + count, tokens_[i].clause, noun && !(count == 1 && verb)});
  }
  return all;
}

bool Reading::AllIn(size_t from, size_t to, Words words) const {
  if (to > from + kWindow) return false;
  for (size_t i = from; i < to; ++i) {
    if (!FitsOne(tokens_[i].word, words)) return false;
  }
  return true;
}

// --- Who agreed

// The nearest who acts before it in its clause; else who acts in what comes before.
Who Reading::SubjectBefore(const Mention& m) const {
  const Clause& clause = clauses_[m.clause];
  const Who before = m.clause == 0 ? Who::kNobody : clauses_[m.clause - 1].carried;
  Who member = Who::kNobody;
  bool victim = clause.victim_so_far;
  const size_t from = std::max(clause.begin, m.begin - std::min(m.begin, kWindow));
  for (size_t i = from; i < m.begin && !victim; ++i) victim = AgentAt(i) == Who::kVictim;
  for (size_t i = m.begin; i > clause.begin && m.begin - i < kWindow;) {
    --i;
    if (FitsOne(tokens_[i].word, words::kThey)) return victim ? Who::kVictim : before;
    // "it was agreed to"
    if (tokens_[i].word == "it" && AllIn(i + 1, m.begin, words::kBetween)) return Who::kOther;
    const Who who = AgentAt(i);
    if (who == Who::kNobody || tokens_[i].possessive) continue;
    bool of = false;
    if (!IsPrepositional(i, clause.begin, of)) return who;
    if (of && member == Who::kNobody) member = who;
  }
  return member != Who::kNobody ? member : before;
}

// "consent of the court", "consent was not obtained from the ministry", "согласие суда".
Who Reading::GiverBehind(const Mention& m) const {
  constexpr size_t kNear = 6;
  const size_t end = std::min(clauses_[m.clause].end, m.end + kNear + 4);
  size_t i = m.end;
  const bool cyrillic = static_cast<unsigned char>(tokens_[m.begin].word[0]) >= 0xD0;
  if (m.noun && !cyrillic) {
    while (i < end && i < m.end + kNear && !FitsOne(tokens_[i].word, words::kPrepositions)) ++i;
  }
  // Of a verb only "agreed to by".
  if (i >= end || (!(m.noun && cyrillic) && !FitsOne(tokens_[i].word, words::kOf))) {
    if (m.noun || i >= end || tokens_[i].word != "with") return Who::kNobody;
  }
  for (size_t k = i; k < end && k < i + kNear; ++k) {
    const std::string_view word = tokens_[k].word;
    if (k > i && FitsOne(word, words::kPrepositions) && !FitsOne(word, words::kOf)) break;
    if (cyrillic && word == "на") break;
    const Who who = AgentAt(k);
    if (who != Who::kNobody && !tokens_[k].possessive) return who;
  }
  return Who::kNobody;
}

// "the minister's consent", "the minister of justice's consent", "court consent".
Who Reading::GiverBefore(const Mention& m) const {
  constexpr size_t kNear = 4;
  const Clause& clause = clauses_[m.clause];
  bool possessive = false;
  for (size_t i = m.begin; i > clause.begin && m.begin - i < kNear;) {
    --i;
    possessive = possessive || tokens_[i].possessive;
    const Who who = AgentAt(i);
    if (who != Who::kNobody && (possessive || i + 1 == m.begin)) return who;
  }
  return Who::kNobody;
}

Who Reading::GiverOf(const Mention& m) const {
  const Who behind = GiverBehind(m);
  if (behind != Who::kNobody) return behind;
  if (!m.noun) return SubjectBefore(m);
  const Who before = GiverBefore(m);
  if (before != Who::kNobody) return before;
  const Clause& clause = clauses_[m.clause];
  // "gave its consent", "gave consent": the subject did.
  const size_t from = std::max(clause.begin, m.begin > 4 ? m.begin - 4 : 0);
  const bool pronoun =
      FitsOne(tokens_[m.begin].word, words::kPossessives) ||
      (m.begin > clause.begin && FitsOne(tokens_[m.begin - 1].word, words::kPossessives));
  return pronoun || Has(from, m.begin + 1, words::kGives) ? SubjectBefore(m) : Who::kNobody;
}

// --- Whether it is relied on

// "never consented", "without the victims' consent"; twice is once too often: "not disputed that".
bool Reading::IsDenied(const Mention& m) const {
  constexpr size_t kFar = 12;
  const Clause& clause = clauses_[m.clause];
  if (Has(m.end, std::min(clause.end, m.end + 2), words::kNothing)) return true;
  size_t denials = 0, i = m.begin;
  while (i > clause.begin && m.begin - i < kFar) {
    --i;
    if (FitsOne(tokens_[i].word, words::kNot)) {
      ++denials;
    } else if (!FitsOne(tokens_[i].word, words::kBetween) &&
               !FitsOne(tokens_[i].word, words::kThey) && AgentAt(i) == Who::kNobody) {
      break;
    }
  }
  // "not because of the victims' consent"
  if (tokens_[clause.begin].word == "because" && i <= clause.begin && clause.begin > 0 &&
      tokens_[clause.begin - 1].word == "not") {
    ++denials;
  }
  return denials % 2 == 1;
}

// An agreement to be heard, to return, to protection; or a hearing that is voluntary.
bool Reading::IsOfProcedure(const Mention& m) const {
  constexpr size_t kNear = 4, kObject = 7;
  const Clause& clause = clauses_[m.clause];
  const size_t from = std::max(clause.begin, m.begin > kNear ? m.begin - kNear : 0);
  const size_t to = std::min(clause.end, m.end + kNear);
  size_t object = m.end;
  if (tokens_[m.end - 1].word != "to") {
    const size_t last = std::min(clause.end, m.end + kObject);
    while (object < last && !FitsOne(tokens_[object].word, words::kTo)) ++object;
  }
  const size_t end = std::min(clause.end, object + kObject);
  if (Has(object, end, words::kExploitation)) return false;
  const std::string_view word = tokens_[m.begin].word;
  const bool worked = Has(clause.begin, m.begin, words::kExploitation);
  const bool arrangement = Match(m.begin, "accepted the arrangement*", m.end) > 0;
  if (FitsForm(word, "voluntar*") || FitsForm(word, "own") || FitsForm(word, "willingly") ||
      arrangement) {
    if (!worked && (Has(from, to, words::kProcedure) || Has(from, to, words::kOnly))) return true;
  }
  if (object < end && Has(object, end, words::kProcedure)) return true;
  // "is heard only with the consent"
  return Has(clause.begin, m.begin, words::kHearing) && Has(from, m.begin, words::kOnlyIf) &&
         !worked;
}

// "given the victims' consent the interview is": something else is spoken of.
bool Reading::IsNewSubject(size_t from, size_t to) const {
  for (size_t i = from; i < to; ++i) {
    if (i > from && FitsOne(tokens_[i].word, words::kRelatives)) return true;
    if (FitsOne(tokens_[i].word, words::kDeterminers) &&
        !FitsOne(tokens_[i - 1].word, words::kPrepositions))
      return true;
  }
  return false;
}

// "that the victims consented is irrelevant", "it is irrelevant that the victims consented".
bool Reading::IsSubjectOf(const Mention& m, const Phrase& phrase) const {
  constexpr std::string_view kFillers[] = {"here", "legally", "in", "law", "our", "for", "us"};
  const Clause& clause = clauses_[m.clause];
  if (phrase.begin >= m.end) {
    const bool nominal = m.noun || Has(clause.begin, m.begin, words::kSubordinates);
    return nominal && phrase.begin < m.end + kWindow && !IsNewSubject(m.end, phrase.begin);
  }
  size_t next = phrase.end;
  while (next < m.begin && FitsOne(tokens_[next].word, kFillers)) ++next;
  if (next >= m.begin || m.begin > next + kWindow) return false;
  return FitsOne(tokens_[next].word, words::kSubordinates) ||
         (m.noun && FitsOne(tokens_[next].word, words::kCopulas));
}

bool Reading::IsTurnedInClause(const Mention& m) const {
  const Clause& clause = clauses_[m.clause];
  const auto of_this = [&](const Phrase& phrase) { return IsSubjectOf(m, phrase); };
  for (size_t i = clause.begin; i + 1 < m.begin && i < clause.begin + kWindow; ++i) {
    if (Match(i, "even if", m.begin) > 0 || Match(i, "meme si", m.begin) > 0) return true;
  }
  return std::any_of(clause.irrelevant.begin(), clause.irrelevant.end(), of_this) ||
         (m.noun && std::any_of(clause.missing.begin(), clause.missing.end(), of_this));
}

// "which is irrelevant", "but we do not rely on that", "and withdrew it later".
bool Reading::PointsBack(const Clause& clause, const Phrase& phrase) const {
  if (!AllIn(clause.begin, phrase.begin, words::kPointsBack)) return false;
  const std::string_view first = tokens_[phrase.begin].word;
  const bool takes_object =
      FitsForm(first, "withdr*") || Match(phrase.begin, "not rely", phrase.end) > 0;
  return !takes_object || AllIn(phrase.end, clause.end, words::kIt);
}

bool Reading::IsTurnedAfter(const Mention& m) const {
  constexpr std::string_view kAnd[] = {"and", "or", "et", "y", "и"};
  constexpr size_t kAsides = 3;
  size_t next = m.clause + 1;
  while (next < clauses_.size() && next <= m.clause + kAsides &&
         clauses_[next].sentence == clauses_[m.clause].sentence &&
         FitsOne(tokens_[clauses_[next].begin].word, words::kPrepositions)) {
    ++next;
  }
  if (next >= clauses_.size()) return false;
  const Clause& own = clauses_[m.clause];
  const Clause& clause = clauses_[next];
  if (std::any_of(clause.irrelevant.begin(), clause.irrelevant.end(),
                  [&](const Phrase& phrase) { return PointsBack(clause, phrase); })) {
    return true;
  }
  // "the consent of the victims and the terms are irrelevant"
  const bool bare =
      m.noun && (m.end == own.end || FitsOne(tokens_[m.end].word, words::kPrepositions)) &&
      !Has(own.begin, own.end, words::kCopulas) && !Has(own.begin, m.begin, words::kReliance);
  return bare && clause.sentence == own.sentence && FitsOne(tokens_[clause.begin].word, kAnd) &&
         !clause.irrelevant.empty();
}

// The text says of the victims' consent to what was done that it does not count: for all of it.
bool Reading::IsDisclaimed(const Mention& m) const {
  const Clause& clause = clauses_[m.clause];
  return GiverOf(m) != Who::kOther && !IsOfProcedure(m) &&
         std::any_of(clause.irrelevant.begin(), clause.irrelevant.end(), [&](const Phrase& p) {
           return !FitsForm(tokens_[p.begin].word, "withdr*") && IsSubjectOf(m, p);
         });
}

bool Reading::NamesVictims() const {
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (AgentAt(i) == Who::kVictim) return true;
    if (of_trafficking_ && FitsOne(tokens_[i].word, words::kThey)) return true;
  }
  return false;
}

bool Reading::ReliesOnConsent() const {
  const std::vector<Mention> all = Mentions();
  if (std::any_of(all.begin(), all.end(), [&](const Mention& m) { return IsDisclaimed(m); })) {
    return false;
  }
  return std::any_of(all.begin(), all.end(), [&](const Mention& m) {
    return GiverOf(m) != Who::kOther && !IsDenied(m) && !IsOfProcedure(m) && !IsTurnedInClause(m) &&
           !IsTurnedAfter(m);
  });
}

}  // namespace

bool ReliesOnConsent(std::string_view folded, bool of_trafficking) {
  const Reading reading(folded, of_trafficking);
  return reading.NamesVictims() && reading.ReliesOnConsent();
}

}  // namespace palermo::casework
