// The transport's own limit: frames of one size over the same TLS and the same kind of stream,
// echoed.
#ifndef PALERMO_TESTS_BENCH_ECHO_H_
#define PALERMO_TESTS_BENCH_ECHO_H_

#include <cstddef>

namespace palermo::bench {

// Frames a second, each answered by a small frame as an item is by its receipt; `window` under way.
double EchoPerSecond(size_t frame_bytes, size_t frames, size_t window);

}  // namespace palermo::bench

#endif  // PALERMO_TESTS_BENCH_ECHO_H_
