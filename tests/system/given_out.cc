#include "tests/system/given_out.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/time/clock.h"
#include "base/bytes.h"

namespace palermo::testing {

std::string AnswerTo(const std::string& endpoint, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<uint16_t>(std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = Cat({"GET ", path, " HTTP/1.0\r\n\r\n"});
    if (write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
        answer.append(buffer, static_cast<size_t>(n));
      }
    }
  }
  close(fd);
  return answer;
}

std::string AllMessages(Programs& programs, const std::string& state) {
  auto stub = programs.Desk(Cat({state, "/central/o-0001"}));
  std::string bytes;
  const auto call = [&](auto method, const auto& request, auto* response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    context.set_wait_for_ready(true);
    const grpc::Status status = ((*stub).*method)(&context, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  };
  using Stub = v1::DeskService::Stub;
  v1::ListMessagesRequest list;
  v1::ListMessagesResponse listed;
  call(static_cast<grpc::Status (Stub::*)(grpc::ClientContext*, const v1::ListMessagesRequest&,
                                          v1::ListMessagesResponse*)>(&Stub::ListMessages),
       list, &listed);
  bytes += listed.SerializeAsString();
  EXPECT_GE(listed.messages_size(), 4);
  for (const v1::MessageSummary& message : listed.messages()) {
    v1::FetchMessageRequest fetch;
    fetch.set_message_id(message.message_id());
    v1::FetchMessageResponse fetched;
    call(static_cast<grpc::Status (Stub::*)(grpc::ClientContext*, const v1::FetchMessageRequest&,
                                            v1::FetchMessageResponse*)>(&Stub::FetchMessage),
         fetch, &fetched);
    bytes += fetched.SerializeAsString();
  }
  return bytes;
}

}  // namespace palermo::testing
