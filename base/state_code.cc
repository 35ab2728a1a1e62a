#include "base/state_code.h"

#include "base/check.h"

namespace palermo {
namespace {

constexpr size_t kMaxNameLength = 64;

bool IsName(std::string_view text, bool starts_with_letter) {
  if (text.empty() || text.size() > kMaxNameLength) return false;
  if (starts_with_letter && (text[0] < 'a' || text[0] > 'z')) return false;
  for (char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

}  // namespace

bool IsStateCode(std::string_view text) {
  return text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

bool IsExerciseStateCode(std::string_view text) {
  if (!IsStateCode(text)) return false;
  if (text == "AA" || text == "ZZ") return true;
  return text[0] == 'X' || (text[0] == 'Q' && text[1] >= 'M');
}

bool IsAuthorityId(std::string_view text) {
  return text.size() > 3 && IsStateCode(text.substr(0, 2)) && text[2] == '/' &&
         IsName(text.substr(3), true);
}

bool IsOfficerId(std::string_view text) {
  size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return false;
  return IsAuthorityId(text.substr(0, slash)) && IsName(text.substr(slash + 1), false);
}

std::string StateOf(std::string_view id) {
  PALERMO_CHECK(id.size() > 3);
  return std::string(id.substr(0, 2));
}

std::string AuthorityOf(std::string_view officer_id) {
  PALERMO_CHECK(IsOfficerId(officer_id));
  return std::string(officer_id.substr(0, officer_id.rfind('/')));
}

}  // namespace palermo
