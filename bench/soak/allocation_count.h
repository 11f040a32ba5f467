// SPDX-License-Identifier: Apache-2.0
// Counts every allocation of the process by what the allocating thread is at: malloc, calloc, realloc and the
// aligned forms are replaced, so operator new, C libraries and inlined containers are all seen.
#ifndef GANDER_BENCH_SOAK_ALLOCATION_COUNT_H_
#define GANDER_BENCH_SOAK_ALLOCATION_COUNT_H_

#include <cstdint>

namespace gander::bench {

// Activities are small numbers of the caller's choice; a thread that said nothing is at 0.
inline constexpr int kActivities = 8;
void SetActivity(int activity) noexcept;
std::uint64_t Allocations(int activity) noexcept;
std::uint64_t AllocatedBytes(int activity) noexcept;
// Prints where the next `count` allocations of that activity come from, on standard error.
void ShowNext(int activity, int count) noexcept;

}  // namespace gander::bench

#endif  // GANDER_BENCH_SOAK_ALLOCATION_COUNT_H_
