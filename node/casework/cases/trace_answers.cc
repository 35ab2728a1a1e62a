// Answers to the traces of a case: which trace one answers, and what it may tell.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "node/casework/cases/answers.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

using Words = std::set<std::string>;

// "printed" of "printed_answer".
std::string Before(const std::string& name) {
  for (const char* end : {"_answer", "_reply", "_response", "_result"}) {
    const size_t at = name.find(end);
    if (at != std::string::npos) return name.substr(0, at);
  }
  return "";
}

struct Word {
  std::string_view asked;
  std::vector<std::string> means;
};

// What one trace, or all together, want to know.
class Wanted {
 public:
  void Add(const Struct& trace) {
    const Value* said = Member(trace, "requested");
    if (said == nullptr) return;
    says_ = true;
    for (const std::string& name : OneOrMore(trace, "requested")) Add(name);
    for (const auto& [name, value] : said->struct_value().fields()) {
      if (SaysYes(&value)) Add(name);
    }
  }
  // False where they only say what they are about.
  bool Says() const { return says_; }
  // In the words of an answer; everything where none says it.
  Words InAnswer() const {
    static const auto& known = *new std::vector<Word>{
        {"manufacturer",
         {"manufacturer", "maker", "producer", "manufacture_date", "manufactured_at"}},
        {"first_buyer", {"first_buyer", "buyer", "first_purchaser"}},
        {"export_data", {"export_data", "export", "exported_at", "export_date", "export_licence"}},
        {"import_data", {"import_data", "import", "imported_at", "import_date", "import_licence"}}};
    Words words = asked_;
    bool all = !says_;
    for (const char* whole : {"full_chain", "chain", "all", "history"}) {
      all |= asked_.count(whole) > 0;
    }
    if (all) words.insert({"holders", "owners", "last_holder", "full_chain"});
    for (const Word& word : known) {
      if (!all && asked_.count(std::string(word.asked)) == 0) continue;
      words.insert(word.means.begin(), word.means.end());
    }
    return words;
  }

 private:
  void Add(const std::string& name) { asked_.insert(absl::AsciiStrToLower(name)); }

  bool says_ = false;
  Words asked_;
};

// The traces of a case by their names and numbers.
class Traces {
 public:
  explicit Traces(const Struct& json) {
    if (const Struct* records = ObjectOf(json, "records")) {
      for (const std::string& name : SortedNames(*records)) {
        const Struct* record = ObjectOf(*records, name);
        if (record == nullptr || !IsTraceRecord(*record)) continue;
        by_name_.emplace(name, record);
        const std::string id = FirstOf(*record, {"id", "ref", "trace_id"});
        if (!id.empty()) by_id_.emplace(id, record);
        all_.Add(*record);
      }
    }
    const Struct* request = ObjectOf(json, "request");
    const Value* items = request == nullptr ? nullptr : Member(*request, "items");
    for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
      const Struct& item = items->list_value().values(i).struct_value();
      if (!IsTraceRecord(item)) continue;
      in_items_ = true;
      all_.Add(item);
    }
    words_of_all_ = all_.InAnswer();
  }

  bool empty() const { return by_name_.empty() && !in_items_; }

  // The one that an answer names, by its own name or in one of its members; null for none.
  const Struct* Named(const std::string& name, const Struct& answer) const {
    if (const Struct* trace = Find(by_name_, name)) return trace;
    for (const char* member : {"of", "object", "trace", "trace_id", "trace_ref", "in_reply_to"}) {
      const std::string said = TextOf(answer, member);
      if (said.empty()) continue;
      const Struct* trace = Find(by_name_, said);
      if (trace == nullptr) trace = Find(by_id_, said);
      if (trace != nullptr) return trace;
    }
    return Find(by_name_, Before(name));
  }

  // The named one, else that of the state which answers, else the first that says who is asked.
  const Struct* For(const std::string& name, const Struct& answer) const {
    if (const Struct* named = Named(name, answer)) return named;
    const std::string by = FirstOf(answer, {"from", "by", "answered_by"});
    const Struct* first = nullptr;
    for (const auto& [each, trace] : by_name_) {
      const std::string asked = TextOf(*trace, "rd");
      if (asked.empty()) continue;
      if (asked == by) return trace;
      if (first == nullptr) first = trace;
    }
    return first;
  }

  bool SaysWhatItWants(const Struct* trace) const {
    return trace == nullptr ? all_.Says() : Member(*trace, "requested") != nullptr;
  }

  // Of all together, where the answer names none.
  Words WordsFor(const Struct* trace) const {
    if (trace == nullptr) return words_of_all_;
    Wanted wanted;
    wanted.Add(*trace);
    return wanted.InAnswer();
  }

 private:
  using ByName = std::map<std::string, const Struct*>;

  static const Struct* Find(const ByName& traces, const std::string& name) {
    const auto found = traces.find(name);
    return found == traces.end() ? nullptr : found->second;
  }

  ByName by_name_, by_id_;
  bool in_items_ = false;
  Wanted all_;
  Words words_of_all_;
};

