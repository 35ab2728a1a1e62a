// What is done on board of a vessel beyond the report of the boarding: a measure that is taken, a
// consent that is deemed.
#include <memory>

#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/deeds.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;
using v1::AssistanceType;

bool IsOfVessel(const Struct& record, const std::string&) {
  const auto type = TypeOfRecord(record);
  return type == AssistanceType::BOARDING_AUTHORIZATION ||
         type == AssistanceType::FLAG_CONFIRMATION;
}

// The request for the boarding: a record, else the case's own.
std::unique_ptr<Mapped> BoardingIn(const Deed& deed) {
  std::string name;
  if (const Struct* record = RecordFor(deed, name, IsOfVessel)) {
    return MapRecord(*record, name, deed.facts);
  }
  const Struct* request = ObjectOf(deed.json, "request");
  if (request == nullptr || TextOf(*request, "family") != "SEA") return nullptr;
  return MapRequest(*request, deed.facts);
}

void Import(Struct said, const std::string& at, google::protobuf::Message& out) {
  Loosen(said, *out.GetDescriptor());
  std::vector<Finding> ignored;
  ImportJson(said, at, out, ignored);
}

bool IsDeeming(const std::string& type) {
  return OneOf(type, {"DEEM", "DEEMED", "DEEM_CONSENT", "DEEMED_CONSENT", "CONSENT_DEEMED",
                      "DEEMED_AUTHORITY", "DEEMED_AUTHORISATION"});
}

// Force, and whom it harmed: told with the report of it, or without.
bool IsForce(const std::string& type) {
  return OneOf(type, {"FORCE_USED", "USE_OF_FORCE", "FORCE", "FIREARM_USED", "FIREARMS_USED",
                      "USE_OF_FIREARMS", "SHOTS_FIRED", "INJURY", "DEATH"});
}

// A measure by the word of the event, or by a word that means one while the crew is on board.
Struct MeasureIn(const Deed& deed, const std::string& type) {
  Struct result;
  if (OneOf(type, {"MEASURE", "MEASURES", "TAKE_MEASURE", "TAKE_MEASURES", "MEASURE_TAKEN",
                   "MEASURES_TAKEN", "BOARDING_MEASURE"})) {
    result = deed.event;
    for (const char* name : {"measure", "action", "kind"}) Rename(result, name, "measures");
  } else if (deed.in_state == "BOARDED" && OneOf(type, {"SEARCH", "SEIZE", "EVACUATE"})) {
    result = deed.event;
    Put(result, "measures", TextValue(type));
  }
  if (IsForce(type)) {
    result = deed.event;
    Put(result, "force_used", BoolValue(true));
    for (const char* name : {"report", "report_ref", "report_hash", "reported_at", "reported"}) {
      if (SaysYes(Member(result, name))) Rename(result, name, "force_report");
    }
  }
  Take(result, "type");
  if (!IsForce(type)) Rename(result, "at", "boarded_at");
  return result;
}

// The member of that name, wherever the object has it: the nearest to the top, then by the names
// that lead there.
const Value* FindMember(const Struct& object, const std::string& name, int depth = 0) {
  constexpr int kDeepest = 8;
  if (depth > kDeepest) return nullptr;
  if (const Value* here = Member(object, name)) return here;
  for (const std::string& each : SortedNames(object)) {
    if (each == "variants") continue;
    const Value& value = object.fields().at(each);
    const Value* found =
        value.has_struct_value() ? FindMember(value.struct_value(), name, depth + 1) : nullptr;
    for (const Value& item : value.list_value().values()) {
      if (found == nullptr) found = FindMember(item.struct_value(), name, depth + 1);
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

const Value* FindFor(const Deed& deed, const std::string& name) {
  const Struct* named = ObjectNamed(deed);
  const Value* found = named == nullptr ? nullptr : FindMember(*named, name);
  return found == nullptr ? FindMember(deed.json, name) : found;
}

// Persons are put ashore where the proposal said, as assessed, or where the event says that it was.
bool JudgeDisembarkation(const Deed& deed, const std::string& type,
                         std::vector<Finding>& findings) {
  if (!OneOf(type, {"DISEMBARK", "DISEMBARKATION", "DISEMBARKED"})) return false;
  const Value* said = FindFor(deed, "disembarkation_proposal");
  const Struct* proposal =
      said == nullptr || !said->has_struct_value() ? nullptr : &said->struct_value();
  const std::string place = FirstOf(deed.event, {"place", "place_of_safety", "at_place"});
  const auto assessed = [](const Struct& object) {
    return SaysOneOf(object, {"refoulement_assessment", "no_refoulement_assessment", "assessment",
                              "risk_assessment"});
  };
  const bool proposed = proposal != nullptr && assessed(*proposal) &&
                        (place.empty() || place == TextOf(*proposal, "place_of_safety"));
  // null says that there is none, whatever was proposed.
  const Value* given = Member(deed.event, "assessment");
  if (given == nullptr) given = Member(deed.event, "refoulement_assessment");
  const bool denied = given != nullptr && !SaysYes(given);
  if (denied || (!proposed && !assessed(deed.event))) {
    Tell("R-HR-01.assessment", "event.place", findings);
  }
  return true;
}

bool JudgeSeaDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  const Struct measure = MeasureIn(deed, type);
  if (!IsDeeming(type) && measure.fields().empty()) return false;
  const auto asked = BoardingIn(deed);
  if (asked == nullptr) return false;
  Mapped done;
  done.context = asked->context;
  done.context.request = &asked->body.request();
  done.body.set_version(1);
  if (IsDeeming(type)) {
    done.context.act = Act::BOARDING_AUTHORISED;
    done.context.side = Side::kRequested;
    done.body.mutable_boarding_answer()->set_decision("DEEMED_CONSENT");
  } else {
    const Struct* records = ObjectOf(deed.json, "records");
    const Struct* answer = records == nullptr ? nullptr : ObjectOf(*records, "answer");
    if (answer != nullptr) Import(*answer, "records.answer", done.answer);
    done.context.act = Act::BOARDING_RESULT;
    done.context.side = Side::kRequesting;
    if (answer != nullptr) done.context.boarding_answer = &done.answer;
    Import(measure, "event", *done.body.mutable_boarding_result());
  }
  for (Finding& finding : CheckBody(done.context, done.body)) {
    if (OneOf(finding.rule, {"R-SEA-05", "R-SEA-06", "R-SEA-07", "R-AUTH-03"})) {
      findings.push_back(std::move(finding));
    }
  }
  return true;
}

}  // namespace palermo::casework
