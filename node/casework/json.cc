#include "node/casework/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/rules.h"
#include "node/casework/texts.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;

// What is wrong at a place of the text, in English, and the sentence of texts.h for it.
struct Wrong {
  std::string at, said;
  std::string_view key;
  TextArgs args = {};
  std::string detail = "";  // in no language: a field's name
  bool Any() const { return !key.empty(); }
};

Wrong WrongIn(const Struct& object, const Descriptor& type, const std::string& at);

using Cpp = FieldDescriptor::CppType;

bool IsUnsigned(const FieldDescriptor& field) {
  return field.cpp_type() == Cpp::CPPTYPE_UINT32 || field.cpp_type() == Cpp::CPPTYPE_UINT64;
}

// Whether a number fits the field: whole ones have a least and a greatest.
bool FitsNumber(double number, const FieldDescriptor& field) {
  const auto in = [&](auto least, auto most) {
    return std::floor(number) == number && number >= static_cast<double>(least) &&
           number <= static_cast<double>(most);
  };
  switch (field.cpp_type()) {
    case Cpp::CPPTYPE_INT32:
      return in(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    case Cpp::CPPTYPE_UINT32:
      return in(0, std::numeric_limits<uint32_t>::max());
    case Cpp::CPPTYPE_INT64:
      return in(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
    case Cpp::CPPTYPE_UINT64:
      return in(0, std::numeric_limits<uint64_t>::max());
    default:
      return true;
  }
}

// Whether a value has the form of the field, a list taken apart already. Lists of words and numbers
// as protobuf's mapping takes them.
bool HasAllowedForm(const Value& value, const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.kind_case() == Value::kBoolValue;
    case FieldDescriptor::CPPTYPE_STRING:
      return value.kind_case() == Value::kStringValue;
    case FieldDescriptor::CPPTYPE_ENUM:
      return value.kind_case() == Value::kStringValue &&
             field.enum_type()->FindValueByName(value.string_value()) != nullptr;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return value.has_struct_value();
    default: {
      double number = value.number_value();
      const bool is_number = value.kind_case() == Value::kNumberValue ||
                             (value.kind_case() == Value::kStringValue &&
                              absl::SimpleAtod(value.string_value(), &number));
      return is_number && FitsNumber(number, field);
    }
  }
}

Wrong WrongForm(const std::string& at, const std::string& form) {
  return {at, Cat({"expected is ", form}), "R-GEN-01.form", {{"form", form}}};
}

Wrong WrongValue(const Value& value, const FieldDescriptor& field, const std::string& at) {
  if (!HasAllowedForm(value, field)) {
    const std::string form(IsUnsigned(field) ? Msg("a whole number, 0 or more") : FieldForm(field));
    Wrong wrong = WrongForm(at, form);
    if (field.cpp_type() == Cpp::CPPTYPE_ENUM && value.kind_case() == Value::kStringValue) {
      wrong.key = "R-GEN-01.no_word";
    }
    return wrong;
  }
  if (!value.has_struct_value()) return {};
  return WrongIn(value.struct_value(), *field.message_type(), at);
}

// The name of a field; "" for one that is no word: it may be what somebody typed in the wrong
// place.
std::string Shown(const std::string& name) {
  constexpr size_t kLongestName = 40;
  const bool word =
      name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '_';
      });
  return word ? name : "";
}

// How many letters to add, take out or change between two short words.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 0; i < a.size(); ++i) {
    size_t before = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = before + (a[i] == b[j] ? 0 : 1);
      before = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, before + 1});
    }
  }
  return row.back();
}

// "dob" of "date_of_birth".
bool IsInitials(std::string_view word, std::string_view name) {
  std::string initials;
  for (size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || name[i - 1] == '_') initials += name[i];
  }
  return initials.size() > 1 && initials == word;
}

// "certified_by" and "certified", "qty_note" and "qty_seen": the longest part that both begin with.
bool SharesItsFirstPart(std::string_view word, std::string_view name) {
  const std::string_view part = word.substr(0, word.find('_'));
  constexpr size_t kFewest = 3;
  return part.size() >= kFewest && name.substr(0, name.find('_')) == part;
}

// The field of the message whose name is most like this one; "" for none.
std::string NearestField(const std::string& word, const Descriptor& type) {
  constexpr size_t kFar = 100;
  std::string nearest;
  size_t best = kFar;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& name = type.field(i)->name();
    const size_t letters = Distance(word, name);
    // A third of the letters may be wrong.
    const bool like = letters * 3 <= std::max(word.size(), name.size());
    const size_t rank = IsInitials(word, name)           ? 0
                        : like                           ? letters
                        : SharesItsFirstPart(word, name) ? kFar / 2 + letters
                                                         : kFar;
    if (rank < best) {
      best = rank;
      nearest = name;
    }
  }
  return nearest;
}

