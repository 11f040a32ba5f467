// SPDX-License-Identifier: Apache-2.0
// Whether this binary carries a sanitizer's runtime, which traces, maps and reads what a sensor has no business with and has
// signal handlers of its own: what confines or watches a process makes room for it. In gcc's words and in clang's.
#ifndef GANDER_BASE_SANITIZED_H_
#define GANDER_BASE_SANITIZED_H_

namespace gander {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace gander

#endif  // GANDER_BASE_SANITIZED_H_
