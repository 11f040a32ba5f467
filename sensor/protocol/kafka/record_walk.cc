// SPDX-License-Identifier: Apache-2.0
#include "protocol/kafka/record_walk.h"

#include <algorithm>

#include "protocol/kafka/kafka.h"

namespace gander::protocol::kafka {
namespace {

using framing::Front;
using framing::Next;

// Topics or partitions of one message.
constexpr std::int64_t kMaxElements = 1 << 20;
// Attributes of a batch.
constexpr unsigned kCodingBits = 7, kControl = 0x20;
constexpr std::size_t kMagicAt = 16, kBatchHead = 61, kBehindLength = 12;

const char* CodingName(unsigned attributes) noexcept {
  static constexpr const char* kNames[] = {nullptr, "gzip", "snappy", "lz4", "zstd", "unknown", "unknown", "unknown"};
  return kNames[attributes & kCodingBits];
}

std::uint32_t CountOf(WireReader& in) noexcept {
  const std::int64_t count = in.Length32();
  if (count > kMaxElements) in.Fail();
  return in.failed() || count < 0 ? 0 : static_cast<std::uint32_t>(count);
}

}  // namespace

void RecordWalk::BeginProduce(std::int16_t version, bool flexible) noexcept {
  *this = RecordWalk();
  stage_ = Stage::kHead;
  version_ = version;
  flexible_ = flexible;
}

void RecordWalk::BeginFetch(std::int16_t version, bool flexible) noexcept {
  BeginProduce(version, flexible);
  fetch_ = true;
}

Next RecordWalk::Read(const Front& front, std::size_t at, RecordVisitor& visitor) noexcept {
  while (!done()) {
    const Unit unit = ReadUnit(front.bytes.subspan(at), visitor);
    if (unit == Unit::kNeedMore) {
      // The next window begins with this unit; one that is too long for any is given up, with what comes behind it.
      if (!front.whole && at > 0) return {.kind = Next::Kind::kData, .at = at, .length = 0};
      if (!front.final) return {.kind = Next::Kind::kMore};
      malformed_ = front.whole;
      Stop();
      break;
    }
    at += used_;
    if (unit == Unit::kData) return {.kind = Next::Kind::kData, .at = at, .length = data_};
  }
  return {};
}

// Records end with their set and their batch, whatever they say.
RecordWalk::Unit RecordWalk::ReadUnit(Bytes window, RecordVisitor& visitor) noexcept {
  used_ = 0;
  const bool in_set = stage_ == Stage::kBatch || stage_ == Stage::kRecord || stage_ == Stage::kHeaders;
  const std::uint64_t limit = stage_ == Stage::kHeaders ? record_ : stage_ == Stage::kRecord ? batch_ : set_;
  const bool all = in_set && limit <= window.size();
  WireReader in(in_set ? window.first(static_cast<std::size_t>(std::min<std::uint64_t>(limit, window.size()))) : window,
                flexible_);
  Unit unit = Unit::kNeedMore;
  switch (stage_) {
    case Stage::kHead: unit = ReadHead(in); break;
    case Stage::kTopic: unit = ReadTopic(in, visitor); break;
    case Stage::kPartition: unit = ReadPartition(in); break;
    case Stage::kBatch: unit = ReadBatch(in, visitor); break;
    case Stage::kRecord: unit = ReadRecord(in, visitor); break;
    case Stage::kHeaders: unit = ReadHeaders(in, visitor); break;
    case Stage::kPartitionEnd: unit = ReadPartitionEnd(in); break;
    case Stage::kDone: break;
  }
  // What was fetched may end in the middle of a batch (KIP-74): that is no fault.
  if (unit == Unit::kNeedMore && all) return stage_ == Stage::kBatch ? PassSet(visitor) : PassBatch(visitor);
  return unit;
}

void RecordWalk::Used(std::uint64_t octets) noexcept {
  set_ -= std::min(set_, octets);
  batch_ -= std::min(batch_, octets);
  record_ -= std::min(record_, octets);
}

RecordWalk::Unit RecordWalk::PassSet(RecordVisitor& visitor) noexcept {
  data_ = set_;
  set_ = batch_ = record_ = 0;
  stage_ = Stage::kPartitionEnd;
  if (data_ > 0) visitor.OnUnread(data_);
  return data_ > 0 ? Unit::kData : Unit::kRead;
}

RecordWalk::Unit RecordWalk::PassBatch(RecordVisitor& visitor) noexcept {
  data_ = batch_;
  set_ -= std::min(set_, batch_);
  batch_ = record_ = 0;
  stage_ = Stage::kBatch;
  if (data_ > 0) visitor.OnUnread(data_);
  return data_ > 0 ? Unit::kData : Unit::kRead;
}

RecordWalk::Unit RecordWalk::ReadHead(WireReader& in) noexcept {
  if (fetch_) {
    if (version_ >= 1) in.I32();  // throttle time
    if (version_ >= 7) in.Skip(6);  // error, session
  } else {
    if (version_ >= 3) in.String();  // transaction
    in.Skip(6);  // acknowledgements, timeout
  }
  const std::uint32_t topics = CountOf(in);
  if (in.failed()) return Unit::kNeedMore;
  topics_ = topics;
  stage_ = Stage::kTopic;
  used_ = in.position();
  return Unit::kRead;
}

RecordWalk::Unit RecordWalk::ReadTopic(WireReader& in, RecordVisitor& visitor) noexcept {
  if (topics_ == 0) {
    Stop();
    return Unit::kRead;
  }
  constexpr std::int16_t kByNumber = 13;
  constexpr std::size_t kIdLength = 16;
  Bytes id;
  std::string_view name;
  if (version_ >= kByNumber) {
    id = in.Take(kIdLength);
  } else {
    name = in.String();
  }
  const std::uint32_t partitions = CountOf(in);
  if (in.failed()) return Unit::kNeedMore;
  visitor.OnTopic(id.empty() ? name : visitor.NameOfTopic(id));
  partitions_ = partitions;
  stage_ = Stage::kPartition;
  used_ = in.position();
  return Unit::kRead;
}

RecordWalk::Unit RecordWalk::ReadPartition(WireReader& in) noexcept {
  if (partitions_ == 0) {
    in.SkipTags();  // of the topic
    if (in.failed()) return Unit::kNeedMore;
    --topics_;
    stage_ = Stage::kTopic;
    used_ = in.position();
    return Unit::kRead;
  }
  in.I32();  // its number
  if (fetch_) {
    in.Skip(version_ >= 5 ? 2 + 3 * 8 : version_ >= 4 ? 2 + 2 * 8 : 2 + 8);  // error, offsets
    if (version_ >= 4) {
      for (std::uint32_t i = CountOf(in); i > 0 && !in.failed(); --i) {
        in.Skip(16);  // an aborted transaction
        in.SkipTags();
      }
    }
    if (version_ >= 11) in.I32();  // replica to read from
  }
  const std::int64_t length = in.Length32();
  if (in.failed()) return Unit::kNeedMore;
  set_ = static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0));
  stage_ = Stage::kBatch;
  used_ = in.position();
  return Unit::kRead;
}

