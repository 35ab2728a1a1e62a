// Reads the JSON that people write, field by field, and remembers the first thing that is wrong:
// what, where ("officers[2].roles"), and what to do. Fields that nobody asked for are an error,
// unless their name begins with "//": those explain to people.
// Getters answer defaults after an error; Finish tells.
#ifndef PALERMO_NODE_DESK_JSON_READER_H_
#define PALERMO_NODE_DESK_JSON_READER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace google::protobuf {
class Struct;
class Value;
}  // namespace google::protobuf

namespace palermo::desk {

class JsonReader {
 public:
  // A text, or an object.
  struct Item;

  // `what` names the file in error texts. BAD_JSON when it is not an object.
  static absl::StatusOr<JsonReader> Parse(const std::string& text, const std::string& what);

  bool Has(const std::string& name) const;
  std::vector<std::string> Names() const;

  std::string Text(const std::string& name);  // required
  std::string TextOr(const std::string& name, const std::string& otherwise);
  int64_t NumberOr(const std::string& name, int64_t otherwise);  // whole, not negative
  bool BoolOr(const std::string& name, bool otherwise);
  // ISO 8601 with zone, or a date.
  absl::Time TimeOr(const std::string& name, absl::Time otherwise);
  // Of the end of something: a date alone lasts until its last second.
  absl::Time EndOr(const std::string& name, absl::Time otherwise);
  std::vector<std::string> Texts(const std::string& name);
  std::map<std::string, std::string> TextMap(const std::string& name);
  JsonReader Object(const std::string& name);  // empty when missing: its required fields complain
  std::vector<JsonReader> Objects(const std::string& name);
  std::optional<Item> ItemOf(const std::string& name);  // required
  std::vector<Item> Items(const std::string& name);
  // The value as JSON again; "" when missing.
  std::string Raw(const std::string& name);

  void Fail(const std::string& name, const std::string& text);
  void Fail(const std::string& name, const absl::Status& status);
  // The first error of the whole document, unknown fields last. BAD_JSON, or the code given to
  // Fail.
  absl::Status Finish() const;
  std::string Where(const std::string& name) const;

 private:
  struct Document;
  struct Node;
  JsonReader(std::shared_ptr<Document> document, const google::protobuf::Struct* object,
             std::string path);
  const google::protobuf::Value* Take(const std::string& name);
  absl::Time TimeBy(absl::StatusOr<absl::Time> (*parse)(const std::string&),
                    const std::string& name, absl::Time otherwise);
  std::optional<Item> ToItem(const google::protobuf::Value& value, const std::string& path);

  std::shared_ptr<Document> document_;  // all readers of one document share its tree and error
  Node* node_;
};

struct JsonReader::Item {
  std::string text;
  std::optional<JsonReader> object;
};

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_JSON_READER_H_
