#include "node/casework/request_basis.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

absl::Time TimeOf(const CheckContext& context) {
  const auto time = ParseInstant(context.now.empty() ? context.now_iso8601_date : context.now);
  return time.ok() ? *time : absl::InfinitePast();
}

// "%1" and so on in `pattern` are the reason's parts.
struct Sentence {
  std::string_view word, text;
};
constexpr Sentence kSentences[] = {
    {"COMMON_INSTRUMENT", "both states are bound by it, and it carries what is asked"},
    {"BILATERAL_IN_FORCE",
     "a treaty of the two states is in force and governs instead of UNTOC 18(9) to (29)"},
    {"REGIONAL_IN_FORCE",
     "a regional treaty binds both states and governs instead of UNTOC 18(9) to (29)"},
    {"OFFER_BY_AGREEMENT_UNTOC_18",
     "both may agree to apply UNTOC 18(9) to (29) in its place: profile BY_AGREEMENT_UNTOC_18; "
     "18(1) to (8) stay in any case"},
    {"RECIPROCITY_ASSURED",
     "no treaty binds both; the requested state accepts reciprocity and it is assured"},
    {"NO_BASIS", "no instrument carries this request between the two states now"},
    {"SUGGEST_ASSURANCE_OF_RECIPROCITY",
     "the requested state accepts reciprocity: sign an assurance in request.basis.reciprocity"},
    {"SUGGEST_LAW_ENFORCEMENT_INFO",
     "police information under UNTOC 27 is possible: family LAW_ENFORCEMENT_INFO, no evidence"},
    {"SUGGEST_PUBLIC_RECORDS", "what is public may be asked for without a treaty"},
    {"SUGGEST_DIPLOMATIC_CHANNEL", "the diplomatic channel is open"},
    {"SIGNED_ONLY", "%2 has only signed %1, or it is not in force: no basis"},
    {"DENOUNCED", "%2 has denounced %1, and that has taken effect"},
    {"NOT_BOUND", "%2 is not bound by %1 at this time"},
    {"OUTSIDE_OFFENCE", "%1 does not cover this offence"},
    {"BARRED", "%3 has excluded this under %1, Article %2"},
    {"TERRITORY", "%1 does not reach the territory of the authority in %2"},
    {"CONDITION", "%3 may set a condition under %1, Article %2"},
    {"SHOWN", "%3 made a statement on %1, Article %2; it blocks nothing"},
    {"BEGINS", "%1 enters into force for %2 on %3: compute the basis again then"},
    {"ENDS", "%1 ends for %2 on %3: compute the basis again then"},
};

bool SameList(const google::protobuf::RepeatedPtrField<std::string>& a,
              const google::protobuf::RepeatedPtrField<std::string>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string OrNone(const std::string& text) { return text.empty() ? "none" : text; }

}  // namespace

bool AssuresReciprocity(const CheckContext& context, const v1::Request& request) {
  const v1::Reciprocity& assurance = request.basis().reciprocity();
  if (IsBlank(assurance.text())) return false;
  const absl::Time now = TimeOf(context);
  const auto until = ParseInstant(assurance.valid_to());
  if (now == absl::InfinitePast()) return true;
  // A date alone means the whole day.
  const absl::Duration grace =
      assurance.valid_to().size() == 10 ? absl::Hours(24) : absl::ZeroDuration();
  return until.ok() && now < *until + grace;
}

BasisQuestion QuestionOf(const CheckContext& context, const v1::Request& request) {
  BasisQuestion q{context.requesting_state, context.requested_state, TimeOf(context),
                  context.family};
  q.area = request.area();
  q.assurance_of_reciprocity = AssuresReciprocity(context, request);
  for (const v1::Item& item : request.items()) {
    const bool there = std::find(q.types.begin(), q.types.end(), item.type()) != q.types.end();
    if (!there && v1::AssistanceType::Code_IsValid(item.type())) q.types.push_back(item.type());
  }
  // With several offences the heaviest counts: one that is covered is enough.
  for (const v1::Offence& offence : request.offence()) {
    if (!q.offence_art.empty() && offence.max_penalty_months() <= q.max_penalty_months) continue;
    q.offence_art = offence.untoc_art();
    q.max_penalty_months = offence.max_penalty_months();
  }
  q.territory = context.requested_territory;
  return q;
}

