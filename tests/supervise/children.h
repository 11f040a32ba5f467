// SPDX-License-Identifier: Apache-2.0
// Cases that end a process run in a child.
#ifndef GANDER_TESTS_SUPERVISE_CHILDREN_H_
#define GANDER_TESTS_SUPERVISE_CHILDREN_H_

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace gander::supervise {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// waitpid(2)'s status of a child that ran `body`, and ended with what it returned.
inline int StatusOf(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace gander::supervise

#endif  // GANDER_TESTS_SUPERVISE_CHILDREN_H_
