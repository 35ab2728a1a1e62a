#include "node/casework/leak_scan.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/check.h"
#include "node/casework/leak_names.h"
#include "node/casework/phone.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kMinNameLetters = 3;
constexpr size_t kMinNumberSigns = 5;
constexpr size_t kMinNumberDigits = 3;
constexpr size_t kMostNumberLetters = 3;
constexpr size_t kMinTextLetters = 6;
constexpr size_t kMinMailLetters = 4;
constexpr size_t kMinNationalDigits = 7;
constexpr size_t kMaxPermutedParts = 3;
constexpr size_t kMinForeignPart = 4;  // of a name's part in a script that writes vowels otherwise
constexpr size_t kMinInSingle = 6;     // of a name in a script without words
constexpr size_t kMinGivenLetters = 5;
constexpr int kMonthsOfYear = 12;

size_t DigitsIn(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(),
                                           [](unsigned char c) { return absl::ascii_isdigit(c); }));
}

// A part of a name: what stands between spaces and commas. "Jean-Pierre" is one, of two words.
struct Part {
  std::string letters;
  std::vector<size_t> words;
};

std::vector<Part> PartsOf(std::string_view value, const FoldedText& folded) {
  std::vector<Part> parts;
  for (size_t i = 0; i < folded.words.size(); ++i) {
    const FoldedWord& word = folded.words[i];
    const std::string_view gap = i == 0
                                     ? std::string_view(" ")
                                     : value.substr(folded.words[i - 1].text_end,
                                                    word.text_begin - folded.words[i - 1].text_end);
    const bool splits = std::any_of(gap.begin(), gap.end(), [](unsigned char c) {
      return absl::ascii_isspace(c) || c == ',' || c == ';';
    });
    // U+3000 and the middle dot between names.
    if (parts.empty() || splits || gap == "\xE3\x80\x80" || gap == "\xC2\xB7") parts.emplace_back();
    parts.back().letters += folded.Letters(word);
    parts.back().words.push_back(i);
  }
  return parts;
}

// Whether two words of a text are one to its reader: "xk12" and "34". Next to scripts without
// spaces, and to those that join a word of one letter to what follows, the script's change parts.
bool WordGoesOn(const FoldedWord& word, const FoldedWord& next) {
  return next.glued && !word.single && !next.single && word.vowels == next.vowels;
}

// "1999-04-12", "1999/4/12", "12.04.1999": year, month, day; zeros when it is no date.
std::array<int, 3> DateOf(std::string_view value) {
  std::vector<std::string> numbers(1);
  for (char c : value) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      numbers.back() += c;
    } else if (c == '-' || c == '.' || c == '/') {
      numbers.emplace_back();
    } else {
      return {};
    }
  }
  if (numbers.size() != 3) return {};
  if (numbers[2].size() == 4) std::swap(numbers[0], numbers[2]);
  if (numbers[0].size() != 4) return {};
  for (const std::string& number : {numbers[1], numbers[2]}) {
    if (number.empty() || number.size() > 2) return {};
  }
  const std::array<int, 3> out = {std::stoi(numbers[0]), std::stoi(numbers[1]),
                                  std::stoi(numbers[2])};
  const bool good = out[1] >= 1 && out[1] <= kMonthsOfYear && out[2] >= 1 && out[2] <= 31;
  return good ? out : std::array<int, 3>{};
}

}  // namespace

IdentityKind GuessIdentityKind(std::string_view value) {
  if (DateOf(value)[0] != 0) return IdentityKind::kDate;
  const FoldedText folded = FoldForScan(value);
  const size_t digits = DigitsIn(folded.letters);
  if (digits == 0) return IdentityKind::kName;
  const size_t spelled = folded.letters.size() - digits;
  // Mostly digits, or one word of both: a number. Words beside a number: an address.
  const bool spaced = value.find(' ') != std::string_view::npos;
  return digits >= spelled || !spaced ? IdentityKind::kNumber : IdentityKind::kText;
}

LeakScanner::LeakScanner(std::vector<IdentityToken> tokens) : tokens_(std::move(tokens)) {
  for (uint32_t i = 0; i < tokens_.size(); ++i) {
    const size_t before = ends_.size() + skeletons_.size();
    AddToken(i);
    const bool added = ends_.size() + skeletons_.size() != before;
    const bool found = added || Leaks(tokens_[i].value);  // another token's forms hold it
    if (!found) ignored_.push_back(i);
  }
}

