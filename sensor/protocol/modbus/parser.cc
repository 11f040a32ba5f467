// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/industrial/framed_side.h"
#include "protocol/modbus/message.h"
#include "protocol/modbus/modbus.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol {
namespace modbus {
namespace {

using framing::FrameReader;

constexpr std::size_t kHead = 6;  // transaction, protocol, length of what follows

// Working memory of a thread: a message is read at a time.
thread_local Record record;

std::uint64_t Measure(Bytes front) noexcept {
  if (front.size() < kHead) return FrameReader::kUnknown;
  ByteReader in(front);
  in.Skip(2);
  const std::uint16_t protocol = in.U16(), length = in.U16();
  return protocol != 0 || length < 2 || kHead + length > kMaxMessage ? FrameReader::kBad : kHead + length;
}

// Whole messages and nothing else, at least one of them of a form that its function must have.
bool IsPlainlyModbus(Bytes bytes) noexcept {
  bool formed = false;
  while (!bytes.empty()) {
    const std::uint64_t length = Measure(bytes);
    if (length == FrameReader::kUnknown || length == FrameReader::kBad || length > bytes.size()) return false;
    const Message m = ReadMessage(TakeFront(bytes, static_cast<std::size_t>(length)));
    formed |= LooksLikeRequest(m) || LooksLikeResponse(m);
  }
  return formed;
}

class ModbusParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction d = chunk.direction;
    return sides_[Index(d)].Read(
        chunk, "invalid_length", Measure, IsPlainlyModbus, [&](Bytes frame) { OnFrame(frame, d, sink); },
        [&] { return next_id_ > 1; }, sink);
  }
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    sides_[Index(direction)].Reset();
    ended_[Index(direction)] = true;
    if (!ended_[0] || !ended_[1]) return;
    for (const Request& r : outstanding_) Tell(&r, nullptr, sink);
    outstanding_.clear();
  }
  void Reset() noexcept override { Renew(*this, {}, &ModbusParser::sides_); }

 private:
  struct Request {
    std::string frame;
    std::uint32_t id = 0;
  };

  void OnFrame(Bytes frame, Direction direction, MessageSink& sink) noexcept {
    const Message m = ReadMessage(frame);
    LearnSides(m, direction);
    const bool response = direction != client_;
    if (const char* const problem = Problem(m, response); problem != nullptr) sink.OnAnomaly(problem);
    HandOn(m, response, direction, sink);
    if (!response) {
      industrial::Count(FunctionOf(m), sink);
      if (outstanding_.size() == kMaxOutstanding) {
        sink.OnAnomaly("flooded");
        Tell(&outstanding_.front(), nullptr, sink);
        outstanding_.erase(outstanding_.begin());
      }
      outstanding_.push_back({std::string(AsText(frame)), next_id_++});
      return;
    }
    const auto asked = std::find_if(outstanding_.begin(), outstanding_.end(), [&](const Request& r) {
      const Message q = ReadMessage(AsBytes(r.frame));
      return q.transaction == m.transaction && q.code() == m.code();
    });
    if (asked == outstanding_.end()) {
      sink.OnAnomaly("unsolicited_response");
      const Request none{{}, next_id_++};
      return Tell(&none, &m, sink);
    }
    Tell(&*asked, &m, sink);
    outstanding_.erase(asked);
    if (outstanding_.empty()) std::vector<Request>().swap(outstanding_);
  }

  // The first message of a form that only one side may send tells who asks.
  void LearnSides(const Message& m, Direction direction) noexcept {
    if (sides_known_) return;
    const bool request = LooksLikeRequest(m), response = m.exception() || LooksLikeResponse(m);
    if (request == response) return;
    client_ = request ? direction : Opposite(direction);
    sides_known_ = true;
  }

  // Text in registers, and what a device says of itself.
  static void HandOn(const Message& m, bool response, Direction direction, MessageSink& sink) noexcept {
    const Bytes payload = Payload(m, response);
    if (payload.size() >= kShortestText && ReadsAsText(payload)) sink.OnField("modbus.data", "", direction, payload);
    constexpr const char* kObjects[] = {"vendor_name", "product_code", "revision",        "vendor_url",
                                        "product_name", "model_name",  "application_name"};
    if (m.code() != kEncapsulated || !response || !LooksLikeResponse(m)) return;
    ByteReader in(m.data);
    in.Skip(5);  // type, what was asked, conformity, more follows, next object
    for (unsigned left = in.U8(); left > 0 && in.remaining() > 0; --left) {
      const std::uint8_t object = in.U8();
      const Bytes value = in.Take(in.U8());
      if (!value.empty()) {
        sink.OnField("modbus.device", object < std::size(kObjects) ? kObjects[object] : "", direction, value);
      }
    }
  }

  void Tell(const Request* asked, const Message* answer, MessageSink& sink) noexcept {
    if (!sink.WantsEvent("modbus")) return;
    const bool has_request = !asked->frame.empty();
    const Message request = has_request ? ReadMessage(AsBytes(asked->frame)) : Message{};
    const Message& speaks = has_request ? request : *answer;
    record.Clear();
    record.BeginObject("modbus").Integer("id", asked->id);
    industrial::Write(speaks.code(), FunctionOf(speaks), record);
    if (has_request) Write("request", request, false, record);
    if (answer != nullptr) Write("response", *answer, true, record);
    record.EndObject();
    sink.OnEvent("modbus", asked->id - 1, client_, record);
  }

  std::array<industrial::FramedSide, 2> sides_{industrial::FramedSide(kMaxMessage),
                                               industrial::FramedSide(kMaxMessage)};
  std::array<bool, 2> ended_{};
  Direction client_ = Direction::kToServer;
  bool sides_known_ = false;
  std::vector<Request> outstanding_;
  std::uint32_t next_id_ = 1;
};

// A head says little: on any port the whole payload must be messages, on Modbus's the first one's head will do.
Probe ProbeModbus(const ProbeInput& input) noexcept {
  const bool on_port = input.server_port == kPort || input.client_port == kPort;
  if (!on_port) return IsPlainlyModbus(input.bytes) ? Probe::kYes : Probe::kNo;
  const std::uint64_t length = Measure(input.bytes);
  if (length == FrameReader::kUnknown) return Probe::kNeedMore;
  return length != FrameReader::kBad ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace modbus

const ProtocolInfo kModbus = {"modbus", true, false, modbus::ProbeModbus,
                              []() -> std::unique_ptr<Parser> { return std::make_unique<modbus::ModbusParser>(); }};

}  // namespace gander::protocol
