// How the examples of the forms are read, and what is asked of the rules about their fields. Inside
// the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FORM_FIELDS_H_
#define PALERMO_NODE_CASEWORK_FORM_FIELDS_H_

#include <google/protobuf/message.h>

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/forms.h"

namespace palermo::casework {

// Adds the members that the JSON has; <hash>, <property>, <vessel> and the like stand for groups
// that several forms share.
void MergeFormJson(std::string_view json, google::protobuf::Message& out);
// What rules say without each field of a body in which they find nothing, a group before its
// fields.
// Those whose paths are `known` are left out.
std::vector<FieldNeed> FieldNeedsOf(const v1::CaseBody& body, const CheckContext& context,
                                    const std::set<std::string>& known = {});

// Adds every field below `message` at `path`, with the groups; none asks a rule.
void AllFields(const google::protobuf::Descriptor& message, const std::string& path,
               std::vector<FieldNeed>& out);

// What stands in a form in place of what every request has, JSON: of a family, of a type, of an
// area, of a type in an area.
struct FamilyMatter {
  v1::Family::Code family;
  std::string_view request;
};
struct AreaMatter {
  std::string_view area;  // as Areas() names it
  std::string_view request;
};
struct FormMatter {
  v1::AssistanceType::Code type;
  std::string_view area;  // "": in every area
  std::string_view request;
  std::string_view item = "";
  std::string_view without = "";  // a member of the item that it has not
  bool nobody = false;            // it accuses nobody: no person stands in it
};
std::span<const FamilyMatter> FamilyMatters();
std::span<const FormMatter> FormMatters();
std::span<const AreaMatter> AreaMatters();
std::span<const FormMatter> TypeInAreaMatters();

// The result that answers a form.
struct FormAnswer {
  v1::AssistanceType::Code type;
  std::string_view item;  // members of the item's result, JSON
};
// Those whose answers have typed parts of answers.proto.
std::span<const FormAnswer> MoreAnswers();
// Of hearings, searches, surrender, transfers, techniques and leads.
std::span<const FormAnswer> CourseAnswers();

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FORM_FIELDS_H_
