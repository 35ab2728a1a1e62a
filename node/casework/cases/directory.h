// The directory of worked cases (cases/directory.json): states' profiles and the treaty status.
#ifndef PALERMO_NODE_CASEWORK_CASES_DIRECTORY_H_
#define PALERMO_NODE_CASEWORK_CASES_DIRECTORY_H_

#include <google/protobuf/struct.pb.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/contents.h"
#include "node/casework/treaty.h"

namespace palermo::casework {

struct CaseDirectory {
  std::map<std::string, StateProfile> states;
  std::map<std::string, std::vector<std::string>> languages;
  TreatyStatus treaties;
};
// Failure: BAD_CASE.
absl::StatusOr<CaseDirectory> ReadDirectory(const google::protobuf::Struct& json);

// RFC 6902 add, replace and remove on a Value; paths as RFC 6901. Failure: BAD_CASE.
absl::Status ApplyPatch(const google::protobuf::ListValue& patch, google::protobuf::Value& target);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_DIRECTORY_H_
