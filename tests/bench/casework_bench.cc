// The law's speed on one core: full check of a request, linear in items and persons; replay of long
// histories; bytes for each case.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string_view>

#include "base/bytes.h"
#include "node/casework/contents.h"
#include "node/casework/history.h"
#include "node/casework/json.h"
#include "node/casework/treaty.h"

namespace {
// What is allocated now, and the most since Reset: this program has one thread.
size_t live_bytes = 0, peak_bytes = 0;
void* Counted(size_t size) {
  void* at = std::malloc(size);
  if (at == nullptr) std::abort();
  live_bytes += malloc_usable_size(at);
  peak_bytes = std::max(peak_bytes, live_bytes);
  return at;
}
void Returned(void* at) {
  if (at == nullptr) return;
  live_bytes -= malloc_usable_size(at);
  std::free(at);
}
}  // namespace

void* operator new(size_t size) { return Counted(size); }
void* operator new[](size_t size) { return Counted(size); }
void operator delete(void* at) noexcept { Returned(at); }
void operator delete[](void* at) noexcept { Returned(at); }
void operator delete(void* at, size_t) noexcept { Returned(at); }
void operator delete[](void* at, size_t) noexcept { Returned(at); }

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

v1::CaseBody BodyOf(int items, int persons) {
  v1::CaseBody body = TemplateFor(v1::Act::REQUEST);
  v1::Request& r = *body.mutable_request();
  while (r.items_size() < items) *r.add_items() = r.items(r.items_size() % 2);
  for (int i = 0; i < items; ++i) r.mutable_items(i)->set_n(i + 1);
  while (r.persons_size() < persons) *r.add_persons() = r.persons(1);
  return body;
}

struct Desk {
  absl::StatusOr<TreatyStatus> treaties = TreatyStatus::FromCsv(kStatus);
  StateProfile state{"ABOLISHED", {}, std::nullopt, false, ""};
  Signatory signatory{"QM-CA-07", {"MLA"}, "2026-12-31", "QM-CA-08"};
  CheckContext Context() const {
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
    return context;
  }
};

void Check(int items, int persons) {
  const v1::CaseBody body = BodyOf(items, persons);
  const Desk desk;
  const CheckContext context = desk.Context();
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

std::vector<ActFact> FactsOf(uint32_t acts) {
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
  return facts;
}

void Replayed(uint32_t acts) {
  const std::vector<ActFact> facts = FactsOf(acts);
  const auto since = std::clock();
  const History history = Replay(facts);
  const double spent = Seconds(since);
  const size_t bytes =
      facts.size() * (sizeof(ActFact) + sizeof(Hash)) + history.acts.size() * sizeof(OrderedAct);
  std::printf("replay: %6u acts: %7.2f ms, %5.0f ns an act, about %zu bytes an act in memory\n",
              acts, spent * 1e3, spent * 1e9 / acts, bytes / facts.size());
}

// What a desk holds of one case, and what a check of it takes on top.
void Memory(int items, uint32_t acts) {
  const Desk desk;
  const CheckContext context = desk.Context();
  // Tables that are made once do not count.
  CheckBody(context, BodyOf(items, 3));
  const size_t before = live_bytes;
  const v1::CaseBody body = BodyOf(items, 3);
  const size_t with_body = live_bytes;
  const std::vector<ActFact> facts = FactsOf(acts);
  const History history = Replay(facts);
  const size_t held = live_bytes;
  peak_bytes = live_bytes;
  const size_t found = CheckBody(context, body).size();
  std::printf(
      "memory: %3d items, %5u acts: %zu bytes a case (body %zu, history %zu), "
      "a check takes %zu more, %zu findings\n",
      items, acts, held - before, with_body - before, held - with_body, peak_bytes - held, found);
}

}  // namespace
}  // namespace palermo::casework

int main(int argc, char** argv) {
  if (argc > 1) {
    const std::string_view option = argv[1];
    const bool asked = option == "--help" || option == "-h";
    std::fprintf(
        asked ? stdout : stderr,
        "Usage: casework_bench\n"
        "Measures for about ten seconds, on one core: the check of requests by items and\n"
        "persons, the replay of long histories, the bytes of a case. It takes no options.\n");
    return asked ? 0 : 2;
  }
  for (int items : {5, 10, 20, 40, 80}) palermo::casework::Check(items, 3);
  for (int persons : {3, 30, 300}) palermo::casework::Check(20, persons);
  for (uint32_t acts : {1000u, 10000u, 100000u}) palermo::casework::Replayed(acts);
  for (uint32_t acts : {10u, 100u, 1000u}) palermo::casework::Memory(20, acts);
  return 0;
}
