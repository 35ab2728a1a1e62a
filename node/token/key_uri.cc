#include "node/token/key_uri.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::token {
namespace {

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

std::string AttributeText(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
  const CK_ATTRIBUTE* attribute = p11_kit_uri_get_attribute(uri, type);
  if (attribute == nullptr || attribute->pValue == nullptr) return "";
  return {static_cast<const char*>(attribute->pValue), attribute->ulValueLen};
}

void SetAttribute(P11KitUri* uri, CK_ATTRIBUTE_TYPE type, std::string value) {
  CK_ATTRIBUTE attribute{type, value.data(), value.size()};
  PALERMO_CHECK(p11_kit_uri_set_attribute(uri, &attribute) == P11_KIT_URI_OK);
}

}  // namespace

std::string FormatKeyUri(const KeyPlace& place) {
  PALERMO_CHECK(!place.token.empty() && !place.label.empty());
  Uri uri(p11_kit_uri_new());
  PALERMO_CHECK(uri != nullptr);
  CK_TOKEN_INFO* info = p11_kit_uri_get_token_info(uri.get());
  std::memset(info->label, ' ', sizeof(info->label));
  std::memcpy(info->label, place.token.data(), std::min(place.token.size(), sizeof(info->label)));
  SetAttribute(uri.get(), CKA_LABEL, place.label);
  if (!place.id.empty()) SetAttribute(uri.get(), CKA_ID, place.id);
  if (!place.module.empty()) p11_kit_uri_set_module_path(uri.get(), place.module.c_str());
  char* text = nullptr;
  int result = p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_OBJECT_ON_TOKEN_AND_MODULE, &text);
  PALERMO_CHECK(result == P11_KIT_URI_OK);
  std::string formatted = text;
  std::free(text);
  return formatted;
}

absl::StatusOr<KeyPlace> ParseKeyUri(const std::string& text) {
  auto bad = [&](const char* why) {
    return InputError("BAD_KEY_URI", Cat({"'", text, "' does not say where a key is: ", why}));
  };
  Uri uri(p11_kit_uri_new());
  PALERMO_CHECK(uri != nullptr);
  int type = P11_KIT_URI_FOR_OBJECT_ON_TOKEN_AND_MODULE;
  if (p11_kit_uri_parse(text.c_str(), static_cast<P11KitUriType>(type), uri.get()) !=
      P11_KIT_URI_OK) {
    return bad("it is no PKCS#11 URI (RFC 7512)");
  }
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr) return bad("a PIN has no place in it");
  if (p11_kit_uri_any_unrecognized(uri.get()) != 0) return bad("it has parts of another kind");
  KeyPlace place;
  const CK_TOKEN_INFO* info = p11_kit_uri_get_token_info(uri.get());
  // p11-kit leaves the field empty when the URI does not name the token.
  if (info->label[0] != '\0') {
    place.token = std::string(reinterpret_cast<const char*>(info->label),
                              p11_kit_space_strlen(info->label, sizeof(info->label)));
  }
  place.label = AttributeText(uri.get(), CKA_LABEL);
  place.id = AttributeText(uri.get(), CKA_ID);
  const char* module = p11_kit_uri_get_module_path(uri.get());
  if (module != nullptr) place.module = module;
  if (place.token.empty()) return bad("it has no token=");
  if (place.label.empty()) return bad("it has no object=");
  return place;
}

}  // namespace palermo::token
