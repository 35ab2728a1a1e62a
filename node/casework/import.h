// JSON of another origin into a typed message, by name and tolerant of what it does not know: each
// difference is a finding with its path, never a failure. What a desk writes goes through json.h,
// which is strict. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_IMPORT_H_
#define PALERMO_NODE_CASEWORK_IMPORT_H_

#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// Failure: BAD_JSON, BODY_TOO_LARGE (limits::kMaxCaseFileBytes).
absl::StatusOr<google::protobuf::Value> ParseJson(const std::string& text);

// Fills `out`. null is absence; a text where a message is wanted becomes its first text field, a
// single value where a list is wanted a list of one. R-GEN-01: unknown field (note), unknown word,
// value of the wrong form (error).
void ImportJson(const google::protobuf::Struct& from, const std::string& path,
                google::protobuf::Message& out, std::vector<Finding>& findings);

// --- Reading a Value
const google::protobuf::Value* Member(const google::protobuf::Struct& object,
                                      const std::string& name);
// "" when it is missing or no text.
std::string TextOf(const google::protobuf::Struct& object, const std::string& name);
std::vector<std::string> TextsOf(const google::protobuf::Struct& object, const std::string& name);
const google::protobuf::Struct* ObjectOf(const google::protobuf::Struct& object,
                                         const std::string& name);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_IMPORT_H_
