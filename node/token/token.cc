#include "node/token/token.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::token {
namespace {

using crypto::PublicKey;
using crypto::SecretAccess;
using crypto::Signature;

// Ed25519 as CKA_EC_PARAMS: the curve's OID 1.3.101.112 (PKCS#11 3.0), or its name, as some tokens
// want it.
constexpr std::string_view kCurveOid("\x06\x03\x2B\x65\x70", 5);
constexpr std::string_view kCurveName(
    "\x13\x0C"
    "edwards25519",
    14);

// The session is not there any more: another one may be.
bool SessionLost(CK_RV result) {
  switch (result) {
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_USER_NOT_LOGGED_IN:
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_KEY_HANDLE_INVALID:
    case CKR_CRYPTOKI_NOT_INITIALIZED:
    case CKR_DEVICE_ERROR:
    case CKR_OPERATION_ACTIVE:
      return true;
    default:
      return false;
  }
}

CK_ATTRIBUTE Attribute(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return {type, const_cast<char*>(value.data()), value.size()};
}
template <typename Number>
std::string_view BytesOf(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

// A point is 32 bytes, or those in a DER octet string: tokens differ.
std::optional<PublicKey> KeyFromPoint(std::string_view point) {
  if (point.size() == 34 && point.substr(0, 2) == std::string_view("\x04\x20", 2)) {
    point.remove_prefix(2);
  }
  auto key = crypto::PublicKeyFrom(point);
  if (!key.ok()) return std::nullopt;
  return *key;
}

std::string Trimmed(const unsigned char* text, size_t size) {
  return {reinterpret_cast<const char*>(text), p11_kit_space_strlen(text, size)};
}

// One for the whole process, and until its end: a module's state is the process's, so a second
// start or an early end would be felt by all its users.
absl::StatusOr<CK_FUNCTION_LIST*> LoadModule(const std::string& path) {
  static absl::Mutex* const mu = new absl::Mutex;
  static auto* const modules = new std::map<std::string, CK_FUNCTION_LIST*>;
  absl::MutexLock lock(mu);
  auto known = modules->find(path);
  if (known != modules->end()) return known->second;
  p11_kit_be_quiet();
  CK_FUNCTION_LIST* calls = p11_kit_module_load(path.c_str(), P11_KIT_MODULE_UNMANAGED);
  if (calls == nullptr) {
    return InputError("BAD_MODULE", Cat({path, " is no PKCS#11 module that loads here"}));
  }
  CK_RV result = p11_kit_module_initialize(calls);
  if (result != CKR_OK && result != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    p11_kit_module_release(calls);
    return InputError("BAD_MODULE", Cat({path, " does not start: ", p11_kit_strerror(result)}));
  }
  (*modules)[path] = calls;
  return calls;
}

}  // namespace

struct Token::Module {
  explicit Module(CK_FUNCTION_LIST* list) : calls(list) {}

  absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> Find(std::vector<CK_ATTRIBUTE> wanted) const;
  // The bytes of an attribute; nothing when the object has none.
  std::optional<std::string> Read(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  bool LoggedIn() const;

  CK_FUNCTION_LIST* const calls;
  CK_SESSION_HANDLE session = 0;
  // By label and id, for as long as the session.
  std::map<std::pair<std::string, std::string>, CK_OBJECT_HANDLE> private_keys;
  // Of the last failed call, so that InSession can tell a lost session from other failures.
  mutable CK_RV last = CKR_OK;
};

absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> Token::Module::Find(
    std::vector<CK_ATTRIBUTE> wanted) const {
  std::vector<CK_OBJECT_HANDLE> found(limits::kMaxTokenKeysFound);
  CK_ULONG count = 0;
  last = calls->C_FindObjectsInit(session, wanted.data(), wanted.size());
  if (last == CKR_OK) {
    last = calls->C_FindObjects(session, found.data(), found.size(), &count);
    CK_RV ended = calls->C_FindObjectsFinal(session);
    if (last == CKR_OK) last = ended;
  }
  if (last != CKR_OK) return absl::UnknownError("");
  found.resize(count);
  return found;
}

std::optional<std::string> Token::Module::Read(CK_OBJECT_HANDLE object,
                                               CK_ATTRIBUTE_TYPE type) const {
  std::string value(limits::kMaxTokenPointBytes, '\0');
  CK_ATTRIBUTE attribute{type, value.data(), value.size()};
  if (calls->C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK) return std::nullopt;
  if (attribute.ulValueLen > value.size()) return std::nullopt;
  value.resize(attribute.ulValueLen);
  return value;
}

bool Token::Module::LoggedIn() const {
  CK_SESSION_INFO info{};
  return calls->C_GetSessionInfo(session, &info) == CKR_OK &&
         (info.state == CKS_RW_USER_FUNCTIONS || info.state == CKS_RO_USER_FUNCTIONS);
}

Token::Token(std::string module, std::string label, crypto::SecretBytes pin)
    : module_(std::move(module)), label_(std::move(label)), pin_(std::move(pin)) {}

Token::~Token() {
  absl::MutexLock lock(&mu_);
  Disconnect();
  loaded_.reset();
}

absl::Status Token::Failed(std::string_view what, uint64_t result) const {
  if (SessionLost(result)) {
    return TryLater("TOKEN_GONE", absl::StrFormat("token '%s' does not answer while %s (%s). Is it "
                                                  "there? Put it back and try again",
                                                  label_, what, p11_kit_strerror(result)));
  }
  return TryLater("TOKEN_FAILED", absl::StrFormat("token '%s' failed while %s: %s", label_, what,
                                                  p11_kit_strerror(result)));
}

absl::StatusOr<std::shared_ptr<Token>> Token::Open(const std::string& module,
                                                   const std::string& label,
                                                   crypto::SecretBytes pin) {
  if (pin.empty()) {
    return InputError("PIN_NEEDED", Cat({"no PIN was given for token '", label, "'"}));
  }
  if (module.empty() || module[0] != '/') {
    return InputError("BAD_MODULE", Cat({"'", module,
                                         "' is not the absolute path of a PKCS#11 module, like "
                                         "/usr/lib/softhsm/libsofthsm2.so"}));
  }
  if (::access(module.c_str(), R_OK) != 0) {
    return InputError("BAD_MODULE", Cat({module, " cannot be read: ", std::strerror(errno),
                                         "; is the token's software installed?"}));
  }
  PALERMO_ASSIGN_OR_RETURN(CK_FUNCTION_LIST * calls, LoadModule(module));
  std::shared_ptr<Token> token(new Token(module, label, std::move(pin)));
  absl::MutexLock lock(&token->mu_);
  token->loaded_ = std::make_unique<Module>(calls);
  PALERMO_RETURN_IF_ERROR(token->Connect());
  return token;
}

absl::StatusOr<uint64_t> Token::FindSlot() {
  CK_FUNCTION_LIST* calls = loaded_->calls;
  std::vector<CK_SLOT_ID> slots(limits::kMaxTokenSlots);
  CK_ULONG count = 0;
  // Asking for the number first makes the module look which tokens are there now.
  CK_RV result = calls->C_GetSlotList(CK_TRUE, nullptr, &count);
  count = slots.size();
  if (result == CKR_OK) result = calls->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (result != CKR_OK) return Failed("listing the tokens", result);
  slots.resize(count);
  std::vector<CK_SLOT_ID> found;
  std::string others;
  for (CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (calls->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    std::string label = Trimmed(info.label, sizeof(info.label));
    if (label == label_) found.push_back(slot);
    if (!label.empty()) others += Cat({others.empty() ? "" : ", ", "'", label, "'"});
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    return Missing("NO_TOKEN",
                   Cat({"there is no token '", label_, "' in ", module_, "; there is ",
                        others.empty() ? "none" : others, ". Put it in, or check its label"}));
  }
  return InputError("NO_TOKEN", Cat({"two tokens are called '", label_,
                                     "'; take one out, or give it another label"}));
}

absl::Status Token::Connect() {
  if (connected_) return absl::OkStatus();
  if (!pin_refused_.ok()) return pin_refused_;
  PALERMO_ASSIGN_OR_RETURN(uint64_t slot, FindSlot());
  CK_FUNCTION_LIST* calls = loaded_->calls;
  CK_RV result = calls->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                      &loaded_->session);
  // Making keys wants a writable session, signing does not.
  if (result == CKR_TOKEN_WRITE_PROTECTED) {
    result = calls->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &loaded_->session);
  }
  if (result != CKR_OK) return Failed("opening a session", result);
  connected_ = true;
  absl::Status status = Login();
  if (!status.ok()) Disconnect();
  return status;
}

void Token::Disconnect() {
  loaded_->private_keys.clear();
  if (connected_) loaded_->calls->C_CloseSession(loaded_->session);
  connected_ = false;
}

absl::Status Token::Login() {
  std::string_view pin = pin_.Expose(SecretAccess::Grant());
  CK_RV result = loaded_->calls->C_Login(
      loaded_->session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(pin.data())),
      pin.size());
  switch (result) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:
      return absl::OkStatus();
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
      pin_refused_ =
          InputError("WRONG_PIN", Cat({"token '", label_,
                                       "' refuses the PIN. Most tokens lock themselves "
                                       "after a few wrong ones, so it is not tried again"}));
      return pin_refused_;
    case CKR_PIN_LOCKED:
      pin_refused_ = Refused("PIN_LOCKED", Cat({"token '", label_,
                                                "' is locked after too many wrong PINs; its "
                                                "security officer can unlock it"}));
      return pin_refused_;
    case CKR_USER_PIN_NOT_INITIALIZED:
    case CKR_PIN_EXPIRED:
      return WrongState("TOKEN_NOT_READY", Cat({"token '", label_,
                                                "' has no valid user PIN; set "
                                                "one with the token's own tools"}));
    default:
      return Failed("logging in", result);
  }
}

