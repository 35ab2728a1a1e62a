#include "node/casework/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/needed.h"
#include "node/casework/state_machine.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;

std::vector<AssistanceType::Code> AllTypes() {
  std::vector<AssistanceType::Code> types;
  for (int n = 1; n <= AssistanceType::Code_MAX; ++n) {
    if (AssistanceType::Code_IsValid(n)) types.push_back(static_cast<AssistanceType::Code>(n));
  }
  return types;
}

const FieldNeed* NeedOf(const std::vector<FieldNeed>& needs, const std::string& path) {
  const auto found = std::find_if(needs.begin(), needs.end(),
                                  [&](const FieldNeed& need) { return need.path == path; });
  return found == needs.end() ? nullptr : &*found;
}

TEST(Forms, EveryKindOfAssistanceHasOneThatPassesItsOwnCheck) {
  for (AssistanceType::Code type : AllTypes()) {
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    ASSERT_NE(FindForm(type), nullptr);
    const v1::CaseBody body = TemplateForType(type);
    EXPECT_EQ(FindingsText(CheckBody(ContextOfForm(type), body)), "");
    // And as the JSON that it is printed as.
    const auto again = BodyFromJson(BodyToJson(body, true));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->SerializeAsString(), body.SerializeAsString());
  }
  EXPECT_EQ(TypeForms().size(), AllTypes().size());
}

// The fields of every act are those of the format, each once and with its meaning.
TEST(Forms, EveryFieldOfEveryActIsExplained) {
  for (const v1::Act::Code act : AllActs()) {
    if (AsksForAType(act)) continue;
    SCOPED_TRACE(ActName(act));
    EXPECT_EQ(FindingsText(CheckBody(ContextOfExample(act, nullptr), TemplateFor(act))), "");
    std::set<std::string> paths;
    auto needs = FieldsOfAct(act);
    EXPECT_FALSE(needs.empty());
    for (FieldNeed& need : MoreFieldsOfAct(act)) needs.push_back(std::move(need));
    for (const FieldNeed& need : needs) {
      EXPECT_TRUE(paths.insert(need.path).second) << need.path;
      EXPECT_NE(FindField(*need.field), nullptr) << need.path;
    }
    const auto* content = v1::CaseBody::descriptor()->FindFieldByNumber(
        static_cast<int>(TemplateFor(act).content_case()));
    for (int i = 0; i < content->message_type()->field_count(); ++i) {
      const std::string path = content->name() + "." + content->message_type()->field(i)->name();
      EXPECT_TRUE(paths.contains(path)) << path;
    }
    EXPECT_FALSE(paths.contains(content->name()));
    EXPECT_TRUE(paths.contains("overridden[0].reason"));
    for (const ActExample& part : ExamplesOfAct(act)) {
      const auto findings = CheckBody(ContextOfExample(act, &part), ExampleWith(act, part));
      EXPECT_FALSE(Blocks(findings)) << part.body << FindingsText(findings);
    }
  }
}

TEST(Forms, ARuleThatAsksForAFieldOfAnActIsNamed) {
  struct Asked {
    v1::Act::Code act;
    const char* path;
    const char* rule;
  };
  for (const Asked& one : {Asked{v1::Act::REFUSAL, "refusal.ground", "R-REF-21"},
                           {v1::Act::REFUSAL, "refusal.reasons", "R-REF-23"},
                           {v1::Act::REFUSAL, "refusal.law_ref", "R-REF-21"},
                           {v1::Act::REFUSAL, "refusal.constitutional_limit", "R-REF-POL"},
                           {v1::Act::POSTPONEMENT_NOTICE, "statement.ground", "R-PST-01"},
                           {v1::Act::POSTPONEMENT_NOTICE, "statement.until", "R-CLK-PST"},
                           {v1::Act::ACKNOWLEDGEMENT, "acknowledgement.contact", "R-GEN-01"},
                           {v1::Act::EXCULPATORY_NOTICE, "use.why_no_prior", "R-USE-03"}}) {
    auto needs = FieldsOfAct(one.act);
    for (FieldNeed& need : MoreFieldsOfAct(one.act)) needs.push_back(std::move(need));
    const FieldNeed* need = NeedOf(needs, one.path);
    ASSERT_NE(need, nullptr) << one.path;
    EXPECT_EQ(need->rule, one.rule) << one.path;
  }
}

