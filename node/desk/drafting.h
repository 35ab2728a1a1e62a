// From the file that an officer writes to a header and a body that may be sealed.
// docs/commands.md shows the file.
#ifndef PALERMO_NODE_DESK_DRAFTING_H_
#define PALERMO_NODE_DESK_DRAFTING_H_

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "node/casework/contents.h"
#include "node/casework/leak_scan.h"
#include "node/desk/casebook.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/compartment.pb.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::desk {

struct DraftFile {
  std::vector<std::string> to;
  v1::Family::Code family = v1::Family::MLA;
  v1::Act::Code act = v1::Act::REQUEST;
  v1::Urgency::Code urgency = v1::Urgency::ROUTINE;
  v1::Handling::Code handling = v1::Handling::H1;
  std::vector<std::string> legal_basis;
  absl::Time reply_by = absl::InfinitePast();  // none
  int64_t life_days = 30;
  v1::CaseBody body;
  v1::CompartmentDrafts compartments;
  // Over the identities in them; never null after ParseDraft.
  std::shared_ptr<const casework::LeakScanner> sealed;
  std::set<std::string> sealed_refs;  // the pseudonyms of the persons in them
  // Where a state's code was typed in small letters, which the body has in capitals.
  std::vector<std::string> capitalised;
};
// Takes the compartments' identities for the scan, and those of the case that the office holds.
void ScanFor(const std::vector<casework::IdentityToken>& held, DraftFile* draft);

// Codes BAD_JSON (an unknown field is named), UNKNOWN_WORD, BODY_TOO_LARGE.
absl::StatusOr<DraftFile> ParseDraft(const std::string& json, const std::string& what);
// The file to start from, for an act in a family. Codes NO_EXAMPLE.
// `adjust` changes the example before it is written, by what the desk knows; null: nothing.
using AdjustExample = std::function<void(v1::Family::Code family, v1::CaseBody& body)>;
absl::StatusOr<std::string> DraftTemplate(
    v1::Act::Code act, const std::string& to, v1::Family::Code family = v1::Family::MLA,
    v1::AssistanceType::Code type = v1::AssistanceType::UNSPECIFIED,
    const AdjustExample& adjust = nullptr);
// The file to start from, for a request of one kind of assistance, with each field of its form;
// `full`: and with those that only some requests have; `area`: about a crime of this area.
std::string TypeTemplate(v1::AssistanceType::Code type, const std::string& to,
                         const AdjustExample& adjust = nullptr, bool full = false,
                         std::string_view area = "");
// The draft of the result that answers it.
std::string AnswerTemplate(v1::AssistanceType::Code type, v1::Act::Code act, const std::string& to);
// What `case act --body` takes: the draft file, or the body alone. Of the file body, compartments,
// `to`, `expires_in_days` and `reply_by` count; its urgency and handling raise what `draft` has,
// and lower nothing.
absl::Status ParseBodyFile(const std::string& json, const std::string& what, DraftFile* draft);

// What casework's check needs, as far as it is known. `view` may be null.
casework::CheckContext ContextOf(const DraftFile& draft, const std::string& own_state,
                                 const trust::TrustView* view, absl::Time now);
// CheckBody, where an overridden warning is none any more, and the leak scan of what lies beside
// the body. REQUIRES: `context` is of this draft, which lives as long.
std::vector<casework::Finding> CheckDraft(const casework::CheckContext& context,
                                          const DraftFile& draft);

// What a draft says of whom it goes to, judged by what this desk knows: no recipient, one of the
// own state or of several states, one that is in no directory, does not take the family or has no
// role for it. Field "to". `view` null: a note that nothing of this was checked.
std::vector<casework::Finding> CheckRecipients(const casework::CheckContext& context,
                                               const DraftFile& draft,
                                               const trust::TrustView* view);

struct CaseLink {
  std::string case_id;        // empty: a new case
  std::vector<Hash> parents;  // the newest acts
  std::string in_reply_to;
};
// Without a check of the law; Seal checks the rest. UNKNOWN_RECIPIENT, DIRECTORY_EXPIRED.
absl::StatusOr<v1::Header> MakeHeader(const DraftFile& draft, const std::string& sender,
                                      const CaseLink& link, const trust::TrustView& view,
                                      absl::Time now, Random& random);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DRAFTING_H_
