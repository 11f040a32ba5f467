// SPDX-License-Identifier: Apache-2.0
#include "sketch/hll_storage.h"

#include <algorithm>

namespace gander::sketch {
namespace {

constexpr std::uint8_t kVersion = 1;
enum Type : std::uint8_t { kEmpty = 1, kExplicitType = 2, kSparse = 3, kFull = 4 };
constexpr std::uint8_t kParameters = (HllStorage::kRankBits - 1) << 5 | HyperLogLog::kLog2Registers;
constexpr std::uint8_t kFlags = 1 << 6;
constexpr std::size_t kCell = 2;  // octets of a sparse register
static_assert(HyperLogLog::kLog2Registers + HllStorage::kRankBits == 8 * kCell);

std::string Header(Type type) {
  return {static_cast<char>(kVersion << 4 | type), static_cast<char>(kParameters), static_cast<char>(kFlags)};
}

std::uint8_t Clamped(std::uint8_t rank) noexcept { return std::min(rank, HllStorage::kMaxRank); }

// Eight ranks are forty bits are five octets.
void AppendFull(const HyperLogLog& registers, std::string& out) {
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; i += 8) {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < 8; ++k) bits = bits << HllStorage::kRankBits | Clamped(registers.at(i + k));
    for (int shift = 32; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xff);
  }
}

void ReadFull(Bytes data, HyperLogLog& out) noexcept {
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; i += 8) {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < 5; ++k) bits = bits << 8 | static_cast<std::uint8_t>(data[i / 8 * 5 + k]);
    for (std::size_t k = 0; k < 8; ++k) {
      out.Set(i + k, bits >> (7 - k) * HllStorage::kRankBits & HllStorage::kMaxRank);
    }
  }
}

HllStorage::Fault ReadSparse(Bytes data, HyperLogLog& out) noexcept {
  int before = -1;
  for (std::size_t i = 0; i < data.size(); i += kCell) {
    const unsigned cell = static_cast<unsigned>(data[i]) << 8 | static_cast<unsigned>(data[i + 1]);
    const int number = static_cast<int>(cell >> HllStorage::kRankBits);
    const auto rank = static_cast<std::uint8_t>(cell & HllStorage::kMaxRank);
    if (number <= before) return HllStorage::Fault::kOrder;
    if (rank == 0) return HllStorage::Fault::kZeroRank;
    out.Set(static_cast<std::size_t>(number), rank);
    before = number;
  }
  return HllStorage::Fault::kNone;
}

}  // namespace

std::string HllStorage::Write(const HyperLogLog& registers) {
  const auto& ranks = registers.ranks();
  const auto used = HyperLogLog::kRegisters - static_cast<std::size_t>(std::count(ranks.begin(), ranks.end(), 0));
  if (used == 0) return Header(kEmpty);
  std::string out = Header(used * kCell < kFullBytes - kHeader ? kSparse : kFull);
  if (used * kCell >= kFullBytes - kHeader) {
    AppendFull(registers, out);
    return out;
  }
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) {
    if (ranks[i] == 0) continue;
    const std::size_t cell = i << kRankBits | Clamped(ranks[i]);
    out += static_cast<char>(cell >> 8);
    out += static_cast<char>(cell & 0xff);
  }
  return out;
}

HllStorage::Fault HllStorage::Read(Bytes bytes, HyperLogLog& out) noexcept {
  out.Clear();
  if (bytes.size() < kHeader) return Fault::kShort;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  if (first >> 4 != kVersion) return Fault::kVersion;
  const std::uint8_t type = first & 0x0f;
  if (type == kExplicitType) return Fault::kExplicit;
  if (type != kEmpty && type != kSparse && type != kFull) return Fault::kType;
  if (static_cast<std::uint8_t>(bytes[1]) != kParameters || static_cast<std::uint8_t>(bytes[2]) != kFlags) {
    return Fault::kParameters;
  }
  const Bytes data = bytes.subspan(kHeader);
  if (type == kEmpty) return data.empty() ? Fault::kNone : Fault::kLength;
  if (type == kFull) {
    if (bytes.size() != kFullBytes) return Fault::kLength;
    ReadFull(data, out);
    return Fault::kNone;
  }
  // Sparse is never longer than full would be; a register of it is never cut.
  if (data.empty() || data.size() % kCell != 0 || bytes.size() >= kFullBytes) return Fault::kLength;
  const Fault fault = ReadSparse(data, out);
  if (fault != Fault::kNone) out.Clear();
  return fault;
}

const char* NameOf(HllStorage::Fault fault) noexcept {
  switch (fault) {
    case HllStorage::Fault::kNone: return "can be read";
    case HllStorage::Fault::kShort: return "ends within its header";
    case HllStorage::Fault::kVersion: return "is of another version than 1";
    case HllStorage::Fault::kExplicit: return "carries hashes of single people";
    case HllStorage::Fault::kType: return "is of no known type";
    case HllStorage::Fault::kParameters: return "has other registers than 2,048 of 5 bits, or other flags";
    case HllStorage::Fault::kLength: return "is longer or shorter than its type asks for";
    case HllStorage::Fault::kOrder: return "has registers out of order";
    case HllStorage::Fault::kZeroRank: return "has a register without a rank";
  }
  return "";
}

}  // namespace gander::sketch
