// SPDX-License-Identifier: Apache-2.0
// The record layer over UDP. Hellos in one fragment are read; longer ones only tell that this is DTLS.
#include <array>

#include "base/byte_reader.h"
#include "base/renew.h"
#include "protocol/tls/handshake.h"
#include "protocol/tls/tls.h"

namespace gander::protocol {
namespace {

constexpr std::size_t kRecordHeader = 13;
constexpr std::uint8_t kChangeCipherSpec = 20, kHandshakeType = 22, kApplicationData = 23;

struct DtlsRecord {
  std::uint8_t type = 0;
  std::uint16_t epoch = 0;
  Bytes content;
};

// The next record of a datagram. False at its end and for anything else than a record.
bool TakeRecord(ByteReader& r, DtlsRecord& out) noexcept {
  if (r.remaining() < kRecordHeader) return false;
  out.type = r.U8();
  const std::uint16_t version = r.U16();
  out.epoch = r.U16();
  r.Skip(6);  // sequence number
  out.content = r.Take(r.U16());
  const bool known = version == 0xfeff || version == 0xfefd;
  return !r.failed() && known && out.type >= kChangeCipherSpec && out.type <= 26;
}

class DtlsParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    ByteReader r(chunk.bytes);
    DtlsRecord record;
    while (TakeRecord(r, record)) {
      recognised_ = true;
      const bool encrypted = record.epoch > 0 || record.type == kApplicationData;
      if (encrypted) {
        handshake_.OnCipherChange(chunk.direction, sink);
        encrypted_[Index(chunk.direction)] = true;
        sink.OnFate(ByteFate::kEncrypted, record.content.size());
      } else if (record.type == kHandshakeType) {
        OnHandshake(record.content, chunk.direction, sink);
      }
    }
    if (!recognised_) return ParseStatus::kNotThis;
    // DTLS 1.3 shortens the headers of encrypted records (RFC 9147 §4).
    if (r.remaining() > 0) sink.OnFate(ByteFate::kEncrypted, r.remaining());
    if (!encrypted_[0] || !encrypted_[1]) return ParseStatus::kContinue;
    handshake_.Finish(sink);
    return ParseStatus::kEncrypted;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    ended_[Index(direction)] = true;
    if (ended_[0] && ended_[1]) handshake_.Finish(sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &DtlsParser::handshake_); }

 private:
  void OnHandshake(Bytes content, Direction direction, MessageSink& sink) noexcept {
    ByteReader r(content);
    while (r.remaining() > 0) {
      const std::uint8_t type = r.U8();
      const std::uint32_t length = r.U24();
      r.Skip(2);  // message sequence
      const std::uint32_t offset = r.U24(), fragment = r.U24();
      const Bytes body = r.Take(fragment);
      if (r.failed()) return;
      if (offset == 0 && fragment == length && tls::Handshake::Wants(type)) {
        handshake_.OnMessage(type, body, direction, true, sink);
      }
    }
  }

  tls::Handshake handshake_;
  std::array<bool, 2> encrypted_{}, ended_{};
  bool recognised_ = false;
};

Probe ProbeDtls(const ProbeInput& input) noexcept {
  ByteReader r(input.bytes);
  DtlsRecord record;
  return TakeRecord(r, record) && !record.content.empty() ? Probe::kYes : Probe::kNo;
}

std::unique_ptr<Parser> Create() { return std::make_unique<DtlsParser>(); }

}  // namespace

const ProtocolInfo kDtls = {"dtls", false, true, ProbeDtls, Create, FirstOctets{}.Range(20, 26)};

}  // namespace gander::protocol
