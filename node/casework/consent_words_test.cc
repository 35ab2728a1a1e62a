// R-TIP-03: reasons that rely on a victim's consent, and what only sounds like it.
#include <gtest/gtest.h>

#include <string>

#include "node/casework/reason_words.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool Relies(const char* said) { return ReliesOnConsent(Folded(said), true); }

// What says that something does not count disarms what it is said of, not its neighbour.
TEST(VictimsConsent, IsReliedOnWhateverElseTheSentenceTells) {
  for (const char* said :
       {"The victim consented to the work and the statement is not relevant.",
        "The victims consented to the work, and the file was not given to us.",
        "The victims consented to the work; the date plays no part in this.",
        "The victims agreed to the work, so the means has no bearing on the case.",
        "The victims had agreed, therefore the request is irrelevant.",
        "The victims consented to the work, and the complaint was withdrawn.",
        "The victims consented to the work and refused to be heard.",
        "We do not rely on bank secrecy; the victims consented to the work.",
        "One of the victims refused to leave; all of them had consented to the work.",
        "The victims, who had agreed to be heard, consented to the work.",
        "There is no matter before our courts, since the victims consented.",
        "No offence exists where the victims consented.",
        "The victims were not forced but agreed to the conditions.",
        "It cannot be denied that the victims consented to the work.",
        "It is not disputed that she consented; V-1 was an adult.",
        "The victims not only consented but asked for the work.",
        "Given the victims' consent the interview is not relevant.",
        "The victims told the judge that they had consented.",
        "The police heard the victims. They consented to the work.",
        "The court found that the victims consented to the terms.",
        "In 2024 the victims came to our state, were heard by the court and consented to the work.",
        "All of the victims consented to the travel.", "The women voluntarily came for the work.",
        "With the consent of the victims no force was needed.",
        "The workers signed their contracts freely and accepted the deductions.",
        "The victim accepted the arrangement and is therefore not regarded as trafficked.",
        "The women freely accepted the wages and the hours.",
        "The consent of the victims excludes the offence under our code.",
        "The owner's consent is missing, and the victims consented to the work.",
        "The consent of the court was given, and the victims consented to the work as well.",
        // In other languages.
        "La victime avait consenti au travail, et la déposition n'est pas pertinente.",
        "Les victimes ont agi de leur plein gré, selon le tribunal.",
        "Le consentement de la victime exclut l'infraction.",
        "La víctima consintió el trabajo y la declaración es irrelevante.",
        "El consentimiento de las víctimas excluye el delito.",
        "Las víctimas aceptaron el trabajo por su propia voluntad.",
        "Жертва согласилась на работу, показания не имеют значения.",
        "Согласие жертвы исключает преступление.", "Потерпевшие добровольно приехали на работу."}) {
    EXPECT_TRUE(Relies(said)) << said;
  }
}

TEST(VictimsConsent, ThatDoesNotCountIsNotReliedOn) {
  for (const char* said :
       {"That the victims consented is irrelevant; an operation is still running.",
        "The apparent consent of the victims was irrelevant.",
        "Whether the victims consented plays no part here.",
        "What the victims consented to has no bearing on this answer.",
        "It is irrelevant that the victims consented.",
        "It does not matter whether the victims consented; the file is lost.",
        "The victims consented, but that is not relevant.",
        "The victims consented to it at first, which is immaterial.",
        "The victims consented at first. That plays no role.",
        "The victims consented to the work, but we do not rely on it.",
        "We do not rely on the consent of the victims.",
        "The consent of the victims and the terms of the work are irrelevant.",
        "The victims agreed to the work, but their consent is irrelevant.",
        "Even if the victims had consented, we could not search this house.",
        "The victims consented at first and withdrew it later.",
        "The victims withdrew their consent.",
        "The victims never consented.",
        "None of the victims consented to the work.",
        "The victims deny that they consented.",
        "Without the victims' consent no doctor may speak.",
        "The consent of the victims was not obtained.",
        "We refuse not because of the victims' consent but for want of an order.",
        "The victims agreed to be heard in our state.",
        "The victim agreed to give evidence in writing only.",
        "The victims have not been asked for their consent.",
        "The victim may only be heard with her consent.",
        "The victim returned home of her own accord.",
        "The victim accepted the arrangement for a hearing by video.",
        "The victims never accepted the arrangement.",
        "The victims could not move freely.",
        "The witness and the victim spoke freely.",
        "The owner signed the contracts freely; the victims are safe.",
        "Le consentement de la victime est sans pertinence.",
        "La victime n'a jamais consenti au travail.",
        "El consentimiento de la víctima es irrelevante.",
        "La víctima no consintió el trabajo.",
        "Согласие жертвы не имеет значения.",
        "Жертва не давала согласия."}) {
    EXPECT_FALSE(Relies(said)) << said;
  }
}

TEST(VictimsConsent, IsNotThatOfACourtAStateOrAnOwner) {
  for (const char* said :
       {"The consent of the court was not obtained; the victims are safe.",
        "The hearing of the victims needs the consent of the competent judge.",
        "We cannot send the victims' file without the minister's consent.",
        "The ministry has not consented to the transfer of the victims.",
        "The minister of justice's consent to the hearing of the victims is needed.",
        "The prosecutor consented to close the case of the victims.",
        "The government gave its consent to the search; the victims were away.",
        "The victims were heard before the state consented to the search.",
        "The requesting state agreed to wait until the victims are safe.",
        "It was agreed to end the search; the victims are safe.",
        "We agreed to protect the victims first.",
        "The bank voluntarily gave the records of the victims.",
        "The owner of the house consented to the search, where the victims lived.",
        "Court consent is pending in the case of the victims.",
        "Consent was refused by the court that heard the victims.",
        "The ministry was asked about the victims and consented to the search.",
        "Use of the victims' file was agreed to by the ministry.",
        "The suspects agreed to a search of the house of the victims.",
        "Le consentement du juge est nécessaire pour entendre la victime.",
        "Sans le consentement du ministre, la victime ne peut partir.",
        "El consentimiento del tribunal es necesario; la víctima está a salvo.",
        "El fiscal consintió el registro de la casa de la víctima.",
        "Согласие суда не получено, жертва в безопасности.",
        "Дом жертвы обыскать нельзя, министр дал согласие на другое."}) {
    EXPECT_FALSE(Relies(said)) << said;
  }
}

// A long text of a peer is read in a time that grows with its length alone.
TEST(VictimsConsent, IsSoughtInLongTexts) {
  std::string denied = "the victims ", irrelevant = "the victims ";
  for (int i = 0; i < 12000; ++i) {
    denied += "never consent ";
    irrelevant += "is irrelevant consent ";
  }
  EXPECT_FALSE(ReliesOnConsent(denied, false));
  EXPECT_TRUE(ReliesOnConsent(denied + "but consented", false));
  EXPECT_FALSE(ReliesOnConsent(irrelevant, false));
}

TEST(NamesOnly, AreReadInTheWordsOfTheConvention) {
  for (const char* said :
       {"under our law this is called deception and not trafficking; the names do not match",
        "the offence is not placed in the same category of offences by our law",
        "the two offences do not fall within the same category of offences"}) {
    EXPECT_TRUE(ComparesNamesOnly(said)) << said;
  }
  for (const char* said :
       {"the names do not match, and the conduct itself is not punishable by our law",
        "the accounts do not match the statement of the facts",
        "the offence is not in the same chapter, for the acts are not punishable here"}) {
    EXPECT_FALSE(ComparesNamesOnly(said)) << said;
  }
}

}  // namespace
}  // namespace palermo::casework
