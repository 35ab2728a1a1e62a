// What the tests of typed answers share: the answer of a form, changed in one place.
#ifndef PALERMO_NODE_CASEWORK_TYPED_ANSWERS_TEST_UTIL_H_
#define PALERMO_NODE_CASEWORK_TYPED_ANSWERS_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "base/bytes.h"
#include "node/casework/forms.h"

namespace palermo::casework {

// An answer of the form, with its question.
struct Answered {
  explicit Answered(v1::AssistanceType::Code type)
      : asked(TemplateForType(type)), body(AnswerForType(type)) {
    context = ContextOfForm(type);
    context.act = v1::Act::FINAL_RESULT;
    context.side = Side::kRequested;
  }
  v1::ItemResult& item() { return *body.mutable_result()->mutable_items(0); }
  v1::Item& question() { return *asked.mutable_request()->mutable_items(0); }
  // "W R-GEN-01.denied" for each finding, once.
  std::set<std::string> Check() {
    context.request = &asked.request();
    std::set<std::string> keys;
    for (const Finding& f : CheckBody(context, body)) {
      keys.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key}));
    }
    return keys;
  }

  v1::CaseBody asked, body;
  CheckContext context;
};

using AnswerChange = std::function<void(v1::ItemResult&)>;
inline std::set<std::string> OfAnswer(v1::AssistanceType::Code type, const AnswerChange& change) {
  Answered answer(type);
  EXPECT_EQ(answer.Check(), std::set<std::string>{}) << v1::AssistanceType::Code_Name(type);
  change(answer.item());
  return answer.Check();
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TYPED_ANSWERS_TEST_UTIL_H_
