#include "node/letter/letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/ascii.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/letter/field_lines.h"
#include "node/letter/match_code.h"
#include "node/letter/render.h"
#include "tests/support/world.h"

namespace palermo::letter {
namespace {

using ::palermo::testing::EnvelopeSpec;
using ::palermo::testing::Value;
using ::palermo::testing::World;
using ::testing::HasSubstr;
using ::testing::Not;

class LetterTest : public ::testing::Test {
 protected:
  LetterInput Input(v1::Act::Code act = v1::Act::REQUEST) {
    EnvelopeSpec spec;
    spec.act = act;
    v1::Envelope envelope = world_.MakeEnvelope(spec);
    trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope));
    LetterInput input;
    input.header = parsed.header;
    input.body = casework::TemplateFor(act);
    input.message_id = parsed.message_id;
    input.signatures = world_.SignAll(envelope);
    input.state_names = {{"QM", "Republic of Marenza"}, {"QT", "Temburra"}};
    input.sender = world_.Directory("QM");
    input.recipients["QT"] = world_.Directory("QT");
    return input;
  }

  // The words of a PDF, as another program reads them.
  static std::string TextOfPdf(const std::string& pdf) {
    std::string folder = ::testing::TempDir() + "/letter-XXXXXX";
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    std::ofstream(folder + "/a.pdf", std::ios::binary) << pdf;
    std::string command = "pdftotext -layout '" + folder + "/a.pdf' '" + folder + "/a.txt'";
    EXPECT_EQ(std::system(command.c_str()), 0) << "pdftotext is in poppler-utils";
    std::ifstream file(folder + "/a.txt");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::filesystem::remove_all(folder);
    return text;
  }
  static Rendered Pdf(const LetterInput& input) { return Value(RenderPdf(ComposeLetter(input))); }
  // Without white space: lines may break anywhere.
  static std::string Dense(std::string text) {
    text.erase(std::remove_if(text.begin(), text.end(),
                              [](unsigned char c) { return std::isspace(c) != 0; }),
               text.end());
    return text;
  }

  World world_;
};

// A coded word of a closed list has its meaning beside it, in the reader's language.
TEST_F(LetterTest, ShowsNoBareWordOfAClosedList) {
  const auto said = [](v1::AssistanceType::Code type, words::Language language) {
    return Joined(FieldLines(casework::TemplateForType(type), language));
  };
  const std::string sea =
      said(v1::AssistanceType::BOARDING_AUTHORIZATION, words::Language::kEnglish);
  EXPECT_THAT(sea, HasSubstr("high seas (HIGH_SEAS)"));
  EXPECT_THAT(sea, HasSubstr("boarding (BOARD)"));
  EXPECT_THAT(said(v1::AssistanceType::TRACE_FIREARM, words::Language::kFrench),
              HasSubstr("pistolet (PISTOL)"));
  const std::string lead = said(v1::AssistanceType::RECRUITMENT_LEAD, words::Language::kSpanish);
  EXPECT_THAT(lead, HasSubstr("trata de personas (TRAFFICKING_IN_PERSONS)"));
  EXPECT_THAT(lead, HasSubstr("solo inteligencia, no prueba (INTELLIGENCE_ONLY)"));
}

// The typed parts of an answer have their labels and the meanings of their words.
TEST_F(LetterTest, AnswersStandInPlainWords) {
  const auto said = [](v1::AssistanceType::Code type, words::Language language) {
    return Joined(FieldLines(casework::AnswerForType(type), language));
  };
  const std::string arrived =
      said(v1::AssistanceType::CONFIRM_SHIPMENT_RECEIPT, words::Language::kEnglish);
  EXPECT_THAT(arrived, HasSubstr("received in full (RECEIVED)"));
  EXPECT_THAT(arrived, HasSubstr("quantity that was expected: 40"));
  const std::string frozen = said(v1::AssistanceType::FREEZE, words::Language::kFrench);
  EXPECT_THAT(frozen, HasSubstr("(FROZEN)"));
  EXPECT_THAT(frozen, HasSubstr("240000.00 XTS"));
  EXPECT_THAT(said(v1::AssistanceType::SERVE_DOCUMENT, words::Language::kSpanish),
              HasSubstr("el destinatario (ADDRESSEE)"));
  const std::string heard = said(v1::AssistanceType::TAKE_EVIDENCE, words::Language::kFrench);
  EXPECT_THAT(heard, HasSubstr("sous serment (OATH)"));
  EXPECT_THAT(heard, HasSubstr("empreinte du procès-verbal"));
  const std::string handed = said(v1::AssistanceType::EXTRADITE, words::Language::kEnglish);
  EXPECT_THAT(handed, HasSubstr("days in custody that count: 32"));
  EXPECT_THAT(handed, HasSubstr("speciality is kept (KEPT)"));
  EXPECT_THAT(said(v1::AssistanceType::RECRUITMENT_LEAD, words::Language::kRussian),
              HasSubstr("совпадение (HIT)"));
}

