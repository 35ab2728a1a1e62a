// Who may ask whom under which instrument: directory, treaty basis, mandate, language, oral form.
#include <algorithm>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/receiver_roles.h"
#include "node/casework/request_basis.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::Family;
using v1::Request;
using v1::Urgency;

// Not of the body: the draft's member that names the receiver.
constexpr std::string_view kRole = "to";

// What the two states' statuses say about the cited instrument: a key of texts.h, "" when bound.
std::string_view StatusKey(const RuleInput& in, const std::string& instrument, absl::Time now) {
  const TreatyStatus& treaties = *in.context.treaties;
  if (!treaties.Knows(instrument)) {
    return IsInstrument(instrument) ? "R-DIR-03.not_bound" : "R-DIR-06.unknown";
  }
  std::string_view key;
  for (const std::string* state : {&in.context.requesting_state, &in.context.requested_state}) {
    switch (treaties.KindAt(instrument, *state, now)) {
      case StatusKind::kDenounced:
        return "R-DIR-06.denounced";
      case StatusKind::kSigned:
        return "R-DIR-06.not_in_force";
      case StatusKind::kNotParty:
        key = "R-DIR-03.not_bound";
        break;
      case StatusKind::kParty:
        break;
    }
  }
  if (!key.empty() && treaties.InForceForNobody(instrument, now)) return "R-DIR-06.not_in_force";
  return key;
}

// A treaty of two states is named as BILATERAL:<id> or by its id.
std::string_view IdOf(std::string_view instrument) {
  constexpr std::string_view kPrefix = "BILATERAL:";
  return instrument.starts_with(kPrefix) ? instrument.substr(kPrefix.size()) : instrument;
}

// Whether a treaty of the two states is the instrument.
bool IsTheirTreaty(const RuleInput& in, std::string_view instrument, absl::Time now) {
  const Bilateral* treaty = in.context.treaties->FindBilateral(in.context.requesting_state,
                                                               in.context.requested_state, "", now);
  return treaty != nullptr && treaty->id == IdOf(instrument);
}

// False when the two states' statuses say that the instrument does not bind them.
bool Binds(const RuleInput& in, const std::string& instrument) {
  const absl::Time now = NowOf(in.context);
  if (in.context.treaties == nullptr || now == absl::InfinitePast() || IsBlank(instrument)) {
    return true;
  }
  if (in.context.requesting_state.empty() || in.context.requested_state.empty()) return true;
  return instrument == "RECIPROCITY" || IsTheirTreaty(in, instrument, now) ||
         StatusKey(in, instrument, now).empty();
}

// --- R-DIR-01

struct Roles {
  Family::Code family;
  std::initializer_list<std::string_view> roles;
};
const Roles kRoles[] = {
    {Family::MLA, {"CENTRAL_AUTHORITY_MLA", "UNCAC_MLA", "DRUG88_MLA"}},
    {Family::CONFISCATION, {"CENTRAL_AUTHORITY_MLA", "UNCAC_MLA", "DRUG88_MLA"}},
    {Family::SPECIAL_TECHNIQUE, {"CENTRAL_AUTHORITY_MLA", "UNCAC_MLA", "DRUG88_MLA"}},
    {Family::EXTRADITION, {"EXTRADITION"}},
    {Family::TRANSFER_SENTENCED, {"TRANSFER_SENTENCED", "CENTRAL_AUTHORITY_MLA"}},
    {Family::TRANSFER_PROCEEDINGS, {"CENTRAL_AUTHORITY_MLA", "EXTRADITION"}},
    {Family::JOINT_INVESTIGATION, {"JIT_CONTACT", "CENTRAL_AUTHORITY_MLA"}},
    {Family::PRESERVATION_24_7, {"NETWORK_24_7"}},
    {Family::SEA, {"FLAG_REGISTRY", "SOM_ART8", "DRUG88_ART17_SEA"}},
    {Family::FIU, {"FIU"}},
    {Family::VICTIM, {"VICTIM_REFERRAL"}},
};
// A mandate under one instrument does not reach the requests under another.
struct OfInstrument {
  std::string_view role, instrument;
};
constexpr OfInstrument kOfInstrument[] = {{"UNCAC_MLA", "UNCAC"},
                                          {"DRUG88_MLA", "DRUG88"},
                                          {"SOM_ART8", "SOM"},
                                          {"DRUG88_ART17_SEA", "DRUG88"},
                                          {"DRUG88_ART17_SEA", "COE-SEA"}};

