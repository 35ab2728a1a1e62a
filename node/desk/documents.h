// Rosters, charters and directories as administrators make them: from a JSON file that names key
// files, to a document that is signed, verified and shown. docs/commands.md shows the JSON.
//
// A document's file is the binary v1.SignedDocument (.roster, .charter, .directory).
#ifndef PALERMO_NODE_DESK_DOCUMENTS_H_
#define PALERMO_NODE_DESK_DOCUMENTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/key_file.h"
#include "node/desk/json_reader.h"
#include "node/token/token.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::desk {

enum class DocumentKind { kRoster, kCharter, kDirectory };
const char* KindName(DocumentKind kind);  // "roster"

// From JSON. Key files are named relative to `folder`. With `previous` the version is the next one
// and windows that the JSON does not give are kept. Unsigned. Codes BAD_JSON, NO_FILE,
// BAD_KEY_FILE, BAD_DOCUMENT.
absl::StatusOr<v1::SignedDocument> ProposeDocument(DocumentKind kind, const std::string& json,
                                                   const std::string& what,
                                                   const std::string& folder,
                                                   const v1::SignedDocument* previous,
                                                   absl::Time now);
// Entries of a roster's "states", from JSON: one entry, or a whole template, of which only the
// states count. BAD_JSON, NO_FILE, BAD_KEY_FILE.
absl::StatusOr<std::vector<v1::RosterState>> ReadRosterStates(const std::string& json,
                                                              const std::string& what,
                                                              const std::string& folder);
// Adds the signature of a key file: "roster" or "state-root" for a roster, "state-root" for a
// charter, "administrator" for a directory. BAD_KEY_FILE; the codes of token::SignerOf.
absl::Status AddSignature(DocumentKind kind, const crypto::KeyBundle& bundle,
                          const token::PinSource& ask, v1::SignedDocument* document);

absl::StatusOr<v1::SignedDocument> ReadDocument(const std::string& path);
// And only one of this kind: BAD_DOCUMENT names the kind that it is instead.
absl::StatusOr<v1::SignedDocument> ReadDocument(DocumentKind kind, const std::string& path);
// BAD_DOCUMENT unless it is one of this kind, in its one encoding. Says nothing of signatures.
absl::Status CheckKind(DocumentKind kind, const v1::SignedDocument& document);
absl::Status WriteDocument(const std::string& path, const v1::SignedDocument& document);

// For people, within 100 columns; and as JSON. BAD_DOCUMENT when it is not one of this kind.
absl::StatusOr<std::string> ShowDocument(DocumentKind kind, const v1::SignedDocument& document);
absl::StatusOr<std::string> DocumentJson(DocumentKind kind, const v1::SignedDocument& document);
// JSON to start from: a roster of all `states`, a charter or directory of the first.
std::string DocumentTemplate(DocumentKind kind, const std::vector<std::string>& states);

// The public part of a key file, as JSON that a document's JSON may embed; and back.
std::string PublicKeysJson(const crypto::KeyFilePublic& keys);
// From a key file, a file of `palermo key show --json`, or an embedded object.
absl::StatusOr<crypto::KeyFilePublic> LoadPublicKeys(JsonReader::Item item,
                                                     const std::string& folder);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DOCUMENTS_H_
