// SPDX-License-Identifier: Apache-2.0
// One connection: packets of NetBIOS' session service, messages in them, octets of files in those.
#ifndef GANDER_PROTOCOL_SMB_PARSER_H_
#define GANDER_PROTOCOL_SMB_PARSER_H_

#include <array>
#include <cstdint>

#include "protocol/framing/frame_reader.h"
#include "protocol/parser.h"
#include "protocol/smb/connection.h"
#include "protocol/smb/smb.h"

namespace gander::protocol::smb {

class SmbParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  bool at_rest() const noexcept override { return datagrams_; }
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const override { connection_.Describe(tx_id, out); }

 private:
  enum class Stage : std::uint8_t {
    kPacket,   // between packets
    kMessage,  // of a message what is to be put together
    kData,     // octets of a file
    kSkip,     // of a message what is not read: padding, ciphertext, what a gap has cut
    kLost,     // a gap or damage hid where packets begin
  };
  struct Side {
    framing::FrameReader frames{kMaxMessage};
    Stage stage = Stage::kPacket;
    ByteFate skipped = ByteFate::kInspected;
    std::uint64_t packet_left = 0;   // of the packet, not yet taken
    std::uint64_t message_left = 0;  // of the message, behind what is put together
    std::uint64_t data_left = 0;
  };

  bool Step(Side& side, Bytes& in, Direction direction, MessageSink& sink);
  bool ReadPacket(Side& side, Bytes& in, Direction direction, MessageSink& sink);
  bool PutTogether(Side& side, Bytes& in, Direction direction, MessageSink& sink);
  void OnMessage(Side& side, Direction direction, std::uint64_t room, MessageSink& sink);
  void ReadMessage(Side& side, Bytes bytes, Direction direction, std::uint64_t room, MessageSink& sink);
  void EndData(Direction direction, MessageSink& sink);
  void Orient(const Header& header, Direction direction, MessageSink& sink);
  void PassData(Side& side, Bytes& in, Direction direction, MessageSink& sink);
  void Skip(Side& side, Bytes& in, MessageSink& sink);
  void NextMessage(Side& side) noexcept;
  bool Damaged(Side& side, Bytes& in, MessageSink& sink);
  void Search(Side& side, Bytes& in, MessageSink& sink);
  void OnGap(Side& side, std::uint64_t gap, Direction direction, MessageSink& sink);

  std::array<Side, 2> sides_;
  Connection connection_;
  std::uint64_t messages_ = 0;
  bool datagrams_ = false;  // each is read by itself
};

// Whether a flow begins so.
Probe ProbeSmb(const ProbeInput& input) noexcept;

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_PARSER_H_
