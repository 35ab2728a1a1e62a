// What the names of members, records and kinds say, word by word; inside the room only. A part of a
// word says nothing: a translator is no transfer. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_NAMES_H_
#define PALERMO_NODE_CASEWORK_CASES_NAMES_H_

#include <google/protobuf/struct.pb.h>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

// "traceFiles", "TRACE_FILES", "trace files": trace, files.
std::vector<std::string> WordsIn(std::string_view name);
// Whether one of its words is one of `words`, alone or with an s.
bool HasWord(std::string_view name, std::initializer_list<std::string_view> words);
// Whether one of `phrases` stands in the words of `text`. A phrase is a word, several in a row
// ("prior_notice"), or with "*" behind it how a word begins ("seiz*"); all in lower case.
bool HasWords(std::string_view text, std::span<const std::string_view> phrases);
bool HasWords(std::string_view text, std::initializer_list<std::string_view> phrases);
// Names of members in one order: that of protobuf's maps differs from run to run.
std::vector<std::string> SortedNames(const google::protobuf::Struct& object);

// Whether a name says that something passes from state to state, FAP 4(2).
bool NamesStates(std::string_view name);
// Whether a text says no more than that: "STATE_TO_STATE", "State-to-state transfer", "FAP 4(2)".
bool SaysStates(std::string_view text);
// Whether it names records that FAP 7 does not keep: leads, logs of queries, the papers of a
// proceeding, data of persons.
bool NamesOtherRecords(std::string_view name);
// Whether it names what is kept of firearms: a trace, a licence, a pistol.
bool NamesFirearms(std::string_view name);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_NAMES_H_
