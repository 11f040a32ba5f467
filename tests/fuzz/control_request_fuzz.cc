// SPDX-License-Identifier: Apache-2.0
// What a local user may send to the control socket.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "control/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::control;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto request = ReadRequest(text)) {
    const auto again = ReadRequest(WriteRequest(*request));
    if (again && again->arguments != request->arguments) std::abort();
  }
  (void)ReadReply(text);
  const Reply reply{true, text, "", ""};
  if (!ReadReply(WriteReply(reply))) std::abort();
  return 0;
}