// The Council of Europe's agreement of 1995 implements article 17 with the same authority.
bool ReachesInstrument(std::string_view role, std::string_view instrument) {
  bool some = false;
  for (const OfInstrument& of : kOfInstrument) {
    some |= of.role == role;
    if (of.role == role && of.instrument == instrument) return true;
  }
  return !some;
}

bool AsksOf(const Request& r, std::initializer_list<v1::AssistanceType::Code> types) {
  return std::any_of(r.items().begin(), r.items().end(), [&](const v1::Item& item) {
    return std::find(types.begin(), types.end(), item.type()) != types.end();
  });
}

// Protocol practice has no role of its own in the directory but for firearms, FAP 13(2). Bodies
// with one task of another kind do not verify a document or a nationality.
bool HoldsProtocolRole(const Request& r, const std::string& role) {
  using v1::AssistanceType;
  if (AsksOf(r, {AssistanceType::TRACE_FIREARM, AssistanceType::VERIFY_LICENCE,
                 AssistanceType::CONFIRM_SHIPMENT_RECEIPT})) {
    return OneOf(role, {"FAP_CONTACT", "CENTRAL_AUTHORITY_MLA", "INTERPOL_NCB"});
  }
  const bool personal =
      AsksOf(r, {AssistanceType::VERIFY_DOCUMENT, AssistanceType::VERIFY_NATIONALITY,
                 AssistanceType::ISSUE_TRAVEL_DOCUMENT});
  return !personal || !OneOf(role, {"FIU", "CITES_MA", "VICTIM_REFERRAL", "FAP_CONTACT", "DPO"});
}

bool HoldsRole(const RuleInput& in, const Request& r, const std::string& role) {
  // An instrument that does not bind has a finding of its own.
  const std::string& instrument = r.basis().instrument();
  if (!ReachesInstrument(role, instrument) && !instrument.empty() && Binds(in, instrument)) {
    return false;
  }
  if (AsksOf(r, {v1::AssistanceType::VERIFY_CITES_PERMIT})) return role == "CITES_MA";
  // A formal request for the return of a specimen goes to the central authority.
  const bool formal = IsFormal(in.context.family);
  if (!formal && AsksOf(r, {v1::AssistanceType::RETURN_SPECIMEN})) return role == "CITES_MA";
  if (in.context.family == Family::PROTOCOL_ADMIN && !HoldsProtocolRole(r, role)) return false;
  const auto* row = std::find_if(std::begin(kRoles), std::end(kRoles), [&](const Roles& roles) {
    return roles.family == in.context.family;
  });
  return row == std::end(kRoles) || OneOf(role, row->roles);
}

// That the directory can name, AuthorityRole of authority.proto.
constexpr std::string_view kKnownRoles[] = {"CENTRAL_AUTHORITY_MLA",
                                            "EXTRADITION",
                                            "TRANSFER_SENTENCED",
                                            "UNCAC_MLA",
                                            "DRUG88_MLA",
                                            "SOM_ART8",
                                            "DRUG88_ART17_SEA",
                                            "FLAG_REGISTRY",
                                            "FAP_CONTACT",
                                            "NETWORK_24_7",
                                            "FIU",
                                            "CITES_MA",
                                            "JIT_CONTACT",
                                            "INTERPOL_NCB",
                                            "VICTIM_REFERRAL"};

// A state that keeps no point of contact has nobody in that role.
bool KeepsNoContact(const RuleInput& in) {
  const StateProfile* state = in.context.requested_profile;
  return state != nullptr && state->network_24_7 == std::optional<bool>(false);
}

