// What the forms do not have: fields that stand for one that is needed, and the rest of each group.
#include <google/protobuf/descriptor.h>

#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "node/casework/form_fields.h"
#include "node/casework/needed.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;

bool IsGroup(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

std::string EntryOf(const FieldNeed& need) {
  return need.field->is_repeated() ? need.path + "[0]" : need.path;
}

// The items hold whatever any kind may have, and the desk writes what it computed itself.
bool IsOpenGroup(const FieldNeed& need) {
  return IsGroup(*need.field) && need.path != "request.items" && need.path != "result.items" &&
         need.path != "request.basis";
}

class Rest {
 public:
  void Know(const std::vector<FieldNeed>& listed) {
    for (const FieldNeed& need : listed) known_.insert(need.path);
  }
  // What the groups have besides.
  void Complete(const std::vector<FieldNeed>& listed) {
    for (const FieldNeed& need : listed) {
      if (!IsOpenGroup(need)) continue;
      std::vector<FieldNeed> all;
      AllFields(*need.field->message_type(), EntryOf(need), all);
      for (FieldNeed& one : all) Add(std::move(one));
    }
  }
  bool Add(FieldNeed need) {
    if (!known_.insert(need.path).second) return false;
    fields_.push_back(std::move(need));
    return true;
  }
  const std::vector<FieldNeed>& fields() const { return fields_; }

 private:
  std::set<std::string> known_;
  std::vector<FieldNeed> fields_;
};

// "licence.goods.quantity" as the path of the first item's field.
FieldNeed MemberOf(std::string_view member) {
  FieldNeed need{"request.items[0]", Severity::kNote, "R-GEN-01", "", nullptr, ""};
  const google::protobuf::Descriptor* type = v1::Item::descriptor();
  for (const std::string& name :
       std::vector<std::string>(absl::StrSplit(std::string(member), '.'))) {
    if (need.field != nullptr && need.field->is_repeated()) need.path += "[0]";
    need.field = type->FindFieldByName(name);
    need.path += "." + name;
    type = need.field->message_type();
  }
  return need;
}

}  // namespace

std::vector<FieldNeed> OtherFieldsOfForm(v1::AssistanceType::Code type) {
  const std::vector<FieldNeed> form = FieldsOfForm(type), more = MoreFieldsOfForm(type);
  Rest rest;
  rest.Know(form);
  rest.Know(more);
  std::vector<FieldNeed> instead;
  for (const Needed& needed : NeededMembers()) {
    if (needed.type != type) continue;
    const std::vector<std::string> members = absl::StrSplit(std::string(needed.members), '|');
    for (const std::string& member : members) {
      FieldNeed need = MemberOf(member);
      if (rest.Add(need)) instead.push_back(std::move(need));
    }
  }
  for (const auto* listed : {&form, &more}) rest.Complete(*listed);
  rest.Complete(instead);
  return rest.fields();
}

std::vector<FieldNeed> OtherFieldsOfAnswer(v1::AssistanceType::Code type) {
  const std::vector<FieldNeed> answer = FieldsOfAnswer(type);
  Rest rest;
  rest.Know(answer);
  rest.Complete(answer);
  return rest.fields();
}

}  // namespace palermo::casework
