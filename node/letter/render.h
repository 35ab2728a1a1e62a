// Draws a letter as a PDF of A4 pages, with Pango, Cairo and libqrencode. The same letter with the
// same fonts gives the same bytes: the only time in it is the letter's own. What a hostile body can
// ask for is bounded: a text is cut, visibly, at limits::kMaxLetterTextBytes, and pages at
// limits::kMaxLetterPages.
#ifndef PALERMO_NODE_LETTER_RENDER_H_
#define PALERMO_NODE_LETTER_RENDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/letter/letter.h"

namespace palermo::letter {

struct Rendered {
  std::string pdf;
  int pages = 0;
  // For the officer, to be read before the letter goes out: characters without a glyph in any
  // installed font, texts that were cut. Empty: the paper says all that the message says.
  std::vector<std::string> warnings;
};

// Codes LETTER_TOO_LONG, CANNOT_DRAW.
absl::StatusOr<Rendered> RenderPdf(const Letter& letter);

// A text as it may be drawn: valid UTF-8, cut, and each control character and each one that turns
// the direction of writing or is not seen is shown as its code, "[U+202E]".
std::string Drawable(std::string_view text, bool* cut);

// For a page that runs from right to left: what stands after ": " or two blanks in each line, or
// the whole line, in isolates (UAX 9), so that its signs and numbers keep their places. Of a
// drawable text.
std::string Isolated(std::string_view text);

}  // namespace palermo::letter

#endif  // PALERMO_NODE_LETTER_RENDER_H_
