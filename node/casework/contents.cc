#include "node/casework/contents.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "node/casework/catalogue.h"
#include "node/casework/field_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

std::array<std::span<const Rule>, 35> Tables() {
  return {ActRules(),
          BaseRules(),
          MessageRules(),
          TextRules(),
          AuthorityRules(),
          FamilyBasisRules(),
          RequestRules(),
          SealRules(),
          PersonRules(),
          RightsRules(),
          SafeguardRules(),
          VictimRules(),
          ItemRules(),
          ThingRules(),
          AreaRules(),
          AssetRules(),
          CyberRules(),
          SeaRules(),
          IdentifierRules(),
          ResultRules(),
          ConductRules(),
          EventRules(),
          RefusalRules(),
          IntelligenceRules(),
          ReportRules(),
          OperationRules(),
          OperationRecordRules(),
          OperationActionRules(),
          ProcedureRules(),
          InformationRules(),
          AnswerValueRules(),
          AnswerSenseRules(),
          CourseRules(),
          AidRules(),
          ConsentRules()};
}

TypeSet TypesOf(const v1::Request& request) {
  TypeSet types;
  for (const v1::Item& item : request.items()) {
    // A number that no type has is told by its own rule.
    if (v1::AssistanceType::Code_IsValid(item.type())) types.set(item.type());
  }
  return types;
}

constexpr size_t kMaxSubtagLetters = 8;

// ISO 639-1, and what was in it once.
constexpr std::string_view kLanguages =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffi"
    "fjfofrfygagdglgngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkw"
    "kylalblglilnloltlulvmgmhmimkmlmnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnro"
    "rurwsascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyi"
    "yozazhzuiniwjishmo";
bool IsKnownLanguage(std::string_view two) {
  for (size_t at = 0; at + 2 <= kLanguages.size(); at += 2) {
    if (kLanguages.substr(at, 2) == two) return true;
  }
  return false;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

const v1::Item* RequestIndex::Item(uint32_t n) const {
  if (request_ == nullptr) return nullptr;
  if (!items_.has_value()) {
    items_.emplace();
    for (const v1::Item& item : request_->items()) items_->emplace(item.n(), &item);
  }
  const auto found = items_->find(n);
  return found == items_->end() ? nullptr : found->second;
}

const v1::Person* RequestIndex::Person(const std::string& ref) const {
  if (request_ == nullptr || ref.empty()) return nullptr;
  if (!persons_.has_value()) {
    persons_.emplace();
    for (const v1::Person& person : request_->persons())
      persons_->emplace(RefKey(person.ref()), &person);
  }
  const auto found = persons_->find(RefKey(ref));
  return found == persons_->end() ? nullptr : found->second;
}

const TypeSet& RequestIndex::Types() const {
  if (!types_.has_value()) {
    types_.emplace();
    if (request_ != nullptr) *types_ = TypesOf(*request_);
  }
  return *types_;
}

std::vector<Finding> CheckBody(const CheckContext& context, const v1::CaseBody& body) {
  std::vector<Finding> findings;
  const RuleInput input{context, body, TypesOf(body.request())};
  for (const auto table : Tables()) {
    for (const Rule& rule : table) {
      Report report(rule.info, findings);
      rule.check(input, report);
    }
    // Another act's content: nothing more can be said about it.
    if (!CarriesContent(input)) break;
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return findings;
}

std::span<const RuleInfo> Rules() {
  static const auto& all = *new std::vector<RuleInfo>([] {
    std::vector<RuleInfo> infos;
    for (const auto table : Tables()) {
      for (const Rule& rule : table) infos.push_back(rule.info);
    }
    return infos;
  }());
  return all;
}

void Tell(std::string_view key, std::string field, std::vector<Finding>& out, TextArgs args) {
  const Text* text = FindText(key);
  PALERMO_CHECK(text != nullptr);
  const std::string rule(key.substr(0, key.find('.')));
  const CatalogueRow* row = FindRule(rule);
  PALERMO_CHECK(row != nullptr);
  out.push_back({rule, text->severity, std::move(field), FillText(text->what, args, false),
                 std::string(row->authority), FillText(text->todo, args, false), std::string(key),
                 std::move(args)});
}

void SayWord(std::string_view message, std::string_view member, std::string field, Report& report) {
  const FieldWords* row = FindWords(message, member);
  PALERMO_CHECK(row != nullptr);
  std::string words;
  for (std::string_view word : row->words) words += Cat({words.empty() ? "" : ", ", word});
  report.Say("R-GEN-01.word", std::move(field), {{"words", words}});
}

void CheckWordIn(std::string_view message, std::string_view field, const std::string& word,
                 const std::string& at, Report& report) {
  if (!IsWordOf(message, field, word)) SayWord(message, field, Cat({at, ".", field}), report);
}

void CheckWordsIn(std::string_view message, std::string_view field,
                  const google::protobuf::RepeatedPtrField<std::string>& words,
                  const std::string& at, Report& report) {
  const bool good = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return IsWordOf(message, field, word);
  });
  if (!good) SayWord(message, field, Cat({at, ".", field}), report);
}

