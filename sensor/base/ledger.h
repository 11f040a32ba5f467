// SPDX-License-Identifier: Apache-2.0
// The byte ledger: every byte that reached the port has exactly one fate, and the fates sum to what
// arrived. Bytes still held (reassembly, fragments) have no fate yet; at the end of a run all are flushed
// and `received == Sum()`.
#ifndef GANDER_BASE_LEDGER_H_
#define GANDER_BASE_LEDGER_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace gander {

// Add a fate at the end of its group and its row in ledger.cc.
enum class ByteFate : std::uint8_t {
  kHeaders,              // link to transport headers, padding and trailers
  kInspected,            // read by a parser or scanned as text
  kEncrypted,            // ciphertext: only volume, rhythm and peer are known
  kOpaqueBinary,         // clear but not text: images, unknown binary protocols
  kOpaqueUndecodable,    // a coding that is corrupt or not supported
  kOpaqueLocked,         // a file that wants a password or a key, in clear traffic
  kOpaqueNotIp,          // ARP, LLDP and other ethertypes
  kOpaqueTransport,      // an IP protocol without a parser
  kSkippedByConfig,      // excluded by the operator (BPF-like scope, protocol switched off)
  kDuplicate,            // retransmitted or overlapping bytes already counted
  kLostTruncated,        // cut by the snap length of the capture
  kLostMalformed,        // headers that cannot be read
  kLostChecksum,         // transport checksum wrong, segment not delivered
  kLostFragment,         // fragments that never completed
  kLostFragmentCap,      // fragment memory cap
  kLostFlowTable,        // no flow slot free
  kLostStreamCap,        // reassembly memory cap
  kLostOutOfWindow,      // segment outside the receive window
  kLostParserCap,        // a parser's own cap
  kLostUnwrapCap,        // a content coding's cap (ratio, depth, size)
  kLostShed,             // scan budget: shed under overload
  kLostRing,             // hand-over ring full
  kLostPoison,           // of a flow that killed the sensor before: not read any more
  kCount
};
inline constexpr std::size_t kByteFates = static_cast<std::size_t>(ByteFate::kCount);

struct ByteFateName {
  const char* category;  // headers inspected encrypted opaque skipped duplicate lost
  const char* reason;    // snake_case, unique together with the category
  const char* help;
};
const ByteFateName& NameOf(ByteFate fate) noexcept;

struct ByteLedger {
  std::uint64_t packets = 0;
  std::uint64_t received = 0;                    // bytes on the wire, as the capture states them
  std::array<std::uint64_t, kByteFates> bytes{};  // indexed by ByteFate
  std::uint64_t gap_bytes = 0;  // bytes TCP says exist but that never arrived; outside the sum
  std::uint64_t gaps = 0;

  void Add(ByteFate fate, std::uint64_t n) noexcept { bytes[static_cast<std::size_t>(fate)] += n; }
  std::uint64_t Of(ByteFate fate) const noexcept { return bytes[static_cast<std::size_t>(fate)]; }
  std::uint64_t Sum() const noexcept;
  std::uint64_t Lost() const noexcept;     // sum over the category "lost"
  // (inspected + headers + duplicate) / (received + gap_bytes): what an alert states as its coverage; 1 when nothing
  // was received.
  double Coverage() const noexcept;
  void Merge(const ByteLedger& other) noexcept;
  void Subtract(const ByteLedger& earlier) noexcept;  // what came since
};

}  // namespace gander

#endif  // GANDER_BASE_LEDGER_H_
