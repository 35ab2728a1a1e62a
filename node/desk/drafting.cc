#include "node/desk/drafting.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/form_check.h"
#include "node/casework/form_left.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/receiver_roles.h"
#include "node/casework/rules.h"
#include "node/casework/texts.h"
#include "node/casework/treaty.h"
#include "node/casework/vocabulary.h"
#include "node/desk/compartments.h"
#include "node/desk/json_reader.h"
#include "node/desk/json_value.h"
#include "node/desk/sealing.h"

namespace palermo::desk {
namespace {

constexpr std::string_view kExampleState = "QT";  // that the examples are addressed to

// A word of the header; the default when the field is missing.
template <typename Code>
void TakeWord(JsonReader& json, const std::string& name,
              absl::StatusOr<Code> (*parse)(std::string_view), Code* code) {
  std::string word = json.TextOr(name, "");
  if (word.empty()) return;
  auto parsed = parse(word);
  if (!parsed.ok()) {
    // The word itself may be a name that stands in the wrong place.
    const std::string text = TextOf(parsed.status());
    const size_t rest = text.find(" is no ");
    absl::Status wrong = rest == std::string::npos ? parsed.status()
                                                   : InputError(CodeOf(parsed.status()),
                                                                Cat({"this", text.substr(rest)}));
    json.Fail(name, casework::AtField(std::move(wrong), name));
  }
  if (parsed.ok()) *code = *parsed;
}

// Of a field beside the body, which the text names behind the file: "request.json: to[0]: ...".
absl::Status AroundTheBody(absl::Status wrong, const std::string& what) {
  const std::string text = TextOf(wrong);
  const size_t begin = what.size() + 2;
  const size_t end = text.size() > begin ? text.find(": ", begin) : std::string::npos;
  if (casework::FieldOf(wrong).empty() && end != std::string::npos) {
    wrong = casework::AtField(std::move(wrong), text.substr(begin, end - begin));
  }
  const char* key = CodeOf(wrong) == "UNKNOWN_WORD" ? "R-GEN-01.enum" : "R-GEN-01.header";
  return casework::SaidBy(std::move(wrong), key);
}

// JsonReader::Parse; a failure says its place as the field: "line 3, column 7".
absl::StatusOr<JsonReader> ReadJson(const std::string& json, const std::string& what) {
  if (casework::NestsTooDeep(json)) {
    return casework::SaidBy(InputError("BAD_JSON", Cat({what, ": it nests too deep"})),
                            "R-GEN-01.deep");
  }
  auto reader = JsonReader::Parse(json, what);
  if (reader.ok()) return reader;
  absl::Status wrong = casework::SaidBy(reader.status(), "R-GEN-01.no_json");
  const std::string text = TextOf(wrong);
  const size_t line = text.rfind("Line ");
  if (line == std::string::npos) return wrong;
  return casework::AtField(std::move(wrong), Cat({"line ", text.substr(line + 5)}));
}

absl::StatusOr<v1::CaseBody> TakeBody(JsonReader& json, const std::string& what) {
  std::string raw = json.Raw("body");
  if (absl::Status wrong = json.Finish(); !wrong.ok()) return AroundTheBody(std::move(wrong), what);
  if (raw.empty()) {
    return casework::SaidBy(
        casework::AtField(
            InputError("BAD_JSON", Cat({what, ": body is missing; see: palermo case new"})),
            "body"),
        "R-GEN-01.file_body");
  }
  auto body = casework::BodyFromJson(raw);
  if (!body.ok()) {
    const std::string field = casework::FieldOf(body.status());
    absl::Status wrong = Annotate(body.status(), Cat({what, ": body"}));
    return casework::AtField(std::move(wrong), field.empty() ? "body" : Cat({"body.", field}));
  }
  if (body->version() == 0) body->set_version(1);
  return body;
}

// An example with a reason of urgency is as urgent as its reason.
std::string UrgencyOf(v1::Act::Code act, const v1::CaseBody& body) {
  if (act == v1::Act::ORAL_REQUEST_NOTE) return "URGENT";
  const std::string& reason = body.request().urgency_reason();
  if (!body.request().items().empty() && reason == "LIFE_AT_RISK") return "EMERGENCY_LIFE";
  // A reasoned deadline alone does not make it urgent.
  return reason.empty() || body.request().has_deadline() ? "ROUTINE" : "URGENT";
}

// A formal request asks for evidence, and what is executed may have to go before a judge: H1 would
// forbid that. Information is not for a court unless its provider says so.
std::string_view HandlingOf(v1::Family::Code family, bool bare) {
  return bare || casework::IsFormal(family) ? "H0" : "H1";
}

// The draft of an act, as JSON.
std::string Template(v1::Family::Code family, v1::Act::Code act,
                     const std::vector<std::string>& legal_basis, const v1::CaseBody& body,
                     const std::string& to, std::string_view handling) {
  Json json = Json::Object(), basis = Json::List();
  json.Add("to", std::move(Json::List().Push(to)));
  json.Add("family", casework::FamilyName(family)).Add("act", casework::ActName(act));
  json.Add("urgency", UrgencyOf(act, body)).Add("handling", std::string(handling));
  for (const std::string& article : legal_basis) basis.Push(article);
  json.Add("legal_basis", std::move(basis)).AddNumber("expires_in_days", 30);
  json.Add("body", Json::Raw(casework::BodyToJson(body, true)));
  return json.Pretty();
}

}  // namespace

absl::StatusOr<DraftFile> ParseDraft(const std::string& json, const std::string& what) {
  if (json.size() > limits::kMaxRequestFileBytes) {
    return Annotate(casework::TooLarge(json.size(), limits::kMaxRequestFileBytes), what);
  }
  if (casework::HasByteOrderMark(json)) {
    return casework::SaidBy(
        InputError("BAD_JSON", Cat({what,
                                    ": it begins with a byte order mark; save it as UTF-8 "
                                    "without one"})),
        "R-GEN-01.byte_mark");
  }
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader, ReadJson(json, what));
  DraftFile draft;
  draft.to = reader.Texts("to");
  for (size_t i = 0; i < draft.to.size(); ++i) {
    if (IsAuthorityId(draft.to[i])) continue;
    reader.Fail(absl::StrFormat("to[%u]", i), "this is not an authority, like QT/central");
  }
  std::sort(draft.to.begin(), draft.to.end());
  TakeWord(reader, "family", casework::ParseFamily, &draft.family);
  TakeWord(reader, "act", casework::ParseAct, &draft.act);
  TakeWord(reader, "urgency", casework::ParseUrgency, &draft.urgency);
  TakeWord(reader, "handling", casework::ParseHandling, &draft.handling);
  draft.legal_basis = reader.Texts("legal_basis");
  draft.reply_by = reader.EndOr("reply_by", absl::InfinitePast());
  draft.life_days = reader.NumberOr("expires_in_days", 30);
  if (draft.life_days < 1 || draft.life_days > 30) {
    reader.Fail("expires_in_days", "must be from 1 to 30; a message lives at most 30 days");
  }
  const std::string compartments = reader.Raw("compartments");
  PALERMO_ASSIGN_OR_RETURN(draft.body, TakeBody(reader, what));
  if (!draft.body.compartments().empty()) {
    return InputError("BAD_JSON", Cat({what,
                                       ": body.compartments: the desk seals them; write who "
                                       "is inside beside the body: \"compartments\""}));
  }
  if (!compartments.empty()) {
    PALERMO_ASSIGN_OR_RETURN(draft.compartments, ParseCompartments(compartments, what));
  }
  ScanFor({}, &draft);
  return draft;
}

