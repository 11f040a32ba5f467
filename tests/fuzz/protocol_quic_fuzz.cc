// SPDX-License-Identifier: Apache-2.0
// What is inside a QUIC packet is reached by sealing it: an odd first byte makes the rest frames of Initial packets,
// behind each a byte of how many there are (times four).
#include "fuzz/protocol_talk.h"
#include "protocol/quic/quic.h"
#include "protocol/quic_packets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gander::protocol::testing::SealInitial;
  constexpr std::size_t kMaxTurns = 16;
  if (size == 0 || data[0] % 2 == 0) {
    return gander::protocol::fuzz::Talk(gander::protocol::kQuic, data + (size > 0), size - (size > 0));
  }
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const auto parser = gander::protocol::kQuic.create();
  parser->Reset();
  gander::protocol::fuzz::CheckingSink sink;
  for (std::size_t turn = 0; turn < kMaxTurns && !rest.empty(); ++turn) {
    const bool server = (rest[0] & 1) != 0;
    const std::size_t length = static_cast<std::uint8_t>(rest[0]) / 2 * 8 + 4;
    rest.remove_prefix(1);
    const std::string frames(rest.substr(0, length));
    rest.remove_prefix(frames.size());
    const auto& keys = server ? gander::protocol::testing::kV1Server : gander::protocol::testing::kV1Client;
    const std::string packet = SealInitial(keys, 1, gander::protocol::testing::kExampleId, "", turn, frames);
    gander::stream::StreamChunk chunk;
    chunk.direction = server ? gander::Direction::kToClient : gander::Direction::kToServer;
    chunk.bytes = gander::AsBytes(packet);
    if (parser->OnChunk(chunk, sink) != gander::protocol::ParseStatus::kContinue) break;
  }
  return 0;
}
