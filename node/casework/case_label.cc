#include "node/casework/case_label.h"

#include <algorithm>
#include <set>

#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

constexpr size_t kShortestName = 3;  // letters of a part of a name that are looked for

// The words of a folded text.
std::set<std::string> NameParts(const std::string& folded) {
  std::set<std::string> words;
  std::string word;
  for (const char c : folded + " ") {
    const bool letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      word += c;
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  return words;
}

// A list lies open on a desk: who is sealed, or named at all, is read in the case.
bool TellsWho(const std::string& text, const v1::Request& request) {
  if (IsOnlyAName(text) || TellsAName(text)) return true;
  const std::set<std::string> said = NameParts(Folded(text));
  return std::any_of(request.persons().begin(), request.persons().end(), [&](const v1::Person& p) {
    const std::set<std::string> names = NameParts(Folded(p.name()));
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name.size() >= kShortestName && said.contains(name);
    });
  });
}

std::string KindsOf(const v1::Request& request) {
  std::string kinds;
  std::set<int> seen;
  for (const v1::Item& item : request.items()) {
    if (!v1::AssistanceType::Code_IsValid(item.type()) || !seen.insert(item.type()).second)
      continue;
    if (!kinds.empty()) kinds += ", ";
    kinds += v1::AssistanceType::Code_Name(item.type());
  }
  return kinds;
}

std::string SubjectOf(const v1::Request& request) {
  const v1::Proceeding& proceeding = request.proceeding();
  const std::string label = request.offence().empty() ? "" : request.offence(0).label();
  for (const std::string* text : {&proceeding.subject_matter(), &proceeding.nature(), &label}) {
    if (!IsBlank(*text) && !TellsWho(*text, request)) return *text;
  }
  return KindsOf(request);
}

}  // namespace

CaseLabel LabelOf(const std::vector<OpenedAct>& acts, Side own_side) {
  std::string asking, asked;
  CaseLabel label;
  for (const OpenedAct& act : acts) {
    if (act.body == nullptr) continue;
    if (act.body->has_acknowledgement()) asked = act.body->acknowledgement().national_ref();
    if (!act.body->has_request()) continue;
    const v1::Request& request = act.body->request();
    asking = request.national_ref().empty() ? request.proceeding().national_ref()
                                            : request.national_ref();
    label.area = std::string(CanonicalArea(request.area()));
    label.subject = SubjectOf(request);
  }
  const bool ours = own_side == Side::kRequesting;
  label.reference = ours ? asking : asked;
  label.their_reference = ours ? asked : asking;
  return label;
}

}  // namespace palermo::casework
