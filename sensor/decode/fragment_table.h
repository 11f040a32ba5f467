// SPDX-License-Identifier: Apache-2.0
// Puts IPv4 and IPv6 datagrams together from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
//
// Accounting. The caller counts a fragment frame's header_bytes as kHeaders, as for any frame. Its payload
// belongs to the table from Insert on: each byte either gets its fate in the ledger right there (duplicate,
// contradictory, over the cap), or is held without a fate until (a) its datagram completes - then it is one
// of the datagram's bytes, all of which the caller accounts after DecodeReassembled (header_bytes + payload),
// or (b) Expire, Flush or a later Insert gives it up and books it as lost. So every payload byte is counted
// once.
#ifndef GANDER_DECODE_FRAGMENT_TABLE_H_
#define GANDER_DECODE_FRAGMENT_TABLE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/hash.h"
#include "base/ledger.h"
#include "base/time.h"
#include "decode/decoded.h"

namespace gander::decode {

// Where fragments overlap, that copy is kept which the receiver keeps (Options::hosts); copies that differ are counted.
// Hosts that follow RFC 5722 drop such a datagram: to read what nobody else reads costs nothing.
class FragmentTable {
 public:
  static constexpr std::size_t kMaxDatagram = 65535;  // bytes without the IP header
  static constexpr std::uint32_t kMaxPieces =
      256;  // stored runs of one datagram; 64 KiB in 576-byte packets is 120

  // `key` keeps attackers from choosing colliding datagrams, as long as they do not know it.
  FragmentTable(const Options& options, const HashKey& key);

  // `fragment.status` must be kFragment. When the last piece arrived, `complete` is set and the payload is
  // valid until the next call. A datagram that is older than the timeout is given up first, whether Expire
  // was called or not.
  Datagram Insert(const Decoded& fragment, Timestamp now, Counters& counters, ByteLedger& ledger) noexcept;
  // Gives up what began longer ago than the timeout.
  void Expire(Timestamp now, Counters& counters, ByteLedger& ledger) noexcept;
  // Gives up everything.
  void Flush(Counters& counters, ByteLedger& ledger) noexcept;

  std::size_t held_bytes() const noexcept { return held_bytes_; }
  std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::size_t kPieceData = 984, kUnit = 8;  // fragments begin at multiples of a unit

  // A run of a datagram's bytes, in a list by offset.
  struct Piece {
    std::uint32_t next;
    std::uint32_t offset;
    std::uint32_t length;
    std::uint32_t first_begin;            // of the fragment whose byte is the first
    std::uint32_t last_end, reserved;     // of the fragment whose byte is the last
    std::array<std::uint64_t, 2> begins;  // bit n: another fragment's bytes begin n units behind `offset`
    std::array<std::byte, kPieceData> data;
    std::uint32_t end() const noexcept { return offset + length; }
    bool Begins(std::uint32_t unit) const noexcept { return (begins[unit / 64] >> unit % 64 & 1) != 0; }
    void NoteBegin(std::uint32_t at) noexcept {
      const std::uint32_t unit = (at - offset) / kUnit;
      begins[unit / 64] |= std::uint64_t{1} << unit % 64;
    }
  };
  static_assert(sizeof(Piece) == 1024);

  struct Key {
    IpAddress source, destination;
    std::uint32_t id;
    std::uint8_t protocol;  // IPv4 only; IPv6 fragments may disagree about it
    bool operator==(const Key&) const = default;
  };
  struct Assembly {
    Key key;
    Timestamp began;
    std::uint32_t next_in_bucket;
    std::uint32_t older, newer;  // all assemblies in order of their beginning
    std::uint32_t first, last;   // pieces
    std::uint32_t pieces, bytes;
    std::uint32_t total;    // length of the datagram, kNone until the last fragment came
    std::uint8_t protocol;  // as the first fragment says
  };

  static Key KeyOf(const Decoded& fragment) noexcept;
  std::uint32_t& BucketOf(const Key& key) noexcept;
  std::uint32_t Find(const Key& key) noexcept;
  std::uint32_t Begin(const Key& key, Timestamp now, Counters& counters, ByteLedger& ledger) noexcept;
  bool Fits(const Assembly& a, const Decoded& fragment) const noexcept;
  bool Store(std::uint32_t index, std::uint32_t offset, Bytes data, Counters& counters,
             ByteLedger& ledger) noexcept;
  bool Settle(const IpAddress& receiver, Piece& piece, std::uint32_t offset, Bytes run,
              const Extent& fragment) const noexcept;
  static Extent OriginOf(const Piece& piece, std::uint32_t offset) noexcept;
  bool Append(std::uint32_t index, std::uint32_t& before, std::uint32_t offset, Bytes& run, const Extent& fragment,
              Counters& counters, ByteLedger& ledger) noexcept;
  std::uint32_t NewPiece(std::uint32_t keep, Counters& counters, ByteLedger& ledger) noexcept;
  Datagram Complete(std::uint32_t index, Counters& counters) noexcept;
  void GiveUp(std::uint32_t index, ByteFate fate, ByteLedger& ledger) noexcept;
  void Release(std::uint32_t index) noexcept;
  bool IsOver(const Assembly& a, Timestamp now) const noexcept { return now - a.began > timeout_; }

  HashKey key_;
  Duration timeout_;
  HostPolicies hosts_;
  std::uint32_t piece_count_, assembly_count_;
  std::uint32_t touched_pieces_ = 0, touched_assemblies_ = 0;  // ever used; the rest is untouched memory
  std::uint32_t free_pieces_ = kNone, free_assemblies_ = kNone;
  std::uint32_t oldest_ = kNone, newest_ = kNone;
  std::size_t held_bytes_ = 0, size_ = 0;
  std::unique_ptr<Piece[]> pieces_;
  std::unique_ptr<Assembly[]> assemblies_;
  std::vector<std::uint32_t> buckets_;
  std::unique_ptr<std::byte[]> datagram_;  // kMaxDatagram bytes, handed out by Insert
};

}  // namespace gander::decode

#endif  // GANDER_DECODE_FRAGMENT_TABLE_H_
