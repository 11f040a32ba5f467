// SPDX-License-Identifier: Apache-2.0
#include "protocol/coap/coap.h"

#include <cstdio>
#include <string>

#include "base/byte_reader.h"
#include "protocol/framing/printable.h"

namespace gander::protocol {
namespace {

constexpr std::uint8_t kPayloadMarker = 0xff;
// Option numbers (RFC 7252 §5.10, RFC 7959).
enum : std::uint32_t {
  kUriHost = 3,
  kLocationPath = 8,
  kUriPath = 11,
  kContentFormat = 12,
  kUriQuery = 15,
  kLocationQuery = 20,
  kProxyUri = 35
};

struct Message {
  std::uint8_t type = 0, code = 0;
  std::uint16_t id = 0;
  bool has_format = false;
  std::uint32_t format = 0;
  std::string host, path, query;
  Bytes payload;
};

const char* CodeName(std::uint8_t code) noexcept {
  static constexpr const char* kMethods[] = {"EMPTY", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"};
  return code < std::size(kMethods) ? kMethods[code] : nullptr;
}

bool KnownCode(std::uint8_t code) noexcept {
  const int of_class = code >> 5, detail = code & 31;
  return CodeName(code) != nullptr || (of_class == 2 && detail >= 1 && detail <= 31) ||
         (of_class == 4 && detail <= 29) || (of_class == 5 && detail <= 8);
}

const char* MediaType(std::uint32_t format) noexcept {
  switch (format) {
    case 0: return "text/plain";
    case 40: return "application/link-format";
    case 41: return "application/xml";
    case 50: return "application/json";
    case 60: return "application/cbor";
    case 110: return "application/senml+json";
    case 310: return "application/senml+xml";
    default: return "";
  }
}

// A length or delta of four bits may go on in one or two octets. 15 is reserved.
bool Extended(ByteReader& in, std::uint32_t& value) noexcept {
  if (value == 13)
    value = 13u + in.U8();
  else if (value == 14)
    value = 269u + in.U16();
  else if (value == 15)
    return false;
  return !in.failed();
}

void AppendPart(std::string& out, char separator, std::string_view part) {
  if (out.size() + part.size() + 1 > coap::kMaxPath) return;
  out += separator;
  out += part;
}

bool ReadMessage(Bytes datagram, Message& m) {
  m.has_format = false;
  m.format = 0;
  m.host.clear();
  m.path.clear();
  m.query.clear();
  m.payload = {};
  ByteReader in(datagram);
  const std::uint8_t first = in.U8();
  m.code = in.U8();
  m.id = in.U16();
  m.type = first >> 4 & 3;
  const std::size_t token = first & 15;
  if (in.failed() || first >> 6 != 1 || token > 8 || !KnownCode(m.code)) return false;
  in.Skip(token);
  if (m.code == 0 && (token > 0 || in.remaining() > 0)) return false;  // an empty message
  std::uint32_t number = 0;
  for (int n = 0; in.remaining() > 0; ++n) {
    const std::uint8_t head = in.U8();
    if (head == kPayloadMarker) {
      m.payload = in.rest();
      return !m.payload.empty();
    }
    std::uint32_t delta = head >> 4, length = head & 15;
    if (!Extended(in, delta) || !Extended(in, length) || n > coap::kMaxOptions) return false;
    number += delta;
    const Bytes value = in.Take(length);
    if (in.failed()) return false;
    switch (number) {
      case kUriHost: m.host.assign(AsText(value).substr(0, 255)); break;
      case kUriPath:
      case kLocationPath: AppendPart(m.path, '/', AsText(value)); break;
      case kUriQuery:
      case kLocationQuery: AppendPart(m.query, m.query.empty() ? '?' : '&', AsText(value)); break;
      case kProxyUri: AppendPart(m.path, ' ', AsText(value)); break;
      case kContentFormat:
        m.has_format = true;
        for (const std::byte b : value) m.format = m.format << 8 | static_cast<std::uint8_t>(b);
        break;
      default: break;
    }
  }
  return !in.failed();
}

// Working memory of a thread: a datagram is read at a time.
thread_local Record event;
thread_local Message message;

class CoapParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Message& m = message;
    if (!ReadMessage(chunk.bytes, m)) {
      if (messages_ == 0) return ParseStatus::kNotThis;
      sink.OnAnomaly("malformed_data");
      sink.OnFate(ByteFate::kOpaqueBinary, chunk.bytes.size());
      return ParseStatus::kContinue;
    }
    const Direction d = chunk.direction;
    const std::uint32_t tx_id = messages_++;
    if (!m.host.empty()) sink.OnServerName(m.host);
    if (!m.path.empty()) sink.OnField("coap.uri_path", {}, d, AsBytes(m.path));
    if (!m.query.empty()) sink.OnField("coap.uri_query", {}, d, AsBytes(std::string_view(m.query).substr(1)));
    if (sink.WantsEvent("coap")) Write(m, tx_id, d, sink);
    if (m.payload.empty()) return ParseStatus::kContinue;
    BodyMeta meta;
    meta.where = "coap.payload";
    meta.direction = d;
    meta.content_type = m.has_format ? MediaType(m.format) : "";
    meta.tx_id = tx_id;
    meta.is_file = false;
    sink.OnBodyBegin(meta);
    sink.OnBodyPart(d, m.payload);
    sink.OnBodyEnd(d, BodyEnd::kComplete);
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction, MessageSink&) noexcept override {}
  void Reset() noexcept override { messages_ = 0; }
  bool at_rest() const noexcept override { return true; }
  void Resume(std::uint32_t datagrams) noexcept override { messages_ = datagrams; }

