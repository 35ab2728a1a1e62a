// The program that carries cannot contain the code that opens: looks into the built palermod
// itself, whatever the source says it links.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace palermo::house {
namespace {

const std::vector<std::string>& Forbidden() {
  static const std::vector<std::string> names = {"palermo::crypto::HpkeOpen",
                                                 "palermo::crypto::ChunkedOpen",
                                                 "palermo::crypto::internal::ChaChaOpen",
                                                 "palermo::crypto::internal::MlKemDecap",
                                                 "palermo::crypto::internal::XWingDecap",
                                                 "PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec",
                                                 "PQCLEAN_MLKEM768_CLEAN_indcpa_dec",
                                                 "palermo::crypto::internal::GcmOpener",
                                                 "palermo::desk::",
                                                 "palermo::casebook::",
                                                 "palermo::cli::"};
  return names;
}

// "" when the program is not built.
std::string PathOf(const std::string& program) {
  const char* folder = std::getenv("PALERMO_BIN");
  if (folder == nullptr) return "";
  std::string path = std::string(folder) + "/" + program;
  return std::filesystem::exists(path) ? path : "";
}

// The names that the program defines, one a line, demangled.
std::string SymbolsOf(const std::string& path) {
  std::string command = "nm -C --defined-only '" + path + "'";
  struct Close {
    void operator()(FILE* file) const { pclose(file); }
  };
  std::unique_ptr<FILE, Close> pipe(popen(command.c_str(), "r"));
  std::string symbols;
  char piece[4096];
  while (pipe != nullptr) {
    size_t got = fread(piece, 1, sizeof piece, pipe.get());
    if (got == 0) break;
    symbols.append(piece, got);
  }
  return symbols;
}

TEST(Symbols, PalermodCannotOpen) {
  std::string path = PathOf("palermod");
  if (path.empty()) GTEST_SKIP() << "palermod is not built here";
  std::string symbols = SymbolsOf(path);
  ASSERT_NE(symbols.find("palermo::crypto::"), std::string::npos)
      << "no symbols in " << path << ": stripped, or nm (package binutils) is missing";
  for (const std::string& name : Forbidden()) {
    size_t found = symbols.find(name);
    if (found == std::string::npos) continue;
    ADD_FAILURE() << "palermod defines " << symbols.substr(found, symbols.find('\n', found) - found)
                  << ": the node must not contain code that opens a body";
  }
}

// Without this the test above would also hold if the names were misspelt.
TEST(Symbols, PalermoCanOpen) {
  std::string path = PathOf("palermo");
  if (path.empty()) GTEST_SKIP() << "palermo is not built here";
  std::string symbols = SymbolsOf(path);
  for (const std::string& name : Forbidden()) {
    EXPECT_NE(symbols.find(name), std::string::npos) << name << " is no longer a name of the desk";
  }
}

}  // namespace
}  // namespace palermo::house