template <typename Value>
absl::StatusOr<Value> Token::InSession(const std::function<absl::StatusOr<Value>()>& work) {
  PALERMO_RETURN_IF_ERROR(Connect());
  loaded_->last = CKR_OK;
  absl::StatusOr<Value> value = work();
  if (value.ok() || !SessionLost(loaded_->last)) return value;
  // Once more: the token may have been out and in again.
  Disconnect();
  PALERMO_RETURN_IF_ERROR(Connect());
  loaded_->last = CKR_OK;
  value = work();
  if (!value.ok() && SessionLost(loaded_->last)) Disconnect();
  return value;
}

absl::StatusOr<uint64_t> Token::FindPrivateKey(const std::string& label, const std::string& id) {
  auto known = loaded_->private_keys.find({label, id});
  if (known != loaded_->private_keys.end()) return known->second;
  CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  std::vector<CK_ATTRIBUTE> attributes = {Attribute(CKA_CLASS, BytesOf(wanted)),
                                          Attribute(CKA_LABEL, label)};
  if (!id.empty()) attributes.push_back(Attribute(CKA_ID, id));
  absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> keys = loaded_->Find(attributes);
  if (!keys.ok()) return Failed("looking for the key", loaded_->last);
  if (keys->empty() && !loaded_->LoggedIn()) {
    // Private keys are not even listed then.
    loaded_->last = CKR_USER_NOT_LOGGED_IN;
    return Failed("looking for the key", loaded_->last);
  }
  if (keys->empty()) {
    return Missing("NO_KEY_ON_TOKEN", Cat({"token '", label_, "' has no private key '", label, "'",
                                           id.empty() ? "" : Cat({" with id ", HexEncode(id)}),
                                           "; look with: "
                                           "pkcs11-tool --module ",
                                           module_, " --login --list-objects"}));
  }
  if (keys->size() > 1) {
    return InputError("SEVERAL_KEYS_ON_TOKEN", Cat({"token '", label_, "' has several keys '",
                                                    label, "'; give each its own label"}));
  }
  std::optional<std::string> type = loaded_->Read(keys->front(), CKA_KEY_TYPE);
  CK_KEY_TYPE edwards = CKK_EC_EDWARDS;
  if (!type || *type != BytesOf(edwards)) {
    return InputError("WRONG_KEY_ON_TOKEN", Cat({"key '", label, "' on token '", label_,
                                                 "' is not Ed25519; make another one with: "
                                                 "palermo key new --pkcs11"}));
  }
  std::optional<std::string> signs = loaded_->Read(keys->front(), CKA_SIGN);
  if (!signs || signs->size() != 1 || (*signs)[0] != CK_TRUE) {
    return InputError("WRONG_KEY_ON_TOKEN",
                      Cat({"key '", label, "' on token '", label_, "' may not sign"}));
  }
  loaded_->private_keys[{label, id}] = keys->front();
  return keys->front();
}