bool HoldsOne(const RuleInput& in, const Request& r, const std::vector<std::string>& roles) {
  return std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
    return !(role == "NETWORK_24_7" && KeepsNoContact(in)) && HoldsRole(in, r, role);
  });
}

void CheckRole(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  std::vector<std::string> roles = in.context.recipient_roles;
  if (!in.context.recipient_role.empty()) roles = {in.context.recipient_role};
  if (r == nullptr || roles.empty()) return;
  if (HoldsOne(in, *r, roles)) return;
  // The network is of the parties, BUD 35: who is none has the finding of the basis.
  if (KeepsNoContact(in) && !Binds(in, r->basis().instrument())) return;
  std::vector<std::string> needed = RolesFor(in.context, in.body);
  if (needed.empty()) needed = {"NETWORK_24_7"};  // which nobody holds there
  report.Say("R-DIR-01.role", std::string(kRole), {{"roles", absl::StrJoin(needed, ", ")}});
}

// --- R-DIR-02

void CheckChannel(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->channel().empty()) return;
  if (r->channel() == "INTERPOL_URGENT") {
    if (in.context.urgency < Urgency::URGENT || IsBlank(r->channel_agreement_ref())) {
      report.Say("R-DIR-02.interpol", "request.channel");
    }
    return;
  }
  const bool formal = IsFormal(in.context.family);
  // Police and customs channels never carry a formal request.
  const bool good = formal ? OneOf(r->channel(), {"CA_DIRECT", "DIPLOMATIC"})
                           : OneOf(r->channel(), {"CA_DIRECT", "DIPLOMATIC", "POLICE_27", "24_7",
                                                  "FIU", "FLAG_AUTHORITY", "CUSTOMS"});
  // And the receiver's entry says which of them it takes.
  const auto& takes = in.context.accepted_channels;
  const bool taken =
      takes.empty() || std::find(takes.begin(), takes.end(), r->channel()) != takes.end();
  if (!good || !taken) report.Say("R-DIR-02.channel", "request.channel");
}

// --- R-DIR-03, R-DIR-06

constexpr std::string_view kInstrument = "request.basis.instrument";
constexpr std::string_view kProfile = "request.basis.governing_profile";

void CheckBasisNamed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !IsFormal(in.context.family)) return;
  if (IsBlank(r->basis().instrument())) report.Say("R-DIR-03.missing", std::string(kInstrument));
  if (IsBlank(r->basis().governing_profile())) {
    report.Say("R-DIR-03.profile_missing", std::string(kProfile));
  }
}

void CheckInForce(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  const absl::Time now = NowOf(in.context);
  if (r == nullptr || in.context.treaties == nullptr || now == absl::InfinitePast()) return;
  const std::string& instrument = r->basis().instrument();
  if (in.context.requesting_state.empty() || in.context.requested_state.empty()) return;
  if (IsBlank(instrument) || instrument == "RECIPROCITY" || IsTheirTreaty(in, instrument, now)) {
    return;
  }
  const std::string_view key = StatusKey(in, instrument, now);
  if (!key.empty()) {
    report.Say(key, std::string(kInstrument));
  } else if (!Supports(instrument, in.context.family)) {
    report.Say("R-DIR-03.family", std::string(kInstrument));
  } else {
    const std::string bar = BarOf(*in.context.treaties, instrument, QuestionOf(in.context, *r));
    if (bar.rfind("TERRITORY", 0) == 0) {
      report.Say("R-DIR-03.territory", std::string(kInstrument));
    } else if (!bar.empty()) {
      report.Say("R-DIR-03.reserved", std::string(kInstrument));
    }
  }
}

// The desk has looked for the list: then its absence is told, not passed over.
void CheckListThere(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !in.context.wants_treaty_list || in.context.treaties != nullptr) return;
  if (IsFormal(in.context.family)) report.Say("R-DIR-03.no_list", std::string(kInstrument));
}

