// Writes in the officer's language. T marks what deploy/texts takes into the catalogues.
#ifndef PALERMO_NODE_CLI_SPEAKER_H_
#define PALERMO_NODE_CLI_SPEAKER_H_

#include <string>
#include <string_view>

#include "node/casework/finding.h"
#include "node/words/words.h"

namespace palermo::cli {

class Speaker {
 public:
  explicit Speaker(words::Language language) : language_(language) {}

  std::string T(std::string_view english) const {
    return std::string(words::Translate(language_, english));
  }
  std::string Fill(std::string_view english, const casework::TextArgs& args) const {
    return casework::FillText(words::Translate(language_, english), args,
                              words::RightToLeft(language_));
  }
  // As casework's sentences take it.
  std::string operator()(std::string_view english, const casework::TextArgs& args) const {
    return Fill(english, args);
  }

 private:
  words::Language language_;
};

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_SPEAKER_H_
