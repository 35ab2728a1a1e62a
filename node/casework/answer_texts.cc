// What rules of the typed parts of an answer say.
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

using enum Severity;

constexpr Text kTexts[] = {
    {"R-EXE-01.contrary", kWarning,
     "the outcome says that nothing was found or done, and this part of the answer says otherwise",
     "correct the outcome, or take the part out"},
    {"R-EXE-01.denied", kWarning, "the answer gives what its own word denies",
     "correct the word, or take out what does not belong to it"},
    {"R-EXE-01.two_answers", kWarning, "two parts of the answer say different things",
     "correct one of them"},
    {"R-EXE-01.time_order", kWarning, "the end is before the beginning", "correct the dates"},
    {"R-GEN-01.answer_amount", kError, "a quantity of the answer has no unit, or cannot be",
     "give a quantity with its unit"},
    {"R-GEN-01.share", kError, "a share is no part of a whole",
     "give it in per cent, from 0 to 100"},
    {"R-EXE-01.shares", kWarning, "the owners have more than the whole",
     "correct the shares; name in through who holds one for another"},
    {"R-GEN-01.stop_until", kNote, "nothing says until when the payment is stopped",
     "name the time"},
    {"R-EXE-01.licence_over", kWarning, "the licence is called valid, and it has ended",
     "say EXPIRED or REVOKED, or correct the date"},
    {"R-EXE-01.diverted", kWarning,
     "the shipment is called received in full, and less arrived than was expected: it may have "
     "been diverted",
     "say PARTLY_RECEIVED and what is missing, or correct the quantity"},
    {"R-EXE-01.diversion", kNote, "less arrived than was expected: it may have been diverted",
     "look into it with the other state: palermo case new diversion-notice"},
    {"R-EXE-01.shipment_why", kNote, "more arrived than was expected",
     "say in difference why, and compare it with the licence"},
    {"R-GEN-01.objection", kNote, "the objection has no reason", "give the reason"},
    {"R-GEN-01.time_needed", kNote, "nothing says until when time is needed",
     "name the date: without one the export may go on"},
    {"R-GEN-01.authorisation", kNote, "the number of the import authorisation is missing",
     "add it when it is known"},
    {"R-EXE-01.not_served", kWarning, "nothing says why the document was not served",
     "name it in service.not_served_reason: UNKNOWN, REFUSED, MOVED or WRONG_ADDRESS"},
    {"R-EXE-01.not_served_word", kNote, "why the document was not served stands in words alone",
     "name it in service.not_served_reason: UNKNOWN, REFUSED, MOVED or WRONG_ADDRESS"},
    {"R-EXE-01.other_document", kWarning, "another document was served than the request names",
     "compare the two hashes"},
    {"R-EXE-01.served_late", kNote, "the document was served after the day of the appearance",
     "tell the other state at once"},
    {"R-GEN-01.rescue", kNote,
     "a living specimen went neither to a rescue centre nor to the management authority",
     "see CITES VIII(4), and say who cares for it"},
    {"R-GEN-01.custody", kNote, "nothing says in whose custody the thing is",
     "name its chain of custody"},
    {"R-GEN-01.referral_reason", kNote, "the referral is declined, and no reason is given",
     "give the reason, and name who can help instead"},
    {"R-GEN-01.referral_contact", kNote, "nothing says whom the other state may turn to",
     "name the service or the office to turn to"},
    {"R-EXE-01.asset_way", kWarning, "such a change of property needs a report of its own",
     "send it: palermo case asset"},
    {"R-GEN-01.frozen_order", kNote, "the order of the freezing is not named", "add its reference"},
    {"R-GEN-01.delivered_hash", kNote, "what was handed over has no hash",
     "give the SHA-256, so that the receiver can compare it"},
    {"R-GEN-01.match", kNote, "a match is told, and nothing says with what",
     "name the profile, or the case that it is of"},
    {"R-CYB-04.delivered", kError, "more was disclosed than the order covers",
     "take it out, or name the order under which it was given"},
    {"R-HR-14.window", kNote, "data outside of the time that was asked for are handed over",
     "take them out, or name them in data_care.beyond_request"},
    {"R-HR-13.alternatives", kWarning,
     "nothing says which milder means were considered, and why they do not do",
     "add it in alternatives"},
    {"R-HR-13.unsaid", kNote,
     "nothing says why the measure is necessary, for how long, or which milder means there are",
     "add necessity, the period and alternatives"},
};

}  // namespace

std::span<const Text> AnswerTexts() { return kTexts; }

}  // namespace palermo::casework
