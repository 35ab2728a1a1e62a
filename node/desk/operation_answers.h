// Warnings about the records of a mail that their author answered with a reason. They stand in the
// mail's body, each with the place of its record, so that they go wherever the record goes and are
// shown to who may read it. docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_DESK_OPERATION_ANSWERS_H_
#define PALERMO_NODE_DESK_OPERATION_ANSWERS_H_

#include <vector>

#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

using OverriddenFindings = std::vector<v1::OverriddenFinding>;

// As the body of a mail says what the officer wrote ("R-HR-14", "R-HR-14 at
// operation_record.situation.text") about the record at `index`.
v1::OverriddenFinding AnswerInMail(const v1::OverriddenFinding& entry, int index);
// What the body of a mail says about its record at `index`, as the officer wrote it. An entry that
// names no record is about the only one that is whole. None of a withheld record.
OverriddenFindings AnswersAbout(const v1::OperationMail& mail, const OverriddenFindings& entries,
                                int index);
// Of a mail some of whose records were withheld from its reader: takes away what is said about
// those. `before`: the mail as it came.
void KeepShownAnswers(const v1::OperationMail& before, v1::CaseBody& shown);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPERATION_ANSWERS_H_
