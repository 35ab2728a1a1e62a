#include "node/letter/page.h"

#include <cairo-pdf.h>
#include <qrencode.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/letter/render.h"

namespace palermo::letter {
namespace {

constexpr char kSerif[] = "Noto Serif, Noto Naskh Arabic, Noto Serif CJK SC, DejaVu Serif, serif";
constexpr char kMono[] = "DejaVu Sans Mono, Noto Sans Mono, monospace";
constexpr double kFooterTop = kPageHeight - kBottom + 14;

cairo_status_t Append(void* to, const unsigned char* bytes, unsigned int length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

struct FontDelete {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
struct AttributesDelete {
  void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
};
struct IterDelete {
  void operator()(PangoLayoutIter* iter) const { pango_layout_iter_free(iter); }
};
struct QrDelete {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Pages::Pages(const Letter& letter, int total, std::string* pdf)
    : letter_(letter),
      total_(total),
      surface_(cairo_pdf_surface_create_for_stream(Append, pdf, kPageWidth, kPageHeight)),
      cairo_(cairo_create(surface_.get())) {
  cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  std::string made = FormatInstant(letter.made);
  auto say = [this](cairo_pdf_metadata_t what, const std::string& text) {
    cairo_pdf_surface_set_metadata(surface_.get(), what, text.c_str());
  };
  say(CAIRO_PDF_METADATA_CREATE_DATE, made);
  say(CAIRO_PDF_METADATA_MOD_DATE, made);
  say(CAIRO_PDF_METADATA_TITLE, Cat({"palermo ", letter.code}));
}

bool Pages::too_long() const { return page_ > limits::kMaxLetterPages; }

LayoutPtr Pages::Layout(const Cell& cell) {
  LayoutPtr layout(pango_cairo_create_layout(cairo_.get()));
  if (words::RightToLeft(letter_.language)) {
    pango_context_set_base_dir(pango_layout_get_context(layout.get()), PANGO_DIRECTION_RTL);
    pango_layout_context_changed(layout.get());
    // A line that begins with a code, "H0: ...", is still one from right to left.
    pango_layout_set_auto_dir(layout.get(), FALSE);
  }
  std::unique_ptr<PangoFontDescription, FontDelete> font(pango_font_description_new());
  pango_font_description_set_family(font.get(), cell.style.mono ? kMono : kSerif);
  pango_font_description_set_absolute_size(font.get(), cell.style.size * PANGO_SCALE);
  if (cell.style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), static_cast<int>(cell.width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  // A hyphen that is not in the message would change an id.
  std::unique_ptr<PangoAttrList, AttributesDelete> attributes(pango_attr_list_new());
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
  pango_layout_set_attributes(layout.get(), attributes.get());
  std::string text = Drawable(cell.text, &cut_);
  if (words::RightToLeft(letter_.language)) text = Isolated(text);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

void Pages::NoteMissing(PangoLayoutLine* line) {
  for (GSList* run = line->runs; run != nullptr; run = run->next) {
    const PangoGlyphString* glyphs = static_cast<PangoGlyphItem*>(run->data)->glyphs;
    for (int i = 0; i < glyphs->num_glyphs; ++i) {
      PangoGlyph glyph = glyphs->glyphs[i].glyph;
      // The empty glyph has this bit too, and draws nothing on purpose.
      if (glyph != PANGO_GLYPH_INVALID_INPUT && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0) {
        missing_.insert(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
      }
    }
  }
}

Pages::Flow Pages::Prepare(const Cell& cell) {
  Flow flow{Layout(cell), {}, 0, 0, cell.style.grey};
  bool mirrored = words::RightToLeft(letter_.language);
  flow.left = mirrored ? kPageWidth - kMargin - cell.x - cell.width : kMargin + cell.x;
  std::unique_ptr<PangoLayoutIter, IterDelete> iter(pango_layout_get_iter(flow.layout.get()));
  do {
    PangoRectangle box;
    pango_layout_iter_get_line_extents(iter.get(), nullptr, &box);
    double baseline = pango_layout_iter_get_baseline(iter.get()) - box.y;
    PangoLayoutLine* line = pango_layout_iter_get_line_readonly(iter.get());
    // On a mirrored page every line ends at the right edge, whatever its own direction is.
    double x = mirrored ? cell.width - static_cast<double>(box.width) / PANGO_SCALE
                        : static_cast<double>(box.x) / PANGO_SCALE;
    flow.lines.push_back(
        {line, static_cast<double>(box.height) / PANGO_SCALE, baseline / PANGO_SCALE, x});
    NoteMissing(line);
  } while (pango_layout_iter_next_line(iter.get()) != 0);
  return flow;
}

// Answers the height of what was drawn.
double Pages::DrawThatFits(Flow& flow, double room) {
  double used = 0;
  cairo_set_source_rgb(cairo_.get(), flow.grey, flow.grey, flow.grey);
  while (flow.next < flow.lines.size() && used + flow.lines[flow.next].height <= room) {
    const Line& line = flow.lines[flow.next++];
    cairo_move_to(cairo_.get(), flow.left + line.x, y_ + used + line.baseline);
    pango_cairo_show_layout_line(cairo_.get(), line.line);
    used += line.height;
  }
  return used;
}

void Pages::Row(const std::vector<Cell>& cells, double space_after) {
  std::vector<Flow> flows;
  for (const Cell& cell : cells) flows.push_back(Prepare(cell));
  auto open = [](const Flow& flow) { return flow.next < flow.lines.size(); };
  for (;;) {
    double used = 0;
    double room = in_footer_ ? kPageHeight - y_ : kPageHeight - kBottom - y_;
    for (Flow& flow : flows) used = std::max(used, DrawThatFits(flow, room));
    y_ += used;
    if (std::none_of(flows.begin(), flows.end(), open) || too_long() || in_footer_) break;
    BeginPage();
  }
  y_ += space_after;
}

void Pages::Text(const std::string& text, const Style& style, double space_after) {
  Row({{0, kTextWidth, text, style}}, space_after);
}

void Pages::Rule(double grey, double width, double space_after) {
  cairo_set_source_rgb(cairo_.get(), grey, grey, grey);
  cairo_set_line_width(cairo_.get(), width);
  cairo_move_to(cairo_.get(), kMargin, y_);
  cairo_line_to(cairo_.get(), kPageWidth - kMargin, y_);
  cairo_stroke(cairo_.get());
  y_ += space_after;
}

void Pages::Need(double points) {
  if (y_ + points > kPageHeight - kBottom) BeginPage();
}

void Pages::BeginPage() {
  EndPage();
  ++page_;
  y_ = kTop;
  if (!letter_.draft_mark.empty()) Text(letter_.draft_mark, {9, true, false, 0.35}, 6);
}

void Pages::EndPage() {
  in_footer_ = true;
  y_ = kFooterTop;
  Rule(0.6, 0.5, 5);
  std::string page = total_ == 0 ? "" : letter_.page_word;
  for (int number : {page_, total_}) {
    size_t at = page.find("%d");
    if (at != std::string::npos) page.replace(at, 2, absl::StrFormat("%d", number));
  }
  Row({{0, kTextWidth - 90, Cat({letter_.code_word, "  ", letter_.code}), {8.5, true}},
       {kTextWidth - 86, 86, page, {8}}},
      1);
  Row({{0, kTextWidth, Cat({letter_.id_word, "  ", letter_.message_id}), {6.6, false, true}}}, 1);
  Row({{0, kTextWidth, letter_.warning, {6.6, false, false, 0.3}}}, 0);
  in_footer_ = false;
  cairo_show_page(cairo_.get());
}

void Pages::Square(const std::string& says, double x, double y, double side) {
  std::unique_ptr<QRcode, QrDelete> code(QRcode_encodeString8bit(says.c_str(), 0, QR_ECLEVEL_M));
  if (code == nullptr) return;
  double left =
      words::RightToLeft(letter_.language) ? kPageWidth - kMargin - x - side : kMargin + x;
  double dot = side / code->width;
  cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
  for (int row = 0; row < code->width; ++row) {
    for (int column = 0; column < code->width; ++column) {
      if ((code->data[row * code->width + column] & 1) == 0) continue;
      cairo_rectangle(cairo_.get(), left + column * dot, y + row * dot, dot, dot);
    }
  }
  cairo_fill(cairo_.get());
}

bool Pages::Finish() {
  EndPage();
  cairo_.reset();
  cairo_surface_finish(surface_.get());
  return cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS;
}

}  // namespace palermo::letter
