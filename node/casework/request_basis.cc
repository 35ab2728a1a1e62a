#include "node/casework/request_basis.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

absl::Time TimeOf(const CheckContext& context) {
  const auto time = ParseInstant(NowText(context));
  return time.ok() ? *time : absl::InfinitePast();
}

// "{1}" and so on are the reason's parts.
struct Sentence {
  std::string_view word, text;
};
constexpr Sentence kSentences[] = {
    {"COMMON_INSTRUMENT", Msg("both states are bound by it, and it carries what is asked")},
    {"BILATERAL_IN_FORCE",
     Msg("a treaty of the two states is in force and governs instead of UNTOC 18(9) to (29)")},
    {"REGIONAL_IN_FORCE",
     Msg("a regional treaty binds both states and governs instead of UNTOC 18(9) to (29)")},
    {"OFFER_BY_AGREEMENT_UNTOC_18",
     Msg("both may agree to apply UNTOC 18(9) to (29) in its place: profile BY_AGREEMENT_UNTOC_18; "
         "18(1) to (8) stay in any case")},
    {"RECIPROCITY_ASSURED",
     Msg("no treaty binds both; the requested state accepts reciprocity and it is assured")},
    {"NO_BASIS", Msg("no instrument carries this request between the two states now")},
    {"SUGGEST_ASSURANCE_OF_RECIPROCITY", Msg("the requested state accepts reciprocity: sign an "
                                             "assurance in request.basis.reciprocity")},
    {"SUGGEST_LAW_ENFORCEMENT_INFO", Msg("police information under UNTOC 27 is possible: family "
                                         "LAW_ENFORCEMENT_INFO, no evidence")},
    {"SUGGEST_PUBLIC_RECORDS", Msg("what is public may be asked for without a treaty")},
    {"SUGGEST_DIPLOMATIC_CHANNEL", Msg("the diplomatic channel is open")},
    {"SIGNED_ONLY", Msg("{2} has only signed {1}, or it is not in force: no basis")},
    {"DENOUNCED", Msg("{2} has denounced {1}, and that has taken effect")},
    {"NOT_BOUND", Msg("{2} is not bound by {1} at this time")},
    {"OUTSIDE_OFFENCE", Msg("{1} does not cover this offence")},
    {"BARRED", Msg("{3} has excluded this under {1}, Article {2}")},
    {"TERRITORY", Msg("{1} does not reach the territory of the authority in {2}")},
    {"CONDITION", Msg("{3} may set a condition under {1}, Article {2}")},
    {"SHOWN", Msg("{3} made a statement on {1}, Article {2}; it blocks nothing")},
    {"BEGINS", Msg("{1} enters into force for {2} on {3}: compute the basis again then")},
    {"ENDS", Msg("{1} ends for {2} on {3}: compute the basis again then")},
};

}  // namespace

std::string AreaOf(const v1::Request& request) {
  if (!request.area().empty()) return request.area();
  for (const v1::Offence& offence : request.offence()) {
    if (offence.has_tip()) return "TRAFFICKING_IN_PERSONS";
    if (offence.has_som()) return "SMUGGLING_OF_MIGRANTS";
  }
  constexpr std::pair<std::string_view, std::string_view> kOne[] = {
      {"TIP", "TRAFFICKING_IN_PERSONS"},
      {"SOM", "SMUGGLING_OF_MIGRANTS"},
      {"FAP", "FIREARMS"},
      {"CITES", "WILDLIFE_FOREST"},
      {"DRUG88", "DRUGS"},
      {"UNCAC", "CORRUPTION_LAUNDERING"},
      {"TF", "TERRORISM"},
      {"UNCC", "CYBERCRIME"}};
  for (const auto& [instrument, area] : kOne) {
    if (request.basis().instrument() == instrument) return std::string(area);
  }
  return "";
}