RecordWalk::Unit RecordWalk::ReadPartitionEnd(WireReader& in) noexcept {
  in.SkipTags();
  if (in.failed()) return Unit::kNeedMore;
  --partitions_;
  stage_ = Stage::kPartition;
  used_ = in.position();
  return Unit::kRead;
}

RecordWalk::Unit RecordWalk::ReadBatch(WireReader& in, RecordVisitor& visitor) noexcept {
  if (set_ == 0) {
    stage_ = Stage::kPartitionEnd;
    return Unit::kRead;
  }
  if (in.remaining() <= kMagicAt) return Unit::kNeedMore;
  const std::uint8_t magic = Octets(in.rest())[kMagicAt];
  if (magic < 2) return ReadOldMessage(in, magic == 1, visitor);
  in.I64();  // first offset
  const std::int32_t length = in.I32();
  in.Skip(9);  // epoch, magic, checksum
  const auto attributes = static_cast<unsigned>(in.I16());
  in.Skip(4 + 8 + 8 + 8 + 2 + 4);  // offset, times, producer
  const std::int32_t count = in.I32();
  if (in.failed()) return Unit::kNeedMore;
  if (magic > 2 || length < static_cast<std::int32_t>(kBatchHead - kBehindLength)) {
    malformed_ = true;
    return PassSet(visitor);
  }
  used_ = in.position();
  Used(used_);
  batch_ = std::min<std::uint64_t>(static_cast<std::uint64_t>(length) + kBehindLength - kBatchHead, set_);
  if ((attributes & kControl) != 0) return PassBatch(visitor);
  const char* const coding = CodingName(attributes);
  stage_ = coding != nullptr ? Stage::kBatch : Stage::kRecord;
  if (coding == nullptr || batch_ == 0) return Unit::kRead;
  records_ += static_cast<std::uint32_t>(std::max(count, 0));
  data_ = batch_;
  Used(data_);
  visitor.OnCompressed(coding, data_);
  return Unit::kData;
}

