// The next version of a document from the one before, by single changes instead of a whole JSON;
// what changes between two versions, in plain words; and who has signed. For the ceremony of the
// holders of roster, root and directory keys, who pass one file from hand to hand.
#ifndef PALERMO_NODE_DESK_DOCUMENT_EDIT_H_
#define PALERMO_NODE_DESK_DOCUMENT_EDIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/desk/documents.h"

namespace palermo::desk {

struct DocumentEdit {
  std::vector<std::string> add_states;     // JSON files, each one entry of "states"
  std::vector<std::string> remove_states;  // codes
  // "OLD=FILE": a key of the document's own key set, by its id or its holder, and its successor.
  std::vector<std::string> rotate_keys;
  std::vector<std::string> rotate_roots;  // "QT/OLD=FILE": of a state of the roster
  std::vector<std::string> endpoints;     // "QT=HOST:PORT"
  // Of a directory. A file of kind "node" whose checkpoint, cosignature and TLS key come.
  std::string node_key;
  // The node's TLS pins become those of these files, in this order: the one in use, the next.
  std::vector<std::string> tls_keys;
  std::vector<std::string> recovery_keys;  // "QT/central=FILE"
  int64_t valid_days = 0;                  // 0: as long as the version before
};
// Unsigned; times and link are new. Each kind of document takes the changes of its own fields.
// Codes BAD_EDIT (which change cannot be made, and why), NO_FILE, BAD_KEY_FILE, BAD_DOCUMENT.
absl::StatusOr<v1::SignedDocument> EditDocument(DocumentKind kind,
                                                const v1::SignedDocument& previous,
                                                const DocumentEdit& edit, absl::Time now);

// One sentence a line; "Nothing but version and times changes." when that is so.
absl::StatusOr<std::string> DescribeChanges(DocumentKind kind, const v1::SignedDocument& before,
                                            const v1::SignedDocument& after);

// Whether `after` names `before` as the version before it, with its number and its SHA-256.
bool IsNextVersion(DocumentKind kind, const v1::SignedDocument& before,
                   const v1::SignedDocument& after);
// Before anybody signs: what would be refused whoever signs it, and what has expired already.
// `previous`: the version before, or null. Codes of trust::Verify*.
absl::Status CheckUnsigned(DocumentKind kind, const v1::SignedDocument& document,
                           const v1::SignedDocument* previous, absl::Time now);

// "2 of 3 roster keys have signed, 2 are needed." and each holder with what he did. `set` names
// the keys. A signature that does not verify is said.
std::string SignersText(DocumentKind kind, const v1::KeySet& set, const std::string& what,
                        const v1::SignedDocument& document);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DOCUMENT_EDIT_H_
