// SPDX-License-Identifier: Apache-2.0
#include "protocol/cipher_follower.h"

#include <algorithm>

#include "protocol/plain_text/plain_text.h"
#include "protocol/tls/tls.h"

namespace gander::protocol {
namespace {

constexpr std::size_t kGlance = 64;  // bytes that say whether a chunk is looked at, in a long run of ciphertext

}  // namespace

bool IsTlsRecordHeader(const std::uint8_t* h) noexcept {
  constexpr std::uint8_t kFirstType = 20, kLastType = 24;  // change_cipher_spec .. heartbeat
  return h[0] >= kFirstType && h[0] <= kLastType && h[1] == 3 && h[2] <= 4 &&
         static_cast<std::size_t>(h[3] << 8 | h[4]) <= tls::kMaxRecord;
}

CipherFollower::CipherFollower(std::uint32_t remaining, Bytes header) noexcept
    : remaining_(remaining), records_(true), have_(static_cast<std::uint8_t>(std::min(header.size(), kRecordHeader))) {
  std::copy_n(Octets(header), have_, header_.begin());
}

std::size_t CipherFollower::FollowRecords(Bytes chunk) noexcept {
  Bytes rest = chunk;
  for (;;) {
    remaining_ -= static_cast<std::uint32_t>(TakeFront(rest, remaining_).size());
    if (rest.empty()) return chunk.size();
    const Bytes behind_record = rest;
    const Bytes part = TakeFront(rest, kRecordHeader - have_);
    std::copy_n(Octets(part), part.size(), header_.begin() + have_);
    have_ = static_cast<std::uint8_t>(have_ + part.size());
    if (have_ < kRecordHeader) return chunk.size();
    have_ = 0;
    if (!IsTlsRecordHeader(header_.data())) {
      records_ = false;
      return chunk.size() - behind_record.size() + LookForText(behind_record);
    }
    remaining_ = static_cast<std::uint32_t>(header_[3] << 8 | header_[4]);
  }
}

std::size_t CipherFollower::LookForText(Bytes chunk) noexcept {
  const bool glance = !binary_.IsLong() || IsPlainlyText(chunk.first(std::min(chunk.size(), kGlance)));
  if (!glance || !IsPlainlyText(chunk)) {
    binary_.OnBinary();
    return chunk.size();
  }
  binary_.OnText();
  return 0;
}

}  // namespace gander::protocol
