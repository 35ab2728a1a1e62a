// The forms of records of a joint operation, to be filled in.
#ifndef PALERMO_NODE_CLI_OPERATION_FORMS_H_
#define PALERMO_NODE_CLI_OPERATION_FORMS_H_

#include <span>
#include <string>

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

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_FORMS_H_
