// Text as the leak scan compares it: words of small ASCII letters and digits, whatever the script,
// the accents, the case and the way of transliteration. Inside the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_LEAK_FOLD_H_
#define PALERMO_NODE_CASEWORK_LEAK_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

// How a script writes the vowels of a name.
enum class Vowels : uint8_t {
  kWritten,
  kLeftOut,  // the short ones: Arabic, Hebrew, Syriac
  kInherent  // a consonant holds an "a" that is not always spoken: Devanagari, Tamil ...
};

struct FoldedWord {
  uint32_t begin = 0;  // in FoldedText::letters
  uint32_t end = 0;
  uint32_t text_begin = 0;  // byte offsets in the text
  uint32_t text_end = 0;
  bool far = false;     // a paragraph, or more than a few characters, lies before it
  bool spaced = false;  // white space lies before it
  bool glued = false;   // nothing lies before it: a change from letters to digits, or of script
  Vowels vowels = Vowels::kWritten;
  bool single = false;  // one character of a script without spaces: Han, Kana, Hangul, Thai ...
  bool digits = false;
};

// The words of a text in their order, their letters without anything between them.
struct FoldedText {
  std::string letters;
  std::vector<FoldedWord> words;

  std::string_view Letters(const FoldedWord& word) const {
    return std::string_view(letters).substr(word.begin, word.end - word.begin);
  }
};

// Each code point is transliterated by itself (ICU), so that a word reads the same in every text.
// Then spellings that differ between ways of transliteration become one: "Youssef", "Yusef".
// Malformed bytes are separators. REQUIRES: text is shorter than 4 GiB.
FoldedText FoldForScan(std::string_view text);
// The same of a text in which names are looked for: in "d'Amina" and "qu'Amina" the name begins a
// word. A name itself ("D'Angelo") is folded without that. `*elided`: something was.
FoldedText FoldTextForScan(std::string_view text, bool* elided);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_LEAK_FOLD_H_
