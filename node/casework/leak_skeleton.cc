#include "node/casework/leak_skeleton.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace palermo::casework {
namespace {

constexpr size_t kAloneLeftOut = 4;   // consonants that say enough in a text without short vowels
constexpr size_t kAloneInherent = 5;  // ... of a script whose words are looked for by letters, too
constexpr size_t kTogether = 4;       // of two parts side by side
constexpr size_t kEachInherent = 2;   // ... and of each of them, where vowels are there to be read
constexpr size_t kLeastStripped = 2;  // of a name without its article
constexpr size_t kMaxSkeleton = 24;
constexpr std::string_view kPrefixes = "vfblk";  // of Arabic, as folded

// Which token is found by which text; the first letter of a key.
constexpr char kWrittenInLeftOut = 'A', kWrittenInInherent = 'I', kLeftOutInWritten = 'L',
               kLeftOutInInherent = 'J', kInherentInWritten = 'M', kInherentInLeftOut = 'B';

// The consonants of a word as they are looked for. No allocation: a text has many words.
class Consonants {
 public:
  // `aspirates`: for a script that leaves vowels out; an "h" after a consonant counts. `french`:
  // "ch" is one sound, as in "Rachid".
  Consonants(std::string_view word, bool aspirates, bool french) {
    bool after_consonant = false;
    for (size_t i = 0; i < word.size() && size_ < kMaxSkeleton; ++i) {
      char c = word[i];
      // The letter of "v" stands for "u" and "o", too, where short vowels are left out.
      const std::string_view vowels = aspirates ? "aeiouv" : "aeiou";
      const bool vowel = vowels.find(c) != std::string_view::npos;
      if (vowel) {
        after_consonant = false;
        continue;
      }
      if (c == 'h' && (i + 1 == word.size() || (after_consonant && !aspirates))) continue;
      if (french && c == 'c' && i + 1 < word.size() && word[i + 1] == 'h') {
        c = 's';
        ++i;
      }
      signs_[size_++] = c == 'p' ? 'b' : c == 'c' ? 'k' : c;
      after_consonant = true;
    }
  }
  std::string_view view() const { return {signs_.data(), size_}; }

 private:
  std::array<char, kMaxSkeleton> signs_;
  size_t size_ = 0;
};

bool HasArticle(std::string_view word) {
  return word.size() > 4 && (word.starts_with("al") || word.starts_with("el"));
}

// Every way to read the consonants where the other script leaves its vowels out.
template <typename Take>
void ForReadings(std::string_view word, const Take& take) {
  take(Consonants(word, true, false).view());
  if (word.find("ch") != std::string_view::npos) take(Consonants(word, true, true).view());
  if (!HasArticle(word)) return;
  const Consonants bare(word.substr(2), true, false);
  if (bare.view().size() >= kLeastStripped) take(bare.view());
}

// What may stand between two parts of a name: "Al-Masri", "bin Mansour".
bool IsBetweenNames(std::string_view word) {
  for (const std::string_view link : {"al", "el", "bin", "ibn", "ben", "bint", "bn", "bnt"}) {
    if (word == link) return true;
  }
  return false;
}

// The next word of the text that can be a part of the same name; the size when there is none.
size_t NextPart(const FoldedText& text, size_t word) {
  size_t next = word + 1;
  if (next < text.words.size() && !text.words[next].far &&
      IsBetweenNames(text.Letters(text.words[next]))) {
    ++next;
  }
  return next < text.words.size() && !text.words[next].far ? next : text.words.size();
}

// Can two parts of the name, or one, ever say enough?
bool SaysEnough(const FoldedText& folded) {
  size_t sum = 0;
  for (const FoldedWord& word : folded.words) {
    if (!word.single && !word.digits) {
      sum += Consonants(folded.Letters(word), true, false).view().size();
    }
  }
  return sum >= kTogether;
}

}  // namespace

void SkeletonIndex::AddKey(char reader, std::string_view skeleton, Part part) {
  if (skeleton.empty()) return;
  std::string key(1, reader);
  key += skeleton;
  std::vector<Part>& parts = known_[std::move(key)];
  if (parts.empty() || parts.back().token != part.token || parts.back().word != part.word) {
    parts.push_back(part);
  }
  readers_[static_cast<uint8_t>(reader)] = true;
}