// Reciprocity stands on two legs: the requested state accepts it, the requesting one assures it.
void CheckReciprocity(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->basis().instrument() != "RECIPROCITY") return;
  const TreatyStatus* treaties = in.context.treaties;
  if (treaties != nullptr && !treaties->AllowsReciprocity(in.context.requested_state)) {
    report.Say("R-DIR-03.not_reciprocal", std::string(kInstrument));
  }
  if (in.context.wants_treaty_list && !AssuresReciprocity(in.context, *r)) {
    report.Say("R-DIR-03.assurance", "request.basis.reciprocity");
  }
}

constexpr absl::Duration kWarnAhead = absl::Hours(24 * 180);

void CheckChanges(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  const absl::Time now = NowOf(in.context);
  if (r == nullptr || in.context.treaties == nullptr || now == absl::InfinitePast()) return;
  if (!in.context.wants_treaty_list) return;
  for (const StatusChange& change : ChangesFor(*in.context.treaties, in.context.requesting_state,
                                               in.context.requested_state, now, now + kWarnAhead)) {
    if (change.instrument == r->basis().instrument()) {
      report.Say(change.begins ? "R-CLK-EIF.begins" : "R-CLK-EIF.ends", std::string(kInstrument));
    }
  }
}

// What the request stores is what the list gives; another instrument may be a choice, so a note.
void CheckComputed(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || in.context.treaties == nullptr || !in.context.wants_treaty_list) return;
  if (!r->basis().has_computed() || IsBlank(r->basis().instrument())) return;
  const auto& candidates = r->basis().computed().candidates();
  const std::string& named = r->basis().instrument();
  const bool among = named == r->basis().computed().governing_instrument() ||
                     std::find(candidates.begin(), candidates.end(), named) != candidates.end();
  if (!among) report.Say("R-DIR-03.other", std::string(kInstrument));
}

bool IsProfileOf(std::string_view profile, std::string_view instrument, Family::Code family) {
  if (profile == ProfileUnder(instrument, family)) return true;
  constexpr std::string_view kTreaty = "TREATY:";
  if (profile.substr(0, kTreaty.size()) == kTreaty) {
    return profile.substr(kTreaty.size()) == IdOf(instrument);
  }
  // One instrument, several words: "BUD", "BUD_25", "BUD_29".
  return profile.substr(0, instrument.size()) == instrument &&
         (profile.size() == instrument.size() || profile[instrument.size()] == '_');
}

// DRUG88 7 is about legal assistance; special techniques stand in UNTOC 20 as in DRUG88 11.
bool IsOfTechnique(const Request& r, std::string_view profile) {
  using v1::AssistanceType;
  return r.basis().instrument() == "DRUG88" && OneOf(profile, {"UNTOC_18", "UNTOC_20"}) &&
         AsksOf(r, {AssistanceType::CONTROLLED_DELIVERY, AssistanceType::CROSS_BORDER_OBSERVATION,
                    AssistanceType::UNDERCOVER, AssistanceType::ELECTRONIC_SURVEILLANCE});
}

void CheckProfile(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || in.context.treaties == nullptr) return;
  const std::string& profile = r->basis().governing_profile();
  const std::string& instrument = r->basis().instrument();
  const absl::Time now = NowOf(in.context);
  if (IsBlank(profile) || IsBlank(instrument) || now == absl::InfinitePast()) return;
  // An instrument that does not bind has a finding already; its profile adds nothing.
  if (!IsTheirTreaty(in, instrument, now) && instrument != "RECIPROCITY" &&
      !StatusKey(in, instrument, now).empty()) {
    return;
  }
  const bool by_agreement = profile.rfind("BY_AGREEMENT_", 0) == 0;
  const std::string treaty = GoverningTreaty(*in.context.treaties, QuestionOf(in.context, *r));
  if (!treaty.empty() && profile == "TREATY:" + treaty) return;
  if (!treaty.empty() && by_agreement && !IsBlank(r->basis().agreement_ref())) return;
  if (!treaty.empty()) {
    report.Say("R-DIR-03.bilateral", std::string(kProfile));
  } else if (!IsProfileOf(profile, instrument, in.context.family) && !IsOfTechnique(*r, profile) &&
             instrument != "RECIPROCITY") {
    report.Say("R-DIR-03.profile", std::string(kProfile));
  }
}

