#include "node/cli/kinds.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/bytes.h"
#include "node/casework/field_words.h"
#include "node/casework/forms.h"
#include "node/casework/needed.h"
#include "node/casework/vocabulary.h"
#include "node/cli/output.h"
#include "node/cli/speaker.h"

namespace palermo::cli {
namespace {

using casework::MeaningOf;
using casework::Vocabulary;
using v1::AssistanceType;

// "trace-firearm", as an officer may type it.
std::string Typed(const std::string& code) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(code), {{"_", "-"}});
}

// What an item usually needs: "custodian or selectors; period_from".
std::string NeededText(AssistanceType::Code type) {
  std::string text;
  for (const casework::Needed& row : casework::NeededMembers()) {
    if (row.type != type) continue;
    text += Cat(
        {text.empty() ? "" : "; ", absl::StrReplaceAll(std::string(row.members), {{"|", " or "}})});
  }
  return text.empty() ? "description" : text;
}

std::string SidesOf(v1::Act::Code act) {
  bool asks = casework::MaySend(casework::Side::kRequesting, act);
  bool answers = casework::MaySend(casework::Side::kRequested, act);
  return asks && answers ? "both" : asks ? "requesting" : "requested";
}

// The command that begins the form of this type in this area.
std::string BeginsWith(AssistanceType::Code type, std::string_view area) {
  std::string command = Cat({"palermo case new ", Typed(AssistanceType::Code_Name(type))});
  if (!casework::FormIsOfArea(type, area)) return command;
  return Cat({command, " --area ", Typed(std::string(area))});
}

desk::Json TypeJson(AssistanceType::Code type, std::string_view area, const Speaker& speaker) {
  const std::string name = AssistanceType::Code_Name(type);
  const casework::TypeForm* form = casework::FindForm(type);
  desk::Json one = desk::Json::Object();
  one.Add("type", name).Add("meaning", speaker.T(MeaningOf(Vocabulary::kAssistance, name)));
  if (form != nullptr) one.Add("family", casework::FamilyName(form->family));
  one.Add("begin", BeginsWith(type, area));
  return std::move(one.Add("needs", NeededText(type)));
}

// Every word of a vocabulary, with its meaning.
struct Words {
  std::string heading;
  std::string key;
  Vocabulary vocabulary;
};
std::vector<Words> AllWords(const Speaker& speaker) {
  return {{speaker.T("Families of requests"), "families", Vocabulary::kFamilyPurpose},
          {speaker.T("Kinds of assistance"), "types", Vocabulary::kAssistance},
          {speaker.T("States of a case"), "states", Vocabulary::kState},
          {speaker.T("Outcomes of an item"), "outcomes", Vocabulary::kOutcome},
          {speaker.T("Grounds of a refusal"), "grounds", Vocabulary::kGround},
          {speaker.T("Grounds of a postponement or suspension"), "postponement_grounds",
           Vocabulary::kPostponement},
          {speaker.T("Topics of a consultation"), "topics", Vocabulary::kTopic},
          {speaker.T("Urgency"), "urgency", Vocabulary::kUrgency},
          {speaker.T("Handling"), "handling", Vocabulary::kHandling},
          {speaker.T("Other words of a body"), "words", Vocabulary::kWord}};
}

std::string CodesText(const Speaker& speaker) {
  std::string text;
  for (const Words& words : AllWords(speaker)) {
    std::vector<std::vector<std::string>> rows;
    for (const casework::Meaning& meaning : casework::Meanings()) {
      if (meaning.vocabulary != words.vocabulary) continue;
      rows.push_back({std::string(meaning.code), speaker.T(meaning.text)});
    }
    text +=
        Cat({words.heading, "\n", Table({speaker.T("CODE"), speaker.T("MEANING")}, rows), "\n"});
  }
  std::vector<std::vector<std::string>> acts;
  for (v1::Act::Code act : casework::AllActs()) {
    const std::string name = casework::ActName(act);
    acts.push_back({name, speaker.T(MeaningOf(Vocabulary::kAct, name)), SidesOf(act)});
  }
  return text + Cat({speaker.T("Acts, and which side sends them"), "\n",
                     Table({speaker.T("CODE"), speaker.T("MEANING"), speaker.T("SENT BY")}, acts)});
}

// Areas whose routes are reported: SOM 10, TIP 10, FAP 12, UNTOC 27(1)(e).
bool HasRoutes(std::string_view area) {
  for (std::string_view one : {"TRAFFICKING", "SMUGGLING", "FIREARMS", "WILDLIFE", "DRUGS"}) {
    if (one == area) return true;
  }
  return false;
}

