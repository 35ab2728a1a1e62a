// The leak scan's speed on one core: 1 MB of text against 1,000 sealed tokens, in three scripts;
// building a scanner; and the ratio to one pass over the code points of the same text.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "node/casework/leak_scan.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kTextBytes = 1'000'000;
constexpr size_t kTokens = 1000;
constexpr int kRounds = 5;

// Of this process's own processor time, the best of some rounds.
template <typename Work>
double Millis(const Work& work) {
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) {
    const std::clock_t since = std::clock();
    work();
    best = std::min(best, 1e3 * static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC);
  }
  return best;
}

// Words of one syllable stock; the same every time.
std::string Word(uint32_t& state, const std::vector<std::string>& syllables) {
  std::string word;
  for (int i = 0; i < 3; ++i) {
    state = state * 1664525 + 1013904223;
    word += syllables[(state >> 16) % syllables.size()];
  }
  return word;
}

std::vector<IdentityToken> Tokens() {
  const std::vector<std::string> syllables = {"ba", "ko", "ri", "sel", "tan", "mor", "vi", "dun"};
  uint32_t state = 1;
  std::vector<IdentityToken> tokens;
  for (size_t i = 0; tokens.size() < kTokens; ++i) {
    const auto n = static_cast<int>(i);
    tokens.push_back(
        {IdentityKind::kName, Word(state, syllables) + " " + Word(state, syllables), ""});
    tokens.push_back({IdentityKind::kDate,
                      std::to_string(1950 + n % 60) + "-0" + std::to_string(1 + n % 9) + "-1" +
                          std::to_string(n % 10),
                      ""});
    tokens.push_back({IdentityKind::kNumber, "XK" + std::to_string(1000000 + n * 7919), ""});
    tokens.push_back({IdentityKind::kNumber, "+999 6" + std::to_string(10000000 + n * 104729), ""});
  }
  return tokens;
}

std::string Text(const std::vector<std::string>& syllables) {
  uint32_t state = 7;
  std::string text;
  while (text.size() < kTextBytes) {
    text += Word(state, syllables);
    if (state % 11 == 0) text += ", " + std::to_string(state % 100000);
    text += state % 17 == 0 ? ".\n" : " ";
  }
  return text;
}

void Run(const char* name, const LeakScanner& scanner, const std::string& text) {
  size_t leaks = 0, points = 0;
  const double scan = Millis([&] { leaks = scanner.Find(text, text.size()).size(); });
  const double pass = Millis([&] {
    for (std::string_view rest = text; !rest.empty();) points += TakeCodePoint(rest) != 0;
  });
  std::printf(
      "scan: %-8s %8zu bytes, %zu tokens: %6.1f ms, %4.1f times a pass over code points, "
      "%zu leaks\n",
      name, text.size(), scanner.tokens().size(), scan, scan / std::max(pass, 0.001), leaks);
}

}  // namespace
}  // namespace palermo::casework

int main() {
  using palermo::casework::LeakScanner;
  const auto tokens = palermo::casework::Tokens();
  const double build = palermo::casework::Millis([&] { LeakScanner scanner(tokens); });
  std::printf("build: %zu tokens: %6.1f ms\n", tokens.size(), build);
  const LeakScanner scanner(tokens);
  palermo::casework::Run(
      "latin", scanner,
      palermo::casework::Text({"lo", "ran", "te", "sim", "gu", "pel", "o", "ne"}));
  palermo::casework::Run(
      "cyrillic", scanner,
      palermo::casework::Text({"\u043B\u043E", "\u0440\u0430\u043D", "\u0442\u0435",
                               "\u0441\u0438\u043C", "\u0433\u0443"}));
  palermo::casework::Run("arabic", scanner,
                         palermo::casework::Text({"\u0644\u0627", "\u0631\u0646", "\u062A\u0645",
                                                  "\u0633\u0643", "\u0642"}));
  palermo::casework::Run(
      "han", scanner, palermo::casework::Text({"\u4EBA", "\u5927", "\u5728", "\u6709", "\u7684"}));
  return 0;
}
