// SPDX-License-Identifier: Apache-2.0
// Which processor cores the packet threads run on.
#ifndef GANDER_RUNTIME_CORES_H_
#define GANDER_RUNTIME_CORES_H_

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gander::runtime {

// Cores this process may run on, in order.
std::vector<int> AllowedCores();

// A list such as "2-5,8", as runtime.cores takes it, in the order given. Errors: not a list, a core listed
// twice.
Result<std::vector<int>> ReadCores(std::string_view text);

// One core for each of `threads` packet threads. An empty list takes those allowed in order, and shares them
// when there are more threads. Errors: those of ReadCores, a core that is not `allowed`, fewer cores than
// threads.
Result<std::vector<int>> ChooseCores(std::string_view text, std::size_t threads,
                                     std::span<const int> allowed);

// Ties the calling thread to a core. False where the system does not let it.
bool PinThisThread(int core) noexcept;

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_CORES_H_