std::string AreasText(const Speaker& speaker) {
  std::string text;
  for (const casework::AreaForms& area : casework::Areas()) {
    std::vector<std::vector<std::string>> rows;
    for (AssistanceType::Code type : area.types) {
      const std::string name = AssistanceType::Code_Name(type);
      rows.push_back({speaker.T(MeaningOf(Vocabulary::kAssistance, name)),
                      casework::FamilyName(casework::FindForm(type)->family),
                      BeginsWith(type, area.area)});
    }
    if (HasRoutes(area.area)) {
      rows.push_back({speaker.T(casework::Msg("report on a route")), "LAW_ENFORCEMENT_INFO",
                      "palermo route new"});
    }
    text += Cat({speaker.T(MeaningOf(Vocabulary::kArea, area.area)), "\n",
                 Table({speaker.T("WHAT FOR"), speaker.T("FAMILY"), speaker.T("BEGIN WITH")}, rows),
                 "\n"});
  }
  std::vector<std::vector<std::string>> families;
  for (const casework::Meaning& meaning : casework::Meanings()) {
    if (meaning.vocabulary != Vocabulary::kFamilyPurpose) continue;
    families.push_back({std::string(meaning.code), speaker.T(meaning.text)});
  }
  return text +
         Cat({speaker.T("Families of requests"), "\n",
              Table({speaker.T("FAMILY"), speaker.T("WHAT FOR")}, families), "\n",
              speaker.T("What each field means: palermo case fields TYPE"), "\n",
              speaker.T("The answer to a request: palermo case new --act ACT"), "\n",
              speaker.T("Every code with its meaning: palermo case new --list --codes"), "\n"});
}

desk::Json KindsJson(const Speaker& speaker) {
  desk::Json areas = desk::Json::List(), acts = desk::Json::List();
  for (const casework::AreaForms& area : casework::Areas()) {
    desk::Json types = desk::Json::List();
    for (AssistanceType::Code type : area.types) types.Push(TypeJson(type, area.area, speaker));
    desk::Json one = desk::Json::Object();
    one.Add("area", std::string(area.area));
    one.Add("meaning", speaker.T(MeaningOf(Vocabulary::kArea, area.area)));
    areas.Push(std::move(one.Add("types", std::move(types))));
  }
  for (v1::Act::Code act : casework::AllActs()) {
    const std::string name = casework::ActName(act);
    desk::Json one = desk::Json::Object();
    one.Add("act", name).Add("meaning", speaker.T(MeaningOf(Vocabulary::kAct, name)));
    acts.Push(std::move(one.Add("sent_by", SidesOf(act))));
  }
  desk::Json json = desk::Json::Object();
  json.Add("areas", std::move(areas)).Add("acts", std::move(acts));
  for (const Words& words : AllWords(speaker)) {
    desk::Json list = desk::Json::List();
    for (const casework::Meaning& meaning : casework::Meanings()) {
      if (meaning.vocabulary != words.vocabulary) continue;
      desk::Json one = desk::Json::Object();
      one.Add("code", std::string(meaning.code)).Add("meaning", speaker.T(meaning.text));
      list.Push(std::move(one));
    }
    json.Add(words.key, std::move(list));
  }
  return json;
}

std::string NeedWord(const casework::FieldNeed& need, const Speaker& speaker) {
  if (!need.severity) return speaker.T("may");
  switch (*need.severity) {
    case casework::Severity::kError:
      return speaker.T("must");
    case casework::Severity::kWarning:
      return speaker.T("should");
    case casework::Severity::kNote:
      break;
  }
  return speaker.T("usual");
}

// What a word of a list means; "" where it is only a code.
std::string WordMeaning(const google::protobuf::FieldDescriptor& field, const std::string& word,
                        const Speaker& speaker) {
  std::string_view text;
  if (field.enum_type() != nullptr) {
    text = MeaningOf(*field.enum_type()->FindValueByName(word));
  } else {
    for (Vocabulary vocabulary : {Vocabulary::kWord, Vocabulary::kArea, Vocabulary::kHandling}) {
      if (text.empty()) text = MeaningOf(vocabulary, word);
    }
  }
  return text.empty() ? "" : speaker.T(text);
}

// How a field is written; a short list is shown whole.
std::string FormText(const google::protobuf::FieldDescriptor& field, const Speaker& speaker) {
  constexpr size_t kShort = 4;
  const std::vector<std::string> words = casework::WordsFor(field);
  if (words.empty()) return speaker.T(casework::FieldForm(field));
  if (words.size() <= kShort) return absl::StrJoin(words, ", ");
  return Cat({"palermo case new --words ", field.name()});
}

std::string Meaning(const casework::FieldNeed& need, const Speaker& speaker) {
  return speaker.T(casework::FieldMeaning(*need.field));
}

