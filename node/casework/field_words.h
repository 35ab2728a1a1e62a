// Closed lists: the words that one field of a body takes. The rules refuse others, and people are
// shown the list. Pure tables; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FIELD_WORDS_H_
#define PALERMO_NODE_CASEWORK_FIELD_WORDS_H_

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

struct FieldWords {
  std::string_view message;  // "Person"
  std::string_view field;    // "roles"
  std::span<const std::string_view> words;
};
std::span<const FieldWords> ClosedFields();

// Null when any text may stand there.
const FieldWords* FindWords(std::string_view message, std::string_view field);
// Whether `word` is in the list of the field; an empty word says nothing and is. REQUIRES: the
// field has a list.
bool IsWordOf(std::string_view message, std::string_view field, std::string_view word);
// What a field takes: its closed list, or the names of its enum without the zero; empty for text.
std::vector<std::string> WordsFor(const google::protobuf::FieldDescriptor& field);
// The fields of a body that a person means by "roles", "Person.roles" or a path such as
// "request.persons[0].roles"; with words only.
std::vector<const google::protobuf::FieldDescriptor*> FieldsNamed(std::string_view name);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FIELD_WORDS_H_
