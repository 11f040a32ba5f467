// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/parser.h"

#include <algorithm>

#include "base/renew.h"
#include "protocol/smb/extent.h"
#include "protocol/smb/netbios.h"
#include "protocol/smb/packet.h"
#include "protocol/smb/smb1.h"
#include "protocol/smb/smb2.h"

namespace gander::protocol {
namespace smb {

using framing::FrameReader;

ParseStatus SmbParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  if (chunk.datagram) {
    datagrams_ = true;
    if (!IsDatagram(chunk.bytes)) return ParseStatus::kNotThis;
    ReadDatagram(chunk.bytes, chunk.direction, sink);
    return ParseStatus::kContinue;
  }
  Side& side = sides_[Index(chunk.direction)];
  Bytes in = chunk.bytes;
  if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, chunk.direction, sink);
  while (!in.empty()) {
    if (!Step(side, in, chunk.direction, sink)) return ParseStatus::kNotThis;
  }
  return ParseStatus::kContinue;
}

// False when this is not SMB after all.
bool SmbParser::Step(Side& side, Bytes& in, Direction direction, MessageSink& sink) {
  switch (side.stage) {
    case Stage::kPacket: return ReadPacket(side, in, direction, sink);
    case Stage::kMessage: return PutTogether(side, in, direction, sink);
    case Stage::kData: PassData(side, in, direction, sink); break;
    case Stage::kSkip: Skip(side, in, sink); break;
    case Stage::kLost: Search(side, in, sink); break;
  }
  return true;
}

bool SmbParser::ReadPacket(Side& side, Bytes& in, Direction direction, MessageSink& sink) {
  const auto measure = [](Bytes front) -> std::uint64_t {
    const std::uint64_t length = PacketLength(front);
    if (length == kNoPacket) return FrameReader::kBad;
    if (length == 0) return FrameReader::kUnknown;
    return TypeOf(front) == PacketType::kMessage ? kPacketHeader : length;
  };
  switch (side.frames.Next(in, measure)) {
    case FrameReader::Step::kBad: return Damaged(side, in, sink);
    case FrameReader::Step::kFrame: break;
    default: return true;
  }
  const Bytes packet = side.frames.frame();
  if (TypeOf(packet) == PacketType::kSessionRequest) ReadSessionNames(packet.subspan(kPacketHeader), direction, sink);
  if (TypeOf(packet) != PacketType::kMessage) return true;
  side.packet_left = PacketLength(packet) - kPacketHeader;
  connection_.chains[Index(direction)] = {};
  NextMessage(side);
  return true;
}

// What comes behind a message: another of the packet, or another packet.
void SmbParser::NextMessage(Side& side) noexcept {
  side.message_left = 0;
  side.stage = side.packet_left > 0 ? Stage::kMessage : Stage::kPacket;
}

bool SmbParser::PutTogether(Side& side, Bytes& in, Direction direction, MessageSink& sink) {
  // What FrameReader holds of the message is of the packet too.
  const std::uint64_t room = side.packet_left + side.message_left;
  Bytes within = in.first(static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), side.packet_left)));
  const std::size_t offered = within.size();
  const auto step = side.frames.Next(within, [&](Bytes front) { return ExtentOf(front, room, connection_); });
  const std::size_t taken = offered - within.size();
  in = in.subspan(taken);
  side.packet_left -= taken;
  side.message_left += taken;
  switch (step) {
    case FrameReader::Step::kFrame: OnMessage(side, direction, room, sink); break;
    case FrameReader::Step::kBad:
      side.skipped = ByteFate::kOpaqueBinary;
      side.stage = Stage::kSkip;
      side.frames.Reset();
      side.message_left = side.packet_left;
      if (messages_ == 0) return false;
      sink.OnAnomaly("malformed_data");
      break;
    default: break;
  }
  return true;
}

void SmbParser::OnMessage(Side& side, Direction direction, std::uint64_t room, MessageSink& sink) {
  const Bytes bytes = side.frames.frame();
  ++messages_;
  side.stage = Stage::kSkip;
  side.skipped = side.frames.frame_is_whole() ? ByteFate::kInspected : ByteFate::kLostParserCap;
  side.message_left = room - bytes.size();
  const Version version = VersionOf(bytes);
  if (version == Version::kEncrypted) {
    side.skipped = ByteFate::kEncrypted;
  } else if (version == Version::kCompressed) {
    side.skipped = ByteFate::kOpaqueUndecodable;
  } else if (bytes.size() < (version == Version::kSmb1 ? kSmb1Header : kSmb2Header)) {
    sink.OnAnomaly("malformed_data");
  } else {
    ReadMessage(side, bytes, direction, room, sink);
  }
  // What is longer than the cap comes in parts, of which nothing is put together any more.
  if (!side.frames.frame_is_whole()) side.frames.Reset();
  if (side.stage == Stage::kSkip && side.message_left == 0) NextMessage(side);
}

