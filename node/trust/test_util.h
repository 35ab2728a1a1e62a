// What the tests of this room share: matchers of statuses, and signing of changed documents.
#ifndef PALERMO_NODE_TRUST_TEST_UTIL_H_
#define PALERMO_NODE_TRUST_TEST_UTIL_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "node/trust/documents.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::trust {

inline absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// The code and a part of the text: several checks share a code, and each test is of one check.
MATCHER_P2(IsRefused, code, text, "") {
  absl::Status status = StatusOf(arg);
  *result_listener << CodeOf(status) << ": " << TextOf(status);
  return CodeOf(status) == code && TextOf(status).find(text) != std::string::npos;
}
MATCHER(IsAccepted, "") {
  absl::Status status = StatusOf(arg);
  *result_listener << CodeOf(status) << ": " << TextOf(status);
  return status.ok();
}

// Of a rule about documents: two of one key have a code of their own.
inline std::string CodeOfRule(std::string_view text) {
  return text.find("stands twice") == std::string_view::npos ? "BAD_DOCUMENT" : "DUPLICATE_KEY";
}

template <typename Body>
Body BodyOf(const v1::SignedDocument& document) {
  Body body;
  EXPECT_TRUE(body.ParseFromString(document.document()));
  return body;
}

// Signed by the first `count` of `keys`.
template <typename Body>
v1::SignedDocument Signed(const Body& body, crypto::Purpose purpose,
                          const std::vector<crypto::SigningKey>& keys, size_t count) {
  v1::SignedDocument document;
  document.set_document(StrictSerialize(body));
  for (size_t i = 0; i < count; ++i) SignDocument(purpose, keys[i], &document);
  return document;
}

// The newest directory of QM with a change that nobody would sign: no check of directories ran.
inline DirectoryPtr UncheckedDirectory(const testing::World& world,
                                       const std::function<void(v1::Directory*)>& change) {
  Directory directory = world.Directory("QM")->verified();
  change(&directory.body);
  return std::make_shared<const DirectoryIndex>(std::move(directory));
}

inline std::string Bytes(const Hash& hash) { return std::string(AsView(hash)); }

// A token that gives no signature.
class TokenGone : public crypto::Signer {
 public:
  const crypto::PublicKey& public_key() const override { return key_; }

 private:
  absl::StatusOr<crypto::Signature> Produce(std::string_view) const override {
    return TryLater("TOKEN_GONE", "no token");
  }
  crypto::PublicKey key_{};
};

// One bad document, header or statement, by what was changed.
template <typename Message>
struct Change {
  const char* name;
  std::function<void(Message*)> change;
  const char* text;
};
template <typename Message>
std::string ChangeName(const ::testing::TestParamInfo<Change<Message>>& info) {
  return info.param.name;
}
template <typename Message>
void PrintTo(const Change<Message>& change, std::ostream* out) {
  *out << change.name;
}

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_TEST_UTIL_H_
