// Addresses of crypto assets, codes of lists, GS1 element strings, normal forms.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "node/casework/check_hashes.h"
#include "node/casework/identifiers.h"
#include "node/casework/ip_address.h"

namespace palermo::casework {
namespace {

std::string Hex(const CheckHash& hash) {
  return HexEncode({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

// FIPS 180-4's examples, and Keccak's own for the empty text and "abc".
TEST(CheckHashes, GiveThePublishedValues) {
  EXPECT_EQ(Hex(CheckSha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(CheckSha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(CheckSha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(CheckKeccak256("")),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(Hex(CheckKeccak256("abc")),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Addresses, Bitcoin) {
  EXPECT_TRUE(IsBitcoinAddress("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"));
  EXPECT_TRUE(IsBitcoinAddress("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"));
  EXPECT_TRUE(IsBase58Address("1111111111111111111114oLvT2"));
  for (const char* bad :
       {"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN",
        "11BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "0BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "", "1",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"}) {
    EXPECT_FALSE(IsBitcoinAddress(bad)) << bad;
  }
}

// The four of EIP-55's text that mix cases, and what was done to them.
TEST(Addresses, Ethereum) {
  for (const char* good :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x1111111111111111111111111111111111111111"}) {
    EXPECT_EQ(EthAddressKind(good), EthAddress::kGood) << good;
  }
  EXPECT_EQ(EthAddressKind("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), EthAddress::kUnchecked);
  EXPECT_EQ(EthAddressKind("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), EthAddress::kUnchecked);
  for (const char* bad : {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0x5aAeb6", "",
                          "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed12",
                          "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg"}) {
    EXPECT_EQ(EthAddressKind(bad), EthAddress::kBad) << bad;
  }
}

TEST(IpAddresses, AreReadWithOrWithoutPort) {
  for (const char* good :
       {"203.0.113.77", " 203.0.113.77 ", "203.0.113.77:51234", "2001:db8::7", "[2001:db8::7]:443",
        "[2001:db8::7]", "2001:DB8:0:0:0:0:0:7", "::ffff:203.0.113.77"}) {
    ASSERT_TRUE(ParseIp(good).has_value()) << good;
    EXPECT_FALSE(ParseIp(good)->IsPrivate()) << good;
  }
  EXPECT_EQ(ParseIp("203.0.113.77:51234")->port, 51234u);
  EXPECT_EQ(ParseIp("[2001:db8::7]:443")->port, 443u);
  EXPECT_FALSE(ParseIp("203.0.113.77")->port.has_value());
  for (const char* local :
       {"10.0.0.4", "127.0.0.1", "192.168.1.9", "172.31.0.1", "100.64.0.1", "169.254.1.1",
        "0.0.0.0", "224.0.0.1", "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.4"}) {
    ASSERT_TRUE(ParseIp(local).has_value()) << local;
    EXPECT_TRUE(ParseIp(local)->IsPrivate()) << local;
  }
}

TEST(IpAddresses, AreNotWhatHasTheLookAlone) {
  for (const char* other : {"10.0.19045.3412",
                            "1.2.840.113549",
                            "203.0.113",
                            "203.0.113.256",
                            "1.2.3.4.5",
                            "",
                            " ",
                            "aa:bb:cc:dd:ee:ff",
                            "02:00:5e:ff:fe:10:00:01",
                            "2001:db8",
                            "1::2::3",
                            ":::",
                            "12:30",
                            "2001:db8::12345",
                            "203.0.113.77:",
                            "203.0.113.77:x",
                            "[2001:db8::7",
                            "[2001:db8::7]x",
                            "1:2:3:4:5:6:7:8:9",
                            "1:2:3:4:5:6:7::8:9",
                            "203.0.113.77/24",
                            "mail.example"}) {
    EXPECT_FALSE(ParseIp(other).has_value()) << other;
  }
}

struct Vector {
  bool (*check)(std::string_view);
  const char* good;
  const char* bad;
};
constexpr Vector kVectors[] = {
    {IsImoCompany, "0099991", "0099990"},
    {IsBic, "VSTBQVXX", "VSTBQVX"},
    {IsBic, "VSTBQVXX123", "VST1QVXX"},
    {IsImsi, "001010123456789", "0010101234567890"},
    {IsE164, "+999123456789", "999123456789"},
    {IsE164, "+999 (12) 345-678", "+0991234567"},
    {IsAtc, "N02BE01", "N2BE01"},
    {IsHs, "930200", "9302"},
    {IsUnLocode, "QMPAL", "QM1AB"},
    {IsUnLocode, "DE HAM", "YQHAM"},
    {IsCitesPurpose, "T", "K"},
    {IsCitesSource, "W", "Q"},
    {IsCountry, "QM", "YQ"},
    {IsCountry, "ZZ", "XX"},
    {IsCountry, "DE", "de"},
    {IsCurrency, "XTS", "ABC"},
    {IsHexHash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"},
    {IsIban, "DE89370400440532013000", "DE8937040044053201300"},
};

TEST(Codes, TakeTheGoodVectorAndRefuseTheBadOne) {
  for (const Vector& v : kVectors) {
    EXPECT_TRUE(v.check(v.good)) << v.good;
    EXPECT_FALSE(v.check(v.bad)) << v.bad;
    EXPECT_FALSE(v.check("")) << v.good;
    EXPECT_FALSE(v.check(std::string(5000, 'A'))) << v.good;
  }
  EXPECT_EQ(MinorDigits("XTS"), 2);
  EXPECT_EQ(MinorDigits("JPY"), 0);
  EXPECT_EQ(MinorDigits("KWD"), 3);
  EXPECT_EQ(MinorDigits("ABC"), -1);
  EXPECT_TRUE(IsPosition(-90, 180, 1));
  EXPECT_FALSE(IsPosition(90.1, 0, 1));
  EXPECT_FALSE(IsPosition(0, 0, 0));
}

TEST(Codes, ReadGs1Elements) {
  const auto element = ParseGs1("(01)09521234567899(17)270831(10)AX77-19(21)0001");
  ASSERT_TRUE(element.has_value());
  EXPECT_EQ(element->gtin, "09521234567899");
  EXPECT_EQ(element->expiry, "2027-08-31");
  EXPECT_EQ(element->batch, "AX77-19");
  EXPECT_EQ(element->serial, "0001");
  EXPECT_EQ(ParseGs1("(00)095212345678901235")->sscc, "095212345678901235");
  for (const char* bad : {"", "(01)09521234567898", "(17)2708", "(10)", "(99)x", "01095212345678",
                          "(10)123456789012345678901", "(01", "(01)"}) {
    EXPECT_FALSE(ParseGs1(bad).has_value()) << bad;
  }
}

TEST(Identifiers, HaveANormalFormAndAForm) {
  EXPECT_EQ(NormalIdentifier("IBAN", "gb82 west 1234 5698 7654 32"), "GB82WEST12345698765432");
  EXPECT_EQ(DisplayIdentifier("IBAN", "GB82WEST12345698765432"), "GB82 WEST 1234 5698 7654 32");
  EXPECT_EQ(NormalIdentifier("IMO", "IMO 9074729"), "9074729");
  EXPECT_EQ(DisplayIdentifier("imo", "9074729"), "IMO 9074729");
  EXPECT_EQ(DisplayIdentifier("AWB", "AWB 99912345675"), "999-12345675");
  EXPECT_EQ(DisplayIdentifier("CONT", "csqu3054383"), "CSQU 305438 3");
  EXPECT_EQ(DisplayIdentifier("S10", "RR473124829GB"), "RR 473 124 829 GB");
  EXPECT_EQ(NormalIdentifier("PHONE", "+999 (12) 345-678"), "+99912345678");
  // Maker's glyphs and case-sensitive addresses stay as they are.
  EXPECT_EQ(NormalIdentifier("SERIAL", " QX\u201177041 "), "QX\u201177041");
  EXPECT_EQ(NormalIdentifier("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
}

TEST(NormalIdentifier, OfANormalFormIsTheSame) {
  for (const char* text : {"IMO 9074729", "IMOIMO9074729", "IMOIMO", "IMO", "imo9074729"}) {
    const std::string normal = NormalIdentifier("IMO", text);
    EXPECT_EQ(NormalIdentifier("IMO", normal), normal) << text;
  }
  EXPECT_EQ(NormalIdentifier("IMO", "IMO 9074729"), "9074729");
  EXPECT_EQ(NormalIdentifier("AWB", "AWB 999-12345675"), "99912345675");
}

}  // namespace
}  // namespace palermo::casework
