// The record that a deed is about, and deeds of records; inside the room only.
#ifndef PALERMO_NODE_CASEWORK_CASES_DEED_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_DEED_WORDS_H_

#include <string>
#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/import.h"

namespace palermo::casework {

// What the event names as its object, else the first record that `wanted` takes.
template <typename Wanted>
const google::protobuf::Struct* RecordFor(const Deed& deed, std::string& name, Wanted wanted) {
  const google::protobuf::Struct* records = ObjectOf(deed.json, "records");
  if (records == nullptr) return nullptr;
  name = TextOf(deed.event, "object");
  if (const google::protobuf::Struct* named = ObjectOf(*records, name))
    return wanted(*named, name) ? named : nullptr;
  if (!name.empty()) return nullptr;
  for (const std::string& each : SortedNames(*records)) {
    const google::protobuf::Struct* record = ObjectOf(*records, each);
    if (record == nullptr || !wanted(*record, each)) continue;
    name = each;
    return record;
  }
  return nullptr;
}

// The record that the event names as its object; null for none.
inline const google::protobuf::Struct* ObjectNamed(const Deed& deed) {
  const google::protobuf::Struct* records = ObjectOf(deed.json, "records");
  return records == nullptr ? nullptr : ObjectOf(*records, TextOf(deed.event, "object"));
}

// The member of that name in what the event is about, else in the whole case; null for none.
const google::protobuf::Value* FindFor(const Deed& deed, const std::string& name);

// Persons who are put ashore. False for another deed.
bool JudgeDisembarkation(const Deed& deed, const std::string& type, std::vector<Finding>& findings);

// What is done with records of the case: published, deleted, disposed of. False for another deed.
bool JudgeRecordDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_DEED_WORDS_H_