// What most requests lack stands in no form; an officer who needs it finds it, and what it means.
TEST(Forms, FieldsThatOnlySomeRequestsHaveAreExplainedAndPassTheCheck) {
  for (AssistanceType::Code type : AllTypes()) {
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    EXPECT_EQ(FindingsText(CheckBody(ContextOfForm(type), FullTemplateForType(type))), "");
    std::set<std::string> known;
    for (const FieldNeed& need : FieldsOfForm(type)) known.insert(need.path);
    for (const FieldNeed& need : MoreFieldsOfForm(type)) {
      EXPECT_TRUE(known.insert(need.path).second) << need.path;
      EXPECT_NE(FindField(*need.field), nullptr) << need.path;
    }
    EXPECT_EQ(FindForm(type)->bare, MoreFieldsOfForm(type).empty());
  }
  const auto needs = MoreFieldsOfForm(AssistanceType::TAKE_EVIDENCE);
  const FieldNeed* offence = NeedOf(needs, "request.persons[0].separate_offence_ref");
  ASSERT_NE(offence, nullptr);
  EXPECT_EQ(offence->rule, "R-SOM-05");
  EXPECT_EQ(offence->severity, Severity::kError);
  const FieldNeed* agreed = NeedOf(needs, "request.oral.agreed");
  ASSERT_NE(agreed, nullptr);
  EXPECT_EQ(agreed->rule, "R-MLA-14O");
  const FieldNeed* acts = NeedOf(needs, "request.offence[0].tip.acts");
  ASSERT_NE(acts, nullptr);
  EXPECT_EQ(acts->rule, "R-TIP-01");
  EXPECT_NE(NeedOf(needs, "request.items[0].child_measures"), nullptr);
}

void Collect(const google::protobuf::Descriptor* type,
             std::set<const google::protobuf::Descriptor*>& seen);

// No field of a request is known to the code alone.
TEST(Forms, EveryFieldOfARequestStandsInOne) {
  std::set<std::string> shown;
  for (AssistanceType::Code type : AllTypes()) {
    for (const auto& needs : {FieldsOfForm(type), MoreFieldsOfForm(type)}) {
      for (const FieldNeed& need : needs) {
        shown.insert(need.field->containing_type()->name() + "." + need.field->name());
      }
    }
  }
  const std::set<std::string> elsewhere = {"Basis.agreement_ref",
                                           "Basis.alternatives",
                                           "Basis.computed",
                                           "Basis.reciprocity",
                                           "ReferralConsent.withdrawn_at",
                                           "ConsentRecord.withdrawn_at",
                                           "SafeConduct.released_notice_at",
                                           "SafeConduct.left_at",
                                           "SafeConduct.returned_at",
                                           "SafeConduct.could_leave",
                                           "SafeConduct.restricted_at",
                                           "Item.status",
                                           "Request.translation_of_sha256"};
  std::set<const google::protobuf::Descriptor*> types;
  Collect(v1::Request::descriptor(), types);
  for (const auto* type : types) {
    if (type->name() == "BasisAnswer" || type->name() == "Reciprocity") continue;
    for (int i = 0; i < type->field_count(); ++i) {
      const std::string name = type->name() + "." + type->field(i)->name();
      EXPECT_NE(shown.contains(name), elsewhere.contains(name)) << name;
    }
  }
}

TEST(Forms, EveryKindHasAnAnswerThatPassesItsCheck) {
  for (AssistanceType::Code type : AllTypes()) {
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    const v1::CaseBody asked = TemplateForType(type);
    CheckContext context = ContextOfForm(type);
    context.act = v1::Act::FINAL_RESULT;
    context.side = Side::kRequested;
    context.request = &asked.request();
    EXPECT_EQ(FindingsText(CheckBody(context, AnswerForType(type))), "");
  }
}

