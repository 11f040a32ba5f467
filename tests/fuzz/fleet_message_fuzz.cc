// SPDX-License-Identifier: Apache-2.0
// Anybody who can write to the topic writes messages: none may crash the loader, and what is taken is within its
// bounds.
#include <cstdlib>
#include <string_view>

#include "fleet/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander::fleet;
  Item item{"topic", 0, 0, std::string(reinterpret_cast<const char*>(data), size), Ignored{}};
  item.message = ReadMessage(item.bytes);
  if (const auto* sketch = std::get_if<SketchMessage>(&item.message)) {
    if (sketch->sensor.empty() || sketch->sensor.size() > kMaxText || sketch->people.low > sketch->people.high)
      std::abort();
    if (sketch->Key().size() != 36) std::abort();
  }
  const CopyText text = ToCopyText(std::span(&item, 1));
  for (const std::string* lines : {&text.sketches, &text.events, &text.refused}) {
    if (lines->find('\0') != std::string::npos || (!lines->empty() && lines->find('\n') != lines->size() - 1))
      std::abort();
  }
  return 0;
}