std::string FieldsTable(const std::vector<casework::FieldNeed>& needs, const Speaker& speaker) {
  std::vector<std::vector<std::string>> rows;
  for (const casework::FieldNeed& need : needs) {
    std::string source = need.rule;
    if (!need.article.empty()) source += Cat({" (", need.article, ")"});
    rows.push_back({need.path, NeedWord(need, speaker), source, Meaning(need, speaker),
                    FormText(*need.field, speaker),
                    // JSON writes the signs of a passport's lines as numbers.
                    absl::StrReplaceAll(need.example, {{"\\u003c", "<"}, {"\\u003e", ">"}})});
  }
  return Table({speaker.T("FIELD"), speaker.T("NEED"), speaker.T("RULE"), speaker.T("MEANING"),
                speaker.T("FORM"), speaker.T("EXAMPLE")},
               rows);
}

desk::Json FieldsJson(const std::vector<casework::FieldNeed>& needs, const Speaker& speaker) {
  desk::Json list = desk::Json::List();
  for (const casework::FieldNeed& need : needs) {
    desk::Json one = desk::Json::Object();
    one.Add("field", need.path);
    one.Add("severity",
            need.severity ? std::string(casework::SeverityName(*need.severity)) : std::string());
    one.Add("rule", need.rule).Add("article", need.article);
    one.Add("meaning", Meaning(need, speaker)).Add("form", FormText(*need.field, speaker));
    desk::Json words = desk::Json::List();
    for (const std::string& word : casework::WordsFor(*need.field)) words.Push(word);
    one.Add("words", std::move(words));
    one.Add("example", desk::Json::Raw(need.example.empty() ? "null" : need.example));
    list.Push(std::move(one));
  }
  return list;
}

std::string MoreTable(const std::vector<casework::FieldNeed>& more, const Speaker& speaker) {
  return Cat(
      {speaker.T("Fields that only some requests have; palermo case new TYPE --more prints them"),
       "\n", FieldsTable(more, speaker)});
}

std::string OtherTable(const std::vector<casework::FieldNeed>& other, const Speaker& speaker) {
  if (other.empty()) return "";
  return Cat(
      {speaker.T("Fields that only some such acts have; without a rule: nothing asks for it"), "\n",
       FieldsTable(other, speaker), "\n"});
}

std::string NeedsLegend(const Speaker& speaker) {
  return Cat(
      {speaker.T("must: without it the message is not sent. should: a warning, which needs a "
                 "reason. usual: an authority usually needs it. may: it can be left out. "
                 "[0] is the first entry of a list."),
       "\n"});
}

}  // namespace

void ListKinds(bool codes, Context& context) {
  const Speaker speaker(context.language);
  if (context.json) {
    context.out += KindsJson(speaker).Pretty();
  } else {
    context.out += codes ? CodesText(speaker) : AreasText(speaker);
  }
}

void ListFields(AssistanceType::Code type, Context& context) {
  const Speaker speaker(context.language);
  const std::string name = AssistanceType::Code_Name(type);
  const auto fields = casework::FieldsOfForm(type), more = casework::MoreFieldsOfForm(type),
             answer = casework::FieldsOfAnswer(type), other = casework::OtherFieldsOfForm(type),
             answer_other = casework::OtherFieldsOfAnswer(type);
  if (context.json) {
    desk::Json json = TypeJson(type, "", speaker);
    json.Add("fields", FieldsJson(fields, speaker));
    json.Add("more", FieldsJson(more, speaker)).Add("other", FieldsJson(other, speaker));
    json.Add("answer", FieldsJson(answer, speaker));
    context.out += json.Add("answer_other", FieldsJson(answer_other, speaker)).Pretty();
    return;
  }
  const std::string meaning = speaker.T(MeaningOf(Vocabulary::kAssistance, name));
  context.out += Cat({name, ": ", meaning, "\n\n", FieldsTable(fields, speaker), "\n"});
  if (!more.empty()) context.out += Cat({MoreTable(more, speaker), "\n"});
  context.out += OtherTable(other, speaker);
  context.out += Cat({speaker.T("Fields of the answer: palermo case new TYPE --act FINAL_RESULT"),
                      "\n", FieldsTable(answer, speaker), "\n", OtherTable(answer_other, speaker),
                      NeedsLegend(speaker)});
}

