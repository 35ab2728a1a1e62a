// Where a private key is: an RFC 7512 URI, read and written by p11-kit.
#ifndef PALERMO_NODE_TOKEN_KEY_URI_H_
#define PALERMO_NODE_TOKEN_KEY_URI_H_

#include <string>

#include "absl/status/statusor.h"

namespace palermo::token {

struct KeyPlace {
  std::string module;  // absolute path of the PKCS#11 module, a shared library
  std::string token;   // label of the token
  std::string label;   // label of the key
  std::string id;      // its CKA_ID; empty: the label alone tells

  bool operator==(const KeyPlace&) const = default;
};

// "pkcs11:token=PA%20node;object=checkpoint;id=%01?module-path=/usr/lib/..."
// REQUIRES: token and label are not empty.
std::string FormatKeyUri(const KeyPlace& place);
// BAD_KEY_URI: not RFC 7512, without token or object, or with a PIN in it.
absl::StatusOr<KeyPlace> ParseKeyUri(const std::string& uri);

}  // namespace palermo::token

#endif  // PALERMO_NODE_TOKEN_KEY_URI_H_
