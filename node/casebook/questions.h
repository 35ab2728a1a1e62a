// What other states ask of us about records. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEBOOK_QUESTIONS_H_
#define PALERMO_NODE_CASEBOOK_QUESTIONS_H_

#include <vector>

#include "node/casebook/casebook.h"

namespace palermo::casebook {

// Of these messages the questions for consent, recalls and corrections that came and that none of
// our own among them answers, in the given order.
std::vector<Item> UnansweredIn(std::vector<Item> items);

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_QUESTIONS_H_
