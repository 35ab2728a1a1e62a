// How the content rules are written; inside the room only. A rule looks at a body and reports; it
// knows nothing of the other rules.
#ifndef PALERMO_NODE_CASEWORK_RULES_H_
#define PALERMO_NODE_CASEWORK_RULES_H_

#include <algorithm>
#include <bitset>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// A bit for each kind of assistance.
using TypeSet = std::bitset<v1::AssistanceType::Code_MAX + 1>;

// A request's items and persons by number and reference: an answer may name as many as a message
// holds. Made at the first question; the first of a number or reference counts. Not thread-safe.
class RequestIndex {
 public:
  // `request`: null finds nothing; else outlives this.
  explicit RequestIndex(const v1::Request* request) : request_(request) {}
  const v1::Item* Item(uint32_t n) const;
  // "" names nobody. As SameRef compares.
  const v1::Person* Person(const std::string& ref) const;
  const TypeSet& Types() const;

 private:
  const v1::Request* request_;
  mutable std::optional<std::unordered_map<uint32_t, const v1::Item*>> items_;
  mutable std::optional<std::unordered_map<std::string, const v1::Person*>> persons_;
  mutable std::optional<TypeSet> types_;
};

struct RuleInput {
  const CheckContext& context;
  const v1::CaseBody& body;
  TypeSet types = {};  // of the request's items: most rules concern a few kinds
  RequestIndex asked = RequestIndex(context.request);  // what the case asked before this body
};

// Adds the finding of `key`. REQUIRES: texts.h has the key.
void Tell(std::string_view key, std::string field, std::vector<Finding>& out, TextArgs args = {});

// Collects what one rule finds.
class Report {
 public:
  Report(const RuleInfo& rule, std::vector<Finding>& out) : rule_(rule), out_(out) {}

  // The sentence of texts.h under `key`, whose rule may be another than the row's. `args` fill its
  // {placeholders}; none may be a name or an identifier of the body. A text of a finding stands in
  // texts.h and nowhere else: only what is there is translated.
  void Say(std::string_view key, std::string field, TextArgs args = {}) {
    Tell(key, std::move(field), out_, std::move(args));
    const Finding& said = out_.back();
    if (said.rule == rule_.id && !rule_.article.empty()) {
      out_.back().article = std::string(rule_.article);
    }
  }

 private:
  const RuleInfo& rule_;
  std::vector<Finding>& out_;
};

struct Rule {
  RuleInfo info;
  void (*check)(const RuleInput& in, Report& report);
};

// Says that the word of a field with a closed list is none of it, and which there are.
void SayWord(std::string_view message, std::string_view member, std::string field, Report& report);
// The same, when a word of the field `field` of the message `message` at `at` is none of its list.
void CheckWordIn(std::string_view message, std::string_view field, const std::string& word,
                 const std::string& at, Report& report);
void CheckWordsIn(std::string_view message, std::string_view field,
                  const google::protobuf::RepeatedPtrField<std::string>& words,
                  const std::string& at, Report& report);

// Whether a refusal is one on NON_REFOULEMENT that waits for no view of the requesting state: each
// item that it names, or one of the whole request, would return a person or expose him to his state
// of origin. `request`: null is not known, and then it is.
bool ProtectsFromReturn(const v1::Refusal& refusal, const v1::Request* request,
                        std::string_view requesting_state);
// R-REF-26: the notice period still runs, and until when.
void SayUnheard(const RuleInput& in, Report& report);

// The tables, in the order they run. A rule runs on any act and returns where it has nothing to
// say.
std::span<const Rule> ActRules();
std::span<const Rule> BaseRules();
std::span<const Rule> FamilyBasisRules();
std::span<const Rule> EventRules();
std::span<const Rule> RequestRules();
std::span<const Rule> ResultRules();
std::span<const Rule> RefusalRules();
std::span<const Rule> AuthorityRules();
std::span<const Rule> PersonRules();
std::span<const Rule> SealRules();
std::span<const Rule> RightsRules();
std::span<const Rule> SafeguardRules();
std::span<const Rule> ItemRules();
std::span<const Rule> ThingRules();
std::span<const Rule> VictimRules();
std::span<const Rule> ConductRules();
std::span<const Rule> MessageRules();
std::span<const Rule> InformationRules();
std::span<const Rule> AssetRules();
std::span<const Rule> AreaRules();
std::span<const Rule> CyberRules();
std::span<const Rule> SeaRules();
std::span<const Rule> IdentifierRules();
std::span<const Rule> ProcedureRules();
std::span<const Rule> TextRules();
std::span<const Rule> IntelligenceRules();
std::span<const Rule> ReportRules();
std::span<const Rule> OperationRules();
std::span<const Rule> OperationRecordRules();
std::span<const Rule> OperationActionRules();
std::span<const Rule> AnswerValueRules();
std::span<const Rule> AnswerSenseRules();
std::span<const Rule> CourseRules();
std::span<const Rule> AidRules();
std::span<const Rule> ConsentRules();

// --- Checks of one thing, which stands in requests and in answers. `at` is where it stands.
void CheckMoney(const v1::Money& money, const std::string& at, Report& report);
void CheckSeized(const v1::SeizedObject& seized, const std::string& at, Report& report);
void CheckSubstance(const v1::SubstanceAmount& substance, const std::string& at, Report& report);
// The time, the kind and, when `port` is asked for, the port of an IP address; silent for others.
void CheckAddress(const v1::Selector& selector, bool port, const std::string& at, Report& report);
// The word of the list for what an officer calls the kind of a selector: "IP" for "IPv4 address";
// "" for none.
std::string_view SelectorKind(std::string_view kind);
// Whether what stands under a word of no list may be an identifier: something to be named, and a
// value like one.
bool IsPlausible(const v1::Selector& selector);
// What a referral tells in clear of a victim's health, and of the house where the victim is.
void CheckReferralSecrets(const RuleInput& in, Report& report);
// Its check digits, its form where the kind has one, and that no whole number of a card is shown.
void CheckSelector(const v1::Selector& selector, const std::string& at, Report& report);
void CheckThirdPartyClaims(const google::protobuf::RepeatedPtrField<v1::ThirdPartyClaim>& claims,
                           const std::string& at, Report& report);
