// SPDX-License-Identifier: Apache-2.0
#include "protocol/cipher_follower.h"

#include <algorithm>

#include "protocol/plain_text/plain_text.h"
#include "protocol/tls/tls.h"

namespace gander::protocol {
namespace {

constexpr std::size_t kGlance = 64;  // bytes that say whether a chunk is looked at, in a long run of ciphertext

constexpr std::size_t kEnoughForText = 16;  // IsPlainlyText says no to less
// Of random bytes so many readable ones in a row come once in ten thousand million; any byte may begin a row, where
// IsPlainlyText looks at the first of a chunk.
constexpr std::uint8_t kManyInARow = 24;

constexpr bool IsReadable(std::uint8_t c) noexcept {
  return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

// Octets that a UTF-8 sequence has behind its first (RFC 3629), 0 for what begins none.
constexpr int SequenceBehind(std::uint8_t c) noexcept {
  if (c >= 0xc2 && c <= 0xdf) return 1;
  if (c >= 0xe0 && c <= 0xef) return 2;
  return c >= 0xf0 && c <= 0xf4 ? 3 : 0;
}

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
      header_[0] = 0;
      return chunk.size() - behind_record.size() + LookForText(behind_record);
    }
    remaining_ = static_cast<std::uint32_t>(header_[3] << 8 | header_[4]);
  }
}

std::size_t CipherFollower::LookForText(Bytes chunk) noexcept {
  if (chunk.size() < kEnoughForText) return LookInFew(chunk);
  have_ = header_[0] = 0;
  const bool glance = !binary_.IsLong() || IsPlainlyText(chunk.first(std::min(chunk.size(), kGlance)));
  if (!glance || !IsPlainlyText(chunk)) {
    binary_.OnBinary();
    return chunk.size();
  }
  binary_.OnText();
  return 0;
}

std::size_t CipherFollower::LookInFew(Bytes chunk) noexcept {
  std::uint8_t& to_come = header_[0];
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    const std::uint8_t c = Octets(chunk)[i];
    const bool goes_on = to_come > 0 && (c & 0xc0) == 0x80;
    to_come = static_cast<std::uint8_t>(goes_on ? to_come - 1 : SequenceBehind(c));
    const bool readable = goes_on || to_come > 0 || IsReadable(c);
    have_ = static_cast<std::uint8_t>(readable ? have_ + 1 : 0);
    if (have_ < kManyInARow) continue;
    have_ = to_come = 0;
    return 0;
  }
  return chunk.size();
}

}  // namespace gander::protocol
