#include "crypto/secret.h"

#include <sodium.h>
#include <sys/resource.h>

#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/init.h"

namespace palermo::crypto {

namespace {

// Pages of libsodium (locked, out of core dumps, guard pages around) cut into cells. A page of its
// own costs a dozen system calls, and one HPKE sealing makes twenty secrets of 32 bytes.
class Cells {
 public:
  static constexpr size_t kCellBytes = 128;
  static constexpr size_t kMaxSecretBytes = kCellBytes - 16;  // the rest must stay zero
  static Cells& Instance() {
    static auto* cells = new Cells;  // never freed: secrets may outlive every static
    return *cells;
  }

  // All zero.
  uint8_t* Take() {
    std::lock_guard<std::mutex> lock(mu_);
    if (free_.empty()) Grow();
    uint8_t* cell = free_.back();
    free_.pop_back();
    return cell;
  }
  // Wipes it. A byte behind the secret that is not zero was written past its end: an own bug.
  void Return(uint8_t* cell, size_t size) {
    PALERMO_CHECK(sodium_is_zero(cell + size, kCellBytes - size) == 1);
    sodium_memzero(cell, size);
    std::lock_guard<std::mutex> lock(mu_);
    free_.push_back(cell);
  }

 private:
  static constexpr size_t kSlabCells = 256;

  void Grow() {
    auto* slab = static_cast<uint8_t*>(sodium_allocarray(kSlabCells, kCellBytes));
    PALERMO_CHECK(slab != nullptr);
    std::memset(slab, 0, kSlabCells * kCellBytes);
    for (size_t i = 0; i < kSlabCells; ++i) free_.push_back(slab + i * kCellBytes);
  }

  std::mutex mu_;
  std::vector<uint8_t*> free_;
};

bool IsSmall(size_t size) { return size <= Cells::kMaxSecretBytes; }

}  // namespace

SecretBytes SecretBytes::Zero(size_t size) {
  Init();
  SecretBytes secret;
  if (size == 0) return secret;
  if (IsSmall(size)) {
    secret.data_ = Cells::Instance().Take();
  } else {
    secret.data_ = static_cast<uint8_t*>(sodium_malloc(size));
    PALERMO_CHECK(secret.data_ != nullptr);
    std::memset(secret.data_, 0, size);
  }
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

SecretBytes::~SecretBytes() {
  if (data_ == nullptr) return;
  if (IsSmall(size_)) {
    Cells::Instance().Return(data_, size_);
  } else {
    sodium_free(data_);
  }
}

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
