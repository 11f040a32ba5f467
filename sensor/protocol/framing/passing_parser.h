// SPDX-License-Identifier: Apache-2.0
// Messages out of a TCP stream, each in one or more fragments behind a mark with their length, or out of datagrams: the
// front of each is handed on as one, bulk data in it (what is read from or written to a file, say) passes through
// without a copy.
#ifndef GANDER_PROTOCOL_FRAMING_PASSING_PARSER_H_
#define GANDER_PROTOCOL_FRAMING_PASSING_PARSER_H_

#include <array>
#include <cstdint>
#include <string>

#include "protocol/parser.h"

namespace gander::protocol::framing {

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

// What a mark says.
struct Mark {
  std::uint64_t length = 0;  // of the fragment
  bool last = true;          // of its message
  bool is_valid = false;
};
inline constexpr std::size_t kMarkOctets = 4;

struct Front {
  Bytes bytes;
  bool begins = true;   // the message; false behind its data
  bool whole = true;    // the message ends with it
  bool final = true;    // kMore brings no more
};

// `alignment` is of data: what is behind them is filled up to it. Memory: at most kMaxFront octets a direction, while a
// message is gathered.
class PassingParser : public Parser {
 public:
  explicit PassingParser(std::uint32_t alignment) noexcept : alignment_(alignment) {}
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }

 protected:
  // Of kMarkOctets; `begins` a message.
  virtual Mark ReadMark(Bytes octets, bool begins) const noexcept = 0;
  // Whether `bytes` look like a mark and a message, where it is not known whether they are.
  virtual bool LooksLikeMessage(Bytes bytes) const noexcept = 0;
  virtual Next OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept = 0;
  virtual void OnData(Bytes part, Direction direction, MessageSink& sink) noexcept = 0;
  // Of the data at hand `bytes` are missing.
  virtual void OnDataGap(std::uint64_t bytes, Direction direction, MessageSink& sink) noexcept = 0;
  virtual void OnDataEnd(Direction direction, MessageSink& sink) noexcept = 0;
  // The message whose front was handed on is over, or what is left of it is not read.
  virtual void OnMessageEnd(Direction, MessageSink&) noexcept {}

  // The flow was recognised before (Resume).
  void SetSeen() noexcept { seen_ = true; }
  bool gathers_nothing() const noexcept { return !sides_[0].in_message && !sides_[1].in_message; }

 private:
  enum class Phase : std::uint8_t { kFront, kData, kPadding, kRest };
  struct Side {
    std::string held;           // gathered for the front
    std::uint64_t data_left = 0;
    std::uint64_t fragment_left = 0;
    std::uint32_t padding = 0;  // behind the data
    std::size_t want = kGlance;
    std::array<std::byte, kMarkOctets> mark = {};
    std::uint8_t mark_octets = 0;
    Phase phase = Phase::kFront;
    bool in_message = false, last = false, begins = true, broken = false;
    bool lost = false;  // where messages begin is not known

    bool AtMessageEnd() const noexcept { return in_message && last && fragment_left == 0 && held.empty(); }
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
  void EndMessage(Side& side, Direction direction, MessageSink& sink) noexcept;

  std::uint32_t alignment_;
  std::array<Side, 2> sides_;
  std::size_t consumed_ = 0;
  bool seen_ = false;  // a message was read
};

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_PASSING_PARSER_H_
