// SPDX-License-Identifier: Apache-2.0
// Any conversation. The input is a row of chunks: a byte of flags (direction, gap), a byte of length, the
// bytes.
#include <algorithm>
#include <cstdlib>

#include "protocol/smtp/smtp.h"

namespace {

using namespace gander;

// Bodies must begin, go on and end in order, and no chunk be given more fates than it has bytes.
class CheckingSink final : public protocol::MessageSink {
 public:
  void OnEvent(const char*, std::uint32_t, Direction, const Record&) noexcept override {}
  void OnField(const char*, std::string_view, Direction, Bytes value) noexcept override {
    for (std::byte b : value) touched = touched ^ std::to_integer<unsigned>(b);
  }
  void OnBodyBegin(const protocol::BodyMeta& meta) noexcept override {
    Expect(!Open(meta.direction), meta.direction);
  }
  void OnBodyPart(Direction d, Bytes part) noexcept override {
    if (!open_[Index(d)]) std::abort();
    body += part.size();
  }
  void OnBodyEnd(Direction d, protocol::BodyEnd) noexcept override { Expect(Open(d), d); }
  void OnFate(ByteFate, std::uint64_t bytes) noexcept override { fates += bytes; }
  void OnExpectedFlow(const protocol::ExpectedFlow&) noexcept override {}
  void OnServerName(std::string_view) noexcept override {}
  void OnAnomaly(const char*) noexcept override {}

  bool Open(Direction d) const { return open_[Index(d)]; }
  std::uint64_t fates = 0, body = 0;
  volatile unsigned touched = 0;

 private:
  void Expect(bool right, Direction d) {
    if (!right) std::abort();
    open_[Index(d)] = !open_[Index(d)];
  }
  bool open_[2] = {false, false};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto parser = protocol::kSmtp.create();
  CheckingSink sink;
  Bytes rest(reinterpret_cast<const std::byte*>(data), size);
  protocol::kSmtp.probe(
      {rest.first(std::min<std::size_t>(size, protocol::kProbeBytes)), Direction::kToServer, 25, 6});
  std::uint64_t offset[2] = {0, 0};
  while (rest.size() > 2) {
    const auto flags = std::to_integer<unsigned>(rest[0]);
    stream::StreamChunk chunk;
    chunk.direction = (flags & 1) != 0 ? Direction::kToClient : Direction::kToServer;
    chunk.gap_before = (flags & 0xf0) == 0xf0 ? flags : 0;
    const std::size_t length = std::to_integer<std::size_t>(rest[1]);
    rest = rest.subspan(2);
    chunk.bytes = TakeFront(rest, length);
    chunk.offset = offset[Index(chunk.direction)] += chunk.gap_before;
    offset[Index(chunk.direction)] += chunk.bytes.size();
    sink.fates = sink.body = 0;
    const auto status = parser->OnChunk(chunk, sink);
    if (parser->consumed() > chunk.bytes.size() || sink.fates > chunk.bytes.size()) std::abort();
    if (status != protocol::ParseStatus::kContinue) break;
  }
  parser->OnEnd(Direction::kToServer, sink);
  parser->OnEnd(Direction::kToClient, sink);
  if (sink.Open(Direction::kToServer) || sink.Open(Direction::kToClient)) std::abort();
  parser->Reset();
  return 0;
}
