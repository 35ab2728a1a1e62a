// One request of a case as the body and context that CheckBody takes. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_MAPPING_H_
#define PALERMO_NODE_CASEWORK_CASES_MAPPING_H_

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "node/casework/cases/directory.h"
#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// Owns what the context points to.
struct Mapped {
  CheckContext context;
  v1::CaseBody body;
  Signatory signatory;
  MessageFacts message;
  v1::Family::Code family_of_acts = v1::Family::UNSPECIFIED;  // where an extract's differs
  std::shared_ptr<const LeakScanner> sealed;
  v1::BoardingAnswer answer;
  std::vector<Finding> findings;  // of the mapping itself
};

// What holds for every message of the case: time, area, sealed words.
struct CaseFacts {
  const CaseDirectory& directory;
  std::string now, area;
  std::shared_ptr<const LeakScanner> sealed;
  std::string first_now = {};  // before a variant moved the clock; its records were made by then
  std::string kept_from = {};  // the first recovery or answer of firearms in the case
};
CaseFacts FactsOf(const google::protobuf::Struct& json, const CaseDirectory& directory,
                  const std::string& first_now = "");

// `request`: the member "request" of a case.
std::unique_ptr<Mapped> MapRequest(const google::protobuf::Struct& request, const CaseFacts& facts);
// A record with a "type" of assistance: a request with one item.
std::unique_ptr<Mapped> MapRecord(const google::protobuf::Struct& record, const std::string& name,
                                  const CaseFacts& facts);
// An alert about a medical product, a public warning, a victim's referral: the extract as the typed
// content of a request. Null when the record is none of them.
std::unique_ptr<Mapped> MapExtract(const google::protobuf::Struct& record, const std::string& name,
                                   const CaseFacts& facts);
// The family that a type of assistance belongs to.
v1::Family::Code FamilyOf(v1::AssistanceType::Code type);
// The same of a record: what follows a preservation goes to the central authority as legal
// assistance, BUD 31, 33, 34.
v1::Family::Code FamilyOfRecord(v1::AssistanceType::Code type,
                                const google::protobuf::Struct& record);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_MAPPING_H_
