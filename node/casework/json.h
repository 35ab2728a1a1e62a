// CaseBody as JSON, which officers write and read: protobuf's mapping with the field names of
// casebody.proto. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_JSON_H_
#define PALERMO_NODE_CASEWORK_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "node/casework/acts.h"
#include "node/casework/finding.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// Failure: BAD_JSON for a text that is not JSON, nests too deep, has an unknown field (the text
// names it) or an unknown word; BODY_TOO_LARGE beyond limits::kMaxRequestFileBytes. The contents
// are CheckBody's matter.
absl::StatusOr<v1::CaseBody> BodyFromJson(const std::string& json);
// Where in the text an error stands: "request.items[0].type"; "" when it does not say.
absl::Status AtField(absl::Status status, std::string_view field);
std::string FieldOf(const absl::Status& status);
// The sentence of texts.h that says it, for officers of every language. REQUIRES: it has the key.
absl::Status SaidBy(absl::Status status, std::string_view key, const TextArgs& args = {});
// That sentence as a finding, with the field; without a key where the status has none.
Finding FindingOf(const absl::Status& status);
// BODY_TOO_LARGE.
absl::Status TooLarge(size_t bytes, size_t most);
// What a program's parser said besides, in its own words; "" when nothing. Beside the sentence of
// FindingOf, in whatever language that is told.
absl::Status WithDetail(absl::Status status, std::string_view detail);
std::string DetailOf(const absl::Status& status);
// Where and why a text is no JSON, from protobuf's words: those quote the text around the place,
// and so perhaps a person, which is left out here. Line 0: not known.
struct JsonFault {
  std::string words;
  size_t line = 0, column = 0;
};
JsonFault FaultOf(const std::string& json, const std::string& parser_words);
// The finding `key` with line, column and the parser's words: "R-GEN-01.no_json".
absl::Status AtFault(absl::Status status, const JsonFault& fault, std::string_view key);
// Of a text that is JSON, and none of a message of this type: the same status with the sentence, by
// what is wrong (a field, the form of a value, a word), and with its place.
absl::Status SaidByKind(absl::Status status, const std::string& json,
                        const google::protobuf::Descriptor& type);
// More brackets in each other than any body has, and than a parser takes.
bool NestsTooDeep(std::string_view json);
// Some editors begin a file with one; no JSON does.
bool HasByteOrderMark(std::string_view text);
// Fields at their default are left out. `pretty`: indented, with a newline at the end.
std::string BodyToJson(const v1::CaseBody& body, bool pretty);

// A body to start from, in which every text is an example to be replaced: fictional, and between
// exercise states. CheckBody finds nothing in it. For UNSPECIFIED an empty body.
v1::CaseBody TemplateFor(v1::Act::Code act);
// The same for a family: a request of what the family is for, and a result that answers it.
struct FamilyExample {
  v1::CaseBody body;
  std::string legal_basis;  // "UNTOC 16"
};
// UNSPECIFIED as the type: the family's first example. Failure: NO_EXAMPLE names those that exist.
absl::StatusOr<FamilyExample> ExampleFor(v1::Act::Code act, v1::Family::Code family,
                                         v1::AssistanceType::Code type);
std::string TemplateJson(v1::Act::Code act);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_JSON_H_
