// The forms of records of a joint operation, to be filled in.
#ifndef PALERMO_NODE_CLI_OPERATION_FORMS_H_
#define PALERMO_NODE_CLI_OPERATION_FORMS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::cli {

namespace v1 = ::palermo::v1;

struct OperationForm {
  const char* kind;  // the field of OperationRecord: "tasking"
  const char* meaning;
  void (*fill)(const std::string& now, v1::OperationRecord& record);
};
// Target sheets, timetables, use of force, texts for the media, outcomes.
std::span<const OperationForm> ActionForms();

// What the form of an agreement has where its purpose is to be written.
inline constexpr char kPurposeSample[] = "What the operation is for: offences, groups, area.";
// Every clause that an agreement has to have; the words are for the parties to agree on.
void FillClauses(v1::OperationAgreement& agreement);
// What the form makes of a state's code where its leader and its law are to be written.
std::string LeaderSample(std::string_view state);
std::string LawSample(std::string_view state);
// R-GEN-04, notes: one finding for the clauses that stand as they are printed, and one for all
// fields that still have what the form prints there.
std::vector<casework::Finding> CheckSamplesLeft(const v1::OperationRecord& record);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_FORMS_H_
