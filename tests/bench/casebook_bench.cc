// The real casebook, encrypted and on disk, with a million identifiers: records taken in a second,
// time of a look-up after it was opened anew, bytes of the index for each identifier. Aims: 5,000
// records/s, 5 ms at the 99th percentile, 200 bytes. `casebook_bench [RECORDS [FOLDER]]`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casebook/test_util.h"
#include "node/casework/intelligence/correlation.h"

namespace palermo::casebook {
namespace {

constexpr size_t kRecords = 200000;
constexpr int kFresh = 5;  // identifiers that no other record has; and one vessel that others have
constexpr int kLookups = 5000;
constexpr size_t kShown = 50;  // as the commands do without --limit

using Clock = std::chrono::steady_clock;
double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// The template's report, with legs, places and words, and these identifiers.
v1::CaseBody ReportOf(size_t number, std::mt19937& engine) {
  v1::CaseBody body = Report(absl::StrFormat("R-%06d", number));
  v1::RouteReport& report = *body.mutable_route_report();
  report.clear_identifiers();
  for (v1::RouteLeg& leg : *report.mutable_legs()) leg.mutable_conveyance()->clear_identifiers();
  for (int i = 0; i < kFresh; ++i) {
    auto& id = *report.add_identifiers();
    id.set_scheme(i % 2 == 0 ? "PHONE" : "PLATE");
    // All over the index, as telephones and plates are.
    const uint64_t spread = (number * kFresh + i) * 2654435761u % 4294967291u;
    id.set_value(i % 2 == 0 ? absl::StrFormat("+99 %011d", spread)
                            : absl::StrFormat("qm-%010d", spread));
    id.set_country("QM");
  }
  auto& vessel = *report.add_identifiers();
  vessel.set_scheme("IMO");
  vessel.set_value(absl::StrFormat("%07d", engine() % 200 == 0 ? 0 : 1 + engine() % 50000));
  report.set_summary(absl::StrFormat("vessel %d seen near buoy %d with a hidden compartment",
                                     engine() % 50000, engine() % 5000));
  return body;
}

// Of each call, in milliseconds; on a busy machine the processor time says more.
struct Times {
  std::vector<double> wall, processor;

  template <typename Call>
  void Take(Call call) {
    const auto since = Clock::now();
    const double before = ThreadMillis();
    call();
    wall.push_back(1000 * Seconds(since));
    processor.push_back(ThreadMillis() - before);
  }
  static double ThreadMillis() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
  }
  static double At(std::vector<double>& millis, double part) {
    std::sort(millis.begin(), millis.end());
    return millis[static_cast<size_t>(part * static_cast<double>(millis.size() - 1))];
  }
  void Tell(const char* what) {
    std::printf("%s: p50 %.2f ms, p99 %.2f ms, worst %.2f ms; processor p99 %.2f ms\n", what,
                At(wall, 0.5), At(wall, 0.99), At(wall, 1), At(processor, 0.99));
  }
};

int64_t Pragma(Database& database, const char* name) {
  Statement read = *database.Prepare(Cat({"PRAGMA ", name}));
  PALERMO_CHECK(*read.Step());
  return read.Number(0);
}

// What the table of identifiers takes of the file: the pages that are free without it.
int64_t IndexBytes(const std::string& path) {
  Database database = *Database::Open(path, Key());
  const int64_t before = Pragma(database, "freelist_count");
  PALERMO_CHECK(database.Execute("PRAGMA secure_delete=OFF; DROP TABLE mark").ok());
  return (Pragma(database, "freelist_count") - before) * Pragma(database, "page_size");
}

size_t Ingest(Casebook& book, size_t records, std::mt19937& engine) {
  Post post;
  size_t marks = 0;
  double seconds = 0, processor = 0;
  std::vector<v1::CasebookEntry> batch;
  for (size_t n = 0; n < records; ++n) {
    const v1::CaseBody body = ReportOf(n, engine);
    batch.push_back(post.Entry("QM", "QN", {"QM"}, body));
    marks += casework::MarksOf(body.route_report()).size();
    if (batch.size() < kMessagesAtOnce && n + 1 < records) continue;
    const auto since = Clock::now();
    const std::clock_t before = std::clock();
    PALERMO_CHECK(book.Put(batch, "after").ok());
    seconds += Seconds(since);
    processor += static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    batch.clear();
  }
  std::printf(
      "ingest: %zu records, %zu identifiers, %.0f records/s (%.0f for each second of "
      "processor time)\n",
      records, marks, static_cast<double>(records) / seconds,
      static_cast<double>(records) / processor);
  return marks;
}

void LookUp(Casebook& book, size_t records, std::mt19937& engine) {
  const Access access = AccessOf("QM");
  Times named, vessels, matches;
  size_t found = 0;
  for (int i = 0; i < kLookups; ++i) {
    const std::string record = absl::StrFormat("QN:R-%06d/1", engine() % records);
    const Item item = *book.Record(record, access, casework::Way::kView, "");
    const auto marks = ContentOf(item.header, item.body).marks;
    const std::string& mark = marks[engine() % marks.size()];
    const std::string vessel = absl::StrFormat("IMO:%07d", engine() % 50000);
    named.Take([&] { found += book.Named(mark, access, kShown)->items.size(); });
    vessels.Take([&] { found += book.Named(vessel, access, kShown)->items.size(); });
    matches.Take([&] { found += book.Matches(item, access)->size(); });
  }
  named.Tell("look-up of an identifier");
  vessels.Tell("look-up of a vessel that others name too");
  matches.Tell("what a report has in common with all others");
  auto since = Clock::now();
  const auto everywhere = book.Named("IMO:0000000", access, kShown);
  std::printf("a vessel that is everywhere: %.2f ms, told so: %d; %zu found in all\n",
              1000 * Seconds(since), everywhere->everywhere ? 1 : 0, found);
  since = Clock::now();
  const auto words = book.Search("buoy 4711", access, kShown);
  std::printf("two words: %.2f ms, %zu found\n", 1000 * Seconds(since), words->items.size());
}

int Run(size_t records, const std::string& place) {
  std::mt19937 engine(1);
  const Folder folder(place);
  const std::string path = folder.File("casebook.db");
  auto book = Opened(path, "QM");
  PALERMO_CHECK(book != nullptr);
  const size_t marks = Ingest(*book, records, engine);
  book = Opened(path, "QM");
  LookUp(*book, records, engine);
  book.reset();
  const auto file = static_cast<double>(std::filesystem::file_size(path));
  std::printf("index: %.0f bytes an identifier; the file %.0f MB, %.0f bytes a record\n",
              static_cast<double>(IndexBytes(path)) / static_cast<double>(marks), file / 1e6,
              file / static_cast<double>(records));
  return 0;
}

}  // namespace
}  // namespace palermo::casebook

int main(int argc, char** argv) {
  const size_t records = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  return palermo::casebook::Run(records == 0 ? palermo::casebook::kRecords : records,
                                argc > 2 ? argv[2] : "");
}