// Formats 0 and 1: each message by itself, or one around compressed ones.
RecordWalk::Unit RecordWalk::ReadOldMessage(WireReader& in, bool with_time, RecordVisitor& visitor) noexcept {
  in.I64();  // offset
  const std::int64_t size = in.I32();
  in.Skip(5);  // checksum, magic
  const unsigned attributes = in.U8();
  if (with_time) in.I64();
  const std::int64_t key_length = in.I32();
  const Bytes key = key_length > 0 ? in.Take(static_cast<std::uint64_t>(key_length)) : Bytes();
  const std::int64_t value_length = std::max(in.I32(), 0);
  if (in.failed()) return Unit::kNeedMore;
  const std::uint64_t length = static_cast<std::uint64_t>(value_length);
  if (size + static_cast<std::int64_t>(kBehindLength) != static_cast<std::int64_t>(in.position()) + value_length ||
      in.position() + length > set_) {
    malformed_ |= size + static_cast<std::int64_t>(kBehindLength) <= static_cast<std::int64_t>(set_);
    return PassSet(visitor);
  }
  const char* const coding = CodingName(attributes);
  const bool as_data = coding != nullptr || length > kMaxFieldValue;
  const Bytes value = as_data ? Bytes() : in.Take(length);
  if (in.failed()) return Unit::kNeedMore;
  ++records_;
  visitor.OnKey(key);
  used_ = in.position();
  Used(used_);
  if (!as_data) {
    visitor.OnValue(value);
    return Unit::kRead;
  }
  data_ = length;
  Used(data_);
  if (coding != nullptr) {
    visitor.OnCompressed(coding, data_);
  } else {
    visitor.OnLongValue(data_);
  }
  return Unit::kData;
}

RecordWalk::Unit RecordWalk::ReadRecord(WireReader& in, RecordVisitor& visitor) noexcept {
  if (batch_ == 0) {
    stage_ = Stage::kBatch;
    return Unit::kRead;
  }
  const std::int64_t length = in.ZigZag();
  const std::size_t begin = in.position();
  in.U8();      // attributes
  in.Varint();  // time
  in.Varint();  // offset
  const std::int64_t key_length = in.ZigZag();
  const Bytes key = key_length > 0 ? in.Take(static_cast<std::uint64_t>(key_length)) : Bytes();
  const std::int64_t value_length = std::max<std::int64_t>(in.ZigZag(), 0);
  if (in.failed()) return Unit::kNeedMore;
  constexpr std::int64_t kMost = kMaxMessage;
  const bool absurd = length < 0 || length > kMost || value_length > kMost;
  const std::int64_t behind =
      absurd ? -1 : static_cast<std::int64_t>(begin) + length - static_cast<std::int64_t>(in.position()) - value_length;
  if (behind < 0) {
    malformed_ = true;
    return PassBatch(visitor);
  }
  const bool as_data = value_length > static_cast<std::int64_t>(kMaxFieldValue);
  const Bytes value = as_data ? Bytes() : in.Take(static_cast<std::uint64_t>(value_length));
  if (in.failed()) return Unit::kNeedMore;
  ++records_;
  visitor.OnKey(key);
  used_ = in.position();
  Used(used_);
  stage_ = Stage::kHeaders;
  record_ = std::min(static_cast<std::uint64_t>(behind), batch_);
  if (!as_data) {
    visitor.OnValue(value);
    return Unit::kRead;
  }
  data_ = std::min(static_cast<std::uint64_t>(value_length), batch_);
  set_ -= std::min(set_, data_);
  batch_ -= data_;
  record_ = std::min(record_, batch_);
  visitor.OnLongValue(data_);
  return Unit::kData;
}

RecordWalk::Unit RecordWalk::ReadHeaders(WireReader& in, RecordVisitor& visitor) noexcept {
  WireReader trial = in;
  const std::uint64_t left = record_;
  if (left > 0 && !TellHeaders(trial, nullptr)) return Unit::kNeedMore;
  if (left > 0) TellHeaders(in, &visitor);
  // What is left of the record is nothing that is known.
  used_ = in.position();
  Used(used_);
  stage_ = Stage::kRecord;
  if (record_ == 0) return Unit::kRead;
  data_ = record_;
  Used(data_);
  visitor.OnUnread(data_);
  return Unit::kData;
}

bool RecordWalk::TellHeaders(WireReader& in, RecordVisitor* visitor) noexcept {
  for (std::int64_t i = in.ZigZag(); i > 0 && !in.failed(); --i) {
    const std::int64_t name_length = in.ZigZag();
    const Bytes name = name_length > 0 ? in.Take(static_cast<std::uint64_t>(name_length)) : Bytes();
    const std::int64_t length = in.ZigZag();
    const Bytes value = length > 0 ? in.Take(static_cast<std::uint64_t>(length)) : Bytes();
    if (visitor != nullptr && !in.failed()) visitor->OnHeader(AsText(name), value);
  }
  return !in.failed();
}

}  // namespace gander::protocol::kafka