void SmbParser::ReadMessage(Side& side, Bytes bytes, Direction direction, std::uint64_t room, MessageSink& sink) {
  Message message;
  message.header = ReadHeader(bytes);
  message.bytes = bytes;
  message.length = LengthOf(message.header, room);
  message.direction = direction;
  side.message_left = message.length - std::min<std::uint64_t>(bytes.size(), message.length);
  Orient(message.header, direction, sink);
  const DataPlace place = message.header.version == Version::kSmb1 ? ReadMessage1(connection_, message, sink)
                                                                   : ReadMessage2(connection_, message, sink);
  if (place.length == 0) return;
  const Bytes here = Range(bytes, place.at, place.length);
  if (!here.empty()) connection_.bodies.Part(direction, here, sink);
  // Data that begins beyond what was put together is not looked for.
  side.data_left = place.at > bytes.size() ? 0 : place.length - here.size();
  if (side.data_left > 0) {
    side.stage = Stage::kData;
  } else {
    EndData(direction, sink);
  }
}

void SmbParser::EndData(Direction direction, MessageSink& sink) {
  connection_.bodies.EndChunk(direction, sink);
  connection_.Sweep(sink);
}

// Who asks is the client, whoever opened the connection as far as was seen.
void SmbParser::Orient(const Header& header, Direction direction, MessageSink& sink) {
  const Direction client = header.response ? Opposite(direction) : direction;
  std::uint64_t& count = header.response ? connection_.answers : connection_.requests;
  if (connection_.requests + connection_.answers == 0) connection_.client = client;
  ++count;
  if (client != connection_.client) sink.OnAnomaly(header.response ? "response_to_server" : "request_to_client");
}

void SmbParser::PassData(Side& side, Bytes& in, Direction direction, MessageSink& sink) {
  const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), side.data_left)));
  side.data_left -= part.size();
  side.message_left -= part.size();
  side.packet_left -= part.size();
  connection_.bodies.Part(direction, part, sink);
  if (side.data_left > 0) return;
  EndData(direction, sink);
  side.stage = Stage::kSkip;
  if (side.message_left == 0) NextMessage(side);
}

void SmbParser::Skip(Side& side, Bytes& in, MessageSink& sink) {
  const Bytes part = TakeFront(in, static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), side.message_left)));
  side.message_left -= part.size();
  side.packet_left -= part.size();
  if (side.skipped != ByteFate::kInspected) sink.OnFate(side.skipped, part.size());
  if (side.message_left == 0) NextMessage(side);
}

bool SmbParser::Damaged(Side& side, Bytes& in, MessageSink& sink) {
  if (messages_ == 0) return false;
  sink.OnAnomaly("malformed_data");
  side.frames.Reset();
  side.stage = Stage::kLost;
  Search(side, in, sink);
  return true;
}

// Looks for a packet with a message in it.
void SmbParser::Search(Side& side, Bytes& in, MessageSink& sink) {
  constexpr std::string_view kName = "SMB";
  constexpr std::size_t kBefore = kPacketHeader + 1;  // of a packet, before the name
  const std::string_view text = AsText(in);
  for (std::size_t at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at + 1)) {
    if (at < kBefore || text[at - kBefore] != '\0') continue;
    if (VersionOf(in.subspan(at - 1)) == Version::kNone) continue;
    sink.OnFate(ByteFate::kOpaqueBinary, TakeFront(in, at - kBefore).size());
    side.stage = Stage::kPacket;
    return;
  }
  sink.OnFate(ByteFate::kOpaqueBinary, TakeFront(in, in.size()).size());
}

void SmbParser::OnGap(Side& side, std::uint64_t gap, Direction direction, MessageSink& sink) {
  const bool in_packet = side.stage != Stage::kPacket && side.stage != Stage::kLost && gap <= side.packet_left;
  if (side.stage == Stage::kData) {
    const std::uint64_t of_data = std::min(gap, side.data_left);
    connection_.bodies.Gap(direction, of_data, sink);
    side.data_left -= of_data;
    if (side.data_left > 0) {
      side.message_left -= gap;
      side.packet_left -= gap;
      return;
    }
    EndData(direction, sink);
  }
  side.frames.Reset();
  side.data_left = 0;
  if (!in_packet) {
    side.packet_left = side.message_left = 0;
    side.stage = Stage::kLost;
    return;
  }
  // The rest of the packet is not read: where its messages end is not known any more.
  side.packet_left -= gap;
  side.message_left = side.packet_left;
  side.skipped = ByteFate::kOpaqueBinary;
  side.stage = side.packet_left > 0 ? Stage::kSkip : Stage::kPacket;
}

void SmbParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  side.frames.Reset();
  side.stage = Stage::kLost;
  connection_.End(direction, sink);
}

void SmbParser::Reset() noexcept {
  for (Side& side : sides_) Renew(side, {}, &Side::frames);
  connection_.Reset();
  messages_ = 0;
  datagrams_ = false;
}

}  // namespace smb

const ProtocolInfo kSmb = {"smb",
                           true,
                           true,
                           smb::ProbeSmb,
                           []() -> std::unique_ptr<Parser> { return std::make_unique<smb::SmbParser>(); },
                           FirstOctets::AnyOf(std::string_view("\x00\x81\x82\x83\x84\x85\x10\x11\x12", 9))};

}  // namespace gander::protocol
