#include "node/server/transport/tls_credentials.h"

#include <grpc/support/log.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/plain_text.h"
#include "base/status.h"

namespace palermo::transport {
namespace {

using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsChannelCredentialsOptions;
using grpc::experimental::TlsCustomVerificationCheckRequest;

constexpr std::string_view kStorePrefix = "STORE_";
constexpr char kDetailUrl[] = "palermo/detail";
constexpr std::string_view kCodePrefix = "palermo-code:";

std::string_view ViewOf(grpc::string_ref text) { return {text.data(), text.size()}; }

std::string KeyPem(const crypto::TlsIdentity& identity) {
  return std::string(identity.key_pem.Expose(crypto::SecretAccess::Grant()));
}

class PinVerifier final : public ExternalCertificateVerifier {
 public:
  PinVerifier(std::vector<std::string> pins, std::shared_ptr<WrongServerSeen> wrong_server)
      : pins_(std::move(pins)), wrong_server_(std::move(wrong_server)) {}

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    auto pin = crypto::TlsPinFromCertificatePem(ViewOf(request->peer_cert()));
    bool known = pin.ok() && std::find(pins_.begin(), pins_.end(), *pin) != pins_.end();
    if (wrong_server_ != nullptr) wrong_server_->store(!known);
    *sync_status = known ? grpc::Status::OK
                         : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                        "the server's key is not the one in the directory");
    return true;
  }
  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::vector<std::string> pins_;
  const std::shared_ptr<WrongServerSeen> wrong_server_;
};

class AnyServer final : public ExternalCertificateVerifier {
 public:
  bool Verify(TlsCustomVerificationCheckRequest*, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    *sync_status = grpc::Status::OK;
    return true;
  }
  void Cancel(TlsCustomVerificationCheckRequest*) override {}
};

TlsChannelCredentialsOptions WithoutPki() {
  TlsChannelCredentialsOptions options;
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  return options;
}

bool IsCode(std::string_view text) {
  if (text.empty() || text.size() > limits::kMaxTlsCodeBytes || text[0] < 'A' || text[0] > 'Z')
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string_view TransportCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return "UNREACHABLE";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "TIMED_OUT";
    case grpc::StatusCode::CANCELLED:
      return "CANCELLED";
    default:
      return "INTERNAL";
  }
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(
    const crypto::TlsIdentity& identity) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  std::string key = KeyPem(identity);
  options.pem_key_cert_pairs.push_back({key, identity.certificate_pem});
  auto credentials = grpc::SslServerCredentials(options);
  crypto::WipeString(options.pem_key_cert_pairs[0].private_key);
  crypto::WipeString(key);
  return credentials;
}

std::shared_ptr<grpc::ChannelCredentials> MakePinnedClient(const crypto::TlsIdentity& own,
                                                           std::vector<std::string> server_pins,
                                                           std::shared_ptr<WrongServerSeen> wrong) {
  TlsChannelCredentialsOptions options = WithoutPki();
  std::vector<grpc::experimental::IdentityKeyCertPair> identity(1);
  identity[0].private_key = KeyPem(own);
  identity[0].certificate_chain = own.certificate_pem;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(identity));
  crypto::WipeString(identity[0].private_key);
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(
      ExternalCertificateVerifier::Create<PinVerifier>(std::move(server_pins), std::move(wrong)));
  return grpc::experimental::TlsCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> MakeUnpinnedClient() {
  TlsChannelCredentialsOptions options = WithoutPki();
  options.set_certificate_verifier(ExternalCertificateVerifier::Create<AnyServer>());
  return grpc::experimental::TlsCredentials(options);
}

std::string CallerPin(const grpc::AuthContext& context) {
  std::vector<grpc::string_ref> found = context.FindPropertyValues("x509_pem_cert");
  if (found.size() != 1) return "";
  auto pin = crypto::TlsPinFromCertificatePem(ViewOf(found[0]));
  return pin.ok() ? *pin : "";
}

absl::Status ForOthers(const absl::Status& status) {
  const std::string code = CodeOf(status);
  const bool of_store = code.compare(0, kStorePrefix.size(), kStorePrefix) == 0;
  if (status.ok() || (!of_store && code != "INTERNAL")) return status;
  return Error(status.code(), code,
               of_store ? "the node cannot use its store; its operator finds why in the node's log"
                        : "the node failed; its operator finds why in the node's log");
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      PlainText(TextOf(ForOthers(status)), limits::kMaxTlsTextBytes),
                      std::string(kCodePrefix) + CodeOf(status));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  std::string details = status.error_details();
  std::string_view code = TransportCode(status.error_code());
  if (std::string_view(details).substr(0, kCodePrefix.size()) == kCodePrefix &&
      IsCode(std::string_view(details).substr(kCodePrefix.size()))) {
    code = std::string_view(details).substr(kCodePrefix.size());
  }
  auto kind = static_cast<absl::StatusCode>(status.error_code());
  if (kind < absl::StatusCode::kCancelled || kind > absl::StatusCode::kUnauthenticated) {
    kind = absl::StatusCode::kUnknown;
  }
  return Error(kind, code, PlainText(status.error_message(), limits::kMaxTlsTextBytes));
}

namespace {

// A connection that broke may have carried the call; one that never was has carried nothing.
absl::Status Unreachable(const absl::Status& mapped, const std::string& endpoint) {
  const std::string said = TextOf(mapped);
  const bool never = said.find("failed to connect") != std::string::npos ||
                     said.find("DNS resolution failed") != std::string::npos;
  absl::Status status = Error(
      mapped.code(), "UNREACHABLE",
      never ? Cat({"nothing answers at ", endpoint,
                   "; is the address right, and is the node running? Ask its operator. Nothing was "
                   "sent"})
            : Cat({"the connection to the node at ", endpoint,
                   " broke. The node may have done what it was asked: look before you do it again; "
                   "is it running? Ask its operator"}));
  status.SetPayload(kDetailUrl, absl::Cord(said));
  return status;
}

}  // namespace

std::string DetailOf(const absl::Status& status) {
  return std::string(status.GetPayload(kDetailUrl).value_or(absl::Cord()));
}

void SilenceGrpc() {
  gpr_set_log_function([](gpr_log_func_args*) {});
}

absl::Status Explained(absl::Status mapped, const std::string& endpoint, absl::Duration waited,
                       bool wrong_server) {
  std::string code = CodeOf(mapped);
  if (code == "UNREACHABLE" && wrong_server) {
    return Refused("WRONG_NODE_KEY",
                   Cat({"the node at ", endpoint,
                        " shows another TLS key than its directory names. Either it was renewed "
                        "and the directory was not published yet, or it is not that node: somebody "
                        "may stand in between. Send nothing; ask the administrator by telephone"}));
  }
  if (code == "UNREACHABLE") return Unreachable(mapped, endpoint);
  if (code != "TIMED_OUT") return mapped;
  return Error(
      absl::StatusCode::kDeadlineExceeded, "TIMED_OUT",
      Cat({"the node at ", endpoint, " did not answer within ", absl::FormatDuration(waited),
           "; it may hang, be stopped or have too much to do. It may have done what it "
           "was asked: look before you do it again, and tell the administrator"}));
}

}  // namespace palermo::transport