// Empties "licence.no" of the item; whether it was there.
bool ClearMember(google::protobuf::Message& message, const std::string& path) {
  const size_t dot = path.find('.');
  const auto* field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
  if (field == nullptr) return false;
  const auto* reflection = message.GetReflection();
  if (dot != std::string::npos && field->is_repeated()) {
    bool any = false;
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      any |= ClearMember(*reflection->MutableRepeatedMessage(&message, field, i),
                         path.substr(dot + 1));
    }
    return any;
  }
  if (dot != std::string::npos && !reflection->HasField(message, field)) return false;
  if (dot != std::string::npos) {
    return ClearMember(*reflection->MutableMessage(&message, field), path.substr(dot + 1));
  }
  const bool there = field->is_repeated() ? reflection->FieldSize(message, field) > 0
                                          : reflection->HasField(message, field);
  reflection->ClearField(&message, field);
  return there;
}

TEST(Forms, EveryNeededMemberStandsInTheFormAndItsAbsenceIsTold) {
  for (const Needed& needed : NeededMembers()) {
    SCOPED_TRACE(AssistanceType::Code_Name(needed.type) + " " + std::string(needed.members));
    v1::CaseBody body = TemplateForType(needed.type);
    const std::string field = Cat({"request.items[0].", needed.members});
    const auto told = [&] {
      for (const Finding& f : CheckBody(ContextOfForm(needed.type), body)) {
        if (f.key == "R-GEN-01.needed" && f.field == field) return true;
      }
      return false;
    };
    EXPECT_FALSE(told());
    bool there = false;
    const std::string members = std::string(needed.members) + "|";
    v1::Item& item = *body.mutable_request()->mutable_items(0);
    for (size_t at = 0, bar; (bar = members.find('|', at)) != std::string::npos; at = bar + 1) {
      there |= ClearMember(item, members.substr(at, bar - at));
    }
    EXPECT_TRUE(there);
    EXPECT_TRUE(told());
  }
}

TEST(Forms, EveryFieldOfAFormIsExplained) {
  for (AssistanceType::Code type : AllTypes()) {
    for (const FieldNeed& need : FieldsOfForm(type)) {
      SCOPED_TRACE(AssistanceType::Code_Name(type) + " " + need.path);
      EXPECT_NE(FindField(*need.field), nullptr);
      EXPECT_FALSE(FieldForm(*need.field).empty());
      EXPECT_EQ(need.example.empty(),
                need.field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE);
      EXPECT_EQ(need.severity.has_value(), !need.rule.empty());
    }
  }
}

// What a rule asks for is what the form says; the rule is asked, not a second list.
TEST(Forms, SayWhichFieldsMustBeThere) {
  const auto needs = FieldsOfForm(AssistanceType::PRESERVE_DATA);
  const FieldNeed* data = NeedOf(needs, "request.items[0].data");
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->severity, Severity::kError);
  EXPECT_EQ(data->rule, "R-CYB-01");
  EXPECT_EQ(data->article, "BUD 29(2)");
  EXPECT_EQ(data->example, "\"log files and subscriber data\"");
  const FieldNeed* port = NeedOf(needs, "request.items[0].selectors[0].port");
  ASSERT_NE(port, nullptr);
  EXPECT_EQ(port->severity, Severity::kWarning);
  EXPECT_EQ(port->example, "51234");
  const FieldNeed* notify = NeedOf(needs, "request.items[0].do_not_notify");
  ASSERT_NE(notify, nullptr);
  EXPECT_EQ(notify->severity, Severity::kNote);
  const FieldNeed* days = NeedOf(needs, "request.items[0].period_days");
  ASSERT_NE(days, nullptr);
  EXPECT_EQ(days->severity, Severity::kNote);
}

