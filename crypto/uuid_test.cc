#include "crypto/uuid.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace palermo::crypto {
namespace {

// RFC 9562, A.4: the namespace of names in the DNS.
TEST(NameUuid, GivesTheStandardsExample) {
  const auto dns = HexDecode("6ba7b8109dad11d180b400c04fd430c8");
  ASSERT_TRUE(dns.ok());
  EXPECT_EQ(NameUuid(*dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_NE(NameUuid(*dns, "www.example.org"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

}  // namespace
}  // namespace palermo::crypto
