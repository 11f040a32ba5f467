// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/byte_reader.h"
#include "base/format.h"
#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/industrial/file_in_pieces.h"
#include "protocol/industrial/framed_side.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/s7/message.h"
#include "protocol/s7/s7.h"

namespace gander::protocol {
namespace s7 {
namespace {

using framing::FrameReader;

constexpr std::size_t kTpktHead = 4;  // version 3, reserved, length
enum Cotp : std::uint8_t { kConnectRequest = 0xe0, kConnectConfirm = 0xd0, kDisconnect = 0x80, kDataUnit = 0xf0 };

// Working memory of a thread: a message is read at a time.
thread_local Record record;

std::uint64_t Measure(Bytes front) noexcept {
  const std::uint8_t* const o = Octets(front);
  if (o[0] != 3 || (front.size() > 1 && o[1] != 0)) return FrameReader::kBad;
  if (front.size() < kTpktHead) return FrameReader::kUnknown;
  const std::size_t length = static_cast<std::size_t>(o[2] << 8 | o[3]);
  return length < kTpktHead + 3 ? FrameReader::kBad : length;
}

bool Begins(Bytes bytes) noexcept { return bytes.size() >= kTpktHead && Measure(bytes) != FrameReader::kBad; }

// A TPKT's transport unit (ISO 8073 §13): its kind, what it carries.
struct Unit {
  std::uint8_t kind = 0;
  bool last = true;      // of a message in several units
  Bytes head, payload;   // head: behind the kind
};

bool ReadUnit(Bytes tpkt, Unit& out) noexcept {
  ByteReader in(tpkt);
  in.Skip(kTpktHead);
  out.head = in.Take(in.U8());
  out.payload = in.rest();
  if (in.failed() || out.head.empty()) return false;
  out.kind = static_cast<std::uint8_t>(Octets(TakeFront(out.head, 1))[0] & 0xf0);
  constexpr std::uint8_t kEnd = 0x80;
  out.last = out.kind != kDataUnit || (!out.head.empty() && (Octets(out.head)[0] & kEnd) != 0);
  return true;
}

// A parameter of a connection by its code; empty when there is none.
Bytes Parameter(Bytes head, std::uint8_t code) noexcept {
  ByteReader in(head);
  in.Skip(5);  // references, class
  while (in.remaining() >= 2) {
    const std::uint8_t found = in.U8();
    const Bytes value = in.Take(in.U8());
    if (found == code) return value;
  }
  return {};
}
constexpr std::uint8_t kSourceTsap = 0xc1, kDestinationTsap = 0xc2;

class S7Parser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction d = chunk.direction;
    Side& side = sides_[Index(d)];
    if (chunk.gap_before > 0) {
      side.message.clear();
      side.block.Close(BodyEnd::kGap, d, sink);
    }
    foreign_ = false;
    const ParseStatus status = side.frames.Read(
        chunk, "malformed_tpkt", Measure, Begins, [&](Bytes tpkt) { OnTpkt(tpkt, d, sink); },
        [&] { return messages_ > 0; }, sink);
    // Others speak over the same transport: remote desktops, MMS, calls.
    return messages_ == 0 && foreign_ ? ParseStatus::kNotThis : status;
  }
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    sides_[Index(direction)].block.Close(BodyEnd::kTruncated, direction, sink);
  }
  void Reset() noexcept override { Renew(*this, {}, &S7Parser::file_); }

 private:
  struct Side {
    industrial::FramedSide frames{kMaxTpkt};
    std::string message;  // in several units so far, at most kMaxMessage
    industrial::FileInPieces block{"s7.block"};
  };

  void OnTpkt(Bytes tpkt, Direction direction, MessageSink& sink) noexcept {
    Unit unit;
    if (!ReadUnit(tpkt, unit)) return sink.OnAnomaly("malformed_tpkt");
    if (unit.kind == kConnectRequest || unit.kind == kConnectConfirm) return OnConnection(unit, direction, sink);
    if (unit.kind != kDataUnit) return;
    Side& side = sides_[Index(direction)];
    if (unit.last && side.message.empty()) return OnMessage(unit.payload, direction, sink);
    const std::size_t room = kMaxMessage - side.message.size();
    side.message += AsText(unit.payload).substr(0, room);
    if (unit.payload.size() > room) sink.OnFate(ByteFate::kLostParserCap, unit.payload.size() - room);
    if (!unit.last) return;
    const std::string whole = std::exchange(side.message, {});
    OnMessage(AsBytes(whole), direction, sink);
  }

