// One event of a case with all that is around it; inside the room only. What several files read out
// of an event: who sends it, which consultation came before.
#ifndef PALERMO_NODE_CASEWORK_CASES_SCENE_H_
#define PALERMO_NODE_CASEWORK_CASES_SCENE_H_

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"

namespace palermo::casework {

struct Scene {
  const google::protobuf::Struct& json;
  const google::protobuf::Struct& event;
  CaseFacts facts;
  std::string in_state;
  std::unique_ptr<Mapped> asked;  // null: the case has no request
};

// The member as yes or no; `otherwise` when it is not there or neither.
bool Flag(const google::protobuf::Struct& object, const std::string& name, bool otherwise);

// Whether the event says that the other side, or a third state, signs it.
bool IsOfOtherSide(const Scene& scene, Side side);
// A message of the wrong side or office, or one that was there before.
bool IsOutOfOrder(const Scene& scene, v1::Act::Code act);
Side SideOf(const Scene& scene, v1::Act::Code act);

// In CONSULTING the consultation is the one that the act needs, and the requesting state was heard,
// unless the event says otherwise.
void FillConsultation(const Scene& scene, CheckContext& context);
// The ground of a postponement or suspension, where the event names one of the list; a case that
// says it in words is read as the receiver reads an old body. Whether it is a postponement's
// notice.
bool FillGround(const Scene& scene, v1::Act::Code act, Mapped& out);

// What holds of the request when its own side signs it, T1, T2, T4, T8.
void FillRequest(const Scene& scene, Mapped& out);
// T1: all that would reject the request rejects its authorisation.
void JudgeAuthorisation(const Scene& scene, std::vector<Finding>& findings);
// Whether the state of the case lets this act be sent; after what the rules say about it.
void JudgeOrder(const Scene& scene, v1::Act::Code act, const Mapped& out,
                std::vector<Finding>& findings);
// R-TIP-03 of a case of trafficking that holds no request.
void JudgeConsentGround(const Scene& scene, const v1::Refusal& refusal,
                        std::vector<Finding>& findings);
// In which the case was asked; of records that are no request, the first that names one.
std::string LanguageOfCase(const Scene& scene);
// One more step of an execution that has begun: its warrant was looked at before (JudgeWindow).
bool IsStep(const Scene& scene, const std::string& type);
// T7: what a request may be sent back for.
void JudgeDefects(const Scene& scene, std::vector<Finding>& findings);

// The mandate of the officer who signs the event, where it names one.
Signatory SignatoryOf(const Scene& scene);
// An answer that is dated before the request was sent.
void FillSentBefore(const Scene& scene, MessageFacts& facts);
// Whether "at" is the stamp of the message, and not a later day to which the event moves the case.
bool IsStamped(const Scene& scene);
// A written confirmation after the time for it, R-MLA-14O.
bool IsLateConfirmation(const Scene& scene);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SCENE_H_
