#include "node/casework/acts.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {
namespace {

constexpr size_t kMaxQuotedWordBytes = 40;

std::string NameOr(const std::string& name, int number) {
  return name.empty() ? absl::StrFormat("UNKNOWN(%d)", number) : name;
}

std::string Canonical(std::string_view text) {
  std::string word(text);
  for (char& c : word) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return word;
}

std::string AllowedWords(const google::protobuf::EnumDescriptor& words) {
  std::string allowed;
  for (int i = 0; i < words.value_count(); ++i) {
    if (words.value(i)->number() == 0) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += words.value(i)->name();
  }
  return allowed;
}

absl::StatusOr<int> ParseWord(const google::protobuf::EnumDescriptor& words, std::string_view kind,
                              std::string_view text) {
  const auto* value = words.FindValueByName(Canonical(text));
  if (value != nullptr && value->number() != 0) return value->number();
  const std::string shown = absl::CHexEscape(std::string(text.substr(0, kMaxQuotedWordBytes)));
  return InputError("UNKNOWN_WORD", absl::StrFormat("\"%s\" is no %s; allowed are: %s", shown, kind,
                                                    AllowedWords(words)));
}

}  // namespace

std::string_view SideName(Side side) {
  return side == Side::kRequesting ? "REQUESTING" : "REQUESTED";
}
Side OtherSide(Side side) {
  return side == Side::kRequesting ? Side::kRequested : Side::kRequesting;
}

std::string ActName(v1::Act::Code act) { return NameOr(v1::Act::Code_Name(act), act); }
std::string FamilyName(v1::Family::Code family) {
  return NameOr(v1::Family::Code_Name(family), family);
}
std::string UrgencyName(v1::Urgency::Code urgency) {
  return NameOr(v1::Urgency::Code_Name(urgency), urgency);
}
std::string HandlingName(v1::Handling::Code handling) {
  return NameOr(v1::Handling::Code_Name(handling), handling);
}

absl::StatusOr<v1::Act::Code> ParseAct(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(const int number, ParseWord(*v1::Act::Code_descriptor(), "act", text));
  return static_cast<v1::Act::Code>(number);
}
absl::StatusOr<v1::Family::Code> ParseFamily(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(const int number,
                           ParseWord(*v1::Family::Code_descriptor(), "request family", text));
  return static_cast<v1::Family::Code>(number);
}
absl::StatusOr<v1::Urgency::Code> ParseUrgency(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(const int number,
                           ParseWord(*v1::Urgency::Code_descriptor(), "urgency", text));
  return static_cast<v1::Urgency::Code>(number);
}
absl::StatusOr<v1::Handling::Code> ParseHandling(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(const int number,
                           ParseWord(*v1::Handling::Code_descriptor(), "handling code", text));
  return static_cast<v1::Handling::Code>(number);
}

const std::vector<v1::Act::Code>& AllActs() {
  static const auto& acts = *new std::vector<v1::Act::Code>([] {
    std::vector<v1::Act::Code> all;
    for (int n = v1::Act::Code_MIN; n <= v1::Act::Code_MAX; ++n) {
      if (n != 0 && v1::Act::Code_IsValid(n)) all.push_back(static_cast<v1::Act::Code>(n));
    }
    return all;
  }());
  return acts;
}

bool MaySend(Side side, v1::Act::Code act) {
  const auto table = Transitions();
  return std::any_of(table.begin(), table.end(),
                     [&](const Transition& t) { return t.side == side && t.act == act; });
}

bool MaySend(Side side, v1::Act::Code act, v1::Family::Code family) {
  if (!FitsFamily(family, act)) return MaySend(side, act);
  const auto table = Transitions();
  return std::any_of(table.begin(), table.end(), [&](const Transition& t) {
    const bool fits = t.family == v1::Family::UNSPECIFIED || t.family == family;
    return fits && t.side == side && t.act == act;
  });
}

std::vector<v1::Act::Code> ActsOf(Side side) {
  std::vector<v1::Act::Code> acts;
  for (v1::Act::Code act : AllActs()) {
    if (MaySend(side, act)) acts.push_back(act);
  }
  return acts;
}

bool OpensCase(v1::Act::Code act) {
  return act == v1::Act::REQUEST || act == v1::Act::ORAL_REQUEST_NOTE ||
         act == v1::Act::CONDITIONAL_OFFER;
}

}  // namespace palermo::casework