// Paper is for people: no hash or word of the computed answer, and money as it is read.
TEST_F(LetterTest, SaysTheBasisInSentencesAndMoneyInItsCurrency) {
  LetterInput input = Input();
  v1::Request& request = *input.body.mutable_request();
  v1::BasisAnswer& computed = *request.mutable_basis()->mutable_computed();
  computed.set_governing_instrument("TIP");
  computed.set_governing_profile("UNTOC_18");
  computed.set_status_list_sha256("00112233");
  computed.add_reasons("COMMON_INSTRUMENT");
  v1::Money& amount = *request.mutable_items(0)->mutable_property()->mutable_amount();
  amount.set_minor(25000005);
  amount.set_ccy("XTS");
  std::string all;
  for (const Block& block : ComposeLetter(input).blocks) {
    for (const std::string& text : block.paragraphs) all += text + "\n";
    for (const auto& [name, value] : block.pairs) all += name + ": " + value + "\n";
    for (const auto& row : block.rows) {
      for (const std::string& cell : row) all += cell + "\n";
    }
  }
  EXPECT_THAT(all, HasSubstr("Basis: TIP. Its procedure: UNTOC_18."));
  EXPECT_THAT(all, HasSubstr("both states are bound by it"));
  EXPECT_THAT(all, Not(HasSubstr("00112233")));
  EXPECT_THAT(all, Not(HasSubstr("COMMON_INSTRUMENT")));
  EXPECT_THAT(all, HasSubstr("250000.05 XTS"));
  amount.set_ccy("JPY");
  EXPECT_EQ(FieldLines(request.items(0).property(), words::Language::kEnglish)[0].second,
            "25000005 JPY");
}

TEST_F(LetterTest, RequestShowsItsFieldsInTheOrderOfTheConvention) {
  LetterInput input = Input();
  std::string text = TextOfPdf(Pdf(input).pdf);
  size_t at = 0;
  for (const char* part :
       {"Republic of Marenza", "QM/central", "Temburra", "Request for mutual legal assistance",
        "18(15)(a)", "18(15)(b)", "18(15)(c)", "18(15)(d)", "18(15)(e)", "18(15)(f)",
        "Signed electronically", "QM/central/o-0001"}) {
    size_t found = text.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << " after " << at << " in\n" << text;
    at = found;
  }
  EXPECT_THAT(text, HasSubstr(GroupedId(input.message_id)));
  EXPECT_THAT(text, HasSubstr(MatchCode(input.message_id)));
  EXPECT_THAT(text, HasSubstr("Page 1 of "));
  EXPECT_THAT(Dense(text), HasSubstr("QM/central/o-0003"));
  EXPECT_THAT(text, Not(HasSubstr("DRAFT")));
}

// Who finds the paper after the day of deletion sees why it is still there.
TEST_F(LetterTest, SaysWhichOrderKeepsIt) {
  LetterInput input = Input();
  EXPECT_THAT(TextOfPdf(Pdf(input).pdf), Not(HasSubstr("Kept and printed")));
  input.hold = "order 3 of the\ncourt";
  const Letter letter = ComposeLetter(input);
  EXPECT_THAT(letter.references, ::testing::Contains(std::pair<std::string, std::string>(
                                     "Kept and printed by order", "order 3 of the court")));
  EXPECT_THAT(TextOfPdf(Pdf(input).pdf), HasSubstr("order 3 of the court"));
}

TEST_F(LetterTest, NoFieldOfAnyActIsLeftOut) {
  for (v1::Act::Code act : casework::AllActs()) {
    SCOPED_TRACE(casework::ActName(act));
    LetterInput input = Input();
    input.header.set_act(act);
    input.body = casework::TemplateFor(act);
    std::string text = Dense(TextOfPdf(Pdf(input).pdf));
    for (const auto& [name, value] : FieldLines(input.body, words::Language::kEnglish)) {
      if (name == "version") continue;
      // The column of the kinds is narrow: their words stand in several lines.
      const bool narrow = name.find("kind of assistance") != std::string::npos;
      std::istringstream words(narrow ? value : Dense(value));
      for (std::string word; words >> word;) EXPECT_THAT(text, HasSubstr(word)) << name;
    }
  }
}

