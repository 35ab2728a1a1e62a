// The sentences of findings by stable key: the rule's id, a point, a word. Pure tables;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_TEXTS_H_
#define PALERMO_NODE_CASEWORK_TEXTS_H_

#include <span>
#include <string_view>

#include "node/casework/finding.h"

namespace palermo::casework {

struct Text {
  std::string_view key;  // "R-AR-01.property"
  Severity severity;
  std::string_view what;  // with {placeholders}
  std::string_view todo;
};

std::span<const Text> Texts();
// The part of them that rules of acts, requests, results and refusals say.
std::span<const Text> ActTexts();
// What rules of the areas' own exchanges and of property say.
std::span<const Text> AreaTexts();
// What rules of joint operations say of target sheets, timetables, force, the media and figures.
std::span<const Text> OperationTexts();
// What rules of the typed parts of an answer say.
std::span<const Text> AnswerTexts();
// Of values that look odd.
std::span<const Text> ValueTexts();
// Null when there is none.
const Text* FindText(std::string_view key);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TEXTS_H_
