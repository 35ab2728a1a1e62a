// The settings of jemalloc, read before main. What a message needs is taken and given back
// thousands of times in a second: in pages of 2 MiB, and kept for a minute, it costs one fault
// where it cost hundreds.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "thp:always,dirty_decay_ms:60000,muzzy_decay_ms:0";
}
