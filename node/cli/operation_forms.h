// The forms of records of a joint operation, to be filled in.
#ifndef PALERMO_NODE_CLI_OPERATION_FORMS_H_
#define PALERMO_NODE_CLI_OPERATION_FORMS_H_

#include <span>
#include <string>
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
// R-GEN-04, a note: one finding for all fields that still have what the form prints there.
std::vector<casework::Finding> CheckSamplesLeft(const v1::OperationRecord& record);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_FORMS_H_
