#include "node/desk/json_reader.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <list>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/json.h"

namespace palermo::desk {

using google::protobuf::Struct;
using google::protobuf::Value;

struct JsonReader::Node {
  const Struct* object;
  std::string path;
  std::set<std::string> used;
};
struct JsonReader::Document {
  Struct root;
  Struct empty;
  std::string what;
  absl::Status error;
  std::list<Node> nodes;
};

JsonReader::JsonReader(std::shared_ptr<Document> document, const Struct* object, std::string path)
    : document_(std::move(document)) {
  document_->nodes.push_back({object, std::move(path), {}});
  node_ = &document_->nodes.back();
}

namespace {

// Editors on some systems begin a file with it; it means nothing in UTF-8.
std::string WithoutMark(const std::string& json) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return std::string_view(json).substr(0, kMark.size()) == kMark ? json.substr(kMark.size()) : json;
}

}  // namespace

absl::StatusOr<JsonReader> JsonReader::Parse(const std::string& text, const std::string& what) {
  const std::string json = WithoutMark(text);
  auto document = std::make_shared<Document>();
  document->what = what;
  auto status = google::protobuf::util::JsonStringToMessage(json, &document->root);
  if (!status.ok()) {
    const casework::JsonFault fault = casework::FaultOf(json, status.message().ToString());
    std::string said = Cat({what, ": not a JSON object: ", fault.words});
    if (fault.line > 0) {
      said +=
          Cat({" Line ", std::to_string(fault.line), ", column ", std::to_string(fault.column)});
    }
    return casework::AtFault(InputError("BAD_JSON", said), fault, "R-GEN-01.no_json_file");
  }
  const Struct* root = &document->root;
  return JsonReader(std::move(document), root, "");
}

bool JsonReader::Has(const std::string& name) const {
  return node_->object->fields().count(name) > 0;
}

std::vector<std::string> JsonReader::Names() const {
  std::set<std::string> names;
  for (const auto& [name, value] : node_->object->fields()) names.insert(name);
  return {names.begin(), names.end()};
}

std::string JsonReader::Where(const std::string& name) const {
  return node_->path.empty() ? name : Cat({node_->path, ".", name});
}

void JsonReader::Fail(const std::string& name, const std::string& text) {
  Fail(name, InputError("BAD_JSON", text));
}
void JsonReader::Fail(const std::string& name, const absl::Status& status) {
  if (!document_->error.ok() || status.ok()) return;
  document_->error = Annotate(status, Cat({document_->what, ": ", Where(name)}));
}

const Value* JsonReader::Take(const std::string& name) {
  node_->used.insert(name);
  auto it = node_->object->fields().find(name);
  return it == node_->object->fields().end() ? nullptr : &it->second;
}

std::string JsonReader::Text(const std::string& name) {
  if (!Has(name)) Fail(name, "is missing; add it as a text");
  return TextOr(name, "");
}
std::string JsonReader::TextOr(const std::string& name, const std::string& otherwise) {
  const Value* value = Take(name);
  if (value == nullptr) return otherwise;
  if (value->kind_case() != Value::kStringValue) Fail(name, "must be a text in quotes");
  return value->string_value();
}
int64_t JsonReader::NumberOr(const std::string& name, int64_t otherwise) {
  const Value* value = Take(name);
  if (value == nullptr) return otherwise;
  double number = value->number_value();
  bool whole = value->kind_case() == Value::kNumberValue && number >= 0 && number <= 9e15 &&
               std::floor(number) == number;
  if (!whole) Fail(name, "must be a whole number, 0 or more");
  return whole ? static_cast<int64_t>(number) : otherwise;
}
bool JsonReader::BoolOr(const std::string& name, bool otherwise) {
  const Value* value = Take(name);
  if (value == nullptr) return otherwise;
  if (value->kind_case() != Value::kBoolValue) Fail(name, "must be true or false");
  return value->bool_value();
}
absl::Time JsonReader::TimeOr(const std::string& name, absl::Time otherwise) {
  return TimeBy(ParseInstant, name, otherwise);
}
absl::Time JsonReader::EndOr(const std::string& name, absl::Time otherwise) {
  return TimeBy(ParseEnd, name, otherwise);
}
absl::Time JsonReader::TimeBy(absl::StatusOr<absl::Time> (*parse)(const std::string&),
                              const std::string& name, absl::Time otherwise) {
  if (!Has(name)) {
    node_->used.insert(name);
    return otherwise;
  }
  auto time = parse(Text(name));
  if (!time.ok()) {
    Fail(name, "must be a date or a time with zone, like 2026-12-20 or 2026-12-20T12:00:00Z");
    return otherwise;
  }
  return *time;
}

