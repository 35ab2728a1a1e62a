// A crypto::Signer whose private key is on a token.
#ifndef PALERMO_NODE_TOKEN_TOKEN_SIGNER_H_
#define PALERMO_NODE_TOKEN_TOKEN_SIGNER_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "crypto/key_file.h"
#include "crypto/signing.h"
#include "node/token/key_uri.h"
#include "node/token/token.h"

namespace palermo::token {

// The tokens that one program uses, each opened and its PIN asked once. Not thread-safe; what it
// gives is.
class Tokens {
 public:
  explicit Tokens(PinSource ask) : ask_(std::move(ask)) {}

  absl::StatusOr<std::shared_ptr<Token>> Open(const std::string& module, const std::string& label);

 private:
  PinSource ask_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Token>> open_;
};

// Finds the key and lets it sign once, so that a wrong key or token shows before it is needed.
// Also WRONG_KEY_ON_TOKEN unless its public key is `expected`.
absl::StatusOr<std::unique_ptr<crypto::Signer>> UseKey(std::shared_ptr<Token> token,
                                                       const KeyPlace& place,
                                                       const crypto::PublicKey& expected);

// The signer of an Ed25519 entry of a key file: in memory, or on the token that it names. A
// non-empty `module` or `token_label` is used instead of what the key file says.
absl::StatusOr<std::unique_ptr<crypto::Signer>> SignerOf(const crypto::KeyBundle::Entry& entry,
                                                         Tokens& tokens,
                                                         const std::string& module = "",
                                                         const std::string& token_label = "");

}  // namespace palermo::token

#endif  // PALERMO_NODE_TOKEN_TOKEN_SIGNER_H_
