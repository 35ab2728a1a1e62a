#include "base/bytes.h"

#include <gtest/gtest.h>

namespace palermo {
namespace {

TEST(Bytes, HexRoundTripsAndRefusesOtherSpellings) {
  EXPECT_EQ(HexEncode(std::string("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(*HexDecode("00ff1a"), std::string("\x00\xff\x1a", 3));
  EXPECT_FALSE(HexDecode("00FF").ok());
  EXPECT_FALSE(HexDecode("0").ok());
  EXPECT_FALSE(HexDecode("zz").ok());
}

TEST(Bytes, Base64KnowsExactlyOneTextForAValue) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(*Base64Decode(text), bytes);
  }
  for (const char* bad : {"Zg", "Zg=", "Zh==", "Zm9", "Zm8=\n", "Z===", "====", "Zg==Zg=="}) {
    EXPECT_FALSE(Base64Decode(bad).ok()) << bad;
  }
}

TEST(Bytes, IntegersHaveFixedByteOrder) {
  EXPECT_EQ(BigEndian64(0x0102030405060708), "\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_EQ(LittleEndian64(0x0102030405060708), "\x08\x07\x06\x05\x04\x03\x02\x01");
  EXPECT_EQ(ReadBigEndian64(BigEndian64(~0ULL - 3)), ~0ULL - 3);
  EXPECT_EQ(ReadLittleEndian64(LittleEndian64(~0ULL - 3)), ~0ULL - 3);
}

TEST(Bytes, HashMustHave32Bytes) {
  EXPECT_TRUE(HashFrom(std::string(32, 'x'), "root").ok());
  EXPECT_FALSE(HashFrom(std::string(31, 'x'), "root").ok());
  EXPECT_FALSE(HashFrom(std::string(33, 'x'), "root").ok());
}

}  // namespace
}  // namespace palermo
