// SPDX-License-Identifier: Apache-2.0
// Frames messages; the header goes to an event, header and text to a body.
#include <algorithm>
#include <array>
#include <string>

#include "base/renew.h"
#include "protocol/plain_text/plain_text.h"
#include "protocol/syslog/header.h"
#include "protocol/syslog/syslog.h"

namespace gander::protocol {
namespace {

class SyslogParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) {
      EndMessage(side, chunk.direction, BodyEnd::kGap, sink);
      side.resync = true;
    }
    if (chunk.bytes.empty()) return ParseStatus::kContinue;
    if (chunk.datagram) {
      Part(side, chunk.direction, chunk.bytes, sink);
      EndMessage(side, chunk.direction, BodyEnd::kComplete, sink);
      return ParseStatus::kContinue;
    }
    for (Bytes rest = chunk.bytes; !rest.empty();) Stream(side, chunk.direction, rest, sink);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    EndMessage(sides_[Index(direction)], direction, BodyEnd::kComplete, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &SyslogParser::sides_, &SyslogParser::record_); }

 private:
  enum class Framing : std::uint8_t { kUnknown, kLine, kCounted };
  struct Side {
    std::string head;        // of the message at hand, up to kMaxHead; only where its event is wanted
    Framing framing = Framing::kUnknown;  // of the message at hand
    std::size_t left = 0;    // of a counted message
    std::size_t digits = 0;  // of a count that is being read
    bool open = false;       // a body is
    bool resync = false;     // behind a gap: up to the next line end

    void Reset() noexcept { Renew(*this, {}, &Side::head); }
  };

  // Takes what belongs to the message at hand.
  void Stream(Side& side, Direction direction, Bytes& rest, MessageSink& sink) noexcept {
    const char first = static_cast<char>(Octets(rest)[0]);
    if (side.framing == Framing::kUnknown) {
      if (first >= '0' && first <= '9' && side.digits < syslog::kMaxCountDigits) {
        side.left = side.left * 10 + static_cast<std::size_t>(first - '0');
        ++side.digits;
        (void)TakeFront(rest, 1);
        return;
      }
      if (first == ' ' && side.digits > 0 && side.left > 0) {
        side.framing = Framing::kCounted;
        side.resync = false;
        (void)TakeFront(rest, 1);
        return;
      }
      side.framing = Framing::kLine;
    }
    if (side.framing == Framing::kCounted) {
      const Bytes part = TakeFront(rest, side.left);
      side.left -= part.size();
      Part(side, direction, part, sink);
      if (side.left == 0) EndMessage(side, direction, BodyEnd::kComplete, sink);
      return;
    }
    const std::string_view text = AsText(rest);
    const std::size_t end = std::min(text.find_first_of(std::string_view("\n\0", 2)), text.size());
    const Bytes part = TakeFront(rest, end);
    if (side.resync) {
      sink.OnFate(ByteFate::kOpaqueBinary, part.size());
    } else if (!part.empty()) {
      Part(side, direction, part, sink);
    }
    if (rest.empty()) return;
    (void)TakeFront(rest, 1);
    EndMessage(side, direction, BodyEnd::kComplete, sink);
    side.resync = false;
  }

  void Part(Side& side, Direction direction, Bytes part, MessageSink& sink) noexcept {
    if (side.head.size() < syslog::kMaxHead && sink.WantsEvent("syslog")) {
      side.head += AsText(part.first(std::min(part.size(), syslog::kMaxHead - side.head.size())));
    }
    if (!side.open) {
      side.open = true;
      BodyMeta meta;
      meta.where = "syslog.message";
      meta.is_file = false;
      meta.direction = direction;
      meta.tx_id = messages_;
      sink.OnBodyBegin(meta);
    }
    sink.OnBodyPart(direction, part);
  }

  void EndMessage(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept {
    if (side.open) {
      side.open = false;
      sink.OnBodyEnd(direction, end);
      if (sink.WantsEvent("syslog")) Write(side.head, direction, sink);
      ++messages_;
    }
    side.head.clear();
    side.framing = Framing::kUnknown;
    side.left = side.digits = 0;
  }

  void Write(std::string_view head, Direction direction, MessageSink& sink) noexcept {
    const syslog::Header h = syslog::ReadHeader(head);
    record_.Clear();
    record_.BeginObject("syslog");
    if (h.priority >= 0) {
      record_.Integer("priority", h.priority);
      record_.String("facility", syslog::FacilityName(h.priority)).String("severity", syslog::SeverityName(h.priority));
    }
    record_.Integer("version", h.version);
    if (!h.timestamp.empty()) record_.String("timestamp", h.timestamp);
    if (!h.host.empty()) record_.String("hostname", h.host);
    if (!h.program.empty()) record_.String("appname", h.program);
    if (!h.process_id.empty()) record_.String("procid", h.process_id);
    if (!h.message_id.empty()) record_.String("msgid", h.message_id);
    record_.EndObject();
    sink.OnEvent("syslog", messages_, direction, record_);
  }

  std::array<Side, 2> sides_;
  Record record_;
  std::uint32_t messages_ = 0;
};

// A priority and text behind it; in a stream perhaps a count before it.
Probe ProbeSyslog(const ProbeInput& input) noexcept {
  std::string_view text = AsText(input.bytes);
  const bool stream = input.transport == ip_proto::kTcp;
  if (stream) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > syslog::kMaxCountDigits) return Probe::kNo;
    if (digits > 0) {
      if (digits == text.size()) return Probe::kNeedMore;
      if (text[digits] != ' ') return Probe::kNo;
      text.remove_prefix(digits + 1);
    }
  }
  const std::size_t priority = syslog::PriorityLength(text);
  if (priority == text.npos) return stream ? Probe::kNeedMore : Probe::kNo;
  if (priority == 0) return Probe::kNo;
  if (text.size() == priority) return stream ? Probe::kNeedMore : Probe::kNo;
  return static_cast<unsigned char>(text[priority]) >= ' ' ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<SyslogParser>(); }

}  // namespace

const ProtocolInfo kSyslog = {"syslog", true, true, ProbeSyslog, Create, FirstOctets::AnyOf("<").Range('0', '9')};

}  // namespace gander::protocol