// The chain of those who had the firearm, not one of custody.
bool HasHolders(const Struct& answer) {
  const Value* chain = Member(answer, "chain");
  if (chain == nullptr) return false;
  const auto& holders = chain->list_value().values();
  return std::any_of(holders.begin(), holders.end(), [](const Value& holder) {
    return Member(holder.struct_value(), "holder_kind") != nullptr;
  });
}

// Buyers and owners in the chain, whom the question did not mean.
bool ShowsHolders(const Struct& answer) {
  const Value* chain = Member(answer, "chain");
  if (chain == nullptr) return false;
  const auto& holders = chain->list_value().values();
  return std::any_of(holders.begin(), holders.end(), [](const Value& holder) {
    const std::string kind = FirstOf(holder.struct_value(), {"holder_kind", "kind"});
    return Contains(kind, {"BUYER", "OWNER", "PRIVATE"});
  });
}

// What a laboratory or a transit state says of a firearm is no answer of its maker.
bool AnswersTrace(const Traces& traces, const std::string& name, const Struct& answer) {
  if (HasWord(name, {"ballistic", "ballistics", "lab", "laboratory", "forensic", "forensics"})) {
    return false;
  }
  if (HasHolders(answer)) return true;
  const bool called = Contains(name, {"answer", "reply"}) || OneOf(name, {"response", "result"});
  return called && (Member(answer, "chain") != nullptr || traces.Named(name, answer) != nullptr ||
                    HasWord(Before(name), {"trace"}));
}

// What a case calls the answer where there is one: "answer", "answers_1"; to no other record.
bool IsPlainAnswer(const Struct& records, const std::string& name, const Struct& answer) {
  const std::string word = name.substr(0, name.find_last_not_of("_0123456789") + 1);
  return OneOf(word, {"answer", "answers", "reply", "response"}) &&
         ObjectOf(records, TextOf(answer, "of")) == nullptr &&
         ObjectOf(records, TextOf(answer, "object")) == nullptr;
}

// "LICENCE_ANSWER": of something else.
bool HasOtherType(const Struct& answer) {
  const std::string type = TextOf(answer, "type");
  return !type.empty() && !HasWord(type, {"trace"}) &&
         !OneOf(type, {"ANSWER", "REPLY", "RESPONSE", "RESULT"});
}

bool AsksAboutLicences(const Struct& records) {
  const auto& all = records.fields();
  return std::any_of(all.begin(), all.end(), [](const auto& each) {
    const auto type = TypeOfRecord(each.second.struct_value());
    return type == AssistanceType::VERIFY_LICENCE ||
           type == AssistanceType::CONFIRM_SHIPMENT_RECEIPT;
  });
}

}  // namespace

bool IsTraceRecord(const Struct& record) {
  return TypeOfRecord(record) == AssistanceType::TRACE_FIREARM;
}

const Struct* TraceFor(const Struct& json, const std::string& name, const Struct& answer) {
  return Traces(json).For(name, answer);
}

const std::vector<std::string>& LicenceWords() {
  static const auto& words = *new std::vector<std::string>{
      "result", "chain", "last_known", "needed", "commercial_confidential", "licence_no", "no",
      "kind", "issuer", "issued_at", "expires_at", "exporter", "importer", "transit",
      "final_recipient", "goods", "quantity", "qty", "authentic", "valid", "reason", "confirmed",
      "exists", "expired", "import_licence_exists", "import_licence", "transit_objection",
      "no_objection", "objection", "written", "transit_state", "status", "verified", "verified_at",
      "checked_at", "place", "broker", "date", "licence",
      // The firearm itself, which the question told of.
      "firearm", "class", "make", "model", "calibre", "caliber", "serial", "serial_number",
      "serial_no", "serial_state", "marks", "markings", "import_mark", "country_of_manufacture",
      "receiver_only"};
  return words;
}

