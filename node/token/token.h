// One PKCS#11 token: its module, a session, the PIN. Signs with Ed25519 keys that never leave it
// (CKM_EDDSA).
//
// A session that was lost (the token was pulled out and put back, its daemon restarted) is opened
// again, with one login, at the next use. A PIN that was refused is never tried a second time, so
// that no program locks a token by itself.
//
// Owned by those who use it, through shared_ptr. Thread-safe: one call to the module at a time.
#ifndef PALERMO_NODE_TOKEN_TOKEN_H_
#define PALERMO_NODE_TOKEN_TOKEN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "crypto/secret.h"
#include "crypto/signing.h"

namespace palermo::token {

// Asks for the PIN of the token with this label.
using PinSource = std::function<absl::StatusOr<crypto::SecretBytes>(const std::string& token)>;

class Token {
 public:
  // Loads the module (an absolute path), finds the token by its label, logs in. Codes: BAD_MODULE,
  // NO_TOKEN, PIN_NEEDED (it is empty), WRONG_PIN, PIN_LOCKED, TOKEN_NOT_READY, TOKEN_FAILED.
  static absl::StatusOr<std::shared_ptr<Token>> Open(const std::string& module,
                                                     const std::string& label,
                                                     crypto::SecretBytes pin);
  ~Token();
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

  const std::string& module() const { return module_; }
  const std::string& label() const { return label_; }

  // The public key of a private Ed25519 key. An empty id matches every id. Codes: NO_KEY_ON_TOKEN,
  // SEVERAL_KEYS_ON_TOKEN, WRONG_KEY_ON_TOKEN (of another type, or it may not sign).
  absl::StatusOr<crypto::PublicKey> FindPublicKey(const std::string& label, const std::string& id)
      ABSL_LOCKS_EXCLUDED(mu_);
  // A new key pair that the token makes and never shows. KEY_EXISTS when the label is taken,
  // NO_ED25519 when the token cannot.
  absl::StatusOr<crypto::PublicKey> Generate(const std::string& label, const std::string& id)
      ABSL_LOCKS_EXCLUDED(mu_);
  // 64 bytes, verified by nobody yet. Codes as above and TOKEN_GONE.
  absl::StatusOr<crypto::Signature> Sign(const std::string& label, const std::string& id,
                                         std::string_view bytes) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Module;  // hides the PKCS#11 types

  Token(std::string module, std::string label, crypto::SecretBytes pin);
  absl::Status Connect() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Disconnect() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Login() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Runs `work` in a session; once more in a new one when the session was lost.
  template <typename Value>
  absl::StatusOr<Value> InSession(const std::function<absl::StatusOr<Value>()>& work)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<uint64_t> FindSlot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<uint64_t> FindPrivateKey(const std::string& label, const std::string& id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Failed(std::string_view what, uint64_t result) const;

  const std::string module_;
  const std::string label_;
  const crypto::SecretBytes pin_;
  absl::Mutex mu_;
  std::unique_ptr<Module> loaded_ ABSL_GUARDED_BY(mu_);
  bool connected_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status pin_refused_ ABSL_GUARDED_BY(mu_);
};

}  // namespace palermo::token

#endif  // PALERMO_NODE_TOKEN_TOKEN_H_
