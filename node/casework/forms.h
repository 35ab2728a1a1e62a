// The forms that an officer fills in: for each kind of assistance a request with every field that
// it usually has, filled with fictional examples. What must be there is not written down a second
// time: it is asked from the rules, by taking the field away. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FORMS_H_
#define PALERMO_NODE_CASEWORK_FORMS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

struct TypeForm {
  v1::AssistanceType::Code type;
  v1::Family::Code family;   // the usual one
  std::string_view item;     // members of the item, JSON
  std::string_view request;  // members of the request besides those of every request, JSON
  bool bare = false;         // the request has these members and no other
};
std::span<const TypeForm> TypeForms();
// The parts of the table.
std::span<const TypeForm> AssistanceForms();
std::span<const TypeForm> AreaTypeForms();
// Null for UNSPECIFIED.
const TypeForm* FindForm(v1::AssistanceType::Code type);
// TAKE_EVIDENCE, take-evidence. Failure: UNKNOWN_WORD.
absl::StatusOr<v1::AssistanceType::Code> ParseAssistance(std::string_view text);

// A request for one item of this type; with an area (of Areas()) one about a crime of it. CheckBody
// finds nothing in it under ContextOfForm.
v1::CaseBody TemplateForType(v1::AssistanceType::Code type, std::string_view area = "");
// Whether the form of this type is another one where it is begun for this area.
bool FormIsOfArea(v1::AssistanceType::Code type, std::string_view area);
// The result of such a request, with the answer that its type has. CheckBody finds nothing in it.
v1::CaseBody AnswerForType(v1::AssistanceType::Code type);
CheckContext ContextOfForm(v1::AssistanceType::Code type);

// What rules say when a field is missing.
struct FieldNeed {
  std::string path;                  // "request.items[0].custodian"
  std::optional<Severity> severity;  // the strongest finding without it; none: it may be left out
  std::string rule;                  // of that finding
  std::string article;
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string example;  // as JSON; "" for a group of fields
};
// Of each field that the template has, a group before its fields.
std::vector<FieldNeed> FieldsOfForm(v1::AssistanceType::Code type);

// Of each field of the result that answers it.
std::vector<FieldNeed> FieldsOfAnswer(v1::AssistanceType::Code type);

// What some requests have besides, and most have not: a deadline, a translation, a child among the
// persons. Each with an example; none is in TemplateForType.
std::vector<FieldNeed> MoreFieldsOfForm(v1::AssistanceType::Code type);
// TemplateForType with these fields too, but for an oral request, which no ROUTINE one is.
// CheckBody finds nothing in it.
v1::CaseBody FullTemplateForType(v1::AssistanceType::Code type, std::string_view area = "");

// The rest that a request or its answer can have: fields that stand for one that an authority
// usually needs (a note), and what the groups of the form have besides (nothing asks for it).
std::vector<FieldNeed> OtherFieldsOfForm(v1::AssistanceType::Code type);
std::vector<FieldNeed> OtherFieldsOfAnswer(v1::AssistanceType::Code type);

// The bodies of the acts that answer or go on. Their fields are asked from the rules likewise.

// Whether what such an act carries depends on the kind of assistance: a request, its result.
bool AsksForAType(v1::Act::Code act);
// Of each field that the example of the act has (TemplateFor).
std::vector<FieldNeed> FieldsOfAct(v1::Act::Code act);
// Every other field that the body can have; those that rules ask for under a condition with an
// example that meets it. One without rule and example: nothing asks for it in this act.
std::vector<FieldNeed> MoreFieldsOfAct(v1::Act::Code act);
// What some bodies of the act have besides its example, and what the case asks for then.
struct ActExample {
  std::string_view body;  // JSON
  v1::Request request;
};
std::vector<ActExample> ExamplesOfAct(v1::Act::Code act);
v1::CaseBody ExampleWith(v1::Act::Code act, const ActExample& part);
// CheckBody finds nothing under it in TemplateFor(act) (null), and no error in ExampleWith(act,
// *part).
// `part` must outlive the answer.
CheckContext ContextOfExample(v1::Act::Code act, const ActExample* part);

// The ten areas of crime, and what is asked for in each.
struct AreaForms {
  std::string_view area;  // "FIREARMS"; "ANY" is the last
  std::vector<v1::AssistanceType::Code> types;
};
const std::vector<AreaForms>& Areas();
// FIREARMS, firearms: the area's name in Areas(), never ANY. Failure: UNKNOWN_WORD.
absl::StatusOr<std::string_view> ParseArea(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FORMS_H_