void ListActFields(v1::Act::Code act, Context& context) {
  const Speaker speaker(context.language);
  const std::string name = casework::ActName(act);
  const std::string meaning = speaker.T(MeaningOf(Vocabulary::kAct, name));
  const auto fields = casework::FieldsOfAct(act), more = casework::MoreFieldsOfAct(act);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("act", name).Add("meaning", meaning).Add("sent_by", SidesOf(act));
    json.Add("begin", Cat({"palermo case new --act ", name}));
    json.Add("fields", FieldsJson(fields, speaker));
    context.out += json.Add("more", FieldsJson(more, speaker)).Pretty();
    return;
  }
  context.out += Cat({name, ": ", meaning, "\n", speaker.T("SENT BY"), ": ", SidesOf(act), "\n",
                      speaker.T("BEGIN WITH"), ": palermo case new --act ", name, "\n\n",
                      FieldsTable(fields, speaker), "\n"});
  context.out += Cat({OtherTable(more, speaker), NeedsLegend(speaker)});
}

void ListFieldsOf(AssistanceType::Code type, v1::Act::Code act, Context& context) {
  const bool result = act == v1::Act::PARTIAL_RESULT || act == v1::Act::FINAL_RESULT;
  const Speaker speaker(context.language);
  const auto fields = result ? casework::FieldsOfAnswer(type) : casework::FieldsOfForm(type);
  const auto more = result ? std::vector<casework::FieldNeed>() : casework::MoreFieldsOfForm(type);
  const auto other =
      result ? casework::OtherFieldsOfAnswer(type) : casework::OtherFieldsOfForm(type);
  const std::string name = AssistanceType::Code_Name(type);
  if (context.json) {
    desk::Json json = TypeJson(type, "", speaker);
    json.Add("act", casework::ActName(act)).Add("fields", FieldsJson(fields, speaker));
    json.Add("more", FieldsJson(more, speaker));
    context.out += json.Add("other", FieldsJson(other, speaker)).Pretty();
    return;
  }
  context.out += Cat({name, ", ", casework::ActName(act), ": ",
                      speaker.T(MeaningOf(Vocabulary::kAssistance, name)), "\n\n",
                      FieldsTable(fields, speaker), "\n"});
  if (!more.empty()) context.out += Cat({MoreTable(more, speaker), "\n"});
  context.out += Cat({OtherTable(other, speaker), NeedsLegend(speaker)});
}

absl::StatusOr<int> ListWords(const std::string& field, Context& context) {
  const Speaker speaker(context.language);
  const auto fields = casework::FieldsNamed(field);
  if (fields.empty()) {
    return UsageError(Cat({"--words: no field '", field,
                           "' has a list of words; the fields of a request: palermo case fields "
                           "TYPE"}));
  }
  desk::Json list = desk::Json::List();
  for (const auto* one : fields) {
    const std::string name = Cat({one->containing_type()->name(), ".", one->name()});
    std::vector<std::vector<std::string>> rows;
    desk::Json words = desk::Json::List();
    for (const std::string& word : casework::WordsFor(*one)) {
      rows.push_back({word, WordMeaning(*one, word, speaker)});
      words.Push(
          std::move(desk::Json::Object().Add("code", word).Add("meaning", rows.back().back())));
    }
    context.out += context.json
                       ? ""
                       : Cat({name, ": ", speaker.T(casework::FieldMeaning(*one)), "\n",
                              Table({speaker.T("CODE"), speaker.T("MEANING")}, rows), "\n"});
    list.Push(std::move(desk::Json::Object().Add("field", name).Add("words", std::move(words))));
  }
  if (context.json) context.out += list.Pretty();
  return kExitOk;
}

std::string FindingsWords(const std::vector<casework::Finding>& findings,
                          words::Language language) {
  const Speaker speaker(language);
  std::string text;
  for (const casework::Finding& finding : findings) {
    std::string severity(casework::SeverityName(finding.severity));
    if (language != words::Language::kEnglish) {
      severity = speaker.T(MeaningOf(Vocabulary::kSeverity, severity));
    }
    const casework::TextArgs args = {
        {"severity", severity},
        {"rule", finding.rule},
        {"article", finding.article == "policy" ? speaker.T("policy") : finding.article},
        {"field", finding.field},
        {"what", finding.what}};
    std::string line;
    if (finding.article.empty() && finding.field.empty()) {
      line = speaker.Fill(casework::Msg("{severity} {rule}: {what}."), args);
    } else if (finding.article.empty()) {
      line = speaker.Fill(casework::Msg("{severity} {rule} at {field}: {what}."), args);
    } else if (finding.field.empty()) {
      line = speaker.Fill(casework::Msg("{severity} {rule} ({article}): {what}."), args);
    } else {
      line = speaker.Fill(casework::Msg("{severity} {rule} ({article}) at {field}: {what}."), args);
    }
    text += line + "\n";
    if (finding.todo.empty()) continue;
    text +=
        Cat({"  ", speaker.Fill(casework::Msg("To do: {todo}."), {{"todo", finding.todo}}), "\n"});
  }
  return text;
}

}  // namespace palermo::cli
