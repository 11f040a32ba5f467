// SPDX-License-Identifier: Apache-2.0
#include "protocol/rowset/prefixed_values.h"

#include <algorithm>

namespace gander::protocol::rowset {

std::uint64_t PrefixedValues::Feed(Bytes in, Measure measure, RowText& rows, MessageSink& sink) noexcept {
  std::uint64_t bytes = 0;
  for (;;) {
    if (value_open_) {
      const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
      bytes += part.size();
      left_ -= part.size();
      rows.ValuePart(AsText(part), sink);
      if (left_ > 0) return bytes;
      rows.EndValue(sink);
      value_open_ = false;
    }
    if (in.empty()) return bytes;
    prefix_[prefix_size_++] = Octets(TakeFront(in, 1))[0];
    std::uint64_t length = 0;
    const std::size_t used = measure(prefix_.data(), prefix_size_, &length);
    if (used == 0 && prefix_size_ < kMaxPrefix) continue;
    prefix_size_ = 0;
    rows.BeginValue(sink);
    value_open_ = true;
    left_ = length == kNull ? 0 : length;
  }
}

void PrefixedValues::End(RowText& rows, MessageSink& sink) noexcept {
  if (value_open_) rows.EndValue(sink);
  Begin();
  rows.EndRow(sink);
}

}  // namespace gander::protocol::rowset
