#include "node/casework/leak_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace palermo::casework {
namespace {

struct Try {
  const char* text;
  bool leaks;
};

void Expect(const std::vector<IdentityToken>& tokens, const std::vector<Try>& tries) {
  const LeakScanner scanner(tokens);
  for (const Try& each : tries) {
    EXPECT_EQ(scanner.Leaks(each.text), each.leaks)
        << each.text << " | folded: " << FoldForScan(each.text).letters << " | " << tokens[0].value
        << " folded: " << FoldForScan(tokens[0].value).letters;
  }
}

TEST(LeakScan, FindsANameWhateverItsCaseOrderAndSpacing) {
  Expect({{IdentityKind::kName, "Lina Orsay", "V-1"}}, {{"Victim Lina ORSAY was recruited", true},
                                                        {"ORSAY, Lina", true},
                                                        {"the girl called lina", true},
                                                        {"linaorsay@example.org", true},
                                                        {"Orsay_Lina_statement.pdf", true},
                                                        {"LinaOrsay.jpg", true},
                                                        {"Lina\xE2\x80\x99s statement", true},
                                                        {"L\u00ADi\u200Bna", true},
                                                        {"\uFF2C\uFF29\uFF2E\uFF21", true},
                                                        {"Carolina was there", false},
                                                        {"the linage of the case", false},
                                                        {"orsays", false},
                                                        {"", false}});
}

TEST(LeakScan, FindsANameWhateverItsAccentsAndUsualSpellings) {
  Expect(
      {{IdentityKind::kName, "J\u00FCrgen M\u00FCller", ""}},
      {{"Muller", true}, {"Mueller was heard", true}, {"MU\u0308LLER", true}, {"Miller", false}});
  Expect({{IdentityKind::kName, "Youssef El-Sayed", ""}},
         {{"Yusef", true}, {"Jussef", true}, {"YOUSEF", true}, {"Josef", false}});
  Expect({{IdentityKind::kName, "O'Neil Brannagh", ""}}, {{"ONeil", true}, {"o\u2019neil", true}});
}

TEST(LeakScan, FindsANameInAnotherScript) {
  Expect({{IdentityKind::kName, "Ivan Petrov", ""}},
         {{"\u0418\u0432\u0430\u043D \u0441\u043A\u0430\u0437\u0430\u043B", true},
          {"\u041F\u0415\u0422\u0420\u041E\u0412", true},
          {"\u041F\u0435\u0442\u0440\u0430", false}});
  Expect(
      {{IdentityKind::kName, "\u042E\u043B\u0438\u044F \u0416\u0443\u043A\u043E\u0432\u0430", ""}},
      {{"Yulia", true}, {"Zhukova", true}, {"ZUKOVA", true}, {"Julija", true}, {"Julian", false}});
  Expect({{IdentityKind::kName, "\u0395\u03BB\u03AD\u03BD\u03B7 \u03A0\u03B1\u03C0\u03AC", ""}},
         {{"Elene Papa", true}});
}

TEST(LeakScan, FindsANameBehindAShortWordThatLeansOnIt) {
  Expect({{IdentityKind::kName, "Amina Hassan", ""}}, {{"le t\u00E9l\u00E9phone d'Amina", true},
                                                       {"la m\u00E8re d\u2019Amina", true},
                                                       {"qu'Amina a dit", true},
                                                       {"l'Hassan", true},
                                                       {"la sorella dell'Amina", true},
                                                       {"x'amina", false},
                                                       {"damina", false}});
  Expect({{IdentityKind::kName, "Rosa D'Angelo", ""}},
         {{"D'Angelo", true}, {"DANGELO", true}, {"l'Angelo", false}, {"de d'Angelo", true}});
  Expect({{IdentityKind::kName, "Omar S'Habani", ""}}, {{"S'Habani", true}, {"Shabani", true}});
  Expect({{IdentityKind::kName, "Sean O'Brien", ""}}, {{"la maison d'O'Brien", true}});
}

TEST(LeakScan, FindsANameBehindAnArabicWordOfOneLetter) {
  const std::vector<Try> tries = {{"\u0648\u0623\u0645\u064A\u0646\u0629", true},
                                  {"\u0644\u0623\u0645\u064A\u0646\u0629", true},
                                  {"\u0641\u0623\u0645\u064A\u0646\u0629", true},
                                  {"\u0648\u0644\u064A\u062F", false}};
  Expect({{IdentityKind::kName, "\u0623\u0645\u064A\u0646\u0629 \u062D\u0633\u0646", ""}}, tries);
  Expect({{IdentityKind::kName, "Walid Mansour", ""}},
         {{"\u0648\u0644\u064A\u062F \u0645\u0646\u0635\u0648\u0631", true},
          {"\u0628\u0645\u0646\u0635\u0648\u0631", true},
          {"\u0648\u0645\u0646\u0635\u0648\u0631", true}});
}

TEST(LeakScan, FindsADateWhoseMonthIsARomanNumberAndDigitsWithoutTheirLetters) {
  Expect({{IdentityKind::kDate, "1999-03-12", ""}}, {{"12.III.1999", true},
                                                     {"1999. III. 12.", true},
                                                     {"12 III 1999", true},
                                                     {"12.IV.1999", false},
                                                     {"12 iii 1999", false}});
  Expect({{IdentityKind::kNumber, "QT4471209", ""}},
         {{"passport 4471209", true}, {"44712091", false}, {"QT 4471209", true}});
}

TEST(LeakScan, SaysWhichLeakIsOneWordOfANameAlone) {
  const LeakScanner scanner({{IdentityKind::kName, "Sofia Ivanova", "V-1"}});
  ASSERT_EQ(scanner.Find("Prosecutor's Office, Sofia").size(), 1u);
  EXPECT_TRUE(scanner.Find("Prosecutor's Office, Sofia")[0].part);
  ASSERT_FALSE(scanner.Find("Sofia Ivanova").empty());
  EXPECT_GT(scanner.Find("Sofia Ivanova").size() + (scanner.Find("Sofia Ivanova")[0].part ? 0 : 1),
            1u);
}

TEST(LeakScan, FindsAChineseNameWithAndWithoutItsCharacters) {
  Expect({{IdentityKind::kName, "\u738B\u5C0F\u660E", ""}},
         {{"\u6628\u5929\u738B\u5C0F\u660E\u6765\u4E86", true},
          {"Wang Xiaoming", true},
          {"wang xiao ming", true},
          {"\u738B\u5927\u660E", false},
          {"Wang", false}});
}

TEST(LeakScan, FindsAnArabicNameByItsConsonants) {
  const std::string khalid_mansour = "\u062E\u0627\u0644\u062F \u0645\u0646\u0635\u0648\u0631";
  Expect({{IdentityKind::kName, "Khalid Mansour", ""}},
         {{khalid_mansour.c_str(), true}, {"\u0645\u0646\u0635\u0648\u0631", true}});
  Expect({{IdentityKind::kName, khalid_mansour, ""}},
         {{"Khalid Mansour", true}, {"KHALED MANSUR", true}, {"he held the mansard", false}});
}

TEST(LeakScan, FindsANameOfShortPartsBetweenArabicAndLatin) {
  const std::vector<std::pair<const char*, const char*>> same = {
      {"Yusuf Khoury", "\u064A\u0648\u0633\u0641 \u062E\u0648\u0631\u064A"},
      {"Fatima Hassan", "\u0641\u0627\u0637\u0645\u0629 \u062D\u0633\u0646"},
      {"Mohammed Al-Masri", "\u0645\u062D\u0645\u062F \u0627\u0644\u0645\u0635\u0631\u064A"},
      {"Rachid Haddad", "\u0631\u0634\u064A\u062F \u062D\u062F\u0627\u062F"},
      {"Suhail Karimi", "\u0633\u0647\u064A\u0644 \u0643\u0631\u064A\u0645\u064A"},
      {"David Cohen", "\u05D3\u05D5\u05D3 \u05DB\u05D4\u05DF"}};
  for (const auto& [latin, other] : same) {
    const std::string text = std::string("(") + other + ")";
    Expect({{IdentityKind::kName, latin, ""}}, {{text.c_str(), true}});
    Expect({{IdentityKind::kName, other, ""}}, {{latin, true}});
  }
  // Each part alone is too short, and a part twice is no name.
  Expect({{IdentityKind::kName, "Yusuf Khoury", ""}},
         {{"\u064A\u0648\u0633\u0641", false},
          {"\u064A\u0648\u0633\u0641 \u064A\u0648\u0633\u0641", false}});
  Expect(
      {{IdentityKind::kName, "\u0645\u062D\u0645\u062F \u0627\u0644\u0645\u0635\u0631\u064A", ""}},
      {{"Mohamed bin Masri", true}, {"a mohammedan miser", false}});
}

TEST(LeakScan, FindsANameInIndicScripts) {
  const std::vector<std::pair<const char*, const char*>> same = {
      {"Rita Singh", "\u0930\u0940\u0924\u093E \u0938\u093F\u0902\u0939"},
      {"Gurpreet Singh",
       "\u0A17\u0A41\u0A30\u0A2A\u0A4D\u0A30\u0A40\u0A24 \u0A38\u0A3F\u0A70\u0A18"},
      {"Rajesh Chaudhary", "\u0930\u093E\u091C\u0947\u0936 \u091A\u094C\u0927\u0930\u0940"},
      {"Mohandas Gandhi",
       "\u0AAE\u0ACB\u0AB9\u0AA8\u0AA6\u0ABE\u0AB8 \u0A97\u0ABE\u0A82\u0AA7\u0AC0"},
      {"Rahim Khan", "\u09B0\u09B9\u09BF\u09AE \u0996\u09BE\u09A8"},
      {"Sampat Kannan", "\u0938\u0902\u092A\u0924 \u0B95\u0BA3\u0BCD\u0BA3\u0BA9\u0BCD"},
      {"Zafar Kumar", "\u091C\u093C\u092B\u093C\u0930 \u0C95\u0CC1\u0C2E\u0CBE\u0CB0\u0CCD"}};
  for (const auto& [latin, other] : same) {
    const std::string text = std::string("\u0936\u094D\u0930\u0940 ") + other + "\u0964";
    Expect({{IdentityKind::kName, latin, ""}}, {{text.c_str(), true}});
    Expect({{IdentityKind::kName, other, ""}}, {{latin, true}});
  }
  // A part alone, with its vowels.
  Expect({{IdentityKind::kName, "Rita Singh", ""}},
         {{"\u0930\u0940\u0924\u093E \u0906\u0908", true},
          {"\u0938\u093F\u0902\u0939", true},
          {"\u0930\u0940\u0924\u093F \u0906\u0908", false}});
  // "Ana" means "to come" in Hindi.
  Expect({{IdentityKind::kName, "Ana Berg", ""}}, {{"\u0906\u0928\u093E \u0939\u0948", false}});
}

// What texts in these languages hold by the page.
TEST(LeakScan, FindsNoNameInCommonWordsOfAnotherScript) {
  Expect({{IdentityKind::kName, "Huda Ali", ""}},
         {{"\u0625\u0644\u0649 \u0628\u064A\u062A", false},
          {"\u0639\u0644\u0649 \u0628\u064A\u062A", false},
          {"\u0647\u062F\u0649 \u0639\u0644\u064A", false}});
  Expect({{IdentityKind::kName, "Lina Orsay", ""}}, {{"\u0639\u0644\u064A\u0646\u0627", false},
                                                     {"\u0644\u064A\u0646\u0627", true},
                                                     {"we or say nothing", false},
                                                     {"Or-Say", true}});
  Expect({{IdentityKind::kName, "Rami Aoun", ""}}, {{"subordonn\u00E9 \u00E0 un accord", false}});
  Expect({{IdentityKind::kName, "Wang Lan", ""}},
         {{"\u671B\u6765", false}, {"\u62E6", false}, {"Wang", true}});
  Expect({{IdentityKind::kName, "Li Wu", ""}}, {{"\u793C\u7269", false}});
  Expect({{IdentityKind::kName, "Jean Dupont", ""}}, {{"\u7ED3\u6848", false}});
  Expect({{IdentityKind::kName, "Wang Xiaoming", ""}},
         {{"\u738B\u5C0F\u660E", true}, {"\u5C0F\u660E\u6765", true}});
  Expect({{IdentityKind::kName, "Ana Berg", ""}},
         {{"\u092F\u0939 \u092A\u094D\u0930\u092F\u094B\u0917", false}});
}

TEST(LeakScan, FindsAChineseNameInAnotherOrder) {
  Expect({{IdentityKind::kName, "\u738B\u5C0F\u660E", ""}}, {{"Xiaoming Wang", true},
                                                             {"Xiao-Ming WANG", true},
                                                             {"Xiaoming was there", true},
                                                             {"Ming Wang", false},
                                                             {"\u5C0F\u660E\u738B", false},
                                                             {"\u5C0F\u660E\u6765\u4E86", false}});
  Expect({{IdentityKind::kName, "\u6B27\u9633\u4FEE", ""}}, {{"Xiu Ouyang", true}});
}

TEST(LeakScan, FindsADateInEveryUsualForm) {
  Expect({{IdentityKind::kDate, "1961-03-11", ""}},
         {{"61-03-11", true},
          {"61/3/11", true},
          {"610311", false},
          {"11th of March 1961", true},
          {"11 of March, 1961", true},
          {"11-MAR-61", true},
          {"11. M\u00E4rz 1961", true},
          {"11 de mar\u00E7o de 1961", true},
          {"11 mart 1961", true},
          {"11 \u092E\u093E\u0930\u094D\u091A 1961", true},
          {"ng\u00E0y 11 th\u00E1ng 3 n\u0103m 1961", true},
          {"11 th\u00E1ng 03, 1961", true},
          {"11 th\u00E1ng 4 n\u0103m 1961", false},
          {"1961\u5E743\u670811\u65E5", true},
          {"11 \u4E09\u6708 1961", true},
          {"1961\u5E74\u4E09\u670811\u65E5", true},
          {"\u4E00\u4E5D\u516D\u4E00\u5E74\u4E09\u6708\u5341\u4E00\u65E5", true},
          {"\u4E00\u4E5D\u516D\u4E00\u5E74\u56DB\u6708\u5341\u4E00\u65E5", false},
          {"61-03-12", false}});
  Expect({{IdentityKind::kDate, "2001-12-20", ""}},
         {{"\u4E8C\u3007\u3007\u4E00\u5E74\u5341\u4E8C\u6708\u4E8C\u5341\u65E5", true},
          {"\u4E8C\u96F6\u96F6\u4E00\u5E74\u5341\u4E8C\u6708\u4E8C\u5341\u65E5", true}});
  Expect({{IdentityKind::kDate, "1999-04-12", ""}},
         {{"born 1999-04-12", true},
          {"12.04.1999", true},
          {"12/4/1999", true},
          {"4/12/1999", true},
          {"12 04 99", true},
          {"19990412", true},
          {"12 April 1999", true},
          {"April 12th, 1999", true},
          {"le 12 avril 1999", true},
          {"12 de abril de 1999", true},
          {"12 \u0430\u043F\u0440\u0435\u043B\u044F 1999", true},
          {"1999\u5E744\u670812\u65E5", true},
          {"\u0661\u0662/\u0664/\u0661\u0669\u0669\u0669", true},
          {"1999-04-13", false},
          {"in April 1999", false},
          {"paid 1241999 in all", false},
          {"version 1.1999.04.123", false}});
}

TEST(LeakScan, FindsNumbersWhateverTheirSpacing) {
  Expect({{IdentityKind::kNumber, "+999 612 345 678", ""}}, {{"+999612345678", true},
                                                             {"00999 (612) 345-678", true},
                                                             {"0612 34 56 78", true},
                                                             {"612345678", true},
                                                             {"6123456789", false},
                                                             {"x612345678", false}});
  Expect({{IdentityKind::kNumber, "XK 12-345.67", ""}}, {{"passport xk1234567", true},
                                                         {"XK 1234567", true},
                                                         {"XK 1234568", false},
                                                         {"axk1234567", false}});
}

TEST(LeakScan, FindsAnAddressAsAWholeAndNoWordOfIt) {
  Expect({{IdentityKind::kText, "12 Harbour Street, Port-Sel", ""}},
         {{"lives at 12 Harbour Street", true},
          {"Harbour street 12, Port Sel", true},
          {"Harbour Street", false},
          {"in Port-Sel", false},
          {"12 Main Street", false}});
}

TEST(LeakScan, FindsAccountsOfFewDigitsAndShortMail) {
  Expect({{IdentityKind::kNumber, "trizhy77", ""}},
         {{"chat: Trizhy77", true}, {"trizhy 77", true}, {"trizhy778", false}});
  Expect({{IdentityKind::kText, "x@y.org", ""}}, {{"mail x@y.org", true}, {"y.org", false}});
}

TEST(LeakScan, FindsAPartThatIsWrittenAsTwoWords) {
  Expect({{IdentityKind::kName, "Abdulrahman Qasim", ""}},
         {{"Abdul Rahman saw the boat", true}, {"abdul rahman", true}, {"Abdul ran", false}});
  Expect({{IdentityKind::kName, "Ana DeSouza", ""}},
         {{"de Souza", true}, {"De Souza", true}, {"Souza", false}});
  Expect({{IdentityKind::kName, "Ana de Souza", ""}}, {{"DeSouza", true}, {"Souza", true}});
  Expect({{IdentityKind::kName, "Ian MacDonald", ""}}, {{"Mac Donald", true}, {"Donald", false}});
  Expect({{IdentityKind::kName, "Ian McCoy", ""}}, {{"Mc Coy", true}, {"McCoy", true}});
  Expect({{IdentityKind::kName, "Huda AlMasri", ""}}, {{"Al Masri", true}, {"al-Masri", true}});
  Expect({{IdentityKind::kName, "Huda Al Masri", ""}}, {{"Almasri", true}});
  Expect({{IdentityKind::kName, "Kim Vanderberg", ""}}, {{"Van der Berg", true}});
  Expect({{IdentityKind::kName, "Rosemarie Orsay", ""}},
         {{"Rose Marie", true}, {"we or say nothing", false}});
  // What a language holds by the page.
  Expect({{IdentityKind::kName, "Denise Leblanc", ""}, {IdentityKind::kName, "Ines Damata", ""}},
         {{"dans le blanc des yeux", false},
          {"M. Le Blanc", true},
          {"o dono da mata", false},
          {"de nis", false}});
  Expect({{IdentityKind::kName, "Omar Delia", ""}}, {{"o mar", false}, {"de lia", false}});
  Expect({{IdentityKind::kName, "Rosa Alfaro", ""}},
         {{"lleg\u00F3 al faro de noche", false}, {"Al Faro", true}, {"al-Faro", true}});
  Expect({{IdentityKind::kName, "Rosa Casanova", ""}},
         {{"comprou uma casa nova", false}, {"Casa Nova", true}});
  Expect({{IdentityKind::kName, "Elmira Sato", ""}}, {{"\u00E9l mira el barco", false}});
}

TEST(LeakScan, FindsNoOtherDayOfAMonthInChineseNumerals) {
  Expect({{IdentityKind::kDate, "1961-03-10", ""}},
         {{"\u4E00\u4E5D\u516D\u4E00\u5E74\u4E09\u6708\u5341\u65E5", true},
          {"\u4E00\u4E5D\u516D\u4E00\u5E74\u4E09\u6708\u5341\u4E00\u65E5", false}});
  Expect({{IdentityKind::kDate, "1961-03-02", ""}},
         {{"\u4E00\u4E5D\u516D\u4E00\u5E74\u4E09\u6708\u4E8C\u53F7", true},
          {"\u4E00\u4E5D\u516D\u4E00\u5E74\u4E09\u6708\u4E8C\u5341\u4E94\u65E5", false}});
}

TEST(LeakScan, FindsAShortNameInChineseCharacters) {
  Expect({{IdentityKind::kName, "Li Wei", ""}},
         {{"\u6628\u5929\u674E\u4F1F\u6765\u4E86", true}, {"\u793C\u4F4D", false}});
  Expect({{IdentityKind::kName, "Li Na", ""}}, {{"\u674E\u5A1C", true}, {"\u91CC\u7EB3", false}});
  Expect({{IdentityKind::kName, "Xu Li", ""}}, {{"\u8BB8\u4E3D", true}});
  Expect({{IdentityKind::kName, "Li Xu", ""}}, {{"\u8BB8\u4E3D", true}});  // given name first
  Expect({{IdentityKind::kName, "Zhang Li", ""}}, {{"\u5F35\u9E97", true}});
  Expect({{IdentityKind::kName, "Lina Orsay", ""}}, {{"\u674E\u5A1C", false}});
}

TEST(LeakScan, FindsAMonthThatIsAWordTooWithAYearOrACapitalOrASign) {
  Expect({{IdentityKind::kDate, "1999-05-12", ""}}, {{"of 12 may 99 leave", false},
                                                     {"from 12 may of 99", false},
                                                     {"may 12 of 99 leave", false},
                                                     {"12 May 99", true},
                                                     {"12 MAY 99", true},
                                                     {"12 may 1999", true},
                                                     {"12-may-99", true},
                                                     {"12.may.99", true},
                                                     {"le 12 mai 99", true}});
  Expect({{IdentityKind::kDate, "1961-09-12", ""}}, {{"set 12 of 61", false},
                                                     {"we set 12 of 61 free", false},
                                                     {"12 sept 61", false},
                                                     {"12 sept. 61", true},
                                                     {"12 Sept 61", true},
                                                     {"12 sept 1961", true},
                                                     {"12 set 1961", true},
                                                     {"12 september 61", true}});
  for (const auto& [day, text] : std::vector<std::pair<const char*, const char*>>{
           {"1961-10-12", "12 out of 61"},
           {"1961-03-12", "12 mar 61"},
           {"1961-08-12", "hace 12 ago 61"},
           {"1961-12-12", "le 12 des 61 cas"},
           {"1961-07-12", "o artigo 12 tem 61 palavras"}}) {
    Expect({{IdentityKind::kDate, day, ""}}, {{text, false}});
  }
}

TEST(LeakScan, FindsAVietnameseMonthInWords) {
  Expect({{IdentityKind::kDate, "1961-03-11", ""}},
         {{"ng\u00E0y 11 th\u00E1ng ba n\u0103m 1961", true},
          {"11 th\u00E1ng Ba, 1961", true},
          {"11 th\u00E1ng t\u01B0 n\u0103m 1961", false}});
  Expect({{IdentityKind::kDate, "1961-01-11", ""}},
         {{"11 th\u00E1ng m\u1ED9t n\u0103m 1961", true},
          {"11 th\u00E1ng Gi\u00EAng n\u0103m 1961", true},
          {"11 th\u00E1ng m\u01B0\u1EDDi m\u1ED9t n\u0103m 1961", false}});
  Expect({{IdentityKind::kDate, "1961-05-01", ""}},
         {{"1 th\u00E1ng n\u0103m n\u0103m 1961", true}, {"1 th\u00E1ng n\u0103m 1961", true}});
  Expect({{IdentityKind::kDate, "1961-12-01", ""}},
         {{"01 th\u00E1ng m\u01B0\u1EDDi hai n\u0103m 1961", true},
          {"01 th\u00E1ng m\u01B0\u1EDDi n\u0103m 1961", false}});
}

TEST(LeakScan, FindsAFamilyNameThatIsWrittenAsOneWord) {
  Expect({{IdentityKind::kName, "Ana van der Berg", ""}}, {{"Ms Vanderberg came", true},
                                                           {"VanDerBerg", true},
                                                           {"DERBERG", true},
                                                           {"Vandenberg", false},
                                                           {"vanderbergen", false}});
  Expect({{IdentityKind::kName, "Rosa de la Cruz", ""}},
         {{"DELACRUZ, R.", true}, {"LaCruz", true}, {"Delacroix", false}});
  Expect({{IdentityKind::kName, "Ruud van Nistelrooy", ""}}, {{"Vannistelrooy", true}});
  Expect({{IdentityKind::kName, "Piet van der Wal", ""}},
         {{"Vanderwal", true}, {"derwal", false}, {"vander", false}});
  Expect({{IdentityKind::kName, "Gina Dellarovere", ""}},
         {{"della Rovere", true}, {"Della Rovere", true}, {"della rovere", false}});
}

TEST(LeakScan, FindsEveryWayToWriteAbd) {
  const std::vector<Try> same = {
      {"Abdulrahman", true},   {"ABDURRAHMAN", true},     {"Abdelrahman", true},
      {"Abdirahman", true},    {"Abd al-Rahman", true},   {"Abd ar-Rahman", true},
      {"abd al rahman", true}, {"Abdul Rahman", true},    {"Abdel-Rahman", true},
      {"Abdurahmanov", false}, {"an abducted man", false}};
  for (const char* name : {"Omar Abd al-Rahman", "Omar Abd ar-Rahman", "Omar Abdul Rahman",
                           "Omar Abdulrahman", "Abdurrahman Omar", "Omar Abd el Rahman"}) {
    Expect({{IdentityKind::kName, name, ""}}, same);
  }
  for (const char* name : {"Abd Allah Qasim", "Abdullah Qasim", "Abdallah Qasim"}) {
    Expect({{IdentityKind::kName, name, ""}}, {{"Abdullah", true},
                                               {"ABDALLAH", true},
                                               {"Abdellah", true},
                                               {"Abd Allah", true},
                                               {"Abdul", false}});
  }
  Expect({{IdentityKind::kName, "Abdullatif Qasim", ""}},
         {{"Abdellatif", true}, {"Abd al-Latif", true}, {"Abdul Latif", true}});
}

TEST(LeakScan, JoinsNoHalvesOfANameOverTheEndOfASentence) {
  Expect({{IdentityKind::kName, "Rosemarie Orsay", ""}}, {{"He saw Rose. Marie came.", false},
                                                          {"Rose, Marie and Ann", false},
                                                          {"Rose? Marie", false},
                                                          {"\u5979Rose\u3002 Marie", false},
                                                          {"Rose Marie", true},
                                                          {"Rose-Marie", true},
                                                          {"Rose - Marie", true},
                                                          {"rose.marie@example.org", true},
                                                          {"Rose\nMarie", true},
                                                          {"Rose\u00B7Marie", true},
                                                          {"rose marie", false}});
  Expect({{IdentityKind::kName, "Kim Stclair", ""}}, {{"St. Clair", true}});
  // Small letters of every script are small.
  Expect({{IdentityKind::kName, "\u0420\u043E\u0437\u0430\u043C\u0430\u0440\u0438\u044F", ""}},
         {{"\u0420\u043E\u0437\u0430 \u041C\u0430\u0440\u0438\u044F", true},
          {"\u0440\u043E\u0437\u0430 \u043C\u0430\u0440\u0438\u044F", false}});
}

TEST(LeakScan, FindsNoShortChineseNameInAWordOfTheLanguage) {
  Expect({{IdentityKind::kName, "Ren Wu", ""}},
         {{"\u8FD9\u9879\u4EFB\u52A1", false}, {"\u4EFB\u5434\u6765\u4E86", true}});
  Expect({{IdentityKind::kName, "Fang An", ""}}, {{"\u65B9\u6848", false}, {"\u65B9\u5B89", true}});
  Expect({{IdentityKind::kName, "Gao Feng", ""}}, {{"\u9AD8\u5CF0", true}});
  Expect({{IdentityKind::kName, "Gao Yu", ""}}, {{"\u9AD8\u4E8E", false}, {"\u9AD8\u5B87", true}});
  Expect({{IdentityKind::kName, "Wu Li", ""}}, {{"\u6B66\u529B", false}, {"\u6B66\u4E3D", true}});
  // Who seals the characters looks for the characters.
  Expect({{IdentityKind::kName, "\u4EFB\u52A1", ""}}, {{"\u8FD9\u9879\u4EFB\u52A1", true}});
}

// Scripts without spaces, and such as join a short word to the next, leave nothing between.
TEST(LeakScan, FindsMailAndNumbersAmidOtherScripts) {
  Expect({{IdentityKind::kText, "lina@example.org", ""}},
         {{"\u8BF7\u8054\u7CFBlina@example.org\u8C22\u8C22", true},
          {"lina@example.org\u306B\u9023\u7D61", true},
          {"lina@example.org\uC73C\uB85C", true},
          {"\u0E15\u0E34\u0E14\u0E15\u0E48\u0E2Dlina@example.org\u0E19\u0E30", true},
          {"\u0628lina@example.org", true},
          {"carolina@example.org", false},
          {"lina@example.org2", false}});
  Expect({{IdentityKind::kNumber, "13800138000", ""}}, {{"\u7535\u8BDD13800138000", true},
                                                        {"\u7535\u8BDD13800138000\u3002", true},
                                                        {"13800138000\u3067\u3059", true},
                                                        {"\u7535\u8BDD138001380001", false},
                                                        {"x13800138000", false}});
}

TEST(LeakScan, NamesOnlyPartsThatNameSomebody) {
  Expect({{IdentityKind::kName, "Li Wu", ""}},
         {{"Li and Wu", false}, {"Li Wu", true}, {"WU, Li", true}, {"li", false}});
  Expect({{IdentityKind::kName, "Ana van der Berg", ""}},
         {{"van der", false}, {"the van stopped", false}, {"Berg", true}});
}

TEST(LeakScan, TellsWhereAndWhose) {
  const LeakScanner scanner(
      {{IdentityKind::kName, "Lina Orsay", "V-1"}, {IdentityKind::kName, "Miro Tann", "V-2"}});
  const std::vector<Leak> leaks = scanner.Find("First Miro, then Lina.");
  ASSERT_EQ(leaks.size(), 2u);
  EXPECT_EQ(leaks[0].begin, 6u);
  EXPECT_EQ(leaks[0].end, 10u);
  EXPECT_EQ(scanner.tokens()[leaks[0].token].ref, "V-2");
  EXPECT_EQ(scanner.tokens()[leaks[1].token].ref, "V-1");
  EXPECT_EQ(scanner.Find("Lina Lina Lina", 2).size(), 2u);
}

TEST(LeakScan, SaysWhatIsNotLookedFor) {
  const LeakScanner scanner({{IdentityKind::kName, "X", ""},
                             {IdentityKind::kName, "Lina", ""},
                             {IdentityKind::kNumber, "12", ""},
                             {IdentityKind::kName, "LINA", ""}});
  EXPECT_EQ(scanner.Ignored(), (std::vector<size_t>{0, 2}));
}

TEST(LeakScan, GuessesWhatAValueIs) {
  EXPECT_EQ(GuessIdentityKind("Lina Orsay"), IdentityKind::kName);
  EXPECT_EQ(GuessIdentityKind("1999-04-12"), IdentityKind::kDate);
  EXPECT_EQ(GuessIdentityKind("12.4.1999"), IdentityKind::kDate);
  EXPECT_EQ(GuessIdentityKind("+999 612 345 678"), IdentityKind::kNumber);
  EXPECT_EQ(GuessIdentityKind("XK1234567"), IdentityKind::kNumber);
  EXPECT_EQ(GuessIdentityKind("12 Harbour Street, Port-Sel"), IdentityKind::kText);
}

TEST(LeakScan, TakesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>((i * 37) % 256);
  const LeakScanner scanner({{IdentityKind::kName, bytes, ""},
                             {IdentityKind::kText, bytes, ""},
                             {IdentityKind::kNumber, bytes, ""},
                             {IdentityKind::kDate, bytes, ""}});
  scanner.Find(bytes);
  EXPECT_FALSE(LeakScanner({}).Leaks(bytes));
}

}  // namespace
}  // namespace palermo::casework
