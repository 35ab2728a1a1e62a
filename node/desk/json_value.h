// JSON that we write: values in the order in which they were added. Bytes are given as hex by the
// caller. Move and copy as a value.
#ifndef PALERMO_NODE_DESK_JSON_VALUE_H_
#define PALERMO_NODE_DESK_JSON_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace palermo::desk {

class Json {
 public:
  static Json Object() { return Json("{", "}"); }
  static Json List() { return Json("[", "]"); }
  static Json Text(const std::string& text);
  static Json Number(int64_t number);
  static Json Bool(bool value);
  // JSON text that is known to be right.
  static Json Raw(std::string json);

  Json& Add(const std::string& name, Json value);
  Json& Add(const std::string& name, const std::string& text) { return Add(name, Text(text)); }
  Json& Add(const std::string& name, const char* text) { return Add(name, Text(text)); }
  Json& Add(const std::string& name, bool value) { return Add(name, Bool(value)); }
  Json& AddNumber(const std::string& name, int64_t number) { return Add(name, Number(number)); }
  Json& Push(Json value);
  Json& Push(const std::string& text) { return Push(Text(text)); }

  // Indented, with a newline at the end; or on one line without.
  std::string Pretty() const;
  std::string OneLine() const;

 private:
  Json(std::string open, std::string close) : open_(std::move(open)), close_(std::move(close)) {}
  void Write(std::string* out, int depth, bool pretty) const;

  std::string open_;  // of a scalar: its whole text
  std::string close_;
  std::vector<std::pair<std::string, Json>> items_;
};

// A JSON string with its quotes.
std::string JsonQuoted(const std::string& text);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_JSON_VALUE_H_
