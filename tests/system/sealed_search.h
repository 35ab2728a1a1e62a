// Identities that nobody has, and the search for every spelling of them in bytes.
#ifndef PALERMO_TESTS_SYSTEM_SEALED_SEARCH_H_
#define PALERMO_TESTS_SYSTEM_SEALED_SEARCH_H_

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace palermo::testing {

inline constexpr std::array<const char*, 8> kPurposes = {
    "VICTIM", "WITNESS", "SOURCE", "CHILD", "MIGRANT", "COOPERATOR", "PATIENT", "OTHER"};

// Each purpose has its own; every field of a sealed identity has a text.
struct Marked {
  std::string given, family, other_name, born, place, document, phone, street, mail, account,
      contact, image;
  std::vector<std::string> Texts() const;
};
Marked MarkedFor(size_t i);

std::string Utf16(const std::string& utf8, bool big);

// Many texts in many bytes: one pass, by the first four bytes.
class Patterns {
 public:
  explicit Patterns(const std::vector<std::string>& texts);
  std::string FindIn(const std::string& bytes) const;

 private:
  std::vector<bool> starts_ = std::vector<bool>(1 << 16);
  std::map<std::string, std::vector<std::string>> by_key_;
};

// Looks for the identities of all purposes, or for other texts, in every spelling: small and
// capital letters, UTF-16, hexadecimal, base64, escapes of JSON, of addresses and of HTML.
class Searcher {
 public:
  Searcher();
  explicit Searcher(const std::vector<std::string>& texts);

  // The first spelling in these bytes; "" for none.
  std::string FindIn(const std::string& bytes) const;
  void ExpectNoneIn(const std::string& bytes, const std::string& where) const;
  // Names and bytes of all files under a folder, and what a letter shows: which files have one.
  // `files`, when it is not null: how many were looked through.
  std::set<std::string> FoundUnder(const std::string& folder, size_t* files = nullptr) const;
  // How many there are.
  size_t ExpectNoneUnder(const std::string& folder) const;

 private:
  std::string FindInFile(const std::string& path) const;

  const Patterns folded_, exact_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_SEALED_SEARCH_H_
