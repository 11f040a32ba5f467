// SPDX-License-Identifier: Apache-2.0
// Topics, partitions and record batches of a Produce request or a Fetch response, read a window at a time.
#ifndef GANDER_PROTOCOL_KAFKA_RECORD_WALK_H_
#define GANDER_PROTOCOL_KAFKA_RECORD_WALK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "protocol/framing/passing_parser.h"
#include "protocol/kafka/wire_reader.h"

namespace gander::protocol::kafka {

// A longer value is handed on as data.
inline constexpr std::uint64_t kMaxFieldValue = 1024;

// What the walk comes across.
class RecordVisitor {
 public:
  virtual ~RecordVisitor() = default;
  virtual std::string_view NameOfTopic(Bytes id) noexcept = 0;
  virtual void OnTopic(std::string_view name) noexcept = 0;
  virtual void OnKey(Bytes key) noexcept = 0;
  virtual void OnValue(Bytes value) noexcept = 0;
  virtual void OnHeader(std::string_view name, Bytes value) noexcept = 0;
  // Data follow: a value longer than kMaxFieldValue, or a compressed batch (`coding` then, else null).
  virtual void OnLongValue(std::uint64_t length) noexcept = 0;
  virtual void OnCompressed(const char* coding, std::uint64_t length) noexcept = 0;
  // Octets that are not read: records cut at the end of what was fetched, control records.
  virtual void OnUnread(std::uint64_t length) noexcept = 0;
};

class RecordWalk {
 public:
  void BeginProduce(std::int16_t version, bool flexible) noexcept;
  void BeginFetch(std::int16_t version, bool flexible) noexcept;
  void Stop() noexcept { stage_ = Stage::kDone; }

  // Reads on at `at` of the window. Where it stops tells what the window is to be next.
  framing::Next Read(const framing::Front& front, std::size_t at, RecordVisitor& visitor) noexcept;
  bool done() const noexcept { return stage_ == Stage::kDone; }
  bool malformed() const noexcept { return malformed_; }
  std::uint64_t records() const noexcept { return records_; }

 private:
  enum class Stage : std::uint8_t { kHead, kTopic, kPartition, kBatch, kRecord, kHeaders, kPartitionEnd, kDone };
  enum class Unit : std::uint8_t { kRead, kNeedMore, kData };

  // Each reads one unit from the front of what is there, or nothing of it.
  Unit ReadUnit(Bytes window, RecordVisitor& visitor) noexcept;
  Unit ReadHead(WireReader& in) noexcept;
  Unit ReadTopic(WireReader& in, RecordVisitor& visitor) noexcept;
  Unit ReadPartition(WireReader& in) noexcept;
  Unit ReadPartitionEnd(WireReader& in) noexcept;
  Unit ReadBatch(WireReader& in, RecordVisitor& visitor) noexcept;
  Unit ReadOldMessage(WireReader& in, bool with_time, RecordVisitor& visitor) noexcept;
  Unit ReadRecord(WireReader& in, RecordVisitor& visitor) noexcept;
  Unit ReadHeaders(WireReader& in, RecordVisitor& visitor) noexcept;
  static bool TellHeaders(WireReader& in, RecordVisitor* visitor) noexcept;
  // Passes over so many octets of the batch or of the set.
  Unit PassBatch(RecordVisitor& visitor) noexcept;
  Unit PassSet(RecordVisitor& visitor) noexcept;
  void Used(std::uint64_t octets) noexcept;

  Stage stage_ = Stage::kDone;
  bool fetch_ = false, flexible_ = false, malformed_ = false;
  std::int16_t version_ = 0;
  std::uint32_t topics_ = 0, partitions_ = 0;             // that are left
  std::uint64_t set_ = 0, batch_ = 0, record_ = 0;        // octets that are left of each
  std::uint64_t data_ = 0;                                // that follow the unit
  std::uint64_t records_ = 0;
  std::size_t used_ = 0;  // of the window, by the unit
};

}  // namespace gander::protocol::kafka

#endif  // GANDER_PROTOCOL_KAFKA_RECORD_WALK_H_
