#include "node/casework/cases/names.h"

#include <algorithm>
#include <span>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"

namespace palermo::casework {
namespace {

bool IsOne(std::string_view word, std::string_view of) {
  return word == of || (word.size() == of.size() + 1 && word.starts_with(of) && word.back() == 's');
}

// Words around those that say it, which do not change what they say.
bool IsTransferWord(std::string_view word) {
  for (const char* of :
       {"transfer", "transaction", "sale", "delivery", "supply", "shipment", "export", "trade",
        "deal", "donation", "gift", "contract", "fap", "flag"}) {
    if (IsOne(word, of)) return true;
  }
  return false;
}

bool Starts(std::span<const std::string> words, std::initializer_list<std::string_view> with) {
  return words.size() >= with.size() &&
         std::equal(with.begin(), with.end(), words.begin(),
                    [](std::string_view of, const std::string& word) { return IsOne(word, of); });
}

// {"between", "states"}: only what passes between them. "agreed_between_states" tells of no goods.
bool PassesBetween(std::span<const std::string> words, size_t at) {
  return Starts(words.subspan(at), {"between", "states"}) &&
         (at == 0 || IsTransferWord(words[at - 1]));
}

// "state to state", and nothing behind it that makes it something else: a tax on such transfers, an
// office for them.
bool TellsAt(std::span<const std::string> words, size_t at) {
  const auto here = words.subspan(at);
  size_t length = Starts(here, {"g2g"}) ? 1 : 0;
  for (const char* who : {"state", "government"}) {
    if (Starts(here, {who, "transfer"}) || Starts(here, {who, "transaction"})) length = 2;
    if (Starts(here, {who, "to", who})) length = 3;
  }
  return length > 0 && (here.size() == length || IsTransferWord(here[length]));
}

}  // namespace

std::vector<std::string> WordsIn(std::string_view name) {
  std::vector<std::string> words;
  bool open = false, small = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = absl::ascii_isupper(byte);
    if (byte < 0x80 && !absl::ascii_isalnum(byte)) {
      open = false;
      continue;
    }
    if (!open || (upper && small)) words.emplace_back();
    open = true;
    small = absl::ascii_islower(byte);
    words.back() += absl::ascii_tolower(byte);
  }
  return words;
}

bool HasWord(std::string_view name, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> there = WordsIn(name);
  return std::any_of(there.begin(), there.end(), [&](const std::string& word) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view of) { return IsOne(word, of); });
  });
}

bool HasWords(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return HasWords(text, std::span(phrases.begin(), phrases.size()));
}

bool HasWords(std::string_view text, std::span<const std::string_view> phrases) {
  const std::string joined = Cat({"_", absl::StrJoin(WordsIn(text), "_"), "_"});
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    const bool begins = phrase.ends_with('*');
    std::string part = "_";
    part += begins ? phrase.substr(0, phrase.size() - 1) : phrase;
    if (!begins) part += '_';
    return joined.find(part) != std::string::npos;
  });
}

std::vector<std::string> SortedNames(const google::protobuf::Struct& object) {
  std::vector<std::string> names;
  names.reserve(object.fields_size());
  for (const auto& [name, value] : object.fields()) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

bool NamesStates(std::string_view name) {
  const std::vector<std::string> words = WordsIn(name);
  for (size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "no" || words[at] == "non" || words[at] == "not") return false;
    if (TellsAt(words, at) || PassesBetween(words, at)) return true;
  }
  return false;
}

bool SaysStates(std::string_view text) {
  const std::vector<std::string> words = WordsIn(text);
  return TellsAt(words, 0) || words == std::vector<std::string>{"fap", "4", "2"};
}

bool NamesOtherRecords(std::string_view name) {
  return HasWord(name, {"lead",      "intel",     "intelligence", "query",       "queries",
                        "hit",       "log",       "casework",     "evidence",    "exhibit",
                        "warrant",   "sentence",  "arrest",       "bank",        "account",
                        "court",     "criminal",  "conviction",   "judgment",    "judgement",
                        "access",    "personal",  "victim",       "witness",     "witnesses",
                        "informant", "suspect",   "interview",    "hearing",     "surveillance",
                        "cctv",      "footage",   "video",        "intercept",   "interception",
                        "wiretap",   "telecom",   "phone",        "alert",       "notice",
                        "mla",       "driving",   "driver",       "fingerprint", "dna",
                        "biometric", "passenger", "unconfirmed",  "identity",    "proceeding"});
}

bool NamesFirearms(std::string_view name) {
  return !NamesOtherRecords(name) &&
         HasWord(name, {"trace", "tracing", "firearm", "weapon", "gun", "pistol", "revolver",
                        "rifle", "licence", "license", "fap"});
}

}  // namespace palermo::casework
