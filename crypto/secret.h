// Memory for keys, passphrases and opened bodies.
//
// SecretBytes gives: wiped on free, kept out of core dumps and swap as far as the system allows,
// guard pages around (small ones share theirs), no copy by accident. It does not give: protection
// from a debugger, from root, or from copies made through Expose().
#ifndef PALERMO_CRYPTO_SECRET_H_
#define PALERMO_CRYPTO_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "base/random.h"

namespace palermo::crypto {

// The token that every read of a secret must show, so that `grep SecretAccess::Grant` lists all
// places where a secret leaves its memory.
class SecretAccess {
 public:
  static SecretAccess Grant() { return SecretAccess(); }

 private:
  SecretAccess() = default;
};

// Owns its memory; move-only. Not thread-safe for writing; reading from many threads is fine.
class SecretBytes {
 public:
  // Empty.
  SecretBytes() = default;
  static SecretBytes Copy(std::string_view bytes);
  static SecretBytes Zero(size_t size);
  static SecretBytes Random(size_t size, palermo::Random& random);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  SecretBytes Clone() const;

  // The view is valid as long as this object.
  std::string_view Expose(SecretAccess) const;
  uint8_t* MutableData(SecretAccess);

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// Whether so many bytes of secrets can be kept out of swap. A secret past the system's limit works
// all the same, wiped and kept out of dumps, but the system may write it to the swap space: a
// program asks at its start. MEMORY_NOT_LOCKED says what to do.
absl::Status CheckSecretMemory(size_t bytes);

// Time depends on the sizes only. Views of different size are unequal at once.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

// Overwrites and empties `text`. Does not reach copies that the string left behind when it grew:
// reserve first.
void WipeString(std::string& text);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_SECRET_H_
