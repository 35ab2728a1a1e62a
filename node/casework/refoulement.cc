// NON_REFOULEMENT (TIP 14, SOM 19, REF51 33) is not traded off in a consultation: of which kinds of
// assistance that is true.
#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;

// What R-HR-01 names: the person goes there, is put ashore there, or becomes known to the state of
// origin by the question itself.
constexpr T::Code kReturns[] = {T::EXTRADITE,
                                T::PROVISIONAL_ARREST,
                                T::TRANSFER_SENTENCED_PERSON,
                                T::TRANSFER_DETAINED_WITNESS,
                                T::VOLUNTARY_APPEARANCE,
                                T::VERIFY_NATIONALITY,
                                T::ISSUE_TRAVEL_DOCUMENT,
                                T::VERIFY_DOCUMENT,
                                T::BATCH_VERIFY,
                                T::RETURN_PLAN,
                                T::CHILD_RETURN,
                                T::VICTIM_REFERRAL,
                                T::FLAG_CONFIRMATION,
                                T::BOARDING_AUTHORIZATION,
                                T::SUPPRESSION_ASSISTANCE,
                                T::DISTRESS_ALERT,
                                T::OTHER_NOT_CONTRARY};
// What tells the asking state where somebody is or what becomes of him: of a person of that state.
constexpr T::Code kTellsOfAPerson[] = {T::TAKE_EVIDENCE,      T::VIDEO_HEARING,
                                       T::TELEPHONE_HEARING,  T::SERVE_DOCUMENT,
                                       T::CRIMINAL_RECORD,    T::FTF_TRAVEL_INFO,
                                       T::HIT_QUERY,          T::VICTIM_SUPPORT_CONTACT,
                                       T::WITNESS_RELOCATION, T::COOPERATOR_ARRANGEMENT};

bool IsOneOfThem(std::span<const T::Code> kinds, T::Code type) {
  return std::find(kinds.begin(), kinds.end(), type) != kinds.end();
}

bool ConcernsReturn(const v1::Item& item, const v1::Request& request, std::string_view asking) {
  if (item.type() == T::UNSPECIFIED || IsOneOfThem(kReturns, item.type())) return true;
  if (!IsOneOfThem(kTellsOfAPerson, item.type())) return false;
  const std::string& ref = item.person_ref().empty() ? item.person() : item.person_ref();
  const auto& persons = request.persons();
  const auto person = std::find_if(persons.begin(), persons.end(),
                                   [&](const v1::Person& p) { return SameRef(p.ref(), ref); });
  // Of whom nothing is told, or who is sealed, the asking state may be the state of origin.
  return person == persons.end() || person->nationality().empty() || asking.empty() ||
         absl::AsciiStrToUpper(person->nationality()) == asking;
}

}  // namespace

bool ProtectsFromReturn(const v1::Refusal& refusal, const v1::Request* request,
                        std::string_view requesting_state) {
  if (refusal.ground() != v1::RefusalGround::NON_REFOULEMENT) return false;
  if (request == nullptr || request->items().empty()) return true;
  const auto concerns = [&](const v1::Item& item) {
    return ConcernsReturn(item, *request, requesting_state);
  };
  const auto& items = request->items();
  const auto& named = refusal.items();
  // Of the whole request one item is enough: what stands beside it serves it.
  if (named.empty()) return std::any_of(items.begin(), items.end(), concerns);
  return std::all_of(items.begin(), items.end(), [&](const v1::Item& item) {
    const bool refused = std::find(named.begin(), named.end(), item.n()) != named.end();
    return !refused || concerns(item);
  });
}

}  // namespace palermo::casework
