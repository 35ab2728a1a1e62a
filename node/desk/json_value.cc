#include "node/desk/json_value.h"

#include "absl/strings/str_format.h"

namespace palermo::desk {

std::string JsonQuoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += absl::StrFormat("\\u%04x", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

Json Json::Text(const std::string& text) { return Json(JsonQuoted(text), ""); }
Json Json::Number(int64_t number) { return Json(std::to_string(number), ""); }
Json Json::Bool(bool value) { return Json(value ? "true" : "false", ""); }
Json Json::Raw(std::string json) {
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return Json(std::move(json), "");
}

Json& Json::Add(const std::string& name, Json value) {
  items_.emplace_back(name, std::move(value));
  return *this;
}
Json& Json::Push(Json value) {
  items_.emplace_back("", std::move(value));
  return *this;
}

void Json::Write(std::string* out, int depth, bool pretty) const {
  // A raw text of several lines is indented like the rest; strings have no raw line feeds.
  for (char c : open_) {
    *out += c;
    if (c == '\n' && pretty) *out += std::string(static_cast<size_t>(depth) * 2, ' ');
  }
  bool first = true;
  for (const auto& [name, value] : items_) {
    if (!first) *out += pretty ? "," : ", ";
    if (pretty) *out += "\n" + std::string(static_cast<size_t>(depth + 1) * 2, ' ');
    first = false;
    if (open_ == "{") *out += JsonQuoted(name) + ": ";
    value.Write(out, depth + 1, pretty);
  }
  if (pretty && !items_.empty()) *out += "\n" + std::string(static_cast<size_t>(depth) * 2, ' ');
  *out += close_;
}

std::string Json::Pretty() const {
  std::string out;
  Write(&out, 0, true);
  return out + "\n";
}

std::string Json::OneLine() const {
  std::string out;
  Write(&out, 0, false);
  return out;
}

}  // namespace palermo::desk
