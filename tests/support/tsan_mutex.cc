// Tells the thread sanitizer what absl::Mutex orders. The distribution builds Abseil without
// instrumentation, so that every critical section of ours would be reported. Linked into each
// program of the preset tsan with --wrap: calls of absl::Mutex come here first. Conditions may be
// evaluated by the thread that unlocks, inside Abseil and under the lock: what is read there is not
// looked at.
#include <sanitizer/tsan_interface.h>

#include <cstdint>

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): names that the linker and the sanitizer give.
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

using Condition = const void;
// absl::Duration: seconds and quarters of a nanosecond, passed in two registers.
struct Duration {
  int64_t hi;
  uint32_t lo;
};

void __real__ZN4absl7debian35Mutex4LockEv(void* mu);
void __real__ZN4absl7debian35Mutex6UnlockEv(void* mu);
void __real__ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE(void* mu, Condition* condition);
bool __real__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
    void* mu, Condition* condition, Duration timeout);

void __wrap__ZN4absl7debian35Mutex4LockEv(void* mu) {
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  __real__ZN4absl7debian35Mutex4LockEv(mu);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  __tsan_acquire(mu);
}
void __wrap__ZN4absl7debian35Mutex6UnlockEv(void* mu) {
  __tsan_release(mu);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  __real__ZN4absl7debian35Mutex6UnlockEv(mu);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}
void __wrap__ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE(void* mu, Condition* condition) {
  __tsan_release(mu);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  __real__ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE(mu, condition);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  __tsan_acquire(mu);
}
bool __wrap__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
    void* mu, Condition* condition, Duration timeout) {
  __tsan_release(mu);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  const bool met = __real__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(
      mu, condition, timeout);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  __tsan_acquire(mu);
  return met;
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"
