#include "node/cli/document_signing.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/directory_support.h"
#include "node/cli/session.h"
#include "node/cli/tell.h"
#include "node/desk/document_edit.h"
#include "node/desk/json_value.h"
#include "node/desk/trust_memory.h"
#include "node/trust/documents.h"
#include "node/trust/rosters.h"

namespace palermo::cli {
namespace {

using desk::DocumentKind;

// Every document of this kind that the desk trusts now, of any state.
std::vector<v1::SignedDocument> KnownDocuments(DocumentKind kind, const desk::TrustMemory& memory) {
  const trust::TrustView& view = *memory.View();
  std::vector<v1::SignedDocument> known;
  if (kind == DocumentKind::kRoster) {
    known.push_back(view.roster().signed_document);
    for (const auto& waiting : view.waiting()) known.push_back(waiting->signed_document);
    return known;
  }
  for (const auto& state : view.roster().body.states()) {
    const trust::StateView* one = view.Find(state.state());
    if (one == nullptr) continue;
    if (kind == DocumentKind::kCharter && one->charter != nullptr) {
      known.push_back(one->charter->signed_document);
    }
    if (kind == DocumentKind::kDirectory && one->directory != nullptr) {
      known.push_back(one->directory->verified().signed_document);
    }
  }
  return known;
}

uint64_t VersionOf(DocumentKind kind, const v1::SignedDocument& document) {
  v1::Roster roster;
  v1::Charter charter;
  v1::Directory directory;
  if (kind == DocumentKind::kRoster) roster.ParseFromString(document.document());
  if (kind == DocumentKind::kCharter) charter.ParseFromString(document.document());
  if (kind == DocumentKind::kDirectory) directory.ParseFromString(document.document());
  return std::max({roster.version(), charter.version(), directory.version()});
}

// Whose charter or directory it is.
std::string StateIn(DocumentKind kind, const v1::SignedDocument& document) {
  if (kind == DocumentKind::kCharter) {
    v1::Charter body;
    body.ParseFromString(document.document());
    return body.state();
  }
  v1::Directory body;
  body.ParseFromString(document.document());
  return body.state();
}

// The version before `document`: of --previous, or as this desk trusts it. None for a first one.
absl::StatusOr<std::optional<v1::SignedDocument>> VersionBefore(DocumentKind kind,
                                                                const v1::SignedDocument& document,
                                                                const Args& args,
                                                                Context& context) {
  if (args.Has("--previous")) {
    PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument previous,
                             desk::ReadDocument(kind, args.Get("--previous")));
    if (desk::IsNextVersion(kind, previous, document) || args.Has("--accept")) return {previous};
    return Refused("WRONG_PREVIOUS",
                   Cat({args.Get("file"), " does not follow ", args.Get("--previous"),
                        ": nobody who has that version will take it. If you sign it all the same: "
                        "--accept"}));
  }
  if (VersionOf(kind, document) <= 1) return std::optional<v1::SignedDocument>();
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  if (memory.ok()) {
    for (v1::SignedDocument& known : KnownDocuments(kind, *memory)) {
      if (desk::IsNextVersion(kind, known, document)) return {std::move(known)};
    }
  }
  if (args.Has("--accept")) return std::optional<v1::SignedDocument>();
  return Refused("NOT_COMPARED",
                 absl::StrFormat("%s is version %d, and this desk does not have the one before to "
                                 "show what changes: give it with --previous FILE, or run palermo "
                                 "desk refresh. To sign what you have not compared: --accept",
                                 args.Get("file"), VersionOf(kind, document)));
}

// The keys that may count for this document, each set with its name. Empty when this desk does not
// know them.
std::vector<std::pair<v1::KeySet, std::string>> SetsThatCount(
    DocumentKind kind, const v1::SignedDocument& document,
    const std::optional<v1::SignedDocument>& previous, Context& context) {
  std::vector<std::pair<v1::KeySet, std::string>> sets;
  if (kind == DocumentKind::kRoster) {
    v1::Roster body, before;
    body.ParseFromString(document.document());
    sets.emplace_back(body.roster_keys(), "its roster keys");
    if (!previous.has_value()) return sets;
    before.ParseFromString(previous->document());
    sets.emplace_back(before.roster_keys(), "the roster keys before");
    for (const auto& state : before.states()) {
      const v1::RosterState* next = trust::FindState(body, state.state());
      if (next != nullptr && trust::SameRoots(state.roots(), next->roots())) continue;
      sets.emplace_back(state.roots(), Cat({"the old roots of ", state.state()}));
    }
    return sets;
  }
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  if (!memory.ok()) return sets;
  const trust::TrustPtr view = memory->View();
  if (kind == DocumentKind::kCharter) {
    v1::Charter body;
    body.ParseFromString(document.document());
    const v1::RosterState* state = trust::FindState(view->roster().body, body.state());
    if (state != nullptr) sets.emplace_back(state->roots(), Cat({"roots of ", body.state()}));
    return sets;
  }
  v1::Directory body;
  body.ParseFromString(document.document());
  const trust::StateView* known = view->Find(body.state());
  if (known != nullptr && known->charter != nullptr) {
    sets.emplace_back(known->charter->body.directory_keys(), "administrators");
  }
  return sets;
}

// A signature that can never count is not made: nothing takes it off again.
absl::Status CheckSigner(DocumentKind kind, const v1::SignedDocument& document,
                         const crypto::KeyBundle& bundle,
                         const std::vector<std::pair<v1::KeySet, std::string>>& sets,
                         bool previous_known) {
  const std::string wrong = Cat({"a signature of ", bundle.subject(), " would never count on this ",
                                 desk::KindName(kind), ": "});
  if (kind != DocumentKind::kRoster) {
    const std::string state = StateIn(kind, document);
    const std::string of = bundle.subject().substr(0, bundle.subject().find('/'));
    if (of == state || !IsStateCode(of)) return absl::OkStatus();
    return Refused("WRONG_SIGNER", Cat({wrong, "it is of ", state, ", and the key is of ", of}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto* key, bundle.Find("sign", crypto::kEd25519));
  const std::string id = crypto::KeyId(crypto::kEd25519, key->public_bytes);
  for (const auto& [set, name] : sets) {
    if (trust::FindKey(set, id) != nullptr) return absl::OkStatus();
  }
  if (!previous_known) return absl::OkStatus();
  return Refused("WRONG_SIGNER", Cat({wrong, "its key is not among those that sign it"}));
}

std::string CountText(DocumentKind kind, const v1::SignedDocument& document,
                      const std::vector<std::pair<v1::KeySet, std::string>>& sets) {
  std::string text;
  for (const auto& [set, name] : sets) text += desk::SignersText(kind, set, name, document);
  return text;
}

// Who types the passphrase is shown first what he signs; a script has it in its answer.
bool PersonSigns(const Args& args) {
  return !args.Has("--passphrase-file") && !args.Has("--passphrase-fd");
}

struct Shown {
  v1::SignedDocument document;
  std::optional<v1::SignedDocument> previous;
  std::string changes;
};

// Reads, checks and shows what is to be signed.
absl::StatusOr<Shown> ShowFirst(DocumentKind kind, const Args& args, Context& context) {
  Shown shown;
  PALERMO_ASSIGN_OR_RETURN(shown.document, desk::ReadDocument(kind, args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ShowDocument(kind, shown.document));
  const bool person = PersonSigns(args);
  if (person || !context.json) Tell(text);
  PALERMO_ASSIGN_OR_RETURN(shown.previous, VersionBefore(kind, shown.document, args, context));
  const bool next =
      shown.previous.has_value() && desk::IsNextVersion(kind, *shown.previous, shown.document);
  PALERMO_RETURN_IF_ERROR(desk::CheckUnsigned(
      kind, shown.document, next ? &*shown.previous : nullptr, context.clock->Now()));
  if (!shown.previous.has_value()) return shown;
  PALERMO_ASSIGN_OR_RETURN(shown.changes,
                           desk::DescribeChanges(kind, *shown.previous, shown.document));
  if (person) Tell(shown.changes);
  return shown;
}

}  // namespace

absl::StatusOr<int> Sign(DocumentKind kind, const Args& args, Context& context) {
  const std::string path = args.Get("file");
  if (args.Has("--out") && args.Get("--out") != path) {
    PALERMO_RETURN_IF_ERROR(CheckOut(args, args.Get("--out")));
  }
  PALERMO_ASSIGN_OR_RETURN(Shown shown, ShowFirst(kind, args, context));
  v1::SignedDocument& document = shown.document;
  const auto sets = SetsThatCount(kind, document, shown.previous, context);
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(args.Get("--key"), args));
  const bool whole = shown.previous.has_value() || VersionOf(kind, document) <= 1;
  PALERMO_RETURN_IF_ERROR(CheckSigner(kind, document, bundle, sets, whole));
  const int before = document.signatures_size();
  PALERMO_RETURN_IF_ERROR(desk::AddSignature(kind, bundle, PinFor(args), &document));
  const bool already = document.signatures_size() == before;
  const std::string out = args.Has("--out") ? args.Get("--out") : path;
  PALERMO_RETURN_IF_ERROR(desk::WriteDocument(out, document));
  const std::string count = CountText(kind, document, sets);
  if (context.json) {
    PALERMO_ASSIGN_OR_RETURN(std::string json, desk::DocumentJson(kind, document));
    context.out += desk::Json::Object()
                       .AddNumber("signatures", document.signatures_size())
                       .Add("already", already)
                       .Add("signers", count)
                       .Add("changes", shown.changes)
                       .Add("signed", desk::Json::Raw(json))
                       .Pretty();
    return kExitOk;
  }
  if (!PersonSigns(args)) context.out += shown.changes;
  context.out += absl::StrFormat("%s %s %s; signatures now: %d.\n%s", out,
                                 already ? "is signed already by" : "signed as", bundle.subject(),
                                 document.signatures_size(), count);
  return kExitOk;
}

}  // namespace palermo::cli
