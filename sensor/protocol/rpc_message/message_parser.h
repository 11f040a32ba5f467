// SPDX-License-Identifier: Apache-2.0
// Records out of a TCP stream, messages out of datagrams: the front of each is handed on as one, bulk data in it (what is
// read from or written to a file) passes through without a copy.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_

#include <array>
#include <cstdint>
#include <string>

#include "protocol/parser.h"

namespace gander::protocol::rpc_message {

// What is looked at first: room for the heads of reads and writes. What more of a message is read as one; the rest of a
// longer one is cut.
inline constexpr std::size_t kGlance = 2048;
inline constexpr std::size_t kMaxFront = 64 * 1024;

// What comes behind a front.
struct Next {
  enum class Kind : std::uint8_t {
    kDone,    // nothing of interest is left in the message
    kMore,    // the same front again, with up to kMaxFront
    kData,    // from `at` on `length` octets are data; what is behind them is the next front
    kBad,     // no message begins so
    kSwitch,  // behind this message another protocol begins
  };
  Kind kind = Kind::kDone;
  std::size_t at = 0;
  std::uint64_t length = 0;
};

struct Front {
  Bytes bytes;
  bool begins = true;   // the message; false behind its data
  bool whole = true;    // the message ends with it
  bool final = true;    // kMore brings no more
};

// Memory: at most kMaxFront octets a direction, while a message is gathered.
class MessageParser : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 protected:
  virtual Next OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept = 0;
  virtual void OnData(Bytes part, Direction direction, MessageSink& sink) noexcept = 0;
  // Of the data at hand `bytes` are missing.
  virtual void OnDataGap(std::uint64_t bytes, Direction direction, MessageSink& sink) noexcept = 0;
  virtual void OnDataEnd(Direction direction, MessageSink& sink) noexcept = 0;

  // A flow that was known as RPC before (Resume).
  void SetSeen() noexcept { seen_ = true; }
  bool gathers_nothing() const noexcept { return !sides_[0].in_record && !sides_[1].in_record; }

 private:
  enum class Phase : std::uint8_t { kFront, kData, kPadding, kRest };
  struct Side {
    std::string held;           // gathered for the front
    std::uint64_t data_left = 0;
    std::uint32_t fragment_left = 0;
    std::uint32_t padding = 0;  // behind the data
    std::size_t want = kGlance;
    std::uint8_t mark[4] = {};
    std::uint8_t mark_octets = 0;
    Phase phase = Phase::kFront;
    bool in_record = false, last = false, begins = true, broken = false;
    bool lost = false;  // where records begin is not known

    bool AtRecordEnd() const noexcept { return in_record && last && fragment_left == 0 && held.empty(); }
  };

  ParseStatus OnDatagram(const stream::StreamChunk& chunk, MessageSink& sink) noexcept;
  void OnGap(Side& side, std::uint64_t bytes, Direction direction, MessageSink& sink) noexcept;
  bool TakeMark(Side& side, Bytes& in) noexcept;
  // Each takes from `in` and says whether to go on with it.
  enum class Go : std::uint8_t { kOn, kNeedMore, kBad, kSwitch };
  Go Read(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept;
  Go Step(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept;
  Go TakeFront(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept;
  void BeginData(Side& side, const Next& next, Direction direction, MessageSink& sink) noexcept;
  void RescueData(Side& side, Direction direction, MessageSink& sink) noexcept;
  void TakeData(Side& side, Bytes& in, Direction direction, MessageSink& sink) noexcept;
  void EndData(Side& side, Direction direction, MessageSink& sink) noexcept;
  void EndRecord(Side& side, Direction direction, MessageSink& sink) noexcept;

  std::array<Side, 2> sides_;
  std::size_t consumed_ = 0;
  bool seen_ = false;  // a message was read
};

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