Wrong UnknownField(const std::string& name, const Descriptor& type, const std::string& at) {
  const std::string place = at.empty() ? "body" : at, shown = Shown(name);
  const std::string said = shown.empty() ? "a field" : Cat({"the field ", shown});
  const std::string near = shown.empty() ? "" : NearestField(name, type);
  if (near.empty()) {
    return {place, Cat({said, " is not known here"}), "R-GEN-01.unknown_field", {}, shown};
  }
  return {place,
          Cat({said, " is not known here; nearest is ", near}),
          "R-GEN-01.unknown_field_near",
          {{"field", near}},
          shown};
}

// The first place at which the text is no message of this type; nothing when none is found.
Wrong WrongIn(const Struct& object, const Descriptor& type, const std::string& at) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.fields()) names.push_back(name);
  std::sort(names.begin(), names.end());
  const FieldDescriptor* content = nullptr;
  for (const std::string& name : names) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) field = type.FindFieldByCamelcaseName(name);
    if (field == nullptr) return UnknownField(name, type, at);
    const Value& value = object.fields().at(name);
    const std::string here = at.empty() ? field->name() : Cat({at, ".", field->name()});
    if (value.kind_case() == Value::kNullValue) continue;
    if (field->containing_oneof() != nullptr && field->real_containing_oneof() != nullptr) {
      if (content != nullptr) return {here, "a body holds one content", "R-GEN-01.contents"};
      content = field;
    }
    if (!field->is_repeated()) {
      Wrong wrong = WrongValue(value, *field, here);
      if (wrong.Any()) return wrong;
      continue;
    }
    if (!value.has_list_value()) return WrongForm(here, "a list");
    for (int i = 0; i < value.list_value().values_size(); ++i) {
      Wrong wrong =
          WrongValue(value.list_value().values(i), *field, absl::StrFormat("%s[%d]", here, i));
      if (wrong.Any()) return wrong;
    }
  }
  return {};
}

// Place and expected form, never a value: it may be somebody's name.
Wrong WhyNotABody(const std::string& json) {
  Value root;
  if (NestsTooDeep(json)) return {"", "it nests too deep", "R-GEN-01.deep"};
  const auto read = google::protobuf::util::JsonStringToMessage(json, &root);
  if (!read.ok()) {
    const JsonFault fault = FaultOf(json, read.message().ToString());
    return {"", "it is no JSON", "R-GEN-01.no_json", {}, fault.words};
  }
  if (!root.has_struct_value()) {
    return {"", "expected is an object in braces", "R-GEN-01.no_json"};
  }
  Wrong wrong = WrongIn(root.struct_value(), *v1::CaseBody::descriptor(), "");
  if (wrong.Any()) return wrong;
  return {"", "a value has not the form of its field", "R-GEN-01.type"};
}

absl::Status BadJson(const Wrong& wrong) {
  const std::string why = wrong.at.empty() ? wrong.said : Cat({wrong.at, ": ", wrong.said});
  absl::Status status = InputError(
      "BAD_JSON", absl::StrFormat("the text is no body of an act: %s; the field names are those of "
                                  "the template",
                                  why));
  if (!wrong.at.empty()) status = AtField(std::move(status), wrong.at);
  return WithDetail(SaidBy(std::move(status), wrong.key, wrong.args), wrong.detail);
}

constexpr char kDetailUrl[] = "palermo/said-detail";
constexpr char kFieldUrl[] = "palermo/field";
constexpr char kSaidUrl[] = "palermo/said";
constexpr char kBetween = '\x1f';
constexpr size_t kDeepest = 64;  // of brackets; no body of ours has more than a dozen

}  // namespace

absl::Status AtField(absl::Status status, std::string_view field) {
  status.SetPayload(kFieldUrl, absl::Cord(std::string(field)));
  return status;
}

std::string FieldOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kFieldUrl);
  return payload.has_value() ? std::string(*payload) : "";
}

absl::Status SaidBy(absl::Status status, std::string_view key, const TextArgs& args) {
  std::string said(key);
  for (const auto& [name, value] : args) {
    for (const std::string* part : {&name, &value}) {
      said += kBetween;
      said += *part;
    }
  }
  status.SetPayload(kSaidUrl, absl::Cord(said));
  return status;
}

