// The fields in which two messages of a document differ, for people who are to sign the later one:
// nothing that changes is left out. Ids and short keys in full, long keys by their SHA-256.
#ifndef PALERMO_NODE_DESK_FIELD_CHANGES_H_
#define PALERMO_NODE_DESK_FIELD_CHANGES_H_

#include <string>
#include <vector>

#include <google/protobuf/message.h>

namespace palermo::desk {

// "person: p-6, not p-5"; "roles: comes AUDITOR". Empty when nothing differs.
std::vector<std::string> FieldChanges(const google::protobuf::Message& before,
                                      const google::protobuf::Message& after);
// "person p-6, roles DRAFTER, ...": every field that is set, but the one named "id".
std::string FieldsText(const google::protobuf::Message& message);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_FIELD_CHANGES_H_
