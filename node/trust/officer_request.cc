#include "node/trust/officer_request.h"

#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr size_t kFingerprintBytes = 12;

absl::Status Bad(std::string_view text) {
  return InputError("BAD_STATEMENT", Cat({"officer request: ", text}));
}

}  // namespace

absl::StatusOr<v1::SignedOfficerRequest> SignOfficerRequest(const v1::OfficerRequest& request,
                                                            const crypto::Signer& signer) {
  v1::SignedOfficerRequest made;
  made.set_request(StrictSerialize(request));
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature signature,
                           signer.TrySign(crypto::Purpose::kOfficerRequest, made.request()));
  made.set_signature(std::string(crypto::AsView(signature)));
  return made;
}

absl::StatusOr<v1::OfficerRequest> VerifyOfficerRequest(const v1::SignedOfficerRequest& request) {
  if (request.request().size() > limits::kMaxOfficerRequestBytes)
    return Bad("it is over its limit");
  v1::OfficerRequest body;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(request.request(), &body, "BAD_STATEMENT", "officer request"));
  if (body.format() != 1) return Bad("its format is not 1");
  if (!IsOfficerId(body.officer())) return Bad("it names no officer");
  if (body.tls_pin().size() != 32) return Bad("its TLS pin has not 32 bytes");
  if (body.sealing_key().empty() || body.sealing_key().size() > limits::kMaxEncapsulationBytes) {
    return Bad("it has no sealing key");
  }
  if (body.made_at_ms() <= 0) return Bad("it says not when it was made");
  auto key = crypto::PublicKeyFrom(body.signing_key());
  if (!key.ok()) return Bad("its signing key has not 32 bytes");
  PALERMO_RETURN_IF_ERROR(crypto::Verify(crypto::Purpose::kOfficerRequest, *key, request.request(),
                                         request.signature()));
  return body;
}

std::string RequestFingerprint(const v1::SignedOfficerRequest& request) {
  Hash hash = crypto::Sha256(request.request());
  std::string hex = HexEncode(AsView(hash).substr(0, kFingerprintBytes));
  std::string text;
  for (size_t i = 0; i < hex.size(); i += 4) {
    text += Cat({text.empty() ? "" : " ", std::string_view(hex).substr(i, 4)});
  }
  return text;
}

}  // namespace palermo::trust
