// What this machine can do at most, measured in the same run as the exchange.
#ifndef PALERMO_TESTS_BENCH_LIMITS_H_
#define PALERMO_TESTS_BENCH_LIMITS_H_

#include <cstddef>
#include <string>

namespace palermo::bench {

// Ed25519 verifications a second, on all cores together.
double VerificationsPerSecond();
// Values of `bytes` a second into a RocksDB in `dir`, `batch` of them for each synced write.
double GroupCommitWritesPerSecond(const std::string& dir, size_t bytes, size_t batch);

}  // namespace palermo::bench

#endif  // PALERMO_TESTS_BENCH_LIMITS_H_