absl::StatusOr<BasisQuestion> QuestionOf(const v1::BasisAnswer& stored) {
  const auto bad = [](std::string_view why) {
    return InputError("BAD_BASIS",
                      absl::StrFormat("the stored answer of the treaty basis: %s", why));
  };
  BasisQuestion q;
  const auto at = ParseInstant(stored.at());
  if (!at.ok()) return bad("it has no time");
  if (stored.requesting_state().empty() || stored.requested_state().empty()) {
    return bad("it names no states");
  }
  const auto family = ParseFamily(stored.family());
  if (!family.ok()) return bad("its family is not known");
  q.requesting_state = stored.requesting_state();
  q.requested_state = stored.requested_state();
  q.at = *at;
  q.family = *family;
  q.area = stored.area();
  q.assurance_of_reciprocity = stored.reciprocity_assured();
  for (const std::string& word : stored.assistance()) {
    v1::AssistanceType::Code type;
    if (!v1::AssistanceType::Code_Parse(word, &type)) return bad("a kind of assistance is unknown");
    q.types.push_back(type);
  }
  q.offence_art = stored.offence_art();
  q.max_penalty_months = stored.max_penalty_months();
  q.territory = stored.territory();
  return q;
}

v1::BasisAnswer Answer(const TreatyStatus& treaties, const BasisQuestion& question,
                       const ListSource& source) {
  v1::BasisAnswer answer = FindBasis(treaties, question);
  answer.set_list_state(source.state);
  answer.set_directory_version(source.directory_version);
  answer.set_status_list_sha256(source.sha256);
  return answer;
}

std::vector<std::string> Differences(const v1::BasisAnswer& stored, const v1::BasisAnswer& other) {
  std::vector<std::string> lines;
  const auto compare = [&](std::string_view what, const std::string& one, const std::string& two) {
    if (one == two) return;
    lines.push_back(absl::StrFormat("%s: the request says %s, the list of %s gives %s", what,
                                    OrNone(one), other.list_state(), OrNone(two)));
  };
  compare("governing instrument", stored.governing_instrument(), other.governing_instrument());
  compare("governing profile", stored.governing_profile(), other.governing_profile());
  if (!SameList(stored.candidates(), other.candidates())) {
    compare("instruments that bind both", absl::StrJoin(stored.candidates(), " "),
            absl::StrJoin(other.candidates(), " "));
  }
  return lines;
}

std::string ReasonText(const std::string& reason) {
  const std::vector<std::string> parts = absl::StrSplit(reason, ':');
  for (const Sentence& sentence : kSentences) {
    if (sentence.word != parts[0]) continue;
    std::string text;
    for (size_t i = 0; i < sentence.text.size(); ++i) {
      const char c = sentence.text[i];
      if (c != '%' || i + 1 == sentence.text.size()) {
        text += c;
        continue;
      }
      const auto n = static_cast<size_t>(sentence.text[++i] - '0');
      text += n < parts.size() ? parts[n] : "?";
    }
    return text;
  }
  return reason;
}

std::vector<std::string> AnswerText(const v1::BasisAnswer& answer) {
  std::vector<std::string> lines;
  if (answer.governing_instrument().empty()) {
    lines.emplace_back("No treaty basis.");
  } else {
    lines.push_back(absl::StrFormat("Basis: %s. Its procedure: %s.", answer.governing_instrument(),
                                    answer.governing_profile()));
  }
  for (const std::string& reason : answer.reasons()) lines.push_back("- " + ReasonText(reason));
  if (!answer.candidates().empty()) {
    lines.push_back("Also possible, the most special first: " +
                    absl::StrJoin(answer.candidates(), ", "));
  }
  return lines;
}

}  // namespace palermo::casework
