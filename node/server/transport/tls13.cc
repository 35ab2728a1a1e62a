#include "node/server/transport/tls13.h"

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>

#include <memory>
#include <mutex>

#include "base/check.h"

namespace palermo::transport {
namespace {

// gRPC sets the minimum version of its contexts to 1.2 itself, which overrides MinProtocol; it does
// not touch the options that Protocol sets. Both are here, for contexts that are not gRPC's.
constexpr char kConfiguration[] =
    "palermo = palermo_section\n"
    "[palermo_section]\n"
    "ssl_conf = ssl_section\n"
    "[ssl_section]\n"
    "system_default = tls_section\n"
    "[tls_section]\n"
    "MinProtocol = TLSv1.3\n"
    "Protocol = -TLSv1,-TLSv1.1,-TLSv1.2\n";

void Configure() {
  PALERMO_CHECK(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1);
  PALERMO_CHECK(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1);
  OPENSSL_load_builtin_modules();
  std::unique_ptr<BIO, decltype(&BIO_free_all)> text(
      BIO_new_mem_buf(kConfiguration, sizeof(kConfiguration) - 1), BIO_free_all);
  std::unique_ptr<CONF, decltype(&NCONF_free)> parsed(NCONF_new(nullptr), NCONF_free);
  PALERMO_CHECK(text != nullptr && parsed != nullptr);
  long error_line = 0;
  PALERMO_CHECK(NCONF_load_bio(parsed.get(), text.get(), &error_line) == 1);
  PALERMO_CHECK(CONF_modules_load(parsed.get(), "palermo", 0) == 1);

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()),
                                                            SSL_CTX_free);
  PALERMO_CHECK(context != nullptr);
  PALERMO_CHECK((SSL_CTX_get_options(context.get()) & SSL_OP_NO_TLSv1_2) != 0);
  PALERMO_CHECK(SSL_CTX_get_min_proto_version(context.get()) == TLS1_3_VERSION);
}

}  // namespace

void RequireTls13() {
  static std::once_flag once;
  std::call_once(once, Configure);
}

}  // namespace palermo::transport
