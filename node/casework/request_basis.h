// The treaty basis of a request in hand: the question that it puts, the answer as it stores it, and
// whether another list answers otherwise. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_REQUEST_BASIS_H_
#define PALERMO_NODE_CASEWORK_REQUEST_BASIS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/contents.h"
#include "node/casework/treaty.h"

namespace palermo::casework {

// Whose list answers.
struct ListSource {
  std::string state;
  uint64_t directory_version = 0;
  std::string sha256;  // hexadecimal, of the list's bytes
};

// The area that the request names, or the one that its offences or its instrument have: who cites
// the Firearms Protocol asks in a case of firearms. "" when nothing tells.
std::string AreaOf(const v1::Request& request);
BasisQuestion QuestionOf(const CheckContext& context, const v1::Request& request);
// As it stands in a request, to ask it again. Failure: BAD_BASIS when it is none.
absl::StatusOr<BasisQuestion> QuestionOf(const v1::BasisAnswer& stored);
// The assurance has a text, and is valid at the context's time.
bool AssuresReciprocity(const CheckContext& context, const v1::Request& request);

v1::BasisAnswer Answer(const TreatyStatus& treaties, const BasisQuestion& question,
                       const ListSource& source);
// Plain sentences, one for each difference that matters; empty: the same.
std::vector<std::string> Differences(const v1::BasisAnswer& stored, const v1::BasisAnswer& other);

// Puts a sentence into the reader's language and fills its placeholders; null: English.
using Translated = std::function<std::string(std::string_view english, const TextArgs& args)>;
std::string Said(std::string_view english, const TextArgs& args, const Translated& translated);
// A reason of an answer in words: "BARRED:2AP:33(2) 20:QR".
std::string ReasonText(const std::string& reason, const Translated& translated = nullptr);
// The whole answer for people: one line each.
std::vector<std::string> AnswerText(const v1::BasisAnswer& answer,
                                    const Translated& translated = nullptr);

// Puts what `answer` says into the basis of a form: the instrument and its article where the form's
// does not bind, the profile that governs. False when nothing binds: then it stays.
bool PrefillBasis(const v1::BasisAnswer& answer, v1::Family::Code family, v1::Basis* basis);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_REQUEST_BASIS_H_