void ScanFor(const std::vector<casework::IdentityToken>& held, DraftFile* draft) {
  std::vector<casework::IdentityToken> tokens = IdentityTokens(draft->compartments);
  tokens.insert(tokens.end(), held.begin(), held.end());
  draft->sealed = std::make_shared<const casework::LeakScanner>(std::move(tokens));
  for (const auto& compartment : draft->compartments.compartments()) {
    for (const auto& person : compartment.persons()) draft->sealed_refs.insert(person.ref());
  }
}

absl::StatusOr<std::string> DraftTemplate(v1::Act::Code act, const std::string& to,
                                          v1::Family::Code family, v1::AssistanceType::Code type,
                                          const AdjustExample& adjust) {
  PALERMO_ASSIGN_OR_RETURN(casework::FamilyExample example,
                           casework::ExampleFor(act, family, type));
  if (adjust != nullptr) adjust(family, example.body);
  if (adjust != nullptr && example.body.has_request()) {
    const auto& articles = example.body.request().basis().articles();
    return Template(family, act, {articles.begin(), articles.end()}, example.body, to,
                    HandlingOf(family, false));
  }
  return Template(family, act, {example.legal_basis}, example.body, to, HandlingOf(family, false));
}

std::string TypeTemplate(v1::AssistanceType::Code type, const std::string& to,
                         const AdjustExample& adjust, bool full, std::string_view area) {
  const casework::TypeForm* form = casework::FindForm(type);
  v1::CaseBody body =
      full ? casework::FullTemplateForType(type, area) : casework::TemplateForType(type, area);
  // Whoever gets it is on its list.
  if (body.request().has_handling()) {
    auto& states = *body.mutable_request()->mutable_handling()->mutable_release_states();
    std::replace(states.begin(), states.end(), std::string(kExampleState), StateOf(to));
  }
  if (adjust != nullptr && form != nullptr && !form->bare) adjust(form->family, body);
  const auto& articles = body.request().basis().articles();
  return Template(
      form == nullptr ? v1::Family::MLA : form->family, v1::Act::REQUEST,
      {articles.begin(), articles.end()}, body, to,
      HandlingOf(form == nullptr ? v1::Family::MLA : form->family, form != nullptr && form->bare));
}