// --- R-AUTH

void CheckMandate(const RuleInput& in, Report& report) {
  const Signatory* signatory = in.context.signatory;
  // Who asks, and who refuses: 18(13), and the signer of a refusal.
  if ((RequestIn(in) == nullptr && !in.body.has_refusal()) || signatory == nullptr) return;
  if (in.context.family == Family::UNSPECIFIED) return;  // an unknown word has its own finding
  if (IsBlank(signatory->officer) || signatory->mandate.empty()) {
    report.Say("R-AUTH-01.missing", "signatory");
    return;
  }
  const std::string family = FamilyName(in.context.family);
  const auto& mandate = signatory->mandate;
  if (std::none_of(mandate.begin(), mandate.end(),
                   [&](const std::string& word) { return word == family || word == "*"; })) {
    report.Say("R-AUTH-01.family", "signatory.mandate");
  }
  const auto over = ParseOver(signatory->valid_to);
  const absl::Time now = NowOf(in.context);
  if (now == absl::InfinitePast()) return;
  if (!over.ok() || now >= *over) report.Say("R-AUTH-01.expired", "signatory.mandate_valid_to");
}

void CheckFourEyes(const RuleInput& in, Report& report) {
  const Signatory* signatory = in.context.signatory;
  if (signatory == nullptr || IsBlank(signatory->drafter)) return;
  if (signatory->drafter == signatory->officer) report.Say("R-AUTH-02.same", "signatory");
}

// --- R-LANG-01

void CheckLanguage(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  // Records of police and protocol practice state no language; formal requests and the sea do.
  if (r == nullptr || (r->language().empty() && !IsFormal(in.context.family))) return;
  if (!IsLanguageTag(r->language())) {
    report.Say("R-LANG-01.missing", "request.language");
    return;
  }
  const auto& own = in.context.instrument_languages;
  const auto of_instrument = own.find(r->basis().instrument());
  const auto& accepted =
      of_instrument == own.end() ? in.context.accepted_languages : of_instrument->second;
  if (accepted.empty() || IsAccepted(accepted, r->language())) return;
  if (!r->translation_of_sha256().empty()) return;
  const TextArgs languages = {{"languages", absl::StrJoin(accepted, ", ")}};
  if (!r->has_translation()) {
    report.Say("R-LANG-01.not_accepted", "request.language", languages);
  } else if (!r->translation().certified() || !IsAccepted(accepted, r->translation().language())) {
    report.Say("R-LANG-01.translation", "request.translation", languages);
  }
}

// --- R-MLA-14O

// Without a profile of the asking state: what the request says.
bool IsAgreed(const RuleInput& in, bool said) {
  const StateProfile* state = in.context.requesting_profile;
  if (state == nullptr) return said;
  return std::find(state->oral_agreed_with.begin(), state->oral_agreed_with.end(),
                   in.context.requested_state) != state->oral_agreed_with.end();
}

// The note of an oral request: urgent, and between states that agreed on it.
void CheckOralNote(const RuleInput& in, Report& report) {
  if (!IsAct(in, {v1::Act::ORAL_REQUEST_NOTE})) return;
  if (in.context.urgency < Urgency::URGENT) report.Say("R-MLA-14O.urgency", "urgency");
  if (!IsAgreed(in, true)) report.Say("R-MLA-14O.agreement", "");
}

