#include "node/letter/render.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/letter/page.h"

namespace palermo::letter {
namespace {

constexpr double kQrSide = 62;
constexpr size_t kShownMissing = 8;
constexpr double kNameWidth = 132;
constexpr double kGap = 10;

// Widths of a table's columns: what the last one leaves.
std::vector<double> WidthsOf(const Block& block) {
  switch (block.columns.size()) {
    case 2:
      return {120, kTextWidth - 120};
    case 3:
      return block.rows.empty() || block.rows[0][0].size() > 3
                 ? std::vector<double>{56, 120, kTextWidth - 176}
                 : std::vector<double>{34, 120, kTextWidth - 154};
    default:
      return {112, 112, 92, kTextWidth - 316};
  }
}

std::vector<Cell> CellsOf(const std::vector<std::string>& texts, const std::vector<double>& widths,
                          const Style& style) {
  std::vector<Cell> cells;
  double x = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    cells.push_back({x, widths[i] - kGap, texts[i], style});
    x += widths[i];
  }
  return cells;
}

void DrawTable(const Block& block, Pages& pages) {
  std::vector<double> widths = WidthsOf(block);
  pages.Need(52);
  pages.Rule(0.25, 0.8, 3);
  pages.Row(CellsOf(block.columns, widths, {8.5, true}), 2);
  pages.Rule(0.25, 0.5, 3);
  for (const auto& row : block.rows) {
    if (pages.too_long()) return;
    pages.Need(16);
    pages.Row(CellsOf(row, widths, {9}), 3);
    pages.Rule(0.75, 0.4, 3);
  }
  pages.Skip(6);
}

void DrawBlock(const Block& block, Pages& pages) {
  pages.Need(block.columns.empty() ? 46 : 90);  // no heading alone at the foot
  pages.Text(block.heading, {10.5, true}, 3);
  for (const std::string& text : block.paragraphs) pages.Text(text, {10}, 4);
  for (const auto& [name, value] : block.pairs) {
    if (pages.too_long()) return;
    pages.Row({{0, kNameWidth - kGap, name, {9, false, false, 0.3}},
               {kNameWidth, kTextWidth - kNameWidth, value, {9.5}}},
              2);
  }
  if (!block.columns.empty()) DrawTable(block, pages);
  pages.Skip(7);
}

void DrawHead(const Letter& letter, Pages& pages) {
  double top = pages.y();
  pages.Square(letter.qr, kTextWidth - kQrSide, top, kQrSide);
  double width = kTextWidth - kQrSide - 2 * kGap;
  for (size_t i = 0; i < letter.letterhead.size(); ++i) {
    bool last = i + 1 == letter.letterhead.size();
    Style style{i == 0 ? 17.0 : 11.0, i == 0, false, 0};
    if (last && i > 0) style = {8.5, false, true, 0.35};
    pages.Row({{0, width, letter.letterhead[i], style}}, i == 0 ? 1 : 2);
  }
  if (pages.page() == 1 && pages.y() < top + kQrSide + 6) pages.set_y(top + kQrSide + 6);
  pages.Rule(0, 1.4, 14);
  for (const std::string& line : letter.addressee) pages.Text(line, {10.5}, 1);
  pages.Skip(14);
  if (!letter.draft_mark.empty()) pages.Text(letter.draft_mark, {13, true, false, 0.35}, 4);
  pages.Text(letter.title, {14, true}, 8);
  for (const auto& [name, value] : letter.references) {
    bool id = value.size() >= 32 && value.find(' ') == std::string::npos;
    pages.Row({{0, kNameWidth - kGap, name, {9, false, false, 0.3}},
               {kNameWidth, kTextWidth - kNameWidth, value, {id ? 7.6 : 9.5, false, id}}},
              2);
  }
  pages.Skip(5);
  pages.Rule(0.6, 0.5, 10);
}

void DrawSignatures(const Letter& letter, Pages& pages) {
  // The heading never stands alone at the foot of a page.
  pages.Need(76 + 18.0 * static_cast<double>(letter.signatures.rows.size()));
  pages.Skip(6);
  DrawBlock(letter.signatures, pages);
}

void Draw(const Letter& letter, Pages& pages) {
  DrawHead(letter, pages);
  for (const Block& block : letter.blocks) {
    if (pages.too_long()) return;
    DrawBlock(block, pages);
  }
  DrawSignatures(letter, pages);
}

std::vector<std::string> WarningsOf(const Pages& pages) {
  std::vector<std::string> warnings;
  if (!pages.missing().empty()) {
    std::string which;
    size_t count = 0;
    for (char32_t c : pages.missing()) {
      if (++count > kShownMissing) break;
      which += absl::StrFormat("%sU+%04X", which.empty() ? "" : ", ", static_cast<unsigned>(c));
    }
    warnings.push_back(absl::StrFormat(
        "no installed font has %d of the characters (%s%s): the paper shows boxes with their "
        "codes in their place. Install a font, for Chinese fonts-noto-cjk, and print again",
        pages.missing().size(), which, count > kShownMissing ? ", ..." : ""));
  }
  if (pages.cut()) {
    warnings.push_back(absl::StrFormat(
        "a text is longer than %d bytes and was cut on the paper, where a note says so",
        limits::kMaxLetterTextBytes));
  }
  return warnings;
}

}  // namespace

absl::StatusOr<Rendered> RenderPdf(const Letter& letter) {
  Rendered rendered;
  // Twice: only the first time tells how many pages there are.
  for (int total : {0, 1}) {
    rendered.pdf.clear();
    Pages pages(letter, total == 0 ? 0 : rendered.pages, &rendered.pdf);
    Draw(letter, pages);
    if (pages.too_long()) {
      return InputError("LETTER_TOO_LONG",
                        absl::StrFormat("the letter would have more than %d pages; read the "
                                        "message with palermo case open",
                                        limits::kMaxLetterPages));
    }
    if (!pages.Finish()) return absl::InternalError("CANNOT_DRAW: the PDF could not be made");
    rendered.pages = pages.page();
    rendered.warnings = WarningsOf(pages);
  }
  return rendered;
}

}  // namespace palermo::letter