// Whether the order of the item covers data of the category TRAFFIC or CONTENT.
bool IsCovered(const v1::Item& item, const std::string& category);

// The content that an act carries, as a field number of CaseBody's oneof; 0 for no act of ours.
int ContentOf(v1::Act::Code act);
// True if the body holds what its act carries: intelligence and records of joint operations travel
// as REQUEST of their families.
bool CarriesContent(const RuleInput& in);

// --- Words that several tables use
// The request that the body holds; null when it holds something else.
const v1::Request* RequestIn(const RuleInput& in);
// Families whose contents 18(15) lists.
bool IsFormal(v1::Family::Code family);
// "TREATY:BIL-1", "UNCAC_46": the profile of the request in hand, or of the case's.
std::string_view GoverningProfile(const RuleInput& in);
// Whether an item of the request in hand is of one of `types`.
inline bool Asks(const RuleInput& in, std::initializer_list<v1::AssistanceType::Code> types) {
  return std::any_of(types.begin(), types.end(), [&](auto type) { return in.types[type]; });
}
// Calls `check` with the request in hand, each of its items that is of one of `types`, and the
// index.
template <typename Check>
void ForItems(const RuleInput& in, std::initializer_list<v1::AssistanceType::Code> types,
              Check check) {
  const v1::Request* r = RequestIn(in);
  if (r == nullptr || !Asks(in, types)) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    if (std::find(types.begin(), types.end(), item.type()) != types.end()) check(*r, item, i);
  }
}
// Calls `check` with each result, its question (null: not known) if it takes one, and where it
// stands: "result.items[0]".
template <typename Check>
void ForResults(const RuleInput& in, Check check);
// Calls `check` with each record of an operation that the body carries, and where it stands:
// "operation_mail.records[0]".
template <typename Check>
void ForRecords(const RuleInput& in, Check check);
// A part of an answer, and whether it is told.
struct PartSaid {
  bool there;
  const char* part;
};
// Says the text of each part that is told, at "`at`.part".
void SayEach(std::initializer_list<PartSaid> all, std::string_view key, const std::string& at,
             Report& report);
// Whether a message holds more than blanks and empty messages.
bool SaysSomething(const google::protobuf::Message& message);
// Whether a path ends in the name of somebody or something.
bool IsNameField(std::string_view path);
// An e-mail address among selectors: what looks like another one is somebody else's.
bool IsAddressField(std::string_view path, std::string_view text);
// Calls `visit` for every text of a message, with its path in JSON. Slow: only where something was
// seen.
using TextVisit = std::function<void(const std::string& path, const std::string& text)>;
void ForTexts(const google::protobuf::Message& message, const std::string& path,
              const TextVisit& visit);
bool OneOf(std::string_view word, std::initializer_list<std::string_view> words);
// What is known of a claim for protection: that there is none, that one is open or granted, or
// nothing that helps. An open one counts before a rejected one: "REJECTED_APPEAL_PENDING".
enum class Claim { kNone, kOpen, kNotAssessed };
Claim ClaimOf(std::string_view word);
// Whether a word that tells nothing of the claim is one that says so: NOT_ASSESSED.
bool IsClaimWord(std::string_view word);
// Whether a member belongs to the answer to a question about a document or nationality, R-DOC-02.
bool IsOfTheAnswer(std::string_view member);
bool IsAct(const RuleInput& in, std::initializer_list<v1::Act::Code> acts);
// What the check takes as now: an instant, else its date alone.
const std::string& NowText(const CheckContext& context);
// InfinitePast when that is no time.
absl::Time NowOf(const CheckContext& context);
// "items[3].description".
std::string At(std::string_view list, int index, std::string_view member = "");
// The language subtag rules of BCP 47, as to form only.
bool IsLanguageTag(std::string_view tag);
// True if `tag` is one of `accepted` or a variety of one ("en-GB" of "en").
bool IsAccepted(const std::vector<std::string>& accepted, std::string_view tag);
// The sentence for a text that is no date: with an hour and a zone where the field is a time, or
// the text has one.
inline std::string_view NoDateKey(std::string_view text, bool instant) {
  const bool time = instant || text.find(':') != std::string_view::npos;
  return time ? "R-GEN-01.instant" : "R-GEN-01.date";
}
// The numbers of the case's items; empty when the request is not known.
std::set<uint32_t> ItemsOf(const CheckContext& context);
bool Has(const std::vector<uint32_t>& numbers, uint32_t n);

template <typename Check>
void ForRecords(const RuleInput& in, Check check) {
  if (in.body.has_operation_record()) check(in.body.operation_record(), "operation_record");
  const auto& mail = in.body.operation_mail().records();
  for (int i = 0; i < mail.size(); ++i) check(mail[i], At("operation_mail.records", i));
}

template <typename Check>
void ForResults(const RuleInput& in, Check check) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    if constexpr (std::is_invocable_v<Check, const v1::ItemResult&, const std::string&>) {
      check(items[i], At("result.items", i));
    } else {
      check(items[i], in.asked.Item(items[i].n()), At("result.items", i));
    }
  }
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_RULES_H_
