// SPDX-License-Identifier: Apache-2.0
#include "decode/fragment_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gander::decode {

FragmentTable::FragmentTable(const Options& options, const HashKey& key)
    : key_(key),
      timeout_(Duration::Seconds(options.fragment_timeout_s)),
      hosts_(options.hosts),
      piece_count_(std::max<std::uint32_t>(options.fragment_memory / (sizeof(Piece) + sizeof(Assembly)), 16)),
      assembly_count_(piece_count_),
      pieces_(new Piece[piece_count_]),
      assemblies_(new Assembly[assembly_count_]),
      buckets_(std::bit_ceil(assembly_count_), kNone),
      datagram_(new std::byte[kMaxDatagram]) {}

Datagram FragmentTable::Insert(const Decoded& fragment, Timestamp now, Counters& counters,
                               ByteLedger& ledger) noexcept {
  const Key key = KeyOf(fragment);
  std::uint32_t index = Find(key);
  if (index != kNone && IsOver(assemblies_[index], now)) {
    ++counters.fragments_timed_out;
    GiveUp(index, ByteFate::kLostFragment, ledger);
    index = kNone;
  }
  if (index == kNone) index = Begin(key, now, counters, ledger);
  Assembly& a = assemblies_[index];
  if (!Fits(a, fragment)) {
    ++counters.fragments_dropped;
    ledger.Add(ByteFate::kLostFragment, fragment.payload.size());
    if (a.pieces == 0) Release(index);
    return {};
  }
  if (fragment.fragment_offset == 0) a.protocol = fragment.fragment_protocol;
  if (!fragment.more_fragments) {
    a.total = fragment.fragment_offset + static_cast<std::uint32_t>(fragment.payload.size()) +
              fragment.payload_missing;
  }
  if (!Store(index, fragment.fragment_offset, fragment.payload, counters, ledger)) {
    ++counters.fragments_dropped;
    GiveUp(index, ByteFate::kLostFragmentCap, ledger);
    return {};
  }
  return a.bytes == a.total ? Complete(index, counters) : Datagram{};
}

void FragmentTable::Expire(Timestamp now, Counters& counters, ByteLedger& ledger) noexcept {
  while (oldest_ != kNone && IsOver(assemblies_[oldest_], now)) {
    ++counters.fragments_timed_out;
    GiveUp(oldest_, ByteFate::kLostFragment, ledger);
  }
}

void FragmentTable::Flush(Counters& counters, ByteLedger& ledger) noexcept {
  while (oldest_ != kNone) {
    ++counters.fragments_timed_out;
    GiveUp(oldest_, ByteFate::kLostFragment, ledger);
  }
}

FragmentTable::Key FragmentTable::KeyOf(const Decoded& fragment) noexcept {
  const std::uint8_t protocol = fragment.ip_version == 4 ? fragment.fragment_protocol : 0;
  return {fragment.tuple.source, fragment.tuple.destination, fragment.fragment_id, protocol};
}

std::uint32_t& FragmentTable::BucketOf(const Key& key) noexcept {
  std::array<std::byte, 40> text{};
  std::memcpy(text.data(), key.source.octets.data(), 16);
  std::memcpy(text.data() + 16, key.destination.octets.data(), 16);
  std::memcpy(text.data() + 32, &key.id, 4);
  text[36] = static_cast<std::byte>(key.protocol);
  return buckets_[SipHash24(key_, text) & (buckets_.size() - 1)];
}

std::uint32_t FragmentTable::Find(const Key& key) noexcept {
  std::uint32_t index = BucketOf(key);
  while (index != kNone && !(assemblies_[index].key == key)) index = assemblies_[index].next_in_bucket;
  return index;
}

std::uint32_t FragmentTable::Begin(const Key& key, Timestamp now, Counters& counters,
                                   ByteLedger& ledger) noexcept {
  if (free_assemblies_ == kNone && touched_assemblies_ == assembly_count_) {
    ++counters.fragments_dropped;
    GiveUp(oldest_, ByteFate::kLostFragmentCap, ledger);
  }
  std::uint32_t index = free_assemblies_;
  if (index != kNone) {
    free_assemblies_ = assemblies_[index].next_in_bucket;
  } else {
    index = touched_assemblies_++;
  }
  std::uint32_t& bucket = BucketOf(key);
  assemblies_[index] = {key, now, bucket, newest_, kNone, kNone, kNone, 0, 0, kNone, key.protocol};
  bucket = index;
  (newest_ != kNone ? assemblies_[newest_].newer : oldest_) = index;
  newest_ = index;
  ++size_;
  return index;
}

