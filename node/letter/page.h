// The pages of one PDF: lines of text laid out by Pango, rows that flow over pages, a footer on
// each. Not a public part of the room. Not thread-safe.
#ifndef PALERMO_NODE_LETTER_PAGE_H_
#define PALERMO_NODE_LETTER_PAGE_H_

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/letter/letter.h"

namespace palermo::letter {

struct CairoDelete {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct GObjectDelete {
  void operator()(void* object) const { g_object_unref(object); }
};
using CairoPtr = std::unique_ptr<cairo_t, CairoDelete>;
using SurfacePtr = std::unique_ptr<cairo_surface_t, CairoDelete>;
using LayoutPtr = std::unique_ptr<PangoLayout, GObjectDelete>;

// Points: 72 to the inch.
inline constexpr double kPageWidth = 595.28;
inline constexpr double kPageHeight = 841.89;
inline constexpr double kMargin = 64;
inline constexpr double kTop = 58;
inline constexpr double kBottom = 92;  // of it the footer takes the most
inline constexpr double kTextWidth = kPageWidth - 2 * kMargin;

struct Style {
  double size = 10;
  bool bold = false;
  bool mono = false;
  double grey = 0;  // 0 black, 1 white
};
struct Cell {
  double x = 0;  // from the edge where reading begins
  double width = kTextWidth;
  std::string text;
  Style style = {};
};

class Pages {
 public:
  // `total` is what the footer says; 0 while nobody knows.
  Pages(const Letter& letter, int total, std::string* pdf);

  void Row(const std::vector<Cell>& cells, double space_after);
  void Text(const std::string& text, const Style& style, double space_after);
  void Rule(double grey, double width, double space_after);
  void Skip(double points) { y_ += points; }
  // Begins a page unless this much is left on this one.
  void Need(double points);
  void Square(const std::string& says, double x, double y, double side);
  // Ends the last page. False: Cairo could not write.
  bool Finish();

  double y() const { return y_; }
  void set_y(double y) { y_ = y; }
  int page() const { return page_; }
  bool cut() const { return cut_; }
  bool too_long() const;
  const std::set<char32_t>& missing() const { return missing_; }

 private:
  struct Line {
    PangoLayoutLine* line;
    double height, baseline, x;
  };
  struct Flow {
    LayoutPtr layout;
    std::vector<Line> lines;
    size_t next = 0;
    double left = 0;
    double grey = 0;
  };
  LayoutPtr Layout(const Cell& cell);
  Flow Prepare(const Cell& cell);
  void NoteMissing(PangoLayoutLine* line);
  double DrawThatFits(Flow& flow, double room);
  void BeginPage();
  void EndPage();

  const Letter& letter_;
  int total_;
  SurfacePtr surface_;
  CairoPtr cairo_;
  double y_ = kTop;
  int page_ = 1;
  bool cut_ = false;
  bool in_footer_ = false;
  std::set<char32_t> missing_;
};

}  // namespace palermo::letter

#endif  // PALERMO_NODE_LETTER_PAGE_H_