void LeakScanner::AddToken(uint32_t token) {
  const std::string& value = tokens_[token].value;
  const FoldedText folded = FoldForScan(value);
  switch (tokens_[token].kind) {
    case IdentityKind::kName:
      return AddName(token, folded);
    case IdentityKind::kDate:
      return DateOf(value)[0] != 0 ? AddDate(token) : AddNumber(token, folded);
    case IdentityKind::kNumber:
      return AddNumber(token, folded);
    case IdentityKind::kText:
      return AddText(token, folded);
  }
}

void LeakScanner::AddName(uint32_t token, const FoldedText& folded) {
  const std::vector<Part> parts = PartsOf(tokens_[token].value, folded);
  const bool written = !folded.words.empty() && !folded.words[0].single &&
                       folded.words[0].vowels == Vowels::kWritten;
  for (const Part& part : parts) {
    const bool single = folded.words[part.words[0]].single;
    const size_t least = single ? 2 : kMinNameLetters;
    const size_t length = single ? part.words.size() : part.letters.size();
    if (length >= least && !IsParticle(part.letters)) {
      Form form{token, false, {}, false, written, part.words.size() == 1};
      form.of_several = parts.size() > 1;
      AddForm(part.letters, std::move(form));
    }
    for (size_t word : part.words) {
      const std::string_view letters = folded.Letters(folded.words[word]);
      if (folded.words[word].single || part.words.size() == 1) continue;
      if (letters.size() >= kMinNameLetters && !IsParticle(letters)) {
        AddForm(std::string(letters), {token, false, {}, false, written, true});
      }
    }
  }
  if (written) {
    // "van der Berg" is also "Vanderberg"; and "McCoy" "Mc Coy", where each half is spelled alone.
    for (const std::string& joined : JoinedSpellings(tokens_[token].value, folded)) {
      AddForm(joined, {token, false, {}, false, written, true});
    }
  }
  for (const FoldedWord& word : folded.words) {
    const std::string_view said = std::string_view(tokens_[token].value)
                                      .substr(word.text_begin, word.text_end - word.text_begin);
    for (const size_t cut : {2, 3}) {
      if (!written || said.size() < cut + kMinNameLetters) continue;
      const std::string head = FoldForScan(said.substr(0, cut)).letters;
      if (head != "mc" && head != "mac") continue;
      const std::string tail = FoldForScan(said.substr(cut)).letters;
      Form form{token, false, {static_cast<uint8_t>(head.size())}, false, written};
      if (tail.size() >= kMinNameLetters) AddForm(head + tail, std::move(form));
    }
  }
  if (parts.size() == 1) AddHan(token, folded);
  // The whole name in any order, also written as one word.
  std::vector<std::string> whole;
  for (const Part& part : parts) whole.push_back(part.letters);
  if (whole.size() > kMaxPermutedParts) {
    AddForm(absl::StrCat(whole.back(), absl::StrJoin(whole.begin(), whole.end() - 1, "")),
            {token, false, {}, false, written});
    AddForm(absl::StrJoin(whole, ""), {token, false, {}, false, written});
  } else if (whole.size() > 1) {
    std::sort(whole.begin(), whole.end());
    do {
      AddForm(absl::StrJoin(whole, ""), {token, false, {}, false, written});
    } while (std::next_permutation(whole.begin(), whole.end()));
  }
  skeletons_.Add(token, folded);
}

// A Chinese name begins with the family name, of one character or two; in other scripts the given
// name may come first, or stand alone. Among other characters that order would mean another word.
void LeakScanner::AddHan(uint32_t token, const FoldedText& folded) {
  const size_t size = folded.words.size();
  constexpr size_t kMost = 4;
  const auto single = [](const FoldedWord& word) { return word.single; };
  if (size < 2 || size > kMost || !std::all_of(folded.words.begin(), folded.words.end(), single)) {
    return;
  }
  const std::string_view letters = folded.letters;
  for (size_t family = 1; family <= 2 && family < size; ++family) {
    const size_t cut = folded.words[family].begin;
    AddForm(Cat({letters.substr(cut), letters.substr(0, cut)}), {token, false, {}, true});
    if (size - family < 2 || letters.size() - cut < kMinGivenLetters) continue;
    AddForm(std::string(letters.substr(cut)), {token, false, {}, true});
  }
}