  void OnConnection(const Unit& unit, Direction direction, MessageSink& sink) noexcept {
    if (!sink.WantsEvent("s7")) return;
    record.Clear();
    record.BeginObject("s7").String("pdu_type", unit.kind == kConnectRequest ? "connect_request" : "connect_confirm");
    const auto tsap = [&](const char* key, std::uint8_t code) {
      char hex[2 * 16];
      Bytes value = Parameter(unit.head, code);
      value = TakeFront(value, 16);
      if (!value.empty()) record.String(key, WriteHex(Octets(value), value.size(), hex));
    };
    tsap("source_tsap", kSourceTsap);
    tsap("destination_tsap", kDestinationTsap);
    record.EndObject();
    sink.OnEvent("s7", tx_id_++, direction, record);
  }

  void OnMessage(Bytes bytes, Direction direction, MessageSink& sink) noexcept {
    if (bytes.empty()) return;
    Message m;
    const bool plus = Octets(bytes)[0] == kProtocolPlus;
    if (!plus && !ReadMessage(bytes, m)) {
      foreign_ = true;
      if (messages_ > 0) sink.OnAnomaly("malformed_message");
      return;
    }
    ++messages_;
    const PlusHead head = plus ? ReadPlus(bytes) : PlusHead{};
    const bool asks = plus ? head.asks : m.type == kJob || m.asks;
    if (asks) industrial::Count(plus ? head.function : FunctionOf(m), sink);
    if (!plus) HandOn(m, direction, sink);
    if (sink.WantsEvent("s7")) {
      record.Clear();
      record.BeginObject("s7");
      if (plus) Write(head, record);
      else Write(m, record);
      record.EndObject();
      sink.OnEvent("s7", tx_id_, direction, record);
    }
    ++tx_id_;
  }

  void HandOn(const Message& m, Direction direction, MessageSink& sink) noexcept {
    Values values(m);
    for (Bytes value; values.Next(value);) {
      if (value.size() >= kShortestText && ReadsAsText(value)) sink.OnField("s7.data", "", direction, value);
    }
    if (const std::string_view file = FileOf(m); !file.empty()) {
      file_.assign(file.substr(0, kMaxName));
      sink.OnField("s7.file", "file", direction, AsBytes(file_));
    }
    sides_[Index(direction)].block.Pass(BlockOf(m), file_, tx_id_, direction, sink);
    if (m.code == kDownloadEnded || m.code == kEndUpload) {
      for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
        sides_[Index(d)].block.Close(BodyEnd::kComplete, d, sink);
      }
    }
  }

  std::array<Side, 2> sides_;
  std::string file_;      // that is being loaded
  bool foreign_ = false;  // a data unit of the chunk at hand held something else
  std::uint32_t messages_ = 0, tx_id_ = 0;
};

// A message of S7, or a connection whose TSAPs are those of a programmer, an operator panel or a controller.
Probe ProbeS7(const ProbeInput& input) noexcept {
  if (input.bytes.empty() || Measure(input.bytes) == FrameReader::kBad) return Probe::kNo;
  const std::uint64_t length = Measure(input.bytes);
  const bool on_port = input.server_port == kPort || input.client_port == kPort;
  if (length == FrameReader::kUnknown) return Probe::kNeedMore;
  if (length > kMaxTpkt) return Probe::kNo;
  Unit unit;
  Bytes rest = input.bytes;
  if (!ReadUnit(TakeFront(rest, static_cast<std::size_t>(length)), unit)) return Probe::kNo;
  if (unit.kind == kDataUnit) {
    const std::uint8_t first = unit.payload.empty() ? 0 : Octets(unit.payload)[0];
    return first == kProtocol || first == kProtocolPlus ? Probe::kYes : Probe::kNo;
  }
  if (unit.kind != kConnectRequest && unit.kind != kConnectConfirm) return Probe::kNo;
  const Bytes to = Parameter(unit.head, kDestinationTsap);
  constexpr std::uint8_t kLastKind = 3;  // 1 programmer, 2 operator panel, 3 others
  const bool controller = to.size() == 2 && Octets(to)[0] >= 1 && Octets(to)[0] <= kLastKind;
  const bool plus = AsText(to).starts_with("SIMATIC-ROOT-");
  return controller || plus || (on_port && !to.empty()) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace s7

const ProtocolInfo kS7 = {"s7", true, false, s7::ProbeS7,
                          []() -> std::unique_ptr<Parser> { return std::make_unique<s7::S7Parser>(); },
                          FirstOctets::AnyOf("\x03")};

}  // namespace gander::protocol
