// Text as such: direction controls, look-alike letters, size, leaks of sealed identities, and what
// an item usually needs.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "base/limits.h"
#include "node/casework/leak_scan.h"
#include "node/casework/name_check.h"
#include "node/casework/needed.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {

void ForTexts(const google::protobuf::Message& message, const std::string& path,
              const TextVisit& visit) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const std::string at = path.empty() ? field->name() : path + "." + field->name();
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string here = field->is_repeated() ? At(at, i) : at;
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        ForTexts(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                      : reflection->GetMessage(message, field),
                 here, visit);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        visit(here, field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                         : reflection->GetString(message, field));
      }
    }
  }
}

bool IsNameField(std::string_view path) {
  std::string_view member = path.substr(path.rfind('.') + 1);
  member = member.substr(0, member.find('['));
  return OneOf(member,
               {"name", "holder", "ref", "exporter", "importer", "final_recipient", "guardian",
                "previous_names", "requesting_authority", "custodian", "provider", "email"});
}

bool IsAddressField(std::string_view path, std::string_view text) {
  return path.find("selectors[") != std::string_view::npos && path.ends_with(".value") &&
         text.find('@') != std::string_view::npos;
}

namespace {

// --- Direction and look-alikes

bool IsOverride(char32_t c) { return c == 0x202D || c == 0x202E; }

// An override; or an embedding or isolate that is not closed, so that it reaches into what a screen
// shows behind the text. Closed ones are in many a text that was copied from an editor.
bool TurnsDirection(std::string_view text) {
  std::vector<int> embedded = {0};  // of each open isolate, the text itself first
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    if (IsOverride(c)) return true;
    if (c == '\n' || c == 0x2029) {
      embedded = {0};  // the end of a paragraph closes all
    } else if (c == 0x202A || c == 0x202B) {
      ++embedded.back();
    } else if (c == 0x202C && embedded.back() > 0) {
      --embedded.back();
    } else if (c >= 0x2066 && c <= 0x2068) {
      embedded.push_back(0);
    } else if (c == 0x2069 && embedded.size() > 1) {
      embedded.pop_back();  // with what is open inside it
    }
  }
  return embedded.size() > 1 || embedded.back() > 0;
}

bool IsIdentityField(std::string_view path) {
  const std::string_view member = path.substr(path.rfind('.') + 1);
  return OneOf(member, {"name", "date_of_birth", "phone", "document_number", "address"});
}

bool IsPlain(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
}

// The first bytes of what CheckScript looks for: look-alike scripts, direction, hidden characters.
constexpr std::array<bool, 256> kLeads = [] {
  std::array<bool, 256> leads = {};
  for (int lead : {0xC2, 0xCD, 0xCE, 0xCF, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD8, 0xE1,
                   0xE2, 0xE3, 0xEF, 0xF0, 0xF3}) {
    leads[lead] = true;
  }
  return leads;
}();

// Serialised text keeps its bytes: one fast pass says whether a closer look is needed.
bool LooksPlain(const v1::CaseBody& body) {
  thread_local std::string bytes;
  body.SerializeToString(&bytes);
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    // Eight bytes of plain text at a time.
    uint64_t eight = 0;
    while (i + sizeof eight < bytes.size()) {
      std::memcpy(&eight, bytes.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080) != 0) break;
      i += sizeof eight;
    }
    // A lead byte of text is followed by a continuation; lengths and tags mostly are not.
    if (kLeads[static_cast<uint8_t>(bytes[i])] && (bytes[i + 1] & 0xC0) == 0x80) return false;
  }
  return true;
}

void CheckScript(const RuleInput& in, Report& report) {
  if (LooksPlain(in.body)) return;
  ForTexts(in.body, "", [&](const std::string& path, const std::string& text) {
    // A name of which nothing is seen is missing: that is another rule's matter.
    if (IsPlain(text) || IsBlank(text)) return;
    const bool name = IsNameField(path) || IsAddressField(path, text);
    const Wide wide = name ? WidenedLetters(text) : Wide::kNone;
    if (TurnsDirection(text) || (name && HidesInName(text, IsOfficeField(path)))) {
      report.Say("R-GEN-01.bidi", path);
    } else if (wide == Wide::kMixed || (name && MixesScripts(text))) {
      report.Say("R-GEN-01.homograph", path);
    } else if (wide == Wide::kWhole) {
      report.Say("R-GEN-01.wide", path);
    }
  });
}

void CheckSize(const RuleInput& in, Report& report) {
  // CheckScript has just serialised the body, which keeps its size.
  if (in.body.GetCachedSize() <= static_cast<int>(limits::kMaxBodyTextBytes)) return;
  ForTexts(in.body, "", [&](const std::string& path, const std::string& text) {
    if (text.size() > limits::kMaxBodyTextBytes) report.Say("R-GEN-01.size", path);
  });
}

// --- Leaks