std::string AnswerTemplate(v1::AssistanceType::Code type, v1::Act::Code act,
                           const std::string& to) {
  const casework::TypeForm* form = casework::FindForm(type);
  const v1::CaseBody asked = casework::TemplateForType(type);
  const auto& articles = asked.request().basis().articles();
  return Template(form == nullptr ? v1::Family::MLA : form->family, act,
                  {articles.begin(), articles.end()}, casework::AnswerForType(type), to,
                  HandlingOf(form == nullptr ? v1::Family::MLA : form->family, false));
}

absl::Status ParseBodyFile(const std::string& json, const std::string& what, DraftFile* draft) {
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader, ReadJson(json, what));
  if (reader.Has("body")) {
    PALERMO_ASSIGN_OR_RETURN(DraftFile parsed, ParseDraft(json, what));
    draft->to = std::move(parsed.to);
    draft->life_days = parsed.life_days;
    // A form that was printed says the least of both, whatever the case is.
    draft->urgency = std::max(draft->urgency, parsed.urgency);
    draft->handling = std::max(draft->handling, parsed.handling);
    if (reader.Has("reply_by")) draft->reply_by = parsed.reply_by;
    draft->body = std::move(parsed.body);
    draft->compartments = std::move(parsed.compartments);
    draft->sealed = std::move(parsed.sealed);
    draft->sealed_refs = std::move(parsed.sealed_refs);
    return absl::OkStatus();
  }
  auto body = casework::BodyFromJson(json);
  if (!body.ok()) return Annotate(body.status(), what);
  if (body->version() == 0) body->set_version(1);
  draft->body = *std::move(body);
  return absl::OkStatus();
}

