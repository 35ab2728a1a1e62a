// Worked cases: reads a case as it is written, maps its objects into the bodies that the desk
// judges, and tells what the rules find. docs/formats/cases.md has the mapping. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_JUDGE_H_
#define PALERMO_NODE_CASEWORK_CASES_JUDGE_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/directory.h"
#include "node/casework/finding.h"

namespace palermo::casework {

struct Verdict {
  std::string id;
  std::string expected_rule;     // "NONE"
  char expected_severity = ' ';  // E, W, I, or O for OK
  std::vector<Finding> findings;
  std::string error;  // of the case itself: it cannot be judged

  // The expected finding is there, and no other error or warning.
  bool Passed() const;
};

// "E R-REF-23, W R-MLA-15E"; "" for none. Each once.
std::string Found(const std::vector<Finding>& findings);

// The case by itself. `first_now`: its time before a variant moved the clock.
std::vector<Finding> JudgeCase(const google::protobuf::Struct& json, const CaseDirectory& directory,
                               const std::string& first_now = "");
// What one event does in the case when it stands in `in_state`.
std::vector<Finding> JudgeEvent(const google::protobuf::Struct& json,
                                const google::protobuf::Struct& event, const std::string& in_state,
                                const CaseDirectory& directory, const std::string& first_now = "");
// Every variant of the case, in the file's order.
std::vector<Verdict> JudgeVariants(const google::protobuf::Value& json,
                                   const CaseDirectory& directory);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_JUDGE_H_