TEST(Forms, TypesAreFoundByTheirNames) {
  EXPECT_EQ(*ParseAssistance("trace-firearm"), AssistanceType::TRACE_FIREARM);
  EXPECT_EQ(*ParseAssistance("TRACE_FIREARM"), AssistanceType::TRACE_FIREARM);
  EXPECT_EQ(CodeOf(ParseAssistance("UNSPECIFIED").status()), "UNKNOWN_WORD");
  EXPECT_EQ(CodeOf(ParseAssistance("TRACE_BOAT").status()), "UNKNOWN_WORD");
  EXPECT_EQ(TemplateForType(AssistanceType::UNSPECIFIED).content_case(), 0);
}

TEST(Forms, EveryTypeBelongsToAnAreaAndEveryAreaHasPlainWords) {
  std::set<AssistanceType::Code> listed;
  for (const AreaForms& area : Areas()) {
    EXPECT_FALSE(MeaningOf(Vocabulary::kArea, area.area).empty()) << area.area;
    EXPECT_FALSE(area.types.empty());
    listed.insert(area.types.begin(), area.types.end());
  }
  EXPECT_EQ(Areas().size(), 11u);
  for (AssistanceType::Code type : AllTypes()) {
    EXPECT_TRUE(listed.contains(type)) << AssistanceType::Code_Name(type);
  }
}

// --- The words

TEST(Vocabulary, HasEveryCodeOfTheProcedureOnce) {
  std::set<std::pair<Vocabulary, std::string_view>> seen;
  for (const Meaning& meaning : Meanings()) {
    EXPECT_TRUE(seen.insert({meaning.vocabulary, meaning.code}).second) << meaning.code;
    EXPECT_FALSE(meaning.text.empty()) << meaning.code;
  }
  for (const google::protobuf::EnumDescriptor* type :
       {v1::Family::Code_descriptor(), v1::Act::Code_descriptor(), v1::Urgency::Code_descriptor(),
        v1::Handling::Code_descriptor(), v1::Role::Code_descriptor(),
        v1::AssistanceType::Code_descriptor(), v1::ItemOutcome::Code_descriptor(),
        v1::RefusalGround::Code_descriptor(), v1::ConsultTopic::Code_descriptor()}) {
    for (int i = 0; i < type->value_count(); ++i) {
      if (type->value(i)->number() == 0) continue;
      EXPECT_NE(MeaningOf(*type->value(i)), "") << type->value(i)->full_name();
    }
  }
  for (int n = 0; n < kCaseStates; ++n) {
    const auto state = StateFromNumber(n);
    ASSERT_TRUE(state.ok());
    EXPECT_NE(MeaningOf(Vocabulary::kState, StateName(*state)), "") << StateName(*state);
  }
  EXPECT_EQ(MeaningOf(Vocabulary::kState, "NO_STATE"), "");
}

void Collect(const google::protobuf::Descriptor* type,
             std::set<const google::protobuf::Descriptor*>& seen) {
  if (!seen.insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() != nullptr) Collect(type->field(i)->message_type(), seen);
  }
}

TEST(Vocabulary, HasEveryFieldOfABodyOnceAndNoOther) {
  std::set<const google::protobuf::Descriptor*> types;
  Collect(v1::CaseBody::descriptor(), types);
  std::set<std::pair<std::string, std::string>> fields;
  for (const auto* type : types) {
    for (int i = 0; i < type->field_count(); ++i) {
      EXPECT_NE(FindField(*type->field(i)), nullptr)
          << type->field(i)->full_name() << ": add a row to item_fields.cc or body_fields.cc";
      fields.insert({type->name(), type->field(i)->name()});
    }
  }
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const FieldRow& row : FieldRows()) {
    EXPECT_TRUE(seen.insert({row.message, row.field}).second) << row.field;
    EXPECT_TRUE(fields.contains({std::string(row.message), std::string(row.field)})) << row.field;
  }
}

}  // namespace
}  // namespace palermo::casework
