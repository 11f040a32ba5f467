// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/iec104/asdu.h"
#include "protocol/iec104/iec104.h"
#include "protocol/industrial/file_in_pieces.h"
#include "protocol/industrial/framed_side.h"

namespace gander::protocol {
namespace iec104 {
namespace {

using framing::FrameReader;

constexpr std::uint8_t kStart = 0x68;
constexpr std::size_t kHead = 6;  // start, length, four octets of control

// Working memory of a thread: an APDU is read at a time.
thread_local Record record;

std::uint64_t Measure(Bytes front) noexcept {
  if (Octets(front)[0] != kStart) return FrameReader::kBad;
  if (front.size() < 2) return FrameReader::kUnknown;
  const std::size_t length = std::size_t{Octets(front)[1]} + 2;
  return length < kHead || length > kMaxApdu ? FrameReader::kBad : length;
}

enum class Frame : std::uint8_t { kInformation, kSupervisory, kUnnumbered };

Frame KindOf(Bytes apdu) noexcept {
  const std::uint8_t control = Octets(apdu)[2];
  return (control & 1) == 0 ? Frame::kInformation : (control & 2) == 0 ? Frame::kSupervisory : Frame::kUnnumbered;
}

// What an unnumbered frame does; null for none that there is.
const char* ControlName(std::uint8_t control) noexcept {
  switch (control) {
    case 0x07: return "STARTDT_act";
    case 0x0b: return "STARTDT_con";
    case 0x13: return "STOPDT_act";
    case 0x23: return "STOPDT_con";
    case 0x43: return "TESTFR_act";
    case 0x83: return "TESTFR_con";
    default: return nullptr;
  }
}

// Whether a whole APDU is well formed. An acknowledgement says too little to tell it from others.
bool IsPlainlyApdu(Bytes apdu) noexcept {
  const std::uint8_t* const o = Octets(apdu);
  Asdu asdu;
  switch (KindOf(apdu)) {
    case Frame::kInformation:
      return (o[4] & 1) == 0 && ReadAsdu(apdu.subspan(kHead), asdu) && IsKnownType(asdu.type) &&
             IsKnownCause(asdu.cause);
    case Frame::kSupervisory: return false;
    case Frame::kUnnumbered: break;
  }
  return apdu.size() == kHead && ControlName(o[2]) != nullptr && o[3] == 0 && o[4] == 0 && o[5] == 0;
}

bool Begins(Bytes bytes) noexcept {
  if (bytes.empty()) return false;
  const std::uint64_t length = Measure(bytes);
  return length != FrameReader::kBad && (length == FrameReader::kUnknown || length <= bytes.size());
}

class Iec104Parser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction d = chunk.direction;
    if (chunk.gap_before > 0) files_[Index(d)].Close(BodyEnd::kGap, d, sink);
    return sides_[Index(d)].Read(
        chunk, "malformed_apdu", Measure, Begins, [&](Bytes apdu) { OnApdu(apdu, d, sink); },
        [&] { return apdus_ > 0; }, sink);
  }
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    files_[Index(direction)].Close(BodyEnd::kTruncated, direction, sink);
  }
  void Reset() noexcept override { Renew(*this, {}, &Iec104Parser::sides_); }

 private:
  void OnApdu(Bytes apdu, Direction direction, MessageSink& sink) noexcept {
    ++apdus_;
    Asdu asdu;
    switch (KindOf(apdu)) {
      case Frame::kSupervisory: return;
      case Frame::kUnnumbered: return OnControl(Octets(apdu)[2], direction, sink);
      case Frame::kInformation: break;
    }
    if (!ReadAsdu(apdu.subspan(kHead), asdu)) {
      sink.OnAnomaly("malformed_asdu");
    } else if (!IsKnownType(asdu.type)) {
      sink.OnAnomaly("unknown_type");
    } else if (!IsKnownCause(asdu.cause)) {
      sink.OnAnomaly("unknown_cause");
    }
    industrial::Count(FunctionOf(asdu.type), sink);
    if (sink.WantsEvent("iec104")) {
      record.Clear();
      record.BeginObject("iec104").String("frame", "i");
      industrial::Write(asdu.type, FunctionOf(asdu.type), record);
      Write(asdu, record);
      record.EndObject();
      sink.OnEvent("iec104", tx_id_, direction, record);
    }
    industrial::FileInPieces& file = files_[Index(direction)];
    file.Pass(SegmentOf(asdu), {}, tx_id_, direction, sink);
    if (asdu.type == kLastSegment) file.Close(BodyEnd::kComplete, direction, sink);
    ++tx_id_;
  }

  void OnControl(std::uint8_t control, Direction direction, MessageSink& sink) noexcept {
    const char* const name = ControlName(control);
    if (name == nullptr) sink.OnAnomaly("unknown_control");
    industrial::Count({name, industrial::Category::kDiagnostic}, sink);
    if (sink.WantsEvent("iec104")) {
      record.Clear();
      record.BeginObject("iec104").String("frame", "u");
      industrial::Write(control, {name, industrial::Category::kDiagnostic}, record);
      record.EndObject();
      sink.OnEvent("iec104", tx_id_, direction, record);
    }
    ++tx_id_;
  }

  std::array<industrial::FramedSide, 2> sides_{industrial::FramedSide(kMaxApdu), industrial::FramedSide(kMaxApdu)};
  std::array<industrial::FileInPieces, 2> files_{industrial::FileInPieces("iec104.file"),
                                                 industrial::FileInPieces("iec104.file")};
  std::uint32_t apdus_ = 0, tx_id_ = 0;
};

Probe ProbeIec104(const ProbeInput& input) noexcept {
  if (input.bytes.empty()) return Probe::kNo;
  const std::uint64_t length = Measure(input.bytes);
  const bool on_port = input.server_port == kPort || input.client_port == kPort;
  if (length == FrameReader::kBad) return Probe::kNo;
  if (length == FrameReader::kUnknown || length > input.bytes.size()) return on_port ? Probe::kNeedMore : Probe::kNo;
  return on_port || IsPlainlyApdu(input.bytes.first(static_cast<std::size_t>(length))) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace iec104

const ProtocolInfo kIec104 = {"iec104", true, false, iec104::ProbeIec104,
                              []() -> std::unique_ptr<Parser> { return std::make_unique<iec104::Iec104Parser>(); },
                              FirstOctets::AnyOf("\x68")};

}  // namespace gander::protocol
