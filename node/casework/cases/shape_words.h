// How a shape changes a JSON object; inside the room only.
#ifndef PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "node/casework/cases/directory.h"
#include "node/casework/finding.h"

namespace palermo::casework {

google::protobuf::Value TextValue(std::string_view text);
google::protobuf::Value BoolValue(bool yes);
void Put(google::protobuf::Struct& object, const std::string& name, google::protobuf::Value value);
// Takes `name` out of `object`; a value of no kind when it is not there.
google::protobuf::Value Take(google::protobuf::Struct& object, const std::string& name);
// The object under `name`, made when it is not there.
google::protobuf::Struct& ObjectIn(google::protobuf::Struct& object, const std::string& name);

// What `each` does to the items of a request that are objects.
template <typename Each>
void ForItemsOf(google::protobuf::Struct& request, Each each) {
  const auto items = request.mutable_fields()->find("items");
  if (items == request.mutable_fields()->end() || !items->second.has_list_value()) return;
  for (google::protobuf::Value& item : *items->second.mutable_list_value()->mutable_values()) {
    if (item.has_struct_value()) each(*item.mutable_struct_value());
  }
}

// What says by its "kind" which type of assistance it is, and has no "type".
void NameTypes(google::protobuf::Struct& json);
// The area of a case in the words of the form; one that nobody knows stays.
void ShapeArea(google::protobuf::Struct& json);
// Objects of a case in the places where the mapping looks for them: records, items.
void PlaceObjects(google::protobuf::Struct& json, const CaseDirectory& directory);
void PlaceFirearms(google::protobuf::Struct& json);
// Adds a record under `name`, or under a name made of it where that is taken.
void AddRecord(google::protobuf::Struct& records, const std::string& name,
               const google::protobuf::Value& record);
// The same for many of one name; `next`, at first 1, is the number where the last one ended.
void AddRecord(google::protobuf::Struct& records, const std::string& name,
               const google::protobuf::Value& record, int& next);
// A trace that names more firearms than this by one name names a list, not those.
inline constexpr size_t kMaxNamedFirearms = 256;

// Records in the places and words of the form, whatever their names: answers and results at sea,
// what help depends on.
void ShapeRecords(google::protobuf::Struct& records);
// Whether a member of any such name says that help depends on testifying, CTHB 12(6).
bool HelpNeedsTestimony(const google::protobuf::Struct& object);
// The extent of an authority to board: {"board": true}, "BOARD, SEARCH".
void ShapeExtent(google::protobuf::Struct& answer);
// "seized", "suspect document": a value that stands in a suspect thing, and is no typing error.
bool IsOfSuspect(std::string_view origin);
// Identifiers beside whose name an origin says so, "imo_origin": they are no typing errors.
void ShapeOrigins(google::protobuf::Struct& object, int depth = 0);
// What an item at sea or of CITES says in other forms: {"kind": "SOM", "grounds": "..."}, 2
// consignments, "44 specimens".
void ShapeSeen(google::protobuf::Struct& item);
// An article or a listing that stands with its offence is the basis's.
void ShapeArticles(google::protobuf::Struct& request);

// The parts of a request.
void ShapeOffences(google::protobuf::Struct& request);
void ShapeChannel(google::protobuf::Struct& request);
void ShapeProperty(google::protobuf::Struct& item);
void ShapeTransfer(google::protobuf::Struct& item);
void ShapeSentenced(google::protobuf::Struct& item);
void ShapeWarrant(google::protobuf::Struct& item);
void ShapeOrder(google::protobuf::Struct& item);
void ShapeDocument(google::protobuf::Struct& item);
// When a measure lasts, and whether its order is final.
void ShapeMeasure(google::protobuf::Struct& item);
// "translations": the one that counts.
void ShapeTranslation(google::protobuf::Struct& request);
void ShapePenalty(google::protobuf::Struct& request);
void ShapeGrade(google::protobuf::Struct& request);
void ShapeOral(google::protobuf::Struct& request);
void ShapePenaltyOfRecord(google::protobuf::Struct& record);
// "governing_profile": "BILATERAL:BIL-1": that of a treaty.
void NameTreaty(google::protobuf::Struct& request);
// Kinds of assurances in the words of the form.
void NameAssurances(google::protobuf::Struct& item);
void JudgeBaseBlock(const google::protobuf::Struct& request, std::vector<Finding>& findings);

// Signs of persecution of who is sought, and their review, wherever they stand.
void ShapePersecution(google::protobuf::Struct& request);
void ShapePolitics(google::protobuf::Struct& request);
// Who is sought, where the item describes the person, or a photograph or an alias does.
void ShapeSought(google::protobuf::Struct& request);
// The same of a record that is one item.
void ShapeSoughtRecord(google::protobuf::Struct& record);
// {"reflection_period": {"until": "2026-04-20"}}: the end of it.
void ShapeReflection(google::protobuf::Struct& referral);
// {"role": "VICTIM", "from": "2026-02-01"}: the role alone; 1.7.7 lets roles have a time.
void NameRoles(google::protobuf::Struct& object, int depth = 0);
// A person's age, handling and review in other words.
void ShapePerson(google::protobuf::Struct& person);
// A suspect of whom signs say that somebody forced him, and nobody looked into it: R-TIP-06.
bool IsForcedUnreviewed(const google::protobuf::Struct& person);

// How long a firearm's record is kept, and the firearm.
void ArrangeFirearm(google::protobuf::Struct& item);
void ArrangeLicence(google::protobuf::Struct& item);
// The parts of operations and intelligence.
void ShapeOperation(google::protobuf::Struct& operation);
// A task's deconfliction as a yes or no, 5.2.
void ShapeDeconfliction(google::protobuf::Struct& task);
// A link of a chain of custody: who signed, from what it was derived, its hash.
void ShapeCustody(google::protobuf::Struct& event);
// The end of an operation after its extensions.
void ShapePeriod(google::protobuf::Struct& operation);
// Persons in lists of tokens: ["hmac:a1"].
void ShapeTokens(google::protobuf::Struct& operation);
// The tokens of each counter of 5.5 that is a list beside the victims and arrests.
std::vector<std::vector<std::string>> TokensByCounter(const google::protobuf::Struct& operation);
// Who consents to a change of an operation, as a list of states: "ALL", without who refuses.
void ShapeConsents(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapeBenefit(google::protobuf::Struct& route);
// A result's items and outcomes, a refusal's ground, in the words of the form.
void ShapeOutcomes(const google::protobuf::Struct& json, google::protobuf::Struct& event);
// What is filed in court is used there, whatever proceedings it names.
void ShapeCourtUse(google::protobuf::Struct& event);
void ShapeMeasureType(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapePostponement(google::protobuf::Struct& event);
void ShapeGroundWords(const google::protobuf::Struct& json, google::protobuf::Struct& event);
// A hit, or a release of what it found, as an event of the type HIT that says whether it was
// automatic.
void ShapeHit(const google::protobuf::Struct& json, google::protobuf::Struct& event);
void ShapeOperationEvent(const google::protobuf::Struct& json, google::protobuf::Struct& event);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SHAPE_WORDS_H_
