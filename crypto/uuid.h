// Names as UUIDs, RFC 9562 version 5, which other systems ask for. Built on SHA-1: it gives the
// same id for the same name and nothing else. It hides no name, and proves nothing: whoever chooses
// names can make two meet. Thread-safe.
#ifndef PALERMO_CRYPTO_UUID_H_
#define PALERMO_CRYPTO_UUID_H_

#include <string>
#include <string_view>

namespace palermo::crypto {

// "2ed6657d-e927-568b-95e1-2665a8aea6a2". `space`: the 16 bytes of the namespace's own UUID.
std::string NameUuid(std::string_view space, std::string_view name);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_UUID_H_
