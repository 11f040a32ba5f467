// SPDX-License-Identifier: Apache-2.0
// gander-parse-rate CAPTURE [--rounds N] [--megabytes M]
// What reading protocols adds to scanning: all parsers on the segments of a capture in their order, with events made
// and bodies handed on to nobody, in turns with identification of the same payload. Bytes a second of CPU time. JSON.
#include <array>
#include <map>
#include <memory>

#include "arguments.h"
#include "ceiling/raw_best.h"
#include "decode/decoded.h"
#include "flow/flow_key.h"
#include "identify/identification.h"
#include "pipeline.h"
#include "protocol/registry.h"
#include "timing.h"

namespace gander::bench {
namespace {

class NoSink final : public protocol::MessageSink {
 public:
  void OnEvent(const char*, std::uint32_t, Direction, const Record&) noexcept override { ++told; }
  void OnField(const char*, std::string_view, Direction, Bytes value) noexcept override { told += value.size(); }
  void OnBodyBegin(const protocol::BodyMeta&) noexcept override {}
  void OnBodyPart(Direction, Bytes part) noexcept override { told += part.size(); }
  void OnBodyGap(Direction, std::uint64_t) noexcept override {}
  void OnBodyEnd(Direction, protocol::BodyEnd) noexcept override {}
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnExpectedFlow(const protocol::ExpectedFlow&) noexcept override {}
  void OnServerName(std::string_view) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}
  std::uint64_t told = 0;
};

// The conversations of a capture without loss or disorder, segment by segment as they came.
class Conversations {
 public:
  Conversations(const Replay& replay, std::uint64_t most) {
    decode::Counters counters{};
    for (const capture::Packet& packet : replay.packets()) {
      decode::Decoded d;
      if (decode::Decode(packet.link, packet.frame, {}, counters, d) != decode::Status::kOk) continue;
      if (d.tuple.protocol != ip_proto::kTcp || d.payload.empty()) continue;
      if ((bytes_ += d.payload.size()) > most) break;
      Add(d);
    }
  }
  std::uint64_t bytes() const noexcept { return bytes_; }

  std::uint64_t Parse() {
    NoSink sink;
    for (Talk& talk : talks_) {
      talk.parser->Reset();
      talk.over = false;
    }
    for (const Turn& turn : turns_) {
      Talk& talk = talks_[turn.talk];
      if (!talk.over) talk.over = talk.parser->OnChunk(turn.chunk, sink) != protocol::ParseStatus::kContinue;
    }
    for (Talk& talk : talks_) {
      for (const Direction d : {Direction::kToServer, Direction::kToClient}) talk.parser->OnEnd(d, sink);
    }
    return sink.told;
  }

 private:
  struct Talk {
    std::unique_ptr<protocol::Parser> parser;
    FiveTuple tuple;  // source = client
    std::array<std::uint64_t, 2> offsets{};
    bool over = false;
  };
  struct Turn {
    std::size_t talk;
    stream::StreamChunk chunk;
  };

  void Add(const decode::Decoded& d) {
    const auto [at, fresh] = index_.try_emplace(flow::FlowKey::Of(d.tuple).words, talks_.size());
    if (fresh) talks_.push_back({Recognise(d), d.tuple, {}, false});
    Talk& talk = talks_[at->second];
    stream::StreamChunk chunk;
    chunk.direction = d.tuple == talk.tuple ? Direction::kToServer : Direction::kToClient;
    chunk.offset = talk.offsets[Index(chunk.direction)];
    chunk.bytes = d.payload;
    talk.offsets[Index(chunk.direction)] += d.payload.size();
    turns_.push_back({at->second, chunk});
  }

  static std::unique_ptr<protocol::Parser> Recognise(const decode::Decoded& d) {
    protocol::ProbeInput input;
    input.bytes = d.payload;
    input.server_port = d.tuple.destination_port;
    input.client_port = d.tuple.source_port;
    input.transport = d.tuple.protocol;
    for (const protocol::ProtocolInfo& p : protocol::Protocols()) {
      if (p.tcp && p.probe != nullptr && p.probe(input) == protocol::Probe::kYes) return p.create();
    }
    return protocol::PlainText().create();
  }

  std::map<flow::FlowKey::Words, std::size_t> index_;
  std::vector<Talk> talks_;
  std::vector<Turn> turns_;
  std::uint64_t bytes_ = 0;
};

int Run(const Arguments& arguments) {
  const auto most = static_cast<std::uint64_t>(arguments.Number("--megabytes", 1e6) * 1e6);
  const Replay replay(arguments.capture());
  Conversations conversations(replay, most);
  const MappedCapture capture(arguments.capture());
  const Payload payload = CollectPayload(capture, most);
  const auto snapshot = LoadSnapshot({}, {});
  Identification identification(*snapshot);
  PinTo(0);
  const nlohmann::json result{
      {"capture", arguments.capture()},
      {"payload_bytes", conversations.bytes()},
      {"rates",
       RunInTurns({{"parse", static_cast<double>(conversations.bytes()), [&] { return conversations.Parse(); }},
                   {"identify", static_cast<double>(payload.bytes),
                    [&] { return identification.Scan(payload, kScanBlock); }}},
                  static_cast<int>(arguments.Number("--rounds", 3)))}};
  std::printf("%s\n", result.dump(1).c_str());
  return 0;
}

}  // namespace
}  // namespace gander::bench

int main(int argc, char** argv) {
  return gander::bench::Run({argc, argv, "gander-parse-rate CAPTURE [--rounds N] [--megabytes M]"});
}
