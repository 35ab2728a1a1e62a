#include "node/server/http.h"

#include <httplib.h>

#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/server/startup.h"

namespace palermo::server {
namespace {

constexpr size_t kThreads = 4;
constexpr time_t kTimeoutSeconds = 5;
constexpr int kMaxPort = 65535;
constexpr char kPlain[] = "text/plain; charset=utf-8";
constexpr char kPrometheus[] = "text/plain; version=0.0.4; charset=utf-8";

void Answer(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text, kPlain);
}

void AnswerReady(httplib::Response& response, const absl::Status& status) {
  if (status.ok()) return Answer(response, 200, "ready\n");
  Answer(response, 503, absl::StrFormat("not ready: %s: %s\n", CodeOf(status), TextOf(status)));
}

}  // namespace

struct HttpServer::Impl {
  httplib::Server server;
  std::thread thread;
  int port = 0;
};

absl::StatusOr<HostPort> SplitAddress(const std::string& address) {
  HostPort parts;
  size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return InputError("BAD_ADDRESS", absl::StrFormat("\"%s\" is not host:port", address));
  }
  parts.host = address.substr(0, colon);
  if (parts.host.size() > 2 && parts.host.front() == '[' && parts.host.back() == ']') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  } else if (parts.host.find(':') != std::string::npos) {
    return InputError("BAD_ADDRESS",
                      absl::StrFormat("\"%s\": write an IPv6 address as [address]:port", address));
  }
  if (!absl::SimpleAtoi(address.substr(colon + 1), &parts.port) || parts.port < 0 ||
      parts.port > kMaxPort) {
    return InputError("BAD_ADDRESS", absl::StrFormat("\"%s\": the port is no number from 0 to %d",
                                                     address, kMaxPort));
  }
  return parts;
}

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              HttpHandlers handlers) {
  PALERMO_ASSIGN_OR_RETURN(HostPort where, SplitAddress(address));
  auto impl = std::make_unique<Impl>();
  httplib::Server& server = impl->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_read_timeout(kTimeoutSeconds);
  server.set_write_timeout(kTimeoutSeconds);
  server.set_keep_alive_max_count(1);
  server.set_payload_max_length(0);
  // The library's default is SO_REUSEPORT, with which a second process would share the port unseen.
  server.set_socket_options([](auto socket) {
    int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  server.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    Answer(response, 200, "ok\n");
  });
  server.Get("/readyz", [ready = std::move(handlers.ready)](const httplib::Request&,
                                                            httplib::Response& response) {
    AnswerReady(response, ready());
  });
  server.Get("/metrics", [metrics = std::move(handlers.metrics)](const httplib::Request&,
                                                                 httplib::Response& response) {
    response.set_content(metrics(), kPrometheus);
  });
  if (where.port == 0) {
    impl->port = server.bind_to_any_port(where.host);
  } else if (server.bind_to_port(where.host, where.port)) {
    impl->port = where.port;
  }
  if (impl->port <= 0) {
    // The library does not say why it failed.
    PALERMO_RETURN_IF_ERROR(CheckCanListen("http-listen", address));
    return TryLater("CANNOT_LISTEN",
                    absl::StrFormat("http-listen: cannot listen on %s; try again", address));
  }
  impl->thread = std::thread([&server] { server.listen_after_bind(); });
  // stop() does nothing before the loop runs.
  while (!server.is_running()) std::this_thread::yield();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  impl_->server.stop();
  impl_->thread.join();
}

int HttpServer::port() const { return impl_->port; }

}  // namespace palermo::server
