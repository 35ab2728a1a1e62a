// Other words and other forms for the same members: what authors of cases write, as the body's
// messages take it. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_FORMS_H_
#define PALERMO_NODE_CASEWORK_CASES_FORMS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>

#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// Members that have another name in `type`, then values of another form: true where a text is
// wanted is a text, a text where a yes or no is wanted says yes unless it says no, an object where
// a text is wanted is its first text, "81 %" is a number. What cannot be meant stays as it is, and
// the import tells.
void Loosen(google::protobuf::Struct& object, const google::protobuf::Descriptor& type);

// What an item of a case holds in other places than ours: one substance, consents by state, a
// hearing's members beside it, a receipt's licence number.
void ArrangeItem(v1::AssistanceType::Code type, google::protobuf::Struct& item);
// The same for a whole request: assurances of all items, the person of an item.
void ArrangeRequest(google::protobuf::Struct& request);

// The type of assistance that a record asks for, by its "type" in any spelling or by what it holds;
// UNSPECIFIED when it is no request.
v1::AssistanceType::Code TypeOfRecord(const google::protobuf::Struct& record);

// "qty_kg": 12, "quantity": "2 g": the amount and its unit as two members.
void SplitUnits(google::protobuf::Struct& object);

// The number that a text begins with, after "about": "81 %", "about 80 kg"; of a range its upper
// end, "61-74 %". `rest`: what stands behind it, as the unit. False for another text.
bool NumberIn(const std::string& text, double& number, std::string* rest = nullptr);

// --- Values
// True for true, a number above 0, a text that is not blank and does not say no, an object or list
// that is not empty.
bool SaysYes(const google::protobuf::Value* value);
// A text in any form: a text, a number, "yes" for true, the first text of an object.
std::string AnyText(const google::protobuf::Struct& object, const std::string& name);
void Rename(google::protobuf::Struct& object, const std::string& from, const std::string& to);
// Members of an object of the body's message `type` that authors name otherwise.
void RenameAliases(std::string_view type, google::protobuf::Struct& object);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_FORMS_H_