namespace {

// What the rules of the body do not see: the header's words, and one compartment in another.
std::vector<casework::Finding> LeaksOutsideTheBody(const DraftFile& draft) {
  std::vector<casework::Finding> findings;
  constexpr std::string_view kKey = "R-SEAL-02.leak";
  const casework::Text* text = casework::FindText(kKey);
  PALERMO_CHECK(text != nullptr);
  const auto tell = [&](std::string field) {
    findings.push_back({"R-SEAL-02", text->severity, std::move(field), std::string(text->what),
                        "TIP 6(1)", std::string(text->todo), std::string(kKey)});
  };
  for (size_t i = 0; i < draft.legal_basis.size(); ++i) {
    if (casework::IsArticle(draft.legal_basis[i])) continue;
    casework::Tell("R-GEN-01.article", Cat({"legal_basis[", std::to_string(i), "]"}), findings);
  }
  for (const std::string& basis : draft.legal_basis) {
    if (draft.sealed != nullptr && draft.sealed->Leaks(basis)) tell("legal_basis");
  }
  for (std::string& field : LeaksBetween(draft.compartments)) {
    casework::Tell("R-SEAL-02.between", std::move(field), findings);
  }
  return findings;
}

}  // namespace

casework::CheckContext ContextOf(const DraftFile& draft, const std::string& own_state,
                                 const trust::TrustView* view, absl::Time now) {
  casework::CheckContext context;
  context.family = draft.family;
  context.act = draft.act;
  context.urgency = draft.urgency;
  context.requesting_state = own_state;
  context.sealed_identities = draft.sealed.get();
  context.compartment_refs = &draft.sealed_refs;
  for (const auto& compartment : draft.compartments.compartments()) {
    for (const auto& person : compartment.persons()) {
      if (person.nationality().empty()) continue;
      context.sealed_nationalities[person.ref()] = person.nationality();
    }
  }
  context.now = FormatInstant(now);
  context.now_iso8601_date = context.now.substr(0, 10);
  if (draft.to.empty() || !IsAuthorityId(draft.to[0])) return context;
  context.requested_state = StateOf(draft.to[0]);
  if (view == nullptr) return context;
  auto directory = view->DirectoryOf(context.requested_state);
  const v1::AuthorityEntry* authority =
      directory.ok() ? (*directory)->FindAuthority(draft.to[0]) : nullptr;
  if (authority != nullptr) {
    context.accepted_languages.assign(authority->languages().begin(), authority->languages().end());
  }
  return context;
}

std::vector<casework::Finding> CheckDraft(const casework::CheckContext& context,
                                          const DraftFile& draft) {
  std::vector<casework::Finding> findings = LeaksOutsideTheBody(draft);
  const auto now = ParseInstant(context.now);
  if (now.ok() && draft.reply_by != absl::InfinitePast() && draft.reply_by <= *now) {
    casework::Tell("R-CLK-DEADLINE.reply_past", "reply_by", findings);
  }
  for (casework::Finding& finding : casework::CheckBody(context, draft.body)) {
    findings.push_back(std::move(finding));
  }
  // What a rule said of a field is not said again for its form.
  std::set<std::string> told;
  for (const casework::Finding& finding : findings) told.insert(finding.field);
  for (auto more : {casework::CheckForms(draft.body), casework::CheckUsual(context, draft.body),
                    casework::CheckFormLeft(draft.body, FieldsOfTemplate(draft.compartments))}) {
    for (casework::Finding& finding : more) {
      if (finding.field.empty() || !told.contains(finding.field))
        findings.push_back(std::move(finding));
    }
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.severity < b.severity; });
  const casework::OverrideSet answers(findings, casework::AnsweredIn(draft.body));
  for (casework::Finding& finding : findings) {
    if (finding.severity == casework::Severity::kWarning && answers.Covers(finding)) {
      finding.severity = casework::Severity::kNote;
      finding.todo = casework::Msg("overridden by the drafter, with a reason; approvers see it");
    }
  }
  return findings;
}

