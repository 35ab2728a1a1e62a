#include "node/casework/cases/answers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/plain_records.h"
#include "node/casework/cases/records.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

// Who says it to whom, when, about what: no part of what an answer discloses.
bool IsFrame(const std::string& name) {
  return OneOf(name, {"type",
                      "object",
                      "record",
                      "item",
                      "items",
                      "by",
                      "from",
                      "to",
                      "at",
                      "rq",
                      "rd",
                      "ref",
                      "national_ref",
                      "signed_by",
                      "state",
                      "of",
                      "answered_at",
                      "answered_by",
                      "release_states",
                      "handling",
                      "restrictions",
                      "language",
                      "signature",
                      "commercial_confidential",
                      "note",
                      "notes",
                      "remark",
                      "remarks",
                      "id",
                      "answer_ref",
                      "urgency",
                      "channel",
                      "created_at",
                      "keep_until",
                      "retention",
                      "reason"});
}

void JudgeAnswer(const Value& answer, const std::vector<std::string>& own, const std::string& at,
                 std::vector<Finding>& findings) {
  std::vector<std::string> members;
  if (answer.has_struct_value()) {
    members = DisclosedIn(answer.struct_value(), own);
  } else {
    for (const Value& each : answer.list_value().values()) members.push_back(each.string_value());
  }
  for (Finding& finding : CheckAnswer(members)) {
    finding.field = at;
    findings.push_back(std::move(finding));
  }
}

// "doc_answer", "nationality_answer": by the words of the question's name.
bool Answers(const std::string& name, const std::string& question) {
  const size_t end = name.find("_answer");
  return end != std::string::npos && end > 0 && question.rfind(name.substr(0, end), 0) == 0;
}

// Questions alone stand in the case: what is called an answer is theirs.
bool AllAreQuestions(const Struct& records) {
  return std::all_of(records.fields().begin(), records.fields().end(), [](const auto& entry) {
    const Struct& record = entry.second.struct_value();
    return TypeOfRecord(record) == AssistanceType::UNSPECIFIED || IsQuestionRecord(record);
  });
}

}  // namespace

bool IsQuestionRecord(const Struct& record) {
  const auto type = TypeOfRecord(record);
  return type == AssistanceType::VERIFY_DOCUMENT || type == AssistanceType::VERIFY_NATIONALITY ||
         type == AssistanceType::VERIFY_LICENCE || type == AssistanceType::VERIFY_CITES_PERMIT;
}

void AddAnswerWords(const Struct* question, std::vector<std::string>& own) {
  if (question == nullptr || TypeOfRecord(*question) != AssistanceType::VERIFY_NATIONALITY) return;
  own.insert(own.end(), {"nationality", "national", "is_national", "residence",
                         "permanent_residence", "document_reissue"});
}

std::vector<std::string> DisclosedIn(const Struct& answer, const std::vector<std::string>& own) {
  std::vector<std::string> members;
  for (const auto& [name, value] : answer.fields()) {
    const bool list = OneOf(name, {"fields", "disclosed", "discloses", "disclosed_fields",
                                   "members", "includes", "answer", "content"}) ||
                      name.rfind("extra", 0) == 0 || name.rfind("additional", 0) == 0;
    const bool frame = IsFrame(name) || std::find(own.begin(), own.end(), name) != own.end();
    if (!list && !frame && SaysYes(&value)) members.push_back(name);
    if (!list) continue;
    for (const Value& each : value.list_value().values()) members.push_back(each.string_value());
    for (const auto& [member, inner] : value.struct_value().fields()) {
      if (!IsFrame(member)) members.push_back(member);
    }
  }
  std::erase_if(members, [&](const std::string& member) {
    return std::find(own.begin(), own.end(), member) != own.end();
  });
  return members;
}

void JudgeWrittenAnswers(const Struct& records, std::vector<Finding>& findings) {
  std::vector<std::string> questions;
  for (const auto& [name, record] : records.fields()) {
    if (IsQuestionRecord(record.struct_value())) questions.push_back(name);
  }
  // A licence is confirmed by what stands in it; a document by yes or no.
  std::vector<std::string> own = questions;
  const bool licences =
      std::all_of(questions.begin(), questions.end(), [&](const std::string& question) {
        return TypeOfRecord(records.fields().at(question).struct_value()) ==
               AssistanceType::VERIFY_LICENCE;
      });
  if (licences) own.insert(own.end(), LicenceWords().begin(), LicenceWords().end());
  for (const std::string& question : questions) {
    const Struct& record = records.fields().at(question).struct_value();
    for (const char* member : {"answer", "answer_fields", "reply", "disclosed_fields"}) {
      const Value* answer = Member(record, member);
      if (answer != nullptr) {
        JudgeAnswer(*answer, own, "records." + question + "." + member, findings);
      }
    }
  }
  const bool alone = !questions.empty() && AllAreQuestions(records);
  for (const auto& entry : records.fields()) {
    const std::string& name = entry.first;
    const std::string of = TextOf(entry.second.struct_value(), "of");
    const std::string object = TextOf(entry.second.struct_value(), "object");
    const bool named = std::any_of(questions.begin(), questions.end(), [&](const std::string& q) {
      return Answers(name, q) || q == of || q == object;
    });
    const bool called = OneOf(name, {"answer", "answers", "reply", "replies"});
    if ((called && (named || alone)) || (named && name.find("answer") != std::string::npos)) {
      JudgeAnswer(entry.second, own, "records." + name, findings);
    }
  }
}

}  // namespace palermo::casework