void LeakScanner::AddDate(uint32_t token) {
  const auto [year, month, day] = DateOf(tokens_[token].value);
  const std::string y4 = absl::StrFormat("%04d", year);
  const std::string y2 = absl::StrFormat("%02d", year % 100);
  const std::string days[] = {absl::StrFormat("%02d", day), absl::StrCat(day)};
  const std::string months[] = {absl::StrFormat("%02d", month), absl::StrCat(month)};
  const auto add = [&](const std::string& a, const std::string& b, const std::string& c,
                       bool broken) {
    Form form{token, true, {}};
    if (broken) {
      form.breaks = {static_cast<uint8_t>(a.size()), static_cast<uint8_t>(a.size() + b.size())};
    }
    AddForm(a + b + c, std::move(form));
  };
  for (const std::string& m : months) {
    for (const std::string& d : days) {
      // Only eight digits say so much that they may stand without anything between.
      const bool broken = m.size() + d.size() < 4;
      add(y4, m, d, broken);
      add(d, m, y4, broken);
      add(m, d, y4, broken);
      add(d, m, y2, true);
      add(m, d, y2, true);
      add(y2, m, d, true);
    }
  }
  AddEasternDate(token, year, month, day);
  dates_.Add(token, year, month, day);
}

// Where the month's name is a number: in Chinese, also in its own numerals, and Vietnamese.
void LeakScanner::AddEasternDate(uint32_t token, int year, int month, int day) {
  const auto fold = [](std::string_view text) { return FoldForScan(text).letters; };
  const std::string y4 = absl::StrFormat("%04d", year);
  const std::string nian = fold("\u5E74"), yue = fold("\u6708"), thang = "thang", nam = "nam";
  std::set<std::string> months = {absl::StrCat(month), absl::StrFormat("%02d", month)};
  std::set<std::string> days = {absl::StrCat(day), absl::StrFormat("%02d", day)};
  for (const std::string& m : months) {
    for (const std::string& d : days) AddForm(y4 + nian + m + yue + d, {token, false, {}});
  }
  // "tháng ba", "tháng 3".
  constexpr std::string_view kVietnamese[][2] = {
      {"m\u1ED9t", "gi\u00EAng"},
      {"hai", ""},
      {"ba", ""},
      {"t\u01B0", ""},
      {"n\u0103m", ""},
      {"s\u00E1u", ""},
      {"b\u1EA3y", ""},
      {"t\u00E1m", ""},
      {"ch\u00EDn", ""},
      {"m\u01B0\u1EDDi", ""},
      {"m\u01B0\u1EDDi m\u1ED9t", "m\u01B0\u1EDDi m\u1ED1t"},
      {"m\u01B0\u1EDDi hai", "ch\u1EA1p"}};
  std::set<std::string> spoken = months;
  for (const std::string_view name : kVietnamese[month - 1]) {
    if (!name.empty()) spoken.insert(fold(name));
  }
  for (const std::string& m : spoken) {
    for (const std::string& d : days) {
      AddForm(Cat({d, thang, m, nam, y4}), {token, true, {}});
      AddForm(Cat({d, thang, m, y4}), {token, true, {}});
    }
  }
  constexpr std::string_view kDigits[] = {"\u96F6", "\u4E00", "\u4E8C", "\u4E09", "\u56DB",
                                          "\u4E94", "\u516D", "\u4E03", "\u516B", "\u4E5D"};
  const auto numeral = [&](int n) {
    std::string out = n >= 20 ? std::string(kDigits[n / 10]) : "";
    if (n >= 10) out += "\u5341";
    return n % 10 == 0 ? out : Cat({out, kDigits[n % 10]});
  };
  std::string numerals;
  for (const char c : y4) numerals += kDigits[c - '0'];
  const std::string m = fold(numeral(month)) + yue, d = fold(numeral(day));
  // The 2nd is the beginning of the 20th, the 10th that of the 11th.
  const bool begins_others = day % 10 == 0 || day == 2 || day == 3;
  for (const char* end : {"\u65E5", "\u53F7", ""}) {
    if (begins_others && *end == '\0') continue;
    AddForm(Cat({fold(numerals), nian, m, d, fold(end)}), {token, false, {}});
  }
  for (const std::string& digits : days) {
    AddForm(Cat({digits, m, y4}), {token, true, {}});
    AddForm(Cat({y4, m, digits}), {token, true, {}});
    AddForm(Cat({y4, nian, m, digits}), {token, false, {}});
  }
}

