// Families, acts and kinds of assistance in plain words, and the fields of a form.
#ifndef PALERMO_NODE_CLI_KINDS_H_
#define PALERMO_NODE_CLI_KINDS_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "node/cli/command.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

// The draft of a report on a route, as `palermo route new` prints it: of `state`, else of the
// desk's own. Without either it says an example's, and that it does. USAGE for a recipient of that
// state.
absl::StatusOr<std::string> RouteDraft(const std::vector<std::string>& to, std::string state,
                                       Context& context);
// What can be asked, by the ten areas of crime. `codes`: every word of a draft with its meaning.
void ListKinds(bool codes, Context& context);
// The words that a field takes, by its name, "Person.roles" or the path of a finding. USAGE when no
// field of this name has a list.
absl::StatusOr<int> ListWords(const std::string& field, Context& context);
// The fields of a request of this type: what each means, whether it must be there, how it is
// written.
void ListFields(v1::AssistanceType::Code type, Context& context);

// Of the body of an act, whatever kind of assistance the case is about. REQUIRES: not
// casework::AsksForAType(act).
void ListActFields(v1::Act::Code act, Context& context);
// Of the request of this type, or of its result alone. REQUIRES: casework::AsksForAType(act).
void ListFieldsOf(v1::AssistanceType::Code type, v1::Act::Code act, Context& context);

// The findings for people, in the officer's language.
std::string FindingsWords(const std::vector<casework::Finding>& findings, words::Language language);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_KINDS_H_
