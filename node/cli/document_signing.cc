#include "node/cli/document_signing.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/directory_support.h"
#include "node/cli/session.h"
#include "node/cli/tell.h"
#include "node/desk/document_edit.h"
#include "node/desk/json_value.h"
#include "node/desk/trust_memory.h"

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

// The version before `document`: of --previous, or as this desk trusts it. None for a first one.
absl::StatusOr<std::optional<v1::SignedDocument>> VersionBefore(DocumentKind kind,
                                                                const v1::SignedDocument& document,
                                                                const Args& args,
                                                                Context& context) {
  if (args.Has("--previous")) {
    PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument previous,
                             desk::ReadDocument(args.Get("--previous")));
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

}  // namespace

absl::StatusOr<int> Sign(DocumentKind kind, const Args& args, Context& context) {
  std::string path = args.Get("file");
  if (args.Has("--out") && args.Get("--out") != path) {
    PALERMO_RETURN_IF_ERROR(CheckOut(args, args.Get("--out")));
  }
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, desk::ReadDocument(path));
  PALERMO_ASSIGN_OR_RETURN(std::string shown, desk::ShowDocument(kind, document));
  // What a holder signs is shown before the passphrase is asked.
  Tell(shown);
  PALERMO_ASSIGN_OR_RETURN(auto previous, VersionBefore(kind, document, args, context));
  bool next = previous.has_value() && desk::IsNextVersion(kind, *previous, document);
  PALERMO_RETURN_IF_ERROR(
      desk::CheckUnsigned(kind, document, next ? &*previous : nullptr, context.clock->Now()));
  std::string changes;
  if (previous.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(changes, desk::DescribeChanges(kind, *previous, document));
    Tell(changes);
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(args.Get("--key"), args));
  PALERMO_RETURN_IF_ERROR(desk::AddSignature(kind, bundle, PinFor(args), &document));
  std::string out = args.Has("--out") ? args.Get("--out") : path;
  PALERMO_RETURN_IF_ERROR(desk::WriteDocument(out, document));
  if (context.json) {
    context.out += desk::Json::Object()
                       .AddNumber("signatures", document.signatures_size())
                       .Add("changes", changes)
                       .Pretty();
    return kExitOk;
  }
  context.out += absl::StrFormat("%s%s signed as %s; signatures now: %d.\n", changes, out,
                                 bundle.subject(), document.signatures_size());
  return kExitOk;
}

}  // namespace palermo::cli
