// What rules say of target sheets, timetables, use of force, texts for the media and outcomes.
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

using enum Severity;

constexpr Text kTexts[] = {
    {"R-GEN-01.record_field", kError, "a field that every record of this kind has is missing",
     "fill it in"},
    {"R-GEN-04.sample", kNote, "these fields still have the example of the printed form: {fields}",
     "write what is true in your case, and take out what you do not need"},
    {"R-GEN-04.clauses", kNote, "these clauses stand as the form prints them: {fields}",
     "read each with the other parties: agree on it as it stands, or write your own"},
    {"R-GEN-01.synonym", kError, "this word is not counted; the one that is meant is {word}",
     "write {word}"},
    {"R-AUTH-03.measure", kError,
     "a measure of the plan names no authority of the state where it runs",
     "name the warrant, the order or the law of that state"},
    {"R-JIT-08.notice", kNote,
     "the state leaves without the notice of {days} days that the agreement has",
     "leave at once only for cause, and say it in the reason; else give notice first"},
    {"R-JIT-08.inventory", kNote,
     "the state keeps evidence of the operation, and has signed no inventory of custody: {count}",
     "sign one with the members that stay; what was lawfully received stays usable for the purpose "
     "that was agreed, and its chain of custody goes on"},
    {"R-JIT-08.tasks", kNote, "tasks of the state are still ordered: {count}",
     "end them, or let them go on under the state's own law alone; a member gives a task of its "
     "own "
     "in their place"},
    {"R-JIT-08.under_way", kNote, "controlled deliveries that were decided are under way: {count}",
     "end them safely before the state is gone, or abort them"},
    {"R-JIT-03.plan", kError, "a measure of the plan runs in a state that is no member",
     "ask that state by a request of its own, or admit it first"},
    {"R-GEN-01.to_come", kError, "what has happened lies in the future", "correct the time"},
    {"R-GEN-01.clause_open", kNote,
     "the agreement says nothing of this, and agreements of this kind do",
     "agree on it, or say that there is none"},
    {"R-GEN-01.clause_empty", kError, "this clause says nothing that the parties agree on",
     "agree on it with the other parties, and write it in words"},
    {"R-GEN-01.parties", kError, "an agreement has two parties or more", "name each state"},
    {"R-GEN-01.period_reversed", kError, "the period ends before it begins", "correct the dates"},
    {"R-GEN-01.period_over", kError, "the period is over; no task can lie in it",
     "write until when the parties work together"},
    {"R-GEN-01.member_state", kError,
     "this officer is of a state that is no party, or his row names another state",
     "name officers of the parties; who joins later names his own"},
    {"R-GEN-01.member_twice", kNote, "this officer stands here twice; what both rows say counts",
     "name him once, with all his compartments"},
    {"R-GEN-01.quorum", kNote,
     "more members would have to agree than there are parties: {parties}; then all of them must",
     "write how many of the parties must agree"},
    {"R-GEN-01.outside", kNote, "this authority is of a state that is no party",
     "check that it knows of the operation; it gets none of its records"},
    {"R-AUTH-02.alone", kNote,
     "only one officer of {state} may read {compartments}: nobody else there can approve what he "
     "writes in it",
     "name a second officer for it before the agreement is signed; later: palermo operation "
     "amend"},
    {"R-GEN-01.record_open", kNote, "the record says nothing of this, and records of this kind do",
     "write it, if there is something to say"},
    {"R-GEN-01.notice_tag", kNote, "this is no tag of a language, and programs compare tags",
     "write en, ar or fa-AF"},
    {"R-GEN-01.sealed_at", kError,
     "the place of the sealed identity is not complete: message, compartment and pseudonym in it",
     "name all three, as palermo compartment list shows them"},
    {"R-AUTH-03.no_warrant", kNote, "no warrant is named for this target",
     "name it before the target stands in a timetable"},
    {"R-AUTH-03.warrant", kError, "a warrant has no reference, cannot be read or is over",
     "name one that is valid"},
    {"R-HR-08.unsaid", kError, "it is not said whether children may be present",
     "write true or false in juveniles_present"},
    {"R-HR-08.plan", kError, "children may be present, and nothing says what is done for them",
     "write it in juvenile_plan: who looks after them, and where they go"},
    {"R-GEN-01.local_time", kError,
     "the local time and UTC are not the same moment, or the zone has another offset on that day",
     "write both again: 2026-06-17T05:00:00+01:00 with Europe/Lisbon is 2026-06-17T04:00:00Z"},
    {"R-GEN-01.time_zone", kNote, "the tz database has no time zone of this name",
     "write the name of the zone, like Europe/Lisbon"},
    {"R-GEN-01.latest_start", kError, "the latest start is before the start", "correct the times"},
    {"R-GEN-01.together", kError,
     "the starts of one group lie further apart than within_minutes allows",
     "bring them together, or give them groups of their own"},
    {"R-GEN-01.review", kNote,
     "somebody was hurt or a shot was fired, and no review of its lawfulness is named",
     "report at once all the same; name the review in a later record"},
    {"R-GEN-03.late", kNote, "the use of force was reported more than a day later",
     "report it at once"},
    {"R-SEAL-02.media_token", kError, "a blinded token of a person stands in a text for the media",
     "take it out"},
    {"R-HR-14.record_text", kWarning,
     "this text seems to hold a person's name, a date of birth, the number of a document or a "
     "telephone number, and all members read it",
     "take out what tells of a victim, a migrant or a witness: a victim has a record of its own, "
     "by "
     "token"},
    {"R-SEAL-02.unscanned", kError, "no leak scan ran over the text for the media",
     "enter it with palermo operation record and --identities or --no-identities"},
    {"R-GEN-01.record_size", kError,
     "at most {parents} parents, {counters} counters and {parts} parts of another kind fit",
     "name the newest records only; sum the counters up; write a second record"},
};

}  // namespace

std::span<const Text> OperationTexts() { return kTexts; }

}  // namespace palermo::casework