namespace {

// Says whose roles would do, when the recipient's do not.
void TellHolders(const std::vector<std::string>& needed, const v1::AuthorityEntry& recipient,
                 const v1::Directory& directory, std::vector<casework::Finding>* findings) {
  const auto holds = [&](const v1::AuthorityEntry& entry) {
    const auto& roles = entry.cooperation().roles();
    return std::any_of(roles.begin(), roles.end(), [&](int role) {
      const auto code = static_cast<v1::AuthorityRole::Code>(role);
      return std::count(needed.begin(), needed.end(), v1::AuthorityRole::Code_Name(code)) > 0;
    });
  };
  // An entry that tells no roles is not judged by them.
  if (needed.empty() || recipient.cooperation().roles().empty() || holds(recipient)) return;
  std::vector<std::string> holders;
  for (const auto& entry : directory.authorities()) {
    if (holds(entry)) holders.push_back(entry.id());
  }
  casework::TextArgs args = {{"state", directory.state()},
                             {"holders", absl::StrJoin(holders, ", ")}};
  casework::Tell(holders.empty() ? "R-DIR-01.nobody" : "R-DIR-01.holders", "to", *findings,
                 std::move(args));
}

}  // namespace

std::vector<casework::Finding> CheckRecipients(const casework::CheckContext& context,
                                               const DraftFile& draft,
                                               const trust::TrustView* view) {
  std::vector<casework::Finding> findings;
  // A later act goes to whom its case goes.
  if (!casework::OpensCase(draft.act)) return findings;
  const auto tell = [&](std::string_view key, casework::TextArgs args = {}) {
    casework::Tell(key, "to", findings, std::move(args));
  };
  if (draft.to.empty()) tell("R-DIR-01.no_recipient");
  std::set<std::string> states;
  for (const std::string& to : draft.to) states.insert(StateOf(to));
  if (states.size() > 1) tell("R-DIR-01.states");
  if (view == nullptr) {
    tell("R-DIR-01.no_desk");
    return findings;
  }
  const std::vector<std::string> needed = casework::RolesFor(context, draft.body);
  for (const std::string& to : draft.to) {
    const std::string state = StateOf(to);
    if (state == context.requesting_state) {
      tell("R-DIR-01.own_state");
      continue;
    }
    const auto directory = view->DirectoryOf(state);
    const v1::AuthorityEntry* entry = directory.ok() ? (*directory)->FindAuthority(to) : nullptr;
    if (entry == nullptr) {
      tell("R-DIR-01.unknown", {{"authority", to}, {"state", state}});
      continue;
    }
    if (std::count(entry->families().begin(), entry->families().end(), draft.family) == 0) {
      tell("R-DIR-01.family",
           {{"authority", to}, {"family", casework::FamilyName(draft.family)}, {"state", state}});
    }
    TellHolders(needed, *entry, (*directory)->body(), &findings);
  }
  return findings;
}

absl::StatusOr<v1::Header> MakeHeader(const DraftFile& draft, const std::string& sender,
                                      const CaseLink& link, const trust::TrustView& view,
                                      absl::Time now, Random& random) {
  v1::Header header;
  header.set_version(1);
  header.set_case_id(link.case_id.empty() ? random.Bytes(16) : link.case_id);
  header.set_sender(sender);
  for (const std::string& recipient : draft.to) {
    if (!IsAuthorityId(recipient)) {
      return Missing("UNKNOWN_RECIPIENT", "a recipient is no authority, like QT/central");
    }
    header.add_recipients(recipient);
  }
  header.set_family(draft.family);
  header.set_act(draft.act);
  std::vector<Hash> parents = link.parents;
  std::sort(parents.begin(), parents.end());
  if (parents.size() > limits::kMaxParents) parents.resize(limits::kMaxParents);
  for (const Hash& parent : parents) header.add_parents(std::string(AsView(parent)));
  for (const std::string& basis : draft.legal_basis) header.add_legal_basis(basis);
  header.set_urgency(draft.urgency);
  header.set_handling(draft.handling);
  header.set_created_at_ms(ToMillis(now));
  header.set_expires_at_ms(ToMillis(now) + draft.life_days * 24 * 3600 * 1000);
  if (draft.reply_by != absl::InfinitePast()) header.set_reply_by_ms(ToMillis(draft.reply_by));
  header.set_in_reply_to(link.in_reply_to);
  PALERMO_RETURN_IF_ERROR(ReferToDirectories(view, now, &header));
  return header;
}

}  // namespace palermo::desk