namespace {

bool SameList(const google::protobuf::RepeatedPtrField<std::string>& a,
              const google::protobuf::RepeatedPtrField<std::string>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

constexpr size_t kMostParts = 3;

std::string OrNone(const std::string& text) { return text.empty() ? "none" : text; }

}  // namespace

bool AssuresReciprocity(const CheckContext& context, const v1::Request& request) {
  const v1::Reciprocity& assurance = request.basis().reciprocity();
  if (IsBlank(assurance.text())) return false;
  const absl::Time now = TimeOf(context);
  const auto over = ParseOver(assurance.valid_to());
  if (now == absl::InfinitePast()) return true;
  return over.ok() && now < *over;
}

BasisQuestion QuestionOf(const CheckContext& context, const v1::Request& request) {
  BasisQuestion q{context.requesting_state, context.requested_state, TimeOf(context),
                  context.family};
  // At sea the family says it already.
  q.area = context.family == v1::Family::SEA ? request.area() : AreaOf(request);
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

std::string Said(std::string_view english, const TextArgs& args, const Translated& translated) {
  return translated == nullptr ? FillText(english, args, false) : translated(english, args);
}

std::string ReasonText(const std::string& reason, const Translated& translated) {
  const std::vector<std::string> parts = absl::StrSplit(reason, ':');
  for (const Sentence& sentence : kSentences) {
    if (sentence.word != parts[0]) continue;
    TextArgs args;
    for (size_t i = 1; i <= kMostParts; ++i) {
      args.emplace_back(std::to_string(i), i < parts.size() ? parts[i] : "?");
    }
    return Said(sentence.text, args, translated);
  }
  return reason;
}

std::vector<std::string> AnswerText(const v1::BasisAnswer& answer, const Translated& translated) {
  std::vector<std::string> lines;
  if (answer.governing_instrument().empty()) {
    lines.push_back(Said(Msg("No treaty basis."), {}, translated));
  } else {
    lines.push_back(Said(
        Msg("Basis: {instrument}. Its procedure: {profile}."),
        {{"instrument", answer.governing_instrument()}, {"profile", answer.governing_profile()}},
        translated));
  }
  for (const std::string& reason : answer.reasons()) {
    lines.push_back("- " + ReasonText(reason, translated));
  }
  if (!answer.candidates().empty()) {
    lines.push_back(Said(Msg("Also possible, the most special first: {list}"),
                         {{"list", absl::StrJoin(answer.candidates(), ", ")}}, translated));
  }
  return lines;
}

namespace {

// The article that such a request stands on; the instrument alone where it has none of its own.
std::string ArticleOf(const std::string& instrument, v1::Family::Code family) {
  using v1::Family;
  struct Row {
    std::string_view instrument;
    Family::Code family;  // UNSPECIFIED: any other
    std::string_view article;
  };
  constexpr Row kRows[] = {{"UNTOC", Family::EXTRADITION, "16"},
                           {"UNTOC", Family::TRANSFER_SENTENCED, "17"},
                           {"UNTOC", Family::TRANSFER_PROCEEDINGS, "21"},
                           {"UNTOC", Family::JOINT_INVESTIGATION, "19"},
                           {"UNTOC", Family::SPECIAL_TECHNIQUE, "20"},
                           {"UNTOC", Family::CONFISCATION, "13"},
                           {"UNTOC", Family::LAW_ENFORCEMENT_INFO, "27"},
                           {"UNTOC", Family::SPONTANEOUS, "18(4)"},
                           {"UNTOC", Family::VICTIM, "25"},
                           {"UNTOC", Family::UNSPECIFIED, "18"},
                           {"UNCAC", Family::EXTRADITION, "44"},
                           {"UNCAC", Family::TRANSFER_SENTENCED, "45"},
                           {"UNCAC", Family::CONFISCATION, "54"},
                           {"UNCAC", Family::LAW_ENFORCEMENT_INFO, "48"},
                           {"UNCAC", Family::JOINT_INVESTIGATION, "49"},
                           {"UNCAC", Family::UNSPECIFIED, "46"},
                           {"DRUG88", Family::EXTRADITION, "6"},
                           {"DRUG88", Family::SPECIAL_TECHNIQUE, "11"},
                           {"DRUG88", Family::SEA, "17"},
                           {"DRUG88", Family::UNSPECIFIED, "7"},
                           {"BUD", Family::PRESERVATION_24_7, "29"},
                           {"BUD", Family::EXTRADITION, "24"},
                           {"BUD", Family::UNSPECIFIED, "25"},
                           {"TF", Family::EXTRADITION, "11"},
                           {"TF", Family::UNSPECIFIED, "12"},
                           {"SOM", Family::SEA, "8"},
                           {"SUA", Family::SEA, "8bis"},
                           {"ECE", Family::UNSPECIFIED, "12"}};
  for (const Row& row : kRows) {
    const bool fits = row.family == family || row.family == Family::UNSPECIFIED;
    if (row.instrument == instrument && fits) {
      return absl::StrFormat("%s %s", instrument, row.article);
    }
  }
  return instrument;
}

}  // namespace

bool PrefillBasis(const v1::BasisAnswer& answer, v1::Family::Code family, v1::Basis* basis) {
  if (answer.governing_instrument().empty()) return false;
  basis->set_governing_profile(answer.governing_profile());
  const auto& candidates = answer.candidates();
  const auto binds = [&](const std::string& instrument) {
    return std::find(candidates.begin(), candidates.end(), instrument) != candidates.end();
  };
  if (binds(basis->instrument())) {
    // What the form was made for, by its own procedure unless a treaty of the two governs.
    const bool treaty = std::any_of(
        answer.reasons().begin(), answer.reasons().end(), [](const std::string& reason) {
          return reason == "BILATERAL_IN_FORCE" || reason == "REGIONAL_IN_FORCE";
        });
    if (!treaty) basis->set_governing_profile(ProfileUnder(basis->instrument(), family));
    return true;
  }
  // A treaty of two states alone is cited through the Convention it stands beside, if one is there.
  const bool listed = IsInstrument(answer.governing_instrument());
  const std::string instrument =
      listed || candidates.empty() ? answer.governing_instrument() : candidates.Get(0);
  basis->set_instrument(instrument);
  basis->clear_articles();
  basis->add_articles(ArticleOf(instrument, family));
  return true;
}

}  // namespace palermo::casework
