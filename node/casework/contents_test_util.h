// What the tests of the content rules share: the example body of an act, changed in one place.
#ifndef PALERMO_NODE_CASEWORK_CONTENTS_TEST_UTIL_H_
#define PALERMO_NODE_CASEWORK_CONTENTS_TEST_UTIL_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "node/casework/contents.h"
#include "node/casework/json.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {

// A context in which the example of every act is faultless, and its body.
struct Draft {
  explicit Draft(v1::Act::Code act) : body(TemplateFor(act)) {
    request = TemplateFor(v1::Act::REQUEST).request();
    context.act = act;
    for (const Transition& t : Transitions()) {
      // Of an act that only one family has.
      if (t.act == act && !FitsFamily(context.family, act)) context.family = t.family;
    }
    const bool asks = MaySend(Side::kRequesting, act, context.family);
    context.side = asks ? Side::kRequesting : Side::kRequested;
    // What is asked by word of mouth is urgent, 18(14).
    context.urgency =
        act == v1::Act::ORAL_REQUEST_NOTE ? v1::Urgency::URGENT : v1::Urgency::PRIORITY;
    context.requesting_state = "QM";
    context.requested_state = "QT";
    context.accepted_languages = {"en", "fr"};
    context.now_iso8601_date = "2026-03-02";
    context.refusal_consultation_open = true;
    context.postponement_consultation_open = true;
  }

  std::vector<Finding> Check() {
    context.request = request_known ? &request : nullptr;
    return CheckBody(context, body);
  }

  CheckContext context;
  v1::CaseBody body;
  v1::Request request;
  bool request_known = true;
};

// "E R-MLA-15A" for each finding, once.
inline std::set<std::string> Summary(const std::vector<Finding>& findings) {
  std::set<std::string> summary;
  for (const Finding& f : findings) {
    if (f.key == "R-GEN-01.needed") continue;  // advice; needed_test looks at it
    const std::string_view letter = SeverityName(f.severity).substr(0, 1);
    summary.insert(Cat({letter, " ", f.rule}));
  }
  return summary;
}

struct Case {
  const char* name;
  v1::Act::Code act;
  std::function<void(Draft&)> change;
  std::set<std::string> expected;  // exactly these findings; empty: none
};

inline std::set<std::string> FindingsOf(const Case& c) {
  Draft draft(c.act);
  c.change(draft);
  return Summary(draft.Check());
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CONTENTS_TEST_UTIL_H_
