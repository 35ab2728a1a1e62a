// Who a protected person is, told in a text that everybody reads who gets the request: a name, a
// day of birth, the number of a document, a telephone number. TIP 6(1).
#include "node/casework/clear_mentions.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "node/casework/operation/personal_data.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Person;
using v1::Request;

// Begins of words, folded: of whom a text speaks.
constexpr std::string_view kProtectedStems[] = {
    "victim",  "witness", "child",  "girl",   "boy",    "minor",  "woman",  "women",
    "migrant", "refuge",  "surviv", "daught", "infant", "temoi",  "enfant", "mineur",
    "testigo", "niña",    "nina",   "menor",  "жертв",  "потерп", "свиде",  "ребен",
    "мигрант", "ضحي",     "شاهد",   "طفل",    "受害",   "证人",   "儿童",   "移民"};
constexpr std::string_view kOpenStems[] = {
    "suspect", "accus",  "defend", "recruiter", "traffick", "smuggler", "driver",
    "perpet",  "offend", "skipp",  "organiser", "passeur",  "prevenu",  "acusad",
    "sospec",  "подозр", "обвиня", "водите",    "متهم",     "مشتبه",    "嫌疑"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Where a word that begins so stands last in the folded text; npos: nowhere.
size_t LastOf(std::string_view text, std::string_view begin, bool whole) {
  for (size_t at = text.rfind(begin); at != std::string_view::npos && !begin.empty();
       at = at == 0 ? std::string_view::npos : text.rfind(begin, at - 1)) {
    const size_t end = at + begin.size();
    const bool ends = !whole || end == text.size() || !IsLetter(text[end]);
    if (ends && (at == 0 || !IsLetter(text[at - 1]))) return at;
  }
  return std::string_view::npos;
}

enum class Whose { kProtected, kOpen, kUnknown };

// Whom the texts of a request may speak of.
class People {
 public:
  People(const Request& r, bool everybody) {
    for (int i = 0; i < std::min(r.persons_size(), kMost); ++i) {
      const Person& p = r.persons(i);
      const bool sealed = everybody || IsProtected(p);
      (sealed ? sealed_ : open_).push_back(Folded(p.ref()));
      if (sealed || p.kind() == "LEGAL") continue;
      others_ = true;
      const std::string name = Folded(p.name());
      for (size_t at = 0; at < name.size();) {
        const size_t end = std::min(name.find(' ', at), name.size());
        if (end - at >= kFewestLetters) open_.push_back(name.substr(at, end - at));
        at = end + 1;
      }
    }
    sealed_.push_back(Folded(r.referral().pseudonym()));
  }

  // Of whom the text speaks last.
  Whose Last(std::string_view before) const {
    const std::string folded = Folded(before);
    size_t sealed = 0, open = 0;
    const auto take = [&](std::string_view word, bool whole, size_t& last) {
      const size_t at = LastOf(folded, word, whole);
      if (at != std::string_view::npos) last = std::max(last, at + 1);
    };
    for (std::string_view stem : kProtectedStems) take(stem, false, sealed);
    for (std::string_view stem : kOpenStems) take(stem, false, open);
    for (const std::string& ref : sealed_) take(ref, true, sealed);
    for (const std::string& ref : open_) take(ref, true, open);
    if (sealed == open) return others_ ? Whose::kUnknown : Whose::kProtected;
    return sealed > open ? Whose::kProtected : Whose::kOpen;
  }

 private:
  static constexpr int kMost = 64;  // persons; more are not told apart
  static constexpr size_t kFewestLetters = 3;
  std::vector<std::string> sealed_, open_;
  bool others_ = false;
};

// Where the first datum of the part ends: the shortest begin that holds one. Looks only a little
// further than that.
size_t EndOfDatum(std::string_view part) {
  constexpr size_t kFirst = 64;
  size_t none = 0, holds = std::min(kFirst, part.size());
  while (holds < part.size() && !HoldsPersonalData(part.substr(0, holds))) {
    none = holds;
    holds = std::min(2 * holds, part.size());
  }
  while (none + 1 < holds) {
    const size_t middle = none + (holds - none) / 2;
    (HoldsPersonalData(part.substr(0, middle)) ? holds : none) = middle;
  }
  return holds;
}

std::vector<std::string_view> SentencesOf(std::string_view text) {
  std::vector<std::string_view> sentences;
  while (!text.empty()) {
    size_t end = 0;
    do {
      end = text.find_first_of(".;!?\n", end);
      end = end == std::string_view::npos ? text.size() : end + 1;
    } while (end < text.size() && text[end - 1] != '\n' && text[end] != ' ' && text[end] != '\n');
    sentences.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return sentences;
}

// kProtected when one of the data may be such a person's. Whom a text speaks of is looked for in a
// part of it, and in a sentence of many data the last ones are nobody's: a peer may send megabytes.
Whose WhoseDataOf(std::string_view text, const People& people) {
  constexpr int kMostData = 4;
  constexpr size_t kNearBytes = 2000;
  Whose whose = Whose::kOpen;
  bool held = false;
  const auto add = [&](Whose one) {
    if (one != Whose::kOpen && whose != Whose::kProtected) whose = one;
  };
  const auto judge = [&](std::string_view part) {
    for (int i = 0; whose != Whose::kProtected && HoldsPersonalData(part); ++i) {
      held = true;
      if (i == kMostData) return add(Whose::kUnknown);
      const size_t end = EndOfDatum(part);
      const size_t until = static_cast<size_t>(part.data() - text.data()) + end;
      const size_t from = until > kNearBytes ? until - kNearBytes : 0;
      add(people.Last(text.substr(from, until - from)));
      part.remove_prefix(end);
    }
  };
  for (std::string_view sentence : SentencesOf(text)) judge(sentence);
  if (!held) judge(text);
  return whose;
}

using Look = std::function<void(const std::string& text, const std::string& at)>;

void LookAtTexts(const v1::Item& item, const std::string& at, const Look& look) {
  look(item.description(), at + ".description");
  look(item.facts(), at + ".facts");
  look(item.relevance(), at + ".relevance");
  look(item.reason(), at + ".reason");
  look(item.necessity(), at + ".necessity");
  look(item.grounds(), at + ".grounds");
  look(item.suspicion(), at + ".suspicion");
  look(item.data(), at + ".data");
  for (int k = 0; k < item.questions_size(); ++k) {
    look(item.questions(k), At(at + ".questions", k));
  }
}

void LookAtTextsOf(const v1::VictimReferral& v, const Look& look) {
  const std::string at = "request.referral.";
  look(v.best_interests_note(), at + "best_interests_note");
  look(v.non_punishment_note(), at + "non_punishment_note");
  look(v.return_plan().reintegration(), at + "return_plan.reintegration");
  look(v.return_plan().escorts(), at + "return_plan.escorts");
  for (int k = 0; k < v.special_needs_size(); ++k) {
    look(v.special_needs(k), At(at + "special_needs", k));
  }
  for (int k = 0; k < v.identification().indicators_size(); ++k) {
    look(v.identification().indicators(k), At(at + "identification.indicators", k));
  }
}

}  // namespace

void CheckPersonTexts(const Request& r, bool everybody, const LeakScanner* sealed, Report& report) {
  const People people(r, everybody);
  const auto named = [](const std::string& at) {
    return at == "request.facts_summary" || at.ends_with("].description");
  };
  const Look look = [&](const std::string& text, const std::string& at) {
    if (IsBlank(text)) return;
    // What the leak scan finds is an error of its own.
    if (sealed != nullptr && sealed->Leaks(text)) return;
    if (!HoldsPersonalData(text)) {
      if (named(at) && TellsAName(text)) report.Say("R-SEAL-01.named", at);
      return;
    }
    report.Say(WhoseDataOf(text, people) == Whose::kProtected ? "R-SEAL-01.person_text"
                                                              : "R-SEAL-01.other_text",
               at);
  };
  look(r.facts_summary(), "request.facts_summary");
  look(r.purpose(), "request.purpose");
  look(r.proceeding().subject_matter(), "request.proceeding.subject_matter");
  for (int i = 0; i < r.items_size(); ++i) LookAtTexts(r.items(i), At("request.items", i), look);
  LookAtTextsOf(r.referral(), look);
}

}  // namespace palermo::casework
