#include "node/desk/grounds.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::desk {
namespace {

using casework::Msg;
using v1::Act;

struct GroundWord {
  std::string code;          // "SECURITY"; "" none
  std::string_view meaning;  // "" when the code is not known here
  bool from_text = false;    // the body has it at the head of its text only
};

// What one body says, whichever act it belongs to.
struct Stated {
  GroundWord ground, topic;
  std::string review_at, expected_until, law_ref;
  std::vector<uint32_t> items;  // empty: all
};

GroundWord WordOf(const google::protobuf::EnumDescriptor& words, int number) {
  const auto* value = words.FindValueByNumber(number);
  if (number == 0) return {};
  if (value == nullptr) return {std::to_string(number), ""};
  return {value->name(), casework::MeaningOf(*value)};
}

// Programs of before the field wrote the ground at the head of the text.
GroundWord GroundOf(const v1::Statement& statement) {
  const auto& words = *v1::PostponementGround::Code_descriptor();
  if (statement.ground() != 0) return WordOf(words, statement.ground());
  const auto* value = words.FindValueByName(std::string(casework::CodeAtHead(statement.text())));
  if (value == nullptr || value->number() == 0) return {};
  return {value->name(), casework::MeaningOf(*value), true};
}

Stated StatedIn(const v1::CaseBody& body) {
  Stated stated;
  if (body.has_statement()) {
    const v1::Statement& said = body.statement();
    stated.ground = GroundOf(said);
    stated.review_at = said.until();
    stated.expected_until = said.expected_until();
    stated.items.assign(said.items().begin(), said.items().end());
  } else if (body.has_refusal()) {
    const v1::Refusal& said = body.refusal();
    stated.ground = WordOf(*v1::RefusalGround::Code_descriptor(), said.ground());
    stated.law_ref = said.law_ref();
    stated.items.assign(said.items().begin(), said.items().end());
  } else if (body.has_consultation_open()) {
    const v1::ConsultationOpen& said = body.consultation_open();
    stated.topic = WordOf(*v1::ConsultTopic::Code_descriptor(), said.topic());
    stated.ground = WordOf(*v1::RefusalGround::Code_descriptor(), said.intended_ground());
    stated.items.assign(said.items().begin(), said.items().end());
  }
  return stated;
}

bool IsConsultation(Act::Code act) { return act == Act::CONSULTATION_OPEN; }

// Only these are looked at again on a date.
bool HasReview(Act::Code act) {
  return act == Act::POSTPONEMENT_NOTICE || act == Act::POSTPONEMENT_REVIEW ||
         act == Act::SUSPENSION;
}

Json WordJson(const GroundWord& word) {
  if (word.code.empty()) return Json::Raw("null");
  Json json = Json::Object();
  json.Add("code", word.code).Add("meaning", std::string(word.meaning));
  return json.Add("from_text", word.from_text);
}

// Of a message that is not open: whether anybody of this office opened it before.
std::string ClosedLine(const CaseAct& act, const casework::Translated& translated) {
  const bool seen = !act.incoming || act.retrieval == v1::RetrievalResult::OPENED;
  if (seen) {
    return casework::Said(
        Msg("ground and dates: not known here, for your keys do not open this message"), {},
        translated);
  }
  return casework::Said(
      Msg("ground and dates: not known here, nobody of this office has opened the message: palermo "
          "case open {id}"),
      {{"id", HexEncode(AsView(act.id))}}, translated);
}

}  // namespace

bool StatesGround(Act::Code act) {
  switch (act) {
    case Act::POSTPONEMENT_NOTICE:
    case Act::POSTPONEMENT_REVIEW:
    case Act::SUSPENSION:
    case Act::REFUSAL:
    case Act::REFUSAL_IN_PART:
    case Act::REFUSAL_NATIONALITY:
    case Act::CONSULTATION_OPEN:
      return true;
    default:
      return false;
  }
}

std::vector<std::string> GroundLines(const CaseAct& act, const v1::CaseBody* body,
                                     const casework::Translated& translated) {
  const Act::Code code = act.header.act();
  if (body == nullptr) return {ClosedLine(act, translated)};
  const Stated stated = StatedIn(*body);
  std::vector<std::string> lines;
  const auto say = [&](std::string_view english, const casework::TextArgs& args) {
    lines.push_back(casework::Said(english, args, translated));
  };
  const auto word = [&](std::string_view english, const GroundWord& one) {
    const std::string_view meaning = one.meaning.empty() ? Msg("not known here") : one.meaning;
    say(english, {{"meaning", casework::Said(meaning, {}, translated)}, {"code", one.code}});
  };
  const auto date = [&](std::string_view english, const std::string& when) {
    if (!when.empty()) say(english, {{"date", casework::OneLine(when)}});
  };
  if (!stated.topic.code.empty()) word(Msg("topic: {meaning} ({code})"), stated.topic);
  if (stated.ground.code.empty()) {
    if (!IsConsultation(code)) say(Msg("ground: none is named beside the text"), {});
  } else if (IsConsultation(code)) {
    word(Msg("intended ground: {meaning} ({code})"), stated.ground);
  } else if (stated.ground.from_text) {
    word(Msg("ground, by the first word of the text: {meaning} ({code})"), stated.ground);
  } else {
    word(Msg("ground: {meaning} ({code})"), stated.ground);
  }
  if (!stated.law_ref.empty()) {
    say(Msg("law: {law}"), {{"law", casework::OneLine(stated.law_ref)}});
  }
  if (HasReview(code)) {
    date(Msg("looked at again by {date}"), stated.review_at);
    date(Msg("the cause is expected to end {date}"), stated.expected_until);
  }
  if (!stated.items.empty()) {
    say(Msg("items: {items}"), {{"items", absl::StrJoin(stated.items, ", ")}});
  }
  return lines;
}

Json GroundJson(const CaseAct& act, const v1::CaseBody* body) {
  const Act::Code code = act.header.act();
  Json json = Json::Object();
  json.Add("id", HexEncode(AsView(act.id))).Add("act", casework::ActName(code));
  json.Add("opened", body != nullptr);
  if (body == nullptr) return json;
  const Stated stated = StatedIn(*body);
  if (IsConsultation(code)) json.Add("topic", WordJson(stated.topic));
  json.Add(IsConsultation(code) ? "intended_ground" : "ground", WordJson(stated.ground));
  if (HasReview(code)) {
    json.Add("review_at", stated.review_at).Add("expected_until", stated.expected_until);
  }
  if (body->has_refusal()) json.Add("law_ref", stated.law_ref);
  Json items = Json::List();
  for (const uint32_t n : stated.items) items.Push(Json::Number(n));
  return std::move(json.Add("items", std::move(items)));
}

}  // namespace palermo::desk
