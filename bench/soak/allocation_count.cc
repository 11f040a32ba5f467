// SPDX-License-Identifier: Apache-2.0
#include "soak/allocation_count.h"

#include <errno.h>
#include <execinfo.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

// glibc's own, under the names it keeps for replacements such as these.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace gander::bench {
namespace {

thread_local int activity_now = 0;
std::atomic<std::uint64_t> calls[kActivities], bytes[kActivities];
std::atomic<int> to_show[kActivities];

void Show() noexcept {
  const int activity = activity_now;
  activity_now = 0;  // what the unwinder allocates is not the pipeline's
  void* frames[16];
  backtrace_symbols_fd(frames, backtrace(frames, 16), STDERR_FILENO);
  (void)!write(STDERR_FILENO, "\n", 1);
  activity_now = activity;
}

void Count(std::size_t size) noexcept {
  calls[activity_now].fetch_add(1, std::memory_order_relaxed);
  bytes[activity_now].fetch_add(size, std::memory_order_relaxed);
  if (to_show[activity_now].load(std::memory_order_relaxed) > 0 && to_show[activity_now].fetch_sub(1) > 0)
    Show();
}

}  // namespace

void SetActivity(int activity) noexcept { activity_now = activity; }
std::uint64_t Allocations(int activity) noexcept { return calls[activity].load(std::memory_order_relaxed); }
std::uint64_t AllocatedBytes(int activity) noexcept {
  return bytes[activity].load(std::memory_order_relaxed);
}

void ShowNext(int activity, int count) noexcept { to_show[activity].store(count, std::memory_order_relaxed); }

}  // namespace gander::bench

extern "C" {
void* malloc(std::size_t size) {
  gander::bench::Count(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  gander::bench::Count(count * size);
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  gander::bench::Count(size);
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  gander::bench::Count(size);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  gander::bench::Count(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  gander::bench::Count(size);
  *out = __libc_memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}
}