TEST_F(LetterTest, TheSameLetterGivesTheSameBytes) {
  LetterInput input = Input();
  EXPECT_EQ(Pdf(input).pdf, Pdf(input).pdf);
  std::string pdf = Pdf(input).pdf;
  input.body.mutable_request()->set_purpose("another purpose");
  EXPECT_NE(Pdf(input).pdf, pdf);
}

TEST_F(LetterTest, EveryLanguageIsDrawnAndArabicIsMirrored) {
  for (auto [language, word] : {std::pair{words::Language::kFrench, "Infractions"},
                                {words::Language::kRussian, "Дата"},
                                {words::Language::kSpanish, "Fecha"}}) {
    LetterInput input = Input();
    input.body.mutable_request()->add_offence()->set_label("fraud");
    input.language = language;
    EXPECT_THAT(TextOfPdf(Pdf(input).pdf), HasSubstr(word));
  }
  LetterInput input = Input();
  input.language = words::Language::kArabic;
  input.body.mutable_request()->mutable_proceeding()->set_stage("INVESTIGATION");
  Rendered arabic = Pdf(input);
  EXPECT_THAT(TextOfPdf(arabic.pdf), Not(HasSubstr("U+20")));
  EXPECT_THAT(arabic.warnings, ::testing::IsEmpty());
  // The title begins at the right edge: nothing but blanks stands before it, and many of them.
  std::string laid_out = TextOfPdf(arabic.pdf);
  size_t title = laid_out.find("طلب");
  ASSERT_NE(title, std::string::npos);
  size_t begin = laid_out.rfind('\n', title) + 1;
  EXPECT_GT(laid_out.substr(begin, title - begin).find_first_not_of(' '), 30u);
  // The name column of the references stands to the right of its values.
  std::string text = TextOfPdf(arabic.pdf);
  std::string id = HexEncode(AsView(input.message_id));
  size_t line = text.rfind('\n', text.find(id));
  EXPECT_THAT(text.substr(line + 1, text.find(id) - line - 1), Not(HasSubstr("الرسالة")));
}

// A registry files an answer by its references: the own one, and that of the office it goes to.
TEST_F(LetterTest, AnAnswerNamesTheReferencesOfItsCase) {
  LetterInput input = Input(v1::Act::REFUSAL_IN_PART);
  const auto references = [&] {
    std::string text;
    for (const auto& [name, value] : ComposeLetter(input).references) {
      if (name.find("reference") != std::string::npos) text += Cat({name, ": ", value, "\n"});
    }
    return text;
  };
  EXPECT_EQ(references(), "") << "not known";
  input.our_reference = "QT-CA-2026-0315";
  input.your_reference = "QX-CA-2026-0041";
  EXPECT_EQ(references(), "Our reference: QT-CA-2026-0315\nYour reference: QX-CA-2026-0041\n");
  EXPECT_THAT(TextOfPdf(Pdf(input).pdf), HasSubstr("QX-CA-2026-0041"));
  LetterInput request = Input();
  request.body.mutable_request()->set_national_ref("CA-1");
  request.our_reference = "another";
  EXPECT_THAT(ComposeLetter(request).references,
              ::testing::Contains(std::pair<std::string, std::string>("Our reference", "CA-1")));
}

TEST_F(LetterTest, OnAMirroredPageEveryValueReadsInItsOwnDirection) {
  EXPECT_EQ(Isolated("البلد: +999 (QM)"), "البلد: \u2068+999 (QM)\u2069");
  EXPECT_EQ(Isolated("a: b: c\n\nd\n"), "a: \u2068b: c\u2069\n\n\u2068d\u2069\n");
  EXPECT_EQ(Isolated("الرسالة  12345678 9abcdef0"), "الرسالة  \u206812345678 9abcdef0\u2069");
  EXPECT_EQ(Isolated("a: "), "a: ");
  EXPECT_EQ(Isolated(""), "");
  LetterInput input = Input();
  input.body.mutable_request()->set_purpose("الهاتف: +999 555 0123");
  for (auto [language, isolated] :
       {std::pair{words::Language::kEnglish, false}, {words::Language::kArabic, true}}) {
    input.language = language;
    const Rendered rendered = Pdf(input);
    EXPECT_THAT(rendered.warnings, ::testing::IsEmpty()) << "an isolate draws nothing";
    const std::string text = TextOfPdf(rendered.pdf);
    EXPECT_EQ(text.find("+999 555 0123") != std::string::npos, isolated) << text;
    EXPECT_THAT(text, HasSubstr(GroupedId(input.message_id)));
    EXPECT_THAT(text, HasSubstr(MatchCode(input.message_id)));
  }
}