Finding FindingOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kSaidUrl);
  if (!payload.has_value()) return {};
  const std::vector<std::string> parts = absl::StrSplit(std::string(*payload), kBetween);
  TextArgs args;
  for (size_t i = 1; i + 1 < parts.size(); i += 2) args.emplace_back(parts[i], parts[i + 1]);
  std::vector<Finding> findings;
  Tell(parts[0], FieldOf(status), findings, args);
  return findings.front();
}

absl::Status WithDetail(absl::Status status, std::string_view detail) {
  if (!detail.empty()) status.SetPayload(kDetailUrl, absl::Cord(std::string(detail)));
  return status;
}

std::string DetailOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kDetailUrl);
  return payload.has_value() ? std::string(*payload) : "";
}

// Protobuf's first line says what is wrong; what follows quotes the text around the place, line
// ends too; the last line points into it. Line and column where the quoted text is found once.
JsonFault FaultOf(const std::string& json, const std::string& words) {
  const size_t first = words.find('\n');
  if (first == std::string::npos) return {words};
  JsonFault fault{words.substr(0, first)};
  const size_t last = words.rfind('\n');
  const size_t caret = words.find('^', last);
  if (last == first || caret == std::string::npos) return fault;
  const std::string quoted = words.substr(first + 1, last - first - 1);
  const size_t found = json.find(quoted);
  if (found == std::string::npos || json.find(quoted, found + 1) != std::string::npos) return fault;
  const size_t at = std::min(json.size(), found + caret - last - 1);
  const auto ends = std::count(json.begin(), json.begin() + static_cast<ptrdiff_t>(at), '\n');
  const size_t begin = at == 0 ? std::string::npos : json.rfind('\n', at - 1);
  fault.line = static_cast<size_t>(ends) + 1;
  fault.column = begin == std::string::npos ? at + 1 : at - begin;
  return fault;
}

absl::Status AtFault(absl::Status status, const JsonFault& fault, std::string_view key) {
  TextArgs args;
  if (fault.line > 0) {
    args = {{"line", std::to_string(fault.line)}, {"column", std::to_string(fault.column)}};
  }
  return WithDetail(SaidBy(std::move(status), key, args), fault.words);
}

absl::Status SaidByKind(absl::Status status, const std::string& json, const Descriptor& type) {
  Value root;
  const auto read = google::protobuf::util::JsonStringToMessage(json, &root);
  if (!read.ok()) {
    return AtFault(std::move(status), FaultOf(json, read.message().ToString()), "R-GEN-01.no_json");
  }
  Wrong wrong = WrongIn(root.struct_value(), type, "");
  if (!wrong.Any()) return SaidBy(std::move(status), "R-GEN-01.type");
  status = WithDetail(AtField(std::move(status), wrong.at), wrong.detail);
  return SaidBy(std::move(status), wrong.key, wrong.args);
}

bool NestsTooDeep(std::string_view json) {
  size_t depth = 0, deepest = 0;
  bool text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (text) {
      if (c == '\\') ++i;
      text = c != '"';
    } else if (c == '"') {
      text = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest > kDeepest;
}

bool HasByteOrderMark(std::string_view text) { return text.substr(0, 3) == "\xEF\xBB\xBF"; }

absl::StatusOr<v1::CaseBody> BodyFromJson(const std::string& json) {
  if (json.size() > limits::kMaxRequestFileBytes) {
    return TooLarge(json.size(), limits::kMaxRequestFileBytes);
  }
  v1::CaseBody body;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &body);
  if (!status.ok() && HasByteOrderMark(json)) {
    return BadJson({"", "it begins with a byte order mark; save it as UTF-8 without one",
                    "R-GEN-01.byte_mark"});
  }
  if (!status.ok()) return BadJson(WhyNotABody(json));
  // An escape such as \ud800 can make text that is no UTF-8, which no desk could read again.
  v1::CaseBody again;
  if (!again.ParseFromString(body.SerializeAsString())) {
    return BadJson({"", "a text is not UTF-8", "R-GEN-01.not_utf8"});
  }
  return body;
}

absl::Status TooLarge(size_t bytes, size_t most) {
  const TextArgs args = {{"bytes", std::to_string(bytes)}, {"most", std::to_string(most)}};
  const Text* text = FindText("R-GEN-01.large");
  PALERMO_CHECK(text != nullptr);
  const std::string said = FillText(Cat({text->what, "; ", text->todo}), args, false);
  return SaidBy(OverLimit("BODY_TOO_LARGE", said), text->key, args);
}

std::string BodyToJson(const v1::CaseBody& body, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = pretty;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(body, &json, options);
  PALERMO_CHECK(status.ok());
  return json;
}

std::string TemplateJson(v1::Act::Code act) { return BodyToJson(TemplateFor(act), true); }

}  // namespace palermo::casework
