// How a shape changes a JSON object; inside the room only.
#ifndef PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "node/casework/finding.h"

namespace palermo::casework {

google::protobuf::Value TextValue(std::string_view text);
google::protobuf::Value BoolValue(bool yes);
void Put(google::protobuf::Struct& object, const std::string& name, google::protobuf::Value value);
// Takes `name` out of `object`; a value of no kind when it is not there.
google::protobuf::Value Take(google::protobuf::Struct& object, const std::string& name);
// The object under `name`, made when it is not there.
google::protobuf::Struct& ObjectIn(google::protobuf::Struct& object, const std::string& name);

// The parts of a request.
void ShapeOffences(google::protobuf::Struct& request);
void ShapeChannel(google::protobuf::Struct& request);
void ShapeProperty(google::protobuf::Struct& item);
void ShapeTransfer(google::protobuf::Struct& item);
void ShapePenalty(google::protobuf::Struct& request);
void JudgeBaseBlock(const google::protobuf::Struct& request, std::vector<Finding>& findings);

// How long a firearm's record is kept, and the firearm.
void ArrangeFirearm(google::protobuf::Struct& item);
// The parts of operations and intelligence.
void ShapeOperation(google::protobuf::Struct& operation);
void ShapeBenefit(google::protobuf::Struct& route);
// A result's items and outcomes, a refusal's ground, in the words of the form.
void ShapeOutcomes(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapeMeasureType(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapePostponement(google::protobuf::Struct& event);
void ShapeGroundWords(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapeOperationEvent(const google::protobuf::Struct& json, google::protobuf::Struct& event);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_
