// The law's speed on one core: full check of a request, linear in items and persons; replay of long
// histories; bytes for each case.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "base/bytes.h"
#include "node/casework/contents.h"
#include "node/casework/history.h"
#include "node/casework/json.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

// Of this process's own processor time: what else runs on the machine does not count.
double Seconds(std::clock_t since) {
  return static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
}

const char kStatus[] =
    "INSTRUMENT,UNTOC,30D,12M\nINSTRUMENT,TIP,30D,12M,UNTOC\nPARTY,UNTOC,QM,RATIFIED,2004-01-01\n"
    "PARTY,UNTOC,QT,RATIFIED,2004-01-01\nPARTY,TIP,QM,RATIFIED,2004-01-01\n"
    "PARTY,TIP,QT,RATIFIED,2004-01-01\n";

void Check(int items, int persons) {
  v1::CaseBody body = TemplateFor(v1::Act::REQUEST);
  v1::Request& r = *body.mutable_request();
  while (r.items_size() < items) *r.add_items() = r.items(r.items_size() % 2);
  for (int i = 0; i < items; ++i) r.mutable_items(i)->set_n(i + 1);
  while (r.persons_size() < persons) *r.add_persons() = r.persons(1);
  const auto treaties = TreatyStatus::FromCsv(kStatus);
  const StateProfile state{"ABOLISHED", {}, std::nullopt, false};
  const Signatory signatory{"QM-CA-07", {"MLA"}, "2026-12-31", "QM-CA-08"};
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.urgency = v1::Urgency::PRIORITY;
  context.requesting_state = "QM";
  context.requested_state = "QT";
  context.accepted_languages = {"en"};
  context.now_iso8601_date = "2026-03-02";
  context.treaties = &*treaties;
  context.requesting_profile = context.requested_profile = &state;
  context.signatory = &signatory;
  context.recipient_role = "CENTRAL_AUTHORITY_MLA";
  int rounds = 0;
  size_t found = 0;
  const auto since = std::clock();
  // The clock itself costs a call into the kernel: it is asked once in a hundred rounds.
  for (; rounds % 100 != 0 || Seconds(since) < 1.0; ++rounds) {
    found += CheckBody(context, body).size();
  }
  const double rate = rounds / Seconds(since);
  std::printf("check: %4d items, %4d persons: %9.0f requests/s, %6.2f us each, %zu findings\n",
              items, persons, rate, 1e6 / rate, found / std::max(rounds, 1));
}

void Replayed(uint32_t acts) {
  std::vector<ActFact> facts;
  const auto id = [](uint32_t n) {
    Hash hash = {};
    for (int i = 0; i < 4; ++i) hash[i] = static_cast<uint8_t>(n >> (24 - 8 * i));
    return hash;
  };
  const auto add = [&](Side side, v1::Act::Code act) {
    const auto n = static_cast<uint32_t>(facts.size() + 1);
    facts.push_back(
        {id(n), side, act, n == 1 ? std::vector<Hash>{} : std::vector<Hash>{id(n - 1)}});
  };
  add(Side::kRequesting, v1::Act::REQUEST);
  add(Side::kRequested, v1::Act::ACKNOWLEDGEMENT);
  add(Side::kRequested, v1::Act::ADMISSION);
  add(Side::kRequested, v1::Act::EXECUTION_STARTED);
  while (facts.size() < acts) add(Side::kRequested, v1::Act::PARTIAL_RESULT);
  const auto since = std::clock();
  const History history = Replay(facts);
  const double spent = Seconds(since);
  const size_t bytes =
      facts.size() * (sizeof(ActFact) + sizeof(Hash)) + history.acts.size() * sizeof(OrderedAct);
  std::printf("replay: %6u acts: %7.2f ms, %5.0f ns an act, about %zu bytes an act in memory\n",
              acts, spent * 1e3, spent * 1e9 / acts, bytes / facts.size());
}

}  // namespace
}  // namespace palermo::casework

int main() {
  for (int items : {5, 10, 20, 40, 80}) palermo::casework::Check(items, 3);
  for (int persons : {3, 30, 300}) palermo::casework::Check(20, persons);
  for (uint32_t acts : {1000u, 10000u, 100000u}) palermo::casework::Replayed(acts);
  return 0;
}