// A suspect may bear the same name, have the same date of birth (1 January, where the day is not
// known) or live at the same place as somebody sealed. Who has both the name and the date is that
// person, and no number is shared by chance.
bool IsByChance(const v1::Person& suspect, std::string_view path, const LeakScanner& sealed) {
  if (path.ends_with(".date_of_birth")) return !sealed.Leaks(suspect.name());
  return path.ends_with(".name") || path.ends_with(".address") || path.ends_with(".location");
}

// The fields of a protected person are R-SEAL-01's matter.
bool IsOthersMatter(const v1::Request& request, std::string_view path, const LeakScanner& sealed) {
  constexpr std::string_view kPersons = "request.persons[";
  int index = 0;
  const size_t end = path.find(']');
  if (!path.starts_with(kPersons) ||
      !absl::SimpleAtoi(std::string(path.substr(kPersons.size(), end - kPersons.size())), &index) ||
      index >= request.persons_size()) {
    return false;
  }
  const v1::Person& person = request.persons(index);
  if (IsProtected(person)) return IsIdentityField(path);
  return IsSuspect(person) && IsByChance(person, path, sealed);
}

// Whether a document is genuine cannot be asked without what stands in it: its number and its
// machine-readable lines may tell of their holder, and of nobody else.
bool IsTheQuestion(const v1::Request& request, std::string_view path, const std::string& text,
                   const LeakScanner& sealed) {
  constexpr std::string_view kItems = "request.items[";
  int index = 0;
  const size_t end = path.find(']');
  if (!path.starts_with(kItems) ||
      !absl::SimpleAtoi(std::string(path.substr(kItems.size(), end - kItems.size())), &index) ||
      index >= request.items_size()) {
    return false;
  }
  const v1::Item& item = request.items(index);
  const std::string_view member = path.substr(end + 1);
  if (item.type() != v1::AssistanceType::VERIFY_DOCUMENT ||
      !(member == ".document_number" || member.starts_with(".mrz["))) {
    return false;
  }
  const std::string& holder = item.person_ref().empty() ? item.person() : item.person_ref();
  std::set<std::string> refs;
  for (const Leak& leak : sealed.Find(text)) refs.insert(RefKey(sealed.tokens()[leak.token].ref));
  return refs.size() == 1 && (holder.empty() || HasRef(refs, holder));
}

// The names of those who ask and conduct; who is somebody's guardian or partner is none of them.
bool NamesAnOffice(std::string_view path) {
  return path.ends_with("conducting_authority.name") || path.ends_with("contact.name") ||
         path.ends_with("requesting_authority");
}

void CheckLeaks(const RuleInput& in, Report& report) {
  const LeakScanner* sealed = in.context.sealed_identities;
  if (sealed == nullptr || sealed->empty()) return;
  std::vector<std::pair<std::string, std::string>> offices;  // field, word
  ForTexts(in.body, "", [&](const std::string& path, const std::string& text) {
    if (IsOthersMatter(in.body.request(), path, *sealed)) return;
    const std::vector<Leak> leaks = sealed->Find(text);
    if (leaks.empty() || IsTheQuestion(in.body.request(), path, text, *sealed)) return;
    // A town may be called as somebody is, and an officer, too: there are no other words for them.
    if (NamesAnOffice(path) && leaks.size() == 1 && leaks[0].part) {
      offices.emplace_back(path,
                           std::string(text.substr(leaks[0].begin, leaks[0].end - leaks[0].begin)));
    } else {
      report.Say("R-SEAL-02.leak", path);
    }
  });
  // Two words of names in several offices are no chance any more.
  std::set<std::string> words;
  for (const auto& [path, word] : offices) words.insert(Folded(word));
  for (const auto& [path, word] : offices) {
    report.Say(words.size() == 1 ? "R-SEAL-02.office" : "R-SEAL-02.leak", path);
  }
}

// The officer looks for what the desk cannot.
void CheckShort(const RuleInput& in, Report& report) {
  const LeakScanner* sealed = in.context.sealed_identities;
  if (sealed == nullptr || sealed->Ignored().empty()) return;
  report.Say("R-SEAL-02.short", "compartments",
             {{"count", std::to_string(sealed->Ignored().size())}});
}

void CheckNeeded(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    for (std::string_view member : MissingOf(r->items(i))) {
      report.Say("R-GEN-01.needed", At("request.items", i, member));
    }
  }
}

constexpr Rule kTextRules[] = {
    {{"R-GEN-01", "E/I", "",
      "a text overrides or does not close the direction of writing; a name hides characters or "
      "mixes scripts (I: a name in full-width, circled or other dressed letters)"},
     CheckScript},
    {{"R-GEN-01", "E", "", "a text is longer than a body takes"}, CheckSize},
    {{"R-SEAL-02", "E/I", "TIP 6(1)",
      "a word of a sealed identity stands in clear text (I: one word in the name of an office)"},
     CheckLeaks},
    {{"R-SEAL-02", "I", "TIP 6(1)", "a part of a sealed identity is too short to be looked for"},
     CheckShort},
    {{"R-GEN-01", "I", "", "an item lacks what an authority usually needs for its type"},
     CheckNeeded},
};

}  // namespace

std::span<const Rule> TextRules() { return kTextRules; }

}  // namespace palermo::casework