void LeakScanner::AddNumber(uint32_t token, const FoldedText& folded) {
  const std::string& value = tokens_[token].value;
  const std::string& letters = folded.letters;
  const size_t digits = DigitsIn(letters);
  const bool enough = letters.size() >= kMinNumberSigns && digits >= kMinNumberDigits;
  if (enough || letters.size() >= kMinTextLetters) {  // "trizhy77" is an account
    AddForm(letters, {token, true, {}});
  }
  // "4471209" of QT4471209: the digits of a document's number alone.
  const size_t lead = letters.find_first_of("0123456789");
  if (lead != std::string::npos && lead > 0 && lead <= kMostNumberLetters &&
      digits == letters.size() - lead && digits >= kMinNationalDigits) {
    AddForm(letters.substr(lead), {token, true, {}});
  }
  // A phone number in its national form. Which country's code it has is not asked: 1 to 3 digits.
  const bool plus = value.find('+') != std::string::npos;
  const bool zeros = letters.rfind("00", 0) == 0;
  if (digits != letters.size() || (!plus && !zeros)) return;
  const std::string number = zeros ? letters.substr(2) : letters;
  AddForm("00" + number, {token, true, {}});
  AddForm(number, {token, true, {}});
  // As the country's own people write it, when libphonenumber knows it: "8 (495) ...".
  for (const std::string& national : NationalPhones("+" + number)) {
    if (national.size() >= kMinNationalDigits) AddForm(national, {token, true, {}});
  }
  for (size_t code = 1; code <= 3 && number.size() >= code + kMinNationalDigits; ++code) {
    AddForm(number.substr(code), {token, true, {}});
    AddForm("0" + number.substr(code), {token, true, {}});
  }
}

void LeakScanner::AddText(uint32_t token, const FoldedText& folded) {
  const std::string& value = tokens_[token].value;
  const auto add = [&](const FoldedText& part) {
    const bool mail = value.find('@') != std::string::npos;
    if (part.letters.size() < (mail ? kMinMailLetters : kMinTextLetters)) return;
    AddForm(part.letters, {token, mail, {}});
    if (part.words.size() < 2) return;
    // A house's number before or after its street.
    const FoldedWord &first = part.words.front(), &last = part.words.back();
    if (first.digits) {
      AddForm(Cat({std::string_view(part.letters).substr(first.end), part.Letters(first)}),
              {token, false, {}});
    } else if (last.digits) {
      AddForm(Cat({part.Letters(last), std::string_view(part.letters).substr(0, last.begin)}),
              {token, false, {}});
    }
  };
  add(folded);
  const size_t comma = value.find(',');
  if (comma == std::string::npos) return;
  const FoldedText street = FoldForScan(std::string_view(value).substr(0, comma));
  if (DigitsIn(street.letters) > 0) add(street);
}

void LeakScanner::AddForm(std::string letters, Form form) {
  if (letters.empty()) return;
  root_[static_cast<uint8_t>(letters[0])] = true;
  uint32_t node = 0;
  for (const char c : letters) {
    const uint64_t key = (uint64_t{node} << 8) | static_cast<uint8_t>(c);
    const auto [at, fresh] = next_.try_emplace(key, static_cast<uint32_t>(ends_.size()));
    if (fresh) ends_.emplace_back();
    node = at->second;
  }
  ends_[node].push_back(std::move(form));
}

