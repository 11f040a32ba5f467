// SPDX-License-Identifier: Apache-2.0
// Compression is agreed on, so that the inflater is reached; it changes nothing for other frames.
#include "fuzz/protocol_talk.h"
#include "protocol/websocket/websocket.h"

namespace {

std::unique_ptr<gander::protocol::Parser> Create();
const gander::protocol::ProtocolInfo kInfo = {"websocket", true, false, nullptr, Create};

class Agreed final : public gander::protocol::Parser {
 public:
  gander::protocol::ParseStatus OnChunk(const gander::stream::StreamChunk& chunk,
                                        gander::protocol::MessageSink& sink) noexcept override {
    return parser_->OnChunk(chunk, sink);
  }
  void OnEnd(gander::Direction d, gander::protocol::MessageSink& sink) noexcept override { parser_->OnEnd(d, sink); }
  void Reset() noexcept override {
    parser_->Reset();
    gander::protocol::ExpectedFlow agreed;
    agreed.command = "permessage-deflate";
    parser_->SetExpectation(agreed);
  }

 private:
  std::unique_ptr<gander::protocol::Parser> parser_ = gander::protocol::kWebSocket.create();
};

std::unique_ptr<gander::protocol::Parser> Create() { return std::make_unique<Agreed>(); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gander::protocol::fuzz::Talk(kInfo, data, size);
}
