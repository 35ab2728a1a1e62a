// The kinds of ledger entries in plain words.
#ifndef PALERMO_NODE_CLI_RECORD_WORDS_H_
#define PALERMO_NODE_CLI_RECORD_WORDS_H_

#include "palermo/v1/ledger.pb.h"

namespace palermo::cli {

// "the peer's node took the message over, or refused it"; "" for a kind that nobody enters.
const char* KindMeaning(v1::RecordKind::Code kind);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_RECORD_WORDS_H_