void SkeletonIndex::Add(uint32_t token, const FoldedText& folded) {
  if (!SaysEnough(folded)) return;
  for (uint32_t i = 0; i < folded.words.size(); ++i) {
    const FoldedWord& word = folded.words[i];
    const std::string_view letters = folded.Letters(word);
    if (word.single || word.digits || IsBetweenNames(letters)) continue;
    const Part part = {token, i};
    switch (word.vowels) {
      case Vowels::kWritten:
        ForReadings(letters, [&](std::string_view s) { AddKey(kWrittenInLeftOut, s, part); });
        AddKey(kWrittenInInherent, Consonants(letters, false, false).view(), part);
        break;
      case Vowels::kLeftOut:
        ForReadings(letters, [&](std::string_view s) {
          AddKey(kLeftOutInWritten, s, part);
          AddKey(kLeftOutInInherent, s, part);
        });
        break;
      case Vowels::kInherent:
        AddKey(kInherentInWritten, Consonants(letters, false, false).view(), part);
        AddKey(kInherentInLeftOut, Consonants(letters, true, false).view(), part);
        break;
    }
  }
}

void SkeletonIndex::Look(char reader, std::string_view skeleton, Hits& hits) const {
  if (skeleton.empty() || hits.count == kMaxLists) return;
  std::array<char, kMaxSkeleton + 1> key;
  key[0] = reader;
  std::copy(skeleton.begin(), skeleton.end(), key.begin() + 1);
  const auto found = known_.find(absl::string_view(key.data(), skeleton.size() + 1));
  if (found == known_.end()) return;
  hits.lists[hits.count] = &found->second;
  hits.sizes[hits.count] = skeleton.size();
  const bool inherent = reader == kWrittenInInherent || reader == kInherentInWritten;
  hits.least[hits.count++] = inherent ? kEachInherent : 1;
}

SkeletonIndex::Hits SkeletonIndex::HitsOf(const FoldedText& text, size_t at) const {
  Hits hits;
  const FoldedWord& word = text.words[at];
  if (word.single || word.digits) return hits;
  const std::string_view letters = text.Letters(word);
  const auto known = [&](char reader) { return readers_[static_cast<uint8_t>(reader)]; };
  switch (word.vowels) {
    case Vowels::kWritten:
      if (known(kLeftOutInWritten)) {
        ForReadings(letters, [&](std::string_view s) { Look(kLeftOutInWritten, s, hits); });
      }
      if (known(kInherentInWritten)) {
        Look(kInherentInWritten, Consonants(letters, false, false).view(), hits);
      }
      break;
    case Vowels::kLeftOut: {
      const auto look = [&](std::string_view s) {
        if (known(kWrittenInLeftOut)) Look(kWrittenInLeftOut, s, hits);
        if (known(kInherentInLeftOut)) Look(kInherentInLeftOut, s, hits);
      };
      ForReadings(letters, look);
      // "and", "so", "with", "for", "as" are written together with the word that follows.
      if (letters.size() > kLeastStripped + 1 && kPrefixes.find(letters[0]) != kPrefixes.npos) {
        ForReadings(letters.substr(1), look);
      }
      break;
    }
    case Vowels::kInherent:
      if (known(kWrittenInInherent)) {
        Look(kWrittenInInherent, Consonants(letters, false, false).view(), hits);
      }
      if (known(kLeftOutInInherent)) {
        Look(kLeftOutInInherent, Consonants(letters, true, false).view(), hits);
      }
      break;
  }
  return hits;
}

// Both lists are in the order of tokens. Two different parts of one name.
bool SkeletonIndex::Meet(const std::vector<Part>& some, const std::vector<Part>& others,
                         uint32_t* token) {
  auto other = others.begin();
  for (const Part& one : some) {
    while (other != others.end() && other->token < one.token) ++other;
    for (auto at = other; at != others.end() && at->token == one.token; ++at) {
      if (at->word == one.word) continue;
      *token = one.token;
      return true;
    }
  }
  return false;
}

bool SkeletonIndex::Match(const FoldedText& text, size_t word, uint32_t* token) const {
  const Hits here = HitsOf(text, word);
  if (here.count == 0) return false;
  const Vowels vowels = text.words[word].vowels;
  for (size_t i = 0; i < here.count && vowels != Vowels::kWritten; ++i) {
    if (here.sizes[i] < (vowels == Vowels::kLeftOut ? kAloneLeftOut : kAloneInherent)) continue;
    *token = here.lists[i]->front().token;
    return true;
  }
  const size_t next = NextPart(text, word);
  if (next == text.words.size()) return false;
  const Hits there = HitsOf(text, next);
  for (size_t i = 0; i < here.count; ++i) {
    for (size_t j = 0; j < there.count; ++j) {
      if (here.sizes[i] + there.sizes[j] < kTogether || here.sizes[i] < here.least[i] ||
          there.sizes[j] < there.least[j]) {
        continue;
      }
      if (!Meet(*here.lists[i], *there.lists[j], token)) continue;
      return true;
    }
  }
  return false;
}

}  // namespace palermo::casework
