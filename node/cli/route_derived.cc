#include "node/cli/route_derived.h"

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/casework/intelligence/policy.h"
#include "node/casework/intelligence/route_words.h"
#include "node/casework/rules.h"
#include "node/cli/casebook_support.h"
#include "node/desk/files.h"

namespace palermo::cli {
namespace {

constexpr char kMaking[] = "making a report from it";
constexpr size_t kStateLetters = 2;

bool IsNameSign(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
}

void AddCited(std::string_view text, std::set<std::string>& out) {
  for (size_t colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    if (colon < kStateLetters || !IsStateCode(text.substr(colon - kStateLetters, kStateLetters))) {
      continue;
    }
    if (colon > kStateLetters && IsNameSign(text[colon - kStateLetters - 1])) continue;
    size_t end = colon + 1;
    while (end < text.size() && IsNameSign(text[end])) ++end;
    const size_t slash = end;
    if (slash == colon + 1 || end == text.size() || text[end] != '/') continue;
    do {
      ++end;
    } while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end])));
    if (end == slash + 1) continue;
    out.emplace(text.substr(colon - kStateLetters, end - colon + kStateLetters));
  }
}

absl::StatusOr<casebook::Item> ForAnyPurpose(OpenBook& open, const std::string& name,
                                             absl::Time now) {
  absl::StatusOr<casebook::Item> item = absl::UnknownError("");
  for (const std::string_view purpose : casework::Purposes()) {
    item = open.book->Record(name, AccessFor(open.officer, std::string(purpose), kMaking, now),
                             casework::Way::kView, "");
    if (item.ok() || CodeOf(item.status()) == "AMBIGUOUS_RECORD") break;
  }
  return item;
}

std::string NamesOf(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += Cat({text.empty() ? "" : ", ", name});
  return text;
}

// The labels of these records. What the texts only cite and the casebook does not have is told.
absl::StatusOr<std::vector<v1::Label>> LabelsOf(const std::set<std::string>& from,
                                                const std::set<std::string>& cited,
                                                Session& session, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_RETURN_IF_ERROR(UpdateCasebook(session, *open.book, false, context).status());
  std::vector<v1::Label> labels;
  std::set<std::string> names = from;
  names.insert(cited.begin(), cited.end());
  for (const std::string& name : names) {
    const auto item = ForAnyPurpose(open, name, context.clock->Now());
    if (!item.ok() && from.count(name) != 0) return Annotate(item.status(), name);
    const v1::Label* label = item.ok() ? casebook::LabelIn(item->body) : nullptr;
    if (label == nullptr) {
      context.progress(Cat({"The report cites ", name,
                            ", and the casebook has no such record that you may see: look yourself "
                            "whether its label lets you pass on what you took from it"}));
      continue;
    }
    labels.push_back(*label);
  }
  return labels;
}

}  // namespace

std::set<std::string> CitedRecords(const v1::CaseBody& body) {
  std::set<std::string> names;
  const auto look = [&](const std::string&, const std::string& text) { AddCited(text, names); };
  casework::ForTexts(body.route_report(), "", look);
  casework::ForTexts(body.document_method_report(), "", look);
  return names;
}

absl::Status InheritLabels(const std::vector<std::string>& from, Session& session,
                           v1::CaseBody& body, Context& context) {
  v1::Label* label = casebook::LabelIn(body);
  const std::string& own = session.config.state;
  const std::set<std::string> named(from.begin(), from.end());
  // Of what is our own we decide anyway.
  std::set<std::string> cited = CitedRecords(body);
  std::erase_if(cited, [&](const std::string& name) { return name.substr(0, 2) == own; });
  if (label == nullptr || (named.empty() && cited.empty())) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::Label> labels, LabelsOf(named, cited, session, context));
  if (labels.empty()) return absl::OkStatus();
  labels.insert(labels.begin(), *label);
  std::set<std::string> sources = named;
  sources.insert(cited.begin(), cited.end());
  auto strictest = casework::StrictestOf(labels, own);
  if (!strictest.ok()) return Annotate(strictest.status(), NamesOf(sources));
  if (strictest->purposes().empty()) {
    return Refused("NOT_RELEASED",
                   Cat({"the report and ", NamesOf(sources),
                        " have no purpose in common: ask their originators (palermo route ask), or "
                        "leave out what you took from them"}));
  }
  if (strictest->SerializeAsString() == label->SerializeAsString()) return absl::OkStatus();
  *label = *std::move(strictest);
  context.progress(Cat({"The label was made as strict as those of ", NamesOf(sources), ": ",
                        v1::Tlp::Code_Name(label->tlp()),
                        ", release_states and purposes that all "
                        "of them have"}));
  return absl::OkStatus();
}

}  // namespace palermo::cli