// Whether the fragment agrees with what is known of its datagram. A contradiction rejects the later fragment.
bool FragmentTable::Fits(const Assembly& a, const Decoded& fragment) const noexcept {
  const std::size_t length = fragment.payload.size() + fragment.payload_missing;
  const std::size_t end = fragment.fragment_offset + length;
  if (length == 0 || end > kMaxDatagram) return false;
  if (fragment.more_fragments) return length % 8 == 0 && end <= a.total;
  const std::uint32_t stored_end = a.last != kNone ? pieces_[a.last].end() : 0;
  return a.total == kNone ? stored_end <= end : a.total == end;
}

bool FragmentTable::Store(std::uint32_t index, std::uint32_t offset, Bytes data, Counters& counters,
                          ByteLedger& ledger) noexcept {
  Assembly& a = assemblies_[index];
  const Extent fragment{offset, offset + static_cast<std::int64_t>(data.size())};
  std::uint32_t before = kNone, at = a.first;
  if (a.last != kNone && pieces_[a.last].end() <= offset) {
    before = a.last;
    at = kNone;
  }
  while (!data.empty()) {
    while (at != kNone && pieces_[at].end() <= offset) {
      before = at;
      at = pieces_[at].next;
    }
    const bool overlap = at != kNone && pieces_[at].offset <= offset;
    const std::size_t limit = overlap       ? pieces_[at].end() - offset
                              : at != kNone ? pieces_[at].offset - offset
                                            : kNone;
    Bytes run = TakeFront(data, limit);
    const auto next_offset = offset + static_cast<std::uint32_t>(run.size());
    if (overlap) {
      if (!Settle(a.key.destination, pieces_[at], offset, run, fragment)) ++counters.fragments_overlapping;
      ledger.Add(ByteFate::kDuplicate, run.size());
    } else if (!Append(index, before, offset, run, fragment, counters, ledger)) {
      ledger.Add(ByteFate::kLostFragmentCap, run.size() + data.size());
      return false;
    }
    offset = next_offset;
  }
  return true;
}

// `run`, of a later fragment, lies within `piece`. False when the two differ. It may lie over several earlier
// fragments, each of which wins or loses by itself.
bool FragmentTable::Settle(const IpAddress& receiver, Piece& piece, std::uint32_t offset, Bytes run,
                           const Extent& fragment) const noexcept {
  std::byte* const held = piece.data.data() + (offset - piece.offset);
  if (std::memcmp(held, run.data(), run.size()) == 0) return true;
  const auto end = offset + static_cast<std::uint32_t>(run.size());
  const OverlapPolicy policy = hosts_.Of(receiver);
  for (std::uint32_t at = offset; at < end;) {
    const Extent earlier = OriginOf(piece, at);
    const auto until = static_cast<std::uint32_t>(std::clamp<std::int64_t>(earlier.end, at + 1, end));
    if (LaterWins(policy, earlier, fragment)) {
      std::memcpy(held + (at - offset), run.data() + (at - offset), until - at);
      piece.NoteBegin(at);
      if (until < piece.end()) piece.NoteBegin(until);
    }
    at = until;
  }
  return false;
}

// The fragment whose byte is held at `offset`.
Extent FragmentTable::OriginOf(const Piece& piece, std::uint32_t offset) noexcept {
  const std::uint32_t units = (piece.length + kUnit - 1) / kUnit, unit = (offset - piece.offset) / kUnit;
  std::uint32_t from = unit, to = unit + 1;
  while (from > 0 && !piece.Begins(from)) --from;
  while (to < units && !piece.Begins(to)) ++to;
  const auto at = [&piece](std::uint32_t n) { return std::int64_t{piece.offset} + n * std::int64_t{kUnit}; };
  const bool first = from == 0 && !piece.Begins(0);
  return {first ? piece.first_begin : at(from), to == units ? piece.last_end : at(to)};
}