absl::StatusOr<PublicKey> Token::FindPublicKey(const std::string& label, const std::string& id) {
  absl::MutexLock lock(&mu_);
  return InSession<PublicKey>([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS -> absl::StatusOr<PublicKey> {
    PALERMO_ASSIGN_OR_RETURN(uint64_t key, FindPrivateKey(label, id));
    std::optional<std::string> point = loaded_->Read(key, CKA_EC_POINT);
    std::optional<PublicKey> found;
    if (point) found = KeyFromPoint(*point);
    if (found) return *found;
    // Most tokens keep the public key as an object of its own, with the same id.
    std::string key_id = loaded_->Read(key, CKA_ID).value_or("");
    CK_OBJECT_CLASS wanted = CKO_PUBLIC_KEY;
    absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> keys =
        loaded_->Find({Attribute(CKA_CLASS, BytesOf(wanted)), Attribute(CKA_ID, key_id),
                       Attribute(CKA_LABEL, label)});
    if (!keys.ok()) return Failed("looking for the public key", loaded_->last);
    if (keys->size() == 1) {
      point = loaded_->Read(keys->front(), CKA_EC_POINT);
      if (point) found = KeyFromPoint(*point);
    }
    if (found) return *found;
    return InputError("WRONG_KEY_ON_TOKEN",
                      Cat({"the public key of '", label, "' is not on token '", label_,
                           "', or it is not Ed25519"}));
  });
}

absl::StatusOr<PublicKey> Token::Generate(const std::string& label, const std::string& id) {
  {
    absl::MutexLock lock(&mu_);
    PALERMO_RETURN_IF_ERROR(Connect());
    CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
    absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> keys =
        loaded_->Find({Attribute(CKA_CLASS, BytesOf(wanted)), Attribute(CKA_LABEL, label)});
    if (!keys.ok()) return Failed("looking for keys", loaded_->last);
    if (!keys->empty()) {
      return WrongState("KEY_EXISTS", Cat({"token '", label_, "' has a key '", label,
                                           "' already; choose another label, or use that key"}));
    }
    CK_RV result = CKR_OK;
    for (std::string_view curve : {kCurveOid, kCurveName}) {
      CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
      CK_ATTRIBUTE public_part[] = {
          Attribute(CKA_TOKEN, BytesOf(yes)),  Attribute(CKA_VERIFY, BytesOf(yes)),
          Attribute(CKA_PRIVATE, BytesOf(no)), Attribute(CKA_EC_PARAMS, curve),
          Attribute(CKA_LABEL, label),         Attribute(CKA_ID, id)};
      CK_ATTRIBUTE private_part[] = {Attribute(CKA_TOKEN, BytesOf(yes)),
                                     Attribute(CKA_SIGN, BytesOf(yes)),
                                     Attribute(CKA_PRIVATE, BytesOf(yes)),
                                     Attribute(CKA_SENSITIVE, BytesOf(yes)),
                                     Attribute(CKA_EXTRACTABLE, BytesOf(no)),
                                     Attribute(CKA_LABEL, label),
                                     Attribute(CKA_ID, id)};
      CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
      CK_OBJECT_HANDLE public_key = 0, private_key = 0;
      result = loaded_->calls->C_GenerateKeyPair(
          loaded_->session, &mechanism, public_part, std::size(public_part), private_part,
          std::size(private_part), &public_key, &private_key);
      if (result == CKR_OK || result == CKR_MECHANISM_INVALID) break;
    }
    if (result == CKR_MECHANISM_INVALID) {
      return InputError("NO_ED25519", Cat({"token '", label_, "' cannot make Ed25519 keys"}));
    }
    if (result != CKR_OK) return Failed("making a key", result);
  }
  return FindPublicKey(label, id);
}

absl::StatusOr<Signature> Token::Sign(const std::string& label, const std::string& id,
                                      std::string_view bytes) {
  absl::MutexLock lock(&mu_);
  return InSession<Signature>([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS -> absl::StatusOr<Signature> {
    PALERMO_ASSIGN_OR_RETURN(uint64_t key, FindPrivateKey(label, id));
    CK_MECHANISM mechanism{CKM_EDDSA, nullptr, 0};
    Signature signature{};
    CK_ULONG size = signature.size();
    loaded_->last = loaded_->calls->C_SignInit(loaded_->session, &mechanism, key);
    if (loaded_->last == CKR_OK) {
      loaded_->last = loaded_->calls->C_Sign(
          loaded_->session, reinterpret_cast<CK_BYTE*>(const_cast<char*>(bytes.data())),
          bytes.size(), signature.data(), &size);
    }
    if (loaded_->last == CKR_MECHANISM_INVALID) {
      return InputError("NO_ED25519", Cat({"token '", label_, "' cannot sign with Ed25519"}));
    }
    if (loaded_->last != CKR_OK) return Failed("signing", loaded_->last);
    if (size != signature.size()) {
      return Damaged("WRONG_SIGNATURE", Cat({"token '", label_, "' gave no Ed25519 signature"}));
    }
    return signature;
  });
}

}  // namespace palermo::token
