// Plans of controlled deliveries, brought into the form of the body; inside the room only.
#ifndef PALERMO_NODE_CASEWORK_CASES_DELIVERY_FORMS_H_
#define PALERMO_NODE_CASEWORK_CASES_DELIVERY_FORMS_H_

#include <google/protobuf/struct.pb.h>

#include <string>

#include "node/casework/cases/directory.h"

namespace palermo::casework {

// What happens on the way of a delivery and is no act: a hand-over, a crossing.
inline constexpr const char* kDeliveryNote = "DELIVERY_NOTE";
// The same, at any time: a seizure, a report, a refusal.
inline constexpr const char* kDeliveryNews = "DELIVERY_NEWS";

// Legs of a plan that go from one place of UN/LOCODE to the next get the states of these places.
void ShapeJourney(google::protobuf::Struct& object, const CaseDirectory& directory);
// Whether the object is a plan: its legs name states.
bool HasLegs(const google::protobuf::Struct& object);
// Whether the object is a report of a route, 2.3: legs, and the kind of the report.
bool IsRouteRecord(const google::protobuf::Struct& record);
// Consents as a list, each granted or not at `now` ("" unknown); legs and their leads.
void ArrangeDelivery(google::protobuf::Struct& item, const std::string& now);
// The same for all plans of a case, at `at` or the case's `now`, whichever is later.
void ShapeDeliveries(google::protobuf::Struct& json, const std::string& at);
// Words for the acts of a delivery, where the case plans one.
void ShapeDeliveryEvent(const google::protobuf::Struct& json, google::protobuf::Struct& event);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_DELIVERY_FORMS_H_
