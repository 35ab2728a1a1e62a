#include "node/desk/endpoint.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace palermo::desk {
namespace {

TEST(Endpoint, IsAHostAndAPort) {
  for (const char* good :
       {"localhost:7443", "node.example.org:1", "10.0.0.1:65535", "[::1]:7443"}) {
    EXPECT_TRUE(CheckEndpoint(good).ok()) << CheckEndpoint(good);
  }
  for (const char* bad : {"", "localhost", "localhost:", ":7443", "localhost:0", "localhost:65536",
                          "localhost:74x", "::1:7443", "[::1]", "[]:7443", "[::1:7443",
                          "https://node.example:7443", "a b:1", "localhost:+1", "a\":1"}) {
    EXPECT_EQ(CodeOf(CheckEndpoint(bad)), "BAD_ENDPOINT") << bad;
  }
}

}  // namespace
}  // namespace palermo::desk