TEST_F(LetterTest, CharacterWithoutAGlyphIsAWarning) {
  LetterInput input = Input();
  EXPECT_THAT(Pdf(input).warnings, ::testing::IsEmpty());
  input.body.mutable_request()->set_purpose("\xF3\xB0\x80\x80 unknown");  // U+F0000, private use
  Rendered rendered = Pdf(input);
  ASSERT_EQ(rendered.warnings.size(), 1u);
  EXPECT_THAT(rendered.warnings[0], HasSubstr("U+F0000"));
}

TEST_F(LetterTest, DraftSaysThatItIsOne) {
  LetterInput input = Input();
  input.draft = true;
  EXPECT_THAT(TextOfPdf(Pdf(input).pdf), HasSubstr("DRAFT: not sent"));
}

TEST_F(LetterTest, CharactersThatTurnOrHideTextAreShownAsCodes) {
  bool cut = false;
  EXPECT_EQ(Drawable("a\xE2\x80\xAE"
                     "b\x01\xEF\xBB\xBF\n",
                     &cut),
            "a[U+202E]b[U+0001][U+FEFF]\n");
  EXPECT_EQ(Drawable("\xFF!", &cut), "\xEF\xBF\xBD!");
  EXPECT_FALSE(cut);
  LetterInput input = Input();
  input.body.mutable_request()->set_purpose("pay \xE2\x80\xAE 001 \xE2\x80\xAC now");
  EXPECT_THAT(TextOfPdf(Pdf(input).pdf), HasSubstr("[U+202E]"));
}

TEST_F(LetterTest, HugeTextIsCutAndTheLetterSaysSo) {
  LetterInput input = Input();
  for (const std::string& unit : {std::string("word "), std::string("x"), std::string("ا")}) {
    std::string huge;
    while (huge.size() < 10 * 1024 * 1024) huge += unit;
    input.body.mutable_request()->set_purpose(huge);
    Rendered rendered = Pdf(input);
    ASSERT_EQ(rendered.warnings.size(), 1u);
    EXPECT_THAT(rendered.warnings[0], HasSubstr("was cut"));
    EXPECT_LT(rendered.pages, 60);
    bool cut = false;
    std::string drawable = Drawable(huge, &cut);
    EXPECT_TRUE(cut);
    EXPECT_LT(drawable.size(), limits::kMaxLetterTextBytes + 100);
    EXPECT_THAT(drawable, HasSubstr("[cut here: "));
  }
}

TEST_F(LetterTest, LetterWithoutEndIsRefused) {
  LetterInput input = Input();
  for (int i = 0; i < 60; ++i) {
    input.body.mutable_request()->add_items()->set_description(std::string(60000, '\n'));
  }
  EXPECT_EQ(CodeOf(RenderPdf(ComposeLetter(input)).status()), "LETTER_TOO_LONG");
}

TEST(MatchCode, IsTakenAsPeopleTypeItAndRefusesTypingErrors) {
  Hash id{};
  for (size_t i = 0; i < id.size(); ++i) id[i] = static_cast<uint8_t>(i * 37 + 11);
  std::string code = MatchCode(id);
  EXPECT_EQ(code.size(), 22u) << code;
  EXPECT_EQ(Value(ParseMatchCode(code)), code);
  std::string typed = absl::AsciiStrToLower(code);
  std::replace(typed.begin(), typed.end(), '0', 'o');
  std::replace(typed.begin(), typed.end(), '1', 'l');
  std::replace(typed.begin(), typed.end(), '-', ' ');
  EXPECT_EQ(Value(ParseMatchCode(typed)), code);
  // Every wrong single character, and every two neighbours exchanged.
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '-') continue;
    for (char c : std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      std::string wrong = code;
      wrong[i] = c;
      EXPECT_EQ(ParseMatchCode(wrong).ok(), wrong == code) << wrong;
    }
    if (i + 1 == code.size() || code[i + 1] == '-') continue;
    std::string wrong = code;
    std::swap(wrong[i], wrong[i + 1]);
    EXPECT_EQ(ParseMatchCode(wrong).ok(), wrong == code) << wrong;
  }
  for (const char* bad : {"", "8TJQ", "UUUU-UUUU-UUUU-UUUU-00", "8TJQ-0V3M-ZK4A-7XN2-41-99"}) {
    EXPECT_EQ(CodeOf(ParseMatchCode(bad).status()), "BAD_MATCH_CODE") << bad;
  }
  Hash other = id;
  other[0] ^= 1;
  EXPECT_NE(MatchCode(other), code);
}

}  // namespace
}  // namespace palermo::letter
