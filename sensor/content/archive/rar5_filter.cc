// SPDX-License-Identifier: Apache-2.0
#include "content/archive/rar5_filter.h"

#include <algorithm>

namespace gander::content {
namespace {

constexpr std::size_t kMarkBytes = 8;
constexpr std::size_t kSumBytes = 4;
constexpr std::size_t kMaxNumberBytes = 10;
constexpr std::uint64_t kFile = 2, kEncryption = 4;               // types of blocks
constexpr std::uint64_t kHasExtra = 1, kHasData = 2;              // flags of a block
constexpr std::uint64_t kIsFolder = 1, kHasTime = 2, kHasSum = 4;  // flags of a file
constexpr std::uint64_t kEncryptionRecord = 1;                    // in the extra area
constexpr std::uint64_t kSmallestDictionary = 128 * 1024;
constexpr std::uint64_t kLargestOfAll = 64u << 20;  // libarchive refuses more, even where nothing is compressed

// Seven bits a byte, low ones first, the last without the high bit. False when `in` ends before it does.
bool TakeNumber(Bytes& in, std::uint64_t& value) noexcept {
  value = 0;
  for (std::size_t i = 0; i < in.size() && i < kMaxNumberBytes; ++i) {
    const std::uint8_t octet = Octets(in)[i];
    value |= static_cast<std::uint64_t>(octet & 0x7f) << (7 * i);
    if (octet >= 0x80) continue;
    in = in.subspan(i + 1);
    return true;
  }
  return false;
}

bool Skip(Bytes& in, std::size_t bytes) noexcept { return TakeFront(in, bytes).size() == bytes; }

// How many bytes the header that begins with `held` has; 0 when it is none.
std::uint64_t HeaderBytes(Bytes held) noexcept {
  if (held.size() <= kSumBytes) return kSumBytes + 1;
  Bytes rest = held.subspan(kSumBytes);
  std::uint64_t size = 0;
  if (TakeNumber(rest, size)) return held.size() - rest.size() + std::min<std::uint64_t>(size, 1u << 31);
  return rest.size() >= kMaxNumberBytes ? 0 : held.size() + 1;
}

bool HasRecord(Bytes extra, std::uint64_t wanted) noexcept {
  std::uint64_t size = 0, type = 0;
  while (TakeNumber(extra, size) && size <= extra.size()) {
    Bytes record = TakeFront(extra, static_cast<std::size_t>(size));
    if (TakeNumber(record, type) && type == wanted) return true;
  }
  return false;
}

}  // namespace

void Rar5Filter::Begin(Memory& memory) noexcept {
  header_.Begin(memory, kMaxHeader);
  header_out_ = false;
  at_ = At::kMark;
  fate_ = Fate::kRead;
  left_ = kMarkBytes;
  name_ = {};
  size_ = 0;
}

Rar5Filter::Piece Rar5Filter::Next(Bytes& in) noexcept {
  if (header_out_) header_.Clear();
  header_out_ = false;
  if (at_ == At::kHeader) return Header(in);
  if (at_ == At::kUnknown) return {TakeFront(in, in.size()), fate_};
  const Bytes bytes = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size())));
  left_ -= bytes.size();
  if (left_ == 0) at_ = At::kHeader;
  return {bytes, fate_};
}

// Gathers the header: first what tells its size, then as much as that says.
Rar5Filter::Piece Rar5Filter::Header(Bytes& in) noexcept {
  for (;;) {
    const std::uint64_t wanted = HeaderBytes(header_.bytes());
    if (wanted == 0 || wanted > kMaxHeader) return PassOn();
    if (header_.size() == wanted) return WholeHeader();
    if (in.empty()) return {};
    const Bytes more = in.first(std::min<std::size_t>(in.size(), wanted - header_.size()));
    if (!header_.Append(more)) return PassOn();
    TakeFront(in, more.size());
  }
}

Rar5Filter::Piece Rar5Filter::PassOn() noexcept {
  at_ = At::kUnknown;
  fate_ = Fate::kRead;
  header_out_ = true;
  return {header_.bytes(), fate_};
}

Rar5Filter::Piece Rar5Filter::WholeHeader() noexcept {
  Bytes fields = header_.bytes().subspan(kSumBytes);
  std::uint64_t size = 0, type = 0, flags = 0, extra = 0, data = 0;
  bool good = TakeNumber(fields, size) && TakeNumber(fields, type) && TakeNumber(fields, flags);
  if ((flags & kHasExtra) != 0) good = good && TakeNumber(fields, extra);
  if ((flags & kHasData) != 0) good = good && TakeNumber(fields, data);
  if (!good || extra > fields.size()) return PassOn();
  const Bytes extra_area = fields.last(static_cast<std::size_t>(extra));
  header_out_ = true;
  at_ = data > 0 ? At::kData : At::kHeader;
  left_ = data;
  fate_ = Fate::kRead;
  if (type == kFile) fate_ = FateOfFile(fields, extra_area);
  if (type == kEncryption) {
    at_ = At::kUnknown;
    fate_ = Fate::kAllLocked;
  }
  return {header_.bytes(), fate_, type == kFile && fate_ != Fate::kRead};
}

Rar5Filter::Fate Rar5Filter::FateOfFile(Bytes fields, Bytes extra_area) noexcept {
  std::uint64_t flags = 0, attributes = 0, compression = 0, system = 0, name = 0;
  bool good = TakeNumber(fields, flags) && TakeNumber(fields, size_) && TakeNumber(fields, attributes);
  if ((flags & kHasTime) != 0) good = good && Skip(fields, 4);
  if ((flags & kHasSum) != 0) good = good && Skip(fields, 4);
  good = good && TakeNumber(fields, compression) && TakeNumber(fields, system) && TakeNumber(fields, name) &&
         name <= fields.size();
  if (!good) return Fate::kRead;
  name_ = AsText(fields.first(static_cast<std::size_t>(name)));
  if (HasRecord(extra_area, kEncryptionRecord)) return Fate::kLocked;
  const bool stored = (compression >> 7 & 7) == 0;
  const std::uint64_t dictionary = kSmallestDictionary << (compression >> 10 & 15);
  if ((flags & kIsFolder) == 0 && dictionary > (stored ? kLargestOfAll : kMaxDictionary)) return Fate::kTooLarge;
  return Fate::kRead;
}

}  // namespace gander::content
