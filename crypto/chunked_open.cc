#include "crypto/chunked_open.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "crypto/aead_open.h"
#include "crypto/chunked.h"
#include "crypto/chunked_internal.h"

namespace palermo::crypto {
namespace {

constexpr size_t kSealedChunkBytes = kChunkBytes + kChunkTagBytes;

absl::Status Truncated() {
  return InputError("TRUNCATED", "the sealed bytes end before their last chunk; fetch them again");
}

}  // namespace

struct ChunkedOpener::State {
  absl::Status CheckHeader();
  absl::Status OpenChunk(std::string_view sealed, const PlaintextSink& sink);
  absl::Status Take(std::string_view sealed, const PlaintextSink& sink);
  absl::Status TakeLast(const PlaintextSink& sink);

  SecretBytes key;
  std::string context;
  std::string base_nonce;
  std::optional<internal::GcmOpener> gcm;  // once the commitment is checked
  std::string pending;                     // shorter than the header or a chunk between calls
  SecretBytes plaintext = SecretBytes::Zero(kChunkBytes);
  uint64_t chunks = 0;
  absl::Status ended;  // why no further call is possible
};

absl::Status ChunkedOpener::State::CheckHeader() {
  std::string_view header = pending;
  internal::ChunkKeys keys =
      internal::DeriveChunkKeys(key, header.substr(0, kChunkedSaltBytes), context);
  if (!ConstantTimeEqual(keys.commitment, header.substr(kChunkedSaltBytes))) {
    return InputError("WRONG_KEY", "the sealed bytes belong to another key or another context");
  }
  gcm.emplace(keys.key);
  base_nonce = keys.base_nonce;
  pending.clear();
  return absl::OkStatus();
}

absl::Status ChunkedOpener::State::OpenChunk(std::string_view sealed, const PlaintextSink& sink) {
  if (chunks >= internal::kMaxChunks) {
    return InputError("CANNOT_OPEN", "the sealed bytes are longer than the format allows");
  }
  uint8_t* out = plaintext.MutableData(SecretAccess::Grant());
  if (!gcm->Open(internal::ChunkNonce(base_nonce, chunks), "", sealed, out)) {
    return InputError("CANNOT_OPEN", absl::StrFormat("chunk %d was changed or cut", chunks));
  }
  ++chunks;
  size_t size = sealed.size() - kChunkTagBytes;
  if (size == 0) return absl::OkStatus();
  return sink(plaintext.Expose(SecretAccess::Grant()).substr(0, size));
}

absl::Status ChunkedOpener::State::Take(std::string_view sealed, const PlaintextSink& sink) {
  while (!sealed.empty()) {
    size_t wanted = gcm ? kSealedChunkBytes : kChunkedHeaderBytes;
    if (gcm && pending.empty() && sealed.size() >= wanted) {  // no detour through the buffer
      PALERMO_RETURN_IF_ERROR(OpenChunk(sealed.substr(0, wanted), sink));
      sealed.remove_prefix(wanted);
      continue;
    }
    size_t n = std::min(sealed.size(), wanted - pending.size());
    pending.append(sealed.substr(0, n));
    sealed.remove_prefix(n);
    if (pending.size() < wanted) continue;
    if (!gcm) {
      PALERMO_RETURN_IF_ERROR(CheckHeader());
    } else {
      PALERMO_RETURN_IF_ERROR(OpenChunk(pending, sink));
      pending.clear();
    }
  }
  return absl::OkStatus();
}

// A full chunk is never the last one, so that what is pending now must be it.
absl::Status ChunkedOpener::State::TakeLast(const PlaintextSink& sink) {
  if (!gcm || pending.size() < kChunkTagBytes) return Truncated();
  return OpenChunk(pending, sink);
}

absl::StatusOr<ChunkedOpener> ChunkedOpener::Create(const SecretBytes& key,
                                                    std::string_view context) {
  if (key.size() != kChunkedKeyBytes) {
    return InputError(
        "BAD_LENGTH",
        absl::StrFormat("chunked encryption takes a key of 32 bytes, not %d", key.size()));
  }
  auto state = std::make_unique<State>();
  state->key = key.Clone();
  state->context = std::string(context);
  return ChunkedOpener(std::move(state));
}

ChunkedOpener::ChunkedOpener(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChunkedOpener::~ChunkedOpener() = default;
ChunkedOpener::ChunkedOpener(ChunkedOpener&&) noexcept = default;
ChunkedOpener& ChunkedOpener::operator=(ChunkedOpener&&) noexcept = default;

absl::Status ChunkedOpener::Update(std::string_view sealed, const PlaintextSink& sink) {
  if (state_->ended.ok()) state_->ended = state_->Take(sealed, sink);
  return state_->ended;
}

absl::Status ChunkedOpener::Finish(const PlaintextSink& sink) {
  PALERMO_RETURN_IF_ERROR(state_->ended);
  absl::Status result = state_->TakeLast(sink);
  state_->ended = result.ok() ? WrongState("FINISHED", "the opening has ended already") : result;
  return result;
}

absl::StatusOr<SecretBytes> ChunkedOpen(const SecretBytes& key, std::string_view context,
                                        std::string_view sealed) {
  PALERMO_ASSIGN_OR_RETURN(ChunkedOpener opener, ChunkedOpener::Create(key, context));
  uint64_t body = sealed.size() - std::min(sealed.size(), kChunkedHeaderBytes);
  uint64_t last = body % kSealedChunkBytes;
  uint64_t size = body / kSealedChunkBytes * kChunkBytes + last - std::min<uint64_t>(last, 16);
  SecretBytes plaintext = SecretBytes::Zero(size);
  uint8_t* end = plaintext.MutableData(SecretAccess::Grant());
  PlaintextSink sink = [&end](std::string_view piece) {
    std::memcpy(end, piece.data(), piece.size());
    end += piece.size();
    return absl::OkStatus();
  };
  PALERMO_RETURN_IF_ERROR(opener.Update(sealed, sink));
  PALERMO_RETURN_IF_ERROR(opener.Finish(sink));
  return plaintext;
}

}  // namespace palermo::crypto
