// What an event says under one of several names; inside the room only.
#ifndef PALERMO_NODE_CASEWORK_CASES_EVENT_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_EVENT_WORDS_H_

#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/cases/forms.h"
#include "node/casework/import.h"

namespace palermo::casework {

// The first text under one of `names`; "" for none.
inline std::string FirstOf(const google::protobuf::Struct& object,
                           std::initializer_list<const char*> names) {
  for (const char* name : names) {
    std::string text = AnyText(object, name);
    if (!text.empty()) return text;
  }
  return "";
}

inline bool SaysOneOf(const google::protobuf::Struct& object,
                      std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return SaysYes(Member(object, name)); });
}

inline bool Contains(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// Puts findings behind those that are there.
inline void Append(std::vector<Finding> from, std::vector<Finding>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// An extract of a record may hold more than the record; that is no finding.
inline void ImportKnown(const google::protobuf::Struct& from, google::protobuf::Message& out) {
  std::vector<Finding> ignored;
  ImportJson(from, "", out, ignored);
}

// The number under `name`; 0 for none.
inline double NumberOf(const google::protobuf::Struct& object, const std::string& name) {
  const google::protobuf::Value* value = Member(object, name);
  return value == nullptr ? 0 : value->number_value();
}

// Texts under `name`: one alone, or a list of them.
inline std::vector<std::string> OneOrMore(const google::protobuf::Struct& object,
                                          const std::string& name) {
  std::vector<std::string> texts = TextsOf(object, name);
  const std::string one = TextOf(object, name);
  if (!one.empty()) texts.push_back(one);
  return texts;
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_EVENT_WORDS_H_
