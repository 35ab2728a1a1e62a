#include "crypto/paper_backup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/paper_lines.h"
#include "crypto/signing.h"
#include "crypto/test_memory.h"
#include "crypto/test_random.h"
#include "crypto/tls_identity.h"

namespace palermo::crypto {
namespace {

constexpr char kBackupCreated[] = "2026-03-02T09:00:00Z";
constexpr char kMade[] = "2026-03-05T16:30:00Z";

class PaperBackupTest : public testing::Test {
 protected:
  PaperBackupTest() {
    EXPECT_TRUE(bundle_.Add("sign", kEd25519, SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle_.Add("seal", kX25519, SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle_.Add("tls", kP256, GenerateP256Key()).ok());
  }
  std::string Page() {
    auto page = MakePaperBackup(bundle_, passphrase_, Argon2Params::WeakForTests(), kMade, random_);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or("");
  }
  absl::StatusOr<KeyBundle> Restore(std::string_view page) {
    return RestorePaperBackup(page, passphrase_, Argon2Params::WeakForTests());
  }

  TestRandom random_{3};
  KeyBundle bundle_ = *KeyBundle::Create("officer", "PA/central/o-0007", kBackupCreated);
  SecretBytes passphrase_ = SecretBytes::Copy("correct horse battery staple");
};

std::vector<std::string> Numbered(const std::string& page) {
  std::vector<std::string> lines = absl::StrSplit(page, '\n');
  auto begin = std::find(lines.begin(), lines.end(), std::string(internal::kPaperBegin));
  auto end = std::find(lines.begin(), lines.end(), std::string(internal::kPaperEnd));
  return {begin + 1, end};
}

TEST_F(PaperBackupTest, ComesBackFromThePage) {
  std::string page = Page();
  absl::StatusOr<KeyBundle> restored = Restore(page);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->kind(), "officer");
  EXPECT_EQ(restored->subject(), "PA/central/o-0007");
  EXPECT_EQ(restored->created(), kBackupCreated);
  ASSERT_EQ(restored->entries().size(), 3u);
  for (const auto& [name, entry] : bundle_.entries()) {
    EXPECT_EQ(restored->entries().at(name).public_bytes, entry.public_bytes);
    EXPECT_EQ(restored->entries().at(name).private_bytes.Expose(SecretAccess::Grant()),
              entry.private_bytes.Expose(SecretAccess::Grant()));
  }
  EXPECT_EQ(ReadPaperBackupPublic(page)->subject, "PA/central/o-0007");
}

TEST_F(PaperBackupTest, SaysWhoseItIsAndWhatIsNeededAndHoldsNoSecret) {
  std::string page = Page();
  for (const std::string& wanted :
       {std::string("PA/central/o-0007"), std::string("officer"), std::string(kMade),
        std::string("passphrase"), std::string("palermo key restore"),
        HexEncode(KeyId(kEd25519, bundle_.entries().at("sign").public_bytes))}) {
    EXPECT_NE(page.find(wanted), page.npos) << wanted;
  }
  std::string bytes = *internal::ReadPaperLines(page);
  for (const auto& [name, entry] : bundle_.entries()) {
    EXPECT_EQ(bytes.find(entry.private_bytes.Expose(SecretAccess::Grant())), bytes.npos) << name;
  }
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(page, '\n'))) {
    EXPECT_LE(line.size(), 80u) << line;
    for (char c : line) EXPECT_TRUE(c >= ' ' && c < 0x7F) << line;
  }
}

TEST_F(PaperBackupTest, ReadsTheNumberedLinesAloneHoweverTheyAreTyped) {
  std::string typed;
  for (std::string line : Numbered(Page())) {
    std::transform(line.begin(), line.end(), line.begin(), ::toupper);
    line.erase(std::remove(line.begin() + 3, line.end(), ' '), line.end());
    typed += "  " + line + " \r\n\n";
  }
  EXPECT_TRUE(Restore(typed).ok()) << Restore(typed).status();
}

// Every wrong character is found, with its line and its place in it.
TEST_F(PaperBackupTest, EveryWrongCharacterIsFoundAndLocated) {
  std::vector<std::string> lines = Numbered(Page());
  constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  int tried = 0;
  for (size_t at = 0; at < lines.size(); ++at) {
    int symbol = 0;
    for (size_t i = 4; i < lines[at].size(); ++i) {
      if (lines[at][i] == ' ') continue;
      std::string place = absl::StrFormat("line %02d: look at group %d, character %d", at + 1,
                                          symbol / 4 + 1, symbol % 4 + 1);
      ++symbol;
      size_t now = kAlphabet.find(lines[at][i]);
      for (size_t step : {1, 7, 30}) {
        std::vector<std::string> wrong = lines;
        wrong[at][i] = kAlphabet[(now + step) % 32];
        absl::Status status = ReadPaperBackupPublic(absl::StrJoin(wrong, "\n")).status();
        EXPECT_EQ(CodeOf(status), "BAD_PAPER_LINE");
        EXPECT_NE(TextOf(status).find(place), std::string::npos) << place << TextOf(status);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 1000);
}

TEST_F(PaperBackupTest, EveryWrongDigitOfALineNumberIsFound) {
  std::vector<std::string> lines = Numbered(Page());
  for (size_t at = 0; at < lines.size(); ++at) {
    for (size_t i : {0, 1}) {
      std::vector<std::string> wrong = lines;
      wrong[at][i] = wrong[at][i] == '9' ? '8' : static_cast<char>(wrong[at][i] + 1);
      absl::Status status = ReadPaperBackupPublic(absl::StrJoin(wrong, "\n")).status();
      EXPECT_EQ(CodeOf(status), "BAD_PAPER_LINE");
      EXPECT_NE(TextOf(status).find(absl::StrFormat("line %02d", at + 1)), std::string::npos)
          << TextOf(status);
    }
  }
}

TEST_F(PaperBackupTest, OtherMistakesNameTheirLineToo) {
  std::vector<std::string> lines = Numbered(Page());
  auto text = [&](std::vector<std::string> changed) {
    return TextOf(ReadPaperBackupPublic(absl::StrJoin(changed, "\n")).status());
  };
  auto changed = [&](size_t at, std::string line) {
    std::vector<std::string> copy = lines;
    copy[at] = std::move(line);
    return copy;
  };
  std::string fifth = lines[4];
  EXPECT_NE(text(changed(4, fifth.substr(0, fifth.size() - 1))).find("line 05"), std::string::npos);
  EXPECT_NE(text(changed(4, fifth + "q")).find("line 05: has more than 36"), std::string::npos);
  EXPECT_NE(text(changed(4, "05")).find("line 05"), std::string::npos);
  std::string letter = fifth;
  letter[6] = 'o';
  EXPECT_NE(text(changed(4, letter)).find("line 05: group 1, character 3: 'o' is never used"),
            std::string::npos)
      << text(changed(4, letter));
  std::vector<std::string> missing = lines;
  missing.erase(missing.begin() + 4);
  EXPECT_NE(text(missing).find("line 05 is missing"), std::string::npos) << text(missing);
  EXPECT_EQ(text(missing).find("line 06:"), std::string::npos) << "only the wrong one";
  std::vector<std::string> swapped = lines;
  std::swap(swapped[4], swapped[5]);
  EXPECT_NE(text(swapped).find("line 05"), std::string::npos);
  std::vector<std::string> two = changed(4, letter);
  two[8][5] = two[8][5] == 'q' ? 'p' : 'q';
  EXPECT_NE(text(two).find("line 05"), std::string::npos);
  EXPECT_NE(text(two).find("line 09: look at group 1, character 2"), std::string::npos);
  missing = lines;
  missing.pop_back();
  EXPECT_NE(text(missing).find("missing"), std::string::npos) << text(missing);
  EXPECT_EQ(CodeOf(ReadPaperBackupPublic("").status()), "BAD_PAPER_LINE");
}

TEST_F(PaperBackupTest, LinesOfTwoPagesDoNotMakeOne) {
  std::vector<std::string> lines = Numbered(Page()), others = Numbered(Page());
  ASSERT_NE(lines, others) << "a new salt each time";
  lines[7] = others[7];
  EXPECT_EQ(CodeOf(ReadPaperBackupPublic(absl::StrJoin(lines, "\n")).status()), "BAD_PAPER_BACKUP");
}

TEST_F(PaperBackupTest, WantsThePassphrase) {
  std::string page = Page();
  passphrase_ = SecretBytes::Copy("another");
  absl::Status status = Restore(page).status();
  EXPECT_EQ(CodeOf(status), "WRONG_PASSPHRASE");
  EXPECT_NE(TextOf(status).find("typed right"), std::string::npos);
  SecretBytes empty;
  EXPECT_EQ(
      CodeOf(
          MakePaperBackup(bundle_, empty, Argon2Params::WeakForTests(), kMade, random_).status()),
      "PASSPHRASE_NEEDED");
  EXPECT_EQ(CodeOf(RestorePaperBackup(page, passphrase_).status()), "WEAK_KEY_FILE");
}

// The part before the secret is authenticated: nobody changes whose page it is.
TEST_F(PaperBackupTest, RefusesEveryChangedByteEvenUnderRightChecksums) {
  std::string bytes = *internal::ReadPaperLines(Page());
  for (size_t i = 0; i + 4 < bytes.size(); ++i) {
    std::string bad = bytes.substr(0, bytes.size() - 4);
    bad[i] ^= 1;
    Hash hash = Sha256({std::string_view("palermo/v1/paper-backup\0", 24), bad});
    std::string page =
        absl::StrJoin(internal::PaperLines(Cat({bad, AsView(hash).substr(0, 4)})), "\n");
    std::string code = CodeOf(Restore(page).status());
    EXPECT_TRUE(code == "WRONG_PASSPHRASE" || code == "BAD_PAPER_BACKUP" ||
                code == "BAD_KEY_FILE" || code == "WEAK_KEY_FILE")
        << i << ": " << code;
  }
}

// The page of these bytes, each checksum right.
std::string PageOf(std::string_view bytes) {
  Hash hash = Sha256({std::string_view("palermo/v1/paper-backup\0", 24), bytes});
  return absl::StrJoin(internal::PaperLines(Cat({bytes, AsView(hash).substr(0, 4)})), "\n");
}
std::string Counted(std::string_view text) {
  return Cat({std::string(1, static_cast<char>(text.size())), text});
}
// Up to the number of keys.
std::string Head(char version, std::string_view kibibytes) {
  return Cat({std::string(1, version), Counted("officer"), Counted("PA"), Counted(kBackupCreated),
              std::string("\x01", 1), kibibytes, std::string(16, 's')});
}

TEST_F(PaperBackupTest, SaysWhatIsWrongUnderRightChecksums) {
  const std::string head = Head(1, std::string_view("\x40\0\0\0", 4));
  const std::string one("\x01", 1), two("\x02", 1), no_token("\0\0", 2);
  const std::string a = Cat({Counted("a"), Counted("ed25519")}), token = "pkcs11:x";
  const std::string at = Cat({std::string("\x08\0", 2), token});
  std::string many(1, static_cast<char>(kMaxKeyFileEntries + 1));
  for (size_t i = 0; i <= kMaxKeyFileEntries; ++i) {
    many += Cat({Counted(absl::StrFormat("k%d", 100 + i)), Counted("ed25519"), no_token});
  }
  struct Row {
    std::string bytes;
    const char* text;
  };
  for (const Row& row : std::initializer_list<Row>{
           {Head(2, "abcd"), "take a newer palermo"},
           {Cat({head, std::string("\0", 1)}), "its list of keys is cut"},
           {head, "its list of keys is cut"},
           {Cat({head, many}), "its list of keys is cut"},
           {Cat({head, two, a, std::string("\x09", 1)}), "its list of keys is cut"},
           {Cat({head, one, a, at, "short"}), "its list of keys is cut"},
           {Cat({head, one, Counted("A"), Counted("ed25519"), no_token}), "is not in order"},
           {Cat({head, one, Counted("a"), Counted("rsa"), no_token}), "is not in order"},
           {Cat({head, two, a, no_token, a, no_token}), "is not in order"},
           {Cat({head, one, Counted("a"), Counted("x25519"), at, std::string(32, 'p')}),
            "where a key on a token is"},
           {Cat({head, one, a, std::string("\x01\0?", 3), std::string(32, 'p')}),
            "where a key on a token is"},
           {Cat({Head(1, std::string(4, '\0')), one, a, no_token}), "parameters are outside"},
       }) {
    absl::Status status = ReadPaperBackupPublic(PageOf(row.bytes)).status();
    EXPECT_EQ(CodeOf(status), "BAD_PAPER_BACKUP") << TextOf(status);
    EXPECT_NE(TextOf(status).find(row.text), std::string::npos) << row.text << TextOf(status);
  }
  EXPECT_NE(TextOf(Restore(PageOf("")).status()).find("too short"), std::string::npos);
  EXPECT_EQ(CodeOf(Restore(PageOf(Cat({head, one, a, no_token, "cut"}))).status()), "BAD_KEY_FILE");
}

TEST_F(PaperBackupTest, IsMadeOfWhatAHandCanType) {
  Argon2Params weak = Argon2Params::WeakForTests();
  KeyBundle empty = *KeyBundle::Create("officer", "PA", kBackupCreated),
            large = *KeyBundle::Create("officer", "PA", kBackupCreated);
  EXPECT_EQ(CodeOf(MakePaperBackup(empty, passphrase_, weak, kMade, random_).status()),
            "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(MakePaperBackup(bundle_, passphrase_, {17, 64}, kMade, random_).status()),
            "BAD_KEY_FILE");
  for (size_t i = 0; i < kMaxKeyFileEntries; ++i) {
    ASSERT_TRUE(
        large.Add(absl::StrFormat("k%d", i), kEd25519, SecretBytes::Random(32, random_)).ok());
  }
  EXPECT_EQ(CodeOf(MakePaperBackup(large, passphrase_, weak, kMade, random_).status()),
            "TOO_LONG_FOR_PAPER");
}

TEST_F(PaperBackupTest, SaysWhenThereIsNoMemoryForThePassphrase) {
  std::string page =
      PageOf(Cat({Head(1, std::string_view("\0\0\x10\0", 4)), std::string("\x01", 1), Counted("a"),
                  Counted("ed25519"), std::string("\0\0", 2), std::string(80, 'x')}));
  LittleMemory little;
  EXPECT_EQ(CodeOf(Restore(page).status()), "NO_MEMORY");
  EXPECT_EQ(
      CodeOf(
          MakePaperBackup(bundle_, passphrase_, {1, kMaxArgon2Kibibytes}, kMade, random_).status()),
      "NO_MEMORY");
}

TEST_F(PaperBackupTest, AKeyOnATokenStaysThere) {
  ASSERT_TRUE(bundle_.AddOnToken("more", std::string(32, 'p'), "pkcs11:token=PA;object=x").ok());
  std::string page = Page();
  EXPECT_NE(page.find("is NOT on this page"), page.npos);
  absl::StatusOr<KeyBundle> restored = Restore(page);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->entries().at("more").token, "pkcs11:token=PA;object=x");
  EXPECT_EQ(restored->entries().at("more").public_bytes, std::string(32, 'p'));
}

TEST(PaperLines, TakeBytesOfEveryLength) {
  for (size_t size = 1; size < 200; ++size) {
    std::string bytes(size, static_cast<char>(0xA5 + size));
    EXPECT_EQ(*internal::ReadPaperLines(absl::StrJoin(internal::PaperLines(bytes), "\n")), bytes);
  }
}

TEST(PaperLines, AreReadHoweverTheyAreIndented) {
  std::string line = internal::PaperLines("some bytes")[0];
  std::string groups = line.substr(4);
  std::replace(groups.begin(), groups.end(), ' ', '-');
  for (const std::string& typed : {"\t" + line + "\t", " \t" + line + " \t\r", "01\t" + groups}) {
    EXPECT_EQ(*internal::ReadPaperLines(typed), "some bytes") << typed;
  }
}

TEST(PaperLines, SayWhatCannotBeRead) {
  std::vector<std::string> lines = internal::PaperLines(std::string(60, 'x'));
  std::string short_line = internal::PaperLines("short")[0];
  struct Row {
    std::string page;
    const char* text;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"01", "does not begin with its number"},
           {"/1 qqqq", "does not begin with its number"},
           {":1 qqqq", "does not begin with its number"},
           {"0/ qqqq", "does not begin with its number"},
           {"0x qqqq", "does not begin with its number"},
           {"01qqqqq", "does not begin with its number"},
           {"01 qqqqqq", "is too short"},
           {"01 q\x01", "this character is never used"},
           {"01 q\xC3\xA8", "this character is never used"},
           {"01 q\x7F", "this character is never used"},
           {"01 q?", "'?' is never used"},
           {short_line + "\n" + lines[1], "not the last line, but shorter"},
           {lines[0], "the last ones are missing"},
           {lines[0] + "\n" + lines[1], "the last ones are missing"},  // the rest is not zero
           {std::string(kMaxPaperPageBytes + 1, ' '), "longer than any page"},
           {"", "this has 0"},
           {absl::StrJoin(std::vector<std::string>(kMaxPaperLines + 1, lines[0]), "\n"),
            "this has 100"},
       }) {
    absl::Status status = internal::ReadPaperLines(row.page).status();
    EXPECT_EQ(CodeOf(status), "BAD_PAPER_LINE") << row.page;
    EXPECT_NE(TextOf(status).find(row.text), std::string::npos) << row.page << TextOf(status);
  }
}

