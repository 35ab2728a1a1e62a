#include "crypto/padding.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::crypto {
namespace {

TEST(Padme, GivesKnownValues) {
  EXPECT_EQ(Padme(0), 0u);
  EXPECT_EQ(Padme(1), 1u);
  EXPECT_EQ(Padme(9), 10u);
  EXPECT_EQ(Padme(4096), 4096u);
  EXPECT_EQ(Padme(4097), 4352u);  // 12 significant places, 4 of them kept
  EXPECT_EQ(Padme(1000000), 1015808u);
  EXPECT_EQ(Padme((uint64_t{1} << 40) + 1), (uint64_t{1} << 40) + (uint64_t{1} << 34));
}

TEST(Padme, NeverShrinksIsStableAndAddsAtMost12Percent) {
  for (uint64_t length = 1; length < 300000; length += 7) {
    uint64_t padded = Padme(length);
    ASSERT_GE(padded, length);
    ASSERT_LE(padded * 100, length * 112);
    ASSERT_EQ(Padme(padded), padded);
    ASSERT_LE(Padme(length), Padme(length + 1));
  }
}

TEST(Padding, SmallBodiesAllTakeTheMinimum) {
  EXPECT_EQ(PaddedSize(0), 4096u);
  EXPECT_EQ(PaddedSize(4088), 4096u);
  EXPECT_EQ(PaddedSize(4089), 4352u);
}

TEST(Padding, ComesBackAtEverySizeNearTheEdges) {
  for (size_t size : {0, 1, 4087, 4088, 4089, 4343, 4344, 4345, 100000, 1048568}) {
    std::string bytes(size, '\x7f');
    absl::StatusOr<std::string> padded = Pad(bytes);
    ASSERT_TRUE(padded.ok()) << size;
    EXPECT_EQ(padded->size(), PaddedSize(size));
    EXPECT_EQ(*Unpad(*padded), bytes);
    EXPECT_EQ(PadSecret(bytes)->Expose(SecretAccess::Grant()), *padded);
  }
}

TEST(Padding, BytesThatEndInZerosComeBackWhole) {
  std::string bytes("ab\0\0", 4);
  EXPECT_EQ(*Unpad(*Pad(bytes)), bytes);
}

TEST(Padding, RefusesMoreThanTheLimit) {
  std::string bytes(limits::kMaxPaddedBodyBytes - 7, 'x');
  EXPECT_EQ(CodeOf(Pad(bytes).status()), "BODY_TOO_LARGE");
  EXPECT_EQ(CodeOf(PadSecret(bytes).status()), "BODY_TOO_LARGE");
  EXPECT_EQ(CodeOf(Unpad(std::string(limits::kMaxPaddedBodyBytes + 1, 0)).status()),
            "BODY_TOO_LARGE");
}

TEST(Padding, RefusesAnyPaddingByteThatIsNotZero) {
  std::string good = *Pad("body");
  for (size_t i = 12; i < good.size(); i += 17) {
    std::string bad = good;
    bad[i] = 1;
    EXPECT_EQ(CodeOf(Unpad(bad).status()), "BAD_PADDING") << i;
  }
  good.back() = 1;
  EXPECT_EQ(CodeOf(Unpad(good).status()), "BAD_PADDING");
}

TEST(Padding, RefusesAnotherTotalSize) {
  std::string good = *Pad("body");
  EXPECT_EQ(CodeOf(Unpad(good + std::string(1, '\0')).status()), "BAD_PADDING");
  EXPECT_EQ(CodeOf(Unpad(good.substr(0, good.size() - 1)).status()), "BAD_PADDING");
  EXPECT_EQ(CodeOf(Unpad(good + std::string(256, '\0')).status()), "BAD_PADDING");
  EXPECT_EQ(CodeOf(Unpad("").status()), "BAD_PADDING");
  EXPECT_EQ(CodeOf(Unpad(std::string(7, '\0')).status()), "BAD_PADDING");
}

TEST(Padding, RefusesLengthsBeyondTheBytes) {
  for (uint64_t length : {uint64_t{4089}, uint64_t{1} << 32, UINT64_MAX}) {
    std::string bad = LittleEndian64(length) + std::string(4088, '\0');
    EXPECT_EQ(CodeOf(Unpad(bad).status()), "BAD_PADDING") << length;
  }
}

}  // namespace
}  // namespace palermo::crypto
