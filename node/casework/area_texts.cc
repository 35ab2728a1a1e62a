// What rules of the areas' own exchanges and of property say.
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

using enum Severity;

constexpr Text kTexts[] = {
    {"R-GEN-01.asset_item", kError,
     "the report names no item of the request that asks for property",
     "name the item by its number"},
    {"R-GEN-01.asset_nothing", kError, "the report on property says nothing",
     "name the new state, a claim of a third party, or your view"},
    {"R-GEN-01.asset_state", kError, "this is no state of property",
     "use one of the words of docs/casework.md, for example FROZEN"},
    {"R-GEN-01.asset_order", kError, "the reference of the freezing order is missing", "add it"},
    {"R-GEN-01.asset_route", kError, "the way to the confiscation is missing",
     "name RD_ORDER, ENFORCE_RQ_ORDER or NON_CONVICTION"},
    {"R-GEN-01.asset_reason", kError, "the reason for lifting is missing", "state it"},
    {"R-GEN-01.asset_view", kError, "the view of the requesting state is missing", "state it"},
    {"R-GEN-01.asset_claim", kError, "a claim of a third party has no reference or no known status",
     "use OPEN, REJECTED, SATISFIED, SETTLED or WITHDRAWN"},
    {"R-GEN-01.area_part", kError, "the part that this form is about is missing",
     "fill it in; palermo case new shows it"},
    {"R-MED-02.other", kError, "a warning for public health carries more than facts of the product",
     "take this field out"},
    {"R-MED-02.identity", kError,
     "a name or a reference of the investigation stands in a warning for public health",
     "write it without"},
    {"R-GEN-01.release_approval", kError, "fewer than two persons approved the warning",
     "name who approved it"},
    {"R-GEN-01.csam_hash", kError, "no hash of a file is given",
     "give the hashes, never the files"},
    {"R-GEN-01.file_hash", kError, "this is no hash of a file", "give it in hexadecimal letters"},
    {"R-GEN-01.appendix", kError, "this is no Appendix of CITES", "use I, II or III"},
    {"R-GEN-01.taxon", kNote, "this is no scientific name", "write genus and species in Latin"},
    {"R-GEN-01.care", kNote, "nothing says where the living specimen is cared for",
     "name the rescue centre, and consult the state of export"},
    {"R-GEN-01.seized_amount", kError,
     "the quantity that was seized has no unit, or is not positive",
     "give a positive quantity with its unit"},
    {"R-GEN-01.commerce", kNote, "a wild specimen of Appendix I has no permit for commerce",
     "ask the authority that issued it"},
    {"R-GEN-01.locality", kNote, "the place of wild animals or plants is given exactly",
     "give it to 10 km, and seal the exact place"},
    {"R-GEN-01.phone", kNote, "this is no telephone number with its country",
     "write it with + and the code of the country"},
    {"R-GEN-01.trace_result", kError, "the result of the trace is missing or not known",
     "use TRACED, PARTIAL, NOT_MANUFACTURED_HERE, NO_RECORD or INSUFFICIENT_DATA"},
    {"R-GEN-01.trace_chain", kError, "nobody is named who had the firearm",
     "name the holders, or another result"},
    {"R-GEN-01.trace_needed", kError, "nothing says what the trace still needs", "name it"},
    {"R-SEAL-01.ref", kError, "the reference of a protected person looks like a name",
     "use a pseudonym, like V-1"},
    {"R-SEAL-01.place", kError, "a protected person's location is given to the house",
     "give the town, and move the address into the sealed part"},
    {"R-SEAL-01.document", kError, "a document of a protected person stands in a clear field",
     "move it into the sealed part"},
    {"R-SEAL-02.not_scanned", kNote,
     "the case has sealed identities against which this text was not compared",
     "read it for names, dates and numbers of the persons in it"},
    {"R-GEN-02.asset_side", kError, "this step is for the other state to report",
     "let the other state report it"},
};

}  // namespace

std::span<const Text> AreaTexts() { return kTexts; }

}  // namespace palermo::casework
