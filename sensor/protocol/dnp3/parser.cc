// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/renew.h"
#include "protocol/dnp3/application.h"
#include "protocol/dnp3/dnp3.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/industrial/file_in_pieces.h"
#include "protocol/industrial/framed_side.h"

namespace gander::protocol {
namespace dnp3 {
namespace {

using framing::FrameReader;

// Working memory of a thread: a message is read at a time.
thread_local Record record, objects;

class Dnp3Parser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    const Direction d = chunk.direction;
    if (chunk.datagram) return OnDatagram(chunk.bytes, d, sink);
    if (chunk.gap_before > 0) {
      sides_[Index(d)].Forget();
      sides_[Index(d)].file.Close(BodyEnd::kGap, d, sink);
    }
    return sides_[Index(d)].frames.Read(
        chunk, "malformed_frame", MeasureFrame, HeadIsSound, [&](Bytes frame) { OnFrame(frame, d, sink); },
        [&] { return frames_ > 0; }, sink);
  }
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    sides_[Index(direction)].file.Close(BodyEnd::kTruncated, direction, sink);
  }
  void Reset() noexcept override { Renew(*this, {}, &Dnp3Parser::file_); }
  bool at_rest() const noexcept override {
    return std::all_of(sides_.begin(), sides_.end(), [](const Side& s) { return !s.assembling && !s.file.open(); });
  }
  void Resume(std::uint32_t datagrams) noexcept override { frames_ = tx_id_ = datagrams; }

 private:
  struct Side {
    industrial::FramedSide frames{kMaxFrame};
    std::string message;  // in several frames so far, at most kMaxMessage
    bool assembling = false;
    industrial::FileInPieces file{"dnp3.file"};
    std::uint8_t next = 0;  // sequence number of the next part

    void Forget() noexcept {
      std::string().swap(message);
      assembling = false;
    }
  };

  // Hands what the objects of one message bring to the worker.
  class Forwarder final : public ObjectSink {
   public:
    Forwarder(Dnp3Parser& parser, Direction direction, MessageSink& sink) noexcept
        : parser_(parser), direction_(direction), sink_(sink) {}
    void OnText(const char* name, std::string_view text) noexcept override {
      sink_.OnField("dnp3.text", name, direction_, AsBytes(text));
    }
    void OnFileName(std::string_view name) noexcept override { parser_.file_.assign(name.substr(0, kMaxName)); }
    void OnFileBlock(const FileBlock& block) noexcept override {
      industrial::FileInPieces& file = parser_.sides_[Index(direction_)].file;
      file.Pass(block.data, parser_.file_, parser_.tx_id_, direction_, sink_);
      if (block.last) file.Close(BodyEnd::kComplete, direction_, sink_);
    }
    void OnProblem(const char* anomaly) noexcept override { sink_.OnAnomaly(anomaly); }

   private:
    Dnp3Parser& parser_;
    Direction direction_;
    MessageSink& sink_;
  };

  // Frames lie whole in a datagram.
  ParseStatus OnDatagram(Bytes in, Direction direction, MessageSink& sink) noexcept {
    while (!in.empty()) {
      const std::uint64_t length = MeasureFrame(in);
      if (length == FrameReader::kUnknown || length == FrameReader::kBad || length > in.size()) {
        if (frames_ == 0) return ParseStatus::kNotThis;
        sink.OnAnomaly("malformed_frame");
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      OnFrame(TakeFront(in, static_cast<std::size_t>(length)), direction, sink);
    }
    return ParseStatus::kContinue;
  }

  void OnFrame(Bytes frame, Direction direction, MessageSink& sink) noexcept {
    const auto drop = [&](const char* anomaly) {
      sink.OnAnomaly(anomaly);
      sink.OnFate(ByteFate::kOpaqueBinary, frame.size());
    };
    if (!HeadIsSound(frame)) return drop("bad_link_crc");
    ++frames_;
    const Link link = ReadLink(frame);
    if (frame.size() == kLinkHead) {
      if (link.carries_data()) sink.OnAnomaly("len_too_small");
      return;
    }
    Payload payload;
    if (!payload.Read(frame)) return drop("bad_transport_crc");
    if (link.carries_data()) OnPart(link, payload.bytes(), direction, sink);
  }

  // A part of an application message, behind an octet of transport (§8).
  void OnPart(const Link& link, Bytes part, Direction direction, MessageSink& sink) noexcept {
    constexpr std::uint8_t kFinal = 0x80, kFirst = 0x40, kSequence = 0x3f;
    Side& side = sides_[Index(direction)];
    const std::uint8_t transport = Octets(TakeFront(part, 1))[0];
    const std::uint8_t sequence = transport & kSequence;
    if ((transport & kFirst) != 0) {
      side.Forget();
    } else if (!side.assembling || sequence != side.next) {
      side.Forget();
      return sink.OnFate(ByteFate::kOpaqueBinary, part.size());  // its beginning is not known
    }
    const bool last = (transport & kFinal) != 0;
    if (last && !side.assembling) return OnMessage(link, part, direction, sink);
    if (side.message.size() + part.size() > kMaxMessage) {
      sink.OnAnomaly("too_long_reassembly");
      sink.OnFate(ByteFate::kLostParserCap, part.size());
      return side.Forget();
    }
    side.message += AsText(part);
    side.assembling = true;
    side.next = (sequence + 1) & kSequence;
    if (!last) return;
    const std::string whole = std::exchange(side.message, {});
    side.assembling = false;
    OnMessage(link, AsBytes(whole), direction, sink);
  }

  void OnMessage(const Link& link, Bytes message, Direction direction, MessageSink& sink) noexcept {
    Application application;
    if (!ReadApplication(message, application)) return sink.OnAnomaly("len_too_small");
    if (application.code == kConfirm) return;
    industrial::Count(FunctionOf(application.code), sink);
    Forwarder forwarder(*this, direction, sink);
    const bool wanted = sink.WantsEvent("dnp3");
    objects.Clear();
    const bool complete = ReadObjects(application, wanted ? &objects : nullptr, forwarder);
    if (wanted) {
      record.Clear();
      record.BeginObject("dnp3");
      Write(link, application, objects, complete, record);
      record.EndObject();
      sink.OnEvent("dnp3", tx_id_, Direction::kToServer, record);
    }
    ++tx_id_;
  }

  std::array<Side, 2> sides_;
  std::string file_;  // that was opened last
  std::uint32_t frames_ = 0, tx_id_ = 0;
};

// A head with its checksum: on any port.
Probe ProbeDnp3(const ProbeInput& input) noexcept {
  if (input.bytes.empty() || MeasureFrame(input.bytes) == FrameReader::kBad) return Probe::kNo;
  if (input.bytes.size() < kLinkHead) return Probe::kNeedMore;
  return HeadIsSound(input.bytes) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace dnp3

const ProtocolInfo kDnp3 = {"dnp3", true, true, dnp3::ProbeDnp3,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<dnp3::Dnp3Parser>(); },
                            FirstOctets::AnyOf("\x05")};

}  // namespace gander::protocol
