// What the sanitizers change of the machine, for the few tests that look at exactly that.
#ifndef PALERMO_BASE_SANITIZERS_H_
#define PALERMO_BASE_SANITIZERS_H_

namespace palermo {

// AddressSanitizer answers mlock itself and locks nothing.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace palermo

#endif  // PALERMO_BASE_SANITIZERS_H_
