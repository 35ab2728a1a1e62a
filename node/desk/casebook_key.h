// The key of the casebook's file: made once, sealed to the officer's own key. Opens only with the
// officer's key file. docs/formats/casebook.md.
#ifndef PALERMO_NODE_DESK_CASEBOOK_KEY_H_
#define PALERMO_NODE_DESK_CASEBOOK_KEY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"

namespace palermo::desk {

struct NewCasebookKey {
  crypto::SecretBytes key;
  std::string file;
};
absl::StatusOr<NewCasebookKey> MakeCasebookKey(const std::string& officer,
                                               const crypto::SealingPublicKey& to, Random& random);

// BAD_CASEBOOK_KEY when the file is none; WRONG_KEY when it is of another officer or key file.
absl::StatusOr<crypto::SecretBytes> OpenCasebookKey(std::string_view file,
                                                    const std::string& officer,
                                                    const crypto::SealingPrivateKey& key);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CASEBOOK_KEY_H_
