// What a body says, as the casebook keeps it: which record it is or is about, the identifiers in
// it, its words. Pure; thread-safe. docs/formats/casebook.md.
#ifndef PALERMO_NODE_CASEBOOK_CONTENT_H_
#define PALERMO_NODE_CASEBOOK_CONTENT_H_

#include <string>
#include <string_view>
#include <vector>

#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::casebook {

// "R-2026-001/1".
std::string RecordId(std::string_view id, uint32_t version);
// The same of what a person or a message writes: without a version it is 1.
std::string WholeRecordId(std::string_view text);

struct Content {
  std::string kind;                // name of the content's field; "" without one
  bool is_record = false;          // a report, which has a label
  std::string originator;          // of the record; "" when the body is about none
  std::string record;              // its id; "" when the body is about none
  std::vector<std::string> marks;  // normal forms, each once, sorted
  std::string words;
};
// REQUIRES: the header was verified, and the body is of its message.
Content ContentOf(const v1::Header& header, const v1::CaseBody& body);
// The same without marks and words: a fraction of the work.
Content RecordOf(const v1::Header& header, const v1::CaseBody& body);

// The label of a report, or null.
const v1::Label* LabelIn(const v1::CaseBody& body);
v1::Label* LabelIn(v1::CaseBody& body);
// What bounds the use of any other message: docs/formats/casebook.md.
v1::Label LabelOf(const v1::Header& header);

// Of a record its name and label, of anything else nothing.
v1::CaseBody WithoutContent(const v1::CaseBody& body);

// Whether two bodies hold the same record: what its originator wrote, whenever it was sent.
bool SameRecord(const v1::CaseBody& a, const v1::CaseBody& b);
// The same, with by what it was taken back where a reader looks for what it said: the originator's
// recall or correction, its message id in hex, and when it came.
v1::CaseBody TakenBackBody(const v1::CaseBody& report, const v1::CaseBody& by,
                           const std::string& message_hex, const std::string& at);

// One line for a list: "QTMBA > QPLAG > QNHAV, 18 to 25 persons".
std::string SummaryOf(const v1::CaseBody& body);

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_CONTENT_H_