// The page is a promise too: this one must restore for as long as version 1 is read.
TEST_F(PaperBackupTest, RestoresAndMakesTheGoldenPage) {
  std::string golden = R"page(PALERMO KEY BACKUP                              keep it locked away

holder          PA/admin-1
kind            administrator
keys made       2026-03-02T09:00:00Z
page made       2026-03-05T16:30:00Z
keys
  sign          ed25519  fingerprint (key id) db34639ba7460cee2678537632056eb1

You need this page, the passphrase that the key file had when the page was
made, and the program palermo. Without the passphrase nobody can use the page,
and nobody can help. Do not write the passphrase on it.

To restore: type the numbered lines into a text file, with their numbers.
Capitals and spaces do not matter. 0 is a zero, l is a small L; there is no
1, b, i or o. A mistake is found, with its line. Then run:

  palermo key restore PAGE.txt --out NEW.key

and compare the fingerprints with those above.

-----BEGIN PALERMO KEY BACKUP-----
01  qyxk zerd d9hx jum5 wfsh gmmj pfgy ztyc cnel
02  mpv3 kkjm 3dxy 2ryv pjxc knqv edxq e9xu auc2
03  gvpe 8gcr qw3s xpdq zsqq qqqg qff8 5lkw cnkp
04  8mmq 26la c7wx hdy9 tsqq gywd 5kwm s8j3 ucyr
05  v4jr ydf4 xyus qqpp vnj9 60j2 mt79 dpyt uxqa
06  ntt0 2vwc 8w4z 22pt g9nw 7y3a a3x5 r5pm g2u0
07  wzg0 9y6l aukh ypmn qu0k 3vd9 ke7z 3w23 v6ep
08  h3cp qr0z yv2d kspe hrfm 37h6 u0e6 w2zf 85ze
09  8txx m7gm f70l zcrp wflq j7sm ldzn w
-----END PALERMO KEY BACKUP-----
)page";
  absl::StatusOr<KeyBundle> restored = Restore(golden);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ((*restored->Find("sign", kEd25519))->private_bytes.Expose(SecretAccess::Grant()),
            std::string(32, 's'));
  KeyBundle same = *KeyBundle::Create("administrator", "PA/admin-1", kBackupCreated);
  ASSERT_TRUE(same.Add("sign", kEd25519, SecretBytes::Copy(std::string(32, 's'))).ok());
  TestRandom random(77);
  EXPECT_EQ(*MakePaperBackup(same, passphrase_, Argon2Params::WeakForTests(), kMade, random),
            golden);
}

}  // namespace
}  // namespace palermo::crypto
