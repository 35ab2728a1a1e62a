// `case fields` tells of every field that the rules ask for, and of every list of words.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "node/casework/acts.h"
#include "node/casework/field_words.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/needed.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;

// What one page of `case fields` shows.
struct Page {
  std::set<std::string> paths;  // "request.items.licence.no": lists are not marked
  std::set<std::pair<std::string, std::string>> fields;  // message and field

  void Take(const std::vector<FieldNeed>& needs) {
    for (const FieldNeed& need : needs) {
      EXPECT_TRUE(paths.insert(absl::StrReplaceAll(need.path, {{"[0]", ""}})).second) << need.path;
      fields.insert({need.field->containing_type()->name(), need.field->name()});
    }
  }
};
Page PageOf(v1::AssistanceType::Code type) {
  Page page;
  for (const auto& needs : {FieldsOfForm(type), MoreFieldsOfForm(type), OtherFieldsOfForm(type),
                            FieldsOfAnswer(type), OtherFieldsOfAnswer(type)}) {
    page.Take(needs);
  }
  return page;
}

TEST(ShownFields, HaveEveryMemberThatAKindNeeds) {
  for (const TypeForm& form : TypeForms()) {
    const Page page = PageOf(form.type);
    for (const Needed& needed : NeededMembers()) {
      if (needed.type != form.type) continue;
      for (const std::string& member :
           std::vector<std::string>(absl::StrSplit(std::string(needed.members), '|'))) {
        EXPECT_TRUE(page.paths.contains("request.items." + member))
            << v1::AssistanceType::Code_Name(form.type) << " " << member;
      }
    }
    if (form.bare) continue;
    for (std::string_view member : BaseMembers()) {
      EXPECT_TRUE(page.paths.contains("request." + std::string(member))) << member;
    }
  }
}

void ReachFrom(const Descriptor* type, std::set<std::string>& seen) {
  if (!seen.insert(type->name()).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() != nullptr) ReachFrom(type->field(i)->message_type(), seen);
  }
}

// Reports of intelligence and records of joint operations have commands of their own.
TEST(ShownFields, HaveEveryFieldWithAListOfWords) {
  std::set<std::pair<std::string, std::string>> shown;
  std::set<std::string> messages;
  for (const TypeForm& form : TypeForms()) {
    const Page page = PageOf(form.type);
    shown.insert(page.fields.begin(), page.fields.end());
  }
  for (v1::Act::Code act : AllActs()) {
    const v1::CaseBody body = TemplateFor(act);
    ReachFrom(v1::CaseBody::descriptor()->FindFieldByNumber(body.content_case())->message_type(),
              messages);
    if (AsksForAType(act)) continue;
    for (const auto& needs : {FieldsOfAct(act), MoreFieldsOfAct(act)}) {
      for (const FieldNeed& need : needs) {
        shown.insert({need.field->containing_type()->name(), need.field->name()});
      }
    }
  }
  size_t compared = 0;
  for (const FieldWords& list : ClosedFields()) {
    if (!messages.contains(std::string(list.message))) continue;
    ++compared;
    EXPECT_TRUE(shown.contains({std::string(list.message), std::string(list.field)}))
        << list.message << "." << list.field;
  }
  EXPECT_GT(compared, 60u);
}

// Nothing is told twice, and a field that only stands for another one is no must.
TEST(ShownFields, ThatStandForAnotherOneAreANote) {
  const auto other = OtherFieldsOfForm(v1::AssistanceType::BANK_TRANSACTIONS);
  bool property = false;
  for (const FieldNeed& need : other) {
    if (need.path != "request.items[0].property") continue;
    property = true;
    EXPECT_EQ(need.severity, Severity::kNote);
    EXPECT_EQ(need.rule, "R-GEN-01");
  }
  EXPECT_TRUE(property);
}

}  // namespace
}  // namespace palermo::casework
