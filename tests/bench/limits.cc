#include "tests/bench/limits.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/check.h"
#include "crypto/signing.h"
#include "storage/rocks_store.h"

namespace palermo::bench {

double VerificationsPerSecond() {
  SystemRandom random;
  crypto::SigningKey key = crypto::SigningKey::Generate(random);
  std::string message(32, 'm');
  crypto::Signature signature = key.Sign(crypto::Purpose::kDraft, message);
  std::atomic<uint64_t> count{0};
  absl::Time start = absl::Now();
  absl::Time end = start + absl::Seconds(2);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      while (absl::Now() < end) {
        for (int j = 0; j < 100; ++j) {
          PALERMO_CHECK(crypto::Verify(crypto::Purpose::kDraft, key.public_key(), message,
                                       crypto::AsView(signature))
                            .ok());
        }
        count += 100;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return static_cast<double>(count) / absl::ToDoubleSeconds(absl::Now() - start);
}

double GroupCommitWritesPerSecond(const std::string& dir, size_t bytes, size_t batch_size) {
  auto store = storage::RocksStore::Open({.dir = dir});
  PALERMO_CHECK(store.ok());
  SystemRandom random;
  std::string value = random.Bytes(bytes);
  uint64_t written = 0;
  absl::Time start = absl::Now();
  while (absl::Now() - start < absl::Seconds(2)) {
    storage::WriteBatch batch;
    for (size_t i = 0; i < batch_size; ++i) batch.Put(BigEndian64(written++), value);
    PALERMO_CHECK((*store)->Apply(batch, storage::Durability::kSync).ok());
  }
  return static_cast<double>(written) / absl::ToDoubleSeconds(absl::Now() - start);
}

}  // namespace palermo::bench
