// The arrows between the rooms, read from the #include lines. docs/design.md draws them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/house/source_tree.h"

namespace palermo::house {
namespace {

using Rooms = std::set<std::string>;

// What each room may include, itself apart. A room that is missing here is an error.
const std::map<std::string, Rooms>& Arrows() {
  static const std::map<std::string, Rooms> arrows = {
      {"base", {}},
      {"crypto", {"base"}},
      {"crypto_open", {"base", "crypto"}},
      {"storage", {"base", "crypto"}},
      {"token", {"base", "crypto"}},
      {"casework", {"base", "messages"}},
      {"trust", {"base", "crypto", "messages"}},
      {"exchange", {"base", "crypto", "messages", "storage", "casework", "trust"}},
      {"transport", {"base", "crypto"}},
      {"server",
       {"base", "crypto", "messages", "services", "storage", "casework", "trust", "exchange",
        "token", "transport"}},
      {"desk",
       {"base", "crypto", "crypto_open", "messages", "services", "casework", "trust", "token",
        "transport"}},
      {"casebook", {"base", "crypto", "messages", "casework"}},
      {"words", {"base"}},
      {"letter", {"base", "messages", "casework", "trust", "words"}},
      {"cli",
       {"base", "crypto", "messages", "casework", "trust", "desk", "casebook", "token", "transport",
        "words", "letter"}},
      {"console",
       {"base", "crypto", "messages", "casework", "trust", "desk", "casebook", "transport"}},
  };
  return arrows;
}

// What a test beside the code may include besides: it links these on purpose.
const std::map<std::string, Rooms>& TestArrows() {
  static const std::map<std::string, Rooms> arrows = {
      {"crypto", {"crypto_open"}},
      {"transport", {"messages", "services"}},
      {"words", {"casework"}},
  };
  return arrows;
}

// Libraries that have one home. Everything else of the system may be used by all.
struct Library {
  const char* pattern;
  const char* name;
  Rooms rooms;
};
const std::vector<Library>& Libraries() {
  static const std::vector<Library> libraries = {
      {"^google/protobuf/",
       "Protobuf",
       {"casework", "trust", "exchange", "server", "casebook", "desk", "letter", "cli", "console",
        "transport"}},
      {"^(pango/|cairo|qrencode)", "Pango, Cairo and libqrencode", {"letter"}},
      {"^grpc(pp)?/(server|ext/|health_check|security/server|security/"
       "auth_metadata|resource_quota)",
       "gRPC's server",
       {"server", "transport"}},
      {"^grpc(pp)?/", "gRPC", {"server", "transport", "desk"}},
      {"^rocksdb/", "RocksDB", {"storage"}},
      {"^sqlite3", "SQLite", {"casebook"}},
      {"^sodium", "libsodium", {"crypto", "crypto_open"}},
      {"^ml-kem-768/", "PQClean's ML-KEM", {"crypto", "crypto_open"}},
      {"^openssl/", "OpenSSL", {"crypto", "crypto_open", "transport"}},
      {"^p11-kit/", "p11-kit", {"token"}},
      {"^prometheus/", "prometheus-cpp", {"server"}},
      {"^httplib", "cpp-httplib", {"server", "console"}},
      {"^CLI/", "CLI11", {"server", "cli"}},
  };
  return libraries;
}

// "" for what belongs to no room: a header of the system or of a library.
std::string RoomOf(const std::string& path) {
  static const std::vector<std::pair<const char*, const char*>> places = {
      {"^base/", "base"},
      {"^crypto/[a-z]+_open\\.(h|cc)$", "crypto_open"},
      {"^crypto/", "crypto"},
      {"^storage/", "storage"},
      {"^palermo/v1/.*\\.grpc\\.pb\\.h$", "services"},
      {"^palermo/v1/", "messages"},
      {"^node/server/transport/", "transport"},
      {"^tests/", "tests"},
  };
  for (const auto& [pattern, room] : places) {
    if (std::regex_search(path, std::regex(pattern))) return room;
  }
  std::smatch found;
  static const std::regex kNode("^node/([a-z]+)/");
  return std::regex_search(path, found, kNode) ? found[1].str() : "";
}

// The reason why `from` may not include `target`; nothing when it may.
std::optional<std::string> Refuse(const std::string& from, const std::string& target) {
  std::string room = RoomOf(from);
  if (room == "tests") return std::nullopt;
  bool test = IsTestCode(from);
  std::string wanted = RoomOf(target);
  if (!wanted.empty()) {
    if (!Arrows().contains(room)) return "room \"" + room + "\" is not in the list of arrows";
    bool allowed = wanted == room || Arrows().at(room).contains(wanted);
    if (test && TestArrows().contains(room)) allowed |= TestArrows().at(room).contains(wanted);
    if (test && StartsWith(target, "tests/support/")) allowed = true;
    if (allowed) return std::nullopt;
    return room + " may not use " + wanted + "; see the arrows in docs/design.md";
  }
  for (const Library& library : Libraries()) {
    if (!std::regex_search(target, std::regex(library.pattern))) continue;
    if (test || library.rooms.contains(room)) return std::nullopt;
    return room + " may not use " + library.name;
  }
  return std::nullopt;
}

TEST(Arrows, HoldBetweenAllRooms) {
  const char* root = std::getenv("PALERMO_SOURCE");
  ASSERT_NE(root, nullptr) << "run it with ctest, which sets PALERMO_SOURCE";
  int seen = 0;
  for (const SourceFile& file : ReadTree(root)) {
    if (!IsCode(file.path)) continue;
    for (const Include& include : IncludesOf(file.text)) {
      ++seen;
      std::optional<std::string> why = Refuse(file.path, include.target);
      if (!why) continue;
      ADD_FAILURE() << file.path << ":" << include.line << ": includes " << include.target << ": "
                    << *why;
    }
  }
  EXPECT_GT(seen, 500) << "the scan saw too little to mean anything";
}

TEST(Arrows, RefuseTheServerEverythingThatOpens) {
  EXPECT_TRUE(Refuse("node/server/services.cc", "crypto/hpke_open.h"));
  EXPECT_TRUE(Refuse("node/server/services.cc", "crypto/chunked_open.h"));
  EXPECT_TRUE(Refuse("node/server/services.cc", "crypto/aead_open.h"));
  EXPECT_TRUE(Refuse("node/server/services.cc", "node/desk/opening.h"));
  EXPECT_TRUE(Refuse("node/server/links_test.cc", "node/desk/opening.h"));
  EXPECT_TRUE(Refuse("node/exchange/submit.cc", "crypto/hpke_open.h"));
  EXPECT_TRUE(Refuse("node/trust/documents.cc", "crypto/mlkem_open.h"));
  EXPECT_TRUE(Refuse("node/server/services.cc", "ml-kem-768/clean/kem.h"));
  EXPECT_FALSE(Refuse("node/server/services.cc", "crypto/hpke.h"));
}

TEST(Arrows, RefuseTheDeskStorageAndExchange) {
  EXPECT_TRUE(Refuse("node/desk/client.cc", "storage/kv_store.h"));
  EXPECT_TRUE(Refuse("node/desk/client.cc", "node/exchange/node.h"));
  EXPECT_TRUE(Refuse("node/desk/client.cc", "node/server/edge.h"));
  EXPECT_TRUE(Refuse("node/desk/client.cc", "grpcpp/server_builder.h"));
  EXPECT_FALSE(Refuse("node/desk/client.cc", "node/server/transport/tls13.h"));
}

TEST(Arrows, KeepLibrariesInTheirRooms) {
  EXPECT_TRUE(Refuse("crypto/note.cc", "google/protobuf/message.h"));
  EXPECT_TRUE(Refuse("crypto/note.cc", "palermo/v1/common.pb.h"));
  EXPECT_TRUE(Refuse("storage/fsck.cc", "palermo/v1/store.pb.h"));
  EXPECT_TRUE(Refuse("node/exchange/node.cc", "grpcpp/grpcpp.h"));
  EXPECT_TRUE(Refuse("node/exchange/node.cc", "rocksdb/db.h"));
  EXPECT_TRUE(Refuse("node/trust/receipt.cc", "sodium.h"));
  EXPECT_TRUE(Refuse("crypto/signing.cc", "p11-kit/pkcs11.h"));
  EXPECT_TRUE(Refuse("crypto/signing.cc", "node/token/token.h"));
  EXPECT_TRUE(Refuse("node/exchange/committer.cc", "node/token/token.h"));
  EXPECT_TRUE(Refuse("node/desk/opening.cc", "pango/pangocairo.h"));
  EXPECT_TRUE(Refuse("node/cli/output.cc", "cairo-pdf.h"));
  EXPECT_TRUE(Refuse("node/server/services.cc", "node/letter/render.h"));
  EXPECT_TRUE(Refuse("node/desk/opening.cc", "sqlite3.h"));
  EXPECT_TRUE(Refuse("node/exchange/node.cc", "node/casebook/casebook.h"));
  EXPECT_FALSE(Refuse("node/casebook/database.cc", "sqlite3.h"));
  EXPECT_FALSE(Refuse("node/letter/page.cc", "cairo.h"));
  EXPECT_FALSE(Refuse("storage/rocks_store.cc", "rocksdb/db.h"));
}

TEST(Arrows, LetATestUseTheSupportAndNothingOfAnotherRoom) {
  EXPECT_FALSE(Refuse("node/desk/sealing_test.cc", "tests/support/world.h"));
  EXPECT_TRUE(Refuse("node/desk/sealing.cc", "tests/support/world.h"));
  EXPECT_TRUE(Refuse("node/desk/sealing_test.cc", "storage/memory_store.h"));
}

TEST(Arrows, RefuseARoomNobodyDeclared) {
  EXPECT_TRUE(Refuse("node/novelty/a.cc", "base/bytes.h"));
}

}  // namespace
}  // namespace palermo::house