void CheckOral(const RuleInput& in, Report& report) {
  CheckOralNote(in, report);
  const Request* r = RequestIn(in);
  if (r == nullptr || !r->has_oral()) return;
  const v1::Oral& oral = r->oral();
  // Without an instrument between them the two states have agreed on nothing under it.
  const bool denied = oral.has_agreed() && !oral.agreed();
  if ((denied || !IsAgreed(in, oral.agreed())) && Binds(in, r->basis().instrument())) {
    report.Say("R-MLA-14O.agreement", "request.oral.agreed");
  }
  const bool urgent =
      in.context.urgency >= Urgency::URGENT ||
      (in.context.family == Family::SEA && in.context.urgency == Urgency::UNSPECIFIED);
  if (!urgent) report.Say("R-MLA-14O.urgency", "request.oral");
  const auto made = ParseInstant(oral.made_at());
  if (!made.ok()) return report.Say("R-MLA-14O.date", "request.oral.made_at");
  if (IsBlank(oral.confirmed_at())) {
    return report.Say("R-MLA-14O.unconfirmed", "request.oral.confirmed_at");
  }
  const auto confirmed = ParseInstant(oral.confirmed_at());
  if (!confirmed.ok() || *confirmed < *made) {
    report.Say("R-MLA-14O.date", "request.oral.confirmed_at");
  } else if (*confirmed > *made + in.context.oral_confirmation) {
    report.Say("R-MLA-14O.unconfirmed", "request.oral.confirmed_at");
  }
}

constexpr Rule kAuthorityRules[] = {
    {{"R-DIR-01", "E", "UNTOC 18(13)", "the receiver lacks the role for family or instrument"},
     CheckRole},
    {{"R-DIR-02", "E", "UNTOC 18(13)",
      "the channel is not accepted, or INTERPOL without urgency and agreement"},
     CheckChannel},
    {{"R-DIR-03", "E", "UNTOC 18(7)",
      "the instrument or the governing profile of a formal request is missing"},
     CheckBasisNamed},
    {{"R-DIR-03, R-DIR-06", "E", "UNTOC 18(7), 37, 38, 40",
      "the instrument does not bind both states now (06: only signed, unknown or denounced), or "
      "a reservation or the territory bars this request"},
     CheckInForce},
    {{"R-DIR-03", "E", "UNTOC 18(7)",
      "the governing profile is not that of the instrument or of the pair's treaty"},
     CheckProfile},
    {{"R-DIR-03", "I", "UNTOC 18(7)",
      "the desk has no treaty status list, so the basis was not checked"},
     CheckListThere},
    {{"R-DIR-03", "E", "UNTOC 18(7)",
      "reciprocity that the requested state does not accept, or without a valid assurance"},
     CheckReciprocity},
    {{"R-DIR-03", "I", "UNTOC 18(7)",
      "the instrument is not among those that the list gives for this request"},
     CheckComputed},
    {{"R-CLK-EIF", "I", "UNTOC 38(2), 40(1)",
      "the instrument begins or ends for one of the states within 180 days"},
     CheckChanges},
    {{"R-AUTH-01", "E", "UNTOC 18(13)",
      "the signatory's mandate is missing, has expired or does not cover the family"},
     CheckMandate},
    {{"R-AUTH-02", "E", "", "the drafter approved it as well"}, CheckFourEyes},
    {{"R-LANG-01", "E", "UNTOC 18(14)",
      "the language is missing, or the receiver does not accept it and there is no certified "
      "translation"},
     CheckLanguage},
    {{"R-MLA-14O", "E", "UNTOC 18(14)",
      "an oral request without agreement or urgency, or not confirmed within 24 hours"},
     CheckOral},
};

}  // namespace

std::vector<std::string> RolesFor(const CheckContext& context, const v1::CaseBody& body) {
  const RuleInput in{context, body};
  const Request* r = RequestIn(in);
  std::vector<std::string> roles;
  for (std::string_view role : kKnownRoles) {
    if (r != nullptr && HoldsOne(in, *r, {std::string(role)})) roles.emplace_back(role);
  }
  return roles;
}

std::span<const Rule> AuthorityRules() { return kAuthorityRules; }

}  // namespace palermo::casework
