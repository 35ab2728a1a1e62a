// What storage costs on this machine, in one run: group commit against a sync for each write, the
// ledger's appends and proofs, and runs of segments. The ratios are what to compare between
// machines. Usage: storage_bench [directory on the disk to measure].
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "storage/fsck.h"
#include "storage/ledger_tree.h"
#include "storage/memory_store.h"
#include "storage/rocks_store.h"

namespace palermo::storage {
namespace {

constexpr size_t kValueBytes = 6 * 1024;
constexpr size_t kBatchWrites = 512;
constexpr char kPrefix[] = "ledger/";

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

class Bench {
 public:
  explicit Bench(const std::string& dir) {
    auto opened = RocksStore::Open({.dir = dir});
    Must(opened.status());
    store_ = *std::move(opened);
    SystemRandom random;
    value_ = random.Bytes(kValueBytes);
  }

  void Writes() {
    constexpr int kSingles = 300;
    const double single = kSingles / Seconds([&] {
                            for (int i = 0; i < kSingles; ++i) WriteBatchOf(1);
                          });
    constexpr int kBatches = 20;
    const double grouped = kBatches * kBatchWrites / Seconds([&] {
                             for (int i = 0; i < kBatches; ++i) WriteBatchOf(kBatchWrites);
                           });
    std::printf("writes of 6 KiB, a sync for each        %10.0f /s\n", single);
    std::printf("writes of 6 KiB, a sync for each 512    %10.0f /s   %6.1f times\n", grouped,
                grouped / single);
  }

  void Ledger() {
    constexpr size_t kEntries = 512 * 400;
    MemoryStore memory;
    const double in_memory = Append(memory, kEntries);
    const double on_disk = Append(*store_, kEntries);
    std::printf("ledger appends in batches of 512, memory%10.0f /s\n", in_memory);
    std::printf("ledger appends in batches of 512, disk  %10.0f /s   %6.2f times\n", on_disk,
                on_disk / in_memory);
    auto tree = LedgerTree::Load(*store_, kPrefix);
    Must(tree.status());
    const double seconds = Seconds([&] {
      Must(tree->ProofsForRange(*store_, tree->size() - kBatchWrites, kBatchWrites).status());
    });
    std::printf("inclusion proofs of the newest 512      %10.2f us each\n",
                seconds * 1e6 / kBatchWrites);
    const double fsck = Seconds([&] {
      auto report = Fsck(*store_, kPrefix, tree->head(), [](uint64_t, uint64_t) {});
      Must(report.status());
      Must(report->ToStatus());
    });
    std::printf("fsck of the ledger                      %10.0f entries/s\n", kEntries / fsck);
  }

  void Segments() {
    constexpr size_t kSegments = 128;
    const std::string segment(1024 * 1024, 's');
    std::vector<std::pair<std::string, std::string>> run;
    for (size_t i = 0; i < kSegments; ++i) run.emplace_back(BigEndian64(i), segment);
    const double seconds = Seconds([&] { Must(store_->Ingest(run)); });
    std::printf("segments of 1 MiB, one run of 128       %10.0f MiB/s\n", kSegments / seconds);
  }

 private:
  void WriteBatchOf(size_t count) {
    WriteBatch batch;
    for (size_t i = 0; i < count; ++i) batch.Put(BigEndian64(next_++), value_);
    Must(store_->Apply(batch, Durability::kSync));
  }

  // Appends per second, with a sync for each batch.
  double Append(KvStore& store, size_t entries) {
    auto tree = LedgerTree::Load(store, kPrefix);
    Must(tree.status());
    std::vector<Hash> batch_entries(kBatchWrites);
    return entries / Seconds([&] {
             while (tree->size() < entries) {
               const std::string number = BigEndian64(tree->size());
               for (size_t i = 0; i < kBatchWrites; ++i) {
                 std::copy(number.begin(), number.end(), batch_entries[i].begin());
                 batch_entries[i][8] = static_cast<uint8_t>(i);
                 batch_entries[i][9] = static_cast<uint8_t>(i >> 8);
               }
               WriteBatch batch;
               StagedAppend staged = tree->Stage(batch_entries, &batch);
               Must(store.Apply(batch, Durability::kSync, {.tree_size = tree->size()}));
               tree->Commit(std::move(staged));
             }
           });
  }

  std::unique_ptr<RocksStore> store_;
  std::string value_;
  uint64_t next_ = 0;
};

}  // namespace
}  // namespace palermo::storage

int main(int argc, char** argv) {
  const std::string parent = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string();
  std::string dir = parent + "/storage-bench-XXXXXX";
  if (mkdtemp(dir.data()) == nullptr) {
    std::fprintf(stderr, "cannot make a directory in %s\n", parent.c_str());
    return 1;
  }
  {
    palermo::storage::Bench bench(dir + "/store");
    bench.Writes();
    bench.Ledger();
    bench.Segments();
  }
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
  return 0;
}
