#include "node/server/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "base/status.h"

namespace palermo::server {
namespace {

using testing::HasSubstr;

class HttpTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpHandlers handlers{[this] { return ready_; }, [] { return std::string("palermo_x 1\n"); }};
    auto started = HttpServer::Start("127.0.0.1:0", std::move(handlers));
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = std::move(started).value();
  }
  httplib::Result Get(const char* path) {
    return httplib::Client("127.0.0.1", server_->port()).Get(path);
  }

  absl::Status ready_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpTest, HealthAndMetricsAnswer) {
  auto health = Get("/healthz");
  ASSERT_TRUE(health);
  EXPECT_EQ(health->status, 200);
  auto metrics = Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->body, "palermo_x 1\n");
  EXPECT_THAT(metrics->get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
}

TEST_F(HttpTest, ReadyFollowsTheProbeAndNamesTheCode) {
  auto ready = Get("/readyz");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 200);
  ready_ = TryLater("STORE_STOPPED", "the disk failed");
  ready = Get("/readyz");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 503);
  EXPECT_THAT(ready->body, HasSubstr("STORE_STOPPED"));
}

TEST_F(HttpTest, NothingElseIsThere) {
  auto other = Get("/");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->status, 404);
}

TEST_F(HttpTest, AddressInUseIsRefused) {
  auto second = HttpServer::Start("127.0.0.1:" + std::to_string(server_->port()), {});
  EXPECT_EQ(CodeOf(second.status()), "CANNOT_LISTEN");
  EXPECT_THAT(TextOf(second.status()), HasSubstr("in use"));
}

TEST(Address, SplitsNamesAndBothFamilies) {
  EXPECT_EQ(SplitAddress("node.example:7443")->host, "node.example");
  EXPECT_EQ(SplitAddress("[::1]:7443")->host, "::1");
  EXPECT_EQ(SplitAddress("127.0.0.1:0")->port, 0);
  for (const char* bad : {"", ":1", "host", "host:", "host:-1", "host:65536", "::1:80"}) {
    EXPECT_EQ(CodeOf(SplitAddress(bad).status()), "BAD_ADDRESS") << bad;
  }
}

TEST(Address, LoopbackIsRecognised) {
  EXPECT_TRUE(IsLoopback("127.0.0.1"));
  EXPECT_TRUE(IsLoopback("::1"));
  EXPECT_TRUE(IsLoopback("localhost"));
  EXPECT_FALSE(IsLoopback("0.0.0.0"));
}

}  // namespace
}  // namespace palermo::server
