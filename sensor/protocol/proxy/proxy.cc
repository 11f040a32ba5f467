// SPDX-License-Identifier: Apache-2.0
#include "protocol/proxy/proxy.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/byte_reader.h"
#include "base/renew.h"

namespace gander::protocol {
namespace {

constexpr std::string_view kText = "PROXY ";
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixed2 = 16;      // signature, version and command, family, length
constexpr std::size_t kLongestText = 107;
constexpr std::uint8_t kTcp4 = 0x11, kUdp4 = 0x12, kTcp6 = 0x21, kUdp6 = 0x22;

bool MayBegin(std::string_view s, std::string_view with) noexcept {
  const std::size_t n = std::min(s.size(), with.size());
  return s.substr(0, n) == with.substr(0, n);
}

std::string_view TakeWord(std::string_view& s) noexcept {
  const std::size_t end = std::min(s.find(' '), s.size());
  const std::string_view word = s.substr(0, end);
  s.remove_prefix(std::min(end + 1, s.size()));
  return word;
}

class ProxyParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    consumed_ = 0;
    if (!begun_) {
      begun_ = true;
      speaker_ = chunk.direction;
    }
    if (chunk.gap_before > 0 || chunk.direction != speaker_) return ParseStatus::kNotThis;
    for (const std::byte b : chunk.bytes) {
      ++consumed_;
      ++length_;
      if (header_.size() < proxy::kMaxHeader) header_ += static_cast<char>(b);
      if (End() == length_) return Read(sink) ? ParseStatus::kSwitch : ParseStatus::kNotThis;
      if (header_.front() == 'P' && length_ == kLongestText) return ParseStatus::kNotThis;
    }
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { Renew(*this, {}, &ProxyParser::header_, &ProxyParser::record_); }
  std::size_t consumed() const noexcept override { return consumed_; }

 private:
  // Length of the header, 0 while it is not known.
  std::size_t End() const noexcept {
    if (header_.front() == 'P') return header_.back() == '\n' ? header_.size() : 0;
    if (header_.size() < kFixed2) return 0;
    ByteReader r(AsBytes(header_).subspan(kFixed2 - 2));
    return kFixed2 + r.U16();
  }

  bool Read(MessageSink& sink) noexcept {
    record_.Clear();
    record_.BeginObject("proxy");
    const bool good = header_.front() == 'P' ? ReadText(header_) : ReadBinary(AsBytes(header_));
    record_.EndObject();
    if (good) sink.OnEvent("proxy", 0, speaker_, record_);
    return good;
  }

  bool ReadText(std::string_view line) noexcept {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(kText.size(), line.size()));
    record_.Integer("version", 1).String("transport", TakeWord(line));
    const std::string_view source = TakeWord(line), destination = TakeWord(line);
    const std::string_view source_port = TakeWord(line), destination_port = TakeWord(line);
    IpAddress from, to;
    if (!IpAddress::Parse(source, from) || !IpAddress::Parse(destination, to)) return true;  // UNKNOWN
    const auto number = [](std::string_view s) {
      std::uint16_t n = 0;
      std::from_chars(s.data(), s.data() + s.size(), n);
      return n;
    };
    Ends(from, number(source_port), to, number(destination_port));
    return true;
  }

  bool ReadBinary(Bytes header) noexcept {
    ByteReader r(header.subspan(kSignature.size()));
    const std::uint8_t version = r.U8(), family = r.U8();
    r.Skip(2);
    if (version >> 4 != 2) return false;
    const bool v4 = family == kTcp4 || family == kUdp4, v6 = family == kTcp6 || family == kUdp6;
    record_.Integer("version", 2);
    if (!v4 && !v6) return true;  // LOCAL, or of no address
    record_.String("transport", family == kTcp4 ? "TCP4" : family == kTcp6 ? "TCP6" : v4 ? "UDP4" : "UDP6");
    const auto address = [&] {
      if (v4) return IpAddress::FromV4(r.U32());
      const Bytes octets = r.Take(16);
      return octets.size() == 16 ? IpAddress::FromV6Octets(Octets(octets)) : IpAddress{};
    };
    const IpAddress from = address(), to = address();
    const std::uint16_t source_port = r.U16(), destination_port = r.U16();
    if (!r.failed()) Ends(from, source_port, to, destination_port);
    return true;
  }

  void Ends(const IpAddress& from, std::uint16_t source_port, const IpAddress& to,
            std::uint16_t destination_port) noexcept {
    record_.String("src_ip", from.ToString()).Integer("src_port", source_port);
    record_.String("dest_ip", to.ToString()).Integer("dest_port", destination_port);
  }

  std::string header_;
  std::size_t length_ = 0, consumed_ = 0;
  Record record_;
  Direction speaker_ = Direction::kToServer;
  bool begun_ = false;
};

Probe ProbeProxy(const ProbeInput& input) noexcept {
  const std::string_view text = AsText(input.bytes);
  for (const std::string_view begin : {kText, kSignature}) {
    if (MayBegin(text, begin)) return text.size() >= begin.size() ? Probe::kYes : Probe::kNeedMore;
  }
  return Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<ProxyParser>(); }

}  // namespace

const ProtocolInfo kProxy = {"proxy", true, false, ProbeProxy, Create, FirstOctets::AnyOf("P\r")};

}  // namespace gander::protocol
