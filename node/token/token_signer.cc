#include "node/token/token_signer.h"

#include "base/bytes.h"
#include "base/status.h"

namespace palermo::token {
namespace {

class TokenSigner final : public crypto::Signer {
 public:
  TokenSigner(std::shared_ptr<Token> token, KeyPlace place, const crypto::PublicKey& key)
      : token_(std::move(token)), place_(std::move(place)), key_(key) {}

  const crypto::PublicKey& public_key() const override { return key_; }

 private:
  absl::StatusOr<crypto::Signature> Produce(std::string_view bytes) const override {
    return token_->Sign(place_.label, place_.id, bytes);
  }

  const std::shared_ptr<Token> token_;
  const KeyPlace place_;
  const crypto::PublicKey key_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Token>> Tokens::Open(const std::string& module,
                                                    const std::string& label) {
  std::shared_ptr<Token>& token = open_[{module, label}];
  if (token != nullptr) return token;
  if (!ask_) {
    return InputError("PIN_NEEDED", Cat({"the signing key is on token '", label,
                                         "'; its PIN is needed and there is no way to ask"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes pin, ask_(label));
  PALERMO_ASSIGN_OR_RETURN(token, Token::Open(module, label, std::move(pin)));
  return token;
}

absl::StatusOr<std::unique_ptr<crypto::Signer>> UseKey(std::shared_ptr<Token> token,
                                                       const KeyPlace& place,
                                                       const crypto::PublicKey& expected) {
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, token->FindPublicKey(place.label, place.id));
  if (key != expected) {
    return Refused("WRONG_KEY_ON_TOKEN",
                   Cat({"key '", place.label, "' on token '", token->label(), "' is ",
                        HexEncode(crypto::KeyId(crypto::kEd25519, crypto::AsView(key))),
                        ", but the key file names ",
                        HexEncode(crypto::KeyId(crypto::kEd25519, crypto::AsView(expected))),
                        "; is it another token?"}));
  }
  auto signer = std::make_unique<TokenSigner>(std::move(token), place, key);
  PALERMO_RETURN_IF_ERROR(signer->TrySignRaw("palermo/v1/token-check").status());
  return signer;
}

absl::StatusOr<std::unique_ptr<crypto::Signer>> SignerOf(const crypto::KeyBundle::Entry& entry,
                                                         Tokens& tokens, const std::string& module,
                                                         const std::string& token_label) {
  if (entry.token.empty()) {
    PALERMO_ASSIGN_OR_RETURN(crypto::SigningKey key,
                             crypto::SigningKey::FromSeed(entry.private_bytes.Clone()));
    return std::make_unique<crypto::SigningKey>(std::move(key));
  }
  PALERMO_ASSIGN_OR_RETURN(KeyPlace place, ParseKeyUri(entry.token));
  if (!module.empty()) place.module = module;
  if (!token_label.empty()) place.token = token_label;
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey expected, crypto::PublicKeyFrom(entry.public_bytes));
  PALERMO_ASSIGN_OR_RETURN(std::shared_ptr<Token> token, tokens.Open(place.module, place.token));
  return UseKey(std::move(token), place, expected);
}

}  // namespace palermo::token
