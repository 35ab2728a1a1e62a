#include "node/trust/reason.h"

#include <set>

#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

TEST(ReasonTest, IsTheStatussCode) {
  EXPECT_EQ(ReasonOf(Refused("STALE_KEY", "text")), v1::Reason::STALE_KEY);
  EXPECT_EQ(ReasonOf(InputError("BAD_HEADER", "text")), v1::Reason::BAD_HEADER);
}

TEST(ReasonTest, IsNoneForOk) { EXPECT_EQ(ReasonOf(absl::OkStatus()), v1::Reason::NONE); }

TEST(ReasonTest, IsUnreadableForACodeThatRecordsDoNotKnow) {
  EXPECT_EQ(ReasonOf(Refused("WRONG_PASSPHRASE", "text")), v1::Reason::UNREADABLE);
  EXPECT_EQ(ReasonOf(absl::InternalError("text")), v1::Reason::UNREADABLE);
}

TEST(ReasonTest, IsTheCodeItselfOfEachThatSaysMoreOfADocument) {
  for (const char* code :
       {"BAD_DOCUMENT", "VERSION_JUMP", "DUPLICATE_KEY", "DOCUMENT_TOO_LARGE", "TOO_FEW_SIGNATURES",
        "UNKNOWN_SIGNER", "REVOKED_SIGNER", "FOREIGN_SIGNER"}) {
    absl::Status status = InputError(code, "text");
    EXPECT_TRUE(IsVoidDocument(status)) << code;
    EXPECT_EQ(v1::Reason::Code_Name(ReasonOf(status)), code);
  }
  // A document too; the ledger has a reason of its own for it.
  EXPECT_TRUE(IsVoidDocument(InputError("BAD_SIGNATURE", "text")));
  EXPECT_EQ(ReasonOf(InputError("BAD_SIGNATURE", "text")), v1::Reason::BAD_SIGNATURE);
  EXPECT_FALSE(IsVoidDocument(Refused("VERSION_FORK", "text")));
  EXPECT_FALSE(IsVoidDocument(absl::OkStatus()));
}

TEST(ReasonTest, ADirectoryOutOfItsTimeIsOneReasonBeforeItAndAfterIt) {
  EXPECT_EQ(ReasonOf(WrongState("DIRECTORY_NOT_YET_VALID", "text")), v1::Reason::DIRECTORY_EXPIRED);
  EXPECT_EQ(ReasonOf(WrongState("DIRECTORY_EXPIRED", "text")), v1::Reason::DIRECTORY_EXPIRED);
}

TEST(ReasonTest, EveryReasonHasATextOfItsOwn) {
  std::set<std::string> texts;
  const auto* codes = v1::Reason::Code_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    auto code = static_cast<v1::Reason::Code>(codes->value(i)->number());
    EXPECT_TRUE(texts.insert(ReasonText(code)).second) << codes->value(i)->name();
  }
  EXPECT_EQ(texts.count(ReasonText(static_cast<v1::Reason::Code>(999))), 0u);
}

}  // namespace
}  // namespace palermo::trust
