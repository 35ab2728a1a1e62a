#include "crypto/secret.h"

#include <sodium.h>
#include <sys/resource.h>

#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/init.h"

namespace palermo::crypto {

SecretBytes SecretBytes::Zero(size_t size) {
  Init();
  SecretBytes secret;
  if (size == 0) return secret;
  secret.data_ = static_cast<uint8_t*>(sodium_malloc(size));
  PALERMO_CHECK(secret.data_ != nullptr);
  std::memset(secret.data_, 0, size);
  secret.size_ = size;
  return secret;
}

SecretBytes SecretBytes::Copy(std::string_view bytes) {
  SecretBytes secret = Zero(bytes.size());
  if (!bytes.empty()) std::memcpy(secret.data_, bytes.data(), bytes.size());
  return secret;
}

SecretBytes SecretBytes::Random(size_t size, palermo::Random& random) {
  SecretBytes secret = Zero(size);
  if (size > 0) random.Fill(secret.data_, size);
  return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

SecretBytes SecretBytes::Clone() const { return Copy(Expose(SecretAccess::Grant())); }

std::string_view SecretBytes::Expose(SecretAccess) const {
  return {reinterpret_cast<const char*>(data_), size_};
}

uint8_t* SecretBytes::MutableData(SecretAccess) { return data_; }

absl::Status CheckSecretMemory(size_t bytes) {
  Init();
  void* tried = sodium_malloc(bytes);
  // Locked already if that worked; asking again tells.
  bool locked = tried != nullptr && sodium_mlock(tried, bytes) == 0;
  sodium_free(tried);
  if (locked) return absl::OkStatus();
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  return Refused(
      "MEMORY_NOT_LOCKED",
      absl::StrFormat("keys and passphrases cannot be kept out of the swap space: this process may "
                      "lock %d KiB of memory and needs %d KiB. Raise it: LimitMEMLOCK=64M in the "
                      "systemd unit, or ulimit -l 65536 in the shell",
                      limit.rlim_cur / 1024, bytes / 1024));
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void WipeString(std::string& text) {
  text.resize(text.capacity());  // the unused end may hold an older, longer value
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace palermo::crypto
