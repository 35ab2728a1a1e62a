// The vectors of the standards, right and with one digit changed.
#include "node/casework/identifiers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/casework/identifier_rules.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

struct Vector {
  bool (*check)(std::string_view);
  const char* good;
  const char* bad;
};
constexpr Vector kVectors[] = {
    {IsImoShip, "9074729", "9074728"},
    {IsImoShip, "2000107", "2000108"},
    {IsImoShip, "IMO 9074729", "907472"},
    {IsMmsi, "299000001", "12345678"},
    {IsIban, "GB82WEST12345698765432", "GB83WEST12345698765432"},
    {IsIban, "QV47VSTB00012345678901", "QV48VSTB00012345678901"},
    {IsIban, "GB82 WEST 1234 5698 7654 32", "GB83 west 1234 5698 7654 32"},
    {IsLei, "QVFIXTURE00000001275", "QVFIXTURE00000001276"},
    {IsImei, "490154203237518", "490154203237517"},
    {IsImei, "001012345678902", "001012345678903"},
    {IsGtin, "09521234567899", "09521234567898"},
    {IsSscc, "095212345678901235", "095212345678901234"},
    {IsContainer, "CSQU3054383", "CSQU3054384"},
    {IsContainer, "QMZU1200451", "QMZU1200452"},
    {IsAirWaybill, "999-12345675", "999-12345676"},
    {IsPostalItem, "RA202601175QW", "RA202601176QW"},
    {IsPostalItem, "RR473124829GB", "RR473124828GB"},
    {IsCas, "50-36-2", "50-36-3"},
    {IsCas, "437-38-7", "437-387"},
    {IsCas, "4676-39-5", "4676-39-4"},
    {IsCas, "108-24-7", "108247"},
    {IsVin, "1M8GDM9AXKP042788", "1M8GDM9AIKP042788"},
    {IsVinChecked, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"},
    {IsSegwitAddress, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
     "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"},
    {IsSegwitAddress, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
     "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3t4"},
    {IsSegwitAddress, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
     "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj1"},
};

TEST(Identifiers, TakeTheGoodVectorAndRefuseTheBadOne) {
  for (const Vector& v : kVectors) {
    EXPECT_TRUE(v.check(v.good)) << v.good;
    EXPECT_FALSE(v.check(v.bad)) << v.bad;
  }
}

TEST(Identifiers, RefuseRubbishOfAnyLength) {
  for (const Vector& v : kVectors) {
    for (const std::string& text : {std::string(), std::string(" "), std::string(10000, '1'),
                                    std::string(13, '\xff'), std::string("\0\0\0\0\0\0\0", 7),
                                    std::string("\xe2\x80\xae"
                                                "9074729")}) {
      if (v.check == IsMmsi && text.empty()) continue;
      EXPECT_FALSE(v.check(text)) << text.size();
    }
  }
}

// Every single wrong digit of a number is found.
TEST(Identifiers, FindEverySingleWrongDigit) {
  const Vector all[] = {{IsImoShip, "9074729", ""},
                        {IsIban, "QV47VSTB00012345678901", ""},
                        {IsImei, "490154203237518", ""},
                        {IsGtin, "09521234567899", ""},
                        {IsLei, "QVFIXTURE00000001275", ""}};
  for (const Vector& v : all) {
    const std::string good = v.good;
    for (size_t i = 0; i < good.size(); ++i) {
      if (good[i] < '0' || good[i] > '9') continue;
      for (char c = '0'; c <= '9'; ++c) {
        std::string text = good;
        text[i] = c;
        // An IMO number weighs its fifth digit by even numbers: it cannot see every change.
        if (c == good[i] || (v.check == IsImoShip && i < 6)) continue;
        EXPECT_FALSE(v.check(text)) << text;
      }
    }
  }
}

TEST(Mrz, ChecksEveryFormat) {
  EXPECT_TRUE(IsMrz({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                     "L898902C36UTO7408122F1204159ZE184226B<<<<<10"}));
  EXPECT_FALSE(IsMrz({"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                      "L898902C35UTO7408122F1204159ZE184226B<<<<<10"}));
  EXPECT_TRUE(IsMrz({"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"}));
  EXPECT_FALSE(IsMrz({"I<UTOD231458907<<<<<<<<<<<<<<<", "7408123F1204159UTO<<<<<<<<<<<6",
                      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"}));
  EXPECT_TRUE(
      IsMrz({"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"}));
  EXPECT_FALSE(IsMrz({}));
  EXPECT_FALSE(IsMrz({"", ""}));
  EXPECT_FALSE(IsMrz({std::string(44, ' '), std::string(44, ' ')}));
}

TEST(IdentifierProblem, KnowsTheMemberByItsName) {
  EXPECT_EQ(IdentifierProblem("imo", "9074728"), "R-ID-IMO.check");
  EXPECT_EQ(IdentifierProblem("imo", "9074729"), "");
  EXPECT_EQ(IdentifierProblem("imo", ""), "");
  EXPECT_EQ(IdentifierProblem("serial", "QX-77041"), "");
  EXPECT_EQ(IdentifierProblem("account", "12-345 678"), "");  // no IBAN, and does not look like one
  EXPECT_EQ(IdentifierProblem("account", "QV48VSTB00012345678901"), "R-ID-IBAN.check");
  EXPECT_EQ(IdentifierProblem("awb", "AWB 999-12345675"), "");
  // A bank: 8 or 11 characters, with a country.
  EXPECT_EQ(IdentifierProblem("bic", "VSTBQVXX"), "");
  EXPECT_EQ(IdentifierProblem("bic", "vstb qv xx 123"), "");
  EXPECT_EQ(IdentifierProblem("bic", "VSTBQVX"), "R-GEN-01.bic");
  EXPECT_EQ(IdentifierProblem("bic", "VSTBYQXX"), "R-GEN-01.bic");
  EXPECT_EQ(IdentifierProblem("swift", "VSTBQVXX1"), "R-GEN-01.bic");
}

// The walk skips an item or person that has none of these: a new one must be added to
// MayHoldIdentifier.
TEST(Identifiers, OfItemsAndPersonsAreTheOnesThatTheWalkLooksFor) {
  std::vector<std::string> members = IdentifierMembersOf(*v1::Item::descriptor());
  std::sort(members.begin(), members.end());
  EXPECT_EQ(members, (std::vector<std::string>{"account", "consignment", "consignments", "lead",
                                               "property", "seizure", "substances", "vessel"}));
  EXPECT_EQ(IdentifierMembersOf(*v1::Person::descriptor()), std::vector<std::string>{"lei"});
}

}  // namespace
}  // namespace palermo::casework
