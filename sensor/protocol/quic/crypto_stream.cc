// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/crypto_stream.h"

#include <algorithm>
#include <cstring>

#include "protocol/quic/quic.h"

namespace gander::protocol::quic {

bool CryptoStream::Put(std::uint64_t offset, Bytes bytes) {
  if (bytes.empty()) return true;
  if (offset > kMaxHello || bytes.size() > kMaxHello - offset) return false;
  Stretch fresh{static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset + bytes.size())};
  // The stretches that `fresh` touches become one with it.
  const auto first =
      std::find_if(stretches_.begin(), stretches_.end(), [&](Stretch s) { return s.end >= fresh.begin; });
  const auto last = std::find_if(first, stretches_.end(), [&](Stretch s) { return s.begin > fresh.end; });
  if (first == last && stretches_.size() == kMaxStretches) return false;
  if (buffer_.size() < fresh.end) buffer_.resize(fresh.end);
  // Only the holes are filled: the first bytes seen count.
  std::uint32_t at = fresh.begin;
  const auto fill = [&](std::uint32_t end) {
    if (end > at) std::memcpy(&buffer_[at], bytes.data() + (at - fresh.begin), end - at);
  };
  for (auto s = first; s != last; ++s) {
    fill(std::min(s->begin, fresh.end));
    at = std::max(at, s->end);
  }
  fill(fresh.end);
  if (first == last) {
    stretches_.insert(first, fresh);
    return true;
  }
  first->begin = std::min(first->begin, fresh.begin);
  first->end = std::max((last - 1)->end, fresh.end);
  stretches_.erase(first + 1, last);
  return true;
}

Bytes CryptoStream::Front() const noexcept {
  if (stretches_.empty() || stretches_.front().begin != 0) return {};
  return AsBytes(buffer_).first(stretches_.front().end);
}

void CryptoStream::Clear() noexcept {
  std::string().swap(buffer_);
  std::vector<Stretch>().swap(stretches_);
}

}  // namespace gander::protocol::quic