bool LeakScanner::Matches(std::string_view source, const FoldedText& text, size_t first,
                          size_t last, const Form& form) {
  const FoldedWord& begin = text.words[first];
  if (form.spelled && begin.single) return false;
  // Short words of one script are other words of another: "Ana" is "to come" in Hindi, "Li Wu" a
  // gift in Chinese. And "or say" is no "Orsay".
  const size_t length = text.words[last].end - begin.begin;
  if (form.written && begin.single && length < kMinInSingle &&
      (form.part || !IsShortHanName(source, text, first, last))) {
    return false;
  }
  if (form.written && begin.single && last == first + 1 &&
      IsUsualHanWord(
          source.substr(begin.text_begin, text.words[last].text_end - begin.text_begin))) {
    return false;
  }
  if (form.written && form.part && begin.vowels != Vowels::kWritten && length < kMinForeignPart) {
    return false;
  }
  for (size_t i = first + 1; form.part && i <= last; ++i) {
    if (text.words[i].spaced && !MayBeCut(source, text, first, last)) return false;
  }
  if (form.whole) {
    if (first > 0 && WordGoesOn(text.words[first - 1], begin)) return false;
    if (last + 1 < text.words.size() && WordGoesOn(text.words[last], text.words[last + 1])) {
      return false;
    }
  }
  for (uint8_t offset : form.breaks) {
    bool found = false;
    for (size_t i = first; i <= last && !found; ++i) {
      found = text.words[i].begin == begin.begin + offset;
    }
    if (!found) return false;
  }
  return true;
}

namespace {

// A second reading of the text finds most of it again.
void Add(const Leak& leak, std::vector<Leak>& leaks) {
  const auto same = [&](const Leak& known) {
    return known.token == leak.token && known.begin < leak.end && leak.begin < known.end;
  };
  if (std::none_of(leaks.begin(), leaks.end(), same)) leaks.push_back(leak);
}

// Arabic writes "and", "so", "with", "for" and "as" together with the word that follows.
bool HasArabicPrefix(const FoldedText& text, size_t word) {
  constexpr uint32_t kLeastBehind = 4;
  const FoldedWord& at = text.words[word];
  return at.vowels == Vowels::kLeftOut && at.end - at.begin > kLeastBehind &&
         std::string_view("vfblk").find(text.letters[at.begin]) != std::string_view::npos;
}

}  // namespace

// From the letter that is `skip` behind the begin of the word `first` to the end of a word.
std::optional<Leak> LeakScanner::MatchAt(std::string_view text, const FoldedText& folded,
                                         size_t first, uint32_t skip) const {
  const FoldedWord& begin = folded.words[first];
  if (!root_[static_cast<uint8_t>(folded.letters[begin.begin + skip])]) return std::nullopt;
  uint32_t node = 0;
  for (size_t last = first; last < folded.words.size(); ++last) {
    const FoldedWord& word = folded.words[last];
    if (last > first && word.far) break;
    for (uint32_t i = last == first ? word.begin + skip : word.begin; i < word.end; ++i) {
      const auto next = next_.find((uint64_t{node} << 8) | static_cast<uint8_t>(folded.letters[i]));
      if (next == next_.end()) return std::nullopt;
      node = next->second;
    }
    for (const Form& form : ends_[node]) {
      if (!Matches(text, folded, first, last, form)) continue;
      return Leak{begin.text_begin, word.text_end, form.token, form.part && form.of_several};
    }
  }
  return std::nullopt;
}

std::vector<Leak> LeakScanner::Find(std::string_view text, size_t most) const {
  std::vector<Leak> leaks;
  if (tokens_.empty()) return leaks;
  bool elided = false;
  FindIn(text, FoldTextForScan(text, &elided), most, leaks);
  // "S'Habani" is a name as it stands, and no elision.
  if (elided && leaks.size() < most) FindIn(text, FoldForScan(text), most, leaks);
  return leaks;
}

void LeakScanner::FindIn(std::string_view text, const FoldedText& folded, size_t most,
                         std::vector<Leak>& leaks) const {
  const bool skeletons = !skeletons_.empty();
  for (size_t first = 0; first < folded.words.size() && leaks.size() < most; ++first) {
    const FoldedWord& begin = folded.words[first];
    uint32_t token = 0;
    if (skeletons && skeletons_.Match(folded, first, &token)) {
      Add({begin.text_begin, begin.text_end, token}, leaks);
      continue;
    }
    if (const auto hit = dates_.Match(text, folded, first)) {
      Add({folded.words[hit->first].text_begin, folded.words[hit->last].text_end, hit->token},
          leaks);
      continue;
    }
    auto leak = MatchAt(text, folded, first, 0);
    if (!leak && HasArabicPrefix(folded, first)) leak = MatchAt(text, folded, first, 1);
    if (leak) Add(*leak, leaks);
  }
}

}  // namespace palermo::casework
