// The ways in which an author writes a request's offences, and why the Convention covers them.
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {

using google::protobuf::Struct;
using google::protobuf::Value;

namespace {

// "UNTOC 6", "Art. 6", "article 6": the number alone.
std::string ArticleIn(std::string text) {
  for (const char* word : {"untoc", "articles", "article", "art."}) {
    const std::string head = word;
    if (absl::StartsWithIgnoreCase(text, head)) text = text.substr(head.size());
    text = std::string(absl::StripAsciiWhitespace(text));
  }
  return text;
}

// The case of 3(2): "b", "(b)", "UNTOC 3(2)(b)", ["3(2)b"]; no case at all: false, "none".
Value TransnationalIn(const Value& said) {
  if (said.has_list_value()) {
    std::vector<std::string> cases;
    for (const Value& each : said.list_value().values()) {
      cases.push_back(TransnationalIn(each).string_value());
    }
    return TextValue(absl::StrJoin(cases, ", "));
  }
  const bool no = said.kind_case() == Value::kBoolValue && !said.bool_value();
  if (no) return TextValue("NONE");
  if (said.kind_case() != Value::kStringValue || IsBlank(said.string_value())) return said;
  const bool denied = !SaysYes(&said) ||
                      OneOf(Folded(said.string_value()),
                            {"domestic", "domestic only", "purely domestic", "not transnational"});
  if (denied) return TextValue("NONE");
  std::string text = absl::AsciiStrToLower(ArticleIn(said.string_value()));
  const std::string letter = absl::StrReplaceAll(text, {{"(", ""}, {")", ""}, {" ", ""}});
  if (OneOf(letter, {"a", "b", "c", "d"})) text = "3(2)" + letter;
  return text.rfind("3(2)", 0) == 0 ? TextValue(text) : said;
}

// YES, SUSPECTED or NO, in whatever letters, as a yes or no, or in {"status": "SUSPECTED"}.
Value GroupIn(const Value& said) {
  if (said.kind_case() == Value::kBoolValue) return TextValue(said.bool_value() ? "YES" : "NO");
  if (said.has_struct_value()) {
    for (const char* name : {"status", "value", "level", "involved", "answer"}) {
      const Value* inner = Member(said.struct_value(), name);
      if (inner != nullptr) return GroupIn(*inner);
    }
    return said;
  }
  const std::string word = absl::AsciiStrToUpper(said.string_value());
  if (OneOf(word, {"NO", "NONE", "FALSE"})) return TextValue("NO");
  if (OneOf(word, {"YES", "TRUE"})) return TextValue("YES");
  return word == "SUSPECTED" ? TextValue(word) : said;
}

// Scope and penalty of an offence in the words of the form.
void ShapeScope(Struct& offence) {
  if (const Value* said = Member(offence, "transnational_basis")) {
    Put(offence, "transnational_basis", TransnationalIn(*said));
  }
  if (const Value* said = Member(offence, "ocg_involved")) {
    Put(offence, "ocg_involved", GroupIn(*said));
  }
  const std::string article = TextOf(offence, "untoc_art");
  const std::string number = ArticleIn(article);
  if (OneOf(number, {"5", "6", "8", "23"})) Put(offence, "untoc_art", TextValue(number));
  const Value years = Take(offence, "max_penalty_years");
  if (years.kind_case() == Value::kNumberValue &&
      Member(offence, "max_penalty_months") == nullptr) {
    constexpr double kMonths = 12;
    Value months;
    months.set_number_value(years.number_value() * kMonths);
    Put(offence, "max_penalty_months", months);
  }
}

}  // namespace

// What stands once beside the offences belongs to each that does not say it.
void ShapeOffences(Struct& request) {
  const auto found = request.mutable_fields()->find("offence");
  if (found == request.mutable_fields()->end()) return;
  if (found->second.has_struct_value()) {
    const Value one = found->second;
    found->second.Clear();
    *found->second.mutable_list_value()->add_values() = one;
  }
  ShapeScope(request);
  for (Value& each : *found->second.mutable_list_value()->mutable_values()) {
    if (each.has_struct_value()) ShapeScope(*each.mutable_struct_value());
  }
  // What is gained by smuggling stands with the offence.
  for (Value& each : *found->second.mutable_list_value()->mutable_values()) {
    const Struct* gained = ObjectOf(each.struct_value(), "benefit");
    if (gained == nullptr || Member(each.struct_value(), "som") != nullptr) continue;
    const Value benefit = Take(*each.mutable_struct_value(), "benefit");
    Put(ObjectIn(*each.mutable_struct_value(), "som"), "benefit", benefit);
  }
  for (const char* name : {"transnational_basis", "ocg_involved", "grounds_text"}) {
    const Value beside = Take(request, name);
    for (Value& each : *found->second.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      Struct& offence = *each.mutable_struct_value();
      const Value* own = Member(offence, name);
      const bool silent = own == nullptr || own->kind_case() == Value::kNullValue;
      if (silent && beside.kind_case() == Value::kStringValue) {
        Put(offence, name, beside);
      } else if (own != nullptr && silent && TextOf(offence, "untoc_art") != "SERIOUS_CRIME" &&
                 std::string_view(name) != "grounds_text") {
        // null: the author says that there is none.
        Put(offence, name, TextValue(std::string_view(name) == "ocg_involved" ? "NO" : "NONE"));
      }
    }
  }
  ShapeArticles(request);
}

}  // namespace palermo::casework
