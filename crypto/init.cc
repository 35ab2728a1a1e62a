#include "crypto/init.h"

#include <sodium.h>

#include "base/check.h"

namespace palermo::crypto {

void Init() {
  static const int result = sodium_init();  // 1 means: somebody else started it already
  PALERMO_CHECK(result >= 0);
}

}  // namespace palermo::crypto