bool NeedsSecondOfficer(const v1::CaseBody& body) {
  const auto& all = body.overridden();
  return std::any_of(all.begin(), all.end(), [](const v1::OverriddenFinding& entry) {
    return ParseOverridden(entry.rule()).rule != "R-GEN-04";
  });
}

void SayUnheard(const RuleInput& in, Report& report) {
  const std::string& until = in.context.notice_ends_at;
  if (until.empty()) {
    report.Say("R-REF-26.unheard", "");
  } else {
    report.Say("R-REF-26.unheard_until", "", {{"until", until}});
  }
}

const v1::Request* RequestIn(const RuleInput& in) {
  return in.body.has_request() ? &in.body.request() : nullptr;
}

// Police and intelligence information, spontaneous information, victims' referrals and hit queries
// are other legal acts; requests at sea, for preservation and under a Protocol have contents of
// their own.
bool IsFormal(v1::Family::Code family) {
  switch (family) {
    case v1::Family::MLA:
    case v1::Family::CONFISCATION:
    case v1::Family::EXTRADITION:
    case v1::Family::TRANSFER_SENTENCED:
    case v1::Family::TRANSFER_PROCEEDINGS:
    case v1::Family::JOINT_INVESTIGATION:
    case v1::Family::SPECIAL_TECHNIQUE:
      return true;
    default:
      return false;
  }
}

std::string_view GoverningProfile(const RuleInput& in) {
  if (in.body.has_request()) return in.body.request().basis().governing_profile();
  if (in.context.request != nullptr) return in.context.request->basis().governing_profile();
  return "";
}

bool OneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsAct(const RuleInput& in, std::initializer_list<v1::Act::Code> acts) {
  return std::find(acts.begin(), acts.end(), in.context.act) != acts.end();
}

const std::string& NowText(const CheckContext& context) {
  return context.now.empty() ? context.now_iso8601_date : context.now;
}

absl::Time NowOf(const CheckContext& context) {
  const auto now = ParseInstant(NowText(context));
  return now.ok() ? *now : absl::InfinitePast();
}

void SayEach(std::initializer_list<PartSaid> all, std::string_view key, const std::string& at,
             Report& report) {
  for (const PartSaid& said : all) {
    if (said.there) report.Say(key, Cat({at, ".", said.part}));
  }
}
std::string At(std::string_view list, int index, std::string_view member) {
  // Rules name their places before they know whether they tell of them: no format is parsed here.
  return Cat({list, "[", std::to_string(index), "]", member.empty() ? "" : ".", member});
}

bool IsLanguageTag(std::string_view tag) {
  size_t subtag = 0, subtags = 1;
  for (char c : tag) {
    if (c == '-') {
      if (subtag == 0 || (subtags == 1 && subtag < 2)) return false;
      subtag = 0;
      ++subtags;
      continue;
    }
    const auto u = static_cast<unsigned char>(c);
    const bool good = u < 0x80 && (subtags == 1 ? std::isalpha(u) != 0 : std::isalnum(u) != 0);
    if (!good || ++subtag > kMaxSubtagLetters) return false;
  }
  if (subtags == 1 ? subtag < 2 : subtag < 1) return false;
  // The registry has languages of two and of three letters, and none that is longer.
  const std::string first = Lower(tag.substr(0, tag.find('-')));
  return first.size() == 2 ? IsKnownLanguage(first) : first.size() == 3;
}

bool IsAccepted(const std::vector<std::string>& accepted, std::string_view tag) {
  const std::string wanted = Lower(tag) + "-";
  return std::any_of(accepted.begin(), accepted.end(), [&](const std::string& range) {
    const std::string prefix = Lower(range) + "-";
    return wanted.compare(0, prefix.size(), prefix) == 0;
  });
}

std::set<uint32_t> ItemsOf(const CheckContext& context) {
  std::set<uint32_t> numbers;
  if (context.request == nullptr) return numbers;
  for (const v1::Item& item : context.request->items()) numbers.insert(item.n());
  return numbers;
}

bool Has(const std::vector<uint32_t>& numbers, uint32_t n) {
  return std::find(numbers.begin(), numbers.end(), n) != numbers.end();
}

}  // namespace palermo::casework
