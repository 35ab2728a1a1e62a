// The opening side of crypto/chunked.h. Target palermo_crypto_open: only the desk links it.
#ifndef PALERMO_CRYPTO_CHUNKED_OPEN_H_
#define PALERMO_CRYPTO_CHUNKED_OPEN_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// Takes one authenticated piece of plaintext; the view dies with the call. An error ends the
// opening and is passed on.
using PlaintextSink = std::function<absl::Status(std::string_view)>;

// Streams in constant memory. Each piece given to the sink is authentic and in its place, but only
// Finish tells that the end was reached: until then the caller must treat what it has as a prefix.
// Move-only, one thread at a time.
class ChunkedOpener {
 public:
  // Fails with BAD_LENGTH unless the key has 32 bytes.
  static absl::StatusOr<ChunkedOpener> Create(const SecretBytes& key, std::string_view context);
  ~ChunkedOpener();
  ChunkedOpener(ChunkedOpener&&) noexcept;
  ChunkedOpener& operator=(ChunkedOpener&&) noexcept;

  // Codes: WRONG_KEY (key, salt or context differ: the commitment says so before anything is
  // decrypted), CANNOT_OPEN (a chunk was changed), TRUNCATED (Finish only: the end is missing).
  // After an error every call fails.
  absl::Status Update(std::string_view sealed, const PlaintextSink& sink);
  absl::Status Finish(const PlaintextSink& sink);

 private:
  struct State;
  explicit ChunkedOpener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The whole at once; nothing comes out unless all of it is authentic. Codes as above.
absl::StatusOr<SecretBytes> ChunkedOpen(const SecretBytes& key, std::string_view context,
                                        std::string_view sealed);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_CHUNKED_OPEN_H_