std::set<std::string> RequestedWords(const Struct& json, const std::string& object,
                                     const Struct& answer) {
  const Traces traces(json);
  return traces.empty() ? Words() : traces.WordsFor(traces.Named(object, answer));
}

namespace {

// 2.6: a holder in the chain is a kind, a country, a date and a licence. A firm's name does no
// harm; where somebody lives, and who a private holder is, was to be asked for.
bool NamesInChain(const Struct& answer, const std::set<std::string>& asked) {
  const Value* chain = Member(answer, "chain");
  if (chain == nullptr || asked.count("full_chain") > 0) return false;
  const auto& holders = chain->list_value().values();
  return std::any_of(holders.begin(), holders.end(), [&](const Value& each) {
    const Struct& holder = each.struct_value();
    if (SaysOneOf(holder, {"home_address", "holder_address", "address", "customers"})) return true;
    const bool person = Contains(FirstOf(holder, {"holder_kind", "kind"}),
                                 {"PRIVATE", "OWNER", "CUSTOMER", "BUYER", "INDIVIDUAL"});
    return person && asked.count("first_buyer") == 0 &&
           SaysOneOf(holder, {"name", "holder_name", "owner_name", "buyer_name"});
  });
}

}  // namespace

bool TellsOfOthers(const Struct& answer, const std::set<std::string>& asked) {
  if (NamesInChain(answer, asked)) return true;
  for (const char* member : {"first_buyer", "buyer", "first_purchaser", "owners", "holders",
                             "last_holder", "export_data", "import_data"}) {
    if (asked.count(member) == 0 && SaysYes(Member(answer, member))) return true;
  }
  // Who somebody is, and where, beside the chain.
  const bool whole = asked.count("full_chain") > 0;
  const bool named =
      SaysOneOf(answer, {"holder_name", "holder_address", "owner_name", "owner_address",
                         "current_owner", "name", "address", "criminal_record"}) ||
      (asked.count("first_buyer") == 0 && SaysOneOf(answer, {"buyer_name", "buyer_address"}));
  if (named && !whole) return true;
  // What nobody asks of a trace: health, faith, a past.
  for (const auto& [name, value] : answer.fields()) {
    const bool private_matter = HasWords(name, {"medical", "health", "religion", "ethnic*",
                                                "political", "criminal_record", "convictions"});
    if (private_matter && asked.count(name) == 0 && SaysYes(&value)) return true;
  }
  const std::vector<std::string>& own = LicenceWords();
  for (const char* list : {"fields", "disclosed", "discloses", "disclosed_fields"}) {
    for (const std::string& name : TextsOf(answer, list)) {
      const bool known = IsOfTheAnswer(name) || asked.count(name) > 0;
      if (!known && std::find(own.begin(), own.end(), name) == own.end()) return true;
    }
  }
  return asked.count("first_buyer") == 0 && asked.count("full_chain") == 0 && ShowsHolders(answer);
}

void JudgeTraceAnswers(const Struct& json, std::vector<Finding>& findings) {
  const Struct* records = ObjectOf(json, "records");
  const Traces traces(json);
  if (records == nullptr || traces.empty()) return;
  const bool licences = AsksAboutLicences(*records);
  for (const std::string& name : SortedNames(*records)) {
    const Struct* answer = ObjectOf(*records, name);
    if (answer == nullptr) continue;
    // The answer inside its trace.
    const Struct* inner = IsTraceRecord(*answer) ? ObjectOf(*answer, "answer") : nullptr;
    if (inner != nullptr && traces.SaysWhatItWants(answer) &&
        TellsOfOthers(*inner, traces.WordsFor(answer))) {
      Tell("R-DOC-02.more", "records." + name + ".answer", findings);
    }
    const std::string result = TextOf(*answer, "result");
    if (result.empty() || HasOtherType(*answer)) continue;
    const bool of_trace = AnswersTrace(traces, name, *answer);
    if (!of_trace && !IsPlainAnswer(*records, name, *answer)) continue;
    const Struct* trace = traces.Named(name, *answer);
    if (!IsWordOf("TraceAnswer", "result", absl::AsciiStrToUpper(result))) {
      // It may be the licence's.
      if (of_trace || !licences) Tell("R-GEN-01.enum", "records." + name + ".result", findings);
    } else if (traces.SaysWhatItWants(trace) && TellsOfOthers(*answer, traces.WordsFor(trace))) {
      Tell("R-DOC-02.more", "records." + name, findings);
    }
  }
}

}  // namespace palermo::casework