 private:
  static void Write(const Message& m, std::uint32_t tx_id, Direction direction, MessageSink& sink) {
    static constexpr const char* kTypes[] = {"confirmable", "non_confirmable", "acknowledgement", "reset"};
    std::string scratch;
    char code[8];
    std::snprintf(code, sizeof code, "%d.%02d", m.code >> 5, m.code & 31);
    const char* const name = CodeName(m.code);
    event.Clear();
    event.BeginObject("coap")
        .String("type", kTypes[m.type])
        .String("code", name != nullptr ? name : code)
        .Integer("message_id", m.id);
    if (!m.host.empty()) event.String("uri_host", framing::Printable(m.host, scratch), Privacy::kIdentifier);
    if (!m.path.empty()) event.String("uri_path", framing::Printable(m.path, scratch), Privacy::kIdentifier);
    if (!m.query.empty()) event.String("uri_query", framing::Printable(m.query, scratch), Privacy::kIdentifier);
    if (m.has_format) event.Integer("content_format", m.format);
    event.EndObject();
    sink.OnEvent("coap", tx_id, direction, event);
  }

  std::uint32_t messages_ = 0;
};

Probe ProbeCoap(const ProbeInput& input) noexcept {
  // Four octets of head say too little on any other port, unless a request names a readable path.
  Message& m = message;
  if (input.bytes.size() < 4 || Octets(input.bytes)[0] >> 6 != 1 || !ReadMessage(input.bytes, m)) return Probe::kNo;
  if (input.server_port == coap::kPort || input.client_port == coap::kPort) return Probe::kYes;
  constexpr std::size_t kReadable = 4;
  if (m.code == 0 || m.code > 7 || m.path.size() < kReadable) return Probe::kNo;
  for (const char c : m.path) {
    if (c < ' ' || c > '~') return Probe::kNo;
  }
  return Probe::kYes;
}

}  // namespace

const ProtocolInfo kCoap = {"coap",
                            false,
                            true,
                            ProbeCoap,
                            []() -> std::unique_ptr<Parser> { return std::make_unique<CoapParser>(); },
                            FirstOctets{}.Range(0x40, 0x7f)};

}  // namespace gander::protocol
