// Identities in a sealed compartment, with the real programs: the leak scan stops a draft that
// names a sealed person, two persons open the compartment, each opening is in the ledger, and no
// node has a byte of the identity on its disk.
#include "tests/system/office.h"

namespace palermo::testing {
namespace {

constexpr char kTokens[][16] = {"Zyxwvara", "Quendorin", "XK7654321"};

class CompartmentDesk : public Office {
 protected:
  // The demo's request with a compartment beside its body.
  void WriteRequest(const std::string& name, const std::string& facts) {
    std::ifstream in(request_);
    std::string json(std::istreambuf_iterator<char>(in), {});
    const size_t brace = json.find('{');
    ASSERT_NE(brace, std::string::npos);
    json.insert(brace + 1,
                R"("compartments": [{"to": ["QM/central", "QT/central"], "purpose": "VICTIM",
      "persons": [{"ref": "V-7", "name": "Zyxwvara Quendorin",
                   "document_numbers": ["XK7654321"]}]}],)");
    const size_t at = json.find("\"facts_summary\": \"");
    ASSERT_NE(at, std::string::npos);
    json.insert(at + 18, facts);
    Write(name, json);
  }
  bool OnANodesDisk(const std::string& token) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(programs_.folder())) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      if (bytes.find(token) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(CompartmentDesk, TwoPersonsOpenItAndTheLedgerShowsWho) {
  WriteRequest("leaks.json", "V-7, that is QUENDORIN, was seen. ");
  EXPECT_NE(Palermo("o-0001", Cat({"case check ", Path("leaks.json")})), 0);
  EXPECT_NE(out_.find("R-SEAL-02"), std::string::npos) << out_;
  MustRefuse("R-SEAL-02", "o-0001", Cat({"case draft ", Path("leaks.json")}));
  EXPECT_EQ(out_.find("Quendorin"), std::string::npos);

  Grant("o-0002", Cat({Key("sealing-1.key")}));
  WriteRequest("request.json", "V-7 was seen. ");
  Must("o-0001", Cat({"case draft ", Path("request.json"), " --json"}));
  const std::string message = Field("message"), kase = Field("case");
  // A later act of the case is compared with the compartment, too, and nothing of it is shown.
  Write("query.json", R"({"statement": {"text": "How is QUENDORIN, Zyxwvara?"}})");
  MustRefuse("R-SEAL-02", "o-0001",
             Cat({"case act ", kase, " --act STATUS_QUERY --body ", Path("query.json")}));
  EXPECT_EQ(out_.find("Quendorin"), std::string::npos);
  EXPECT_EQ(out_.find("XK7654321"), std::string::npos);
  Must("o-0001", Cat({"case open ", message}));
  EXPECT_NE(out_.find("VICTIM"), std::string::npos) << out_;
  EXPECT_EQ(out_.find("Quendorin"), std::string::npos);
  Must("o-0001", Cat({"compartment list ", message}));
  EXPECT_NE(out_.find("QM/central QT/central"), std::string::npos) << out_;

  const std::string file = Path("open.statement");
  // What is not there is neither signed for nor entered as opened.
  MustRefuse(
      "UNKNOWN_COMPARTMENT", "o-0001",
      Cat({"compartment request ", message, " --compartment 2 --reason HEARING --out ", file}));
  Must("o-0001", Cat({"compartment request ", message, " --reason HEARING --out ", file}));
  MustRefuse("TOO_FEW_APPROVALS", "o-0001", Cat({"compartment open ", file}));
  MustRefuse("WRONG_ROLE", "o-0004", Cat({"compartment approve ", file}));
  Must("o-0001", Cat({"compartment request ", message, " --reason HEARING --out ", file}));
  Must("o-0002", Cat({"compartment approve ", file}));
  MustRefuse("WRONG_SENDER", "o-0003", Cat({"compartment open ", file}));
  Must("o-0001", Cat({"compartment open ", file}));
  EXPECT_NE(out_.find("Zyxwvara Quendorin"), std::string::npos) << out_;
  EXPECT_NE(out_.find("XK7654321"), std::string::npos) << out_;

  Must("o-0004", "audit list --kind COMPARTMENT_OPENED --json");
  EXPECT_NE(out_.find("QM/central/o-0001"), std::string::npos) << out_;
  EXPECT_NE(out_.find("HEARING compartment 1"), std::string::npos) << out_;
  for (const char* token : kTokens) EXPECT_FALSE(OnANodesDisk(token)) << token;
}

}  // namespace
}  // namespace palermo::testing
