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
                      "commercial_confidential"});
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

bool IsTrace(const Struct& record) { return TypeOfRecord(record) == AssistanceType::TRACE_FIREARM; }

// The trace that `object` names, else the first that says what it wants, else the first; null for
// none.
const Struct* TraceOf(const Struct& json, const std::string& object) {
  const Struct* first = nullptr;
  if (const Struct* records = ObjectOf(json, "records")) {
    const Struct* named = ObjectOf(*records, object);
    if (named != nullptr && IsTrace(*named)) return named;
    std::string name;
    for (const auto& [each, value] : records->fields()) {
      if (!IsTrace(value.struct_value())) continue;
      const bool silent = Member(value.struct_value(), "requested") == nullptr;
      const std::string order = (silent ? "1" : "0") + each;
      if (first != nullptr && order > name) continue;
      name = order;
      first = &value.struct_value();
    }
  }
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const Struct& item = items->list_value().values(i).struct_value();
    if (first == nullptr && IsTrace(item)) first = &item;
  }
  return first;
}

}  // namespace

bool IsQuestionRecord(const Struct& record) {
  const auto type = TypeOfRecord(record);
  return type == AssistanceType::VERIFY_DOCUMENT || type == AssistanceType::VERIFY_NATIONALITY ||
         type == AssistanceType::VERIFY_LICENCE || type == AssistanceType::VERIFY_CITES_PERMIT;
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
    for (const auto& [member, inner] : value.struct_value().fields()) members.push_back(member);
  }
  std::erase_if(members, [&](const std::string& member) {
    return std::find(own.begin(), own.end(), member) != own.end();
  });
  return members;
}

const std::vector<std::string>& LicenceWords() {
  static const auto& words = *new std::vector<std::string>{"result",
                                                           "chain",
                                                           "last_known",
                                                           "needed",
                                                           "commercial_confidential",
                                                           "licence_no",
                                                           "no",
                                                           "kind",
                                                           "issuer",
                                                           "issued_at",
                                                           "expires_at",
                                                           "exporter",
                                                           "importer",
                                                           "transit",
                                                           "final_recipient",
                                                           "goods",
                                                           "quantity",
                                                           "qty",
                                                           "authentic",
                                                           "valid",
                                                           "reason",
                                                           "confirmed",
                                                           "exists",
                                                           "expired",
                                                           "import_licence_exists",
                                                           "import_licence",
                                                           "transit_objection",
                                                           "status",
                                                           "verified",
                                                           "verified_at",
                                                           "checked_at",
                                                           "place",
                                                           "broker",
                                                           "date",
                                                           "licence"};
  return words;
}

std::vector<std::string> RequestedWords(const Struct& json, const std::string& object) {
  struct Word {
    std::string_view asked;
    std::vector<std::string> means;
  };
  static const auto& known = *new std::vector<Word>{
      {"manufacturer",
       {"manufacturer", "maker", "producer", "manufacture_date", "manufactured_at"}},
      {"first_buyer", {"first_buyer", "buyer", "first_purchaser"}},
      {"export_data", {"export_data", "export", "exported_at", "export_date", "export_licence"}},
      {"import_data", {"import_data", "import", "imported_at", "import_date", "import_licence"}}};
  const Struct* trace = TraceOf(json, object);
  if (trace == nullptr) return {};
  const Value* said = Member(*trace, "requested");
  std::vector<std::string> asked = TextsOf(*trace, "requested");
  if (said != nullptr && said->kind_case() == Value::kStringValue) {
    asked.push_back(said->string_value());
  }
  bool all = said == nullptr;
  if (said != nullptr) {
    for (const auto& [name, value] : said->struct_value().fields()) {
      if (SaysYes(&value)) asked.push_back(name);
    }
  }
  std::vector<std::string> words;
  for (std::string& name : asked) {
    name = absl::AsciiStrToLower(name);
    all |= OneOf(name, {"full_chain", "chain", "all", "history"});
    words.push_back(name);
  }
  if (all) words.insert(words.end(), {"holders", "owners", "last_holder", "full_chain"});
  for (const Word& word : known) {
    if (!all && std::find(asked.begin(), asked.end(), word.asked) == asked.end()) continue;
    words.insert(words.end(), word.means.begin(), word.means.end());
  }
  return words;
}

namespace {

// Persons by their names whom the question did not mean.
bool TellsOfOthers(const Struct& answer, const std::vector<std::string>& asked) {
  const auto means = [&](const char* word) {
    return std::find(asked.begin(), asked.end(), word) != asked.end();
  };
  for (const char* member : {"first_buyer", "buyer", "first_purchaser", "owners", "holders",
                             "last_holder", "export_data", "import_data"}) {
    if (!means(member) && SaysYes(Member(answer, member))) return true;
  }
  std::vector<std::string> own = LicenceWords();
  own.insert(own.end(), asked.begin(), asked.end());
  for (const char* list : {"fields", "disclosed", "discloses", "disclosed_fields"}) {
    for (const std::string& name : TextsOf(answer, list)) {
      if (std::find(own.begin(), own.end(), name) == own.end()) return true;
    }
  }
  const Value* chain = Member(answer, "chain");
  if (chain == nullptr || means("first_buyer") || means("full_chain")) return false;
  const auto& holders = chain->list_value().values();
  return std::any_of(holders.begin(), holders.end(), [](const Value& holder) {
    const std::string kind = FirstOf(holder.struct_value(), {"holder_kind", "kind"});
    return Contains(kind, {"BUYER", "OWNER", "PRIVATE"}) && ShowsIdentity(holder.struct_value());
  });
}

bool IsAnswerName(const std::string& name) {
  return Contains(name, {"answer", "reply"}) || OneOf(name, {"response", "result"});
}

}  // namespace

void JudgeTraceAnswers(const Struct& json, std::vector<Finding>& findings) {
  const Struct* trace = TraceOf(json, "");
  const Struct* records = ObjectOf(json, "records");
  if (trace == nullptr || records == nullptr) return;
  const auto& all = records->fields();
  const bool licences = std::any_of(all.begin(), all.end(), [](const auto& each) {
    const auto type = TypeOfRecord(each.second.struct_value());
    return type == AssistanceType::VERIFY_LICENCE ||
           type == AssistanceType::CONFIRM_SHIPMENT_RECEIPT;
  });
  const std::vector<std::string> asked = RequestedWords(json, "");
  for (const auto& [name, value] : all) {
    const Struct& answer = value.struct_value();
    const std::string result = TextOf(answer, "result");
    if (result.empty() || !IsAnswerName(name)) continue;
    if (!IsWordOf("TraceAnswer", "result", absl::AsciiStrToUpper(result))) {
      if (!licences) Tell("R-GEN-01.enum", "records." + name + ".result", findings);
    } else if (Member(*trace, "requested") != nullptr && TellsOfOthers(answer, asked)) {
      Tell("R-DOC-02.more", "records." + name, findings);
    }
  }
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