// Stores `run` behind the piece `before` (kNone: in front) and leaves in `run` what found no room. `before`
// moves to the last piece written.
bool FragmentTable::Append(std::uint32_t index, std::uint32_t& before, std::uint32_t offset, Bytes& run,
                           const Extent& fragment, Counters& counters, ByteLedger& ledger) noexcept {
  Assembly& a = assemblies_[index];
  const std::uint32_t begin = offset;
  while (!run.empty()) {
    const bool extends =
        before != kNone && pieces_[before].end() == offset && pieces_[before].length < kPieceData;
    if (!extends) {
      const std::uint32_t added = NewPiece(index, counters, ledger);
      if (added == kNone) return false;
      std::uint32_t& link = before != kNone ? pieces_[before].next : a.first;
      pieces_[added].next = link;
      pieces_[added].offset = offset;
      pieces_[added].length = 0;
      pieces_[added].begins = {};
      pieces_[added].first_begin = static_cast<std::uint32_t>(fragment.begin);
      link = added;
      if (pieces_[added].next == kNone) a.last = added;
      before = added;
      ++a.pieces;
    }
    Piece& piece = pieces_[before];
    if (extends && offset == begin) piece.NoteBegin(begin);
    piece.last_end = static_cast<std::uint32_t>(fragment.end);
    const Bytes part = TakeFront(run, kPieceData - piece.length);
    std::memcpy(piece.data.data() + piece.length, part.data(), part.size());
    const auto size = static_cast<std::uint32_t>(part.size());
    piece.length += size;
    offset += size;
    a.bytes += size;
    held_bytes_ += size;
  }
  return true;
}

// A free piece for `keep`; when there is none, the oldest other datagram makes room. kNone: no room, or too
// many.
std::uint32_t FragmentTable::NewPiece(std::uint32_t keep, Counters& counters, ByteLedger& ledger) noexcept {
  if (assemblies_[keep].pieces == kMaxPieces) return kNone;
  while (free_pieces_ == kNone && touched_pieces_ == piece_count_) {
    const std::uint32_t victim = oldest_ != keep ? oldest_ : assemblies_[keep].newer;
    if (victim == kNone) return kNone;
    ++counters.fragments_dropped;
    GiveUp(victim, ByteFate::kLostFragmentCap, ledger);
  }
  const std::uint32_t piece = free_pieces_;
  if (piece == kNone) return touched_pieces_++;
  free_pieces_ = pieces_[piece].next;
  return piece;
}

Datagram FragmentTable::Complete(std::uint32_t index, Counters& counters) noexcept {
  const Assembly& a = assemblies_[index];
  for (std::uint32_t p = a.first; p != kNone; p = pieces_[p].next) {
    std::memcpy(datagram_.get() + pieces_[p].offset, pieces_[p].data.data(), pieces_[p].length);
  }
  ++counters.fragments_reassembled;
  const Datagram whole{true, Bytes(datagram_.get(), a.total), a.protocol};
  Release(index);
  return whole;
}

void FragmentTable::GiveUp(std::uint32_t index, ByteFate fate, ByteLedger& ledger) noexcept {
  ledger.Add(fate, assemblies_[index].bytes);
  Release(index);
}

void FragmentTable::Release(std::uint32_t index) noexcept {
  Assembly& a = assemblies_[index];
  if (a.last != kNone) {
    pieces_[a.last].next = free_pieces_;
    free_pieces_ = a.first;
  }
  held_bytes_ -= a.bytes;
  --size_;
  (a.older != kNone ? assemblies_[a.older].newer : oldest_) = a.newer;
  (a.newer != kNone ? assemblies_[a.newer].older : newest_) = a.older;
  std::uint32_t* link = &BucketOf(a.key);
  while (*link != index) link = &assemblies_[*link].next_in_bucket;
  *link = a.next_in_bucket;
  a.next_in_bucket = free_assemblies_;
  free_assemblies_ = index;
}

}  // namespace gander::decode
