// What is said of values that look odd in an officer's own request.
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

using enum Severity;

constexpr Text kTexts[] = {
    {"R-GEN-01.hs", kNote, "this is no code of the customs tariff",
     "write the six digits of the goods, for example 930200"},
    {"R-GEN-01.locode", kNote, "this looks like a code of a place, and there is none like it",
     "write two letters of the state and three of the place, for example QMPAL, or the name"},
    {"R-GEN-01.wallet", kNote, "this is no address of a crypto-currency",
     "copy the whole address, without blanks"},
    {"R-GEN-01.serial", kNote, "the serial number has more than 40 signs",
     "write the number alone, as it stands on the firearm"},
    {"R-GEN-01.year", kNote, "this is no year", "write four digits, for example 2019"},
    {"R-GEN-01.order", kNote, "this ends before it begins",
     "compare both dates with the document; if they stand there, say so in the description"},
    {"R-DOC-01.number", kNote,
     "the number of the document is another one than in the lines that a machine reads",
     "compare both with the document; if they differ there, it is a finding, say so"},
    {"R-GEN-01.below_nought", kNote, "the quantity is below nought", "write how much it is"},
    {"R-GEN-01.seized_what", kNote, "nothing says what was seized", "name the things"},
    {"R-GEN-01.motion", kNote, "no vessel moves like this",
     "give the course from 0 to 360 degrees, and the speed in knots"},
    {"R-GEN-01.sea_measure", kNote, "this is no measure that the flag state can allow by its word",
     "use BOARD, SEARCH, SEIZE, ARREST, DIVERT or another word of docs/casework.md"},
    {"R-GEN-01.craft_kind", kNote, "a craft of this kind is usually no craft of a state",
     "name the warship or the marked government craft that boards"},
    {"R-GEN-01.place_of_safety", kNote, "nothing says where the persons are to be put ashore",
     "name the place of safety"},
    {"R-GEN-01.rest", kNote, "less than six months of the sentence are left",
     "say why the transfer is asked for nevertheless (TSP83 3(2))"},
    {"R-GEN-01.national", kNote,
     "nothing says that the person is a national of the state that is asked",
     "give the nationality; without it name the agreement that allows the transfer"},
    {"R-GEN-01.substance", kNote, "the name and the CAS number are of two substances",
     "compare both with the report of the laboratory"},
    {"R-GEN-01.schedule", kNote, "this substance stands in another schedule",
     "look it up in the lists of the conventions of 1961 and 1971 and the tables of 1988"},
    {"R-GEN-01.unit", kNote, "this is no unit of mass, volume or number",
     "write for example g, kg, ml, l or tablet"},
    {"R-USE-01.own", kNote, "the own state, {state}, is not among the states that may have this",
     "add its code to the release states"},
    {"R-USE-01.third", kNote, "states that are no party to this case may have this: {states}",
     "take their codes out of the release states, unless these states are meant"},
};

}  // namespace

std::span<const Text> ValueTexts() { return kTexts; }

}  // namespace palermo::casework
