#include "node/desk/casebook_key.h"

#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hpke_open.h"
#include "node/trust/strict.h"
#include "palermo/v1/casebook.pb.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;
using crypto::SecretBytes;

constexpr size_t kKeyBytes = 32;

std::string InfoOf(const std::string& officer) {
  return Cat({"palermo/v1/casebook", std::string_view("\0", 1), officer});
}

}  // namespace

absl::StatusOr<NewCasebookKey> MakeCasebookKey(const std::string& officer,
                                               const crypto::SealingPublicKey& to, Random& random) {
  NewCasebookKey made{SecretBytes::Random(kKeyBytes, random), {}};
  PALERMO_ASSIGN_OR_RETURN(
      crypto::HpkeCiphertext sealed,
      crypto::HpkeSeal(to, InfoOf(officer), "", made.key.Expose(SecretAccess::Grant()), random));
  v1::CasebookKey file;
  file.set_format(1);
  file.set_officer(officer);
  file.set_encapsulation(std::move(sealed.encapsulation));
  file.set_wrapped_key(std::move(sealed.ciphertext));
  made.file = trust::StrictSerialize(file);
  return made;
}

absl::StatusOr<SecretBytes> OpenCasebookKey(std::string_view bytes, const std::string& officer,
                                            const crypto::SealingPrivateKey& key) {
  v1::CasebookKey file;
  const bool fits = bytes.size() <= limits::kMaxCasebookKeyBytes;
  const absl::Status parsed =
      fits ? trust::StrictParse(bytes, &file, "BAD_CASEBOOK_KEY", "casebook.key")
           : InputError("BAD_CASEBOOK_KEY", "too large");
  if (!parsed.ok() || file.format() != 1) {
    return InputError("BAD_CASEBOOK_KEY",
                      "casebook.key is not the key of a casebook; make both anew from the node: "
                      "palermo casebook rebuild");
  }
  if (file.officer() != officer) {
    return Refused("WRONG_KEY", Cat({"this casebook belongs to ", file.officer(),
                                     "; use that officer's key file, or make your own: palermo "
                                     "casebook rebuild"}));
  }
  auto opened =
      crypto::HpkeOpen(key, file.encapsulation(), InfoOf(officer), "", file.wrapped_key());
  if (opened.ok() && opened->size() == kKeyBytes) return opened;
  return Refused("WRONG_KEY",
                 "the casebook does not open with this key file: it was made with older keys of "
                 "yours; make it anew from the node: palermo casebook rebuild");
}

}  // namespace palermo::desk
