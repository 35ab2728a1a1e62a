// The objects of a case and who may do what with them: whose they are, for whom and for what they
// were given, and whether a consent that the event names is one. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_SHARING_H_
#define PALERMO_NODE_CASEWORK_CASES_SHARING_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/finding.h"
#include "node/casework/use.h"

namespace palermo::casework {

struct Holding {
  Restrictions r;
  std::string giver;   // of consents; "" unknown
  bool known = false;  // the case has such an object
};
// Where the originator of an object lets it go: "release_states", or "release" as 2.3 has it, of
// the object or of its handling.
std::vector<std::string> ReleaseStatesOf(const google::protobuf::Struct& object);
// Of what the event names, or of the case's request.
Holding HoldingOf(const Deed& deed);

// "QM" of "QM", "QM-L-9" and of "RQ.CA" where QM asks; "" for a word that names no state of the
// directory.
std::string StateIn(const Deed& deed, const std::string& word);
// The state that acts, as the event says.
std::string ActorOf(const Deed& deed);

// True for a consent that is recorded in the event: given and not only asked for, by the state
// `giver` ("" by any), before the act, and for this purpose and this receiver.
bool HasConsent(const Deed& deed, const std::string& giver, const std::string& to = "");

void JudgeUse(const Deed& deed, std::vector<Finding>& findings);
// Whether a receiver is a court, by its name.
bool NamesCourt(const std::string& receiver);
void JudgeForward(const Deed& deed, std::vector<Finding>& findings);
// The same of what is told to somebody, where it is shared under restrictions or told to a court.
// True when that has a finding.
bool JudgeToldShared(const Deed& deed, std::vector<Finding>& findings);
// True for a decision or question about consent, which every state of the case may put or give.
bool JudgeOnwardConsent(const Deed& deed, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SHARING_H_