std::vector<std::string> JsonReader::Texts(const std::string& name) {
  std::vector<std::string> texts;
  const Value* value = Take(name);
  if (value == nullptr) return texts;
  if (value->kind_case() != Value::kListValue) Fail(name, "must be a list: [\"...\"]");
  for (const Value& item : value->list_value().values()) {
    if (item.kind_case() != Value::kStringValue) Fail(name, "must be a list of texts in quotes");
    texts.push_back(item.string_value());
  }
  return texts;
}

std::map<std::string, std::string> JsonReader::TextMap(const std::string& name) {
  std::map<std::string, std::string> texts;
  if (!Has(name)) {
    node_->used.insert(name);
    return texts;
  }
  JsonReader object = Object(name);
  for (const std::string& key : object.Names()) {
    if (key.rfind("//", 0) != 0) texts[key] = object.Text(key);
  }
  return texts;
}

JsonReader JsonReader::Object(const std::string& name) {
  const Value* value = Take(name);
  if (value == nullptr || value->kind_case() != Value::kStructValue) {
    Fail(name,
         value == nullptr ? "is missing; add it as an object: {...}" : "must be an object: {...}");
    return JsonReader(document_, &document_->empty, Where(name));
  }
  return JsonReader(document_, &value->struct_value(), Where(name));
}

std::vector<JsonReader> JsonReader::Objects(const std::string& name) {
  std::vector<JsonReader> objects;
  for (Item& item : Items(name)) {
    if (!item.object.has_value()) {
      Fail(name, "must be a list of objects: [{...}]");
      return objects;
    }
    objects.push_back(*item.object);
  }
  return objects;
}

std::optional<JsonReader::Item> JsonReader::ToItem(const Value& value, const std::string& path) {
  if (value.kind_case() == Value::kStringValue) return Item{value.string_value(), std::nullopt};
  if (value.kind_case() == Value::kStructValue) {
    return Item{"", JsonReader(document_, &value.struct_value(), path)};
  }
  return std::nullopt;
}

std::optional<JsonReader::Item> JsonReader::ItemOf(const std::string& name) {
  const Value* value = Take(name);
  auto item = value == nullptr ? std::nullopt : ToItem(*value, Where(name));
  if (!item.has_value()) Fail(name, "is missing; name a file, or put the object here");
  return item;
}

std::vector<JsonReader::Item> JsonReader::Items(const std::string& name) {
  std::vector<Item> items;
  const Value* value = Take(name);
  if (value == nullptr) return items;
  if (value->kind_case() != Value::kListValue) Fail(name, "must be a list: [...]");
  for (int i = 0; i < value->list_value().values_size(); ++i) {
    std::string path = Cat({Where(name), "[", std::to_string(i), "]"});
    auto item = ToItem(value->list_value().values(i), path);
    if (!item.has_value()) {
      Fail(name, "must be a list of texts or objects");
      return items;
    }
    items.push_back(*std::move(item));
  }
  return items;
}

std::string JsonReader::Raw(const std::string& name) {
  const Value* value = Take(name);
  std::string json;
  if (value == nullptr) return json;
  if (!google::protobuf::util::MessageToJsonString(*value, &json).ok()) {
    Fail(name, "cannot be read");
  }
  return json;
}

absl::Status JsonReader::Finish() const {
  if (!document_->error.ok()) return document_->error;
  for (const Node& node : document_->nodes) {
    for (const auto& [name, value] : node.object->fields()) {
      // "//name" explains a field to people.
      if (node.used.count(name) > 0 || name.rfind("//", 0) == 0) continue;
      std::string path = node.path.empty() ? name : Cat({node.path, ".", name});
      return InputError("BAD_JSON", Cat({document_->what, ": there is no field '", path,
                                         "'; remove it or correct its name"}));
    }
  }
  return absl::OkStatus();
}

}  // namespace palermo::desk
